/* Lines over time for each post: people waiting, and how long those waited who crossed. A few posts share one panel,
 * more get one each. */
#include <math.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/plot/gnuplot/units.h"

enum { IN_ONE_PANEL = 4, NARROW_DAY = 16 };

typedef struct {
    const char *headline, *label;
    const char *panel_note; /* for pages with a panel a post */
    int shared;             /* the panels have the same scale */
    const plot_units *units;
    script_extent extents[PLOT_MOST_UNITS];
} page;

static double most_of(const page *p)
{
    double most = 0;
    for (size_t i = 0; i < p->units->count; i++)
        most = fmax(most, p->extents[i].most);
    return most;
}

static void put_clauses(FILE *to, const page *p, size_t i, size_t colour, int with_title)
{
    char line[80];
    if (p->extents[i].has_band)
        fprintf(to, "$d%zu using 1:3:4 with filledcurves lc rgb '%s' " SCRIPT_BAND " notitle, ", i,
                script_colour(colour));
    fprintf(to, "$d%zu using 1:2 with lines %s ", i, script_line(colour, line, sizeof line));
    if (with_title) {
        fputs("title ", to);
        script_text(to, p->units->units[i].name, 26);
    } else {
        fputs("notitle", to);
    }
}

static script_box one_panel(void)
{
    return (script_box){80, PAGE_WIDTH - 290, 75, 780};
}

static script_box panel_of(size_t n, size_t i)
{
    return script_grid((script_box){10, PAGE_WIDTH - 10, 15, 812}, n, script_columns(n), i, 0);
}

static void put_one_panel(const tool_view *view, FILE *to, const page *p)
{
    script_box box = one_panel();
    script_panel(to, box, "");
    script_time_axis(to, view, box, 0, 1);
    script_value_axis(to, "y", most_of(p), box, p->label, "");
    script_key_right(to, box.right + 20, box.top);
    fputs("plot ", to);
    int any = 0;
    for (size_t i = 0; i < p->units->count; i++) {
        if (p->extents[i].values == 0)
            continue;
        fputs(any++ ? ", " : "", to);
        put_clauses(to, p, i, i, 1);
    }
    putc('\n', to);
}

static void put_panels(const tool_view *view, FILE *to, const page *p)
{
    size_t n = p->units->count;
    for (size_t i = 0; i < n; i++) {
        script_box box = panel_of(n, i);
        script_panel(to, box, p->units->units[i].name);
        script_time_axis(to, view, box, 0, 0);
        script_value_axis(to, "y", p->shared ? most_of(p) : p->extents[i].most, box, "", "");
        fputs("plot ", to);
        if (p->extents[i].values > 0)
            put_clauses(to, p, i, 0, 0);
        else
            fputs("-1 notitle", to);
        putc('\n', to);
    }
}

static void put_page(const tool_view *view, FILE *to, const page *p)
{
    char band[120], note[300];
    int panels = p->units->count > IN_ONE_PANEL, has_band = 0;
    for (size_t i = 0; i < p->units->count; i++)
        has_band |= p->extents[i].has_band;
    script_band_note(view, band, sizeof band);
    if (!has_band && view->replications > 1)
        snprintf(band, sizeof band, "all %zu replications together", view->replications);
    snprintf(note, sizeof note, "%s%s%s", band, *band && panels ? "; " : "", panels ? p->panel_note : "");
    script_begin(to, view, p->headline, note, NULL, 0);
    if (panels)
        put_panels(view, to, p);
    else
        put_one_panel(view, to, p);
    script_end(to);
}

int plot_waiting(const tool_view *view, FILE *to, const char **why_not)
{
    view_series levels, halves;
    plot_units units;
    page p = {"People waiting at each post",
              "people waiting",
              "people waiting; every panel has its own scale",
              0,
              &units,
              {{0, 0, 0, 0}}};
    *why_not = "the results have no numbers of people waiting at posts";
    if (!view->time || view->post_count == 0 || view->waiting == VIEW_NONE || !view_states(view, "", &levels))
        return 0;
    int intervals = view_states(view, "_half_width", &halves);
    int error = plot_units_init(&units, view, PLOT_MOST_UNITS, 1);
    size_t values = 0;
    for (size_t i = 0; error == 0 && i < units.count; i++) {
        plot_series series = {&units.units[i], &levels, intervals ? &halves : NULL, (size_t)view->waiting};
        p.extents[i] = script_steps(to, view, (int)i, plot_level, &series);
        values += p.extents[i].values;
    }
    if (error == 0 && values > 0)
        put_page(view, to, &p);
    plot_units_free(&units);
    return error == 0 ? values > 0 : error;
}

typedef struct {
    const view_waits *waits;
    const plot_unit *unit;
    double unit_length;
} wait_context;

static double mean_wait(const void *context, size_t first, size_t end, double *half_width)
{
    const wait_context *c = context;
    double sum = 0, all = 0, people;
    (void)half_width;
    for (size_t bin = first; bin < end; bin++)
        for (size_t i = 0; i < c->unit->count; i++) {
            double wait = view_wait(c->waits, bin, c->unit->places[i], &people);
            if (people > 0) {
                sum += wait * people;
                all += people;
            }
        }
    return all > 0 ? sum / all / c->unit_length : (double)NAN;
}

static double longest_wait(const tool_view *view, const view_waits *waits, const plot_units *units)
{
    double most = 0;
    for (size_t i = 0; i < units->count; i++) {
        wait_context context = {waits, &units->units[i], 1};
        for (size_t bin = 0; bin < view->bins; bin++) {
            double wait = mean_wait(&context, bin, bin + 1, NULL);
            most = isfinite(wait) ? fmax(most, wait) : most;
        }
    }
    return most;
}

int plot_wait(const tool_view *view, FILE *to, const char **why_not)
{
    view_waits waits;
    plot_units units;
    const char *name;
    char label[80], panel_note[120];
    page p = {"Mean wait of those who cross, by the time of crossing", label, panel_note, 1, &units, {{0, 0, 0, 0}}};
    *why_not = "the results have no waits at posts";
    if (!view->time || view->post_count == 0 || !view_find_waits(view, &waits))
        return 0;
    int error = plot_units_init(&units, view, PLOT_MOST_UNITS, 1);
    int by_day =
        script_is_by_day(view, units.count > IN_ONE_PANEL ? panel_of(units.count, 0) : one_panel(), NARROW_DAY);
    if (by_day)
        p.headline = "Mean wait of those who cross in a day";
    double longest = error == 0 ? longest_wait(view, &waits, &units) : 0, length = figure_time_unit(longest, &name);
    size_t values = 0;
    for (size_t i = 0; error == 0 && i < units.count; i++) {
        wait_context context = {&waits, &units.units[i], length};
        p.extents[i] = (by_day ? script_days : script_steps)(to, view, (int)i, mean_wait, &context);
        values += p.extents[i].values;
    }
    snprintf(label, sizeof label, "wait in %s", name);
    snprintf(panel_note, sizeof panel_note, "wait in %s", name);
    *why_not = "nobody crosses";
    if (error == 0 && values > 0)
        put_page(view, to, &p);
    plot_units_free(&units);
    return error == 0 ? values > 0 : error;
}
