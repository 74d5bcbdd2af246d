/* Closed forms of queueing theory, in any unit of time; rates are the reciprocals of that unit.
 *
 * Sources: Kleinrock, Queueing Systems I (1975) and II (1976); Gross, Shortle, Thompson and Harris, Fundamentals of
 * Queueing Theory (2008); Garnett, Mandelbaum and Reiman (2002) for Erlang A; Cobham (1954) for priorities. */
#ifndef TESTS_ORACLE_THEORY_H
#define TESTS_ORACLE_THEORY_H

#include <stddef.h>

/* Probability that all of `servers` are busy: without a queue (Erlang B), with an endless one (Erlang C). */
double theory_erlang_b(unsigned servers, double load);
double theory_erlang_c(unsigned servers, double load);

/* M/M/c: mean wait in the queue, and the probability of a wait longer than t. */
double theory_mmc_wait(double arrival, double service, unsigned servers);
double theory_mmc_wait_exceeds(double arrival, double service, unsigned servers, double t);

/* M/G/1 (Pollaczek and Khinchine): mean wait; mean and coefficient of variation of the service time. */
double theory_mg1_wait(double arrival, double mean, double variation);

/* M/M/c/K with `room` customers waiting at most: probability to be turned away, mean wait of the others, mean queue. */
typedef struct {
    double loss, wait, queue;
} theory_limited;
theory_limited theory_mmck(double arrival, double service, unsigned servers, unsigned room);

/* M/M/c+M (Erlang A): probability to leave unserved, mean wait of those served and of all, mean queue. */
typedef struct {
    double leave, wait_served, wait_all, queue;
} theory_impatient;
theory_impatient theory_erlang_a(double arrival, double service, unsigned servers, double impatience);

/* M/M/1+D: probability to leave unserved when patience is always `patience` (Barrer 1957). */
double theory_mm1_fixed_patience(double arrival, double service, double patience);

/* Mean wait of class `which` of n, the first one served first, nobody interrupted: M/G/1 with one service time for all
 * (Cobham), and M/M/c. */
double theory_priority_mg1_wait(const double *arrivals, size_t n, size_t which, double mean, double variation);
double theory_priority_mmc_wait(const double *arrivals, size_t n, size_t which, double service, unsigned servers);

/* Mean number in service from time a to time b in M_t/M/inf and M_t/D/inf that begin empty at 0, arrivals at the rate
 * mean + amplitude cos(2 pi (t - peak) / period) (Eick, Massey and Whitt 1993). */
typedef struct {
    double mean, amplitude, period, peak; /* the closed forms below: peak at 0 */
} theory_wave;
double theory_wave_rate(const theory_wave *wave, double t);
double theory_infinite_exponential(const theory_wave *wave, double service_mean, double a, double b);
double theory_infinite_constant(const theory_wave *wave, double service_time, double a, double b);

#endif
