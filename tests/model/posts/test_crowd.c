/* Crowds against hand computation: density, dangerous time, crush-risk episodes, slowed walking, the line of vehicles;
 * and that gates, tokens and limits let in whom they should, when they should, in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define POST "places: {P: {kind: post}}\n"
#define ONE_DESK "stations: {check: {serves: group, time: 10 min}}\n"
#define HALL(more) "posts: {P: {entry: {stations: [check]" more "}}}\n"
#define HUNDRED ", waiting_area: 100 m2, density: 8 1/m2"

/* 300, 300 and 300 people into 100 m2 that take 800, ten minutes a group: 300 inside from 1 min on, 600 from 2 to 21
 * min, 300 to 31 min. */
static void density_and_time_above_thresholds_are_exact(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 2 h\nbin: 2 h\n" POST TEST_EXACT ONE_DESK HALL(
                           HUNDRED) "displacement:\n" TEST_GROUP("P", "1 min", "300", "")
                           TEST_GROUP("P", "2 min", "300", "") TEST_GROUP("P", "3 min", "300", ""));
    test_run(&world, &setup, 1, 0);
    int64_t area = 300 * 60 + 600 * (1260 - 120) + 300 * 600;
    assert_int_equal(test_bin(&world, "crowd/density_entry", "P", 0, 0, 0), 10 * area * SIM_SECOND);
    assert_int_equal(test_bin(&world, "crowd/density_entry", "P", 0, 0, 1), 6000);
    assert_int_equal(test_count(&world, "crowd/time_in_contact", "P", -1), 600 * (1260 - 120)); /* 357 and more */
    assert_int_equal(test_count(&world, "crowd/time_unsafe", "P", -1), 600 * (1260 - 120));     /* 500 and more */
    assert_int_equal(test_count(&world, "crowd/crush_risk_episodes", "P", -1), 1);              /* 555 and more, once */
    assert_int_equal(test_bin(&world, "crowd/density_exit", "P", 0, 0, 0), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Between contact (3) and danger (6): thresholds of the scenario's own. 400 people are in contact and not unsafe. */
static void each_threshold_counts_for_itself(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 2 h\n" POST TEST_EXACT ONE_DESK HALL(
                           HUNDRED) "crowd: {contact: 3 1/m2, unsafe: 4.5 1/m2, danger: 6 1/m2}\n"
                                    "displacement:\n" TEST_GROUP("P", "0 h", "200", "")
                                        TEST_GROUP("P", "1 min", "200", "") TEST_GROUP("P", "2 min", "100", ""));
    test_run(&world, &setup, 1, 0);
    /* 400 from 1 to 2 min, 500 to 10 min, 300 to 20 min */
    assert_int_equal(test_count(&world, "crowd/time_in_contact", "P", -1), 400 * 60 + 500 * 480);
    assert_int_equal(test_count(&world, "crowd/time_unsafe", "P", -1), 500 * 480);
    assert_int_equal(test_count(&world, "crowd/crush_risk_episodes", "P", -1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Two desks of ten minutes; inside: 560 (an episode), 510 from 10 min (still), 570 from 11 min (the same one), 310
 * (over), 560 from 31 min (a second one). */
static void an_episode_is_over_only_below_the_lower_threshold(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 2 h\n" POST TEST_EXACT ONE_DESK HALL(HUNDRED) "displacement:\n" TEST_GROUP(
                           "P", "0 h", "50", "") TEST_GROUP("P", "1 min", "260", "") TEST_GROUP("P", "2 min", "250", "")
                           TEST_GROUP("P", "11 min", "60", "") TEST_GROUP("P", "21 min", "250", ""));
    test_run(&world, &setup, 1, 0);
    /* 560 from 2 min; 510 from 10; 570 from 11; 310 from 20; 560 from 21 */
    assert_int_equal(test_count(&world, "crowd/crush_risk_episodes", "P", -1), 2);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* 134 m to the desk: 100 s alone, 100 / 0.452 s at 2 people a square metre, 100 / 0.028 s from 5 on. */
static void walking_is_slowed_by_density(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD
               "duration: 4 h\n" POST TEST_EXACT "stations: {check: {serves: group, time: 10 min, walk: 134 m}}\n" HALL(
                   HUNDRED) "displacement:\n" TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "1 min", "99", "")
                   TEST_GROUP("P", "2 min", "101", "") TEST_GROUP("P", "12 min", "400", ""));
    test_run(&world, &setup, 1, 0);
    size_t count;
    model_journey *j = test_journeys(&world, "P/entry/check", &count);
    assert_int_equal(count, 4);
    /* inside are 1 (share 1 - 0.01 / 0.5 x 0.031), then 200, 501 and 400 */
    const double densities[] = {1 - 0.02 * 0.031, 0.452, 0.028, 0.117};
    for (size_t i = 0; i < count; i++)
        assert_true(llabs(j[i].served - j[i].started - (sim_time)((600 + 100 / densities[i]) * 1e6)) <= 1);
    free(j);
    model_world_free(&world);
    model_setup_free(&setup);
    test_setup(&setup, TEST_HEAD
               "duration: 4 h\n" POST TEST_EXACT "stations: {check: {serves: group, time: 10 min, walk: 67 m}}\n" HALL(
                   HUNDRED) "crowd: {speed: 0.67 m/s}\ndisplacement:\n" TEST_GROUP("P", "0 h", "200", "")
                   TEST_GROUP("P", "1 min", "125", ""));
    test_run(&world, &setup, 1, 0);
    j = test_journeys(&world, "P/entry/check", &count);
    /* 2 and (when the first has gone) 1.25 people a square metre, half way between the shares at 1 and at 1.5 */
    assert_true(llabs(j[0].served - j[0].started - (sim_time)((600 + 100 / 0.452) * 1e6)) <= 1);
    assert_true(llabs(j[1].served - j[1].started - (sim_time)((600 + 100 / 0.696) * 1e6)) <= 1);
    free(j);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Where there is no area walking takes the free time, and density is not known. */
static void without_an_area_people_walk_freely(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD
               "duration: 4 h\n" POST TEST_EXACT "stations: {check: {serves: group, time: 10 min, walk: 134 m}}\n" HALL(
                   "") "displacement:\n" TEST_GROUP("P", "0 h", "900", "") TEST_GROUP("P", "0 h", "900", ""));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 0}, {1, 700});
    assert_int_equal(test_bin(&world, "crowd/density_entry", "P", 0, 0, 1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* 60 people an hour: a group of 3 takes 3 minutes of the gate. From 2 h on it is open. */
static void a_metered_gate_lets_in_so_many_an_hour_in_order(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD
               "duration: 4 h\n" POST TEST_EXACT "stations: {check: {serves: group, time: 10 s, desks: 10}}\n" HALL(
                   "") "timeline: [{at: 0 h, order: meter_flow, target: P/entry, number: 60, duration: 2 h}]\n"
                       "displacement:\n" TEST_GROUP("P", "1 min", "3", "") TEST_GROUP("P", "2 min", "1", "")
                           TEST_GROUP("P", "3 min", "2", "") TEST_GROUP("P", "30 min", "60", "")
                               TEST_GROUP("P", "31 min", "30", "") TEST_GROUP("P", "100 min", "5", "")
                                   TEST_GROUP("P", "101 min", "4", ""));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 60}, {1, 240}, {2, 300}, {3, 1800}, {4, 5400}, {5, 7200}, {6, 7200});
    assert_int_equal(test_bin(&world, "queue/outside", "P", 0, 0, 0),
                     (120 + 2 * 120 + 30 * (3600 - 1860)) * SIM_SECOND); /* in the first hour */
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Many people at a gate of 900 an hour: it lets in one every 4 s exactly, whoever waits. With two orders in force the
 * stricter one counts. */
static void the_rate_of_a_gate_is_exact_and_the_strictest_counts(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD
               "duration: 6 h\n" POST "people: {group_size: 1}\nstations: {check: {time: 1 s, desks: 50}}\n" HALL(
                   "") "timeline: [{at: 1 h, order: meter_flow, target: P, number: 1800, duration: 4 h},\n"
                       "  {at: 2 h, order: meter_flow, target: P, number: 900, duration: 1 h}]\n"
                       "displacement: [{from: P, people: 9000, shape: {uniform: {low: 0 h, high: 1 h}}}]\n");
    test_run(&world, &setup, 1, 0);
    size_t count;
    model_journey *j = test_journeys(&world, "P/entry/check", &count);
    assert_int_equal(count, 9000);
    free(j);
    model_world_free(&world);
    model_setup_free(&setup);
    test_setup(&setup, TEST_HEAD
               "duration: 6 h\n" POST "people: {group_size: 1}\nstations: {check: {time: 1 s, desks: 50}}\n" HALL(
                   "") "timeline: [{at: 0 h, order: meter_flow, target: P, number: 1800, duration: 4 h},\n"
                       "  {at: 2 h, order: meter_flow, target: P, number: 900, duration: 1 h}]\n"
                       "displacement: [{from: P, people: 9000, shape: {uniform: {low: 0 h, high: 1 h}}}]\n");
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_bin(&world, "flow/arrivals", "P/entry/check", 0, 1, 0), 1800);
    assert_int_equal(test_bin(&world, "flow/arrivals", "P/entry/check", 0, 2, 0), 900);
    assert_int_equal(test_bin(&world, "flow/arrivals", "P/entry/check", 0, 3, 0), 1800);
    j = test_journeys(&world, "P/entry/check", &count);
    assert_int_equal(count, 9000);
    int64_t last = -1;
    for (size_t i = 0; i < count; i++) {
        sim_time arrived = model_group_at(&world, j[i].group)->began;
        assert_true(arrived >= last); /* first come, first served */
        last = arrived;
    }
    free(j);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define CROWD                                                                                                     \
    "people: {group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}, modes: {foot: 1, car: 1}}\n"      \
    "stations: {check: {time: {gamma: {mean: 50 s, cv: 0.7}}, desks: 8}, enrol: {time: {gamma: {mean: 50 s, cv: " \
    "0.7}}, desks: 8}}\n"                                                                                         \
    "posts: {P: {entry: {waiting_area: 200 m2, density: 8 1/m2, stations: [check, enrol]}}}\n"                    \
    "displacement: [{from: P, people: 4000, shape: {uniform: {low: 0 h, high: 3 h}}}]\n"

/* Numbers change neither the order nor the time of anybody's service as long as the buffer keeps the desks busy; only
 * the density. */
static void tokens_thin_the_crowd_without_delaying_anybody(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, TEST_HEAD "duration: 12 h\n" POST CROWD);
    test_setup(&with, TEST_HEAD "duration: 12 h\n" POST CROWD
                                "timeline: [{at: 0 h, order: issue_tokens, target: P, number: 300}]\n");
    test_run(&a, &without, 3, 0);
    test_run(&b, &with, 3, 0);
    size_t count, same;
    model_journey *x = test_journeys(&a, "P/entry/check", &count), *y = test_journeys(&b, "P/entry/check", &same);
    assert_int_equal(count, same);
    for (size_t i = 0; i < count; i++)
        assert_true(x[i].group == y[i].group && x[i].started == y[i].started && x[i].served == y[i].served);
    free(x);
    free(y);
    assert_int_equal(test_count(&a, "flow/crossed", "P", -1), 4000);
    assert_int_equal(test_count(&b, "flow/crossed", "P", -1), 4000);
    int64_t peak[2] = {0, 0}, holding = 0;
    for (uint32_t bin = 0; bin < a.recorder.bins; bin++) {
        int64_t p = test_bin(&a, "crowd/density_entry", "P", 0, bin, 1),
                q = test_bin(&b, "crowd/density_entry", "P", 0, bin, 1);
        peak[0] = p > peak[0] ? p : peak[0];
        peak[1] = q > peak[1] ? q : peak[1];
        assert_int_equal(test_bin(&b, "crowd/holding_tokens", "P", 0, bin, 0),
                         test_bin(&b, "queue/outside", "P", 0, bin, 0));
        holding += test_bin(&b, "crowd/holding_tokens", "P", 0, bin, 0);
    }
    assert_true(peak[0] > 5550 && peak[1] <= 1500 && peak[1] > 1450);
    assert_true(test_count(&a, "crowd/crush_risk_episodes", "P", -1) > 0 &&
                test_count(&a, "crowd/time_unsafe", "P", -1) > 1000000);
    assert_int_equal(test_count(&b, "crowd/crush_risk_episodes", "P", -1), 0);
    assert_int_equal(test_count(&b, "crowd/time_in_contact", "P", -1), 0);
    assert_true(holding > 0);
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

/* 2 people a square metre for two hours: no more than 400 inside from when those who were there before have gone, all
 * as before afterwards. */
static void a_limited_density_is_kept_and_lifted(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 12 h\n" POST CROWD
                         "timeline: [{at: 30 min, order: limit_density, target: P, amount: 2, duration: 90 min}]\n");
    test_run(&world, &setup, 3, 0);
    assert_true(test_bin(&world, "crowd/density_entry", "P", 0, 1, 1) <= 2000);
    assert_true(test_bin(&world, "crowd/density_entry", "P", 0, 1, 0) > 1980 * SIM_HOUR);
    assert_true(test_bin(&world, "crowd/density_entry", "P", 0, 2, 1) > 5000);
    assert_int_equal(test_bin(&world, "crowd/holding_tokens", "P", 0, 1, 1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* In line before the post: 47 people by car are 10 cars or 76 m, 80 by bus 2 buses or 31.4 m; who walks takes no road.
 */
static void the_line_of_vehicles_is_as_long_as_its_vehicles(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 2 h\nbin: 2 h\n" POST TEST_EXACT ONE_DESK HALL(
                           ", waiting_area: 10 m2") "displacement:\n" TEST_GROUP("P", "0 h", "20", "")
                           TEST_GROUP("P", "1 min", "47", ", modes: {car: 1}")
                               TEST_GROUP("P", "2 min", "80", ", modes: {bus: 1}")
                                   TEST_GROUP("P", "3 min", "90", ", modes: {foot: 1}"));
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_bin(&world, "crowd/vehicles", "P", 0, 0, 0),
                     (10 * (600 - 60) + 2 * (1200 - 120)) * SIM_SECOND);
    assert_int_equal(test_bin(&world, "crowd/vehicles", "P", 0, 0, 1), 12);
    assert_int_equal(test_bin(&world, "crowd/vehicle_queue", "P", 0, 0, 0),
                     (76 * 60 + 107 * (600 - 120) + 31 * 600) * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
    /* without an area the queue of the first station stands on the road */
    test_setup(&setup, TEST_HEAD "duration: 2 h\nbin: 2 h\n" POST TEST_EXACT
                                 "stations: {check: {serves: group, time: 10 min, walk: 1 m}}\n" HALL(
                                     "") "crowd: {speed: 5 m/s}\ndisplacement:\n" TEST_GROUP("P", "0 h", "20", "")
                                     TEST_GROUP("P", "1 min", "47", ", modes: {car: 1}"));
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_bin(&world, "crowd/vehicle_queue", "P", 0, 0, 0),
                     76 * (600200 - 60000) * (SIM_SECOND / 1000));
    model_world_free(&world);
    model_setup_free(&setup);
}

/* A post with so much space that nobody is stopped: everything but the crowd's own metrics is as in a post where space
 * is not looked at. */
static void looking_at_a_crowd_changes_nothing(void **state)
{
    (void)state;
#define POISSON(area)                                                                                                  \
    TEST_HEAD "duration: 2 d\n" POST                                                                                   \
              "people: {group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}, modes: {foot: 1, car: 1}}\n" \
              "stations: {a: {time: {exponential: {mean: 40 s}}}, b: {time: {exponential: {mean: 40 s}}, room: 3}}\n"  \
              "posts: {P: {exit: {stations: [a]}, entry: {stations: [b]" area "}}}\n"                                  \
              "patience: {time: {exponential: {mean: 1 h}}}\ndisplacement: [{from: P, people: 4000, shape: {uniform: " \
              "{low: 0 d, high: 2 "                                                                                    \
              "d}}}]\n"
    model_setup without, with;
    model_world a, b;
    test_setup(&without, POISSON(""));
    test_setup(&with, POISSON(", waiting_area: 1e8 m2"));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    assert_true(test_count(&a, "flow/gave_up", "P", -1) > 100);
    assert_true(without.on.approach[0] == NULL && with.on.approach[0] == NULL);
    assert_memory_equal(a.network.customers, b.network.customers, a.group_count * sizeof(model_group));
    for (uint32_t m = 0; m < a.recorder.metric_count; m++) {
        const sim_metric_place *p = &a.recorder.metrics[m];
        if (p->row == NULL)
            continue;
        const sim_metric_place *q = &b.recorder.metrics[sim_recorder_find(&b.recorder, p->row->name)];
        size_t width = p->width * (p->row->kind == SIM_METRIC_COUNT ? 1 : 2);
        for (uint32_t bin = 0; bin < a.recorder.bins; bin++)
            for (uint32_t owner = 0; owner < a.recorder.parts[p->row->owner].owners; owner++)
                assert_memory_equal(sim_recorder_series(&a.recorder, p, bin, owner),
                                    sim_recorder_series(&b.recorder, q, bin, owner), width * sizeof(int64_t));
    }
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

/* Two posts far apart, gates that are pending when the state is saved: the same bytes in one go on one thread, and
 * restored on two. */
static void a_crowd_saved_and_restored_goes_on_the_same(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, TEST_HEAD
               "duration: 20 h\nplaces: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}}\n"
               "links: [{from: A, to: P, length: 30 km}, {from: A, to: Q, length: 40 km}]\n"
               "people: {group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}, modes: {foot: 1, car: 1}}\n"
               "stations: {check: {time: {gamma: {mean: 60 s, cv: 0.7}}, desks: 3, walk: 20 m}}\n"
               "posts: {P: {entry: {waiting_area: 100 m2, density: 7 1/m2, stations: [check]}}, Q: {exit: {stations: "
               "[check]}, entry: "
               "{waiting_area: 60 m2, stations: [check]}}}\n"
               "timeline: [{at: 1 h, order: meter_flow, target: Q/exit, number: 333, duration: 9 h}, {at: 3 h, order: "
               "issue_tokens, "
               "target: P, number: 70, duration: 8 h}]\n"
               "displacement: [{from: A, people: 9000, shape: {uniform: {low: 0 h, high: 12 h}}}]\n");
    unsigned char *end[2], *middle;
    size_t size[2], length;
    model_world world;
    test_run(&world, &setup, 9, 0);
    assert_true(test_count(&world, "crowd/crush_risk_episodes", "P", -1) > 0);
    assert_true(test_bin(&world, "crowd/holding_tokens", "P", 0, 5, 0) > 0 &&
                test_bin(&world, "crowd/vehicle_queue", "Q", 0, 5, 0) > 0);
    assert_int_equal(model_world_save(&world, &end[0], &size[0]), 0);
    model_world_free(&world);
    test_world(&world, &setup, 9, 0);
    assert_int_equal(model_world_run(&world, 17777 * SIM_SECOND, 2), 0);
    assert_int_equal(model_world_save(&world, &middle, &length), 0);
    model_world_free(&world);
    test_world(&world, &setup, 9, 0);
    assert_int_equal(model_world_restore(&world, middle, length), 0);
    assert_int_equal(model_world_run(&world, setup.end, 2), 0);
    assert_int_equal(model_world_save(&world, &end[1], &size[1]), 0);
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(end[0], end[1], size[0]);
    model_world_free(&world);
    free(end[0]);
    free(end[1]);
    free(middle);
    model_setup_free(&setup);
}

static void orders_that_make_no_sense_are_refused(void **state)
{
    (void)state;
#define ORDER(order) TEST_HEAD "duration: 2 h\n" POST TEST_EXACT ONE_DESK HALL("") "timeline: [{at: 1 h, " order "}]\n"
    test_refused(ORDER("order: meter_flow, target: P, number: 0"), "let nobody in");
    test_refused(ORDER("order: meter_flow, target: P"), "needs `number`");
    test_refused(ORDER("order: limit_density, target: P, amount: 2"), "has an area to limit");
    test_refused(ORDER("order: limit_density, target: P, amount: -1"), "above 0");
    test_refused(ORDER("order: issue_tokens, target: Q, number: 5"), "no station is meant");
    test_refused(TEST_HEAD "duration: 2 h\n" POST TEST_EXACT ONE_DESK HALL("") "crowd: {danger: 4 1/m2}\n",
                 "over before it begins");
    test_refused(TEST_HEAD "duration: 2 h\n" POST TEST_EXACT ONE_DESK HALL("") "crowd: {danger: 4}\n", "1/m2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(density_and_time_above_thresholds_are_exact),
        cmocka_unit_test(each_threshold_counts_for_itself),
        cmocka_unit_test(an_episode_is_over_only_below_the_lower_threshold),
        cmocka_unit_test(walking_is_slowed_by_density),
        cmocka_unit_test(without_an_area_people_walk_freely),
        cmocka_unit_test(a_metered_gate_lets_in_so_many_an_hour_in_order),
        cmocka_unit_test(the_rate_of_a_gate_is_exact_and_the_strictest_counts),
        cmocka_unit_test(tokens_thin_the_crowd_without_delaying_anybody),
        cmocka_unit_test(a_limited_density_is_kept_and_lifted),
        cmocka_unit_test(the_line_of_vehicles_is_as_long_as_its_vehicles),
        cmocka_unit_test(looking_at_a_crowd_changes_nothing),
        cmocka_unit_test(a_crowd_saved_and_restored_goes_on_the_same),
        cmocka_unit_test(orders_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
