/* Observations as read, for the outcome that compares a run with them. */
#ifndef MODEL_OBSERVED_H
#define MODEL_OBSERVED_H

#include "models/world.h"

typedef struct {
    sim_time begin, end;
    uint32_t post; /* MODEL_NONE: all */
    double people; /* NaN: not observed */
    double wait;   /* seconds; NaN: not observed */
} observation;

struct observed_setup {
    size_t count;
    observation *rows;
};

#endif
