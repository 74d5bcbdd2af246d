/* Comparing two results bit for bit; every NaN counts as the same, the order of adding does not count. */
#include "sim/result/result.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/result/rules.h"

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

bool sim_result_same_axis(const sim_axis *a, const sim_axis *b)
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

static bool has_axis(const sim_result *result, const sim_axis *axis)
{
    for (size_t i = 0; i < result->axis_count; i++)
        if (sim_result_same_axis(&result->axes[i], axis))
            return true;
    return false;
}

static bool same_dataset(const sim_result *a, const sim_dataset *in_a, const sim_result *b, const sim_dataset *in_b)
{
    if (in_b == NULL || in_a->is_integer != in_b->is_integer || in_a->axis_count != in_b->axis_count ||
        in_a->size != in_b->size || !same_text(in_a->doc, in_b->doc) || !same_text(in_a->unit, in_b->unit))
        return false;
    for (int i = 0; i < in_a->axis_count; i++)
        if (!sim_result_same_axis(sim_result_axis(a, in_a, i), sim_result_axis(b, in_b, i)))
            return false;
    if (in_a->is_integer)
        return memcmp(in_a->data.integers, in_b->data.integers, in_a->size * sizeof(int64_t)) == 0;
    return same_reals(in_a->data.reals, in_b->data.reals, in_a->size);
}

static const sim_attribute *attribute_find(const sim_result *result, const char *name)
{
    for (size_t i = 0; i < result->attribute_count; i++)
        if (same_text(result->attributes[i].name, name))
            return &result->attributes[i];
    return NULL;
}

const char *sim_result_difference(const sim_result *a, const sim_result *b)
{
    if (a->axis_count != b->axis_count || a->dataset_count != b->dataset_count ||
        a->attribute_count != b->attribute_count)
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
