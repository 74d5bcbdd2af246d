/* The timeline: each order changes what it says from exactly its time, and what has a duration is undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/travel/travel.h"
#include "tests/support/scenario.h"

#define LAND(timeline)                                                                                                 \
    TEST_HEAD "duration: 2 d\n" TEST_EXACT                                                                             \
              "places: {City: {kind: origin}, Bridge: {kind: post}, Brook: {kind: post}}\n"                            \
              "links: [{from: City, to: Bridge, length: 10 km}, {from: City, to: Brook, length: 10 km, name: the old " \
              "road}]\n"                                                                                               \
              "stations: {a: {desks: 4, procedure: slow, procedures: {slow: {time: 10 s}, fast: {time: 2 s}, token: "  \
              "{time: 1 s}}}, "                                                                                        \
              "b: {desks: 2, time: 5 s}}\n"                                                                            \
              "posts: {Bridge: {exit: {stations: [a]}, entry: {stations: [b, a]}}, Brook: {entry: {stations: [a, "     \
              "b]}}}\n" timeline
#define ORDERS(orders) LAND("timeline:\n" orders)

typedef struct {
    model_setup setup;
    model_world world;
} run;

static void begin(run *r, const char *text)
{
    test_setup(&r->setup, text);
    test_world(&r->world, &r->setup, 1, 0);
}

static void finish(run *r)
{
    model_world_free(&r->world);
    model_setup_free(&r->setup);
}

static void go(run *r, double second)
{
    assert_int_equal(model_world_run(&r->world, (sim_time)(second * 1e6 + 0.5), 1), 0);
}

static uint32_t desks(const run *r, const char *station)
{
    return r->world.network.stations[test_station(&r->setup, station)].servers;
}

static const char *procedure(const run *r, const char *station)
{
    return r->setup.procedures[r->world.procedure[test_station(&r->setup, station)]].name;
}

static void lanes_open_and_close_at_the_exact_time_and_back(void **state)
{
    (void)state;
    run r;
    begin(&r, ORDERS("  - {at: 100 s, order: open_lanes, target: Bridge/exit/a, lanes: 3, duration: 50 s}\n"
                     "  - {at: 120.000001 s, order: close_lanes, target: Bridge/exit/a, lanes: 2}\n"));
    assert_int_equal(desks(&r, "Bridge/exit/a"), 0); /* before the run */
    go(&r, 0);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 4);
    go(&r, 99.999999);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 4);
    go(&r, 100);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 7);
    go(&r, 120);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 7);
    go(&r, 120.000001);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 5);
    go(&r, 149.999999);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 5);
    go(&r, 150);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 2);
    assert_int_equal(desks(&r, "Bridge/entry/a"), 4);
    finish(&r);
}

static void no_lane_comes_of_closing_more_than_there_are(void **state)
{
    (void)state;
    run r;
    begin(&r, ORDERS("  - {at: 10 s, order: close_lanes, target: Bridge, lanes: 3, duration: 40 s}\n"
                     "  - {at: 20 s, order: open_lanes, target: Bridge, lanes: 1}\n"));
    go(&r, 10);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 1);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 0); /* has 2 */
    go(&r, 20);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 2);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 0);
    go(&r, 50);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 5);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 3);
    finish(&r);
}

static void a_procedure_holds_for_those_who_are_not_served_yet(void **state)
{
    (void)state;
    run r;
    test_setup(&r.setup, TEST_HEAD
               "duration: 1 h\n" TEST_EXACT "places: {P: {kind: post}}\nstations: {a: {serves: group, procedures: "
               "{slow: {time: 10 s}, fast: {time: 2 s}}}}\n"
               "posts: {P: {entry: {stations: [a]}}}\ntimeline: [{at: 15 s, order: set_procedure, target: P, "
               "procedure: fast, duration: 7 s}]\n"
               "displacement:\n" TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "0 s", "1", "")
                   TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "0 s", "1", ""));
    test_run(&r.world, &r.setup, 1, 0);
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20}, {3, 22}, {4, 32});
    finish(&r);
}

static void the_procedure_given_last_that_is_in_force_holds(void **state)
{
    (void)state;
    run r;
    begin(&r,
          ORDERS(
              "  - {at: 10 s, order: set_procedure, target: \"*/*/a\", procedure: fast}\n"
              "  - {at: 20 s, order: set_procedure, target: \"*\", procedure: token, duration: 30 s}\n" /* b has none of
                                                                                                           this name */
              "  - {at: 30 s, order: set_procedure, target: Brook, procedure: slow, duration: 10 s}\n"));
    go(&r, 9.999999);
    assert_string_equal(procedure(&r, "Brook/entry/a"), "slow");
    go(&r, 10);
    assert_string_equal(procedure(&r, "Brook/entry/a"), "fast");
    go(&r, 20);
    assert_string_equal(procedure(&r, "Brook/entry/a"), "token");
    assert_string_equal(procedure(&r, "Brook/entry/b"), "standard");
    go(&r, 30);
    assert_string_equal(procedure(&r, "Brook/entry/a"), "slow");
    assert_string_equal(procedure(&r, "Bridge/exit/a"), "token");
    go(&r, 40);
    assert_string_equal(procedure(&r, "Brook/entry/a"), "token");
    go(&r, 50);
    assert_string_equal(procedure(&r, "Brook/entry/a"), "fast");
    finish(&r);
}

static void outages_may_overlap(void **state)
{
    (void)state;
    run r;
    begin(&r, ORDERS("  - {at: 10 s, order: outage, target: Bridge/entry, duration: 20 s}\n"
                     "  - {at: 20 s, order: outage, target: Bridge, duration: 20 s}\n"));
    go(&r, 9.999999);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 2);
    go(&r, 10);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 0);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 4);
    go(&r, 30);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 0);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 0);
    go(&r, 40);
    assert_int_equal(desks(&r, "Bridge/entry/b"), 2);
    assert_int_equal(desks(&r, "Bridge/exit/a"), 4);
    finish(&r);
}

static bool is_open(const run *r, uint32_t link)
{
    bool open = false, first = true;
    for (uint32_t i = 0; i < r->setup.arc_count; i++) {
        if (r->setup.arcs[i].link != link)
            continue;
        assert_true(first || model_arc_is_open(&r->world, i) == open); /* both ways together */
        open = model_arc_is_open(&r->world, i);
        first = false;
    }
    return open;
}

static void links_close_and_open_as_the_last_order_in_force_says(void **state)
{
    (void)state;
    run r;
    begin(&r, ORDERS("  - {at: 10 s, order: close_link, target: City-Bridge, duration: 100 s}\n"
                     "  - {at: 20 s, order: close_link, target: City-Bridge, duration: 10 s}\n"
                     "  - {at: 50 s, order: open_link, target: City-Bridge, duration: 10 s}\n"
                     "  - {at: 70 s, order: close_link, target: the old road}\n"
                     "  - {at: 80 s, order: open_link, target: the old road}\n"
                     "  - {at: 130 s, order: open_link, target: City-Bridge, duration: 10 s}\n"));
    static const struct {
        double second;
        bool bridge, brook;
    } expected[] = {{9.999999, true, true}, {10, false, true}, {30, false, true},  {49.999999, false, true},
                    {50, true, true},       {60, false, true}, {70, false, false}, {80, false, true},
                    {110, true, true},      {135, true, true}, {140, true, true}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        go(&r, expected[i].second);
        if (is_open(&r, 0) != expected[i].bridge || is_open(&r, 1) != expected[i].brook)
            fail_msg("at %g s the links are %d and %d", expected[i].second, is_open(&r, 0), is_open(&r, 1));
    }
    finish(&r);
}

/* Stations that an outage of this target stops. */
static void assert_meant(const char *target, const char *const *names, size_t count)
{
    char text[2000];
    run r;
    snprintf(text, sizeof text, ORDERS("  - {at: 0 s, order: outage, target: \"%s\"}\n"), target);
    begin(&r, text);
    go(&r, 1);
    for (uint32_t i = 0; i < r.setup.station_count; i++) {
        bool meant = false;
        for (size_t k = 0; k < count; k++)
            meant = meant || strcmp(names[k], r.setup.stations[i].name) == 0;
        if (meant != (r.world.network.stations[i].servers == 0))
            fail_msg("%s: %s is%s stopped", target, r.setup.stations[i].name, meant ? " not" : "");
    }
    finish(&r);
}
#define ASSERT_MEANT(target, ...)                            \
    assert_meant(target, (const char *const[]){__VA_ARGS__}, \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void a_target_is_a_post_a_side_or_a_station_or_all_of_them(void **state)
{
    (void)state;
    ASSERT_MEANT("Bridge", "Bridge/exit/a", "Bridge/entry/b", "Bridge/entry/a");
    ASSERT_MEANT("Bridge/entry", "Bridge/entry/b", "Bridge/entry/a");
    ASSERT_MEANT("Bridge/entry/a", "Bridge/entry/a");
    ASSERT_MEANT("*", "Bridge/exit/a", "Bridge/entry/b", "Bridge/entry/a", "Brook/entry/a", "Brook/entry/b");
    ASSERT_MEANT("*/entry", "Bridge/entry/b", "Bridge/entry/a", "Brook/entry/a", "Brook/entry/b");
    ASSERT_MEANT("*/*/a", "Bridge/exit/a", "Bridge/entry/a", "Brook/entry/a");
    ASSERT_MEANT("Bridge/*/a", "Bridge/exit/a", "Bridge/entry/a");
}

static void orders_that_mean_nothing_are_refused_with_the_nearest_name(void **state)
{
    (void)state;
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: Brige}\n"), "did you mean \"Bridge\"?");
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: Bridge/entry/c}\n"),
                 "no station is meant by \"Bridge/entry/c\"");
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: Bridge/entri/a}\n"), "did you mean \"Bridge/entry/a\"?");
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: Br}\n"), "no station is meant by \"Br\"");
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: Bridge/entry/a/b}\n"), "no station is meant");
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: \"\"}\n"), "no station is meant by \"\"");
    test_refused(ORDERS("  - {at: 1 s, order: close_link, target: City-Bridg}\n"), "did you mean \"City-Bridge\"?");
    test_refused(ORDERS("  - {at: 1 s, order: close_link, target: City-Brook}\n"),
                 "there is no link \"City-Brook\""); /* it has a name */
    test_refused(ORDERS("  - {at: 1 s, order: open_lane, target: Bridge, lanes: 1}\n"), "did you mean \"open_lanes\"?");
    test_refused(ORDERS("  - {at: 1 s, order: open_lanes, target: Bridge}\n"), "the order open_lanes needs `lanes`");
    test_refused(ORDERS("  - {at: 1 s, order: outage, target: Bridge, lanes: 1}\n"),
                 "the order outage has no use for `lanes`");
    test_refused(ORDERS("  - {at: 1 s, order: set_procedure, target: Bridge}\n"),
                 "the order set_procedure needs `procedure`");
    test_refused(ORDERS("  - {at: 1 s, order: close_lanes, target: Bridge, lanes: 1, procedure: fast}\n"),
                 "the order close_lanes has no use for `procedure`");
    test_refused(ORDERS("  - {at: 1 s, order: set_procedure, target: Bridge/entry/b, procedure: fast}\n"),
                 "none of the stations meant by");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_open_and_close_at_the_exact_time_and_back),
        cmocka_unit_test(no_lane_comes_of_closing_more_than_there_are),
        cmocka_unit_test(a_procedure_holds_for_those_who_are_not_served_yet),
        cmocka_unit_test(the_procedure_given_last_that_is_in_force_holds),
        cmocka_unit_test(outages_may_overlap),
        cmocka_unit_test(links_close_and_open_as_the_last_order_in_force_says),
        cmocka_unit_test(a_target_is_a_post_a_side_or_a_station_or_all_of_them),
        cmocka_unit_test(orders_that_mean_nothing_are_refused_with_the_nearest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
