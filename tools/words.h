/* Numbers as people read them in tables. NaN is "" everywhere. */
#ifndef TOOLS_WORDS_H
#define TOOLS_WORDS_H

#include <stddef.h>

/* The two largest units: "45 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
void words_duration(char *text, size_t size, double seconds);
/* Rounded, thousands apart: "2,345,678". */
void words_count(char *text, size_t size, double number);
/* "87 %". */
void words_share(char *text, size_t size, double share);
/* Local time of an instant, "2022-03-01 06:00"; `unix_seconds` since 1970 UTC. */
void words_instant(char *text, size_t size, double unix_seconds, int offset_seconds);

#endif
