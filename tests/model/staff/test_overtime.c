/* Overtime: exactly as long as the queue, the side and the extension have it; and it tires. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/staff/duty.h"
#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

/* 30 people at the start at a desk of 10 min each; a shift from 0 to 2 h. So many have begun before t min: those at 0,
 * 10, 20 ... */
#define LATE(roster, side, more)                                                                               \
    TEST_HEAD "duration: 12 h\nbin: 12 h\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\n"                \
              "stations: {a: {time: 10 min, desks: 3, role: officer}}\nposts: {P: {entry: {stations: [a]" side \
              "}}}\nrosters: {r: {post: P, side: entry, role: officer, " roster "}}\n"                         \
              "displacement: [{from: P, people: 30, shape: 0 s}]\n" more
#define SHIFT "shifts: [{start: \"00:00\", length: 2 h, head: 1}]"

/* Person-minutes of overtime. */
static int64_t overtime(const char *text)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_run(&world, &setup, 1, 0);
    int64_t area = test_bin(&world, "staff/overtime", "P", 0, 0, 0),
            open = test_bin(&world, "desks/open", "P/entry/a", 0, 0, 0);
    int64_t shifts = model_staff_shift_time(&world, 0, 0, setup.end);
    if (strstr(text, "lanes") == NULL && strstr(text, "closes") == NULL)
        assert_int_equal(open, shifts + area); /* and the desks are manned as long */
    model_world_free(&world);
    model_setup_free(&setup);
    assert_int_equal(area % (60 * SIM_SECOND), 0);
    return area / (60 * SIM_SECOND);
}

#define ASSERT_OVERTIME(text, minutes) assert_int_equal(overtime(text), minutes)

static void a_shift_stays_until_the_queue_is_down_or_the_extension_over(void **state)
{
    (void)state;
    ASSERT_OVERTIME(LATE("overtime: 1 h, " SHIFT, "", ""), 60);
    ASSERT_OVERTIME(LATE("overtime: 50 min, " SHIFT, "", ""), 50); /* ends between two control intervals */
    ASSERT_OVERTIME(LATE("overtime: 8 h, " SHIFT, "", ""), 180);   /* at 300 min the last one has begun: nobody waits */
    /* 6 wait at 240 min, 4 at 255 */
    ASSERT_OVERTIME(LATE("overtime: 8 h, overtime_queue: 5, " SHIFT, "", ""), 135);
    ASSERT_OVERTIME(LATE("overtime: 8 h, overtime_queue: 17, " SHIFT, "", ""), 15); /* 18 wait at 120, 16 at 135 */
    ASSERT_OVERTIME(LATE("overtime: 8 h, overtime_queue: 18, " SHIFT, "", "control_interval: 20 min\n"), 0);
}

/* Those who come add to those who stay: two desks from 2 h on. At 120 min 18 wait; two begin every 10 min, so that 2
 * wait at 195, none at 210. */
static void the_next_shift_works_beside_those_who_stay(void **state)
{
    (void)state;
    ASSERT_OVERTIME(LATE("overtime: 8 h, shifts: [{start: \"00:00\", length: 2 h, head: 1}, {start: \"02:00\", length: "
                         "2 h, head: 1}]",
                         "", ""),
                    90);
    /* 12 have begun at 60 min, the other 18 at three desks at 110 min: two people stay their whole hour, and the second
     * shift has no reason to */
    ASSERT_OVERTIME(LATE("overtime: 1 h, shifts: [{start: \"00:00\", length: 1 h, head: 2}, {start: \"01:00\", length: "
                         "1 h, head: 1}]",
                         "", ""),
                    2 * 60);
}

static void nobody_stays_where_the_side_is_closed(void **state)
{
    (void)state;
    ASSERT_OVERTIME(LATE("overtime: 8 h, " SHIFT, ", opens: \"00:00\", closes: \"02:00\"", ""), 0);
    ASSERT_OVERTIME(LATE("overtime: 8 h, " SHIFT, ", opens: \"00:00\", closes: \"02:30\"", ""), 30);
}

/* 20% an hour beyond 2 h on duty: at 165 min 1 + 0.2 x 0.75. */
static void overtime_tires(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    size_t count, seen = 0;
    test_setup(&setup, LATE("overtime: 8 h, " SHIFT, "", "fatigue: {slowing: 0.2, onset: 2 h}\n"));
    test_run(&world, &setup, 1, 0);
    model_journey *rows = test_journeys(&world, "P/entry/a", &count);
    for (size_t i = 0; i < count; i++) {
        sim_time from = rows[i].started / (900 * SIM_SECOND) * 900 * SIM_SECOND,
                 beyond = from > 2 * SIM_HOUR ? from - 2 * SIM_HOUR : 0;
        double factor = 1 + 0.2 * (double)beyond / (double)SIM_HOUR;
        assert_int_equal(rows[i].served - rows[i].started, (sim_time)(600e6 * factor + 0.5));
        seen += beyond > 0;
    }
    assert_true(seen > 5);
    free(rows);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void threads_and_restoring_change_nothing(void **state)
{
    (void)state;
    test_same_bits(LATE("overtime: 8 h, overtime_queue: 3, " SHIFT, "", ""));
    test_same_run(LATE(SHIFT, "", ""), LATE("overtime: 0 h, overtime_queue: 3, " SHIFT, "", ""));
}

static void overtime_into_the_next_shift_is_refused(void **state)
{
    (void)state;
    test_refused(LATE("overtime: 3 h, shifts: [{start: \"00:00\", length: 22 h, head: 1}]", "", ""),
                 "their next shift begins");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_stays_until_the_queue_is_down_or_the_extension_over),
        cmocka_unit_test(the_next_shift_works_beside_those_who_stay),
        cmocka_unit_test(nobody_stays_where_the_side_is_closed),
        cmocka_unit_test(overtime_tires),
        cmocka_unit_test(threads_and_restoring_change_nothing),
        cmocka_unit_test(overtime_into_the_next_shift_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
