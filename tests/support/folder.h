/* A folder of a test's own below the working directory, removed with all that is in it. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <stddef.h>

typedef struct {
    char path[64];
} test_folder;

/* 0, or -1 with errno. */
int test_folder_make(test_folder *folder);
void test_folder_remove(test_folder *folder);
/* Number of entries in it (hidden ones too), -1 with errno. */
int test_folder_count(const test_folder *folder);
/* "folder/name" into `path`; returns path. */
const char *test_folder_path(const test_folder *folder, const char *name, char *path, size_t size);

/* A whole file; caller frees. NULL when it cannot be read. */
char *test_file_read(const char *path, size_t *size);
/* 0 or -1. */
int test_file_write(const char *path, const void *bytes, size_t size);

#endif
