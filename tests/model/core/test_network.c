/* Queueing networks by hand: with constant service times every start of service is known beforehand. Group numbers are
 * those of the streams; all of a scenario's times are seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define SCENARIO(stations, post, groups)                                                         \
    TEST_HEAD "duration: 2 h\n" TEST_EXACT                                                       \
              "classes: {first: {modes: car, priority: 2}, second: {modes: bus, priority: 1}}\n" \
              "places: {P: {kind: post}}\nstations:\n" stations "posts: {P: " post "}\n" groups
#define GROUPS(groups) "displacement:\n" groups
#define GROUP(time, people) TEST_GROUP("P", time " s", people, "")
#define BY(mode, time, people) TEST_GROUP("P", time " s", people, ", modes: {" mode ": 1}")

typedef struct {
    model_setup setup;
    model_world world;
} run;

static void begin(run *r, const char *text)
{
    test_setup(&r->setup, text);
    test_run(&r->world, &r->setup, 1, 0);
}

static void finish(run *r)
{
    model_world_free(&r->world);
    model_setup_free(&r->setup);
}

static void customers_are_served_first_come_first_served(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n", "{entry: {stations: {a: {}}}}",
                       GROUPS(GROUP("2", "1") GROUP("1", "7") GROUP("0", "2") GROUP("50", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {2, 0}, {1, 10}, {0, 20}, {3, 50});
    finish(&r);
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s, desks: 2}\n", "{entry: {stations: {a: {}}}}",
                       GROUPS(GROUP("0", "1") GROUP("1", "1") GROUP("2", "1") GROUP("3", "1") GROUP("21", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 1}, {2, 10}, {3, 11}, {4, 21});
    finish(&r);
}

static void the_highest_priority_goes_first_and_nobody_is_interrupted(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s, discipline: priority}\n", "{entry: {stations: {a: {}}}}",
                       GROUPS(BY("foot", "0", "1") BY("foot", "1", "1") BY("bus", "2", "1") BY("car", "3", "1")
                                  BY("car", "4", "1") BY("bus", "29", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {3, 10}, {4, 20}, {2, 30}, {5, 40}, {1, 50});
    finish(&r);
}

static void a_fifo_station_ignores_priority(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n", "{entry: {stations: {a: {}}}}",
                       GROUPS(BY("foot", "0", "1") BY("foot", "1", "1") BY("car", "2", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20});
    finish(&r);
}

static void at_the_same_instant_the_lower_group_number_goes_first(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n", "{entry: {stations: {a: {}}}}",
                       GROUPS(GROUP("5", "1") GROUP("5", "1") GROUP("5", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 5}, {1, 15}, {2, 25});
    finish(&r);
    /* both come to b at 10 s: group 1 after ten seconds, group 0 after four */
    begin(&r, SCENARIO("  quick: {serves: group, time: 4 s, modes: car}\n  slow: {serves: group, time: 10 s, modes: "
                       "foot}\n  b: {serves: "
                       "group, time: 7 s}\n",
                       "{entry: {stations: {slow: {}, quick: {}, b: {}}}}",
                       GROUPS(BY("car", "6", "1") BY("foot", "0", "1"))));
    TEST_STARTS(&r.world, "P/entry/b", {0, 10}, {1, 17});
    finish(&r);
}

static void at_the_same_instant_services_end_before_patience_and_arrivals(void **state)
{
    (void)state;
    run r;
    begin(&r,
          SCENARIO("  a: {serves: group, time: 10 s}\n", "{entry: {stations: {a: {room: 0}}}, when_full: turn_away}",
                   GROUPS(GROUP("0", "1") GROUP("10", "1") GROUP("19", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}); /* the desk is free for who comes as it ends; full at 19 s */
    assert_int_equal(test_count(&r.world, "flow/gave_up", "P", -1), 1);
    finish(&r);
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n", "{entry: {stations: {a: {}}}}",
                       "patience: {time: 10 s}\n" GROUPS(GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10});
    assert_int_equal(test_count(&r.world, "flow/gave_up", "P", -1), 0);
    finish(&r);
}

static void a_full_room_holds_the_desk_before_it(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n  b: {serves: group, time: 30 s, room: 0}\n",
                       "{entry: {stations: {a: {}, b: {}}}}", GROUPS(GROUP("0", "1") GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 40});
    TEST_STARTS(&r.world, "P/entry/b", {0, 10}, {1, 40}, {2, 70});
    assert_int_equal(test_count(&r.world, "desks/held", "P/entry/a", 0),
                     40 * SIM_SECOND); /* 20 to 40 s and 50 to 70 s */
    assert_int_equal(test_count(&r.world, "desks/busy", "P/entry/a", 0), 30 * SIM_SECOND);
    finish(&r);
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n  b: {serves: group, time: 30 s}\n",
                       "{entry: {stations: {a: {}, b: {room: 1}}}}",
                       GROUPS(GROUP("0", "1") GROUP("0", "1") GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20}, {3, 40});
    TEST_STARTS(&r.world, "P/entry/b", {0, 10}, {1, 40}, {2, 70}, {3, 100});
    finish(&r);
}

static void the_held_go_on_in_the_order_in_which_they_were_stopped(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s, desks: 3}\n  b: {serves: group, time: 30 s, room: 0, "
                       "discipline: priority}\n",
                       "{entry: {stations: {a: {}, b: {}}}}",
                       GROUPS(BY("foot", "2", "1") BY("foot", "1", "1") BY("car", "3", "1") BY("foot", "0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {3, 0}, {1, 1}, {0, 2}, {2, 10});
    TEST_STARTS(&r.world, "P/entry/b", {3, 10}, {1, 40}, {0, 70}, {2, 100});
    finish(&r);
}

static void one_release_frees_a_chain_of_held_desks_at_once(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n  b: {serves: group, time: 10 s, room: 0}\n  c: {serves: "
                       "group, time: 100 s, room: 0}\n",
                       "{entry: {stations: {a: {}, b: {}, c: {}}}}",
                       GROUPS(GROUP("0", "1") GROUP("0", "1") GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20}, {3, 120});
    TEST_STARTS(&r.world, "P/entry/b", {0, 10}, {1, 20}, {2, 120}, {3, 220});
    TEST_STARTS(&r.world, "P/entry/c", {0, 20}, {1, 120}, {2, 220}, {3, 320});
    finish(&r);
}

static void before_a_full_area_people_wait_outside_in_order(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n",
                       "{entry: {waiting_area: 3 m2, density: 1 1/m2, stations: {a: {}}}}",
                       GROUPS(GROUP("0", "1") GROUP("1", "1") GROUP("2", "1") GROUP("3", "1") GROUP("4", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20}, {3, 30}, {4, 40});
    assert_int_equal(test_count(&r.world, "queue/outside", "P", 0), 23 * SIM_SECOND); /* 3 to 10 s and 4 to 20 s */
    finish(&r);
    /* group 2 would fit, but comes after group 1, which does not */
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n",
                       "{entry: {waiting_area: 3 m2, density: 1 1/m2, stations: {a: {}}}}",
                       GROUPS(GROUP("0", "2") GROUP("1", "2") GROUP("2", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20});
    assert_int_equal(test_count(&r.world, "queue/outside", "P", 0),
                     26 * SIM_SECOND); /* two from 1, one from 2 to 10 s */
    finish(&r);
}

static void a_group_larger_than_the_area_enters_when_it_is_empty(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s, desks: 3}\n",
                       "{entry: {waiting_area: 3 m2, density: 1 1/m2, stations: {a: {}}}}",
                       GROUPS(GROUP("0", "1") GROUP("1", "5") GROUP("2", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20});
    finish(&r);
}

static void room_and_area_together_keep_the_order(void **state)
{
    (void)state;
    /* area of 3 with a room of none: 1 leaves at 10 s; group 2 (one person) fits and takes the desk before the larger
     * group 3, which came later */
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s, modes: foot, room: 0}\n  b: {serves: group, time: 100 s, "
                       "modes: car, desks: 2}\n",
                       "{entry: {waiting_area: 3 m2, density: 1 1/m2, stations: {a: {}, b: {}}}}",
                       GROUPS(BY("car", "0", "1") BY("foot", "0", "2") BY("foot", "1", "1") BY("foot", "2", "3")
                                  BY("foot", "3", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {1, 0}, {2, 10}, {3, 100}, {4, 110});
    finish(&r);
}

static void a_full_entry_side_spills_back_to_the_exit_side_and_the_road(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  x: {serves: group, time: 5 s}\n  a: {serves: group, time: 20 s}\n",
                       "{exit: {waiting_area: 2 m2, density: 1 1/m2, stations: {x: {}}}, entry: {waiting_area: 1 m2, "
                       "density: 1 1/m2, "
                       "stations: {a: {}}}}",
                       GROUPS(GROUP("0", "1") GROUP("0", "1") GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/exit/x", {0, 0}, {1, 5}, {2, 25}, {3, 45});
    TEST_STARTS(&r.world, "P/entry/a", {0, 5}, {1, 25}, {2, 45}, {3, 65});
    assert_int_equal(test_count(&r.world, "queue/outside", "P", 0), (5 + 25) * SIM_SECOND);
    finish(&r);
}

static void a_full_post_turns_people_away_when_it_says_so(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n",
                       "{when_full: turn_away, entry: {waiting_area: 2 m2, density: 1 1/m2, stations: {a: {}}}}",
                       GROUPS(GROUP("0", "1") GROUP("1", "1") GROUP("2", "1") GROUP("11", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {3, 20});
    assert_int_equal(test_count(&r.world, "flow/gave_up", "P", -1), 1);
    assert_int_equal(test_count(&r.world, "flow/reneged", "P/entry/a", -1), 1);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 1);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_CROSSED), 3);
    finish(&r);
}

static void impatient_groups_leave_the_queue_at_the_exact_time(void **state)
{
    (void)state;
    run r;
    test_setup(&r.setup, SCENARIO("  a: {serves: group, time: 20 s}\n", "{entry: {stations: {a: {}}}}",
                                  "patience: {time: 25 s}\n" GROUPS(GROUP("0", "1") GROUP("1", "1") GROUP("2", "3")
                                                                        GROUP("50", "1"))));
    test_world(&r.world, &r.setup, 1, 0);
    assert_int_equal(model_world_run(&r.world, 27 * SIM_SECOND, 1), 0); /* what is due at the end stays */
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_WAITING), 3);
    assert_int_equal(model_world_run(&r.world, 27 * SIM_SECOND + 1, 1), 0);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_WAITING), 0);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 3);
    assert_int_equal(model_world_run(&r.world, r.setup.end, 1), 0);
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 20}, {3, 50});
    assert_int_equal(test_count(&r.world, "queue/time_waited", "P/entry/a", 0), (19 + 3 * 25) * SIM_SECOND);
    finish(&r);
}

static void impatient_groups_leave_from_outside_at_the_exact_time_and_let_others_in(void **state)
{
    (void)state;
    run r;
    /* the area holds 3: group 1 (three people) waits outside before group 2, which fits once group 1 has left at 26 s
     */
    test_setup(&r.setup, SCENARIO("  a: {serves: group, time: 100 s, desks: 2}\n",
                                  "{entry: {waiting_area: 3 m2, density: 1 1/m2, stations: {a: {}}}}",
                                  "patience: {time: 25 s}\n" GROUPS(GROUP("0", "1") GROUP("1", "3") GROUP("2", "2"))));
    test_world(&r.world, &r.setup, 1, 0);
    assert_int_equal(model_world_run(&r.world, 26 * SIM_SECOND, 1), 0);
    assert_int_equal(test_level(&r.world, "queue/outside", "P", 0), 5);
    assert_int_equal(model_world_run(&r.world, r.setup.end, 1), 0);
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {2, 26});
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 3);
    finish(&r);
}

static void closed_desks_finish_and_opened_desks_take_the_waiting(void **state)
{
    (void)state;
    run r;
    begin(&r,
          SCENARIO("  a: {serves: group, time: 10 s, desks: 2}\n", "{entry: {stations: {a: {}}}}",
                   "timeline: [{at: 5 s, order: close_lanes, target: P, lanes: 1}, {at: 12 s, order: open_lanes, "
                   "target: P, lanes: 1}]\n" GROUPS(GROUP("0", "1") GROUP("0", "1") GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 0}, {2, 10}, {3, 12});
    assert_int_equal(test_count(&r.world, "desks/busy", "P/entry/a", 0), 40 * SIM_SECOND);
    assert_int_equal(test_count(&r.world, "desks/open", "P/entry/a", 0), (2 * 7200 - 7) * SIM_SECOND);
    finish(&r);
}

static void a_closed_desk_that_is_held_lets_its_group_go_on_but_takes_nobody(void **state)
{
    (void)state;
    run r;
    begin(&r, SCENARIO("  a: {serves: group, time: 10 s}\n  b: {serves: group, time: 30 s, room: 0}\n",
                       "{entry: {stations: {a: {}, b: {}}}}",
                       "timeline: [{at: 25 s, order: outage, target: P/entry/a, duration: 35 s}]\n" GROUPS(
                           GROUP("0", "1") GROUP("0", "1") GROUP("0", "1"))));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 60});
    TEST_STARTS(&r.world, "P/entry/b", {0, 10}, {1, 40}, {2, 70});
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_are_served_first_come_first_served),
        cmocka_unit_test(the_highest_priority_goes_first_and_nobody_is_interrupted),
        cmocka_unit_test(a_fifo_station_ignores_priority),
        cmocka_unit_test(at_the_same_instant_the_lower_group_number_goes_first),
        cmocka_unit_test(at_the_same_instant_services_end_before_patience_and_arrivals),
        cmocka_unit_test(a_full_room_holds_the_desk_before_it),
        cmocka_unit_test(the_held_go_on_in_the_order_in_which_they_were_stopped),
        cmocka_unit_test(one_release_frees_a_chain_of_held_desks_at_once),
        cmocka_unit_test(before_a_full_area_people_wait_outside_in_order),
        cmocka_unit_test(a_group_larger_than_the_area_enters_when_it_is_empty),
        cmocka_unit_test(room_and_area_together_keep_the_order),
        cmocka_unit_test(a_full_entry_side_spills_back_to_the_exit_side_and_the_road),
        cmocka_unit_test(a_full_post_turns_people_away_when_it_says_so),
        cmocka_unit_test(impatient_groups_leave_the_queue_at_the_exact_time),
        cmocka_unit_test(impatient_groups_leave_from_outside_at_the_exact_time_and_let_others_in),
        cmocka_unit_test(closed_desks_finish_and_opened_desks_take_the_waiting),
        cmocka_unit_test(a_closed_desk_that_is_held_lets_its_group_go_on_but_takes_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
