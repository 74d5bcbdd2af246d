/* Any series of the results over time: a panel an owner (place, station, agency, the run), a line a cell (class, state,
 * trait, item, ground). For what no plot of its own shows; nothing here knows a metric by name. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/model.h"
#include "sim/base/diag.h"
#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { MOST_OWNERS = 8, MOST_CELLS = 12, MOST_NAMES = 1024, LONG_HEADLINE = 90 };
#define HIGHEST_BAND                                                                                \
    1.6 /* times the highest value; bands of few replications would squeeze the lines to the bottom \
         */

/* --- names --- */

static int ends_with(const char *text, const char *tail)
{
    size_t length = strlen(text), size = strlen(tail);
    return length >= size && strcmp(text + length - size, tail) == 0;
}

static int is_series(const tool_view *view, const sim_dataset *dataset)
{
    return dataset && dataset->axis_count >= 2 && dataset->axis_count <= 3 &&
           strcmp(sim_result_axis(view->result, dataset, 0)->name, "time") == 0;
}

/* How a row of the models' metrics calls it, NULL when there is none. */
static const sim_metric *metric_named(const char *name)
{
    for (size_t i = 0; i < model_registry_count; i++)
        for (size_t k = 0; k < model_registry[i]->metric_count; k++)
            if (strcmp(model_registry[i]->metrics[k].row.name, name) == 0)
                return &model_registry[i]->metrics[k].row;
    return NULL;
}

static void tell_unknown(const tool_view *view, const char *name, char *why, size_t size)
{
    const char *names[MOST_NAMES];
    size_t count = 0;
    const sim_metric *known = metric_named(name);
    if (known && known->kind == SIM_METRIC_SHARE) {
        snprintf(why, size, "\"%s\" is a share over the whole run and has no series; what it is made of has: %s and %s",
                 name, known->over, known->under);
        return;
    }
    if (known) {
        snprintf(why, size, "the results have no \"%s\": the scenario does not use the model that records it", name);
        return;
    }
    for (size_t i = 0; i < view->result->dataset_count && count < MOST_NAMES; i++) {
        const char *path = view->result->datasets[i].path;
        if (is_series(view, &view->result->datasets[i]) && !ends_with(path, "_half_width") && !ends_with(path, "_peak"))
            names[count++] = path;
    }
    const char *nearest = sim_diag_nearest(name, names, count);
    if (nearest)
        snprintf(why, size, "there is no metric \"%.80s\" over time; did you mean \"%s\"?", name, nearest);
    else
        snprintf(why, size, "there is no metric \"%.80s\" over time; 'hbm info' lists what there is", name);
}

const char *plot_metric_path(const tool_view *view, const char *name, char *why, size_t size)
{
    char mean[128];
    const sim_dataset *dataset = sim_result_find(view->result, name);
    if (!is_series(view, dataset)) {
        snprintf(mean, sizeof mean, "%.100s_mean", name);
        dataset = sim_result_find(view->result, mean);
    }
    if (is_series(view, dataset))
        return dataset->path;
    tell_unknown(view, name, why, size);
    return NULL;
}

/* --- numbers --- */

/* How the numbers are shown: levels and durations as they are, counts a bin, "people us" as people. */
typedef struct {
    double factor;
    int by_time; /* divided by the microseconds of its bin */
    char label[120];
} scale;

typedef struct {
    const tool_view *view;
    view_series values, halves;
    int has_halves;
    const sim_axis *owners, *cells; /* cells NULL: one line a panel */
    scale scale;
    size_t owner_list[MOST_OWNERS], owner_count, owners_with_data;
    size_t cell_list[MOST_CELLS], cell_count, cells_with_data;
} chart;

typedef struct {
    const chart *of;
    size_t owner, cell;
} line_context;

static double scaled(const chart *c, size_t bin, double value)
{
    return value * c->scale.factor / (c->scale.by_time ? view_bin_length(c->view, bin) * 1e6 : 1);
}

/* Mean over the bins that have a number; half-widths of neighbours go up and down together, so their mean is close and
 * never too narrow. */
static double value_of(const void *context, size_t first, size_t end, double *half_width)
{
    const line_context *line = context;
    const chart *c = line->of;
    double sum = 0, halves = 0;
    size_t numbers = 0;
    for (size_t bin = first; bin < end; bin++) {
        double value = view_value(&c->values, bin, line->owner, line->cell);
        if (!isfinite(value))
            continue;
        sum += scaled(c, bin, value);
        if (c->has_halves)
            halves += scaled(c, bin, view_value(&c->halves, bin, line->owner, line->cell));
        numbers++;
    }
    if (numbers == 0)
        return (double)NAN;
    if (c->has_halves)
        *half_width = halves / (double)numbers;
    return sum / (double)numbers;
}

/* Sum over time of an owner's or a cell's size, SIZE_MAX: of all of them. */
static double weight(const chart *c, size_t owner, size_t cell)
{
    double sum = 0;
    for (size_t bin = 0; bin < c->values.rows; bin++)
        for (size_t o = owner == SIZE_MAX ? 0 : owner; o < (owner == SIZE_MAX ? c->values.owners : owner + 1); o++)
            for (size_t k = cell == SIZE_MAX ? 0 : cell; k < (cell == SIZE_MAX ? c->values.cells : cell + 1); k++) {
                double value = view_value(&c->values, bin, o, k);
                sum += isfinite(value) ? fabs(value) : 0;
            }
    return sum;
}

/* The `most` heaviest of n, heaviest first, and in *with_data how many are not nothing. 0 or SIM_E_MEMORY. */
static int choose(const chart *c, size_t n, int are_owners, size_t most, size_t *list, size_t *count, size_t *with_data)
{
    double *weights = calloc(n + 1, sizeof *weights);
    if (!weights)
        return SIM_E_MEMORY;
    *count = *with_data = 0;
    for (size_t i = 0; i < n; i++) {
        weights[i] = are_owners ? weight(c, i, SIZE_MAX) : weight(c, SIZE_MAX, i);
        if (!(weights[i] > 0))
            continue;
        ++*with_data;
        size_t at = *count;
        while (at > 0 && weights[list[at - 1]] < weights[i])
            at--;
        if (at == most)
            continue;
        if (*count < most)
            ++*count;
        for (size_t k = *count - 1; k > at; k--)
            list[k] = list[k - 1];
        list[at] = i;
    }
    free(weights);
    return 0;
}

static double longest(const chart *c)
{
    double most = 0;
    for (size_t i = 0; i < c->values.dataset->size && !c->values.dataset->is_integer; i++) {
        double value = c->values.dataset->data.reals[i];
        most = isfinite(value) ? fmax(most, fabs(value)) : most;
    }
    return most;
}

static void name_bin(const tool_view *view, char *text, size_t size)
{
    double minutes = view->step / 60;
    if (view->step == 86400)
        snprintf(text, size, "a day");
    else if (view->step == 3600)
        snprintf(text, size, "an hour");
    else if (fmod(minutes, 60) == 0)
        snprintf(text, size, "%.0f hours", minutes / 60);
    else
        snprintf(text, size, "%.3g minutes", minutes);
}

static void choose_scale(chart *c, const char *path)
{
    char peak[140], bin[40];
    const char *unit = c->values.dataset->unit, *name;
    scale *s = &c->scale;
    *s = (scale){.factor = 1};
    snprintf(peak, sizeof peak, "%.100s_peak", path);
    /* only levels have a peak beside them, and only durations are means of a bin */
    int is_count = !sim_result_find(c->view->result, peak) && !ends_with(path, "_mean") && !ends_with(path, "_peak");
    if (strcmp(unit, "s") == 0 && !is_count) {
        s->factor = 1 / figure_time_unit(longest(c), &name);
        snprintf(s->label, sizeof s->label, "%s", name);
    } else if (ends_with(unit, " us")) {
        s->by_time = 1;
        snprintf(s->label, sizeof s->label, "%.*s x time, over the bin's length", (int)strlen(unit) - 3, unit);
    } else if (strcmp(unit, "cent") == 0) {
        s->factor = 0.01;
        snprintf(s->label, sizeof s->label, "USD");
    } else {
        snprintf(s->label, sizeof s->label, "%.60s", strcmp(unit, "1") == 0 ? "share (1 = all)" : unit);
    }
    if (is_count && !s->by_time) {
        size_t length = strlen(s->label);
        name_bin(c->view, bin, sizeof bin);
        snprintf(s->label + length, sizeof s->label - length, " in %s", bin);
    }
}

/* --- the page --- */

static void put_panel(FILE *to, const chart *c, size_t i, script_box box, const char *title)
{
    char line[80];
    script_extent extents[MOST_CELLS];
    double most = 0, highest = 0;
    int first_block = (int)(i * MOST_CELLS);
    for (size_t k = 0; k < c->cell_count; k++) {
        line_context context = {c, c->owner_list[i], c->cell_list[k]};
        extents[k] = script_steps(to, c->view, first_block + (int)k, value_of, &context);
        most = fmax(most, extents[k].most);
        highest = fmax(highest, extents[k].highest);
    }
    script_panel(to, box, title);
    script_time_axis(to, c->view, box, 0, 0);
    script_value_axis(to, "y", fmin(most, HIGHEST_BAND * highest), box, "", "");
    fputs("plot -1 notitle", to); /* lines of zeros are left out */
    for (size_t k = 0; k < c->cell_count; k++) {
        int block = first_block + (int)k;
        if (extents[k].most > 0 && extents[k].has_band)
            fprintf(to, ", $d%d using 1:3:4 with filledcurves lc rgb '%s' " SCRIPT_BAND " notitle", block,
                    script_colour(k));
        if (extents[k].most > 0)
            fprintf(to, ", $d%d using 1:2 with lines %s notitle", block, script_line(k, line, sizeof line));
    }
    putc('\n', to);
}

/* The names of the lines, on the right and over the whole height. */
static void put_key(FILE *to, const chart *c, double left)
{
    char line[80];
    script_box box = {left, PAGE_WIDTH - 10, 15, 790};
    script_panel(to, box, "");
    script_key_right(to, box.left, box.top);
    fputs("unset border\nplot [0:1][0:1] ", to);
    for (size_t k = 0; k < c->cell_count; k++) {
        fprintf(to, "%s-1 with lines %s title ", k > 0 ? ", " : "", script_line(k, line, sizeof line));
        script_text(to, c->cells->labels[c->cell_list[k]], 22);
    }
    putc('\n', to);
}

static void put_page(FILE *to, const chart *c, const char *path)
{
    char note[700], headline[160], band[120] = "", owners[100] = "", cells[60] = "";
    int many = c->owner_count > 1, key = c->cells && c->cells->labels && c->cell_count > 0;
    script_box whole = {10, key ? PAGE_WIDTH - 230 : PAGE_WIDTH - 10, 15, 812};
    if (c->has_halves)
        script_band_note(c->view, band, sizeof band);
    else if (c->view->replications > 1)
        snprintf(band, sizeof band, "mean of %zu replications", c->view->replications);
    if (c->owner_count < c->owners_with_data)
        snprintf(owners, sizeof owners, "; the %zu of %zu %.30ss with most", c->owner_count, c->owners_with_data,
                 c->owners->name);
    if (c->cell_count < c->cells_with_data)
        snprintf(cells, sizeof cells, "; %zu of %zu lines", c->cell_count, c->cells_with_data);
    snprintf(headline, sizeof headline, "%.140s", c->values.dataset->doc);
    if (strlen(headline) > LONG_HEADLINE && strchr(headline, ';'))
        *strchr(headline, ';') = '\0';
    if (headline[0] >= 'a' && headline[0] <= 'z')
        headline[0] = (char)(headline[0] - 'a' + 'A');
    snprintf(note, sizeof note, "%.100s: %s%s%s%s%s%s", path, c->scale.label, *band ? "; " : "", band, owners, cells,
             many ? "; every panel has its own scale" : "");
    script_begin(to, c->view, headline, note, NULL, 0);
    for (size_t i = 0; i < c->owner_count; i++) {
        size_t owner = c->owner_list[i];
        const char *name = strcmp(c->owners->name, "run") == 0 ? "The run as a whole"
                           : c->owners->labels                 ? c->owners->labels[owner]
                                                               : "";
        put_panel(to, c, i, script_grid(whole, c->owner_count, script_columns(c->owner_count), i, 0), name);
    }
    if (key)
        put_key(to, c, whole.right + 15);
    script_end(to);
}

int plot_metric(const tool_view *view, const char *path, FILE *to, const char **why_not)
{
    chart c = {.view = view};
    char half[140];
    const sim_dataset *dataset = sim_result_find(view->result, path);
    *why_not = "the results have no such series";
    if (!view->time || !is_series(view, dataset))
        return 0;
    c.owners = sim_result_axis(view->result, dataset, 1);
    if (!view_find(view, path, "time", c.owners->name, &c.values))
        return 0;
    c.cells = dataset->axis_count == 3 ? sim_result_axis(view->result, dataset, 2) : NULL;
    snprintf(half, sizeof half, "%.100s_half_width", path);
    c.has_halves = view->replications > 1 && view_find(view, half, "time", c.owners->name, &c.halves) &&
                   c.halves.cells == c.values.cells;
    int error = choose(&c, c.values.owners, 1, MOST_OWNERS, c.owner_list, &c.owner_count, &c.owners_with_data);
    if (error == 0)
        error = choose(&c, c.values.cells, 0, MOST_CELLS, c.cell_list, &c.cell_count, &c.cells_with_data);
    *why_not = "it is never more than 0";
    if (error != 0 || c.owner_count == 0)
        return error;
    choose_scale(&c, path);
    put_page(to, &c, path);
    return 1;
}
