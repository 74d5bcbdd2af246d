/* Lets one allocation of a program fail, for LD_PRELOAD. Only calls from one binary count (the program itself, or a
 * library that is named), so that every place of our own code that asks for memory can be tried in turn, whatever the
 * libraries do with theirs.
 *
 *   HBM_ALLOCATION_IN      part of a library's name; not given: the program
 *   HBM_ALLOCATION_FAIL    number of the call that fails, from 1; 0 or not given: none
 *   HBM_ALLOCATION_ONWARD  1: all calls from that one on fail
 *   HBM_ALLOCATION_REPORT  file that gets, at the end, "calls N", "failed N", "kept N" (memory of those calls never
 * freed), a line "stack NUMBER HASH" a call (the chain of callers inside the binary) and a line "site OFFSET NUMBER" a
 * kept block */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLOTS = 1 << 20, CALLS = 1 << 20, EARLY_BYTES = 1 << 16, FRAMES = 40 };

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    void (*free)(void *);
    char *(*realpath)(const char *, char *);
    FILE *(*open_memstream)(char **, size_t *);
    FILE *(*fopen)(const char *, const char *);
} real;

static char early[EARLY_BYTES]
    __attribute__((aligned(64))); /* for what the loader asks before the real functions are known */
static size_t early_used;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t low, high, base; /* of the binary's code */
static const char *wanted_library, *report;
static size_t calls, failed, fail_at;
static bool onward, ready;
static struct {
    uintptr_t block;
    uint32_t call;
    uint32_t site;
} live[SLOTS];
static uint32_t stacks[CALLS], sites[CALLS];

static int find_binary(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size, (void)user;
    bool program = info->dlpi_name[0] == '\0' && low == 0 && wanted_library == NULL;
    bool library = wanted_library != NULL && strstr(info->dlpi_name, wanted_library) != NULL;
    if (!program && !library)
        return 0;
    base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0)
            continue;
        low = base + part->p_vaddr;
        high = low + part->p_memsz;
    }
    return 1;
}

/* Finds the real functions; false while that itself asks for memory. Before main there is one thread. */
static bool resolve(void)
{
    static bool resolving;
    if (real.fopen != NULL)
        return true;
    if (resolving)
        return false;
    resolving = true;
    real.malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    real.calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
    real.realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    real.aligned_alloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "aligned_alloc");
    real.free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
    real.realpath = (char *(*)(const char *, char *))dlvsym(RTLD_NEXT, "realpath", "GLIBC_2.3");
    real.open_memstream = (FILE * (*)(char **, size_t *)) dlsym(RTLD_NEXT, "open_memstream");
    real.fopen = (FILE * (*)(const char *, const char *)) dlsym(RTLD_NEXT, "fopen");
    return true;
}

__attribute__((constructor)) static void begin(void)
{
    void *frames[2];
    resolve();
    backtrace(frames, 2); /* loads what it needs now, not inside an allocation */
    wanted_library = getenv("HBM_ALLOCATION_IN");
    report = getenv("HBM_ALLOCATION_REPORT");
    const char *number = getenv("HBM_ALLOCATION_FAIL");
    fail_at = number == NULL ? 0 : strtoul(number, NULL, 10);
    onward = getenv("HBM_ALLOCATION_ONWARD") != NULL;
    dl_iterate_phdr(find_binary, NULL);
    ready = true;
}

static bool is_ours(const void *caller)
{
    return ready && (uintptr_t)caller >= low && (uintptr_t)caller < high;
}

static uint32_t hash_stack(void)
{
    void *frames[FRAMES];
    int n = backtrace(frames, FRAMES);
    uint32_t hash = 2166136261u;
    for (int i = 0; i < n; i++)
        if (is_ours(frames[i]))
            hash = (hash ^ (uint32_t)((uintptr_t)frames[i] - base)) * 16777619u;
    return hash;
}

/* Counts a call; true when it is to fail. */
static bool count(const void *caller, size_t *call)
{
    *call = 0;
    if (!is_ours(caller))
        return false;
    pthread_mutex_lock(&lock);
    *call = ++calls;
    bool fails = fail_at > 0 && (onward ? calls >= fail_at : calls == fail_at);
    failed += fails;
    size_t number = calls;
    pthread_mutex_unlock(&lock);
    if (report != NULL && number < CALLS) {
        stacks[number] = hash_stack();
        sites[number] = (uint32_t)((uintptr_t)caller - base);
    }
    return fails;
}

static size_t slot_of(const void *block)
{
    return (size_t)(((uintptr_t)block >> 4) * 0x9E3779B97F4A7C15u >> 44) % SLOTS;
}

static void *keep(void *block, size_t call)
{
    if (block == NULL || call == 0)
        return block;
    pthread_mutex_lock(&lock);
    size_t i = slot_of(block);
    while (live[i].block > 1) /* 0: free, 1: was used */
        i = (i + 1) % SLOTS;
    live[i].block = (uintptr_t)block;
    live[i].call = (uint32_t)call;
    pthread_mutex_unlock(&lock);
    return block;
}

static void forget(const void *block)
{
    if (block == NULL)
        return;
    pthread_mutex_lock(&lock);
    size_t i = slot_of(block);
    while (live[i].block != 0 && live[i].block != (uintptr_t)block)
        i = (i + 1) % SLOTS;
    if (live[i].block != 0)
        live[i].block = 1;
    pthread_mutex_unlock(&lock);
}

static bool is_early(const void *block)
{
    return (const char *)block >= early && (const char *)block < early + EARLY_BYTES;
}

static void *take_early(size_t size)
{
    size_t at = early_used;
    early_used += (size + 63) / 64 * 64;
    return early_used > EARLY_BYTES ? NULL : early + at;
}

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    size_t call;
    if (!resolve())
        return take_early(size);
    return count(__builtin_return_address(0), &call) ? no_memory() : keep(real.malloc(size), call);
}

void *calloc(size_t n, size_t size)
{
    size_t call;
    if (!resolve())
        return take_early(n * size);
    return count(__builtin_return_address(0), &call) ? no_memory() : keep(real.calloc(n, size), call);
}

void *realloc(void *block, size_t size)
{
    size_t call;
    if (is_early(block)) {
        void *copy = malloc(size);
        if (copy != NULL)
            memcpy(copy, block,
                   size < (size_t)(early + EARLY_BYTES - (char *)block)
                       ? size
                       : (size_t)(early + EARLY_BYTES - (char *)block));
        return copy;
    }
    if (!resolve())
        return block == NULL ? take_early(size) : NULL;
    if (count(__builtin_return_address(0), &call))
        return no_memory();
    forget(block);
    return keep(real.realloc(block, size), call);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    size_t call;
    if (!resolve())
        return NULL;
    return count(__builtin_return_address(0), &call) ? no_memory() : keep(real.aligned_alloc(alignment, size), call);
}

void free(void *block)
{
    if (is_early(block) || !resolve())
        return;
    forget(block);
    real.free(block);
}

char *strndup(const char *text, size_t most)
{
    size_t call, length = strnlen(text, most);
    if (count(__builtin_return_address(0), &call))
        return no_memory();
    char *copy = keep(real.malloc(length + 1), call);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *strdup(const char *text)
{
    size_t call, length = strlen(text);
    if (count(__builtin_return_address(0), &call))
        return no_memory();
    char *copy = keep(real.malloc(length + 1), call);
    return copy == NULL ? NULL : memcpy(copy, text, length + 1);
}

char *realpath(const char *path, char *resolved)
{
    size_t call = 0;
    if (resolved == NULL && count(__builtin_return_address(0), &call))
        return no_memory();
    return keep(real.realpath(path, resolved), call);
}

/* Streams: what they hold is freed by closing them, of which this knows nothing; they only fail. */
FILE *open_memstream(char **text, size_t *length)
{
    size_t call;
    return count(__builtin_return_address(0), &call) ? no_memory() : real.open_memstream(text, length);
}

FILE *fopen(const char *path, const char *mode)
{
    size_t call;
    return count(__builtin_return_address(0), &call) ? no_memory() : real.fopen(path, mode);
}

__attribute__((destructor)) static void end(void)
{
    if (report == NULL)
        return;
    ready = false;
    FILE *to = real.fopen(report, "w");
    if (to == NULL)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < SLOTS; i++)
        kept += live[i].block > 1;
    fprintf(to, "calls %zu\nfailed %zu\nkept %zu\n", calls, failed, kept);
    for (size_t i = 0; i < SLOTS; i++)
        if (live[i].block > 1)
            fprintf(to, "site %x %u\n", sites[live[i].call], live[i].call);
    for (size_t i = 1; i <= calls && i < CALLS; i++)
        fprintf(to, "stack %zu %08x\n", i, stacks[i]);
    fclose(to);
}
