/* How full each centre is: people sheltered and, on top of them, those in the open before it, beside its beds. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_CENTRES = 8, BLOCKS = 3 };
#define COLOUR_SHELTERED "#8C9EDE"

typedef struct {
    const tool_view *view;
    view_series states, beds;
    int sheltered, open;    /* indices of the states */
    int has_beds, has_open; /* any at any centre */
} data;

typedef struct {
    const data *of;
    size_t place;
    int with_open;
} centre_context;

static double people_in(const void *context, size_t first, size_t end, double *half_width)
{
    const centre_context *c = context;
    double sum = 0;
    (void)half_width;
    for (size_t bin = first; bin < end; bin++) {
        double in = view_value(&c->of->states, bin, c->place, (size_t)c->of->sheltered);
        double open = c->with_open ? view_value(&c->of->states, bin, c->place, (size_t)c->of->open) : 0;
        sum += (isfinite(in) ? in : 0) + (isfinite(open) ? open : 0);
    }
    return sum / (double)(end - first);
}

/* Beds x microseconds over the bins' length. */
static double beds_of(const void *context, size_t first, size_t end, double *half_width)
{
    const centre_context *c = context;
    double sum = 0, length = 0;
    (void)half_width;
    for (size_t bin = first; bin < end; bin++) {
        double value = view_value(&c->of->beds, bin, c->place, 0);
        if (!isfinite(value))
            return (double)NAN;
        sum += value * 1e-6;
        length += view_bin_length(c->of->view, bin);
    }
    return sum / length;
}

typedef struct {
    const view_post *site;
    double people; /* mean over the run */
} ranked;

static int by_people(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->people != y->people)
        return x->people > y->people ? -1 : 1;
    return x->site < y->site ? -1 : x->site > y->site;
}

static void put_panel(FILE *to, const data *d, const view_post *site, size_t i, script_box box)
{
    centre_context in = {d, site->place, 0}, all = {d, site->place, 1};
    int block = BLOCKS * (int)i;
    script_extent beds = {0, 0, 0, 0};
    script_steps(to, d->view, block, people_in, &in);
    script_extent people = script_steps(to, d->view, block + 1, people_in, &all);
    if (d->has_beds)
        beds = script_steps(to, d->view, block + 2, beds_of, &in);
    script_panel(to, box, site->name);
    script_time_axis(to, d->view, box, 0, 0);
    script_value_axis(to, "y", fmax(people.most, beds.most), box, "", "");
    fputs("plot ", to);
    if (d->has_open)
        fprintf(to,
                "$d%d using 1:2 with filledcurves y1=0 lc rgb '" COLOUR_ORANGE "' fillstyle solid 1 noborder notitle, ",
                block + 1);
    fprintf(to,
            "$d%d using 1:2 with filledcurves y1=0 lc rgb '" COLOUR_SHELTERED "' fillstyle solid 1 noborder notitle",
            block);
    if (beds.most > 0) /* no beds at any time: nobody counted them */
        fprintf(to, ", $d%d using 1:2 with lines lw 1.8 lc rgb '#000000' notitle", block + 2);
    putc('\n', to);
}

static void put_page(FILE *to, const data *d, const ranked *order, size_t count)
{
    script_entry legend[3] = {{"people sheltered", COLOUR_SHELTERED, SCRIPT_AREA, 0}};
    size_t entries = 1;
    if (d->has_open)
        legend[entries++] =
            (script_entry){"on top: people in the open before the centre", COLOUR_ORANGE, SCRIPT_AREA, 0};
    if (d->has_beds)
        legend[entries++] = (script_entry){"beds", "#000000", SCRIPT_LINE, 0};
    script_box whole = {10, PAGE_WIDTH - 10, 15, 795};
    char mean[64] = "", most[96] = "", note[240];
    if (d->view->replications > 1)
        snprintf(mean, sizeof mean, "mean of %zu replications", d->view->replications);
    if (count < d->view->centres.count)
        snprintf(most, sizeof most, "the %zu centres of %zu with most people", count, d->view->centres.count);
    snprintf(note, sizeof note, "%s%s%s%s%s", mean, *mean && (*most || count > 1) ? "; " : "", most,
             *most && count > 1 ? "; " : "", count > 1 ? "every panel has its own scale" : "");
    script_begin(to, d->view, "People in and before each centre", note, legend, entries);
    for (size_t i = 0; i < count; i++)
        put_panel(to, d, order[i].site, i, script_grid(whole, count, script_columns(count), i, 0));
    script_end(to);
}

int plot_centres(const tool_view *view, FILE *to, const char **why_not)
{
    data d = {.view = view, .sheltered = view_state(view, "sheltered"), .open = view_state(view, "in_the_open")};
    size_t count = view->centres.count;
    double all = 0;
    *why_not = "there are no centres";
    if (!view->time || count == 0 || d.sheltered == VIEW_NONE || d.open == VIEW_NONE ||
        !view_states(view, "", &d.states))
        return 0;
    view_find(view, "reception/bed_time", "time", "place", &d.beds); /* what is missing reads as NaN */
    ranked *order = calloc(count, sizeof *order);
    if (!order)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        centre_context context = {&d, view->centres.sites[i].place, 0};
        double sheltered = people_in(&context, 0, view->bins, NULL);
        context.with_open = 1;
        order[i] = (ranked){&view->centres.sites[i], people_in(&context, 0, view->bins, NULL)};
        d.has_beds |= beds_of(&context, 0, view->bins, NULL) > 0;
        d.has_open |= order[i].people > sheltered;
        all += order[i].people;
    }
    qsort(order, count, sizeof *order, by_people);
    *why_not = "nobody comes to a centre";
    if (all > 0)
        put_page(to, &d, order, count < MOST_CENTRES ? count : MOST_CENTRES);
    free(order);
    return all > 0;
}
