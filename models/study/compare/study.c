/* A comparison as a whole: named and measured, then run as it was wished for. */
#include <stdlib.h>
#include <string.h>

#include "models/study/compare/compare.h"
#include "sim/base/error.h"

enum { REPLICATIONS = 10, SEQUENTIAL_REPLICATIONS = 1000 };

static int measure(const comparison *c, model_experiment *x)
{
    model_measure *measures = malloc((c->figure_count + 1) * sizeof *measures);
    if (measures == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < c->figure_count; i++)
        measures[i] = c->figures[i].measure;
    int error = model_experiment_measure(x, measures, c->figure_count);
    free(measures);
    return error;
}

static void name_all(comparison *c, const model_experiment *x, const char *const *files)
{
    const model_setup *setups = model_experiment_setup(x, 0);
    c->title = setups->name;
    c->confidence = setups->confidence;
    compare_name_plans(c, files);
    for (size_t i = 0; i < c->plan_count; i++)
        (void)snprintf(c->plans[i].title, COMPARE_LABEL, "%s", setups[i].plan_name != NULL ? setups[i].plan_name : "");
}

int compare_prepare(comparison *c, model_experiment *x, const compare_wishes *wishes, const char *const *files,
                    char *why, size_t size)
{
    const model_setup *setups = model_experiment_setup(x, 0);
    compare_figure *figures = NULL;
    compare_best best = {0};
    size_t plans = model_experiment_plans(x), count = 0;
    *c = (comparison){0};
    int error = compare_choose(wishes, setups, plans, &figures, &count, &best, why, size);
    if (error == 0)
        error = compare_init(c, plans, count);
    if (error == 0) {
        memcpy(c->figures, figures, count * sizeof *figures);
        best.plans = c->best.plans;
        c->best = best;
        name_all(c, x, files);
        error = measure(c, x);
    }
    free(figures);
    return error;
}

size_t compare_most(const compare_wishes *wishes, size_t replications)
{
    if (replications > 0)
        return replications;
    return wishes->best != NULL || wishes->until_count > 0 ? SEQUENTIAL_REPLICATIONS : REPLICATIONS;
}

size_t compare_tasks(const comparison *c, const compare_wishes *wishes, size_t replications)
{
    bool is_search = wishes->best != NULL || wishes->until_count > 0;
    return is_search ? 0 : compare_most(wishes, replications) * c->plan_count;
}

int compare_run(comparison *c, model_experiment *x, const compare_wishes *wishes, size_t replications, size_t *failed,
                char *why, size_t size)
{
    size_t most = compare_most(wishes, replications);
    if (wishes->best != NULL)
        return compare_run_best(c, x, most, failed, why, size);
    if (wishes->until_count > 0)
        return compare_run_until(c, x, most, failed);
    return compare_run_fixed(c, x, most, failed);
}
