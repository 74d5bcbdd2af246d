/* A second text laid over a scenario: what it may change and what it may not, each with its place in its own file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/input/config/config.h"

static const sim_section sections[] = {
    {"people", "who comes", 0},
    {"plan", "the overlay's own", 0},
    {"stations.*", "where people are served", 0},
    {"posts.*", "crossing points", 0},
    {"posts.*.exit.stations.*", "stations of a side", 1},
    {"rosters.*.shifts.#", "shifts", 0},
    {"orders.#", "orders", 0},
};

static const sim_param params[] = {
    {"", "hbm", SIM_COUNT, SIM_DIM_NONE, NULL, 1, 1, NULL, "", ""},
    {"", "name", SIM_TEXT, SIM_DIM_NONE, "untitled", 0, 0, NULL, "", ""},
    {"", "start", SIM_INSTANT, SIM_DIM_NONE, "2031-03-01T00:00+01:00", 0, 0, NULL, "", ""},
    {"", "duration", SIM_QUANTITY, SIM_DIM_TIME, "2 d", 1, 1e9, NULL, "", ""},
    {"people", "child_share", SIM_QUANTITY, SIM_DIM_NONE, "40 %", 0, 1, NULL, "", ""},
    {"plan", "name", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "", ""},
    {"plan", "budget", SIM_QUANTITY, SIM_DIM_MONEY, "", 0, 0, NULL, "", ""},
    {"stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 500, NULL, "", ""},
    {"stations.*", "time", SIM_DIST, SIM_DIM_TIME, "{gamma: {mean: 90 s, cv: 0.7}}", 0, 1e6, NULL, "", ""},
    {"stations.*", "area", SIM_QUANTITY, SIM_DIM_AREA, "1 m2", 0, 1e6, NULL, "", ""},
    {"posts.*", "exit.area", SIM_QUANTITY, SIM_DIM_AREA, "1 m2", 0, 1e6, NULL, "", ""},
    {"posts.*.exit.stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 0, NULL, "", ""},
    {"posts.*.exit.stations.*", "room", SIM_COUNT, SIM_DIM_NONE, "1", 0, 0, NULL, "", ""},
    {"rosters.*", "wage", SIM_COUNT, SIM_DIM_NONE, "0", 0, 0, NULL, "", ""},
    {"rosters.*.shifts.#", "head", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 1000, NULL, "", ""},
    {"orders.#", "number", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 1000, NULL, "", ""},
};

enum { SECTIONS = sizeof sections / sizeof *sections, PARAMS = sizeof params / sizeof *params };

static const char *const allowed[] = {"rosters", "orders", "stations.*.desks", "stations.*.time",
                                      "posts.*.exit.stations.*.desks"};
static const char *const appended[] = {"orders"};
static const sim_overlay_rules rules = {
    .what = "plan",
    .purpose = "a plan must not change the crisis",
    .version = "plan_format",
    .own = "plan",
    .allowed = allowed,
    .allowed_count = 5,
    .appended = appended,
    .appended_count = 1,
};

static const char scenario[] = "hbm: 1\n"
                               "name: a crisis\n"
                               "stations:\n"
                               "  check: {desks: 8, time: 1.5 min}\n"
                               "  health: {time: {gamma: {mean: 2 min, cv: 1}}}\n"
                               "posts:\n"
                               "  Bridge: {exit: {area: 5 m2, stations: [check, health]}}\n"
                               "rosters:\n"
                               "  early: {wage: 7, shifts: [{head: 3}, {head: 4}]}\n"
                               "orders: [{number: 1}, {number: 2}]\n";

typedef struct {
    sim_config *config;
    sim_diag *diag;
    char *messages;
    int rc;
} reading;

static reading lay(const char *base, const char *text, const char *const *sets, size_t set_count)
{
    const sim_section *section_rows[SECTIONS];
    const sim_param *param_rows[PARAMS];
    for (size_t i = 0; i < SECTIONS; i++)
        section_rows[i] = &sections[i];
    for (size_t i = 0; i < PARAMS; i++)
        param_rows[i] = &params[i];
    const sim_rows rows = {section_rows, SECTIONS, param_rows, PARAMS};
    const sim_overlay overlay = {&rules, "p", text, strlen(text)};
    reading r = {0};
    size_t size;
    assert_int_equal(sim_diag_new(&r.diag, 100), 0);
    r.rc = sim_config_parse_partly(&r.config, base, strlen(base), "s", NULL, &overlay, &rows, sets, set_count, r.diag);
    FILE *to = open_memstream(&r.messages, &size);
    sim_diag_print(r.diag, to);
    fclose(to);
    assert_true((r.rc == 0) == (sim_diag_count(r.diag) == 0));
    return r;
}

static void close_reading(reading *r)
{
    free(r->messages);
    sim_config_free(r->config);
    sim_diag_free(r->diag);
}

static reading lay_good(const char *text)
{
    reading r = lay(scenario, text, NULL, 0);
    if (r.rc != 0)
        fail_msg("%s", r.messages);
    return r;
}

/* One error, and it is this one. */
static void assert_refused(const char *text, const char *expected)
{
    reading r = lay(scenario, text, NULL, 0);
    assert_int_equal(r.rc, SIM_E_INPUT);
    if (strstr(r.messages, expected) == NULL || sim_diag_count(r.diag) != 1)
        fail_msg("expected one error, \"%s\", got:\n%s", expected, r.messages);
    close_reading(&r);
}

static void maps_are_merged_and_values_replaced(void **state)
{
    (void)state;
    reading r = lay_good("plan_format: 1\nname: more desks\nbudget: 5 MUSD\nstations: {check: {desks: 12}}\n"
                         "posts: {Bridge: {exit: {stations: {health: {desks: 4}}}}}\n"
                         "rosters: {early: {shifts: [{head: 9}]}, late: {shifts: [{head: 5}]}}\n");
    ptrdiff_t check = sim_element_find(r.config, "stations.*", "check"),
              early = sim_element_find(r.config, "rosters.*", "early");
    assert_int_equal(sim_count(r.config, "stations.*", "desks", (size_t)check), 12);
    assert_float_equal(sim_distribution(r.config, "stations.*", "time", (size_t)check)->a, 90, 1e-9);
    assert_string_equal(sim_text(r.config, "", "name", 0), "a crisis");
    assert_string_equal(sim_text(r.config, "plan", "name", 0), "more desks");
    assert_float_equal(sim_quantity(r.config, "plan", "budget", 0), 5e6, 1e-3);
    assert_int_equal(sim_elements(r.config, "posts.*.exit.stations.*"), 2);
    assert_int_equal(sim_count(r.config, "posts.*.exit.stations.*", "desks", 0), 1);
    assert_int_equal(sim_count(r.config, "posts.*.exit.stations.*", "desks", 1), 4);
    size_t first, count;
    sim_children(r.config, "rosters.*.shifts.#", (size_t)early, &first, &count);
    assert_int_equal(count, 1);
    assert_int_equal(sim_count(r.config, "rosters.*.shifts.#", "head", first), 9);
    assert_int_equal(sim_count(r.config, "rosters.*", "wage", (size_t)early), 7);
    assert_int_equal(sim_elements(r.config, "rosters.*"), 2);
    assert_true(sim_config_is_overlaid(r.config));
    close_reading(&r);
}

static void orders_go_behind_the_scenarios(void **state)
{
    (void)state;
    reading r = lay_good("plan_format: 1\norders: [{number: 7}]\n");
    assert_int_equal(sim_elements(r.config, "orders.#"), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sim_count(r.config, "orders.#", "number", i), i == 2 ? 7 : (int)i + 1);
    sim_mark mark = sim_value_mark(r.config, "orders.#", "number", 2);
    assert_int_equal(mark.line, 2);
    assert_int_equal(mark.column, 19);
    close_reading(&r);
}

static void an_overlay_is_the_second_input(void **state)
{
    (void)state;
    static const char text[] = "plan_format: 1\nname: x\n";
    reading r = lay_good(text);
    const char *name, *content;
    size_t length;
    assert_int_equal(sim_config_input_count(r.config), 2);
    sim_config_input(r.config, 0, &name, &content, &length);
    assert_string_equal(name, "s");
    sim_config_input(r.config, 1, &name, &content, &length);
    assert_string_equal(name, "p");
    assert_string_equal(content, text);
    close_reading(&r);
}

static void overrides_reach_what_the_overlay_says(void **state)
{
    (void)state;
    const char *const sets[] = {"rosters.late.shifts.0.head=6", "plan.budget=1 MUSD", "orders.2.number=8"};
    reading r =
        lay(scenario, "plan_format: 1\nbudget: 5 MUSD\nrosters: {late: {shifts: [{head: 5}]}}\norders: [{number: 7}]\n",
            sets, 3);
    if (r.rc != 0)
        fail_msg("%s", r.messages);
    assert_int_equal(sim_count(r.config, "rosters.*.shifts.#", "head", 2), 6);
    assert_float_equal(sim_quantity(r.config, "plan", "budget", 0), 1e6, 1e-3);
    assert_int_equal(sim_count(r.config, "orders.#", "number", 2), 8);
    close_reading(&r);
}

static void the_crisis_stays_as_it_is(void **state)
{
    (void)state;
    assert_refused("plan_format: 1\npeople: {child_share: 0}\n",
                   "p:2:1: error: a plan must not change the crisis: \"people\" is the scenario's");
    assert_refused("plan_format: 1\nduration: 3 d\n", "p:2:1: error: a plan must not change the crisis: \"duration\"");
    assert_refused("plan_format: 1\nstations: {check: {area: 3 m2}}\n",
                   "p:2:20: error: a plan must not change the crisis: \"area\"");
    assert_refused("plan_format: 1\nstations: {check: {area: 3 m2}}\n", "expected only desks, time");
    assert_refused("plan_format: 1\nposts: {Bridge: {exit: {stations: {check: {room: 3}}}}}\n",
                   "p:2:44: error: a plan must not");
    assert_refused("plan_format: 1\nposts: {Bridge: {exit: {area: 3 m2}}}\n", "p:2:25: error: a plan must not");
    reading r = lay("hbm: 1\n", "plan_format: 1\npeople: {child_share: 0}\n", NULL, 0);
    assert_int_equal(r.rc, SIM_E_INPUT); /* also where the scenario says nothing of it */
    close_reading(&r);
}

static void mistakes_have_their_place_in_the_overlay(void **state)
{
    (void)state;
    assert_refused("plan_format: 1\nstations: {chek: {desks: 3}}\n",
                   "p:2:12: error: the scenario has no \"chek\" here");
    assert_refused("plan_format: 1\nstations: {chek: {desks: 3}}\n", "did you mean \"check\"?");
    assert_refused("plan_format: 1\nrostesr: {}\n", "p:2:1: error: unknown key \"rostesr\"");
    assert_refused("plan_format: 1\nrosters: {late: {shifts: [{head: 5000}]}}\n",
                   "p:2:34: error: head: 5000 is out of range");
    assert_refused("plan_format: 1\nrosters: {late: {shift: 1}}\n", "p:2:18: error: unknown key \"shift\"");
    assert_refused("plan_format: 1\nposts: {Bridge: {exit: {stations: [check, luggage]}}}\n",
                   "p:2:43: error: the scenario has no \"luggage\" here");
    assert_refused("plan_format: 1\norders: 5\n", "p:2:9: error: here stands a single value");
    assert_refused("plan_format: 1\nrosters: [early]\n", "p:2:10: error: here stands a list");
    assert_refused("plan_format: 2\n", "p:1:14: error: another version of the format");
    assert_refused("name: x\npeople: {}\n", "p:1:1: error: this is no plan: it has no \"plan_format\"");
    assert_refused("[1, 2]\n", "p:1:1: error: this is no plan");
    assert_refused("", "p:1:1: error: this is no plan");
    assert_refused("plan_format: 1\nname: [\n", "p:");
}

/* What is wrong in both is told in one pass, and what is right can still be looked at. */
static void faulty_keys_are_found_in_both_texts(void **state)
{
    (void)state;
    char base[1000];
    snprintf(base, sizeof base, "%speople: {child_share: 7}\n", scenario);
    reading r = lay(base, "plan_format: 1\nrosters: {late: {wage: x}}\n", NULL, 0);
    assert_int_equal(r.rc, SIM_E_INPUT);
    assert_non_null(r.config);
    assert_int_equal(sim_diag_count(r.diag), 2);
    assert_true(sim_config_is_faulty(r.config, "people"));
    assert_true(sim_config_is_faulty(r.config, "rosters"));
    assert_false(sim_config_is_faulty(r.config, "stations orders posts"));
    close_reading(&r);
}

static void endless_maps_are_refused_quickly(void **state)
{
    (void)state;
    size_t size, n = 100000;
    char *text;
    FILE *to = open_memstream(&text, &size);
    fputs("plan_format: 1\nrosters:\n", to);
    for (size_t i = 0; i < n; i++)
        fprintf(to, "  r%zu: {}\n", i);
    fclose(to);
    assert_refused(text, "p:3:3: error: a map of a plan has at most 2000 keys");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_are_merged_and_values_replaced),
        cmocka_unit_test(orders_go_behind_the_scenarios),
        cmocka_unit_test(an_overlay_is_the_second_input),
        cmocka_unit_test(overrides_reach_what_the_overlay_says),
        cmocka_unit_test(the_crisis_stays_as_it_is),
        cmocka_unit_test(mistakes_have_their_place_in_the_overlay),
        cmocka_unit_test(faulty_keys_are_found_in_both_texts),
        cmocka_unit_test(endless_maps_are_refused_quickly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
