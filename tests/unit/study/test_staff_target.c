/* Targets of service: read as written, refused with the reason, and met by the bound of the ratio estimator, computed
 * by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/study/staff/staff.h"
#include "sim/base/error.h"
#include "tests/support/scenario.h"

static const char scenario[] = TEST_HEAD
    "duration: 2 d\n"
    "places: {Bridge: {kind: post}, Mill: {kind: post}}\n"
    "displacement: [{from: Bridge, rate: 3 /h}]\n"
    "stations: {check: {role: officer, time: 60 s, desks: 3}}\n"
    "posts: {Bridge: {entry: {stations: [check]}}, Mill: {entry: {stations: {check: {desks: 5}}}}}\n"
    "rosters:\n"
    "  bridge: {post: Bridge, side: entry, role: officer, shifts: [{start: \"08:00\", length: 12 h, head: 2}, "
    "{start: \"20:00\", length: 12 h, head: 1, break_length: 30 min}]}\n"
    "  mill: {post: Mill, side: entry, role: officer, shifts: [{start: \"06:00\", length: 8 h, head: 2, from: 1 d}, "
    "{start: \"00:00\", length: 1 h, head: 1, until: 0 h}]}\n";

typedef struct {
    model_setup setup;
    staff_targets targets;
} fixture;

static void expect_refused(fixture *f, const char *text, const char *expected)
{
    char why[400] = "";
    assert_int_equal(staff_targets_add(&f->targets, &f->setup, text, why, sizeof why), SIM_E_INPUT);
    if (strstr(why, expected) == NULL)
        fail_msg("\"%s\": expected \"%s\", got \"%s\"", text, expected, why);
}

static void add(fixture *f, const char *text)
{
    char why[400] = "";
    if (staff_targets_add(&f->targets, &f->setup, text, why, sizeof why) != 0)
        fail_msg("\"%s\" is refused: %s", text, why);
}

static void targets_are_read_with_their_units(void **state)
{
    (void)state;
    fixture f = {0};
    test_setup(&f.setup, scenario);
    add(&f, "wait.p95@Bridge<=2 h");
    add(&f, "  wait.within_target  >=  95%  each 6 h ");
    add(&f, "people.gave_up <= 20");
    add(&f, "people.gave_up <= 20 people");
    assert_int_equal(f.targets.count, 4);
    const staff_target *t = f.targets.items;
    assert_string_equal(t[0].name, "wait.p95@Bridge");
    assert_true(!t[0].at_least && t[0].amount == 7200 && t[0].site == 0 && t[0].count == 1);
    assert_true(t[1].at_least && fabs(t[1].amount - 0.95) < 1e-12 && t[1].site == MODEL_NONE && t[1].count == 8);
    assert_int_equal(f.targets.measures[t[1].first + 7].from, 42 * SIM_HOUR);
    assert_int_equal(f.targets.measures[t[1].first + 7].to, 48 * SIM_HOUR);
    assert_true(t[2].amount == 20 && t[3].amount == 20);
    staff_targets_free(&f.targets);
    model_setup_free(&f.setup);
}

static void each_stands_for_every_post(void **state)
{
    (void)state;
    fixture f = {0};
    test_setup(&f.setup, scenario);
    add(&f, "wait.mean@each<=10 min");
    assert_int_equal(f.targets.count, 2);
    assert_string_equal(f.targets.items[1].text, "wait.mean@Mill <= 10 min");
    staff_targets_free(&f.targets);
    model_setup_free(&f.setup);
}

static void what_is_no_target_is_refused_with_the_reason(void **state)
{
    (void)state;
    fixture f = {0};
    test_setup(&f.setup, scenario);
    expect_refused(&f, "wait.p95", "a target is FIGURE<=AMOUNT");
    expect_refused(&f, "wait.p95<2 h", "a target is FIGURE<=AMOUNT");
    expect_refused(&f, "wait.mea<=2 h", "did you mean \"wait.mean\"");
    expect_refused(&f, "wait.mean@Brige<=2 h", "did you mean \"Bridge\"");
    expect_refused(&f, "wait.mean<=2", "is not a time");
    expect_refused(&f, "wait.mean<=2 km", "is not a time");
    expect_refused(&f, "wait.mean<=", "is not a time");
    expect_refused(&f, "people.gave_up<=many", "is not a number of the figure's unit");
    expect_refused(&f, "wait.p95<=2 h each 1 h", "of the whole run only");
    expect_refused(&f, "wait.mean<=2 h each 90 min", "no multiple");
    expect_refused(&f, "wait.mean<=2 h each 0 h", "is not a time");
    expect_refused(&f, "wait.mean<=2 h each day", "is not a time");
    expect_refused(&f, "wait.p95>=2 h", "less of wait.p95 is better");
    expect_refused(&f, "wait.within_target<=95%", "more of wait.within_target is better");
    expect_refused(&f, "cost.total<=2 USD", "does not record");
    staff_targets_free(&f.targets);
    model_setup_free(&f.setup);
}

/* Two replications: 10/4 and 20/6 are 3 together; the rests are -2 and 2, the standard error sqrt(8 x 2 / 1) / 10 =
 * 0.4, and Student's quantile of 95% with one degree of freedom 6.313752. */
static void a_target_is_met_by_the_bound_of_the_ratio(void **state)
{
    (void)state;
    fixture f = {0};
    const double values[] = {10, 4, 20, 6};
    test_setup(&f.setup, scenario);
    add(&f, "wait.mean<=6 s");
    add(&f, "wait.mean<=3 s");
    f.targets.items[1].at_least = true;
    staff_reached r = staff_target_reach(&f.targets, 0, values, 2, 2, 0.95);
    assert_true(fabs(r.value - 3) < 1e-12 && fabs(r.margin - 0.4 * 6.313752) < 1e-5);
    assert_true(staff_is_met(&r));
    assert_true(fabs(r.score.slack - 0.5) < 1e-12 && r.missed == 0 && r.stretches == 1);
    f.targets.items[0].amount = 5.5; /* 3 + 2.5255 */
    r = staff_target_reach(&f.targets, 0, values, 2, 2, 0.95);
    assert_false(staff_is_met(&r));
    r = staff_target_reach(&f.targets, 0, values, 2, 2, 0.5);
    assert_true(staff_is_met(&r) && r.margin == 0);
    const double two[] = {0, 0, 10, 4, 0, 0, 20, 6};
    r = staff_target_reach(&f.targets, 1, two, 4, 2, 0.5);
    assert_true(staff_is_met(&r));
    r = staff_target_reach(&f.targets, 1, two, 4, 2, 0.9);
    assert_false(staff_is_met(&r));
    staff_targets_free(&f.targets);
    model_setup_free(&f.setup);
}

static void the_worst_stretch_decides_and_empty_ones_do_not_count(void **state)
{
    (void)state;
    fixture f = {0};
    double values[16] = {0};
    test_setup(&f.setup, scenario);
    add(&f, "wait.mean<=10 s each 6 h");
    values[4] = 50, values[5] = 10;   /* 5 s */
    values[8] = 120, values[9] = 10;  /* 12 s */
    values[14] = 99, values[15] = 10; /* 9.9 s */
    staff_reached r = staff_target_reach(&f.targets, 0, values, 16, 1, 0.95);
    assert_true(r.stretch == 4 && r.stretches == 3 && r.missed == 1 && !staff_is_met(&r));
    assert_true(fabs(r.value - 12) < 1e-12);
    memset(values, 0, sizeof values);
    r = staff_target_reach(&f.targets, 0, values, 16, 1, 0.95);
    assert_true(r.stretches == 0 && !staff_is_met(&r)); /* nobody was served at all: that meets nothing */
    staff_targets_free(&f.targets);
    model_setup_free(&f.setup);
}

/* 2 gave up and 4 of 100 still wait, and 1 and 1 of 60 in the other replication: 8 of 160 are lost; the most people
 * leave 1 of 160, and 2% are allowed. */
static void people_who_are_in_no_wait_are_guarded(void **state)
{
    (void)state;
    fixture f = {0};
    staff_shifts shifts;
    char why[400] = "";
    const double values[] = {2, 1, 4, 1, 100, 1, 1, 1, 1, 1, 60, 1}, most[] = {1, 1, 0, 1, 100, 1, 0, 1, 0, 1, 60, 1};
    test_setup(&f.setup, scenario);
    const staff_bounds bounds = {.lanes = 1};
    assert_int_equal(staff_shifts_init(&shifts, &f.setup, &bounds, why, sizeof why), 0);
    assert_int_equal(staff_targets_guard(&f.targets, &shifts, 0.02), 0);
    assert_int_equal(f.targets.count, 2); /* one a post */
    f.targets.count = 1;
    staff_targets_settle(&f.targets, most, 6, 2);
    assert_true(fabs(f.targets.items[0].amount - (0.02 + 1 / 160.0)) < 1e-12);
    assert_string_equal(f.targets.items[0].text, "people lost@Bridge <= 2.6 %");
    staff_reached r = staff_target_reach(&f.targets, 0, values, 6, 2, 0.5);
    assert_true(fabs(r.value - 8 / 160.0) < 1e-12 && r.stretches == 1 && r.missed == 1 && !staff_is_met(&r));
    r = staff_target_reach(&f.targets, 0, most, 6, 2, 0.99);
    assert_true(staff_is_met(&r) && r.margin == 0); /* by the value, whatever the confidence */
    f.targets.count = 2;
    staff_targets_free(&f.targets);
    staff_shifts_free(&shifts);
    model_setup_free(&f.setup);
}

static void shifts_have_hours_costs_and_bounds(void **state)
{
    (void)state;
    model_setup setup;
    staff_shifts shifts;
    char why[400] = "";
    test_setup(&setup, scenario);
    const staff_bounds all = {.lanes = 1};
    assert_int_equal(staff_shifts_init(&shifts, &setup, &all, why, sizeof why), 0);
    assert_int_equal(shifts.count, 3); /* the last one is never on */
    assert_false(shifts.paid);
    const double hours[] = {24, 24, 8};
    const int64_t most[] = {3, 5, 5}, heads[] = {2, 1, 2};
    for (size_t i = 0; i < 3; i++) {
        assert_true(shifts.items[i].hours == hours[i] && shifts.items[i].cost == hours[i]);
        assert_int_equal(shifts.items[i].high, most[i]);
        assert_int_equal(shifts.items[i].head, heads[i]);
    }
    assert_true(staff_cost(&shifts, heads) == 24 * 2 + 24 + 8 * 2);
    int64_t people, lanes;
    staff_pool(&shifts, 1, heads, &people, &lanes);
    assert_true(people == 2 && lanes == 3);
    staff_shift_text(&setup, &shifts.items[2], why, sizeof why);
    assert_string_equal(why, "mill 06:00-14:00, from day 2");
    staff_shifts_free(&shifts);
    model_setup_free(&setup);
}

static void rosters_are_chosen_by_name(void **state)
{
    (void)state;
    model_setup setup;
    staff_shifts shifts;
    char why[400] = "";
    const char *const patterns[] = {"mi*", "bridg"};
    test_setup(&setup, scenario);
    staff_bounds bounds = {.patterns = patterns, .pattern_count = 1, .least = 1, .most = 7, .lanes = 2};
    assert_int_equal(staff_shifts_init(&shifts, &setup, &bounds, why, sizeof why), 0);
    assert_true(shifts.count == 1 && shifts.items[0].low == 1 && shifts.items[0].high == 7);
    assert_int_equal(shifts.lane_count, 1);
    assert_string_equal(shifts.lanes[0], "posts.Mill.entry.stations.check.desks=10");
    staff_shifts_free(&shifts);
    bounds.pattern_count = 2;
    assert_int_equal(staff_shifts_init(&shifts, &setup, &bounds, why, sizeof why), SIM_E_INPUT);
    assert_string_equal(why, "there is no roster \"bridg\"; did you mean \"bridge\"?");
    staff_shifts_free(&shifts);
    model_setup_free(&setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_read_with_their_units),
        cmocka_unit_test(each_stands_for_every_post),
        cmocka_unit_test(what_is_no_target_is_refused_with_the_reason),
        cmocka_unit_test(a_target_is_met_by_the_bound_of_the_ratio),
        cmocka_unit_test(the_worst_stretch_decides_and_empty_ones_do_not_count),
        cmocka_unit_test(people_who_are_in_no_wait_are_guarded),
        cmocka_unit_test(shifts_have_hours_costs_and_bounds),
        cmocka_unit_test(rosters_are_chosen_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
