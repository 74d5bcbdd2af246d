/* The setup: a checked scenario made ready, the same for all replications, never changed by a run. */
#ifndef MODEL_SETUP_H
#define MODEL_SETUP_H

#include <stdbool.h>
#include <stdint.h>

#include "models/core/model.h"
#include "models/core/words.h"
#include "sim/engine/network.h"

typedef enum {
    MODEL_ORIGIN,
    MODEL_JUNCTION,
    MODEL_POST,
    MODEL_DESTINATION,
    MODEL_CENTRE,
    MODEL_INFORMAL
} model_place_kind;
#define MODEL_PLACE_WORDS "origin junction post destination centre informal"

typedef struct {
    const char *name;
    model_place_kind kind;
    double latitude, longitude; /* NaN: not given */
    uint32_t site;    /* index of the site here (post, centre, informal crossing, destination), or MODEL_NONE */
    uint32_t process; /* logical process */
} model_place;

/* One direction of a link. */
typedef struct {
    uint32_t from, to, link;
    uint32_t modes;                 /* bit mask */
    sim_time duration[MODEL_MODES]; /* at mean speed */
    double gap;                     /* microseconds a person at the link's capacity; 0: no limit */
} model_arc;

/* What a procedure is for, as far as registration goes. */
typedef enum {
    MODEL_REGISTERS_NOBODY,
    MODEL_REGISTERS_FULL,
    MODEL_REGISTERS_SIMPLIFIED,
    MODEL_REGISTERS_GROUP,
    MODEL_REGISTERS_DEFERRED,
    MODEL_REGISTERS_PREREGISTERED
} model_registration;

/* A way of working of a station. */
typedef struct {
    const char *name;
    sim_dist time; /* microseconds */
    bool serves_people;
    uint8_t completeness;  /* per cent of the wanted data that are recorded */
    uint8_t registration;  /* model_registration */
    uint32_t element;      /* of "stations.*.procedures.*"; MODEL_NONE: the station's `time` */
    uint32_t gives, takes; /* traits */
    double detection;      /* factor on the sensitivity of what is found */
    double known_share, known_factor;
    const double *factors; /* of the time by class; NULL: all are 1, and so is known_factor */
    sim_time lead;         /* from the order until stations work by it */
} model_procedure;

/* A station of a post: the station as declared, at a post's side. */
typedef struct {
    char *name; /* "Bridge/entry/entry_check" */
    const char *kind;
    uint32_t declared; /* element of "stations.*" */
    uint32_t site, side, place;
    uint32_t next; /* of the post, in order; MODEL_NONE: last */
    bool by_priority;
    uint32_t modes, when, unless;                    /* masks; when 0: everyone */
    uint32_t procedures, procedure_count, procedure; /* first, number, the one at the start */
    uint32_t desks, staff_per_desk, room;
    int64_t most_lanes; /* 0: no limit */
    const char *role;   /* "" : always staffed */
} model_station;

/* A site: where groups stop and go through stations. Border posts come first, in the order of `posts`, then centres in
 * the order of `centres`, then informal crossings and destinations in the order of `places`, which have no stations. */
typedef struct {
    const char *name;
    model_place_kind kind;
    uint32_t declared; /* element of "posts.*" or "centres.*" or "places.*" by kind */
    uint32_t place;
    uint32_t first_station; /* stations stand together: exit side, then entry side */
    uint32_t station_count;
    uint32_t modes;
    bool is_later; /* `onward` leads here: nobody chooses it freely */
    double appeal;
    int64_t capacity[MODEL_SIDES]; /* people in the waiting area (centres: beds, on side 1); INT64_MAX: no limit */
    double area[MODEL_SIDES];      /* m2; NaN: not given */
    uint32_t agency[MODEL_SIDES];
    bool turn_away;
    uint32_t overflow; /* of a centre: the site where those go on who have been in the open for `overflow_after`;
                          MODEL_NONE: they wait */
    sim_time overflow_after;
    int64_t opens[MODEL_SIDES], closes[MODEL_SIDES]; /* microseconds of the day; -1: day and night */
} model_site;

typedef struct {
    const char *name;
    uint32_t traits, modes; /* who is in it: any of the traits, in any of the modes; 0: all */
    uint8_t priority;
} model_class;

typedef struct model_order {
    const model_order_kind *kind;
    bool lead_given;                /* by who wrote it: stands instead of all other lead times */
    bool planned;                   /* the plan's budget pays */
    bool inherited;                 /* in force from before a branch began that has no such order */
    uint32_t index;                 /* of world->orders, in which those of the setup come first */
    const sim_config *config;       /* where it stands: the scenario, or what was given on the way */
    uint32_t element;               /* of "timeline.#" there */
    uint32_t rule, level;           /* MODEL_NONE: given at a set time */
    sim_time given, lead, duration; /* `given` SIM_FOREVER: by a rule; duration SIM_FOREVER: for good */
    sim_time begin, end;            /* at a set time, the lead time included; else SIM_FOREVER */
    uint32_t number;                /* `lanes` or `number` */
    double amount, share;           /* amount: in the unit of the kind's row */
    const char *text;               /* `procedure` or `name` */
    uint32_t target_index;          /* of what `text` names, where the order's check has looked that up */
    const char *target;
    uint32_t *targets; /* stations, arcs, sites or rosters */
    uint32_t target_count;
    char *says;  /* what is ordered, as a line of a timeline without the time; with `giver` and `given` it is known */
    char *giver; /* "scenario", "plan", "rule NAME LEVEL", or who gave it on the way */
    unsigned by; /* MODEL_BY_... */
    sim_config *own; /* `config`, where it was given on the way */
} model_order;

/* Where people may go on to once they are through with a site. */
typedef struct {
    uint32_t from, to; /* sites */
    uint32_t when, unless, modes;
    uint32_t by; /* mode from there on; MODEL_NONE: as they came */
    bool pull;   /* takes its part of the shares of all such rows by free places */
    double share;
} model_onward;

typedef struct model_setup {
    sim_config *config;
    model_rows rows;               /* of metrics only those of models that are used */
    const model *used[MODEL_MOST]; /* models that the scenario uses, in their order */
    size_t used_slots[MODEL_MOST]; /* their places in the registry */
    size_t used_count;
    const model_way *way;
    const model *handlers[256]; /* by kind of event */
    bool prepared[MODEL_MOST];  /* whether the model has read its parameters without an error */
    bool laid_out;              /* parts are there */
    /* Hooks of used models, each list ended by NULL. */
    struct {
        void (*arrived[32])(struct model_world *, sim_process *, uint32_t);
        void (*started[32])(struct model_world *, sim_process *, uint32_t, uint32_t, sim_time, sim_time);
        void (*served[32])(struct model_world *, sim_process *, uint32_t, uint32_t);
        void (*waited[32])(struct model_world *, sim_process *, uint32_t, sim_time);
        void (*left[32])(struct model_world *, sim_process *, uint32_t, bool);
        void (*moved[32])(struct model_world *, sim_process *, uint32_t, sim_customer_state, uint32_t);
        sim_time (*patience[32])(const struct model_world *, uint32_t);
        void (*before[32])(const struct model_world *, uint32_t, const struct model_group *);
        sim_time (*service_time[32])(struct model_world *, sim_process *, uint32_t, uint32_t, sim_time);
        sim_time (*approach[32])(const struct model_world *, uint32_t);
        double (*notices[32])(const struct model_world *, uint32_t, uint32_t);
        bool (*allows[32])(const struct model_world *, uint32_t, uint32_t);
    } on;
    const char *name;
    const char *plan_name; /* NULL: it has none */
    bool drops_response;   /* orders that are the response as it was are not given: a plan stands instead */
    sim_time end, control_interval, bin, warm_up;
    int64_t start_unix; /* seconds */
    int start_offset;   /* seconds east of UTC */
    double scale;       /* of all numbers of people */
    double capacity;    /* of all desks, staff, areas, links */
    sim_time target_wait;
    double confidence;
    sim_time midnight;     /* of the first day, local time, in microseconds from the start; <= 0 */
    uint32_t agency_count; /* at least 1 */
    const char **agencies; /* names */
    uint32_t *roster_agency;
    /* people */
    sim_dist group_size;
    double mode_weights[MODEL_MODES];
    uint32_t trait_count;
    uint64_t trait_thresholds[MODEL_TRAITS];
    uint32_t trait_among[MODEL_TRAITS]; /* mask of the trait it needs, or 0 */
    uint32_t class_count;
    model_class classes[MODEL_CLASSES];
    /* places and links */
    uint32_t place_count, arc_count, process_count;
    model_place *places;
    model_arc *arcs;
    sim_time lookahead;
    sim_dist travel_factor;
    double travel_factor_minimum;
    /* posts and stations */
    uint32_t site_count, station_count, procedure_count; /* sites of all kinds */
    uint32_t post_count;                                 /* border posts: the first of them */
    uint32_t onward_count;
    model_onward *onward;
    model_site *sites;
    bool sites_in_doubt; /* a post or station could not be read: what refers to one is not judged */
    model_station *stations;
    model_procedure *procedures;
    sim_dist unit_exponential; /* mean 1 */
    /* patience */
    bool tries_another_post;
    double shortage_patience; /* share of its patience that a group loses which comes where everything is lacking */
    /* orders of the timeline */
    uint32_t order_count;
    model_order *orders;
    bool refused_try_elsewhere;       /* who is refused chooses another crossing */
    bool spends;                      /* some model has something to book with model_cost_add */
    unsigned first_event[MODEL_MOST]; /* of each model: its first kind of event */
    void *parts[MODEL_MOST];          /* each model's own (MODEL_PART) */
    struct model_taken *taken;        /* memory that goes with the setup (model_take) */
} model_setup;

#endif
