/* What the parts of the store that speak HDF5 share. Private to sim/result/store*.c. */
#ifndef SIM_STORE_HDF5_H
#define SIM_STORE_HDF5_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/result/result.h"

#define STORE_CONVENTIONS "CF-1.8"
#define STORE_FORMAT "hbmsim results"
#define STORE_TEXTS "provenance" /* the group of long texts */
#define STORE_NOWHERE \
    "/dev/null/results" /* no file can have this name: HDF5 looks for it even when told to stay in memory */
enum { STORE_FORMAT_VERSION = 1, STORE_DEPTH = 4, STORE_NAME_ROOM = 1024, STORE_STEP = 1 << 20 };

/* Property lists used all over; 0 is no valid identifier. */
typedef struct {
    hid_t file;
    hid_t named;     /* links: UTF-8 names */
    hid_t attribute; /* attributes: UTF-8 names */
    hid_t group;     /* creation order tracked, no times */
} store_writer;

typedef struct {
    sim_result *out;
    hid_t file;
    size_t most;  /* bytes that a dataset of a file of this size can have */
    char *hashes; /* names of attributes that are not hashed */
    bool out_of_memory;
    char *why;
    size_t size;
} store_reader;

/* store_memory.c: files in memory. */
typedef struct {
    void *bytes; /* while open and after closing, until store_taken_finish; then the caller's */
    size_t room;
} store_taken;
/* A file created with `access` has its memory in *taken after it is closed. */
bool store_taken_set(store_taken *taken, hid_t access);
int store_taken_finish(store_taken *taken, void **bytes, size_t *size);
/* Opens an image for reading; it is neither copied nor freed, *lent and the image are needed until the file is closed.
 */
typedef struct {
    void *image;
} store_lent;
hid_t store_lent_open(store_lent *lent, size_t size);

/* store_hdf5.c: attributes and strings. Closing ignores identifiers that are none. */
void store_close(hid_t id, herr_t (*close)(hid_t));
hid_t store_text_type(size_t length); /* UTF-8 padded by NUL; H5T_VARIABLE: of any length */
bool store_put(const store_writer *w, hid_t object, const char *name, hid_t type, hid_t memory_type, const void *value);
bool store_put_text(const store_writer *w, hid_t object, const char *name, const char *text);
bool store_put_integer(const store_writer *w, hid_t object, const char *name, int value);
char *store_text(store_reader *r, hid_t object,
                 const char *name); /* caller frees; NULL: of another kind, or no memory (remembered) */
char *store_text_or_empty(store_reader *r, hid_t object, const char *name); /* "" when there is no such attribute */
bool store_integer(hid_t object, const char *name, int *value);
/* Strings of variable length, and what HDF5 needs to free them. */
typedef struct {
    hid_t type, space;
    char **texts;
} store_strings;
/* Reads `count` strings, the whole dataset; *s is to be freed whatever comes out. */
int store_strings_read(store_strings *s, hid_t dataset, size_t count);
void store_strings_free(store_strings *s);
/* Rank and sizes; false when there are too many, none, or more bytes than a file of this size can hold. */
bool store_shape(const store_reader *r, hid_t dataset, size_t element, int *rank, hsize_t sizes[SIM_MAX_AXES]);
int store_refuse(const store_reader *r, const char *what, const char *name); /* tells why; SIM_E_FORMAT */
int store_failed(const store_reader *r, int outcome, const char *name);      /* the same unless out of memory */

/* store_put.c: the group of a path, made if missing; an array, and one of strings (rank 0 or 1), made and written
 * whole. All are returned open. */
hid_t store_group_of(const store_writer *w, const char *path);
hid_t store_put_array(const store_writer *w, hid_t group, const char *name, int rank, const hsize_t *sizes, hid_t type,
                      hid_t memory_type, const void *data);
hid_t store_put_strings(const store_writer *w, hid_t group, const char *name, int rank, hsize_t size,
                        const char *const *texts);

/* store_provenance.c: attributes of the root, long texts. */
bool store_put_attributes(const store_writer *w, const sim_result *result);
int store_read_attributes(store_reader *r);
int store_read_text(store_reader *r, hid_t dataset);

#endif
