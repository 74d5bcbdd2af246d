/* A folder of a test's own below the working directory, removed with all that is in it. */
#include "tests/support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int test_folder_make(test_folder *folder)
{
    (void)snprintf(folder->path, sizeof folder->path, "folder.XXXXXX");
    return mkdtemp(folder->path) == NULL ? -1 : 0;
}

/* Calls remove for each entry if `removing`; returns the number of entries. */
static int walk(const char *path, int removing)
{
    int count = 0;
    char name[512];
    DIR *list = opendir(path);
    if (list == NULL)
        return -1;
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (removing && remove(name) != 0)
            perror(name);
    }
    (void)closedir(list);
    return count;
}

void test_folder_remove(test_folder *folder)
{
    (void)walk(folder->path, 1);
    if (rmdir(folder->path) != 0)
        perror(folder->path);
}

int test_folder_count(const test_folder *folder)
{
    return walk(folder->path, 0);
}

const char *test_folder_path(const test_folder *folder, const char *name, char *path, size_t size)
{
    (void)snprintf(path, size, "%s/%s", folder->path, name);
    return path;
}

char *test_file_read(const char *path, size_t *size)
{
    char *bytes = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    long end = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (end < 0 || fseek(file, 0, SEEK_SET) != 0)
        goto out;
    *size = (size_t)end;
    bytes = malloc(*size + 1);
    if (bytes != NULL && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        bytes = NULL;
    }
out:
    (void)fclose(file);
    return bytes;
}

int test_file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return -1;
    size_t written = fwrite(bytes, 1, size, file);
    return fclose(file) == 0 && written == size ? 0 : -1;
}
