/* Share of people who waited at most so long, by post, from the histograms of waits. The axis of time is logarithmic,
 * because waits run from minutes to days. */
#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/plot/gnuplot/units.h"

enum { FIRST = 60 /* s: where the axis begins */ };

/* The share by which the curve rises from point to point: the histogram has two thousand buckets. */
static const double rise = 0.001;

/* Returns the longest wait. The curve is level where nobody waited so long. */
static double put_curve(FILE *to, const view_histogram *h, int block)
{
    double below = 0, drawn = 0, at = FIRST, longest = FIRST;
    fprintf(to, "$d%d << EOD\n", block);
    for (size_t i = 0; i < h->buckets && h->edges[i] < FIRST; i++)
        drawn += h->people[i];
    fprintf(to, "%d %.6g\n", FIRST, 100 * drawn / h->total);
    for (size_t i = 0; i < h->buckets; i++) {
        double edge = i + 1 < h->buckets ? h->edges[i + 1] : h->edges[i];
        below += h->people[i];
        if (h->people[i] > 0)
            longest = fmax(longest, edge);
        if (edge <= FIRST || below < drawn + rise * h->total)
            continue;
        if (h->edges[i] > at)
            fprintf(to, "%.7g %.6g\n", h->edges[i], 100 * (below - h->people[i]) / h->total);
        fprintf(to, "%.7g %.6g\n", edge, 100 * below / h->total);
        drawn = below;
        at = edge;
    }
    fprintf(to, "%.7g 100\nEOD\n", longest);
    return longest;
}

static void put_duration_axis(FILE *to, double longest)
{
    static const struct {
        double seconds;
        const char *name;
    } tics[] = {{60, "1 min"},     {300, "5 min"},     {600, "10 min"},    {1800, "30 min"},
                {3600, "1 h"},     {3 * 3600, "3 h"},  {6 * 3600, "6 h"},  {43200, "12 h"},
                {86400, "1 d"},    {2 * 86400, "2 d"}, {4 * 86400, "4 d"}, {7 * 86400, "7 d"},
                {1209600, "14 d"}, {2592000, "30 d"},  {7776000, "90 d"},  {31536000, "1 year"}};
    size_t n = sizeof tics / sizeof *tics, last = 4;
    while (last + 1 < n && tics[last].seconds < longest)
        last++;
    fprintf(to, "set logscale x\nset xrange [%d:%.10g]\nset xtics (", FIRST, fmax(tics[last].seconds, longest));
    for (size_t i = 0; i <= last; i++)
        fprintf(to, "%s'%s' %.10g", i > 0 ? "," : "", tics[i].name, tics[i].seconds);
    fputs(") nomirror\nset grid xtics linestyle 100\nset xlabel 'wait at the post in all' textcolor rgb '#555555'\n",
          to);
}

static void put_page(const tool_view *view, FILE *to, const plot_units *units, const int *has_people, double longest)
{
    script_box box = {80, PAGE_WIDTH - 290, 75, 780};
    char line[80], note[120] = "";
    int any = 0;
    if (view->replications > 1)
        snprintf(note, sizeof note, "all %zu replications together", view->replications);
    script_begin(to, view, "How long people waited who crossed", note, NULL, 0);
    script_panel(to, box, "");
    put_duration_axis(to, longest);
    script_value_axis(to, "y", 100, box, "share of people who waited at most so long", "%");
    fputs("set yrange [0:101]\n", to);
    script_key_right(to, box.right + 20, box.top);
    fputs("plot ", to);
    for (size_t i = 0; i < units->count; i++) {
        if (!has_people[i])
            continue;
        fprintf(to, "%s$d%zu using 1:2 with lines %s title ", any++ ? ", " : "", i, script_line(i, line, sizeof line));
        script_text(to, units->units[i].name, 26);
    }
    putc('\n', to);
    script_end(to);
}

int plot_distribution(const tool_view *view, FILE *to, const char **why_not)
{
    plot_units units;
    int has_people[PLOT_MOST_UNITS] = {0}, any = 0;
    double longest = 0;
    *why_not = "nobody crosses, or the results have no histogram of waits";
    int error = plot_units_init(&units, view, PLOT_MOST_UNITS, 1);
    for (size_t i = 0; error == 0 && i < units.count; i++) {
        view_histogram h;
        error = view_histogram_init(view, "wait/post_histogram", units.units[i].places, units.units[i].count, &h);
        has_people[i] = h.total > 0;
        any |= has_people[i];
        if (h.total > 0)
            longest = fmax(longest, put_curve(to, &h, (int)i));
        view_histogram_free(&h);
    }
    if (error == 0 && any)
        put_page(view, to, &units, has_people, longest);
    plot_units_free(&units);
    return error == 0 ? any : error;
}
