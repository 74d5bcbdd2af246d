/* Who mans desks, of those on duty: people of the station's role, then others who can do its work. Who is left over may
 * interpret. */
#ifndef MODEL_DESK_H
#define MODEL_DESK_H

#include "models/staff/roster.h"

/* The station of the role at the site's side that gets the next desk for `people` free people, or MODEL_NONE. `given`:
 * people at each station so far. (desk.c) */
uint32_t model_staff_next_desk(const model_world *world, const int64_t *given, const model_roster *roster,
                               const char *role, int64_t people);

/* --- stand_in.c; without the model: nobody, never --- */
/* Whether people of the roster can stand in for others. */
bool model_stand_in_can(const model_setup *setup, size_t roster);
/* Puts spare people (of each roster) at desks of other roles that nobody mans: adds to `given` (people at each
 * station). */
void model_stand_in_assign(model_world *world, int64_t *given, int64_t *spare, sim_time now);
/* Slows a station with so many desks by the stand-ins among them, at a control instant. */
void model_stand_in_slow(const model_world *world, uint32_t station, uint32_t desks);

/* --- interpreter.c; without the model: nobody --- */
/* Whether people of the role interpret. */
bool model_interpreter_is(const model_setup *setup, const char *role);
/* So many people of each roster are free to interpret from now on. */
void model_interpreter_assign(model_world *world, const int64_t *spare);

#endif
