/* One station that loses people: turned away when its waiting room is full, or gone when their patience ends; and one
 * whose full waiting room or area only makes them wait elsewhere. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/oracle/oracle.h"
#include "tests/oracle/theory.h"

enum { LOST, WAIT, QUEUE, WAIT_POST, OUTSIDE, COLUMNS };

static void measure(const model_world *world, double *values)
{
    values[LOST] = oracle_count(world, "flow/gave_up", "P", 0) / oracle_count(world, "flow/arrived", "P", 0);
    values[WAIT] = oracle_duration(world, "wait/station", "desk", 0);
    values[QUEUE] = oracle_level(world, "queue/people_waiting", "desk", 0);
    values[WAIT_POST] = oracle_duration(world, "wait/post", "P", 0);
    values[OUTSIDE] = oracle_level(world, "queue/outside", "P", 0);
}

static void mmck_loss_and_wait_match_the_birth_death_chain(void **state)
{
    (void)state;
    oracle_study study;
    theory_limited theory = theory_mmck(1.6, 1, 2, 3);
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "1.6 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, desks: 2, room: 3}",
                   .post = ", when_full: turn_away",
                   .duration = "100 d",
                   .seed = 201,
               },
               measure, COLUMNS);
    oracle_expect(&study, LOST, "share turned away", theory.loss, 0.01);
    oracle_expect(&study, WAIT, "mean wait of the others, min", theory.wait, 0.01);
    oracle_expect(&study, QUEUE, "mean queue", theory.queue, 0.01);
    oracle_finish(&study);
}

static void mm1k_above_capacity_matches_the_birth_death_chain(void **state)
{
    (void)state;
    oracle_study study;
    theory_limited theory = theory_mmck(1.5, 1, 1, 5);
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "1.5 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, room: 5}",
                   .post = ", when_full: turn_away",
                   .duration = "100 d",
                   .seed = 202,
               },
               measure, COLUMNS);
    oracle_expect(&study, LOST, "share turned away", theory.loss, 0.01);
    oracle_expect(&study, WAIT, "mean wait of the others, min", theory.wait, 0.01);
    oracle_finish(&study);
}

/* Without a waiting room the share lost depends on the mean service time alone, whatever its distribution. */
static void erlang_b_holds_for_lognormal_service_too(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "8 /min",
                   .stations = "desk: {time: {lognormal: {mean: 1 min, cv: 1.5}}, desks: 10, room: 0}",
                   .post = ", when_full: turn_away",
                   .duration = "30 d",
                   .seed = 203,
               },
               measure, COLUMNS);
    oracle_expect(&study, LOST, "share turned away", theory_erlang_b(10, 8), 0.01);
    oracle_finish(&study);
}

static void erlang_a_matches_its_birth_death_chain(void **state)
{
    (void)state;
    oracle_study study;
    theory_impatient theory = theory_erlang_a(12, 1, 10, 0.5);
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "12 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, desks: 10}",
                   .more = "patience: {time: {exponential: {mean: 2 min}}}\n",
                   .duration = "20 d",
                   .seed = 204,
               },
               measure, COLUMNS);
    oracle_expect(&study, LOST, "share that leaves", theory.leave, 0.01);
    oracle_expect(&study, WAIT, "mean wait of those served, min", theory.wait_served, 0.01);
    oracle_expect(&study, WAIT_POST, "the same at the post, min", theory.wait_served, 0.01);
    oracle_expect(&study, QUEUE, "mean queue", theory.queue, 0.01);
    oracle_finish(&study);
}

static void one_desk_with_impatience_matches_its_birth_death_chain(void **state)
{
    (void)state;
    oracle_study study;
    theory_impatient theory = theory_erlang_a(0.8, 1, 1, 0.1);
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "0.8 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}}",
                   .more = "patience: {time: {exponential: {mean: 10 min}}}\n",
                   .seed = 205,
               },
               measure, COLUMNS);
    oracle_expect(&study, LOST, "share that leaves", theory.leave, 0.02);
    oracle_expect(&study, WAIT, "mean wait of those served, min", theory.wait_served, 0.02);
    oracle_finish(&study);
}

static void fixed_patience_matches_barrer(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "0.8 /min",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}}",
                   .more = "patience: {time: 3 min}\n",
                   .duration = "100 d",
                   .seed = 206,
               },
               measure, COLUMNS);
    oracle_expect(&study, LOST, "share that leaves", theory_mm1_fixed_patience(0.8, 1, 3), 0.01);
    oracle_finish(&study);
}

/* Of n there, those beyond `inside` are outside; P(n) = (1 - r) r^n. */
static void expect_outside(const oracle_scenario *scenario, unsigned inside)
{
    oracle_study study;
    oracle_run(&study, scenario, measure, COLUMNS);
    oracle_expect(&study, WAIT_POST, "mean wait outside and inside, min", theory_mmc_wait(0.7, 1, 1), 0.02);
    oracle_expect(&study, OUTSIDE, "mean number outside", pow(0.7, inside + 1) / 0.3, 0.05);
    oracle_finish(&study);
}

/* Four people fill the area; one of them is being served. */
static void a_full_area_changes_where_people_wait_but_not_how_long(void **state)
{
    (void)state;
    expect_outside(
        &(oracle_scenario){
            .rate = "0.7 /min",
            .stations = "desk: {time: {exponential: {mean: 1 min}}}",
            .side = ", waiting_area: 4 m2, density: 1 1/m2",
            .seed = 207,
        },
        4);
}

static void a_full_waiting_room_changes_where_people_wait_but_not_how_long(void **state)
{
    (void)state;
    expect_outside(
        &(oracle_scenario){
            .rate = "0.7 /min",
            .stations = "desk: {time: {exponential: {mean: 1 min}}, room: 2}",
            .seed = 208,
        },
        3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mmck_loss_and_wait_match_the_birth_death_chain),
        cmocka_unit_test(mm1k_above_capacity_matches_the_birth_death_chain),
        cmocka_unit_test(erlang_b_holds_for_lognormal_service_too),
        cmocka_unit_test(erlang_a_matches_its_birth_death_chain),
        cmocka_unit_test(one_desk_with_impatience_matches_its_birth_death_chain),
        cmocka_unit_test(fixed_patience_matches_barrer),
        cmocka_unit_test(a_full_area_changes_where_people_wait_but_not_how_long),
        cmocka_unit_test(a_full_waiting_room_changes_where_people_wait_but_not_how_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
