/* A comparison for machines: {scenario, baseline, replications, confidence, plans, figures, differences, best, file}.
 * What is no number is null. */
#include <math.h>

#include <jansson.h>

#include "sim/base/error.h"
#include "tools/compare/tell.h"

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *plans_of(const comparison *c)
{
    json_t *list = json_array();
    for (size_t plan = 0; list && plan < c->plan_count; plan++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "name", c->plans[plan].name, "title", c->plans[plan].title));
    return list;
}

static json_t *figures_of(const comparison *c)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < c->figure_count; i++) {
        const compare_figure *f = &c->figures[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", f->name, "unit", f->unit, "better",
                                              model_better_names[f->better], "meaning", f->label));
    }
    return list;
}

static json_t *difference_of(const comparison *c, size_t plan, size_t figure)
{
    const compare_difference *d = compare_difference_of(c, plan, figure);
    double baseline, value, half;
    char words[512];
    compare_mean(c, 0, figure, &baseline, &half);
    compare_mean(c, plan, figure, &value, &half);
    compare_words(c, plan, figure, words, sizeof words);
    return json_pack("{s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "plan", c->plans[plan].name,
                     "figure", c->figures[figure].name, "baseline", real(baseline), "value", real(value), "pairs",
                     (json_int_t)d->paired.n, "difference", real(d->paired.mean), "low", real(d->low), "high",
                     real(d->high), "p", real(d->p), "p_holm", real(d->adjusted_p), "status",
                     sim_paired_status_names[d->status], "words", words);
}

static json_t *differences_of(const comparison *c)
{
    json_t *list = json_array();
    for (size_t plan = 1; list && plan < c->plan_count; plan++)
        for (size_t figure = 0; figure < c->figure_count; figure++)
            json_array_append_new(list, difference_of(c, plan, figure));
    return list;
}

static json_t *best_of(const comparison *c)
{
    json_t *plans = json_array();
    for (size_t i = 0; plans && i < c->plan_count; i++) {
        const sim_selected *p = &c->best.plans[i];
        json_array_append_new(plans, json_pack("{s:s, s:o, s:I, s:I, s:s}", "plan", c->plans[i].name, "mean",
                                               real(p->mean), "replications", (json_int_t)p->replications, "left_after",
                                               (json_int_t)p->left_after, "left_for", c->plans[p->left_for].name));
    }
    return json_pack("{s:s, s:b, s:s, s:s, s:f, s:f, s:o}", "plan", c->plans[c->best.best].name, "decided",
                     c->best.is_decided, "figure", c->figures[c->best.figure].name, "is",
                     c->best.largest ? "largest" : "smallest", "indifference", c->best.indifference, "probability",
                     c->best.probability, "plans", plans);
}

int compare_print_json(const comparison *c, const char *file, FILE *to)
{
    json_t *root =
        json_pack("{s:s, s:s, s:I, s:I, s:f, s:I, s:I, s:o, s:o, s:o, s:o, s:s}", "scenario", c->title, "baseline",
                  c->plans[0].name, "seed", (json_int_t)c->seed, "replications", (json_int_t)c->replications,
                  "confidence", c->confidence, "look", (json_int_t)c->look, "looks", (json_int_t)c->looks, "plans",
                  plans_of(c), "figures", figures_of(c), "differences", differences_of(c), "best",
                  c->best.is_wanted ? best_of(c) : json_null(), "file", file);
    int error = root == NULL ? SIM_E_MEMORY : 0;
    if (error == 0 && (json_dumpf(root, to, JSON_INDENT(1)) != 0 || putc('\n', to) == EOF))
        error = SIM_E_IO;
    json_decref(root);
    return error;
}
