/* Sensitivity: how much of an output's variation is a factor's doing, from outputs at the points of a design
 * (design.h).
 *
 * Sobol indices: the main one is the share of the output's variance that the factor explains alone, the total one its
 * share with all its interactions. Morris: the mean of the absolute elementary effects (mu*) says how much a factor
 * matters, their deviation (sigma) whether its effect depends on where it and the others stand.
 *
 * A row of the design (A, B and all AB_i; a trajectory) that has an output that is not finite is left out whole: what
 * is kept has the structure that the estimators need. Intervals are percentiles of estimates from rows drawn with
 * replacement (bootstrap, Efron 1979; Archer, Saltelli and Sobol 1997): deterministic, by the counter-based generator.
 * They cover the choice of points, not the luck of the simulation's replications. */
#ifndef SIM_SENSITIVITY_H
#define SIM_SENSITIVITY_H

#include "sim/statistics/design.h"

typedef struct {
    double value, low, high; /* NaN: cannot be told */
} sim_interval;

typedef struct {
    size_t resamples;  /* of the bootstrap; 0: no intervals */
    double confidence; /* of the intervals, 0..1 */
    uint64_t seed;
} sim_bootstrap;
#define SIM_BOOTSTRAP_DEFAULT \
    {                         \
        1000, 0.95, 1         \
    }

/* From y[points] of a Sobol design to first[k] and total[k]; *rows: how many were whole. First-order indices by
 * Saltelli et al. (2010, table 2, row b), V_i = mean f_B (f_ABi - f_A) with f centred at its mean; total ones by Jansen
 * (1999), VT_i = mean (f_A - f_ABi)^2 / 2; V is the variance of all A and B. Of the published first-order estimators
 * that need no more points, Jansen's (row c) errs less for a factor that explains most of the variance, this one for
 * all that explain little: over 400 shifted designs of 64 rows of the g-function (a = 0, 1, 4.5, 9, 99 ...) the root
 * mean square error is 0.085 against 0.027 for the first factor and 0.002-0.03 against 0.06-0.09 for the other seven;
 * from 1,024 rows on both are below 0.01. A sweep has many factors of which most matter little, and a planner must not
 * be shown an influence that is none: this one. All NaN when fewer than 2 rows are whole or the output does not vary.
 * Cost: O(resamples * rows * k). 0 or SIM_E_MEMORY. */
int sim_sobol_indices(const sim_design *design, const double *y, const sim_bootstrap *bootstrap, sim_interval *first,
                      sim_interval *total, size_t *rows);

typedef struct {
    double mu;            /* mean elementary effect: the sign tells the direction */
    sim_interval mu_star; /* mean absolute elementary effect (Campolongo, Cariboni and Saltelli 2007) */
    double sigma;         /* deviation of the elementary effects */
} sim_elementary;

/* From y[points] of a Morris design to effects[k], in the output's unit for a change over the factor's whole range. mu
 * and mu* need one whole trajectory, sigma and the interval two. 0 or SIM_E_MEMORY. */
int sim_morris_effects(const sim_design *design, const double *y, const sim_bootstrap *bootstrap,
                       sim_elementary *effects, size_t *rows);

#endif
