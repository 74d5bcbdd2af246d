/* Claims about compiled distributions as a data structure: the table's indices, order, jumps, limits, errors. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/dist/dist.h"
#include "sim/engine/rng.h"
#include "tests/unit/dist/dist_specs.h"

static const sim_rng generator = {31, 1};

static sim_dist compile(sim_dist_spec spec, double scale)
{
    sim_dist out;
    const char *why;
    assert_int_equal(sim_dist_compile(&out, &spec, scale, &why), 0);
    assert_null(why);
    return out;
}

/* A table whose nodes are the tail probabilities themselves must give back the tail. */
static sim_dist identity_table(void)
{
    sim_dist table = {.nodes = calloc(2 * SIM_DIST_SIDE, sizeof(double))};
    assert_non_null(table.nodes);
    for (size_t i = 1; i < SIM_DIST_SIDE; i++) {
        int octave = (int)((i - 1) >> SIM_DIST_BITS);
        double within = (double)((i - 1) & ((1 << SIM_DIST_BITS) - 1)) / (1 << SIM_DIST_BITS);
        table.nodes[i] = table.nodes[SIM_DIST_SIDE + i] = ldexp(1 + within, octave - SIM_DIST_OCTAVES - 1);
    }
    return table;
}

static void check_identity(const sim_dist *table, uint64_t bits)
{
    uint64_t tail = bits >> 63 ? ~bits : bits;
    double expected = (double)tail * 0x1p-64;
    double found = sim_dist_draw(table, bits);
    assert_true(fabs(found - expected) <= 4e-16 * expected);
}

static void every_cell_interpolates_between_its_own_nodes(void **state)
{
    (void)state;
    sim_dist table = identity_table();
    const uint64_t ends[] = {0, 1, (UINT64_C(1) << 63) - 1, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        check_identity(&table, ends[i]);
    for (int power = 1; power < 63; power++)
        for (uint64_t cell = 0; cell < 1 << SIM_DIST_BITS; cell++) {
            uint64_t border = (UINT64_C(1) << power) + ((cell << power) >> SIM_DIST_BITS);
            for (uint64_t near = border - 1; near <= border + 1; near++) {
                check_identity(&table, near);
                check_identity(&table, ~near);
            }
        }
    for (uint32_t i = 0; i < 10000; i++)
        check_identity(&table, sim_rng_draw(&generator, i, 0, 0));
    sim_dist_free(&table);
}

static void check_order(const sim_dist *table, uint64_t lower, uint64_t upper)
{
    assert_true(sim_dist_draw(table, lower) <= sim_dist_draw(table, upper));
}

static void check_monotone(sim_dist_spec spec)
{
    sim_dist table = compile(spec, 1e6);
    for (int power = 0; power < 64; power++)
        for (uint64_t cell = 0; cell < 1 << SIM_DIST_BITS; cell++) {
            uint64_t border = (UINT64_C(1) << power) + (uint64_t)(((__uint128_t)cell << power) >> SIM_DIST_BITS);
            check_order(&table, border - 1, border);
            check_order(&table, border, border + 1);
            check_order(&table, ~border, ~(border - 1));
            check_order(&table, ~(border + 1), ~border);
        }
    for (uint32_t i = 0; i < 20000; i++) {
        uint64_t bits = sim_rng_draw(&generator, i, 1, 0), step = sim_rng_draw(&generator, i, 1, 1) >> (i % 64);
        check_order(&table, bits, bits + step >= bits ? bits + step : UINT64_MAX);
    }
    sim_dist_free(&table);
}

static void draws_are_monotone_in_the_uniform(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_CONTINUOUS; i++)
        check_monotone(dist_continuous(i));
    for (int i = 0; i < DIST_TRUNCATED; i++)
        check_monotone(dist_truncated(i));
    check_monotone(DIST_PAIR(dist(SIM_DIST_CONSTANT, 90, 0), dist(SIM_DIST_GAMMA, 600, 0.8), 0.3));
    check_monotone(DIST_PAIR(dist(SIM_DIST_LOGNORMAL, 10, 0.1), dist(SIM_DIST_LOGNORMAL, 1000, 0.1), 0.5));
    check_monotone(DIST_PAIR(dist(SIM_DIST_NORMAL, -5, 1), dist(SIM_DIST_WEIBULL, 100, 0.3), 0.9));
}

static void check_constant(sim_dist_spec spec, double value)
{
    sim_dist table = compile(spec, 2);
    assert_null(table.nodes);
    assert_null(table.steps);
    assert_true(sim_dist_draw(&table, 0) == 2 * value && sim_dist_draw(&table, UINT64_MAX) == 2 * value);
    assert_true(table.mean == 2 * value && table.variance == 0);
    sim_dist_free(&table);
}

static void what_does_not_vary_needs_no_table(void **state)
{
    (void)state;
    check_constant(dist(SIM_DIST_CONSTANT, 90.1, 0), 90.1);
    check_constant(dist(SIM_DIST_GAMMA, 90.1, 0), 90.1);
    check_constant(dist(SIM_DIST_LOGNORMAL, 90.1, 0), 90.1);
    check_constant(dist(SIM_DIST_NORMAL, -3, 0), -3);
    check_constant(dist(SIM_DIST_GUMBEL, -3, 0), -3);
    check_constant(dist(SIM_DIST_UNIFORM, 4, 4), 4);
    check_constant(dist_triangular(4, 4, 4), 4);
    check_constant(DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = (double[]){7, 8}, .weights = (double[]){0, 3}),
                   8);
    check_constant(DIST_PAIR(dist(SIM_DIST_CONSTANT, 5, 0), dist(SIM_DIST_UNIFORM, 5, 5), 0.4), 5);
    check_constant(dist_within(dist(SIM_DIST_CONSTANT, 5, 0), 5, 5), 5);
}

static void scale_multiplies_values_and_moments(void **state)
{
    (void)state;
    sim_dist seconds = compile(dist(SIM_DIST_LOGNORMAL, 90, 0.7), 1),
             micro = compile(dist(SIM_DIST_LOGNORMAL, 90, 0.7), 1e6);
    assert_true(micro.mean == 1e6 * seconds.mean && micro.variance == 1e12 * seconds.variance);
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t bits = sim_rng_draw(&generator, i, 2, 0);
        assert_true(fabs(sim_dist_draw(&micro, bits) / (1e6 * sim_dist_draw(&seconds, bits)) - 1) < 1e-11);
    }
    sim_dist_free(&seconds);
    sim_dist_free(&micro);
}

static void bounded_ends_are_reached_exactly(void **state)
{
    (void)state;
    const sim_dist_spec bounded[] = {dist(SIM_DIST_UNIFORM, -2, 7), dist_triangular(-2, 0, 7),
                                     dist_within(dist(SIM_DIST_NORMAL, 0, 3), -2, 7),
                                     dist_within(dist(SIM_DIST_GUMBEL, 0, 3), -2, 7),
                                     DIST_PAIR(dist(SIM_DIST_CONSTANT, -2, 0), dist(SIM_DIST_UNIFORM, 5, 7), 0.4)};
    for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++) {
        sim_dist table = compile(bounded[i], 1);
        assert_true(sim_dist_draw(&table, 0) == -2);
        assert_true(sim_dist_draw(&table, UINT64_MAX) <= 7 && sim_dist_draw(&table, UINT64_MAX) > 7 - 1e-12);
        sim_dist_free(&table);
    }
}

static void unbounded_ends_stay_finite_and_durations_positive(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_CONTINUOUS; i++) {
        sim_dist table = compile(dist_continuous(i), 1e6);
        assert_true(isfinite(sim_dist_draw(&table, 0)) && isfinite(sim_dist_draw(&table, UINT64_MAX)));
        if (dist_continuous(i).family <= SIM_DIST_WEIBULL)
            assert_true(sim_dist_draw(&table, 0) == 0);
        sim_dist_free(&table);
    }
}

static double by_counting(const sim_dist *table, uint64_t bits)
{
    size_t i = 0;
    while (i + 1 < table->n && bits >= table->ends[i])
        i++;
    return table->steps[i];
}

static void check_lookup(size_t n)
{
    double *values = calloc(n, sizeof *values), *weights = calloc(n, sizeof *weights);
    assert_true(values != NULL && weights != NULL);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = sim_rng_draw(&generator, (uint32_t)i, 3, (uint32_t)n);
        values[i] = (double)(bits >> 50);
        weights[i] = pow(sim_rng_unit(bits << 14), 4);
    }
    sim_dist table = compile(DIST(.family = SIM_DIST_EMPIRICAL, .n = n, .values = values, .weights = weights), 1);
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t bits = sim_rng_draw(&generator, i, 4, 0);
        assert_true(sim_dist_draw(&table, bits) == by_counting(&table, bits));
    }
    for (size_t i = 0; i + 1 < table.n; i += 1 + table.n / 100)
        for (int64_t off = -1; off <= 1; off++) {
            uint64_t bits = table.ends[i] + (uint64_t)off;
            assert_true(sim_dist_draw(&table, bits) == by_counting(&table, bits));
        }
    assert_true(sim_dist_draw(&table, 0) == by_counting(&table, 0));
    assert_true(sim_dist_draw(&table, UINT64_MAX) == table.steps[table.n - 1]);
    sim_dist_free(&table);
    free(values);
    free(weights);
}

static void a_discrete_draw_is_the_step_that_covers_it(void **state)
{
    (void)state;
    const size_t sizes[] = {2, 3, 4, 5, 17, 255, 256, 257, 1000, 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_lookup(sizes[i]);
}

static void discrete_weights_become_exact_shares_of_2_to_the_64(void **state)
{
    (void)state;
    double values[] = {5, 1, 3, 1}, weights[] = {1, 1, 4, 2};
    sim_dist table = compile(DIST(.family = SIM_DIST_EMPIRICAL, .n = 4, .values = values, .weights = weights), 1);
    assert_int_equal(table.n, 3);
    assert_true(sim_dist_draw(&table, UINT64_C(3) << 61) == 3); /* 3/8 is the first draw of value 3 */
    assert_true(sim_dist_draw(&table, (UINT64_C(3) << 61) - 1) == 1);
    assert_true(sim_dist_draw(&table, (UINT64_C(7) << 61) - 1) == 3);
    assert_true(sim_dist_draw(&table, UINT64_C(7) << 61) == 5);
    assert_true(table.mean == 2.5 && table.variance == 1.75);
    sim_dist_free(&table);
}

static void missing_weights_are_equal_weights(void **state)
{
    (void)state;
    double values[] = {1, 2, 3, 4};
    sim_dist table = compile(DIST(.family = SIM_DIST_EMPIRICAL, .n = 4, .values = values), 1);
    assert_true(table.mean == 2.5);
    assert_true(sim_dist_draw(&table, UINT64_C(1) << 63) == 3);
    sim_dist_free(&table);
}

static void a_mixture_of_discrete_parts_is_discrete(void **state)
{
    (void)state;
    double values[] = {1, 2};
    sim_dist_spec inner = DIST_PAIR(dist(SIM_DIST_CONSTANT, 2, 0), dist(SIM_DIST_CONSTANT, 9, 0), 0.5);
    sim_dist_spec sizes = DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = values);
    sim_dist table = compile(DIST_PAIR(inner, sizes, 0.5), 1);
    assert_false(table.mixed);
    assert_int_equal(table.n, 3);
    assert_true(sim_dist_draw(&table, (UINT64_C(1) << 62) - 1) == 1);
    assert_true(sim_dist_draw(&table, UINT64_C(1) << 62) == 2);
    assert_true(sim_dist_draw(&table, UINT64_C(3) << 62) == 9);
    assert_true(table.mean == 3.5);
    sim_dist_free(&table);
}

static void truncation_drops_discrete_values(void **state)
{
    (void)state;
    double values[] = {1, 2, 3, 4};
    sim_dist_spec spec = DIST(.family = SIM_DIST_EMPIRICAL, .n = 4, .values = values);
    sim_dist table = compile(dist_within(spec, 2, 3), 1);
    assert_true(sim_dist_draw(&table, 0) == 2 && sim_dist_draw(&table, UINT64_MAX) == 3 && table.mean == 2.5);
    sim_dist_free(&table);
}

/* The share of draws that give exactly `value`, by bisection on the monotone draw. */
static double share_up_to(const sim_dist *table, double value)
{
    uint64_t low = 0, high = UINT64_MAX;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (sim_dist_draw(table, middle) > value)
            high = middle;
        else
            low = middle + 1;
    }
    return (double)low * 0x1p-64;
}

static void an_atom_in_a_mixture_keeps_its_share(void **state)
{
    (void)state;
    sim_dist table = compile(DIST_PAIR(dist(SIM_DIST_CONSTANT, 0, 0), dist(SIM_DIST_EXPONENTIAL, 60, 0), 0.3), 1);
    assert_true(table.mixed);
    assert_true(fabs(share_up_to(&table, 0) - 0.3) < 2e-6);
    assert_true(table.mean == 42);
    sim_dist_free(&table);
    table = compile(DIST_PAIR(dist(SIM_DIST_CONSTANT, 90, 0), dist(SIM_DIST_UNIFORM, 200, 300), 0.3), 1);
    assert_true(sim_dist_draw(&table, 0) == 90);
    assert_true(fabs(share_up_to(&table, 90) - 0.3) < 2e-6);
    assert_true(fabs(share_up_to(&table, 199.999) - 0.3) < 2e-6); /* nobody between the parts */
    sim_dist_free(&table);
}

/* exp(-2 / 2) of the exponential is left after its own limit, yet it still is half of the mixture; what the mixture's
 * limits then cut off changes the shares: of its half exp(-1) stays above 4, of the constant's half all. */
static void weights_refer_to_parts_within_their_own_limits(void **state)
{
    (void)state;
    sim_dist_spec late = dist_within(dist(SIM_DIST_EXPONENTIAL, 2, 0), 2, INFINITY);
    sim_dist_spec both = DIST_PAIR(dist(SIM_DIST_CONSTANT, 5, 0), late, 0.5);
    sim_dist table = compile(DIST_PAIR(dist(SIM_DIST_CONSTANT, 0, 0), late, 0.5), 1);
    assert_true(fabs(share_up_to(&table, 0) - 0.5) < 2e-6);
    assert_true(fabs(table.mean - 2) < 1e-8);
    sim_dist_free(&table);
    table = compile(dist_within(both, 4, INFINITY), 1);
    double share = 1 / (1 + exp(-1));
    assert_true(fabs(table.mean - (5 * share + 6 * (1 - share))) < 1e-8);
    assert_true(fabs(share_up_to(&table, 5) - share_up_to(&table, 4.999999) - share) < 4e-6);
    sim_dist_free(&table);
}

static void check_refused(sim_dist_spec spec, double scale)
{
    sim_dist out;
    const char *why = NULL;
    assert_int_equal(sim_dist_compile(&out, &spec, scale, &why), SIM_E_INPUT);
    assert_non_null(why);
    sim_dist_free(&out);
    sim_dist_free(&out);
    assert_int_equal(sim_dist_compile(&out, &spec, scale, NULL), SIM_E_INPUT);
    assert_true(scale != 1 || isnan(sim_dist_exact_quantile(&spec, 0.5)) || spec.a == 1e100);
}

static void parameters_outside_the_domain_are_refused(void **state)
{
    (void)state;
    const sim_dist_spec wrong[] = {
        dist(SIM_DIST_CONSTANT, NAN, 0),
        dist(SIM_DIST_CONSTANT, INFINITY, 0),
        dist(SIM_DIST_EXPONENTIAL, 0, 0),
        dist(SIM_DIST_EXPONENTIAL, -1, 0),
        dist(SIM_DIST_ERLANG, 1, 0),
        dist(SIM_DIST_ERLANG, 1, 2.5),
        dist(SIM_DIST_ERLANG, 0, 2),
        dist(SIM_DIST_ERLANG, 1, 10001),
        dist(SIM_DIST_GAMMA, 0, 1),
        dist(SIM_DIST_GAMMA, 1, -1),
        dist(SIM_DIST_GAMMA, 1, 0.009),
        dist(SIM_DIST_GAMMA, 1, 11),
        dist(SIM_DIST_LOGNORMAL, -2, 1),
        dist(SIM_DIST_LOGNORMAL, 2, NAN),
        dist(SIM_DIST_WEIBULL, 0, 1),
        dist(SIM_DIST_WEIBULL, 1, 0),
        dist(SIM_DIST_WEIBULL, 1, 0.19),
        dist(SIM_DIST_WEIBULL, 1, 1001),
        dist_triangular(1, 0, 2),
        dist_triangular(1, 3, 2),
        dist(SIM_DIST_UNIFORM, 2, 1),
        dist(SIM_DIST_GUMBEL, 0, -1),
        dist(SIM_DIST_NORMAL, 0, -1),
        dist(SIM_DIST_FAMILIES, 1, 1),
        dist(SIM_DIST_EMPIRICAL, 0, 0),
        dist(SIM_DIST_MIXTURE, 0, 0),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), 2, 1),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), NAN, 1),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), INFINITY, INFINITY),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), 50, 60),
        dist_within(dist(SIM_DIST_UNIFORM, 0, 1), 2, 3),
        dist_within(dist(SIM_DIST_EXPONENTIAL, 1, 0), -3, 0),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), 1, 1),
        dist_within(dist(SIM_DIST_CONSTANT, 5, 0), 6, 7),
        dist_within(dist(SIM_DIST_GAMMA, 1, 1), 200, INFINITY),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check_refused(wrong[i], 1);
}

static void wrong_weights_values_and_parts_are_refused(void **state)
{
    (void)state;
    double values[] = {1, 2}, bad_values[] = {1, NAN}, weights[] = {1, -1}, nothing[] = {0, 0}, unknown[] = {1, NAN};
    check_refused(DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = bad_values), 1);
    check_refused(DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = values, .weights = weights), 1);
    check_refused(DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = values, .weights = nothing), 1);
    check_refused(DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = values, .weights = unknown), 1);
    check_refused(DIST(.family = SIM_DIST_EMPIRICAL, .n = 0, .values = values), 1);
    check_refused(dist_within(DIST(.family = SIM_DIST_EMPIRICAL, .n = 2, .values = values), 3, 4), 1);
    check_refused(DIST(.family = SIM_DIST_MIXTURE, .n = 2), 1);
    check_refused(DIST_PAIR(dist(SIM_DIST_CONSTANT, 1, 0), dist(SIM_DIST_GAMMA, 1, -1), 0.5), 1);
    check_refused(DIST_PAIR(dist(SIM_DIST_GAMMA, 1, 1), dist_within(dist(SIM_DIST_UNIFORM, 0, 1), 2, 3), 0.5), 1);
    check_refused(dist_within(DIST_PAIR(dist(SIM_DIST_GAMMA, 1, 1), dist(SIM_DIST_CONSTANT, 5, 0), 0.5), 900, 901), 1);
}

static void bottomless_mixtures_are_refused(void **state)
{
    (void)state;
    sim_dist_spec chain[10];
    chain[0] = dist(SIM_DIST_EXPONENTIAL, 1, 0);
    for (size_t i = 1; i < 10; i++)
        chain[i] = DIST(.family = SIM_DIST_MIXTURE, .n = 1, .parts = &chain[i - 1]);
    check_refused(chain[9], 1);
    sim_dist table = compile(chain[8], 1);
    assert_non_null(table.nodes); /* a mixture of one part is that part */
    sim_dist_free(&table);
}

static void scales_and_values_beyond_numbers_are_refused(void **state)
{
    (void)state;
    check_refused(dist(SIM_DIST_EXPONENTIAL, 1, 0), 0);
    check_refused(dist(SIM_DIST_EXPONENTIAL, 1, 0), -1);
    check_refused(dist(SIM_DIST_EXPONENTIAL, 1, 0), NAN);
    check_refused(dist(SIM_DIST_EXPONENTIAL, 1e100, 0), 1e100);
    check_refused(dist(SIM_DIST_CONSTANT, 1e101, 0), 1);
}

static void a_spec_starts_as_zero_and_frees_its_arrays(void **state)
{
    (void)state;
    sim_dist_spec spec;
    sim_dist_spec_init(&spec);
    check_constant(spec, 0);
    spec.family = SIM_DIST_MIXTURE;
    spec.n = 2;
    spec.parts = calloc(2, sizeof *spec.parts);
    spec.weights = calloc(2, sizeof *spec.weights);
    assert_true(spec.parts != NULL && spec.weights != NULL);
    sim_dist_spec_init(&spec.parts[0]);
    sim_dist_spec_init(&spec.parts[1]);
    spec.parts[1].values = calloc(3, sizeof(double));
    sim_dist_spec_free(&spec);
    assert_int_equal(spec.n, 0);
    sim_dist_spec_free(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_interpolates_between_its_own_nodes),
        cmocka_unit_test(draws_are_monotone_in_the_uniform),
        cmocka_unit_test(what_does_not_vary_needs_no_table),
        cmocka_unit_test(scale_multiplies_values_and_moments),
        cmocka_unit_test(bounded_ends_are_reached_exactly),
        cmocka_unit_test(unbounded_ends_stay_finite_and_durations_positive),
        cmocka_unit_test(a_discrete_draw_is_the_step_that_covers_it),
        cmocka_unit_test(discrete_weights_become_exact_shares_of_2_to_the_64),
        cmocka_unit_test(missing_weights_are_equal_weights),
        cmocka_unit_test(a_mixture_of_discrete_parts_is_discrete),
        cmocka_unit_test(truncation_drops_discrete_values),
        cmocka_unit_test(an_atom_in_a_mixture_keeps_its_share),
        cmocka_unit_test(weights_refer_to_parts_within_their_own_limits),
        cmocka_unit_test(parameters_outside_the_domain_are_refused),
        cmocka_unit_test(wrong_weights_values_and_parts_are_refused),
        cmocka_unit_test(bottomless_mixtures_are_refused),
        cmocka_unit_test(scales_and_values_beyond_numbers_are_refused),
        cmocka_unit_test(a_spec_starts_as_zero_and_frees_its_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
