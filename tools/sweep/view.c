/* Finding a sweep's factors and figures in results. */
#include "tools/sweep/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/figure.h"

bool sweep_view_init(sweep_view *sweep, const tool_view *view)
{
    *sweep = (sweep_view){.view = view};
    if (!view_find(view, "sweep/value", "point", "factor", &sweep->value) ||
        !view_find(view, "sweep/mean", "point", "figure", &sweep->mean))
        return false;
    sweep->factors = sim_result_axis(view->result, sweep->value.dataset, 1);
    sweep->figures = sim_result_axis(view->result, sweep->mean.dataset, 1);
    sweep->factor_count = sweep->value.owners;
    sweep->figure_count = sweep->mean.owners;
    sweep->point_count = sweep->value.rows < sweep->mean.rows ? sweep->value.rows : sweep->mean.rows;
    return sweep->factors->labels != NULL && sweep->figures->labels != NULL;
}

/* Line i of a text into `line`; false when there is none. */
static bool line_of(const char *text, size_t i, char separator, char *line, size_t size)
{
    const char separators[2] = {separator, '\0'};
    line[0] = '\0';
    for (; text != NULL && i > 0; i--) {
        text = strchr(text, separator);
        text = text == NULL ? NULL : text + 1;
    }
    if (text == NULL)
        return false;
    snprintf(line, size, "%.*s", (int)strcspn(text, separators), text);
    return true;
}

void sweep_factor_name(const sweep_view *sweep, size_t factor, char name[SWEEP_NAME])
{
    enum { LONGEST = 40 };
    const char *path = sweep->factors->labels[factor], *from = path;
    while (strlen(from) > LONGEST) {
        const char *dot = strchr(from, '.');
        if (dot == NULL)
            break;
        from = dot + 1;
    }
    snprintf(name, SWEEP_NAME, "%s%s", from == path ? "" : "..", from);
}

void sweep_factor_unit(const sweep_view *sweep, size_t factor, char unit[SWEEP_UNIT])
{
    line_of(sim_result_text(sweep->view->result, SWEEP_FACTOR_UNITS), factor, '\n', unit, SWEEP_UNIT);
}

void sweep_figure_unit(const sweep_view *sweep, size_t figure, char unit[SWEEP_UNIT])
{
    line_of(sim_result_text(sweep->view->result, SWEEP_FIGURE_UNITS), figure, '\n', unit, SWEEP_UNIT);
}

bool sweep_word(const sweep_view *sweep, size_t factor, size_t i, char word[SWEEP_NAME])
{
    char line[4096];
    if (!line_of(sim_result_text(sweep->view->result, SWEEP_FACTOR_WORDS), factor, '\n', line, sizeof line) ||
        line[0] == '\0')
        return false;
    return line_of(line, i, '\t', word, SWEEP_NAME);
}

double sweep_scale(const char *unit, double most, const char **name)
{
    if (strcmp(unit, "s") == 0)
        return figure_time_unit(most, name);
    *name = strcmp(unit, "1") == 0 ? "" : unit;
    return 1;
}

double sweep_index(const sweep_view *sweep, const char *path, size_t factor, size_t figure)
{
    view_series series;
    if (!view_find(sweep->view, path, "factor", "figure", &series))
        return (double)NAN;
    return view_value(&series, factor, figure, 0);
}
