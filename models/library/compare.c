/* hbm_compare: plans beside the scenario as it was opened. */
#include <stdlib.h>
#include <string.h>

#include "models/library/library.h"
#include "models/study/compare/compare.h"
#include "sim/base/error.h"

enum { LEAST_REPLICATIONS = 2, MOST_REPLICATIONS = 1000000 };

void hbm_compare_options_init(hbm_compare_options *options)
{
    *options = (hbm_compare_options){.how = {.seed = 1}};
}

static int check(const hbm_compare_options *o, char *why, size_t size)
{
    if (o->replications != 0 && (o->replications < LEAST_REPLICATIONS || o->replications > MOST_REPLICATIONS))
        return library_refuse(why, size, "a comparison has 2 to 1000000 replications, not %zu", o->replications);
    if (o->best != NULL && o->until_count > 0)
        return library_refuse(why, size, "best or until, not both");
    if ((o->best == NULL) != (o->indifference == NULL))
        return library_refuse(why, size, "best and indifference belong together");
    if (o->best == NULL && (o->largest || o->probability > 0))
        return library_refuse(why, size, "largest and probability belong to best");
    if (o->probability != 0 && !(o->probability >= 0.5 && o->probability <= 0.999999))
        return library_refuse(why, size, "a probability is a share from 0.5 to 0.999999, not %g", o->probability);
    for (size_t i = 0; i < o->until_count; i++)
        if (strchr(o->until[i], '=') == NULL || o->until[i][0] == '=')
            return library_refuse(why, size, "until wants FIGURE=AMOUNT, such as wait.mean=30 min, not '%s'",
                                  o->until[i]);
    return 0;
}

/* The baseline's file, then those to be compared. Caller frees *plans. */
static int list_plans(const hbm_scenario *scenario, const hbm_compare_options *o, const char ***plans, size_t *count,
                      char *why, size_t size)
{
    size_t named = hbm_scenario_plan_count(scenario), others = o->plan_count > 0 ? o->plan_count : named;
    *plans = calloc(others + 1, sizeof **plans);
    if (*plans == NULL)
        return SIM_E_MEMORY;
    if (others == 0)
        return library_refuse(why, size, "a plan is needed, to be compared with the scenario as it was opened");
    (*plans)[0] = scenario->plan;
    for (size_t i = 0; i < others; i++)
        (*plans)[i + 1] = o->plan_count > 0 ? o->plans[i] : hbm_scenario_plan_file(scenario, i);
    *count = others + 1;
    return 0;
}

static compare_wishes wishes_of(const hbm_compare_options *o)
{
    return (compare_wishes){
        .figures = o->figures,
        .figure_count = o->figure_count,
        .until = o->until,
        .until_count = o->until_count,
        .best = o->best,
        .indifference = o->indifference,
        .probability = o->probability,
        .largest = o->largest != 0,
    };
}

static int compare(library_work *work, const hbm_compare_options *o, size_t *failed)
{
    const compare_wishes wishes = wishes_of(o);
    comparison c = {0};
    int ret = compare_prepare(&c, work->experiment, &wishes, work->plans, work->why, work->size);
    if (ret == 0) {
        work->expected = compare_tasks(&c, &wishes, o->replications);
        ret = compare_run(&c, work->experiment, &wishes, o->replications, failed, work->why, work->size);
    }
    if (ret == 0)
        ret = compare_result(&c, work->result);
    if (ret == 0)
        ret = library_finish(work, c.replications);
    compare_free(&c);
    return ret;
}

int hbm_compare(const hbm_scenario *scenario, const hbm_compare_options *options, hbm_result **out,
                hbm_problems *problems, char *why, size_t size)
{
    library_work work = {.why = why, .size = size};
    const char **plans = NULL;
    size_t count = 0, failed = 0;
    if (size > 0)
        why[0] = '\0';
    int ret = check(options, why, size);
    if (ret == 0)
        ret = list_plans(scenario, options, &plans, &count, why, size);
    if (ret == 0)
        ret = library_begin(&work, scenario, &options->how, plans, count, problems, why, size);
    if (ret == 0)
        ret = compare(&work, options, &failed);
    bool is_whole = ret == 0;
    if (ret == 0 && failed > 0) {
        library_refuse(why, size, "%zu replications failed and are left out: %s", failed,
                       model_experiment_failure(work.experiment));
        ret = SIM_E_BROKEN;
    }
    ret = library_end(&work, ret, is_whole, out);
    free(plans);
    return ret;
}
