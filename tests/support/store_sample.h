/* A small result with everything a results file can hold, for tests of the store. */
#ifndef TESTS_STORE_SAMPLE_H
#define TESTS_STORE_SAMPLE_H

#include <stddef.h>

#include "sim/result/result.h"

/* Fills an initialised result; `steps` is the number of time bins (the size of the file grows with it), `salt` goes
 * into all numbers, so that two samples can be told apart. 0 or a negative error. */
int store_sample(sim_result *result, size_t steps, int salt);

/* Reads a file and compares it with the sample that it should be; its salt goes to *salt (may be NULL). NULL when it is
 * whole, otherwise what is wrong, and the reader's reason in `why`. */
const char *store_sample_check(const char *path, size_t steps, int *salt, char *why, size_t size);

#endif
