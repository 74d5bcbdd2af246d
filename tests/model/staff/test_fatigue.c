/* Fatigue: the factor of each hour of a shift, of the night, of mixed shifts; and nothing without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

/* Desks for everybody, a constant service of 60 s, somebody every minute. */
#define TIRED(fatigue, shifts)                                                                                  \
    TEST_HEAD                                                                                                   \
    "duration: 2 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nstations: {a: {time: 60 s, desks: 50, " \
    "role: officer}}\n"                                                                                         \
    "posts: {P: {entry: {stations: [a]}}}\nrosters: {r: {post: P, side: entry, role: officer, shifts: [" shifts \
    "]}}\n" fatigue "displacement: [{from: P, people: 2000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"

/* Seconds that services take which start within [from, from + 15 min), hours from the start: all must take the same. */
static double service_at(const model_world *world, double from)
{
    size_t count;
    double seconds = -1;
    model_journey *rows = test_journeys(world, "P/entry/a", &count);
    for (size_t i = 0; i < count; i++) {
        double start = (double)rows[i].started / 3.6e9, took = (double)(rows[i].served - rows[i].started) * 1e-6;
        if (start < from || start >= from + 0.25)
            continue;
        if (seconds >= 0)
            assert_float_equal(took, seconds, 1e-5);
        seconds = took;
    }
    free(rows);
    assert_true(seconds > 0);
    return seconds;
}

#define ASSERT_SERVICE(world, hour, seconds) assert_float_equal(service_at(world, hour), seconds, 1e-5)

static void begin(model_setup *setup, model_world *world, const char *text)
{
    test_setup(setup, text);
    test_run(world, setup, 1, 0);
}

static void finish(model_setup *setup, model_world *world)
{
    model_world_free(world);
    model_setup_free(setup);
}

/* 5% an hour beyond 8 h: at 11.75 h on duty 1 + 0.05 x 3.75 = 1.1875. */
static void fatigue_slows_the_last_hour_by_the_declared_factor(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TIRED("fatigue: {slowing: 0.05}\n",
                "{start: \"00:00\", length: 12 h, head: 50}, {start: \"12:00\", length: 12 h, head: 50}"));
    ASSERT_SERVICE(&world, 0, 60);
    ASSERT_SERVICE(&world, 7.75, 60);
    ASSERT_SERVICE(&world, 9, 63);
    ASSERT_SERVICE(&world, 11.75, 60 * 1.1875);
    ASSERT_SERVICE(&world, 12, 60); /* the next shift is fresh */
    ASSERT_SERVICE(&world, 35.75, 60 * (1 + 0.05 * 3.75));
    finish(&setup, &world);
}

/* A quarter of those present are 4 h beyond the onset: 1 + 0.1 x 4 / 4. */
static void people_of_several_shifts_slow_by_their_mean(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TIRED("fatigue: {slowing: 0.1, onset: 2 h}\n",
                "{start: \"00:00\", length: 8 h, head: 10}, {start: \"05:00\", length: 8 h, head: 30}"));
    ASSERT_SERVICE(&world, 6, 66);
    finish(&setup, &world);
}

static void nights_slow_across_midnight(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TIRED("fatigue: {night: 0.3, night_from: \"22:00\", night_to: \"05:00\"}\n",
                "{start: \"00:00\", length: 24 h, head: 50}"));
    ASSERT_SERVICE(&world, 4.75, 78);
    ASSERT_SERVICE(&world, 5, 60);
    ASSERT_SERVICE(&world, 21.75, 60);
    ASSERT_SERVICE(&world, 22, 78);
    ASSERT_SERVICE(&world, 24.5, 78);
    finish(&setup, &world);
}

/* Everybody is hurt and looked at, by people who have been on duty for k quarters of an hour since midnight: found with
 * 1 / (1 + k / 4). */
static void tired_people_find_less(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TEST_HEAD
          "duration: 1 d\npeople: {group_size: 1, traits: {hurt: {share: 1}, marked: {share: 0}}}\nplaces: {P: {kind: "
          "post}}\n"
          "stations: {a: {time: 1 s, desks: 50, role: officer,\n"
          "  finds: [{trait: hurt, mark: marked, sensitivity: 1, specificity: 1}]}}\n"
          "posts: {P: {entry: {stations: [a]}}}\n"
          "rosters: {r: {post: P, side: entry, role: officer, shifts: [{start: \"00:00\", length: 24 h, head: 50}]}}\n"
          "fatigue: {dulling: 1, onset: 0 h}\n"
          "displacement: [{from: P, people: 20000, shape: {uniform: {low: 0 h, high: 24 h}}}]\n");
    double expected = 0;
    for (int k = 0; k < 96; k++)
        expected += 1 / (1 + k / 4.0) / 96;
    test_share("found", (uint64_t)test_count(&world, "screening/found", NULL, -1),
               (uint64_t)test_count(&world, "screening/concerned", NULL, -1), expected);
    ASSERT_SERVICE(&world, 23, 1); /* but as fast as ever */
    finish(&setup, &world);
}

/* 10% a day in a row beyond the first: on the second day 1, on the third 1.1; rested after 2 days: fresh again on the
 * third. */
static void days_in_a_row_slow_until_people_rest(void **state)
{
    (void)state;
#define ROW(rest)                                                                                                      \
    TEST_HEAD "duration: 4 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nstations: {a: {time: 60 s, desks: "  \
              "50, role: officer}}\n"                                                                                  \
              "posts: {P: {entry: {stations: [a]}}}\nrosters: {r: {post: P, side: entry, role: officer, shifts: "      \
              "[{start: \"00:00\", "                                                                                   \
              "length: 24 h, head: 50, from: 2031-03-01T00:00+01:00}]}}\nfatigue: {daily: 0.1, fresh_days: 1, onset: " \
              "24 h" rest "}\n"                                                                                        \
              "displacement: [{from: P, people: 4000, shape: {uniform: {low: 0 d, high: 4 d}}}]\n"
    model_setup setup;
    model_world world;
    begin(&setup, &world, ROW(""));
    ASSERT_SERVICE(&world, 5, 60);
    ASSERT_SERVICE(&world, 29, 60);
    ASSERT_SERVICE(&world, 53, 66);
    ASSERT_SERVICE(&world, 77, 72);
    finish(&setup, &world);
    begin(&setup, &world, ROW(", rest_after: 3"));
    ASSERT_SERVICE(&world, 53, 66);
    ASSERT_SERVICE(&world, 77, 60);
    finish(&setup, &world);
}

static void without_slowing_the_run_is_the_same_bit_for_bit(void **state)
{
    (void)state;
    static const char shifts[] = TIRED("", "{start: \"00:00\", length: 24 h, head: 1}");
    static const char zero[] = TIRED("fatigue: {slowing: 0, daily: 0, night: 0, dulling: 0, onset: 0 h}\n",
                                     "{start: \"00:00\", length: 24 h, head: 1}");
    model_setup without, with;
    model_world a, b;
    unsigned char *x = NULL, *y = NULL;
    size_t n = 0, m = 0;
    begin(&without, &a, shifts);
    begin(&with, &b, zero);
    assert_int_equal(model_world_save(&a, &x, &n), 0);
    assert_int_equal(model_world_save(&b, &y, &m), 0);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
    finish(&without, &a);
    finish(&with, &b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fatigue_slows_the_last_hour_by_the_declared_factor),
        cmocka_unit_test(people_of_several_shifts_slow_by_their_mean),
        cmocka_unit_test(nights_slow_across_midnight),
        cmocka_unit_test(tired_people_find_less),
        cmocka_unit_test(days_in_a_row_slow_until_people_rest),
        cmocka_unit_test(without_slowing_the_run_is_the_same_bit_for_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
