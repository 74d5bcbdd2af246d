/* A table of text with aligned columns: cells row by row, the first row is the heading. Running out of memory is
 * remembered and told by grid_print. */
#ifndef TOOLS_GRID_H
#define TOOLS_GRID_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    size_t columns;
    size_t count, room; /* of cells */
    char **cells;
    uint64_t right; /* bit i: column i is aligned to the right */
    int error;
} tool_grid;

/* At most 64 columns. */
void grid_init(tool_grid *grid, size_t columns, uint64_t right);
void grid_free(tool_grid *grid);
void grid_text(tool_grid *grid, const char *text); /* copied; NULL is "" */
void grid_format(tool_grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Lines with a rule under the heading, two blanks between columns, none at the end. A last row that is not full is
 * filled up. 0 or a negative error; writing is checked by whoever closes `to`. */
int grid_print(const tool_grid *grid, FILE *to);

#endif
