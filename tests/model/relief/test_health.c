/* Health against closed forms: with a constant hazard h those who have fallen ill after t are 1 - exp(-h t), those who
 * died of a second one are by the sum of two exponentials; frailty, blankets, roofs, heaters, shortage and the weather
 * change the dose by known factors; treatment, referral and wards by shares and by hand; and nothing at all without
 * hazards. */
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

/* 20,000 people come to a closed post at once and wait for ten hours. Unless said otherwise it is ten degrees too hot:
 * a hazard of 0.1 an hour, and nobody dies. */
#define PEOPLE_ALL "displacement: [{from: P, people: 20000, shape: 0 s}]\n"
#define TRAITS "traits: {ill: {share: 0}, old: {share: 0.4, frailty: 3}}"
#define WAITING_OF(traits, health, more)                                             \
    TEST_HEAD "duration: 10 h\npeople: {group_size: 1, " traits                      \
              "}\nplaces: {P: {kind: post}}\nstations: {a: {time: 1 s, desks: 0}}\n" \
              "posts: {P: {entry: {stations: [a]}}}\nhealth: {ill: ill, " health "}\n" PEOPLE_ALL more
#define WAITING(health, more) WAITING_OF("traits: {ill: {share: 0}}", health, more)
#define HOT "temperature: 42 C, heat: 0.01 /h, worsening: 0, mortality: 0 /d"
#define COLD "temperature: -5 C, cold: 0.01 /h, worsening: 0, mortality: 0 /d"

static void begin(model_setup *setup, model_world *world, const char *text, uint64_t seed)
{
    test_setup(setup, text);
    test_run(world, setup, seed, 0);
}

static void finish(model_setup *setup, model_world *world)
{
    model_world_free(world);
    model_setup_free(setup);
}

/* Claims that the share of those who fell ill is that of a dose. */
static void assert_dose(const char *text, uint64_t seed, double dose)
{
    model_setup setup;
    model_world world;
    begin(&setup, &world, text, seed);
    test_share("fell ill", (uint64_t)test_count(&world, "health/fell_ill", NULL, -1), PEOPLE, 1 - exp(-dose));
    finish(&setup, &world);
}

static void those_who_fall_ill_are_one_minus_exp_of_the_dose(void **state)
{
    (void)state;
    assert_dose(WAITING(HOT, ""), 1, 1);
    assert_dose(WAITING(COLD, ""), 2, 1);
    assert_dose(WAITING(HOT ", base: 0.05 /h", ""), 3, 1.5);
    assert_dose(WAITING(HOT ", comfort_high: 37 C", ""), 4, 0.5);
    assert_dose(WAITING(COLD ", comfort_low: 0 C", ""), 5, 0.5);
}

/* Ten degrees for two hours, 15 for two, 10 for four; before that it is comfortable. */
static void the_dose_follows_the_weather(void **state)
{
    (void)state;
    assert_dose(WAITING("temperature: [[0 s, 30 C], [2 h, 42 C]], heat: 0.01 /h, worsening: 0, mortality: 0 /d",
                        "timeline: [{at: 4 h, order: heat_wave, target: P, amount: 5, duration: 2 h}]\n"),
                1, 0.9);
    assert_dose(WAITING("temperature: 10 C, cold: 0.01 /h, worsening: 0, mortality: 0 /d",
                        "timeline: [{at: 4 h, order: cold_spell, target: \"*\", amount: 20}]\n"),
                2, 0.9);
    assert_dose(TEST_HEAD
                "duration: 10 h\npeople: {group_size: 1, traits: {ill: {share: 0}}}\nplaces: {P: {kind: post, "
                "temperature: 40 C}}\n"
                "stations: {a: {time: 1 s, desks: 0}}\nposts: {P: {entry: {stations: [a]}}}\nhealth: {ill: ill, " HOT
                "}\n" PEOPLE_ALL,
                3, 0.8);
}

/* P(dead) for hazards 1 and 2 in a row: 1 - (2 exp(-1) - exp(-2)). All are found at the end, and everyone is somewhere.
 */
static void those_who_are_ill_die_by_the_second_hazard(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world, WAITING("temperature: 42 C, heat: 0.01 /h, worsening: 2, mortality: 0 /d", ""), 7);
    int64_t died = test_count(&world, "health/died", "P", -1);
    test_share("died", (uint64_t)died, PEOPLE, 1 - (2 * exp(-1) - exp(-2)));
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_DIED), died);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_WAITING), PEOPLE - died);
    assert_int_equal(test_level(&world, "queue/people_waiting", "P/entry/a", 0), PEOPLE - died);
    assert_int_equal(test_count(&world, "health/died_by_trait", "P", 0), died);
    finish(&setup, &world);
    begin(&setup, &world, WAITING("mortality: 1.2 /d", ""), 8);
    test_share("died of something else", (uint64_t)test_count(&world, "health/died", "P", -1), PEOPLE, 1 - exp(-0.5));
    finish(&setup, &world);
}

static void frail_people_fall_ill_by_their_factor(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world, WAITING_OF(TRAITS, "temperature: 42 C, heat: 0.003 /h, worsening: 0, mortality: 0 /d", ""),
          1);
    uint64_t people[2] = {0}, ill[2] = {0};
    for (uint32_t i = 0; i < world.person_count; i++) {
        people[world.traits[i] >> 1]++;
        ill[world.traits[i] >> 1] += world.traits[i] & 1;
    }
    test_share("others", ill[0], people[0], 1 - exp(-0.3));
    test_share("old", ill[1], people[1], 1 - exp(-0.9));
    finish(&setup, &world);
}

/* 35,000 m2 are a roof for half of them, 20,000 m2 of it can be heated: for two sevenths. */
static void roofs_heaters_blankets_and_shortage_change_the_dose(void **state)
{
    (void)state;
    assert_dose(WAITING(HOT ", shelter: 0.6", "relief: {sites: {P: {covered_area: 35000 m2}}}\n"), 1,
                (1 - 0.6 * 0.5) * 1.5); /* half is lacking */
    assert_dose(
        WAITING(COLD ", shelter: 0.6, shortage: 0", "relief: {sites: {P: {covered_area: 35000 m2, heaters: 500}}}\n"),
        2, 1 - 2.0 / 7 - 0.6 * (0.5 - 2.0 / 7));
    assert_dose(WAITING(COLD ", blanket: 0.7", "relief: {sites: {P: {blankets: 20000}}}\n"), 3, 0.3);
    assert_dose(WAITING(COLD ", blanket: 0.7",
                        "relief: {sites: {P: {blankets: 0}}}\n"
                        "timeline: [{at: 5 h, lead: 0 s, order: deliver_blankets, target: P, number: 20000}]\n"),
                4, 0.5 + 0.15);
    /* without food; what is lacking shows a quarter of an hour later */
    assert_dose(WAITING(HOT ", shortage: 0.5", "relief: {sites: {P: {food: 0}}}\n"), 5, 0.1 * (0.25 + 9.75 * 1.5));
}

/* They wait for three hours on the exit side, are at a desk for one, and wait for four on the entry side: seven hours
 * in all. */
static void doses_of_several_waits_are_added_up(void **state)
{
    (void)state;
    assert_dose(
        TEST_HEAD
        "duration: 10 h\npeople: {group_size: 1, traits: {ill: {share: 0}}}\nplaces: {P: {kind: post}}\n"
        "stations: {a: {time: 1 h, desks: 20000}}\nhealth: {ill: ill, " HOT "}\n" PEOPLE_ALL
        "posts: {P: {exit: {opens: \"03:00\", closes: \"23:00\", stations: [a]}, entry: {opens: \"08:00\", closes: "
        "\"23:00\", stations: [a]}}}\n",
        1, 0.7);
}

/* Half of them find a bed, the others stay in the open. */
static void a_centre_shelters_those_whom_it_takes_in(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TEST_HEAD "duration: 10 h\npeople: {group_size: 1, traits: {ill: {share: 0}}}\nplaces: {P: {kind: post}, C: "
                    "{kind: centre}}\n"
                    "links: [{from: P, to: C, length: 1 m, speed: 1 m/s, modes: foot}]\nstations: {stay: {time: 1 d, "
                    "desks: 100000}}\n"
                    "posts: {P: {entry: {stations: []}}}\ncentres: {C: {beds: 10000, stations: [stay]}}\nonward: "
                    "[{from: P, to: C}]\n"
                    "health: {ill: ill, shelter: 0.7, " HOT "}\n" PEOPLE_ALL,
          1);
    uint64_t ill[2] = {0}, people[2] = {0};
    for (uint32_t i = 0; i < world.group_count; i++) {
        const model_group *g = model_group_at(&world, i);
        unsigned inside = g->customer.state == SIM_SERVED;
        people[inside]++;
        ill[inside] += world.traits[i] & 1;
    }
    assert_int_equal(people[1], 10000);
    test_share("in the open", ill[0], people[0], 1 - exp(-1));
    test_share("sheltered", ill[1], people[1], 1 - exp(-0.3));
    finish(&setup, &world);
}

/* A waiting area for 5,000: as people die in it others come in, until nobody is outside or the area is full. */
static void where_people_die_in_a_queue_others_come_in(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 20 h\npeople: {group_size: 1, traits: {ill: {share: 0}}}\nplaces: {P: "
                                 "{kind: post}}\nstations: {a: {time: 1 s, desks: "
                                 "0}}\n"
                                 "posts: {P: {entry: {waiting_area: 2500 m2, density: 2 1/m2, stations: "
                                 "[a]}}}\nhealth: {ill: ill, mortality: 1.2 /d}\n" PEOPLE_ALL);
    test_world(&world, &setup, 1, 0);
    assert_int_equal(model_world_run(&world, setup.end - SIM_SECOND, 1), 0);
    int64_t alive = PEOPLE - test_level(&world, "people/present", "P", MODEL_DIED);
    assert_true(alive < 3 * PEOPLE / 5);
    assert_int_equal(test_level(&world, "queue/people_waiting", "P/entry/a", 0), 5000);
    assert_int_equal(test_level(&world, "queue/outside", "P", 0), alive - 5000);
    assert_int_equal(world.site_states[0].waiting, alive);
    finish(&setup, &world);
}

static void stations_find_treat_and_refer_by_their_shares(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TEST_HEAD
          "duration: 1 d\npeople: {group_size: 1, traits: {ill: {share: 0.5}}}\nplaces: {P: {kind: post}}\n"
          "stations: {a: {time: 1 s, desks: 20000, treats: {sensitivity: 0.8, referral: 0.3, success: 0.6}}}\n"
          "posts: {P: {entry: {stations: [a]}}}\nhealth: {ill: ill}\n" PEOPLE_ALL,
          1);
    uint64_t missed = (uint64_t)test_count(&world, "health/missed", "P", -1),
             treated = (uint64_t)test_count(&world, "health/treated", "P", -1),
             referred = (uint64_t)test_count(&world, "health/referred", "P", -1), still = 0;
    for (uint32_t i = 0; i < world.person_count; i++)
        still += world.traits[i] & 1; /* the referred too: there is no ward */
    uint64_t came = still + treated;
    test_share("missed", missed, came, 0.2);
    test_share("referred", referred, came - missed, 0.3);
    test_share("treated", treated, came - missed - referred, 0.6);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_IN_CARE), referred);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_CROSSED), PEOPLE - referred);
    finish(&setup, &world);
}

/* Four come to two beds at one, two, three and four hours, five hours each: the third waits from three to six, the
 * fourth from four to seven; two more beds from six and a half hours on. */
static void wards_take_people_in_by_turns(void **state)
{
    (void)state;
#define WARD(more)                                                                                                    \
    TEST_HEAD                                                                                                         \
    "duration: 20 h\nbin: 20 h\n"                                                                                     \
    "people: {group_size: 1000, traits: {ill: {share: 1}}}\ntravel: {variation: 1}\nplaces: {P: {kind: post}}\n"      \
    "stations: {a: {time: 0 s, desks: 9, treats: {sensitivity: 1, referral: 1}}}\nposts: {P: {entry: {stations: "     \
    "[a]}}}\n"                                                                                                        \
    "health: {ill: ill, wards: [{site: P, beds: 2, stay: 5 h, deaths: 0, day_cost: 25 USD}]}\n" more                  \
    "displacement:\n" TEST_GROUP("P", "1 h", "1", "") TEST_GROUP("P", "2 h", "1", "") TEST_GROUP("P", "3 h", "1", "") \
        TEST_GROUP("P", "4 h", "1", "")
    model_setup setup;
    model_world world;
    begin(&setup, &world, WARD(""), 1);
    assert_int_equal(test_bin(&world, "health/wait_for_bed", "P", 0, 0, 0), 6 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "health/in_ward", "P", 0, 0, 0), 20 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "health/in_ward", "P", 0, 0, 1), 2);
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_HEALTH), 20); /* 20 h of 25 / 24 USD */
    assert_int_equal(test_count(&world, "health/discharged", "P", -1), 4);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_SETTLED), 4);
    assert_int_equal(test_bin(&world, "people/present", "P", MODEL_IN_CARE, 0, 0), 26 * SIM_HOUR);
    finish(&setup, &world);
    begin(&setup, &world,
          WARD("timeline: [{at: 3.5 h, order: add_ward_beds, lead: 0 s, target: P, number: 2, duration: 1 h}]\n"), 1);
    assert_int_equal(test_bin(&world, "health/wait_for_bed", "P", 0, 0, 0), SIM_HOUR / 2);
    assert_int_equal(test_bin(&world, "health/in_ward", "P", 0, 0, 1), 4);
    finish(&setup, &world);
}

static void people_die_in_wards_by_their_share(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    begin(&setup, &world,
          TEST_HEAD "duration: 1 d\npeople: {group_size: 1, traits: {ill: {share: 1}}}\nplaces: {P: {kind: post}}\n"
                    "stations: {a: {time: 1 s, desks: 20000, treats: {sensitivity: 1, referral: 1}}}\nposts: {P: "
                    "{entry: {stations: [a]}}}\n"
                    "health: {ill: ill, wards: [{site: P, beds: 100000, stay: {exponential: {mean: 1 h}}, deaths: "
                    "0.2}]}\n" PEOPLE_ALL,
          1);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_IN_CARE), 0);
    test_share("died", (uint64_t)test_count(&world, "health/died", "P", -1), PEOPLE, 0.2);
    finish(&setup, &world);
}

#define BUSY(treats, health)                                                                                       \
    TEST_HEAD                                                                                                      \
    "duration: 2 d\npatience: {time: {exponential: {mean: 5 h}}, then: another_post}\n"                            \
    "people: {traits: {ill: {share: 0}, old: {share: 0.2, frailty: 2}}}\n"                                         \
    "places: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}, C: {kind: centre}}\n"                           \
    "links: [{from: A, to: P, length: 10 km}, {from: A, to: Q, length: 14 km}, {from: P, to: C, length: 20 km}]\n" \
    "stations: {a: {time: {exponential: {mean: 1 min}}, desks: 1" treats "},"                                      \
    " stay: {time: {exponential: {mean: 6 h}}, desks: 100, serves: group}}\n"                                      \
    "posts: {P: {entry: {waiting_area: 80 m2, stations: [a]}}, Q: {entry: {stations: [a]}}}\ncentres: {C: {beds: " \
    "100, "                                                                                                        \
    "stations: [stay]}}\n"                                                                                         \
    "onward: [{from: P, to: C}]\ndisplacement: [{from: A, people: 2500, shape: {uniform: {low: 0 d, high: 1 "      \
    "d}}}]\n" health

static void without_hazards_the_rest_of_the_run_is_the_same(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, BUSY("", ""));
    test_setup(&with, BUSY("", "health: {ill: ill, temperature: {mean: 20 C, amplitude: 25 C, period: 24 h, peak: "
                               "\"15:00\"}, heat: 0 /h, cold: 0 /h, "
                               "mortality: 0 /d}\n"));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    test_same_metrics(&a, &b);
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static void a_run_with_illness_and_death_is_the_same_however_run(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    static const char text[] =
        BUSY(", treats: {sensitivity: 0.9, referral: 0.7}",
             "health: {ill: ill, temperature: {mean: 20 C, amplitude: 25 C, period: 24 h, peak: \"15:00\"}, heat: "
             "0.005 /h, cold: 0.005 /h, "
             "worsening: 1,"
             " mortality: 0.05 /d, wards: [{site: P, beds: 5, stay: {exponential: {mean: 4 h}}, deaths: 0.1}, {site: "
             "Q, beds: 1, stay: 3 h}]}\n"
             "relief: {sites: {P: {water: 200 L, blankets: 100, covered_area: 50 m2}, C: {blankets: 50}}}\n"
             "timeline: [{at: 10 h, order: heat_wave, target: \"*\", amount: 3, duration: 7 h}, {at: 1 d, lead: 0 s, "
             "order: add_ward_beds, "
             "target: "
             "Q, number: 3}]\n");
    begin(&setup, &world, text, 3);
    assert_true(test_count(&world, "health/died", NULL, -1) > 100 &&
                test_count(&world, "health/referred", NULL, -1) > 10);
    model_world_free(&world);
    test_same_however_run(&setup, 3);
    model_setup_free(&setup);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
#define SMALL(station, more)                                                                                           \
    TEST_HEAD "duration: 2 h\npeople: {traits: {ill: {share: 0}}}\nplaces: {P: {kind: post}}\nstations: {a: {time: 1 " \
              "s" station "}}\n"                                                                                       \
              "posts: {P: {entry: {stations: [a]}}}\n" more
    test_refused(SMALL(", treats: {sensitivity: 1}", ""), "nobody is ill in this scenario");
    test_refused(SMALL("", "health: {ill: il}\n"), "ill");
    test_refused(SMALL("", "health: {ill: ill, comfort_low: 40 C}\n"), "no temperature is comfortable");
    test_refused(SMALL("", "health: {ill: ill, temperature: 70 C}\n"), "out of range");
    test_refused(SMALL("", "health: {ill: ill, wards: [{site: P, beds: 1}, {site: P, beds: 1}]}\n"),
                 "has a ward already");
    test_refused(SMALL("", "health: {wards: [{site: P, beds: 1}]}\n"), "nobody is ill in this scenario");
    test_refused(SMALL("", "health: {ill: ill}\ntimeline: [{at: 0 s, order: heat_wave, target: P, amount: 5}]\n"),
                 "weather");
    test_refused(SMALL("", "health: {ill: ill}\ntimeline: [{at: 0 s, order: add_ward_beds, target: P, number: 5}]\n"),
                 "has a ward");
}

static void orders_of_what_cannot_be_read_are_not_called_wrong_too(void **state)
{
    (void)state;
    char *messages = test_problems(SMALL("", "health: {ill: ill, base: 5 kg}\ntimeline:\n"
                                             "  - {at: 0 s, order: heat_wave, target: P, amount: 5}\n"
                                             "  - {at: 0 s, order: add_ward_beds, target: P, number: 5}\n"));
    assert_non_null(strstr(messages, "base"));
    assert_null(strstr(messages, "no site meant"));
    free(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_fall_ill_are_one_minus_exp_of_the_dose),
        cmocka_unit_test(the_dose_follows_the_weather),
        cmocka_unit_test(those_who_are_ill_die_by_the_second_hazard),
        cmocka_unit_test(frail_people_fall_ill_by_their_factor),
        cmocka_unit_test(roofs_heaters_blankets_and_shortage_change_the_dose),
        cmocka_unit_test(doses_of_several_waits_are_added_up),
        cmocka_unit_test(a_centre_shelters_those_whom_it_takes_in),
        cmocka_unit_test(where_people_die_in_a_queue_others_come_in),
        cmocka_unit_test(stations_find_treat_and_refer_by_their_shares),
        cmocka_unit_test(wards_take_people_in_by_turns),
        cmocka_unit_test(people_die_in_wards_by_their_share),
        cmocka_unit_test(without_hazards_the_rest_of_the_run_is_the_same),
        cmocka_unit_test(a_run_with_illness_and_death_is_the_same_however_run),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(orders_of_what_cannot_be_read_are_not_called_wrong_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
