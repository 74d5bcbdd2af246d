/* Absence: as many stay away as the share says, the same people in every plan, and their desks stay shut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

enum { DAYS = 60, LISTED = 50 };

/* A shift of so many people, all day, and a desk for each. */
#define LIST(head, absence, more)                                                                                \
    TEST_HEAD "duration: 60 d\nbin: 1 d\nplaces: {P: {kind: post}}\npeople: {group_size: 1}\n"                   \
              "stations: {a: {time: {exponential: {mean: 3 h}}, desks: 80, role: officer}}\nposts: {P: {entry: " \
              "{stations: [a]}}}\n"                                                                              \
              "rosters: {r: {post: P, side: entry, role: officer, " absence                                      \
              "shifts: [{start: \"00:00\", length: 24 h, head: " head                                            \
              "}]}}\ndisplacement: [{from: P, people: 3000, shape: {uniform: {low: 0 d, high: 10 d}}}]\n" more

/* People absent on each day. */
static void run(const char *text, int64_t absent[DAYS])
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_run(&world, &setup, 1, 0);
    for (uint32_t day = 0; day < DAYS; day++) {
        int64_t area = test_bin(&world, "staff/absent", "P", 0, day, 0);
        assert_int_equal(area % SIM_DAY, 0);
        absent[day] = area / SIM_DAY;
    }
    model_world_free(&world);
    model_setup_free(&setup);
}

static void absence_is_binomial_and_shuts_desks(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, LIST("50", "absence: 20 %, ", ""));
    test_run(&world, &setup, 1, 0);
    int64_t sum = 0;
    double squares = 0;
    for (uint32_t day = 0; day < DAYS; day++) {
        int64_t absent = test_bin(&world, "staff/absent", "P", 0, day, 0) / SIM_DAY;
        assert_int_equal(test_bin(&world, "desks/open", "P/entry/a", 0, day, 0), (LISTED - absent) * SIM_DAY);
        sum += absent;
        squares += (double)(absent - 10) * (double)(absent - 10);
    }
    test_share("absent", (uint64_t)sum, (uint64_t)DAYS * LISTED, 0.2);
    /* the variance of a day is 8: 60 days' sum over 8 is chi-square, within 30 and 102 with 99.9% */
    assert_true(squares / 8 > 30 && squares / 8 < 102);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void the_same_people_are_absent_in_every_plan(void **state)
{
    (void)state;
    int64_t base[DAYS], plan[DAYS], more[DAYS], longer[DAYS], sum = 0;
    run(LIST("50", "absence: 20 %, ", ""), base);
    run(LIST("50", "absence: 20 %, ",
             "timeline: [{at: 5 h, order: close_lanes, target: P, lanes: 60, duration: 20 d}]\n"),
        plan);
    run(LIST("50", "absence: 30 %, ", ""), more);
    run(LIST("70", "absence: 20 %, ", ""), longer);
    for (int day = 0; day < DAYS; day++) {
        assert_int_equal(base[day], plan[day]);
        assert_true(more[day] >= base[day]); /* whoever is away at 20% is away at 30% */
        assert_true(longer[day] >= base[day] && longer[day] <= base[day] + 20); /* the first 50 come as before */
        sum += longer[day] - base[day];
    }
    test_share("absent of those added", (uint64_t)sum, (uint64_t)DAYS * 20, 0.2);
}

static void everybody_or_nobody_may_be_absent(void **state)
{
    (void)state;
    int64_t absent[DAYS];
    run(LIST("50", "absence: 1, ", ""), absent);
    for (int day = 0; day < DAYS; day++)
        assert_int_equal(absent[day], LISTED);
    test_same_run(LIST("50", "", ""), LIST("50", "absence: 0, ", ""));
}

static void threads_and_restoring_change_nothing(void **state)
{
    (void)state;
    test_same_bits(LIST("5", "absence: 40 %, ", ""));
}

static void a_share_above_one_is_refused(void **state)
{
    (void)state;
    test_refused(LIST("5", "absence: 1.2, ", ""), "out of range");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absence_is_binomial_and_shuts_desks),
        cmocka_unit_test(the_same_people_are_absent_in_every_plan),
        cmocka_unit_test(everybody_or_nobody_may_be_absent),
        cmocka_unit_test(threads_and_restoring_change_nothing),
        cmocka_unit_test(a_share_above_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
