/* Measures: what a replication comes to as pairs of numbers, `over` and `under`, whose quotient is the value.
 *
 * A key figure of all places or of one site, in the whole run or in a stretch of time; or what an observation of the
 * scenario saw. Kept as pairs so that many replications can be pooled: the quotient of sums is the figure of all their
 * people together. */
#ifndef MODEL_MEASURE_H
#define MODEL_MEASURE_H

#include "models/core/run.h"

typedef enum {
    MODEL_MEASURE_FIGURE,          /* `index`: of model_key_figures */
    MODEL_MEASURE_OBSERVED_PEOPLE, /* `index`: of the scenario's observations; people who crossed in its period */
    MODEL_MEASURE_OBSERVED_WAIT,   /* seconds that somebody waits who comes at its end */
    MODEL_MEASURE_SHIFT_LOAD       /* `index`: of staff_setup(setup)->shifts; people busy while it is on, weighted by
                                      themselves       (shift_load.c) */
} model_measure_kind;

typedef struct {
    model_measure_kind kind;
    size_t index;
    uint32_t site;     /* of setup->posts; MODEL_NONE: all places of the figure */
    sim_time from, to; /* whole time bins in [from, to); both 0: the run after its warm-up. Quantiles and peaks of
                          stretches: see below */
} model_measure;

/* "wait.p95", "wait.p95@Bridge": a key figure, of one site. SIM_E_INPUT with a line in `why` ("did you mean ...") when
 * there is no such figure or site, when the scenario does not record what the figure is made of, or when the figure
 * cannot be told apart by site. */
int model_measure_parse(const model_setup *setup, const char *text, model_measure *measure, char *why, size_t size);
/* The same where one of several setups (plans of one scenario) records it, if it is then 0 in the others: money that
 * only one plan spends. */
int model_measure_parse_any(const model_setup *setups, size_t count, const char *text, model_measure *measure,
                            char *why, size_t size);
/* Its name as parsed. */
void model_measure_name(const model_setup *setup, const model_measure *measure, char *name, size_t size);
const char *model_measure_unit(const model_measure *measure);
/* Whether it can be of a stretch of time: not quantiles and longest waits, whose histograms are of the whole run. */
bool model_measure_has_stretches(const model_measure *measure);

/* All key figures that the scenario knows, and then of each of its sites those that can be told apart and mean
 * something there. Caller frees *measures. */
int model_measure_all(const model_setup *setup, model_measure **measures, size_t *count);

/* What a finished replication comes to: pair[0] over pair[1]. */
int model_measure_take(const model_world *world, const model_measure *measure, double pair[2]);
/* over / under; NaN where there is nothing under. */
double model_measure_value(const double pair[2]);

#endif
