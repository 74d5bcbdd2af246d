/* hbm compare: the scenario as it is beside plans, with the same people and luck: what each plan saves, what it costs,
 * how sure that is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/unit.h"
#include "tools/base/command.h"
#include "tools/campaign/campaign.h"
#include "tools/compare/tell.h"

enum { MOST_REPLICATIONS = 1000000 };

/* The command line. The arrays have room for as many texts as there are arguments, and the baseline. */
typedef struct {
    campaign *work;
    const char *scenario, *baseline;
    const char **plans, **figures, **until;
    size_t plan_count;
    char **named; /* by the scenario */
    compare_wishes wishes;
    char *confidence; /* "confidence=...": an override of the scenario */
    size_t reps;      /* 0: not given */
    bool markdown;
} command_arguments;

enum {
    KEY_FIGURE = CAMPAIGN_KEY_FIRST_OWN,
    KEY_UNTIL,
    KEY_BASELINE,
    KEY_BEST,
    KEY_INDIFFERENCE,
    KEY_PROBABILITY,
    KEY_LARGEST,
    KEY_CONFIDENCE,
    KEY_MARKDOWN
};

static const struct argp_option options[] = {
    {"reps", 'r', "N", 0,
     "Replications of each plan, 2 to 1000000 (default 10; with --until and --best: at most N, default 1000)", 0},
    {"baseline", KEY_BASELINE, "PLAN", 0, "Compare with this plan instead of the scenario as it is", 0},
    {"figure", KEY_FIGURE, "NAME[@SITE]", 0,
     "A key figure to be compared, of one site or all (repeatable; default: those that planners ask for first)", 0},
    {"confidence", KEY_CONFIDENCE, "SHARE", 0,
     "All intervals hold together with this confidence (default: the scenario's, 95%)", 0},
    {"markdown", KEY_MARKDOWN, NULL, 0, "Print the table as Markdown", 0},
    {NULL, 0, NULL, 0, "Until it is known:", 1},
    {"until", KEY_UNTIL, "FIGURE=AMOUNT", 0,
     "Double the replications, from 10, until it is known of each plan whether the figure is more or less than the "
     "baseline's, or that "
     "they are no further apart than "
     "AMOUNT, such as wait.mean='30 min' (repeatable)",
     1},
    {NULL, 0, NULL, 0, "The best plan:", 2},
    {"best", KEY_BEST, "FIGURE", 0,
     "Select the plan with the best mean of FIGURE, with a stated probability (procedure of Kim and Nelson 2001)", 2},
    {"indifference", KEY_INDIFFERENCE, "AMOUNT", 0, "Difference that is worth detecting (with --best)", 2},
    {"probability", KEY_PROBABILITY, "SHARE", 0,
     "Probability of selecting the best, if it is better than the others by AMOUNT (default 95%)", 2},
    {"largest", KEY_LARGEST, NULL, 0,
     "The largest mean is best (default: as 'hbm params' tells for the figure, otherwise the smallest)", 2},
    {NULL, 0, NULL, 0, "How it is run:", 10},
    CAMPAIGN_OPTIONS("Results file (default compare.h5); an earlier one is replaced only by a complete one"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static double share_or_exit(struct argp_state *state, const char *option, const char *text)
{
    double share = 0;
    if (sim_unit_parse(text, SIM_DIM_NONE, &share, NULL, NULL) != SIM_UNIT_OK || share < 0.5 || share > 0.999999)
        argp_error(state, "%s wants a share from 50%% to 99.9999%%, not '%s'", option, text);
    return share;
}

static void take_name(command_arguments *a, struct argp_state *state, char *arg)
{
    (void)state;
    if (a->scenario == NULL)
        a->scenario = arg;
    else
        a->plans[1 + a->plan_count++] = arg; /* the first is the baseline */
}

/* The same as to override it in the scenario. */
static error_t take_confidence(command_arguments *a, struct argp_state *state, const char *text)
{
    share_or_exit(state, "--confidence", text);
    free(a->confidence);
    a->confidence = malloc(strlen(text) + sizeof "confidence=");
    if (a->confidence == NULL) {
        argp_failure(state, EXIT_FAILED, 0, "%s", sim_error_text(SIM_E_MEMORY));
        return ENOMEM;
    }
    strcpy(a->confidence, "confidence=");
    strcat(a->confidence, text);
    return campaign_parse(a->work, OPTION_KEY_SET, a->confidence, state);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *a = state->input;
    switch (key) {
    case 'r':
        a->reps = (size_t)option_whole_or_exit(state, "--reps", arg, 2, MOST_REPLICATIONS);
        return 0;
    case KEY_BASELINE:
        a->baseline = arg;
        return 0;
    case KEY_FIGURE:
        a->figures[a->wishes.figure_count++] = arg;
        return 0;
    case KEY_UNTIL:
        if (strchr(arg, '=') == NULL || arg[0] == '=')
            argp_error(state, "--until wants FIGURE=AMOUNT, such as wait.mean='30 min', not '%s'", arg);
        a->until[a->wishes.until_count++] = arg;
        return 0;
    case KEY_CONFIDENCE:
        return take_confidence(a, state, arg);
    case KEY_MARKDOWN:
        a->markdown = true;
        return 0;
    case KEY_BEST:
        a->wishes.best = arg;
        return 0;
    case KEY_INDIFFERENCE:
        a->wishes.indifference = arg;
        return 0;
    case KEY_PROBABILITY:
        a->wishes.probability = share_or_exit(state, "--probability", arg);
        return 0;
    case KEY_LARGEST:
        a->wishes.largest = true;
        return 0;
    case ARGP_KEY_ARG:
        take_name(a, state, arg);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a scenario is needed");
        return 0;
    case ARGP_KEY_END:
        if (a->wishes.best != NULL && a->wishes.until_count > 0)
            argp_error(state, "--best or --until, not both");
        if ((a->wishes.best == NULL) != (a->wishes.indifference == NULL))
            argp_error(state, "--best FIGURE and --indifference AMOUNT belong together");
        if (a->wishes.best == NULL && (a->wishes.largest || a->wishes.probability > 0))
            argp_error(state, "--largest and --probability belong to --best");
        return 0;
    default:
        return campaign_parse(a->work, key, arg, state);
    }
}

const struct argp cmd_compare_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO [PLAN...]",
    .doc = "Simulates SCENARIO under plans, the same people with the same luck in all of them, and tells what each "
           "plan saves and costs "
           "against the scenario as it is, "
           "and how sure that is. Without PLAN: the plans that the scenario names.\v"
           "Differences are of pairs of replications; their intervals are wide enough to hold all together, p-values "
           "are Holm's. "
           "'hbm plot' draws cost against waiting, and the differences.",
};

/* --- plans --- */

/* As none is named here. A scenario that is wrong is told by opening it again with all that belongs to it. */
static int take_plans_of_scenario(command_arguments *a)
{
    int error = compare_plans_of_scenario(a->scenario, &a->named);
    if (error != 0)
        return error;
    size_t count = 0;
    while (a->named[count] != NULL)
        count++;
    const char **plans = calloc(count + 1, sizeof *plans);
    if (plans == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        plans[1 + i] = a->named[i];
    free(a->plans);
    a->plans = plans;
    a->plan_count = count;
    return 0;
}

/* Opens scenario and plans; all that is wrong is told. */
static int open_all(command_arguments *a)
{
    int error = a->plan_count > 0 ? 0 : take_plans_of_scenario(a);
    if (error != 0 && error != SIM_E_INPUT)
        return error;
    if (error == 0 && a->plan_count == 0)
        return campaign_refuse(a->work,
                               "the scenario names no plans: name one, to be compared with the scenario as it is");
    a->plans[0] = a->baseline;
    int told = campaign_begin(a->work, a->scenario, a->plans, a->plan_count + 1);
    return error == 0 || told != 0
               ? told
               : campaign_refuse(a->work, "a plan is needed, to be compared with the scenario as it is");
}

/* --- work --- */

static int prepare(const command_arguments *a, comparison *c)
{
    char why[512] = "";
    int error = compare_prepare(c, campaign_experiment(a->work), &a->wishes, a->plans, why, sizeof why);
    return error == SIM_E_INPUT ? campaign_refuse(a->work, "%s", why) : error;
}

static int run(const command_arguments *a, comparison *c, size_t *failed)
{
    char why[512] = "";
    campaign_expect(a->work, compare_tasks(c, &a->wishes, a->reps));
    int error = compare_run(c, campaign_experiment(a->work), &a->wishes, a->reps, failed, why, sizeof why);
    return error == SIM_E_INPUT && why[0] != '\0' ? campaign_refuse(a->work, "%s", why) : error;
}

static int report(const command_arguments *a, const comparison *c)
{
    if (campaign_json(a->work))
        return compare_print_json(c, campaign_out(a->work), stdout);
    int error = compare_print(c, a->markdown, stdout);
    if (error == 0)
        printf("\nResults: %s\n", campaign_out(a->work));
    return error;
}

static void tell_open(const command_arguments *a, const comparison *c)
{
    if (a->wishes.until_count > 0 && !compare_is_answered(c))
        fprintf(stderr, "hbm compare: after %zu replications not all is answered that --until asks\n", c->replications);
}

static int work(const command_arguments *a)
{
    comparison c = {0};
    sim_result result;
    size_t failed = 0;
    sim_result_init(&result);
    int error = prepare(a, &c);
    if (error == 0)
        error = run(a, &c, &failed);
    if (error == 0)
        error = compare_result(&c, &result);
    if (error == 0)
        error = campaign_end(a->work, &result, c.replications);
    if (error == 0) {
        c.seed = sim_result_text(&result, "seed") ? strtoull(sim_result_text(&result, "seed"), NULL, 10) : 0;
        error = report(a, &c);
    }
    if (error == 0)
        tell_open(a, &c);
    if (error == 0 && failed > 0) {
        fprintf(stderr, "hbm compare: %zu replications failed and are left out: %s\n", failed,
                model_experiment_failure(campaign_experiment(a->work)));
        error = SIM_E_BROKEN;
    }
    sim_result_free(&result);
    compare_free(&c);
    return error;
}

static int arguments_new(command_arguments *a, int argc, char **argv)
{
    size_t room = (size_t)argc + 2;
    a->plans = calloc(room, sizeof *a->plans);
    a->wishes.figures = a->figures = calloc(room, sizeof *a->figures);
    a->wishes.until = a->until = calloc(room, sizeof *a->until);
    if (a->plans == NULL || a->figures == NULL || a->until == NULL)
        return SIM_E_MEMORY;
    return campaign_new(&a->work, "hbm compare", "compare.h5", argc, argv);
}

static void arguments_free(command_arguments *a)
{
    campaign_free(a->work);
    compare_plans_free(a->named);
    free(a->plans);
    free(a->figures);
    free(a->until);
    free(a->confidence);
}

int cmd_compare(int argc, char **argv)
{
    command_arguments arguments = {0};
    int error = arguments_new(&arguments, argc, argv), code = EXIT_FAILED;
    if (error != 0) {
        fprintf(stderr, "hbm compare: %s\n", sim_error_text(error));
        goto out;
    }
    code = EXIT_INPUT;
    if (argp_parse(&cmd_compare_argp, argc, argv, 0, NULL, &arguments) != 0)
        goto out;
    if (arguments.wishes.best != NULL || arguments.wishes.until_count > 0)
        campaign_is_search(arguments.work);
    error = open_all(&arguments);
    if (error == 0)
        error = work(&arguments);
    code = campaign_exit(arguments.work, error);
out:
    arguments_free(&arguments);
    return code;
}
