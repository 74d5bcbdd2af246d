#include "tests/oracle/chain.h"

#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_linalg.h>

#include "sim/base/error.h"

/* Balance equations: column i of `rates` is the flow out of state i. */
typedef struct {
    size_t n;
    gsl_matrix *rates;
    gsl_vector *shares; /* of time, once solved */
} chain;

static void chain_free(chain *c)
{
    gsl_matrix_free(c->rates);
    gsl_vector_free(c->shares);
    *c = (chain){0};
}

static int chain_init(chain *c, size_t n)
{
    *c = (chain){n, gsl_matrix_calloc(n, n), gsl_vector_calloc(n)};
    if (c->rates != NULL && c->shares != NULL)
        return 0;
    chain_free(c);
    return SIM_E_MEMORY;
}

static void chain_add(chain *c, size_t from, size_t to, double rate)
{
    *gsl_matrix_ptr(c->rates, to, from) += rate;
    *gsl_matrix_ptr(c->rates, from, from) -= rate;
}

/* A state that cannot be reached is made to lead to state 0, so that its share comes out as 0. */
static void chain_exclude(chain *c, size_t state)
{
    chain_add(c, state, 0, 1);
}

static int chain_solve(chain *c)
{
    int sign;
    gsl_vector *right = gsl_vector_calloc(c->n);
    gsl_permutation *order = gsl_permutation_alloc(c->n);
    int ret = right == NULL || order == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0) {
        for (size_t i = 0; i < c->n; i++)
            gsl_matrix_set(c->rates, 0, i, 1); /* instead of one balance equation: shares sum to 1 */
        gsl_vector_set(right, 0, 1);
        gsl_linalg_LU_decomp(c->rates, order, &sign);
        gsl_linalg_LU_solve(c->rates, order, right, c->shares);
    }
    gsl_vector_free(right);
    gsl_permutation_free(order);
    return ret;
}

/* --- tandem with blocking --- */

typedef struct {
    unsigned queue1, busy1, held1, second; /* second: at the second station */
} tandem_state;

static size_t tandem_index(const chain_tandem *t, tandem_state s)
{
    return ((s.queue1 * (t->servers1 + 1) + s.busy1) * (t->servers1 + 1) + s.held1) * (t->servers2 + t->room2 + 1) +
           s.second;
}

/* Calls `visit` with every state, reachable or not. */
static void tandem_each(const chain_tandem *t, void (*visit)(const chain_tandem *t, tandem_state s, void *context),
                        void *context)
{
    tandem_state s;
    for (s.queue1 = 0; s.queue1 <= t->room1; s.queue1++)
        for (s.busy1 = 0; s.busy1 <= t->servers1; s.busy1++)
            for (s.held1 = 0; s.held1 <= t->servers1; s.held1++)
                for (s.second = 0; s.second <= t->servers2 + t->room2; s.second++)
                    visit(t, s, context);
}

static bool tandem_possible(const chain_tandem *t, tandem_state s)
{
    unsigned taken = s.busy1 + s.held1;
    return taken <= t->servers1 && (s.queue1 == 0 || taken == t->servers1) &&
           (s.held1 == 0 || s.second == t->servers2 + t->room2);
}

/* A server of the first station has become free. */
static tandem_state tandem_next(tandem_state s)
{
    if (s.queue1 > 0)
        s.queue1--;
    else
        s.busy1--;
    return s;
}

static void tandem_rates(const chain_tandem *t, tandem_state s, void *context)
{
    chain *c = context;
    size_t from = tandem_index(t, s);
    if (!tandem_possible(t, s)) {
        chain_exclude(c, from);
        return;
    }
    tandem_state to = s;
    if (s.busy1 + s.held1 < t->servers1)
        to.busy1++;
    else
        to.queue1++;
    if (to.queue1 <= t->room1)
        chain_add(c, from, tandem_index(t, to), t->arrival);
    if (s.busy1 > 0) {
        to = s;
        if (s.second < t->servers2 + t->room2) {
            to = tandem_next(s);
            to.second++;
        } else {
            to.busy1--;
            to.held1++;
        }
        chain_add(c, from, tandem_index(t, to), s.busy1 * t->service1);
    }
    if (s.second > 0) {
        to = s;
        if (s.held1 > 0) { /* the held one goes on, its server serves again */
            to.held1--;
            to.busy1++;
            to = tandem_next(to);
        } else {
            to.second--;
        }
        chain_add(c, from, tandem_index(t, to), (s.second < t->servers2 ? s.second : t->servers2) * t->service2);
    }
}

typedef struct {
    const chain *chain;
    chain_tandem_result *result;
} tandem_sums;

static void tandem_sum(const chain_tandem *t, tandem_state s, void *context)
{
    const tandem_sums *sums = context;
    chain_tandem_result *r = sums->result;
    double share = gsl_vector_get(sums->chain->shares, tandem_index(t, s));
    r->loss += s.queue1 == t->room1 && s.busy1 + s.held1 == t->servers1 ? share : 0;
    r->queue1 += share * s.queue1;
    r->busy1 += share * s.busy1;
    r->held1 += share * s.held1;
    r->queue2 += s.second > t->servers2 ? share * (s.second - t->servers2) : 0;
    r->busy2 += share * (s.second < t->servers2 ? s.second : t->servers2);
}

int chain_tandem_solve(const chain_tandem *t, chain_tandem_result *result)
{
    chain c;
    *result = (chain_tandem_result){0};
    int ret =
        chain_init(&c, (size_t)(t->room1 + 1) * (t->servers1 + 1) * (t->servers1 + 1) * (t->servers2 + t->room2 + 1));
    if (ret != 0)
        return ret;
    tandem_each(t, tandem_rates, &c);
    ret = chain_solve(&c);
    if (ret == 0)
        tandem_each(t, tandem_sum, &(tandem_sums){&c, result});
    chain_free(&c);
    return ret;
}

/* --- two stations in one area --- */

static size_t enclosed_index(const chain_enclosed *e, unsigned outside, unsigned first, unsigned second)
{
    return ((size_t)outside * (e->area + 1) + first) * (e->area + 1) + second;
}

static void enclosed_rates(const chain_enclosed *e, chain *c, unsigned outside, unsigned first, unsigned second)
{
    size_t from = enclosed_index(e, outside, first, second);
    bool full = first + second == e->area;
    if (first + second > e->area || (outside > 0 && !full)) {
        chain_exclude(c, from);
        return;
    }
    if (!full)
        chain_add(c, from, enclosed_index(e, 0, first + 1, second), e->arrival);
    else if (outside < e->outside)
        chain_add(c, from, enclosed_index(e, outside + 1, first, second), e->arrival);
    if (first > 0)
        chain_add(c, from, enclosed_index(e, outside, first - 1, second + 1), e->service1);
    if (second > 0 && outside > 0)
        chain_add(c, from, enclosed_index(e, outside - 1, first + 1, second - 1), e->service2);
    else if (second > 0)
        chain_add(c, from, enclosed_index(e, 0, first, second - 1), e->service2);
}

static void enclosed_sum(const chain_enclosed *e, double share, unsigned outside, unsigned first, unsigned second,
                         chain_enclosed_result *r)
{
    r->outside += share * outside;
    r->queue1 += first > 1 ? share * (first - 1) : 0;
    r->queue2 += second > 1 ? share * (second - 1) : 0;
    r->throughput += second > 0 ? share * e->service2 : 0;
}

int chain_enclosed_solve(const chain_enclosed *e, chain_enclosed_result *result)
{
    chain c;
    *result = (chain_enclosed_result){0};
    int ret = chain_init(&c, (size_t)(e->outside + 1) * (e->area + 1) * (e->area + 1));
    for (int pass = 0; pass < 2 && ret == 0; pass++) {
        for (unsigned outside = 0; outside <= e->outside; outside++)
            for (unsigned first = 0; first <= e->area; first++)
                for (unsigned second = 0; second <= e->area; second++)
                    if (pass == 0)
                        enclosed_rates(e, &c, outside, first, second);
                    else
                        enclosed_sum(e, gsl_vector_get(c.shares, enclosed_index(e, outside, first, second)), outside,
                                     first, second, result);
        if (pass == 0)
            ret = chain_solve(&c);
    }
    chain_free(&c);
    return ret;
}

/* --- M/E_2/c --- */

/* State: n customers, of whom `early` are in the first of the two phases of their service. */
static void me2c_rates(chain *c, unsigned n, unsigned early, double arrival, double phase, unsigned servers,
                       unsigned most)
{
    size_t from = (size_t)n * (servers + 1) + early;
    unsigned busy = n < servers ? n : servers;
    if (early > busy) {
        chain_exclude(c, from);
        return;
    }
    if (n < most)
        chain_add(c, from, from + servers + 1 + (n < servers), arrival);
    if (early > 0)
        chain_add(c, from, from - 1, early * phase);
    if (busy > early)
        chain_add(c, from, from - (servers + 1) + (n > servers), (busy - early) * phase);
}

int chain_me2c_wait(double arrival, double service_mean, unsigned servers, unsigned most, double *wait)
{
    chain c;
    double queue = 0;
    int ret = chain_init(&c, (size_t)(most + 1) * (servers + 1));
    if (ret != 0)
        return ret;
    for (unsigned n = 0; n <= most; n++)
        for (unsigned early = 0; early <= servers; early++)
            me2c_rates(&c, n, early, arrival, 2 / service_mean, servers, most);
    ret = chain_solve(&c);
    for (unsigned n = servers; n <= most; n++)
        for (unsigned early = 0; early <= servers; early++)
            queue += (n - servers) * gsl_vector_get(c.shares, (size_t)n * (servers + 1) + early);
    *wait = queue / arrival;
    chain_free(&c);
    return ret;
}
