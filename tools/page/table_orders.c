#include "tools/page/table_orders.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "sim/base/words.h"
#include "tools/page/grid.h"

enum { OUTCOMES = 5 }; /* as in orders/outcome: done, withdrawn, not paid, not agreed, pending */

typedef struct {
    const sim_axis *orders;
    const int64_t *number, *effect, *outcome;
    size_t entries;
    double replications;
} order_log;

typedef struct {
    size_t outcomes[OUTCOMES];
    double effect; /* the sum of the times at which it took effect, microseconds */
} tally;

static const sim_dataset *column(const tool_view *view, const char *path, size_t size)
{
    const sim_dataset *d = sim_result_find(view->result, path);
    return d != NULL && d->is_integer && (size == 0 || d->size == size) ? d : NULL;
}

static int find_log(const tool_view *view, order_log *log)
{
    const sim_dataset *carried_out = column(view, "orders/carried_out", 0), *number = column(view, "orders/number", 0);
    if (sim_result_text(view->result, "plan_title") == NULL || carried_out == NULL || number == NULL)
        return 0;
    const sim_dataset *effect = column(view, "orders/effect", number->size),
                      *outcome = column(view, "orders/outcome", number->size);
    const sim_axis *orders = sim_result_axis(view->result, carried_out, 0);
    if (effect == NULL || outcome == NULL || orders->labels == NULL)
        return 0;
    *log = (order_log){orders,       number->data.integers,     effect->data.integers, outcome->data.integers,
                       number->size, (double)view->replications};
    return 1;
}

static void count_up(const order_log *log, tally *tallies)
{
    for (size_t i = 0; i < log->entries; i++) {
        if (log->number[i] < 0 || (size_t)log->number[i] >= log->orders->size || log->outcome[i] < 0 ||
            log->outcome[i] >= OUTCOMES)
            continue;
        tally *t = &tallies[log->number[i]];
        t->outcomes[log->outcome[i]]++;
        t->effect += log->outcome[i] == 0 ? (double)log->effect[i] : 0;
    }
}

static void put_mean(tool_grid *grid, size_t count, double replications)
{
    char text[FIGURE_SIZE];
    figure_number(text, (double)count / replications, count % (size_t)replications == 0 ? 0 : 1);
    grid_text(grid, count == 0 ? "-" : text);
}

static void put_order(tool_grid *grid, const order_log *log, size_t order, const tally *t)
{
    char when[40] = "-";
    const char *label = log->orders->labels[order] + strcspn(log->orders->labels[order], " "); /* behind its number */
    if (t->outcomes[0] > 0)
        words_duration(when, sizeof when, t->effect / (double)t->outcomes[0] * 1e-6);
    grid_text(grid, *label == ' ' ? label + 1 : label);
    put_mean(grid, t->outcomes[0], log->replications);
    grid_text(grid, when);
    for (int outcome = 1; outcome < OUTCOMES; outcome++)
        put_mean(grid, t->outcomes[outcome], log->replications);
}

int table_orders_print(const tool_view *view, FILE *to)
{
    static const char *const heading[] = {"Orders",   "Done",       "After, mean", "Withdrawn",
                                          "Not paid", "Not agreed", "Pending"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    order_log log;
    if (!find_log(view, &log))
        return 0;
    tally *tallies = calloc(log.orders->size, sizeof *tallies);
    if (tallies == NULL)
        return SIM_E_MEMORY;
    count_up(&log, tallies);
    tool_grid grid;
    grid_init(&grid, COLUMNS, ~UINT64_C(1));
    for (size_t i = 0; i < COLUMNS; i++)
        grid_text(&grid, heading[i]);
    for (size_t i = 0; i < log.orders->size; i++)
        put_order(&grid, &log, i, &tallies[i]);
    putc('\n', to);
    int error = grid_print(&grid, to);
    fputs("Times a run that each order was done; after: from the start of the run until it took effect; pending: it "
          "would have taken "
          "effect after the end.\n",
          to);
    grid_free(&grid);
    free(tallies);
    return error;
}
