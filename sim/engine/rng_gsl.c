/* The counter-based generator behind GSL's interface. */
#include "sim/engine/rng_gsl.h"

#include <assert.h>
#include <limits.h>

typedef struct {
    sim_rng rng;
    uint32_t entity, purpose, n;
} stream;

static void set(void *state, unsigned long seed)
{
    stream *s = state;
    *s = (stream){.rng = {seed, 0}};
}

static uint64_t next(void *state)
{
    stream *s = state;
    return sim_rng_draw(&s->rng, s->entity, s->purpose, s->n++);
}

static unsigned long get(void *state)
{
    return (unsigned long)(next(state) >> (64 - CHAR_BIT * sizeof(unsigned long)));
}

static double get_double(void *state)
{
    return sim_rng_unit(next(state));
}

const gsl_rng_type *sim_rng_gsl(void)
{
    static const gsl_rng_type type = {
        .name = "threefry2x64-20",
        .max = ULONG_MAX,
        .min = 0,
        .size = sizeof(stream),
        .set = set,
        .get = get,
        .get_double = get_double,
    };
    return &type;
}

void sim_rng_gsl_stream(gsl_rng *generator, const sim_rng *rng, uint32_t entity, uint32_t purpose, uint32_t n)
{
    assert(generator->type == sim_rng_gsl());
    stream *s = generator->state;
    *s = (stream){*rng, entity, purpose, n};
}
