/* What other models do to the health of people. */
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H

#include "models/core/world.h"

/* Books what the group has been exposed to so far, before someone's protection against it changes. At control instants
 * or in its process. */
void model_health_settle(model_world *world, sim_process *process, uint32_t group, sim_time now);
/* Someone of the group falls ill by another model's doing. Without health nothing happens. */
void model_health_fall_ill(model_world *world, sim_process *process, uint32_t group, uint32_t person, sim_time now);

#endif
