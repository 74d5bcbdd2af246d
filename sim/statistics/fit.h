/* Fitting a stochastic simulation to observations: parameters in a box, so that what is simulated on average comes
 * close to what was observed.
 *
 * The misfit of a point is the sum over observations of (observed - mean over replications)^2 / variance. Every point
 * has the same replications (common random numbers), so that the misfit is one and the same function wherever it is
 * asked. A space-filling design finds a start, Nelder and Mead's simplex goes downhill (GSL), Gauss-Newton steps
 * finish; slopes are differences under common random numbers.
 *
 * Intervals: further replications at the estimate are each taken for what might have been observed, and refitted by one
 * Gauss-Newton step (one-step bootstrap: Davison and Hinkley 1997, 7.2; Shao and Tu 1995, 8.2). Where the observations
 * lie further off than such replications do, the model does not hold, and the intervals are widened by the root of that
 * ratio. What observations do not determine is told, as directions in the box: the eigenvectors of the information
 * whose interval fills the box or whose slopes do not stand out from their own noise. */
#ifndef SIM_FIT_H
#define SIM_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_FIT_MOST_PARAMETERS = 20, SIM_FIT_LEAST_REPLICATIONS = 2, SIM_FIT_LEAST_BOOTSTRAP = 20 };

/* Simulated observations at `n` points of the box, each in replications first .. first + count - 1: points[n *
 * parameters], every coordinate from 0 to 1; values[(point * count + replication) * observations + observation]. NaN:
 * the point cannot be simulated. 0, or a negative error, which ends the fit. It must be a function of its arguments
 * alone. */
typedef int sim_fit_evaluate(const double *points, size_t n, uint64_t first, size_t count, double *values, void *user);

typedef struct {
    size_t parameters, observations; /* at least 1 parameter, at least as many observations */
    const double *observed;          /* [observations], finite */
    const double *variance_floor; /* [observations], > 0: how coarse each observation is; added to the variance between
                                     replications */
    size_t replications;          /* of every point */
    size_t evaluations;           /* points at most before the finishing steps; at least 4 * (parameters + 1) */
    size_t bootstrap;             /* replications at the estimate, other ones than those above */
    double level;                 /* of the intervals, such as 0.95 */
    sim_fit_evaluate *evaluate;   /* its last call is for the estimate and the replications of the bootstrap */
    void *user;
} sim_fit_problem;

typedef struct {
    size_t parameters, observations;
    double *at;         /* [parameters] the estimate, 0 to 1 */
    double *low, *high; /* [parameters] interval, cut to 0 and 1; NaN: not determined */
    int *edge;          /* [parameters] -1, 1: the estimate lies at that edge of the box; 0: inside */
    double *weight;     /* [observations] 1 / variance */
    double *mean, *sd; /* [observations] at the estimate: mean over the common replications; over those of the bootstrap
                          the standard deviation */
    size_t loose;      /* directions that the observations do not determine */
    double *direction; /* [loose * parameters] unit vectors, the first large component positive */
    double misfit;     /* weighted, at the estimate */
    double by_chance;  /* what it would be in the middle (median) if the model held */
    double p_value;    /* share of replications whose misfit would be as large; NaN with no more observations than
                          determined directions */
    double widened;    /* factor of the intervals; 1: the model holds as far as chance tells */
    size_t evaluated;  /* points, in the order in which they were evaluated */
    double *points;    /* [evaluated * parameters] */
    double *misfits;   /* [evaluated] by the last weights; infinity: could not be simulated */
    size_t bootstrap;
    double *refitted; /* [bootstrap * parameters] the bootstrap's estimates */
} sim_fit;

/* 0; SIM_E_INPUT: no point of the design can be simulated; SIM_E_MEMORY; what evaluate returned. Free with
 * sim_fit_free, also after a failure. Costs about evaluations * replications + 6 * parameters * replications +
 * bootstrap simulations. */
int sim_fit_run(sim_fit *fit, const sim_fit_problem *problem);
void sim_fit_free(sim_fit *fit);

#endif
