/* Comparisons of simulated plans with answers that theory knows: M/M/2 with desks added, or faster, under common random
 * numbers.
 *
 * 1,000 comparisons, each with a seed of its own (1 to 1,000), of 10 replications of 10 hours after an hour of warm-up.
 * The person-hours waited in those 10 hours are an unbiased measure: their mean is 10 h x rate x Erlang C's mean wait.
 * A share that is exactly 95% in truth shows as less than 92.5% of 1,000 with a probability of 0.04% over the choice of
 * seeds, which are fixed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/outcome/measure.h"
#include "sim/base/error.h"
#include "sim/statistics/paired.h"
#include "sim/statistics/selection.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/theory.h"

enum { TRIALS = 1000, LEAST = 925, REPLICATIONS = 10, PLANS = 4, MOST = 300, HOURS = 10 };

/* A plan: M/M/desks with a mean service time, and what theory says of it. */
typedef struct {
    unsigned desks;
    double service; /* minutes */
    model_setup setup;
    model_measure measure;
    double truth; /* person-hours */
} plan;

static double theory_of(unsigned desks, double service)
{
    return HOURS * 1.2 * theory_mmc_wait(1.2, 1 / service, desks);
}

static void open_plan(plan *p, unsigned desks, double service)
{
    char why[200], stations[200];
    *p = (plan){.desks = desks, .service = service, .truth = theory_of(desks, service)};
    snprintf(stations, sizeof stations, "desk: {time: {exponential: {mean: %.6f s}}, desks: %u}", 60 * service, desks);
    assert_int_equal(oracle_setup(&p->setup,
                                  &(oracle_scenario){
                                      .rate = "1.2 /min",
                                      .stations = stations,
                                      .duration = "11 h",
                                      .warm_up = "1 h",
                                      .bin = "1 h",
                                  }),
                     0);
    assert_int_equal(model_measure_parse(&p->setup, "wait.person_hours", &p->measure, why, sizeof why), 0);
}

/* The service time with which so many desks come to these person-hours. */
static double service_for(unsigned desks, double truth)
{
    double low = 0.01, high = 0.999 * desks / 1.2;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(theory_of(desks, middle) < truth ? &low : &high) = middle;
    }
    return low;
}

static double value_of(const plan *p, uint64_t seed, uint64_t replication)
{
    model_world world;
    double pair[2] = {(double)NAN, 1};
    int ret = model_world_init(&world, &p->setup, seed, replication, false);
    if (ret == 0)
        ret = model_world_run(&world, p->setup.end, 1);
    if (ret == 0)
        ret = model_measure_take(&world, &p->measure, pair);
    model_world_free(&world);
    assert_int_equal(ret, 0);
    return model_measure_value(pair);
}

static void close_plans(plan *plans, size_t count)
{
    for (size_t i = 0; i < count; i++)
        model_setup_free(&plans[i].setup);
}

/* Two desks as the baseline, three, four, and two that work 5% faster. */
static void intervals_of_all_plans_cover_what_theory_says_together(void **state)
{
    (void)state;
    plan plans[PLANS];
    size_t hits = 0;
    double paired = 0, alone = 0;
    for (unsigned i = 0; i < PLANS - 1; i++)
        open_plan(&plans[i], 2 + i, 1);
    open_plan(&plans[PLANS - 1], 2, 0.95);
    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        double values[PLANS][REPLICATIONS];
        bool cover = true;
        for (size_t i = 0; i < PLANS; i++)
            for (uint64_t r = 0; r < REPLICATIONS; r++)
                values[i][r] = value_of(&plans[i], seed, r);
        for (size_t i = 1; i < PLANS; i++) {
            sim_paired d = sim_paired_of(values[0], values[i], REPLICATIONS, 1);
            cover = cover &&
                    fabs(d.mean - (plans[i].truth - plans[0].truth)) <= sim_paired_half_width(&d, 0.05 / (PLANS - 1));
            paired += i == PLANS - 1 ? d.deviation * d.deviation / TRIALS : 0;
        }
        double zeros[REPLICATIONS] = {0};
        for (size_t i = 0; i < PLANS; i += PLANS - 1) {
            sim_paired d = sim_paired_of(zeros, values[i], REPLICATIONS, 1);
            alone += d.deviation * d.deviation / TRIALS;
        }
        hits += cover;
    }
    print_message("    all %d intervals cover in %.1f%% of trials; faster desks: variance of the difference %.0f times "
                  "smaller than with "
                  "independent runs\n",
                  PLANS - 1, 100.0 * (double)hits / TRIALS, alone / paired);
    close_plans(plans, PLANS);
    assert_in_range(hits, LEAST, TRIALS);
    assert_true(alone > 5 * paired);
}

typedef struct {
    const plan *plans;
    uint64_t seed;
} supplier;

static int supply(void *user, const uint32_t *systems, size_t count, size_t from, size_t to, double *values)
{
    const supplier *s = user;
    for (size_t i = 0; i < count; i++)
        for (size_t r = from; r < to; r++)
            values[i * (to - from) + (r - from)] = value_of(&s->plans[systems[i]], s->seed, r);
    return 0;
}

/* The best is ahead of all others, of one, two and three desks, by just the indifference amount: the hardest case that
 * the promise is of. */
static void the_best_plan_is_selected_at_least_as_often_as_stated(void **state)
{
    (void)state;
    plan plans[PLANS];
    size_t hits = 0, used = 0;
    open_plan(&plans[0], 2, 1);
    open_plan(&plans[1], 3, service_for(3, plans[0].truth));
    open_plan(&plans[2], 2, 0.985);
    open_plan(&plans[3], 1, service_for(1, plans[0].truth));
    sim_selection_options options = {
        .systems = PLANS,
        .indifference = plans[0].truth - plans[2].truth,
        .probability = 0.95,
        .first_stage = REPLICATIONS,
        .batch = 1,
        .most = MOST,
    };
    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        supplier s = {plans, seed};
        sim_selected outcome[PLANS];
        uint32_t best = 0;
        assert_int_equal(sim_selection(&options, supply, &s, &best, outcome), 0);
        hits += best == 2;
        for (size_t i = 0; i < PLANS; i++)
            used += outcome[i].replications;
    }
    print_message("    selected in %.1f%% of trials, with %.1f replications a plan\n", 100.0 * (double)hits / TRIALS,
                  (double)used / TRIALS / PLANS);
    close_plans(plans, PLANS);
    assert_in_range(hits, LEAST, TRIALS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_of_all_plans_cover_what_theory_says_together),
        cmocka_unit_test(the_best_plan_is_selected_at_least_as_often_as_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
