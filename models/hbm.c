/* libhbm: the public interface, and the loop over replications behind hbm_run. */
#include "models/hbm.h"

#include <stdlib.h>
#include <string.h>

#include "models/experiment/experiment.h"
#include "models/outcome/provenance.h"
#include "models/plans/replay.h"
#include "sim/base/diag.h"
#include "sim/base/error.h"
#include "sim/result/store.h"

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

int hbm_scenario_size(const hbm_scenario *scenario, uint64_t *people, size_t *sites, size_t *stations)
{
    *sites = scenario->setup.site_count;
    *stations = scenario->setup.station_count;
    return model_world_count(&scenario->setup, 1, 0, people);
}

/* --- running --- */

void hbm_run_options_init(hbm_run_options *options)
{
    *options = (hbm_run_options){.replications = 1, .seed = 1};
}

/* The caller's progress, and what it takes to tell it. */
typedef struct {
    const hbm_run_options *options;
    double length; /* of a replication, s */
} teller;

static int tell(const model_progress *now, void *user)
{
    const teller *t = user;
    const hbm_run_options *o = t->options;
    double done = (double)now->finished + now->running;
    size_t needed = o->until_metric == NULL ? o->replications : now->finished < 5 ? 5 : now->finished + 1;
    const hbm_progress progress = {.done = done < (double)needed ? done / (double)needed : 1,
                                   .replications = now->finished,
                                   .simulated = done * t->length,
                                   .people = now->people};
    return o->progress(&progress, o->user) != 0 ? 2 : 0; /* at once: nothing is kept of what is being run */
}

static model_provenance provenance_of(const hbm_scenario *scenario, const hbm_run_options *options, size_t replications,
                                      unsigned threads)
{
    return (model_provenance){.setups = &scenario->setup,
                              .setup_count = 1,
                              .path = scenario->path,
                              .plan = scenario->plan,
                              .command_line = options->command_line,
                              .seed = options->seed,
                              .replications = replications,
                              .threads = threads,
                              .ranks = 1};
}

static int open_replay(const hbm_scenario *scenario, const hbm_run_options *options, model_replay **replay, char *why,
                       size_t size)
{
    if (options->replay == NULL)
        return 0;
    const model_provenance here = provenance_of(scenario, options, options->replications, 0);
    int ret = model_provenance_check(&here, options->replay, why, size);
    return ret != 0 ? ret
                    : model_replay_new(replay, &scenario->setup, options->replay, options->replications, why, size);
}

/* Runs all replications, and makes results of what they come to. */
static int run(const hbm_scenario *scenario, const hbm_run_options *options, model_experiment *x, hbm_result *result,
               char *why, size_t size)
{
    const model_replications wanted = {.most = options->replications,
                                       .until = options->until_metric,
                                       .width = options->until_width,
                                       .journeys = options->journeys != 0};
    model_outcome *outcome = NULL;
    model_replay *replay = NULL;
    int ret = open_replay(scenario, options, &replay, why, size);
    model_experiment_replay(x, replay);
    if (ret == 0)
        ret = model_outcome_new(&outcome, &scenario->setup);
    if (ret == 0)
        ret = model_experiment_replicate(x, &wanted, outcome, why, size);
    if (ret == 0)
        ret = model_outcome_result(outcome, result);
    if (ret == 0) {
        const model_provenance here =
            provenance_of(scenario, options, model_outcome_replications(outcome), model_experiment_threads(x));
        ret = model_provenance_add(&here, result);
    }
    model_outcome_free(outcome);
    model_replay_free(replay);
    return ret;
}

int hbm_run(const hbm_scenario *scenario, const hbm_run_options *options, hbm_result **out, char *why, size_t size)
{
    teller t = {options, (double)scenario->setup.end * 1e-6};
    const model_experiment_options how = {.seed = options->seed,
                                          .threads = options->threads,
                                          .progress = options->progress == NULL ? NULL : tell,
                                          .user = &t};
    model_experiment *x = NULL;
    hbm_result *result = calloc(1, sizeof *result);
    *out = NULL;
    if (size > 0)
        why[0] = '\0';
    int ret = result == NULL ? SIM_E_MEMORY : model_experiment_new_of(&x, &scenario->setup, &how);
    if (ret == 0) {
        sim_result_init(result);
        ret = run(scenario, options, x, result, why, size);
    }
    model_experiment_free(x);
    if (ret != 0) {
        hbm_result_free(result);
        if (size > 0 && why[0] == '\0')
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
