/* What the two halves of the store agree on: the results file as an HDF5 file in memory.
 *
 * HDF5 never touches the disk here: its file is built and read as an image in memory (core driver), and store.c writes and
 * reads plain bytes. So no HDF5 error on a full disk can be lost on closing, and no HDF5 file lock fails on a cluster's file
 * system. Private to sim/store*.c. */
#ifndef SIM_STORE_HDF5_H
#define SIM_STORE_HDF5_H

#include <stddef.h>

#include "sim/result.h"

/* Root attributes of the store itself. */
#define STORE_CONVENTIONS "CF-1.8"
#define STORE_FORMAT "hbmsim results"
enum { STORE_FORMAT_VERSION = 1 };
/* Texts of attributes that are long, have more than one line or a name that is no identifier are scalar datasets of this
 * group: an attribute of that size is shown in full by every header listing, and many tools read none above 64 KiB. */
#define STORE_TEXTS "provenance"
enum { STORE_TEXT_SHORT = 1024, STORE_DEPTH = 4 };

/* Builds the image of `result`; caller frees *image. 0, SIM_E_IO or SIM_E_MEMORY and one line in `why`. */
int store_image_build(const sim_result *result, void **image, size_t *image_size, char *why, size_t size);
/* Reads an image into `out` (initialised here; empty on failure). SIM_E_FORMAT, SIM_E_MEMORY and one line in `why`. */
int store_image_parse(sim_result *out, void *image, size_t image_size, char *why, size_t size);

#endif
