/* Designs of experiments: points of the unit cube at which a simulation is run, so that its outputs tell which factors
 * matter.
 *
 * What each coordinate means is a factor's business (factor.h). Random designs draw from the counter-based generator:
 * the same seed gives the same points on every machine. Points that somebody else has chosen are taken in as they are;
 * whether they have the structure of a Sobol or Morris design, and how many rows of which length, is looked up in the
 * points themselves. */
#ifndef SIM_DESIGN_H
#define SIM_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* GSL's Sobol sequence has 40 dimensions, and the scheme needs two for each factor. */
enum { SIM_SOBOL_FACTORS = 20, SIM_DESIGN_FACTORS = 256, SIM_DESIGN_POINTS = 10000000 };

typedef enum {
    SIM_DESIGN_FACTORIAL,
    SIM_DESIGN_LATIN,
    SIM_DESIGN_SOBOL,
    SIM_DESIGN_MORRIS,
    SIM_DESIGN_POINTS_GIVEN
} sim_design_kind;

typedef struct {
    sim_design_kind kind;
    size_t factors, points;
    double *at;   /* [points][factors], 0..1; of given points: in any unit */
    size_t block; /* Sobol, Morris: points a row (of base points, or a trajectory) */
    size_t rows;  /* points / block */
    double delta; /* Morris: the step, as a share of a factor's range */
} sim_design;

/* All return 0, SIM_E_INPUT (no factor, no point, more factors than the design has room for), SIM_E_LIMIT (more than
 * SIM_DESIGN_POINTS) or SIM_E_MEMORY. Free with sim_design_free, also after a failure. */

/* Every combination of levels; the last factor changes fastest. levels[i]: how many factor i has; at[i][level]: where
 * it stands. */
int sim_design_factorial(sim_design *design, size_t factors, const size_t *levels, const double *const *at);

/* n points such that each factor has one in each of n equal strata, at random within it (McKay, Beckman and Conover
 * 1979). */
int sim_design_latin(sim_design *design, size_t factors, size_t n, uint64_t seed);

/* Saltelli's scheme (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018): from points 1 to n of Sobol's sequence in 2k
 * dimensions (point 0, the origin, is skipped) two base points A and B, and for each factor i the point A with factor i
 * of B. A row is A, AB_1 ... AB_k, B, the order of SALib without second-order indices. n a power of 2 spreads best.
 * shift: 2k numbers added modulo 1, which makes the design a random one (Cranley and Patterson 1976); NULL: none. */
int sim_design_sobol(sim_design *design, size_t factors, size_t n, const double *shift);

/* r trajectories (Morris 1991, doi:10.1080/00401706.1991.10484804) on a grid of `levels` levels (even, 2 to 1000): k +
 * 1 points, each of which changes one more factor by delta = levels / (2 (levels - 1)), up or down, in random order. */
int sim_design_morris(sim_design *design, size_t factors, size_t r, size_t levels, uint64_t seed);

/* n given points, copied; block 0. */
int sim_design_given(sim_design *design, size_t factors, size_t n, const double *at);
/* Finds out whether the points are rows of Saltelli's scheme, A, AB_1 ... AB_k, B, or, with second-order points
 * between, A, AB_1 ... AB_k, BA_1
 * ... BA_k, B (as SALib writes both); or trajectories, of which each point changes one factor and each trajectory every
 * factor once. Sets kind, block and rows; false (and nothing is set) when they are not. `levels` is the number of
 * levels that Morris' step belongs to. */
bool sim_design_take_sobol(sim_design *design);
bool sim_design_take_morris(sim_design *design, size_t levels);

void sim_design_free(sim_design *design);

/* Morris: which factor point i of trajectory r (1..k) changes, and whether upwards. */
size_t sim_design_changed(const sim_design *design, size_t row, size_t i, bool *up);

#endif
