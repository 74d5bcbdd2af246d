/* Distributions that are data: a list of values in the scenario, or a column of a CSV file.
 *
 *   {empirical: sizes.csv}      columns "value" and, if there, "weight"
 *   {empirical: {file: sizes.csv, column: minutes, weight: count, unit: min}}
 *   {empirical: {values: [1, 2, 3], weights: [0.2, 0.5, 0.3]}} */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/dist.h"
#include "sim/input/table.h"

enum { KEY_FILE, KEY_COLUMN, KEY_WEIGHT, KEY_UNIT };
static const char *const file_keys[] = {"file", "column", "weight", "unit"};
static const char *const value_keys[] = {"values", "weights"};

static bool make_room(const sim_reader *reader, sim_dist_spec *spec, size_t n)
{
    sim_pool *pool = &reader->loader->config->pool;
    spec->family = SIM_DIST_EMPIRICAL;
    spec->n = n;
    spec->values = sim_pool_take(pool, n, sizeof *spec->values);
    spec->weights = sim_pool_take(pool, n, sizeof *spec->weights);
    if (spec->values != NULL && spec->weights != NULL)
        return true;
    spec->n = 0;
    reader->loader->rc = SIM_E_MEMORY;
    return false;
}

static bool check_weights(const sim_reader *reader, sim_node node, const sim_dist_spec *spec)
{
    double sum = 0;
    for (size_t i = 0; i < spec->n; i++)
        sum += spec->weights[i];
    if (sum > 0 && isfinite(sum))
        return true;
    sim_value_error(reader, node, "at least one weight above 0", NULL, "the weights sum to %g", sum);
    return false;
}

static bool read_list(const sim_reader *reader, sim_node list, sim_dimension dimension, double low, double *out)
{
    const sim_document *document = reader->document;
    bool ok = true;
    for (sim_node item = sim_document_row(document, list)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next) {
        if (!sim_read_quantity(reader, item, dimension, out)) {
            ok = false;
        } else if (*out < low) {
            sim_value_error(reader, item, "a weight of 0 or more", NULL, "%g is no weight", *out);
            ok = false;
        }
        out++;
    }
    return ok;
}

static bool read_values(const sim_reader *reader, sim_node node, sim_dist_spec *spec)
{
    const sim_document *document = reader->document;
    sim_node found[2];
    bool ok = sim_dist_map(reader, node, value_keys, 2, 1, found);
    if (found[0] == SIM_NO_NODE)
        return false;
    const sim_node_row *values = sim_document_row(document, found[0]);
    if (values->kind != SIM_NODE_LIST || values->length == 0) {
        sim_value_error(reader, found[0], "a list of values", NULL, "there are no values");
        return false;
    }
    size_t n = values->length;
    if (!make_room(reader, spec, n))
        return false;
    ok = read_list(reader, found[0], reader->param->dimension, -INFINITY, spec->values) && ok;
    for (size_t i = 0; i < n; i++)
        spec->weights[i] = 1;
    if (found[1] == SIM_NO_NODE)
        return ok;
    const sim_node_row *weights = sim_document_row(document, found[1]);
    if (weights->kind != SIM_NODE_LIST || weights->length != n) {
        sim_value_error(reader, found[1], NULL, NULL, "the weights must be a list of %zu numbers, one for each value",
                        n);
        return false;
    }
    return read_list(reader, found[1], SIM_DIM_NONE, 0, spec->weights) && ok && check_weights(reader, found[1], spec);
}

static bool read_cell(const sim_reader *reader, const sim_table *table, size_t row, size_t column, const char *unit,
                      double *value)
{
    double number;
    sim_diag *diag = reader->loader->diag;
    if (*unit == '\0') {
        /* cells may carry their units themselves */
        sim_unit_outcome outcome =
            sim_unit_parse(sim_table_cell(table, row, column), reader->param->dimension, value, NULL, NULL);
        if (outcome == SIM_UNIT_OK)
            return true;
        char expected[120];
        snprintf(expected, sizeof expected, "%s such as %s%s", sim_dimension_words(reader->param->dimension),
                 sim_dimension_example(reader->param->dimension),
                 outcome == SIM_UNIT_MISSING ? ", or \"unit:\" beside \"file:\" in the scenario" : "");
        sim_diag_error(diag, sim_table_mark(table, row, column), expected, NULL, "\"%.60s\" %s",
                       sim_table_cell(table, row, column),
                       outcome == SIM_UNIT_MISSING ? "has no unit" : "is no such value");
        return false;
    }
    if (sim_table_number(table, row, column, -1e300, 1e300, &number, diag) != 0)
        return false;
    char text[400];
    snprintf(text, sizeof text, "%.17g %s", number, unit);
    return sim_unit_parse(text, reader->param->dimension, value, NULL, NULL) == SIM_UNIT_OK;
}

static bool read_columns(const sim_reader *reader, sim_node node, const sim_table *table, const char *column,
                         const char *weight, const char *unit, sim_dist_spec *spec)
{
    sim_diag *diag = reader->loader->diag;
    ptrdiff_t values = sim_table_require(table, column, diag);
    bool must = weight != NULL;
    ptrdiff_t weights = must ? sim_table_require(table, weight, diag) : sim_table_find(table, "weight");
    size_t n = sim_table_rows(table);
    if (values < 0 || (must && weights < 0))
        return false;
    if (n == 0) {
        sim_value_error(reader, node, NULL, NULL, "the file has no rows");
        return false;
    }
    if (!make_room(reader, spec, n))
        return false;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        ok = read_cell(reader, table, i, (size_t)values, unit, &spec->values[i]) && ok;
        spec->weights[i] = 1;
        if (weights >= 0 && sim_table_number(table, i, (size_t)weights, 0, 1e300, &spec->weights[i], diag) != 0)
            ok = false;
    }
    return ok && check_weights(reader, node, spec);
}

static bool read_file(const sim_reader *reader, sim_node node, const char *column, const char *weight, const char *unit,
                      sim_dist_spec *spec)
{
    sim_loader *loader = reader->loader;
    const char *name;
    const char *path = sim_read_path(reader, node);
    if (path == NULL || !sim_read_scalar(reader, node, "a file", &name))
        return false;
    sim_table *table = NULL;
    if (sim_table_read(&table, path, name, loader->diag) != 0) {
        sim_value_error(reader, node, NULL, NULL, "the file \"%.100s\" could not be used", name);
        return false;
    }
    const char *text;
    size_t length;
    sim_table_text(table, &text, &length);
    bool ok = read_columns(reader, node, table, column, weight, unit, spec);
    if (sim_config_add_input(loader->config, name, text, length) != 0)
        loader->rc = SIM_E_MEMORY;
    sim_table_free(table);
    return ok;
}

static bool check_unit(const sim_reader *reader, sim_node node, const char *unit)
{
    char text[100];
    double value;
    const char *suggestion;
    snprintf(text, sizeof text, "1 %.60s", unit);
    if (sim_unit_parse(text, reader->param->dimension, &value, NULL, &suggestion) == SIM_UNIT_OK)
        return true;
    char expected[100];
    snprintf(expected, sizeof expected, "a unit of %s, as in %s", sim_dimension_words(reader->param->dimension),
             sim_dimension_example(reader->param->dimension));
    sim_value_error(reader, node, expected, suggestion, "\"%.60s\" is no such unit", unit);
    return false;
}

bool sim_dist_read_empirical(const sim_reader *reader, sim_node node, sim_dist_spec *spec)
{
    const sim_document *document = reader->document;
    if (sim_document_kind(document, node) == SIM_NODE_SCALAR)
        return read_file(reader, node, "value", NULL, "", spec);
    if (sim_document_kind(document, node) == SIM_NODE_MAP &&
        sim_document_key(document, node, "values", 6) != SIM_NO_NODE)
        return read_values(reader, node, spec);
    sim_node found[4];
    bool ok = sim_dist_map(reader, node, file_keys, 4, 1, found);
    const char *texts[4] = {NULL, "value", NULL, ""};
    for (int k = KEY_COLUMN; k <= KEY_UNIT; k++)
        if (found[k] != SIM_NO_NODE && !sim_read_scalar(reader, found[k], "text", &texts[k]))
            ok = false;
    if (ok && *texts[KEY_UNIT] != '\0')
        ok = check_unit(reader, found[KEY_UNIT], texts[KEY_UNIT]);
    return ok && read_file(reader, found[KEY_FILE], texts[KEY_COLUMN], texts[KEY_WEIGHT], texts[KEY_UNIT], spec);
}
