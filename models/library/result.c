/* Looking into results by hbm.h: key figures, series, single numbers, attributes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/library/library.h"
#include "models/outcome/outcome.h"
#include "sim/base/error.h"
#include "sim/result/result.h"

_Static_assert((int)HBM_AXES == (int)SIM_MAX_AXES, "a series has room for the axes of every dataset");

/* --- the catalogue of key figures --- */

size_t hbm_figure_count(void)
{
    return model_key_figure_count;
}

void hbm_figure_at(size_t i, hbm_figure *figure)
{
    const model_key_figure *row = &model_key_figures[i];
    *figure = (hbm_figure){
        .name = row->name,
        .unit = row->unit,
        .meaning = row->doc,
        .better = model_better_names[row->better],
    };
}

int hbm_figure_find(const char *name, hbm_figure *figure)
{
    size_t length = strcspn(name, "@");
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strncmp(model_key_figures[i].name, name, length) == 0 && model_key_figures[i].name[length] == '\0') {
            hbm_figure_at(i, figure);
            return 0;
        }
    return SIM_E_INPUT;
}

/* --- key figures of results --- */

static const sim_axis *figures_of(const sim_result *result)
{
    const sim_dataset *means = sim_result_find(result, "key/mean");
    return means != NULL ? sim_result_axis(result, means, 0) : NULL;
}

size_t hbm_result_figure_count(const hbm_result *result)
{
    const sim_axis *figures = figures_of(result);
    return figures != NULL ? figures->size : 0;
}

const char *hbm_result_figure_name(const hbm_result *result, size_t i)
{
    return figures_of(result)->labels[i];
}

int hbm_result_figure(const hbm_result *result, const char *name, double *mean, double *half_width)
{
    const sim_dataset *means = sim_result_find(result, "key/mean"), *widths = sim_result_find(result, "key/half_width");
    const sim_axis *figures = figures_of(result);
    for (size_t i = 0; figures != NULL && widths != NULL && i < figures->size; i++) {
        if (strcmp(figures->labels[i], name) != 0)
            continue;
        if (mean != NULL)
            *mean = means->data.reals[i];
        if (half_width != NULL)
            *half_width = widths->data.reals[i];
        return 0;
    }
    return SIM_E_INPUT;
}

/* --- series --- */

static hbm_axis axis_of(const sim_axis *axis)
{
    return (hbm_axis){
        .name = axis->name,
        .unit = axis->unit,
        .doc = axis->doc,
        .size = axis->size,
        .labels = (const char *const *)axis->labels,
        .values = axis->values,
    };
}

static void take_series(const sim_result *result, const sim_dataset *dataset, hbm_series *series)
{
    *series = (hbm_series){
        .path = dataset->path,
        .unit = dataset->unit,
        .doc = dataset->doc,
        .axis_count = dataset->axis_count,
        .count = dataset->size,
    };
    if (dataset->is_integer)
        series->integers = dataset->data.integers;
    else
        series->reals = dataset->data.reals;
    for (int i = 0; i < dataset->axis_count; i++)
        series->axes[i] = axis_of(sim_result_axis(result, dataset, i));
}

size_t hbm_result_series_count(const hbm_result *result)
{
    return result->dataset_count;
}

void hbm_result_series_at(const hbm_result *result, size_t i, hbm_series *series)
{
    take_series(result, &result->datasets[i], series);
}

int hbm_result_series(const hbm_result *result, const char *path, hbm_series *series)
{
    const sim_dataset *dataset = sim_result_find(result, path);
    if (dataset == NULL)
        return SIM_E_INPUT;
    take_series(result, dataset, series);
    return 0;
}

double hbm_series_value(const hbm_series *series, size_t i)
{
    return series->reals != NULL ? series->reals[i] : (double)series->integers[i];
}

/* --- one number by the names of its place --- */

/* SIZE_MAX: there is no such place. */
static size_t place_on(const hbm_axis *axis, const char *text)
{
    if (axis->labels != NULL) {
        for (size_t i = 0; i < axis->size; i++)
            if (strcmp(axis->labels[i], text) == 0)
                return i;
        return SIZE_MAX;
    }
    char *end = NULL;
    unsigned long long i = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : axis->size;
    return end != NULL && *end == '\0' && i < axis->size ? (size_t)i : SIZE_MAX;
}

int hbm_result_value(const hbm_result *result, const char *path, const char *const *at, size_t count, double *value,
                     char *why, size_t size)
{
    hbm_series series;
    size_t place = 0;
    if (size > 0)
        why[0] = '\0';
    if (hbm_result_series(result, path, &series) != 0)
        return library_refuse(why, size, "there is no series %s in these results", path);
    if (count != (size_t)series.axis_count)
        return library_refuse(why, size, "%s has %d axes, not %zu", path, series.axis_count, count);
    for (size_t i = 0; i < count; i++) {
        size_t found = place_on(&series.axes[i], at[i]);
        if (found == SIZE_MAX)
            return library_refuse(why, size, "%s has no %s \"%s\"", path, series.axes[i].name, at[i]);
        place = place * series.axes[i].size + found;
    }
    *value = hbm_series_value(&series, place);
    return 0;
}

const char *hbm_result_attribute(const hbm_result *result, const char *name)
{
    return sim_result_text(result, name);
}
