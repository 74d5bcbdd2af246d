/* One station, served in order of arrival, nobody lost: Poisson arrivals, services of several kinds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/oracle/oracle.h"
#include "tests/oracle/theory.h"

/* 0: wait, 1: queue, 2: busy, 3: share that waits at all, 4: share that waits about 3 minutes or more. */
enum { WAIT, QUEUE, BUSY, WAITS, LONG, COLUMNS, LONG_BUCKET = 789 };

static void measure(const model_world *world, double *values)
{
    values[WAIT] = oracle_duration(world, "wait/station", "desk", 0);
    values[QUEUE] = oracle_level(world, "queue/people_waiting", "desk", 0);
    values[BUSY] = oracle_level(world, "desks/busy", "desk", 0);
    values[WAITS] = oracle_share_from(world, "wait/station", "desk", 0, 1); /* a millisecond or more */
    values[LONG] = oracle_share_from(world, "wait/station", "desk", 0, LONG_BUCKET);
}

static double long_wait(void)
{
    return (double)sim_histogram_edge(LONG_BUCKET) / 60e6;
}

static void expect_mmc(oracle_study *study, double arrival, unsigned servers, double narrow)
{
    oracle_expect(study, WAIT, "mean wait, min", theory_mmc_wait(arrival, 1, servers), narrow);
    oracle_expect(study, QUEUE, "mean queue", arrival * theory_mmc_wait(arrival, 1, servers), narrow);
    oracle_expect(study, BUSY, "busy desks", arrival, narrow);
    oracle_expect(study, WAITS, "share that waits", theory_erlang_c(servers, arrival), narrow);
}

static void mm1_wait_and_its_distribution_match_theory(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(
        &study,
        &(oracle_scenario){.rate = "0.7 /min", .stations = "desk: {time: {exponential: {mean: 1 min}}}", .seed = 101},
        measure, COLUMNS);
    expect_mmc(&study, 0.7, 1, 0.02);
    oracle_expect(&study, LONG, "share that waits long", theory_mmc_wait_exceeds(0.7, 1, 1, long_wait()), 0.02);
    oracle_finish(&study);
}

static void mmc_with_2_desks_matches_erlang_c(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "1.4 /min", .stations = "desk: {time: {exponential: {mean: 1 min}}, desks: 2}", .seed = 102},
               measure, COLUMNS);
    expect_mmc(&study, 1.4, 2, 0.02);
    oracle_expect(&study, LONG, "share that waits long", theory_mmc_wait_exceeds(1.4, 1, 2, long_wait()), 0.03);
    oracle_finish(&study);
}

static void mmc_with_10_desks_matches_erlang_c(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "8 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, desks: 10}",
                   .duration = "60 d",
                   .seed = 103,
               },
               measure, COLUMNS);
    expect_mmc(&study, 8, 10, 0.02);
    oracle_finish(&study);
}

static void mmc_with_100_desks_matches_erlang_c(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "90 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, desks: 100}",
                   .duration = "8 d",
                   .warm_up = "1 d",
                   .replications = 70,
                   .seed = 104,
               },
               measure, COLUMNS);
    expect_mmc(&study, 90, 100, 0.03);
    oracle_finish(&study);
}

static void md1_wait_matches_pollaczek_khinchine(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study, &(oracle_scenario){.rate = "0.8 /min", .stations = "desk: {time: 1 min}", .seed = 105}, measure,
               COLUMNS);
    oracle_expect(&study, WAIT, "mean wait, min", theory_mg1_wait(0.8, 1, 0), 0.015);
    oracle_expect(&study, QUEUE, "mean queue", 0.8 * theory_mg1_wait(0.8, 1, 0), 0.015);
    oracle_expect(&study, WAITS, "share that waits", 0.8, 0.005);
    oracle_finish(&study);
}

static void expect_mg1(const char *stations, double variation, double narrow, uint64_t seed)
{
    oracle_study study;
    oracle_run(&study, &(oracle_scenario){.rate = "0.7 /min", .stations = stations, .seed = seed}, measure, COLUMNS);
    oracle_expect(&study, WAIT, "mean wait, min", theory_mg1_wait(0.7, 1, variation), narrow);
    oracle_expect(&study, QUEUE, "mean queue", 0.7 * theory_mg1_wait(0.7, 1, variation), narrow);
    oracle_expect(&study, BUSY, "busy desks", 0.7, narrow);
    oracle_finish(&study);
}

static void mg1_with_lognormal_service_matches_pollaczek_khinchine(void **state)
{
    (void)state;
    expect_mg1("desk: {time: {lognormal: {mean: 1 min, cv: 1.4}}}", 1.4, 0.03, 106);
}

static void mg1_with_erlang_service_matches_pollaczek_khinchine(void **state)
{
    (void)state;
    expect_mg1("desk: {time: {erlang: {mean: 1 min, k: 4}}}", 0.5, 0.02, 107);
}

/* Half of them a quarter minute, half of them seven times as long: variance (0.75)^2. */
static void mg1_with_two_sorts_of_service_matches_pollaczek_khinchine(void **state)
{
    (void)state;
    expect_mg1("desk: {time: {empirical: {values: [15 s, 105 s], weights: [1, 1]}}}", 0.75, 0.02, 108);
}

/* Poisson arrivals see time averages: the share of them that finds all desks busy is the share of time in which they
 * are. Both are measured in the same replications, so that their difference is known better than either. */
static void measure_difference(const model_world *world, double *values)
{
    values[0] =
        oracle_share_from(world, "wait/station", "desk", 0, 1) - oracle_level(world, "desks/busy", "desk", 0) + 0.7;
}

static void arrivals_see_time_averages(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "0.7 /min", .stations = "desk: {time: {lognormal: {mean: 1 min, cv: 1}}}", .seed = 109},
               measure_difference, 1);
    oracle_expect(&study, 0, "found busy - time busy + 0.7", 0.7, 0.002);
    oracle_finish(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mm1_wait_and_its_distribution_match_theory),
        cmocka_unit_test(mmc_with_2_desks_matches_erlang_c),
        cmocka_unit_test(mmc_with_10_desks_matches_erlang_c),
        cmocka_unit_test(mmc_with_100_desks_matches_erlang_c),
        cmocka_unit_test(md1_wait_matches_pollaczek_khinchine),
        cmocka_unit_test(mg1_with_lognormal_service_matches_pollaczek_khinchine),
        cmocka_unit_test(mg1_with_erlang_service_matches_pollaczek_khinchine),
        cmocka_unit_test(mg1_with_two_sorts_of_service_matches_pollaczek_khinchine),
        cmocka_unit_test(arrivals_see_time_averages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
