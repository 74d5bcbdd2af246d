/* Reception: how full centres are, where people go on to when they are, and what beds and space come to.
 *
 * A full centre leaves people in the open before it (post); here they go on to another centre after a while, and
 * several centres share those who come by the places that are known to be free. Nights in beds, days over capacity and
 * floor space a person are kept exactly. */
#include <math.h>
#include <stdlib.h>

#include "models/core/world.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"reception", "what holds for all centres", 0},
};

static const sim_param params[] = {
    {"reception", "delay", SIM_QUANTITY, SIM_DIM_TIME, "3 h", 0, 30 * 86400.0, NULL,
     "age of the numbers of free places by which rows of `onward` that pull share people out",
     "assumption: as old as published waits (choice)"},
    {"reception", "space_standard", SIM_QUANTITY, SIM_DIM_AREA, "3.5 m2", 0, 1000, NULL,
     "covered floor space a person should have", "Sphere Handbook: 3.5 m2 a person"},
    {"centres.*", "overflow_to", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "centres.*",
     "where those go on whom the full centre leaves in the open", "not given: they wait in the open"},
    {"centres.*", "overflow_after", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 366 * 86400.0, NULL,
     "time in the open after which they do", "assumption: they are sent on at once"},
    {"onward.#", "pull", SIM_BOOL, SIM_DIM_NONE, "false", 0, 0, NULL,
     "the shares of all such rows from a site are divided among them by the free beds of the centres they lead to",
     "assumption: fixed shares"},
};

struct reception_setup {
    size_t delay; /* of free places, in control intervals */
    double standard;
    bool any_centre, any_pull;
    double *pulled; /* of each row of `onward` that pulls: the sum of the shares of those from the same site */
};

struct reception_world {
    uint32_t person_time, bed_time, space_time, below_standard, over_capacity, sent_on; /* metrics */
    int64_t *beds;      /* of each site; INT64_MAX: no limit */
    uint32_t *closed;   /* orders that keep it closed */
    size_t now;         /* the latest of the snapshots, which follow each other in a ring */
    int64_t *free_beds; /* [snapshot][site]; NULL: no row pulls */
};

MODEL_PART(reception)

/* As many as the numbers of free places are old, and that of now. */
static size_t snapshots(const model_setup *setup)
{
    return own_setup(setup)->delay + 1;
}

static size_t count_free_beds(const model_world *world)
{
    return own_setup(world->setup)->any_pull ? snapshots(world->setup) * world->setup->site_count : 0;
}

static const model_column columns[] = {
    COLUMN(beds, int64_t, SITE),
    COLUMN(closed, uint32_t, SITE),
    COLUMN_ONCE(now),
    COLUMN_OWN(free_beds, int64_t, count_free_beds),
};

static const model_metric metrics[] = {
    METRIC_COUNT(person_time, "reception/person_time", "people us", PLACE, NOTHING,
                 "people x microseconds sheltered in the centre", ""),
    METRIC_COUNT(bed_time, "reception/bed_time", "beds us", PLACE, NOTHING, "beds x microseconds", ""),
    METRIC_SHARE("reception/occupancy", "1", PLACE, NOTHING, "reception/person_time", "reception/bed_time",
                 "people sheltered for each bed", "EASO 2018: occupancy"),
    METRIC_COUNT(space_time, "reception/space_time", "m2 us", PLACE, NOTHING,
                 "covered floor space x microseconds while it is known", ""),
    METRIC_SHARE("reception/space", "m2", PLACE, NOTHING, "reception/space_time", "reception/person_time",
                 "covered floor space a person sheltered, over the whole time",
                 "Sphere Handbook, shelter and settlement standard 3"),
    METRIC_LEVEL(below_standard, "reception/below_standard", "people", PLACE, NOTHING,
                 "people sheltered where there is less than `space_standard` for each",
                 "Sphere Handbook, shelter and settlement standard 3"),
    METRIC_LEVEL(over_capacity, "reception/over_capacity", "1", PLACE, NOTHING,
                 "1 while anyone is in the open before the centre: its mean is the share of the time", ""),
    METRIC_COUNT(sent_on, "reception/sent_on", "people", PLACE, CLASS,
                 "people whom the full centre sent on to another one", ""),
};

/* --- reading --- */

static bool is_centre(const model_setup *setup, uint32_t site)
{
    return setup->sites[site].kind == MODEL_CENTRE;
}

static void read_overflow(model_setup *setup, const sim_config *config, uint32_t site, sim_diag *diag)
{
    model_site *p = &setup->sites[site];
    bool given = sim_given(config, "centres.*", "overflow_to", p->declared);
    p->overflow_after = sim_micros(config, "centres.*", "overflow_after", p->declared);
    if (!given && p->overflow_after > 0)
        sim_diag_error(diag, sim_value_mark(config, "centres.*", "overflow_after", p->declared), "`overflow_to`", NULL,
                       "the centre \"%s\" sends nobody on", p->name);
    if (!given)
        return;
    p->overflow = setup->post_count + (uint32_t)sim_name(config, "centres.*", "overflow_to", p->declared);
    if (p->overflow == site)
        sim_diag_error(diag, sim_value_mark(config, "centres.*", "overflow_to", p->declared), "another centre", NULL,
                       "the centre \"%s\" cannot send people on to itself", p->name);
}

/* Rows that share people out must concern the same people, or the sum of their shares would mean nothing. */
static void read_pull(model_setup *setup, const sim_config *config, struct reception_setup *r, uint32_t row,
                      sim_diag *diag)
{
    model_onward *o = &setup->onward[row];
    o->pull = sim_bool(config, "onward.#", "pull", row);
    if (!o->pull || setup->sites_in_doubt)
        return;
    r->any_pull = true;
    sim_mark mark = sim_value_mark(config, "onward.#", "pull", row);
    if (o->to == MODEL_NONE || !is_centre(setup, o->to) || setup->sites[o->to].capacity[1] == INT64_MAX)
        sim_diag_error(diag, mark, "a row that leads to a centre with `beds`", NULL,
                       "free beds are not known where this row leads");
    for (uint32_t i = 0; i < row; i++) {
        const model_onward *other = &setup->onward[i];
        if (other->pull && other->from == o->from &&
            (other->when != o->when || other->unless != o->unless || other->modes != o->modes)) {
            sim_diag_error(diag, mark, "the same `when`, `unless` and `modes` in all of them", NULL,
                           "rows that pull from the same site concern different people");
            return;
        }
    }
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct reception_setup *r = own_setup(setup);
    r->pulled = model_take(setup, setup->onward_count, sizeof *r->pulled);
    if (r->pulled == NULL)
        return SIM_E_MEMORY;
    r->delay =
        (size_t)((sim_micros(config, "reception", "delay", 0) + setup->control_interval - 1) / setup->control_interval);
    r->standard = sim_quantity(config, "reception", "space_standard", 0);
    for (uint32_t site = 0; site < setup->site_count; site++)
        if (is_centre(setup, site)) {
            r->any_centre = true;
            read_overflow(setup, config, site, diag);
        }
    for (uint32_t i = 0; i < setup->onward_count; i++)
        read_pull(setup, config, r, i, diag);
    for (uint32_t i = 0; i < setup->onward_count; i++)
        for (uint32_t k = 0; k < setup->onward_count; k++)
            if (setup->onward[k].pull && setup->onward[k].from == setup->onward[i].from)
                r->pulled[i] += setup->onward[k].share;
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->any_centre;
}

/* --- a replication --- */

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    const struct reception_setup *r = own_setup(setup);
    struct reception_world *w = own_world(world);
    for (uint32_t site = 0; site < setup->site_count; site++) {
        const model_site *p = &setup->sites[site];
        w->beds[site] = p->capacity[1];
        for (size_t i = 0; r->any_pull && i < snapshots(setup); i++)
            w->free_beds[i * setup->site_count + site] = p->capacity[1];
        /* also where there is no limit, so that the centre can be closed */
        for (uint32_t s = p->first_station; is_centre(setup, site) && s < p->first_station + p->station_count; s++)
            world->network.stations[s].area = site * MODEL_SIDES + 1;
    }
    if (!r->any_pull)
        return 0;
    for (uint32_t i = 0; i < setup->onward_count; i++)
        world->onward_share[i] = setup->onward[i].share;
    return 0;
}

static int64_t people_in(const model_world *world, uint32_t site, model_state state)
{
    return sim_record_level_at(&world->recorder, world->metrics.state, world->setup->sites[site].place, state)->level;
}

static void set_level(const model_world *world, uint32_t metric, uint32_t place, sim_time now, int64_t to)
{
    sim_level *level = sim_record_level_at(&world->recorder, metric, place, 0);
    if (level->level != to)
        sim_level_add(level, now, to - level->level);
}

/* Who has too little space, and whether anyone is in the open, as of now. */
static void look(const model_world *world, uint32_t site, sim_time now)
{
    const struct reception_world *w = own_world(world);
    const model_site *p = &world->setup->sites[site];
    int64_t sheltered = people_in(world, site, MODEL_SHELTERED);
    bool cramped =
        p->area[1] < own_setup(world->setup)->standard * (double)sheltered; /* never where the area is not known */
    set_level(world, w->below_standard, p->place, now, cramped ? sheltered : 0);
    set_level(world, w->over_capacity, p->place, now, people_in(world, site, MODEL_IN_THE_OPEN) > 0);
}

static void moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before, uint32_t people)
{
    (void)people;
    const model_group *g = model_group_at(world, group);
    if (!is_centre(world->setup, g->site))
        return;
    if (g->customer.state == SIM_QUEUED && g->customer.timer != SIM_NOBODY)
        sim_network_stay(&world->network, process, group); /* it has a bed */
    if (model_state_at(world->setup, g->site, (sim_customer_state)g->customer.state) != MODEL_SHELTERED ||
        before == SIM_OUTSIDE || before == SIM_ELSEWHERE)
        look(world, g->site, process->now);
}

static void left(model_world *world, sim_process *process, uint32_t group, bool through)
{
    (void)process;
    const model_group *g = model_group_at(world, group);
    if (!through && is_centre(world->setup, g->site))
        sim_record_count(&world->recorder, own_world(world)->sent_on, g->place, g->customer.class, g->customer.size);
}

/* Divides the shares of rows that pull by the free beds known now; as declared while none are free. */
static void share_out(model_world *world, const int64_t *free_beds)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < setup->onward_count; i++) {
        const model_onward *o = &setup->onward[i];
        int64_t all = 0;
        if (!o->pull)
            continue;
        for (uint32_t k = 0; k < setup->onward_count; k++)
            if (setup->onward[k].pull && setup->onward[k].from == o->from)
                all += free_beds[setup->onward[k].to];
        world->onward_share[i] =
            all == 0 ? o->share : own_setup(setup)->pulled[i] * (double)free_beds[o->to] / (double)all;
    }
}

/* Looks at all centres, from which people may have been taken without moving; notes free beds, and what is known of
 * them. */
static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    struct reception_world *w = own_world(world);
    for (uint32_t site = 0; site < setup->site_count; site++)
        if (is_centre(setup, site))
            look(world, site, now);
    if (world->onward_share == NULL || now % setup->control_interval != 0)
        return SIM_FOREVER;
    w->now = (w->now + 1) % snapshots(setup);
    for (uint32_t site = 0; site < setup->site_count; site++) {
        int64_t taken = people_in(world, site, MODEL_SHELTERED) + people_in(world, site, MODEL_IN_THE_OPEN);
        w->free_beds[w->now * setup->site_count + site] =
            w->closed[site] > 0 || taken > w->beds[site] ? 0 : w->beds[site] - taken;
    }
    share_out(world, w->free_beds + (w->now + 1) % snapshots(setup) * setup->site_count); /* the oldest */
    return SIM_FOREVER;
}

static void account(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct reception_world *w = own_world(world);
    const sim_recorder *r = &world->recorder;
    sim_time passed = now - world->accounted;
    for (uint32_t site = 0; site < setup->site_count; site++) {
        const model_site *p = &setup->sites[site];
        if (!is_centre(setup, site))
            continue;
        sim_record_count(r, w->person_time, p->place, 0, model_people_time(world, p->place, MODEL_SHELTERED, now));
        if (w->beds[site] != INT64_MAX)
            sim_record_count(r, w->bed_time, p->place, 0, w->beds[site] * passed);
        if (!isnan(p->area[1]))
            sim_record_count(r, w->space_time, p->place, 0, (int64_t)(p->area[1] * (double)passed + 0.5));
    }
}

/* --- orders --- */

/* Keeps the centres among the targets that the order can do something to. */
static void keep_centres(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag, bool with_beds)
{
    uint32_t kept = 0, meant = order->target_count;
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_site *p = &setup->sites[order->targets[i]];
        if (p->kind == MODEL_CENTRE && p->station_count > 0 && (!with_beds || p->capacity[1] != INT64_MAX))
            order->targets[kept++] = order->targets[i];
    }
    order->target_count = kept;
    if (kept == 0 && meant > 0)
        sim_diag_error(diag, mark, with_beds ? "a centre with `beds` and stations" : "a centre with stations", NULL,
                       "the order %s can do nothing at \"%s\"", order->kind->name, order->target);
}

static void check_add_beds(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    keep_centres(setup, order, mark, diag, true);
}

static void check_close_centre(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    keep_centres(setup, order, mark, diag, false);
}

static void set_capacity(model_world *world, uint32_t site, sim_time now)
{
    const model_setup *setup = world->setup;
    sim_process *process = &world->kernel.processes[setup->places[setup->sites[site].place].process];
    process->now = now;
    sim_network_set_capacity(&world->network, process, site * MODEL_SIDES + 1,
                             own_world(world)->closed[site] > 0 ? -1 : own_world(world)->beds[site]);
}

static void apply_add_beds(model_world *world, const model_order *order, bool begin, sim_time now)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        own_world(world)->beds[order->targets[i]] += begin ? (int64_t)order->number : -(int64_t)order->number;
        set_capacity(world, order->targets[i], now);
    }
}

static void apply_close_centre(model_world *world, const model_order *order, bool begin, sim_time now)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        own_world(world)->closed[order->targets[i]] += begin ? 1u : UINT32_MAX;
        set_capacity(world, order->targets[i], now);
    }
}

static const model_order_kind orders[] = {
    {.name = "add_beds",
     .doc = "puts up more beds in centres (tents); nobody is sent out when they are taken away",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "beds more in each centre"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_add_beds,
     .check = check_add_beds},
    {.name = "close_centre",
     .doc = "the centre takes in nobody; who is in stays as long as otherwise",
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "it strikes at once",
     .apply = apply_close_centre,
     .check = check_close_centre},
};

static bool writes_it(const model_setup *setup, const char *row)
{
    (void)row;
    return own_setup(setup)->any_pull;
}

const model model_of_reception = {
    .name = "reception",
    .doc = "how full centres are, and where people go then",
    .keys = "people classes places links travel stations posts centres onward reception",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct reception_setup),
    .world_size = sizeof(struct reception_world),
    .writes = "onward_share",
    .writes_it = writes_it,
    .prepare = prepare,
    .used = used,
    .build = build,
    .control = control,
    .account = account,
    .on = {.moved = moved, .left = left},
};
