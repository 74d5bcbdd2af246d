/* Compiling what has jumps: discrete values, and mixtures as straight pieces between steps. */
#ifndef SIM_DIST_STEPS_H
#define SIM_DIST_STEPS_H

#include "sim/dist/dist.h"
#include "sim/dist/exact.h"

/* Fill steps, ends, guide and n of `out`; values are multiplied by `scale`. The mixture needs the exact standard
 * deviation (not scaled), which tells what is steep. SIM_E_MEMORY; sim_dist_free cleans up. */
int sim_dist_compile_steps(sim_dist *out, const sim_dist_exact *exact, double scale);
int sim_dist_compile_pieces(sim_dist *out, const sim_dist_exact *exact, double deviation, double scale);

#endif
