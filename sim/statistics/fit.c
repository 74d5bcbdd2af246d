/* The course of a fit: design, simplex, finishing steps, bootstrap; and its results' memory. */
#include "sim/statistics/fit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/statistics/fit_internal.h"

void sim_fit_free(sim_fit *fit)
{
    double *const reals[] = {fit->at, fit->low,       fit->high,   fit->weight,  fit->mean,
                             fit->sd, fit->direction, fit->points, fit->misfits, fit->refitted};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        free(reals[i]);
    free(fit->edge);
    *fit = (sim_fit){0};
}

static int allocate(sim_fit *fit, const sim_fit_problem *problem)
{
    size_t p = problem->parameters, m = problem->observations;
    *fit = (sim_fit){.parameters = p, .observations = m, .bootstrap = problem->bootstrap, .widened = 1};
    fit->at = calloc(p, sizeof *fit->at);
    fit->low = calloc(p, sizeof *fit->low);
    fit->high = calloc(p, sizeof *fit->high);
    fit->edge = calloc(p, sizeof *fit->edge);
    fit->direction = calloc(p * p, sizeof *fit->direction);
    fit->weight = calloc(m, sizeof *fit->weight);
    fit->mean = calloc(m, sizeof *fit->mean);
    fit->sd = calloc(m, sizeof *fit->sd);
    fit->refitted = calloc(problem->bootstrap * p, sizeof *fit->refitted);
    bool whole = fit->at != NULL && fit->low != NULL && fit->high != NULL && fit->edge != NULL &&
                 fit->direction != NULL && fit->weight != NULL && fit->mean != NULL && fit->sd != NULL &&
                 fit->refitted != NULL;
    return whole ? 0 : SIM_E_MEMORY;
}

/* The way of the search, for whoever wants to see it. */
static int keep_points(sim_fit *fit, const fit_search *s)
{
    fit->points = malloc(s->count * s->p * sizeof *fit->points);
    fit->misfits = malloc(s->count * sizeof *fit->misfits);
    if (fit->points == NULL || fit->misfits == NULL)
        return SIM_E_MEMORY;
    memcpy(fit->points, s->points, s->count * s->p * sizeof *fit->points);
    for (size_t i = 0; i < s->count; i++)
        fit->misfits[i] = fit_search_misfit(s, i);
    fit->evaluated = s->count;
    return 0;
}

static void keep_estimate(sim_fit *fit, const fit_search *s, size_t at)
{
    memcpy(fit->at, s->points + at * s->p, s->p * sizeof *fit->at);
    memcpy(fit->mean, s->means + at * s->m, s->m * sizeof *fit->mean);
    memcpy(fit->weight, s->weight, s->m * sizeof *fit->weight);
    fit->misfit = fit_search_misfit(s, at);
}

int sim_fit_run(sim_fit *fit, const sim_fit_problem *problem)
{
    assert(problem->parameters >= 1 && problem->parameters <= SIM_FIT_MOST_PARAMETERS &&
           problem->observations >= problem->parameters);
    assert(problem->replications >= SIM_FIT_LEAST_REPLICATIONS && problem->bootstrap >= SIM_FIT_LEAST_BOOTSTRAP);
    assert(problem->evaluations >= 4 * (problem->parameters + 1) && problem->level > 0 && problem->level < 1);
    fit_search s = {0};
    fit_slopes slopes = {0};
    size_t at = 0;
    int ret = allocate(fit, problem);
    if (ret == 0)
        ret = fit_search_init(&s, problem);
    if (ret == 0)
        ret = fit_slopes_init(&slopes, s.p, s.m, s.r);
    if (ret == 0)
        ret = fit_search_design(&s);
    if (ret == 0)
        ret = fit_search_simplex(&s);
    if (ret == 0)
        ret = fit_finish(&s, &slopes, &at);
    if (ret == 0) {
        keep_estimate(fit, &s, at);
        ret = keep_points(fit, &s);
    }
    if (ret == 0)
        ret = fit_intervals(fit, &s, &slopes, at);
    fit_slopes_free(&slopes);
    fit_search_free(&s);
    return ret;
}
