/* hbm_sweep: the scenario at many points of its parameters. */
#include "models/study/sweep/sweep.h"
#include "models/library/library.h"
#include "sim/base/error.h"

enum { MOST_REPLICATIONS = 1000000, LEAST_LEVELS = 2, MOST_LEVELS = 1000 };

void hbm_sweep_options_init(hbm_sweep_options *options)
{
    *options = (hbm_sweep_options){.replications = 1, .how = {.seed = 1}};
}

static int check(const hbm_sweep_options *o, sweep_wishes *wishes, char *why, size_t size)
{
    if (o->design != NULL && !sweep_design_of(o->design, &wishes->design))
        return library_refuse(why, size, "a design is factorial, lhs, sobol, morris or points, not '%s'", o->design);
    if (o->replications < 1 || o->replications > MOST_REPLICATIONS)
        return library_refuse(why, size, "a sweep has 1 to 1000000 replications, not %zu", o->replications);
    if (o->points > SIM_DESIGN_POINTS)
        return library_refuse(why, size, "a sweep has at most %d points, not %zu", SIM_DESIGN_POINTS, o->points);
    if (o->levels != 0 && (o->levels < LEAST_LEVELS || o->levels > MOST_LEVELS))
        return library_refuse(why, size, "a range has 2 to 1000 levels, not %zu", o->levels);
    const char *problem = sweep_wishes_problem(wishes, o->design != NULL);
    return problem == NULL ? 0 : library_refuse(why, size, "%s", problem);
}

static sweep_wishes wishes_of(const hbm_scenario *scenario, const hbm_sweep_options *o)
{
    sweep_wishes wishes = {
        .scenario = scenario->path,
        .plans = o->plans,
        .plan_count = o->plan_count,
        .sets = (const char *const *)scenario->sets,
        .set_count = scenario->set_count,
        .factors = o->factors,
        .factor_count = o->factor_count,
        .figures = o->figures,
        .figure_count = o->figure_count,
        .from = o->from,
        .problem = o->problem,
        .points = o->points,
        .levels = o->levels,
        .replications = o->replications,
        .seed = o->how.seed,
    };
    if (o->plan_count == 0)
        wishes.plans = library_own_plan(scenario, &wishes.plan_count);
    return wishes;
}

/* What is wrong with factors stands in the sweep's own problems: they become the caller's. */
static void hand_over(sweep *s, hbm_problems *problems)
{
    if (problems == NULL || s->problems == NULL || sim_diag_count(s->problems) == 0)
        return;
    sim_diag *before = problems->diag;
    problems->diag = s->problems;
    s->problems = before;
}

static int run(library_work *work, const sweep_wishes *wishes, hbm_problems *problems)
{
    sweep s = {.wishes = wishes};
    int ret = sweep_prepare(&s, work->experiment, wishes, work->why, work->size);
    if (ret == SIM_E_INPUT)
        hand_over(&s, problems);
    if (ret == 0) {
        work->expected = sweep_runs(&s);
        ret = sweep_run(&s);
    }
    if (ret == 0)
        ret = sweep_result(&s, work->result);
    if (ret == 0)
        ret = library_finish(work, wishes->replications);
    sweep_free(&s);
    return ret;
}

int hbm_sweep(const hbm_scenario *scenario, const hbm_sweep_options *options, hbm_result **out, hbm_problems *problems,
              char *why, size_t size)
{
    library_work work = {.why = why, .size = size};
    sweep_wishes wishes = wishes_of(scenario, options);
    if (size > 0)
        why[0] = '\0';
    int ret = check(options, &wishes, why, size);
    if (ret == 0)
        ret = library_begin(&work, scenario, &options->how, wishes.plans, wishes.plan_count, problems, why, size);
    if (ret == 0)
        ret = run(&work, &wishes, problems);
    return library_end(&work, ret, false, out);
}
