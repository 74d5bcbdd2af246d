/* Money spent. */
#ifndef MODEL_COST_H
#define MODEL_COST_H

#include "models/core/world.h"

/* Books money spent now, to be called alone (in account or control). Does nothing in a scenario without costs. */
void model_cost_add(model_world *world, uint32_t agency, model_item item, double money);

#endif
