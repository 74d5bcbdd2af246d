/* The table that a planner reads first: a line a post with people, peak queue, waits, utilisation, and what was
 * observed. */
#ifndef TOOLS_TABLE_H
#define TOOLS_TABLE_H

#include <stdio.h>

struct sim_result;

/* Prints the table to `to`; columns that the results have no data for are left out. 0 or a negative error. */
int table_print(const struct sim_result *result, FILE *to);

#endif
