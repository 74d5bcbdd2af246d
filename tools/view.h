/* Look-ups in results that tables need: which places are posts, means over replications, sums over classes. What is not in the
 * results is NaN, so that a table simply leaves it out. */
#ifndef TOOLS_VIEW_H
#define TOOLS_VIEW_H

#include <stddef.h>

#include "sim/result.h"

/* The axis of a dataset, NULL when either is missing. */
const sim_axis *view_axis(const sim_result *result, const char *path, int dimension);
/* Index of a label, or -1. */
ptrdiff_t view_label(const sim_axis *axis, const char *label);
/* Whether place number `place` is a post. */
int view_is_post(const sim_result *result, size_t place);

enum { VIEW_ALL = -1 };
/* A summary [replication][owner] or [replication][owner][cell]: mean over replications, one cell or the sum of all. */
double view_mean(const sim_result *result, const char *path, size_t owner, ptrdiff_t cell);
/* Mean over replications of summary `path` in each class, weighted by summary `weight`. */
double view_weighted_mean(const sim_result *result, const char *path, const char *weight, size_t owner);
/* Quantile of a histogram [owner][class][bucket], classes and replications together, seconds. */
double view_quantile(const sim_result *result, const char *path, size_t owner, double q);
/* A key figure and the half-width of its interval. */
double view_figure(const sim_result *result, const char *figure, double *half_width);
/* The start of the run, seconds since 1970 UTC, and the scenario's offset; 0 or -1 when the time axis does not tell. */
int view_start(const sim_result *result, double *unix_seconds, int *offset_seconds);

#endif
