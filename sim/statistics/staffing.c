/* The staffing search: plenty first, then the square-root rule block by block, then repair where that is not enough;
 * what follows is in staffing_polish.c. */
#include "sim/statistics/staffing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/staffing_internal.h"

/* beta is found to this; a step of it changes at most a person or two where 10,000 are on a shift. */
static const double beta_width = 0.02;

const char *const sim_staffing_phases[] = {"ample", "start", "repair", "trim", "exchange"};

static int open_search(sim_staffing *s, const sim_staffing_problem *problem, sim_staffing_answer *answer)
{
    size_t n = problem->shifts;
    *s = (sim_staffing){.problem = problem, .answer = answer, .blocks = 1};
    s->block = calloc(n, sizeof *s->block);
    s->best = calloc(n, sizeof *s->best);
    s->scratch = calloc(2 * n, sizeof *s->scratch);
    if (s->block == NULL || s->best == NULL || s->scratch == NULL)
        return SIM_E_MEMORY;
    bool together = false;
    for (size_t t = 0; t < problem->targets; t++)
        together = together || problem->concerns[t] == SIM_STAFFING_ALL;
    for (size_t j = 0; j < n && !together; j++) {
        s->block[j] = problem->block[j];
        s->blocks = s->block[j] + 1 > s->blocks ? s->block[j] + 1 : s->blocks;
    }
    return 0;
}

static void close_search(sim_staffing *s)
{
    free(s->block);
    free(s->best);
    free(s->scratch);
    free(s->failed);
    free(s->failed_block);
}

/* --- the square-root rule --- */

static int64_t clip(const sim_staffing_problem *p, size_t j, double heads)
{
    if (heads <= (double)p->low[j])
        return p->low[j];
    return heads >= (double)p->high[j] ? p->high[j] : (int64_t)heads;
}

/* A load of next to nothing has a deviation too: who comes at all needs somebody. */
static double deviation(double load)
{
    return sqrt(load > 0.25 ? load : 0.25);
}

static int64_t by_rule(const sim_staffing_problem *p, size_t j, double beta)
{
    return clip(p, j, ceil(p->load[j] + beta * deviation(p->load[j]) - 1e-9));
}

typedef struct {
    double low, high; /* beta that fails or gives the least, beta that does */
    double most;      /* beta that gives the highest heads */
} bracket;

static void put_rule(const sim_staffing *s, const bracket *brackets, bool middle, int64_t *heads)
{
    for (size_t j = 0; j < s->problem->shifts; j++) {
        const bracket *b = &brackets[s->block[j]];
        bool is_open = middle && b->high - b->low > beta_width;
        heads[j] = by_rule(s->problem, j, is_open ? (b->low + b->high) / 2 : b->high);
    }
}

static bool narrow(const sim_staffing *s, bracket *brackets, size_t at)
{
    bool is_open = false;
    for (uint32_t b = 0; b < s->blocks; b++) {
        if (brackets[b].high - brackets[b].low <= beta_width)
            continue;
        double middle = (brackets[b].low + brackets[b].high) / 2;
        *(sim_staffing_block_meets(s, at, b) ? &brackets[b].high : &brackets[b].low) = middle;
        is_open = is_open || brackets[b].high - brackets[b].low > beta_width;
    }
    return is_open;
}

/* Blocks that did well while others fell short may not do so beside others that do well: their beta is raised, by steps
 * that grow. */
static int raise_rule(sim_staffing *s, bracket *brackets, int64_t *heads)
{
    for (double step = 2 * beta_width;; step *= 2) {
        size_t at;
        put_rule(s, brackets, false, heads);
        int ret = sim_staffing_try(s, heads, SIM_STAFFING_START, &at);
        if (ret != 0 || sim_staffing_trial_meets(s, at))
            return ret;
        bool any = false;
        for (uint32_t b = 0; b < s->blocks; b++) {
            if (sim_staffing_block_meets(s, at, b) || brackets[b].high >= brackets[b].most)
                continue;
            brackets[b].high = fmin(brackets[b].high + step, brackets[b].most);
            any = true;
        }
        if (!any)
            return 0; /* others are what they lack: see repair */
    }
}

/* The smallest beta of each block by which the targets are met; the heads it gives. */
static int start_by_rule(sim_staffing *s, int64_t *heads)
{
    const sim_staffing_problem *p = s->problem;
    bracket *brackets = calloc(s->blocks, sizeof *brackets);
    if (brackets == NULL)
        return SIM_E_MEMORY;
    for (size_t j = 0; j < p->shifts; j++) {
        bracket *b = &brackets[s->block[j]];
        double d = deviation(p->load[j]);
        b->low = fmin(b->low, ((double)p->low[j] - p->load[j]) / d);
        b->most = b->high = fmax(b->high, ((double)p->high[j] - p->load[j]) / d);
    }
    int ret = 0;
    for (bool is_open = true; is_open && ret == 0;) {
        size_t at;
        put_rule(s, brackets, true, heads);
        ret = sim_staffing_try(s, heads, SIM_STAFFING_START, &at);
        if (ret == 0 && sim_staffing_trial_meets(s, at))
            sim_staffing_take(s, at);
        if (ret == 0)
            is_open = narrow(s, brackets, at);
    }
    if (ret == 0)
        ret = raise_rule(s, brackets, heads);
    free(brackets);
    return ret;
}

/* --- repair --- */

static double deficit(const sim_staffing *s, size_t at, uint32_t block)
{
    const sim_staffing_problem *p = s->problem;
    double sum = 0;
    for (size_t t = 0; t < p->targets; t++) {
        sim_staffing_score score = s->answer->scores[at * p->targets + t];
        if (s->blocks > 1 && p->concerns[t] != block)
            continue;
        double lack = score.margin - score.slack;
        sum += isnan(lack) ? 1e9 : lack > 0 ? lack : 0;
    }
    return sum;
}

static void raise_shift(const sim_staffing *s, int64_t *heads, size_t j, int64_t step)
{
    heads[j] = heads[j] > s->problem->high[j] - step ? s->problem->high[j] : heads[j] + step;
}

/* The k-th shift of each block that fails gets `step` more. */
static void raise_kth(const sim_staffing *s, size_t at, size_t k, int64_t step, int64_t *heads)
{
    for (uint32_t b = 0; b < s->blocks; b++)
        for (size_t j = 0, seen = 0; j < s->problem->shifts; j++) {
            if (s->block[j] != b)
                continue;
            if (seen++ == k && !sim_staffing_block_meets(s, at, b))
                raise_shift(s, heads, j, step);
        }
}

/* Raises, in the block, the shift whose trial gained most for its cost; all of them when none gained. */
static void raise_best(const sim_staffing *s, size_t from, const size_t *trials, uint32_t block, int64_t step,
                       int64_t *heads)
{
    double best = 0;
    size_t chosen = SIZE_MAX;
    for (size_t j = 0, k = 0; j < s->problem->shifts; j++) {
        if (s->block[j] != block)
            continue;
        double gain = (deficit(s, from, block) - deficit(s, trials[k++], block)) / s->problem->cost[j];
        if (gain > best) {
            best = gain;
            chosen = j;
        }
    }
    for (size_t j = 0; j < s->problem->shifts; j++)
        if (s->block[j] == block && (chosen == SIZE_MAX || chosen == j))
            raise_shift(s, heads, j, step);
}

static size_t widest(const sim_staffing *s)
{
    size_t most = 0;
    for (uint32_t b = 0; b < s->blocks; b++) {
        size_t n = 0;
        for (size_t j = 0; j < s->problem->shifts; j++)
            n += s->block[j] == b;
        most = n > most ? n : most;
    }
    return most;
}

static int repair_once(sim_staffing *s, int64_t *heads, int64_t step, size_t *at, int64_t *list, size_t *trials)
{
    size_t n = s->problem->shifts, width = widest(s);
    for (size_t k = 0; k < width; k++) {
        memcpy(list + k * n, heads, n * sizeof *heads);
        raise_kth(s, *at, k, step, list + k * n);
    }
    int ret = sim_staffing_try_all(s, list, width, SIM_STAFFING_REPAIR, trials);
    if (ret != 0)
        return ret;
    memcpy(list, heads, n * sizeof *heads);
    for (uint32_t b = 0; b < s->blocks; b++)
        if (!sim_staffing_block_meets(s, *at, b))
            raise_best(s, *at, trials, b, step, heads);
    if (memcmp(list, heads, n * sizeof *heads) ==
        0) /* those that fail are at their highest: others are what they lack */
        for (size_t j = 0; j < n; j++)
            raise_shift(s, heads, j, step);
    return sim_staffing_try(s, heads, SIM_STAFFING_REPAIR, at);
}

/* Raises heads until all targets are met, by steps that grow; the highest heads meet them. */
static int repair(sim_staffing *s, int64_t *heads)
{
    size_t at, width = widest(s);
    int64_t *list = calloc(width * s->problem->shifts, sizeof *list);
    size_t *trials = calloc(width, sizeof *trials);
    int ret = list == NULL || trials == NULL ? SIM_E_MEMORY : sim_staffing_try(s, heads, SIM_STAFFING_REPAIR, &at);
    for (int64_t step = 1; ret == 0 && !sim_staffing_trial_meets(s, at); step = step < INT32_MAX ? 2 * step : step)
        ret = repair_once(s, heads, step, &at, list, trials);
    if (ret == 0)
        sim_staffing_take(s, at);
    free(list);
    free(trials);
    return ret;
}

/* --- all of it --- */

static int search(sim_staffing *s, const int64_t *start)
{
    size_t n = s->problem->shifts, ample;
    int ret = sim_staffing_try(s, s->problem->high, SIM_STAFFING_AMPLE, &ample);
    if (ret != 0)
        return ret;
    s->answer->chosen = ample;
    if (!sim_staffing_trial_meets(s, ample))
        return 0;
    sim_staffing_take(s, ample);
    int64_t *heads = s->scratch + n; /* polishing, which uses it too, comes later */
    if (start == NULL) {
        ret = start_by_rule(s, heads);
    } else {
        for (size_t j = 0; j < n; j++)
            heads[j] = clip(s->problem, j, (double)start[j]);
    }
    if (ret == 0)
        ret = repair(s, heads);
    if (ret == 0)
        ret = sim_staffing_polish(s);
    s->answer->settled = ret == 0;
    return ret;
}

int sim_staffing_search(const sim_staffing_problem *problem, const int64_t *start, sim_staffing_answer *answer)
{
    sim_staffing s;
    *answer = (sim_staffing_answer){0};
    int ret = open_search(&s, problem, answer);
    if (ret == 0)
        ret = search(&s, start);
    close_search(&s);
    return ret == SIM_STAFFING_USED_UP ? 0 : ret;
}
