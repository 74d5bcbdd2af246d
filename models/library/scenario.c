/* Scenarios and problems by hbm.h: opening, checking, what a line of summary needs. */
#include <stdlib.h>
#include <string.h>

#include "models/library/library.h"
#include "models/plans/plan.h"
#include "sim/base/diag.h"
#include "sim/base/error.h"

_Static_assert((int)HBM_E_MEMORY == SIM_E_MEMORY && (int)HBM_E_INPUT == SIM_E_INPUT && (int)HBM_E_IO == SIM_E_IO &&
                   (int)HBM_E_FORMAT == SIM_E_FORMAT && (int)HBM_E_LIMIT == SIM_E_LIMIT &&
                   (int)HBM_E_STOPPED == SIM_E_STOPPED && (int)HBM_E_BROKEN == SIM_E_BROKEN,
               "public errors are the program's");

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

/* Studies open the scenario again as it was opened. */
static int keep_sets(hbm_scenario *scenario, const char *const *sets, size_t count)
{
    scenario->sets = calloc(count + 1, sizeof *scenario->sets);
    if (scenario->sets == NULL)
        return SIM_E_MEMORY;
    for (; scenario->set_count < count; scenario->set_count++) {
        scenario->sets[scenario->set_count] = strdup(sets[scenario->set_count]);
        if (scenario->sets[scenario->set_count] == NULL)
            return SIM_E_MEMORY;
    }
    return 0;
}

int hbm_scenario_open(hbm_scenario **out, const char *path, const char *plan, const char *const *sets, size_t set_count,
                      hbm_problems *problems)
{
    hbm_scenario *scenario = calloc(1, sizeof *scenario);
    sim_diag *own, *diag = library_diag(problems, &own);
    *out = NULL;
    if (scenario == NULL || diag == NULL) {
        free(scenario);
        sim_diag_free(own);
        return SIM_E_MEMORY;
    }
    scenario->path = model_setup_file(path);
    scenario->plan = plan == NULL ? NULL : strdup(plan);
    int ret = scenario->path == NULL || (plan != NULL && scenario->plan == NULL) ? SIM_E_MEMORY
                                                                                 : keep_sets(scenario, sets, set_count);
    if (ret == 0)
        ret = model_setup_load(&scenario->setup, scenario->path, plan, sets, set_count, diag);
    sim_diag_free(own);
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
    for (size_t i = 0; i < scenario->set_count; i++)
        free(scenario->sets[i]);
    free(scenario->sets);
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
