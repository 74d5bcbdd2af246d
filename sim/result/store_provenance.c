/* Provenance: attributes of the root, and texts that are long, have more than one line or a name that is no identifier,
 * as scalar datasets of one group: an attribute of that size is shown in full by every header listing, and many tools
 * read none above 64 KiB. */
#include "sim/result/store_hdf5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

enum { STORE_TEXT_SHORT = 1024 };

static bool is_short(const sim_attribute *attribute)
{
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t name = strspn(attribute->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    return strchr(letters, attribute->name[0]) != NULL && attribute->name[name] == '\0' && name <= 64 &&
           strlen(attribute->text) <= STORE_TEXT_SHORT && strchr(attribute->text, '\n') == NULL;
}

/* A name for a long text that every reader accepts: "plans/baseline.yaml" becomes "plans_baseline.yaml"; the true one
 * is its long_name. */
static bool link_name(hid_t group, const char *from, char *name, size_t size)
{
    size_t length = 0;
    bool word =
        (from[0] >= '0' && from[0] <= '9') || ((from[0] | 32) >= 'a' && (from[0] | 32) <= 'z') || (from[0] & 0x80);
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

static bool put_long_text(const store_writer *w, const sim_attribute *attribute)
{
    char name[200];
    bool done = false;
    const char *text = attribute->text;
    hid_t dataset = -1, group = store_group_of(w, STORE_TEXTS "/");
    if (group < 0 || !link_name(group, attribute->name, name, sizeof name))
        goto out;
    dataset = store_put_strings(w, group, name, 0, 1, &text);
    done = dataset >= 0 && store_put_text(w, dataset, "long_name", attribute->name) &&
           store_put_integer(w, dataset, "hashed", attribute->hashed);
out:
    store_close(dataset, H5Dclose);
    store_close(group, H5Gclose);
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

bool store_put_attributes(const store_writer *w, const sim_result *result)
{
    char hash[65];
    char *names = names_not_hashed(result);
    bool done = names != NULL && sim_result_hash(result, hash) == 0 &&
                store_put_text(w, w->file, "Conventions", STORE_CONVENTIONS) &&
                store_put_text(w, w->file, "format", STORE_FORMAT) &&
                store_put_integer(w, w->file, "format_version", STORE_FORMAT_VERSION) &&
                store_put_text(w, w->file, "results_sha256", hash) && store_put_text(w, w->file, "not_hashed", names);
    for (size_t i = 0; i < result->attribute_count && done; i++) {
        const sim_attribute *attribute = &result->attributes[i];
        done = is_short(attribute) ? store_put_text(w, w->file, attribute->name, attribute->text)
                                   : put_long_text(w, attribute);
    }
    free(names);
    return done;
}

/* A scalar dataset of the group of long texts. */
int store_read_text(store_reader *r, hid_t dataset)
{
    int rank, hashed = 0, outcome = SIM_E_FORMAT;
    hsize_t sizes[SIM_MAX_AXES];
    store_strings s = {.type = -1, .space = -1};
    char *name = store_text(r, dataset, "long_name");
    hid_t type = H5Dget_type(dataset);
    if (type < 0 || name == NULL || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) <= 0 ||
        !store_integer(dataset, "hashed", &hashed) || !store_shape(r, dataset, sizeof(char *), &rank, sizes) ||
        rank != 0)
        goto out;
    outcome = store_strings_read(&s, dataset, 1);
    if (outcome == 0)
        outcome = sim_result_attribute(r->out, name, s.texts[0], hashed);
out:
    store_strings_free(&s);
    store_close(type, H5Tclose);
    free(name);
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

static int read_attribute(store_reader *r, hid_t attribute)
{
    static const char own[] = "Conventions format format_version results_sha256 not_hashed";
    char name[STORE_NAME_ROOM];
    ssize_t length = H5Aget_name(attribute, sizeof name, name);
    if (length <= 0 || (size_t)length >= sizeof name)
        return store_refuse(r, "an attribute without a name", "/");
    if (is_word(own, name))
        return 0;
    char *text = store_text(r, r->file, name);
    int outcome = text == NULL ? SIM_E_FORMAT : sim_result_attribute(r->out, name, text, !is_word(r->hashes, name));
    free(text);
    return outcome == 0 ? 0 : store_failed(r, outcome, name);
}

int store_read_attributes(store_reader *r)
{
    H5O_info_t info;
    if (H5Oget_info2(r->file, &info, H5O_INFO_NUM_ATTRS) < 0)
        return store_refuse(r, "attributes that cannot be read", "/");
    for (hsize_t i = 0; i < info.num_attrs; i++) {
        hid_t attribute = H5Aopen_by_idx(r->file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
        int outcome =
            attribute < 0 ? store_refuse(r, "attributes that cannot be read", "/") : read_attribute(r, attribute);
        store_close(attribute, H5Aclose);
        if (outcome != 0)
            return outcome;
    }
    return 0;
}
