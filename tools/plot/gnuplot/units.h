/* What gets a line or panel of its own: the posts where most people cross, and all others together when they are too
 * many. */
#ifndef TOOLS_PLOT_UNITS_H
#define TOOLS_PLOT_UNITS_H

#include "tools/page/view.h"

enum { PLOT_MOST_UNITS = 12 };

typedef struct {
    char name[VIEW_NAME];
    const size_t *places; /* inside `places` of the list */
    size_t count;
    int post; /* index of the post; VIEW_NONE for several */
} plot_unit;

typedef struct {
    size_t count;
    plot_unit units[PLOT_MOST_UNITS];
    size_t *places;
} plot_units;

/* At most `most` units, by people crossed. With `others` the rest is the last unit, otherwise it is left out. 0 or
 * SIM_E_MEMORY; call plot_units_free. */
int plot_units_init(plot_units *units, const tool_view *view, size_t most, int others);
void plot_units_free(plot_units *units);

/* A series of a unit: sums over its places and bins. */
typedef struct {
    const plot_unit *unit;
    const view_series *series, *half_widths; /* half_widths may be NULL */
    size_t cell;                             /* SIZE_MAX: all cells together */
} plot_series;
/* script_value functions on a plot_series: mean of a level over the bins, with its half-width for a single post. */
double plot_level(const void *context, size_t first, size_t end, double *half_width);
/* Sum of a count over the bins [first, end). */
double plot_count(const plot_series *series, size_t first, size_t end);

#endif
