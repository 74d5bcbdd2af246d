/* What one replication comes to: the summary of every metric. */
#include <math.h>
#include <string.h>

#include "models/outcome/private.h"

enum { MEAN, P50, P95, LONGEST, DURATION_STATISTICS };

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

size_t model_outcome_statistics(const sim_metric *row)
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

size_t model_outcome_owners(const model_outcome *o, const sim_metric *row)
{
    return o->shape.parts[row->owner].owners;
}

size_t model_outcome_width(const model_outcome *o, const sim_metric *row)
{
    return row->by == SIM_BY_NOTHING ? 1 : o->shape.widths[row->by];
}

__extension__ typedef __int128 wide;

/* Sum over bins of a metric's column. Wide, since people x microseconds of a long crisis outgrow 64 bits. */
double model_outcome_total_of(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column,
                              uint32_t first, uint32_t end)
{
    wide sum = 0;
    for (uint32_t bin = first; bin < end; bin++)
        sum += sim_recorder_series(recorder, m, bin, owner)[column];
    return (double)sum;
}

int64_t model_outcome_peak_of(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column,
                              uint32_t first, uint32_t end)
{
    int64_t most = 0;
    for (uint32_t bin = first; bin < end; bin++)
        if (sim_recorder_series(recorder, m, bin, owner)[column] > most)
            most = sim_recorder_series(recorder, m, bin, owner)[column];
    return most;
}

double model_outcome_total(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    return model_outcome_total_of(recorder, m, owner, column, (uint32_t)(recorder->warm_up / recorder->bin),
                                  recorder->bins);
}

int64_t model_outcome_peak(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    return model_outcome_peak_of(recorder, m, owner, column, (uint32_t)(recorder->warm_up / recorder->bin),
                                 recorder->bins);
}

void model_outcome_add_buckets(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t cell,
                               uint64_t *sum)
{
    const sim_recorder_part *part = &recorder->parts[m->row->owner];
    const uint32_t *buckets =
        part->buckets + ((size_t)owner * part->histograms + m->histogram + cell) * SIM_HISTOGRAM_SIZE;
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
        sum[i] += buckets[i];
}

double model_histogram_longest(const uint64_t *buckets)
{
    for (uint32_t i = SIM_HISTOGRAM_SIZE; i-- > 0;)
        if (buckets[i] > 0)
            return i == 0 ? 0 : (double)sim_histogram_edge(i + 1) * 1e-6;
    return (double)NAN;
}

const sim_metric_place *model_outcome_metric(const sim_recorder *recorder, const char *name)
{
    return &recorder->metrics[sim_recorder_find(recorder, name)];
}

static void summarise_cell(const model_outcome *o, const sim_recorder *recorder, const sim_metric *row, uint32_t owner,
                           uint32_t cell, double *out)
{
    sim_time measured = o->setup->end - o->setup->warm_up;
    if (row->kind == SIM_METRIC_SHARE) {
        const sim_metric_place *over = model_outcome_metric(recorder, row->over),
                               *under = model_outcome_metric(recorder, row->under);
        uint32_t step = over->row->kind == SIM_METRIC_LEVEL ? 2 : 1;
        *out = model_outcome_ratio(model_outcome_total(recorder, over, owner, step * cell),
                                   model_outcome_total(recorder, under, owner, step * cell));
        return;
    }
    const sim_metric_place *m = model_outcome_metric(recorder, row->name);
    if (row->kind == SIM_METRIC_COUNT) {
        *out = model_outcome_total(recorder, m, owner, cell);
    } else if (row->kind == SIM_METRIC_LEVEL) {
        out[0] = model_outcome_total(recorder, m, owner, 2 * cell) / (double)measured;
        out[1] = (double)model_outcome_peak(recorder, m, owner, 2 * cell + 1);
    } else {
        uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
        model_outcome_add_buckets(recorder, m, owner, cell, buckets);
        out[MEAN] = model_outcome_ratio(model_outcome_total(recorder, m, owner, 2 * cell),
                                        model_outcome_total(recorder, m, owner, 2 * cell + 1)) *
                    1e-6;
        out[P50] = model_histogram_quantile(buckets, 0.5);
        out[P95] = model_histogram_quantile(buckets, 0.95);
        out[LONGEST] = model_histogram_longest(buckets);
    }
}

void model_outcome_summarise(const model_outcome *o, const sim_recorder *recorder, double *out)
{
    for (size_t i = 0; i < o->setup->rows.metric_count; i++) {
        const sim_metric *row = o->setup->rows.metrics[i];
        for (uint32_t owner = 0; owner < model_outcome_owners(o, row); owner++)
            for (uint32_t cell = 0; cell < model_outcome_width(o, row); cell++, out += model_outcome_statistics(row))
                summarise_cell(o, recorder, row, owner, cell, out);
    }
}

double model_outcome_ratio(double over, double under)
{
    return under == 0 ? (double)NAN : over / under;
}
