/* A model's part of the world by its rows (model_column, model_metric). */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include "models/core/world.h"

/* Lays out the columns of a used model, zeroed. 0 or SIM_E_MEMORY; model_state_free in any case. */
int model_state_lay_out(model_world *world, const model *m, size_t slot);
void model_state_free(model_world *world, const model *m, size_t slot);
/* Saves or restores them. */
void model_state_visit(model_world *world, const model *m, size_t slot, struct model_image *image);
/* Tells the fields of metric rows their numbers in the recorder, whose metrics are those of the used models in order.
 */
void model_state_number_metrics(model_world *world);

#endif
