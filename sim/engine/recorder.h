/* The recorder: metrics of one replication as integers, so that merging never depends on an order.
 *
 * Each station and each place owns a block of slots, padded to 128 bytes and written by one logical process only. At
 * the end of a time bin the blocks are moved into series (one row a bin) and cleared. Durations also go into
 * log-bucketed histograms (64 buckets an octave: at most 1.6% wide, so that a quantile among many values is right to
 * 0.8%). */
#ifndef SIM_RECORDER_H
#define SIM_RECORDER_H

#include <stddef.h>
#include <stdint.h>

#include "sim/engine/event.h"
#include "sim/engine/metric.h"

enum {
    SIM_HISTOGRAM_BITS = 6,   /* sub-buckets of an octave: 2^6 */
    SIM_HISTOGRAM_SHIFT = 10, /* the unit is 2^10 microseconds, about a millisecond */
    SIM_HISTOGRAM_OCTAVES = 29,
    SIM_HISTOGRAM_SIZE = (SIM_HISTOGRAM_OCTAVES + 1) << SIM_HISTOGRAM_BITS
};

/* Bucket of a duration; what is too long goes to the last one. */
static inline uint32_t sim_histogram_bucket(sim_time duration)
{
    uint64_t units = (uint64_t)duration >> SIM_HISTOGRAM_SHIFT;
    if (units < (UINT64_C(1) << SIM_HISTOGRAM_BITS))
        return (uint32_t)units;
    unsigned octave = 63u - (unsigned)__builtin_clzll(units) - SIM_HISTOGRAM_BITS; /* 0 .. */
    if (octave >= SIM_HISTOGRAM_OCTAVES)
        return SIM_HISTOGRAM_SIZE - 1;
    return ((octave + 1) << SIM_HISTOGRAM_BITS) + (uint32_t)(units >> octave) - (1u << SIM_HISTOGRAM_BITS);
}
/* Lower edge of a bucket in microseconds; the upper edge is the next one's. */
sim_time sim_histogram_edge(uint32_t bucket);

/* A level's slots. */
typedef struct {
    int64_t area; /* level x microseconds in this bin */
    sim_time last;
    int64_t level;
    int64_t peak; /* in this bin */
} sim_level;

/* A duration's slots; the histogram stands apart. */
typedef struct {
    int64_t sum; /* people x microseconds in this bin */
    int64_t weight;
} sim_duration;

/* Where a metric stands in its owner's block. */
typedef struct {
    const sim_metric *row;
    sim_metric_owner owner; /* the row's, at hand */
    uint32_t slot;          /* first int64 of the block */
    uint32_t width;         /* cells: classes, states or 1 */
    uint32_t series;        /* first column in the owner's series row */
    uint32_t histogram;     /* first histogram in the owner's, durations only */
} sim_metric_place;

typedef struct {
    uint32_t owners;
    uint32_t stride;     /* int64 a block, a multiple of 16 */
    uint32_t columns;    /* int64 a series row */
    uint32_t histograms; /* a block */
    int64_t *blocks;
    int64_t *series;   /* [bin][owner][column] */
    uint32_t *buckets; /* [owner][histogram][bucket] */
} sim_recorder_part;

typedef struct {
    sim_time bin;     /* length */
    sim_time warm_up; /* durations that began earlier are not recorded */
    uint32_t bins;
    uint32_t metric_count;
    sim_metric_place *metrics;
    uint32_t widths[SIM_BY_KINDS];
    sim_recorder_part parts[SIM_OWNERS];
} sim_recorder;

/* Lays out and clears a recorder for `owners[k]` owners of each kind and `widths` of each split. Shares get no slots.
 */
int sim_recorder_init(sim_recorder *recorder, const sim_metric *const *rows, uint32_t row_count,
                      const uint32_t owners[SIM_OWNERS], const uint32_t widths[SIM_BY_KINDS], sim_time bin,
                      sim_time end, sim_time warm_up);
void sim_recorder_free(sim_recorder *recorder);

/* Number of a metric by name; asserts that it exists and is recorded. */
uint32_t sim_recorder_find(const sim_recorder *recorder, const char *name);

static inline int64_t *sim_recorder_block(const sim_recorder *recorder, sim_metric_owner kind, uint32_t owner)
{
    return recorder->parts[kind].blocks + (size_t)owner * recorder->parts[kind].stride;
}

static inline void sim_level_shift(sim_level *level, sim_time now, int64_t change) /* the peak is seen to later */
{
    level->area += level->level * (now - level->last);
    level->last = now;
    level->level += change;
}

static inline void sim_level_see(sim_level *level)
{
    if (level->level > level->peak)
        level->peak = level->level;
}

static inline void sim_level_add(sim_level *level, sim_time now, int64_t change)
{
    sim_level_shift(level, now, change);
    sim_level_see(level);
}

static inline void sim_record_count(const sim_recorder *recorder, uint32_t metric, uint32_t owner, uint32_t cell,
                                    int64_t n)
{
    const sim_metric_place *m = &recorder->metrics[metric];
    sim_recorder_block(recorder, m->owner, owner)[m->slot + cell] += n;
}

static inline sim_level *sim_record_level_at(const sim_recorder *recorder, uint32_t metric, uint32_t owner,
                                             uint32_t cell)
{
    const sim_metric_place *m = &recorder->metrics[metric];
    return (sim_level *)(void *)(sim_recorder_block(recorder, m->owner, owner) + m->slot) + cell;
}

static inline void sim_record_level(const sim_recorder *recorder, uint32_t metric, uint32_t owner, uint32_t cell,
                                    sim_time now, int64_t change)
{
    sim_level_add(sim_record_level_at(recorder, metric, owner, cell), now, change);
}

/* Adds a level for a stretch of this bin that is past: it stood `change` higher from `since` on. It does not count for
 * the peak: how high the level stood in between is not known any more. */
static inline void sim_record_level_since(const sim_recorder *recorder, uint32_t metric, uint32_t owner, uint32_t cell,
                                          sim_time now, sim_time since, int64_t change)
{
    sim_level *level = sim_record_level_at(recorder, metric, owner, cell);
    sim_level_shift(level, now, change);
    level->area += change * (now - since);
}

/* Records a duration that began at `began`, once for each of `people`. */
static inline void sim_record_duration(const sim_recorder *recorder, uint32_t metric, uint32_t owner, uint32_t cell,
                                       sim_time began, sim_time duration, uint32_t people)
{
    if (began < recorder->warm_up)
        return;
    const sim_metric_place *m = &recorder->metrics[metric];
    const sim_recorder_part *part = &recorder->parts[m->owner];
    sim_duration *slot = (sim_duration *)(void *)(sim_recorder_block(recorder, m->owner, owner) + m->slot) + cell;
    slot->sum += duration * (int64_t)people;
    slot->weight += people;
    size_t histogram = (size_t)owner * part->histograms + m->histogram + cell;
    part->buckets[histogram * SIM_HISTOGRAM_SIZE + sim_histogram_bucket(duration)] += people;
}

/* Moves the blocks of one owner into row `bin` of the series, bin ending at `end`, and starts the next bin. */
void sim_recorder_flush(sim_recorder *recorder, sim_metric_owner kind, uint32_t owner, uint32_t bin, sim_time end);

/* Series column of a metric's cell: COUNT: n; LEVEL: area, then peak; DURATION: sum, then weight. */
static inline int64_t *sim_recorder_series(const sim_recorder *recorder, const sim_metric_place *m, uint32_t bin,
                                           uint32_t owner)
{
    const sim_recorder_part *part = &recorder->parts[m->owner];
    return part->series + ((size_t)bin * part->owners + owner) * part->columns + m->series;
}

#endif
