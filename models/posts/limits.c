/* Lanes and their limits: orders open and close lanes of stations, and stop stations altogether; a station has room for
 * so many desks. A plan that orders more is refused with its place.
 *
 * Orders of set times are added up over those that would be in force at the same time, were all agreed to
 * (core/order_limit.h); orders of rules, and those given on the way, are looked at singly, and what they come to
 * together is capped when it happens. The scenario's `capacity` scales limits in the run, not in this check. */
#include <stdlib.h>
#include <string.h>

#include "models/core/order_limit.h"
#include "models/posts/limits.h"
#include "sim/base/error.h"

#define MOST(section)                                                                                          \
    {                                                                                                          \
        section, "most_desks", SIM_COUNT, SIM_DIM_NONE, "", 1, 10000000, NULL,                                 \
            "desks here for which there is room, those that orders open too", "not given: as the station says" \
    }

static const sim_param params[] = {
    {"stations.*", "most_desks", SIM_COUNT, SIM_DIM_NONE, "", 1, 10000000, NULL,
     "desks for which there is room at each post, those that orders open too", "not given: no limit is known"},
    MOST("posts.*.exit.stations.*"),
    MOST("posts.*.entry.stations.*"),
    MOST("centres.*.stations.*"),
};

/* Where the desks of a station are declared. */
typedef struct {
    const char *section;
    size_t element;
} station_place;

static station_place place_of(const model_setup *setup, const sim_config *config, const model_station *s)
{
    static const char *const sides[MODEL_SIDES] = {"posts.*.exit.stations.*", "posts.*.entry.stations.*"};
    const model_site *site = &setup->sites[s->site];
    const char *section = site->kind == MODEL_CENTRE ? "centres.*.stations.*" : sides[s->side];
    size_t first, count;
    sim_children(config, section, site->declared, &first, &count);
    for (size_t i = first; i < first + count; i++)
        if (strcmp(sim_element_name(config, section, i), s->kind) == 0)
            return (station_place){section, i};
    return (station_place){"stations.*", s->declared};
}

/* A number given for the station here, or for all of its kind; 0: for neither. */
static int64_t number_of(const sim_config *config, const model_station *s, station_place place, const char *name)
{
    if (sim_given(config, place.section, name, place.element))
        return sim_count(config, place.section, name, place.element);
    return sim_given(config, "stations.*", name, s->declared) ? sim_count(config, "stations.*", name, s->declared) : 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    for (uint32_t i = 0; i < setup->station_count; i++) {
        model_station *s = &setup->stations[i];
        station_place place = place_of(setup, config, s);
        int64_t most = number_of(config, s, place, "most_desks"), desks = number_of(config, s, place, "desks");
        s->most_lanes = most == 0 ? 0 : model_scaled(setup, most);
        bool here = sim_given(config, place.section, "most_desks", place.element);
        if (most > 0 && desks > most)
            sim_diag_error(diag,
                           here ? sim_value_mark(config, place.section, "most_desks", place.element)
                                : sim_value_mark(config, "stations.*", "most_desks", s->declared),
                           NULL, NULL, "%s has %lld desks at the start, more than that", s->name, (long long)desks);
    }
    return 0;
}

/* --- orders --- */

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

static void apply_outage(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    for (uint32_t i = 0; i < order->target_count; i++)
        world->outages[order->targets[i]] += begin ? 1u : UINT32_MAX;
    world->staffing_changed = true;
}

enum { OPEN, CLOSE };

static const model_order_kind orders[] = {
    [OPEN] = {.name = "open_lanes",
              .doc = "opens more lanes (desks that staff can be put at)",
              .arguments = {{"lanes", SIM_COUNT, NULL, 1, 100000, "lanes more at each station meant"}},
              .targets = MODEL_TARGET_STATIONS,
              .who = MODEL_BY_ANYONE,
              .lead_source = "assumption: given ahead of time",
              .is_for_all = true,
              .apply = apply_open_lanes},
    [CLOSE] = {.name = "close_lanes",
               .doc = "closes lanes; who is being served is served to the end",
               .arguments = {{"lanes", SIM_COUNT, NULL, 1, 100000, "lanes fewer at each station meant"}},
               .targets = MODEL_TARGET_STATIONS,
               .who = MODEL_BY_ANYONE,
               .lead_source = "assumption: given ahead of time",
               .is_for_all = true,
               .apply = apply_close_lanes},
    {.name = "outage",
     .doc = "stations stop: power, systems; who is being served is served to the end",
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_CRISIS,
     .instead = "close_lanes",
     .lead_source = "it strikes at once",
     .is_for_all = true,
     .apply = apply_outage},
};

const model_order_kind *const model_order_opens_lanes = &orders[OPEN];

/* --- room --- */

static void check_lanes(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    const sim_config *config = setup->config;
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &setup->stations[order->targets[i]];
        station_place place = place_of(setup, config, s);
        int64_t most = number_of(config, s, place, "most_desks");
        bool declared = sim_given(config, place.section, "desks", place.element) ||
                        sim_given(config, "stations.*", "desks", s->declared);
        int64_t desks = declared ? number_of(config, s, place, "desks") : 1;
        int64_t lanes = desks + model_orders_bring(setup, order, &orders[OPEN], order->targets[i]) -
                        model_orders_bring(setup, order, &orders[CLOSE], order->targets[i]);
        if (most == 0 || lanes <= most)
            continue;
        sim_diag_error(diag, sim_value_mark(order->config, "timeline.#", "lanes", order->element), NULL, NULL,
                       "%s would have %lld desks, and there is room for %lld (`most_desks`)", s->name, (long long)lanes,
                       (long long)most);
        return;
    }
}

static void checks(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    if (order->kind == &orders[OPEN])
        check_lanes(setup, order, diag);
}

static int check_orders(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)config;
    for (uint32_t i = 0; i < setup->order_count; i++)
        checks(setup, &setup->orders[i], diag);
    return 0;
}

/* In a run it has no part but its orders. */
static bool used(const model_setup *setup)
{
    (void)setup;
    return false;
}

const model model_of_limits = {
    .name = "limits",
    .doc = "orders that open, close and stop lanes, and how many desks there is room for",
    .keys =
        "people classes places links travel stations posts centres onward rosters pools timeline rules plan agreements",
    MODEL_TABLE(param),
    MODEL_TABLE(order),
    .writes = "lanes outages",
    .prepare = prepare,
    .link = check_orders,
    .used = used,
    .checks = checks,
};
