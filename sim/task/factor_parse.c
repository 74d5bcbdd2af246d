/* Reading factors as users write them, "PATH=LOW..HIGH:log" and "PATH=VALUE,VALUE"; every mistake with its place in the
 * text. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/number.h"
#include "sim/base/unit.h"
#include "sim/base/utf8.h"
#include "sim/task/factor.h"

enum { MOST_VALUES = 10000 };
#define EXPECTED "PATH=LOW..HIGH, PATH=LOW..HIGH:log or PATH=VALUE,VALUE"

typedef struct {
    sim_factor *factor;
    sim_path path;
    const char *text;
    sim_diag *diag;
    int file;
} parser;

/* An error at a part of the text; SIM_E_INPUT. */
static int wrong(const parser *p, const char *at, size_t length, const char *expected, const char *suggestion,
                 const char *format, ...) __attribute__((format(printf, 6, 7)));
static int wrong(const parser *p, const char *at, size_t length, const char *expected, const char *suggestion,
                 const char *format, ...)
{
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t width = sim_utf8_count(at, length);
    sim_mark mark = {p->file, 1, (int)sim_utf8_count(p->text, (size_t)(at - p->text)) + 1, width < 1 ? 1 : (int)width};
    sim_diag_error(p->diag, mark, expected, suggestion, "%s", message);
    return SIM_E_INPUT;
}

/* The number at [at, at + length) in the path's unit. `unit`: what is put behind it when it has none itself. */
static int read_number(const parser *p, const char *at, size_t length, const char *unit, double *value)
{
    char text[120], expected[100];
    sim_dimension found = SIM_DIM_NONE;
    snprintf(text, sizeof text, "%.*s%s", (int)(length > 60 ? 60 : length), at, unit);
    if (p->path.kind == SIM_PATH_WHOLE) {
        int64_t whole;
        if (sim_whole_parse(text, &whole) != 0 || llabs(whole) > INT64_C(1) << 53)
            return wrong(p, at, length, "a whole number, digits only", NULL, "\"%s\" is not a whole number", text);
        *value = (double)whole;
        return 0;
    }
    snprintf(expected, sizeof expected, "%s such as %s", sim_dimension_words(p->path.dimension),
             sim_dimension_example(p->path.dimension));
    switch (sim_unit_parse(text, p->path.dimension, value, &found, NULL)) {
    case SIM_UNIT_OK:
        return 0;
    case SIM_UNIT_MISSING:
        return wrong(p, at, length, expected, NULL, "\"%s\" has no unit", text);
    case SIM_UNIT_WRONG:
        return wrong(p, at, length, expected, NULL, "\"%s\" is %s", text, sim_dimension_words(found));
    case SIM_UNIT_UNKNOWN:
        return wrong(p, at, length, expected, NULL, "\"%s\" has a unit that is not known", text);
    default:
        return wrong(p, at, length, expected, NULL, "\"%s\" is not a number", text);
    }
}

static void trim(const char **at, size_t *length)
{
    while (*length > 0 && (*at)[0] == ' ')
        ++*at, --*length;
    while (*length > 0 && (*at)[*length - 1] == ' ')
        --*length;
}

/* Whether it is a number and nothing else. */
static bool is_bare(const char *at, size_t length)
{
    char text[64]; /* alone: "40..90" does not begin with a number */
    snprintf(text, sizeof text, "%.*s", (int)(length > 60 ? 60 : length), at);
    size_t span = sim_number_span(text);
    return span > 0 && text[span] == '\0';
}

static int read_range(parser *p, const char *values, const char *dots)
{
    const char *low = values, *high = dots + 2, *log = strstr(high, ":log");
    size_t low_length = (size_t)(dots - values),
           high_length = log != NULL && log[4] == '\0' ? (size_t)(log - high) : strlen(high);
    char unit[40] = "";
    sim_factor *f = p->factor;
    f->logarithmic = log != NULL && log[4] == '\0';
    trim(&low, &low_length);
    trim(&high, &high_length);
    if (p->path.kind == SIM_PATH_OTHER)
        return wrong(p, values, strlen(values), "values with commas between them", NULL,
                     "\"%s\" is no number, so it has no range", p->path.param->name);
    if (is_bare(low, low_length)) /* "40..90 s" */
        snprintf(unit, sizeof unit, "%.*s", (int)(high_length - sim_number_span(high)), high + sim_number_span(high));
    int rc = read_number(p, low, low_length, unit, &f->low);
    if (rc == 0)
        rc = read_number(p, high, high_length, "", &f->high);
    if (rc != 0)
        return rc;
    if (!(f->low < f->high))
        return wrong(p, values, strlen(values), NULL, NULL, "the low end must be below the high end");
    if (f->logarithmic && !(f->low > 0))
        return wrong(p, low, low_length, "a low end above 0", NULL, "there is no logarithm of 0 or less");
    f->kind = p->path.kind == SIM_PATH_WHOLE ? SIM_FACTOR_WHOLE : SIM_FACTOR_REAL;
    return 0;
}

/* Length of the value at `text`: up to a comma that is in no brackets and no quotes. */
static size_t value_length(const char *text)
{
    int depth = 0;
    char quote = '\0';
    for (size_t i = 0;; i++) {
        char c = text[i];
        if (c == '\0' || (c == ',' && depth == 0 && quote == '\0'))
            return i;
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else
            depth += c == '[' || c == '{' ? 1 : (c == ']' || c == '}') && depth > 0 ? -1 : 0;
    }
}

static int add_value(parser *p, const char *at, size_t length)
{
    sim_factor *f = p->factor;
    bool is_map = length > 0 && (at[0] == '{' || at[0] == '['); /* such as a whole distribution */
    double number = (double)f->count;
    if (length == 0)
        return wrong(p, at, 1, EXPECTED, NULL, "a value is missing");
    if (p->path.kind != SIM_PATH_OTHER && !is_map) {
        int rc = read_number(p, at, length, "", &number);
        if (rc != 0)
            return rc;
    }
    f->words[f->count] = strndup(at, length);
    if (f->words[f->count] == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->words[i], f->words[f->count]) == 0) {
            f->count++; /* so that it is freed */
            return wrong(p, at, length, NULL, NULL, "this value is given twice");
        }
    if (is_map || p->path.kind == SIM_PATH_OTHER) {
        free(f->numbers);
        f->numbers = NULL;
    }
    if (f->numbers != NULL)
        f->numbers[f->count] = number;
    f->count++;
    return 0;
}

static int read_list(parser *p, const char *values)
{
    sim_factor *f = p->factor;
    f->kind = SIM_FACTOR_LIST;
    f->words = calloc(MOST_VALUES, sizeof *f->words);
    f->numbers = calloc(MOST_VALUES, sizeof *f->numbers);
    if (f->words == NULL || f->numbers == NULL)
        return SIM_E_MEMORY;
    for (const char *at = values;;) {
        size_t whole = value_length(at), length = whole;
        const char *value = at;
        trim(&value, &length);
        int rc = f->count == MOST_VALUES ? SIM_E_LIMIT : add_value(p, value, length);
        if (rc == SIM_E_LIMIT)
            return wrong(p, value, length, NULL, NULL, "there are more than %d values", MOST_VALUES);
        if (rc != 0)
            return rc;
        if (at[whole] == '\0')
            break;
        at += whole + 1;
    }
    f->high = (double)(f->count - 1);
    if (f->count < 2)
        return wrong(p, values, strlen(values), EXPECTED, NULL, "a factor has at least two values");
    return 0;
}

int sim_factor_parse(sim_factor *factor, const sim_config *config, const char *text, sim_diag *diag)
{
    parser p = {.factor = factor, .text = text, .diag = diag};
    const char *equals = strchr(text, '=');
    *factor = (sim_factor){0};
    p.file = sim_diag_file(diag, "--factor", text, strlen(text));
    if (p.file < 0)
        return p.file;
    if (equals == NULL || equals == text)
        return wrong(&p, text, strlen(text), EXPECTED, NULL, "\"%.60s\" is no factor", text);
    factor->path = strndup(text, (size_t)(equals - text));
    if (factor->path == NULL)
        return SIM_E_MEMORY;
    if (!sim_config_path(config, factor->path, &p.path))
        return wrong(&p, text, strlen(factor->path), "a path such as stations.entry_check.desks", p.path.nearest,
                     "no parameter has the path \"%.100s\"", factor->path);
    factor->dimension = p.path.dimension;
    const char *values = equals + 1, *dots = strstr(values, "..");
    bool brackets = strpbrk(values, "[{\"'") != NULL && (dots == NULL || strpbrk(values, "[{\"'") < dots);
    return dots != NULL && !brackets ? read_range(&p, values, dots) : read_list(&p, values);
}
