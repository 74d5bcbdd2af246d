/* What the parts of a fit share: the points evaluated so far, the weights, the slopes at a point. */
#ifndef SIM_FIT_INTERNAL_H
#define SIM_FIT_INTERNAL_H

#include "sim/statistics/fit.h"

/* The mean of every point is kept: new weights change all misfits and cost no simulation. */
typedef struct {
    const sim_fit_problem *problem;
    size_t p, m, r;         /* parameters, observations, replications of a point */
    size_t count, room;     /* points evaluated */
    double *points, *means; /* [room * p], [room * m] */
    double *variances;      /* [room * m] between replications */
    double *values;         /* scratch of one list of points */
    size_t value_room;
    double *weight; /* [m] */
    double *pooled; /* [m] variance on average over the design */
} fit_search;

/* Slopes at a point and how they scatter. */
typedef struct {
    double *slope;  /* [m * p] change of each mean per unit of each parameter */
    double *gram;   /* [p * p] slope' W slope */
    double *noise;  /* [p * p] what chance in the slopes adds to it on average */
    double *step;   /* [p] half of the difference that slopes are taken over */
    double *values; /* [p * r * m] slopes by replication */
} fit_slopes;

int fit_search_init(fit_search *s, const sim_fit_problem *problem);
void fit_search_free(fit_search *s);
/* Evaluates points that follow each other in `points`; *first is the index of the first. 0 or a negative error. */
int fit_search_evaluate(fit_search *s, const double *points, size_t n, size_t *first);
/* Weighted misfit of an evaluated point; infinity where it could not be simulated. */
double fit_search_misfit(const fit_search *s, size_t point);
size_t fit_search_best(const fit_search *s);
/* Weights from the variances at a point, drawn towards those on average over the design: ten replications tell a
 * variance badly. */
void fit_search_weigh(fit_search *s, size_t point);
int fit_search_design(fit_search *s);
int fit_search_simplex(fit_search *s);

int fit_slopes_init(fit_slopes *slopes, size_t p, size_t m, size_t r);
void fit_slopes_free(fit_slopes *slopes);
/* Slopes at a point by central differences of 2 * step; the steps are at most half of the box. */
int fit_slopes_take(fit_slopes *slopes, fit_search *s, const double *at);

/* Directions of the box, by how much the observations tell of them. */
typedef struct {
    size_t p;
    double *value;  /* [p] information: slopes' W slopes without what chance adds */
    double *vector; /* [p * p] unit vector k is vector[k * p ...] */
    bool *told;     /* [p] the slopes stand out from their noise */
} fit_directions;

int fit_directions_init(fit_directions *d, const fit_slopes *slopes, size_t p);
void fit_directions_free(fit_directions *d);
/* The change of parameters that a Gauss-Newton step makes of differences from the mean, over the directions told. */
void fit_directions_step(const fit_directions *d, const fit_slopes *slopes, const fit_search *s,
                         const double *difference, double *change);

/* Finishing steps from the best point; leaves slopes at the estimate, whose index is *at. */
int fit_finish(fit_search *s, fit_slopes *slopes, size_t *at);
/* Bootstrap at the estimate: fills the fit's intervals, notes and misfit. */
int fit_intervals(sim_fit *fit, fit_search *s, const fit_slopes *slopes, size_t at);

#endif
