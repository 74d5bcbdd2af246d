/* Factorial and Latin hypercube designs, Saltelli's scheme, and what all designs share. */
#include "sim/statistics/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>

#include "sim/base/error.h"
#include "sim/engine/rng_gsl.h"
#include "sim/statistics/design_internal.h"

void sim_design_free(sim_design *design)
{
    free(design->at);
    *design = (sim_design){0};
}

int sim_design_begin(sim_design *design, sim_design_kind kind, size_t factors, size_t rows, size_t block)
{
    *design = (sim_design){.kind = kind, .factors = factors, .rows = rows, .block = block};
    if (factors == 0 || rows == 0 || factors > SIM_DESIGN_FACTORS)
        return SIM_E_INPUT;
    if (rows > SIM_DESIGN_POINTS / block)
        return SIM_E_LIMIT;
    design->points = rows * block;
    design->at = calloc(design->points * factors, sizeof *design->at);
    return design->at == NULL ? SIM_E_MEMORY : 0;
}

int sim_design_factorial(sim_design *design, size_t factors, const size_t *levels, const double *const *at)
{
    size_t points = 1;
    for (size_t i = 0; i < factors; i++) {
        if (levels[i] == 0)
            return sim_design_begin(design, SIM_DESIGN_FACTORIAL, factors, 0, 1);
        points = points > SIM_DESIGN_POINTS / levels[i] ? (size_t)SIM_DESIGN_POINTS + 1 : points * levels[i];
    }
    int rc = sim_design_begin(design, SIM_DESIGN_FACTORIAL, factors, points, 1);
    for (size_t p = 0; rc == 0 && p < points; p++) {
        size_t rest = p;
        for (size_t i = factors; i-- > 0; rest /= levels[i])
            design->at[p * factors + i] = at[i][rest % levels[i]];
    }
    return rc;
}

gsl_rng *sim_design_rng(uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(sim_rng_gsl());
    if (rng != NULL)
        sim_rng_gsl_stream(rng, &(sim_rng){seed, 0}, 0, 0, 0);
    return rng;
}

int sim_design_latin(sim_design *design, size_t factors, size_t n, uint64_t seed)
{
    int rc = sim_design_begin(design, SIM_DESIGN_LATIN, factors, n, 1);
    if (rc != 0)
        return rc;
    size_t *strata = malloc(n * sizeof *strata);
    gsl_rng *rng = sim_design_rng(seed);
    rc = strata == NULL || rng == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; rc == 0 && i < factors; i++) {
        sim_rng_gsl_stream(rng, &(sim_rng){seed, 0}, (uint32_t)i, 0,
                           0); /* a factor more leaves the others where they are */
        for (size_t p = 0; p < n; p++)
            strata[p] = p;
        gsl_ran_shuffle(rng, strata, n, sizeof *strata);
        for (size_t p = 0; p < n; p++)
            design->at[p * factors + i] = ((double)strata[p] + gsl_rng_uniform(rng)) / (double)n;
    }
    if (rng != NULL)
        gsl_rng_free(rng);
    free(strata);
    return rc;
}

static void shift_point(double *point, const double *shift, size_t dimensions)
{
    for (size_t i = 0; shift != NULL && i < dimensions; i++) {
        point[i] += shift[i];
        point[i] -= floor(point[i]);
    }
}

static void put_row(const sim_design *design, size_t row, const double *a, const double *b)
{
    size_t k = design->factors, size = k * sizeof *a;
    double *at = design->at + row * design->block * k;
    for (size_t i = 0; i <= k; i++)
        memcpy(at + i * k, a, size);
    for (size_t i = 0; i < k; i++)
        at[(i + 1) * k + i] = b[i];
    memcpy(at + (k + 1) * k, b, size);
}

int sim_design_sobol(sim_design *design, size_t factors, size_t n, const double *shift)
{
    double point[2 * SIM_SOBOL_FACTORS];
    if (factors > SIM_SOBOL_FACTORS) {
        *design = (sim_design){0};
        return SIM_E_INPUT;
    }
    int rc = sim_design_begin(design, SIM_DESIGN_SOBOL, factors, n, factors + 2);
    if (rc != 0)
        return rc;
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)(2 * factors));
    if (sequence == NULL)
        return SIM_E_MEMORY;
    for (size_t row = 0; row < n; row++) { /* GSL's sequence begins behind the origin */
        gsl_qrng_get(sequence, point);
        shift_point(point, shift, 2 * factors);
        put_row(design, row, point, point + factors);
    }
    gsl_qrng_free(sequence);
    return 0;
}

int sim_design_given(sim_design *design, size_t factors, size_t n, const double *at)
{
    int rc = sim_design_begin(design, SIM_DESIGN_POINTS_GIVEN, factors, n, 1);
    if (rc == 0)
        memcpy(design->at, at, n * factors * sizeof *at);
    design->block = 0;
    return rc;
}

static bool is_sobol_row(const double *at, size_t k, size_t block)
{
    const double *a = at, *b = at + (block - 1) * k;
    for (size_t point = 1; point <= k; point++)
        for (size_t i = 0; i < k; i++)
            if (at[point * k + i] != (i + 1 == point ? b[i] : a[i]))
                return false;
    return true;
}

bool sim_design_take_sobol(sim_design *design)
{
    size_t k = design->factors;
    for (size_t block = k + 2; block <= 2 * k + 2; block += k) {
        bool fits = design->points % block == 0;
        for (size_t row = 0; fits && row < design->points / block; row++)
            fits = is_sobol_row(design->at + row * block * k, k, block);
        if (!fits)
            continue;
        design->kind = SIM_DESIGN_SOBOL;
        design->block = block;
        design->rows = design->points / block;
        return true;
    }
    return false;
}
