/* Scenarios: values of every type, defaults, names, overrides, and every error with its place, all in one pass. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/input/config/config.h"

static const sim_section sections[] = {
    {"people", "who comes", 0},
    {"stations.*", "where people are served", 0},
    {"displacement.#", "who sets out", 0},
    {"posts.*", "crossing points", 0},
    {"posts.*.exit.stations.*", "stations of a side", 1},
    {"rosters.*.shifts.#", "shifts", 0},
    {"roles.*", "roles", 1},
};

static const sim_param params[] = {
    {"", "hbm", SIM_COUNT, SIM_DIM_NONE, NULL, 1, 1, NULL, "", ""},
    {"", "name", SIM_TEXT, SIM_DIM_NONE, "untitled", 0, 0, NULL, "", ""},
    {"", "start", SIM_INSTANT, SIM_DIM_NONE, "2031-03-01T00:00+01:00", 0, 0, NULL, "", ""},
    {"", "duration", SIM_QUANTITY, SIM_DIM_TIME, "2 d", 1, 1e9, NULL, "", ""},
    {"people", "child_share", SIM_QUANTITY, SIM_DIM_NONE, "40 %", 0, 1, NULL, "", ""},
    {"people", "size", SIM_DIST, SIM_DIM_NONE, "3", 1, 100, NULL, "", ""},
    {"stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 500, NULL, "", ""},
    {"stations.*", "time", SIM_DIST, SIM_DIM_TIME, "{gamma: {mean: 90 s, cv: 0.7}}", 0, 1e6, NULL, "", ""},
    {"stations.*", "open", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL, "", ""},
    {"stations.*", "serves", SIM_CHOICE, SIM_DIM_NONE, "person", 0, 0, "person group", "", ""},
    {"stations.*", "when", SIM_CHOICES, SIM_DIM_NONE, "", 0, 0, "minor unaccompanied wounded", "", ""},
    {"stations.*", "next", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "stations.* posts.*", "", ""},
    {"stations.*", "load", SIM_CURVE, SIM_DIM_RATE, "0 /h", 0, 100, NULL, "", ""},
    {"posts.*", "at", SIM_POINT, SIM_DIM_NONE, "[0, 0]", 0, 0, NULL, "", ""},
    {"posts.*", "exit.agency", SIM_TEXT, SIM_DIM_NONE, "none", 0, 0, NULL, "", ""},
    {"posts.*", "exit.first", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "posts.*.exit.stations.*", "", ""},
    {"posts.*.exit.stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 0, NULL, "", ""},
    {"rosters.*.shifts.#", "start", SIM_CLOCK, SIM_DIM_NONE, NULL, 0, 0, NULL, "", ""},
    {"rosters.*.shifts.#", "roles", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "roles.*", "", ""},
    {"displacement.#", "people", SIM_COUNT, SIM_DIM_NONE, NULL, 1, 1e9, NULL, "", ""},
    {"displacement.#", "at", SIM_INSTANT, SIM_DIM_NONE, "0 s", 0, 0, NULL, "", ""},
    {"displacement.#", "data", SIM_FILE, SIM_DIM_NONE, "", 0, 0, NULL, "", ""},
};

enum { SECTIONS = sizeof sections / sizeof sections[0], PARAMS = sizeof params / sizeof params[0] };

typedef struct {
    sim_config *config;
    sim_diag *diag;
    char *messages;
    int rc;
} reading;

static reading read_in(const char *folder, const char *text, const char *const *sets, size_t set_count)
{
    const sim_section *section_rows[SECTIONS];
    const sim_param *param_rows[PARAMS];
    for (size_t i = 0; i < SECTIONS; i++)
        section_rows[i] = &sections[i];
    for (size_t i = 0; i < PARAMS; i++)
        param_rows[i] = &params[i];
    const sim_rows rows = {section_rows, SECTIONS, param_rows, PARAMS};
    reading r = {0};
    size_t size;
    assert_int_equal(sim_diag_new(&r.diag, 100), 0);
    r.rc = sim_config_parse(&r.config, text, strlen(text), "s", folder, &rows, sets, set_count, r.diag);
    FILE *to = open_memstream(&r.messages, &size);
    sim_diag_print(r.diag, to);
    fclose(to);
    assert_true((r.rc == 0) == (r.config != NULL));
    assert_true((r.rc == 0) == (sim_diag_count(r.diag) == 0));
    return r;
}

static void close_reading(reading *r)
{
    free(r->messages);
    sim_config_free(r->config);
    sim_diag_free(r->diag);
}

static reading read_good_with(const char *text, const char *const *sets, size_t set_count)
{
    reading r = read_in(NULL, text, sets, set_count);
    if (r.rc != 0)
        fail_msg("%s", r.messages);
    return r;
}

static reading read_good(const char *text)
{
    return read_good_with(text, NULL, 0);
}

static void assert_says(const reading *r, const char *expected)
{
    if (strstr(r->messages, expected) == NULL)
        fail_msg("expected \"%s\", got:\n%s", expected, r->messages);
}

/* One error, and it is this one. */
static void assert_error(const char *text, const char *expected)
{
    reading r = read_in(NULL, text, NULL, 0);
    assert_int_equal(r.rc, SIM_E_INPUT);
    assert_says(&r, expected);
    if (sim_diag_count(r.diag) != 1)
        fail_msg("one error expected:\n%s", r.messages);
    close_reading(&r);
}

static void assert_set_error(const char *text, const char *set, const char *expected)
{
    reading r = read_in(NULL, text, &set, 1);
    assert_int_equal(r.rc, SIM_E_INPUT);
    assert_says(&r, expected);
    if (sim_diag_count(r.diag) != 1)
        fail_msg("one error expected:\n%s", r.messages);
    close_reading(&r);
}

static const char good[] =
    "hbm: 1\n"
    "name: 2022\n"
    "start: 2031-03-01T06:00+01:00\n"
    "duration: 3 d\n"
    "people: {child_share: 42 %, size: {empirical: {values: [1, 4], weights: [3, 1]}}}\n"
    "stations:\n"
    "  check: {desks: 8, time: 1.5 min, open: false, serves: group, when: [wounded, minor], next: health}\n"
    "  health: {desks: 2, when: minor, next: Bridge}\n"
    "  last: {desks: 0}\n"
    "posts:\n"
    "  Bridge:\n"
    "    at: [48.2, -22.5]\n"
    "    exit: {agency: upland, stations: [a, b], first: b}\n"
    "  Ford:\n"
    "  Upper ford:\n"
    "    exit: {stations: {b: {desks: 7}}, first: b}\n"
    "roles: [officer, nurse]\n"
    "rosters:\n"
    "  low: {shifts: [{start: \"06:00\", roles: [nurse, officer]}, {start: 18:30:15, roles: nurse}]}\n"
    "  none: {}\n"
    "  high: {shifts: [{start: 00:00}]}\n"
    "displacement:\n"
    "  - {people: 500, at: 2031-03-02T05:00:00.25Z}\n"
    "  - {people: 7, at: 4 d}\n";

static void values_of_every_type_are_read(void **state)
{
    (void)state;
    reading r = read_good(good);
    const sim_config *c = r.config;
    assert_string_equal(sim_text(c, "", "name", 0), "2022");
    assert_int_equal(sim_count(c, "", "hbm", 0), 1);
    assert_true(sim_quantity(c, "", "duration", 0) == 3 * 86400.0);
    assert_true(sim_micros(c, "", "duration", 0) == INT64_C(259200000000));
    assert_true(sim_quantity(c, "people", "child_share", 0) == 0.42);
    assert_false(sim_bool(c, "stations.*", "open", 0));
    assert_true(sim_bool(c, "stations.*", "open", 1));
    assert_int_equal(sim_choice(c, "stations.*", "serves", 0), 1);
    assert_int_equal(sim_choices(c, "stations.*", "when", 0), 5);
    assert_int_equal(sim_choices(c, "stations.*", "when", 1), 1);
    assert_int_equal(sim_micros(c, "displacement.#", "at", 1), INT64_C(345600000000));
    assert_int_equal(sim_micros(c, "displacement.#", "at", 0), INT64_C(86400250000));
    assert_int_equal(sim_micros(c, "rosters.*.shifts.#", "start", 1), INT64_C(66615000000));
    double latitude, longitude;
    sim_point(c, "posts.*", "at", 0, &latitude, &longitude);
    assert_true(latitude == 48.2 && longitude == -22.5);
    int64_t start;
    int offset;
    sim_config_start(c, &start, &offset);
    assert_true(start == 1930107600 && offset == 3600);
    assert_int_equal(sim_config_input_count(c), 1);
    close_reading(&r);
}

static void elements_keep_their_order_parents_and_names(void **state)
{
    (void)state;
    reading r = read_good(good);
    const sim_config *c = r.config;
    size_t first, count;
    assert_int_equal(sim_elements(c, ""), 1);
    assert_int_equal(sim_elements(c, "people"), 1);
    assert_int_equal(sim_elements(c, "stations.*"), 3);
    assert_int_equal(sim_element_find(c, "stations.*", "health"), 1);
    assert_int_equal(sim_element_find(c, "stations.*", "nope"), -1);
    assert_string_equal(sim_element_name(c, "posts.*", 2), "Upper ford");
    assert_string_equal(sim_element_name(c, "displacement.#", 0), "");
    assert_int_equal(sim_elements(c, "rosters.*.shifts.#"), 3);
    sim_children(c, "rosters.*.shifts.#", 0, &first, &count);
    assert_true(first == 0 && count == 2);
    sim_children(c, "rosters.*.shifts.#", 1, &first, &count);
    assert_int_equal(count, 0);
    sim_children(c, "rosters.*.shifts.#", 2, &first, &count);
    assert_true(first == 2 && count == 1);
    assert_int_equal(sim_element_parent(c, "rosters.*.shifts.#", 2), 2);
    assert_int_equal(sim_elements(c, "posts.*.exit.stations.*"), 3);
    assert_int_equal(sim_element_mark(c, "posts.*", 1).line, 14);
    assert_int_equal(sim_value_mark(c, "stations.*", "desks", 1).column, 19);
    assert_int_equal(sim_value_mark(c, "stations.*", "open", 1).line, 8);
    close_reading(&r);
}

static void names_are_found_forwards_in_several_sections_and_in_their_family_first(void **state)
{
    (void)state;
    reading r = read_good(good);
    const sim_config *c = r.config;
    assert_int_equal(sim_name(c, "stations.*", "next", 0), 1);
    assert_int_equal(sim_name_section(c, "stations.*", "next", 0), 0);
    assert_int_equal(sim_name(c, "stations.*", "next", 1), 0);
    assert_int_equal(sim_name_section(c, "stations.*", "next", 1), 1);
    assert_false(sim_given(c, "stations.*", "next", 2));
    assert_true(sim_name(c, "stations.*", "next", 2) == SIZE_MAX);
    assert_int_equal(sim_name(c, "posts.*", "exit.first", 0), 1); /* both posts have a station b */
    assert_int_equal(sim_name(c, "posts.*", "exit.first", 2), 2);
    const size_t *indices;
    assert_int_equal(sim_names(c, "rosters.*.shifts.#", "roles", 0, &indices), 2);
    assert_true(indices[0] == 1 && indices[1] == 0);
    assert_int_equal(sim_names(c, "rosters.*.shifts.#", "roles", 1, &indices), 1);
    assert_int_equal(sim_names(c, "rosters.*.shifts.#", "roles", 2, &indices), 0);
    close_reading(&r);
}

static void defaults_are_read_as_if_written(void **state)
{
    (void)state;
    reading r = read_good("hbm: 1\nstations: {a: {desks: 1}}\nposts: {P: }\n");
    const sim_config *c = r.config;
    assert_string_equal(sim_text(c, "", "name", 0), "untitled");
    assert_true(sim_quantity(c, "people", "child_share", 0) == 0.4);
    const sim_dist_spec *time = sim_distribution(c, "stations.*", "time", 0);
    assert_true(time->family == SIM_DIST_GAMMA && time->a == 90 && time->b == 0.7);
    assert_true(sim_given(c, "stations.*", "time", 0));
    assert_false(sim_given(c, "stations.*", "when", 0));
    assert_int_equal(sim_choices(c, "stations.*", "when", 0), 0);
    assert_string_equal(sim_text(c, "posts.*", "exit.agency", 0), "none");
    assert_int_equal(sim_elements(c, "displacement.#"), 0);
    assert_int_equal(sim_curve_of(c, "stations.*", "load", 0).n, 1);
    close_reading(&r);
}

static void all_errors_of_a_scenario_come_in_one_pass_in_order(void **state)
{
    (void)state;
    reading r = read_in(NULL,
                        "hbm: 2\n"
                        "nmae: x\n"
                        "people: {child_share: 142 %}\n"
                        "stations:\n"
                        "  a: {dsks: 8, next: healt}\n"
                        "  health: {desks: 2, desks: 3, time: 90}\n"
                        "displacement:\n"
                        "  - {people: 0x10}\n",
                        NULL, 0);
    static const char *const expected[] = {"s:1:6: error: hbm: 2 is out of range",
                                           "s:2:1: error: unknown key \"nmae\"",
                                           "s:3:23: error: child_share: 142 % is out of range",
                                           "s:5:3: error: \"desks\" is missing in \"a\"",
                                           "s:5:7: error: unknown key \"dsks\"",
                                           "s:5:22: error: next: there is no \"healt\"",
                                           "s:6:22: error: \"desks\" is given twice; the first is in line 6, column 12",
                                           "s:6:38: error: time: \"90\" has no unit",
                                           "s:8:14: error: people: \"0x10\" is not a whole number"};
    const char *at = r.messages;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        at = strstr(at, expected[i]);
        if (at == NULL)
            fail_msg("not found or out of order: %s\n%s", expected[i], r.messages);
    }
    assert_says(&r, "did you mean \"name\"?");
    assert_says(&r, "did you mean \"desks\"?");
    assert_says(&r, "did you mean \"health\"?");
    assert_says(&r, "expected one of desks, time, open, serves, when, next, load");
    assert_int_equal(sim_diag_count(r.diag), sizeof expected / sizeof expected[0]);
    close_reading(&r);
}

#define STATION(value) "hbm: 1\nstations: {a: {desks: 1, " value "}}\n"
#define PEOPLE(value) "hbm: 1\npeople: {" value "}\n"
#define DISPLACED(value) "hbm: 1\ndisplacement:\n - {people: 1, " value "}\n"

static void wrong_values_are_told(void **state)
{
    (void)state;
    assert_error("hbm: \"1\"\n", "s:1:6: error: hbm: \"1\" in quotes is text");
    assert_error("hbm: 1.0\n", "hbm: \"1.0\" is not a whole number");
    assert_error("hbm:\n", "hbm: the value is missing");
    assert_error("hbm: [1]\n", "hbm: here stands a list");
    assert_error("hbm: 9999999999999999999\n", "is too large for a whole number");
    assert_error("hbm: 1\nname: {a: 1}\n", "name: here stands a map");
    assert_error("hbm: 1\nname: null\n", "name: the value is missing");
    assert_error("hbm: 1\nduration: 3\n", "duration: \"3\" has no unit");
    assert_error("hbm: 1\nduration: 3 km\n", "duration: \"3 km\" is a length");
    assert_error("hbm: 1\nduration: 3 days\n", "did you mean \"d\"?");
    assert_error("hbm: 1\nduration: NaN s\n", "is not a number");
    assert_error("hbm: 1\nduration: 1e400 s\n", "is too large for a number");
    assert_error("hbm: 1\nduration: 0 s\n", "duration: 0 s is out of range");
    assert_error(PEOPLE("child_share: .inf"), "child_share: \".inf\" is not a number");
    assert_error(PEOPLE("child_share: -0.1"), "is out of range");
    assert_error(STATION("open: yes"), "open: \"yes\" is neither true nor false");
    assert_error(STATION("open: \"true\""), "without quotes");
    assert_error(STATION("serves: persn"), "did you mean \"person\"?");
    assert_error(STATION("when: [minor, minor]"), "when: \"minor\" is given twice");
    assert_error(STATION("next: z"), "expected a name from stations.* posts.*");
    assert_error("hbm: 1\nposts: {a: {at: [1]}}\n", "this is no point");
    assert_error("hbm: 1\nposts: {a: {at: [1, 181]}}\n", "a longitude is between");
    assert_error("hbm: 1\nrosters: {a: {shifts: [{start: \"6:00\"}]}}\n", "a time of day is written like 06:00");
    assert_error("hbm: 1\nrosters: {a: {shifts: [{start: 24:00}]}}\n", "there is no such time of day");
    assert_error("hbm: 1\nrosters: {a: {shifts: {start: 06:00}}}\n", "s:2:23: error: here stands a map");
    assert_error("hbm: 1\nstations: [a]\n", "s:2:11: error: here stands a list");
    assert_error("hbm: 1\nstations: {a/b: {desks: 1}}\n", "\"a/b\" cannot be a name");
    assert_error("hbm: 1\nroles: [a, b, a]\n", "s:2:15: error: \"a\" is given twice");
    assert_error("hbm: 1\nroles: [a.b]\n", "cannot be a name");
    assert_error("- 1\n", "s:1:1: error: here stands a list");
    assert_error("# nothing\n", "there is nothing in this text");
    assert_error("", "there is nothing in this text");
}

static void names_of_elements_are_short_words_of_any_alphabet(void **state)
{
    (void)state;
    reading r = read_good("hbm: 1\nroles: [čekárna, 国境, Upper ford, a_b-3, Ω]\n");
    assert_int_equal(sim_elements(r.config, "roles.*"), 5);
    close_reading(&r);
    char text[200];
    snprintf(text, sizeof text, "hbm: 1\nroles: [%064d]\n", 0);
    assert_error(text, "cannot be a name");
    snprintf(text, sizeof text, "hbm: 1\nroles: [%063d]\n", 0);
    r = read_good(text);
    close_reading(&r);
    static const char *const wrong[] = {"' a'",
                                        "a=b",
                                        "\"a\\tb\"",
                                        "'a '",
                                        "''",
                                        "a'b",
                                        ("a\xE2\x80\xAE"
                                         "b")};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(text, sizeof text, "hbm: 1\nroles: [%s]\n", wrong[i]);
        assert_error(text, "cannot be a name");
    }
}

static void instants_need_an_offset_and_a_real_date(void **state)
{
    (void)state;
    assert_error(DISPLACED("at: 2031-03-02T00:00"), "an instant needs its offset");
    assert_error(DISPLACED("at: 2031-02-29T00:00Z"), "the month has no such day");
    assert_error(DISPLACED("at: 2031-03-02"), "an instant needs its offset");
    assert_error(DISPLACED("at: 4"), "at: \"4\" has no unit");
    assert_error(DISPLACED("at: tomorrow"), "is not a number");
    assert_error("hbm: 1\nstart: 4 d\n", "s:2:8: error: start: \"4 d\": a date is written like");
    assert_error("hbm: 1\nstart: 2031-03-01T00:00\n", "the offset from UTC is missing");
    assert_error("hbm: 1\nstart: 2031-03-01T00:00Z x\n", "there is more text behind the instant");
    /* a wrong start does not make instants wrong that cannot be placed without it */
    assert_error("hbm: 1\nstart: x\ndisplacement: [{people: 1, at: 2031-03-02T00:00Z}]\n", "s:2:8: error: start");
    reading r = read_good(DISPLACED("at: 2031-02-28T00:00+01:00"));
    assert_int_equal(sim_micros(r.config, "displacement.#", "at", 0), INT64_C(-86400000000));
    close_reading(&r);
}

static sim_dist_spec read_dist(const char *text, reading *r)
{
    char scenario[500];
    snprintf(scenario, sizeof scenario, "hbm: 1\nstations:\n  a: {desks: 1, time: %s}\n", text);
    *r = read_good(scenario);
    return *sim_distribution(r->config, "stations.*", "time", 0);
}

static void distributions_of_every_family_are_read_in_si(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sim_dist_family family;
        double a, b, c;
    } cases[] = {{"90 s", SIM_DIST_CONSTANT, 90, 0, 0},
                 {"{constant: 2 min}", SIM_DIST_CONSTANT, 120, 0, 0},
                 {"{exponential: {mean: 90 s}}", SIM_DIST_EXPONENTIAL, 90, 0, 0},
                 {"{erlang: {mean: 90 s, k: 3}}", SIM_DIST_ERLANG, 90, 3, 0},
                 {"{gamma: {cv: 80 %, mean: 1 h}}", SIM_DIST_GAMMA, 3600, 0.8, 0},
                 {"{lognormal: {mean: 90 s, cv: 0.7}}", SIM_DIST_LOGNORMAL, 90, 0.7, 0},
                 {"{weibull: {mean: 90 s, shape: 1.5}}", SIM_DIST_WEIBULL, 90, 1.5, 0},
                 {"{triangular: {low: 10 s, mode: 10 s, high: 1 min}}", SIM_DIST_TRIANGULAR, 10, 10, 60},
                 {"{uniform: {low: 0 s, high: 1 min}}", SIM_DIST_UNIFORM, 0, 60, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        reading r;
        sim_dist_spec spec = read_dist(cases[i].text, &r);
        assert_true(spec.family == cases[i].family && spec.a == cases[i].a && spec.b == cases[i].b &&
                    spec.c == cases[i].c);
        assert_true(spec.low == -INFINITY && spec.high == INFINITY);
        close_reading(&r);
    }
    reading r;
    sim_dist_spec spec = read_dist("{truncated: {of: {normal: {mean: 60 s, sd: 9 s}}, low: 0 s, high: 5 min}}", &r);
    assert_true(spec.family == SIM_DIST_NORMAL && spec.a == 60 && spec.b == 9 && spec.low == 0 && spec.high == 300);
    close_reading(&r);
    spec = read_dist("{mixture: [{share: 30 %, of: 10 s}, {share: 0.7, of: {mixture: [{share: 1, of: {exponential: "
                     "{mean: 1 s}}}]}}]}",
                     &r);
    assert_true(spec.family == SIM_DIST_MIXTURE && spec.n == 2 && spec.weights[0] == 0.3 && spec.weights[1] == 0.7);
    assert_true(spec.parts[0].a == 10 && spec.parts[1].parts[0].family == SIM_DIST_EXPONENTIAL);
    close_reading(&r);
    spec = read_dist("{empirical: {values: [1 s, 2 s, 1 min], weights: [0, 1, 3]}}", &r);
    assert_true(spec.family == SIM_DIST_EMPIRICAL && spec.n == 3 && spec.values[2] == 60 && spec.weights[2] == 3);
    close_reading(&r);
}

static void wrong_distributions_are_told_where_they_are_wrong(void **state)
{
    (void)state;
    assert_error(STATION("time: {expnential: {mean: 1 s}}"), "did you mean \"exponential\"?");
    assert_error(STATION("time: {exponential: 3 s}"), "s:2:46: error: time: here stands a single value");
    assert_error(STATION("time: {exponential: {}}"), "\"mean\" is missing");
    assert_error(STATION("time: {exponential: }"), "time: the value is missing");
    assert_error(STATION("time: {exponential: {mean: 1 s, cv: 1}}"), "s:2:58: error: time: unknown key \"cv\"");
    assert_error(STATION("time: {exponential: {mean: 0 s}}"), "s:2:53: error: time: mean must be above 0");
    assert_error(STATION("time: {gamma: {mean: 1 s, cv: 0}}"), "cv must be above 0");
    assert_error(STATION("time: {gamma: {mean: 1 s, cv: 1 s}}"), "\"1 s\" is a time");
    assert_error(STATION("time: {gamma: {mean: 1 s, cv: 11}}"), "s:2:40: error: time: the coefficient of variation");
    assert_error(STATION("time: {truncated: {of: {exponential: {mean: 1 s}}, low: 3000 s, high: 3001 s}}"),
                 "next to no probability");
    assert_error(STATION("time: {erlang: {mean: 1 s, k: 2.5}}"), "k must be a whole number");
    assert_error(STATION("time: {uniform: {low: 2 s, high: 1 s}}"), "wrong order");
    assert_error(STATION("time: {triangular: {low: 1 s, mode: 5 s, high: 3 s}}"), "wrong order");
    assert_error(STATION("time: {constant: 1 s, gamma: 2}"), "a distribution has one family");
    assert_error(STATION("time: {}"), "a distribution has one family");
    assert_error(STATION("time: [1 s]"), "time: here stands a list");
    assert_error(STATION("time: {mixture: [{share: 0.3, of: 1 s}, {share: 0.6, of: 2 s}]}"), "the shares sum to 0.9");
    assert_error(STATION("time: {mixture: [{share: -1, of: 1 s}, {share: 1, of: 2 s}]}"), "-1 is no share");
}

static void a_distribution_must_stay_in_its_range(void **state)
{
    (void)state;
    assert_error(STATION("time: -1 s"), "it gives -1 s, which is out of range");
    assert_error(STATION("time: {normal: {mean: 1 h, sd: 1 s}}"), "use {truncated:");
    assert_error(STATION("time: {uniform: {low: -1 s, high: 1 s}}"), "it gives -1 s");
    assert_error(STATION("time: {uniform: {low: 1 s, high: 30 d}}"), "it gives 30 d");
    assert_error(STATION("time: {exponential: {mean: 30 d}}"), "it gives 30 d");
    assert_error(STATION("time: {empirical: {values: [1 s, -2 s]}}"), "it gives -2 s");
    assert_error(STATION("time: {truncated: {of: {normal: {mean: 1 s, sd: 1 s}}, high: 3 s}}"),
                 "without a lower bound");
    assert_error(STATION("time: {truncated: {of: 3 s, low: 5 s}}"), "no value is left between the bounds");
    assert_error(STATION("time: {truncated: {of: {uniform: {low: 1 s, high: 2 s}}, low: 3 s, high: 4 s}}"),
                 "no value is left");
    assert_error(STATION("time: {truncated: {of: {exponential: {mean: 1 s}}, low: 4 s, high: 3 s}}"),
                 "no value is left");
    assert_error(STATION("time: {truncated: {of: 3 s}}"), "without bounds nothing is truncated");
    assert_error(PEOPLE("size: {exponential: {mean: 3}}"), "it gives 0, which is out of range");
    reading r = read_good(PEOPLE("size: {truncated: {of: {exponential: {mean: 3}}, low: 1}}"));
    close_reading(&r);
}

static void curves_are_constants_steps_or_waves(void **state)
{
    (void)state;
    reading r = read_good(STATION("load: 36 /h"));
    sim_curve curve = sim_curve_of(r.config, "stations.*", "load", 0);
    assert_true(curve.n == 1 && curve.times[0] == 0 && curve.values[0] == 0.01);
    close_reading(&r);
    r = read_good(STATION("load: [[0 s, 1 /s], [2031-03-01T01:00+01:00, 2 /s], [1 d, 0 /s]]"));
    curve = sim_curve_of(r.config, "stations.*", "load", 0);
    assert_true(curve.n == 3 && curve.times[1] == INT64_C(3600000000) && curve.values[1] == 2);
    close_reading(&r);
    r = read_good(STATION("load: {mean: 10 /s, amplitude: 4 /s, period: 24 h, peak: 14:00}"));
    curve = sim_curve_of(r.config, "stations.*", "load", 0);
    assert_int_equal(curve.n, 2 * 288); /* two days by default */
    double sum = 0, most = 0;
    size_t peak = 0;
    for (size_t i = 0; i < curve.n; i++) {
        assert_true(curve.times[i] == (int64_t)i * 300000000);
        assert_true(fabs(curve.values[i] - (10 + 4 * cos(2 * acos(-1) * (((double)i + 0.5) / 288 - 14.0 / 24)))) <
                    1e-8);
        sum += curve.values[i];
        if (i < 288 && curve.values[i] > most) {
            most = curve.values[i];
            peak = i;
        }
    }
    assert_true(fabs(sum / (double)curve.n - 10) < 1e-9);
    assert_true(peak == 14 * 12 - 1 || peak == 14 * 12);
    close_reading(&r);
}

static void wrong_curves_are_told(void **state)
{
    (void)state;
    assert_error(STATION("load: [[1 h, 1 /h], [1 h, 2 /h]]"), "not later than the one before");
    assert_error(STATION("load: []"), "the list is empty");
    assert_error(STATION("load: [1 /h]"), "this is no step");
    assert_error(STATION("load: [[1 h, 101 /s]]"), "101 /s is out of range");
    assert_error(STATION("load: {mean: 1 /h, amplitude: 2 /h, period: 1 d, peak: 0 s}"), "the curve falls below 0");
    assert_error(STATION("load: {mean: 90 /s, amplitude: 20 /s, period: 1 d, peak: 0 s}"), "110 /s is out of range");
    assert_error(STATION("load: {mean: 1 /h, amplitude: 1 /h, period: 0 s, peak: 0 s}"), "this is no period");
    assert_error(STATION("load: {mean: 1 /h, amplitude: 1 /h, period: 1 ms, peak: 0 s}"), "too short for the duration");
    assert_error(STATION("load: {mean: 1 /h, amplitude: 1 /h, period: 1 d, pek: 0 s, peak: 0 s}"),
                 "did you mean \"peak\"?");
}

static void overrides_change_values_as_if_the_scenario_had_them(void **state)
{
    (void)state;
    static const char *const sets[] = {"stations.check.desks=12",
                                       "displacement.1.people=77",
                                       "stations.check.time={exponential: {mean: 3 s}}",
                                       "stations.check.time.exponential.mean=4 s",
                                       "stations.last.time.gamma.mean=5 s",
                                       "posts.Bridge.exit.stations.a.desks=5",
                                       "posts.Ford.exit.agency=x = y",
                                       "people.size=2",
                                       "name=\"a: b\"",
                                       "rosters.low.shifts.0.roles=[officer]"};
    reading r = read_good_with(good, sets, sizeof sets / sizeof sets[0]);
    const sim_config *c = r.config;
    assert_int_equal(sim_count(c, "stations.*", "desks", 0), 12);
    assert_int_equal(sim_count(c, "displacement.#", "people", 0), 500);
    assert_int_equal(sim_count(c, "displacement.#", "people", 1), 77);
    assert_true(sim_distribution(c, "stations.*", "time", 0)->a == 4);
    assert_true(sim_distribution(c, "stations.*", "time", 2)->a == 5);
    assert_true(sim_distribution(c, "stations.*", "time", 2)->b == 0.7);
    assert_true(sim_distribution(c, "stations.*", "time", 1)->a == 90);
    assert_int_equal(sim_count(c, "posts.*.exit.stations.*", "desks", 0), 5);
    assert_int_equal(sim_count(c, "posts.*.exit.stations.*", "desks", 1), 1);
    assert_string_equal(sim_text(c, "posts.*", "exit.agency", 1), "x = y");
    assert_string_equal(sim_text(c, "", "name", 0), "a: b");
    assert_int_equal(sim_config_set_count(c), 10);
    assert_string_equal(sim_config_set(c, 1), sets[1]);
    close_reading(&r);
}

static void wrong_overrides_are_told_with_the_column_in_their_text(void **state)
{
    (void)state;
    assert_set_error(good, "stations.chek.desks=3", "--set:1:10: error: there is no \"chek\" here");
    assert_set_error(good, "stations.chek.desks=3", "did you mean \"check\"?");
    assert_set_error(good, "stations.check.dsks=3", "--set:1:16: error: unknown key \"dsks\"");
    assert_set_error(good, "sations.check.desks=3", "did you mean \"stations\"?");
    assert_set_error(good, "stations.check.desks=x", "--set:1:22: error: desks: \"x\" is not a whole number");
    assert_set_error(good, "stations.check.time.constant=3 s", "single value stands there");
    assert_set_error(good, "displacement.2.people=3", "--set:1:14: error: the list has no entry \"2\"");
    assert_set_error(good, "displacement.-1.people=3", "the list has no entry \"-1\"");
    assert_set_error(good, "displacement.x.people=3", "the list has no entry \"x\"");
    assert_set_error(good, "name", "is no override");
    assert_set_error(good, "=3", "is no override");
    assert_set_error(good, "name=", "--set:1:6: error: the value is missing");
    assert_set_error(good, "name=[", "--set:1:");
    assert_set_error(good, "name..x=3", "single value stands there");
    assert_set_error(good, ".name=3", "unknown key \"\"");
    assert_set_error("hbm: 1\n", "stations.a.desks=3", "there is no \"a\" here");
}

/* A folder with a few files, one of them outside. */
typedef struct {
    char outer[64], folder[96];
} place;

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int make_place(void **state)
{
    place *p = calloc(1, sizeof *p);
    strcpy(p->outer, "/tmp/hbm-config-XXXXXX");
    assert_non_null(mkdtemp(p->outer));
    snprintf(p->folder, sizeof p->folder, "%s/in", p->outer);
    char path[200];
    assert_int_equal(mkdir(p->folder, 0700), 0);
    snprintf(path, sizeof path, "%s/sub", p->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(p->outer, "secret.csv", "value\n1\n");
    write_file(p->folder, "sizes.csv", "value,weight\n1,3\n4,1\n");
    write_file(p->folder, "times.csv", "what,minutes,n\na,1.5,2\nb,3,0\n");
    write_file(p->folder, "bad.csv", "value\n1 min\nx\n3\n");
    snprintf(path, sizeof path, "%s/link.csv", p->folder);
    assert_int_equal(symlink("../secret.csv", path), 0);
    snprintf(path, sizeof path, "%s/inner.csv", p->folder);
    assert_int_equal(symlink("sizes.csv", path), 0);
    snprintf(path, sizeof path, "%s/pipe", p->folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    *state = p;
    return 0;
}

static int remove_place(void **state)
{
    place *p = *state;
    char path[200];
    static const char *const names[] = {"in/sizes.csv", "in/times.csv", "in/bad.csv", "in/link.csv",
                                        "in/inner.csv", "in/pipe",      "in/s.yaml",  "secret.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", p->outer, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/sub", p->folder);
    rmdir(path);
    rmdir(p->folder);
    int rc = rmdir(p->outer);
    free(p);
    return rc;
}

static void files_are_found_inside_the_folder_only(void **state)
{
    const place *p = *state;
    reading r = read_in(p->folder, DISPLACED("data: sizes.csv"), NULL, 0);
    assert_int_equal(r.rc, 0);
    char path[200];
    snprintf(path, sizeof path, "%s/sizes.csv", p->folder);
    assert_string_equal(sim_text(r.config, "displacement.#", "data", 0), path);
    close_reading(&r);
    r = read_in(p->folder, DISPLACED("data: sub/../inner.csv"), NULL, 0);
    assert_says(&r, "\"..\" is not accepted");
    close_reading(&r);
    r = read_in(p->folder, DISPLACED("data: ./inner.csv"), NULL, 0);
    assert_int_equal(r.rc, 0);
    close_reading(&r);
    static const char *const wrong[][2] = {
        {"/dev/zero", "the path is absolute"}, {"../secret.csv", "\"..\" is not accepted"},
        {"..", "\"..\" is not accepted"},      {"link.csv", "lies outside the scenario's folder"},
        {"pipe", "not an ordinary file"},      {"sub", "a folder, not a file"},
        {"nope.csv", "no such file"},          {"''", "the path is empty"},
        {"sizes.csv/x", "no such file"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, DISPLACED("data: %s"), wrong[i][0]);
        r = read_in(p->folder, text, NULL, 0);
        assert_int_equal(r.rc, SIM_E_INPUT);
        assert_says(&r, wrong[i][1]);
        assert_says(&r, "s:3:");
        close_reading(&r);
    }
    r = read_in(NULL, DISPLACED("data: sizes.csv"), NULL, 0);
    assert_says(&r, "this text is in no folder");
    close_reading(&r);
}

static void empirical_distributions_come_from_tables(void **state)
{
    const place *p = *state;
    reading r = read_in(p->folder, PEOPLE("size: {empirical: sizes.csv}"), NULL, 0);
    assert_int_equal(r.rc, 0);
    const sim_dist_spec *spec = sim_distribution(r.config, "people", "size", 0);
    assert_true(spec->n == 2 && spec->values[1] == 4 && spec->weights[0] == 3);
    assert_int_equal(sim_config_input_count(r.config), 2);
    const char *name, *text;
    size_t length;
    sim_config_input(r.config, 0, &name, &text, &length);
    assert_string_equal(name, "s");
    sim_config_input(r.config, 1, &name, &text, &length);
    assert_string_equal(name, "sizes.csv");
    assert_string_equal(text, "value,weight\n1,3\n4,1\n");
    close_reading(&r);
    r = read_in(p->folder, STATION("time: {empirical: {file: times.csv, column: minutes, weight: n, unit: min}}"), NULL,
                0);
    assert_int_equal(r.rc, 0);
    spec = sim_distribution(r.config, "stations.*", "time", 0);
    assert_true(spec->n == 2 && spec->values[0] == 90 && spec->weights[1] == 0);
    close_reading(&r);
    static const char *const wrong[][2] = {
        {"{empirical: bad.csv}", "bad.csv:3:1: error: \"x\" is no such value"},
        {"{empirical: bad.csv}", "bad.csv:4:1: error: \"3\" has no unit"},
        {"{empirical: nope.csv}", "no such file"},
        {"{empirical: {file: times.csv, column: minuts, unit: min}}", "did you mean \"minutes\"?"},
        {"{empirical: {file: times.csv, column: minutes, unit: mins}}", "did you mean \"min\"?"},
        {"{empirical: {file: times.csv, column: what, unit: min}}", "what: \"a\" is not a number"},
        {"{empirical: {file: times.csv, colum: what}}", "did you mean \"column\"?"},
        {"{empirical: {values: [1 s], weights: [1, 2]}}", "one for each value"},
        {"{empirical: {values: [1 s], weights: [0]}}", "the weights sum to 0"},
        {"{empirical: {values: [1 s], weights: [-1]}}", "-1 is no weight"},
        {"{empirical: {values: []}}", "there are no values"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char scenario[300];
        snprintf(scenario, sizeof scenario, STATION("time: %s"), wrong[i][0]);
        r = read_in(p->folder, scenario, NULL, 0);
        assert_int_equal(r.rc, SIM_E_INPUT);
        assert_says(&r, wrong[i][1]);
        close_reading(&r);
    }
}

static void a_scenario_is_an_ordinary_file(void **state)
{
    const place *p = *state;
    const sim_section *section_rows[SECTIONS];
    const sim_param *param_rows[PARAMS];
    for (size_t i = 0; i < SECTIONS; i++)
        section_rows[i] = &sections[i];
    for (size_t i = 0; i < PARAMS; i++)
        param_rows[i] = &params[i];
    const sim_rows rows = {section_rows, SECTIONS, param_rows, PARAMS};
    char pipe_path[200], path[200];
    snprintf(pipe_path, sizeof pipe_path, "%s/pipe", p->folder);
    snprintf(path, sizeof path, "%s/s.yaml", p->folder);
    const char *const wrong[] = {"/dev/zero", p->folder, pipe_path, "/nonexistent/s.yaml", ""};
    sim_config *config;
    sim_diag *diag;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(sim_diag_new(&diag, 5), 0);
        assert_int_equal(sim_config_load(&config, wrong[i], &rows, NULL, 0, diag), SIM_E_INPUT);
        assert_null(config);
        assert_int_equal(sim_diag_count(diag), 1);
        sim_diag_free(diag);
    }
    write_file(p->folder, "s.yaml", PEOPLE("size: {empirical: sizes.csv}"));
    assert_int_equal(sim_diag_new(&diag, 5), 0);
    assert_int_equal(sim_config_load(&config, path, &rows, NULL, 0, diag), 0);
    assert_int_equal(sim_config_input_count(config), 2);
    sim_config_free(config);
    sim_config_free(NULL);
    sim_diag_free(diag);
}

static void a_scenario_of_five_megabytes_loads_in_seconds_at_most(void **state)
{
    (void)state;
    enum { STATIONS = 60000 };
    char *text = malloc(STATIONS * 100 + 200), *at = text;
    at += sprintf(at, "hbm: 1\nstations:\n");
    for (int i = 0; i < STATIONS; i++)
        at +=
            sprintf(at, "  s%05d: {desks: %d, time: {lognormal: {mean: 90 s, cv: 0.7}}, serves: group, next: s%05d}\n",
                    i, i % 500, (i + 1) % STATIONS);
    assert_true(at - text > 5000000);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    reading r = read_good(text);
    clock_gettime(CLOCK_MONOTONIC, &b);
    double seconds = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
    print_message("%.2f s\n", seconds);
    assert_true(seconds < 60); /* below 1 s without sanitizers on a quiet machine */
    assert_int_equal(sim_name(r.config, "stations.*", "next", 100), 101);
    free(text);
    close_reading(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_type_are_read),
        cmocka_unit_test(elements_keep_their_order_parents_and_names),
        cmocka_unit_test(names_are_found_forwards_in_several_sections_and_in_their_family_first),
        cmocka_unit_test(defaults_are_read_as_if_written),
        cmocka_unit_test(all_errors_of_a_scenario_come_in_one_pass_in_order),
        cmocka_unit_test(wrong_values_are_told),
        cmocka_unit_test(names_of_elements_are_short_words_of_any_alphabet),
        cmocka_unit_test(instants_need_an_offset_and_a_real_date),
        cmocka_unit_test(distributions_of_every_family_are_read_in_si),
        cmocka_unit_test(wrong_distributions_are_told_where_they_are_wrong),
        cmocka_unit_test(a_distribution_must_stay_in_its_range),
        cmocka_unit_test(curves_are_constants_steps_or_waves),
        cmocka_unit_test(wrong_curves_are_told),
        cmocka_unit_test(overrides_change_values_as_if_the_scenario_had_them),
        cmocka_unit_test(wrong_overrides_are_told_with_the_column_in_their_text),
        cmocka_unit_test_setup_teardown(files_are_found_inside_the_folder_only, make_place, remove_place),
        cmocka_unit_test_setup_teardown(empirical_distributions_come_from_tables, make_place, remove_place),
        cmocka_unit_test_setup_teardown(a_scenario_is_an_ordinary_file, make_place, remove_place),
        cmocka_unit_test(a_scenario_of_five_megabytes_loads_in_seconds_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
