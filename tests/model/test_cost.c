/* Costs: pay by the hour of shift, centres by the person and day, orders, budgets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define LAND                                                                                                                           \
    "people: {group_size: 1000}\ntravel: {variation: 1}\n"                                                                             \
    "places: {A: {kind: origin}, P: {kind: post}, C: {kind: centre}}\n"                                                                \
    "links: [{from: A, to: P, length: 10 km, speed: 10 m/s}, {from: P, to: C, length: 18 km, speed: 10 m/s}]\n"                        \
    "stations: {check: {serves: group, time: 10 min, role: officer, desks: 2}, stay: {serves: group, time: 5 h, desks: 9}}\n"          \
    "posts: {P: {entry: {stations: [check]}}}\nonward: [{from: P, to: C, by: car}]\ndisplacement:\n" TEST_GROUP("P", "1 h", "100", "") \
        TEST_GROUP("P", "1 h", "50", "")

/* 3 people from 06:00 for 8 h and 2 from 22:00 for 10 h (the night before too: 4 of its 10 h are in the run), handover and breaks paid. */
#define ROSTER(more)                                                                                                        \
    "rosters: {r: {post: P, side: entry, role: officer, handover: 10 min" more                                              \
    ", shifts: [{start: \"00:00\", length: 5 h, head: 1}, {start: \"06:00\", length: 8 h, head: 3, break_length: 30 min}, " \
    "{start: \"22:00\", length: 10 h, head: 2, from: 2031-02-27T00:00+01:00}]}}\n"

static void pay_is_hours_of_shift_times_wage(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {stations: [stay]}}\n" ROSTER(", wage: 12 USD/h"));
    test_run(&world, &setup, 1, 0);
    /* 5 x 1 + 8 x 3 + (8 + 2) x 2 hours */
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_STAFF), 12 * (5 + 24 + 20));
    assert_int_equal(test_count(&world, "cost/spent", "all", -1), 12 * (5 + 24 + 20));
    assert_int_equal(test_bin(&world, "cost/spent", "all", MODEL_COST_STAFF, 6, 0), 12 * (3 + 2));
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Groups of 100 and 50 pass the desk (two are open from 00:10) at 1:10 and are in the centre for 5 h each after 30 min; a place for 100 only. */
static void centres_cost_by_person_and_day_also_in_the_open(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 1 d\nbin: 30 min\n" LAND
                                 "centres: {C: {beds: 100, day_cost: 240 USD, stations: [stay]}}\nagencies: [guard, relief]\n" ROSTER(""));
    test_run(&world, &setup, 1, 0);
    /* 100 for 5 h, and 50 in the open for these and then in for 5 h */
    assert_int_equal(test_count(&world, "cost/spent", "guard", MODEL_COST_RECEPTION), 10 * (100 * 5 + 50 * 10));
    assert_int_equal(test_count(&world, "cost/spent", "relief", -1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define ORDERS                                                                                           \
    "agencies: {guard: {budget: 900 USD}, relief: {}}\ntimeline:\n"                                      \
    "  - {at: 2 h, order: open_lanes, target: P, lanes: 1, cost: 600 USD, by: guard, item: equipment}\n" \
    "  - {at: 3 h, order: close_lanes, target: P, lanes: 2, cost: 301 USD, by: guard}\n"                 \
    "  - {at: 4 h, order: close_lanes, target: P, lanes: 1, cost: 300 USD, by: guard, duration: 1 h}\n"  \
    "  - {at: 5 h, order: open_lanes, target: P, lanes: 3, cost: 1 kUSD, by: relief}\n"

static void what_the_budget_does_not_cover_is_not_done(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 6 h\n" LAND "centres: {C: {}}\n" ROSTER("") ORDERS);
    test_world(&world, &setup, 1, 0);
    static const int64_t lanes[] = {2, 2, 3, 3, 2, 6};
    for (int hour = 0; hour < 6; hour++) {
        assert_int_equal(model_world_run(&world, hour * SIM_HOUR + SIM_HOUR / 2, 1), 0);
        assert_int_equal(world.lanes[0], lanes[hour]);
    }
    assert_int_equal(model_world_run(&world, setup.end, 1), 0);
    assert_int_equal(test_count(&world, "cost/spent", "guard", MODEL_COST_EQUIPMENT), 600);
    assert_int_equal(test_count(&world, "cost/spent", "guard", MODEL_COST_SURGE), 300);
    assert_int_equal(test_count(&world, "cost/spent", "relief", -1), 1000);
    assert_int_equal(test_count(&world, "cost/orders_not_paid", "guard", -1), 1);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Saved after an order was not paid: it is not carried out afterwards either. */
static void an_order_that_was_not_paid_stays_so_in_a_snapshot(void **state)
{
    (void)state;
    model_setup setup;
    model_world world, other;
    unsigned char *bytes;
    size_t size;
    test_setup(&setup, TEST_HEAD "duration: 6 h\n" LAND "centres: {C: {}}\n" ROSTER(", wage: 1 USD/h") ORDERS);
    test_world(&world, &setup, 1, 0);
    test_world(&other, &setup, 1, 0);
    assert_int_equal(model_world_run(&world, 3 * SIM_HOUR + SIM_HOUR / 3, 1), 0);
    assert_int_equal(model_world_save(&world, &bytes, &size), 0);
    assert_int_equal(model_world_restore(&other, bytes, size), 0);
    free(bytes);
    assert_int_equal(model_world_run(&world, setup.end, 1), 0);
    assert_int_equal(model_world_run(&other, setup.end, 1), 0);
    assert_int_equal(other.lanes[0], world.lanes[0]);
    assert_int_equal(model_world_save(&world, &bytes, &size), 0);
    unsigned char *again;
    size_t same;
    assert_int_equal(model_world_save(&other, &again, &same), 0);
    assert_int_equal(size, same);
    assert_memory_equal(bytes, again, size);
    free(bytes);
    free(again);
    model_world_free(&world);
    model_world_free(&other);
    model_setup_free(&setup);
}

/* Money moves nobody: but for the cost metrics everything is the same. */
static void money_that_lasts_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {beds: 100, stations: [stay]}}\n" ROSTER(""));
    test_setup(&with,
               TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {beds: 100, day_cost: 1 USD, stations: [stay]}}\n" ROSTER(", wage: 1 USD/h"));
    test_run(&a, &without, 1, 0);
    test_run(&b, &with, 1, 0);
    assert_memory_equal(a.network.customers, b.network.customers, a.group_count * sizeof(model_group));
    for (int kind = 0; kind <= SIM_OWNER_PLACE; kind++) {
        const sim_recorder_part *p = &a.recorder.parts[kind], *q = &b.recorder.parts[kind];
        assert_int_equal(p->columns, q->columns);
        assert_memory_equal(p->series, q->series, (size_t)a.recorder.bins * p->owners * p->columns * sizeof *p->series);
    }
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static void wrong_money_is_refused(void **state)
{
    (void)state;
    test_refused(TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {}}\n" ROSTER(", wage: 12"), "unit");
    test_refused(TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {day_cost: -1 USD}}\n" ROSTER(""), "out of range");
    test_refused(TEST_HEAD "duration: 1 d\n" LAND
                           "centres: {C: {}}\n" ROSTER("") "timeline: [{at: 1 h, order: open_lanes, target: P, lanes: 1, by: nobody}]\n",
                 "nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pay_is_hours_of_shift_times_wage),           cmocka_unit_test(centres_cost_by_person_and_day_also_in_the_open),
        cmocka_unit_test(what_the_budget_does_not_cover_is_not_done), cmocka_unit_test(an_order_that_was_not_paid_stays_so_in_a_snapshot),
        cmocka_unit_test(money_that_lasts_changes_nothing),           cmocka_unit_test(wrong_money_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
