/* Transport: who leaves with which vehicle and when, by hand; what a timetable and a fleet can carry; orders; nothing
 * where nobody boards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

/* A post that people leave by vehicles only, boarding for 5 min; `line` and the streams are the test's. */
#define BUS(duration, line, more)                                                                              \
    TEST_HEAD                                                                                                  \
    "duration: " duration "\nplaces: {P: {kind: post}, C: {kind: centre}}\n"                                   \
    "links: [{from: P, to: C, length: 36 km, speed: 10 m/s}]\nstations: {bay: {serves: group, time: 5 min, "   \
    "desks: 0}}\n"                                                                                             \
    "posts: {P: {entry: {stations: [bay]}}}\ncentres: {C: {}}\ntransport: {bus: {from: P, station: bay, " line \
    "}}\n" more "\n"
#define DAY_OF(line, groups) BUS("24 h", line, TEST_EXACT "displacement:\n" groups)
#define FOUR                         \
    TEST_GROUP("P", "0 h", "50", "") \
    TEST_GROUP("P", "0 h", "50", "") TEST_GROUP("P", "0 h", "50", "") TEST_GROUP("P", "0 h", "50", "")
#define SEVEN                           \
    TEST_GROUP("P", "10 min", "20", "") \
    TEST_GROUP("P", "20 min", "20", "") \
    TEST_GROUP("P", "30 min", "20", "") \
    TEST_GROUP("P", "40 min", "20", "") \
    TEST_GROUP("P", "50 min", "20", "") TEST_GROUP("P", "60 min", "20", "") TEST_GROUP("P", "70 min", "20", "")

static void run(model_setup *setup, model_world *world, const char *text)
{
    test_setup(setup, text);
    test_run(world, setup, 1, 0);
}

static void end(model_setup *setup, model_world *world)
{
    model_world_free(world);
    model_setup_free(setup);
}

static int64_t count(const model_world *world, const char *metric)
{
    return test_count(world, metric, "P/entry/bay", -1);
}

/* 00:10 takes 30 + 15, the 10 behind them do not fit; 00:40 takes the 10, the 60 do not fit; at 01:10 they have a
 * vehicle for themselves. Who comes at 01:40 sharp is taken on, by the vehicle that is back then. At 02:10 and later
 * nobody waits. */
static void a_timetable_takes_groups_in_order_as_they_fit(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        DAY_OF("every: 30 min, first: \"00:10\", vehicles: 2, round_trip: 1 h",
               TEST_GROUP("P", "5 min", "30", "") TEST_GROUP("P", "6 min", "15", "") TEST_GROUP("P", "7 min", "10", "")
                   TEST_GROUP("P", "20 min", "60", "") TEST_GROUP("P", "60 min", "40", "")
                       TEST_GROUP("P", "100 min", "10", "")));
    TEST_STARTS(&world, "P/entry/bay", {0, 600}, {1, 600}, {2, 2400}, {3, 4200}, {4, 6000}, {5, 6000});
    assert_int_equal(count(&world, "transport/departures"), 4);
    assert_int_equal(count(&world, "transport/missed"), 0);
    assert_int_equal(count(&world, "transport/seats"), 200);
    assert_int_equal(count(&world, "transport/boarded"), 165);
    assert_int_equal(count(&world, "transport/on_the_way"), 4 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "transport/on_the_way", "P/entry/bay", 0, 1, 1), 2);
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 165);
    end(&setup, &world);
}

/* One vehicle that is away for 2 h serves every fourth departure of a half-hourly timetable. */
static void departures_without_a_vehicle_are_missed(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world, DAY_OF("every: 30 min, round_trip: 2 h", FOUR));
    TEST_STARTS(&world, "P/entry/bay", {0, 0}, {1, 7200}, {2, 14400}, {3, 21600});
    assert_int_equal(count(&world, "transport/missed"), 9);
    end(&setup, &world);
}

/* Until 02:00 and from 22:00 on, the next day again. With `least: 0` vehicles leave empty: 5 + 4 + 1 (midnight of the
 * last day is its end). */
static void a_timetable_keeps_its_hours(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        BUS("48 h", "every: 1 h, round_trip: 10 min, first: \"22:00\", last: \"02:00\", least: 0",
            TEST_EXACT "displacement:\n" TEST_GROUP("P", "2 h", "50", "") TEST_GROUP("P", "150 min", "50", "")));
    TEST_STARTS(&world, "P/entry/bay", {0, 7200}, {1, 22 * 3600});
    assert_int_equal(count(&world, "transport/departures"), 3 + 5 + 2);
    assert_int_equal(count(&world, "transport/boarded"), 100);
    end(&setup, &world);
}

/* 60 wait at 00:30: 40 of them fit; 60 again at 00:50. Both vehicles are away then until 03:30 and 03:50. */
static void a_vehicle_leaves_when_enough_people_wait(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world, DAY_OF("vehicles: 2, round_trip: 3 h", SEVEN));
    TEST_STARTS(&world, "P/entry/bay", {0, 1800}, {1, 1800}, {2, 3000}, {3, 3000}, {4, 12600}, {5, 12600});
    assert_int_equal(test_level(&world, "queue/people_waiting", "P/entry/bay", 0), 20);
    end(&setup, &world);
    run(&setup, &world, DAY_OF("vehicles: 2, round_trip: 3 h, longest_wait: 4 h", SEVEN));
    TEST_STARTS(&world, "P/entry/bay", {0, 1800}, {1, 1800}, {2, 3000}, {3, 3000}, {4, 12600}, {5, 12600},
                {6, 4200 + 4 * 3600});
    end(&setup, &world);
    run(&setup, &world, DAY_OF("vehicles: 2, round_trip: 3 h, least: 40", SEVEN));
    TEST_STARTS(&world, "P/entry/bay", {0, 1200}, {1, 1200}, {2, 2400}, {3, 2400}, {4, 12000}, {5, 12000});
    end(&setup, &world);
    run(&setup, &world, DAY_OF("vehicles: 2, round_trip: 3 h, first: \"04:00\", last: \"05:00\"", SEVEN));
    TEST_STARTS(&world, "P/entry/bay", {0, 14400}, {1, 14400}, {2, 14400}, {3, 14400});
    end(&setup, &world);
}

/* More people than can be carried: a timetable carries its seats an interval, a fleet its seats a round trip. */
static void no_more_is_carried_than_seats_that_leave(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define CROWD "people: {group_size: 1}\ndisplacement: [{from: P, people: 5000, shape: 0 s}]"
    run(&setup, &world, BUS("24 h", "every: 30 min, vehicles: 3, round_trip: 90 min", CROWD));
    assert_int_equal(count(&world, "transport/boarded"), 48 * 50);
    end(&setup, &world);
    run(&setup, &world, BUS("24 h", "seats: 40, vehicles: 3, round_trip: 4 h", CROWD));
    assert_int_equal(count(&world, "transport/boarded"), 3 * 40 * 6);
    assert_int_equal(count(&world, "transport/seats"), count(&world, "transport/boarded"));
    end(&setup, &world);
}

/* With a second vehicle from 00:30 to 01:00 two leave by 00:30; of those that come back one is withdrawn, so that 02:00
 * finds none. */
static void orders_bring_vehicles_and_cancel_departures(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define ORDER(order) DAY_OF("every: 30 min, round_trip: 2 h", FOUR) "timeline: [" order "]\n"
    run(&setup, &world, ORDER("{at: 30 min, order: add_vehicles, name: bus, number: 1, duration: 30 min}"));
    TEST_STARTS(&world, "P/entry/bay", {0, 0}, {1, 1800}, {2, 9000}, {3, 16200});
    end(&setup, &world);
    run(&setup, &world, ORDER("{at: 105 min, order: cancel_departures, name: bus, duration: 1 h}"));
    TEST_STARTS(&world, "P/entry/bay", {0, 0}, {1, 3 * 3600}, {2, 5 * 3600}, {3, 7 * 3600});
    end(&setup, &world);
    run(&setup, &world,
        ORDER("{at: 105 min, order: outage, target: P, duration: 1 h}, {at: 1 h, order: open_lanes, target: P, lanes: "
              "9}"));
    TEST_STARTS(&world, "P/entry/bay", {0, 0}, {1, 3 * 3600}, {2, 5 * 3600}, {3, 7 * 3600});
    end(&setup, &world);
    run(&setup, &world,
        DAY_OF("round_trip: 2 h", FOUR) "timeline: [{at: 0 h, order: cancel_departures, name: bus, duration: 1 h},"
                                        " {at: 2 h, order: add_vehicles, name: bus, number: 2}]\n");
    TEST_STARTS(&world, "P/entry/bay", {0, 3600}, {1, 7200}, {2, 7200}, {3, 10800});
    end(&setup, &world);
}

/* They travel on by bus: an hour at the link's speed. Each trip costs 300 USD, whether it is full or not. */
static void people_go_on_by_bus_and_trips_are_paid(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        DAY_OF("every: 30 min, vehicles: 9, round_trip: 2 h, trip_cost: 300 USD",
               FOUR) "onward: [{from: P, to: C, by: bus}]\nagencies: {a: {budget: 1 USD}}\n");
    assert_int_equal(test_bin(&world, "people/present", "C", MODEL_SETTLED, 1, 0),
                     50 * (55 + 25) * 60 * SIM_SECOND); /* from 01:05, 01:35 on */
    assert_int_equal(test_count(&world, "flow/arrived", "C", -1), 200);
    for (uint32_t i = 0; i < world.group_count; i++)
        assert_int_equal(model_group_at(&world, i)->mode, 2);
    assert_int_equal(test_count(&world, "cost/spent", "a", MODEL_COST_TRANSPORT), 4 * 300);
    end(&setup, &world);
}

/* Two kinds of lines, a random round trip, more people than fit for a while. */
#define BUSY                                                                                                           \
    TEST_HEAD                                                                                                          \
    "duration: 2 d\npeople: {modes: {foot: 1, car: 1}}\nplaces: {P: {kind: post}, Q: {kind: post}, C: {kind: "         \
    "centre}}\n"                                                                                                       \
    "links: [{from: P, to: Q, length: 30 km}, {from: P, to: C, length: 36 km}, {from: Q, to: C, length: 36 km}]\n"     \
    "stations: {check: {time: {exponential: {mean: 40 s}}, desks: 4}, bay: {serves: group, modes: foot, time: 5 min, " \
    "desks: 0},\n"                                                                                                     \
    " train: {serves: group, modes: rail, time: 5 min, desks: 0}}\n"                                                   \
    "posts: {P: {entry: {stations: [check, bay, train]}}, Q: {entry: {stations: [check, bay]}}}\ncentres: {C: {beds: " \
    "300}}\n"                                                                                                          \
    "onward: [{from: P, to: C, by: bus}, {from: Q, to: C, by: bus}]\n"                                                 \
    "displacement: [{from: P, people: 1500, shape: {uniform: {low: 0 h, high: 20 h}}},"                                \
    " {from: Q, people: 1500, shape: {uniform: {low: 0 h, high: 20 h}}}]\n"

static void runs_are_the_same_for_any_threads_and_after_restoring(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, BUSY
               "transport: {p: {from: P, station: bay, every: 45 min, first: \"05:00\", last: \"23:00\", vehicles: 4, "
               "round_trip: {exponential: {mean: 3 h}}},\n"
               " q: {from: Q, station: bay, longest_wait: 2 h, vehicles: 4, round_trip: {exponential: {mean: 3 h}}}}\n"
               "timeline: [{at: 8 h, order: cancel_departures, name: q, duration: 2 h}]\n");
    assert_true(setup.process_count > 1);
    test_same_however_run(&setup, 5);
    model_setup_free(&setup);
}

static void a_line_that_nobody_takes_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    run(&without, &a, BUSY);
    run(&with, &b, BUSY "transport: {train: {from: P, station: train, round_trip: 3 h}}\n");
    test_same_metrics(&a, &b);
    end(&without, &a);
    end(&with, &b);
}

static void lines_that_cannot_run_are_refused(void **state)
{
    (void)state;
    test_refused(DAY_OF("every: 1 h, longest_wait: 2 h, round_trip: 1 h", FOUR), "`longest_wait` means nothing");
    test_refused(DAY_OF("every: 1 h, least: 51, round_trip: 1 h", FOUR), "would never leave");
    test_refused(DAY_OF("least: 0, round_trip: 1 h", FOUR), "leave empty all the time");
    test_refused(DAY_OF("every: 1 h", FOUR), "round_trip");
    test_refused(BUSY "transport: {t: {from: P, station: check, every: 1 h, round_trip: 1 h}}\n",
                 "P/entry/check has desks");
    test_refused(BUSY "transport: {t: {from: Q, station: train, every: 1 h, round_trip: 1 h}}\n", "no such station");
    test_refused(BUSY "transport: {t: {from: P, station: bay, every: 1 h, round_trip: 1 h}, u: {from: P, station: bay, "
                      "every: 1 h, round_trip: 1 h}}\n",
                 "board at the same station");
    test_refused(ORDER("{at: 1 h, order: add_vehicles, name: bug, number: 1}"), "did you mean \"bus\"");
}

/* What has not been read is not judged: neither the bay of a line, where the way on is wrong, nor an order to a line,
 * where the lines are. */
static void what_is_wrong_before_is_told_alone(void **state)
{
    (void)state;
#define PLACES                                                                                             \
    TEST_HEAD                                                                                              \
    "duration: 2 h\nplaces: {P: {kind: post}, C: {kind: centre}}\nlinks: [{from: P, to: C, length: 1 km, " \
    "speed: 1 m/s}]\nstations: {bay: {time: 1 min, desks: 0}}\nposts: {P: {}}\ncentres: {C: {stations: [bay]}}\n"
    test_refused_for(PLACES "onward: 7\ntransport: {bus: {from: C, station: bay, every: 1 h, round_trip: 1 h}}\n",
                     "here stands a single value");
    test_refused_for(PLACES "transport: 7\ntimeline: [{at: 1 h, order: add_vehicles, name: bus, number: 1}]\n",
                     "here stands a single value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timetable_takes_groups_in_order_as_they_fit),
        cmocka_unit_test(departures_without_a_vehicle_are_missed),
        cmocka_unit_test(a_timetable_keeps_its_hours),
        cmocka_unit_test(a_vehicle_leaves_when_enough_people_wait),
        cmocka_unit_test(no_more_is_carried_than_seats_that_leave),
        cmocka_unit_test(orders_bring_vehicles_and_cancel_departures),
        cmocka_unit_test(people_go_on_by_bus_and_trips_are_paid),
        cmocka_unit_test(runs_are_the_same_for_any_threads_and_after_restoring),
        cmocka_unit_test(a_line_that_nobody_takes_changes_nothing),
        cmocka_unit_test(lines_that_cannot_run_are_refused),
        cmocka_unit_test(what_is_wrong_before_is_told_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
