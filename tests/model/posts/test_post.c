/* Posts: who passes which station, how long a group is served, which procedure holds, and what is recorded of those who
 * cross. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

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

/* 3,000 people in groups of one to six, two traits, three modes; enough desks for nobody to wait long. */
#define CROWD(stations, list)                                                                                        \
    TEST_HEAD "duration: 4 d\npeople:\n  group_size: {empirical: {values: [1, 2, 3, 4, 5, 6]}}\n  modes: {foot: 1, " \
              "car: 1, bus: 1}\n"                                                                                    \
              "  traits: {child: {share: 0.4}, sick: {share: 0.2}}\nplaces: {P: {kind: post}}\nstations: {" stations \
              "}\n"                                                                                                  \
              "posts: {P: {entry: {stations: [" list                                                                 \
              "]}}}\ndisplacement: [{from: P, people: 3000, shape: {uniform: {low: 0 d, high: 1 d}}}]\n"

enum { CHILD = 1, SICK = 2, FOOT = 1, CAR = 2, BUS = 4 };

/* Who is served at a station and for how long: those of the modes with someone who has any of `when` and none of
 * `unless`, `second`s for each such person, or once. */
static void assert_served(const run *r, const char *station, uint32_t modes, uint32_t when, uint32_t unless,
                          double seconds, bool each)
{
    size_t count, served = 0;
    model_journey *rows = test_journeys(&r->world, station, &count);
    sim_time *spent = calloc(r->world.group_count, sizeof *spent);
    assert_non_null(spent);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(spent[rows[i].group], 0); /* nobody twice */
        spent[rows[i].group] = rows[i].served - rows[i].started;
    }
    for (uint32_t group = 0; group < r->world.group_count; group++) {
        const model_group *g = model_group_at(&r->world, group);
        uint32_t selected = 0;
        for (uint32_t i = 0; i < g->customer.size; i++) {
            uint32_t traits = r->world.traits[g->first_person + i];
            selected += (when == 0 || (traits & when) != 0) && (traits & unless) == 0;
        }
        selected = (modes >> g->mode & 1) == 0 ? 0 : selected;
        served += selected > 0;
        sim_time expected = selected == 0 ? 0 : (sim_time)(seconds * 1e6) * (each ? selected : 1);
        if (spent[group] != expected)
            fail_msg("%s: group %u of %u people was served %.6f s, expected %.6f s", station, group, g->customer.size,
                     (double)spent[group] * 1e-6, (double)expected * 1e-6);
    }
    assert_int_equal(served, count);
    assert_true(count > 100 && count <= r->world.group_count);
    free(spent);
    free(rows);
}

static void the_time_of_a_group_is_the_sum_over_those_whom_the_station_selects(void **state)
{
    (void)state;
    run r;
    begin(
        &r,
        CROWD(
            "all: {time: 7 s, desks: 9}, children: {time: 11 s, desks: 9, when: child}, grown: {time: 13 s, desks: 9, "
            "unless: child},"
            " any: {time: 3 s, desks: 9, when: [child, sick]}, well: {time: 5 s, desks: 9, when: child, unless: sick}",
            "all, children, grown, any, well"));
    assert_true(r.world.group_count > 700);
    assert_served(&r, "P/entry/all", FOOT | CAR | BUS, 0, 0, 7, true);
    assert_served(&r, "P/entry/children", FOOT | CAR | BUS, CHILD, 0, 11, true);
    assert_served(&r, "P/entry/grown", FOOT | CAR | BUS, 0, CHILD, 13, true);
    assert_served(&r, "P/entry/any", FOOT | CAR | BUS, CHILD | SICK, 0, 3, true);
    assert_served(&r, "P/entry/well", FOOT | CAR | BUS, CHILD, SICK, 5, true);
    assert_int_equal(test_count(&r.world, "flow/crossed", "P", -1), 3000);
    finish(&r);
}

static void a_station_that_serves_groups_takes_one_draw(void **state)
{
    (void)state;
    run r;
    begin(&r, CROWD("all: {serves: group, time: 7 s, desks: 9}, sick: {serves: group, time: 9 s, desks: 9, when: sick}",
                    "all, sick"));
    assert_served(&r, "P/entry/all", FOOT | CAR | BUS, 0, 0, 7, false);
    assert_served(&r, "P/entry/sick", FOOT | CAR | BUS, SICK, 0, 9, false);
    finish(&r);
    size_t count;
    begin(&r, CROWD("all: {serves: group, time: {uniform: {low: 10 s, high: 20 s}}, desks: 9}", "all"));
    model_journey *rows = test_journeys(&r.world, NULL, &count);
    for (size_t i = 0; i < count; i++)
        assert_true(rows[i].served - rows[i].started >= 10 * SIM_SECOND &&
                    rows[i].served - rows[i].started <= 20 * SIM_SECOND);
    free(rows);
    finish(&r);
}

/* Seed 1; the mean of some 3,000 persons' times lies within 3.29 standard errors of the uniform's (false alarm 0.1%),
 * and groups of n spread as sums of n independent times do. */
static void the_persons_of_a_group_have_times_of_their_own(void **state)
{
    (void)state;
    run r;
    size_t count;
    begin(&r, CROWD("all: {time: {uniform: {low: 0 s, high: 10 s}}, desks: 50}", "all"));
    model_journey *rows = test_journeys(&r.world, NULL, &count);
    double sum = 0, people = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double n = rows[i].size, time = (double)(rows[i].served - rows[i].started) * 1e-6;
        sum += time;
        people += n;
        squares += (time - 5 * n) * (time - 5 * n) / n; /* mean: the variance of one, whatever n is */
    }
    double variance = 100.0 / 12;
    assert_true(fabs(sum / people - 5) < 3.29 * sqrt(variance / people));
    /* kurtosis of sums of uniforms is below 3: the squares' standard deviation is below sqrt(2) */
    assert_true(fabs(squares / (double)count / variance - 1) < 3.29 * sqrt(2 / (double)count));
    free(rows);
    finish(&r);
}

static void groups_of_other_modes_pass_by(void **state)
{
    (void)state;
    run r;
    begin(&r, CROWD("walkers: {time: 7 s, desks: 9, modes: foot}, drivers: {time: 5 s, desks: 9, modes: [car, bus], "
                    "when: child}",
                    "walkers, drivers"));
    assert_served(&r, "P/entry/walkers", FOOT, 0, 0, 7, true);
    assert_served(&r, "P/entry/drivers", CAR | BUS, CHILD, 0, 5, true);
    finish(&r);
}

#define SMALL(stations, post, more)                                                                                  \
    TEST_HEAD "duration: 1 h\ntarget_wait: 9 s\n" TEST_EXACT "places: {P: {kind: post}}\nstations: {" stations "}\n" \
              "posts: {P: {" post "}}\n" more
#define THREE \
    "displacement:\n" TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "1 s", "2", "") TEST_GROUP("P", "2 s", "3", "")

static void whom_no_station_takes_crosses_at_once(void **state)
{
    (void)state;
    run r;
    begin(&r, SMALL("rail: {time: 1 h, modes: rail}", "entry: {stations: [rail]}", THREE));
    assert_int_equal(test_count(&r.world, "flow/crossed", "P", -1), 6);
    assert_int_equal(test_count(&r.world, "wait/total_time", "P", -1), 0);
    finish(&r);
    begin(&r, SMALL("", "appeal: 0 h", THREE)); /* a post without stations */
    assert_int_equal(test_count(&r.world, "flow/crossed", "P", -1), 6);
    finish(&r);
}

static void stations_are_passed_in_the_order_written_the_exit_side_first(void **state)
{
    (void)state;
    run r;
    begin(&r, SMALL("a: {serves: group, time: 10 s}, b: {serves: group, time: 20 s}",
                    "entry: {stations: [b, a]}, exit: {stations: [a, b]}",
                    "displacement:\n" TEST_GROUP("P", "0 s", "1", "")));
    TEST_STARTS(&r.world, "P/exit/a", {0, 0});
    TEST_STARTS(&r.world, "P/exit/b", {0, 10});
    TEST_STARTS(&r.world, "P/entry/b", {0, 30});
    TEST_STARTS(&r.world, "P/entry/a", {0, 50});
    finish(&r);
}

static void waits_and_times_at_the_post_are_those_of_who_crossed(void **state)
{
    (void)state;
    run r; /* waits 0, 9 and 18 s of 1, 2 and 3 people; through after 10, 19 and 28 s */
    begin(&r, SMALL("a: {serves: group, time: 10 s}", "entry: {stations: [a]}", THREE));
    assert_int_equal(test_bin(&r.world, "wait/post", "P", 0, 0, 0), (2 * 9 + 3 * 18) * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "wait/post", "P", 0, 0, 1), 6);
    assert_int_equal(test_bin(&r.world, "wait/total_time", "P", 0, 0, 0), (10 + 2 * 19 + 3 * 28) * SIM_SECOND);
    assert_int_equal(test_count(&r.world, "flow/on_time", "P", -1), 3); /* at most 9 s */
    assert_int_equal(test_bin(&r.world, "people/present", "P", MODEL_WAITING, 0, 0), (2 * 9 + 3 * 18) * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "people/present", "P", MODEL_WAITING, 0, 1), 5); /* most at once */
    assert_int_equal(test_bin(&r.world, "people/present", "P", MODEL_IN_SERVICE, 0, 0), 60 * SIM_SECOND);
    assert_int_equal(test_bin(&r.world, "people/present", "P", MODEL_IN_SERVICE, 0, 1), 3);
    finish(&r);
}

static void a_post_has_its_own_desks_room_and_procedure(void **state)
{
    (void)state;
    run r;
    begin(&r, SMALL("a: {serves: group, desks: 1, room: 9, procedure: slow, procedures: {fast: {time: 1 s}, slow: "
                    "{time: 10 s}, token: "
                    "{time: 2 s}}}",
                    "entry: {stations: {a: {desks: 2, procedure: token, room: 0}}}, when_full: turn_away", THREE));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 1}, {2, 2});
    assert_int_equal(r.setup.stations[0].desks, 2);
    assert_int_equal(r.setup.stations[0].room, 0);
    finish(&r);
    begin(&r, SMALL("a: {serves: group, procedure: slow, procedures: {fast: {time: 1 s}, slow: {time: 10 s}}}",
                    "entry: {stations: [a]}", THREE));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 10}, {2, 20});
    finish(&r);
    begin(&r, SMALL("a: {serves: group, procedures: {fast: {time: 1 s}, slow: {time: 10 s}}}", "entry: {stations: [a]}",
                    THREE));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 1}, {2, 2}); /* the first */
    finish(&r);
    begin(&r,
          SMALL("a: {serves: group, time: 5 s, procedures: {slow: {time: 10 s}}}", "entry: {stations: [a]}", THREE));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 5}, {2, 10}); /* `time` is the procedure "standard" */
    finish(&r);
}

static void posts_that_cannot_be_are_refused(void **state)
{
    (void)state;
    test_refused(SMALL("a: {procedures: {slow: {time: 1 s}}, procedure: slwo}", "entry: {stations: [a]}", ""),
                 "did you mean \"slow\"?");
    test_refused(SMALL("a: {time: 1 s}", "entry: {stations: {a: {procedure: standrad}}}", ""),
                 "did you mean \"standard\"?");
    test_refused(SMALL("check: {time: 1 s}", "entry: {stations: [chek]}", ""), "did you mean \"check\"?");
    test_refused(SMALL("a: {desks: 1}", "entry: {stations: [a]}", ""), "station \"a\" has no service time");
    test_refused(TEST_HEAD "duration: 1 h\nplaces: {P: {kind: origin}}\nposts: {P: {}}\n",
                 "there is no place of kind post called \"P\"");
    test_refused(TEST_HEAD "duration: 1 h\nplaces: {P: {kind: post}}\n", "the scenario has no border post");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_of_a_group_is_the_sum_over_those_whom_the_station_selects),
        cmocka_unit_test(a_station_that_serves_groups_takes_one_draw),
        cmocka_unit_test(the_persons_of_a_group_have_times_of_their_own),
        cmocka_unit_test(groups_of_other_modes_pass_by),
        cmocka_unit_test(whom_no_station_takes_crosses_at_once),
        cmocka_unit_test(stations_are_passed_in_the_order_written_the_exit_side_first),
        cmocka_unit_test(waits_and_times_at_the_post_are_those_of_who_crossed),
        cmocka_unit_test(a_post_has_its_own_desks_room_and_procedure),
        cmocka_unit_test(posts_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
