/* Failures of power and IT against hand computation: who stops and when, work on paper, the backlog that it leaves and
 * how it is keyed in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define POST "places: {P: {kind: post}}\n"
#define CHECK "posts: {P: {entry: {stations: [check]}}}\n"
#define COME(people) TEST_GROUP("P", "0 h", people, "")
#define SEVEN "displacement:\n" COME("3") COME("3") COME("3") COME("3") COME("3") COME("3") COME("3")
#define CUT "timeline: [{at: 15 min, order: power_cut, target: P, duration: 1 h}]\n"

/* Ten minutes a group, no power from 15 to 75 min: the second is served to the end, the third when the power is back.
 */
static void without_paper_a_station_stops(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 4 h\nbin: 4 h\n" POST TEST_EXACT
                                 "stations: {check: {serves: group, time: 10 min}}\n" CHECK CUT SEVEN);
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 0}, {1, 600}, {2, 4500}, {3, 5100}, {4, 5700}, {5, 6300}, {6, 6900});
    assert_int_equal(test_bin(&world, "power/stopped", "P/entry/check", 0, 0, 0), SIM_HOUR);
    assert_int_equal(test_bin(&world, "power/on_paper", "P/entry/check", 0, 0, 0), 0);
    assert_int_equal(test_count(&world, "power/paper_records", "P/entry/check", -1), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* No power from 15 to 135 min, on paper from 30 min on, half an hour a group and a record each. Three records lie there
 * at 135 min: the only desk keys them in until 147 min. The group that had begun on paper goes at 150 min; its record
 * is noticed at 165 min and keyed in until 169 min, while the next but one is served. */
static void on_paper_it_goes_on_and_keys_in_afterwards(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 4 h\nbin: 4 h\n" POST TEST_EXACT
                         "stations: {check: {serves: group, time: 10 min, paper: forms, paper_lead: 15 min, "
                         "rekey_time: 4 min, procedures: {forms: "
                         "{time: 30 min}}}}\n" CHECK
                         "timeline: [{at: 15 min, order: power_cut, target: P, duration: 2 h}]\n" SEVEN COME("3"));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 0}, {1, 600}, {2, 1800}, {3, 3600}, {4, 5400}, {5, 7200}, {6, 9000},
                {7, 9600});
    const char *s = "P/entry/check";
    assert_int_equal(test_bin(&world, "power/stopped", s, 0, 0, 0), 15 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "power/on_paper", s, 0, 0, 0), 105 * 60 * SIM_SECOND);
    assert_int_equal(test_count(&world, "power/paper_records", s, -1), 4);
    assert_int_equal(test_count(&world, "power/rekeyed", s, -1), 4);
    /* 1 from 60, 2 from 90, 3 from 120, 2 from 139, 1 from 143, 0 from 147; 1 from 150 to 169 min */
    int64_t minutes = 30 + 2 * 30 + 3 * 19 + 2 * 4 + 4 + 19;
    assert_int_equal(test_bin(&world, "power/rekey_backlog", s, 0, 0, 0), minutes * 60 * SIM_SECOND);
    assert_int_equal(test_level(&world, "power/rekey_backlog", s, 0), 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* 40 people at four desks, six minutes each on paper: 40 records in the hour without power. Two desks key in two a two
 * minutes from then on, until 100 min. */
static void the_backlog_is_exact(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 3 h\nbin: 1 h\n" POST "people: {group_size: 1}\n"
                                 "stations: {check: {time: 1 min, desks: 4, paper: forms, paper_lead: 0 s, rekey_time: "
                                 "2 min, rekey_desks: 50 %, "
                                 "procedures: {forms: {time: 6 min}}}}\n" CHECK
                                 "timeline: [{at: 0 min, order: power_cut, target: P, duration: 1 h}]\n"
                                 "displacement: [{from: P, people: 40, shape: 0 s}]\n");
    test_run(&world, &setup, 1, 0);
    const char *s = "P/entry/check";
    assert_int_equal(test_count(&world, "power/paper_records", s, -1), 40);
    assert_int_equal(test_count(&world, "power/rekeyed", s, -1), 40);
    assert_int_equal(test_bin(&world, "power/rekeyed", s, 0, 1, 0), 40);
    assert_int_equal(test_bin(&world, "power/rekey_backlog", s, 0, 0, 0), 4 * (9 * 60 - 6 * 45) * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "power/rekey_backlog", s, 0, 1, 0), 40 * 41 / 2 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "desks/open", s, 0, 1, 0), (2 * 40 + 4 * 20) * 60 * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Four lanes and two officers: the two desks wanted for keying in are all that are staffed, and until that is done
 * nobody is served. */
static void keying_in_takes_staff(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 3 h\nbin: 1 h\n" POST "people: {group_size: 1}\n"
        "stations: {check: {time: 1 min, desks: 4, role: officer, paper: forms, paper_lead: 0 s, rekey_time: 2 min, "
        "rekey_desks: 50 %, "
        "procedures: {forms: {time: 6 min}}}}\n" CHECK
        "rosters: {all: {post: P, side: entry, role: officer, shifts: [{start: \"00:00\", length: 24 h, head: 2}]}}\n"
        "timeline: [{at: 0 min, order: power_cut, target: P, duration: 1 h}]\n"
        "displacement: [{from: P, people: 20, shape: 0 s}, {from: P, people: 4, shape: 0 s, at: 61 min}]\n");
    test_run(&world, &setup, 1, 0);
    size_t count;
    model_journey *j = test_journeys(&world, "P/entry/check", &count);
    assert_int_equal(count, 24);
    for (size_t i = 20; i < 24; i++) /* 20 records, two desks, two minutes each */
        assert_int_equal(j[i].started, (80 + (sim_time)(i - 20) / 2) * 60 * SIM_SECOND);
    free(j);
    assert_int_equal(test_bin(&world, "staff/on_duty", "P/entry/check", 0, 1, 0), 2 * SIM_HOUR);
    assert_int_equal(test_bin(&world, "desks/open", "P/entry/check", 0, 1, 0), 2 * 40 * 60 * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* `quick` is ordered while there is no power: forms go on, and then quick holds until it ends. */
static void orders_given_meanwhile_hold_afterwards(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 4 h\n" POST TEST_EXACT
        "stations: {check: {serves: group, paper: forms, paper_lead: 0 s, rekey_desks: 0, procedures: {full: {time: 10 "
        "min}, quick: {time: 4 min}, forms: {time: 20 min}}}}\n" CHECK
        "timeline: [{at: 10 min, order: power_cut, target: P, duration: 1 h}, {at: 30 min, order: set_procedure, "
        "target: "
        "P, procedure: quick, "
        "duration: 50 min}]\n" SEVEN);
    test_run(&world, &setup, 1, 0);
    /* full; forms at 10, 30, 50; quick at 70, 74, 78 min */
    TEST_STARTS(&world, "P/entry/check", {0, 0}, {1, 600}, {2, 1800}, {3, 3000}, {4, 4200}, {5, 4440}, {6, 4680});
    size_t count;
    model_journey *j = test_journeys(&world, "P/entry/check", &count);
    assert_int_equal(j[6].served, 82 * 60 * SIM_SECOND);
    free(j);
    assert_int_equal(test_level(&world, "power/rekey_backlog", "P/entry/check", 0), 3); /* nobody keys in */
    uint32_t station = test_station(&setup, "P/entry/check");
    assert_int_equal(world.procedure[station], setup.stations[station].procedure); /* quick has ended at 80 min */
    model_world_free(&world);
    model_setup_free(&setup);
}

/* IT fails from 5 to 65 min, the power from 35 to 95 min: `both` stops for 90 min, `light` for one hour, `net` for the
 * other, `hand` never. */
static void what_a_station_depends_on_stops_it(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 2 h\nbin: 2 h\n" POST TEST_EXACT
                                 "stations: {both: {time: 1 min}, light: {time: 1 min, depends_on: power}, net: {time: "
                                 "1 min, depends_on: [it]}, hand: {time: 1 "
                                 "min, depends_on: []}}\nposts: {P: {entry: {stations: [both, light, net, hand]}}}\n"
                                 "timeline: [{at: 5 min, order: it_outage, target: P, duration: 1 h}, {at: 35 min, "
                                 "order: power_cut, target: P, duration: 1 h}]\n"
                                 "displacement:\n" COME("1"));
    test_run(&world, &setup, 1, 0);
    assert_int_equal(test_bin(&world, "power/stopped", "P/entry/both", 0, 0, 0), 90 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "desks/open", "P/entry/both", 0, 0, 0), 30 * 60 * SIM_SECOND);
    assert_int_equal(test_bin(&world, "power/stopped", "P/entry/light", 0, 0, 0), SIM_HOUR);
    assert_int_equal(test_bin(&world, "power/stopped", "P/entry/net", 0, 0, 0), SIM_HOUR);
    assert_int_equal(test_bin(&world, "power/stopped", "P/entry/hand", 0, 0, 0), 0);
    assert_int_equal(test_bin(&world, "desks/open", "P/entry/hand", 0, 0, 0), 2 * SIM_HOUR);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* There is no kit, and on paper none is needed. */
static void on_paper_no_equipment_is_needed(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               TEST_HEAD "duration: 2 h\nbin: 2 h\n" POST TEST_EXACT
                         "stations: {check: {serves: group, time: 10 min, needs: kit, paper: forms, rekey_desks: 0, "
                         "procedures: {forms: {time: 5 min}}}}\n"
                         "equipment: {kit: {stock: [{post: P, number: 0}]}}\n" CHECK CUT "displacement:\n" COME("1"));
    test_run(&world, &setup, 1, 0);
    TEST_STARTS(&world, "P/entry/check", {0, 1800});
    assert_int_equal(test_bin(&world, "desks/open", "P/entry/check", 0, 0, 0), 45 * 60 * SIM_SECOND);
    model_world_free(&world);
    model_setup_free(&setup);
}

#define POISSON(more, timeline)                                                                                     \
    TEST_HEAD "duration: 2 d\nplaces: {P: {kind: post}, Q: {kind: post}}\n"                                         \
              "people: {group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}}\n"                        \
              "stations: {a: {desks: 3" more                                                                        \
              ", procedures: {full: {time: {exponential: {mean: 60 s}}}, forms: {time: {gamma: "                    \
              "{mean: 90 s, cv: 0.5}}}}}}\n"                                                                        \
              "displacement: [{from: P, people: 4000, shape: {uniform: {low: 0 d, high: 2 d}}}, {from: Q, people: " \
              "4000, shape: "                                                                                       \
              "{uniform: {low: 0 d, high: 2 d}}}]\n"                                                                \
              "posts: {P: {exit: {stations: [a]}, entry: {stations: [a]}}, Q: {entry: {stations: [a]}}}\n" timeline

static void as_long_as_nothing_fails_paper_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, POISSON("", ""));
    test_setup(&with, POISSON(", paper: forms", ""));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    assert_true(a.paper == NULL && b.paper != NULL);
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

/* Records are neither lost nor made up: written = keyed in + backlog, at every station; and the same bytes after saving
 * at any time. */
static void power_saved_and_restored_goes_on_the_same(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, POISSON(", paper: forms, rekey_time: 47 s, rekey_desks: 40 %",
                               "timeline: [{at: 10 h, order: power_cut, target: \"*\", duration: 5 h}, {at: 14 h, "
                               "order: it_outage, target: P/entry, "
                               "duration: 3 h}, {at: 40 h, order: it_outage, target: Q, duration: 4 h}]\n"));
    unsigned char *end[2], *middle;
    size_t size[2], length;
    model_world world;
    test_run(&world, &setup, 9, 0);
    const char *const stations[] = {"P/exit/a", "P/entry/a", "Q/entry/a"};
    for (size_t i = 0; i < 3; i++) {
        int64_t written = test_count(&world, "power/paper_records", stations[i], -1);
        assert_true(written > 300);
        assert_int_equal(written, test_count(&world, "power/rekeyed", stations[i], -1) +
                                      test_level(&world, "power/rekey_backlog", stations[i], 0));
    }
    assert_int_equal(model_world_save(&world, &end[0], &size[0]), 0);
    model_world_free(&world);
    static const int64_t at[] = {36600, 50000, 57777, 150000};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        test_world(&world, &setup, 9, 0);
        assert_int_equal(model_world_run(&world, at[i] * SIM_SECOND, 2), 0);
        assert_int_equal(model_world_save(&world, &middle, &length), 0);
        model_world_free(&world);
        test_world(&world, &setup, 9, 0);
        assert_int_equal(model_world_restore(&world, middle, length), 0);
        assert_int_equal(model_world_run(&world, setup.end, 2), 0);
        assert_int_equal(model_world_save(&world, &end[1], &size[1]), 0);
        assert_int_equal(size[0], size[1]);
        assert_memory_equal(end[0], end[1], size[0]);
        model_world_free(&world);
        free(end[1]);
        free(middle);
    }
    free(end[0]);
    model_setup_free(&setup);
}

static void failures_that_make_no_sense_are_refused(void **state)
{
    (void)state;
#define WITH(station, order)                                                                          \
    TEST_HEAD "duration: 2 h\n" POST TEST_EXACT "stations: {check: {time: 1 min" station "}}\n" CHECK \
              "timeline: [{at: 0 h, " order "}]\n"
    test_refused(WITH(", paper: form, procedures: {forms: {time: 2 min}}", "order: power_cut, target: P"),
                 "did you mean");
    test_refused(WITH(", depends_on: power", "order: it_outage, target: P"), "would notice");
    test_refused(WITH(", depends_on: [wind]", "order: power_cut, target: P"), "wind");
    test_refused(WITH("", "order: power_cut, target: P, number: 3"), "no use for `number`");
    test_refused(WITH(", rekey_desks: 2", "order: power_cut, target: P"), "out of range");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_paper_a_station_stops),
        cmocka_unit_test(on_paper_it_goes_on_and_keys_in_afterwards),
        cmocka_unit_test(the_backlog_is_exact),
        cmocka_unit_test(keying_in_takes_staff),
        cmocka_unit_test(orders_given_meanwhile_hold_afterwards),
        cmocka_unit_test(what_a_station_depends_on_stops_it),
        cmocka_unit_test(on_paper_no_equipment_is_needed),
        cmocka_unit_test(as_long_as_nothing_fails_paper_changes_nothing),
        cmocka_unit_test(power_saved_and_restored_goes_on_the_same),
        cmocka_unit_test(failures_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
