/* Drawing of results: every plot that the results have data for, by gnuplot, in the formats asked for. */
#ifndef TOOLS_PLOT_H
#define TOOLS_PLOT_H

#include <stddef.h>

struct sim_result;

enum { PLOT_SVG = 1, PLOT_PNG = 2, PLOT_PDF = 4 };

/* Draws into `folder`, which exists; files of the same names are replaced. `formats`: one or more PLOT_ bits. `only`: the name of
 * one plot (the file's name without extension), NULL for all; a name that is no plot is SIM_E_INPUT. Prints nothing. On success 0, the number
 * of files in *written, and in `why` (size bytes) which plots were left out for want of data, or "". On failure a line in `why`: SIM_E_CHILD when
 * gnuplot is missing or fails, SIM_E_IO, SIM_E_MEMORY, SIM_E_STOPPED after SIGINT or SIGTERM; SIM_E_INPUT also when there is no data for
 * `only`. Nothing but finished pictures stays in the folder. */
int plot_all(const struct sim_result *result, const char *folder, unsigned formats, const char *only, int *written, char *why, size_t size);

#endif
