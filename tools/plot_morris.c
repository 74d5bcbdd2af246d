/* Elementary effects after Morris: a panel a key figure, a point a factor. To the right stands what matters; above the dashed line what acts
 * through others or along a curve. Names are put where they cover neither points nor one another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/utf8.h"
#include "tools/plot_draw.h"
#include "tools/plot_script.h"
#include "tools/sweep_view.h"

enum { MOST_FIGURES = 6, MOST_FACTORS = 256, MOST_NAMES = 40 };

typedef struct {
    double x, y, low, high; /* mu*, sigma, and the interval of mu*; in the panel's unit */
    size_t factor;
} effect;

typedef struct {
    sweep_view sweep;
    size_t figure, count;
    effect effects[MOST_FACTORS]; /* the greatest mu* first */
    double most_x, most_y;
    const char *unit;
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
        effect e = {sweep_index(&p->sweep, "morris/mu_star", f, p->figure), sweep_index(&p->sweep, "morris/sigma", f, p->figure),
                    sweep_index(&p->sweep, "morris/mu_star_low", f, p->figure), sweep_index(&p->sweep, "morris/mu_star_high", f, p->figure),
                    f};
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
    double scale = sweep_scale(unit, most, &p->unit);
    p->most_x = p->most_y = 0;
    for (size_t i = 0; i < p->count; i++) {
        effect *e = &p->effects[i];
        *e = (effect){e->x / scale, e->y / scale, e->low / scale, e->high / scale, e->factor};
        p->most_x = fmax(p->most_x, e->high);
        p->most_y = fmax(p->most_y, e->y);
    }
}

static int overlaps(const patch *a, const patch *b)
{
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static int is_free(const patch *wanted, const patch *taken, size_t count, script_box box)
{
    if (wanted->right > box.right + 18 || wanted->left < box.left || wanted->bottom < box.bottom || wanted->top > box.top + 4)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (overlaps(wanted, &taken[i]))
            return 0;
    return 1;
}

/* Where a name of this width can stand beside a point; false when everything near is taken. */
static int find_place(double x, double y, double width, const patch *taken, size_t count, script_box box, patch *place)
{
    static const double heights[] = {0, 15, -15, 30, -30, 45, -45, 60, -60};
    for (size_t i = 0; i < 2 * sizeof heights / sizeof *heights; i++) {
        double middle = y + heights[i / 2], left = i % 2 == 0 ? x + 9 : x - 9 - width;
        *place = (patch){left, left + width, middle - 7, middle + 7};
        if (is_free(place, taken, count, box))
            return 1;
    }
    return 0;
}

static void put_names(FILE *to, const panel *p, script_box box)
{
    patch taken[MOST_FACTORS + MOST_NAMES];
    size_t count = p->count;
    double right = p->most_x > 0 ? p->most_x * 1.04 : 1, upper = p->most_y > 0 ? p->most_y * 1.04 : 1;
    for (size_t i = 0; i < p->count; i++) {
        double x = box.left + p->effects[i].x / right * (box.right - box.left),
               y = box.bottom + p->effects[i].y / upper * (box.top - box.bottom);
        taken[i] = (patch){x - 6, x + 6, y - 6, y + 6};
    }
    for (size_t i = 0; i < p->count && i < MOST_NAMES; i++) {
        char name[SWEEP_NAME];
        patch place;
        sweep_factor_name(&p->sweep, p->effects[i].factor, name);
        double width = 6.6 * (double)sim_utf8_count(name, strlen(name));
        if (!find_place(taken[i].left + 6, taken[i].bottom + 6, width, taken, count, box, &place))
            continue; /* the table has it */
        taken[count++] = place;
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
    script_range_axis(to, "x", 0, p->most_x, box, "\316\274*");
    script_range_axis(to, "y", 0, p->most_y, box, "");
    fprintf(to, "set label ");
    script_text(to, "\317\203", 0);
    fprintf(to, " at screen %.5f,%.5f right textcolor rgb '#555555'\n", (box.left - 8) / PAGE_WIDTH, (box.top + 14) / PAGE_HEIGHT);
    put_names(to, p, box);
    fprintf(to,
            "plot x with lines dashtype 2 lw 1 lc rgb '#999999' notitle, $d%zu using 1:2:3:4 with xerrorbars pt 0 lw 1 lc rgb '#999999' "
            "notitle, "
            "$d%zu using 1:2 with points pt 7 ps 0.9 lc rgb '%s' notitle\n",
            number, number, COLOUR_BLUE);
}

int plot_morris(const tool_view *view, FILE *to, const char **why_not)
{
    panel *p = calloc(1, sizeof *p);
    size_t figures[MOST_FIGURES], count = 0;
    *why_not = "";
    if (p == NULL || !sweep_view_init(&p->sweep, view) || !sim_result_find(view->result, "morris/mu_star")) {
        free(p);
        return 0;
    }
    for (size_t i = 0; i < p->sweep.figure_count && count < MOST_FIGURES; i++)
        if (isfinite(sweep_index(&p->sweep, "morris/mu_star", 0, i)))
            figures[count++] = i;
    *why_not = "no trajectory is whole";
    if (count > 0) {
        char note[200];
        snprintf(note, sizeof note,
                 "change over a factor's whole range: \316\274* mean size, \317\203 its deviation; above the dashed line (\317\203 = "
                 "\316\274*) effects "
                 "depend on where the factors stand; lines: %.3g%% intervals",
                 100 * view->confidence);
        script_begin(to, view, "What the figures depend on: elementary effects", note, NULL, 0);
        size_t columns = script_columns(count);
        for (size_t i = 0; i < count; i++) {
            script_box box = script_grid((script_box){0, PAGE_WIDTH - 20, 24, 815}, count, columns, i, 0);
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
