/* Elementary effects after Morris: a panel a key figure, a point a factor. To the right stands what matters; above the
 * dashed line what acts through others or along a curve. Names are put where they cover neither points nor one another.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"
#include "tools/sweep/view.h"

enum { MOST_FIGURES = 6, MOST_FACTORS = 256, MOST_NAMES = 40 };

typedef struct {
    double x, y, low, high; /* mu*, sigma, and the interval of mu*; in the panel's unit */
    size_t factor;
} effect;

typedef struct {
    sweep_view sweep;
    size_t figure, count;
    effect effects[MOST_FACTORS]; /* the greatest mu* first */
    double most_x, most_y;        /* ends of the axes, which begin at 0 */
    char unit[SWEEP_UNIT];
} panel;

/* A rectangle of the page that is taken by a point or a name. */
typedef struct {
    double left, right, bottom, top;
} patch;

static void take_effects(panel *p)
{
    double most = 0;
    char unit[SWEEP_UNIT];
    p->count = 0;
    for (size_t f = 0; f < p->sweep.factor_count && p->count < MOST_FACTORS; f++) {
        effect e = {sweep_index(&p->sweep, "morris/mu_star", f, p->figure),
                    sweep_index(&p->sweep, "morris/sigma", f, p->figure),
                    sweep_index(&p->sweep, "morris/mu_star_low", f, p->figure),
                    sweep_index(&p->sweep, "morris/mu_star_high", f, p->figure), f};
        if (!isfinite(e.x) || !isfinite(e.y))
            continue;
        e.low = isfinite(e.low) ? e.low : e.x;
        e.high = isfinite(e.high) ? e.high : e.x;
        most = fmax(most, fmax(e.high, e.y));
        size_t at = p->count++;
        for (; at > 0 && p->effects[at - 1].x < e.x; at--)
            p->effects[at] = p->effects[at - 1];
        p->effects[at] = e;
    }
    sweep_figure_unit(&p->sweep, p->figure, unit);
    const char *name;
    double scale = sweep_scale(unit, most, &name);
    snprintf(p->unit, sizeof p->unit, "%s", name);
    p->most_x = p->most_y = 0;
    for (size_t i = 0; i < p->count; i++) {
        effect *e = &p->effects[i];
        *e = (effect){e->x / scale, e->y / scale, e->low / scale, e->high / scale, e->factor};
        p->most_x = fmax(p->most_x, e->high);
        p->most_y = fmax(p->most_y, e->y);
    }
    double none = 0; /* neither is ever below 0 */
    script_widen(&none, &p->most_x);
    none = 0;
    script_widen(&none, &p->most_y);
}

static int overlaps(const patch *a, const patch *b)
{
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static int is_free(const patch *wanted, const patch *taken, size_t count, script_box box)
{
    if (wanted->right > box.right + 18 || wanted->left < box.left || wanted->bottom < box.bottom ||
        wanted->top > box.top + 4)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (overlaps(wanted, &taken[i]))
            return 0;
    return 1;
}

/* Where a name of this width can stand beside a point; false when everything near is taken. */
static int find_place(double x, double y, double width, const patch *taken, size_t count, script_box box, patch *place)
{
    static const double heights[] = {0, 12, -12, 24, -24, 36, -36, 48, -48, 60, -60, 72, -72, 84, -84};
    for (size_t i = 0; i < 2 * sizeof heights / sizeof *heights; i++) {
        double middle = y + heights[i / 2], left = i % 2 == 0 ? x + 9 : x - 9 - width;
        *place = (patch){left, left + width, middle - 7, middle + 7};
        if (is_free(place, taken, count, box))
            return 1;
    }
    return 0;
}

/* Where a value stands on the page. */
static double page_x(const panel *p, script_box box, double value)
{
    return box.left + value / p->most_x * (box.right - box.left);
}

static double page_y(const panel *p, script_box box, double value)
{
    return box.bottom + value / p->most_y * (box.top - box.bottom);
}

/* A thin line from a point to a name that does not stand close to it. */
static void put_leader(FILE *to, double x, double y, const patch *name)
{
    double middle = (name->bottom + name->top) / 2, end = name->left > x ? name->left - 1 : name->right + 1;
    if (fabs(middle - y) > 18)
        fprintf(to, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 0.6 lc rgb '#AAAAAA'\n",
                x / PAGE_WIDTH, y / PAGE_HEIGHT, end / PAGE_WIDTH, middle / PAGE_HEIGHT);
}

static void put_names(FILE *to, const panel *p, script_box box)
{
    patch taken[2 * MOST_FACTORS + MOST_NAMES];
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) {
        const effect *e = &p->effects[i];
        double x = page_x(p, box, e->x), y = page_y(p, box, e->y);
        taken[count++] = (patch){x - 5, x + 5, y - 5, y + 5};
        taken[count++] = (patch){page_x(p, box, e->low), page_x(p, box, e->high), y - 4, y + 4};
    }
    for (size_t i = 0; i < p->count && i < MOST_NAMES; i++) {
        char name[SWEEP_NAME];
        patch place;
        sweep_factor_name(&p->sweep, p->effects[i].factor, name);
        double width = 6.6 * (double)sim_utf8_count(name, strlen(name));
        if (!find_place(taken[2 * i].left + 5, taken[2 * i].bottom + 5, width, taken, count, box, &place))
            continue; /* the table has it */
        taken[count++] = place;
        put_leader(to, taken[2 * i].left + 5, taken[2 * i].bottom + 5, &place);
        fputs("set label ", to);
        script_text(to, name, 0);
        fprintf(to, " at screen %.5f,%.5f left font smallfont textcolor rgb '#333333' front\n", place.left / PAGE_WIDTH,
                (place.bottom + 7) / PAGE_HEIGHT);
    }
}

static void put_panel(FILE *to, const panel *p, size_t number, script_box box)
{
    char title[120];
    snprintf(title, sizeof title, "%.60s%s%.30s", p->sweep.figures->labels[p->figure], *p->unit ? ", " : "", p->unit);
    fprintf(to, "$d%zu << EOD\n", number);
    for (size_t i = 0; i < p->count; i++)
        fprintf(to, "%.8g %.8g %.8g %.8g\n", p->effects[i].x, p->effects[i].y, p->effects[i].low, p->effects[i].high);
    fputs("EOD\n", to);
    script_panel(to, box, title);
    script_range_axis(to, "x", 0, p->most_x, box, "\316\274*", "");
    script_range_axis(to, "y", 0, p->most_y, box, "", "");
    fprintf(to, "set label ");
    script_text(to, "\317\203", 0);
    fprintf(to, " at screen %.5f,%.5f right textcolor rgb '#555555'\n", (box.left - 34) / PAGE_WIDTH,
            (box.top + 14) / PAGE_HEIGHT);
    put_names(to, p, box);
    fprintf(to,
            "plot x with lines dashtype 2 lw 1 lc rgb '#999999' notitle, $d%zu using 1:2:3:4 with xerrorbars pt 0 lw 1 "
            "lc rgb '#999999' "
            "notitle, "
            "$d%zu using 1:2 with points pt 7 ps 0.9 lc rgb '%s' notitle\n",
            number, number, COLOUR_BLUE);
}

int plot_morris(const tool_view *view, FILE *to, const char **why_not)
{
    panel *p = calloc(1, sizeof *p);
    size_t figures[MOST_FIGURES], count = 0;
    *why_not = PLOT_OTHER_RESULTS;
    if (p == NULL || !sweep_view_init(&p->sweep, view) || !sim_result_find(view->result, "morris/mu_star")) {
        free(p);
        return 0;
    }
    for (size_t i = 0; i < p->sweep.figure_count && count < MOST_FIGURES; i++)
        if (isfinite(sweep_index(&p->sweep, "morris/mu_star", 0, i)))
            figures[count++] = i;
    *why_not = "no trajectory is whole";
    if (count > 0) {
        char points[60];
        const script_entry legend[] = {
            {points, COLOUR_BLUE, SCRIPT_POINT, 7},
            {"\317\203 = \316\274*: above it the effect depends on where factors stand", "#999999", SCRIPT_LINE, 0}};
        snprintf(points, sizeof points, "a factor, with the %.3g%% interval of its \316\274*", 100 * view->confidence);
        script_begin(to, view, "What the figures depend on: elementary effects",
                     "\316\274*: mean size of the change over the factor's whole range; \317\203: how much the change "
                     "itself varies",
                     legend, 2);
        size_t columns = script_columns(count);
        for (size_t i = 0; i < count; i++) {
            script_box box = script_grid((script_box){0, PAGE_WIDTH - 20, 24, 790}, count, columns, i, 0);
            box.bottom += 16;
            p->figure = figures[i];
            take_effects(p);
            put_panel(to, p, i, box);
        }
        script_end(to);
    }
    free(p);
    return count > 0;
}
