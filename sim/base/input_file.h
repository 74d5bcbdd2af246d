/* Reading an input file whole, and only if it is an ordinary file: a device never ends, a pipe never starts. */
#ifndef SIM_INPUT_FILE_H
#define SIM_INPUT_FILE_H

#include <stddef.h>

/* Reads `path` into memory with a NUL behind it; the caller frees *text. Files above `limit` bytes are refused before
 * reading. On failure *text is NULL and *why says in words what is wrong, as the end of a sentence (a static string):
 * SIM_E_INPUT (missing, not an ordinary file, too large), SIM_E_IO, SIM_E_MEMORY. */
int sim_input_file_read(const char *path, size_t limit, char **text, size_t *length, const char **why);

#endif
