/* hbm run: opens a scenario, simulates it, writes the results file, prints the table. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/hbm.h"
#include "sim/error.h"
#include "tools/command.h"
#include "tools/file.h"
#include "tools/option.h"
#include "tools/progress.h"
#include "tools/signals.h"
#include "tools/summary.h"
#include "tools/table.h"
#include "tools/view.h"

enum { MAX_REPLICATIONS = 1000000, MAX_THREADS = 1024, UNTIL_REPLICATIONS = 1000 };

typedef struct {
    const char *scenario;
    const char *plan;
    const char *replay;
    const char *out;
    hbm_run_options run;
    char *until_metric;
    option_sets sets;
    int reps_given, json, quiet;
} command_arguments;

enum { KEY_UNTIL = OPTION_KEY_FIRST_OWN, KEY_JOURNEYS, KEY_REPLAY };

static const struct argp_option options[] = {
    {"reps", 'r', "N", 0, "Replications, 1 to 1000000 (default 1; with --until: at most N, default 1000)", 0},
    {"threads", 't', "N", 0, "Threads, 1 to 1024 (default: as many as the machine has); results do not depend on it", 0},
    {"seed", 's', "N", 0, "Seed of the random numbers, 0 to 18446744073709551615 (default 1)", 0},
    {"until", KEY_UNTIL, "METRIC=5%", 0,
     "Add replications, at least 5, until the interval of METRIC's mean (95% unless the scenario says otherwise) has a half-width of at "
     "most this share of the mean; METRIC is a key figure, see 'hbm params'",
     0},
    OPTION_PLAN,
    OPTION_SET,
    {"out", 'o', "FILE", 0, "Results file (default results.h5); an earlier one is replaced only by a complete one", 0},
    {"journeys", KEY_JOURNEYS, NULL, 0, "Keep one row a group and station (first replication)", 0},
    {"replay", KEY_REPLAY, "FILE", 0,
     "Results of the same run: rules decide nothing, what the log of orders in FILE says is done again. A log of another scenario, plan, "
     "seed or number of "
     "replications is refused",
     0},
    OPTION_JSON("Print the summary, or the problems of the scenario, as JSON instead of text"),
    {"quiet", 'q', NULL, 0, "No progress", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static void take_until(command_arguments *arguments, struct argp_state *state, const char *text)
{
    int error;
    free(arguments->until_metric);
    error = option_until(text, &arguments->until_metric, &arguments->run.until_width);
    if (error == SIM_E_INPUT)
        argp_error(state, "--until wants METRIC=SHARE with a share above 0 and up to 100%%, such as wait.mean=5%%, not '%s'", text);
    else if (error != 0)
        argp_failure(state, EXIT_FAILED, 0, "%s", hbm_error_text(error));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case 'r':
        arguments->run.replications = (size_t)option_whole_or_exit(state, "--reps", arg, 1, MAX_REPLICATIONS);
        arguments->reps_given = 1;
        return 0;
    case 't':
        arguments->run.threads = (unsigned)option_whole_or_exit(state, "--threads", arg, 1, MAX_THREADS);
        return 0;
    case 's':
        arguments->run.seed = option_whole_or_exit(state, "--seed", arg, 0, UINT64_MAX);
        return 0;
    case KEY_UNTIL:
        take_until(arguments, state, arg);
        return 0;
    case OPTION_KEY_PLAN:
        arguments->plan = arg;
        return 0;
    case OPTION_KEY_SET:
        option_sets_add_or_exit(&arguments->sets, state, arg);
        return 0;
    case 'o':
        arguments->out = arg;
        return 0;
    case KEY_REPLAY:
        arguments->replay = arg;
        return 0;
    case KEY_JOURNEYS:
        arguments->run.journeys = 1;
        return 0;
    case OPTION_KEY_JSON:
        arguments->json = 1;
        return 0;
    case 'q':
        arguments->quiet = 1;
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
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_run_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Simulates SCENARIO (a YAML file, or a folder with a scenario.yaml), writes the results to an HDF5 file "
           "and prints what they come to: key figures, posts, the stations where people waited longest, observations.\v"
           "The same scenario, seed and replications give the same results, bit for bit, on any number of threads. "
           "SIGINT and SIGTERM stop the run; no results file is written then.",
};

static int open_scenario(const command_arguments *arguments, hbm_scenario **scenario)
{
    hbm_problems *problems = NULL;
    int error = hbm_problems_new(&problems);
    if (error == 0)
        error = hbm_scenario_open(scenario, arguments->scenario, arguments->plan, arguments->sets.items, arguments->sets.count, problems);
    if (problems && error == SIM_E_INPUT && arguments->json) {
        if (hbm_problems_print_json(problems, stdout) != 0)
            error = SIM_E_IO;
    } else if (problems && (error == SIM_E_INPUT || !arguments->quiet)) {
        hbm_problems_print(problems, stderr);
    }
    if (error != 0 && error != SIM_E_INPUT)
        fprintf(stderr, "hbm run: %s: %s\n", arguments->scenario, hbm_error_text(error));
    hbm_problems_free(problems);
    return error;
}

/* Tells when the replications were used up before the interval was as narrow as asked for. */
static int tell_wide(const command_arguments *arguments, const hbm_result *result)
{
    tool_view view;
    view_series means, half_widths;
    int error = view_init(&view, result);
    if (error == 0 && view_find(&view, "key/mean", "", "figure", &means) &&
        view_find(&view, "key/half_width", "", "figure", &half_widths)) {
        const sim_axis *names = sim_result_axis(result, means.dataset, 0);
        for (size_t i = 0; names->labels && i < names->size; i++) {
            double mean = view_value(&means, 0, i, 0), half_width = view_value(&half_widths, 0, i, 0);
            if (strcmp(names->labels[i], arguments->until_metric) == 0 && !(half_width <= arguments->run.until_width * fabs(mean)))
                fprintf(stderr, "hbm run: after %zu replications the interval of %s is still wider than %g %% of its mean\n",
                        view.replications, arguments->until_metric, 100 * arguments->run.until_width);
        }
    }
    view_free(&view);
    return error;
}

/* Reads the results whose log is replayed; the caller frees *log. */
static int read_log(const command_arguments *arguments, hbm_result **log)
{
    char why[512] = "";
    int error = arguments->replay ? hbm_result_read(log, arguments->replay, why, sizeof why) : 0;
    if (error != 0)
        file_tell("hbm run", arguments->replay, why[0] ? why : hbm_error_text(error));
    return error;
}

/* Simulates, with the stop signals held back; *stopped is the signal that came, if any. */
static int simulate(command_arguments *arguments, const hbm_scenario *scenario, hbm_result **result, int *stopped)
{
    tool_progress progress;
    char why[512] = "";
    int error;

    progress_init(&progress, stderr, arguments->quiet, arguments->run.replications);
    arguments->run.progress = progress_callback;
    arguments->run.user = &progress;
    error = hbm_run(scenario, &arguments->run, result, why, sizeof why);
    progress_end(&progress);
    *stopped = progress.stopped ? progress.stopped : signals_take();
    if (error != 0 && !*stopped)
        fprintf(stderr, "hbm run: %s: %s\n", error == SIM_E_INPUT && arguments->replay ? arguments->replay : arguments->scenario,
                why[0] ? why : hbm_error_text(error));
    return error;
}

static int report(const command_arguments *arguments, const hbm_result *result)
{
    if (arguments->json)
        return summary_print_json(result, arguments->out, stdout);
    int error = table_print(result, stdout);
    if (error == 0)
        printf("\nResults: %s\n", arguments->out);
    return error;
}

static int work(command_arguments *arguments, const hbm_scenario *scenario)
{
    hbm_result *result = NULL;
    tool_signals held;
    char why[512] = "";
    int stopped = 0, error = signals_hold(&held);

    if (error != 0) {
        fprintf(stderr, "hbm run: signals cannot be held back\n");
        return error;
    }
    hbm_result *log = NULL;
    error = read_log(arguments, &log);
    arguments->run.replay = log;
    if (error == 0)
        error = simulate(arguments, scenario, &result, &stopped);
    hbm_result_free(log);
    if (stopped) {
        fprintf(stderr, "hbm run: stopped by a signal; no results written\n");
        error = SIM_E_STOPPED;
    }
    if (error == 0) {
        error = hbm_result_write(result, arguments->out, why, sizeof why);
        if (error != 0)
            file_tell("hbm run", arguments->out, why[0] ? why : hbm_error_text(error));
    }
    if (error == 0 && arguments->until_metric)
        error = tell_wide(arguments, result);
    if (error == 0) {
        error = report(arguments, result);
        if (error != 0)
            fprintf(stderr, "hbm run: %s\n", hbm_error_text(error));
    }
    hbm_result_free(result);
    signals_release(&held);
    return error;
}

int cmd_run(int argc, char **argv)
{
    command_arguments arguments = {.out = "results.h5"};
    hbm_scenario *scenario = NULL;
    char *command_line = NULL;
    int code = EXIT_FAILED, error;

    hbm_run_options_init(&arguments.run);
    /* Before argp puts the arguments in another order. */
    command_line = file_command_line(argc, argv);
    if (!command_line || option_sets_init(&arguments.sets, argc) != 0) {
        fprintf(stderr, "hbm run: %s\n", hbm_error_text(SIM_E_MEMORY));
        goto out;
    }
    code = EXIT_INPUT;
    if (argp_parse(&cmd_run_argp, argc, argv, 0, NULL, &arguments) != 0)
        goto out;
    if (arguments.until_metric && arguments.replay) {
        fprintf(stderr, "hbm run: --replay takes the replications of its log: not with --until\n");
        goto out;
    }
    if (arguments.until_metric) {
        arguments.run.until_metric = arguments.until_metric;
        if (!arguments.reps_given)
            arguments.run.replications = UNTIL_REPLICATIONS;
    }
    arguments.run.command_line = command_line;
    /* A run may take hours: a wrong output path is told before it. */
    error = file_check_target("hbm run", arguments.out);
    if (error == SIM_E_MEMORY)
        fprintf(stderr, "hbm run: %s\n", hbm_error_text(error));
    if (error == 0)
        error = open_scenario(&arguments, &scenario);
    if (error == 0)
        error = work(&arguments, scenario);
    code = command_exit_code(error);
out:
    if (scenario)
        hbm_scenario_close(scenario);
    option_sets_free(&arguments.sets);
    free(arguments.until_metric);
    free(command_line);
    return code;
}
