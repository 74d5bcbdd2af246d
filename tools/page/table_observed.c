/* How well people and waits agree with what was observed. The naive rule forecasts a period by the last number observed
 * before it ("as many as yesterday"), a wait by the last report; a simulation that does worse tells nothing. Both
 * errors are taken over the same rows: those that have one before them. */
#include "tools/page/table_observed.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/figure.h"
#include "tools/page/cell.h"
#include "tools/page/grid.h"

/* What is compared: numbers of periods, or waits at instants. */
typedef struct {
    const tool_view *view;
    const view_observed *observed;
    const view_series *seen, *simulated;
    int periods;
} comparison;

typedef struct {
    size_t rows, forecasts;
    double seen, simulated;                   /* sums */
    double seen_together, simulated_together; /* of all posts over the same periods */
    double squares,
        squares_of_forecasts; /* errors of the simulation in rows that have one before, and of the naive rule there */
    double all_squares;
} agreement;

static int is_row(const comparison *c, size_t i, double place)
{
    return view_at(&c->observed->place, i) == place && isfinite(view_at(c->seen, i)) &&
           isfinite(view_at(c->simulated, i));
}

/* Whether row i is summed: of periods that overlap the longest counts (the first of equals), so that nobody counts
 * twice when there are days and a total over them. */
static int counts(const comparison *c, size_t i)
{
    const view_observed *o = c->observed;
    double begin = view_at(&o->begin, i), end = view_at(&o->end, i), length = end - begin;
    for (size_t k = 0; c->periods && k < o->count; k++) {
        double other_begin = view_at(&o->begin, k), other_end = view_at(&o->end, k), other = other_end - other_begin;
        if (k != i && is_row(c, k, view_at(&o->place, i)) && other_begin < end && begin < other_end &&
            (other > length || (other == length && k < i)))
            return 0;
    }
    return 1;
}

/* The observation that the naive rule takes for row i's: the last before it, of a period as long; NaN when there is
 * none. */
static double before(const comparison *c, size_t i)
{
    const view_observed *o = c->observed;
    double begin = view_at(&o->begin, i), end = view_at(&o->end, i), latest = -INFINITY, value = (double)NAN;
    for (size_t k = 0; k < o->count; k++) {
        double other_begin = view_at(&o->begin, k), other_end = view_at(&o->end, k);
        if (view_at(&o->place, k) != view_at(&o->place, i) || !isfinite(view_at(c->seen, k)) || other_end <= latest)
            continue;
        int fits = c->periods ? other_end <= begin + 1 &&
                                    fabs((other_end - other_begin) - (end - begin)) <= 0.05 * (end - begin)
                              : other_end < end;
        if (fits) {
            latest = other_end;
            value = view_at(c->seen, k);
        }
    }
    return value;
}

/* Adds all posts' people in the period of row i. */
static void add_together(const comparison *c, size_t i, agreement *a)
{
    const view_observed *o = c->observed;
    for (size_t k = 0; k < o->count; k++) {
        double place = view_at(&o->place, k);
        if (place >= 0 && view_at(&o->begin, k) == view_at(&o->begin, i) &&
            view_at(&o->end, k) == view_at(&o->end, i) && is_row(c, k, place)) {
            a->seen_together += view_at(c->seen, k);
            a->simulated_together += view_at(c->simulated, k);
        }
    }
}

static agreement agree(const comparison *c, double place)
{
    agreement a = {0};
    for (size_t i = 0; i < c->observed->count; i++) {
        if (!is_row(c, i, place))
            continue;
        double seen = view_at(c->seen, i), error = view_at(c->simulated, i) - seen, forecast = before(c, i);
        if (isfinite(forecast)) {
            a.forecasts++;
            a.squares += error * error;
            a.squares_of_forecasts += (forecast - seen) * (forecast - seen);
        }
        if (!counts(c, i))
            continue;
        a.rows++;
        a.seen += seen;
        a.simulated += seen + error;
        a.all_squares += error * error;
        add_together(c, i, &a);
    }
    return a;
}

static double rmse(const agreement *a)
{
    return a->forecasts > 0 ? sqrt(a->squares / (double)a->forecasts)
           : a->rows > 0    ? sqrt(a->all_squares / (double)a->rows)
                            : (double)NAN;
}

static double naive_rmse(const agreement *a)
{
    return a->forecasts > 0 ? sqrt(a->squares_of_forecasts / (double)a->forecasts) : (double)NAN;
}

static void put_heading(tool_grid *grid, const char *const *heading, size_t columns)
{
    grid_init(grid, columns, ~UINT64_C(1));
    for (size_t i = 0; i < columns; i++)
        grid_text(grid, heading[i]);
}

/* Prints the grid after a blank line, unless it has its heading alone. */
static int finish(tool_grid *grid, FILE *to, const char *note)
{
    int error = 0;
    if (grid->count > grid->columns) {
        putc('\n', to);
        error = grid_print(grid, to);
        fputs(note, to);
    }
    grid_free(grid);
    return error;
}

/* --- agreement by post --- */

static void put_people(tool_grid *grid, const comparison *c, double place)
{
    agreement a = agree(c, place);
    if (a.rows == 0)
        return;
    int shared = place >= 0 && a.seen_together > a.seen && a.simulated_together > 0;
    grid_text(grid, view_place_name(c->view, place));
    grid_format(grid, "%zu", a.rows);
    cell_number(grid, a.seen);
    cell_number(grid, a.simulated);
    cell_share(grid, shared ? a.seen / a.seen_together : (double)NAN, 1);
    cell_share(grid, shared ? a.simulated / a.simulated_together : (double)NAN, 1);
    cell_number(grid, rmse(&a));
    cell_number(grid, naive_rmse(&a));
}

static int print_people(const comparison *c, FILE *to)
{
    static const char *const heading[] = {"People who crossed", "Periods",    "Observed", "Simulated",
                                          "Share obs.",         "Share sim.", "RMSE",     "Naive RMSE"};
    tool_grid grid;
    put_heading(&grid, heading, sizeof heading / sizeof *heading);
    put_people(&grid, c, -1);
    for (size_t i = 0; i < c->view->post_count; i++)
        put_people(&grid, c, (double)c->view->posts[i].place);
    return finish(&grid, to,
                  "Share: among the posts that were counted over the same periods; RMSE: of a period's number; naive: "
                  "with the last\n"
                  "number before it as the forecast, over the same periods.\n");
}

static int print_waits(const comparison *c, FILE *to)
{
    static const char *const heading[] = {"Waits reported", "Reports", "Mean obs.", "Mean sim.", "RMSE", "Naive RMSE"};
    tool_grid grid;
    put_heading(&grid, heading, sizeof heading / sizeof *heading);
    for (size_t i = 0; i < c->view->post_count; i++) {
        agreement a = agree(c, (double)c->view->posts[i].place);
        if (a.rows == 0)
            continue;
        grid_text(&grid, c->view->posts[i].name);
        grid_format(&grid, "%zu", a.rows);
        cell_wait(&grid, a.seen / (double)a.rows);
        cell_wait(&grid, a.simulated / (double)a.rows);
        cell_wait(&grid, rmse(&a));
        cell_wait(&grid, naive_rmse(&a));
    }
    return finish(&grid, to,
                  "Waits of somebody who came at the time of the report; naive: with the last report before it as the "
                  "forecast.\n");
}

/* --- the observations themselves --- */

static void put_period(tool_grid *grid, const tool_view *view, const view_observed *o, size_t i)
{
    char begin[FIGURE_SIZE], end[FIGURE_SIZE];
    figure_instant(begin, view->local_start + view_at(&o->begin, i));
    figure_instant(end, view->local_start + view_at(&o->end, i));
    grid_text(grid, begin);
    grid_text(grid, end);
}

/* Either all posts together or the posts one by one. */
static int print_rows(const tool_view *view, const view_observed *o, int together, FILE *to)
{
    const char *const heading[] = {together ? "Observations" : "Observations by post",
                                   "From",
                                   "To (local)",
                                   "People obs.",
                                   "Sim.",
                                   "Wait obs.",
                                   "Sim."};
    size_t rows = 0;
    tool_grid grid;
    char note[120] = "";
    put_heading(&grid, heading, sizeof heading / sizeof *heading);
    for (size_t i = 0; i < o->count; i++) {
        double place = view_at(&o->place, i);
        if ((place < 0) != together || rows++ >= TABLE_MOST_OBSERVATIONS)
            continue;
        grid_text(&grid, view_place_name(view, place));
        put_period(&grid, view, o, i);
        cell_number(&grid, view_at(&o->people, i));
        cell_number(&grid, isfinite(view_at(&o->people, i)) ? view_at(&o->people_simulated, i) : (double)NAN);
        cell_wait(&grid, view_at(&o->wait, i));
        cell_wait(&grid, isfinite(view_at(&o->wait, i)) ? view_at(&o->wait_simulated, i) : (double)NAN);
    }
    if (rows > TABLE_MOST_OBSERVATIONS)
        snprintf(note, sizeof note, "... and %zu more in the results file, group \"observed\".\n",
                 rows - TABLE_MOST_OBSERVATIONS);
    return finish(&grid, to, note);
}

int table_observed_print(const tool_view *view, FILE *to)
{
    view_observed o;
    if (!view_find_observed(view, &o))
        return 0;
    const comparison people = {view, &o, &o.people, &o.people_simulated, 1},
                     waits = {view, &o, &o.wait, &o.wait_simulated, 0};
    int error = print_people(&people, to);
    if (error == 0)
        error = print_waits(&waits, to);
    if (error == 0)
        error = print_rows(view, &o, 1, to);
    return error == 0 ? print_rows(view, &o, 0, to) : error;
}
