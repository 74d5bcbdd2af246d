/* A sweep's results as plots and tables look at them: factors, key figures, units, and the numbers by factor or by
 * point. */
#ifndef TOOLS_SWEEP_VIEW_H
#define TOOLS_SWEEP_VIEW_H

#include "models/study/sweep/names.h"
#include "tools/page/view.h"

enum { SWEEP_NAME = 48, SWEEP_UNIT = 32 };

typedef struct {
    const tool_view *view;
    const sim_axis *factors, *figures;
    size_t factor_count, figure_count, point_count;
    view_series value, mean; /* [point, factor], [point, figure] */
} sweep_view;

/* False when the results are not those of a sweep. */
bool sweep_view_init(sweep_view *sweep, const tool_view *view);

/* A factor's path, shortened from its front to what a plot has room for: "..bridge_officers.shifts.0.head". */
void sweep_factor_name(const sweep_view *sweep, size_t factor, char name[SWEEP_NAME]);
/* Units of the numbers in the file: "s", "1" ... */
void sweep_factor_unit(const sweep_view *sweep, size_t factor, char unit[SWEEP_UNIT]);
void sweep_figure_unit(const sweep_view *sweep, size_t figure, char unit[SWEEP_UNIT]);
/* Word i of a factor that is a list of words; false when it is none or has no such word. */
bool sweep_word(const sweep_view *sweep, size_t factor, size_t i, char word[SWEEP_NAME]);

/* What numbers of a unit are divided by to be read, when the largest is `most`: times in minutes, hours, days; *name:
 * how the unit is called then. */
double sweep_scale(const char *unit, double most, const char **name);

/* A number of a dataset [factor, figure] such as "sobol/first"; NaN when there is none. */
double sweep_index(const sweep_view *sweep, const char *path, size_t factor, size_t figure);

#endif
