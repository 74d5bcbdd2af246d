/* What the command line of hbm sweep can say. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "tools/base/command.h"
#include "tools/sweep/options.h"

enum {
    KEY_PLAN = CAMPAIGN_KEY_FIRST_OWN,
    KEY_FACTOR,
    KEY_DESIGN,
    KEY_POINTS,
    KEY_LEVELS,
    KEY_FIGURE,
    KEY_FROM,
    KEY_PROBLEM,
    KEY_EXPORT,
    MAX_REPLICATIONS = 1000000
};

const struct argp_option sweep_option_rows[] = {
    {"factor", KEY_FACTOR, "PATH=RANGE", 0,
     "Vary the value at PATH: LOW..HIGH, LOW..HIGH:log, or values with commas between them, such as "
     "stations.entry_check.desks=4..12, "
     "stations.entry_check.time.lognormal.mean=40..90 s, stations.registration.procedure=full,household (repeatable)",
     0},
    {"design", KEY_DESIGN, "NAME", 0,
     "factorial (default: every combination of levels), lhs (Latin hypercube), sobol (main and total indices), morris "
     "(elementary "
     "effects), "
     "points (those of --from; with sobol or morris the file must have that structure)",
     0},
    {"points", KEY_POINTS, "N", 0,
     "lhs: points (default 100); sobol: base points, a power of 2 spreads best (default 64); morris: trajectories "
     "(default 10)",
     0},
    {"levels", KEY_LEVELS, "N", 0,
     "factorial: levels of a range (default 3); morris: levels, an even number (default 4)", 0},
    {"reps", 'r', "N", 0, "Replications of each point, 1 to 1000000 (default 1); the same luck at all points", 0},
    {"figure", KEY_FIGURE, "NAME", 0, "A key figure, or NAME@SITE (repeatable; default: what planners compare)", 0},
    {"plan", KEY_PLAN, "FILE", 0, "Run under this plan; with several, the plan is a factor too (repeatable)", 0},
    {"from", KEY_FROM, "FILE", 0,
     "Take the points from FILE: a CSV with a header row of paths, or numbers as SALib writes them", 0},
    {"problem", KEY_PROBLEM, "FILE", 0,
     "Take factors from a parameter file of SALib: name, low and high on each line, in SI units", 0},
    {"export", KEY_EXPORT, "FOLDER", 0, "Also write parameters, points and the outputs of each figure for SALib", 0},
    CAMPAIGN_OPTIONS("Results file (default sweep.h5); an earlier one is replaced only by a complete one"),
    {NULL, 0, NULL, 0, NULL, 0},
};

int sweep_options_init(sweep_options *options, int argc)
{
    size_t room = argc > 0 ? (size_t)argc : 1;
    *options = (sweep_options){.wishes = {.replications = 1, .seed = 1}};
    options->plans = calloc(room, sizeof *options->plans);
    options->factors = calloc(room, sizeof *options->factors);
    options->figures = calloc(room, sizeof *options->figures);
    if (options->plans == NULL || options->factors == NULL || options->figures == NULL)
        return SIM_E_MEMORY;
    return option_sets_init(&options->sets, argc);
}

void sweep_options_free(sweep_options *options)
{
    free(options->plans);
    free(options->factors);
    free(options->figures);
    option_sets_free(&options->sets);
}

static void take_design(sweep_options *o, struct argp_state *state, const char *word)
{
    if (!sweep_design_of(word, &o->wishes.design))
        argp_error(state, "--design wants factorial, lhs, sobol, morris or points, not '%s'", word);
    o->design_given = true;
}

/* What belongs together, once all is known; the lists are the wishes'. */
static void finish(sweep_options *o, struct argp_state *state)
{
    o->wishes.plans = o->plans;
    o->wishes.factors = o->factors;
    o->wishes.figures = o->figures;
    o->wishes.sets = o->sets.items;
    o->wishes.set_count = o->sets.count;
    const char *problem = sweep_wishes_problem(&o->wishes, o->design_given);
    if (problem != NULL)
        argp_error(state, "%s", problem);
}

error_t sweep_options_parse(sweep_options *o, int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case KEY_PLAN:
        o->plans[o->wishes.plan_count++] = arg;
        return 0;
    case KEY_FACTOR:
        o->factors[o->wishes.factor_count++] = arg;
        return 0;
    case KEY_FIGURE:
        o->figures[o->wishes.figure_count++] = arg;
        return 0;
    case KEY_DESIGN:
        take_design(o, state, arg);
        return 0;
    case KEY_POINTS:
        o->wishes.points = (size_t)option_whole_or_exit(state, "--points", arg, 1, SIM_DESIGN_POINTS);
        return 0;
    case KEY_LEVELS:
        o->wishes.levels = (size_t)option_whole_or_exit(state, "--levels", arg, 2, 1000);
        return 0;
    case 'r':
        o->wishes.replications = (size_t)option_whole_or_exit(state, "--reps", arg, 1, MAX_REPLICATIONS);
        return 0;
    case 's':
        o->wishes.seed =
            option_whole_or_exit(state, "--seed", arg, 0, UINT64_MAX); /* of the design; the campaign has it too */
        return ARGP_ERR_UNKNOWN;
    case OPTION_KEY_SET:
        option_sets_add_or_exit(&o->sets, state, arg);
        return ARGP_ERR_UNKNOWN;
    case KEY_FROM:
        o->wishes.from = arg;
        return 0;
    case KEY_PROBLEM:
        o->wishes.problem = arg;
        return 0;
    case KEY_EXPORT:
        o->export = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (o->wishes.scenario != NULL)
            argp_error(state, "one scenario at a time, not '%s' as well", arg);
        o->wishes.scenario = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a scenario is needed");
        return 0;
    case ARGP_KEY_SUCCESS:
        finish(o, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
