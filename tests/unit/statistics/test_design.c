/* Designs: what makes each of them what it is, and that the structure is found again in points of others. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/statistics/design.h"

static const double *point(const sim_design *design, size_t p)
{
    return design->at + p * design->factors;
}

static void each_stratum_of_each_factor_is_hit_once(void **state)
{
    enum { N = 37, K = 5 };
    sim_design design;
    (void)state;
    assert_int_equal(sim_design_latin(&design, K, N, 7), 0);
    assert_int_equal(design.points, N);
    for (size_t i = 0; i < K; i++) {
        int hits[N] = {0};
        for (size_t p = 0; p < N; p++)
            hits[(size_t)(point(&design, p)[i] * N)]++;
        for (size_t stratum = 0; stratum < N; stratum++)
            assert_int_equal(hits[stratum], 1);
    }
    sim_design_free(&design);
}

static void the_seed_makes_the_points_and_a_factor_more_moves_no_other(void **state)
{
    sim_design a, b, other, wider;
    (void)state;
    assert_int_equal(sim_design_latin(&a, 3, 20, 7), 0);
    assert_int_equal(sim_design_latin(&b, 3, 20, 7), 0);
    assert_int_equal(sim_design_latin(&other, 3, 20, 8), 0);
    assert_int_equal(sim_design_latin(&wider, 4, 20, 7), 0);
    assert_memory_equal(a.at, b.at, 60 * sizeof *a.at);
    assert_memory_not_equal(a.at, other.at, 60 * sizeof *a.at);
    for (size_t p = 0; p < 20; p++)
        assert_memory_equal(point(&a, p), point(&wider, p), 3 * sizeof *a.at);
    sim_design_free(&a);
    sim_design_free(&b);
    sim_design_free(&other);
    sim_design_free(&wider);
}

static void a_factorial_has_every_combination_the_last_factor_fastest(void **state)
{
    const double one[] = {0, 1}, two[] = {0, 0.5, 1}, *const at[] = {one, two};
    const size_t levels[] = {2, 3};
    const double expected[] = {0, 0, 0, 0.5, 0, 1, 1, 0, 1, 0.5, 1, 1};
    sim_design design;
    (void)state;
    assert_int_equal(sim_design_factorial(&design, 2, levels, at), 0);
    assert_int_equal(design.points, 6);
    assert_memory_equal(design.at, expected, sizeof expected);
    sim_design_free(&design);
}

static void too_large_or_empty_designs_are_refused(void **state)
{
    const double level[1000] = {0}, *const at[] = {level, level, level, level};
    const size_t levels[] = {1000, 1000, 1000, 1000}, none[] = {2, 0};
    sim_design design;
    (void)state;
    assert_int_equal(sim_design_factorial(&design, 4, levels, at), SIM_E_LIMIT);
    sim_design_free(&design);
    assert_int_equal(sim_design_factorial(&design, 2, none, at), SIM_E_INPUT);
    sim_design_free(&design);
    assert_int_equal(sim_design_latin(&design, 3, 0, 1), SIM_E_INPUT);
    sim_design_free(&design);
    assert_int_equal(sim_design_sobol(&design, 21, 8, NULL), SIM_E_INPUT);
    sim_design_free(&design);
    assert_int_equal(sim_design_sobol(&design, 20, 8, NULL), 0);
    sim_design_free(&design);
    assert_int_equal(sim_design_morris(&design, 3, 4, 5, 1),
                     SIM_E_INPUT); /* an odd number of levels has no such step */
    sim_design_free(&design);
    assert_int_equal(sim_design_morris(&design, 3, SIM_DESIGN_POINTS, 4, 1), SIM_E_LIMIT);
    sim_design_free(&design);
}

static void rows_of_saltelli_are_a_then_ab_then_b(void **state)
{
    enum { K = 3, N = 16 };
    sim_design design;
    (void)state;
    assert_int_equal(sim_design_sobol(&design, K, N, NULL), 0);
    assert_int_equal(design.points, N * (K + 2));
    for (size_t i = 0; i < K; i++) /* the origin, where all would be at their low ends, is no base point */
        assert_true(point(&design, 0)[i] == 0.5 && point(&design, K + 1)[i] == 0.5);
    for (size_t row = 0; row < N; row++) {
        const double *a = point(&design, row * (K + 2)), *b = point(&design, row * (K + 2) + K + 1);
        for (size_t f = 0; f < K; f++)
            for (size_t i = 0; i < K; i++)
                assert_true(point(&design, row * (K + 2) + 1 + f)[i] == (i == f ? b[i] : a[i]));
    }
    sim_design_free(&design);
}

static void each_step_of_a_trajectory_changes_one_factor_by_delta(void **state)
{
    enum { K = 6, R = 50 };
    sim_design design;
    (void)state;
    for (size_t levels = 2; levels <= 8; levels += 2) {
        assert_int_equal(sim_design_morris(&design, K, R, levels, 3), 0);
        assert_true(fabs(design.delta - (double)levels / (2.0 * (double)(levels - 1))) < 1e-15);
        for (size_t row = 0; row < R; row++) {
            int changes[K] = {0};
            for (size_t step = 1; step <= K; step++) {
                const double *before = point(&design, row * (K + 1) + step - 1),
                             *after = point(&design, row * (K + 1) + step);
                bool up;
                size_t f = sim_design_changed(&design, row, step, &up);
                assert_true(f < K);
                changes[f]++;
                for (size_t i = 0; i < K; i++) {
                    double change = after[i] - before[i];
                    assert_true(i == f ? fabs(change - (up ? 1 : -1) * design.delta) < 1e-15 : change == 0);
                    assert_true(after[i] >= 0 && after[i] <= 1);
                    double level = after[i] * (double)(levels - 1);
                    assert_true(fabs(level - floor(level + 0.5)) < 1e-12);
                }
            }
            for (size_t i = 0; i < K; i++)
                assert_int_equal(changes[i], 1);
        }
        sim_design_free(&design);
    }
}

/* As SALib writes them: scaled, and Sobol's with second-order points between. */
static void the_structure_is_found_in_points_of_others(void **state)
{
    enum { K = 4, N = 8 };
    sim_design design, given;
    double wide[N * (2 * K + 2) * K];
    (void)state;
    assert_int_equal(sim_design_sobol(&design, K, N, NULL), 0);
    for (size_t row = 0; row < N; row++) {
        double *to = wide + row * (2 * K + 2) * K;
        const double *from = point(&design, row * (K + 2)), *b = from + (K + 1) * K;
        memcpy(to, from, (K + 1) * K * sizeof *to);
        for (size_t f = 0; f < K; f++) {
            memcpy(to + (K + 1 + f) * K, b, K * sizeof *to);
            to[(K + 1 + f) * K + f] = from[f];
        }
        memcpy(to + (2 * K + 1) * K, b, K * sizeof *to);
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        wide[i] = 40 + 50 * wide[i];
    assert_int_equal(sim_design_given(&given, K, N * (2 * K + 2), wide), 0);
    assert_false(sim_design_take_morris(&given, 4));
    assert_true(sim_design_take_sobol(&given));
    assert_int_equal(given.rows, N);
    assert_int_equal(given.block, 2 * K + 2);
    given.at[K + 1] += 1;
    assert_false(sim_design_take_sobol(&given));
    sim_design_free(&given);
    sim_design_free(&design);

    assert_int_equal(sim_design_morris(&design, K, N, 4, 9), 0);
    assert_int_equal(sim_design_given(&given, K, design.points, design.at), 0);
    assert_false(sim_design_take_sobol(&given));
    assert_true(sim_design_take_morris(&given, 4));
    assert_int_equal(given.rows, N);
    assert_true(given.delta == design.delta);
    memcpy(given.at + K, given.at, K * sizeof *given.at); /* a step that changes nothing */
    assert_false(sim_design_take_morris(&given, 4));
    sim_design_free(&given);
    sim_design_free(&design);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stratum_of_each_factor_is_hit_once),
        cmocka_unit_test(the_seed_makes_the_points_and_a_factor_more_moves_no_other),
        cmocka_unit_test(a_factorial_has_every_combination_the_last_factor_fastest),
        cmocka_unit_test(too_large_or_empty_designs_are_refused),
        cmocka_unit_test(rows_of_saltelli_are_a_then_ab_then_b),
        cmocka_unit_test(each_step_of_a_trajectory_changes_one_factor_by_delta),
        cmocka_unit_test(the_structure_is_found_in_points_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
