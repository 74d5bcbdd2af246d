/* Referral pathways: who has a certain mark is taken over by a service with a limited number of places, and is in its
 * care for a time.
 *
 * A pathway is a ward (models/parts/ward.h) at one site: those who find no place wait for one, first come first served.
 * The time from coming to the site until a place is given is held against a target. Whom the screening missed never
 * comes here. */
#include <string.h>

#include "models/parts/ward.h"
#include "models/people/people.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

#define SECTION "pathways.*"

enum { MOST_PATHWAYS = 64 };

static const sim_section sections[] = {
    {SECTION, "a referral pathway: a service at one site that takes over people with a mark", 0},
};

static const sim_param params[] = {
    {SECTION, "mark", SIM_NAMES, SIM_DIM_NONE, NULL, 0, 0, "people.traits.*",
     "who is taken over: people with any of these traits (marks that a station gives, or traits that everyone can see)",
     "none: must be given"},
    {SECTION, "site", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.* places.*",
     "post, centre, informal crossing or destination where the service is", "none: must be given"},
    {SECTION, "stations", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "stations.*",
     "stations of the site that hand people over when they have served them; where the site has none, it is done on "
     "arrival",
     "not given: all of the site"},
    {SECTION, "takes", SIM_CHOICE, SIM_DIM_NONE, "person", 0, 0, "person group",
     "`person`: the person alone, the others go on; `group`: all who are with the person come along, as one case",
     "assumption: places are for one. The unity of the family speaks for `group` where the person is not alone"},
    {SECTION, "places", SIM_COUNT, SIM_DIM_NONE, "", 0, 10000000, NULL, "cases in care at a time",
     "not given: no limit"},
    {SECTION, "time", SIM_DIST, SIM_DIM_TIME, NULL, 0, 3660 * 86400.0, NULL, "how long a case is in care",
     "none: must be given"},
    {SECTION, "target", SIM_QUANTITY, SIM_DIM_TIME, "24 h", 0, 366 * 86400.0, NULL,
     "time from coming to the site until being in care that counts as within target",
     "agencies report unaccompanied children registered within 24 h; UNHCR 1997 (guidelines on unaccompanied "
     "children): promptly and as a "
     "priority"},
    {SECTION, "then", SIM_CHOICE, SIM_DIM_NONE, "settled", 0, 0, "settled crossed",
     "what becomes of people after care: they stay (`settled`), or travel on by themselves (`crossed`)",
     "assumption: the group has gone on; nobody rejoins it in the run"},
    {SECTION, "agency", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "who runs it, and pays `day_cost`",
     "not given: the agency of the site's entry side"},
    {SECTION, "day_cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e6, NULL, "cost of a person's day in care",
     "assumption: not counted unless given"},
};

typedef struct {
    const char *name;
    uint32_t marks, site, place, agency, capacity;
    bool whole_group;
    model_state then;
    sim_time target;
    sim_dist time;
    double cost; /* USD a person and microsecond */
} pathway;

struct protection_setup {
    uint32_t count;
    pathway *pathways;
    uint64_t *at_station; /* of each station: mask of the pathways that it hands people over to */
    uint64_t *at_arrival; /* the same of each site, on arrival */
};

/* One a person, of those who are in a pathway. */
typedef struct {
    uint32_t next;   /* of the same case; MODEL_NONE: the last */
    uint16_t people; /* of the case; of its first person only */
    uint16_t trait;  /* bit number of the mark */
} person_case;

struct protection_world {
    uint32_t referred, taken_on, within_target, completed, splits, in_care, waiting, time_to_care; /* metrics */
    model_ward *wards;
    sim_level *people; /* in care of each pathway since the last account, for what they cost */
    person_case *cases;
};

MODEL_PART(protection)

static const model_metric metrics[] = {
    METRIC_COUNT(referred, "protection/referred", "people", PLACE, TRAIT,
                 "people handed over to a pathway, by the mark that led there; who comes along counts too",
                 "UNHCR: referrals"),
    METRIC_COUNT(taken_on, "protection/taken_on", "people", PLACE, TRAIT, "people who got a place in care", ""),
    METRIC_COUNT(within_target, "protection/within_target", "people", PLACE, TRAIT,
                 "people who got a place within the pathway's `target`", ""),
    METRIC_SHARE("protection/on_time", "1", PLACE, TRAIT, "protection/within_target", "protection/taken_on",
                 "share of those who got a place that did so within the target; who still waits is not in it",
                 "referrals within target"),
    METRIC_COUNT(completed, "protection/completed", "people", PLACE, TRAIT, "people whose care has ended", ""),
    METRIC_COUNT(splits, "protection/splits", "groups", PLACE, NOTHING,
                 "groups that went on without someone who was referred", "families split"),
    METRIC_LEVEL(in_care, "protection/in_care", "people", PLACE, TRAIT, "people who have a place in care", ""),
    METRIC_LEVEL(waiting, "protection/waiting_for_place", "people", PLACE, TRAIT,
                 "people referred who wait for a place", ""),
    METRIC_DURATION(time_to_care, "protection/time_to_care", PLACE, TRAIT,
                    "time from coming to the site until being in care, of those who got a place", ""),
};

/* --- reading --- */

/* Which of the site's stations hand people over to the pathway. */
static void read_stations(model_setup *setup, const sim_config *config, uint32_t p, sim_diag *diag)
{
    struct protection_setup *protection = own_setup(setup);
    const model_site *site = &setup->sites[protection->pathways[p].site];
    const size_t *declared = NULL;
    bool given = sim_given(config, SECTION, "stations", p), found = false;
    size_t n = given ? sim_names(config, SECTION, "stations", p, &declared) : 0;
    for (uint32_t s = site->first_station; s < site->first_station + site->station_count; s++) {
        bool hands_over = !given;
        for (size_t i = 0; i < n; i++)
            hands_over = hands_over || setup->stations[s].declared == declared[i];
        if (hands_over)
            protection->at_station[s] |= UINT64_C(1) << p;
        found = found || hands_over;
    }
    if (!given && site->station_count == 0)
        protection->at_arrival[protection->pathways[p].site] |= UINT64_C(1) << p;
    if (given && !found && !setup->sites_in_doubt)
        sim_diag_error(diag, sim_value_mark(config, SECTION, "stations", p), "stations of the pathway's site", NULL,
                       "none of these stations is at \"%s\"", site->name);
}

static int read_pathway(model_setup *setup, const sim_config *config, uint32_t i, sim_diag *diag)
{
    pathway *p = &own_setup(setup)->pathways[i];
    const char *why = NULL;
    p->name = sim_element_name(config, SECTION, i);
    p->marks = model_traits_mask(config, SECTION, "mark", i);
    p->whole_group = sim_choice(config, SECTION, "takes", i) == 1;
    p->then = sim_choice(config, SECTION, "then", i) == 0 ? MODEL_SETTLED : MODEL_CROSSED;
    p->target = sim_micros(config, SECTION, "target", i);
    p->cost = sim_quantity(config, SECTION, "day_cost", i) / (double)SIM_DAY;
    setup->spends = setup->spends || p->cost > 0;
    p->capacity = UINT32_MAX;
    if (sim_given(config, SECTION, "places", i))
        p->capacity = (uint32_t)model_scaled(setup, sim_count(config, SECTION, "places", i));
    int ret = sim_dist_compile(&p->time, sim_distribution(config, SECTION, "time", i), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, SECTION, "time", i), NULL, NULL, "%s", why);
        ret = 0;
    }
    p->site = model_site_of(setup, config, SECTION, "site", i);
    if (p->site == MODEL_NONE) {
        if (!setup->sites_in_doubt)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "site", i),
                           "a post, centre, informal crossing or destination", NULL, "nobody stops at that place");
        return ret;
    }
    p->place = setup->sites[p->site].place;
    p->agency = sim_given(config, SECTION, "agency", i) ? (uint32_t)sim_name(config, SECTION, "agency", i)
                                                        : setup->sites[p->site].agency[1];
    read_stations(setup, config, i, diag);
    return ret;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct protection_setup *protection = own_setup(setup);
    size_t n = sim_elements(config, SECTION);
    if (n > MOST_PATHWAYS) {
        sim_diag_error(diag, sim_element_mark(config, SECTION, MOST_PATHWAYS), "at most 64 pathways", NULL,
                       "too many pathways");
        n = MOST_PATHWAYS;
    }
    protection->pathways = model_take(setup, n, sizeof *protection->pathways);
    protection->at_station = model_take(setup, setup->station_count, sizeof *protection->at_station);
    protection->at_arrival = model_take(setup, setup->site_count, sizeof *protection->at_arrival);
    if (protection->pathways == NULL || protection->at_station == NULL || protection->at_arrival == NULL)
        return SIM_E_MEMORY;
    int ret = 0;
    for (uint32_t i = 0; ret == 0 && i < n; i++) {
        protection->count++;
        ret = read_pathway(setup, config, i, diag);
    }
    return ret;
}

static void release(model_setup *setup)
{
    struct protection_setup *protection = own_setup(setup);
    for (uint32_t i = 0; i < protection->count; i++)
        sim_dist_free(&protection->pathways[i].time);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->count > 0;
}

/* --- people in pathways --- */

/* The case, which came to the site at `since`, gets a place. */
static void take_on(model_world *world, sim_process *process, uint32_t p, uint32_t person, sim_time since, sim_time now)
{
    const pathway *way = &own_setup(world->setup)->pathways[p];
    struct protection_world *w = own_world(world);
    const person_case *c = &w->cases[person];
    const sim_recorder *r = &world->recorder;
    sim_time stay = (sim_time)(sim_dist_draw(&way->time, sim_rng_draw(&world->rng, person, own_draw(0), p)) + 0.5);
    sim_record_count(r, w->taken_on, way->place, c->trait, c->people);
    if (now - since <= way->target)
        sim_record_count(r, w->within_target, way->place, c->trait, c->people);
    sim_record_duration(r, w->time_to_care, way->place, c->trait, since, now - since, c->people);
    sim_record_level(r, w->in_care, way->place, c->trait, now, c->people);
    sim_level_shift(&w->people[p], now, c->people);
    sim_schedule(process, sim_event_make(now + stay, 2, person, own_event(world, 0), p));
}

/* Gives free places to those who wait. */
static void fill(model_world *world, sim_process *process, uint32_t p, sim_time now)
{
    struct protection_world *w = own_world(world);
    uint32_t person;
    sim_time since;
    while (model_ward_next(&w->wards[p], &person, &since)) {
        const person_case *c = &w->cases[person];
        sim_record_level(&world->recorder, w->waiting, own_setup(world->setup)->pathways[p].place, c->trait, now,
                         -(int64_t)c->people);
        take_on(world, process, p, person, since, now);
    }
}

/* The i-th person of the group, and whoever comes along, is handed over. */
static void refer(model_world *world, sim_process *process, uint32_t p, uint32_t group, uint32_t i)
{
    const pathway *way = &own_setup(world->setup)->pathways[p];
    struct protection_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    uint32_t person = g->first_person + i, last = person;
    uint16_t trait = (uint16_t)__builtin_ctz(world->traits[person] & way->marks);
    w->cases[person] = (person_case){MODEL_NONE, 1, trait};
    model_people_take(world, process, group, i, MODEL_IN_CARE);
    for (uint32_t k = 0; way->whole_group && k < g->people; k++) {
        if (!model_people_is_with(world, g, k))
            continue;
        w->cases[g->first_person + k] = (person_case){MODEL_NONE, 0, trait};
        w->cases[last].next = g->first_person + k;
        last = g->first_person + k;
        w->cases[person].people++;
        model_people_take(world, process, group, k, MODEL_IN_CARE);
    }
    uint16_t people = w->cases[person].people;
    sim_record_count(&world->recorder, w->referred, way->place, trait, people);
    if (model_ward_admit(&w->wards[p], process, person, g->began)) /* `since`: the target counts from its coming */
        take_on(world, process, p, person, g->began, process->now);
    else
        sim_record_level(&world->recorder, w->waiting, way->place, trait, process->now, people);
}

/* Hands over those of the group whom a pathway of the mask takes; the station's own people only, if there is one. */
static void hand_over(model_world *world, sim_process *process, uint64_t ways, const model_station *station,
                      uint32_t group)
{
    const struct protection_setup *protection = own_setup(world->setup);
    const model_group *g = model_group_at(world, group);
    uint16_t before = g->customer.size;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t traits = world->traits[g->first_person + i];
        if (!model_people_is_with(world, g, i) || (station != NULL && !model_station_selects(station, traits)))
            continue;
        for (uint64_t rest = ways; rest != 0; rest &= rest - 1) {
            uint32_t p = (uint32_t)__builtin_ctzll(rest);
            if ((traits & protection->pathways[p].marks) == 0)
                continue;
            refer(world, process, p, group, i);
            break;
        }
    }
    if (g->customer.size > 0 && g->customer.size < before)
        sim_record_count(&world->recorder, own_world(world)->splits, g->place, 0, 1);
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    uint64_t ways = own_setup(world->setup)->at_station[station];
    if (ways != 0)
        hand_over(world, process, ways, &world->setup->stations[station], group);
}

static void arrived(model_world *world, sim_process *process, uint32_t group)
{
    uint64_t ways = own_setup(world->setup)->at_arrival[model_group_at(world, group)->site];
    if (ways != 0)
        hand_over(world, process, ways, NULL, group);
}

/* The care of a case ends. */
static void handle(model_world *world, sim_process *process, sim_event event)
{
    uint32_t person = sim_event_entity(event), p = sim_event_tag(event);
    const pathway *way = &own_setup(world->setup)->pathways[p];
    struct protection_world *w = own_world(world);
    const person_case *c = &w->cases[person];
    for (uint32_t at = person; at != MODEL_NONE; at = w->cases[at].next)
        model_people_move(world, at, way->place, way->then, process->now);
    sim_record_count(&world->recorder, w->completed, way->place, c->trait, c->people);
    sim_record_level(&world->recorder, w->in_care, way->place, c->trait, process->now, -(int64_t)c->people);
    sim_level_shift(&w->people[p], process->now, -(int64_t)c->people);
    model_ward_leave(&w->wards[p]);
    fill(world, process, p, process->now);
}

static void account(model_world *world, sim_time now)
{
    const struct protection_setup *protection = own_setup(world->setup);
    for (uint32_t p = 0; p < protection->count; p++) {
        sim_level *people = &own_world(world)->people[p];
        sim_level_shift(people, now, 0);
        model_cost_add(world, protection->pathways[p].agency, MODEL_COST_PROTECTION,
                       (double)people->area * protection->pathways[p].cost);
        people->area = 0;
    }
}

/* --- orders --- */

static void apply_add_places(model_world *world, const model_order *order, bool begin, sim_time now)
{
    uint32_t p = order->target_index;
    model_ward *ward = &own_world(world)->wards[p];
    ward->capacity = begin ? ward->capacity + order->number : ward->capacity - order->number;
    uint32_t place = own_setup(world->setup)->pathways[p].place;
    fill(world, &world->kernel.processes[world->setup->places[place].process], p, now);
}

static void check_add_places(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct protection_setup *protection = own_setup(setup);
    const char *words[MOST_PATHWAYS];
    if (!own_is_prepared(setup))
        return; /* something is wrong with it: told already */
    for (uint32_t i = 0; i < protection->count; i++) {
        words[i] = protection->pathways[i].name;
        if (strcmp(order->text, words[i]) == 0)
            order->target_index = i;
    }
    if (order->target_index == MODEL_NONE)
        sim_diag_error(diag, mark, "the name of an element of `pathways`",
                       sim_diag_nearest(order->text, words, protection->count), "there is no pathway \"%s\"",
                       order->text);
    else if (protection->pathways[order->target_index].capacity == UINT32_MAX)
        sim_diag_error(diag, mark, "a pathway with `places`", NULL, "the places of \"%s\" are not limited",
                       order->text);
}

static void apply_priority_lane(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->priority_lanes[order->targets[i]] += begin ? 1u : UINT32_MAX;
}

static const model_order_kind orders[] = {
    {.name = "add_places",
     .doc = "gives a referral pathway more places; at the end who is in care stays until the care ends",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "a pathway of `protection`"},
                   {"number", SIM_COUNT, NULL, 0, 1000000000, "places more"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_add_places,
     .check = check_add_places},
    {.name = "priority_lane",
     .doc = "stations serve by the priority of classes; it holds for those who join their queues from then on",
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_priority_lane},
};

/* --- a replication --- */

static size_t pathway_count(const model_world *world)
{
    return own_setup(world->setup)->count;
}

static const model_column columns[] = {
    COLUMN_OWN_LISTS(wards, model_ward, pathway_count, model_ward_visit, model_ward_free),
    COLUMN_OWN(people, sim_level, pathway_count),
    COLUMN(cases, person_case, PERSON),
};

static int build(model_world *world)
{
    const struct protection_setup *protection = own_setup(world->setup);
    for (uint32_t p = 0; p < protection->count; p++)
        model_ward_init(&own_world(world)->wards[p], protection->pathways[p].capacity);
    return 0;
}

const model model_of_protection = {
    .name = "protection",
    .doc = "referral pathways with places and time targets; priority lanes",
    .keys = "people classes places links travel stations posts centres onward rosters agencies pathways",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct protection_setup),
    .world_size = sizeof(struct protection_world),
    .writes = "priority_lanes",
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .event_count = 1,
    .handle = handle,
    .account = account,
    .on = {.arrived = arrived, .served = served},
};
