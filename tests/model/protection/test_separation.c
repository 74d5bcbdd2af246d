/* Family separation: the exponential law of exposure, thresholds, exposure that adds up over waits, and tracing to the
 * second. The density is set by hand at control instants, as the crowd model does. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

/* Families of ten who are at P from the start, and let in at 03:00: all wait 3 h, on the entry side only. */
#define GATE(people, separation)                                                                                 \
    TEST_HEAD "duration: 12 h\nbin: 12 h\npeople: {group_size: 10, traits: {child: {share: 0.3}}}\nplaces: {P: " \
              "{kind: post}}\n"                                                                                  \
              "stations: {check: {serves: group, time: 1 min, desks: 90000}}\n"                                  \
              "posts: {P: {entry: {opens: \"03:00\", closes: \"23:00\", stations: [check]}}}\n" separation       \
              "displacement: [{from: P, people: " people ", shape: 0 s}]\n"

/* Crowded from `from` until `to` at that density, empty otherwise. */
typedef struct {
    sim_time from, to;
    double density;
} crowding;

static int crowd(model_world *world, sim_time now)
{
    const crowding *c = world->watcher;
    for (uint32_t i = 0; i < world->setup->site_count * MODEL_SIDES; i++)
        world->density[i] = c->from <= now && now < c->to ? c->density : 0;
    return 0;
}

static void run(model_world *world, model_setup *setup, const char *text, crowding *c)
{
    test_setup(setup, text);
    test_world(world, setup, 7, 0);
    world->watch = crowd;
    world->watcher = c;
    assert_int_equal(model_world_run(world, setup->end, 2), 0);
}

static void finish(model_world *world, model_setup *setup)
{
    model_world_free(world);
    model_setup_free(setup);
}

static uint64_t children(const model_world *world)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < world->person_count; i++)
        n += world->traits[i] & 1;
    return n;
}

static int64_t count(const model_world *world, const char *metric)
{
    return test_count(world, metric, "P", -1);
}

#define CHILDREN(rate, more) "separation: {rate: " rate ", traits: child" more "}\n"

/* 0.2 /h for 3 h: 1 - exp(-0.6) of the children are lost, and nobody else. */
static void the_share_lost_is_exponential_in_the_time_waited(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    uint64_t families = 0;
    run(&world, &setup, GATE("40000", CHILDREN("0.2 /h", ", success: 0")), &c);
    uint64_t lost = (uint64_t)count(&world, "separation/separated");
    test_share("lost", lost, children(&world), 1 - exp(-0.6));
    for (uint32_t i = 0; i < world.group_count; i++)
        families += model_group_at(&world, i)->customer.size < 10;
    for (uint32_t i = 0; i < world.person_count; i++)
        assert_true(world.apart[i] == 0 || (world.traits[i] & 1));
    assert_int_equal(count(&world, "separation/families_split"), families);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_MISSING), lost);
    assert_int_equal(count(&world, "flow/crossed"), 40000 - (int64_t)lost);
    finish(&world, &setup);
}

/* Crowded from 1:00 to 2:00 of a wait until 3:00. */
static void only_the_time_above_the_threshold_counts(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {SIM_HOUR, 2 * SIM_HOUR, 4};
    run(&world, &setup, GATE("40000", CHILDREN("0.2 /h", "")), &c);
    test_share("lost", (uint64_t)count(&world, "separation/separated"), children(&world), 1 - exp(-0.2));
    finish(&world, &setup);
    run(&world, &setup, GATE("40000", CHILDREN("0.2 /h", ", density: 4 1/m2")), &c); /* not above it */
    assert_int_equal(count(&world, "separation/separated"), 0);
    finish(&world, &setup);
}

/* One at a time is looked for from 3:00 to the end at 12:00, and then who comes next: 9 h of 49 / 24 USD. */
static void looking_for_people_costs_while_it_lasts(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    run(&world, &setup, GATE("1000", CHILDREN("0.2 /h", ", tracers: 1, tracing_time: 25 min, tracer_day_cost: 49 USD")),
        &c);
    assert_int_equal(count(&world, "separation/reunified"), 21);
    assert_int_equal(test_count(&world, "cost/spent", "all", MODEL_COST_PROTECTION), 18);
    finish(&world, &setup);
}

/* Who is lost at some rate is lost at a higher one too. */
static void more_exposure_never_loses_fewer(void **state)
{
    (void)state;
    model_setup little, much;
    model_world a, b;
    crowding c = {0, SIM_FOREVER, 4};
    run(&a, &little, GATE("4000", CHILDREN("0.1 /h", ", success: 0")), &c);
    run(&b, &much, GATE("4000", CHILDREN("0.2 /h", ", success: 0")), &c);
    assert_true(count(&a, "separation/separated") > 100 &&
                count(&b, "separation/separated") > count(&a, "separation/separated") + 100);
    for (uint32_t i = 0; i < a.person_count; i++)
        assert_true(a.apart[i] == 0 || b.apart[i] != 0);
    finish(&a, &little);
    finish(&b, &much);
}

/* 3 h on the exit side and 2 h on the entry side: 5 h of exposure in all, whichever side it was at. */
static void exposure_adds_up_over_waits(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    run(&world, &setup,
        TEST_HEAD
        "duration: 12 h\nbin: 12 h\npeople: {group_size: 10, traits: {child: {share: 0.3}}}\nplaces: {P: {kind: "
        "post}}\n"
        "stations: {check: {serves: group, time: 0 s, desks: 90000}}\n"
        "posts: {P: {exit: {opens: \"03:00\", closes: \"23:00\", stations: [check]}, entry: {opens: \"05:00\", closes: "
        "\"23:00\", "
        "stations: [check]}}}\n" CHILDREN("0.2 /h", "") "displacement: [{from: P, people: 40000, shape: 0 s}]\n",
        &c);
    test_share("lost", (uint64_t)count(&world, "separation/separated"), children(&world), 1 - exp(-1));
    finish(&world, &setup);
}

/* Of people who travel in twos one is left, however long they wait; who is alone has nobody to lose. */
static void the_last_one_is_not_lost(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    run(&world, &setup,
        TEST_HEAD
        "duration: 12 h\nbin: 12 h\npeople: {group_size: {empirical: {values: [1, 2], weights: [1, 1]}}}\nplaces: {P: "
        "{kind: post}}\n"
        "stations: {check: {serves: group, time: 1 min, desks: 90000}}\n"
        "posts: {P: {entry: {opens: \"03:00\", closes: \"23:00\", stations: [check]}}}\nseparation: {rate: 100 /h}\n"
        "displacement: [{from: P, people: 4000, shape: 0 s}]\n",
        &c);
    int64_t pairs = 0;
    for (uint32_t i = 0; i < world.group_count; i++)
        pairs += model_group_at(&world, i)->people == 2;
    assert_int_equal(count(&world, "separation/separated"), pairs);
    assert_int_equal(count(&world, "separation/families_split"), pairs);
    finish(&world, &setup);
}

/* All n are noticed missing at 3:00; one team, 10 min each: the k-th is found after 10 k min. */
static void one_team_finds_one_after_another(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    run(&world, &setup, GATE("60", CHILDREN("0.2 /h", ", tracers: 1, tracing_time: 10 min")), &c);
    int64_t n = count(&world, "separation/separated"), ten = 600 * SIM_SECOND;
    assert_true(n > 2 && n < 50);
    assert_int_equal(count(&world, "separation/reunified"), n);
    assert_int_equal(test_bin(&world, "separation/time_to_reunion", "P", -1, 0, 0), ten * n * (n + 1) / 2);
    assert_int_equal(test_bin(&world, "separation/waiting_for_tracing", "P", -1, 0, 0), ten * n * (n - 1) / 2);
    assert_int_equal(test_bin(&world, "people/present", "P", MODEL_MISSING, 0, 0), ten * n * (n + 1) / 2);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_CROSSED), 60);
    finish(&world, &setup);
}

/* The same with a second team from 3:05 to 3:35, 10 min each: the first looks at 3:00, 3:10 ..., the second at 3:05,
 * 3:15, 3:25, and not again at 3:35. */
static void a_second_team_helps_while_it_is_there(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    run(&world, &setup,
        GATE("200", CHILDREN("0.2 /h", ", tracers: 1, tracing_time: 10 min") "timeline: [{at: 185 min, order: "
                                                                             "tracing_team, target: P, number: "
                                                                             "1, duration: 30 min}]\n"),
        &c);
    int64_t n = count(&world, "separation/separated"), sum = 0;
    assert_true(n > 7 && n < 60);
    sum = 15 + 25 + 35;                /* minutes from 3:00 until the second team has found its three */
    sum += 10 * (n - 3) * (n - 2) / 2; /* and the first all the others */
    assert_int_equal(test_bin(&world, "separation/time_to_reunion", "P", -1, 0, 0), sum * 60 * SIM_SECOND);
    finish(&world, &setup);
}

static void some_are_not_found(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    crowding c = {0, SIM_FOREVER, 4};
    run(&world, &setup,
        GATE("40000", CHILDREN("0.2 /h", ", success: 0.8, tracing_time: {exponential: {mean: 10 min}}")), &c);
    int64_t lost = count(&world, "separation/separated"), found = count(&world, "separation/reunified");
    test_share("found", (uint64_t)found, (uint64_t)lost, 0.8);
    assert_int_equal(count(&world, "separation/not_found"), lost - found);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_MISSING), lost - found);
    finish(&world, &setup);
}

static void without_a_crowd_nobody_is_lost_and_nothing_changes(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    crowding c = {0, 0, 0};
    run(&a, &without, GATE("4000", ""), &c);
    run(&b, &with, GATE("4000", CHILDREN("0.2 /h", ", tracers: 2")), &c);
    assert_int_equal(count(&b, "separation/separated"), 0);
    test_same_metrics(&a, &b);
    finish(&a, &without);
    finish(&b, &with);
}

/* With a crowd of its own: an area filled far above the threshold. */
static void the_same_bytes_however_it_is_run(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, TEST_HEAD "duration: 1 d\npeople: {traits: {child: {share: 0.4}}}\nplaces: {A: {kind: origin}, "
                                 "P: {kind: post}, Q: {kind: post}}\n"
                                 "links: [{from: A, to: P, length: 5 km}, {from: P, to: Q, length: 8 km}]\n"
                                 "stations: {check: {time: {exponential: {mean: 1 min}}, desks: 2}}\n"
                                 "posts: {P: {entry: {waiting_area: 50 m2, density: 5 1/m2, stations: [check]}}, Q: "
                                 "{exit: {waiting_area: 40 m2, density: 6 "
                                 "1/m2, stations: {check: {desks: 1}}}}}\nonward: [{from: P, to: Q}]\n"
                                 "separation: {rate: 0.3 /h, traits: child, tracers: 2, tracing_time: {exponential: "
                                 "{mean: 1 h}}, success: 0.9}\n"
                                 "timeline: [{at: 20 h, order: tracing_team, target: P, number: 2}]\n"
                                 "displacement: [{from: A, people: 2000, shape: {uniform: {low: 0 h, high: 6 h}}}]\n");
    test_run(&world, &setup, 5, 0);
    assert_true(count(&world, "separation/reunified") > 20 && test_count(&world, "separation/separated", "Q", -1) > 20);
    assert_true(test_level(&world, "separation/waiting_for_tracing", "P", 0) > 20);
    model_world_free(&world);
    test_same_however_run(&setup, 5);
    model_setup_free(&setup);
}

static void teams_that_change_nothing_are_refused(void **state)
{
    (void)state;
#define TEAM "timeline: [{at: 1 h, order: tracing_team, target: P, number: 1}]\n"
    test_refused(GATE("60", TEAM), "no limit to tracing");
    test_refused(GATE("60", CHILDREN("0.2 /h", "") TEAM), "no limit to tracing");
    test_refused(GATE("60", CHILDREN("0.2", "")), "unit");
    test_refused(GATE("60", "separation: {rate: 1 /h, traits: kid}\n"), "kid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_lost_is_exponential_in_the_time_waited),
        cmocka_unit_test(only_the_time_above_the_threshold_counts),
        cmocka_unit_test(looking_for_people_costs_while_it_lasts),
        cmocka_unit_test(more_exposure_never_loses_fewer),
        cmocka_unit_test(exposure_adds_up_over_waits),
        cmocka_unit_test(the_last_one_is_not_lost),
        cmocka_unit_test(one_team_finds_one_after_another),
        cmocka_unit_test(a_second_team_helps_while_it_is_there),
        cmocka_unit_test(some_are_not_found),
        cmocka_unit_test(without_a_crowd_nobody_is_lost_and_nothing_changes),
        cmocka_unit_test(the_same_bytes_however_it_is_run),
        cmocka_unit_test(teams_that_change_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
