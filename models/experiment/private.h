/* What the files of experiments share: experiment.c opens them and evaluates lists, task.c runs one task, records.c one
 * that brings all it recorded, packed by pack.c; dispatch.c hands tasks to threads and ranks, serve.c is the other
 * ranks' part, message.c their messages. */
#ifndef MODEL_EXPERIMENT_PRIVATE_H
#define MODEL_EXPERIMENT_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "models/experiment/experiment.h"
#include "models/plans/replay.h"
#include "sim/base/digest.h"
#include "sim/task/ranks.h"

/* A checked scenario at one point, used by all threads that run its tasks. */
typedef struct {
    char *name;  /* plan and sets; NULL: free */
    int users;   /* threads that run a task of it */
    bool loaded; /* or failed with `error` */
    int error;
    char why[300];
    model_setup setup;      /* its own, where the point has sets */
    const model_setup *use; /* that, or the plan's; NULL: not loaded */
    unsigned long used;     /* when last */
} experiment_point;

struct model_experiment {
    model_experiment_options options;
    char *file; /* of the scenario */
    const model_setup *setups;
    model_setup *own; /* the same, where they are the experiment's */
    model_measure *measures;
    size_t measure_count;
    const struct model_replay *replay;
    bool whole;         /* tasks are to bring all that they record (collect), not measures */
    bool keep_journeys; /* of replication 0 */
    unsigned threads;
    experiment_point *points; /* a cache */
    size_t point_count;
    unsigned long clock;
    pthread_mutex_t mutex; /* points */
    pthread_cond_t loaded;
    bool ready;   /* the mutex and the condition are */
    void *others; /* what is known of other ranks (dispatch.c) */
    atomic_size_t finished;
    size_t wanted, missing;
    double people;
    sim_digest common; /* what the keys of a list's tasks begin with */
    char failure[300];
};

/* What one task has come to. */
typedef struct {
    int status;
    double seconds, people;
    void *payload; /* numbers of the measures, or the reason of a failure as text; caller frees */
    size_t size;
} experiment_finding;

/* Called on the way of a run; a negative return stops it. `share`: of the task's work done since the last call. */
typedef int experiment_watch(void *context, double share, double people);

/* --- task.c --- */
/* Runs a task on so many threads. Its own failure is in the finding; returned is what ends the whole: SIM_E_MEMORY,
 * SIM_E_STOPPED, SIM_E_FORMAT (an input changed). */
int experiment_task_run(model_experiment *x, const model_task *task, unsigned threads, experiment_watch *watch,
                        void *context, experiment_finding *finding);
int experiment_points_init(model_experiment *x);
void experiment_points_free(model_experiment *x);
/* Loads the scenario under a plan with the experiment's sets and these. */
int experiment_load(const model_experiment *x, size_t plan, const char *const *sets, size_t set_count,
                    model_setup *setup, sim_diag *diag);
/* The names of a task's results: what they depend on beside the inputs. */
void experiment_task_keys(model_experiment *x); /* first, for each list */
void experiment_task_key(const model_experiment *x, const model_task *task, sim_journal_key *key);

/* --- pack.c --- */
/* All that a world has recorded as the payload of a finding, and back again; caller frees bytes, also after an error.
 */
int experiment_records_pack(const model_experiment *x, model_world *world, experiment_finding *finding);
int experiment_records_unpack(const unsigned char *payload, size_t size, unsigned char **bytes, size_t *length);

/* --- dispatch.c --- */
enum { EXPERIMENT_ENOUGH = 1 };
/* A finished task is told here, under a lock, in any order. 0 or an error that ends the whole. */
typedef int experiment_accept(void *context, size_t task, const experiment_finding *finding);
/* Runs the tasks whose numbers are in todo. 0, an error, or EXPERIMENT_ENOUGH when accept has returned that. */
int experiment_dispatch(model_experiment *x, const model_task *tasks, const size_t *todo, size_t count,
                        experiment_accept *accept, void *context);
/* Tells the other ranks that there is no more to do. */
void experiment_dismiss(model_experiment *x);
/* On the way of a task messages are looked for, and progress is told, no more often than each millisecond: an MPI
 * library takes microseconds to look, which control instants of small scenarios are apart too. True for one thread each
 * time. */
bool experiment_is_time(atomic_llong *looked);

/* --- experiment.c --- */
/* Appends what a task has come to to the journal, where there is one. */
int experiment_journal(model_experiment *x, const model_task *task, const experiment_finding *finding);
/* A task that the journal has. */
typedef int experiment_known(void *context, size_t task, int status, const void *payload, size_t size);
/* A list from its beginning to its end: what is known, then what is to be run. As model_experiment_evaluate. */
int experiment_list(model_experiment *x, const model_task *tasks, size_t count, experiment_known *known,
                    experiment_accept *accept, void *context);

/* --- serve.c --- */
/* Works for rank 0 until it is dismissed: SIM_E_WORKER, or SIM_E_MEMORY. */
int experiment_serve(model_experiment *x);

/* --- message.c --- */
typedef enum {
    EXPERIMENT_HELLO,
    EXPERIMENT_TASK,
    EXPERIMENT_FOUND,
    EXPERIMENT_ENDED,
    EXPERIMENT_DISMISSED
} experiment_message_kind;
typedef struct {
    experiment_message_kind kind;
    size_t number;              /* of the task in the list; HELLO: threads */
    model_task task;            /* TASK: the sets point into the message */
    experiment_finding finding; /* FOUND: the payload points into the message; ENDED: its status ends the whole */
} experiment_message;
int experiment_message_send(sim_ranks *ranks, int to, const experiment_message *message);
/* A message that has come; *bytes is the caller's to free, also the task's sets. False: none has. */
int experiment_message_receive(sim_ranks *ranks, experiment_message *message, int *from, void **bytes, bool *any);

#endif
