/* HDF5 files in memory: one whose memory is taken over when it is closed, one whose memory is lent to HDF5. No copies
 * are made. */
#include "sim/result/store_hdf5.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

/* The memory of the file. H5Fget_file_image would be simpler, but HDF5 1.10 clears a flag in the copy and leaves the
 * checksum over it as it was, so that the copy does not open; what stands in memory when the file is closed is right.
 */
static void *image_malloc(size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    store_taken *image = data;
    image->bytes = malloc(size);
    image->room = image->bytes == NULL ? 0 : size;
    return image->bytes;
}

static void *image_realloc(void *bytes, size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    store_taken *image = data;
    void *moved = realloc(bytes, size);
    if (moved != NULL) {
        image->bytes = moved;
        image->room = size;
    }
    return moved;
}

static herr_t image_keep(void *bytes, H5FD_file_image_op_t operation, void *data)
{
    (void)bytes;
    (void)operation;
    (void)data;
    return 0; /* freed by its owner */
}

static void *data_share(void *data)
{
    return data;
}

static herr_t data_keep(void *data)
{
    (void)data;
    return 0;
}

bool store_taken_set(store_taken *taken, hid_t access)
{
    H5FD_file_image_callbacks_t callbacks = {
        .image_malloc = image_malloc,
        .image_realloc = image_realloc,
        .image_free = image_keep,
        .udata_copy = data_share,
        .udata_free = data_keep,
        .udata = taken,
    };
    return H5Pset_fapl_core(access, STORE_STEP, false) >= 0 && H5Pset_file_image_callbacks(access, &callbacks) >= 0;
}

/* The memory is a multiple of the driver's step; the end of the file stands in the superblock (HDF5 file format,
 * version 2: eight bytes, lowest first, at offset 28). */
int store_taken_finish(store_taken *image, void **bytes, size_t *size)
{
    const uint8_t *block = image->bytes;
    uint64_t end = 0;
    if (image->room < 48 || block[8] != 2 || block[9] != 8)
        return SIM_E_IO;
    for (size_t i = 0; i < 8; i++)
        end |= (uint64_t)block[28 + i] << (8 * i);
    if (end < 48 || end > image->room)
        return SIM_E_IO;
    *bytes = image->bytes;
    *size = (size_t)end;
    image->bytes = NULL;
    return 0;
}

/* Lending. H5LTopen_file_image does that too, but loses a little memory each time. */
static void *image_lend(size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)size;
    (void)operation;
    return ((store_lent *)data)->image;
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)data;
    (void)operation;
    if (to != from)
        memcpy(to, from, size);
    return to;
}

hid_t store_lent_open(store_lent *lent, size_t size)
{
    hid_t file = -1, access = H5Pcreate(H5P_FILE_ACCESS);
    H5FD_file_image_callbacks_t callbacks = {
        .image_malloc = image_lend,
        .image_memcpy = image_copy,
        .image_free = image_keep,
        .udata_copy = data_share,
        .udata_free = data_keep,
        .udata = lent,
    };
    if (access >= 0 && H5Pset_fapl_core(access, STORE_STEP, false) >= 0 &&
        H5Pset_file_image_callbacks(access, &callbacks) >= 0 && H5Pset_file_image(access, lent->image, size) >= 0)
        file = H5Fopen(STORE_NOWHERE, H5F_ACC_RDONLY, access);
    store_close(access, H5Pclose);
    return file;
}
