#include "sim/base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/error.h"

static const char *opening_failed(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "does not exist";
    case EACCES:
        return "may not be read (permission denied)";
    case ELOOP:
        return "is a loop of symbolic links";
    case ENAMETOOLONG:
        return "has too long a name";
    default:
        return "cannot be opened";
    }
}

/* Reads until the end; the file may have changed its size since fstat. */
static int read_all(int fd, size_t limit, size_t guess, char **text, size_t *length, const char **why)
{
    size_t room = guess + 1, used = 0;
    char *buffer = malloc(room);
    *why = "does not fit into memory";
    if (buffer == NULL)
        return SIM_E_MEMORY;
    for (;;) {
        ssize_t got = read(fd, buffer + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(buffer);
            *why = "cannot be read";
            return SIM_E_IO;
        }
        used += (size_t)got;
        if (got == 0)
            break;
        if (used > limit) {
            free(buffer);
            *why = "is too large";
            return SIM_E_INPUT;
        }
        if (used < room)
            continue;
        char *larger = realloc(buffer, room * 2);
        if (larger == NULL) {
            free(buffer);
            return SIM_E_MEMORY;
        }
        buffer = larger;
        room *= 2;
    }
    buffer[used] = '\0'; /* used < room: a full buffer was enlarged */
    *text = buffer;
    *length = used;
    return 0;
}

int sim_input_file_read(const char *path, size_t limit, char **text, size_t *length, const char **why)
{
    *text = NULL;
    *length = 0;
    /* Not blocking: opening a pipe would wait for its writer. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        *why = opening_failed(errno);
        return SIM_E_INPUT;
    }
    int rc = SIM_E_INPUT;
    struct stat status;
    if (fstat(fd, &status) != 0) {
        *why = "cannot be read";
        rc = SIM_E_IO;
        goto out;
    }
    if (S_ISDIR(status.st_mode)) {
        *why = "is a folder, not a file";
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        *why = "is not an ordinary file";
        goto out;
    }
    if (status.st_size < 0 || (size_t)status.st_size > limit) {
        *why = "is too large";
        goto out;
    }
    rc = read_all(fd, limit, (size_t)status.st_size, text, length, why);
out:
    close(fd);
    return rc;
}
