/* The results file: one self-describing HDF5 file. The only part of the program that includes HDF5.
 *
 * Written to a temporary file beside the target, flushed, closed, read back and compared, then renamed, and the folder
 * synchronised, so that the final name never holds a damaged file. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "sim/result.h"

/* Writes all of `result` to `path`. On failure the earlier file under that name, if any, is untouched, no temporary file is
 * left behind, and a message of one line is in `why` (size bytes). 0, SIM_E_IO, SIM_E_MEMORY. */
int sim_store_write(const sim_result *result, const char *path, char *why, size_t size);
/* Reads a file that sim_store_write wrote. SIM_E_IO, SIM_E_FORMAT (not such a file, damaged, another format version). */
int sim_store_read(sim_result *out, const char *path, char *why, size_t size);

#endif
