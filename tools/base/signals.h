/* Stopping by SIGINT, SIGTERM, SIGUSR1 and SIGUSR2 without a handler: the signals are blocked for all threads started
 * later, and the one who reports progress looks whether one is waiting. So no work is interrupted halfway, and no
 * global variable is needed. */
#ifndef TOOLS_SIGNALS_H
#define TOOLS_SIGNALS_H

#include <signal.h>

typedef struct {
    sigset_t before;
} tool_signals;

/* From here until signals_release these signals wait. 0 or SIM_E_IO. */
int signals_hold(tool_signals *held);
/* The number of a waiting one, which is taken; 0 if none waits. */
int signals_take(void);
void signals_release(const tool_signals *held);

#endif
