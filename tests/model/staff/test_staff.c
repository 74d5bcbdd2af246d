/* Staff: the desks open at every instant are those computed by hand from shifts, handover, breaks, opening hours and
 * lanes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define AT(start, stations, post, more)                                                                    \
    "hbm: 1\nname: test\nstart: " start "\nduration: 8 d\nplaces: {P: {kind: post}}\nstations: {" stations \
    "}\nposts: {P: {" post "}}\n" more
#define MIDNIGHT "2031-03-01T00:00+01:00"
#define ONE(shifts)                                                                     \
    AT(MIDNIGHT, "a: {time: 1 min, desks: 9, role: officer}", "entry: {stations: [a]}", \
       "rosters: {o: {post: P, side: entry, role: officer, shifts: [" shifts "]}}\n")

typedef struct {
    double hour;
    int desks; /* from then on */
} change;

/* The desks of the station change at these instants, in this way, and at no other. */
static void assert_desks(const char *text, const char *station, size_t count, const change *changes)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_world(&world, &setup, 1, 0);
    uint32_t s = test_station(&setup, station);
    for (size_t i = 0; i < count; i++) {
        sim_time at = (sim_time)(changes[i].hour * 3600e6 + 0.5),
                 last = i + 1 < count ? (sim_time)(changes[i + 1].hour * 3600e6 + 0.5) - 1 : at;
        for (int k = 0; k <= 16; k++) {
            sim_time now = at + (last - at) / 16 * k;
            assert_int_equal(model_world_run(&world, k == 16 ? last : now, 1), 0);
            if ((int)world.network.stations[s].servers != changes[i].desks)
                fail_msg("%s: %u desks open at %.6f h, expected %d", station, world.network.stations[s].servers,
                         (double)world.kernel.now / 3600e6, changes[i].desks);
        }
    }
    model_world_free(&world);
    model_setup_free(&setup);
}
#define ASSERT_DESKS(text, station, ...) \
    assert_desks(text, station, sizeof((change[]){__VA_ARGS__}) / sizeof(change), (change[]){__VA_ARGS__})

static void shifts_follow_the_clock_across_midnight(void **state)
{
    (void)state;
    ASSERT_DESKS(ONE("{start: \"06:00\", length: 8 h, head: 2}, {start: \"14:00\", length: 8 h, head: 3}, {start: "
                     "\"22:00\", length: 8 h, head: 4}"),
                 "P/entry/a", {0, 4}, {6, 2}, {14, 3}, {22, 4}, {30, 2}, {38, 3}, {46, 4}, {54, 2});
    ASSERT_DESKS(ONE("{start: \"08:00\", length: 24 h, head: 5}"), "P/entry/a", {0, 5}, {100, 5});
    ASSERT_DESKS(ONE("{start: \"20:30\", length: 20 h, head: 1}, {start: \"07:15\", length: 90 min, head: 7}"),
                 "P/entry/a", {0, 1}, {7.25, 8}, {8.75, 1}, {16.5, 0}, {20.5, 1}, {31.25, 8}, {32.75, 1}, {40.5, 0});
}

static void a_scenario_may_start_at_any_time_of_day_in_any_zone(void **state)
{
    (void)state;
    ASSERT_DESKS(AT("2031-03-01T15:30+05:45", "a: {time: 1 min, desks: 9, role: officer}",
                    "entry: {stations: [a], opens: \"05:00\", closes: \"23:00\"}",
                    "rosters: {o: {post: P, side: entry, role: officer, shifts: [{start: \"06:00\", length: 8 h, head: "
                    "2}, {start: "
                    "\"14:00\", length: 8 h, head: 3},"
                    " {start: \"22:00\", length: 8 h, head: 4}]}}\n"),
                 "P/entry/a", {0, 3}, {6.5, 4}, {7.5, 0}, {13.5, 4}, {14.5, 2}, {22.5, 3}, {30.5, 4}, {31.5, 0});
}

static void people_take_over_after_the_handover(void **state)
{
    (void)state;
    ASSERT_DESKS(AT(MIDNIGHT, "a: {time: 1 min, desks: 9, role: officer}", "entry: {stations: [a]}",
                    "rosters: {o: {post: P, side: entry, role: officer, handover: 20 min, shifts: [{start: \"06:00\", "
                    "length: 12 h, head: 2},"
                    " {start: \"17:30\", length: 750 min, head: 3}]}}\n"),
                 "P/entry/a", {0, 3}, {6, 0}, {6 + 1 / 3.0, 2}, {17.5 + 1 / 3.0, 5}, {18, 3}, {30, 0},
                 {30 + 1 / 3.0, 2});
}

static void breaks_are_taken_in_waves(void **state)
{
    (void)state;
    ASSERT_DESKS(ONE("{start: \"06:00\", length: 8 h, head: 5, break_length: 30 min}"), "P/entry/a", {0, 0}, {6, 5},
                 {10, 2}, {10.5, 3}, {11, 5}, {14, 0}, {30, 5}, {34, 2});
    ASSERT_DESKS(ONE("{start: \"23:00\", length: 6 h, head: 4, break_length: 1 h, break_after: 0.5 h, break_waves: 3}"),
                 "P/entry/a", {0, 2}, {0.5, 3}, {1.5, 3}, {2.5, 4}, {5, 0}, {23, 4}, {23.5, 2}, {24.5, 3}, {26.5, 4});
}

static void sides_open_and_close_by_the_clock(void **state)
{
    (void)state;
    static const char text[] = AT(MIDNIGHT, "a: {time: 1 min, desks: 3}, b: {time: 1 min, desks: 2}",
                                  "exit: {stations: [b], opens: \"20:00\", closes: \"04:30\"}, entry: {stations: [a], "
                                  "opens: \"06:00\", closes: \"22:00\"}",
                                  "");
    ASSERT_DESKS(text, "P/entry/a", {0, 0}, {6, 3}, {22, 0}, {30, 3}, {46, 0}, {54, 3});
    ASSERT_DESKS(text, "P/exit/b", {0, 2}, {4.5, 0}, {20, 2}, {28.5, 0}, {44, 2}, {52.5, 0});
}

static void shifts_may_begin_and_end_on_given_days(void **state)
{
    (void)state;
    ASSERT_DESKS(ONE("{start: \"06:00\", length: 12 h, head: 2, from: 3 d, until: 5 d}"), "P/entry/a", {0, 0}, {78, 2},
                 {90, 0}, {102, 2}, {114, 0}, {180, 0});
    ASSERT_DESKS(ONE("{start: \"22:00\", length: 8 h, head: 4, until: 2031-03-03T22:00+01:00}, {start: \"22:00\", "
                     "length: 8 h, head: 7, "
                     "from: 2031-03-03T22:00+01:00}"),
                 "P/entry/a", {0, 4}, {6, 0}, {22, 4}, {30, 0}, {46, 4}, {54, 0}, {70, 7}, {78, 0});
}

/* A shift of `head` people all day and night over two stations. */
#define TWO(a, b, head, more)                                                                                     \
    AT(MIDNIGHT, "a: {time: 1 min, role: officer, " a "}, b: {time: 1 min, role: officer, " b "}",                \
       "entry: {stations: [a, b]}",                                                                               \
       "rosters: {o: {post: P, side: entry, role: officer, shifts: [{start: \"06:00\", length: 24 h, head: " head \
       "}]}}\n" more)
#define ASSERT_BOTH(text, desks_a, desks_b)                           \
    do {                                                              \
        ASSERT_DESKS(text, "P/entry/a", {0, desks_a}, {30, desks_a}); \
        ASSERT_DESKS(text, "P/entry/b", {0, desks_b}, {30, desks_b}); \
    } while (0)

static void people_are_shared_among_stations_one_desk_each_then_by_lanes(void **state)
{
    (void)state;
    ASSERT_BOTH(TWO("desks: 5", "desks: 2", "4", ""), 3, 1);
    ASSERT_BOTH(TWO("desks: 5", "desks: 2, staff_per_desk: 2", "4", ""), 2, 1);
    ASSERT_BOTH(TWO("desks: 1", "desks: 1", "1", ""), 1, 0); /* equal: the earlier station */
    ASSERT_BOTH(TWO("desks: 3", "desks: 6", "9", ""), 3, 6);
    ASSERT_BOTH(TWO("desks: 3", "desks: 6", "50", ""), 3, 6);
    ASSERT_BOTH(TWO("desks: 7", "desks: 7", "0", ""), 0, 0);
    ASSERT_BOTH(TWO("desks: 2, staff_per_desk: 3", "desks: 4", "5", ""), 1, 2); /* 3 and 2 */
    ASSERT_BOTH(TWO("desks: 0", "desks: 4", "3", ""), 0, 3);
    ASSERT_BOTH(TWO("desks: 10", "desks: 4", "6", ""), 4, 2); /* the sixth: 10/9 against 4/3 */
    ASSERT_BOTH(TWO("desks: 14", "desks: 1", "5", ""), 4,
                1); /* no station is left without a desk while there are people */
}

static void people_of_a_station_that_is_out_help_at_the_other(void **state)
{
    (void)state;
    static const char text[] =
        TWO("desks: 4", "desks: 4", "4", "timeline: [{at: 5 h, order: outage, target: P/entry/a, duration: 2 h}]\n");
    ASSERT_DESKS(text, "P/entry/a", {0, 2}, {5, 0}, {7, 2}, {24, 2});
    ASSERT_DESKS(text, "P/entry/b", {0, 2}, {5, 4}, {7, 2}, {24, 2});
}

static void rosters_of_one_role_add_up_and_posts_and_sides_are_apart(void **state)
{
    (void)state;
    static const char text[] = AT(
        MIDNIGHT, "a: {time: 1 min, role: officer, desks: 9}, b: {time: 1 min, role: guard, desks: 9}",
        "exit: {stations: [a]}, entry: {stations: [a, b]}",
        "rosters:\n  one: {post: P, side: entry, role: officer, shifts: [{start: \"00:00\", length: 12 h, head: 2}]}\n"
        "  two: {post: P, side: entry, role: officer, shifts: [{start: \"06:00\", length: 12 h, head: 3}]}\n"
        "  three: {post: P, side: exit, role: officer, shifts: [{start: \"01:00\", length: 1 h, head: 4}]}\n"
        "  four: {post: P, side: entry, role: guard, shifts: [{start: \"02:00\", length: 1 h, head: 5}]}\n");
    ASSERT_DESKS(text, "P/entry/a", {0, 2}, {6, 5}, {12, 3}, {18, 0}, {24, 2});
    ASSERT_DESKS(text, "P/exit/a", {0, 0}, {1, 4}, {2, 0}, {25, 4});
    ASSERT_DESKS(text, "P/entry/b", {0, 0}, {2, 5}, {3, 0}, {26, 5});
}

static void the_number_on_duty_is_recorded_with_breaks_taken_off(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, ONE("{start: \"06:00\", length: 8 h, head: 5, break_length: 30 min}"));
    test_run(&world, &setup, 1, 0);
    /* a day of bins: 5 from 6 to 14, less 3 and 2 for half an hour each */
    int64_t area = 0;
    for (uint32_t bin = 24; bin < 48; bin++)
        area += test_bin(&world, "staff/on_duty", "P/entry/a", 0, bin, 0);
    assert_int_equal(area, (int64_t)(37.5 * 3600) * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void rosters_that_cannot_work_are_refused(void **state)
{
    (void)state;
    test_refused(ONE("{start: \"06:00\", length: 8 h, head: 5, break_length: 4 h}"),
                 "the last wave's break ends after the shift");
    test_refused(AT(MIDNIGHT, "a: {time: 1 min, role: officer}", "entry: {stations: [a]}",
                    "rosters: {o: {post: P, side: entry, role: officer, handover: 2 h, shifts: [{start: \"06:00\", "
                    "length: 2 h, head: 1}]}}\n"),
                 "the shift ends before it has taken over");
    test_refused(AT(MIDNIGHT, "a: {time: 1 min, role: officer}", "entry: {stations: [a]}", ""),
                 "nobody of role \"officer\" works at P/entry/a");
    test_refused(AT(MIDNIGHT, "a: {time: 1 min}", "entry: {stations: [a]}",
                    "rosters: {o: {post: P, side: entry, role: guard, shifts: []}}\n"),
                 "no station of that side of the post needs \"guard\"");
    test_refused(AT(MIDNIGHT, "a: {time: 1 min}", "entry: {stations: [a], opens: \"06:00\"}", ""),
                 "opening hours need two ends");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts_follow_the_clock_across_midnight),
        cmocka_unit_test(a_scenario_may_start_at_any_time_of_day_in_any_zone),
        cmocka_unit_test(people_take_over_after_the_handover),
        cmocka_unit_test(breaks_are_taken_in_waves),
        cmocka_unit_test(sides_open_and_close_by_the_clock),
        cmocka_unit_test(shifts_may_begin_and_end_on_given_days),
        cmocka_unit_test(people_are_shared_among_stations_one_desk_each_then_by_lanes),
        cmocka_unit_test(people_of_a_station_that_is_out_help_at_the_other),
        cmocka_unit_test(rosters_of_one_role_add_up_and_posts_and_sides_are_apart),
        cmocka_unit_test(the_number_on_duty_is_recorded_with_breaks_taken_off),
        cmocka_unit_test(rosters_that_cannot_work_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
