/* Experiments: many tasks and the numbers that each comes to. A task is one replication of one plan at one parameter
 * point.
 *
 * An experiment says once what is measured; evaluating a list of tasks fills an array of numbers. What an earlier
 * process has finished comes from the journal, the rest is run on threads, and on MPI ranks where there are any. The
 * numbers are the same bits whatever the split. Searches evaluate one list after another: each list may depend on the
 * numbers of those before it, on nothing else. */
#ifndef MODEL_EXPERIMENT_H
#define MODEL_EXPERIMENT_H

#include "models/outcome/measure.h"
#include "models/outcome/outcome.h"
#include "sim/task/journal.h"

struct model_replay;
typedef struct model_experiment model_experiment;

typedef struct {
    uint32_t plan;           /* which of the experiment's plans */
    const char *const *sets; /* "path=value": the point's, applied after those of the experiment */
    size_t set_count;
    uint64_t replication;
} model_task;

typedef struct {
    size_t finished, wanted; /* tasks of the lists so far; of earlier processes too */
    double running;          /* tasks' worth of work done in those that are being run here */
    double people;           /* simulated so far by this process */
} model_progress;

typedef struct {
    const char *scenario;     /* a file, or a folder with a scenario.yaml */
    const char *const *plans; /* plan files; NULL: the scenario as it is */
    size_t plan_count;        /* at least 1 */
    const char *const *sets;  /* of every task */
    size_t set_count;
    uint64_t seed;
    unsigned threads;        /* 0: as many as the machine has */
    sim_journal *journal;    /* open; NULL: nothing is kept */
    struct sim_ranks *ranks; /* NULL: alone */
    size_t shard, shards;    /* only tasks whose number in the list leaves this rest are run; shards 0 or 1: all */
    bool only_known;         /* nothing is run (merging) */
    int (*progress)(
        const model_progress *,
        void *user); /* about ten times a second; non-zero: finish what is being run, then stop. NULL: none */
    void *user;
} model_experiment_options;

/* Opens and checks the scenario under each plan. What is wrong goes to diag: SIM_E_INPUT, and *out NULL. Free with
 * model_experiment_free. */
int model_experiment_new(model_experiment **out, const model_experiment_options *options, sim_diag *diag);
/* The same of a scenario that is open already and outlives the experiment; of the options threads, seed, progress and
 * user count. 0 or SIM_E_MEMORY. */
int model_experiment_new_of(model_experiment **out, const model_setup *setup, const model_experiment_options *options);
void model_experiment_free(model_experiment *x);
/* The journal to keep its tasks in, once it is known what the experiment is; NULL: none. */
void model_experiment_keep(model_experiment *x, sim_journal *journal);
/* Rules decide nothing any more, but what this log says (of as many replications as are evaluated) is done again. It
 * outlives the experiment; NULL: rules decide. */
void model_experiment_replay(model_experiment *x, const struct model_replay *replay);
/* The checked scenario under a plan; belongs to the experiment. */
const model_setup *model_experiment_setup(const model_experiment *x, size_t plan);
/* Names what tasks are to be measured by, before the first evaluation (copied). Two numbers a measure:
 * model_measure_value. */
int model_experiment_measure(model_experiment *x, const model_measure *measures, size_t count);

/* Evaluates the tasks: values[(i * measures + m) * 2] and the number behind it are `over` and `under` of measure m in
 * task i; both NaN where the task failed. status[i]: 0 or the error that the task ended with (such as SIM_E_INPUT: its
 * values are refused); failed tasks are in the journal too, and are not run again. 0; SIM_E_STOPPED (progress asked for
 * it: what was finished is in the journal); SIM_E_PARTIAL (shards: the own part is done; only_known: some tasks are
 * missing, see model_experiment_missing); SIM_E_MEMORY; SIM_E_IO (the journal); SIM_E_FORMAT (an input changed). On MPI
 * ranks other than 0 it works for rank 0 and returns SIM_E_WORKER when there is no more to do. Collective over ranks.
 */
int model_experiment_evaluate(model_experiment *x, const model_task *tasks, size_t count, double *values, int *status);
/* Evaluates tasks of plan 0 without sets for all that they record, not for measures: `add` is called with each finished
 * world, in the order of the list; the world has its records only. A positive return of `add` ends the list there (what
 * is behind is not looked at, though it may be in the journal), a negative one is an error. A task that fails ends the
 * list with its status. Returns as model_experiment_evaluate. */
typedef int model_experiment_add(void *context, const model_world *world);
int model_experiment_collect(model_experiment *x, const model_task *tasks, size_t count, bool keep_journeys,
                             model_experiment_add *add, void *context);
/* Replications 0, 1, 2 ... of plan 0, added to an outcome in their order: `most` of them, or fewer where the interval
 * of a key figure's mean gets narrow enough. Those behind the one that reached it are not added, so that the split does
 * not change what is reported. Returns as model_experiment_evaluate. */
typedef struct {
    size_t most;
    const char *until; /* a key figure, or NULL; at least 5 replications then */
    double width;      /* half-width relative to the mean */
    bool journeys;     /* kept of replication 0 */
} model_replications;
/* The key figure of `until`; SIM_E_INPUT with a line in `why` when there is none of that name. */
int model_experiment_replicate(model_experiment *x, const model_replications *wanted, model_outcome *outcome, char *why,
                               size_t size);
size_t model_experiment_missing(const model_experiment *x);
size_t model_experiment_plans(const model_experiment *x);
unsigned model_experiment_threads(const model_experiment *x);
/* Tasks of all lists so far. */
size_t model_experiment_wanted(const model_experiment *x);
/* What was wrong with the first task that failed, one line; "" when none did. */
const char *model_experiment_failure(const model_experiment *x);

#endif
