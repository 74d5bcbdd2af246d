/* Relief by hand: with people who wait all the time, the hour in which a stock runs out is known; deliveries, taps,
 * standards; what shortage does to patience and to the choice of a crossing; blankets; and nothing at all where nothing
 * is lacking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

/* A thousand people come to a closed post at once and wait for ten hours: 625 L of water an hour, a ration a person and
 * day. */
#define WAITING(relief)                                                                                         \
    TEST_HEAD "duration: 10 h\n" TEST_EXACT "places: {P: {kind: post}}\nstations: {a: {time: 1 s, desks: 0}}\n" \
              "posts: {P: {entry: {stations: [a]}}}\ndisplacement:\n" TEST_GROUP("P", "0 s", "1000", "") relief

static void begin(model_setup *setup, model_world *world, const char *text)
{
    test_setup(setup, text);
    test_run(world, setup, 1, 0);
}

static void finish(model_setup *setup, model_world *world)
{
    model_world_free(world);
    model_setup_free(setup);
}

/* A level's area over the run. */
static int64_t area(const model_world *world, const char *metric)
{
    int64_t sum = 0;
    for (uint32_t bin = 0; bin < world->recorder.bins; bin++)
        sum += test_bin(world, metric, "P", 0, bin, 0);
    return sum;
}

/* To some microseconds: when a stock runs out is a quotient, rounded. */
#define ASSERT_HOURS(area, units, hours) \
    assert_in_range((area) + 10, (int64_t)((units) * (hours)*3.6e9), (int64_t)((units) * (hours)*3.6e9) + 20)

/* 3,180 L last a little over five hours; the stock falls by a straight line. 1,000 rations last a day. */
static void a_stock_runs_out_at_the_hour_worked_out_by_hand(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world, WAITING("relief: {sites: {P: {water: 3180 L, food: 1000}}}\n"));
    assert_int_equal(test_count(&world, "relief/water_wanted", "P", -1), 6250);
    assert_int_equal(test_count(&world, "relief/water_used", "P", -1), 3180);
    assert_in_range(area(&world, "relief/water_out") / 1000, (int64_t)((10 - 3180 / 625.0) * 3.6e6) - 2,
                    (int64_t)((10 - 3180 / 625.0) * 3.6e6) + 2);
    assert_int_equal(test_bin(&world, "relief/water_out", "P", 0, 4, 0), 0);
    assert_int_equal(test_bin(&world, "relief/water_stock", "P", 0, 0, 1), 3180);
    double hours = (double)area(&world, "relief/water_stock") / 3.6e9;
    assert_true(hours > 3180 * 3180 / 625.0 / 2 - 1 && hours < 3180 * 3180 / 625.0 / 2 + 1);
    assert_int_equal(test_count(&world, "relief/food_wanted", "P", -1), 416);
    assert_int_equal(test_count(&world, "relief/food_used", "P", -1), 416);
    assert_int_equal(area(&world, "relief/food_out"), 0);
    ASSERT_HOURS(area(&world, "relief/people"), 1000, 10);
    ASSERT_HOURS(area(&world, "relief/outdoors"), 1000, 10);
    assert_float_equal(world.shortage[0], 0.5, 1e-6); /* all of the water, none of the food */
    ASSERT_HOURS(area(&world, "relief/below_survival"), 1000,
                 5); /* judged by quarters of an hour: in the first one they got a third */
    finish(&setup, &world);
}

/* One tap gives a quarter of what they want, and less than they need to survive, however much there is. */
static void taps_limit_what_people_get(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world, WAITING("relief: {sites: {P: {water: 100 m3, taps: 1}}}\n"));
    assert_int_equal(test_count(&world, "relief/water_used", "P", -1), 1562);
    assert_float_equal(world.shortage[0], 0.75, 1e-6);
    ASSERT_HOURS(area(&world, "relief/below_survival"), 1000, 10);
    finish(&setup, &world);
    begin(&setup, &world,
          WAITING("relief: {sites: {P: {water: 100 m3, taps: 1}}}\n"
                  "timeline: [{at: 4 h, order: install_taps, lead: 0 s, target: P, number: 3, duration: 2 h}]\n"));
    assert_int_equal(test_count(&world, "relief/water_used", "P", -1), 1250 + 1250); /* 8 h at a quarter, 2 h in full */
    finish(&setup, &world);
}

/* An hour's water every second hour: there is none in each hour before. */
static void deliveries_and_orders_fill_the_stock(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          WAITING("relief: {sites: {P: {water: 0 L, deliveries: [{what: water, amount: 625, every: 2 h, first: 1 h, "
                  "cost: 30 USD}]}}}\n"));
    assert_int_equal(test_count(&world, "relief/water_used", "P", -1), 5 * 625);
    ASSERT_HOURS(area(&world, "relief/water_out"), 1, 5);
    assert_int_equal(test_count(&world, "cost/spent", NULL, MODEL_COST_RELIEF), 150);
    finish(&setup, &world);
    begin(&setup, &world,
          WAITING("relief: {sites: {P: {water: 0 L, food: 0}}}\ntimeline:\n"
                  "  - {at: 2 h, order: deliver_water, target: \"*\", amount: 1250}\n" /* six hours later */
                  "  - {at: 1 h, order: deliver_food, lead: 1 h, target: P, amount: 125}\n"));
    assert_int_equal(test_count(&world, "relief/water_used", "P", -1), 1250);
    ASSERT_HOURS(area(&world, "relief/water_out"), 1, 8);
    assert_int_equal(test_count(&world, "relief/food_used", "P", -1), 125); /* three hours' */
    ASSERT_HOURS(area(&world, "relief/food_out"), 1, 7);
    finish(&setup, &world);
}

/* 1,750 m2 for 500, 10 latrines for 200; after five hours an order covers all. */
static void space_and_latrines_are_held_against_the_standards(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          WAITING("relief: {sites: {P: {covered_area: 1750 m2, latrines: 10, heaters: 5, fuel: 10 L}}}\n"
                  "timeline: [{at: 5 h, order: put_up_shelter, lead: 0 s, target: P, amount: 1750}]\n"));
    assert_int_equal(test_level(&world, "relief/without_latrine", "P", 0), 800);
    assert_int_equal(test_level(&world, "relief/without_shelter", "P", 0), 0);
    ASSERT_HOURS(area(&world, "relief/covered_area"), 1750, 15);
    assert_int_equal(test_bin(&world, "relief/without_shelter", "P", 0, 3, 0), 500 * SIM_HOUR);
    assert_float_equal(world.shortage[0], 0.4, 1e-6); /* of two needs: nothing and 0.8 */
    /* five stoves burn 40 L a day: 10 L are gone after six hours */
    assert_int_equal(test_count(&world, "relief/fuel_used", "P", -1), 10);
    ASSERT_HOURS(area(&world, "relief/fuel_out"), 1, 4);
    finish(&setup, &world);
}

/* Nobody eats: who comes an hour later has half the patience, who came before anything was lacking has all of it. */
static void shortage_shortens_the_patience_of_those_who_come(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define LATER TEST_GROUP("P", "1 h", "10", "")
    begin(&setup, &world,
          WAITING(LATER "patience: {time: 4 h}\nrelief: {patience_effect: 0.5, sites: {P: {food: 0}}}\n"));
    assert_int_equal(test_bin(&world, "flow/gave_up", "P", 0, 3, 0), 10); /* at 3 h */
    assert_int_equal(test_bin(&world, "flow/gave_up", "P", 0, 4, 0), 1000);
    finish(&setup, &world);
}

/* P is ten minutes nearer than Q, and people at P go hungry. */
static void shortage_deters_those_who_still_choose(void **state)
{
    (void)state;
#define TWO(deterrent)                                                                                             \
    TEST_HEAD                                                                                                      \
    "duration: 4 h\n"                                                                                              \
    "people: {group_size: 1000, modes: {foot: 0, car: 1}}\ntravel: {variation: 1}\n"                               \
    "places: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}}\n"                                              \
    "links: [{from: A, to: P, length: 10 km, speed: 10 m/s}, {from: A, to: Q, length: 16 km, speed: 10 m/s}]\n"    \
    "stations: {a: {time: 1 s, desks: 0}}\nchoice: {scale: 1 s, informed: 0}\n"                                    \
    "posts: {P: {entry: {stations: [a]}}, Q: {entry: {stations: [a]}}}\n"                                          \
    "relief: {deterrent: " deterrent ", sites: {P: {food: 0}}}\ndisplacement:\n" TEST_GROUP("P", "0 h", "100", "") \
        TEST_GROUP("A", "1 h", "30", "")
    model_setup setup;
    model_world world;
    for (int deterred = 0; deterred < 2; deterred++) {
        begin(&setup, &world, deterred ? TWO("20 min") : TWO("5 min"));
        assert_int_equal(test_count(&world, "flow/arrived", "Q", -1), deterred ? 30 : 0);
        finish(&setup, &world);
    }
}

/* 30 blankets for two groups of 20, who come one after the other; 25 more come, of which ten are needed, and two for a
 * later group. */
static void blankets_are_given_out_once_a_person(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(
        &setup, &world,
        TEST_HEAD
        "duration: 10 h\n" TEST_EXACT "places: {P: {kind: post}}\nstations: {a: {time: 1 s, desks: 0}}\n"
        "posts: {P: {entry: {stations: [a]}}}\nrelief: {sites: {P: {blankets: 30}}}\n"
        "timeline: [{at: 3 h, order: deliver_blankets, lead: 0 s, target: P, number: 25}]\ndisplacement:\n" TEST_GROUP(
            "P", "1 h", "20", "") TEST_GROUP("P", "2 h", "20", "") TEST_GROUP("P", "4 h", "2", ""));
    assert_int_equal(test_bin(&world, "relief/blankets", "P", 0, 1, 0), 20);
    assert_int_equal(test_bin(&world, "relief/blankets", "P", 0, 2, 0), 10);
    assert_int_equal(test_bin(&world, "relief/blankets", "P", 0, 3, 0), 10);
    assert_int_equal(test_bin(&world, "relief/blankets", "P", 0, 4, 0), 2);
    finish(&setup, &world);
}

#define BUSY(relief)                                                                                               \
    TEST_HEAD                                                                                                      \
    "duration: 2 d\npatience: {time: {exponential: {mean: 3 h}}, then: another_post}\n"                            \
    "places: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}, C: {kind: centre}}\n"                           \
    "links: [{from: A, to: P, length: 10 km}, {from: A, to: Q, length: 14 km}, {from: P, to: C, length: 20 km}]\n" \
    "stations: {a: {time: {exponential: {mean: 2 min}}, desks: 2}, stay: {time: {exponential: {mean: 6 h}}, "      \
    "desks: 100, "                                                                                                 \
    "serves: group}}\n"                                                                                            \
    "posts: {P: {entry: {stations: [a]}}, Q: {entry: {stations: [a]}}}\ncentres: {C: {beds: 100, stations: "       \
    "[stay]}}\n"                                                                                                   \
    "onward: [{from: P, to: C}]\ndisplacement: [{from: A, people: 2000, shape: {uniform: {low: 0 d, high: 1 "      \
    "d}}}]\n" relief

static void where_nothing_is_lacking_the_rest_of_the_run_is_the_same(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, BUSY(""));
    test_setup(&with, BUSY("relief: {patience_effect: 1, deterrent: 10 h, sites: {P: {water: 1000 m3, food: 1000000, "
                           "blankets: 5000, latrines: 1000, "
                           "covered_area: 100000 m2, heaters: 100}, C: {water: 1000 m3}}}\n"));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    assert_true(test_count(&b, "relief/water_used", "C", -1) > 0);
    test_same_metrics(&a, &b);
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static void a_run_short_of_everything_is_the_same_however_run(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, BUSY("relief: {patience_effect: 0.5, deterrent: 1 h, sites: {P: {water: 500 L, food: 10, "
                            "blankets: 100, latrines: 1, "
                            "covered_area: 50 m2, heaters: 1, fuel: 5 L, deliveries: [{what: water, amount: 300, "
                            "every: 5 h}, {what: blankets, "
                            "amount: 40, every: 7 h}]}, C: {water: 0 L, blankets: 10}}}\n"));
    test_same_however_run(&setup, 3);
    model_setup_free(&setup);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    test_refused(WAITING("relief: {sites: {X: {water: 0 L}}}\n"), "no post or centre \"X\"");
    test_refused(WAITING("relief: {sites: {P: {water: 0 L, deliveries: [{what: food, amount: 5}]}}}\n"),
                 "keeps no account of `food`");
    test_refused(WAITING("relief: {sites: {P: {heaters: 2}}}\n"), "nothing covered");
    test_refused(WAITING("relief: {sites: {P: {covered_area: 5 m2, fuel: 2 L}}}\n"), "nothing burns");
    test_refused(WAITING("relief: {sites: {P: {taps: 2}}}\n"), "no water is counted");
    test_refused(
        WAITING(
            "relief: {sites: {P: {water: 0 L}}}\ntimeline: [{at: 0 s, order: deliver_food, target: P, amount: 4}]\n"),
        "keeps an account of `food`");
    test_refused(WAITING("relief: {sites: {P: {water: 0 L}}}\ntimeline: [{at: 0 s, order: deliver_water, target: P, "
                         "amount: 4, duration: 1 h}]\n"),
                 "no use for `duration`");
    test_refused(
        WAITING(
            "relief: {sites: {P: {water: 0 L}}}\ntimeline: [{at: 0 s, order: deliver_water, target: P, amount: -4}]\n"),
        "from 0 to 1e+12 L");
}

static void orders_of_what_cannot_be_read_are_not_called_wrong_too(void **state)
{
    (void)state;
    char *messages = test_problems(WAITING("relief: {tap: 5 kg, sites: {P: {water: 0 L}}}\ntimeline:\n"
                                           "  - {at: 0 s, order: deliver_water, target: P, amount: 4}\n"
                                           "  - {at: 0 s, order: build_latrines, target: P, number: 4}\n"));
    assert_non_null(strstr(messages, "tap"));
    assert_null(strstr(messages, "keeps an account"));
    free(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stock_runs_out_at_the_hour_worked_out_by_hand),
        cmocka_unit_test(taps_limit_what_people_get),
        cmocka_unit_test(deliveries_and_orders_fill_the_stock),
        cmocka_unit_test(space_and_latrines_are_held_against_the_standards),
        cmocka_unit_test(shortage_shortens_the_patience_of_those_who_come),
        cmocka_unit_test(shortage_deters_those_who_still_choose),
        cmocka_unit_test(blankets_are_given_out_once_a_person),
        cmocka_unit_test(where_nothing_is_lacking_the_rest_of_the_run_is_the_same),
        cmocka_unit_test(a_run_short_of_everything_is_the_same_however_run),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(orders_of_what_cannot_be_read_are_not_called_wrong_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
