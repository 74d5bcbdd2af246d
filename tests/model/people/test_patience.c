/* Patience: when groups leave a post, whom it does not concern, and where they go then. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define ONE_POST(stations, patience, groups)                                                                \
    TEST_HEAD "duration: 3 h\n" TEST_EXACT "places: {P: {kind: post}}\nstations: {" stations "}\n" patience \
              "displacement:\n" groups
#define TWO_POSTS(patience, displacement)                                                                      \
    TEST_HEAD "duration: 1 d\n" TEST_EXACT                                                                     \
              "places: {P: {kind: post}, Q: {kind: post}, R: {kind: post}, City: {kind: origin}}\n"            \
              "links: [{from: P, to: Q, length: 1340 m}, {from: City, to: P, length: 1340 m}]\n"               \
              "stations: {shut: {time: 1 s, desks: 0}, desk: {time: 1 s}}\n"                                   \
              "posts: {P: {entry: {stations: [shut]}}, Q: {entry: {stations: [desk]}}, R: {entry: {stations: " \
              "[desk]}}}\n" patience "displacement:\n" displacement

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

static void without_patience_nobody_leaves(void **state)
{
    (void)state;
    run r;
    begin(&r, ONE_POST("a: {time: 1 s, desks: 0}", "posts: {P: {entry: {stations: [a]}}}\n",
                       TEST_GROUP("P", "0 s", "5", "")));
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_WAITING), 5);
    finish(&r);
}

static void who_is_served_when_patience_ends_stays(void **state)
{
    (void)state;
    run r;
    begin(&r,
          ONE_POST("a: {serves: group, time: 1 h}", "posts: {P: {entry: {stations: [a]}}}\npatience: {time: 10 s}\n",
                   TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "0 s", "1", "")));
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_CROSSED), 1);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 1);
    finish(&r);
}

static void who_has_been_served_once_stays(void **state)
{
    (void)state;
    run r; /* both are through the first desk at once; the second one takes a minute for the other */
    begin(&r, ONE_POST("a: {serves: group, time: 1 s, desks: 2}, b: {serves: group, time: 60 s}",
                       "posts: {P: {entry: {stations: [a, b]}}}\npatience: {time: 10 s}\n",
                       TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "0 s", "1", "")));
    TEST_STARTS(&r.world, "P/entry/b", {0, 1}, {1, 61});
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_CROSSED), 2);
    finish(&r);
}

static void the_clock_starts_at_the_post_and_runs_outside_and_in_the_queue(void **state)
{
    (void)state;
    run r; /* group 1 waits outside from 100 to 130 s and in the queue until 150 s */
    begin(
        &r,
        ONE_POST("a: {serves: group, time: 130 s}",
                 "posts: {P: {entry: {waiting_area: 2 m2, density: 1 1/m2, stations: [a]}}}\npatience: {time: 150 s}\n",
                 TEST_GROUP("P", "0 s", "1", "") TEST_GROUP("P", "5 s", "1", "") TEST_GROUP("P", "100 s", "1", "")));
    TEST_STARTS(&r.world, "P/entry/a", {0, 0}, {1, 130});
    assert_int_equal(test_count(&r.world, "queue/outside", "P", 0), 30 * SIM_SECOND);
    assert_int_equal(test_count(&r.world, "people/present", "P", MODEL_WAITING) -
                         test_count(&r.world, "queue/outside", "P", 0),
                     (125 + 120) * SIM_SECOND);
    assert_int_equal(test_count(&r.world, "flow/gave_up", "P", -1), 1);
    finish(&r);
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Seed 1; Kolmogorov's distance of 2000 times from the exponential, critical value of 0.1%: 1.949 / sqrt(n). */
static void patience_follows_its_distribution(void **state)
{
    (void)state;
    enum { GROUPS = 2000 };
    run r;
    test_setup(
        &r.setup, TEST_HEAD
        "duration: 2 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nstations: {a: {time: 1 s, desks: 0}}\n"
        "posts: {P: {entry: {stations: [a]}}}\npatience: {time: {exponential: {mean: 1 h}}}\n"
        "displacement: [{from: P, people: 2000, shape: 0 s}]\n");
    test_world(&r.world, &r.setup, 1, 0);
    double times[GROUPS], distance = 0;
    sim_time step = 20 * SIM_SECOND;
    int64_t gone = 0;
    for (sim_time t = step; t <= r.setup.end && gone < GROUPS; t += step) { /* to half a step */
        assert_int_equal(model_world_run(&r.world, t, 1), 0);
        for (int64_t now = test_level(&r.world, "people/present", "P", MODEL_GAVE_UP); gone < now; gone++)
            times[gone] = ((double)t - (double)step / 2) / 3600e6;
    }
    assert_int_equal(gone, GROUPS);
    qsort(times, GROUPS, sizeof *times, ascending);
    for (int i = 0; i < GROUPS; i++)
        distance = fmax(distance, fabs(1 - exp(-times[i]) - (i + 0.5) / GROUPS));
    assert_true(distance < 1.949 / sqrt(GROUPS));
    finish(&r);
}

static void the_impatient_give_up_or_go_to_another_post_they_can_reach(void **state)
{
    (void)state;
    run r;
    begin(&r, TWO_POSTS("patience: {time: 100 s}\n", TEST_GROUP("City", "0 s", "3", ", modes: {foot: 1}")));
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP) +
                         test_level(&r.world, "people/present", "Q", MODEL_CROSSED),
                     3);
    finish(&r);
    /* Q is 1,000 s of walking behind P; R cannot be reached. They came to P after 1,000 s */
    begin(&r, TWO_POSTS("patience: {time: 100 s, then: another_post}\nchoice: {scale: 1 s}\n",
                        TEST_GROUP("City", "0 s", "3", "")));
    assert_int_equal(test_count(&r.world, "flow/gave_up", "P", -1), 3);
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 0);
    TEST_STARTS(&r.world, "Q/entry/desk", {0, 2100});
    assert_int_equal(test_level(&r.world, "people/present", "Q", MODEL_CROSSED), 3);
    finish(&r);
    /* whose post is given has no other */
    begin(&r, TWO_POSTS("patience: {time: 100 s, then: another_post}\n", TEST_GROUP("City", "0 s", "3", ", to: P")));
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 3);
    finish(&r);
    begin(&r,
          TWO_POSTS(
              "patience: {time: 100 s, then: another_post}\ntimeline: [{at: 0 s, order: close_link, target: P-Q}]\n",
              TEST_GROUP("City", "0 s", "3", "")));
    assert_int_equal(test_level(&r.world, "people/present", "P", MODEL_GAVE_UP), 3);
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_patience_nobody_leaves),
        cmocka_unit_test(who_is_served_when_patience_ends_stays),
        cmocka_unit_test(who_has_been_served_once_stays),
        cmocka_unit_test(the_clock_starts_at_the_post_and_runs_outside_and_in_the_queue),
        cmocka_unit_test(patience_follows_its_distribution),
        cmocka_unit_test(the_impatient_give_up_or_go_to_another_post_they_can_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
