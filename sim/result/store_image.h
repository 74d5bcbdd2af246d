/* The results file as an HDF5 file in memory: what store.c needs of it. Private to sim/result/store*.c.
 *
 * HDF5 never touches the disk: its file is built and read as an image in memory (core driver), and store.c writes and
 * reads plain bytes. So no HDF5 error on a full disk can be lost on closing, and no HDF5 file lock fails on a cluster's
 * file system. */
#ifndef SIM_STORE_IMAGE_H
#define SIM_STORE_IMAGE_H

#include <stddef.h>

#include "sim/result/result.h"

/* Builds the image of `result`; caller frees *image. 0, SIM_E_IO or SIM_E_MEMORY and one line in `why`. */
int store_image_build(const sim_result *result, void **image, size_t *image_size, char *why, size_t size);
/* Reads an image into `out` (initialised here; empty on failure). SIM_E_FORMAT, SIM_E_MEMORY and one line in `why`. */
int store_image_parse(sim_result *out, void *image, size_t image_size, char *why, size_t size);

#endif
