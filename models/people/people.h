/* People: groups made, persons taken out of them, their traits. */
#ifndef MODEL_PEOPLE_H
#define MODEL_PEOPLE_H

#include "models/core/world.h"

/* Makes a group when it sets out: size (at most `limit` people), mode by weights (NULL: the scenario's), traits, class.
 */
void model_people_make(model_world *world, uint32_t group, uint32_t first_person, uint32_t limit,
                       const double *mode_weights);
/* Mask of the traits named by a NAMES parameter; 0 when it is not given. */
uint32_t model_traits_mask(const sim_config *config, const char *section, const char *name, size_t element);
/* The size that model_people_make will give without a limit. */
uint32_t model_people_size(const model_setup *setup, const sim_rng *rng, uint32_t group);

/* Takes the i-th person (of g->people; it must be with the group) out of its group, into `state` at the group's place.
 * Allowed in the hooks arrived, served, waited, moved and left, of a group that does not wait; and at control instants,
 * with process->now set to them, of any group that is at a site: call sim_network_withdraw when nobody is left of one
 * that waits. */
void model_people_take(model_world *world, sim_process *process, uint32_t group, uint32_t i, model_state state);
/* Whether the i-th person of the group is still with it. */
static inline bool model_people_is_with(const model_world *world, const model_group *g, uint32_t i)
{
    return world->apart[g->first_person + i] == 0;
}
/* Someone who is apart from the group changes state, at a place of the process. */
void model_people_move(model_world *world, uint32_t person, uint32_t place, model_state to, sim_time now);

#endif
