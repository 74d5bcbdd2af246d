/* What the command line of hbm sweep can say. */
#include <stdlib.h>
#include <string.h>

#include "models/hbm.h"
#include "sim/base/error.h"
#include "tools/command/command.h"
#include "tools/sweep/sweep.h"

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

static const struct {
    const char *word;
    sim_design_kind kind;
} designs[] = {{"factorial", SIM_DESIGN_FACTORIAL},
               {"lhs", SIM_DESIGN_LATIN},
               {"sobol", SIM_DESIGN_SOBOL},
               {"morris", SIM_DESIGN_MORRIS},
               {"points", SIM_DESIGN_POINTS_GIVEN}};
enum { DESIGNS = sizeof designs / sizeof *designs };

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

const char *sweep_design_word(sim_design_kind kind)
{
    for (size_t i = 0; i < DESIGNS; i++)
        if (designs[i].kind == kind)
            return designs[i].word;
    return "";
}

int sweep_options_init(sweep_options *options, int argc)
{
    size_t room = argc > 0 ? (size_t)argc : 1;
    *options = (sweep_options){.replications = 1, .seed = 1};
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
    for (size_t i = 0; i < DESIGNS; i++)
        if (strcmp(designs[i].word, word) == 0) {
            o->design = designs[i].kind;
            o->design_given = true;
            return;
        }
    argp_error(state, "--design wants factorial, lhs, sobol, morris or points, not '%s'", word);
}

/* What belongs together, once all is known. */
static void check(const sweep_options *o, struct argp_state *state)
{
    if (o->from != NULL && (o->design == SIM_DESIGN_LATIN || (o->design_given && o->design == SIM_DESIGN_FACTORIAL)))
        argp_error(state, "--from has points; --design %s would make its own", sweep_design_word(o->design));
    if (o->from == NULL && o->design == SIM_DESIGN_POINTS_GIVEN)
        argp_error(state, "--design points wants --from FILE");
    if (o->from != NULL && o->points > 0)
        argp_error(state, "--from has its own number of points; --points says nothing there");
    if (o->from == NULL && o->factor_count == 0 && o->problem == NULL && o->plan_count < 2)
        argp_error(state, "what is varied? --factor PATH=LOW..HIGH, --problem FILE or --from FILE is needed");
    if (o->points > 0 && o->design == SIM_DESIGN_FACTORIAL)
        argp_error(state, "--points says nothing of a factorial design: its points follow from --levels");
    if (o->levels > 0 && (o->design == SIM_DESIGN_LATIN || o->design == SIM_DESIGN_SOBOL))
        argp_error(state, "--levels says nothing of --design %s", sweep_design_word(o->design));
    if (o->design == SIM_DESIGN_MORRIS && o->levels % 2 != 0)
        argp_error(state, "--levels of a Morris design is an even number");
}

error_t sweep_options_parse(sweep_options *o, int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case KEY_PLAN:
        o->plans[o->plan_count++] = arg;
        return 0;
    case KEY_FACTOR:
        o->factors[o->factor_count++] = arg;
        return 0;
    case KEY_FIGURE:
        o->figures[o->figure_count++] = arg;
        return 0;
    case KEY_DESIGN:
        take_design(o, state, arg);
        return 0;
    case KEY_POINTS:
        o->points = (size_t)option_whole_or_exit(state, "--points", arg, 1, SIM_DESIGN_POINTS);
        return 0;
    case KEY_LEVELS:
        o->levels = (size_t)option_whole_or_exit(state, "--levels", arg, 2, 1000);
        return 0;
    case 'r':
        o->replications = (size_t)option_whole_or_exit(state, "--reps", arg, 1, MAX_REPLICATIONS);
        return 0;
    case 's':
        o->seed =
            option_whole_or_exit(state, "--seed", arg, 0, UINT64_MAX); /* of the design; the campaign has it too */
        return ARGP_ERR_UNKNOWN;
    case OPTION_KEY_SET:
        option_sets_add_or_exit(&o->sets, state, arg);
        return ARGP_ERR_UNKNOWN;
    case KEY_FROM:
        o->from = arg;
        return 0;
    case KEY_PROBLEM:
        o->problem = arg;
        return 0;
    case KEY_EXPORT:
        o->export = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (o->scenario != NULL)
            argp_error(state, "one scenario at a time, not '%s' as well", arg);
        o->scenario = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a scenario is needed");
        return 0;
    case ARGP_KEY_SUCCESS:
        check(o, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
