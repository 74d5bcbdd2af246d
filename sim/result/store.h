/* The results file: one self-describing HDF5 file. Only sim/result/store*.c include HDF5.
 *
 * Written to a temporary file beside the target, flushed, read back and compared, then renamed, and the folder
 * synchronised, so that the final name never holds a damaged file. In the file, each group has its own dimension
 * scales, so that it can be opened alone (xarray.open_dataset(path, group="queue")); attributes are the root's, long
 * ones are in the group "provenance"; results_sha256 is sim_result_hash. Behind the HDF5 data, where HDF5 does not
 * look, stands a seal over all bytes: a file that was damaged or changed by another tool is still HDF5, but is refused
 * here. Equal results are equal bytes.
 *
 * HDF5 is not thread-safe as Debian builds it: one call at a time in a process. Under a limit on file size
 * (RLIMIT_FSIZE) the program should ignore SIGXFSZ, otherwise the signal ends it (the old file then stays as well). */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "sim/result/result.h"

/* Writes all of `result` to `path`. On failure the earlier file under that name, if any, is untouched, no temporary
 * file is left behind, and a message of one line is in `why` (size bytes). Folders, devices and symbolic links as
 * targets are refused. An earlier file's permissions are kept. Temporary files that killed processes of this host left
 * for this target are removed. 0, SIM_E_IO, SIM_E_MEMORY. Only when the folder cannot be synchronised at the very end,
 * SIM_E_IO comes with the new file in place. Memory: the compressed file and a second copy of the results; time: some 4
 * s for 90 MB of data. */
int sim_store_write(const sim_result *result, const char *path, char *why, size_t size);
/* Reads a file that sim_store_write wrote; datasets and axes come in the order of the groups. `out` is initialised
 * here, and empty on failure; the caller frees it. SIM_E_IO, SIM_E_FORMAT (not such a file, damaged, changed, another
 * format version), SIM_E_MEMORY. */
int sim_store_read(sim_result *out, const char *path, char *why, size_t size);

#endif
