/* The 95% intervals that `hbm run` prints cover the true value in 93-97% of 1,000 runs.
 *
 * Each run has 10 replications of M/M/2 at a utilisation of 0.6 and a seed of its own, 1 to 1,000. With a coverage of
 * exactly 95% the number of hits has a standard deviation of 0.7%: a right program misses 93-97% with a probability of
 * 0.4% over the choice of seeds, which are fixed. The warm-up and the length keep the bias of a mean far below its
 * interval: it is told beside it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "models/outcome/outcome.h"
#include "sim/base/error.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/theory.h"

enum { RUNS = 1000, REPLICATIONS = 10 };

/* Figures with their true values. */
typedef struct {
    const char *name;
    double truth;
    size_t figure, hits;
    double sum, width;
} claim;

static int add_replication(model_outcome *outcome, const model_setup *setup, uint64_t seed, uint64_t replication)
{
    model_world world;
    int ret = model_world_init(&world, setup, seed, replication, false);
    if (ret == 0)
        ret = model_world_run(&world, setup->end, 1);
    if (ret == 0)
        ret = model_outcome_add(outcome, &world);
    model_world_free(&world);
    return ret;
}

static int count_hits(const model_setup *setup, uint64_t seed, claim *claims, size_t n)
{
    model_outcome *outcome = NULL;
    int ret = model_outcome_new(&outcome, setup);
    for (uint64_t i = 0; i < REPLICATIONS && ret == 0; i++)
        ret = add_replication(outcome, setup, seed, i);
    for (size_t i = 0; i < n && ret == 0; i++) {
        double mean, half_width;
        model_outcome_interval(outcome, claims[i].figure, &mean, &half_width);
        claims[i].hits += fabs(mean - claims[i].truth) <= half_width;
        claims[i].sum += mean / RUNS;
        claims[i].width += half_width / RUNS;
    }
    model_outcome_free(outcome);
    return ret;
}

static void find_figure(claim *c)
{
    c->figure = model_key_figure_count;
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strcmp(model_key_figures[i].name, c->name) == 0)
            c->figure = i;
    assert_true(c->figure < model_key_figure_count);
}

static void intervals_of_95_percent_cover_the_truth_in_93_to_97_percent_of_runs(void **state)
{
    (void)state;
    claim claims[] = {{.name = "wait.mean", .truth = 60 * theory_mmc_wait(1.2, 1, 2)},
                      {.name = "desks.utilisation", .truth = 0.6},
                      {.name = "wait.within_target", .truth = 1 - theory_mmc_wait_exceeds(1.2, 1, 2, 1)}};
    size_t n = sizeof claims / sizeof *claims;
    model_setup setup;
    int ret = oracle_setup(&setup, &(oracle_scenario){
                                       .rate = "1.2 /min",
                                       .stations = "desk: {time: {exponential: {mean: 1 min}}, desks: 2}",
                                       .duration = "50 h",
                                       .warm_up = "2 h",
                                       .bin = "2 h",
                                       .more = "target_wait: 1 min\n",
                                   });
    for (size_t i = 0; i < n; i++)
        find_figure(&claims[i]);
    for (uint64_t seed = 1; seed <= RUNS && ret == 0; seed++)
        ret = count_hits(&setup, seed, claims, n);
    double level = setup.confidence;
    model_setup_free(&setup);
    assert_int_equal(ret, 0);
    assert_true(level == 0.95);
    for (size_t i = 0; i < n; i++)
        print_message(
            "    %-20s true %-9.5g mean of means %-9.5g (bias %+.2f of a half-width): covered in %.1f%% of runs\n",
            claims[i].name, claims[i].truth, claims[i].sum, (claims[i].sum - claims[i].truth) / claims[i].width,
            100.0 * (double)claims[i].hits / RUNS);
    for (size_t i = 0; i < n; i++)
        assert_in_range(claims[i].hits, RUNS * 93 / 100, RUNS * 97 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_of_95_percent_cover_the_truth_in_93_to_97_percent_of_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
