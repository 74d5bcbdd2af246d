/* Look-ups in results, tolerant of what is missing. */
#include "tools/lookup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome.h"
#include "sim/instant.h"

enum { KIND_POST = 2 }; /* of map/kind */

const sim_axis *lookup_axis(const sim_result *result, const char *path, int dimension)
{
    const sim_dataset *dataset = sim_result_find(result, path);
    return dataset && dimension < dataset->axis_count ? sim_result_axis(result, dataset, dimension) : NULL;
}

ptrdiff_t lookup_label(const sim_axis *axis, const char *label)
{
    for (size_t i = 0; axis && axis->labels && i < axis->size; i++)
        if (strcmp(axis->labels[i], label) == 0)
            return (ptrdiff_t)i;
    return -1;
}

/* A dataset of reals with so many axes, otherwise NULL. */
static const sim_dataset *reals(const sim_result *result, const char *path, int least, int most)
{
    const sim_dataset *dataset = sim_result_find(result, path);
    return dataset && !dataset->is_integer && dataset->axis_count >= least && dataset->axis_count <= most ? dataset : NULL;
}

int lookup_is_post(const sim_result *result, size_t place)
{
    const sim_dataset *kind = reals(result, "map/kind", 1, 1);
    return kind && place < kind->size && fabs(kind->data.reals[place] - KIND_POST) < 0.5;
}

/* Shape of a summary: replications, owners, cells. */
typedef struct {
    const double *values;
    size_t replications, owners, cells;
} summary;

static int summary_find(const sim_result *result, const char *path, summary *out)
{
    const sim_dataset *dataset = reals(result, path, 2, 3);
    if (!dataset)
        return -1;
    out->values = dataset->data.reals;
    out->replications = sim_result_axis(result, dataset, 0)->size;
    out->owners = sim_result_axis(result, dataset, 1)->size;
    out->cells = dataset->axis_count == 3 ? sim_result_axis(result, dataset, 2)->size : 1;
    return 0;
}

static double summary_at(const summary *s, size_t replication, size_t owner, size_t cell)
{
    return s->values[(replication * s->owners + owner) * s->cells + cell];
}

double lookup_mean(const sim_result *result, const char *path, size_t owner, ptrdiff_t cell)
{
    summary s;
    double sum = 0;
    if (summary_find(result, path, &s) != 0 || owner >= s.owners || cell >= (ptrdiff_t)s.cells)
        return (double)NAN;
    for (size_t r = 0; r < s.replications; r++)
        for (size_t c = 0; c < s.cells; c++)
            if (cell == LOOKUP_ALL || cell == (ptrdiff_t)c)
                sum += summary_at(&s, r, owner, c);
    return sum / (double)s.replications;
}

double lookup_weighted_mean(const sim_result *result, const char *path, const char *weight, size_t owner)
{
    summary s, w;
    double sum = 0, weights = 0;
    if (summary_find(result, path, &s) != 0 || summary_find(result, weight, &w) != 0 || owner >= s.owners || s.owners != w.owners ||
        s.cells != w.cells || s.replications != w.replications)
        return (double)NAN;
    for (size_t r = 0; r < s.replications; r++)
        for (size_t c = 0; c < s.cells; c++)
            if (!isnan(summary_at(&s, r, owner, c))) {
                sum += summary_at(&s, r, owner, c) * summary_at(&w, r, owner, c);
                weights += summary_at(&w, r, owner, c);
            }
    return weights > 0 ? sum / weights : (double)NAN;
}

double lookup_quantile(const sim_result *result, const char *path, size_t owner, double q)
{
    const sim_dataset *dataset = sim_result_find(result, path);
    uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
    size_t cells;
    if (!dataset || !dataset->is_integer || dataset->axis_count != 3 || owner >= sim_result_axis(result, dataset, 0)->size ||
        sim_result_axis(result, dataset, 2)->size != SIM_HISTOGRAM_SIZE)
        return (double)NAN;
    cells = sim_result_axis(result, dataset, 1)->size;
    for (size_t c = 0; c < cells; c++)
        for (size_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
            buckets[i] += (uint64_t)dataset->data.integers[(owner * cells + c) * SIM_HISTOGRAM_SIZE + i];
    return model_histogram_quantile(buckets, q);
}

double lookup_figure(const sim_result *result, const char *figure, double *half_width)
{
    const sim_dataset *means = reals(result, "key/mean", 1, 1), *widths = reals(result, "key/half_width", 1, 1);
    ptrdiff_t at = lookup_label(lookup_axis(result, "key/mean", 0), figure);
    *half_width = (double)NAN;
    if (!means || at < 0)
        return (double)NAN;
    if (widths && (size_t)at < widths->size)
        *half_width = widths->data.reals[at];
    return means->data.reals[at];
}

int lookup_start(const sim_result *result, double *unix_seconds, int *offset_seconds)
{
    static const char since[] = "seconds since ";
    sim_instant instant;
    for (size_t i = 0; i < result->axis_count; i++) {
        const sim_axis *axis = &result->axes[i];
        if (strcmp(axis->name, "time") != 0 || strncmp(axis->unit, since, sizeof since - 1) != 0)
            continue;
        if (sim_instant_parse(axis->unit + sizeof since - 1, &instant) != NULL)
            return -1;
        *unix_seconds = (double)instant.seconds;
        *offset_seconds = instant.offset;
        return 0;
    }
    return -1;
}
