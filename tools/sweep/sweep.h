/* hbm sweep, in parts: what was asked for (options.c), factors and design from it (design.c), the runs and
 * what they come to (run.c), the results file (result.c), tables and JSON (print.c). */
#ifndef TOOLS_SWEEP_H
#define TOOLS_SWEEP_H

#include "sim/statistics/design.h"
#include "sim/statistics/sensitivity.h"
#include "sim/task/points.h"
#include "tools/campaign/campaign.h"

typedef struct {
    const char *scenario, *from, *problem, *export;
    const char **plans, **factors, **figures; /* room for as many as there are arguments */
    size_t plan_count, factor_count, figure_count;
    option_sets sets; /* of all tasks, for checking factors beside them */
    sim_design_kind design;
    bool design_given;
    size_t points, levels; /* 0: the design's default */
    size_t replications;
    uint64_t seed;
} sweep_options;

typedef struct {
    campaign *campaign;
    const sweep_options *options;
    sim_factors factors;
    size_t plan_factor; /* the factor that is which plan; SIZE_MAX: there is one plan */
    sim_design design;
    double *settings; /* [points][factors] */
    size_t levels;
    model_measure *measures;
    char (*names)[96]; /* of measures */
    size_t measure_count;
    double *values; /* [point][replication][measure] */
    double *means;  /* [point][measure]: NaN where a replication failed or has no value */
    int *status;    /* [point][replication] */
    size_t failed;
    double confidence;
    sim_interval *first, *total; /* [measure][factor], of a Sobol design */
    sim_elementary *effects;     /* likewise, Morris */
    size_t *rows;                /* [measure]: whole rows that the indices are from */
} sweep;

extern const struct argp_option sweep_option_rows[]; /* all, the campaign's too */
/* Takes an option; ARGP_ERR_UNKNOWN for those that the campaign takes. */
error_t sweep_options_parse(sweep_options *options, int key, char *arg, struct argp_state *state);
int sweep_options_init(sweep_options *options, int argc); /* 0 or SIM_E_MEMORY */
void sweep_options_free(sweep_options *options);
const char *sweep_design_word(sim_design_kind kind); /* "sobol" */

/* Reads and checks factors and points, each end of each factor against the scenario, and makes the design. What is
 * wrong has been told: SIM_E_INPUT. */
int sweep_prepare(sweep *s);
/* Runs all and computes means and indices. Errors are those of model_experiment_evaluate. */
int sweep_run(sweep *s);
/* Outputs for others: problem.txt, points.txt, points.csv, and a file a figure. Told when it fails. */
int sweep_export(const sweep *s);
int sweep_result(const sweep *s, sim_result *result);
/* What a planner reads; JSON instead where that was asked for. SIM_E_MEMORY, SIM_E_IO. */
int sweep_print(const sweep *s, const sim_result *result, FILE *to);
int sweep_print_json(const sweep *s, FILE *to);
void sweep_free(sweep *s);

#endif
