/* The timeline: orders that the scenario itself gives at set times (a bridge is closed, a procedure changes, power fails).
 *
 * Orders act between windows, at the exact time, through the same rows that plans use. An order with a duration is undone at
 * its end: what it changed is then as the orders still in force have it. Stations are addressed as POST, POST/SIDE or
 * POST/SIDE/STATION, where * stands for all; links by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/world.h"
#include "sim/error.h"

static const sim_section sections[] = {
    {"timeline.#", "orders given at set times", 0},
};

static const sim_param params[] = {
    {"timeline.#", "at", SIM_INSTANT, SIM_DIM_TIME, NULL, 0, 1e9, NULL, "when the order is given", "none: must be given"},
    {"timeline.#", "order", SIM_CHOICE, SIM_DIM_NONE, NULL, 0, 0, "open_lanes close_lanes set_procedure outage close_link open_link",
     "what is ordered", "none: must be given"},
    {"timeline.#", "target", SIM_TEXT, SIM_DIM_NONE, NULL, 0, 0, NULL,
     "POST, POST/SIDE, POST/SIDE/STATION with * for all; or the name of a link", "none: must be given"},
    {"timeline.#", "lanes", SIM_COUNT, SIM_DIM_NONE, "", 1, 100000, NULL, "number of lanes (open_lanes, close_lanes)",
     "none: these orders need it"},
    {"timeline.#", "procedure", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "procedure to work by (set_procedure)",
     "none: this order needs it"},
    {"timeline.#", "duration", SIM_QUANTITY, SIM_DIM_TIME, "", 1, 3660 * 86400.0, NULL, "after which it is undone", "not given: for good"},
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

static bool is_in_force(const model_order *order, uint32_t target, sim_time now)
{
    if (order->begin > now || order->end <= now)
        return false;
    for (uint32_t i = 0; i < order->target_count; i++)
        if (order->targets[i] == target)
            return true;
    return false;
}

/* The procedure given last by an order that is in force; without one the procedure of the start. */
static uint32_t procedure_in_force(const model_setup *setup, const model_order_kind *kind, uint32_t station, sim_time now)
{
    uint32_t procedure = setup->stations[station].procedure;
    sim_time latest = INT64_MIN;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (order->kind != kind || order->begin < latest || !is_in_force(order, station, now))
            continue;
        uint32_t named = procedure_named(setup, station, order->text);
        if (named != MODEL_NONE) {
            procedure = named;
            latest = order->begin;
        }
    }
    return procedure;
}

static void apply_set_procedure(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->procedure[order->targets[i]] = procedure_in_force(world->setup, order->kind, order->targets[i], now);
}

static void apply_outage(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->outages[order->targets[i]] += begin ? 1u : UINT32_MAX;
    world->staffing_changed = true;
}

/* A link is as the order given last says that is in force; without one it is open. */
static bool is_link_open(const model_setup *setup, uint32_t arc, sim_time now)
{
    bool open = true;
    sim_time latest = INT64_MIN;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (order->kind->targets == MODEL_TARGET_LINK && order->begin >= latest && is_in_force(order, arc, now)) {
            open = strcmp(order->kind->name, "open_link") == 0;
            latest = order->begin;
        }
    }
    return open;
}

static void apply_link(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->arc_open[order->targets[i]] = is_link_open(world->setup, order->targets[i], now);
    model_travel_reroute(world, now);
}

static const model_order_kind orders[] = {
    {"open_lanes", "opens more lanes (desks that staff can be put at)", "lanes", MODEL_TARGET_STATIONS, "assumption: given ahead of time",
     0, apply_open_lanes},
    {"close_lanes", "closes lanes; who is being served is served to the end", "lanes", MODEL_TARGET_STATIONS,
     "assumption: given ahead of time", 0, apply_close_lanes},
    {"set_procedure", "changes how stations work, for those not yet being served", "procedure", MODEL_TARGET_STATIONS,
     "assumption: given ahead of time", 0, apply_set_procedure},
    {"outage", "stations stop: power, systems; who is being served is served to the end", "", MODEL_TARGET_STATIONS, "it strikes at once",
     0, apply_outage},
    {"close_link", "nobody enters the link any more, either way", "", MODEL_TARGET_LINK, "it strikes at once", 0, apply_link},
    {"open_link", "opens a closed link again", "", MODEL_TARGET_LINK, "assumption: given ahead of time", 0, apply_link},
};

/* --- reading --- */

/* Whether "POST/SIDE/STATION" is meant by a pattern of one to three parts. */
static bool matches(const char *pattern, const char *name)
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
        if (order->target[0] != '\0' && matches(order->target, setup->stations[i].name))
            order->targets[order->target_count++] = i;
    }
    for (uint32_t i = 0; i < setup->post_count && n < 256; i++)
        words[n++] = setup->posts[i].name;
    if (order->target_count == 0 && !setup->posts_in_doubt)
        sim_diag_error(diag, mark, "POST, POST/SIDE or POST/SIDE/STATION", sim_diag_nearest(order->target, words, n),
                       "no station is meant by \"%s\"", order->target);
    return 0;
}

static int find_link(const model_setup *setup, const sim_config *config, model_order *order, sim_mark mark, sim_diag *diag)
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
        sim_diag_error(diag, mark, "the name of a link, or FROM-TO", sim_diag_nearest(order->target, words, n), "there is no link \"%s\"",
                       order->target);
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

static int read_order(model_setup *setup, const sim_config *config, size_t i, model_order *order, sim_diag *diag)
{
    const char *section = "timeline.#";
    order->kind = &orders[sim_choice(config, section, "order", i)];
    order->begin = sim_micros(config, section, "at", i) + order->kind->lead;
    order->end = sim_given(config, section, "duration", i) ? order->begin + sim_micros(config, section, "duration", i) : SIM_FOREVER;
    order->target = sim_text(config, section, "target", i);
    sim_mark mark = sim_value_mark(config, section, "target", i);
    bool lanes = sim_given(config, section, "lanes", i), procedure = sim_given(config, section, "procedure", i);
    bool needs_lanes = strcmp(order->kind->arguments, "lanes") == 0, needs_procedure = strcmp(order->kind->arguments, "procedure") == 0;
    if (lanes != needs_lanes)
        sim_diag_error(diag, lanes ? sim_value_mark(config, section, "lanes", i) : sim_element_mark(config, section, i), NULL, NULL,
                       lanes ? "the order %s has no use for `lanes`" : "the order %s needs `lanes`", order->kind->name);
    if (procedure != needs_procedure)
        sim_diag_error(diag, procedure ? sim_value_mark(config, section, "procedure", i) : sim_element_mark(config, section, i), NULL, NULL,
                       procedure ? "the order %s has no use for `procedure`" : "the order %s needs `procedure`", order->kind->name);
    order->number = lanes ? (uint32_t)sim_count(config, section, "lanes", i) : 0;
    order->text = procedure ? sim_text(config, section, "procedure", i) : "";
    int ret =
        order->kind->targets == MODEL_TARGET_LINK ? find_link(setup, config, order, mark, diag) : find_stations(setup, order, mark, diag);
    bool known = !procedure || order->target_count == 0;
    for (uint32_t k = 0; ret == 0 && !known && k < order->target_count; k++)
        known = procedure_named(setup, order->targets[k], order->text) != MODEL_NONE;
    if (!known)
        sim_diag_error(diag, sim_value_mark(config, section, "procedure", i), "a procedure of the stations meant",
                       nearest_procedure(setup, order), "none of the stations meant by \"%s\" has a procedure \"%s\"", order->target,
                       order->text);
    return ret;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    size_t n = sim_elements(config, "timeline.#");
    setup->orders = calloc(n + 1, sizeof *setup->orders);
    if (setup->orders == NULL)
        return SIM_E_MEMORY;
    int ret = 0;
    for (size_t i = 0; i < n && ret == 0 && sim_diag_count(diag) < 100; i++) {
        setup->order_count++;
        ret = read_order(setup, config, i, &setup->orders[i], diag);
    }
    return ret;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < setup->order_count; i++)
        free(setup->orders[i].targets);
    free(setup->orders);
}

/* The first instant after `now` at which an order begins or ends. */
static sim_time next_after(const model_setup *setup, sim_time now)
{
    sim_time next = SIM_FOREVER;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (order->begin > now && order->begin < next)
            next = order->begin;
        if (order->end > now && order->end < next)
            next = order->end;
    }
    return next;
}

/* Orders that begin or end now take effect, ends first, each in the order written; returns when the next one does. */
static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (setup->orders[i].end == now)
            setup->orders[i].kind->apply(world, &setup->orders[i], false, now);
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (setup->orders[i].begin == now)
            setup->orders[i].kind->apply(world, &setup->orders[i], true, now);
    return next_after(setup, now);
}

/* There is no state here; but a branch may have orders sooner than the world knew whose image it takes. */
static void visit(model_world *world, struct model_image *image)
{
    (void)image;
    sim_time next = next_after(world->setup, world->kernel.now);
    if (next < world->kernel.next_control)
        world->kernel.next_control = next;
}

const model model_of_timeline = {
    .name = "timeline",
    .doc = "orders that the scenario gives at set times",
    .keys = "people classes places links travel stations posts timeline",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .orders = orders,
    .order_count = sizeof orders / sizeof *orders,
    .prepare = prepare,
    .release = release,
    .visit = visit,
    .control = control,
};
