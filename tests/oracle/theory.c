#include "tests/oracle/theory.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

double theory_erlang_b(unsigned servers, double load)
{
    double blocked = 1;
    for (unsigned k = 1; k <= servers; k++)
        blocked = load * blocked / (k + load * blocked);
    return blocked;
}

double theory_erlang_c(unsigned servers, double load)
{
    double blocked = theory_erlang_b(servers, load);
    return servers * blocked / (servers - load * (1 - blocked));
}

double theory_mmc_wait(double arrival, double service, unsigned servers)
{
    return theory_erlang_c(servers, arrival / service) / (servers * service - arrival);
}

double theory_mmc_wait_exceeds(double arrival, double service, unsigned servers, double t)
{
    return theory_erlang_c(servers, arrival / service) * exp(-(servers * service - arrival) * t);
}

double theory_mg1_wait(double arrival, double mean, double variation)
{
    return arrival * mean * mean * (1 + variation * variation) / (2 * (1 - arrival * mean));
}

theory_limited theory_mmck(double arrival, double service, unsigned servers, unsigned room)
{
    double weight = 1, all = 0, queue = 0;
    for (unsigned n = 0;; n++) {
        all += weight;
        queue += n > servers ? weight * (n - servers) : 0;
        if (n == servers + room)
            break;
        weight *= arrival / (service * (n < servers ? n + 1 : servers));
    }
    double loss = weight / all;
    return (theory_limited){loss, queue / all / (arrival * (1 - loss)), queue / all};
}

/* One who comes when k are waiting already and all servers are busy moves up at rate R_i = c mu + (i + 1) theta while i
 * are before him, and at each move stays with probability 1 - theta / R_i, however long it took. */
theory_impatient theory_erlang_a(double arrival, double service, unsigned servers, double impatience)
{
    double weight = 1, all = 0, queue = 0, left = 0, waited_served = 0, stays = 1, moving = 0;
    for (unsigned n = 0; n < servers; n++) {
        all += weight;
        weight *= arrival / (service * (n + 1));
    }
    for (unsigned k = 0; k == 0 || weight > 1e-18 * all || arrival > servers * service + k * impatience; k++) {
        double rate = servers * service + (k + 1) * impatience;
        stays *= 1 - impatience / rate;
        moving += 1 / rate;
        all += weight;
        queue += weight * k;
        left += weight * (1 - stays);
        waited_served += weight * stays * moving;
        weight *= arrival / rate;
    }
    theory_impatient found = {.leave = left / all, .queue = queue / all, .wait_all = queue / all / arrival};
    found.wait_served = waited_served / all / (1 - found.leave);
    return found;
}

/* The wait that one of endless patience would have has density arrival p0 exp(-(service - arrival) x) below the
 * patience d, and arrival p0 exp(arrival d - service x) above. */
double theory_mm1_fixed_patience(double arrival, double service, double patience)
{
    double spare = service - arrival;
    double below = spare == 0 ? patience : (1 - exp(-spare * patience)) / spare,
           above = exp(-spare * patience) / service;
    return arrival * above / (1 + arrival * (below + above));
}

/* Mean wait behind a remaining service of mean `residual`, where a class's load is arrivals[i] * work. */
static double behind(const double *arrivals, size_t n, size_t which, double residual, double work)
{
    double before = 0, with = 0;
    for (size_t i = 0; i < n && i <= which; i++) {
        before = with;
        with += arrivals[i] * work;
    }
    return residual / ((1 - before) * (1 - with));
}

static double sum(const double *values, size_t n)
{
    double all = 0;
    for (size_t i = 0; i < n; i++)
        all += values[i];
    return all;
}

double theory_priority_mg1_wait(const double *arrivals, size_t n, size_t which, double mean, double variation)
{
    return behind(arrivals, n, which, sum(arrivals, n) * mean * mean * (1 + variation * variation) / 2, mean);
}

double theory_priority_mmc_wait(const double *arrivals, size_t n, size_t which, double service, unsigned servers)
{
    double together = servers * service;
    return behind(arrivals, n, which, theory_erlang_c(servers, sum(arrivals, n) / service) / together, 1 / together);
}

double theory_wave_rate(const theory_wave *wave, double t)
{
    return wave->mean + wave->amplitude * cos(2 * PI * (t - wave->peak) / wave->period);
}

/* Integral of the mean number in service from 0 to t. */
static double exponential_area(const theory_wave *wave, double mean, double t)
{
    double mu = 1 / mean, omega = 2 * PI / wave->period, gain = wave->amplitude / (mu * mu + omega * omega);
    double at_start = wave->mean / mu + gain * mu; /* of the periodic solution */
    double periodic = wave->mean / mu * t + gain * (mu * sin(omega * t) / omega + 1 - cos(omega * t));
    return periodic - at_start * (1 - exp(-mu * t)) / mu;
}

double theory_infinite_exponential(const theory_wave *wave, double service_mean, double a, double b)
{
    return (exponential_area(wave, service_mean, b) - exponential_area(wave, service_mean, a)) / (b - a);
}

/* Integral of the number of arrivals up to t; none before 0. */
static double arrivals_area(const theory_wave *wave, double t)
{
    double omega = 2 * PI / wave->period;
    return t <= 0 ? 0 : wave->mean * t * t / 2 + wave->amplitude * (1 - cos(omega * t)) / (omega * omega);
}

double theory_infinite_constant(const theory_wave *wave, double service_time, double a, double b)
{
    double come = arrivals_area(wave, b) - arrivals_area(wave, a);
    double gone = arrivals_area(wave, b - service_time) - arrivals_area(wave, a - service_time);
    return (come - gone) / (b - a);
}
