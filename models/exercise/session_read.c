/* What a paused run has come to: true values, and what is known of them. */
#include <math.h>
#include <string.h>

#include "models/exercise/session.h"
#include "sim/base/error.h"

/* A number of things, or a sum of durations with the number of them. */
typedef struct {
    double sum, weight;
} total;

static const char *owner_name(const model_setup *setup, sim_metric_owner kind, uint32_t owner)
{
    switch (kind) {
    case SIM_OWNER_STATION:
        return setup->stations[owner].name;
    case SIM_OWNER_PLACE:
        return setup->places[owner].name;
    case SIM_OWNER_AGENCY:
        return setup->agencies[owner];
    default:
        return "run";
    }
}

/* In the bins that are over, and in the one that is not. */
static total total_of(const model_world *world, const sim_metric_place *m, uint32_t owner, uint32_t cell)
{
    const sim_recorder *recorder = &world->recorder;
    const int64_t *block = sim_recorder_block(recorder, m->owner, owner) + m->slot;
    uint32_t step = m->row->kind == SIM_METRIC_COUNT ? 1 : 2;
    if (m->row->kind == SIM_METRIC_LEVEL)
        return (total){(double)((const sim_level *)(const void *)block)[cell].level, 1};
    total sum = {(double)block[step * cell], step == 2 ? (double)block[step * cell + 1] : 1};
    for (uint32_t bin = 0; bin < recorder->bins; bin++) {
        const int64_t *row = sim_recorder_series(recorder, m, bin, owner) + step * cell;
        sum.sum += (double)row[0];
        sum.weight += step == 2 ? (double)row[1] : 0;
    }
    return sum;
}

static int add_up(const model_world *world, const sim_metric_place *m, const char *owner, int cell, total *sum)
{
    uint32_t owners = world->recorder.parts[m->owner].owners, found = 0;
    if (cell >= (int)m->width || cell < -1)
        return SIM_E_INPUT;
    *sum = (total){0, 0};
    for (uint32_t i = 0; i < owners; i++) {
        if (owner != NULL && strcmp(owner_name(world->setup, m->owner, i), owner) != 0)
            continue;
        found++;
        for (uint32_t k = cell < 0 ? 0 : (uint32_t)cell; k < m->width && (cell < 0 || k == (uint32_t)cell); k++) {
            total one = total_of(world, m, i, k);
            sum->sum += one.sum;
            sum->weight += one.weight;
        }
    }
    return found == 0 && owner != NULL ? SIM_E_INPUT : 0;
}

static const sim_metric_place *place_named(const model_world *world, const char *name)
{
    for (uint32_t i = 0; i < world->recorder.metric_count; i++)
        if (strcmp(world->recorder.metrics[i].row->name, name) == 0)
            return &world->recorder.metrics[i];
    return NULL;
}

static int read_share(const model_world *world, const char *name, const char *owner, int cell, double *value)
{
    for (size_t i = 0; i < world->setup->rows.metric_count; i++) {
        const sim_metric *row = world->setup->rows.metrics[i];
        if (row->kind != SIM_METRIC_SHARE || strcmp(row->name, name) != 0)
            continue;
        total over, under;
        int ret = add_up(world, place_named(world, row->over), owner, cell, &over);
        if (ret == 0)
            ret = add_up(world, place_named(world, row->under), owner, cell, &under);
        if (ret == 0)
            *value = under.sum > 0 ? over.sum / under.sum : (double)NAN;
        return ret;
    }
    return SIM_E_INPUT;
}

int model_session_read(const model_session *session, const char *metric, const char *owner, int cell, double *value)
{
    const model_world *world = model_session_world((model_session *)(uintptr_t)session);
    const sim_metric_place *m = place_named(world, metric);
    total sum = {0, 0};
    if (m == NULL || m->row->kind == SIM_METRIC_SHARE)
        return read_share(world, metric, owner, cell, value);
    int ret = add_up(world, m, owner, cell, &sum);
    if (ret == 0)
        *value = m->row->kind != SIM_METRIC_DURATION ? sum.sum
                 : sum.weight > 0                    ? sum.sum * 1e-6 / sum.weight
                                                     : (double)NAN;
    return ret;
}

int model_session_known(const model_session *session, const char *site, int64_t *waiting, double *wait)
{
    const model_world *world = model_session_world((model_session *)(uintptr_t)session);
    const uint32_t all = UINT32_MAX;
    uint32_t found = model_site_named(world->setup, site, all);
    if (found == MODEL_NONE)
        return SIM_E_INPUT;
    *waiting = world->seen == NULL ? 0 : world->seen[found];
    *wait = world->seen_wait == NULL ? 0 : world->seen_wait[found];
    return 0;
}
