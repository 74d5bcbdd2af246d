/* A comparison of plans: the figures of all replications of all plans, and what the differences from the first plan,
 * the baseline, come to.
 *
 * The same replication numbers under all plans, so that the same people have the same luck; the comparisons are those
 * of every figure of every other plan, one family (sim/statistics/paired.h). */
#ifndef MODEL_STUDY_COMPARE_H
#define MODEL_STUDY_COMPARE_H

#include <stdio.h>

#include "models/experiment/experiment.h"
#include "models/outcome/measure.h"
#include "models/outcome/outcome.h"
#include "sim/result/result.h"
#include "sim/statistics/paired.h"
#include "sim/statistics/selection.h"

enum { COMPARE_NAME = 128, COMPARE_LABEL = 256 };

typedef struct {
    char name[COMPARE_NAME];   /* in tables, unlike all others */
    char title[COMPARE_LABEL]; /* of its file; "": none */
} compare_plan;

typedef struct {
    model_measure measure;
    char name[COMPARE_NAME];   /* "wait.mean@Bridge" */
    char label[COMPARE_LABEL]; /* "mean wait at the post of those who crossed, at Bridge" */
    const char *unit;          /* of values, as in results files */
    model_better better;
    bool is_protection;  /* of people, not of the service: told apart, whatever it comes to */
    bool is_asked;       /* replications are added until it is answered for all plans */
    double indifference; /* differences up to this are none; 0: not given */
} compare_figure;

typedef struct {
    sim_paired paired;
    double low, high;     /* they hold together for all of the family */
    double p, adjusted_p; /* Holm's for the family, and for the looks: judged at 1 - confidence */
    sim_paired_status status;
} compare_difference;

/* What came of `--best`. */
typedef struct {
    bool is_wanted, is_decided;
    size_t figure;
    bool largest;
    double indifference, probability;
    uint32_t best;
    sim_selected *plans; /* an entry a plan */
} compare_best;

typedef struct {
    const char *title; /* of the scenario */
    size_t plan_count, figure_count;
    compare_plan *plans; /* the first is the baseline */
    compare_figure *figures;
    size_t replications, room; /* replications that are known of all plans; room for so many */
    double *values;            /* [plan][figure][room] */
    double confidence;
    uint64_t seed;
    size_t look, looks;              /* replications were looked at so often, of at most so many times */
    double alpha;                    /* what the last look spends of 1 - confidence */
    compare_difference *differences; /* [plan][figure]; of the baseline: zeros */
    compare_best best;
} comparison;

/* Takes `plan_count` plans and `figure_count` figures, all blank. 0 or SIM_E_MEMORY; free in any case. */
int compare_init(comparison *c, size_t plan_count, size_t figure_count);
void compare_free(comparison *c);
/* Room for so many replications of all plans; new ones are NaN. */
int compare_grow(comparison *c, size_t replications);
/* Values of a figure under a plan, one a replication. */
double *compare_values(const comparison *c, size_t plan, size_t figure);
const compare_difference *compare_difference_of(const comparison *c, size_t plan, size_t figure);
/* Mean over the replications of which it is known, and the half-width of its own interval. */
void compare_mean(const comparison *c, size_t plan, size_t figure, double *mean, double *half_width);
/* Differences of the first `replications`, their intervals and p-values, as look number `look` of `looks`. 0 or
 * SIM_E_MEMORY. */
int compare_judge(comparison *c, size_t replications, size_t look, size_t looks);
/* Whether all that was asked (compare_figure.is_asked) is answered. */
bool compare_is_answered(const comparison *c);

/* --- plans.c --- */
/* The files of the plans that a scenario names, ended by NULL; free with compare_plans_free. SIM_E_INPUT when the
 * scenario is wrong (which is not told). */
int compare_plans_of_scenario(const char *path, char ***files);
void compare_plans_free(char **files);
/* Short names by files (NULL: the scenario as it is), no two alike. */
void compare_name_plans(comparison *c, const char *const *files);

/* --- figure.c --- */
/* The figure of a text such as "wait.p95@Bridge"; SIM_E_INPUT with a line in `why`. */
int compare_figure_parse(const model_setup *setups, size_t setup_count, const char *text, compare_figure *figure,
                         char *why, size_t size);
/* Figures that are compared when none is named, as far as the scenario knows them; caller frees *figures. */
int compare_figures_default(const model_setup *setups, size_t setup_count, compare_figure **figures, size_t *count);
/* What is asked for, as texts. */
typedef struct {
    const char *const *figures, *const *until; /* "wait.p95@Bridge", "wait.mean=30 min" */
    size_t figure_count, until_count;
    const char *best, *indifference; /* NULL: no selection */
    double probability;              /* 0: not given */
    bool largest;
} compare_wishes;

/* The figures named and asked for, without any the usual ones, and what is to be selected by. *list is the caller's to
 * free, also after a failure. SIM_E_INPUT with a line in `why`. (choose.c) */
int compare_choose(const compare_wishes *wishes, const model_setup *setups, size_t setup_count, compare_figure **list,
                   size_t *count, compare_best *best, char *why, size_t size);
/* "30 min", "500 USD", "5 %", "100": an amount of the figure's unit, more than 0. SIM_E_INPUT with a line in `why`. */
int compare_amount_parse(const compare_figure *figure, const char *text, double *amount, char *why, size_t size);

/* --- run.c --- */
enum { COMPARE_FIRST = 10 /* replications of a first look and of a selection's first stage */ };

/* Looks after 10, 20, 40 ... and `most` replications; 1 when there are no more. */
size_t compare_looks(size_t most);
/* Replications at look k of those, from 1. */
size_t compare_look_size(size_t look, size_t most);

/* Runs so many replications of all plans and judges their differences. Errors as of model_experiment_evaluate. *failed:
 * tasks that failed. */
int compare_run_fixed(comparison *c, model_experiment *x, size_t replications, size_t *failed);
/* Adds replications until all that is asked is answered, `most` at most. */
int compare_run_until(comparison *c, model_experiment *x, size_t most, size_t *failed);
/* Selects by c->best; the differences are those of the first stage, which all plans went through, so that their
 * intervals hold. Undecided is no error. SIM_E_INPUT with a line in `why` when a plan has no value of the figure. */
int compare_run_best(comparison *c, model_experiment *x, size_t most, size_t *failed, char *why, size_t size);

/* --- study.c: the inquiry as a whole --- */
/* Names plans and figures of an experiment that is open, and measures the figures. files: of the plans, of the
 * experiment's (NULL: the scenario as it is). SIM_E_INPUT with a line in `why`. Free *c with compare_free, also after a
 * failure; it is zeroed before. */
int compare_prepare(comparison *c, model_experiment *x, const compare_wishes *wishes, const char *const *files,
                    char *why, size_t size);
/* Replications at most: as given, or what is usual for these wishes where 0 are. */
size_t compare_most(const compare_wishes *wishes, size_t replications);
/* Tasks that there will be; 0: nobody knows. */
size_t compare_tasks(const comparison *c, const compare_wishes *wishes, size_t replications);
/* Runs as wished, replications as of compare_most. Errors and *failed as above. */
int compare_run(comparison *c, model_experiment *x, const compare_wishes *wishes, size_t replications, size_t *failed,
                char *why, size_t size);

/* --- result.c --- */
/* Axes, datasets and attributes of a comparison (group "compare"; "best"). Caller inits and frees. */
int compare_result(const comparison *c, sim_result *result);

#endif
