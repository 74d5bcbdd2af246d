/* What `hbm staff` found: people on each shift before and after, and the way of its search: cost against the target
 * that is hardest to meet. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/figure.h"
#include "sim/statistics/staffing.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_ROWS = 36, MOST_SHIFTS = 144, PHASES = 5 };

#define COLOUR_BEFORE "#999999"

static double number_at(const sim_dataset *dataset, size_t i)
{
    return i >= dataset->size    ? (double)NAN
           : dataset->is_integer ? (double)dataset->data.integers[i]
                                 : dataset->data.reals[i];
}

/* --- the roster --- */

/* Shifts [first, end): from the top, a line from what is there now to what was found. */
static void put_shifts(FILE *to, const sim_dataset *now, const sim_dataset *found, size_t block, size_t first,
                       size_t end)
{
    fprintf(to, "$d%zu << EOD\n", block);
    for (size_t i = first; i < end; i++)
        fprintf(to, "%.10g %.10g %zu\n", number_at(now, i), number_at(found, i), i - first + 1);
    fputs("EOD\n", to);
}

static void put_names(FILE *to, const sim_axis *shifts, size_t first, size_t end, size_t rows, size_t letters)
{
    fprintf(to, "set yrange [%zu.5:0.5]\nset ytics (", rows);
    for (size_t i = first; i < end; i++) {
        fputs(i > first ? "," : "", to);
        script_tic_text(to, shifts->labels[i], letters);
        fprintf(to, " %zu", i - first + 1);
    }
    fputs(") nomirror\nset grid ytics linestyle 100\n", to);
}

/* People along the lower edge. */
static void put_people_axis(FILE *to, double most, script_box box)
{
    script_value_axis(to, "x", most, (script_box){box.bottom, box.top, box.left, box.right}, "", "");
    fputs("set grid xtics linestyle 100\nset xlabel 'people on the shift' textcolor rgb '#555555'\n", to);
}

static void put_roster(const tool_view *view, FILE *to, const sim_dataset *now, const sim_dataset *found,
                       const sim_axis *shifts, size_t count)
{
    static const script_entry legend[] = {{"in the scenario", COLOUR_BEFORE, SCRIPT_POINT, 7},
                                          {"found", COLOUR_BLUE, SCRIPT_POINT, 7}};
    size_t columns = (count + MOST_ROWS - 1) / MOST_ROWS, rows = (count + columns - 1) / columns;
    double most = 1, width = (PAGE_WIDTH - 40) / (double)columns;
    double names = fmin(columns == 1 ? 430 : columns == 2 ? 370 : 250, width - 90);
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fmax(number_at(now, i), number_at(found, i)));
    for (size_t k = 0; k < columns; k++)
        put_shifts(to, now, found, k, k * rows, (k + 1) * rows < count ? (k + 1) * rows : count);
    script_begin(to, view, "People on each shift, in the scenario and in the roster found", "", legend, 2);
    for (size_t k = 0; k < columns; k++) {
        size_t first = k * rows, end = first + rows < count ? first + rows : count;
        script_box box = {20 + width * (double)k + names, 20 + width * (double)(k + 1) - 24, 70, 780};
        script_panel(to, box, "");
        put_people_axis(to, most, box);
        put_names(to, shifts, first, end, rows, (size_t)(names / 8));
        fprintf(to,
                "plot $d%zu using 1:3:($2-$1):(0) with vectors nohead lw 3 lc rgb '#CCCCCC' notitle, $d%zu using 1:3 "
                "with points pt 7 ps "
                "1.1 lc rgb "
                "'" COLOUR_BEFORE "' notitle, $d%zu using 2:3 with points pt 7 ps 1.1 lc rgb '" COLOUR_BLUE
                "' notitle\n",
                k, k, k);
    }
    script_end(to);
}

int plot_roster(const tool_view *view, FILE *to, const char **why_not)
{
    const sim_dataset *now = sim_result_find(view->result, "staff/heads_now"),
                      *found = sim_result_find(view->result, "staff/heads_found"),
                      *met = sim_result_find(view->result, "staff/met");
    *why_not = PLOT_OTHER_RESULTS;
    if (now == NULL || found == NULL || met == NULL || now->axis_count != 1 || now->size != found->size ||
        now->size == 0)
        return 0;
    const sim_axis *shifts = sim_result_axis(view->result, now, 0);
    if (shifts->labels == NULL)
        return 0;
    *why_not = "no roster was found";
    if (number_at(met, 0) != 1)
        return 0;
    put_roster(view, to, now, found, shifts, now->size < MOST_SHIFTS ? now->size : MOST_SHIFTS);
    return 1;
}

/* --- the search --- */

typedef struct {
    const sim_dataset *cost, *slack, *phase;
    size_t trials, targets;
    double least, most; /* cost */
} way;

/* The target that is hardest to meet, in per cent of its amount; what is far away is put at the edge. */
static double hardest(const way *w, size_t trial)
{
    double least = (double)INFINITY;
    for (size_t t = 0; t < w->targets; t++) {
        double slack = number_at(w->slack, trial * w->targets + t);
        least = isnan(slack) ? -1 : fmin(least, slack);
    }
    return 100 * fmin(fmax(least, -1), 1);
}

static void put_trials(FILE *to, const way *w)
{
    for (int phase = 0; phase < PHASES; phase++) {
        fprintf(to, "$d%d << EOD\nNaN NaN\n", phase);
        for (size_t i = 0; i < w->trials; i++)
            if (number_at(w->phase, i) == phase)
                fprintf(to, "%.10g %.6g\n", number_at(w->cost, i), hardest(w, i));
        fputs("EOD\n", to);
    }
}

/* The cheapest that meets all. */
static void put_chosen(FILE *to, const way *w)
{
    double best = (double)INFINITY, height = 0;
    for (size_t i = 0; i < w->trials; i++)
        if (hardest(w, i) >= 0 && number_at(w->cost, i) < best) {
            best = number_at(w->cost, i);
            height = hardest(w, i);
        }
    fprintf(to, "$d%d << EOD\nNaN NaN\n", PHASES);
    if (isfinite(best))
        fprintf(to, "%.10g %.6g\n", best, height);
    fputs("EOD\n", to);
}

static void put_cost_axis(FILE *to, const way *w)
{
    double span = w->most > w->least ? w->most - w->least : 1, step = pow(10, floor(log10(span / 4)));
    step *= span / 4 / step >= 5 ? 5 : span / 4 / step >= 2 ? 2 : 1;
    fprintf(to, "set xrange [%.10g:%.10g]\nset xtics (", w->least - 0.03 * span, w->most + 0.03 * span);
    size_t count = 0;
    for (double x = ceil(w->least / step) * step; x <= w->most + 0.03 * span && count < 40; x += step) {
        char number[FIGURE_SIZE];
        figure_number(number, x, 0);
        fputs(count++ > 0 ? "," : "", to);
        script_tic_text(to, number, 0);
        fprintf(to, " %.10g", x);
    }
    fprintf(to,
            ") nomirror\nset grid xtics linestyle 100\nset xlabel 'cost of the roster, %s' textcolor rgb '#555555'\n",
            strcmp(w->cost->unit, "USD") == 0 ? "USD" : "hours of people on shifts");
}

static void put_search(const tool_view *view, FILE *to, const way *w)
{
    static const script_entry legend[] = {
        {"most people", "#000000", SCRIPT_POINT, 5},  {"square-root rule", COLOUR_ORANGE, SCRIPT_POINT, 7},
        {"repair", COLOUR_PURPLE, SCRIPT_POINT, 7},   {"people taken off", COLOUR_SKY, SCRIPT_POINT, 7},
        {"exchanges", COLOUR_GREEN, SCRIPT_POINT, 7}, {"found", COLOUR_VERMILION, SCRIPT_POINT, 6}};
    script_box box = {110, PAGE_WIDTH - 40, 80, 770};
    char note[200];
    snprintf(
        note, sizeof note,
        "%zu rosters tried; above the line all targets are met, what misses by more than its amount is drawn at -100%%",
        w->trials);
    put_trials(to, w);
    put_chosen(to, w);
    script_begin(to, view, "Rosters tried: cost, and by how much the hardest target is met", note, legend, PHASES + 1);
    script_panel(to, box, "");
    put_cost_axis(to, w);
    fputs("set yrange [-105:105]\nset ytics ('-100%%' -100, '-50%%' -50, 'just met' 0, '+50%%' 50, '+100%%' 100) "
          "nomirror\n"
          "set grid ytics linestyle 100\nset arrow from graph 0, first 0 to graph 1, first 0 nohead lw 1.5 lc rgb "
          "'#666666'\nplot ",
          to);
    for (int i = 0; i < PHASES; i++)
        fprintf(to, "$d%d using 1:2 with points pt %d ps 0.9 lc rgb '%s' notitle, ", i, legend[i].point,
                legend[i].colour);
    fprintf(to, "$d%d using 1:2 with points pt 6 ps 2.2 lw 2 lc rgb '%s' notitle\n", PHASES, legend[PHASES].colour);
    script_end(to);
}

int plot_search(const tool_view *view, FILE *to, const char **why_not)
{
    way w = {.cost = sim_result_find(view->result, "search/cost"),
             .slack = sim_result_find(view->result, "search/slack"),
             .phase = sim_result_find(view->result, "search/phase"),
             .least = (double)INFINITY};
    *why_not = PLOT_OTHER_RESULTS;
    if (w.cost == NULL || w.slack == NULL || w.phase == NULL || w.cost->size == 0 || w.slack->size % w.cost->size != 0)
        return 0;
    w.trials = w.cost->size;
    w.targets = w.slack->size / w.trials;
    for (size_t i = 0; i < w.trials; i++) {
        w.least = fmin(w.least, number_at(w.cost, i));
        w.most = fmax(w.most, number_at(w.cost, i));
    }
    put_search(view, to, &w);
    return 1;
}
