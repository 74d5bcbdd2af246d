/* Elementary effects: what a step of one factor changes, along trajectories. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "sim/base/error.h"
#include "sim/statistics/sensitivity_internal.h"

/* effects[row][factor] of the whole trajectories. */
static void take_effects(const sim_design *design, const double *y, const size_t *rows, size_t count, double *effects)
{
    size_t k = design->factors;
    for (size_t i = 0; i < count; i++) {
        const double *output = y + rows[i] * design->block;
        for (size_t point = 1; point <= k; point++) {
            bool up;
            size_t factor = sim_design_changed(design, rows[i], point, &up);
            double change = output[point] - output[point - 1];
            if (factor < k)
                effects[i * k + factor] = (up ? change : -change) / design->delta;
        }
    }
}

static double mean_absolute(const double *effects, size_t stride, const size_t *rows, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(effects[(rows != NULL ? rows[i] : i) * stride]);
    return sum / (double)count;
}

static void summarise(const double *effects, size_t k, size_t count, sim_elementary *out)
{
    for (size_t f = 0; f < k && count > 0; f++) {
        out[f].mu = gsl_stats_mean(effects + f, k, count);
        out[f].mu_star.value = mean_absolute(effects + f, k, NULL, count);
        if (count > 1)
            out[f].sigma = gsl_stats_sd(effects + f, k, count);
    }
}

/* All factors from the same resampled trajectories, as one experiment would have them. */
static int bootstrap_effects(const double *effects, size_t k, size_t count, const sim_bootstrap *bootstrap,
                             sim_elementary *out)
{
    size_t n = bootstrap->resamples, *drawn = malloc(count * sizeof *drawn);
    double *estimates = malloc((k * n + 1) * sizeof *estimates);
    int rc = drawn == NULL || estimates == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        sim_resample(bootstrap, i, count, drawn);
        for (size_t f = 0; f < k; f++)
            estimates[f * n + i] = mean_absolute(effects + f, k, drawn, count);
    }
    for (size_t f = 0; rc == 0 && f < k; f++)
        sim_percentiles(estimates + f * n, bootstrap, &out[f].mu_star);
    free(estimates);
    free(drawn);
    return rc;
}

int sim_morris_effects(const sim_design *design, const double *y, const sim_bootstrap *bootstrap,
                       sim_elementary *effects, size_t *rows)
{
    size_t k = design->factors, *whole = NULL;
    int rc = sim_whole_rows(design, y, &whole, rows);
    double *changes = rc == 0 ? calloc(*rows * k + 1, sizeof *changes) : NULL;
    for (size_t f = 0; f < k; f++)
        effects[f] = (sim_elementary){(double)NAN, {(double)NAN, (double)NAN, (double)NAN}, (double)NAN};
    if (changes == NULL)
        rc = SIM_E_MEMORY;
    if (rc == 0) {
        take_effects(design, y, whole, *rows, changes);
        summarise(changes, k, *rows, effects);
        if (*rows > 1 && bootstrap->resamples > 0)
            rc = bootstrap_effects(changes, k, *rows, bootstrap, effects);
    }
    free(changes);
    free(whole);
    return rc;
}
