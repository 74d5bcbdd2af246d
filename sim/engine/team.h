/* A meeting point for the threads of a team: all but the last to come wait; the last one does what is to be done alone,
 * then releases the others.
 *
 * Unlike the barriers of OpenMP's runtimes it spins only for a moment and then sleeps, so that a run on a machine that
 * is busy with something else, or with more threads than cores, is not slower than on one thread. */
#ifndef SIM_TEAM_H
#define SIM_TEAM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
    unsigned threads;
    atomic_uint arrived;
    atomic_uint generation;
    atomic_uint next; /* work handed out: see sim_team_take */
    pthread_mutex_t mutex;
    pthread_cond_t released;
} sim_team;

/* 0, or SIM_E_MEMORY. */
int sim_team_init(sim_team *team, unsigned threads);
void sim_team_free(sim_team *team);

/* True for the last one to come, who must call sim_team_release; the others return false when that has been done. */
bool sim_team_meet(sim_team *team);
void sim_team_release(sim_team *team);

/* Numbers 0, 1, 2 ... each to one thread; begins anew after a release. */
static inline unsigned sim_team_take(sim_team *team)
{
    return atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed);
}

#endif
