/* Results in memory: adding axes, datasets and attributes, finding them, comparing two results.
 *
 * What can be added is what every reader of the results file shows well; the rest is refused here (SIM_E_INPUT),
 * where the mistake is made, and not when a long run is over and the file is to be written. */
#include "sim/result.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/error.h"
#include "sim/result_text.h"

/* Root attributes that the store or the formats own. */
static const char *const reserved[] = {"Conventions", "format",   "format_version", "results_sha256", "not_hashed",
                                       "CLASS",       "NAME",     "DIMENSION_LIST", "REFERENCE_LIST", "_NCProperties",
                                       "_FillValue",  "_Netcdf4Dimid", "_nc3_strict", "_Netcdf4Coordinates"};

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

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool same_real(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static bool same_reals(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!same_real(a[i], b[i]))
            return false;
    return true;
}

static bool same_axis(const sim_axis *a, const sim_axis *b)
{
    if (!same_text(a->name, b->name) || a->size != b->size || (a->labels == NULL) != (b->labels == NULL) ||
        !same_text(a->doc, b->doc) || !same_text(a->unit, b->unit))
        return false;
    if (a->labels == NULL)
        return same_reals(a->values, b->values, a->size);
    for (size_t i = 0; i < a->size; i++)
        if (!same_text(a->labels[i], b->labels[i]))
            return false;
    return true;
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
        if (same_axis(&result->axes[i], axis)) {
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

int sim_result_values(sim_result *result, const char *name, const char *doc, const char *unit, size_t size, const double *values)
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

/* Length of the part of a path that names the group, 0 for the root. */
static size_t group_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path);
}

static bool same_group(const char *a, const char *b)
{
    size_t length = group_length(a);
    return length == group_length(b) && memcmp(a, b, length) == 0;
}

static const char *name_in_group(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* True when a group would be needed where there is a dataset, or the other way round. */
static bool one_inside_other(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > b_length)
        return strncmp(a, b, b_length) == 0 && a[b_length] == '/';
    return a_length < b_length && strncmp(a, b, a_length) == 0 && b[a_length] == '/';
}

/* In a group, an axis stands as a dataset under its own name: both need it for themselves, and groups below it too. */
static bool axis_collides(const sim_result *result, int axis, const char *at, const sim_dataset *other)
{
    const char *name = result->axes[axis].name;
    if (same_group(at, other->path) && same_text(name, name_in_group(other->path)))
        return true;
    size_t length = group_length(at), start = length == 0 ? 0 : length + 1, name_length = strlen(name);
    if (length < group_length(other->path) && memcmp(at, other->path, start) == 0 &&
        strncmp(other->path + start, name, name_length) == 0 && other->path[start + name_length] == '/')
        return true;
    for (int i = 0; i < other->axis_count; i++)
        if (same_group(at, other->path) && other->axes[i] != axis && same_text(name, result->axes[other->axes[i]].name))
            return true;
    return false;
}

static bool collide(const sim_result *result, const sim_dataset *new, const sim_dataset *old)
{
    if (same_text(new->path, old->path) || one_inside_other(new->path, old->path))
        return true;
    for (int i = 0; i < new->axis_count; i++)
        if (axis_collides(result, new->axes[i], new->path, old))
            return true;
    for (int i = 0; i < old->axis_count; i++)
        if (axis_collides(result, old->axes[i], old->path, new))
            return true;
    return false;
}

static bool dataset_allowed(const sim_result *result, const sim_dataset *dataset)
{
    for (int i = 0; i < dataset->axis_count; i++) {
        if (dataset->axes[i] < 0 || (size_t)dataset->axes[i] >= result->axis_count)
            return false;
        if (axis_collides(result, dataset->axes[i], dataset->path, dataset))
            return false;
        for (int j = 0; j < i; j++) /* xarray and R show no dataset with the same dimension twice */
            if (dataset->axes[i] == dataset->axes[j])
                return false;
    }
    for (size_t i = 0; i < result->dataset_count; i++)
        if (collide(result, dataset, &result->datasets[i]))
            return false;
    return true;
}

static int dataset_size(const sim_result *result, const sim_dataset *dataset, size_t *size)
{
    *size = 1;
    for (int i = 0; i < dataset->axis_count; i++)
        if (__builtin_mul_overflow(*size, result->axes[dataset->axes[i]].size, size) || *size > SIZE_MAX / sizeof(double) / 2)
            return SIM_E_LIMIT;
    return 0;
}

/* Everything but the kind of number; on success the dataset is in the result and its data all zero bits. */
static int dataset_add(sim_result *result, sim_dataset *dataset, const char *path, const char *doc, const char *unit, int axis_count,
                       const int *axes)
{
    bool provenance = strncmp(path, "provenance", 10) == 0 && (path[10] == '\0' || path[10] == '/');
    if (!sim_text_is_path(path) || provenance || axis_count < 0 || axis_count > SIM_MAX_AXES)
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
    if (!dataset_allowed(result, dataset))
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

int sim_result_integers(sim_result *result, const char *path, const char *doc, const char *unit, int axis_count, const int *axes,
                        int64_t **integers)
{
    sim_dataset dataset = {.is_integer = 1, .data.integers = NULL};
    int outcome = dataset_add(result, &dataset, path, doc, unit, axis_count, axes);
    *integers = outcome == 0 ? dataset.data.integers : NULL;
    return outcome;
}

int sim_result_reals(sim_result *result, const char *path, const char *doc, const char *unit, int axis_count, const int *axes,
                     double **reals)
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

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (same_text(name, reserved[i]))
            return true;
    return false;
}

static sim_attribute *attribute_find(const sim_result *result, const char *name)
{
    for (size_t i = 0; i < result->attribute_count; i++)
        if (same_text(result->attributes[i].name, name))
            return &result->attributes[i];
    return NULL;
}

int sim_result_attribute(sim_result *result, const char *name, const char *text, int hashed)
{
    if (name[0] == '\0' || is_reserved(name))
        return SIM_E_INPUT;
    int outcome = SIM_E_MEMORY;
    char *own_name = sim_text_copy(name), *own_text = sim_text_copy(text);
    if (own_name == NULL || own_text == NULL)
        goto out;
    sim_attribute *attribute = attribute_find(result, own_name);
    if (attribute == NULL) {
        sim_attribute *all = room_for(result->attributes, result->attribute_count, &result->attribute_room, sizeof *all);
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

const sim_dataset *sim_result_find(const sim_result *result, const char *path)
{
    for (size_t i = 0; i < result->dataset_count; i++)
        if (same_text(result->datasets[i].path, path))
            return &result->datasets[i];
    return NULL;
}

const sim_axis *sim_result_axis(const sim_result *result, const sim_dataset *dataset, int dimension)
{
    assert(dimension >= 0 && dimension < dataset->axis_count);
    return &result->axes[dataset->axes[dimension]];
}

const char *sim_result_text(const sim_result *result, const char *attribute)
{
    const sim_attribute *found = attribute_find(result, attribute);
    return found == NULL ? NULL : found->text;
}

static bool has_axis(const sim_result *result, const sim_axis *axis)
{
    for (size_t i = 0; i < result->axis_count; i++)
        if (same_axis(&result->axes[i], axis))
            return true;
    return false;
}

static bool same_dataset(const sim_result *a, const sim_dataset *in_a, const sim_result *b, const sim_dataset *in_b)
{
    if (in_b == NULL || in_a->is_integer != in_b->is_integer || in_a->axis_count != in_b->axis_count || in_a->size != in_b->size ||
        !same_text(in_a->doc, in_b->doc) || !same_text(in_a->unit, in_b->unit))
        return false;
    for (int i = 0; i < in_a->axis_count; i++)
        if (!same_axis(sim_result_axis(a, in_a, i), sim_result_axis(b, in_b, i)))
            return false;
    if (in_a->is_integer)
        return memcmp(in_a->data.integers, in_b->data.integers, in_a->size * sizeof(int64_t)) == 0;
    return same_reals(in_a->data.reals, in_b->data.reals, in_a->size);
}

const char *sim_result_difference(const sim_result *a, const sim_result *b)
{
    if (a->axis_count != b->axis_count || a->dataset_count != b->dataset_count || a->attribute_count != b->attribute_count)
        return "the number of axes, datasets or attributes";
    for (size_t i = 0; i < a->axis_count; i++)
        if (!has_axis(b, &a->axes[i]))
            return a->axes[i].name;
    for (size_t i = 0; i < a->dataset_count; i++)
        if (!same_dataset(a, &a->datasets[i], b, sim_result_find(b, a->datasets[i].path)))
            return a->datasets[i].path;
    for (size_t i = 0; i < a->attribute_count; i++) {
        const sim_attribute *other = attribute_find(b, a->attributes[i].name);
        if (other == NULL || !same_text(a->attributes[i].text, other->text) || a->attributes[i].hashed != other->hashed)
            return a->attributes[i].name;
    }
    return NULL;
}
