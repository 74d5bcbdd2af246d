#include "tests/support/perturb.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "sim/base/unit.h"

enum { PATH = 400, MOST_WORDS = 40 };

void test_sets_add(test_sets *sets, const char *text)
{
    if (sets->count == sets->room) {
        sets->room = sets->room == 0 ? 16 : 2 * sets->room;
        sets->texts = realloc(sets->texts, sets->room * sizeof *sets->texts);
        assert_non_null(sets->texts);
    }
    sets->texts[sets->count] = strdup(text);
    assert_non_null(sets->texts[sets->count]);
    sets->count++;
}

void test_sets_free(test_sets *sets)
{
    for (size_t i = 0; i < sets->count; i++)
        free(sets->texts[i]);
    free(sets->texts);
    *sets = (test_sets){0};
}

/* --- paths --- */

/* Length of the longest part of a section's path, shorter than `length`, whose elements have names or numbers; 0: none.
 */
static size_t enclosing(const char *section, size_t length)
{
    for (size_t i = length; i-- > 1;)
        if ((section[i] == '*' || section[i] == '#') && section[i - 1] == '.')
            return i + 1;
    return 0;
}

/* "posts.Bridge.entry.stations.check" for an element of "posts.*.entry.stations.*". */
static void element_path(char *path, size_t size, const sim_config *config, const char *section, size_t element)
{
    size_t length = strlen(section);
    char last = length == 0 ? '\0' : section[length - 1];
    bool many = last == '*' || last == '#';
    size_t outer = enclosing(section, many ? length - 1 : length), parent = 0;
    path[0] = '\0';
    if (outer > 0) {
        char name[PATH];
        snprintf(name, sizeof name, "%.*s", (int)outer, section);
        parent = sim_element_parent(config, section, element);
        element_path(path, size, config, name, parent);
    }
    size_t at = strlen(path);
    if (!many) {
        snprintf(path + at, size - at, "%s", section + outer);
        return;
    }
    at += (size_t)snprintf(path + at, size - at, "%.*s", (int)(length - 1 - outer), section + outer);
    assert_true(at < size);
    if (last == '*') {
        snprintf(path + at, size - at, "%s", sim_element_name(config, section, element));
        return;
    }
    size_t first = 0, count;
    sim_children(config, section, parent, &first, &count);
    snprintf(path + at, size - at, "%zu", element - first);
}

void test_parameter_path(char *path, size_t size, const sim_config *config, const sim_param *param, size_t element)
{
    element_path(path, size, config, param->section, element);
    size_t at = strlen(path);
    assert_true(at + strlen(param->name) + 2 < size);
    snprintf(path + at, size - at, "%s%s", at == 0 ? "" : ".", param->name);
}

static bool is_number(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return length > 0;
}

bool test_names_parameter(const char *path, const sim_param *param)
{
    char row[PATH];
    snprintf(row, sizeof row, "%s%s%s", param->section, param->section[0] == '\0' ? "" : ".", param->name);
    for (const char *part = row;;) {
        size_t n = strcspn(part, "."), m = strcspn(path, ".");
        bool same = n == m && strncmp(part, path, n) == 0;
        if (m == 0 || !(same || strncmp(part, "*", n) == 0 || (strncmp(part, "#", n) == 0 && is_number(path, m))))
            return false;
        part += n;
        path += m;
        if (*part == '\0')
            return true;
        if (*path == '\0')
            return false;
        part++;
        path++;
    }
}

/* --- values --- */

typedef struct {
    test_sets *sets;
    const model_setup *setup;
    const sim_param *param;
    size_t element;
    char path[PATH];
} target;

__attribute__((format(printf, 2, 3))) static void add(const target *t, const char *format, ...)
{
    char set[2 * PATH + 200];
    int at = snprintf(set, sizeof set, "%s=", t->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(set + at, sizeof set - (size_t)at, format, arguments);
    va_end(arguments);
    test_sets_add(t->sets, set);
}

static bool in_range(const sim_param *p, double value)
{
    bool ranged = p->low < 0 || p->low > 0 || p->high < 0 || p->high > 0;
    return !ranged || (p->low <= value && value <= p->high);
}

static void add_quantity(const target *t, double value)
{
    const sim_param *p = t->param;
    if (!in_range(p, value))
        return;
    if (p->dimension == SIM_DIM_NONE)
        add(t, "%.10g", value);
    else
        add(t, "%.10g %s", value, sim_dimension_si(p->dimension));
}

/* Values that mean something in each dimension, SI, for parameters that are not given or 0. */
static void add_usual(const target *t)
{
    static const double plain[] = {0.5, 0, 1, 0.1, 2, 10}, time[] = {3600, 600, 6 * 3600, 60, 0, 1, 86400, -3600},
                        length[] = {1000, 20000, 100}, speed[] = {1, 5, 15}, area[] = {10, 1, 100},
                        rate[] = {60.0 / 3600, 600.0 / 3600, 5.0 / 3600}, density[] = {0.5, 3}, money[] = {10, 1, 1000},
                        wage[] = {10.0 / 3600, 100.0 / 3600};
#define ROW(name)                           \
    {                                       \
        name, sizeof(name) / sizeof *(name) \
    }
    static const struct {
        const double *values;
        size_t count;
    } usual[] = {[SIM_DIM_NONE] = ROW(plain),      [SIM_DIM_TIME] = ROW(time),   [SIM_DIM_LENGTH] = ROW(length),
                 [SIM_DIM_SPEED] = ROW(speed),     [SIM_DIM_AREA] = ROW(area),   [SIM_DIM_RATE] = ROW(rate),
                 [SIM_DIM_DENSITY] = ROW(density), [SIM_DIM_MONEY] = ROW(money), [SIM_DIM_WAGE] = ROW(wage)};
#undef ROW
    size_t dimension = (size_t)t->param->dimension;
    if (dimension < sizeof usual / sizeof *usual)
        for (size_t i = 0; i < usual[dimension].count; i++)
            add_quantity(t, usual[dimension].values[i]);
}

static void add_around(const target *t, double value)
{
    static const double factors[] = {2, 0.5, 1.3, 0.7, 5, 0.2};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        if (value < 0 || value > 0)
            add_quantity(t, value * factors[i]);
}

static void add_quantities(const target *t)
{
    const sim_param *p = t->param;
    if (sim_given(t->setup->config, p->section, p->name, t->element))
        add_around(t, sim_quantity(t->setup->config, p->section, p->name, t->element));
    add_usual(t);
}

static void add_counts(const target *t)
{
    static const int64_t usual[] = {1, 0, 2, 3, 5, 10, 50};
    const sim_param *p = t->param;
    int64_t values[4 + sizeof usual / sizeof *usual];
    size_t n = 0;
    if (sim_given(t->setup->config, p->section, p->name, t->element)) {
        int64_t value = sim_count(t->setup->config, p->section, p->name, t->element);
        values[n++] = value + 1;
        values[n++] = value - 1;
        values[n++] = 2 * value;
        values[n++] = value / 2;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        values[n++] = usual[i];
    for (size_t i = 0; i < n; i++)
        if (in_range(p, (double)values[i]))
            add(t, "%lld", (long long)values[i]);
}

/* Constants about the mean of the present distribution. */
static void add_distributions(const target *t)
{
    const sim_param *p = t->param;
    const sim_dist_spec *spec = NULL;
    if (sim_given(t->setup->config, p->section, p->name, t->element))
        spec = sim_distribution(t->setup->config, p->section, p->name, t->element);
    sim_dist dist;
    const char *why;
    if (spec != NULL && sim_dist_compile(&dist, spec, 1, &why) == 0) {
        add_around(t, dist.mean);
        add_quantity(t, dist.mean);
        sim_dist_free(&dist);
    }
    add_usual(t);
}

static void add_curves(const target *t)
{
    const sim_param *p = t->param;
    if (sim_given(t->setup->config, p->section, p->name, t->element)) {
        sim_curve curve = sim_curve_of(t->setup->config, p->section, p->name, t->element);
        for (size_t i = 0; i < curve.n; i++)
            if (curve.values[i] > 0) {
                add_around(t, curve.values[i]);
                break;
            }
    }
    add_usual(t);
}

/* "choice" of one word: all others; of several: each alone, all, all but one. */
static void add_words(const target *t, bool several)
{
    const char *word;
    size_t n = 0, length;
    for (word = t->param->words; *word != '\0'; word += length + (word[length] == ' '), n++) {
        length = strcspn(word, " ");
        add(t, several ? "[%.*s]" : "%.*s", (int)length, word);
    }
    for (size_t left_out = 0; several && left_out <= n; left_out++) {
        char list[PATH] = "";
        size_t i = 0;
        for (word = t->param->words; *word != '\0'; word += length + (word[length] == ' '), i++) {
            length = strcspn(word, " ");
            size_t at = strlen(list);
            if (i != left_out)
                snprintf(list + at, sizeof list - at, "%s%.*s", at == 0 ? "" : ", ", (int)length, word);
        }
        add(t, "[%s]", list);
    }
}

static void add_names(const target *t, bool several)
{
    const sim_config *config = t->setup->config;
    char all[PATH] = "", section[PATH];
    for (const char *word = t->param->words; *word != '\0';) {
        size_t length = strcspn(word, " ");
        snprintf(section, sizeof section, "%.*s", (int)length, word);
        word += length + (word[length] == ' ');
        for (size_t i = 0; i < sim_elements(config, section) && i < MOST_WORDS; i++) {
            const char *name = sim_element_name(config, section, i);
            size_t at = strlen(all);
            snprintf(all + at, sizeof all - at, "%s%s", at == 0 ? "" : ", ", name);
            add(t, several ? "[%s]" : "%s", name);
        }
    }
    if (several && all[0] != '\0')
        add(t, "[%s]", all);
}

/* The texts that other elements have for the same parameter, names of all kinds of elements, and names of orders. */
static void add_texts(const target *t)
{
    const sim_config *config = t->setup->config;
    const sim_param *p = t->param;
    const sim_rows *rows = &t->setup->rows.rows;
    size_t before = t->sets->count;
    for (size_t i = 0; i < sim_elements(config, p->section); i++)
        if (i != t->element && sim_given(config, p->section, p->name, i))
            add(t, "\"%s\"", sim_text(config, p->section, p->name, i));
    for (size_t s = 0; s < rows->section_count; s++) {
        const char *section = rows->sections[s]->section;
        size_t length = strlen(section);
        for (size_t i = 0; length > 0 && section[length - 1] == '*' && i < sim_elements(config, section); i++)
            if (t->sets->count - before < MOST_WORDS)
                add(t, "\"%s\"", sim_element_name(config, section, i));
    }
    for (size_t i = 0; strcmp(p->name, "order") == 0 && i < t->setup->rows.order_count; i++)
        add(t, "%s", t->setup->rows.orders[i]->name);
}

static void add_clocks(const target *t)
{
    static const int hours[] = {1, 23, 6, 12, 3, 18};
    const sim_param *p = t->param;
    bool given = sim_given(t->setup->config, p->section, p->name, t->element);
    int64_t minutes = given ? sim_micros(t->setup->config, p->section, p->name, t->element) / 60000000 : 0;
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        int at = (int)((minutes + 60 * hours[i]) % 1440);
        add(t, "\"%02d:%02d\"", at / 60, at % 60);
    }
}

/* The scenario's start: another hour of the day, another day. */
static void add_starts(const target *t)
{
    static const int hours[] = {6, 12, 1, 24 * 30};
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        int offset = t->setup->start_offset, minutes = (offset < 0 ? -offset : offset) / 60;
        time_t local = (time_t)(t->setup->start_unix + offset + 3600 * hours[i]);
        struct tm parts;
        char text[40];
        assert_non_null(gmtime_r(&local, &parts));
        assert_true(strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) > 0);
        add(t, "%s%c%02d:%02d", text, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    }
}

static void add_instants(const target *t)
{
    static const double shifts[] = {3600, -3600, 600, -600, 6 * 3600, -6 * 3600, 86400};
    const sim_param *p = t->param;
    double end = (double)t->setup->end * 1e-6, value = end / 2;
    if (sim_given(t->setup->config, p->section, p->name, t->element))
        value = (double)sim_micros(t->setup->config, p->section, p->name, t->element) * 1e-6;
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        if (in_range(p, value + shifts[i]))
            add(t, "%.10g s", value + shifts[i]);
    add(t, "%.10g s", end / 2);
    add(t, "%.10g s", end / 4);
}

static void add_files(const target *t, const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) {
        if (strstr(entries[i]->d_name, ".csv") != NULL)
            add(t, "\"%s\"", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

void test_perturb(test_sets *sets, const model_setup *setup, const sim_param *param, size_t element, const char *folder)
{
    target t = {.sets = sets, .setup = setup, .param = param, .element = element};
    test_parameter_path(t.path, sizeof t.path, setup->config, param, element);
    switch (param->type) {
    case SIM_TEXT:
        add_texts(&t);
        break;
    case SIM_BOOL:
        add(&t, "true");
        add(&t, "false");
        break;
    case SIM_COUNT:
        add_counts(&t);
        break;
    case SIM_QUANTITY:
        add_quantities(&t);
        break;
    case SIM_CHOICE:
    case SIM_CHOICES:
        add_words(&t, param->type == SIM_CHOICES);
        break;
    case SIM_NAME:
    case SIM_NAMES:
        add_names(&t, param->type == SIM_NAMES);
        break;
    case SIM_DIST:
        add_distributions(&t);
        break;
    case SIM_INSTANT:
        if (param->section[0] == '\0' && strcmp(param->name, "start") == 0)
            add_starts(&t);
        else
            add_instants(&t);
        break;
    case SIM_CLOCK:
        add_clocks(&t);
        break;
    case SIM_POINT:
        add(&t, "[12.5, 34.5]");
        break;
    case SIM_CURVE:
        add_curves(&t);
        break;
    case SIM_FILE:
        add_files(&t, folder);
        break;
    }
}
