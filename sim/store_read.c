/* HDF5 image -> result. Takes only what store_write.c makes; anything else is told by name and refused.
 *
 * The image has passed its checksum (store.c) before HDF5 sees it, so that a damaged file never reaches HDF5's parser; the
 * checks here are for whole files of another make or version. */
#include "sim/store_hdf5.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/error.h"

enum { NAME_ROOM = 1024 };

typedef struct {
    sim_result *out;
    hid_t file;
    size_t most;  /* bytes that a dataset of a file of this size can have */
    char *hashes; /* names of attributes that are not hashed */
    char *why;
    size_t size;
} reader;

/* A group being read: its scales, by address in the file. */
typedef struct {
    size_t count, room;
    haddr_t *addresses;
    int *axes;
} scales;

static int refuse(const reader *r, const char *what, const char *name)
{
    (void)snprintf(r->why, r->size, "%s: %s", name, what);
    return SIM_E_FORMAT;
}

static int failed(const reader *r, int outcome, const char *name)
{
    return outcome == SIM_E_MEMORY ? outcome : refuse(r, "nothing that hbm writes", name);
}

static void close_if(hid_t id, herr_t (*close)(hid_t))
{
    if (id > 0)
        (void)close(id);
}

/* Text of fixed length; caller frees. NULL: of another kind, or out of memory. */
static char *text_attribute(const reader *r, hid_t object, const char *name)
{
    char *text = NULL;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return NULL;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    if (type < 0 || space < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 ||
        H5Sget_simple_extent_npoints(space) != 1)
        goto out;
    size_t length = H5Tget_size(type);
    text = length > r->most ? NULL : calloc(length + 1, 1);
    if (text != NULL && H5Aread(attribute, type, text) < 0) {
        free(text);
        text = NULL;
    }
out:
    close_if(space, H5Sclose);
    close_if(type, H5Tclose);
    (void)H5Aclose(attribute);
    return text;
}

/* "" when there is no such attribute. */
static char *text_or_empty(const reader *r, hid_t object, const char *name)
{
    htri_t exists = H5Aexists(object, name);
    return exists < 0 ? NULL : exists > 0 ? text_attribute(r, object, name) : calloc(1, 1);
}

static bool integer_attribute(hid_t object, const char *name, int *value)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return false;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    bool done = type >= 0 && space >= 0 && H5Tget_class(type) == H5T_INTEGER && H5Sget_simple_extent_npoints(space) == 1 &&
                H5Aread(attribute, H5T_NATIVE_INT, value) >= 0;
    close_if(space, H5Sclose);
    close_if(type, H5Tclose);
    (void)H5Aclose(attribute);
    return done;
}

/* Rank and sizes; false when there are too many or more bytes than a file of this size can hold. */
static bool shape_of(const reader *r, hid_t dataset, size_t element, int *rank, hsize_t sizes[SIM_MAX_AXES])
{
    hid_t space = H5Dget_space(dataset);
    if (space < 0)
        return false;
    bool done = false;
    *rank = H5Sget_simple_extent_ndims(space);
    if (*rank < 0 || *rank > SIM_MAX_AXES || H5Sget_simple_extent_type(space) == H5S_NULL ||
        (*rank > 0 && H5Sget_simple_extent_dims(space, sizes, NULL) != *rank))
        goto out;
    size_t bytes = element;
    for (int i = 0; i < *rank; i++)
        if (sizes[i] == 0 || __builtin_mul_overflow(bytes, sizes[i], &bytes))
            goto out;
    done = bytes <= r->most;
out:
    (void)H5Sclose(space);
    return done;
}

/* Strings of variable length, and what HDF5 needs to free them. */
typedef struct {
    hid_t type, space;
    char **texts;
} strings;

static void strings_free(strings *s)
{
    if (s->texts != NULL)
        (void)H5Dvlen_reclaim(s->type, s->space, H5P_DEFAULT, s->texts);
    free(s->texts);
    close_if(s->space, H5Sclose);
    close_if(s->type, H5Tclose);
}

/* Reads `count` strings, the whole dataset; *s is to be freed whatever comes out. */
static int strings_read(strings *s, hid_t dataset, size_t count)
{
    *s = (strings){.type = H5Tcopy(H5T_C_S1), .space = H5Dget_space(dataset)};
    if (s->type < 0 || s->space < 0 || H5Tset_size(s->type, H5T_VARIABLE) < 0 || H5Tset_cset(s->type, H5T_CSET_UTF8) < 0)
        return SIM_E_MEMORY;
    s->texts = calloc(count, sizeof *s->texts);
    if (s->texts == NULL)
        return SIM_E_MEMORY;
    if (H5Dread(dataset, s->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, s->texts) < 0)
        return SIM_E_FORMAT;
    for (size_t i = 0; i < count; i++)
        if (s->texts[i] == NULL)
            return SIM_E_FORMAT;
    return 0;
}

static int read_labels(reader *r, hid_t scale, const char *name, const char *doc, size_t count)
{
    strings s;
    int outcome = strings_read(&s, scale, count);
    if (outcome == 0)
        outcome = sim_result_labels(r->out, name, doc, count, (const char *const *)s.texts);
    strings_free(&s);
    return outcome;
}

static int read_values(reader *r, hid_t scale, const char *name, const char *doc, const char *unit, size_t count)
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

static int read_scale(reader *r, scales *s, hid_t scale, const char *name)
{
    int rank, outcome = SIM_E_FORMAT;
    hsize_t sizes[SIM_MAX_AXES];
    char *doc = text_or_empty(r, scale, "long_name"), *unit = text_or_empty(r, scale, "units");
    hid_t type = H5Dget_type(scale);
    if (type < 0 || doc == NULL || unit == NULL || !shape_of(r, scale, H5Tget_size(type), &rank, sizes) || rank != 1)
        goto out;
    if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0)
        outcome = read_labels(r, scale, name, doc, (size_t)sizes[0]);
    else if (H5Tget_class(type) == H5T_FLOAT)
        outcome = read_values(r, scale, name, doc, unit, (size_t)sizes[0]);
    if (outcome >= 0)
        outcome = scale_note(s, scale, outcome);
out:
    close_if(type, H5Tclose);
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
static int axis_on(const reader *r, const scales *s, hid_t dataset, int dimension, hsize_t size)
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

static int read_dataset(reader *r, const scales *s, hid_t dataset, const char *path)
{
    int rank, axes[SIM_MAX_AXES], outcome = SIM_E_FORMAT;
    hsize_t sizes[SIM_MAX_AXES];
    int64_t *integers;
    double *reals;
    char *doc = text_or_empty(r, dataset, "long_name"), *unit = text_or_empty(r, dataset, "units");
    hid_t type = H5Dget_type(dataset);
    if (type < 0 || doc == NULL || unit == NULL || H5Tget_size(type) != sizeof(double) ||
        !shape_of(r, dataset, sizeof(double), &rank, sizes))
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
    close_if(type, H5Tclose);
    free(doc);
    free(unit);
    return outcome;
}

/* A scalar dataset of the group of long texts. */
static int read_text(reader *r, hid_t dataset)
{
    int rank, hashed = 0, outcome = SIM_E_FORMAT;
    hsize_t sizes[SIM_MAX_AXES];
    strings s = {.type = -1, .space = -1};
    char *name = text_attribute(r, dataset, "long_name");
    hid_t type = H5Dget_type(dataset);
    if (type < 0 || name == NULL || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) <= 0 ||
        !integer_attribute(dataset, "hashed", &hashed) || !shape_of(r, dataset, sizeof(char *), &rank, sizes) || rank != 0)
        goto out;
    outcome = strings_read(&s, dataset, 1);
    if (outcome == 0)
        outcome = sim_result_attribute(r->out, name, s.texts[0], hashed);
out:
    strings_free(&s);
    close_if(type, H5Tclose);
    free(name);
    return outcome;
}

static int read_group(reader *r, hid_t group, const char *path, int depth);

static int read_object(reader *r, scales *s, hid_t object, const char *path, int depth)
{
    const char *slash = strrchr(path, '/');
    switch (H5Iget_type(object)) {
    case H5I_GROUP:
        return depth < STORE_DEPTH ? read_group(r, object, path, depth + 1) : SIM_E_FORMAT;
    case H5I_DATASET:
        if (strncmp(path, STORE_TEXTS "/", sizeof STORE_TEXTS) == 0)
            return read_text(r, object);
        return H5DSis_scale(object) > 0 ? read_scale(r, s, object, slash == NULL ? path : slash + 1)
                                        : read_dataset(r, s, object, path);
    default:
        return SIM_E_FORMAT;
    }
}

/* The link number i in the order of creation: its path, if it is a plain link to something in the file. */
static bool link_path(hid_t group, hsize_t i, const char *above, char path[NAME_ROOM])
{
    H5L_info_t link;
    int start = snprintf(path, NAME_ROOM, "%s%s", above, above[0] == '\0' ? "" : "/");
    if (start < 0 || start >= NAME_ROOM)
        return false;
    size_t room = (size_t)(NAME_ROOM - start);
    ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, path + start, room, H5P_DEFAULT);
    return length > 0 && (size_t)length < room &&
           H5Lget_info_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD;
}

static int read_group(reader *r, hid_t group, const char *path, int depth)
{
    char inner[NAME_ROOM];
    int outcome = 0;
    scales s = {0};
    H5G_info_t info;
    if (H5Gget_info(group, &info) < 0)
        return refuse(r, "a group that cannot be read", path);
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
            outcome = failed(r, outcome, inner);
    }
    free(s.addresses);
    free(s.axes);
    return outcome;
}

/* True when `name` is one of the words in `names`. */
static bool is_word(const char *names, const char *name)
{
    size_t length = strlen(name);
    for (; *names != '\0'; names += strcspn(names, " "), names += strspn(names, " "))
        if (strncmp(names, name, length) == 0 && (names[length] == ' ' || names[length] == '\0'))
            return true;
    return false;
}

static int read_attribute(reader *r, hid_t attribute)
{
    static const char own[] = "Conventions format format_version results_sha256 not_hashed";
    char name[NAME_ROOM];
    ssize_t length = H5Aget_name(attribute, sizeof name, name);
    if (length <= 0 || (size_t)length >= sizeof name)
        return refuse(r, "an attribute without a name", "/");
    if (is_word(own, name))
        return 0;
    char *text = text_attribute(r, r->file, name);
    int outcome = text == NULL ? SIM_E_FORMAT : sim_result_attribute(r->out, name, text, !is_word(r->hashes, name));
    free(text);
    return outcome == 0 ? 0 : failed(r, outcome, name);
}

static int read_attributes(reader *r)
{
    H5O_info_t info;
    if (H5Oget_info2(r->file, &info, H5O_INFO_NUM_ATTRS) < 0)
        return refuse(r, "attributes that cannot be read", "/");
    for (hsize_t i = 0; i < info.num_attrs; i++) {
        hid_t attribute = H5Aopen_by_idx(r->file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
        int outcome = attribute < 0 ? refuse(r, "attributes that cannot be read", "/") : read_attribute(r, attribute);
        close_if(attribute, H5Aclose);
        if (outcome != 0)
            return outcome;
    }
    return 0;
}

static int read_format(reader *r)
{
    int version = 0;
    char *format = text_attribute(r, r->file, "format");
    bool known = format != NULL && strcmp(format, STORE_FORMAT) == 0 && integer_attribute(r->file, "format_version", &version);
    free(format);
    if (!known)
        return refuse(r, "not a results file of hbm", "format");
    if (version != STORE_FORMAT_VERSION) {
        (void)snprintf(r->why, r->size, "results format version %d, this program reads %d", version, STORE_FORMAT_VERSION);
        return SIM_E_FORMAT;
    }
    r->hashes = text_attribute(r, r->file, "not_hashed");
    return r->hashes == NULL ? refuse(r, "missing", "not_hashed") : 0;
}

/* HDF5 is lent the image instead of given copies (H5LTopen_file_image does that too, but leaks a little each time). */
typedef struct {
    void *image;
} lent_image;

static void *image_lend(size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)size;
    (void)operation;
    return ((lent_image *)data)->image;
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)data;
    (void)operation;
    if (to != from)
        memcpy(to, from, size);
    return to;
}

static herr_t image_keep(void *bytes, H5FD_file_image_op_t operation, void *data)
{
    (void)bytes;
    (void)operation;
    (void)data;
    return 0;
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

static hid_t image_open(lent_image *lent, size_t size)
{
    hid_t file = -1, access = H5Pcreate(H5P_FILE_ACCESS);
    H5FD_file_image_callbacks_t callbacks = {.image_malloc = image_lend,
                                             .image_memcpy = image_copy,
                                             .image_free = image_keep,
                                             .udata_copy = data_share,
                                             .udata_free = data_keep,
                                             .udata = lent};
    if (access >= 0 && H5Pset_fapl_core(access, 1 << 20, false) >= 0 && H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
        H5Pset_file_image(access, lent->image, size) >= 0)
        file = H5Fopen("/dev/null/results", H5F_ACC_RDONLY, access);
    close_if(access, H5Pclose);
    return file;
}

int store_image_parse(sim_result *out, void *image, size_t image_size, char *why, size_t size)
{
    int outcome = SIM_E_FORMAT;
    /* deflate packs at most 1032 : 1 */
    size_t most = image_size > SIZE_MAX / 1100 ? SIZE_MAX : 1100 * image_size;
    reader r = {.out = out, .file = -1, .most = most, .why = why, .size = size};
    lent_image lent = {image};
    H5E_auto2_t report;
    void *report_data;
    sim_result_init(out);
    why[0] = '\0';
    if (H5open() < 0 || H5Eget_auto2(H5E_DEFAULT, &report, &report_data) < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0) {
        (void)snprintf(why, size, "HDF5 does not start (out of memory?)");
        return SIM_E_MEMORY;
    }
    r.file = image_open(&lent, image_size);
    if (r.file < 0) {
        (void)snprintf(why, size, "not an HDF5 file");
        goto out;
    }
    outcome = read_format(&r);
    if (outcome == 0)
        outcome = read_attributes(&r);
    if (outcome == 0)
        outcome = read_group(&r, r.file, "", 1);
out:
    close_if(r.file, H5Fclose);
    free(r.hashes);
    (void)H5Eset_auto2(H5E_DEFAULT, report, report_data);
    if (outcome == SIM_E_MEMORY)
        (void)snprintf(why, size, "out of memory");
    if (outcome != 0)
        sim_result_free(out);
    return outcome;
}
