/* Which desks work to capacity, and when: a row a station, coloured by the share of open desks that serve, white where
 * none is open. Few steps of colour read better than a continuous scale and let neighbouring bins of one step become
 * one box. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/utf8.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_ROWS = 60, SMALL_PRINT = 36, MOST_COLUMNS = 480, LEVELS = 5, CLOSED = -1 };

static const struct {
    double upto; /* share */
    const char *shown, *colour;
} steps[LEVELS] = {
    {0.25, "to 25%", "#FFEFB3"}, {0.5, "to 50%", "#FEC45A"},         {0.75, "to 75%", "#F98A3C"},
    {0.9, "to 90%", "#DD3A1F"},  {INFINITY, "above 90%", "#7A0A2A"},
};

typedef struct {
    const tool_view *view;
    view_series busy, open;
    size_t rows[MOST_ROWS], count; /* stations from the top */
} chart;

static int level_at(const chart *c, size_t station, size_t first, size_t end)
{
    double busy = 0, open = 0;
    for (size_t bin = first; bin < end; bin++) {
        double b = view_sum(&c->busy, bin, station), o = view_sum(&c->open, bin, station);
        busy += isfinite(b) ? b : 0;
        open += isfinite(o) ? o : 0;
    }
    if (open <= 1e-9)
        return CLOSED;
    int level = 0;
    while (busy / open > steps[level].upto)
        level++;
    return level;
}

typedef struct {
    size_t station;
    double work;
} ranked;

static int by_work(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->work != y->work)
        return x->work > y->work ? -1 : 1;
    return x->station < y->station ? -1 : x->station > y->station;
}

static int by_station(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->station < y->station ? -1 : x->station > y->station;
}

/* All stations, or those that serve most, in the order of the scenario. */
static int choose_rows(chart *c)
{
    size_t n = c->busy.owners;
    ranked *order = calloc(n + 1, sizeof *order);
    if (!order)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        order[i].station = i;
        for (size_t bin = 0; bin < c->view->bins; bin++) {
            double busy = view_sum(&c->busy, bin, i);
            order[i].work += isfinite(busy) ? busy : 0;
        }
    }
    c->count = n < MOST_ROWS ? n : MOST_ROWS;
    qsort(order, n, sizeof *order, by_work);
    qsort(order, c->count, sizeof *order, by_station);
    for (size_t i = 0; i < c->count; i++)
        c->rows[i] = order[i].station;
    free(order);
    return 0;
}

/* A box for each run of bins at this level; at least one line, far outside, so that the legend has every colour. */
static void put_boxes(FILE *to, const chart *c, int level)
{
    size_t stride = script_stride(c->view, MOST_COLUMNS), bins = c->view->bins;
    double hours = c->view->step / 3600;
    fprintf(to, "$d%d << EOD\n-9 -9 -9 -9 -9 -9\n", level);
    for (size_t row = 0; row < c->count; row++) {
        double y = (double)(c->count - row);
        for (size_t first = 0; first < bins; first += stride) {
            size_t end = first + stride;
            if (level_at(c, c->rows[row], first, end < bins ? end : bins) != level)
                continue;
            while (end < bins && level_at(c, c->rows[row], end, end + stride < bins ? end + stride : bins) == level)
                end += stride;
            double from = (double)first * hours, upto = (double)(end < bins ? end : bins) * hours;
            fprintf(to, "%.8g %g %.8g %.8g %g %g\n", (from + upto) / 2, y, from, upto, y - 0.45, y + 0.45);
            first = end - stride;
        }
    }
    fputs("EOD\n", to);
}

static void put_names(FILE *to, const chart *c)
{
    fprintf(to, "set yrange [0.4:%g]\nset ytics (", (double)c->count + 0.6);
    for (size_t row = 0; row < c->count; row++) {
        fputs(row > 0 ? "," : "", to);
        script_tic_text(to, c->view->stations[c->rows[row]].name, 44);
        fprintf(to, " %zu", c->count - row);
    }
    fprintf(to, ") nomirror scale 0%s\n", c->count > SMALL_PRINT ? " font smallfont" : "");
    for (size_t row = 0; row + 1 < c->count; row++)
        if (c->view->stations[c->rows[row]].post != c->view->stations[c->rows[row + 1]].post)
            fprintf(to, "set arrow from graph 0,first %g to graph 1,first %g nohead lw 0.8 lc rgb '#666666'\n",
                    (double)(c->count - row) - 0.5, (double)(c->count - row) - 0.5);
}

static double widest_name(const chart *c)
{
    size_t most = 0;
    for (size_t row = 0; row < c->count; row++) {
        const char *name = c->view->stations[c->rows[row]].name;
        size_t characters = sim_utf8_count(name, strlen(name));
        most = characters > most ? characters : most;
    }
    return (double)(most < 44 ? most : 44) * (c->count > SMALL_PRINT ? 6.6 : 8.3);
}

static void put_page(FILE *to, const chart *c)
{
    char mean[64] = "", most[96] = "", note[240];
    double height = fmin(fmax(70 * (double)c->count, 200), 705);
    script_box box = {40 + widest_name(c), PAGE_WIDTH - 30, 780 - height, 780};
    if (c->view->replications > 1)
        snprintf(mean, sizeof mean, "mean of %zu replications; ", c->view->replications);
    if (c->count < c->busy.owners)
        snprintf(most, sizeof most, "; the %zu stations of %zu that serve most", c->count, c->busy.owners);
    snprintf(note, sizeof note, "%swhite: no desk is open%s", mean, most);
    for (int level = 0; level < LEVELS; level++)
        put_boxes(to, c, level);
    script_entry legend[LEVELS];
    for (int level = 0; level < LEVELS; level++)
        legend[level] = (script_entry){steps[level].shown, steps[level].colour, SCRIPT_AREA, 0};
    script_begin(to, c->view, "How busy the open desks are", note, legend, LEVELS);
    script_panel(to, box, "");
    script_time_axis(to, c->view, box, 0, 1);
    put_names(to, c);
    fputs("unset grid\nset style fill solid 1 noborder\nplot ", to);
    for (int level = 0; level < LEVELS; level++)
        fprintf(to, "%s$d%d using 1:2:3:4:5:6 with boxxyerror lc rgb '%s' notitle", level > 0 ? ", " : "", level,
                steps[level].colour);
    putc('\n', to);
    script_end(to);
}

int plot_utilisation(const tool_view *view, FILE *to, const char **why_not)
{
    chart c = {.view = view};
    *why_not = "the results have no numbers of desks by station";
    if (!view->time || view->station_count == 0 || !view_find(view, "desks/busy", "time", "station", &c.busy) ||
        !view_find(view, "desks/open", "time", "station", &c.open))
        return 0;
    int error = choose_rows(&c);
    if (error != 0)
        return error;
    put_page(to, &c);
    return 1;
}
