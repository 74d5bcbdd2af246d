/* Sites and stations: found by name, whom they take, groups that are kept there and leave. */
#include <string.h>

#include "models/core/world.h"

uint32_t model_site_named(const model_setup *setup, const char *name, uint32_t kinds)
{
    for (uint32_t i = 0; i < setup->site_count; i++)
        if ((kinds >> setup->sites[i].kind & 1) && strcmp(setup->sites[i].name, name) == 0)
            return i;
    return MODEL_NONE;
}

uint32_t model_site_of(const model_setup *setup, const sim_config *config, const char *section, const char *name,
                       size_t element)
{
    size_t index = sim_name(config, section, name, element);
    switch (sim_name_section(config, section, name, element)) {
    case 0:
        return index < setup->post_count ? (uint32_t)index : MODEL_NONE;
    case 1:
        index += setup->post_count;
        return index < setup->site_count ? (uint32_t)index : MODEL_NONE;
    default:
        return index < setup->place_count ? setup->places[index].site : MODEL_NONE;
    }
}

void model_site_keep(model_world *world, sim_process *process, uint32_t group, model_state state)
{
    model_group *g = model_group_at(world, group);
    g->flags |= MODEL_FLAG_KEPT;
    model_state_enter(world, g->place, state, process->now, g->customer.size);
}

bool model_site_let_go(model_world *world, sim_process *process, uint32_t group, model_state state)
{
    model_group *g = model_group_at(world, group);
    g->flags &= (uint8_t)~MODEL_FLAG_KEPT;
    model_state_enter(world, g->place, state, process->now, -(int64_t)g->customer.size);
    model_site_tell_left(world, process, group, false);
    return g->customer.size > 0;
}
