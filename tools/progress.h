/* Progress of a run on standard error: a bar with the time left on a terminal, one line a minute elsewhere. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

#include "models/hbm.h"

typedef struct {
    FILE *to; /* NULL: quiet */
    int terminal;
    size_t replications;
    double started; /* seconds, monotonic */
    double printed; /* when the last line was printed */
    int drawn;      /* a bar stands on the terminal's line */
    int stopped;    /* the signal that stopped the run, 0 if none did */
} tool_progress;

void progress_init(tool_progress *state, FILE *to, int quiet, size_t replications);
/* For hbm_run_options: `user` is the progress. Non-zero when SIGINT or SIGTERM waits. */
int progress_callback(const hbm_progress *now, void *user);
/* Wipes the bar away. */
void progress_end(tool_progress *state);

/* "[####----] ", "" for a width of 0; `done` from 0 to 1. "12 k people". */
enum { PROGRESS_BAR = 40 };
void progress_bar(char bar[PROGRESS_BAR], double done, int width);
void progress_people(char *text, size_t size, double people);

/* One line (no newline) for `now` after `elapsed` seconds; bar_width 0: no bar. Returns what snprintf does. */
int progress_line(char *line, size_t size, const hbm_progress *now, size_t replications, double elapsed, int bar_width);

#endif
