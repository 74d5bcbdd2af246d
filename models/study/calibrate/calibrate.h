/* Calibration: what is fitted, to which observations, and how well it does on those held out.
 *
 * Every observed number (people of a period, a wait) has a role that is fixed before anything is simulated. What was
 * fitted is never scored: a fit tells how near the model can be brought to these numbers, not how well it foretells
 * others. */
#ifndef MODEL_STUDY_CALIBRATE_H
#define MODEL_STUDY_CALIBRATE_H

#include <stdio.h>

#include "models/experiment/experiment.h"
#include "sim/result/result.h"
#include "sim/statistics/fit.h"
#include "sim/task/factor.h"

enum { CALIBRATE_UNIT = 24, CALIBRATE_WORDS = 1024 };

typedef enum { CALIBRATE_PEOPLE, CALIBRATE_WAIT, CALIBRATE_KINDS } calibrate_kind;
extern const char *const calibrate_columns[CALIBRATE_KINDS]; /* their columns in the CSV: "people", "wait_h" */

/* X(enumerator, word) */
#define CALIBRATE_ROLES(X)                                                                            \
    X(CALIBRATE_FITTED, "fitted")     /* chose the parameters */                                      \
    X(CALIBRATE_HELD_OUT, "held out") /* later than all that was fitted; scored */                    \
    X(CALIBRATE_COMPARED, "compared") /* of a column that is not fitted; neither fitted nor scored */ \
    X(CALIBRATE_LEFT_OUT, "left out") /* outside of the run, or across the hold-out's beginning */
typedef enum {
#define CALIBRATE_ROLE_ENUM(name, word) name,
    CALIBRATE_ROLES(CALIBRATE_ROLE_ENUM)
#undef CALIBRATE_ROLE_ENUM
        CALIBRATE_ROLE_COUNT
} calibrate_role;
extern const char *const calibrate_role_words[CALIBRATE_ROLE_COUNT];

/* One observed number, and what is simulated in its place at the estimate. */
typedef struct {
    size_t row; /* of the scenario's observations */
    calibrate_kind kind;
    calibrate_role role;
    uint32_t post; /* of setup->posts; MODEL_NONE: all together */
    sim_time begin, end;
    double observed;        /* people; seconds */
    double floor;           /* standard deviation that stands for how coarse it is */
    double mean, low, high; /* simulated: mean; the range of the middle replications, as many as the level says */
} calibrate_number;

typedef struct {
    calibrate_number *numbers;
    size_t count;
    size_t by_role[CALIBRATE_ROLE_COUNT];
    sim_time cut; /* the last end of a fitted number; what is held out lies behind it. INT64_MAX: nothing is held out */
} calibrate_data;

/* What of the observations is fitted. */
typedef struct {
    bool fitted[CALIBRATE_KINDS]; /* columns */
    double hold_out;              /* share of the numbers, the last in time; 0: none */
    const char *until;            /* instead: an instant or a time since the start; NULL */
} calibrate_choice;

/* Reads "people,wait_h" into choice->fitted. False: there is no column of the name at *unknown, so long. */
bool calibrate_columns_parse(calibrate_choice *choice, const char *text, const char **unknown, size_t *length);

/* The observations' numbers with their roles. SIM_E_INPUT with a line in `why`: there are none, or nothing is left to
 * be fitted or to be held out. Free with calibrate_data_free, also after a failure. */
int calibrate_data_init(calibrate_data *data, const model_setup *setup, const calibrate_choice *choice, char *why,
                        size_t size);
void calibrate_data_free(calibrate_data *data);

/* A factor, in the unit in which its range was given. */
typedef struct {
    sim_factor factor;
    char unit[CALIBRATE_UNIT]; /* "" for plain numbers */
    double scale;              /* of the unit, in SI */
} calibrate_parameter;

/* Reads "PATH=LOW..HIGH[:log]"; what is wrong goes to diag (SIM_E_INPUT), whole numbers and lists too. Free with
 * calibrate_parameter_free, also after a failure. */
int calibrate_parameter_parse(calibrate_parameter *parameter, const sim_config *config, const char *text,
                              sim_diag *diag);
void calibrate_parameter_free(calibrate_parameter *parameter);
/* Opens the scenario of `options` with the parameter at both ends of its range in turn; SIM_E_INPUT with what is wrong
 * in diag, such as an element that the scenario does not have. */
int calibrate_parameter_try(const calibrate_parameter *parameter, const model_experiment_options *options,
                            sim_diag *diag);
/* "61.3 s" for a coordinate of the box. */
void calibrate_parameter_value(const calibrate_parameter *parameter, double u, char *text, size_t size);
/* "path=61.2973 s"; caller frees, NULL: out of memory. It is what the estimate was simulated with, to nine digits. */
char *calibrate_parameter_set(const calibrate_parameter *parameter, double u);

/* --- the fit --- */

typedef struct {
    model_experiment *experiment;
    const calibrate_parameter *parameters;
    size_t parameter_count;
    calibrate_data *data;
    size_t replications, evaluations, bootstrap;
    double level;
} calibrate_work;

/* Fits, and fills the simulated parts of the numbers. 0 or a negative error. Free with sim_fit_free, also after a
 * failure. */
int calibrate_run(const calibrate_work *work, sim_fit *fit);

/* --- the score of what was held out --- */

/* Of one kind. The naive rules know the fitted numbers alone: for a number of a post (of a period as long) the last of
 * them, and their mean. Model and rules are scored on the same numbers: those for which there is a rule; on all of them
 * where there is none. */
typedef struct {
    size_t count;             /* numbers scored */
    size_t without;           /* held out, but no naive rule has anything to go by */
    size_t inside;            /* scored ones within the range of the replications */
    double observed;          /* their mean */
    double model, last, mean; /* root mean square errors; NaN: no such rule */
} calibrate_score;
calibrate_score calibrate_score_of(const calibrate_data *data, calibrate_kind kind);
/* Whether the model errs less than each naive rule. */
bool calibrate_score_beats(const calibrate_score *score);

/* --- telling --- */

/* All that there is to tell. */
typedef struct {
    const model_setup *setup;
    const calibrate_work *work;
    const sim_fit *fit;
    const char *file; /* of results */
} calibrate_report;

/* What loose direction k means, one sentence. */
void calibrate_loose_words(const calibrate_report *report, size_t k, char *text, size_t size);
/* What is to be thought of the fit, one sentence: whether it was tried on anything. */
void calibrate_assessment(const calibrate_report *report, char *text, size_t size);
/* Axes parameter, observation, replication, evaluation. */
int calibrate_result(const calibrate_report *report, sim_result *result);

/* --- the inquiry as a whole (study.c) --- */

/* What is asked for. */
typedef struct {
    const char *const *factors;                  /* "PATH=LOW..HIGH[:log]" */
    size_t factor_count;                         /* 1 to SIM_FIT_MOST_PARAMETERS */
    size_t replications, evaluations, bootstrap; /* evaluations 0: 20, and 20 more for each factor */
    calibrate_choice choice;
} calibrate_wishes;
/* 10 replications, a bootstrap of 100, all columns fitted, nothing held out. */
void calibrate_wishes_init(calibrate_wishes *wishes);
/* Points that are tried at least: four for each factor, and four more. */
size_t calibrate_least_evaluations(const calibrate_wishes *wishes);
size_t calibrate_evaluations(const calibrate_wishes *wishes);

typedef struct {
    calibrate_parameter parameters[SIM_FIT_MOST_PARAMETERS];
    calibrate_data data;
    calibrate_work work;
    sim_fit fit;
} calibrate_study;

/* Reads the factors, tries the ends of their ranges with `options` (those of the experiment, which is open) and takes
 * the observations' numbers. SIM_E_INPUT with what is wrong in diag, or with a line in `why`. The study must stay where
 * it is; free it with calibrate_study_free, also after a failure. */
int calibrate_prepare(calibrate_study *study, model_experiment *experiment, const model_experiment_options *options,
                      const calibrate_wishes *wishes, sim_diag *diag, char *why, size_t size);
/* Tasks that there will be, about. */
size_t calibrate_tasks(const calibrate_study *study);
/* Fits. SIM_E_INPUT with a line in `why`: nothing can be simulated in these ranges. */
int calibrate_study_run(calibrate_study *study, char *why, size_t size);
/* `file`: of results. */
calibrate_report calibrate_report_of(const calibrate_study *study, const char *file);
void calibrate_study_free(calibrate_study *study);

#endif
