#include "models/outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "sim/error.h"

enum { MEAN, P50, P95, LONGEST, DURATION_STATISTICS };

const model_key_figure model_key_figures[] = {
    {"people.set_out", "people", "people who set out"},
    {"people.arrived", "people", "people who came to a post"},
    {"people.crossed", "people", "people who crossed"},
    {"people.gave_up", "people", "people who gave up or were turned away"},
    {"people.waiting_at_end", "people", "people still waiting at a post when the run ends"},
    {"wait.mean", "s", "mean wait at the post of those who crossed"},
    {"wait.p50", "s", "median wait at the post of those who crossed"},
    {"wait.p95", "s", "wait that 95% of those who crossed did not exceed"},
    {"wait.max", "s", "longest wait of those who crossed (to 0.8%)"},
    {"wait.within_target", "1", "share of those who crossed who waited no longer than target_wait"},
    {"wait.person_hours", "person h", "time waited at posts by all together, also by those who did not cross"},
    {"queue.peak", "people", "most people waiting at one post at one time"},
    {"desks.utilisation", "1", "time that open desks serve"},
    {"travel.mean", "s", "mean time from setting out to the post"},
};
const size_t model_key_figure_count = sizeof model_key_figures / sizeof *model_key_figures;
enum { SET_OUT, ARRIVED, CROSSED, GAVE_UP, WAITING, WAIT_MEAN, WAIT_P50, WAIT_P95, WAIT_MAX, WITHIN, HOURS, PEAK, UTILISATION, TRAVEL, FIGURES };

struct model_outcome {
    const model_setup *setup;
    sim_recorder shape; /* of the first replication's recorder; owns no memory but `metrics` */
    size_t replications;
    double *sums[SIM_OWNERS], *squares[SIM_OWNERS]; /* [bin][owner][column], levels divided by the bin's length */
    uint64_t *buckets[SIM_OWNERS];                  /* [owner][histogram][bucket] */
    double *summaries;                              /* [replication][summary_size] */
    size_t summary_size;
    double *figures;                                /* [replication][figure] */
    double *states;                                 /* [replication][place][state] at the end */
    size_t room;
    model_journey *journeys;
    size_t journey_count;
};

/* --- intervals and quantiles --- */

void model_interval(const double *values, size_t n, size_t stride, double confidence, double *mean, double *half_width)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i * stride];
    *mean = n > 0 ? sum / (double)n : (double)NAN;
    *half_width = (double)NAN;
    if (n < 2)
        return;
    for (size_t i = 0; i < n; i++)
        squares += (values[i * stride] - *mean) * (values[i * stride] - *mean);
    /* as a float, so that the last bits of libm do not reach the results */
    double t = (double)(float)gsl_cdf_tdist_Pinv(0.5 + confidence / 2, (double)(n - 1));
    *half_width = t * sqrt(squares / (double)(n - 1) / (double)n);
}

double model_histogram_quantile(const uint64_t *buckets, double q)
{
    uint64_t total = 0, below = 0;
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
        total += buckets[i];
    if (total == 0)
        return (double)NAN;
    double rank = q * (double)total;
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++) {
        if (buckets[i] > 0 && (double)(below + buckets[i]) >= rank) {
            double low = (double)sim_histogram_edge(i), high = (double)sim_histogram_edge(i + 1);
            if (i == 0)
                return 0; /* below a millisecond */
            return (low + (high - low) * (rank - (double)below) / (double)buckets[i]) * 1e-6;
        }
        below += buckets[i];
    }
    return (double)NAN;
}

/* --- what a replication comes to --- */

static size_t statistics_of(const sim_metric *row)
{
    switch (row->kind) {
    case SIM_METRIC_COUNT:
        return 1;
    case SIM_METRIC_LEVEL:
        return 2; /* mean, peak */
    case SIM_METRIC_DURATION:
        return DURATION_STATISTICS;
    case SIM_METRIC_SHARE:
        return 1;
    }
    return 0;
}

static size_t owners_of(const model_outcome *o, const sim_metric *row)
{
    return o->shape.parts[row->owner].owners;
}

static size_t width_of(const model_outcome *o, const sim_metric *row)
{
    return row->by == SIM_BY_NOTHING ? 1 : o->shape.widths[row->by];
}

static sim_time bin_length(const sim_recorder *recorder, sim_time end, uint32_t bin)
{
    sim_time begin = (sim_time)bin * recorder->bin;
    return begin + recorder->bin < end ? recorder->bin : end - begin;
}

/* Sum over the bins after the warm-up of a metric's column. */
static int64_t total(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    int64_t sum = 0;
    for (uint32_t bin = (uint32_t)(recorder->warm_up / recorder->bin); bin < recorder->bins; bin++)
        sum += sim_recorder_series(recorder, m, bin, owner)[column];
    return sum;
}

static int64_t peak(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    int64_t most = 0;
    for (uint32_t bin = (uint32_t)(recorder->warm_up / recorder->bin); bin < recorder->bins; bin++)
        if (sim_recorder_series(recorder, m, bin, owner)[column] > most)
            most = sim_recorder_series(recorder, m, bin, owner)[column];
    return most;
}

static void add_buckets(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t cell, uint64_t *sum)
{
    const sim_recorder_part *part = &recorder->parts[m->row->owner];
    const uint32_t *buckets = part->buckets + ((size_t)owner * part->histograms + m->histogram + cell) * SIM_HISTOGRAM_SIZE;
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
        sum[i] += buckets[i];
}

static double longest(const uint64_t *buckets)
{
    for (uint32_t i = SIM_HISTOGRAM_SIZE; i-- > 0;)
        if (buckets[i] > 0)
            return i == 0 ? 0 : (double)sim_histogram_edge(i + 1) * 1e-6;
    return (double)NAN;
}

static const sim_metric_place *metric_named(const sim_recorder *recorder, const char *name)
{
    return &recorder->metrics[sim_recorder_find(recorder, name)];
}

static void summarise_cell(const model_outcome *o, const sim_recorder *recorder, const sim_metric *row, uint32_t owner, uint32_t cell, double *out)
{
    sim_time measured = o->setup->end - o->setup->warm_up;
    if (row->kind == SIM_METRIC_SHARE) {
        const sim_metric_place *over = metric_named(recorder, row->over), *under = metric_named(recorder, row->under);
        uint32_t step = over->row->kind == SIM_METRIC_LEVEL ? 2 : 1;
        int64_t base = total(recorder, under, owner, step * cell);
        *out = base == 0 ? (double)NAN : (double)total(recorder, over, owner, step * cell) / (double)base;
        return;
    }
    const sim_metric_place *m = metric_named(recorder, row->name);
    if (row->kind == SIM_METRIC_COUNT) {
        *out = (double)total(recorder, m, owner, cell);
    } else if (row->kind == SIM_METRIC_LEVEL) {
        out[0] = (double)total(recorder, m, owner, 2 * cell) / (double)measured;
        out[1] = (double)peak(recorder, m, owner, 2 * cell + 1);
    } else {
        uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
        int64_t weight = total(recorder, m, owner, 2 * cell + 1);
        add_buckets(recorder, m, owner, cell, buckets);
        out[MEAN] = weight == 0 ? (double)NAN : (double)total(recorder, m, owner, 2 * cell) / (double)weight * 1e-6;
        out[P50] = model_histogram_quantile(buckets, 0.5);
        out[P95] = model_histogram_quantile(buckets, 0.95);
        out[LONGEST] = longest(buckets);
    }
}

static void summarise(const model_outcome *o, const sim_recorder *recorder, double *out)
{
    for (size_t i = 0; i < o->setup->rows.metric_count; i++) {
        const sim_metric *row = o->setup->rows.metrics[i];
        for (uint32_t owner = 0; owner < owners_of(o, row); owner++)
            for (uint32_t cell = 0; cell < width_of(o, row); cell++, out += statistics_of(row))
                summarise_cell(o, recorder, row, owner, cell, out);
    }
}

/* Sum of a metric's column over all owners and cells. */
static double all_of(const sim_recorder *recorder, const char *name, uint32_t step, uint32_t offset)
{
    const sim_metric_place *m = metric_named(recorder, name);
    int64_t sum = 0;
    for (uint32_t owner = 0; owner < recorder->parts[m->row->owner].owners; owner++)
        for (uint32_t cell = 0; cell < m->width; cell++)
            sum += total(recorder, m, owner, step * cell + offset);
    return (double)sum;
}

static double ratio(double over, double under)
{
    return under == 0 ? (double)NAN : over / under;
}

static void figure_out(const model_outcome *o, const model_world *world, double *out)
{
    const sim_recorder *recorder = &world->recorder;
    const sim_metric_place *wait = metric_named(recorder, "wait/post"), *state = metric_named(recorder, "people/present");
    uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
    int64_t waiting_area = 0, waiting_now = 0, most = 0;
    for (uint32_t place = 0; place < o->setup->place_count; place++) {
        for (uint32_t cell = 0; cell < wait->width; cell++)
            add_buckets(recorder, wait, place, cell, buckets);
        waiting_area += total(recorder, state, place, 2 * MODEL_WAITING);
        waiting_now += sim_record_level_at(recorder, world->metrics.state, place, MODEL_WAITING)->level;
        int64_t here = peak(recorder, state, place, 2 * MODEL_WAITING + 1);
        most = here > most ? here : most;
    }
    out[SET_OUT] = all_of(recorder, "flow/set_out", 1, 0);
    out[ARRIVED] = all_of(recorder, "flow/arrived", 1, 0);
    out[CROSSED] = all_of(recorder, "flow/crossed", 1, 0);
    out[GAVE_UP] = all_of(recorder, "flow/gave_up", 1, 0);
    out[WAITING] = (double)waiting_now;
    out[WAIT_MEAN] = ratio(all_of(recorder, "wait/post", 2, 0), all_of(recorder, "wait/post", 2, 1)) * 1e-6;
    out[WAIT_P50] = model_histogram_quantile(buckets, 0.5);
    out[WAIT_P95] = model_histogram_quantile(buckets, 0.95);
    out[WAIT_MAX] = longest(buckets);
    out[WITHIN] = ratio(all_of(recorder, "flow/on_time", 1, 0), out[CROSSED]);
    out[HOURS] = (double)waiting_area / 3600e6;
    out[PEAK] = (double)most;
    out[UTILISATION] = ratio(all_of(recorder, "desks/busy", 2, 0), all_of(recorder, "desks/open", 2, 0));
    out[TRAVEL] = ratio(all_of(recorder, "travel/time", 2, 0), all_of(recorder, "travel/time", 2, 1)) * 1e-6;
}

/* --- merging --- */

int model_outcome_new(model_outcome **out, const model_setup *setup)
{
    model_outcome *o = calloc(1, sizeof *o);
    if (o == NULL)
        return SIM_E_MEMORY;
    o->setup = setup;
    *out = o;
    return 0;
}

void model_outcome_free(model_outcome *o)
{
    if (o == NULL)
        return;
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        free(o->sums[kind]);
        free(o->squares[kind]);
        free(o->buckets[kind]);
    }
    free(o->shape.metrics);
    free(o->summaries);
    free(o->figures);
    free(o->states);
    free(o->journeys);
    free(o);
}

static int take_shape(model_outcome *o, const sim_recorder *recorder)
{
    o->shape = *recorder;
    o->shape.metrics = malloc((recorder->metric_count + 1) * sizeof *o->shape.metrics);
    if (o->shape.metrics == NULL)
        return SIM_E_MEMORY;
    memcpy(o->shape.metrics, recorder->metrics, recorder->metric_count * sizeof *o->shape.metrics);
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        const sim_recorder_part *part = &recorder->parts[kind];
        size_t cells = (size_t)recorder->bins * part->owners * part->columns, buckets = (size_t)part->owners * part->histograms * SIM_HISTOGRAM_SIZE;
        o->sums[kind] = calloc(cells + 1, sizeof(double));
        o->squares[kind] = calloc(cells + 1, sizeof(double));
        o->buckets[kind] = calloc(buckets + 1, sizeof(uint64_t));
        if (o->sums[kind] == NULL || o->squares[kind] == NULL || o->buckets[kind] == NULL)
            return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < o->setup->rows.metric_count; i++) {
        const sim_metric *row = o->setup->rows.metrics[i];
        o->summary_size += owners_of(o, row) * width_of(o, row) * statistics_of(row);
    }
    return 0;
}

static int grow(model_outcome *o)
{
    if (o->replications < o->room)
        return 0;
    size_t room = o->room == 0 ? 4 : 2 * o->room, states = (size_t)o->setup->place_count * MODEL_STATES;
    double *summaries = realloc(o->summaries, room * (o->summary_size + 1) * sizeof *summaries);
    if (summaries != NULL)
        o->summaries = summaries;
    double *figures = realloc(o->figures, room * FIGURES * sizeof *figures);
    if (figures != NULL)
        o->figures = figures;
    double *end_states = realloc(o->states, room * (states + 1) * sizeof *end_states);
    if (end_states != NULL)
        o->states = end_states;
    if (summaries == NULL || figures == NULL || end_states == NULL)
        return SIM_E_MEMORY;
    o->room = room;
    return 0;
}

static void add_series(model_outcome *o, const sim_recorder *recorder)
{
    for (uint32_t i = 0; i < recorder->metric_count; i++) {
        const sim_metric_place *m = &recorder->metrics[i];
        const sim_recorder_part *part = &recorder->parts[m->row->owner];
        uint32_t columns = m->width * (m->row->kind == SIM_METRIC_COUNT ? 1 : 2);
        for (uint32_t bin = 0; bin < recorder->bins; bin++) {
            double length = (double)bin_length(recorder, o->setup->end, bin);
            for (uint32_t owner = 0; owner < part->owners; owner++) {
                size_t at = ((size_t)bin * part->owners + owner) * part->columns + m->series;
                for (uint32_t column = 0; column < columns; column++) {
                    double value = (double)part->series[at + column];
                    if (m->row->kind == SIM_METRIC_LEVEL && column % 2 == 0)
                        value /= length;
                    o->sums[m->row->owner][at + column] += value;
                    o->squares[m->row->owner][at + column] += value * value;
                }
            }
        }
    }
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        size_t n = (size_t)recorder->parts[kind].owners * recorder->parts[kind].histograms * SIM_HISTOGRAM_SIZE;
        for (size_t i = 0; i < n; i++)
            o->buckets[kind][i] += recorder->parts[kind].buckets[i];
    }
}

static int journey_order(const void *a, const void *b)
{
    const model_journey *x = a, *y = b;
    if (x->started != y->started)
        return x->started < y->started ? -1 : 1;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->station > y->station) - (x->station < y->station);
}

static int keep_journeys(model_outcome *o, const model_world *world)
{
    size_t n = 0;
    for (uint32_t i = 0; i < o->setup->process_count; i++)
        n += world->journeys[i].count;
    o->journeys = malloc((n + 1) * sizeof *o->journeys);
    if (o->journeys == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < o->setup->process_count; i++) {
        if (world->journeys[i].count > 0)
            memcpy(o->journeys + o->journey_count, world->journeys[i].rows, world->journeys[i].count * sizeof *o->journeys);
        o->journey_count += world->journeys[i].count;
    }
    qsort(o->journeys, o->journey_count, sizeof *o->journeys, journey_order);
    return 0;
}

int model_outcome_add(model_outcome *o, const model_world *world)
{
    int ret = o->replications == 0 ? take_shape(o, &world->recorder) : 0;
    if (ret == 0)
        ret = grow(o);
    if (ret == 0 && world->journeys != NULL && o->journeys == NULL)
        ret = keep_journeys(o, world);
    if (ret != 0)
        return ret;
    add_series(o, &world->recorder);
    summarise(o, &world->recorder, o->summaries + o->replications * o->summary_size);
    figure_out(o, world, o->figures + o->replications * FIGURES);
    double *states = o->states + o->replications * o->setup->place_count * MODEL_STATES;
    for (uint32_t place = 0; place < o->setup->place_count; place++)
        for (uint32_t state = 0; state < MODEL_STATES; state++)
            *states++ = (double)sim_record_level_at(&world->recorder, world->metrics.state, place, state)->level;
    o->replications++;
    return 0;
}

size_t model_outcome_replications(const model_outcome *o)
{
    return o->replications;
}

double model_outcome_count(const model_outcome *o, const char *metric, uint32_t bin, uint32_t owner)
{
    const sim_metric_place *m = metric_named(&o->shape, metric);
    const sim_recorder_part *part = &o->shape.parts[m->row->owner];
    double sum = 0;
    for (uint32_t cell = 0; cell < m->width; cell++)
        sum += o->sums[m->row->owner][((size_t)bin * part->owners + owner) * part->columns + m->series + cell];
    return sum / (double)o->replications;
}

const model_setup *model_outcome_setup(const model_outcome *o)
{
    return o->setup;
}

void model_outcome_interval(const model_outcome *o, size_t figure, double *mean, double *half_width)
{
    model_interval(o->figures + figure, o->replications, FIGURES, o->setup->confidence, mean, half_width);
}

/* --- results --- */

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

static void civil_from_days(int64_t days, int *year, unsigned *month, unsigned *day)
{
    /* Gregorian calendar from days since 1970-01-01 (proleptic; years of 400) */
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097), yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = (int)((int64_t)yoe + era * 400 + (*month <= 2));
}

static void time_unit(const model_setup *setup, char *text, size_t size)
{
    int64_t seconds = setup->start_unix, days = (seconds >= 0 ? seconds : seconds - 86399) / 86400, rest = seconds - days * 86400;
    int year;
    unsigned month, day;
    civil_from_days(days, &year, &month, &day);
    snprintf(text, size, "seconds since %04d-%02u-%02u %02d:%02d:%02d", year, month, day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

static int add_axes(writer *w)
{
    const model_setup *setup = w->outcome->setup;
    const sim_recorder *shape = &w->outcome->shape;
    size_t most = setup->station_count + setup->place_count + FIGURES + w->outcome->replications + shape->bins + SIM_HISTOGRAM_SIZE + MODEL_CLASSES + 1;
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
    w->replication = axis(w, sim_result_values(w->result, "replication", "number of the replication", "1", w->outcome->replications, values));
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
        values[i] = (double)sim_histogram_edge(i) * 1e-6;
    w->bucket = axis(w, sim_result_values(w->result, "bucket", "lower edge of the histogram's bucket", "s", SIM_HISTOGRAM_SIZE, values));
    for (uint32_t i = 0; i < setup->station_count; i++)
        words[i] = setup->stations[i].name;
    w->owners[SIM_OWNER_STATION] = axis(w, sim_result_labels(w->result, "station", "post, side and station", setup->station_count, words));
    for (uint32_t i = 0; i < setup->place_count; i++)
        words[i] = setup->places[i].name;
    w->owners[SIM_OWNER_PLACE] = axis(w, sim_result_labels(w->result, "place", "place", setup->place_count, words));
    for (uint32_t i = 0; i < setup->class_count; i++)
        words[i] = setup->classes[i].name;
    w->by[SIM_BY_CLASS] = axis(w, sim_result_labels(w->result, "class", "class of the group", setup->class_count, words));
    w->by[SIM_BY_STATE] = axis(w, sim_result_labels(w->result, "state", "what people do", MODEL_STATES, model_state_names));
    for (size_t i = 0; i < FIGURES; i++)
        words[i] = model_key_figures[i].name;
    w->figure = axis(w, sim_result_labels(w->result, "figure", "key figure", FIGURES, words));
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

static void write_series_column(writer *w, const sim_metric_place *m, const char *suffix, const char *doc, const char *unit, uint32_t step, uint32_t offset, bool half_width)
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
                *out++ = ratio(o->sums[m->row->owner][at], o->sums[m->row->owner][at + 1]) * 1e-6;
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
                *buckets++ = (int64_t)o->buckets[m->row->owner][((size_t)owner * part->histograms + m->histogram + cell) * SIM_HISTOGRAM_SIZE + i];
}

static void write_series(writer *w)
{
    bool intervals = w->outcome->replications > 1;
    for (uint32_t i = 0; i < w->outcome->shape.metric_count; i++) {
        const sim_metric_place *m = &w->outcome->shape.metrics[i];
        const sim_metric *row = m->row;
        if (row->kind == SIM_METRIC_DURATION) {
            write_duration_series(w, m);
            continue;
        }
        uint32_t step = row->kind == SIM_METRIC_LEVEL ? 2 : 1;
        write_series_column(w, m, "", row->doc, row->unit, step, 0, false);
        if (intervals)
            write_series_column(w, m, "_half_width", "half-width of the interval of the mean over replications", row->unit, step, 0, true);
        if (row->kind == SIM_METRIC_LEVEL)
            write_series_column(w, m, "_peak", "most in the bin, mean over replications", row->unit, step, 1, false);
    }
}

static void write_summaries(writer *w)
{
    static const char *const level[] = {"_mean", "_peak"}, *const duration[] = {"_mean", "_p50", "_p95", "_max"}, *const plain[] = {""};
    const model_outcome *o = w->outcome;
    size_t offset = 0;
    for (size_t i = 0; i < o->setup->rows.metric_count; i++) {
        const sim_metric *row = o->setup->rows.metrics[i];
        size_t statistics = statistics_of(row), cells = owners_of(o, row) * width_of(o, row);
        const char *const *suffixes = row->kind == SIM_METRIC_LEVEL ? level : row->kind == SIM_METRIC_DURATION ? duration : plain;
        for (size_t s = 0; s < statistics; s++) {
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
    double *values = reals(w, "key/value", "key figures of each replication; units in `key` of the documentation", "", 2, axes);
    double *means = reals(w, "key/mean", "mean over replications", "", 1, &w->figure);
    double *half_widths = reals(w, "key/half_width", "half-width of the interval of the mean (Student)", "", 1, &w->figure);
    if (w->error != 0)
        return;
    memcpy(values, o->figures, o->replications * FIGURES * sizeof *values);
    for (size_t i = 0; i < FIGURES; i++)
        model_outcome_interval(o, i, &means[i], &half_widths[i]);
}

static void write_map(writer *w)
{
    const model_setup *setup = w->outcome->setup;
    int place = w->owners[SIM_OWNER_PLACE];
    double *latitude = reals(w, "map/latitude", "latitude of the place", "degrees_north", 1, &place);
    double *longitude = reals(w, "map/longitude", "longitude of the place", "degrees_east", 1, &place);
    double *kind = reals(w, "map/kind", "0 origin, 1 junction, 2 post, 3 destination", "1", 1, &place);
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
    static const char *const paths[] = {"journeys/group", "journeys/people", "journeys/station", "journeys/queued", "journeys/started", "journeys/served"};
    static const char *const docs[] = {"number of the group", "people in it", "station by number", "when it joined the queue", "when its service started", "when its service ended (may lie behind the run's end)"};
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
    int row = axis(w, sim_result_values(w->result, "row", "row of the journey log, first replication", "1", o->journey_count, numbers));
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
    return w.error == 0 ? model_outcome_compare(o, result) : w.error;
}
