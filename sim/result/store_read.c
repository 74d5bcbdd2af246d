/* HDF5 image -> result. Takes only what store_write.c makes; anything else is told by name and refused.
 *
 * The image has passed its checksum (store.c) before HDF5 sees it, so that a damaged file never reaches HDF5's parser;
 * the checks here are for whole files of another make or version. */
#include "sim/result/store_hdf5.h"
#include "sim/result/store_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

/* A group being read: its scales, by address in the file. */
typedef struct {
    size_t count, room;
    haddr_t *addresses;
    int *axes;
} scales;

static int read_labels(store_reader *r, hid_t scale, const char *name, const char *doc, size_t count)
{
    store_strings s;
    int outcome = store_strings_read(&s, scale, count);
    if (outcome == 0)
        outcome = sim_result_labels(r->out, name, doc, count, (const char *const *)s.texts);
    store_strings_free(&s);
    return outcome;
}

static int read_values(store_reader *r, hid_t scale, const char *name, const char *doc, const char *unit, size_t count)
{
    double *values = malloc(count * sizeof *values);
    if (values == NULL)
        return SIM_E_MEMORY;
    int outcome = SIM_E_FORMAT;
    if (H5Dread(scale, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0)
        outcome = sim_result_values(r->out, name, doc, unit, count, values);
    free(values);
    return outcome;
}

static int scale_note(scales *s, hid_t scale, int axis)
{
    H5O_info_t info;
    if (H5Oget_info2(scale, &info, H5O_INFO_BASIC) < 0)
        return SIM_E_FORMAT;
    if (s->count == s->room) {
        size_t room = 2 * s->room + 8;
        haddr_t *addresses = realloc(s->addresses, room * sizeof *addresses);
        if (addresses == NULL)
            return SIM_E_MEMORY;
        s->addresses = addresses;
        int *axes = realloc(s->axes, room * sizeof *axes);
        if (axes == NULL)
            return SIM_E_MEMORY;
        s->axes = axes;
        s->room = room;
    }
    s->addresses[s->count] = info.addr;
    s->axes[s->count++] = axis;
    return 0;
}

static int read_scale(store_reader *r, scales *s, hid_t scale, const char *name)
{
    int rank, outcome = SIM_E_FORMAT;
    hsize_t sizes[SIM_MAX_AXES];
    char *doc = store_text_or_empty(r, scale, "long_name"), *unit = store_text_or_empty(r, scale, "units");
    hid_t type = H5Dget_type(scale);
    if (type < 0 || doc == NULL || unit == NULL || !store_shape(r, scale, H5Tget_size(type), &rank, sizes) || rank != 1)
        goto out;
    if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0)
        outcome = read_labels(r, scale, name, doc, (size_t)sizes[0]);
    else if (H5Tget_class(type) == H5T_FLOAT)
        outcome = read_values(r, scale, name, doc, unit, (size_t)sizes[0]);
    if (outcome >= 0)
        outcome = scale_note(s, scale, outcome);
out:
    store_close(type, H5Tclose);
    free(doc);
    free(unit);
    return outcome;
}

static herr_t take_address(hid_t dataset, unsigned dimension, hid_t scale, void *address)
{
    (void)dataset;
    (void)dimension;
    H5O_info_t info;
    if (H5Oget_info2(scale, &info, H5O_INFO_BASIC) < 0)
        return -1;
    *(haddr_t *)address = info.addr;
    return 0;
}

/* The result's axis on one dimension of a dataset, or -1. */
static int axis_on(const store_reader *r, const scales *s, hid_t dataset, int dimension, hsize_t size)
{
    haddr_t address = HADDR_UNDEF;
    if (H5DSget_num_scales(dataset, (unsigned)dimension) != 1 ||
        H5DSiterate_scales(dataset, (unsigned)dimension, NULL, take_address, &address) < 0)
        return -1;
    for (size_t i = 0; i < s->count; i++)
        if (s->addresses[i] == address)
            return r->out->axes[s->axes[i]].size == size ? s->axes[i] : -1;
    return -1;
}

static bool fill_reals(hid_t dataset, double *reals)
{
    return H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, reals) >= 0;
}

static bool fill_integers(hid_t dataset, int64_t *integers)
{
    return H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, integers) >= 0;
}

static int read_dataset(store_reader *r, const scales *s, hid_t dataset, const char *path)
{
    int rank, axes[SIM_MAX_AXES], outcome = SIM_E_FORMAT;
    hsize_t sizes[SIM_MAX_AXES];
    int64_t *integers;
    double *reals;
    char *doc = store_text_or_empty(r, dataset, "long_name"), *unit = store_text_or_empty(r, dataset, "units");
    hid_t type = H5Dget_type(dataset);
    if (type < 0 || doc == NULL || unit == NULL || H5Tget_size(type) != sizeof(double) ||
        !store_shape(r, dataset, sizeof(double), &rank, sizes))
        goto out;
    for (int i = 0; i < rank; i++) {
        axes[i] = axis_on(r, s, dataset, i, sizes[i]);
        if (axes[i] < 0)
            goto out;
    }
    if (H5Tget_class(type) == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2) {
        outcome = sim_result_integers(r->out, path, doc, unit, rank, axes, &integers);
        if (outcome == 0 && !fill_integers(dataset, integers))
            outcome = SIM_E_FORMAT;
    } else if (H5Tget_class(type) == H5T_FLOAT) {
        outcome = sim_result_reals(r->out, path, doc, unit, rank, axes, &reals);
        if (outcome == 0 && !fill_reals(dataset, reals))
            outcome = SIM_E_FORMAT;
    }
out:
    store_close(type, H5Tclose);
    free(doc);
    free(unit);
    return outcome;
}

static int read_group(store_reader *r, hid_t group, const char *path, int depth);

static int read_object(store_reader *r, scales *s, hid_t object, const char *path, int depth)
{
    const char *slash = strrchr(path, '/');
    switch (H5Iget_type(object)) {
    case H5I_GROUP:
        return depth < STORE_DEPTH ? read_group(r, object, path, depth + 1) : SIM_E_FORMAT;
    case H5I_DATASET:
        if (strncmp(path, STORE_TEXTS "/", sizeof STORE_TEXTS) == 0)
            return store_read_text(r, object);
        return H5DSis_scale(object) > 0 ? read_scale(r, s, object, slash == NULL ? path : slash + 1)
                                        : read_dataset(r, s, object, path);
    default:
        return SIM_E_FORMAT;
    }
}

/* The link number i in the order of creation: its path, if it is a plain link to something in the file. */
static bool link_path(hid_t group, hsize_t i, const char *above, char path[STORE_NAME_ROOM])
{
    H5L_info_t link;
    int start = snprintf(path, STORE_NAME_ROOM, "%s%s", above, above[0] == '\0' ? "" : "/");
    if (start < 0 || start >= STORE_NAME_ROOM)
        return false;
    size_t room = (size_t)(STORE_NAME_ROOM - start);
    ssize_t length =
        H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, path + start, room, H5P_DEFAULT);
    return length > 0 && (size_t)length < room &&
           H5Lget_info_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, &link, H5P_DEFAULT) >= 0 &&
           link.type == H5L_TYPE_HARD;
}

static int read_group(store_reader *r, hid_t group, const char *path, int depth)
{
    char inner[STORE_NAME_ROOM];
    int outcome = 0;
    scales s = {0};
    H5G_info_t info;
    if (H5Gget_info(group, &info) < 0)
        return store_refuse(r, "a group that cannot be read", path);
    for (hsize_t i = 0; i < info.nlinks && outcome == 0; i++) {
        inner[0] = '\0';
        outcome = SIM_E_FORMAT;
        if (link_path(group, i, path, inner)) {
            hid_t object = H5Oopen_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT);
            if (object >= 0) {
                outcome = read_object(r, &s, object, inner, depth);
                (void)H5Oclose(object);
            }
        }
        if (outcome != 0 && r->why[0] == '\0')
            outcome = store_failed(r, outcome, inner);
    }
    free(s.addresses);
    free(s.axes);
    return outcome;
}

static int read_format(store_reader *r)
{
    int version = 0;
    char *format = store_text(r, r->file, "format");
    bool known =
        format != NULL && strcmp(format, STORE_FORMAT) == 0 && store_integer(r->file, "format_version", &version);
    free(format);
    if (!known)
        return store_refuse(r, "not a results file of hbm", "format");
    if (version != STORE_FORMAT_VERSION) {
        (void)snprintf(r->why, r->size, "results format version %d, this program reads %d", version,
                       STORE_FORMAT_VERSION);
        return SIM_E_FORMAT;
    }
    r->hashes = store_text(r, r->file, "not_hashed");
    return r->hashes == NULL ? store_refuse(r, "missing", "not_hashed") : 0;
}

int store_image_parse(sim_result *out, void *image, size_t image_size, char *why, size_t size)
{
    int outcome = SIM_E_FORMAT;
    /* deflate packs at most 1032 : 1 */
    size_t most = image_size > SIZE_MAX / 1100 ? SIZE_MAX : 1100 * image_size;
    store_reader r = {.out = out, .file = -1, .most = most, .why = why, .size = size};
    store_lent lent = {image};
    H5E_auto2_t report;
    void *report_data;
    sim_result_init(out);
    why[0] = '\0';
    if (H5open() < 0 || H5Eget_auto2(H5E_DEFAULT, &report, &report_data) < 0 ||
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0) {
        (void)snprintf(why, size, "HDF5 does not start (out of memory?)");
        return SIM_E_MEMORY;
    }
    r.file = store_lent_open(&lent, image_size);
    if (r.file < 0) {
        (void)snprintf(why, size, "not an HDF5 file");
        goto out;
    }
    outcome = read_format(&r);
    if (outcome == 0)
        outcome = store_read_attributes(&r);
    if (outcome == 0)
        outcome = read_group(&r, r.file, "", 1);
out:
    store_close(r.file, H5Fclose);
    free(r.hashes);
    (void)H5Eset_auto2(H5E_DEFAULT, report, report_data);
    if (outcome != 0 && r.out_of_memory)
        outcome = SIM_E_MEMORY;
    if (outcome == SIM_E_MEMORY)
        (void)snprintf(why, size, "out of memory");
    if (outcome != 0)
        sim_result_free(out);
    return outcome;
}
