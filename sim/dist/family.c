/* The continuous families in standard form: parameters, support, moments, quantiles, tails. */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>

#include "sim/dist/family.h"

double sim_dist_round(double x, int bits)
{
    int exponent;
    double fraction = frexp(x, &exponent);
    if (x == 0 || !isfinite(x))
        return x;
    return ldexp(rint(ldexp(fraction, bits)), exponent - bits);
}

static void init_gamma(sim_dist_standard *s, double mean, double k)
{
    s->family = SIM_DIST_GAMMA;
    s->shape = k;
    s->scale = mean / k;
    s->low = 0;
    s->mean = mean;
    s->variance = mean * mean / k;
}

static void init_lognormal(sim_dist_standard *s, double mean, double variation)
{
    s->shape = sqrt(log1p(variation * variation));
    s->scale = mean;
    s->low = 0;
    s->mean = mean;
    s->variance = mean * variation * mean * variation;
}

static void init_weibull(sim_dist_standard *s, double mean, double k)
{
    s->shape = k;
    s->unit = gsl_sf_gamma(1 + 1 / k);
    s->scale = mean;
    s->low = 0;
    s->mean = mean;
    s->variance = mean * mean * (gsl_sf_gamma(1 + 2 / k) / (s->unit * s->unit) - 1);
}

static void init_triangular(sim_dist_standard *s, double low, double mode, double high)
{
    double width = high - low, left = mode - low;
    s->location = low;
    s->scale = width;
    s->shape = left / width;
    s->low = 0;
    s->high = 1;
    s->mean = (low + mode + high) / 3;
    s->variance = (width * width - width * left + left * left) / 18;
    s->needs_libm = false;
}

static void init_uniform(sim_dist_standard *s, double low, double high)
{
    s->location = low;
    s->scale = high - low;
    s->low = 0;
    s->high = 1;
    s->mean = low + 0.5 * s->scale;
    s->variance = s->scale * s->scale / 12;
    s->needs_libm = false;
}

static void init_location_scale(sim_dist_standard *s, double location, double scale)
{
    bool gumbel = s->family == SIM_DIST_GUMBEL;
    s->location = location;
    s->scale = scale;
    s->mean = location + (gumbel ? scale * M_EULER : 0);
    s->variance = scale * scale * (gumbel ? M_PI * M_PI / 6 : 1);
}

void sim_dist_standard_init(sim_dist_standard *s, const sim_dist_spec *spec)
{
    *s =
        (sim_dist_standard){.family = spec->family, .scale = 1, .low = -INFINITY, .high = INFINITY, .needs_libm = true};
    switch (spec->family) {
    case SIM_DIST_EXPONENTIAL:
        s->scale = s->mean = spec->a;
        s->variance = spec->a * spec->a;
        s->low = 0;
        break;
    case SIM_DIST_ERLANG:
        init_gamma(s, spec->a, spec->b);
        break;
    case SIM_DIST_GAMMA:
        init_gamma(s, spec->a, 1 / (spec->b * spec->b));
        break;
    case SIM_DIST_LOGNORMAL:
        init_lognormal(s, spec->a, spec->b);
        break;
    case SIM_DIST_WEIBULL:
        init_weibull(s, spec->a, spec->b);
        break;
    case SIM_DIST_TRIANGULAR:
        init_triangular(s, spec->a, spec->b, spec->c);
        break;
    case SIM_DIST_UNIFORM:
        init_uniform(s, spec->a, spec->b);
        break;
    default:
        assert(spec->family == SIM_DIST_GUMBEL || spec->family == SIM_DIST_NORMAL);
        init_location_scale(s, spec->a, spec->b);
    }
}

/* On the left side of the mode z = sqrt(p m), on the right 1 - z = sqrt(q (1 - m)). */
static double triangular_quantile(double mode, double tail, bool upper)
{
    double p = upper ? 1 - tail : tail, q = upper ? tail : 1 - tail;
    return p <= mode ? sqrt(p * mode) : 1 - sqrt(q * (1 - mode));
}

static void triangular_tails(double mode, double z, double *below, double *above)
{
    if (z < mode) {
        *below = z * z / mode;
        *above = 1 - *below;
    } else {
        *above = mode < 1 ? (1 - z) * (1 - z) / (1 - mode) : 0;
        *below = 1 - *above;
    }
}

double sim_dist_standard_quantile(const sim_dist_standard *s, double tail, bool upper)
{
    double z;
    switch (s->family) {
    case SIM_DIST_EXPONENTIAL:
        return upper ? gsl_cdf_exponential_Qinv(tail, 1) : gsl_cdf_exponential_Pinv(tail, 1);
    case SIM_DIST_GAMMA:
        return sim_dist_gamma_quantile(s->shape, tail, upper);
    case SIM_DIST_LOGNORMAL:
        z = upper ? gsl_cdf_ugaussian_Qinv(tail) : gsl_cdf_ugaussian_Pinv(tail);
        return exp(s->shape * (z - 0.5 * s->shape));
    case SIM_DIST_WEIBULL:
        z = upper ? gsl_cdf_weibull_Qinv(tail, 1, s->shape) : gsl_cdf_weibull_Pinv(tail, 1, s->shape);
        return z / s->unit;
    case SIM_DIST_TRIANGULAR:
        return triangular_quantile(s->shape, tail, upper);
    case SIM_DIST_UNIFORM:
        return upper ? 1 - tail : tail;
    case SIM_DIST_GUMBEL:
        return upper ? -log(-log1p(-tail)) : -log(-log(tail));
    default:
        return upper ? gsl_cdf_ugaussian_Qinv(tail) : gsl_cdf_ugaussian_Pinv(tail);
    }
}

void sim_dist_standard_tails(const sim_dist_standard *s, double z, double *below, double *above)
{
    *below = z > s->low ? 1 : 0;
    *above = z > s->low ? 0 : 1;
    if (z <= s->low || z >= s->high)
        return;
    switch (s->family) {
    case SIM_DIST_EXPONENTIAL:
        *below = gsl_cdf_exponential_P(z, 1);
        *above = gsl_cdf_exponential_Q(z, 1);
        return;
    case SIM_DIST_GAMMA:
        *below = gsl_cdf_gamma_P(z, s->shape, 1);
        *above = gsl_cdf_gamma_Q(z, s->shape, 1);
        return;
    case SIM_DIST_LOGNORMAL:
        z = log(z) / s->shape + 0.5 * s->shape;
        break;
    case SIM_DIST_WEIBULL:
        *below = gsl_cdf_weibull_P(z * s->unit, 1, s->shape);
        *above = gsl_cdf_weibull_Q(z * s->unit, 1, s->shape);
        return;
    case SIM_DIST_TRIANGULAR:
        triangular_tails(s->shape, z, below, above);
        return;
    case SIM_DIST_UNIFORM:
        *below = z;
        *above = 1 - z;
        return;
    case SIM_DIST_GUMBEL:
        *below = exp(-exp(-z));
        *above = -expm1(-exp(-z));
        return;
    default:
        break;
    }
    *below = gsl_cdf_ugaussian_P(z);
    *above = gsl_cdf_ugaussian_Q(z);
}
