/* A model: one part of the domain, declared in one file as one constant and in one line of models.def.
 *
 * Its rows (parameters, metrics, orders) are all that the rest of the program knows about it: they drive parsing,
 * recording, results, help and documentation. Its functions are called in the order of models.def. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stddef.h>

#include "sim/engine/kernel.h"
#include "sim/engine/metric.h"
#include "sim/engine/network.h"
#include "sim/input/config/config.h"

enum { MODEL_MOST = 96 }; /* models */

struct model_setup;
struct model_world;
struct model_order;
struct model_group;
struct model_image;

/* What a kind of order does; `targets` says what it is addressed to. */
typedef enum {
    MODEL_TARGET_STATIONS, /* POST, POST/SIDE, POST/SIDE/STATION; also of centres */
    MODEL_TARGET_LINK,     /* by name */
    MODEL_TARGET_SITES,    /* posts, centres, informal crossings, destinations by name, * for all */
    MODEL_TARGET_ROSTERS,  /* by name, * for all */
    MODEL_TARGET_NOTHING   /* the whole scenario; takes no target */
} model_target_kind;

/* Who may give an order: bits. */
enum {
    MODEL_BY_CRISIS = 1,   /* it is part of what happens: the scenario, or who leads an exercise */
    MODEL_BY_RESPONSE = 2, /* a plan, its rules, the scenario's own response */
    MODEL_BY_PLAYER = 4,   /* someone who takes part in an exercise */
    MODEL_BY_ANYONE = MODEL_BY_CRISIS | MODEL_BY_RESPONSE | MODEL_BY_PLAYER
};

/* An argument that an order needs: one of the timeline's parameters, and what it means to this order. */
typedef struct {
    const char *name; /* NULL: there is no such argument */
    sim_param_type type;
    const char *unit; /* of plain numbers, which is also what the model gets them in; NULL: no unit is allowed */
    double low, high; /* in that unit, inclusive; 0, 0: no range */
    const char *doc;
} model_order_argument;

enum { MODEL_ARGUMENTS = 3 };

typedef struct model_order_kind {
    const char *name;
    const char *doc;
    model_order_argument arguments[MODEL_ARGUMENTS]; /* all are needed, and no others allowed */
    model_target_kind targets;
    unsigned who;            /* may give it: MODEL_BY_... */
    const char *instead;     /* an order for whom may not give this one; NULL: none */
    const char *lead_source; /* why the default lead time is what it is */
    sim_time lead;
    bool is_for_all; /* it can be given although the scenario does not use the model */
    /* Takes effect (`begin`), or is undone at the end of its duration. Runs between windows. */
    void (*apply)(struct model_world *world, const struct model_order *order, bool begin, sim_time now);
    /* Looks whether the order makes sense in this scenario; what is wrong goes to diag. NULL: always. */
    void (*check)(struct model_setup *setup, struct model_order *order, sim_mark mark, sim_diag *diag);
    /* Of an order that has been given and does something later than it takes effect: does what is due now where `act`
     * says so; returns the next instant after now at which something is, or SIM_FOREVER. NULL: it never is. */
    sim_time (*follow)(struct model_world *world, const struct model_order *order, sim_time now, bool act);
} model_order_kind;

/* What a model is told of groups on their way, by the process that has the group; NULL: nothing. Called in the order of
 * models.def. */
typedef struct {
    /* The group has come to its site and been counted there; it stands before its first station. */
    void (*arrived)(struct model_world *world, sim_process *process, uint32_t group);
    /* Its service at a station starts. */
    void (*started)(struct model_world *world, sim_process *process, uint32_t station, uint32_t group, sim_time queued,
                    sim_time service);
    /* Its service has ended; it is still at the desk. People may be taken out of it (model_people_take), traits given
     * or taken. */
    void (*served)(struct model_world *world, sim_process *process, uint32_t station, uint32_t group);
    /* It has waited, outside or in a queue, from `since` until now; it is not in the queue any more, and counted
     * nowhere while this is called. */
    void (*waited)(struct model_world *world, sim_process *process, uint32_t group, sim_time since);
    /* It has left its site: through, or not (gave up, turned away, refused). It has not decided yet where it goes on.
     * People may be taken out. */
    void (*left)(struct model_world *world, sim_process *process, uint32_t group, bool through);
    /* What it does at the stations of its site has changed from `before`, when it had so many people; its record has
     * what it does now. Called at every change: keep it short. Also when someone has been taken out of a group that
     * waits: it does as `before`, with fewer people. In this hook people may be taken out unless it waits now. */
    void (*moved)(struct model_world *world, sim_process *process, uint32_t group, sim_customer_state before,
                  uint32_t people);
    /* How long it will wait at the post that it has come to; SIM_FOREVER: endlessly. The least of all models counts. */
    sim_time (*patience)(const struct model_world *world, uint32_t group);
    /* It is about to be asked who of it the station takes: what the people are known as may change by the station. */
    void (*before)(const struct model_world *world, uint32_t station, const struct model_group *group);
    /* The time of its service, from what the models before have made of it. */
    sim_time (*service_time)(struct model_world *world, sim_process *process, uint32_t station, uint32_t group,
                             sim_time time);
    /* Time until it stands at the desk, which waits meanwhile; added to the service. */
    sim_time (*approach)(const struct model_world *world, uint32_t station);
    /* Factor on the sensitivity of finds in the group, which is served or has just been served. */
    double (*notices)(const struct model_world *world, uint32_t station, uint32_t group);
    /* Whether the group can go to this site at all. */
    bool (*allows)(const struct model_world *world, uint32_t group, uint32_t site);
} model_hooks;

/* A metric, and the field that is told its number when a world is built: of the model's part of the world, or,
 * `shared`, of world->metrics. Rows are written by the macros below, in a file that has MODEL_PART before them. */
typedef struct {
    sim_metric row;
    size_t at; /* offset of a uint32_t; MODEL_NOWHERE: none needs its number */
    bool shared;
} model_metric;
#define MODEL_NOWHERE SIZE_MAX

#define MODEL_OFFSET(type, field, kind) (offsetof(type, field) + 0 * sizeof(_Generic(((type *)0)->field, kind : 1)))
#define MODEL_METRIC(what, unit, field, is_shared, name, owner, by, over, under, doc, source)                       \
    {                                                                                                               \
        {name, unit, SIM_METRIC_##what, SIM_OWNER_##owner, SIM_BY_##by, over, under, doc, source}, field, is_shared \
    }
#define MODEL_OWN_METRIC(what, unit, field, ...) \
    MODEL_METRIC(what, unit, MODEL_OFFSET(own_world_type, field, uint32_t), false, __VA_ARGS__)
#define MODEL_SHARED_METRIC(what, unit, field, ...) \
    MODEL_METRIC(what, unit, MODEL_OFFSET(model_metrics, field, uint32_t), true, __VA_ARGS__)
#define METRIC_COUNT(field, name, unit, owner, by, doc, source) \
    MODEL_OWN_METRIC(COUNT, unit, field, name, owner, by, NULL, NULL, doc, source)
#define METRIC_LEVEL(field, name, unit, owner, by, doc, source) \
    MODEL_OWN_METRIC(LEVEL, unit, field, name, owner, by, NULL, NULL, doc, source)
#define METRIC_DURATION(field, name, owner, by, doc, source) \
    MODEL_OWN_METRIC(DURATION, "s", field, name, owner, by, NULL, NULL, doc, source)
#define METRIC_SHARE(name, unit, owner, by, over, under, doc, source) \
    MODEL_METRIC(SHARE, unit, MODEL_NOWHERE, false, name, owner, by, over, under, doc, source)
#define SHARED_COUNT(field, name, unit, owner, by, doc, source) \
    MODEL_SHARED_METRIC(COUNT, unit, field, name, owner, by, NULL, NULL, doc, source)
#define SHARED_LEVEL(field, name, unit, owner, by, doc, source) \
    MODEL_SHARED_METRIC(LEVEL, unit, field, name, owner, by, NULL, NULL, doc, source)
#define SHARED_DURATION(field, name, owner, by, doc, source) \
    MODEL_SHARED_METRIC(DURATION, "s", field, name, owner, by, NULL, NULL, doc, source)

/* Of what a column has one entry each. */
typedef enum {
    MODEL_ONCE, /* the field itself */
    MODEL_EACH_PERSON,
    MODEL_EACH_GROUP,
    MODEL_EACH_PLACE,
    MODEL_EACH_SITE,
    MODEL_EACH_SIDE, /* site x MODEL_SIDES + side */
    MODEL_EACH_STATION,
    MODEL_EACH_ARC,
    MODEL_EACH_PROCESS,
    MODEL_EACH_ROSTER,
    MODEL_EACH_AGENCY,
    MODEL_EACH_ROUTE,  /* [mode][site][place] */
    MODEL_EACH_ONWARD, /* row of `onward` */
    MODEL_EACH_OWN     /* as many as `count` says */
} model_each;

/* A column of a model's part of the world: laid out, zeroed, before `build`; saved, restored and freed by its row. A
 * field of a column with no entries stays NULL. */
typedef struct {
    const char *name;
    size_t at;   /* offset of the pointer, or, MODEL_ONCE, of the value */
    size_t size; /* of an entry */
    model_each each;
    size_t (*count)(const struct model_world *world);
    bool scratch; /* no state: made anew when it is needed, not saved */
    bool apart;   /* entries on cache lines of their own: their type is aligned to 128 bytes */
    /* Of entries with memory of their own: saves or restores one, and frees what it has; safe on a zeroed one. NULL:
     * an entry is its bytes. */
    void (*visit_entry)(void *entry, struct model_image *image);
    void (*free_entry)(void *entry);
} model_column;

#define MODEL_COLUMN(field, type, ...)                                                           \
    {                                                                                            \
        .name = #field, .at = MODEL_OFFSET(own_world_type, field, type *), .size = sizeof(type), \
        .apart = _Alignof(type) >= 128, __VA_ARGS__                                              \
    }
/* A value that is part of the state. */
#define COLUMN_ONCE(field)                                                                                   \
    {                                                                                                        \
        .name = #field, .at = offsetof(own_world_type, field), .size = sizeof(((own_world_type *)0)->field), \
        .each = MODEL_ONCE                                                                                   \
    }
/* An array: `type *field`, with an entry for each PERSON, GROUP, PLACE ... */
#define COLUMN(field, type, of) MODEL_COLUMN(field, type, .each = MODEL_EACH_##of)
#define COLUMN_SCRATCH(field, type, of) MODEL_COLUMN(field, type, .each = MODEL_EACH_##of, .scratch = true)
/* The same with as many entries as `counts(world)` says. */
#define COLUMN_OWN(field, type, counts) MODEL_COLUMN(field, type, .each = MODEL_EACH_OWN, .count = counts)
#define COLUMN_OWN_SCRATCH(field, type, counts) \
    MODEL_COLUMN(field, type, .each = MODEL_EACH_OWN, .count = counts, .scratch = true)
/* Entries that have memory of their own: wards, lists. */
#define COLUMN_LISTS(field, type, of, visits, frees) \
    MODEL_COLUMN(field, type, .each = MODEL_EACH_##of, .visit_entry = visits, .free_entry = frees)
#define COLUMN_OWN_LISTS(field, type, counts, visits, frees) \
    MODEL_COLUMN(field, type, .each = MODEL_EACH_OWN, .count = counts, .visit_entry = visits, .free_entry = frees)

/* What models.def says of a model: its place in the registry, and its number. */
typedef struct {
    unsigned slot, number;
} model_row;

/* What one model does for all groups on their way: where they go, and what happens to them at sites. */
typedef struct {
    const sim_network_operations *network;
    /* A group that has just been made sets out from its place, to the site that is fixed for it or to one that it
     * chooses. */
    void (*sets_out)(struct model_world *world, sim_process *process, uint32_t group);
    /* It makes for a site from where it is, which may be there. */
    void (*makes_for)(struct model_world *world, sim_process *process, uint32_t group, uint32_t site);
    /* A group reaches the next place on its way. */
    void (*reached)(struct model_world *world, sim_process *process, sim_event event);
    /* The way on has changed where a group is stranded; it stands in no state while this is called. */
    void (*restarts)(struct model_world *world, sim_process *process, uint32_t group);
} model_way;

typedef struct {
    const char *name;
    const char *doc;
    const char *keys; /* top-level keys of a scenario that `prepare` relies on, separated by blanks; base's are relied
                         on by all */
    const sim_section *sections;
    size_t section_count;
    const sim_param *params;
    size_t param_count;
    const model_metric *metrics;
    size_t metric_count;
    const model_column *columns; /* of its part of the world */
    size_t column_count;
    const model_order_kind *orders;
    size_t order_count;
    size_t setup_size, world_size; /* of its parts of setup and world (MODEL_PART); 0: it has none */
    /* Reads the checked parameters into the setup that all replications share. What is wrong goes to diag. 0 or an
     * error. */
    int (*prepare)(struct model_setup *setup, const sim_config *config, sim_diag *diag);
    /* The same once all models are prepared, for what refers to later models. */
    int (*link)(struct model_setup *setup, const sim_config *config, sim_diag *diag);
    /* The same once it is known which models are used, of those that are. */
    int (*settle)(struct model_setup *setup, const sim_config *config, sim_diag *diag);
    void (*release)(struct model_setup *setup); /* safe after a failed prepare */
    /* Whether the scenario uses the model; NULL: always. Asked once all models are prepared. Of a model that is not
     * used no function below is called and no metric is recorded. */
    bool (*used)(const struct model_setup *setup);
    /* Whether its hooks are called although it is not used; NULL: no. */
    bool (*acts)(const struct model_setup *setup);
    /* Counts the groups and people of the replication (world->group_count, person_count) before anything is laid out.
     */
    int (*count)(struct model_world *world);
    /* Gives its part of a replication's world, laid out and zeroed, what it begins with; frees what no row does. */
    int (*build)(struct model_world *world);
    void (*demolish)(struct model_world *world);
    /* Saves or restores what no row of `columns` can say: state of changing length, what is made anew. */
    void (*visit)(struct model_world *world, struct model_image *image);
    /* Handles events of its own kinds (own_event). */
    unsigned event_count;
    void (*handle)(struct model_world *world, sim_process *process, sim_event event);
    /* Runs at control instants, alone; returns the next instant it needs (SIM_FOREVER: none of its own), or a negative
     * error. */
    sim_time (*control)(struct model_world *world, sim_time now);
    /* Books what has passed since the last control instant, alone, before anything changes; also at the end of the run.
     * Whatever is recorded here counts for the time bin that has just passed. */
    void (*account)(struct model_world *world, sim_time now);
    /* Looks at an order of any model that is to be given while a run goes on, once its own kind has checked it; what is
     * wrong goes to diag. Called of models that are not used too. Orders of the timeline a model can look at in
     * its `link`. */
    void (*checks)(const struct model_setup *setup, const struct model_order *order, sim_diag *diag);
    /* Of an order of any model that is given now: begin and end are shifted until someone's consent is there. False:
     * it will be refused. NULL: no consent is needed. */
    bool (*asks)(struct model_world *world, const struct model_order *order, sim_time now, sim_time *begin,
                 sim_time *end);
    /* The order is not wanted any more: a consent that has not come does not. True: one was still to come. */
    bool (*withdraws)(struct model_world *world, const struct model_order *order, sim_time now);
    /* Pays for an order that is to take effect now. False: it cannot be paid, and must not. */
    bool (*pays)(struct model_world *world, const struct model_order *order);
    /* Visits what it has recorded beside the recorder, also in a world that has records only. */
    void (*visit_records)(struct model_world *world, struct model_image *image);
    const char *writes; /* rows of the board that it writes, separated by blanks; NULL: none */
    /* Whether it writes the row in this scenario, besides being used; NULL: it does. */
    bool (*writes_it)(const struct model_setup *setup, const char *row);
    /* Whether it hears of groups by the hook at this offset (offsetof(model_hooks, ...)) in this scenario; NULL: by all
     * that it has. What is never called costs nothing. */
    bool (*hears)(const struct model_setup *setup, size_t hook);
    const model_way *way; /* given by one model of all */
    model_hooks on;
} model;

/* In a model's constant: one of its tables and how long it is. MODEL_TABLE(param): params. */
#define MODEL_TABLE(what) .what##s = what##s, .what##_count = sizeof what##s / sizeof *what##s

/* All models in the order of models.def. */
extern const model *const model_registry[];
extern const model_row *const model_registry_rows[];
extern const size_t model_registry_count;

/* In a row's `words`: the names of all orders of all models, in their order (put there by model_rows_init). */
extern const char model_order_words[];

/* All rows of all models, for the input, the recorder and the documentation. Caller frees with model_rows_free. */
typedef struct {
    sim_rows rows;
    const sim_metric **metrics;
    size_t metric_count;
    const model_order_kind **orders;
    size_t order_count;
    const sim_section **sections;
    const sim_param **params;
    sim_param *order_param; /* the row whose words are the orders' names, with these words */
    char *order_words;
} model_rows;

int model_rows_init(model_rows *rows);
void model_rows_free(model_rows *rows);

#endif
