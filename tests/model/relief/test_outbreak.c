/* The outbreak against the final size of an epidemic in a closed population (Kermack and McKendrick 1927): of the
 * susceptible s, y fall to it with y = s (1 - exp(-R (y + e))), where e came infectious. Its spread over replications
 * is known too (von Bahr and Martin-Loef 1980): for the populations here at most 1.4 times the root of their number;
 * the tests allow five times that. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

enum { PEOPLE = 20000 };

/* All come to a closed post at once and wait there for forty days. */
#define WAITING(area, outbreak, more)                                                                           \
    TEST_HEAD                                                                                                   \
    "duration: 40 d\nbin: 1 d\npeople: {group_size: 1, traits: {ill: {share: 0}}}\nplaces: {P: {kind: post}}\n" \
    "stations: {a: {time: 1 s, desks: 0}}\nposts: {P: {entry: {" area "stations: [a]}}}\n"                      \
    "outbreak: {infected: 0.002, " outbreak "}\ndisplacement: [{from: P, people: 20000, shape: 0 s}]\n" more

static double final_size(double susceptible, double r, double came)
{
    double y = susceptible;
    for (int i = 0; i < 1000; i++)
        y = susceptible * (1 - exp(-r * (y + came)));
    return y;
}

static void assert_final_size(const char *text, double immune, double r)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_run(&world, &setup, 11, 0);
    double came = (double)test_count(&world, "outbreak/came_infectious", "P", -1) / PEOPLE;
    double infected = (double)test_count(&world, "outbreak/infected", "P", -1),
           expected = final_size((1 - came) * (1 - immune), r, came) * PEOPLE;
    if (fabs(infected - expected) > 5 * 1.4 * sqrt(PEOPLE))
        fail_msg("%g infected, %g expected", infected, expected);
    assert_int_equal(test_level(&world, "outbreak/infectious", "P", 0), 0); /* it is over */
    model_world_free(&world);
    model_setup_free(&setup);
}

static void the_final_size_is_that_of_kermack_and_mckendrick(void **state)
{
    (void)state;
    assert_final_size(WAITING("", "contact: 2 /d, incubation: 0 s, infectious: 1 d", ""), 0, 2);
    assert_final_size(WAITING("", "contact: 4 /d, incubation: 12 h, infectious: {exponential: {mean: 12 h}}", ""), 0,
                      2);
    assert_final_size(WAITING("", "contact: 2 /d, incubation: 6 h, infectious: 1 d, immune: 0.25", ""), 0.25, 2);
}

/* 20,000 on 40,000 m2: half of the density from which on contact is full. */
static void contact_is_in_proportion_to_the_density(void **state)
{
    (void)state;
    assert_final_size(
        WAITING("waiting_area: 40000 m2, ", "contact: 4 /d, density: 1 1/m2, incubation: 0 s, infectious: 1 d", ""), 0,
        2);
    assert_final_size(
        WAITING("waiting_area: 40000 m2, ", "contact: 2 /d, density: 0.4 1/m2, incubation: 0 s, infectious: 1 d", ""),
        0, 2);
}

/* One who is infectious for a day among a hundred who wait, and two days of incubation: nobody else is infectious on
 * the second day. */
static void incubation_delays_the_next_generation(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, WAITING("", "contact: 2 /d, incubation: 2 d, infectious: 1 d", ""));
    test_run(&world, &setup, 3, 0);
    int64_t came = test_count(&world, "outbreak/came_infectious", "P", -1);
    assert_int_equal(test_bin(&world, "outbreak/infectious", "P", 0, 0, 0),
                     came * (SIM_DAY - 15 * 60 * SIM_SECOND)); /* seen a quarter of an hour later */
    assert_int_equal(test_bin(&world, "outbreak/infectious", "P", 0, 1, 0), 0);
    assert_true(test_bin(&world, "outbreak/infectious", "P", 0, 2, 0) > 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void the_share_of_the_infected_that_is_said_falls_ill(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, WAITING("", "contact: 2 /d, incubation: 6 h, infectious: 1 d, illness: 0.3",
                               "health: {ill: ill, mortality: 0 /d}\n"));
    test_run(&world, &setup, 5, 0);
    test_share("fell ill", (uint64_t)test_count(&world, "health/fell_ill", "P", -1),
               (uint64_t)test_count(&world, "outbreak/infected", "P", -1), 0.3);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define PASSING(station, outbreak, more)                                                                             \
    TEST_HEAD                                                                                                        \
    "duration: 2 d\nbin: 1 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nstations: {a: {time: 1 s, desks: " \
    "20000" station "}}\n"                                                                                           \
    "posts: {P: {exit: {stations: [a]}, entry: {stations: [a]}}}\n"                                                  \
    "outbreak: {" outbreak                                                                                           \
    "}\ndisplacement: [{from: P, people: 20000, shape: {uniform: {low: 0 h, high: 20 h}}}]\n" more

static int64_t at_exit(const model_world *world, const char *metric)
{
    return test_count(world, metric, "P/exit/a", -1);
}

/* A third are infectious; 70% are found at each of two stations; a day later they are released. */
static void stations_find_and_isolate_by_their_share(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, PASSING(", isolates: 0.7", "infected: 0.33, contact: 0 /d, infectious: 1 d", ""));
    test_run(&world, &setup, 1, 0);
    uint64_t came = (uint64_t)test_count(&world, "outbreak/came_infectious", "P", -1),
             found = (uint64_t)at_exit(&world, "outbreak/isolated");
    test_share("came", came, PEOPLE, 0.33);
    test_share("isolated", found, came, 0.7);
    int64_t all = test_count(&world, "outbreak/isolated", NULL, -1);
    test_share("isolated later", (uint64_t)all - found, came - found, 0.7);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_SETTLED), all);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_IN_CARE), 0);
    assert_int_equal(test_bin(&world, "outbreak/in_isolation", "P", 0, 0, 0) +
                         test_bin(&world, "outbreak/in_isolation", "P", 0, 1, 0),
                     test_bin(&world, "people/present", "P", MODEL_IN_CARE, 0, 0) +
                         test_bin(&world, "people/present", "P", MODEL_IN_CARE, 1, 0));
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Between the fifth and the tenth hour of twenty. */
static void orders_vaccinate_and_isolate_for_a_time(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               PASSING("", "infected: 0.5, contact: 0 /d, infectious: 1 d",
                       "timeline: [{at: 5 h, order: vaccinate, lead: 0 s, target: P/exit, share: 1, duration: 5 h},"
                       " {at: 5 h, order: isolate, lead: 0 s, target: P/exit, share: 1, duration: 5 h}]\n"));
    test_run(&world, &setup, 1, 0);
    test_share("vaccinated", (uint64_t)at_exit(&world, "outbreak/vaccinated"), PEOPLE, 0.125);
    test_share("isolated", (uint64_t)at_exit(&world, "outbreak/isolated"), PEOPLE, 0.125);
    assert_int_equal(test_count(&world, "outbreak/vaccinated", "P/entry/a", -1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Vaccinated with a probability of 0.5 x 0.8 before they wait: as if that share had been immune. */
static void a_vaccination_makes_its_efficacy_immune(void **state)
{
    (void)state;
    assert_final_size(TEST_HEAD
                      "duration: 60 d\nbin: 1 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\n"
                      "stations: {a: {time: 1 s, desks: 20000, vaccinates: 0.5}, b: {time: 1 s, desks: 0}}\n"
                      "posts: {P: {exit: {stations: [a]}, entry: {stations: [b]}}}\n"
                      "outbreak: {infected: 0.002, contact: 3 /d, incubation: 0 s, infectious: 1 d, efficacy: 0.8}\n"
                      "displacement: [{from: P, people: 20000, shape: 0 s}]\n",
                      0.4, 3);
}

#define BUSY(outbreak)                                                                                             \
    TEST_HEAD                                                                                                      \
    "duration: 4 d\npatience: {time: {exponential: {mean: 20 h}}, then: another_post}\npeople: {traits: {ill: "    \
    "{share: 0}}}\n"                                                                                               \
    "places: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}, C: {kind: centre}}\n"                           \
    "links: [{from: A, to: P, length: 10 km}, {from: A, to: Q, length: 14 km}, {from: P, to: C, length: 20 km}]\n" \
    "stations: {a: {time: {exponential: {mean: 2 min}}, desks: 2}, stay: {time: {exponential: {mean: 1 d}}, "      \
    "desks: 1000, "                                                                                                \
    "serves: group}}\n"                                                                                            \
    "posts: {P: {entry: {stations: [a]}}, Q: {entry: {stations: [a]}}}\ncentres: {C: {beds: 700, stations: "       \
    "[stay]}}\n"                                                                                                   \
    "onward: [{from: P, to: C}]\ndisplacement: [{from: A, people: 3000, shape: {uniform: {low: 0 d, high: 1 "      \
    "d}}}]\n" outbreak

static void where_nobody_is_infectious_the_rest_of_the_run_is_the_same(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, BUSY(""));
    test_setup(&with, BUSY("outbreak: {infected: 0}\n"));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    test_same_metrics(&a, &b);
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static void a_run_with_an_outbreak_is_the_same_however_run(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, BUSY("health: {ill: ill, base: 0.01 /h, worsening: 5}\n"
                            "outbreak: {infected: 0.01, contact: 12 /d, incubation: 5 h, infectious: {exponential: "
                            "{mean: 1 d}}, illness: 0.2}\n"
                            "timeline: [{at: 10 h, order: vaccinate, lead: 0 s, target: \"*\", share: 0.4}, {at: 10 h, "
                            "order: isolate, lead: 0 s, "
                            "target: P, "
                            "share: 0.4, duration: 1 d}]\n"));
    test_run(&world, &setup, 3, 0);
    assert_true(test_count(&world, "outbreak/infected", NULL, -1) > 100 &&
                test_count(&world, "outbreak/isolated", NULL, -1) > 2 &&
                test_count(&world, "health/died", NULL, -1) > 10);
    model_world_free(&world);
    test_same_however_run(&setup, 3);
    model_setup_free(&setup);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    test_refused(PASSING("", "infected: 0.1, illness: 0.5", ""), "health is not simulated");
    test_refused(PASSING(", vaccinates: 0.5", "immune: 0.5", ""), "no outbreak in this scenario");
    test_refused(PASSING("", "infected: 1.5", ""), "out of range");
    test_refused(PASSING("", "infected: 0.5", "timeline: [{at: 0 s, order: vaccinate, target: P, share: 1.5}]\n"),
                 "from 0 to 1");
    test_refused(PASSING("", "immune: 0.5", "timeline: [{at: 0 s, order: isolate, target: P, share: 0.5}]\n"),
                 "no outbreak in this scenario");
}

static void orders_of_what_cannot_be_read_are_not_called_wrong_too(void **state)
{
    (void)state;
    char *messages = test_problems(
        PASSING("", "infected: 5 kg", "timeline: [{at: 0 s, order: vaccinate, target: P, share: 0.5}]\n"));
    assert_non_null(strstr(messages, "infected"));
    assert_null(strstr(messages, "no outbreak"));
    free(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_final_size_is_that_of_kermack_and_mckendrick),
        cmocka_unit_test(contact_is_in_proportion_to_the_density),
        cmocka_unit_test(incubation_delays_the_next_generation),
        cmocka_unit_test(the_share_of_the_infected_that_is_said_falls_ill),
        cmocka_unit_test(stations_find_and_isolate_by_their_share),
        cmocka_unit_test(orders_vaccinate_and_isolate_for_a_time),
        cmocka_unit_test(a_vaccination_makes_its_efficacy_immune),
        cmocka_unit_test(where_nobody_is_infectious_the_rest_of_the_run_is_the_same),
        cmocka_unit_test(a_run_with_an_outbreak_is_the_same_however_run),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(orders_of_what_cannot_be_read_are_not_called_wrong_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
