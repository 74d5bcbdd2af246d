/* Choosing posts and adding up their series. */
#include "tools/plot/gnuplot/units.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

/* Most people first; the order of the scenario decides between equals. */
static int by_crossed(const void *a, const void *b)
{
    const view_post *const *x = a, *const *y = b;
    if ((*x)->crossed != (*y)->crossed)
        return (*x)->crossed > (*y)->crossed ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

static void fill(plot_units *units, const tool_view *view, const view_post *const *order, size_t most, int others)
{
    size_t single = view->post_count > most ? most - (others != 0) : view->post_count;
    for (size_t i = 0; i < view->post_count; i++)
        units->places[i] = order[i]->place;
    for (size_t i = 0; i < single; i++) {
        plot_unit *unit = &units->units[units->count++];
        memcpy(unit->name, order[i]->name, sizeof unit->name);
        unit->places = units->places + i;
        unit->count = 1;
        unit->post = (int)(order[i] - view->posts);
    }
    if (single < view->post_count && others) {
        plot_unit *unit = &units->units[units->count++];
        snprintf(unit->name, sizeof unit->name, "%zu other posts", view->post_count - single);
        unit->places = units->places + single;
        unit->count = view->post_count - single;
        unit->post = VIEW_NONE;
    }
}

int plot_units_init(plot_units *units, const tool_view *view, size_t most, int others)
{
    memset(units, 0, sizeof *units);
    const view_post **order = malloc((view->post_count + 1) * sizeof *order);
    units->places = malloc((view->post_count + 1) * sizeof *units->places);
    if (!order || !units->places) {
        free(order);
        return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < view->post_count; i++)
        order[i] = &view->posts[i];
    if (view->post_count > 0)
        qsort(order, view->post_count, sizeof *order, by_crossed);
    fill(units, view, order, most < PLOT_MOST_UNITS ? most : PLOT_MOST_UNITS, others);
    free(order);
    return 0;
}

void plot_units_free(plot_units *units)
{
    free(units->places);
    units->places = NULL;
    units->count = 0;
}

static double value_at(const view_series *series, size_t bin, size_t place, size_t cell)
{
    return cell == SIZE_MAX ? view_sum(series, bin, place) : view_value(series, bin, place, cell);
}

double plot_count(const plot_series *series, size_t first, size_t end)
{
    double sum = 0;
    size_t numbers = 0;
    for (size_t bin = first; bin < end; bin++)
        for (size_t i = 0; i < series->unit->count; i++) {
            double value = value_at(series->series, bin, series->unit->places[i], series->cell);
            if (isfinite(value)) {
                sum += value;
                numbers++;
            }
        }
    return numbers > 0 ? sum : (double)NAN;
}

double plot_level(const void *context, size_t first, size_t end, double *half_width)
{
    const plot_series *series = context;
    double bins = (double)(end - first);
    if (series->half_widths && series->unit->count == 1) {
        /* neighbouring bins go up and down together, so the mean of the half-widths is close and never too narrow */
        plot_series halves = *series;
        halves.series = series->half_widths;
        *half_width = plot_count(&halves, first, end) / bins;
    }
    return plot_count(series, first, end) / bins;
}
