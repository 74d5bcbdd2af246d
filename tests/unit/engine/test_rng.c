/* Claims about random numbers: Random123's known answers, streams that do not know of each other, and the GSL wrapper.
 */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "sim/engine/rng.h"
#include "sim/engine/rng_gsl.h"

enum { MANY = 200000 };

static const sim_rng generator = {20240229, 7};

/* Random123 1.14, tests/kat_vectors, "threefry2x64 20": counter, key, result. */
static void threefry_gives_the_known_answers(void **state)
{
    (void)state;
    static const uint64_t known[3][6] = {
        {0, 0, 0, 0, 0xc2b6e3a8c2c69865, 0x6f81ed42f350084d},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0xe02cb7c4d95d277a, 0xd06633d0893b8b68},
        {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89, 0x263c7d30bb0f0af1,
         0x56be8361d3311526},
    };
    for (size_t i = 0; i < 3; i++) {
        threefry2x64_ctr_t counter = {{known[i][0], known[i][1]}};
        threefry2x64_key_t key = {{known[i][2], known[i][3]}};
        threefry2x64_ctr_t result = threefry2x64_R(20, counter, key);
        assert_int_equal(result.v[0], known[i][4]);
        assert_int_equal(result.v[1], known[i][5]);
    }
}

static void a_draw_is_threefry_of_its_address(void **state)
{
    (void)state;
    const sim_rng zero = {0, 0};
    assert_int_equal(sim_rng_draw(&zero, 0, 0, 0), 0xc2b6e3a8c2c69865);
    assert_int_equal(sim_rng_draw(&zero, 0, 0, 1), 0x6f81ed42f350084d);
    threefry2x64_ctr_t counter = {{UINT64_C(0x0000000500000003), 8}};
    threefry2x64_key_t key = {{20240229, 7}};
    threefry2x64_ctr_t expected = threefry2x64_R(20, counter, key);
    assert_int_equal(sim_rng_draw(&generator, 3, 5, 16), expected.v[0]);
    assert_int_equal(sim_rng_draw(&generator, 3, 5, 17), expected.v[1]);
}

static void every_part_of_the_address_matters(void **state)
{
    (void)state;
    const sim_rng other_seed = {20240230, 7}, other_replication = {20240229, 8};
    uint64_t draw = sim_rng_draw(&generator, 1, 2, 3);
    assert_int_equal(draw, sim_rng_draw(&generator, 1, 2, 3));
    assert_int_not_equal(draw, sim_rng_draw(&other_seed, 1, 2, 3));
    assert_int_not_equal(draw, sim_rng_draw(&other_replication, 1, 2, 3));
    assert_int_not_equal(draw, sim_rng_draw(&generator, 2, 2, 3));
    assert_int_not_equal(draw, sim_rng_draw(&generator, 1, 3, 3));
    assert_int_not_equal(draw, sim_rng_draw(&generator, 1, 2, 4));
    assert_int_not_equal(sim_rng_draw(&generator, 1, 2, 3), sim_rng_draw(&generator, 2, 1, 3));
}

static void the_largest_address_is_an_address(void **state)
{
    (void)state;
    assert_int_not_equal(sim_rng_draw(&generator, UINT32_MAX, UINT32_MAX, UINT32_MAX),
                         sim_rng_draw(&generator, UINT32_MAX, UINT32_MAX, UINT32_MAX - 1));
}

static void a_unit_is_at_least_0_and_below_1(void **state)
{
    (void)state;
    assert_true(sim_rng_unit(0) == 0);
    assert_true(sim_rng_unit(UINT64_MAX) == 1 - 0x1p-53);
    assert_true(sim_rng_unit(UINT64_C(1) << 63) == 0.5);
    assert_false(sim_rng_chance(0, 0));
    assert_true(sim_rng_chance(UINT64_MAX, 1));
    assert_true(sim_rng_chance((UINT64_C(1) << 62) - 1, 0.25));
    assert_false(sim_rng_chance(UINT64_C(1) << 62, 0.25));
}

static double unit(uint32_t entity, uint32_t purpose, uint32_t n)
{
    return sim_rng_unit(sim_rng_draw(&generator, entity, purpose, n));
}

static double unit_of(uint64_t seed, uint64_t replication)
{
    const sim_rng rng = {seed, replication};
    return sim_rng_unit(sim_rng_draw(&rng, 1, 1, 0));
}

/* In standard errors: the correlation of n uniform pairs has a standard deviation of 1 / sqrt(n). */
static double correlation_in_sigmas(double sum_of_products)
{
    return sum_of_products / MANY * 12 * sqrt(MANY);
}

/* Seed 20240229. Five correlations within 5 sigma: false-alarm rate 3e-6. */
static void neighbours_are_not_correlated(void **state)
{
    (void)state;
    double entity = 0, purpose = 0, n = 0, replication = 0, seed = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        double here = unit(i, 4, 0) - 0.5;
        entity += here * (unit(i + 1, 4, 0) - 0.5);
        purpose += here * (unit(i, 5, 0) - 0.5);
        n += here * (unit(i, 4, 1) - 0.5);
        replication += (unit_of(9, i) - 0.5) * (unit_of(9, i + 1) - 0.5);
        seed += (unit_of(i, 9) - 0.5) * (unit_of(i + 1, 9) - 0.5);
    }
    assert_true(fabs(correlation_in_sigmas(entity)) < 5);
    assert_true(fabs(correlation_in_sigmas(purpose)) < 5);
    assert_true(fabs(correlation_in_sigmas(n)) < 5);
    assert_true(fabs(correlation_in_sigmas(replication)) < 5);
    assert_true(fabs(correlation_in_sigmas(seed)) < 5);
}

/* Seed 20240229. Chi-square over 256 cells of the top and of the bottom byte, p > 1e-5: false-alarm rate 4e-5. */
static void top_and_bottom_bytes_are_uniform(void **state)
{
    (void)state;
    double top[256] = {0}, bottom[256] = {0}, chi_top = 0, chi_bottom = 0, expected = MANY / 256.0;
    for (uint32_t i = 0; i < MANY; i++) {
        uint64_t bits = sim_rng_draw(&generator, i, 1, 0);
        top[bits >> 56]++;
        bottom[bits & 255]++;
    }
    for (int i = 0; i < 256; i++) {
        chi_top += (top[i] - expected) * (top[i] - expected) / expected;
        chi_bottom += (bottom[i] - expected) * (bottom[i] - expected) / expected;
    }
    assert_true(gsl_cdf_chisq_Q(chi_top, 255) > 1e-5 && gsl_cdf_chisq_P(chi_top, 255) > 1e-5);
    assert_true(gsl_cdf_chisq_Q(chi_bottom, 255) > 1e-5 && gsl_cdf_chisq_P(chi_bottom, 255) > 1e-5);
}

static void gsl_draws_what_the_simulation_draws(void **state)
{
    (void)state;
    gsl_rng *gsl = gsl_rng_alloc(sim_rng_gsl());
    assert_non_null(gsl);
    assert_int_equal(gsl_rng_min(gsl), 0);
    assert_true(gsl_rng_max(gsl) == ULONG_MAX);
    sim_rng_gsl_stream(gsl, &generator, 11, 12, 100);
    for (uint32_t n = 100; n < 200; n += 2) {
        uint64_t bits = sim_rng_draw(&generator, 11, 12, n);
        assert_true(gsl_rng_get(gsl) == (unsigned long)(bits >> (64 - CHAR_BIT * sizeof(unsigned long))));
        assert_true(gsl_rng_uniform(gsl) == unit(11, 12, n + 1));
    }
    gsl_rng_free(gsl);
}

static void gsl_streams_can_be_set_copied_and_seeded(void **state)
{
    (void)state;
    const sim_rng seeded = {42, 0};
    gsl_rng *gsl = gsl_rng_alloc(sim_rng_gsl());
    assert_non_null(gsl);
    gsl_rng_set(gsl, 42);
    assert_true(gsl_rng_uniform(gsl) == sim_rng_unit(sim_rng_draw(&seeded, 0, 0, 0)));
    gsl_rng *copy = gsl_rng_clone(gsl);
    assert_non_null(copy);
    assert_int_equal(gsl_rng_size(copy), gsl_rng_size(gsl));
    assert_true(gsl_rng_get(copy) == gsl_rng_get(gsl));
    sim_rng_gsl_stream(gsl, &generator, 1, 1, UINT32_MAX);
    assert_true(gsl_rng_uniform(gsl) == unit(1, 1, UINT32_MAX));
    assert_true(gsl_rng_uniform(gsl) == unit(1, 1, 0));
    gsl_rng_free(copy);
    gsl_rng_free(gsl);
}

/* Seed 42, a hundred thousand integers below 10, chi-square p > 1e-5. */
static void gsl_integers_are_uniform(void **state)
{
    (void)state;
    double count[10] = {0}, chi = 0;
    gsl_rng *gsl = gsl_rng_alloc(sim_rng_gsl());
    assert_non_null(gsl);
    gsl_rng_set(gsl, 42);
    for (int i = 0; i < 100000; i++)
        count[gsl_rng_uniform_int(gsl, 10)]++;
    for (int i = 0; i < 10; i++)
        chi += (count[i] - 10000) * (count[i] - 10000) / 10000;
    assert_true(gsl_cdf_chisq_Q(chi, 9) > 1e-5);
    gsl_rng_free(gsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threefry_gives_the_known_answers),
        cmocka_unit_test(a_draw_is_threefry_of_its_address),
        cmocka_unit_test(every_part_of_the_address_matters),
        cmocka_unit_test(the_largest_address_is_an_address),
        cmocka_unit_test(a_unit_is_at_least_0_and_below_1),
        cmocka_unit_test(neighbours_are_not_correlated),
        cmocka_unit_test(top_and_bottom_bytes_are_uniform),
        cmocka_unit_test(gsl_draws_what_the_simulation_draws),
        cmocka_unit_test(gsl_streams_can_be_set_copied_and_seeded),
        cmocka_unit_test(gsl_integers_are_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
