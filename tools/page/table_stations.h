/* Where people waited longest, station by station: the bottlenecks of a run, as a table. */
#ifndef TOOLS_TABLE_STATIONS_H
#define TOOLS_TABLE_STATIONS_H

#include <stdio.h>

#include "tools/page/view.h"

enum { TABLE_MOST_STATIONS = 6 };

/* Prints nothing when nobody waited. 0 or a negative error. */
int table_stations_print(const tool_view *view, FILE *to);

#endif
