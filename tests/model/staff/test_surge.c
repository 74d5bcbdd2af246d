/* Surge, recall and move: who works where from when to when, to the person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

/* Two posts; day and night shifts of 14 and 9 at the first, of 4 all day at the second, a roster without people of its
 * own at the third; a desk for each. */
#define TEAMS(orders)                                                                                                \
    TEST_HEAD "duration: 10 d\nbin: 1 h\nplaces: {P: {kind: post}, Q: {kind: post}, R: {kind: post}}\n"              \
              "stations: {a: {time: 1 min, desks: 99, role: officer}, n: {time: 1 min, desks: 99, role: nurse}}\n"   \
              "posts: {P: {entry: {stations: [a]}}, Q: {entry: {stations: [a, n]}}, R: {entry: {stations: "          \
              "[a]}}}\nrosters:\n"                                                                                   \
              "  p: {post: P, side: entry, role: officer, surge_lead: 30 h, recall_lead: 3 h, reserve: 5, shifts: "  \
              "[{start: \"06:00\","                                                                                  \
              " length: 12 h, head: 14}, {start: \"18:00\", length: 12 h, head: 9}]}\n"                              \
              "  q: {post: Q, side: entry, role: officer, surge_lead: 10 h, shifts: [{start: \"00:00\", length: 24 " \
              "h, head: 4}]}\n"                                                                                      \
              "  r: {post: R, side: entry, role: officer, shifts: [{start: \"00:00\", length: 12 h, head: 0}, "      \
              "{start: \"12:00\","                                                                                   \
              " length: 12 h, head: 0}]}\n"                                                                          \
              "  n: {post: Q, side: entry, role: nurse, shifts: [{start: \"00:00\", length: 24 h, head: 1}]}\n"      \
              "timeline: [" orders "]\n"

typedef struct {
    const char *station;
    double hour;
    uint32_t desks;
} expected;

static void check(const char *text, size_t count, const expected *rows)
{
    model_setup setup;
    model_world world;
    test_setup(&setup, text);
    test_world(&world, &setup, 1, 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(model_world_run(&world, (sim_time)(rows[i].hour * 3600e6), 1), 0);
        uint32_t open = world.network.stations[test_station(&setup, rows[i].station)].servers;
        if (open != rows[i].desks)
            fail_msg("%s at %.4f h: %u desks, expected %u", rows[i].station, rows[i].hour, open, rows[i].desks);
    }
    model_world_free(&world);
    model_setup_free(&setup);
}
#define CHECK(text, ...) check(text, sizeof((expected[]){__VA_ARGS__}) / sizeof(expected), (expected[]){__VA_ARGS__})
#define P "P/entry/a"
#define Q "Q/entry/a"
#define R "R/entry/a"

/* 6 of 14 + 9: 6 x 14 / 23 = 3.65, three by day, three by night; from 30 h after the order on. */
static void a_surge_team_comes_after_its_lead_time_and_works_in_the_shifts(void **state)
{
    (void)state;
    CHECK(TEAMS("{at: 5 h, order: surge_staff, target: p, number: 6, duration: 100 h}"), {P, 1, 9}, {P, 7, 14},
          {P, 19, 9}, {P, 34.99, 14}, {P, 35.01, 17}, {P, 43, 12}, {P, 55, 17}, {P, 104.99, 17}, {P, 105.01, 14},
          {P, 115, 9});
    CHECK(TEAMS("{at: 5 h, order: surge_staff, target: p, number: 6, lead: 1 h}"), {P, 5.5, 9}, {P, 6.5, 17},
          {P, 19, 12}, {P, 200, 17});
    CHECK(TEAMS("{at: 5 h, order: surge_staff, target: p, number: 6, duration: 20 h}"), {P, 26, 9},
          {P, 36, 14}); /* gone before they come */
    CHECK(TEAMS("{at: 5 h, order: surge_staff, target: p, number: 6}, {at: 20 h, order: surge_staff, target: p, "
                "number: 17}"),
          {P, 36, 17}, {P, 49.9, 12}, {P, 50.1, 18}, {P, 55, 28}); /* 23 x 14 / 23 = 14, and 9 */
}

static void a_roster_without_people_of_its_own_shares_them_equally(void **state)
{
    (void)state;
    CHECK(TEAMS("{at: 1 h, order: surge_staff, target: r, number: 7, lead: 0 h}"), {R, 0.5, 0}, {R, 1.5, 3}, {R, 13, 4},
          {R, 25, 3});
    CHECK(TEAMS("{at: 1 h, order: surge_staff, target: \"*\", number: 2, lead: 0 h}"), {P, 2, 10}, {P, 7, 15},
          {Q, 8, 6}, {R, 8, 1}, {"Q/entry/n", 8, 3});
}

static void no_more_are_recalled_than_there_are(void **state)
{
    (void)state;
    CHECK(TEAMS("{at: 4 h, order: recall_staff, target: p, number: 4, duration: 40 h}, {at: 30 h, order: recall_staff, "
                "target: p, number: 1}"),
          {P, 6.5, 14}, {P, 7.5, 16}, {P, 19, 11}, {P, 32, 16}, {P, 34, 17}, {P, 43, 11}, {P, 45, 10}, {P, 55, 14});
}

/* 5 of 23: 5 x 14 / 23 = 3.04, three by day and two by night go; they come to q's only shift. */
static void people_who_move_are_missing_where_they_were(void **state)
{
    (void)state;
    CHECK(TEAMS("{at: 8 h, order: move_staff, target: p, name: q, number: 5, duration: 30 h}"), {P, 7, 14}, {Q, 7, 4},
          {P, 9, 11}, {Q, 9, 9}, {P, 20, 7}, {Q, 20, 9}, {P, 37, 11}, {P, 39, 14}, {Q, 39, 4});
    /* all who are there, and who has come may go on */
    CHECK(TEAMS("{at: 8 h, order: move_staff, target: q, name: p, number: 4}"), {Q, 9, 0}, {P, 9, 16}, {P, 20, 11});
    CHECK(TEAMS("{at: 8 h, order: move_staff, target: q, name: r, number: 3}, {at: 9 h, order: move_staff, target: r, "
                "name: p, number: 3}"),
          {Q, 8.5, 1}, {R, 8.5, 1}, {R, 10, 0}, {Q, 10, 1}, {P, 10, 15}, {P, 20, 11});
}

static void who_has_come_is_recorded_by_place(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEAMS("{at: 2 h, order: surge_staff, target: p, number: 6, lead: 1 h, duration: 10 h}, {at: 4 "
                             "h, order: move_staff, target: p, "
                             "name: q, number: 5}"));
    test_run(&world, &setup, 1, 0);
    int64_t come = 0, moved = 0;
    for (uint32_t bin = 0; bin < 240; bin++) {
        come += test_bin(&world, "staff/surge", "P", 0, bin, 0);
        moved += test_bin(&world, "staff/moved", "Q", 0, bin, 0);
    }
    assert_int_equal(come, 6 * 10 * SIM_HOUR);
    assert_int_equal(moved, 5 * (240 - 4) * SIM_HOUR);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void threads_and_restoring_change_nothing(void **state)
{
    (void)state;
#define PEOPLE \
    "displacement: [{from: P, people: 9000, shape: {uniform: {low: 0 d, high: 9 d}}}]\nchoice: {scale: 1 h}\n"
    test_same_bits(TEAMS(
        "{at: 5 h, order: surge_staff, target: p, number: 6, duration: 100 h}, {at: 8 h, order: move_staff, target: p, "
        "name: q, number: 20, duration: 70 h}") PEOPLE);
    test_same_run(TEAMS("") PEOPLE,
                  TEAMS("{at: 5 h, order: surge_staff, target: p, number: 0, duration: 100 h}") PEOPLE);
}

static void orders_that_cannot_be_carried_out_are_refused(void **state)
{
    (void)state;
    test_refused(TEAMS("{at: 1 h, order: recall_staff, target: q, number: 1}"), "nobody of \"q\" can be recalled");
    test_refused(TEAMS("{at: 4 h, order: recall_staff, target: p, number: 4, duration: 40 h}, {at: 30 h, order: "
                       "recall_staff, target: p, number: 2}"),
                 "6 people of p would be recalled, whose reserve has 5");
    test_refused(TEAMS("{at: 8 h, order: move_staff, target: q, name: p, number: 5}"),
                 "5 people of q would move, which has 4");
    test_refused(TEAMS("{at: 1 h, order: move_staff, target: p, name: o, number: 1}"), "there is no roster \"o\"");
    test_refused(TEAMS("{at: 1 h, order: move_staff, target: p, name: p, number: 1}"), "they are there");
    test_refused(TEAMS("{at: 1 h, order: move_staff, target: p, name: n, number: 1}"), "cannot do the work of \"n\"");
    test_refused(TEAMS("{at: 1 h, order: surge_staff, target: s, number: 1}"), "there is no roster \"s\"");
    test_refused(TEAMS("{at: 1 h, order: surge_staff, target: p}"), "needs `number`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_surge_team_comes_after_its_lead_time_and_works_in_the_shifts),
        cmocka_unit_test(a_roster_without_people_of_its_own_shares_them_equally),
        cmocka_unit_test(no_more_are_recalled_than_there_are),
        cmocka_unit_test(people_who_move_are_missing_where_they_were),
        cmocka_unit_test(who_has_come_is_recorded_by_place),
        cmocka_unit_test(threads_and_restoring_change_nothing),
        cmocka_unit_test(orders_that_cannot_be_carried_out_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
