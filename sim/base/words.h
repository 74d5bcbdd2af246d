/* Durations as people read them. */
#ifndef TOOLS_WORDS_H
#define TOOLS_WORDS_H

#include <stddef.h>

/* The two largest units: "45 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"; NaN is "". */
void words_duration(char *text, size_t size, double seconds);

#endif
