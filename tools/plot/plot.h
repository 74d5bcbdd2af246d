/* Drawing of results: every plot that the results have data for, by gnuplot, in the formats asked for. */
#ifndef TOOLS_PLOT_H
#define TOOLS_PLOT_H

#include <stddef.h>

struct sim_result;

enum { PLOT_SVG = 1, PLOT_PNG = 2, PLOT_PDF = 4 };

/* What to draw; both empty: all plots. */
typedef struct {
    const char *only;           /* the name of one plot (the file's name without extension), or NULL */
    const char *const *metrics; /* series by their names, "queue/people_waiting": files metric-GROUP-NAME */
    size_t metric_count;
} plot_choice;

/* Draws into `folder`, which exists; files of the same names are replaced. `formats`: one or more PLOT_ bits. A name
 * that is no plot or no series of these results is SIM_E_INPUT before anything is drawn. Prints nothing. On success 0,
 * the number of files in *written, and in `why` (size bytes) which plots were left out for want of data, or "". On
 * failure a line in `why`: SIM_E_CHILD when gnuplot is missing or fails, SIM_E_IO, SIM_E_MEMORY, SIM_E_STOPPED after
 * SIGINT or SIGTERM; SIM_E_INPUT also when there is no data for `only`, or for none of the metrics. Nothing but
 * finished pictures stays in the folder. */
int plot_all(const struct sim_result *result, const char *folder, unsigned formats, const plot_choice *choice,
             int *written, char *why, size_t size);

#endif
