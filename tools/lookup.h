/* Look-ups in results that tables need: which places are posts, means over replications, sums over classes. What is not in the
 * results is NaN, so that a table simply leaves it out. */
#ifndef TOOLS_LOOKUP_H
#define TOOLS_LOOKUP_H

#include <stddef.h>

#include "sim/result.h"

/* The axis of a dataset, NULL when either is missing. */
const sim_axis *lookup_axis(const sim_result *result, const char *path, int dimension);
/* Index of a label, or -1. */
ptrdiff_t lookup_label(const sim_axis *axis, const char *label);
/* Whether place number `place` is a post. */
int lookup_is_post(const sim_result *result, size_t place);

enum { LOOKUP_ALL = -1 };
/* A summary [replication][owner] or [replication][owner][cell]: mean over replications, one cell or the sum of all. */
double lookup_mean(const sim_result *result, const char *path, size_t owner, ptrdiff_t cell);
/* Mean over replications of summary `path` in each class, weighted by summary `weight`. */
double lookup_weighted_mean(const sim_result *result, const char *path, const char *weight, size_t owner);
/* Quantile of a histogram [owner][class][bucket], classes and replications together, seconds. */
double lookup_quantile(const sim_result *result, const char *path, size_t owner, double q);
/* A key figure and the half-width of its interval. */
double lookup_figure(const sim_result *result, const char *figure, double *half_width);
/* The start of the run, seconds since 1970 UTC, and the scenario's offset; 0 or -1 when the time axis does not tell. */
int lookup_start(const sim_result *result, double *unix_seconds, int *offset_seconds);

#endif
