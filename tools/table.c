/* The table of posts: every dataset of the group "summary" that has the axis "post" alone is a column. */
#include "tools/table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/error.h"
#include "sim/result.h"
#include "tools/grid.h"

enum { MAX_COLUMNS = 16 };

static size_t columns_of(const sim_result *result, const sim_dataset **columns)
{
    size_t count = 0;
    for (size_t i = 0; i < result->dataset_count && count < MAX_COLUMNS; i++) {
        const sim_dataset *dataset = &result->datasets[i];
        if (strncmp(dataset->path, "summary/", 8) != 0 || dataset->axis_count != 1)
            continue;
        const sim_axis *axis = sim_result_axis(result, dataset, 0);
        if (strcmp(axis->name, "post") == 0 && axis->labels)
            columns[count++] = dataset;
    }
    return count;
}

static void put_value(tool_grid *grid, const sim_dataset *dataset, size_t i)
{
    if (dataset->is_integer)
        grid_format(grid, "%" PRId64, dataset->data.integers[i]);
    else if (isnan(dataset->data.reals[i]))
        grid_text(grid, "");
    else
        grid_format(grid, "%.4g", dataset->data.reals[i]);
}

int table_print(const sim_result *result, FILE *to)
{
    const sim_dataset *columns[MAX_COLUMNS];
    size_t count = columns_of(result, columns);
    const sim_axis *posts;
    tool_grid grid;
    int error;

    if (count == 0)
        return 0;
    posts = sim_result_axis(result, columns[0], 0);
    grid_init(&grid, count + 1, ~UINT64_C(1));
    grid_text(&grid, "Post");
    for (size_t k = 0; k < count; k++)
        grid_format(&grid, "%s [%s]", columns[k]->path + 8, columns[k]->unit);
    for (size_t i = 0; i < posts->size; i++) {
        grid_text(&grid, posts->labels[i]);
        for (size_t k = 0; k < count; k++)
            put_value(&grid, columns[k], i);
    }
    error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}
