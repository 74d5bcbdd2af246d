/* Key figures against factors: every point of the sweep in grey, and the mean of those that lie near one another. A row
 * a figure, a column a factor; where there are too many factors, those that matter most. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/sweep/view.h"

enum { MOST_FIGURES = 3, MOST_FACTORS = 4, BINS = 8, MOST_VALUES = 20, MOST_WORDS = 12, MOST_POINTS = 3000 };

typedef struct {
    double sum, x;
    size_t count;
} bin;

typedef struct {
    double low, high; /* of the factor's numbers */
    size_t bins;
    int by_value; /* few different numbers: a bin each */
    double values[MOST_VALUES];
    bin bin[MOST_VALUES];
} means;

typedef struct {
    sweep_view sweep;
    size_t figures[MOST_FIGURES], figure_count;
    size_t factors[MOST_FACTORS], factor_count;
    double movement[MOST_FACTORS];
} chart;

static double number_of(const chart *c, size_t point, size_t factor)
{
    return view_value(&c->sweep.value, point, factor, 0);
}

static double output_of(const chart *c, size_t point, size_t figure)
{
    return view_value(&c->sweep.mean, point, figure, 0);
}

/* The ends of a factor, and its different numbers while they are few. */
static void find_values(const chart *c, size_t factor, means *m)
{
    *m = (means){.low = INFINITY, .high = -INFINITY, .by_value = 1};
    for (size_t p = 0; p < c->sweep.point_count; p++) {
        double x = number_of(c, p, factor);
        size_t i = 0;
        if (!isfinite(x))
            continue;
        m->low = fmin(m->low, x);
        m->high = fmax(m->high, x);
        while (i < m->bins && m->values[i] != x)
            i++;
        if (i < m->bins || !m->by_value)
            continue;
        m->by_value = m->bins < MOST_VALUES;
        for (i = m->bins; m->by_value && i > 0 && m->values[i - 1] > x; i--)
            m->values[i] = m->values[i - 1];
        if (m->by_value)
            m->values[i] = x;
        m->bins += (size_t)m->by_value;
    }
    if (!m->by_value)
        m->bins = BINS;
}

static size_t bin_of(const means *m, double x)
{
    if (!m->by_value)
        return (size_t)fmin(floor((x - m->low) / (m->high - m->low) * BINS), BINS - 1);
    size_t i = 0;
    while (i + 1 < m->bins && m->values[i] != x)
        i++;
    return i;
}

static void find_means(const chart *c, size_t factor, size_t figure, means *m)
{
    find_values(c, factor, m);
    for (size_t p = 0; p < c->sweep.point_count; p++) {
        double x = number_of(c, p, factor), y = output_of(c, p, figure);
        if (!isfinite(x) || !isfinite(y))
            continue;
        bin *b = &m->bin[bin_of(m, x)];
        b->sum += y;
        b->x += x;
        b->count++;
    }
}

/* The greatest total index, where the sweep has such. */
static double total_index(const chart *c, size_t factor)
{
    double most = (double)NAN;
    for (size_t i = 0; i < c->figure_count; i++)
        most = fmax(most, sweep_index(&c->sweep, "sobol/total", factor, c->figures[i]));
    return most;
}

/* How much of a figure's variance lies between the bins, less what chance puts there (Kelley's epsilon squared); of the
 * figure for which it is most. */
static double movement(const chart *c, size_t factor)
{
    double most = 0;
    for (size_t i = 0; i < c->figure_count; i++) {
        means m;
        double within = 0, all = 0, sum = 0, n = 0, bins = 0;
        find_means(c, factor, c->figures[i], &m);
        for (size_t k = 0; k < m.bins; k++) {
            sum += m.bin[k].sum;
            n += (double)m.bin[k].count;
            bins += m.bin[k].count > 0;
        }
        for (size_t p = 0; p < c->sweep.point_count; p++) {
            double x = number_of(c, p, factor), y = output_of(c, p, c->figures[i]);
            if (!isfinite(x) || !isfinite(y))
                continue;
            const bin *b = &m.bin[bin_of(&m, x)];
            within += (y - b->sum / (double)b->count) * (y - b->sum / (double)b->count);
            all += (y - sum / n) * (y - sum / n);
        }
        if (all > 0)
            most = fmax(most, n > bins ? 1 - within / (n - bins) / (all / (n - 1)) : 1);
    }
    return most;
}

static void choose(chart *c)
{
    for (size_t i = 0; i < c->sweep.figure_count && c->figure_count < MOST_FIGURES; i++)
        for (size_t p = 0; p < c->sweep.point_count; p++)
            if (isfinite(output_of(c, p, i))) {
                c->figures[c->figure_count++] = i;
                break;
            }
    for (size_t f = 0; f < c->sweep.factor_count; f++) {
        double total = total_index(c, f), moved = isfinite(total) ? total : movement(c, f);
        size_t at = c->factor_count < MOST_FACTORS ? c->factor_count++ : MOST_FACTORS;
        for (; at > 0 && c->movement[at - 1] < moved; at--)
            if (at < MOST_FACTORS) {
                c->movement[at] = c->movement[at - 1];
                c->factors[at] = c->factors[at - 1];
            }
        if (at < MOST_FACTORS) {
            c->movement[at] = moved;
            c->factors[at] = f;
        }
    }
}

/* Data blocks $p (points) and $m (means) of a panel; the figure's ends. */
static void put_blocks(FILE *to, const chart *c, size_t panel, size_t factor, size_t figure, double x_scale,
                       double y_scale, const means *m)
{
    size_t stride = c->sweep.point_count / MOST_POINTS + 1;
    fprintf(to, "$p%zu << EOD\n", panel);
    for (size_t p = 0; p < c->sweep.point_count; p += stride) {
        double x = number_of(c, p, factor), y = output_of(c, p, figure);
        if (isfinite(x) && isfinite(y))
            fprintf(to, "%.8g %.8g\n", x / x_scale, y / y_scale);
    }
    fprintf(to, "EOD\n$m%zu << EOD\n", panel);
    for (size_t i = 0; i < m->bins; i++)
        if (m->bin[i].count > 0)
            fprintf(to, "%.8g %.8g\n", m->bin[i].x / (double)m->bin[i].count / x_scale,
                    m->bin[i].sum / (double)m->bin[i].count / y_scale);
    fputs("EOD\n", to);
}

static void figure_ends(const chart *c, size_t figure, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t p = 0; p < c->sweep.point_count; p++) {
        double y = output_of(c, p, figure);
        *low = isfinite(y) ? fmin(*low, y) : *low;
        *high = isfinite(y) ? fmax(*high, y) : *high;
    }
    if (*low > 0 && *low < 0.7 * *high) /* where the scale can begin at 0, it does */
        *low = 0;
}

/* Words of a list at their numbers. */
static int put_words(FILE *to, const chart *c, size_t factor, const means *m, double width)
{
    char word[SWEEP_NAME];
    if (!sweep_word(&c->sweep, factor, 0, word) || !isfinite(m->high - m->low))
        return 0;
    fprintf(to, "set xrange [%.8g:%.8g]\nset xtics (", m->low - 0.4, m->high + 0.4);
    for (size_t i = 0; i < MOST_WORDS && sweep_word(&c->sweep, factor, i, word); i++) {
        fputs(i > 0 ? "," : "", to);
        script_tic_text(to, word, (size_t)fmax(width / (m->high - m->low + 1) / 8.5, 4));
        fprintf(to, " %zu", i);
    }
    fputs(") nomirror\n", to);
    return 1;
}

static void put_axis(FILE *to, const char *axis, double low, double high, script_box box)
{
    script_widen(&low, &high);
    script_range_axis(to, axis, low, high, box, "", "");
}

static void put_panel(FILE *to, const chart *c, size_t row, size_t column, script_box box)
{
    size_t panel = row * c->factor_count + column, factor = c->factors[column], figure = c->figures[row];
    const char *x_name, *y_name;
    char unit[SWEEP_UNIT], name[SWEEP_NAME], label[120] = "", title[120] = "";
    double low, high;
    means m;
    find_means(c, factor, figure, &m);
    figure_ends(c, figure, &low, &high);
    sweep_factor_unit(&c->sweep, factor, unit);
    double x_scale = sweep_scale(unit, m.high, &x_name);
    sweep_figure_unit(&c->sweep, figure, unit);
    double y_scale = sweep_scale(unit, high, &y_name);
    put_blocks(to, c, panel, factor, figure, x_scale, y_scale, &m);
    if (column == 0)
        snprintf(title, sizeof title, "%.60s%s%.30s", c->sweep.figures->labels[figure], *y_name ? ", " : "", y_name);
    script_panel(to, box, title);
    if (!put_words(to, c, factor, &m, box.right - box.left))
        put_axis(to, "x", m.low / x_scale, m.high / x_scale, box);
    put_axis(to, "y", low / y_scale, high / y_scale, box);
    if (row + 1 == c->figure_count) {
        sweep_factor_name(&c->sweep, factor, name);
        snprintf(label, sizeof label, "%.47s%s%.30s", name, *x_name ? ", " : "", x_name);
        fputs("set xlabel ", to);
        script_text(to, label, 0);
        fputs(" font smallfont textcolor rgb '#333333'\n", to);
    }
    fprintf(to,
            "plot $p%zu using 1:2 with points pt 7 ps 0.35 lc rgb '#AAAAAA' notitle, $m%zu using 1:2 with linespoints "
            "lw 2 pt 7 ps 0.7 lc rgb "
            "'%s' notitle\n",
            panel, panel, COLOUR_VERMILION);
}

int plot_response(const tool_view *view, FILE *to, const char **why_not)
{
    chart c = {.figure_count = 0};
    char note[200] = "";
    static const script_entry legend[] = {
        {"a point of the sweep (mean of its replications)", "#999999", SCRIPT_POINT, 7},
        {"mean of the points near it", COLOUR_VERMILION, SCRIPT_LINE, 0}};
    *why_not = PLOT_OTHER_RESULTS;
    if (!sweep_view_init(&c.sweep, view) ||
        sim_result_find(view->result, "morris/mu")) /* few trajectories: means would mislead */
        return 0;
    choose(&c);
    *why_not = "no point has a figure";
    if (c.figure_count == 0)
        return 0;
    size_t used = 0;
    if (c.factor_count < c.sweep.factor_count)
        used = (size_t)snprintf(note, sizeof note, "the %zu of %zu factors that matter most", c.factor_count,
                                c.sweep.factor_count);
    if (c.figure_count < c.sweep.figure_count)
        snprintf(note + used, sizeof note - used, "%sthe first %zu of %zu figures", used > 0 ? "; " : "",
                 c.figure_count, c.sweep.figure_count);
    script_begin(to, view, "How the figures answer to the factors", note, legend, 2);
    for (size_t row = 0; row < c.figure_count; row++)
        for (size_t column = 0; column < c.factor_count; column++) {
            script_box page = {8, PAGE_WIDTH - 8, 40, 790};
            put_panel(
                to, &c, row, column,
                script_grid(page, c.figure_count * c.factor_count, c.factor_count, row * c.factor_count + column, 0));
        }
    script_end(to);
    return 1;
}
