/* Searching the box: points and their misfits, the design that finds a start, Nelder and Mead's simplex from there. */
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/fit_internal.h"

/* The design takes this share of the evaluations; the simplex begins with edges of this length and ends at that.
 * Variances at a point count as much as this many more degrees of freedom of the design's. */
enum { DESIGN_SHARE = 3, POOLED_FREEDOM = 4 };
static const double first_edge = 0.12, last_edge = 0.004;
enum { IDLE_STEPS = 200 };

int fit_search_init(fit_search *s, const sim_fit_problem *problem)
{
    size_t p = problem->parameters, m = problem->observations;
    *s = (fit_search){.problem = problem, .p = p, .m = m, .r = problem->replications};
    s->room = problem->evaluations + 64 * (p + 1); /* finishing steps included */
    s->points = calloc(s->room * p, sizeof *s->points);
    s->means = calloc(s->room * m, sizeof *s->means);
    s->variances = calloc(s->room * m, sizeof *s->variances);
    s->weight = calloc(m, sizeof *s->weight);
    s->pooled = calloc(m, sizeof *s->pooled);
    bool whole =
        s->points != NULL && s->means != NULL && s->variances != NULL && s->weight != NULL && s->pooled != NULL;
    return whole ? 0 : SIM_E_MEMORY;
}

void fit_search_free(fit_search *s)
{
    free(s->points);
    free(s->means);
    free(s->variances);
    free(s->values);
    free(s->weight);
    free(s->pooled);
    *s = (fit_search){0};
}

/* Mean and variance of every observation over the replications of one point. */
static void summarise(fit_search *s, size_t point, const double *values)
{
    double *mean = s->means + point * s->m, *variance = s->variances + point * s->m;
    for (size_t i = 0; i < s->m; i++) {
        double sum = 0, squares = 0;
        for (size_t r = 0; r < s->r; r++)
            sum += values[r * s->m + i];
        mean[i] = sum / (double)s->r;
        for (size_t r = 0; r < s->r; r++)
            squares += (values[r * s->m + i] - mean[i]) * (values[r * s->m + i] - mean[i]);
        variance[i] = squares / (double)(s->r - 1);
    }
}

static int make_room(fit_search *s, size_t n)
{
    size_t wanted = n * s->r * s->m;
    if (s->count + n > s->room)
        return SIM_E_LIMIT;
    if (wanted <= s->value_room)
        return 0;
    double *values = realloc(s->values, wanted * sizeof *values);
    if (values == NULL)
        return SIM_E_MEMORY;
    s->values = values;
    s->value_room = wanted;
    return 0;
}

int fit_search_evaluate(fit_search *s, const double *points, size_t n, size_t *first)
{
    int ret = make_room(s, n);
    if (ret != 0)
        return ret;
    memcpy(s->points + s->count * s->p, points, n * s->p * sizeof *points);
    ret = s->problem->evaluate(s->points + s->count * s->p, n, 0, s->r, s->values, s->problem->user);
    if (ret != 0)
        return ret;
    for (size_t i = 0; i < n; i++)
        summarise(s, s->count + i, s->values + i * s->r * s->m);
    *first = s->count;
    s->count += n;
    return 0;
}

double fit_search_misfit(const fit_search *s, size_t point)
{
    const double *mean = s->means + point * s->m;
    double sum = 0;
    for (size_t i = 0; i < s->m; i++)
        sum += s->weight[i] * (s->problem->observed[i] - mean[i]) * (s->problem->observed[i] - mean[i]);
    return isfinite(sum) ? sum : (double)INFINITY;
}

size_t fit_search_best(const fit_search *s)
{
    size_t best = 0;
    for (size_t i = 1; i < s->count; i++)
        if (fit_search_misfit(s, i) < fit_search_misfit(s, best))
            best = i;
    return best;
}

void fit_search_weigh(fit_search *s, size_t point)
{
    double freedom = (double)(s->r - 1);
    for (size_t i = 0; i < s->m; i++) {
        double here = s->variances[point * s->m + i];
        double variance = (here * freedom + s->pooled[i] * POOLED_FREEDOM) / (freedom + POOLED_FREEDOM);
        s->weight[i] = 1 / (variance + s->problem->variance_floor[i]);
    }
}

/* --- design --- */

static void pool(fit_search *s)
{
    size_t finite = 0;
    for (size_t k = 0; k < s->count; k++) {
        if (!isfinite(s->means[k * s->m]))
            continue;
        finite++;
        for (size_t i = 0; i < s->m; i++)
            s->pooled[i] += s->variances[k * s->m + i];
    }
    for (size_t i = 0; i < s->m; i++) {
        s->pooled[i] = finite > 0 ? s->pooled[i] / (double)finite : 0;
        s->weight[i] = 1 / (s->pooled[i] + s->problem->variance_floor[i]);
    }
}

int fit_search_design(fit_search *s)
{
    size_t n = s->problem->evaluations / DESIGN_SHARE, first;
    if (n < s->p + 2)
        n = s->p + 2;
    double *points = malloc(n * s->p * sizeof *points);
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)s->p);
    int ret = points == NULL || sequence == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; ret == 0 && i < n; i++)
        gsl_qrng_get(sequence, points + i * s->p);
    if (ret == 0)
        ret = fit_search_evaluate(s, points, n, &first);
    gsl_qrng_free(sequence);
    free(points);
    if (ret != 0)
        return ret;
    pool(s);
    size_t best = fit_search_best(s);
    if (!isfinite(fit_search_misfit(s, best)))
        return SIM_E_INPUT;
    fit_search_weigh(s, best);
    return 0;
}

/* --- simplex --- */

/* GSL's function of a point: outside of the box the misfit of the nearest point inside, and more the further out. */
typedef struct {
    fit_search *s;
    double *inside; /* [p] */
    size_t left;    /* evaluations */
    int error;
} descent;

static double find_known(const fit_search *s, const double *point, bool *known)
{
    for (size_t i = 0; i < s->count; i++)
        if (memcmp(s->points + i * s->p, point, s->p * sizeof *point) == 0) {
            *known = true;
            return fit_search_misfit(s, i);
        }
    *known = false;
    return (double)INFINITY;
}

static double misfit_at(const gsl_vector *x, void *user)
{
    descent *d = user;
    fit_search *s = d->s;
    double outside = 0;
    size_t index;
    bool known;
    for (size_t j = 0; j < s->p; j++) {
        double u = gsl_vector_get(x, j);
        d->inside[j] = u < 0 ? 0 : u > 1 ? 1 : u;
        outside += (u - d->inside[j]) * (u - d->inside[j]);
    }
    double misfit = find_known(s, d->inside, &known);
    if (!known && d->error == 0 && d->left > 0) {
        d->left--;
        d->error = fit_search_evaluate(s, d->inside, 1, &index);
        misfit = d->error == 0 ? fit_search_misfit(s, index) : (double)INFINITY;
    }
    return isfinite(misfit) ? misfit * (1 + 10 * outside) + outside : 1e300; /* GSL takes finite numbers alone */
}

static int descend(descent *d, gsl_multimin_fminimizer *minimizer, gsl_vector *start, gsl_vector *edges)
{
    fit_search *s = d->s;
    gsl_multimin_function function = {.f = misfit_at, .n = s->p, .params = d};
    const double *best = s->points + fit_search_best(s) * s->p;
    for (size_t j = 0; j < s->p; j++) {
        gsl_vector_set(start, j, best[j]);
        gsl_vector_set(edges, j, best[j] > 0.5 ? -first_edge : first_edge);
    }
    if (gsl_multimin_fminimizer_set(minimizer, &function, start, edges) != 0)
        return d->error != 0 ? d->error : 0;
    /* Beyond an edge and among points that cannot be simulated a simplex may move for ever without asking for a new
     * one. */
    for (size_t idle = 0, left = d->left; idle < IDLE_STEPS; idle = d->left == left ? idle + 1 : 0, left = d->left) {
        if (d->error != 0 || d->left == 0 || gsl_multimin_fminimizer_size(minimizer) <= last_edge)
            break;
        if (gsl_multimin_fminimizer_iterate(minimizer) != 0)
            break;
    }
    return d->error;
}

int fit_search_simplex(fit_search *s)
{
    size_t taken = s->count;
    descent d = {.s = s, .left = s->problem->evaluations > taken ? s->problem->evaluations - taken : 0};
    gsl_multimin_fminimizer *minimizer = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, s->p);
    gsl_vector *start = gsl_vector_alloc(s->p), *edges = gsl_vector_alloc(s->p);
    d.inside = calloc(s->p, sizeof *d.inside);
    int ret = minimizer == NULL || start == NULL || edges == NULL || d.inside == NULL
                  ? SIM_E_MEMORY
                  : descend(&d, minimizer, start, edges);
    free(d.inside);
    if (edges != NULL)
        gsl_vector_free(edges);
    if (start != NULL)
        gsl_vector_free(start);
    if (minimizer != NULL)
        gsl_multimin_fminimizer_free(minimizer);
    return ret;
}
