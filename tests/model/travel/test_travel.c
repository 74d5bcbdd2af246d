/* Travel: the fastest open way of the mode, closures and reopening, links that let people in at their capacity, travel
 * times. With no variation every time is known: a walker does 4.8 km in 1 h (4.8 km/h), a car 60 km, a train 60 km. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define TRAVEL(more) "travel: {speed: {foot: 4.8 km/h, car: 60 km/h, bus: 30 km/h, rail: 60 km/h}" more "}\n"
#define HOUR(h) ((h)*3600.0)

/* City - Forks - P; a shorter way over the Pass for walkers, a railway; Q beyond Forks. The desks serve everyone at
 * once. */
#define LAND(options, more, displacement)                                                                            \
    TEST_HEAD "duration: 3 d\npeople: {group_size: 1000}\n" options                                                  \
              "places: {City: {kind: origin}, Forks: {kind: junction}, Pass: {kind: junction}, P: {kind: post}, Q: " \
              "{kind: post}}\n"                                                                                      \
              "links:\n"                                                                                             \
              "  - {from: City, to: Forks, length: 24 km}\n"                                                         \
              "  - {from: Forks, to: P, length: 24 km}\n"                                                            \
              "  - {from: City, to: Pass, length: 12 km, modes: foot}\n"                                             \
              "  - {from: Pass, to: P, length: 12 km, modes: foot}\n"                                                \
              "  - {from: City, to: P, length: 90 km, modes: rail}\n"                                                \
              "  - {from: Forks, to: Q, length: 96 km, speed: 96 km/h}\n"                                            \
              "stations: {s: {time: 0 s, desks: 1000}}\nposts: {P: {entry: {stations: [s]}}, Q: {entry: {stations: " \
              "[s]}}}\n" more "displacement:\n" displacement
#define TO_P(mode, time) TEST_GROUP("City", time, "1", ", to: P, modes: {" mode ": 1}")
#define TO_Q(mode, time) TEST_GROUP("City", time, "1", ", to: Q, modes: {" mode ": 1}")

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

static void each_mode_takes_its_fastest_way(void **state)
{
    (void)state;
    run r; /* 24 km over the Pass on foot; 48 km by car and bus; 90 km by rail; to Q 24 km, then 96 km at 96 km/h for
              vehicles only */
    begin(&r, LAND(TRAVEL(", variation: 1"), "",
                   TO_P("foot", "0 h") TO_P("car", "0 h") TO_P("bus", "0 h") TO_P("rail", "0 h") TO_Q("car", "0 h")
                       TO_Q("foot", "0 h")));
    TEST_STARTS(&r.world, "P/entry/s", {1, HOUR(0.8)}, {3, HOUR(1.5)}, {2, HOUR(1.6)}, {0, HOUR(5)});
    TEST_STARTS(&r.world, "Q/entry/s", {4, HOUR(1.4)}, {5, HOUR(25)});
    assert_int_equal(test_count(&r.world, "flow/set_out", "City", -1), 6);
    finish(&r);
}

static void travel_time_is_recorded_and_people_count_for_the_place_ahead(void **state)
{
    (void)state;
    run r;
    begin(&r, LAND(TRAVEL(", variation: 1"), "", TEST_GROUP("City", "0 h", "5", ", to: P, modes: {car: 1}")));
    int64_t sum = 0, weight = 0;
    for (uint32_t bin = 0; bin < 72; bin++) {
        sum += test_bin(&r.world, "travel/time", "P", -1, bin, 0);
        weight += test_bin(&r.world, "travel/time", "P", -1, bin, 1);
    }
    assert_int_equal(weight, 5);
    assert_int_equal(sum, 5 * 2880 * SIM_SECOND);
    assert_int_equal(test_count(&r.world, "people/present", "Forks", MODEL_TRAVELLING), 5 * 1440 * SIM_SECOND);
    assert_int_equal(test_count(&r.world, "people/present", "P", MODEL_TRAVELLING), 5 * 1440 * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "people/present", "Forks", MODEL_TRAVELLING, 0, 1),
                     5); /* at a control instant, 15 min */
    finish(&r);
}

static void who_meets_a_closure_takes_another_way(void **state)
{
    (void)state;
    run r; /* the Pass closes at 1 h: group 0 is on its way to it and turns at the Pass: back 2.5 h, then 10 h by the
              road; group 1 takes the road */
    begin(&r, LAND(TRAVEL(", variation: 1"), "timeline: [{at: 1 h, order: close_link, target: Pass-P}]\n",
                   TO_P("foot", "0 h") TO_P("foot", "1 h")));
    TEST_STARTS(&r.world, "P/entry/s", {1, HOUR(11)}, {0, HOUR(2.5 + 2.5 + 10)});
    finish(&r);
}

static void who_is_on_a_link_that_closes_goes_to_its_end(void **state)
{
    (void)state;
    run r;
    begin(&r, LAND(TRAVEL(", variation: 1"), "timeline: [{at: 3 h, order: close_link, target: Pass-P}]\n",
                   TO_P("foot", "0 h")));
    TEST_STARTS(&r.world, "P/entry/s", {0, HOUR(5)});
    finish(&r);
}

static void the_stranded_go_on_when_the_way_opens(void **state)
{
    (void)state;
    run r; /* by train: no other way; the line is closed from 1 h on and opens at 10 h */
    test_setup(&r.setup, LAND(TRAVEL(", variation: 1"),
                              "timeline: [{at: 1 h, order: close_link, target: City-P, duration: 9 h}]\n",
                              TO_P("rail", "1 h") TO_P("rail", "2 h") TO_P("rail", "0 h")));
    test_world(&r.world, &r.setup, 1, 0);
    assert_int_equal(model_world_run(&r.world, 9 * SIM_HOUR, 1), 0);
    assert_int_equal(test_level(&r.world, "people/present", "City", MODEL_STRANDED), 2);
    assert_int_equal(model_world_run(&r.world, r.setup.end, 1), 0);
    TEST_STARTS(&r.world, "P/entry/s", {2, HOUR(1.5)}, {0, HOUR(11.5)}, {1, HOUR(11.5)});
    assert_int_equal(test_count(&r.world, "people/present", "City", MODEL_STRANDED), 17 * SIM_HOUR);
    finish(&r);
}

static void who_has_no_way_at_all_stays_stranded(void **state)
{
    (void)state;
    run r; /* no railway to Q */
    begin(&r, LAND(TRAVEL(", variation: 1"), "", TO_Q("rail", "0 h")));
    assert_int_equal(test_level(&r.world, "people/present", "City", MODEL_STRANDED), 1);
    finish(&r);
}

static void who_may_choose_turns_to_a_post_that_is_open_when_the_way_closes(void **state)
{
    (void)state;
    run r; /* both on the road to Forks when the way on to P closes; they know nothing of waits and do not reconsider
              for gain */
    begin(&r, LAND(TRAVEL(", variation: 1"),
                   "choice: {informed: 0, scale: 1 s, reconsider: false}\ntimeline: [{at: 12 min, order: close_link, "
                   "target: Forks-P}]\n",
                   TEST_GROUP("City", "0 h", "1", ", modes: {car: 1}")
                       TEST_GROUP("City", "0 h", "1", ", to: P, modes: {car: 1}")));
    TEST_STARTS(&r.world, "Q/entry/s", {0, HOUR(1.4)});
    assert_int_equal(test_level(&r.world, "people/present", "Forks", MODEL_STRANDED),
                     1); /* whose post is given waits */
    finish(&r);
}

static void a_link_lets_people_in_at_its_capacity(void **state)
{
    (void)state;
    /* 60 people an hour: a minute a person. Groups of 3, 2, 1 at 0 s, 30 s and 10 min: entering at 0, 3 and 10 min; the
     * other direction is free */
    run r;
    begin(
        &r,
        TEST_HEAD "duration: 1 d\npeople: {group_size: 1000}\n" TRAVEL(
            ", variation: 1") "places: {City: {kind: origin}, P: {kind: post}, Q: {kind: post}, Town: {kind: origin}}\n"
                              "links: [{from: City, to: P, length: 10 km, capacity: 60 /h}, {from: Town, to: P, "
                              "length: 10 km}, {from: "
                              "City, to: Q, length: 10 km}]\n"
                              "stations: {s: {time: 0 s, desks: 1000}}\nposts: {P: {entry: {stations: [s]}}, Q: "
                              "{entry: {stations: [s]}}}\n"
                              "displacement:\n" TEST_GROUP("City", "0 s", "3", ", to: P, modes: {car: 1}")
                                  TEST_GROUP("City", "30 s", "2", ", to: P, modes: {car: 1}")
                                      TEST_GROUP("City", "10 min", "1", ", to: P, modes: {car: 1}")
                                          TEST_GROUP("Town", "0 s", "9", ", to: Q, modes: {car: 1}")
                                              TEST_GROUP("City", "10 min", "1", ", to: P, modes: {bus: 1}"));
    TEST_STARTS(&r.world, "P/entry/s", {0, 600}, {1, 600 + 180}, {2, 600 + 600}, {4, 1200 + 600 + 60});
    TEST_STARTS(&r.world, "Q/entry/s", {3, 1800}); /* by P, against the queue */
    finish(&r);
}

static void a_capacity_is_met_exactly_over_a_long_queue(void **state)
{
    (void)state;
    run r; /* 700 people who all want to go at once at 700 /h: the last one enters after one hour less one gap of 5 1/7
              s */
    size_t count;
    begin(&r, TEST_HEAD "duration: 1 d\npeople: {group_size: 1}\n" TRAVEL(
                  ", variation: 1") "places: {City: {kind: origin}, P: {kind: post}}\nlinks: [{from: City, to: P, "
                                    "length: 60 km, capacity: "
                                    "700 /h, modes: car}]\n"
                                    "stations: {s: {time: 0 s, desks: 1000}}\nposts: {P: {entry: {stations: [s]}}}\n"
                                    "displacement: [{from: City, people: 700, shape: 0 s, modes: {car: 1}}]\n");
    model_journey *rows = test_journeys(&r.world, NULL, &count);
    assert_int_equal(count, 700);
    for (size_t i = 0; i < count; i++) {
        sim_time exact = SIM_HOUR + (sim_time)((double)i * 3600e6 / 700), error = rows[i].started - exact;
        assert_int_equal(rows[i].group, i);
        assert_true(error >= -(sim_time)i && error <= (sim_time)i + 1); /* gaps are whole microseconds */
    }
    free(rows);
    finish(&r);
}

static void a_group_has_one_pace_on_all_its_ways(void **state)
{
    (void)state;
    run r;
    size_t count;
    begin(&r, TEST_HEAD "duration: 3 d\npeople: {group_size: 1}\n" TRAVEL(
                  ", variation: {triangular: {low: 0.8, mode: 1, high: 1.4}}") "places: {City: {kind: origin}, Forks: "
                                                                               "{kind: junction}, P: "
                                                                               "{kind: post}}\n"
                                                                               "links: [{from: City, to: Forks, "
                                                                               "length: 4.8 km}, {from: "
                                                                               "Forks, to: P, length: 9.6 km}]\n"
                                                                               "stations: {s: {time: 0 s, desks: "
                                                                               "10000}}\nposts: {P: "
                                                                               "{entry: {stations: "
                                                                               "[s]}}}\ndisplacement: [{from: City, "
                                                                               "people: 3000, shape: 0 s}]\n");
    model_journey *rows = test_journeys(&r.world, NULL, &count);
    assert_int_equal(count, 3000);
    double sum = 0;
    uint32_t slow = 0;
    for (size_t i = 0; i < count; i++) {
        double factor = (double)rows[i].started / (3 * 3600e6);
        assert_true(factor > 0.8 && factor < 1.4); /* both ways with one factor: only so extremes are near the ends */
        sum += factor;
        slow += factor > 1.3;
    }
    /* the triangular's mean is 16/15, its standard deviation 0.1247; beyond 1.3 lie 4.167% (of two factors, weighted
     * 1:2, 1.2% would) */
    assert_true(sum / 3000 > 16 / 15.0 - 3.29 * 0.1247 / 54.77 && sum / 3000 < 16 / 15.0 + 3.29 * 0.1247 / 54.77);
    test_share("slow", slow, count, 0.1 * 0.1 / (0.6 * 0.4));
    free(rows);
    finish(&r);
}

static void a_one_way_link_leads_one_way(void **state)
{
    (void)state;
    run r;
    begin(&r, TEST_HEAD "duration: 1 d\npeople: {group_size: 1000}\n" TRAVEL(
                  ", variation: 1") "places: {A: {kind: origin}, B: {kind: origin}, P: {kind: post}}\n"
                                    "links: [{from: A, to: B, length: 4.8 km, one_way: true}, {from: B, to: P, length: "
                                    "4.8 km}, {from: P, "
                                    "to: A, length: 48 km, one_way: true}]\n"
                                    "stations: {s: {time: 0 s, desks: 1000}}\nposts: {P: {entry: {stations: [s]}}}\n"
                                    "displacement:\n" TEST_GROUP("A", "0 s", "1", "") TEST_GROUP("B", "0 s", "1", ""));
    assert_int_equal(r.setup.arc_count, 4);
    TEST_STARTS(&r.world, "P/entry/s", {1, HOUR(1)}, {0, HOUR(2)});
    finish(&r);
}

static void places_close_together_share_a_process_and_the_rest_gives_the_lookahead(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, TEST_HEAD "duration: 1 d\n" TRAVEL(
                           ", variation: {uniform: {low: 0.5, high: 2}}") "places: {A: {kind: origin}, B: {kind: "
                                                                          "origin}, C: {kind: junction}, P: {kind: "
                                                                          "post}}\n"
                                                                          "links: [{from: A, to: B, length: 19 km, "
                                                                          "modes: [foot, car]}, {from: B, to: C, "
                                                                          "length: 21 km, modes: car}, {from: C, to: "
                                                                          "P, length: 30 km, modes: car}]\n"
                                                                          "posts: {P: {}}\ndisplacement: []\n");
    assert_int_equal(setup.process_count, 3); /* A and B are less than ten minutes apart by the fastest car */
    assert_int_equal(setup.places[0].process, setup.places[1].process);
    assert_true(setup.lookahead > 629 * SIM_SECOND && setup.lookahead <= 630 * SIM_SECOND);
    model_setup_free(&setup);
}

static void links_that_cannot_be_are_refused(void **state)
{
    (void)state;
    test_refused(TEST_HEAD
                 "duration: 1 d\nplaces: {P: {kind: post}}\nlinks: [{from: P, to: P, length: 1 km}]\nposts: {P: {}}\n",
                 "a link leads from a place to itself");
    test_refused(TEST_HEAD "duration: 1 d\nplaces: {P: {kind: post}}\ntravel: {variation: 0.001}\nposts: {P: {}}\n",
                 "variation");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mode_takes_its_fastest_way),
        cmocka_unit_test(travel_time_is_recorded_and_people_count_for_the_place_ahead),
        cmocka_unit_test(who_meets_a_closure_takes_another_way),
        cmocka_unit_test(who_is_on_a_link_that_closes_goes_to_its_end),
        cmocka_unit_test(the_stranded_go_on_when_the_way_opens),
        cmocka_unit_test(who_has_no_way_at_all_stays_stranded),
        cmocka_unit_test(who_may_choose_turns_to_a_post_that_is_open_when_the_way_closes),
        cmocka_unit_test(a_link_lets_people_in_at_its_capacity),
        cmocka_unit_test(a_capacity_is_met_exactly_over_a_long_queue),
        cmocka_unit_test(a_group_has_one_pace_on_all_its_ways),
        cmocka_unit_test(a_one_way_link_leads_one_way),
        cmocka_unit_test(places_close_together_share_a_process_and_the_rest_gives_the_lookahead),
        cmocka_unit_test(links_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
