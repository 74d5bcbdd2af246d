/* The tables of the sites that are no posts: centres and informal crossings. */
#ifndef TOOLS_TABLE_SITES_H
#define TOOLS_TABLE_SITES_H

#include <stdio.h>

#include "tools/page/view.h"

/* Print nothing when there are none. 0 or a negative error; writing is checked by whoever closes `to`. */
int table_centres_print(const tool_view *view, FILE *to);
int table_crossings_print(const tool_view *view, FILE *to);

#endif
