/* The outcome as results: axes, key figures, summaries, series, the map, the journey log. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gsl/gsl_cdf.h>

#include "models/outcome/private.h"
#include "sim/base/error.h"

typedef struct {
    const model_outcome *outcome;
    sim_result *result;
    int time, replication, figure, bucket, owners[SIM_OWNERS], by[SIM_BY_KINDS];
    int error;
} writer;

static double *reals(writer *w, const char *path, const char *doc, const char *unit, int n, const int *axes)
{
    double *values = NULL;
    if (w->error == 0)
        w->error = sim_result_reals(w->result, path, doc, unit, n, axes, &values);
    return w->error == 0 ? values : NULL;
}

static int axis(writer *w, int index)
{
    if (index < 0 && w->error == 0)
        w->error = index;
    return index;
}

static void time_unit(const model_setup *setup, char *text, size_t size)
{
    time_t start = (time_t)setup->start_unix;
    struct tm utc = {0};
    (void)gmtime_r(&start, &utc);
    snprintf(text, size, "seconds since %04d-%02d-%02d %02d:%02d:%02d", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
             utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/* `words`: room for the names. Without a cell there is no axis. */
static void split_axis(writer *w, sim_metric_by by, const char *name, const char *doc, const char **words)
{
    size_t count = model_split_count(w->outcome->setup, by);
    for (size_t i = 0; i < count; i++)
        words[i] = model_split_word(w->outcome->setup, by, i);
    w->by[by] = count == 0 ? -1 : axis(w, sim_result_labels(w->result, name, doc, count, words));
}

static int add_axes(writer *w)
{
    const model_setup *setup = w->outcome->setup;
    const sim_recorder *shape = &w->outcome->shape;
    size_t most = setup->station_count + setup->place_count + model_key_figure_count + w->outcome->replications +
                  shape->bins + SIM_HISTOGRAM_SIZE + MODEL_CLASSES + MODEL_TRAITS + MODEL_ITEMS + MODEL_GROUNDS +
                  MODEL_STATES + model_split_count(setup, SIM_BY_RULE) + 1;
    const char **words = malloc(most * sizeof *words);
    double *values = malloc(most * sizeof *values);
    char unit[64];
    if (words == NULL || values == NULL) {
        w->error = SIM_E_MEMORY;
        goto out;
    }
    time_unit(setup, unit, sizeof unit);
    for (uint32_t i = 0; i < shape->bins; i++)
        values[i] = (double)((sim_time)i * shape->bin) * 1e-6;
    w->time = axis(w, sim_result_values(w->result, "time", "beginning of the time bin", unit, shape->bins, values));
    for (size_t i = 0; i < w->outcome->replications; i++)
        values[i] = (double)i;
    w->replication = axis(w, sim_result_values(w->result, "replication", "number of the replication", "1",
                                               w->outcome->replications, values));
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
        values[i] = (double)sim_histogram_edge(i) * 1e-6;
    w->bucket = axis(w, sim_result_values(w->result, "bucket", "lower edge of the histogram's bucket", "s",
                                          SIM_HISTOGRAM_SIZE, values));
    for (uint32_t i = 0; i < setup->station_count; i++)
        words[i] = setup->stations[i].name;
    w->owners[SIM_OWNER_STATION] = -1; /* a scenario of travel and choice alone has no station, nor an axis of them */
    if (setup->station_count > 0)
        w->owners[SIM_OWNER_STATION] =
            axis(w, sim_result_labels(w->result, "station", "post, side and station", setup->station_count, words));
    for (uint32_t i = 0; i < setup->place_count; i++)
        words[i] = setup->places[i].name;
    w->owners[SIM_OWNER_PLACE] = axis(w, sim_result_labels(w->result, "place", "place", setup->place_count, words));
    split_axis(w, SIM_BY_CLASS, "class", "class of the group", words);
    w->owners[SIM_OWNER_AGENCY] =
        axis(w, sim_result_labels(w->result, "agency", "agency", setup->agency_count, setup->agencies));
    words[0] = "all";
    w->owners[SIM_OWNER_RUN] = axis(w, sim_result_labels(w->result, "run", "the run as a whole", 1, words));
    split_axis(w, SIM_BY_TRAIT, "trait", "trait of persons", words);
    split_axis(w, SIM_BY_ITEM, "item", "what money is spent on", words);
    split_axis(w, SIM_BY_GROUND, "ground", "ground of a refusal", words);
    split_axis(w, SIM_BY_RULE, "rule", "rule of the plan", words);
    split_axis(w, SIM_BY_STATE, "state", "what people do", words);
    size_t figures = 0;
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (model_figure_is_known(setup, shape, i))
            words[figures++] = model_key_figures[i].name;
    w->figure = axis(w, sim_result_labels(w->result, "figure", "key figure", figures, words));
out:
    free(words);
    free(values);
    return w->error;
}

/* "queue/people_waiting" + "_peak" */
static void join(char *path, size_t size, const char *name, const char *suffix)
{
    snprintf(path, size, "%s%s", name, suffix);
}

/* The dataset name of a summary: "summary/queue_people_waiting_peak". */
static void summary_path(char *path, size_t size, const char *name, const char *suffix)
{
    snprintf(path, size, "summary/%s%s", name, suffix);
    for (char *c = path + strlen("summary/"); *c != '\0'; c++)
        if (*c == '/')
            *c = '_';
}

static void write_series_column(writer *w, const sim_metric_place *m, const char *suffix, const char *doc,
                                const char *unit, uint32_t step, uint32_t offset, bool half_width)
{
    const model_outcome *o = w->outcome;
    const sim_recorder_part *part = &o->shape.parts[m->row->owner];
    char path[128];
    int axes[3] = {w->time, w->owners[m->row->owner], w->by[m->row->by]}, n = m->row->by == SIM_BY_NOTHING ? 2 : 3;
    double count = (double)o->replications, t = 0;
    join(path, sizeof path, m->row->name, suffix);
    double *out = reals(w, path, doc, unit, n, axes);
    if (half_width)
        t = (double)(float)gsl_cdf_tdist_Pinv(0.5 + o->setup->confidence / 2, count - 1);
    for (uint32_t bin = 0; out != NULL && bin < o->shape.bins; bin++)
        for (uint32_t owner = 0; owner < part->owners; owner++)
            for (uint32_t cell = 0; cell < m->width; cell++) {
                size_t at = ((size_t)bin * part->owners + owner) * part->columns + m->series + step * cell + offset;
                double mean = o->sums[m->row->owner][at] / count;
                double variance = half_width ? (o->squares[m->row->owner][at] - count * mean * mean) / (count - 1) : 0;
                *out++ = half_width ? t * sqrt((variance > 0 ? variance : 0) / count) : mean;
            }
}

static void write_duration_series(writer *w, const sim_metric_place *m)
{
    const model_outcome *o = w->outcome;
    const sim_recorder_part *part = &o->shape.parts[m->row->owner];
    char path[128];
    int axes[3] = {w->time, w->owners[m->row->owner], w->by[m->row->by]}, n = m->row->by == SIM_BY_NOTHING ? 2 : 3;
    join(path, sizeof path, m->row->name, "_mean");
    double *out = reals(w, path, m->row->doc, m->row->unit, n, axes);
    for (uint32_t bin = 0; out != NULL && bin < o->shape.bins; bin++)
        for (uint32_t owner = 0; owner < part->owners; owner++)
            for (uint32_t cell = 0; cell < m->width; cell++) {
                size_t at = ((size_t)bin * part->owners + owner) * part->columns + m->series + 2 * cell;
                *out++ = model_outcome_ratio(o->sums[m->row->owner][at], o->sums[m->row->owner][at + 1]) * 1e-6;
            }
    int64_t *buckets = NULL;
    int histogram[3] = {w->owners[m->row->owner], w->by[m->row->by], w->bucket};
    if (m->row->by == SIM_BY_NOTHING)
        histogram[1] = w->bucket;
    join(path, sizeof path, m->row->name, "_histogram");
    if (w->error == 0)
        w->error = sim_result_integers(w->result, path, m->row->doc, "people", n, histogram, &buckets);
    for (uint32_t owner = 0; w->error == 0 && owner < part->owners; owner++)
        for (uint32_t cell = 0; cell < m->width; cell++)
            for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
                *buckets++ =
                    (int64_t)
                        o->buckets[m->row->owner]
                                  [((size_t)owner * part->histograms + m->histogram + cell) * SIM_HISTOGRAM_SIZE + i];
}

static void write_series(writer *w)
{
    bool intervals = w->outcome->replications > 1;
    for (uint32_t i = 0; i < w->outcome->shape.metric_count; i++) {
        const sim_metric_place *m = &w->outcome->shape.metrics[i];
        const sim_metric *row = m->row;
        if (w->owners[row->owner] < 0 || (row->by != SIM_BY_NOTHING && w->by[row->by] < 0))
            continue;
        if (row->kind == SIM_METRIC_DURATION) {
            write_duration_series(w, m);
            continue;
        }
        uint32_t step = row->kind == SIM_METRIC_LEVEL ? 2 : 1;
        write_series_column(w, m, "", row->doc, row->unit, step, 0, false);
        if (intervals)
            write_series_column(w, m, "_half_width", "half-width of the interval of the mean over replications",
                                row->unit, step, 0, true);
        if (row->kind == SIM_METRIC_LEVEL)
            write_series_column(w, m, "_peak", "most in the bin, mean over replications", row->unit, step, 1, false);
    }
}

static void write_summaries(writer *w)
{
    static const char *const level[] = {"_mean", "_peak"}, *const duration[] = {"_mean", "_p50", "_p95", "_max"},
                             *const plain[] = {""};
    const model_outcome *o = w->outcome;
    size_t offset = 0;
    for (size_t i = 0; i < o->setup->rows.metric_count; i++) {
        const sim_metric *row = o->setup->rows.metrics[i];
        size_t statistics = model_outcome_statistics(row),
               cells = model_outcome_owners(o, row) * model_outcome_width(o, row);
        const char *const *suffixes = row->kind == SIM_METRIC_LEVEL      ? level
                                      : row->kind == SIM_METRIC_DURATION ? duration
                                                                         : plain;
        for (size_t s = 0; s < statistics && cells > 0; s++) {
            char path[128];
            int axes[3] = {w->replication, w->owners[row->owner], w->by[row->by]};
            summary_path(path, sizeof path, row->name, suffixes[s]);
            double *out = reals(w, path, row->doc, row->unit, row->by == SIM_BY_NOTHING ? 2 : 3, axes);
            for (size_t r = 0; out != NULL && r < o->replications; r++)
                for (size_t cell = 0; cell < cells; cell++)
                    *out++ = o->summaries[r * o->summary_size + offset + cell * statistics + s];
        }
        offset += cells * statistics;
    }
    int axes[3] = {w->replication, w->owners[SIM_OWNER_PLACE], w->by[SIM_BY_STATE]};
    double *out = reals(w, "summary/people_at_end", "people in each state when the run ends", "people", 3, axes);
    if (out != NULL)
        memcpy(out, o->states, o->replications * o->setup->place_count * MODEL_STATES * sizeof *out);
}

static void write_figures(writer *w)
{
    const model_outcome *o = w->outcome;
    int axes[2] = {w->replication, w->figure};
    double *values =
        reals(w, "key/value", "key figures of each replication; units in `key` of the documentation", "", 2, axes);
    double *means = reals(w, "key/mean", "mean over replications", "", 1, &w->figure);
    double *half_widths =
        reals(w, "key/half_width", "half-width of the interval of the mean (Student)", "", 1, &w->figure);
    if (w->error != 0)
        return;
    for (size_t r = 0; r < o->replications; r++)
        for (size_t i = 0; i < model_key_figure_count; i++)
            if (model_figure_is_known(o->setup, &o->shape, i))
                *values++ = o->figures[r * model_key_figure_count + i];
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (model_figure_is_known(o->setup, &o->shape, i))
            model_outcome_interval(o, i, means++, half_widths++);
}

static void write_map(writer *w)
{
    const model_setup *setup = w->outcome->setup;
    int place = w->owners[SIM_OWNER_PLACE];
    double *latitude = reals(w, "map/latitude", "latitude of the place", "degrees_north", 1, &place);
    double *longitude = reals(w, "map/longitude", "longitude of the place", "degrees_east", 1, &place);
    double *kind = reals(w, "map/kind", "0 origin, 1 junction, 2 post, 3 destination, 4 centre, 5 informal crossing",
                         "1", 1, &place);
    for (uint32_t i = 0; w->error == 0 && i < setup->place_count; i++) {
        latitude[i] = setup->places[i].latitude;
        longitude[i] = setup->places[i].longitude;
        kind[i] = setup->places[i].kind;
    }
    if (setup->arc_count == 0 || w->error != 0)
        return;
    double *numbers = malloc(setup->arc_count * sizeof *numbers);
    if (numbers == NULL) {
        w->error = SIM_E_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < setup->arc_count; i++)
        numbers[i] = i;
    int arc = axis(w, sim_result_values(w->result, "direction", "direction of a link", "1", setup->arc_count, numbers));
    free(numbers);
    double *from = reals(w, "map/from", "place (by number) where the link's direction begins", "1", 1, &arc);
    double *to = reals(w, "map/to", "place (by number) where it ends", "1", 1, &arc);
    for (uint32_t i = 0; w->error == 0 && i < setup->arc_count; i++) {
        from[i] = setup->arcs[i].from;
        to[i] = setup->arcs[i].to;
    }
}

static void write_journeys(writer *w)
{
    const model_outcome *o = w->outcome;
    static const char *const paths[] = {"journeys/group",  "journeys/people",  "journeys/station",
                                        "journeys/queued", "journeys/started", "journeys/served"};
    static const char *const docs[] = {
        "number of the group",      "people in it",
        "station by number",        "when it joined the queue",
        "when its service started", "when its service ended (may lie behind the run's end)"};
    static const char *const units[] = {"1", "people", "1", "us", "us", "us"};
    int64_t *columns[6];
    if (o->journeys == NULL || o->journey_count == 0 || w->error != 0)
        return;
    double *numbers = malloc(o->journey_count * sizeof *numbers);
    if (numbers == NULL) {
        w->error = SIM_E_MEMORY;
        return;
    }
    for (size_t i = 0; i < o->journey_count; i++)
        numbers[i] = (double)i;
    int row = axis(w, sim_result_values(w->result, "row", "row of the journey log, first replication", "1",
                                        o->journey_count, numbers));
    free(numbers);
    for (int i = 0; i < 6 && w->error == 0; i++)
        w->error = sim_result_integers(w->result, paths[i], docs[i], units[i], 1, &row, &columns[i]);
    for (size_t i = 0; w->error == 0 && i < o->journey_count; i++) {
        const model_journey *j = &o->journeys[i];
        columns[0][i] = j->group;
        columns[1][i] = j->size;
        columns[2][i] = j->station;
        columns[3][i] = j->queued;
        columns[4][i] = j->started;
        columns[5][i] = j->served;
    }
}

int model_outcome_result(const model_outcome *o, sim_result *result)
{
    writer w = {.outcome = o, .result = result};
    if (o->replications == 0)
        return SIM_E_STOPPED;
    if (add_axes(&w) != 0)
        return w.error;
    write_figures(&w);
    write_summaries(&w);
    write_series(&w);
    write_map(&w);
    write_journeys(&w);
    if (w.error == 0)
        w.error = model_order_logs_write(o->orders, o->setup, result);
    return w.error == 0 ? model_outcome_compare(o, result) : w.error;
}
