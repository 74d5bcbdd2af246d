/* A distribution ready to be evaluated exactly: truncated families, discrete values, and mixtures of them.
 *
 * Two rewritings at the start keep the rest simple: a truncated mixture becomes a mixture of truncated parts with new
 * weights, and a mixture whose parts are all discrete becomes one discrete distribution. */
#ifndef SIM_DIST_EXACT_H
#define SIM_DIST_EXACT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/dist/family.h"

typedef enum { SIM_DIST_IS_DISCRETE, SIM_DIST_IS_CONTINUOUS, SIM_DIST_IS_MIXED } sim_dist_kind;

typedef struct sim_dist_exact {
    sim_dist_kind kind;
    double low, high; /* the support, after truncation; may be infinite */
    int bits;         /* significant bits of quantiles; 0: all */
    /* continuous */
    sim_dist_standard standard;
    double cut_below, cut_above, mass; /* probability cut off on either side, and what is left */
    double grain;                      /* no rounding of z coarser than this; 0: no limit */
    /* discrete: n sorted values with P(X <= value) and P(X > value); mixed: n weights and parts */
    size_t n;
    double *values, *weights, *at_most, *beyond;
    struct sim_dist_exact *parts;
} sim_dist_exact;

/* Takes a checked or unchecked specification. `bits` rounds the quantiles (see dist.c); 0 leaves them alone. Returns 0,
 * SIM_E_INPUT with *why, or SIM_E_MEMORY; freeing is safe after any of them. */
int sim_dist_exact_init(sim_dist_exact *exact, const sim_dist_spec *spec, int bits, const char **why);
void sim_dist_exact_free(sim_dist_exact *exact);

/* The smallest x with P(X <= x) >= tail, or with P(X > x) <= tail where `upper`; tail in (0, 1). */
double sim_dist_exact_value(const sim_dist_exact *exact, double tail, bool upper);

/* P(X <= x) and P(X > x), each accurate where it is small. */
void sim_dist_exact_tails(const sim_dist_exact *exact, double x, double *below, double *above);

/* Closed forms where they exist; Gauss-Legendre over the quantile function where a family is truncated. */
void sim_dist_exact_moments(const sim_dist_exact *exact, double *mean, double *variance);

/* The steps of discrete distributions (discrete.c). Values of weight zero are dropped, equal ones joined. */
int sim_dist_discrete_init(sim_dist_exact *exact, size_t n, const double *values, const double *weights);
int sim_dist_discrete_join(sim_dist_exact *mixture); /* mixed, all parts discrete: becomes one discrete */
size_t sim_dist_discrete_find(const sim_dist_exact *exact, double x); /* how many values are <= x */
double sim_dist_discrete_value(const sim_dist_exact *exact, double tail, bool upper);

/* The quantile of a mixture (mixture.c). */
double sim_dist_mixture_value(const sim_dist_exact *exact, double tail, bool upper);

#endif
