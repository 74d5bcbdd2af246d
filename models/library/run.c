/* hbm_run: replications of the scenario as it was opened. */
#include <stdlib.h>
#include <string.h>

#include "models/experiment/experiment.h"
#include "models/library/library.h"
#include "models/outcome/provenance.h"
#include "models/plans/replay.h"
#include "sim/base/error.h"

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
    const hbm_progress progress = {
        .done = done < (double)needed ? done / (double)needed : 1,
        .replications = now->finished,
        .simulated = done * t->length,
        .people = now->people,
    };
    return o->progress(&progress, o->user) != 0 ? 2 : 0; /* at once: nothing is kept of what is being run */
}

static model_provenance provenance_of(const hbm_scenario *scenario, const hbm_run_options *options, size_t replications,
                                      unsigned threads)
{
    return (model_provenance){
        .setups = &scenario->setup,
        .setup_count = 1,
        .path = scenario->path,
        .plan = scenario->plan,
        .command_line = options->command_line,
        .seed = options->seed,
        .replications = replications,
        .threads = threads,
        .ranks = 1,
    };
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
    const model_replications wanted = {
        .most = options->replications,
        .until = options->until_metric,
        .width = options->until_width,
        .journeys = options->journeys != 0,
    };
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
    const model_experiment_options how = {
        .seed = options->seed,
        .threads = options->threads,
        .progress = options->progress == NULL ? NULL : tell,
        .user = &t,
    };
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
