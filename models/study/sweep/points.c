/* From what is asked for to points: factors, each of whose ends the scenario must accept, and the design over them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/sweep/sweep.h"
#include "sim/base/error.h"

static const sim_config *config_of(const sweep *s)
{
    return model_experiment_setup(s->experiment, 0)->config;
}

/* A line on what is refused. */
typedef struct {
    char *text;
    size_t size;
} reason;

static int refuse(const reason *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int refuse(const reason *why, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why->text, why->size, format, arguments);
    va_end(arguments);
    return SIM_E_INPUT;
}

/* --- factors --- */

static int read_factors(sweep *s)
{
    sim_diag *diag = s->problems;
    const sweep_wishes *o = s->wishes;
    int rc = 0;
    for (size_t i = 0; i < o->factor_count && rc != SIM_E_MEMORY; i++) {
        sim_factor *factor = sim_factors_add(&s->factors);
        int found = factor == NULL ? SIM_E_MEMORY : sim_factor_parse(factor, config_of(s), o->factors[i], diag);
        rc = found != 0 ? found : rc;
    }
    if (o->problem != NULL && rc != SIM_E_MEMORY) {
        int found = sim_factors_read(&s->factors, o->problem, config_of(s), diag);
        rc = found != 0 ? found : rc;
    }
    s->plan_factor = SIZE_MAX;
    if (rc == 0 && o->plan_count > 1) {
        s->plan_factor = s->factors.count;
        sim_factor *factor = sim_factors_add(&s->factors);
        rc = factor == NULL ? SIM_E_MEMORY : sim_factor_words(factor, "plan", o->plans, o->plan_count);
    }
    return rc;
}

static int check_names(const sweep *s, const reason *why)
{
    for (size_t i = 0; i < s->factors.count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(s->factors.factors[i].path, s->factors.factors[k].path) == 0)
                return refuse(why, "the factor %s is given twice", s->factors.factors[i].path);
    return 0;
}

/* Opens the scenario under every plan with a factor at one of its settings. */
static int try_setting(sweep *s, const sim_factor *factor, double setting, const char *where, const reason *why)
{
    const sweep_wishes *o = s->wishes;
    size_t count = o->set_count;
    model_experiment *x = NULL;
    sim_diag *diag = NULL;
    const char **sets = calloc(count + 1, sizeof *sets);
    char *text = sim_factor_text(factor, setting);
    int rc = sets == NULL || text == NULL ? SIM_E_MEMORY : sim_diag_new(&diag, 20);
    if (rc == 0) {
        for (size_t i = 0; i < count; i++)
            sets[i] = o->sets[i];
        sets[count] = text;
        const model_experiment_options options = {
            .scenario = o->scenario,
            .plans = o->plan_count > 0 ? o->plans : NULL,
            .plan_count = o->plan_count > 0 ? o->plan_count : 1,
            .sets = sets,
            .set_count = count + 1,
            .seed = 1,
            .threads = 1,
        };
        rc = model_experiment_new(&x, &options, diag);
        if (rc == SIM_E_INPUT) {
            sim_diag *of_others = s->problems;
            refuse(why, "the factor %s cannot be %s (%s):", factor->path, text + strlen(factor->path) + 1, where);
            s->problems = diag;
            diag = of_others;
        }
    }
    model_experiment_free(x);
    sim_diag_free(diag);
    free(text);
    free(sets);
    return rc;
}

/* Both ends of a range, every value of a list. */
static int try_factor(sweep *s, const sim_factor *factor, const reason *why)
{
    int rc = 0;
    if (factor->kind != SIM_FACTOR_LIST) {
        rc = try_setting(s, factor, factor->low, "its low end", why);
        if (rc == 0 && factor->high > factor->low)
            rc = try_setting(s, factor, factor->high, "its high end", why);
        return rc;
    }
    for (size_t i = 0; i < factor->count && rc == 0; i++)
        rc = try_setting(s, factor, (double)i, "a value of its list", why);
    return rc;
}

static int try_factors(sweep *s, const reason *why)
{
    int rc = check_names(s, why);
    for (size_t i = 0; i < s->factors.count && rc == 0; i++)
        if (i != s->plan_factor)
            rc = try_factor(s, &s->factors.factors[i], why);
    return rc;
}

/* --- designs --- */

static int make_factorial(sweep *s)
{
    size_t k = s->factors.count, *levels = calloc(k + 1, sizeof *levels);
    double **at = calloc(k + 1, sizeof *at);
    int rc = levels == NULL || at == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < k && rc == 0; i++) {
        levels[i] = sim_factor_levels(&s->factors.factors[i], s->levels);
        at[i] = calloc(levels[i] + 1, sizeof **at);
        for (size_t level = 0; at[i] != NULL && level < levels[i]; level++)
            at[i][level] = sim_factor_level(&s->factors.factors[i], level, levels[i]);
        rc = at[i] == NULL ? SIM_E_MEMORY : 0;
    }
    if (rc == 0)
        rc = sim_design_factorial(&s->design, k, levels, (const double *const *)at);
    for (size_t i = 0; i < k && at != NULL; i++)
        free(at[i]);
    free(at);
    free(levels);
    return rc;
}

static int make_points(sweep *s, const reason *why)
{
    const sweep_wishes *o = s->wishes;
    size_t k = s->factors.count;
    s->levels = o->levels > 0 ? o->levels : o->design == SIM_DESIGN_MORRIS ? 4 : 3;
    if (k > SIM_DESIGN_FACTORS)
        return refuse(why, "a sweep has at most %d factors, not %zu", SIM_DESIGN_FACTORS, k);
    switch (o->design) {
    case SIM_DESIGN_LATIN:
        return sim_design_latin(&s->design, k, o->points > 0 ? o->points : 100, o->seed);
    case SIM_DESIGN_MORRIS:
        return sim_design_morris(&s->design, k, o->points > 0 ? o->points : 10, s->levels, o->seed);
    case SIM_DESIGN_SOBOL:
        if (k > SIM_SOBOL_FACTORS)
            return refuse(
                why,
                "a Sobol design has at most %d factors, not %zu: find out with --design morris which of them matter",
                SIM_SOBOL_FACTORS, k);
        return sim_design_sobol(&s->design, k, o->points > 0 ? o->points : 64, NULL);
    default:
        return make_factorial(s);
    }
}

/* The settings of a design of ours. */
static int take_settings(sweep *s)
{
    size_t n = s->design.points * s->factors.count;
    s->settings = calloc(n + 1, sizeof *s->settings);
    for (size_t i = 0; i < n && s->settings != NULL; i++)
        s->settings[i] = sim_factor_at(&s->factors.factors[i % s->factors.count], s->design.at[i]);
    return s->settings == NULL ? SIM_E_MEMORY : 0;
}

/* Points of a file; what --design says of them must be so. */
static int read_points(sweep *s, const reason *why)
{
    const sweep_wishes *o = s->wishes;
    s->levels = o->levels > 0 ? o->levels : 4;
    int rc = sim_points_read(&s->design, &s->settings, &s->factors, o->from, config_of(s), s->problems);
    if (rc != 0)
        return rc;
    if (o->design == SIM_DESIGN_SOBOL && !sim_design_take_sobol(&s->design))
        return refuse(why,
                      "%s: these are not rows of a Sobol design: A, AB of each factor, B (SALib's saltelli sampler)",
                      o->from);
    if (o->design == SIM_DESIGN_MORRIS && !sim_design_take_morris(&s->design, s->levels))
        return refuse(why,
                      "%s: these are not trajectories, of which each point changes one factor and each factor once",
                      o->from);
    return 0;
}

static int check_size(const sweep *s, int rc, const reason *why)
{
    if (rc == SIM_E_LIMIT || (rc == 0 && s->design.points > SIM_DESIGN_POINTS / s->wishes->replications))
        return refuse(why, "that would be more than %d runs", SIM_DESIGN_POINTS);
    return rc;
}

static int make_design(sweep *s, const reason *why)
{
    int rc = read_factors(s);
    if (rc == 0 && s->wishes->from != NULL)
        rc = read_points(s, why);
    if (rc == 0)
        rc = try_factors(s, why);
    if (rc == 0 && s->wishes->from == NULL)
        rc = make_points(s, why);
    return check_size(s, rc, why);
}

int sweep_prepare(sweep *s, model_experiment *experiment, const sweep_wishes *wishes, char *why, size_t size)
{
    const reason line = {why, size};
    *s = (sweep){.experiment = experiment, .wishes = wishes, .plan_factor = SIZE_MAX};
    s->confidence = model_experiment_setup(experiment, 0)->confidence;
    int rc = sim_diag_new(&s->problems, 1000);
    if (rc == 0)
        rc = make_design(s, &line);
    if (rc == 0 && s->settings == NULL)
        rc = take_settings(s);
    return rc == 0 ? sweep_choose_measures(s, why, size) : rc;
}
