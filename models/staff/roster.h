/* Rosters and their shifts, day by day: what the models of staff share.
 *
 * A shift is a rule that repeats every day; the shift of one day has people (who came of those on the list) and an end
 * (perhaps after overtime). Days are counted from that of the scenario's start, local time; the shift of day -1 may
 * still be on at the start. */
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

/* --- roster.c --- */
bool model_roster_is_pool(const model_roster *a, const model_roster *b);
/* Whether it is of the role and side of the station. */
bool model_roster_serves(const model_roster *roster, const model_station *station);

int64_t model_shift_day(const model_setup *setup, sim_time now);
/* Whether the shift starts on that day, and when. */
bool model_shift_starts(const model_setup *setup, size_t shift, int64_t day, sim_time *start);
/* People of the shift of that day who are there: those on the list and the reinforcements, less the absent. */
int64_t model_shift_people(const model_world *world, size_t shift, int64_t day);
/* End of the shift of that day which starts at `start`, with the overtime that it is on. */
sim_time model_shift_end(const model_world *world, size_t shift, int64_t day, sim_time start);
/* People of the shift at their desks at `now`, breaks taken off; *next becomes no later than the next instant at which
 * that may change. */
int64_t model_shift_on_duty(const model_world *world, size_t shift, sim_time now, sim_time *next);

/* --- shift_load.c --- */
/* What a finished replication says of a shift's offered load (people): pair[0] over pair[1]; both 0 when nobody was
 * busy while it was on. */
void model_shift_load(const model_world *world, size_t shift, double pair[2]);

/* --- other models of staff; without the model: nobody, never --- */
int64_t model_absence_count(const model_world *world, size_t shift, int64_t day, int64_t people);
/* People of surge, recall and move orders in the shift of that day; below 0: moved away. */
int64_t model_surge_share(const model_world *world, size_t shift, int64_t day);
/* Until when the shift of that day may stay on; 0: it is not on overtime. */
sim_time model_overtime_until(const model_world *world, size_t shift, int64_t day);
/* Whether people of the roster can stand in for others. */
bool model_stand_in_can(const model_setup *setup, size_t roster);
/* Puts spare people (of each roster) at desks of other roles that nobody mans: adds to `given` (people at each
 * station). */
void model_stand_in_assign(model_world *world, int64_t *given, int64_t *spare, sim_time now);
/* Slows a station with so many desks by the stand-ins among them, at a control instant. */
void model_stand_in_slow(const model_world *world, uint32_t station, uint32_t desks);
/* Whether people of the role interpret. */
bool model_interpreter_is(const model_setup *setup, const char *role);
/* So many people of each roster are free to interpret from now on. */
void model_interpreter_assign(model_world *world, const int64_t *spare);

/* --- staff.c --- */
/* Whether a side is open, and the next instant at which that changes. */
bool model_side_is_open(const model_setup *setup, uint32_t site, uint32_t side, sim_time now, sim_time *next);
/* The station of the role at the site's side that gets the next desk for `people` free people, or MODEL_NONE. */
uint32_t model_staff_next_desk(const model_world *world, uint32_t site, uint32_t side, const char *role,
                               int64_t people);

#endif
