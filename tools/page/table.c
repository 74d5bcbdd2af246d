/* What a run came to, on a page: key figures with their intervals, a line a post, centre and informal crossing, and
 * what was observed beside it. */
#include "tools/page/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "sim/base/utf8.h"
#include "sim/base/words.h"
#include "tools/page/cell.h"
#include "tools/page/grid.h"
#include "tools/page/table_observed.h"
#include "tools/page/table_orders.h"
#include "tools/page/table_sites.h"
#include "tools/page/table_stations.h"
#include "tools/page/view.h"

static int print_title(const tool_view *view, FILE *to)
{
    const char *seed = sim_result_text(view->result, "seed");
    char title[200], begin[FIGURE_SIZE], end[FIGURE_SIZE];
    sim_utf8_clean(title, sizeof title, view->title, strlen(view->title));
    figure_instant(begin, view->local_start);
    figure_instant(end, view->local_end);
    fprintf(to, "%s\n%zu replication%s", title[0] ? title : "Results", view->replications,
            view->replications == 1 ? "" : "s");
    if (seed)
        fprintf(to, ", seed %.20s", seed);
    if (view->bins > 0)
        fprintf(to, ", %s to %s local time", begin, end);
    return putc('\n', to) == EOF ? SIM_E_IO : 0;
}

/* --- key figures --- */

static void put_figure(tool_grid *grid, const char *unit, double value)
{
    char text[64];
    if (!isfinite(value)) {
        grid_text(grid, "-");
        return;
    }
    if (strcmp(unit, "s") == 0)
        words_duration(text, sizeof text, value);
    else if (strcmp(unit, "1") == 0)
        snprintf(text, sizeof text, "%.1f %%", 100 * value);
    else
        figure_number(text, value, fabs(value) < 10 && value != round(value) ? 1 : 0);
    static const char *const bare[] = {"s", "1", "people", "desks", "departures", "episodes", "1/10000 d"};
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        if (strcmp(unit, bare[i]) == 0)
            unit = "";
    if (strncmp(unit, "person ", 7) == 0)
        unit += 7;
    grid_format(grid, unit[0] != '\0' ? "%s %s" : "%s", text, unit);
}

static const model_key_figure *figure_named(const char *name)
{
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strcmp(model_key_figures[i].name, name) == 0)
            return &model_key_figures[i];
    return NULL;
}

/* Headings of key figures, by the first part of their names; those without one stand under the heading before. */
static const struct {
    const char *prefix, *heading;
} headings[] = {
    {"people.", "People"},
    {"wait.", "Waits at posts"},
    {"queue.", "Queues and desks"},
    {"border.", "Border"},
    {"site.", "Sites"},
    {"screening.", "Screening"},
    {"crowd.", "Crowd"},
    {"health.", "Health"},
    {"protection.", "Protection"},
    {"custody.", "Custody and status"},
    {"status.", "Custody and status"},
    {"cost.", "Costs"},
    {"staff.", "Staff and equipment"},
    {"global.", "Global goals"},
    {"transport.", "Transport"},
};

static const char *heading_of(const char *name)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (strncmp(name, headings[i].prefix, strlen(headings[i].prefix)) == 0)
            return headings[i].heading;
    return NULL;
}

/* The heading under which each figure stands: its own, or that of the one before. */
static const char *heading_at(const sim_axis *names, size_t i)
{
    const char *heading = heading_of(names->labels[i]);
    while (!heading && i > 0)
        heading = heading_of(names->labels[--i]);
    return heading ? heading : "All together";
}

/* All figures under one heading. */
static int print_group(const tool_view *view, const view_series *means, const view_series *half_widths,
                       const sim_axis *names, const char *heading, FILE *to)
{
    tool_grid grid;
    grid_init(&grid, half_widths ? 3 : 2, 6);
    grid_text(&grid, heading);
    grid_text(&grid, view->replications > 1 ? "Mean" : "Value");
    if (half_widths)
        grid_format(&grid, "± (%.3g %%)", 100 * view->confidence);
    for (size_t i = 0; i < names->size; i++) {
        if (strcmp(heading_at(names, i), heading) != 0)
            continue;
        const model_key_figure *figure = figure_named(names->labels[i]);
        grid_text(&grid, figure ? figure->doc : names->labels[i]);
        put_figure(&grid, figure ? figure->unit : "", view_value(means, 0, i, 0));
        if (half_widths)
            put_figure(&grid, figure ? figure->unit : "", view_value(half_widths, 0, i, 0));
    }
    putc('\n', to);
    int error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

static int print_figures(const tool_view *view, FILE *to)
{
    view_series means, half_widths;
    if (!view_find(view, "key/mean", "", "figure", &means))
        return 0;
    const sim_axis *names = sim_result_axis(view->result, means.dataset, 0);
    int intervals = view->replications > 1 && view_find(view, "key/half_width", "", "figure", &half_widths), error = 0;
    for (size_t i = 0; names->labels && i < names->size && error == 0; i++) {
        const char *heading = heading_at(names, i);
        bool told = false;
        for (size_t k = 0; k < i && !told; k++)
            told = strcmp(heading_at(names, k), heading) == 0;
        if (!told)
            error = print_group(view, &means, intervals ? &half_widths : NULL, names, heading, to);
    }
    return error;
}

/* --- posts --- */

/* Mean wait over classes and replications, each weighted by the people who crossed. */
static double mean_wait(const tool_view *view, size_t place)
{
    view_series waits, crossed;
    double sum = 0, people = 0;
    if (!view_find(view, "summary/wait_post_mean", "replication", "place", &waits) ||
        !view_find(view, "summary/flow_crossed", "replication", "place", &crossed))
        return (double)NAN;
    for (size_t row = 0; row < waits.rows; row++)
        for (size_t cell = 0; cell < waits.cells; cell++) {
            double wait = view_value(&waits, row, place, cell), n = view_value(&crossed, row, place, cell);
            if (isfinite(wait) && n > 0) {
                sum += wait * n;
                people += n;
            }
        }
    return people > 0 ? sum / people : (double)NAN;
}

/* The longest wait of each replication, mean over replications. */
static double longest_wait(const tool_view *view, size_t place)
{
    view_series longest;
    double sum = 0;
    size_t numbers = 0;
    if (!view_find(view, "summary/wait_post_max", "replication", "place", &longest))
        return (double)NAN;
    for (size_t row = 0; row < longest.rows; row++) {
        double most = (double)NAN;
        for (size_t cell = 0; cell < longest.cells; cell++)
            most = fmax(most, view_value(&longest, row, place, cell));
        if (isfinite(most)) {
            sum += most;
            numbers++;
        }
    }
    return numbers > 0 ? sum / (double)numbers : (double)NAN;
}

/* Share of the open desks' time on one side of a post in which they serve. */
static double utilisation(const tool_view *view, size_t post, int side)
{
    double busy = 0, open = 0;
    for (size_t i = 0; i < view->station_count; i++) {
        if (view->stations[i].post != (int)post || view->stations[i].side != side)
            continue;
        double b = view_mean(view, "summary/desks_busy_mean", "station", i, VIEW_NONE),
               o = view_mean(view, "summary/desks_open_mean", "station", i, VIEW_NONE);
        busy += isfinite(b) ? b : 0;
        open += isfinite(o) ? o : 0;
    }
    return open > 0 ? busy / open : (double)NAN;
}

static int put_post(tool_grid *grid, const tool_view *view, size_t post)
{
    size_t place = view->posts[post].place;
    view_histogram waits;
    int error = view_histogram_init(view, "wait/post_histogram", &place, 1, &waits);
    if (error != 0)
        return error;
    grid_text(grid, view->posts[post].name);
    cell_number(grid, view_mean(view, "summary/flow_crossed", "place", place, VIEW_NONE));
    cell_number(grid, view_mean(view, "summary/flow_gave_up", "place", place, VIEW_NONE));
    cell_number(grid, view->waiting == VIEW_NONE
                          ? (double)NAN
                          : view_mean(view, "summary/people_present_peak", "place", place, view->waiting));
    cell_wait(grid, mean_wait(view, place));
    cell_wait(grid, view_quantile(&waits, 0.5));
    cell_wait(grid, view_quantile(&waits, 0.95));
    cell_wait(grid, longest_wait(view, place));
    cell_share(grid, utilisation(view, post, 0), 0);
    cell_share(grid, utilisation(view, post, 1), 0);
    cell_number(grid, view->waiting == VIEW_NONE
                          ? (double)NAN
                          : view_mean(view, "summary/people_at_end", "place", place, view->waiting));
    view_histogram_free(&waits);
    return 0;
}

static int print_posts(const tool_view *view, FILE *to)
{
    static const char *const heading[] = {"Post", "Crossed", "Gave up", "Peak queue", "Mean wait", "P50",
                                          "P95",  "Longest", "Exit",    "Entry",      "At end"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    tool_grid grid;
    if (view->post_count == 0)
        return 0;
    grid_init(&grid, COLUMNS, ~UINT64_C(1));
    for (size_t i = 0; i < COLUMNS; i++)
        grid_text(&grid, heading[i]);
    int error = 0;
    for (size_t i = 0; i < view->post_count && error == 0; i++)
        error = put_post(&grid, view, i);
    putc('\n', to);
    if (error == 0)
        error = grid_print(&grid, to);
    grid_free(&grid);
    if (error == 0)
        fputs("Waits of people who crossed; exit, entry: share of the open desks' time that serves; at end: people "
              "still waiting.\n",
              to);
    return error;
}

int table_print(const sim_result *result, FILE *to)
{
    tool_view view;
    int error = view_init(&view, result);
    if (error == 0)
        error = print_title(&view, to);
    if (error == 0)
        error = print_figures(&view, to);
    if (error == 0)
        error = print_posts(&view, to);
    if (error == 0)
        error = table_centres_print(&view, to);
    if (error == 0)
        error = table_crossings_print(&view, to);
    if (error == 0)
        error = table_stations_print(&view, to);
    if (error == 0)
        error = table_orders_print(&view, to);
    if (error == 0)
        error = table_observed_print(&view, to);
    view_free(&view);
    return error;
}
