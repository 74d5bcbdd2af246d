/* Results in memory: adding axes, datasets and attributes, finding and freeing them. */
#include "sim/result/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/result/rules.h"
#include "sim/result/text.h"

void sim_result_init(sim_result *result)
{
    *result = (sim_result){0};
}

static void axis_free(sim_axis *axis)
{
    if (axis->labels != NULL)
        for (size_t i = 0; i < axis->size; i++)
            free(axis->labels[i]);
    free(axis->labels);
    free(axis->values);
    free(axis->name);
    free(axis->doc);
    free(axis->unit);
}

static void dataset_free(sim_dataset *dataset)
{
    free(dataset->path);
    free(dataset->doc);
    free(dataset->unit);
    if (dataset->is_integer)
        free(dataset->data.integers);
    else
        free(dataset->data.reals);
}

void sim_result_free(sim_result *result)
{
    for (size_t i = 0; i < result->axis_count; i++)
        axis_free(&result->axes[i]);
    for (size_t i = 0; i < result->dataset_count; i++)
        dataset_free(&result->datasets[i]);
    for (size_t i = 0; i < result->attribute_count; i++) {
        free(result->attributes[i].name);
        free(result->attributes[i].text);
    }
    free(result->axes);
    free(result->datasets);
    free(result->attributes);
    sim_result_init(result);
}

/* Makes room for one more item; returns the array, moved or not, NULL when out of memory. */
static void *room_for(void *items, size_t count, size_t *room, size_t each)
{
    if (count < *room)
        return items;
    size_t more = *room == 0 ? 16 : 2 * *room;
    void *moved = realloc(items, more * each);
    if (moved != NULL)
        *room = more;
    return moved;
}

static int axis_fill(sim_axis *axis, const char *name, const char *doc, const char *unit)
{
    axis->name = sim_text_copy(name);
    axis->doc = sim_text_copy(doc);
    axis->unit = sim_text_copy(unit);
    return axis->name == NULL || axis->doc == NULL || axis->unit == NULL ? SIM_E_MEMORY : 0;
}

/* Takes over `axis`, whatever comes out. An axis equal to an earlier one is that one. */
static int axis_add(sim_result *result, sim_axis *axis)
{
    int outcome = 0;
    for (size_t i = 0; i < result->axis_count; i++)
        if (sim_result_same_axis(&result->axes[i], axis)) {
            outcome = (int)i;
            goto out;
        }
    outcome = SIM_E_LIMIT;
    if (result->axis_count >= INT32_MAX)
        goto out;
    outcome = SIM_E_MEMORY;
    sim_axis *axes = room_for(result->axes, result->axis_count, &result->axis_room, sizeof *axes);
    if (axes == NULL)
        goto out;
    result->axes = axes;
    axes[result->axis_count] = *axis;
    return (int)result->axis_count++;
out:
    axis_free(axis);
    return outcome;
}

int sim_result_labels(sim_result *result, const char *name, const char *doc, size_t size, const char *const *labels)
{
    if (!sim_text_is_name(name) || size == 0)
        return SIM_E_INPUT;
    sim_axis axis = {0};
    int outcome = axis_fill(&axis, name, doc, "");
    if (outcome != 0)
        goto out;
    outcome = SIM_E_MEMORY;
    axis.labels = calloc(size, sizeof *axis.labels);
    if (axis.labels == NULL)
        goto out;
    axis.size = size;
    for (size_t i = 0; i < size; i++) {
        axis.labels[i] = sim_text_copy(labels[i]);
        if (axis.labels[i] == NULL)
            goto out;
    }
    return axis_add(result, &axis);
out:
    axis_free(&axis);
    return outcome;
}

int sim_result_values(sim_result *result, const char *name, const char *doc, const char *unit, size_t size,
                      const double *values)
{
    if (!sim_text_is_name(name) || size == 0)
        return SIM_E_INPUT;
    sim_axis axis = {0};
    int outcome = axis_fill(&axis, name, doc, unit);
    if (outcome != 0)
        goto out;
    outcome = SIM_E_MEMORY;
    axis.values = calloc(size, sizeof *axis.values);
    if (axis.values == NULL)
        goto out;
    axis.size = size;
    memcpy(axis.values, values, size * sizeof *values);
    return axis_add(result, &axis);
out:
    axis_free(&axis);
    return outcome;
}

static int dataset_size(const sim_result *result, const sim_dataset *dataset, size_t *size)
{
    *size = 1;
    for (int i = 0; i < dataset->axis_count; i++)
        if (__builtin_mul_overflow(*size, result->axes[dataset->axes[i]].size, size) ||
            *size > SIZE_MAX / sizeof(double) / 2)
            return SIM_E_LIMIT;
    return 0;
}

/* Everything but the kind of number; on success the dataset is in the result and its data all zero bits. */
static int dataset_add(sim_result *result, sim_dataset *dataset, const char *path, const char *doc, const char *unit,
                       int axis_count, const int *axes)
{
    if (!sim_text_is_path(path) || axis_count < 0 || axis_count > SIM_MAX_AXES)
        return SIM_E_INPUT;
    int outcome = SIM_E_MEMORY;
    dataset->axis_count = axis_count;
    for (int i = 0; i < axis_count; i++)
        dataset->axes[i] = axes[i];
    dataset->path = sim_text_copy(path);
    dataset->doc = sim_text_copy(doc);
    dataset->unit = sim_text_copy(unit);
    if (dataset->path == NULL || dataset->doc == NULL || dataset->unit == NULL)
        goto out;
    outcome = SIM_E_INPUT;
    if (!sim_result_allows(result, dataset))
        goto out;
    outcome = dataset_size(result, dataset, &dataset->size);
    if (outcome != 0)
        goto out;
    outcome = SIM_E_MEMORY;
    if (dataset->is_integer)
        dataset->data.integers = calloc(dataset->size, sizeof *dataset->data.integers);
    else
        dataset->data.reals = calloc(dataset->size, sizeof *dataset->data.reals);
    if (dataset->is_integer ? dataset->data.integers == NULL : dataset->data.reals == NULL)
        goto out;
    sim_dataset *datasets = room_for(result->datasets, result->dataset_count, &result->dataset_room, sizeof *datasets);
    if (datasets == NULL)
        goto out;
    result->datasets = datasets;
    datasets[result->dataset_count++] = *dataset;
    return 0;
out:
    dataset_free(dataset);
    return outcome;
}

int sim_result_integers(sim_result *result, const char *path, const char *doc, const char *unit, int axis_count,
                        const int *axes, int64_t **integers)
{
    sim_dataset dataset = {.is_integer = 1, .data.integers = NULL};
    int outcome = dataset_add(result, &dataset, path, doc, unit, axis_count, axes);
    *integers = outcome == 0 ? dataset.data.integers : NULL;
    return outcome;
}

int sim_result_reals(sim_result *result, const char *path, const char *doc, const char *unit, int axis_count,
                     const int *axes, double **reals)
{
    sim_dataset dataset = {.is_integer = 0, .data.reals = NULL};
    int outcome = dataset_add(result, &dataset, path, doc, unit, axis_count, axes);
    *reals = NULL;
    if (outcome != 0)
        return outcome;
    for (size_t i = 0; i < dataset.size; i++)
        dataset.data.reals[i] = NAN;
    *reals = dataset.data.reals;
    return 0;
}

static sim_attribute *attribute_find(const sim_result *result, const char *name)
{
    for (size_t i = 0; i < result->attribute_count; i++)
        if (strcmp(result->attributes[i].name, name) == 0)
            return &result->attributes[i];
    return NULL;
}

int sim_result_attribute(sim_result *result, const char *name, const char *text, int hashed)
{
    if (name[0] == '\0' || sim_result_is_reserved(name))
        return SIM_E_INPUT;
    int outcome = SIM_E_MEMORY;
    char *own_name = sim_text_copy(name), *own_text = sim_text_copy(text);
    if (own_name == NULL || own_text == NULL)
        goto out;
    sim_attribute *attribute = attribute_find(result, own_name);
    if (attribute == NULL) {
        sim_attribute *all =
            room_for(result->attributes, result->attribute_count, &result->attribute_room, sizeof *all);
        if (all == NULL)
            goto out;
        result->attributes = all;
        attribute = &all[result->attribute_count++];
        *attribute = (sim_attribute){.name = own_name};
        own_name = NULL;
    }
    free(attribute->text);
    attribute->text = own_text;
    attribute->hashed = hashed != 0;
    own_text = NULL;
    outcome = 0;
out:
    free(own_name);
    free(own_text);
    return outcome;
}

const char *sim_result_text(const sim_result *result, const char *attribute)
{
    const sim_attribute *found = attribute_find(result, attribute);
    return found == NULL ? NULL : found->text;
}
