/* Costs: what agencies spend, by item, and what they do when their budget is gone.
 *
 * Pay by the hour of shift, also of those who came by orders, more on overtime, and lodging of those from elsewhere;
 * centres by the day and person, orders by what they cost when they take effect; other models book what they use
 * (model_cost_add). An agency with a budget does not carry out an order whose cost it cannot pay any more; running
 * costs go on, and the overdraft shows. */
#include <math.h>
#include <stdlib.h>

#include "models/staff/duty.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

#define ITEM_WORDS \
    "staff overtime surge equipment relief health protection transport reception custody status enforcement"

static const sim_param params[] = {
    {"rosters.*", "wage", SIM_QUANTITY, SIM_DIM_WAGE, "0 USD/h", 0, 1, NULL,
     "pay of one of its people for an hour of shift", "assumption: not counted unless given"},
    {"rosters.*", "overtime_factor", SIM_QUANTITY, SIM_DIM_NONE, "1.5", 0, 10, NULL,
     "factor on `wage` for an hour of overtime", "assumption: time and a half, as is common in labour law"},
    {"rosters.*", "surge_day", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e6, NULL,
     "what a person who has come from elsewhere (surge, or from another roster) costs a day besides pay: lodging, "
     "travel",
     "assumption: not counted unless given"},
    {"centres.*", "day_cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e6, NULL,
     "cost of a person's day in the centre", "assumption: not counted unless given"},
    {"agencies.*", "budget", SIM_QUANTITY, SIM_DIM_MONEY, "", 0, 1e15, NULL, "what it can spend in the run",
     "not given: no limit"},
    {"plan", "budget", SIM_QUANTITY, SIM_DIM_MONEY, "", 0, 1e15, NULL,
     "what the plan's orders can cost, all together: those in its file, and in a scenario without a plan's file those "
     "that are its "
     "response or given by rules",
     "not given: no limit"},
    {"timeline.#", "cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e15, NULL,
     "what the order costs when it takes effect; it is not carried out if the agency's budget does not suffice",
     "assumption: not counted unless given"},
    {"timeline.#", "by", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "the agency that pays for the order",
     "not given: the first one"},
    {"timeline.#", "item", SIM_CHOICE, SIM_DIM_NONE, "surge", 0, 0, ITEM_WORDS, "what the order's cost is spent on",
     "assumption: orders bring more of something for a time"},
};

struct cost_setup {
    double *wage, *overtime,
        *away; /* of each roster: pay, pay on overtime, and what a person from elsewhere costs, USD a microsecond */
    size_t roster_count;
    double *day_cost; /* of each site, USD a person and microsecond */
    double *budget;   /* of each agency; infinite: no limit */
    double plan;      /* budget of the plan */
    bool used;
};

struct cost_world {
    uint32_t spent_metric, overdraft, not_paid, plan_spent_metric, plan_not_paid;
    double plan_spent, plan_rest; /* on the plan's orders; less than a dollar is not booked yet */
    double *spent;                /* by each agency */
    double *rest;                 /* [agency][item]: less than a dollar, not booked yet */
};

MODEL_PART(cost)

static const model_metric metrics[] = {
    METRIC_COUNT(spent_metric, "cost/spent", "USD", AGENCY, ITEM, "money spent",
                 "EASO 2018: a contingency plan has a budget"),
    METRIC_LEVEL(overdraft, "cost/overdraft", "USD", AGENCY, NOTHING, "money spent beyond the budget", ""),
    METRIC_COUNT(not_paid, "cost/orders_not_paid", "orders", AGENCY, NOTHING,
                 "orders not carried out because the budget was gone", ""),
    METRIC_COUNT(plan_spent_metric, "plan/spent", "USD", RUN, NOTHING, "money spent on the plan's orders", ""),
    METRIC_COUNT(plan_not_paid, "plan/orders_not_paid", "orders", RUN, NOTHING,
                 "orders of the plan not carried out because its own budget was gone", ""),
};

/* What an order costs, as an entry of a timeline has it. */
static double price_of(const sim_config *config, size_t element)
{
    return sim_quantity(config, "timeline.#", "cost", element);
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    size_t rosters = sim_elements(config, "rosters.*"), orders = sim_elements(config, "timeline.#"),
           agencies = sim_elements(config, "agencies.*");
    struct cost_setup *c = own_setup(setup);
    c->roster_count = rosters;
    c->wage = model_take(setup, rosters, sizeof *c->wage);
    c->overtime = model_take(setup, rosters, sizeof *c->overtime);
    c->away = model_take(setup, rosters, sizeof *c->away);
    c->day_cost = model_take(setup, setup->site_count, sizeof *c->day_cost);
    c->budget = model_take(setup, setup->agency_count, sizeof *c->budget);
    if (c->wage == NULL || c->overtime == NULL || c->away == NULL || c->day_cost == NULL || c->budget == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < rosters; i++) {
        c->wage[i] = sim_quantity(config, "rosters.*", "wage", i) * 1e-6;
        c->overtime[i] = c->wage[i] * sim_quantity(config, "rosters.*", "overtime_factor", i);
        c->away[i] = sim_quantity(config, "rosters.*", "surge_day", i) / (double)SIM_DAY;
        c->used = c->used || c->wage[i] > 0 || c->away[i] > 0;
    }
    for (uint32_t i = 0; i < setup->site_count; i++) {
        if (setup->sites[i].kind == MODEL_CENTRE)
            c->day_cost[i] = sim_quantity(config, "centres.*", "day_cost", setup->sites[i].declared) / (double)SIM_DAY;
        c->used = c->used || c->day_cost[i] > 0;
    }
    for (uint32_t i = 0; i < setup->agency_count; i++) {
        bool given = i < agencies && sim_given(config, "agencies.*", "budget", i);
        c->budget[i] = given ? sim_quantity(config, "agencies.*", "budget", i) : (double)INFINITY;
        c->used = c->used || given;
    }
    bool limited = sim_given(config, "plan", "budget", 0);
    c->plan = limited ? sim_quantity(config, "plan", "budget", 0) : (double)INFINITY;
    c->used = c->used || limited;
    for (size_t i = 0; i < orders; i++)
        c->used = c->used || price_of(config, i) > 0;
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used || setup->spends;
}

static void checks(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    if (!used(setup) && price_of(order->config, order->element) > 0)
        sim_diag_error(diag, sim_value_mark(order->config, "timeline.#", "cost", order->element), "no `cost`", NULL,
                       "this scenario counts no money");
}

static size_t items_by_agency(const model_world *world)
{
    return (size_t)world->setup->agency_count * MODEL_ITEMS;
}

static const model_column columns[] = {
    COLUMN_ONCE(plan_spent),
    COLUMN_ONCE(plan_rest),
    COLUMN(spent, double, AGENCY),
    COLUMN_OWN(rest, double, items_by_agency),
};

/* Whole dollars are recorded, the rest is kept for the next time. */
void model_cost_add(model_world *world, uint32_t agency, model_item item, double money)
{
    struct cost_world *w = own_world(world);
    if (w == NULL || !(money > 0))
        return;
    double *rest = &w->rest[(size_t)agency * MODEL_ITEMS + item];
    w->spent[agency] += money;
    *rest += money;
    int64_t whole = (int64_t)*rest;
    *rest -= (double)whole;
    if (whole > 0)
        sim_record_count(&world->recorder, w->spent_metric, agency, item, whole);
}

/* The plan's orders together cost no more than its budget. */
static bool pay_from_plan(model_world *world, double price)
{
    struct cost_world *w = own_world(world);
    if (price > 0 && w->plan_spent + price > own_setup(world->setup)->plan) {
        sim_record_count(&world->recorder, w->plan_not_paid, 0, 0, 1);
        return false;
    }
    w->plan_spent += price;
    w->plan_rest += price;
    int64_t whole = (int64_t)w->plan_rest;
    w->plan_rest -= (double)whole;
    sim_record_count(&world->recorder, w->plan_spent_metric, 0, 0, whole);
    return true;
}

static bool pays(model_world *world, const model_order *order)
{
    struct cost_world *w = own_world(world);
    const sim_config *config = order->config;
    bool by = sim_given(config, "timeline.#", "by", order->element);
    uint32_t agency = by ? (uint32_t)sim_name(config, "timeline.#", "by", order->element) : 0;
    double price = price_of(config, order->element);
    if (price > 0 && w->spent[agency] + price > own_setup(world->setup)->budget[agency]) {
        sim_record_count(&world->recorder, w->not_paid, agency, 0, 1);
        return false;
    }
    if (order->planned && !pay_from_plan(world, price))
        return false;
    model_cost_add(world, agency, (model_item)sim_choice(config, "timeline.#", "item", order->element), price);
    return true;
}

/* What its people have cost since the last control instant: who is there changes at control instants only. */
static void account_roster(model_world *world, uint32_t roster, sim_time now)
{
    const struct cost_setup *c = own_setup(world->setup);
    uint32_t agency = world->setup->roster_agency[roster];
    sim_time since = world->accounted;
    if (c->wage[roster] > 0) {
        model_cost_add(world, agency, MODEL_COST_STAFF,
                       c->wage[roster] * (double)model_staff_shift_time(world, roster, since, now));
        model_cost_add(world, agency, MODEL_COST_OVERTIME,
                       c->overtime[roster] * (double)model_staff_overtime(world, roster, since, now));
    }
    if (c->away[roster] > 0)
        model_cost_add(world, agency, MODEL_COST_SURGE,
                       c->away[roster] * (double)(model_surge_away(world, roster) * (now - since)));
}

static void account(model_world *world, sim_time now)
{
    static const model_state inside[] = {MODEL_SHELTERED, MODEL_IN_THE_OPEN};
    const model_setup *setup = world->setup;
    const struct cost_setup *c = own_setup(setup);
    struct cost_world *w = own_world(world);
    if (now == world->accounted)
        return;
    for (size_t i = 0; i < c->roster_count; i++)
        account_roster(world, (uint32_t)i, now);
    for (uint32_t i = 0; i < setup->site_count; i++)
        for (size_t k = 0; c->day_cost[i] > 0 && k < sizeof inside / sizeof *inside; k++)
            model_cost_add(world, setup->sites[i].agency[1], MODEL_COST_RECEPTION,
                           c->day_cost[i] * (double)model_people_time(world, setup->sites[i].place, inside[k], now));
    for (uint32_t i = 0; i < setup->agency_count; i++) {
        sim_level *level = sim_record_level_at(&world->recorder, w->overdraft, i, 0);
        double over = w->spent[i] - c->budget[i];
        sim_level_add(level, now, (over > 0 ? (int64_t)over : 0) - level->level);
    }
}

const model model_of_cost = {
    .name = "cost",
    .doc = "what agencies spend, and what they cannot pay any more",
    .keys = "people classes places links travel stations posts centres onward rosters agencies timeline plan",
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    .setup_size = sizeof(struct cost_setup),
    .world_size = sizeof(struct cost_world),
    .prepare = prepare,
    .used = used,
    MODEL_TABLE(column),
    .account = account,
    .checks = checks,
    .pays = pays,
};
