/* Displacement: numbers that are given are met exactly, in their time and place; times within a bin are uniform, those
 * of a shape follow it; what is given as a rate is a Poisson process of that rate. Fixed seeds; claims about chance
 * are 99.9% intervals (Kolmogorov: critical value 1.949 / sqrt(n)). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/dist/dist.h"
#include "tests/support/folder.h"
#include "tests/support/scenario.h"

/* Everyone is served at once, so that the journeys tell when groups came. */
#define LAND(people, displacement)                                                                                     \
    TEST_HEAD "duration: 10 d\n" people                                                                                \
              "places: {P: {kind: post}, Q: {kind: post}, City: {kind: origin}, Abroad: {kind: destination}}\n"        \
              "stations: {s: {time: 0 s, desks: 100000}}\nposts: {P: {entry: {stations: [s]}}, Q: {entry: {stations: " \
              "[s]}}}\n"                                                                                               \
              "links: [{from: City, to: P, length: 10 m}]\ntravel: {variation: 1}\ndisplacement:\n" displacement
#define SINGLES "people: {group_size: 1}\n"
#define FAMILIES "people: {group_size: {empirical: {values: [1, 2, 3, 7], weights: [1, 2, 3, 1]}}}\n"

typedef struct {
    model_setup setup;
    model_world world;
    test_folder folder;
} run;

/* `csv` becomes counts.csv, if given. */
static void begin(run *r, const char *text, const char *csv, uint64_t seed)
{
    char path[128];
    assert_int_equal(test_folder_make(&r->folder), 0);
    if (csv != NULL)
        assert_int_equal(
            test_file_write(test_folder_path(&r->folder, "counts.csv", path, sizeof path), csv, strlen(csv)), 0);
    test_setup_in(&r->setup, text, r->folder.path);
    test_run(&r->world, &r->setup, seed, 0);
}

static void finish(run *r)
{
    model_world_free(&r->world);
    model_setup_free(&r->setup);
    test_folder_remove(&r->folder);
}

/* People who set out from a place in hours [from, to). */
static int64_t people_in(const run *r, const char *place, uint32_t from, uint32_t to)
{
    int64_t n = 0;
    for (uint32_t bin = from; bin < to; bin++)
        n += test_bin(&r->world, "flow/set_out", place, 0, bin, 0);
    return n;
}

static void given_numbers_are_met_exactly_and_the_last_group_is_cut(void **state)
{
    (void)state;
    run r;
    begin(&r, LAND("people: {group_size: 7}\n", "  - {from: P, people: 20, shape: 2 h, at: 3 h}\n"), NULL, 1);
    assert_int_equal(r.world.group_count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(model_group_at(&r.world, i)->customer.size, i < 2 ? 7 : 6);
    assert_int_equal(people_in(&r, "P", 5, 6), 20);
    assert_int_equal(people_in(&r, NULL, 0, 240), 20);
    finish(&r);
    begin(&r, LAND(FAMILIES, "  - {from: P, people: 12345}\n"), NULL,
          1); /* the usual shape: all before ten days but a few */
    int64_t out = people_in(&r, NULL, 0, 240);
    assert_true(out <= 12345 && out > 12200);
    assert_int_equal(r.world.person_count, 12345);
    finish(&r);
}

static void counts_are_met_exactly_in_every_bin(void **state)
{
    (void)state;
    static const char csv[] = "time,people\n#date,#affected\n2031-03-01T00:00,120\n2031-03-01T02:00,0\n2031-03-01T03:"
                              "00,1\n2031-03-01T04:00,997\n"
                              "2031-03-01T05:00,13\n2031-03-01T23:30,50\n";
    run r;
    begin(&r, LAND(FAMILIES, "  - {from: P, counts: counts.csv, interval: 30 min}\n"), csv, 1);
    static const struct {
        uint32_t hour;
        int64_t people;
    } expected[] = {{0, 120}, {1, 0}, {2, 0}, {3, 1}, {4, 997}, {5, 13}, {6, 0}, {23, 50}, {24, 0}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(people_in(&r, "P", expected[i].hour, expected[i].hour + 1), expected[i].people);
    assert_int_equal(people_in(&r, NULL, 0, 240), 1181);
    finish(&r);
}

static void rows_of_other_places_are_passed_over_and_streams_add_up(void **state)
{
    (void)state;
    static const char csv[] = "place,time,people\nP,2031-03-01,300\nQ,2031-03-01,50\nP,2031-03-02,7\nQ,2031-03-02,"
                              "8\nElsewhere,2031-03-02,999\n";
    run r;
    begin(&r,
          LAND(FAMILIES, "  - {from: P, counts: counts.csv}\n  - {from: Q, counts: counts.csv}\n  - {from: P, people: "
                         "11, shape: 0 s, at: 36 h}\n"),
          csv, 1);
    assert_int_equal(people_in(&r, "P", 0, 24), 300);
    assert_int_equal(people_in(&r, "P", 24, 48), 18);
    assert_int_equal(people_in(&r, "Q", 0, 24), 50);
    assert_int_equal(people_in(&r, "Q", 24, 48), 8);
    assert_int_equal(people_in(&r, NULL, 48, 240), 0);
    finish(&r);
}

static void weight_scale_and_shift_act_on_counts(void **state)
{
    (void)state;
    static const char csv[] = "time,people\n2031-03-01,101\n2031-03-02,50\n";
    run r;
    begin(&r,
          "scale: 2\n" LAND(FAMILIES, "  - {from: P, counts: counts.csv, weight: 0.25, shift: 30 h}\n  - {from: Q, "
                                      "people: 9, shape: 0 s, weight: 3}\n"),
          csv, 1);
    assert_int_equal(people_in(&r, "P", 0, 30), 0);
    assert_int_equal(people_in(&r, "P", 30, 54), 51); /* 50.5 rounded */
    assert_int_equal(people_in(&r, "P", 54, 78), 25);
    assert_int_equal(people_in(&r, "Q", 0, 1), 54);
    finish(&r);
}

static void a_stream_from_an_origin_travels_and_may_have_its_own_modes(void **state)
{
    (void)state;
    run r;
    begin(&r,
          LAND("people: {group_size: 1, modes: {foot: 1}}\n",
               "  - {from: City, people: 40, shape: 0 s, modes: {bus: 1, "
               "car: 3}}\n  - {from: City, people: 40, shape: 0 s}\n"),
          NULL, 1);
    uint32_t car = 0;
    for (uint32_t i = 0; i < 80; i++) {
        unsigned mode = model_group_at(&r.world, i)->mode;
        car += mode == 1;
        assert_true(i < 40 ? mode == 1 || mode == 2 : mode == 0);
    }
    assert_true(car > 15 && car < 40);
    assert_int_equal(people_in(&r, "City", 0, 1), 80);
    assert_int_equal(test_count(&r.world, "flow/crossed", "P", -1), 80);
    finish(&r);
}

/* The largest distance between the times' distribution and F; times are in order of groups, which must be that of time.
 */
static double distance(const run *r, double begin_hour, double (*f)(double), uint32_t *n)
{
    size_t count;
    double most = 0;
    model_journey *rows = test_journeys(&r->world, NULL, &count);
    for (size_t i = 0; i < count; i++) {
        double u = f((double)rows[i].started / 3600e6 - begin_hour), low = (double)i / (double)count,
               high = (double)(i + 1) / (double)count;
        assert_int_equal(rows[i].group, i);
        most = fmax(most, fmax(fabs(u - low), fabs(u - high)));
    }
    *n = (uint32_t)count;
    free(rows);
    return most;
}

static double day(double hours)
{
    return hours < 0 ? 0 : hours > 24 ? 1 : hours / 24;
}

/* Weibull of shape 2 and mean 30 h. */
static double weibull(double hours)
{
    double scale = 30 / tgamma(1.5);
    return hours < 0 ? 0 : 1 - exp(-pow(hours / scale, 2));
}

static void times_are_uniform_within_a_bin(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        run r;
        uint32_t n;
        begin(&r, LAND(SINGLES, "  - {from: P, counts: counts.csv}\n"), "time,people\n2031-03-03,4000\n", seed);
        double d = distance(&r, 48, day, &n);
        assert_int_equal(n, 4000);
        if (d > 1.949 / sqrt(n))
            fail_msg("seed %d: distance %g", (int)seed, d);
        finish(&r);
    }
}

static void times_follow_the_shape_from_the_beginning_of_the_stream(void **state)
{
    (void)state;
    run r;
    uint32_t n;
    begin(&r,
          LAND(SINGLES,
               "  - {from: P, people: 4000, at: 2031-03-02T00:00+01:00, shape: {weibull: {mean: 30 h, shape: 2}}}\n"),
          NULL, 1);
    double d = distance(&r, 24, weibull, &n);
    assert_int_equal(n, 4000);
    assert_true(d < 1.949 / sqrt(n));
    finish(&r);
}

static void who_would_have_set_out_before_the_start_does_so_at_the_start(void **state)
{
    (void)state;
    run r;
    begin(&r, LAND(SINGLES, "  - {from: P, people: 10, shape: 1 h, at: -3 h}\n"), NULL, 1);
    TEST_STARTS(&r.world, "P/entry/s", {0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0});
    finish(&r);
}

/* Groups of `replications` replications: their mean is `mean` and so is their variance, within 99.9%. */
static void assert_poisson(const double *counts, size_t n, double mean)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += counts[i];
    for (size_t i = 0; i < n; i++)
        squares += (counts[i] - sum / (double)n) * (counts[i] - sum / (double)n);
    double found = sum / (double)n, variance = squares / (double)(n - 1);
    if (fabs(found - mean) > 3.29 * sqrt(mean / (double)n))
        fail_msg("mean %g, expected %g", found, mean);
    if (fabs(variance - mean) >
        3.29 * sqrt((2 * mean * mean + mean) / (double)n)) /* variance of a sample variance: mu4 = mean + 3 mean^2 */
        fail_msg("variance %g, expected %g", variance, mean);
}

static void a_rate_is_a_poisson_process_of_this_rate_in_every_step(void **state)
{
    (void)state;
    enum { REPLICATIONS = 600 };
    static const double expected[] = {20, 120, 0, 30, 0}; /* hours 0-2, 2-5, 5-6, 6-7, 7-240 */
    static const uint32_t edges[] = {0, 2, 5, 6, 7, 240};
    static double counts[5][REPLICATIONS];
    model_setup setup;
    test_setup(
        &setup,
        LAND(SINGLES, "  - {from: P, rate: [[0 s, 10 /h], [2 h, 40 /h], [5 h, 0 /h], [6 h, 30 /h]], until: 7 h}\n"));
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        run r = {.setup = setup};
        test_run(&r.world, &setup, 5, i);
        for (int k = 0; k < 5; k++)
            counts[k][i] = (double)people_in(&r, "P", edges[k], edges[k + 1]);
        assert_int_equal(r.world.group_count, people_in(&r, NULL, 0, 240));
        model_world_free(&r.world);
    }
    for (int k = 0; k < 5; k++)
        assert_poisson(counts[k], REPLICATIONS, expected[k]);
    model_setup_free(&setup);
}

/* The rate is people a time: groups come at the rate over their mean size. Weight and scale multiply it, `at` cuts it.
 */
static void a_rate_counts_people_not_groups(void **state)
{
    (void)state;
    enum { REPLICATIONS = 400 };
    static double groups[REPLICATIONS];
    model_setup setup;
    double people = 0;
    test_setup(&setup, "scale: 0.5\n" LAND(FAMILIES, "  - {from: P, rate: 210 /h, weight: 2, at: 4 h, until: 6 h}\n"));
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        run r = {.setup = setup};
        test_world(&r.world, &setup, 6, i);
        groups[i] = r.world.group_count;
        people += r.world.person_count;
        model_world_free(&r.world);
    }
    double size = 21.0 / 7, square = (1 + 2 * 4 + 3 * 9 + 49) / 7.0;
    assert_poisson(groups, REPLICATIONS, 420 / size);
    assert_true(fabs(people / REPLICATIONS - 420) < 3.29 * sqrt(420 / size * square / REPLICATIONS));
    model_setup_free(&setup);
}

static void times_of_a_constant_rate_are_uniform_given_their_number(void **state)
{
    (void)state;
    run r;
    uint32_t n;
    begin(&r, LAND(SINGLES, "  - {from: P, rate: 3000 /d, at: 24 h, until: 2 d}\n"), NULL, 1);
    double d = distance(&r, 24, day, &n);
    assert_true(n > 2700 && d < 1.949 / sqrt(n));
    finish(&r);
}

static void streams_that_cannot_be_are_refused(void **state)
{
    (void)state;
    test_refused(LAND(SINGLES, "  - {from: P}\n"), "a stream needs to know how many set out, in one way");
    test_refused(LAND(SINGLES, "  - {from: P, people: 3, rate: 1 /h}\n"),
                 "a stream needs to know how many set out, in one way");
    test_refused(LAND(SINGLES, "  - {from: Abroad, people: 3}\n"), "nobody sets out from a destination");
    test_folder folder;
    char path[128];
    static const char overlapping[] = "time,people\n2031-03-01,5\n2031-03-01T12:00,5\n",
                      unnamed[] = "time,persons\n2031-03-01,5\n";
    static const struct {
        const char *csv, *expected;
    } cases[] = {{overlapping, "counts.csv:3:1: error: rows overlap or are out of order"},
                 {unnamed, "people"},
                 {"time,people\n2031-03-01,-5\n", "counts.csv:2:12"}};
    assert_int_equal(test_folder_make(&folder), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(test_file_write(test_folder_path(&folder, "counts.csv", path, sizeof path), cases[i].csv,
                                         strlen(cases[i].csv)),
                         0);
        char *messages = test_problems_in(LAND(SINGLES, "  - {from: P, counts: counts.csv}\n"), folder.path);
        if (strstr(messages, cases[i].expected) == NULL)
            fail_msg("expected \"%s\", got:\n%s", cases[i].expected, messages);
        free(messages);
    }
    test_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_numbers_are_met_exactly_and_the_last_group_is_cut),
        cmocka_unit_test(counts_are_met_exactly_in_every_bin),
        cmocka_unit_test(rows_of_other_places_are_passed_over_and_streams_add_up),
        cmocka_unit_test(weight_scale_and_shift_act_on_counts),
        cmocka_unit_test(a_stream_from_an_origin_travels_and_may_have_its_own_modes),
        cmocka_unit_test(times_are_uniform_within_a_bin),
        cmocka_unit_test(times_follow_the_shape_from_the_beginning_of_the_stream),
        cmocka_unit_test(who_would_have_set_out_before_the_start_does_so_at_the_start),
        cmocka_unit_test(a_rate_is_a_poisson_process_of_this_rate_in_every_step),
        cmocka_unit_test(a_rate_counts_people_not_groups),
        cmocka_unit_test(times_of_a_constant_rate_are_uniform_given_their_number),
        cmocka_unit_test(streams_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
