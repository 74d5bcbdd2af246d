/* The results file of a sweep: points, runs, means, statuses and indices, with what is needed to read them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/sweep/names.h"
#include "models/study/sweep/sweep.h"
#include "sim/base/error.h"

typedef struct {
    const sweep *s;
    sim_result *result;
    int point, factor, replication, figure, error;
} writer;

static int keep(writer *w, int rc)
{
    if (rc < 0 && w->error == 0)
        w->error = rc;
    return rc;
}

static double *reals(writer *w, const char *path, const char *doc, int count, const int *axes)
{
    double *out = NULL;
    if (w->error == 0)
        keep(w, sim_result_reals(w->result, path, doc, "", count, axes, &out));
    return out;
}

static int numbers(writer *w, const char *name, const char *doc, size_t n)
{
    double *values = calloc(n, sizeof *values);
    if (values == NULL)
        return keep(w, SIM_E_MEMORY);
    for (size_t i = 0; i < n; i++)
        values[i] = (double)i;
    int axis = keep(w, sim_result_values(w->result, name, doc, "1", n, values));
    free(values);
    return axis;
}

static void write_axes(writer *w)
{
    const sweep *s = w->s;
    size_t most = s->factors.count > s->measure_count ? s->factors.count : s->measure_count;
    const char **labels = calloc(most, sizeof *labels);
    if (labels == NULL) {
        w->error = SIM_E_MEMORY;
        return;
    }
    for (size_t i = 0; i < s->factors.count; i++)
        labels[i] = s->factors.factors[i].path;
    w->factor =
        keep(w, sim_result_labels(w->result, "factor", "path of the value that is varied", s->factors.count, labels));
    for (size_t i = 0; i < s->measure_count; i++)
        labels[i] = s->names[i];
    w->figure = keep(w, sim_result_labels(w->result, "figure", "key figure", s->measure_count, labels));
    w->point = numbers(w, "point", "point of the design", s->design.points);
    w->replication = numbers(w, "replication", "replication", s->wishes->replications);
    free(labels);
}

static void write_runs(writer *w)
{
    const sweep *s = w->s;
    size_t k = s->factors.count, runs = s->design.points * s->wishes->replications;
    const int by_factor[] = {w->point, w->factor}, by_run[] = {w->point, w->replication, w->figure},
              by_point[] = {w->point, w->figure};
    const int by_status[] = {w->point, w->replication};
    int64_t *status = NULL;
    double *out =
        reals(w, "sweep/value",
              "value of each factor in SI (factor_units); of a list of words its index (factor_words)", 2, by_factor);
    for (size_t i = 0; out != NULL && i < s->design.points * k; i++)
        out[i] = sim_factor_number(&s->factors.factors[i % k], s->settings[i]);
    out = reals(w, "sweep/run", "key figure of each run (figure_units); no number where the run failed", 3, by_run);
    if (out != NULL)
        memcpy(out, s->values, runs * s->measure_count * sizeof *out);
    out = reals(w, "sweep/mean", "mean over replications; no number where one of them failed or has none", 2, by_point);
    if (out != NULL)
        memcpy(out, s->means, s->design.points * s->measure_count * sizeof *out);
    if (w->error == 0)
        keep(w, sim_result_integers(w->result, "sweep/status",
                                    "0: the run came to its end; below 0: it failed (-2: its input is wrong)", "1", 2,
                                    by_status, &status));
    for (size_t i = 0; status != NULL && i < runs; i++)
        status[i] = s->status[i];
}

/* In the order of the rows below. */
static double index_of(const sweep *s, size_t at, size_t row)
{
    const sim_interval *first = &s->first[at], *total = &s->total[at];
    const sim_elementary *e = &s->effects[at];
    const double all[] = {first->value, first->low,       first->high,    total->value,    total->low, total->high,
                          e->mu,        e->mu_star.value, e->mu_star.low, e->mu_star.high, e->sigma};
    return all[row];
}

static const struct {
    sim_design_kind design;
    const char *path, *doc;
} indices[] = {
    {SIM_DESIGN_SOBOL, "sobol/first",
     "main index: share of the variance explained by the factor alone (Saltelli et al. 2010)"},
    {SIM_DESIGN_SOBOL, "sobol/first_low", "lower end of its bootstrap interval"},
    {SIM_DESIGN_SOBOL, "sobol/first_high", "upper end"},
    {SIM_DESIGN_SOBOL, "sobol/total", "total index: share with all its interactions (Jansen 1999)"},
    {SIM_DESIGN_SOBOL, "sobol/total_low", "lower end of its bootstrap interval"},
    {SIM_DESIGN_SOBOL, "sobol/total_high", "upper end"},
    {SIM_DESIGN_MORRIS, "morris/mu", "mean elementary effect over the factor's whole range (figure_units)"},
    {SIM_DESIGN_MORRIS, "morris/mu_star", "mean absolute elementary effect (Campolongo et al. 2007)"},
    {SIM_DESIGN_MORRIS, "morris/mu_star_low", "lower end of its bootstrap interval"},
    {SIM_DESIGN_MORRIS, "morris/mu_star_high", "upper end"},
    {SIM_DESIGN_MORRIS, "morris/sigma", "deviation of the elementary effects"},
};

static void write_indices(writer *w)
{
    const sweep *s = w->s;
    size_t k = s->factors.count;
    const int axes[] = {w->factor, w->figure};
    int64_t *rows = NULL;
    for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
        double *out = indices[i].design == s->design.kind ? reals(w, indices[i].path, indices[i].doc, 2, axes) : NULL;
        for (size_t f = 0; out != NULL && f < k; f++)
            for (size_t m = 0; m < s->measure_count; m++)
                out[f * s->measure_count + m] = index_of(s, m * k + f, i);
    }
    if (s->design.rows > 1 && s->design.block > 1 && w->error == 0) {
        keep(w, sim_result_integers(w->result, s->design.kind == SIM_DESIGN_SOBOL ? "sobol/rows" : "morris/rows",
                                    "rows of the design that were whole; the others are left out", "1", 1, &w->figure,
                                    &rows));
        for (size_t m = 0; rows != NULL && m < s->measure_count; m++)
            rows[m] = (int64_t)s->rows[m];
    }
}

/* Attributes of a line for each factor or figure. */
static void write_lines(writer *w)
{
    const sweep *s = w->s;
    char *texts[3] = {NULL, NULL, NULL};
    size_t sizes[3];
    FILE *to[3];
    static const char *const names[3] = {SWEEP_FACTOR_UNITS, SWEEP_FACTOR_WORDS, SWEEP_FIGURE_UNITS};
    for (int i = 0; i < 3; i++) {
        to[i] = open_memstream(&texts[i], &sizes[i]);
        if (to[i] == NULL)
            w->error = SIM_E_MEMORY;
    }
    for (size_t i = 0; i < s->factors.count && w->error == 0; i++) {
        const sim_factor *factor = &s->factors.factors[i];
        fprintf(to[0], "%s%s", i > 0 ? "\n" : "", sim_dimension_si(factor->dimension));
        fputs(i > 0 ? "\n" : "", to[1]);
        for (size_t k = 0; factor->numbers == NULL && k < factor->count; k++)
            fprintf(to[1], "%s%s", k > 0 ? "\t" : "", factor->words[k]);
    }
    for (size_t i = 0; i < s->measure_count && w->error == 0; i++)
        fprintf(to[2], "%s%s", i > 0 ? "\n" : "", model_measure_unit(&s->measures[i]));
    for (int i = 0; i < 3; i++) {
        if (to[i] != NULL && fclose(to[i]) != 0)
            w->error = SIM_E_MEMORY;
        if (w->error == 0)
            keep(w, sim_result_attribute(w->result, names[i], texts[i], 1));
        free(texts[i]);
    }
}

static void write_attributes(writer *w)
{
    const sweep *s = w->s;
    char text[32];
    keep(w, sim_result_attribute(w->result, "design", sweep_design_word(s->design.kind), 1));
    snprintf(text, sizeof text, "%zu", s->levels);
    if (s->design.kind == SIM_DESIGN_FACTORIAL || s->design.kind == SIM_DESIGN_MORRIS)
        keep(w, sim_result_attribute(w->result, "levels", text, 1));
    snprintf(text, sizeof text, "%zu", s->design.rows);
    if (s->design.kind == SIM_DESIGN_SOBOL || s->design.kind == SIM_DESIGN_MORRIS)
        keep(w, sim_result_attribute(w->result, "rows", text, 1));
    write_lines(w);
}

int sweep_result(const sweep *s, sim_result *result)
{
    writer w = {.s = s, .result = result};
    write_axes(&w);
    if (w.error == 0)
        write_runs(&w);
    if (w.error == 0)
        write_indices(&w);
    if (w.error == 0)
        write_attributes(&w);
    return w.error;
}
