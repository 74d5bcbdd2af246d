/* Claims about paired comparisons, against answers from hand and from tables. Coverage is tested in
 * tests/oracle/test_selection.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/statistics/paired.h"

#define NONE ((double)NAN)

static void assert_near(double a, double b, double apart)
{
    if (!(fabs(a - b) <= apart))
        fail_msg("%.12g is not %.12g", a, b);
}

static void mean_deviation_and_interval_are_those_computed_by_hand(void **state)
{
    (void)state;
    /* differences 1 2 3 4 5: mean 3, deviation sqrt(2.5); Student's factor for 4 degrees and 95% is 2.776445 */
    const double baseline[] = {10, 20, 30, 40, 50}, plan[] = {11, 22, 33, 44, 55};
    sim_paired d = sim_paired_of(baseline, plan, 5, 1);
    assert_int_equal(d.n, 5);
    assert_near(d.mean, 3, 1e-12);
    assert_near(d.deviation, sqrt(2.5), 1e-12);
    assert_near(sim_paired_half_width(&d, 0.05), 2.776445 * sqrt(2.5 / 5), 1e-5);
    /* t = 3 / sqrt(0.5) = 4.242641 with 4 degrees: p = 0.0132358 */
    assert_near(sim_paired_p(&d), 0.0132358, 1e-6);
}

static void the_interval_excludes_0_exactly_where_p_is_below_alpha(void **state)
{
    (void)state;
    const double baseline[] = {0, 0, 0, 0, 0}, plan[] = {1, 2, 3, 4, 5};
    sim_paired d = sim_paired_of(baseline, plan, 5, 1);
    double p = sim_paired_p(&d);
    assert_true(sim_paired_half_width(&d, p * 1.001) < d.mean);
    assert_true(sim_paired_half_width(&d, p * 0.999) > d.mean);
}

static void values_are_read_with_their_stride(void **state)
{
    (void)state;
    const double baseline[] = {1, 99, 2, 99, 3, 99}, plan[] = {2, -99, 4, -99, 6, -99};
    assert_near(sim_paired_of(baseline, plan, 3, 2).mean, 2, 1e-12);
}

static void pairs_with_a_missing_value_say_nothing(void **state)
{
    (void)state;
    const double baseline[] = {1, NONE, 3, 4, 5}, plan[] = {2, 3, INFINITY, 6, NONE};
    sim_paired d = sim_paired_of(baseline, plan, 5, 1);
    assert_int_equal(d.n, 2);
    assert_near(d.mean, 1.5, 1e-12);
}

static void fewer_than_two_pairs_have_no_interval_and_no_p(void **state)
{
    (void)state;
    const double baseline[] = {1, NONE}, plan[] = {2, 3};
    sim_paired one = sim_paired_of(baseline, plan, 2, 1), none = sim_paired_of(baseline, plan, 0, 1);
    assert_near(one.mean, 1, 0);
    assert_true(isnan(none.mean));
    assert_true(isnan(sim_paired_half_width(&one, 0.05)) && isnan(sim_paired_p(&one)) && isnan(sim_paired_p(&none)));
    assert_int_equal(sim_paired_judge(NONE, NONE, NONE, 0.05, 5), SIM_PAIRED_UNKNOWN);
}

static void a_difference_that_is_always_the_same_is_known(void **state)
{
    (void)state;
    const double baseline[] = {1e6, 2e6, 3e6}, plan[] = {1e6 + 0.1, 2e6 + 0.1, 3e6 + 0.1};
    sim_paired more = sim_paired_of(baseline, plan, 3, 1), none = sim_paired_of(baseline, baseline, 3, 1);
    assert_true(more.constant && none.constant);
    assert_near(more.mean, 0.1, 1e-9);
    assert_near(sim_paired_half_width(&more, 0.001), 0, 0);
    assert_near(sim_paired_p(&more), 0, 0);
    assert_near(sim_paired_p(&none), 1, 0);
    assert_int_equal(sim_paired_judge(none.mean, none.mean, 1, 0.05, 0), SIM_PAIRED_SAME);
}

static void rounding_is_no_difference(void **state)
{
    (void)state;
    const double baseline[] = {0.1 + 0.2, 1, 1}, plan[] = {0.3, 1, 1};
    sim_paired d = sim_paired_of(baseline, plan, 3, 1);
    assert_true(d.constant);
    assert_near(d.mean, 0, 0);
}

static void holm_gives_the_adjusted_values_of_textbooks(void **state)
{
    (void)state;
    const double p[] = {0.01, 0.04, 0.03, 0.005}, expected[] = {0.03, 0.06, 0.06, 0.02};
    double adjusted[4];
    assert_int_equal(sim_paired_holm(p, 4, adjusted), 0);
    for (size_t i = 0; i < 4; i++)
        assert_near(adjusted[i], expected[i], 1e-12);
}

static void holm_rejects_what_bonferroni_rejects_and_more(void **state)
{
    (void)state;
    double p[] = {0.001, 0.012, 0.02, 0.9};
    assert_true(4 * p[1] < 0.05 && 4 * p[2] > 0.05);
    assert_int_equal(sim_paired_holm(p, 4, p), 0); /* in place */
    assert_true(p[0] <= 0.05 && p[1] <= 0.05 && p[2] <= 0.05 && p[3] > 0.05);
}

static void a_missing_p_counts_as_one_of_the_family(void **state)
{
    (void)state;
    const double p[] = {NONE, 0.01, NONE};
    double adjusted[3];
    assert_int_equal(sim_paired_holm(p, 3, adjusted), 0);
    assert_true(isnan(adjusted[0]) && isnan(adjusted[2]));
    assert_near(adjusted[1], 0.03, 1e-12);
}

static void looks_spend_all_of_the_error_and_no_more(void **state)
{
    (void)state;
    for (size_t looks = 1; looks <= 12; looks++) {
        double sum = 0;
        for (size_t look = 1; look <= looks; look++)
            sum += sim_paired_spend(0.05, look, looks);
        assert_near(sum, 0.05, 1e-15);
    }
}

static void judgements_are_of_intervals(void **state)
{
    (void)state;
    assert_int_equal(sim_paired_judge(1, 3, 0.01, 0.05, 0), SIM_PAIRED_MORE);
    assert_int_equal(sim_paired_judge(-3, -1, 0.01, 0.05, 10), SIM_PAIRED_LESS);
    assert_int_equal(sim_paired_judge(-1, 3, 0.04, 0.05, 0), SIM_PAIRED_DIFFERS);
    assert_int_equal(sim_paired_judge(-1, 3, 0.06, 0.05, 0), SIM_PAIRED_OPEN);
    assert_int_equal(sim_paired_judge(-1, 3, 0.06, 0.05, 3), SIM_PAIRED_SAME);
    assert_int_equal(sim_paired_judge(-1, 3, 0.06, 0.05, 2.9), SIM_PAIRED_OPEN);
    assert_true(sim_paired_is_answered(SIM_PAIRED_SAME) && sim_paired_is_answered(SIM_PAIRED_LESS) &&
                sim_paired_is_answered(SIM_PAIRED_MORE));
    assert_false(sim_paired_is_answered(SIM_PAIRED_OPEN) || sim_paired_is_answered(SIM_PAIRED_DIFFERS) ||
                 sim_paired_is_answered(SIM_PAIRED_UNKNOWN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_deviation_and_interval_are_those_computed_by_hand),
        cmocka_unit_test(the_interval_excludes_0_exactly_where_p_is_below_alpha),
        cmocka_unit_test(values_are_read_with_their_stride),
        cmocka_unit_test(pairs_with_a_missing_value_say_nothing),
        cmocka_unit_test(fewer_than_two_pairs_have_no_interval_and_no_p),
        cmocka_unit_test(a_difference_that_is_always_the_same_is_known),
        cmocka_unit_test(rounding_is_no_difference),
        cmocka_unit_test(holm_gives_the_adjusted_values_of_textbooks),
        cmocka_unit_test(holm_rejects_what_bonferroni_rejects_and_more),
        cmocka_unit_test(a_missing_p_counts_as_one_of_the_family),
        cmocka_unit_test(looks_spend_all_of_the_error_and_no_more),
        cmocka_unit_test(judgements_are_of_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
