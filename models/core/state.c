/* A model's part of the world by its rows: columns laid out, saved, restored and freed; metrics that know their
 * numbers. */
#include <stdlib.h>
#include <string.h>

#include "models/core/state.h"
#include "sim/base/error.h"

size_t model_state_entries(const model_world *world, const model_column *column)
{
    const model_setup *setup = world->setup;
    switch (column->each) {
    case MODEL_ONCE:
        return 1;
    case MODEL_EACH_PERSON:
        return world->person_count;
    case MODEL_EACH_GROUP:
        return world->group_count;
    case MODEL_EACH_PLACE:
        return setup->place_count;
    case MODEL_EACH_SITE:
        return setup->site_count;
    case MODEL_EACH_SIDE:
        return (size_t)setup->site_count * MODEL_SIDES;
    case MODEL_EACH_STATION:
        return setup->station_count;
    case MODEL_EACH_ARC:
        return setup->arc_count;
    case MODEL_EACH_PROCESS:
        return setup->process_count;
    case MODEL_EACH_ROSTER:
        return sim_elements(setup->config, "rosters.*");
    case MODEL_EACH_AGENCY:
        return setup->agency_count;
    case MODEL_EACH_ROUTE:
        return (size_t)MODEL_MODES * setup->site_count * setup->place_count;
    case MODEL_EACH_ONWARD:
        return setup->onward_count;
    case MODEL_EACH_OWN:
        return column->count(world);
    }
    return 0;
}

static void **pointer(void *part, const model_column *column)
{
    return (void **)(void *)((char *)part + column->at);
}

int model_state_lay_out_column(const model_world *world, void *part, const model_column *column)
{
    size_t count = model_state_entries(world, column), size = column->size;
    if (column->each == MODEL_ONCE || count == 0)
        return 0;
    if (count > SIZE_MAX / 2 / size)
        return SIM_E_MEMORY;
    void *entry = column->apart ? aligned_alloc(128, count * size) : calloc(count, size);
    if (entry == NULL)
        return SIM_E_MEMORY;
    if (column->apart)
        memset(entry, 0, count * size);
    *pointer(part, column) = entry;
    return 0;
}

int model_state_lay_out(model_world *world, const model *m, size_t slot)
{
    int ret = 0;
    for (size_t i = 0; i < m->column_count && ret == 0; i++)
        ret = model_state_lay_out_column(world, world->parts[slot], &m->columns[i]);
    return ret;
}

static void free_column(const model_world *world, void *part, const model_column *column)
{
    char *at = column->each == MODEL_ONCE ? NULL : *pointer(part, column);
    size_t count = at == NULL || column->free_entry == NULL ? 0 : model_state_entries(world, column);
    for (size_t i = 0; i < count; i++)
        column->free_entry(at + i * column->size);
    free(at);
}

void model_state_free(model_world *world, const model *m, size_t slot)
{
    for (size_t i = 0; world->parts[slot] != NULL && i < m->column_count; i++)
        free_column(world, world->parts[slot], &m->columns[i]);
}

static void visit_column(const model_world *world, void *part, const model_column *column, struct model_image *image)
{
    size_t count = model_state_entries(world, column);
    char *at = column->each == MODEL_ONCE ? (char *)part + column->at : *pointer(part, column);
    if (column->visit_entry == NULL)
        model_image_visit(image, at, count * column->size);
    for (size_t i = 0; column->visit_entry != NULL && i < count; i++)
        column->visit_entry(at + i * column->size, image);
}

void model_state_visit(model_world *world, const model *m, size_t slot, struct model_image *image)
{
    for (size_t i = 0; i < m->column_count; i++)
        if (!m->columns[i].scratch)
            visit_column(world, world->parts[slot], &m->columns[i], image);
}

/* The recorder keeps the rows of the used models in their order, those that are derived left out. */
void model_state_number_metrics(model_world *world)
{
    const model_setup *setup = world->setup;
    uint32_t number = 0;
    for (size_t i = 0; i < setup->used_count; i++) {
        const model *m = setup->used[i];
        for (size_t k = 0; k < m->metric_count; k++) {
            const model_metric *metric = &m->metrics[k];
            if (metric->at == MODEL_NOWHERE)
                continue;
            while (world->recorder.metrics[number].row != &metric->row)
                number++;
            char *base = metric->shared ? (char *)&world->metrics : world->parts[setup->used_slots[i]];
            memcpy(base + metric->at, &number, sizeof number);
        }
    }
}
