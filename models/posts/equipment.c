/* Equipment: kits, terminals and the like that desks cannot work without, how they break down and are repaired.
 *
 * A desk of a station takes one of each kind that the station `needs`. The kits of a side are shared among its stations
 * that need them: one each first, the others in proportion to the lanes (Sainte-Lague). Breakdowns and repairs take
 * effect at once, as control instants of their own; a desk whose kit breaks down finishes its group. */
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "sim/base/error.h"

#define STOCK "equipment.*.stock.#"

enum { MOST_KITS = 65535 };

static const sim_section sections[] = {
    {"equipment.*", "a kind of kit that desks need (biometric kit, terminal, document reader, scanner)", 0},
    {STOCK, "kits at a side of a post, or in a centre", 0},
};

static const sim_param params[] = {
    {"equipment.*", "time_between_failures", SIM_DIST, SIM_DIM_TIME, "", 0, 3660 * 86400.0, NULL,
     "time that a kit works until it breaks down, in use or not", "not given: it never does"},
    {"equipment.*", "repair", SIM_DIST, SIM_DIM_TIME, "", 0, 3660 * 86400.0, NULL,
     "time that a repair (or a replacement) takes", "none: needed with time_between_failures"},
    {"equipment.*", "repairers", SIM_COUNT, SIM_DIM_NONE, "", 1, 100000, NULL,
     "kits of this kind that can be repaired at the same time at a side; the others wait, first come first served",
     "not given: no limit"},
    {STOCK, "post", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.*", "the post or centre",
     "none: must be given"},
    {STOCK, "side", SIM_CHOICE, SIM_DIM_NONE, "entry", 0, 0, "exit entry", "which side; of a centre: entry",
     "assumption: most equipment is used at entry"},
    {STOCK, "number", SIM_COUNT, SIM_DIM_NONE, NULL, 0, MOST_KITS, NULL, "kits", "none: must be given"},
    {"stations.*", "needs", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "equipment.*",
     "kinds of equipment of which each desk takes one", "not given: none"},
};

typedef struct {
    bool breaks;
    sim_dist works, repair; /* microseconds */
    uint32_t repairers;
} kind_setup;

/* All kits of a kind at a side. */
typedef struct {
    uint32_t kind, site, side;
    uint32_t at_start; /* kits */
} pool_setup;

struct equipment_setup {
    kind_setup *kinds;
    uint32_t kind_count;
    pool_setup *pools;
    uint32_t pool_count;
    bool *needs; /* [station][kind] */
};

enum { ABSENT, WORKING, BROKEN, IN_REPAIR };

typedef struct {
    sim_time until;    /* it breaks down, or is repaired; broken: since then */
    uint16_t failures; /* number its draws */
    uint8_t state;
    uint8_t padding;
    uint32_t delivery; /* that brought it; 0: it was there from the start */
} kit;

/* A pool's kits in the order in which they came: those of the start, then those of each order when it was first carried
 * out. */
typedef struct {
    kit *kits;
    uint32_t count, room;
    uint32_t working;
    uint32_t padding;
} pool_world;

struct equipment_world {
    pool_world *pools;
    uint32_t delivered;  /* table of the orders: number of its delivery, 0: none yet */
    uint32_t deliveries; /* so far */
    sim_time next;       /* something happens to a kit */
    bool changed;        /* the number of kits in order */
    uint32_t *spare;     /* scratch: desks given to each station */
    uint32_t kits_metric, working_metric, breakdowns, repairs, without;
};

MODEL_PART(equipment)

static const model_metric metrics[] = {
    METRIC_LEVEL(kits_metric, "equipment/kits", "kits", PLACE, NOTHING, "kits of all kinds there, in order or not", ""),
    METRIC_LEVEL(working_metric, "equipment/working", "kits", PLACE, NOTHING, "kits in order", ""),
    METRIC_SHARE("equipment/availability", "1", PLACE, NOTHING, "equipment/working", "equipment/kits",
                 "share of the time that kits are in order",
                 "mean time between failures over it plus the mean time to repair"),
    METRIC_COUNT(breakdowns, "equipment/breakdowns", "kits", PLACE, NOTHING, "kits that broke down", ""),
    METRIC_COUNT(repairs, "equipment/repairs", "kits", PLACE, NOTHING, "kits repaired", ""),
    METRIC_LEVEL(without, "equipment/desks_without", "desks", STATION, NOTHING,
                 "lanes that cannot be opened because kits are lacking", ""),
};

/* --- the scenario --- */

static int compile(sim_dist *out, const sim_config *config, const char *name, size_t element, sim_diag *diag)
{
    const char *why = NULL;
    int ret = sim_dist_compile(out, sim_distribution(config, "equipment.*", name, element), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "equipment.*", name, element), NULL, NULL, "%s", why);
        return 0;
    }
    return ret;
}

static int read_kind(kind_setup *k, const sim_config *config, size_t element, sim_diag *diag)
{
    static const char *const names[2] = {"time_between_failures", "repair"};
    bool breaks = sim_given(config, "equipment.*", names[0], element),
         repaired = sim_given(config, "equipment.*", names[1], element);
    k->repairers = UINT32_MAX;
    if (sim_given(config, "equipment.*", "repairers", element))
        k->repairers = (uint32_t)sim_count(config, "equipment.*", "repairers", element);
    if (breaks != repaired) {
        sim_diag_error(diag, sim_value_mark(config, "equipment.*", names[repaired], element), "both, or neither", NULL,
                       "kits that break down have a `time_between_failures` and a `repair`");
        return 0;
    }
    k->breaks = breaks;
    int ret = breaks ? compile(&k->works, config, names[0], element, diag) : 0;
    return ret == 0 && breaks ? compile(&k->repair, config, names[1], element, diag) : ret;
}

static bool needs(const struct equipment_setup *e, uint32_t station, uint32_t kind)
{
    return e->needs[(size_t)station * e->kind_count + kind];
}

/* Whether a station of the side needs the kind. */
static bool is_needed(const model_setup *setup, uint32_t kind, uint32_t site, uint32_t side)
{
    const model_site *p = &setup->sites[site];
    for (uint32_t s = p->first_station; s < p->first_station + p->station_count; s++)
        if (setup->stations[s].side == side && needs(own_setup(setup), s, kind))
            return true;
    return false;
}

static pool_setup *pool_at(const struct equipment_setup *e, uint32_t kind, uint32_t site, uint32_t side)
{
    for (uint32_t i = 0; i < e->pool_count; i++)
        if (e->pools[i].kind == kind && e->pools[i].site == site && e->pools[i].side == side)
            return &e->pools[i];
    return NULL;
}

static pool_setup *make_pool(struct equipment_setup *e, uint32_t kind, uint32_t site, uint32_t side)
{
    pool_setup *pool = pool_at(e, kind, site, side);
    if (pool == NULL) {
        pool = &e->pools[e->pool_count++];
        *pool = (pool_setup){.kind = kind, .site = site, .side = side};
    }
    return pool;
}

static void read_stock(model_setup *setup, const sim_config *config, uint32_t kind, sim_diag *diag)
{
    size_t first, count;
    sim_children(config, STOCK, kind, &first, &count);
    for (size_t i = first; i < first + count; i++) {
        uint32_t site = model_site_of(setup, config, STOCK, "post", i), side = sim_choice(config, STOCK, "side", i);
        if (site == MODEL_NONE || setup->sites_in_doubt)
            continue;
        if (!is_needed(setup, kind, site, side)) {
            sim_diag_error(diag, sim_value_mark(config, STOCK, "post", i), "a side with a station that `needs` it",
                           NULL, "no station at the %s side of %s needs %s", side == 0 ? "exit" : "entry",
                           setup->sites[site].name, sim_element_name(config, "equipment.*", kind));
            continue;
        }
        pool_setup *pool = make_pool(own_setup(setup), kind, site, side);
        uint32_t number = (uint32_t)model_scaled(setup, sim_count(config, STOCK, "number", i));
        pool->at_start += number;
        if (pool->at_start > MOST_KITS)
            sim_diag_error(diag, sim_value_mark(config, STOCK, "number", i), "at most 65535 at a side", NULL,
                           "too many kits");
    }
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct equipment_setup *e = own_setup(setup);
    e->kind_count = (uint32_t)sim_elements(config, "equipment.*");
    e->kinds = model_take(setup, e->kind_count, sizeof *e->kinds);
    e->needs = model_take(setup, (size_t)setup->station_count * e->kind_count, sizeof *e->needs);
    e->pools = model_take(setup, (size_t)setup->station_count * e->kind_count, sizeof *e->pools);
    if (e->kinds == NULL || e->needs == NULL || e->pools == NULL)
        return SIM_E_MEMORY;
    for (uint32_t s = 0; s < setup->station_count; s++) {
        const size_t *kinds;
        size_t n = sim_names(config, "stations.*", "needs", setup->stations[s].declared, &kinds);
        for (size_t i = 0; i < n; i++)
            if (kinds[i] < e->kind_count)
                e->needs[(size_t)s * e->kind_count + kinds[i]] = true;
    }
    int ret = 0;
    for (uint32_t k = 0; k < e->kind_count && ret == 0; k++) {
        ret = read_kind(&e->kinds[k], config, k, diag);
        if (ret == 0)
            read_stock(setup, config, k, diag);
    }
    return ret;
}

static void apply_deliver_kits(model_world *world, const model_order *order, bool begin, sim_time now);
static void check_deliver_kits(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag);

static const model_order_kind orders[] = {
    {.name = "deliver_kits",
     .doc = "brings `number` kits of the kind `name` to each side meant (POST or POST/SIDE) that needs it; undone, "
            "they are "
            "taken away again",
     .arguments = {{"number", SIM_COUNT, NULL, 1, MOST_KITS, "kits for each side"},
                   {"name", SIM_TEXT, NULL, 0, 0, "a kind of `equipment`"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: emergency stocks promise two to three days",
     .lead = 48 * SIM_HOUR,
     .apply = apply_deliver_kits,
     .check = check_deliver_kits},
};

/* The sides to which an order brings kits, one after another: the next one from the i-th target on. False: no more. */
static bool next_side(const model_setup *setup, const model_order *order, uint32_t *i, uint32_t *last, uint32_t *site,
                      uint32_t *side)
{
    for (; *i < order->target_count && order->target_index != MODEL_NONE; (*i)++) {
        const model_station *s = &setup->stations[order->targets[*i]];
        uint32_t at = s->site * MODEL_SIDES + s->side;
        if (at == *last || !is_needed(setup, order->target_index, s->site, s->side))
            continue;
        *last = at;
        *site = s->site;
        *side = s->side;
        (*i)++;
        return true;
    }
    return false;
}

/* Sides that get all their kits by orders have a pool too. */
static void make_pools(model_setup *setup, const model_order *order)
{
    uint32_t i = 0, last = MODEL_NONE, site, side;
    while (order->kind == &orders[0] && next_side(setup, order, &i, &last, &site, &side))
        make_pool(own_setup(setup), order->target_index, site, side);
}

/* Whether the side gets some of the kind sooner or later. */
static void check_supply(const model_setup *setup, const sim_config *config, uint32_t station, sim_diag *diag)
{
    const struct equipment_setup *e = own_setup(setup);
    const model_station *s = &setup->stations[station];
    for (uint32_t k = 0; k < e->kind_count; k++)
        if (needs(e, station, k) && pool_at(e, k, s->site, s->side) == NULL)
            sim_diag_error(diag, sim_value_mark(config, "stations.*", "needs", s->declared),
                           "a row of its `stock`, of 0 too", NULL, "%s needs %s, and there is none", s->name,
                           sim_element_name(config, "equipment.*", k));
}

static int link_orders(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    for (uint32_t i = 0; i < setup->order_count; i++)
        make_pools(setup, &setup->orders[i]);
    for (uint32_t s = 0; s < setup->station_count && !setup->sites_in_doubt; s++)
        check_supply(setup, config, s, diag);
    return 0;
}

static void release(model_setup *setup)
{
    struct equipment_setup *e = own_setup(setup);
    for (uint32_t k = 0; e->kinds != NULL && k < e->kind_count; k++) {
        sim_dist_free(&e->kinds[k].works);
        sim_dist_free(&e->kinds[k].repair);
    }
}

/* --- kits --- */

/* A draw of the kit: its failures number the times. What is drawn shorter than a second lasts a second. */
static sim_time draw(const model_world *world, const sim_dist *dist, const pool_setup *pool, uint32_t number,
                     uint32_t purpose, uint16_t failures)
{
    uint32_t entity = (pool->site * MODEL_SIDES + pool->side) * own_setup(world->setup)->kind_count + pool->kind;
    sim_time time =
        (sim_time)(sim_dist_draw(dist, sim_rng_draw(&world->rng, entity, purpose, number << 16 | failures)) + 0.5);
    return time < SIM_SECOND ? SIM_SECOND : time;
}

static bool reserve(pool_world *pool, uint32_t room)
{
    if (room <= pool->room)
        return true;
    kit *kits = realloc(pool->kits, room * sizeof *kits);
    if (kits == NULL)
        return false;
    pool->kits = kits;
    pool->room = room;
    return true;
}

static pool_world *pool_now(const model_world *world, const pool_setup *pool)
{
    return &own_world(world)->pools[pool - own_setup(world->setup)->pools];
}

static void start_working(const model_world *world, const pool_setup *pool, uint32_t number, sim_time now)
{
    const kind_setup *kind = &own_setup(world->setup)->kinds[pool->kind];
    kit *k = &pool_now(world, pool)->kits[number];
    k->state = WORKING;
    k->until = kind->breaks ? now + draw(world, &kind->works, pool, number, own_draw(0), k->failures) : SIM_FOREVER;
}

static void record(const model_world *world, uint32_t metric, const pool_setup *pool, int64_t n)
{
    if (n > 0)
        sim_record_count(&world->recorder, metric, world->setup->sites[pool->site].place, 0, n);
}

/* What happens to a pool's kits now. */
static void run_pool(const model_world *world, const pool_setup *pool, sim_time now)
{
    const kind_setup *kind = &own_setup(world->setup)->kinds[pool->kind];
    kit *kits = pool_now(world, pool)->kits;
    int64_t breakdowns = 0, repairs = 0;
    uint32_t in_repair = 0, count = pool_now(world, pool)->count;
    for (uint32_t i = 0; i < count; i++) {
        kit *k = &kits[i];
        if (k->state == IN_REPAIR && k->until <= now) {
            k->failures++;
            start_working(world, pool, i, now);
            repairs++;
        } else if (k->state == WORKING && k->until <= now) {
            k->state = BROKEN;
            breakdowns++;
        }
        in_repair += k->state == IN_REPAIR;
    }
    for (;;) { /* free repairers take who has waited longest */
        kit *longest = NULL;
        for (uint32_t i = 0; i < count && in_repair < kind->repairers; i++)
            if (kits[i].state == BROKEN && (longest == NULL || kits[i].until < longest->until))
                longest = &kits[i];
        if (longest == NULL)
            break;
        longest->state = IN_REPAIR;
        longest->until =
            now + draw(world, &kind->repair, pool, (uint32_t)(longest - kits), own_draw(1), longest->failures);
        in_repair++;
    }
    record(world, own_world(world)->breakdowns, pool, breakdowns);
    record(world, own_world(world)->repairs, pool, repairs);
}

/* Counts the kits of all pools that are in order, and finds when something happens next. */
static void count_kits(const model_world *world, sim_time now)
{
    const struct equipment_setup *e = own_setup(world->setup);
    struct equipment_world *w = own_world(world);
    w->next = SIM_FOREVER;
    for (uint32_t p = 0; p < e->pool_count; p++) {
        const pool_setup *pool = &e->pools[p];
        pool_world *there = &w->pools[p];
        uint32_t place = world->setup->sites[pool->site].place, before = there->working;
        there->working = 0;
        for (uint32_t i = 0; i < there->count; i++) {
            const kit *k = &there->kits[i];
            there->working += k->state == WORKING;
            if ((k->state == WORKING || k->state == IN_REPAIR) && k->until < w->next)
                w->next = k->until;
        }
        sim_record_level(&world->recorder, w->working_metric, place, 0, now, (int64_t)there->working - before);
    }
}

/* Should it be brought again, its luck will be another. */
static void leave(kit *k)
{
    k->state = ABSENT;
    k->failures++;
}

/* Puts kits of a delivery behind the others. What there is no room for does not come. */
static void bring(pool_world *pool, uint32_t delivery, uint32_t number)
{
    if (!reserve(pool, pool->count + number < MOST_KITS ? pool->count + number : MOST_KITS))
        return;
    for (uint32_t i = 0; i < number && pool->count < MOST_KITS; i++)
        pool->kits[pool->count++] = (kit){.state = ABSENT, .delivery = delivery};
}

/* The kits of a delivery to a pool come, or are taken away. Returns how many. */
static int64_t move_kits(const model_world *world, const pool_setup *pool, uint32_t delivery, bool come, sim_time now)
{
    pool_world *there = pool_now(world, pool);
    int64_t n = 0;
    for (uint32_t i = 0; i < there->count; i++) {
        if (there->kits[i].delivery != delivery)
            continue;
        if (come)
            start_working(world, pool, i, now);
        else
            leave(&there->kits[i]);
        n++;
    }
    return n;
}

static void apply_deliver_kits(model_world *world, const model_order *order, bool begin, sim_time now)
{
    struct equipment_world *w = own_world(world);
    uint32_t *delivery = model_order_entry(world, w->delivered, order->index);
    uint32_t i = 0, last = MODEL_NONE, site, side;
    bool is_new = *delivery == 0;
    if (is_new)
        *delivery = ++w->deliveries;
    while (next_side(world->setup, order, &i, &last, &site, &side)) {
        const pool_setup *pool = pool_at(own_setup(world->setup), order->target_index, site, side);
        if (is_new)
            bring(pool_now(world, pool), *delivery, order->number);
        int64_t kits = move_kits(world, pool, *delivery, begin, now);
        sim_record_level(&world->recorder, w->kits_metric, world->setup->sites[site].place, 0, now,
                         begin ? kits : -kits);
    }
    w->changed = true;
}

/* --- desks --- */

static uint32_t lanes_of(const model_world *world, uint32_t station)
{
    return (uint32_t)model_lanes(world, station);
}

/* On paper no equipment is needed. */
static bool needs_now(const model_world *world, uint32_t station, uint32_t kind)
{
    return needs(own_setup(world->setup), station, kind) &&
           (world->paper == NULL || world->paper[station] == MODEL_NONE);
}

/* The station of the pool's side that gets its next kit; MODEL_NONE: no desk is without one. */
static uint32_t next_desk(const model_world *world, const pool_setup *pool)
{
    const model_setup *setup = world->setup;
    const model_site *site = &setup->sites[pool->site];
    const uint32_t *given = own_world(world)->spare;
    uint32_t best = MODEL_NONE;
    uint64_t best_lanes = 0, best_odd = 1;
    for (uint32_t s = site->first_station; s < site->first_station + site->station_count; s++) {
        uint64_t lanes = lanes_of(world, s), odd = 2 * (uint64_t)given[s] + 1;
        if (setup->stations[s].side != pool->side || !needs_now(world, s, pool->kind) || given[s] >= lanes)
            continue;
        if (given[s] == 0)
            return s;
        if (lanes * best_odd > best_lanes * odd) {
            best = s;
            best_lanes = lanes;
            best_odd = odd;
        }
    }
    return best;
}

/* Limits every station to the desks for which there are kits. */
static void limit_desks(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct equipment_setup *e = own_setup(setup);
    struct equipment_world *w = own_world(world);
    for (uint32_t s = 0; s < setup->station_count; s++)
        w->spare[s + setup->station_count] = UINT32_MAX;
    for (uint32_t p = 0; p < e->pool_count; p++) {
        const pool_setup *pool = &e->pools[p];
        const model_site *site = &setup->sites[pool->site];
        memset(w->spare, 0, setup->station_count * sizeof *w->spare);
        uint32_t left = w->pools[p].working, s;
        while (left > 0 && (s = next_desk(world, pool)) != MODEL_NONE) {
            w->spare[s]++;
            left--;
        }
        for (s = site->first_station; s < site->first_station + site->station_count; s++) {
            uint32_t *limit = &w->spare[s + setup->station_count];
            if (setup->stations[s].side == pool->side && needs_now(world, s, pool->kind) && w->spare[s] < *limit)
                *limit = w->spare[s];
        }
    }
    for (uint32_t s = 0; s < setup->station_count; s++) {
        uint32_t limit = w->spare[s + setup->station_count], lanes = lanes_of(world, s);
        sim_level *level = sim_record_level_at(&world->recorder, w->without, s, 0);
        sim_level_add(level, now, (limit < lanes ? (int64_t)lanes - limit : 0) - level->level);
        if (limit != world->limit[s]) {
            world->limit[s] = limit;
            world->staffing_changed = true;
        }
    }
}

static sim_time control(model_world *world, sim_time now)
{
    const struct equipment_setup *e = own_setup(world->setup);
    struct equipment_world *w = own_world(world);
    bool happens = w->next <= now;
    for (uint32_t p = 0; p < e->pool_count && happens; p++)
        run_pool(world, &e->pools[p], now);
    if (happens || w->changed)
        count_kits(world, now);
    if (happens || w->changed || world->staffing_changed) /* lanes too */
        limit_desks(world, now);
    w->changed = false;
    return w->next;
}

static void check_deliver_kits(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const char *words[64];
    size_t n = 0, kinds = sim_elements(setup->config, "equipment.*");
    for (size_t i = 0; i < kinds; i++) {
        const char *name = sim_element_name(setup->config, "equipment.*", i);
        if (n < 64)
            words[n++] = name;
        if (strcmp(name, order->text) == 0)
            order->target_index = (uint32_t)i;
    }
    if (order->target_index == MODEL_NONE) {
        sim_diag_error(diag, mark, "the name of a kind of `equipment`", sim_diag_nearest(order->text, words, n),
                       "there is no equipment called \"%s\"", order->text);
        return;
    }
    bool needed = order->target_count == 0 || !own_is_prepared(setup);
    for (uint32_t i = 0; i < order->target_count && !needed; i++)
        needed = needs(own_setup(setup), order->targets[i], order->target_index);
    if (!needed)
        sim_diag_error(diag, mark, "what a station meant `needs`", NULL, "no station meant by \"%s\" needs %s",
                       order->target, order->text);
}

/* --- building --- */

static bool used(const model_setup *setup)
{
    return own_setup(setup)->pool_count > 0;
}

static int build(model_world *world)
{
    const struct equipment_setup *e = own_setup(world->setup);
    struct equipment_world *w = own_world(world);
    int ret = model_order_table(world, sizeof(uint32_t), &w->delivered);
    if (ret != 0)
        return ret;
    const sim_recorder *r = &world->recorder;
    w->changed = true;
    w->next = SIM_FOREVER;
    for (uint32_t p = 0; p < e->pool_count; p++) {
        if (!reserve(&w->pools[p], e->pools[p].at_start))
            return SIM_E_MEMORY;
        bring(&w->pools[p], 0, e->pools[p].at_start);
        for (uint32_t i = 0; i < e->pools[p].at_start; i++)
            start_working(world, &e->pools[p], i, 0);
        sim_record_level(r, w->kits_metric, world->setup->sites[e->pools[p].site].place, 0, 0, e->pools[p].at_start);
    }
    return 0;
}

static void visit_pool(void *entry, struct model_image *image)
{
    pool_world *pool = entry;
    uint32_t count = pool->count;
    model_image_visit(image, &count, sizeof count);
    if (count > MOST_KITS || !reserve(pool, count)) {
        model_image_fail(image, count > MOST_KITS ? SIM_E_FORMAT : SIM_E_MEMORY);
        return;
    }
    pool->count = count;
    model_image_visit(image, &pool->working, sizeof pool->working);
    model_image_visit(image, pool->kits, count * sizeof *pool->kits);
}

static void free_pool(void *entry)
{
    free(((pool_world *)entry)->kits);
}

static size_t pool_count(const model_world *world)
{
    return own_setup(world->setup)->pool_count;
}

static size_t two_by_station(const model_world *world)
{
    return (size_t)world->setup->station_count * 2;
}

static const model_column columns[] = {
    COLUMN_OWN_LISTS(pools, pool_world, pool_count, visit_pool, free_pool),
    COLUMN_ONCE(deliveries),
    COLUMN_ONCE(next),
    COLUMN_ONCE(changed),
    COLUMN_OWN_SCRATCH(spare, uint32_t, two_by_station),
};

const model model_of_equipment = {
    .name = "equipment",
    .doc = "kits that desks need, their breakdowns and repairs",
    .keys = "people classes places links travel stations posts centres onward equipment",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct equipment_setup),
    .world_size = sizeof(struct equipment_world),
    .writes = "limit",
    .prepare = prepare,
    .link = link_orders,
    .release = release,
    .used = used,
    .build = build,
    MODEL_TABLE(column),
    .control = control,
};
