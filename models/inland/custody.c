/* Custody: detention, and its alternatives, of people whom a station's decision concerns.
 *
 * Each person concerned is detained or gets an alternative (reporting, bail, a place in the community): by policy where
 * children and families are never detained, by a share of those eligible otherwise, and for want of places. The
 * detained leave their group until a decision releases or returns them; who is in an alternative stays with the group
 * and complies, or absconds before the decision. */
#include "models/core/world.h"
#include "models/parts/ward.h"
#include "models/people/people.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

#define SECTION "custody"

static const sim_section sections[] = {
    {SECTION, "detention and its alternatives", 0},
};

static const sim_param params[] = {
    {SECTION, "stations", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "stations.*",
     "kinds of station at the end of whose service custody is decided", "not given: nobody is detained"},
    {SECTION, "traits", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "people with any of these are considered, once each", "not given: all whom the station takes"},
    {SECTION, "child", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "people with any of these are children",
     "not given: nobody is known to be a child"},
    {SECTION, "detain_children", SIM_BOOL, SIM_DIM_NONE, "false", 0, 0, NULL, "children may be detained",
     "Committee on the Rights of the Child and Committee on Migrant Workers 2017: never"},
    {SECTION, "detain_families", SIM_BOOL, SIM_DIM_NONE, "false", 0, 0, NULL,
     "people who travel with a child, and the child, may be detained",
     "Committee on the Rights of the Child and Committee on Migrant Workers 2017: never"},
    {SECTION, "alternatives", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that someone who may be detained and is eligible gets an alternative",
     "assumption: detention is the rule unless said otherwise"},
    {SECTION, "not_eligible", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "people with any of these get no alternative, unless they may not be detained", "not given: everyone is eligible"},
    {SECTION, "places", SIM_COUNT, SIM_DIM_NONE, "", 0, 100000000, NULL, "places of detention at each site",
     "not given: no limit"},
    {SECTION, "when_full", SIM_CHOICE, SIM_DIM_NONE, "alternative", 0, 0, "alternative hold",
     "who finds no place gets an alternative, if eligible, or is held until one is free; only then the time to the "
     "decision begins",
     "assumption: nobody is held without a place"},
    {SECTION, "decision_time", SIM_DIST, SIM_DIM_TIME, "", 0, 36600 * 86400.0, NULL,
     "time in detention until the decision", "none: must be given with `stations`"},
    {SECTION, "alternative_time", SIM_DIST, SIM_DIM_TIME, "", 0, 36600 * 86400.0, NULL,
     "time in an alternative until the decision", "not given: as `decision_time`"},
    {SECTION, "returned", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that the decision is return, not release", "assumption: released unless said otherwise"},
    {SECTION, "compliance", SIM_QUANTITY, SIM_DIM_NONE, "93.8 %", 0, 1, NULL,
     "probability that someone in an alternative is there at the decision; the others abscond at any time before it "
     "alike",
     "National Immigration Forum 2012: 93.8% appeared in alternatives"},
    {SECTION, "day_cost", SIM_QUANTITY, SIM_DIM_MONEY, "164 USD", 0, 1e6, NULL, "cost of a person's day in detention",
     "National Immigration Forum 2012: USD 164"},
    {SECTION, "alternative_day_cost", SIM_QUANTITY, SIM_DIM_MONEY, "14 USD", 0, 1e6, NULL,
     "cost of a person's day in an alternative", "National Immigration Forum 2012: USD 0.30 to 14; the upper end"},
    {SECTION, "harm_after", SIM_QUANTITY, SIM_DIM_TIME, "30 d", 0, 36600 * 86400.0, NULL,
     "detention that is longer than this can harm health", "assumption: a month"},
    {SECTION, "harm_share", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL, "probability that it does",
     "assumption: none unless given"},
};

enum { DRAW_ALTERNATIVE, DRAW_TIME, DRAW_RETURNED, DRAW_COMPLIES, DRAW_ABSCONDS, DRAW_HARM };

struct custody_setup {
    bool used;
    bool *decides; /* of each station */
    bool *sites;   /* of each site: some station there does */
    uint32_t traits, child, not_eligible;
    bool detain_children, detain_families, hold;
    double alternatives, returned, compliance, harm_share;
    double cost, alternative_cost; /* USD a person and microsecond */
    uint32_t places;
    sim_dist time, alternative_time;
    sim_time harm_after;
};

/* What has happened at a site since the last account; the ward beside it has the places. */
typedef struct {
    int64_t detained, alternatives;           /* people now */
    sim_time last;                            /* up to when the times below are reckoned */
    int64_t detained_time, alternatives_time; /* people x microseconds not yet paid */
} __attribute__((aligned(128))) site_state;

struct custody_world {
    uint32_t considered, detained, children_detained, alternatives, spared, for_want_of_places, released, returned,
        complied, absconded, ended, harmed, in_detention, held, in_alternatives, time_to_decision; /* metrics */
    double share;    /* of alternatives now */
    sim_time *began; /* of each person; -1: not considered yet */
    site_state *sites;
    model_ward *wards; /* of each site; visited below, for their queues have no fixed length */
};

MODEL_PART(custody)

static const model_column columns[] = {
    COLUMN_ONCE(share),
    COLUMN(began, sim_time, PERSON),
    COLUMN(sites, site_state, SITE),
    COLUMN_SCRATCH(wards, model_ward, SITE),
};

static const model_metric metrics[] = {
    METRIC_COUNT(considered, "custody/considered", "people", PLACE, NOTHING,
                 "people of whom it was decided whether to detain them", ""),
    METRIC_COUNT(detained, "custody/detained", "people", PLACE, NOTHING, "people detained", ""),
    METRIC_COUNT(children_detained, "custody/children_detained", "people", PLACE, NOTHING, "children among them",
                 "Global Compact for Migration, objective 13"),
    METRIC_COUNT(alternatives, "custody/alternatives", "people", PLACE, NOTHING, "people who got an alternative",
                 "Global Compact for Migration, objective 13"),
    METRIC_COUNT(spared, "custody/spared", "people", PLACE, NOTHING,
                 "of them, children and families who may not be detained", ""),
    METRIC_COUNT(for_want_of_places, "custody/for_want_of_places", "people", PLACE, NOTHING,
                 "of them, people for whom there was no place", ""),
    METRIC_COUNT(released, "custody/released", "people", PLACE, NOTHING,
                 "people released by the decision, from detention", ""),
    METRIC_COUNT(returned, "custody/returned", "people", PLACE, NOTHING,
                 "people whose decision was return, from detention or an alternative", ""),
    METRIC_COUNT(complied, "custody/complied", "people", PLACE, NOTHING,
                 "people in an alternative who were there at the decision", ""),
    METRIC_COUNT(absconded, "custody/absconded", "people", PLACE, NOTHING,
                 "people who left an alternative before the decision", ""),
    METRIC_COUNT(ended, "custody/ended", "people", PLACE, NOTHING, "alternatives that ended, either way", ""),
    METRIC_COUNT(harmed, "custody/harmed", "people", PLACE, NOTHING, "people whose health long detention harmed", ""),
    METRIC_SHARE("custody/compliance", "1", PLACE, NOTHING, "custody/complied", "custody/ended",
                 "share of alternatives that ended in which the person complied", "National Immigration Forum 2012"),
    METRIC_SHARE("custody/alternative_share", "1", PLACE, NOTHING, "custody/alternatives", "custody/considered",
                 "share of those considered who got an alternative", "Global Compact for Migration, objective 13"),
    METRIC_LEVEL(in_detention, "custody/in_detention", "people", PLACE, NOTHING,
                 "people in detention, held without a place included; its mean x time: person-days", ""),
    METRIC_LEVEL(held, "custody/held", "people", PLACE, NOTHING, "people held without a place", ""),
    METRIC_LEVEL(in_alternatives, "custody/in_alternatives", "people", PLACE, NOTHING, "people in an alternative", ""),
    METRIC_DURATION(time_to_decision, "custody/time_to_decision", PLACE, NOTHING,
                    "time from being detained or getting an alternative to the decision, of those who were there", ""),
};

/* --- reading --- */

static int read_times(struct custody_setup *c, const sim_config *config, sim_diag *diag)
{
    static const char *const names[] = {"decision_time", "alternative_time"};
    sim_dist *into[] = {&c->time, &c->alternative_time};
    if (!sim_given(config, SECTION, names[0], 0)) {
        sim_diag_error(diag, sim_value_mark(config, SECTION, "stations", 0), "`decision_time`", NULL,
                       "custody has no time to the decision");
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        const char *why, *name = names[sim_given(config, SECTION, names[i], 0) ? i : 0];
        int ret = sim_dist_compile(into[i], sim_distribution(config, SECTION, name, 0), 1e6, &why);
        if (ret == SIM_E_INPUT)
            sim_diag_error(diag, sim_value_mark(config, SECTION, name, 0), NULL, NULL, "%s", why);
        else if (ret != 0)
            return ret;
    }
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct custody_setup *c = own_setup(setup);
    c->decides = model_take(setup, setup->station_count, sizeof *c->decides);
    c->sites = model_take(setup, setup->site_count, sizeof *c->sites);
    if (c->decides == NULL || c->sites == NULL)
        return SIM_E_MEMORY;
    if (!sim_given(config, SECTION, "stations", 0))
        return 0;
    c->used = true;
    const size_t *kinds;
    size_t n = sim_names(config, SECTION, "stations", 0, &kinds);
    for (uint32_t s = 0; s < setup->station_count; s++)
        for (size_t i = 0; i < n; i++)
            if (setup->stations[s].declared == kinds[i])
                c->decides[s] = c->sites[setup->stations[s].site] = true;
    c->traits = model_traits_mask(config, SECTION, "traits", 0);
    c->child = model_traits_mask(config, SECTION, "child", 0);
    c->not_eligible = model_traits_mask(config, SECTION, "not_eligible", 0);
    c->detain_children = sim_bool(config, SECTION, "detain_children", 0);
    c->detain_families = sim_bool(config, SECTION, "detain_families", 0);
    c->alternatives = sim_quantity(config, SECTION, "alternatives", 0);
    c->places = sim_given(config, SECTION, "places", 0)
                    ? (uint32_t)model_scaled(setup, sim_count(config, SECTION, "places", 0))
                    : UINT32_MAX;
    c->hold = sim_choice(config, SECTION, "when_full", 0) == 1;
    c->returned = sim_quantity(config, SECTION, "returned", 0);
    c->compliance = sim_quantity(config, SECTION, "compliance", 0);
    c->cost = sim_quantity(config, SECTION, "day_cost", 0) / (double)SIM_DAY;
    c->alternative_cost = sim_quantity(config, SECTION, "alternative_day_cost", 0) / (double)SIM_DAY;
    c->harm_after = sim_micros(config, SECTION, "harm_after", 0);
    c->harm_share = sim_quantity(config, SECTION, "harm_share", 0);
    return read_times(c, config, diag);
}

static void release(model_setup *setup)
{
    struct custody_setup *c = own_setup(setup);
    sim_dist_free(&c->time);
    sim_dist_free(&c->alternative_time);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

/* --- a replication --- */

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    struct custody_world *w = own_world(world);
    w->share = own_setup(setup)->alternatives;
    for (uint32_t person = 0; person < world->person_count; person++)
        w->began[person] = -1;
    for (uint32_t site = 0; site < setup->site_count; site++)
        model_ward_init(&w->wards[site], own_setup(setup)->places);
    return 0;
}

static void demolish(model_world *world)
{
    struct custody_world *w = own_world(world);
    for (uint32_t site = 0; w->wards != NULL && site < world->setup->site_count; site++)
        model_ward_free(&w->wards[site]);
}

static void visit(model_world *world, struct model_image *image)
{
    struct custody_world *w = own_world(world);
    for (uint32_t site = 0; site < world->setup->site_count; site++)
        model_ward_visit(&w->wards[site], image);
}

static uint64_t draw(const model_world *world, uint32_t person, uint32_t which)
{
    return sim_rng_draw(&world->rng, person, own_draw(0), which);
}

static void count(const model_world *world, uint32_t metric, uint32_t site)
{
    sim_record_count(&world->recorder, metric, world->setup->sites[site].place, 0, 1);
}

/* Brings the people-time of a site up to now, before the numbers change. */
static void reckon(site_state *s, sim_time now)
{
    s->detained_time += s->detained * (now - s->last);
    s->alternatives_time += s->alternatives * (now - s->last);
    s->last = now;
}

static void change(const model_world *world, uint32_t site, sim_time now, int64_t detained, int64_t alternatives)
{
    const struct custody_world *w = own_world(world);
    site_state *s = &w->sites[site];
    uint32_t place = world->setup->sites[site].place;
    reckon(s, now);
    s->detained += detained;
    s->alternatives += alternatives;
    if (detained != 0)
        sim_record_level(&world->recorder, w->in_detention, place, 0, now, detained);
    if (alternatives != 0)
        sim_record_level(&world->recorder, w->in_alternatives, place, 0, now, alternatives);
}

static sim_time time_of(const model_world *world, const sim_dist *dist, uint32_t person)
{
    return (sim_time)(sim_dist_draw(dist, draw(world, person, DRAW_TIME)) + 0.5);
}

static bool complies(const model_world *world, uint32_t person)
{
    return sim_rng_chance(draw(world, person, DRAW_COMPLIES), own_setup(world->setup)->compliance);
}

static bool is_returned(const model_world *world, uint32_t person)
{
    return sim_rng_chance(draw(world, person, DRAW_RETURNED), own_setup(world->setup)->returned);
}

static void begin_detention(const model_world *world, sim_process *process, uint32_t site, uint32_t person,
                            sim_time now)
{
    sim_schedule(process, sim_event_make(now + time_of(world, &own_setup(world->setup)->time, person), 2, person,
                                         own_event(world, 0), site));
}

static void give_alternative(model_world *world, sim_process *process, uint32_t site, uint32_t person)
{
    sim_time now = process->now, time = time_of(world, &own_setup(world->setup)->alternative_time, person);
    if (!complies(world, person))
        time = (sim_time)((double)time * sim_rng_unit(draw(world, person, DRAW_ABSCONDS)));
    count(world, own_world(world)->alternatives, site);
    change(world, site, now, 0, 1);
    sim_schedule(process, sim_event_make(now + time, 2, person, own_event(world, 1), site));
}

static void detain(model_world *world, sim_process *process, uint32_t site, uint32_t group, uint32_t i)
{
    struct custody_world *w = own_world(world);
    uint32_t person = model_group_at(world, group)->first_person + i;
    model_people_take(world, process, group, i, MODEL_DETAINED);
    count(world, w->detained, site);
    if (world->traits[person] & own_setup(world->setup)->child)
        count(world, w->children_detained, site);
    change(world, site, process->now, 1, 0);
    if (model_ward_admit(&w->wards[site], process, person, process->now))
        begin_detention(world, process, site, person, process->now);
    else
        sim_record_level(&world->recorder, w->held, world->setup->sites[site].place, 0, process->now, 1);
}

/* Decides on one person; `family`: there is a child in the group, and someone else. */
static void decide(model_world *world, sim_process *process, uint32_t site, uint32_t group, uint32_t i, bool family)
{
    const struct custody_setup *c = own_setup(world->setup);
    struct custody_world *w = own_world(world);
    uint32_t person = model_group_at(world, group)->first_person + i, traits = world->traits[person];
    const model_ward *ward = &w->wards[site];
    bool spared = ((traits & c->child) != 0 && !c->detain_children) || (family && !c->detain_families);
    bool eligible = (traits & c->not_eligible) == 0;
    bool alternative = spared || (eligible && sim_rng_chance(draw(world, person, DRAW_ALTERNATIVE), w->share));
    bool full = !alternative && eligible && !c->hold && (ward->present >= ward->capacity || ward->waiting > 0);
    w->began[person] = process->now;
    count(world, w->considered, site);
    if (spared)
        count(world, w->spared, site);
    if (full)
        count(world, w->for_want_of_places, site);
    if (alternative || full)
        give_alternative(world, process, site, person);
    else
        detain(world, process, site, group, i);
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    const struct custody_setup *c = own_setup(world->setup);
    const model_group *g = model_group_at(world, group);
    if (!c->decides[station])
        return;
    uint32_t all = 0;
    for (uint32_t i = 0; i < g->people; i++)
        if (model_people_is_with(world, g, i))
            all |= world->traits[g->first_person + i];
    bool family = (all & c->child) != 0 && g->customer.size > 1;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i, traits = world->traits[person];
        if (model_people_is_with(world, g, i) && own_world(world)->began[person] < 0 &&
            (c->traits == 0 || (c->traits & traits) != 0) &&
            model_station_selects(&world->setup->stations[station], traits))
            decide(world, process, g->site, group, i, family);
    }
}

/* Gives free places to those who are held. */
static void fill(model_world *world, sim_process *process, uint32_t site, sim_time now)
{
    struct custody_world *w = own_world(world);
    uint32_t person;
    sim_time since;
    while (model_ward_next(&w->wards[site], &person, &since)) {
        sim_record_level(&world->recorder, w->held, world->setup->sites[site].place, 0, now, -1);
        begin_detention(world, process, site, person, now);
    }
}

static void end_detention(model_world *world, sim_process *process, uint32_t site, uint32_t person)
{
    const struct custody_setup *c = own_setup(world->setup);
    struct custody_world *w = own_world(world);
    const model_site *p = &world->setup->sites[site];
    sim_time now = process->now, detained = now - w->began[person];
    bool returned = is_returned(world, person);
    change(world, site, now, -1, 0);
    count(world, returned ? w->returned : w->released, site);
    sim_record_duration(&world->recorder, w->time_to_decision, p->place, 0, w->began[person], detained, 1);
    if (detained > c->harm_after && sim_rng_chance(draw(world, person, DRAW_HARM), c->harm_share))
        count(world, w->harmed, site);
    model_people_move(world, person, p->place,
                      returned                  ? MODEL_REFUSED
                      : p->kind == MODEL_CENTRE ? MODEL_SETTLED
                                                : MODEL_CROSSED,
                      now);
    model_ward_leave(&w->wards[site]);
    fill(world, process, site, now);
}

static void end_alternative(model_world *world, sim_time now, uint32_t site, uint32_t person)
{
    const struct custody_world *w = own_world(world);
    change(world, site, now, 0, -1);
    count(world, w->ended, site);
    if (!complies(world, person)) {
        count(world, w->absconded, site);
        return;
    }
    count(world, w->complied, site);
    sim_record_duration(&world->recorder, w->time_to_decision, world->setup->sites[site].place, 0, w->began[person],
                        now - w->began[person], 1);
    if (is_returned(world, person))
        count(world, w->returned, site);
}

static void handle(model_world *world, sim_process *process, sim_event event)
{
    uint32_t person = sim_event_entity(event), site = sim_event_tag(event);
    if (sim_event_kind(event) == own_event(world, 0))
        end_detention(world, process, site, person);
    else
        end_alternative(world, process->now, site, person);
}

static void account(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t site = 0; site < setup->site_count; site++) {
        site_state *s = &own_world(world)->sites[site];
        reckon(s, now);
        model_cost_add(world, setup->sites[site].agency[1], MODEL_COST_CUSTODY,
                       (double)s->detained_time * own_setup(setup)->cost +
                           (double)s->alternatives_time * own_setup(setup)->alternative_cost);
        s->detained_time = s->alternatives_time = 0;
    }
}

/* --- orders --- */

static void check_alternatives(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    (void)order;
    if (own_is_prepared(setup) && !own_setup(setup)->used)
        sim_diag_error(diag, mark, "`custody` with `stations`", NULL, "nobody is detained in this scenario");
}

/* The share given last by an order that is in force; without one that of the scenario. */
static void apply_alternatives(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    const model_setup *setup = world->setup;
    sim_time latest = INT64_MIN;
    own_world(world)->share = own_setup(setup)->alternatives;
    for (uint32_t i = 0; i < world->order_count; i++)
        if (world->orders[i]->kind == order->kind && world->order_begin[i] >= latest &&
            model_order_is_in_force(world, world->orders[i], now)) {
            latest = world->order_begin[i];
            own_world(world)->share = world->orders[i]->share;
        }
}

/* Keeps the sites where custody is decided. */
static void check_places(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    uint32_t kept = 0, meant = order->target_count;
    if (!own_is_prepared(setup))
        return; /* what is wrong with it is told elsewhere */
    for (uint32_t i = 0; i < order->target_count; i++)
        if (own_setup(setup)->sites[order->targets[i]] && own_setup(setup)->places != UINT32_MAX)
            order->targets[kept++] = order->targets[i];
    order->target_count = kept;
    if (kept == 0 && meant > 0)
        sim_diag_error(diag, mark, "a site where custody is decided, and `custody.places`", NULL,
                       "places of detention are not limited at \"%s\"", order->target);
}

static void apply_places(model_world *world, const model_order *order, bool begin, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t site = order->targets[i];
        own_world(world)->wards[site].capacity += begin ? order->number : -order->number;
        fill(world, &world->kernel.processes[setup->places[setup->sites[site].place].process], site, now);
    }
}

static const model_order_kind orders[] = {
    {.name = "set_alternatives",
     .doc = "share of those eligible who get an alternative to detention, from now on",
     .arguments = {{"share", SIM_QUANTITY, NULL, 0, 1, "of those eligible"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_alternatives,
     .check = check_alternatives},
    {.name = "add_detention_places",
     .doc = "more places of detention at sites; nobody is released when they are taken away",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "places more at each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_places,
     .check = check_places},
};

const model model_of_custody = {
    .name = "custody",
    .doc = "detention and its alternatives",
    .keys = "people classes places links travel stations posts centres onward custody",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct custody_setup),
    .world_size = sizeof(struct custody_world),
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .demolish = demolish,
    .visit = visit,
    .event_count = 2,
    .handle = handle,
    .account = account,
    .on = {.served = served},
};
