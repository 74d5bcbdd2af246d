/* Referral pathways: places, waits and targets to the second, families as one case, added places, Erlang's wait;
 * priority lanes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

/* Three who come alone to P at 0, 1 and 2 h, everyone marked, 10 min at the desk. */
#define THREE(pathway, more)                                                                                      \
    TEST_HEAD                                                                                                     \
    "duration: 24 h\nbin: 24 h\npeople: {group_size: 1000, traits: {alone: {share: 1}}}\n"                        \
    "places: {P: {kind: post}}\nstations: {check: {serves: group, time: 10 min}}\nposts: {P: {entry: {stations: " \
    "[check]}}}\npathways: {care: {mark: alone, site: P, time: 5 h, " pathway "}}\n" more                         \
    "displacement:\n" TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "1 h", "1", "") TEST_GROUP("P", "2 h", "1", "")

enum { MINUTE = 60 };

static void assert_times(const model_world *world, int64_t in_care, int64_t waiting, int64_t to_care)
{
    assert_int_equal(test_bin(world, "protection/in_care", "P", -1, 0, 0), in_care * SIM_SECOND);
    assert_int_equal(test_bin(world, "protection/waiting_for_place", "P", -1, 0, 0), waiting * SIM_SECOND);
    assert_int_equal(test_bin(world, "protection/time_to_care", "P", -1, 0, 0), to_care * SIM_SECOND);
}

/* One place, 5 h each: taken on at 0:10, 5:10 and 10:10, that is 0:10, 4:10 and 8:10 after they came. */
static void who_finds_no_place_waits_for_one(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, THREE("places: 1, target: 250 min", ""));
    test_run(&world, &setup, 1, 0);
    assert_times(&world, 3 * 5 * 60 * MINUTE, (4 * 60 + 8 * 60) * MINUTE, (10 + 250 + 490) * MINUTE);
    assert_int_equal(test_count(&world, "protection/referred", "P", -1), 3);
    assert_int_equal(test_count(&world, "protection/taken_on", "P", -1), 3);
    assert_int_equal(test_count(&world, "protection/within_target", "P", -1), 2);
    assert_int_equal(test_count(&world, "protection/completed", "P", -1), 3);
    assert_int_equal(test_count(&world, "protection/splits", "P", -1), 0); /* they were alone */
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_SETTLED), 3);
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* A second place from 3 to 4 h: the second is taken on at 3:00 and stays until 8:00, when the third follows. */
static void added_places_are_filled_at_once_and_emptied_by_and_by(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               THREE("places: 1",
                     "timeline: [{at: 2 h, order: add_places, name: care, number: 1, lead: 1 h, duration: 1 h}]\n"));
    test_run(&world, &setup, 1, 0);
    assert_times(&world, 3 * 5 * 60 * MINUTE, (110 + 350) * MINUTE, (10 + 120 + 360) * MINUTE);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void without_a_limit_nobody_waits(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, THREE("then: crossed", ""));
    test_run(&world, &setup, 1, 0);
    assert_times(&world, 3 * 5 * 60 * MINUTE, 0, 3 * 10 * MINUTE);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_CROSSED), 3);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define FAMILIES(takes)                                                                                               \
    TEST_HEAD "duration: 3 d\nbin: 3 d\npeople: {group_size: 4, traits: {other: {share: 0.5}, hurt: {share: 0.3}}}\n" \
              "places: {P: {kind: post}}\nstations: {check: {serves: group, time: 1 min, desks: 50}}\n"               \
              "posts: {P: {entry: {stations: [check]}}}\n"                                                            \
              "pathways: {care: {mark: hurt, site: P, time: 5 h, takes: " takes "}}\n"                                \
              "displacement: [{from: P, people: 4000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"

/* People of a group who have the trait hurt. */
static uint32_t hurt_in(const model_world *world, uint32_t group)
{
    const model_group *g = model_group_at(world, group);
    uint32_t hurt = 0;
    for (uint32_t i = 0; i < g->people; i++)
        hurt += world->traits[g->first_person + i] >> 1 & 1;
    return hurt;
}

static void a_person_is_taken_and_the_family_goes_on(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    int64_t hurt = 0, split = 0;
    test_setup(&setup, FAMILIES("person"));
    test_run(&world, &setup, 2, 0);
    for (uint32_t i = 0; i < world.group_count; i++) {
        hurt += hurt_in(&world, i);
        split += hurt_in(&world, i) > 0 && hurt_in(&world, i) < 4;
        assert_int_equal(model_group_at(&world, i)->customer.size, 4 - hurt_in(&world, i));
    }
    assert_int_equal(test_count(&world, "protection/referred", "P", 1), hurt); /* by trait: the second */
    assert_int_equal(test_count(&world, "protection/referred", "P", -1), hurt);
    assert_int_equal(test_count(&world, "protection/splits", "P", -1), split);
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 4000 - hurt);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_SETTLED), hurt);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void a_family_is_one_case(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    int64_t families = 0;
    test_setup(&setup, FAMILIES("group"));
    test_run(&world, &setup, 2, 0);
    for (uint32_t i = 0; i < world.group_count; i++)
        families += hurt_in(&world, i) > 0;
    assert_int_equal(test_count(&world, "protection/referred", "P", -1), 4 * families);
    assert_int_equal(test_count(&world, "protection/completed", "P", -1), 4 * families);
    assert_int_equal(test_count(&world, "protection/splits", "P", -1), 0);
    assert_int_equal(test_bin(&world, "protection/in_care", "P", 1, 0, 0), 4 * families * 5 * SIM_HOUR);
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 4000 - 4 * families);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Mean wait in h over the run; `n` people. */
static double mean_wait(const model_setup *setup, uint64_t seed, int64_t *n)
{
    model_world world;
    int64_t sum = 0;
    *n = 0;
    test_run(&world, setup, seed, 0);
    for (uint32_t bin = 0; bin < world.recorder.bins; bin++) {
        sum += test_bin(&world, "protection/time_to_care", "D", -1, bin, 0);
        *n += test_bin(&world, "protection/time_to_care", "D", -1, bin, 1);
    }
    model_world_free(&world);
    return (double)sum / (double)*n / (double)SIM_HOUR;
}

/* Poisson arrivals of 1.5 /h, stays of 1 h on average, two places: Erlang C gives a wait of 9/7 h (Erlang 1917). Eight
 * seeds, 3.5 standard errors of their mean: with 7 degrees of freedom a false alarm in one of a hundred sets of seeds.
 */
static void the_wait_for_a_place_is_erlangs(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, TEST_HEAD
               "duration: 1500 d\nbin: 30 d\npeople: {group_size: 1, traits: {alone: {share: 1}}}\nplaces: {D: {kind: "
               "destination}, P: "
               "{kind: post}}\nlinks: [{from: P, to: D, length: 20 km}]\nstations: {check: {time: 0 s, desks: 10}}\n"
               "posts: {P: {entry: {stations: [check]}}}\nonward: [{from: P, to: D}]\n"
               "pathways: {care: {mark: alone, site: D, time: {exponential: {mean: 1 h}}, places: 2}}\n"
               "displacement: [{from: P, rate: 1.5 /h}]\n");
    double sum = 0, squares = 0, expected = 9.0 / 7;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        int64_t n;
        double wait = mean_wait(&setup, seed, &n);
        assert_true(n > 50000);
        sum += wait;
        squares += wait * wait;
    }
    double mean = sum / 8, error = sqrt((squares - sum * sum / 8) / 7 / 8);
    printf("wait %.4f h, standard error %.4f h, by Erlang C %.4f h\n", mean, error, expected);
    assert_true(error < 0.05 && fabs(mean - expected) < 3.5 * error);
    model_setup_free(&setup);
}

/* Only the stations named hand people over, and only whom they serve. */
static void stations_hand_over_whom_they_serve(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define TWO(stations, unless)                                                                                \
    TEST_HEAD "duration: 1 d\npeople: {group_size: 1, traits: {alone: {share: 0.5}, known: {share: 0.5}}}\n" \
              "places: {P: {kind: post}, Q: {kind: post}}\nlinks: [{from: P, to: Q, length: 20 km}]\n"       \
              "stations: {a: {time: 1 s, desks: 9}, b: {time: 1 s, desks: 9" unless "}}\n"                   \
              "posts: {P: {entry: {stations: [a, b]}}, Q: {entry: {stations: [a]}}}\n"                       \
              "pathways: {care: {mark: alone, site: P, time: 1 h, stations: " stations "}}\n"                \
              "displacement: [{from: P, to: P, people: 2000, shape: {uniform: {low: 0 h, high: 9 h}}}]\n"
    test_setup(&setup, TWO("[b]", ", unless: known"));
    test_run(&world, &setup, 3, 0);
    int64_t expected = 0;
    for (uint32_t i = 0; i < world.person_count; i++)
        expected += world.traits[i] == 1;
    assert_int_equal(test_count(&world, "protection/referred", "P", -1), expected);
    assert_int_equal(test_count(&world, "flow/served", "P/entry/a", -1), 2000);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* One desk, 10 min: in the order of arrival, but for those who come while the order is in force (30 to 60 min); groups
 * 2, 5 and 8 are urgent. */
static void a_priority_lane_holds_while_it_is_ordered(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define ORDINARY(time) TEST_GROUP("P", time, "3", "")
#define URGENT(time) TEST_GROUP("P", time, "3", ", modes: {car: 1}")
    test_setup(&setup, TEST_HEAD TEST_EXACT
               "duration: 4 h\nplaces: {P: {kind: post}}\nstations: {check: {serves: group, time: 10 min}}\n"
               "classes: {urgent: {modes: car, priority: 1}}\nposts: {P: {entry: {stations: [check]}}}\n"
               "timeline: [{at: 30 min, order: priority_lane, target: P/entry/check, duration: 30 "
               "min}]\ndisplacement:\n" ORDINARY("0 h") ORDINARY("1 min") URGENT("2 min") ORDINARY("31 min")
                   ORDINARY("32 min") URGENT("33 min") ORDINARY("62 min") ORDINARY("63 min") URGENT("64 min"));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 0}, {1, 600}, {2, 1200}, {3, 1860}, {5, 2460}, {4, 3060}, {6, 3720},
                {7, 4320}, {8, 4920});
    model_world_free(&world);
    model_setup_free(&setup);
}

#define BUSY(share, pathway)                                                                                        \
    TEST_HEAD "duration: 2 d\npeople: {traits: {child: {share: 0.4}, alone: {share: " share ", among: child}}}\n"   \
              "places: {P: {kind: post}, C: {kind: centre}}\nlinks: [{from: P, to: C, length: 60 km}]\n"            \
              "stations: {check: {time: {exponential: {mean: 1 min}}, desks: 4}, stay: {serves: group, time: 9 h, " \
              "desks: 900}}\n"                                                                                      \
              "posts: {P: {entry: {stations: [check]}}}\ncentres: {C: {stations: [stay]}}\nonward: [{from: P, to: " \
              "C}]\n" pathway "displacement: [{from: P, people: 2000, shape: {uniform: {low: 0 d, high: 1 d}}}]\n"
#define TWO_PATHWAYS                                                                                               \
    "pathways: {home: {mark: alone, site: P, places: 9, time: {exponential: {mean: 8 h}}}, clinic: {mark: alone, " \
    "site: C, takes: "                                                                                             \
    "group, places: 3, time: {exponential: {mean: 4 h}}, stations: stay}}\n"

static void a_pathway_that_nobody_takes_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, BUSY("0", ""));
    test_setup(&with, BUSY("0", TWO_PATHWAYS));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    test_same_metrics(&a, &b);
    assert_int_equal(test_count(&b, "protection/referred", NULL, -1), 0);
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static void the_same_bytes_however_it_is_run(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, BUSY("0.2", TWO_PATHWAYS
                            "timeline: [{at: 9 h, order: add_places, name: home, number: 5, duration: 9 h}]\n"));
    test_run(&world, &setup, 5, 0);
    assert_true(test_count(&world, "protection/completed", "P", -1) > 20);
    assert_true(test_level(&world, "protection/waiting_for_place", "P", 1) > 20);
    model_world_free(&world);
    test_same_however_run(&setup, 5);
    model_setup_free(&setup);
}

static void pathways_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    test_refused(TWO("[c]", ""), "\"c\"");
    test_refused(THREE("stations: check}, other: {mark: alone, time: 1 h, site: R", ""), "\"R\"");
    test_refused(THREE("places: 1", "timeline: [{at: 1 h, order: add_places, name: car, number: 1}]\n"),
                 "no pathway \"car\"");
    test_refused(THREE("then: settled", "timeline: [{at: 1 h, order: add_places, name: care, number: 1}]\n"),
                 "not limited");
    test_refused(
        TEST_HEAD
        "duration: 1 d\npeople: {group_size: 1, traits: {alone: {share: 0.5}}}\nplaces: {A: {kind: origin}, P: {kind: "
        "post}, Q: {kind: post}}\nlinks: [{from: P, to: Q, length: 20 km}, {from: A, to: P, length: 20 km}]\n"
        "stations: {a: {time: 1 s}, b: {time: 1 s}}\nposts: {P: {entry: {stations: [a]}}, Q: {entry: {stations: "
        "[b]}}}\n"
        "pathways: {care: {mark: alone, site: P, time: 1 h, stations: [b]}, home: {mark: alone, site: A, time: 1 h}}\n",
        "none of these stations is at \"P\"");
    test_refused(
        TEST_HEAD
        "duration: 1 d\npeople: {group_size: 1, traits: {alone: {share: 0.5}}}\nplaces: {A: {kind: origin}, P: {kind: "
        "post}}\nlinks: [{from: A, to: P, length: 20 km}]\nstations: {a: {time: 1 s}}\nposts: {P: {entry: {stations: "
        "[a]}}}\npathways: {home: {mark: alone, site: A, time: 1 h}}\n",
        "nobody stops at that place");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_finds_no_place_waits_for_one),
        cmocka_unit_test(added_places_are_filled_at_once_and_emptied_by_and_by),
        cmocka_unit_test(without_a_limit_nobody_waits),
        cmocka_unit_test(a_person_is_taken_and_the_family_goes_on),
        cmocka_unit_test(a_family_is_one_case),
        cmocka_unit_test(the_wait_for_a_place_is_erlangs),
        cmocka_unit_test(stations_hand_over_whom_they_serve),
        cmocka_unit_test(a_priority_lane_holds_while_it_is_ordered),
        cmocka_unit_test(a_pathway_that_nobody_takes_changes_nothing),
        cmocka_unit_test(the_same_bytes_however_it_is_run),
        cmocka_unit_test(pathways_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
