/* Groups: who arrives together is served together, in one draw or in one a person. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/oracle/chain.h"
#include "tests/oracle/oracle.h"

enum { WAIT, QUEUE, BUSY, WAIT_POST, COLUMNS };

static void measure(const model_world *world, double *values)
{
    values[WAIT] = oracle_duration(world, "wait/station", "desk", 0);
    values[QUEUE] = oracle_level(world, "queue/people_waiting", "desk", 0);
    values[BUSY] = oracle_level(world, "desks/busy", "desk", 0);
    values[WAIT_POST] = oracle_duration(world, "wait/post", "P", 0);
}

/* Sizes 1, 2 and 5 with weights 5, 3 and 2: mean 2.1, mean square 6.7. */
#define SIZES "group_size: {empirical: {values: [1, 2, 5], weights: [5, 3, 2]}}"
static const double mean_size = 2.1, mean_square = 6.7;

/* One draw a group: M/M/1 of groups, whatever their size. People wait as their groups do. */
static void groups_served_together_wait_as_at_mm1(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "1.47 /min",
                   .people = SIZES,
                   .stations = "desk: {serves: group, time: {exponential: {mean: 1 min}}}",
                   .seed = 601,
               },
               measure, COLUMNS);
    oracle_expect(&study, WAIT, "mean wait, min", theory_mmc_wait(0.7, 1, 1), 0.02);
    oracle_expect(&study, QUEUE, "people in the queue", mean_size * 0.7 * theory_mmc_wait(0.7, 1, 1), 0.02);
    oracle_expect(&study, BUSY, "busy desks", 0.7, 0.01);
    oracle_finish(&study);
}

/* Batch arrivals, M^X/M/1: the first of a batch waits for the work there, which is that of M/G/1 with a service time of
 * X exponentials: mean m s, mean square s^2 (m + m2) (Gross et al. 2008, 3.1). */
static void groups_of_random_size_wait_as_at_batch_arrivals(void **state)
{
    (void)state;
    double service = 0.4, mean = mean_size * service, square = service * service * (mean_size + mean_square);
    double wait = 0.8 * square / (2 * (1 - 0.8 * mean));
    oracle_study study;
    oracle_run(
        &study,
        &(oracle_scenario){
            .rate = "1.68 /min", .people = SIZES, .stations = "desk: {time: {exponential: {mean: 24 s}}}", .seed = 602},
        measure, COLUMNS);
    oracle_expect(&study, WAIT, "mean wait of a group, min", wait, 0.02);
    oracle_expect(&study, WAIT_POST, "the same at the post, min", wait, 0.02);
    oracle_expect(&study, QUEUE, "people in the queue", mean_size * 0.8 * wait, 0.02);
    oracle_expect(&study, BUSY, "busy desks", 0.8 * mean, 0.01);
    oracle_finish(&study);
}

/* Two people each: two exponentials, an Erlang of two phases. */
static void pairs_served_one_by_one_wait_as_at_me21(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "1.4 /min",
                   .people = "group_size: 2",
                   .stations = "desk: {time: {exponential: {mean: 30 s}}}",
                   .seed = 603,
               },
               measure, COLUMNS);
    oracle_expect(&study, WAIT, "mean wait, min", theory_mg1_wait(0.7, 1, sqrt(0.5)), 0.02);
    oracle_finish(&study);
}

static void pairs_at_three_desks_wait_as_at_me2c(void **state)
{
    (void)state;
    double wait;
    oracle_study study;
    assert_int_equal(chain_me2c_wait(2.4, 1, 3, 180, &wait), 0);
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "4.8 /min",
                   .people = "group_size: 2",
                   .stations = "desk: {time: {exponential: {mean: 30 s}}, desks: 3}",
                   .duration = "100 d",
                   .seed = 604,
               },
               measure, COLUMNS);
    oracle_expect(&study, WAIT, "mean wait, min", wait, 0.02);
    oracle_finish(&study);
}

/* Groups of three of whom only the children are served: a group without a child goes past. With shares of 1/2, one, two
 * or three of them 3, 3 and 1 times in 7: mean 12/7, mean square 24/7. */
static void only_those_concerned_take_time(void **state)
{
    (void)state;
    double arrival = 0.7 * 7 / 8, size = 12.0 / 7, square = 24.0 / 7, service = 0.6;
    double wait = arrival * service * service * (size + square) / (2 * (1 - arrival * service * size));
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "2.1 /min",
                   .people = "group_size: 3, traits: {child: {share: 50 %}}",
                   .stations = "desk: {time: {exponential: {mean: 36 s}}, when: [child]}",
                   .seed = 605,
               },
               measure, COLUMNS);
    oracle_expect(&study, WAIT, "mean wait, min", wait, 0.02);
    oracle_expect(&study, BUSY, "busy desks", arrival * service * size, 0.01);
    oracle_finish(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_served_together_wait_as_at_mm1),
        cmocka_unit_test(groups_of_random_size_wait_as_at_batch_arrivals),
        cmocka_unit_test(pairs_served_one_by_one_wait_as_at_me21),
        cmocka_unit_test(pairs_at_three_desks_wait_as_at_me2c),
        cmocka_unit_test(only_those_concerned_take_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
