/* Conformance of all models, by walking the registry: a new model is tested unasked. What its rows say is complete and
 * consistent; a scenario made from the rows is read, one with a misspelt key anywhere is refused; all metrics are in
 * the results; all models are described. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/outcome/outcome.h"
#include "sim/base/error.h"
#include "tests/support/folder.h"
#include "tests/support/scenario.h"

static bool says_something(const char *text)
{
    return text != NULL && text[0] != '\0' && !isspace((unsigned char)text[0]);
}

/* Lower-case words joined by underscores. */
static bool is_word(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!islower((unsigned char)text[i]) && text[i] != '_' && !isdigit((unsigned char)text[i]))
            return false;
    return length > 0;
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word))
        if ((at == words || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

/* --- rows --- */

static void every_model_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_registry_count; i++) {
        const model *m = model_registry[i];
        if (!says_something(m->name) || !says_something(m->doc))
            fail_msg("model %zu has no name or no doc", i);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(m->name, model_registry[k]->name);
        if ((m->section_count > 0) != (m->sections != NULL) || (m->param_count > 0) != (m->params != NULL) ||
            (m->metric_count > 0) != (m->metrics != NULL) || (m->order_count > 0) != (m->orders != NULL))
            fail_msg("%s: a table and its number of rows do not agree", m->name);
        if ((m->build == NULL && m->demolish != NULL) && strcmp(m->name, "displacement") != 0)
            fail_msg("%s takes down what it does not build", m->name);
    }
}

static void every_section_is_declared_once_and_documented(void **state)
{
    (void)state;
    model_rows rows;
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < rows.rows.section_count; i++) {
        const sim_section *s = rows.rows.sections[i];
        if (!says_something(s->doc))
            fail_msg("section \"%s\" has no doc", s->section);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(s->section, rows.rows.sections[k]->section);
    }
    model_rows_free(&rows);
}

/* What a model reads first of all is what it declares: its keys name the part of a scenario that must be right for it
 * to be looked at. */
static void every_model_names_the_keys_that_it_relies_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_registry_count; i++) {
        const model *m = model_registry[i];
        assert_non_null(m->keys);
        for (size_t k = 0; k < m->param_count; k++) {
            char key[64];
            const char *path = m->params[k].section[0] != '\0' ? m->params[k].section : m->params[k].name;
            snprintf(key, sizeof key, "%.*s", (int)strcspn(path, "."), path);
            if (!has_word(m->keys, key))
                fail_msg("%s reads \"%s\", which is not among its keys", m->name, key);
        }
    }
}

static void what_models_find_is_told_in_the_same_pass_as_what_rows_find(void **state)
{
    (void)state;
    static const char text[] = TEST_HEAD
        "duration: 1 d\nchoice: {infromed: 0.5}\npatience: {time: 3}\nplaces: {P: {kind: post}, Q: {kind: junction}}\n"
        "links:\n  - {from: Q, to: Q, length: 1 km}\nstations: {a: {time: 1 min, procedure: quick}}\n"
        "posts: {P: {entry: {stations: [a]}}}\n";
    char *said = test_problems(text);
    assert_non_null(strstr(said, "did you mean \"informed\""));
    assert_non_null(strstr(said, "expected a time"));
    assert_non_null(strstr(said, "a link leads from a place to itself"));
    assert_non_null(strstr(said, "has no procedure \"quick\""));
    free(said);
    /* where the part itself is wrong, models do not guess */
    said = test_problems(TEST_HEAD "duration: 1 d\nplaces: {P: {kind: post}}\nlinks: [{from: P, to: P, lenth: 1 km}]\n"
                                   "stations: {a: {time: 1 min}}\nposts: {P: {entry: {stations: [a]}}}\n");
    assert_non_null(strstr(said, "lenth"));
    assert_null(strstr(said, "to itself"));
    free(said);
}

static bool is_section(const model_rows *rows, const char *path, size_t length)
{
    for (size_t i = 0; i < rows->rows.section_count; i++)
        if (strlen(rows->rows.sections[i]->section) == length &&
            strncmp(rows->rows.sections[i]->section, path, length) == 0)
            return true;
    return false;
}

static void check_words(const model_rows *rows, const sim_param *p)
{
    bool choice = p->type == SIM_CHOICE || p->type == SIM_CHOICES, name = p->type == SIM_NAME || p->type == SIM_NAMES;
    if ((choice || name) != (p->words != NULL))
        fail_msg("%s of \"%s\" has words it has no use for, or none", p->name, p->section);
    size_t n = 0;
    for (const char *word = p->words; word != NULL && *word != '\0'; n++) {
        size_t length = strcspn(word, " ");
        if (name && !is_section(rows, word, length))
            fail_msg("%s of \"%s\" names elements of \"%.*s\", which is no section", p->name, p->section, (int)length,
                     word);
        if (choice && !is_word(word, length))
            fail_msg("%s of \"%s\": \"%.*s\" is no word", p->name, p->section, (int)length, word);
        word += length + (word[length] == ' ');
        for (const char *other = word; choice && *other != '\0';
             other += strcspn(other, " ") + (strchr(other, ' ') != NULL))
            if (strcspn(other, " ") == length && strncmp(other, word - length - 1, length) == 0)
                fail_msg("%s of \"%s\" has a word twice", p->name, p->section);
    }
    if ((choice || name) && n == 0)
        fail_msg("%s of \"%s\" has no words", p->name, p->section);
}

static void every_parameter_is_complete(void **state)
{
    (void)state;
    model_rows rows;
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < rows.rows.param_count; i++) {
        const sim_param *p = rows.rows.params[i];
        if (!says_something(p->doc))
            fail_msg("%s of \"%s\" has no doc", p->name, p->section);
        if (!says_something(p->source))
            fail_msg("%s of \"%s\" does not say where its default comes from", p->name, p->section);
        if (!is_section(&rows, p->section, strlen(p->section)))
            fail_msg("%s stands in \"%s\", which is no section", p->name, p->section);
        if (p->low > p->high)
            fail_msg("the range of %s of \"%s\" is empty", p->name, p->section);
        check_words(&rows, p);
        for (size_t k = 0; k < i; k++)
            if (strcmp(p->section, rows.rows.params[k]->section) == 0 &&
                strcmp(p->name, rows.rows.params[k]->name) == 0)
                fail_msg("%s of \"%s\" is declared twice", p->name, p->section);
    }
    model_rows_free(&rows);
}

static const sim_metric *metric_named(const model_rows *rows, const char *name)
{
    for (size_t i = 0; name != NULL && i < rows->metric_count; i++)
        if (strcmp(rows->metrics[i]->name, name) == 0)
            return rows->metrics[i];
    return NULL;
}

static void every_metric_is_complete(void **state)
{
    (void)state;
    model_rows rows;
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < rows.metric_count; i++) {
        const sim_metric *m = rows.metrics[i];
        size_t group = strcspn(m->name, "/");
        if (!is_word(m->name, group) || m->name[group] != '/' ||
            !is_word(m->name + group + 1, strlen(m->name + group + 1)))
            fail_msg("\"%s\" is not of the form group/name", m->name);
        if (!says_something(m->doc) || !says_something(m->unit) || m->source == NULL)
            fail_msg("%s has no doc or no unit", m->name);
        if (metric_named(&rows, m->name) != m)
            fail_msg("%s is declared twice", m->name);
        const sim_metric *over = metric_named(&rows, m->over), *under = metric_named(&rows, m->under);
        if (m->kind != SIM_METRIC_SHARE)
            assert_true(m->over == NULL && m->under == NULL);
        else if (over == NULL || under == NULL || over->owner != m->owner || under->owner != m->owner ||
                 over->by != m->by || under->by != m->by || over->kind == SIM_METRIC_SHARE || over->kind != under->kind)
            fail_msg("%s is no share of two metrics of the same kind, owner and split", m->name);
    }
    model_rows_free(&rows);
}

static void orders_are_complete_and_declared_once(void **state)
{
    (void)state;
    model_rows rows;
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < rows.order_count; i++) {
        const model_order_kind *o = rows.orders[i];
        if (!is_word(o->name, strlen(o->name)) || !says_something(o->doc) || !says_something(o->lead_source) ||
            o->apply == NULL || o->lead < 0)
            fail_msg("order \"%s\" is not complete", o->name);
        for (int a = 0; a < MODEL_ARGUMENTS && o->arguments[a].name != NULL; a++) { /* each is one of the timeline's */
            const model_order_argument *argument = &o->arguments[a];
            const sim_param *row = NULL;
            double one;
            for (size_t k = 0; k < rows.rows.param_count; k++)
                if (strcmp(rows.rows.params[k]->section, "timeline.#") == 0 &&
                    strcmp(rows.rows.params[k]->name, argument->name) == 0)
                    row = rows.rows.params[k];
            char unit[40];
            snprintf(unit, sizeof unit, "1 %s", argument->unit == NULL ? "" : argument->unit);
            if (row == NULL || row->type != argument->type || !says_something(argument->doc) ||
                sim_unit_parse(unit, SIM_DIM_ANY, &one, NULL, NULL) != SIM_UNIT_OK ||
                (argument->unit != NULL && row->dimension != SIM_DIM_ANY))
                fail_msg("order %s needs \"%s\", which the timeline cannot say so", o->name, argument->name);
        }
        if (o->who == 0 || (o->who & MODEL_BY_CRISIS) == 0)
            fail_msg("order %s cannot stand in a scenario", o->name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(o->name, rows.orders[k]->name);
    }
    assert_true(rows.order_count > 0);
    model_rows_free(&rows);
}

/* The numbers name luck for good: they are told apart, and those of stations' services (256 ...) are nobody's. */
static void every_model_has_a_number_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_registry_count; i++) {
        unsigned number = model_registry_rows[i]->number;
        assert_int_equal(model_registry_rows[i]->slot, i);
        assert_true(number >= 1 && (number <= 248 || number >= 1u << 20));
        for (size_t k = 0; k < i; k++)
            if (model_registry_rows[k]->number == number)
                fail_msg("%s and %s have the number %u", model_registry[k]->name, model_registry[i]->name, number);
    }
}

/* --- a scenario made from the rows --- */

/* An extra key to be put beside a parameter. */
typedef struct {
    const sim_param *beside;
    char key[100];
} misspelling;

static void write_quantity(FILE *to, const sim_param *p)
{
    double value = p->low == 0 && p->high == 0 ? 1 : p->low > 0 || p->high < 1 ? p->low : 1;
    fprintf(to, "%.17g %s", value, p->dimension == SIM_DIM_NONE ? "" : sim_dimension_si(p->dimension));
}

/* Its default, or some value that it can have; every element is called e. */
static void write_value(FILE *to, const sim_param *p)
{
    if (says_something(p->fallback)) {
        fputs(p->fallback, to);
        return;
    }
    switch (p->type) {
    case SIM_TEXT:
    case SIM_NAME:
    case SIM_NAMES:
        fputs("e", to);
        break;
    case SIM_BOOL:
        fputs("true", to);
        break;
    case SIM_COUNT:
        fprintf(to, "%.0f", p->low == 0 && p->high == 0 ? 1 : p->low);
        break;
    case SIM_QUANTITY:
    case SIM_DIST:
    case SIM_CURVE:
        write_quantity(to, p);
        break;
    case SIM_CHOICE:
    case SIM_CHOICES:
        fprintf(to, "%.*s", (int)strcspn(p->words, " "), p->words);
        break;
    case SIM_INSTANT:
        fputs("2031-03-01T00:00+01:00", to);
        break;
    case SIM_CLOCK:
        fputs("\"06:00\"", to);
        break;
    case SIM_POINT:
        fputs("[1, 2]", to);
        break;
    case SIM_FILE:
        fputs("table.csv", to);
        break;
    }
}

/* "section.name", or the name alone. */
static void full_path(char *path, size_t size, const sim_param *p)
{
    int length = snprintf(path, size, "%s%s%s", p->section, p->section[0] == '\0' ? "" : ".", p->name);
    assert_true(length > 0 && (size_t)length < size);
}

/* The next component of `path` behind `prefix`, if it is below it. */
static bool component(const char *path, const char *prefix, char *out, size_t size)
{
    size_t length = strlen(prefix);
    if (strncmp(path, prefix, length) != 0 || (length > 0 && path[length] != '.'))
        return false;
    const char *from = path + length + (length > 0);
    size_t n = strcspn(from, ".");
    assert_true(n < size);
    memcpy(out, from, n);
    out[n] = '\0';
    return n > 0;
}

enum { DEPTH = 8, WIDTH = 64, ROOM = 100 };

static void write_node(FILE *to, const model_rows *rows, const char *prefix, const misspelling *wrong, int depth);

static void write_child(FILE *to, const model_rows *rows, const char *prefix, const char *name,
                        const misspelling *wrong, int depth)
{
    char path[ROOM];
    int length = snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] == '\0' ? "" : ".", name);
    assert_true(length > 0 && (size_t)length < sizeof path);
    for (size_t i = 0; i < rows->rows.param_count; i++) {
        char other[ROOM];
        full_path(other, sizeof other, rows->rows.params[i]);
        if (strcmp(path, other) == 0) {
            write_value(to, rows->rows.params[i]);
            if (wrong != NULL && wrong->beside == rows->rows.params[i])
                fprintf(to, ", %s: 1", wrong->key);
            return;
        }
    }
    write_node(to, rows, path, wrong, depth + 1);
}

/* The map or list of everything below `prefix`. */
static void write_node(FILE *to, const model_rows *rows, const char *prefix, const misspelling *wrong, int depth)
{
    char names[WIDTH][ROOM], path[ROOM], name[ROOM];
    size_t n = 0;
    assert_true(depth < DEPTH);
    for (size_t i = 0; i < rows->rows.param_count + rows->rows.section_count; i++) {
        if (i < rows->rows.param_count)
            full_path(path, sizeof path, rows->rows.params[i]);
        else
            snprintf(path, sizeof path, "%s", rows->rows.sections[i - rows->rows.param_count]->section);
        bool known = !component(path, prefix, name, sizeof name);
        for (size_t k = 0; k < n && !known; k++)
            known = strcmp(names[k], name) == 0;
        if (!known) {
            assert_true(n < WIDTH);
            strcpy(names[n++], name);
        }
    }
    bool list = n == 1 && strcmp(names[0], "#") == 0;
    fputs(list ? "[" : "{", to);
    for (size_t i = 0; i < n; i++) {
        if (!list)
            fprintf(to, "%s%s: ", i == 0 ? "" : ", ", strcmp(names[i], "*") == 0 ? "e" : names[i]);
        write_child(to, rows, prefix, names[i], wrong, depth);
    }
    fputs(list ? "]" : "}", to);
}

/* Reads the scenario made from the rows; the messages are the caller's. */
static int read_made(const model_rows *rows, const misspelling *wrong, const char *folder, sim_config **config,
                     char **messages, size_t *errors)
{
    char *text;
    size_t length, size;
    sim_diag *diag;
    FILE *to = open_memstream(&text, &length);
    assert_non_null(to);
    write_node(to, rows, "", wrong, 0);
    assert_int_equal(fclose(to), 0);
    assert_int_equal(sim_diag_new(&diag, 100), 0);
    int ret = sim_config_parse(config, text, length, "made.yaml", folder, &rows->rows, NULL, 0, diag);
    to = open_memstream(messages, &size);
    assert_non_null(to);
    sim_diag_print(diag, to);
    assert_int_equal(fclose(to), 0);
    *errors = sim_diag_count(diag);
    sim_diag_free(diag);
    free(text);
    return ret;
}

static void make_folder(test_folder *folder)
{
    char path[128];
    assert_int_equal(test_folder_make(folder), 0);
    assert_int_equal(test_file_write(test_folder_path(folder, "table.csv", path, sizeof path), "a\n1\n", 4), 0);
}

static void a_scenario_with_every_key_of_the_rows_is_read_defaults_as_they_are_written(void **state)
{
    (void)state;
    model_rows rows;
    sim_config *config;
    char *messages;
    size_t errors;
    test_folder folder;
    make_folder(&folder);
    assert_int_equal(model_rows_init(&rows), 0);
    if (read_made(&rows, NULL, folder.path, &config, &messages, &errors) != 0)
        fail_msg("%s", messages);
    for (size_t i = 0; i < rows.rows.section_count; i++)
        assert_true(sim_elements(config, rows.rows.sections[i]->section) > 0);
    for (size_t i = 0; i < rows.rows.param_count; i++)
        assert_true(sim_given(config, rows.rows.params[i]->section, rows.rows.params[i]->name, 0));
    free(messages);
    sim_config_free(config);
    model_rows_free(&rows);
    test_folder_remove(&folder);
}

static void a_misspelt_key_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    model_rows rows;
    sim_config *config;
    test_folder folder;
    make_folder(&folder);
    assert_int_equal(model_rows_init(&rows), 0);
    for (size_t i = 0; i < rows.rows.param_count; i++) {
        const sim_param *p = rows.rows.params[i];
        const char *leaf = strrchr(p->name, '.') == NULL ? p->name : strrchr(p->name, '.') + 1;
        misspelling wrong = {.beside = p};
        char *messages, expected[ROOM + 40];
        size_t errors;
        size_t half = strlen(leaf) / 2;
        snprintf(wrong.key, sizeof wrong.key, "%.*sx%s", (int)half, leaf, leaf + half);
        int ret = read_made(&rows, &wrong, folder.path, &config, &messages, &errors);
        snprintf(expected, sizeof expected, "unknown key \"%s\"", wrong.key);
        if (ret != SIM_E_INPUT || errors != 1 || strstr(messages, expected) == NULL)
            fail_msg("\"%s\" in \"%s\": %zu errors\n%s", wrong.key, p->section, errors, messages);
        snprintf(expected, sizeof expected, "did you mean \"%s\"?", leaf);
        if (strlen(leaf) > 3 && strstr(messages, expected) == NULL)
            fail_msg("\"%s\" in \"%s\" is not recognised:\n%s", wrong.key, p->section, messages);
        free(messages);
    }
    model_rows_free(&rows);
    test_folder_remove(&folder);
}

/* --- a run --- */

#define SMALLEST                                                                                                       \
    TEST_HEAD "duration: 2 h\nplaces: {P: {kind: post}}\nstations: {a: {time: 1 min}}\nposts: {P: {entry: {stations: " \
              "[a]}}}\n"

static void one_model_says_how_groups_go_on_their_way(void **state)
{
    (void)state;
    size_t ways = 0;
    for (size_t i = 0; i < model_registry_count; i++)
        ways += model_registry[i]->way != NULL;
    assert_int_equal(ways, 1);
}

static void every_kind_of_event_has_one_handler(void **state)
{
    (void)state;
    model_setup setup;
    unsigned kinds = 0;
    test_setup(&setup, SMALLEST);
    for (size_t i = 0; i < model_registry_count; i++) {
        const model *m = model_registry[i];
        assert_true((m->event_count > 0) == (m->handle != NULL));
        for (unsigned k = 0; k < m->event_count; k++)
            assert_ptr_equal(setup.handlers[setup.first_event[i] + k], m);
        kinds += m->event_count;
    }
    for (unsigned kind = 0; kind < 256; kind++)
        assert_true((setup.handlers[kind] != NULL) == (kind > MODEL_EVENT_REACH && kind <= MODEL_EVENT_REACH + kinds));
    model_setup_free(&setup);
}

static void the_smallest_scenario_runs(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, SMALLEST);
    test_run(&world, &setup, 1, 0);
    model_world_free(&world);
    model_setup_free(&setup);
}

static void assert_dataset(const sim_result *result, const sim_metric *m, const char *format, const char *suffix)
{
    char path[ROOM];
    int length = snprintf(path, sizeof path, format, m->name, suffix);
    assert_true(length > 0 && (size_t)length < sizeof path);
    for (char *c = strncmp(path, "summary/", 8) == 0 ? path + 8 : path; *c != '\0' && strncmp(path, "summary/", 8) == 0;
         c++)
        if (*c == '/')
            *c = '_';
    const sim_dataset *d = sim_result_find(result, path);
    if (d == NULL)
        fail_msg("%s is not in the results", path);
    if (!says_something(d->doc) || (strcmp(d->unit, m->unit) != 0 && strcmp(suffix, "_histogram") != 0))
        fail_msg("%s has no doc, or the unit %s instead of %s", path, d->unit, m->unit);
}

static void every_metric_is_in_the_results(void **state)
{
    (void)state;
    static const char *const level[] = {"_mean", "_peak", NULL},
                             *const duration[] = {"_mean", "_p50", "_p95", "_max", NULL}, *const plain[] = {"", NULL};
    static const char *const level_series[] = {"", "_peak", NULL},
                             *const duration_series[] = {"_mean", "_histogram", NULL}, *const none[] = {NULL};
    model_setup setup;
    model_world world;
    model_outcome *outcome;
    sim_result result;
    test_setup(
        &setup, TEST_HEAD
        "duration: 2 h\nplaces: {P: {kind: post}}\nstations: {s: {time: 1 s}}\nposts: {P: {entry: {stations: [s]}}}\n");
    test_run(&world, &setup, 1, 0);
    assert_int_equal(model_outcome_new(&outcome, &setup), 0);
    assert_int_equal(model_outcome_add(outcome, &world), 0);
    sim_result_init(&result);
    assert_int_equal(model_outcome_result(outcome, &result), 0);
    for (size_t i = 0; i < setup.rows.metric_count; i++) {
        const sim_metric *m = setup.rows.metrics[i];
        const char *const *summaries = m->kind == SIM_METRIC_LEVEL      ? level
                                       : m->kind == SIM_METRIC_DURATION ? duration
                                                                        : plain;
        const char *const *series = m->kind == SIM_METRIC_LEVEL      ? level_series
                                    : m->kind == SIM_METRIC_DURATION ? duration_series
                                    : m->kind == SIM_METRIC_SHARE    ? none
                                                                     : plain;
        for (; *summaries != NULL; summaries++)
            assert_dataset(&result, m, "summary/%s%s", *summaries);
        for (; *series != NULL; series++)
            assert_dataset(&result, m, "%s%s", *series);
    }
    sim_result_free(&result);
    model_outcome_free(outcome);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* --- the description --- */

static void every_model_and_its_parameters_are_described(void **state)
{
    (void)state;
    size_t size;
    char *text = test_file_read(HBM_SOURCE_DIR "/models/ODD.md", &size);
    assert_non_null(text);
    text[size] = '\0';
    for (size_t i = 0; i < model_registry_count; i++) {
        const model *m = model_registry[i];
        char heading[ROOM];
        snprintf(heading, sizeof heading, "\n### %s\n", m->name);
        char *from = strstr(text, heading);
        if (from == NULL)
            fail_msg("models/ODD.md has no section \"### %s\"", m->name);
        char *to = strstr(from + strlen(heading), "\n### "), kept = '\0';
        if (to != NULL) {
            kept = *to;
            *to = '\0';
        }
        for (size_t k = 0; k < m->param_count; k++) { /* by its name, or by that of the map it stands in */
            char name[ROOM];
            snprintf(name, sizeof name, "`%.*s", (int)strcspn(m->params[k].name, "."), m->params[k].name);
            const char *leaf = strrchr(m->params[k].name, '.');
            char last[ROOM];
            snprintf(last, sizeof last, "`%s", leaf == NULL ? m->params[k].name : leaf + 1);
            if (strstr(from, name) == NULL && strstr(from, last) == NULL)
                fail_msg("models/ODD.md does not tell of `%s` under \"### %s\"", m->params[k].name, m->name);
        }
        if (to != NULL)
            *to = kept;
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_says_what_it_is),
        cmocka_unit_test(every_section_is_declared_once_and_documented),
        cmocka_unit_test(every_model_names_the_keys_that_it_relies_on),
        cmocka_unit_test(what_models_find_is_told_in_the_same_pass_as_what_rows_find),
        cmocka_unit_test(every_parameter_is_complete),
        cmocka_unit_test(every_metric_is_complete),
        cmocka_unit_test(orders_are_complete_and_declared_once),
        cmocka_unit_test(every_model_has_a_number_of_its_own),
        cmocka_unit_test(one_model_says_how_groups_go_on_their_way),
        cmocka_unit_test(every_kind_of_event_has_one_handler),
        cmocka_unit_test(a_scenario_with_every_key_of_the_rows_is_read_defaults_as_they_are_written),
        cmocka_unit_test(a_misspelt_key_is_refused_wherever_it_stands),
        cmocka_unit_test(the_smallest_scenario_runs),
        cmocka_unit_test(every_metric_is_in_the_results),
        cmocka_unit_test(every_model_and_its_parameters_are_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
