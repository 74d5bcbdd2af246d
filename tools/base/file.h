/* Files and folders as the commands use them. Messages go to standard error, `who` in front ("hbm run"). */
#ifndef TOOLS_FILE_H
#define TOOLS_FILE_H

#include <stddef.h>
#include <stdio.h>

struct sim_result;

/* "who: path: why"; the path once, also where `why` begins with it. */
void file_tell(const char *who, const char *path, const char *why);

/* A word in quotes where a shell needs them. */
void file_put_word(FILE *to, const char *word);

/* 0 when a file can be written to `path`: its folder exists and takes files, and `path` is not itself a folder.
 * Otherwise tells why, SIM_E_INPUT. */
int file_check_target(const char *who, const char *path);

/* Makes a folder and those above it; existing ones are fine. Otherwise tells why, SIM_E_INPUT. */
int file_make_folder(const char *who, const char *path);

/* Opens a results file and tells why if it cannot be: a missing file, or one that is no results file, is SIM_E_INPUT.
 * Caller frees *result with hbm_result_free. */
int file_open_result(const char *who, const char *path, struct sim_result **result);

/* The command line as a shell would take it again; caller frees, NULL when out of memory. */
char *file_command_line(int argc, char *const *argv);

#endif
