/* The gamma quantile, by safeguarded Newton steps on the logarithm of the tail.
 *
 * GSL 2.7's own inverse gives up for small and large shapes (k = 0.1 at P = 0.01, k = 10000 at P = 1e-9) and then calls
 * the process-wide error handler, which aborts; at k = 250000 the upper one is wrong without saying so (128870 for Q =
 * 1e-12). Its tail probabilities are sound; only the inversion is done here. On the scale (log x, log tail) the
 * function is concave and almost straight in both tails, so that four or five steps suffice. */
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include "sim/dist/family.h"

/* log of the leading term's root: P(x) = x^k / Gamma(k + 1) for small x. */
static double log_leading(double k, double p)
{
    return (log(p) + gsl_sf_lngamma(k + 1)) / k;
}

/* Wilson and Hilferty (1931): the cube root is nearly normal. */
static double wilson_hilferty(double k, double tail, bool upper)
{
    double z = upper ? gsl_cdf_ugaussian_Qinv(tail) : gsl_cdf_ugaussian_Pinv(tail);
    double root = 1 - 1 / (9 * k) + z / (3 * sqrt(k));
    return k * root * root * root;
}

static double first_guess(double k, double tail, bool upper, double leading)
{
    double guess = wilson_hilferty(k, tail, upper);
    if (leading < log(0.1 * (k + 1)))
        return exp(leading);
    if (upper && k < 1)
        return fmax(guess, 0.1);
    return guess > 1e-3 * k ? guess : exp(leading);
}

double sim_dist_gamma_quantile(double k, double tail, bool upper)
{
    double leading = log_leading(k, upper ? 1 - tail : tail);
    if (leading < -90)
        return 0;
    if (leading < -21) { /* x below 1e-9: the second term of the series is enough, and GSL is spared tiny arguments */
        double x = exp(leading);
        return x * (1 + x / (k + 1));
    }
    double x = first_guess(k, tail, upper, leading);
    double target = log(tail), low = 0, high = INFINITY;
    for (int i = 0; i < 100; i++) {
        double mass = upper ? gsl_cdf_gamma_Q(x, k, 1) : gsl_cdf_gamma_P(x, k, 1);
        double excess = log(mass) - target;
        if ((excess > 0) == upper)
            low = x;
        else
            high = x;
        double slope = x * gsl_ran_gamma_pdf(x, k, 1) / mass;
        double step = (upper ? excess : -excess) / slope; /* of log x */
        double next = x * exp(step);
        if (fabs(step) < 1e-9)
            return next;
        if (!(next > low && next < high))
            next = high == INFINITY ? 2 * x : low == 0 ? x / 16 : 0.5 * (low + high);
        if (next == x)
            break;
        x = next;
    }
    return x;
}
