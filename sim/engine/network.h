/* A queueing network: stations with servers, queues, waiting rooms and areas, and the customers that go through them.
 *
 * A customer is whatever is served together (a group of `size` people). A station serves by priority, first come first
 * served within a priority, without preemption; until they are first served, customers may lose patience (reneging). A
 * full waiting room or a full area lets nobody in: who comes from another station keeps its server (blocking after
 * service), who comes from outside waits outside in order of arrival. The routing, the service times and the meaning
 * belong to the program, through the operations below. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/kernel.h"
#include "sim/engine/recorder.h"

enum { SIM_PRIORITIES = 8 };
#define SIM_NOBODY UINT32_MAX /* no customer, timer, area */
#define SIM_LEAVES UINT32_MAX /* routing: out of the network */

/* Kinds of events the network handles; a program's own kinds start at SIM_EVENT_OWN. */
enum { SIM_EVENT_COMPLETE = 1, SIM_EVENT_PATIENCE = 2, SIM_EVENT_GATE = 3, SIM_EVENT_OWN = 8 };

typedef enum {
    SIM_ELSEWHERE, /* not in the network */
    SIM_OUTSIDE,   /* arrived, cannot enter yet */
    SIM_QUEUED,    /* waits at a station */
    SIM_SERVED,    /* is being served */
    SIM_HELD       /* has been served, keeps the server because the next station is full */
} sim_customer_state;

/* The part of a customer's record that the network knows; a program's record begins with it. */
typedef struct {
    sim_time since;          /* it has been in its present state since then */
    sim_time waited;         /* outside and in queues since it arrived, without the present state */
    uint32_t next, previous; /* in the list it stands in */
    uint32_t timer;          /* its patience, or SIM_NOBODY */
    uint16_t station;        /* where it is; while outside: where it wants to go */
    uint16_t target;         /* while held: where it wants to go; while outside: which list it stands in */
    uint16_t size;           /* people */
    uint8_t state, class, priority;
} sim_customer;

typedef struct {
    uint32_t head, tail;
} sim_list;

/* The station metrics that the network records itself; models that own stations declare them by these rows. */
extern const sim_metric sim_station_metrics[];
extern const size_t sim_station_metric_count;

typedef struct {
    sim_list queues[SIM_PRIORITIES]; /* 7 is served first */
    sim_list blocked_here;           /* held elsewhere or outside, because this waiting room is full */
    uint32_t occupied;               /* bit p: queue p has customers */
    uint32_t servers;                /* open now; may be fewer than are busy until these finish */
    uint32_t busy;                   /* servers that serve */
    uint32_t held;                   /* servers kept by customers who cannot go on */
    uint32_t waiting;                /* customers */
    uint32_t room;                   /* customers that may wait; UINT32_MAX: no limit */
    uint32_t area;                   /* index or SIM_NOBODY */
    uint32_t loss;                   /* 1: who cannot enter from outside is turned away at once */
    uint32_t process;
} __attribute__((aligned(128))) sim_station;

/* A space that several stations share. */
typedef struct {
    sim_list blocked_here;
    int64_t people;
    int64_t capacity; /* INT64_MAX: no limit. A group larger than the capacity enters when the area is empty, unless the
                         capacity is below 0. */
    double gap;       /* at a metered gate: microseconds a person from one who enters to the next; 0: no meter */
    sim_time ready;   /* when the gate lets in the next */
    sim_time wake;    /* when an event is due for it; SIM_FOREVER: none */
} __attribute__((aligned(128))) sim_area;

typedef struct sim_network sim_network;

typedef struct {
    /* Time to serve the customer at the station. */
    sim_time (*service)(sim_network *network, sim_process *process, uint32_t station, uint32_t customer);
    /* Where the customer goes when its service ends: a station, or SIM_LEAVES. */
    uint32_t (*route)(sim_network *network, sim_process *process, uint32_t station, uint32_t customer);
    /* It has left the network (its state is SIM_ELSEWHERE), served or having lost patience. */
    void (*left)(sim_network *network, sim_process *process, uint32_t station, uint32_t customer, bool reneged);
    /* Its state changes from `before` (the record has the new one). May be NULL. */
    void (*changed)(sim_network *network, sim_process *process, uint32_t customer, sim_customer_state before);
    /* Its service starts, having waited in this queue since `queued`. May be NULL. */
    void (*started)(sim_network *network, sim_process *process, uint32_t station, uint32_t customer, sim_time queued,
                    sim_time service);
} sim_network_operations;

/* Timers of a process: a patience event names a slot, not a customer, so that a timer that outlives its customer's stay
 * never looks at a record that another process owns by then. */
typedef struct {
    uint32_t *slots;            /* customer; SIM_NOBODY: cancelled */
    uint32_t count, room, free; /* free: head of a chain of free slots through `slots` */
} sim_timers;

struct sim_network {
    const sim_network_operations *operations;
    void *context;
    sim_recorder *recorder;
    uint32_t station_count, area_count, process_count;
    sim_station *stations;
    sim_area *areas;
    sim_timers *timers; /* one a process */
    char *customers;
    size_t stride;
    uint32_t customer_count;
    uint32_t wait_metric;
};

/* The recorder must have been laid out with sim_station_metrics as its first station rows. */
int sim_network_init(sim_network *network, const sim_network_operations *operations, void *context,
                     sim_recorder *recorder, uint32_t stations, uint32_t areas, uint32_t processes, uint32_t customers,
                     size_t stride);
void sim_network_free(sim_network *network);

static inline sim_customer *sim_network_customer(const sim_network *network, uint32_t customer)
{
    return (sim_customer *)(void *)(network->customers + (size_t)customer * network->stride);
}

/* A customer (state SIM_ELSEWHERE) arrives from outside at a station, with patience until `deadline` (SIM_FOREVER:
 * endless). */
void sim_network_arrive(sim_network *network, sim_process *process, uint32_t station, uint32_t customer,
                        sim_time deadline);
/* Handles the network's own events; false for other kinds. */
bool sim_network_handle(sim_network *network, sim_process *process, sim_event event);
/* Calls customers from the station's queue in their order, with or without a free server, as long as they fit into
 * `people`; the first who does not ends it. Returns the people called: their services start now (a bus that departs, a
 * gate that lets in so many). */
uint32_t sim_network_call(sim_network *network, sim_process *process, uint32_t station, uint32_t people, sim_time now);
/* The customer stays until it is served, whatever its patience was. */
void sim_network_stay(sim_network *network, const sim_process *process, uint32_t customer);
/* Takes `people` out of a customer that is not queued (it is being served, held, or elsewhere); the space they leave in
 * the area is given on when the next one goes. */
void sim_network_shrink(sim_network *network, uint32_t customer, uint32_t people);
/* The same from a customer that waits, in a queue or outside; `process->now` is the time. Who waits for the space they
 * leave comes in when the next customer goes. */
void sim_network_shrink_waiting(sim_network *network, sim_process *process, uint32_t customer, uint32_t people);
/* A customer that waits leaves the network as if it had lost patience: `left` is told so. */
void sim_network_withdraw(sim_network *network, sim_process *process, uint32_t customer);
/* Opens or closes servers; who is being served is served to the end. */
void sim_network_set_servers(sim_network *network, sim_process *process, uint32_t station, uint32_t servers,
                             sim_time now);
/* Limits of waiting room and area; nobody is sent out. A capacity below 0 lets nobody in. */
void sim_network_set_room(sim_network *network, sim_process *process, uint32_t station, uint32_t room);
void sim_network_set_capacity(sim_network *network, sim_process *process, uint32_t area, int64_t capacity);

/* Meters who enters the area: after a customer of n people the next one enters n x `gap` microseconds later, or later
 * still. 0: no meter. */
void sim_network_set_meter(sim_network *network, sim_process *process, uint32_t area, double gap, sim_time now);

/* Little's law, exactly: people x time waited by all who ever stood in the station's queue until `now` (which must be a
 * bin's end, flushed) equals the area under the number waiting. Returns the difference, 0 when all is well. */
int64_t sim_network_littles_law(const sim_network *network, uint32_t station, sim_time now);

#endif
