/* Distributions, compiled: each becomes a table of quantiles when the scenario loads; a draw is one uniform and one
 * linear interpolation.
 *
 * The table is fine in both tails: for each octave of u (and of 1 - u) down to 2^-SIM_DIST_OCTAVES there are
 * 2^SIM_DIST_BITS cells. One path serves all continuous families; it is monotone in the uniform, and no libm
 * call stands on the event path. Discrete values and mixtures are found by a short search instead, so that their jumps
 * stay where they are.
 *
 * The same bits everywhere: glibc's exp, log and pow differ in the last bit with and without FMA. Over 105,600
 * quantiles of 75 distributions the standard quantiles differed by 1.6e-19 on average, 2.7e-18 in the worst
 * distribution and 1.6e-15 in the worst place, relative. They are rounded to 24 bits, so that a difference shows with a
 * probability of 2^24 times that: 1.5e-8 for a table of 5,636 nodes on average, 2.6e-7 at worst. With every other libm
 * result moved by a last bit it is 5e-5 (quantiles then differ by 5.7e-16 on average); seven times 342 tables, so
 * disturbed, all kept their bits. What follows the rounding is arithmetic that IEEE 754 fixes; build with
 * -ffp-contract=off.
 *
 * Error against the exact distribution: nodes are right to 3e-8, a draw between them to 4e-5 standard deviations or
 * 1e-5 of its distance from the median, down to 1e-12 on either side; the mean to 2.5e-5 and the variance to 2e-5,
 * relative, for a coefficient of variation up to 5 (exponential: 6e-6 and 7e-6). Beyond 2^-45 the tail ends at the
 * quantile of 2^-48, or at the support's end. A gamma's values below exp(-90) of its scale are 0. */
#ifndef SIM_DIST_H
#define SIM_DIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    SIM_DIST_CONSTANT,    /* a: value */
    SIM_DIST_EXPONENTIAL, /* a: mean */
    SIM_DIST_ERLANG,      /* a: mean, b: k (whole number) */
    SIM_DIST_GAMMA,       /* a: mean, b: coefficient of variation */
    SIM_DIST_LOGNORMAL,   /* a: mean, b: coefficient of variation */
    SIM_DIST_WEIBULL,     /* a: mean, b: shape */
    SIM_DIST_TRIANGULAR,  /* a: low, b: mode, c: high */
    SIM_DIST_UNIFORM,     /* a: low, b: high */
    SIM_DIST_GUMBEL,      /* a: location (mode), b: scale; maximum convention, for discrete choice */
    SIM_DIST_NORMAL,      /* a: mean, b: standard deviation */
    SIM_DIST_EMPIRICAL,   /* values[i] with weight weights[i], discrete (steps, no interpolation between values) */
    SIM_DIST_MIXTURE,     /* parts[i] with weight weights[i] */
    SIM_DIST_FAMILIES
} sim_dist_family;

/* What a distribution is, in SI units. Truncation applies to any family: values are drawn conditionally on
 * [low, high]; use -INFINITY, INFINITY for none. Arrays belong to the spec; sim_dist_spec_free frees them, recursively.
 */
typedef struct sim_dist_spec {
    sim_dist_family family;
    double a, b, c;
    double low, high;
    size_t n; /* of values or parts */
    double *values;
    double *weights;
    struct sim_dist_spec *parts;
} sim_dist_spec;

void sim_dist_spec_init(sim_dist_spec *spec); /* constant 0, not truncated */
void sim_dist_spec_free(sim_dist_spec *spec);

enum { SIM_DIST_OCTAVES = 44, SIM_DIST_BITS = 6 };
#define SIM_DIST_SIDE (((size_t)SIM_DIST_OCTAVES << SIM_DIST_BITS) + 2)

/* Node 0 of a side is u = 0 (1 - u = 0); then octave after octave from 2^-45 up to 1/2, the last node.
 * A compiled distribution; sim_dist_draw is the only reader of the tables on the event path. */
typedef struct {
    double *nodes;       /* 2 * SIM_DIST_SIDE quantiles: lower half, then upper half; NULL unless a continuous family */
    double constant;     /* the value when nodes and steps are NULL */
    const double *steps; /* discrete and mixed: sorted values, NULL otherwise */
    double mean;         /* of the exact distribution after truncation, SI (by quadrature where no closed form) */
    double variance;
    size_t n; /* of steps */
    uint64_t
        *ends; /* discrete: cumulated weights scaled to 2^64; mixed: where on that scale a step's value is reached */
    uint32_t
        *guide; /* with steps: for each value of the top 8 bits, how many ends lie before it; one more at the end */
    bool mixed; /* the steps are joined by straight lines */
} sim_dist;

/* Compiles `spec` with all values multiplied by `scale` (1e6 turns seconds into microseconds); mean and variance are
 * scaled as well. Errors: SIM_E_INPUT for parameters outside the family's domain (message in *why, a static string),
 * SIM_E_MEMORY. On failure *out can be freed safely. */
int sim_dist_compile(sim_dist *out, const sim_dist_spec *spec, double scale, const char **why);
void sim_dist_free(sim_dist *dist);

/* The exact quantile of the spec (no table) for tests and for compiling; u in (0, 1). */
double sim_dist_exact_quantile(const sim_dist_spec *spec, double u);

/* Discrete and mixed lookup, out of line. */
double sim_dist_draw_discrete(const sim_dist *dist, uint64_t bits);

static inline double sim_dist_draw(const sim_dist *dist, uint64_t bits)
{
    if (dist->nodes == NULL)
        return dist->steps == NULL ? dist->constant : sim_dist_draw_discrete(dist, bits);
    uint64_t upper =
        -(bits >> 63); /* all ones in the upper half: a branch here would be mispredicted every other time */
    const double *side = dist->nodes + (SIM_DIST_SIDE & upper);
    bits ^= upper; /* now bits < 2^63: u or 1 - u in [0, 1/2) as bits / 2^64 */
    size_t cell = 0;
    double fraction;
    if (bits < UINT64_C(1) << (63 - SIM_DIST_OCTAVES)) { /* [0, 2^-45) */
        fraction = (double)(int64_t)bits * (1.0 / (double)(UINT64_C(1) << (63 - SIM_DIST_OCTAVES)));
    } else {
        int zeros = __builtin_clzll(bits);        /* 1 .. SIM_DIST_OCTAVES */
        uint64_t mantissa = (bits << zeros) << 1; /* the bits behind the leading one */
        cell = ((size_t)(SIM_DIST_OCTAVES - zeros) << SIM_DIST_BITS) + (size_t)(mantissa >> (64 - SIM_DIST_BITS)) + 1;
        fraction = (double)(int64_t)((mantissa << SIM_DIST_BITS) >> 11) * 0x1p-53;
    }
    return side[cell] + (side[cell + 1] - side[cell]) * fraction;
}

#endif
