/* Claims that runs are the same: for any number of threads and after saving and restoring to the last byte of their
 * state; and of two scenarios metric by metric, by name, where one of them uses a model that has no effect. */
#ifndef TESTS_SAME_H
#define TESTS_SAME_H

#include "models/core/run.h"

/* One and two threads, and a run that is saved on the way and restored into another world, end in the same bytes. */
void test_same_however_run(const model_setup *setup, uint64_t seed);
/* Every metric of `a` that `b` has too is the same, and `b` has all of them. */
void test_same_metrics(const model_world *a, const model_world *b);

#endif
