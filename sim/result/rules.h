/* What may be added to a result. Private to sim/result*.c.
 *
 * It is what every reader of the results file shows well. The rest is refused when it is added, where the mistake is
 * made, and not when a long run is over and the file is to be written. */
#ifndef SIM_RESULT_RULES_H
#define SIM_RESULT_RULES_H

#include <stdbool.h>

#include "sim/result/result.h"

/* True for names of attributes that the store writes itself or that HDF5 and netCDF keep for themselves. */
bool sim_result_is_reserved(const char *name);
/* True when the dataset's axes exist and neither it nor they take a place in the file that another thing has. */
bool sim_result_allows(const sim_result *result, const sim_dataset *dataset);
/* True when nothing tells the two axes apart. */
bool sim_result_same_axis(const sim_axis *a, const sim_axis *b);

#endif
