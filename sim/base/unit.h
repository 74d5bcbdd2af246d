/* Quantities with units: a closed list of units, each with its dimension and its factor to SI.
 *
 * "90 s", "35 /h", "4.5 km", "12 USD/h", "0.3 1/m2", "40 %" are quantities; money is US dollars; days are 24 hours. */
#ifndef SIM_UNIT_H
#define SIM_UNIT_H

#include <stddef.h>

/* X(enumerator, name a user reads, SI unit as written in results, example) */
#define SIM_DIMENSIONS(X)                                    \
    X(SIM_DIM_NONE, "a plain number", "1", "3")              \
    X(SIM_DIM_TIME, "a time", "s", "90 s")                   \
    X(SIM_DIM_LENGTH, "a length", "m", "4.5 km")             \
    X(SIM_DIM_SPEED, "a speed", "m/s", "60 km/h")            \
    X(SIM_DIM_AREA, "an area", "m2", "9000 m2")              \
    X(SIM_DIM_RATE, "a rate", "1/s", "35 /h")                \
    X(SIM_DIM_DENSITY, "a density", "1/m2", "2.5 1/m2")      \
    X(SIM_DIM_MONEY, "an amount of money", "USD", "250 USD") \
    X(SIM_DIM_WAGE, "money a time", "USD/s", "12 USD/h")     \
    X(SIM_DIM_TEMPERATURE, "a temperature", "C", "-5 C")     \
    X(SIM_DIM_VOLUME, "a volume", "m3", "500 L")             \
    X(SIM_DIM_FLOW, "a volume a time", "m3/s", "15 L/d")     \
    X(SIM_DIM_ANY, "a number, with a unit where it has one", "", "90 min")

typedef enum {
#define SIM_DIM_ENUM(name, words, si, example) name,
    SIM_DIMENSIONS(SIM_DIM_ENUM)
#undef SIM_DIM_ENUM
} sim_dimension;

const char *sim_dimension_words(sim_dimension dimension);   /* "a time" */
const char *sim_dimension_si(sim_dimension dimension);      /* "s" */
const char *sim_dimension_example(sim_dimension dimension); /* "90 s" */

typedef enum {
    SIM_UNIT_OK,
    SIM_UNIT_NOT_A_NUMBER, /* no finite decimal number at the start (nan, inf, hex and overflow are refused) */
    SIM_UNIT_MISSING,      /* a number without the unit that the dimension needs */
    SIM_UNIT_UNKNOWN,      /* the unit is in no table; *suggestion is the nearest one, or NULL */
    SIM_UNIT_WRONG         /* a unit of another dimension: *found tells which */
} sim_unit_outcome;

/* Parses `text` as a quantity of `dimension` into SI. The number is read without locale. "%" is allowed for
 * SIM_DIM_NONE (divides by 100). SIM_DIM_ANY takes a quantity of whatever dimension, or a plain number; *found tells
 * which. found and suggestion may be NULL. */
sim_unit_outcome sim_unit_parse(const char *text, sim_dimension dimension, double *value, sim_dimension *found,
                                const char **suggestion);

/* All units of a dimension, for help and tests: returns the count, sets *names to a static array. */
size_t sim_unit_names(sim_dimension dimension, const char *const **names);

#endif
