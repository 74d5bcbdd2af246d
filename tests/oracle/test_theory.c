/* Claims about the theory itself: textbook values, limits and identities, so that the other tests compare with the
 * right number. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <gsl/gsl_integration.h>

#include "models/outcome/outcome.h"
#include "tests/oracle/chain.h"
#include "tests/oracle/oracle.h"

static void check(double found, double expected, double relative)
{
    if (!(fabs(found - expected) <= relative * fabs(expected)))
        fail_msg("%.12g is not %.12g", found, expected);
}

/* Traffic tables: 1% are lost at 4.461 erlangs on 10 lines and at 84.064 on 100. */
static void erlang_b_matches_traffic_tables(void **state)
{
    (void)state;
    check(theory_erlang_b(2, 1), 0.2, 1e-14);
    check(theory_erlang_b(10, 4.4612), 0.01, 2e-4);
    check(theory_erlang_b(100, 84.064), 0.01, 2e-4);
}

static void erlang_c_matches_known_values(void **state)
{
    (void)state;
    check(theory_erlang_c(1, 0.7), 0.7, 1e-14);
    check(theory_erlang_c(2, 1), 1.0 / 3, 1e-14);
    check(theory_erlang_c(10, 8), 0.40918, 1e-4);
    check(theory_mmc_wait(0.5, 1, 1), 1, 1e-14);
    check(theory_mmc_wait_exceeds(0.5, 1, 1, 2), 0.5 * exp(-1), 1e-14);
}

static void constant_service_halves_the_wait(void **state)
{
    (void)state;
    check(theory_mg1_wait(0.7, 1, 1), theory_mmc_wait(0.7, 1, 1), 1e-14);
    check(theory_mg1_wait(0.7, 1, 0), theory_mmc_wait(0.7, 1, 1) / 2, 1e-14);
}

static void limited_queue_has_its_limits(void **state)
{
    (void)state;
    check(theory_mmck(1, 1, 1, 3).loss, 0.2, 1e-14); /* five states, all alike */
    check(theory_mmck(1, 1, 1, 3).queue, (1 + 2 + 3) / 5.0, 1e-14);
    check(theory_mmck(8, 1, 10, 0).loss, theory_erlang_b(10, 8), 1e-13);
    check(theory_mmck(8, 1, 10, 400).wait, theory_mmc_wait(8, 1, 10), 1e-10);
}

/* M/M/1+M: density arrival p0 exp(arrival (1 - exp(-theta x)) / theta - service x) of the wait that a patient one would
 * have (Baccelli and Hebuterne 1981). */
typedef struct {
    double arrival, service, theta;
    int power;
} offered;

static double offered_wait(double x, void *context)
{
    const offered *o = context;
    double density = exp(o->arrival * (1 - exp(-o->theta * x)) / o->theta - o->service * x);
    return density * (o->power == 0 ? 1 : exp(-o->theta * x)) * (o->power == 2 ? x : 1);
}

static double integral(double arrival, double service, double theta, int power)
{
    offered o = {arrival, service, theta, power};
    gsl_function f = {offered_wait, &o};
    double result = 0, error;
    size_t calls;
    for (int i = 0; i < 200; i++) { /* the integrand is smooth: pieces of half a unit */
        double piece;
        gsl_integration_qng(&f, 0.5 * i, 0.5 * (i + 1), 1e-13, 1e-11, &piece, &error, &calls);
        result += piece;
    }
    return result;
}

static void erlang_a_matches_its_integrals(void **state)
{
    (void)state;
    double arrival = 1.2, service = 1, theta = 0.4;
    double idle = 1 / (1 + arrival * integral(arrival, service, theta, 0));
    double served = idle * (1 + arrival * integral(arrival, service, theta, 1));
    theory_impatient found = theory_erlang_a(arrival, service, 1, theta);
    check(1 - found.leave, served, 1e-9);
    check(found.wait_served, idle * arrival * integral(arrival, service, theta, 2) / served, 1e-9);
}

static void erlang_a_lies_between_erlang_c_and_endless_servers(void **state)
{
    (void)state;
    check(theory_erlang_a(8, 1, 10, 1e-9).wait_served, theory_mmc_wait(8, 1, 10), 1e-6);
    check(theory_erlang_a(1, 1, 1, 1).leave, exp(-1), 1e-12); /* a Poisson number of customers: E(N - 1)+ = 1/e */
    theory_impatient found = theory_erlang_a(12, 1, 10, 0.5);
    check(found.leave, 0.5 * found.queue / 12, 1e-12); /* those who leave: theta x queue */
    check(found.wait_all, found.leave / 0.5, 1e-12);
}

static void fixed_patience_lies_between_no_queue_and_none_lost(void **state)
{
    (void)state;
    check(theory_mm1_fixed_patience(0.8, 1, 0), 0.8 / 1.8, 1e-14);
    check(theory_mm1_fixed_patience(1, 1, 3), 1.0 / 5, 1e-14); /* 1 / (1 + 3 + 1) */
    assert_true(theory_mm1_fixed_patience(0.8, 1, 200) < 1e-15);
}

/* Kleinrock's conservation law: priorities do not change the mean wait weighted by load. */
static void priorities_conserve_the_mean_wait(void **state)
{
    (void)state;
    const double arrivals[3] = {0.2, 0.3, 0.3};
    double mmc = 0, mg1 = 0;
    for (size_t i = 0; i < 3; i++) {
        mmc += arrivals[i] * theory_priority_mmc_wait(arrivals, 3, i, 0.4, 3) / 0.8;
        mg1 += arrivals[i] * theory_priority_mg1_wait(arrivals, 3, i, 1, 1.5) / 0.8;
    }
    check(mmc, theory_mmc_wait(0.8, 0.4, 3), 1e-13);
    check(mg1, theory_mg1_wait(0.8, 1, 1.5), 1e-13);
    check(theory_priority_mmc_wait(arrivals, 3, 1, 1, 1), theory_priority_mg1_wait(arrivals, 3, 1, 1, 1), 1e-13);
}

/* Two like stations that never lack work give (b + 2) / (b + 3) of one with b places between them (Hunt 1956: 2/3 with
 * none). */
static void tandem_chain_matches_hunts_capacity(void **state)
{
    (void)state;
    for (unsigned room = 0; room < 4; room++) {
        chain_tandem tandem = {1e6, 1, 1, 1, 1, 1, room};
        chain_tandem_result found;
        assert_int_equal(chain_tandem_solve(&tandem, &found), 0);
        check(found.busy2, (room + 2.0) / (room + 3.0), 1e-5);
        check(tandem.arrival * (1 - found.loss), found.busy1, 1e-6);
    }
}

static void tandem_chain_with_much_room_is_a_product(void **state)
{
    (void)state;
    chain_tandem tandem = {0.5, 1, 0.5, 1, 25, 2, 15};
    chain_tandem_result found;
    assert_int_equal(chain_tandem_solve(&tandem, &found), 0);
    check(found.queue1, 0.5 * theory_mmc_wait(0.5, 1, 1), 1e-3);
    check(found.queue2, 0.5 * theory_mmc_wait(0.5, 0.5, 2), 1e-3);
}

/* A closed cycle of two like stations with n customers gives n / (n + 1) of one. */
static void enclosed_chain_has_the_capacity_of_a_cycle(void **state)
{
    (void)state;
    for (unsigned area = 1; area < 5; area++) {
        chain_enclosed enclosed = {1e4, 1, 1, area, 3};
        chain_enclosed_result found;
        assert_int_equal(chain_enclosed_solve(&enclosed, &found), 0);
        check(found.throughput, area / (area + 1.0), 1e-3);
    }
}

static void two_phase_chain_matches_pollaczek_khinchine(void **state)
{
    (void)state;
    double wait;
    assert_int_equal(chain_me2c_wait(0.7, 1, 1, 200, &wait), 0);
    check(wait, theory_mg1_wait(0.7, 1, sqrt(0.5)), 1e-9);
    assert_int_equal(chain_me2c_wait(1.4, 1, 2, 200, &wait), 0); /* near the interpolation of Lee and Longton 1959 */
    check(wait, 0.75 * theory_mmc_wait(1.4, 1, 2), 0.02);
}

static void endless_servers_fill_up(void **state)
{
    (void)state;
    theory_wave steady = {20, 0, 24, 0}, wave = {20, 15, 24, 0};
    check(theory_infinite_exponential(&steady, 4, 8, 8.001), 80 * (1 - exp(-2)), 1e-3);
    check(theory_infinite_exponential(&wave, 4, 240, 264), 80, 1e-12); /* over a period */
    check(theory_infinite_constant(&wave, 4, 240, 264), 80, 1e-12);
    check(theory_infinite_constant(&steady, 4, 2, 2.001), 40, 1e-3);
}

static void forward_equations_reach_the_long_run(void **state)
{
    (void)state;
    const double times[] = {0};
    const unsigned servers[] = {3};
    chain_over_time desks = {{2, 0, 24, 0}, 1, 1, times, servers, 3, 100, 0};
    double waiting[50], busy[50];
    assert_int_equal(chain_over_time_solve(&desks, 50, 4, waiting, busy), 0);
    check(waiting[49], 2 * theory_mmc_wait(2, 1, 3), 1e-6);
    check(busy[49], 2, 1e-6);
}

static void forward_equations_match_endless_servers(void **state)
{
    (void)state;
    const double times[] = {0};
    const unsigned servers[] = {60};
    chain_over_time desks = {{5, 4, 24, 0}, 0.25, 1, times, servers, 60, 1, 0};
    double waiting[24], busy[24];
    assert_int_equal(chain_over_time_solve(&desks, 24, 1, waiting, busy), 0);
    for (size_t i = 0; i < 24; i++)
        check(busy[i], theory_infinite_exponential(&desks.arrival, 4, (double)i, (double)(i + 1)), 1e-6);
}

/* After the last change nobody starts and nobody new comes: those who are being served go at the rate of their number.
 */
static void forward_equations_let_closed_servers_finish(void **state)
{
    (void)state;
    const double times[] = {0, 50};
    const unsigned servers[] = {2, 0};
    chain_over_time desks = {{10, 0, 24, 0}, 1, 2, times, servers, 2, 700, 0};
    double waiting[51], busy[51];
    assert_int_equal(chain_over_time_solve(&desks, 51, 1, waiting, busy), 0);
    check(busy[49], 2, 1e-6);
    check(busy[50], 2 * (1 - exp(-1)), 1e-6);
}

/* t of 9 degrees at 0.9995: 4.7809 (tables). */
static void student_interval_matches_tables(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    double mean, half_width;
    model_interval(values, 10, 1, ORACLE_CONFIDENCE, &mean, &half_width);
    check(mean, 5.5, 1e-14);
    check(half_width, 4.7809 * sqrt(82.5 / 9 / 10), 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erlang_b_matches_traffic_tables),
        cmocka_unit_test(erlang_c_matches_known_values),
        cmocka_unit_test(constant_service_halves_the_wait),
        cmocka_unit_test(limited_queue_has_its_limits),
        cmocka_unit_test(erlang_a_matches_its_integrals),
        cmocka_unit_test(erlang_a_lies_between_erlang_c_and_endless_servers),
        cmocka_unit_test(fixed_patience_lies_between_no_queue_and_none_lost),
        cmocka_unit_test(priorities_conserve_the_mean_wait),
        cmocka_unit_test(tandem_chain_matches_hunts_capacity),
        cmocka_unit_test(tandem_chain_with_much_room_is_a_product),
        cmocka_unit_test(enclosed_chain_has_the_capacity_of_a_cycle),
        cmocka_unit_test(two_phase_chain_matches_pollaczek_khinchine),
        cmocka_unit_test(endless_servers_fill_up),
        cmocka_unit_test(forward_equations_reach_the_long_run),
        cmocka_unit_test(forward_equations_match_endless_servers),
        cmocka_unit_test(forward_equations_let_closed_servers_finish),
        cmocka_unit_test(student_interval_matches_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
