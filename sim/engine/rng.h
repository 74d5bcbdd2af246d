/* Counter-based random numbers: a draw is a function of (seed, replication, entity, purpose, n).
 *
 * No state is carried, so that any thread can take any draw in any order, and two plans give the same
 * person the same luck (common random numbers). The generator is Threefry-2x64-20 of Random123 (Salmon et al.,
 * SC11, 2011), which measured faster than Philox-4x32-10 here. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

#include <Random123/threefry.h>

typedef struct {
    uint64_t seed;
    uint64_t replication;
} sim_rng;

/* Two independent 64-bit draws: numbers 2 * block and 2 * block + 1 of the stream (entity, purpose). */
static inline void sim_rng_pair(const sim_rng *rng, uint32_t entity, uint32_t purpose, uint32_t block, uint64_t out[2])
{
    threefry2x64_key_t key = {{rng->seed, rng->replication}};
    threefry2x64_ctr_t counter = {{(uint64_t)purpose << 32 | entity, block}};
    threefry2x64_ctr_t result = threefry2x64_R(20, counter, key);
    out[0] = result.v[0];
    out[1] = result.v[1];
}

/* Draw number n of the stream (entity, purpose): 64 uniform bits. */
static inline uint64_t sim_rng_draw(const sim_rng *rng, uint32_t entity, uint32_t purpose, uint32_t n)
{
    uint64_t pair[2];
    sim_rng_pair(rng, entity, purpose, n >> 1, pair);
    return pair[n & 1];
}

/* Uniform in [0, 1) with 53 bits. */
static inline double sim_rng_unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

/* True with probability `share` in [0, 1]. */
static inline int sim_rng_chance(uint64_t bits, double share)
{
    return sim_rng_unit(bits) < share;
}

#endif
