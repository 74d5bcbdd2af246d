/* A calibration as results: axes parameter, observation (one observed number each), replication (of the bootstrap) and
 * evaluation (a point of the search). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"

typedef struct {
    const calibrate_report *report;
    sim_result *result;
    int parameter, observation, replication, evaluation, post, column; /* axes */
    int error;
} writer;

static double *reals(writer *w, const char *path, const char *doc, const char *unit, int axis_count, const int *axes)
{
    double *values = NULL;
    if (w->error == 0)
        w->error = sim_result_reals(w->result, path, doc, unit, axis_count, axes, &values);
    return values;
}

static int64_t *integers(writer *w, const char *path, const char *doc, int axis)
{
    int64_t *values = NULL;
    if (w->error == 0)
        w->error = sim_result_integers(w->result, path, doc, "1", 1, &axis, &values);
    return values;
}

/* --- axes --- */

static int count_axis(writer *w, const char *name, const char *doc, size_t n)
{
    double *numbers = malloc((n + 1) * sizeof *numbers);
    if (numbers == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        numbers[i] = (double)i;
    int axis = sim_result_values(w->result, name, doc, "1", n, numbers);
    free(numbers);
    return axis;
}

/* Posts by name; the last stands for all of them together. */
static int post_axis(writer *w)
{
    const model_setup *setup = w->report->setup;
    const char **names = calloc(setup->site_count + 1, sizeof *names);
    if (names == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->site_count; i++)
        names[i] = setup->sites[i].name;
    names[setup->site_count] = "All posts";
    int axis = sim_result_labels(w->result, "post", "posts, and all together", setup->site_count + 1, names);
    free(names);
    return axis;
}

static int parameter_axis(writer *w)
{
    const char *paths[SIM_FIT_MOST_PARAMETERS];
    for (size_t j = 0; j < w->report->fit->parameters; j++)
        paths[j] = w->report->work->parameters[j].factor.path;
    return sim_result_labels(w->result, "parameter", "paths in the scenario", w->report->fit->parameters, paths);
}

static void add_axes(writer *w)
{
    const sim_fit *fit = w->report->fit;
    w->parameter = parameter_axis(w);
    w->observation = count_axis(w, "observation", "observed number", w->report->work->data->count);
    w->replication = count_axis(w, "replication", "replication at the estimate", fit->bootstrap);
    w->evaluation = count_axis(w, "evaluation", "point of the search, in order", fit->evaluated);
    w->post = post_axis(w);
    w->column =
        sim_result_labels(w->result, "column", "column of the observations", CALIBRATE_KINDS, calibrate_columns);
    const int axes[] = {w->parameter, w->observation, w->replication, w->evaluation, w->post, w->column};
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        if (axes[i] < 0)
            w->error = axes[i];
}

/* --- parameters --- */

static void add_parameters(writer *w)
{
    const sim_fit *fit = w->report->fit;
    const int p = w->parameter, drawn[] = {w->replication, w->parameter};
    const char *unit = "1"; /* of each its own: attribute parameter_units */
    double *estimate = reals(w, "fit/estimate", "estimate, in the parameter's SI unit", unit, 1, &p);
    double *low = reals(w, "fit/low", "lower end of its interval; none: not determined", unit, 1, &p);
    double *high = reals(w, "fit/high", "upper end", unit, 1, &p);
    double *range_low = reals(w, "fit/range_low", "lower end of the range searched", unit, 1, &p);
    double *range_high = reals(w, "fit/range_high", "upper end", unit, 1, &p);
    int64_t *edge = integers(w, "fit/edge", "-1, 1: the estimate lies at the lower or upper end of the range", p);
    double *refitted =
        reals(w, "fit/refitted", "estimate had the replication been observed (one Gauss-Newton step)", unit, 2, drawn);
    for (size_t j = 0; w->error == 0 && j < fit->parameters; j++) {
        const sim_factor *factor = &w->report->work->parameters[j].factor;
        estimate[j] = sim_factor_at(factor, fit->at[j]);
        low[j] = isfinite(fit->low[j]) ? sim_factor_at(factor, fit->low[j]) : (double)NAN;
        high[j] = isfinite(fit->high[j]) ? sim_factor_at(factor, fit->high[j]) : (double)NAN;
        range_low[j] = factor->low;
        range_high[j] = factor->high;
        edge[j] = fit->edge[j];
        for (size_t b = 0; b < fit->bootstrap; b++)
            refitted[b * fit->parameters + j] = sim_factor_at(factor, fit->refitted[b * fit->parameters + j]);
    }
}

static void add_search(writer *w)
{
    const sim_fit *fit = w->report->fit;
    const int point[] = {w->evaluation, w->parameter};
    double *points = reals(w, "search/point", "value tried, in the parameter's SI unit", "1", 2, point);
    double *misfits =
        reals(w, "search/misfit", "weighted misfit; none: it could not be simulated", "1", 1, &w->evaluation);
    for (size_t i = 0; w->error == 0 && i < fit->evaluated; i++) {
        misfits[i] = isfinite(fit->misfits[i]) ? fit->misfits[i] : (double)NAN;
        for (size_t j = 0; j < fit->parameters; j++)
            points[i * fit->parameters + j] =
                sim_factor_at(&w->report->work->parameters[j].factor, fit->points[i * fit->parameters + j]);
    }
}

static void add_loose(writer *w)
{
    const sim_fit *fit = w->report->fit;
    if (w->error != 0 || fit->loose == 0)
        return;
    int axis = count_axis(w, "loose", "direction that is not determined", fit->loose);
    const int axes[] = {axis, w->parameter};
    if (axis < 0)
        w->error = axis;
    double *direction =
        reals(w, "fit/loose_direction", "what the observations do not determine: a unit vector in shares of the ranges",
              "1", 2, axes);
    if (w->error == 0)
        memcpy(direction, fit->direction, fit->loose * fit->parameters * sizeof *direction);
}

/* --- observations --- */

static void add_observations(writer *w)
{
    const calibrate_data *data = w->report->work->data;
    const int o = w->observation;
    int64_t *row = integers(w, "observations/row", "row of the scenario's observations, from 0", o);
    int64_t *column = integers(w, "observations/of_column", "0: people who crossed; 1: seconds that somebody waits", o);
    int64_t *role = integers(w, "observations/role", "0 fitted, 1 held out and scored, 2 compared only, 3 left out", o);
    int64_t *post = integers(w, "observations/of_post", "post by number; the last: all together", o);
    double *begin = reals(w, "observations/begin", "beginning of the period, from the start of the run", "s", 1, &o);
    double *end = reals(w, "observations/end", "end of the period", "s", 1, &o);
    double *observed = reals(w, "observations/observed", "people, or s", "1", 1, &o);
    double *mean = reals(w, "observations/simulated", "mean at the estimate", "1", 1, &o);
    double *low = reals(w, "observations/simulated_low", "lower end of the middle replications", "1", 1, &o);
    double *high = reals(w, "observations/simulated_high", "upper end", "1", 1, &o);
    double *weight = reals(w, "observations/weight", "weight of its squared difference; none: not fitted", "1", 1, &o);
    for (size_t i = 0, k = 0; w->error == 0 && i < data->count; i++) {
        const calibrate_number *n = &data->numbers[i];
        row[i] = (int64_t)n->row;
        column[i] = n->kind;
        role[i] = n->role;
        post[i] = n->post == MODEL_NONE ? (int64_t)w->report->setup->site_count : (int64_t)n->post;
        begin[i] = (double)n->begin * 1e-6;
        end[i] = (double)n->end * 1e-6;
        observed[i] = n->observed;
        mean[i] = n->mean;
        low[i] = n->low;
        high[i] = n->high;
        if (n->role == CALIBRATE_FITTED)
            weight[i] = w->report->fit->weight[k++];
    }
}

static void add_scores(writer *w)
{
    const int c = w->column;
    if (w->report->work->data->by_role[CALIBRATE_HELD_OUT] == 0)
        return;
    int64_t *numbers = integers(w, "held_out/numbers", "numbers scored", c);
    int64_t *inside = integers(w, "held_out/inside", "of them inside the range of the middle replications", c);
    double *observed = reals(w, "held_out/observed_mean", "mean observed (people, or s)", "1", 1, &c);
    double *simulated = reals(w, "held_out/model_rmse", "root mean square error of the model", "1", 1, &c);
    double *last = reals(w, "held_out/last_rmse", "of the last fitted number in its place", "1", 1, &c);
    double *mean = reals(w, "held_out/mean_rmse", "of the fitted numbers' mean in its place", "1", 1, &c);
    for (int kind = 0; w->error == 0 && kind < CALIBRATE_KINDS; kind++) {
        calibrate_score s = calibrate_score_of(w->report->work->data, (calibrate_kind)kind);
        numbers[kind] = (int64_t)s.count;
        inside[kind] = (int64_t)s.inside;
        observed[kind] = s.observed;
        simulated[kind] = s.model;
        last[kind] = s.last;
        mean[kind] = s.mean;
    }
}

/* --- attributes --- */

static void attribute(writer *w, const char *name, const char *text)
{
    if (w->error == 0)
        w->error = sim_result_attribute(w->result, name, text, 1);
}

static void attribute_number(writer *w, const char *name, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    attribute(w, name, text);
}

/* Names of columns whose numbers have this role, with commas between. */
static void attribute_columns(writer *w, const char *name, calibrate_role role)
{
    char text[80] = "";
    for (int kind = 0; kind < CALIBRATE_KINDS; kind++) {
        bool any = false;
        for (size_t i = 0; i < w->report->work->data->count; i++)
            any |= w->report->work->data->numbers[i].role == role &&
                   w->report->work->data->numbers[i].kind == (calibrate_kind)kind;
        if (any)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", *text != '\0' ? ", " : "",
                     calibrate_columns[kind]);
    }
    attribute(w, name, *text != '\0' ? text : "none");
}

static void add_attributes(writer *w)
{
    const calibrate_report *report = w->report;
    char words[CALIBRATE_WORDS] = "";
    calibrate_assessment(report, words, sizeof words);
    attribute(w, "assessment", words);
    attribute(w, "columns_input", "time, hours, post");
    attribute_columns(w, "columns_fitted", CALIBRATE_FITTED);
    attribute_columns(w, "columns_held_out", CALIBRATE_HELD_OUT);
    attribute_columns(w, "columns_compared", CALIBRATE_COMPARED);
    words[0] = '\0';
    for (size_t j = 0; j < report->fit->parameters; j++)
        snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s", j > 0 ? ", " : "",
                 sim_dimension_si(report->work->parameters[j].factor.dimension));
    attribute(w, "parameter_units", words);
    if (report->work->data->cut != INT64_MAX)
        attribute_number(w, "fitted_until_seconds", (double)report->work->data->cut * 1e-6);
    attribute_number(w, "misfit", report->fit->misfit);
    attribute_number(w, "misfit_by_chance", report->fit->by_chance);
    attribute_number(w, "misfit_p_value", report->fit->p_value);
    attribute_number(w, "intervals_widened", report->fit->widened);
    attribute_number(w, "interval_level", report->work->level);
    attribute_number(w, "fit_replications", (double)report->work->replications);
    attribute_number(w, "start_unix_seconds", (double)report->setup->start_unix);
    for (size_t k = 0; k < report->fit->loose; k++) {
        char name[48];
        snprintf(name, sizeof name, "not_determined_%zu", k);
        calibrate_loose_words(report, k, words, sizeof words);
        attribute(w, name, words);
    }
}

int calibrate_result(const calibrate_report *report, sim_result *result)
{
    writer w = {.report = report, .result = result};
    add_axes(&w);
    add_parameters(&w);
    add_search(&w);
    add_loose(&w);
    add_observations(&w);
    add_scores(&w);
    add_attributes(&w);
    return w.error;
}
