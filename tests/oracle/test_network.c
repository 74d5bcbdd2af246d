/* Stations one behind the other: as a product where there is room (Jackson), against small chains where there is not.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "tests/oracle/chain.h"
#include "tests/oracle/oracle.h"

/* --- a network of four stations, some past which some people go --- */

enum { ALL, BUSES, CHILDREN, LAST, TIME_THERE, NETWORK_COLUMNS };

#define FOUR_STATIONS                                                                                               \
    "all: {time: {exponential: {mean: 1 min}}}, buses: {time: {exponential: {mean: 2 min}}, modes: [bus]}, "        \
    "children: {time: {exponential: {mean: 6 min}}, when: [child], desks: 2}, last: {time: {exponential: {mean: 4 " \
    "min}}, desks: 4}"
#define THEIR_PEOPLE "group_size: 1, modes: {foot: 3, bus: 2}, traits: {child: {share: 30 %}}"
#define IN_ORDER "all: {}, buses: {}, children: {}, last: {}"

static void measure_network(const model_world *world, double *values)
{
    values[ALL] = oracle_duration(world, "wait/station", "all", 0);
    values[BUSES] = oracle_duration(world, "wait/station", "buses", 0);
    values[CHILDREN] = oracle_duration(world, "wait/station", "children", 0);
    values[LAST] = oracle_duration(world, "wait/station", "last", 0);
    values[TIME_THERE] = oracle_duration(world, "wait/total_time", "P", 0);
}

static void jackson_network_is_a_product_of_its_stations(void **state)
{
    (void)state;
    double all = theory_mmc_wait(0.7, 1, 1), buses = theory_mmc_wait(0.28, 0.5, 1),
           children = theory_mmc_wait(0.21, 1.0 / 6, 2), last = theory_mmc_wait(0.7, 0.25, 4);
    oracle_study study;
    oracle_run(
        &study,
        &(oracle_scenario){
            .rate = "0.7 /min", .people = THEIR_PEOPLE, .stations = FOUR_STATIONS, .entry = IN_ORDER, .seed = 401},
        measure_network, NETWORK_COLUMNS);
    oracle_expect(&study, ALL, "wait at the first station, min", all, 0.02);
    oracle_expect(&study, BUSES, "wait at that of the buses, min", buses, 0.02);
    oracle_expect(&study, CHILDREN, "wait at that of the children, min", children, 0.03);
    oracle_expect(&study, LAST, "wait at the last station, min", last, 0.02);
    oracle_expect(&study, TIME_THERE, "time at the post, min",
                  all + 1 + 0.4 * (buses + 2) + 0.3 * (children + 6) + last + 4, 0.01);
    oracle_finish(&study);
}

/* In the long run the stations are independent at any one instant, though what leaves one comes to the other: looked at
 * every hour. */
enum { BOTH_IDLE, FIRST_IDLE, SECOND_IDLE, IDLE_COLUMNS, LOOKS = 6000 };

static int look(model_world *world, double *values)
{
    const sim_station *stations = world->network.stations;
    int ret = model_world_run(world, world->setup->warm_up, 1);
    for (int i = 0; i < LOOKS && ret == 0; i++) {
        bool first = stations[0].busy == 0, second = stations[1].busy == 0;
        values[BOTH_IDLE] += first && second ? 1.0 / LOOKS : 0;
        values[FIRST_IDLE] += first ? 1.0 / LOOKS : 0;
        values[SECOND_IDLE] += second ? 1.0 / LOOKS : 0;
        ret = model_world_run(world, world->kernel.now + SIM_HOUR, 1);
    }
    return ret;
}

static void stations_of_a_tandem_are_independent_at_any_instant(void **state)
{
    (void)state;
    oracle_study study = {.width = IDLE_COLUMNS, .replications = 30};
    model_setup setup;
    study.values = calloc(study.replications * study.width, sizeof *study.values);
    int ret = oracle_setup(&setup, &(oracle_scenario){.rate = "0.6 /min",
                                                      .entry = "first: {}, second: {}",
                                                      .duration = "260 d",
                                                      .stations = "first: {time: {exponential: {mean: 1 min}}}, "
                                                                  "second: {time: {exponential: {mean: 50 s}}}"});
    for (size_t i = 0; i < study.replications && ret == 0 && study.values != NULL; i++) {
        model_world world;
        ret = model_world_init(&world, &setup, 402, i, false);
        if (ret == 0)
            ret = look(&world, study.values + i * study.width);
        model_world_free(&world);
    }
    model_setup_free(&setup);
    assert_non_null(study.values);
    assert_int_equal(ret, 0);
    oracle_expect(&study, FIRST_IDLE, "first idle", 0.4, 0.02);
    oracle_expect(&study, SECOND_IDLE, "second idle", 0.5, 0.02);
    oracle_expect(&study, BOTH_IDLE, "both idle", 0.2, 0.03);
    oracle_finish(&study);
}

/* --- tandem with blocking --- */

enum { LOST, QUEUE1, BUSY1, HELD1, QUEUE2, BUSY2, TANDEM_COLUMNS };

static void measure_tandem(const model_world *world, double *values)
{
    values[LOST] = oracle_count(world, "flow/gave_up", "P", 0) / oracle_count(world, "flow/arrived", "P", 0);
    values[QUEUE1] = oracle_level(world, "queue/people_waiting", "first", 0);
    values[BUSY1] = oracle_level(world, "desks/busy", "first", 0);
    values[HELD1] = oracle_level(world, "desks/held", "first", 0);
    values[QUEUE2] = oracle_level(world, "queue/people_waiting", "second", 0);
    values[BUSY2] = oracle_level(world, "desks/busy", "second", 0);
}

static void expect_tandem(const char *stations, const char *rate, const chain_tandem *tandem, uint64_t seed)
{
    oracle_study study;
    chain_tandem_result theory;
    assert_int_equal(chain_tandem_solve(tandem, &theory), 0);
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = rate,
                   .entry = "first: {}, second: {}",
                   .post = ", when_full: turn_away",
                   .stations = stations,
                   .duration = "100 d",
                   .seed = seed,
               },
               measure_tandem, TANDEM_COLUMNS);
    oracle_expect(&study, LOST, "share turned away", theory.loss, 0.02);
    oracle_expect(&study, QUEUE1, "queue at the first station", theory.queue1, 0.02);
    oracle_expect(&study, BUSY1, "its busy desks", theory.busy1, 0.01);
    oracle_expect(&study, HELD1, "its held desks", theory.held1, 0.02);
    oracle_expect(&study, BUSY2, "busy desks of the second", theory.busy2, 0.01);
    if (tandem->room2 > 0)
        oracle_expect(&study, QUEUE2, "queue at the second station", theory.queue2, 0.02);
    oracle_finish(&study);
}

#define TANDEM(room) \
    "first: {time: {exponential: {mean: 1 min}}, room: 4}, second: {time: {exponential: {mean: 1 min}}, room: " room "}"

static void tandem_without_room_between_matches_its_chain(void **state)
{
    (void)state;
    expect_tandem(TANDEM("0"), "0.7 /min", &(chain_tandem){0.7, 1, 1, 1, 4, 1, 0}, 403);
}

static void tandem_with_one_place_between_matches_its_chain(void **state)
{
    (void)state;
    expect_tandem(TANDEM("1"), "0.7 /min", &(chain_tandem){0.7, 1, 1, 1, 4, 1, 1}, 404);
}

static void tandem_with_two_places_between_matches_its_chain(void **state)
{
    (void)state;
    expect_tandem(TANDEM("2"), "0.7 /min", &(chain_tandem){0.7, 1, 1, 1, 4, 1, 2}, 405);
}

static void tandem_of_several_desks_matches_its_chain(void **state)
{
    (void)state;
    expect_tandem("first: {time: {exponential: {mean: 2 min}}, desks: 3, room: 3}, second: {time: {exponential: {mean: "
                  "1 min}}, desks: 2, room: 1}",
                  "1.6 /min", &(chain_tandem){1.6, 0.5, 1, 3, 3, 2, 1}, 406);
}

/* --- two stations in one waiting area --- */

enum { OUTSIDE, INSIDE1, INSIDE2, ENCLOSED_COLUMNS };

static void measure_enclosed(const model_world *world, double *values)
{
    values[OUTSIDE] = oracle_level(world, "queue/outside", "P", 0);
    values[INSIDE1] = oracle_level(world, "queue/people_waiting", "first", 0);
    values[INSIDE2] = oracle_level(world, "queue/people_waiting", "second", 0);
}

static void stations_in_one_area_match_their_chain(void **state)
{
    (void)state;
    chain_enclosed enclosed = {0.45, 1, 0.8, 3, 60};
    chain_enclosed_result theory;
    oracle_study study;
    assert_int_equal(chain_enclosed_solve(&enclosed, &theory), 0);
    oracle_run(
        &study,
        &(oracle_scenario){
            .rate = "0.45 /min",
            .entry = "first: {}, second: {}",
            .side = ", waiting_area: 3 m2, density: 1 1/m2",
            .stations = "first: {time: {exponential: {mean: 1 min}}}, second: {time: {exponential: {mean: 75 s}}}",
            .seed = 407},
        measure_enclosed, ENCLOSED_COLUMNS);
    oracle_expect(&study, OUTSIDE, "people outside", theory.outside, 0.03);
    oracle_expect(&study, INSIDE1, "queue at the first station", theory.queue1, 0.01);
    oracle_expect(&study, INSIDE2, "queue at the second station", theory.queue2, 0.01);
    oracle_finish(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jackson_network_is_a_product_of_its_stations),
        cmocka_unit_test(stations_of_a_tandem_are_independent_at_any_instant),
        cmocka_unit_test(tandem_without_room_between_matches_its_chain),
        cmocka_unit_test(tandem_with_one_place_between_matches_its_chain),
        cmocka_unit_test(tandem_with_two_places_between_matches_its_chain),
        cmocka_unit_test(tandem_of_several_desks_matches_its_chain),
        cmocka_unit_test(stations_in_one_area_match_their_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
