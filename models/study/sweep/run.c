/* The runs of a sweep and what they come to: means over replications, and the indices of the design. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/sweep/sweep.h"
#include "sim/base/error.h"

void sweep_free(sweep *s)
{
    sim_diag_free(s->problems);
    sim_factors_free(&s->factors);
    sim_design_free(&s->design);
    free(s->settings);
    free(s->measures);
    free(s->names);
    free(s->values);
    free(s->means);
    free(s->status);
    free(s->first);
    free(s->total);
    free(s->effects);
    free(s->rows);
}

/* --- figures --- */

static int add_measure(sweep *s, const char *name, bool must, char *why, size_t size)
{
    const model_setup *setup = model_experiment_setup(s->experiment, 0);
    model_measure *measure = &s->measures[s->measure_count];
    int rc = model_measure_parse(setup, name, measure, why, size);
    if (rc != 0)
        return must ? rc : 0;
    model_measure_name(setup, measure, s->names[s->measure_count], sizeof *s->names);
    for (size_t i = 0; i < s->measure_count; i++)
        if (strcmp(s->names[i], s->names[s->measure_count]) == 0) {
            (void)snprintf(why, size, "the figure %s is given twice", s->names[i]);
            return SIM_E_INPUT;
        }
    s->measure_count++;
    return 0;
}

int sweep_choose_measures(sweep *s, char *why, size_t size)
{
    static const char *const usual[] = {"wait.mean", "wait.p95", "queue.peak", "people.crossed", "cost.total"};
    const sweep_wishes *o = s->wishes;
    size_t count = o->figure_count > 0 ? o->figure_count : sizeof usual / sizeof *usual;
    s->measures = calloc(count, sizeof *s->measures);
    s->names = calloc(count, sizeof *s->names);
    int rc = s->measures == NULL || s->names == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = o->figure_count > 0 ? add_measure(s, o->figures[i], true, why, size)
                                 : add_measure(s, usual[i], false, why, size);
    if (rc == 0 && s->measure_count == 0) {
        (void)snprintf(why, size, "the scenario has none of the usual figures: name one with --figure");
        return SIM_E_INPUT;
    }
    return rc == 0 ? model_experiment_measure(s->experiment, s->measures, s->measure_count) : rc;
}

/* --- tasks --- */

typedef struct {
    char **texts; /* [points][factors]: the points as overrides; of the plan's factor "" */
    const char **sets;
    model_task *tasks;
    double *pairs;
    size_t points, factors;
} work;

static void free_work(work *w)
{
    for (size_t i = 0; w->texts != NULL && i < w->points * w->factors; i++)
        free(w->texts[i]);
    free(w->texts);
    free(w->sets);
    free(w->tasks);
    free(w->pairs);
}

static int write_sets(const sweep *s, work *w)
{
    size_t k = w->factors;
    for (size_t p = 0; p < w->points; p++) {
        size_t count = 0;
        uint32_t plan = 0;
        for (size_t i = 0; i < k; i++) {
            double setting = s->settings[p * k + i];
            if (i == s->plan_factor) {
                plan = (uint32_t)setting;
                continue;
            }
            char *text = sim_factor_text(&s->factors.factors[i], setting);
            if (text == NULL)
                return SIM_E_MEMORY;
            w->texts[p * k + i] = text;
            w->sets[p * k + count++] = text;
        }
        for (size_t r = 0; r < s->wishes->replications; r++)
            w->tasks[p * s->wishes->replications + r] = (model_task){plan, w->sets + p * k, count, r};
    }
    return 0;
}

static int make_work(const sweep *s, work *w)
{
    size_t runs = s->design.points * s->wishes->replications;
    *w = (work){.points = s->design.points, .factors = s->factors.count};
    w->texts = calloc(w->points * w->factors, sizeof *w->texts);
    w->sets = calloc(w->points * w->factors, sizeof *w->sets);
    w->tasks = calloc(runs, sizeof *w->tasks);
    w->pairs = calloc(runs * s->measure_count * 2, sizeof *w->pairs);
    if (w->texts == NULL || w->sets == NULL || w->tasks == NULL || w->pairs == NULL)
        return SIM_E_MEMORY;
    return write_sets(s, w);
}

/* Values of runs and means of points. A mean is one only where every replication has a value: points then differ in
 * nothing but their settings. */
static void take_values(sweep *s, const double *pairs)
{
    size_t m = s->measure_count, reps = s->wishes->replications;
    for (size_t i = 0; i < s->design.points * reps; i++) {
        s->failed += s->status[i] != 0;
        for (size_t k = 0; k < m; k++)
            s->values[i * m + k] = s->status[i] == 0 ? model_measure_value(pairs + (i * m + k) * 2) : (double)NAN;
    }
    for (size_t p = 0; p < s->design.points; p++)
        for (size_t k = 0; k < m; k++) {
            double sum = 0;
            for (size_t r = 0; r < reps; r++)
                sum += s->values[(p * reps + r) * m + k];
            s->means[p * m + k] = isfinite(sum) ? sum / (double)reps : (double)NAN;
        }
}

/* --- indices --- */

static int find_indices(sweep *s)
{
    size_t k = s->factors.count, n = s->design.points;
    const sim_bootstrap bootstrap = {1000, s->confidence, s->wishes->seed};
    double *y = malloc(n * sizeof *y);
    s->first = calloc(k * s->measure_count, sizeof *s->first);
    s->total = calloc(k * s->measure_count, sizeof *s->total);
    s->effects = calloc(k * s->measure_count, sizeof *s->effects);
    s->rows = calloc(s->measure_count, sizeof *s->rows);
    int rc =
        y == NULL || s->first == NULL || s->total == NULL || s->effects == NULL || s->rows == NULL ? SIM_E_MEMORY : 0;
    for (size_t m = 0; m < s->measure_count && rc == 0; m++) {
        for (size_t p = 0; p < n; p++)
            y[p] = s->means[p * s->measure_count + m];
        if (s->design.kind == SIM_DESIGN_SOBOL)
            rc = sim_sobol_indices(&s->design, y, &bootstrap, s->first + m * k, s->total + m * k, &s->rows[m]);
        else if (s->design.kind == SIM_DESIGN_MORRIS)
            rc = sim_morris_effects(&s->design, y, &bootstrap, s->effects + m * k, &s->rows[m]);
    }
    free(y);
    return rc;
}

size_t sweep_runs(const sweep *s)
{
    return s->design.points * s->wishes->replications;
}

int sweep_run(sweep *s)
{
    work w = {0};
    size_t runs = sweep_runs(s);
    int rc = make_work(s, &w);
    s->values = rc == 0 ? calloc(runs * s->measure_count, sizeof *s->values) : NULL;
    s->means = rc == 0 ? calloc(s->design.points * s->measure_count, sizeof *s->means) : NULL;
    s->status = rc == 0 ? calloc(runs, sizeof *s->status) : NULL;
    if (rc == 0 && (s->values == NULL || s->means == NULL || s->status == NULL))
        rc = SIM_E_MEMORY;
    if (rc == 0)
        rc = model_experiment_evaluate(s->experiment, w.tasks, runs, w.pairs, s->status);
    if (rc == 0) {
        take_values(s, w.pairs);
        rc = find_indices(s);
    }
    free_work(&w);
    return rc;
}
