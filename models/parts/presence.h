/* Who is at a place: a list a place of the groups that are there, in the order in which they came.
 *
 * A place's list is touched only by the process of the place, and at control instants. */
#ifndef MODEL_PRESENCE_H
#define MODEL_PRESENCE_H

#include "models/core/world.h"

typedef struct {
    sim_list *places;          /* of each place */
    uint32_t *next, *previous; /* of each group; MODEL_NONE: none */
} model_presence;

/* Its columns, among those of the model that has it. */
#define COLUMNS_OF_PRESENCE(field) \
    COLUMN(field.places, sim_list, PLACE), COLUMN(field.next, uint32_t, GROUP), COLUMN(field.previous, uint32_t, GROUP)

/* Nobody is anywhere. */
void model_presence_init(model_presence *presence, const model_world *world);
void model_presence_enter(model_presence *presence, uint32_t place, uint32_t group);
void model_presence_leave(model_presence *presence, uint32_t place, uint32_t group);

#endif
