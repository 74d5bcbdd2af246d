/* Cost of a draw: counter-based generators beside GSL's mt19937, and the compiled exponential beside
 * gsl_ran_exponential.
 *
 * Nanoseconds a draw, the median of five rounds of four million draws on one core. The numbers are what
 * sim/engine/rng.h's choice of generator rests on; 13 rounds of Threefry pass the usual test batteries as well, but
 * with less margin. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <Random123/philox.h>
#include <Random123/threefry.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "sim/dist/dist.h"
#include "sim/engine/rng.h"
#include "sim/engine/rng_gsl.h"

enum { ROUNDS = 5, DRAWS = 4000000 };

typedef struct {
    sim_rng rng;
    gsl_rng *mersenne, *wrapped;
    sim_dist exponential, lognormal, mixture, sizes;
} subject;

static double threefry_20(const subject *s)
{
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++)
        sum += sim_rng_unit(sim_rng_draw(&s->rng, i, 1, 0));
    return sum;
}

static double threefry_20_pairs(const subject *s)
{
    double sum = 0;
    uint64_t pair[2];
    for (uint32_t i = 0; i < DRAWS; i += 2) {
        sim_rng_pair(&s->rng, i, 1, 0, pair);
        sum += sim_rng_unit(pair[0]) + sim_rng_unit(pair[1]);
    }
    return sum;
}

static double threefry_13(const subject *s)
{
    double sum = 0;
    threefry2x64_key_t key = {{s->rng.seed, s->rng.replication}};
    for (uint32_t i = 0; i < DRAWS; i++)
        sum += sim_rng_unit(threefry2x64_R(13, (threefry2x64_ctr_t){{UINT64_C(1) << 32 | i, 0}}, key).v[0]);
    return sum;
}

static double philox_10(const subject *s)
{
    double sum = 0;
    philox4x32_key_t key = {{(uint32_t)s->rng.seed, (uint32_t)s->rng.replication}};
    for (uint32_t i = 0; i < DRAWS; i++) {
        philox4x32_ctr_t drawn = philox4x32_R(10, (philox4x32_ctr_t){{i, 1, 0, 0}}, key);
        sum += sim_rng_unit((uint64_t)drawn.v[0] << 32 | drawn.v[1]);
    }
    return sum;
}

static double gsl_uniform(gsl_rng *gsl)
{
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++)
        sum += gsl_rng_uniform(gsl);
    return sum;
}

static double mersenne(const subject *s)
{
    return gsl_uniform(s->mersenne);
}

static double wrapped(const subject *s)
{
    return gsl_uniform(s->wrapped);
}

static double gsl_exponential(const subject *s)
{
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++)
        sum += gsl_ran_exponential(s->mersenne, 60);
    return sum;
}

static double gsl_lognormal(const subject *s)
{
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++)
        sum += gsl_ran_lognormal(s->mersenne, 4, 0.6);
    return sum;
}

static double compiled(const subject *s, const sim_dist *dist)
{
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++)
        sum += sim_dist_draw(dist, sim_rng_draw(&s->rng, i, 1, 0));
    return sum;
}

static double compiled_exponential(const subject *s)
{
    return compiled(s, &s->exponential);
}

static double compiled_lognormal(const subject *s)
{
    return compiled(s, &s->lognormal);
}

static double compiled_mixture(const subject *s)
{
    return compiled(s, &s->mixture);
}

static double compiled_sizes(const subject *s)
{
    return compiled(s, &s->sizes);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void measure(const char *name, double (*work)(const subject *), const subject *s)
{
    double nanoseconds[ROUNDS], sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        sum += work(s);
        nanoseconds[i] = (now() - start) * 1e9 / DRAWS;
    }
    qsort(nanoseconds, ROUNDS, sizeof *nanoseconds, compare);
    printf("%-52s %6.2f ns  (%.2f to %.2f; mean draw %.4g)\n", name, nanoseconds[ROUNDS / 2], nanoseconds[0],
           nanoseconds[ROUNDS - 1], sum / ROUNDS / DRAWS);
}

static int prepare(subject *s)
{
    sim_dist_spec parts[2], spec;
    double shares[2] = {0.3, 0.7}, sizes[6] = {1, 2, 3, 4, 5, 8}, weights[6] = {18, 22, 21, 25, 14, 7};
    const char *why;
    sim_dist_spec_init(&parts[0]);
    sim_dist_spec_init(&parts[1]);
    parts[1].family = SIM_DIST_EXPONENTIAL;
    parts[1].a = 60;
    int code = sim_dist_compile(&s->exponential, &parts[1], 1, &why);
    sim_dist_spec_init(&spec);
    spec.family = SIM_DIST_LOGNORMAL;
    spec.a = 60;
    spec.b = 0.7;
    code |= sim_dist_compile(&s->lognormal, &spec, 1, &why);
    spec = (sim_dist_spec){
        .family = SIM_DIST_MIXTURE, .low = -INFINITY, .high = INFINITY, .n = 2, .parts = parts, .weights = shares};
    code |= sim_dist_compile(&s->mixture, &spec, 1, &why);
    spec = (sim_dist_spec){
        .family = SIM_DIST_EMPIRICAL, .low = -INFINITY, .high = INFINITY, .n = 6, .values = sizes, .weights = weights};
    code |= sim_dist_compile(&s->sizes, &spec, 1, &why);
    s->mersenne = gsl_rng_alloc(gsl_rng_mt19937);
    s->wrapped = gsl_rng_alloc(sim_rng_gsl());
    return code != 0 || s->mersenne == NULL || s->wrapped == NULL;
}

int main(void)
{
    subject s = {.rng = {2031, 1}};
    if (prepare(&s) != 0) {
        fputs("bench_rng: out of memory\n", stderr);
        return 1;
    }
    measure("uniform, Threefry-2x64-20 (sim_rng_draw)", threefry_20, &s);
    measure("uniform, Threefry-2x64-20, both of a pair", threefry_20_pairs, &s);
    measure("uniform, Threefry-2x64-13", threefry_13, &s);
    measure("uniform, Philox-4x32-10", philox_10, &s);
    measure("uniform, GSL mt19937", mersenne, &s);
    measure("uniform, Threefry-2x64-20 through GSL", wrapped, &s);
    measure("exponential, compiled, on Threefry-2x64-20", compiled_exponential, &s);
    measure("exponential, gsl_ran_exponential on mt19937", gsl_exponential, &s);
    measure("lognormal, compiled, on Threefry-2x64-20", compiled_lognormal, &s);
    measure("lognormal, gsl_ran_lognormal on mt19937", gsl_lognormal, &s);
    measure("mixture with an atom, compiled, on Threefry-2x64-20", compiled_mixture, &s);
    measure("six sizes, compiled, on Threefry-2x64-20", compiled_sizes, &s);
    gsl_rng_free(s.mersenne);
    gsl_rng_free(s.wrapped);
    sim_dist_free(&s.exponential);
    sim_dist_free(&s.lognormal);
    sim_dist_free(&s.mixture);
    sim_dist_free(&s.sizes);
    return 0;
}
