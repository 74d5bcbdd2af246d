/* Daily caps to the person, how they spread up a chain of posts, orders that need agreement, joint controls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

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

/* People called in at a post on a day, under a cap. */
static int64_t admitted(const run *r, const char *post, uint32_t day)
{
    return test_bin(&r->world, "coordination/admitted", post, 0, day, 0);
}

/* --- one post --- */

/* 1,000 people come to P within the first two hours; a check takes 10 s at one desk. The start is a midnight. */
#define ONE(size, post, more)                                                                 \
    TEST_HEAD "duration: 6 d\nbin: 1 d\nwarm_up: 0 d\npeople: {group_size: " size             \
              "}\nplaces: {P: {kind: post}}\nstations: {check: {serves: group, time: 10 s}, " \
              "stamp: {serves: group, time: 5 s, desks: 9}}\nposts: {P: {entry: {" post       \
              "stations: [check, stamp]}}}\n"                                                 \
              "displacement: [{from: P, people: 1000, shape: {uniform: {low: 0 h, high: 2 h}}}]\n" more

static void a_cap_lets_in_so_many_people_a_day(void **state)
{
    (void)state;
    run r;
    begin(&r, ONE("1", "daily_cap: 150, ", ""));
    for (uint32_t day = 0; day < 6; day++)
        assert_int_equal(admitted(&r, "P", day), 150);
    assert_int_equal(test_count(&r.world, "flow/crossed", "P", -1), 900);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_WAITING), 100);
    assert_int_equal(test_count(&r.world, "coordination/cap_reached", "P", -1), 6);
    /* from the second day on 150 people are called in at 00:00:00, 10, 20 ... 24:50, then it is shut */
    for (uint32_t day = 1; day < 6; day++)
        assert_int_equal(test_bin(&r.world, "coordination/sides_shut", "P", 0, day, 0),
                         SIM_DAY - 149 * 10 * SIM_SECOND);
    finish(&r);
}

/* Groups of 7: what the last one brings above the cap is taken off the next day, so that after n days the least
 * multiple of 7 from 150 n on is in. */
static void what_is_above_a_cap_is_taken_off_the_next_day(void **state)
{
    (void)state;
    run r;
    int64_t sum = 0;
    begin(&r, ONE("7", "daily_cap: 150, ", ""));
    for (uint32_t day = 0; day < 6; day++) {
        sum += admitted(&r, "P", day);
        assert_int_equal(sum, (150 * (day + 1) + 6) / 7 * 7);
    }
    finish(&r);
    begin(&r, ONE("7", "daily_cap: 3, ", "")); /* the least multiple of 7 from 3 n on: 7, 7, 14, 14, 21, 21 */
    for (uint32_t day = 0; day < 6; day++)
        assert_int_equal(admitted(&r, "P", day), day % 2 == 0 ? 7 : 0);
    assert_int_equal(test_count(&r.world, "coordination/cap_reached", "P", -1), 6);
    finish(&r);
}

/* 360 an hour are called in. At 01:00 a cap of 100 comes too late for the 360 or so who are in: it shuts at once and
 * takes nothing off the next day. It is lifted from 36 h to 37 h, closed altogether on the fourth day, and undone on
 * the fifth. */
static void caps_are_ordered_and_lifted(void **state)
{
    (void)state;
    run r;
    begin(&r, ONE("1", "",
                  "timeline:\n  - {at: 1 h, order: set_cap, target: P/entry, number: 100, duration: 95 h}\n"
                  "  - {at: 36 h, order: lift_cap, target: P, duration: 20 min}\n  - {at: 72 h, order: set_cap, "
                  "target: P, number: 0, "
                  "duration: 24 h}\n"));
    int64_t first = test_bin(&r.world, "flow/served", "P/entry/check", 0, 0, 0);
    assert_in_range(first, 340, 361);
    assert_int_equal(admitted(&r, "P", 0), 0);
    assert_int_equal(admitted(&r, "P", 1), 100);
    assert_int_equal(test_bin(&r.world, "flow/served", "P/entry/check", 0, 1, 0), 100 + 120);
    assert_int_equal(admitted(&r, "P", 2), 100);
    assert_int_equal(admitted(&r, "P", 3), 0);
    assert_int_equal(test_bin(&r.world, "coordination/sides_shut", "P", 0, 3, 0), SIM_DAY);
    assert_int_equal(test_bin(&r.world, "flow/served", "P/entry/check", 0, 4, 0), 1000 - first - 220 - 100);
    assert_int_equal(test_level(&r.world, "coordination/sides_shut", "P", 0), 0);
    finish(&r);
}

/* A shift change at noon does not open what the cap has shut. */
static void a_shift_does_not_open_a_shut_side(void **state)
{
    (void)state;
    run r;
    begin(&r, TEST_HEAD "duration: 2 d\nbin: 1 d\nwarm_up: 0 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\n"
                        "stations: {check: {time: 10 s, desks: 3, role: guard}}\nposts: {P: {exit: {daily_cap: 50, "
                        "stations: [check]}}}\n"
                        "rosters: {guards: {post: P, side: exit, role: guard, shifts: [{start: \"00:00\", length: 12 "
                        "h, head: 1}, {start: "
                        "\"12:00\", length: 12 h, head: 3}]}}\n"
                        "displacement: [{from: P, people: 400, shape: {uniform: {low: 0 h, high: 2 h}}}]\n");
    assert_int_equal(admitted(&r, "P", 0), 50);
    assert_int_equal(admitted(&r, "P", 1), 50);
    assert_int_equal(test_count(&r.world, "flow/crossed", "P", -1), 100);
    finish(&r);
}

/* --- a chain --- */

/* The Balkan route of 2016: P, Q, R one after another, an hour apart. 1,200 people a day come to P, in groups of one;
 * R's cap of 580 comes after two days. `q` and `p` say whether Q and P pass it on. */
#define CHAIN(p, q)                                                                                               \
    TEST_HEAD                                                                                                     \
    "duration: 8 d\nbin: 1 d\nwarm_up: 0 d\npeople: {group_size: 1}\ntravel: {variation: 1}\nplaces: {P: {kind: " \
    "post}, Q: "                                                                                                  \
    "{kind: post}, R: {kind: "                                                                                    \
    "post}}\n"                                                                                                    \
    "links: [{from: P, to: Q, length: 5 km}, {from: Q, to: R, length: 5 km}]\nstations: {check: {time: 20 s}}\n"  \
    "posts:\n  P: {entry: {" p "stations: [check]}}\n  Q: {entry: {" q                                            \
    "stations: [check]}}\n  R: {entry: {stations: [check]}}\n"                                                    \
    "onward: [{from: P, to: Q}, {from: Q, to: R}]\ntimeline: [{at: 2 d, order: set_cap, target: R, number: "      \
    "580}]\n"                                                                                                     \
    "displacement: [{from: P, people: 9600, shape: {uniform: {low: 0 d, high: 8 d}}}]\n"

static int64_t waiting(const run *r, const char *post)
{
    return test_level(&r->world, "people/present", post, MODEL_WAITING);
}

static void a_cap_down_the_chain_fills_the_queue_before_it(void **state)
{
    (void)state;
    run r;
    begin(&r, CHAIN("", ""));
    for (uint32_t day = 2; day < 8; day++)
        assert_int_equal(admitted(&r, "R", day), 580);
    int64_t came = test_count(&r.world, "flow/arrived", "R", -1);
    int64_t before = test_bin(&r.world, "flow/served", "R/entry/check", 0, 0, 0) +
                     test_bin(&r.world, "flow/served", "R/entry/check", 0, 1, 0);
    assert_in_range(came - before - waiting(&r, "R"), 6 * 580,
                    6 * 580 + 1); /* one may be at the desk on the second midnight */
    assert_true(waiting(&r, "R") > 3000 && waiting(&r, "Q") < 30 && waiting(&r, "P") < 30);
    finish(&r);
}

/* Passed on at once to Q, and by Q a day later to P: Q takes the queue of R, and P from a day later on that of Q. */
static void a_cap_that_is_passed_on_moves_the_queue_up_the_chain(void **state)
{
    (void)state;
    run r;
    begin(&r, CHAIN("cap_follows: Q, cap_lag: 24 h, ", "cap_follows: R, "));
    for (uint32_t day = 2; day < 8; day++) {
        assert_int_equal(admitted(&r, "R", day), 580);
        assert_int_equal(admitted(&r, "Q", day), 580);
        assert_int_equal(admitted(&r, "P", day), day < 3 ? 0 : 580);
    }
    /* P lets a whole day's people pass after Q has its cap, who wait at Q from then on; afterwards inflow and outflow
     * of Q are 580 a day */
    assert_in_range(waiting(&r, "Q"), 1200 - 580 - 110, 1200 - 580 + 110);
    assert_in_range(waiting(&r, "P"), 5 * (1200 - 580) - 200, 5 * (1200 - 580) + 200);
    assert_true(waiting(&r, "R") < 110);
    int64_t at_q =
        test_count(&r.world, "flow/arrived", "Q", -1) - test_count(&r.world, "flow/arrivals", "R/entry/check", -1);
    assert_true(at_q >= waiting(&r, "Q"));
    finish(&r);
}

/* --- agreements --- */

#define AGREED(agreement)                                                                                         \
    TEST_HEAD                                                                                                     \
    "duration: 3 h\nagencies: [ours, theirs]\nplaces: {P: {kind: post}}\nstations: {check: {time: 1 s}}\nposts: " \
    "{P: {entry: "                                                                                                \
    "{stations: [check]}}}\n"                                                                                     \
    "agreements: {pact: {with: theirs, " agreement "}}\n"                                                         \
    "timeline:\n  - {at: 30 min, order: close_lanes, target: P, lanes: 1, duration: 20 min, agreement: pact}\n"   \
    "  - {at: 40 min, order: outage, target: P, duration: 5 min, agreement: pact}\n  - {at: 10 min, order: "      \
    "outage, target: P, "                                                                                         \
    "duration: 1 min}\n"

static void a_delayed_answer_delays_the_order(void **state)
{
    (void)state;
    run r;
    begin(&r, AGREED("delay: 35 min"));
    /* closed from 65 to 85 and from 75 to 80 min, beside the minute that needs no consent */
    assert_int_equal(test_bin(&r.world, "desks/open", "P/entry/check", 0, 0, 0), 59 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "desks/open", "P/entry/check", 0, 1, 0), 40 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "coordination/orders_agreed", "theirs", 0, 1, 0), 2);
    assert_int_equal(test_count(&r.world, "coordination/orders_agreed", NULL, -1), 2);
    assert_int_equal(test_count(&r.world, "coordination/orders_refused", NULL, -1), 0);
    finish(&r);
    begin(&r, AGREED("probability: 0, delay: 35 min"));
    assert_int_equal(test_bin(&r.world, "desks/open", "P/entry/check", 0, 1, 0), 60 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "coordination/orders_refused", "theirs", 0, 1, 0), 2);
    assert_int_equal(test_count(&r.world, "coordination/orders_agreed", NULL, -1), 0);
    finish(&r);
}

static void each_order_is_agreed_to_with_its_probability(void **state)
{
    (void)state;
    enum { RUNS = 3000 };
    model_setup setup;
    uint64_t agreed[2] = {0, 0}, both = 0;
    sim_time delays = 0;
    test_setup(&setup, AGREED("probability: 0.3, delay: {exponential: {mean: 10 min}}"));
    for (uint32_t i = 0; i < RUNS; i++) {
        model_world world;
        test_world(&world, &setup, 5, i);
        bool yes[2];
        for (uint32_t k = 0; k < 2; k++) {
            yes[k] = world.order_begin[k] != SIM_FOREVER;
            agreed[k] += yes[k];
            assert_int_equal(world.order_end[k] == SIM_FOREVER, !yes[k]);
            delays += yes[k] ? world.order_begin[k] - setup.orders[k].begin : 0;
        }
        both += yes[0] && yes[1];
        assert_int_equal(world.order_begin[2], 600 * SIM_SECOND);
        model_world_free(&world);
    }
    test_share("first", agreed[0], RUNS, 0.3);
    test_share("second", agreed[1], RUNS, 0.3);
    test_share("both", both, RUNS, 0.09);
    double mean = (double)delays / (double)(agreed[0] + agreed[1]) / 600e6; /* in 10 min: 1, within 3.3 / sqrt(1800) */
    assert_true(mean > 0.92 && mean < 1.08);
    model_setup_free(&setup);
}

/* --- joint controls --- */

/* Three people, an hour apart: exit takes 10 min, entry 6. From 50 min to 110 min controls are joint and entry
 * takes 1.5 times as long. */
static void joint_controls_leave_out_the_exit_check(void **state)
{
    (void)state;
    run r;
    begin(
        &r, TEST_HEAD
        "duration: 4 h\n" TEST_EXACT
        "places: {P: {kind: post}}\nstations: {out: {serves: group, time: 10 min}, in: {serves: group, time: 6 min}}\n"
        "posts: {P: {exit: {stations: [out]}, entry: {stations: [in]}, joint: {left_out: out, done_at: in, factor: "
        "1.5}}}\n"
        "timeline: [{at: 50 min, order: joint_control, target: P, duration: 1 h}]\n"
        "displacement:\n" TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "1 h", "1", "")
            TEST_GROUP("P", "2 h", "1", ""));
    TEST_STARTS(&r.world, "P/exit/out", {0, 0}, {2, 7200});
    TEST_STARTS(&r.world, "P/entry/in", {0, 600}, {1, 3600}, {2, 7800});
    size_t n;
    model_journey *rows = test_journeys(&r.world, "P/entry/in", &n);
    assert_int_equal(rows[0].served - rows[0].started, 360 * SIM_SECOND);
    assert_int_equal(rows[1].served - rows[1].started, 540 * SIM_SECOND);
    assert_int_equal(rows[2].served - rows[2].started, 360 * SIM_SECOND);
    free(rows);
    finish(&r);
}

/* --- the same bits --- */

#define MIXED(cap, q, more)                                                                                         \
    TEST_HEAD "duration: 3 d\npeople: {group_size: {empirical: {values: [1, 2, 5], weights: [1, 1, 1]}}}\nplaces: " \
              "{A: {kind: origin}, P: "                                                                             \
              "{kind: "                                                                                             \
              "post}, Q: {kind: post}, R: {kind: post}}\nlinks: [{from: A, to: P, length: 9 km}, {from: A, to: R, " \
              "length: 8 km}, {from: "                                                                              \
              "P, to: Q, "                                                                                          \
              "length: 20 km}]\nagencies: [ours, theirs]\nstations: {out: {time: 20 s}, in: {time: {exponential: "  \
              "{mean: 1 min}}}}\n"                                                                                  \
              "posts:\n  P: {exit: {" cap "stations: [out]}, entry: {stations: [in]}" more "}\n  Q: {entry: {" q    \
              "stations: [in]}}\n  R: {entry: "                                                                     \
              "{stations: [in]}}\nonward: [{from: P, to: Q}]\npatience: {time: {exponential: {mean: 20 h}}, then: " \
              "another_post}\n"                                                                                     \
              "displacement: [{from: A, people: 3000, shape: {uniform: {low: 0 d, high: 3 d}}}]\n"

static void the_same_bits_however_it_is_run(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup,
               MIXED("daily_cap: 300, ", "daily_cap: 200, ",
                     ", joint: {left_out: out, done_at: in, factor: 1.3}") "agreements: {pact: {with: theirs, "
                                                                           "probability: 0.9, delay: {uniform: "
                                                                           "{low: 0 h, high: 9 h}}}}\n"
                                                                           "timeline: [{at: 20 h, order: "
                                                                           "joint_control, target: P, duration: 20 h, "
                                                                           "agreement: pact},"
                                                                           " {at: 30 h, order: set_cap, target: Q, "
                                                                           "number: 90, agreement: pact}]\n");
    assert_true(setup.process_count > 1);
    test_same_however_run(&setup, 3);
    model_setup_free(&setup);
}

static void coordination_without_effect_changes_nothing(void **state)
{
    (void)state;
    run a, b;
    begin(&a, MIXED("", "", ""));
    begin(&b, MIXED("daily_cap: 1000000, ", "cap_follows: R, ", ", joint: {left_out: out, done_at: in, factor: 1}"));
    assert_true(test_count(&b.world, "coordination/admitted", "P", -1) > 1000);
    test_same_metrics(&a.world, &b.world);
    finish(&a);
    finish(&b);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
#define BAD(posts, more)                                                                                           \
    TEST_HEAD                                                                                                      \
    "duration: 4 h\npeople: {group_size: 1, traits: {child: {share: 0.4}}}\nagencies: [ours]\nplaces: {P: {kind: " \
    "post}, Q: {kind: "                                                                                            \
    "post}, C: "                                                                                                   \
    "{kind: centre}}\nstations: {some: {time: 1 s, when: child}, all: {time: 1 s}}\ncentres: {C: {stations: "      \
    "[all]}}\nposts: " posts "\n" more
    test_refused(BAD("{P: {entry: {daily_cap: 5, stations: [some, all]}}, Q: {}}", ""), "does not take everyone");
    test_refused(BAD("{P: {entry: {daily_cap: 5}, exit: {stations: [all]}}, Q: {}}", ""), "no station");
    test_refused(
        BAD("{P: {entry: {cap_follows: Q, stations: [all]}}, Q: {entry: {cap_follows: P, stations: [all]}}}", ""),
        "in a ring");
    test_refused(BAD("{P: {entry: {cap_follows: P, stations: [all]}}, Q: {}}", ""), "in a ring");
    test_refused(BAD("{P: {entry: {stations: [all]}, joint: {left_out: all}}, Q: {}}", ""),
                 "no station of the exit side");
    test_refused(
        BAD("{P: {entry: {stations: [all]}}, Q: {}}", "timeline: [{at: 1 h, order: joint_control, target: P}]\n"),
        "nothing is left out");
    test_refused(
        BAD("{P: {entry: {stations: [all]}}, Q: {}}", "timeline: [{at: 1 h, order: set_cap, number: 5, target: C}]\n"),
        "only border posts");
    test_refused(
        BAD("{P: {entry: {stations: [some]}}, Q: {}}", "timeline: [{at: 1 h, order: set_cap, number: 5, target: P}]\n"),
        "does not take everyone");
    test_refused(BAD("{P: {entry: {stations: [all]}}, Q: {}}",
                     "timeline: [{at: 1 h, order: outage, target: P, agreement: pact}]\n"),
                 "pact");
    test_refused(BAD("{P: {entry: {stations: [all]}}, Q: {}}", "agreements: {pact: {with: ourselves}}\n"), "ourselves");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cap_lets_in_so_many_people_a_day),
        cmocka_unit_test(what_is_above_a_cap_is_taken_off_the_next_day),
        cmocka_unit_test(caps_are_ordered_and_lifted),
        cmocka_unit_test(a_shift_does_not_open_a_shut_side),
        cmocka_unit_test(a_cap_down_the_chain_fills_the_queue_before_it),
        cmocka_unit_test(a_cap_that_is_passed_on_moves_the_queue_up_the_chain),
        cmocka_unit_test(a_delayed_answer_delays_the_order),
        cmocka_unit_test(each_order_is_agreed_to_with_its_probability),
        cmocka_unit_test(joint_controls_leave_out_the_exit_check),
        cmocka_unit_test(the_same_bits_however_it_is_run),
        cmocka_unit_test(coordination_without_effect_changes_nothing),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
