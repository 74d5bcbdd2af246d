/* Procedures: times, what is recorded, found and left for later, and when a switch takes effect, against what can be
 * computed by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

/* Groups of known sizes at known times at one desk, `procedures` of its station. */
#define EXACT(procedures, more)                                                                                 \
    TEST_HEAD "duration: 12 h\nplaces: {P: {kind: post}}\nposts: {P: {entry: {stations: [a]}}}\nstations: {a: " \
              "{procedures: {" procedures "}}}\n" more
#define FIVES(times) TEST_EXACT "displacement:\n" times

static void a_group_is_registered_in_one_draw(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define GROUPS FIVES(TEST_GROUP("P", "0 h", "5", "") TEST_GROUP("P", "0 h", "3", "") TEST_GROUP("P", "0 h", "7", ""))
    test_setup(&setup, EXACT("one: {time: 10 min, kind: group, completeness: 0.2}", GROUPS));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/a", {0, 0}, {1, 600}, {2, 1200});
    model_world_free(&world);
    model_setup_free(&setup);
    test_setup(&setup, EXACT("one: {time: 10 min, kind: full}", GROUPS));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/a", {0, 0}, {1, 3000}, {2, 4800});
    model_world_free(&world);
    model_setup_free(&setup);
    test_setup(&setup, EXACT("one: {time: 10 min, kind: group, completeness: 0.2, serves: person}", GROUPS));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/a", {0, 0}, {1, 3000}, {2, 4800});
    model_world_free(&world);
    model_setup_free(&setup);
}

/* By bus 2.5 times, by rail as the rest: half. */
static void classes_have_their_own_times(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, EXACT("one: {time: 4 min, classes: {coach: {time_factor: 2.5}, everyone: {time_factor: 0.5}}}",
                             "classes: {first: {modes: [car]}, coach: {modes: [bus]}}\n" FIVES(
                                 TEST_GROUP("P", "0 h", "2", ", modes: {bus: 1}")
                                     TEST_GROUP("P", "0 h", "2", ", modes: {car: 1}")
                                         TEST_GROUP("P", "0 h", "2", ", modes: {rail: 1}")
                                             TEST_GROUP("P", "0 h", "1", ", modes: {rail: 1}"))));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/a", {0, 0}, {1, 1200}, {2, 1680}, {3, 1920});
    model_world_free(&world);
    model_setup_free(&setup);
}

#define MANY(post, centre, station, more)                                                                         \
    TEST_HEAD "duration: 4 d\npeople:\n  group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}\n"      \
              "  traits: {hurt: {share: 0.3}, later: {share: 0}, marked: {share: 0}}\n"                           \
              "places: {P: {kind: post}, C: {kind: centre}}\nlinks: [{from: P, to: C, length: 30 km}]\n"          \
              "stations:\n  a: {desks: 50, " station "procedures: {" post                                         \
              "}}\n  b: {desks: 50, when: later, procedures: {" centre "}}\n"                                     \
              "posts: {P: {entry: {stations: [a]}}}\ncentres: {C: {stations: [b]}}\nonward: [{from: P, to: C}]\n" \
              "displacement: [{from: P, people: 20000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n" more

/* Those whose registration is deferred at the post, and nobody else, are registered in the centre. */
static void deferred_registration_is_made_up_for_inside(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, MANY("quick: {time: 10 s, kind: deferred, gives: later}, full: {time: 1 min, kind: full}",
                            "late: {time: 1 min, kind: full, takes: [later], completeness: 0.9}", "",
                            "timeline: [{at: 1 d, order: set_procedure, target: P, procedure: full}]\n"));
    test_run(&world, &setup, 1, 0);
    int64_t people = world.person_count, deferred = test_count(&world, "registration/deferred", "P/entry/a", -1);
    int64_t inside = test_count(&world, "registration/registered", "C/entry/b", -1);
    assert_true(deferred > 9000 && deferred < 11000);
    assert_int_equal(deferred, inside);
    assert_int_equal(test_count(&world, "registration/registered", "P/entry/a", -1), people - deferred);
    assert_int_equal(test_count(&world, "flow/arrivals", "C/entry/b", -1), deferred);
    assert_int_equal(test_count(&world, "registration/wanted", "P/entry/a", -1), 100 * people);
    assert_int_equal(test_count(&world, "registration/data", "P/entry/a", -1), 100 * (people - deferred));
    assert_int_equal(test_count(&world, "registration/data", "C/entry/b", -1), 90 * deferred);
    int64_t partly = 0;
    for (uint32_t i = 0; i < world.person_count; i++) {
        assert_true(world.record[i] == 90 || world.record[i] == 100);
        assert_int_equal(world.traits[i] & 2, 0);
        partly += world.record[i] == 90;
    }
    assert_int_equal(partly, deferred);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Whoever is registered in part at the post and again inside has the better of the two records. */
static void a_second_registration_counts_as_again_and_keeps_the_better_record(void **state)
{
    (void)state;
    static const char *const second[] = {"some: {time: 1 min, kind: simplified, completeness: 0.25}",
                                         "all: {time: 1 min, kind: full}"};
    static const uint8_t best[] = {40, 100};
    for (int k = 0; k < 2; k++) {
        char text[2000];
        model_setup setup;
        model_world world;
        snprintf(text, sizeof text, "%s%s%s",
                 TEST_HEAD "duration: 12 h\nplaces: {P: {kind: post}}\nposts: {P: {entry: {stations: [a, "
                           "b]}}}\nstations: {a: {procedures: {x: "
                           "{time: 1 s, kind: simplified, completeness: 0.4}}}, b: {procedures: {",
                 second[k], "}}}\n" FIVES(TEST_GROUP("P", "0 h", "5", "")));
        test_setup(&setup, text);
        test_run(&world, &setup, 1, 0);
        assert_int_equal(test_count(&world, "registration/registered", NULL, -1), 5);
        assert_int_equal(test_count(&world, "registration/again", "P/entry/b", -1), 5);
        assert_int_equal(test_count(&world, "registration/again", "P/entry/a", -1), 0);
        for (int i = 0; i < 5; i++)
            assert_int_equal(world.record[i], best[k]);
        model_world_free(&world);
        model_setup_free(&setup);
    }
}

static void a_procedure_finds_its_share_of_what_the_station_finds(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, MANY("quick: {time: 1 s, detection: 0.25}", "x: {time: 1 s}",
                            "finds: [{trait: hurt, mark: marked, sensitivity: 0.8, specificity: 1}], ", ""));
    test_run(&world, &setup, 2, 0);
    test_share("found", (uint64_t)test_count(&world, "screening/found", NULL, -1),
               (uint64_t)test_count(&world, "screening/concerned", NULL, -1), 0.2);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Of the pre-registered kind those known take 1 min, the others 5. */
static void groups_known_before_are_served_faster(void **state)
{
    (void)state;
    size_t count;
    uint64_t known = 0;
    int64_t people = 0;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               MANY("pre: {time: 5 min, serves: group, kind: preregistered, known_share: 0.35, known_factor: 0.2}",
                    "x: {time: 1 s}", "", ""));
    test_world(&world, &setup, 3, 0);
    model_group_at(&world, 7)->flags |= MODEL_FLAG_KNOWN;
    assert_int_equal(model_world_run(&world, setup.end, 1), 0);
    model_journey *rows = test_journeys(&world, "P/entry/a", &count);
    for (size_t i = 0; i < count; i++) {
        sim_time took = rows[i].served - rows[i].started;
        assert_true(took == 60 * SIM_SECOND || took == 300 * SIM_SECOND);
        if (rows[i].group == 7)
            assert_int_equal(took, 60 * SIM_SECOND);
        known += took == 60 * SIM_SECOND;
        people += took == 60 * SIM_SECOND ? rows[i].size : 0;
    }
    test_share("known", known, count, 0.35);
    assert_int_equal(test_count(&world, "registration/known", "P/entry/a", -1), people);
    free(rows);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* A group every 30 min at P and Q; `quick` takes 2 h to prepare at P, nothing at Q. Services of 10 min and 1 min. */
#define SWITCH(orders)                                                                                  \
    TEST_HEAD "duration: 9 h\npeople: {group_size: 1}\nplaces: {P: {kind: post}, Q: {kind: post}}\n"    \
              "stations:\n  a: {procedures: {slow: {time: 10 min}, quick: {time: 1 min, lead: 2 h}}}\n" \
              "  b: {procedures: {slow: {time: 10 min}, quick: {time: 1 min}}}\n"                       \
              "posts: {P: {entry: {stations: [a]}}, Q: {entry: {stations: [b]}}}\ntimeline: [" orders   \
              "]\ndisplacement:\n"                                                                      \
              "  - {from: P, rate: 60 /h}\n  - {from: Q, rate: 60 /h}\n"

/* Services that start in [from, until) take `minutes`, in seconds of the scenario. */
static void assert_quick(const model_world *world, const char *station, double from, double until)
{
    size_t count, seen = 0;
    model_journey *rows = test_journeys(world, station, &count);
    for (size_t i = 0; i < count; i++) {
        double start = (double)rows[i].started / 3.6e9;
        bool quick = rows[i].served - rows[i].started == 60 * SIM_SECOND;
        if (quick != (start >= from && start < until))
            fail_msg("%s: a service that starts at %.6f h is %s", station, start, quick ? "quick" : "slow");
        seen += quick;
    }
    free(rows);
    assert_true((until > from) == (seen > 0));
}

static void a_switch_takes_the_lead_time_of_the_station(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double p[2], q[2];
    } cases[] = {
        {SWITCH("{at: 1.7 h, order: set_procedure, target: \"*\", procedure: quick}"), {3.7, 99}, {1.7, 99}},
        {SWITCH("{at: 1.7 h, order: set_procedure, target: \"*\", procedure: quick, duration: 3 h}"),
         {3.7, 4.7},
         {1.7, 4.7}},
        {SWITCH("{at: 1.7 h, order: set_procedure, target: \"*\", procedure: quick, duration: 2 h}"),
         {99, 99},
         {1.7, 3.7}},
        {SWITCH("{at: 1.7 h, order: set_procedure, target: \"*\", procedure: quick, lead: 10 min}"),
         {1.7 + 1 / 6.0, 99},
         {1.7 + 1 / 6.0, 99}},
        {SWITCH("{at: 1.7 h, order: set_procedure, target: \"*\", procedure: quick}, {at: 3 h, order: set_procedure, "
                "target: \"*\", "
                "procedure: slow}"),
         {99, 99},
         {1.7, 3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        model_setup setup;
        model_world world;
        test_setup(&setup, cases[i].text);
        test_run(&world, &setup, 1, 0);
        assert_quick(&world, "P/entry/a", cases[i].p[0], cases[i].p[1]);
        assert_quick(&world, "Q/entry/b", cases[i].q[0], cases[i].q[1]);
        model_world_free(&world);
        model_setup_free(&setup);
    }
}

/* Begun at 0 and 1 h; the procedure changes at 30 min, in the middle of the first. */
static void who_is_being_served_is_not_touched_by_a_switch(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, EXACT("slow: {time: 20 min, kind: full}, quick: {time: 10 min, kind: deferred}",
                             FIVES(TEST_GROUP("P", "0 h", "3", "")
                                       TEST_GROUP("P", "0 h", "2", "")) "timeline: [{at: 30 min, order: "
                                                                        "set_procedure, target: P, "
                                                                        "procedure: quick}]\n"));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/a", {0, 0}, {1, 3600});
    assert_int_equal(test_count(&world, "registration/registered", NULL, -1), 3);
    assert_int_equal(test_count(&world, "registration/deferred", NULL, -1), 2);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void procedures_without_effect_change_nothing(void **state)
{
    (void)state;
    test_same_run(MANY("x: {time: {exponential: {mean: 1 min}}}", "y: {time: 1 min}", "", ""),
                  MANY("x: {time: {exponential: {mean: 1 min}}, detection: 1, known_factor: 1, known_share: 0, lead: 0 "
                       "s, serves: person, "
                       "classes: {everyone: {time_factor: 1}}}",
                       "y: {time: 1 min}", "", ""));
}

static void threads_and_restoring_change_nothing(void **state)
{
    (void)state;
    test_same_bits(MANY("quick: {time: {exponential: {mean: 10 s}}, kind: deferred, gives: later}, full: {time: 1 min, "
                        "kind: preregistered, lead: "
                        "3 h, known_share: 0.3, known_factor: 0.4}",
                        "late: {time: {exponential: {mean: 1 min}}, kind: full, takes: [later]}", "",
                        "timeline: [{at: 1 d, order: set_procedure, target: P, procedure: full}]\n"));
}

static void procedures_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
#define ONE(procedure) EXACT("x: {time: 1 min, " procedure "}", "")
    test_refused(ONE("completeness: 0.5"), "registers nobody");
    test_refused(ONE("kind: deferred, completeness: 0.5"), "registers nobody");
    test_refused(ONE("kind: simplified"), "how much of the data does \"x\" record");
    test_refused(ONE("kind: group"), "how much of the data does \"x\" record");
    test_refused(ONE("kind: full, known_factor: 0.5"), "only that kind");
    test_refused(ONE("known_share: 0.5"), "only that kind");
    test_refused(ONE("classes: {nobody: {time_factor: 1}}"), "there is no class \"nobody\"");
    test_refused(ONE("classes: {everyone: {}}"), "time_factor");
    test_refused(EXACT("x: {time: 1 min, gives: t, takes: [t]}", "people: {traits: {t: {share: 0}}}\n"),
                 "given and taken");
    test_refused(ONE("kind: fast"), "full");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_registered_in_one_draw),
        cmocka_unit_test(classes_have_their_own_times),
        cmocka_unit_test(deferred_registration_is_made_up_for_inside),
        cmocka_unit_test(a_second_registration_counts_as_again_and_keeps_the_better_record),
        cmocka_unit_test(a_procedure_finds_its_share_of_what_the_station_finds),
        cmocka_unit_test(groups_known_before_are_served_faster),
        cmocka_unit_test(a_switch_takes_the_lead_time_of_the_station),
        cmocka_unit_test(who_is_being_served_is_not_touched_by_a_switch),
        cmocka_unit_test(procedures_without_effect_change_nothing),
        cmocka_unit_test(threads_and_restoring_change_nothing),
        cmocka_unit_test(procedures_that_contradict_themselves_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
