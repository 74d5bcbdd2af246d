/* Rank 0: tasks go to its own threads and to the other ranks as they have room, what comes back is accepted.
 *
 * Threads take tasks one by one. A rank that runs short ones gets a few ahead, so that it never waits for an answer; of
 * long ones it gets as many as it has threads. Messages are looked for between tasks and on the way of each (at its
 * control instants), by whichever thread comes first. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <omp.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

typedef struct {
    unsigned threads; /* 0: has not said hello */
    size_t sent;      /* tasks that it has and has not answered */
    double seconds;   /* mean time of a task, the last ones counting most */
} other_rank;

typedef struct {
    model_experiment *x;
    const model_task *tasks;
    const size_t *todo;
    size_t count, next, outstanding; /* outstanding: with other ranks */
    experiment_accept *accept;
    void *context;
    other_rank *others;    /* by rank */
    pthread_mutex_t mutex; /* all of this */
    atomic_int error;
    atomic_llong share; /* of tasks that are being run here, in millionths; may lag */
    atomic_llong people;
    atomic_llong looked; /* for messages, on the way of a task */
    atomic_flag telling;
    double told;
} dispatch;

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool experiment_is_time(atomic_llong *looked)
{
    long long now = (long long)(1e6 * seconds_now()), last = atomic_load(looked);
    return now - last >= 1000 && atomic_compare_exchange_strong(looked, &last, now);
}

static void fail(dispatch *d, int error)
{
    int expected = 0;
    if (error != 0)
        (void)atomic_compare_exchange_strong(&d->error, &expected, error);
}

/* Under the lock. After a signal, or when there is enough, what was being run still counts. */
static void take_finding(dispatch *d, size_t task, const experiment_finding *finding)
{
    int error = atomic_load(&d->error);
    if (error == 0 || error == SIM_E_STOPPED || error == EXPERIMENT_ENOUGH)
        fail(d, d->accept(d->context, task, finding));
}

/* --- other ranks --- */

static void take_message(dispatch *d, const experiment_message *message, int from)
{
    other_rank *other = &d->others[from];
    if (message->kind == EXPERIMENT_HELLO) {
        other->threads = (unsigned)message->number;
        return;
    }
    other->sent--;
    d->outstanding--;
    other->seconds =
        other->seconds == 0 ? message->finding.seconds : 0.8 * other->seconds + 0.2 * message->finding.seconds;
    (void)atomic_fetch_add(&d->people, (long long)message->finding.people);
    if (message->kind == EXPERIMENT_ENDED)
        fail(d, message->finding.status);
    else
        take_finding(d, message->number, &message->finding);
}

/* As many short tasks ahead as take ten milliseconds or so. */
static size_t room_of(const other_rank *other)
{
    double ahead = other->seconds > 0 ? 0.02 / other->seconds : 0;
    return other->threads + (ahead > 16 ? 16 : ahead > 0.2 ? (size_t)(ahead + 1) : 0);
}

static int feed(dispatch *d, int rank)
{
    other_rank *other = &d->others[rank];
    while (other->sent < room_of(other) && d->next < d->count && atomic_load(&d->error) == 0) {
        size_t task = d->todo[d->next];
        experiment_message message = {.kind = EXPERIMENT_TASK, .number = task, .task = d->tasks[task]};
        int ret = experiment_message_send(d->x->options.ranks, rank, &message);
        if (ret != 0)
            return ret;
        d->next++;
        other->sent++;
        d->outstanding++;
    }
    return 0;
}

/* Under the lock: takes what has come and gives out what there is room for. */
static void exchange(dispatch *d)
{
    sim_ranks *ranks = d->x->options.ranks;
    bool any = ranks != NULL;
    while (any) {
        experiment_message message;
        void *bytes;
        int from, ret = experiment_message_receive(ranks, &message, &from, &bytes, &any);
        if (ret == 0 && any)
            take_message(d, &message, from);
        free(bytes);
        fail(d, ret);
        if (ret != 0)
            return;
    }
    for (int rank = 1; ranks != NULL && rank < ranks->count; rank++)
        if (d->others[rank].threads > 0)
            fail(d, feed(d, rank));
}

/* --- progress --- */

static void tell(dispatch *d, bool always)
{
    model_experiment *x = d->x;
    if (x->options.progress == NULL || atomic_flag_test_and_set(&d->telling))
        return;
    double now = seconds_now();
    if (always || now - d->told >= 0.1) {
        model_progress progress = {
            .finished = atomic_load(&x->finished),
            .wanted = x->wanted,
            .running = (double)atomic_load(&d->share) * 1e-6,
            .people = x->people + (double)atomic_load(&d->people),
        };
        d->told = now;
        int asked = x->options.progress(&progress, x->options.user);
        fail(d, asked != 0 ? SIM_E_STOPPED : 0);
        if (asked > 1 && x->options.ranks != NULL)
            x->options.ranks->abandon(x->options.ranks, 1);
        if (asked > 1)
            atomic_store(&d->error, SIM_E_CHILD); /* at once: see on_the_way */
    }
    atomic_flag_clear(&d->telling);
}

/* --- this rank's own threads --- */

typedef struct {
    dispatch *d;
    long long share, people; /* of its task so far */
} runner;

static int on_the_way(void *context, double share, double people)
{
    runner *r = context;
    dispatch *d = r->d;
    long long part = (long long)(share * 1e6);
    r->share += part;
    r->people += (long long)people;
    (void)atomic_fetch_add(&d->share, part);
    (void)atomic_fetch_add(&d->people, (long long)people);
    if (experiment_is_time(&d->looked)) {
        if (d->x->options.ranks != NULL && pthread_mutex_trylock(&d->mutex) == 0) {
            exchange(d);
            (void)pthread_mutex_unlock(&d->mutex);
        }
        tell(d, false);
    }
    int error = atomic_load(&d->error);
    return error == 0 || error == SIM_E_STOPPED || error == EXPERIMENT_ENOUGH
               ? 0
               : SIM_E_STOPPED; /* a first signal lets what is being run come to its end */
}

/* The next task for this rank; false: there is none (now). */
static bool take_task(dispatch *d, size_t *task)
{
    bool any = false;
    (void)pthread_mutex_lock(&d->mutex);
    exchange(d);
    if (d->next < d->count && atomic_load(&d->error) == 0) {
        *task = d->todo[d->next++];
        any = true;
    }
    (void)pthread_mutex_unlock(&d->mutex);
    return any;
}

static void run_one(dispatch *d, size_t task, unsigned threads)
{
    runner r = {.d = d};
    experiment_finding finding;
    int ret = experiment_task_run(d->x, &d->tasks[task], threads, on_the_way, &r, &finding);
    (void)pthread_mutex_lock(&d->mutex);
    (void)atomic_fetch_sub(&d->share, r.share);
    if (ret == 0)
        (void)atomic_fetch_add(&d->people, (long long)finding.people - r.people); /* since the last look */
    if (ret == 0)
        take_finding(d, task, &finding);
    else if (ret == SIM_E_FORMAT && d->x->failure[0] == '\0' && finding.size < sizeof d->x->failure)
        memcpy(d->x->failure, finding.payload, finding.size);
    fail(d, ret);
    (void)pthread_mutex_unlock(&d->mutex);
    free(finding.payload);
}

static bool others_are_busy(dispatch *d)
{
    (void)pthread_mutex_lock(&d->mutex);
    exchange(d);
    int error = atomic_load(&d->error);
    bool busy = d->outstanding > 0 && (error == 0 || error == SIM_E_STOPPED || error == EXPERIMENT_ENOUGH);
    (void)pthread_mutex_unlock(&d->mutex);
    return busy;
}

static void work(dispatch *d, unsigned threads)
{
    const struct timespec moment = {0, 200000};
    size_t task;
    for (;;) {
        while (take_task(d, &task)) {
            run_one(d, task, threads);
            tell(d, false);
        }
        if (omp_get_thread_num() != 0 || !others_are_busy(d))
            return;
        tell(d, false);
        (void)nanosleep(&moment, NULL);
    }
}

static int run_all(dispatch *d)
{
    unsigned outer = d->x->threads < d->count ? d->x->threads : (unsigned)(d->count > 0 ? d->count : 1);
    unsigned inner = d->x->options.ranks != NULL ? 1 : d->x->threads / outer;
    int levels = omp_get_max_active_levels();
    omp_set_max_active_levels(2);
    tell(d, true);
#pragma omp parallel num_threads((int)outer)
    work(d, inner);
    tell(d, true);
    omp_set_max_active_levels(levels);
    return atomic_load(&d->error);
}

int experiment_dispatch(model_experiment *x, const model_task *tasks, const size_t *todo, size_t count,
                        experiment_accept *accept, void *context)
{
    dispatch d = {.x = x,
                  .tasks = tasks,
                  .todo = todo,
                  .count = count,
                  .accept = accept,
                  .context = context,
                  .telling = ATOMIC_FLAG_INIT};
    int ranks = x->options.ranks == NULL ? 1 : x->options.ranks->count;
    if (x->others == NULL)
        x->others = calloc((size_t)ranks, sizeof(other_rank));
    d.others = x->others;
    if (d.others == NULL || pthread_mutex_init(&d.mutex, NULL) != 0)
        return SIM_E_MEMORY;
    int ret = run_all(&d);
    x->people += (double)atomic_load(&d.people);
    (void)pthread_mutex_destroy(&d.mutex);
    return ret == SIM_E_CHILD ? SIM_E_STOPPED : ret;
}

/* After an error there are tasks that others have not answered: a rank that answers waits until the answer is taken,
 * and would never leave. */
static void hear_out(sim_ranks *ranks, other_rank *others)
{
    const struct timespec moment = {0, 1000000};
    size_t left = 0;
    for (int rank = 1; others != NULL && rank < ranks->count; rank++)
        left += others[rank].sent;
    while (left > 0) {
        experiment_message message;
        void *bytes;
        bool any;
        int from;
        if (experiment_message_receive(ranks, &message, &from, &bytes, &any) != 0)
            ranks->abandon(ranks, 1);
        if (any && message.kind != EXPERIMENT_HELLO)
            left--;
        free(bytes);
        if (!any)
            (void)nanosleep(&moment, NULL);
    }
}

void experiment_dismiss(model_experiment *x)
{
    sim_ranks *ranks = x->options.ranks;
    const experiment_message message = {.kind = EXPERIMENT_DISMISSED};
    if (ranks == NULL || ranks->rank != 0)
        return;
    for (int rank = 1; rank < ranks->count; rank++)
        (void)experiment_message_send(ranks, rank, &message);
    hear_out(ranks, x->others);
}
