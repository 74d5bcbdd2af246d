/* hbm_calibrate: parameters fitted to the scenario's observations. */
#include "models/study/calibrate/calibrate.h"
#include "models/library/library.h"
#include "sim/base/error.h"

void hbm_calibrate_options_init(hbm_calibrate_options *options)
{
    calibrate_wishes usual;
    calibrate_wishes_init(&usual);
    *options = (hbm_calibrate_options){
        .replications = usual.replications,
        .bootstrap = usual.bootstrap,
        .how = {.seed = 1},
    };
}

static int check(const hbm_calibrate_options *o, const calibrate_wishes *wishes, char *why, size_t size)
{
    size_t least = calibrate_least_evaluations(wishes);
    if (o->factor_count < 1 || o->factor_count > SIM_FIT_MOST_PARAMETERS)
        return library_refuse(why, size, "1 to %d factors are fitted, not %zu", SIM_FIT_MOST_PARAMETERS,
                              o->factor_count);
    if (o->replications < SIM_FIT_LEAST_REPLICATIONS || o->bootstrap < SIM_FIT_LEAST_BOOTSTRAP)
        return library_refuse(why, size, "at least %d replications, and %d for the bootstrap",
                              SIM_FIT_LEAST_REPLICATIONS, SIM_FIT_LEAST_BOOTSTRAP);
    if (calibrate_evaluations(wishes) < least)
        return library_refuse(why, size, "at least %zu evaluations (four for each factor, and four more)", least);
    if (!(o->hold_out >= 0 && o->hold_out < 1))
        return library_refuse(why, size, "hold_out is a share from 0 to less than 1, not %g", o->hold_out);
    if (o->hold_out > 0 && o->fit_until != NULL)
        return library_refuse(why, size, "hold_out or fit_until, not both");
    return 0;
}

static int read_wishes(const hbm_calibrate_options *o, calibrate_wishes *wishes, char *why, size_t size)
{
    const char *unknown = NULL;
    size_t length = 0;
    calibrate_wishes_init(wishes);
    wishes->factors = o->factors;
    wishes->factor_count = o->factor_count;
    wishes->replications = o->replications;
    wishes->evaluations = o->evaluations;
    wishes->bootstrap = o->bootstrap;
    wishes->choice.hold_out = o->hold_out;
    wishes->choice.until = o->fit_until;
    if (o->columns != NULL && !calibrate_columns_parse(&wishes->choice, o->columns, &unknown, &length))
        return library_refuse(why, size, "there is no column '%.*s'; there are: people, wait_h", (int)length, unknown);
    return check(o, wishes, why, size);
}

static int run(library_work *work, const calibrate_wishes *wishes)
{
    model_experiment_options alone = work->options;
    alone.threads = 1;
    alone.progress = NULL;
    calibrate_study study = {0};
    int ret = calibrate_prepare(&study, work->experiment, &alone, wishes, work->diag, work->why, work->size);
    if (ret == 0) {
        work->expected = calibrate_tasks(&study);
        ret = calibrate_study_run(&study, work->why, work->size);
    }
    if (ret == 0) {
        const calibrate_report report = calibrate_report_of(&study, NULL);
        ret = calibrate_result(&report, work->result);
    }
    if (ret == 0)
        ret = library_finish(work, 0);
    calibrate_study_free(&study);
    return ret;
}

int hbm_calibrate(const hbm_scenario *scenario, const hbm_calibrate_options *options, hbm_result **out,
                  hbm_problems *problems, char *why, size_t size)
{
    library_work work = {.why = why, .size = size};
    calibrate_wishes wishes;
    size_t count;
    const char *const *plan = library_own_plan(scenario, &count);
    if (size > 0)
        why[0] = '\0';
    int ret = read_wishes(options, &wishes, why, size);
    if (ret == 0)
        ret = library_begin(&work, scenario, &options->how, plan, count, problems, why, size);
    if (ret == 0)
        ret = run(&work, &wishes);
    return library_end(&work, ret, false, out);
}
