#include "models/core/presence.h"

#include <stdlib.h>

#include "sim/base/error.h"

int model_presence_init(model_presence *presence, const model_world *world)
{
    presence->places = malloc((world->setup->place_count + 1) * sizeof *presence->places);
    presence->next = calloc((size_t)world->group_count + 1, sizeof *presence->next);
    presence->previous = calloc((size_t)world->group_count + 1, sizeof *presence->previous);
    if (presence->places == NULL || presence->next == NULL || presence->previous == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < world->setup->place_count; i++)
        presence->places[i] = (sim_list){MODEL_NONE, MODEL_NONE};
    return 0;
}

void model_presence_free(model_presence *presence)
{
    free(presence->places);
    free(presence->next);
    free(presence->previous);
    *presence = (model_presence){NULL, NULL, NULL};
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

void model_presence_visit(model_presence *presence, const model_world *world, struct model_image *image)
{
    model_image_visit(image, presence->places, world->setup->place_count * sizeof *presence->places);
    model_image_visit(image, presence->next, (size_t)world->group_count * sizeof *presence->next);
    model_image_visit(image, presence->previous, (size_t)world->group_count * sizeof *presence->previous);
}
