/* The continuous families in standard form: a value is location + scale * z, and z has a quantile and two tails.
 *
 * Both tails are computed on their own side (never as one minus the other), so that 1e-13 from the end is as accurate
 * as the middle. Parameters must have passed sim_dist_spec_check. Nothing here allocates or fails; GSL is called only
 * inside the domains where it cannot raise its process-wide error handler. */
#ifndef SIM_DIST_FAMILY_H
#define SIM_DIST_FAMILY_H

#include <stdbool.h>

#include "sim/dist/dist.h"

typedef struct {
    sim_dist_family family;
    double location, scale;
    double shape; /* gamma: k; lognormal: sigma of the logarithm; Weibull: k; triangular: the mode's place in [0, 1] */
    double unit;  /* Weibull: Gamma(1 + 1/k), so that z has mean 1 */
    double low, high;      /* the support of z; may be infinite */
    double mean, variance; /* of the value, closed forms, not truncated */
    bool needs_libm;       /* z comes from libm, whose last bits differ between machines */
} sim_dist_standard;

void sim_dist_standard_init(sim_dist_standard *standard, const sim_dist_spec *spec);

/* z with P(Z <= z) = tail, or with P(Z > z) = tail where `upper`; tail in (0, 1). */
double sim_dist_standard_quantile(const sim_dist_standard *standard, double tail, bool upper);

/* P(Z <= z) and P(Z > z), each accurate where it is small. */
void sim_dist_standard_tails(const sim_dist_standard *standard, double z, double *below, double *above);

/* x with P(X <= x) = tail (P(X > x) = tail where `upper`) for the gamma distribution of shape k and scale 1, k in
 * [0.01, 10000]. Below exp(-90) the answer is 0. */
double sim_dist_gamma_quantile(double k, double tail, bool upper);

/* x to `bits` significant bits, ties to even; 0 and infinities as they are. Exact arithmetic: the same everywhere. */
double sim_dist_round(double x, int bits);

/* NULL, or what is wrong with the specification (a static string). */
const char *sim_dist_spec_check(const sim_dist_spec *spec);

#endif
