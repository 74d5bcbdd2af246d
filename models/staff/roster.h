/* Rosters and their shifts by the clock, day by day.
 *
 * A shift is a rule that repeats every day; the shift of one day has people (who came of those on the list) and an end
 * (perhaps after overtime): duty.h. Days are counted from that of the scenario's start, local time; the shift of day -1
 * may still be on at the start. */
#ifndef MODEL_ROSTER_H
#define MODEL_ROSTER_H

#include "models/core/world.h"

typedef struct {
    sim_time start, length, from, until, handover, break_length, break_after;
    int64_t head, waves;
    uint32_t roster;
} model_shift;

/* People of one role at one side of a site. All rosters of one role there are one pool. */
typedef struct {
    uint32_t site, side;
    const char *role;
    size_t first_shift, shift_count;
} model_roster;

struct staff_setup {
    model_roster *rosters;
    size_t roster_count;
    model_shift *shifts;
    size_t shift_count;
};

MODEL_PART_AS(staff, staff)

bool model_roster_is_pool(const model_roster *a, const model_roster *b);
/* Whether it is of the role and side of the station. */
bool model_roster_serves(const model_roster *roster, const model_station *station);

/* Whether the shift starts on that day, and when. */
bool model_shift_starts(const model_setup *setup, size_t shift, int64_t day, sim_time *start);
/* Whether the shift is on at the instant, handovers included, overtime not. */
bool model_shift_is_on(const model_setup *setup, size_t shift, sim_time instant);

/* What a finished replication says of a shift's offered load (people): pair[0] over pair[1]; both 0 when nobody was
 * busy while it was on. (shift_load.c) */
void model_shift_load(const model_world *world, size_t shift, double pair[2]);

#endif
