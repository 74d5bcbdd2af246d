/* Power and IT: what stations do when either fails, and what they owe afterwards.
 *
 * A station that depends on what has failed stops. With a procedure for paper it goes over to that one after a while.
 * What was written on paper is keyed in once the power is back and the station works by another procedure, by some of
 * its desks, until nothing is left. */
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "models/posts/procedure.h"
#include "sim/base/error.h"

enum { POWER = 1, IT = 2 };

static const sim_param params[] = {
    {"stations.*", "depends_on", SIM_CHOICES, SIM_DIM_NONE, "[power, it]", 0, 0, "power it",
     "what the station cannot work without, but on paper; `[]`: it needs neither",
     "assumption: desks work with terminals"},
    {"stations.*", "paper", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "its procedure on paper, to which it goes over when what it depends on has failed; what is served by it is keyed "
     "in later",
     "not given: it stops"},
    {"stations.*", "paper_lead", SIM_QUANTITY, SIM_DIM_TIME, "15 min", 0, 30 * 86400.0, NULL,
     "time from the failure until it works on paper", "assumption: forms are at hand"},
    {"stations.*", "rekey_time", SIM_QUANTITY, SIM_DIM_TIME, "1 min", 1, 86400, NULL,
     "time of a desk to key in one paper record",
     "assumption: half the time of an enrolment (2 min, forecasts for EES)"},
    {"stations.*", "rekey_desks", SIM_QUANTITY, SIM_DIM_NONE, "25 %", 0, 1, NULL,
     "share of the station's lanes that key in paper records, rounded, at least one, until there are none left; 0: "
     "nobody does",
     "assumption: most desks go on serving"},
};

typedef struct {
    uint32_t depends_on; /* mask */
    uint32_t paper;      /* procedure; MODEL_NONE: it has none */
    sim_time lead, rekey_time;
    double rekey_desks;
} station_setup;

struct power_setup {
    station_setup *stations;
    bool used;
};

typedef struct {
    sim_time down_since; /* SIM_FOREVER: it is not */
    int64_t backlog;     /* records */
    int64_t work;        /* desk time that has gone into the next record */
    bool stopped;
} __attribute__((aligned(128))) station_world;

struct power_world {
    station_world *stations;
    sim_time next; /* some station goes over to paper, or is done with keying in */
    bool changed;  /* an order has begun or ended */
    uint32_t stopped, on_paper, records, rekeyed, backlog; /* metrics */
};

MODEL_PART(power)

static const model_column columns[] = {
    COLUMN(stations, station_world, STATION),
    COLUMN_ONCE(next),
    COLUMN_ONCE(changed),
};

static const model_metric metrics[] = {
    METRIC_LEVEL(stopped, "power/stopped", "1", STATION, NOTHING,
                 "1 while the station stands still without power or IT", ""),
    METRIC_LEVEL(on_paper, "power/on_paper", "1", STATION, NOTHING, "1 while it works on paper for want of them", ""),
    METRIC_COUNT(records, "power/paper_records", "records", STATION, NOTHING,
                 "records written on paper: one a person, or a group where the procedure serves groups", ""),
    METRIC_COUNT(rekeyed, "power/rekeyed", "records", STATION, NOTHING, "paper records keyed in", ""),
    METRIC_LEVEL(backlog, "power/rekey_backlog", "records", STATION, NOTHING, "paper records not keyed in yet", ""),
};

/* --- the scenario --- */

static uint32_t read_paper(const model_setup *setup, const sim_config *config, const model_station *s, sim_diag *diag)
{
    const char *words[64], *name = sim_text(config, "stations.*", "paper", s->declared);
    size_t n = 0;
    for (uint32_t i = 0; i < s->procedure_count; i++) {
        const char *known = setup->procedures[s->procedures + i].name;
        if (strcmp(known, name) == 0)
            return s->procedures + i;
        if (n < 64)
            words[n++] = known;
    }
    sim_diag_error(diag, sim_value_mark(config, "stations.*", "paper", s->declared),
                   "the name of one of the station's procedures", sim_diag_nearest(name, words, n),
                   "station \"%s\" has no procedure \"%s\"", s->kind, name);
    return MODEL_NONE;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct power_setup *power = own_setup(setup);
    power->stations = model_take(setup, setup->station_count, sizeof *power->stations);
    if (power->stations == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->station_count; i++) {
        size_t declared = setup->stations[i].declared;
        station_setup *s = &power->stations[i];
        s->depends_on = sim_choices(config, "stations.*", "depends_on", declared);
        s->lead = sim_micros(config, "stations.*", "paper_lead", declared);
        s->rekey_time = sim_micros(config, "stations.*", "rekey_time", declared);
        s->rekey_desks = sim_quantity(config, "stations.*", "rekey_desks", declared);
        s->paper = MODEL_NONE;
        if (sim_given(config, "stations.*", "paper", declared)) {
            s->paper = read_paper(setup, config, &setup->stations[i], diag);
            power->used = true;
        }
    }
    return 0;
}

/* --- orders --- */

static void apply_power_cut(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)order;
    (void)begin;
    (void)now;
    own_world(world)->changed = true; /* what follows is control's business */
}

static void apply_it_outage(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)order;
    (void)begin;
    (void)now;
    own_world(world)->changed = true;
}

/* What an order of this model takes away; 0: it is another model's. */
static uint32_t takes_away(const model_order_kind *kind)
{
    return kind->apply == apply_power_cut ? POWER : kind->apply == apply_it_outage ? IT : 0;
}

static void check_failure(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    struct power_setup *power = own_setup(setup);
    if (!own_is_prepared(setup))
        return; /* what is wrong with it is told elsewhere */
    uint32_t taken = takes_away(order->kind);
    bool concerned = order->target_count == 0;
    for (uint32_t i = 0; i < order->target_count && !concerned; i++)
        concerned = (power->stations[order->targets[i]].depends_on & taken) != 0;
    if (!concerned)
        sim_diag_error(diag, mark, taken == POWER ? "stations that depend on power" : "stations that depend on it",
                       NULL, "no station meant by \"%s\" would notice", order->target);
    power->used = true;
}

static const model_order_kind orders[] = {
    {.name = "power_cut",
     .doc = "the power fails: stations that depend on it go over to paper, or stop; who is being served is served to "
            "the end",
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_CRISIS,
     .instead = "close_lanes",
     .lead_source = "it strikes at once",
     .apply = apply_power_cut,
     .check = check_failure},
    {.name = "it_outage",
     .doc = "systems or the network fail: stations that depend on it go over to paper, or stop; who is being served is "
            "served "
            "to the end",
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_CRISIS,
     .instead = "close_lanes",
     .lead_source = "it strikes at once",
     .apply = apply_it_outage,
     .check = check_failure},
};

/* --- a replication --- */

/* Whether something that the station depends on has failed. */
static bool is_down(const model_world *world, uint32_t station, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        if ((takes_away(order->kind) & own_setup(setup)->stations[station].depends_on) == 0 ||
            !model_order_is_in_force(world, order, now))
            continue;
        for (uint32_t k = 0; k < order->target_count; k++)
            if (order->targets[k] == station)
                return true;
    }
    return false;
}

static void set_level(const model_world *world, uint32_t metric, uint32_t station, sim_time now, int64_t value)
{
    sim_level *level = sim_record_level_at(&world->recorder, metric, station, 0);
    if (level->level != value)
        sim_level_add(level, now, value - level->level);
}

/* Stops, goes over to paper, or comes back. Returns when it will go over to paper, or SIM_FOREVER. */
static sim_time look_at_station(model_world *world, uint32_t station, sim_time now)
{
    const station_setup *s = &own_setup(world->setup)->stations[station];
    struct power_world *w = own_world(world);
    station_world *state = &w->stations[station];
    bool down = is_down(world, station, now);
    if (!down)
        state->down_since = SIM_FOREVER;
    else if (state->down_since == SIM_FOREVER)
        state->down_since = now;
    bool paper = down && s->paper != MODEL_NONE && now >= state->down_since + s->lead, stopped = down && !paper;
    if (stopped != state->stopped) {
        world->outages[station] += stopped ? 1u : UINT32_MAX;
        world->staffing_changed = true;
    }
    state->stopped = stopped;
    if (paper != (world->paper[station] != MODEL_NONE)) {
        world->paper[station] = paper ? s->paper : MODEL_NONE;
        world->procedure[station] = paper ? s->paper : model_procedure_ordered(world, station, now);
        world->staffing_changed = true;
    }
    set_level(world, w->stopped, station, now, stopped);
    set_level(world, w->on_paper, station, now, paper);
    return stopped && s->paper != MODEL_NONE ? state->down_since + s->lead : SIM_FOREVER;
}

/* How many desks should key in now. */
static uint32_t wanted_desks(const model_world *world, uint32_t station)
{
    const station_setup *s = &own_setup(world->setup)->stations[station];
    const station_world *state = &own_world(world)->stations[station];
    if (state->backlog == 0 || s->rekey_desks <= 0 || state->down_since != SIM_FOREVER ||
        world->procedure[station] == s->paper)
        return 0;
    int64_t lanes = model_lanes_there(world, station);
    uint32_t desks = (uint32_t)((double)lanes * s->rekey_desks + 0.5);
    return desks < 1 ? 1 : desks;
}

/* When they will be done if nothing changes; the desks that key in are known to staff as of its last look. */
static sim_time done_at(const model_world *world, uint32_t station, sim_time now)
{
    const station_world *state = &own_world(world)->stations[station];
    int64_t open = (int64_t)world->network.stations[station].servers + world->at_other_work[station];
    int64_t desks = world->other_work[station] < open ? world->other_work[station] : open;
    if (desks == 0)
        return SIM_FOREVER;
    int64_t left = state->backlog * own_setup(world->setup)->stations[station].rekey_time - state->work;
    return now + (left + desks - 1) / desks;
}

static sim_time control(model_world *world, sim_time now)
{
    struct power_world *w = own_world(world);
    sim_time next = SIM_FOREVER;
    bool look = w->changed || now >= w->next;
    for (uint32_t i = 0; i < world->setup->station_count; i++) {
        sim_time at = SIM_FOREVER;
        const station_world *state = &w->stations[i];
        if (look || state->stopped)
            at = look_at_station(world, i, now);
        next = at < next ? at : next;
        uint32_t desks = wanted_desks(world, i);
        if (desks != world->other_work[i]) {
            world->other_work[i] = desks;
            world->staffing_changed = true;
        }
        at = desks == 0 ? SIM_FOREVER : done_at(world, i, now);
        next = at < next ? at : next;
    }
    w->changed = false;
    w->next = next;
    return next;
}

/* Records that have been keyed in since the last time, each at its instant. */
static void key_in(const model_world *world, uint32_t station, sim_time now)
{
    const struct power_world *w = own_world(world);
    station_world *state = &w->stations[station];
    int64_t desks = world->at_other_work[station], each = own_setup(world->setup)->stations[station].rekey_time,
            keyed = 0;
    if (desks == 0)
        return;
    int64_t work = state->work + desks * (now - world->accounted);
    while (state->backlog > 0 && work >= each) {
        work -= each;
        state->backlog--;
        keyed++;
        sim_record_level_since(&world->recorder, w->backlog, station, 0, now, now - work / desks, -1);
    }
    state->work = state->backlog > 0 ? work : 0;
    if (keyed > 0)
        sim_record_count(&world->recorder, w->rekeyed, station, 0, keyed);
}

static void account(model_world *world, sim_time now)
{
    for (uint32_t i = 0; i < world->setup->station_count; i++)
        key_in(world, i, now);
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    const model_group *g = model_group_at(world, group);
    uint32_t paper = own_setup(world->setup)->stations[station].paper;
    if (paper == MODEL_NONE || g->procedure != paper)
        return;
    const model_station *s = &world->setup->stations[station];
    int64_t records = world->setup->procedures[paper].serves_people ? 0 : 1;
    for (uint32_t i = 0; i < g->people && world->setup->procedures[paper].serves_people; i++)
        records += model_people_is_with(world, g, i) && model_station_selects(s, world->traits[g->first_person + i]);
    if (records == 0)
        return;
    own_world(world)->stations[station].backlog += records;
    sim_record_count(&world->recorder, own_world(world)->records, station, 0, records);
    sim_record_level(&world->recorder, own_world(world)->backlog, station, 0, process->now, records);
}

/* --- building --- */

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

static int build(model_world *world)
{
    const uint32_t n = world->setup->station_count;
    struct power_world *w = own_world(world);
    for (uint32_t i = 0; i < n; i++)
        w->stations[i].down_since = SIM_FOREVER;
    w->next = SIM_FOREVER;
    return 0;
}

const model model_of_power = {
    .name = "power",
    .doc = "failures of power and IT, work on paper, keying in afterwards",
    .keys = "people classes places links travel stations posts centres onward",
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct power_setup),
    .world_size = sizeof(struct power_world),
    .writes = "outages paper procedure other_work at_other_work",
    .prepare = prepare,
    .used = used,
    .build = build,
    .control = control,
    .account = account,
    .on = {.served = served},
};
