#include "sim/engine/event.h"

#include <stdlib.h>

#include "sim/base/error.h"

void sim_event_queue_init(sim_event_queue *queue)
{
    *queue = (sim_event_queue){.slot = {SIM_FOREVER, 0}};
}

void sim_event_queue_free(sim_event_queue *queue)
{
    free(queue->heap);
    queue->heap = NULL;
}

int sim_event_queue_reserve(sim_event_queue *queue, uint32_t room)
{
    if (room <= queue->room)
        return 0;
    sim_event *heap = realloc(queue->heap, (size_t)room * sizeof *heap);
    if (heap == NULL)
        return SIM_E_MEMORY;
    queue->heap = heap;
    queue->room = room;
    return 0;
}
