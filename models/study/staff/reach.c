/* How far the numbers of some replications meet a target.
 *
 * It is met when the value, all replications together, keeps it even after chance has been allowed for: by the
 * one-sided bound of the ratio estimator over replications (linearised, Student; Law 2015). A bound at 50% is the value
 * itself. Each stretch is judged by itself. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/staff/staff.h"

bool staff_is_met(const staff_reached *reached)
{
    return reached->score.slack >= reached->score.margin;
}

/* Student's quantile as a float, so that the last bits of libm decide nothing. */
static double student(double confidence, size_t n)
{
    return confidence > 0.5 && n > 1 ? (double)(float)gsl_cdf_tdist_Pinv(confidence, (double)(n - 1)) : 0;
}

/* The quotient of the sums, and the one-sided margin of it. */
static double pooled(const double *values, size_t stride, size_t n, double t, double *margin)
{
    double over = 0, under = 0, squares = 0;
    *margin = 0;
    for (size_t i = 0; i < n; i++) {
        over += values[i * stride];
        under += values[i * stride + 1];
    }
    if (!(under > 0))
        return (double)NAN;
    double ratio = over / under;
    for (size_t i = 0; i < n; i++) {
        double rest = values[i * stride] - ratio * values[i * stride + 1];
        squares += rest * rest;
    }
    if (n > 1)
        *margin = t * sqrt(squares * (double)n / (double)(n - 1)) / under;
    return ratio;
}

/* People lost over those who came, as pairs; caller frees. */
static double *lost_pairs(const double *values, size_t stride, size_t n)
{
    double *pairs = calloc(2 * n, sizeof *pairs);
    for (size_t i = 0; pairs != NULL && i < n; i++) {
        pairs[2 * i] = values[i * stride] + values[i * stride + 2];
        pairs[2 * i + 1] = values[i * stride + 4];
    }
    return pairs;
}

/* NaN when there is no memory, and nobody came: that is not met. */
static double lost_share(const double *values, size_t stride, size_t n, double quantile, double *margin)
{
    double *pairs = lost_pairs(values, stride, n), share = (double)NAN;
    *margin = 0;
    if (pairs != NULL)
        share = pooled(pairs, 2, n, quantile, margin);
    free(pairs);
    return share;
}

void staff_targets_settle(staff_targets *targets, const double *values, size_t stride, size_t replications)
{
    for (size_t t = 0; t < targets->count; t++) {
        staff_target *target = &targets->items[t];
        double margin;
        if (!target->lost)
            continue;
        double share = lost_share(values + 2 * target->first, stride, replications, 0, &margin);
        target->amount += isfinite(share) ? share : 0;
        size_t room = strlen(target->name) + 32;
        char *text = malloc(room);
        if (text == NULL)
            continue; /* it stays without the amount */
        snprintf(text, room, "%s <= %.2g %%", target->name, 100 * target->amount);
        free(target->text);
        target->text = text;
    }
}

staff_reached staff_target_reach(const staff_targets *targets, size_t t, const double *values, size_t stride,
                                 size_t replications, double confidence)
{
    const staff_target *target = &targets->items[t];
    /* people lost are a guard against rosters that look good, no promise: their value is enough, and the most people
     * keep it by definition */
    double quantile = target->lost ? 0 : student(confidence, replications),
           scale = target->amount > 0 ? target->amount : 1;
    staff_reached worst = {.value = (double)NAN, .score = {(double)NAN, 0}};
    for (size_t i = 0; i < (target->lost ? 1 : target->count); i++) {
        const double *at = values + 2 * (target->first + i);
        double margin, value = target->lost ? lost_share(at, stride, replications, quantile, &margin)
                                            : pooled(at, stride, replications, quantile, &margin);
        if (!isfinite(value))
            continue;
        sim_staffing_score score = {(target->at_least ? value - target->amount : target->amount - value) / scale,
                                    margin / scale};
        worst.missed += !(score.slack >= score.margin);
        if (worst.stretches++ > 0 && score.slack - score.margin >= worst.score.slack - worst.score.margin)
            continue;
        worst.value = value;
        worst.margin = margin;
        worst.stretch = i;
        worst.score = score;
    }
    return worst;
}
