/* Paired comparison: what is known of mean differences when both of a pair met the same luck (common random numbers).
 *
 * A comparison is n differences, one a replication. One alone has Student's interval and p-value. Of a family of m
 * comparisons
 * - Bonferroni's intervals (each at 1 - alpha / m) hold together: the chance that any of them misses its mean is at
 * most alpha, whatever the dependence between the comparisons (they share replications, so it is strong), where
 * differences are normal, and about so where n is not small;
 * - Holm's p-values (S. Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
 * Statistics 6:65-70) say which means differ from 0: the chance that any is named that does not is at most alpha. They
 * name all that Bonferroni's intervals exclude 0 for, and sometimes more. Two-sided intervals that correspond to Holm's
 * steps have no simple form (the one-sided ones of Guilbaud 2008 and Strassburger and Bretz 2008 tell of what is
 * rejected little but its sign), so that the amount is told by Bonferroni's, and where Holm's test alone rejects, that
 * there is a difference but not how much. A direction is claimed only where the interval excludes 0.
 *
 * Replications may be added until a question is answered: look k of K spends alpha_k of alpha (sim_paired_spend), and
 * these sum to alpha. By the union bound all intervals of all looks hold together with 1 - alpha, therefore also those
 * of the look at which one stops, whatever the rule of stopping.
 *
 * Normality is the one assumption: differences of means over thousands of people are close to it; of rare events
 * (deaths) they are not. */
#ifndef SIM_PAIRED_H
#define SIM_PAIRED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t n;         /* pairs of which both values are finite; the others say nothing and are left out */
    double mean;      /* of the differences plan - baseline; NaN when n is 0 */
    double deviation; /* their standard deviation; NaN when n < 2 */
    bool constant;    /* all n differences are the same to the last digits that a sum keeps: the deviation is 0 */
} sim_paired;

/* Differences plan[i * stride] - baseline[i * stride] of `count` replications. Differences that are apart by no more
 * than 1e-12 of the largest value are the same: the mean of such is the first, the deviation 0. */
sim_paired sim_paired_of(const double *baseline, const double *plan, size_t count, size_t stride);

/* Half-width of Student's two-sided interval of the mean difference that misses it with probability alpha (0 < alpha <
 * 1). 0 when constant (with n >= 2), NaN for n < 2. */
double sim_paired_half_width(const sim_paired *paired, double alpha);
/* Two-sided p-value of "the mean difference is 0". Constant: 0 when the difference is not 0, 1 when it is; NaN for n
 * < 2. */
double sim_paired_p(const sim_paired *paired);

/* Holm's adjusted p-values of m comparisons: reject where adjusted[i] <= alpha. A p-value that is NaN counts as one of
 * the family (it could have been anything: as 1) and its adjusted one is NaN. Arrays may be the same. 0 or
 * SIM_E_MEMORY. */
int sim_paired_holm(const double *p, size_t m, double *adjusted);

/* What look `look` (1 to `looks`) may spend of alpha: alpha / (k (k + 1)), the last one what is left, alpha / k; the
 * sum is alpha. */
double sim_paired_spend(double alpha, size_t look, size_t looks);

typedef enum {
    SIM_PAIRED_UNKNOWN, /* fewer than two pairs */
    SIM_PAIRED_OPEN,    /* the interval contains 0 and reaches beyond the indifference amount */
    SIM_PAIRED_SAME,    /* it lies within +- the indifference amount */
    SIM_PAIRED_DIFFERS, /* Holm's p-value says so, the interval does not tell the direction */
    SIM_PAIRED_LESS,    /* the interval lies below 0 */
    SIM_PAIRED_MORE     /* above */
} sim_paired_status;
extern const char *const sim_paired_status_names[]; /* "unknown", "open", "same", "differs", "less", "more" */

/* What interval and adjusted p-value say. indifference: 0 or NaN for none; then "same" is only what is exactly the same
 * in all replications. An interval that excludes 0 and lies within the amount is told as less or more. */
sim_paired_status sim_paired_judge(double low, double high, double adjusted_p, double alpha, double indifference);
/* Whether more replications are of no use to the question "which is more, or are they the same": same, less or more. */
bool sim_paired_is_answered(sim_paired_status status);

#endif
