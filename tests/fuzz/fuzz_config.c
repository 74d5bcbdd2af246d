/* Random scenarios through everything that reads one: YAML, overrides, values of every type, printing of errors.
 *
 * With clang: -fsanitize=fuzzer,address,undefined. With -DFUZZ_REPLAY the program reads the files named on its command
 * line instead. Text up to a line "--plan" is the scenario, text behind it is laid over; each line behind a line
 * "--set" is an override. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/input/config/config.h"
#include "tests/fuzz/fuzz.h"

static const sim_section people = {"people", "", 0}, stations = {"stations.*", "", 0},
                         moves = {"displacement.#", "", 0}, sides = {"posts.*.exit.stations.*", "", 1},
                         shifts = {"rosters.*.shifts.#", "", 0};

static const sim_param rows[] = {
    {"", "hbm", SIM_COUNT, SIM_DIM_NONE, "1", 1, 1, NULL, "", ""},
    {"", "start", SIM_INSTANT, SIM_DIM_NONE, "2031-03-01T00:00+01:00", 0, 0, NULL, "", ""},
    {"", "duration", SIM_QUANTITY, SIM_DIM_TIME, "2 d", 1, 1e9, NULL, "", ""},
    {"people", "size", SIM_DIST, SIM_DIM_NONE, "3", 1, 100, NULL, "", ""},
    {"stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 500, NULL, "", ""},
    {"stations.*", "time", SIM_DIST, SIM_DIM_TIME, "{gamma: {mean: 90 s, cv: 0.7}}", 0, 1e6, NULL, "", ""},
    {"stations.*", "open", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL, "", ""},
    {"stations.*", "when", SIM_CHOICES, SIM_DIM_NONE, "", 0, 0, "minor unaccompanied", "", ""},
    {"stations.*", "next", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "stations.* posts.*.exit.stations.*", "", ""},
    {"stations.*", "load", SIM_CURVE, SIM_DIM_RATE, "0 /h", 0, 100, NULL, "", ""},
    {"posts.*", "at", SIM_POINT, SIM_DIM_NONE, "[0, 0]", 0, 0, NULL, "", ""},
    {"posts.*", "exit.agency", SIM_TEXT, SIM_DIM_NONE, "none", 0, 0, NULL, "", ""},
    {"posts.*.exit.stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 0, NULL, "", ""},
    {"rosters.*.shifts.#", "start", SIM_CLOCK, SIM_DIM_NONE, NULL, 0, 0, NULL, "", ""},
    {"rosters.*.shifts.#", "at", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "stations.*", "", ""},
    {"displacement.#", "at", SIM_INSTANT, SIM_DIM_NONE, "0 s", 0, 0, NULL, "", ""},
    {"displacement.#", "data", SIM_FILE, SIM_DIM_NONE, "", 0, 0, NULL, "", ""},
};

enum { ROWS = sizeof rows / sizeof rows[0], MOST_SETS = 8 };

/* Splits the overrides off; returns the scenario's length. */
static size_t split(char *text, size_t length, const char *sets[MOST_SETS], size_t *count)
{
    char *mark = strstr(text, "\n--set\n");
    *count = 0;
    if (mark == NULL || memchr(text, '\0', length) != NULL)
        return length;
    char *rest = NULL;
    for (char *set = strtok_r(mark + 7, "\n", &rest); set != NULL && *count < MOST_SETS;
         set = strtok_r(NULL, "\n", &rest))
        sets[(*count)++] = set;
    return (size_t)(mark - text) + 1;
}

/* Splits off what is laid over the scenario; NULL: nothing is. Returns the scenario's length. */
static size_t split_overlay(char *text, size_t length, const char **overlay, size_t *overlay_length)
{
    static const char word[] = "\n--plan\n";
    char *mark = memchr(text, '\0', length) != NULL ? NULL : strstr(text, word);
    *overlay = NULL;
    *overlay_length = 0;
    if (mark == NULL || (size_t)(mark - text) + strlen(word) > length)
        return length;
    *overlay = mark + strlen(word);
    *overlay_length = length - (size_t)(*overlay - text);
    return (size_t)(mark - text) + 1;
}

static const char *const allowed[] = {"rosters", "moves", "displacement", "stations.*.time", "posts.*.exit.stations"};
static const sim_overlay_rules overlay_rules = {
    .what = "plan",
    .purpose = "a plan must not change the crisis",
    .version = "plan_format",
    .own = "people",
    .allowed = allowed,
    .allowed_count = sizeof allowed / sizeof *allowed,
    .appended = allowed + 2,
    .appended_count = 1,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const sim_section *const sections[] = {&people, &stations, &moves, &sides, &shifts};
    const sim_param *params[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        params[i] = &rows[i];
    const sim_rows declared = {sections, sizeof sections / sizeof sections[0], params, ROWS};
    char *text = malloc(size + 1);
    sim_diag *diag = NULL;
    if (text == NULL || sim_diag_new(&diag, 50) != 0)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    const char *sets[MOST_SETS];
    size_t count, length = split(text, size, sets, &count);
    sim_overlay overlay = {.rules = &overlay_rules, .name = "plan"};
    length = split_overlay(text, length, &overlay.text, &overlay.length);
    sim_config *config;
    int rc = sim_config_parse_partly(&config, text, length, "fuzz", NULL, overlay.text == NULL ? NULL : &overlay,
                                     &declared, sets, count, diag);
    if (rc != 0) { /* what could be read all the same */
        sim_config_free(config);
        config = NULL;
    }
    FILE *nowhere = fopen("/dev/null", "w");
    if (nowhere == NULL || (rc == 0) != (sim_diag_count(diag) == 0) || (rc == 0) != (config != NULL))
        abort();
    sim_diag_print(diag, nowhere);
    if (sim_diag_print_json(diag, nowhere) != 0)
        abort();
    fclose(nowhere);
    sim_config_free(config);
    sim_diag_free(diag);
    free(text);
    return 0;
}
