/* The kernel: logical processes side by side in windows.
 *
 * A logical process owns an event queue and everything that its events may touch. The run advances in windows no longer
 * than the lookahead (no process can send another anything that arrives sooner); inside a window the processes run
 * independently, on any number of threads; at its end their messages are delivered and the control function may look at
 * everything and change everything. Nothing depends on which thread ran what (conservative synchronisation: Chandy and
 * Misra 1979, in its windowed form: Nicol 1993). */
#ifndef SIM_KERNEL_H
#define SIM_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/event.h"

typedef struct sim_kernel sim_kernel;

/* A message: an event for another process. */
typedef struct {
    sim_event event;
    uint32_t next; /* of the same receiver, from the same sender; UINT32_MAX: last */
    uint32_t padding;
} sim_message;

typedef struct sim_process {
    sim_event_queue queue;
    sim_time now;
    uint64_t handled; /* events since the run began */
    sim_kernel *kernel;
    uint32_t id;
    uint32_t weight; /* events handled in the last window, for balancing */
    sim_message *outbox;
    uint32_t outbox_count, outbox_room;
    uint32_t *first, *last; /* chains into the outbox, one a receiver; UINT32_MAX: none */
} __attribute__((aligned(128))) sim_process;

typedef struct {
    /* Handles one event of the process. */
    void (*handle)(sim_process *process, sim_event event);
    /* A message's event has come to the process, at the window's end `now` (before it is due). May be NULL. */
    void (*receive)(sim_process *process, sim_event event, sim_time now);
    /* Ends a window for one process; runs beside the others'. `now` is the window's end. May be NULL. */
    void (*close)(sim_process *process, sim_time now);
    /* Runs alone between windows, at the run's start too: sees and may change everything. Returns the time of the next
     * instant at which it must run (later than now), or a negative error, which ends the run. */
    sim_time (*control)(sim_kernel *kernel, sim_time now);
} sim_program;

struct sim_kernel {
    const sim_program *program;
    void *context; /* the program's */
    uint32_t process_count;
    sim_process *processes;
    uint32_t *order; /* processes, the busiest of the last window first */
    sim_time now;
    sim_time lookahead; /* SIM_FOREVER with one process */
    sim_time next_control;
    bool holds; /* what control has to do at the end of a run is left to the next run, so that others can act before */
    int error;
};

int sim_kernel_init(sim_kernel *kernel, const sim_program *program, void *context, uint32_t process_count,
                    sim_time lookahead);
void sim_kernel_free(sim_kernel *kernel);

/* Runs from kernel->now until `end` (events at `end` stay) on `threads` threads. May be called again to go on. */
int sim_kernel_run(sim_kernel *kernel, sim_time end, unsigned threads);

static inline void sim_schedule(sim_process *process, sim_event event)
{
    sim_event_push(&process->queue, event);
}

/* Sends an event to another process; it must be due at least the lookahead after now. */
void sim_send(sim_process *from, uint32_t to, sim_event event);

#endif
