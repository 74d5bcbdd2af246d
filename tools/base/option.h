/* Option values, read strictly, and the options that several commands share. */
#ifndef TOOLS_OPTION_H
#define TOOLS_OPTION_H

#include <argp.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTION_KEY_SET = 0x100, OPTION_KEY_JSON, OPTION_KEY_PLAN, OPTION_KEY_FIRST_OWN };

#define OPTION_SET                                                                                 \
    {                                                                                              \
        "set", OPTION_KEY_SET, "PATH=VALUE", 0,                                                    \
            "Override a value of the scenario, e.g. stations.entry_check.desks=12 (repeatable)", 0 \
    }
#define OPTION_PLAN                                                                           \
    {                                                                                         \
        "plan", OPTION_KEY_PLAN, "FILE", 0,                                                   \
            "Lay this plan over the scenario: what is done about its crisis (a YAML file)", 0 \
    }
#define OPTION_JSON(doc)                         \
    {                                            \
        "json", OPTION_KEY_JSON, NULL, 0, doc, 0 \
    }

/* A whole number of digits only, within low..high. Otherwise -1. */
int option_whole(const char *text, uint64_t low, uint64_t high, uint64_t *value);
/* The same for an option; ends the program with a usage error when it is none. */
uint64_t option_whole_or_exit(struct argp_state *state, const char *option, const char *text, uint64_t low,
                              uint64_t high);

/* "METRIC=5%" or "METRIC=0.05": the metric's name (caller frees) and the relative half-width, more than 0 and at
 * most 1. SIM_E_INPUT or SIM_E_MEMORY otherwise. */
int option_until(const char *text, char **metric, double *width);

/* --set values in order; room for as many as there are arguments. */
typedef struct {
    const char **items;
    size_t count;
} option_sets;

int option_sets_init(option_sets *sets, int argc); /* 0 or SIM_E_MEMORY */
void option_sets_free(option_sets *sets);
/* Ends the program with a usage error when there is no PATH=. */
void option_sets_add_or_exit(option_sets *sets, struct argp_state *state, const char *text);

#endif
