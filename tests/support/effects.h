/* The effects scenarios: for each model at least one small scenario that uses it in full.
 *
 * tests/model/effects has the folders of models/; in them lie MODEL.yaml (MODEL-2.yaml ...), the tables that they read,
 * and MODEL.plan.yaml, a plan that is laid over the scenario of that name. They are found here alone, so that a new
 * file needs no line anywhere. */
#ifndef TESTS_EFFECTS_H
#define TESTS_EFFECTS_H

#include <stddef.h>

enum { TEST_EFFECTS_MOST = 200, TEST_EFFECTS_PATH = 600 };

typedef struct {
    char name[100];                 /* "people-2" */
    char folder[TEST_EFFECTS_PATH]; /* where the tables that it reads lie */
    char path[TEST_EFFECTS_PATH];
    char plan[TEST_EFFECTS_PATH]; /* "": none */
} test_effects_file;

typedef struct {
    test_effects_file files[TEST_EFFECTS_MOST];
    size_t count;
} test_effects;

/* Finds all, sorted by the names of their files, whatever their folders; free with free(). Fails the test when there
 * are none, or two of a name. */
test_effects *test_effects_find(void);
/* The one of that name, or fails the test. */
const test_effects_file *test_effects_named(const test_effects *effects, const char *name);

#endif
