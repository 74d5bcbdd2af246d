/* Equipment: desks open as there are kits, to the second; availability and a repair shop against their closed forms;
 * deliveries; and nothing at all when there is plenty that never breaks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define POST "places: {P: {kind: post}}\n"
#define CHECK "posts: {P: {entry: {stations: [check]}}}\n"

/* One kit: it works an hour and is repaired for half an hour, over and over. Who is at the desk when it breaks is
 * served to the end. */
static void a_desk_is_open_while_its_kit_works(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD
               "duration: 5 h\nbin: 5 h\n" POST TEST_EXACT
               "stations: {check: {serves: group, time: 40 min, needs: kit}}\n" CHECK
               "equipment: {kit: {time_between_failures: 1 h, repair: 30 min, stock: [{post: P, number: 1}]}}\n"
               "displacement:\n" TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "0 h", "1", "")
                   TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "0 h", "1", "")
                       TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "0 h", "1", ""));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 0}, {1, 2400}, {2, 5400}, {3, 7800}, {4, 10800}, {5, 13200}, {6, 16200});
    assert_int_equal(test_count(&world, "equipment/breakdowns", "P", -1), 3); /* at 60, 150 and 240 min */
    assert_int_equal(test_count(&world, "equipment/repairs", "P", -1), 3);
    assert_int_equal(test_bin(&world, "equipment/working", "P", 0, 0, 0), 210 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "equipment/kits", "P", 0, 0, 0), 300 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "equipment/desks_without", "P/entry/check", 0, 0, 0), 90 * 60 * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Three kits break at 1 h together, one repairer takes half an hour each, in order: they work again from 1.5, 2 and 2.5
 * h on, for an hour each, and are repaired at once. */
static void one_repairer_takes_them_one_after_another(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 4 h\n" POST TEST_EXACT
        "stations: {check: {serves: group, time: 40 min, needs: kit, desks: 3}}\n" CHECK
        "equipment: {kit: {time_between_failures: 1 h, repair: 30 min, repairers: 1, stock: [{post: P, number: 3}]}}\n"
        "displacement:\n" TEST_GROUP("P", "0 h", "1", ""));
    test_run(&world, &setup, 1, 0);
    const int64_t halves[] = {3, 3, 0, 1, 2, 2, 2, 2};
    for (uint32_t hour = 0; hour < 4; hour++)
        assert_int_equal(test_bin(&world, "equipment/working", "P", 0, hour, 0),
                         (halves[2 * hour] + halves[2 * hour + 1]) * SIM_HOUR / 2);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define SHARED(kits)                                                                                                 \
    TEST_HEAD "duration: 1 h\n" POST TEST_EXACT "stations: {a: {serves: group, time: 1 min, desks: 4, needs: kit}, " \
              "b: {serves: group, time: 1 min, desks: 2, needs: [kit, "                                              \
              "scanner]}}\nposts: {P: {entry: {stations: [a, b]}}}\n"                                                \
              "equipment: {kit: {stock: [{post: P, number: " kits "}]}, scanner: {stock: [{post: P, number: 1}]}}\n" \
              "displacement:\n" TEST_GROUP("P", "0 h", "1", "")

/* One each first, then by lanes over 2 x kits + 1: a 4/3 against b 2/3, a 4/5, b 2/3 against a 4/7. */
static void kits_are_shared_in_proportion_to_lanes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t a, b;
    } cases[] = {{SHARED("0"), 0, 0}, {SHARED("1"), 1, 0}, {SHARED("2"), 1, 1},
                 {SHARED("3"), 2, 1}, {SHARED("4"), 3, 1}, {SHARED("5"), 3, 1},
                 {SHARED("6"), 4, 1}, {SHARED("9"), 4, 1}}; /* of b's second kit nothing comes: there is one scanner */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        model_setup setup;
        model_world world;
        test_setup(&setup, cases[i].text);
        test_run(&world, &setup, 1, 0);
        assert_int_equal(test_level(&world, "desks/open", "P/entry/a", 0), cases[i].a);
        assert_int_equal(test_level(&world, "desks/open", "P/entry/b", 0), cases[i].b);
        assert_int_equal(test_level(&world, "equipment/desks_without", "P/entry/a", 0), 4 - cases[i].a);
        assert_int_equal(test_level(&world, "equipment/desks_without", "P/entry/b", 0), 2 - cases[i].b);
        model_world_free(&world);
        model_setup_free(&setup);
    }
}

/* Level x time over the bins from `first` on, in hours. */
static double hours(const model_world *world, const char *metric, uint32_t first)
{
    double sum = 0;
    for (uint32_t bin = first; bin < world->recorder.bins; bin++)
        sum += (double)test_bin(world, metric, "P", 0, bin, 0) / (double)SIM_HOUR;
    return sum;
}

/* 50 kits, 400 days: mean time to failure over it plus that to repair. The share of time of an alternating renewal
 * process with exponential times has the variance 2 l m / ((l + m)^3 T); 99.9% interval. */
static void availability_is_mtbf_over_mtbf_plus_mttr(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 400 d\nbin: 1 d\ncontrol_interval: 1 d\n" POST TEST_EXACT
        "stations: {check: {serves: group, time: 1 min, needs: kit}}\n" CHECK
        "equipment: {kit: {time_between_failures: {exponential: {mean: 20 h}}, repair: {exponential: {mean: 4 h}}, "
        "stock: [{post: P, number: 50}]}}\ndisplacement:\n" TEST_GROUP("P", "0 h", "1", ""));
    test_run(&world, &setup, 11, 0);
    double l = 1.0 / 20, m = 1.0 / 4, t = 9600;
    double found = hours(&world, "equipment/working", 0) / hours(&world, "equipment/kits", 0), expected = m / (l + m);
    double half_width = 3.29 * sqrt(2 * l * m / (pow(l + m, 3) * t) / 50);
    printf("availability %.5f, theory %.5f, half-width %.5f\n", found, expected, half_width);
    assert_true(fabs(found - expected) <= half_width);
    assert_true(fabs((double)test_count(&world, "equipment/breakdowns", "P", -1) - 50 * t / 24) <
                3.29 * sqrt(50 * t / 24));
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Ten kits, two repairers: the machine repair problem M/M/2//10 (finite source). Mean working over 20
 * replications, 99.9% interval of Student. */
static void two_repairers_are_a_finite_source_queue(void **state)
{
    (void)state;
    enum { N = 10, R = 2, RUNS = 20, WARM = 20 };
    model_setup setup;
    test_setup(
        &setup, TEST_HEAD
        "duration: 220 d\nbin: 1 d\ncontrol_interval: 1 d\n" POST TEST_EXACT
        "stations: {check: {serves: group, time: 1 min, needs: kit}}\n" CHECK
        "equipment: {kit: {time_between_failures: {exponential: {mean: 20 h}}, repair: {exponential: {mean: 4 h}}, "
        "repairers: 2, stock: [{post: P, number: 10}]}}\ndisplacement:\n" TEST_GROUP("P", "0 h", "1", ""));
    double p = 1, sum = 1, broken = 0;
    for (int n = 1; n <= N; n++) {
        p *= (N - n + 1) * (4.0 / 20) / (n < R ? n : R);
        sum += p;
        broken += n * p;
    }
    double expected = N - broken / sum, mean = 0, square = 0;
    for (uint64_t i = 0; i < RUNS; i++) {
        model_world world;
        test_run(&world, &setup, 12, i);
        double x = hours(&world, "equipment/working", WARM) / (200 * 24);
        mean += x / RUNS;
        square += x * x;
        model_world_free(&world);
    }
    double half_width = 3.883 * sqrt((square - RUNS * mean * mean) / (RUNS - 1) / RUNS);
    printf("working %.4f, theory %.4f, half-width %.4f\n", mean, expected, half_width);
    assert_true(fabs(mean - expected) <= half_width && half_width < 0.2);
    model_setup_free(&setup);
}

/* From 1 to 3 h there are two kits for three lanes. */
static void kits_are_delivered_after_their_lead_time_and_taken_away(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD
               "duration: 4 h\nbin: 4 h\n" POST TEST_EXACT
               "stations: {check: {serves: group, time: 30 min, needs: kit, desks: 3}}\n" CHECK
               "equipment: {kit: {stock: [{post: P, number: 0}]}}\n"
               "timeline: [{at: 0 h, order: deliver_kits, target: P, name: kit, number: 2, lead: 1 h, duration: 2 h}]\n"
               "displacement:\n" TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "0 h", "1", "")
                   TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "170 min", "1", "")
                       TEST_GROUP("P", "3 h", "1", ""));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 3600}, {1, 3600}, {2, 5400}, {3, 5400}, {4, 10200});
    assert_int_equal(test_bin(&world, "desks/open", "P/entry/check", 0, 0, 0), 2 * 2 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "equipment/kits", "P", 0, 0, 0), 2 * 2 * SIM_HOUR);
    assert_int_equal(setup.orders[0].kind->lead, 48 * SIM_HOUR);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define POISSON(more)                                                                                               \
    TEST_HEAD "duration: 2 d\nplaces: {P: {kind: post}, Q: {kind: post}}\n"                                         \
              "people: {group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}}\n"                        \
              "stations: {a: {time: {exponential: {mean: 90 s}}, desks: 3" more                                     \
              "displacement: [{from: P, people: 4000, shape: {uniform: {low: 0 d, high: 2 d}}}, {from: Q, people: " \
              "3000, shape: "                                                                                       \
              "{uniform: {low: 0 d, high: 2 d}}}]\n"                                                                \
              "posts: {P: {exit: {stations: [a]}, entry: {stations: [a]}}, Q: {entry: {stations: [a]}}}\n"

static void enough_that_never_breaks_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, POISSON("}}\n"));
    test_setup(&with, POISSON(", needs: kit}}\nequipment: {kit: {stock: [{post: P, side: exit, number: 3}, {post: P, "
                              "number: 7}, {post: Q, number: "
                              "3}]}}\n"));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
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

static void equipment_saved_and_restored_goes_on_the_same(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(
        &setup,
        POISSON(
            ", needs: kit}}\ntimeline: [{at: 20 h, lead: 5 h, order: deliver_kits, target: P, name: kit, number: 2, "
            "duration: 9 h}]\n"
            "equipment: {kit: {time_between_failures: {exponential: {mean: 5 h}}, repair: {gamma: {mean: 3 h, cv: "
            "0.6}}, "
            "repairers: 1, stock: [{post: P, side: exit, number: 3}, {post: P, number: 4}, {post: Q, number: 3}]}}\n"));
    unsigned char *end[2], *middle;
    size_t size[2], length;
    model_world world;
    test_run(&world, &setup, 9, 0);
    assert_true(test_count(&world, "equipment/repairs", "Q", -1) > 5);
    assert_int_equal(model_world_save(&world, &end[0], &size[0]), 0);
    model_world_free(&world);
    test_world(&world, &setup, 9, 0);
    assert_int_equal(model_world_run(&world, 97777 * SIM_SECOND, 2), 0);
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

static void equipment_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
#define WITH(kit, more)                                                                                               \
    TEST_HEAD "duration: 2 h\n" POST TEST_EXACT "stations: {check: {serves: group, time: 1 min, needs: kit}}\n" CHECK \
              "equipment: {kit: {" kit "}}\n" more
#define STOCK "stock: [{post: P, number: 1}]"
    test_refused(WITH("stock: []", ""), "there is none");
    test_refused(WITH("time_between_failures: 1 h, " STOCK, ""), "have a `time_between_failures` and a `repair`");
    test_refused(WITH("repair: 1 h, " STOCK, ""), "have a `time_between_failures` and a `repair`");
    test_refused(WITH("stock: [{post: P, number: 1}, {post: P, side: exit, number: 1}]", ""),
                 "no station at the exit side of P needs kit");
    test_refused(WITH("stock: [{post: P, number: 40000}, {post: P, number: 40000}]", ""), "too many kits");
    test_refused(WITH(STOCK, "timeline: [{at: 0 h, order: deliver_kits, target: P, name: kid, number: 2}]\n"),
                 "no equipment called \"kid\"");
    test_refused(WITH(STOCK, "timeline: [{at: 0 h, order: deliver_kits, target: P, name: kit, number: 0}]\n"),
                 "from 1 to 65535");
    test_refused(WITH(STOCK, "timeline: [{at: 0 h, order: deliver_kits, target: P, number: 2}]\n"), "needs `name`");
    test_refused(TEST_HEAD "duration: 2 h\n" POST TEST_EXACT
                           "stations: {check: {serves: group, time: 1 min, needs: kid}}\n" CHECK
                           "equipment: {kit: {" STOCK "}}\n",
                 "kid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_desk_is_open_while_its_kit_works),
        cmocka_unit_test(one_repairer_takes_them_one_after_another),
        cmocka_unit_test(kits_are_shared_in_proportion_to_lanes),
        cmocka_unit_test(availability_is_mtbf_over_mtbf_plus_mttr),
        cmocka_unit_test(two_repairers_are_a_finite_source_queue),
        cmocka_unit_test(kits_are_delivered_after_their_lead_time_and_taken_away),
        cmocka_unit_test(enough_that_never_breaks_changes_nothing),
        cmocka_unit_test(equipment_saved_and_restored_goes_on_the_same),
        cmocka_unit_test(equipment_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
