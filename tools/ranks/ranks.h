/* Joining the other ranks of a program that an MPI launcher started. The file that is linked decides: none.c or mpi.c.
 */
#ifndef TOOLS_RANKS_H
#define TOOLS_RANKS_H

#include "sim/task/ranks.h"

/* *out: the ranks, NULL when this process is alone; it leaves them when the program ends. To be called once, before
 * threads are started, with the signals blocked that helper threads must not take. 0, SIM_E_MEMORY, or SIM_E_IO with a
 * line on standard error. */
int ranks_join(sim_ranks **out);

#endif
