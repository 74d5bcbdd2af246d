/* What the models share: the setup (a checked scenario made ready, the same for all replications, never changed by a run) and
 * the world (one replication). A model reaches another's doings only through what stands here. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "models/model.h"
#include "sim/network.h"
#include "sim/rng.h"

enum { MODEL_MODES = 4, MODEL_TRAITS = 32, MODEL_CLASSES = 8, MODEL_SIDES = 2 };
#define MODEL_MODE_WORDS "foot car bus rail"
#define MODEL_NONE UINT32_MAX

/* Where a person can be; everyone who set out is in exactly one of these at one place. */
typedef enum {
    MODEL_TRAVELLING, /* towards the place */
    MODEL_STRANDED,   /* no way on is open */
    MODEL_WAITING,    /* outside a post or in a queue */
    MODEL_IN_SERVICE, /* at a desk */
    MODEL_CROSSED,
    MODEL_GAVE_UP, /* lost patience and left, or was turned away */
    MODEL_STATES
} model_state;
extern const char *const model_state_names[MODEL_STATES];

/* Purposes of random draws; with the entity they name a stream. */
enum {
    MODEL_DRAW_GROUP = 1,    /* entity: group. 0: size, 1: mode */
    MODEL_DRAW_TRAITS,       /* entity: person */
    MODEL_DRAW_ARRIVAL,      /* entity: stream of displacement */
    MODEL_DRAW_TRAVEL,       /* entity: group */
    MODEL_DRAW_CHOICE,       /* entity: group; n: post, and behind the posts whether it is informed */
    MODEL_DRAW_PATIENCE,     /* entity: group; n: visit */
    MODEL_DRAW_SCREENING,    /* entity: person; n: visit x 65536 + find */
    MODEL_DRAW_SERVICE = 256 /* + station; entity: group; n: visit x 65536 + person */
};

/* Event kinds of models. */
enum { MODEL_EVENT_ARRIVAL = SIM_EVENT_OWN, MODEL_EVENT_REACH };

typedef enum { MODEL_ORIGIN, MODEL_JUNCTION, MODEL_POST, MODEL_DESTINATION } model_place_kind;
#define MODEL_PLACE_WORDS "origin junction post destination"

typedef struct {
    const char *name;
    model_place_kind kind;
    double latitude, longitude; /* NaN: not given */
    uint32_t post;              /* index of the post here, or MODEL_NONE */
    uint32_t process;           /* logical process */
} model_place;

/* One direction of a link. */
typedef struct {
    uint32_t from, to, link;
    uint32_t modes;                 /* bit mask */
    sim_time duration[MODEL_MODES]; /* at mean speed */
    double gap;                     /* microseconds a person at the link's capacity; 0: no limit */
} model_arc;

typedef struct {
    const char *name;
    sim_dist time; /* microseconds */
} model_procedure;

/* A station of a post: the station as declared, at a post's side. */
typedef struct {
    char *name; /* "Bridge/entry/entry_check" */
    const char *kind;
    uint32_t declared; /* element of "stations.*" */
    uint32_t post, side, place;
    uint32_t next; /* of the post, in order; MODEL_NONE: last */
    bool serves_people, by_priority;
    uint32_t modes, when, unless;                    /* masks; when 0: everyone */
    uint32_t procedures, procedure_count, procedure; /* first, number, the one at the start */
    uint32_t desks, staff_per_desk, room;
    const char *role; /* "" : always staffed */
} model_station;

typedef struct {
    const char *name;
    uint32_t place;
    uint32_t first_station; /* stations stand together: exit side, then entry side */
    uint32_t station_count;
    uint32_t modes;
    double appeal;
    int64_t capacity[MODEL_SIDES]; /* people in the waiting area; INT64_MAX: no limit */
    bool turn_away;
    int64_t opens[MODEL_SIDES], closes[MODEL_SIDES]; /* microseconds of the day; -1: day and night */
} model_post;

typedef struct {
    const char *name;
    uint32_t traits, modes; /* who is in it: any of the traits, in any of the modes; 0: all */
    uint8_t priority;
} model_class;

typedef struct model_order {
    const model_order_kind *kind;
    sim_time begin, end; /* end SIM_FOREVER: for good */
    uint32_t number;     /* lanes */
    const char *text;    /* name of a procedure */
    const char *target;
    uint32_t *targets; /* stations or arcs */
    uint32_t target_count;
} model_order;

struct displacement_setup;
struct screening_setup;
struct staff_setup;
struct choice_setup;
struct fatigue_setup;
struct observed_setup;

typedef struct model_setup {
    sim_config *config;
    model_rows rows;
    const char *name;
    sim_time end, control_interval, bin, warm_up;
    int64_t start_unix; /* seconds */
    int start_offset;   /* seconds east of UTC */
    double scale;       /* of all numbers of people */
    double capacity;    /* of all desks, staff, areas, links */
    sim_time target_wait;
    double confidence;
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
    uint32_t post_count, station_count, procedure_count;
    model_post *posts;
    bool posts_in_doubt; /* a post or station could not be read: what refers to one is not judged */
    model_station *stations;
    model_procedure *procedures;
    sim_dist unit_exponential; /* mean 1 */
    /* patience */
    bool patient; /* endless */
    bool tries_another_post;
    sim_dist patience;
    /* orders of the timeline */
    uint32_t order_count;
    model_order *orders;
    struct screening_setup *screening;
    struct displacement_setup *displacement;
    struct staff_setup *staff;
    struct fatigue_setup *fatigue;
    struct choice_setup *choice;
    struct observed_setup *observed;
} model_setup;

/* A group: people who travel, decide and are served together. */
typedef struct {
    sim_customer customer;
    sim_time began; /* of its present leg: set out, or came to the post */
    uint32_t first_person;
    uint16_t place; /* where it is or goes next */
    uint16_t post;  /* that it makes for */
    uint8_t mode;
    uint8_t visits; /* of posts so far */
    bool fixed;     /* its post is given, it does not choose */
} model_group;

/* What posts are seen to do, kept by the post's process. */
typedef struct {
    int64_t waiting; /* people outside and in queues */
    int64_t crossed; /* people since the start */
} __attribute__((aligned(128))) model_post_state;

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
    uint32_t state, crossed, gave_up, arrived, set_out, travel_time, post_wait, post_time, outside, on_time, concerned, unconcerned, found,
        marked;
} model_metrics;

struct displacement_world;
struct staff_world;
struct choice_world;

typedef struct model_world {
    const model_setup *setup;
    sim_rng rng;
    sim_kernel kernel;
    sim_network network;
    sim_recorder recorder;
    model_metrics metrics;
    uint32_t group_count, person_count;
    uint32_t *traits; /* one mask a person */
    int64_t *set_out; /* people who set out so far, one counter a process (16 apart) */
    /* travel */
    bool *arc_open;
    sim_time *arc_ready;  /* when the next group may enter */
    sim_time *route_time; /* [mode][post][place], SIM_FOREVER: no way */
    uint32_t *route_arc;  /* [mode][post][place] */
    sim_list *stranded;   /* a place */
    /* posts */
    uint32_t *procedure; /* of each station now */
    int64_t *lanes;      /* of each station now; below 0 while more are closed than there are */
    uint32_t *outages;   /* orders that keep it shut */
    double *pace;        /* of each station: service times are multiplied by it; NULL: nothing does */
    model_post_state *post_states;
    bool staffing_changed;
    model_journeys *journeys; /* one a process; NULL: not kept */
    /* Called alone at every control instant; a negative return stops the run with it. NULL: nobody watches. */
    int (*watch)(struct model_world *world, sim_time now);
    void *watcher;
    struct displacement_world *displacement;
    struct staff_world *staff;
    struct choice_world *choice;
} model_world;

static inline model_group *model_group_at(const model_world *world, uint32_t group)
{
    return (model_group *)(void *)sim_network_customer(&world->network, group);
}

/* --- image.c --- */
/* Reads or writes `size` bytes of state at `data`, whichever the image is for. */
void model_image_visit(struct model_image *image, void *data, size_t size);

/* --- base.c --- */
/* A number of desks or people on duty under the scenario's `capacity`: rounded, and not 0 unless it was. */
int64_t model_scaled(const model_setup *setup, int64_t number);

/* --- people.c --- */
/* Makes a group when it sets out: size (at most `limit` people), mode by weights (NULL: the scenario's), traits, class. */
void model_people_make(model_world *world, uint32_t group, uint32_t first_person, uint32_t limit, const double *mode_weights);
/* Mask of the traits named by a NAMES parameter; 0 when it is not given. */
uint32_t model_traits_mask(const sim_config *config, const char *section, const char *name, size_t element);
/* The size that model_people_make will give without a limit. */
uint32_t model_people_size(const model_setup *setup, const sim_rng *rng, uint32_t group);

/* --- displacement.c --- */
/* Counts the groups and people of the replication (world->group_count, person_count) before anything is laid out. Errors:
 * memory, and SIM_E_LIMIT above 2^32 - 2 groups or people. */
int model_displacement_count(model_world *world);

/* --- travel.c --- */
/* Expected time from a place to a post by a mode over open links; SIM_FOREVER: no way. */
static inline size_t model_route_index(const model_setup *setup, uint32_t mode, uint32_t post, uint32_t place)
{
    return ((size_t)mode * setup->post_count + post) * setup->place_count + place;
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

/* --- post.c --- */
/* The group has come to its post. */
void model_post_arrive(model_world *world, sim_process *process, uint32_t group);
/* Whether a station takes a person with these traits. */
bool model_post_selects(const model_station *station, uint32_t traits);
extern const sim_network_operations model_post_operations;

/* --- staff.c --- */
/* Mean over the people on duty in a station's pool of the hours beyond `onset` since their shift began; 0 when nobody is on duty. */
double model_staff_excess_hours(const model_world *world, uint32_t station, sim_time now, sim_time onset);

/* --- screening.c --- */
/* The station has served the group: it may have found out something about its people. */
void model_screening_apply(model_world *world, uint32_t station, uint32_t group);

/* --- people in states, kept exactly --- */
/* The peak of those who travel is taken at control instants (world.c): those sent by another place are known from a window's end on, and
 * where windows end must not show in results. */
static inline void model_state_enter(const model_world *world, uint32_t place, model_state state, sim_time now, int64_t people)
{
    sim_level *level = sim_record_level_at(&world->recorder, world->metrics.state, place, state);
    sim_level_shift(level, now, people);
    if (state != MODEL_TRAVELLING)
        sim_level_see(level);
}

#endif
