/* Selection of the best of several systems with a stated probability: the fully sequential procedure KN of S.-H. Kim
 * and B. L. Nelson 2001, "A fully sequential procedure for indifference-zone selection in simulation", ACM Transactions
 * on Modeling and Computer Simulation 11(3):251-273 (c = 1).
 *
 * All systems get first_stage replications; from the variances S2_il of their paired differences come the bounds of a
 * triangle. Then one replication after another is added to those still in, and a system leaves when another's mean is
 * ahead of its own by more than W_il(r) = max(0, delta / (2 r) (h2 S2_il / delta2 - r)), with h2 = 2 eta (n0 - 1), eta
 * = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2.
 *
 * Where replications are normal and independent of one another, the systems of one replication dependent in any way
 * (common random numbers: the more alike, the sooner it ends), the best is selected with a probability of at least the
 * stated one whenever it is better than every other by at least the indifference amount delta. Where others are closer
 * than that, the choice is among systems between which whoever gave the amount does not distinguish. */
#ifndef SIM_SELECTION_H
#define SIM_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t systems;      /* k, 1 to 1000 */
    double indifference; /* delta > 0, in the unit of the values */
    double probability;  /* of correct selection, 1 - alpha: more than 1 / k, less than 1 */
    bool largest;        /* the largest mean is best; otherwise the smallest */
    size_t first_stage;  /* n0 >= 2; about 10 */
    size_t batch; /* replications asked for at once after it (at least 1); those that turn out to be too many are not
                   * used, so that the outcome does not depend on it */
    size_t most;  /* replications of a system, at least first_stage */
} sim_selection_options;

/* Fills values[i * (to - from) + r] with replication from + r of systems[i]. Non-zero ends the selection with that
 * error. */
typedef int sim_selection_supply(void *user, const uint32_t *systems, size_t count, size_t from, size_t to,
                                 double *values);

/* What became of a system. */
typedef struct {
    size_t replications; /* used */
    double mean;         /* of these */
    size_t left_after;   /* replications after which it left; 0: it never did */
    uint32_t left_for;   /* the system that was ahead; itself when it never left */
} sim_selected;

/* *best: the system selected; outcome: one entry a system. 0, an error of supply, SIM_E_INPUT (an option out of range,
 * or a value that is no finite number), SIM_E_LIMIT (`most` replications did not decide: *best is the best mean of
 * those still in, without the stated probability), SIM_E_MEMORY. */
int sim_selection(const sim_selection_options *options, sim_selection_supply *supply, void *user, uint32_t *best,
                  sim_selected *outcome);

/* h2 of the procedure, for k systems. */
double sim_selection_h2(size_t systems, size_t first_stage, double probability);

#endif
