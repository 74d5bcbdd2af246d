/* Transport: lines of buses or trains that take groups on from a station where they board, the bay.
 *
 * A bay has no desks: its queue is called by departures, as many groups as fit, in their order (bulk service: Bailey
 * 1954). Vehicles leave by a timetable, or when enough people wait for a full one; each is away for a round trip, so
 * that a fleet carries no more than its seats over that time. Where people go on to, and how long they travel, say
 * `onward` and the links. */
#include <string.h>

#include "models/core/calendar.h"
#include "models/core/world.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

#define SECTION "transport.*"

static const sim_section sections[] = {
    {SECTION, "a line of buses or trains from a post or centre", 0},
};

static const sim_param params[] = {
    {SECTION, "from", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.*", "the post or centre where people board",
     "none: must be given"},
    {SECTION, "station", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "stations.*",
     "the station there at which they wait and board (of a post: on the entry side, if both have it); it has no desks, "
     "its time is that of "
     "boarding",
     "none: must be given"},
    {SECTION, "seats", SIM_COUNT, SIM_DIM_NONE, "50", 1, 65535, NULL,
     "seats of a vehicle; a larger group takes a whole vehicle",
     "assumption: a coach; buses in evacuations carried about 33 to 50 people"},
    {SECTION, "vehicles", SIM_COUNT, SIM_DIM_NONE, "1", 0, 100000, NULL, "vehicles of the line", "assumption: one"},
    {SECTION, "round_trip", SIM_DIST, SIM_DIM_TIME, NULL, 0, 30 * 86400.0, NULL,
     "time from a departure until the vehicle can depart again", "none: must be given"},
    {SECTION, "every", SIM_QUANTITY, SIM_DIM_TIME, "", 60, 86400, NULL, "time between departures of a timetable",
     "not given: no timetable, vehicles leave when enough people wait"},
    {SECTION, "first", SIM_CLOCK, SIM_DIM_TIME, "00:00", 0, 0, NULL, "first departure of the day",
     "definition: midnight"},
    {SECTION, "last", SIM_CLOCK, SIM_DIM_TIME, "", 0, 0, NULL,
     "no departure later than this; before `first`: on the next day", "not given: day and night"},
    {SECTION, "least", SIM_COUNT, SIM_DIM_NONE, "", 0, 65535, NULL,
     "people who must wait for a vehicle to depart; at 0 one with a timetable leaves empty",
     "not given: 1 with a timetable, otherwise all seats"},
    {SECTION, "longest_wait", SIM_QUANTITY, SIM_DIM_TIME, "", 0, 30 * 86400.0, NULL,
     "after which the first in the line is taken on even if too few wait (without a timetable)", "not given: no limit"},
    {SECTION, "trip_cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e9, NULL,
     "cost of a departure, paid by the agency of the bay's side", "assumption: not counted unless given"},
};

typedef struct {
    const char *name;
    uint32_t station;
    uint32_t seats, vehicles, least;
    bool timed;
    sim_time every, first, span; /* last - first; no last: a day less a microsecond */
    sim_time longest;            /* SIM_FOREVER: no limit */
    sim_dist round_trip;
    double cost;
} line;

struct transport_setup {
    line *lines;
    uint32_t count;
    uint32_t *first; /* of each station: the first line from there, or MODEL_NONE */
};

/* A line in a replication; written by the process of its bay, and by orders. */
typedef struct {
    int64_t fleet; /* vehicles that belong to it now */
    int64_t away;
    sim_time alarm;     /* when it will look again whether to leave; SIM_FOREVER: not before something happens */
    int64_t trips;      /* departures so far */
    int64_t trips_paid; /* of them */
    uint32_t cancelled; /* orders that keep it from leaving */
    uint32_t stopped;   /* whether it was kept at the last control instant */
} __attribute__((aligned(128))) line_state;

struct transport_world {
    line_state *lines;
    uint32_t departures, missed, seats, boarded, on_the_way, waiting; /* metrics */
};

MODEL_PART(transport)

static size_t count_lines(const model_world *world)
{
    return own_setup(world->setup)->count;
}

static const model_column columns[] = {
    COLUMN_OWN(lines, line_state, count_lines),
};

static const model_metric metrics[] = {
    METRIC_COUNT(departures, "transport/departures", "departures", STATION, NOTHING, "vehicles that left the bay", ""),
    METRIC_COUNT(missed, "transport/missed", "departures", STATION, NOTHING,
                 "departures of the timetable without a vehicle, or cancelled", ""),
    METRIC_COUNT(seats, "transport/seats", "seats", STATION, NOTHING, "seats of the vehicles that left", ""),
    METRIC_COUNT(boarded, "transport/boarded", "people", STATION, NOTHING, "people who left with them", ""),
    METRIC_SHARE("transport/load_factor", "1", STATION, NOTHING, "transport/boarded", "transport/seats",
                 "people for each seat that left", "load factor"),
    METRIC_LEVEL(on_the_way, "transport/on_the_way", "vehicles", STATION, NOTHING, "vehicles away on a round trip", ""),
};

enum { TIMETABLE, RETURN, LOOK }; /* tags of events; LOOK: whether it is time to leave */

/* --- reading --- */

/* The last station of the kind at the site: the entry side stands behind the exit side. */
static uint32_t find_bay(const model_setup *setup, uint32_t site, size_t kind)
{
    const model_site *p = &setup->sites[site];
    for (uint32_t s = p->first_station + p->station_count; s-- > p->first_station;)
        if (setup->stations[s].declared == kind)
            return s;
    return MODEL_NONE;
}

static void read_bay(model_setup *setup, const sim_config *config, size_t i, line *l, sim_diag *diag)
{
    uint32_t site = model_site_of(setup, config, SECTION, "from", i);
    size_t kind = sim_name(config, SECTION, "station", i);
    l->station = site == MODEL_NONE ? MODEL_NONE : find_bay(setup, site, kind);
    if (l->station == MODEL_NONE) {
        if (!setup->sites_in_doubt)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "station", i), "a station of that post or centre",
                           NULL, "there is no such station where the line \"%s\" leaves", l->name);
        return;
    }
    if (setup->stations[l->station].desks > 0 || setup->stations[l->station].role[0] != '\0')
        sim_diag_error(diag, sim_value_mark(config, SECTION, "station", i), "a station with `desks: 0` and no `role`",
                       NULL, "%s has desks, but people leave it by vehicles only", setup->stations[l->station].name);
}

static void read_departures(const model_setup *setup, const sim_config *config, size_t i, line *l, sim_diag *diag)
{
    bool longest = sim_given(config, SECTION, "longest_wait", i);
    l->timed = sim_given(config, SECTION, "every", i);
    if (l->timed && longest)
        sim_diag_error(diag, sim_value_mark(config, SECTION, "longest_wait", i), NULL, NULL,
                       "the line \"%s\" leaves by its timetable: `longest_wait` means nothing", l->name);
    l->every = l->timed ? sim_micros(config, SECTION, "every", i) : SIM_DAY;
    l->longest = longest ? sim_micros(config, SECTION, "longest_wait", i) : SIM_FOREVER;
    l->first = sim_micros(config, SECTION, "first", i);
    l->span = SIM_DAY - 1;
    if (sim_given(config, SECTION, "last", i))
        l->span = (sim_micros(config, SECTION, "last", i) - l->first + SIM_DAY) % SIM_DAY;
    l->least = l->timed ? 1 : l->seats;
    if (sim_given(config, SECTION, "least", i))
        l->least = (uint32_t)model_scaled(setup, sim_count(config, SECTION, "least", i));
    if (l->least > l->seats || (l->least == 0 && !l->timed))
        sim_diag_error(diag, sim_value_mark(config, SECTION, "least", i),
                       l->timed ? "no more people than seats" : "at least one, and no more people than seats", NULL,
                       "the line \"%s\" would %s", l->name, l->least == 0 ? "leave empty all the time" : "never leave");
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct transport_setup *t = own_setup(setup);
    size_t n = sim_elements(config, SECTION);
    t->lines = model_take(setup, n, sizeof *t->lines);
    t->first = model_take(setup, setup->station_count, sizeof *t->first);
    if (t->lines == NULL || t->first == NULL)
        return SIM_E_MEMORY;
    for (uint32_t s = 0; s < setup->station_count; s++)
        t->first[s] = MODEL_NONE;
    for (size_t i = 0; i < n; i++) {
        line *l = &t->lines[t->count++];
        const char *why;
        l->name = sim_element_name(config, SECTION, i);
        l->seats = (uint32_t)model_scaled(setup, sim_count(config, SECTION, "seats", i));
        l->vehicles = (uint32_t)sim_count(config, SECTION, "vehicles", i);
        l->cost = sim_quantity(config, SECTION, "trip_cost", i);
        read_bay(setup, config, i, l, diag);
        read_departures(setup, config, i, l, diag);
        int ret = sim_dist_compile(&l->round_trip, sim_distribution(config, SECTION, "round_trip", i), 1e6, &why);
        if (ret == SIM_E_INPUT)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "round_trip", i), NULL, NULL, "%s", why);
        else if (ret != 0)
            return ret;
        if (l->station == MODEL_NONE)
            continue;
        if (t->first[l->station] != MODEL_NONE)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "station", i), "a bay of its own", NULL,
                           "the lines \"%s\" and \"%s\" board at the same station", t->lines[t->first[l->station]].name,
                           l->name);
        t->first[l->station] = (uint32_t)i;
    }
    return 0;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < own_setup(setup)->count; i++)
        sim_dist_free(&own_setup(setup)->lines[i].round_trip);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->count > 0;
}

/* --- a replication --- */

/* The timetable's first departure after `now`. */
static sim_time next_departure(const model_setup *setup, const line *l, sim_time now)
{
    int64_t day = model_day(setup, now - l->first);
    sim_time first = model_midnight(setup, day) + l->first, passed = (now - first) / l->every * l->every + l->every;
    return passed <= l->span ? first + passed : first + SIM_DAY;
}

/* Whether vehicles run at `now`, or else when they do next. */
static bool is_running(const model_setup *setup, const line *l, sim_time now, sim_time *next)
{
    sim_time first = model_midnight(setup, model_day(setup, now - l->first)) + l->first;
    *next = first + SIM_DAY;
    return now - first <= l->span;
}

static sim_process *process_of(const model_world *world, const line *l)
{
    const model_setup *setup = world->setup;
    return &world->kernel.processes[setup->places[setup->stations[l->station].place].process];
}

/* Departures come after everything else at the same instant, returns before: who comes in time is taken on. */
static void schedule(sim_process *process, uint32_t index, sim_time time, unsigned tag)
{
    sim_schedule(process,
                 sim_event_make(time, tag == RETURN ? 2 : 4, index, own_event(process->kernel->context, 0), tag));
}

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    const struct transport_setup *t = own_setup(setup);
    const sim_recorder *r = &world->recorder;
    struct transport_world *w = own_world(world);
    w->waiting = sim_recorder_find(r, "queue/people_waiting");
    for (uint32_t i = 0; i < t->count; i++) {
        const line *l = &t->lines[i];
        w->lines[i].fleet = l->vehicles;
        w->lines[i].alarm = SIM_FOREVER;
        world->lanes[l->station] = INT32_MIN; /* orders to all stations of a post open no desks at a bay */
        if (l->timed)
            schedule(process_of(world, l), i, next_departure(setup, l, -1), TIMETABLE);
    }
    return 0;
}

static bool is_stopped(const model_world *world, uint32_t index)
{
    return own_world(world)->lines[index].cancelled > 0 ||
           world->outages[own_setup(world->setup)->lines[index].station] > 0;
}

/* The group at the head of the bay's line, or SIM_NOBODY. */
static uint32_t head_of(const model_world *world, uint32_t station)
{
    const sim_station *s = &world->network.stations[station];
    return s->waiting == 0 ? SIM_NOBODY : s->queues[31u - (unsigned)__builtin_clz(s->occupied)].head;
}

static int64_t people_waiting(const model_world *world, uint32_t station)
{
    return sim_record_level_at(&world->recorder, own_world(world)->waiting, station, 0)->level;
}

/* A vehicle leaves with whom it can take. A group larger than a vehicle has one for itself. */
static void leave(model_world *world, sim_process *process, uint32_t index, sim_time now)
{
    struct transport_world *w = own_world(world);
    const line *l = &own_setup(world->setup)->lines[index];
    line_state *state = &w->lines[index];
    const sim_recorder *r = &world->recorder;
    uint32_t head = head_of(world, l->station), seats = l->seats;
    if (head != SIM_NOBODY && sim_network_customer(&world->network, head)->size > seats)
        seats = sim_network_customer(&world->network, head)->size;
    uint32_t people = sim_network_call(&world->network, process, l->station, seats, now);
    sim_time away = (sim_time)(sim_dist_draw(&l->round_trip,
                                             sim_rng_draw(&world->rng, index, own_draw(0), (uint32_t)state->trips)) +
                               0.5);
    state->trips++;
    state->away++;
    sim_record_count(r, w->departures, l->station, 0, 1);
    sim_record_count(r, w->seats, l->station, 0, l->seats);
    sim_record_count(r, w->boarded, l->station, 0, people);
    sim_record_level(r, w->on_the_way, l->station, 0, now, 1);
    schedule(process, index, now + away, RETURN);
}

static void leave_by_timetable(model_world *world, sim_process *process, uint32_t index, sim_time now)
{
    struct transport_world *w = own_world(world);
    const line *l = &own_setup(world->setup)->lines[index];
    bool enough = people_waiting(world, l->station) >= l->least;
    if (is_stopped(world, index) || (enough && w->lines[index].away >= w->lines[index].fleet))
        sim_record_count(&world->recorder, w->missed, l->station, 0, 1);
    else if (enough)
        leave(world, process, index, now);
    schedule(process, index, next_departure(world->setup, l, now), TIMETABLE);
}

/* Looks at the line again at `time`, unless it does so earlier. */
static void look_at(const model_world *world, sim_process *process, uint32_t index, sim_time time)
{
    line_state *state = &own_world(world)->lines[index];
    if (time >= state->alarm)
        return;
    state->alarm = time;
    schedule(process, index, time, LOOK);
}

/* Whether a vehicle is to leave now: there are enough people for it, or the first has waited for too long. If that is a
 * matter of time, the line is looked at again. */
static bool is_ready(const model_world *world, sim_process *process, uint32_t index, sim_time now)
{
    const line *l = &own_setup(world->setup)->lines[index];
    const line_state *state = &own_world(world)->lines[index];
    uint32_t head = head_of(world, l->station);
    sim_time opens;
    if (l->timed || head == SIM_NOBODY || state->away >= state->fleet || is_stopped(world, index))
        return false;
    if (!is_running(world->setup, l, now, &opens)) {
        look_at(world, process, index, opens);
        return false;
    }
    sim_time since = sim_network_customer(&world->network, head)->since;
    if (people_waiting(world, l->station) >= l->least || (l->longest != SIM_FOREVER && now - since >= l->longest))
        return true;
    if (l->longest != SIM_FOREVER)
        look_at(world, process, index, since + l->longest);
    return false;
}

/* Something has changed: lets vehicles leave once all else that happens at this instant has. */
static void consider(const model_world *world, sim_process *process, uint32_t index, sim_time now)
{
    if (is_ready(world, process, index, now))
        schedule(process, index, now, LOOK);
}

static void handle(model_world *world, sim_process *process, sim_event event)
{
    uint32_t index = sim_event_entity(event);
    const line *l = &own_setup(world->setup)->lines[index];
    line_state *state = &own_world(world)->lines[index];
    switch (sim_event_tag(event)) {
    case TIMETABLE:
        leave_by_timetable(world, process, index, event.time);
        break;
    case RETURN:
        state->away--;
        sim_record_level(&world->recorder, own_world(world)->on_the_way, l->station, 0, event.time, -1);
        consider(world, process, index, event.time);
        break;
    default:
        if (state->alarm == event.time)
            state->alarm = SIM_FOREVER;
        while (is_ready(world, process, index, event.time))
            leave(world, process, index, event.time);
    }
}

/* A group begins to wait at a bay. */
static void moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before, uint32_t people)
{
    (void)before;
    (void)people;
    const struct transport_setup *t = own_setup(world->setup);
    const sim_customer *c = sim_network_customer(&world->network, group);
    if (c->state == SIM_QUEUED && t->first[c->station] != MODEL_NONE)
        consider(world, process, t->first[c->station], process->now);
}

/* Lines that may leave again, or have more vehicles, look. */
static sim_time control(model_world *world, sim_time now)
{
    const struct transport_setup *t = own_setup(world->setup);
    for (uint32_t i = 0; i < t->count; i++) {
        line_state *state = &own_world(world)->lines[i];
        uint32_t stopped = is_stopped(world, i);
        if (stopped < state->stopped)
            consider(world, process_of(world, &t->lines[i]), i, now);
        state->stopped = stopped;
    }
    return SIM_FOREVER;
}

static void account(model_world *world, sim_time now)
{
    (void)now;
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < own_setup(setup)->count; i++) {
        const line *l = &own_setup(setup)->lines[i];
        const model_station *s = &setup->stations[l->station];
        line_state *state = &own_world(world)->lines[i];
        model_cost_add(world, setup->sites[s->site].agency[s->side], MODEL_COST_TRANSPORT,
                       (double)(state->trips - state->trips_paid) * l->cost);
        state->trips_paid = state->trips;
    }
}

/* --- orders --- */

static void check_line(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct transport_setup *t = own_setup(setup);
    const char *words[256];
    size_t n = 0;
    if (!own_is_prepared(setup))
        return; /* what is wrong with the lines is told elsewhere */
    for (uint32_t i = 0; i < t->count; i++) {
        if (strcmp(t->lines[i].name, order->text) == 0)
            order->target_index = i;
        if (n < 256)
            words[n++] = t->lines[i].name;
    }
    if (order->target_index == MODEL_NONE)
        sim_diag_error(diag, mark, "the name of a line of `transport`", sim_diag_nearest(order->text, words, n),
                       "there is no line \"%s\"", order->text);
}

static void apply_add_vehicles(model_world *world, const model_order *order, bool begin, sim_time now)
{
    uint32_t i = order->target_index;
    own_world(world)->lines[i].fleet += begin ? (int64_t)order->number : -(int64_t)order->number;
    consider(world, process_of(world, &own_setup(world->setup)->lines[i]), i, now);
}

static void apply_cancel_departures(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    own_world(world)->lines[order->target_index].cancelled += begin ? 1u : UINT32_MAX;
}

static const model_order_kind orders[] = {
    {.name = "add_vehicles",
     .doc = "a line of `transport`, by `name`, gets more vehicles; those withdrawn in the end finish their round trip",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "a line of `transport`"},
                   {"number", SIM_COUNT, NULL, 0, 1000000000, "vehicles more"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_add_vehicles,
     .check = check_line},
    {.name = "cancel_departures",
     .doc = "no vehicle of a line of `transport`, by `name`, leaves",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "a line of `transport`"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "it strikes at once",
     .apply = apply_cancel_departures,
     .check = check_line},
};

const model model_of_transport = {
    .name = "transport",
    .doc = "buses and trains from posts and centres",
    .keys = "people classes places links travel stations posts centres onward transport",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct transport_setup),
    .world_size = sizeof(struct transport_world),
    .writes = "lanes",
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .event_count = 1,
    .handle = handle,
    .control = control,
    .account = account,
    .on = {.moved = moved},
};
