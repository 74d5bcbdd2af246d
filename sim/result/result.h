/* Results in memory: axes, datasets and attributes, as they stand in the results file.
 *
 * A dataset is an array of int64 or double, row-major, whose dimensions are named axes. Its path is "group/name";
 * axes belong to the result and may be shared by groups. The store (store.h) writes and reads this, plots and reports
 * read it. */
#ifndef SIM_RESULT_H
#define SIM_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/diag.h"

enum { SIM_MAX_AXES = 5 };

typedef struct {
    char *name; /* "time", "station", "class", "quantile", "replication", "bucket" */
    char *doc;
    char *unit; /* "s" ...; CF "seconds since 2022-02-24T00:00:00+01:00" for time; "" for labels */
    size_t size;
    char **labels;  /* UTF-8, or NULL: */
    double *values; /* coordinates; one of the two is given */
} sim_axis;

typedef struct {
    char *path; /* "queue/people_waiting" */
    char *doc;
    char *unit;
    int axis_count;
    int axes[SIM_MAX_AXES]; /* indices into the result's axes, slowest first */
    int is_integer;
    union {
        int64_t *integers;
        double *reals; /* NaN: no value */
    } data;
    size_t size; /* product of the axes' sizes; 1 for scalars */
} sim_dataset;

/* Attributes of the root: provenance. Long texts (the scenario) are attributes by name too; the store decides how to
 * keep them. `hashed` ones are part of the results' hash, others (time, threads, host) are not. */
typedef struct {
    char *name;
    char *text;
    int hashed;
} sim_attribute;

typedef struct sim_result {
    size_t axis_count, dataset_count, attribute_count;
    sim_axis *axes;
    sim_dataset *datasets;
    sim_attribute *attributes;
    size_t axis_room, dataset_room, attribute_room;
} sim_result;

void sim_result_init(sim_result *result);
void sim_result_free(sim_result *result);

/* Add a label axis (labels copied) or a value axis (values copied). Return its index or a negative error; an axis equal
 * in everything to an earlier one gets that one's index. Texts here and below are copied, what is no UTF-8 in them
 * becomes U+FFFD. SIM_E_INPUT: size 0, or a name with a slash, a control character, a blank at its end, or a first
 * character that is ASCII but no letter, digit or underscore (netCDF's rule). */
int sim_result_labels(sim_result *result, const char *name, const char *doc, size_t size, const char *const *labels);
int sim_result_values(sim_result *result, const char *name, const char *doc, const char *unit, size_t size,
                      const double *values);
/* Adds a dataset of zeros (integers) or NaN (reals); the caller fills the array returned in *integers or *reals. 0 or
 * an error. SIM_E_INPUT for what the file's readers could not show: a path that is taken or not one to four names
 * joined by slashes, the group "provenance", the same axis twice, a dataset named as an axis of its group, two
 * different axes of one name in one group. Units are written as UDUNITS and CF know them: "s", "1", "m2"; words such as
 * "seconds" make xarray convert to timedelta. */
int sim_result_integers(sim_result *result, const char *path, const char *doc, const char *unit, int axis_count,
                        const int *axes, int64_t **integers);
int sim_result_reals(sim_result *result, const char *path, const char *doc, const char *unit, int axis_count,
                     const int *axes, double **reals);
/* Sets or replaces an attribute. SIM_E_INPUT: the name is empty or one of those that the store writes itself
 * (Conventions, format, format_version, results_sha256, not_hashed) or that HDF5 and netCDF reserve. */
int sim_result_attribute(sim_result *result, const char *name, const char *text, int hashed);

const sim_dataset *sim_result_find(const sim_result *result, const char *path); /* NULL if absent */
const sim_axis *sim_result_axis(const sim_result *result, const sim_dataset *dataset, int dimension);
const char *sim_result_text(const sim_result *result, const char *attribute); /* NULL if absent */

/* What differs first (an axis's name, a dataset's path, an attribute's name; it belongs to `a`), NULL when all is equal
 * bit for bit, the order of adding and the payload of NaNs aside. */
const char *sim_result_difference(const sim_result *a, const sim_result *b);

/* SHA-256 over all axes, datasets and hashed attributes, in an order that does not depend on how they were added, and
 * neither on byte order nor padding; NaNs count as one value, -0.0 and 0.0 as two. 64 hexadecimal digits and NUL. 0 or
 * SIM_E_MEMORY. */
int sim_result_hash(const sim_result *result, char hex[65]);

#endif
