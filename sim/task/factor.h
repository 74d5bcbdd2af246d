/* Factors of a sweep: values of a scenario that are varied, each named by its path as overrides name them.
 *
 *   stations.entry_check.time.lognormal.mean=40 s..90 s     any number between the two (a unit at one end serves both)
 *   people.traits.child.share=10 %..60 %:log                the same, evenly in the logarithm
 *   rosters.officers.shifts.0.head=4..12                    whole numbers, each equally likely
 *   stations.registration.procedure=full,household          these values, each equally likely; numbers with units as
 * well
 *
 * Designs (design.h) give each factor a number from 0 to 1, which is turned into a *setting* here: the number in SI, or
 * for a list of values its index. What kind of value stands at a path, and in which unit, follows from the scenario's
 * rows (sim_config_path). */
#ifndef SIM_FACTOR_H
#define SIM_FACTOR_H

#include "sim/input/config/config.h"

typedef enum { SIM_FACTOR_REAL, SIM_FACTOR_WHOLE, SIM_FACTOR_LIST } sim_factor_kind;

typedef struct {
    char *path;
    sim_factor_kind kind;
    sim_dimension dimension;
    bool logarithmic;
    double low, high; /* settings, inclusive: SI; of a list 0 and count - 1 */
    char **words;     /* of a list: its values as they are written in an override */
    double *numbers;  /* of a list of numbers: in SI; NULL: they are words */
    size_t count;     /* of a list */
} sim_factor;

/* Reads "PATH=LOW..HIGH", "PATH=LOW..HIGH:log" or "PATH=VALUE,VALUE...". What is wrong goes to diag as file "--factor":
 * SIM_E_INPUT (no such path, no range for what stands there, a wrong unit, ends in the wrong order, 0 in a logarithm).
 * Free with sim_factor_free, also after a failure. */
int sim_factor_parse(sim_factor *factor, const sim_config *config, const char *text, sim_diag *diag);
/* A factor of a path that is a number, from its ends in SI (whole numbers are taken inwards); *why (static text) when
 * SIM_E_INPUT. */
int sim_factor_range(sim_factor *factor, const sim_config *config, const char *path, double low, double high,
                     const char **why);
/* A factor of words (copied); an empty path names none of the scenario's values. SIM_E_MEMORY. */
int sim_factor_words(sim_factor *factor, const char *path, const char *const *words, size_t count);
void sim_factor_free(sim_factor *factor);

/* The setting for u in [0, 1]. Whole numbers and lists: each has an equal share of [0, 1) (of the logarithm, where that
 * was asked for). */
double sim_factor_at(const sim_factor *factor, double u);
/* How many levels a factorial design gives the factor when `wanted` are asked for: all of a list, at most all whole
 * numbers. */
size_t sim_factor_levels(const sim_factor *factor, size_t wanted);
/* Level `level` of so many, as u: from the lower end to the upper one, evenly. */
double sim_factor_level(const sim_factor *factor, size_t level, size_t levels);

/* A number of somebody else's design, in SI, as a setting: real numbers as they are; whole numbers so that numbers
 * uniform between the ends make each equally likely (whole ones stay what they are); lists of numbers: the equal one.
 * False when it is out of range or no member of the list. */
bool sim_factor_setting(const sim_factor *factor, double number, double *setting);
/* The setting in SI; of a list of words its index. */
double sim_factor_number(const sim_factor *factor, double setting);
/* "path=value" for an override: 17 significant digits and the SI unit, or the list's text. Caller frees; NULL: out of
 * memory. */
char *sim_factor_text(const sim_factor *factor, double setting);

#endif
