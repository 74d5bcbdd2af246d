/* Lets one call that changes a file fail, for LD_PRELOAD: creating, writing, synchronising, cutting, closing, renaming
 * and removing. Only files under one folder count, so that neither the terminal nor what MPI keeps for itself is meant.
 *
 *   HBM_IO_IN       the folder, absolute, without links in it
 *   HBM_IO_FAIL     number of the call that fails, from 1; 0 or not given: none
 *   HBM_IO_ERROR    ENOSPC, EIO, or SHORT: writes take half of what they are given, once, without an error
 *   HBM_IO_ONWARD   given: all calls from that one on fail (a disk that stays full)
 *   HBM_IO_REPORT   file (in another folder) to which each call appends its line "NUMBER NAME FILE [failed]"
 *
 * ENOSPC is no answer of fsync or close on a local disk, but it is of network file systems; only removing a file always
 * works on a full disk. A failed close has closed, as on Linux; closing what has no name any more is no call that
 * counts. What the C library does within itself is not seen: fflush and fclose of streams are taken as a whole. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t calls, fail_at;
static int error_code; /* 0: SHORT */
static bool onward;
static const char *folder, *report;

__attribute__((constructor)) static void begin(void)
{
    const char *number = getenv("HBM_IO_FAIL"), *name = getenv("HBM_IO_ERROR");
    folder = getenv("HBM_IO_IN");
    report = getenv("HBM_IO_REPORT");
    fail_at = number == NULL ? 0 : strtoul(number, NULL, 10);
    onward = getenv("HBM_IO_ONWARD") != NULL;
    error_code = name == NULL || strcmp(name, "EIO") == 0 ? EIO : strcmp(name, "SHORT") == 0 ? 0 : ENOSPC;
}

/* The real function of that name; a cast of an object pointer to a function pointer is what POSIX promises of dlsym. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static bool is_under(const char *path)
{
    size_t length = folder == NULL ? 0 : strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static bool path_of(int fd, char path[PATH_MAX])
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    path[n < 0 ? 0 : n] = '\0';
    return n > 0;
}

/* Where a name that may not exist yet leads. */
static void path_at(int at, const char *name, char path[PATH_MAX])
{
    char base[PATH_MAX];
    if (name[0] == '/' || !(at == AT_FDCWD ? getcwd(base, sizeof base) != NULL : path_of(at, base)))
        (void)snprintf(path, PATH_MAX, "%s", name);
    else if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX)
        path[0] = '\0';
}

static void tell(size_t number, const char *name, const char *path, bool fails)
{
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%zu %s %s%s\n", number, name, path, fails ? " failed" : "");
    int fd = report == NULL ? -1 : REAL(open)(report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (REAL(write)(fd, line, (size_t)length) != length)
        abort();
    REAL(close)(fd);
}

/* Counts a call on a file; true when it is to fail. */
static bool fails_on(const char *name, const char *path)
{
    if (!is_under(path))
        return false;
    pthread_mutex_lock(&lock);
    size_t number = ++calls;
    bool fails = fail_at > 0 && (onward ? number >= fail_at : number == fail_at);
    fails = fails && !(error_code == ENOSPC && strcmp(name, "unlink") == 0);
    tell(number, name, path, fails);
    pthread_mutex_unlock(&lock);
    if (fails && error_code != 0)
        errno = error_code;
    return fails;
}

static bool fails_fd(const char *name, int fd)
{
    char path[PATH_MAX];
    return path_of(fd, path) && fails_on(name, path);
}

static bool fails_at(const char *name, int at, const char *file)
{
    char path[PATH_MAX];
    path_at(at, file, path);
    return fails_on(name, path);
}

/* Closing what was only read cannot lose anything. Folders are opened to be synchronised: closing them loses nothing
 * either. */
static bool fails_close(int fd)
{
    struct stat is;
    int saved = errno;
    bool written =
        (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_nlink > 0;
    errno = saved;
    return written && fails_fd("close", fd) && error_code != 0;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (!fails_fd("write", fd))
        return REAL(write)(fd, bytes, size);
    return error_code != 0 ? -1 : REAL(write)(fd, bytes, size > 1 ? size / 2 : size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (!fails_fd("pwrite", fd))
        return REAL(pwrite)(fd, bytes, size, at);
    return error_code != 0 ? -1 : REAL(pwrite)(fd, bytes, size > 1 ? size / 2 : size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return pwrite(fd, bytes, size, at);
}

/* Functions of a file descriptor or a name that either work or give -1. */
#define FAILING(result, name, parameters, arguments, condition)          \
    result name parameters                                               \
    {                                                                    \
        return condition && error_code != 0 ? -1 : REAL(name) arguments; \
    }

FAILING(int, fsync, (int fd), (fd), fails_fd("fsync", fd))
FAILING(int, fdatasync, (int fd), (fd), fails_fd("fdatasync", fd))
FAILING(int, ftruncate, (int fd, off_t size), (fd, size), fails_fd("ftruncate", fd))
FAILING(int, ftruncate64, (int fd, off64_t size), (fd, size), fails_fd("ftruncate", fd))
FAILING(int, rename, (const char *from, const char *to), (from, to), fails_at("rename", AT_FDCWD, to))
FAILING(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), fails_at("rename", b, to))
FAILING(int, link, (const char *from, const char *to), (from, to), fails_at("link", AT_FDCWD, to))
FAILING(int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags),
        fails_at("link", b, to))
FAILING(int, unlink, (const char *path), (path), fails_at("unlink", AT_FDCWD, path))
FAILING(int, unlinkat, (int at, const char *path, int flags), (at, path, flags), fails_at("unlink", at, path))

int close(int fd)
{
    bool fails = fails_close(fd);
    int error = errno, result = REAL(close)(fd);
    if (!fails)
        return result;
    errno = error;
    return -1;
}

static int open_real(int at, const char *path, int flags, mode_t mode)
{
    if ((flags & O_CREAT) != 0 && fails_at("create", at, path) && error_code != 0)
        return -1;
    return REAL(openat)(at, path, flags, mode);
}

static mode_t mode_of(int flags, va_list more)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg(more, unsigned) : 0;
}

#define OPENING(name, at_parameter, at)                     \
    int name(at_parameter const char *path, int flags, ...) \
    {                                                       \
        va_list more;                                       \
        va_start(more, flags);                              \
        mode_t mode = mode_of(flags, more);                 \
        va_end(more);                                       \
        return open_real(at, path, flags, mode);            \
    }
#define COMMA ,

OPENING(open, , AT_FDCWD)
OPENING(open64, , AT_FDCWD)
OPENING(openat, int at COMMA, at)
OPENING(openat64, int at COMMA, at)

/* A stream: fails before the real call, which is made all the same for fclose, so that nothing is lost but what the
 * error stands for. */
int fflush(FILE *stream)
{
    if (stream != NULL && fileno(stream) >= 0 && fails_fd("fflush", fileno(stream)) && error_code != 0)
        return EOF;
    return REAL(fflush)(stream);
}

int fclose(FILE *stream)
{
    bool fails = fileno(stream) >= 0 && fails_close(fileno(stream));
    int error = errno, result = REAL(fclose)(stream);
    if (!fails)
        return result;
    errno = error;
    return EOF;
}
