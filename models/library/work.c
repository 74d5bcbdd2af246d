/* What all studies behind hbm.h do alike: opening, progress, provenance, handing over. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "models/library/library.h"
#include "models/outcome/provenance.h"
#include "sim/base/error.h"

enum { MOST_THREADS = 1024, MOST_PROBLEMS = 1000 };

sim_diag *library_diag(hbm_problems *problems, sim_diag **own)
{
    *own = NULL;
    if (problems != NULL)
        return problems->diag;
    (void)sim_diag_new(own, MOST_PROBLEMS); /* NULL when it fails */
    return *own;
}

int library_refuse(char *why, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, size, format, arguments);
    va_end(arguments);
    return SIM_E_INPUT;
}

const char *const *library_own_plan(const hbm_scenario *scenario, size_t *count)
{
    *count = scenario->plan != NULL;
    return (const char *const *)&scenario->plan;
}

/* --- progress --- */

static int tell(const model_progress *now, void *user)
{
    const library_work *work = user;
    double done = (double)now->finished + now->running;
    size_t needed = work->expected > now->wanted ? work->expected : now->wanted;
    const hbm_progress progress = {
        .done = done < (double)needed ? done / (double)needed : 1,
        .replications = now->finished,
        .simulated = done * (double)work->scenario->setup.end * 1e-6,
        .people = now->people,
    };
    return work->how->progress(&progress, work->how->user) != 0 ? 2 : 0; /* at once: nothing is kept */
}

/* --- opening --- */

/* The first input that is no longer what it was when the scenario was opened; NULL: none. */
static const char *changed_input(const library_work *work)
{
    const sim_config *before = work->scenario->setup.config;
    const sim_config *now = model_experiment_setup(work->experiment, 0)->config;
    for (size_t i = 0; i < sim_config_input_count(before); i++)
        for (size_t k = 0; k < sim_config_input_count(now); k++) {
            const char *name[2], *text[2];
            size_t length[2];
            sim_config_input(before, i, &name[0], &text[0], &length[0]);
            sim_config_input(now, k, &name[1], &text[1], &length[1]);
            if (strcmp(name[0], name[1]) == 0 && (length[0] != length[1] || memcmp(text[0], text[1], length[0]) != 0))
                return name[0];
        }
    return NULL;
}

static int open_experiment(library_work *work)
{
    work->options = (model_experiment_options){
        .scenario = work->scenario->path,
        .plans = work->plan_count > 0 ? work->plans : NULL,
        .plan_count = work->plan_count > 0 ? work->plan_count : 1,
        .sets = (const char *const *)work->scenario->sets,
        .set_count = work->scenario->set_count,
        .seed = work->how->seed,
        .threads = work->how->threads,
        .progress = work->how->progress != NULL ? tell : NULL,
        .user = work,
    };
    int ret = model_experiment_new(&work->experiment, &work->options, work->diag);
    const char *changed = ret == 0 ? changed_input(work) : NULL;
    if (changed != NULL) {
        library_refuse(work->why, work->size, "%s has changed since the scenario was opened", changed);
        ret = SIM_E_FORMAT;
    }
    return ret;
}

int library_begin(library_work *work, const hbm_scenario *scenario, const hbm_execution *how, const char *const *plans,
                  size_t plan_count, hbm_problems *problems, char *why, size_t size)
{
    *work = (library_work){
        .scenario = scenario,
        .how = how,
        .plans = plans,
        .plan_count = plan_count,
        .why = why,
        .size = size,
    };
    if (size > 0)
        why[0] = '\0';
    if (how->threads > MOST_THREADS)
        return library_refuse(why, size, "at most %d threads", MOST_THREADS);
    work->diag = library_diag(problems, &work->own_diag);
    work->result = calloc(1, sizeof *work->result);
    if (work->diag == NULL || work->result == NULL)
        return SIM_E_MEMORY;
    sim_result_init(work->result);
    return open_experiment(work);
}

/* --- ending --- */

int library_finish(library_work *work, size_t replications)
{
    const model_provenance provenance = {
        .setups = model_experiment_setup(work->experiment, 0),
        .setup_count = model_experiment_plans(work->experiment),
        .path = work->scenario->path,
        .plan = work->plan_count == 1 ? work->plans[0] : NULL,
        .command_line = work->how->command_line,
        .seed = work->how->seed,
        .replications = replications,
        .threads = model_experiment_threads(work->experiment),
        .ranks = 1,
    };
    return model_provenance_add(&provenance, work->result);
}

int library_end(library_work *work, int error, bool kept, hbm_result **out)
{
    *out = NULL;
    if (error != 0 && work->size > 0 && work->why[0] == '\0') {
        const char *failure = work->experiment != NULL ? model_experiment_failure(work->experiment) : "";
        (void)snprintf(work->why, work->size, "%s", failure[0] != '\0' ? failure : sim_error_text(error));
    }
    if (error == 0 || kept)
        *out = work->result;
    else
        hbm_result_free(work->result);
    model_experiment_free(work->experiment);
    sim_diag_free(work->own_diag);
    return error;
}
