/* The results file on disk: bytes in a temporary file, sealed, synchronised, read back, compared, renamed.
 *
 * The seal is a line behind the end of the HDF5 data (which HDF5 ignores): the SHA-256 of all bytes before it. A file
 * without it, or with another sum, was cut off, damaged or changed, and is told as such before HDF5's parser sees it.
 */
#include "sim/result/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/digest.h"
#include "sim/base/error.h"
#include "sim/result/store_image.h"

#define SEAL_MARK "hbmseal1"
enum {
    SEAL_MARK_SIZE = 8,
    SEAL_SIZE = SEAL_MARK_SIZE + SIM_DIGEST_HEX + 1,
    NAME_PART = 120, /* bytes of the target's name in the temporary one, so that it stays below 255 */
    HOST_PART = 64,
    DETAIL_SIZE = 512,
    ATTEMPTS = 1000
};

/* The target while it is being written. */
typedef struct {
    const char *path;
    const char *base; /* the last part of path */
    int folder;       /* open, -1 before */
    int file;         /* the temporary one, open, -1 before and after */
    mode_t mode;      /* of the file to be replaced, 0 if there is none */
    char host[HOST_PART + 1];
    char temporary[NAME_PART + HOST_PART + 64]; /* name in the folder, "" while there is none */
    char *why;
    size_t size;
} target;

/* One line for the user: the path and what is wrong. */
static int tell(const char *path, char *why, size_t size, int outcome, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
static int tell(const char *path, char *why, size_t size, int outcome, const char *format, ...)
{
    if (size == 0)
        return outcome;
    char detail[DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    (void)snprintf(why, size, "%s: %s", path, detail);
    for (char *c = why; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = '?';
    return outcome;
}

#define TELL(t, outcome, ...) tell((t)->path, (t)->why, (t)->size, outcome, __VA_ARGS__)

static int out_of_memory(const char *path, char *why, size_t size)
{
    return tell(path, why, size, SIM_E_MEMORY, "out of memory");
}

static int write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

static int read_all(int file, char *bytes, size_t length)
{
    off_t at = 0;
    while (length > 0) {
        ssize_t n = pread(file, bytes, length, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO; /* shorter than it was */
        if (n <= 0)
            return -1;
        bytes += n;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

static void seal_of(const char *image, size_t size, char seal[SEAL_SIZE])
{
    char hex[SIM_DIGEST_HEX + 1];
    sim_digest_of(image, size, hex);
    memcpy(seal, SEAL_MARK, SEAL_MARK_SIZE);
    memcpy(seal + SEAL_MARK_SIZE, hex, SIM_DIGEST_HEX);
    seal[SEAL_SIZE - 1] = '\n';
}

/* What is wrong with the bytes of a file, NULL if its seal is right. */
static const char *seal_fault(const char *bytes, size_t size)
{
    static const char signature[] = "\x89HDF\r\n\x1a\n";
    char seal[SEAL_SIZE];
    size_t known = size < 8 ? size : 8;
    if (size == 0 || memcmp(bytes, signature, known) != 0)
        return "not an HDF5 file, hence no results file";
    if (size < 8 + SEAL_SIZE || memcmp(bytes + size - SEAL_SIZE, SEAL_MARK, SEAL_MARK_SIZE) != 0)
        return "cut off, changed after it was written, or not a results file of hbm (it has no seal)";
    seal_of(bytes, size - SEAL_SIZE, seal);
    return memcmp(bytes + size - SEAL_SIZE, seal, SEAL_SIZE) == 0
               ? NULL
               : "damaged, or changed after it was written (its seal is broken)";
}

/* Opens the folder of the target and refuses targets that cannot be replaced by a file. */
static int target_open(target *t)
{
    const char *slash = strrchr(t->path, '/');
    t->base = slash == NULL ? t->path : slash + 1;
    if (t->base[0] == '\0' || strcmp(t->base, ".") == 0 || strcmp(t->base, "..") == 0)
        return TELL(t, SIM_E_IO, "this names a folder, not a file to write");
    size_t length = slash == NULL ? 1 : slash == t->path ? 1 : (size_t)(slash - t->path);
    char *folder = calloc(length + 1, 1);
    if (folder == NULL)
        return out_of_memory(t->path, t->why, t->size);
    memcpy(folder, slash == NULL ? "." : t->path, length);
    t->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int outcome = t->folder >= 0 ? 0 : TELL(t, SIM_E_IO, "cannot open the folder %s: %s", folder, strerror(errno));
    free(folder);
    if (outcome != 0)
        return outcome;
    struct stat status;
    if (fstatat(t->folder, t->base, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? 0 : TELL(t, SIM_E_IO, "%s", strerror(errno));
    if (S_ISDIR(status.st_mode))
        return TELL(t, SIM_E_IO, "this is a folder, not a file to write");
    if (S_ISLNK(status.st_mode))
        return TELL(t, SIM_E_IO, "this is a symbolic link; name the file itself");
    if (!S_ISREG(status.st_mode))
        return TELL(t, SIM_E_IO, "this is a device or another special file; results need an ordinary one");
    if (faccessat(t->folder, t->base, W_OK, 0) != 0)
        return TELL(t, SIM_E_IO, "cannot replace it: %s", strerror(errno));
    t->mode = status.st_mode & 0777;
    return 0;
}

/* ".results.h5.host-", the beginning of temporary names of this target on this host. */
static void temporary_prefix(const target *t, char *prefix, size_t size)
{
    int length = (int)strnlen(t->base, NAME_PART);
    while (length > 0 && length == NAME_PART && ((unsigned char)t->base[length] & 0xc0) == 0x80)
        length--; /* cut between characters */
    (void)snprintf(prefix, size, ".%.*s.%s-", length, t->base, t->host);
}

/* A leftover is removed when its process is gone on this host and nobody holds its lock (a process in another container
 * may have the same number). Where locks do not work, leftovers stay; they hinder nobody, since names are unique. */
static void remove_if_dead(const target *t, const char *name, const char *number)
{
    char *end;
    errno = 0;
    long process = strtol(number, &end, 10);
    if (errno != 0 || end == number || *end != '-' || process <= 1 || process > INT_MAX || strlen(end) < 5 ||
        strcmp(end + strlen(end) - 4, ".tmp") != 0)
        return;
    if (kill((pid_t)process, 0) == 0 || errno != ESRCH)
        return;
    int file = openat(t->folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    struct stat status;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && fcntl(file, F_SETLK, &lock) == 0)
        (void)unlinkat(t->folder, name, 0);
    (void)close(file);
}

static void remove_leftovers(const target *t)
{
    char prefix[sizeof t->temporary];
    temporary_prefix(t, prefix, sizeof prefix);
    int again = openat(t->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = again < 0 ? NULL : fdopendir(again);
    if (list == NULL) {
        if (again >= 0)
            (void)close(again);
        return; /* tidying is no condition for writing */
    }
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list))
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            remove_if_dead(t, entry->d_name, entry->d_name + strlen(prefix));
    (void)closedir(list);
}

static int temporary_create(target *t)
{
    char prefix[sizeof t->temporary - 32];
    temporary_prefix(t, prefix, sizeof prefix);
    for (unsigned n = 0; n < ATTEMPTS && t->file < 0; n++) {
        (void)snprintf(t->temporary, sizeof t->temporary, "%s%ld-%u.tmp", prefix, (long)getpid(), n);
        t->file = openat(t->folder, t->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (t->file < 0 && errno != EEXIST)
            break;
    }
    if (t->file < 0) {
        t->temporary[0] = '\0';
        return TELL(t, SIM_E_IO, "cannot create a file in its folder: %s", strerror(errno));
    }
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    (void)fcntl(t->file, F_SETLK, &lock); /* see remove_if_dead */
    return 0;
}

/* Reads the temporary file back, into the image's memory, and compares it with the results. */
static int verify(const target *t, const sim_result *result, char *image, size_t image_size)
{
    char detail[DETAIL_SIZE];
    sim_result back;
    (void)posix_fadvise(t->file, 0, 0,
                        POSIX_FADV_DONTNEED); /* from the disk rather than from the cache, if the kernel agrees */
    memset(image, 0, image_size);
    if (read_all(t->file, image, image_size) != 0)
        return TELL(t, SIM_E_IO, "cannot read back what was written: %s", strerror(errno));
    const char *fault = seal_fault(image, image_size);
    if (fault != NULL)
        return TELL(t, SIM_E_IO, "what was written reads back differently: %s", fault);
    int outcome = store_image_parse(&back, image, image_size - SEAL_SIZE, detail, sizeof detail);
    if (outcome != 0)
        return TELL(t, outcome == SIM_E_MEMORY ? outcome : SIM_E_IO, "what was written cannot be read back: %s",
                    detail);
    const char *difference = sim_result_difference(result, &back);
    if (difference != NULL)
        outcome = TELL(t, SIM_E_IO, "what was written reads back differently: %s", difference);
    sim_result_free(&back);
    return outcome;
}

/* Some file systems know no synchronising of folders (EINVAL); theirs cannot be waited for. */
static int folder_sync(const target *t)
{
    if (fsync(t->folder) == 0 || errno == EINVAL)
        return 0;
    return TELL(t, SIM_E_IO, "written, but the folder cannot be synchronised: %s", strerror(errno));
}

static int put_file(target *t, const sim_result *result, char *image, size_t image_size)
{
    int outcome = temporary_create(t);
    if (outcome != 0)
        return outcome;
    if (write_all(t->file, image, image_size) != 0 || (t->mode != 0 && fchmod(t->file, t->mode) != 0) ||
        fsync(t->file) != 0)
        return TELL(t, SIM_E_IO, "cannot write: %s", strerror(errno));
    outcome = verify(t, result, image, image_size);
    if (outcome != 0)
        return outcome;
    int closed = close(t->file); /* network file systems tell of a full disk only here */
    t->file = -1;
    if (closed != 0)
        return TELL(t, SIM_E_IO, "cannot write: %s", strerror(errno));
    if (renameat(t->folder, t->temporary, t->folder, t->base) != 0)
        return TELL(t, SIM_E_IO, "cannot give the finished file its name: %s", strerror(errno));
    t->temporary[0] = '\0';
    return folder_sync(t);
}

static void target_close(target *t)
{
    if (t->file >= 0)
        (void)close(t->file); /* given up anyway */
    if (t->temporary[0] != '\0')
        (void)unlinkat(t->folder, t->temporary, 0);
    if (t->folder >= 0)
        (void)close(t->folder);
}

int sim_store_write(const sim_result *result, const char *path, char *why, size_t size)
{
    char detail[DETAIL_SIZE];
    void *image = NULL;
    size_t image_size = 0;
    target t = {.path = path, .folder = -1, .file = -1, .why = why, .size = size};
    int outcome = target_open(&t);
    if (outcome != 0)
        goto out;
    if (gethostname(t.host, sizeof t.host - 1) != 0 || strchr(t.host, '/') != NULL)
        (void)snprintf(t.host, sizeof t.host, "host");
    remove_leftovers(&t);
    outcome = store_image_build(result, &image, &image_size, detail, sizeof detail);
    if (outcome != 0) {
        (void)TELL(&t, outcome, "%s", detail);
        goto out;
    }
    char *sealed = realloc(image, image_size + SEAL_SIZE);
    if (sealed == NULL) {
        outcome = out_of_memory(path, why, size);
        goto out;
    }
    image = sealed;
    seal_of(sealed, image_size, sealed + image_size);
    outcome = put_file(&t, result, sealed, image_size + SEAL_SIZE);
out:
    free(image);
    target_close(&t);
    return outcome;
}

static int load(const char *path, char **bytes, size_t *length, char *why, size_t size)
{
    int outcome = 0;
    struct stat status;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        outcome = tell(path, why, size, SIM_E_IO, "cannot open: %s", strerror(errno));
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        outcome =
            tell(path, why, size, SIM_E_IO, S_ISDIR(status.st_mode) ? "this is a folder" : "this is no ordinary file");
        goto out;
    }
    *length = (size_t)status.st_size;
    *bytes = malloc(*length + 1);
    if (*bytes == NULL)
        outcome = out_of_memory(path, why, size);
    else if (read_all(file, *bytes, *length) != 0)
        outcome = tell(path, why, size, SIM_E_IO, "cannot read: %s", strerror(errno));
out:
    if (file >= 0)
        (void)close(file);
    return outcome;
}

int sim_store_read(sim_result *out, const char *path, char *why, size_t size)
{
    char detail[DETAIL_SIZE];
    char *bytes = NULL;
    size_t length = 0;
    sim_result_init(out);
    int outcome = load(path, &bytes, &length, why, size);
    if (outcome != 0)
        goto out;
    const char *fault = seal_fault(bytes, length);
    if (fault != NULL) {
        outcome = tell(path, why, size, SIM_E_FORMAT, "%s", fault);
        goto out;
    }
    outcome = store_image_parse(out, bytes, length - SEAL_SIZE, detail, sizeof detail);
    if (outcome != 0)
        (void)tell(path, why, size, outcome, "%s", detail);
out:
    free(bytes);
    return outcome;
}
