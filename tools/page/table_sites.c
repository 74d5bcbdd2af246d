/* What centres and informal crossings came to, a line each: means over replications of what the run recorded. */
#include "tools/page/table_sites.h"

#include <math.h>
#include <string.h>

#include "sim/base/error.h"
#include "tools/page/cell.h"
#include "tools/page/grid.h"

/* --- centres --- */

/* Stays that ended: their mean, 95% quantile, and how many people they are in a replication. */
typedef struct {
    double people, mean, p95;
} stays;

/* The means of classes, each weighted by its people in the histogram. */
static double mean_stay(const tool_view *view, size_t place)
{
    view_series means, buckets;
    double sum = 0, people = 0;
    if (!view_find(view, "summary/wait_centre_mean", "replication", "place", &means) ||
        !view_find(view, "wait/centre_histogram", "", "place", &buckets) || means.cells == 0)
        return (double)NAN;
    size_t width = buckets.cells / means.cells; /* buckets of a class */
    for (size_t cell = 0; cell < means.cells; cell++) {
        double mean = view_mean(view, "summary/wait_centre_mean", "place", place, (int)cell), n = 0;
        for (size_t i = 0; i < width; i++) {
            double in_bucket = view_value(&buckets, 0, place, cell * width + i);
            n += isfinite(in_bucket) ? in_bucket : 0;
        }
        if (isfinite(mean) && n > 0) {
            sum += mean * n;
            people += n;
        }
    }
    return people > 0 ? sum / people : (double)NAN;
}

static int find_stays(const tool_view *view, size_t place, stays *s)
{
    view_histogram histogram;
    int error = view_histogram_init(view, "wait/centre_histogram", &place, 1, &histogram);
    if (error != 0)
        return error;
    s->people = histogram.people ? histogram.total / (double)view->replications : (double)NAN;
    s->p95 = view_quantile(&histogram, 0.95);
    s->mean = mean_stay(view, place);
    view_histogram_free(&histogram);
    return 0;
}

static double in_state(const tool_view *view, const char *summary, const char *state, size_t place)
{
    int cell = view_state(view, state);
    return cell == VIEW_NONE ? (double)NAN : view_mean(view, summary, "place", place, cell);
}

/* Beds at a time, mean over the run; NaN where none were counted. */
static double beds(const tool_view *view, size_t place)
{
    view_series time;
    double sum = 0, length = 0;
    if (!view_find(view, "reception/bed_time", "time", "place", &time))
        return (double)NAN;
    for (size_t bin = 0; bin < view->bins; bin++) {
        double value = view_value(&time, bin, place, 0);
        sum += isfinite(value) ? value * 1e-6 : 0;
        length += view_bin_length(view, bin);
    }
    return sum > 0 ? sum / length : (double)NAN;
}

static int put_centre(tool_grid *grid, const tool_view *view, const view_post *centre)
{
    stays s;
    size_t place = centre->place;
    int error = find_stays(view, place, &s);
    if (error != 0)
        return error;
    double settled = view_mean(view, "summary/flow_settled", "place", place, VIEW_NONE);
    grid_text(grid, centre->name);
    cell_number(grid, view_mean(view, "summary/flow_arrived", "place", place, VIEW_NONE));
    cell_number(grid, s.people - (isfinite(settled) ? settled : 0));
    cell_number(grid, settled);
    cell_number(grid, view_mean(view, "summary/reception_sent_on", "place", place, VIEW_NONE));
    cell_number(grid, beds(view, place));
    cell_number(grid, in_state(view, "summary/people_present_peak", "sheltered", place));
    cell_number(grid, in_state(view, "summary/people_present_peak", "in_the_open", place));
    cell_wait(grid, s.mean);
    cell_wait(grid, s.p95);
    cell_number(grid, in_state(view, "summary/people_at_end", "sheltered", place) +
                          in_state(view, "summary/people_at_end", "in_the_open", place));
    return 0;
}

int table_centres_print(const tool_view *view, FILE *to)
{
    static const char *const heading[] = {"Centre",      "Came",      "Went on",   "Settled",  "Sent on", "Beds",
                                          "Peak inside", "Peak open", "Mean stay", "P95 stay", "At end"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    tool_grid grid;
    if (view->centres.count == 0)
        return 0;
    grid_init(&grid, COLUMNS, ~UINT64_C(1));
    for (size_t i = 0; i < COLUMNS; i++)
        grid_text(&grid, heading[i]);
    int error = 0;
    for (size_t i = 0; i < view->centres.count && error == 0; i++)
        error = put_centre(&grid, view, &view->centres.sites[i]);
    putc('\n', to);
    if (error == 0)
        error = grid_print(&grid, to);
    grid_free(&grid);
    if (error == 0)
        fputs("Settled: through with the centre and not going on; sent on: because it was full; open: in the open "
              "before it;\n"
              "stay: of those who went on or settled; beds: mean over the run; at end: people still in or before the "
              "centre.\n",
              to);
    return error;
}

/* --- informal crossings --- */

/* Columns: those that the results have; a factor of 0.01 makes dollars of cents. */
static const struct {
    const char *heading, *summary;
    double factor;
} columns[] = {
    {"Attempts", "summary/informal_attempts", 1},
    {"Intercepted", "summary/informal_intercepted", 1},
    {"To a post", "summary/informal_brought_to_post", 1},
    {"Crossed", "summary/flow_irregular", 1},
    {"Injured", "summary/informal_injured", 1},
    {"Exploited", "summary/informal_exploited", 1},
    {"Died", "summary/informal_died", 1},
    {"Price USD", "summary/informal_price_mean", 0.01},
    {"Paid USD", "summary/informal_paid", 1},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

int table_crossings_print(const tool_view *view, FILE *to)
{
    size_t shown[COLUMNS], count = 0;
    int has_price = 0;
    tool_grid grid;
    for (size_t i = 0; i < COLUMNS; i++)
        if (sim_result_find(view->result, columns[i].summary)) {
            has_price |= strcmp(columns[i].heading, "Price USD") == 0;
            shown[count++] = i;
        }
    if (view->informal.count == 0 || count == 0)
        return 0;
    grid_init(&grid, count + 1, ~UINT64_C(1));
    grid_text(&grid, "Informal crossing");
    for (size_t i = 0; i < count; i++)
        grid_text(&grid, columns[shown[i]].heading);
    for (size_t site = 0; site < view->informal.count; site++) {
        grid_text(&grid, view->informal.sites[site].name);
        for (size_t i = 0; i < count; i++)
            cell_number(&grid, columns[shown[i]].factor * view_mean(view, columns[shown[i]].summary, "place",
                                                                    view->informal.sites[site].place, VIEW_NONE));
    }
    putc('\n', to);
    int error = grid_print(&grid, to);
    grid_free(&grid);
    if (error == 0 && count > 1)
        fprintf(to, "Attempts, interceptions, injuries and exploitation count each time%s.\n",
                has_price ? "; price: of a person, mean over time" : "");
    return error;
}
