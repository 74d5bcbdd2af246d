/* hbm staff: the cheapest roster that meets targets of service. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/unit.h"
#include "tools/base/command.h"
#include "tools/base/file.h"
#include "tools/campaign/campaign.h"
#include "tools/staff/tell.h"

enum {
    KEY_TARGET = CAMPAIGN_KEY_FIRST_OWN,
    KEY_PLAN,
    KEY_ROSTER,
    KEY_LEAST,
    KEY_MOST,
    KEY_LANES,
    KEY_LOST,
    KEY_CONFIDENCE,
    KEY_TRIALS,
    KEY_ROUNDS,
    KEY_WRITE
};

static const struct argp_option options[] = {
    {"target", KEY_TARGET, "TARGET", 0,
     "What must be met (repeatable): a key figure, of one site or of each post, at most or at least an amount, in the "
     "whole run or in each "
     "stretch of it: "
     "\"wait.p95@each<=2 h\", \"wait.within_target@Bridge>=95% each 1 h\", \"protection.on_time>=95%\"",
     1},
    {"plan", KEY_PLAN, "FILE", 0, "Under this plan (default: the scenario as it is)", 1},
    {"roster", KEY_ROSTER, "NAME", 0, "Only these rosters, * and ? allowed (repeatable; default: all)", 1},
    {"least", KEY_LEAST, "N", 0, "People that each shift has at least (default 0)", 1},
    {"most", KEY_MOST, "N", 0,
     "People that each shift has at most (default: as many as its lanes take, and more where breaks and absence keep "
     "some away)",
     1},
    {"lanes", KEY_LANES, "N", 0,
     "Up to N times as many lanes as there are may be opened where the rosters work (default 1)", 1},
    {"lost", KEY_LOST, "SHARE", 0,
     "At each post, people who give up or still wait when the run ends, and so are in no wait of those who crossed, "
     "may be at most this "
     "share of those who "
     "came beyond what the most people would leave (default 2%; 100%: not looked at)",
     1},
    {"reps", 'r', "N", 0, "Replications of each roster tried, and as many others to check what is found (default 10)",
     2},
    {"confidence", KEY_CONFIDENCE, "SHARE", 0,
     "A target is met when its value keeps it with so much confidence, one-sided: 50% to 99.9%; 50% takes the value "
     "itself (default 95%)",
     2},
    {"trials", KEY_TRIALS, "N", 0, "Rosters tried at most (default 2000)", 2},
    {"rounds", KEY_ROUNDS, "N", 0,
     "When the check misses a target the search goes on with twice the replications, in N rounds at most (default 3)",
     2},
    {"write", KEY_WRITE, "FILE", 0, "Write the roster as a plan, for 'hbm run --plan FILE'", 2},
    CAMPAIGN_OPTIONS("Results file (default staff.h5)"),
    {NULL, 0, NULL, 0, NULL, 0},
};

typedef struct {
    campaign *campaign;
    const char *scenario, *plan, *write;
    const char **targets, **patterns;
    staff_wishes wishes; /* its lists are these */
} command_arguments;

static error_t parse_numbers(command_arguments *a, int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case KEY_LEAST:
        a->wishes.bounds.least = (int64_t)option_whole_or_exit(state, "--least", arg, 0, 1000000);
        return 0;
    case KEY_MOST:
        a->wishes.bounds.most = (int64_t)option_whole_or_exit(state, "--most", arg, 1, 1000000);
        return 0;
    case KEY_LANES:
        a->wishes.bounds.lanes = (int64_t)option_whole_or_exit(state, "--lanes", arg, 1, 100);
        return 0;
    case 'r':
        a->wishes.effort.replications = (size_t)option_whole_or_exit(state, "--reps", arg, 1, 100000);
        return 0;
    case KEY_TRIALS:
        a->wishes.effort.trials = (size_t)option_whole_or_exit(state, "--trials", arg, 1, 1000000);
        return 0;
    case KEY_ROUNDS:
        a->wishes.effort.rounds = (size_t)option_whole_or_exit(state, "--rounds", arg, 1, 10);
        return 0;
    case KEY_LOST:
        if (sim_unit_parse(arg, SIM_DIM_NONE, &a->wishes.lost, NULL, NULL) != SIM_UNIT_OK || a->wishes.lost < 0 ||
            a->wishes.lost > 1)
            argp_error(state, "--lost wants a share from 0%% to 100%%, not '%s'", arg);
        return 0;
    case KEY_CONFIDENCE:
        if (sim_unit_parse(arg, SIM_DIM_NONE, &a->wishes.effort.confidence, NULL, NULL) != SIM_UNIT_OK ||
            a->wishes.effort.confidence < 0.5 || a->wishes.effort.confidence > 0.999)
            argp_error(state, "--confidence wants a share from 50%% to 99.9%%, not '%s'", arg);
        return 0;
    default:
        return campaign_parse(a->campaign, key, arg, state);
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *a = state->input;
    switch (key) {
    case KEY_TARGET:
        a->targets[a->wishes.target_count++] = arg;
        return 0;
    case KEY_PLAN:
        if (a->plan != NULL)
            argp_error(state, "one plan at a time, not '%s' as well", arg);
        a->plan = arg;
        return 0;
    case KEY_ROSTER:
        a->patterns[a->wishes.bounds.pattern_count++] = arg;
        return 0;
    case KEY_WRITE:
        a->write = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (a->scenario != NULL)
            argp_error(state, "one scenario at a time, not '%s' as well", arg);
        a->scenario = arg;
        return 0;
    case ARGP_KEY_END:
        if (a->scenario == NULL)
            argp_error(state, "a scenario is needed");
        if (a->wishes.target_count == 0)
            argp_error(state, "a target is needed, such as --target 'wait.p95@each<=2 h'");
        return 0;
    default:
        return parse_numbers(a, key, arg, state);
    }
}

const struct argp cmd_staff_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Finds how many people to put on each shift of SCENARIO, so that all targets are met at the least cost: "
           "wages times hours of "
           "shifts, or hours of "
           "people where not all have a wage. Prints the roster beside the scenario's own, its cost, the targets with "
           "their bounds, and "
           "what one person "
           "more or less on each shift would do; writes the results to an HDF5 file.\v"
           "The search starts from the offered load of each shift and the square-root rule, and tries rosters by "
           "simulation, all with the "
           "same people and "
           "luck. What it finds is checked by other replications. Exit code 1: even the most people that could be of "
           "use do not meet the "
           "targets, or the "
           "check misses one.",
};

/* --- doing it --- */

/* A roster that could not be written in the end is refused before hours of work. */
static int check_write(const command_arguments *a)
{
    char why[600] = "";
    int ret = staff_check_write(a->plan, a->wishes.bounds.lanes > 1, why, sizeof why);
    if (ret == 0)
        return file_check_target("hbm staff", a->write);
    return why[0] != '\0' ? campaign_refuse(a->campaign, "%s", why) : ret;
}

static int prepare(const command_arguments *a, staff_study *study)
{
    char why[600] = "";
    size_t target;
    int ret = a->write == NULL ? 0 : check_write(a);
    if (ret == 0)
        ret = campaign_begin(a->campaign, a->scenario, &a->plan, a->plan != NULL);
    if (ret != 0)
        return ret;
    const model_setup *setup = model_experiment_setup(campaign_experiment(a->campaign), 0);
    ret = staff_prepare(study, setup, &a->wishes, &target, why, sizeof why);
    if (ret == SIM_E_INPUT && target < a->wishes.target_count)
        return campaign_refuse(a->campaign, "--target '%s': %s", a->wishes.targets[target], why);
    return ret == SIM_E_INPUT ? campaign_refuse(a->campaign, "%s", why) : ret;
}

static int write_results(const command_arguments *a, const staff_study *study)
{
    sim_result result;
    sim_result_init(&result);
    int ret = staff_fill_result(study, &result);
    if (ret == 0)
        ret = campaign_end(a->campaign, &result, study->replications);
    sim_result_free(&result);
    return ret;
}

static int write_plan(const command_arguments *a, const staff_study *study)
{
    char why[600] = "";
    int ret = staff_write_plan(study, a->plan, a->write, why, sizeof why);
    if (ret != 0)
        file_tell("hbm staff", a->write, why);
    return ret;
}

static int report(const command_arguments *a, const staff_study *study)
{
    if (campaign_json(a->campaign))
        return staff_print_json(study, campaign_out(a->campaign), stdout);
    int ret = staff_print(study, stdout);
    if (ret == 0 && a->write != NULL && study->met)
        printf("Plan: %s\n", a->write);
    if (ret == 0)
        printf("Results: %s\n", campaign_out(a->campaign));
    return ret;
}

static int work(command_arguments *a)
{
    staff_study study = {0};
    int ret = prepare(a, &study);
    if (ret == 0) {
        ret = staff_study_run(&study, campaign_experiment(a->campaign));
        if (ret == SIM_E_INPUT) /* a roster that the scenario's own rules refuse */
            campaign_refuse(a->campaign, "%s", model_experiment_failure(campaign_experiment(a->campaign)));
    }
    if (ret == 0 && a->write != NULL && study.met)
        ret = write_plan(a, &study);
    if (ret == 0)
        ret = write_results(a, &study);
    if (ret == 0)
        ret = report(a, &study);
    int code = campaign_exit(a->campaign, ret);
    if (ret == 0 && !(study.met && study.confirmed))
        code = EXIT_FAILED;
    staff_study_free(&study);
    return code;
}

int cmd_staff(int argc, char **argv)
{
    command_arguments a = {0};
    int code = EXIT_FAILED;
    staff_wishes_init(&a.wishes);
    if (campaign_new(&a.campaign, "hbm staff", "staff.h5", argc, argv) != 0)
        return code;
    campaign_is_search(a.campaign);
    a.targets = calloc((size_t)argc + 1, sizeof *a.targets);
    a.patterns = calloc((size_t)argc + 1, sizeof *a.patterns);
    if (a.targets == NULL || a.patterns == NULL) {
        fprintf(stderr, "hbm staff: %s\n", sim_error_text(SIM_E_MEMORY));
    } else if (argp_parse(&cmd_staff_argp, argc, argv, 0, NULL, &a) != 0) {
        code = EXIT_INPUT;
    } else {
        a.wishes.bounds.patterns = a.patterns;
        a.wishes.targets = a.targets;
        code = work(&a);
    }
    free(a.targets);
    free(a.patterns);
    campaign_free(a.campaign);
    return code;
}
