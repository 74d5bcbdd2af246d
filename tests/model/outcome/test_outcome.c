/* The outcome: histograms and their quantiles, intervals, the warm-up, key figures computed by hand, replications
 * merged, the same results for any number of threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/hbm.h"
#include "models/outcome/outcome.h"
#include "tests/support/scenario.h"

/* --- histograms --- */

static void buckets_follow_one_another_without_gaps(void **state)
{
    (void)state;
    assert_int_equal(sim_histogram_edge(0), 0);
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++) {
        sim_time low = sim_histogram_edge(i), high = sim_histogram_edge(i + 1);
        assert_true(high > low);
        assert_int_equal(sim_histogram_bucket(low), i);
        assert_int_equal(sim_histogram_bucket(high - 1), i);
        /* no wider than 1/64 of what is in it, or a millisecond */
        assert_true(high - low <= (low / 64 > 1024 ? low / 64 : 1024));
    }
    assert_int_equal(sim_histogram_bucket(SIM_FOREVER), SIM_HISTOGRAM_SIZE - 1);
    assert_true(sim_histogram_edge(SIM_HISTOGRAM_SIZE - 1) > 300 * SIM_DAY);
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void quantiles_of_a_smooth_distribution_are_right_to_08_percent(void **state)
{
    (void)state;
    enum { N = 50000 };
    static double values[N];
    static uint64_t buckets[SIM_HISTOGRAM_SIZE];
    const sim_rng rng = {3, 0};
    for (uint32_t i = 0; i < N; i++) {
        values[i] = -3600e6 * log(1 - sim_rng_unit(sim_rng_draw(&rng, 0, 0, i)));
        buckets[sim_histogram_bucket((sim_time)values[i])]++;
    }
    qsort(values, N, sizeof *values, ascending);
    static const double shares[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double exact = values[(size_t)(shares[i] * N) - 1] * 1e-6, found = model_histogram_quantile(buckets, shares[i]);
        if (fabs(found / exact - 1) > 0.008)
            fail_msg("quantile %g: %g s, expected %g s", shares[i], found, exact);
    }
}

static void quantiles_of_one_value_are_right_to_a_bucket(void **state)
{
    (void)state;
    for (double seconds = 0.07; seconds < 1e7; seconds *= 1.0317) {
        uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
        buckets[sim_histogram_bucket((sim_time)(seconds * 1e6))] = 1000000;
        for (double q = 0; q <= 1; q += 0.25)
            assert_true(fabs(model_histogram_quantile(buckets, q) / seconds - 1) <= 1.0 / 64);
    }
}

static void quantiles_of_nothing_and_of_no_wait(void **state)
{
    (void)state;
    uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
    assert_true(isnan(model_histogram_quantile(buckets, 0.5)));
    buckets[0] = 5;
    buckets[100] = 4;
    assert_true(model_histogram_quantile(buckets, 0.5) == 0);
    assert_true(model_histogram_quantile(buckets, 0.9) > 0);
}

/* --- intervals --- */

static void intervals_are_students(void **state)
{
    (void)state;
    static const double values[] = {1, -9, 2, -9, 3, -9, 4, -9};
    double mean, half_width;
    model_interval(values, 4, 2, 0.95, &mean, &half_width);
    assert_true(mean == 2.5);
    assert_true(fabs(half_width - 3.182446 * sqrt(5.0 / 3) / 2) < 1e-5); /* t(0.975; 3) */
    model_interval(values, 4, 2, 0.99, &mean, &half_width);
    assert_true(fabs(half_width - 5.840909 * sqrt(5.0 / 3) / 2) < 1e-5);
    model_interval(values, 2, 2, 0.9, &mean, &half_width);
    assert_true(mean == 1.5 && fabs(half_width - 6.313752 * sqrt(0.5) / sqrt(2)) < 1e-5);
    model_interval(values, 1, 2, 0.95, &mean, &half_width);
    assert_true(mean == 1 && isnan(half_width));
    model_interval(values, 0, 2, 0.95, &mean, &half_width);
    assert_true(isnan(mean) && isnan(half_width));
}

/* --- key figures by hand --- */

typedef struct {
    model_setup setup;
    model_outcome *outcome;
    sim_result result;
} study;

static void begin(study *s, const char *text, uint64_t replications)
{
    test_setup(&s->setup, text);
    assert_int_equal(model_outcome_new(&s->outcome, &s->setup), 0);
    for (uint64_t i = 0; i < replications; i++) {
        model_world world;
        test_run(&world, &s->setup, 1, i);
        assert_int_equal(model_outcome_add(s->outcome, &world), 0);
        model_world_free(&world);
    }
    sim_result_init(&s->result);
    assert_int_equal(model_outcome_result(s->outcome, &s->result), 0);
}

static void finish(study *s)
{
    sim_result_free(&s->result);
    model_outcome_free(s->outcome);
    model_setup_free(&s->setup);
}

static double figure(const study *s, const char *name)
{
    double mean, half_width;
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strcmp(model_key_figures[i].name, name) == 0) {
            model_outcome_interval(s->outcome, i, &mean, &half_width);
            return mean;
        }
    fail_msg("there is no key figure %s", name);
    return 0;
}

static void assert_figure(const study *s, const char *name, double expected, double error)
{
    double found = figure(s, name);
    if (!(fabs(found - expected) <= error * fabs(expected) + 1e-9))
        fail_msg("%s: %.9g, expected %.9g", name, found, expected);
}

/* Two groups in the first hour; then three of 1, 2 and 3 people at 4000 s (the last a second later), served 10 s each:
 * waits of 0, 10 and 19 s. One more group cannot be served before the end. */
#define BY_HAND(warm_up)                                                                                             \
    TEST_HEAD "duration: 2 h\nwarm_up: " warm_up "\ntarget_wait: 15 s\n" TEST_EXACT                                  \
              "places: {P: {kind: post}, City: {kind: origin}}\n"                                                    \
              "links: [{from: City, to: P, length: 134 m}]\nstations: {a: {serves: group, time: 10 s}, b: {serves: " \
              "group, time: 1 h, "                                                                                   \
              "modes: bus}}\n"                                                                                       \
              "posts: {P: {entry: {stations: [a, b]}}}\ndisplacement:\n" TEST_GROUP("P", "0 s", "1", "")             \
                  TEST_GROUP("P", "0 s", "4", "") TEST_GROUP("P", "4000 s", "1", "")                                 \
                      TEST_GROUP("P", "4000 s", "2", "") TEST_GROUP("City", "3901 s", "3", "")                       \
                          TEST_GROUP("P", "7000 s", "5", ", modes: {bus: 1}")                                        \
                              TEST_GROUP("P", "7100 s", "7", ", modes: {bus: 1}")

static void key_figures_are_those_computed_by_hand(void **state)
{
    (void)state;
    study s;
    begin(&s, BY_HAND("0 s"), 1);
    assert_figure(&s, "people.set_out", 23, 0);
    assert_figure(&s, "people.arrived", 23, 0);
    assert_figure(&s, "people.crossed", 11, 0);
    assert_figure(&s, "people.gave_up", 0, 0);
    assert_figure(&s, "people.waiting_at_end", 7, 0); /* the last ones are through a, wait for b */
    assert_figure(&s, "wait.mean", (4 * 10 + 2 * 10 + 3 * 19) / 11.0, 1e-12);
    assert_figure(&s, "wait.max", 19, 1 / 64.0);
    assert_figure(&s, "wait.within_target", 8 / 11.0, 1e-12);
    assert_figure(&s, "wait.person_hours", (4 * 10 + 2 * 10 + 3 * 19 + 7 * 90) / 3600.0, 1e-12);
    assert_figure(&s, "queue.peak", 7, 0);
    assert_figure(&s, "desks.utilisation", (70 + 190) / (2 * 7200.0), 1e-12);
    assert_figure(&s, "travel.mean", 100, 1e-12);
    finish(&s);
}

static void the_warm_up_is_left_out(void **state)
{
    (void)state;
    study s;
    begin(&s, BY_HAND("1 h"), 1);
    assert_figure(&s, "people.set_out", 18, 0);
    assert_figure(&s, "people.crossed", 6, 0);
    assert_figure(&s, "wait.mean", (2 * 10 + 3 * 19) / 6.0, 1e-12);
    assert_figure(&s, "wait.p50", 10, 1 / 64.0); /* the third of six */
    assert_figure(&s, "wait.p95", 19, 1 / 64.0);
    assert_figure(&s, "wait.within_target", 3 / 6.0, 1e-12);
    assert_figure(&s, "wait.person_hours", (2 * 10 + 3 * 19 + 7 * 90) / 3600.0, 1e-12);
    assert_figure(&s, "desks.utilisation", (50 + 190) / (2 * 3600.0), 1e-12);
    finish(&s);
}

static const double *reals(const study *s, const char *path, size_t size)
{
    const sim_dataset *d = sim_result_find(&s->result, path);
    if (d == NULL || d->is_integer || d->size != size)
        fail_msg("%s is not in the results as %zu numbers", path, size);
    return d->data.reals;
}

static void series_and_summaries_are_those_computed_by_hand(void **state)
{
    (void)state;
    study s;
    begin(&s, BY_HAND("0 s"), 1);
    uint32_t p = test_place(&s.setup, "P"), a = test_station(&s.setup, "P/entry/a");
    const double *crossed = reals(&s, "flow/crossed", 2 * 2 * 1); /* bins, places, classes */
    assert_true(crossed[0 * 2 + p] == 5 && crossed[1 * 2 + p] == 6);
    const double *waiting = reals(&s, "queue/people_waiting", 2 * 2),
                 *peak = reals(&s, "queue/people_waiting_peak", 2 * 2);
    assert_true(fabs(waiting[0 * 2 + a] - 40 / 3600.0) < 1e-12 && fabs(waiting[1 * 2 + a] - 77 / 3600.0) < 1e-12);
    assert_true(peak[0 * 2 + a] == 4 && peak[1 * 2 + a] == 5);
    const double *wait = reals(&s, "wait/station_mean", 2 * 2 * 1);
    assert_true(fabs(wait[0 * 2 + a] - 8) < 1e-12 &&
                fabs(wait[1 * 2 + a] - 77 / 18.0) < 1e-12); /* over all who were served */
    const double *share = reals(&s, "summary/desks_utilisation", 2),
                 *at_end = reals(&s, "summary/people_at_end", 2 * MODEL_STATES);
    assert_true(fabs(share[a] - 70 / 7200.0) < 1e-12);
    assert_true(at_end[p * MODEL_STATES + MODEL_CROSSED] == 11 && at_end[p * MODEL_STATES + MODEL_WAITING] == 7 &&
                at_end[p * MODEL_STATES + MODEL_IN_SERVICE] == 5);
    finish(&s);
}

/* --- replications --- */

#define BY_CHANCE                                                                                              \
    TEST_HEAD "duration: 6 h\nplaces: {P: {kind: post}}\nstations: {a: {time: {exponential: {mean: 50 s}}}}\n" \
              "posts: {P: {entry: {stations: [a]}}}\ndisplacement: [{from: P, rate: 60 /h}]\n"

static void replications_are_merged_to_means_and_half_widths(void **state)
{
    (void)state;
    enum { REPLICATIONS = 4, BINS = 6 };
    study all;
    double crossed[BINS][REPLICATIONS], peaks[REPLICATIONS];
    begin(&all, BY_CHANCE, REPLICATIONS);
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        model_world world;
        test_run(&world, &all.setup, 1, i);
        peaks[i] = 0;
        for (uint32_t bin = 0; bin < BINS; bin++) {
            crossed[bin][i] = (double)test_bin(&world, "flow/crossed", "P", 0, bin, 0);
            peaks[i] = fmax(peaks[i], (double)test_bin(&world, "people/present", "P", MODEL_WAITING, bin, 1));
        }
        model_world_free(&world);
    }
    const double *means = reals(&all, "flow/crossed", BINS),
                 *half_widths = reals(&all, "flow/crossed_half_width", BINS);
    for (uint32_t bin = 0; bin < BINS; bin++) {
        double mean, half_width;
        model_interval(crossed[bin], REPLICATIONS, 1, 0.95, &mean, &half_width);
        assert_true(fabs(means[bin] - mean) < 1e-9 && fabs(half_widths[bin] - half_width) < 1e-9);
        assert_true(fabs(model_outcome_count(all.outcome, "flow/crossed", bin, 0) - mean) < 1e-9);
    }
    double mean, half_width;
    model_interval(peaks, REPLICATIONS, 1, 0.95, &mean, &half_width);
    assert_figure(&all, "queue.peak", mean, 1e-12);
    finish(&all);
}

static void run_hash(const char *set, unsigned threads, size_t replications, const char *until, char hex[65],
                     size_t *done)
{
    const char *const sets[] = {"scale=0.05", "duration=3 d", set};
    hbm_problems *problems;
    hbm_scenario *scenario;
    hbm_result *result;
    hbm_run_options options;
    char why[200] = "";
    hbm_run_options_init(&options);
    options.threads = threads;
    options.replications = replications;
    options.until_metric = until;
    options.until_width = 0.1;
    assert_int_equal(hbm_problems_new(&problems), 0);
    assert_int_equal(hbm_scenario_open(&scenario, HBM_SOURCE_DIR "/scenarios/two-posts", NULL, sets, 3, problems), 0);
    if (hbm_run(scenario, &options, &result, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_int_equal(hbm_result_hash(result, hex), 0);
    *done = sim_result_axis(result, sim_result_find(result, "key/value"), 0)->size;
    hbm_result_free(result);
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
}

static void results_are_the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    static const unsigned threads[] = {2, 3, 4, 8};
    char expected[65], found[65];
    size_t done;
    run_hash("patience.time={exponential: {mean: 5 h}}", 1, 3, NULL, expected, &done);
    assert_int_equal(done, 3);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        run_hash("patience.time={exponential: {mean: 5 h}}", threads[i], 3, NULL, found, &done);
        assert_string_equal(expected, found);
    }
    run_hash("patience.time={exponential: {mean: 5.01 h}}", 1, 3, NULL, found, &done);
    assert_string_not_equal(expected, found);
}

static void a_run_until_an_interval_is_narrow_needs_as_many_replications_on_any_number_of_threads(void **state)
{
    (void)state;
    char expected[65], found[65];
    size_t done, again;
    run_hash("bin=1 d", 1, 40, "people.crossed", expected, &done);
    assert_true(done >= 5 && done < 40);
    run_hash("bin=1 d", 4, 40, "people.crossed", found, &again);
    assert_int_equal(done, again);
    assert_string_equal(expected, found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_follow_one_another_without_gaps),
        cmocka_unit_test(quantiles_of_a_smooth_distribution_are_right_to_08_percent),
        cmocka_unit_test(quantiles_of_one_value_are_right_to_a_bucket),
        cmocka_unit_test(quantiles_of_nothing_and_of_no_wait),
        cmocka_unit_test(intervals_are_students),
        cmocka_unit_test(key_figures_are_those_computed_by_hand),
        cmocka_unit_test(the_warm_up_is_left_out),
        cmocka_unit_test(series_and_summaries_are_those_computed_by_hand),
        cmocka_unit_test(replications_are_merged_to_means_and_half_widths),
        cmocka_unit_test(results_are_the_same_for_any_number_of_threads),
        cmocka_unit_test(a_run_until_an_interval_is_narrow_needs_as_many_replications_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
