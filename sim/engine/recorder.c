#include "sim/engine/recorder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

sim_time sim_histogram_edge(uint32_t bucket)
{
    uint64_t sub = UINT64_C(1) << SIM_HISTOGRAM_BITS;
    uint64_t octave = bucket >> SIM_HISTOGRAM_BITS;
    uint64_t units = octave == 0 ? bucket : (sub + (bucket & (sub - 1))) << (octave - 1);
    return (sim_time)(units << SIM_HISTOGRAM_SHIFT);
}

static uint32_t slots_of(sim_metric_kind kind)
{
    switch (kind) {
    case SIM_METRIC_COUNT:
        return 1;
    case SIM_METRIC_LEVEL:
        return sizeof(sim_level) / sizeof(int64_t);
    case SIM_METRIC_DURATION:
        return sizeof(sim_duration) / sizeof(int64_t);
    case SIM_METRIC_SHARE:
        break;
    }
    return 0;
}

static uint32_t columns_of(sim_metric_kind kind)
{
    return kind == SIM_METRIC_COUNT ? 1 : kind == SIM_METRIC_SHARE ? 0 : 2;
}

/* Wide metrics first would not matter; rows are laid out in their order, each cell's slots together. */
static void lay_out(sim_recorder *recorder, const sim_metric *const *rows, uint32_t row_count)
{
    for (uint32_t i = 0; i < row_count; i++) {
        const sim_metric *row = rows[i];
        if (row->kind == SIM_METRIC_SHARE)
            continue;
        sim_recorder_part *part = &recorder->parts[row->owner];
        uint32_t width = row->by == SIM_BY_NOTHING ? 1 : recorder->widths[row->by];
        recorder->metrics[recorder->metric_count++] =
            (sim_metric_place){row, row->owner, part->stride, width, part->columns, part->histograms};
        part->stride += slots_of(row->kind) * width;
        part->columns += columns_of(row->kind) * width;
        part->histograms += row->kind == SIM_METRIC_DURATION ? width : 0;
    }
}

int sim_recorder_init(sim_recorder *recorder, const sim_metric *const *rows, uint32_t row_count,
                      const uint32_t owners[SIM_OWNERS], const uint32_t widths[SIM_BY_KINDS], sim_time bin,
                      sim_time end, sim_time warm_up)
{
    assert(bin > 0 && end > 0);
    *recorder = (sim_recorder){.bin = bin, .warm_up = warm_up, .bins = (uint32_t)((end + bin - 1) / bin)};
    memcpy(recorder->widths, widths, sizeof recorder->widths);
    recorder->metrics = calloc(row_count + 1, sizeof *recorder->metrics);
    if (recorder->metrics == NULL)
        return SIM_E_MEMORY;
    lay_out(recorder, rows, row_count);
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        sim_recorder_part *part = &recorder->parts[kind];
        part->owners = owners[kind];
        part->stride = (part->stride + 15) / 16 * 16;
        size_t blocks = (size_t)part->owners * part->stride * sizeof(int64_t);
        part->blocks = aligned_alloc(128, blocks + 128);
        part->series = calloc((size_t)recorder->bins * part->owners * part->columns + 1, sizeof *part->series);
        part->buckets = calloc((size_t)part->owners * part->histograms * SIM_HISTOGRAM_SIZE + 1, sizeof *part->buckets);
        if (part->blocks == NULL || part->series == NULL || part->buckets == NULL) {
            sim_recorder_free(recorder);
            return SIM_E_MEMORY;
        }
        memset(part->blocks, 0, blocks);
    }
    return 0;
}

void sim_recorder_free(sim_recorder *recorder)
{
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        free(recorder->parts[kind].blocks);
        free(recorder->parts[kind].series);
        free(recorder->parts[kind].buckets);
    }
    free(recorder->metrics);
    *recorder = (sim_recorder){0};
}

uint32_t sim_recorder_find(const sim_recorder *recorder, const char *name)
{
    uint32_t found = recorder->metric_count;
    for (uint32_t i = 0; i < recorder->metric_count; i++)
        if (strcmp(recorder->metrics[i].row->name, name) == 0)
            found = i;
    assert(found < recorder->metric_count);
    return found;
}

void sim_recorder_flush(sim_recorder *recorder, sim_metric_owner kind, uint32_t owner, uint32_t bin, sim_time end)
{
    int64_t *block = sim_recorder_block(recorder, kind, owner);
    for (uint32_t i = 0; i < recorder->metric_count; i++) {
        const sim_metric_place *m = &recorder->metrics[i];
        if (m->owner != kind)
            continue;
        int64_t *row = sim_recorder_series(recorder, m, bin, owner);
        for (uint32_t cell = 0; cell < m->width; cell++) {
            if (m->row->kind == SIM_METRIC_COUNT) {
                row[cell] = block[m->slot + cell];
                block[m->slot + cell] = 0;
            } else if (m->row->kind == SIM_METRIC_LEVEL) {
                sim_level *level = (sim_level *)(void *)(block + m->slot) + cell;
                sim_level_add(level, end, 0);
                row[2 * cell] = level->area;
                row[2 * cell + 1] = level->peak;
                level->area = 0;
                level->peak = level->level;
            } else {
                sim_duration *duration = (sim_duration *)(void *)(block + m->slot) + cell;
                row[2 * cell] = duration->sum;
                row[2 * cell + 1] = duration->weight;
                *duration = (sim_duration){0, 0};
            }
        }
    }
}
