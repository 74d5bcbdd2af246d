/* Who is there of a shift: those on its list and those who come to it, less the absent, for as long as they stay. */
#ifndef MODEL_DUTY_H
#define MODEL_DUTY_H

#include "models/staff/roster.h"

/* --- surge.c; without the model: those on the list, and nobody from elsewhere --- */
/* People of the shift of that day who should come: those on the list and the reinforcements. The shift starts on that
 * day. */
int64_t model_shift_listed(const model_world *world, size_t shift, int64_t day);
/* People who are at the roster now from elsewhere: by surge orders or from other rosters. */
int64_t model_surge_away(const model_world *world, size_t roster);

/* --- absence.c; without the model everybody comes --- */
/* Those of them who are there. */
int64_t model_shift_people(const model_world *world, size_t shift, int64_t day);

/* --- overtime.c --- */
/* Until when the shift of that day may stay on; 0: it is not on overtime, or the model is not used. */
sim_time model_overtime_until(const model_world *world, size_t shift, int64_t day);

/* --- duty.c --- */
/* People of the shift at their desks at `now`, breaks taken off; *next becomes no later than the next instant at which
 * that may change. */
int64_t model_shift_on_duty(const model_world *world, size_t shift, sim_time now, sim_time *next);
/* People x microseconds of shifts of a roster, handovers and breaks included, absent people too, from one instant to
 * another between which nobody comes or goes by orders. */
int64_t model_staff_shift_time(const model_world *world, uint32_t roster, sim_time from, sim_time to);
/* The same on overtime, of those who are there. */
int64_t model_staff_overtime(const model_world *world, uint32_t roster, sim_time from, sim_time to);

/* What tires staff: hours since the shift began, and days on duty in a row. */
typedef struct {
    double hours, days;
    int64_t rest_after; /* days in a row after which people are replaced; 0: never */
} model_tiredness;
/* Means, over the people on duty in a station's pool, of their hours and days beyond those of `limits`; 0 when nobody
 * is on duty. */
model_tiredness model_staff_tiredness(const model_world *world, uint32_t station, sim_time now,
                                      const model_tiredness *limits);

#endif
