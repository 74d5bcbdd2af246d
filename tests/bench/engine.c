/* The engine beside a plain event loop written by hand for each case, in one program, taking the very same draws:
 * M/M/10 with ten million customers, and five stations in tandem with one million. Both must give the same total wait
 * to the microsecond.
 *
 * The hand-written loop: a binary heap of (time, customer), an intrusive first-come-first-served queue, the same
 * counter-based draws and compiled distributions, one sum of waits, no classes, rooms, timers, recorder or processes.
 * Prints medians of five in nanoseconds a customer, and their ratio. Exit status 1 when a ratio is above the limit
 * given as the first argument (default: only printed). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/dist/dist.h"
#include "sim/engine/network.h"
#include "sim/engine/rng.h"

enum { POOL = 1 << 16, MOST_STATIONS = 5, RUNS = 5, ARRIVAL = SIM_EVENT_OWN };

typedef struct {
    const char *name;
    uint32_t stations, servers;
    double interarrival, service; /* means, microseconds */
    uint32_t customers;
} bench_case;

static const bench_case cases[] = {
    {"M/M/10", 1, 10, 11e6, 100e6, 10000000},
    {"five stations in tandem", 5, 10, 11e6, 100e6, 1000000},
};

typedef struct {
    sim_time wait; /* of all, at all stations */
    sim_time last; /* departure */
    double seconds;
} outcome;

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void exponential(sim_dist *dist, double mean)
{
    sim_dist_spec spec;
    const char *why;
    sim_dist_spec_init(&spec);
    spec.family = SIM_DIST_EXPONENTIAL;
    spec.a = mean;
    if (sim_dist_compile(dist, &spec, 1.0, &why) != 0)
        abort();
}

/* --- by hand --- */

typedef struct {
    sim_time since;
    uint32_t next, serial, station;
} hand_customer;

typedef struct {
    sim_time time;
    uint32_t customer;
} hand_event;

typedef struct {
    hand_event heap[16 * MOST_STATIONS];
    uint32_t count;
} hand_heap;

static void hand_push(hand_heap *h, sim_time time, uint32_t customer)
{
    uint32_t at = h->count++;
    while (at > 0 && h->heap[(at - 1) / 2].time > time) {
        h->heap[at] = h->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    h->heap[at] = (hand_event){time, customer};
}

static hand_event hand_pop(hand_heap *h)
{
    hand_event top = h->heap[0], last = h->heap[--h->count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < h->count; child = 2 * at + 1) {
        if (child + 1 < h->count && h->heap[child + 1].time < h->heap[child].time)
            child++;
        if (h->heap[child].time >= last.time)
            break;
        h->heap[at] = h->heap[child];
        at = child;
    }
    h->heap[at] = last;
    return top;
}

typedef struct {
    uint32_t head, tail, busy;
} hand_queue;

static outcome by_hand(const bench_case *c, const sim_rng *rng)
{
    sim_dist arrival, service;
    hand_customer *pool = calloc(POOL, sizeof *pool);
    hand_heap *heap = calloc(1, sizeof *heap);
    hand_queue queues[MOST_STATIONS];
    outcome o = {0};
    exponential(&arrival, c->interarrival);
    exponential(&service, c->service);
    if (pool == NULL || heap == NULL)
        abort();
    double began = wall();
    for (uint32_t i = 0; i < MOST_STATIONS; i++)
        queues[i] = (hand_queue){UINT32_MAX, UINT32_MAX, 0};
    for (uint32_t i = 0; i < POOL; i++)
        pool[i].next = i + 1;
    uint32_t free_head = 0, arrived = 0;
    sim_time next = (sim_time)(sim_dist_draw(&arrival, sim_rng_draw(rng, 0, 1, 0)) + 0.5);
    while (arrived < c->customers || heap->count > 0) {
        uint32_t who, station;
        sim_time now;
        if (arrived < c->customers && (heap->count == 0 || next <= heap->heap[0].time)) {
            now = next;
            who = free_head;
            free_head = pool[who].next;
            pool[who].serial = arrived++;
            next = now + (sim_time)(sim_dist_draw(&arrival, sim_rng_draw(rng, 0, 1, arrived)) + 0.5);
            station = 0;
        } else {
            hand_event event = hand_pop(heap);
            now = event.time;
            who = event.customer;
            station = pool[who].station + 1;
            hand_queue *q = &queues[station - 1];
            if (q->head != UINT32_MAX) {
                uint32_t follower = q->head;
                q->head = pool[follower].next;
                o.wait += now - pool[follower].since;
                hand_push(heap,
                          now + (sim_time)(sim_dist_draw(&service, sim_rng_draw(rng, pool[follower].serial,
                                                                                256 + station - 1, 0)) +
                                           0.5),
                          follower);
            } else {
                q->busy--;
            }
            if (station == c->stations) {
                pool[who].next = free_head;
                free_head = who;
                o.last = now;
                continue;
            }
        }
        hand_queue *q = &queues[station];
        pool[who].station = station;
        if (q->busy < c->servers) {
            q->busy++;
            hand_push(
                heap,
                now + (sim_time)(sim_dist_draw(&service, sim_rng_draw(rng, pool[who].serial, 256 + station, 0)) + 0.5),
                who);
        } else {
            pool[who].since = now;
            pool[who].next = UINT32_MAX;
            if (q->head == UINT32_MAX)
                q->head = who;
            else
                pool[q->tail].next = who;
            q->tail = who;
        }
    }
    o.seconds = wall() - began;
    free(pool);
    free(heap);
    sim_dist_free(&arrival);
    sim_dist_free(&service);
    return o;
}

/* --- by the engine --- */

typedef struct {
    sim_customer customer;
    uint32_t serial, next_free;
} engine_customer;

typedef struct {
    const bench_case *c;
    const sim_rng *rng;
    sim_dist arrival, service;
    sim_network network;
    sim_recorder recorder;
    sim_kernel kernel;
    uint32_t free_head, arrived;
    sim_time last;
} engine;

static engine_customer *engine_at(const engine *e, uint32_t customer)
{
    return (engine_customer *)(void *)sim_network_customer(&e->network, customer);
}

static sim_time engine_service(sim_network *network, sim_process *process, uint32_t station, uint32_t customer)
{
    (void)process;
    const engine *e = network->context;
    return (
        sim_time)(sim_dist_draw(&e->service, sim_rng_draw(e->rng, engine_at(e, customer)->serial, 256 + station, 0)) +
                  0.5);
}

static uint32_t engine_route(sim_network *network, sim_process *process, uint32_t station, uint32_t customer)
{
    (void)process;
    (void)customer;
    return station + 1 < network->station_count ? station + 1 : SIM_LEAVES;
}

static void engine_left(sim_network *network, sim_process *process, uint32_t station, uint32_t customer, bool reneged)
{
    (void)station;
    (void)reneged;
    engine *e = network->context;
    engine_at(e, customer)->next_free = e->free_head;
    e->free_head = customer;
    e->last = process->now;
}

static void engine_handle(sim_process *process, sim_event event)
{
    engine *e = process->kernel->context;
    if (sim_network_handle(&e->network, process, event))
        return;
    uint32_t customer = e->free_head;
    e->free_head = engine_at(e, customer)->next_free;
    engine_at(e, customer)->serial = e->arrived++;
    if (e->arrived < e->c->customers)
        process->queue.slot = sim_event_make(
            event.time + (sim_time)(sim_dist_draw(&e->arrival, sim_rng_draw(e->rng, 0, 1, e->arrived)) + 0.5), 3, 0,
            ARRIVAL, 0);
    sim_network_arrive(&e->network, process, 0, customer, SIM_FOREVER);
}

static sim_time engine_control(sim_kernel *kernel, sim_time now)
{
    (void)kernel;
    (void)now;
    return SIM_FOREVER;
}

static const sim_network_operations operations = {engine_service, engine_route, engine_left, NULL, NULL};
static const sim_program program = {engine_handle, NULL, NULL, engine_control};

static outcome by_engine(const bench_case *c, const sim_rng *rng)
{
    engine e = {.c = c, .rng = rng};
    outcome o = {0};
    const sim_metric *rows[32];
    uint32_t owners[SIM_OWNERS] = {0}, widths[SIM_BY_KINDS] = {1, 1, 1, 1, 1, 1, 1};
    sim_time end = (sim_time)(c->interarrival * (double)c->customers * 2);
    for (size_t i = 0; i < sim_station_metric_count; i++)
        rows[i] = &sim_station_metrics[i];
    owners[SIM_OWNER_STATION] = c->stations;
    exponential(&e.arrival, c->interarrival);
    exponential(&e.service, c->service);
    if (sim_recorder_init(&e.recorder, rows, (uint32_t)sim_station_metric_count, owners, widths, end, end, 0) != 0 ||
        sim_kernel_init(&e.kernel, &program, &e, 1, SIM_FOREVER) != 0 ||
        sim_network_init(&e.network, &operations, &e, &e.recorder, c->stations, 0, 1, POOL, sizeof(engine_customer)) !=
            0)
        abort();
    double began = wall();
    for (uint32_t i = 0; i < POOL; i++) {
        engine_at(&e, i)->next_free = i + 1;
        engine_at(&e, i)->customer.size = 1;
    }
    for (uint32_t i = 0; i < c->stations; i++)
        sim_network_set_servers(&e.network, &e.kernel.processes[0], i, c->servers, 0);
    e.kernel.processes[0].queue.slot =
        sim_event_make((sim_time)(sim_dist_draw(&e.arrival, sim_rng_draw(rng, 0, 1, 0)) + 0.5), 3, 0, ARRIVAL, 0);
    if (sim_kernel_run(&e.kernel, end, 1) != 0)
        abort();
    o.seconds = wall() - began;
    o.last = e.last;
    uint32_t waited = sim_recorder_find(&e.recorder, "queue/time_waited");
    for (uint32_t i = 0; i < c->stations; i++)
        o.wait += sim_recorder_block(&e.recorder, SIM_OWNER_STATION, i)[e.recorder.metrics[waited].slot];
    sim_network_free(&e.network);
    sim_kernel_free(&e.kernel);
    sim_recorder_free(&e.recorder);
    sim_dist_free(&e.arrival);
    sim_dist_free(&e.service);
    return o;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    double limit = argc > 1 ? atof(argv[1]) : (double)INFINITY;
    int status = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bench_case *c = &cases[i];
        double hand[RUNS], machine[RUNS], ratios[RUNS];
        for (int run = 0; run < RUNS; run++) {
            sim_rng rng = {(uint64_t)run + 1, 0};
            outcome a = by_hand(c, &rng), b = by_engine(c, &rng);
            if (a.wait != b.wait || a.last != b.last) {
                fprintf(stderr, "%s: the engine and the loop disagree: wait %lld and %lld\n", c->name,
                        (long long)b.wait, (long long)a.wait);
                return 1;
            }
            hand[run] = a.seconds * 1e9 / c->customers;
            machine[run] = b.seconds * 1e9 / c->customers;
            ratios[run] = b.seconds / a.seconds;
        }
        qsort(hand, RUNS, sizeof *hand, ascending);
        qsort(machine, RUNS, sizeof *machine, ascending);
        qsort(ratios, RUNS, sizeof *ratios, ascending);
        printf("%-26s by hand %6.1f ns, engine %6.1f ns a customer, ratio %.2f (%.2f to %.2f)\n", c->name,
               hand[RUNS / 2], machine[RUNS / 2], ratios[RUNS / 2], ratios[0], ratios[RUNS - 1]);
        if (ratios[RUNS / 2] > limit)
            status = 1;
    }
    return status;
}
