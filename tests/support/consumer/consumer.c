/* Somebody else's program that uses an installed libhbm (e2e/install): runs a scenario and prints the hash of the
 * results. */
#include <hbm.h>

int main(int argc, char **argv)
{
    hbm_problems *problems = NULL;
    hbm_scenario *scenario = NULL;
    hbm_result *result = NULL;
    hbm_run_options options;
    char why[300] = "", hex[65];
    if (argc != 2 || hbm_problems_new(&problems) != 0)
        return 1;
    int error = hbm_scenario_open(&scenario, argv[1], NULL, NULL, 0, problems);
    hbm_problems_print(problems, stderr);
    if (error == 0) {
        hbm_run_options_init(&options);
        options.replications = 2;
        error = hbm_run(scenario, &options, &result, why, sizeof why);
    }
    if (error == 0)
        error = hbm_result_hash(result, hex);
    if (error == 0)
        puts(hex);
    else
        fprintf(stderr, "%s: %s\n", hbm_error_text(error), why);
    hbm_result_free(result);
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
    return error == 0 ? 0 : 1;
}
