/* What a planner reads of a sweep: few points as a table of settings and figures, many by their spread; indices by
 * factor, the one that matters most on top. The same as JSON. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/page/grid.h"
#include "tools/page/view.h"
#include "tools/sweep/tell.h"
#include "tools/sweep/view.h"

enum { FEW_POINTS = 60, MOST_COLUMNS = 64 };

static void cell(tool_grid *grid, double value, const char *unit)
{
    char text[FIGURE_SIZE];
    if (!isfinite(value)) {
        grid_text(grid, "-");
        return;
    }
    if (strcmp(unit, "s") == 0)
        figure_wait(text, value);
    else if (fabs(value) >= 1000 || value == floor(value))
        figure_number(text, value, 0);
    else
        snprintf(text, sizeof text, "%.4g", value);
    grid_text(grid, text);
}

static void setting_cell(tool_grid *grid, const sim_factor *factor, double setting)
{
    if (factor->kind == SIM_FACTOR_LIST)
        grid_text(grid, factor->words[(size_t)setting]);
    else if (factor->dimension == SIM_DIM_TIME)
        grid_format(grid, "%.6g %s",
                    setting / (factor->high <= 600        ? 1
                               : factor->high <= 6 * 3600 ? 60
                                                          : 3600),
                    factor->high <= 600        ? "s"
                    : factor->high <= 6 * 3600 ? "min"
                                               : "h");
    else
        grid_format(grid, "%.6g%s%s", setting, factor->dimension == SIM_DIM_NONE ? "" : " ",
                    factor->dimension == SIM_DIM_NONE ? "" : sim_dimension_si(factor->dimension));
}

static int end_grid(tool_grid *grid, FILE *to)
{
    int rc = grid_print(grid, to);
    grid_free(grid);
    return rc;
}

/* A line a point. */
static int print_points(const sweep *s, const sweep_view *view, FILE *to)
{
    tool_grid grid;
    size_t k = s->factors.count, m = s->measure_count;
    grid_init(&grid, k + m, ~UINT64_C(0));
    for (size_t i = 0; i < k; i++) {
        char name[SWEEP_NAME];
        sweep_factor_name(view, i, name);
        grid_text(&grid, name);
    }
    for (size_t i = 0; i < m; i++)
        grid_text(&grid, s->names[i]);
    for (size_t p = 0; p < s->design.points; p++) {
        for (size_t i = 0; i < k; i++)
            setting_cell(&grid, &s->factors.factors[i], s->settings[p * k + i]);
        for (size_t i = 0; i < m; i++)
            cell(&grid, s->means[p * m + i], model_measure_unit(&s->measures[i]));
    }
    return end_grid(&grid, to);
}

/* Lowest, mean, highest of the points that have a number. */
static size_t spread(const sweep *s, size_t measure, double out[3])
{
    size_t n = 0;
    out[0] = INFINITY;
    out[1] = 0;
    out[2] = -INFINITY;
    for (size_t p = 0; p < s->design.points; p++) {
        double value = s->means[p * s->measure_count + measure];
        if (!isfinite(value))
            continue;
        out[0] = fmin(out[0], value);
        out[2] = fmax(out[2], value);
        out[1] += value;
        n++;
    }
    out[1] /= (double)n;
    return n;
}

static int print_spread(const sweep *s, FILE *to)
{
    static const char *const heads[] = {"Figure", "Lowest", "Mean", "Highest", "Points", "Unit"};
    tool_grid grid;
    grid_init(&grid, 6, 2 | 4 | 8 | 16);
    for (int i = 0; i < 6; i++)
        grid_text(&grid, heads[i]);
    for (size_t m = 0; m < s->measure_count; m++) {
        double ends[3];
        const char *unit = model_measure_unit(&s->measures[m]);
        size_t n = spread(s, m, ends);
        grid_text(&grid, s->names[m]);
        for (int i = 0; i < 3; i++)
            cell(&grid, ends[i], unit);
        grid_format(&grid, "%zu", n);
        grid_text(&grid, strcmp(unit, "s") == 0 || strcmp(unit, "1") == 0 ? "" : unit);
    }
    return end_grid(&grid, to);
}

/* --- indices --- */

static double weight(const sweep *s, size_t measure, size_t factor)
{
    size_t at = measure * s->factors.count + factor;
    double value = s->design.kind == SIM_DESIGN_SOBOL ? s->total[at].value : s->effects[at].mu_star.value;
    return isfinite(value) ? value : -INFINITY;
}

/* The factors, the one of greatest weight first. */
static void sort_factors(const sweep *s, size_t measure, size_t *order)
{
    for (size_t i = 0; i < s->factors.count; i++) {
        size_t at = i;
        for (; at > 0 && weight(s, measure, order[at - 1]) < weight(s, measure, i); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void interval_cells(tool_grid *grid, const sim_interval *interval)
{
    if (!isfinite(interval->value))
        grid_text(grid, "-");
    else
        grid_format(grid, "%.3f", interval->value + 0.0);
    if (!isfinite(interval->low))
        grid_text(grid, "-");
    else
        grid_format(grid, "%.3f..%.3f", interval->low, interval->high);
}

static void put_sobol(tool_grid *grid, const sweep *s, const sweep_view *view, size_t measure, const size_t *order)
{
    static const char *const heads[] = {"", "Main", "", "Total", ""};
    char name[SWEEP_NAME];
    grid_init(grid, 5, 2 | 4 | 8 | 16);
    grid_format(grid, "%s (%zu of %zu rows)", s->names[measure], s->rows[measure], s->design.rows);
    for (int i = 1; i < 5; i++)
        grid_text(grid, heads[i]);
    for (size_t i = 0; i < s->factors.count; i++) {
        size_t at = measure * s->factors.count + order[i];
        sweep_factor_name(view, order[i], name);
        grid_text(grid, name);
        interval_cells(grid, &s->first[at]);
        interval_cells(grid, &s->total[at]);
    }
}

static void put_morris(tool_grid *grid, const sweep *s, const sweep_view *view, size_t measure, const size_t *order)
{
    static const char *const heads[] = {"", "mu*", "from", "to", "mu", "sigma"};
    const char *unit = model_measure_unit(&s->measures[measure]);
    bool plain = strcmp(unit, "s") == 0 || strcmp(unit, "1") == 0;
    char name[SWEEP_NAME];
    grid_init(grid, 6, 2 | 4 | 8 | 16 | 32);
    grid_format(grid, "%s%s%s (%zu of %zu trajectories)", s->names[measure], plain ? "" : ", ", plain ? "" : unit,
                s->rows[measure], s->design.rows);
    for (int i = 1; i < 6; i++)
        grid_text(grid, heads[i]);
    for (size_t i = 0; i < s->factors.count; i++) {
        const sim_elementary *e = &s->effects[measure * s->factors.count + order[i]];
        sweep_factor_name(view, order[i], name);
        grid_text(grid, name);
        cell(grid, e->mu_star.value, unit);
        cell(grid, e->mu_star.low, unit);
        cell(grid, e->mu_star.high, unit);
        cell(grid, e->mu, unit);
        cell(grid, e->sigma, unit);
    }
}

static int print_indices(const sweep *s, const sweep_view *view, FILE *to)
{
    size_t *order = calloc(s->factors.count, sizeof *order);
    int rc = order == NULL ? SIM_E_MEMORY : 0;
    for (size_t m = 0; m < s->measure_count && rc == 0; m++) {
        tool_grid grid;
        sort_factors(s, m, order);
        if (s->design.kind == SIM_DESIGN_SOBOL)
            put_sobol(&grid, s, view, m, order);
        else
            put_morris(&grid, s, view, m, order);
        putc('\n', to);
        rc = end_grid(&grid, to);
    }
    if (rc == 0 && s->design.kind == SIM_DESIGN_SOBOL)
        fprintf(to,
                "\nMain: share of the variance that the factor explains alone; total: with all its interactions. "
                "Beside them %.3g %% "
                "intervals.\n",
                100 * s->confidence);
    else if (rc == 0)
        fprintf(to,
                "\nOver a factor's whole range: mu* mean size of its effect (with its %.3g %% interval), mu with its "
                "sign, sigma how much it "
                "depends on where the factors stand.\n",
                100 * s->confidence);
    free(order);
    return rc;
}

int sweep_print(const sweep *s, const sim_result *result, FILE *to)
{
    tool_view view;
    sweep_view names;
    int rc = view_init(&view, result);
    if (rc == 0 && sweep_view_init(&names, &view)) {
        if (s->design.points <= FEW_POINTS && s->factors.count + s->measure_count <= MOST_COLUMNS &&
            s->design.block <= 1)
            rc = print_points(s, &names, to);
        else
            rc = print_spread(s, to);
        if (rc == 0 && s->design.block > 1)
            rc = print_indices(s, &names, to);
    }
    view_free(&view);
    return rc;
}

/* --- JSON --- */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval_json(const sim_interval *interval)
{
    return json_pack("{s:o, s:o, s:o}", "value", number(interval->value), "low", number(interval->low), "high",
                     number(interval->high));
}

static json_t *factor_json(const sim_factor *factor)
{
    json_t *object = json_pack("{s:s, s:s}", "path", factor->path, "unit", sim_dimension_si(factor->dimension));
    if (factor->kind != SIM_FACTOR_LIST) {
        json_object_set_new(object, "low", number(factor->low));
        json_object_set_new(object, "high", number(factor->high));
        json_object_set_new(object, "log", json_boolean(factor->logarithmic));
        return object;
    }
    json_t *values = json_array();
    for (size_t i = 0; i < factor->count; i++)
        json_array_append_new(values, json_string(factor->words[i]));
    json_object_set_new(object, "values", values);
    return object;
}

static json_t *index_json(const sweep *s, size_t measure, size_t factor)
{
    size_t at = measure * s->factors.count + factor;
    const sim_elementary *e = &s->effects[at];
    const char *path = s->factors.factors[factor].path;
    if (s->design.kind == SIM_DESIGN_SOBOL)
        return json_pack("{s:s, s:o, s:o}", "path", path, "first", interval_json(&s->first[at]), "total",
                         interval_json(&s->total[at]));
    return json_pack("{s:s, s:o, s:o, s:o}", "path", path, "mu", number(e->mu), "mu_star", interval_json(&e->mu_star),
                     "sigma", number(e->sigma));
}

static json_t *figure_json(const sweep *s, size_t measure)
{
    double ends[3];
    size_t n = spread(s, measure, ends);
    json_t *object = json_pack("{s:s, s:s, s:o, s:o, s:o, s:I}", "name", s->names[measure], "unit",
                               model_measure_unit(&s->measures[measure]), "lowest", number(ends[0]), "mean",
                               number(ends[1]), "highest", number(ends[2]), "points", (json_int_t)n);
    if (s->design.block <= 1)
        return object;
    json_t *factors = json_array();
    for (size_t i = 0; i < s->factors.count; i++)
        json_array_append_new(factors, index_json(s, measure, i));
    json_object_set_new(object, "rows", json_integer((json_int_t)s->rows[measure]));
    json_object_set_new(object, "factors", factors);
    return object;
}

int sweep_print_json(const sweep *s, const char *out, FILE *to)
{
    size_t runs = sweep_runs(s);
    json_t *factors = json_array(), *figures = json_array();
    for (size_t i = 0; i < s->factors.count; i++)
        json_array_append_new(factors, factor_json(&s->factors.factors[i]));
    for (size_t m = 0; m < s->measure_count; m++)
        json_array_append_new(figures, figure_json(s, m));
    json_t *root =
        json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "out", out, "design", sweep_design_word(s->design.kind),
                  "points", (json_int_t)s->design.points, "replications", (json_int_t)s->wishes->replications, "runs",
                  (json_int_t)runs, "failed", (json_int_t)s->failed, "factors", factors, "figures", figures);
    if (root == NULL)
        return SIM_E_MEMORY;
    int rc = json_dumpf(root, to, JSON_INDENT(2)) != 0 || putc('\n', to) == EOF ? SIM_E_IO : 0;
    json_decref(root);
    return rc;
}
