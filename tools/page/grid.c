/* Aligned text tables; widths count characters of UTF-8, not bytes. */
#include "tools/page/grid.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

void grid_init(tool_grid *grid, size_t columns, uint64_t right)
{
    assert(columns > 0 && columns <= 64);
    memset(grid, 0, sizeof *grid);
    grid->columns = columns;
    grid->right = right;
}

void grid_free(tool_grid *grid)
{
    for (size_t i = 0; i < grid->count; i++)
        free(grid->cells[i]);
    free(grid->cells);
    grid->cells = NULL;
    grid->count = grid->room = 0;
}

void grid_text(tool_grid *grid, const char *text)
{
    char *copy = strdup(text ? text : "");
    if (grid->count == grid->room) {
        size_t room = grid->room ? 2 * grid->room : 64;
        char **cells = realloc(grid->cells, room * sizeof *cells);
        if (!cells) {
            free(copy);
            grid->error = SIM_E_MEMORY;
            return;
        }
        grid->cells = cells;
        grid->room = room;
    }
    if (!copy) {
        grid->error = SIM_E_MEMORY;
        return;
    }
    grid->cells[grid->count++] = copy;
}

void grid_format(tool_grid *grid, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    grid_text(grid, text);
}

/* Characters: bytes that do not continue one. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void put_repeated(FILE *to, char c, size_t n)
{
    while (n-- > 0)
        putc(c, to);
}

static void put_row(const tool_grid *grid, const size_t *widths, size_t row, FILE *to)
{
    size_t owed = 0; /* blanks, written only when something follows */
    for (size_t i = 0; i < grid->columns; i++) {
        size_t at = row * grid->columns + i;
        const char *text = at < grid->count ? grid->cells[at] : "";
        size_t space = widths[i] - width_of(text);
        int right = (int)(grid->right >> i & 1);
        if (right)
            owed += space;
        if (*text) {
            put_repeated(to, ' ', owed);
            owed = 0;
            fputs(text, to);
        }
        owed += (right ? 0 : space) + 2;
    }
    putc('\n', to);
}

int grid_print(const tool_grid *grid, FILE *to)
{
    size_t widths[64] = {0}, rows = (grid->count + grid->columns - 1) / grid->columns;
    if (grid->error != 0)
        return grid->error;
    for (size_t i = 0; i < grid->count; i++) {
        size_t width = width_of(grid->cells[i]);
        if (width > widths[i % grid->columns])
            widths[i % grid->columns] = width;
    }
    for (size_t row = 0; row < rows; row++) {
        put_row(grid, widths, row, to);
        if (row > 0)
            continue;
        for (size_t i = 0; i < grid->columns; i++) {
            put_repeated(to, '-', widths[i]);
            fputs(i + 1 < grid->columns ? "  " : "\n", to);
        }
    }
    return 0;
}
