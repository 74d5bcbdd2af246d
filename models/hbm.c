/* libhbm: the public interface, and the loop over replications behind hbm_run. */
#include "models/hbm.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <omp.h>

#include "models/outcome.h"
#include "models/provenance.h"
#include "models/replay.h"
#include "sim/diag.h"
#include "sim/error.h"
#include "sim/store.h"

struct hbm_scenario {
    model_setup setup;
    char *path;
    char *plan; /* NULL: none */
};

struct hbm_problems {
    sim_diag *diag;
};

const char *hbm_error_text(int code)
{
    return sim_error_text(code);
}

/* --- problems --- */

int hbm_problems_new(hbm_problems **out)
{
    hbm_problems *problems = calloc(1, sizeof *problems);
    *out = NULL;
    if (problems == NULL)
        return SIM_E_MEMORY;
    int ret = sim_diag_new(&problems->diag, 1000);
    if (ret != 0) {
        free(problems);
        return ret;
    }
    *out = problems;
    return 0;
}

void hbm_problems_free(hbm_problems *problems)
{
    if (problems != NULL)
        sim_diag_free(problems->diag);
    free(problems);
}

size_t hbm_problems_count(const hbm_problems *problems)
{
    return sim_diag_count(problems->diag);
}

void hbm_problems_print(const hbm_problems *problems, FILE *to)
{
    sim_diag_print(problems->diag, to);
}

int hbm_problems_print_json(const hbm_problems *problems, FILE *to)
{
    return sim_diag_print_json(problems->diag, to);
}

/* --- scenarios --- */

int hbm_scenario_open(hbm_scenario **out, const char *path, const char *plan, const char *const *sets, size_t set_count,
                      hbm_problems *problems)
{
    hbm_scenario *scenario = calloc(1, sizeof *scenario);
    *out = NULL;
    if (scenario == NULL)
        return SIM_E_MEMORY;
    scenario->path = model_setup_file(path);
    scenario->plan = plan == NULL ? NULL : strdup(plan);
    int ret = scenario->path == NULL || (plan != NULL && scenario->plan == NULL)
                  ? SIM_E_MEMORY
                  : model_setup_load(&scenario->setup, scenario->path, plan, sets, set_count, problems->diag);
    if (ret != 0) {
        hbm_scenario_close(scenario);
        return ret;
    }
    *out = scenario;
    return 0;
}

void hbm_scenario_close(hbm_scenario *scenario)
{
    if (scenario == NULL)
        return;
    model_setup_free(&scenario->setup);
    free(scenario->path);
    free(scenario->plan);
    free(scenario);
}

const char *hbm_scenario_plan_name(const hbm_scenario *scenario)
{
    return scenario->setup.plan_name;
}

size_t hbm_scenario_plan_count(const hbm_scenario *scenario)
{
    return model_plan_count(&scenario->setup);
}

const char *hbm_scenario_plan_file(const hbm_scenario *scenario, size_t i)
{
    return model_plan_file(&scenario->setup, i);
}

const char *hbm_scenario_name(const hbm_scenario *scenario)
{
    return scenario->setup.name;
}

int hbm_scenario_size(const hbm_scenario *scenario, uint64_t *people, size_t *posts, size_t *stations)
{
    model_world world = {.setup = &scenario->setup, .rng = {1, 0}};
    int ret = model_displacement_count(&world);
    *people = ret == 0 ? world.person_count : 0;
    *posts = scenario->setup.post_count;
    *stations = scenario->setup.station_count;
    for (size_t i = 0; i < model_registry_count; i++)
        if (model_registry[i]->demolish != NULL)
            model_registry[i]->demolish(&world);
    return ret;
}

/* --- running --- */

void hbm_run_options_init(hbm_run_options *options)
{
    *options = (hbm_run_options){.replications = 1, .seed = 1};
}

/* What the threads of a run share. */
typedef struct {
    const model_setup *setup;
    const hbm_run_options *options;
    model_outcome *outcome;
    model_replay *replay;  /* NULL: rules decide */
    unsigned outer, inner; /* replications side by side, threads for each */
    size_t wanted;         /* replications known to be needed */
    atomic_int error;
    atomic_llong simulated; /* microseconds, all replications */
    atomic_llong people;
    atomic_llong finished;
    atomic_flag telling;
    double reported; /* when progress was last told; under `telling` */
    int figure;      /* of --until, or -1 */
} run_state;

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Tells the caller how far the run is, ten times a second; one thread at a time, the others go on. */
static void tell(run_state *run, bool always)
{
    if (run->options->progress == NULL || atomic_flag_test_and_set(&run->telling))
        return;
    double now = wall();
    if (always || now - run->reported >= 0.1) {
        hbm_progress progress = {.replications = (size_t)atomic_load(&run->finished),
                                 .simulated = (double)atomic_load(&run->simulated) * 1e-6,
                                 .people = (double)atomic_load(&run->people)};
        progress.done = progress.simulated / ((double)run->setup->end * 1e-6 * (double)run->wanted);
        run->reported = now;
        if (run->options->progress(&progress, run->options->user) != 0)
            atomic_store(&run->error, SIM_E_STOPPED);
    }
    atomic_flag_clear(&run->telling);
}

/* What a replication had done when it was last looked at. */
typedef struct {
    run_state *run;
    sim_time seen;
    int64_t people;
} watcher;

static int watch(model_world *world, sim_time now)
{
    watcher *w = world->watcher;
    int64_t people = model_world_people(world);
    atomic_fetch_add(&w->run->simulated, now - w->seen);
    atomic_fetch_add(&w->run->people, people - w->people);
    w->seen = now;
    w->people = people;
    tell(w->run, false);
    return atomic_load(&w->run->error);
}

static int replicate(run_state *run, model_world *world, size_t replication)
{
    watcher w = {.run = run};
    int ret = model_world_init(world, run->setup, run->options->seed, replication, run->options->journeys && replication == 0);
    world->watch = watch;
    world->watcher = &w;
    world->replay = run->replay == NULL ? NULL : model_replay_of(run->replay, replication);
    if (ret == 0)
        ret = model_world_run(world, run->setup->end, run->inner);
    world->watch = NULL;
    return ret;
}

/* Replications [first, first + count), added in their order. */
static void run_batch(run_state *run, size_t first, size_t count)
{
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads((int)run->outer)
    for (size_t i = first; i < first + count; i++) {
        model_world world = {0};
        int ret = atomic_load(&run->error) == 0 ? replicate(run, &world, i) : 0;
        int expected = 0;
        if (ret != 0)
            atomic_compare_exchange_strong(&run->error, &expected, ret);
#pragma omp ordered
        if (atomic_load(&run->error) == 0) {
            ret = model_outcome_add(run->outcome, &world);
            atomic_fetch_add(&run->finished, 1);
            if (ret != 0)
                atomic_store(&run->error, ret);
        }
        if (world.setup != NULL)
            model_world_free(&world);
    }
}

static bool is_narrow(const run_state *run)
{
    double mean, half_width;
    if (model_outcome_replications(run->outcome) < 5)
        return false;
    model_outcome_interval(run->outcome, (size_t)run->figure, &mean, &half_width);
    return half_width <= run->options->until_width * fabs(mean);
}

/* Replications one after another are cheap to count: with a target width they come in batches of one a process, and those
 * behind the one that reached the target are not added, so that the number of threads does not change what is reported. */
static void run_all(run_state *run)
{
    size_t most = run->options->replications;
    if (run->figure < 0) {
        run->wanted = most;
        run_batch(run, 0, most);
        return;
    }
    for (size_t done = 0; done < most && atomic_load(&run->error) == 0 && !is_narrow(run); done++) {
        run->wanted = done + 1 > 5 ? done + 1 : 5;
        run_batch(run, done, 1);
    }
}

static int figure_named(const char *name)
{
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strcmp(model_key_figures[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void tell_nearest_figure(const char *name, char *why, size_t size)
{
    const char *names[256], *nearest;
    size_t count = model_key_figure_count < 256 ? model_key_figure_count : 256;
    for (size_t i = 0; i < count; i++)
        names[i] = model_key_figures[i].name;
    nearest = sim_diag_nearest(name, names, count);
    if (nearest != NULL)
        snprintf(why, size, "there is no key figure \"%s\"; did you mean \"%s\"?", name, nearest);
    else
        snprintf(why, size, "there is no key figure \"%s\"; 'hbm params' lists them", name);
}

static model_provenance provenance_of(const run_state *run, const hbm_scenario *scenario, size_t replications)
{
    return (model_provenance){.setups = run->setup,
                              .setup_count = 1,
                              .path = scenario->path,
                              .plan = scenario->plan,
                              .command_line = run->options->command_line,
                              .seed = run->options->seed,
                              .replications = replications,
                              .threads = run->outer * run->inner,
                              .ranks = 1};
}

static int open_replay(run_state *run, const hbm_scenario *scenario, char *why, size_t size)
{
    if (run->options->replay == NULL)
        return 0;
    const model_provenance here = provenance_of(run, scenario, run->options->replications);
    int ret = model_provenance_check(&here, run->options->replay, why, size);
    return ret != 0 ? ret : model_replay_new(&run->replay, run->setup, run->options->replay, run->options->replications, why, size);
}

int hbm_run(const hbm_scenario *scenario, const hbm_run_options *options, hbm_result **out, char *why, size_t size)
{
    run_state run = {
        .telling = ATOMIC_FLAG_INIT, .setup = &scenario->setup, .options = options, .figure = -1, .wanted = options->replications};
    *out = NULL;
    if (size > 0)
        why[0] = '\0';
    if (options->until_metric != NULL && (run.figure = figure_named(options->until_metric)) < 0) {
        tell_nearest_figure(options->until_metric, why, size);
        return SIM_E_INPUT;
    }
    unsigned threads = options->threads == 0 ? (unsigned)omp_get_num_procs() : options->threads;
    size_t side_by_side = run.figure < 0 ? options->replications : 1;
    run.outer = side_by_side < threads ? (unsigned)side_by_side : threads;
    run.inner = threads / run.outer;
    int levels = omp_get_max_active_levels();
    omp_set_max_active_levels(2);
    int ret = open_replay(&run, scenario, why, size);
    if (ret == 0)
        ret = model_outcome_new(&run.outcome, run.setup);
    if (ret == 0)
        run_all(&run);
    omp_set_max_active_levels(levels);
    if (ret == 0)
        ret = atomic_load(&run.error);
    hbm_result *result = ret == 0 ? calloc(1, sizeof *result) : NULL;
    if (ret == 0 && result == NULL)
        ret = SIM_E_MEMORY;
    if (ret == 0) {
        sim_result_init(result);
        tell(&run, true);
        ret = atomic_load(&run.error);
        if (ret == 0)
            ret = model_outcome_result(run.outcome, result);
        const model_provenance provenance = provenance_of(&run, scenario, model_outcome_replications(run.outcome));
        if (ret == 0)
            ret = model_provenance_add(&provenance, result);
    }
    model_outcome_free(run.outcome);
    model_replay_free(run.replay);
    if (ret != 0) {
        hbm_result_free(result);
        if (why[0] == '\0')
            snprintf(why, size, "%s", sim_error_text(ret));
        return ret;
    }
    *out = result;
    return 0;
}

/* --- results --- */

void hbm_result_free(hbm_result *result)
{
    if (result != NULL)
        sim_result_free(result);
    free(result);
}

int hbm_result_write(const hbm_result *result, const char *path, char *why, size_t size)
{
    return sim_store_write(result, path, why, size);
}

int hbm_result_read(hbm_result **out, const char *path, char *why, size_t size)
{
    hbm_result *result = calloc(1, sizeof *result);
    *out = NULL;
    if (result == NULL) {
        snprintf(why, size, "%s", sim_error_text(SIM_E_MEMORY));
        return SIM_E_MEMORY;
    }
    sim_result_init(result);
    int ret = sim_store_read(result, path, why, size);
    if (ret != 0) {
        hbm_result_free(result);
        return ret;
    }
    *out = result;
    return 0;
}

int hbm_result_hash(const hbm_result *result, char hex[65])
{
    return sim_result_hash(result, hex);
}
