/* What the readers of distributions share: dist.c (families), empirical.c (data), support.c (which
 * values can come). */
#ifndef SIM_CONFIG_DIST_H
#define SIM_CONFIG_DIST_H

#include "sim/input/config/internal.h"

/* All arrays of a spec come from the config's pool. False after reporting. */
bool sim_dist_read(const sim_reader *reader, sim_node node, sim_dist_spec *spec);
bool sim_dist_read_empirical(const sim_reader *reader, sim_node node, sim_dist_spec *spec);

/* The values of `keys` in the map `node`, SIM_NO_NODE where absent. The first `required` must be there; others than
 * `keys` must not. */
bool sim_dist_map(const sim_reader *reader, sim_node node, const char *const *keys, size_t n, size_t required,
                  sim_node *found);

/* Whether a family has this argument (texts need no NUL behind them), and what it is: in the parameter's dimension or a
 * plain number, whole or not. */
bool sim_dist_argument(const char *family, size_t family_length, const char *key, size_t key_length, bool *dimensioned,
                       bool *whole);

/* The smallest interval known to hold all values. */
void sim_dist_support(const sim_dist_spec *spec, double *low, double *high);
/* True when values remain after truncation, as far as the support tells. */
bool sim_dist_possible(const sim_dist_spec *spec);
/* For families without an upper bound: a value that it surely comes near, the mean before truncation. */
double sim_dist_typical(const sim_dist_spec *spec);

#endif
