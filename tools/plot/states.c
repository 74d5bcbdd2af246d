/* Everyone who set out, by what they do: areas on top of one another, so that the top edge is the number of people in
 * the crisis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_STATES = 24 };

/* How a state is shown; those who are safe lie at the bottom, then those on their way, then those who are turned back,
 * harm on top. */
static const struct {
    const char *name, *shown, *colour;
} looks[] = {
    {"settled", "settled", "#66C2A5"},
    {"crossed", "crossed", COLOUR_GREEN},
    {"irregular", "crossed informally", "#B3B300"},
    {"sheltered", "in a centre", "#8C9EDE"},
    {"in_care", "in care", COLOUR_PURPLE},
    {"in_service", "at a desk", COLOUR_BLUE},
    {"travelling", "on the way", COLOUR_SKY},
    {"waiting", "waiting at a post", COLOUR_VERMILION},
    {"in_the_open", "in the open", COLOUR_ORANGE},
    {"stranded", "stranded", "#A6761D"},
    {"gave_up", "gave up", "#BBBBBB"},
    {"refused", "refused", "#888888"},
    {"detained", "detained", "#7B3294"},
    {"missing", "missing", "#B2182B"},
    {"died", "died", "#000000"},
};
enum { LOOKS = sizeof looks / sizeof *looks };

typedef struct {
    size_t count;
    size_t cells[MOST_STATES]; /* from the bottom */
    const char *shown[MOST_STATES], *colours[MOST_STATES];
} layers;

static void add_layer(layers *l, size_t cell, const char *shown, const char *colour)
{
    if (l->count == MOST_STATES)
        return;
    l->cells[l->count] = cell;
    l->shown[l->count] = shown;
    l->colours[l->count++] = colour;
}

static double sum_of_places(const view_series *states, size_t first, size_t end, size_t cell)
{
    double sum = 0;
    for (size_t bin = first; bin < end; bin++)
        for (size_t place = 0; place < states->owners; place++) {
            double value = view_value(states, bin, place, cell);
            sum += isfinite(value) ? value : 0;
        }
    return sum / (double)(end - first);
}

/* States in which somebody is at some time, known ones in the order above, then others as they stand. */
static void choose_layers(layers *l, const tool_view *view, const view_series *states, const sim_axis *names)
{
    int used[MOST_STATES + LOOKS] = {0};
    for (size_t cell = 0; cell < names->size && cell < MOST_STATES + LOOKS; cell++)
        for (size_t bin = 0; bin < view->bins && !used[cell]; bin++)
            used[cell] = sum_of_places(states, bin, bin + 1, cell) > 0;
    for (size_t i = 0; i < LOOKS; i++)
        for (size_t cell = 0; cell < names->size && cell < MOST_STATES + LOOKS; cell++)
            if (used[cell] && strcmp(names->labels[cell], looks[i].name) == 0) {
                add_layer(l, cell, looks[i].shown, looks[i].colour);
                used[cell] = 0;
            }
    for (size_t cell = 0; cell < names->size && cell < MOST_STATES + LOOKS; cell++)
        if (used[cell])
            add_layer(l, cell, names->labels[cell], script_colour(cell));
}

static double put_block(FILE *to, const tool_view *view, const view_series *states, const layers *l)
{
    size_t stride = script_stride(view, 1200);
    double most = 0;
    fputs("$d0 << EOD\n", to);
    for (size_t first = 0; first < view->bins; first += stride) {
        size_t end = first + stride < view->bins ? first + stride : view->bins;
        double tops[MOST_STATES], sum = 0;
        for (size_t i = 0; i < l->count; i++)
            tops[i] = sum += sum_of_places(states, first, end, l->cells[i]);
        most = fmax(most, sum);
        for (int edge = 0; edge < 2; edge++) {
            fprintf(to, "%.8g 0", (double)(edge == 0 ? first : end) * view->step / 3600);
            for (size_t i = 0; i < l->count; i++)
                fprintf(to, " %.7g", tops[i]);
            putc('\n', to);
        }
    }
    fputs("EOD\n", to);
    return most;
}

int plot_states(const tool_view *view, FILE *to, const char **why_not)
{
    view_series states;
    layers l = {0, {0}, {NULL}, {NULL}};
    script_box box = {100, PAGE_WIDTH - 230, 75, 780};
    char note[120] = "";
    *why_not = "nobody sets out, or the results have no numbers of people by state";
    if (!view->time || !view_states(view, "", &states))
        return 0;
    choose_layers(&l, view, &states, sim_result_axis(view->result, states.dataset, 2));
    if (l.count == 0)
        return 0;
    double most = put_block(to, view, &states, &l);
    if (view->replications > 1)
        snprintf(note, sizeof note, "mean of %zu replications", view->replications);
    script_begin(to, view, "What the people do who set out", note, NULL, 0);
    script_panel(to, box, "");
    script_time_axis(to, view, box, 0, 1);
    script_value_axis(to, "y", most, box, "people", "");
    script_key_right(to, box.right + 20, box.top);
    fputs("plot ", to);
    for (size_t i = l.count; i-- > 0;) {
        fprintf(to, "$d0 using 1:%zu:%zu with filledcurves lc rgb '%s' fillstyle solid 0.85 noborder title ", i + 2,
                i + 3, l.colours[i]);
        script_text(to, l.shown[i], 24);
        fputs(i > 0 ? ", " : "\n", to);
    }
    script_end(to);
    return 1;
}
