/* Orders read: those of the timeline, and those that are given as text while a run goes on. Arguments are held to the
 * rows of the order's kind, and who gives it to whom the kind is for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "models/plans/rules.h"
#include "sim/base/error.h"

enum { CRISIS, RESPONSE };

/* --- arguments --- */

enum { LONGEST = 160 };

static const char section[] = "timeline.#";
static const char *const argument_names[] = {"lanes", "procedure", "number", "amount", "share", "name"};
enum { ARGUMENTS = sizeof argument_names / sizeof *argument_names };

static sim_mark argument_mark(const model_order *order, const char *name)
{
    return sim_value_mark(order->config, section, name, order->element);
}

static const model_order_argument *argument_named(const model_order_kind *kind, const char *name)
{
    for (int i = 0; i < MODEL_ARGUMENTS && kind->arguments[i].name != NULL; i++)
        if (strcmp(kind->arguments[i].name, name) == 0)
            return &kind->arguments[i];
    return NULL;
}

static void check_range(const model_order *order, const model_order_argument *argument, double value, sim_diag *diag)
{
    if (!(argument->low < argument->high) || (value >= argument->low && value <= argument->high))
        return;
    char expected[LONGEST];
    (void)snprintf(expected, sizeof expected, "from %g to %g%s%s", argument->low, argument->high,
                   argument->unit == NULL ? "" : " ", argument->unit == NULL ? "" : argument->unit);
    sim_diag_error(diag, argument_mark(order, argument->name), expected, NULL, "%g is out of range for the order %s",
                   value, order->kind->name);
}

/* An amount in the unit of the kind's row; without a unit it is in that already. */
static double amount_in_unit(const model_order *order, const model_order_argument *argument, sim_diag *diag)
{
    double value = sim_quantity(order->config, section, argument->name, order->element), one = 1;
    sim_dimension found = sim_quantity_dimension(order->config, section, argument->name, order->element);
    if (found == SIM_DIM_NONE)
        return value;
    sim_dimension own = SIM_DIM_NONE;
    char unit[40];
    (void)snprintf(unit, sizeof unit, "1 %s", argument->unit == NULL ? "" : argument->unit);
    if (argument->unit != NULL)
        (void)sim_unit_parse(unit, SIM_DIM_ANY, &one, &own, NULL);
    if (own == found)
        return value / one;
    char expected[LONGEST];
    (void)snprintf(expected, sizeof expected, "%s, such as %s, or a plain number%s%s", sim_dimension_words(own),
                   sim_dimension_example(own), own == SIM_DIM_NONE ? "" : " in ",
                   own == SIM_DIM_NONE ? "" : argument->unit);
    sim_diag_error(diag, argument_mark(order, argument->name), expected, NULL, "`%s` of the order %s is not %s",
                   argument->name, order->kind->name, sim_dimension_words(found));
    return 0;
}

static void read_argument(model_order *order, const model_order_argument *argument, sim_diag *diag)
{
    const sim_config *config = order->config;
    const char *name = argument->name;
    if (argument->type == SIM_TEXT) {
        order->text = sim_text(config, section, name, order->element);
    } else if (argument->type == SIM_COUNT) {
        order->number = (uint32_t)sim_count(config, section, name, order->element);
        check_range(order, argument, order->number, diag);
    } else {
        double value = strcmp(name, "share") == 0 ? sim_quantity(config, section, name, order->element)
                                                  : amount_in_unit(order, argument, diag);
        *(strcmp(name, "share") == 0 ? &order->share : &order->amount) = value;
        check_range(order, argument, value, diag);
    }
}

/* Each argument is given if and only if the order needs it. */
static void read_arguments(model_order *order, sim_diag *diag)
{
    const sim_config *config = order->config;
    for (size_t i = 0; i < ARGUMENTS; i++) {
        const model_order_argument *needed = argument_named(order->kind, argument_names[i]);
        bool given = sim_given(config, section, argument_names[i], order->element);
        if (given && needed != NULL)
            read_argument(order, needed, diag);
        else if (given || needed != NULL)
            sim_diag_error(diag,
                           given ? argument_mark(order, argument_names[i])
                                 : sim_element_mark(config, section, order->element),
                           NULL, NULL, given ? "the order %s has no use for `%s`" : "the order %s needs `%s`",
                           order->kind->name, argument_names[i]);
    }
}

/* --- reading --- */

/* The place in the registry of the model whose order it is. */
static size_t owner_of(const model_order_kind *kind)
{
    for (size_t i = 0; i < model_registry_count; i++)
        for (size_t k = 0; k < model_registry[i]->order_count; k++)
            if (&model_registry[i]->orders[k] == kind)
                return i;
    return model_registry_count;
}

/* What a scenario's own timeline says was done about the crisis is a fact, whoever could have ordered it. */
static bool is_fact(const model_order *order)
{
    return order->by == MODEL_BY_RESPONSE && order->rule == MODEL_NONE &&
           !sim_element_is_overlaid(order->config, section, order->element);
}

static void check_giver(const model_order *order, sim_diag *diag)
{
    if ((order->kind->who & order->by) != 0 || is_fact(order))
        return;
    bool plan = order->by == MODEL_BY_RESPONSE;
    sim_diag_error(diag, argument_mark(order, "order"),
                   plan ? "an order that answers the crisis; what strikes by itself belongs in the scenario's timeline"
                        : "an order that someone can give; what strikes by itself is for who leads the exercise",
                   order->kind->instead, plan ? "no plan can order \"%s\"" : "nobody can order \"%s\"",
                   order->kind->name);
}

/* When it is given: at a set time, or by a rule. */
static void read_when(model_order *order, sim_diag *diag)
{
    const sim_config *config = order->config;
    uint32_t i = order->element;
    bool at = sim_given(config, section, "at", i), rule = sim_given(config, section, "rule", i),
         level = sim_given(config, section, "level", i);
    order->given = at ? sim_micros(config, section, "at", i) : SIM_FOREVER;
    if (at == rule)
        sim_diag_error(diag, at ? argument_mark(order, "rule") : sim_element_mark(config, section, i), NULL, NULL,
                       at ? "an order is given at a set time or by a rule, not both"
                          : "an order needs `at`, or `rule` and `level`");
    else if (rule != level)
        sim_diag_error(diag, level ? argument_mark(order, "level") : sim_element_mark(config, section, i),
                       MODEL_LEVEL_WORDS, NULL,
                       level ? "`level` is for orders of a rule" : "an order of a rule needs `level`");
    if (at || !rule)
        return;
    order->rule = (uint32_t)sim_name(config, section, "rule", i);
    order->level = level ? 1 + sim_choice(config, section, "level", i) : 1;
    if (level && !model_rules_have(config, order->rule, order->level))
        sim_diag_error(diag, argument_mark(order, "level"), "a level that the rule has", NULL,
                       "the rule %s has no such level", sim_element_name(config, "rules.*", order->rule));
}

/* How long it takes, and what that makes of a set time. */
static void read_times(model_order *order)
{
    const sim_config *config = order->config;
    uint32_t i = order->element;
    order->lead_given = sim_given(config, section, "lead", i);
    order->lead = order->lead_given ? sim_micros(config, section, "lead", i) : order->kind->lead;
    order->duration =
        sim_given(config, section, "duration", i) ? sim_micros(config, section, "duration", i) : SIM_FOREVER;
    bool set = order->given != SIM_FOREVER;
    order->begin = set ? order->given + order->lead : SIM_FOREVER;
    order->end = set && order->duration != SIM_FOREVER ? order->begin + order->duration : SIM_FOREVER;
}

static int read_order(model_setup *setup, model_order *order, sim_diag *diag)
{
    const sim_config *config = order->config;
    bool given = sim_given(config, section, "target", order->element);
    check_giver(order, diag);
    read_times(order);
    order->target = given ? sim_text(config, section, "target", order->element) : "";
    sim_mark mark = given ? argument_mark(order, "target") : sim_element_mark(config, section, order->element),
             named = mark;
    order->text = "";
    order->target_index = MODEL_NONE;
    read_arguments(order, diag);
    for (int k = 0; k < 2; k++) {
        const char *name = k == 0 ? "procedure" : "name";
        if (sim_given(config, section, name, order->element))
            named = argument_mark(order, name);
    }
    int ret = model_order_find_targets(setup, order, mark, diag);
    /* a model that could not read its own parameters cannot say what it lacks */
    if (ret == 0 && order->kind->check != NULL && setup->prepared[owner_of(order->kind)])
        order->kind->check(setup, order, named, diag);
    return ret;
}

/* Who gives an entry of the scenario's timeline, or of a plan's. */
static unsigned giver_of(const model_order *order)
{
    const sim_config *config = order->config;
    bool response = sim_choice(config, section, "part", order->element) == RESPONSE;
    return response || order->rule != MODEL_NONE || sim_element_is_overlaid(config, section, order->element)
               ? MODEL_BY_RESPONSE
               : MODEL_BY_CRISIS;
}

static int read_entry(model_setup *setup, uint32_t element, model_order *order, sim_diag *diag)
{
    size_t before = sim_diag_count(diag);
    order->config = setup->config;
    order->element = element;
    order->rule = MODEL_NONE;
    order->kind = setup->rows.orders[sim_choice(setup->config, section, "order", element)];
    read_when(order, diag);
    order->by = giver_of(order);
    /* of a response that was as it was, under a plan that keeps it, the plan does not pay */
    order->planned = order->rule != MODEL_NONE || sim_element_is_overlaid(setup->config, section, element) ||
                     (!sim_config_is_overlaid(setup->config) && order->by == MODEL_BY_RESPONSE);
    int ret = read_order(setup, order, diag);
    return ret == 0 && sim_diag_count(diag) == before ? model_order_describe(setup, order, NULL) : ret;
}

int model_orders_link(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    size_t n = sim_elements(config, section);
    setup->orders = calloc(n + 1, sizeof *setup->orders);
    if (setup->orders == NULL)
        return SIM_E_MEMORY;
    int ret = 0;
    for (size_t i = 0; i < n && ret == 0 && sim_diag_count(diag) < 100; i++) {
        if (setup->drops_response && sim_choice(config, section, "part", i) == RESPONSE)
            continue;
        model_order *order = &setup->orders[setup->order_count];
        order->index = setup->order_count++;
        ret = read_entry(setup, (uint32_t)i, order, diag);
    }
    return ret;
}

/* --- orders that are given on the way --- */

/* What only an entry of a timeline has. */
static void refuse_times(const model_order *order, sim_diag *diag)
{
    static const char *const names[] = {"at", "rule", "level", "part"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sim_is_written(order->config, section, names[i], 0))
            sim_diag_error(diag, argument_mark(order, names[i]), NULL, NULL,
                           "an order that is given now has no use for `%s`", names[i]);
}

/* Its checks may note in a setup that is being made that an order needs the model: that is too late here, and of a
 * model that is used nothing is left to note. */
static bool is_possible(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    const model *owner = model_registry[owner_of(order->kind)];
    if (order->kind->is_for_all || model_is_used(setup, owner))
        return true;
    sim_diag_error(diag, argument_mark(order, "order"),
                   "an order that acts on something in this scenario; an order of this kind in its timeline or in the "
                   "plan, at any time or level, makes room for others",
                   NULL, "the scenario does not use %s, on which %s acts", owner->name, order->kind->name);
    return false;
}

int model_order_read(const model_setup *setup, const char *text, unsigned by, sim_diag *diag, model_order *order)
{
    size_t before = sim_diag_count(diag);
    *order = (model_order){.by = by, .rule = MODEL_NONE, .given = SIM_FOREVER, .planned = by != MODEL_BY_CRISIS};
    int ret = sim_config_parse_entry(&order->own, setup->config, section, text, strlen(text), "the order",
                                     &setup->rows.rows, diag);
    if (ret != 0)
        return ret;
    order->config = order->own;
    order->kind = setup->rows.orders[sim_choice(order->config, section, "order", 0)];
    refuse_times(order, diag);
    if (is_possible(setup, order, diag))
        ret = read_order((model_setup *)(uintptr_t)setup, order, diag);
    for (size_t i = 0; i < model_registry_count && ret == 0 && sim_diag_count(diag) == before; i++)
        if (model_registry[i]->checks != NULL)
            model_registry[i]->checks(setup, order, diag);
    if (ret == 0 && sim_diag_count(diag) > before)
        ret = SIM_E_INPUT;
    return ret == 0 ? model_order_describe(setup, order, "") : ret;
}
