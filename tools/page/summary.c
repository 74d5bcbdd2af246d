/* Summary of results as text and as JSON. Long texts, such as the scenario itself, are told by their size. */
#include "tools/page/summary.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/hbm.h"
#include "sim/base/error.h"
#include "sim/result/result.h"
#include "tools/page/grid.h"

enum { LONG_TEXT = 200, MANY_VALUES = 4096 };

static int print_attributes(const sim_result *result, FILE *to)
{
    tool_grid grid;
    int error;
    grid_init(&grid, 2, 0);
    grid_text(&grid, "Provenance");
    grid_text(&grid, "");
    for (size_t i = 0; i < result->attribute_count; i++) {
        const sim_attribute *attribute = &result->attributes[i];
        grid_text(&grid, attribute->name);
        if (strlen(attribute->text) > LONG_TEXT || strchr(attribute->text, '\n'))
            grid_format(&grid, "(text of %zu bytes)", strlen(attribute->text));
        else
            grid_text(&grid, attribute->text);
    }
    error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

static int print_axes(const sim_result *result, FILE *to)
{
    tool_grid grid;
    int error;
    grid_init(&grid, 4, 2);
    grid_text(&grid, "Axis");
    grid_text(&grid, "Size");
    grid_text(&grid, "Unit");
    grid_text(&grid, "Meaning");
    for (size_t i = 0; i < result->axis_count; i++) {
        const sim_axis *axis = &result->axes[i];
        grid_text(&grid, axis->name);
        grid_format(&grid, "%zu", axis->size);
        grid_text(&grid, axis->labels ? "labels" : axis->unit);
        grid_text(&grid, axis->doc);
    }
    error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

/* "post x time"; "" for a single number. */
static void axes_text(const sim_result *result, const sim_dataset *dataset, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < dataset->axis_count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i ? " x " : "",
                                   sim_result_axis(result, dataset, i)->name);
}

static int print_datasets(const sim_result *result, FILE *to)
{
    tool_grid grid;
    int error;
    grid_init(&grid, 4, 0);
    grid_text(&grid, "Dataset");
    grid_text(&grid, "Axes");
    grid_text(&grid, "Unit");
    grid_text(&grid, "Meaning");
    for (size_t i = 0; i < result->dataset_count; i++) {
        const sim_dataset *dataset = &result->datasets[i];
        char axes[256];
        axes_text(result, dataset, axes, sizeof axes);
        grid_text(&grid, dataset->path);
        grid_text(&grid, axes);
        grid_text(&grid, dataset->unit);
        grid_text(&grid, dataset->doc);
    }
    error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

int summary_print(const sim_result *result, FILE *to)
{
    char hash[65];
    int error = sim_result_hash(result, hash);
    if (error == 0)
        error = print_attributes(result, to);
    if (error == 0) {
        fprintf(to, "\nSHA-256 of all result data: %s\n\n", hash);
        error = print_axes(result, to);
    }
    putc('\n', to);
    if (error == 0)
        error = print_datasets(result, to);
    return error;
}

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *dataset_values(const sim_dataset *dataset)
{
    json_t *values = json_array();
    for (size_t i = 0; i < dataset->size; i++) {
        json_t *value =
            dataset->is_integer ? json_integer(dataset->data.integers[i]) : number_or_null(dataset->data.reals[i]);
        if (json_array_append_new(values, value) != 0) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

/* json_pack leaves optional members out when memory runs out, so it is not asked for any. */
static json_t *axis_json(const sim_axis *axis)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:I}", "name", axis->name, "unit", axis->unit, "doc", axis->doc, "size",
                               (json_int_t)axis->size);
    if (!object || axis->size > MANY_VALUES)
        return object;
    json_t *values = json_array();
    int broken = !values;
    for (size_t k = 0; !broken && k < axis->size; k++)
        broken = json_array_append_new(values, axis->labels ? json_string(axis->labels[k])
                                                            : number_or_null(axis->values[k])) != 0;
    if (!broken && json_object_set(object, "values", values) == 0) {
        json_decref(values);
        return object;
    }
    json_decref(values);
    json_decref(object);
    return NULL;
}

static json_t *axes_json(const sim_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < result->axis_count; i++)
        if (json_array_append_new(list, axis_json(&result->axes[i])) != 0)
            return json_decref(list), NULL;
    return list;
}

static json_t *dataset_json(const sim_result *result, const sim_dataset *dataset)
{
    json_t *axes = json_array(), *values = NULL;
    for (int i = 0; i < dataset->axis_count; i++)
        if (json_array_append_new(axes, json_string(sim_result_axis(result, dataset, i)->name)) != 0) {
            json_decref(axes);
            return NULL;
        }
    if (dataset->size <= MANY_VALUES) {
        values = dataset_values(dataset);
        if (!values) {
            json_decref(axes);
            return NULL;
        }
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:o*}", "path", dataset->path, "unit", dataset->unit, "doc", dataset->doc,
                     "axes", axes, "values", values);
}

static json_t *datasets_json(const sim_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < result->dataset_count; i++)
        if (json_array_append_new(list, dataset_json(result, &result->datasets[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *provenance_json(const sim_result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; object && i < result->attribute_count; i++)
        if (json_object_set_new(object, result->attributes[i].name, json_string(result->attributes[i].text)) != 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

int summary_print_json(const sim_result *result, const char *file, FILE *to)
{
    char hash[65];
    json_t *root = NULL, *provenance = NULL, *axes = NULL, *datasets = NULL;
    int error = sim_result_hash(result, hash);

    if (error != 0)
        return error;
    provenance = provenance_json(result);
    axes = axes_json(result);
    datasets = datasets_json(result);
    if (provenance && axes && datasets)
        root = file ? json_pack("{s:s, s:s}", "file", file, "sha256", hash) : json_pack("{s:s}", "sha256", hash);
    if (!root || json_object_set(root, "provenance", provenance) != 0 || json_object_set(root, "axes", axes) != 0 ||
        json_object_set(root, "datasets", datasets) != 0)
        error = SIM_E_MEMORY;
    else if (json_dumpf(root, to, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) != 0 || putc('\n', to) == EOF)
        error = SIM_E_IO;
    json_decref(root);
    json_decref(provenance);
    json_decref(axes);
    json_decref(datasets);
    return error;
}
