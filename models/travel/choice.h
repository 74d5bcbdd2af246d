/* The choice of a post. */
#ifndef MODEL_CHOICE_H
#define MODEL_CHOICE_H

#include "models/core/world.h"

/* The post that the group would choose at its place, `except` left out; MODEL_NONE: no post can be reached. */
uint32_t model_choice_choose(model_world *world, uint32_t group, uint32_t except);
/* The same on the way: keeps to its post unless another is better by the declared gain, or the way to it is closed. */
uint32_t model_choice_reconsider(model_world *world, uint32_t group);

#endif
