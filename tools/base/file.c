/* Checks and messages around files that several commands need. */
#include "tools/base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/hbm.h"
#include "sim/base/error.h"

void file_tell(const char *who, const char *path, const char *why)
{
    size_t length = strlen(path);
    if (length > 0 && strncmp(why, path, length) == 0 && strncmp(why + length, ": ", 2) == 0)
        why += length + 2;
    fprintf(stderr, "%s: %s: %s\n", who, length > 0 ? path : "''", why);
}

static int fail(const char *who, const char *path, const char *why)
{
    file_tell(who, path, why);
    return SIM_E_INPUT;
}

/* The folder that `path` is in; caller frees. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

int file_check_target(const char *who, const char *path)
{
    struct stat found;
    char *folder;
    int error = 0;

    if (path[0] == '\0')
        return fail(who, path, "is no file name");
    if (stat(path, &found) == 0 && !S_ISREG(found.st_mode))
        return fail(who, path, S_ISDIR(found.st_mode) ? "is a folder" : "is not an ordinary file");
    folder = folder_of(path);
    if (!folder)
        return SIM_E_MEMORY;
    if (stat(folder, &found) != 0)
        error = fail(who, folder, strerror(errno));
    else if (!S_ISDIR(found.st_mode))
        error = fail(who, folder, "is not a folder");
    else if (access(folder, W_OK | X_OK) != 0)
        error = fail(who, folder, strerror(errno));
    free(folder);
    return error;
}

int file_make_folder(const char *who, const char *path)
{
    struct stat found;
    char *part = strdup(path);
    int error = 0;

    if (!part)
        return SIM_E_MEMORY;
    for (char *slash = part; error == 0 && slash;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            error = fail(who, part, strerror(errno));
        if (slash)
            *slash = '/';
    }
    if (error == 0 && (stat(path, &found) != 0 || !S_ISDIR(found.st_mode)))
        error = fail(who, path, "is not a folder");
    free(part);
    return error;
}

int file_open_result(const char *who, const char *path, struct sim_result **result)
{
    struct stat found;
    char why[512] = "";
    int error;

    *result = NULL;
    if (stat(path, &found) != 0)
        return fail(who, path, strerror(errno));
    if (!S_ISREG(found.st_mode))
        return fail(who, path, S_ISDIR(found.st_mode) ? "is a folder, not a results file" : "is not an ordinary file");
    if (access(path, R_OK) != 0)
        return fail(who, path, strerror(errno));
    error = hbm_result_read(result, path, why, sizeof why);
    if (error == 0)
        return 0;
    fail(who, path, why[0] ? why : hbm_error_text(error));
    return error == SIM_E_FORMAT ? SIM_E_INPUT : error;
}

void file_put_word(FILE *to, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
    if (word[0] && word[strspn(word, plain)] == '\0') {
        fputs(word, to);
        return;
    }
    putc('\'', to);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", to);
        else
            putc(*word, to);
    putc('\'', to);
}

char *file_command_line(int argc, char *const *argv)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    int broken;
    if (!to)
        return NULL;
    for (int i = 0; i < argc; i++) {
        if (i == 0) {
            fputs(argv[0], to); /* "hbm run", two words already */
            continue;
        }
        putc(' ', to);
        file_put_word(to, argv[i]);
    }
    broken = ferror(to);
    if (fclose(to) != 0 || broken) {
        free(text);
        return NULL;
    }
    return text;
}
