/* Cost against waiting: a point a plan, with crosses for how sure its distance from the baseline is; those that no
 * other beats in both are joined by stairs. What lies above and to the right of the stairs is dominated: some other
 * plan makes people wait less and costs less. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "sim/base/utf8.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_PLANS = 60, COST = 0, WAIT = 1 };

typedef struct {
    double at[2], low[2], high[2]; /* in the axes' units; low and high NaN: no interval */
    bool is_efficient;
    const char *name;
} point;

typedef struct {
    size_t count;
    point points[MOST_PLANS];
    double low[2], high[2]; /* of the axes */
    script_box box;
} picture;

/* --- what is drawn --- */

static int figure_index(const sim_axis *figures, const char *name)
{
    for (size_t i = 0; figures->labels && i < figures->size; i++)
        if (strcmp(figures->labels[i], name) == 0)
            return (int)i;
    return VIEW_NONE;
}

/* Takes one coordinate of all plans: the mean, and the baseline's plus the interval of the difference. */
static void take(picture *p, const tool_view *view, int axis, size_t figure, double factor)
{
    view_series mean, low, high;
    view_find(view, "compare/mean", "plan", "figure", &mean);
    view_find(view, "compare/difference_low", "plan", "figure", &low);
    view_find(view, "compare/difference_high", "plan", "figure", &high);
    double baseline = view_value(&mean, 0, figure, 0);
    for (size_t i = 0; i < p->count; i++) {
        p->points[i].at[axis] = view_value(&mean, i, figure, 0) * factor;
        p->points[i].low[axis] =
            fmax(baseline + view_value(&low, i, figure, 0), 0) * factor; /* nobody waits or spends less than nothing */
        if (isnan(view_value(&low, i, figure, 0)))
            p->points[i].low[axis] = (double)NAN;
        p->points[i].high[axis] = (baseline + view_value(&high, i, figure, 0)) * factor;
    }
}

static bool is_drawn(const point *p)
{
    return isfinite(p->at[COST]) && isfinite(p->at[WAIT]);
}

static bool beats(const point *a, const point *b)
{
    return is_drawn(a) && a->at[COST] <= b->at[COST] && a->at[WAIT] <= b->at[WAIT] &&
           (a->at[COST] < b->at[COST] || a->at[WAIT] < b->at[WAIT]);
}

static void find_efficient(picture *p)
{
    for (size_t i = 0; i < p->count; i++) {
        p->points[i].is_efficient = is_drawn(&p->points[i]);
        for (size_t k = 0; k < p->count; k++)
            if (beats(&p->points[k], &p->points[i]))
                p->points[i].is_efficient = false;
    }
}

static void find_range(picture *p, int axis)
{
    p->low[axis] = INFINITY;
    p->high[axis] = -INFINITY;
    for (size_t i = 0; i < p->count; i++) {
        const point *q = &p->points[i];
        if (!is_drawn(q))
            continue;
        p->low[axis] = fmin(p->low[axis], isfinite(q->low[axis]) ? fmin(q->low[axis], q->at[axis]) : q->at[axis]);
        p->high[axis] = fmax(p->high[axis], isfinite(q->high[axis]) ? fmax(q->high[axis], q->at[axis]) : q->at[axis]);
    }
}

static bool all_efficient(const picture *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (is_drawn(&p->points[i]) && !p->points[i].is_efficient)
            return false;
    return true;
}

static size_t drawn_count(const picture *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        n += is_drawn(&p->points[i]);
    return n;
}

/* --- stairs --- */

static int by_cost(const void *a, const void *b)
{
    const point *const *x = a, *const *y = b;
    if ((*x)->at[COST] != (*y)->at[COST])
        return (*x)->at[COST] < (*y)->at[COST] ? -1 : 1;
    return ((*x)->at[WAIT] > (*y)->at[WAIT]) - ((*x)->at[WAIT] < (*y)->at[WAIT]);
}

/* From the top down to the cheapest, along the efficient ones, out to the right. */
static void put_stairs(FILE *to, const picture *p)
{
    const point *steps[MOST_PLANS];
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->points[i].is_efficient)
            steps[n++] = &p->points[i];
    qsort(steps, n, sizeof *steps, by_cost);
    fputs("$stairs << EOD\n", to);
    double level = p->high[WAIT];
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "%.10g %.10g\n%.10g %.10g\n", steps[i]->at[COST], level, steps[i]->at[COST], steps[i]->at[WAIT]);
        level = steps[i]->at[WAIT];
    }
    fprintf(to, "%.10g %.10g\nEOD\n", p->high[COST], level);
}

/* --- names, where they cover neither points nor one another --- */

typedef struct {
    double left, right, bottom, top;
} area;

static bool overlap(const area *a, const area *b)
{
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static double place_on(const picture *p, int axis, double value)
{
    double begin = axis == COST ? p->box.left : p->box.bottom, end = axis == COST ? p->box.right : p->box.top;
    return begin + (end - begin) * (value - p->low[axis]) / (p->high[axis] - p->low[axis]);
}

static bool is_free(const picture *p, const area *text, const area *taken, size_t count)
{
    if (text->left < p->box.left || text->right > p->box.right + 60 || text->bottom < p->box.bottom ||
        text->top > p->box.top)
        return false;
    for (size_t i = 0; i < count; i++)
        if (overlap(text, &taken[i]))
            return false;
    return true;
}

/* Beside, above, below, further away: the first that is free. */
static area choose_place(const picture *p, double x, double y, double width, const area *taken, size_t count)
{
    static const double ways[][2] = {{0, 14},  {0, -14},  {-1, 14}, {-1, -14}, {0, 32},  {0, -32},
                                     {-1, 32}, {-1, -32}, {0, 50},  {-1, 50},  {0, -50}, {-1, -50}};
    area text = {0, 0, 0, 0};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        double left = ways[i][0] < 0 ? x - 10 - width : x + 10;
        text = (area){left, left + width, y + ways[i][1] - 9, y + ways[i][1] + 9};
        if (is_free(p, &text, taken, count))
            return text;
    }
    double left = x + 10 + width > p->box.right + 60 ? x - 10 - width : x + 10;
    return (area){left, left + width, y + 5, y + 23};
}

static void put_names(FILE *to, const picture *p)
{
    area taken[2 * MOST_PLANS];
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (is_drawn(&p->points[i])) {
            double x = place_on(p, COST, p->points[i].at[COST]), y = place_on(p, WAIT, p->points[i].at[WAIT]);
            taken[count++] = (area){x - 8, x + 8, y - 4, y + 4};
        }
    for (size_t i = 0; i < p->count; i++) {
        const point *q = &p->points[i];
        if (!is_drawn(q))
            continue;
        double width = 8.6 * fmin((double)sim_utf8_count(q->name, strlen(q->name)), 36);
        area text =
            choose_place(p, place_on(p, COST, q->at[COST]), place_on(p, WAIT, q->at[WAIT]), width, taken, count);
        taken[count++] = text;
        fputs("set label ", to);
        script_text(to, q->name, 36);
        fprintf(to, " at screen %.5f,%.5f left front textcolor rgb '%s'\n", text.left / PAGE_WIDTH,
                (text.bottom + 9) / PAGE_HEIGHT, q->is_efficient ? "#000000" : "#666666");
    }
}

/* --- the page --- */

static void put_points(FILE *to, const picture *p, int block, bool efficient)
{
    fprintf(to, "$d%d << EOD\n", block);
    for (size_t i = 0; i < p->count; i++)
        if (is_drawn(&p->points[i]) && p->points[i].is_efficient == efficient)
            fprintf(to, "%.10g %.10g\n", p->points[i].at[COST], p->points[i].at[WAIT]);
    fputs("EOD\n", to);
}

/* An arm of the crosses: horizontally or vertically. */
static void put_arms(FILE *to, const picture *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const point *q = &p->points[i];
        for (int axis = 0; is_drawn(q) && axis < 2; axis++) {
            if (!isfinite(q->low[axis]) || !(q->high[axis] > q->low[axis]))
                continue;
            double x1 = axis == COST ? q->low[COST] : q->at[COST], x2 = axis == COST ? q->high[COST] : q->at[COST];
            double y1 = axis == WAIT ? q->low[WAIT] : q->at[WAIT], y2 = axis == WAIT ? q->high[WAIT] : q->at[WAIT];
            fprintf(to, "set arrow from %.10g,%.10g to %.10g,%.10g heads size screen 0.003,90 lw 1.6 lc rgb '%s'\n", x1,
                    y1, x2, y2, q->is_efficient ? COLOUR_BLUE : "#999999");
        }
    }
}

static void put_page(FILE *to, const tool_view *view, picture *p, const char *cost_label, const char *wait_label)
{
    static const script_entry legend[] = {{"no other plan is better in both", COLOUR_BLUE, SCRIPT_POINT, 7},
                                          {"another plan is better in both", "#999999", SCRIPT_POINT, 7}};
    char note[200];
    snprintf(note, sizeof note,
             "mean of %zu replications; crosses: intervals of the difference from the baseline (together %.4g%%)",
             view->replications, 100 * view->confidence);
    p->box = (script_box){110, PAGE_WIDTH - 80, 90, 745};
    script_begin(to, view, "Cost against waiting", note, legend, all_efficient(p) ? 1 : 2);
    script_panel(to, p->box, "");
    script_widen(&p->low[COST], &p->high[COST]);
    script_range_axis(to, "x", p->low[COST], p->high[COST], p->box, cost_label, "");
    script_widen(&p->low[WAIT], &p->high[WAIT]);
    script_range_axis(to, "y", p->low[WAIT], p->high[WAIT], p->box, wait_label, "");
    put_stairs(to, p);
    put_points(to, p, 0, true);
    put_points(to, p, 1, false);
    put_arms(to, p);
    put_names(to, p);
    fprintf(to,
            "plot $stairs using 1:2 with lines lw 1.4 dashtype 2 lc rgb '%s' notitle, $d1 using 1:2 with points pt 7 "
            "ps 1.5 lc rgb '#999999' "
            "notitle, $d0 using 1:2 with points pt 7 ps 1.7 lc rgb '%s' notitle\n",
            COLOUR_BLUE, COLOUR_BLUE);
    script_end(to);
}

/* The figure of cost that varies: money, otherwise hours of staff. */
static int find_cost(const sim_axis *figures, const char **label)
{
    int money = figure_index(figures, "cost.total");
    *label = money != VIEW_NONE ? "money spent by all agencies, USD" : "time of staff at desks, person-hours";
    return money != VIEW_NONE ? money : figure_index(figures, "staff.hours");
}

int plot_dominance(const tool_view *view, FILE *to, const char **why_not)
{
    view_series mean;
    picture p = {.count = 0};
    const char *cost_label, *unit = "";
    char wait_label[120];
    *why_not = PLOT_OTHER_RESULTS;
    if (!view_find(view, "compare/mean", "plan", "figure", &mean))
        return 0;
    const sim_axis *plans = sim_result_axis(view->result, mean.dataset, 0),
                   *figures = sim_result_axis(view->result, mean.dataset, 1);
    int wait = figure_index(figures, "wait.mean"), cost = find_cost(figures, &cost_label);
    *why_not = "the comparison has no wait.mean, or neither cost.total nor staff.hours";
    if (wait == VIEW_NONE || cost == VIEW_NONE || !plans->labels)
        return 0;
    p.count = mean.rows < MOST_PLANS ? mean.rows : MOST_PLANS;
    double longest = 0;
    for (size_t i = 0; i < p.count; i++) {
        p.points[i].name = plans->labels[i];
        longest = fmax(longest, fabs(view_value(&mean, i, (size_t)wait, 0)));
    }
    take(&p, view, COST, (size_t)cost, 1);
    take(&p, view, WAIT, (size_t)wait, 1 / figure_time_unit(longest, &unit));
    *why_not = "fewer than two plans have both figures";
    if (drawn_count(&p) < 2)
        return 0;
    snprintf(wait_label, sizeof wait_label, "mean wait at the post of those who crossed, %s", unit);
    find_efficient(&p);
    find_range(&p, COST);
    find_range(&p, WAIT);
    put_page(to, view, &p, cost_label, wait_label);
    return 1;
}
