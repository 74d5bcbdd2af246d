/* hbm run: simulates one plan of a scenario, writes the results file, prints the table. Each replication is a task of a
 * campaign. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "models/plans/replay.h"
#include "sim/base/error.h"
#include "sim/result/store.h"
#include "tools/base/command.h"
#include "tools/base/file.h"
#include "tools/campaign/campaign.h"
#include "tools/page/summary.h"
#include "tools/page/table.h"
#include "tools/page/view.h"

enum { MAX_REPLICATIONS = 1000000, UNTIL_REPLICATIONS = 1000 };

typedef struct {
    campaign *campaign;
    const char *scenario, *plan, *replay;
    char *until_metric;
    double until_width;
    size_t replications; /* 0: not given */
    int journeys;
} command_arguments;

enum { KEY_UNTIL = CAMPAIGN_KEY_FIRST_OWN, KEY_JOURNEYS, KEY_REPLAY };

static const struct argp_option options[] = {
    {"reps", 'r', "N", 0, "Replications, 1 to 1000000 (default 1; with --until: at most N, default 1000)", 0},
    {"until", KEY_UNTIL, "METRIC=5%", 0,
     "Add replications, at least 5, until the interval of METRIC's mean (95% unless the scenario says otherwise) has a "
     "half-width of at "
     "most this share of the mean; METRIC is a key figure, see 'hbm params'",
     0},
    OPTION_PLAN,
    {"journeys", KEY_JOURNEYS, NULL, 0, "Keep one row a group and station (first replication)", 0},
    {"replay", KEY_REPLAY, "FILE", 0,
     "Results of the same run: rules decide nothing, what the log of orders in FILE says is done again. A log of "
     "another scenario, plan, "
     "seed or number of replications is refused",
     0},
    CAMPAIGN_OPTIONS("Results file (default results.h5); an earlier one is replaced only by a complete one"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static void take_until(command_arguments *arguments, struct argp_state *state, const char *text)
{
    free(arguments->until_metric);
    int error = option_until(text, &arguments->until_metric, &arguments->until_width);
    if (error == SIM_E_INPUT)
        argp_error(state,
                   "--until wants METRIC=SHARE with a share above 0 and up to 100%%, such as wait.mean=5%%, not '%s'",
                   text);
    else if (error != 0)
        argp_failure(state, EXIT_FAILED, 0, "%s", sim_error_text(error));
    campaign_is_search(arguments->campaign);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case 'r':
        arguments->replications = (size_t)option_whole_or_exit(state, "--reps", arg, 1, MAX_REPLICATIONS);
        return 0;
    case KEY_UNTIL:
        take_until(arguments, state, arg);
        return 0;
    case OPTION_KEY_PLAN:
        arguments->plan = arg;
        return 0;
    case KEY_REPLAY:
        arguments->replay = arg;
        return 0;
    case KEY_JOURNEYS:
        arguments->journeys = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->scenario)
            argp_error(state, "one scenario at a time, not '%s' as well", arg);
        arguments->scenario = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a scenario is needed");
        return 0;
    default:
        return campaign_parse(arguments->campaign, key, arg, state);
    }
}

const struct argp cmd_run_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Simulates SCENARIO (a YAML file, or a folder with a scenario.yaml), writes the results to an HDF5 file "
           "and prints what they come to: key figures, posts, the stations where people waited longest, observations.\v"
           "The same scenario, seed and replications give the same results, bit for bit, on any number of threads and "
           "MPI ranks. "
           "SIGINT, SIGTERM, SIGUSR1 and SIGUSR2 stop the run once the replications in work are finished, a second one "
           "at once; no results "
           "file is "
           "written then. Of several replications what was finished is kept in OUT.journal, with which 'hbm resume' "
           "goes on.",
};

/* Tells when the replications were used up before the interval was as narrow as asked for. */
static int tell_wide(const command_arguments *arguments, const sim_result *result)
{
    tool_view view;
    view_series means, half_widths;
    int error = view_init(&view, result);
    if (error == 0 && view_find(&view, "key/mean", "", "figure", &means) &&
        view_find(&view, "key/half_width", "", "figure", &half_widths)) {
        const sim_axis *names = sim_result_axis(result, means.dataset, 0);
        for (size_t i = 0; names->labels && i < names->size; i++) {
            double mean = view_value(&means, 0, i, 0), half_width = view_value(&half_widths, 0, i, 0);
            if (strcmp(names->labels[i], arguments->until_metric) == 0 &&
                !(half_width <= arguments->until_width * fabs(mean)))
                fprintf(stderr,
                        "hbm run: after %zu replications the interval of %s is still wider than %g %% of its mean\n",
                        view.replications, arguments->until_metric, 100 * arguments->until_width);
        }
    }
    view_free(&view);
    return error;
}

static int report(const command_arguments *a, const sim_result *result)
{
    if (campaign_json(a->campaign))
        return summary_print_json(result, campaign_out(a->campaign), stdout);
    int error = table_print(result, stdout);
    if (error == 0)
        printf("\nResults: %s\n", campaign_out(a->campaign));
    return error;
}

/* Reads the log to be replayed and gives it to the experiment. */
static int open_replay(const command_arguments *a, model_experiment *x, model_replay **replay)
{
    char why[512] = "";
    sim_result log;
    sim_result_init(&log);
    int error = sim_store_read(&log, a->replay, why, sizeof why);
    if (error == SIM_E_FORMAT || error == SIM_E_IO)
        error = SIM_E_INPUT;
    const model_provenance here = campaign_provenance(a->campaign, a->replications > 0 ? a->replications : 1);
    if (error == 0)
        error = model_provenance_check(&here, &log, why, sizeof why);
    if (error == 0)
        error = model_replay_new(replay, here.setups, &log, here.replications, why, sizeof why);
    if (error != 0)
        file_tell("hbm run", a->replay, why[0] ? why : sim_error_text(error));
    model_experiment_replay(x, *replay);
    sim_result_free(&log);
    return error == SIM_E_FORMAT ? SIM_E_INPUT : error;
}

/* Replications, at most. */
static size_t most(const command_arguments *a)
{
    return a->replications > 0 ? a->replications : a->until_metric ? UNTIL_REPLICATIONS : 1;
}

static int work(const command_arguments *a)
{
    model_experiment *x = campaign_experiment(a->campaign);
    const model_replications wanted = {
        .most = most(a), .until = a->until_metric, .width = a->until_width, .journeys = a->journeys != 0};
    char why[512] = "";
    model_outcome *outcome = NULL;
    model_replay *replay = NULL;
    sim_result result;
    sim_result_init(&result);
    int error = a->replay ? open_replay(a, x, &replay) : 0;
    if (error == 0)
        error = model_outcome_new(&outcome, model_experiment_setup(x, 0));
    campaign_expect(a->campaign, a->until_metric ? 0 : most(a));
    if (error == 0)
        error = model_experiment_replicate(x, &wanted, outcome, why, sizeof why);
    if (why[0] != '\0')
        campaign_refuse(a->campaign, "%s", why);
    if (error == 0)
        error = model_outcome_result(outcome, &result);
    if (error == 0)
        error = campaign_end(a->campaign, &result, model_outcome_replications(outcome));
    if (error == 0 && a->until_metric)
        error = tell_wide(a, &result);
    if (error == 0)
        error = report(a, &result);
    model_outcome_free(outcome);
    model_replay_free(replay);
    sim_result_free(&result);
    return error;
}

int cmd_run(int argc, char **argv)
{
    command_arguments a = {0};
    if (campaign_new(&a.campaign, "hbm run", "results.h5", argc, argv) != 0)
        return EXIT_FAILED;
    int error = argp_parse(&cmd_run_argp, argc, argv, 0, NULL, &a) != 0 ? SIM_E_INPUT : 0;
    if (error == 0 && a.until_metric && a.replay)
        error = campaign_refuse(a.campaign, "--replay takes the replications of its log: not with --until");
    if (error == 0 && a.replay)
        error = campaign_reads(a.campaign, a.replay);
    if (error == 0 && a.replications <= 1 && a.until_metric == NULL)
        campaign_needs_no_journal(a.campaign);
    if (error == 0)
        error = campaign_begin(a.campaign, a.scenario, &a.plan, 1);
    if (error == 0)
        error = work(&a);
    int code = campaign_exit(a.campaign, error);
    campaign_free(a.campaign);
    free(a.until_metric);
    return code;
}
