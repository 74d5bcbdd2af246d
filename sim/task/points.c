/* Reading factors and points of others: what each column is, and every number that does not fit with its line and
 * column. */
#include "sim/task/points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/number.h"
#include "sim/base/unit.h"
#include "sim/input/table.h"
#include "sim/task/points_internal.h"

void sim_factors_free(sim_factors *factors)
{
    for (size_t i = 0; i < factors->count; i++)
        sim_factor_free(&factors->factors[i]);
    free(factors->factors);
    *factors = (sim_factors){0};
}

sim_factor *sim_factors_add(sim_factors *factors)
{
    sim_factor *larger = realloc(factors->factors, (factors->count + 1) * sizeof *larger);
    if (larger == NULL)
        return NULL;
    factors->factors = larger;
    larger[factors->count] = (sim_factor){0};
    return &larger[factors->count++];
}

int sim_points_error(sim_diag *diag, sim_mark mark, int rc, const char *expected, const char *message)
{
    if (rc == SIM_E_INPUT)
        sim_diag_error(diag, mark, expected, NULL, "%s", message);
    return rc;
}

bool sim_points_number(const char *text, sim_dimension dimension, double *value)
{
    const char *end;
    if (sim_number_parse(text, &end, value) == 0 && *end == '\0')
        return true; /* without a unit: SI */
    return sim_unit_parse(text, dimension, value, NULL, NULL) == SIM_UNIT_OK;
}

/* --- columns of a CSV --- */

typedef struct {
    const sim_table *table;
    sim_diag *diag;
    size_t column;
    double *numbers; /* of the column, strided */
    size_t stride;
} column_reader;

static int cell_error(const column_reader *r, size_t row, const char *expected, const char *what)
{
    char message[200];
    snprintf(message, sizeof message, "\"%.80s\" %s", sim_table_cell(r->table, row, r->column), what);
    return sim_points_error(r->diag, sim_table_mark(r->table, row, r->column), SIM_E_INPUT, expected, message);
}

/* Numbers of a column in SI. */
static int read_numbers(const column_reader *r, const sim_path *path, double *low, double *high)
{
    char expected[120];
    bool whole = path->kind == SIM_PATH_WHOLE;
    int rc = 0;
    if (whole)
        snprintf(expected, sizeof expected, "a whole number");
    else
        snprintf(expected, sizeof expected, "%s such as %s, or a plain number in %s",
                 sim_dimension_words(path->dimension), sim_dimension_example(path->dimension),
                 sim_dimension_si(path->dimension));
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t row = 0; row < sim_table_rows(r->table); row++) {
        double *number = &r->numbers[row * r->stride];
        if (!sim_points_number(sim_table_cell(r->table, row, r->column), path->dimension, number) ||
            (whole && floor(*number) != *number)) {
            rc = cell_error(r, row, expected, "does not fit here");
            continue;
        }
        *low = fmin(*low, *number);
        *high = fmax(*high, *number);
    }
    return rc;
}

/* A list of the words of a column, in the order in which they come. */
static int read_words(const column_reader *r, sim_factor *factor)
{
    size_t rows = sim_table_rows(r->table), count = 0;
    const char **words = malloc((rows + 1) * sizeof *words);
    int rc = words == NULL ? SIM_E_MEMORY : 0;
    for (size_t row = 0; rc == 0 && row < rows; row++) {
        const char *word = sim_table_cell(r->table, row, r->column);
        size_t i = 0;
        while (i < count && strcmp(words[i], word) != 0)
            i++;
        if (i == count)
            words[count++] = word;
        r->numbers[row * r->stride] = (double)i;
        if (*word == '\0')
            rc = cell_error(r, row, NULL, "is no value");
    }
    if (rc == 0)
        rc = sim_factor_words(factor, sim_table_column(r->table, r->column), words, count);
    free(words);
    return rc;
}

/* Makes the factor of a column that nobody has declared. */
static int declare_column(const column_reader *r, const sim_config *config, sim_factor *factor)
{
    const char *name = sim_table_column(r->table, r->column);
    sim_path path;
    char message[160];
    if (!sim_config_path(config, name, &path)) {
        snprintf(message, sizeof message, "no parameter has the path \"%.100s\"", name);
        sim_mark mark = sim_table_mark(r->table, 0, r->column);
        mark.line = mark.column = 1;
        return sim_points_error(r->diag, mark, SIM_E_INPUT, "a header row of paths such as stations.entry_check.desks",
                                message);
    }
    if (path.kind == SIM_PATH_OTHER)
        return read_words(r, factor);
    int rc = read_numbers(r, &path, &factor->low, &factor->high);
    factor->kind = path.kind == SIM_PATH_WHOLE ? SIM_FACTOR_WHOLE : SIM_FACTOR_REAL;
    factor->dimension = path.dimension;
    factor->path = strdup(name);
    return factor->path == NULL ? SIM_E_MEMORY : rc;
}

/* Numbers of a column whose factor is known; words of a list are found among its words. */
static int read_column(const column_reader *r, const sim_factor *factor, double *settings)
{
    int rc = 0;
    for (size_t row = 0; row < sim_table_rows(r->table); row++) {
        double *number = &r->numbers[row * r->stride], *setting = &settings[row * r->stride];
        const char *text = sim_table_cell(r->table, row, r->column);
        size_t i = 0;
        while (i < factor->count && strcmp(factor->words[i], text) != 0)
            i++;
        if (i < factor->count)
            *number = *setting = (double)i;
        else if (!sim_points_number(text, factor->dimension, number))
            rc = cell_error(r, row, factor->kind == SIM_FACTOR_LIST ? "a value of the factor" : "a number",
                            "does not fit here");
        else if (!sim_factor_setting(factor, *number, setting))
            rc = cell_error(r, row, NULL, "is not in the factor's range");
    }
    return rc;
}

static int read_declared(column_reader *r, const sim_factors *factors, double *settings)
{
    int rc = 0;
    if (sim_table_columns(r->table) != factors->count)
        sim_diag_error(r->diag, (sim_mark){sim_table_mark(r->table, 0, 0).file, 1, 1, 1}, NULL, NULL,
                       "there are %zu columns for %zu factors", sim_table_columns(r->table), factors->count);
    for (size_t i = 0; i < factors->count; i++) {
        ptrdiff_t column = sim_table_require(r->table, factors->factors[i].path, r->diag);
        if (column < 0)
            continue;
        r->column = (size_t)column;
        double *first = r->numbers;
        r->numbers = first + i;
        int error = read_column(r, &factors->factors[i], settings + i);
        r->numbers = first;
        rc = error != 0 ? error : rc;
    }
    return rc;
}

static int read_undeclared(column_reader *r, sim_factors *factors, const sim_config *config)
{
    int rc = 0;
    double *first = r->numbers;
    for (r->column = 0; r->column < sim_table_columns(r->table); r->column++) {
        sim_factor *factor = sim_factors_add(factors);
        r->numbers = first + r->column;
        int error = factor == NULL ? SIM_E_MEMORY : declare_column(r, config, factor);
        rc = error != 0 && rc != SIM_E_MEMORY ? error : rc;
    }
    r->numbers = first;
    return rc;
}

int sim_points_room(sim_points_reading *reading, size_t factors)
{
    if (reading->points > SIM_DESIGN_POINTS)
        return SIM_E_LIMIT;
    reading->numbers = calloc(reading->points * factors + 1, sizeof *reading->numbers);
    reading->settings = calloc(reading->points * factors + 1, sizeof *reading->settings);
    return reading->numbers == NULL || reading->settings == NULL ? SIM_E_MEMORY : 0;
}

int sim_points_from_csv(sim_points_reading *reading, const char *text, size_t length, const char *name)
{
    sim_table *table = NULL;
    size_t before = sim_diag_count(reading->diag);
    int rc = sim_table_parse(&table, text, length, name, reading->diag);
    if (rc != 0)
        return rc;
    sim_table_require_rows(table, reading->diag);
    bool declared = reading->factors->count > 0;
    size_t columns = sim_table_columns(table), stride = declared ? reading->factors->count : columns;
    reading->points = sim_table_rows(table);
    if (sim_diag_count(reading->diag) == before)
        rc = sim_points_room(reading, stride);
    if (rc == 0 && reading->numbers != NULL) {
        column_reader r = {table, reading->diag, 0, reading->numbers, stride};
        rc = declared ? read_declared(&r, reading->factors, reading->settings)
                      : read_undeclared(&r, reading->factors, reading->config);
        if (!declared)
            memcpy(reading->settings, reading->numbers, reading->points * stride * sizeof *reading->settings);
    }
    sim_table_free(table);
    return rc == 0 && sim_diag_count(reading->diag) > before ? SIM_E_INPUT : rc;
}
