/* Result -> HDF5 image. Each group has its own copies of the dimension scales that its datasets use, so that it can be
 * opened alone: xarray shows of a group only what lies in it. Nothing depends on time or place: equal results give
 * equal bytes. */
#include "sim/result/store_hdf5.h"
#include "sim/result/store_image.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

static bool put_doc_and_unit(const store_writer *w, hid_t object, const char *doc, const char *unit)
{
    return (doc[0] == '\0' || store_put_text(w, object, "long_name", doc)) &&
           (unit[0] == '\0' || store_put_text(w, object, "units", unit));
}

/* CF: a coordinate in "<unit> since <instant>" is the time axis. */
static bool put_time(const store_writer *w, hid_t scale, const char *unit)
{
    return strstr(unit, " since ") == NULL ||
           (store_put_text(w, scale, "standard_name", "time") && store_put_text(w, scale, "axis", "T") &&
            store_put_text(w, scale, "calendar", "proleptic_gregorian"));
}

/* The group's own copy of an axis: made when its first dataset needs it, opened otherwise. */
static hid_t scale_in(const store_writer *w, hid_t group, const sim_axis *axis)
{
    htri_t exists = H5Lexists(group, axis->name, H5P_DEFAULT);
    if (exists != 0)
        return exists < 0 ? -1 : H5Dopen2(group, axis->name, H5P_DEFAULT);
    hsize_t size = axis->size;
    hid_t scale =
        axis->labels != NULL
            ? store_put_strings(w, group, axis->name, 1, size, (const char *const *)axis->labels)
            : store_put_array(w, group, axis->name, 1, &size, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, axis->values);
    if (scale >= 0 && H5DSset_scale(scale, axis->name) >= 0 && put_doc_and_unit(w, scale, axis->doc, axis->unit) &&
        put_time(w, scale, axis->unit))
        return scale;
    store_close(scale, H5Dclose);
    return -1;
}

static bool attach_axes(const store_writer *w, hid_t group, hid_t dataset, const sim_result *result,
                        const sim_dataset *from)
{
    for (int i = 0; i < from->axis_count; i++) {
        hid_t scale = scale_in(w, group, sim_result_axis(result, from, i));
        bool done = scale >= 0 && H5DSattach_scale(dataset, scale, (unsigned)i) >= 0;
        store_close(scale, H5Dclose);
        if (!done)
            return false;
    }
    return true;
}

static bool put_dataset(const store_writer *w, const sim_result *result, const sim_dataset *from)
{
    bool done = false;
    hsize_t sizes[SIM_MAX_AXES] = {0};
    hid_t dataset = -1, group = store_group_of(w, from->path);
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
        dataset = store_put_array(w, group, name, from->axis_count, sizes, H5T_STD_I64LE, H5T_NATIVE_INT64,
                                  from->data.integers);
    else
        dataset = store_put_array(w, group, name, from->axis_count, sizes, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                                  from->data.reals);
    double none = NAN;
    done = dataset >= 0 && put_doc_and_unit(w, dataset, from->doc, from->unit) &&
           (from->is_integer || store_put(w, dataset, "_FillValue", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &none)) &&
           attach_axes(w, group, dataset, result, from);
out:
    store_close(dataset, H5Dclose);
    store_close(group, H5Gclose);
    return done;
}

/* Axes that no dataset uses lie in the root. */
static bool put_unused_axes(const store_writer *w, const sim_result *result)
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

/* Creation order tracked, so that readers list things in the order of writing; no times, so that equal results are
 * equal bytes; the format of HDF5 1.8, which has checksums on its own structures and which every reader in use knows.
 */
static bool writer_open(store_writer *w, store_taken *taken)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t create = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    w->named = H5Pcreate(H5P_LINK_CREATE);
    w->attribute = H5Pcreate(H5P_ATTRIBUTE_CREATE);
    w->group = H5Pcreate(H5P_GROUP_CREATE);
    bool done = create >= 0 && access >= 0 && w->named >= 0 && w->attribute >= 0 && w->group >= 0 &&
                H5Pset_char_encoding(w->named, H5T_CSET_UTF8) >= 0 &&
                H5Pset_char_encoding(w->attribute, H5T_CSET_UTF8) >= 0 &&
                H5Pset_link_creation_order(w->group, order) >= 0 && H5Pset_attr_creation_order(w->group, order) >= 0 &&
                H5Pset_obj_track_times(w->group, false) >= 0 && H5Pset_link_creation_order(create, order) >= 0 &&
                H5Pset_attr_creation_order(create, order) >= 0 && H5Pset_obj_track_times(create, false) >= 0 &&
                store_taken_set(taken, access) && H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0;
    if (done)
        w->file = H5Fcreate(STORE_NOWHERE, H5F_ACC_TRUNC, create, access);
    store_close(create, H5Pclose);
    store_close(access, H5Pclose);
    return done && w->file >= 0;
}

static bool writer_close(store_writer *w)
{
    store_close(w->group, H5Pclose);
    store_close(w->attribute, H5Pclose);
    store_close(w->named, H5Pclose);
    return w->file <= 0 || H5Fclose(w->file) >= 0;
}

int store_image_build(const sim_result *result, void **image, size_t *image_size, char *why, size_t size)
{
    int outcome = SIM_E_IO;
    const char *what = "the file's frame";
    store_taken taken = {NULL, 0};
    store_writer w = {0};
    H5E_auto2_t report;
    void *report_data;
    *image = NULL;
    if (H5open() < 0 || H5Eget_auto2(H5E_DEFAULT, &report, &report_data) < 0 ||
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0) {
        (void)snprintf(why, size, "HDF5 does not start (out of memory?)");
        return SIM_E_MEMORY;
    }
    if (!writer_open(&w, &taken))
        goto out;
    what = "the attributes";
    if (!store_put_attributes(&w, result))
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
        outcome = store_taken_finish(&taken, image, image_size);
    free(taken.bytes);
    (void)H5Eset_auto2(H5E_DEFAULT, report, report_data);
    if (outcome != 0)
        (void)snprintf(why, size, "cannot build the results in HDF5: %s (out of memory?)", what);
    return outcome;
}
