/* Claims about compiled distributions as distributions: against GSL's inverses, the exact tails, moments and
 * frequencies. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>

#include "sim/dist/dist.h"
#include "sim/dist/exact.h"
#include "sim/engine/rng.h"
#include "tests/unit/dist/dist_specs.h"

enum { DRAWS = 1000000, LOOKED_AT = 64 };

static const sim_rng generator = {1847, 3};

static sim_dist compile(sim_dist_spec spec)
{
    sim_dist out;
    const char *why;
    assert_int_equal(sim_dist_compile(&out, &spec, 1, &why), 0);
    return out;
}

static uint64_t bits_of(double tail, bool upper)
{
    uint64_t bits = (uint64_t)(tail * 0x1p64);
    return upper ? ~bits : bits;
}

/* Calls `check` with mixtures: of two modes with the median in the gap, of overlapping families, with an atom,
 * truncated, and with several atoms. Their arrays live here. */
static void each_mixture(void (*check)(sim_dist_spec))
{
    sim_dist_spec sizes = DIST(.family = SIM_DIST_EMPIRICAL, .n = 3, .values = (double[]){0.5, 1, 4});
    sim_dist_spec atom = DIST_PAIR(dist(SIM_DIST_CONSTANT, 90, 0), dist(SIM_DIST_GAMMA, 600, 0.8), 0.3);
    check(DIST_PAIR(dist(SIM_DIST_LOGNORMAL, 10, 0.1), dist(SIM_DIST_LOGNORMAL, 1000, 0.1), 0.5));
    check(DIST_PAIR(dist(SIM_DIST_EXPONENTIAL, 60, 0), dist_triangular(10, 20, 600), 0.3));
    check(atom);
    check(dist_within(atom, 90, 1000));
    check(DIST_PAIR(dist_within(dist(SIM_DIST_NORMAL, 0, 1), 0, INFINITY), sizes, 0.6));
}

/* Largest distance of the empirical from the exact distribution function, times sqrt(n). Where a value is an atom the
 * distances on its two sides belong to the function's two limits there. */
static double kolmogorov(sim_dist_spec spec)
{
    sim_dist table = compile(spec);
    sim_dist_exact exact;
    const char *why;
    double *draws = calloc(DRAWS, sizeof *draws), largest = 0;
    assert_non_null(draws);
    assert_int_equal(sim_dist_exact_init(&exact, &spec, 0, &why), 0);
    double zero = exact.standard.family == SIM_DIST_GAMMA ? exp(-89) * exact.standard.scale : -INFINITY;
    for (uint32_t i = 0; i < DRAWS; i++)
        draws[i] = sim_dist_draw(&table, sim_rng_draw(&generator, i, (uint32_t)spec.family, (uint32_t)(7 * spec.b)));
    gsl_sort(draws, 1, DRAWS);
    for (size_t i = 0; i < DRAWS; i += LOOKED_AT) {
        if (draws[i] < zero) /* a gamma's values below exp(-90) of its scale are 0, by intent */
            continue;
        size_t first = i, end = i + 1;
        while (first > 0 && draws[first - 1] == draws[i])
            first--;
        while (end < DRAWS && draws[end] == draws[i])
            end++;
        double below, above, before, ignored;
        sim_dist_exact_tails(&exact, draws[i], &below, &above);
        sim_dist_exact_tails(&exact, draws[i] - 1e-9 * fabs(draws[i]), &before, &ignored);
        largest = fmax(largest, fmax(fabs((double)end / DRAWS - below), fabs((double)first / DRAWS - before)));
        i = end > i + LOOKED_AT ? end - LOOKED_AT : i;
    }
    sim_dist_exact_free(&exact);
    sim_dist_free(&table);
    free(draws);
    return largest * sqrt(DRAWS);
}

static void check_draws(sim_dist_spec spec)
{
    double distance = kolmogorov(spec);
    if (!(distance < 2.6))
        print_message("family %d, a %g, b %g: distance %g\n", (int)spec.family, spec.a, spec.b, distance);
    assert_true(distance < 2.6);
}

/* Seed 1847; a million draws each, every 64th of the sorted looked at. P(distance > 2.6) = 2 exp(-2 * 2.6^2) = 2.7e-6,
 * for all 41 distributions together a false-alarm rate of 1.1e-4. It would notice an error of 0.003 in any probability.
 */
static void draws_follow_their_distribution(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_CONTINUOUS; i++)
        check_draws(dist_continuous(i));
    for (int i = 0; i < DIST_TRUNCATED; i++)
        check_draws(dist_truncated(i));
    each_mixture(check_draws);
}

static void check_tail(const sim_dist *table, const sim_dist_exact *exact, double tail, bool upper)
{
    double median = sim_dist_exact_value(exact, 0.5, false), right = sim_dist_exact_value(exact, tail, upper);
    double found = sim_dist_draw(table, bits_of(tail, upper));
    assert_true(fabs(found - right) < 4e-5 * sqrt(table->variance) + 1e-5 * fabs(right - median));
}

static void check_tails(sim_dist_spec spec)
{
    const double tails[] = {1e-12, 1e-9, 3e-7, 1e-4, 0.01, 0.1, 0.3, 0.49};
    sim_dist table = compile(spec);
    sim_dist_exact exact;
    const char *why;
    assert_int_equal(sim_dist_exact_init(&exact, &spec, 0, &why), 0);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        check_tail(&table, &exact, tails[i], false);
        check_tail(&table, &exact, tails[i], true);
    }
    sim_dist_exact_free(&exact);
    sim_dist_free(&table);
}

/* Down to 1e-12 on both sides, within 4e-5 standard deviations and 1e-5 of the distance from the median. */
static void the_table_is_as_good_in_the_tails(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_CONTINUOUS; i++)
        check_tails(dist_continuous(i));
    for (int i = 0; i < DIST_TRUNCATED; i++)
        check_tails(dist_truncated(i));
}

static double gsl_inverse(const sim_dist_spec *spec, double tail, bool upper)
{
    double k = spec->family == SIM_DIST_ERLANG ? spec->b : 1 / (spec->b * spec->b);
    double sigma = sqrt(log1p(spec->b * spec->b)), zeta = log(spec->a) - 0.5 * sigma * sigma;
    double scale = spec->a / tgamma(1 + 1 / spec->b);
    switch (spec->family) {
    case SIM_DIST_EXPONENTIAL:
        return upper ? gsl_cdf_exponential_Qinv(tail, spec->a) : gsl_cdf_exponential_Pinv(tail, spec->a);
    case SIM_DIST_ERLANG:
    case SIM_DIST_GAMMA:
        return upper ? gsl_cdf_gamma_Qinv(tail, k, spec->a / k) : gsl_cdf_gamma_Pinv(tail, k, spec->a / k);
    case SIM_DIST_LOGNORMAL:
        return upper ? gsl_cdf_lognormal_Qinv(tail, zeta, sigma) : gsl_cdf_lognormal_Pinv(tail, zeta, sigma);
    case SIM_DIST_WEIBULL:
        return upper ? gsl_cdf_weibull_Qinv(tail, scale, spec->b) : gsl_cdf_weibull_Pinv(tail, scale, spec->b);
    case SIM_DIST_UNIFORM:
        return upper ? gsl_cdf_flat_Qinv(tail, spec->a, spec->b) : gsl_cdf_flat_Pinv(tail, spec->a, spec->b);
    case SIM_DIST_GUMBEL:
        return spec->a + spec->b * (upper ? gsl_cdf_gumbel1_Qinv(tail, 1, 1) : gsl_cdf_gumbel1_Pinv(tail, 1, 1));
    default:
        return spec->a + (upper ? gsl_cdf_gaussian_Qinv(tail, spec->b) : gsl_cdf_gaussian_Pinv(tail, spec->b));
    }
}

static void check_against_gsl(sim_dist_spec spec)
{
    const double tails[] = {1e-12, 1e-9, 1e-4, 0.01, 0.2, 0.5};
    sim_dist_exact exact;
    const char *why;
    assert_int_equal(sim_dist_exact_init(&exact, &spec, 0, &why), 0);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        for (int upper = 0; upper < 2; upper++) {
            double right = gsl_inverse(&spec, tails[i], upper), found = sim_dist_exact_value(&exact, tails[i], upper);
            assert_true(fabs(found - right) <= 1e-9 * fabs(right) + 1e-35);
        }
    sim_dist_exact_free(&exact);
}

/* GSL's own gamma inverse is sound for shapes from 0.2 to 1000 only; the others are checked by going back. */
static bool gsl_can_invert(const sim_dist_spec *spec)
{
    double k = spec->family == SIM_DIST_ERLANG ? spec->b : 1 / (spec->b * spec->b);
    if (spec->family == SIM_DIST_ERLANG || spec->family == SIM_DIST_GAMMA)
        return k > 0.2 && k < 1000;
    return spec->family != SIM_DIST_TRIANGULAR;
}

static void exact_quantiles_are_gsls(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_CONTINUOUS; i++) {
        sim_dist_spec spec = dist_continuous(i);
        if (gsl_can_invert(&spec))
            check_against_gsl(spec);
    }
}

static void gamma_quantiles_lead_back_to_their_probability(void **state)
{
    (void)state;
    for (double k = 0.01; k < 10000; k *= 1.7)
        for (double tail = 1e-14; tail <= 0.5; tail *= 3) {
            double low = sim_dist_gamma_quantile(k, tail, false), high = sim_dist_gamma_quantile(k, tail, true);
            if (low > 0)
                assert_true(fabs(gsl_cdf_gamma_P(low, k, 1) / tail - 1) < 1e-8);
            if (high > 0)
                assert_true(fabs(gsl_cdf_gamma_Q(high, k, 1) / tail - 1) < 1e-8);
        }
}

static void triangular_quantiles_are_square_roots(void **state)
{
    (void)state;
    sim_dist_spec spec = dist_triangular(10, 15, 30);
    assert_true(fabs(sim_dist_exact_quantile(&spec, 0.01) - 11) < 1e-14 * 11);
    assert_true(fabs(sim_dist_exact_quantile(&spec, 0.25) - 15) < 1e-14 * 15);
    assert_true(fabs(sim_dist_exact_quantile(&spec, 1 - 1.0 / 12) - 25) < 1e-14 * 25);
    assert_true(isnan(sim_dist_exact_quantile(&spec, 0)) && isnan(sim_dist_exact_quantile(&spec, 1)));
}

/* The integral of straight lines, exactly: mean and variance of what is drawn. */
static void add_line(double width, double from, double to, double sums[2])
{
    sums[0] += width * 0.5 * (from + to);
    sums[1] += width * (from * from + from * to + to * to) / 3;
}

static void drawn_moments(const sim_dist *table, double *mean, double *variance)
{
    double centre = table->mean, sums[2] = {0, 0};
    for (size_t i = 0; table->mixed && i + 1 < table->n; i++)
        add_line((double)(table->ends[i + 1] - table->ends[i]) * 0x1p-64, table->steps[i] - centre,
                 table->steps[i + 1] - centre, sums);
    for (size_t i = 0; !table->mixed && i + 1 < 2 * SIM_DIST_SIDE; i++) {
        size_t cell = i % SIM_DIST_SIDE;
        if (cell + 1 == SIM_DIST_SIDE)
            continue;
        int octave = cell == 0 ? 0 : (int)((cell - 1) >> SIM_DIST_BITS) - SIM_DIST_BITS;
        add_line(ldexp(1, octave - SIM_DIST_OCTAVES - 1), table->nodes[i] - centre, table->nodes[i + 1] - centre, sums);
    }
    *mean = centre + sums[0];
    *variance = sums[1] - sums[0] * sums[0];
}

static void check_moments(sim_dist_spec spec)
{
    double mean, variance;
    sim_dist table = compile(spec);
    drawn_moments(&table, &mean, &variance);
    assert_true(fabs(mean - table.mean) < 2.5e-5 * fmin(fmax(fabs(table.mean), sqrt(table.variance)), 1e4));
    assert_true(fabs(variance / table.variance - 1) < 2e-5);
    sim_dist_free(&table);
}

/* Relative errors of what is drawn against the exact moments: mean 2.5e-5, variance 2e-5. */
static void drawing_keeps_mean_and_variance(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_CONTINUOUS; i++)
        check_moments(dist_continuous(i));
    for (int i = 0; i < DIST_TRUNCATED; i++)
        check_moments(dist_truncated(i));
    each_mixture(check_moments);
}

static void check_stated(sim_dist_spec spec, double mean, double variance)
{
    sim_dist table = compile(spec);
    assert_true(fabs(table.mean - mean) <= 2e-9 * fabs(mean));
    assert_true(fabs(table.variance - variance) <= 2e-9 * variance);
    sim_dist_free(&table);
}

static void stated_moments_are_the_textbooks(void **state)
{
    (void)state;
    check_stated(dist(SIM_DIST_EXPONENTIAL, 60, 0), 60, 3600);
    check_stated(dist(SIM_DIST_ERLANG, 60, 4), 60, 900);
    check_stated(dist(SIM_DIST_GAMMA, 60, 0.5), 60, 900);
    check_stated(dist(SIM_DIST_LOGNORMAL, 60, 0.5), 60, 900);
    check_stated(dist(SIM_DIST_WEIBULL, 3, 2), 3, 9 * (4 / M_PI - 1));
    check_stated(dist_triangular(0, 1, 5), 2, 21.0 / 18);
    check_stated(dist(SIM_DIST_UNIFORM, 2, 5), 3.5, 0.75);
    check_stated(dist(SIM_DIST_GUMBEL, 1, 2), 1 + 2 * M_EULER, 4 * M_PI * M_PI / 6);
    check_stated(dist(SIM_DIST_NORMAL, 4, 3), 4, 9);
    check_stated(DIST_PAIR(dist(SIM_DIST_LOGNORMAL, 10, 0.1), dist(SIM_DIST_LOGNORMAL, 1000, 0.1), 0.5), 505,
                 0.5 * (1 + 1e4) + 495.0 * 495);
    check_stated(DIST_PAIR(dist(SIM_DIST_CONSTANT, 90, 0), dist(SIM_DIST_GAMMA, 600, 0.8), 0.3), 0.3 * 90 + 0.7 * 600,
                 0.7 * 480 * 480 + 0.3 * 0.7 * 510 * 510);
}

/* Normal on [a, b]: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, 1994, 13.10.1. */
static void check_normal_within(double a, double b)
{
    double mass =
        a > 0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(b) : gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
    double at_a = gsl_ran_ugaussian_pdf(a) / mass, at_b = gsl_ran_ugaussian_pdf(b) / mass, mean = at_a - at_b;
    double b_at_b = isinf(b) ? 0 : b * at_b;
    sim_dist table = compile(dist_within(dist(SIM_DIST_NORMAL, 0, 1), a, b));
    assert_true(fabs(table.mean - mean) < 1e-8);
    assert_true(fabs(table.variance - (1 + a * at_a - b_at_b - mean * mean)) < 1e-7);
    sim_dist_free(&table);
}

static void truncated_moments_are_the_textbooks(void **state)
{
    (void)state;
    check_normal_within(-1, 2);
    check_normal_within(1, 3);
    check_normal_within(4, INFINITY);
    sim_dist table = compile(dist_within(dist(SIM_DIST_EXPONENTIAL, 2, 0), 3, INFINITY)); /* no memory */
    assert_true(fabs(table.mean - 5) < 1e-8 && fabs(table.variance - 4) < 1e-7);
    sim_dist_free(&table);
}

static void truncated_draws_stay_inside(void **state)
{
    (void)state;
    for (int i = 0; i < DIST_TRUNCATED; i++) {
        sim_dist_spec spec = dist_truncated(i);
        sim_dist table = compile(spec);
        assert_true(sim_dist_draw(&table, 0) >= fmax(spec.low, -1e9) * (1 - 1e-12));
        assert_true(sim_dist_draw(&table, 0) >= spec.low - 1e-11 * fabs(spec.low));
        assert_true(sim_dist_draw(&table, UINT64_MAX) <= spec.high + 1e-11 * fabs(spec.high));
        sim_dist_free(&table);
    }
}

/* Seed 1847; a million draws of six values, chi-square with 5 degrees of freedom, p > 1e-5 on either side. */
static void empirical_frequencies_are_the_weights(void **state)
{
    (void)state;
    double values[] = {1, 2, 3, 4, 5, 8}, weights[] = {18, 22, 0.5, 25, 14, 7}, count[9] = {0}, total = 86.5, chi = 0;
    sim_dist table = compile(DIST(.family = SIM_DIST_EMPIRICAL, .n = 6, .values = values, .weights = weights));
    for (uint32_t i = 0; i < DRAWS; i++)
        count[(size_t)sim_dist_draw(&table, sim_rng_draw(&generator, i, 300, 0))]++;
    for (int i = 0; i < 6; i++) {
        double expected = DRAWS * weights[i] / total, off = count[(size_t)values[i]] - expected;
        chi += off * off / expected;
    }
    assert_true(gsl_cdf_chisq_Q(chi, 5) > 1e-5 && gsl_cdf_chisq_P(chi, 5) > 1e-5);
    sim_dist_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_quantiles_are_gsls),
        cmocka_unit_test(gamma_quantiles_lead_back_to_their_probability),
        cmocka_unit_test(triangular_quantiles_are_square_roots),
        cmocka_unit_test(the_table_is_as_good_in_the_tails),
        cmocka_unit_test(drawing_keeps_mean_and_variance),
        cmocka_unit_test(stated_moments_are_the_textbooks),
        cmocka_unit_test(truncated_moments_are_the_textbooks),
        cmocka_unit_test(truncated_draws_stay_inside),
        cmocka_unit_test(empirical_frequencies_are_the_weights),
        cmocka_unit_test(draws_follow_their_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
