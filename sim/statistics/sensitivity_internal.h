/* What the estimators share: which rows of a design are whole, and percentiles of bootstrap estimates. */
#ifndef SIM_SENSITIVITY_INTERNAL_H
#define SIM_SENSITIVITY_INTERNAL_H

#include "sim/statistics/sensitivity.h"

/* Indices of the rows all of whose outputs are finite; *out has design->rows entries, caller frees. 0 or SIM_E_MEMORY.
 */
int sim_whole_rows(const sim_design *design, const double *y, size_t **out, size_t *count);
/* Draws `count` of 0..count-1 with replacement for a resample. */
void sim_resample(const sim_bootstrap *bootstrap, size_t resample, size_t count, size_t *out);
/* Percentile interval of estimates[resamples] (sorted here, what is not finite left out): NaN when there is none. */
void sim_percentiles(double *estimates, const sim_bootstrap *bootstrap, sim_interval *interval);

#endif
