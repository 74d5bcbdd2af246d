/* Finding what stands in a result: a dataset by its path, its axes. */
#include <assert.h>
#include <string.h>

#include "sim/result/result.h"

const sim_dataset *sim_result_find(const sim_result *result, const char *path)
{
    for (size_t i = 0; i < result->dataset_count; i++)
        if (strcmp(result->datasets[i].path, path) == 0)
            return &result->datasets[i];
    return NULL;
}

const sim_axis *sim_result_axis(const sim_result *result, const sim_dataset *dataset, int dimension)
{
    assert(dimension >= 0 && dimension < dataset->axis_count);
    return &result->axes[dataset->axes[dimension]];
}
