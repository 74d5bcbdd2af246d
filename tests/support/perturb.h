/* Other values for one parameter of a scenario, made from its row and from what stands in the scenario, as overrides
 * ("path=value").
 *
 * They are guesses: some will be refused. Numbers are halved, doubled, shifted; words, names and files are exchanged
 * for others. Functions fail the test when memory runs out. */
#ifndef TESTS_PERTURB_H
#define TESTS_PERTURB_H

#include <stddef.h>

#include "models/core/world.h"

typedef struct {
    char **texts;
    size_t count, room;
} test_sets;

void test_sets_free(test_sets *sets);
void test_sets_add(test_sets *sets, const char *text); /* copied */

/* The path of a parameter of an element as overrides name it: "posts.Bridge.entry.stations.check.desks". */
void test_parameter_path(char *path, size_t size, const sim_config *config, const sim_param *param, size_t element);
/* Adds overrides for a parameter of an element; `folder` holds the scenario's files. The likeliest to matter come
 * first. */
void test_perturb(test_sets *sets, const model_setup *setup, const sim_param *param, size_t element,
                  const char *folder);

/* Whether the path of an override names the parameter, or something inside its value. */
bool test_names_parameter(const char *path, const sim_param *param);

#endif
