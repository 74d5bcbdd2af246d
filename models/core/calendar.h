/* Local days and times of day, and what happens at the same time every day. */
#ifndef MODEL_CALENDAR_H
#define MODEL_CALENDAR_H

#include "models/core/world.h"

/* Days since that of the scenario's start, which is 0; before it below 0. */
int64_t model_day(const model_setup *setup, sim_time now);
/* The instant at which that day begins. */
sim_time model_midnight(const model_setup *setup, int64_t day);
/* Whether a time of day lies between two, the first of them included; over midnight when the first is the later one. */
bool model_is_between(sim_time clock, sim_time from, sim_time to);
/* Brings *next forward to `edge` if that is still to come. */
void model_note_edge(sim_time edge, sim_time now, sim_time *next);
/* Whether a side is open; *next becomes no later than the next instant at which that changes. */
bool model_side_is_open(const model_setup *setup, uint32_t site, uint32_t side, sim_time now, sim_time *next);

#endif
