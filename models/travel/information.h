/* What is published of those who wait, and when. */
#ifndef MODEL_INFORMATION_H
#define MODEL_INFORMATION_H

#include "models/core/world.h"

/* Control intervals since what was published last by `now`, and the most they can be. */
size_t model_reporting_age(const model_setup *setup, sim_time now);
size_t model_reporting_longest_age(const model_setup *setup);
/* What is reported of so many people waiting at a site, and of such a wait (seconds). */
int64_t model_reporting_count(const model_world *world, uint32_t site, int64_t people);
double model_reporting_wait(const model_setup *setup, double wait);

#endif
