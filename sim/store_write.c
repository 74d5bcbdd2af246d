/* Result -> HDF5 image. Each group has its own copies of the dimension scales that its datasets use, so that it can be opened
 * alone: xarray shows of a group only what lies in it. Datasets of strings have variable length, because netCDF 4.9.0 reads arrays of
 * fixed-length ones beyond their end. Nothing depends on time or place: equal results give equal bytes. */
#include "sim/store_hdf5.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/error.h"

enum { CHUNK_LARGEST = 1 << 20, DEFLATE_LEVEL = 4 };

/* The file in memory, handed over by HDF5 when it closes it. */
typedef struct {
    void *bytes;
    size_t room;
} taken_image;

/* Property lists used all over; 0 is no valid identifier. */
typedef struct {
    taken_image *image;
    hid_t file;
    hid_t named;     /* links: UTF-8 names */
    hid_t attribute; /* attributes: UTF-8 names */
    hid_t group;     /* creation order tracked, no times */
} writer;

static void close_if(hid_t id, herr_t (*close)(hid_t))
{
    if (id > 0)
        (void)close(id); /* in memory: what failed has failed before */
}

/* UTF-8 text of `length` bytes, padded by NUL; H5T_VARIABLE: of any length. */
static hid_t text_type(size_t length)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0)
        return type;
    H5T_str_t padding = length == H5T_VARIABLE ? H5T_STR_NULLTERM : H5T_STR_NULLPAD;
    if (H5Tset_size(type, length) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 || H5Tset_strpad(type, padding) < 0) {
        (void)H5Tclose(type);
        return -1;
    }
    return type;
}

/* A scalar attribute. */
static bool put(const writer *w, hid_t object, const char *name, hid_t type, hid_t memory_type, const void *value)
{
    bool done = false;
    hid_t attribute = -1, space = H5Screate(H5S_SCALAR);
    if (space < 0)
        goto out;
    attribute = H5Acreate2(object, name, type, space, w->attribute, H5P_DEFAULT);
    done = attribute >= 0 && H5Awrite(attribute, memory_type, value) >= 0;
out:
    close_if(attribute, H5Aclose);
    close_if(space, H5Sclose);
    return done;
}

static bool put_text(const writer *w, hid_t object, const char *name, const char *text)
{
    size_t length = strlen(text);
    hid_t type = text_type(length == 0 ? 1 : length);
    bool done = type >= 0 && put(w, object, name, type, type, text);
    close_if(type, H5Tclose);
    return done;
}

static bool put_integer(const writer *w, hid_t object, const char *name, int value)
{
    return put(w, object, name, H5T_STD_I32LE, H5T_NATIVE_INT, &value);
}

static bool put_doc_and_unit(const writer *w, hid_t object, const char *doc, const char *unit)
{
    return (doc[0] == '\0' || put_text(w, object, "long_name", doc)) && (unit[0] == '\0' || put_text(w, object, "units", unit));
}

/* Chunks of at most 1 MiB and, where the dataset is that large, at least 64 KiB: the slowest dimensions are cut first. */
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
        if (H5Pset_chunk(list, rank, chunk) < 0 || H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, DEFLATE_LEVEL) < 0 ||
            H5Pset_fletcher32(list) < 0)
            goto fail;
    }
    return list;
fail:
    close_if(list, H5Pclose);
    return -1;
}

/* Creates a dataset and writes all of it; returns it open. */
static hid_t put_array(const writer *w, hid_t group, const char *name, int rank, const hsize_t *sizes, hid_t type, hid_t memory_type,
                       const void *data)
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
    close_if(space, H5Sclose);
    close_if(properties, H5Pclose);
    return dataset;
}

static hid_t put_strings(const writer *w, hid_t group, const char *name, int rank, hsize_t size, const char *const *strings)
{
    hid_t type = text_type(H5T_VARIABLE);
    hid_t dataset = type < 0 ? -1 : put_array(w, group, name, rank, &size, type, type, strings);
    close_if(type, H5Tclose);
    return dataset;
}

/* CF: a coordinate in "<unit> since <instant>" is the time axis. */
static bool put_time(const writer *w, hid_t scale, const char *unit)
{
    return strstr(unit, " since ") == NULL ||
           (put_text(w, scale, "standard_name", "time") && put_text(w, scale, "axis", "T") &&
            put_text(w, scale, "calendar", "proleptic_gregorian"));
}

/* The group's own copy of an axis: made when its first dataset needs it, opened otherwise. */
static hid_t scale_in(const writer *w, hid_t group, const sim_axis *axis)
{
    htri_t exists = H5Lexists(group, axis->name, H5P_DEFAULT);
    if (exists != 0)
        return exists < 0 ? -1 : H5Dopen2(group, axis->name, H5P_DEFAULT);
    hsize_t size = axis->size;
    hid_t scale = axis->labels != NULL ? put_strings(w, group, axis->name, 1, size, (const char *const *)axis->labels)
                                       : put_array(w, group, axis->name, 1, &size, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, axis->values);
    if (scale >= 0 && H5DSset_scale(scale, axis->name) >= 0 && put_doc_and_unit(w, scale, axis->doc, axis->unit) &&
        put_time(w, scale, axis->unit))
        return scale;
    close_if(scale, H5Dclose);
    return -1;
}

static bool attach_axes(const writer *w, hid_t group, hid_t dataset, const sim_result *result, const sim_dataset *from)
{
    for (int i = 0; i < from->axis_count; i++) {
        hid_t scale = scale_in(w, group, sim_result_axis(result, from, i));
        bool done = scale >= 0 && H5DSattach_scale(dataset, scale, (unsigned)i) >= 0;
        close_if(scale, H5Dclose);
        if (!done)
            return false;
    }
    return true;
}

/* Opens the group of a path, making what is missing of it. */
static hid_t group_of(const writer *w, const char *path)
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

static bool put_dataset(const writer *w, const sim_result *result, const sim_dataset *from)
{
    bool done = false;
    hsize_t sizes[SIM_MAX_AXES] = {0};
    hid_t dataset = -1, group = group_of(w, from->path);
    if (group < 0)
        goto out;
    for (int i = 0; i < from->axis_count; i++) { /* scales first: readers list variables in this order */
        const sim_axis *axis = sim_result_axis(result, from, i);
        hid_t scale = scale_in(w, group, axis);
        if (scale < 0)
            goto out;
        (void)H5Dclose(scale);
        sizes[i] = axis->size;
    }
    const char *slash = strrchr(from->path, '/'), *name = slash == NULL ? from->path : slash + 1;
    if (from->is_integer)
        dataset = put_array(w, group, name, from->axis_count, sizes, H5T_STD_I64LE, H5T_NATIVE_INT64, from->data.integers);
    else
        dataset = put_array(w, group, name, from->axis_count, sizes, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, from->data.reals);
    double none = NAN;
    done = dataset >= 0 && put_doc_and_unit(w, dataset, from->doc, from->unit) &&
           (from->is_integer || put(w, dataset, "_FillValue", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &none)) &&
           attach_axes(w, group, dataset, result, from);
out:
    close_if(dataset, H5Dclose);
    close_if(group, H5Gclose);
    return done;
}

/* Axes that no dataset uses lie in the root. */
static bool put_unused_axes(const writer *w, const sim_result *result)
{
    for (size_t k = 0; k < result->axis_count; k++) {
        bool used = false;
        for (size_t i = 0; i < result->dataset_count && !used; i++)
            for (int j = 0; j < result->datasets[i].axis_count; j++)
                used = used || (size_t)result->datasets[i].axes[j] == k;
        if (used)
            continue;
        if (H5Lexists(w->file, result->axes[k].name, H5P_DEFAULT) != 0)
            return false;
        hid_t scale = scale_in(w, w->file, &result->axes[k]);
        if (scale < 0)
            return false;
        (void)H5Dclose(scale);
    }
    return true;
}

static bool is_short(const sim_attribute *attribute)
{
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t name = strspn(attribute->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    return strchr(letters, attribute->name[0]) != NULL && attribute->name[name] == '\0' && name <= 64 &&
           strlen(attribute->text) <= STORE_TEXT_SHORT && strchr(attribute->text, '\n') == NULL;
}

/* A name for a long text that every reader accepts: "plans/baseline.yaml" becomes "plans_baseline.yaml"; the true one is its
 * long_name. */
static bool link_name(hid_t group, const char *from, char *name, size_t size)
{
    size_t length = 0;
    bool word = (from[0] >= '0' && from[0] <= '9') || ((from[0] | 32) >= 'a' && (from[0] | 32) <= 'z') || (from[0] & 0x80);
    if (!word)
        name[length++] = '_';
    for (; *from != '\0' && length < size - 16; from++)
        name[length++] = (unsigned char)*from < ' ' || *from == '/' || *from == 0x7f ? '_' : *from;
    while (length > 1 && *from != '\0' && (name[length - 1] & 0x80)) /* cut between characters */
        length--;
    if (name[length - 1] == ' ')
        name[length - 1] = '_';
    name[length] = '\0';
    htri_t exists = H5Lexists(group, name, H5P_DEFAULT);
    for (unsigned n = 2; exists > 0; n++) {
        (void)snprintf(name + length, size - length, "_%u", n);
        exists = H5Lexists(group, name, H5P_DEFAULT);
    }
    return exists == 0;
}

static bool put_long_text(const writer *w, const sim_attribute *attribute)
{
    char name[200];
    bool done = false;
    const char *text = attribute->text;
    hid_t dataset = -1, group = group_of(w, STORE_TEXTS "/");
    if (group < 0 || !link_name(group, attribute->name, name, sizeof name))
        goto out;
    dataset = put_strings(w, group, name, 0, 1, &text);
    done = dataset >= 0 && put_text(w, dataset, "long_name", attribute->name) && put_integer(w, dataset, "hashed", attribute->hashed);
out:
    close_if(dataset, H5Dclose);
    close_if(group, H5Gclose);
    return done;
}

/* Names of short attributes that are not part of the hash, blanks between; caller frees. */
static char *names_not_hashed(const sim_result *result)
{
    size_t length = 1;
    for (size_t i = 0; i < result->attribute_count; i++)
        length += strlen(result->attributes[i].name) + 1;
    char *names = calloc(length, 1);
    if (names == NULL)
        return NULL;
    for (size_t i = 0; i < result->attribute_count; i++) {
        const sim_attribute *attribute = &result->attributes[i];
        if (attribute->hashed || !is_short(attribute))
            continue;
        if (names[0] != '\0')
            strcat(names, " ");
        strcat(names, attribute->name);
    }
    return names;
}

static bool put_attributes(const writer *w, const sim_result *result)
{
    char hash[65];
    char *names = names_not_hashed(result);
    bool done = names != NULL && sim_result_hash(result, hash) == 0 && put_text(w, w->file, "Conventions", STORE_CONVENTIONS) &&
                put_text(w, w->file, "format", STORE_FORMAT) && put_integer(w, w->file, "format_version", STORE_FORMAT_VERSION) &&
                put_text(w, w->file, "results_sha256", hash) && put_text(w, w->file, "not_hashed", names);
    for (size_t i = 0; i < result->attribute_count && done; i++) {
        const sim_attribute *attribute = &result->attributes[i];
        done = is_short(attribute) ? put_text(w, w->file, attribute->name, attribute->text) : put_long_text(w, attribute);
    }
    free(names);
    return done;
}

/* The memory of the file. H5Fget_file_image would be simpler, but HDF5 1.10 clears a flag in the copy and leaves the checksum over
 * it as it was, so that the copy does not open; what stands in memory when the file is closed is right. */
static void *image_malloc(size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    taken_image *image = data;
    image->bytes = malloc(size);
    image->room = image->bytes == NULL ? 0 : size;
    return image->bytes;
}

static void *image_realloc(void *bytes, size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    taken_image *image = data;
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
    return 0; /* freed by the taker */
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

static bool set_memory(const writer *w, hid_t access)
{
    H5FD_file_image_callbacks_t callbacks = {.image_malloc = image_malloc,
                                             .image_realloc = image_realloc,
                                             .image_free = image_keep,
                                             .udata_copy = data_share,
                                             .udata_free = data_keep,
                                             .udata = w->image};
    return H5Pset_fapl_core(access, CHUNK_LARGEST, false) >= 0 && H5Pset_file_image_callbacks(access, &callbacks) >= 0;
}

/* The memory is a multiple of the driver's step; the end of the file stands in the superblock (HDF5 file format, version 2: eight
 * bytes, lowest first, at offset 28). */
static int image_finish(taken_image *image, void **bytes, size_t *size)
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

/* Creation order tracked, so that readers list things in the order of writing; no times, so that equal results are equal bytes;
 * the format of HDF5 1.8, which has checksums on its own structures and which every reader in use knows. */
static bool writer_open(writer *w)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t create = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    w->named = H5Pcreate(H5P_LINK_CREATE);
    w->attribute = H5Pcreate(H5P_ATTRIBUTE_CREATE);
    w->group = H5Pcreate(H5P_GROUP_CREATE);
    bool done = create >= 0 && access >= 0 && w->named >= 0 && w->attribute >= 0 && w->group >= 0 &&
                H5Pset_char_encoding(w->named, H5T_CSET_UTF8) >= 0 && H5Pset_char_encoding(w->attribute, H5T_CSET_UTF8) >= 0 &&
                H5Pset_link_creation_order(w->group, order) >= 0 && H5Pset_attr_creation_order(w->group, order) >= 0 &&
                H5Pset_obj_track_times(w->group, false) >= 0 && H5Pset_link_creation_order(create, order) >= 0 &&
                H5Pset_attr_creation_order(create, order) >= 0 && H5Pset_obj_track_times(create, false) >= 0 &&
                set_memory(w, access) &&
                H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0;
    if (done) /* a name that cannot exist: HDF5 looks for it even when it is to stay in memory */
        w->file = H5Fcreate("/dev/null/results", H5F_ACC_TRUNC, create, access);
    close_if(create, H5Pclose);
    close_if(access, H5Pclose);
    return done && w->file >= 0;
}

static bool writer_close(writer *w)
{
    close_if(w->group, H5Pclose);
    close_if(w->attribute, H5Pclose);
    close_if(w->named, H5Pclose);
    return w->file <= 0 || H5Fclose(w->file) >= 0;
}

int store_image_build(const sim_result *result, void **image, size_t *image_size, char *why, size_t size)
{
    int outcome = SIM_E_IO;
    const char *what = "the file's frame";
    taken_image taken = {NULL, 0};
    writer w = {.image = &taken};
    H5E_auto2_t report;
    void *report_data;
    *image = NULL;
    if (H5open() < 0 || H5Eget_auto2(H5E_DEFAULT, &report, &report_data) < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0) {
        (void)snprintf(why, size, "HDF5 does not start (out of memory?)");
        return SIM_E_MEMORY;
    }
    if (!writer_open(&w))
        goto out;
    what = "the attributes";
    if (!put_attributes(&w, result))
        goto out;
    for (size_t i = 0; i < result->dataset_count; i++) {
        what = result->datasets[i].path;
        if (!put_dataset(&w, result, &result->datasets[i]))
            goto out;
    }
    what = "axes that no dataset uses";
    if (!put_unused_axes(&w, result))
        goto out;
    what = "the finished file";
    outcome = 0;
out:
    if (!writer_close(&w)) { /* a file that does not close keeps its memory */
        outcome = outcome == 0 ? SIM_E_IO : outcome;
        taken.bytes = NULL;
    }
    if (outcome == 0)
        outcome = image_finish(&taken, image, image_size);
    free(taken.bytes);
    (void)H5Eset_auto2(H5E_DEFAULT, report, report_data);
    if (outcome != 0)
        (void)snprintf(why, size, "cannot build the results in HDF5: %s (out of memory?)", what);
    return outcome;
}
