/* One task: its scenario is loaded once for all replications of a point, then a world is run and measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/exercise/session.h"
#include "models/experiment/private.h"
#include "models/plans/plan.h"
#include "sim/base/digest.h"
#include "sim/base/error.h"

/* --- loading --- */

int experiment_load(const model_experiment *x, size_t plan, const char *const *sets, size_t set_count,
                    model_setup *setup, sim_diag *diag)
{
    const model_experiment_options *o = &x->options;
    const char **all = calloc(o->set_count + set_count + 1, sizeof *all);
    if (all == NULL) {
        *setup = (model_setup){0};
        return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < o->set_count; i++)
        all[i] = o->sets[i];
    for (size_t i = 0; i < set_count; i++)
        all[o->set_count + i] = sets[i];
    int ret =
        model_setup_load(setup, x->file, o->plans == NULL ? NULL : o->plans[plan], all, o->set_count + set_count, diag);
    free(all);
    return ret;
}

/* Inputs that changed since the experiment began would mix two crises in one result. */
static bool has_same_inputs(const model_setup *a, const model_setup *b)
{
    for (size_t i = 0; i < sim_config_input_count(a->config); i++)
        for (size_t k = 0; k < sim_config_input_count(b->config); k++) {
            const char *name[2], *text[2];
            size_t length[2];
            sim_config_input(a->config, i, &name[0], &text[0], &length[0]);
            sim_config_input(b->config, k, &name[1], &text[1], &length[1]);
            if (strcmp(name[0], name[1]) == 0 && (length[0] != length[1] || memcmp(text[0], text[1], length[0]) != 0))
                return false;
        }
    return true;
}

/* The first line of what is wrong. */
static void first_problem(const sim_diag *diag, char *why, size_t size)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream != NULL) {
        sim_diag_print(diag, stream);
        (void)fclose(stream);
    }
    if (text != NULL) {
        text[strcspn(text, "\n")] = '\0';
        (void)snprintf(why, size, "%s", text);
    }
    free(text);
}

static int load_point(const model_experiment *x, const model_task *task, experiment_point *point)
{
    if (task->set_count == 0) { /* the scenario as it was opened */
        point->use = &x->setups[task->plan];
        return 0;
    }
    point->use = &point->setup;
    sim_diag *diag = NULL;
    int ret = sim_diag_new(&diag, 10);
    point->why[0] = '\0';
    if (ret == 0)
        ret = experiment_load(x, task->plan, task->sets, task->set_count, &point->setup, diag);
    if (ret == SIM_E_INPUT)
        first_problem(diag, point->why, sizeof point->why);
    if (ret == 0 && !has_same_inputs(&x->setups[task->plan], &point->setup)) {
        (void)snprintf(point->why, sizeof point->why, "an input changed while the experiment was running");
        ret = SIM_E_FORMAT;
    }
    sim_diag_free(diag);
    return ret;
}

/* --- the cache of points --- */

int experiment_points_init(model_experiment *x)
{
    x->point_count = (size_t)x->threads + 2;
    x->points = calloc(x->point_count, sizeof *x->points);
    if (x->points == NULL)
        return SIM_E_MEMORY;
    if (pthread_mutex_init(&x->mutex, NULL) != 0)
        return SIM_E_MEMORY;
    if (pthread_cond_init(&x->loaded, NULL) != 0) {
        (void)pthread_mutex_destroy(&x->mutex);
        return SIM_E_MEMORY;
    }
    x->ready = true;
    return 0;
}

static void point_clear(experiment_point *point)
{
    if (point->use == &point->setup)
        model_setup_free(&point->setup);
    free(point->name);
    *point = (experiment_point){0};
}

void experiment_points_free(model_experiment *x)
{
    for (size_t i = 0; x->points != NULL && i < x->point_count; i++)
        point_clear(&x->points[i]);
    free(x->points);
    if (x->ready) {
        (void)pthread_cond_destroy(&x->loaded);
        (void)pthread_mutex_destroy(&x->mutex);
    }
}

/* Plan and sets in one text; caller frees. */
static char *point_name(const model_task *task)
{
    size_t size = 24;
    for (size_t i = 0; i < task->set_count; i++)
        size += strlen(task->sets[i]) + 1;
    char *name = malloc(size);
    if (name == NULL)
        return NULL;
    char *at = name + snprintf(name, size, "%u", task->plan);
    for (size_t i = 0; i < task->set_count; i++)
        at += snprintf(at, size - (size_t)(at - name), "\n%s", task->sets[i]);
    return name;
}

/* The point of this name, or the unused one whose last use is longest ago, cleared. There is always one: more points
 * than threads. */
static experiment_point *choose_point(model_experiment *x, const char *name)
{
    experiment_point *oldest = NULL;
    for (size_t i = 0; i < x->point_count; i++) {
        experiment_point *point = &x->points[i];
        if (point->name != NULL && strcmp(point->name, name) == 0)
            return point;
        if (point->users == 0 && (oldest == NULL || point->used < oldest->used))
            oldest = point;
    }
    point_clear(oldest);
    return oldest;
}

/* The loaded point of a task; others that want the same one wait for the first to load it. */
static experiment_point *point_take(model_experiment *x, const model_task *task)
{
    char *name = point_name(task);
    if (name == NULL)
        return NULL;
    (void)pthread_mutex_lock(&x->mutex);
    experiment_point *point = choose_point(x, name);
    point->users++;
    point->used = ++x->clock;
    if (point->name == NULL) {
        point->name = name;
        name = NULL;
        (void)pthread_mutex_unlock(&x->mutex);
        int error = load_point(x, task, point);
        (void)pthread_mutex_lock(&x->mutex);
        point->error = error;
        point->loaded = true;
        (void)pthread_cond_broadcast(&x->loaded);
    }
    while (!point->loaded)
        (void)pthread_cond_wait(&x->loaded, &x->mutex);
    (void)pthread_mutex_unlock(&x->mutex);
    free(name);
    return point;
}

static void point_give_back(model_experiment *x, experiment_point *point)
{
    (void)pthread_mutex_lock(&x->mutex);
    point->users--;
    if (point->users == 0 && point->error == SIM_E_MEMORY)
        point_clear(point); /* the next time there may be enough */
    (void)pthread_mutex_unlock(&x->mutex);
}

/* --- running --- */

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

typedef struct {
    experiment_watch *watch;
    void *context;
    sim_time seen, end;
    double people, began, at; /* at: when it last looked up, seconds */
    unsigned instants, every;
} watcher;

enum { INSTANTS_MOST = 64 };
static const double undisturbed = 0.01; /* short tasks are watched at their ends alone */

/* Control instants of small scenarios are microseconds apart: as many are passed over as make up half a millisecond or
 * so. */
static bool pace(watcher *w)
{
    double at = seconds_now(), passed = at - w->at;
    if (passed < 0.0005 && w->every < INSTANTS_MOST)
        w->every *= 2;
    else if (passed > 0.001 && w->every > 1)
        w->every /= 2;
    w->at = at;
    w->instants = 0;
    return at - w->began >= undisturbed;
}

static int watch(model_world *world, sim_time now)
{
    watcher *w = world->watcher;
    if (++w->instants < w->every || !pace(w))
        return 0;
    double people = (double)model_world_people(world), share = (double)(now - w->seen) / (double)w->end;
    int ret = w->watch(w->context, share, people - w->people);
    w->seen = now;
    w->people = people;
    return ret;
}

static int measure(const model_experiment *x, const model_world *world, experiment_finding *finding)
{
    finding->size = x->measure_count * 2 * sizeof(double);
    double *numbers = malloc(finding->size + 1);
    int ret = numbers == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; ret == 0 && i < x->measure_count; i++)
        ret = model_measure_take(world, &x->measures[i], numbers + 2 * i);
    finding->payload = numbers;
    return ret;
}

static int run_world(const model_experiment *x, const model_setup *setup, const model_task *task, unsigned threads,
                     watcher *w, experiment_finding *finding)
{
    model_session *session = NULL;
    int ret = model_session_open(&session, setup, x->options.seed, task->replication,
                                 x->keep_journeys && task->replication == 0);
    model_world *world = ret == 0 ? model_session_world(session) : NULL;
    if (ret == 0) {
        world->replay = x->replay == NULL ? NULL : model_replay_of(x->replay, task->replication);
        world->watch = watch;
        world->watcher = w;
        ret = model_session_advance(session, setup->end, threads);
    }
    if (ret == 0)
        finding->people = (double)model_world_people(world);
    if (ret == 0)
        ret = x->whole ? experiment_records_pack(x, world, finding) : measure(x, world, finding);
    model_session_close(session);
    return ret;
}

/* A task that failed leaves its reason. */
static int note_failure(experiment_finding *finding, int status, const char *why)
{
    finding->status = status;
    free(finding->payload);
    finding->payload = strdup(why[0] != '\0' ? why : sim_error_text(status));
    finding->size = finding->payload == NULL ? 0 : strlen(finding->payload);
    return finding->payload == NULL ? SIM_E_MEMORY : 0;
}

int experiment_task_run(model_experiment *x, const model_task *task, unsigned threads, experiment_watch *watch_task,
                        void *context, experiment_finding *finding)
{
    double began = seconds_now();
    *finding = (experiment_finding){0};
    experiment_point *point = point_take(x, task);
    if (point == NULL)
        return SIM_E_MEMORY;
    int ret = point->error;
    if (ret == 0) {
        watcher w = {
            .watch = watch_task, .context = context, .end = point->use->end, .began = began, .at = began, .every = 1};
        ret = run_world(x, point->use, task, threads, &w, finding);
    }
    bool ends_all = ret == SIM_E_MEMORY || ret == SIM_E_STOPPED || ret == SIM_E_FORMAT;
    if (ret != 0 && ret != SIM_E_MEMORY && note_failure(finding, ret, point->why) != 0)
        ret = SIM_E_MEMORY;
    else if (!ends_all)
        ret = 0;
    point_give_back(x, point);
    finding->seconds = seconds_now() - began;
    return ret;
}

/* --- keys --- */

static void add_text(sim_digest *digest, const char *text)
{
    sim_digest_number(digest, strlen(text));
    sim_digest_bytes(digest, text, strlen(text));
}

/* What all keys of a list begin with is digested once. */
void experiment_task_keys(model_experiment *x)
{
    sim_digest *digest = &x->common;
    sim_digest_init(digest);
    add_text(digest, "task 1");
    sim_digest_number(digest, x->options.seed);
    sim_digest_number(digest, x->whole ? UINT64_MAX - x->keep_journeys : x->measure_count);
    for (size_t i = 0; i < x->measure_count; i++) {
        const model_measure *m = &x->measures[i];
        const uint64_t numbers[] = {(uint64_t)m->kind, m->index, m->site, (uint64_t)m->from, (uint64_t)m->to};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            sim_digest_number(digest, numbers[k]);
    }
    sim_digest_number(digest, x->options.set_count);
    for (size_t i = 0; i < x->options.set_count; i++)
        add_text(digest, x->options.sets[i]);
}

void experiment_task_key(const model_experiment *x, const model_task *task, sim_journal_key *key)
{
    sim_digest digest = x->common;
    sim_digest_number(&digest, task->plan);
    add_text(&digest,
             x->options.plans == NULL || x->options.plans[task->plan] == NULL ? "" : x->options.plans[task->plan]);
    sim_digest_number(&digest, task->set_count);
    for (size_t i = 0; i < task->set_count; i++)
        add_text(&digest, task->sets[i]);
    sim_digest_number(&digest, task->replication);
    sim_digest_raw(&digest, key->bytes);
}
