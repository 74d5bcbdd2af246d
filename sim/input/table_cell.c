/* Asking a table: names, cells, numbers, instants, and where a cell stands.
 *
 * Places are needed for errors only, so they are not kept: the record is parsed again when one is asked for. */
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "sim/base/instant.h"
#include "sim/base/number.h"
#include "sim/base/utf8.h"
#include "sim/input/table_internal.h"

size_t sim_table_rows(const sim_table *table)
{
    return table->rows;
}

size_t sim_table_columns(const sim_table *table)
{
    return table->columns;
}

const char *sim_table_column(const sim_table *table, size_t column)
{
    assert(column < table->columns);
    return table->texts + table->cells[column];
}

ptrdiff_t sim_table_find(const sim_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(sim_table_column(table, i), name) == 0)
            return (ptrdiff_t)i;
    return -1;
}

ptrdiff_t sim_table_require(const sim_table *table, const char *name, sim_diag *diag)
{
    ptrdiff_t found = sim_table_find(table, name);
    if (found >= 0)
        return found;
    const char **names = malloc(table->columns * sizeof *names);
    for (size_t i = 0; names != NULL && i < table->columns; i++)
        names[i] = sim_table_column(table, i);
    char expected[120];
    snprintf(expected, sizeof expected, "a column \"%.80s\"", name);
    sim_mark mark = {table->file, 1, 1, 1};
    sim_diag_error(diag, mark, expected, names == NULL ? NULL : sim_diag_nearest(name, names, table->columns),
                   "the table has no column \"%.60s\"", name);
    free(names);
    return -1;
}

void sim_table_require_rows(const sim_table *table, sim_diag *diag)
{
    if (table->rows == 0)
        sim_diag_error(diag, (sim_mark){table->file, 1, 1, 1}, "at least one row below the header", NULL,
                       "the table has no rows");
}

const char *sim_table_cell(const sim_table *table, size_t row, size_t column)
{
    assert(row < table->rows && column < table->columns);
    return table->texts + table->cells[(row + 1) * table->columns + column];
}

void sim_table_text(const sim_table *table, const char **text, size_t *length)
{
    *text = table->text;
    *length = table->length;
}

typedef struct {
    size_t fields;
    bool ended;
} place_search;

static void count_field(void *text, size_t length, void *user)
{
    (void)text, (void)length;
    ((place_search *)user)->fields++;
}

static void end_record(int terminator, void *user)
{
    (void)terminator;
    ((place_search *)user)->ended = true;
}

/* First and last byte of the cell, libcsv being fed one byte at a time. */
static void find_cell(const sim_table *table, struct csv_parser *parser, size_t at, size_t column, size_t *begin,
                      size_t *end)
{
    place_search search = {0, false};
    *begin = *end = at;
    for (size_t i = at; i < table->length && !search.ended; i++) {
        size_t before = search.fields;
        if (csv_parse(parser, table->text + i, 1, count_field, end_record, &search) != 1)
            return;
        if (before == column && search.fields > column) {
            *end = i;
            return;
        }
        if (before < column && search.fields == column)
            *begin = i + 1;
        *end = i + 1;
    }
}

sim_mark sim_table_place(const sim_table *table, size_t at, int line, size_t column)
{
    sim_mark mark = {table->file, line, 1, 1};
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT) != 0)
        return mark;
    size_t begin, end, line_at = at;
    find_cell(table, &parser, at, column, &begin, &end);
    csv_free(&parser);
    while (begin < end && table->text[begin] == ' ')
        begin++;
    for (size_t i = at; i < begin; i++) { /* lines inside quoted cells before this one */
        bool last_of_break = table->text[i] == '\n' || (table->text[i] == '\r' && table->text[i + 1] != '\n');
        mark.line += last_of_break;
        line_at = last_of_break ? i + 1 : line_at;
    }
    mark.column = (int)sim_utf8_count(table->text + line_at, begin - line_at) + 1;
    size_t length = 0;
    while (begin + length < end && table->text[begin + length] != '\n' && table->text[begin + length] != '\r')
        length++;
    mark.length = (int)sim_utf8_count(table->text + begin, length);
    if (mark.length < 1)
        mark.length = 1;
    return mark;
}

sim_mark sim_table_mark(const sim_table *table, size_t row, size_t column)
{
    assert(row < table->rows && column < table->columns);
    return sim_table_place(table, table->records[row].at, table->records[row].line, column);
}

int sim_table_number(const sim_table *table, size_t row, size_t column, double low, double high, double *value,
                     sim_diag *diag)
{
    const char *text = sim_table_cell(table, row, column), *rest = NULL;
    bool number = sim_number_parse(text, &rest, value) == 0 && *rest == '\0';
    if (number && *value >= low && *value <= high)
        return 0;
    char expected[120];
    snprintf(expected, sizeof expected, low <= -1e300 && high >= 1e300 ? "a number" : "a number from %g to %g", low,
             high);
    if (high >= 1e300 && low > -1e300)
        snprintf(expected, sizeof expected, "a number, at least %g", low);
    const char *name = sim_table_column(table, column);
    if (*text == '\0')
        sim_diag_error(diag, sim_table_mark(table, row, column), expected, NULL, "%.60s: the cell is empty", name);
    else
        sim_diag_error(diag, sim_table_mark(table, row, column), expected, NULL, "%.60s: \"%.60s\" is %s", name, text,
                       number ? "out of range" : "not a number");
    return -1;
}

int sim_table_instant(const sim_table *table, size_t row, size_t column, int offset_seconds, long long *unix_seconds,
                      sim_diag *diag)
{
    sim_instant instant;
    const char *text = sim_table_cell(table, row, column);
    const char *why = *text == '\0' ? "the cell is empty" : sim_instant_parse(text, &instant);
    if (why == NULL && instant.micros != 0)
        why = "whole seconds are expected";
    if (why != NULL) {
        sim_diag_error(diag, sim_table_mark(table, row, column),
                       "a date or time such as 2022-02-24 or 2022-02-24T06:00+01:00", NULL, "%.60s: \"%.60s\": %s",
                       sim_table_column(table, column), text, why);
        return -1;
    }
    *unix_seconds = instant.seconds - (instant.has_offset ? 0 : offset_seconds);
    return 0;
}
