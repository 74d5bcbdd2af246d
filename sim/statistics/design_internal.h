/* What the makers of designs share. */
#ifndef SIM_DESIGN_INTERNAL_H
#define SIM_DESIGN_INTERNAL_H

#include <gsl/gsl_rng.h>

#include "sim/statistics/design.h"

/* Sizes the design and allocates its points, all 0. */
int sim_design_begin(sim_design *design, sim_design_kind kind, size_t factors, size_t rows, size_t block);
/* The generator of a seed; NULL: out of memory. */
gsl_rng *sim_design_rng(uint64_t seed);

#endif
