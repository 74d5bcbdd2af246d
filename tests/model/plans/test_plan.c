/* Plans laid over scenarios: what a plan may touch is declared, what it replaces is not given, what cannot be is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/plans/plan.h"
#include "sim/base/error.h"
#include "tests/support/folder.h"
#include "tests/support/scenario.h"

#define LAND                                                                                                           \
    TEST_HEAD "duration: 1 d\n" TEST_EXACT "places: {Bridge: {kind: post}, Camp: {kind: centre}}\n"                    \
              "displacement: [{from: Bridge, people: 100, shape: {uniform: {low: 0 h, high: 20 h}}}]\n"                \
              "stations: {a: {time: 1 min, desks: 3, role: officer, most_desks: 10}, b: {time: 1 min, desks: 2}}\n"    \
              "posts: {Bridge: {entry: {stations: {a: {most_desks: 6}, b: {}}}}}\ncentres: {Camp: {stations: [a]}}\n"  \
              "onward: [{from: Bridge, to: Camp}]\nagencies: {guard: {}, other: {}}\nagreements: {yes: {with: other, " \
              "probability: 0.5}}\n"                                                                                   \
              "pools: {country: {number: 10}}\n"                                                                       \
              "rosters:\n"                                                                                             \
              "  o: {post: Bridge, side: entry, role: officer, surge_pool: country, reserve: 4, shifts: [{start: "     \
              "\"00:00\", length: 24 "                                                                                 \
              "h, head: 5}]}\n"                                                                                        \
              "  c: {post: Camp, side: entry, role: officer, surge_pool: country, shifts: [{start: \"00:00\", "        \
              "length: 24 h, head: 5}]}\n"
#define RESPONSE                                                                                                      \
    "timeline:\n  - {at: 1 h, order: open_lanes, target: Bridge/entry/a, lanes: 2, part: response, agreement: yes}\n" \
    "  - {at: 2 h, order: outage, target: Bridge/entry/b, duration: 1 h, agreement: yes}\n"

typedef struct {
    test_folder folder;
    char path[100];
    model_setup setup;
    char *messages;
    int ret;
} laid;

static void lay(laid *l, const char *scenario, const char *plan)
{
    sim_diag *diag;
    size_t size;
    assert_int_equal(test_folder_make(&l->folder), 0);
    test_folder_path(&l->folder, "plan.yaml", l->path, sizeof l->path);
    assert_int_equal(test_file_write(l->path, plan, strlen(plan)), 0);
    assert_int_equal(sim_diag_new(&diag, 20), 0);
    l->ret = model_setup_parse(&l->setup, scenario, strlen(scenario), "s.yaml", NULL, l->path, NULL, 0, diag);
    FILE *to = open_memstream(&l->messages, &size);
    assert_non_null(to);
    sim_diag_print(diag, to);
    assert_int_equal(fclose(to), 0);
    sim_diag_free(diag);
}

static void lift(laid *l)
{
    model_setup_free(&l->setup);
    free(l->messages);
    test_folder_remove(&l->folder);
}

static void lay_good(laid *l, const char *scenario, const char *plan)
{
    lay(l, scenario, plan);
    if (l->ret != 0)
        fail_msg("%s", l->messages);
}

static void assert_refused(const char *plan, const char *expected)
{
    laid l;
    lay(&l, LAND RESPONSE, plan);
    if (l.ret != SIM_E_INPUT || strstr(l.messages, expected) == NULL || strstr(l.messages, "plan.yaml:") == NULL)
        fail_msg("expected \"%s\" in the plan, got:\n%s", expected, l.messages);
    lift(&l);
}

static bool is_path(const sim_rows *rows, const char *path)
{
    size_t length = strlen(path);
    for (size_t i = 0; i < rows->section_count; i++)
        if (strncmp(rows->sections[i]->section, path, length) == 0)
            return true;
    for (size_t i = 0; i < rows->param_count; i++) {
        char own[300];
        snprintf(own, sizeof own, "%s.%s", rows->params[i]->section, rows->params[i]->name);
        if (strncmp(own, path, length) == 0 && (own[length] == '\0' || own[length] == '.'))
            return true;
    }
    return false;
}

static void all_that_a_plan_may_say_is_declared(void **state)
{
    (void)state;
    model_rows rows;
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < model_plan_rules.allowed_count; i++)
        if (!is_path(&rows.rows, model_plan_rules.allowed[i]))
            fail_msg("a plan may say %s, which nothing declares", model_plan_rules.allowed[i]);
    for (size_t i = 0; i < model_plan_rules.appended_count; i++)
        assert_true(is_path(&rows.rows, model_plan_rules.appended[i]));
    model_rows_free(&rows);
}

static void what_was_done_is_not_given_under_a_plan_unless_it_keeps_it(void **state)
{
    (void)state;
    laid l;
    lay_good(&l, LAND RESPONSE, "hbm_plan: 1\nname: x\n");
    assert_int_equal(l.setup.order_count, 1);
    assert_string_equal(l.setup.orders[0].kind->name, "outage");
    assert_int_equal(l.setup.orders[0].element, 1);
    lift(&l);
    lay_good(&l, LAND RESPONSE,
             "hbm_plan: 1\nname: x\nkeeps_response: true\ntimeline: [{at: 3 h, order: open_lanes, target: "
             "Bridge/entry/b, lanes: 1}]\n");
    assert_int_equal(l.setup.order_count, 3);
    assert_true(l.setup.orders[2].planned && !l.setup.orders[0].planned && !l.setup.orders[1].planned);
    lift(&l);
    model_setup setup;
    test_setup(&setup, LAND RESPONSE);
    assert_int_equal(setup.order_count, 2);
    assert_true(setup.orders[0].planned && !setup.orders[1].planned);
    model_setup_free(&setup);
}

/* The answer that the crisis's own order gets is the same with the response, without it, and with orders of a plan
 * under the same agreement. */
static void the_luck_of_the_crisis_stays(void **state)
{
    (void)state;
    static const char *const plans[] = {
        "hbm_plan: 1\nkeeps_response: true\n", "hbm_plan: 1\n",
        "hbm_plan: 1\ntimeline: [{at: 3 h, order: open_lanes, target: Bridge/entry/b, lanes: 1, agreement: yes}]\n"};
    for (uint64_t replication = 0; replication < 20; replication++) {
        sim_time begin[3];
        for (int i = 0; i < 3; i++) {
            laid l;
            model_world world;
            lay_good(&l, LAND RESPONSE, plans[i]);
            test_run(&world, &l.setup, 1, replication);
            begin[i] = world.order_begin[i == 0 ? 1 : 0];
            model_world_free(&world);
            lift(&l);
        }
        assert_true(begin[0] == begin[1] && begin[0] == begin[2]);
    }
}

static void a_plan_that_does_not_fit_is_refused_in_its_own_lines(void **state)
{
    (void)state;
#define PLAN(order) "hbm_plan: 1\ntimeline:\n  - {" order "}\n"
    assert_refused("hbm_plan: 1\ndisplacement: []\n",
                   "2:1: error: a plan must not change the crisis: \"displacement\"");
    assert_refused("hbm_plan: 1\nplan: {budget: 3 USD}\n", "a plan must not change the crisis: \"plan\"");
    assert_refused("hbm_plan: 1\npools: {country: {number: 99}}\n", "a plan must not change the crisis: \"pools\"");
    assert_refused("hbm_plan: 1\nstations: {a: {most_desks: 99}}\n",
                   "a plan must not change the crisis: \"most_desks\"");
    assert_refused(PLAN("at: 1 h, order: open_lanes, target: Bridge/entry/c, lanes: 1"),
                   "3:42: error: no station is meant");
    assert_refused(PLAN("at: 1 h, order: surge_staff, target: p, number: 1"), "there is no roster \"p\"");
    assert_refused(PLAN("at: 1 h, order: open_lanes, target: Bridge/entry/a, lanes: 1, agreement: no"),
                   "there is no \"no\"");
    assert_refused(PLAN("at: 1 h, order: set_procedure, target: Bridge/entry/a, procedure: fast"),
                   "has a procedure \"fast\"");
    assert_refused(PLAN("rule: r, level: watch, order: open_lanes, target: Bridge/entry/a, lanes: 1"),
                   "there is no \"r\"");
}

static void the_impossible_is_refused(void **state)
{
    (void)state;
    laid l;
    assert_refused(PLAN("at: 1 h, order: open_lanes, target: Bridge/entry/a, lanes: 4"),
                   "3:65: error: Bridge/entry/a would have 7 desks, and there is room for 6");
    assert_refused(PLAN("at: 1 h, order: open_lanes, target: Camp, lanes: 8"),
                   "Camp/entry/a would have 11 desks, and there is room for 10");
    assert_refused(PLAN("at: 1 h, order: open_lanes, target: Bridge/entry/a, lanes: 2, duration: 3 h}\n  - {at: 3 h, "
                        "order: open_lanes, "
                        "target: Bridge, lanes: 2"),
                   "4:57: error: Bridge/entry/a would have 7 desks");
    lay_good(&l, LAND,
             PLAN("at: 1 h, order: open_lanes, target: Bridge/entry/a, lanes: 2, duration: 3 h}\n  - {at: 4 h, order: "
                  "open_lanes, target: "
                  "Bridge, lanes: 2"));
    lift(&l);
    assert_refused(PLAN("at: 1 h, order: surge_staff, target: o, number: 11"),
                   "11 people would come from the pool country, which has 10");
    assert_refused(PLAN("at: 1 h, order: surge_staff, target: \"*\", number: 6"),
                   "12 people would come from the pool country, which has 10");
    assert_refused(PLAN("at: 1 h, order: recall_staff, target: o, number: 5"),
                   "5 people of o would be recalled, whose reserve has 4");
    assert_refused(PLAN("at: 1 h, order: move_staff, target: c, name: o, number: 6"),
                   "6 people of c would move, which has 5");
    lay_good(&l, LAND,
             PLAN("at: 1 h, order: surge_staff, target: c, number: 4}\n  - {at: 2 h, order: move_staff, target: c, "
                  "name: o, number: 9"));
    lift(&l);
    test_refused(LAND "scale: 1\n"
                      "timeline: [{at: 1 h, order: open_lanes, target: Camp, lanes: 8}]\n",
                 "there is room for 10");
}

/* Singly they can be; what they come to together stops at the limit. */
static void rules_together_stop_at_the_limit(void **state)
{
    (void)state;
    laid l;
    model_world world;
    lay_good(
        &l, LAND,
        "hbm_plan: 1\nrules: {r: {metric: flow/arrived, window: 1 d, delay: 0 min, watch: {above: 0}}}\ntimeline:\n"
        "  - {rule: r, level: watch, order: open_lanes, target: Bridge/entry/a, lanes: 3}\n"
        "  - {rule: r, level: watch, order: open_lanes, target: Bridge/entry/a, lanes: 2}\n"
        "  - {rule: r, level: watch, order: surge_staff, target: o, number: 9, lead: 0 h}\n"
        "  - {rule: r, level: watch, order: surge_staff, target: c, number: 9, lead: 0 h}\n");
    test_run(&world, &l.setup, 1, 0);
    assert_int_equal(world.network.stations[test_station(&l.setup, "Bridge/entry/a")].servers, 6);
    assert_int_equal(test_level(&world, "staff/surge", "Bridge", 0), 9);
    assert_int_equal(test_level(&world, "staff/surge", "Camp", 0), 1);
    model_world_free(&world);
    lift(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_a_plan_may_say_is_declared),
        cmocka_unit_test(what_was_done_is_not_given_under_a_plan_unless_it_keeps_it),
        cmocka_unit_test(the_luck_of_the_crisis_stays),
        cmocka_unit_test(a_plan_that_does_not_fit_is_refused_in_its_own_lines),
        cmocka_unit_test(the_impossible_is_refused),
        cmocka_unit_test(rules_together_stop_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
