/* Ranks over MPI: the one file that speaks it. Messages are sent without waiting and kept until they are gone. */
#include <limits.h>
#include <malloc.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "tools/ranks/ranks.h"

typedef struct pending {
    MPI_Request request;
    void *bytes;
    struct pending *next;
} pending;

typedef struct {
    sim_ranks ranks;
    pending *sent; /* not known to be gone */
} world;

/* Frees what is gone; with `all` waits for it. */
static void reap(world *w, bool all)
{
    for (pending **at = &w->sent; *at != NULL;) {
        pending *entry = *at;
        int gone = 1;
        if (all)
            MPI_Wait(&entry->request, MPI_STATUS_IGNORE);
        else
            MPI_Test(&entry->request, &gone, MPI_STATUS_IGNORE);
        if (!gone) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        free(entry->bytes);
        free(entry);
    }
}

static int send_bytes(sim_ranks *ranks, int to, const void *bytes, size_t size)
{
    world *w = ranks->state;
    pending *entry = calloc(1, sizeof *entry);
    reap(w, false);
    if (entry == NULL || size > INT_MAX || (entry->bytes = malloc(size + 1)) == NULL) {
        free(entry);
        return size > INT_MAX ? SIM_E_LIMIT : SIM_E_MEMORY;
    }
    memcpy(entry->bytes, bytes, size);
    MPI_Isend(entry->bytes, (int)size, MPI_BYTE, to, 0, MPI_COMM_WORLD, &entry->request);
    entry->next = w->sent;
    w->sent = entry;
    return 0;
}

static bool look(sim_ranks *ranks, int *from, size_t *size)
{
    MPI_Status status;
    int any = 0, count = 0;
    (void)ranks;
    MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &any, &status);
    if (!any)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &count);
    *from = status.MPI_SOURCE;
    *size = (size_t)count;
    return true;
}

static void receive(sim_ranks *ranks, int from, void *bytes, size_t size)
{
    (void)ranks;
    MPI_Recv(bytes, (int)size, MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static int lowest(sim_ranks *ranks, int number, int *rank)
{
    struct {
        int number, rank;
    } own = {number, ranks->rank}, least = own;
    MPI_Allreduce(&own, &least, 1, MPI_2INT, MPI_MINLOC, MPI_COMM_WORLD);
    *rank = least.rank;
    return least.number;
}

static void spread(sim_ranks *ranks, void *bytes, size_t size)
{
    (void)ranks;
    MPI_Bcast(bytes, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD);
}

static void abandon(sim_ranks *ranks, int code)
{
    (void)ranks;
    MPI_Abort(MPI_COMM_WORLD, code);
}

/* Also when a usage error ends the program: launchers take a process that leaves without a word for a crash. */
static void leave(void)
{
    int done = 0;
    MPI_Finalized(&done);
    if (!done)
        MPI_Finalize();
}

static void free_world(sim_ranks *ranks)
{
    world *w = ranks->state;
    reap(w, true);
    free(w);
}

/* MPI libraries set limits of malloc, upon which glibc stops raising them by itself: then the memory of a world goes
 * back to the system after each task, and comes again page by page, 9% of the time of tasks of 8 ms. A rank's next task
 * needs as much as its last one. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

int ranks_join(sim_ranks **out)
{
    int provided = 0, rank = 0, count = 1;
    *out = NULL;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS || atexit(leave) != 0)
        return SIM_E_IO;
    keep_memory();
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    if (provided < MPI_THREAD_SERIALIZED) {
        fputs("hbm: this MPI does not let several threads take turns (MPI_THREAD_SERIALIZED)\n", stderr);
        return SIM_E_IO;
    }
    if (count == 1)
        return 0;
    world *w = calloc(1, sizeof *w);
    if (w == NULL)
        return SIM_E_MEMORY;
    w->ranks = (sim_ranks){
        .rank = rank,
        .count = count,
        .state = w,
        .send = send_bytes,
        .look = look,
        .receive = receive,
        .lowest = lowest,
        .spread = spread,
        .abandon = abandon,
        .leave = free_world,
    };
    *out = &w->ranks;
    return 0;
}
