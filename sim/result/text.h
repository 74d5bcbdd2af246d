/* Texts of results: names that every reader of the file accepts, and copies that are valid UTF-8.
 *
 * One invalid byte in one attribute makes xarray refuse the whole file, so that copies replace what is not UTF-8
 * (a command line may hold any bytes) by U+FFFD. Private to sim/result*.c. */
#ifndef SIM_RESULT_TEXT_H
#define SIM_RESULT_TEXT_H

#include <stdbool.h>

/* A copy in which each byte that is no part of valid UTF-8 is U+FFFD; NULL when out of memory. Caller frees. */
char *sim_text_copy(const char *text);
/* netCDF's rule: begins with a letter, digit, underscore or non-ASCII character; no slash or control character; no
 * blank at the end; at most 255 bytes. */
bool sim_text_is_name(const char *name);
/* One to four names joined by slashes. */
bool sim_text_is_path(const char *path);

#endif
