/* Attributes and strings in HDF5, both ways. Attributes have fixed length (what netCDF calls characters), which every
 * CF tool reads; datasets of strings have variable length, because netCDF 4.9.0 reads arrays of fixed-length ones
 * beyond their end. */
#include "sim/result/store_hdf5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

void store_close(hid_t id, herr_t (*close)(hid_t))
{
    if (id > 0)
        (void)close(id); /* in memory: what failed has failed before */
}

hid_t store_text_type(size_t length)
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

bool store_put(const store_writer *w, hid_t object, const char *name, hid_t type, hid_t memory_type, const void *value)
{
    bool done = false;
    hid_t attribute = -1, space = H5Screate(H5S_SCALAR);
    if (space < 0)
        goto out;
    attribute = H5Acreate2(object, name, type, space, w->attribute, H5P_DEFAULT);
    done = attribute >= 0 && H5Awrite(attribute, memory_type, value) >= 0;
out:
    store_close(attribute, H5Aclose);
    store_close(space, H5Sclose);
    return done;
}

bool store_put_text(const store_writer *w, hid_t object, const char *name, const char *text)
{
    size_t length = strlen(text);
    hid_t type = store_text_type(length == 0 ? 1 : length);
    bool done = type >= 0 && store_put(w, object, name, type, type, text);
    store_close(type, H5Tclose);
    return done;
}

bool store_put_integer(const store_writer *w, hid_t object, const char *name, int value)
{
    return store_put(w, object, name, H5T_STD_I32LE, H5T_NATIVE_INT, &value);
}

int store_refuse(const store_reader *r, const char *what, const char *name)
{
    (void)snprintf(r->why, r->size, "%s: %s", name, what);
    return SIM_E_FORMAT;
}

int store_failed(const store_reader *r, int outcome, const char *name)
{
    return outcome == SIM_E_MEMORY ? outcome : store_refuse(r, "nothing that hbm writes", name);
}

char *store_text(store_reader *r, hid_t object, const char *name)
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
    if (length > r->most)
        goto out;
    text = calloc(length + 1, 1);
    r->out_of_memory = r->out_of_memory || text == NULL;
    if (text != NULL && H5Aread(attribute, type, text) < 0) {
        free(text);
        text = NULL;
    }
out:
    store_close(space, H5Sclose);
    store_close(type, H5Tclose);
    (void)H5Aclose(attribute);
    return text;
}

char *store_text_or_empty(store_reader *r, hid_t object, const char *name)
{
    htri_t exists = H5Aexists(object, name);
    if (exists < 0)
        return NULL;
    if (exists > 0)
        return store_text(r, object, name);
    char *empty = calloc(1, 1);
    r->out_of_memory = r->out_of_memory || empty == NULL;
    return empty;
}

bool store_integer(hid_t object, const char *name, int *value)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return false;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    bool done = type >= 0 && space >= 0 && H5Tget_class(type) == H5T_INTEGER &&
                H5Sget_simple_extent_npoints(space) == 1 && H5Aread(attribute, H5T_NATIVE_INT, value) >= 0;
    store_close(space, H5Sclose);
    store_close(type, H5Tclose);
    (void)H5Aclose(attribute);
    return done;
}

bool store_shape(const store_reader *r, hid_t dataset, size_t element, int *rank, hsize_t sizes[SIM_MAX_AXES])
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

void store_strings_free(store_strings *s)
{
    if (s->texts != NULL)
        (void)H5Dvlen_reclaim(s->type, s->space, H5P_DEFAULT, s->texts);
    free(s->texts);
    store_close(s->space, H5Sclose);
    store_close(s->type, H5Tclose);
}

int store_strings_read(store_strings *s, hid_t dataset, size_t count)
{
    *s = (store_strings){.type = H5Tcopy(H5T_C_S1), .space = H5Dget_space(dataset)};
    if (s->type < 0 || s->space < 0 || H5Tset_size(s->type, H5T_VARIABLE) < 0 ||
        H5Tset_cset(s->type, H5T_CSET_UTF8) < 0)
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
