/* Sensitivity indices against functions whose indices are known exactly: Ishigami and Homma (1990) with a = 7, b = 0.1,
 * Sobol's g-function with a = 0, 1, 4.5, 9, 99, 99, 99, 99, and elementary effects against the classes of Morris'
 * function of 20 factors (1991).
 *
 * Designs are random (Sobol points shifted modulo 1, or independent points), seeds fixed. What a right program would
 * miss, and how often, stands at each claim. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/engine/rng.h"
#include "sim/statistics/sensitivity.h"

#define PI 3.14159265358979323846
enum { MOST_FACTORS = 20, REPEATS = 200 };

typedef double function(const double *x);

typedef struct {
    const char *name;
    function *f;
    size_t factors;
    double first[MOST_FACTORS], total[MOST_FACTORS];
} known;

static double uniform(uint64_t repeat, uint32_t entity, uint32_t n)
{
    const sim_rng rng = {20310301, repeat};
    return sim_rng_unit(sim_rng_draw(&rng, entity, 0, n));
}

static double ishigami(const double *x)
{
    double a = PI * (2 * x[0] - 1), b = PI * (2 * x[1] - 1), c = PI * (2 * x[2] - 1);
    return sin(a) + 7 * sin(b) * sin(b) + 0.1 * c * c * c * c * sin(a);
}

static const double g_vector[8] = {0, 1, 4.5, 9, 99, 99, 99, 99};

static double g_function(const double *x)
{
    double product = 1;
    for (size_t i = 0; i < 8; i++)
        product *= (fabs(4 * x[i] - 2) + g_vector[i]) / (1 + g_vector[i]);
    return product;
}

static known know_ishigami(void)
{
    double a = 7, b = 0.1, p4 = pow(PI, 4), p8 = p4 * p4;
    double v1 = 0.5 * pow(1 + b * p4 / 5, 2), v2 = a * a / 8, v13 = b * b * p8 * (1.0 / 18 - 1.0 / 50),
           v = v1 + v2 + v13;
    return (known){"Ishigami", ishigami, 3, {v1 / v, v2 / v, 0}, {(v1 + v13) / v, v2 / v, v13 / v}};
}

static known know_g(void)
{
    known k = {.name = "g-function", .f = g_function, .factors = 8};
    double product = 1, v[8];
    for (size_t i = 0; i < 8; i++) {
        v[i] = 1 / (3 * (1 + g_vector[i]) * (1 + g_vector[i]));
        product *= 1 + v[i];
    }
    for (size_t i = 0; i < 8; i++) {
        k.first[i] = v[i] / (product - 1);
        k.total[i] = v[i] * product / (1 + v[i]) / (product - 1);
    }
    return k;
}

static double *outputs_of(const sim_design *design, function *f)
{
    double *y = malloc(design->points * sizeof *y);
    assert_non_null(y);
    for (size_t p = 0; p < design->points; p++)
        y[p] = f(design->at + p * design->factors);
    return y;
}

static sim_design shifted_design(size_t factors, size_t n, uint64_t repeat)
{
    sim_design design;
    double shift[2 * SIM_SOBOL_FACTORS];
    for (size_t i = 0; i < 2 * factors; i++)
        shift[i] = uniform(repeat, 0, (uint32_t)i);
    assert_int_equal(sim_design_sobol(&design, factors, n, shift), 0);
    return design;
}

/* Independent base points: every row of the scheme is shifted by itself. */
static sim_design independent_design(size_t factors, size_t n, uint64_t repeat)
{
    sim_design design = shifted_design(factors, n, repeat), row;
    double shift[2 * SIM_SOBOL_FACTORS];
    for (size_t i = 0; i < n; i++) {
        for (size_t d = 0; d < 2 * factors; d++)
            shift[d] = uniform(repeat, (uint32_t)i + 1, (uint32_t)d);
        assert_int_equal(sim_design_sobol(&row, factors, 1, shift), 0);
        memcpy(design.at + i * design.block * factors, row.at, design.block * factors * sizeof *row.at);
        sim_design_free(&row);
    }
    return design;
}

static int inside(const sim_interval *interval, double truth)
{
    return interval->low <= truth && truth <= interval->high;
}

/* The points that `hbm sweep --design sobol --points 1024` takes. Sobol points are fixed, so that there is no chance in
 * this; how often intervals hold the truth over random shifts, the next test tells. */
static void known_indices_lie_in_their_intervals(void **state)
{
    const known functions[] = {know_ishigami(), know_g()};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const known *k = &functions[i];
        sim_design design;
        sim_interval first[8], total[8];
        sim_bootstrap bootstrap = SIM_BOOTSTRAP_DEFAULT;
        size_t rows;
        assert_int_equal(sim_design_sobol(&design, k->factors, 1024, NULL), 0);
        double *y = outputs_of(&design, k->f);
        assert_int_equal(sim_sobol_indices(&design, y, &bootstrap, first, total, &rows), 0);
        assert_int_equal(rows, 1024);
        for (size_t f = 0; f < k->factors; f++) {
            print_message("%s x%zu: first %.4f in %.4f..%.4f, total %.4f in %.4f..%.4f\n", k->name, f + 1, k->first[f],
                          first[f].low, first[f].high, k->total[f], total[f].low, total[f].high);
            assert_true(inside(&first[f], k->first[f]));
            assert_true(inside(&total[f], k->total[f]));
            assert_true(fabs(first[f].value - k->first[f]) < 0.03 && fabs(total[f].value - k->total[f]) < 0.03);
        }
        free(y);
        sim_design_free(&design);
    }
}

typedef sim_design design_maker(size_t factors, size_t n, uint64_t repeat);

/* Share of the intervals that hold the truth, over factors and repeats. */
static double coverage(const known *k, design_maker *make, size_t n, size_t factors, int of_total)
{
    size_t hits = 0;
    for (uint64_t repeat = 0; repeat < REPEATS; repeat++) {
        sim_interval first[8], total[8];
        sim_bootstrap bootstrap = {300, 0.95, repeat};
        size_t rows;
        sim_design design = make(k->factors, n, repeat);
        double *y = outputs_of(&design, k->f);
        assert_int_equal(sim_sobol_indices(&design, y, &bootstrap, first, total, &rows), 0);
        for (size_t f = 0; f < factors; f++)
            hits += (size_t)(of_total ? inside(&total[f], k->total[f]) : inside(&first[f], k->first[f]));
        free(y);
        sim_design_free(&design);
    }
    return (double)hits / (double)(REPEATS * factors);
}

/* From 256 independent base points, 95% intervals hold the truth in 89-98% of 200 repeats, pooled over the factors that
 * matter (total index above 0.01). Seen: 93-94%, as percentile intervals of skewed samples fall short. If that is the
 * true coverage, the share has a deviation of at most 1.7% (factors of one repeat fully correlated): below 89% in less
 * than 1 of 100 choices of seeds, which are fixed. With shifted Sobol points estimates mostly vary less than the
 * bootstrap believes, which takes the points for independent. Seen: 93% for the first-order indices of the g-function,
 * 99% and more otherwise; claimed: 91%. */
static void intervals_cover_what_they_promise(void **state)
{
    const known functions[] = {know_ishigami(), know_g()};
    const size_t that_matter[] = {3, 4};
    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (int of_total = 0; of_total < 2; of_total++) {
            double by_chance = coverage(&functions[i], independent_design, 256, that_matter[i], of_total);
            double by_sobol = coverage(&functions[i], shifted_design, 256, that_matter[i], of_total);
            print_message("%s, %s: 95%% intervals cover %.1f%% (independent points), %.1f%% (shifted Sobol points)\n",
                          functions[i].name, of_total ? "total" : "first", 100 * by_chance, 100 * by_sobol);
            assert_true(by_chance >= 0.89 && by_chance <= 0.98);
            assert_true(by_sobol >= 0.91);
        }
}

/* Why the first-order estimator is Saltelli's and not Jansen's: root mean square errors over 200 shifts, all factors
 * together. */
static void the_chosen_estimator_errs_less_than_the_other(void **state)
{
    const known k = know_g();
    double chosen = 0, other = 0;
    (void)state;
    for (uint64_t repeat = 0; repeat < REPEATS; repeat++) {
        sim_interval first[8], total[8];
        size_t rows, n = 128;
        sim_design design = shifted_design(8, n, repeat);
        double *y = outputs_of(&design, k.f), mean = 0, variance = 0;
        assert_int_equal(sim_sobol_indices(&design, y, &(sim_bootstrap){0, 0.95, 1}, first, total, &rows), 0);
        for (size_t i = 0; i < n; i++)
            mean += (y[i * 10] + y[i * 10 + 9]) / (2 * (double)n);
        for (size_t i = 0; i < n; i++)
            variance += (pow(y[i * 10] - mean, 2) + pow(y[i * 10 + 9] - mean, 2)) / (2 * (double)n - 1);
        for (size_t f = 0; f < 8; f++) {
            double jansen = variance;
            for (size_t i = 0; i < n; i++)
                jansen -= pow(y[i * 10 + 9] - y[i * 10 + 1 + f], 2) / (2 * (double)n);
            chosen += pow(first[f].value - k.first[f], 2);
            other += pow(jansen / variance - k.first[f], 2);
        }
        free(y);
        sim_design_free(&design);
    }
    print_message("g-function, 128 rows: error %.4f (Saltelli 2010), %.4f (Jansen 1999)\n", sqrt(chosen / REPEATS / 8),
                  sqrt(other / REPEATS / 8));
    assert_true(chosen < other);
}

/* A failed run takes its row with it, and no other. */
static void rows_with_a_missing_output_are_left_out_whole(void **state)
{
    sim_design all, fewer;
    sim_interval first[3], total[3], first_fewer[3], total_fewer[3];
    sim_bootstrap none = {0, 0.95, 1};
    size_t rows;
    (void)state;
    assert_int_equal(sim_design_sobol(&all, 3, 64, NULL), 0);
    double *y = outputs_of(&all, ishigami);
    y[5 * 17 + 3] = (double)NAN;
    y[5 * 60] = (double)INFINITY;
    assert_int_equal(sim_sobol_indices(&all, y, &none, first, total, &rows), 0);
    assert_int_equal(rows, 62);
    double *rest = malloc(62 * 5 * sizeof *rest);
    assert_non_null(rest);
    for (size_t row = 0, n = 0; row < 64; row++)
        if (row != 17 && row != 60)
            memcpy(rest + 5 * n++, y + 5 * row, 5 * sizeof *rest);
    assert_int_equal(sim_design_sobol(&fewer, 3, 62, NULL), 0);
    assert_int_equal(sim_sobol_indices(&fewer, rest, &none, first_fewer, total_fewer, &rows), 0);
    for (size_t f = 0; f < 3; f++) {
        assert_true(first[f].value == first_fewer[f].value && total[f].value == total_fewer[f].value);
        assert_true(isnan(first[f].low) && isnan(total[f].high)); /* no bootstrap was asked for */
    }
    for (size_t p = 0; p < all.points; p++)
        y[p] = 4;
    assert_int_equal(sim_sobol_indices(&all, y, &none, first, total, &rows), 0);
    assert_true(isnan(first[0].value) && isnan(total[2].value)); /* nothing varies: no share of nothing */
    free(rest);
    free(y);
    sim_design_free(&fewer);
    sim_design_free(&all);
}

/* --- Morris --- */

static double normal(uint32_t entity, uint32_t n)
{
    return sqrt(-2 * log(1 - uniform(1991, entity, 2 * n))) * cos(2 * PI * uniform(1991, entity, 2 * n + 1));
}

/* Morris (1991), equation 4: factors 1-10 matter, of which 1-7 by interactions or curves and 8-10 linearly; 11-20
 * hardly do. */
static double morris_function(const double *x)
{
    double w[20], y = 0;
    for (size_t i = 0; i < 20; i++)
        w[i] = i == 2 || i == 4 || i == 6 ? 2 * (1.1 * x[i] / (x[i] + 0.1) - 0.5) : 2 * (x[i] - 0.5);
    for (size_t i = 0; i < 20; i++)
        y += (i < 10 ? 20 : normal(1, (uint32_t)i)) * w[i];
    for (size_t i = 0; i < 20; i++)
        for (size_t j = i + 1; j < 20; j++)
            y += (j < 6 ? -15 : normal(2, (uint32_t)(i * 20 + j))) * w[i] * w[j];
    for (size_t i = 0; i < 5; i++)
        for (size_t j = i + 1; j < 5; j++)
            for (size_t l = j + 1; l < 5; l++) {
                y += -10 * w[i] * w[j] * w[l];
                for (size_t s = l + 1; s < 4; s++)
                    y += 5 * w[i] * w[j] * w[l] * w[s];
            }
    return y;
}

typedef struct {
    int matter, linear, hardly; /* whether all factors of the class are seen as such */
} classes;

static classes classify(uint64_t seed, size_t r)
{
    sim_design design;
    sim_elementary effects[20];
    size_t rows;
    double least = INFINITY, most = 0, bent = INFINITY, straight = 0;
    assert_int_equal(sim_design_morris(&design, 20, r, 4, seed), 0);
    double *y = outputs_of(&design, morris_function);
    assert_int_equal(sim_morris_effects(&design, y, &(sim_bootstrap){0, 0.95, 1}, effects, &rows), 0);
    for (size_t f = 0; f < 20; f++) {
        double mu_star = effects[f].mu_star.value, sigma = effects[f].sigma;
        least = f < 10 ? fmin(least, mu_star) : least;
        most = f >= 10 ? fmax(most, mu_star) : most;
        bent = f < 7 ? fmin(bent, sigma / mu_star) : bent;
        straight = f >= 7 && f < 10 ? fmax(straight, sigma / mu_star) : straight;
    }
    free(y);
    sim_design_free(&design);
    return (classes){least > most, straight<0.5, bent> straight};
}

/* Of 200 seeds, in at least 190 every one of the ten factors that matter has a greater mu* than every one that hardly
 * does, with 10 trajectories; the linear ones have a sigma below half their mu*, and a smaller one for their mu* than
 * any of the seven others. (Seen: what is printed. A right program that sorts 99% of seeds rightly has fewer than 190
 * with a chance below 1 in 10,000.) */
static void the_classes_of_morris_factors_are_seen(void **state)
{
    int matter = 0, linear = 0, apart = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        classes c = classify(seed, 10);
        matter += c.matter;
        linear += c.linear;
        apart += c.hardly;
    }
    print_message("of 200 designs of 10 trajectories: mu* sorts the ten that matter %d times; the linear are straight "
                  "%d times, and straighter than "
                  "the others %d times\n",
                  matter, linear, apart);
    assert_true(matter >= 190 && linear >= 190 && apart >= 190);
}

static double straight_line(const double *x)
{
    return 3 * x[0] - 2 * x[1] + 0 * x[2];
}

/* Elementary effects of a line are its slopes, whatever the trajectories; the sign is in mu and not in mu*. */
static void effects_of_a_line_are_its_slopes(void **state)
{
    sim_design design;
    sim_elementary effects[3];
    sim_bootstrap bootstrap = SIM_BOOTSTRAP_DEFAULT;
    const double slopes[3] = {3, -2, 0};
    size_t rows;
    (void)state;
    assert_int_equal(sim_design_morris(&design, 3, 8, 6, 5), 0);
    double *y = outputs_of(&design, straight_line);
    y[4 * 2 + 1] = (double)NAN;
    assert_int_equal(sim_morris_effects(&design, y, &bootstrap, effects, &rows), 0);
    assert_int_equal(rows, 7);
    for (size_t f = 0; f < 3; f++) {
        assert_true(fabs(effects[f].mu - slopes[f]) < 1e-12);
        assert_true(fabs(effects[f].mu_star.value - fabs(slopes[f])) < 1e-12);
        assert_true(effects[f].sigma < 1e-12);
        assert_true(effects[f].mu_star.low <= effects[f].mu_star.value + 1e-12 &&
                    effects[f].mu_star.high >= effects[f].mu_star.value - 1e-12);
    }
    free(y);
    sim_design_free(&design);
}

/* 95% intervals of mu* from 20 trajectories hold the mean absolute effect (that of 5,000 trajectories) in 85-98% of 100
 * designs, pooled over the ten factors that matter. Seen: 90%; a percentile interval of 20 values is known to be too
 * short (of normal values it holds 92.5%). */
static void intervals_of_mu_star_cover(void **state)
{
    sim_design design;
    sim_elementary truth[20], effects[20];
    size_t rows, hits = 0;
    (void)state;
    assert_int_equal(sim_design_morris(&design, 20, 5000, 4, 77), 0);
    double *y = outputs_of(&design, morris_function);
    assert_int_equal(sim_morris_effects(&design, y, &(sim_bootstrap){0, 0.95, 1}, truth, &rows), 0);
    free(y);
    sim_design_free(&design);
    for (uint64_t seed = 1; seed <= 100; seed++) {
        assert_int_equal(sim_design_morris(&design, 20, 20, 4, seed), 0);
        y = outputs_of(&design, morris_function);
        assert_int_equal(sim_morris_effects(&design, y, &(sim_bootstrap){400, 0.95, seed}, effects, &rows), 0);
        for (size_t f = 0; f < 10; f++)
            hits += (size_t)inside(&effects[f].mu_star, truth[f].mu_star.value);
        free(y);
        sim_design_free(&design);
    }
    print_message("95%% intervals of mu* from 20 trajectories cover %.1f%%\n", (double)hits / 10);
    assert_true(hits >= 850 && hits <= 980);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_indices_lie_in_their_intervals),
        cmocka_unit_test(intervals_cover_what_they_promise),
        cmocka_unit_test(the_chosen_estimator_errs_less_than_the_other),
        cmocka_unit_test(rows_with_a_missing_output_are_left_out_whole),
        cmocka_unit_test(the_classes_of_morris_factors_are_seen),
        cmocka_unit_test(effects_of_a_line_are_its_slopes),
        cmocka_unit_test(intervals_of_mu_star_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
