#include "models/parts/presence.h"

void model_presence_init(model_presence *presence, const model_world *world)
{
    for (uint32_t i = 0; i < world->setup->place_count; i++)
        presence->places[i] = (sim_list){MODEL_NONE, MODEL_NONE};
}

void model_presence_enter(model_presence *presence, uint32_t place, uint32_t group)
{
    sim_list *list = &presence->places[place];
    presence->next[group] = MODEL_NONE;
    presence->previous[group] = list->tail;
    if (list->tail == MODEL_NONE)
        list->head = group;
    else
        presence->next[list->tail] = group;
    list->tail = group;
}

void model_presence_leave(model_presence *presence, uint32_t place, uint32_t group)
{
    sim_list *list = &presence->places[place];
    uint32_t next = presence->next[group], previous = presence->previous[group];
    if (previous == MODEL_NONE)
        list->head = next;
    else
        presence->next[previous] = next;
    if (next == MODEL_NONE)
        list->tail = previous;
    else
        presence->previous[next] = previous;
}
