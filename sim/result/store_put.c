/* Arrays and groups of an HDF5 image: how arrays lie in it (chunks, filters, no times), groups made as they are needed.
 */
#include "sim/result/store_hdf5.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHUNK_LARGEST = 1 << 20, DEFLATE_LEVEL = 4 };

/* Chunks of at most 1 MiB and, where the dataset is that large, at least 64 KiB: the slowest dimensions are cut first.
 */
static void chunk_of(int rank, const hsize_t *sizes, size_t element, hsize_t *chunk)
{
    hsize_t inner = element;
    for (int i = 0; i < rank; i++) {
        chunk[i] = sizes[i];
        inner *= sizes[i];
    }
    for (int i = 0; i < rank && inner > CHUNK_LARGEST; i++) {
        inner /= sizes[i];
        hsize_t rows = inner >= CHUNK_LARGEST ? 1 : CHUNK_LARGEST / inner;
        hsize_t parts = (sizes[i] + rows - 1) / rows;
        chunk[i] = (sizes[i] + parts - 1) / parts; /* parts of nearly equal size */
        inner *= chunk[i];
    }
}

static hid_t dataset_properties(int rank, const hsize_t *sizes, size_t element, H5T_class_t kind)
{
    double none = NAN;
    hsize_t chunk[SIM_MAX_AXES];
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    if (list < 0 || H5Pset_obj_track_times(list, false) < 0 ||
        H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0)
        goto fail;
    if (kind == H5T_FLOAT && H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &none) < 0)
        goto fail;
    if (rank > 0 && kind != H5T_STRING) { /* filters would see only references to strings */
        chunk_of(rank, sizes, element, chunk);
        if (H5Pset_chunk(list, rank, chunk) < 0 || H5Pset_shuffle(list) < 0 ||
            H5Pset_deflate(list, DEFLATE_LEVEL) < 0 || H5Pset_fletcher32(list) < 0)
            goto fail;
    }
    return list;
fail:
    store_close(list, H5Pclose);
    return -1;
}

hid_t store_put_array(const store_writer *w, hid_t group, const char *name, int rank, const hsize_t *sizes, hid_t type,
                      hid_t memory_type, const void *data)
{
    hid_t dataset = -1, space = -1;
    hid_t properties = dataset_properties(rank, sizes, H5Tget_size(type), H5Tget_class(type));
    if (properties < 0)
        goto out;
    space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, sizes, NULL);
    if (space < 0)
        goto out;
    dataset = H5Dcreate2(group, name, type, space, w->named, properties, H5P_DEFAULT);
    if (dataset >= 0 && H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) {
        (void)H5Dclose(dataset);
        dataset = -1;
    }
out:
    store_close(space, H5Sclose);
    store_close(properties, H5Pclose);
    return dataset;
}

hid_t store_put_strings(const store_writer *w, hid_t group, const char *name, int rank, hsize_t size,
                        const char *const *strings)
{
    hid_t type = store_text_type(H5T_VARIABLE);
    hid_t dataset = type < 0 ? -1 : store_put_array(w, group, name, rank, &size, type, type, strings);
    store_close(type, H5Tclose);
    return dataset;
}

hid_t store_group_of(const store_writer *w, const char *path)
{
    hid_t group = H5Gopen2(w->file, "/", H5P_DEFAULT);
    for (const char *slash = strchr(path, '/'); slash != NULL && group >= 0; slash = strchr(path, '/')) {
        char name[256];
        (void)snprintf(name, sizeof name, "%.*s", (int)(slash - path), path);
        htri_t exists = H5Lexists(group, name, H5P_DEFAULT);
        hid_t next = exists < 0   ? -1
                     : exists > 0 ? H5Gopen2(group, name, H5P_DEFAULT)
                                  : H5Gcreate2(group, name, w->named, w->group, H5P_DEFAULT);
        (void)H5Gclose(group);
        group = next;
        path = slash + 1;
    }
    return group;
}
