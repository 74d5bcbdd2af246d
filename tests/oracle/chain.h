/* Markov chains in continuous time without a closed form, small enough to be solved: in the long run by elimination,
 * over time by their Kolmogorov forward equations. */
#ifndef TESTS_ORACLE_CHAIN_H
#define TESTS_ORACLE_CHAIN_H

#include <stddef.h>

#include "tests/oracle/theory.h"

/* Two stations one behind the other, exponential services, blocking after service. First station: `servers1`, `room1`
 * waiting at most, the rest turned away; second one: `servers2`, `room2`; a full one holds the server before it. */
typedef struct {
    double arrival, service1, service2;
    unsigned servers1, room1, servers2, room2;
} chain_tandem;
typedef struct {
    double loss, queue1, busy1, held1, queue2, busy2;
} chain_tandem_result;
/* These functions return 0 or SIM_E_MEMORY. */
int chain_tandem_solve(const chain_tandem *tandem, chain_tandem_result *result);

/* Two stations of one server each in an area for `area` customers; who finds it full waits outside, `outside` at most
 * (to be so many that it does not matter). */
typedef struct {
    double arrival, service1, service2;
    unsigned area, outside;
} chain_enclosed;
typedef struct {
    double outside, queue1, queue2, throughput;
} chain_enclosed_result;
int chain_enclosed_solve(const chain_enclosed *enclosed, chain_enclosed_result *result);

/* M/E_2/c: mean wait; the queue is cut at `most` customers. */
int chain_me2c_wait(double arrival, double service_mean, unsigned servers, unsigned most, double *wait);

/* A queue over time that begins empty: arrivals by a wave, exponential services, servers that change at set times; who
 * is being served when servers close is served to the end. */
typedef struct {
    theory_wave arrival;
    double service; /* rate of a server */
    size_t changes;
    const double *times;                 /* of changes, the first 0 */
    const unsigned *servers;             /* from that time on */
    unsigned most_servers, most_waiting; /* the queue is cut there */
    double leaving;                      /* rate at which each customer waiting gives up; 0: nobody does */
} chain_over_time;
/* Means in n bins of `bin` each, from 0 on: customers waiting, and servers that serve. Errors: SIM_E_BROKEN when GSL
 * gives up. */
int chain_over_time_solve(const chain_over_time *model, size_t n, double bin, double *waiting, double *busy);

#endif
