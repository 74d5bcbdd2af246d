/* hbm_plan_check: a plan's file tried on a scenario. */
#include <stdio.h>

#include "models/library/library.h"
#include "models/plans/plan.h"
#include "sim/base/error.h"

int hbm_plan_check(const hbm_scenario *scenario, const char *plan, char *title, size_t size, hbm_problems *problems)
{
    model_setup setup = {0};
    sim_diag *own, *diag = library_diag(problems, &own);
    if (size > 0)
        title[0] = '\0';
    int ret = diag == NULL ? SIM_E_MEMORY
                           : model_setup_load(&setup, scenario->path, plan, (const char *const *)scenario->sets,
                                              scenario->set_count, diag);
    if (ret == 0)
        (void)snprintf(title, size, "%s", setup.plan_name != NULL ? setup.plan_name : "");
    model_setup_free(&setup);
    sim_diag_free(own);
    return ret;
}
