/* A branch goes on under other orders than the run whose image it takes: what was given before goes on there, what is
 * ordered from then on is its own. Where nothing before differs, it is the run of its own plan from the start, bit for
 * bit. Instants and orders: Threefry, seed 20261128. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/plans/orders.h"
#include "models/plans/plan.h"
#include "models/travel/travel.h"
#include "sim/base/error.h"
#include "tests/support/scenario.h"

typedef struct {
    unsigned char *bytes;
    size_t size;
} image;

static void load(model_setup *setup, const char *name, const char *plan, const char *scale)
{
    char path[500];
    sim_diag *diag;
    const char *sets[] = {scale};
    snprintf(path, sizeof path, HBM_SOURCE_DIR "/scenarios/%s", name);
    char *file = model_setup_file(path);
    assert_non_null(file);
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    int ret = model_setup_load(setup, file, plan, sets, 1, diag);
    sim_diag_print(diag, stderr);
    sim_diag_free(diag);
    free(file);
    assert_int_equal(ret, 0);
}

static void run_to(model_world *world, sim_time until)
{
    assert_int_equal(model_world_run(world, until, 1), 0);
}

static image save(model_world *world)
{
    image i = {NULL, 0};
    assert_int_equal(model_world_save(world, &i.bytes, &i.size), 0);
    return i;
}

/* The state at `at` of a run of the setup, and what becomes of it to the end. */
static image image_at(const model_setup *setup, sim_time at)
{
    model_world world;
    test_world(&world, setup, 3, 0);
    run_to(&world, at);
    image i = save(&world);
    model_world_free(&world);
    return i;
}

static void branch(model_world *world, const model_setup *setup, const image *from)
{
    test_world(world, setup, 3, 0);
    assert_int_equal(model_world_restore(world, from->bytes, from->size), 0);
}

static bool is_same(const image *a, const image *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* A plan's file with these entries behind those of another plan (NULL: of none). The caller removes it. */
static char *plan_with(const char *base, const char *entries)
{
    static int count;
    char *path = malloc(64), *text = NULL;
    assert_non_null(path);
    snprintf(path, 64, "branch-%d.yaml", ++count);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    if (base != NULL) {
        FILE *from = fopen(base, "r");
        size_t size = 0;
        assert_non_null(from);
        while (getline(&text, &size, from) > 0)
            fputs(text, to);
        free(text);
        (void)fclose(from);
    } else {
        fputs("hbm_plan: 1\nname: Branch\nkeeps_response: true\ntimeline:\n", to);
    }
    fputs(entries, to);
    assert_int_equal(fclose(to), 0);
    return path;
}

/* --- rules' orders in force --- */

static const char river_triggers[] = HBM_SOURCE_DIR "/scenarios/river-exercise/plans/triggers.yaml";

/* Rules have opened lanes, moved people and given tokens by then. */
static void an_order_more_leaves_those_of_rules_in_force(void **state)
{
    (void)state;
    model_setup setup, other;
    model_world world;
    char *plan =
        plan_with(river_triggers, "  - {at: 8 d, order: open_lanes, target: Mill/entry/entry_check, lanes: 1}\n");
    load(&setup, "river-exercise", river_triggers, "scale=1");
    load(&other, "river-exercise", plan, "scale=1");
    image middle = image_at(&setup, 72 * SIM_HOUR), expected = image_at(&other, other.end);
    branch(&world, &other, &middle);
    uint32_t in_force = 0;
    for (uint32_t i = 0; i < world.order_count; i++)
        in_force +=
            world.orders[i]->rule != MODEL_NONE && model_order_is_in_force(&world, world.orders[i], 72 * SIM_HOUR);
    assert_true(in_force > 0);
    run_to(&world, other.end);
    image found = save(&world);
    assert_true(is_same(&found, &expected));
    model_world_free(&world);
    free(middle.bytes);
    free(expected.bytes);
    free(found.bytes);
    remove(plan);
    free(plan);
    model_setup_free(&setup);
    model_setup_free(&other);
}

/* A rule's order that the branch does not have any more was given before it began: it is undone as it would have been,
 * when the rule's level falls, and not given again. */
static void an_order_in_force_that_the_branch_does_not_have_ends_as_it_would(void **state)
{
    (void)state;
    static const char text[] = TEST_HEAD
        "duration: 12 h\n" TEST_EXACT
        "places: {O: {kind: origin}, P: {kind: post}}\nlinks: [{from: O, to: P, length: 5 km}]\n"
        "displacement:\n" TEST_GROUP("O", "1 h", "300", "") TEST_GROUP("O", "1 h", "300", "")
            TEST_GROUP("O", "6 h", "300", "") TEST_GROUP(
                "O", "6 h", "300",
                "") "stations: {a: {time: 1 h, desks: 1}}\nposts: {P: {entry: {stations: [a]}}}\n"
                    "rules: {r: {metric: people/present, of: waiting, delay: 0 s, watch: {above: 100, below: 50}}}\n"
                    "timeline:\n  - {rule: r, level: watch, order: open_lanes, target: P, lanes: %d}\n";
    model_setup setup, other;
    model_world world;
    char one[2000];
    snprintf(one, sizeof one, text, 2);
    test_setup(&setup, one);
    snprintf(one, sizeof one, text, 5);
    test_setup(&other, one);
    sim_time at = 0;
    test_world(&world, &setup, 3, 0);
    for (; world.lanes[0] == 1 && at < setup.end; at += 300 * SIM_SECOND)
        run_to(&world, at);
    assert_int_equal(world.lanes[0], 3);
    image middle = save(&world);
    model_world_free(&world);
    branch(&world, &other, &middle);
    assert_int_equal(world.lanes[0], 3);
    bool fell = false, rose = false;
    for (; at <= other.end; at += 300 * SIM_SECOND) {
        run_to(&world, at);
        fell = fell || world.lanes[0] == 1;
        rose = rose || (fell && world.lanes[0] == 6);
        assert_true(world.lanes[0] == 1 || world.lanes[0] == (fell ? 6 : 3));
    }
    assert_true(fell && rose);
    model_world_free(&world);
    free(middle.bytes);
    model_setup_free(&setup);
    model_setup_free(&other);
}

/* --- orders about links --- */

#define ROAD                                                                                                        \
    TEST_HEAD                                                                                                       \
    "duration: 12 h\n" TEST_EXACT "places: {O: {kind: origin}, P: {kind: post}}\n"                                  \
    "links: [{from: O, to: P, length: 5 km, name: road}]\n"                                                         \
    "displacement:\n" TEST_GROUP("O", "3 h", "100",                                                                 \
                                 "") "stations: {a: {time: 1 s, desks: 1}}\nposts: {P: {entry: {stations: [a]}}}\n" \
                                     "timeline:\n  - {at: 0 h, order: open_link, target: road}\n"                   \
                                     "  - {at: 1 h, order: close_link, target: road, duration: 1 h}\n"

static void warn(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)world, (void)order, (void)begin, (void)now;
}

/* Another model's order, which is aimed at a link too, in the place of the first one. */
static void another_kind_of_order_about_a_link_does_not_close_it(void **state)
{
    (void)state;
    static const model_order_kind warn_link = {
        .name = "warn_link",
        .doc = "people are warned of a link",
        .targets = MODEL_TARGET_LINK,
        .who = MODEL_BY_ANYONE,
        .lead_source = "at once",
        .apply = warn,
    };
    model_setup setup;
    model_world world;
    test_setup(&setup, ROAD);
    setup.orders[0].kind = &warn_link;
    test_world(&world, &setup, 1, 0);
    run_to(&world, 5400 * SIM_SECOND);
    assert_false(model_arc_is_open(&world, 0));
    run_to(&world, 2 * SIM_HOUR);
    assert_true(model_arc_is_open(&world, 0));
    run_to(&world, setup.end);
    assert_int_equal(test_count(&world, "flow/crossed", NULL, -1), 100);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Two reasons are counted: the order's is taken back, the other's stays until who gave it takes it back. */
static void a_link_is_open_when_nobody_closes_it(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, ROAD);
    test_world(&world, &setup, 1, 0);
    run_to(&world, 5400 * SIM_SECOND);
    for (uint32_t arc = 0; arc < setup.arc_count; arc++)
        model_travel_close(&world, arc, 1);
    model_travel_reroute(&world, world.kernel.now);
    run_to(&world, 4 * SIM_HOUR);
    assert_false(model_arc_is_open(&world, 0));
    assert_int_equal(test_level(&world, "people/present", "O", MODEL_STRANDED), 100);
    for (uint32_t arc = 0; arc < setup.arc_count; arc++)
        model_travel_close(&world, arc, -1);
    model_travel_reroute(&world, world.kernel.now);
    assert_true(model_arc_is_open(&world, 0));
    run_to(&world, setup.end);
    assert_int_equal(test_count(&world, "flow/crossed", NULL, -1), 100);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* --- who may give what, and in which units --- */

#define WATER(order)                                                                                                \
    TEST_HEAD                                                                                                       \
    "duration: 12 h\n" TEST_EXACT "places: {O: {kind: origin}, P: {kind: post}}\n"                                  \
    "links: [{from: O, to: P, length: 5 km}]\n"                                                                     \
    "displacement:\n" TEST_GROUP("O", "3 h", "100",                                                                 \
                                 "") "stations: {a: {time: 1 s, desks: 1}}\nposts: {P: {entry: {stations: [a]}}}\n" \
                                     "relief: {sites: {P: {water: 5 m3}}}\ntimeline:\n  - {at: 1 h, " order "}\n"

static void what_strikes_by_itself_is_no_response(void **state)
{
    (void)state;
    static const char *const strikes[] = {"outage", "power_cut", "it_outage", "heat_wave", "cold_spell"};
    model_rows rows;
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < rows.order_count; i++) {
        bool crisis = false;
        for (size_t k = 0; k < sizeof strikes / sizeof *strikes; k++)
            crisis = crisis || strcmp(rows.orders[i]->name, strikes[k]) == 0;
        assert_int_equal(rows.orders[i]->who, crisis ? MODEL_BY_CRISIS : MODEL_BY_ANYONE);
    }
    model_rows_free(&rows);
    static const char rule[] = "  - {rule: r, level: watch, order: outage, target: P}\n"
                               "rules: {r: {metric: people/present, of: waiting, watch: {above: 100}}}\n";
    char text[2000];
    model_setup setup;
    snprintf(text, sizeof text, "%s%s", WATER("order: outage, target: P, part: response"), rule);
    test_refused(text, "no plan can order \"outage\"");
    test_refused(text, "did you mean \"close_lanes\"?");
    test_setup(&setup, WATER("order: outage, target: P, part: response")); /* so it was */
    model_setup_free(&setup);
}

static void an_amount_has_the_unit_of_its_order(void **state)
{
    (void)state;
    static const char *const same[] = {WATER("order: deliver_water, target: P, amount: 12000"),
                                       WATER("order: deliver_water, target: P, amount: 12 m3"),
                                       WATER("order: deliver_water, target: P, amount: 12000 L")};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        model_setup setup;
        test_setup(&setup, same[i]);
        assert_true(setup.orders[0].amount > 11999.999 && setup.orders[0].amount < 12000.001);
        model_setup_free(&setup);
    }
    test_refused(WATER("order: deliver_water, target: P, amount: 12 h"),
                 "`amount` of the order deliver_water is not a time");
    test_refused(WATER("order: deliver_water, target: P, amount: -2 m3"), "out of range for the order deliver_water");
}

/* --- random instants --- */

enum { INSTANTS = 5 };

/* At random instants: the orders of the branch are those of the trunk until then, and others afterwards. `post` is a
 * border post, for the orders that are added and changed. */
static void check_branches(const char *name, const char *base, const char *scale, const char *post)
{
    static const sim_rng rng = {20261128, 0};
    model_setup setup, other;
    load(&setup, name, base, scale);
    sim_time end = setup.end;
    model_setup_free(&setup);
    for (uint32_t i = 0; i < INSTANTS; i++) {
        sim_time at = (sim_time)((0.1 + 0.8 * sim_rng_unit(sim_rng_draw(&rng, i, 0, 0))) * (double)end);
        double hours = (double)at / 3.6e9, early = hours * 0.5;
        char before[400], trunk[1000], branched[1600];
        /* in force when it branches, over by then, and on its way */
        snprintf(before, sizeof before,
                 "  - {at: %.3f h, order: open_lanes, target: %s/entry, lanes: 2}\n"
                 "  - {at: %.3f h, order: close_lanes, target: %s/entry, lanes: 1, duration: 2 h}\n"
                 "  - {at: %.3f h, order: open_lanes, target: %s/entry, lanes: 1, lead: %.3f h}\n",
                 early, post, early, post, early, post, hours - early + 5);
        snprintf(trunk, sizeof trunk,
                 "  - {at: %.3f h, order: close_lanes, target: %s, lanes: 1}\n%s"
                 "  - {at: %.3f h, order: open_lanes, target: %s/entry, lanes: 3, duration: 9 h}\n",
                 hours + 1, post, before, hours + 7, post);
        snprintf(branched, sizeof branched, /* one is removed, one changed, two are added: one before the others */
                 "  - {at: %.3f h, order: close_lanes, lanes: 3, target: %s/entry, duration: 2 h}\n%s"
                 "  - {at: %.3f h, order: open_lanes, target: %s/entry, lanes: 4, duration: 5 h}\n"
                 "  - {at: %.3f h, order: close_lanes, target: %s/exit, lanes: 1, duration: 30 h}\n",
                 hours + 0.01, post, before, hours + 7, post, hours + 2, post);
        char *one = plan_with(base, trunk), *two = plan_with(base, branched);
        load(&setup, name, one, scale);
        load(&other, name, two, scale);
        image middle = image_at(&setup, at), expected = image_at(&other, end), original = image_at(&setup, end);
        model_world world;
        branch(&world, &other, &middle);
        run_to(&world, end);
        image found = save(&world);
        if (!is_same(&found, &expected))
            fail_msg("%s: the branch at %.6f h is not the run of its plan", name, hours);
        assert_false(is_same(&found, &original));
        model_world_free(&world);
        free(middle.bytes);
        free(expected.bytes);
        free(original.bytes);
        free(found.bytes);
        model_setup_free(&setup);
        model_setup_free(&other);
        remove(one);
        remove(two);
        free(one);
        free(two);
    }
}

static void branches_of_the_river_exercise_are_runs_of_their_plans(void **state)
{
    (void)state;
    check_branches("river-exercise", river_triggers, "scale=0.15", "Bridge");
}

static void branches_of_cucuta_are_runs_of_their_plans(void **state)
{
    (void)state;
    check_branches("cucuta-2018", NULL, "scale=0.1", "Simón Bolívar");
}

static void branches_of_poland_are_runs_of_their_plans(void **state)
{
    (void)state;
    check_branches("poland-2022", HBM_SOURCE_DIR "/scenarios/poland-2022/plans/triggers.yaml", "scale=0.1", "Medyka");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_more_leaves_those_of_rules_in_force),
        cmocka_unit_test(an_order_in_force_that_the_branch_does_not_have_ends_as_it_would),
        cmocka_unit_test(another_kind_of_order_about_a_link_does_not_close_it),
        cmocka_unit_test(a_link_is_open_when_nobody_closes_it),
        cmocka_unit_test(what_strikes_by_itself_is_no_response),
        cmocka_unit_test(an_amount_has_the_unit_of_its_order),
        cmocka_unit_test(branches_of_the_river_exercise_are_runs_of_their_plans),
        cmocka_unit_test(branches_of_cucuta_are_runs_of_their_plans),
        cmocka_unit_test(branches_of_poland_are_runs_of_their_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
