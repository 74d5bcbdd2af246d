#include "sim/engine/network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

/* The rows, and the record that has the same shape (checked in sim_network_init). */
const sim_metric sim_station_metrics[] = {
    {"queue/people_waiting", "people", SIM_METRIC_LEVEL, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "people in the station's queue", "Little 1961: L"},
    {"desks/busy", "desks", SIM_METRIC_LEVEL, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL, "desks that serve", ""},
    {"desks/held", "desks", SIM_METRIC_LEVEL, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "desks kept by a group that cannot go on because what follows is full", "blocking after service: Perros 1994"},
    {"desks/open", "desks", SIM_METRIC_LEVEL, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "desks open: staffed, with a lane and without an outage", ""},
    {"flow/arrivals", "people", SIM_METRIC_COUNT, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "people who came to the station", ""},
    {"flow/served", "people", SIM_METRIC_COUNT, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "people whose service ended", ""},
    {"flow/reneged", "people", SIM_METRIC_COUNT, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "people who lost patience in the station's queue", ""},
    {"queue/time_waited", "people us", SIM_METRIC_COUNT, SIM_OWNER_STATION, SIM_BY_NOTHING, NULL, NULL,
     "people x microseconds waited by those who left the queue, whenever they came", "Little 1961"},
    {"wait/station", "s", SIM_METRIC_DURATION, SIM_OWNER_STATION, SIM_BY_CLASS, NULL, NULL,
     "time in the station's queue until service starts", ""},
    {"desks/utilisation", "1", SIM_METRIC_SHARE, SIM_OWNER_STATION, SIM_BY_NOTHING, "desks/busy", "desks/open",
     "time that open desks serve; above 1 while closed desks finish their last group", ""},
};
const size_t sim_station_metric_count = sizeof sim_station_metrics / sizeof *sim_station_metrics;

typedef struct {
    sim_level people_waiting, busy, held, open;
    int64_t arrivals, served, reneged, time_waited;
} station_record;

static station_record *record_of(const sim_network *network, uint32_t station)
{
    return (station_record *)(void *)sim_recorder_block(network->recorder, SIM_OWNER_STATION, station);
}

int sim_network_init(sim_network *network, const sim_network_operations *operations, void *context,
                     sim_recorder *recorder, uint32_t stations, uint32_t areas, uint32_t processes, uint32_t customers,
                     size_t stride)
{
    assert(stride % 8 == 0 && stride >= sizeof(sim_customer));
    *network = (sim_network){.operations = operations, .context = context, .recorder = recorder, .stride = stride};
    network->stations = aligned_alloc(128, (stations + 1) * sizeof(sim_station));
    network->areas = aligned_alloc(128, (areas + 1) * sizeof(sim_area));
    network->timers = calloc(processes, sizeof *network->timers);
    network->customers = calloc((size_t)customers + 1, stride);
    if (network->stations == NULL || network->areas == NULL || network->timers == NULL || network->customers == NULL) {
        sim_network_free(network);
        return SIM_E_MEMORY;
    }
    network->station_count = stations;
    network->area_count = areas;
    network->process_count = processes;
    network->customer_count = customers;
    memset(network->stations, 0, stations * sizeof(sim_station));
    memset(network->areas, 0, areas * sizeof(sim_area));
    for (uint32_t i = 0; i < stations; i++) {
        sim_station *s = &network->stations[i];
        memset(s->queues, 0xff, sizeof s->queues);
        s->blocked_here = (sim_list){SIM_NOBODY, SIM_NOBODY};
        s->room = UINT32_MAX;
        s->area = SIM_NOBODY;
    }
    for (uint32_t i = 0; i < areas; i++)
        network->areas[i] =
            (sim_area){.blocked_here = {SIM_NOBODY, SIM_NOBODY}, .capacity = INT64_MAX, .wake = SIM_FOREVER};
    for (uint32_t i = 0; i < processes; i++)
        network->timers[i].free = SIM_NOBODY;
    network->wait_metric = sim_recorder_find(recorder, "wait/station");
    assert(stations == 0 || recorder->metrics[sim_recorder_find(recorder, "queue/time_waited")].slot ==
                                offsetof(station_record, time_waited) / sizeof(int64_t));
    return 0;
}

void sim_network_free(sim_network *network)
{
    for (uint32_t i = 0; i < network->process_count; i++)
        free(network->timers[i].slots);
    free(network->stations);
    free(network->areas);
    free(network->timers);
    free(network->customers);
    *network = (sim_network){0};
}

/* Modulo 2^64, so that the comparison of Little's law stays exact where people x microseconds outgrow 63 bits. */
static void add_time_waited(station_record *record, sim_time time, uint32_t people)
{
    record->time_waited = (int64_t)((uint64_t)record->time_waited + (uint64_t)time * people);
}

/* What a customer outside waits for, kept in `target`. */
enum { IN_FRONT_OF_ROOM, IN_FRONT_OF_AREA };

/* --- lists --- */

static void list_append(sim_network *network, sim_list *list, uint32_t customer)
{
    sim_customer *c = sim_network_customer(network, customer);
    c->next = SIM_NOBODY;
    c->previous = list->tail;
    if (list->tail == SIM_NOBODY)
        list->head = customer;
    else
        sim_network_customer(network, list->tail)->next = customer;
    list->tail = customer;
}

static void list_remove(sim_network *network, sim_list *list, uint32_t customer)
{
    sim_customer *c = sim_network_customer(network, customer);
    if (c->previous == SIM_NOBODY)
        list->head = c->next;
    else
        sim_network_customer(network, c->previous)->next = c->next;
    if (c->next == SIM_NOBODY)
        list->tail = c->previous;
    else
        sim_network_customer(network, c->next)->previous = c->previous;
}

/* --- timers --- */

static void timer_start(sim_network *network, sim_process *process, uint32_t customer, sim_time deadline)
{
    sim_timers *timers = &network->timers[process->id];
    uint32_t slot = timers->free;
    if (slot != SIM_NOBODY) {
        timers->free = timers->slots[slot];
    } else {
        if (timers->count == timers->room) {
            uint32_t room = timers->room + timers->room / 2 + 64;
            uint32_t *slots = realloc(timers->slots, room * sizeof *slots);
            if (slots == NULL) {
                process->queue.failed = true;
                return;
            }
            timers->slots = slots;
            timers->room = room;
        }
        slot = timers->count++;
    }
    timers->slots[slot] = customer;
    sim_network_customer(network, customer)->timer = slot;
    sim_schedule(process, sim_event_make(deadline, 1, slot, SIM_EVENT_PATIENCE, 0));
}

static void timer_cancel(sim_network *network, const sim_process *process, sim_customer *c)
{
    if (c->timer != SIM_NOBODY) {
        network->timers[process->id].slots[c->timer] = SIM_NOBODY;
        c->timer = SIM_NOBODY;
    }
}

/* --- moving --- */

static void change(sim_network *network, sim_process *process, uint32_t customer, sim_customer *c,
                   sim_customer_state state)
{
    sim_customer_state before = (sim_customer_state)c->state;
    c->state = (uint8_t)state;
    c->since = process->now;
    if (network->operations->changed != NULL)
        network->operations->changed(network, process, customer, before);
}

static void start(sim_network *network, sim_process *process, uint32_t station, uint32_t customer, sim_time queued)
{
    sim_customer *c = sim_network_customer(network, customer);
    sim_time now = process->now;
    timer_cancel(network, process, c); /* who has been served once stays */
    sim_time service = network->operations->service(network, process, station, customer);
    sim_record_duration(network->recorder, network->wait_metric, station, c->class, queued, now - queued, c->size);
    if (network->operations->started != NULL)
        network->operations->started(network, process, station, customer, queued, service);
    change(network, process, customer, c, SIM_SERVED);
    sim_schedule(process, sim_event_make(now + service, 0, customer, SIM_EVENT_COMPLETE, 0));
}

/* Takes the next customer from the queue; there must be one. */
static uint32_t dequeue(sim_network *network, sim_process *process, uint32_t station, sim_station *s)
{
    unsigned priority = 31u - (unsigned)__builtin_clz(s->occupied);
    uint32_t customer = s->queues[priority].head;
    sim_customer *c = sim_network_customer(network, customer);
    s->queues[priority].head = c->next;
    if (c->next == SIM_NOBODY) {
        s->queues[priority].tail = SIM_NOBODY;
        s->occupied &= ~(1u << priority);
    } else {
        sim_network_customer(network, c->next)->previous = SIM_NOBODY;
    }
    s->waiting--;
    station_record *record = record_of(network, station);
    sim_level_add(&record->people_waiting, process->now, -(int64_t)c->size);
    add_time_waited(record, process->now - c->since, c->size);
    c->waited += process->now - c->since;
    return customer;
}

static void enqueue(sim_network *network, sim_process *process, uint32_t station, sim_station *s, uint32_t customer,
                    sim_customer *c)
{
    list_append(network, &s->queues[c->priority], customer);
    s->occupied |= 1u << c->priority;
    s->waiting++;
    station_record *record = record_of(network, station);
    sim_level_add(&record->people_waiting, process->now, c->size);
    change(network, process, customer, c, SIM_QUEUED);
}

static uint32_t area_of(const sim_network *network, const sim_customer *c)
{
    return c->state == SIM_ELSEWHERE || c->state == SIM_OUTSIDE ? SIM_NOBODY : network->stations[c->station].area;
}

/* Where a customer that had waited in front of a room must wait for the area after all: it came before those who have
 * waited for the area from the start, and after those who were moved like itself. */
static void list_insert_by_age(sim_network *network, sim_list *list, uint32_t customer)
{
    sim_customer *c = sim_network_customer(network, customer);
    uint32_t at = list->head;
    while (at != SIM_NOBODY && sim_network_customer(network, at)->since <= c->since)
        at = sim_network_customer(network, at)->next;
    if (at == SIM_NOBODY) {
        list_append(network, list, customer);
        return;
    }
    sim_customer *follower = sim_network_customer(network, at);
    c->next = at;
    c->previous = follower->previous;
    if (follower->previous == SIM_NOBODY)
        list->head = customer;
    else
        sim_network_customer(network, follower->previous)->next = customer;
    follower->previous = customer;
}

/* Whether the gate of the area lets somebody in now; if not, it will be looked at again when it does. */
static bool gate_is_open(sim_area *area, sim_process *process, uint32_t index)
{
    if (area->gap <= 0 || process->now >= area->ready)
        return true;
    if (area->wake > area->ready) {
        area->wake = area->ready;
        sim_schedule(process, sim_event_make(area->wake, 0, index, SIM_EVENT_GATE, 0));
    }
    return false;
}

/* The list in which the customer must wait before it may enter the station, or NULL if it may enter now. `heads` is the
 * list at whose head it stands already (its turn has come), or NULL. Who stands in front of the room goes before those
 * who came later and wait for the area. */
static sim_list *obstacle(sim_network *network, sim_process *process, uint32_t station, const sim_customer *c,
                          const sim_list *heads)
{
    sim_station *s = &network->stations[station];
    if (s->area != SIM_NOBODY && s->area != area_of(network, c)) {
        sim_area *area = &network->areas[s->area];
        uint32_t first = area->blocked_here.head;
        if (first != SIM_NOBODY && heads != &area->blocked_here &&
            (heads != &s->blocked_here || sim_network_customer(network, first)->since <= c->since))
            return &area->blocked_here;
        if ((area->people > 0 || area->capacity < 0) && area->capacity - area->people < (int64_t)c->size)
            return &area->blocked_here;
        if (!gate_is_open(area, process, s->area))
            return &area->blocked_here;
    }
    if (s->room != UINT32_MAX) {
        if (s->blocked_here.head != SIM_NOBODY && heads != &s->blocked_here)
            return &s->blocked_here;
        bool free = s->waiting == 0 && s->busy + s->held < s->servers;
        if (!free && s->waiting >= s->room)
            return &s->blocked_here;
    }
    return NULL;
}

static void enter(sim_network *network, sim_process *process, uint32_t station, uint32_t customer)
{
    sim_customer *c = sim_network_customer(network, customer);
    sim_station *s = &network->stations[station];
    uint32_t from = area_of(network, c);
    if (from != s->area) {
        if (from != SIM_NOBODY)
            network->areas[from].people -= c->size;
        if (s->area != SIM_NOBODY) {
            sim_area *area = &network->areas[s->area];
            area->people += c->size;
            if (area->gap > 0)
                area->ready = process->now + (sim_time)(area->gap * c->size + 0.5);
        }
    }
    c->station = (uint16_t)station;
    station_record *record = record_of(network, station);
    record->arrivals += c->size;
    if (s->waiting == 0 && s->busy + s->held < s->servers) {
        s->busy++;
        sim_level_add(&record->busy, process->now, 1);
        start(network, process, station, customer, process->now);
    } else {
        enqueue(network, process, station, s, customer, c);
    }
}

static void serve_waiting(sim_network *network, sim_process *process, uint32_t station);

/* Lets in those who wait in `list` (in front of a waiting room or an area), as far as there is space. */
static void admit(sim_network *network, sim_process *process, sim_list *list)
{
    while (list->head != SIM_NOBODY) {
        uint32_t customer = list->head;
        sim_customer *c = sim_network_customer(network, customer);
        bool held = c->state == SIM_HELD;
        uint32_t target = held ? c->target : c->station;
        sim_list *next = obstacle(network, process, target, c, list);
        if (next == list)
            return;
        list_remove(network, list, customer);
        if (next != NULL) { /* past this obstacle, stopped by the other one */
            bool room = next == &network->stations[target].blocked_here;
            if (room)
                list_append(network, next, customer);
            else
                list_insert_by_age(network, next, customer);
            if (!held)
                c->target = room ? IN_FRONT_OF_ROOM : IN_FRONT_OF_AREA;
            continue;
        }
        uint32_t from = c->station;
        uint32_t area = area_of(network, c);
        if (!held)
            c->waited += process->now - c->since;
        enter(network, process, target, customer);
        if (held) {
            sim_station *s = &network->stations[from];
            s->held--;
            sim_level_add(&record_of(network, from)->held, process->now, -1);
            serve_waiting(network, process, from);
            if (area != SIM_NOBODY && area != network->stations[target].area)
                admit(network, process, &network->areas[area].blocked_here);
        }
    }
}

/* Gives free servers to those who wait, then the places in the queue to those in front of it. */
static void serve_waiting(sim_network *network, sim_process *process, uint32_t station)
{
    sim_station *s = &network->stations[station];
    while (s->waiting > 0 && s->busy + s->held < s->servers) {
        uint32_t customer = dequeue(network, process, station, s);
        s->busy++;
        sim_level_add(&record_of(network, station)->busy, process->now, 1);
        start(network, process, station, customer, sim_network_customer(network, customer)->since);
    }
    if (s->blocked_here.head != SIM_NOBODY)
        admit(network, process, &s->blocked_here);
}

void sim_network_arrive(sim_network *network, sim_process *process, uint32_t station, uint32_t customer,
                        sim_time deadline)
{
    sim_customer *c = sim_network_customer(network, customer);
    assert(c->state == SIM_ELSEWHERE);
    c->waited = 0;
    c->timer = SIM_NOBODY;
    if (deadline != SIM_FOREVER)
        timer_start(network, process, customer, deadline);
    sim_list *list = obstacle(network, process, station, c, NULL);
    if (list == NULL) {
        enter(network, process, station, customer);
        return;
    }
    c->station = (uint16_t)station;
    if (network->stations[station].loss) {
        record_of(network, station)->reneged += c->size;
        timer_cancel(network, process, c);
        network->operations->left(network, process, station, customer, true);
        return;
    }
    list_append(network, list, customer);
    c->target = list == &network->stations[station].blocked_here ? IN_FRONT_OF_ROOM : IN_FRONT_OF_AREA;
    change(network, process, customer, c, SIM_OUTSIDE);
}

/* --- events --- */

static void leave(sim_network *network, sim_process *process, uint32_t station, uint32_t customer, bool reneged)
{
    sim_customer *c = sim_network_customer(network, customer);
    uint32_t area = area_of(network, c);
    timer_cancel(network, process, c);
    if (area != SIM_NOBODY)
        network->areas[area].people -= c->size;
    change(network, process, customer, c, SIM_ELSEWHERE);
    network->operations->left(network, process, station, customer, reneged);
    if (area != SIM_NOBODY && network->areas[area].blocked_here.head != SIM_NOBODY)
        admit(network, process, &network->areas[area].blocked_here);
}

static void complete(sim_network *network, sim_process *process, uint32_t customer)
{
    sim_customer *c = sim_network_customer(network, customer);
    uint32_t station = c->station;
    sim_station *s = &network->stations[station];
    station_record *record = record_of(network, station);
    record->served += c->size;
    uint32_t next = network->operations->route(network, process, station, customer);
    uint32_t area = area_of(network, c);
    if (next != SIM_LEAVES) {
        sim_list *list = obstacle(network, process, next, c, NULL);
        if (list != NULL) {
            c->target = (uint16_t)next;
            s->busy--;
            s->held++;
            sim_level_add(&record->busy, process->now, -1);
            sim_level_add(&record->held, process->now, 1);
            list_append(network, list, customer);
            change(network, process, customer, c, SIM_HELD);
            return;
        }
        enter(network, process, next, customer);
    } else {
        leave(network, process, station, customer, false);
    }
    /* the same desk goes on: its number of busy desks does not change */
    if (s->waiting > 0 && s->busy + s->held <= s->servers) {
        uint32_t follower = dequeue(network, process, station, s);
        start(network, process, station, follower, sim_network_customer(network, follower)->since);
    } else {
        s->busy--;
        sim_level_add(&record->busy, process->now, -1);
    }
    if (s->blocked_here.head != SIM_NOBODY)
        serve_waiting(network, process, station);
    if (area != SIM_NOBODY && next != SIM_LEAVES && network->stations[next].area != area)
        admit(network, process, &network->areas[area].blocked_here);
}

void sim_network_withdraw(sim_network *network, sim_process *process, uint32_t customer)
{
    sim_customer *c = sim_network_customer(network, customer);
    uint32_t station = c->station;
    sim_station *s = &network->stations[station];
    station_record *record = record_of(network, station);
    if (c->state == SIM_QUEUED) {
        list_remove(network, &s->queues[c->priority], customer);
        if (s->queues[c->priority].head == SIM_NOBODY)
            s->occupied &= ~(1u << c->priority);
        s->waiting--;
        sim_level_add(&record->people_waiting, process->now, -(int64_t)c->size);
        add_time_waited(record, process->now - c->since, c->size);
        record->reneged += c->size;
        c->waited += process->now - c->since;
        leave(network, process, station, customer, true);
        serve_waiting(network, process, station);
    } else if (c->state == SIM_OUTSIDE) {
        sim_list *list = c->target == IN_FRONT_OF_AREA ? &network->areas[s->area].blocked_here : &s->blocked_here;
        list_remove(network, list, customer);
        record->reneged += c->size;
        c->waited += process->now - c->since;
        leave(network, process, station, customer, true);
        admit(network, process, list);
    }
}

static void lose_patience(sim_network *network, sim_process *process, uint32_t slot)
{
    sim_timers *timers = &network->timers[process->id];
    uint32_t customer = timers->slots[slot];
    timers->slots[slot] = timers->free;
    timers->free = slot;
    if (customer == SIM_NOBODY)
        return;
    sim_network_customer(network, customer)->timer = SIM_NOBODY;
    sim_network_withdraw(network, process, customer);
}

bool sim_network_handle(sim_network *network, sim_process *process, sim_event event)
{
    switch (sim_event_kind(event)) {
    case SIM_EVENT_COMPLETE:
        complete(network, process, sim_event_entity(event));
        return true;
    case SIM_EVENT_PATIENCE:
        lose_patience(network, process, sim_event_entity(event));
        return true;
    case SIM_EVENT_GATE: {
        sim_area *area = &network->areas[sim_event_entity(event)];
        if (area->wake == event.time)
            area->wake = SIM_FOREVER;
        admit(network, process, &area->blocked_here);
        return true;
    }
    default:
        return false;
    }
}

void sim_network_set_servers(sim_network *network, sim_process *process, uint32_t station, uint32_t servers,
                             sim_time now)
{
    sim_station *s = &network->stations[station];
    if (servers == s->servers)
        return;
    process->now = now;
    sim_level_add(&record_of(network, station)->open, now, (int64_t)servers - (int64_t)s->servers);
    s->servers = servers;
    serve_waiting(network, process, station);
}

uint32_t sim_network_call(sim_network *network, sim_process *process, uint32_t station, uint32_t people, sim_time now)
{
    sim_station *s = &network->stations[station];
    uint32_t called = 0;
    process->now = now;
    while (s->waiting > 0) {
        unsigned priority = 31u - (unsigned)__builtin_clz(s->occupied);
        uint32_t size = sim_network_customer(network, s->queues[priority].head)->size;
        if (size > people - called)
            break;
        called += size;
        uint32_t customer = dequeue(network, process, station, s);
        s->busy++;
        sim_level_add(&record_of(network, station)->busy, now, 1);
        start(network, process, station, customer, sim_network_customer(network, customer)->since);
    }
    if (called > 0 && s->blocked_here.head != SIM_NOBODY)
        admit(network, process, &s->blocked_here);
    return called;
}

void sim_network_stay(sim_network *network, const sim_process *process, uint32_t customer)
{
    timer_cancel(network, process, sim_network_customer(network, customer));
}

void sim_network_shrink(sim_network *network, uint32_t customer, uint32_t people)
{
    sim_customer *c = sim_network_customer(network, customer);
    assert(c->state != SIM_QUEUED && c->state != SIM_OUTSIDE && people <= c->size);
    uint32_t area = area_of(network, c);
    if (area != SIM_NOBODY)
        network->areas[area].people -= people;
    c->size = (uint16_t)(c->size - people);
}

void sim_network_shrink_waiting(sim_network *network, sim_process *process, uint32_t customer, uint32_t people)
{
    sim_customer *c = sim_network_customer(network, customer);
    assert((c->state == SIM_QUEUED || c->state == SIM_OUTSIDE) && people <= c->size);
    if (c->state == SIM_QUEUED) {
        station_record *record = record_of(network, c->station);
        sim_level_add(&record->people_waiting, process->now, -(int64_t)people);
        add_time_waited(record, process->now - c->since, people);
    }
    uint32_t area = area_of(network, c);
    if (area != SIM_NOBODY)
        network->areas[area].people -= people;
    c->size = (uint16_t)(c->size - people);
}

void sim_network_set_room(sim_network *network, sim_process *process, uint32_t station, uint32_t room)
{
    network->stations[station].room = room;
    admit(network, process, &network->stations[station].blocked_here);
}

void sim_network_set_capacity(sim_network *network, sim_process *process, uint32_t area, int64_t capacity)
{
    network->areas[area].capacity = capacity;
    admit(network, process, &network->areas[area].blocked_here);
}

void sim_network_set_meter(sim_network *network, sim_process *process, uint32_t area, double gap, sim_time now)
{
    process->now = now;
    network->areas[area].gap = gap;
    network->areas[area].ready = now;
    admit(network, process, &network->areas[area].blocked_here);
}

int64_t sim_network_littles_law(const sim_network *network, uint32_t station, sim_time now)
{
    const sim_recorder *recorder = network->recorder;
    const sim_metric_place *level = &recorder->metrics[sim_recorder_find(recorder, "queue/people_waiting")];
    const sim_metric_place *waited = &recorder->metrics[sim_recorder_find(recorder, "queue/time_waited")];
    uint64_t difference = 0;
    for (uint32_t bin = 0; bin < recorder->bins; bin++)
        difference += (uint64_t)*sim_recorder_series(recorder, level, bin, station) -
                      (uint64_t)*sim_recorder_series(recorder, waited, bin, station);
    const sim_station *s = &network->stations[station];
    for (unsigned priority = 0; priority < SIM_PRIORITIES; priority++)
        for (uint32_t at = s->queues[priority].head; at != SIM_NOBODY; at = sim_network_customer(network, at)->next)
            difference -=
                (uint64_t)(now - sim_network_customer(network, at)->since) * sim_network_customer(network, at)->size;
    return (int64_t)difference;
}
