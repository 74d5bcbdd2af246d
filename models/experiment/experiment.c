#include "models/experiment/experiment.h"
#include "models/plans/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

/* --- opening --- */

static int open_plans(model_experiment *x, sim_diag *diag)
{
    int ret = 0;
    x->own = calloc(x->options.plan_count, sizeof *x->own);
    if (x->own == NULL)
        return SIM_E_MEMORY;
    x->setups = x->own;
    for (size_t i = 0; i < x->options.plan_count && (ret == 0 || ret == SIM_E_INPUT); i++) {
        int found = experiment_load(x, i, NULL, 0, &x->own[i], diag);
        ret = found != 0 ? found : ret;
    }
    return ret;
}

static model_experiment *experiment_alloc(const model_experiment_options *options)
{
    model_experiment *x = calloc(1, sizeof *x);
    if (x == NULL)
        return NULL;
    x->options = *options;
    if (x->options.plan_count == 0)
        x->options.plan_count = 1;
    x->threads = options->threads == 0 ? (unsigned)omp_get_num_procs() : options->threads;
    if (experiment_points_init(x) == 0)
        return x;
    model_experiment_free(x);
    return NULL;
}

int model_experiment_new(model_experiment **out, const model_experiment_options *options, sim_diag *diag)
{
    model_experiment *x = experiment_alloc(options);
    *out = NULL;
    if (x == NULL)
        return SIM_E_MEMORY;
    x->file = model_setup_file(options->scenario);
    int ret = x->file == NULL ? SIM_E_MEMORY : open_plans(x, diag);
    if (ret != 0) {
        model_experiment_free(x);
        return ret;
    }
    *out = x;
    return 0;
}

int model_experiment_new_of(model_experiment **out, const model_setup *setup, const model_experiment_options *options)
{
    const model_experiment_options alone = {
        .seed = options->seed, .threads = options->threads, .progress = options->progress, .user = options->user};
    *out = experiment_alloc(&alone);
    if (*out == NULL)
        return SIM_E_MEMORY;
    (*out)->setups = setup;
    return 0;
}

void model_experiment_free(model_experiment *x)
{
    if (x == NULL)
        return;
    experiment_dismiss(x);
    experiment_points_free(x);
    for (size_t i = 0; x->own != NULL && i < x->options.plan_count; i++)
        model_setup_free(&x->own[i]);
    free(x->own);
    free(x->measures);
    free(x->others);
    free(x->file);
    free(x);
}

void model_experiment_keep(model_experiment *x, sim_journal *journal)
{
    x->options.journal = journal;
}

void model_experiment_replay(model_experiment *x, const struct model_replay *replay)
{
    x->replay = replay;
}

const model_setup *model_experiment_setup(const model_experiment *x, size_t plan)
{
    return &x->setups[plan];
}

int model_experiment_measure(model_experiment *x, const model_measure *measures, size_t count)
{
    free(x->measures);
    x->measures = malloc((count + 1) * sizeof *x->measures);
    x->measure_count = x->measures == NULL ? 0 : count;
    if (x->measures == NULL)
        return SIM_E_MEMORY;
    if (count > 0)
        memcpy(x->measures, measures, count * sizeof *measures);
    return 0;
}

size_t model_experiment_missing(const model_experiment *x)
{
    return x->missing;
}

size_t model_experiment_plans(const model_experiment *x)
{
    return x->options.plan_count;
}

unsigned model_experiment_threads(const model_experiment *x)
{
    return x->threads;
}

size_t model_experiment_wanted(const model_experiment *x)
{
    return x->wanted;
}

const char *model_experiment_failure(const model_experiment *x)
{
    return x->failure;
}

/* --- a list --- */

typedef struct {
    model_experiment *x;
    const model_task *tasks;
    double *values;
    int *status;
} list;

/* Puts what a task has come to into the list's arrays. SIM_E_FORMAT: it is not of this experiment's measures. */
static int enter(void *context, size_t task, int status, const void *payload, size_t size)
{
    list *l = context;
    model_experiment *x = l->x;
    size_t numbers = x->measure_count * 2;
    double *values = l->values + task * numbers;
    l->status[task] = status;
    atomic_fetch_add(&x->finished, 1);
    if (status == 0 && size == numbers * sizeof *values) {
        memcpy(values, payload, size);
        return 0;
    }
    for (size_t i = 0; i < numbers; i++)
        values[i] = (double)NAN;
    if (status != 0 && x->failure[0] == '\0') {
        size_t length = size < sizeof x->failure - 1 ? size : sizeof x->failure - 1;
        memcpy(x->failure, payload, length);
        x->failure[length] = '\0';
    }
    return status == 0 ? SIM_E_FORMAT : 0;
}

int experiment_journal(model_experiment *x, const model_task *task, const experiment_finding *finding)
{
    sim_journal *journal = x->options.journal;
    sim_journal_key key;
    if (journal == NULL)
        return 0;
    experiment_task_key(x, task, &key);
    int ret = sim_journal_append(journal, &key, finding->status, finding->payload, finding->size);
    return ret == 0 ? sim_journal_sync(journal, false) : ret;
}

static int accept(void *context, size_t task, const experiment_finding *finding)
{
    list *l = context;
    int ret = experiment_journal(l->x, &l->tasks[task], finding);
    return ret == 0 ? enter(l, task, finding->status, finding->payload, finding->size) : ret;
}

/* Tells what the journal has; the others' numbers go to todo. */
static int look_up(model_experiment *x, const model_task *tasks, size_t count, experiment_known *known, void *context,
                   size_t *todo, size_t *todo_count)
{
    const model_experiment_options *o = &x->options;
    int ret = 0;
    *todo_count = 0;
    for (size_t i = 0; i < count && ret == 0; i++) {
        sim_journal_key key;
        const void *payload;
        size_t size;
        int status;
        if (o->journal != NULL)
            experiment_task_key(x, &tasks[i], &key);
        if (o->journal != NULL && sim_journal_find(o->journal, &key, &status, &payload, &size))
            ret = known(context, i, status, payload, size);
        else if (o->only_known || (o->shards > 1 && i % o->shards != o->shard))
            x->missing++;
        else
            todo[(*todo_count)++] = i;
    }
    return ret;
}

int experiment_list(model_experiment *x, const model_task *tasks, size_t count, experiment_known *known,
                    experiment_accept *accept_task, void *context)
{
    size_t todo_count = 0, *todo;
    if (x->options.ranks != NULL && x->options.ranks->rank != 0)
        return experiment_serve(x);
    todo = malloc((count + 1) * sizeof *todo);
    if (todo == NULL)
        return SIM_E_MEMORY;
    x->wanted += count;
    experiment_task_keys(x);
    int ret = look_up(x, tasks, count, known, context, todo, &todo_count);
    if (ret == 0)
        ret = experiment_dispatch(x, tasks, todo, todo_count, accept_task, context);
    if (ret == EXPERIMENT_ENOUGH)
        ret = 0;
    if (ret == 0 && x->options.journal != NULL)
        ret = sim_journal_sync(x->options.journal, false);
    free(todo);
    return ret == 0 && x->missing > 0 ? SIM_E_PARTIAL : ret;
}

int model_experiment_evaluate(model_experiment *x, const model_task *tasks, size_t count, double *values, int *status)
{
    list l = {x, tasks, values, status};
    return experiment_list(x, tasks, count, enter, accept, &l);
}
