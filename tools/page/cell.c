#include "tools/page/cell.h"

#include <math.h>

#include "sim/base/figure.h"

void cell_number(tool_grid *grid, double value)
{
    char text[FIGURE_SIZE];
    figure_number(text, value, 0);
    grid_text(grid, text);
}

void cell_wait(tool_grid *grid, double seconds)
{
    char text[FIGURE_SIZE];
    figure_wait(text, seconds);
    grid_text(grid, text);
}

void cell_share(tool_grid *grid, double share, int decimals)
{
    if (isfinite(share))
        grid_format(grid, "%.*f %%", decimals, 100 * share);
    else
        grid_text(grid, "-");
}
