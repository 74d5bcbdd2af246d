/* hbm new: writes the starter scenario into a folder that is not there yet, or is empty. Nothing is ever overwritten,
 * and what was begun is removed when it cannot be finished. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/hbm.h"
#include "sim/base/error.h"
#include "tools/base/command.h"
#include "tools/base/file.h"
#include "tools/command/starter.h"

typedef struct {
    const char *folder;
} command_arguments;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (arguments->folder)
            argp_error(state, "one folder at a time, not '%s' as well", arg);
        arguments->folder = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a folder is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_new_argp = {
    /* No .options: glibc 2.36 leaks a byte of an empty list. */
    .parser = parse,
    .args_doc = "FOLDER",
    .doc = "Writes a small scenario with every line explained into FOLDER, which must not exist yet or be empty. "
           "Change it, then 'hbm check FOLDER' and 'hbm run FOLDER'.",
};

/* 0: missing or empty. */
static int check_free(const char *folder)
{
    struct dirent *entry;
    int found = 0;
    DIR *open = opendir(folder);
    if (!open) {
        if (errno == ENOENT)
            return 0;
        fprintf(stderr, "hbm new: %s: %s\n", folder, strerror(errno));
        return SIM_E_INPUT;
    }
    while (!found && (entry = readdir(open)))
        found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(open);
    if (found)
        fprintf(stderr, "hbm new: %s: the folder is not empty; nothing written\n", folder);
    return found ? SIM_E_INPUT : 0;
}

static int write_bytes(int file, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return SIM_E_IO;
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

static int write_file(const char *path, const starter_file *starter)
{
    int error, file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (file < 0) {
        fprintf(stderr, "hbm new: %s: %s\n", path, strerror(errno));
        return SIM_E_IO;
    }
    error = write_bytes(file, starter->bytes, starter->size);
    if (close(file) != 0)
        error = SIM_E_IO;
    if (error != 0) {
        fprintf(stderr, "hbm new: %s: %s\n", path, strerror(errno));
        unlink(path);
    }
    return error;
}

/* "FOLDER/NAME"; caller frees. */
static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static int write_starter(const char *folder, const starter_file *starter)
{
    char *path = join(folder, starter->name), *slash;
    int error = path ? 0 : SIM_E_MEMORY;
    if (error == 0 && strchr(starter->name, '/')) {
        slash = strrchr(path, '/');
        *slash = '\0';
        error = file_make_folder("hbm new", path);
        *slash = '/';
    }
    if (error == 0)
        error = write_file(path, starter);
    free(path);
    return error;
}

static void remove_starters(const char *folder, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        char *path = join(folder, starter_files[i].name);
        if (path)
            unlink(path);
        free(path);
    }
}

static int write_all(const char *folder)
{
    int error = check_free(folder);
    if (error == 0)
        error = file_make_folder("hbm new", folder);
    for (unsigned long i = 0; error == 0 && i < starter_file_count; i++) {
        error = write_starter(folder, &starter_files[i]);
        if (error != 0)
            remove_starters(folder, i);
    }
    return error;
}

int cmd_new(int argc, char **argv)
{
    command_arguments arguments = {NULL};
    int error;
    if (argp_parse(&cmd_new_argp, argc, argv, 0, NULL, &arguments) != 0)
        return EXIT_INPUT;
    error = write_all(arguments.folder);
    if (error != 0)
        return command_exit_code(error);
    for (unsigned long i = 0; i < starter_file_count; i++)
        printf("%s/%s\n", arguments.folder, starter_files[i].name);
    fputs("Next: hbm check ", stdout);
    file_put_word(stdout, arguments.folder);
    fputs(" && hbm run ", stdout);
    file_put_word(stdout, arguments.folder);
    putchar('\n');
    return EXIT_DONE;
}
