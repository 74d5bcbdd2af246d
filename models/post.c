/* Posts: an exit side and an entry side, each a chain of stations, with procedures, waiting rooms and waiting areas.
 *
 * A group goes through the stations of the exit side, then of the entry side, in the order written, past those that take nobody of
 * it. It goes to one desk together: where the station serves persons its time is the sum over the people whom the station's
 * conditions select, where it serves groups it is one draw. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/world.h"
#include "sim/error.h"

#define SIDE_SECTIONS(side, words)                                                                                                  \
    {                                                                                                                               \
        "posts.*." side ".stations.*", "a station of the " words " side; what is given here stands instead of the station's own", 1 \
    }
#define SIDE_PARAMS(side, words)                                                                                                           \
    {"posts.*",                                                                                                                            \
     side ".waiting_area",                                                                                                                 \
     SIM_QUANTITY,                                                                                                                         \
     SIM_DIM_AREA,                                                                                                                         \
     "",                                                                                                                                   \
     0.1,                                                                                                                                  \
     1e8,                                                                                                                                  \
     NULL,                                                                                                                                 \
     "space of the " words " side for all who wait or are served there; when it is full, people wait before it",                           \
     "not given: no limit"},                                                                                                               \
        {"posts.*",                                                                                                                        \
         side ".density",                                                                                                                  \
         SIM_QUANTITY,                                                                                                                     \
         SIM_DIM_DENSITY,                                                                                                                  \
         "2 1/m2",                                                                                                                         \
         0.01,                                                                                                                             \
         8,                                                                                                                                \
         NULL,                                                                                                                             \
         "people a square metre at which the " words " side's area is full",                                                               \
         "Fruin 1971: movement is slowed at 2 people a square metre"},                                                                     \
        {"posts.*",                                                                                                                        \
         side ".opens",                                                                                                                    \
         SIM_CLOCK,                                                                                                                        \
         SIM_DIM_TIME,                                                                                                                     \
         "",                                                                                                                               \
         0,                                                                                                                                \
         0,                                                                                                                                \
         NULL,                                                                                                                             \
         "when the " words " side opens every day",                                                                                        \
         "not given: open day and night"},                                                                                                 \
        {"posts.*", side ".closes", SIM_CLOCK, SIM_DIM_TIME, "", 0, 0, NULL, "when it closes every day", "not given: open day and night"}, \
        {"posts.*." side ".stations.*",   "desks", SIM_COUNT, SIM_DIM_NONE, "", 0, 100000, NULL, "desks here",                             \
         "not given: as the station says"},                                                                                                \
        {"posts.*." side ".stations.*",   "procedure", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "procedure here at the start",              \
         "not given: as the station says"},                                                                                                \
    {                                                                                                                                      \
        "posts.*." side ".stations.*", "room", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL, "groups that can wait here",              \
            "not given: as the station says"                                                                                               \
    }

static const sim_section sections[] = {
    {"stations.*", "a kind of station: what is done there, for whom, how long it takes", 0},
    {"stations.*.procedures.*", "a way of working of the station", 0},
    {"posts.*", "a border crossing point; its name is that of a place of kind post", 0},
    SIDE_SECTIONS("exit", "exit"),
    SIDE_SECTIONS("entry", "entry"),
};

static const sim_param params[] = {
    {"stations.*", "serves", SIM_CHOICE, SIM_DIM_NONE, "person", 0, 0, "person group",
     "`person`: the service time is the sum over the persons concerned; `group`: one draw a group",
     "assumption: checks are made person by person"},
    {"stations.*", "time", SIM_DIST, SIM_DIM_TIME, "", 0, 30 * 86400.0, NULL, "service time; the procedure named `standard`",
     "none: this or procedures must be given"},
    {"stations.*", "procedure", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "procedure at the start; the first one when not given",
     "definition"},
    {"stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 100000, NULL, "desks (lanes, booths, kits) at each post", "assumption: one"},
    {"stations.*", "role", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "role of the staff it needs, as in `rosters`; always staffed when not given", "definition"},
    {"stations.*", "staff_per_desk", SIM_COUNT, SIM_DIM_NONE, "1", 1, 1000, NULL, "people of that role a desk needs",
     "assumption: one officer a desk"},
    {"stations.*", "discipline", SIM_CHOICE, SIM_DIM_NONE, "fifo", 0, 0, "fifo priority",
     "`fifo`: in order of arrival; `priority`: by the class's priority, in order of arrival within one, nobody interrupted",
     "assumption: one line"},
    {"stations.*", "room", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL,
     "groups that can wait; when it is full, the station before is held", "not given: no limit"},
    {"stations.*", "when", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "only people with any of these traits",
     "not given: everyone"},
    {"stations.*", "unless", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "not people with any of these traits",
     "not given: nobody is left out"},
    {"stations.*", "modes", SIM_CHOICES, SIM_DIM_NONE, "[foot, car, bus, rail]", 0, 0, MODEL_MODE_WORDS, "only groups that come by these",
     "definition: all"},
    {"stations.*.procedures.*", "time", SIM_DIST, SIM_DIM_TIME, NULL, 0, 30 * 86400.0, NULL, "service time", "none: must be given"},
    {"posts.*", "modes", SIM_CHOICES, SIM_DIM_NONE, "[foot, car, bus, rail]", 0, 0, MODEL_MODE_WORDS, "who can cross here",
     "definition: all"},
    {"posts.*", "appeal", SIM_QUANTITY, SIM_DIM_TIME, "0 h", -1e7, 1e7, NULL,
     "how much longer a way people accept for this post than for another (fame, buses on the far side)", "assumption: none"},
    {"posts.*", "when_full", SIM_CHOICE, SIM_DIM_NONE, "wait", 0, 0, "wait turn_away",
     "what becomes of people who come when area or room is full: they wait on the road, or are turned away", "assumption: they wait"},
    SIDE_PARAMS("exit", "exit"),
    SIDE_PARAMS("entry", "entry"),
};

static const sim_metric metrics[] = {
    {"flow/arrived", "people", SIM_METRIC_COUNT, SIM_OWNER_PLACE, SIM_BY_CLASS, NULL, NULL, "people who came to the post", ""},
    {"flow/crossed", "people", SIM_METRIC_COUNT, SIM_OWNER_PLACE, SIM_BY_CLASS, NULL, NULL, "people who crossed", "throughput"},
    {"flow/gave_up", "people", SIM_METRIC_COUNT, SIM_OWNER_PLACE, SIM_BY_CLASS, NULL, NULL, "people who lost patience or were turned away",
     ""},
    {"flow/on_time", "people", SIM_METRIC_COUNT, SIM_OWNER_PLACE, SIM_BY_CLASS, NULL, NULL,
     "people who crossed having waited no longer than `target_wait`", ""},
    {"wait/within_target", "1", SIM_METRIC_SHARE, SIM_OWNER_PLACE, SIM_BY_CLASS, "flow/on_time", "flow/crossed",
     "share of those who crossed whose wait was within `target_wait`", "UK Border Force service standard"},
    {"wait/post", "s", SIM_METRIC_DURATION, SIM_OWNER_PLACE, SIM_BY_CLASS, NULL, NULL,
     "time waited in all at the post, outside and in queues, by those who crossed", ""},
    {"wait/total_time", "s", SIM_METRIC_DURATION, SIM_OWNER_PLACE, SIM_BY_CLASS, NULL, NULL,
     "time from coming to the post until having crossed", ""},
    {"queue/outside", "people", SIM_METRIC_LEVEL, SIM_OWNER_PLACE, SIM_BY_NOTHING, NULL, NULL, "people on the road before a full post", ""},
};

/* --- reading --- */

static const char *const side_names[MODEL_SIDES] = {"exit", "entry"};
static const char *const side_stations[MODEL_SIDES] = {"posts.*.exit.stations.*", "posts.*.entry.stations.*"};

/* Name of a side's parameter, from a table of literals so that lookups need no buffer. */
typedef struct {
    const char *area, *density, *opens, *closes;
} side_keys;
static const side_keys keys[MODEL_SIDES] = {
    {"exit.waiting_area", "exit.density", "exit.opens", "exit.closes"},
    {"entry.waiting_area", "entry.density", "entry.opens", "entry.closes"},
};

static int compile_procedure(model_setup *setup, const sim_config *config, const char *section, size_t element, const char *name,
                             sim_diag *diag)
{
    const char *why = NULL;
    model_procedure *procedure = &setup->procedures[setup->procedure_count];
    procedure->name = name;
    int ret = sim_dist_compile(&procedure->time, sim_distribution(config, section, "time", element), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, section, "time", element), NULL, NULL, "%s", why);
        return 0;
    }
    if (ret == 0)
        setup->procedure_count++;
    return ret;
}

/* The procedures of the declared station; *first and *count say where they stand. */
static int read_procedures(model_setup *setup, const sim_config *config, size_t station, uint32_t *first, uint32_t *count, sim_diag *diag)
{
    size_t start, n;
    int ret = 0;
    sim_children(config, "stations.*.procedures.*", station, &start, &n);
    *first = setup->procedure_count;
    if (sim_given(config, "stations.*", "time", station))
        ret = compile_procedure(setup, config, "stations.*", station, "standard", diag);
    for (size_t i = start; ret == 0 && i < start + n; i++)
        ret = compile_procedure(setup, config, "stations.*.procedures.*", i, sim_element_name(config, "stations.*.procedures.*", i), diag);
    *count = setup->procedure_count - *first;
    if (*count == 0 && ret == 0 && n == 0 && !sim_given(config, "stations.*", "time", station))
        sim_diag_error(diag, sim_element_mark(config, "stations.*", station), "`time`, or `procedures`", NULL,
                       "station \"%s\" has no service time", sim_element_name(config, "stations.*", station));
    return ret;
}

/* The procedure of this name among a station's, told with a suggestion when there is none. */
static uint32_t find_procedure(const model_setup *setup, const model_station *station, const char *name, sim_mark mark, sim_diag *diag)
{
    const char *words[64];
    size_t n = 0;
    for (uint32_t i = 0; i < station->procedure_count; i++) {
        const char *known = setup->procedures[station->procedures + i].name;
        if (strcmp(known, name) == 0)
            return station->procedures + i;
        if (n < 64)
            words[n++] = known;
    }
    sim_diag_error(diag, mark, "the name of one of the station's procedures", sim_diag_nearest(name, words, n),
                   "station \"%s\" has no procedure \"%s\"", station->kind, name);
    return station->procedures;
}

static int read_station(model_setup *setup, const sim_config *config, uint32_t post, uint32_t side, size_t element, size_t declared,
                        const uint32_t *procedure_first, const uint32_t *procedure_count, sim_diag *diag)
{
    const char *own = side_stations[side];
    model_station *s = &setup->stations[setup->station_count];
    *s = (model_station){.kind = sim_element_name(config, "stations.*", declared),
                         .declared = (uint32_t)declared,
                         .post = post,
                         .side = side,
                         .place = setup->posts[post].place,
                         .next = MODEL_NONE};
    size_t length = strlen(setup->posts[post].name) + strlen(side_names[side]) + strlen(s->kind) + 3;
    s->name = malloc(length);
    if (s->name == NULL)
        return SIM_E_MEMORY;
    snprintf(s->name, length, "%s/%s/%s", setup->posts[post].name, side_names[side], s->kind);
    setup->station_count++;
    s->serves_people = sim_choice(config, "stations.*", "serves", declared) == 0;
    s->by_priority = sim_choice(config, "stations.*", "discipline", declared) == 1;
    s->modes = sim_choices(config, "stations.*", "modes", declared);
    s->when = model_traits_mask(config, "stations.*", "when", declared);
    s->unless = model_traits_mask(config, "stations.*", "unless", declared);
    s->role = sim_given(config, "stations.*", "role", declared) ? sim_text(config, "stations.*", "role", declared) : "";
    s->staff_per_desk = (uint32_t)sim_count(config, "stations.*", "staff_per_desk", declared);
    s->procedures = procedure_first[declared];
    s->procedure_count = procedure_count[declared];
    bool here = sim_given(config, own, "desks", element);
    s->desks =
        (uint32_t)model_scaled(setup, here ? sim_count(config, own, "desks", element) : sim_count(config, "stations.*", "desks", declared));
    s->room = UINT32_MAX;
    if (sim_given(config, own, "room", element))
        s->room = (uint32_t)sim_count(config, own, "room", element);
    else if (sim_given(config, "stations.*", "room", declared))
        s->room = (uint32_t)sim_count(config, "stations.*", "room", declared);
    s->procedure = s->procedures;
    if (s->procedure_count == 0)
        return 0;
    if (sim_given(config, own, "procedure", element))
        s->procedure =
            find_procedure(setup, s, sim_text(config, own, "procedure", element), sim_value_mark(config, own, "procedure", element), diag);
    else if (sim_given(config, "stations.*", "procedure", declared))
        s->procedure = find_procedure(setup, s, sim_text(config, "stations.*", "procedure", declared),
                                      sim_value_mark(config, "stations.*", "procedure", declared), diag);
    return 0;
}

static void read_side(model_setup *setup, const sim_config *config, uint32_t post, uint32_t side, sim_diag *diag)
{
    model_post *p = &setup->posts[post];
    const side_keys *k = &keys[side];
    p->capacity[side] = INT64_MAX;
    if (sim_given(config, "posts.*", k->area, post)) {
        double people =
            sim_quantity(config, "posts.*", k->area, post) * sim_quantity(config, "posts.*", k->density, post) * setup->capacity;
        p->capacity[side] = people < 1 ? 1 : (int64_t)people;
    }
    p->opens[side] = p->closes[side] = -1;
    bool opens = sim_given(config, "posts.*", k->opens, post), closes = sim_given(config, "posts.*", k->closes, post);
    if (opens != closes) {
        sim_diag_error(diag, sim_value_mark(config, "posts.*", opens ? k->opens : k->closes, post), "both `opens` and `closes`, or neither",
                       NULL, "opening hours need two ends");
    } else if (opens) {
        p->opens[side] = sim_micros(config, "posts.*", k->opens, post);
        p->closes[side] = sim_micros(config, "posts.*", k->closes, post);
    }
}

static void report_no_place(const model_setup *setup, const char *name, sim_mark mark, sim_diag *diag)
{
    const char *words[256];
    size_t n = 0;
    for (uint32_t i = 0; i < setup->place_count && n < 256; i++)
        if (setup->places[i].kind == MODEL_POST)
            words[n++] = setup->places[i].name;
    sim_diag_error(diag, mark, "the name of a place of kind post", sim_diag_nearest(name, words, n),
                   "there is no place of kind post called \"%s\"", name);
}

static int read_post(model_setup *setup, const sim_config *config, uint32_t post, const uint32_t *procedure_first,
                     const uint32_t *procedure_count, sim_diag *diag)
{
    model_post *p = &setup->posts[post];
    p->name = sim_element_name(config, "posts.*", post);
    p->first_station = setup->station_count;
    ptrdiff_t place = sim_element_find(config, "places.*", p->name);
    if (place >= 0 && (size_t)place < setup->place_count && setup->places[place].kind == MODEL_POST) {
        p->place = (uint32_t)place;
        setup->places[place].post = post;
    } else { /* its stations are read all the same, for what is wrong with them */
        setup->posts_in_doubt = true;
        report_no_place(setup, p->name, sim_element_mark(config, "posts.*", post), diag);
    }
    p->modes = sim_choices(config, "posts.*", "modes", post);
    p->appeal = sim_quantity(config, "posts.*", "appeal", post);
    p->turn_away = sim_choice(config, "posts.*", "when_full", post) == 1;
    for (uint32_t side = 0; side < MODEL_SIDES; side++) {
        size_t first, count;
        read_side(setup, config, post, side, diag);
        sim_children(config, side_stations[side], post, &first, &count);
        for (size_t i = first; i < first + count; i++) {
            const char *name = sim_element_name(config, side_stations[side], i);
            ptrdiff_t declared = sim_element_find(config, "stations.*", name);
            if (declared < 0) {
                const char *words[64];
                size_t n = sim_elements(config, "stations.*");
                for (size_t k = 0; k < n && k < 64; k++)
                    words[k] = sim_element_name(config, "stations.*", k);
                setup->posts_in_doubt = true;
                sim_diag_error(diag, sim_element_mark(config, side_stations[side], i), "the name of an element of `stations`",
                               sim_diag_nearest(name, words, n < 64 ? n : 64), "there is no station \"%s\"", name);
                continue;
            }
            int ret = read_station(setup, config, post, side, i, (size_t)declared, procedure_first, procedure_count, diag);
            if (ret != 0)
                return ret;
        }
    }
    p->station_count = setup->station_count - p->first_station;
    for (uint32_t i = p->first_station; i + 1 < setup->station_count; i++)
        setup->stations[i].next = i + 1;
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    size_t posts = sim_elements(config, "posts.*"), declared = sim_elements(config, "stations.*");
    size_t stations = sim_elements(config, side_stations[0]) + sim_elements(config, side_stations[1]);
    size_t procedures = declared + sim_elements(config, "stations.*.procedures.*");
    setup->posts = calloc(posts + 1, sizeof *setup->posts);
    setup->stations = calloc(stations + 1, sizeof *setup->stations);
    setup->procedures = calloc(procedures + 1, sizeof *setup->procedures);
    uint32_t *first = calloc(2 * declared + 1, sizeof *first), *count = first == NULL ? NULL : first + declared;
    int ret = SIM_E_MEMORY;
    if (setup->posts == NULL || setup->stations == NULL || setup->procedures == NULL || first == NULL)
        goto out;
    if (posts == 0)
        sim_diag_error(diag, sim_element_mark(config, "", 0), "at least one element of `posts`", NULL, "the scenario has no border post");
    if (stations > UINT16_MAX - 1 || posts > UINT16_MAX - 1)
        sim_diag_error(diag, sim_element_mark(config, "", 0), "at most 65534 posts and stations", NULL, "too many posts or stations");
    sim_dist_spec exponential;
    const char *why;
    sim_dist_spec_init(&exponential);
    exponential.family = SIM_DIST_EXPONENTIAL;
    exponential.a = 1;
    ret = sim_dist_compile(&setup->unit_exponential, &exponential, 1.0, &why);
    for (size_t i = 0; ret == 0 && i < declared; i++)
        ret = read_procedures(setup, config, i, &first[i], &count[i], diag);
    for (size_t i = 0; ret == 0 && i < posts; i++) {
        setup->post_count++;
        ret = read_post(setup, config, (uint32_t)i, first, count, diag);
    }
out:
    free(first);
    return ret;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < setup->station_count; i++)
        free(setup->stations[i].name);
    for (uint32_t i = 0; i < setup->procedure_count; i++)
        sim_dist_free(&setup->procedures[i].time);
    sim_dist_free(&setup->unit_exponential);
    free(setup->stations);
    free(setup->procedures);
    free(setup->posts);
}

/* --- a replication --- */

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    world->procedure = calloc(setup->station_count + 1, sizeof *world->procedure);
    world->lanes = calloc(setup->station_count + 1, sizeof *world->lanes);
    world->outages = calloc(setup->station_count + 1, sizeof *world->outages);
    world->post_states = aligned_alloc(128, (setup->post_count + 1) * sizeof *world->post_states);
    if (world->procedure == NULL || world->lanes == NULL || world->outages == NULL || world->post_states == NULL)
        return SIM_E_MEMORY;
    memset(world->post_states, 0, setup->post_count * sizeof *world->post_states);
    for (uint32_t i = 0; i < setup->station_count; i++) {
        const model_station *s = &setup->stations[i];
        const model_post *p = &setup->posts[s->post];
        sim_station *station = &world->network.stations[i];
        world->procedure[i] = s->procedure;
        world->lanes[i] = s->desks;
        station->process = setup->places[s->place].process;
        station->room = s->room;
        station->loss = p->turn_away;
        if (p->capacity[s->side] != INT64_MAX)
            station->area = s->post * MODEL_SIDES + s->side;
    }
    for (uint32_t i = 0; i < setup->post_count * MODEL_SIDES; i++)
        world->network.areas[i].capacity = setup->posts[i / MODEL_SIDES].capacity[i % MODEL_SIDES];
    return 0;
}

static void demolish(model_world *world)
{
    free(world->procedure);
    free(world->lanes);
    free(world->outages);
    free(world->post_states);
}

bool model_post_selects(const model_station *station, uint32_t traits)
{
    return (station->when == 0 || (traits & station->when) != 0) && (traits & station->unless) == 0;
}

static bool selects(const model_world *world, const model_station *station, const model_group *g)
{
    if ((station->modes >> g->mode & 1) == 0)
        return false;
    if ((station->when | station->unless) == 0)
        return true;
    for (uint32_t i = 0; i < g->customer.size; i++)
        if (model_post_selects(station, world->traits[g->first_person + i]))
            return true;
    return false;
}

/* The first station from `station` on that takes someone of the group. */
static uint32_t first_from(const model_world *world, uint32_t station, const model_group *g)
{
    while (station != MODEL_NONE && !selects(world, &world->setup->stations[station], g))
        station = world->setup->stations[station].next;
    return station;
}

static void set_priority(const model_setup *setup, uint32_t station, model_group *g)
{
    g->customer.priority = setup->stations[station].by_priority ? setup->classes[g->customer.class].priority : 0;
}

static void cross(model_world *world, sim_time now, model_group *g)
{
    uint32_t class = g->customer.class, size = g->customer.size, place = g->place;
    const model_metrics *m = &world->metrics;
    sim_record_count(&world->recorder, m->crossed, place, class, size);
    sim_record_duration(&world->recorder, m->post_wait, place, class, g->began, g->customer.waited, size);
    sim_record_duration(&world->recorder, m->post_time, place, class, g->began, now - g->began, size);
    if (g->customer.waited <= world->setup->target_wait)
        sim_record_count(&world->recorder, m->on_time, place, class, size);
    world->post_states[g->post].crossed += size;
    model_state_enter(world, place, MODEL_CROSSED, now, size);
}

void model_post_arrive(model_world *world, sim_process *process, uint32_t group)
{
    const model_setup *setup = world->setup;
    model_group *g = model_group_at(world, group);
    const model_post *p = &setup->posts[g->post];
    sim_time now = process->now;
    g->began = now;
    if (g->visits < UINT8_MAX)
        g->visits++;
    sim_record_count(&world->recorder, world->metrics.arrived, g->place, g->customer.class, g->customer.size);
    uint32_t station = p->station_count == 0 ? MODEL_NONE : first_from(world, p->first_station, g);
    if (station == MODEL_NONE) {
        g->customer.waited = 0;
        cross(world, now, g);
        return;
    }
    set_priority(setup, station, g);
    sim_time deadline = SIM_FOREVER;
    if (!setup->patient)
        deadline =
            now + (sim_time)(sim_dist_draw(&setup->patience, sim_rng_draw(&world->rng, group, MODEL_DRAW_PATIENCE, g->visits)) + 0.5);
    sim_network_arrive(&world->network, process, station, group, deadline);
}

/* The time by the procedure, before the desk's people slow it. */
static sim_time work_time(const model_world *world, uint32_t station, uint32_t group)
{
    const model_station *s = &world->setup->stations[station];
    const model_group *g = model_group_at(world, group);
    const sim_dist *time = &world->setup->procedures[world->procedure[station]].time;
    uint32_t purpose = MODEL_DRAW_SERVICE + station, base = (uint32_t)g->visits << 16;
    if (!s->serves_people || g->customer.size == 1)
        return (sim_time)(sim_dist_draw(time, sim_rng_draw(&world->rng, group, purpose, base)) + 0.5);
    uint64_t pair[2] = {0, 0};
    bool all = (s->when | s->unless) == 0;
    sim_time sum = 0;
    for (uint32_t i = 0; i < g->customer.size; i++) {
        if (i % 2 == 0)
            sim_rng_pair(&world->rng, group, purpose, (base + i) / 2, pair);
        if (all || model_post_selects(s, world->traits[g->first_person + i]))
            sum += (sim_time)(sim_dist_draw(time, pair[i % 2]) + 0.5);
    }
    return sum;
}

static sim_time service(sim_network *network, sim_process *process, uint32_t station, uint32_t group)
{
    (void)process;
    const model_world *world = network->context;
    sim_time time = work_time(world, station, group);
    return world->pace == NULL ? time : (sim_time)((double)time * world->pace[station] + 0.5);
}

static uint32_t route(sim_network *network, sim_process *process, uint32_t station, uint32_t group)
{
    (void)process;
    model_world *world = network->context;
    model_group *g = model_group_at(world, group);
    model_screening_apply(world, station, group);
    uint32_t next = first_from(world, world->setup->stations[station].next, g);
    if (next == MODEL_NONE)
        return SIM_LEAVES;
    set_priority(world->setup, next, g);
    return next;
}

static void changed(sim_network *network, sim_process *process, uint32_t group, sim_customer_state before)
{
    static const model_state states[] = {[SIM_ELSEWHERE] = MODEL_STATES,
                                         [SIM_OUTSIDE] = MODEL_WAITING,
                                         [SIM_QUEUED] = MODEL_WAITING,
                                         [SIM_SERVED] = MODEL_IN_SERVICE,
                                         [SIM_HELD] = MODEL_IN_SERVICE};
    model_world *world = network->context;
    const model_group *g = model_group_at(world, group);
    model_state from = states[before], to = states[g->customer.state];
    int64_t people = g->customer.size;
    if (before == SIM_OUTSIDE || g->customer.state == SIM_OUTSIDE)
        sim_record_level(&world->recorder, world->metrics.outside, g->place, 0, process->now, before == SIM_OUTSIDE ? -people : people);
    if (from == to)
        return;
    model_post_state *post = &world->post_states[g->post];
    post->waiting += (to == MODEL_WAITING ? people : 0) - (from == MODEL_WAITING ? people : 0);
    if (from != MODEL_STATES)
        model_state_enter(world, g->place, from, process->now, -people);
    if (to != MODEL_STATES)
        model_state_enter(world, g->place, to, process->now, people);
}

/* Those who cannot or will not go on. */
static void give_up(model_world *world, sim_process *process, uint32_t group)
{
    model_group *g = model_group_at(world, group);
    sim_record_count(&world->recorder, world->metrics.gave_up, g->place, g->customer.class, g->customer.size);
    if (world->setup->tries_another_post && !g->fixed && g->visits < 16) {
        uint32_t post = model_choice_choose(world, group, g->post);
        if (post != MODEL_NONE) {
            g->post = (uint16_t)post;
            g->began = process->now;
            model_travel_go(world, process, group);
            return;
        }
    }
    model_state_enter(world, g->place, MODEL_GAVE_UP, process->now, g->customer.size);
}

static void left(sim_network *network, sim_process *process, uint32_t station, uint32_t group, bool reneged)
{
    (void)station;
    model_world *world = network->context;
    if (reneged)
        give_up(world, process, group);
    else
        cross(world, process->now, model_group_at(world, group));
}

/* Keeps the journey log, where one is kept. */
static void started(sim_network *network, sim_process *process, uint32_t station, uint32_t group, sim_time queued, sim_time time)
{
    model_world *world = network->context;
    if (world->journeys == NULL)
        return;
    model_journeys *journeys = &world->journeys[process->id];
    if (journeys->count == journeys->room) {
        size_t room = journeys->room + journeys->room / 2 + 1024;
        model_journey *rows = realloc(journeys->rows, room * sizeof *rows);
        if (rows == NULL) {
            process->queue.failed = true;
            return;
        }
        journeys->rows = rows;
        journeys->room = room;
    }
    journeys->rows[journeys->count++] =
        (model_journey){queued, process->now, process->now + time, group, (uint16_t)station, sim_network_customer(network, group)->size};
}

const sim_network_operations model_post_operations = {service, route, left, changed, started};

static void visit(model_world *world, struct model_image *image)
{
    const model_setup *setup = world->setup;
    model_image_visit(image, world->procedure, setup->station_count * sizeof *world->procedure);
    model_image_visit(image, world->lanes, setup->station_count * sizeof *world->lanes);
    model_image_visit(image, world->outages, setup->station_count * sizeof *world->outages);
    model_image_visit(image, world->post_states, setup->post_count * sizeof *world->post_states);
    model_image_visit(image, &world->staffing_changed, sizeof world->staffing_changed);
}

const model model_of_post = {
    .name = "post",
    .doc = "border posts: sides, stations, procedures, waiting rooms and areas",
    .keys = "people classes places links travel stations posts",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .metrics = metrics,
    .metric_count = sizeof metrics / sizeof *metrics,
    .prepare = prepare,
    .release = release,
    .build = build,
    .demolish = demolish,
    .visit = visit,
};
