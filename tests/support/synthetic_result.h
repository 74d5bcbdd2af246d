/* Results as a run writes them, with any shape and any numbers, for tests of plots and tables: no simulation needed. */
#ifndef TESTS_SYNTHETIC_RESULT_H
#define TESTS_SYNTHETIC_RESULT_H

#include <stddef.h>

#include "sim/result/result.h"

typedef struct {
    size_t posts; /* 1 to 400 */
    size_t bins;
    size_t replications;
    const char *const *names; /* of the posts; NULL: "Post 1" ... */
    const char *title;
    double people;   /* who cross at post 1 in a bin; post i has a share of 1 / i; NaN: no number but the places has a
                        value */
    int coordinates; /* whether places have them */
    int has_sites;   /* a centre "Camp", an informal crossing "Ford", and money spent */
    size_t days_observed; /* all posts together, 1000 people, 1100 the day after, and so on; simulated 10 more */
} synthetic;

/* Two posts, 48 bins of an hour, 3 replications, 60 people an hour, the other sites. */
synthetic synthetic_default(void);
/* Fills an initialised result; asserts. */
void synthetic_fill(sim_result *result, const synthetic *shape);

#endif
