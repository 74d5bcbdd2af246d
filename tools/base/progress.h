/* Parts of a line of progress. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stddef.h>

enum { PROGRESS_BAR = 40 };

/* "[####----] ", "" for a width of 0; `done` from 0 to 1. */
void progress_bar(char bar[PROGRESS_BAR], double done, int width);
/* "12 k people" */
void progress_people(char *text, size_t size, double people);

#endif
