/* Running gnuplot without a shell: it reads the script from standard input and writes the picture to standard output,
 * so no path and no name of the scenario is ever part of a command. */
#include "tools/plot/gnuplot/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/error.h"
#include "sim/base/utf8.h"

extern char **environ;

static char *join_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

int gnuplot_open(gnuplot_place *place, const char *folder, char *why, size_t size)
{
    memset(place, 0, sizeof *place);
    place->target_folder = strdup(folder);
    char *made = join_path(folder, ".plot-XXXXXX");
    if (!place->target_folder || !made) {
        free(made);
        return SIM_E_MEMORY;
    }
    if (!mkdtemp(made)) {
        snprintf(why, size, "%s: no files can be made there: %s", folder, strerror(errno));
        free(made);
        return SIM_E_IO;
    }
    place->folder = made;
    place->script = join_path(made, "script");
    place->picture = join_path(made, "picture");
    place->log = join_path(made, "log");
    return place->script && place->picture && place->log ? 0 : SIM_E_MEMORY;
}

void gnuplot_close(gnuplot_place *place)
{
    char *const files[] = {place->script, place->picture, place->log};
    for (int i = 0; i < 3; i++) {
        if (files[i])
            unlink(files[i]);
        free(files[i]);
    }
    if (place->folder)
        rmdir(place->folder);
    free(place->folder);
    free(place->target_folder);
    memset(place, 0, sizeof *place);
}

static int write_script(const char *path, const char *head, const char *script, char *why, size_t size)
{
    FILE *file = fopen(path, "we");
    int failed = !file || fputs(head, file) == EOF || fputs(script, file) == EOF;
    if (file && fclose(file) != 0)
        failed = 1;
    if (!failed)
        return 0;
    snprintf(why, size, "%s: %s", path, strerror(errno));
    return SIM_E_IO;
}

/* The last line of the log that says something: gnuplot's complaint stands at its end. */
static void last_words(const char *path, char *text, size_t size)
{
    char line[512];
    FILE *file = fopen(path, "re");
    text[0] = '\0';
    while (file && fgets(line, sizeof line, file)) {
        size_t blank = strspn(line, " \t^\n"), length = strcspn(line, "\n");
        if (blank < length)
            sim_utf8_clean(text, size, line + blank, length - blank);
    }
    if (file)
        fclose(file);
}

/* An error number of posix_spawn, or 0 and the child. */
static int spawn(const gnuplot_place *place, pid_t *child)
{
    char name[] = "gnuplot", plain[] = "--default-settings"; /* nobody's start-up file changes the pictures */
    char *const arguments[] = {name, plain, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int error = posix_spawn_file_actions_init(&actions);

    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    sigemptyset(&none); /* held back signals would be so in the child too */
    if (error == 0)
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, place->script, O_RDONLY, 0);
    if (error == 0)
        error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, place->picture, O_WRONLY | O_CREAT | O_TRUNC,
                                                 0666);
    if (error == 0)
        error =
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, place->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (error == 0)
        error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (error == 0)
        error = posix_spawnp(child, name, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int run(const gnuplot_place *place, char *why, size_t size)
{
    pid_t child;
    int status = 0, error = spawn(place, &child);
    char words[256];

    if (error == 0)
        while (waitpid(child, &status, 0) < 0)
            if (errno != EINTR) {
                snprintf(why, size, "gnuplot: %s", strerror(errno));
                return SIM_E_CHILD;
            }
    if (error == ENOENT || (error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
        snprintf(why, size, "the program gnuplot is missing; Debian's package gnuplot-nox has it");
        return SIM_E_CHILD;
    }
    if (error != 0) {
        snprintf(why, size, "the program gnuplot cannot be started: %s", strerror(error));
        return SIM_E_CHILD;
    }
    if (WIFSIGNALED(status)) {
        snprintf(why, size, "gnuplot was ended by signal %d", WTERMSIG(status));
        return SIM_E_CHILD;
    }
    if (WEXITSTATUS(status) == 0)
        return 0;
    last_words(place->log, words, sizeof words);
    snprintf(why, size, "gnuplot failed: %s", words[0] ? words : "it does not say why");
    return SIM_E_CHILD;
}

int gnuplot_draw(const gnuplot_place *place, const char *head, const char *script, const char *name, char *why,
                 size_t size)
{
    struct stat picture;
    int error = write_script(place->script, head, script, why, size);
    if (error == 0)
        error = run(place, why, size);
    if (error != 0)
        return error;
    if (stat(place->picture, &picture) != 0 || picture.st_size == 0) {
        snprintf(why, size, "gnuplot drew nothing for %s", name);
        return SIM_E_CHILD;
    }
    char *target = join_path(place->target_folder, name);
    if (!target)
        return SIM_E_MEMORY;
    if (rename(place->picture, target) != 0) {
        snprintf(why, size, "%s: %s", target, strerror(errno));
        error = SIM_E_IO;
    }
    free(target);
    return error;
}
