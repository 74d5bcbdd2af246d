/* The hash of a result: equal for equal results, whatever the order in which their parts were added.
 *
 * Axes, datasets and hashed attributes are sorted, each part is preceded by its length, numbers are taken as eight
 * bytes, lowest first; every NaN counts as the same quiet NaN, -0.0 is not 0.0 (results are to be the same bits). */
#include "sim/result/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/digest.h"
#include "sim/base/error.h"

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return isnan(value) ? UINT64_C(0x7ff8000000000000) : bits;
}

static void hash_text(sim_digest *digest, const char *text)
{
    size_t length = strlen(text);
    sim_digest_number(digest, length);
    sim_digest_bytes(digest, text, length);
}

/* Numbers in blocks: the digest takes them faster so. */
enum { BLOCK = 512 };

static void hash_numbers(sim_digest *digest, const int64_t *integers, const double *reals, size_t n)
{
    uint8_t bytes[BLOCK * 8];
    sim_digest_number(digest, n);
    for (size_t done = 0; done < n;) {
        size_t part = n - done < BLOCK ? n - done : BLOCK;
        for (size_t i = 0; i < part; i++) {
            uint64_t bits = integers != NULL ? (uint64_t)integers[done + i] : bits_of(reals[done + i]);
            for (size_t k = 0; k < 8; k++)
                bytes[8 * i + k] = (uint8_t)(bits >> (8 * k));
        }
        sim_digest_bytes(digest, bytes, 8 * part);
        done += part;
    }
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Axes may share a name (in different groups), never everything. */
static int by_axis(const void *left, const void *right)
{
    const sim_axis *a = *(const sim_axis *const *)left, *b = *(const sim_axis *const *)right;
    int order = strcmp(a->name, b->name);
    if (order == 0)
        order = strcmp(a->unit, b->unit);
    if (order == 0)
        order = strcmp(a->doc, b->doc);
    if (order == 0)
        order = compare_numbers(a->size, b->size);
    if (order == 0)
        order = (a->labels != NULL) - (b->labels != NULL);
    for (size_t i = 0; order == 0 && i < a->size; i++)
        order = a->labels != NULL ? strcmp(a->labels[i], b->labels[i])
                                  : compare_numbers(bits_of(a->values[i]), bits_of(b->values[i]));
    return order;
}

static int by_path(const void *left, const void *right)
{
    const sim_dataset *a = *(const sim_dataset *const *)left, *b = *(const sim_dataset *const *)right;
    return strcmp(a->path, b->path);
}

static int by_name(const void *left, const void *right)
{
    const sim_attribute *a = *(const sim_attribute *const *)left, *b = *(const sim_attribute *const *)right;
    return strcmp(a->name, b->name);
}

static void hash_axis(sim_digest *digest, const sim_axis *axis)
{
    hash_text(digest, "axis");
    hash_text(digest, axis->name);
    hash_text(digest, axis->doc);
    hash_text(digest, axis->unit);
    hash_text(digest, axis->labels != NULL ? "labels" : "values");
    if (axis->labels == NULL) {
        hash_numbers(digest, NULL, axis->values, axis->size);
        return;
    }
    sim_digest_number(digest, axis->size);
    for (size_t i = 0; i < axis->size; i++)
        hash_text(digest, axis->labels[i]);
}

static void hash_dataset(sim_digest *digest, const sim_result *result, const sim_dataset *dataset,
                         const sim_axis *const *sorted)
{
    hash_text(digest, "dataset");
    hash_text(digest, dataset->path);
    hash_text(digest, dataset->doc);
    hash_text(digest, dataset->unit);
    sim_digest_number(digest, (uint64_t)dataset->axis_count);
    for (int i = 0; i < dataset->axis_count; i++) {
        size_t rank = 0;
        while (sorted[rank] != &result->axes[dataset->axes[i]])
            rank++;
        sim_digest_number(digest, rank);
    }
    hash_text(digest, dataset->is_integer ? "integers" : "reals");
    hash_numbers(digest, dataset->is_integer ? dataset->data.integers : NULL,
                 dataset->is_integer ? NULL : dataset->data.reals, dataset->size);
}

int sim_result_hash(const sim_result *result, char hex[65])
{
    int outcome = SIM_E_MEMORY;
    const sim_axis **axes = malloc((result->axis_count + 1) * sizeof *axes);
    const sim_dataset **datasets = malloc((result->dataset_count + 1) * sizeof *datasets);
    const sim_attribute **attributes = malloc((result->attribute_count + 1) * sizeof *attributes);
    if (axes == NULL || datasets == NULL || attributes == NULL)
        goto out;
    for (size_t i = 0; i < result->axis_count; i++)
        axes[i] = &result->axes[i];
    for (size_t i = 0; i < result->dataset_count; i++)
        datasets[i] = &result->datasets[i];
    for (size_t i = 0; i < result->attribute_count; i++)
        attributes[i] = &result->attributes[i];
    qsort(axes, result->axis_count, sizeof *axes, by_axis);
    qsort(datasets, result->dataset_count, sizeof *datasets, by_path);
    qsort(attributes, result->attribute_count, sizeof *attributes, by_name);

    sim_digest digest;
    sim_digest_init(&digest);
    for (size_t i = 0; i < result->axis_count; i++)
        hash_axis(&digest, axes[i]);
    for (size_t i = 0; i < result->dataset_count; i++)
        hash_dataset(&digest, result, datasets[i], axes);
    for (size_t i = 0; i < result->attribute_count; i++)
        if (attributes[i]->hashed) {
            hash_text(&digest, "attribute");
            hash_text(&digest, attributes[i]->name);
            hash_text(&digest, attributes[i]->text);
        }
    sim_digest_hex(&digest, hex);
    outcome = 0;
out:
    free(axes);
    free(datasets);
    free(attributes);
    return outcome;
}
