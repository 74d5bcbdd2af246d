/* Ranks: processes of one program on one or more machines that send each other messages. NULL stands for a program that
 * is alone.
 *
 * One table of functions, so that only one file speaks MPI (tools/ranks/mpi.c). Functions are called by one thread at a
 * time, any thread. Sending does not wait for the receiver; messages from one rank to another come in order. A broken
 * network ends the program, as MPI does. */
#ifndef SIM_RANKS_H
#define SIM_RANKS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sim_ranks {
    int rank, count;
    void *state;
    /* The bytes are copied. 0 or SIM_E_MEMORY. */
    int (*send)(struct sim_ranks *ranks, int to, const void *bytes, size_t size);
    /* A message that has come, from whom and how long it is; false: none. */
    bool (*look)(struct sim_ranks *ranks, int *from, size_t *size);
    void (*receive)(struct sim_ranks *ranks, int from, void *bytes, size_t size);
    /* Collective: the lowest of all ranks' numbers, and the lowest rank that has it. */
    int (*lowest)(struct sim_ranks *ranks, int number, int *rank);
    /* Collective: rank 0's bytes to all. */
    void (*spread)(struct sim_ranks *ranks, void *bytes, size_t size);
    /* Ends all ranks at once. */
    void (*abandon)(struct sim_ranks *ranks, int code);
    /* Frees them, once all that was sent has gone. */
    void (*leave)(struct sim_ranks *ranks);
} sim_ranks;

#endif
