/* Exact evaluation of a distribution: building it from the specification, quantiles, tails, moments. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_math.h>

#include "sim/base/error.h"
#include "sim/dist/exact.h"

static int build(sim_dist_exact *exact, const sim_dist_spec *spec, double low, double high, int bits, double *mass);

static bool is_single_value(const sim_dist_spec *spec, double *value)
{
    *value = spec->a;
    switch (spec->family) {
    case SIM_DIST_CONSTANT:
        return true;
    case SIM_DIST_TRIANGULAR:
        return spec->a == spec->c;
    case SIM_DIST_UNIFORM:
        return spec->a == spec->b;
    case SIM_DIST_GAMMA:
    case SIM_DIST_LOGNORMAL:
    case SIM_DIST_GUMBEL:
    case SIM_DIST_NORMAL:
        return spec->b == 0;
    default:
        return false;
    }
}

static double what_is_left(double below_low, double above_low, double below_high, double above_high)
{
    if (below_low > 0.5)
        return above_low - above_high;
    if (above_high > 0.5)
        return below_high - below_low;
    return 1 - below_low - above_high;
}

/* Cuts a family to [low, high]. Fails where next to nothing is left: its quantiles would be noise. */
static int build_continuous(sim_dist_exact *exact, const sim_dist_spec *spec, double low, double high, double *mass)
{
    sim_dist_standard *s = &exact->standard;
    exact->kind = SIM_DIST_IS_CONTINUOUS;
    sim_dist_standard_init(s, spec);
    exact->low = fmax(low, s->location + s->scale * s->low);
    exact->high = fmin(high, s->location + s->scale * s->high);
    double z_low = (low - s->location) / s->scale, z_high = (high - s->location) / s->scale;
    double below_low, above_low, below_high, above_high;
    sim_dist_standard_tails(s, z_low, &below_low, &above_low);
    sim_dist_standard_tails(s, z_high, &below_high, &above_high);
    exact->cut_below = below_low;
    exact->cut_above = above_high;
    exact->mass = *mass = what_is_left(below_low, above_low, below_high, above_high);
    exact->grain = (exact->high - exact->low) / s->scale;
    return *mass > 1e-30 ? 0 : SIM_E_INPUT;
}

static int add_part(sim_dist_exact *mixture, const sim_dist_spec *part, double weight, double low, double high)
{
    double mass = 1;
    sim_dist_exact *place = &mixture->parts[mixture->n];
    int code = build(place, part, fmax(low, part->low), fmin(high, part->high), 0, &mass);
    if (code != 0) {
        sim_dist_exact_free(place);
        return code;
    }
    mixture->weights[mixture->n++] = weight * mass;
    mixture->low = fmin(mixture->low, place->low);
    mixture->high = fmax(mixture->high, place->high);
    return 0;
}

/* The mass of `part` on its own, that is within its own limits: what its weight refers to. */
static int own_mass(const sim_dist_spec *part, double *mass)
{
    sim_dist_exact alone;
    int code = build(&alone, part, part->low, part->high, 0, mass);
    sim_dist_exact_free(&alone);
    return code;
}

static int add_parts(sim_dist_exact *exact, const sim_dist_spec *spec, double low, double high, double *mass)
{
    double total = 0, left = 0;
    for (size_t i = 0; i < spec->n; i++)
        total += spec->weights == NULL ? 1 : spec->weights[i];
    exact->low = INFINITY;
    exact->high = -INFINITY;
    for (size_t i = 0; i < spec->n; i++) {
        double weight = (spec->weights == NULL ? 1 : spec->weights[i]) / total, whole = 1;
        if (!(weight > 0))
            continue;
        int code = own_mass(&spec->parts[i], &whole);
        if (code != 0)
            return code;
        code = add_part(exact, &spec->parts[i], weight / whole, low, high);
        if (code == SIM_E_MEMORY)
            return code;
    }
    for (size_t i = 0; i < exact->n; i++)
        left += exact->weights[i];
    if (!(left > 1e-30))
        return SIM_E_INPUT;
    for (size_t i = 0; i < exact->n; i++)
        exact->weights[i] /= left;
    *mass = left;
    return 0;
}

/* A mixture of one part is that part. */
static void become_part(sim_dist_exact *mixture)
{
    sim_dist_exact part = mixture->parts[0];
    part.bits = mixture->bits;
    free(mixture->parts);
    free(mixture->weights);
    *mixture = part;
}

static int build_mixture(sim_dist_exact *exact, const sim_dist_spec *spec, double low, double high, double *mass)
{
    exact->kind = SIM_DIST_IS_MIXED;
    exact->weights = calloc(spec->n, sizeof *exact->weights);
    exact->parts = calloc(spec->n, sizeof *exact->parts);
    if (exact->weights == NULL || exact->parts == NULL)
        return SIM_E_MEMORY;
    int code = add_parts(exact, spec, low, high, mass);
    if (code != 0)
        return code;
    bool discrete = true;
    if (exact->n == 1) {
        become_part(exact);
        return 0;
    }
    for (size_t i = 0; i < exact->n; i++)
        discrete = discrete && exact->parts[i].kind == SIM_DIST_IS_DISCRETE;
    return discrete ? sim_dist_discrete_join(exact) : 0;
}

static double weight_within(const sim_dist_spec *spec, double low, double high)
{
    double within = 0, total = 0;
    for (size_t i = 0; i < spec->n; i++) {
        double weight = spec->weights == NULL ? 1 : spec->weights[i];
        total += weight;
        within += spec->values[i] >= low && spec->values[i] <= high ? weight : 0;
    }
    return within / total;
}

/* The distribution within [low, high], and the probability that this interval had. */
static int build(sim_dist_exact *exact, const sim_dist_spec *spec, double low, double high, int bits, double *mass)
{
    double value;
    *exact = (sim_dist_exact){.low = low, .high = high, .bits = bits};
    *mass = 1;
    if (is_single_value(spec, &value))
        return sim_dist_discrete_init(exact, 1, &value, NULL);
    if (spec->family == SIM_DIST_EMPIRICAL) {
        *mass = weight_within(spec, low, high);
        return sim_dist_discrete_init(exact, spec->n, spec->values, spec->weights);
    }
    if (spec->family == SIM_DIST_MIXTURE)
        return build_mixture(exact, spec, low, high, mass);
    return build_continuous(exact, spec, low, high, mass);
}

int sim_dist_exact_init(sim_dist_exact *exact, const sim_dist_spec *spec, int bits, const char **why)
{
    double mass;
    *exact = (sim_dist_exact){.n = 0};
    *why = sim_dist_spec_check(spec);
    if (*why != NULL)
        return SIM_E_INPUT;
    int code = build(exact, spec, spec->low, spec->high, bits, &mass);
    if (code == SIM_E_INPUT)
        *why = "the limits leave next to no probability";
    return code;
}

void sim_dist_exact_free(sim_dist_exact *exact)
{
    if (exact->parts != NULL)
        for (size_t i = 0; i < exact->n; i++)
            sim_dist_exact_free(&exact->parts[i]);
    free(exact->parts);
    free(exact->values);
    free(exact->weights);
    free(exact->at_most);
    free(exact->beyond);
    *exact = (sim_dist_exact){.n = 0};
}

/* Fewer bits, but never coarser than 2^-bits of a narrow interval's width, nor, where a family on the whole line is cut
 * near its origin, finer than its absolute error allows. */
static double round_standard(const sim_dist_exact *exact, double z)
{
    const int finest = -32;
    int size, width;
    if (!exact->standard.needs_libm || exact->bits == 0 || !isfinite(z) || z == 0)
        return z;
    (void)frexp(z, &size);
    (void)frexp(exact->grain, &width);
    if (isfinite(exact->grain) && width < size)
        size = width;
    int step = size - exact->bits;
    if (step < finest && exact->standard.low == -INFINITY)
        step = finest;
    return ldexp(rint(ldexp(z, -step)), step);
}

/* Maps a tail of the cut distribution to one of the whole, on whichever side that is the smaller. */
static double continuous_value(const sim_dist_exact *exact, double tail, bool upper)
{
    const sim_dist_standard *s = &exact->standard;
    double here = (upper ? exact->cut_above : exact->cut_below) + tail * exact->mass;
    if (here > 0.5) {
        here = (upper ? exact->cut_below : exact->cut_above) + (1 - tail) * exact->mass;
        upper = !upper;
    }
    double z = round_standard(exact, sim_dist_standard_quantile(s, here, upper));
    return fmin(fmax(s->location + s->scale * z, exact->low), exact->high);
}

double sim_dist_exact_value(const sim_dist_exact *exact, double tail, bool upper)
{
    assert(tail > 0 && tail < 1);
    switch (exact->kind) {
    case SIM_DIST_IS_DISCRETE:
        return sim_dist_discrete_value(exact, tail, upper);
    case SIM_DIST_IS_CONTINUOUS:
        return continuous_value(exact, tail, upper);
    default:
        return sim_dist_mixture_value(exact, tail, upper);
    }
}

static void continuous_tails(const sim_dist_exact *exact, double x, double *below, double *above)
{
    const sim_dist_standard *s = &exact->standard;
    *below = x >= exact->high ? 1 : 0;
    *above = x >= exact->high ? 0 : 1;
    if (x <= exact->low || x >= exact->high)
        return;
    sim_dist_standard_tails(s, (x - s->location) / s->scale, below, above);
    double p = *below > 0.5 ? exact->mass - (*above - exact->cut_above) : *below - exact->cut_below;
    double q = *above > 0.5 ? exact->mass - (*below - exact->cut_below) : *above - exact->cut_above;
    *below = fmin(fmax(p / exact->mass, 0), 1);
    *above = fmin(fmax(q / exact->mass, 0), 1);
}

void sim_dist_exact_tails(const sim_dist_exact *exact, double x, double *below, double *above)
{
    if (exact->kind == SIM_DIST_IS_CONTINUOUS) {
        continuous_tails(exact, x, below, above);
    } else if (exact->kind == SIM_DIST_IS_DISCRETE) {
        size_t passed = sim_dist_discrete_find(exact, x);
        *below = passed == 0 ? 0 : exact->at_most[passed - 1];
        *above = passed == 0 ? 1 : exact->beyond[passed - 1];
    } else {
        *below = *above = 0;
        for (size_t i = 0; i < exact->n; i++) {
            double p, q;
            sim_dist_exact_tails(&exact->parts[i], x, &p, &q);
            *below += exact->weights[i] * p;
            *above += exact->weights[i] * q;
        }
    }
}

/* Sums of (x - centre) and its square over tails from `from` to `to`, by four Gauss points. */
static void add_gauss(const sim_dist_exact *exact, double from, double to, bool upper, double centre, double sums[2])
{
    static const double place[4] = {-0.8611363115940526, -0.3399810435848563, 0.3399810435848563, 0.8611363115940526};
    static const double weight[4] = {0.3478548451374538, 0.6521451548625461, 0.6521451548625461, 0.3478548451374538};
    double half = 0.5 * (to - from);
    for (int i = 0; i < 4; i++) {
        double x = sim_dist_exact_value(exact, from + half * (1 + place[i]), upper) - centre;
        sums[0] += half * weight[i] * x;
        sums[1] += half * weight[i] * x * x;
    }
}

/* Eight pieces an octave of either tail down to 2^-46. */
static void moments_by_quadrature(const sim_dist_exact *exact, double *mean, double *variance)
{
    double centre = sim_dist_exact_value(exact, 0.5, false), sums[2] = {0, 0};
    for (int octave = 45; octave >= 1; octave--)
        for (int piece = 0; piece < 8; piece++) {
            double from = ldexp(1 + piece / 8.0, -octave - 1), to = ldexp(1 + (piece + 1) / 8.0, -octave - 1);
            add_gauss(exact, from, to, false, centre, sums);
            add_gauss(exact, from, to, true, centre, sums);
        }
    *mean = centre + sums[0];
    *variance = sums[1] - sums[0] * sums[0];
}

static void discrete_moments(const sim_dist_exact *exact, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (size_t i = 0; i < exact->n; i++)
        *mean += exact->weights[i] * exact->values[i];
    for (size_t i = 0; i < exact->n; i++)
        *variance += exact->weights[i] * (exact->values[i] - *mean) * (exact->values[i] - *mean);
}

static void mixture_moments(const sim_dist_exact *exact, double *mean, double *variance)
{
    double part_mean, part_variance;
    *mean = *variance = 0;
    for (size_t i = 0; i < exact->n; i++) {
        sim_dist_exact_moments(&exact->parts[i], &part_mean, &part_variance);
        *mean += exact->weights[i] * part_mean;
    }
    for (size_t i = 0; i < exact->n; i++) {
        sim_dist_exact_moments(&exact->parts[i], &part_mean, &part_variance);
        double shift = part_mean - *mean;
        *variance += exact->weights[i] * (part_variance + shift * shift);
    }
}

void sim_dist_exact_moments(const sim_dist_exact *exact, double *mean, double *variance)
{
    if (exact->kind == SIM_DIST_IS_DISCRETE) {
        discrete_moments(exact, mean, variance);
    } else if (exact->kind == SIM_DIST_IS_MIXED) {
        mixture_moments(exact, mean, variance);
    } else if (exact->cut_below > 0 || exact->cut_above > 0) {
        sim_dist_exact whole = *exact; /* without the noise of rounding */
        whole.bits = 0;
        moments_by_quadrature(&whole, mean, variance);
    } else {
        *mean = exact->standard.mean;
        *variance = exact->standard.variance;
    }
}
