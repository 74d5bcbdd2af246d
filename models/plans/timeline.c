/* The timeline: orders that are given at set times (a bridge is closed, a procedure changes, power fails) or by a
 * plan's rules, and those that are given while a run goes on. What each kind needs, who may give it and what it does
 * stands with the model that it acts on; what becomes of orders in a replication in orders.c.
 *
 * Orders act between windows, at the exact time, through the same rows that plans use. An order with a duration is
 * undone at its end: what it changed is then as the orders still in force have it. Stations are addressed as POST,
 * POST/SIDE or POST/SIDE/STATION, where * stands for all; links by name. */
#include <stdlib.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"timeline.#", "orders, given at set times or by rules", 0},
};

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
    {"timeline.#", "amount", SIM_QUANTITY, SIM_DIM_ANY, "", -1e12, 1e12, NULL,
     "an amount, for orders that need one: with a unit of its kind, or a plain number in the order's own unit",
     "none: these orders need it"},
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

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < setup->order_count; i++)
        model_order_free(&setup->orders[i]);
    free(setup->orders);
}

static void visit_records(model_world *world, struct model_image *image)
{
    model_order_log_visit(world, image);
}

const model model_of_timeline = {
    .name = "timeline",
    .doc = "orders: at set times, by rules, and those that are given while a run goes on",
    .keys = "people classes places links travel stations posts centres onward rosters timeline rules plan",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .link = model_orders_link,
    .release = release,
    .build = model_orders_build,
    .demolish = model_orders_demolish,
    .visit = model_orders_visit,
    .visit_records = visit_records,
    .control = model_orders_control,
};
