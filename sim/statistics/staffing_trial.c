/* Trials of the staffing search: each vector is evaluated once and kept with its scores; what failed is remembered
 * block by block. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/staffing_internal.h"

static bool score_meets(sim_staffing_score score)
{
    return score.slack >= score.margin; /* NaN is not */
}

bool sim_staffing_meets(const sim_staffing_problem *problem, const sim_staffing_score *scores)
{
    for (size_t t = 0; t < problem->targets; t++)
        if (!score_meets(scores[t]))
            return false;
    return true;
}

double sim_staffing_cost(const sim_staffing_problem *problem, const int64_t *heads)
{
    double sum = 0;
    for (size_t j = 0; j < problem->shifts; j++)
        sum += (double)heads[j] * problem->cost[j];
    return sum;
}

bool sim_staffing_trial_meets(const sim_staffing *s, size_t at)
{
    return sim_staffing_meets(s->problem, s->answer->scores + at * s->problem->targets);
}

bool sim_staffing_block_meets(const sim_staffing *s, size_t at, uint32_t block)
{
    const sim_staffing_problem *p = s->problem;
    for (size_t t = 0; t < p->targets; t++) {
        bool concerned = s->blocks == 1 || p->concerns[t] == block || p->concerns[t] == SIM_STAFFING_ALL;
        if (concerned && !score_meets(s->answer->scores[at * p->targets + t]))
            return false;
    }
    return true;
}

static bool find(const sim_staffing *s, const int64_t *heads, size_t *at)
{
    size_t n = s->problem->shifts;
    for (size_t i = s->answer->count; i-- > 0;)
        if (memcmp(s->answer->heads + i * n, heads, n * sizeof *heads) == 0) {
            *at = i;
            return true;
        }
    return false;
}

static int grow(sim_staffing *s)
{
    sim_staffing_answer *a = s->answer;
    if (a->count < a->room)
        return 0;
    size_t room = a->room == 0 ? 64 : 2 * a->room;
    int64_t *heads = realloc(a->heads, room * s->problem->shifts * sizeof *heads);
    if (heads != NULL)
        a->heads = heads;
    sim_staffing_score *scores = realloc(a->scores, room * s->problem->targets * sizeof *scores);
    if (scores != NULL)
        a->scores = scores;
    sim_staffing_phase *phases = realloc(a->phases, room * sizeof *phases);
    if (phases != NULL)
        a->phases = phases;
    if (heads == NULL || scores == NULL || phases == NULL)
        return SIM_E_MEMORY;
    a->room = room;
    return 0;
}

int sim_staffing_try_all(sim_staffing *s, const int64_t *heads, size_t count, sim_staffing_phase phase, size_t *at)
{
    sim_staffing_answer *a = s->answer;
    size_t n = s->problem->shifts, first = a->count;
    bool used_up = false;
    for (size_t i = 0; i < count; i++) {
        if (find(s, heads + i * n, &at[i])) /* also among those of this list */
            continue;
        used_up = a->count >= s->problem->most;
        int ret = used_up ? 0 : grow(s);
        if (ret != 0)
            a->count = first;
        if (ret != 0 || used_up)
            return ret != 0 ? ret : (a->count = first, SIM_STAFFING_USED_UP);
        memcpy(a->heads + a->count * n, heads + i * n, n * sizeof *heads);
        a->phases[a->count] = phase;
        at[i] = a->count++;
    }
    if (a->count == first)
        return 0;
    int ret = s->problem->evaluate(s->problem->user, a->heads + first * n, a->count - first,
                                   a->scores + first * s->problem->targets);
    if (ret != 0)
        a->count = first;
    return ret;
}

int sim_staffing_try(sim_staffing *s, const int64_t *heads, sim_staffing_phase phase, size_t *at)
{
    return sim_staffing_try_all(s, heads, 1, phase, at);
}

void sim_staffing_take(sim_staffing *s, size_t at)
{
    const int64_t *heads = s->answer->heads + at * s->problem->shifts;
    if (s->answer->met && sim_staffing_cost(s->problem, heads) >= sim_staffing_cost(s->problem, s->best))
        return;
    memcpy(s->best, heads, s->problem->shifts * sizeof *heads);
    s->answer->met = true;
    s->answer->chosen = at;
}

int sim_staffing_fail(sim_staffing *s, const int64_t *heads, uint32_t block)
{
    size_t n = s->problem->shifts;
    if (s->failed_count == s->failed_room) {
        size_t room = s->failed_room == 0 ? 64 : 2 * s->failed_room;
        int64_t *failed = realloc(s->failed, room * n * sizeof *failed);
        if (failed != NULL)
            s->failed = failed;
        uint32_t *blocks = realloc(s->failed_block, room * sizeof *blocks);
        if (blocks != NULL)
            s->failed_block = blocks;
        if (failed == NULL || blocks == NULL)
            return SIM_E_MEMORY;
        s->failed_room = room;
    }
    memcpy(s->failed + s->failed_count * n, heads, n * sizeof *heads);
    s->failed_block[s->failed_count++] = block;
    return 0;
}

void sim_staffing_forget(sim_staffing *s, uint32_t block)
{
    size_t n = s->problem->shifts, kept = 0;
    for (size_t i = 0; i < s->failed_count; i++) {
        if (s->failed_block[i] == block)
            continue;
        memmove(s->failed + kept * n, s->failed + i * n, n * sizeof *s->failed);
        s->failed_block[kept++] = s->failed_block[i];
    }
    s->failed_count = kept;
}

bool sim_staffing_has_failed(const sim_staffing *s, const int64_t *heads, uint32_t block)
{
    size_t n = s->problem->shifts;
    for (size_t i = 0; i < s->failed_count; i++) {
        bool below = s->failed_block[i] == block;
        for (size_t j = 0; j < n && below; j++)
            below = s->block[j] != block || heads[j] <= s->failed[i * n + j];
        if (below)
            return true;
    }
    return false;
}

void sim_staffing_put_block(const sim_staffing *s, int64_t *heads, const int64_t *from, uint32_t block)
{
    for (size_t j = 0; j < s->problem->shifts; j++)
        if (s->block[j] == block)
            heads[j] = from[j];
}

void sim_staffing_answer_free(sim_staffing_answer *answer)
{
    free(answer->heads);
    free(answer->scores);
    free(answer->phases);
    *answer = (sim_staffing_answer){0};
}
