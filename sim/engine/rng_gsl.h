/* The counter-based generator as a GSL generator, for GSL's own algorithms (shuffles, samples, Monte Carlo).
 *
 * The state is the address of the next draw: (seed, replication, entity, purpose, n). Copying, saving and comparing GSL
 * generators therefore work as GSL documents them. */
#ifndef SIM_RNG_GSL_H
#define SIM_RNG_GSL_H

#include <stdint.h>

#include <gsl/gsl_rng.h>

#include "sim/engine/rng.h"

/* For gsl_rng_alloc. gsl_rng_set(generator, seed) starts at replication, entity, purpose and n of 0. gsl_rng_get gives
 * sim_rng_draw's bits (the upper ones where unsigned long has 32), gsl_rng_uniform gives sim_rng_unit of them. */
const gsl_rng_type *sim_rng_gsl(void);

/* The generator, which must be of this type, continues with draw n of stream (entity, purpose); after 2^32 draws the
 * stream repeats. */
void sim_rng_gsl_stream(gsl_rng *generator, const sim_rng *rng, uint32_t entity, uint32_t purpose, uint32_t n);

#endif
