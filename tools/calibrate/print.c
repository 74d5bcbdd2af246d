/* A calibration on the screen: parameters, how near they bring the model, what was held out, and how to use the fit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/base/file.h"
#include "tools/calibrate/tell.h"
#include "tools/page/cell.h"
#include "tools/page/grid.h"

enum { LINE = 118 };

/* Breaks a long sentence between words. */
static void put_wrapped(FILE *to, const char *text)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + length > LINE) {
            putc('\n', to);
            column = 0;
        } else if (column > 0) {
            putc(' ', to);
            column++;
        }
        fprintf(to, "%.*s", (int)length, text);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    putc('\n', to);
}

/* --- parameters --- */

static void put_span(tool_grid *grid, const calibrate_parameter *parameter, double low, double high)
{
    char from[64], until[64];
    if (!isfinite(low)) {
        grid_text(grid, "not determined");
        return;
    }
    calibrate_parameter_value(parameter, low, from, sizeof from);
    calibrate_parameter_value(parameter, high, until, sizeof until);
    from[strcspn(from, " ")] = '\0'; /* the unit once */
    grid_format(grid, "%s to %s", from, until);
}

static void put_parameter(tool_grid *grid, const calibrate_report *report, size_t j)
{
    const calibrate_parameter *parameter = &report->work->parameters[j];
    const sim_fit *fit = report->fit;
    char value[64];
    calibrate_parameter_value(parameter, fit->at[j], value, sizeof value);
    grid_text(grid, parameter->factor.path);
    grid_format(grid, "%s", value);
    put_span(grid, parameter, fit->low[j], fit->high[j]);
    put_span(grid, parameter, 0, 1);
    grid_text(grid, fit->edge[j] == 0  ? isfinite(fit->low[j]) ? "" : "one of many that fit as well"
                    : fit->edge[j] < 0 ? "at the lower end of its range: the best value may lie beyond"
                                       : "at the upper end of its range: the best value may lie beyond");
}

static int print_parameters(const calibrate_report *report, FILE *to)
{
    tool_grid grid;
    grid_init(&grid, 5, 2);
    grid_text(&grid, "Parameter");
    grid_text(&grid, "Estimate");
    grid_format(&grid, "%.3g%% interval", 100 * report->work->level);
    grid_text(&grid, "Range");
    grid_text(&grid, "Note");
    for (size_t j = 0; j < report->fit->parameters; j++)
        put_parameter(&grid, report, j);
    int error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

static void print_loose(const calibrate_report *report, FILE *to)
{
    char words[CALIBRATE_WORDS], text[CALIBRATE_WORDS + 32];
    for (size_t k = 0; k < report->fit->loose; k++) {
        calibrate_loose_words(report, k, words, sizeof words);
        snprintf(text, sizeof text, "Not determined: %s.", words);
        put_wrapped(to, text);
    }
}

/* --- the fit --- */

static void print_fit(const calibrate_report *report, FILE *to)
{
    const sim_fit *fit = report->fit;
    char text[CALIBRATE_WORDS];
    if (isnan(fit->p_value))
        snprintf(text, sizeof text, "Fit: as many numbers as parameters, so that nothing is left over to judge it by.");
    else if (fit->widened > 1)
        snprintf(text, sizeof text,
                 "Fit: misfit %.3g, chance would leave about %.3g (p = %.2g): something in the observations the model "
                 "does not do, "
                 "whatever "
                 "the parameters. The intervals are widened %.3g times for that.",
                 fit->misfit, fit->by_chance, fit->p_value, fit->widened);
    else
        snprintf(text, sizeof text,
                 "Fit: misfit %.3g, chance would leave about %.3g (p = %.2g): no further off than chance explains.",
                 fit->misfit, fit->by_chance, fit->p_value);
    put_wrapped(to, text);
    put_wrapped(
        to,
        "Misfit: sum of squared differences, each in standard deviations of the number between replications and of its "
        "coarseness (1 person "
        "or 1 min, and 0.5 %).");
}

/* --- what was held out --- */

static void put_number(tool_grid *grid, calibrate_kind kind, double value)
{
    if (kind == CALIBRATE_WAIT)
        cell_wait(grid, value);
    else
        cell_number(grid, value);
}

static void put_score(tool_grid *grid, calibrate_kind kind, const calibrate_score *s)
{
    grid_text(grid, kind == CALIBRATE_WAIT ? "Waits" : "People who crossed");
    grid_format(grid, "%zu", s->count);
    put_number(grid, kind, s->observed);
    put_number(grid, kind, s->model);
    put_number(grid, kind, s->last);
    put_number(grid, kind, s->mean);
    cell_share(grid, s->model / s->observed, 1);
    grid_format(grid, "%zu of %zu", s->inside, s->count);
}

static void tell_score(FILE *to, calibrate_kind kind, const calibrate_score *s)
{
    const char *what = kind == CALIBRATE_WAIT ? "waits" : "people who crossed";
    char text[CALIBRATE_WORDS];
    if (!isfinite(s->last))
        snprintf(text, sizeof text,
                 "No naive rule can be set beside the model for %s: no number like these was fitted.", what);
    else if (calibrate_score_beats(s))
        snprintf(text, sizeof text, "On %s the model errs less than both naive rules.", what);
    else
        snprintf(text, sizeof text,
                 "On %s the model does not beat the naive rules: %s errs no more. Do not forecast them with it.", what,
                 s->last <= s->mean ? "\"as the last time\"" : "\"as on average\"");
    put_wrapped(to, text);
    if (s->without > 0 && isfinite(s->last))
        fprintf(to, "(%zu more have no naive rule and are not scored.)\n", s->without);
}

static int print_scores(const calibrate_report *report, FILE *to)
{
    static const char *const heading[] = {"Held out, RMSE", "Numbers",       "Observed mean", "Model",
                                          "As last time",   "As on average", "Model/mean"};
    const model_setup *setup = report->setup;
    char when[FIGURE_SIZE];
    tool_grid grid;
    if (report->work->data->by_role[CALIBRATE_HELD_OUT] == 0)
        return 0;
    figure_instant(when, (double)(setup->start_unix + setup->start_offset) + (double)report->work->data->cut * 1e-6);
    fprintf(to, "\nFitted: what was observed until %s (local time). Held out: what came later.\n\n", when);
    grid_init(&grid, 8, ~UINT64_C(1));
    for (size_t i = 0; i < sizeof heading / sizeof *heading; i++)
        grid_text(&grid, heading[i]);
    grid_format(&grid, "In %.3g%% range", 100 * report->work->level);
    for (int kind = 0; kind < CALIBRATE_KINDS; kind++) {
        calibrate_score s = calibrate_score_of(report->work->data, (calibrate_kind)kind);
        if (s.count > 0)
            put_score(&grid, (calibrate_kind)kind, &s);
    }
    int error = grid_print(&grid, to);
    grid_free(&grid);
    for (int kind = 0; kind < CALIBRATE_KINDS; kind++) {
        calibrate_score s = calibrate_score_of(report->work->data, (calibrate_kind)kind);
        if (s.count > 0)
            tell_score(to, (calibrate_kind)kind, &s);
    }
    return error;
}

/* --- the whole --- */

static int print_use(const calibrate_report *report, FILE *to)
{
    fputs("\nTo use the fit: hbm run", to);
    for (size_t j = 0; j < report->fit->parameters; j++) {
        char *set = calibrate_parameter_set(&report->work->parameters[j], report->fit->at[j]);
        if (set == NULL)
            return SIM_E_MEMORY;
        fputs(" --set ", to);
        file_put_word(to, set);
        free(set);
    }
    fprintf(to, " ...\nResults: %s\n", report->file);
    return 0;
}

static void print_roles(const calibrate_report *report, FILE *to)
{
    const size_t *n = report->work->data->by_role;
    fprintf(to, "%zu observed numbers are fitted, %zu held out", n[CALIBRATE_FITTED], n[CALIBRATE_HELD_OUT]);
    if (n[CALIBRATE_COMPARED] > 0)
        fprintf(to, ", %zu only compared (--columns)", n[CALIBRATE_COMPARED]);
    if (n[CALIBRATE_LEFT_OUT] > 0)
        fprintf(to,
                ", %zu left out (outside of the run, a wait of all posts together, or across the hold-out's beginning)",
                n[CALIBRATE_LEFT_OUT]);
    fprintf(to, "; %zu points of %zu replications, then %zu at the estimate.\n\n", report->fit->evaluated,
            report->work->replications, report->fit->bootstrap);
}

int calibrate_print(const calibrate_report *report, FILE *to)
{
    char assessment[CALIBRATE_WORDS];
    print_roles(report, to);
    int error = print_parameters(report, to);
    if (error != 0)
        return error;
    putc('\n', to);
    print_loose(report, to);
    print_fit(report, to);
    error = print_scores(report, to);
    calibrate_assessment(report, assessment, sizeof assessment);
    putc('\n', to);
    put_wrapped(to, assessment);
    return error == 0 ? print_use(report, to) : error;
}
