/* Cells of the run's tables: numbers, waits and shares as people read them, "-" where there is none. */
#ifndef TOOLS_CELL_H
#define TOOLS_CELL_H

#include "tools/page/grid.h"

void cell_number(tool_grid *grid, double value);
void cell_wait(tool_grid *grid, double seconds);
/* In per cent with so many decimals. */
void cell_share(tool_grid *grid, double share, int decimals);

#endif
