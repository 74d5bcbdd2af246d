/* A comparison of plans: the figures of all replications of all plans, and what the differences from the first plan,
 * the baseline, come to.
 *
 * The same replication numbers under all plans, so that the same people have the same luck; the comparisons are those
 * of every figure of every other plan, one family (sim/statistics/paired.h). */
#ifndef TOOLS_COMPARE_H
#define TOOLS_COMPARE_H

#include <stdio.h>

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

/* --- compare_plans.c --- */
/* The files of the plans that a scenario names, ended by NULL; free with compare_plans_free. SIM_E_INPUT when the
 * scenario is wrong (which is not told). */
int compare_plans_of_scenario(const char *path, char ***files);
void compare_plans_free(char **files);
/* Short names by files (NULL: the scenario as it is), no two alike. */
void compare_name_plans(comparison *c, const char *const *files);

/* --- compare_figure.c --- */
/* The figure of a text such as "wait.p95@Bridge"; SIM_E_INPUT with a line in `why`. */
int compare_figure_parse(const model_setup *setups, size_t setup_count, const char *text, compare_figure *figure,
                         char *why, size_t size);
/* Figures that are compared when none is named, as far as the scenario knows them; caller frees *figures. */
int compare_figures_default(const model_setup *setups, size_t setup_count, compare_figure **figures, size_t *count);
/* What the command line asks for, as texts. */
typedef struct {
    const char **figures, **until; /* "wait.p95@Bridge", "wait.mean=30 min" */
    size_t figure_count, until_count;
    const char *best, *indifference; /* NULL: no selection */
    double probability;              /* 0: not given */
    bool largest;
} compare_wishes;

/* The figures named and asked for, without any the usual ones, and what is to be selected by. *list is the caller's to
 * free, also after a failure. SIM_E_INPUT with a line in `why`. (compare_choose.c) */
int compare_choose(const compare_wishes *wishes, const model_setup *setups, size_t setup_count, compare_figure **list,
                   size_t *count, compare_best *best, char *why, size_t size);
/* "30 min", "500 USD", "5 %", "100": an amount of the figure's unit, more than 0. SIM_E_INPUT with a line in `why`. */
int compare_amount_parse(const compare_figure *figure, const char *text, double *amount, char *why, size_t size);

/* --- compare_result.c --- */
/* Axes, datasets and attributes of a comparison (group "compare"; "best"). Caller inits and frees. */
int compare_result(const comparison *c, sim_result *result);

/* --- compare_words.c --- */
typedef enum {
    COMPARE_SAVES,
    COMPARE_COSTS,
    COMPARE_PROTECTION,
    COMPARE_CHANGES,
    COMPARE_NOTHING,
    COMPARE_GROUPS
} compare_group;
extern const char *const compare_group_names[COMPARE_GROUPS];
compare_group compare_group_of(const comparison *c, size_t plan, size_t figure);
/* "saves 3.2 h (2.9 h to 3.5 h), sure". */
void compare_words(const comparison *c, size_t plan, size_t figure, char *text, size_t size);
/* A value of the figure, as exact as the difference is known. */
void compare_value_words(const comparison *c, size_t plan, size_t figure, size_t of_plan, char *text, size_t size);
/* An amount of the figure's unit: "30 min". */
void compare_amount_words(const compare_figure *figure, double amount, char *text, size_t size);
/* "<0.001", "0.032" */
void compare_p_words(double p, char *text, size_t size);

/* --- compare_table.c, compare_json.c --- */
int compare_print(const comparison *c, bool markdown, FILE *to);
int compare_print_json(const comparison *c, const char *file, FILE *to);

#endif
