/* How a checked scenario is kept, and what the parts that read one share.
 *
 *   schema.c  rows -> a tree of what may stand where, and the sections
 *   overlay.c a second text merged into the document
 *   set.c     "--set path=value" -> changes of the document
 *   walk.c    the document against the tree: unknown keys, wrong kinds; the elements of every section
 *   value.c   one parameter of one element: text -> value, with scalar.c, number.c, word.c, dist.c, curve.c, file.c
 *   lookup.c  the questions that models ask afterwards
 *   path.c    what a path names, for sweeps */
#ifndef SIM_CONFIG_INTERNAL_H
#define SIM_CONFIG_INTERNAL_H

#include "sim/base/pool.h"
#include "sim/input/config/config.h"
#include "sim/input/document.h"

enum { SIM_NO_SECTION = -1, SIM_MAX_WORDS = 128 };

typedef enum { SIM_VALUE_ABSENT, SIM_VALUE_DEFAULT, SIM_VALUE_GIVEN } sim_value_state;

typedef struct {
    sim_value_state state;
    sim_dimension dimension; /* of a QUANTITY of SIM_DIM_ANY: what it was written in */
    sim_mark mark;
    union {
        const char *text;
        bool truth;
        int64_t whole; /* COUNT; INSTANT and CLOCK in microseconds */
        double number;
        uint32_t bits; /* CHOICE: index; CHOICES: mask */
        struct {
            size_t index, section; /* section: which of the words */
        } name;
        struct {
            const size_t *indices;
            size_t n;
        } names;
        const sim_dist_spec *dist;
        struct {
            double latitude, longitude;
        } point;
        const sim_curve *curve;
    } as;
} sim_value;

typedef struct {
    const char *name; /* "" in lists and fixed maps */
    size_t parent;    /* element of the parent section */
    sim_node body;    /* map of its parameters, or SIM_NO_NODE */
    sim_mark mark;
} sim_element;

typedef enum { SIM_SECTION_FIXED, SIM_SECTION_NAMED, SIM_SECTION_LIST } sim_section_kind;

struct sim_schema;

typedef struct {
    char *path;
    sim_section_kind kind;
    ptrdiff_t parent;          /* nearest enclosing section of many elements, or SIM_NO_SECTION */
    struct sim_schema *schema; /* node of the elements' bodies */
    const sim_param **params;  /* sorted by name */
    size_t param_count;
    sim_value *defaults; /* a parameter's default, once parsed */
    sim_element *elements;
    size_t element_count, element_room;
    size_t *by_name;   /* elements sorted by name, then index */
    sim_value *values; /* element * param_count + param */
} sim_config_section;

/* What may stand in a map: named keys, and for user-named maps and lists what each entry is. */
typedef struct sim_schema {
    const char *key;
    struct sim_schema *up;
    struct sim_schema **children;
    size_t child_count, child_room;
    struct sim_schema *each; /* of "*" and "#" */
    bool each_is_list;       /* "#" */
    bool names_only;         /* a list of names will do */
    const sim_param *param;  /* a leaf */
    ptrdiff_t section;       /* index, when a section's elements are here */
} sim_schema;

typedef struct {
    char *name, *text;
    size_t length;
} sim_config_input_text;

struct sim_config {
    sim_pool pool;
    sim_schema *schema;
    sim_config_section *sections; /* parents before children */
    size_t section_count, section_room;
    size_t *by_path; /* sections sorted by path */
    sim_config_input_text *inputs;
    size_t input_count, input_room;
    char **sets;
    size_t set_count;
    int64_t start_seconds;
    int start_offset;
    bool all_faulty;  /* something is wrong, and one cannot say where */
    char *faulty[32]; /* top-level keys with something wrong in them */
    size_t faulty_count;
    bool overlaid;
    int overlay_file; /* of marks */
};

/* What is needed while a scenario is being read. */
typedef struct {
    sim_config *config;
    sim_diag *diag;
    sim_document document;   /* the user's */
    sim_document defaults;   /* all rows' defaults */
    sim_node *default_roots; /* of parameter i of section s: default_first[s] + i */
    size_t *default_first;
    sim_node root;
    int file, overlay_file;
    const char *folder; /* NULL: files are refused */
    char *real_folder;  /* without symbolic links, once needed */
    int64_t duration;   /* microseconds; 0 when unknown */
    bool start_known;   /* instants can be placed */
    int rc;             /* SIM_E_MEMORY: give up */
} sim_loader;

/* One value being read. */
typedef struct {
    sim_loader *loader;
    const sim_document *document;
    const sim_param *param;
    size_t section, element;
    bool is_default;
    sim_mark mark; /* of the element: defaults have no place of their own */
} sim_reader;

/* schema.c */
int sim_schema_build(sim_config *config, const sim_rows *rows);
sim_schema *sim_schema_child(const sim_schema *schema, const char *key, size_t length);
/* The keys that may stand here, "a, b, c"; cut when it gets long. */
void sim_schema_expected(const sim_schema *schema, char *out, size_t size);
const char *sim_schema_nearest(const sim_schema *schema, const char *key);

/* overlay.c: merges the text into the document. Errors go to diag; returns those after which there is nothing to
 * check. */
int sim_overlay_apply(sim_loader *loader, const sim_overlay *overlay);

/* set.c: applies one override to the document. Errors go to diag. */
void sim_set_apply(sim_loader *loader, const char *set);

/* config.c: parses the defaults of the rows of a section (SIZE_MAX: of all). 0 or an error. */
int sim_defaults_parse(sim_loader *loader, size_t section);
/* Frees what is needed only while reading. */
void sim_loader_free(sim_loader *loader);

/* walk.c */
void sim_walk_check(sim_loader *loader);
/* The root is the body of an element of this section. */
void sim_walk_check_body(sim_loader *loader, const sim_config_section *section);
/* Sorts a section's elements by name, so that names are found in a few steps. 0 or SIM_E_MEMORY. */
int sim_walk_index(sim_config *config, sim_config_section *section);
int sim_walk_elements(sim_loader *loader);
bool sim_element_name_valid(const char *name, size_t length);
size_t sim_config_section_find(const sim_config *config, const char *path); /* SIZE_MAX: none */
/* The range of by_name whose elements have this name. */
void sim_section_named(const sim_config_section *section, const char *name, size_t *first, size_t *count);

/* value.c: all values of all elements, or those of one element; scalar.c: what their readers begin with. */
void sim_values_read(sim_loader *loader);
void sim_values_read_element(sim_loader *loader, size_t section, size_t element);
void sim_value_error(const sim_reader *reader, sim_node node, const char *expected, const char *suggestion,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
/* What the parameter wants, in words: "a time such as 90 s, at least 1 s". */
void sim_param_expected(const sim_param *param, char *out, size_t size);
void sim_quantity_text(double value, sim_dimension dimension, char *out, size_t size);

/* Readers of single nodes: true and the value, or false after reporting. */
bool sim_read_quantity(const sim_reader *reader, sim_node node, sim_dimension dimension, double *value);
/* The same, telling what it was written in. */
bool sim_read_dimension(const sim_reader *reader, sim_node node, sim_dimension dimension, double *value,
                        sim_dimension *found);
bool sim_read_whole(const sim_reader *reader, sim_node node, int64_t *value);
bool sim_read_instant(const sim_reader *reader, sim_node node, int64_t *micros);
bool sim_micros_from_seconds(double seconds, int64_t *micros);
bool sim_in_range(const sim_param *param, double value);
bool sim_read_scalar(const sim_reader *reader, sim_node node, const char *what, const char **text);
void sim_read_curve(const sim_reader *reader, sim_node node, sim_value *value);
void sim_read_dist(const sim_reader *reader, sim_node node, sim_value *value);
void sim_read_words(const sim_reader *reader, sim_node node, sim_value *value);
void sim_read_names(const sim_reader *reader, sim_node node, sim_value *value);
/* Full path of a file inside the folder (pool memory), NULL after reporting. */
const char *sim_read_path(const sim_reader *reader, sim_node node);

/* Words separated by blanks, split in place. */
typedef struct {
    char text[2048];
    const char *words[SIM_MAX_WORDS];
    size_t n;
} sim_word_list;
void sim_words_split(sim_word_list *list, const char *words);

/* faulty.c: finds the top-level keys in which something is wrong, in the scenario and in what is laid over it. 0
 * or SIM_E_MEMORY. */
typedef struct {
    int file;
    const char *text;
    size_t length;
} sim_faulty_text;
int sim_config_find_faulty(sim_config *config, const sim_diag *diag, const sim_faulty_text *texts, size_t n);

#endif
