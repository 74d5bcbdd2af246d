/* What each plan changes: a line a figure, a mark a plan, with the interval of the difference from the baseline in per
 * cent of the baseline's mean, so that waits, people and money stand on one axis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "sim/base/figure.h"
#include "sim/statistics/paired.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_FIGURES = 24, MOST_PLANS = 7, LABEL = 60 };
#define BETTER "#E3F2EA"

/* What lies further off is drawn at the edge, with its number. */
static const double farthest = 150;

typedef struct {
    size_t figure;
    char label[200];
    model_better better;
} row;

typedef struct {
    const tool_view *view;
    view_series mean, difference, low, high, status;
    size_t plans, rows;
    row row[MOST_FIGURES];
    script_box box;
    double begin, end; /* of the axis, per cent */
} picture;

static const model_key_figure *key_figure(const char *name, size_t length)
{
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strlen(model_key_figures[i].name) == length && strncmp(model_key_figures[i].name, name, length) == 0)
            return &model_key_figures[i];
    return NULL;
}

/* Per cent of the baseline's mean. */
static double relative(const picture *p, const view_series *series, size_t plan, size_t figure)
{
    return 100 * view_value(series, plan, figure, 0) / fabs(view_value(&p->mean, 0, figure, 0));
}

static bool is_known(const picture *p, size_t figure)
{
    for (size_t plan = 1; plan < p->plans; plan++)
        if (isfinite(relative(p, &p->difference, plan, figure)))
            return true;
    return false;
}

static void choose_rows(picture *p, const sim_axis *figures)
{
    for (size_t i = 0; i < figures->size && p->rows < MOST_FIGURES; i++) {
        const char *name = figures->labels[i], *site = strchr(name, '@');
        const model_key_figure *key = key_figure(name, site ? (size_t)(site - name) : strlen(name));
        if (!is_known(p, i))
            continue;
        row *r = &p->row[p->rows++];
        r->figure = i;
        r->better = key ? key->better : MODEL_NEITHER_IS_BETTER;
        snprintf(r->label, sizeof r->label, "%.140s%s%.40s", key ? key->doc : name, key && site ? ", " : "",
                 key && site ? site + 1 : "");
    }
}

/* --- the axis --- */

static double inside(double value)
{
    return fmin(fmax(value, -farthest), farthest);
}

static void find_range(picture *p)
{
    p->begin = 0;
    p->end = 0;
    for (size_t i = 0; i < p->rows; i++)
        for (size_t plan = 1; plan < p->plans; plan++) {
            double ends[] = {relative(p, &p->low, plan, p->row[i].figure),
                             relative(p, &p->high, plan, p->row[i].figure),
                             relative(p, &p->difference, plan, p->row[i].figure)};
            for (size_t k = 0; k < 3; k++) {
                p->begin = isfinite(ends[k]) ? fmin(p->begin, inside(ends[k])) : p->begin;
                p->end = isfinite(ends[k]) ? fmax(p->end, inside(ends[k])) : p->end;
            }
        }
}

/* --- rows --- */

static double height_of(const picture *p)
{
    return (p->box.top - p->box.bottom) / (double)p->rows;
}

/* Where a plan's mark stands: rows count from the top, plans share the row's middle. */
static double level_of(const picture *p, size_t i, size_t plan)
{
    double share = p->plans > 2 ? ((double)(plan - 1) / (double)(p->plans - 2) - 0.5) * 0.62 : 0;
    return (double)i + 0.5 + share;
}

static void put_line(FILE *to, const picture *p, const char *text, size_t length, double y)
{
    char line[200];
    snprintf(line, sizeof line, "%.*s", (int)length, text);
    fputs("set label ", to);
    script_text(to, line, LABEL);
    fprintf(to, " at screen %.5f,%.5f right textcolor rgb '#000000'\n", (p->box.left - 14) / PAGE_WIDTH,
            y / PAGE_HEIGHT);
}

/* On two lines where it is long and there is room. */
static void put_label(FILE *to, const picture *p, size_t i)
{
    const char *text = p->row[i].label;
    double y = p->box.top - height_of(p) * ((double)i + 0.5);
    size_t length = strlen(text), cut = length < LABEL ? length : LABEL;
    while (cut > 0 && text[cut] != ' ' && text[cut] != '\0')
        cut--;
    if (length <= LABEL || height_of(p) < 34 || cut == 0) {
        put_line(to, p, text, length, y);
        return;
    }
    put_line(to, p, text, cut, y + 8);
    put_line(to, p, text + cut + 1, length - cut - 1, y - 8);
}

/* The better side of each row is tinted. */
static void put_rows(FILE *to, const picture *p)
{
    for (size_t i = 0; i < p->rows; i++) {
        model_better better = p->row[i].better;
        put_label(to, p, i);
        if (better != MODEL_NEITHER_IS_BETTER)
            fprintf(to,
                    "set object rectangle from first %.8g, first %.3f to first %.8g, first %.3f behind fillcolor rgb "
                    "'" BETTER "' fillstyle solid 1 noborder\n",
                    better == MODEL_LESS_IS_BETTER ? p->begin : 0, (double)i + 0.04,
                    better == MODEL_LESS_IS_BETTER ? 0 : p->end, (double)i + 0.96);
    }
}

/* Beyond the edge the number is told; `before`: how many of the row and side have been told already. */
static void put_number(FILE *to, double value, size_t row_number, size_t plan, int before)
{
    char number[FIGURE_SIZE], text[FIGURE_SIZE + 8];
    figure_number(number, value, 0);
    snprintf(text, sizeof text, "%s%s%%", value > 0 ? "+" : "", number);
    fputs("set label ", to);
    script_text(to, text, 0);
    fprintf(to, " at first %.8g, first %.8g %s offset character %d,0 front font smallfont textcolor rgb '%s'\n",
            inside(value), (double)row_number + 0.5, value > 0 ? "right" : "left",
            (value > 0 ? -1 : 1) * (2 + 6 * before), script_colour(plan - 1));
}

/* Data blocks of a plan: 2 * plan those that are sure, 2 * plan + 1 the others; value, level, low, high. */
static void put_marks(FILE *to, const picture *p, size_t plan, bool sure)
{
    fprintf(to, "$d%zu << EOD\n", 2 * plan + !sure);
    for (size_t i = 0; i < p->rows; i++) {
        size_t figure = p->row[i].figure;
        double value = relative(p, &p->difference, plan, figure), low = relative(p, &p->low, plan, figure),
               high = relative(p, &p->high, plan, figure), status = view_value(&p->status, plan, figure, 0);
        if (!isfinite(value) || sure != (status == SIM_PAIRED_LESS || status == SIM_PAIRED_MORE))
            continue;
        fprintf(to, "%.8g %.8g %.8g %.8g\n", inside(value), level_of(p, i, plan),
                isfinite(low) ? inside(low) : inside(value), isfinite(high) ? inside(high) : inside(value));
    }
    fputs("EOD\n", to);
}

static void put_numbers(FILE *to, const picture *p)
{
    for (size_t i = 0; i < p->rows; i++) {
        int told[2] = {0, 0};
        for (size_t plan = p->plans - 1; plan > 0; plan--) {
            double value = relative(p, &p->difference, plan, p->row[i].figure);
            if (isfinite(value) && fabs(value) > farthest)
                put_number(to, value, i, plan, told[value > 0]++);
        }
    }
}

static void put_plot(FILE *to, const picture *p)
{
    fprintf(
        to,
        "set arrow from first 0, graph 0 to first 0, graph 1 nohead lw 1.4 lc rgb '#333333'\nset yrange [%zu:0]\nplot ",
        p->rows);
    for (size_t plan = 1; plan < p->plans; plan++)
        for (int open = 0; open < 2; open++) {
            size_t block = 2 * plan + (size_t)open;
            fprintf(to, "%s$d%zu using 1:2:3:4 with xerrorbars pt %d ps 1.2 lw 1.8 lc rgb '%s' notitle",
                    plan == 1 && open == 0 ? "" : ", ", block, open ? 6 : 7, script_colour(plan - 1));
        }
    putc('\n', to);
}

static void put_page(FILE *to, picture *p, const sim_axis *plans)
{
    script_entry legend[MOST_PLANS + 1];
    char note[300];
    for (size_t plan = 1; plan < p->plans; plan++)
        legend[plan - 1] = (script_entry){plans->labels[plan], script_colour(plan - 1), SCRIPT_POINT, 7};
    legend[p->plans - 1] = (script_entry){"better", BETTER, SCRIPT_AREA, 0};
    snprintf(
        note, sizeof note,
        "difference from %.60s in %% of its mean, %zu replications; filled: sure (intervals hold together with %.4g%%)",
        plans->labels[0], p->view->replications, 100 * p->view->confidence);
    double height = fmin(680, (34 + 10 * (double)(p->plans - 1)) * (double)p->rows);
    p->box = (script_box){520, PAGE_WIDTH - 40, 755 - height, 755};
    script_begin(to, p->view, "What the plans change", note, legend, p->plans);
    script_panel(to, p->box, "");
    script_widen(&p->begin, &p->end);
    script_range_axis(to, "x", p->begin, p->end, p->box, "", "%");
    put_rows(to, p);
    for (size_t plan = 1; plan < p->plans; plan++) {
        put_marks(to, p, plan, true);
        put_marks(to, p, plan, false);
    }
    put_numbers(to, p);
    put_plot(to, p);
    script_end(to);
}

int plot_differences(const tool_view *view, FILE *to, const char **why_not)
{
    picture p = {.view = view};
    *why_not = PLOT_OTHER_RESULTS;
    if (!view_find(view, "compare/mean", "plan", "figure", &p.mean) ||
        !view_find(view, "compare/difference", "plan", "figure", &p.difference) ||
        !view_find(view, "compare/difference_low", "plan", "figure", &p.low) ||
        !view_find(view, "compare/difference_high", "plan", "figure", &p.high) ||
        !view_find(view, "compare/status", "plan", "figure", &p.status))
        return 0;
    const sim_axis *plans = sim_result_axis(view->result, p.mean.dataset, 0),
                   *figures = sim_result_axis(view->result, p.mean.dataset, 1);
    p.plans = p.mean.rows < MOST_PLANS + 1 ? p.mean.rows : MOST_PLANS + 1;
    *why_not = "no figure has a difference and a baseline that is not 0";
    if (!plans->labels || !figures->labels)
        return 0;
    choose_rows(&p, figures);
    if (p.rows == 0)
        return 0;
    find_range(&p);
    put_page(to, &p, plans);
    return 1;
}
