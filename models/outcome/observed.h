/* Observations as read, for the outcome that compares a run with them. */
#ifndef MODEL_OBSERVED_H
#define MODEL_OBSERVED_H

#include "models/core/world.h"

typedef struct {
    sim_time begin, end;
    uint32_t site; /* MODEL_NONE: all */
    double people; /* NaN: not observed */
    double wait;   /* seconds; NaN: not observed */
} observation;

struct observed_setup {
    size_t count;
    observation *rows;
};

MODEL_PART_AS(observed, observed)

/* What a finished replication has of an observation (comparison.c): people who crossed in its period and the wait, in
 * seconds, of somebody who comes at its end; NaN where the run does not cover it. 0 or SIM_E_MEMORY. */
int model_observed_take(const model_world *world, size_t index, double *people, double *wait);

#endif
