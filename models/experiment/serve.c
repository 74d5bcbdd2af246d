/* The ranks other than 0: they say how many threads they have, run what they are sent, and answer, until they are
 * dismissed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <omp.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

/* A task that has come, with its message, or an answer that is to be sent. */
typedef struct item {
    experiment_message message;
    void *bytes;
    struct item *next;
} item;

typedef struct {
    item *first, **last;
} item_list;

typedef struct {
    model_experiment *x;
    item_list tasks, answers;
    pthread_mutex_t mutex;
    atomic_llong looked; /* for messages, on the way of a task */
    atomic_bool dismissed;
    int error;
} server;

static void put(item_list *list, item *entry)
{
    entry->next = NULL;
    *list->last = entry;
    list->last = &entry->next;
}

static item *take(item_list *list)
{
    item *entry = list->first;
    if (entry == NULL)
        return NULL;
    list->first = entry->next;
    if (list->first == NULL)
        list->last = &list->first;
    return entry;
}

static void item_free(item *entry)
{
    if (entry->message.kind == EXPERIMENT_FOUND || entry->message.kind == EXPERIMENT_ENDED)
        free(entry->message.finding.payload);
    free(entry->bytes);
    free(entry);
}

static void receive_all(server *s)
{
    for (bool any = true; any && s->error == 0;) {
        item *entry = calloc(1, sizeof *entry);
        int from;
        s->error = entry == NULL
                       ? SIM_E_MEMORY
                       : experiment_message_receive(s->x->options.ranks, &entry->message, &from, &entry->bytes, &any);
        if (s->error == 0 && any && entry->message.kind == EXPERIMENT_TASK) {
            put(&s->tasks, entry);
            continue;
        }
        s->dismissed = s->dismissed || (s->error == 0 && any && entry->message.kind == EXPERIMENT_DISMISSED);
        if (entry != NULL)
            free(entry->bytes);
        free(entry);
    }
}

/* Under the lock. */
static void exchange(server *s)
{
    for (item *entry; (entry = take(&s->answers)) != NULL; item_free(entry))
        if (s->error == 0)
            s->error = experiment_message_send(s->x->options.ranks, 0, &entry->message);
    receive_all(s);
}

/* Long tasks must not hold up answers of other threads. */
static int on_the_way(void *context, double share, double people)
{
    server *s = context;
    (void)share;
    (void)people;
    if (experiment_is_time(&s->looked) && pthread_mutex_trylock(&s->mutex) == 0) {
        exchange(s);
        (void)pthread_mutex_unlock(&s->mutex);
    }
    return s->dismissed ? SIM_E_STOPPED : 0; /* then nobody wants what is being run either */
}

static void run_one(server *s, item *entry)
{
    experiment_finding finding;
    int ret = experiment_task_run(s->x, &entry->message.task, 1, on_the_way, s, &finding);
    if (ret != 0)
        finding.status = ret;
    entry->message = (experiment_message){
        .kind = ret == 0 ? EXPERIMENT_FOUND : EXPERIMENT_ENDED, .number = entry->message.number, .finding = finding};
    (void)pthread_mutex_lock(&s->mutex);
    put(&s->answers, entry);
    exchange(s);
    (void)pthread_mutex_unlock(&s->mutex);
}

/* Rank 0 wants nothing more, but counts the answers. */
static void decline(server *s, item *entry)
{
    entry->message = (experiment_message){
        .kind = EXPERIMENT_ENDED, .number = entry->message.number, .finding = {.status = SIM_E_STOPPED}};
    (void)pthread_mutex_lock(&s->mutex);
    put(&s->answers, entry);
    exchange(s);
    (void)pthread_mutex_unlock(&s->mutex);
}

static void work(server *s)
{
    const struct timespec moment = {0, 100000};
    for (;;) {
        (void)pthread_mutex_lock(&s->mutex);
        exchange(s);
        item *entry = take(&s->tasks);
        bool unwanted = s->dismissed, ends = entry == NULL && (unwanted || s->error != 0);
        (void)pthread_mutex_unlock(&s->mutex);
        if (ends)
            return;
        if (entry != NULL && unwanted)
            decline(s, entry);
        else if (entry != NULL)
            run_one(s, entry);
        else
            (void)nanosleep(&moment, NULL);
    }
}

int experiment_serve(model_experiment *x)
{
    server s = {.x = x};
    s.tasks.last = &s.tasks.first;
    s.answers.last = &s.answers.first;
    if (pthread_mutex_init(&s.mutex, NULL) != 0)
        return SIM_E_MEMORY;
    const experiment_message hello = {.kind = EXPERIMENT_HELLO, .number = x->threads};
    s.error = experiment_message_send(x->options.ranks, 0, &hello);
#pragma omp parallel num_threads((int)x->threads)
    work(&s);
    for (item *entry; (entry = take(&s.tasks)) != NULL || (entry = take(&s.answers)) != NULL;)
        item_free(entry);
    (void)pthread_mutex_destroy(&s.mutex);
    if (s.error != 0)
        x->options.ranks->abandon(x->options.ranks, 1); /* rank 0 waits for its answers */
    return SIM_E_WORKER;
}
