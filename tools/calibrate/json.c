/* A calibration as one JSON object. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/calibrate/tell.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *parameter_json(const calibrate_report *report, size_t j)
{
    const calibrate_parameter *parameter = &report->work->parameters[j];
    const sim_factor *factor = &parameter->factor;
    const sim_fit *fit = report->fit;
    bool told = isfinite(fit->low[j]);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:s}", "path", factor->path, "unit",
                     sim_dimension_si(factor->dimension), "estimate", number(sim_factor_at(factor, fit->at[j])), "low",
                     told ? number(sim_factor_at(factor, fit->low[j])) : json_null(), "high",
                     told ? number(sim_factor_at(factor, fit->high[j])) : json_null(), "range_low", number(factor->low),
                     "range_high", number(factor->high), "determined", told, "edge",
                     fit->edge[j] < 0   ? "lower"
                     : fit->edge[j] > 0 ? "upper"
                                        : "");
}

static json_t *parameters_json(const calibrate_report *report)
{
    json_t *list = json_array();
    for (size_t j = 0; list != NULL && j < report->fit->parameters; j++)
        if (json_array_append_new(list, parameter_json(report, j)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *loose_json(const calibrate_report *report)
{
    json_t *list = json_array();
    for (size_t k = 0; list != NULL && k < report->fit->loose; k++) {
        char words[CALIBRATE_WORDS];
        calibrate_loose_words(report, k, words, sizeof words);
        json_t *direction = json_object(), *item = json_pack("{s:s, s:o}", "words", words, "direction", direction);
        for (size_t j = 0; item != NULL && j < report->fit->parameters; j++)
            json_object_set_new(direction, report->work->parameters[j].factor.path,
                                json_real(report->fit->direction[k * report->fit->parameters + j]));
        if (item == NULL || json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *sets_json(const calibrate_report *report)
{
    json_t *list = json_array();
    for (size_t j = 0; list != NULL && j < report->fit->parameters; j++) {
        char *set = calibrate_parameter_set(&report->work->parameters[j], report->fit->at[j]);
        int failed = set == NULL || json_array_append_new(list, json_string(set)) != 0;
        free(set);
        if (failed) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *fit_json(const calibrate_report *report)
{
    const sim_fit *fit = report->fit;
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "numbers", (json_int_t)fit->observations, "misfit",
                     number(fit->misfit), "by_chance", number(fit->by_chance), "p_value", number(fit->p_value),
                     "widened", number(fit->widened), "points", (json_int_t)fit->evaluated, "replications",
                     (json_int_t)report->work->replications, "bootstrap", (json_int_t)fit->bootstrap);
}

static json_t *score_json(calibrate_kind kind, const calibrate_score *s)
{
    return json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:I, s:b}", "unit", kind == CALIBRATE_WAIT ? "s" : "people",
                     "numbers", (json_int_t)s->count, "without_rule", (json_int_t)(isfinite(s->last) ? s->without : 0),
                     "observed_mean", number(s->observed), "model_rmse", number(s->model), "last_rmse", number(s->last),
                     "mean_rmse", number(s->mean), "inside", (json_int_t)s->inside, "beats_naive",
                     calibrate_score_beats(s));
}

/* null without anything held out. */
static json_t *scores_json(const calibrate_report *report)
{
    if (report->work->data->by_role[CALIBRATE_HELD_OUT] == 0)
        return json_null();
    json_t *object = json_object();
    for (int kind = 0; object != NULL && kind < CALIBRATE_KINDS; kind++) {
        calibrate_score s = calibrate_score_of(report->work->data, (calibrate_kind)kind);
        if (s.count > 0 &&
            json_object_set_new(object, calibrate_columns[kind], score_json((calibrate_kind)kind, &s)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

int calibrate_print_json(const calibrate_report *report, FILE *to)
{
    char assessment[CALIBRATE_WORDS];
    calibrate_assessment(report, assessment, sizeof assessment);
    json_t *parts[] = {parameters_json(report), loose_json(report), fit_json(report), scores_json(report),
                       sets_json(report)};
    const char *const names[] = {"parameters", "loose", "fit", "held_out", "set"};
    json_t *root =
        json_pack("{s:f, s:s, s:s}", "level", report->work->level, "assessment", assessment, "file", report->file);
    int error = root == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (root == NULL) {
            json_decref(parts[i]);
        } else if (json_object_set_new(root, names[i], parts[i]) !=
                   0) { /* a part that is NULL fails; others are taken over */
            error = SIM_E_MEMORY;
        }
    if (error == 0 && (json_dumpf(root, to, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) != 0 || putc('\n', to) == EOF))
        error = SIM_E_IO;
    json_decref(root);
    return error;
}
