/* Paths of files: only ordinary files inside the scenario's folder, whatever "..", symbolic links or devices promise.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/base/error.h"
#include "sim/input/config/internal.h"

static bool has_parent_part(const char *path)
{
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return true;
    }
    return false;
}

/* The folder without symbolic links, found once. */
static const char *real_folder(sim_loader *loader)
{
    if (loader->real_folder == NULL)
        loader->real_folder = realpath(loader->folder, NULL);
    if (loader->real_folder == NULL && errno == ENOMEM)
        loader->rc = SIM_E_MEMORY;
    return loader->real_folder;
}

static bool inside(const char *folder, const char *path)
{
    size_t length = strlen(folder);
    if (length == 1 && folder[0] == '/')
        return true;
    return strncmp(folder, path, length) == 0 && path[length] == '/';
}

static const char *what_is_wrong(const char *folder, const char *path, char **real)
{
    *real = realpath(path, NULL);
    if (*real == NULL)
        return errno == ENOENT || errno == ENOTDIR ? "there is no such file in the scenario's folder"
                                                   : "the file cannot be reached";
    struct stat status;
    if (!inside(folder, *real))
        return "the file lies outside the scenario's folder (by a symbolic link)";
    if (stat(*real, &status) != 0)
        return "the file cannot be reached";
    if (S_ISDIR(status.st_mode))
        return "this is a folder, not a file";
    if (!S_ISREG(status.st_mode))
        return "this is not an ordinary file";
    return NULL;
}

const char *sim_read_path(const sim_reader *reader, sim_node node)
{
    sim_loader *loader = reader->loader;
    const char *text, *expected = "the path of a file in the scenario's folder", *why = NULL, *folder = NULL;
    if (!sim_read_scalar(reader, node, expected, &text))
        return NULL;
    if (*text == '\0')
        why = "the path is empty";
    else if (*text == '/')
        why = "the path is absolute";
    else if (has_parent_part(text))
        why = "\"..\" is not accepted in a path";
    else if (loader->folder == NULL)
        why = "files cannot be used: this text is in no folder";
    else if ((folder = real_folder(loader)) == NULL)
        why = "the scenario's folder cannot be reached";
    char *real = NULL, *kept = NULL;
    if (why == NULL) {
        size_t size = strlen(folder) + strlen(text) + 2;
        char *path = malloc(size);
        if (path == NULL) {
            loader->rc = SIM_E_MEMORY;
            return NULL;
        }
        snprintf(path, size, "%s/%s", folder, text);
        why = what_is_wrong(folder, path, &real);
        if (real == NULL && errno == ENOMEM)
            loader->rc = SIM_E_MEMORY;
        free(path);
    }
    if (loader->rc != 0) {
        free(real);
        return NULL;
    }
    if (why != NULL)
        sim_value_error(reader, node, expected, NULL, "\"%.100s\": %s", text, why);
    else if ((kept = sim_pool_text(&loader->config->pool, real, strlen(real))) == NULL)
        loader->rc = SIM_E_MEMORY;
    free(real);
    return kept;
}
