/* The timeline: orders that are given at set times (a bridge is closed, a procedure changes, power fails) or by a
 * plan's rules. What becomes of them in a replication stands in orders.c.
 *
 * Orders act between windows, at the exact time, through the same rows that plans use. An order with a duration is
 * undone at its end: what it changed is then as the orders still in force have it. Stations are addressed as POST,
 * POST/SIDE or POST/SIDE/STATION, where * stands for all; links by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"timeline.#", "orders, given at set times or by rules", 0},
};

enum { CRISIS, RESPONSE };

static const sim_param params[] = {
    {"timeline.#", "at", SIM_INSTANT, SIM_DIM_TIME, "", 0, 1e9, NULL, "when the order is given",
     "none: this or `rule` must be given"},
    {"timeline.#", "rule", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "rules.*",
     "the order is given whenever this rule's level rises to `level`, and undone when it falls below it, or after its "
     "`duration`",
     "none: this or `at` must be given"},
    {"timeline.#", "level", SIM_CHOICE, SIM_DIM_NONE, "", 0, 0, MODEL_LEVEL_WORDS,
     "level of the rule at which it is given", "none: an order of a rule needs it"},
    {"timeline.#", "order", SIM_CHOICE, SIM_DIM_NONE, NULL, 0, 0, model_order_words,
     "what is ordered: an order of any model", "none: must be given"},
    {"timeline.#", "target", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "stations as POST, POST/SIDE or POST/SIDE/STATION with * for all; a site, a link or a roster by name, as the "
     "order needs it",
     "none: most orders need it"},
    {"timeline.#", "lanes", SIM_COUNT, SIM_DIM_NONE, "", 1, 100000, NULL, "number of lanes (open_lanes, close_lanes)",
     "none: these orders need it"},
    {"timeline.#", "procedure", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "procedure to work by (set_procedure)",
     "none: this order needs it"},
    {"timeline.#", "number", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL,
     "a whole number, for orders that need one", "none: these orders need it"},
    {"timeline.#", "amount", SIM_QUANTITY, SIM_DIM_NONE, "", -1e12, 1e12, NULL,
     "an amount in the order's own unit, for orders that need one", "none: these orders need it"},
    {"timeline.#", "share", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1000, NULL,
     "a share or factor, for orders that need one", "none: these orders need it"},
    {"timeline.#", "name", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "a name, for orders that need one",
     "none: these orders need it"},
    {"timeline.#", "part", SIM_CHOICE, SIM_DIM_NONE, "crisis", 0, 0, "crisis response",
     "`response`: what was really done about the crisis; a plan that is laid over the scenario stands instead of it",
     "assumption: it is what happens"},
    {"timeline.#", "lead", SIM_QUANTITY, SIM_DIM_TIME, "", 0, 366 * 86400.0, NULL,
     "from the order until it takes effect", "not given: the order's own lead time"},
    {"timeline.#", "duration", SIM_QUANTITY, SIM_DIM_TIME, "", 1, 3660 * 86400.0, NULL, "after which it is undone",
     "not given: for good"},
};

/* --- what the orders do --- */

/* Closing more lanes than there are is remembered, so that undoing it gives back no more than there were. */
static void change_lanes(model_world *world, const model_order *order, int64_t by)
{
    for (uint32_t i = 0; i < order->target_count; i++)
        world->lanes[order->targets[i]] += by;
    world->staffing_changed = true;
}

static void apply_open_lanes(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    change_lanes(world, order, begin ? (int64_t)order->number : -(int64_t)order->number);
}

static void apply_close_lanes(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    change_lanes(world, order, begin ? -(int64_t)order->number : (int64_t)order->number);
}

static uint32_t procedure_named(const model_setup *setup, uint32_t station, const char *name)
{
    const model_station *s = &setup->stations[station];
    for (uint32_t i = 0; i < s->procedure_count; i++)
        if (strcmp(setup->procedures[s->procedures + i].name, name) == 0)
            return s->procedures + i;
    return MODEL_NONE;
}

static bool is_in_force(const model_world *world, const model_order *order, uint32_t target, sim_time now)
{
    if (!model_order_is_in_force(world, order, now))
        return false;
    for (uint32_t i = 0; i < order->target_count; i++)
        if (order->targets[i] == target)
            return true;
    return false;
}

/* When a station works by a procedure that has been ordered: the order's own lead time stands instead of the
 * procedure's. */
static sim_time switch_time(const model_world *world, const model_order *order, uint32_t procedure)
{
    sim_time begin = world->order_begin[order->index];
    return begin == SIM_FOREVER || order->lead_given ? begin : begin + world->setup->procedures[procedure].lead;
}

/* The procedure given last by an order that is in force and whose lead time is over; without one the procedure of the
 * start. */
static uint32_t procedure_in_force(const model_world *world, const model_order_kind *kind, uint32_t station,
                                   sim_time now)
{
    const model_setup *setup = world->setup;
    uint32_t procedure = setup->stations[station].procedure;
    sim_time latest = INT64_MIN;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (order->kind != kind || world->order_begin[i] < latest || !is_in_force(world, order, station, now))
            continue;
        uint32_t named = procedure_named(setup, station, order->text);
        if (named != MODEL_NONE && switch_time(world, order, named) <= now) {
            procedure = named;
            latest = world->order_begin[i];
        }
    }
    return procedure;
}

/* While it works on paper it goes on doing so. */
static void work_as_ordered(const model_world *world, const model_order_kind *kind, uint32_t station, sim_time now)
{
    if (world->paper == NULL || world->paper[station] == MODEL_NONE)
        world->procedure[station] = procedure_in_force(world, kind, station, now);
}

static void apply_set_procedure(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        work_as_ordered(world, order->kind, order->targets[i], now);
}

/* The instant at which an order's lead time ends at a station, if it is in force then; SIM_FOREVER: it has none. */
static sim_time lead_end(const model_world *world, const model_order *order, uint32_t station)
{
    uint32_t named = procedure_named(world->setup, station, order->text);
    sim_time at = named == MODEL_NONE ? SIM_FOREVER : switch_time(world, order, named);
    return at == world->order_begin[order->index] || at >= world->order_end[order->index] ? SIM_FOREVER : at;
}

sim_time model_timeline_end_leads(model_world *world, sim_time now, bool act)
{
    sim_time next = SIM_FOREVER;
    for (uint32_t i = 0; i < world->setup->order_count; i++) {
        const model_order *order = &world->setup->orders[i];
        if (order->kind->apply != apply_set_procedure || order->lead_given)
            continue;
        for (uint32_t k = 0; k < order->target_count; k++) {
            sim_time at = lead_end(world, order, order->targets[k]);
            if (at == now && act)
                work_as_ordered(world, order->kind, order->targets[k], now);
            if (at > now && at < next)
                next = at;
        }
    }
    return next;
}

static void apply_outage(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->outages[order->targets[i]] += begin ? 1u : UINT32_MAX;
    world->staffing_changed = true;
}

/* A link is as the order given last says that is in force; without one it is open. */
static bool is_link_open(const model_world *world, uint32_t arc, sim_time now)
{
    const model_setup *setup = world->setup;
    bool open = true;
    sim_time latest = INT64_MIN;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (order->kind->targets == MODEL_TARGET_LINK && world->order_begin[i] >= latest &&
            is_in_force(world, order, arc, now)) {
            open = strcmp(order->kind->name, "open_link") == 0;
            latest = world->order_begin[i];
        }
    }
    return open;
}

static void apply_link(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->arc_open[order->targets[i]] = is_link_open(world, order->targets[i], now);
    model_travel_reroute(world, now);
}

static void check_set_procedure(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag);

static const model_order_kind orders[] = {
    {"open_lanes", "opens more lanes (desks that staff can be put at)", "lanes", MODEL_TARGET_STATIONS,
     "assumption: given ahead of time", 0, apply_open_lanes, NULL},
    {"close_lanes", "closes lanes; who is being served is served to the end", "lanes", MODEL_TARGET_STATIONS,
     "assumption: given ahead of time", 0, apply_close_lanes, NULL},
    {"set_procedure", "changes how stations work, for those not yet being served", "procedure", MODEL_TARGET_STATIONS,
     "assumption: given ahead of time", 0, apply_set_procedure, check_set_procedure},
    {"outage", "stations stop: power, systems; who is being served is served to the end", "", MODEL_TARGET_STATIONS,
     "it strikes at once", 0, apply_outage, NULL},
    {"close_link", "nobody enters the link any more, either way", "", MODEL_TARGET_LINK, "it strikes at once", 0,
     apply_link, NULL},
    {"open_link", "opens a closed link again", "", MODEL_TARGET_LINK, "assumption: given ahead of time", 0, apply_link,
     NULL},
};

uint32_t model_timeline_procedure(const model_world *world, uint32_t station, sim_time now)
{
    size_t kind = 0;
    while (orders[kind].apply != apply_set_procedure)
        kind++;
    return procedure_in_force(world, &orders[kind], station, now);
}

/* --- reading --- */

bool model_station_is_meant(const char *pattern, const char *name)
{
    while (*pattern != '\0') {
        size_t p = strcspn(pattern, "/"), n = strcspn(name, "/");
        if (!(p == 1 && *pattern == '*') && !(p == n && strncmp(pattern, name, n) == 0))
            return false;
        pattern += p + (pattern[p] == '/');
        name += n + (name[n] == '/');
        if (*name == '\0' && *pattern != '\0')
            return false;
    }
    return true;
}

static int find_stations(const model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const char *words[256];
    size_t n = 0;
    order->targets = calloc(setup->station_count + 1, sizeof *order->targets);
    if (order->targets == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->station_count; i++) {
        if (n < 256)
            words[n++] = setup->stations[i].name;
        if (order->target[0] != '\0' && model_station_is_meant(order->target, setup->stations[i].name))
            order->targets[order->target_count++] = i;
    }
    for (uint32_t i = 0; i < setup->site_count && n < 256; i++)
        words[n++] = setup->sites[i].name;
    if (order->target_count == 0 && !setup->sites_in_doubt)
        sim_diag_error(diag, mark, "POST, POST/SIDE or POST/SIDE/STATION", sim_diag_nearest(order->target, words, n),
                       "no station is meant by \"%s\"", order->target);
    return 0;
}

static int find_link(const model_setup *setup, const sim_config *config, model_order *order, sim_mark mark,
                     sim_diag *diag)
{
    order->targets = calloc(setup->arc_count + 1, sizeof *order->targets);
    char *names = calloc(setup->arc_count + 1, 160);
    const char *words[256];
    size_t n = 0;
    if (order->targets == NULL || names == NULL) {
        free(names);
        return SIM_E_MEMORY;
    }
    for (uint32_t i = 0; i < setup->arc_count; i++) {
        uint32_t link = setup->arcs[i].link;
        char *name = names + (size_t)i * 160;
        if (sim_given(config, "links.#", "name", link))
            snprintf(name, 160, "%s", sim_text(config, "links.#", "name", link));
        else
            snprintf(name, 160, "%s-%s", setup->places[sim_name(config, "links.#", "from", link)].name,
                     setup->places[sim_name(config, "links.#", "to", link)].name);
        if (n < 256)
            words[n++] = name;
        if (strcmp(name, order->target) == 0)
            order->targets[order->target_count++] = i;
    }
    if (order->target_count == 0)
        sim_diag_error(diag, mark, "the name of a link, or FROM-TO", sim_diag_nearest(order->target, words, n),
                       "there is no link \"%s\"", order->target);
    free(names);
    return 0;
}

static const char *nearest_procedure(const model_setup *setup, const model_order *order)
{
    const char *words[256];
    size_t n = 0;
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &setup->stations[order->targets[i]];
        for (uint32_t k = 0; k < s->procedure_count && n < 256; k++)
            words[n++] = setup->procedures[s->procedures + k].name;
    }
    return sim_diag_nearest(order->text, words, n);
}

/* Sites or rosters by name, * for all. */
static int find_named(const model_setup *setup, const sim_config *config, model_order *order, sim_mark mark,
                      sim_diag *diag)
{
    bool sites = order->kind->targets == MODEL_TARGET_SITES, all = strcmp(order->target, "*") == 0;
    uint32_t count = sites ? setup->site_count : (uint32_t)sim_elements(config, "rosters.*");
    const char *words[256];
    size_t n = 0;
    order->targets = calloc(count + 1, sizeof *order->targets);
    if (order->targets == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = sites ? setup->sites[i].name : sim_element_name(config, "rosters.*", i);
        if (n < 256)
            words[n++] = name;
        if (all || strcmp(name, order->target) == 0)
            order->targets[order->target_count++] = i;
    }
    if (order->target_count == 0 && !setup->sites_in_doubt)
        sim_diag_error(diag, mark,
                       sites ? "the name of a post, centre, informal crossing or destination" : "the name of a roster",
                       sim_diag_nearest(order->target, words, n),
                       sites ? "there is no site \"%s\"" : "there is no roster \"%s\"", order->target);
    return 0;
}

static int find_targets(model_setup *setup, const sim_config *config, model_order *order, sim_mark mark, sim_diag *diag)
{
    bool given = sim_given(config, "timeline.#", "target", order->element),
         needed = order->kind->targets != MODEL_TARGET_NOTHING;
    if (given != needed) {
        sim_diag_error(diag, mark, NULL, NULL,
                       given ? "the order %s has no use for `target`" : "the order %s needs `target`",
                       order->kind->name);
        return 0;
    }
    switch (order->kind->targets) {
    case MODEL_TARGET_STATIONS:
        return find_stations(setup, order, mark, diag);
    case MODEL_TARGET_LINK:
        return find_link(setup, config, order, mark, diag);
    case MODEL_TARGET_SITES:
    case MODEL_TARGET_ROSTERS:
        return find_named(setup, config, order, mark, diag);
    case MODEL_TARGET_NOTHING:
        break;
    }
    return 0;
}

static bool is_among(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == length && strncmp(at, word, length) == 0)
            return true;
    return false;
}

/* Each argument is given if and only if the order needs it. */
static void check_arguments(const sim_config *config, const model_order *order, sim_diag *diag)
{
    static const char *const names[] = {"lanes", "procedure", "number", "amount", "share", "name"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bool given = sim_given(config, "timeline.#", names[i], order->element),
             needed = is_among(order->kind->arguments, names[i]);
        if (given != needed)
            sim_diag_error(diag,
                           given ? sim_value_mark(config, "timeline.#", names[i], order->element)
                                 : sim_element_mark(config, "timeline.#", order->element),
                           NULL, NULL, given ? "the order %s has no use for `%s`" : "the order %s needs `%s`",
                           order->kind->name, names[i]);
    }
}

static void check_set_procedure(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    bool known = order->target_count == 0;
    for (uint32_t k = 0; !known && k < order->target_count; k++)
        known = procedure_named(setup, order->targets[k], order->text) != MODEL_NONE;
    if (!known)
        sim_diag_error(diag, mark, "a procedure of the stations meant", nearest_procedure(setup, order),
                       "none of the stations meant by \"%s\" has a procedure \"%s\"", order->target, order->text);
}

/* When it is given: at a set time, or by a rule. */
static void read_times(const sim_config *config, size_t i, model_order *order, sim_diag *diag)
{
    const char *section = "timeline.#";
    bool at = sim_given(config, section, "at", i), rule = sim_given(config, section, "rule", i),
         level = sim_given(config, section, "level", i);
    order->lead_given = sim_given(config, section, "lead", i);
    order->lead = order->lead_given ? sim_micros(config, section, "lead", i) : order->kind->lead;
    order->duration =
        sim_given(config, section, "duration", i) ? sim_micros(config, section, "duration", i) : SIM_FOREVER;
    order->given = at ? sim_micros(config, section, "at", i) : SIM_FOREVER;
    order->begin = at ? order->given + order->lead : SIM_FOREVER;
    order->end = at && order->duration != SIM_FOREVER ? order->begin + order->duration : SIM_FOREVER;
    order->rule = MODEL_NONE;
    if (at == rule)
        sim_diag_error(diag, at ? sim_value_mark(config, section, "rule", i) : sim_element_mark(config, section, i),
                       NULL, NULL,
                       at ? "an order is given at a set time or by a rule, not both"
                          : "an order needs `at`, or `rule` and `level`");
    else if (rule != level)
        sim_diag_error(diag, level ? sim_value_mark(config, section, "level", i) : sim_element_mark(config, section, i),
                       MODEL_LEVEL_WORDS, NULL,
                       level ? "`level` is for orders of a rule" : "an order of a rule needs `level`");
    if (at || !rule)
        return;
    order->rule = (uint32_t)sim_name(config, section, "rule", i);
    order->level = level ? 1 + sim_choice(config, section, "level", i) : 1;
    if (level && !model_rules_have(config, order->rule, order->level))
        sim_diag_error(diag, sim_value_mark(config, section, "level", i), "a level that the rule has", NULL,
                       "the rule %s has no such level", sim_element_name(config, "rules.*", order->rule));
}

static int read_order(model_setup *setup, const sim_config *config, size_t i, model_order *order, sim_diag *diag)
{
    const char *section = "timeline.#";
    order->kind = setup->rows.orders[sim_choice(config, section, "order", i)];
    read_times(config, i, order, diag);
    order->planned = order->rule != MODEL_NONE || sim_element_is_overlaid(config, section, i) ||
                     (!sim_config_is_overlaid(config) && sim_choice(config, section, "part", i) == RESPONSE);
    order->target = sim_given(config, section, "target", i) ? sim_text(config, section, "target", i) : "";
    sim_mark mark = sim_given(config, section, "target", i) ? sim_value_mark(config, section, "target", i)
                                                            : sim_element_mark(config, section, i);
    check_arguments(config, order, diag);
    if (sim_given(config, section, "lanes", i))
        order->number = (uint32_t)sim_count(config, section, "lanes", i);
    if (sim_given(config, section, "number", i))
        order->number = (uint32_t)sim_count(config, section, "number", i);
    order->amount = sim_given(config, section, "amount", i) ? sim_quantity(config, section, "amount", i) : 0;
    order->share = sim_given(config, section, "share", i) ? sim_quantity(config, section, "share", i) : 0;
    order->text = "";
    order->target_index = MODEL_NONE;
    sim_mark named = mark;
    for (int k = 0; k < 2; k++) {
        const char *name = k == 0 ? "procedure" : "name";
        if (sim_given(config, section, name, i)) {
            order->text = sim_text(config, section, name, i);
            named = sim_value_mark(config, section, name, i);
        }
    }
    int ret = find_targets(setup, config, order, mark, diag);
    if (ret == 0 && order->kind->check != NULL)
        order->kind->check(setup, order, named, diag);
    return ret;
}

static int link_orders(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    size_t n = sim_elements(config, "timeline.#");
    setup->orders = calloc(n + 1, sizeof *setup->orders);
    if (setup->orders == NULL)
        return SIM_E_MEMORY;
    int ret = 0;
    for (size_t i = 0; i < n && ret == 0 && sim_diag_count(diag) < 100; i++) {
        if (setup->drops_response && sim_choice(config, "timeline.#", "part", i) == RESPONSE)
            continue;
        model_order *order = &setup->orders[setup->order_count];
        order->index = setup->order_count++;
        order->element = (uint32_t)i;
        ret = read_order(setup, config, i, order, diag);
    }
    return ret;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < setup->order_count; i++)
        free(setup->orders[i].targets);
    free(setup->orders);
}

const model model_of_timeline = {
    .name = "timeline",
    .doc = "orders that the scenario gives at set times",
    .keys = "people classes places links travel stations posts centres onward rosters timeline rules plan",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .orders = orders,
    .order_count = sizeof orders / sizeof *orders,
    .writes = "lanes outages procedure",
    .link = link_orders,
    .world_size = sizeof(struct timeline_world),
    .release = release,
    .build = model_orders_build,
    .demolish = model_orders_demolish,
    .visit = model_orders_visit,
    .control = model_orders_control,
};
