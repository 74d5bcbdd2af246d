/* hbm sweep: runs a scenario at many points of its parameters and tells what its figures depend on. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/base/command.h"
#include "tools/sweep/options.h"
#include "tools/sweep/tell.h"

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

static int tell_failures(const command_arguments *a, const sweep *s)
{
    if (s->failed == 0)
        return 0;
    fprintf(stderr, "hbm sweep: %zu of %zu runs failed; the first: %s\n", s->failed, sweep_runs(s),
            model_experiment_failure(campaign_experiment(a->campaign)));
    return SIM_E_BROKEN;
}

/* What is wrong with factors and points; for machines their problems alone, where there are any. */
static int tell_problems(const command_arguments *a, const sweep *s, const char *why)
{
    bool any = s->problems != NULL && sim_diag_count(s->problems) > 0;
    if (any && campaign_json(a->campaign))
        return sim_diag_print_json(s->problems, stdout) == 0 ? SIM_E_INPUT : SIM_E_IO;
    if (why[0] != '\0')
        campaign_refuse(a->campaign, "%s", why);
    if (any)
        sim_diag_print(s->problems, stderr);
    return SIM_E_INPUT;
}

static int prepare(const command_arguments *a, sweep *s)
{
    char why[600] = "";
    int error = sweep_prepare(s, campaign_experiment(a->campaign), &a->sweep.wishes, why, sizeof why);
    return error == SIM_E_INPUT ? tell_problems(a, s, why) : error;
}

static int run(const command_arguments *a, sweep *s)
{
    size_t replications = s->wishes->replications;
    campaign_tell(a->campaign, "%zu factor%s, %zu points, %zu replication%s each: %zu runs", s->factors.count,
                  s->factors.count == 1 ? "" : "s", s->design.points, replications, replications == 1 ? "" : "s",
                  sweep_runs(s));
    campaign_expect(a->campaign, sweep_runs(s));
    return sweep_run(s);
}

/* Results, export, table, in this order: what is on the screen is on the disk. */
static int finish(const command_arguments *a, sweep *s)
{
    campaign *c = a->campaign;
    sim_result result;
    sim_result_init(&result);
    int error = sweep_result(s, &result);
    if (error == 0)
        error = campaign_end(c, &result, s->wishes->replications);
    if (error == 0 && a->sweep.export != NULL)
        error = sweep_export(s, a->sweep.export);
    if (error == 0)
        error = campaign_json(c) ? sweep_print_json(s, campaign_out(c), stdout) : sweep_print(s, &result, stdout);
    if (error == 0 && !campaign_json(c))
        printf("\nResults: %s\n", campaign_out(c));
    sim_result_free(&result);
    return error;
}

static int work(command_arguments *a)
{
    const sweep_wishes *w = &a->sweep.wishes;
    sweep s = {.wishes = w};
    int error = w->from != NULL ? campaign_reads(a->campaign, w->from) : 0;
    if (error == 0 && w->problem != NULL)
        error = campaign_reads(a->campaign, w->problem);
    if (error == 0)
        error = campaign_begin(a->campaign, w->scenario, w->plans, w->plan_count);
    if (error == 0)
        error = prepare(a, &s);
    if (error == 0)
        error = run(a, &s);
    if (error == 0)
        error = finish(a, &s);
    int code = campaign_exit(a->campaign, error);
    if (error == 0 && tell_failures(a, &s) != 0)
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
