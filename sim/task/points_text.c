/* SALib's text files: columns of numbers between blanks or commas, and parameter files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/number.h"
#include "sim/base/utf8.h"
#include "sim/task/points_internal.h"

enum { MOST_BYTES = 64 << 20, MOST_WORDS = 6 };

/* A text line by line; each line's words, comments left away. */
typedef struct {
    sim_diag *diag;
    char *text;
    size_t length;
    int file, line;
    size_t line_at, line_end, at; /* bytes of the text */
} scanner;

static int open_text(scanner *s, const char *path, sim_diag *diag)
{
    const char *why = NULL;
    *s = (scanner){.diag = diag};
    int rc = sim_input_file_read(path, MOST_BYTES, &s->text, &s->length, &why);
    s->file = sim_diag_file(diag, path, rc == 0 ? s->text : NULL, s->length);
    if (rc == SIM_E_INPUT || rc == SIM_E_IO)
        sim_diag_error(diag, (sim_mark){s->file, 0, 0, 1}, "an ordinary file of at most 64 MiB", NULL, "the file %s",
                       why);
    return s->file < 0 ? s->file : rc == SIM_E_IO ? SIM_E_INPUT : rc;
}

/* The next line that has something in it; what stands behind # is no part of it. */
static bool next_line(scanner *s)
{
    while (s->line_end < s->length || s->line == 0) {
        s->line_at = s->line == 0 ? 0 : s->line_end + 1;
        s->line++;
        if (s->line_at >= s->length)
            return false;
        const char *line = s->text + s->line_at, *end = memchr(line, '\n', s->length - s->line_at);
        s->line_end = end == NULL ? s->length : (size_t)(end - s->text);
        s->at = s->line_at;
        size_t blank = strspn(line, " \t\r");
        if (s->line_at + blank < s->line_end && line[blank] != '#')
            return true;
    }
    return false;
}

/* The next word of the line, cut out of the text; `separators`: what stands between words. NULL at the end. */
static char *next_word(scanner *s, const char *separators, sim_mark *mark)
{
    size_t begin = s->at;
    while (begin < s->line_end && strchr(separators, s->text[begin]) != NULL)
        begin++;
    size_t end = begin;
    while (end < s->line_end && strchr(separators, s->text[end]) == NULL && s->text[end] != '#')
        end++;
    if (begin >= s->line_end || s->text[begin] == '#')
        return NULL;
    *mark = (sim_mark){s->file, s->line, (int)sim_utf8_count(s->text + s->line_at, begin - s->line_at) + 1,
                       (int)sim_utf8_count(s->text + begin, end - begin)};
    s->at = end < s->line_end && s->text[end] != '#' ? end + 1 : s->line_end;
    char *word = strndup(s->text + begin, end - begin);
    for (size_t n = word == NULL ? 0 : strlen(word); n > 0 && strchr(" \t\r", word[n - 1]) != NULL; n--)
        word[n - 1] = '\0';
    return word;
}

static sim_mark line_mark(const scanner *s)
{
    return (sim_mark){s->file, s->line, 1, 1};
}

/* --- parameter files --- */

/* What stands on a line; columns behind the third may be missing. */
typedef struct {
    char *words[MOST_WORDS];
    sim_mark marks[MOST_WORDS];
    size_t count;
} parameter_line;

static void split(scanner *s, parameter_line *line)
{
    bool commas = memchr(s->text + s->line_at, ',', s->line_end - s->line_at) != NULL;
    *line = (parameter_line){.count = 0};
    while (line->count < MOST_WORDS) {
        char *word = next_word(s, commas ? "," : " \t\r", &line->marks[line->count]);
        if (word == NULL)
            break;
        size_t blank = strspn(word, " \t");
        memmove(word, word + blank, strlen(word) - blank + 1);
        line->words[line->count++] = word;
    }
}

static int add_parameter(sim_factors *factors, const sim_config *config, const parameter_line *line, sim_diag *diag)
{
    sim_path path = {0};
    double ends[2] = {0, 0};
    const char *why = NULL;
    char message[200];
    sim_config_path(config, line->words[0], &path);
    for (size_t i = 0; i < 2; i++)
        if (!sim_points_number(line->words[i + 1], path.dimension, &ends[i])) {
            snprintf(message, sizeof message, "\"%.60s\" is no number", line->words[i + 1]);
            return sim_points_error(diag, line->marks[i + 1], SIM_E_INPUT, "a number in SI, or with its unit", message);
        }
    if (line->count > 3 && strcmp(line->words[3], line->words[0]) != 0 && strcmp(line->words[3], "NA") != 0)
        return sim_points_error(diag, line->marks[3], SIM_E_INPUT, "the name itself, or NA",
                                "groups of parameters are not supported");
    bool log = line->count > 4 && strcmp(line->words[4], "logunif") == 0;
    if (line->count > 4 && !log && strcmp(line->words[4], "unif") != 0)
        return sim_points_error(diag, line->marks[4], SIM_E_INPUT, "unif or logunif",
                                "this distribution is not supported");
    sim_factor *factor = sim_factors_add(factors);
    int rc = factor == NULL ? SIM_E_MEMORY : sim_factor_range(factor, config, line->words[0], ends[0], ends[1], &why);
    snprintf(message, sizeof message, "\"%.100s\" %s", line->words[0], why == NULL ? "" : why);
    if (rc == 0 && log && !(ends[0] > 0)) {
        rc = SIM_E_INPUT;
        snprintf(message, sizeof message, "there is no logarithm of 0 or less");
    }
    if (rc == 0)
        factor->logarithmic = log;
    return sim_points_error(diag, line->marks[0], rc, NULL, message);
}

int sim_factors_read(sim_factors *factors, const char *path, const sim_config *config, sim_diag *diag)
{
    scanner s;
    size_t before = sim_diag_count(diag);
    int rc = open_text(&s, path, diag);
    while (rc == 0 && next_line(&s)) {
        parameter_line line;
        split(&s, &line);
        if (line.count < 3 || line.count > 5)
            sim_diag_error(diag, line_mark(&s), "name low high", NULL, "this line has %zu columns", line.count);
        else if (add_parameter(factors, config, &line, diag) == SIM_E_MEMORY)
            rc = SIM_E_MEMORY;
        for (size_t i = 0; i < line.count; i++)
            free(line.words[i]);
    }
    if (rc == 0 && factors->count == 0 && sim_diag_count(diag) == before)
        sim_diag_error(diag, (sim_mark){s.file, 0, 0, 1}, "name low high", NULL, "the file names no parameter");
    free(s.text);
    return rc == 0 && sim_diag_count(diag) > before ? SIM_E_INPUT : rc;
}

/* --- points --- */

static bool begins_with_number(scanner s)
{
    sim_mark mark;
    if (!next_line(&s))
        return false;
    char *word = next_word(&s, " \t\r,", &mark);
    const char *end = NULL;
    double value;
    bool is_number = word != NULL && sim_number_parse(word, &end, &value) == 0 && *end == '\0';
    free(word);
    return is_number;
}

static void bad_number(const scanner *s, sim_mark mark, const char *word, const sim_factor *factor)
{
    char expected[160];
    if (factor->kind == SIM_FACTOR_LIST)
        snprintf(expected, sizeof expected, "a value of the factor's list");
    else
        snprintf(expected, sizeof expected, "a number from %.9g to %.9g", factor->low, factor->high);
    sim_diag_error(s->diag, mark, expected, NULL, "\"%.40s\" is not in the range of %.100s", word, factor->path);
}

static int read_point(scanner *s, sim_points_reading *reading, size_t point)
{
    size_t k = reading->factors->count, i = 0;
    sim_mark mark;
    for (char *word; (word = next_word(s, " \t\r,", &mark)) != NULL; i++) {
        const char *end = NULL;
        double number = 0;
        if (sim_number_parse(word, &end, &number) != 0 || *end != '\0') {
            sim_diag_error(s->diag, mark, "a number", NULL, "\"%.40s\" is no number", word);
        } else if (i < k) {
            reading->numbers[point * k + i] = number;
            if (!sim_factor_setting(&reading->factors->factors[i], number, &reading->settings[point * k + i]))
                bad_number(s, mark, word, &reading->factors->factors[i]);
        }
        free(word);
    }
    if (i != k)
        sim_diag_error(s->diag, line_mark(s), NULL, NULL, "this line has %zu columns for %zu factors", i, k);
    return 0;
}

static int from_text(scanner *s, sim_points_reading *reading)
{
    scanner counting = *s;
    while (next_line(&counting))
        reading->points++;
    int rc = sim_points_room(reading, reading->factors->count);
    for (size_t point = 0; rc == 0 && next_line(s); point++)
        rc = read_point(s, reading, point);
    return rc;
}

int sim_points_read(sim_design *design, double **settings, sim_factors *factors, const char *path,
                    const sim_config *config, sim_diag *diag)
{
    sim_points_reading reading = {.factors = factors, .config = config, .diag = diag};
    size_t before = sim_diag_count(diag);
    scanner s;
    *design = (sim_design){0};
    *settings = NULL;
    int rc = open_text(&s, path, diag);
    bool text = rc == 0 && begins_with_number(s);
    if (text && factors->count == 0)
        sim_diag_error(diag, (sim_mark){s.file, 1, 1, 1}, "a header row of paths, or factors beside the file", NULL,
                       "these are numbers without names");
    else if (text)
        rc = from_text(&s, &reading);
    else if (rc == 0)
        rc = sim_points_from_csv(&reading, s.text, s.length, path);
    if (rc == 0 && sim_diag_count(diag) > before)
        rc = SIM_E_INPUT;
    if (rc == 0)
        rc = sim_design_given(design, factors->count, reading.points, reading.numbers);
    if (rc == 0) {
        *settings = reading.settings;
        reading.settings = NULL;
    }
    free(reading.numbers);
    free(reading.settings);
    free(s.text);
    return rc;
}
