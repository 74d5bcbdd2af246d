/* Merging replications, in their order: sums and squares of the series, histograms, and each one's summary. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "models/outcome/private.h"
#include "sim/base/error.h"

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

/* --- merging --- */

static sim_time bin_length(const sim_recorder *recorder, sim_time end, uint32_t bin)
{
    sim_time begin = (sim_time)bin * recorder->bin;
    return begin + recorder->bin < end ? recorder->bin : end - begin;
}

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
    model_order_logs_free(o->orders);
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
        size_t cells = (size_t)recorder->bins * part->owners * part->columns,
               buckets = (size_t)part->owners * part->histograms * SIM_HISTOGRAM_SIZE;
        o->sums[kind] = calloc(cells + 1, sizeof(double));
        o->squares[kind] = calloc(cells + 1, sizeof(double));
        o->buckets[kind] = calloc(buckets + 1, sizeof(uint64_t));
        if (o->sums[kind] == NULL || o->squares[kind] == NULL || o->buckets[kind] == NULL)
            return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < o->setup->rows.metric_count; i++) {
        const sim_metric *row = o->setup->rows.metrics[i];
        o->summary_size += model_outcome_owners(o, row) * model_outcome_width(o, row) * model_outcome_statistics(row);
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
    double *figures = realloc(o->figures, room * model_key_figure_count * sizeof *figures);
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
            memcpy(o->journeys + o->journey_count, world->journeys[i].rows,
                   world->journeys[i].count * sizeof *o->journeys);
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
    if (ret == 0)
        ret = model_order_logs_add(&o->orders, world, o->replications);
    if (ret != 0)
        return ret;
    add_series(o, &world->recorder);
    model_outcome_summarise(o, &world->recorder, o->summaries + o->replications * o->summary_size);
    model_outcome_figures(o, world, o->figures + o->replications * model_key_figure_count);
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
    const sim_metric_place *m = model_outcome_metric(&o->shape, metric);
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
    model_interval(o->figures + figure, o->replications, model_key_figure_count, o->setup->confidence, mean,
                   half_width);
}
