/* Procedures as they are ordered. */
#ifndef MODEL_PROCEDURE_H
#define MODEL_PROCEDURE_H

#include "models/core/world.h"

/* The procedure that the station works by under the orders in force, were there no failure of power. */
uint32_t model_procedure_ordered(const model_world *world, uint32_t station, sim_time now);

#endif
