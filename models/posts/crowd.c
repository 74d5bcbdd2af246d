/* Crowds: how densely people stand on each side of a post and in each centre, where that becomes dangerous, how it
 * slows walking, how long the line of vehicles is, and the orders by which crowds are controlled.
 *
 * The density of a side is the number of people in its waiting area over its square metres, followed change by change.
 * Time above a threshold is people x time. A crush-risk episode begins when the density stands above `danger` and is
 * over when it stands below `unsafe`. */
#include <assert.h>
#include <math.h>

#include "models/core/world.h"
#include "sim/base/error.h"

enum { EXIT, ENTRY };

static const sim_section sections[] = {
    {"crowd", "from which density on a crowd is what, how fast people walk, how much road vehicles take", 0},
};

static const sim_param params[] = {
    {"crowd", "contact", SIM_QUANTITY, SIM_DIM_DENSITY, "3.57 1/m2", 0.01, 20, NULL,
     "density above which people cannot avoid touching", "Fruin 1971: 0.28 m2 a person"},
    {"crowd", "unsafe", SIM_QUANTITY, SIM_DIM_DENSITY, "5 1/m2", 0.01, 20, NULL,
     "density above which a crowd is not safe any more; below it a crush-risk episode is over",
     "general knowledge: limit of 4.7 to 5 people a square metre standing in safety guides"},
    {"crowd", "danger", SIM_QUANTITY, SIM_DIM_DENSITY, "5.55 1/m2", 0.01, 20, NULL,
     "density above which dangerous forces build up: a crush-risk episode begins",
     "Fruin 1993: dangerous forces from 0.18 m2 a person on"},
    {"crowd", "speed", SIM_QUANTITY, SIM_DIM_SPEED, "1.34 m/s", 0.05, 5, NULL, "walking speed where there is room",
     "Weidmann 1993: mean of pedestrians (general knowledge); 0.8-1.7 m/s were seen"},
    {"crowd", "car.people", SIM_QUANTITY, SIM_DIM_NONE, "4.7", 0.1, 1000, NULL,
     "people in a car, for the line of vehicles", "Karabakh 2023: people over vehicles"},
    {"crowd", "car.length", SIM_QUANTITY, SIM_DIM_LENGTH, "7.6 m", 1, 100, NULL,
     "road that a car takes in the line, the gap included",
     "usual for design; Long 2002 (Transportation Research Record 1796), who saw larger gaps"},
    {"crowd", "bus.people", SIM_QUANTITY, SIM_DIM_NONE, "40", 0.1, 1000, NULL,
     "people in a bus, for the line of vehicles", "assumption: evacuations report 33-50"},
    {"crowd", "bus.length", SIM_QUANTITY, SIM_DIM_LENGTH, "15.7 m", 1, 100, NULL,
     "road that a bus takes in the line, the gap included",
     "assumption: 12 m long; gaps of 3.66 m: Long 2002 (Transportation Research Record 1796)"},
    {"stations.*", "walk", SIM_QUANTITY, SIM_DIM_LENGTH, "0 m", 0, 100000, NULL,
     "way from the head of the line to the desk, which waits meanwhile; the crowd of the side slows it",
     "assumption: none"},
};

/* Walking speed as a share of the free one, at 0, 0.5, 1 ... 5 people a square metre, straight lines in between: 1 -
 * exp(-1.913 (1/D - 1/5.4)), the curve of Weidmann 1993. In a denser crowd people are moved on as at 5. */
static const double share_of_speed[] = {1, 0.969, 0.790, 0.602, 0.452, 0.337, 0.247, 0.175, 0.117, 0.068, 0.028};
enum { SHARES = sizeof share_of_speed / sizeof *share_of_speed };

/* A side, or a centre's roof. */
typedef struct {
    double metres;                  /* square; 0: not given */
    double contact, unsafe, danger; /* people; infinite where there is no area */
    bool lines_on_road;             /* of a post's side without an area people stand in line on the road */
} side_setup;

struct crowd_setup {
    double speed, people[MODEL_MODES], length[MODEL_MODES]; /* people 0: no vehicle on the road */
    double *walk;                                           /* of each station; NULL: none */
    side_setup *sides;                                      /* of each site x MODEL_SIDES */
    bool used;
};

typedef struct {
    int64_t people; /* seen last */
    sim_time since;
    int64_t contact, unsafe; /* people x microseconds that have not been recorded yet */
    int64_t outside;         /* people */
    bool episode, tokens;
} side_world;

typedef struct {
    side_world sides[MODEL_SIDES];
    int64_t on_road[MODEL_MODES]; /* people */
} __attribute__((aligned(128))) site_world;

struct crowd_world {
    site_world *sites;
    uint32_t density[MODEL_SIDES], contact, unsafe, episodes, vehicles, queue, tokens; /* metrics */
};

MODEL_PART(crowd)

static const model_column columns[] = {
    COLUMN(sites, site_world, SITE),
};

static const model_metric metrics[] = {
    METRIC_LEVEL(density[EXIT], "crowd/density_exit", "people/1000 m2", PLACE, NOTHING,
                 "people a thousand square metres in the area of the exit side", "Fruin 1971"),
    METRIC_LEVEL(density[ENTRY], "crowd/density_entry", "people/1000 m2", PLACE, NOTHING,
                 "people a thousand square metres in the area of the entry side, or under a centre's roof",
                 "Fruin 1971"),
    METRIC_COUNT(contact, "crowd/time_in_contact", "people s", PLACE, NOTHING,
                 "people x seconds at a density above `contact`", "Fruin 1971"),
    METRIC_COUNT(unsafe, "crowd/time_unsafe", "people s", PLACE, NOTHING,
                 "people x seconds at a density above `unsafe`", ""),
    METRIC_COUNT(episodes, "crowd/crush_risk_episodes", "episodes", PLACE, NOTHING,
                 "times that a side's density has risen above `danger` (having been below `unsafe` in between)",
                 "Fruin 1993"),
    METRIC_LEVEL(vehicles, "crowd/vehicles", "vehicles", PLACE, NOTHING,
                 "cars and buses in line on the road before a post", "border guards publish it daily"),
    METRIC_LEVEL(queue, "crowd/vehicle_queue", "m", PLACE, NOTHING, "length of that line",
                 "border guards publish it daily"),
    METRIC_LEVEL(tokens, "crowd/holding_tokens", "people", PLACE, NOTHING,
                 "people who hold a number and wait outside until they are called", ""),
};

/* --- the scenario --- */

static void read_side(const model_setup *setup, const sim_config *config, uint32_t site, uint32_t side)
{
    const model_site *p = &setup->sites[site];
    side_setup *s = &own_setup(setup)->sides[site * MODEL_SIDES + side];
    s->lines_on_road = p->kind == MODEL_POST && p->capacity[side] == INT64_MAX;
    s->metres = isnan(p->area[side]) ? 0 : p->area[side] * setup->capacity;
    s->contact = s->unsafe = s->danger = (double)INFINITY;
    if (s->metres <= 0)
        return;
    s->contact = sim_quantity(config, "crowd", "contact", 0) * s->metres;
    s->unsafe = sim_quantity(config, "crowd", "unsafe", 0) * s->metres;
    s->danger = sim_quantity(config, "crowd", "danger", 0) * s->metres;
    own_setup(setup)->used = true;
}

/* Ways to the desks, if any station has one. */
static int read_ways(model_setup *setup, const sim_config *config)
{
    struct crowd_setup *crowd = own_setup(setup);
    for (uint32_t i = 0; i < setup->station_count; i++) {
        double walk = sim_quantity(config, "stations.*", "walk", setup->stations[i].declared);
        if (!(walk > 0))
            continue;
        if (crowd->walk == NULL)
            crowd->walk = model_take(setup, setup->station_count, sizeof *crowd->walk);
        if (crowd->walk == NULL)
            return SIM_E_MEMORY;
        crowd->walk[i] = walk;
        crowd->used = true;
    }
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct crowd_setup *crowd = own_setup(setup);
    crowd->sides = model_take(setup, (size_t)setup->site_count * MODEL_SIDES, sizeof *crowd->sides);
    if (crowd->sides == NULL)
        return SIM_E_MEMORY;
    crowd->speed = sim_quantity(config, "crowd", "speed", 0);
    crowd->people[1] = sim_quantity(config, "crowd", "car.people", 0);
    crowd->people[2] = sim_quantity(config, "crowd", "bus.people", 0);
    crowd->length[1] = sim_quantity(config, "crowd", "car.length", 0);
    crowd->length[2] = sim_quantity(config, "crowd", "bus.length", 0);
    if (sim_quantity(config, "crowd", "danger", 0) < sim_quantity(config, "crowd", "unsafe", 0))
        sim_diag_error(diag, sim_value_mark(config, "crowd", "danger", 0), "no less than `unsafe`", NULL,
                       "a crush-risk episode would be over before it begins");
    for (uint32_t i = 0; i < setup->site_count * MODEL_SIDES; i++)
        read_side(setup, config, i / MODEL_SIDES, i % MODEL_SIDES);
    return read_ways(setup, config);
}

/* --- a replication --- */

/* Time to walk to a desk of the station, as crowded as its side is now. */
static sim_time approach(const model_world *world, uint32_t station)
{
    const struct crowd_setup *crowd = own_setup(world->setup);
    double metres = crowd->walk[station];
    if (metres <= 0)
        return 0;
    const model_station *s = &world->setup->stations[station];
    uint32_t area = s->site * MODEL_SIDES + s->side;
    double square = crowd->sides[area].metres, share = 1;
    if (square > 0) {
        double steps = (double)world->network.areas[area].people / square * 2;
        uint32_t step = steps >= SHARES - 1 ? SHARES - 2 : (uint32_t)steps;
        double part = steps >= SHARES - 1 ? 1 : steps - step;
        share = share_of_speed[step] + (share_of_speed[step + 1] - share_of_speed[step]) * part;
    }
    return (sim_time)(metres / (crowd->speed * share) * 1e6 + 0.5);
}

/* Books what has held on a side since its last change. What held for no time (one leaves, the next enters at that
 * instant) has not been. */
static void book(const model_world *world, uint32_t site, uint32_t side, sim_time now)
{
    const side_setup *s = &own_setup(world->setup)->sides[site * MODEL_SIDES + side];
    side_world *w = &own_world(world)->sites[site].sides[side];
    sim_time passed = now - w->since;
    double people = (double)w->people;
    if (passed <= 0 || s->metres <= 0)
        return;
    w->since = now;
    if (people > s->contact)
        w->contact += w->people * passed;
    if (people > s->unsafe)
        w->unsafe += w->people * passed;
    if (!w->episode && people > s->danger) {
        w->episode = true;
        sim_record_count(&world->recorder, own_world(world)->episodes, world->setup->sites[site].place, 0, 1);
    } else if (w->episode && people < s->unsafe) {
        w->episode = false;
    }
}

static void set_level(const sim_recorder *recorder, uint32_t metric, uint32_t place, sim_time now, double value)
{
    sim_level *level = sim_record_level_at(recorder, metric, place, 0);
    int64_t whole = (int64_t)(value + 0.5);
    if (whole != level->level)
        sim_level_add(level, now, whole - level->level);
}

/* The number of people on a side may have changed. */
static void look_at_side(const model_world *world, uint32_t site, uint32_t side, sim_time now)
{
    uint32_t area = site * MODEL_SIDES + side, place = world->setup->sites[site].place;
    const side_setup *s = &own_setup(world->setup)->sides[area];
    const struct crowd_world *crowd = own_world(world);
    side_world *w = &crowd->sites[site].sides[side];
    int64_t people = world->network.areas[area].people;
    if (people == w->people || s->metres <= 0)
        return;
    book(world, site, side, now);
    w->people = people;
    set_level(&world->recorder, crowd->density[side], place, now, (double)people * 1000 / s->metres);
}

/* How long the line on the road is now. */
static void look_at_road(const model_world *world, uint32_t site, sim_time now)
{
    const struct crowd_setup *crowd = own_setup(world->setup);
    const site_world *w = &own_world(world)->sites[site];
    uint32_t place = world->setup->sites[site].place;
    double vehicles = 0, metres = 0;
    for (uint32_t mode = 0; mode < MODEL_MODES; mode++)
        if (crowd->people[mode] > 0) {
            vehicles += (double)w->on_road[mode] / crowd->people[mode];
            metres += (double)w->on_road[mode] / crowd->people[mode] * crowd->length[mode];
        }
    set_level(&world->recorder, own_world(world)->vehicles, place, now, vehicles);
    set_level(&world->recorder, own_world(world)->queue, place, now, metres);
}

static void look_at_tokens(const model_world *world, uint32_t site, sim_time now)
{
    int64_t holding = 0;
    for (uint32_t side = 0; side < MODEL_SIDES; side++)
        if (own_world(world)->sites[site].sides[side].tokens)
            holding += own_world(world)->sites[site].sides[side].outside;
    set_level(&world->recorder, own_world(world)->tokens, world->setup->sites[site].place, now, (double)holding);
}

static void moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before, uint32_t people)
{
    const model_group *g = model_group_at(world, group);
    uint32_t site = g->site;
    const model_station *station = &world->setup->stations[g->customer.station];
    const side_setup *s = &own_setup(world->setup)->sides[site * MODEL_SIDES + station->side];
    site_world *w = &own_world(world)->sites[site];
    sim_customer_state after = (sim_customer_state)g->customer.state;
    if (before == SIM_OUTSIDE || after == SIM_OUTSIDE) {
        w->sides[station->side].outside +=
            (after == SIM_OUTSIDE ? g->customer.size : 0) - (before == SIM_OUTSIDE ? (int64_t)people : 0);
        look_at_tokens(world, site, process->now);
    }
    bool is_post = world->setup->sites[site].kind == MODEL_POST;
    bool was_on_road = is_post && (before == SIM_OUTSIDE || (before == SIM_QUEUED && s->lines_on_road));
    bool is_on_road = is_post && (after == SIM_OUTSIDE || (after == SIM_QUEUED && s->lines_on_road));
    int64_t more = (is_on_road ? g->customer.size : 0) - (was_on_road ? (int64_t)people : 0);
    if (more != 0) {
        w->on_road[g->mode] += more;
        look_at_road(world, site, process->now);
    }
    for (uint32_t side = 0; side < MODEL_SIDES; side++)
        look_at_side(world, site, side, process->now);
}

/* Records whole people x seconds; the rest is kept. */
static void record_seconds(const model_world *world, uint32_t metric, uint32_t place, int64_t *time)
{
    if (*time >= SIM_SECOND)
        sim_record_count(&world->recorder, metric, place, 0, *time / SIM_SECOND);
    *time %= SIM_SECOND;
}

static void account(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct crowd_world *crowd = own_world(world);
    for (uint32_t i = 0; i < setup->site_count * MODEL_SIDES; i++) {
        side_world *w = &crowd->sites[i / MODEL_SIDES].sides[i % MODEL_SIDES];
        uint32_t place = setup->sites[i / MODEL_SIDES].place;
        book(world, i / MODEL_SIDES, i % MODEL_SIDES, now);
        record_seconds(world, crowd->contact, place, &w->contact);
        record_seconds(world, crowd->unsafe, place, &w->unsafe);
    }
}

/* Publishes the densities for other models. */
static sim_time control(model_world *world, sim_time now)
{
    (void)now;
    for (uint32_t i = 0; i < world->setup->site_count * MODEL_SIDES; i++) {
        double metres = own_setup(world->setup)->sides[i].metres;
        world->density[i] = metres > 0 ? (double)world->network.areas[i].people / metres : 0;
    }
    return SIM_FOREVER;
}

/* --- orders --- */

static bool concerns(const model_world *world, const model_order *order, uint32_t area, sim_time now)
{
    if (!model_order_is_in_force(world, order, now))
        return false;
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &world->setup->stations[order->targets[i]];
        if (s->site * MODEL_SIDES + s->side == area)
            return true;
    }
    return false;
}

static void apply_meter_flow(model_world *world, const model_order *order, bool begin, sim_time now);
static void apply_issue_tokens(model_world *world, const model_order *order, bool begin, sim_time now);
static void apply_limit_density(model_world *world, const model_order *order, bool begin, sim_time now);

/* Limit and meter of an area as the orders in force have them: the strictest of each kind counts. */
static void apply_to_area(model_world *world, uint32_t area, sim_time now)
{
    const model_setup *setup = world->setup;
    uint32_t site = area / MODEL_SIDES, side = area % MODEL_SIDES;
    int64_t capacity = setup->sites[site].capacity[side], flow = INT64_MAX;
    bool tokens = false;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        int64_t people = INT64_MAX;
        if (order->kind->apply == apply_meter_flow && concerns(world, order, area, now)) {
            flow = order->number < flow ? order->number : flow;
        } else if (order->kind->apply == apply_issue_tokens && concerns(world, order, area, now)) {
            tokens = true;
            people = order->number;
        } else if (order->kind->apply == apply_limit_density && concerns(world, order, area, now)) {
            double most = order->amount * own_setup(setup)->sides[area].metres;
            people = most < 1 ? 1 : (int64_t)most;
        }
        capacity = people < capacity ? people : capacity;
    }
    sim_process *process = &world->kernel.processes[setup->places[setup->sites[site].place].process];
    process->now = now;
    own_world(world)->sites[site].sides[side].tokens = tokens;
    double gap = flow == INT64_MAX ? 0 : (double)SIM_HOUR / (double)flow;
    if (world->network.areas[area].capacity != capacity)
        sim_network_set_capacity(&world->network, process, area, capacity);
    if (world->network.areas[area].gap < gap || world->network.areas[area].gap > gap)
        sim_network_set_meter(&world->network, process, area, gap, now);
    look_at_tokens(world, site, now);
}

static void apply_to_targets(model_world *world, const model_order *order, sim_time now)
{
    uint32_t last = MODEL_NONE;
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &world->setup->stations[order->targets[i]];
        uint32_t area = s->site * MODEL_SIDES + s->side;
        if (area != last && world->setup->sites[s->site].kind == MODEL_POST)
            apply_to_area(world, area, now);
        last = area;
    }
}

static void apply_meter_flow(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    apply_to_targets(world, order, now);
}

static void apply_issue_tokens(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    apply_to_targets(world, order, now);
}

static void apply_limit_density(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    apply_to_targets(world, order, now);
}

/* Whether the order has a post's side among its targets, or (`area`) one that has an area. */
static bool has_side(const model_setup *setup, const model_order *order, bool area)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &setup->stations[order->targets[i]];
        if (setup->sites[s->site].kind == MODEL_POST && (!area || !isnan(setup->sites[s->site].area[s->side])))
            return true;
    }
    return order->target_count == 0;
}

static void check_gate(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    if (order->number < 1)
        sim_diag_error(diag, mark, "a `number` of at least 1", NULL,
                       "the order %s would let nobody in; close lanes instead", order->kind->name);
    if (!has_side(setup, order, false))
        sim_diag_error(diag, mark, "sides of posts", NULL, "\"%s\" means no post", order->target);
    own_setup(setup)->used = true;
}

static void check_limit_density(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    if (!(order->amount > 0))
        sim_diag_error(diag, mark, "an `amount` above 0", NULL, "a density of %g", order->amount);
    if (!has_side(setup, order, true))
        sim_diag_error(diag, mark, "sides of posts that have a `waiting_area`", NULL,
                       "nothing meant by \"%s\" has an area to limit", order->target);
    own_setup(setup)->used = true;
}

static const model_order_kind orders[] = {
    {.name = "meter_flow",
     .doc = "lets no more than `number` people an hour into the area of each side meant (POST or POST/SIDE); the "
            "others wait "
            "outside, in order",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people an hour at each side"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: barriers and stewards are at hand",
     .apply = apply_meter_flow,
     .check = check_gate},
    {.name = "issue_tokens",
     .doc = "gives people numbers: they wait outside and are called in by them, so that no more than `number` people "
            "are in "
            "the area of each side meant",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people in the area of each side"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: numbers are at hand",
     .apply = apply_issue_tokens,
     .check = check_gate},
    {.name = "limit_density",
     .doc = "the area of each side meant counts as full at `amount` people a square metre",
     .arguments = {{"amount", SIM_QUANTITY, "1/m2", 0, 20, "people a square metre"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: barriers and stewards are at hand",
     .apply = apply_limit_density,
     .check = check_limit_density},
};

/* --- building --- */

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < setup->station_count; i++) /* people are counted on every side, limited or not */
        world->network.stations[i].area = setup->stations[i].site * MODEL_SIDES + setup->stations[i].side;
    return 0;
}

static bool hears(const model_setup *setup, size_t hook)
{
    return hook != offsetof(model_hooks, approach) || own_setup(setup)->walk != NULL;
}

const model model_of_crowd = {
    .name = "crowd",
    .doc = "density, crush risk, walking, the line of vehicles, crowd control",
    .keys = "people classes places links travel stations posts centres onward crowd",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct crowd_setup),
    .world_size = sizeof(struct crowd_world),
    .writes = "density",
    .hears = hears,
    .prepare = prepare,
    .used = used,
    .build = build,
    .control = control,
    .account = account,
    .on = {.approach = approach, .moved = moved},
};
