/* Which tasks a comparison evaluates. The same replication numbers under all plans: common random numbers. */
#include <math.h>
#include <stdlib.h>

#include "models/study/compare/compare.h"
#include "sim/base/error.h"

size_t compare_look_size(size_t look, size_t most)
{
    size_t size = COMPARE_FIRST;
    for (size_t k = 1; k < look && size < most; k++)
        size *= 2;
    return size < most ? size : most;
}

size_t compare_looks(size_t most)
{
    size_t looks = 1;
    while (compare_look_size(looks, most) < most)
        looks++;
    return looks;
}

/* Replications from `from` to `to` of these plans: values[(i * figures + f) * (to - from) + r]. */
static int evaluate(const comparison *c, model_experiment *x, const uint32_t *plans, size_t count, size_t from,
                    size_t to, double *values, size_t *failed)
{
    size_t n = to - from, tasks = n * count;
    model_task *list = calloc(tasks + 1, sizeof *list);
    double *pairs = malloc((tasks * c->figure_count * 2 + 1) * sizeof *pairs);
    int *status = calloc(tasks + 1, sizeof *status);
    int error = list && pairs && status ? 0 : SIM_E_MEMORY;
    for (size_t i = 0; error == 0 && i < tasks; i++) {
        list[i].plan = plans[i % count];
        list[i].replication = from + i / count;
    }
    if (error == 0)
        error = model_experiment_evaluate(x, list, tasks, pairs, status);
    for (size_t i = 0; error == 0 && i < tasks; i++) {
        *failed += status[i] != 0;
        for (size_t f = 0; f < c->figure_count; f++)
            values[(i % count * c->figure_count + f) * n + i / count] =
                model_measure_value(pairs + (i * c->figure_count + f) * 2);
    }
    free(list);
    free(pairs);
    free(status);
    return error;
}

/* All plans, into the comparison. */
static int evaluate_all(comparison *c, model_experiment *x, size_t from, size_t to, size_t *failed)
{
    size_t n = to - from;
    uint32_t *plans = malloc(c->plan_count * sizeof *plans);
    double *values = malloc((c->plan_count * c->figure_count * n + 1) * sizeof *values);
    int error = plans && values ? compare_grow(c, to) : SIM_E_MEMORY;
    for (uint32_t i = 0; error == 0 && i < c->plan_count; i++)
        plans[i] = i;
    if (error == 0)
        error = evaluate(c, x, plans, c->plan_count, from, to, values, failed);
    for (size_t row = 0; error == 0 && row < c->plan_count * c->figure_count; row++)
        for (size_t r = 0; r < n; r++)
            c->values[row * c->room + from + r] = values[row * n + r];
    free(plans);
    free(values);
    return error;
}

int compare_run_fixed(comparison *c, model_experiment *x, size_t replications, size_t *failed)
{
    int error = evaluate_all(c, x, 0, replications, failed);
    return error == 0 ? compare_judge(c, replications, 1, 1) : error;
}

int compare_run_until(comparison *c, model_experiment *x, size_t most, size_t *failed)
{
    size_t looks = compare_looks(most), done = 0;
    int error = 0;
    for (size_t look = 1; error == 0 && look <= looks; look++) {
        size_t size = compare_look_size(look, most);
        error = evaluate_all(c, x, done, size, failed);
        if (error == 0)
            error = compare_judge(c, size, look, looks);
        if (error == 0 && compare_is_answered(c))
            break;
        done = size;
    }
    return error;
}

/* --- selection --- */

typedef struct {
    comparison *c;
    model_experiment *x;
    size_t *failed;
} supplier;

static int supply(void *user, const uint32_t *systems, size_t count, size_t from, size_t to, double *values)
{
    supplier *s = user;
    comparison *c = s->c;
    size_t n = to - from, figure = c->best.figure;
    if (from == 0) { /* the first stage is known */
        for (size_t i = 0; i < count; i++)
            for (size_t r = 0; r < n; r++)
                values[i * n + r] = compare_values(c, systems[i], figure)[r];
        return 0;
    }
    double *all = malloc(count * c->figure_count * n * sizeof *all);
    if (all == NULL)
        return SIM_E_MEMORY;
    int error = evaluate(c, s->x, systems, count, from, to, all, s->failed);
    for (size_t i = 0; error == 0 && i < count; i++)
        for (size_t r = 0; r < n; r++)
            values[i * n + r] = all[(i * c->figure_count + figure) * n + r];
    free(all);
    return error;
}

int compare_run_best(comparison *c, model_experiment *x, size_t most, size_t *failed, char *why, size_t size)
{
    size_t first = most < COMPARE_FIRST ? most : COMPARE_FIRST;
    sim_selection_options options = {
        .systems = c->plan_count,
        .indifference = c->best.indifference,
        .probability = c->best.probability,
        .largest = c->best.largest,
        .first_stage = first,
        .batch = COMPARE_FIRST,
        .most = most,
    };
    supplier s = {c, x, failed};
    int error = evaluate_all(c, x, 0, first, failed);
    if (error == 0)
        error = compare_judge(c, first, 1, 1);
    if (error != 0)
        return error;
    error = sim_selection(&options, supply, &s, &c->best.best, c->best.plans);
    c->best.is_decided = error == 0;
    if (error == SIM_E_INPUT)
        (void)snprintf(why, size, "--best: there is a replication of some plan in which %s has no value",
                       c->figures[c->best.figure].name);
    return error == SIM_E_LIMIT ? 0 : error;
}
