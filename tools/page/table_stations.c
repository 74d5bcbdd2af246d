/* The stations whose queues cost people most time, in all: shares of busy desks over a whole run hide them, since a
 * station that was short of desks for some days and idle for weeks looks idle. */
#include "tools/page/table_stations.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/page/grid.h"

typedef struct {
    size_t station;
    double waited; /* people x microseconds, mean over replications */
} ranked;

static int by_waiting(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->waited != y->waited)
        return x->waited > y->waited ? -1 : 1;
    return x->station < y->station ? -1 : x->station > y->station;
}

static void put_number(tool_grid *grid, double value, int decimals, const char *unit)
{
    char text[FIGURE_SIZE];
    figure_number(text, value, decimals);
    grid_format(grid, "%s%s", text, isfinite(value) ? unit : "");
}

static void put_station(tool_grid *grid, const tool_view *view, const ranked *row, double all)
{
    size_t i = row->station;
    double open = view_mean(view, "summary/desks_open_mean", "station", i, VIEW_NONE);
    double busy = view_mean(view, "summary/desks_busy_mean", "station", i, VIEW_NONE);
    grid_text(grid, view->stations[i].name);
    put_number(grid, row->waited / 3600e6, 0, " h");
    put_number(grid, 100 * row->waited / all, 0, " %");
    put_number(grid, view_mean(view, "summary/queue_people_waiting_peak", "station", i, VIEW_NONE), 0, "");
    put_number(grid, open, 1, "");
    put_number(grid, open > 0 ? 100 * busy / open : (double)NAN, 0, " %");
}

int table_stations_print(const tool_view *view, FILE *to)
{
    static const char *const heading[] = {"Most waiting at", "Waited", "Of all", "Peak queue", "Open desks", "Serving"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    ranked *order = calloc(view->station_count + 1, sizeof *order);
    double all = 0;
    tool_grid grid;
    if (!order)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < view->station_count; i++) {
        double waited = view_mean(view, "summary/queue_time_waited", "station", i, VIEW_NONE);
        order[i] = (ranked){i, isfinite(waited) ? waited : 0};
        all += order[i].waited;
    }
    qsort(order, view->station_count, sizeof *order, by_waiting);
    grid_init(&grid, COLUMNS, ~UINT64_C(1));
    for (size_t i = 0; i < COLUMNS; i++)
        grid_text(&grid, heading[i]);
    for (size_t i = 0; i < view->station_count && i < TABLE_MOST_STATIONS && order[i].waited > 0; i++)
        put_station(&grid, view, &order[i], all);
    int error = 0;
    if (all > 0) {
        putc('\n', to);
        error = grid_print(&grid, to);
        fputs("Waited: person-hours in the station's queue; open desks: mean over the run; serving: share of their "
              "time.\n",
              to);
    }
    grid_free(&grid);
    free(order);
    return error;
}
