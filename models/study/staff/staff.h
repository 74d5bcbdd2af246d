/* The cheapest roster that meets targets of service: the targets, the shifts whose heads are sought, the evaluation of
 * rosters by simulation, and what came out.
 *
 * target.c reads targets, reach.c says how far they are met; shift.c finds the shifts, their bounds and costs;
 * problem.c runs rosters for the search of sim/statistics/staffing.h; study.c is the whole inquiry; result.c and plan.c
 * are what is kept of it. */
#ifndef MODEL_STUDY_STAFF_H
#define MODEL_STUDY_STAFF_H

#include <stdio.h>

#include "models/experiment/experiment.h"
#include "models/staff/roster.h"
#include "sim/result/result.h"
#include "sim/statistics/staffing.h"

/* --- targets --- */

/* A key figure, of all or of one site, that must not exceed or fall short of an amount, in the whole run or in each
 * stretch of it. */
typedef struct {
    char *name;       /* "wait.p95@Bridge" */
    char *text;       /* "wait.p95@Bridge <= 2 h" */
    const char *unit; /* of the figure; the amount is in it */
    bool at_least;
    double amount;
    sim_time each;       /* length of the stretches; 0: the run as a whole */
    uint32_t site;       /* MODEL_NONE: all */
    size_t first, count; /* its measures, one a stretch */
    bool lost; /* its measures are people who gave up, who still wait at the end, and who came; the amount is a share of
                  these */
} staff_target;

typedef struct {
    staff_target *items;
    size_t count;
    model_measure *measures;
    size_t measure_count;
} staff_targets;

/* How far a target is met; of stretches the one that is nearest to missing it, or misses it most. */
typedef struct {
    double value;   /* pooled over replications; NaN: nobody there to measure */
    double margin;  /* one-sided, in the figure's unit: chance moves the value by more than this with the rest of the
                       confidence only */
    size_t stretch; /* which */
    size_t stretches, missed; /* those in which anybody was measured, and those of them that miss */
    sim_staffing_score score; /* both over the amount */
} staff_reached;

/* Reads "FIGURE[@SITE|@each] <= AMOUNT [each DURATION]", or >=, and adds it: several targets for @each, one a post.
 * SIM_E_INPUT with a line in `why`; SIM_E_MEMORY. */
int staff_targets_add(staff_targets *targets, const model_setup *setup, const char *text, char *why, size_t size);
void staff_targets_free(staff_targets *targets);
/* Adds, for each post where shifts are sought, that the people who are in no wait of those who crossed, because they
 * gave up or still wait when the run ends, are no more than this share of those who came beyond what the most people
 * leave (staff_targets_settle, once that is known). */
struct staff_shifts;
int staff_targets_guard(staff_targets *targets, const struct staff_shifts *shifts, double share);
void staff_targets_settle(staff_targets *targets, const double *values, size_t stride, size_t replications);
/* values[replication * stride + measure * 2]: over and under of each measure of the targets. */
staff_reached staff_target_reach(const staff_targets *targets, size_t t, const double *values, size_t stride,
                                 size_t replications, double confidence);
bool staff_is_met(const staff_reached *reached);
/* The value as people read it: "1 h 52 min", "96.2 %", "1,234 people". */
void staff_value_text(char *text, size_t size, const char *unit, double value);

/* --- shifts --- */

typedef struct {
    size_t shift, roster; /* of staff_setup(setup) */
    size_t number;        /* in its roster, from 0 */
    uint32_t post, side;
    int64_t head, low, high;
    double hours; /* of a person on it in the whole run */
    double cost;  /* of a person on it in the whole run: USD, or hours where nobody is paid */
} staff_shift;

typedef struct {
    const char *const *patterns; /* of rosters' names, * and ? allowed; none: all */
    size_t pattern_count;
    int64_t least, most; /* most 0: as many as could be of use */
    int64_t lanes;       /* as many times as many lanes as there are may be opened */
} staff_bounds;

typedef struct staff_shifts {
    const model_setup *setup;
    staff_shift *items;
    size_t count;
    bool paid;    /* costs are USD: all these rosters have a wage */
    char **lanes; /* overrides that give their stations more lanes */
    size_t lane_count;
} staff_shifts;

/* SIM_E_INPUT with a line in `why`: no rosters, none of that name, one that no override can name, bounds that exclude
 * one another. */
int staff_shifts_init(staff_shifts *shifts, const model_setup *setup, const staff_bounds *bounds, char *why,
                      size_t size);
void staff_shifts_free(staff_shifts *shifts);
/* "officers_medyka 07:00-19:00", and from when or until when if not for the whole run. */
void staff_shift_text(const model_setup *setup, const staff_shift *shift, char *text, size_t size);
double staff_cost(const staff_shifts *shifts, const int64_t *heads);
/* Most people of the shift's pool who are on duty at a time when the shifts have these heads, and the lanes that are
 * there for them. */
void staff_pool(const staff_shifts *shifts, size_t i, const int64_t *heads, int64_t *people, int64_t *lanes);

/* --- rosters evaluated by simulation --- */

enum { STAFF_ASIDE = 3 }; /* people who crossed, gave up, still waited at the end: no targets, but told */

typedef struct {
    model_experiment *experiment;
    staff_targets *targets;
    const staff_shifts *shifts;
    uint64_t first; /* replication */
    size_t replications;
    double confidence;
    /* Of all rosters evaluated since staff_problem_forget, in order. */
    staff_reached *reached; /* [rosters][targets] */
    double (*aside)[STAFF_ASIDE];
    size_t count, room;
} staff_problem;

/* Names the measures; before anything is evaluated. */
int staff_problem_init(staff_problem *problem, model_experiment *experiment, staff_targets *targets,
                       const staff_shifts *shifts, double confidence);
void staff_problem_free(staff_problem *problem);
void staff_problem_forget(staff_problem *problem);
/* sim_staffing_evaluate of the problem; `scores` may be NULL. */
int staff_problem_evaluate(void *problem, const int64_t *heads, size_t count, sim_staffing_score *scores);
/* The scenario's own rosters and lanes. */
int staff_problem_own(staff_problem *problem);
/* Offered load of each shift, people, where all are at their highest; settles the targets of people lost. */
int staff_problem_loads(staff_problem *problem, double *loads);

/* --- the inquiry --- */

typedef struct {
    size_t replications;
    double confidence;
    size_t trials; /* rosters tried at most */
    size_t rounds; /* in which the replications may be doubled */
} staff_effort;

typedef struct {
    staff_targets targets;
    staff_shifts shifts;
    staff_effort effort;
    size_t replications; /* of the last round */
    size_t rounds;
    size_t trials;     /* rosters tried in all rounds */
    bool met, settled; /* as sim_staffing_answer */
    bool confirmed;    /* other replications meet the targets too, by their values */
    int64_t *heads;    /* found, or the highest */
    double *loads;
    staff_reached *own, *found, *check; /* [targets] */
    double own_aside[STAFF_ASIDE], found_aside[STAFF_ASIDE];
    staff_reached *less, *more; /* [shifts][targets]: one person less, more; stretches 0 where not tried */
    sim_staffing_answer path;   /* the last round's */
} staff_study;

/* What is asked for. */
typedef struct {
    const char *const *targets; /* "wait.p95@each<=2 h" */
    size_t target_count;
    staff_bounds bounds;
    double lost; /* share of those who came at a post; 1: not looked at */
    staff_effort effort;
} staff_wishes;
/* 10 replications, 2000 trials, 3 rounds, 95%, all rosters, no more lanes than there are, 2% lost. */
void staff_wishes_init(staff_wishes *wishes);
/* Shifts and targets as wished, of a scenario that is open. SIM_E_INPUT with a line in `why`; *target: which of the
 * targets that is about, target_count: none. Zeroes the study before; free with staff_study_free, also after a
 * failure. */
int staff_prepare(staff_study *study, const model_setup *setup, const staff_wishes *wishes, size_t *target, char *why,
                  size_t size);

/* Does it all; targets, shifts and effort are given. 0 also when the targets cannot be met (`met`). Errors are those of
 * model_experiment_evaluate. */
int staff_study_run(staff_study *study, model_experiment *experiment);
void staff_study_free(staff_study *study);

int staff_fill_result(const staff_study *study, sim_result *result);
/* Whether a roster found under this plan (NULL: none) can be written as a plan: it must not have rosters of its own,
 * nor posts where there are `lanes`. */
int staff_check_write(const char *plan, bool lanes, char *why, size_t size);
/* Writes the roster as a plan: that of `plan` (NULL: none) with these rosters. SIM_E_INPUT or SIM_E_IO with a line in
 * `why`. */
int staff_write_plan(const staff_study *study, const char *plan, const char *path, char *why, size_t size);

#endif
