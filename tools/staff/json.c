/* The same as JSON: {scenario, met, confirmed, settled, cost, roster, targets, people, search, file}. */
#include <jansson.h>
#include <math.h>

#include "sim/base/error.h"
#include "tools/staff/tell.h"

enum { TEXT = 200 };

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *reached_json(const staff_study *study, size_t t, const staff_reached *r)
{
    const staff_target *target = &study->targets.items[t];
    if (r->stretches == 0)
        return json_pack("{s:n, s:b}", "value", "met", 0);
    return json_pack("{s:o, s:o, s:b, s:I, s:I}", "value", number(r->value), "bound",
                     number(target->at_least ? r->value - r->margin : r->value + r->margin), "met", staff_is_met(r),
                     "stretches", (json_int_t)r->stretches, "missed", (json_int_t)r->missed);
}

static json_t *targets_json(const staff_study *study)
{
    json_t *list = json_array();
    for (size_t t = 0; list != NULL && t < study->targets.count; t++) {
        const staff_target *target = &study->targets.items[t];
        json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:o, s:o, s:o}", "target", target->text, "figure",
                                target->name, "unit", target->unit, "must_be",
                                target->at_least ? "at least" : "at most", "amount", target->amount, "each_seconds",
                                (double)target->each * 1e-6, "now", reached_json(study, t, &study->own[t]),
                                study->met ? "found" : "with_most", reached_json(study, t, &study->found[t]), "checked",
                                study->met ? reached_json(study, t, &study->check[t]) : json_null());
        if (json_array_append_new(list, row) != 0)
            return json_decref(list), NULL;
    }
    return list;
}

/* What a roster with one person more or less comes to, target by target; null where there is none. */
static json_t *change_json(const staff_study *study, const staff_reached *reached)
{
    if (!study->met || (reached[0].stretches == 0 && reached[0].value == 0))
        return json_null();
    json_t *list = json_array();
    for (size_t t = 0; list != NULL && t < study->targets.count; t++)
        if (json_array_append_new(list, reached_json(study, t, &reached[t])) != 0)
            return json_decref(list), NULL;
    return list;
}

static json_t *roster_json(const staff_study *study)
{
    const model_setup *setup = study->shifts.setup;
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < study->shifts.count; i++) {
        const staff_shift *s = &study->shifts.items[i];
        size_t at = i * study->targets.count;
        char text[TEXT];
        staff_shift_text(setup, s, text, sizeof text);
        json_t *row =
            json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:I, s:o, s:o, s:o}", "roster",
                      sim_element_name(setup->config, "rosters.*", s->roster), "number", (json_int_t)s->number, "shift",
                      text, "post", setup->sites[s->post].name, "side", s->side == 0 ? "exit" : "entry", "role",
                      staff_setup(setup)->rosters[s->roster].role, "hours", s->hours, "cost_of_one", s->cost, "load",
                      study->loads[i], "heads_now", (json_int_t)s->head, "heads_found",
                      study->met ? json_integer(study->heads[i]) : json_null(), "one_less",
                      change_json(study, study->less + at), "one_more", change_json(study, study->more + at));
        if (json_array_append_new(list, row) != 0)
            return json_decref(list), NULL;
    }
    return list;
}

static json_t *people_json(const double *aside)
{
    return json_pack("{s:o, s:o, s:o}", "crossed", number(aside[0]), "gave_up", number(aside[1]), "waiting_at_end",
                     number(aside[2]));
}

int staff_print_json(const staff_study *study, const char *out, FILE *to)
{
    double own = 0;
    for (size_t i = 0; i < study->shifts.count; i++)
        own += (double)study->shifts.items[i].head * study->shifts.items[i].cost;
    json_t *root =
        json_pack("{s:s, s:b, s:b, s:b, s:{s:s, s:f, s:o}, s:o, s:o, s:{s:o, s:o}, s:{s:I, s:I, s:I, s:f}, s:s}",
                  "scenario", study->shifts.setup->name, "met", study->met, "confirmed", study->confirmed, "settled",
                  study->settled, "cost", "unit", study->shifts.paid ? "USD" : "person h", "now", own, "found",
                  study->met ? json_real(staff_cost(&study->shifts, study->heads)) : json_null(), "roster",
                  roster_json(study), "targets", targets_json(study), "people", "now", people_json(study->own_aside),
                  study->met ? "found" : "with_most", people_json(study->found_aside), "search", "trials",
                  (json_int_t)study->trials, "rounds", (json_int_t)study->rounds, "replications",
                  (json_int_t)study->replications, "confidence", study->effort.confidence, "file", out);
    if (root == NULL)
        return SIM_E_MEMORY;
    int error =
        json_dumpf(root, to, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) != 0 || putc('\n', to) == EOF ? SIM_E_IO : 0;
    json_decref(root);
    return error;
}
