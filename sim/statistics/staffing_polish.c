/* Taking people off shifts and exchanging them between shifts, as long as the targets hold.
 *
 * First in big steps, a quarter of each shift at a time, halved until they are single persons; then by the moves of
 * staffing_moves.c. Blocks move side by side. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/staffing_internal.h"

/* --- trying changes of several blocks at once --- */

/* Those that did well together with others that failed: once more without these, then each by itself. */
static int confirm(sim_staffing *s, const int64_t *wanted, bool *does, sim_staffing_phase phase)
{
    size_t at, n = s->problem->shifts;
    int64_t *heads = s->scratch;
    memcpy(heads, s->best, n * sizeof *heads);
    for (uint32_t b = 0; b < s->blocks; b++)
        if (does[b])
            sim_staffing_put_block(s, heads, wanted, b);
    int ret = sim_staffing_try(s, heads, phase, &at);
    if (ret != 0)
        return ret;
    if (sim_staffing_trial_meets(s, at)) {
        sim_staffing_take(s, at);
        return 0;
    }
    for (uint32_t b = 0; b < s->blocks && ret == 0; b++) {
        if (!does[b])
            continue;
        memcpy(heads, s->best, n * sizeof *heads);
        sim_staffing_put_block(s, heads, wanted, b);
        ret = sim_staffing_try(s, heads, phase, &at);
        does[b] = ret == 0 && sim_staffing_trial_meets(s, at);
        if (does[b])
            sim_staffing_take(s, at);
        else if (ret == 0)
            ret = sim_staffing_fail(s, wanted, b);
    }
    return ret;
}

/* Blocks with does[b] want their part of `wanted`, which is cheaper than what they have. On return does[b] says which
 * got it. */
static int attempt(sim_staffing *s, const int64_t *wanted, bool *does, sim_staffing_phase phase)
{
    size_t at;
    bool any = false;
    int ret = sim_staffing_try(s, wanted, phase, &at);
    if (ret != 0)
        return ret;
    if (sim_staffing_trial_meets(s, at)) {
        sim_staffing_take(s, at);
        return 0;
    }
    for (uint32_t b = 0; b < s->blocks && ret == 0; b++) {
        if (!does[b])
            continue;
        does[b] = sim_staffing_block_meets(s, at, b);
        any = any || does[b];
        if (!does[b])
            ret = sim_staffing_fail(s, wanted, b);
    }
    return ret == 0 && any ? confirm(s, wanted, does, phase) : ret;
}

/* --- big steps --- */

/* In each block the shifts in the order of the cost of a person, the dearest first; order[block][k], SIZE_MAX behind
 * the last. */
static void sort_shifts(const sim_staffing *s, size_t *order)
{
    size_t n = s->problem->shifts;
    for (size_t i = 0; i < s->blocks * n; i++)
        order[i] = SIZE_MAX;
    for (size_t j = 0; j < n; j++) {
        size_t *row = order + s->block[j] * n, at = 0;
        while (row[at] != SIZE_MAX)
            at++;
        for (; at > 0 && s->problem->cost[row[at - 1]] < s->problem->cost[j]; at--)
            row[at] = row[at - 1];
        row[at] = j;
    }
}

/* The k-th shift of each block goes down by a share of what it has, at least by one. *changed: some block keeps it. */
static int trim_kth(sim_staffing *s, const size_t *order, size_t k, int64_t share, bool *does, bool *changed)
{
    size_t n = s->problem->shifts;
    int64_t *wanted = s->scratch + n;
    bool any = false;
    memcpy(wanted, s->best, n * sizeof *wanted);
    for (uint32_t b = 0; b < s->blocks; b++) {
        size_t j = order[b * n + k];
        does[b] = false;
        if (j == SIZE_MAX || wanted[j] <= s->problem->low[j])
            continue;
        int64_t step = (wanted[j] - s->problem->low[j]) / share;
        wanted[j] -= step < 1 ? 1 : step;
        does[b] = !sim_staffing_has_failed(s, wanted, b);
        if (!does[b])
            wanted[j] = s->best[j];
        any = any || does[b];
    }
    int ret = any ? attempt(s, wanted, does, SIM_STAFFING_TRIM) : 0;
    for (uint32_t b = 0; b < s->blocks; b++)
        *changed = *changed || does[b];
    return ret;
}

/* By a quarter, then an eighth and so on, as long as there is somebody who can go. */
static int trim(sim_staffing *s, const size_t *order, bool *does)
{
    size_t n = s->problem->shifts;
    int64_t most = 1;
    for (size_t j = 0; j < n; j++)
        most = s->best[j] - s->problem->low[j] > most ? s->best[j] - s->problem->low[j] : most;
    int ret = 0;
    for (int64_t share = 4; ret == 0; share *= 2) {
        bool changed = false;
        for (size_t k = 0; k < n && ret == 0; k++)
            ret = trim_kth(s, order, k, share, does, &changed);
        if (share > most && !changed)
            break;
        share = share > most ? most : share; /* single persons until that is over */
    }
    return ret;
}

/* --- moves --- */

/* *moved: some block found a move. */
static int exchange(sim_staffing *s, sim_staffing_moves *lists, bool *does, bool *moved)
{
    size_t n = s->problem->shifts;
    int64_t *wanted = s->scratch + n;
    *moved = false;
    for (int ret = 0;;) {
        bool any = false;
        memcpy(wanted, s->best, n * sizeof *wanted);
        for (uint32_t b = 0; b < s->blocks; b++) {
            does[b] = sim_staffing_next_move(s, &lists[b], b, wanted);
            any = any || does[b];
        }
        if (any)
            ret = attempt(s, wanted, does, SIM_STAFFING_EXCHANGE);
        if (!any || ret != 0)
            return ret;
        for (uint32_t b = 0; b < s->blocks; b++) {
            lists[b].next = does[b] ? 0 : lists[b].next;
            *moved = *moved || does[b];
        }
    }
}

/* In each block the dearest shift of which a person can go; SIZE_MAX: none. at[i]: the trial with one less on
 * members[i]. */
static void choose_less(const sim_staffing *s, const size_t *members, const size_t *at, size_t count, size_t *chosen)
{
    for (uint32_t b = 0; b < s->blocks; b++)
        chosen[b] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t *of = &chosen[s->block[members[i]]];
        if (sim_staffing_trial_meets(s, at[i]) &&
            (*of == SIZE_MAX || s->problem->cost[members[i]] > s->problem->cost[*of]))
            *of = members[i];
    }
}

/* Each person less by itself, without any presumption; *changed: somebody could go. Then what was held to fail there
 * failed for the others' changes, and is forgotten. */
static int settle(sim_staffing *s, bool *does, bool *changed)
{
    size_t n = s->problem->shifts, count = 0;
    size_t *at = calloc(n, sizeof *at), *members = calloc(n, sizeof *members),
           *chosen = calloc(s->blocks, sizeof *chosen);
    int64_t *list = calloc(n * n, sizeof *list), *wanted = s->scratch + n;
    int ret = at == NULL || members == NULL || chosen == NULL || list == NULL ? SIM_E_MEMORY : 0;
    for (size_t j = 0; j < n && ret == 0; j++) {
        if (s->best[j] <= s->problem->low[j])
            continue;
        memcpy(list + count * n, s->best, n * sizeof *list);
        list[count * n + j]--;
        members[count++] = j;
    }
    *changed = false;
    if (ret == 0)
        ret = sim_staffing_try_all(s, list, count, SIM_STAFFING_EXCHANGE, at);
    if (ret == 0)
        choose_less(s, members, at, count, chosen);
    memcpy(wanted, s->best, n * sizeof *wanted);
    for (uint32_t b = 0; b < s->blocks && ret == 0; b++) {
        does[b] = chosen[b] != SIZE_MAX;
        *changed = *changed || does[b];
        if (does[b]) {
            wanted[chosen[b]]--;
            sim_staffing_forget(s, b);
        }
    }
    if (*changed)
        ret = attempt(s, wanted, does, SIM_STAFFING_EXCHANGE);
    for (size_t i = 0; i < count && ret == 0; i++) /* together they may all fail: one can go at least */
        if (sim_staffing_trial_meets(s, at[i]))
            sim_staffing_take(s, at[i]);
    free(at);
    free(members);
    free(chosen);
    free(list);
    return ret;
}

static int polish(sim_staffing *s, const size_t *order, bool *does, sim_staffing_moves *lists)
{
    for (bool moved = true; moved;) {
        int ret = trim(s, order, does);
        if (ret == 0)
            ret = settle(s, does, &moved);
        for (uint32_t b = 0; b < s->blocks; b++)
            lists[b].next = 0;
        if (ret == 0 && !moved)
            ret = exchange(s, lists, does, &moved);
        if (ret != 0)
            return ret;
    }
    return 0;
}

int sim_staffing_polish(sim_staffing *s)
{
    size_t n = s->problem->shifts;
    size_t *order = calloc(s->blocks * n, sizeof *order);
    bool *does = calloc(s->blocks, sizeof *does);
    sim_staffing_moves *lists = calloc(s->blocks, sizeof *lists);
    int ret = order == NULL || does == NULL || lists == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0) {
        sort_shifts(s, order);
        ret = sim_staffing_list_moves(s, order, lists);
    }
    if (ret == 0)
        ret = polish(s, order, does, lists);
    for (uint32_t b = 0; lists != NULL && b < s->blocks; b++)
        free(lists[b].moves);
    free(lists);
    free(does);
    free(order);
    return ret;
}
