/* Slopes of the simulated means and the Gauss-Newton steps that they allow.
 *
 * The differences are of the same replications, so that most of the chance in them cancels. What is left adds its
 * variance to every sum of squares of slopes; it is estimated from the scatter between replications and taken off, or a
 * parameter that does nothing but stir up chance would look determined. */
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/fit_internal.h"

/* Steps of differences are about as wide as the interval: wide enough to stand out from chance, not wider than what is
 * asked about. */
static const double first_step = 0.05, least_step = 0.01, most_step = 0.15;
/* A direction is told when what chance adds is at most this share of the information in it. */
static const double most_noise = 1.0 / 3, wanted_noise = 0.1;
enum { MOST_STEPS = 4, HALVINGS = 3 };

int fit_slopes_init(fit_slopes *slopes, size_t p, size_t m, size_t r)
{
    *slopes = (fit_slopes){
        .slope = calloc(m * p, sizeof(double)),
        .gram = calloc(p * p, sizeof(double)),
        .noise = calloc(p * p, sizeof(double)),
        .step = calloc(p, sizeof(double)),
        .values = calloc(p * r * m, sizeof(double)),
    };
    if (slopes->slope == NULL || slopes->gram == NULL || slopes->noise == NULL || slopes->step == NULL ||
        slopes->values == NULL)
        return SIM_E_MEMORY;
    for (size_t j = 0; j < p; j++)
        slopes->step[j] = first_step;
    return 0;
}

void fit_slopes_free(fit_slopes *slopes)
{
    free(slopes->slope);
    free(slopes->gram);
    free(slopes->noise);
    free(slopes->step);
    free(slopes->values);
    *slopes = (fit_slopes){0};
}

/* The middle of the differences: the estimate, or where the box ends near by the nearest point that has room on both
 * sides. Differences to one side alone take curvature for slope. */
static void put_middle(const fit_slopes *slopes, const fit_search *s, const double *at, double *middle)
{
    for (size_t j = 0; j < s->p; j++)
        middle[j] = fmin(fmax(at[j], slopes->step[j]), 1 - slopes->step[j]);
}

/* The two ends of parameter j's difference, one behind the other. */
static void put_ends(const fit_slopes *slopes, const fit_search *s, const double *middle, size_t j, double *ends)
{
    memcpy(ends, middle, s->p * sizeof *middle);
    memcpy(ends + s->p, middle, s->p * sizeof *middle);
    ends[j] -= slopes->step[j];
    ends[s->p + j] += slopes->step[j];
}

/* Slopes by replication from the values of both ends; a point that cannot be simulated tells nothing: slope 0. */
static void put_slopes(fit_slopes *slopes, const fit_search *s, size_t j, double width)
{
    size_t size = s->r * s->m;
    const double *low = s->values + 2 * j * size, *high = low + size;
    double *values = slopes->values + j * size;
    for (size_t i = 0; i < size; i++) {
        values[i] = (high[i] - low[i]) / width;
        if (!isfinite(values[i]))
            values[i] = 0;
    }
    for (size_t i = 0; i < s->m; i++) {
        double sum = 0;
        for (size_t r = 0; r < s->r; r++)
            sum += values[r * s->m + i];
        slopes->slope[i * s->p + j] = sum / (double)s->r;
    }
}

static void put_products(fit_slopes *slopes, const fit_search *s, size_t j, size_t k)
{
    const double *a = slopes->values + j * s->r * s->m, *b = slopes->values + k * s->r * s->m;
    double gram = 0, noise = 0;
    for (size_t i = 0; i < s->m; i++) {
        double mean_a = slopes->slope[i * s->p + j], mean_b = slopes->slope[i * s->p + k], products = 0;
        for (size_t r = 0; r < s->r; r++)
            products += (a[r * s->m + i] - mean_a) * (b[r * s->m + i] - mean_b);
        gram += s->weight[i] * mean_a * mean_b;
        noise += s->weight[i] * products / (double)(s->r * (s->r - 1));
    }
    slopes->gram[j * s->p + k] = gram;
    slopes->noise[j * s->p + k] = noise;
}

int fit_slopes_take(fit_slopes *slopes, fit_search *s, const double *at)
{
    size_t p = s->p, first;
    double *ends = calloc(2 * p * p, sizeof *ends), middle[SIM_FIT_MOST_PARAMETERS];
    if (ends == NULL)
        return SIM_E_MEMORY;
    put_middle(slopes, s, at, middle);
    for (size_t j = 0; j < p; j++)
        put_ends(slopes, s, middle, j, ends + 2 * j * p);
    int ret = fit_search_evaluate(s, ends, 2 * p, &first);
    free(ends);
    for (size_t j = 0; ret == 0 && j < p; j++)
        put_slopes(slopes, s, j, 2 * slopes->step[j]);
    for (size_t j = 0; ret == 0 && j < p; j++)
        for (size_t k = 0; k < p; k++)
            put_products(slopes, s, j, k);
    return ret;
}

/* --- directions --- */

void fit_directions_free(fit_directions *d)
{
    free(d->value);
    free(d->vector);
    free(d->told);
    *d = (fit_directions){0};
}

/* The sum of products v' A v. */
static double quadratic(const double *a, const double *v, size_t p)
{
    double sum = 0;
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k < p; k++)
            sum += v[j] * a[j * p + k] * v[k];
    return sum;
}

static int decompose(fit_directions *d, const fit_slopes *slopes)
{
    size_t p = d->p;
    gsl_matrix *a = gsl_matrix_alloc(p, p), *vectors = gsl_matrix_alloc(p, p);
    gsl_vector *values = gsl_vector_alloc(p);
    gsl_eigen_symmv_workspace *workspace = gsl_eigen_symmv_alloc(p);
    int ret = a == NULL || vectors == NULL || values == NULL || workspace == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; ret == 0 && i < p * p; i++)
        a->data[i / p * a->tda + i % p] = slopes->gram[i] - slopes->noise[i];
    if (ret == 0) {
        gsl_eigen_symmv(a, values, vectors, workspace);
        gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_DESC);
    }
    for (size_t k = 0; ret == 0 && k < p; k++) {
        d->value[k] = gsl_vector_get(values, k);
        for (size_t j = 0; j < p; j++)
            d->vector[k * p + j] = gsl_matrix_get(vectors, j, k);
    }
    if (workspace != NULL)
        gsl_eigen_symmv_free(workspace);
    if (values != NULL)
        gsl_vector_free(values);
    if (vectors != NULL)
        gsl_matrix_free(vectors);
    if (a != NULL)
        gsl_matrix_free(a);
    return ret;
}

int fit_directions_init(fit_directions *d, const fit_slopes *slopes, size_t p)
{
    *d = (fit_directions){
        .p = p,
        .value = calloc(p, sizeof *d->value),
        .vector = calloc(p * p, sizeof *d->vector),
        .told = calloc(p, sizeof *d->told),
    };
    int ret = d->value == NULL || d->vector == NULL || d->told == NULL ? SIM_E_MEMORY : decompose(d, slopes);
    for (size_t k = 0; ret == 0 && k < p; k++) {
        double seen = quadratic(slopes->gram, d->vector + k * p, p);
        d->told[k] = d->value[k] > 0 && d->value[k] >= (1 - most_noise) * seen;
    }
    return ret;
}

void fit_directions_step(const fit_directions *d, const fit_slopes *slopes, const fit_search *s,
                         const double *difference, double *change)
{
    double pull[SIM_FIT_MOST_PARAMETERS] = {0};
    for (size_t i = 0; i < s->m; i++)
        for (size_t j = 0; j < d->p; j++)
            pull[j] += slopes->slope[i * d->p + j] * s->weight[i] * difference[i];
    for (size_t j = 0; j < d->p; j++)
        change[j] = 0;
    for (size_t k = 0; k < d->p; k++) {
        const double *v = d->vector + k * d->p;
        double along = 0;
        for (size_t j = 0; j < d->p && d->told[k]; j++)
            along += v[j] * pull[j];
        for (size_t j = 0; j < d->p && d->told[k]; j++)
            change[j] += v[j] * along / d->value[k];
    }
}

/* --- finishing --- */

/* Variance of parameter j's estimate, were all observations independent; of what is not told, that of the whole box. */
static double variance_of(const fit_directions *d, size_t j)
{
    double variance = 0;
    for (size_t k = 0; k < d->p; k++)
        variance += d->vector[k * d->p + j] * d->vector[k * d->p + j] / (d->told[k] ? d->value[k] : 1);
    return variance;
}

/* Differences of the next slopes: one standard deviation of the estimate to either side, or as many as it takes for
 * chance to be little beside the information. */
static void set_steps(fit_slopes *slopes, const fit_directions *d)
{
    for (size_t j = 0; j < d->p; j++) {
        double variance = variance_of(d, j), noise = slopes->noise[j * d->p + j];
        double quiet = slopes->step[j] * sqrt(noise * variance / wanted_noise);
        slopes->step[j] = fmin(fmax(fmax(sqrt(variance), quiet), least_step), most_step);
    }
}

/* Tries the step and shorter ones; *at moves to the first point that is better. *moved: whether one was. */
static int try_step(fit_search *s, const double *change, size_t *at, bool *moved)
{
    double trial[SIM_FIT_MOST_PARAMETERS], length = 1;
    *moved = false;
    for (int i = 0; i < HALVINGS && !*moved; i++, length /= 2) {
        size_t index;
        for (size_t j = 0; j < s->p; j++)
            trial[j] = fmin(fmax(s->points[*at * s->p + j] + length * change[j], 0), 1);
        int ret = fit_search_evaluate(s, trial, 1, &index);
        if (ret != 0)
            return ret;
        *moved = fit_search_misfit(s, index) < fit_search_misfit(s, *at);
        if (*moved)
            *at = index;
    }
    return 0;
}

static int step(fit_search *s, fit_slopes *slopes, size_t *at, bool *moved)
{
    double change[SIM_FIT_MOST_PARAMETERS], at_point[SIM_FIT_MOST_PARAMETERS];
    double *difference = malloc(s->m * sizeof *difference);
    fit_directions d = {0};
    memcpy(at_point, s->points + *at * s->p, s->p * sizeof *at_point);
    int ret = difference == NULL ? SIM_E_MEMORY : fit_slopes_take(slopes, s, at_point);
    if (ret == 0)
        ret = fit_directions_init(&d, slopes, s->p);
    if (ret == 0) {
        for (size_t i = 0; i < s->m; i++)
            difference[i] = s->problem->observed[i] - s->means[*at * s->m + i];
        fit_directions_step(&d, slopes, s, difference, change);
        set_steps(slopes, &d);
        ret = try_step(s, change, at, moved);
    }
    fit_directions_free(&d);
    free(difference);
    return ret;
}

/* Slopes at the estimate; once more over the widest differences where they do not tell of all directions. */
static int last_slopes(fit_search *s, fit_slopes *slopes, size_t at)
{
    double point[SIM_FIT_MOST_PARAMETERS];
    fit_directions d = {0};
    bool all = true;
    memcpy(point, s->points + at * s->p, s->p * sizeof *point);
    int ret = fit_slopes_take(slopes, s, point);
    if (ret == 0)
        ret = fit_directions_init(&d, slopes, s->p);
    for (size_t k = 0; ret == 0 && k < s->p; k++)
        all = all && d.told[k];
    for (size_t j = 0; ret == 0 && !all && j < s->p; j++)
        slopes->step[j] = most_step;
    if (ret == 0 && !all)
        ret = fit_slopes_take(slopes, s, point);
    fit_directions_free(&d);
    return ret;
}

int fit_finish(fit_search *s, fit_slopes *slopes, size_t *at)
{
    int ret = 0;
    bool moved = true;
    fit_search_weigh(s, fit_search_best(s));
    *at = fit_search_best(s);
    for (int i = 0; i < MOST_STEPS && ret == 0 && moved; i++)
        ret = step(s, slopes, at, &moved);
    if (ret != 0)
        return ret;
    *at = fit_search_best(s); /* an end of a difference may have been better still */
    return last_slopes(s, slopes, *at);
}
