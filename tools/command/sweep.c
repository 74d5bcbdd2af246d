/* hbm sweep: runs a scenario at many points of its parameters and tells what its figures depend on. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/command/command.h"
#include "tools/sweep/sweep.h"

typedef struct {
    campaign *campaign;
    sweep_options sweep;
} command_arguments;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    error_t taken = sweep_options_parse(&arguments->sweep, key, arg, state);
    return taken == ARGP_ERR_UNKNOWN ? campaign_parse(arguments->campaign, key, arg, state) : taken;
}

const struct argp cmd_sweep_argp = {
    .options = sweep_option_rows,
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Runs SCENARIO at many points of its parameters, plans and rosters, writes what they come to into an HDF5 "
           "file, and prints which "
           "factors its key figures depend on.\v"
           "A factor is named by its path as with --set: 'hbm params' lists what there is. Each end of each range is "
           "checked against the "
           "scenario "
           "before anything runs. Whole numbers between the ends, and values of a list, are equally likely.\n"
           "\n"
           "All points get the same people and luck (replications 0 to N-1 of the seed), so that points differ by "
           "their settings alone. A "
           "point at "
           "which a run fails is kept with its status, counted, and left out of indices together with its whole row; "
           "the exit code is 1 "
           "then.\n"
           "\n"
           "'hbm plot' draws indices, elementary effects and responses from the results file.",
};

static int tell_failures(const sweep *s)
{
    size_t runs = s->design.points * s->options->replications;
    if (s->failed == 0)
        return 0;
    fprintf(stderr, "hbm sweep: %zu of %zu runs failed; the first: %s\n", s->failed, runs,
            model_experiment_failure(campaign_experiment(s->campaign)));
    return SIM_E_BROKEN;
}

/* Results, export, table, in this order: what is on the screen is on the disk. */
static int finish(sweep *s)
{
    sim_result result;
    sim_result_init(&result);
    int error = sweep_result(s, &result);
    if (error == 0)
        error = campaign_end(s->campaign, &result, s->options->replications);
    if (error == 0 && s->options->export != NULL)
        error = sweep_export(s);
    if (error == 0)
        error = campaign_json(s->campaign) ? sweep_print_json(s, stdout) : sweep_print(s, &result, stdout);
    if (error == 0 && !campaign_json(s->campaign))
        printf("\nResults: %s\n", campaign_out(s->campaign));
    sim_result_free(&result);
    return error;
}

static int work(command_arguments *arguments)
{
    const sweep_options *o = &arguments->sweep;
    sweep s = {.campaign = arguments->campaign, .options = o, .plan_factor = SIZE_MAX};
    int error = o->from != NULL ? campaign_reads(arguments->campaign, o->from) : 0;
    if (error == 0 && o->problem != NULL)
        error = campaign_reads(arguments->campaign, o->problem);
    if (error == 0)
        error = campaign_begin(arguments->campaign, o->scenario, o->plans, o->plan_count);
    if (error == 0)
        error = sweep_prepare(&s);
    if (error == 0)
        error = sweep_run(&s);
    if (error == 0)
        error = finish(&s);
    int code = campaign_exit(arguments->campaign, error);
    if (error == 0 && tell_failures(&s) != 0)
        code = EXIT_FAILED;
    sweep_free(&s);
    return code;
}

int cmd_sweep(int argc, char **argv)
{
    command_arguments arguments = {.campaign = NULL};
    int error = campaign_new(&arguments.campaign, "hbm sweep", "sweep.h5", argc, argv), code;
    if (error == 0 && sweep_options_init(&arguments.sweep, argc) != 0) {
        fprintf(stderr, "hbm sweep: %s\n", sim_error_text(SIM_E_MEMORY));
        error = SIM_E_MEMORY;
    }
    if (error != 0)
        code = command_exit_code(error);
    else if (argp_parse(&cmd_sweep_argp, argc, argv, 0, NULL, &arguments) != 0)
        code = EXIT_INPUT;
    else
        code = work(&arguments);
    sweep_options_free(&arguments.sweep);
    campaign_free(arguments.campaign);
    return code;
}
