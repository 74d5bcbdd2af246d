/* Events and the queue that orders them.
 *
 * Events are totally ordered by (time, priority, entity, kind, tag): no address and no insertion order decides
 * anything. The queue is a binary heap whose top is replaced, not popped and pushed, when handling an event schedules
 * another one; and one event, the next arrival, is kept outside the heap. */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds from the scenario's start. */
typedef int64_t sim_time;
#define SIM_FOREVER INT64_MAX
#define SIM_SECOND INT64_C(1000000)
#define SIM_HOUR (3600 * SIM_SECOND)
#define SIM_DAY (24 * SIM_HOUR)

typedef struct {
    sim_time time;
    uint64_t key; /* priority 8 bits, entity 32, kind 8, tag 16, from the top */
} sim_event;

static inline sim_event sim_event_make(sim_time time, unsigned priority, uint32_t entity, unsigned kind, unsigned tag)
{
    sim_event event = {time, (uint64_t)priority << 56 | (uint64_t)entity << 24 | (uint64_t)(kind & 0xff) << 16 |
                                 (tag & 0xffff)};
    return event;
}
static inline uint32_t sim_event_entity(sim_event event)
{
    return (uint32_t)(event.key >> 24);
}
static inline unsigned sim_event_kind(sim_event event)
{
    return (unsigned)(event.key >> 16) & 0xff;
}
static inline unsigned sim_event_tag(sim_event event)
{
    return (unsigned)event.key & 0xffff;
}

__extension__ typedef unsigned __int128 sim_wide;

static inline bool sim_event_before(sim_event a, sim_event b)
{
    /* one wide comparison compiles to no branch; times are never negative */
    return ((sim_wide)(uint64_t)a.time << 64 | a.key) < ((sim_wide)(uint64_t)b.time << 64 | b.key);
}

typedef struct {
    sim_event *heap;
    uint32_t count; /* events in the heap, the vacant top included */
    uint32_t room;
    bool vacant;    /* the top has been taken: the next push replaces it */
    bool failed;    /* memory ran out: an event was lost, the run must stop with an error */
    sim_event slot; /* the one event outside the heap; time SIM_FOREVER: none */
} sim_event_queue;

void sim_event_queue_init(sim_event_queue *queue);
void sim_event_queue_free(sim_event_queue *queue);
/* Makes room for `room` events in all. 0 or SIM_E_MEMORY. */
int sim_event_queue_reserve(sim_event_queue *queue, uint32_t room);

/* Moves `event` down from the top to its place. The heap must not be empty. */
static inline void sim_event_sift(sim_event *heap, uint32_t count, sim_event event)
{
    uint32_t at = 0;
    for (uint32_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count)
            child += sim_event_before(heap[child + 1], heap[child]);
        if (!sim_event_before(heap[child], event))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = event;
}

/* Closes the vacant top, if the handler scheduled nothing. */
static inline void sim_event_settle(sim_event_queue *queue)
{
    if (queue->vacant) {
        queue->vacant = false;
        queue->count--;
        if (queue->count > 0)
            sim_event_sift(queue->heap, queue->count, queue->heap[queue->count]);
    }
}

static inline void sim_event_push(sim_event_queue *queue, sim_event event)
{
    if (queue->vacant) {
        queue->vacant = false;
        sim_event_sift(queue->heap, queue->count, event);
        return;
    }
    if (__builtin_expect(queue->count == queue->room, 0) &&
        sim_event_queue_reserve(queue, queue->room + queue->room / 2 + 64) != 0) {
        queue->failed = true;
        return;
    }
    uint32_t at = queue->count++;
    while (at > 0) {
        uint32_t parent = (at - 1) / 2;
        if (!sim_event_before(event, queue->heap[parent]))
            break;
        queue->heap[at] = queue->heap[parent];
        at = parent;
    }
    queue->heap[at] = event;
}

/* Takes the first event before `end`; false if there is none. */
static inline bool sim_event_take(sim_event_queue *queue, sim_time end, sim_event *event)
{
    sim_event_settle(queue);
    if (queue->count > 0 && sim_event_before(queue->heap[0], queue->slot)) {
        if (queue->heap[0].time >= end)
            return false;
        *event = queue->heap[0];
        queue->vacant = true;
        return true;
    }
    if (queue->slot.time >= end)
        return false;
    *event = queue->slot;
    queue->slot.time = SIM_FOREVER;
    return true;
}

#endif
