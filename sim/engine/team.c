#include "sim/engine/team.h"

#include "sim/base/error.h"

/* Looks before sleeping: some tens of microseconds, about what waking a thread costs. */
enum { SPINS = 4000 };

int sim_team_init(sim_team *team, unsigned threads)
{
    team->threads = threads;
    atomic_init(&team->arrived, 0);
    atomic_init(&team->generation, 0);
    atomic_init(&team->next, 0);
    if (pthread_mutex_init(&team->mutex, NULL) != 0)
        return SIM_E_MEMORY;
    if (pthread_cond_init(&team->released, NULL) != 0) {
        pthread_mutex_destroy(&team->mutex);
        return SIM_E_MEMORY;
    }
    return 0;
}

void sim_team_free(sim_team *team)
{
    pthread_cond_destroy(&team->released);
    pthread_mutex_destroy(&team->mutex);
}

bool sim_team_meet(sim_team *team)
{
    unsigned generation = atomic_load_explicit(&team->generation, memory_order_acquire);
    if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) + 1 == team->threads)
        return true;
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&team->generation, memory_order_acquire) != generation)
            return false;
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }
    pthread_mutex_lock(&team->mutex);
    while (atomic_load_explicit(&team->generation, memory_order_acquire) == generation)
        pthread_cond_wait(&team->released, &team->mutex);
    pthread_mutex_unlock(&team->mutex);
    return false;
}

void sim_team_release(sim_team *team)
{
    atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&team->next, 0, memory_order_relaxed);
    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add_explicit(&team->generation, 1, memory_order_release);
    pthread_cond_broadcast(&team->released);
    pthread_mutex_unlock(&team->mutex);
}
