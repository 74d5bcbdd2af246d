/* A comparison as results: the group "compare" with the values of all replications and what the differences come to,
 * the group "best" with what became of each plan in a selection. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/compare/compare.h"
#include "sim/base/error.h"

typedef struct {
    const comparison *c;
    sim_result *result;
    int plan, replication, figure;
    int error;
} writer;

static void note_axis(writer *w, int axis, int *index)
{
    *index = axis;
    if (axis < 0 && w->error == 0)
        w->error = axis;
}

static int add_axes(writer *w)
{
    const comparison *c = w->c;
    size_t most = c->replications + c->plan_count + c->figure_count;
    const char **labels = malloc((most + 1) * sizeof *labels);
    double *numbers = malloc((most + 1) * sizeof *numbers);
    if (labels == NULL || numbers == NULL) {
        free(labels);
        free(numbers);
        return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < c->plan_count; i++)
        labels[i] = c->plans[i].name;
    note_axis(w, sim_result_labels(w->result, "plan", "plan; the first is the baseline", c->plan_count, labels),
              &w->plan);
    for (size_t i = 0; i < c->replications; i++)
        numbers[i] = (double)i;
    note_axis(w,
              sim_result_values(w->result, "replication", "number of the replication", "1", c->replications, numbers),
              &w->replication);
    for (size_t i = 0; i < c->figure_count; i++)
        labels[i] = c->figures[i].name;
    note_axis(w, sim_result_labels(w->result, "figure", "key figure", c->figure_count, labels), &w->figure);
    free(labels);
    free(numbers);
    return w->error;
}

static double *reals(writer *w, const char *path, const char *doc, int count, const int *axes)
{
    double *data = NULL;
    if (w->error == 0)
        w->error = sim_result_reals(w->result, path, doc, "", count, axes, &data);
    return w->error == 0 ? data : NULL;
}

static int64_t *integers(writer *w, const char *path, const char *doc, int count, const int *axes)
{
    int64_t *data = NULL;
    if (w->error == 0)
        w->error = sim_result_integers(w->result, path, doc, "1", count, axes, &data);
    return w->error == 0 ? data : NULL;
}

static void add_values(writer *w)
{
    const comparison *c = w->c;
    const int axes[3] = {w->plan, w->replication, w->figure}, means[2] = {w->plan, w->figure};
    double *value =
        reals(w, "compare/value", "figures of each replication; units in `key figures` of the documentation", 3, axes);
    double *mean = reals(w, "compare/mean", "mean over replications", 2, means);
    double *half = reals(w, "compare/half_width", "half-width of the mean's own interval (Student)", 2, means);
    if (w->error != 0)
        return;
    for (size_t plan = 0; plan < c->plan_count; plan++) {
        for (size_t r = 0; r < c->replications; r++)
            for (size_t figure = 0; figure < c->figure_count; figure++)
                *value++ = compare_values(c, plan, figure)[r];
        for (size_t figure = 0; figure < c->figure_count; figure++)
            compare_mean(c, plan, figure, mean++, half++);
    }
}

/* The baseline has no difference: NaN. */
static void add_differences(writer *w)
{
    const comparison *c = w->c;
    const int axes[2] = {w->plan, w->figure};
    double *difference = reals(w, "compare/difference", "mean of the paired differences from the baseline", 2, axes);
    double *low = reals(w, "compare/difference_low", "lower end of its interval; all intervals hold together", 2, axes);
    double *high = reals(w, "compare/difference_high", "upper end", 2, axes);
    double *p = reals(w, "compare/p", "p-value of no difference, alone", 2, axes);
    double *holm = reals(w, "compare/p_holm", "the same for the whole family (Holm) and for all looks", 2, axes);
    int64_t *pairs = integers(w, "compare/pairs", "replications in which both plans have the figure", 2, axes);
    int64_t *status = integers(w, "compare/status",
                               "0 unknown, 1 open, 2 the same, 3 differs but direction open, 4 less, 5 more", 2, axes);
    for (size_t i = c->figure_count; w->error == 0 && i < c->plan_count * c->figure_count; i++) {
        const compare_difference *d = &c->differences[i];
        difference[i] = d->paired.mean;
        low[i] = d->low;
        high[i] = d->high;
        p[i] = d->p;
        holm[i] = d->adjusted_p;
        pairs[i] = (int64_t)d->paired.n;
        status[i] = d->status;
    }
}

static void add_best(writer *w)
{
    const comparison *c = w->c;
    double *mean = reals(w, "best/mean",
                         "mean of the figure by which the best was selected, over the replications used", 1, &w->plan);
    int64_t *used = integers(w, "best/replications", "replications used for the selection", 1, &w->plan);
    int64_t *after =
        integers(w, "best/left_after", "replications after which the plan left; 0: it did not", 1, &w->plan);
    int64_t *behind = integers(w, "best/left_for", "number of the plan that was ahead; its own: none", 1, &w->plan);
    for (size_t i = 0; w->error == 0 && i < c->plan_count; i++) {
        mean[i] = c->best.plans[i].mean;
        used[i] = (int64_t)c->best.plans[i].replications;
        after[i] = (int64_t)c->best.plans[i].left_after;
        behind[i] = c->best.plans[i].left_for;
    }
}

/* --- attributes --- */

static void attribute(writer *w, const char *name, const char *text)
{
    if (w->error == 0)
        w->error = sim_result_attribute(w->result, name, text, 1);
}

static void number(writer *w, const char *name, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    attribute(w, name, text);
}

static void add_attributes(writer *w)
{
    const comparison *c = w->c;
    attribute(w, "title", c->title);
    attribute(w, "baseline", c->plans[0].name);
    number(w, "replications", (double)c->replications);
    number(w, "confidence", c->confidence);
    number(w, "looks", (double)c->looks);
    number(w, "look", (double)c->look);
    if (!c->best.is_wanted)
        return;
    attribute(w, "best", c->best.is_decided ? c->plans[c->best.best].name : "not decided");
    attribute(w, "best_figure", c->figures[c->best.figure].name);
    attribute(w, "best_is", c->best.largest ? "largest" : "smallest");
    number(w, "best_probability", c->best.probability);
    number(w, "best_indifference", c->best.indifference);
}

int compare_result(const comparison *c, sim_result *result)
{
    writer w = {.c = c, .result = result};
    int error = add_axes(&w);
    if (error != 0)
        return error;
    add_values(&w);
    add_differences(&w);
    if (c->best.is_wanted)
        add_best(&w);
    add_attributes(&w);
    return w.error;
}
