/* Main and total Sobol indices: a panel a key figure, a row a factor, the factor that matters most on top. Bars that
 * differ say that the factor acts together with others; whiskers are intervals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/sweep/view.h"

enum { MOST_FIGURES = 6, MOST_FACTORS = 20, MOST_IN_TWO_ROWS = 8 };

typedef struct {
    sweep_view sweep;
    size_t figures[MOST_FIGURES], figure_count, figures_left; /* with numbers */
    size_t factors[MOST_FACTORS], factor_count;               /* the greatest first */
    double low, high;
} bars;

static void choose_figures(bars *b)
{
    for (size_t i = 0; i < b->sweep.figure_count; i++) {
        if (!isfinite(sweep_index(&b->sweep, "sobol/total", 0, i)))
            continue;
        if (b->figure_count < MOST_FIGURES)
            b->figures[b->figure_count++] = i;
        else
            b->figures_left++;
    }
}

static double greatest(const bars *b, size_t factor)
{
    double most = -INFINITY;
    for (size_t i = 0; i < b->figure_count; i++)
        most = fmax(most, sweep_index(&b->sweep, "sobol/total", factor, b->figures[i]));
    return most;
}

static void choose_factors(bars *b)
{
    size_t most = b->figure_count > 3 ? MOST_IN_TWO_ROWS : MOST_FACTORS;
    for (size_t factor = 0; factor < b->sweep.factor_count; factor++) {
        size_t at = b->factor_count < most ? b->factor_count++ : most;
        for (; at > 0 && greatest(b, b->factors[at - 1]) < greatest(b, factor); at--)
            if (at < most)
                b->factors[at] = b->factors[at - 1];
        if (at < most)
            b->factors[at] = factor;
    }
}

static void find_range(bars *b)
{
    static const char *const paths[] = {"sobol/first", "sobol/first_low", "sobol/first_high",
                                        "sobol/total", "sobol/total_low", "sobol/total_high"};
    b->high = 1;
    for (size_t i = 0; i < b->figure_count; i++)
        for (size_t k = 0; k < b->factor_count; k++)
            for (size_t p = 0; p < 6; p++) {
                double value = sweep_index(&b->sweep, paths[p], b->factors[k], b->figures[i]);
                b->low = isfinite(value) ? fmin(b->low, value) : b->low;
                b->high = isfinite(value) ? fmax(b->high, value) : b->high;
            }
    b->low = fmax(b->low, -1); /* what reaches beyond is noise that no scale should follow */
    b->high = fmin(b->high, 2);
}

/* Lines "y value low high". */
static void put_block(FILE *to, const bars *b, size_t panel, int total)
{
    char paths[3][24];
    static const char *const ends[] = {"", "_low", "_high"};
    for (int i = 0; i < 3; i++)
        snprintf(paths[i], sizeof paths[i], "sobol/%s%s", total ? "total" : "first", ends[i]);
    fprintf(to, "$%c%zu << EOD\n", total ? 't' : 'm', panel);
    for (size_t k = 0; k < b->factor_count; k++) {
        double numbers[3];
        for (int i = 0; i < 3; i++)
            numbers[i] = sweep_index(&b->sweep, paths[i], b->factors[k], b->figures[panel]);
        if (isfinite(numbers[0]))
            fprintf(to, "%.6g %.6g %.6g %.6g\n", (double)(b->factor_count - k) - 1 + (total ? -0.19 : 0.19), numbers[0],
                    isfinite(numbers[1]) ? numbers[1] : numbers[0], isfinite(numbers[2]) ? numbers[2] : numbers[0]);
    }
    fputs("EOD\n", to);
}

static void put_names(FILE *to, const bars *b, int names)
{
    fprintf(to, "set yrange [-0.6:%.1f]\nset ytics (", (double)b->factor_count - 0.4);
    for (size_t k = 0; k < b->factor_count; k++) {
        char name[SWEEP_NAME];
        sweep_factor_name(&b->sweep, b->factors[k], name);
        fputs(k > 0 ? "," : "", to);
        script_tic_text(to, names ? name : "", 0);
        fprintf(to, " %zu", b->factor_count - k - 1);
    }
    fputs(") nomirror scale 0\n", to);
}

static void put_panel(FILE *to, const bars *b, size_t panel, script_box box, int names)
{
    put_block(to, b, panel, 0);
    put_block(to, b, panel, 1);
    script_panel(to, box, b->sweep.figures->labels[b->figures[panel]]);
    double low = b->low, high = b->high;
    script_widen(&low, &high);
    script_range_axis(to, "x", low, high, box, "", "");
    put_names(to, b, names);
    fprintf(
        to,
        "set arrow from 0,graph 0 to 0,graph 1 nohead lw 1 lc rgb '#666666' front\n"
        "plot $m%zu using ($2/2):1:(abs($2)/2):(0.17) with boxxyerror fillstyle solid 1 noborder lc rgb '%s' notitle, "
        "$t%zu using ($2/2):1:(abs($2)/2):(0.17) with boxxyerror fillstyle solid 1 noborder lc rgb '%s' notitle, "
        "$m%zu using 2:1:3:4 with xerrorbars pt 0 lw 1.2 lc rgb '#222222' notitle, "
        "$t%zu using 2:1:3:4 with xerrorbars pt 0 lw 1.2 lc rgb '#222222' notitle\n",
        panel, COLOUR_BLUE, panel, COLOUR_ORANGE, panel, panel);
}

static double name_width(const bars *b)
{
    size_t most = 0;
    for (size_t k = 0; k < b->factor_count; k++) {
        char name[SWEEP_NAME];
        sweep_factor_name(&b->sweep, b->factors[k], name);
        size_t count = sim_utf8_count(name, strlen(name));
        most = count > most ? count : most;
    }
    return 8.2 * (double)most + 14;
}

static void put_note(const bars *b, char *note, size_t size)
{
    size_t used =
        (size_t)snprintf(note, size, "shares of the figure's variance over the sweep; whiskers: %.3g%% intervals",
                         100 * b->sweep.view->confidence);
    if (b->factor_count < b->sweep.factor_count && used < size)
        used += (size_t)snprintf(note + used, size - used, "; the %zu of %zu factors with the greatest indices",
                                 b->factor_count, b->sweep.factor_count);
    if (b->figures_left > 0 && used < size)
        snprintf(note + used, size - used, "; %zu more figures in the file", b->figures_left);
}

int plot_sobol(const tool_view *view, FILE *to, const char **why_not)
{
    bars b = {.figure_count = 0};
    static const script_entry legend[] = {
        {"main index: what the factor explains alone", COLOUR_BLUE, SCRIPT_AREA, 0},
        {"total index: together with others", COLOUR_ORANGE, SCRIPT_AREA, 0},
    };
    char note[300];
    *why_not = PLOT_OTHER_RESULTS;
    if (!sweep_view_init(&b.sweep, view) || !sim_result_find(view->result, "sobol/total"))
        return 0;
    choose_figures(&b);
    *why_not = "no figure varies";
    if (b.figure_count == 0)
        return 0;
    choose_factors(&b);
    find_range(&b);
    put_note(&b, note, sizeof note);
    script_begin(to, view, "What the figures depend on: Sobol indices", note, legend, 2);
    size_t columns = b.figure_count <= 3 ? b.figure_count : (b.figure_count + 1) / 2,
           rows = (b.figure_count + columns - 1) / columns;
    double left = name_width(&b), width = (PAGE_WIDTH - 24 - left) / (double)columns,
           height = (770 - 30) / (double)rows;
    double needed = fmin(height - 64, 60.0 * (double)b.factor_count + 30);
    for (size_t i = 0; i < b.figure_count; i++) {
        double x = left + width * (double)(i % columns), top = 770 - height * (double)(i / columns) - 24;
        script_box box = {x + 8, x + width - 22, top - needed, top};
        put_panel(to, &b, i, box, i % columns == 0);
    }
    script_end(to);
    return 1;
}
