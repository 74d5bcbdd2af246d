/* A sweep as people and programs read it: tables, JSON, files for SALib. */
#ifndef TOOLS_SWEEP_TELL_H
#define TOOLS_SWEEP_TELL_H

#include "models/study/sweep/sweep.h"

/* What a planner reads. SIM_E_MEMORY, SIM_E_IO. */
int sweep_print(const sweep *s, const sim_result *result, FILE *to);
/* `out`: the results file. */
int sweep_print_json(const sweep *s, const char *out, FILE *to);
/* Outputs for others: problem.txt, points.txt, points.csv, and a file a figure. Told when it fails. */
int sweep_export(const sweep *s, const char *folder);

#endif
