/* Somebody else's program that uses an installed libhbm (e2e/install): runs a small scenario, compares its plans, and
 * prints the hashes of both results, a key figure and what the first plan changes of it. */
#include <hbm.h>

static int study(const hbm_scenario *scenario, hbm_result **run, hbm_result **compared, char *why, size_t size)
{
    hbm_run_options once;
    hbm_compare_options plans;
    hbm_run_options_init(&once);
    hbm_compare_options_init(&plans);
    once.replications = plans.replications = 2;
    int error = hbm_run(scenario, &once, run, why, size);
    return error == 0 ? hbm_compare(scenario, &plans, compared, NULL, why, size) : error;
}

static int print(const hbm_result *run, const hbm_result *compared, char *why, size_t size)
{
    double mean = 0, half_width = 0, change = 0;
    char hex[2][65];
    hbm_series changes;
    int error = hbm_result_hash(run, hex[0]) + hbm_result_hash(compared, hex[1]) +
                hbm_result_figure(run, "wait.mean", &mean, &half_width) +
                hbm_result_series(compared, "compare/difference", &changes);
    if (error != 0)
        return error;
    const char *const at[2] = {changes.axes[0].labels[1], "wait.mean"};
    error = hbm_result_value(compared, "compare/difference", at, 2, &change, why, size);
    printf("run %s\ncompare %s\nwait.mean %.0f s, +-%.0f; %s: %+.0f s\n", hex[0], hex[1], mean, half_width, at[0],
           change);
    return error;
}

int main(int argc, char **argv)
{
    hbm_problems *problems = NULL;
    hbm_scenario *scenario = NULL;
    hbm_result *run = NULL, *compared = NULL;
    const char *const sets[] = {"scale=0.05"};
    char why[300] = "";
    if (argc != 2 || hbm_problems_new(&problems) != 0)
        return 1;
    int error = hbm_scenario_open(&scenario, argv[1], NULL, sets, 1, problems);
    hbm_problems_print(problems, stderr);
    if (error == 0)
        error = study(scenario, &run, &compared, why, sizeof why);
    if (error == 0)
        error = print(run, compared, why, sizeof why);
    if (error != 0)
        fprintf(stderr, "%s: %s\n", hbm_error_text(error), why);
    hbm_result_free(run);
    hbm_result_free(compared);
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
    return error == 0 ? 0 : 1;
}
