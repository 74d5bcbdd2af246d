/* A sweep: a scenario run at many points of its parameters, and what its key figures depend on.
 *
 * points.c reads factors and points and makes the design; run.c names the figures, runs the points and finds the
 * indices; result.c tells it as results. */
#ifndef MODEL_STUDY_SWEEP_H
#define MODEL_STUDY_SWEEP_H

#include "models/experiment/experiment.h"
#include "sim/result/result.h"
#include "sim/statistics/design.h"
#include "sim/statistics/sensitivity.h"
#include "sim/task/points.h"

/* What is asked for. */
typedef struct {
    const char *scenario;
    const char *const *plans; /* files; with several the plan is a factor too */
    size_t plan_count;
    const char *const *sets; /* of all tasks, for checking factors beside them */
    size_t set_count;
    const char *const *factors; /* "PATH=LOW..HIGH" (sim/task/factor.h) */
    size_t factor_count;
    const char *const *figures; /* none: those that planners compare */
    size_t figure_count;
    const char *from, *problem; /* files of points and of factors; NULL: none */
    sim_design_kind design;
    size_t points, levels; /* 0: the design's default */
    size_t replications;
    uint64_t seed;
} sweep_wishes;

typedef struct {
    model_experiment *experiment;
    const sweep_wishes *wishes;
    sim_diag *problems; /* what is wrong with factors and points, each with its place */
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

const char *sweep_design_word(sim_design_kind kind);           /* "sobol" */
bool sweep_design_of(const char *word, sim_design_kind *kind); /* false: there is none of that name */
/* What of the wishes does not go together, a line; NULL: nothing. `design_given`: the design was named. */
const char *sweep_wishes_problem(const sweep_wishes *wishes, bool design_given);

/* Reads and checks factors and points, each end of each factor against the scenario, makes the design and names the
 * figures. The experiment is open, and is of the same scenario, plans and overrides as the wishes, which outlive the
 * sweep. SIM_E_INPUT with a line in `why`, with s->problems, or with both (then the line says what these are of). Free
 * with sweep_free, also after a failure. */
int sweep_prepare(sweep *s, model_experiment *experiment, const sweep_wishes *wishes, char *why, size_t size);
size_t sweep_runs(const sweep *s);
/* Runs all and computes means and indices. Errors are those of model_experiment_evaluate. */
int sweep_run(sweep *s);
/* Axes factor, figure, point, replication; groups "sweep" and, of such designs, "sobol" or "morris". */
int sweep_result(const sweep *s, sim_result *result);
void sweep_free(sweep *s);

/* --- run.c, for points.c --- */
/* Finds the figures and has them measured. */
int sweep_choose_measures(sweep *s, char *why, size_t size);

#endif
