/* A calibration: what was observed beside what the fitted model gives, over time; what was held out stands on grey. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { HOUR = 3600, MOST_PANELS = 12 };
#define HELD_OUT "#EEEEEE"
#define BAND "#CFE8F7"

/* Columns of the group "observations", by number. */
typedef struct {
    size_t count;
    view_series kind, role, post, begin, end, observed, mean, low, high;
    const sim_axis *posts;
} numbers;

/* Numbers that share a panel: of one kind, one post, periods of one length. */
typedef struct {
    int kind;
    double post, length; /* of periods, s; 0 for waits */
    size_t count;
} panel;

static bool find_numbers(const tool_view *view, numbers *n)
{
    const struct {
        const char *path;
        view_series *series;
    } columns[] = {{"observations/of_column", &n->kind},
                   {"observations/role", &n->role},
                   {"observations/of_post", &n->post},
                   {"observations/begin", &n->begin},
                   {"observations/end", &n->end},
                   {"observations/observed", &n->observed},
                   {"observations/simulated", &n->mean},
                   {"observations/simulated_low", &n->low},
                   {"observations/simulated_high", &n->high}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (!view_find(view, columns[i].path, "", "observation", columns[i].series))
            return false;
    n->count = n->kind.owners;
    n->posts = NULL;
    for (size_t i = 0; i < view->result->axis_count; i++)
        if (strcmp(view->result->axes[i].name, "post") == 0 && view->result->axes[i].labels != NULL)
            n->posts = &view->result->axes[i];
    return n->posts != NULL;
}

static panel panel_of(const numbers *n, size_t i)
{
    int kind = (int)view_at(&n->kind, i);
    double length = round((view_at(&n->end, i) - view_at(&n->begin, i)) / 60) * 60;
    return (panel){kind, view_at(&n->post, i), kind == CALIBRATE_WAIT ? 0 : length, 1};
}

static bool is_same(const panel *a, const panel *b)
{
    return a->kind == b->kind && a->post == b->post && fabs(a->length - b->length) <= 0.05 * b->length;
}

static bool is_drawn(const numbers *n, size_t i)
{
    return view_at(&n->role, i) != CALIBRATE_LEFT_OUT && isfinite(view_at(&n->mean, i));
}

static int by_count(const void *a, const void *b)
{
    const panel *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind - y->kind;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (x->post > y->post) - (x->post < y->post);
}

/* Panels, people first, those with most numbers first. Caller frees; NULL: out of memory. */
static panel *find_panels(const numbers *n, size_t *count)
{
    panel *panels = calloc(n->count + 1, sizeof *panels);
    *count = 0;
    for (size_t i = 0; panels != NULL && i < n->count; i++) {
        panel own = panel_of(n, i);
        size_t k = 0;
        while (k < *count && !is_same(&panels[k], &own))
            k++;
        if (!is_drawn(n, i))
            continue;
        if (k == *count)
            panels[(*count)++] = own;
        else
            panels[k].count++;
    }
    if (panels != NULL)
        qsort(panels, *count, sizeof *panels, by_count);
    return panels;
}

static double number_of(const sim_result *result, const char *attribute)
{
    const char *text = sim_result_text(result, attribute);
    char *end = NULL;
    double value = text != NULL ? strtod(text, &end) : (double)NAN;
    return end != NULL && end != text ? value : (double)NAN;
}

/* --- a panel --- */

static double most_of(const numbers *n, const panel *p)
{
    double most = 0;
    for (size_t i = 0; i < n->count; i++) {
        panel own = panel_of(n, i);
        if (is_same(p, &own) && is_drawn(n, i))
            most = fmax(most, fmax(view_at(&n->high, i), view_at(&n->observed, i)));
    }
    return most;
}

static int by_end(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (x[0] > y[0]) - (x[0] < y[0]);
}

/* x (the middle of a period, or the instant of a wait), begin, end, mean, low, high, fitted, held out, compared; in the
 * order of time. */
static int put_data(FILE *to, const numbers *n, const panel *p, int block, double unit)
{
    double *rows = calloc(n->count + 1, 2 * sizeof *rows);
    size_t count = 0;
    if (rows == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n->count; i++) {
        panel own = panel_of(n, i);
        if (!is_same(p, &own) || !is_drawn(n, i))
            continue;
        rows[2 * count] = view_at(&n->end, i);
        rows[2 * count++ + 1] = (double)i;
    }
    qsort(rows, count, 2 * sizeof *rows, by_end);
    fprintf(to, "$f%d << EOD\n", block);
    for (size_t k = 0; k < count; k++) {
        size_t i = (size_t)rows[2 * k + 1];
        double begin = view_at(&n->begin, i) / HOUR, end = view_at(&n->end, i) / HOUR,
               observed = view_at(&n->observed, i) / unit;
        int role = (int)view_at(&n->role, i);
        fprintf(to, "%.8g %.8g %.8g %.7g %.7g %.7g", p->kind == CALIBRATE_WAIT ? end : (begin + end) / 2, begin, end,
                view_at(&n->mean, i) / unit, view_at(&n->low, i) / unit, view_at(&n->high, i) / unit);
        for (int wanted = CALIBRATE_FITTED; wanted <= CALIBRATE_COMPARED; wanted++)
            fprintf(to, role == wanted ? " %.7g" : " NaN", observed);
        putc('\n', to);
    }
    fputs("EOD\n", to);
    free(rows);
    return 0;
}

static void put_title(const numbers *n, const panel *p, const char *unit, char *title, size_t size)
{
    size_t post = (size_t)fmax(p->post, 0);
    const char *name = post < n->posts->size ? n->posts->labels[post] : "?";
    if (p->kind == CALIBRATE_WAIT)
        snprintf(title, size, "%s: wait, %s", name, unit);
    else
        snprintf(title, size, "%s: people who crossed in %.4g h", name, p->length / HOUR);
}

static int put_panel(FILE *to, const tool_view *view, const numbers *n, const panel *p, script_box box, int block)
{
    const char *unit_name = "";
    char title[VIEW_NAME + 80];
    double most = most_of(n, p), unit = p->kind == CALIBRATE_WAIT ? figure_time_unit(most, &unit_name) : 1;
    double cut = number_of(view->result, "fitted_until_seconds") / HOUR;
    int error = put_data(to, n, p, block, unit);
    if (error != 0)
        return error;
    put_title(n, p, unit_name, title, sizeof title);
    script_panel(to, box, title);
    script_time_axis(to, view, box, 1, 0);
    script_value_axis(to, "y", most / unit, box, "", "");
    if (isfinite(cut))
        fprintf(to,
                "set object rectangle from first %.8g, graph 0 to graph 1, graph 1 behind fillcolor rgb '" HELD_OUT
                "' fillstyle solid 1 noborder\n",
                cut);
    fputs("set style fill solid 1 noborder\nplot ", to);
    if (p->kind == CALIBRATE_WAIT) /* bars too: a single report makes no line */
        fprintf(to,
                "$f%d using 1:5:6 with filledcurves lc rgb '" BAND
                "' notitle, $f%d using 1:4:5:6 with yerrorbars pt 0 lw 1 lc rgb '" COLOUR_SKY
                "' notitle, $f%d using 1:4 with linespoints pt 7 ps 0.3 lw 2 lc rgb '" COLOUR_BLUE "' notitle",
                block, block, block);
    else
        fprintf(to,
                "$f%d using 1:4:2:3:5:6 with boxxyerror lc rgb '" BAND
                "' notitle, $f%d using 2:4:(column(3) - column(2)):(0) with vectors nohead "
                "lw 2 lc rgb '" COLOUR_BLUE "' notitle",
                block, block);
    fprintf(to,
            ", $f%d using 1:7 with points pt 7 ps 0.8 lc rgb '#000000' notitle, $f%d using 1:8 with points pt 6 ps 0.9 "
            "lw 1.5 lc rgb "
            "'" COLOUR_VERMILION "' notitle, $f%d using 1:9 with points pt 1 ps 0.8 lc rgb '#777777' notitle\n",
            block, block, block);
    return 0;
}

/* --- the page --- */

static bool has_role(const numbers *n, int role)
{
    for (size_t i = 0; i < n->count; i++)
        if (is_drawn(n, i) && (int)view_at(&n->role, i) == role)
            return true;
    return false;
}

static void begin_page(FILE *to, const tool_view *view, const numbers *n, bool all)
{
    char note[200];
    double level = number_of(view->result, "interval_level");
    script_entry legend[5] = {{"fitted model: mean", COLOUR_BLUE, SCRIPT_LINE, 0},
                              {"range of its replications", BAND, SCRIPT_AREA, 0}};
    size_t entries = 2;
    if (has_role(n, CALIBRATE_FITTED))
        legend[entries++] = (script_entry){"observed, fitted", "#000000", SCRIPT_POINT, 7};
    if (has_role(n, CALIBRATE_HELD_OUT))
        legend[entries++] = (script_entry){"observed, held out (grey ground)", COLOUR_VERMILION, SCRIPT_POINT, 6};
    if (has_role(n, CALIBRATE_COMPARED))
        legend[entries++] = (script_entry){"observed, of a column that is not fitted", "#777777", SCRIPT_POINT, 1};
    snprintf(note, sizeof note, "range: %.3g%% of the replications%s%s", 100 * level,
             has_role(n, CALIBRATE_HELD_OUT) ? "" : "; a fit: nothing was held out",
             all ? "" : "; the panels with most observations");
    script_begin(to, view, "Observed and fitted", note, legend, entries);
}

int plot_fit(const tool_view *view, FILE *to, const char **why_not)
{
    numbers n;
    tool_view own = *view;
    double start = number_of(view->result, "start_unix_seconds"),
           offset = number_of(view->result, "utc_offset_seconds");
    double length = number_of(view->result, "duration_seconds");
    size_t count;
    *why_not = PLOT_OTHER_RESULTS;
    if (!find_numbers(view, &n) || !isfinite(start + offset) || !(length > 0))
        return 0;
    own.bins = 1; /* there is no axis of time: the page spans the run */
    own.step = length;
    own.local_start = start + offset;
    own.local_end = own.local_start + length;
    panel *panels = find_panels(&n, &count);
    if (panels == NULL)
        return SIM_E_MEMORY;
    size_t shown = count < MOST_PANELS ? count : MOST_PANELS;
    int error = 0;
    const script_box page = {10, PAGE_WIDTH - 10, 15, 790};
    size_t columns = shown <= 3 ? 1 : script_columns(shown);
    begin_page(to, &own, &n, shown == count);
    for (size_t i = 0; error == 0 && i < shown; i++)
        error = put_panel(to, &own, &n, &panels[i], script_grid(page, shown, columns, i, 0), (int)i);
    script_end(to);
    free(panels);
    return error != 0 ? error : shown > 0;
}
