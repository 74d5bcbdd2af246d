/* Discrete distributions: sorted steps with their cumulated weights from both ends. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/dist/exact.h"

typedef struct {
    double value, weight;
} step;

/* Equal values are ordered by weight, so that their sum does not depend on the order of the input. */
static int compare_steps(const void *left, const void *right)
{
    const step *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->weight > b->weight) - (a->weight < b->weight);
}

static size_t join_equal(step *steps, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && steps[kept - 1].value == steps[i].value)
            steps[kept - 1].weight += steps[i].weight;
        else
            steps[kept++] = steps[i];
    }
    return kept;
}

static void cumulate(sim_dist_exact *exact)
{
    double total = 0, sum = 0;
    for (size_t i = 0; i < exact->n; i++)
        total += exact->weights[i];
    for (size_t i = 0; i < exact->n; i++)
        exact->at_most[i] = (sum += exact->weights[i]) / total;
    sum = 0;
    for (size_t i = exact->n; i-- > 0; sum += exact->weights[i])
        exact->beyond[i] = sum / total;
    exact->at_most[exact->n - 1] = 1;
    for (size_t i = 0; i < exact->n; i++)
        exact->weights[i] /= total;
}

static int store_steps(sim_dist_exact *exact, const step *steps, size_t n)
{
    assert(n > 0);
    exact->kind = SIM_DIST_IS_DISCRETE;
    exact->n = n;
    exact->values = calloc(n, sizeof *exact->values);
    exact->weights = calloc(n, sizeof *exact->weights);
    exact->at_most = calloc(n, sizeof *exact->at_most);
    exact->beyond = calloc(n, sizeof *exact->beyond);
    if (exact->values == NULL || exact->weights == NULL || exact->at_most == NULL || exact->beyond == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        exact->values[i] = steps[i].value + 0.0; /* no negative zero */
        exact->weights[i] = steps[i].weight;
    }
    exact->low = exact->values[0];
    exact->high = exact->values[n - 1];
    cumulate(exact);
    return 0;
}

int sim_dist_discrete_init(sim_dist_exact *exact, size_t n, const double *values, const double *weights)
{
    double low = exact->low, high = exact->high;
    assert(n > 0);
    step *steps = calloc(n, sizeof *steps);
    if (steps == NULL)
        return SIM_E_MEMORY;
    size_t kept = 0;
    int code = SIM_E_INPUT;
    for (size_t i = 0; i < n; i++) {
        double weight = weights == NULL ? 1 : weights[i];
        if (weight > 0 && values[i] >= low && values[i] <= high)
            steps[kept++] = (step){values[i], weight};
    }
    if (kept == 0)
        goto out;
    qsort(steps, kept, sizeof *steps, compare_steps);
    code = store_steps(exact, steps, join_equal(steps, kept));
out:
    free(steps);
    return code;
}

int sim_dist_discrete_join(sim_dist_exact *mixture)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < mixture->n; i++)
        total += mixture->parts[i].n;
    assert(total > 0);
    step *steps = calloc(total, sizeof *steps);
    if (steps == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < mixture->n; i++) {
        sim_dist_exact *part = &mixture->parts[i];
        for (size_t j = 0; j < part->n; j++)
            steps[n++] = (step){part->values[j], mixture->weights[i] * part->weights[j]};
        sim_dist_exact_free(part);
    }
    free(mixture->parts);
    free(mixture->weights);
    mixture->parts = NULL;
    mixture->weights = NULL;
    qsort(steps, n, sizeof *steps, compare_steps);
    int code = store_steps(mixture, steps, join_equal(steps, n));
    free(steps);
    return code;
}

size_t sim_dist_discrete_find(const sim_dist_exact *exact, double x)
{
    size_t low = 0, high = exact->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (exact->values[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double sim_dist_discrete_value(const sim_dist_exact *exact, double tail, bool upper)
{
    size_t low = 0, high = exact->n - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (upper ? exact->beyond[middle] <= tail : exact->at_most[middle] >= tail)
            high = middle;
        else
            low = middle + 1;
    }
    return exact->values[low];
}
