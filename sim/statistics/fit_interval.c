/* How far the estimate may be off: the bootstrap, the misfit that chance would leave, and what the observations do not
 * determine. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/fit_internal.h"

/* A direction whose interval reaches half of the box to either side is loose: the box says as much. A parameter is
 * loose when more than this share (a square of cosines) of it lies in loose directions, and alone so when nearly all of
 * it does. */
static const double fills_box = 0.5, loose_share = 0.02, alone_share = 0.9;
/* Estimates this near to an end of the range lie at the edge; misfits rarer than this by chance widen the intervals. */
static const double edge_width = 0.005, rare = 0.05;

typedef struct {
    sim_fit *fit;
    fit_search *s;
    const fit_slopes *slopes;
    const double *mean; /* [m] of the common replications, at the estimate */
    size_t b;           /* replications that could be simulated */
    double *values;     /* [b * m] */
    double *changes;    /* [b * p] what one step makes of each */
    double *covariance; /* [p * p] of the estimate, in the directions told */
    fit_directions d;
    bool loose[SIM_FIT_MOST_PARAMETERS]; /* by direction */
} bootstrap;

/* Keeps the replications that could be simulated, at the front. */
static int simulate(bootstrap *x, const double *at)
{
    size_t m = x->s->m, count = x->s->problem->bootstrap;
    int ret = x->s->problem->evaluate(at, 1, x->s->r, count, x->values, x->s->problem->user);
    for (size_t i = 0; ret == 0 && i < count; i++) {
        bool finite = true;
        for (size_t k = 0; k < m; k++)
            finite = finite && isfinite(x->values[i * m + k]);
        if (finite)
            memmove(x->values + x->b++ * m, x->values + i * m, m * sizeof *x->values);
    }
    return ret == 0 && x->b < SIM_FIT_LEAST_BOOTSTRAP / 2 ? SIM_E_INPUT : ret;
}

static void put_sd(bootstrap *x)
{
    size_t m = x->s->m;
    for (size_t i = 0; i < m; i++) {
        double sum = 0, squares = 0;
        for (size_t b = 0; b < x->b; b++)
            sum += x->values[b * m + i];
        for (size_t b = 0; b < x->b; b++)
            squares += (x->values[b * m + i] - sum / (double)x->b) * (x->values[b * m + i] - sum / (double)x->b);
        x->fit->sd[i] = sqrt(squares / (double)(x->b - 1));
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Each replication in place of the observations: the step that refits it, and the misfit that the step leaves. */
static void refit(bootstrap *x, double *difference, double *misfits)
{
    size_t m = x->s->m, p = x->s->p;
    double coarse = 0;
    for (size_t i = 0; i < m; i++)
        coarse += x->s->weight[i] * x->s->problem->variance_floor[i];
    for (size_t b = 0; b < x->b; b++) {
        double *change = x->changes + b * p;
        for (size_t i = 0; i < m; i++)
            difference[i] = x->values[b * m + i] - x->mean[i];
        fit_directions_step(&x->d, x->slopes, x->s, difference, change);
        misfits[b] = coarse;
        for (size_t i = 0; i < m; i++) {
            double left = difference[i];
            for (size_t j = 0; j < p; j++)
                left -= x->slopes->slope[i * p + j] * change[j];
            misfits[b] += x->s->weight[i] * left * left;
        }
    }
}

/* Refits all, and sets the real misfit beside theirs. Their median, not their mean: misfits have a long tail. */
static int compare_misfits(bootstrap *x)
{
    double *difference = malloc(x->s->m * sizeof *difference), *misfits = malloc(x->b * sizeof *misfits);
    size_t as_large = 0;
    int ret = difference == NULL || misfits == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0) {
        refit(x, difference, misfits);
        for (size_t b = 0; b < x->b; b++)
            as_large += misfits[b] >= x->fit->misfit;
        qsort(misfits, x->b, sizeof *misfits, by_size);
        x->fit->by_chance = (misfits[(x->b - 1) / 2] + misfits[x->b / 2]) / 2;
        x->fit->p_value = (double)(as_large + 1) / (double)(x->b + 1);
    }
    free(difference);
    free(misfits);
    return ret;
}

static void judge_misfit(bootstrap *x)
{
    size_t told = 0;
    for (size_t k = 0; k < x->s->p; k++)
        told += x->d.told[k];
    if (x->s->m <= told) { /* nothing is left over to judge the model by */
        x->fit->by_chance = 0;
        x->fit->p_value = (double)NAN;
    } else if (x->fit->p_value < rare && x->fit->misfit > x->fit->by_chance) {
        x->fit->widened = sqrt(x->fit->misfit / x->fit->by_chance);
    }
}

/* Covariance of the steps about their mean, with the part of the common replications' own chance and of the
 * observations' coarseness. */
static int put_covariance(bootstrap *x)
{
    size_t p = x->s->p, m = x->s->m;
    double common = 1 + 1 / (double)x->s->r, mean[SIM_FIT_MOST_PARAMETERS] = {0}, unit[SIM_FIT_MOST_PARAMETERS];
    for (size_t b = 0; b < x->b; b++)
        for (size_t j = 0; j < p; j++)
            mean[j] += x->changes[b * p + j] / (double)x->b;
    for (size_t b = 0; b < x->b; b++)
        for (size_t j = 0; j < p; j++)
            for (size_t k = 0; k < p; k++)
                x->covariance[j * p + k] +=
                    common * (x->changes[b * p + j] - mean[j]) * (x->changes[b * p + k] - mean[k]) / (double)(x->b - 1);
    double *difference = calloc(m, sizeof *difference);
    if (difference == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < m; i++) {
        difference[i] = sqrt(x->s->problem->variance_floor[i]);
        fit_directions_step(&x->d, x->slopes, x->s, difference, unit);
        difference[i] = 0;
        for (size_t j = 0; j < p; j++)
            for (size_t k = 0; k < p; k++)
                x->covariance[j * p + k] += unit[j] * unit[k];
    }
    free(difference);
    return 0;
}

static double along(const bootstrap *x, const double *a, const double *b)
{
    double sum = 0;
    for (size_t j = 0; j < x->s->p; j++)
        for (size_t k = 0; k < x->s->p; k++)
            sum += a[j] * x->covariance[j * x->s->p + k] * b[k];
    return sum;
}

/* Student's factor; its last bits, which depend on the build, are cut off. */
static double factor(const bootstrap *x)
{
    return (double)(float)gsl_cdf_tdist_Pinv(0.5 + x->s->problem->level / 2, (double)(x->b - 1)) * x->fit->widened;
}

static double share_loose(const bootstrap *x, size_t j)
{
    double share = 0;
    for (size_t k = 0; k < x->s->p; k++)
        if (x->loose[k])
            share += x->d.vector[k * x->s->p + j] * x->d.vector[k * x->s->p + j];
    return share;
}

/* Variance of parameter j in the directions that are not loose; in the others the box says all: a uniform distribution
 * has 1/12. */
static double variance_of(const bootstrap *x, size_t j)
{
    size_t p = x->s->p;
    double sum = share_loose(x, j) / 12;
    for (size_t k = 0; k < p; k++)
        for (size_t l = 0; l < p; l++)
            if (!x->loose[k] && !x->loose[l])
                sum += x->d.vector[k * p + j] * x->d.vector[l * p + j] *
                       along(x, x->d.vector + k * p, x->d.vector + l * p);
    return fmax(sum, 0);
}

static void put_intervals(bootstrap *x)
{
    for (size_t k = 0; k < x->s->p; k++) {
        const double *v = x->d.vector + k * x->s->p;
        x->loose[k] = !x->d.told[k] || factor(x) * sqrt(fmax(along(x, v, v), 0)) >= fills_box;
    }
    for (size_t j = 0; j < x->s->p; j++) {
        double at = x->fit->at[j], half = factor(x) * sqrt(variance_of(x, j));
        bool told = share_loose(x, j) <= loose_share;
        x->fit->low[j] = told ? fmax(at - half, 0) : (double)NAN;
        x->fit->high[j] = told ? fmin(at + half, 1) : (double)NAN;
        x->fit->edge[j] = at < edge_width ? -1 : at > 1 - edge_width ? 1 : 0;
    }
}

/* --- directions in words' reach --- */

/* Takes from `v` what lies along the directions kept so far; false when little is left. Otherwise of length 1, the
 * first large component positive. */
static bool orthogonal(const sim_fit *fit, double *v)
{
    size_t p = fit->parameters;
    double length = 0;
    for (size_t k = 0; k < fit->loose; k++) {
        double product = 0;
        for (size_t j = 0; j < p; j++)
            product += v[j] * fit->direction[k * p + j];
        for (size_t j = 0; j < p; j++)
            v[j] -= product * fit->direction[k * p + j];
    }
    for (size_t j = 0; j < p; j++)
        length += v[j] * v[j];
    if (length < 0.25)
        return false;
    double sign = 0;
    for (size_t j = 0; j < p; j++) {
        v[j] /= sqrt(length);
        if (sign == 0 && fabs(v[j]) > 0.3)
            sign = v[j];
    }
    for (size_t j = 0; j < p && sign < 0; j++)
        v[j] = -v[j];
    return true;
}

/* Eigenvectors of equal value may be turned at will: parameters that are loose by themselves come first, by themselves.
 */
static void put_directions(bootstrap *x)
{
    size_t p = x->s->p;
    sim_fit *fit = x->fit;
    for (size_t j = 0; j < p; j++)
        if (share_loose(x, j) > alone_share)
            fit->direction[fit->loose++ * p + j] = 1;
    for (size_t k = 0; k < p; k++) {
        double v[SIM_FIT_MOST_PARAMETERS];
        memcpy(v, x->d.vector + k * p, p * sizeof *v);
        if (x->loose[k] && fit->loose < p && orthogonal(fit, v))
            memcpy(fit->direction + fit->loose++ * p, v, p * sizeof *v);
    }
}

static void put_refitted(bootstrap *x)
{
    size_t p = x->s->p;
    x->fit->bootstrap = x->b;
    for (size_t b = 0; b < x->b; b++)
        for (size_t j = 0; j < p; j++)
            x->fit->refitted[b * p + j] = fmin(fmax(x->fit->at[j] + x->changes[b * p + j], 0), 1);
}

int fit_intervals(sim_fit *fit, fit_search *s, const fit_slopes *slopes, size_t at)
{
    size_t count = s->problem->bootstrap;
    bootstrap x = {.fit = fit, .s = s, .slopes = slopes, .mean = s->means + at * s->m};
    x.values = calloc(count * s->m, sizeof *x.values);
    x.changes = calloc(count * s->p, sizeof *x.changes);
    x.covariance = calloc(s->p * s->p, sizeof *x.covariance);
    int ret = x.values == NULL || x.changes == NULL || x.covariance == NULL ? SIM_E_MEMORY : simulate(&x, fit->at);
    if (ret == 0)
        ret = fit_directions_init(&x.d, slopes, s->p);
    if (ret == 0) {
        put_sd(&x);
        ret = compare_misfits(&x);
    }
    if (ret == 0) {
        judge_misfit(&x);
        ret = put_covariance(&x);
    }
    if (ret == 0) {
        put_intervals(&x);
        put_directions(&x);
        put_refitted(&x);
    }
    fit_directions_free(&x.d);
    free(x.values);
    free(x.changes);
    free(x.covariance);
    return ret;
}
