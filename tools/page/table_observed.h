/* Observed beside simulated, as tables: how well the run agrees, post by post, beside a naive rule, then the
 * observations themselves. */
#ifndef TOOLS_TABLE_OBSERVED_H
#define TOOLS_TABLE_OBSERVED_H

#include <stdio.h>

#include "tools/page/view.h"

enum { TABLE_MOST_OBSERVATIONS = 40 };

/* Prints nothing when nothing was observed. 0 or a negative error. */
int table_observed_print(const tool_view *view, FILE *to);

#endif
