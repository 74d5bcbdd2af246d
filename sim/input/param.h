/* Parameter rows: the one declaration of everything a scenario can say.
 *
 * A scenario is a tree of maps and lists. A *section* is a place in that tree: "" is the root, "people" a fixed map,
 * "stations.*" a map whose keys the user chooses (element names), "displacement.#" a list. Sections nest:
 * "posts.*.exit.stations.*", "rosters.*.shifts.#". A *parameter* is a key of a section. The rows, collected from all
 * models, drive parsing, unit and range errors, `hbm params`, documentation and sweep axes. */
#ifndef SIM_PARAM_H
#define SIM_PARAM_H

#include <stddef.h>

#include "sim/base/unit.h"

typedef enum {
    SIM_TEXT,     /* any text; stored as string */
    SIM_BOOL,     /* true, false */
    SIM_COUNT,    /* a whole number within low..high */
    SIM_QUANTITY, /* a number with the unit of `dimension`, within low..high (SI); SIM_DIM_NONE: plain number, or % */
    SIM_CHOICE,   /* one of `words`; stored as index */
    SIM_CHOICES,  /* a list of words, or one; stored as bit mask (bit = index), at most 32 words */
    SIM_NAME,     /* the name of an element of one of the sections in `words`; stored as index of the element */
    SIM_NAMES,    /* a list of such names (or one); stored as indices in order */
    SIM_DIST, /* a distribution over `dimension`; a plain quantity is the constant; its support must lie in low..high */
    SIM_INSTANT, /* RFC 3339 instant with offset, or a time since the start ("4 d"); stored in microseconds from the
                    start */
    SIM_CLOCK,   /* "06:00": time of day, stored in microseconds */
    SIM_POINT,   /* [latitude, longitude] in degrees */
    SIM_CURVE,   /* value over time: a quantity; a list of [instant, quantity] steps; or {mean, amplitude, period, peak}
                  */
    SIM_FILE     /* a path inside the scenario's folder to an existing ordinary file; stored as full path */
} sim_param_type;

typedef struct {
    const char *section;
    const char *doc;
    int names_only; /* "*" sections: a list of names is accepted as shorthand for a map of names to {} */
} sim_section;

typedef struct {
    const char *section;
    const char *name; /* a key; dots make nested fixed maps: "exit.agency" */
    sim_param_type type;
    sim_dimension dimension;
    const char *fallback; /* default written as in YAML; NULL: required; "": may be absent (sim_given tells) */
    double low, high;     /* SI, inclusive; 0, 0: no range */
    const char *words;    /* CHOICE(S): words separated by blanks; NAME(S): section paths separated by blanks */
    const char *doc;
    const char *source; /* where the default comes from, or "assumption: why" */
} sim_param;

#endif
