/* The quantile of a mixture: the place where the weighted tails of the parts reach the wanted probability.
 *
 * Three things keep the answer the same on every machine, although the parts' tails differ in their last bits. The sign
 * of the difference is found without cancellation: a part already passed contributes its weight exactly, less its other
 * tail, so that in the gap between two modes the two tiny tails are compared and not their rounding errors. Where even
 * these vanish, the left end of the gap is taken. And jumps of discrete parts are returned as they are, not as the
 * solver's last guess. (GSL's Brent solver stops anywhere in a gap, hence this one.) */
#include <assert.h>
#include <math.h>

#include "sim/dist/exact.h"

typedef struct {
    const sim_dist_exact *exact;
    double tail;
    bool upper;
} problem;

/* P(X <= x) - tail, or tail - P(X > x): at least 0 from the wanted x on. */
static double excess(const problem *p, double x)
{
    const double nothing = 1e-200;
    double fixed = p->upper ? p->tail : -p->tail, rest = 0;
    for (size_t i = 0; i < p->exact->n; i++) {
        double below, above, weight = p->exact->weights[i];
        sim_dist_exact_tails(&p->exact->parts[i], x, &below, &above);
        if (p->upper) {
            fixed -= above > 0.5 ? weight : 0;
            rest += above > 0.5 ? weight * below : -weight * above;
        } else {
            fixed += below > 0.5 ? weight : 0;
            rest += below > 0.5 ? -weight * above : weight * below;
        }
    }
    double sum = fixed + rest;
    return sum < 0 && sum > -nothing ? 0 : sum;
}

static void widen(double value, double *low, double *high)
{
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

/* Illinois steps (regula falsi with halved weights; Dowell and Jarratt, 1971), every third one a bisection. Keeps
 * excess(low) < 0 <= excess(high). */
static void narrow(const problem *p, double *low, double *high)
{
    double at_low = excess(p, *low), at_high = excess(p, *high);
    int side = 0;
    for (int i = 0; i < 200 && *high - *low > 4e-16 * fmax(fabs(*low), fabs(*high)); i++) {
        double middle = *low + 0.5 * (*high - *low);
        double x = *low - at_low * (*high - *low) / (at_high - at_low);
        if (i % 3 == 2 || !(x > *low && x < *high))
            x = middle;
        if (x == *low || x == *high)
            break;
        double value = excess(p, x);
        if (value < 0) {
            *low = x;
            at_low = value;
            at_high *= side == -1 ? 0.5 : 1;
            side = -1;
        } else {
            *high = x;
            at_high = value;
            at_low *= side == 1 ? 0.5 : 1;
            side = 1;
        }
    }
}

/* A discrete part's value inside (low, high] is where the jump is. */
static double jump_within(const sim_dist_exact *exact, double low, double high)
{
    for (size_t i = 0; i < exact->n; i++) {
        const sim_dist_exact *part = &exact->parts[i];
        if (part->kind == SIM_DIST_IS_CONTINUOUS)
            continue;
        double jump = NAN;
        if (part->kind == SIM_DIST_IS_MIXED) {
            jump = jump_within(part, low, high);
        } else {
            size_t passed = sim_dist_discrete_find(part, low);
            if (passed < part->n && part->values[passed] <= high)
                jump = part->values[passed];
        }
        if (!isnan(jump))
            return jump;
    }
    return NAN;
}

double sim_dist_mixture_value(const sim_dist_exact *exact, double tail, bool upper)
{
    assert(exact->kind == SIM_DIST_IS_MIXED);
    problem p = {exact, tail, upper};
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < exact->n; i++)
        widen(sim_dist_exact_value(&exact->parts[i], tail, upper), &low, &high);
    if (low < high && excess(&p, low) < 0) {
        for (double more = 1e-15 * fabs(high); excess(&p, high) < 0 && high < exact->high; more *= 4)
            high += more; /* the last part's quantile may be short by a rounding error */
        narrow(&p, &low, &high);
    } else {
        high = low;
        low = -INFINITY;
    }
    if (low == -INFINITY)
        low = high - 4e-16 * fabs(high);
    double jump = jump_within(exact, low, high);
    double x = isnan(jump) ? sim_dist_round(high, exact->bits) : jump;
    return fmin(fmax(x, exact->low), exact->high);
}
