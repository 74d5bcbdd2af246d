/* Roads: sending groups over them, closing and opening them. */
#ifndef MODEL_TRAVEL_H
#define MODEL_TRAVEL_H

#include "models/core/world.h"

/* Expected time from a place to a post by a mode over open links; SIM_FOREVER: no way. */
static inline size_t model_route_index(const model_setup *setup, uint32_t mode, uint32_t site, uint32_t place)
{
    return ((size_t)mode * setup->site_count + site) * setup->place_count + place;
}
/* Sends the group from where it is towards its post, or strands it. */
void model_travel_go(model_world *world, sim_process *process, uint32_t group);
/* Closes the arc for one reason more (by 1), or takes that reason back (-1). Who does so calls model_travel_reroute
 * when all arcs are done. */
static inline void model_travel_close(const model_world *world, uint32_t arc, int by)
{
    world->arc_closings[arc] += (uint32_t)by;
}
static inline bool model_arc_is_open(const model_world *world, uint32_t arc)
{
    return world->arc_closings[arc] == 0;
}
/* Finds the routes anew after links opened or closed, and sends off those who were stranded. */
void model_travel_reroute(model_world *world, sim_time now);

#endif
