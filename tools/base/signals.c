/* The stop signals, held back and asked for. */
#include "tools/base/signals.h"

#include <pthread.h>
#include <time.h>

#include "sim/base/error.h"

static void stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1); /* what batch systems send before the time is up */
    sigaddset(set, SIGUSR2);
}

int signals_hold(tool_signals *held)
{
    sigset_t set;
    stop_signals(&set);
    return pthread_sigmask(SIG_BLOCK, &set, &held->before) == 0 ? 0 : SIM_E_IO;
}

int signals_take(void)
{
    const struct timespec at_once = {0, 0};
    sigset_t set;
    int number;
    stop_signals(&set);
    number = sigtimedwait(&set, NULL, &at_once);
    return number > 0 ? number : 0;
}

void signals_release(const tool_signals *held)
{
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}
