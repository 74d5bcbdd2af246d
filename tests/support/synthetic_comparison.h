/* Comparisons with any numbers, for tests of their tables and plots: no simulation needed. */
#ifndef TESTS_SYNTHETIC_COMPARISON_H
#define TESTS_SYNTHETIC_COMPARISON_H

#include "models/study/compare/compare.h"

enum { SYNTHETIC_REPLICATIONS = 10 };

/* A figure: its mean in the baseline, what each further plan changes (plan i: i times), how far replications are apart
 * by shared luck and, in plans, by their own. */
typedef struct {
    const char *name;
    double mean, change, shared, own;
} synthetic_figure;

/* Plans "baseline", "plan 1" ..., judged. Caller frees with compare_free; asserts. */
void synthetic_compare(comparison *c, size_t plans, const synthetic_figure *figures, size_t count);

#endif
