/* What is reported of a queue whose length is known to the person at every instant; and that nothing else changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/travel/information.h"
#include "tests/support/same.h"
#include "tests/support/scenario.h"

enum { QUARTER = 900 };

/* 720 people come to A at the start; one desk takes 10 s each: at t seconds 720 - t / 10 wait. Bins are control
 * intervals. */
#define QUEUE(choice, reporting)                                                                                   \
    TEST_HEAD                                                                                                      \
    "duration: 3 h\nbin: 15 min\nwarm_up: 0 h\npeople: {group_size: 1}\nplaces: {A: {kind: post}}\nstations: {s: " \
    "{time: 10 s}}\n"                                                                                              \
    "posts: {A: {entry: {stations: [s]}}}\nchoice: {window: 30 min, " choice "}\nreporting: {" reporting "}\n"     \
    "displacement:\n  - {from: A, people: 720, shape: 0 s}\n"

/* The level of a metric in each quarter of an hour, all through it. */
static void assert_levels(const char *text, const char *metric, size_t count, const int64_t *expected)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_run(&world, &setup, 1, 0);
    for (uint32_t i = 0; i < count; i++) {
        int64_t area = test_bin(&world, metric, "A", 0, i, 0);
        if (area != expected[i] * QUARTER * SIM_SECOND)
            fail_msg("%s: %g instead of %lld in quarter %u", metric, (double)area / QUARTER / 1e6,
                     (long long)expected[i], (unsigned)i);
    }
    model_world_free(&world);
    model_setup_free(&setup);
}
#define LEVELS(text, metric, ...) \
    assert_levels(text, metric, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (int64_t[]){__VA_ARGS__})

static void a_share_is_counted_and_rounded(void **state)
{
    (void)state;
    LEVELS(QUEUE("delay: 0 s", "coverage: 1"), "reporting/seen_waiting", 0, 630, 540, 450, 360, 270, 180, 90, 0);
    LEVELS(QUEUE("delay: 0 s", "coverage: 0.5"), "reporting/seen_waiting", 0, 315, 270, 225, 180, 135, 90, 45, 0);
    LEVELS(QUEUE("delay: 0 s", "rounding: 100"), "reporting/seen_waiting", 0, 600, 500, 500, 400, 300, 200, 100, 0);
    LEVELS(QUEUE("delay: 0 s", "coverage: 0.5, rounding: 50"), "reporting/seen_waiting", 0, 300, 250, 250, 200, 150,
           100, 50, 0);
    LEVELS(QUEUE("delay: 30 min", "coverage: 1.1"), "reporting/seen_waiting", 0, 0, 0, 693, 594, 495, 396, 297);
}

/* The wait is what is counted over the crossings of the last half hour: 180 in it from the third quarter on; 89 and 179
 * before. */
static void the_wait_is_that_of_those_counted(void **state)
{
    (void)state;
    LEVELS(QUEUE("delay: 0 s", "coverage: 1"), "reporting/seen_wait", 0, 12742, 5430, 4500, 3600, 2700, 1800, 900, 0);
    LEVELS(QUEUE("delay: 0 s", "coverage: 0.5"), "reporting/seen_wait", 0, 6371, 2715, 2250, 1800, 1350, 900, 450, 0);
    LEVELS(QUEUE("delay: 0 s", "wait_rounding: 1 h"), "reporting/seen_wait", 0, 14400, 7200, 3600, 3600, 3600, 3600, 0,
           0);
}

static void what_is_published_stands_until_the_next_time(void **state)
{
    (void)state;
    /* at 00:30, 01:30 ...: and nothing of the evening before the start */
    LEVELS(QUEUE("delay: 0 s", "every: 1 h, at: \"00:30\""), "reporting/seen_waiting", 0, 0, 540, 540, 540, 540, 180,
           180, 180, 180, 0, 0);
    LEVELS(QUEUE("delay: 0 s", "every: 1 h, at: \"00:30\""), "reporting/seen_wait", 0, 0, 5430, 5430, 5430, 5430, 1800,
           1800, 1800, 1800, 0, 0);
    /* at 00:20, with what the next control interval finds */
    LEVELS(QUEUE("delay: 0 s", "every: 1 h, at: \"20:20\""), "reporting/seen_waiting", 0, 0, 540, 540, 540, 540, 180,
           180, 180, 180, 0, 0);
    LEVELS(QUEUE("delay: 30 min", "every: 45 min, at: \"00:00\""), "reporting/seen_waiting", 0, 0, 0, 0, 0, 450, 450,
           450, 180, 180, 180, 0);
    LEVELS(QUEUE("delay: 0 s", "every: 24 h, at: \"01:00\""), "reporting/seen_waiting", 0, 0, 0, 0, 360, 360, 360, 360,
           360, 360, 360, 360);
}

static void each_post_and_replication_has_a_coverage_of_its_own(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    model_setup setup;
    double sum = 0, squares = 0, product = 0;
    test_setup(&setup, TEST_HEAD "duration: 1 h\nplaces: {A: {kind: post}, B: {kind: post}}\nposts: {A: {}, B: {}}\n"
                                 "reporting: {coverage: {uniform: {low: 0.2, high: 0.8}}}\n");
    for (uint32_t i = 0; i < RUNS; i++) {
        model_world world;
        test_world(&world, &setup, 3, i);
        double a = (double)model_reporting_count(&world, 0, 1000000) * 1e-6,
               b = (double)model_reporting_count(&world, 1, 1000000) * 1e-6;
        assert_true(a >= 0.2 && a <= 0.8 && b >= 0.2 && b <= 0.8);
        sum += a + b;
        squares += (a - 0.5) * (a - 0.5) + (b - 0.5) * (b - 0.5);
        product += (a - 0.5) * (b - 0.5);
        model_world_free(&world);
    }
    /* variance 0.03; the mean of 4,000 within 3.3 x 0.173 / 63, the covariance of 2,000 pairs within 3.3 x 0.03 / 45 */
    assert_true(sum / (2 * RUNS) > 0.491 && sum / (2 * RUNS) < 0.509);
    assert_true(squares / (2 * RUNS) > 0.0285 && squares / (2 * RUNS) < 0.0315);
    assert_true(product / RUNS > -0.0022 && product / RUNS < 0.0022);
    model_setup_free(&setup);
}

/* --- beside the truth --- */

#define TWO(informed, more)                                                                                       \
    TEST_HEAD                                                                                                     \
    "duration: 2 d\npeople: {group_size: {empirical: {values: [1, 2, 5], weights: [1, 1, 1]}}}\nplaces: {City: "  \
    "{kind: origin}, A: "                                                                                         \
    "{kind: "                                                                                                     \
    "post}, B: {kind: post}}\nlinks: [{from: City, to: A, length: 10 km}, {from: City, to: B, length: 12 "        \
    "km}]\nstations: {s: {time: "                                                                                 \
    "{exponential: {mean: 1 min}}}}\nposts: {A: {entry: {stations: [s]}}, B: {entry: {stations: [s]}}}\nchoice: " \
    "{informed: " informed "}\n"                                                                                  \
    "displacement: [{from: City, people: 3000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n" more

static void assert_same_truth(const char *plain, const char *reported, bool same)
{
    model_setup a, b;
    model_world x, y;
    test_setup(&a, plain);
    test_setup(&b, reported);
    test_run(&x, &a, 1, 0);
    test_run(&y, &b, 1, 0);
    if (same)
        test_same_metrics(&x, &y);
    else
        assert_int_not_equal(test_count(&x, "flow/arrived", "A", -1), test_count(&y, "flow/arrived", "A", -1));
    model_world_free(&x);
    model_world_free(&y);
    model_setup_free(&a);
    model_setup_free(&b);
}

static void a_report_changes_what_the_informed_do_and_nothing_else(void **state)
{
    (void)state;
    assert_same_truth(TWO("0", ""),
                      TWO("0", "reporting: {coverage: 0.1, rounding: 500, wait_rounding: 5 h, every: 24 h}\n"), true);
    assert_same_truth(TWO("1", ""),
                      TWO("1", "reporting: {coverage: 0.1, rounding: 500, wait_rounding: 5 h, every: 24 h}\n"), false);
}

static void an_exact_report_changes_nothing(void **state)
{
    (void)state;
    assert_same_truth(TWO("1", ""), TWO("1", "reporting: {coverage: 1, rounding: 1, every: 15 min}\n"), true);
}

static void the_same_bits_however_it_is_run(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, TWO("1", "reporting: {coverage: {uniform: {low: 0.3, high: 1.2}}, rounding: 10, wait_rounding: "
                                "30 min, every: 3 h}\n"));
    test_same_however_run(&setup, 9);
    model_setup_free(&setup);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    test_refused(QUEUE("delay: 0 s", "coverage: -0.5"), "coverage");
    test_refused(QUEUE("delay: 0 s", "rounding: 0"), "rounding");
    test_refused(QUEUE("delay: 0 s", "every: 1 s"), "every");
    test_refused(QUEUE("delay: 0 s", "at: 8 h"), "at");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_counted_and_rounded),
        cmocka_unit_test(the_wait_is_that_of_those_counted),
        cmocka_unit_test(what_is_published_stands_until_the_next_time),
        cmocka_unit_test(each_post_and_replication_has_a_coverage_of_its_own),
        cmocka_unit_test(a_report_changes_what_the_informed_do_and_nothing_else),
        cmocka_unit_test(an_exact_report_changes_nothing),
        cmocka_unit_test(the_same_bits_however_it_is_run),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
