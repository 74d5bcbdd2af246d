/* Travel: places, links, routes by mode, and the way of groups over them.
 *
 * A group follows the fastest open way of its mode to its post. A link with a capacity lets people in at that rate,
 * first come first served, and holds the others at its entrance (a point queue: Vickrey 1969). Each place is a logical
 * process; places closer than MERGE share one, so that the lookahead stays long. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/travel/travel.h"
#include "sim/base/error.h"

struct travel_setup;

struct travel_world {
    bool *shut;         /* of each direction of a link: by the order given last of those in force */
    sim_time *ready;    /* of each direction of a link: when the next group may enter */
    sim_list *stranded; /* of each place: groups for which no way on is open */
};

MODEL_PART(travel)

#define MERGE (600 * SIM_SECOND)

static const sim_section sections[] = {
    {"places.*", "a place people set out from, pass or make for", 0},
    {"links.#", "a road or railway between two places", 0},
    {"travel", "how fast people travel", 0},
};

static const sim_param params[] = {
    {"places.*", "kind", SIM_CHOICE, SIM_DIM_NONE, NULL, 0, 0, MODEL_PLACE_WORDS, "what the place is",
     "none: must be given"},
    {"places.*", "at", SIM_POINT, SIM_DIM_NONE, "", 0, 0, NULL, "latitude and longitude in degrees, for the map",
     "not given: the place is not on the map"},
    {"links.#", "from", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "places.*", "one end", "none: must be given"},
    {"links.#", "to", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "places.*", "the other end", "none: must be given"},
    {"links.#", "name", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "name for orders; FROM-TO when not given",
     "definition"},
    {"links.#", "length", SIM_QUANTITY, SIM_DIM_LENGTH, NULL, 1, 2e7, NULL, "length of the way", "none: must be given"},
    {"links.#", "modes", SIM_CHOICES, SIM_DIM_NONE, "[foot, car, bus]", 0, 0, MODEL_MODE_WORDS, "who can use it",
     "assumption: a road without a railway"},
    {"links.#", "capacity", SIM_QUANTITY, SIM_DIM_RATE, "", 1e-9, 1e6, NULL, "people who can enter a time, each way",
     "not given: no limit"},
    {"links.#", "speed", SIM_QUANTITY, SIM_DIM_SPEED, "", 0.05, 100, NULL,
     "mean speed of vehicles here, instead of `travel`'s", "not given: that of `travel`"},
    {"links.#", "one_way", SIM_BOOL, SIM_DIM_NONE, "false", 0, 0, NULL, "only from `from` to `to`",
     "assumption: roads run both ways"},
    {"travel", "speed.foot", SIM_QUANTITY, SIM_DIM_SPEED, "1.34 m/s", 0.05, 10, NULL, "mean walking speed",
     "general knowledge (Fruin 1971; Weidmann 1993); the range 0.8-1.7 m/s is reported"},
    {"travel", "speed.car", SIM_QUANTITY, SIM_DIM_SPEED, "60 km/h", 0.05, 100, NULL, "mean speed of cars",
     "assumption: country roads"},
    {"travel", "speed.bus", SIM_QUANTITY, SIM_DIM_SPEED, "50 km/h", 0.05, 100, NULL, "mean speed of buses",
     "assumption: country roads, stops"},
    {"travel", "speed.rail", SIM_QUANTITY, SIM_DIM_SPEED, "60 km/h", 0.05, 100, NULL, "mean speed of trains",
     "assumption: slow evacuation trains"},
    {"travel", "variation", SIM_DIST, SIM_DIM_NONE, "{triangular: {low: 0.8, mode: 1, high: 1.4}}", 0.1, 100, NULL,
     "factor of a group on all its travel times, of mean about 1",
     "assumption: walking speeds of 0.8-1.7 m/s about a mean of 1.34 give about this spread"},
};

static const model_metric metrics[] = {
    SHARED_LEVEL(
        state, "people/present", "people", PLACE, STATE,
        "people in each state; travelling people count for the place they travel to, their peak as seen once a "
        "control_interval",
        "conservation: the states add up to all who set out"),
    SHARED_COUNT(set_out, "flow/set_out", "people", PLACE, NOTHING, "people who set out from here", ""),
    SHARED_DURATION(travel_time, "travel/time", PLACE, CLASS, "time from setting out until the post is reached", ""),
};

static const char *const speed_names[MODEL_MODES] = {"speed.foot", "speed.car", "speed.bus", "speed.rail"};

static int read_places(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *section = "places.*";
    size_t n = sim_elements(config, section);
    if (n == 0 || n > UINT16_MAX) {
        sim_diag_error(diag, sim_element_mark(config, "", 0), "1 to 65535 places", NULL, "the scenario has %zu places",
                       n);
        return 0;
    }
    setup->places = model_take(setup, n, sizeof *setup->places);
    if (setup->places == NULL)
        return SIM_E_MEMORY;
    setup->place_count = (uint32_t)n;
    for (uint32_t i = 0; i < n; i++) {
        model_place *place = &setup->places[i];
        *place = (model_place){
            .name = sim_element_name(config, section, i),
            .kind = (model_place_kind)sim_choice(config, section, "kind", i),
            .latitude = (double)NAN,
            .longitude = (double)NAN,
            .site = MODEL_NONE,
        };
        if (sim_given(config, section, "at", i))
            sim_point(config, section, "at", i, &place->latitude, &place->longitude);
    }
    return 0;
}

static void read_arc(model_setup *setup, const sim_config *config, uint32_t link, uint32_t from, uint32_t to)
{
    const char *section = "links.#";
    model_arc *arc = &setup->arcs[setup->arc_count++];
    *arc = (model_arc){.from = from, .to = to, .link = link, .modes = sim_choices(config, section, "modes", link)};
    double length = sim_quantity(config, section, "length", link);
    for (int mode = 0; mode < MODEL_MODES; mode++) {
        double speed = sim_quantity(config, "travel", speed_names[mode], 0);
        if (mode > 0 && sim_given(config, section, "speed", link))
            speed = sim_quantity(config, section, "speed", link);
        arc->duration[mode] = (sim_time)(length / speed * 1e6 + 0.5);
    }
    if (sim_given(config, section, "capacity", link))
        arc->gap = 1e6 / (sim_quantity(config, section, "capacity", link) * setup->capacity);
}

static int read_links(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *section = "links.#";
    size_t n = sim_elements(config, section);
    setup->arcs = model_take(setup, 2 * n, sizeof *setup->arcs);
    if (setup->arcs == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = (uint32_t)sim_name(config, section, "from", i),
                 to = (uint32_t)sim_name(config, section, "to", i);
        if (from == to) {
            sim_diag_error(diag, sim_value_mark(config, section, "to", i), "another place than `from`", NULL,
                           "a link leads from a place to itself");
            continue;
        }
        read_arc(setup, config, i, from, to);
        if (!sim_bool(config, section, "one_way", i))
            read_arc(setup, config, i, to, from);
    }
    return 0;
}

static uint32_t root_of(uint32_t *parents, uint32_t i)
{
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

static sim_time shortest_duration(const model_setup *setup, const model_arc *arc)
{
    sim_time least = SIM_FOREVER;
    for (int mode = 0; mode < MODEL_MODES; mode++)
        if ((arc->modes >> mode & 1) && arc->duration[mode] < least)
            least = arc->duration[mode];
    return (sim_time)((double)least * setup->travel_factor_minimum);
}

/* Places within MERGE of each other share a logical process; the lookahead is the shortest way between two processes.
 */
static int divide(model_setup *setup)
{
    uint32_t *parents = malloc(setup->place_count * sizeof *parents);
    if (parents == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->place_count; i++)
        parents[i] = i;
    for (uint32_t i = 0; i < setup->arc_count; i++)
        if (shortest_duration(setup, &setup->arcs[i]) < MERGE)
            parents[root_of(parents, setup->arcs[i].from)] = root_of(parents, setup->arcs[i].to);
    setup->process_count = 0;
    for (uint32_t i = 0; i < setup->place_count; i++)
        if (parents[i] == i)
            setup->places[i].process = setup->process_count++;
    for (uint32_t i = 0; i < setup->place_count; i++)
        setup->places[i].process = setup->places[root_of(parents, i)].process;
    free(parents);
    setup->lookahead = setup->end;
    for (uint32_t i = 0; i < setup->arc_count; i++) {
        const model_arc *arc = &setup->arcs[i];
        sim_time least = shortest_duration(setup, arc);
        if (setup->places[arc->from].process != setup->places[arc->to].process && least < setup->lookahead)
            setup->lookahead = least;
    }
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *why = NULL;
    int ret = sim_dist_compile(&setup->travel_factor, sim_distribution(config, "travel", "variation", 0), 1.0, &why);
    if (ret == SIM_E_INPUT)
        sim_diag_error(diag, sim_value_mark(config, "travel", "variation", 0), NULL, NULL, "%s", why);
    if (ret == 0)
        ret = read_places(setup, config, diag);
    if (ret == 0 && setup->place_count > 0)
        ret = read_links(setup, config, diag);
    if (ret != 0 || setup->place_count == 0)
        return ret;
    setup->travel_factor_minimum = sim_dist_draw(&setup->travel_factor, 0);
    if (setup->travel_factor_minimum < 0.01) {
        sim_diag_error(diag, sim_value_mark(config, "travel", "variation", 0), "values of at least 0.01", NULL,
                       "travel times could shrink to nothing");
        setup->travel_factor_minimum = 1;
    }
    return divide(setup);
}

static void release(model_setup *setup)
{
    sim_dist_free(&setup->travel_factor);
}

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < setup->place_count; i++)
        own_world(world)->stranded[i] = (sim_list){SIM_NOBODY, SIM_NOBODY};
    model_travel_reroute(world, 0);
    return 0;
}

/* Shortest times of all places to one post by one mode (label correcting; ties go to the earlier link). */
static void find_routes(model_world *world, uint32_t mode, uint32_t site)
{
    const model_setup *setup = world->setup;
    sim_time *times = world->route_time + model_route_index(setup, mode, site, 0);
    uint32_t *arcs = world->route_arc + model_route_index(setup, mode, site, 0);
    for (uint32_t i = 0; i < setup->place_count; i++) {
        times[i] = SIM_FOREVER;
        arcs[i] = MODEL_NONE;
    }
    times[setup->sites[site].place] = 0;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < setup->arc_count; i++) {
            const model_arc *arc = &setup->arcs[i];
            if (!model_arc_is_open(world, i) || (arc->modes >> mode & 1) == 0 || times[arc->to] == SIM_FOREVER)
                continue;
            sim_time time = times[arc->to] + arc->duration[mode];
            if (time < times[arc->from]) {
                times[arc->from] = time;
                arcs[arc->from] = i;
                again = true;
            }
        }
    }
}

void model_travel_reroute(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t mode = 0; mode < MODEL_MODES; mode++)
        for (uint32_t site = 0; site < setup->site_count; site++)
            find_routes(world, mode, site);
    for (uint32_t place = 0; place < setup->place_count; place++) {
        sim_list waiting = own_world(world)->stranded[place];
        own_world(world)->stranded[place] = (sim_list){SIM_NOBODY, SIM_NOBODY};
        sim_process *process =
            world->kernel.processes == NULL ? NULL : &world->kernel.processes[setup->places[place].process];
        for (uint32_t group = waiting.head; group != SIM_NOBODY;) {
            model_group *g = model_group_at(world, group);
            uint32_t next = g->customer.next;
            process->now = now;
            model_state_enter(world, place, MODEL_STRANDED, now, -(int64_t)g->customer.size);
            setup->way->restarts(world, process, group);
            group = next;
        }
    }
}

static void strand(model_world *world, uint32_t group, sim_time now)
{
    model_group *g = model_group_at(world, group);
    sim_list *list = &own_world(world)->stranded[g->place];
    g->customer.next = SIM_NOBODY;
    if (list->tail == SIM_NOBODY)
        list->head = group;
    else
        model_group_at(world, list->tail)->customer.next = group;
    list->tail = group;
    g->customer.since = now;
    model_state_enter(world, g->place, MODEL_STRANDED, now, g->customer.size);
}

void model_travel_go(model_world *world, sim_process *process, uint32_t group)
{
    const model_setup *setup = world->setup;
    model_group *g = model_group_at(world, group);
    uint32_t index =
        g->site == UINT16_MAX ? MODEL_NONE : world->route_arc[model_route_index(setup, g->mode, g->site, g->place)];
    if (index == MODEL_NONE) {
        strand(world, group, process->now);
        return;
    }
    const model_arc *arc = &setup->arcs[index];
    sim_time enters = process->now;
    if (arc->gap > 0) {
        if (own_world(world)->ready[index] > enters)
            enters = own_world(world)->ready[index];
        own_world(world)->ready[index] = enters + (sim_time)(arc->gap * g->customer.size + 0.5);
    }
    double factor = sim_dist_draw(&setup->travel_factor, sim_rng_draw(&world->rng, group, own_draw(0), 0));
    sim_time reaches = enters + (sim_time)((double)arc->duration[g->mode] * factor + 0.5);
    g->place = (uint16_t)arc->to;
    g->customer.since = process->now;
    sim_event event = sim_event_make(reaches, 2, group, MODEL_EVENT_REACH, 0);
    uint32_t to = setup->places[arc->to].process;
    if (to != process->id) {
        sim_send(process, to, event);
        return;
    }
    model_state_enter(world, arc->to, MODEL_TRAVELLING, process->now, g->customer.size);
    sim_schedule(process, event);
}

/* --- orders --- */

static void apply_link(model_world *world, const model_order *order, bool begin, sim_time now);

enum { CLOSE, OPEN };

static const model_order_kind orders[] = {
    [CLOSE] = {.name = "close_link",
               .doc = "nobody enters the link any more, either way",
               .targets = MODEL_TARGET_LINK,
               .who = MODEL_BY_ANYONE,
               .lead_source = "it strikes at once",
               .apply = apply_link},
    [OPEN] = {.name = "open_link",
              .doc = "opens a link again that an order has closed",
              .targets = MODEL_TARGET_LINK,
              .who = MODEL_BY_ANYONE,
              .lead_source = "assumption: given ahead of time",
              .apply = apply_link},
};

/* As far as these orders go a link is as the one given last says that is in force. Others may close it too. */
static void apply_link(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t arc = order->targets[i];
        const model_order *latest = model_order_latest(world, &orders[CLOSE], &orders[OPEN], arc, now);
        bool shut = latest != NULL && latest->kind == &orders[CLOSE];
        if (shut != own_world(world)->shut[arc])
            model_travel_close(world, arc, shut ? 1 : -1);
        own_world(world)->shut[arc] = shut;
    }
    model_travel_reroute(world, now);
}

static const model_column columns[] = {
    COLUMN(shut, bool, ARC),
    COLUMN(ready, sim_time, ARC),
    COLUMN(stranded, sim_list, PLACE),
};

const model model_of_travel = {
    .name = "travel",
    .doc = "places, links, routes by mode and the way of groups over them",
    .keys = "places links travel",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(order),
    .writes = "route_time route_arc arc_closings",
    .prepare = prepare,
    .release = release,
    .build = build,
    MODEL_TABLE(column),
    .world_size = sizeof(struct travel_world),
};
