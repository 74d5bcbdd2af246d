/* hbm check: opens scenarios as run would and tells all that is wrong, with its place. */
#include <stdio.h>
#include <string.h>

#include "models/hbm.h"
#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/base/command.h"
#include "tools/base/option.h"

typedef struct {
    option_sets sets;
    const char *plan;
    int json;
    int first; /* index in argv of the first scenario, 0: none */
} command_arguments;

static const struct argp_option options[] = {
    OPTION_PLAN,
    OPTION_SET,
    OPTION_JSON(
        "Print the problems as one JSON array of {file, line, column, severity, message, expected, suggestion}"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case OPTION_KEY_PLAN:
        arguments->plan = arg;
        return 0;
    case OPTION_KEY_SET:
        option_sets_add_or_exit(&arguments->sets, state, arg);
        return 0;
    case OPTION_KEY_JSON:
        arguments->json = 1;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->first = state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a scenario is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_check_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO...",
    .doc = "Reads each SCENARIO (a YAML file, or a folder with a scenario.yaml) and all files it names, and prints "
           "every problem with its line and column; and again under each plan that it names (`plans`), or under the "
           "one given alone.\v"
           "Exits with 2 if there is an error; warnings alone are no error.",
};

static int print_summary(const char *path, const char *plan, const hbm_scenario *scenario)
{
    uint64_t people = 0;
    size_t sites = 0, stations = 0; /* sites: posts, centres, informal crossings and destinations */
    int error = hbm_scenario_size(scenario, &people, &sites, &stations);
    if (error != 0)
        return error;
    char number[FIGURE_SIZE];
    figure_number(number, (double)people, 0);
    if (plan)
        printf("%s: under %s", path, plan);
    else
        printf("%s: %s", path, hbm_scenario_name(scenario));
    printf(": %s people, %zu site%s, %zu station%s: no errors\n", number, sites, sites == 1 ? "" : "s", stations,
           stations == 1 ? "" : "s");
    return 0;
}

/* Opens one scenario, under a plan or not; errors are in `problems`. Caller closes. Returns the exit code. */
static int open_one(hbm_scenario **scenario, const char *path, const char *plan, const command_arguments *arguments,
                    hbm_problems *problems)
{
    int error = hbm_scenario_open(scenario, path, plan, arguments->sets.items, arguments->sets.count, problems);
    if (error == 0 && !arguments->json)
        error = print_summary(path, plan, *scenario);
    if (error != 0 && error != SIM_E_INPUT)
        fprintf(stderr, "hbm check: %s: %s\n", path, hbm_error_text(error));
    return command_exit_code(error);
}

/* A scenario that could not be checked at all outweighs one that is wrong. */
static int worse(int one, int other)
{
    return other == EXIT_FAILED || one == EXIT_DONE ? other : one;
}

/* The scenario under the plan given, or as it is and under each of its own. */
static int check_one(const char *path, const command_arguments *arguments, hbm_problems *problems)
{
    hbm_scenario *scenario = NULL;
    int code = open_one(&scenario, path, arguments->plan, arguments, problems);
    for (size_t i = 0; scenario && !arguments->plan && i < hbm_scenario_plan_count(scenario); i++) {
        hbm_scenario *under = NULL;
        code = worse(code, open_one(&under, path, hbm_scenario_plan_file(scenario, i), arguments, problems));
        if (under)
            hbm_scenario_close(under);
    }
    if (scenario)
        hbm_scenario_close(scenario);
    return code;
}

int cmd_check(int argc, char **argv)
{
    command_arguments arguments = {.plan = NULL};
    hbm_problems *problems = NULL;
    int worst = EXIT_DONE, code = EXIT_FAILED;

    if (option_sets_init(&arguments.sets, argc) != 0 || hbm_problems_new(&problems) != 0) {
        fprintf(stderr, "hbm check: %s\n", hbm_error_text(SIM_E_MEMORY));
        goto out;
    }
    if (argp_parse(&cmd_check_argp, argc, argv, 0, NULL, &arguments) != 0) {
        code = EXIT_INPUT;
        goto out;
    }
    for (int i = arguments.first; i < argc; i++)
        worst = worse(worst, check_one(argv[i], &arguments, problems));
    int error = arguments.json ? hbm_problems_print_json(problems, stdout) : 0;
    if (error != 0) {
        fprintf(stderr, "hbm check: %s\n", hbm_error_text(error));
        goto out;
    }
    if (!arguments.json)
        hbm_problems_print(problems, stderr);
    code = worst;
out:
    hbm_problems_free(problems);
    option_sets_free(&arguments.sets);
    return code;
}
