/* Laws of queueing networks at every instant, over random networks: after each event the lists, the counts, the areas
 * and the states of the customers agree; no desk idles while somebody could take it; nobody stands in front of a door
 * that is open; nobody is overtaken outside; at the end Little's law holds to the microsecond. Seeds are fixed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/engine/network.h"
#include "sim/engine/rng.h"

enum { NETWORKS = 60, CUSTOMERS = 150, STATIONS = 6, AREAS = 3, ARRIVAL = SIM_EVENT_OWN };
static const sim_time END = 3600 * SIM_SECOND;

typedef struct {
    sim_network network;
    sim_kernel kernel;
    sim_recorder recorder;
    sim_rng rng;
    uint32_t draws;
    sim_time service_mean[STATIONS], interarrival;
    sim_time patience; /* mean, or SIM_FOREVER */
    uint64_t events, arrived, left, reneged, outside, held;
    sim_time came[CUSTOMERS]; /* of those who wait outside */
} laboratory;

static uint64_t bits(laboratory *lab)
{
    return sim_rng_draw(&lab->rng, 1, 1, lab->draws++);
}

static uint32_t below(laboratory *lab, uint32_t n)
{
    return (uint32_t)(sim_rng_unit(bits(lab)) * n);
}

/* Uniform on a coarse grid, so that many things happen at the same instant. */
static sim_time duration(laboratory *lab, sim_time mean)
{
    return (sim_time)below(lab, 2 * (uint32_t)(mean / SIM_SECOND) + 1) * SIM_SECOND;
}

static sim_time service(sim_network *network, sim_process *process, uint32_t station, uint32_t customer)
{
    (void)process;
    (void)customer;
    laboratory *lab = network->context;
    return duration(lab, lab->service_mean[station]);
}

/* Forwards only, as at posts: a network with loops and full rooms can lock up, which is no fault of the engine. */
static uint32_t route(sim_network *network, sim_process *process, uint32_t station, uint32_t customer)
{
    (void)process;
    laboratory *lab = network->context;
    uint32_t next = station + 1 + below(lab, 3);
    if (next >= STATIONS)
        return SIM_LEAVES;
    sim_network_customer(network, customer)->priority = (uint8_t)below(lab, SIM_PRIORITIES);
    return next;
}

static void left(sim_network *network, sim_process *process, uint32_t station, uint32_t customer, bool reneged)
{
    (void)process;
    (void)station;
    laboratory *lab = network->context;
    assert_int_equal(sim_network_customer(network, customer)->state, SIM_ELSEWHERE);
    lab->left++;
    lab->reneged += reneged;
}

static void changed(sim_network *network, sim_process *process, uint32_t customer, sim_customer_state before)
{
    laboratory *lab = network->context;
    const sim_customer *c = sim_network_customer(network, customer);
    lab->held += c->state == SIM_HELD;
    if (c->state == SIM_OUTSIDE) {
        lab->outside++;
        lab->came[customer] = process->now;
    }
    if (before != SIM_OUTSIDE || c->state == SIM_ELSEWHERE)
        return;
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        const sim_customer *other = sim_network_customer(network, i);
        if (i != customer && other->state == SIM_OUTSIDE && other->station == c->station)
            assert_true(lab->came[i] >= lab->came[customer]);
    }
}

static const sim_network_operations operations = {service, route, left, changed, NULL};

/* --- the laws --- */

/* Number of customers in a list, whose links must be right and who must all be in one of two states. */
static uint32_t list_length(const laboratory *lab, const sim_list *list, sim_customer_state one,
                            sim_customer_state other)
{
    uint32_t n = 0, previous = SIM_NOBODY;
    for (uint32_t at = list->head; at != SIM_NOBODY; at = sim_network_customer(&lab->network, at)->next) {
        const sim_customer *c = sim_network_customer(&lab->network, at);
        assert_int_equal(c->previous, previous);
        assert_true(c->state == one || c->state == other);
        assert_true(++n <= CUSTOMERS);
        previous = at;
    }
    assert_int_equal(list->tail, previous);
    return n;
}

static bool is_room_full(const sim_station *s)
{
    bool free = s->waiting == 0 && s->busy + s->held < s->servers;
    return s->room != UINT32_MAX && !free && s->waiting >= s->room;
}

static uint32_t wanted_by(const sim_customer *c)
{
    return c->state == SIM_HELD ? c->target : c->station;
}

static void check_station(const laboratory *lab, uint32_t station)
{
    const sim_station *s = &lab->network.stations[station];
    uint32_t waiting = 0, busy = 0, held = 0;
    for (unsigned priority = 0; priority < SIM_PRIORITIES; priority++) {
        uint32_t n = list_length(lab, &s->queues[priority], SIM_QUEUED, SIM_QUEUED);
        assert_int_equal(n > 0, s->occupied >> priority & 1);
        for (uint32_t at = s->queues[priority].head; at != SIM_NOBODY;
             at = sim_network_customer(&lab->network, at)->next) {
            const sim_customer *c = sim_network_customer(&lab->network, at);
            assert_true(c->station == station && c->priority == priority);
            assert_true(c->next == SIM_NOBODY || sim_network_customer(&lab->network, c->next)->since >= c->since);
        }
        waiting += n;
    }
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        const sim_customer *c = sim_network_customer(&lab->network, i);
        busy += c->state == SIM_SERVED && c->station == station;
        held += c->state == SIM_HELD && c->station == station;
    }
    assert_int_equal(s->waiting, waiting);
    assert_int_equal(s->busy, busy);
    assert_int_equal(s->held, held);
    assert_false(waiting > 0 && busy + held < s->servers); /* no desk idles */
    assert_true(s->room == UINT32_MAX || waiting <= s->room);
    if (s->blocked_here.head != SIM_NOBODY)
        assert_true(is_room_full(s)); /* nobody stands before an open door */
}

static void check_area(const laboratory *lab, uint32_t area)
{
    const sim_area *a = &lab->network.areas[area];
    int64_t people = 0;
    uint32_t groups = 0;
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        const sim_customer *c = sim_network_customer(&lab->network, i);
        bool inside = (c->state == SIM_QUEUED || c->state == SIM_SERVED || c->state == SIM_HELD) &&
                      lab->network.stations[c->station].area == area;
        people += inside ? c->size : 0;
        groups += inside;
    }
    assert_int_equal(a->people, people);
    assert_true(people <= a->capacity || groups == 1);
    if (a->blocked_here.head != SIM_NOBODY) {
        const sim_customer *c = sim_network_customer(&lab->network, a->blocked_here.head);
        assert_true(people > 0 && a->capacity - people < (int64_t)c->size);
    }
}

static void check_laws(const laboratory *lab)
{
    uint32_t stopped = 0, expected = 0;
    uint64_t inside = 0;
    for (uint32_t i = 0; i < STATIONS; i++) {
        const sim_list *list = &lab->network.stations[i].blocked_here;
        check_station(lab, i);
        stopped += list_length(lab, list, SIM_OUTSIDE, SIM_HELD);
        for (uint32_t at = list->head; at != SIM_NOBODY; at = sim_network_customer(&lab->network, at)->next)
            assert_int_equal(wanted_by(sim_network_customer(&lab->network, at)), i);
    }
    for (uint32_t i = 0; i < AREAS; i++) {
        const sim_list *list = &lab->network.areas[i].blocked_here;
        check_area(lab, i);
        stopped += list_length(lab, list, SIM_OUTSIDE, SIM_HELD);
        for (uint32_t at = list->head; at != SIM_NOBODY; at = sim_network_customer(&lab->network, at)->next)
            assert_int_equal(lab->network.stations[wanted_by(sim_network_customer(&lab->network, at))].area, i);
    }
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        sim_customer_state state = (sim_customer_state)sim_network_customer(&lab->network, i)->state;
        inside += state != SIM_ELSEWHERE;
        expected += state == SIM_OUTSIDE || state == SIM_HELD;
    }
    assert_int_equal(stopped, expected);                /* each of them in one list */
    assert_int_equal(lab->arrived, lab->left + inside); /* conservation */
}

/* --- the laboratory --- */

static void arrive(laboratory *lab, sim_process *process)
{
    uint32_t customer = 0;
    while (customer < CUSTOMERS && sim_network_customer(&lab->network, customer)->state != SIM_ELSEWHERE)
        customer++;
    if (customer == CUSTOMERS)
        return;
    sim_customer *c = sim_network_customer(&lab->network, customer);
    c->size = (uint16_t)(1 + below(lab, 6));
    c->priority = (uint8_t)below(lab, SIM_PRIORITIES);
    c->class = 0;
    lab->arrived++;
    sim_time deadline =
        lab->patience == SIM_FOREVER || below(lab, 3) == 0 ? SIM_FOREVER : process->now + duration(lab, lab->patience);
    sim_network_arrive(&lab->network, process, below(lab, 2), customer, deadline);
}

static void handle(sim_process *process, sim_event event)
{
    laboratory *lab = process->kernel->context;
    lab->events++;
    if (!sim_network_handle(&lab->network, process, event)) {
        arrive(lab, process);
        process->queue.slot = sim_event_make(event.time + duration(lab, lab->interarrival), 3, 0, ARRIVAL, 0);
    }
    check_laws(lab);
}

static void close_window(sim_process *process, sim_time now)
{
    laboratory *lab = process->kernel->context;
    for (uint32_t i = 0; now == END && i < STATIONS; i++)
        sim_recorder_flush(&lab->recorder, SIM_OWNER_STATION, i, 0, now);
}

static sim_time control(sim_kernel *kernel, sim_time now)
{
    laboratory *lab = kernel->context;
    for (uint32_t i = 0; i < STATIONS; i++)
        if (below(lab, 4) == 0) {
            sim_network_set_servers(&lab->network, &kernel->processes[0], i, below(lab, 4), now);
            check_laws(lab);
        }
    return now + 61 * SIM_SECOND < END ? now + 61 * SIM_SECOND : END + 1;
}

static const sim_program program = {handle, NULL, close_window, control};

static void build(laboratory *lab, uint64_t seed)
{
    static const uint32_t owners[SIM_OWNERS] = {[SIM_OWNER_STATION] = STATIONS},
                          widths[SIM_BY_KINDS] = {1, 1, 1, 1, 1, 1, 1};
    const sim_metric *rows[32];
    *lab = (laboratory){.rng = {seed, 0}, .patience = SIM_FOREVER};
    for (size_t i = 0; i < sim_station_metric_count; i++)
        rows[i] = &sim_station_metrics[i];
    assert_int_equal(
        sim_recorder_init(&lab->recorder, rows, (uint32_t)sim_station_metric_count, owners, widths, END, END, 0), 0);
    assert_int_equal(sim_kernel_init(&lab->kernel, &program, lab, 1, SIM_FOREVER), 0);
    assert_int_equal(sim_network_init(&lab->network, &operations, lab, &lab->recorder, STATIONS, AREAS, 1, CUSTOMERS,
                                      sizeof(sim_customer)),
                     0);
    for (uint32_t i = 0; i < STATIONS; i++) {
        sim_station *s = &lab->network.stations[i];
        s->room = below(lab, 2) == 0 ? UINT32_MAX : below(lab, 4);
        s->area = i < 2 ? (below(lab, 3) == 0 ? SIM_NOBODY : 0) : below(lab, 2) == 0 ? SIM_NOBODY : i / 2;
        s->loss = i == 1 && below(lab, 4) == 0;
        lab->service_mean[i] = (sim_time)(1 + below(lab, 20)) * SIM_SECOND;
        sim_network_set_servers(&lab->network, &lab->kernel.processes[0], i, 1 + below(lab, 3), 0);
    }
    for (uint32_t i = 0; i < AREAS; i++)
        lab->network.areas[i].capacity = below(lab, 3) == 0 ? INT64_MAX : 1 + below(lab, 15);
    if (below(lab, 2) == 0)
        lab->patience = (sim_time)(10 + below(lab, 200)) * SIM_SECOND;
    lab->interarrival = (sim_time)(3 + below(lab, 8)) * SIM_SECOND;
    lab->kernel.processes[0].queue.slot = sim_event_make(0, 3, 0, ARRIVAL, 0);
}

static void destroy(laboratory *lab)
{
    sim_network_free(&lab->network);
    sim_kernel_free(&lab->kernel);
    sim_recorder_free(&lab->recorder);
}

static void laws_hold_at_every_instant(void **state)
{
    (void)state;
    uint64_t events = 0, outside = 0, held = 0, reneged = 0;
    for (uint64_t seed = 1; seed <= NETWORKS; seed++) {
        laboratory lab;
        build(&lab, seed);
        assert_int_equal(sim_kernel_run(&lab.kernel, END, 1), 0);
        for (uint32_t i = 0; i < STATIONS; i++)
            assert_int_equal(sim_network_littles_law(&lab.network, i, END), 0);
        events += lab.events;
        outside += lab.outside;
        held += lab.held;
        reneged += lab.reneged;
        destroy(&lab);
    }
    /* the networks did what they were made for */
    assert_true(events > 50000 && outside > 1000 && held > 1000 && reneged > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_hold_at_every_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
