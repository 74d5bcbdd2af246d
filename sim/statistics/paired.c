/* Paired differences: Student's interval and p-value of one, Holm's p-values of a family, spending of the error over
 * looks. */
#include "sim/statistics/paired.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "sim/base/error.h"

const char *const sim_paired_status_names[] = {
    [SIM_PAIRED_UNKNOWN] = "unknown", [SIM_PAIRED_OPEN] = "open", [SIM_PAIRED_SAME] = "same",
    [SIM_PAIRED_DIFFERS] = "differs", [SIM_PAIRED_LESS] = "less", [SIM_PAIRED_MORE] = "more"};

/* Below this share of the values, differences of sums are rounding. */
static const double rounding = 1e-12;

static bool is_pair(double a, double b)
{
    return isfinite(a) && isfinite(b);
}

/* Number of pairs, mean, and whether the differences are all the same. */
static void take_mean(sim_paired *paired, const double *baseline, const double *plan, size_t count, size_t stride)
{
    double sum = 0, least = INFINITY, most = -INFINITY, largest = 0, first = 0;
    for (size_t i = 0; i < count; i++) {
        double a = baseline[i * stride], b = plan[i * stride];
        if (!is_pair(a, b))
            continue;
        if (paired->n++ == 0)
            first = b - a;
        sum += b - a;
        least = fmin(least, b - a);
        most = fmax(most, b - a);
        largest = fmax(largest, fmax(fabs(a), fabs(b)));
    }
    paired->mean = paired->n > 0 ? sum / (double)paired->n : (double)NAN;
    paired->constant = paired->n > 0 && most - least <= rounding * largest;
    if (paired->constant)
        paired->mean = fabs(first) <= rounding * largest ? 0 : first;
}

sim_paired sim_paired_of(const double *baseline, const double *plan, size_t count, size_t stride)
{
    sim_paired paired = {.deviation = (double)NAN};
    double squares = 0;
    take_mean(&paired, baseline, plan, count, stride);
    if (paired.n < 2)
        return paired;
    for (size_t i = 0; i < count && !paired.constant; i++) {
        double a = baseline[i * stride], b = plan[i * stride];
        if (is_pair(a, b))
            squares += (b - a - paired.mean) * (b - a - paired.mean);
    }
    paired.deviation = sqrt(squares / (double)(paired.n - 1));
    return paired;
}

double sim_paired_half_width(const sim_paired *paired, double alpha)
{
    if (paired->n < 2)
        return (double)NAN;
    if (paired->constant)
        return 0;
    /* as a float, so that the last bits of libm do not reach the results */
    double t = (double)(float)gsl_cdf_tdist_Qinv(alpha / 2, (double)(paired->n - 1));
    return t * paired->deviation / sqrt((double)paired->n);
}

double sim_paired_p(const sim_paired *paired)
{
    if (paired->n < 2)
        return (double)NAN;
    if (paired->constant)
        return paired->mean == 0 ? 1 : 0;
    double t = fabs(paired->mean) / paired->deviation * sqrt((double)paired->n);
    return (double)(float)fmin(2 * gsl_cdf_tdist_Q(t, (double)(paired->n - 1)), 1);
}

/* --- families --- */

typedef struct {
    double p;
    size_t index;
} ranked;

static int by_p(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

int sim_paired_holm(const double *p, size_t m, double *adjusted)
{
    ranked *order = malloc((m + 1) * sizeof *order);
    double highest = 0;
    if (order == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < m; i++)
        order[i] = (ranked){isnan(p[i]) ? 2 : p[i], i}; /* behind all */
    qsort(order, m, sizeof *order, by_p);
    for (size_t rank = 0; rank < m; rank++) {
        highest = fmax(highest, fmin(1, (double)(m - rank) * order[rank].p));
        adjusted[order[rank].index] = order[rank].p > 1 ? (double)NAN : highest;
    }
    free(order);
    return 0;
}

double sim_paired_spend(double alpha, size_t look, size_t looks)
{
    double k = (double)look;
    return look >= looks ? alpha / k : alpha / (k * (k + 1));
}

/* --- judging --- */

sim_paired_status sim_paired_judge(double low, double high, double adjusted_p, double alpha, double indifference)
{
    if (!isfinite(low) || !isfinite(high))
        return SIM_PAIRED_UNKNOWN;
    if (low > 0 || high < 0)
        return low > 0 ? SIM_PAIRED_MORE : SIM_PAIRED_LESS;
    double amount = indifference > 0 ? indifference : 0;
    if (low >= -amount && high <= amount)
        return SIM_PAIRED_SAME;
    return adjusted_p <= alpha ? SIM_PAIRED_DIFFERS : SIM_PAIRED_OPEN;
}

bool sim_paired_is_answered(sim_paired_status status)
{
    return status == SIM_PAIRED_SAME || status == SIM_PAIRED_LESS || status == SIM_PAIRED_MORE;
}
