/* Sites and their stations as declared: posts with an exit side and an entry side, centres with one chain; procedures,
 * waiting rooms and areas; where people go on to.
 *
 * A group goes through the stations of the exit side, then of the entry side, in the order written, past those that
 * take nobody of it. It goes to one desk together: where the station serves persons its time is the sum over the people
 * whom the station's conditions select, where it serves groups it is one draw. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "sim/base/error.h"

#define SIDE_SECTIONS(side, words)                                                                       \
    {                                                                                                    \
        "posts.*." side ".stations.*",                                                                   \
            "a station of the " words " side; what is given here stands instead of the station's own", 1 \
    }
#define SIDE_PARAMS(side, words)                                                                                 \
    {"posts.*",                                                                                                  \
     side ".waiting_area",                                                                                       \
     SIM_QUANTITY,                                                                                               \
     SIM_DIM_AREA,                                                                                               \
     "",                                                                                                         \
     0.1,                                                                                                        \
     1e8,                                                                                                        \
     NULL,                                                                                                       \
     "space of the " words " side for all who wait or are served there; when it is full, people wait before it", \
     "not given: no limit"},                                                                                     \
        {"posts.*",                                                                                              \
         side ".density",                                                                                        \
         SIM_QUANTITY,                                                                                           \
         SIM_DIM_DENSITY,                                                                                        \
         "2 1/m2",                                                                                               \
         0.01,                                                                                                   \
         8,                                                                                                      \
         NULL,                                                                                                   \
         "people a square metre at which the " words " side's area is full",                                     \
         "Fruin 1971: movement is slowed at 2 people a square metre"},                                           \
        {"posts.*",                                                                                              \
         side ".opens",                                                                                          \
         SIM_CLOCK,                                                                                              \
         SIM_DIM_TIME,                                                                                           \
         "",                                                                                                     \
         0,                                                                                                      \
         0,                                                                                                      \
         NULL,                                                                                                   \
         "when the " words " side opens every day",                                                              \
         "not given: open day and night"},                                                                       \
        {"posts.*",                                                                                              \
         side ".closes",                                                                                         \
         SIM_CLOCK,                                                                                              \
         SIM_DIM_TIME,                                                                                           \
         "",                                                                                                     \
         0,                                                                                                      \
         0,                                                                                                      \
         NULL,                                                                                                   \
         "when it closes every day",                                                                             \
         "not given: open day and night"},                                                                       \
        {"posts.*." side ".stations.*",   "desks", SIM_COUNT, SIM_DIM_NONE, "", 0, 100000, NULL, "desks here",   \
         "not given: as the station says"},                                                                      \
        {"posts.*." side ".stations.*",                                                                          \
         "procedure",                                                                                            \
         SIM_TEXT,                                                                                               \
         SIM_DIM_NONE,                                                                                           \
         "",                                                                                                     \
         0,                                                                                                      \
         0,                                                                                                      \
         NULL,                                                                                                   \
         "procedure here at the start",                                                                          \
         "not given: as the station says"},                                                                      \
    {                                                                                                            \
        "posts.*." side ".stations.*", "room", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL,                 \
            "groups that can wait here", "not given: as the station says"                                        \
    }

static const sim_section sections[] = {
    {"stations.*", "a kind of station: what is done there, for whom, how long it takes", 0},
    {"stations.*.procedures.*", "a way of working of the station", 0},
    {"posts.*", "a border crossing point; its name is that of a place of kind post", 0},
    SIDE_SECTIONS("exit", "exit"),
    SIDE_SECTIONS("entry", "entry"),
    {"centres.*", "a transit, reception or registration centre; its name is that of a place of kind centre", 0},
    {"centres.*.stations.*", "a station of the centre, in the order in which they are passed", 1},
    {"onward.#",
     "where people go on to once they are through with a site; shares of rows that fit are added up, the rest stays",
     0},
};

static const sim_param params[] = {
    {"stations.*", "serves", SIM_CHOICE, SIM_DIM_NONE, "person", 0, 0, "person group",
     "`person`: the service time is the sum over the persons concerned; `group`: one draw a group",
     "assumption: checks are made person by person"},
    {"stations.*", "time", SIM_DIST, SIM_DIM_TIME, "", 0, 30 * 86400.0, NULL,
     "service time; the procedure named `standard`", "none: this or procedures must be given"},
    {"stations.*", "procedure", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "procedure at the start; the first one when not given", "definition"},
    {"stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "1", 0, 100000, NULL, "desks (lanes, booths, kits) at each post",
     "assumption: one"},
    {"stations.*", "role", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "role of the staff it needs, as in `rosters`; always staffed when not given", "definition"},
    {"stations.*", "staff_per_desk", SIM_COUNT, SIM_DIM_NONE, "1", 1, 1000, NULL, "people of that role a desk needs",
     "assumption: one officer a desk"},
    {"stations.*", "discipline", SIM_CHOICE, SIM_DIM_NONE, "fifo", 0, 0, "fifo priority",
     "`fifo`: in order of arrival; `priority`: by the class's priority, in order of arrival within one, nobody "
     "interrupted",
     "assumption: one line"},
    {"stations.*", "room", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL,
     "groups that can wait; when it is full, the station before is held", "not given: no limit"},
    {"stations.*", "when", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "only people with any of these traits",
     "not given: everyone"},
    {"stations.*", "unless", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "not people with any of these traits", "not given: nobody is left out"},
    {"stations.*", "modes", SIM_CHOICES, SIM_DIM_NONE, "[foot, car, bus, rail]", 0, 0, MODEL_MODE_WORDS,
     "only groups that come by these", "definition: all"},
    {"stations.*.procedures.*", "time", SIM_DIST, SIM_DIM_TIME, NULL, 0, 30 * 86400.0, NULL, "service time",
     "none: must be given"},
    {"posts.*", "modes", SIM_CHOICES, SIM_DIM_NONE, "[foot, car, bus, rail]", 0, 0, MODEL_MODE_WORDS,
     "who can cross here", "definition: all"},
    {"posts.*", "appeal", SIM_QUANTITY, SIM_DIM_TIME, "0 h", -1e7, 1e7, NULL,
     "how much longer a way people accept for this post than for another (fame, buses on the far side)",
     "assumption: none"},
    {"posts.*", "when_full", SIM_CHOICE, SIM_DIM_NONE, "wait", 0, 0, "wait turn_away",
     "what becomes of people who come when area or room is full: they wait on the road, or are turned away",
     "assumption: they wait"},
    SIDE_PARAMS("exit", "exit"),
    SIDE_PARAMS("entry", "entry"),
    {"centres.*", "beds", SIM_COUNT, SIM_DIM_NONE, "", 1, 100000000, NULL,
     "people it takes in; the others wait in the open before it", "not given: no limit"},
    {"centres.*", "covered_area", SIM_QUANTITY, SIM_DIM_AREA, "", 0.1, 1e8, NULL, "covered floor space",
     "not given: not known"},
    {"centres.*.stations.*", "desks", SIM_COUNT, SIM_DIM_NONE, "", 0, 10000000, NULL, "desks here",
     "not given: as the station says"},
    {"centres.*.stations.*", "procedure", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "procedure here at the start",
     "not given: as the station says"},
    {"centres.*.stations.*", "room", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL, "groups that can wait here",
     "not given: as the station says"},
    {"onward.#", "from", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.* places.*",
     "a post, centre or informal crossing", "none: must be given"},
    {"onward.#", "to", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.* places.*",
     "a post, centre, informal crossing or destination", "none: must be given"},
    {"onward.#", "share", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL,
     "probability that a group it concerns goes there", "definition: all"},
    {"onward.#", "when", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "only groups with someone who has any of these traits", "not given: all groups"},
    {"onward.#", "unless", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "not groups with someone who has any of these traits", "not given: no group is left out"},
    {"onward.#", "modes", SIM_CHOICES, SIM_DIM_NONE, "[foot, car, bus, rail]", 0, 0, MODEL_MODE_WORDS,
     "only groups that came by these", "definition: all"},
    {"onward.#", "by", SIM_CHOICE, SIM_DIM_NONE, "", 0, 0, MODEL_MODE_WORDS, "mode in which they go on",
     "not given: as they came"},
};

static const model_metric metrics[] = {
    SHARED_COUNT(arrived, "flow/arrived", "people", PLACE, CLASS, "people who came to the post", ""),
    SHARED_COUNT(crossed, "flow/crossed", "people", PLACE, CLASS, "people who crossed", "throughput"),
    SHARED_COUNT(gave_up, "flow/gave_up", "people", PLACE, CLASS, "people who lost patience or were turned away", ""),
    SHARED_COUNT(on_time, "flow/on_time", "people", PLACE, CLASS,
                 "people who crossed having waited no longer than `target_wait`", ""),
    METRIC_SHARE("wait/within_target", "1", PLACE, CLASS, "flow/on_time", "flow/crossed",
                 "share of those who crossed whose wait was within `target_wait`", "UK Border Force service standard"),
    SHARED_DURATION(post_wait, "wait/post", PLACE, CLASS,
                    "time waited in all at the post, outside and in queues, by those who crossed", ""),
    SHARED_DURATION(post_time, "wait/total_time", PLACE, CLASS, "time from coming to the post until having crossed",
                    ""),
    SHARED_LEVEL(outside, "queue/outside", "people", PLACE, NOTHING, "people on the road before a full post or centre",
                 ""),
    SHARED_COUNT(refused, "flow/refused", "people", PLACE, CLASS, "people to whom entry was refused", ""),
    SHARED_COUNT(irregular, "flow/irregular", "people", PLACE, CLASS, "people who crossed at an informal crossing", ""),
    SHARED_COUNT(settled, "flow/settled", "people", PLACE, CLASS,
                 "people who came to a destination, or are through with a centre", ""),
    SHARED_DURATION(centre_time, "wait/centre", PLACE, CLASS, "time from coming to the centre until going on",
                    "length of stay"),
};

/* --- reading --- */

static const char *const side_names[MODEL_SIDES] = {"exit", "entry"};
static const char *const side_stations[MODEL_SIDES] = {"posts.*.exit.stations.*", "posts.*.entry.stations.*"};
static const char *const centre_stations = "centres.*.stations.*";

/* Name of a side's parameter, from a table of literals so that lookups need no buffer. */
typedef struct {
    const char *area, *density, *opens, *closes;
} side_keys;
static const side_keys keys[MODEL_SIDES] = {
    {"exit.waiting_area", "exit.density", "exit.opens", "exit.closes"},
    {"entry.waiting_area", "entry.density", "entry.opens", "entry.closes"},
};

static int compile_procedure(model_setup *setup, const sim_config *config, const char *section, size_t element,
                             size_t station, const char *name, sim_diag *diag)
{
    const char *why = NULL;
    model_procedure *procedure = &setup->procedures[setup->procedure_count];
    *procedure = (model_procedure){
        .name = name,
        .serves_people = sim_choice(config, "stations.*", "serves", station) == 0,
        .element = strcmp(section, "stations.*") == 0 ? MODEL_NONE : (uint32_t)element,
        .detection = 1,
        .known_factor = 1,
    };
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
static int read_procedures(model_setup *setup, const sim_config *config, size_t station, uint32_t *first,
                           uint32_t *count, sim_diag *diag)
{
    size_t start, n;
    int ret = 0;
    sim_children(config, "stations.*.procedures.*", station, &start, &n);
    *first = setup->procedure_count;
    if (sim_given(config, "stations.*", "time", station))
        ret = compile_procedure(setup, config, "stations.*", station, station, "standard", diag);
    for (size_t i = start; ret == 0 && i < start + n; i++)
        ret = compile_procedure(setup, config, "stations.*.procedures.*", i, station,
                                sim_element_name(config, "stations.*.procedures.*", i), diag);
    *count = setup->procedure_count - *first;
    if (*count == 0 && ret == 0 && n == 0 && !sim_given(config, "stations.*", "time", station))
        sim_diag_error(diag, sim_element_mark(config, "stations.*", station), "`time`, or `procedures`", NULL,
                       "station \"%s\" has no service time", sim_element_name(config, "stations.*", station));
    return ret;
}

/* The procedure of this name among a station's, told with a suggestion when there is none. */
static uint32_t find_procedure(const model_setup *setup, const model_station *station, const char *name, sim_mark mark,
                               sim_diag *diag)
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

static int read_station(model_setup *setup, const sim_config *config, const char *own, uint32_t site, uint32_t side,
                        size_t element, size_t declared, const uint32_t *procedure_first,
                        const uint32_t *procedure_count, sim_diag *diag)
{
    model_station *s = &setup->stations[setup->station_count];
    *s = (model_station){
        .kind = sim_element_name(config, "stations.*", declared),
        .declared = (uint32_t)declared,
        .site = site,
        .side = side,
        .place = setup->sites[site].place,
        .next = MODEL_NONE,
    };
    size_t length = strlen(setup->sites[site].name) + strlen(side_names[side]) + strlen(s->kind) + 3;
    s->name = model_take(setup, length, 1);
    if (s->name == NULL)
        return SIM_E_MEMORY;
    snprintf(s->name, length, "%s/%s/%s", setup->sites[site].name, side_names[side], s->kind);
    setup->station_count++;
    s->by_priority = sim_choice(config, "stations.*", "discipline", declared) == 1;
    s->modes = sim_choices(config, "stations.*", "modes", declared);
    s->when = model_traits_mask(config, "stations.*", "when", declared);
    s->unless = model_traits_mask(config, "stations.*", "unless", declared);
    s->role = sim_given(config, "stations.*", "role", declared) ? sim_text(config, "stations.*", "role", declared) : "";
    s->staff_per_desk = (uint32_t)sim_count(config, "stations.*", "staff_per_desk", declared);
    s->procedures = procedure_first[declared];
    s->procedure_count = procedure_count[declared];
    bool here = sim_given(config, own, "desks", element);
    s->desks = (uint32_t)model_scaled(setup, here ? sim_count(config, own, "desks", element)
                                                  : sim_count(config, "stations.*", "desks", declared));
    s->room = UINT32_MAX;
    if (sim_given(config, own, "room", element))
        s->room = (uint32_t)sim_count(config, own, "room", element);
    else if (sim_given(config, "stations.*", "room", declared))
        s->room = (uint32_t)sim_count(config, "stations.*", "room", declared);
    s->procedure = s->procedures;
    if (s->procedure_count == 0)
        return 0;
    if (sim_given(config, own, "procedure", element))
        s->procedure = find_procedure(setup, s, sim_text(config, own, "procedure", element),
                                      sim_value_mark(config, own, "procedure", element), diag);
    else if (sim_given(config, "stations.*", "procedure", declared))
        s->procedure = find_procedure(setup, s, sim_text(config, "stations.*", "procedure", declared),
                                      sim_value_mark(config, "stations.*", "procedure", declared), diag);
    return 0;
}

static void read_side(model_setup *setup, const sim_config *config, uint32_t site, uint32_t side, sim_diag *diag)
{
    model_site *p = &setup->sites[site];
    const side_keys *k = &keys[side];
    p->capacity[side] = INT64_MAX;
    p->area[side] = (double)NAN;
    if (sim_given(config, "posts.*", k->area, site)) {
        p->area[side] = sim_quantity(config, "posts.*", k->area, site);
        double people = sim_quantity(config, "posts.*", k->area, site) *
                        sim_quantity(config, "posts.*", k->density, site) * setup->capacity;
        p->capacity[side] = people < 1 ? 1 : (int64_t)people;
    }
    p->opens[side] = p->closes[side] = -1;
    bool opens = sim_given(config, "posts.*", k->opens, site), closes = sim_given(config, "posts.*", k->closes, site);
    if (opens != closes) {
        sim_diag_error(diag, sim_value_mark(config, "posts.*", opens ? k->opens : k->closes, site),
                       "both `opens` and `closes`, or neither", NULL, "opening hours need two ends");
    } else if (opens) {
        p->opens[side] = sim_micros(config, "posts.*", k->opens, site);
        p->closes[side] = sim_micros(config, "posts.*", k->closes, site);
    }
}

static void report_no_place(const model_setup *setup, const char *name, model_place_kind kind, sim_mark mark,
                            sim_diag *diag)
{
    const char *words[256];
    size_t n = 0;
    for (uint32_t i = 0; i < setup->place_count && n < 256; i++)
        if (setup->places[i].kind == kind)
            words[n++] = setup->places[i].name;
    bool site = kind == MODEL_POST;
    sim_diag_error(diag, mark, site ? "the name of a place of kind post" : "the name of a place of kind centre",
                   sim_diag_nearest(name, words, n), "there is no place of kind %s called \"%s\"",
                   site ? "post" : "centre", name);
}

/* The stations of a side, in the order written. */
static int read_stations(model_setup *setup, const sim_config *config, const char *own, uint32_t site, uint32_t side,
                         size_t element, const uint32_t *procedure_first, const uint32_t *procedure_count,
                         sim_diag *diag)
{
    size_t first, count;
    sim_children(config, own, element, &first, &count);
    for (size_t i = first; i < first + count; i++) {
        const char *name = sim_element_name(config, own, i);
        ptrdiff_t declared = sim_element_find(config, "stations.*", name);
        if (declared < 0) {
            const char *words[64];
            size_t n = sim_elements(config, "stations.*");
            for (size_t k = 0; k < n && k < 64; k++)
                words[k] = sim_element_name(config, "stations.*", k);
            setup->sites_in_doubt = true;
            sim_diag_error(diag, sim_element_mark(config, own, i), "the name of an element of `stations`",
                           sim_diag_nearest(name, words, n < 64 ? n : 64), "there is no station \"%s\"", name);
            continue;
        }
        int ret =
            read_station(setup, config, own, site, side, i, (size_t)declared, procedure_first, procedure_count, diag);
        if (ret != 0)
            return ret;
    }
    return 0;
}

static void find_place(model_setup *setup, const sim_config *config, uint32_t site, const char *section, size_t element,
                       sim_diag *diag)
{
    model_site *p = &setup->sites[site];
    p->name = sim_element_name(config, section, element);
    p->declared = (uint32_t)element;
    p->first_station = setup->station_count;
    ptrdiff_t place = sim_element_find(config, "places.*", p->name);
    if (place >= 0 && (size_t)place < setup->place_count && setup->places[place].kind == p->kind) {
        p->place = (uint32_t)place;
        setup->places[place].site = site;
    } else { /* its stations are read all the same, for what is wrong with them */
        setup->sites_in_doubt = true;
        report_no_place(setup, p->name, p->kind, sim_element_mark(config, section, element), diag);
    }
}

static void chain_stations(model_setup *setup, model_site *p)
{
    p->station_count = setup->station_count - p->first_station;
    for (uint32_t i = p->first_station; i + 1 < setup->station_count; i++)
        setup->stations[i].next = i + 1;
}

static int read_post(model_setup *setup, const sim_config *config, uint32_t site, const uint32_t *procedure_first,
                     const uint32_t *procedure_count, sim_diag *diag)
{
    model_site *p = &setup->sites[site];
    p->kind = MODEL_POST;
    p->overflow = MODEL_NONE;
    find_place(setup, config, site, "posts.*", site, diag);
    p->modes = sim_choices(config, "posts.*", "modes", site);
    p->appeal = sim_quantity(config, "posts.*", "appeal", site);
    p->turn_away = sim_choice(config, "posts.*", "when_full", site) == 1;
    int ret = 0;
    for (uint32_t side = 0; side < MODEL_SIDES && ret == 0; side++) {
        read_side(setup, config, site, side, diag);
        ret =
            read_stations(setup, config, side_stations[side], site, side, site, procedure_first, procedure_count, diag);
    }
    chain_stations(setup, p);
    return ret;
}

/* A site without hours, appeal or a limit. */
static model_site open_site(model_place_kind kind)
{
    return (model_site){
        .kind = kind,
        .overflow = MODEL_NONE,
        .modes = (1u << MODEL_MODES) - 1,
        .capacity = {INT64_MAX, INT64_MAX},
        .area = {(double)NAN, (double)NAN},
        .opens = {-1, -1},
        .closes = {-1, -1},
    };
}

static int read_centre(model_setup *setup, const sim_config *config, size_t element, const uint32_t *procedure_first,
                       const uint32_t *procedure_count, sim_diag *diag)
{
    uint32_t site = setup->site_count++;
    model_site *p = &setup->sites[site];
    *p = open_site(MODEL_CENTRE);
    find_place(setup, config, site, "centres.*", element, diag);
    if (sim_given(config, "centres.*", "beds", element))
        p->capacity[1] = model_scaled(setup, sim_count(config, "centres.*", "beds", element));
    if (sim_given(config, "centres.*", "covered_area", element))
        p->area[1] = sim_quantity(config, "centres.*", "covered_area", element);
    int ret = read_stations(setup, config, centre_stations, site, 1, element, procedure_first, procedure_count, diag);
    chain_stations(setup, p);
    return ret;
}

/* Informal crossings and destinations: places where groups stop, without stations. */
static void add_other_sites(model_setup *setup)
{
    for (uint32_t place = 0; place < setup->place_count; place++) {
        model_place_kind kind = setup->places[place].kind;
        if (kind != MODEL_INFORMAL && kind != MODEL_DESTINATION)
            continue;
        setup->places[place].site = setup->site_count;
        model_site *p = &setup->sites[setup->site_count++];
        *p = open_site(kind);
        p->name = setup->places[place].name;
        p->declared = p->place = place;
        p->first_station = setup->station_count;
    }
}

static int read_onward(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    static const char *const section = "onward.#";
    size_t n = sim_elements(config, section);
    setup->onward = model_take(setup, n, sizeof *setup->onward);
    if (setup->onward == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        model_onward *o = &setup->onward[setup->onward_count++];
        *o = (model_onward){
            .from = model_site_of(setup, config, section, "from", i),
            .to = model_site_of(setup, config, section, "to", i),
            .when = model_traits_mask(config, section, "when", i),
            .unless = model_traits_mask(config, section, "unless", i),
            .modes = sim_choices(config, section, "modes", i),
            .by = sim_given(config, section, "by", i) ? sim_choice(config, section, "by", i) : MODEL_NONE,
            .share = sim_quantity(config, section, "share", i),
        };
        if (setup->sites_in_doubt)
            continue;
        if (o->from == MODEL_NONE || setup->sites[o->from].kind == MODEL_DESTINATION)
            sim_diag_error(diag, sim_value_mark(config, section, "from", i), "a post, a centre or an informal crossing",
                           NULL, "people do not stop there, or stay for good");
        if (o->to == MODEL_NONE || o->to == o->from)
            sim_diag_error(diag, sim_value_mark(config, section, "to", i),
                           "another post, centre, informal crossing or destination", NULL,
                           "people cannot go on to that");
        else
            setup->sites[o->to].is_later = true;
    }
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    size_t sites = sim_elements(config, "posts.*"), centres = sim_elements(config, "centres.*"),
           declared = sim_elements(config, "stations.*");
    size_t stations = sim_elements(config, side_stations[0]) + sim_elements(config, side_stations[1]) +
                      sim_elements(config, centre_stations);
    size_t procedures = declared + sim_elements(config, "stations.*.procedures.*");
    setup->sites = model_take(setup, sites + centres + setup->place_count, sizeof *setup->sites);
    setup->stations = model_take(setup, stations, sizeof *setup->stations);
    setup->procedures = model_take(setup, procedures, sizeof *setup->procedures);
    uint32_t *first = calloc(2 * declared + 1, sizeof *first), *count = first == NULL ? NULL : first + declared;
    int ret = SIM_E_MEMORY;
    if (setup->sites == NULL || setup->stations == NULL || setup->procedures == NULL || first == NULL)
        goto out;
    if (sites == 0)
        sim_diag_error(diag, sim_element_mark(config, "", 0), "at least one element of `posts`", NULL,
                       "the scenario has no border post");
    if (stations > UINT16_MAX - 1 || sites + centres + setup->place_count > UINT16_MAX - 1)
        sim_diag_error(diag, sim_element_mark(config, "", 0), "at most 65534 posts and stations", NULL,
                       "too many posts or stations");
    sim_dist_spec exponential;
    const char *why;
    sim_dist_spec_init(&exponential);
    exponential.family = SIM_DIST_EXPONENTIAL;
    exponential.a = 1;
    ret = sim_dist_compile(&setup->unit_exponential, &exponential, 1.0, &why);
    for (size_t i = 0; ret == 0 && i < declared; i++)
        ret = read_procedures(setup, config, i, &first[i], &count[i], diag);
    for (size_t i = 0; ret == 0 && i < sites; i++) {
        setup->post_count = ++setup->site_count;
        ret = read_post(setup, config, (uint32_t)i, first, count, diag);
    }
    for (size_t i = 0; ret == 0 && i < centres; i++)
        ret = read_centre(setup, config, i, first, count, diag);
    if (ret == 0) {
        add_other_sites(setup);
        ret = read_onward(setup, config, diag);
    }
out:
    free(first);
    return ret;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < setup->procedure_count; i++)
        sim_dist_free(&setup->procedures[i].time);
    sim_dist_free(&setup->unit_exponential);
}

/* --- a replication --- */

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < setup->station_count; i++) {
        const model_station *s = &setup->stations[i];
        const model_site *p = &setup->sites[s->site];
        sim_station *station = &world->network.stations[i];
        world->procedure[i] = s->procedure;
        world->lanes[i] = s->desks;
        station->process = setup->places[s->place].process;
        station->room = s->room;
        station->loss = p->turn_away;
        if (p->capacity[s->side] != INT64_MAX)
            station->area = s->site * MODEL_SIDES + s->side;
    }
    for (uint32_t i = 0; i < setup->site_count * MODEL_SIDES; i++)
        world->network.areas[i].capacity = setup->sites[i / MODEL_SIDES].capacity[i % MODEL_SIDES];
    return 0;
}

static bool writes_it(const model_setup *setup, const char *row)
{
    return strcmp(row, "waiting_since") != 0 || setup->on.waited[0] != NULL;
}

extern const model_way model_passage; /* passage.c */

const model model_of_post = {
    .name = "post",
    .doc = "border posts, centres and their stations, procedures, waiting rooms and areas; the way on",
    .keys = "people classes places links travel stations posts centres onward",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    .writes = "site_states procedure lanes waiting_since",
    .writes_it = writes_it,
    .way = &model_passage,
    .prepare = prepare,
    .release = release,
    .build = build,
};
