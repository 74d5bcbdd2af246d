/* The starter scenario's files, embedded from scenarios/two-posts when the program is built, so that they are never
 * stale. */
#ifndef TOOLS_STARTER_H
#define TOOLS_STARTER_H

typedef struct {
    const char *name; /* within the scenario's folder; may have folders in it */
    const unsigned char *bytes;
    unsigned long size;
} starter_file;

extern const starter_file starter_files[]; /* ends with a row of zeros */
extern const unsigned long starter_file_count;

#endif
