/* What the models share: the setup (a checked scenario made ready, the same for all replications, never changed by a
 * run) and the world (one replication). A model reaches another's doings only through what stands here. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/core/setup.h"
#include "sim/engine/network.h"
#include "sim/engine/rng.h"

/* A group reaches a place; entity: group. Kinds of events of models follow (own_event). */
enum { MODEL_EVENT_REACH = SIM_EVENT_OWN };

/* Purpose of the random draws of service times: this and the station; entity: group; n: visit x 65536 + person. Those
 * of models begin at their numbers (own_draw). */
enum { MODEL_DRAW_SERVICE = 256 };

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
    MODEL_FLAG_COUNTED = 1, /* stands in a level of people/present (kept by the passage) */
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

#define MODEL_NOBODY_THERE ((model_site_state){0})

typedef struct {
    int64_t people;
} __attribute__((aligned(128))) model_counter;
#define MODEL_NO_PEOPLE ((model_counter){0})

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
    /* Orders: those of the setup, then those that were given on the way. Their times in this replication; begin
     * SIM_FOREVER: it is not carried out. */
    const model_order **orders;
    uint32_t order_count;
    sim_time *order_begin, *order_end;
    struct model_order_book *book; /* core/order.c */
/* The board: what models share (board.def). */
#define BOARD(type, name, of, neutral, combine, when, doc) type *name;
#include "models/core/board.def"
#undef BOARD
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
    extern MODEL_INSIDE const model_row model_row_of_##name;                                            \
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

/* Of this library alone: reached without the table that shared libraries go through. */
#define MODEL_INSIDE __attribute__((visibility("hidden")))

/* For a model without parts: the purpose of its k-th use of luck, and its k-th kind of event. */
#define MODEL_LUCK(name) MODEL_LUCK_AS(name, own)
#define MODEL_LUCK_AS(name, prefix)                                                                     \
    extern MODEL_INSIDE const model_row model_row_of_##name;                                            \
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
/* A list that grows: how many entries it has, and these; when loading, room is made for them. Returns where they lie.
 */
void *model_image_visit_list(struct model_image *image, void *entries, uint32_t *count, uint32_t *room, size_t size);
void model_image_fail(struct model_image *image, int error);

/* --- base.c --- */
/* A number of desks or people on duty under the scenario's `capacity`: rounded, and not 0 unless it was. */
int64_t model_scaled(const model_setup *setup, int64_t number);

/* --- site.c --- */
/* Tells the models that the group has left its site, through or not. */
static inline void model_site_tell_left(model_world *world, sim_process *process, uint32_t group, bool through)
{
    for (size_t i = 0; world->setup->on.left[i] != NULL; i++)
        world->setup->on.left[i](world, process, group, through);
}
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
/* Whether a station takes a person with these traits. */
static inline bool model_station_selects(const model_station *station, uint32_t traits)
{
    return (station->when == 0 || (traits & station->when) != 0) && (traits & station->unless) == 0;
}

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

/* --- world.c --- */
/* Where people of a group are counted that does `state` at a site; MODEL_STATES: nowhere. */
static inline model_state model_state_at(const model_setup *setup, uint32_t site, sim_customer_state state)
{
    static const model_state states[2][SIM_HELD + 1] = {
        {
            [SIM_ELSEWHERE] = MODEL_STATES,
            [SIM_OUTSIDE] = MODEL_WAITING,
            [SIM_QUEUED] = MODEL_WAITING,
            [SIM_SERVED] = MODEL_IN_SERVICE,
            [SIM_HELD] = MODEL_IN_SERVICE,
        },
        {
            [SIM_ELSEWHERE] = MODEL_STATES,
            [SIM_OUTSIDE] = MODEL_IN_THE_OPEN,
            [SIM_QUEUED] = MODEL_SHELTERED,
            [SIM_SERVED] = MODEL_SHELTERED,
            [SIM_HELD] = MODEL_SHELTERED,
        },
    };
    return states[setup->sites[site].kind == MODEL_CENTRE][state];
}

/* People x microseconds in a state at a place since the last control instant, exactly; to be called in `account`. */
int64_t model_people_time(const model_world *world, uint32_t place, model_state state, sim_time now);

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

/* --- order.c --- */
/* Whether an order is in force now in this replication. */
static inline bool model_order_is_in_force(const model_world *world, const model_order *order, sim_time now)
{
    return world->order_begin[order->index] <= now && now < world->order_end[order->index];
}
/* The order of the kinds given last that is in force now and aimed at the target; NULL: there is none. `other` may be
 * NULL. */
const model_order *model_order_latest(const model_world *world, const model_order_kind *kind,
                                      const model_order_kind *other, uint32_t target, sim_time now);
/* A table with an entry of `size` bytes for each order, zero at first. It grows with the orders and is saved, restored
 * and freed with them. To be made in the `build` of a model behind timeline in models.def; *table is its number.
 * 0 or an error. */
int model_order_table(model_world *world, size_t size, uint32_t *table);
void *model_order_entry(const model_world *world, uint32_t table, uint32_t order);
/* Whether the order is aimed at this station, arc, site or roster. */
bool model_order_means(const model_order *order, uint32_t target);

/* --- load.c --- */
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
