/* What may be added to a result: the reasons are in the header. */
#include "sim/result/rules.h"

#include <stddef.h>
#include <string.h>

#define TEXTS "provenance" /* the store's group of long texts */

static const char *const reserved[] = {
    "Conventions", "format",        "format_version", "results_sha256",     "not_hashed",
    "CLASS",       "NAME",          "DIMENSION_LIST", "REFERENCE_LIST",     "_NCProperties",
    "_FillValue",  "_Netcdf4Dimid", "_nc3_strict",    "_Netcdf4Coordinates"};

bool sim_result_is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
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
    if (length < group_length(other->path) && strncmp(at, other->path, start) == 0 &&
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

bool sim_result_allows(const sim_result *result, const sim_dataset *dataset)
{
    if (same_text(dataset->path, TEXTS) || one_inside_other(TEXTS, dataset->path))
        return false;
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
