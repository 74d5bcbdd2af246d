/* Two tables of observations: people by post (with the error of a single period), and waits one by one. */
#include "tools/table_observed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/error.h"
#include "tools/grid.h"
#include "tools/lookup.h"
#include "tools/words.h"

/* The group "observed": columns of equal length. place -1: all posts together. */
typedef struct {
    size_t count;
    const double *begin, *end, *place, *people, *people_simulated, *wait, *wait_simulated;
    const sim_axis *places;
} observed;

static const double *column(const sim_result *result, const char *path, size_t *count)
{
    const sim_dataset *dataset = sim_result_find(result, path);
    if (!dataset || dataset->is_integer || (*count != 0 && dataset->size != *count))
        return NULL;
    *count = dataset->size;
    return dataset->data.reals;
}

static int find(const sim_result *result, observed *o)
{
    memset(o, 0, sizeof *o);
    o->begin = column(result, "observed/begin", &o->count);
    o->end = column(result, "observed/end", &o->count);
    o->place = column(result, "observed/place", &o->count);
    o->people = column(result, "observed/people_observed", &o->count);
    o->people_simulated = column(result, "observed/people_simulated", &o->count);
    o->wait = column(result, "observed/wait_observed", &o->count);
    o->wait_simulated = column(result, "observed/wait_simulated", &o->count);
    o->places = lookup_axis(result, "map/kind", 0);
    return o->begin && o->end && o->place && o->people && o->people_simulated && o->wait && o->wait_simulated && o->places &&
                   o->places->labels
               ? 0
               : -1;
}

static const char *name_of(const observed *o, double place)
{
    return place < 0 || place >= (double)o->places->size ? "All posts" : o->places->labels[(size_t)place];
}

static int is_people_at(const observed *o, size_t i, double place)
{
    return fabs(o->place[i] - place) < 0.5 && !isnan(o->people[i]) && !isnan(o->people_simulated[i]);
}

/* Whether row i is among those that are summed: of periods that overlap, the longest counts (the first of equals), so that
 * nobody counts twice when there are days and a total over them. */
static int counts(const observed *o, size_t i)
{
    double length = o->end[i] - o->begin[i];
    for (size_t k = 0; k < o->count; k++) {
        double other = o->end[k] - o->begin[k];
        int overlap = is_people_at(o, k, o->place[i]) && o->begin[k] < o->end[i] && o->begin[i] < o->end[k];
        if (k != i && overlap && (other > length || (!(other < length) && k < i)))
            return 0;
    }
    return 1;
}

static void put_people(const observed *o, double place, tool_grid *grid)
{
    double seen = 0, simulated = 0, squares = 0;
    size_t rows = 0;
    char text[64];
    for (size_t i = 0; i < o->count; i++) {
        if (!is_people_at(o, i, place) || !counts(o, i))
            continue;
        double error = o->people_simulated[i] - o->people[i];
        rows++;
        seen += o->people[i];
        simulated += o->people_simulated[i];
        squares += error * error;
    }
    if (rows == 0)
        return;
    grid_text(grid, name_of(o, place));
    grid_format(grid, "%zu", rows);
    words_count(text, sizeof text, seen);
    grid_text(grid, text);
    words_count(text, sizeof text, simulated);
    grid_text(grid, text);
    words_share(text, sizeof text, seen > 0 ? simulated / seen : (double)NAN);
    grid_text(grid, text);
    words_count(text, sizeof text, sqrt(squares / (double)rows));
    grid_text(grid, text);
}

static int print_people(const observed *o, FILE *to)
{
    static const char *const heading[] = {"People who crossed", "Periods", "Observed", "Simulated", "Share", "RMSE a period"};
    tool_grid grid;
    int error = 0;
    grid_init(&grid, 6, 0x3E);
    for (size_t i = 0; i < 6; i++)
        grid_text(&grid, heading[i]);
    for (double place = -1; place < (double)o->places->size; place++)
        put_people(o, place, &grid);
    if (grid.count > 6) {
        putc('\n', to);
        error = grid_print(&grid, to);
    }
    grid_free(&grid);
    return error;
}

static int print_waits(const sim_result *result, const observed *o, FILE *to)
{
    static const char *const heading[] = {"Wait", "At", "Observed", "Simulated"};
    tool_grid grid;
    double start = 0;
    int error = 0, offset = 0, dated = lookup_start(result, &start, &offset) == 0;
    grid_init(&grid, 4, 0xC);
    for (size_t i = 0; i < 4; i++)
        grid_text(&grid, heading[i]);
    for (size_t i = 0; i < o->count; i++) {
        char text[64];
        if (isnan(o->wait[i]))
            continue;
        grid_text(&grid, name_of(o, o->place[i]));
        if (dated)
            words_instant(text, sizeof text, start + o->end[i], offset);
        else
            words_duration(text, sizeof text, o->end[i]);
        grid_text(&grid, text);
        words_duration(text, sizeof text, o->wait[i]);
        grid_text(&grid, text);
        words_duration(text, sizeof text, o->wait_simulated[i]);
        grid_text(&grid, text);
    }
    if (grid.count > 4) {
        putc('\n', to);
        error = grid_print(&grid, to);
    }
    grid_free(&grid);
    return error;
}

int table_observed_print(const sim_result *result, FILE *to)
{
    observed o;
    int error;
    if (find(result, &o) != 0)
        return 0;
    error = print_people(&o, to);
    return error == 0 ? print_waits(result, &o, to) : error;
}
