/* Interpreters: who has one is served as usual, who has none longer, and less is found; each is with one group at a
 * time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

/* Three desks of 10 min; six single people at the start, all without a common language unless `share` says otherwise.
 */
#define TALK(share, rules, roster, more)                                                                               \
    TEST_HEAD "duration: 2 h\nbin: 2 h\npeople: {group_size: 1, traits: {foreign: {share: " share                      \
              "}, hurt: {share: 0.5}, marked: {share: 0}}}\n"                                                          \
              "places: {P: {kind: post}}\nstations: {a: {time: 10 min, desks: 3}, c: {time: 10 min, desks: 3}}\n"      \
              "posts: {P: {entry: {stations: [a]}}}\ninterpreters: {needed_by: foreign, " rules "}\nrosters: {" roster \
              "}\n" more
#define SIX "displacement: [{from: P, people: 6, shape: 0 s}]\n"
#define DUTY(side, shift) "i: {post: P, side: " side ", role: interpreter, shifts: [" shift "]}"
#define ALL_DAY(head) "{start: \"00:00\", length: 24 h, head: " head "}"

/* One interpreter. At 0 the first has her, the others take 15 min; at 10 she is free for the fourth, at 15 she is not;
 * at 20 nobody is left. */
static void one_interpreter_is_with_one_group_at_a_time(void **state)
{
    (void)state;
    static const int64_t took[6] = {10, 15, 15, 10, 15, 15};
    size_t count;
    model_setup setup;
    model_world world;
    test_setup(&setup, TALK("1", "slowing: 0.5", DUTY("entry", ALL_DAY("1")), SIX));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/a", {0, 0}, {1, 0}, {2, 0}, {3, 600}, {4, 900}, {5, 900});
    model_journey *rows = test_journeys(&world, "P/entry/a", &count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(rows[i].served - rows[i].started, took[rows[i].group] * 60 * SIM_SECOND);
    free(rows);
    assert_int_equal(test_count(&world, "language/needed", "P/entry/a", -1), 6);
    assert_int_equal(test_count(&world, "language/interpreted", "P/entry/a", -1), 2);
    assert_int_equal(test_bin(&world, "staff/interpreting", "P", 0, 0, 0), 20 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "staff/interpreting", "P", 0, 0, 1), 1);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* How many of six have one. */
static void assert_interpreted(const char *text, int64_t needed, int64_t interpreted)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_count(&world, "language/needed", NULL, -1), needed);
    assert_int_equal(test_count(&world, "language/interpreted", NULL, -1), interpreted);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void interpreters_work_at_their_side_in_their_shifts_at_the_stations_named(void **state)
{
    (void)state;
    assert_interpreted(TALK("1", "slowing: 0.5", DUTY("entry", ALL_DAY("3")), SIX), 6, 6);
    assert_interpreted(TALK("1", "slowing: 0.5", DUTY("exit", ALL_DAY("3")), SIX), 6, 0);
    assert_interpreted(TALK("1", "slowing: 0.5", DUTY("entry", "{start: \"00:00\", length: 5 min, head: 3}"), SIX), 6,
                       3);
    assert_interpreted(TALK("1", "slowing: 0.5", DUTY("entry", "{start: \"00:12\", length: 3 h, head: 3}"), SIX), 6, 3);
    assert_interpreted(TALK("1", "slowing: 0.5, stations: c", DUTY("entry", ALL_DAY("3")), SIX), 0, 0);
    assert_interpreted(TALK("0", "slowing: 0.5", DUTY("entry", ALL_DAY("3")), SIX), 0, 0);
    assert_interpreted(TALK("1", "slowing: 0.5, role: mediator",
                            "m: {post: P, side: entry, role: mediator, shifts: [" ALL_DAY("2") "]}", SIX),
                       6, 4);
    /* a break takes the only one away: who is with her is served to the end, the next three are alone */
    assert_interpreted(
        TALK("1", "slowing: 0",
             DUTY("entry",
                  "{start: \"00:00\", length: 5 h, head: 1, break_length: 30 min, break_after: 5 min, break_waves: 1}"),
             SIX),
        6, 1);
}

/* Families of three, a desk for each: those whose first person shares no language take 45 min, the others 30. */
static void the_first_of_a_group_speaks_for_it(void **state)
{
    (void)state;
    size_t count, slow = 0;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 2 h\npeople: {group_size: 3, traits: {foreign: {share: 0.5}}}\nplaces: {P: {kind: post}}\n"
        "stations: {a: {time: 10 min, desks: 100}}\nposts: {P: {entry: {stations: [a]}}}\n"
        "interpreters: {needed_by: foreign, slowing: 0.5}\ndisplacement: [{from: P, people: 300, shape: 0 s}]\n");
    test_run(&world, &setup, 1, 0);
    model_journey *rows = test_journeys(&world, "P/entry/a", &count);
    assert_int_equal(count, 100);
    for (size_t i = 0; i < count; i++) {
        bool alone = world.traits[model_group_at(&world, rows[i].group)->first_person] & 1;
        assert_int_equal(rows[i].served - rows[i].started, (alone ? 45 : 30) * 60 * SIM_SECOND);
        slow += alone;
    }
    assert_true(slow > 20 && slow < 80);
    assert_int_equal(test_count(&world, "language/needed", NULL, -1), 3 * slow);
    free(rows);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define FIND(rules, roster)                                                                                         \
    TEST_HEAD "duration: 3 d\npeople: {group_size: 1, traits: {foreign: {share: 1}, hurt: {share: 0.5}, marked: "   \
              "{share: 0}}}\n"                                                                                      \
              "places: {P: {kind: post}}\nstations: {a: {time: 1 s, desks: 9, finds: [{trait: hurt, mark: marked, " \
              "sensitivity: 0.8, "                                                                                  \
              "specificity: 1}]}}\nposts: {P: {entry: {stations: [a]}}}\ninterpreters: {needed_by: foreign, " rules \
              "}\nrosters: {" roster                                                                                \
              "}\ndisplacement: [{from: P, people: 20000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"

static void less_is_found_without_a_common_language(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double share;
    } cases[] = {{FIND("missed: 0.25", ""), 0.6},
                 {FIND("missed: 0.25", DUTY("entry", ALL_DAY("9"))), 0.8},
                 {FIND("slowing: 1", ""), 0.8}};
    for (int i = 0; i < 3; i++) {
        model_setup setup;
        model_world world;
        test_setup(&setup, cases[i].text);
        test_run(&world, &setup, 1, 0);
        test_share("found", (uint64_t)test_count(&world, "screening/found", NULL, -1),
                   (uint64_t)test_count(&world, "screening/concerned", NULL, -1), cases[i].share);
        model_world_free(&world);
        model_setup_free(&setup);
    }
}

#define SILENT                                                                                                      \
    TEST_HEAD                                                                                                       \
    "duration: 2 h\nbin: 2 h\npeople: {group_size: 1, traits: {foreign: {share: 0.5}, hurt: {share: 0.5}, marked: " \
    "{share: 0}}}\n"                                                                                                \
    "places: {P: {kind: post}}\nstations: {a: {time: 10 min, desks: 3}, c: {time: 10 min, desks: 3}}\n"             \
    "posts: {P: {entry: {stations: [a]}}}\n"
#define FLOW "displacement: [{from: P, people: 60, shape: {uniform: {low: 0 h, high: 1 h}}}]\n"

static void interpreters_without_effect_change_nothing(void **state)
{
    (void)state;
    test_same_run(TALK("0.5", "slowing: 0, missed: 0", DUTY("entry", ALL_DAY("1")), FLOW), SILENT FLOW);
    test_same_bits(TALK("0.5", "slowing: 0.7", DUTY("entry", ALL_DAY("1")), FLOW));
}

static void rosters_that_nobody_needs_are_refused(void **state)
{
    (void)state;
    test_refused(TALK("1", "role: mediator", DUTY("entry", ALL_DAY("1")), SIX),
                 "no station of that side of the post needs \"interpreter\"");
    test_refused(TALK("1", "stations: b", "", SIX), "\"b\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_interpreter_is_with_one_group_at_a_time),
        cmocka_unit_test(interpreters_work_at_their_side_in_their_shifts_at_the_stations_named),
        cmocka_unit_test(the_first_of_a_group_speaks_for_it),
        cmocka_unit_test(less_is_found_without_a_common_language),
        cmocka_unit_test(interpreters_without_effect_change_nothing),
        cmocka_unit_test(rosters_that_nobody_needs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
