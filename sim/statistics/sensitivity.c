/* Sobol indices, and the bootstrap that all estimators share. */
#include "sim/statistics/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "sim/base/error.h"
#include "sim/engine/rng.h"
#include "sim/statistics/sensitivity_internal.h"

int sim_whole_rows(const sim_design *design, const double *y, size_t **out, size_t *count)
{
    size_t n = 0, *rows = malloc((design->rows + 1) * sizeof *rows);
    *out = rows;
    *count = 0;
    if (rows == NULL)
        return SIM_E_MEMORY;
    for (size_t row = 0; row < design->rows; row++) {
        size_t i = 0;
        while (i < design->block && isfinite(y[row * design->block + i]))
            i++;
        if (i == design->block)
            rows[n++] = row;
    }
    *count = n;
    return 0;
}

void sim_resample(const sim_bootstrap *bootstrap, size_t resample, size_t count, size_t *out)
{
    const sim_rng rng = {bootstrap->seed, resample};
    for (size_t i = 0; i < count; i++) {
        size_t drawn = (size_t)(sim_rng_unit(sim_rng_draw(&rng, 0, 1, (uint32_t)i)) * (double)count);
        out[i] = drawn < count ? drawn : count - 1;
    }
}

void sim_percentiles(double *estimates, const sim_bootstrap *bootstrap, sim_interval *interval)
{
    size_t n = 0;
    interval->low = interval->high = (double)NAN;
    for (size_t i = 0; i < bootstrap->resamples; i++)
        if (isfinite(estimates[i]))
            estimates[n++] = estimates[i];
    if (n < 2)
        return;
    gsl_sort(estimates, 1, n);
    interval->low = gsl_stats_quantile_from_sorted_data(estimates, 1, n, (1 - bootstrap->confidence) / 2);
    interval->high = gsl_stats_quantile_from_sorted_data(estimates, 1, n, (1 + bootstrap->confidence) / 2);
}

/* Outputs of the whole rows: a, b, and ab[row][factor]. */
typedef struct {
    size_t rows, factors;
    double *a, *b, *ab;
} outputs;

static int take_outputs(const sim_design *design, const double *y, outputs *o)
{
    size_t *rows = NULL, k = design->factors;
    int rc = sim_whole_rows(design, y, &rows, &o->rows);
    o->factors = k;
    o->a = malloc((o->rows + 1) * sizeof *o->a);
    o->b = malloc((o->rows + 1) * sizeof *o->b);
    o->ab = malloc((o->rows + 1) * k * sizeof *o->ab);
    if (rc == 0 && (o->a == NULL || o->b == NULL || o->ab == NULL))
        rc = SIM_E_MEMORY;
    for (size_t i = 0; rc == 0 && i < o->rows; i++) {
        const double *row = y + rows[i] * design->block;
        o->a[i] = row[0];
        o->b[i] = row[design->block - 1];
        for (size_t f = 0; f < k; f++)
            o->ab[i * k + f] = row[1 + f];
    }
    free(rows);
    return rc;
}

static void free_outputs(outputs *o)
{
    free(o->a);
    free(o->b);
    free(o->ab);
}

/* Both indices of every factor from the rows that are listed (NULL: each once). */
static void estimate(const outputs *o, const size_t *rows, double *first, double *total)
{
    double n = (double)o->rows, mean = 0, variance = 0;
    for (size_t f = 0; f < o->factors; f++)
        first[f] = total[f] = 0;
    for (size_t i = 0; i < o->rows; i++) {
        size_t row = rows != NULL ? rows[i] : i;
        mean += (o->a[row] + o->b[row]) / (2 * n);
    }
    for (size_t i = 0; i < o->rows; i++) {
        size_t row = rows != NULL ? rows[i] : i;
        double a = o->a[row] - mean, b = o->b[row] - mean;
        variance += (a * a + b * b) / (2 * n - 1);
        for (size_t f = 0; f < o->factors; f++) {
            double step = o->ab[row * o->factors + f] - o->a[row];
            first[f] += b * step / n;
            total[f] += step * step / (2 * n);
        }
    }
    bool varies = variance > 1e-24 * mean * mean; /* below that it is the last bits of sums */
    for (size_t f = 0; f < o->factors; f++) {
        first[f] = varies ? first[f] / variance : (double)NAN;
        total[f] = varies ? total[f] / variance : (double)NAN;
    }
}

/* Estimates of all resamples, [2 * factor + which][resample]. */
static void bootstrap_indices(const outputs *o, const sim_bootstrap *bootstrap, double *estimates, size_t *drawn,
                              double *first, double *total)
{
    size_t n = bootstrap->resamples;
    for (size_t i = 0; i < n; i++) {
        sim_resample(bootstrap, i, o->rows, drawn);
        estimate(o, drawn, first, total);
        for (size_t f = 0; f < o->factors; f++) {
            estimates[2 * f * n + i] = first[f];
            estimates[(2 * f + 1) * n + i] = total[f];
        }
    }
}

int sim_sobol_indices(const sim_design *design, const double *y, const sim_bootstrap *bootstrap, sim_interval *first,
                      sim_interval *total, size_t *rows)
{
    outputs o = {0};
    size_t k = design->factors, n = bootstrap->resamples;
    double *numbers = malloc((2 * k + 2 * k * n) * sizeof *numbers),
           *estimates = numbers == NULL ? NULL : numbers + 2 * k;
    int rc = take_outputs(design, y, &o);
    size_t *drawn = malloc((o.rows + 1) * sizeof *drawn);
    if (numbers == NULL || drawn == NULL)
        rc = SIM_E_MEMORY;
    *rows = o.rows;
    for (size_t f = 0; f < k; f++)
        first[f] = total[f] = (sim_interval){(double)NAN, (double)NAN, (double)NAN};
    if (rc == 0 && o.rows >= 2) {
        estimate(&o, NULL, numbers, numbers + k);
        for (size_t f = 0; f < k; f++) {
            first[f].value = numbers[f];
            total[f].value = numbers[k + f];
        }
        bootstrap_indices(&o, bootstrap, estimates, drawn, numbers, numbers + k);
        for (size_t f = 0; f < k && isfinite(first[f].value); f++) {
            sim_percentiles(estimates + 2 * f * n, bootstrap, &first[f]);
            sim_percentiles(estimates + (2 * f + 1) * n, bootstrap, &total[f]);
        }
    }
    free(drawn);
    free(numbers);
    free_outputs(&o);
    return rc;
}
