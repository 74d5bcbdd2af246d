/* The procedure KN: first stage, then screening after each replication. */
#include "sim/statistics/selection.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"

enum { MOST_SYSTEMS = 1000 };

typedef struct {
    const sim_selection_options *options;
    size_t k, r;       /* systems; replications that all still in have used */
    double *sums;      /* of each system, with the sign that makes the largest best */
    double *variances; /* [k][k] of differences */
    uint32_t *in;      /* still in, in order */
    size_t in_count;
    sim_selected *outcome;
    double h2;
} selection;

double sim_selection_h2(size_t systems, size_t first_stage, double probability)
{
    double freedom = (double)(first_stage - 1), alpha = 1 - probability;
    if (systems < 2)
        return 0;
    return (pow(2 * alpha / (double)(systems - 1), -2 / freedom) - 1) * freedom;
}

static bool is_right(const sim_selection_options *o)
{
    return o->systems >= 1 && o->systems <= MOST_SYSTEMS && o->indifference > 0 && isfinite(o->indifference) &&
           o->probability < 1 && o->probability > (o->systems > 1 ? 1 / (double)o->systems : 0) &&
           o->first_stage >= 2 && o->batch >= 1 && o->most >= o->first_stage;
}

static bool are_numbers(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

static double sign(const selection *s)
{
    return s->options->largest ? 1 : -1;
}

/* --- first stage --- */

static double variance_of_difference(const double *a, const double *b, size_t n)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += (a[i] - b[i]) / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
    return squares / (double)(n - 1);
}

static void begin(selection *s, const double *values)
{
    size_t n = s->options->first_stage;
    s->r = n;
    s->in_count = s->k;
    for (size_t i = 0; i < s->k; i++) {
        s->in[i] = (uint32_t)i;
        s->sums[i] = 0;
        for (size_t r = 0; r < n; r++)
            s->sums[i] += sign(s) * values[i * n + r];
        for (size_t l = 0; l < s->k; l++)
            s->variances[i * s->k + l] = variance_of_difference(values + i * n, values + l * n, n);
    }
}

/* --- screening --- */

static double mean_of(const selection *s, uint32_t i)
{
    return s->sums[i] / (double)s->r;
}

/* Half the height of the triangle after r replications. */
static double margin(const selection *s, uint32_t i, uint32_t l)
{
    double delta = s->options->indifference, r = (double)s->r;
    return fmax(0, delta / (2 * r) * (s->h2 * s->variances[i * s->k + l] / (delta * delta) - r));
}

/* The system still in that is furthest ahead of i by more than the margin; i itself when there is none. */
static uint32_t who_beats(const selection *s, uint32_t i)
{
    uint32_t by = i;
    double furthest = 0;
    for (size_t k = 0; k < s->in_count; k++) {
        uint32_t l = s->in[k];
        double ahead = l == i ? 0 : mean_of(s, l) - mean_of(s, i) - margin(s, i, l);
        if (ahead > furthest) {
            furthest = ahead;
            by = l;
        }
    }
    return by;
}

static void note(selection *s, uint32_t i)
{
    s->outcome[i].replications = s->r;
    s->outcome[i].mean = sign(s) * mean_of(s, i);
    s->outcome[i].left_for = i;
}

/* All are held against those who were in before anyone left. */
static void screen(selection *s)
{
    for (size_t k = 0; k < s->in_count; k++) {
        uint32_t i = s->in[k], by = who_beats(s, i);
        note(s, i);
        if (by == i)
            continue;
        s->outcome[i].left_after = s->r;
        s->outcome[i].left_for = by;
    }
    size_t left = 0;
    for (size_t k = 0; k < s->in_count; k++)
        if (s->outcome[s->in[k]].left_after == 0)
            s->in[left++] = s->in[k];
    s->in_count = left;
}

/* Replications after which all triangles of those still in have closed: one more, and the means decide. */
static double last_of(const selection *s)
{
    double most = 0, delta = s->options->indifference;
    for (size_t i = 0; i < s->in_count; i++)
        for (size_t l = 0; l < s->in_count; l++)
            if (l != i)
                most = fmax(most, floor(s->h2 * s->variances[s->in[i] * s->k + s->in[l]] / (delta * delta)));
    return most;
}

static uint32_t best_of(const selection *s)
{
    uint32_t best = s->in[0];
    for (size_t k = 1; k < s->in_count; k++)
        if (s->sums[s->in[k]] > s->sums[best])
            best = s->in[k];
    return best;
}

static bool is_decided(const selection *s)
{
    return s->in_count == 1 || (double)s->r > last_of(s);
}

/* Those who stay in spite of the decision left for the best. */
static uint32_t decide(selection *s)
{
    uint32_t best = best_of(s);
    for (size_t k = 0; k < s->in_count; k++)
        if (s->in[k] != best) {
            s->outcome[s->in[k]].left_after = s->r;
            s->outcome[s->in[k]].left_for = best;
        }
    return best;
}

/* Uses a batch, replication after replication, as far as it is needed. */
static void use(selection *s, const uint32_t *systems, size_t count, size_t batch, const double *values)
{
    for (size_t r = 0; r < batch && !is_decided(s); r++) {
        for (size_t i = 0; i < count; i++)
            if (s->outcome[systems[i]].left_after == 0)
                s->sums[systems[i]] += sign(s) * values[i * batch + r];
        s->r++;
        screen(s);
    }
}

static int go_on(selection *s, sim_selection_supply *supply, void *user, uint32_t *systems, double *values)
{
    while (!is_decided(s)) {
        size_t room = s->options->most - s->r, batch = s->options->batch < room ? s->options->batch : room,
               count = s->in_count;
        if (room == 0)
            return SIM_E_LIMIT;
        for (size_t i = 0; i < count; i++)
            systems[i] = s->in[i];
        int error = supply(user, systems, count, s->r, s->r + batch, values);
        if (error == 0 && !are_numbers(values, count * batch))
            error = SIM_E_INPUT;
        if (error != 0)
            return error;
        use(s, systems, count, batch, values);
    }
    return 0;
}

int sim_selection(const sim_selection_options *options, sim_selection_supply *supply, void *user, uint32_t *best,
                  sim_selected *outcome)
{
    if (!is_right(options))
        return SIM_E_INPUT;
    size_t k = options->systems, n = options->first_stage > options->batch ? options->first_stage : options->batch;
    selection s = {.options = options,
                   .k = k,
                   .outcome = outcome,
                   .h2 = sim_selection_h2(k, options->first_stage, options->probability)};
    uint32_t *systems = malloc(k * sizeof *systems);
    double *values = malloc(k * n * sizeof *values);
    int error = SIM_E_MEMORY;
    s.sums = malloc(k * sizeof *s.sums);
    s.variances = malloc(k * k * sizeof *s.variances);
    s.in = malloc(k * sizeof *s.in);
    if (systems == NULL || values == NULL || s.sums == NULL || s.variances == NULL || s.in == NULL)
        goto out;
    for (size_t i = 0; i < k; i++) {
        systems[i] = (uint32_t)i;
        outcome[i] = (sim_selected){.left_for = (uint32_t)i};
    }
    error = supply(user, systems, k, 0, options->first_stage, values);
    if (error == 0 && !are_numbers(values, k * options->first_stage))
        error = SIM_E_INPUT;
    if (error != 0)
        goto out;
    begin(&s, values);
    for (uint32_t i = 0; i < k; i++)
        note(&s, i);
    if (!is_decided(&s)) /* otherwise no variance calls for a second stage, and the means decide */
        screen(&s);
    error = go_on(&s, supply, user, systems, values);
    if (error == 0)
        *best = decide(&s);
    else if (error == SIM_E_LIMIT)
        *best = best_of(&s);
out:
    free(s.in);
    free(s.variances);
    free(s.sums);
    free(values);
    free(systems);
    return error;
}
