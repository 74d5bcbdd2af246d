/* Distributions that the tests of sim/dist/dist.h share, in one line each. */
#ifndef TESTS_UNIT_DIST_SPECS_H
#define TESTS_UNIT_DIST_SPECS_H

#include <math.h>

#include "sim/dist/dist.h"

#define DIST(...) ((sim_dist_spec){.low = -INFINITY, .high = INFINITY, __VA_ARGS__})
#define DIST_PAIR(first, second, first_share)                                           \
    DIST(.family = SIM_DIST_MIXTURE, .n = 2, .parts = (sim_dist_spec[]){first, second}, \
         .weights = (double[]){first_share, 1 - (first_share)})

static inline sim_dist_spec dist(sim_dist_family family, double a, double b)
{
    return DIST(.family = family, .a = a, .b = b);
}

static inline sim_dist_spec dist_triangular(double low, double mode, double high)
{
    return DIST(.family = SIM_DIST_TRIANGULAR, .a = low, .b = mode, .c = high);
}

static inline sim_dist_spec dist_within(sim_dist_spec spec, double low, double high)
{
    spec.low = low;
    spec.high = high;
    return spec;
}

/* One or more of every continuous family, small and large variation. */
enum { DIST_CONTINUOUS = 24 };

static inline sim_dist_spec dist_continuous(int i)
{
    const sim_dist_spec all[DIST_CONTINUOUS] = {
        dist(SIM_DIST_EXPONENTIAL, 60, 0),  dist(SIM_DIST_ERLANG, 60, 3),      dist(SIM_DIST_ERLANG, 60, 10000),
        dist(SIM_DIST_GAMMA, 60, 0.01),     dist(SIM_DIST_GAMMA, 60, 0.1),     dist(SIM_DIST_GAMMA, 60, 0.8),
        dist(SIM_DIST_GAMMA, 60, 1.3),      dist(SIM_DIST_GAMMA, 60, 2),       dist(SIM_DIST_GAMMA, 60, 5),
        dist(SIM_DIST_LOGNORMAL, 90, 0.01), dist(SIM_DIST_LOGNORMAL, 90, 0.7), dist(SIM_DIST_LOGNORMAL, 90, 2),
        dist(SIM_DIST_LOGNORMAL, 90, 5),    dist(SIM_DIST_WEIBULL, 10, 0.5),   dist(SIM_DIST_WEIBULL, 10, 1.5),
        dist(SIM_DIST_WEIBULL, 10, 20),     dist_triangular(10, 15, 30),       dist_triangular(10, 10, 30),
        dist_triangular(-1, 1, 1),          dist(SIM_DIST_UNIFORM, -2, 7),     dist(SIM_DIST_GUMBEL, 5, 2),
        dist(SIM_DIST_GUMBEL, -1e6, 1),     dist(SIM_DIST_NORMAL, 100, 15),    dist(SIM_DIST_NORMAL, 1e6, 1),
    };
    return all[i];
}

/* The same with a part cut off: both sides, above, far out in the upper tail, and a narrow slice. */
enum { DIST_TRUNCATED = 12 };

static inline sim_dist_spec dist_truncated(int i)
{
    const sim_dist_spec all[DIST_TRUNCATED] = {
        dist_within(dist(SIM_DIST_EXPONENTIAL, 1, 0), 2, 5),
        dist_within(dist(SIM_DIST_ERLANG, 60, 3), 5, 200),
        dist_within(dist(SIM_DIST_GAMMA, 60, 0.8), 30, INFINITY),
        dist_within(dist(SIM_DIST_GAMMA, 60, 3), 0.001, 600),
        dist_within(dist(SIM_DIST_LOGNORMAL, 90, 0.7), 20, 600),
        dist_within(dist(SIM_DIST_WEIBULL, 10, 1.5), -INFINITY, 8),
        dist_within(dist_triangular(10, 15, 30), 12, 14),
        dist_within(dist(SIM_DIST_UNIFORM, 0, 10), 9.5, 50),
        dist_within(dist(SIM_DIST_GUMBEL, 0, 1), 3, INFINITY),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), 8, INFINITY),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), -INFINITY, -8),
        dist_within(dist(SIM_DIST_NORMAL, 0, 1), 1, 1.001),
    };
    return all[i];
}

#endif
