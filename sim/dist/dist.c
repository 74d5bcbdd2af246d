/* Compiling a distribution: exact quantiles at the table's nodes, rounded so that every machine has the same ones. */
#include "sim/dist/dist.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "sim/dist/exact.h"
#include "sim/dist/steps.h"

enum {
    NODE_BITS = 24,   /* of the standard quantile */
    TABLE_BITS = 40,  /* of a node: the interpolation then never passes the next node by a rounding error */
    MOMENT_BITS = 30, /* of mean and variance */
};

/* The tail's probability at a node; node 0 stands for 2^-48, where a quantile at 0 would be infinite. */
static double tail_at(size_t node)
{
    if (node == 0)
        return 0x1p-48;
    size_t octave = (node - 1) >> SIM_DIST_BITS, cell = (node - 1) & ((1 << SIM_DIST_BITS) - 1);
    return ldexp(1 + (double)cell / (1 << SIM_DIST_BITS), (int)octave - SIM_DIST_OCTAVES - 1);
}

static void fill_lower(double *nodes, const sim_dist_exact *exact)
{
    for (size_t i = 0; i < SIM_DIST_SIDE; i++) {
        nodes[i] = i == 0 && isfinite(exact->low) ? exact->low : sim_dist_exact_value(exact, tail_at(i), false);
        if (i > 0)
            nodes[i] = fmax(nodes[i], nodes[i - 1]);
    }
}

/* Downwards from the median, which both sides share, so that none is below its neighbour. */
static void fill_upper(double *nodes, const sim_dist_exact *exact, double median)
{
    nodes[SIM_DIST_SIDE - 1] = median;
    for (size_t i = SIM_DIST_SIDE - 1; i-- > 0;) {
        nodes[i] = i == 0 && isfinite(exact->high) ? exact->high : sim_dist_exact_value(exact, tail_at(i), true);
        nodes[i] = fmax(nodes[i], nodes[i + 1]);
    }
}

static int compile_table(sim_dist *out, const sim_dist_exact *exact, double scale)
{
    out->nodes = calloc(2 * SIM_DIST_SIDE, sizeof *out->nodes);
    if (out->nodes == NULL)
        return SIM_E_MEMORY;
    fill_lower(out->nodes, exact);
    fill_upper(out->nodes + SIM_DIST_SIDE, exact, out->nodes[SIM_DIST_SIDE - 1]);
    for (size_t i = 0; i < 2 * SIM_DIST_SIDE; i++)
        out->nodes[i] = sim_dist_round(out->nodes[i] * scale, TABLE_BITS);
    return 0;
}

/* The table for what is continuous, steps for the rest; one value alone needs neither. */
static int compile_kind(sim_dist *out, const sim_dist_exact *exact, double scale)
{
    if (exact->kind == SIM_DIST_IS_CONTINUOUS)
        return compile_table(out, exact, scale);
    if (exact->kind == SIM_DIST_IS_MIXED)
        return sim_dist_compile_pieces(out, exact, sqrt(out->variance), scale);
    if (exact->n > 1)
        return sim_dist_compile_steps(out, exact, scale);
    out->constant = exact->values[0] * scale;
    return 0;
}

/* True where all that a draw can give, and the moments, are numbers. */
static bool is_finite(const sim_dist *dist)
{
    double low = sim_dist_draw(dist, 0), high = sim_dist_draw(dist, UINT64_MAX);
    return isfinite(low) && isfinite(high) && isfinite(dist->mean) && isfinite(dist->variance);
}

int sim_dist_compile(sim_dist *out, const sim_dist_spec *spec, double scale, const char **why)
{
    const char *ignored;
    sim_dist_exact exact = {.n = 0};
    int code = SIM_E_INPUT;
    *out = (sim_dist){.n = 0};
    why = why == NULL ? &ignored : why;
    *why = "the scale must be a positive number";
    if (!(scale > 0 && scale <= 1e100))
        goto out;
    code = sim_dist_exact_init(&exact, spec, NODE_BITS, why);
    if (code != 0)
        goto out;
    sim_dist_exact_moments(&exact, &out->mean, &out->variance);
    if (exact.kind != SIM_DIST_IS_DISCRETE) { /* those never met libm */
        out->mean = sim_dist_round(out->mean, MOMENT_BITS);
        out->variance = sim_dist_round(out->variance, MOMENT_BITS);
    }
    code = compile_kind(out, &exact, scale);
    if (code != 0)
        goto out;
    out->mean *= scale;
    out->variance *= scale * scale;
    if (!is_finite(out)) {
        *why = "the values are too large";
        code = SIM_E_INPUT;
    }
out:
    sim_dist_exact_free(&exact);
    if (code != 0)
        sim_dist_free(out);
    return code;
}

void sim_dist_free(sim_dist *dist)
{
    free(dist->nodes);
    free((double *)dist->steps);
    free(dist->ends);
    free(dist->guide);
    *dist = (sim_dist){.n = 0};
}

double sim_dist_exact_quantile(const sim_dist_spec *spec, double u)
{
    const char *why;
    sim_dist_exact exact;
    double value = NAN;
    if (u > 0 && u < 1 && sim_dist_exact_init(&exact, spec, 0, &why) == 0)
        value = sim_dist_exact_value(&exact, u > 0.5 ? 1 - u : u, u > 0.5);
    if (u > 0 && u < 1)
        sim_dist_exact_free(&exact);
    return value;
}
