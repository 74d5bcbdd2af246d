/* The bridge between a fit and an experiment: points of the box become tasks, measures become the numbers of a
 * replication. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"

/* All numbers that are simulated are measured in every task, what is held out too; the fit is shown those to be fitted.
 */
typedef struct {
    const calibrate_work *work;
    const model_setup *setup;
    size_t measured; /* numbers that are no left out */
    size_t *number;  /* [measured] index into data->numbers */
    double *last;    /* [last_count * measured] of the last list's first point */
    size_t last_count;
} bridge;

static int name_measures(bridge *b)
{
    const calibrate_data *data = b->work->data;
    model_measure *measures = calloc(data->count, sizeof *measures);
    b->number = calloc(data->count, sizeof *b->number);
    int ret = measures == NULL || b->number == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; ret == 0 && i < data->count; i++) {
        if (data->numbers[i].role == CALIBRATE_LEFT_OUT)
            continue;
        measures[b->measured] = (model_measure){
            .kind =
                data->numbers[i].kind == CALIBRATE_WAIT ? MODEL_MEASURE_OBSERVED_WAIT : MODEL_MEASURE_OBSERVED_PEOPLE,
            .index = data->numbers[i].row,
            .site = MODEL_NONE,
        };
        b->number[b->measured++] = i;
    }
    if (ret == 0)
        ret = model_experiment_measure(b->work->experiment, measures, b->measured);
    free(measures);
    return ret;
}

/* --- tasks --- */

typedef struct {
    size_t points, count;
    char **texts; /* [points * parameters] */
    model_task *tasks;
    double *values;
    int *status;
} task_list;

static void free_tasks(task_list *list, size_t parameters)
{
    for (size_t i = 0; list->texts != NULL && i < list->points * parameters; i++)
        free(list->texts[i]);
    free(list->texts);
    free(list->tasks);
    free(list->values);
    free(list->status);
}

static int make_tasks(const bridge *b, task_list *list, const double *points, size_t n, uint64_t first, size_t count)
{
    size_t p = b->work->parameter_count;
    *list = (task_list){.points = n, .count = n * count};
    list->texts = calloc(n * p, sizeof *list->texts);
    list->tasks = calloc(n * count, sizeof *list->tasks);
    list->values = calloc(n * count * b->measured * 2, sizeof *list->values);
    list->status = calloc(n * count, sizeof *list->status);
    if (list->texts == NULL || list->tasks == NULL || list->values == NULL || list->status == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n * p; i++) {
        list->texts[i] = calibrate_parameter_set(&b->work->parameters[i % p], points[i]);
        if (list->texts[i] == NULL)
            return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < n * count; i++)
        list->tasks[i] = (model_task){
            .sets = (const char *const *)list->texts + i / count * p, .set_count = p, .replication = first + i % count};
    return 0;
}

/* A wait that outlasts the run is as long as it can be told: to the run's end. */
static double value_of(const bridge *b, const double *pair, size_t measure)
{
    const calibrate_number *n = &b->work->data->numbers[b->number[measure]];
    double value = model_measure_value(pair);
    return isnan(value) && n->kind == CALIBRATE_WAIT ? (double)(b->setup->end - n->end) * 1e-6 : value;
}

/* The list's values in place of pairs, NaN where the task failed. */
static void take_values(const bridge *b, task_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < b->measured; k++) {
            size_t at = i * b->measured + k;
            list->values[at] = list->status[i] == 0 ? value_of(b, list->values + 2 * at, k) : (double)NAN;
        }
}

static int keep_last(bridge *b, const task_list *list, size_t count)
{
    double *last = realloc(b->last, count * b->measured * sizeof *last);
    if (last == NULL)
        return SIM_E_MEMORY;
    b->last = last;
    b->last_count = count;
    memcpy(last, list->values, count * b->measured * sizeof *last);
    return 0;
}

static int evaluate(const double *points, size_t n, uint64_t first, size_t count, double *values, void *user)
{
    bridge *b = user;
    task_list list;
    int ret = make_tasks(b, &list, points, n, first, count);
    if (ret == 0)
        ret = model_experiment_evaluate(b->work->experiment, list.tasks, list.count, list.values, list.status);
    if (ret == 0) {
        take_values(b, &list);
        for (size_t i = 0; i < list.count; i++)
            for (size_t k = 0; k < b->measured; k++)
                if (b->work->data->numbers[b->number[k]].role == CALIBRATE_FITTED)
                    *values++ = list.values[i * b->measured + k];
        ret = keep_last(b, &list, count);
    }
    free_tasks(&list, b->work->parameter_count);
    return ret;
}

/* --- numbers at the estimate --- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between order statistics; `sorted` has at least one value. */
static double quantile(const double *sorted, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

/* The fit's last list was the bootstrap at the estimate. */
static int fill_numbers(bridge *b)
{
    double *sorted = malloc((b->last_count + 1) * sizeof *sorted);
    if (sorted == NULL)
        return SIM_E_MEMORY;
    for (size_t k = 0; k < b->measured; k++) {
        calibrate_number *number = &b->work->data->numbers[b->number[k]];
        size_t n = 0;
        double sum = 0;
        for (size_t r = 0; r < b->last_count; r++)
            if (isfinite(b->last[r * b->measured + k]))
                sum += sorted[n++] = b->last[r * b->measured + k];
        if (n == 0)
            continue;
        qsort(sorted, n, sizeof *sorted, by_size);
        number->mean = sum / (double)n;
        number->low = quantile(sorted, n, (1 - b->work->level) / 2);
        number->high = quantile(sorted, n, (1 + b->work->level) / 2);
    }
    free(sorted);
    return 0;
}

static int fit_numbers(bridge *b, sim_fit *fit)
{
    const calibrate_work *work = b->work;
    size_t m = work->data->by_role[CALIBRATE_FITTED], i = 0;
    double *observed = calloc(m, sizeof *observed), *floors = calloc(m, sizeof *floors);
    int ret = observed == NULL || floors == NULL ? SIM_E_MEMORY : 0;
    for (size_t k = 0; ret == 0 && k < b->measured; k++) {
        const calibrate_number *number = &work->data->numbers[b->number[k]];
        if (number->role != CALIBRATE_FITTED)
            continue;
        observed[i] = number->observed;
        floors[i++] = number->floor * number->floor;
    }
    sim_fit_problem problem = {
        .parameters = work->parameter_count,
        .observations = m,
        .observed = observed,
        .variance_floor = floors,
        .replications = work->replications,
        .evaluations = work->evaluations,
        .bootstrap = work->bootstrap,
        .level = work->level,
        .evaluate = evaluate,
        .user = b,
    };
    if (ret == 0)
        ret = sim_fit_run(fit, &problem);
    free(observed);
    free(floors);
    return ret;
}

int calibrate_run(const calibrate_work *work, sim_fit *fit)
{
    bridge b = {.work = work, .setup = model_experiment_setup(work->experiment, 0)};
    *fit = (sim_fit){0};
    int ret = name_measures(&b);
    if (ret == 0)
        ret = fit_numbers(&b, fit);
    if (ret == 0)
        ret = fill_numbers(&b);
    free(b.number);
    free(b.last);
    return ret;
}
