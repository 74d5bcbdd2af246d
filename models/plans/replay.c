/* Replaying a run: what rules decided, read from the log in its results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/replay.h"
#include "models/plans/rules.h"
#include "sim/base/error.h"

struct model_replay {
    model_decisions *of; /* each replication */
    model_decision **rows;
    size_t *rooms;
    size_t replications;
};

void model_replay_free(model_replay *replay)
{
    if (replay == NULL)
        return;
    for (size_t i = 0; replay->rows != NULL && i < replay->replications; i++)
        free(replay->rows[i]);
    free(replay->rows);
    free(replay->rooms);
    free(replay->of);
    free(replay);
}

const model_decisions *model_replay_of(const model_replay *replay, size_t replication)
{
    return &replay->of[replication];
}

static int add(model_replay *replay, size_t replication, model_decision decision)
{
    model_decisions *of = &replay->of[replication];
    if (of->count == replay->rooms[replication]) {
        size_t room = of->count == 0 ? 16 : 2 * of->count;
        model_decision *rows = realloc(replay->rows[replication], room * sizeof *rows);
        if (rows == NULL)
            return SIM_E_MEMORY;
        replay->rows[replication] = rows;
        replay->rooms[replication] = room;
        of->rows = rows;
    }
    replay->rows[replication][of->count++] = decision;
    return 0;
}

/* The columns of a log, all of one length; false: one is missing, or is no column of whole numbers. */
static bool find_columns(const sim_result *results, const char *const *paths, size_t n, const int64_t **columns,
                         size_t *size)
{
    for (size_t i = 0; i < n; i++) {
        const sim_dataset *d = sim_result_find(results, paths[i]);
        if (d == NULL || !d->is_integer || d->axis_count != 1 || (i > 0 && d->size != *size))
            return false;
        columns[i] = d->data.integers;
        *size = d->size;
    }
    return true;
}

static bool is_within(int64_t value, size_t count)
{
    return value >= 0 && (uint64_t)value < count;
}

/* Orders of rules: given, and taken back unless their own duration ended them. */
static int read_orders(model_replay *replay, const model_setup *setup, const sim_result *results)
{
    static const char *const paths[] = {"orders/replication", "orders/number", "orders/by",
                                        "orders/given",       "orders/end",    "orders/outcome"};
    const int64_t *columns[6];
    size_t size = 0;
    if (sim_result_find(results, paths[0]) == NULL)
        return 0; /* no order was ever given */
    if (!find_columns(results, paths, 6, columns, &size))
        return SIM_E_FORMAT;
    int ret = 0;
    for (size_t i = 0; i < size && ret == 0; i++) {
        int64_t replication = columns[0][i], number = columns[1][i], by = columns[2][i], given = columns[3][i],
                end = columns[4][i];
        if (by == 0)
            continue;
        if (!is_within(replication, replay->replications) || !is_within(number, setup->order_count) ||
            setup->orders[number].rule != (uint64_t)by - 1 || given < 0 || given > setup->end || end > setup->end)
            return SIM_E_FORMAT;
        ret = add(replay, (size_t)replication, (model_decision){given, MODEL_DECISION_GIVE, (uint32_t)number, 0});
        bool taken_back =
            end >= 0 && (columns[5][i] == MODEL_ORDER_WITHDRAWN || setup->orders[number].duration == SIM_FOREVER);
        if (ret == 0 && taken_back)
            ret = add(replay, (size_t)replication, (model_decision){end, MODEL_DECISION_RECALL, (uint32_t)number, 0});
    }
    return ret;
}

static int read_levels(model_replay *replay, const model_setup *setup, const sim_result *results)
{
    static const char *const paths[] = {"orders/change_replication", "orders/change_time", "orders/change_rule",
                                        "orders/change_level"};
    const int64_t *columns[4];
    size_t size = 0;
    if (sim_result_find(results, paths[0]) == NULL)
        return 0;
    if (!find_columns(results, paths, 4, columns, &size))
        return SIM_E_FORMAT;
    int ret = 0;
    for (size_t i = 0; i < size && ret == 0; i++) {
        int64_t replication = columns[0][i], at = columns[1][i], rule = columns[2][i], level = columns[3][i];
        if (!is_within(replication, replay->replications) || !is_within(rule, model_rules_count(setup)) ||
            !is_within(level, MODEL_LEVELS + 1) || at < 0 || at > setup->end)
            return SIM_E_FORMAT;
        ret = add(replay, (size_t)replication,
                  (model_decision){at, MODEL_DECISION_LEVEL, (uint32_t)rule, (uint32_t)level});
    }
    return ret;
}

int model_replay_new(model_replay **out, const model_setup *setup, const sim_result *results, size_t replications,
                     char *why, size_t size)
{
    model_replay *replay = *out = calloc(1, sizeof *replay);
    if (replay == NULL)
        return SIM_E_MEMORY;
    replay->replications = replications;
    replay->of = calloc(replications + 1, sizeof *replay->of);
    replay->rows = calloc(replications + 1, sizeof *replay->rows);
    replay->rooms = calloc(replications + 1, sizeof *replay->rooms);
    int ret = replay->of == NULL || replay->rows == NULL || replay->rooms == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0)
        ret = read_levels(replay, setup, results);
    if (ret == 0)
        ret = read_orders(replay, setup, results);
    if (ret == 0 && sim_result_find(results, "orders/giver") != NULL) {
        snprintf(why, size, "orders were given while it ran: only a session can give them again");
        return SIM_E_FORMAT;
    }
    if (ret == SIM_E_FORMAT)
        snprintf(why, size, "its log of orders does not fit the scenario");
    return ret;
}
