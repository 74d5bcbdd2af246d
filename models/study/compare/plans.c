/* Plans of a comparison: those that a scenario names, and short names for tables. */
#include <stdlib.h>
#include <string.h>

#include "models/plans/plan.h"
#include "models/study/compare/compare.h"
#include "sim/base/error.h"

static int copy_plans(const model_setup *setup, char ***files)
{
    size_t count = model_plan_count(setup);
    *files = calloc(count + 1, sizeof **files);
    int error = *files != NULL ? 0 : SIM_E_MEMORY;
    for (size_t i = 0; error == 0 && i < count; i++) {
        (*files)[i] = strdup(model_plan_file(setup, i));
        error = (*files)[i] != NULL ? 0 : SIM_E_MEMORY;
    }
    return error;
}

int compare_plans_of_scenario(const char *path, char ***files)
{
    model_setup setup = {0};
    sim_diag *problems = NULL;
    char *file = model_setup_file(path);
    *files = NULL;
    int error = file == NULL ? SIM_E_MEMORY : sim_diag_new(&problems, 1000);
    if (error == 0)
        error = model_setup_load(&setup, file, NULL, NULL, 0, problems);
    if (error == 0)
        error = copy_plans(&setup, files);
    model_setup_free(&setup);
    sim_diag_free(problems);
    free(file);
    return error;
}

void compare_plans_free(char **files)
{
    for (size_t i = 0; files != NULL && files[i] != NULL; i++)
        free(files[i]);
    free(files);
}

/* "contingency" of "plans/contingency.yaml" */
static void name_plan(const char *path, char name[COMPARE_NAME])
{
    const char *slash = path != NULL ? strrchr(path, '/') : NULL, *from = slash != NULL ? slash + 1 : path;
    if (path == NULL) {
        snprintf(name, COMPARE_NAME, "baseline");
        return;
    }
    const char *dot = strrchr(from, '.');
    int length = dot != NULL && dot != from ? (int)(dot - from) : (int)strlen(from);
    snprintf(name, COMPARE_NAME, "%.*s", length, from);
}

void compare_name_plans(comparison *c, const char *const *files)
{
    for (size_t i = 0; i < c->plan_count; i++) {
        name_plan(files[i], c->plans[i].name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(c->plans[i].name, c->plans[k].name) == 0)
                snprintf(c->plans[i].name, COMPARE_NAME, "%.100s (%zu)", files[i], i + 1);
    }
}
