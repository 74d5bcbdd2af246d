/* Local days: whole ones on both sides of the start; hours over midnight; the next instant at which a side changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/core/calendar.h"

/* A scenario that starts at 06:00. */
static const model_setup at_six = {.midnight = -6 * SIM_HOUR};

static void days_change_at_local_midnight(void **state)
{
    (void)state;
    assert_int_equal(model_day(&at_six, 0), 0);
    assert_int_equal(model_day(&at_six, 18 * SIM_HOUR - 1), 0);
    assert_int_equal(model_day(&at_six, 18 * SIM_HOUR), 1);
    assert_int_equal(model_day(&at_six, -6 * SIM_HOUR), 0);
    assert_int_equal(model_day(&at_six, -6 * SIM_HOUR - 1), -1);
    assert_int_equal(model_day(&at_six, -30 * SIM_HOUR), -1);
    assert_int_equal(model_day(&at_six, -30 * SIM_HOUR - 1), -2);
}

static void every_day_begins_at_its_midnight(void **state)
{
    (void)state;
    for (int64_t day = -3; day <= 3; day++) {
        assert_int_equal(model_day(&at_six, model_midnight(&at_six, day)), day);
        assert_int_equal(model_day(&at_six, model_midnight(&at_six, day) - 1), day - 1);
    }
}

static void hours_may_run_over_midnight(void **state)
{
    (void)state;
    const sim_time ten = 10 * SIM_HOUR, four = 16 * SIM_HOUR;
    assert_true(model_is_between(ten, ten, four));
    assert_false(model_is_between(four, ten, four));
    assert_false(model_is_between(0, ten, four));
    assert_true(model_is_between(four, four, ten));
    assert_true(model_is_between(0, four, ten));
    assert_false(model_is_between(ten, four, ten));
    assert_false(model_is_between(ten, ten, ten));
}

/* Whether the side is open at `now`, and that it next changes at `changes`. */
static bool is_open(int64_t opens, int64_t closes, sim_time now, sim_time changes)
{
    model_site site = {.opens = {opens, -1}, .closes = {closes, -1}};
    model_setup setup = at_six;
    setup.sites = &site;
    sim_time next = SIM_FOREVER;
    bool open = model_side_is_open(&setup, 0, 0, now, &next);
    assert_int_equal(next, changes);
    return open;
}

static void a_side_is_open_in_its_hours_and_says_when_that_changes(void **state)
{
    (void)state;
    const int64_t eight = 8 * SIM_HOUR, twenty = 20 * SIM_HOUR;
    assert_false(is_open(eight, twenty, 0, 2 * SIM_HOUR));
    assert_true(is_open(eight, twenty, 2 * SIM_HOUR, 14 * SIM_HOUR));
    assert_false(is_open(eight, twenty, 14 * SIM_HOUR, 26 * SIM_HOUR));
    assert_true(is_open(twenty, eight, 0, 2 * SIM_HOUR));
    assert_false(is_open(twenty, eight, 2 * SIM_HOUR, 14 * SIM_HOUR));
    assert_true(is_open(twenty, eight, 14 * SIM_HOUR, 26 * SIM_HOUR));
    assert_true(is_open(-1, -1, 0, SIM_FOREVER));
}

static void only_what_is_still_to_come_brings_the_next_instant_forward(void **state)
{
    (void)state;
    sim_time next = 100;
    model_note_edge(50, 50, &next);
    assert_int_equal(next, 100);
    model_note_edge(101, 50, &next);
    assert_int_equal(next, 100);
    model_note_edge(51, 50, &next);
    assert_int_equal(next, 51);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_change_at_local_midnight),
        cmocka_unit_test(every_day_begins_at_its_midnight),
        cmocka_unit_test(hours_may_run_over_midnight),
        cmocka_unit_test(a_side_is_open_in_its_hours_and_says_when_that_changes),
        cmocka_unit_test(only_what_is_still_to_come_brings_the_next_instant_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
