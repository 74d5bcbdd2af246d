/* Orders that open lanes. */
#ifndef MODEL_LIMITS_H
#define MODEL_LIMITS_H

#include "models/core/world.h"

/* The order open_lanes. */
extern const model_order_kind *const model_order_opens_lanes;

#endif
