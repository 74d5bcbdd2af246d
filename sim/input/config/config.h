/* A checked scenario: every parameter of every element, parsed, in SI, with defaults filled in.
 *
 * Lookups are by section path and parameter name (exactly as in the rows) and element index; a name that no row
 * declares, or a wrong type, is a programming error and asserts. Lookups are for building a world, not for the event
 * path. */
#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/diag.h"
#include "sim/dist/dist.h"
#include "sim/input/param.h"

typedef struct sim_config sim_config;

/* Rows of all models, collected by the registry. */
typedef struct {
    const sim_section *const *sections; /* arrays of pointers to single rows */
    size_t section_count;
    const sim_param *const *params;
    size_t param_count;
} sim_rows;

/* Steps: values[i] holds from times[i] (microseconds from the start) until times[i + 1]; constant before and after. */
typedef struct {
    size_t n;
    const int64_t *times;
    const double *values;
} sim_curve;

/* What a second text that is laid over a scenario, such as a plan, may say. Paths are written as in the rows: "rosters"
 * stands for all that is in it, "agencies.*.budget" for one parameter of every element. Elements can be added where
 * their whole section is named ("rosters"), else they must be the scenario's. */
typedef struct {
    const char *what;    /* in messages: "plan" */
    const char *purpose; /* what it must not touch, in messages: "a plan must not change the crisis" */
    const char *version; /* key of its root that must be there with the value 1: "hbm_plan" */
    const char *own;     /* the fixed section of the scenario whose parameters are keys of the text's root: "plan" */
    const char *const *allowed;
    size_t allowed_count;
    const char *const
        *appended; /* lists whose entries go behind the scenario's; all other lists stand instead of the scenario's */
    size_t appended_count;
} sim_overlay_rules;

typedef struct {
    const sim_overlay_rules *rules;
    const char *name; /* in messages and as an input */
    const char *text;
    size_t length;
} sim_overlay;

/* Reads and checks a scenario file. `sets` are "path=value" overrides (path with element names:
 * "stations.entry_check.desks=12", lists by number from 0: "displacement.0.people=500"); value is parsed as YAML. All
 * errors go to diag; any error makes the result SIM_E_INPUT and *out NULL. Limits: 16 MiB of text, depth 32, a million
 * nodes; aliases, anchors and tags are refused. */
int sim_config_load(sim_config **out, const char *path, const sim_rows *rows, const char *const *sets, size_t set_count,
                    sim_diag *diag);
/* The same from text in memory; files are looked up inside `folder` (NULL: files are refused). `name` is used in
 * messages. */
int sim_config_parse(sim_config **out, const char *text, size_t length, const char *name, const char *folder,
                     const sim_rows *rows, const char *const *sets, size_t set_count, sim_diag *diag);
/* The same, but where only keys and values are wrong *out is what could be read, although SIM_E_INPUT is returned. Only
 * parts in which sim_config_is_faulty finds nothing wrong may be looked at. `overlay` (NULL: none) is merged into the
 * scenario before the sets: maps key by key, everything else stands instead of what the scenario has there; it is an
 * input, the second one. */
int sim_config_load_partly(sim_config **out, const char *path, const sim_overlay *overlay, const sim_rows *rows,
                           const char *const *sets, size_t set_count, sim_diag *diag);
int sim_config_parse_partly(sim_config **out, const char *text, size_t length, const char *name, const char *folder,
                            const sim_overlay *overlay, const sim_rows *rows, const char *const *sets, size_t set_count,
                            sim_diag *diag);
/* One more entry of the list section `section` ("timeline.#"), from text: a map of its parameters. *out is a config
 * that has this entry alone, as element 0, and the names of `base` (which it must not outlive), so that names mean what
 * they mean there; nothing else may be asked of it. Errors go to diag under the file name `name`. */
int sim_config_parse_entry(sim_config **out, const sim_config *base, const char *section, const char *text,
                           size_t length, const char *name, const sim_rows *rows, sim_diag *diag);
/* Whether something was laid over the scenario, and whether the element stands in that. */
bool sim_config_is_overlaid(const sim_config *config);
bool sim_element_is_overlaid(const sim_config *config, const char *section, size_t element);
/* Whether something is wrong in any of these top-level keys (separated by blanks). */
bool sim_config_is_faulty(const sim_config *config, const char *keys);
/* The i-th top-level key with something wrong in it, as written; NULL behind the last one. */
const char *sim_config_faulty_key(const sim_config *config, size_t i);
void sim_config_free(sim_config *config);

/* Text of the scenario file as read, for provenance; of every CSV read through it too. */
size_t sim_config_input_count(const sim_config *config);
void sim_config_input(const sim_config *config, size_t i, const char **name, const char **text, size_t *length);
/* Called by models that read a SIM_FILE, so that provenance has its text (copied). */
int sim_config_add_input(sim_config *config, const char *name, const char *text, size_t length);
size_t sim_config_set_count(const sim_config *config);
const char *sim_config_set(const sim_config *config, size_t i);

/* What a path of an override names: the parameter's row, and what stands at the path: a number with a unit, a whole
 * number, or something else (a word, a name, a list). A whole distribution or curve counts as a number: a constant can
 * stand in its place. Paths may go on inside a value: "stations.x.time.lognormal.mean",
 * "people.group_size.empirical.weights.2". */
typedef enum { SIM_PATH_OTHER, SIM_PATH_NUMBER, SIM_PATH_WHOLE } sim_path_kind;
typedef struct {
    const sim_param *param;
    sim_path_kind kind;
    sim_dimension dimension; /* of a number */
    const char *
        nearest; /* where no row has such a path: the key that may have been meant, or NULL; it belongs to the config */
} sim_path;
/* False when no row has such a path. Whether the scenario has the elements that it names, opening it with the override
 * tells. */
bool sim_config_path(const sim_config *config, const char *text, sim_path *path);

/* Elements of a section: 1 for fixed maps. For nested sections elements of one parent stand together. */
size_t sim_elements(const sim_config *config, const char *section);
/* Elements whose parent element (in the nearest enclosing "*" or "#" section) is `parent`. */
void sim_children(const sim_config *config, const char *section, size_t parent, size_t *first, size_t *count);
size_t sim_element_parent(const sim_config *config, const char *section, size_t element);
const char *sim_element_name(const sim_config *config, const char *section, size_t element); /* "" in lists */
/* Index of the element with this name, or -1. */
ptrdiff_t sim_element_find(const sim_config *config, const char *section, const char *name);
sim_mark sim_element_mark(const sim_config *config, const char *section, size_t element);

/* True when the user wrote the parameter (or --set did), or it has a default that is not "". */
bool sim_given(const sim_config *config, const char *section, const char *name, size_t element);
/* True when it stands in the text, or a --set has it. */
bool sim_is_written(const sim_config *config, const char *section, const char *name, size_t element);
sim_mark sim_value_mark(const sim_config *config, const char *section, const char *name, size_t element);

/* Values. Numbers in SI. Strings and arrays belong to the config. */
const char *sim_text(const sim_config *config, const char *section, const char *name, size_t element); /* TEXT, FILE */
bool sim_bool(const sim_config *config, const char *section, const char *name, size_t element);
int64_t sim_count(const sim_config *config, const char *section, const char *name, size_t element);
double sim_quantity(const sim_config *config, const char *section, const char *name, size_t element);
/* Of a quantity of SIM_DIM_ANY: what it was written in; SIM_DIM_NONE: as a plain number. */
sim_dimension sim_quantity_dimension(const sim_config *config, const char *section, const char *name, size_t element);
/* A time in whole microseconds (QUANTITY of SIM_DIM_TIME, INSTANT or CLOCK). */
int64_t sim_micros(const sim_config *config, const char *section, const char *name, size_t element);
unsigned sim_choice(const sim_config *config, const char *section, const char *name, size_t element);
uint32_t sim_choices(const sim_config *config, const char *section, const char *name, size_t element);
size_t sim_name(const sim_config *config, const char *section, const char *name, size_t element); /* element index */
/* With several sections in `words`: which of them the name was found in (0 for the first). */
size_t sim_name_section(const sim_config *config, const char *section, const char *name, size_t element);
size_t sim_names(const sim_config *config, const char *section, const char *name, size_t element,
                 const size_t **indices);
const sim_dist_spec *sim_distribution(const sim_config *config, const char *section, const char *name, size_t element);
void sim_point(const sim_config *config, const char *section, const char *name, size_t element, double *latitude,
               double *longitude);
sim_curve sim_curve_of(const sim_config *config, const char *section, const char *name, size_t element);

/* The start instant of the scenario (root parameter "start") as seconds since 1970 UTC and its offset east of UTC in
 * seconds. */
void sim_config_start(const sim_config *config, int64_t *unix_seconds, int *offset_seconds);

#endif
