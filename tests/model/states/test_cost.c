/* Costs: pay by the hour of shift, centres by the person and day, orders, budgets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

#define LAND                                                                                                      \
    "people: {group_size: 1000}\ntravel: {variation: 1}\n"                                                        \
    "places: {A: {kind: origin}, P: {kind: post}, C: {kind: centre}}\n"                                           \
    "links: [{from: A, to: P, length: 10 km, speed: 10 m/s}, {from: P, to: C, length: 18 km, speed: 10 m/s}]\n"   \
    "stations: {check: {serves: group, time: 10 min, role: officer, desks: 2}, stay: {serves: group, time: 5 h, " \
    "desks: 9}}\n"                                                                                                \
    "posts: {P: {entry: {stations: [check]}}}\nonward: [{from: P, to: C, by: car}]\ndisplacement:\n" TEST_GROUP(  \
        "P", "1 h", "100", "") TEST_GROUP("P", "1 h", "50", "")

/* 3 people from 06:00 for 8 h and 2 from 22:00 for 10 h (the night before too: 4 of its 10 h are in the run), handover
 * and breaks paid. */
#define ROSTER(more)                                                                                                  \
    "rosters: {r: {post: P, side: entry, role: officer, handover: 10 min" more                                        \
    ", shifts: [{start: \"00:00\", length: 5 h, head: 1}, {start: \"06:00\", length: 8 h, head: 3, break_length: 30 " \
    "min}, "                                                                                                          \
    "{start: \"22:00\", length: 10 h, head: 2, from: 2031-02-27T00:00+01:00}]}}\n"

static void pay_is_hours_of_shift_times_wage(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {stations: [stay]}}\n" ROSTER(", wage: 12 USD/h"));
    test_run(&world, &setup, 1, 0);
    /* 5 x 1 + 8 x 3 + (8 + 2) x 2 hours */
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_STAFF), 12 * (5 + 24 + 20));
    assert_int_equal(test_count(&world, "cost/spent", "all", -1), 12 * (5 + 24 + 20));
    assert_int_equal(test_bin(&world, "cost/spent", "all", MODEL_COST_STAFF, 6, 0), 12 * (3 + 2));
    model_world_free(&world);
    model_setup_free(&setup);
}

static void assert_spent(const char *text, int64_t staff, int64_t overtime, int64_t surge)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_STAFF), staff);
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_OVERTIME), overtime);
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_SURGE), surge);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Amounts are such that none comes to a whole dollar, and what is recorded is the dollars below. */
#define TEAM "wage: 12.01 USD/h, surge_day: 241 USD"
#define TEAMS(roster, orders) \
    TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {stations: [stay]}}\n" ROSTER(roster) "timeline: [" orders "]\n"

/* 49 hours of shifts; six more from 2:00 to 12:00 are 1, 3 and 2 in them, and work 1 x 3 + 3 x 6 + 2 x 6 hours. */
static void who_comes_by_orders_is_paid_and_from_elsewhere_lodged(void **state)
{
    (void)state;
    assert_spent(TEAMS(", " TEAM, "{at: 1 h, order: surge_staff, lead: 1 h, target: r, number: 6, duration: 10 h}"),
                 (int64_t)(12.01 * (49 + 33)), 0, (int64_t)(6 * 10 * 241 / 24.0));
    assert_spent(
        TEAMS(", reserve: 6, " TEAM, "{at: 1 h, order: recall_staff, lead: 1 h, target: r, number: 6, duration: 10 h}"),
        (int64_t)(12.01 * (49 + 33)), 0, 0);
    assert_spent(
        TEAMS(", surge_lead: 90 min, surge_day: 241 USD", "{at: 1 h, order: surge_staff, target: r, number: 2}"), 0, 0,
        (int64_t)(2 * 21.5 * 241 / 24.0)); /* at no wage; the journey is not paid */
}

/* Of three who move from 2:00 to 14:00 none, 2 and 1 are missing in the shifts of r: 2 x 8 and 1 x 6 hours. q's only
 * shift is on all day. */
static void people_who_move_are_paid_where_they_work(void **state)
{
    (void)state;
    static const char *const land =
        TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {stations: [stay]}}\nrosters:\n"
                  "  r: {post: P, side: entry, role: officer, " TEAM
                  ", shifts: [{start: \"00:00\", length: 5 h, head: 1}, {start: \"06:00\", length: 8 h, head: 3},"
                  " {start: \"22:00\", length: 10 h, head: 2}]}\n"
                  "  q: {post: P, side: entry, role: officer, wage: 20.01 USD/h, surge_day: 49 USD, shifts: ["
                  "{start: \"00:00\", length: 24 h, head: 1}]}\n"
                  "timeline: [{at: 2 h, order: move_staff, target: r, name: q, number: 3, duration: 12 h}]\n";
    assert_spent(land, (int64_t)(12.01 * (49 - 22) + 20.01 * (24 + 36)), 0, (int64_t)(3 * 12 * 49 / 24.0));
}

static void absent_people_are_paid(void **state)
{
    (void)state;
    assert_spent(TEAMS(", absence: 100 %, " TEAM, ""), (int64_t)(12.01 * 49), 0, 0);
}

/* 30 people at a desk of 10 min: the shift of 2 h stays until the last one has begun, at 5 h; of the two of one hour
 * both stay for the hour that they may. */
#define LATE(roster)                                                                                           \
    TEST_HEAD "duration: 12 h\nbin: 1 h\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\n"                 \
              "stations: {a: {time: 10 min, desks: 3, role: officer}}\nposts: {P: {entry: {stations: [a]}}}\n" \
              "rosters: {r: {post: P, side: entry, role: officer, " roster                                     \
              "}}\ndisplacement: [{from: P, people: 30, shape: 0 s}]\n"

static void overtime_costs_more(void **state)
{
    (void)state;
#define ONE_SHIFT ", shifts: [{start: \"00:00\", length: 2 h, head: 1}]"
    assert_spent(LATE("wage: 10.1 USD/h, overtime: 8 h" ONE_SHIFT), 20, (int64_t)(10.1 * 1.5 * 3), 0);
    assert_spent(LATE("wage: 10.1 USD/h, overtime_factor: 2, overtime: 50 min" ONE_SHIFT), 20,
                 (int64_t)(10.1 * 2 * 50 / 60.0), 0);
    assert_spent(LATE("wage: 10.1 USD/h, overtime: 1 h, shifts: [{start: \"00:00\", length: 1 h, head: 2}, {start: "
                      "\"01:00\", length: 1 "
                      "h, head: 1}]"),
                 30, (int64_t)(10.1 * 1.5 * 2), 0);
    assert_spent(LATE("wage: 10.1 USD/h" ONE_SHIFT), 20, 0, 0);
}

static void threads_and_restoring_change_no_sum(void **state)
{
    (void)state;
    test_same_bits(TEAMS(", overtime: 2 h, absence: 20 %, " TEAM,
                         "{at: 1 h, order: surge_staff, lead: 1 h, target: r, number: 6, duration: 10 h}"));
}

/* Groups of 100 and 50 pass the desk (two are open from 00:10) at 1:10 and are in the centre for 5 h each after 30 min;
 * a place for 100 only. */
static void centres_cost_by_person_and_day_also_in_the_open(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 1 d\nbin: 30 min\n" LAND
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
               TEST_HEAD "duration: 1 d\n" LAND
                         "centres: {C: {beds: 100, day_cost: 1 USD, stations: [stay]}}\n" ROSTER(", wage: 1 USD/h"));
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
    test_refused(TEST_HEAD "duration: 1 d\n" LAND "centres: {C: {}}\n" ROSTER(
                     "") "timeline: [{at: 1 h, order: open_lanes, target: P, lanes: 1, by: nobody}]\n",
                 "nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pay_is_hours_of_shift_times_wage),
        cmocka_unit_test(centres_cost_by_person_and_day_also_in_the_open),
        cmocka_unit_test(what_the_budget_does_not_cover_is_not_done),
        cmocka_unit_test(an_order_that_was_not_paid_stays_so_in_a_snapshot),
        cmocka_unit_test(money_that_lasts_changes_nothing),
        cmocka_unit_test(wrong_money_is_refused),
        cmocka_unit_test(who_comes_by_orders_is_paid_and_from_elsewhere_lodged),
        cmocka_unit_test(people_who_move_are_paid_where_they_work),
        cmocka_unit_test(absent_people_are_paid),
        cmocka_unit_test(overtime_costs_more),
        cmocka_unit_test(threads_and_restoring_change_no_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
