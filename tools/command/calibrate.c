/* hbm calibrate: parameters of a scenario fitted to its observations, and what the fit is worth on those held out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/unit.h"
#include "tools/base/command.h"
#include "tools/calibrate/tell.h"
#include "tools/campaign/campaign.h"

enum { MOST_REPLICATIONS = 100000, MOST_EVALUATIONS = 100000 };
enum {
    KEY_FACTOR = CAMPAIGN_KEY_FIRST_OWN,
    KEY_PLAN,
    KEY_EVALUATIONS,
    KEY_BOOTSTRAP,
    KEY_HOLD_OUT,
    KEY_UNTIL,
    KEY_COLUMNS
};

typedef struct {
    campaign *campaign;
    const char *scenario, *plan;
    const char *factors[SIM_FIT_MOST_PARAMETERS]; /* as given; the wishes' */
    calibrate_wishes wishes;
    option_sets sets;
} command_arguments;

static const struct argp_option options[] = {
    {"factor", KEY_FACTOR, "PATH=LOW..HIGH", 0,
     "A parameter to be fitted and its range, such as stations.entry_check.time.lognormal.mean='40 s..90 s'; with :log "
     "behind it the range "
     "is "
     "searched in the logarithm (repeatable; up to 20)",
     0},
    {"reps", 'r', "N", 0, "Replications of every point, 2 to 100000 (default 10): the same luck at each", 0},
    {"evaluations", KEY_EVALUATIONS, "N", 0,
     "Points tried at most before the finishing steps (default 20, and 20 more for each factor)", 0},
    {"bootstrap", KEY_BOOTSTRAP, "N", 0, "Replications at the estimate, for its interval, 20 to 100000 (default 100)",
     0},
    {"hold-out", KEY_HOLD_OUT, "SHARE", 0,
     "Hold out this share of the observations, the last in time, such as 30%, and score the fit on them", 0},
    {"fit-until", KEY_UNTIL, "INSTANT", 0,
     "Hold out instead what was observed after this instant, or time since the start such as '14 d'", 0},
    {"columns", KEY_COLUMNS, "LIST", 0, "Fit these columns of the observations alone: people, wait_h (default: both)",
     0},
    {"plan", KEY_PLAN, "FILE", 0, "Fit under this plan (default: the scenario as it is)", 0},
    CAMPAIGN_OPTIONS("Results file (default calibrate.h5); an earlier one is replaced only by a complete one"),
    {NULL, 0, NULL, 0, NULL, 0},
};

/* --- arguments --- */

static void take_share(command_arguments *arguments, struct argp_state *state, const char *text)
{
    double share;
    if (sim_unit_parse(text, SIM_DIM_NONE, &share, NULL, NULL) != SIM_UNIT_OK || !(share > 0 && share < 1))
        argp_error(state, "--hold-out wants a share between 0 and 100%%, such as 30%%, not '%s'", text);
    else
        arguments->wishes.choice.hold_out = share;
}

static void take_columns(command_arguments *arguments, struct argp_state *state, const char *text)
{
    const char *unknown;
    size_t length;
    if (!calibrate_columns_parse(&arguments->wishes.choice, text, &unknown, &length))
        argp_error(state, "--columns: there is no column '%.*s'; there are: people, wait_h", (int)length, unknown);
}

static error_t take_end(command_arguments *arguments, struct argp_state *state)
{
    if (arguments->scenario == NULL)
        argp_error(state, "a scenario is needed");
    if (arguments->wishes.factor_count == 0)
        argp_error(state, "nothing is to be fitted: at least one --factor PATH=LOW..HIGH is needed");
    if (arguments->wishes.choice.hold_out > 0 && arguments->wishes.choice.until != NULL)
        argp_error(state, "--hold-out and --fit-until: one of the two");
    size_t least = calibrate_least_evaluations(&arguments->wishes);
    if (calibrate_evaluations(&arguments->wishes) < least)
        argp_error(state, "--evaluations: at least %zu points (four for each factor, and four more)", least);
    return 0;
}

static void take_factor(command_arguments *arguments, struct argp_state *state, const char *text)
{
    if (arguments->wishes.factor_count == SIM_FIT_MOST_PARAMETERS)
        argp_error(state, "at most %d factors", SIM_FIT_MOST_PARAMETERS);
    else
        arguments->factors[arguments->wishes.factor_count++] = text;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case KEY_FACTOR:
        take_factor(arguments, state, arg);
        return 0;
    case 'r':
        arguments->wishes.replications =
            (size_t)option_whole_or_exit(state, "--reps", arg, SIM_FIT_LEAST_REPLICATIONS, MOST_REPLICATIONS);
        return 0;
    case KEY_EVALUATIONS:
        arguments->wishes.evaluations = (size_t)option_whole_or_exit(state, "--evaluations", arg, 1, MOST_EVALUATIONS);
        return 0;
    case KEY_BOOTSTRAP:
        arguments->wishes.bootstrap =
            (size_t)option_whole_or_exit(state, "--bootstrap", arg, SIM_FIT_LEAST_BOOTSTRAP, MOST_REPLICATIONS);
        return 0;
    case KEY_HOLD_OUT:
        take_share(arguments, state, arg);
        return 0;
    case KEY_UNTIL:
        arguments->wishes.choice.until = arg;
        return 0;
    case KEY_COLUMNS:
        take_columns(arguments, state, arg);
        return 0;
    case KEY_PLAN:
        arguments->plan = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->scenario != NULL)
            argp_error(state, "one scenario at a time, not '%s' as well", arg);
        arguments->scenario = arg;
        return 0;
    case ARGP_KEY_END:
        return take_end(arguments, state);
    case OPTION_KEY_SET: /* the campaign's as well as for trying ends of ranges */
        option_sets_add_or_exit(&arguments->sets, state, arg);
        return campaign_parse(arguments->campaign, key, arg, state);
    default:
        return campaign_parse(arguments->campaign, key, arg, state);
    }
}

const struct argp cmd_calibrate_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Fits parameters of SCENARIO to its observations (its key \"observed\"; --set observed=FILE takes another "
           "table of its "
           "folder): the misfit is the sum of squared differences between what was observed and what is simulated on "
           "average, each "
           "divided by the variance between replications. Prints estimates with intervals, what the observations do "
           "not determine, "
           "and, where some were held out, how well the fit foretells them beside naive rules.\v"
           "A search starts from a small design of points, goes on by Nelder and Mead's simplex, and is finished by "
           "Gauss-Newton steps, all "
           "under common random numbers. Intervals come from a one-step bootstrap: further replications at the "
           "estimate, refitted as if they "
           "had been observed. They cover chance, not a wrong model; where the model is further off than chance "
           "explains they are widened and "
           "it is said. What was fitted is never called tested. A run that was stopped goes on by 'hbm resume'.",
};

/* --- work --- */

/* What is wrong with the factors, with its place. */
static int tell_problems(const command_arguments *arguments, const sim_diag *diag)
{
    if (campaign_json(arguments->campaign))
        return sim_diag_print_json(diag, stdout) == 0 ? SIM_E_INPUT : SIM_E_IO;
    sim_diag_print(diag, stderr);
    return SIM_E_INPUT;
}

static int prepare(const command_arguments *arguments, calibrate_study *study)
{
    const model_experiment_options with = {
        .scenario = arguments->scenario,
        .plans = arguments->plan != NULL ? &arguments->plan : NULL,
        .plan_count = 1,
        .sets = arguments->sets.items,
        .set_count = arguments->sets.count,
        .threads = 1,
    };
    char why[700] = "";
    sim_diag *diag = NULL;
    int ret = sim_diag_new(&diag, 100);
    if (ret == 0)
        ret = calibrate_prepare(study, campaign_experiment(arguments->campaign), &with, &arguments->wishes, diag, why,
                                sizeof why);
    if (ret == SIM_E_INPUT && why[0] == '\0')
        ret = tell_problems(arguments, diag);
    else if (ret == SIM_E_INPUT)
        ret = campaign_refuse(arguments->campaign, "%s", why);
    sim_diag_free(diag);
    return ret;
}

static int run(const command_arguments *arguments, calibrate_study *study)
{
    char why[700] = "";
    campaign_expect(arguments->campaign, calibrate_tasks(study));
    int ret = calibrate_study_run(study, why, sizeof why);
    return ret == SIM_E_INPUT ? campaign_refuse(arguments->campaign, "%s", why) : ret;
}

static int report_all(const command_arguments *arguments, const calibrate_report *report)
{
    sim_result result;
    sim_result_init(&result);
    int ret = calibrate_result(report, &result);
    if (ret == 0)
        ret = campaign_end(arguments->campaign, &result, 0);
    sim_result_free(&result);
    if (ret == 0)
        ret =
            campaign_json(arguments->campaign) ? calibrate_print_json(report, stdout) : calibrate_print(report, stdout);
    return ret;
}

static int work_on(const command_arguments *arguments)
{
    calibrate_study study = {0};
    int ret =
        campaign_begin(arguments->campaign, arguments->scenario, &arguments->plan, arguments->plan != NULL ? 1 : 0);
    if (ret == 0)
        ret = prepare(arguments, &study);
    if (ret == 0)
        ret = run(arguments, &study);
    if (ret == 0) {
        const calibrate_report report = calibrate_report_of(&study, campaign_out(arguments->campaign));
        ret = report_all(arguments, &report);
    }
    calibrate_study_free(&study);
    return ret;
}

int cmd_calibrate(int argc, char **argv)
{
    command_arguments arguments = {0};
    calibrate_wishes_init(&arguments.wishes);
    arguments.wishes.factors = arguments.factors;
    int error = campaign_new(&arguments.campaign, "hbm calibrate", "calibrate.h5", argc, argv), code;
    if (error != 0)
        return command_exit_code(error);
    campaign_is_search(arguments.campaign);
    if (option_sets_init(&arguments.sets, argc) != 0)
        code = campaign_exit(arguments.campaign, SIM_E_MEMORY);
    else if (argp_parse(&cmd_calibrate_argp, argc, argv, 0, NULL, &arguments) != 0)
        code = EXIT_INPUT;
    else
        code = campaign_exit(arguments.campaign, work_on(&arguments));
    option_sets_free(&arguments.sets);
    campaign_free(arguments.campaign);
    return code;
}
