/* Outbreak: an infection among those who are at a site together; vaccination and isolation at stations.
 *
 * At each site the infectious exert a force on everyone else there that rises with their share and, where wanted, with
 * the density. Each person falls to it when the force summed up over his or her time at sites reaches an exponential
 * threshold of his or her own (Sellke 1983): the stochastic epidemic of Kermack and McKendrick with any distribution of
 * the periods, without a draw for each contact. */
#include <math.h>

#include "models/parts/alarm.h"
#include "models/parts/presence.h"
#include "models/people/people.h"
#include "models/relief/health.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"outbreak", "an infection among those who wait", 0},
};

static const sim_param params[] = {
    {"outbreak", "infected", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1, NULL,
     "share of people who are infectious when they come to their first site", "not given: there is no outbreak"},
    {"outbreak", "immune", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL, "share of the others who are immune",
     "assumption: none. A scenario should have the coverage of the country of origin"},
    {"outbreak", "contact", SIM_QUANTITY, SIM_DIM_RATE, "1.9 /d", 0, 1, NULL,
     "people whom someone infectious would infect in this time if nobody were immune",
     "assumption: measles, 15 people in 8 days (general knowledge)"},
    {"outbreak", "density", SIM_QUANTITY, SIM_DIM_DENSITY, "", 0.001, 10, NULL,
     "people a square metre of a site from which on contact is full; below it is in proportion",
     "not given: contact does not depend on density"},
    {"outbreak", "incubation", SIM_DIST, SIM_DIM_TIME, "10 d", 0, 366 * 86400.0, NULL,
     "from infection until infectious", "assumption: measles (general knowledge)"},
    {"outbreak", "infectious", SIM_DIST, SIM_DIM_TIME, "8 d", 0, 366 * 86400.0, NULL,
     "time during which someone is infectious",
     "assumption: measles, four days before the rash and four after (general knowledge)"},
    {"outbreak", "illness", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "share of the infected who fall ill when they become infectious (health)",
     "assumption: none unless health is simulated"},
    {"outbreak", "efficacy", SIM_QUANTITY, SIM_DIM_NONE, "0.85", 0, 1, NULL,
     "share of the susceptible whom a vaccination makes immune, at once",
     "assumption: one dose against measles at nine months (general knowledge)"},
    {"stations.*", "vaccinates", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "share of the people served who are vaccinated", "assumption: nobody unless the scenario says so"},
    {"stations.*", "isolates", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that someone infectious who is served is found and isolated until no longer infectious",
     "assumption: nobody is"},
};

typedef enum { UNKNOWN, SUSCEPTIBLE, IMMUNE, INCUBATING, INFECTIOUS } condition;
enum { START_DRAW, THRESHOLD_DRAW, INCUBATION_DRAW, INFECTIOUS_DRAW, ILLNESS_DRAW, STATION_DRAWS = 16 };

struct outbreak_setup {
    bool used;
    double infected, immune, contact, density, illness, efficacy; /* contact an hour; density 0: does not matter */
    sim_dist incubation, infectious;
    double *area;                  /* of each place; NaN: not known */
    double *vaccinates, *isolates; /* of each station */
};

/* What a group has been exposed to. */
typedef struct {
    double force;  /* summed up over its time at sites */
    double since;  /* the place's sum when that was last brought up to date */
    double least;  /* the least force that infects one of it */
    sim_time next; /* when the condition of one of it changes next */
    bool present;
    bool carries; /* someone of it may be infectious */
    bool listed;  /* among the carriers */
} exposure;

struct outbreak_world {
    uint32_t infected, came_infectious, infectious, in_isolation, vaccinated, isolated; /* metrics */
    model_presence carriers;    /* groups at places with someone who may be infectious */
    model_alarms forces, times; /* what has to be summed up, and when, until the condition of one of a group changes */
    uint32_t *found;            /* groups of which an alarm is due, while they are looked at */
    double *sum, *rate;         /* of each place: force summed up until `booked`, and force an hour since */
    sim_time booked;
    exposure *groups;
    uint8_t *condition;            /* of each person */
    sim_time *until;               /* of each person: incubating or infectious until then */
    double *vaccinates, *isolates; /* of each station now */
};

MODEL_PART(outbreak)

static const model_metric metrics[] = {
    METRIC_COUNT(infected, "outbreak/infected", "people", PLACE, NOTHING, "people infected at the site", ""),
    METRIC_COUNT(came_infectious, "outbreak/came_infectious", "people", PLACE, NOTHING,
                 "people who were infectious when they came to their first site", ""),
    METRIC_LEVEL(infectious, "outbreak/infectious", "people", PLACE, NOTHING,
                 "infectious people at the site, at control instants", ""),
    METRIC_LEVEL(in_isolation, "outbreak/in_isolation", "people", PLACE, NOTHING, "people in isolation", ""),
    METRIC_COUNT(vaccinated, "outbreak/vaccinated", "people", STATION, NOTHING, "people vaccinated", ""),
    METRIC_COUNT(isolated, "outbreak/isolated", "people", STATION, NOTHING, "infectious people found and isolated", ""),
};

static const double MICROS_AN_HOUR = 3600e6;

static uint64_t draw(const model_world *world, uint32_t person, uint32_t n)
{
    return sim_rng_draw(&world->rng, person, own_draw(0), n);
}

static sim_time period(const model_world *world, const sim_dist *dist, uint32_t person, uint32_t n)
{
    return (sim_time)(sim_dist_draw(dist, draw(world, person, n)) + 0.5);
}

static double threshold(const model_world *world, uint32_t person)
{
    return sim_dist_draw(&world->setup->unit_exponential, draw(world, person, THRESHOLD_DRAW));
}

static double sum_until(const model_world *world, uint32_t place, sim_time now)
{
    const struct outbreak_world *w = own_world(world);
    return now > w->booked ? w->sum[place] + w->rate[place] * ((double)(now - w->booked) / MICROS_AN_HOUR)
                           : w->sum[place];
}

/* --- persons --- */

/* How a person comes to its first site. */
static void begin(model_world *world, uint32_t place, uint32_t person, sim_time now)
{
    const struct outbreak_setup *o = own_setup(world->setup);
    struct outbreak_world *w = own_world(world);
    double at = sim_rng_unit(draw(world, person, START_DRAW));
    w->condition[person] = SUSCEPTIBLE;
    if (at < o->infected) {
        w->condition[person] = INFECTIOUS;
        w->until[person] = now + period(world, &o->infectious, person, INFECTIOUS_DRAW);
        sim_record_count(&world->recorder, w->came_infectious, place, 0, 1);
    } else if (at < o->infected + (1 - o->infected) * o->immune) {
        w->condition[person] = IMMUNE;
    }
}

/* What has happened to a person until now; `force`: its group's. */
static void update_person(model_world *world, sim_process *process, uint32_t group, uint32_t person, sim_time now)
{
    const struct outbreak_setup *o = own_setup(world->setup);
    struct outbreak_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    if (w->condition[person] == UNKNOWN)
        begin(world, g->place, person, now);
    if (w->condition[person] == SUSCEPTIBLE && w->groups[group].force >= threshold(world, person)) {
        w->condition[person] = INCUBATING;
        w->until[person] = now + period(world, &o->incubation, person, INCUBATION_DRAW);
        sim_record_count(&world->recorder, w->infected, g->place, 0, 1);
    }
    if (w->condition[person] == INCUBATING && now >= w->until[person]) {
        w->condition[person] = INFECTIOUS;
        w->until[person] += period(world, &o->infectious, person, INFECTIOUS_DRAW);
        if (sim_rng_chance(draw(world, person, ILLNESS_DRAW), o->illness))
            model_health_fall_ill(world, process, group, person, now);
    }
    if (w->condition[person] == INFECTIOUS && now >= w->until[person])
        w->condition[person] = IMMUNE;
}

/* Sets the alarms of a group at a site, and lists it where it carries the disease. */
static void set_alarms(model_world *world, sim_process *process, uint32_t group)
{
    struct outbreak_world *w = own_world(world);
    exposure *e = &w->groups[group];
    uint32_t place = model_group_at(world, group)->place;
    bool listed = e->present && e->carries;
    if (listed && !e->listed)
        model_presence_enter(&w->carriers, place, group);
    else if (!listed && e->listed)
        model_presence_leave(&w->carriers, place, group);
    e->listed = listed;
    if (e->present && e->least < (double)INFINITY)
        model_alarm_set(&w->forces, process, place, group, e->since + (e->least - e->force));
    else
        model_alarm_clear(&w->forces, group);
    if (e->present && e->next != SIM_FOREVER)
        model_alarm_set(&w->times, process, place, group, (double)e->next);
    else
        model_alarm_clear(&w->times, group);
}

/* Brings the group up to date. */
static void update(model_world *world, sim_process *process, uint32_t group, sim_time now)
{
    struct outbreak_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    exposure *e = &w->groups[group];
    if (e->present) {
        double sum = sum_until(world, g->place, now);
        e->force += sum - e->since;
        e->since = sum;
    }
    if (e->force < e->least && now < e->next)
        return;
    e->least = (double)INFINITY;
    e->next = SIM_FOREVER;
    e->carries = false;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i))
            continue;
        update_person(world, process, group, person, now);
        if (w->condition[person] == SUSCEPTIBLE) {
            double needed = threshold(world, person);
            e->least = needed < e->least ? needed : e->least;
        } else if (w->condition[person] != IMMUNE) {
            e->next = w->until[person] < e->next ? w->until[person] : e->next;
            e->carries = e->carries || w->condition[person] == INFECTIOUS;
        }
    }
}

static int64_t infectious_in(const model_world *world, uint32_t group)
{
    const model_group *g = model_group_at(world, group);
    int64_t count = 0;
    for (uint32_t i = 0; i < g->people; i++)
        count += model_people_is_with(world, g, i) && own_world(world)->condition[g->first_person + i] == INFECTIOUS;
    return count;
}

static void moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before, uint32_t people)
{
    (void)people;
    struct outbreak_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    exposure *e = &w->groups[group];
    if (before == SIM_ELSEWHERE && !e->present) {
        e->present = true;
        e->since = sum_until(world, g->place, process->now);
        update(world, process, group, process->now);
        set_alarms(world, process, group);
    } else if (g->customer.state == SIM_ELSEWHERE && e->present) {
        update(world, process, group, process->now);
        e->present = false;
        set_alarms(world, process, group);
    }
}

/* --- the force --- */

/* Full from the density given on. */
static double closeness(const struct outbreak_setup *o, uint32_t place, double people)
{
    if (!(o->density > 0) || isnan(o->area[place]))
        return 1;
    double share = people / o->area[place] / o->density;
    return share < 1 ? share : 1;
}

/* Looks at the groups of which an alarm is due. */
static void look(model_world *world, sim_process *process, uint32_t place, sim_time now)
{
    struct outbreak_world *w = own_world(world);
    uint32_t count = 0, group;
    while ((group = model_alarm_take(&w->forces, place, w->sum[place])) != MODEL_NONE)
        w->found[count++] = group;
    for (uint32_t i = 0; i < count; i++) {
        update(world, process, w->found[i], now);
        set_alarms(world, process, w->found[i]);
    }
    count = 0;
    while ((group = model_alarm_take(&w->times, place, (double)now)) != MODEL_NONE)
        w->found[count++] = group;
    for (uint32_t i = 0; i < count; i++) {
        update(world, process, w->found[i], now);
        set_alarms(world, process, w->found[i]);
    }
}

static int64_t people_at(const model_world *world, uint32_t place)
{
    static const model_state present[] = {MODEL_WAITING, MODEL_IN_SERVICE, MODEL_IN_THE_OPEN, MODEL_SHELTERED};
    int64_t people = 0;
    for (size_t i = 0; i < sizeof present / sizeof *present; i++)
        people += sim_record_level_at(&world->recorder, world->metrics.state, place, present[i])->level;
    return people;
}

static sim_time control(model_world *world, sim_time now)
{
    const struct outbreak_setup *o = own_setup(world->setup);
    struct outbreak_world *w = own_world(world);
    for (uint32_t place = 0; place < world->setup->place_count; place++) {
        sim_process *process = &world->kernel.processes[world->setup->places[place].process];
        int64_t infectious = 0, people = people_at(world, place);
        process->now = now;
        look(world, process, place, now);
        for (uint32_t group = w->carriers.places[place].head; group != MODEL_NONE; group = w->carriers.next[group])
            infectious += infectious_in(world, group);
        w->rate[place] = infectious == 0
                             ? 0
                             : o->contact * closeness(o, place, (double)people) * ((double)infectious / (double)people);
        sim_level *level = sim_record_level_at(&world->recorder, w->infectious, place, 0);
        sim_level_add(level, now, infectious - level->level);
    }
    return SIM_FOREVER;
}

static void account(model_world *world, sim_time now)
{
    struct outbreak_world *w = own_world(world);
    for (uint32_t place = 0; place < world->setup->place_count; place++)
        w->sum[place] = sum_until(world, place, now);
    w->booked = now;
}

/* --- stations --- */

static void isolate(model_world *world, sim_process *process, uint32_t station, uint32_t group, uint32_t i)
{
    struct outbreak_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    uint32_t person = g->first_person + i;
    model_people_take(world, process, group, i, MODEL_IN_CARE);
    sim_record_count(&world->recorder, w->isolated, station, 0, 1);
    sim_record_level(&world->recorder, w->in_isolation, g->place, 0, process->now, 1);
    sim_schedule(process, sim_event_make(w->until[person], 2, person, own_event(world, 0), g->place));
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    struct outbreak_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    if (!(w->vaccinates[station] > 0) && !(w->isolates[station] > 0))
        return;
    int64_t vaccinated = 0;
    w->groups[group].next = process->now; /* look at everyone, now and later */
    update(world, process, group, process->now);
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i, n = STATION_DRAWS + ((uint32_t)g->visits << 16 | station) * 4;
        if (!model_people_is_with(world, g, i) ||
            !model_station_selects(&world->setup->stations[station], world->traits[person]))
            continue;
        if (w->condition[person] == INFECTIOUS &&
            sim_rng_chance(draw(world, person, n), w->isolates[station] * model_alertness(world, station, group))) {
            isolate(world, process, station, group, i);
            continue;
        }
        if (!sim_rng_chance(draw(world, person, n + 1), w->vaccinates[station]))
            continue;
        vaccinated++;
        if (w->condition[person] == SUSCEPTIBLE &&
            sim_rng_chance(draw(world, person, n + 2), own_setup(world->setup)->efficacy))
            w->condition[person] = IMMUNE;
    }
    w->groups[group].next = process->now;
    set_alarms(world, process, group);
    if (vaccinated > 0)
        sim_record_count(&world->recorder, w->vaccinated, station, 0, vaccinated);
}

/* Isolation ends. */
static void handle(model_world *world, sim_process *process, sim_event event)
{
    uint32_t person = sim_event_entity(event), place = sim_event_tag(event);
    own_world(world)->condition[person] = IMMUNE;
    model_people_move(world, person, place, MODEL_SETTLED, process->now);
    sim_record_level(&world->recorder, own_world(world)->in_isolation, place, 0, process->now, -1);
}

/* --- orders --- */

/* The share of the order given last that is in force; without one that of the start. */
static double share_in_force(const model_world *world, const model_order_kind *kind, uint32_t station, double otherwise,
                             sim_time now)
{
    sim_time latest = INT64_MIN;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        if (order->kind != kind || world->order_begin[i] < latest || !model_order_is_in_force(world, order, now))
            continue;
        for (uint32_t k = 0; k < order->target_count; k++)
            if (order->targets[k] == station) {
                otherwise = order->share;
                latest = world->order_begin[i];
            }
    }
    return otherwise;
}

static void apply_vaccinate(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        own_world(world)->vaccinates[order->targets[i]] = share_in_force(
            world, order->kind, order->targets[i], own_setup(world->setup)->vaccinates[order->targets[i]], now);
}

static void apply_isolate(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        own_world(world)->isolates[order->targets[i]] = share_in_force(
            world, order->kind, order->targets[i], own_setup(world->setup)->isolates[order->targets[i]], now);
}

static void check_order(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    (void)order;
    if (own_is_prepared(setup) && !own_setup(setup)->used)
        sim_diag_error(diag, mark, "`outbreak.infected`", NULL, "there is no outbreak in this scenario");
}

static const model_order_kind orders[] = {
    {.name = "vaccinate",
     .doc = "stations vaccinate a `share` of the people they serve",
     .arguments = {{"share", SIM_QUANTITY, NULL, 0, 1, "of the people served"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: vaccine and vaccinators from a store within two days",
     .lead = 2 * SIM_DAY,
     .apply = apply_vaccinate,
     .check = check_order},
    {.name = "isolate",
     .doc = "stations find a `share` of the infectious people they serve, who are isolated",
     .arguments = {{"share", SIM_QUANTITY, NULL, 0, 1, "of the infectious people served"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a tent and a nurse within a day",
     .lead = SIM_DAY,
     .apply = apply_isolate,
     .check = check_order},
};

/* --- reading --- */

static int read_period(const sim_config *config, const char *name, sim_dist *out, sim_diag *diag)
{
    const char *why;
    int ret = sim_dist_compile(out, sim_distribution(config, "outbreak", name, 0), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "outbreak", name, 0), NULL, NULL, "%s", why);
        return 0;
    }
    return ret;
}

static void read_sites(model_setup *setup, const sim_config *config)
{
    struct outbreak_setup *o = own_setup(setup);
    for (uint32_t i = 0; i < setup->place_count; i++)
        o->area[i] = (double)NAN;
    for (uint32_t i = 0; i < setup->site_count; i++)
        for (int side = 0; side < MODEL_SIDES; side++) {
            double area = setup->sites[i].area[side], *sum = &o->area[setup->sites[i].place];
            if (!isnan(area))
                *sum = isnan(*sum) ? area : *sum + area;
        }
    for (uint32_t i = 0; i < setup->station_count; i++) {
        o->vaccinates[i] = sim_quantity(config, "stations.*", "vaccinates", setup->stations[i].declared);
        o->isolates[i] = sim_quantity(config, "stations.*", "isolates", setup->stations[i].declared);
    }
}

static void check(const model_setup *setup, const sim_config *config, sim_diag *diag)
{
    static const char *const names[] = {"vaccinates", "isolates"};
    for (size_t i = 0; !own_setup(setup)->used && i < sim_elements(config, "stations.*"); i++)
        for (int k = 0; k < 2; k++)
            if (sim_quantity(config, "stations.*", names[k], i) > 0)
                sim_diag_error(diag, sim_value_mark(config, "stations.*", names[k], i), "`outbreak.infected`", NULL,
                               "there is no outbreak in this scenario");
    if (own_setup(setup)->illness > 0 && !sim_given(config, "health", "ill", 0))
        sim_diag_error(diag, sim_value_mark(config, "outbreak", "illness", 0),
                       "`health.ill`, the trait of people who are ill", NULL,
                       "health is not simulated, so that nobody falls ill");
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct outbreak_setup *o = own_setup(setup);
    o->area = model_take(setup, setup->place_count, sizeof *o->area);
    o->vaccinates = model_take(setup, setup->station_count, sizeof *o->vaccinates);
    o->isolates = model_take(setup, setup->station_count, sizeof *o->isolates);
    if (o->area == NULL || o->vaccinates == NULL || o->isolates == NULL)
        return SIM_E_MEMORY;
    o->used = sim_given(config, "outbreak", "infected", 0);
    o->infected = o->used ? sim_quantity(config, "outbreak", "infected", 0) : 0;
    o->immune = sim_quantity(config, "outbreak", "immune", 0);
    o->contact = sim_quantity(config, "outbreak", "contact", 0) * 3600;
    o->density = sim_given(config, "outbreak", "density", 0) ? sim_quantity(config, "outbreak", "density", 0) : 0;
    o->illness = sim_quantity(config, "outbreak", "illness", 0);
    o->efficacy = sim_quantity(config, "outbreak", "efficacy", 0);
    read_sites(setup, config);
    check(setup, config, diag);
    int ret = read_period(config, "incubation", &o->incubation, diag);
    return ret == 0 ? read_period(config, "infectious", &o->infectious, diag) : ret;
}

static void release(model_setup *setup)
{
    struct outbreak_setup *o = own_setup(setup);
    sim_dist_free(&o->incubation);
    sim_dist_free(&o->infectious);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

/* --- a replication --- */

static const model_column columns[] = {
    COLUMNS_OF_PRESENCE(carriers),     COLUMN(sum, double, PLACE),
    COLUMN(rate, double, PLACE),       COLUMN_ONCE(booked),
    COLUMN(groups, exposure, GROUP),   COLUMN(condition, uint8_t, PERSON),
    COLUMN(until, sim_time, PERSON),   COLUMN(vaccinates, double, STATION),
    COLUMN(isolates, double, STATION), COLUMN_SCRATCH(found, uint32_t, GROUP),
};

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    struct outbreak_world *w = own_world(world);
    for (uint32_t i = 0; i < setup->station_count; i++) {
        w->vaccinates[i] = own_setup(setup)->vaccinates[i];
        w->isolates[i] = own_setup(setup)->isolates[i];
    }
    model_presence_init(&w->carriers, world);
    int ret = model_alarms_init(&w->forces, world, setup->place_count);
    return ret != 0 ? ret : model_alarms_init(&w->times, world, setup->place_count);
}

static void demolish(model_world *world)
{
    model_alarms_free(&own_world(world)->forces);
    model_alarms_free(&own_world(world)->times);
}

static void visit(model_world *world, struct model_image *image)
{
    model_alarms_visit(&own_world(world)->forces, world, image);
    model_alarms_visit(&own_world(world)->times, world, image);
}

const model model_of_outbreak = {
    .name = "outbreak",
    .doc = "an infection among those who wait, vaccination and isolation",
    .keys = "people classes places links travel stations posts centres outbreak",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct outbreak_setup),
    .world_size = sizeof(struct outbreak_world),
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .demolish = demolish,
    .visit = visit,
    .event_count = 1,
    .handle = handle,
    .control = control,
    .account = account,
    .on = {.served = served, .moved = moved},
};
