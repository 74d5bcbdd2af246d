/* A results file as plots and tables look at it: its posts, stations, time and series, found by name and checked for
 * shape once, so that whoever reads a number cannot read beside an array. What a file does not have is told by false
 * and NaN. */
#ifndef TOOLS_VIEW_H
#define TOOLS_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/result/result.h"

enum { VIEW_NAME = 96, VIEW_NONE = -1 };

typedef struct {
    size_t place;         /* index on the axis "place" */
    double crossed;       /* people who crossed in the run, mean over replications; at a centre: who came */
    char name[VIEW_NAME]; /* one line of UTF-8 without control characters */
} view_post;

typedef struct {
    size_t count;
    view_post *sites;
} view_sites;

typedef struct {
    int post; /* index into posts, VIEW_NONE when the name tells none */
    int side; /* 0 exit, 1 entry, VIEW_NONE */
    char name[VIEW_NAME];
} view_station;

typedef struct {
    const sim_result *result;
    const char *title;
    const sim_axis *time, *place, *station; /* NULL: the results have none */
    size_t bins;
    double step;        /* length of a time bin, s */
    double local_start; /* of the run: seconds since 1970-01-01T00:00 on local clocks */
    double local_end;   /* likewise; the last time bin may reach beyond it */
    size_t replications;
    double confidence;
    size_t post_count, station_count;
    view_post *posts;
    view_station *stations;
    view_sites centres, informal; /* sites that are no posts: no desks, no sides */
    int waiting;                  /* index of that state, VIEW_NONE */
} tool_view;

/* Looks at `result`, which must outlive the view. 0 or SIM_E_MEMORY. */
int view_init(tool_view *view, const sim_result *result);
void view_free(tool_view *view);

/* Numbers by a first axis (time or replication), an owner (place or station) and maybe a cell (class, state, bucket);
 * several cell axes count as one. */
typedef struct {
    const sim_dataset *dataset;
    size_t rows, owners, cells;
} view_series;

/* True when `path` is there with these axes; `rows` "" for data without a first axis. */
bool view_find(const tool_view *view, const char *path, const char *rows, const char *owners, view_series *series);
double view_value(const view_series *series, size_t row, size_t owner, size_t cell);
/* Sum over the cells; of those that are numbers, NaN when none is. */
double view_sum(const view_series *series, size_t row, size_t owner);

/* Mean over replications of a summary's sum over its cells, or of one cell; VIEW_NONE: the sum. NaN when there is none.
 */
double view_mean(const tool_view *view, const char *path, const char *owner, size_t index, int cell);

/* People in each state by time and place; its name in the file is the metric's. */
bool view_states(const tool_view *view, const char *suffix, view_series *series);
/* Index of a state by its name, VIEW_NONE. */
int view_state(const tool_view *view, const char *name);
/* Length of a time bin inside the run, s: the last one may be cut off by the run's end. */
double view_bin_length(const tool_view *view, size_t bin);

/* Mean wait of those who crossed in a bin over classes, weighted by how many; s. *people: how many. NaN and 0 when none
 * did. */
typedef struct {
    view_series mean, crossed;
} view_waits;
bool view_find_waits(const tool_view *view, view_waits *waits);
double view_wait(const view_waits *waits, size_t bin, size_t place, double *people);

/* The group "observed", row by row: what was counted or reported beside what was simulated; NaN where there is nothing.
 */
typedef struct {
    size_t count;
    view_series begin, end; /* of the period, s from the start of the run */
    view_series place;      /* -1: all posts together */
    view_series people, people_simulated;
    view_series wait, wait_simulated; /* at the period's end, s */
} view_observed;
bool view_find_observed(const tool_view *view, view_observed *observed);
/* A number of row i. */
double view_at(const view_series *column, size_t i);
/* Name of the post at a place, "All posts" for -1. */
const char *view_place_name(const tool_view *view, double place);

/* Durations of a post: the lower edges of the buckets in s and how many people fall into each. */
typedef struct {
    const double *edges;
    size_t buckets;
    double *people;
    double total;
} view_histogram;
/* Adds up the buckets of these places over the classes; without such data the histogram is empty. 0 or a negative
 * error; caller frees with view_histogram_free. */
int view_histogram_init(const tool_view *view, const char *path, const size_t *places, size_t count,
                        view_histogram *histogram);
void view_histogram_free(view_histogram *histogram);
/* Duration that a share q of the people did not exceed, s; NaN when there are none. */
double view_quantile(const view_histogram *histogram, double q);

#endif
