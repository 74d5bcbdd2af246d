/* The table of posts: means over replications, all classes together; waits of people who crossed. Below it, over all posts, the key
 * figures with their intervals, and what was observed. */
#include "tools/table.h"

#include <math.h>
#include <string.h>

#include "tools/grid.h"
#include "tools/lookup.h"
#include "tools/table_observed.h"
#include "tools/words.h"

typedef void words_function(char *text, size_t size, double value);

static void put(tool_grid *grid, words_function *words, double value)
{
    char text[64];
    words(text, sizeof text, value);
    grid_text(grid, text);
}

/* Whether a station's name, "Bridge/entry/check", is of this post. */
static int is_at(const char *station, const char *post)
{
    size_t length = strlen(post);
    return strncmp(station, post, length) == 0 && station[length] == '/';
}

typedef struct {
    double utilisation; /* of all desks of the post together */
    double busiest;     /* of the station where it is highest */
    const char *station;
} desk_use;

static desk_use desks_of(const sim_result *result, const char *post)
{
    const sim_axis *stations = lookup_axis(result, "summary/desks_busy_mean", 1);
    desk_use found = {(double)NAN, (double)NAN, ""};
    double all_busy = 0, all_open = 0;
    for (size_t i = 0; stations && stations->labels && i < stations->size; i++) {
        double busy = lookup_mean(result, "summary/desks_busy_mean", i, LOOKUP_ALL);
        double open = lookup_mean(result, "summary/desks_open_mean", i, LOOKUP_ALL);
        if (!is_at(stations->labels[i], post) || !(open > 0))
            continue;
        all_busy += busy;
        all_open += open;
        if (!(busy / open <= found.busiest)) {
            found.busiest = busy / open;
            found.station = stations->labels[i] + strlen(post) + 1;
        }
    }
    if (all_open > 0)
        found.utilisation = all_busy / all_open;
    return found;
}

static void put_post(tool_grid *grid, const sim_result *result, const sim_axis *places, size_t place)
{
    ptrdiff_t waiting = lookup_label(lookup_axis(result, "summary/people_present_peak", 2), "waiting");
    desk_use desks = desks_of(result, places->labels[place]);
    char share[32];
    grid_text(grid, places->labels[place]);
    put(grid, words_count, lookup_mean(result, "summary/flow_arrived", place, LOOKUP_ALL));
    put(grid, words_count, lookup_mean(result, "summary/flow_crossed", place, LOOKUP_ALL));
    put(grid, words_count, waiting < 0 ? (double)NAN : lookup_mean(result, "summary/people_present_peak", place, waiting));
    put(grid, words_duration, lookup_weighted_mean(result, "summary/wait_post_mean", "summary/flow_crossed", place));
    put(grid, words_duration, lookup_quantile(result, "wait/post_histogram", place, 0.5));
    put(grid, words_duration, lookup_quantile(result, "wait/post_histogram", place, 0.95));
    put(grid, words_share, desks.utilisation);
    words_share(share, sizeof share, desks.busiest);
    grid_format(grid, "%s%s%s", desks.station, share[0] ? " " : "", share);
}

static int print_posts(const sim_result *result, const sim_axis *places, FILE *to)
{
    static const char *const heading[] = {"Post", "Came", "Crossed",     "Peak queue",   "Mean wait",
                                          "P50",  "P95",  "Utilisation", "Busiest desks"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    tool_grid grid;
    int error;
    grid_init(&grid, COLUMNS, 0xFE);
    for (size_t i = 0; i < COLUMNS; i++)
        grid_text(&grid, heading[i]);
    for (size_t i = 0; i < places->size; i++)
        if (lookup_is_post(result, i))
            put_post(&grid, result, places, i);
    error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

/* How a key figure is put: by its unit. */
static words_function *words_of(const char *figure)
{
    if (strncmp(figure, "wait.within", 11) == 0 || strcmp(figure, "desks.utilisation") == 0)
        return words_share;
    if (strcmp(figure, "wait.person_hours") != 0 && (strncmp(figure, "wait.", 5) == 0 || strncmp(figure, "travel.", 7) == 0))
        return words_duration;
    return words_count;
}

static int print_figures(const sim_result *result, FILE *to)
{
    const sim_axis *figures = lookup_axis(result, "key/mean", 0);
    tool_grid grid;
    int error;
    if (!figures || !figures->labels)
        return 0;
    grid_init(&grid, 3, 6);
    grid_text(&grid, "All together");
    grid_text(&grid, "Mean");
    grid_text(&grid, "+-");
    for (size_t i = 0; i < figures->size; i++) {
        double half_width, mean = lookup_figure(result, figures->labels[i], &half_width);
        if (isnan(mean))
            continue;
        grid_text(&grid, figures->labels[i]);
        put(&grid, words_of(figures->labels[i]), mean);
        put(&grid, words_of(figures->labels[i]), half_width);
    }
    putc('\n', to);
    error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

int table_print(const sim_result *result, FILE *to)
{
    const sim_axis *places = lookup_axis(result, "map/kind", 0);
    int error = 0;
    if (places && places->labels)
        error = print_posts(result, places, to);
    if (error == 0)
        error = print_figures(result, to);
    if (error == 0)
        error = table_observed_print(result, to);
    return error;
}
