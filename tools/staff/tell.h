/* An inquiry into rosters as people and programs read it: tables, JSON. */
#ifndef TOOLS_STAFF_TELL_H
#define TOOLS_STAFF_TELL_H

#include "models/study/staff/staff.h"

int staff_print(const staff_study *study, FILE *to);
/* `out`: the results file. */
int staff_print_json(const staff_study *study, const char *out, FILE *to);

#endif
