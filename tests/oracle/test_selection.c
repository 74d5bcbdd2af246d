/* Intervals of comparisons cover, and the selection of the best selects it, as often as stated: 1,000 trials each on
 * data with known answers.
 *
 * Seeds are fixed (the trial's number). A share that is exactly 95% in truth shows as less than 92.5% of 1,000 with a
 * probability of 0.04%, as more than 97.5% with one of 0.01%; the limits below are these. Bounds by unions are
 * conservative, so that most shares lie above what is stated. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "sim/base/error.h"
#include "sim/statistics/paired.h"
#include "sim/statistics/selection.h"

enum { TRIALS = 1000, LEAST = 925, MOST = 975, PLANS = 6, REPLICATIONS = 640 };

/* One trial's values: those of a replication share the luck `common`. */
typedef struct {
    gsl_rng *rng;
    double common; /* standard deviation of what the plans of a replication share */
    double own;    /* of what they do not */
    bool skewed;   /* means of 100 exponentials instead of normal numbers */
    double means[PLANS + 1];
    double values[PLANS + 1][REPLICATIONS];
} trial;

static double noise(const trial *t)
{
    if (!t->skewed)
        return gsl_ran_ugaussian(t->rng);
    return (gsl_ran_gamma(t->rng, 100, 1) - 100) / 10;
}

static void draw(trial *t, uint64_t number, size_t replications)
{
    gsl_rng_set(t->rng, (unsigned long)number);
    for (size_t r = 0; r < replications; r++) {
        double shared = t->common * noise(t);
        for (size_t i = 0; i <= PLANS; i++)
            t->values[i][r] = t->means[i] + shared + t->own * noise(t);
    }
}

/* --- intervals --- */

static bool all_cover(const trial *t, size_t n, double alpha)
{
    bool cover = true;
    for (size_t i = 1; i <= PLANS; i++) {
        sim_paired d = sim_paired_of(t->values[0], t->values[i], n, 1);
        cover = cover && fabs(d.mean - (t->means[i] - t->means[0])) <= sim_paired_half_width(&d, alpha / PLANS);
    }
    return cover;
}

static size_t coverage(trial *t, size_t n)
{
    size_t hits = 0;
    for (uint64_t number = 1; number <= TRIALS; number++) {
        draw(t, number, n);
        hits += all_cover(t, n, 0.05);
    }
    print_message("    all %d intervals of 10 replications cover in %.1f%% of trials\n", PLANS,
                  100.0 * (double)hits / TRIALS);
    return hits;
}

static trial new_trial(double common, double own, bool skewed)
{
    trial t = {.rng = gsl_rng_alloc(gsl_rng_mt19937), .common = common, .own = own, .skewed = skewed};
    assert_non_null(t.rng);
    for (size_t i = 0; i <= PLANS; i++)
        t.means[i] = 10 - (double)i;
    return t;
}

static void intervals_together_cover_with_common_luck(void **state)
{
    (void)state;
    trial t = new_trial(3, 1, false);
    assert_in_range(coverage(&t, 10), LEAST, TRIALS);
    gsl_rng_free(t.rng);
}

static void intervals_together_cover_means_of_skewed_waits(void **state)
{
    (void)state;
    trial t = new_trial(3, 1, true);
    assert_in_range(coverage(&t, 10), LEAST, TRIALS);
    gsl_rng_free(t.rng);
}

/* Against a baseline that is known, the comparisons are independent, and Bonferroni gives away next to nothing. */
static void intervals_are_no_wider_than_they_must_be(void **state)
{
    (void)state;
    size_t hits = 0;
    trial t = new_trial(0, 1, false);
    for (uint64_t number = 1; number <= TRIALS; number++) {
        draw(&t, number, 10);
        for (size_t r = 0; r < 10; r++)
            t.values[0][r] = t.means[0];
        hits += all_cover(&t, 10, 0.05);
    }
    print_message("    independent comparisons cover in %.1f%% of trials\n", 100.0 * (double)hits / TRIALS);
    assert_in_range(hits, LEAST, MOST);
    gsl_rng_free(t.rng);
}

/* Doubles replications until the first comparison is answered (the hardest: 0 is inside its interval for long). Returns
 * the interval's share of alpha. */
static double look_until_answered(const trial *t, size_t *n)
{
    enum { LOOKS = 7 };
    *n = 10;
    for (size_t look = 1;; look++, *n *= 2) {
        double alpha = sim_paired_spend(0.05, look, LOOKS);
        sim_paired d = sim_paired_of(t->values[0], t->values[1], *n, 1);
        double half = sim_paired_half_width(&d, alpha / PLANS);
        sim_paired_status status = sim_paired_judge(d.mean - half, d.mean + half, 1, alpha, 0.3);
        if (look == LOOKS || sim_paired_is_answered(status))
            return alpha;
    }
}

static void intervals_of_the_last_look_cover_whenever_one_stops(void **state)
{
    (void)state;
    const double differences[] = {0, 0.3, 1};
    for (size_t k = 0; k < 3; k++) {
        size_t hits = 0, sum = 0, n;
        trial t = new_trial(3, 1, false);
        for (size_t i = 1; i <= PLANS; i++)
            t.means[i] = t.means[0] + differences[k];
        for (uint64_t number = 1; number <= TRIALS; number++) {
            draw(&t, number, REPLICATIONS);
            double alpha = look_until_answered(&t, &n);
            hits += all_cover(&t, n, alpha);
            sum += n;
        }
        print_message("    difference %g: %.0f replications on average, all intervals cover in %.1f%% of trials\n",
                      differences[k], (double)sum / TRIALS, 100.0 * (double)hits / TRIALS);
        assert_in_range(hits, LEAST, TRIALS);
        gsl_rng_free(t.rng);
    }
}

/* --- Holm --- */

/* Half of the plans differ in truth; a false alarm is any other that is named. */
static void holm_names_a_plan_that_does_not_differ_in_at_most_5_percent_of_trials(void **state)
{
    (void)state;
    size_t false_alarms = 0, named = 0;
    trial t = new_trial(3, 1, false);
    for (size_t i = 0; i <= PLANS; i++)
        t.means[i] = i > PLANS / 2 ? 2 : 0;
    for (uint64_t number = 1; number <= TRIALS; number++) {
        double p[PLANS];
        bool alarm = false;
        draw(&t, number, 10);
        for (size_t i = 0; i < PLANS; i++) {
            sim_paired d = sim_paired_of(t.values[0], t.values[i + 1], 10, 1);
            p[i] = sim_paired_p(&d);
        }
        assert_int_equal(sim_paired_holm(p, PLANS, p), 0);
        for (size_t i = 0; i < PLANS; i++) {
            alarm = alarm || (i < PLANS / 2 && p[i] <= 0.05);
            named += i >= PLANS / 2 && p[i] <= 0.05;
        }
        false_alarms += alarm;
    }
    print_message("    false alarms in %.1f%% of trials; %.1f%% of the differences found\n",
                  100.0 * (double)false_alarms / TRIALS, 100.0 * (double)named / (TRIALS * PLANS / 2));
    assert_in_range(false_alarms, 0, TRIALS - LEAST);
    assert_in_range(named, TRIALS, TRIALS * PLANS / 2);
    gsl_rng_free(t.rng);
}

/* --- selection --- */

static int supply(void *user, const uint32_t *systems, size_t count, size_t from, size_t to, double *values)
{
    trial *t = user;
    assert_in_range(to, from + 1, REPLICATIONS);
    for (size_t i = 0; i < count; i++)
        memcpy(values + i * (to - from), &t->values[systems[i]][from], (to - from) * sizeof *values);
    return 0;
}

static sim_selection_options options(bool largest)
{
    return (sim_selection_options){
        .systems = PLANS + 1,
        .indifference = 1,
        .probability = 0.95,
        .largest = largest,
        .first_stage = 10,
        .batch = 7,
        .most = REPLICATIONS,
    };
}

/* The best is ahead of all others by just the indifference amount: nothing is harder among what is promised. */
static size_t selected_in(trial *t, size_t best_system, bool largest, double *replications)
{
    size_t hits = 0;
    sim_selection_options o = options(largest);
    for (size_t i = 0; i <= PLANS; i++)
        t->means[i] = i == best_system ? (largest ? 1 : -1) : 0;
    *replications = 0;
    for (uint64_t number = 1; number <= TRIALS; number++) {
        sim_selected outcome[PLANS + 1];
        uint32_t best = 0;
        draw(t, number, REPLICATIONS);
        assert_int_equal(sim_selection(&o, supply, t, &best, outcome), 0);
        hits += best == best_system;
        for (size_t i = 0; i <= PLANS; i++)
            *replications += (double)outcome[i].replications / TRIALS;
    }
    print_message("    selected in %.1f%% of trials, %.0f replications on average\n", 100.0 * (double)hits / TRIALS,
                  *replications);
    return hits;
}

static void the_best_is_selected_as_often_as_stated_with_common_luck(void **state)
{
    (void)state;
    trial t = new_trial(3, 1.5, false);
    double replications;
    assert_in_range(selected_in(&t, 3, false, &replications), LEAST, TRIALS);
    assert_in_range(selected_in(&t, 3, true, &replications), LEAST, TRIALS);
    gsl_rng_free(t.rng);
}

static void the_best_is_selected_as_often_as_stated_with_skewed_waits(void **state)
{
    (void)state;
    trial t = new_trial(3, 1.5, true);
    double replications;
    assert_in_range(selected_in(&t, 0, false, &replications), LEAST, TRIALS);
    gsl_rng_free(t.rng);
}

static void common_luck_saves_replications(void **state)
{
    (void)state;
    trial together = new_trial(2, 1, false), alone = new_trial(0, sqrt(5), false);
    double few, many;
    assert_in_range(selected_in(&together, 3, false, &few), LEAST, TRIALS);
    assert_in_range(selected_in(&alone, 3, false, &many), LEAST, TRIALS);
    assert_true(2 * few < many);
    gsl_rng_free(together.rng);
    gsl_rng_free(alone.rng);
}

static void the_outcome_does_not_depend_on_the_batch(void **state)
{
    (void)state;
    trial t = new_trial(3, 1.5, false);
    for (uint64_t number = 1; number <= 50; number++) {
        sim_selected one[PLANS + 1], many[PLANS + 1];
        uint32_t best_of_one = 0, best_of_many = 0;
        sim_selection_options o = options(false);
        draw(&t, number, REPLICATIONS);
        o.batch = 1;
        assert_int_equal(sim_selection(&o, supply, &t, &best_of_one, one), 0);
        o.batch = 64;
        assert_int_equal(sim_selection(&o, supply, &t, &best_of_many, many), 0);
        assert_int_equal(best_of_one, best_of_many);
        for (size_t i = 0; i <= PLANS; i++) {
            assert_int_equal(one[i].replications, many[i].replications);
            assert_int_equal(one[i].left_after, many[i].left_after);
            assert_int_equal(one[i].left_for, many[i].left_for);
            assert_true(one[i].mean == many[i].mean);
        }
    }
    gsl_rng_free(t.rng);
}

static void its_constant_is_that_of_the_paper(void **state)
{
    (void)state;
    /* eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2, h2 = 2 eta (n0 - 1); k = 10, n0 = 10, alpha = 0.05: 90^(2/9)
     * = 2.718230 */
    assert_true(fabs(sim_selection_h2(10, 10, 0.95) - 9 * (pow(90, 2.0 / 9) - 1)) < 1e-9);
    assert_true(fabs(sim_selection_h2(2, 20, 0.95) - 19 * (pow(10, 2.0 / 19) - 1)) < 1e-9);
}

static void what_cannot_be_decided_is_told(void **state)
{
    (void)state;
    trial t = new_trial(0, 5, false);
    sim_selected outcome[PLANS + 1];
    uint32_t best = 99;
    sim_selection_options o = options(false);
    draw(&t, 1, REPLICATIONS);
    o.most = 12;
    assert_int_equal(sim_selection(&o, supply, &t, &best, outcome), SIM_E_LIMIT);
    assert_true(best <= PLANS);
    o.most = REPLICATIONS;
    t.values[2][4] = (double)NAN;
    assert_int_equal(sim_selection(&o, supply, &t, &best, outcome), SIM_E_INPUT);
    o.indifference = 0;
    assert_int_equal(sim_selection(&o, supply, &t, &best, outcome), SIM_E_INPUT);
    o = options(false);
    o.probability = 1;
    assert_int_equal(sim_selection(&o, supply, &t, &best, outcome), SIM_E_INPUT);
    gsl_rng_free(t.rng);
}

static void plans_that_never_vary_are_decided_by_the_first_stage(void **state)
{
    (void)state;
    trial t = new_trial(2, 0, false);
    sim_selected outcome[PLANS + 1];
    uint32_t best = 99;
    sim_selection_options o = options(false);
    for (size_t r = 0; r < REPLICATIONS; r++)
        for (size_t i = 0; i <= PLANS; i++)
            t.values[i][r] = (double)(r % 5) + (double)((i + 3) % (PLANS + 1));
    assert_int_equal(sim_selection(&o, supply, &t, &best, outcome), 0);
    assert_int_equal(best, 4);
    assert_int_equal(outcome[4].replications, 10);
    gsl_rng_free(t.rng);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_together_cover_with_common_luck),
        cmocka_unit_test(intervals_together_cover_means_of_skewed_waits),
        cmocka_unit_test(intervals_are_no_wider_than_they_must_be),
        cmocka_unit_test(intervals_of_the_last_look_cover_whenever_one_stops),
        cmocka_unit_test(holm_names_a_plan_that_does_not_differ_in_at_most_5_percent_of_trials),
        cmocka_unit_test(the_best_is_selected_as_often_as_stated_with_common_luck),
        cmocka_unit_test(the_best_is_selected_as_often_as_stated_with_skewed_waits),
        cmocka_unit_test(common_luck_saves_replications),
        cmocka_unit_test(the_outcome_does_not_depend_on_the_batch),
        cmocka_unit_test(its_constant_is_that_of_the_paper),
        cmocka_unit_test(what_cannot_be_decided_is_told),
        cmocka_unit_test(plans_that_never_vary_are_decided_by_the_first_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
