/* A queue over time by its Kolmogorov forward equations: one state for each number waiting and each number being
 * served. */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>

#include "sim/base/error.h"
#include "tests/oracle/chain.h"

/* Variables: share of [waiting][serving], then the areas under the means of both. */
typedef struct {
    const chain_over_time *model;
    unsigned open; /* servers now */
} equations;

static size_t states_of(const chain_over_time *m)
{
    return (size_t)(m->most_waiting + 1) * (m->most_servers + 1);
}

static void flow(double *change, size_t from, size_t to, double amount)
{
    change[from] -= amount;
    change[to] += amount;
}

static int derivative(double t, const double y[], double change[], void *context)
{
    const equations *e = context;
    const chain_over_time *m = e->model;
    size_t width = m->most_servers + 1, n = states_of(m);
    double arrival = theory_wave_rate(&m->arrival, t);
    memset(change, 0, (n + 2) * sizeof *change);
    for (unsigned waiting = 0; waiting <= m->most_waiting; waiting++)
        for (unsigned serving = 0; serving < width; serving++) {
            size_t at = waiting * width + serving;
            double share = y[at];
            if (serving < e->open && waiting == 0)
                flow(change, at, at + 1, share * arrival);
            else if (waiting < m->most_waiting)
                flow(change, at, at + width, share * arrival);
            if (serving > 0) /* the next one follows, unless the server closes behind this one */
                flow(change, at, waiting > 0 && serving <= e->open ? at - width : at - 1, share * serving * m->service);
            if (waiting > 0)
                flow(change, at, at - width, share * waiting * m->leaving);
            change[n] += share * waiting;
            change[n + 1] += share * serving;
        }
    return GSL_SUCCESS;
}

/* Servers open: they take who waits at once. */
static void open_servers(equations *e, double *y, unsigned open)
{
    const chain_over_time *m = e->model;
    size_t width = m->most_servers + 1;
    e->open = open;
    for (unsigned waiting = 1; waiting <= m->most_waiting; waiting++)
        for (unsigned serving = 0; serving < open; serving++) {
            unsigned start = open - serving < waiting ? open - serving : waiting;
            double share = y[waiting * width + serving];
            y[waiting * width + serving] = 0;
            y[(waiting - start) * width + serving + start] += share;
        }
}

/* Goes on from *t to `until`, past the changes on the way. */
static int advance(gsl_odeiv2_driver *driver, equations *e, double *t, double until, size_t *change, double *y)
{
    const chain_over_time *m = e->model;
    while (*t < until) {
        if (*change < m->changes && m->times[*change] <= *t)
            open_servers(e, y, m->servers[(*change)++]);
        double stop = *change < m->changes && m->times[*change] < until ? m->times[*change] : until;
        if (gsl_odeiv2_driver_reset(driver) != GSL_SUCCESS ||
            gsl_odeiv2_driver_apply(driver, t, stop, y) != GSL_SUCCESS)
            return SIM_E_BROKEN;
    }
    return 0;
}

int chain_over_time_solve(const chain_over_time *model, size_t n, double bin, double *waiting, double *busy)
{
    size_t states = states_of(model), change = 0;
    equations e = {model, 0};
    gsl_odeiv2_system system = {derivative, NULL, states + 2, &e};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rkf45, bin / 1000, 1e-11, 1e-9);
    double *y = calloc(states + 2, sizeof *y), t = 0;
    int ret = driver == NULL || y == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0)
        y[0] = 1;
    for (size_t i = 0; i < n && ret == 0; i++) {
        y[states] = y[states + 1] = 0;
        ret = advance(driver, &e, &t, (double)(i + 1) * bin, &change, y);
        waiting[i] = y[states] / bin;
        busy[i] = y[states + 1] / bin;
    }
    if (driver != NULL)
        gsl_odeiv2_driver_free(driver);
    free(y);
    return ret;
}
