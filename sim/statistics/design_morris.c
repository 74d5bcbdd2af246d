/* Morris' trajectories: random walks on a grid, of which each step changes one factor, so that the change of the output
 * belongs to it. */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "sim/base/error.h"
#include "sim/statistics/design_internal.h"

static double step_of(size_t levels)
{
    return (double)levels / (2 * (double)(levels - 1));
}

/* A level of the grid, i / (levels - 1), so that the same level is the same bits however it was reached. */
static double grid(size_t level, size_t levels)
{
    return (double)level / (double)(levels - 1);
}

static void put_trajectory(const sim_design *design, size_t row, size_t levels, size_t *order, size_t *level,
                           gsl_rng *rng)
{
    size_t k = design->factors, half = levels / 2;
    double *at = design->at + row * design->block * k;
    for (size_t i = 0; i < k; i++) {
        order[i] = i;
        level[i] = gsl_rng_uniform_int(
            rng, levels); /* from the lower half up, from the upper half down: both within the grid */
        at[i] = grid(level[i], levels);
    }
    gsl_ran_shuffle(rng, order, k, sizeof *order);
    for (size_t point = 1; point <= k; point++) {
        size_t i = order[point - 1];
        memcpy(at + point * k, at + (point - 1) * k, k * sizeof *at);
        at[point * k + i] = grid(level[i] < half ? level[i] + half : level[i] - half, levels);
    }
}

int sim_design_morris(sim_design *design, size_t factors, size_t r, size_t levels, uint64_t seed)
{
    int rc = sim_design_begin(design, SIM_DESIGN_MORRIS, factors,
                              levels < 2 || levels > 1000 || levels % 2 != 0 ? 0 : r, factors + 1);
    if (rc != 0)
        return rc;
    size_t *order = malloc(2 * factors * sizeof *order);
    gsl_rng *rng = sim_design_rng(seed);
    rc = order == NULL || rng == NULL ? SIM_E_MEMORY : 0;
    for (size_t row = 0; rc == 0 && row < r; row++)
        put_trajectory(design, row, levels, order, order + factors, rng);
    design->delta = step_of(levels);
    if (rng != NULL)
        gsl_rng_free(rng);
    free(order);
    return rc;
}

/* The factor in which two points differ; `factors` when it is not exactly one. */
static size_t changed(const double *before, const double *after, size_t factors)
{
    size_t found = factors;
    for (size_t i = 0; i < factors; i++)
        if (before[i] != after[i]) {
            if (found != factors)
                return factors;
            found = i;
        }
    return found;
}

static bool is_trajectory(const double *at, size_t k, bool *seen)
{
    memset(seen, 0, k * sizeof *seen);
    for (size_t point = 1; point <= k; point++) {
        size_t i = changed(at + (point - 1) * k, at + point * k, k);
        if (i == k || seen[i])
            return false;
        seen[i] = true;
    }
    return true;
}

bool sim_design_take_morris(sim_design *design, size_t levels)
{
    size_t k = design->factors;
    bool seen[SIM_DESIGN_FACTORS];
    if (design->points % (k + 1) != 0 || k > SIM_DESIGN_FACTORS || levels < 2 || levels % 2 != 0)
        return false;
    for (size_t row = 0; row < design->points / (k + 1); row++)
        if (!is_trajectory(design->at + row * (k + 1) * k, k, seen))
            return false;
    design->kind = SIM_DESIGN_MORRIS;
    design->block = k + 1;
    design->rows = design->points / design->block;
    design->delta = step_of(levels);
    return true;
}

size_t sim_design_changed(const sim_design *design, size_t row, size_t i, bool *up)
{
    const double *after = design->at + (row * design->block + i) * design->factors, *before = after - design->factors;
    size_t factor = changed(before, after, design->factors);
    *up = factor < design->factors && after[factor] > before[factor];
    return factor;
}
