/* What became of the orders of a plan: how often each was given and took effect, when first, and why not. */
#ifndef TOOLS_TABLE_ORDERS_H
#define TOOLS_TABLE_ORDERS_H

#include <stdio.h>

#include "tools/page/view.h"

/* Nothing for a run without a plan. 0 or a negative error; writing is checked by whoever closes `to`. */
int table_orders_print(const tool_view *view, FILE *to);

#endif
