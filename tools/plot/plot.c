/* The list of plots, and drawing those that the results have data for. */
#include "tools/plot/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "tools/base/signals.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/gnuplot.h"
#include "tools/plot/gnuplot/script.h"

static const struct {
    const char *name;
    plot_draw *draw;
} plots[] = {
#define PLOT_ROW(name, doc) {#name, plot_##name},
    PLOTS(PLOT_ROW)
#undef PLOT_ROW
};
enum { PLOT_COUNT = sizeof plots / sizeof *plots };

static const struct {
    unsigned bit;
    const char *extension;
} formats_known[] = {{PLOT_SVG, "svg"}, {PLOT_PNG, "png"}, {PLOT_PDF, "pdf"}};

typedef struct {
    const tool_view *view;
    const gnuplot_place *place;
    unsigned formats;
    int *written;
    char *why;
    size_t size;
} work;

/* Adds "NAME (reason)" to the list of plots that were left out. */
static void leave_out(const work *w, const char *name, const char *reason)
{
    size_t length = strlen(w->why);
    if (length < w->size)
        snprintf(w->why + length, w->size - length, "%s%s (%s)", length > 0 ? ", " : "left out: ", name, reason);
}

static int in_formats(const work *w, const char *name, const char *script)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < sizeof formats_known / sizeof *formats_known; i++) {
        char file[160];
        if (!(w->formats & formats_known[i].bit))
            continue;
        snprintf(file, sizeof file, "%s.%s", name, formats_known[i].extension);
        error = gnuplot_draw(w->place, script_terminal(formats_known[i].extension), script, file, w->why, w->size);
        if (error == 0)
            ++*w->written;
        if (signals_take() != 0) {
            snprintf(w->why, w->size, "stopped by a signal");
            error = SIM_E_STOPPED;
        }
    }
    return error;
}

/* Draws one plot, or the series at `path` if there is one, in all formats: 1, 0 when there is no data for it, or a
 * negative error. */
static int draw(const work *w, plot_draw *plot, const char *path, const char *name, const char **why_not)
{
    char *script = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&script, &length);
    if (!to)
        return SIM_E_MEMORY;
    int drawn = path ? plot_metric(w->view, path, to, why_not) : plot(w->view, to, why_not), failed = ferror(to);
    if (fclose(to) != 0 || failed || !script)
        drawn = SIM_E_MEMORY;
    if (drawn > 0) {
        int error = in_formats(w, name, script);
        drawn = error == 0 ? drawn : error;
    }
    free(script);
    return drawn;
}

/* Whether one would look for the plot: results of a run have time, others have not. */
static int is_of_these_results(const work *w, const char *why_not)
{
    return (w->view->time != NULL || w->view->result->dataset_count == 0) && strcmp(why_not, PLOT_OTHER_RESULTS) != 0;
}

static int draw_list(const work *w, const char *only)
{
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        const char *why_not = "";
        if (only && strcmp(only, plots[i].name) != 0)
            continue;
        int drawn = draw(w, plots[i].draw, NULL, plots[i].name, &why_not);
        if (drawn < 0)
            return drawn;
        if (drawn == 0 && only) {
            snprintf(w->why, w->size, "there is nothing to draw for %s: %s", only, why_not);
            return SIM_E_INPUT;
        }
        if (drawn == 0 && is_of_these_results(w, why_not))
            leave_out(w, plots[i].name, why_not);
    }
    return 0;
}

/* Slashes are no part of a file's name. */
static void metric_file(char *name, size_t size, const char *path)
{
    snprintf(name, size, "metric-%.100s", path);
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '-';
}

static int draw_metrics(const work *w, const plot_choice *choice)
{
    int any = 0;
    char unused[8];
    for (size_t i = 0; i < choice->metric_count; i++) {
        char name[120];
        const char *why_not = "", *path = plot_metric_path(w->view, choice->metrics[i], unused, sizeof unused);
        if (!path)
            return SIM_E_INPUT; /* not so: all names have been checked */
        metric_file(name, sizeof name, path);
        int drawn = draw(w, NULL, path, name, &why_not);
        if (drawn < 0)
            return drawn;
        any |= drawn;
        if (drawn == 0)
            leave_out(w, path, why_not);
    }
    return any || choice->metric_count == 0 ? 0 : SIM_E_INPUT;
}

static int are_metrics(const tool_view *view, const plot_choice *choice, char *why, size_t size)
{
    for (size_t i = 0; i < choice->metric_count; i++)
        if (!plot_metric_path(view, choice->metrics[i], why, size))
            return 0;
    return 1;
}

static int is_plot(const char *name, char *why, size_t size)
{
    snprintf(why, size, "there is no plot \"%.60s\"; there are:", name);
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        size_t length = strlen(why);
        if (strcmp(plots[i].name, name) == 0)
            return 1;
        if (length < size)
            snprintf(why + length, size - length, "%s %s", i > 0 ? "," : "", plots[i].name);
    }
    return 0;
}

int plot_all(const struct sim_result *result, const char *folder, unsigned formats, const plot_choice *choice,
             int *written, char *why, size_t size)
{
    tool_view view;
    gnuplot_place place = {0};
    tool_signals held;
    *written = 0;
    if (choice->only && !is_plot(choice->only, why, size))
        return SIM_E_INPUT;
    if (size > 0)
        why[0] = '\0';
    if (signals_hold(&held) != 0) /* so that the working folder is removed also when the user stops the program */
        return SIM_E_IO;
    int error = view_init(&view, result);
    if (error == 0 && !are_metrics(&view, choice, why, size))
        error = SIM_E_INPUT;
    if (error == 0)
        error = gnuplot_open(&place, folder, why, size);
    if (error == 0) {
        work w = {&view, &place, formats, written, why, size};
        if (choice->only || choice->metric_count == 0)
            error = draw_list(&w, choice->only);
        if (error == 0)
            error = draw_metrics(&w, choice);
    }
    if (error == SIM_E_MEMORY && size > 0)
        snprintf(why, size, "%s", sim_error_text(error));
    gnuplot_close(&place);
    view_free(&view);
    signals_release(&held);
    return error;
}
