/* What the files of the outcome share: outcome.c merges replications, summary.c works out what one comes to,
 * result.c writes results. */
#ifndef MODEL_OUTCOME_PRIVATE_H
#define MODEL_OUTCOME_PRIVATE_H

#include "models/outcome/outcome.h"
#include "models/plans/replay.h"

struct model_outcome {
    const model_setup *setup;
    sim_recorder shape; /* of the first replication's recorder; owns no memory but `metrics` */
    size_t replications;
    double *sums[SIM_OWNERS], *squares[SIM_OWNERS]; /* [bin][owner][column], levels divided by the bin's length */
    uint64_t *buckets[SIM_OWNERS];                  /* [owner][histogram][bucket] */
    double *summaries;                              /* [replication][summary_size] */
    size_t summary_size;
    double *figures; /* [replication][figure] */
    double *states;  /* [replication][place][state] at the end */
    size_t room;
    model_journey *journeys;
    size_t journey_count;
    struct model_order_logs *orders;
};

/* Numbers that a metric's summary has for each cell: 1 (count, share), 2 (level: mean, peak) or 4 (duration: mean, P50,
 * P95, longest). */
size_t model_outcome_statistics(const sim_metric *row);
size_t model_outcome_owners(const model_outcome *outcome, const sim_metric *row);
size_t model_outcome_width(const model_outcome *outcome, const sim_metric *row);

/* All metrics' summaries of a replication, in the order of the rows: owner by owner, cell by cell, statistic by
 * statistic. */
void model_outcome_summarise(const model_outcome *outcome, const sim_recorder *recorder, double *out);
/* The key figures of a replication. */
void model_outcome_figures(const model_outcome *outcome, const model_world *world, double *out);

const sim_metric_place *model_outcome_metric(const sim_recorder *recorder, const char *name);
/* Sum, and highest value, of a column of a metric's owner over the bins after the warm-up. */
double model_outcome_total(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column);
int64_t model_outcome_peak(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column);
/* The same over the bins [first, end). */
double model_outcome_total_of(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column,
                              uint32_t first, uint32_t end);
int64_t model_outcome_peak_of(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t column,
                              uint32_t first, uint32_t end);
void model_outcome_add_buckets(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t cell,
                               uint64_t *sum);
/* Upper edge of the last bucket with something in it, seconds; NaN when all are empty. */
double model_histogram_longest(const uint64_t *buckets);
/* Whether the scenario records all that the key figure is made of. */
bool model_figure_is_known(const model_setup *setup, const sim_recorder *recorder, size_t figure);
/* The same before anything has run, but for deaths and losses where none can happen (then it is 0). */
bool model_figure_is_recorded(const model_setup *setup, size_t figure);
/* Whether it can be told apart by site and is of sites of that one's kind. */
bool model_figure_has_sites(const model_setup *setup, size_t figure, uint32_t site);
/* Whether it can be of a stretch of time: not what stands at the run's end, nor quantiles, whose histograms are of the
 * whole run. */
bool model_figure_has_stretches(size_t figure);
/* Whether it adds up what happens (money, deaths): where no model of a scenario does that, it is 0. */
bool model_figure_is_sum(size_t figure);
/* What stands over and under the line of a figure, of one site (MODEL_NONE: all) in the bins [first, end); what the
 * scenario does not record is 0, where the figure is a sum, or not a number. */
void model_figure_take(const model_world *world, size_t figure, uint32_t site, uint32_t first_bin, uint32_t end_bin,
                       double pair[2]);

/* over / under; NaN when there is nothing under. */
double model_outcome_ratio(double over, double under);

#endif
