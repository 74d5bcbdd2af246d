/* The outcome: replications merged, in their order, into the results that stand in a results file. */
#ifndef MODEL_OUTCOME_H
#define MODEL_OUTCOME_H

#include "models/core/run.h"
#include "sim/result/result.h"

typedef struct model_outcome model_outcome;

/* Which of two values of a figure is better; "neither" where that depends on more than the figure. */
typedef enum { MODEL_NEITHER_IS_BETTER, MODEL_LESS_IS_BETTER, MODEL_MORE_IS_BETTER } model_better;
extern const char *const model_better_names[]; /* "neither", "less", "more" */

/* Key figures of a run, one number a replication. */
typedef struct {
    const char *name; /* "wait.mean" */
    const char *unit;
    const char *doc;
    const char *source; /* who reports it so, or the goal that it speaks to; "": nobody in particular */
    model_better better;
} model_key_figure;
extern const model_key_figure model_key_figures[];
extern const size_t model_key_figure_count;

int model_outcome_new(model_outcome **out, const model_setup *setup);
void model_outcome_free(model_outcome *outcome);
/* Adds a replication that has run to its end; to be called in the order of replications. */
int model_outcome_add(model_outcome *outcome, const model_world *world);
size_t model_outcome_replications(const model_outcome *outcome);
/* Mean of a key figure over replications and the half-width of its interval (NaN below 2 replications). */
void model_outcome_interval(const model_outcome *outcome, size_t figure, double *mean, double *half_width);
/* Mean over replications of a count in one bin, all its cells together. */
double model_outcome_count(const model_outcome *outcome, const char *metric, uint32_t bin, uint32_t owner);
const model_setup *model_outcome_setup(const model_outcome *outcome);
/* Adds the group `observed` to the results: each observation beside what was simulated (comparison.c). */
int model_outcome_compare(const model_outcome *outcome, sim_result *result);
/* Turns the outcome into results (with the journeys of the first replication that kept them). Caller inits and frees
 * *result. */
int model_outcome_result(const model_outcome *outcome, sim_result *result);

/* Half-width of the Student interval for the mean of n values; NaN for n < 2. */
void model_interval(const double *values, size_t n, size_t stride, double confidence, double *mean, double *half_width);

/* Value below which a share q of a histogram's weight lies, seconds; NaN when it is empty. */
double model_histogram_quantile(const uint64_t *buckets, double q);

#endif
