/* What the models share: the setup (a checked scenario made ready, the same for all replications, never changed by a
 * run) and the world (one replication). A model reaches another's doings only through what stands here. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "models/core/model.h"
#include "sim/engine/network.h"
#include "sim/engine/rng.h"

enum {
    MODEL_LEVELS = 4,
    MODEL_MODES = 4,
    MODEL_TRAITS = 32,
    MODEL_CLASSES = 8,
    MODEL_SIDES = 2,
    MODEL_STAFF_POOLS = 64
};
#define MODEL_LEVEL_WORDS "watch partial full overwhelmed" /* of rules; 0: none of them */
#define MODEL_MODE_WORDS "foot car bus rail"
#define MODEL_NONE UINT32_MAX

/* Where a person can be; everyone who set out is in exactly one of these at one place. */
typedef enum {
    MODEL_TRAVELLING,  /* towards the place */
    MODEL_STRANDED,    /* no way on is open */
    MODEL_WAITING,     /* outside a post or in a queue */
    MODEL_IN_SERVICE,  /* at a desk of a post */
    MODEL_CROSSED,     /* and goes on nowhere that is simulated */
    MODEL_GAVE_UP,     /* lost patience and left, or was turned away */
    MODEL_REFUSED,     /* entry refused, and goes nowhere else */
    MODEL_IRREGULAR,   /* crossed at an informal crossing, and goes on nowhere that is simulated */
    MODEL_IN_THE_OPEN, /* before a centre that is full */
    MODEL_SHELTERED,   /* in a centre */
    MODEL_SETTLED,     /* at a destination, or through with a centre from which nobody goes on */
    MODEL_IN_CARE,     /* alone, taken out of the group for care or protection */
    MODEL_MISSING,     /* separated from the group */
    MODEL_DETAINED,
    MODEL_DIED,
    MODEL_STATES
} model_state;
extern const char *const model_state_names[MODEL_STATES];

/* What money is spent on. */
typedef enum {
    MODEL_COST_STAFF,
    MODEL_COST_OVERTIME,
    MODEL_COST_SURGE,
    MODEL_COST_EQUIPMENT,
    MODEL_COST_RELIEF,
    MODEL_COST_HEALTH,
    MODEL_COST_PROTECTION,
    MODEL_COST_TRANSPORT,
    MODEL_COST_RECEPTION,
    MODEL_COST_CUSTODY,
    MODEL_COST_STATUS,
    MODEL_COST_ENFORCEMENT,
    MODEL_ITEMS
} model_item;
extern const char *const model_item_names[MODEL_ITEMS];

/* Grounds on which entry is refused. */
typedef enum {
    MODEL_GROUND_DOCUMENT,
    MODEL_GROUND_VISA,
    MODEL_GROUND_BAN,
    MODEL_GROUND_HEALTH,
    MODEL_GROUND_QUOTA,
    MODEL_GROUND_OTHER,
    MODEL_GROUNDS
} model_ground;
extern const char *const model_ground_names[MODEL_GROUNDS];

/* Purpose of the random draws of service times: this and the station; entity: group; n: visit x 65536 + person. Those
 * of models begin at their numbers (own_draw). */
enum { MODEL_DRAW_SERVICE = 256 };

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
    int64_t most_lanes; /* 0: no limit (limits) */
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
    uint32_t overflow;       /* of a centre: the site where those go on who have been in the open for `overflow_after`;
                                MODEL_NONE: they wait */
    sim_time overflow_after; /* (reception) */
    int64_t opens[MODEL_SIDES], closes[MODEL_SIDES]; /* microseconds of the day; -1: day and night */
} model_site;

typedef struct {
    const char *name;
    uint32_t traits, modes; /* who is in it: any of the traits, in any of the modes; 0: all */
    uint8_t priority;
} model_class;

typedef struct model_order {
    const model_order_kind *kind;
    bool lead_given;                /* by the scenario: stands instead of all other lead times */
    bool planned;                   /* by a plan: its budget pays */
    uint32_t index;                 /* of the order: world->order_begin, order_end have its times in a replication */
    uint32_t element;               /* of "timeline.#" */
    uint32_t rule, level;           /* MODEL_NONE: given at a set time */
    sim_time given, lead, duration; /* `given` SIM_FOREVER: by a rule; duration SIM_FOREVER: for good */
    sim_time begin, end;            /* at a set time, the lead time included; else SIM_FOREVER */
    uint32_t number;                /* `lanes` or `number` */
    double amount, share;
    const char *text;      /* `procedure` or `name` */
    uint32_t target_index; /* of what `text` names, where the order's check has looked that up */
    const char *target;
    uint32_t *targets; /* stations, arcs, sites or rosters */
    uint32_t target_count;
} model_order;

/* Where people may go on to once they are through with a site. */
typedef struct {
    uint32_t from, to; /* sites */
    uint32_t when, unless, modes;
    uint32_t by; /* mode from there on; MODEL_NONE: as they came */
    bool pull;   /* takes its part of the shares of all such rows by free places (reception) */
    double share;
} model_onward;

typedef struct model_setup {
    sim_config *config;
    model_rows rows;               /* of metrics only those of models that are used */
    const model *used[MODEL_MOST]; /* models that the scenario uses, in their order */
    size_t used_slots[MODEL_MOST]; /* their places in the registry */
    size_t used_count;
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
    bool paced;                       /* some model changes world->pace */
    bool spends;                      /* some model has something to book with model_cost_add */
    unsigned first_event[MODEL_MOST]; /* of each model: its first kind of event */
    void *parts[MODEL_MOST];          /* each model's own (MODEL_PART) */
    struct model_taken *taken;        /* memory that goes with the setup (model_take) */
} model_setup;

/* A group: people who travel, decide and are served together. */
typedef struct model_group {
    sim_customer customer;
    sim_time began; /* of its present leg: set out, or came to the post */
    uint32_t first_person;
    uint16_t place; /* where it is or goes next */
    uint16_t site;  /* that it makes for */
    uint8_t mode;
    uint8_t visits; /* of sites so far */
    bool fixed;     /* its post is given, it does not choose */
    uint8_t flags;
    uint16_t people;    /* who set out; those taken out since are in world->apart. customer.size are still together. */
    uint16_t procedure; /* by which it was or is served last (setup->procedures) */
} model_group;

enum {
    MODEL_FLAG_COUNTED = 1, /* stands in a level of people/present (kept by post.c) */
    MODEL_FLAG_REFUSED = 2, /* set while it is served: it is turned back when that service ends */
    MODEL_FLAG_KNOWN = 4,   /* its data came before it */
    MODEL_FLAG_KEPT = 8,    /* by a model that has stopped it (model_site_keep) */
    MODEL_FLAG_TURNED = 16  /* refused, and on its way elsewhere: it does not think again before it is there */
};

/* What posts are seen to do, kept by the post's process. */
typedef struct {
    int64_t waiting; /* people outside and in queues */
    int64_t crossed; /* people since the start */
} __attribute__((aligned(128))) model_site_state;

/* A row of the journey log: one group at one station. */
typedef struct {
    sim_time queued, started, served;
    uint32_t group;
    uint16_t station, size;
} model_journey;

typedef struct {
    model_journey *rows;
    size_t count, room;
} model_journeys;

typedef struct {
    uint32_t state, crossed, gave_up, refused, arrived, set_out, travel_time, post_wait, post_time, outside, on_time,
        settled, centre_time, irregular;
} model_metrics;

struct model_decisions;

typedef struct model_world {
    const model_setup *setup;
    sim_rng rng;
    sim_kernel kernel;
    sim_network network;
    sim_recorder recorder;
    model_metrics metrics;
    uint32_t group_count, person_count;
    uint32_t *traits; /* one mask a person */
    uint8_t *apart;   /* one a person: 0 while it is with its group, else 1 + its state (model_state) */
    uint8_t *record;  /* one a person: most of its data that any station recorded, per cent; NULL: nobody registers */
    sim_time *waiting_since;           /* one a group; NULL: no model asks */
    sim_time *order_begin, *order_end; /* of each order in this replication; begin SIM_FOREVER: it is not carried out */
    int64_t *set_out;                  /* people who set out so far, one counter a process (16 apart) */
    /* travel */
    bool *arc_open;
    sim_time *arc_ready;  /* when the next group may enter */
    sim_time *route_time; /* [mode][post][place], SIM_FOREVER: no way */
    uint32_t *route_arc;  /* [mode][post][place] */
    sim_list *stranded;   /* a place */
    double *onward_share; /* of each row of `onward` now; NULL: as declared (reception) */
    /* posts */
    uint32_t *procedure;      /* of each station now */
    int64_t *lanes;           /* of each station now; below 0 while more are closed than there are */
    uint32_t *outages;        /* orders that keep it shut */
    uint32_t *priority_lanes; /* orders that let it serve by priority */
    bool *left_out;           /* groups pass it by now; NULL: none can be */
    /* The procedure on paper to which a station has gone over (power); MODEL_NONE: it has not. NULL: none can. */
    uint32_t *paper;
    /* Desks wanted for other work than serving (keying in: power), and how many of them are staffed and open. NULL:
     * none ever are. */
    uint32_t *other_work, *at_other_work;
    /* What models multiply anew at every control instant, having been set to 1 before. One a station. */
    double *pace;      /* service times; NULL: nothing changes them */
    double *alertness; /* sensitivity of finds; hooks read it by model_alertness */
    uint32_t *limit;   /* most desks that can be open (equipment); UINT32_MAX: no limit. Kept by its models; set
                          staffing_changed. */
    /* What one model knows of a place or site and others act upon, from one control instant to the next. */
    double *shortage;  /* of each place: 0 (nothing is lacking) to 1 */
    double *density;   /* of each site x MODEL_SIDES: people a square metre of the waiting area */
    double *deterrent; /* of each site: perceived seconds that make it less attractive (shortage, price, risk); 0 at
                        * each control instant before the models' `control` run: each adds its own in every call */
    double *heat;      /* of each place: degrees C, as health has it; NaN: not known */
    double *sheltered; /* of each place: share of those who wait in the open that has a roof; NULL: nobody has */
    double *warm;      /* of each place: share that has a heated one; NULL: nobody has */
    uint8_t *blanket;  /* of each person: has one; NULL: nobody has */
    model_site_state *site_states;
    bool staffing_changed;
    sim_time accounted;       /* the last instant at which `account` was called */
    int64_t *area_before;     /* [place][state]: area under the level in this bin as of then */
    model_journeys *journeys; /* one a process; NULL: not kept */
    /* Called alone at every control instant; a negative return stops the run with it. NULL: nobody watches. */
    int (*watch)(struct model_world *world, sim_time now);
    void *watcher;
    void *parts[MODEL_MOST];              /* each used model's own (MODEL_PART) */
    const struct model_decisions *replay; /* what rules decided before; NULL: they decide */
} model_world;

static inline model_group *model_group_at(const model_world *world, uint32_t group)
{
    return (model_group *)(void *)sim_network_customer(&world->network, group);
}

/* `count` entries of `size` bytes, zeroed, that are freed with the setup; NULL: out of memory. What a model reads in
 * `prepare` and `link` stands there and needs no release. (load.c) */
void *model_take(model_setup *setup, size_t count, size_t size);

/* --- a model's own part --- */
/* In a model's file, behind its `struct NAME_setup` and `struct NAME_world`: own_setup and own_world give its parts,
 * typed and seen by nobody else; zeroed before prepare and build, freed after release and demolish. A model in several
 * files gives its parts another prefix in a header that these share. */
#define MODEL_PART(name) MODEL_PART_AS(name, own)
#define MODEL_PART_AS(name, prefix)                                                                     \
    typedef struct name##_setup prefix##_setup_type;                                                    \
    typedef struct name##_world prefix##_world_type;                                                    \
    extern const model_row model_row_of_##name;                                                         \
    static inline __attribute__((unused)) prefix##_setup_type *prefix##_setup(const model_setup *setup) \
    {                                                                                                   \
        return setup->parts[model_row_of_##name.slot];                                                  \
    }                                                                                                   \
    static inline __attribute__((unused)) prefix##_world_type *prefix##_world(const model_world *world) \
    {                                                                                                   \
        return world->parts[model_row_of_##name.slot];                                                  \
    }                                                                                                   \
    static inline __attribute__((unused)) bool prefix##_is_prepared(const model_setup *setup)           \
    {                                                                                                   \
        return setup->prepared[model_row_of_##name.slot];                                               \
    }                                                                                                   \
    MODEL_LUCK_AS(name, prefix)

/* For a model without parts: the purpose of its k-th use of luck, and its k-th kind of event. */
#define MODEL_LUCK(name) MODEL_LUCK_AS(name, own)
#define MODEL_LUCK_AS(name, prefix)                                                                     \
    extern const model_row model_row_of_##name;                                                         \
    static inline __attribute__((unused)) uint32_t prefix##_draw(uint32_t k)                            \
    {                                                                                                   \
        return model_row_of_##name.number + k;                                                          \
    }                                                                                                   \
    static inline __attribute__((unused)) unsigned prefix##_event(const model_world *world, unsigned k) \
    {                                                                                                   \
        return world->setup->first_event[model_row_of_##name.slot] + k;                                 \
    }

/* --- image.c --- */
/* Reads or writes `size` bytes of state at `data`, whichever the image is for. */
void model_image_visit(struct model_image *image, void *data, size_t size);
/* For state of changing length. */
bool model_image_is_loading(const struct model_image *image);
void model_image_fail(struct model_image *image, int error);

/* --- base.c --- */
/* A number of desks or people on duty under the scenario's `capacity`: rounded, and not 0 unless it was. */
int64_t model_scaled(const model_setup *setup, int64_t number);

/* --- people.c --- */
/* Makes a group when it sets out: size (at most `limit` people), mode by weights (NULL: the scenario's), traits, class.
 */
void model_people_make(model_world *world, uint32_t group, uint32_t first_person, uint32_t limit,
                       const double *mode_weights);
/* Mask of the traits named by a NAMES parameter; 0 when it is not given. */
uint32_t model_traits_mask(const sim_config *config, const char *section, const char *name, size_t element);
/* The size that model_people_make will give without a limit. */
uint32_t model_people_size(const model_setup *setup, const sim_rng *rng, uint32_t group);

/* Takes the i-th person (of g->people; it must be with the group) out of its group, into `state` at the group's place.
 * Allowed in the hooks arrived, served, waited, moved and left, of a group that does not wait; and at control instants,
 * with process->now set to them, of any group that is at a site: call sim_network_withdraw when nobody is left of one
 * that waits. */
void model_people_take(model_world *world, sim_process *process, uint32_t group, uint32_t i, model_state state);
/* Whether the i-th person of the group is still with it. */
static inline bool model_people_is_with(const model_world *world, const model_group *g, uint32_t i)
{
    return world->apart[g->first_person + i] == 0;
}
/* Someone who is apart from the group changes state, at a place of the process. */
void model_people_move(model_world *world, uint32_t person, uint32_t place, model_state to, sim_time now);

/* --- travel.c --- */
/* Expected time from a place to a post by a mode over open links; SIM_FOREVER: no way. */
static inline size_t model_route_index(const model_setup *setup, uint32_t mode, uint32_t site, uint32_t place)
{
    return ((size_t)mode * setup->site_count + site) * setup->place_count + place;
}
/* Sends the group from where it is towards its post, or strands it. */
void model_travel_go(model_world *world, sim_process *process, uint32_t group);
/* Finds the routes anew after links opened or closed, and sends off those who were stranded. */
void model_travel_reroute(model_world *world, sim_time now);

/* --- choice.c --- */
/* The post that the group would choose at its place, `except` left out; MODEL_NONE: no post can be reached. */
uint32_t model_choice_choose(model_world *world, uint32_t group, uint32_t except);
/* The same on the way: keeps to its post unless another is better by the declared gain, or the way to it is closed. */
uint32_t model_choice_reconsider(model_world *world, uint32_t group);
/* What is known now of those who wait at a site, and of their wait in seconds: delayed, and as reporting has it.
 * Agencies know no more. */
int64_t model_choice_seen(const model_world *world, uint32_t site, double *wait);

/* --- reporting.c --- */
/* Control intervals since what was published last by `now`, and the most they can be. */
size_t model_reporting_age(const model_setup *setup, sim_time now);
size_t model_reporting_longest_age(const model_setup *setup);
/* What is reported of so many people waiting at a site, and of such a wait (seconds). */
int64_t model_reporting_count(const model_world *world, uint32_t site, int64_t people);
double model_reporting_wait(const model_setup *setup, double wait);

/* --- post.c --- */
/* The group has come to its site. */
void model_site_arrive(model_world *world, sim_process *process, uint32_t group);
/* To be called in the hook `arrived`: the group stays where it is, in this state, until it is let go. */
void model_site_keep(model_world *world, sim_process *process, uint32_t group, model_state state);
/* It leaves the site, not through, and is in no state any more: the caller sends it on, or says how it ends. False:
 * nobody is left of it. */
bool model_site_let_go(model_world *world, sim_process *process, uint32_t group, model_state state);
/* The site of this name of one of the kinds (bit mask of 1 << model_place_kind); MODEL_NONE: there is none. */
uint32_t model_site_named(const model_setup *setup, const char *name, uint32_t kinds);
/* The place's site as a SIM_NAME parameter over "posts.* centres.*" or "posts.* centres.* places.*" names it;
 * MODEL_NONE when there is none. */
uint32_t model_site_of(const model_setup *setup, const sim_config *config, const char *section, const char *name,
                       size_t element);
/* Where people of a group that is in the network are counted, by its site and what it does. */
model_state model_site_state_of(const model_setup *setup, const model_group *g);
/* Whether a station takes a person with these traits. */
bool model_station_selects(const model_station *station, uint32_t traits);
extern const sim_network_operations model_passage_operations;

/* Factor on the sensitivity of whatever the station looks for in a group that it serves or has just served: of its
 * staff now, of the procedure that the group was served by, and of what models notice. */
static inline double model_alertness(const model_world *world, uint32_t station, uint32_t group)
{
    double alertness =
        world->alertness[station] * world->setup->procedures[model_group_at(world, group)->procedure].detection;
    for (size_t i = 0; world->setup->on.notices[i] != NULL; i++)
        alertness *= world->setup->on.notices[i](world, station, group);
    return alertness;
}

/* --- staff.c --- */
/* People x microseconds of shifts of a roster, handovers and breaks included, absent people too, from one instant to
 * another between which nobody comes or goes by orders. */
int64_t model_staff_shift_time(const model_world *world, uint32_t roster, sim_time from, sim_time to);
/* What tires staff: hours since the shift began, and days on duty in a row. */
typedef struct {
    double hours, days;
    int64_t rest_after; /* days in a row after which people are replaced; 0: never */
} model_tiredness;
/* Means, over the people on duty in a station's pool, of their hours and days beyond those of `limits`; 0 when nobody
 * is on duty. */
model_tiredness model_staff_tiredness(const model_world *world, uint32_t station, sim_time now,
                                      const model_tiredness *limits);
/* The same on overtime, of those who are there. */
int64_t model_staff_overtime(const model_world *world, uint32_t roster, sim_time from, sim_time to);
/* People who are at the roster now from elsewhere: by surge orders or from other rosters. (surge.c) */
int64_t model_surge_away(const model_world *world, size_t roster);

/* --- cost.c --- */
/* Books money spent now, to be called alone (in account or control). Does nothing in a scenario without costs. */
void model_cost_add(model_world *world, uint32_t agency, model_item item, double money);
/* Pays for an order that is to take effect now; false: the budget does not suffice, and it must not. */
bool model_cost_pay(model_world *world, const model_order *order);

/* People x microseconds in a state at a place since the last control instant, exactly; to be called in `account`.
 * (world.c) */
int64_t model_people_time(const model_world *world, uint32_t place, model_state state, sim_time now);

/* --- health.c --- */
/* Books what the group has been exposed to so far, before someone's protection against it changes. At control instants
 * or in its process. */
void model_health_settle(model_world *world, sim_process *process, uint32_t group, sim_time now);
/* Someone of the group falls ill by another model's doing. Without health nothing happens. */
void model_health_fall_ill(model_world *world, sim_process *process, uint32_t group, uint32_t person, sim_time now);

/* --- rules.c --- */
uint32_t model_rules_count(const model_setup *setup);
/* Whether the rule declares the level (1 ...). */
bool model_rules_have(const sim_config *config, size_t rule, uint32_t level);

/* --- limits.c --- */
/* Lanes of a station, those of orders included as far as there is room; and those of them that could be manned now. */
static inline int64_t model_lanes_there(const model_world *world, uint32_t station)
{
    int64_t lanes = world->lanes[station], most = world->setup->stations[station].most_lanes;
    if (lanes < 0)
        return 0;
    return most > 0 && lanes > most ? most : lanes;
}

static inline int64_t model_lanes(const model_world *world, uint32_t station)
{
    return world->outages[station] > 0 ? 0 : model_lanes_there(world, station);
}

/* --- timeline.c --- */
/* Whether "POST/SIDE/STATION" is meant by a pattern of one to three parts. */
bool model_station_is_meant(const char *pattern, const char *name);
/* The procedure that the station works by under the orders in force, were there no failure of power. */
uint32_t model_timeline_procedure(const model_world *world, uint32_t station, sim_time now);
/* Whether an order of the timeline is in force now in this replication. */
static inline bool model_order_is_in_force(const model_world *world, const model_order *order, sim_time now)
{
    return world->order_begin[order->index] <= now && now < world->order_end[order->index];
}

/* --- world.c --- */
/* Local time of day, microseconds. */
static inline sim_time model_clock(const model_setup *setup, sim_time now)
{
    return (now - setup->midnight) % SIM_DAY;
}
bool model_is_used(const model_setup *setup, const model *m);

/* --- people in states, kept exactly --- */
/* The peak of those who travel is taken at control instants (world.c): those sent by another place are known from a
 * window's end on, and where windows end must not show in results. */
static inline void model_state_enter(const model_world *world, uint32_t place, model_state state, sim_time now,
                                     int64_t people)
{
    sim_level *level = sim_record_level_at(&world->recorder, world->metrics.state, place, state);
    sim_level_shift(level, now, people);
    if (state != MODEL_TRAVELLING)
        sim_level_see(level);
}

#endif
