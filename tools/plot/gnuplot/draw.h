/* The plots: each writes the gnuplot script of one page from what the results have. */
#ifndef TOOLS_PLOT_DRAW_H
#define TOOLS_PLOT_DRAW_H

#include <stdio.h>

#include "tools/page/view.h"

/* Returns 1, or 0 when there is nothing to draw, with the reason in *why_not (static text), or SIM_E_MEMORY. The reason
 * PLOT_OTHER_RESULTS is told only to who asks for this plot. */
typedef int plot_draw(const tool_view *view, FILE *to, const char **why_not);

#define PLOT_OTHER_RESULTS "these are no results of what it shows"

/* A plot is one line here and one function: name (also the file's), what it shows. */
#define PLOTS(X)                                                            \
    X(waiting, "people waiting at each post over time")                     \
    X(wait, "mean wait of those who cross, by post over time")              \
    X(throughput, "people who cross in a day, beside observed numbers")     \
    X(distribution, "share of people who waited at most so long, by post")  \
    X(utilisation, "share of open desks that serve, by station over time")  \
    X(staff, "desks open and busy and the queue on each side of each post") \
    X(states, "people in each state over time")                             \
    X(centres, "people in and before each centre, and its beds, over time") \
    X(costs, "money spent on each item until then")                         \
    X(map, "places, links, and people who crossed at each post")            \
    X(sobol, "main and total indices of a sweep's factors, by key figure")  \
    X(morris, "elementary effects of a sweep's factors, by key figure")     \
    X(response, "key figures against the factors of a sweep")               \
    X(dominance, "cost against waiting: each plan of a comparison")         \
    X(differences, "what each plan of a comparison changes, in per cent")   \
    X(roster, "people on each shift, in the scenario and as found")         \
    X(search, "rosters tried: cost, and how the hardest target is met")     \
    X(fit, "a calibration: observed beside fitted over time")

#define PLOT_DECLARE(name, doc) plot_draw plot_##name;
PLOTS(PLOT_DECLARE)
#undef PLOT_DECLARE

/* Any series of the results by its path: a panel an owner, a line a cell. *why_not is static or `path` is all zeros. */
int plot_metric(const tool_view *view, const char *path, FILE *to, const char **why_not);
/* The dataset that a name stands for: a path of the results, or a metric of durations without "_mean"; NULL and a line
 * in `why` if there is no such series. */
const char *plot_metric_path(const tool_view *view, const char *name, char *why, size_t size);

#endif
