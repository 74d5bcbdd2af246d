/* A station over time, from empty: waves of arrivals, and shifts that change while people are being served. Each hour
 * of many short replications is compared with theory. Times are hours. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>

#include "tests/oracle/chain.h"
#include "tests/oracle/oracle.h"

enum { BINS = 48 };

static void measure_busy(const model_world *world, double *values)
{
    for (uint32_t bin = 0; bin < BINS; bin++)
        values[bin] = oracle_level_in_bin(world, "desks/busy", "desk", 0, bin);
}

static void measure_busy_and_waiting(const model_world *world, double *values)
{
    measure_busy(world, values);
    for (uint32_t bin = 0; bin < BINS; bin++)
        values[BINS + bin] = oracle_level_in_bin(world, "queue/people_waiting", "desk", 0, bin);
}

static const theory_wave wave = {20, 15, 24, 0};
#define WAVE "{mean: 20 /h, amplitude: 15 /h, period: 24 h, peak: 0 s}"

typedef double infinite(const theory_wave *wave, double service, double a, double b);

/* A desk for everyone: every fourth hour of two days. */
static void expect_infinite(const char *stations, infinite *theory, uint64_t seed)
{
    oracle_study study;
    oracle_run(&study,
               &(oracle_scenario){
                   .rate = WAVE,
                   .stations = stations,
                   .duration = "48 h",
                   .warm_up = "0 s",
                   .bin = "1 h",
                   .replications = 4000,
                   .seed = seed,
               },
               measure_busy, BINS);
    for (size_t bin = 1; bin < BINS; bin += 4) {
        char what[64];
        snprintf(what, sizeof what, "busy desks in hour %zu", bin);
        oracle_expect(&study, bin, what, theory(&wave, 4, (double)bin, (double)(bin + 1)), 0.015);
    }
    oracle_finish(&study);
}

static void wave_at_endless_desks_matches_its_closed_form(void **state)
{
    (void)state;
    expect_infinite("desk: {time: {exponential: {mean: 4 h}}, desks: 100000}", theory_infinite_exponential, 501);
}

/* The number in service lags behind otherwise when all services last equally long. */
static void wave_at_endless_desks_of_constant_time_matches_its_closed_form(void **state)
{
    (void)state;
    expect_infinite("desk: {time: 4 h, desks: 100000}", theory_infinite_constant, 502);
}

/* Compares busy desks in every `step`-th bin and people waiting where theory has at least `least` of them. */
static void expect_over_time(const oracle_scenario *scenario, const chain_over_time *theory, double bin_hours,
                             size_t step, double least, double narrow)
{
    double waiting[BINS], busy[BINS];
    oracle_study study;
    assert_int_equal(chain_over_time_solve(theory, BINS, bin_hours, waiting, busy), 0);
    assert_true(theory->most_waiting > 100);
    oracle_run(&study, scenario, measure_busy_and_waiting, 2 * BINS);
    for (size_t bin = 0; bin < BINS; bin += step) {
        char what[64];
        snprintf(what, sizeof what, "busy desks from hour %.3g on", (double)bin * bin_hours);
        oracle_expect(&study, bin, what, busy[bin], narrow);
        snprintf(what, sizeof what, "people waiting from hour %.3g on", (double)bin * bin_hours);
        if (waiting[bin] >= least)
            oracle_expect(&study, BINS + bin, what, waiting[bin], 2 * narrow);
    }
    oracle_finish(&study);
}

/* Three desks for 12 an hour, 9 come on average, up to 16 at the peak. */
static void wave_at_three_desks_matches_its_forward_equations(void **state)
{
    (void)state;
    const double times[] = {0};
    const unsigned servers[] = {3};
    expect_over_time(
        &(oracle_scenario){
            .rate = "{mean: 9 /h, amplitude: 7 /h, period: 24 h, peak: 6 h}",
            .duration = "48 h",
            .warm_up = "0 s",
            .bin = "1 h",
            .stations = "desk: {time: {exponential: {mean: 15 min}}, desks: 3}",
            .replications = 32000,
            .seed = 503,
        },
        &(chain_over_time){{9, 7, 24, 6}, 4, 1, times, servers, 3, 300, 0}, 1, 3, 1, 0.02);
}

static void steady_stream_fills_an_empty_station_as_forward_equations_say(void **state)
{
    (void)state;
    const double times[] = {0};
    const unsigned servers[] = {2};
    expect_over_time(
        &(oracle_scenario){
            .rate = "7 /h",
            .duration = "12 h",
            .warm_up = "0 s",
            .bin = "15 min",
            .stations = "desk: {time: {exponential: {mean: 15 min}}, desks: 2}",
            .replications = 50000,
            .seed = 504,
        },
        &(chain_over_time){{7, 0, 24, 0}, 4, 1, times, servers, 2, 300, 0}, 0.25, 3, 0.5, 0.02);
}

#define ROSTER                                                                                                      \
    "rosters: {officers: {post: P, side: entry, role: officer, shifts: [{start: \"00:00\", length: 8 h, head: 4}, " \
    "{start: \"08:00\", length: 4 h, head: 1}, {start: \"12:00\", length: 12 h, head: 3}]}}\n"

/* Services of an hour and a half: at 8:00 up to four are going on, three desks close behind them. */
static void shift_change_in_mid_service_matches_its_forward_equations(void **state)
{
    (void)state;
    const double times[] = {0, 8, 12};
    const unsigned servers[] = {4, 1, 3};
    expect_over_time(
        &(oracle_scenario){
            .rate = "2 /h",
            .duration = "24 h",
            .warm_up = "0 s",
            .bin = "30 min",
            .more = ROSTER,
            .stations = "desk: {time: {exponential: {mean: 90 min}}, desks: 10, role: officer}",
            .replications = 100000,
            .seed = 505,
        },
        &(chain_over_time){{2, 0, 24, 0}, 2.0 / 3, 3, times, servers, 4, 200, 0}, 0.5, 2, 1, 0.015);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wave_at_endless_desks_matches_its_closed_form),
        cmocka_unit_test(wave_at_endless_desks_of_constant_time_matches_its_closed_form),
        cmocka_unit_test(wave_at_three_desks_matches_its_forward_equations),
        cmocka_unit_test(steady_stream_fills_an_empty_station_as_forward_equations_say),
        cmocka_unit_test(shift_change_in_mid_service_matches_its_forward_equations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
