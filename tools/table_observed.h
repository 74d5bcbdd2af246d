/* What was observed beside what was simulated, if the scenario names observations. */
#ifndef TOOLS_TABLE_OBSERVED_H
#define TOOLS_TABLE_OBSERVED_H

#include <stdio.h>

#include "sim/result.h"

/* Prints nothing when there is nothing observed. 0 or a negative error. */
int table_observed_print(const sim_result *result, FILE *to);

#endif
