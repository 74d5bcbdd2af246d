/* What one replication comes to: the summary of every metric, and the key figures. */
#include <math.h>
#include <string.h>

#include "models/outcome_private.h"

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
    {"wait.max", "s", "longest wait of those who crossed (to 1.6%)"},
    {"wait.within_target", "1", "share of those who crossed who waited no longer than target_wait"},
    {"wait.person_hours", "person h", "time waited at posts by all together, also by those who did not cross"},
    {"queue.peak", "people", "most people waiting at one post at one time"},
    {"desks.utilisation", "1", "time that open desks serve"},
    {"travel.mean", "s", "mean time from setting out to the post"},
};
const size_t model_key_figure_count = sizeof model_key_figures / sizeof *model_key_figures;
enum {
    SET_OUT,
    ARRIVED,
    CROSSED,
    GAVE_UP,
    WAITING,
    WAIT_MEAN,
    WAIT_P50,
    WAIT_P95,
    WAIT_MAX,
    WITHIN,
    HOURS,
    PEAK,
    UTILISATION,
    TRAVEL,
    FIGURES
};

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

/* Sum over the bins after the warm-up of a metric's column. Wide, since people x microseconds of a long crisis outgrow 64 bits. */
static double total(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    wide sum = 0;
    for (uint32_t bin = (uint32_t)(recorder->warm_up / recorder->bin); bin < recorder->bins; bin++)
        sum += sim_recorder_series(recorder, m, bin, owner)[column];
    return (double)sum;
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

const sim_metric_place *model_outcome_metric(const sim_recorder *recorder, const char *name)
{
    return &recorder->metrics[sim_recorder_find(recorder, name)];
}

static void summarise_cell(const model_outcome *o, const sim_recorder *recorder, const sim_metric *row, uint32_t owner, uint32_t cell,
                           double *out)
{
    sim_time measured = o->setup->end - o->setup->warm_up;
    if (row->kind == SIM_METRIC_SHARE) {
        const sim_metric_place *over = model_outcome_metric(recorder, row->over), *under = model_outcome_metric(recorder, row->under);
        uint32_t step = over->row->kind == SIM_METRIC_LEVEL ? 2 : 1;
        *out = model_outcome_ratio(total(recorder, over, owner, step * cell), total(recorder, under, owner, step * cell));
        return;
    }
    const sim_metric_place *m = model_outcome_metric(recorder, row->name);
    if (row->kind == SIM_METRIC_COUNT) {
        *out = total(recorder, m, owner, cell);
    } else if (row->kind == SIM_METRIC_LEVEL) {
        out[0] = total(recorder, m, owner, 2 * cell) / (double)measured;
        out[1] = (double)peak(recorder, m, owner, 2 * cell + 1);
    } else {
        uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
        add_buckets(recorder, m, owner, cell, buckets);
        out[MEAN] = model_outcome_ratio(total(recorder, m, owner, 2 * cell), total(recorder, m, owner, 2 * cell + 1)) * 1e-6;
        out[P50] = model_histogram_quantile(buckets, 0.5);
        out[P95] = model_histogram_quantile(buckets, 0.95);
        out[LONGEST] = longest(buckets);
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

/* Sum of a metric's column over all cells at the places of border posts. */
static double at_posts(const model_setup *setup, const sim_recorder *recorder, const char *name, uint32_t step, uint32_t offset)
{
    const sim_metric_place *m = model_outcome_metric(recorder, name);
    double sum = 0;
    for (uint32_t i = 0; i < setup->border_count; i++)
        for (uint32_t cell = 0; cell < m->width; cell++)
            sum += total(recorder, m, setup->posts[i].place, step * cell + offset);
    return sum;
}

/* The same over all owners. */
static double all_of(const sim_recorder *recorder, const char *name, uint32_t step, uint32_t offset)
{
    const sim_metric_place *m = model_outcome_metric(recorder, name);
    double sum = 0;
    for (uint32_t owner = 0; owner < recorder->parts[m->row->owner].owners; owner++)
        for (uint32_t cell = 0; cell < m->width; cell++)
            sum += total(recorder, m, owner, step * cell + offset);
    return sum;
}

double model_outcome_ratio(double over, double under)
{
    return under == 0 ? (double)NAN : over / under;
}

void model_outcome_figures(const model_outcome *o, const model_world *world, double *out)
{
    const sim_recorder *recorder = &world->recorder;
    const sim_metric_place *wait = model_outcome_metric(recorder, "wait/post"), *state = model_outcome_metric(recorder, "people/present");
    uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
    int64_t waiting_now = 0, most = 0;
    double waiting_area = 0;
    for (uint32_t i = 0; i < o->setup->border_count; i++) {
        uint32_t place = o->setup->posts[i].place;
        for (uint32_t cell = 0; cell < wait->width; cell++)
            add_buckets(recorder, wait, place, cell, buckets);
        waiting_area += total(recorder, state, place, 2 * MODEL_WAITING);
        waiting_now += sim_record_level_at(recorder, world->metrics.state, place, MODEL_WAITING)->level;
        int64_t here = peak(recorder, state, place, 2 * MODEL_WAITING + 1);
        most = here > most ? here : most;
    }
    out[SET_OUT] = all_of(recorder, "flow/set_out", 1, 0);
    out[ARRIVED] = at_posts(o->setup, recorder, "flow/arrived", 1, 0);
    out[CROSSED] = all_of(recorder, "flow/crossed", 1, 0);
    out[GAVE_UP] = all_of(recorder, "flow/gave_up", 1, 0);
    out[WAITING] = (double)waiting_now;
    out[WAIT_MEAN] = model_outcome_ratio(all_of(recorder, "wait/post", 2, 0), all_of(recorder, "wait/post", 2, 1)) * 1e-6;
    out[WAIT_P50] = model_histogram_quantile(buckets, 0.5);
    out[WAIT_P95] = model_histogram_quantile(buckets, 0.95);
    out[WAIT_MAX] = longest(buckets);
    out[WITHIN] = model_outcome_ratio(all_of(recorder, "flow/on_time", 1, 0), out[CROSSED]);
    out[HOURS] = waiting_area / 3600e6;
    out[PEAK] = (double)most;
    out[UTILISATION] = model_outcome_ratio(all_of(recorder, "desks/busy", 2, 0), all_of(recorder, "desks/open", 2, 0));
    out[TRAVEL] =
        model_outcome_ratio(at_posts(o->setup, recorder, "travel/time", 2, 0), at_posts(o->setup, recorder, "travel/time", 2, 1)) * 1e-6;
}
