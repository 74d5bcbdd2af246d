/* Limits of what can be ordered: a station has room for so many desks, a pool so many people, a roster so many to give
 * away. A plan that orders more is refused with its place.
 *
 * Orders of set times are added up over those that would be in force at the same time, were all agreed to; orders of
 * rules are looked at singly, and what they come to together is capped when it happens. The scenario's `capacity`
 * scales limits in the run, not in this check. */
#include <stdlib.h>
#include <string.h>

#include "models/staff/roster.h"
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

static const char own_lanes[] = "timeline.#";

/* --- desks --- */

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

/* --- orders at the same time --- */

static bool is_kind(const model_order *order, const char *name)
{
    return strcmp(order->kind->name, name) == 0;
}

static uint32_t times_meant(const model_order *order, uint32_t target)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < order->target_count; i++)
        n += order->targets[i] == target;
    return n;
}

/* Whether `other` counts where `order` begins: of set times those in force then, it among them; of a rule it alone. */
static bool counts(const model_order *order, const model_order *other)
{
    if (order->rule != MODEL_NONE)
        return order == other;
    return other->rule == MODEL_NONE && other->begin <= order->begin && order->begin < other->end;
}

/* What orders of a kind bring to a target at the time when `order` begins. */
static int64_t brought(const model_setup *setup, const model_order *order, const char *kind, uint32_t target)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (is_kind(&setup->orders[i], kind) && counts(order, &setup->orders[i]))
            sum += (int64_t)setup->orders[i].number * times_meant(&setup->orders[i], target);
    return sum;
}

static void check_lanes(const model_setup *setup, const sim_config *config, const model_order *order, sim_diag *diag)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &setup->stations[order->targets[i]];
        station_place place = place_of(setup, config, s);
        int64_t most = number_of(config, s, place, "most_desks");
        bool declared = sim_given(config, place.section, "desks", place.element) ||
                        sim_given(config, "stations.*", "desks", s->declared);
        int64_t desks = declared ? number_of(config, s, place, "desks") : 1;
        int64_t lanes = desks + brought(setup, order, "open_lanes", order->targets[i]) -
                        brought(setup, order, "close_lanes", order->targets[i]);
        if (most == 0 || lanes <= most)
            continue;
        sim_diag_error(diag, sim_value_mark(config, own_lanes, "lanes", order->element), NULL, NULL,
                       "%s would have %lld desks, and there is room for %lld (`most_desks`)", s->name, (long long)lanes,
                       (long long)most);
        return;
    }
}

/* --- people --- */

static void check_pool(const model_setup *setup, const sim_config *config, const model_order *order, sim_diag *diag)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        if (!sim_given(config, "rosters.*", "surge_pool", order->targets[i]))
            continue;
        size_t pool = sim_name(config, "rosters.*", "surge_pool", order->targets[i]);
        int64_t people = 0, number = sim_count(config, "pools.*", "number", pool);
        for (uint32_t roster = 0; roster < sim_elements(config, "rosters.*"); roster++)
            if (sim_given(config, "rosters.*", "surge_pool", roster) &&
                sim_name(config, "rosters.*", "surge_pool", roster) == pool)
                people += brought(setup, order, "surge_staff", roster);
        if (people <= number)
            continue;
        sim_diag_error(diag, sim_value_mark(config, own_lanes, "number", order->element), NULL, NULL,
                       "%lld people would come from the pool %s, which has %lld", (long long)people,
                       sim_element_name(config, "pools.*", pool), (long long)number);
        return;
    }
}

static void check_reserve(const model_setup *setup, const sim_config *config, const model_order *order, sim_diag *diag)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        int64_t reserve = sim_count(config, "rosters.*", "reserve", order->targets[i]);
        int64_t people = brought(setup, order, "recall_staff", order->targets[i]);
        if (reserve == 0 || people <= reserve)
            continue;
        sim_diag_error(diag, sim_value_mark(config, own_lanes, "number", order->element), NULL, NULL,
                       "%lld people of %s would be recalled, whose reserve has %lld", (long long)people,
                       sim_element_name(config, "rosters.*", order->targets[i]), (long long)reserve);
        return;
    }
}

/* People on all lists of a roster, as written. */
static int64_t listed(const sim_config *config, uint32_t roster)
{
    size_t first, count;
    int64_t people = 0;
    sim_children(config, "rosters.*.shifts.#", roster, &first, &count);
    for (size_t i = first; i < first + count; i++)
        people += sim_count(config, "rosters.*.shifts.#", "head", i);
    return people;
}

/* What orders bring to a roster when `order` begins; for one of a rule all that ever may, as nobody knows what will be
 * in force then. */
static int64_t reinforcements(const model_setup *setup, const model_order *order, uint32_t roster)
{
    static const char *const kinds[] = {"surge_staff", "recall_staff"};
    bool any = order->rule != MODEL_NONE;
    int64_t people = 0;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *other = &setup->orders[i];
        bool in_force = any || other->rule != MODEL_NONE || counts(order, other);
        for (int k = 0; k < 2 && in_force; k++)
            people += is_kind(other, kinds[k]) ? (int64_t)other->number * times_meant(other, roster) : 0;
        if (in_force && is_kind(other, "move_staff") && other->target_index == roster)
            people += (int64_t)other->number * other->target_count;
    }
    return people;
}

static void check_moved(const model_setup *setup, const sim_config *config, const model_order *order, sim_diag *diag)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t roster = order->targets[i];
        int64_t people = brought(setup, order, "move_staff", roster),
                there = listed(config, roster) + reinforcements(setup, order, roster);
        if (people <= there)
            continue;
        sim_diag_error(diag, sim_value_mark(config, own_lanes, "number", order->element), NULL, NULL,
                       "%lld people of %s would move, which has %lld", (long long)people,
                       sim_element_name(config, "rosters.*", roster), (long long)there);
        return;
    }
}

static int check_orders(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (is_kind(order, "open_lanes"))
            check_lanes(setup, config, order, diag);
        else if (is_kind(order, "surge_staff"))
            check_pool(setup, config, order, diag);
        else if (is_kind(order, "recall_staff"))
            check_reserve(setup, config, order, diag);
        else if (is_kind(order, "move_staff"))
            check_moved(setup, config, order, diag);
    }
    return 0;
}

/* It has no part in a run but the numbers that others keep to. */
static bool used(const model_setup *setup)
{
    (void)setup;
    return false;
}

const model model_of_limits = {
    .name = "limits",
    .doc = "what cannot be ordered: more desks than there is room for, more people than there are",
    .keys =
        "people classes places links travel stations posts centres onward rosters pools timeline rules plan agreements",
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .prepare = prepare,
    .link = check_orders,
    .used = used,
};
