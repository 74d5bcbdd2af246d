/* What a distribution's specification may contain: each family's domain, with the message for whoever left it.
 *
 * The limits (a coefficient of variation from 0.01 to 10, an Erlang of at most 10000 stages) are where the table's
 * accuracy is tested, and where GSL's incomplete gamma function is sound: at a shape of 236791 it is off by 3e-7, and
 * beyond a million it gives up and aborts. Nothing a border does lies outside. */
#include <math.h>
#include <stdlib.h>

#include "sim/dist/family.h"

enum { DEEPEST = 8, MOST = 10000000 };

static const char *check(const sim_dist_spec *spec, int depth);

void sim_dist_spec_init(sim_dist_spec *spec)
{
    *spec = (sim_dist_spec){.family = SIM_DIST_CONSTANT, .low = -INFINITY, .high = INFINITY};
}

void sim_dist_spec_free(sim_dist_spec *spec)
{
    if (spec->parts != NULL)
        for (size_t i = 0; i < spec->n; i++)
            sim_dist_spec_free(&spec->parts[i]);
    free(spec->parts);
    free(spec->values);
    free(spec->weights);
    sim_dist_spec_init(spec);
}

static const char *check_mean_and_variation(const sim_dist_spec *spec)
{
    if (!(spec->a > 0))
        return "the mean must be positive";
    if (spec->b != 0 && !(spec->b >= 0.01 && spec->b <= 10))
        return "the coefficient of variation must be 0 or between 0.01 and 10";
    return NULL;
}

static const char *check_erlang(const sim_dist_spec *spec)
{
    if (!(spec->a > 0))
        return "the mean must be positive";
    if (!(spec->b >= 1 && spec->b <= 10000) || spec->b != floor(spec->b))
        return "the number of Erlang stages must be a whole number from 1 to 10000";
    return NULL;
}

static const char *check_weibull(const sim_dist_spec *spec)
{
    if (!(spec->a > 0))
        return "the mean must be positive";
    if (!(spec->b >= 0.2 && spec->b <= 1000))
        return "the Weibull shape must be between 0.2 and 1000";
    return NULL;
}

static const char *check_weights(const sim_dist_spec *spec)
{
    double total = 0;
    if (spec->n == 0)
        return "at least one value or part is needed";
    if (spec->n > MOST)
        return "too many values";
    if (spec->weights == NULL)
        return NULL;
    for (size_t i = 0; i < spec->n; i++) {
        if (!(spec->weights[i] >= 0 && spec->weights[i] <= 1e100))
            return "weights must not be negative";
        total += spec->weights[i];
    }
    return total > 0 ? NULL : "at least one weight must be positive";
}

static const char *check_empirical(const sim_dist_spec *spec)
{
    if (spec->values == NULL)
        return "at least one value or part is needed";
    for (size_t i = 0; i < spec->n; i++)
        if (!isfinite(spec->values[i]))
            return "values must be finite numbers";
    return check_weights(spec);
}

static const char *check_mixture(const sim_dist_spec *spec, int depth)
{
    const char *why = check_weights(spec);
    if (why == NULL && spec->parts == NULL)
        why = "at least one value or part is needed";
    if (why == NULL && depth == DEEPEST)
        why = "mixtures are nested too deeply";
    for (size_t i = 0; why == NULL && i < spec->n; i++)
        why = check(&spec->parts[i], depth + 1);
    return why;
}

static const char *check_family(const sim_dist_spec *spec, int depth)
{
    switch (spec->family) {
    case SIM_DIST_CONSTANT:
        return NULL;
    case SIM_DIST_EXPONENTIAL:
        return spec->a > 0 ? NULL : "the mean must be positive";
    case SIM_DIST_ERLANG:
        return check_erlang(spec);
    case SIM_DIST_GAMMA:
    case SIM_DIST_LOGNORMAL:
        return check_mean_and_variation(spec);
    case SIM_DIST_WEIBULL:
        return check_weibull(spec);
    case SIM_DIST_TRIANGULAR:
        return spec->a <= spec->b && spec->b <= spec->c ? NULL : "low, mode and high must be in this order";
    case SIM_DIST_UNIFORM:
        return spec->a <= spec->b ? NULL : "low must not exceed high";
    case SIM_DIST_GUMBEL:
        return spec->b >= 0 ? NULL : "the scale must not be negative";
    case SIM_DIST_NORMAL:
        return spec->b >= 0 ? NULL : "the standard deviation must not be negative";
    case SIM_DIST_EMPIRICAL:
        return check_empirical(spec);
    case SIM_DIST_MIXTURE:
        return check_mixture(spec, depth);
    case SIM_DIST_FAMILIES:
        break;
    }
    return "unknown distribution";
}

static const char *check(const sim_dist_spec *spec, int depth)
{
    const double largest = 1e100; /* squares of it are still finite */
    if (!(fabs(spec->a) <= largest && fabs(spec->b) <= largest && fabs(spec->c) <= largest))
        return "parameters must be finite numbers";
    if (isnan(spec->low) || isnan(spec->high) || spec->low == INFINITY || spec->high == -INFINITY)
        return "the limits must be numbers";
    if (spec->low > spec->high)
        return "the lower limit must not exceed the upper limit";
    return check_family(spec, depth);
}

const char *sim_dist_spec_check(const sim_dist_spec *spec)
{
    return check(spec, 0);
}
