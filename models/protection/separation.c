/* Family separation: in a dense crowd people lose those they travel with, are missing, and are found by tracing teams.
 *
 * While the crowd of a site's side is denser than a threshold, everyone who waits there with others is exposed to a
 * constant hazard. Each person has an exponential threshold of exposure, drawn once, and is lost when the time exposed
 * reaches it (Sellke 1983), so that more crowding never loses fewer people and plans are compared with the same luck.
 * The loss is noticed when the wait ends. */
#include <stdlib.h>

#include "models/parts/ward.h"
#include "models/people/people.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"separation", "loss of family members in the crowd, and tracing", 0},
};

static const sim_param params[] = {
    {"separation", "rate", SIM_QUANTITY, SIM_DIM_RATE, "0 /h", 0, 1, NULL,
     "how often someone who waits in a crowd above `density` loses the others",
     "assumption: not looked at unless given; no figure was found"},
    {"separation", "density", SIM_QUANTITY, SIM_DIM_DENSITY, "3.57 1/m2", 0, 20, NULL,
     "people a square metre above which that happens",
     "Fruin 1971: at 3.57 /m2 people touch one another and cannot move by themselves"},
    {"separation", "traits", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "people who can be lost: with any of these traits (child)", "not given: everyone"},
    {"separation", "tracers", SIM_COUNT, SIM_DIM_NONE, "", 0, 10000000, NULL,
     "people whom tracing teams look for at a time, at each site", "not given: no limit"},
    {"separation", "tracing_time", SIM_DIST, SIM_DIM_TIME, "24 h", 0, 3660 * 86400.0, NULL, "how long tracing takes",
     "assumption: a day. Families can be apart for hours to years (UNICEF), but no distribution was found"},
    {"separation", "success", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL,
     "probability that tracing brings people together again", "assumption: it does, where all are at one site"},
    {"separation", "tracer_day_cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e6, NULL,
     "cost of a day of looking for one missing person", "assumption: not counted unless given"},
};

struct separation_setup {
    double rate;    /* of exposure, a microsecond */
    double density; /* people a square metre */
    uint32_t traits, tracers;
    double success, cost; /* USD a person looked for and microsecond */
    sim_dist time;
};

/* A stretch of time from `from` on, in which people at a side were exposed or not. */
typedef struct {
    sim_time from, exposed; /* time exposed before */
    int64_t dense;
} stretch;

/* What has been of a side's crowd: stretches, of which the last one goes on until `booked`. From then on the density
 * now holds. */
typedef struct {
    stretch *stretches;
    uint32_t count, room;
    sim_time booked, exposed;
} history;

struct separation_world {
    uint32_t separated, families_split, reunified, not_found, waiting, time_to_reunion; /* metrics */
    history *histories;                                                                 /* of each site x MODEL_SIDES */
    model_ward *teams;                                                                  /* of each site */
    sim_time *exposed;     /* one a group: time exposed so far */
    uint8_t *split;        /* one a group: it has lost somebody */
    sim_level *looked_for; /* people at each site for whom somebody looks, since the last account: for what it costs */
    uint64_t *missing;     /* one a person who is missing: since when x 256 + its group's class */
};

MODEL_PART(separation)

static const model_metric metrics[] = {
    METRIC_COUNT(separated, "separation/separated", "people", PLACE, CLASS, "people who lost those they travelled with",
                 ""),
    METRIC_COUNT(families_split, "separation/families_split", "groups", PLACE, CLASS,
                 "groups that lost somebody, once a group", "families split"),
    METRIC_COUNT(reunified, "separation/reunified", "people", PLACE, CLASS, "people found and brought together again",
                 "ICRC, UNICEF: family tracing and reunification"),
    METRIC_COUNT(not_found, "separation/not_found", "people", PLACE, CLASS,
                 "people for whom tracing ended without success; they stay missing", ""),
    METRIC_SHARE("separation/reunified_share", "1", PLACE, CLASS, "separation/reunified", "separation/separated",
                 "share of those separated who have been brought together again", ""),
    METRIC_LEVEL(waiting, "separation/waiting_for_tracing", "people", PLACE, NOTHING,
                 "missing people for whom nobody looks yet", ""),
    METRIC_DURATION(time_to_reunion, "separation/time_to_reunion", PLACE, CLASS,
                    "time from the end of the wait in which people were lost until they were brought together again",
                    ""),
};

/* --- reading --- */

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct separation_setup *s = own_setup(setup);
    const char *why = NULL;
    s->rate = sim_quantity(config, "separation", "rate", 0) * 1e-6;
    s->density = sim_quantity(config, "separation", "density", 0);
    s->traits = model_traits_mask(config, "separation", "traits", 0);
    s->success = sim_quantity(config, "separation", "success", 0);
    s->cost = sim_quantity(config, "separation", "tracer_day_cost", 0) / (double)SIM_DAY;
    setup->spends = setup->spends || (s->cost > 0 && s->rate > 0);
    s->tracers = UINT32_MAX;
    if (sim_given(config, "separation", "tracers", 0))
        s->tracers = (uint32_t)model_scaled(setup, sim_count(config, "separation", "tracers", 0));
    int ret = sim_dist_compile(&s->time, sim_distribution(config, "separation", "tracing_time", 0), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "separation", "tracing_time", 0), NULL, NULL, "%s", why);
        ret = 0;
    }
    return ret;
}

static void release(model_setup *setup)
{
    sim_dist_free(&own_setup(setup)->time);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->rate > 0;
}

/* --- exposure --- */

static bool is_dense(const model_world *world, uint32_t side)
{
    return world->density[side] > own_setup(world->setup)->density;
}

/* Time exposed at the side from the start until `at`. */
static sim_time exposed_until(const model_world *world, uint32_t side, sim_time at)
{
    const history *h = &own_world(world)->histories[side];
    if (at >= h->booked)
        return h->exposed + (is_dense(world, side) ? at - h->booked : 0);
    uint32_t low = 0, high = h->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (h->stretches[middle].from <= at)
            low = middle;
        else
            high = middle;
    }
    const stretch *s = &h->stretches[low];
    return s->exposed + (s->dense ? at - s->from : 0);
}

/* Adds the stretch that begins where the last one was booked. */
static int add_stretch(history *h, bool dense)
{
    if (h->count == h->room) {
        uint32_t room = h->room + h->room / 2 + 16;
        stretch *stretches = realloc(h->stretches, room * sizeof *stretches);
        if (stretches == NULL)
            return SIM_E_MEMORY;
        h->stretches = stretches;
        h->room = room;
    }
    h->stretches[h->count++] = (stretch){h->booked, h->exposed, dense};
    return 0;
}

/* The density that was known since the last control instant has held until now. Runs before anything looks at the crowd
 * anew. */
static void account(model_world *world, sim_time now)
{
    for (uint32_t side = 0; side < world->setup->site_count * MODEL_SIDES; side++) {
        history *h = &own_world(world)->histories[side];
        bool dense = is_dense(world, side);
        if ((h->count == 0 || (h->stretches[h->count - 1].dense != 0) != dense) && add_stretch(h, dense) != 0)
            world->kernel.processes[0].queue.failed = true; /* ends the run */
        h->exposed += dense ? now - h->booked : 0;
        h->booked = now;
    }
    for (uint32_t site = 0; site < world->setup->site_count; site++) {
        sim_level *people = &own_world(world)->looked_for[site];
        sim_level_shift(people, now, 0);
        model_cost_add(world, world->setup->sites[site].agency[1], MODEL_COST_PROTECTION,
                       own_setup(world->setup)->cost * (double)people->area);
        people->area = 0;
    }
}

/* --- people who are lost, and found --- */

static void trace(model_world *world, sim_process *process, uint32_t site, uint32_t person, sim_time now)
{
    uint64_t bits = sim_rng_draw(&world->rng, person, own_draw(0), 1);
    sim_time time = (sim_time)(sim_dist_draw(&own_setup(world->setup)->time, bits) + 0.5);
    sim_level_shift(&own_world(world)->looked_for[site], now, 1);
    sim_schedule(process, sim_event_make(now + time, 2, person, own_event(world, 0), site));
}

/* Teams that are free look for those who wait. */
static void look_for_others(model_world *world, sim_process *process, uint32_t site, sim_time now)
{
    uint32_t person;
    sim_time since;
    while (model_ward_next(&own_world(world)->teams[site], &person, &since)) {
        sim_record_level(&world->recorder, own_world(world)->waiting, world->setup->sites[site].place, 0, now, -1);
        trace(world, process, site, person, now);
    }
}

static void lose(model_world *world, sim_process *process, uint32_t group, uint32_t i)
{
    struct separation_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    uint32_t person = g->first_person + i;
    model_people_take(world, process, group, i, MODEL_MISSING);
    w->missing[person] = (uint64_t)process->now << 8 | g->customer.class;
    sim_record_count(&world->recorder, w->separated, g->place, g->customer.class, 1);
    if (w->split[group] == 0)
        sim_record_count(&world->recorder, w->families_split, g->place, g->customer.class, 1);
    w->split[group] = 1;
    if (model_ward_admit(&w->teams[g->site], process, person, process->now))
        trace(world, process, g->site, person, process->now);
    else
        sim_record_level(&world->recorder, w->waiting, g->place, 0, process->now, 1);
}

/* The wait is over: who has been exposed for as long as it takes is lost, but not the last one of the group. */
static void waited(model_world *world, sim_process *process, uint32_t group, sim_time since)
{
    const struct separation_setup *s = own_setup(world->setup);
    struct separation_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    uint32_t side = g->site * MODEL_SIDES + world->setup->stations[g->customer.station].side;
    sim_time time = exposed_until(world, side, process->now) - exposed_until(world, side, since);
    if (time == 0)
        return;
    w->exposed[group] += time;
    double dose = s->rate * (double)w->exposed[group];
    for (uint32_t i = 0; i < g->people && g->customer.size > 1; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i) || (s->traits != 0 && (world->traits[person] & s->traits) == 0))
            continue;
        if (sim_dist_draw(&world->setup->unit_exponential, sim_rng_draw(&world->rng, person, own_draw(0), 0)) <= dose)
            lose(world, process, group, i);
    }
}

/* Tracing ends. */
static void handle(model_world *world, sim_process *process, sim_event event)
{
    const model_setup *setup = world->setup;
    struct separation_world *w = own_world(world);
    uint32_t person = sim_event_entity(event), site = sim_event_tag(event), place = setup->sites[site].place;
    uint32_t class = w->missing[person] & 0xff;
    sim_time since = (sim_time)(w->missing[person] >> 8);
    if (sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), 2), own_setup(setup)->success)) {
        model_people_move(world, person, place, setup->sites[site].kind == MODEL_POST ? MODEL_CROSSED : MODEL_SETTLED,
                          process->now);
        sim_record_count(&world->recorder, w->reunified, place, class, 1);
        sim_record_duration(&world->recorder, w->time_to_reunion, place, class, since, process->now - since, 1);
    } else {
        sim_record_count(&world->recorder, w->not_found, place, class, 1);
    }
    sim_level_shift(&w->looked_for[site], process->now, -1);
    model_ward_leave(&w->teams[site]);
    look_for_others(world, process, site, process->now);
}

/* --- orders --- */

static void apply_tracing_team(model_world *world, const model_order *order, bool begin, sim_time now)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t site = order->targets[i];
        model_ward *team = &own_world(world)->teams[site];
        team->capacity = begin ? team->capacity + order->number : team->capacity - order->number;
        uint32_t process = world->setup->places[world->setup->sites[site].place].process;
        look_for_others(world, &world->kernel.processes[process], site, now);
    }
}

static void check_tracing_team(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    (void)order;
    if (!own_is_prepared(setup))
        return; /* something is wrong with it: told already */
    if (own_setup(setup)->tracers == UINT32_MAX || !used(setup))
        sim_diag_error(diag, mark, "`separation` with a `rate` and `tracers`", NULL,
                       "there is no limit to tracing that a team could raise");
}

static const model_order_kind orders[] = {
    {.name = "tracing_team",
     .doc = "looks for so many missing people more at a time; at the end it finishes those it has begun",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people looked for at a time, more"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_tracing_team,
     .check = check_tracing_team},
};

/* --- a replication --- */

static void visit_history(void *entry, struct model_image *image)
{
    history *h = entry;
    model_image_visit(image, &h->booked, sizeof h->booked);
    model_image_visit(image, &h->exposed, sizeof h->exposed);
    h->stretches = model_image_visit_list(image, h->stretches, &h->count, &h->room, sizeof *h->stretches);
}

static void free_history(void *entry)
{
    free(((history *)entry)->stretches);
}

static const model_column columns[] = {
    COLUMN_LISTS(histories, history, SIDE, visit_history, free_history),
    COLUMN_LISTS(teams, model_ward, SITE, model_ward_visit, model_ward_free),
    COLUMN(looked_for, sim_level, SITE),
    COLUMN(exposed, sim_time, GROUP),
    COLUMN(split, uint8_t, GROUP),
    COLUMN(missing, uint64_t, PERSON),
};

static int build(model_world *world)
{
    for (uint32_t i = 0; i < world->setup->site_count; i++)
        model_ward_init(&own_world(world)->teams[i], own_setup(world->setup)->tracers);
    return 0;
}

const model model_of_separation = {
    .name = "separation",
    .doc = "people who lose their family in the crowd, and tracing",
    .keys = "people classes places links travel stations posts centres onward separation",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct separation_setup),
    .world_size = sizeof(struct separation_world),
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .event_count = 1,
    .handle = handle,
    .account = account,
    .on = {.waited = waited},
};
