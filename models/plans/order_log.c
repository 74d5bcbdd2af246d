/* The log of orders in the results: one row for each giving of an order, and one for each change of a rule's level, of
 * all replications in their order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/replay.h"
#include "sim/base/error.h"

typedef struct {
    model_order_row row;
    size_t replication;
} kept_order;

typedef struct {
    model_level_row row;
    size_t replication;
} kept_level;

/* An order that is not the setup's: it was given on the way. */
typedef struct {
    char *says, *giver;
} kept_extra;

struct model_order_logs {
    kept_extra *extras; /* numbered behind the orders of the setup */
    size_t extra_count, extra_room;
    kept_order *orders;
    size_t order_count, order_room;
    kept_level *levels;
    size_t level_count, level_room;
};

void model_order_logs_free(struct model_order_logs *logs)
{
    for (size_t i = 0; logs != NULL && i < logs->extra_count; i++) {
        free(logs->extras[i].says);
        free(logs->extras[i].giver);
    }
    if (logs != NULL) {
        free(logs->extras);
        free(logs->orders);
        free(logs->levels);
    }
    free(logs);
}

/* Room for `more` entries of `size` bytes behind the first `count`. */
static int make_room(void **entries, size_t *room, size_t count, size_t more, size_t size)
{
    if (count + more <= *room)
        return 0;
    size_t wanted = (count + more) * 2;
    void *larger = wanted > SIZE_MAX / size ? NULL : realloc(*entries, wanted * size);
    if (larger == NULL)
        return SIM_E_MEMORY;
    *entries = larger;
    *room = wanted;
    return 0;
}

/* Keeps the orders that were given on the way; *shift is what their numbers in the world grow by. */
static int add_extras(struct model_order_logs *l, const model_world *world, uint32_t *shift)
{
    uint32_t own = world->setup->order_count, more = world->order_count > own ? world->order_count - own : 0;
    void *entries = l->extras;
    int ret = make_room(&entries, &l->extra_room, l->extra_count, more, sizeof *l->extras);
    l->extras = entries;
    *shift = (uint32_t)l->extra_count;
    for (uint32_t i = 0; i < more && ret == 0; i++) {
        const model_order *order = world->orders[own + i];
        kept_extra *extra = &l->extras[l->extra_count++];
        *extra = (kept_extra){strdup(order->says), strdup(order->giver)};
        ret = extra->says == NULL || extra->giver == NULL ? SIM_E_MEMORY : 0;
    }
    return ret;
}

int model_order_logs_add(struct model_order_logs **logs, const model_world *world, size_t replication)
{
    size_t orders, levels;
    const model_order_row *order_rows = model_order_log(world, &orders);
    const model_level_row *level_rows = model_level_log(world, &levels);
    if (*logs == NULL && (*logs = calloc(1, sizeof **logs)) == NULL)
        return SIM_E_MEMORY;
    struct model_order_logs *l = *logs;
    void *order_entries = l->orders, *level_entries = l->levels;
    int ret = make_room(&order_entries, &l->order_room, l->order_count, orders, sizeof *l->orders);
    if (ret == 0)
        ret = make_room(&level_entries, &l->level_room, l->level_count, levels, sizeof *l->levels);
    l->orders = order_entries;
    l->levels = level_entries;
    uint32_t shift = 0;
    if (ret == 0)
        ret = add_extras(l, world, &shift);
    for (size_t i = 0; i < orders && ret == 0; i++) {
        kept_order *kept = &l->orders[l->order_count++];
        *kept = (kept_order){order_rows[i], replication};
        kept->row.order += kept->row.order >= world->setup->order_count ? shift : 0;
    }
    for (size_t i = 0; i < levels && ret == 0; i++)
        l->levels[l->level_count++] = (kept_level){level_rows[i], replication};
    return ret;
}

/* --- writing --- */

/* The orders as an axis, each with its number in the timeline; those that were given on the way as they were. */
static int order_axis(const struct model_order_logs *logs, const model_setup *setup, sim_result *result)
{
    enum { LONGEST = 200 };
    size_t count = setup->order_count + logs->extra_count;
    char *texts = calloc((size_t)setup->order_count + 1, LONGEST);
    const char **labels = calloc(count + 1, sizeof *labels);
    int ret = texts == NULL || labels == NULL ? SIM_E_MEMORY : 0;
    for (uint32_t i = 0; i < setup->order_count && ret == 0; i++) {
        char *text = texts + (size_t)i * LONGEST;
        int n = snprintf(text, LONGEST, "%u ", setup->orders[i].element);
        model_order_text(&setup->orders[i], text + n, (size_t)(LONGEST - n));
        labels[i] = text;
    }
    for (size_t i = 0; i < logs->extra_count && ret == 0; i++)
        labels[setup->order_count + i] = logs->extras[i].says;
    if (ret == 0)
        ret = sim_result_labels(result, "order", "order, with its number in the timeline from 0", count, labels);
    free(texts);
    free(labels);
    return ret;
}

static int row_axis(sim_result *result, const char *name, const char *doc, size_t count)
{
    double *numbers = malloc((count + 1) * sizeof *numbers);
    if (numbers == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        numbers[i] = (double)i;
    int axis = sim_result_values(result, name, doc, "1", count, numbers);
    free(numbers);
    return axis;
}

static int64_t or_never(sim_time time)
{
    return time == SIM_FOREVER ? -1 : time;
}

static int write_orders(const struct model_order_logs *logs, const model_setup *setup, sim_result *result)
{
    static const struct {
        const char *path, *doc, *unit;
    } columns[] = {
        {"orders/replication", "number of the replication", "1"},
        {"orders/number", "which order: along the axis `order`, from 0", "1"},
        {"orders/by", "who gave it; 0: the timeline; else the rule, along the axis `rule`, from 1", "1"},
        {"orders/given", "when it was given", "us"},
        {"orders/effect", "when it took effect; -1: it did not", "us"},
        {"orders/end", "when it was undone or withdrawn; -1: not before the run's end", "us"},
        {"orders/outcome", "0 done, 1 withdrawn, 2 not paid, 3 not agreed, 4 pending at the run's end", "1"}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    int64_t *values[COLUMNS], *times = NULL;
    int order = order_axis(logs, setup, result), ret = order < 0 ? order : 0;
    int entry =
        ret == 0 ? row_axis(result, "entry", "row of the log of orders, all replications", logs->order_count) : ret;
    ret = entry < 0 ? entry : 0;
    if (ret == 0)
        ret = sim_result_integers(result, "orders/carried_out", "times it was carried out, all replications", "1", 1,
                                  &order, &times);
    for (int i = 0; i < COLUMNS && ret == 0; i++)
        ret = sim_result_integers(result, columns[i].path, columns[i].doc, columns[i].unit, 1, &entry, &values[i]);
    for (size_t i = 0; i < logs->order_count && ret == 0; i++) {
        const model_order_row *row = &logs->orders[i].row;
        uint32_t rule = row->order < setup->order_count ? setup->orders[row->order].rule : MODEL_NONE;
        times[row->order] += row->outcome == MODEL_ORDER_DONE;
        const int64_t cells[COLUMNS] = {(int64_t)logs->orders[i].replication,
                                        row->order,
                                        rule == MODEL_NONE ? 0 : (int64_t)rule + 1,
                                        row->given,
                                        or_never(row->effect),
                                        or_never(row->end),
                                        row->outcome};
        for (int k = 0; k < COLUMNS; k++)
            values[k][i] = cells[k];
    }
    return ret;
}

/* Who gave each order, where anyone did on the way: results of runs that nobody took part in have none of this. */
static int write_givers(const struct model_order_logs *logs, const model_setup *setup, sim_result *result)
{
    size_t count = setup->order_count + logs->extra_count, n = 0;
    const char **labels = calloc(count + 1, sizeof *labels);
    int64_t *givers = NULL;
    int order = order_axis(logs, setup, result), ret = labels == NULL ? SIM_E_MEMORY : order < 0 ? order : 0;
    if (ret == 0)
        ret = sim_result_integers(result, "orders/giver", "who gave it: along the axis `giver`, from 0", "1", 1, &order,
                                  &givers);
    for (size_t i = 0; i < count && ret == 0; i++) {
        const char *giver =
            i < setup->order_count ? setup->orders[i].giver : logs->extras[i - setup->order_count].giver;
        size_t k = 0;
        while (k < n && strcmp(labels[k], giver) != 0)
            k++;
        if (k == n)
            labels[n++] = giver;
        givers[i] = (int64_t)k;
    }
    if (ret == 0) {
        int axis = sim_result_labels(result, "giver", "who gives orders", n, labels);
        ret = axis < 0 ? axis : 0;
    }
    free(labels);
    return ret;
}

static int write_levels(const struct model_order_logs *logs, sim_result *result)
{
    static const struct {
        const char *path, *doc, *unit;
    } columns[] = {
        {"orders/change_replication", "number of the replication", "1"},
        {"orders/change_time", "when the level of a rule changed", "us"},
        {"orders/change_rule", "which rule: along the axis `rule`, from 0", "1"},
        {"orders/change_level", "its level from then on: 0 none, 1 watch, 2 partial, 3 full, 4 overwhelmed", "1"}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    int64_t *values[COLUMNS];
    int change = row_axis(result, "change", "row of the log of levels, all replications", logs->level_count),
        ret = change < 0 ? change : 0;
    for (int i = 0; i < COLUMNS && ret == 0; i++)
        ret = sim_result_integers(result, columns[i].path, columns[i].doc, columns[i].unit, 1, &change, &values[i]);
    for (size_t i = 0; i < logs->level_count && ret == 0; i++) {
        const model_level_row *row = &logs->levels[i].row;
        values[0][i] = (int64_t)logs->levels[i].replication;
        values[1][i] = row->at;
        values[2][i] = row->rule;
        values[3][i] = row->level;
    }
    return ret;
}

int model_order_logs_write(const struct model_order_logs *logs, const model_setup *setup, sim_result *result)
{
    int ret = 0;
    if (logs != NULL && logs->order_count > 0)
        ret = write_orders(logs, setup, result);
    if (ret == 0 && logs != NULL && logs->extra_count > 0)
        ret = write_givers(logs, setup, result);
    if (ret == 0 && logs != NULL && logs->level_count > 0)
        ret = write_levels(logs, result);
    return ret;
}
