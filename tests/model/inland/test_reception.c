/* Reception: who goes on from a full centre and when, beds and closing by order, shares by free beds, and what is said
 * of space, by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

/* Groups of 100 pass P, come to the centre C at 41, 51 and 61 min and stay for 5 h; H is an hour further. */
#define CAMP(duration, stay, camp, hall, more)                                                                     \
    TEST_HEAD                                                                                                      \
    "duration: " duration "\nbin: " duration "\nplaces: {P: {kind: post}, C: {kind: centre}, H: {kind: centre}}\n" \
    "links: [{from: P, to: C, length: 18 km, speed: 10 m/s}, {from: C, to: H, length: 36 km, speed: 10 m/s}]\n"    \
    "stations: {check: {serves: group, time: 10 min}, stay: {serves: group, time: " stay                           \
    ", desks: 1000}, list: {serves: group, time: 8 h}}\nposts: {P: {entry: {stations: [check]}}}\n"                \
    "centres: {C: {" camp "}, H: {" hall "}}\nonward: [{from: P, to: C}]\n"                                        \
    "people: {group_size: 1000, modes: {foot: 0, car: 1}}\ntravel: {variation: 1}\ndisplacement:\n" TEST_GROUP(    \
        "P", "1 min", "100", "") TEST_GROUP("P", "2 min", "100", "") TEST_GROUP("P", "3 min", "100", "") more
#define STAY "stations: [stay]"

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

static void a_full_centre_sends_people_on(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world, CAMP("24 h", "5 h", "beds: 150, overflow_to: H, " STAY, STAY, ""));
    TEST_STARTS(&world, "C/entry/stay", {0, 2460});
    TEST_STARTS(&world, "H/entry/stay", {1, 3060 + 3600}, {2, 3660 + 3600});
    assert_int_equal(test_count(&world, "reception/sent_on", "C", -1), 200);
    assert_int_equal(test_count(&world, "flow/gave_up", NULL, -1), 0);
    end(&setup, &world);
    run(&setup, &world, CAMP("24 h", "5 h", "beds: 150, overflow_to: H, overflow_after: 2 h, " STAY, STAY, ""));
    TEST_STARTS(&world, "H/entry/stay", {1, 3060 + 3 * 3600}, {2, 3660 + 3 * 3600});
    assert_int_equal(test_bin(&world, "people/present", "C", MODEL_IN_THE_OPEN, 0, 0), 200 * 2 * SIM_HOUR);
    end(&setup, &world);
    /* After 6 h the second has had a bed for 19 min; it is not sent on. */
    run(&setup, &world, CAMP("24 h", "5 h", "beds: 150, overflow_to: H, overflow_after: 6 h, " STAY, STAY, ""));
    TEST_STARTS(&world, "C/entry/stay", {0, 2460}, {1, 20460});
    TEST_STARTS(&world, "H/entry/stay", {2, 3660 + 7 * 3600});
    end(&setup, &world);
}

/* All have beds and wait at a slow desk inside. */
static void who_has_a_bed_is_not_sent_on(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        CAMP("24 h", "5 h", "beds: 300, overflow_to: H, overflow_after: 1 h, stations: [list]", STAY, ""));
    TEST_STARTS(&world, "C/entry/list", {0, 2460}, {1, 2460 + 8 * 3600}, {2, 2460 + 16 * 3600});
    assert_int_equal(test_count(&world, "reception/sent_on", NULL, -1), 0);
    end(&setup, &world);
}

/* The third goes back and forth between two full centres, until it has been to 16 sites; then it waits. */
static void nobody_is_sent_on_for_ever(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        CAMP("40 h", "100 h", "beds: 100, overflow_to: H, " STAY, "beds: 100, overflow_to: C, " STAY, ""));
    assert_int_equal(test_count(&world, "reception/sent_on", NULL, -1), 100 + 14 * 100);
    assert_int_equal(test_level(&world, "people/present", "C", MODEL_IN_THE_OPEN), 100);
    end(&setup, &world);
}

/* 100 people in 300 m2 have 3 m2 each, in 350 m2 just enough; someone is in the open from 51 min until the last one
 * enters at 641 min. */
static void occupancy_space_and_days_over_capacity_are_exact(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world, CAMP("24 h", "5 h", "beds: 150, covered_area: 300 m2, " STAY, "", ""));
    assert_int_equal(test_count(&world, "reception/person_time", "C", -1), 300 * 5 * SIM_HOUR);
    assert_int_equal(test_count(&world, "reception/bed_time", "C", -1), 150 * 24 * SIM_HOUR);
    assert_int_equal(test_count(&world, "reception/space_time", "C", -1), 300 * 24 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "reception/below_standard", "C", 0, 0, 0), 300 * 5 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "reception/over_capacity", "C", 0, 0, 0), (38460 - 3060) * SIM_SECOND);
    assert_int_equal(test_bin(&world, "reception/over_capacity", "C", 0, 0, 1), 1);
    assert_int_equal(test_count(&world, "reception/bed_time", "H", -1), 0);
    end(&setup, &world);
    run(&setup, &world, CAMP("24 h", "5 h", "beds: 150, covered_area: 350 m2, " STAY, "", ""));
    assert_int_equal(test_bin(&world, "reception/below_standard", "C", 0, 0, 0), 0);
    end(&setup, &world);
    run(&setup, &world,
        CAMP("24 h", "5 h", "beds: 150, covered_area: 350 m2, " STAY, "", "reception: {space_standard: 4 m2}\n"));
    assert_int_equal(test_bin(&world, "reception/below_standard", "C", 0, 0, 0), 300 * 5 * SIM_HOUR);
    end(&setup, &world);
}

/* 50 more from 1 h to 2 h let the second in; when the first leaves at 341 min there are 150 again, and the third waits
 * for the second. */
static void tents_bring_beds_and_take_none_away(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        CAMP("24 h", "5 h", "beds: 150, " STAY, "",
             "timeline: [{at: 1 h, order: add_beds, target: \"*\", number: 50, duration: 1 h}]\n"));
    TEST_STARTS(&world, "C/entry/stay", {0, 2460}, {1, 3600}, {2, 21600});
    assert_int_equal(test_count(&world, "reception/bed_time", "C", -1), (150 * 24 + 50) * SIM_HOUR);
    end(&setup, &world);
}

static void a_closed_centre_takes_in_nobody(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define CLOSE(at, duration) "timeline: [{at: " at ", order: close_centre, target: C, duration: " duration "}]\n"
    run(&setup, &world, CAMP("24 h", "5 h", "beds: 150, " STAY, "", CLOSE("50 min", "10 h")));
    TEST_STARTS(&world, "C/entry/stay", {0, 2460}, {1, 39000}, {2, 57000});
    end(&setup, &world);
    run(&setup, &world, CAMP("24 h", "5 h", STAY, "", CLOSE("0 h", "2 h"))); /* without a limit, and empty */
    TEST_STARTS(&world, "C/entry/stay", {0, 7200}, {1, 7200}, {2, 7200});
    end(&setup, &world);
}

/* 0.4 + 0.4 divided 3 : 1 is 0.6 and 0.2. Nobody stays, so that beds stay free. */
#define PULL(people, more)                                                                                      \
    TEST_HEAD                                                                                                   \
    "duration: 12 h\nplaces: {P: {kind: post}, X: {kind: centre}, Y: {kind: centre}}\n"                         \
    "links: [{from: P, to: X, length: 36 km, speed: 10 m/s}, {from: P, to: Y, length: 36 km, speed: 10 m/s}]\n" \
    "people: {group_size: 1, modes: {foot: 0, car: 1}}\ntravel: {variation: 1}\nposts: {P: {}}\n"               \
    "stations: {stay: {serves: group, time: 100 h, desks: 10000}}\n"                                            \
    "displacement: [{from: P, people: " people ", shape: {uniform: {low: 0 h, high: 10 h}}}]\n" more

static void people_are_shared_out_by_free_beds(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        PULL("20000",
             "centres: {X: {beds: 300}, Y: {beds: 100}}\n"
             "onward: [{from: P, to: X, share: 0.4, pull: true}, {from: P, to: Y, share: 0.4, pull: true}]\n"));
    test_share("X",
               (uint64_t)test_level(&world, "people/present", "X", MODEL_SETTLED) +
                   (uint64_t)test_level(&world, "people/present", "X", MODEL_TRAVELLING),
               20000, 0.6);
    test_share("Y",
               (uint64_t)test_level(&world, "people/present", "Y", MODEL_SETTLED) +
                   (uint64_t)test_level(&world, "people/present", "Y", MODEL_TRAVELLING),
               20000, 0.2);
    end(&setup, &world);
}

/* 100 of X's 150 beds are taken, and 100 people who do not fit wait before it: its 50 beds are not free for others, who
 * all go to Y. */
static void beds_that_people_wait_for_are_not_free(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define ONE_MORE TEST_GROUP("P", "5 h", "1", "")
    run(&setup, &world,
        TEST_HEAD
        "duration: 12 h\nplaces: {P: {kind: post}, Z: {kind: post}, X: {kind: centre}, Y: {kind: centre}}\n"
        "links: [{from: P, to: X, length: 36 km}, {from: P, to: Y, length: 36 km}, {from: Z, to: X, length: 1 km}]\n"
        "people: {group_size: 1000, modes: {foot: 0, car: 1}}\nposts: {P: {}, Z: {}}\nreception: {delay: 0 h}\n"
        "stations: {stay: {serves: group, time: 100 h, desks: 10000}}\n"
        "centres: {X: {beds: 150, stations: [stay]}, Y: {beds: 50, stations: [stay]}}\n"
        "onward: [{from: Z, to: X}, {from: P, to: X, share: 0.5, pull: true}, {from: P, to: Y, share: 0.5, pull: "
        "true}]\n"
        "displacement:\n" TEST_GROUP("Z", "0 h", "100", "") TEST_GROUP("Z", "1 h", "100", "")
            ONE_MORE ONE_MORE ONE_MORE ONE_MORE ONE_MORE ONE_MORE ONE_MORE ONE_MORE ONE_MORE ONE_MORE);
    assert_int_equal(test_count(&world, "flow/arrived", "X", -1), 200);
    assert_int_equal(test_count(&world, "flow/arrived", "Y", -1), 10);
    end(&setup, &world);
}

/* X is closed at 5 h, which is known at 7 h; who sets out then arrives from 8 h on. */
static void free_beds_are_known_late(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        PULL(
            "3000",
            "reception: {delay: 2 h}\ncentres: {X: {beds: 9000, stations: [stay]}, Y: {beds: 9000, stations: [stay]}}\n"
            "onward: [{from: P, to: X, share: 0.5, pull: true}, {from: P, to: Y, share: 0.5, pull: true}]\n"
            "timeline: [{at: 5 h, order: close_centre, target: X}]\n"));
    for (uint32_t bin = 1; bin < 8; bin++)
        assert_in_range(test_bin(&world, "flow/arrived", "X", -1, bin, 0), 110, 190);
    for (uint32_t bin = 8; bin < 11; bin++)
        assert_int_equal(test_bin(&world, "flow/arrived", "X", -1, bin, 0), 0);
    assert_in_range(test_bin(&world, "flow/arrived", "Y", -1, 9, 0), 250, 350);
    end(&setup, &world);
}

static void runs_are_the_same_for_any_threads_and_after_restoring(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup,
               PULL("3000",
                    "reception: {delay: 2 h}\ncentres: {X: {beds: 500, overflow_to: Y, overflow_after: 1 h, "
                    "covered_area: 1000 m2, "
                    "stations: [stay]}, Y: {beds: 900, overflow_to: X, stations: [stay]}}\n"
                    "onward: [{from: P, to: X, share: 0.5, pull: true}, {from: P, to: Y, share: 0.5, pull: true}]\n"
                    "timeline: [{at: 5 h, order: close_centre, target: X, duration: 2 h}, {at: 3 h, order: add_beds, "
                    "target: Y, number: 99}]\n"));
    assert_true(setup.process_count > 1);
    test_same_however_run(&setup, 5);
    model_setup_free(&setup);
}

/* Beds for all, a single row that pulls, and no standard. */
static void a_reception_without_effect_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    run(&without, &a, CAMP("24 h", "5 h", "beds: 350, " STAY, STAY, ""));
    run(&with, &b,
        CAMP("24 h", "5 h", "beds: 350, overflow_to: H, " STAY, STAY,
             "reception: {delay: 0 h, space_standard: 0 m2}\n"));
    test_same_metrics(&a, &b);
    end(&without, &a);
    end(&with, &b);
#define ONE(pull)                                                                                                 \
    PULL("3000", "centres: {X: {beds: 5000, stations: [stay]}, Y: {}}\nonward: [{from: P, to: X, share: 0.3" pull \
                 "}, {from: P, to: Y, share: 0.5}]\n")
    run(&without, &a, ONE(""));
    run(&with, &b, ONE(", pull: true"));
    test_same_metrics(&a, &b);
    end(&without, &a);
    end(&with, &b);
}

static void centres_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    test_refused(CAMP("24 h", "5 h", "beds: 150, overflow_to: C, " STAY, "", ""), "to itself");
    test_refused(CAMP("24 h", "5 h", "beds: 150, overflow_after: 2 h, " STAY, "", ""), "sends nobody on");
    test_refused(CAMP("24 h", "5 h", STAY, "beds: 9", "timeline: [{at: 1 h, order: add_beds, target: C, number: 9}]\n"),
                 "can do nothing at \"C\"");
    test_refused(CAMP("24 h", "5 h", STAY, "beds: 9", "timeline: [{at: 1 h, order: add_beds, target: H, number: 9}]\n"),
                 "can do nothing at \"H\"");
    test_refused(CAMP("24 h", "5 h", STAY, "", "timeline: [{at: 1 h, order: close_centre, target: P}]\n"),
                 "can do nothing at \"P\"");
    test_refused(PULL("9", "centres: {X: {}, Y: {}}\nonward: [{from: P, to: X, pull: true}]\n"),
                 "free beds are not known");
    test_refused(PULL("9", "centres: {X: {beds: 9}, Y: {beds: 9}}\nonward: [{from: P, to: X, pull: true, modes: car}, "
                           "{from: P, to: Y, pull: true}]\n"),
                 "concern different people");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_centre_sends_people_on),
        cmocka_unit_test(who_has_a_bed_is_not_sent_on),
        cmocka_unit_test(nobody_is_sent_on_for_ever),
        cmocka_unit_test(occupancy_space_and_days_over_capacity_are_exact),
        cmocka_unit_test(tents_bring_beds_and_take_none_away),
        cmocka_unit_test(a_closed_centre_takes_in_nobody),
        cmocka_unit_test(people_are_shared_out_by_free_beds),
        cmocka_unit_test(beds_that_people_wait_for_are_not_free),
        cmocka_unit_test(free_beds_are_known_late),
        cmocka_unit_test(runs_are_the_same_for_any_threads_and_after_restoring),
        cmocka_unit_test(a_reception_without_effect_changes_nothing),
        cmocka_unit_test(centres_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
