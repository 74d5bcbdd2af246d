/* What a comparison holds, and the judgement of its differences. */
#include "models/study/compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

int compare_init(comparison *c, size_t plan_count, size_t figure_count)
{
    memset(c, 0, sizeof *c);
    c->plan_count = plan_count;
    c->figure_count = figure_count;
    c->looks = c->look = 1;
    c->plans = calloc(plan_count + 1, sizeof *c->plans);
    c->figures = calloc(figure_count + 1, sizeof *c->figures);
    c->differences = calloc(plan_count * figure_count + 1, sizeof *c->differences);
    c->best.plans = calloc(plan_count + 1, sizeof *c->best.plans);
    return c->plans && c->figures && c->differences && c->best.plans ? 0 : SIM_E_MEMORY;
}

void compare_free(comparison *c)
{
    free(c->plans);
    free(c->figures);
    free(c->differences);
    free(c->best.plans);
    free(c->values);
    memset(c, 0, sizeof *c);
}

int compare_grow(comparison *c, size_t replications)
{
    size_t rows = c->plan_count * c->figure_count;
    if (replications <= c->room)
        return 0;
    double *values = malloc((rows * replications + 1) * sizeof *values);
    if (values == NULL)
        return SIM_E_MEMORY;
    for (size_t row = 0; row < rows; row++)
        for (size_t r = 0; r < replications; r++)
            values[row * replications + r] = r < c->room ? c->values[row * c->room + r] : (double)NAN;
    free(c->values);
    c->values = values;
    c->room = replications;
    return 0;
}

double *compare_values(const comparison *c, size_t plan, size_t figure)
{
    return c->values + (plan * c->figure_count + figure) * c->room;
}

const compare_difference *compare_difference_of(const comparison *c, size_t plan, size_t figure)
{
    return &c->differences[plan * c->figure_count + figure];
}

void compare_mean(const comparison *c, size_t plan, size_t figure, double *mean, double *half_width)
{
    const double *values = compare_values(c, plan, figure);
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t r = 0; r < c->replications; r++)
        if (isfinite(values[r])) {
            sum += values[r];
            n++;
        }
    *mean = n > 0 ? sum / (double)n : (double)NAN;
    for (size_t r = 0; r < c->replications; r++)
        if (isfinite(values[r]))
            squares += (values[r] - *mean) * (values[r] - *mean);
    sim_paired alone = {.n = n, .deviation = n > 1 ? sqrt(squares / (double)(n - 1)) : (double)NAN};
    *half_width = sim_paired_half_width(&alone, 1 - c->confidence);
}

/* --- judging --- */

static size_t family(const comparison *c)
{
    return (c->plan_count - 1) * c->figure_count;
}

static void take_difference(const comparison *c, size_t plan, size_t figure, size_t replications, compare_difference *d)
{
    d->paired = sim_paired_of(compare_values(c, 0, figure), compare_values(c, plan, figure), replications, 1);
    double half = sim_paired_half_width(&d->paired, c->alpha / (double)family(c));
    d->low = d->paired.mean - half;
    d->high = d->paired.mean + half;
    d->p = sim_paired_p(&d->paired);
}

/* Holm's p-values, made larger as the look spends only a part of the error: judged at the whole. */
static int adjust(comparison *c)
{
    size_t m = family(c);
    double *p = malloc((m + 1) * sizeof *p), whole = 1 - c->confidence;
    if (p == NULL)
        return SIM_E_MEMORY;
    compare_difference *others = c->differences + c->figure_count;
    for (size_t i = 0; i < m; i++)
        p[i] = others[i].p;
    int error = sim_paired_holm(p, m, p);
    for (size_t i = 0; i < m && error == 0; i++) {
        const compare_figure *figure = &c->figures[i % c->figure_count];
        others[i].adjusted_p = isnan(p[i]) ? p[i] : fmin(p[i] * whole / c->alpha, 1);
        others[i].status =
            sim_paired_judge(others[i].low, others[i].high, others[i].adjusted_p, whole, figure->indifference);
    }
    free(p);
    return error;
}

int compare_judge(comparison *c, size_t replications, size_t look, size_t looks)
{
    c->replications = replications;
    c->look = look;
    c->looks = looks;
    c->alpha = sim_paired_spend(1 - c->confidence, look, looks);
    for (size_t plan = 1; plan < c->plan_count; plan++)
        for (size_t figure = 0; figure < c->figure_count; figure++)
            take_difference(c, plan, figure, replications, &c->differences[plan * c->figure_count + figure]);
    return adjust(c);
}

bool compare_is_answered(const comparison *c)
{
    for (size_t plan = 1; plan < c->plan_count; plan++)
        for (size_t figure = 0; figure < c->figure_count; figure++)
            if (c->figures[figure].is_asked && !sim_paired_is_answered(compare_difference_of(c, plan, figure)->status))
                return false;
    return true;
}
