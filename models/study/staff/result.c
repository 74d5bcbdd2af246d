/* What a results file keeps of the inquiry: the roster before and after, the targets, what one person more or less
 * does, and the way of the search. */
#include <stdlib.h>

#include "models/study/staff/staff.h"
#include "sim/base/error.h"

typedef struct {
    const staff_study *study;
    sim_result *result;
    int shift, target, trial, phase; /* axes */
    int error;
} filling;

static double *reals(filling *f, const char *path, const char *doc, const char *unit, int axis_count, const int *axes)
{
    double *data = NULL;
    if (f->error == 0)
        f->error = sim_result_reals(f->result, path, doc, unit, axis_count, axes, &data);
    return f->error == 0 ? data : NULL;
}

static int64_t *integers(filling *f, const char *path, const char *doc, const char *unit, int axis_count,
                         const int *axes)
{
    int64_t *data = NULL;
    if (f->error == 0)
        f->error = sim_result_integers(f->result, path, doc, unit, axis_count, axes, &data);
    return f->error == 0 ? data : NULL;
}

/* --- axes --- */

static int add_axes(filling *f)
{
    const staff_study *study = f->study;
    size_t n = study->shifts.count, t = study->targets.count;
    char(*shifts)[200] = calloc(n, sizeof *shifts);
    const char **labels = calloc(n + t, sizeof *labels);
    double *numbers = calloc(study->path.count + 1, sizeof *numbers);
    int ret = shifts == NULL || labels == NULL || numbers == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < n && ret == 0; i++) {
        staff_shift_text(study->shifts.setup, &study->shifts.items[i], shifts[i], sizeof shifts[i]);
        labels[i] = shifts[i];
    }
    for (size_t i = 0; i < t && ret == 0; i++)
        labels[n + i] = study->targets.items[i].text;
    for (size_t i = 0; i < study->path.count && ret == 0; i++)
        numbers[i] = (double)(i + 1);
    if (ret == 0)
        ret = f->shift = sim_result_labels(f->result, "shift", "shifts whose heads were sought", n, labels);
    if (ret >= 0)
        ret = f->target = sim_result_labels(f->result, "target", "targets of service", t, labels + n);
    if (ret >= 0)
        ret = f->phase = sim_result_labels(f->result, "phase", "parts of the search", 5, sim_staffing_phases);
    if (ret >= 0)
        ret = f->trial =
            sim_result_values(f->result, "trial", "rosters tried, in order", "1", study->path.count, numbers);
    free(shifts);
    free(labels);
    free(numbers);
    return ret < 0 ? ret : 0;
}

/* --- parts --- */

static void put_roster(filling *f)
{
    const staff_study *study = f->study;
    const char *money = study->shifts.paid ? "USD" : "h";
    int64_t *now = integers(f, "staff/heads_now", "people on the shift in the scenario", "people", 1, &f->shift),
            *found =
                integers(f, "staff/heads_found",
                         "people on the shift in the roster found; the most that could be of use where none was found",
                         "people", 1, &f->shift);
    double *hours = reals(f, "staff/hours", "hours of a person on the shift in the run", "h", 1, &f->shift),
           *cost = reals(f, "staff/cost_of_one", "cost of a person on the shift in the run", money, 1, &f->shift),
           *load = reals(f, "staff/load", "people busy while the shift is on, where there are plenty", "people", 1,
                         &f->shift);
    int64_t *met = integers(f, "staff/met", "1: the roster found meets the targets", "1", 0, NULL),
            *confirmed = integers(f, "staff/confirmed", "1: other replications meet them too", "1", 0, NULL),
            *settled = integers(f, "staff/settled", "1: nobody can be taken off, and no exchange tried is cheaper", "1",
                                0, NULL);
    for (size_t i = 0; f->error == 0 && i < study->shifts.count; i++) {
        now[i] = study->shifts.items[i].head;
        found[i] = study->heads[i];
        hours[i] = study->shifts.items[i].hours;
        cost[i] = study->shifts.items[i].cost;
        load[i] = study->loads[i];
    }
    if (f->error == 0) {
        *met = study->met;
        *confirmed = study->confirmed;
        *settled = study->settled;
    }
}

static void put_targets(filling *f)
{
    const staff_study *study = f->study;
    double *amount =
               reals(f, "targets/amount", "what the figure must not exceed or fall short of, in the figure's unit", "1",
                     1, &f->target),
           *now = reals(f, "targets/now", "value under the scenario's own rosters", "1", 1, &f->target),
           *found = reals(f, "targets/found", "value under the roster found; of stretches the nearest to missing", "1",
                          1, &f->target),
           *margin = reals(f, "targets/margin", "one-sided margin of the value found", "1", 1, &f->target),
           *checked = reals(f, "targets/checked", "value in other replications", "1", 1, &f->target);
    int64_t *at_least = integers(f, "targets/at_least", "1: the figure must be at least the amount; 0: at most", "1", 1,
                                 &f->target),
            *missed = integers(f, "targets/missed", "stretches of time that miss it under the roster found", "1", 1,
                               &f->target);
    for (size_t t = 0; f->error == 0 && t < study->targets.count; t++) {
        amount[t] = study->targets.items[t].amount;
        at_least[t] = study->targets.items[t].at_least;
        now[t] = study->own[t].value;
        found[t] = study->found[t].value;
        margin[t] = study->found[t].margin;
        missed[t] = (int64_t)study->found[t].missed;
        if (study->met)
            checked[t] = study->check[t].value;
    }
}

static void put_marginals(filling *f)
{
    const staff_study *study = f->study;
    const int axes[] = {f->shift, f->target};
    double *less = reals(f, "marginal/one_less", "value with one person less on the shift, in the figure's unit", "1",
                         2, axes),
           *more = reals(f, "marginal/one_more", "value with one person more on the shift, in the figure's unit", "1",
                         2, axes);
    for (size_t i = 0; f->error == 0 && study->met && i < study->shifts.count * study->targets.count; i++) {
        if (study->less[i].stretches > 0)
            less[i] = study->less[i].value;
        if (study->more[i].stretches > 0)
            more[i] = study->more[i].value;
    }
}

static void put_path(filling *f)
{
    const staff_study *study = f->study;
    const int heads_axes[] = {f->trial, f->shift}, score_axes[] = {f->trial, f->target};
    size_t n = study->shifts.count, targets = study->targets.count;
    int64_t *heads = integers(f, "search/heads", "people on each shift of each roster tried", "people", 2, heads_axes),
            *phase = integers(f, "search/phase", "part of the search (index of the axis phase)", "1", 1, &f->trial);
    double *cost = reals(f, "search/cost", "cost of each roster tried", study->shifts.paid ? "USD" : "h", 1, &f->trial),
           *slack = reals(f, "search/slack",
                          "by how much of its amount each target is met, chance allowed for; below 0: missed", "1", 2,
                          score_axes);
    for (size_t i = 0; f->error == 0 && i < study->path.count; i++) {
        for (size_t j = 0; j < n; j++)
            heads[i * n + j] = study->path.heads[i * n + j];
        for (size_t t = 0; t < targets; t++)
            slack[i * targets + t] =
                study->path.scores[i * targets + t].slack - study->path.scores[i * targets + t].margin;
        phase[i] = study->path.phases[i];
        cost[i] = staff_cost(&study->shifts, study->path.heads + i * n);
    }
}

int staff_fill_result(const staff_study *study, sim_result *result)
{
    filling f = {.study = study, .result = result};
    f.error = add_axes(&f);
    put_roster(&f);
    put_targets(&f);
    put_marginals(&f);
    put_path(&f);
    if (f.error == 0)
        f.error = sim_result_attribute(result, "title", study->shifts.setup->name, 1);
    return f.error;
}
