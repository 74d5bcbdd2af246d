#include "sim/task/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "sim/base/error.h"
#include "sim/task/journal_record.h"

typedef struct {
    sim_journal_key key;
    int status;
    size_t size;
    unsigned char *payload;
    UT_hash_handle hh;
} journal_entry;

struct sim_journal {
    char *path;
    int file;      /* open for appending; -1: only read */
    uint64_t end;  /* of the last whole record */
    bool broken;   /* a write failed and could not be undone: nothing more is appended */
    int problem;   /* errno of what failed last; 0: nothing */
    bool unsynced; /* something has been written since the last fsync */
    struct timespec synced;
    sim_journal_head head;
    journal_entry *entries;
    size_t count;
};

static int tell(int outcome, char *why, size_t size, const char *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
static int tell(int outcome, char *why, size_t size, const char *path, const char *format, ...)
{
    char detail[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (size > 0)
        (void)snprintf(why, size, "%s: %s", path, detail);
    return outcome;
}

/* --- what is in memory --- */

static void forget(sim_journal *journal)
{
    journal_entry *entry, *next;
    HASH_ITER(hh, journal->entries, entry, next)
    {
        HASH_DEL(journal->entries, entry);
        free(entry->payload);
        free(entry);
    }
    sim_journal_head_free(&journal->head);
    free(journal->path);
    free(journal);
}

static journal_entry *find(const sim_journal *journal, const sim_journal_key *key)
{
    journal_entry *entry = NULL;
    HASH_FIND(hh, journal->entries, key, sizeof *key, entry);
    return entry;
}

/* Keeps a record; one of the same key must be the same. */
static int keep(sim_journal *journal, const sim_journal_key *key, int status, const void *payload, size_t size)
{
    journal_entry *entry = find(journal, key);
    if (entry != NULL)
        return entry->status == status && entry->size == size &&
                       (size == 0 || memcmp(entry->payload, payload, size) == 0)
                   ? 0
                   : SIM_E_FORMAT;
    entry = calloc(1, sizeof *entry);
    unsigned char *copy = malloc(size + 1);
    if (entry == NULL || copy == NULL)
        goto out_of_memory;
    if (size > 0)
        memcpy(copy, payload, size);
    *entry = (journal_entry){.key = *key, .status = status, .size = size, .payload = copy};
    HASH_ADD(hh, journal->entries, key, sizeof entry->key, entry);
    if (entry->hh.tbl == NULL)
        goto out_of_memory;
    journal->count++;
    return 0;
out_of_memory:
    free(copy);
    free(entry);
    return SIM_E_MEMORY;
}

bool sim_journal_find(const sim_journal *journal, const sim_journal_key *key, int *status, const void **payload,
                      size_t *size)
{
    const journal_entry *entry = find(journal, key);
    if (entry == NULL)
        return false;
    *status = entry->status;
    *payload = entry->payload;
    *size = entry->size;
    return true;
}

size_t sim_journal_count(const sim_journal *journal)
{
    return journal->count;
}

const char *sim_journal_path(const sim_journal *journal)
{
    return journal->path;
}

const char *sim_journal_problem(const sim_journal *journal)
{
    return journal->problem == 0 ? NULL : strerror(journal->problem);
}

const sim_journal_head *sim_journal_head_of(const sim_journal *journal)
{
    return &journal->head;
}

/* --- reading --- */

/* Keeps every whole record; `end` is behind the last one. */
static int take_records(sim_journal *journal, const unsigned char *bytes, size_t length, bool with_head, char *why,
                        size_t size)
{
    uint64_t at = SIM_JOURNAL_MAGIC_SIZE;
    size_t number = 0;
    if (length < SIM_JOURNAL_MAGIC_SIZE || memcmp(bytes, SIM_JOURNAL_MAGIC, SIM_JOURNAL_MAGIC_SIZE) != 0)
        return tell(SIM_E_INPUT, why, size, journal->path, "this is no journal of hbm");
    for (;; number++) {
        sim_journal_record record;
        sim_record_state state = sim_journal_record_read(bytes, length, at, &record);
        if (state == SIM_RECORD_END || state == SIM_RECORD_TORN)
            break;
        if (state == SIM_RECORD_DAMAGED || (number == 0) != (record.kind == SIM_RECORD_HEAD))
            return tell(SIM_E_FORMAT, why, size, journal->path,
                        "damaged at byte %llu; to go on with the %zu tasks before it: truncate -s %llu",
                        (unsigned long long)at, number > 0 ? number - 1 : 0, (unsigned long long)at);
        int ret = 0;
        if (record.kind == SIM_RECORD_HEAD)
            ret = with_head ? sim_journal_head_parse(&journal->head, record.payload, record.size) : 0;
        else
            ret = keep(journal, &record.key, record.status, record.payload, record.size);
        if (ret != 0)
            return tell(ret, why, size, journal->path,
                        ret == SIM_E_MEMORY ? "out of memory" : "two records of one task differ");
        at += record.whole;
    }
    if (number == 0)
        return tell(SIM_E_FORMAT, why, size, journal->path,
                    "nothing whole is in it: the experiment must begin anew (remove the file)");
    if (journal->file >= 0)
        journal->end = at;
    return (int)(length - at > INT_MAX ? INT_MAX : length - at);
}

static int read_file(int file, unsigned char **bytes, size_t *length)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return SIM_E_IO;
    *length = (size_t)status.st_size;
    *bytes = malloc(*length + 1);
    if (*bytes == NULL)
        return SIM_E_MEMORY;
    for (size_t at = 0; at < *length;) {
        ssize_t n = pread(file, *bytes + at, *length - at, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return SIM_E_IO;
        if (n == 0)
            *length = at; /* shorter than it was */
        at += (size_t)n;
    }
    return 0;
}

/* Reads a file's records into the journal; `file` is open. *torn: bytes behind the last whole record. */
static int load(sim_journal *journal, int file, bool with_head, size_t *torn, char *why, size_t size)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    int ret = read_file(file, &bytes, &length);
    if (ret != 0)
        (void)tell(ret, why, size, journal->path, "cannot read it: %s",
                   ret == SIM_E_IO ? strerror(errno) : sim_error_text(ret));
    else
        ret = take_records(journal, bytes, length, with_head, why, size);
    free(bytes);
    *torn = ret > 0 ? (size_t)ret : 0;
    return ret > 0 ? 0 : ret;
}

static sim_journal *journal_new(const char *path)
{
    sim_journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL)
        return NULL;
    journal->file = -1;
    journal->path = strdup(path);
    if (journal->path == NULL) {
        free(journal);
        return NULL;
    }
    return journal;
}

static bool lock(int file)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    /* where locks do not work (some network file systems) users must see to it themselves that one process goes on with
     * a journal */
    return fcntl(file, F_SETLK, &whole) == 0 || (errno != EAGAIN && errno != EACCES);
}

int sim_journal_open(sim_journal **out, const char *path, bool read_only, size_t *torn, char *why, size_t size)
{
    sim_journal *journal = journal_new(path);
    int file = -1, ret = 0;
    *out = NULL;
    *torn = 0;
    if (journal == NULL)
        return tell(SIM_E_MEMORY, why, size, path, "out of memory");
    file = open(path, (read_only ? O_RDONLY : O_RDWR | O_APPEND) | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        ret = tell(SIM_E_INPUT, why, size, path, "%s", strerror(errno));
    else if (!read_only && !lock(file))
        ret = tell(SIM_E_INPUT, why, size, path, "another process is at work on it");
    journal->file = read_only ? -1 : file;
    if (ret == 0)
        ret = load(journal, file, true, torn, why, size);
    if (ret == 0 && *torn > 0 && !read_only && ftruncate(file, (off_t)journal->end) != 0)
        ret = tell(SIM_E_IO, why, size, path, "cannot cut off its torn end: %s", strerror(errno));
    if (file >= 0 && (read_only || ret != 0))
        (void)close(file);
    if (ret != 0) {
        forget(journal);
        return ret;
    }
    *out = journal;
    return 0;
}

int sim_journal_add_from(sim_journal *journal, const char *path, size_t *torn, char *why, size_t size)
{
    sim_journal *other = NULL;
    journal_entry *entry, *next;
    int ret = sim_journal_open(&other, path, true, torn, why, size);
    if (ret != 0)
        return ret;
    const char *difference = sim_journal_head_difference(&journal->head, &other->head);
    if (difference != NULL)
        ret = tell(SIM_E_INPUT, why, size, path, "a journal of another experiment than %s: %s is another one",
                   journal->path, difference);
    HASH_ITER(hh, other->entries, entry, next)
    {
        if (ret != 0)
            break;
        ret = keep(journal, &entry->key, entry->status, entry->payload, entry->size);
        if (ret != 0)
            (void)tell(ret, why, size, path,
                       ret == SIM_E_MEMORY ? "out of memory" : "a task came out otherwise than in another journal");
    }
    forget(other);
    return ret;
}

/* --- writing --- */

static int write_all(int file, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return SIM_E_IO;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

/* Appends bytes behind the last record, or leaves the file as it was. */
static int append_bytes(sim_journal *journal, const unsigned char *bytes, size_t length)
{
    if (journal->file < 0 || journal->broken)
        return SIM_E_IO;
    if (write_all(journal->file, bytes, length) != 0) {
        journal->problem = errno;
        if (ftruncate(journal->file, (off_t)journal->end) != 0)
            journal->broken = true; /* a torn record may stand there, which nothing must follow */
        errno = journal->problem;
        return SIM_E_IO;
    }
    journal->end += length;
    journal->unsynced = true;
    return 0;
}

static int append_record(sim_journal *journal, sim_record_kind kind, const sim_journal_key *key, int status,
                         const void *payload, size_t size)
{
    size_t whole = sim_journal_record_size(size);
    if (size > SIM_JOURNAL_PAYLOAD_MOST)
        return SIM_E_LIMIT;
    unsigned char *bytes = malloc(whole);
    if (bytes == NULL)
        return SIM_E_MEMORY;
    sim_journal_record_write(bytes, journal->end, kind, key, status, payload, size);
    int ret = append_bytes(journal, bytes, whole);
    free(bytes);
    return ret;
}

int sim_journal_append(sim_journal *journal, const sim_journal_key *key, int status, const void *payload, size_t size)
{
    if (find(journal, key) != NULL)
        return 0;
    int ret = append_record(journal, SIM_RECORD_TASK, key, status, payload, size);
    return ret == 0 ? keep(journal, key, status, payload, size) : ret;
}

/* Synchronises the folder, so that a crash of the machine does not lose the file's name. Where that cannot be had
 * (EINVAL), nothing is lost by it. */
static int sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return SIM_E_MEMORY;
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    if (folder < 0)
        return SIM_E_IO;
    int ret = fsync(folder) == 0 || errno == EINVAL ? 0 : SIM_E_IO;
    int problem = errno;
    (void)close(folder);
    errno = problem;
    return ret;
}

/* The magic and the head in one write, synchronised: from here on a kill leaves a journal. */
static int begin(sim_journal *journal, const sim_journal_head *head)
{
    static const sim_journal_key no_key;
    unsigned char *text = NULL, *bytes = NULL;
    size_t length = 0;
    int ret = sim_journal_head_format(head, &text, &length);
    if (ret == 0)
        ret = sim_journal_head_parse(&journal->head, text, length);
    if (ret == 0)
        ret = (bytes = malloc(SIM_JOURNAL_MAGIC_SIZE + sim_journal_record_size(length))) == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0) {
        memcpy(bytes, SIM_JOURNAL_MAGIC, SIM_JOURNAL_MAGIC_SIZE);
        sim_journal_record_write(bytes + SIM_JOURNAL_MAGIC_SIZE, SIM_JOURNAL_MAGIC_SIZE, SIM_RECORD_HEAD, &no_key, 0,
                                 text, length);
        ret = append_bytes(journal, bytes, SIM_JOURNAL_MAGIC_SIZE + sim_journal_record_size(length));
    }
    if (ret == 0)
        ret = sim_journal_sync(journal, true);
    if (ret == 0)
        ret = sync_folder(journal->path);
    free(bytes);
    free(text);
    return ret;
}

/* Opens a file of that name in which nothing stands and which is this process's alone. An empty one is what a kill
 * leaves that came before the first write. */
static int open_empty(const char *path, char *why, size_t size, int *file)
{
    struct stat status = {0};
    do { /* until it is not one that its last user has just removed */
        *file = open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666);
        if (*file < 0)
            return tell(SIM_E_IO, why, size, path, "%s", strerror(errno));
        bool mine = lock(*file);
        if (!mine || fstat(*file, &status) != 0 || status.st_size > 0 || !S_ISREG(status.st_mode)) {
            (void)close(*file);
            return tell(SIM_E_INPUT, why, size, path, "%s",
                        mine ? "there is an unfinished experiment; 'hbm resume' goes on with it, or remove the file"
                             : "another process is at work on it");
        }
        if (status.st_nlink == 0)
            (void)close(*file);
    } while (status.st_nlink == 0);
    return 0;
}

int sim_journal_create(sim_journal **out, const char *path, const sim_journal_head *head, char *why, size_t size)
{
    sim_journal *journal = journal_new(path);
    *out = NULL;
    if (journal == NULL)
        return tell(SIM_E_MEMORY, why, size, path, "out of memory");
    int ret = open_empty(path, why, size, &journal->file);
    if (ret != 0) {
        forget(journal);
        return ret;
    }
    ret = begin(journal, head);
    if (ret != 0) {
        (void)tell(ret, why, size, path, "cannot write: %s", ret == SIM_E_IO ? strerror(errno) : sim_error_text(ret));
        (void)sim_journal_close(journal, true);
        return ret;
    }
    *out = journal;
    return 0;
}

int sim_journal_sync(sim_journal *journal, bool now)
{
    struct timespec time;
    if (journal->file < 0 || !journal->unsynced)
        return 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    if (!now && time.tv_sec - journal->synced.tv_sec < 1)
        return 0;
    journal->synced = time;
    if (fdatasync(journal->file) != 0 && errno != EINVAL) {
        journal->problem = errno;
        return SIM_E_IO;
    }
    journal->unsynced = false;
    return 0;
}

int sim_journal_close(sim_journal *journal, bool remove)
{
    int ret = 0;
    if (journal == NULL)
        return 0;
    if (journal->file >= 0) {
        if (!remove)
            ret = sim_journal_sync(journal, true);
        if (remove && unlink(journal->path) != 0)
            ret = SIM_E_IO;
        if (close(journal->file) != 0 && !remove)
            ret = SIM_E_IO;
    }
    forget(journal);
    return ret;
}
