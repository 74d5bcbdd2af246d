/* Finding posts, stations and series in results. */
#include "tools/page/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/instant.h"
#include "sim/base/utf8.h"

enum { KIND_POST = 2, KIND_CENTRE = 4, KIND_INFORMAL = 5 }; /* as in map/kind */

static const sim_axis *axis_named(const sim_result *result, const char *name)
{
    for (size_t i = 0; i < result->axis_count; i++)
        if (strcmp(result->axes[i].name, name) == 0)
            return &result->axes[i];
    return NULL;
}

static double attribute_number(const sim_result *result, const char *name, double otherwise)
{
    const char *text = sim_result_text(result, name);
    char *end = NULL;
    double value = text ? strtod(text, &end) : otherwise;
    return text && end != text && isfinite(value) ? value : otherwise;
}

/* --- numbers --- */

bool view_find(const tool_view *view, const char *path, const char *rows, const char *owners, view_series *series)
{
    const sim_dataset *dataset = sim_result_find(view->result, path);
    int first = *rows != '\0';
    memset(series, 0, sizeof *series);
    if (!dataset || dataset->axis_count < first + 1)
        return false;
    const sim_axis *owner = sim_result_axis(view->result, dataset, first);
    if (strcmp(owner->name, owners) != 0 ||
        (first && strcmp(sim_result_axis(view->result, dataset, 0)->name, rows) != 0))
        return false;
    series->dataset = dataset;
    series->rows = first ? sim_result_axis(view->result, dataset, 0)->size : 1;
    series->owners = owner->size;
    series->cells = 1;
    for (int i = first + 1; i < dataset->axis_count; i++)
        series->cells *= sim_result_axis(view->result, dataset, i)->size;
    return true;
}

double view_value(const view_series *series, size_t row, size_t owner, size_t cell)
{
    size_t at = (row * series->owners + owner) * series->cells + cell;
    if (!series->dataset || row >= series->rows || owner >= series->owners || cell >= series->cells)
        return (double)NAN;
    return series->dataset->is_integer ? (double)series->dataset->data.integers[at] : series->dataset->data.reals[at];
}

double view_sum(const view_series *series, size_t row, size_t owner)
{
    double sum = 0;
    size_t numbers = 0;
    for (size_t cell = 0; cell < series->cells; cell++) {
        double value = view_value(series, row, owner, cell);
        if (isfinite(value)) {
            sum += value;
            numbers++;
        }
    }
    return numbers > 0 ? sum : (double)NAN;
}

double view_mean(const tool_view *view, const char *path, const char *owner, size_t index, int cell)
{
    view_series series;
    double sum = 0;
    size_t numbers = 0;
    if (!view_find(view, path, "replication", owner, &series))
        return (double)NAN;
    for (size_t row = 0; row < series.rows; row++) {
        double value =
            cell == VIEW_NONE ? view_sum(&series, row, index) : view_value(&series, row, index, (size_t)cell);
        if (isfinite(value)) {
            sum += value;
            numbers++;
        }
    }
    return numbers > 0 ? sum / (double)numbers : (double)NAN;
}

bool view_states(const tool_view *view, const char *suffix, view_series *series)
{
    for (size_t i = 0; i < view->result->dataset_count; i++) {
        const sim_dataset *dataset = &view->result->datasets[i];
        size_t length = strlen(dataset->path), tail = strlen(suffix);
        if (strncmp(dataset->path, "people/", 7) != 0 || length < tail ||
            strcmp(dataset->path + length - tail, suffix) != 0)
            continue;
        if (*suffix == '\0' && dataset->axis_count == 3 &&
            (strstr(dataset->path, "_half_width") || strstr(dataset->path, "_peak")))
            continue;
        const sim_axis *cells = dataset->axis_count == 3 ? sim_result_axis(view->result, dataset, 2) : NULL;
        if (cells && cells->labels && view_find(view, dataset->path, "time", "place", series))
            return true;
    }
    return false;
}

int view_state(const tool_view *view, const char *name)
{
    view_series states;
    if (!view_states(view, "", &states))
        return VIEW_NONE;
    const sim_axis *names = sim_result_axis(view->result, states.dataset, 2);
    for (size_t i = 0; i < names->size; i++)
        if (strcmp(names->labels[i], name) == 0)
            return (int)i;
    return VIEW_NONE;
}

double view_bin_length(const tool_view *view, size_t bin)
{
    double inside = view->local_end - view->local_start - (double)bin * view->step;
    return inside > 0 && inside < view->step ? inside : view->step;
}

/* --- waits --- */

bool view_find_waits(const tool_view *view, view_waits *waits)
{
    return view_find(view, "wait/post_mean", "time", "place", &waits->mean) &&
           view_find(view, "flow/crossed", "time", "place", &waits->crossed) &&
           waits->mean.cells == waits->crossed.cells;
}

double view_wait(const view_waits *waits, size_t bin, size_t place, double *people)
{
    double sum = 0;
    *people = 0;
    for (size_t cell = 0; cell < waits->mean.cells; cell++) {
        double mean = view_value(&waits->mean, bin, place, cell), n = view_value(&waits->crossed, bin, place, cell);
        if (isfinite(mean) && n > 0) {
            sum += mean * n;
            *people += n;
        }
    }
    return *people > 0 ? sum / *people : (double)NAN;
}

/* --- observations --- */

bool view_find_observed(const tool_view *view, view_observed *o)
{
    const char *const axis = "observation";
    memset(o, 0, sizeof *o);
    if (!view_find(view, "observed/begin", "", axis, &o->begin) ||
        !view_find(view, "observed/end", "", axis, &o->end) || !view_find(view, "observed/place", "", axis, &o->place))
        return false;
    view_find(view, "observed/people_observed", "", axis, &o->people); /* what is missing reads as NaN */
    view_find(view, "observed/people_simulated", "", axis, &o->people_simulated);
    view_find(view, "observed/wait_observed", "", axis, &o->wait);
    view_find(view, "observed/wait_simulated", "", axis, &o->wait_simulated);
    o->count = o->begin.owners;
    return true;
}

double view_at(const view_series *column, size_t i)
{
    return view_value(column, 0, i, 0);
}

const char *view_place_name(const tool_view *view, double place)
{
    for (size_t i = 0; i < view->post_count; i++)
        if ((double)view->posts[i].place == place)
            return view->posts[i].name;
    return place < 0 ? "All posts" : "?";
}

/* --- histograms --- */

int view_histogram_init(const tool_view *view, const char *path, const size_t *places, size_t count,
                        view_histogram *histogram)
{
    view_series series;
    const sim_axis *buckets;
    memset(histogram, 0, sizeof *histogram);
    if (!view_find(view, path, "", "place", &series) || series.dataset->axis_count < 2)
        return 0;
    buckets = sim_result_axis(view->result, series.dataset, series.dataset->axis_count - 1);
    if (strcmp(buckets->name, "bucket") != 0 || !buckets->values)
        return 0;
    histogram->people = calloc(buckets->size + 1, sizeof *histogram->people);
    if (!histogram->people)
        return SIM_E_MEMORY;
    histogram->edges = buckets->values;
    histogram->buckets = buckets->size;
    for (size_t i = 0; i < count; i++)
        for (size_t cell = 0; cell < series.cells; cell++) {
            double people = view_value(&series, 0, places[i], cell);
            histogram->people[cell % buckets->size] += isfinite(people) ? people : 0;
            histogram->total += isfinite(people) ? people : 0;
        }
    return 0;
}

void view_histogram_free(view_histogram *histogram)
{
    free(histogram->people);
    memset(histogram, 0, sizeof *histogram);
}

double view_quantile(const view_histogram *histogram, double q)
{
    double below = 0, rank = q * histogram->total;
    for (size_t i = 0; histogram->total > 0 && i < histogram->buckets; i++) {
        double people = histogram->people[i];
        if (people > 0 && below + people >= rank) {
            double low = histogram->edges[i], high = i + 1 < histogram->buckets ? histogram->edges[i + 1] : low;
            return i == 0 ? 0 : low + (high - low) * (rank - below) / people;
        }
        below += people;
    }
    return (double)NAN;
}

/* --- posts, stations, time --- */

static void clean_name(char name[VIEW_NAME], const sim_axis *axis, size_t i)
{
    if (axis->labels)
        sim_utf8_clean(name, VIEW_NAME, axis->labels[i], strlen(axis->labels[i]));
    else
        name[0] = '\0';
}

/* People that a metric "flow/NAME" counts at a place in the run, mean over replications. */
static double people_at(const tool_view *view, const char *name, size_t place)
{
    view_series people;
    char path[64];
    double sum = 0;
    snprintf(path, sizeof path, "summary/flow_%s", name);
    if (view_find(view, path, "replication", "place", &people)) {
        for (size_t row = 0; row < people.rows; row++)
            sum += fmax(view_sum(&people, row, place), 0);
        return sum / (double)people.rows;
    }
    snprintf(path, sizeof path, "flow/%s", name);
    if (view_find(view, path, "time", "place", &people))
        for (size_t bin = 0; bin < people.rows; bin++)
            sum += fmax(view_sum(&people, bin, place), 0);
    return sum;
}

/* All places of a kind, in the order of the file. */
static int find_sites(const tool_view *view, double wanted, const char *people, view_sites *sites)
{
    view_series kind;
    if (!view->place || !view_find(view, "map/kind", "", "place", &kind))
        return 0;
    sites->sites = calloc(view->place->size + 1, sizeof *sites->sites);
    if (!sites->sites)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < kind.owners; i++)
        if (view_value(&kind, 0, i, 0) == wanted) {
            view_post *site = &sites->sites[sites->count++];
            site->place = i;
            site->crossed = people_at(view, people, i);
            clean_name(site->name, view->place, i);
        }
    return 0;
}

static int find_all_sites(tool_view *view)
{
    view_sites posts = {0, NULL};
    int error = find_sites(view, KIND_POST, "crossed", &posts);
    view->posts = posts.sites;
    view->post_count = posts.count;
    if (error == 0)
        error = find_sites(view, KIND_CENTRE, "arrived", &view->centres);
    return error != 0 ? error : find_sites(view, KIND_INFORMAL, "irregular", &view->informal);
}

/* "Bridge/entry/registration": the post's name may have slashes itself, so the longest post that fits counts. */
static void place_station(const tool_view *view, const char *label, view_station *station)
{
    static const char *const sides[] = {"/exit/", "/entry/"};
    size_t longest = 0;
    for (size_t i = 0; i < view->post_count; i++) {
        const char *post = view->place->labels ? view->place->labels[view->posts[i].place] : "";
        size_t length = strlen(post);
        if (length < longest || strncmp(label, post, length) != 0)
            continue;
        for (int side = 0; side < 2; side++)
            if (strncmp(label + length, sides[side], strlen(sides[side])) == 0) {
                station->post = (int)i;
                station->side = side;
                longest = length;
            }
    }
}

static int find_stations(tool_view *view)
{
    if (!view->station)
        return 0;
    view->stations = calloc(view->station->size, sizeof *view->stations);
    if (!view->stations)
        return SIM_E_MEMORY;
    view->station_count = view->station->size;
    for (size_t i = 0; i < view->station_count; i++) {
        view->stations[i].post = view->stations[i].side = VIEW_NONE;
        clean_name(view->stations[i].name, view->station, i);
        if (view->station->labels)
            place_station(view, view->station->labels[i], &view->stations[i]);
    }
    return 0;
}

static void find_time(tool_view *view)
{
    static const char since[] = "seconds since ";
    sim_instant instant;
    view->time = axis_named(view->result, "time");
    view->step = 3600;
    if (!view->time || !view->time->values) {
        view->time = NULL;
        return;
    }
    view->bins = view->time->size;
    if (view->bins > 1 && view->time->values[1] > view->time->values[0])
        view->step = view->time->values[1] - view->time->values[0];
    view->local_start = view->time->values[0] + attribute_number(view->result, "utc_offset_seconds", 0);
    if (strncmp(view->time->unit, since, sizeof since - 1) == 0 &&
        sim_instant_parse(view->time->unit + sizeof since - 1, &instant) == NULL)
        view->local_start += (double)(instant.seconds);
    view->local_end =
        view->local_start + attribute_number(view->result, "duration_seconds", (double)view->bins * view->step);
}

int view_init(tool_view *view, const sim_result *result)
{
    memset(view, 0, sizeof *view);
    view->result = result;
    view->title = sim_result_text(result, "title") ? sim_result_text(result, "title") : "";
    view->replications = (size_t)fmax(attribute_number(result, "replications", 1), 1);
    view->confidence = attribute_number(result, "confidence", 0.95);
    if (!(view->confidence > 0 && view->confidence < 1))
        view->confidence = 0.95;
    view->place = axis_named(result, "place");
    view->station = axis_named(result, "station");
    find_time(view);
    view->waiting = view_state(view, "waiting");
    int error = find_all_sites(view);
    return error != 0 ? error : find_stations(view);
}

void view_free(tool_view *view)
{
    free(view->posts);
    free(view->stations);
    free(view->centres.sites);
    free(view->informal.sites);
    memset(view, 0, sizeof *view);
}
