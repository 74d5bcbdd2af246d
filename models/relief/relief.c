/* Relief: water, food, blankets, shelter, heating and latrines at a site, against humanitarian standards.
 *
 * Those at the site want a standard amount of water and food a time; stocks and taps limit what they get, deliveries
 * and orders bring more. What is lacking makes a shortage between 0 and 1, which shortens patience, deters people who
 * still choose a crossing, and harms health. Here stands what a scenario says; what a run does stands in
 * supply.c. */
#include "models/relief/relief.h"

#include <string.h>

#include "sim/base/error.h"

MODEL_PART(relief)

#define SITES "relief.sites.*"
#define DELIVERIES "relief.sites.*.deliveries.#"

static const sim_section sections[] = {
    {"relief", "standards of relief, and what a shortage does", 0},
    {SITES, "what a site has; its name is that of a post or centre. Only what is given is counted there", 0},
    {DELIVERIES, "what comes regularly", 0},
};

#define SPHERE "Sphere Handbook"

static const sim_param params[] = {
    {"relief", "water", SIM_QUANTITY, SIM_DIM_FLOW, "15 L/d", 0, 1, NULL, "water that a person wants",
     SPHERE ": at least 15 litres a person a day"},
    {"relief", "survival_water", SIM_QUANTITY, SIM_DIM_FLOW, "7.5 L/d", 0, 1, NULL,
     "water that a person needs to survive", SPHERE ": basic survival needs 7.5 to 15 litres"},
    {"relief", "tap", SIM_QUANTITY, SIM_DIM_FLOW, "3750 L/d", 0, 1, NULL, "water that one tap can give",
     SPHERE ": 250 people a tap, each 15 litres a day; UNHCR plans 80 to 100 people a tap"},
    {"relief", "food", SIM_QUANTITY, SIM_DIM_RATE, "1 /d", 0, 1, NULL, "rations that a person wants",
     "definition: a ration feeds a person for a day (Sphere: 2,100 kcal, general knowledge)"},
    {"relief", "latrine_users", SIM_QUANTITY, SIM_DIM_NONE, "20", 1, 10000, NULL, "people that a latrine can serve",
     SPHERE " and UNHCR: 20; 50 to 100 as a fallback"},
    {"relief", "space", SIM_QUANTITY, SIM_DIM_AREA, "3.5 m2", 0.1, 100, NULL, "covered space that a person needs",
     SPHERE ": 3.5 m2 (general knowledge)"},
    {"relief", "heater_area", SIM_QUANTITY, SIM_DIM_AREA, "40 m2", 0.1, 1e6, NULL, "covered space that a heater warms",
     "assumption: a stove warms two family tents of about 20 m2"},
    {"relief", "heater_fuel", SIM_QUANTITY, SIM_DIM_FLOW, "8 L/d", 0, 1, NULL, "fuel that a heater burns",
     "assumption: a kerosene stove burns a third of a litre an hour"},
    {"relief", "heated_below", SIM_QUANTITY, SIM_DIM_TEMPERATURE, "15 C", -60, 60, NULL,
     "heaters burn when it is colder, and always where no temperature is given",
     "assumption: people in winter clothes"},
    {"relief", "water_weight", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1000, NULL, "weight of water in the shortage",
     "assumption: all needs count alike"},
    {"relief", "food_weight", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1000, NULL, "weight of food in the shortage",
     "assumption: see water_weight"},
    {"relief", "shelter_weight", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1000, NULL,
     "weight of covered space in the shortage", "assumption: see water_weight"},
    {"relief", "latrine_weight", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1000, NULL, "weight of latrines in the shortage",
     "assumption: see water_weight"},
    {"relief", "patience_effect", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "share of their patience that people lose who come to a post where everything is lacking",
     "assumption: none, no figure was found"},
    {"relief", "deterrent", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 1e7, NULL,
     "a longer way that people take to a crossing rather than to one where everything is lacking",
     "assumption: none, no figure was found"},
    {SITES, "water", SIM_QUANTITY, SIM_DIM_VOLUME, "", 0, 1e9, NULL, "water in stock at the start",
     "not given: water is not counted here"},
    {SITES, "food", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e12, NULL, "rations in stock at the start",
     "not given: food is not counted here"},
    {SITES, "blankets", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL,
     "blankets in stock at the start; each person who has none gets one, first come first served",
     "not given: none are given out"},
    {SITES, "fuel", SIM_QUANTITY, SIM_DIM_VOLUME, "", 0, 1e9, NULL, "fuel for heaters in stock at the start",
     "not given: heaters never run out"},
    {SITES, "taps", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000, NULL, "taps", "not given: taps are no limit"},
    {SITES, "latrines", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000, NULL, "latrines",
     "not given: latrines are not counted here"},
    {SITES, "covered_area", SIM_QUANTITY, SIM_DIM_AREA, "", 0, 1e8, NULL,
     "covered space for those who wait in the open", "not given: shelter is not counted here"},
    {SITES, "heaters", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000, NULL, "heaters in the covered space",
     "not given: it is not heated"},
    {DELIVERIES, "what", SIM_CHOICE, SIM_DIM_NONE, NULL, 0, 0, "water food fuel blankets", "what comes",
     "none: must be given"},
    {DELIVERIES, "amount", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1e12, NULL,
     "how much: litres, rations, litres, blankets", "none: must be given"},
    {DELIVERIES, "every", SIM_QUANTITY, SIM_DIM_TIME, "1 d", 60, 3660 * 86400.0, NULL,
     "time from one delivery to the next", "assumption: lorries come daily"},
    {DELIVERIES, "first", SIM_INSTANT, SIM_DIM_TIME, "0 s", 0, 1e9, NULL, "when the first one comes",
     "assumption: at the start"},
    {DELIVERIES, "cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e12, NULL, "what a delivery costs the site's agency",
     "assumption: not counted unless given"},
};

static const model_metric metrics[] = {
    METRIC_COUNT(metrics.wanted[RELIEF_WATER], "relief/water_wanted", "L", PLACE, NOTHING, "water that people wanted",
                 SPHERE),
    METRIC_COUNT(metrics.used[RELIEF_WATER], "relief/water_used", "L", PLACE, NOTHING, "water that they got", SPHERE),
    METRIC_SHARE("relief/water_met", "1", PLACE, NOTHING, "relief/water_used", "relief/water_wanted",
                 "share of the water wanted that people got", SPHERE),
    METRIC_COUNT(metrics.wanted[RELIEF_FOOD], "relief/food_wanted", "rations", PLACE, NOTHING,
                 "rations that people wanted", SPHERE),
    METRIC_COUNT(metrics.used[RELIEF_FOOD], "relief/food_used", "rations", PLACE, NOTHING, "rations that they got",
                 SPHERE),
    METRIC_SHARE("relief/food_met", "1", PLACE, NOTHING, "relief/food_used", "relief/food_wanted",
                 "share of the food wanted that people got", SPHERE),
    METRIC_COUNT(metrics.used[RELIEF_FUEL], "relief/fuel_used", "L", PLACE, NOTHING, "fuel that heaters burnt", ""),
    METRIC_COUNT(metrics.blankets, "relief/blankets", "blankets", PLACE, NOTHING, "blankets given out", ""),
    METRIC_LEVEL(metrics.stock[RELIEF_WATER], "relief/water_stock", "L", PLACE, NOTHING, "water in stock", ""),
    METRIC_LEVEL(metrics.stock[RELIEF_FOOD], "relief/food_stock", "rations", PLACE, NOTHING, "food in stock", ""),
    METRIC_LEVEL(metrics.stock[RELIEF_FUEL], "relief/fuel_stock", "L", PLACE, NOTHING, "fuel in stock", ""),
    METRIC_LEVEL(metrics.out[RELIEF_WATER], "relief/water_out", "1", PLACE, NOTHING,
                 "1 while there is no water: its mean is the share of time", ""),
    METRIC_LEVEL(metrics.out[RELIEF_FOOD], "relief/food_out", "1", PLACE, NOTHING, "1 while there is no food", ""),
    METRIC_LEVEL(metrics.out[RELIEF_FUEL], "relief/fuel_out", "1", PLACE, NOTHING, "1 while there is no fuel", ""),
    METRIC_LEVEL(metrics.people, "relief/people", "people", PLACE, NOTHING,
                 "people at the site: waiting, in service, in the open, sheltered", ""),
    METRIC_LEVEL(metrics.outdoors, "relief/outdoors", "people", PLACE, NOTHING, "of these, those who wait in the open",
                 ""),
    METRIC_LEVEL(metrics.below_survival, "relief/below_survival", "people", PLACE, NOTHING,
                 "people who got less water than they need to survive", SPHERE),
    METRIC_LEVEL(metrics.latrines, "relief/latrines", "latrines", PLACE, NOTHING, "latrines", ""),
    METRIC_SHARE("relief/latrine_users", "people", PLACE, NOTHING, "relief/people", "relief/latrines",
                 "people a latrine", SPHERE " and UNHCR: at most 20, 50 as a fallback"),
    METRIC_LEVEL(metrics.without_latrine, "relief/without_latrine", "people", PLACE, NOTHING,
                 "people beyond those whom the latrines can serve", SPHERE),
    METRIC_LEVEL(metrics.covered_area, "relief/covered_area", "m2", PLACE, NOTHING, "covered space", ""),
    METRIC_SHARE("relief/space", "m2", PLACE, NOTHING, "relief/covered_area", "relief/outdoors",
                 "covered space a person who waits in the open", SPHERE ": at least 3.5 m2"),
    METRIC_LEVEL(metrics.without_shelter, "relief/without_shelter", "people", PLACE, NOTHING,
                 "people in the open beyond those for whom there is covered space", SPHERE),
};

static const char *const goods_names[RELIEF_GOODS] = {"water", "food", "fuel", "blankets"};
static const char *const facility_names[RELIEF_FACILITIES] = {"taps", "latrines", "covered_area", "heaters"};

/* --- orders --- */

static void deliver(model_world *world, const model_order *order, bool begin, uint32_t goods, double amount,
                    sim_time now)
{
    for (uint32_t i = 0; begin && i < order->target_count; i++) {
        uint32_t at = own_setup(world->setup)->site_of[order->targets[i]];
        if (at != MODEL_NONE && own_setup(world->setup)->sites[at].keeps[goods])
            model_relief_deliver(world, at, goods, amount, now);
    }
}

static void build_up(model_world *world, const model_order *order, bool begin, relief_facility facility, double amount)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t at = own_setup(world->setup)->site_of[order->targets[i]];
        if (at != MODEL_NONE && own_setup(world->setup)->sites[at].has[facility])
            own_world(world)->sites[at].facility[facility] += begin ? amount : -amount;
    }
}

#define DELIVER(what, goods, amount)                                                                 \
    static void apply_##what(model_world *world, const model_order *order, bool begin, sim_time now) \
    {                                                                                                \
        deliver(world, order, begin, goods, amount, now);                                            \
    }                                                                                                \
    static void check_##what(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)  \
    {                                                                                                \
        check_delivery(setup, order, goods, mark, diag);                                             \
    }
#define BUILD(what, facility, amount)                                                                \
    static void apply_##what(model_world *world, const model_order *order, bool begin, sim_time now) \
    {                                                                                                \
        (void)now;                                                                                   \
        build_up(world, order, begin, facility, amount);                                             \
    }                                                                                                \
    static void check_##what(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)  \
    {                                                                                                \
        check_facility(setup, order, facility, mark, diag);                                          \
    }

/* Whether any of the sites meant keeps an account of what is ordered. */
static void check_account(const model_setup *setup, const model_order *order, const char *what, bool goods,
                          uint32_t index, sim_mark mark, sim_diag *diag)
{
    const struct relief_setup *r = own_setup(setup);
    bool found = order->target_count == 0 || !own_is_prepared(setup);
    for (uint32_t i = 0; !found && i < order->target_count; i++) {
        uint32_t at = r->site_of[order->targets[i]];
        found = at != MODEL_NONE && (goods ? r->sites[at].keeps[index] : r->sites[at].has[index]);
    }
    if (!found)
        sim_diag_error(diag, mark, "a site that has it in `relief.sites`, 0 too", NULL,
                       "no site meant by \"%s\" keeps an account of `%s`", order->target, what);
}

static void check_delivery(const model_setup *setup, const model_order *order, uint32_t goods, sim_mark mark,
                           sim_diag *diag)
{
    check_account(setup, order, goods_names[goods], true, goods, mark, diag);
    if (order->end != SIM_FOREVER)
        sim_diag_error(diag, mark, NULL, NULL,
                       "the order %s has no use for `duration`: what has come is not taken away", order->kind->name);
}

static void check_facility(const model_setup *setup, const model_order *order, uint32_t facility, sim_mark mark,
                           sim_diag *diag)
{
    check_account(setup, order, facility_names[facility], false, facility, mark, diag);
}

DELIVER(deliver_water, RELIEF_WATER, order->amount)
DELIVER(deliver_food, RELIEF_FOOD, order->amount)
DELIVER(deliver_fuel, RELIEF_FUEL, order->amount)
DELIVER(deliver_blankets, RELIEF_BLANKETS, (double)order->number)
BUILD(install_taps, RELIEF_TAPS, (double)order->number)
BUILD(build_latrines, RELIEF_LATRINES, (double)order->number)
BUILD(put_up_shelter, RELIEF_COVERED_AREA, order->amount)
BUILD(put_up_heaters, RELIEF_HEATERS, (double)order->number)

static const model_order_kind orders[] = {
    {.name = "deliver_water",
     .doc = "brings water: `amount` litres to each site",
     .arguments = {{"amount", SIM_QUANTITY, "L", 0, 1e12, "water for each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a lorry is filled and driven there",
     .lead = 6 * SIM_HOUR,
     .apply = apply_deliver_water,
     .check = check_deliver_water},
    {.name = "deliver_food",
     .doc = "brings food: `amount` rations to each site",
     .arguments = {{"amount", SIM_QUANTITY, NULL, 0, 1e12, "rations for each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a store within a day's drive",
     .lead = 12 * SIM_HOUR,
     .apply = apply_deliver_food,
     .check = check_deliver_food},
    {.name = "deliver_fuel",
     .doc = "brings fuel for heaters: `amount` litres to each site",
     .arguments = {{"amount", SIM_QUANTITY, "L", 0, 1e12, "fuel for each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: bought within a day's drive",
     .lead = 12 * SIM_HOUR,
     .apply = apply_deliver_fuel,
     .check = check_deliver_fuel},
    {.name = "deliver_blankets",
     .doc = "brings blankets: `number` to each site",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "blankets for each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a store within a day's drive",
     .lead = 12 * SIM_HOUR,
     .apply = apply_deliver_blankets,
     .check = check_deliver_blankets},
    {.name = "install_taps",
     .doc = "adds taps: `number` at each site",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "taps more at each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a day's work once the tank stands",
     .lead = SIM_DAY,
     .apply = apply_install_taps,
     .check = check_install_taps},
    {.name = "build_latrines",
     .doc = "adds latrines: `number` at each site",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "latrines more at each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a day and a half of digging and building",
     .lead = 36 * SIM_HOUR,
     .apply = apply_build_latrines,
     .check = check_build_latrines},
    {.name = "put_up_shelter",
     .doc = "adds covered space: `amount` m2 at each site",
     .arguments = {{"amount", SIM_QUANTITY, "m2", 0, 1e12, "covered space more at each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: tents from a store within a day's drive",
     .lead = SIM_DAY,
     .apply = apply_put_up_shelter,
     .check = check_put_up_shelter},
    {.name = "put_up_heaters",
     .doc = "adds heaters: `number` at each site",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "heaters more at each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a store within a day's drive",
     .lead = SIM_DAY,
     .apply = apply_put_up_heaters,
     .check = check_put_up_heaters},
};

/* --- reading --- */

static void read_site(model_setup *setup, const sim_config *config, size_t i, sim_diag *diag)
{
    struct relief_setup *r = own_setup(setup);
    relief_site *s = &r->sites[i];
    const char *name = sim_element_name(config, SITES, i);
    s->site = model_site_named(setup, name, 1u << MODEL_POST | 1u << MODEL_CENTRE);
    for (uint32_t k = 0; k < RELIEF_GOODS; k++) {
        s->keeps[k] = sim_given(config, SITES, goods_names[k], i);
        if (s->keeps[k])
            s->stock[k] = k == RELIEF_BLANKETS
                              ? (double)sim_count(config, SITES, "blankets", i)
                              : sim_quantity(config, SITES, goods_names[k], i) * (k == RELIEF_FOOD ? 1 : 1000);
    }
    for (uint32_t k = 0; k < RELIEF_FACILITIES; k++) {
        s->has[k] = sim_given(config, SITES, facility_names[k], i);
        if (s->has[k])
            s->facility[k] = k == RELIEF_COVERED_AREA ? sim_quantity(config, SITES, "covered_area", i)
                                                      : (double)sim_count(config, SITES, facility_names[k], i);
    }
    r->blankets = r->blankets || s->keeps[RELIEF_BLANKETS];
    if (s->has[RELIEF_HEATERS] && !s->has[RELIEF_COVERED_AREA])
        sim_diag_error(diag, sim_value_mark(config, SITES, "heaters", i), "`covered_area` too", NULL,
                       "nothing covered is there to be heated");
    if (s->keeps[RELIEF_FUEL] && !s->has[RELIEF_HEATERS])
        sim_diag_error(diag, sim_value_mark(config, SITES, "fuel", i), "`heaters` too", NULL, "nothing burns the fuel");
    if (s->has[RELIEF_TAPS] && !s->keeps[RELIEF_WATER])
        sim_diag_error(diag, sim_value_mark(config, SITES, "taps", i), "`water` too", NULL,
                       "no water is counted that taps could give");
    if (s->site != MODEL_NONE) {
        r->site_of[s->site] = (uint32_t)i;
        return;
    }
    const char *words[64];
    size_t n = 0;
    for (uint32_t k = 0; k < setup->site_count && n < 64; k++)
        words[n++] = setup->sites[k].name;
    if (!setup->sites_in_doubt)
        sim_diag_error(diag, sim_element_mark(config, SITES, i), "the name of a post or centre",
                       sim_diag_nearest(name, words, n), "there is no post or centre \"%s\"", name);
}

static void read_delivery(struct relief_setup *r, const sim_config *config, size_t i, sim_diag *diag)
{
    relief_delivery *d = &r->deliveries[i];
    *d = (relief_delivery){
        .site = (uint32_t)sim_element_parent(config, DELIVERIES, i),
        .goods = sim_choice(config, DELIVERIES, "what", i),
        .amount = sim_quantity(config, DELIVERIES, "amount", i),
        .cost = sim_quantity(config, DELIVERIES, "cost", i),
        .every = sim_micros(config, DELIVERIES, "every", i),
        .first = sim_micros(config, DELIVERIES, "first", i),
    };
    if (!r->sites[d->site].keeps[d->goods])
        sim_diag_error(diag, sim_value_mark(config, DELIVERIES, "what", i),
                       "its stock at the start too, 0 if there is none", NULL, "the site keeps no account of `%s`",
                       goods_names[d->goods]);
}

static void read_standards(struct relief_setup *r, const sim_config *config)
{
    static const char *const weights[RELIEF_NEEDS] = {"water_weight", "food_weight", "shelter_weight",
                                                      "latrine_weight"};
    r->rate[RELIEF_WATER] = sim_quantity(config, "relief", "water", 0) * 1e-3; /* m3/s x 1000 L / 1e6 us */
    r->rate[RELIEF_FOOD] = sim_quantity(config, "relief", "food", 0) * 1e-6;
    r->rate[RELIEF_FUEL] = sim_quantity(config, "relief", "heater_fuel", 0) * 1e-3;
    r->survival = sim_quantity(config, "relief", "survival_water", 0) * 1e-3;
    r->tap = sim_quantity(config, "relief", "tap", 0) * 1e-3;
    r->latrine_users = sim_quantity(config, "relief", "latrine_users", 0);
    r->space = sim_quantity(config, "relief", "space", 0);
    r->heater_area = sim_quantity(config, "relief", "heater_area", 0);
    r->heated_below = sim_quantity(config, "relief", "heated_below", 0);
    r->deterrent = sim_quantity(config, "relief", "deterrent", 0);
    for (int k = 0; k < RELIEF_NEEDS; k++)
        r->weight[k] = sim_quantity(config, "relief", weights[k], 0);
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    size_t sites = sim_elements(config, SITES), deliveries = sim_elements(config, DELIVERIES);
    struct relief_setup *r = own_setup(setup);
    r->sites = model_take(setup, sites, sizeof *r->sites);
    r->site_of = model_take(setup, setup->site_count, sizeof *r->site_of);
    r->deliveries = model_take(setup, deliveries, sizeof *r->deliveries);
    if (r->sites == NULL || r->site_of == NULL || r->deliveries == NULL)
        return SIM_E_MEMORY;
    memset(r->site_of, 0xff, setup->site_count * sizeof *r->site_of);
    r->count = (uint32_t)sites;
    r->delivery_count = (uint32_t)deliveries;
    read_standards(r, config);
    for (size_t i = 0; i < sites; i++)
        read_site(setup, config, i, diag);
    for (size_t i = 0; i < deliveries; i++) {
        read_delivery(r, config, i, diag);
        setup->spends = setup->spends || r->deliveries[i].cost > 0;
    }
    if (sites > 0)
        setup->shortage_patience = sim_quantity(config, "relief", "patience_effect", 0);
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->count > 0;
}

static bool writes_it(const model_setup *setup, const char *row)
{
    return strcmp(row, "blanket") != 0 || own_setup(setup)->blankets;
}

static size_t site_count(const model_world *world)
{
    return own_setup(world->setup)->count;
}

/* Who is where counts only where blankets are given out. */
static size_t places_watched(const model_world *world)
{
    return own_setup(world->setup)->blankets ? world->setup->place_count : 0;
}

static size_t groups_watched(const model_world *world)
{
    return own_setup(world->setup)->blankets ? world->group_count : 0;
}

static const model_column columns[] = {
    COLUMN_OWN(sites, relief_state, site_count),
    COLUMN_OWN(present.places, sim_list, places_watched),
    COLUMN_OWN(present.next, uint32_t, groups_watched),
    COLUMN_OWN(present.previous, uint32_t, groups_watched),
};

const model model_of_relief = {
    .name = "relief",
    .doc = "water, food, blankets, shelter, heating and latrines against standards, and what their shortage does",
    .keys = "people classes places links travel stations posts centres relief",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct relief_setup),
    .world_size = sizeof(struct relief_world),
    .writes = "shortage deterrent sheltered warm blanket",
    .writes_it = writes_it,
    .prepare = prepare,
    .used = used,
    .build = model_relief_build,
    .control = model_relief_control,
    .account = model_relief_account,
    .on = {.moved = model_relief_moved},
};
