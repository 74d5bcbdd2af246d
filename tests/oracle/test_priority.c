/* Priorities without interruption: the mean wait of each class. Classes are told by mode; the last one is "everyone".
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/oracle/oracle.h"
#include "tests/oracle/theory.h"

enum { FIRST, SECOND, THIRD, QUEUE, COLUMNS };

/* The wait of all classes, in their order, and the queue. */
static void measure_three(const model_world *world, double *values)
{
    for (uint32_t class = FIRST; class <= THIRD; class ++)
        values[class] = oracle_duration(world, "wait/station", "desk", class);
    values[QUEUE] = oracle_level(world, "queue/people_waiting", "desk", 0);
}

static void measure_two(const model_world *world, double *values)
{
    values[FIRST] = oracle_duration(world, "wait/station", "desk", 0);
    values[SECOND] = oracle_duration(world, "wait/station", "desk", 1);
}

#define TWO_CLASSES "classes: {urgent: {modes: [bus], priority: 3}}\n"
#define THREE_CLASSES "classes: {urgent: {modes: [bus], priority: 7}, elderly: {modes: [car], priority: 1}}\n"

static void two_classes_at_mm1_match_cobham(void **state)
{
    (void)state;
    const double arrivals[] = {0.3, 0.45};
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "0.75 /min",
                   .people = "group_size: 1, modes: {foot: 3, bus: 2}",
                   .more = TWO_CLASSES,
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, discipline: priority}",
                   .seed = 301,
               },
               measure_two, COLUMNS);
    oracle_expect(&study, FIRST, "wait of the urgent, min", theory_priority_mg1_wait(arrivals, 2, 0, 1, 1), 0.02);
    oracle_expect(&study, SECOND, "wait of the others, min", theory_priority_mg1_wait(arrivals, 2, 1, 1, 1), 0.02);
    oracle_finish(&study);
}

static void two_classes_at_mg1_match_cobham(void **state)
{
    (void)state;
    const double arrivals[] = {0.3, 0.4};
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "0.7 /min",
                   .people = "group_size: 1, modes: {foot: 4, bus: 3}",
                   .more = TWO_CLASSES,
                   .stations = "desk: {time: {gamma: {mean: 1 min, cv: 0.5}}, discipline: priority}",
                   .seed = 302,
               },
               measure_two, COLUMNS);
    oracle_expect(&study, FIRST, "wait of the urgent, min", theory_priority_mg1_wait(arrivals, 2, 0, 1, 0.5), 0.02);
    oracle_expect(&study, SECOND, "wait of the others, min", theory_priority_mg1_wait(arrivals, 2, 1, 1, 0.5), 0.02);
    oracle_finish(&study);
}

static void two_classes_at_mmc_match_theory(void **state)
{
    (void)state;
    const double arrivals[] = {1, 1.4};
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "2.4 /min",
                   .people = "group_size: 1, modes: {foot: 7, bus: 5}",
                   .more = TWO_CLASSES,
                   .duration = "100 d",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, discipline: priority, desks: 3}",
                   .seed = 303,
               },
               measure_two, COLUMNS);
    oracle_expect(&study, FIRST, "wait of the urgent, min", theory_priority_mmc_wait(arrivals, 2, 0, 1, 3), 0.02);
    oracle_expect(&study, SECOND, "wait of the others, min", theory_priority_mmc_wait(arrivals, 2, 1, 1, 3), 0.03);
    oracle_finish(&study);
}

static void three_classes_at_mmc_match_theory(void **state)
{
    (void)state;
    const double arrivals[] = {0.4, 0.8, 0.4};
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "1.6 /min",
                   .people = "group_size: 1, modes: {foot: 1, car: 2, bus: 1}",
                   .more = THREE_CLASSES,
                   .duration = "120 d",
                   .stations = "desk: {time: {exponential: {mean: 1 min}}, discipline: priority, desks: 2}",
                   .seed = 304,
               },
               measure_three, COLUMNS);
    oracle_expect(&study, FIRST, "wait of the urgent, min", theory_priority_mmc_wait(arrivals, 3, 0, 1, 2), 0.02);
    oracle_expect(&study, SECOND, "wait of the elderly, min", theory_priority_mmc_wait(arrivals, 3, 1, 1, 2), 0.02);
    oracle_expect(&study, THIRD, "wait of the others, min", theory_priority_mmc_wait(arrivals, 3, 2, 1, 2), 0.03);
    oracle_expect(&study, QUEUE, "queue, as without priorities", 1.6 * theory_mmc_wait(1.6, 1, 2), 0.03);
    oracle_finish(&study);
}

/* The same classes at a station that does not look at them. */
static void classes_do_not_matter_where_the_line_is_one(void **state)
{
    (void)state;
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = "0.7 /min",
                   .people = "group_size: 1, modes: {foot: 1, car: 2, bus: 1}",
                   .more = THREE_CLASSES,
                   .stations = "desk: {time: {exponential: {mean: 1 min}}}",
                   .seed = 305,
               },
               measure_three, COLUMNS);
    for (size_t class = FIRST; class <= THIRD; class ++)
        oracle_expect(&study, class, "wait of a class, min", theory_mmc_wait(0.7, 1, 1), 0.02);
    oracle_finish(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_classes_at_mm1_match_cobham),
        cmocka_unit_test(two_classes_at_mg1_match_cobham),
        cmocka_unit_test(two_classes_at_mmc_match_theory),
        cmocka_unit_test(three_classes_at_mmc_match_theory),
        cmocka_unit_test(classes_do_not_matter_where_the_line_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
