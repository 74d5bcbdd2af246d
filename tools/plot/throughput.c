/* People who cross in a day (in an hour, when the run is short): all posts together above, each post below, with what
 * was observed. */
#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/plot/gnuplot/units.h"

#define PART "#CFE8F7"
enum { HOUR = 3600, DAY = 86400, SHORT_RUN = 3 * DAY };

typedef struct {
    double length; /* of a period, s */
    double begin;  /* of the first, s from the start of the run, 0 or before */
    size_t count;
    double *people; /* in each */
} periods;

static int periods_init(periods *p, const tool_view *view)
{
    double span = (double)view->bins * view->step;
    p->length = span < SHORT_RUN ? fmax(HOUR, view->step) : fmax(DAY, view->step);
    p->begin = -fmod(view->local_start, p->length); /* periods begin on the hour, or at midnight */
    p->count = (size_t)ceil((span - p->begin) / p->length - 1e-9);
    p->people = calloc(p->count + 1, sizeof *p->people);
    return p->people ? 0 : SIM_E_MEMORY;
}

/* A bin that reaches over the end of a period counts in both by its parts. */
static void fill(periods *p, const tool_view *view, const view_series *crossed, const plot_unit *unit)
{
    const plot_series series = {unit, crossed, NULL, SIZE_MAX};
    for (size_t i = 0; i < p->count; i++)
        p->people[i] = 0;
    for (size_t bin = 0; bin < view->bins; bin++) {
        double from = (double)bin * view->step - p->begin, to = from + view->step,
               people = plot_count(&series, bin, bin + 1);
        while (isfinite(people) && from < to - 1e-6) {
            size_t i = (size_t)((from + 1e-6) / p->length);
            double part = fmin(to, (double)(i + 1) * p->length) - from;
            if (i < p->count)
                p->people[i] += people * part / view->step;
            from += part;
        }
    }
}

/* The block's second column is of whole periods, the third of those that the run only covers in part. */
static double put_periods(FILE *to, const tool_view *view, const periods *p, int block)
{
    double most = 0, span = (double)view->bins * view->step;
    fprintf(to, "$d%d << EOD\n", block);
    for (size_t i = 0; i < p->count; i++) {
        double begin = p->begin + (double)i * p->length, end = begin + p->length;
        int whole = begin > -1 && end < span + 1;
        fprintf(to, "%.8g ", (fmax(begin, 0) + fmin(end, span)) / 2 / HOUR);
        fprintf(to, whole ? "%.7g NaN" : "NaN %.7g", p->people[i]);
        fprintf(to, " %.7g\n", (fmin(end, span) - fmax(begin, 0)) / HOUR * 0.9);
        most = fmax(most, p->people[i]);
    }
    fputs("EOD\n", to);
    return most;
}

/* Observations at `place` (-1: all posts together), turned into people in a period; those of about a period's length as
 * points, those of shorter or longer ones as lines over their time. Returns how many. */
static size_t put_observed(FILE *to, const tool_view *view, const view_observed *o, double place, double length,
                           int block, double *most)
{
    size_t count = 0;
    double span = (double)view->bins * view->step;
    fprintf(to, "$o%d << EOD\n", block);
    for (size_t i = 0; i < o->count; i++) {
        double begin = view_at(&o->begin, i), end = view_at(&o->end, i),
               people = view_at(&o->people, i) * length / (end - begin);
        if (view_at(&o->place, i) != place || !isfinite(people) || end <= 0 || begin >= span)
            continue;
        int other = end - begin > 1.5 * length || end - begin < length / 1.5;
        fprintf(to, "%.8g %.7g %.8g %.8g %s\n", (begin + end) / 2 / HOUR, people, begin / HOUR, end / HOUR,
                other ? "0" : "0.8");
        *most = fmax(*most, people);
        count++;
    }
    fputs("EOD\n", to);
    return count;
}

static void put_panel(FILE *to, const tool_view *view, script_box box, const char *title, int block, double most,
                      size_t observed, double period)
{
    script_panel(to, box, title);
    script_time_axis(to, view, box, period / HOUR, 0);
    script_value_axis(to, "y", most, box, "", "");
    fputs("set style fill solid 1 noborder\n", to);
    fprintf(to,
            "plot $d%d using 1:2:4 with boxes lc rgb '" COLOUR_SKY
            "' notitle, $d%d using 1:3:4 with boxes lc rgb '" PART "' notitle",
            block, block);
    if (observed > 0)
        fprintf(to,
                ", $o%d using 1:(column(5) > 0 ? column(2) : NaN) with points pt 7 ps 0.8 lc rgb '#000000' notitle"
                ", $o%d using 3:(column(5) > 0 ? NaN : column(2)):(column(4) - column(3)):(0) with vectors nohead lw 2 "
                "lc rgb '#000000' "
                "notitle",
                block, block);
    putc('\n', to);
}

static void put_page(const tool_view *view, FILE *to, const view_series *crossed, const plot_units *units,
                     const plot_unit *all, periods *p)
{
    view_observed o;
    int has_observations = view_find_observed(view, &o), alone = units->count < 2;
    size_t columns = units->count <= 4 ? units->count : (units->count + 1) / 2;
    script_box above = {90, PAGE_WIDTH - 30, alone ? 60 : 455, 755}, below = {10, PAGE_WIDTH - 10, 15, 422};
    char note[160] = "";
    script_entry legend[3] = {{"simulated", COLOUR_SKY, SCRIPT_AREA, 0}};
    size_t entries = 1;
    if (p->begin < -1 || p->begin + (double)p->count * p->length > (double)view->bins * view->step + 1)
        legend[entries++] = (script_entry){"simulated, where the run covers only a part", PART, SCRIPT_AREA, 0};
    if (has_observations)
        legend[entries++] =
            (script_entry){"observed (lines: shorter or longer periods, at their rate)", "#000000", SCRIPT_POINT, 7};
    if (view->replications > 1)
        snprintf(note, sizeof note, "mean of %zu replications%s", view->replications,
                 alone ? "" : "; every panel has its own scale");
    else if (!alone)
        snprintf(note, sizeof note, "every panel has its own scale");
    script_begin(to, view,
                 p->length < DAY   ? "People who cross in an hour"
                 : p->length > DAY ? "People who cross in a time bin"
                                   : "People who cross in a day",
                 note, legend, entries);
    fill(p, view, crossed, all);
    double most = put_periods(to, view, p, 0);
    size_t observed = has_observations ? put_observed(to, view, &o, -1, p->length, 0, &most) : 0;
    if (observed == 0 && alone && has_observations)
        observed = put_observed(to, view, &o, (double)units->units[0].places[0], p->length, 0, &most);
    put_panel(to, view, above, alone ? units->units[0].name : "All posts", 0, most, observed, p->length);
    for (size_t i = 0; !alone && i < units->count; i++) {
        const plot_unit *unit = &units->units[i];
        int block = (int)i + 1;
        fill(p, view, crossed, unit);
        most = put_periods(to, view, p, block);
        observed = has_observations && unit->count == 1
                       ? put_observed(to, view, &o, (double)unit->places[0], p->length, block, &most)
                       : 0;
        put_panel(to, view, script_grid(below, units->count, columns, i, 0), unit->name, block, most, observed,
                  p->length);
    }
    script_end(to);
}

int plot_throughput(const tool_view *view, FILE *to, const char **why_not)
{
    view_series crossed;
    plot_units units;
    periods p = {0, 0, 0, NULL};
    *why_not = "the results have no numbers of people who crossed";
    if (!view->time || view->post_count == 0 || !view_find(view, "flow/crossed", "time", "place", &crossed))
        return 0;
    int error = plot_units_init(&units, view, PLOT_MOST_UNITS, 1);
    if (error == 0)
        error = periods_init(&p, view);
    if (error == 0) {
        plot_unit all = {"", units.places, view->post_count, VIEW_NONE};
        put_page(view, to, &crossed, &units, &all, &p);
    }
    free(p.people);
    plot_units_free(&units);
    return error == 0 ? 1 : error;
}
