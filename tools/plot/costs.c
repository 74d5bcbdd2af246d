/* What the crisis has cost until each day, by what the money went on: areas on top of one another, all agencies
 * together, so that the top edge is the whole bill. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_ITEMS = 24 };

static const char *const colours[] = {"#0072B2", "#56B4E9", "#66C2A5", "#009E73", "#B3B300", "#E69F00",
                                      "#D55E00", "#B2182B", "#CC79A7", "#7B3294", "#8C9EDE", "#A6761D"};
enum { COLOURS = sizeof colours / sizeof *colours };

typedef struct {
    view_series spent;
    const sim_axis *items;
    size_t count;
    size_t cells[MOST_ITEMS]; /* from the bottom, the costliest first */
    double totals[MOST_ITEMS];
    double total; /* of all items */
} bill;

static double spent_in(const view_series *spent, size_t bin, size_t cell)
{
    double sum = 0;
    for (size_t agency = 0; agency < spent->owners; agency++) {
        double value = view_value(spent, bin, agency, cell);
        sum += isfinite(value) ? value : 0;
    }
    return sum;
}

static void choose_items(bill *b, const tool_view *view)
{
    for (size_t cell = 0; cell < b->spent.cells; cell++) {
        double total = 0;
        for (size_t bin = 0; bin < view->bins; bin++)
            total += spent_in(&b->spent, bin, cell);
        if (!(total > 0) || b->count == MOST_ITEMS)
            continue;
        size_t at = b->count++;
        for (; at > 0 && b->totals[at - 1] < total; at--) {
            b->totals[at] = b->totals[at - 1];
            b->cells[at] = b->cells[at - 1];
        }
        b->totals[at] = total;
        b->cells[at] = cell;
        b->total += total;
    }
}

/* Lines "hours 0 top1 top2 ...": what is spent at the ends of the bins. */
static void put_block(FILE *to, const tool_view *view, const bill *b)
{
    size_t stride = script_stride(view, 1200);
    double sums[MOST_ITEMS] = {0};
    fputs("$d0 << EOD\n0 0", to);
    for (size_t i = 0; i < b->count; i++)
        fputs(" 0", to);
    putc('\n', to);
    for (size_t bin = 0; bin < view->bins; bin++) {
        for (size_t i = 0; i < b->count; i++)
            sums[i] += spent_in(&b->spent, bin, b->cells[i]);
        if ((bin + 1) % stride != 0 && bin + 1 < view->bins)
            continue;
        double top = 0;
        fprintf(to, "%.8g 0", (double)(bin + 1) * view->step / 3600);
        for (size_t i = 0; i < b->count; i++)
            fprintf(to, " %.9g", top += sums[i]);
        putc('\n', to);
    }
    fputs("EOD\n", to);
}

static void put_page(const tool_view *view, FILE *to, const bill *b)
{
    script_box box = {120, PAGE_WIDTH - 290, 75, 780};
    char note[200], number[FIGURE_SIZE], text[120];
    const char *unit = b->spent.dataset->unit;
    figure_number(number, b->total, 0);
    snprintf(note, sizeof note, "all agencies together; %.20s %s in all", unit, number);
    if (view->replications > 1) {
        size_t length = strlen(note);
        snprintf(note + length, sizeof note - length, "; mean of %zu replications", view->replications);
    }
    put_block(to, view, b);
    script_begin(to, view, "Money spent until then, by what it went on", note, NULL, 0);
    script_panel(to, box, "");
    script_time_axis(to, view, box, 0, 1);
    script_value_axis(to, "y", b->total, box, unit, "");
    script_key_right(to, box.right + 20, box.top);
    fprintf(to, "plot $d0 using 1:%zu with lines lw 1.8 lc rgb '#000000' title ", b->count + 2);
    snprintf(text, sizeof text, "total  %s", number);
    script_text(to, text, 36);
    for (size_t i = b->count; i-- > 0;) {
        fprintf(to, ", $d0 using 1:%zu:%zu with filledcurves lc rgb '%s' fillstyle solid 0.85 noborder title ", i + 2,
                i + 3, colours[b->cells[i] % COLOURS]);
        figure_number(number, b->totals[i], 0);
        snprintf(text, sizeof text, "%.40s  %s", b->items->labels[b->cells[i]], number);
        script_text(to, text, 36);
    }
    putc('\n', to);
    script_end(to);
}

int plot_costs(const tool_view *view, FILE *to, const char **why_not)
{
    bill b = {.count = 0};
    *why_not = "the results have no costs";
    if (!view->time || !view_find(view, "cost/spent", "time", "agency", &b.spent) || b.spent.dataset->axis_count != 3)
        return 0;
    b.items = sim_result_axis(view->result, b.spent.dataset, 2);
    if (!b.items->labels)
        return 0;
    choose_items(&b, view);
    *why_not = "nothing is spent";
    if (b.count == 0)
        return 0;
    put_page(view, to, &b);
    return 1;
}
