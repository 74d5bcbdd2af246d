/* hbm_staff: the cheapest roster that meets targets of service. */
#include "models/study/staff/staff.h"
#include "models/library/library.h"
#include "sim/base/error.h"

enum { MOST_LANES = 100, MOST_ROUNDS = 10 };

void hbm_staff_options_init(hbm_staff_options *options)
{
    staff_wishes usual;
    staff_wishes_init(&usual);
    *options = (hbm_staff_options){
        .lanes = usual.bounds.lanes,
        .lost = usual.lost,
        .replications = usual.effort.replications,
        .confidence = usual.effort.confidence,
        .trials = usual.effort.trials,
        .rounds = usual.effort.rounds,
        .how = {.seed = 1},
    };
}

static int check(const hbm_scenario *scenario, const hbm_staff_options *o, char *why, size_t size)
{
    if (o->target_count == 0)
        return library_refuse(why, size, "a target is needed, such as wait.p95@each<=2 h");
    if (o->least < 0 || o->most < 0)
        return library_refuse(why, size, "a shift has 0 people or more");
    if (o->lanes < 1 || o->lanes > MOST_LANES)
        return library_refuse(why, size, "1 to 100 times as many lanes, not %lld", (long long)o->lanes);
    if (!(o->lost >= 0 && o->lost <= 1))
        return library_refuse(why, size, "lost is a share from 0 to 1, not %g", o->lost);
    if (!(o->confidence >= 0.5 && o->confidence <= 0.999))
        return library_refuse(why, size, "a confidence is a share from 0.5 to 0.999, not %g", o->confidence);
    if (o->replications < 1 || o->trials < 1 || o->rounds < 1 || o->rounds > MOST_ROUNDS)
        return library_refuse(why, size, "at least 1 replication and 1 trial, and 1 to 10 rounds");
    return o->plan_file == NULL ? 0 : staff_check_write(scenario->plan, o->lanes > 1, why, size);
}

static staff_wishes wishes_of(const hbm_staff_options *o)
{
    return (staff_wishes){
        .targets = o->targets,
        .target_count = o->target_count,
        .bounds =
            {
                .patterns = o->rosters,
                .pattern_count = o->roster_count,
                .least = o->least,
                .most = o->most,
                .lanes = o->lanes,
            },
        .lost = o->lost,
        .effort =
            {
                .replications = o->replications,
                .confidence = o->confidence,
                .trials = o->trials,
                .rounds = o->rounds,
            },
    };
}

static int prepare(library_work *work, const hbm_staff_options *o, staff_study *study)
{
    const staff_wishes wishes = wishes_of(o);
    const model_setup *setup = model_experiment_setup(work->experiment, 0);
    char line[600] = "";
    size_t target;
    int ret = staff_prepare(study, setup, &wishes, &target, line, sizeof line);
    if (ret == SIM_E_INPUT && target < o->target_count)
        return library_refuse(work->why, work->size, "target '%s': %s", o->targets[target], line);
    return ret == SIM_E_INPUT ? library_refuse(work->why, work->size, "%s", line) : ret;
}

/* *is_whole: the results are, whatever became of the plan's file. */
static int run(library_work *work, const hbm_staff_options *o, bool *is_whole)
{
    staff_study study = {0};
    int ret = prepare(work, o, &study);
    if (ret == 0)
        ret = staff_study_run(&study, work->experiment);
    if (ret == 0)
        ret = staff_fill_result(&study, work->result);
    if (ret == 0)
        ret = library_finish(work, study.replications);
    *is_whole = ret == 0;
    if (ret == 0 && o->plan_file != NULL && study.met)
        ret = staff_write_plan(&study, work->scenario->plan, o->plan_file, work->why, work->size);
    staff_study_free(&study);
    return ret;
}

int hbm_staff(const hbm_scenario *scenario, const hbm_staff_options *options, hbm_result **out, hbm_problems *problems,
              char *why, size_t size)
{
    library_work work = {.why = why, .size = size};
    size_t count;
    const char *const *plan = library_own_plan(scenario, &count);
    bool is_whole = false;
    if (size > 0)
        why[0] = '\0';
    int ret = check(scenario, options, why, size);
    if (ret == 0)
        ret = library_begin(&work, scenario, &options->how, plan, count, problems, why, size);
    if (ret == 0)
        ret = run(&work, options, &is_whole);
    return library_end(&work, ret, is_whole, out);
}
