/* Sites after the first post: chains of posts, centres with beds, destinations, and the shares of the ways on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define LAND                                                                                                           \
    "places: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}, C: {kind: centre}, D: {kind: destination}, I: "     \
    "{kind: informal}}\n"                                                                                              \
    "links: [{from: A, to: P, length: 10 km, speed: 10 m/s}, {from: P, to: Q, length: 36 km, speed: 10 m/s}, {from: "  \
    "P, to: C, length: 18 "                                                                                            \
    "km,"                                                                                                              \
    " speed: 10 m/s}, {from: C, to: D, length: 36 km, speed: 10 m/s}, {from: Q, to: D, length: 36 km, speed: 10 m/s}," \
    " {from: A, to: I, length: 90 km, speed: 10 m/s}, {from: I, to: D, length: 9 km, speed: 10 m/s}]\n"                \
    "stations: {check: {serves: group, time: 10 min}, stay: {serves: group, time: 5 h, desks: 1000}, "                 \
    "desk: {serves: group, time: 1 min, desks: 9, refuses: [{share: 1, ground: visa}]}}\n"

/* Groups of 100 that come by car to P, one a minute for three minutes. */
#define THREE                                                                                                   \
    "people: {group_size: 1000, modes: {foot: 0, car: 1}}\ntravel: {variation: 1}\ndisplacement:\n" TEST_GROUP( \
        "P", "1 min", "100", "") TEST_GROUP("P", "2 min", "100", "") TEST_GROUP("P", "3 min", "100", "")

/* P is passed at 11, 21 and 31 min; Q is an hour further and takes 10 min a group, without a queue. */
static void a_chain_of_posts_is_passed_one_after_another(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 4 h\n" LAND THREE
                                 "posts: {P: {entry: {stations: [check]}}, Q: {exit: {stations: [check]}}}\n"
                                 "onward: [{from: P, to: Q}, {from: Q, to: D}]\n");
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "Q/exit/check", {0, 4260}, {1, 4860}, {2, 5460});
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 300);
    assert_int_equal(test_count(&world, "flow/crossed", "Q", -1), 300);
    assert_int_equal(test_count(&world, "flow/settled", "D", -1), 300);
    assert_int_equal(test_level(&world, "people/present", "D", MODEL_SETTLED), 300);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* 150 beds: one group of 100 sleeps at a time, 5 h each; they come at 41, 51 and 61 min. The others wait in the open.
 */
static void a_full_centre_leaves_people_in_the_open(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 24 h\nbin: 24 h\n" LAND THREE
                         "posts: {P: {entry: {stations: [check]}}}\ncentres: {C: {beds: 150, stations: [stay]}}\n"
                         "onward: [{from: P, to: C}]\n");
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "C/entry/stay", {0, 2460}, {1, 20460}, {2, 38460});
    int64_t open = test_bin(&world, "people/present", "C", MODEL_IN_THE_OPEN, 0, 0);
    assert_int_equal(open, 100 * ((20460 - 3060) + (38460 - 3660)) * SIM_SECOND);
    assert_int_equal(test_bin(&world, "people/present", "C", MODEL_SHELTERED, 0, 0), 300 * 5 * SIM_HOUR);
    assert_int_equal(test_level(&world, "people/present", "C", MODEL_SETTLED), 300);
    assert_int_equal(test_bin(&world, "wait/centre", "C", 0, 0, 0),
                     100 * ((18000) + (38460 - 3060) + (56460 - 3660)) * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Of those with a need 60% go on to the centre, the others cross and stay; nobody else goes. */
static void shares_and_traits_say_who_goes_on(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 4 d\n" LAND
                                 "people: {group_size: 1, traits: {need: {share: 0.4}}, modes: {foot: 0, car: 1}}\n"
                                 "displacement: [{from: P, people: 20000, shape: {uniform: {low: 0 h, high: 20 h}}}]\n"
                                 "posts: {P: {entry: {stations: []}}}\ncentres: {C: {}}\nonward: [{from: P, to: C, "
                                 "share: 0.6, when: need, by: bus}]\n");
    test_run(&world, &setup, 1, 0);
    uint64_t need = 0, gone = (uint64_t)test_level(&world, "people/present", "C", MODEL_SETTLED);
    for (uint32_t i = 0; i < world.person_count; i++)
        need += world.traits[i] & 1;
    test_share("gone on", gone, need, 0.6);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_CROSSED), 20000 - (int64_t)gone);
    for (uint32_t i = 0; i < world.group_count; i++) {
        const model_group *g = model_group_at(&world, i);
        bool went = strcmp(setup.places[g->place].name, "C") == 0;
        assert_true(!went || (world.traits[i] & 1));
        assert_int_equal(g->mode, went ? 2 : 1);
    }
    model_world_free(&world);
    model_setup_free(&setup);
}

/* An informal crossing is chosen like a post: so far away that nobody takes it, unless posts are out of reach. */
static void an_informal_crossing_is_chosen_like_a_post(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 12 h\n" LAND TEST_EXACT
                                 "posts: {P: {entry: {stations: [check]}}}\nchoice: {scale: 1 min}\n"
                                 "onward: [{from: I, to: D}]\ntimeline: [{at: 2 h, order: close_link, target: A-P}]\n"
                                 "displacement:\n" TEST_GROUP("A", "0 h", "50", ", modes: {car: 1}")
                                     TEST_GROUP("A", "3 h", "70", ", modes: {car: 1}"));
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 50);
    assert_int_equal(test_count(&world, "flow/irregular", "I", -1), 70);
    assert_int_equal(test_count(&world, "flow/settled", "D", -1), 70);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* The way to Q leads through P's place: nobody crosses there without having crossed P, though Q would be chosen by half
 * of them. */
static void a_later_post_is_not_chosen_freely(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 2 d\n" LAND "people: {group_size: 1, modes: {car: 1}}\nchoice: {scale: 100 h}\n"
                         "posts: {P: {entry: {stations: [check]}}, Q: {appeal: 10 h, exit: {stations: [check]}}}\n"
                         "onward: [{from: P, to: Q, share: 0.5}]\ndisplacement: [{from: A, people: 100, shape: "
                         "{uniform: {low: 0 h, high: 5 h}}}]\n");
    test_run(&world, &setup, 1, 0);
    int64_t at_i = test_count(&world, "flow/irregular", "I", -1);
    assert_true(at_i > 20);
    assert_int_equal(test_count(&world, "flow/crossed", "P", -1), 100 - at_i);
    assert_true(test_count(&world, "flow/arrived", "Q", -1) < 100 - at_i);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Everyone is refused at P and turns to I, far away; on the way at A they are informed that nobody waits at P, and yet
 * do not turn to it again. */
static void who_was_refused_does_not_turn_back_to_where_it_was(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 2 d\n" LAND
                         "people: {group_size: 2, modes: {car: 1}}\nchoice: {scale: 1 min, informed: 1, gain: 0 h}\n"
                         "posts: {P: {entry: {stations: [desk]}}}\nrisk: {then: another_post}\n"
                         "displacement: [{from: A, people: 100, shape: {uniform: {low: 0 h, high: 5 h}}}]\n");
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_count(&world, "flow/refused", "P", -1), 100);
    assert_int_equal(test_count(&world, "flow/arrived", "P", -1), 100);
    assert_int_equal(test_count(&world, "flow/irregular", "I", -1), 100);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void ways_on_that_lead_nowhere_are_refused(void **state)
{
    (void)state;
#define WITH(rows) TEST_HEAD "duration: 4 h\n" LAND "posts: {P: {entry: {stations: [check]}}}\nonward: [" rows "]\n"
    test_refused(WITH("{from: D, to: P}"), "stay for good");
    test_refused(WITH("{from: P, to: P}"), "cannot go on to that");
    test_refused(WITH("{from: P, to: A}"), "cannot go on to that");
    test_refused(WITH("{from: A, to: P}"), "do not stop there");
    test_refused(WITH("{from: P, to: E}"), "E");
    test_refused(TEST_HEAD "duration: 4 h\n" LAND
                           "posts: {P: {entry: {stations: [check]}}}\ncentres: {D: {stations: [stay]}}\n",
                 "no place of kind centre");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_of_posts_is_passed_one_after_another),
        cmocka_unit_test(a_full_centre_leaves_people_in_the_open),
        cmocka_unit_test(shares_and_traits_say_who_goes_on),
        cmocka_unit_test(an_informal_crossing_is_chosen_like_a_post),
        cmocka_unit_test(a_later_post_is_not_chosen_freely),
        cmocka_unit_test(who_was_refused_does_not_turn_back_to_where_it_was),
        cmocka_unit_test(ways_on_that_lead_nowhere_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
