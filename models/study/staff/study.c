/* The inquiry: how the scenario's own rosters do; the loads; the search; whether what it found holds for other people's
 * luck too; and what one person more or less on each shift would do.
 *
 * A roster found on some replications is the one that these happen to favour. It is tried on as many others; if those
 * miss a target, the search goes on from there on all of them together (retrospective optimisation; Chen and Schmeiser
 * 2001), at most `rounds` times. */
#include <stdlib.h>
#include <string.h>

#include "models/study/staff/staff.h"
#include "sim/base/error.h"

static int allocate(staff_study *study)
{
    size_t n = study->shifts.count, t = study->targets.count;
    study->heads = calloc(n, sizeof *study->heads);
    study->loads = calloc(n, sizeof *study->loads);
    study->own = calloc(t, sizeof *study->own);
    study->found = calloc(t, sizeof *study->found);
    study->check = calloc(t, sizeof *study->check);
    study->less = calloc(n * t, sizeof *study->less);
    study->more = calloc(n * t, sizeof *study->more);
    bool all = study->heads != NULL && study->loads != NULL && study->own != NULL && study->found != NULL &&
               study->check != NULL && study->less != NULL && study->more != NULL;
    return all ? 0 : SIM_E_MEMORY;
}

void staff_study_free(staff_study *study)
{
    staff_targets_free(&study->targets);
    staff_shifts_free(&study->shifts);
    free(study->heads);
    free(study->loads);
    free(study->own);
    free(study->found);
    free(study->check);
    free(study->less);
    free(study->more);
    sim_staffing_answer_free(&study->path);
    *study = (staff_study){0};
}

void staff_wishes_init(staff_wishes *wishes)
{
    *wishes = (staff_wishes){
        .bounds = {.lanes = 1},
        .lost = 0.02,
        .effort = {.replications = 10, .confidence = 0.95, .trials = 2000, .rounds = 3},
    };
}

int staff_prepare(staff_study *study, const model_setup *setup, const staff_wishes *wishes, size_t *target, char *why,
                  size_t size)
{
    *study = (staff_study){.effort = wishes->effort};
    *target = wishes->target_count;
    int ret = staff_shifts_init(&study->shifts, setup, &wishes->bounds, why, size);
    for (size_t i = 0; i < wishes->target_count && ret == 0; i++) {
        ret = staff_targets_add(&study->targets, setup, wishes->targets[i], why, size);
        if (ret == SIM_E_INPUT)
            *target = i;
    }
    return ret == 0 && wishes->lost < 1 ? staff_targets_guard(&study->targets, &study->shifts, wishes->lost) : ret;
}

static const staff_reached *reached_at(const staff_problem *p, size_t at)
{
    return p->reached + at * p->targets->count;
}

/* --- the search --- */

/* What sim/statistics/staffing.h is given, with the arrays it points to. */
typedef struct {
    sim_staffing_problem problem;
    double *cost;
    int64_t *low, *high;
    uint32_t *block, *concerns;
} given;

static void free_given(given *g)
{
    free(g->cost);
    free(g->low);
    free(g->high);
    free(g->block);
    free(g->concerns);
}

/* Shifts of one site are a block, numbered as they come. SIM_STAFFING_ALL: no shift is there, so that what happens
 * there others cause. */
static uint32_t block_number(const staff_shifts *shifts, uint32_t post)
{
    uint32_t block = 0;
    for (size_t i = 0; i < shifts->count; i++) {
        if (shifts->items[i].post == post)
            return block;
        bool is_first = true;
        for (size_t k = 0; k < i && is_first; k++)
            is_first = shifts->items[k].post != shifts->items[i].post;
        block += is_first;
    }
    return SIM_STAFFING_ALL;
}

static int give(staff_study *study, staff_problem *p, given *g)
{
    const staff_shifts *shifts = &study->shifts;
    size_t n = shifts->count, t = study->targets.count;
    *g = (given){.cost = calloc(n, sizeof *g->cost),
                 .low = calloc(n, sizeof *g->low),
                 .high = calloc(n, sizeof *g->high),
                 .block = calloc(n, sizeof *g->block),
                 .concerns = calloc(t, sizeof *g->concerns)};
    if (g->cost == NULL || g->low == NULL || g->high == NULL || g->block == NULL || g->concerns == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        g->cost[i] = shifts->items[i].cost;
        g->low[i] = shifts->items[i].low;
        g->high[i] = shifts->items[i].high;
        g->block[i] = block_number(shifts, shifts->items[i].post);
    }
    for (size_t i = 0; i < t; i++)
        g->concerns[i] = study->targets.items[i].site == MODEL_NONE
                             ? SIM_STAFFING_ALL
                             : block_number(shifts, study->targets.items[i].site);
    g->problem = (sim_staffing_problem){
        .shifts = n,
        .targets = t,
        .cost = g->cost,
        .load = study->loads,
        .low = g->low,
        .high = g->high,
        .block = g->block,
        .concerns = g->concerns,
        .most = study->effort.trials,
        .evaluate = staff_problem_evaluate,
        .user = p,
    };
    return 0;
}

/* Whether the values of other replications keep the targets; for chance has been allowed already. */
static int check(staff_study *study, staff_problem *p)
{
    p->first = study->replications;
    staff_problem_forget(p);
    int ret = staff_problem_evaluate(p, study->heads, 1, NULL);
    if (ret == 0) {
        memcpy(study->check, reached_at(p, 0), study->targets.count * sizeof *study->check);
        study->confirmed = true;
        for (size_t t = 0; t < study->targets.count; t++)
            study->confirmed = study->confirmed && study->check[t].missed == 0 && study->check[t].stretches > 0;
    }
    p->first = 0;
    return ret;
}

/* One round: searches on study->replications, from the heads of the round before. */
static int search(staff_study *study, staff_problem *p, const given *g)
{
    size_t n = study->shifts.count;
    sim_staffing_answer_free(&study->path);
    staff_problem_forget(p);
    int ret = sim_staffing_search(&g->problem, study->rounds > 0 ? study->heads : NULL, &study->path);
    if (ret != 0)
        return ret;
    study->rounds++;
    study->trials += study->path.count;
    study->met = study->path.met;
    study->settled = study->path.settled;
    memcpy(study->heads, study->path.heads + study->path.chosen * n, n * sizeof *study->heads);
    memcpy(study->found, reached_at(p, study->path.chosen), study->targets.count * sizeof *study->found);
    memcpy(study->found_aside, p->aside[study->path.chosen], sizeof study->found_aside);
    return 0;
}

static int search_and_check(staff_study *study, staff_problem *p)
{
    given g;
    int ret = give(study, p, &g);
    while (ret == 0) {
        ret = search(study, p, &g);
        if (ret != 0 || !study->met)
            break;
        double confidence = p->confidence;
        p->confidence = 0.5;
        ret = check(study, p);
        p->confidence = confidence;
        if (ret != 0 || study->confirmed || study->rounds >= study->effort.rounds)
            break;
        study->replications = p->replications = 2 * study->replications;
    }
    free_given(&g);
    return ret;
}

/* --- one person more or less --- */

static int marginals(staff_study *study, staff_problem *p)
{
    size_t n = study->shifts.count, t = study->targets.count, count = 0;
    int64_t *list = calloc(2 * n * n, sizeof *list);
    staff_reached **to = calloc(2 * n, sizeof *to);
    int ret = list == NULL || to == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < 2 * n && ret == 0; i++) {
        int64_t *heads = list + count * n, change = i % 2 == 0 ? -1 : 1;
        memcpy(heads, study->heads, n * sizeof *heads);
        heads[i / 2] += change;
        if (heads[i / 2] < 0)
            continue;
        to[count++] = (change < 0 ? study->less : study->more) + i / 2 * t;
    }
    staff_problem_forget(p);
    if (ret == 0)
        ret = staff_problem_evaluate(p, list, count, NULL);
    for (size_t i = 0; i < count && ret == 0; i++)
        memcpy(to[i], reached_at(p, i), t * sizeof *to[i]);
    free(list);
    free(to);
    return ret;
}

int staff_study_run(staff_study *study, model_experiment *experiment)
{
    staff_problem p = {0};
    int ret = allocate(study);
    study->replications = study->effort.replications;
    if (ret == 0)
        ret = staff_problem_init(&p, experiment, &study->targets, &study->shifts, study->effort.confidence);
    p.replications = study->replications;
    if (ret == 0)
        ret = staff_problem_loads(&p, study->loads);
    if (ret == 0)
        ret = search_and_check(study, &p);
    staff_problem_forget(&p);
    if (ret == 0)
        ret = staff_problem_own(&p);
    if (ret == 0) {
        memcpy(study->own, reached_at(&p, 0), study->targets.count * sizeof *study->own);
        memcpy(study->own_aside, p.aside[0], sizeof study->own_aside);
    }
    if (ret == 0 && study->met)
        ret = marginals(study, &p);
    staff_problem_free(&p);
    return ret;
}
