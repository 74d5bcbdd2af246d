/* Desks open, desks busy and the queue on each side of a post, the stations of a side together: shows the shifts, and
 * whether a queue grows for want of desks or in spite of them. */
#include <math.h>

#include "sim/base/error.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/plot/gnuplot/units.h"

enum { MOST_POSTS = 6, SIDES = 2, FEW = 5, NARROW_DAY = 24 };

typedef struct {
    const tool_view *view;
    const view_series *series;
    int post, side;
} side_context;

/* Mean over the bins. */
static double sum_of_side(const void *context, size_t first, size_t end, double *half_width)
{
    const side_context *c = context;
    double sum = 0;
    size_t numbers = 0;
    (void)half_width;
    for (size_t i = 0; i < c->view->station_count; i++) {
        if (c->view->stations[i].post != c->post || c->view->stations[i].side != c->side)
            continue;
        for (size_t bin = first; bin < end; bin++) {
            double value = view_sum(c->series, bin, i);
            if (isfinite(value)) {
                sum += value;
                numbers++;
            }
        }
    }
    return numbers > 0 ? sum / (double)(end - first) : (double)NAN;
}

/* Highest of the bins: the mean of a day would hide the queue of its mornings. */
static double most_of_side(const void *context, size_t first, size_t end, double *half_width)
{
    double most = (double)NAN;
    for (size_t bin = first; bin < end; bin++)
        most = fmax(most, sum_of_side(context, bin, bin + 1, half_width));
    return most;
}

typedef struct {
    view_series open, busy, queue;
    int has_queue, by_day;
    struct {
        int post, side;
    } panels[MOST_POSTS * SIDES];
    size_t count;
} chart;

static void choose_panels(chart *c, const tool_view *view, const plot_units *units)
{
    for (size_t i = 0; i < units->count; i++)
        for (int side = 0; side < SIDES; side++)
            for (size_t s = 0; s < view->station_count; s++)
                if (view->stations[s].post == units->units[i].post && view->stations[s].side == side) {
                    c->panels[c->count].post = units->units[i].post;
                    c->panels[c->count++].side = side;
                    break;
                }
}

static void put_panel(const tool_view *view, FILE *to, const chart *c, size_t i, script_box box)
{
    char title[VIEW_NAME + 20];
    side_context context = {view, &c->open, c->panels[i].post, c->panels[i].side};
    int block = 3 * (int)i;
    script_extent (*steps)(FILE *, const tool_view *, int, script_value *, const void *) =
        c->by_day ? script_days : script_steps;
    script_extent open = steps(to, view, block, sum_of_side, &context), busy, queue = {0, 0, 0, 0};
    context.series = &c->busy;
    busy = steps(to, view, block + 1, sum_of_side, &context);
    context.series = &c->queue;
    if (c->has_queue)
        queue = steps(to, view, block + 2, most_of_side, &context);
    snprintf(title, sizeof title, "%s side: %s", c->panels[i].side == 0 ? "Exit" : "Entry",
             view->posts[c->panels[i].post].name);
    script_panel(to, box, title);
    script_time_axis(to, view, box, 0, 0);
    script_value_axis(to, "y", fmax(open.most, busy.most), box, "", "");
    if (c->has_queue)
        script_value_axis(to, "y2", fmax(queue.most, FEW), box, "",
                          ""); /* next to nobody shall not look like a queue */
    fprintf(to, "plot $d%d using 1:2 with filledcurves y1=0 lc rgb '#D0D0D0' fillstyle solid 1 noborder notitle, ",
            block);
    fprintf(to, "$d%d using 1:2 with filledcurves y1=0 lc rgb '#4095C6' fillstyle solid 1 noborder notitle", block + 1);
    if (c->has_queue)
        fprintf(to, ", $d%d using 1:2 axes x1y2 with lines lw 1.8 lc rgb '" COLOUR_VERMILION "' notitle", block + 2);
    putc('\n', to);
}

static void put_page(const tool_view *view, FILE *to, chart *c, size_t posts)
{
    static const script_entry by_hour[] = {{"desks open", "#D0D0D0", SCRIPT_AREA, 0},
                                           {"desks busy", "#4095C6", SCRIPT_AREA, 0},
                                           {"people in the queues (right axis)", COLOUR_VERMILION, SCRIPT_LINE, 0}},
                              by_day[] = {{"desks open, mean of the day", "#D0D0D0", SCRIPT_AREA, 0},
                                          {"desks busy, mean of the day", "#4095C6", SCRIPT_AREA, 0},
                                          {"people in the queues, most of the day (right axis)", COLOUR_VERMILION,
                                           SCRIPT_LINE, 0}};
    script_box whole = {-20, PAGE_WIDTH, 15, 795};
    size_t columns = c->count <= 1 ? 1 : c->count <= 6 ? 2 : 4;
    char mean[64] = "", most[96] = "", note[240];
    if (view->replications > 1)
        snprintf(mean, sizeof mean, "mean of %zu replications; ", view->replications);
    if (posts < view->post_count)
        snprintf(most, sizeof most, "the %zu posts of %zu where most people cross; ", posts, view->post_count);
    snprintf(note, sizeof note, "%s%severy panel has its own scales", mean, most);
    c->by_day = script_is_by_day(view, script_grid(whole, c->count, columns, 0, c->has_queue), NARROW_DAY);
    script_begin(to, view, "Desks and queues on both sides of each post", note, c->by_day ? by_day : by_hour,
                 c->has_queue ? 3 : 2);
    for (size_t i = 0; i < c->count; i++)
        put_panel(view, to, c, i, script_grid(whole, c->count, columns, i, c->has_queue));
    script_end(to);
}

int plot_staff(const tool_view *view, FILE *to, const char **why_not)
{
    plot_units units;
    chart c = {.count = 0};
    *why_not = "the results have no numbers of desks by station of a post";
    if (!view->time || !view_find(view, "desks/open", "time", "station", &c.open) ||
        !view_find(view, "desks/busy", "time", "station", &c.busy))
        return 0;
    c.has_queue = view_find(view, "queue/people_waiting", "time", "station", &c.queue);
    int error = plot_units_init(&units, view, MOST_POSTS, 0);
    if (error == 0)
        choose_panels(&c, view, &units);
    if (error == 0 && c.count > 0)
        put_page(view, to, &c, units.count);
    plot_units_free(&units);
    return error == 0 ? c.count > 0 : error;
}
