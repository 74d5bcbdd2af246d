/* Stand-ins: only who is left over, only at desks that are left, at the speed of their training. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

/* Officers for two desks of a; registrars for four of b; each service 10 min; 400 people who are all there at the
 * start. `officers` heads and what they can. */
#define SIDE(officers, registrars, training, more)                                                                     \
    TEST_HEAD                                                                                                          \
    "duration: 6 h\nbin: 6 h\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nstations:\n"                         \
    "  b: {time: 10 min, desks: 4, role: registrar}\n  a: {time: 10 min, desks: 2, role: officer}\n"                   \
    "posts: {P: {entry: {stations: [b, a]}}}\nrosters:\n"                                                              \
    "  o: {post: P, side: entry, role: officer, " training "shifts: [{start: \"00:00\", length: 24 h, head: " officers \
    "}]}\n"                                                                                                            \
    "  r: {post: P, side: entry, role: registrar, shifts: [{start: \"00:00\", length: 24 h, head: " registrars "}]}\n" \
    "displacement: [{from: P, people: 400, shape: 0 s}]\n" more
#define CAN(speed) "stands_in: [{role: registrar, speed: " speed "}], "

extern const model model_of_stand_in;

/* Desks of b, people at them, and seconds of a service that starts in the first hour, or from then on. */
static void check(const char *text, uint32_t desks, int64_t stand_ins, double first, double later)
{
    model_setup setup;
    model_world world;
    size_t count;
    test_setup(&setup, text);
    test_world(&world, &setup, 1, 0);
    assert_int_equal(model_world_run(&world, 30 * 60 * SIM_SECOND, 1), 0);
    assert_int_equal(world.network.stations[test_station(&setup, "P/entry/b")].servers, desks);
    if (model_is_used(&setup, &model_of_stand_in))
        assert_int_equal(test_level(&world, "staff/stand_ins", "P/entry/b", 0), stand_ins);
    else
        assert_int_equal(stand_ins, 0);
    assert_int_equal(model_world_run(&world, setup.end, 1), 0);
    model_journey *rows = test_journeys(&world, "P/entry/b", &count);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(rows[i].served - rows[i].started,
                         (sim_time)((rows[i].started < SIM_HOUR ? first : later) * 1e6 + 0.5));
    free(rows);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Two of five officers have a desk of their own. The work of b's desks is 1 + 3 x 0.5 = 2.5 of its own people: 10 min x
 * 4 / 2.5. */
static void those_left_over_man_the_desks_left_at_their_speed(void **state)
{
    (void)state;
    check(SIDE("5", "1", CAN("0.5"), ""), 4, 3, 960, 960);
    check(SIDE("9", "1", CAN("0.5"), ""), 4, 3, 960, 960); /* no more desks */
    check(SIDE("3", "1", CAN("0.8"), ""), 2, 1, 600 * 2 / 1.8, 600 * 2 / 1.8);
    check(SIDE("2", "1", CAN("0.8"), ""), 1, 0, 600, 600);
    check(SIDE("9", "4", CAN("0.8"), ""), 4, 0, 600, 600);
    check(SIDE("9", "0", CAN("2"), ""), 4, 4, 300, 300);
    check(SIDE("5", "1", "", ""), 1, 0, 600, 600);
}

/* Under load b serves as many as its desks' speeds add up to: 2.5 x 6 an hour (but for those who have just begun). */
static void a_station_carries_the_sum_of_its_desks_speeds(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, SIDE("5", "1", CAN("0.5"), ""));
    test_run(&world, &setup, 1, 0);
    int64_t served = test_count(&world, "flow/served", "P/entry/b", -1);
    assert_true(served <= 90 && served > 90 - 4);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* While the officers' own desks are shut all five stand in: b's own person and three of them, as before; when b loses a
 * lane it is a stand-in's. */
static void own_people_keep_their_desks_when_lanes_close(void **state)
{
    (void)state;
    check(SIDE("2", "1", CAN("0.5"), "timeline: [{at: 0 h, order: outage, target: P/entry/a, duration: 1 h}]\n"), 3, 2,
          600 * 3 / 2.0, 600);
    check(SIDE("5", "2", CAN("0.5"), "timeline: [{at: 1 h, order: close_lanes, target: P/entry/b, lanes: 1}]\n"), 4, 2,
          600 * 4 / 3.0, 600 * 3 / 2.5);
    check(SIDE("5", "2", CAN("0.5"), "timeline: [{at: 1 h, order: close_lanes, target: P/entry/b, lanes: 2}]\n"), 4, 2,
          600 * 4 / 3.0, 600);
}

/* Of one pool it is the roster that can stand in whose people are left over. */
static void who_can_stand_in_is_spared_first(void **state)
{
    (void)state;
    static const char text[] =
        TEST_HEAD "duration: 6 h\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nstations:\n  b: {time: 10 min, "
                  "desks: 4, role: registrar}\n"
                  "  a: {time: 10 min, desks: 2, role: officer}\nposts: {P: {entry: {stations: [b, a]}}}\nrosters:\n"
                  "  o: {post: P, side: entry, role: officer, shifts: [{start: \"00:00\", length: 24 h, head: 2}]}\n"
                  "  x: {post: P, side: entry, role: officer, stands_in: [{role: registrar, speed: 0.5}], shifts: "
                  "[{start: \"00:00\", length: 24 h, "
                  "head: 2}]}\n"
                  "  r: {post: P, side: entry, role: registrar, shifts: [{start: \"00:00\", length: 24 h, head: 1}]}\n"
                  "displacement: [{from: P, people: 400, shape: 0 s}]\n";
    check(text, 3, 2, 900, 900);
}

static void training_that_nobody_uses_changes_nothing(void **state)
{
    (void)state;
    test_same_run(SIDE("2", "4", "", ""), SIDE("2", "4", CAN("0.5"), ""));
    test_same_bits(
        SIDE("4", "2", CAN("0.5"), "timeline: [{at: 2 h, order: outage, target: P/entry/a, duration: 2 h}]\n"));
}

static void training_for_nothing_is_refused(void **state)
{
    (void)state;
    test_refused(SIDE("2", "4", "stands_in: [{role: officer}], ", ""), "own role");
    test_refused(SIDE("2", "4", "stands_in: [{role: nurse}], ", ""), "no station of that side needs \"nurse\"");
    test_refused(SIDE("2", "4", "stands_in: [{role: registrar, speed: 0}], ", ""), "out of range");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_left_over_man_the_desks_left_at_their_speed),
        cmocka_unit_test(a_station_carries_the_sum_of_its_desks_speeds),
        cmocka_unit_test(own_people_keep_their_desks_when_lanes_close),
        cmocka_unit_test(who_can_stand_in_is_spared_first),
        cmocka_unit_test(training_that_nobody_uses_changes_nothing),
        cmocka_unit_test(training_for_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
