/* A group's way through a site: from station to station, out of it, and on to where it goes next; with what models are
 * told on the way.
 *
 * A group goes through the stations of the exit side, then of the entry side (of a centre: through its stations), in
 * the order written, past those that take nobody of it. It goes to one desk together: where the station serves persons
 * its time is the sum over the people whom the station's conditions select, where it serves groups it is one draw. */
#include <stdlib.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "models/travel/choice.h"
#include "models/travel/travel.h"

MODEL_LUCK(post)

static bool selects(const model_world *world, const model_station *station, const model_group *g)
{
    if ((station->modes >> g->mode & 1) == 0)
        return false;
    if ((station->when | station->unless) == 0)
        return true;
    for (uint32_t i = 0; i < g->people; i++)
        if (model_station_selects(station, world->traits[g->first_person + i]) && model_people_is_with(world, g, i))
            return true;
    return false;
}

/* The first station from `station` on that is not left out and takes someone of the group. */
static uint32_t first_from(const model_world *world, uint32_t station, const model_group *g)
{
    for (; station != MODEL_NONE; station = world->setup->stations[station].next) {
        if (world->left_out != NULL && world->left_out[station])
            continue;
        for (size_t i = 0; world->setup->on.before[i] != NULL; i++)
            world->setup->on.before[i](world, station, g);
        if (selects(world, &world->setup->stations[station], g))
            break;
    }
    return station;
}

static void set_priority(const model_world *world, uint32_t station, model_group *g)
{
    bool by_priority = world->setup->stations[station].by_priority || world->priority_lanes[station] > 0;
    g->customer.priority = by_priority ? world->setup->classes[g->customer.class].priority : 0;
}

/* Traits of the people who are with the group. */
static uint32_t traits_of(const model_world *world, const model_group *g)
{
    uint32_t traits = 0;
    for (uint32_t i = 0; i < g->people; i++)
        if (model_people_is_with(world, g, i))
            traits |= world->traits[g->first_person + i];
    return traits;
}

/* The way on that falls to the group, or NULL: it stays. */
static const model_onward *way_on(const model_world *world, uint32_t group)
{
    const model_setup *setup = world->setup;
    const model_group *g = model_group_at(world, group);
    double at = -1;
    uint32_t traits = 0;
    for (uint32_t i = 0; i < setup->onward_count; i++) {
        const model_onward *o = &setup->onward[i];
        if (o->from != g->site || (o->modes >> g->mode & 1) == 0)
            continue;
        if (at < 0) {
            at = sim_rng_unit(sim_rng_draw(&world->rng, group, own_draw(0), g->visits));
            traits = traits_of(world, g);
        }
        if ((o->when != 0 && (o->when & traits) == 0) || (o->unless & traits) != 0)
            continue;
        double share = world->onward_share == NULL ? o->share : world->onward_share[i];
        if (at < share)
            return o;
        at -= share;
        if (at < 0)
            at = 0; /* rounding */
    }
    return NULL;
}

/* Through with its site, the group goes on to the next one or stays in this state. */
static void go_on(model_world *world, sim_process *process, uint32_t group, model_state state)
{
    model_group *g = model_group_at(world, group);
    if (g->customer.size == 0)
        return;
    const model_onward *o = world->setup->onward_count > 0 ? way_on(world, group) : NULL;
    if (o == NULL) {
        if (state == MODEL_SETTLED)
            sim_record_count(&world->recorder, world->metrics.settled, g->place, g->customer.class, g->customer.size);
        model_state_enter(world, g->place, state, process->now, g->customer.size);
        return;
    }
    g->site = (uint16_t)o->to;
    g->fixed = true;
    g->began = process->now;
    if (o->by != MODEL_NONE)
        g->mode = (uint8_t)o->by;
    model_travel_go(world, process, group);
}

/* The group is through with all stations of its site. */
static void finish(model_world *world, sim_process *process, uint32_t group)
{
    model_group *g = model_group_at(world, group);
    uint32_t class = g->customer.class, size = g->customer.size, place = g->place;
    sim_time now = process->now;
    const model_metrics *m = &world->metrics;
    const sim_recorder *r = &world->recorder;
    model_state state = MODEL_CROSSED;
    switch (world->setup->sites[g->site].kind) {
    case MODEL_CENTRE:
        sim_record_duration(r, m->centre_time, place, class, g->began, now - g->began, size);
        state = MODEL_SETTLED;
        break;
    case MODEL_DESTINATION:
        state = MODEL_SETTLED;
        break;
    case MODEL_INFORMAL:
        sim_record_count(r, m->irregular, place, class, size);
        world->site_states[g->site].crossed += size;
        state = MODEL_IRREGULAR;
        break;
    default:
        sim_record_count(r, m->crossed, place, class, size);
        sim_record_duration(r, m->post_wait, place, class, g->began, g->customer.waited, size);
        sim_record_duration(r, m->post_time, place, class, g->began, now - g->began, size);
        if (g->customer.waited <= world->setup->target_wait)
            sim_record_count(r, m->on_time, place, class, size);
        world->site_states[g->site].crossed += size;
    }
    model_site_tell_left(world, process, group, true);
    go_on(world, process, group, state);
}

/* Those who cannot or will not go on here: they try elsewhere, or stay in this state. */
static void turn_back(model_world *world, sim_process *process, uint32_t group, model_state state, bool elsewhere)
{
    model_group *g = model_group_at(world, group);
    model_site_tell_left(world, process, group, false);
    if (g->customer.size == 0)
        return;
    if (elsewhere && !g->fixed && g->visits < 16) {
        uint32_t site = model_choice_choose(world, group, g->site);
        if (site != MODEL_NONE) {
            g->site = (uint16_t)site;
            g->began = process->now;
            model_travel_go(world, process, group);
            return;
        }
    }
    model_state_enter(world, g->place, state, process->now, g->customer.size);
}

/* Has been in the open before a full centre for too long: goes to the next one. */
static void overflow(model_world *world, sim_process *process, uint32_t group)
{
    model_group *g = model_group_at(world, group);
    model_site_tell_left(world, process, group, false);
    if (g->customer.size == 0)
        return;
    g->site = (uint16_t)world->setup->sites[g->site].overflow;
    g->fixed = true;
    g->began = process->now;
    model_travel_go(world, process, group);
}

static void refuse(model_world *world, sim_process *process, uint32_t group)
{
    model_group *g = model_group_at(world, group);
    g->flags = (uint8_t)((g->flags & ~MODEL_FLAG_REFUSED) | MODEL_FLAG_TURNED);
    sim_record_count(&world->recorder, world->metrics.refused, g->place, g->customer.class, g->customer.size);
    turn_back(world, process, group, MODEL_REFUSED, world->setup->refused_try_elsewhere);
}

/* Until when the group waits where it has come to now. */
static sim_time deadline_of(const model_world *world, uint32_t group, sim_time now)
{
    const model_setup *setup = world->setup;
    const model_group *g = model_group_at(world, group);
    const model_site *p = &setup->sites[g->site];
    if (p->overflow != MODEL_NONE && g->visits < 16)
        return now + p->overflow_after;
    sim_time least = SIM_FOREVER;
    for (size_t i = 0; p->kind == MODEL_POST && setup->on.patience[i] != NULL; i++) {
        sim_time time = setup->on.patience[i](world, group);
        if (time < least)
            least = time;
    }
    return least == SIM_FOREVER ? SIM_FOREVER : now + least;
}

/* The group has come to its site. */
static void arrive(model_world *world, sim_process *process, uint32_t group)
{
    const model_setup *setup = world->setup;
    model_group *g = model_group_at(world, group);
    const model_site *p = &setup->sites[g->site];
    sim_time now = process->now;
    g->began = now;
    g->flags &= (uint8_t)~MODEL_FLAG_TURNED;
    if (g->visits < UINT8_MAX)
        g->visits++;
    sim_record_count(&world->recorder, world->metrics.arrived, g->place, g->customer.class, g->customer.size);
    for (void (*const *hook)(model_world *, sim_process *, uint32_t) = setup->on.arrived; *hook != NULL; hook++)
        (*hook)(world, process, group);
    if (g->customer.size == 0 || (g->flags & MODEL_FLAG_KEPT))
        return;
    if (g->flags & MODEL_FLAG_REFUSED) {
        refuse(world, process, group);
        return;
    }
    uint32_t station = p->station_count == 0 ? MODEL_NONE : first_from(world, p->first_station, g);
    if (station == MODEL_NONE) {
        g->customer.waited = 0;
        finish(world, process, group);
        return;
    }
    set_priority(world, station, g);
    sim_network_arrive(&world->network, process, station, group, deadline_of(world, group, now));
}

/* The sum of the procedure's draws. */
static sim_time drawn_time(const model_world *world, const model_procedure *procedure, uint32_t station, uint32_t group)
{
    const model_station *s = &world->setup->stations[station];
    const model_group *g = model_group_at(world, group);
    const sim_dist *time = &procedure->time;
    uint32_t purpose = MODEL_DRAW_SERVICE + station, base = (uint32_t)g->visits << 16;
    if (!procedure->serves_people || g->people == 1)
        return (sim_time)(sim_dist_draw(time, sim_rng_draw(&world->rng, group, purpose, base)) + 0.5);
    uint64_t pair[2] = {0, 0};
    bool all = (s->when | s->unless) == 0;
    sim_time sum = 0;
    for (uint32_t i = 0; i < g->people; i++) {
        if (i % 2 == 0)
            sim_rng_pair(&world->rng, group, purpose, (base + i) / 2, pair);
        if ((all || model_station_selects(s, world->traits[g->first_person + i])) && model_people_is_with(world, g, i))
            sum += (sim_time)(sim_dist_draw(time, pair[i % 2]) + 0.5);
    }
    return sum;
}

static sim_time service(sim_network *network, sim_process *process, uint32_t station, uint32_t group)
{
    model_world *world = network->context;
    const model_setup *setup = world->setup;
    const model_procedure *procedure = &setup->procedures[world->procedure[station]];
    model_group_at(world, group)->procedure = (uint16_t)world->procedure[station];
    sim_time time = drawn_time(world, procedure, station, group);
    for (size_t i = 0; setup->on.service_time[i] != NULL; i++)
        time = setup->on.service_time[i](world, process, station, group, time);
    if (world->pace != NULL)
        time = (sim_time)((double)time * world->pace[station] + 0.5);
    for (size_t i = 0; setup->on.approach[i] != NULL; i++)
        time += setup->on.approach[i](world, station);
    return time;
}

static uint32_t route(sim_network *network, sim_process *process, uint32_t station, uint32_t group)
{
    model_world *world = network->context;
    model_group *g = model_group_at(world, group);
    for (void (*const *hook)(model_world *, sim_process *, uint32_t, uint32_t) = world->setup->on.served; *hook != NULL;
         hook++)
        (*hook)(world, process, station, group);
    if (g->customer.size == 0 || (g->flags & MODEL_FLAG_REFUSED))
        return SIM_LEAVES;
    uint32_t next = first_from(world, world->setup->stations[station].next, g);
    if (next == MODEL_NONE)
        return SIM_LEAVES;
    set_priority(world, next, g);
    return next;
}

static bool waits(sim_customer_state state)
{
    return state == SIM_OUTSIDE || state == SIM_QUEUED;
}

/* Tells of the wait that has ended, and notes one that begins. */
static void note_waiting(model_world *world, sim_process *process, uint32_t group, bool waited, bool waiting)
{
    if (waiting && !waited)
        world->waiting_since[group] = process->now;
    if (!waited || waiting)
        return;
    for (void (*const *hook)(model_world *, sim_process *, uint32_t, sim_time) = world->setup->on.waited; *hook != NULL;
         hook++)
        (*hook)(world, process, group, world->waiting_since[group]);
}

/* Keeps the count of people in each state, and who waits. */
static void count_change(model_world *world, sim_process *process, uint32_t group, sim_customer_state before)
{
    model_group *g = model_group_at(world, group);
    sim_customer_state after = (sim_customer_state)g->customer.state;
    model_state from = model_state_at(world->setup, g->site, before), to = model_state_at(world->setup, g->site, after);
    int64_t people = g->customer.size;
    if (before == SIM_OUTSIDE || after == SIM_OUTSIDE)
        sim_record_level(&world->recorder, world->metrics.outside, g->place, 0, process->now,
                         before == SIM_OUTSIDE ? -people : people);
    if (waits(before) != waits(after))
        world->site_states[g->site].waiting += waits(after) ? people : -people;
    bool told = world->waiting_since != NULL && waits(before) != waits(after);
    if (from == to && !told)
        return;
    if (from != MODEL_STATES)
        model_state_enter(world, g->place, from, process->now, -people);
    g->flags &= (uint8_t)~MODEL_FLAG_COUNTED;
    if (told)
        note_waiting(world, process, group, waits(before), waits(after));
    if (to != MODEL_STATES) {
        model_state_enter(world, g->place, to, process->now, g->customer.size);
        g->flags |= MODEL_FLAG_COUNTED;
    }
}

static void changed(sim_network *network, sim_process *process, uint32_t group, sim_customer_state before)
{
    model_world *world = network->context;
    uint32_t people = sim_network_customer(network, group)->size;
    count_change(world, process, group, before);
    for (void (*const *hook)(model_world *, sim_process *, uint32_t, sim_customer_state, uint32_t) =
             world->setup->on.moved;
         *hook != NULL; hook++)
        (*hook)(world, process, group, before, people);
}

static void left(sim_network *network, sim_process *process, uint32_t station, uint32_t group, bool reneged)
{
    (void)station;
    model_world *world = network->context;
    model_group *g = model_group_at(world, group);
    if (g->flags & MODEL_FLAG_REFUSED) {
        refuse(world, process, group);
    } else if (reneged && world->setup->sites[g->site].overflow != MODEL_NONE) {
        overflow(world, process, group);
    } else if (reneged) {
        sim_record_count(&world->recorder, world->metrics.gave_up, g->place, g->customer.class, g->customer.size);
        turn_back(world, process, group, MODEL_GAVE_UP, world->setup->tries_another_post);
    } else {
        finish(world, process, group);
    }
}

/* Tells of the service, and keeps the journey log where one is kept. */
static __attribute__((noinline)) void tell_started(model_world *world, sim_process *process, uint32_t station,
                                                   uint32_t group, sim_time queued, sim_time time)
{
    for (void (*const *hook)(model_world *, sim_process *, uint32_t, uint32_t, sim_time, sim_time) =
             world->setup->on.started;
         *hook != NULL; hook++)
        (*hook)(world, process, station, group, queued, time);
    if (world->journeys == NULL)
        return;
    model_journeys *journeys = &world->journeys[process->id];
    if (journeys->count == journeys->room) {
        size_t room = journeys->room + journeys->room / 2 + 1024;
        model_journey *rows = realloc(journeys->rows, room * sizeof *rows);
        if (rows == NULL) {
            process->queue.failed = true;
            return;
        }
        journeys->rows = rows;
        journeys->room = room;
    }
    journeys->rows[journeys->count++] =
        (model_journey){queued, process->now,      process->now + time,
                        group,  (uint16_t)station, sim_network_customer(&world->network, group)->size};
}

static void started(sim_network *network, sim_process *process, uint32_t station, uint32_t group, sim_time queued,
                    sim_time time)
{
    model_world *world = network->context;
    if (world->journeys != NULL || world->setup->on.started[0] != NULL)
        tell_started(world, process, station, group, queued, time);
}

static void makes_for(model_world *world, sim_process *process, uint32_t group, uint32_t site)
{
    model_group *g = model_group_at(world, group);
    g->site = site == MODEL_NONE ? UINT16_MAX : (uint16_t)site;
    if (site != MODEL_NONE && world->setup->sites[site].place == g->place)
        arrive(world, process, group);
    else
        model_travel_go(world, process, group);
}

static void sets_out(model_world *world, sim_process *process, uint32_t group)
{
    const model_group *g = model_group_at(world, group);
    makes_for(world, process, group, g->fixed ? g->site : model_choice_choose(world, group, MODEL_NONE));
}

static void reached(model_world *world, sim_process *process, sim_event event)
{
    const model_setup *setup = world->setup;
    uint32_t group = sim_event_entity(event);
    model_group *g = model_group_at(world, group);
    model_state_enter(world, g->place, MODEL_TRAVELLING, event.time, -(int64_t)g->customer.size);
    if (setup->places[g->place].site != g->site)
        g->site = (uint16_t)model_choice_reconsider(world, group);
    if (setup->places[g->place].site == g->site) {
        sim_record_duration(&world->recorder, world->metrics.travel_time, g->place, g->customer.class, g->began,
                            event.time - g->began, g->customer.size);
        arrive(world, process, group);
    } else {
        model_travel_go(world, process, group);
    }
}

static void restarts(model_world *world, sim_process *process, uint32_t group)
{
    uint32_t site = model_choice_choose(world, group, MODEL_NONE);
    if (site != MODEL_NONE)
        model_group_at(world, group)->site = (uint16_t)site;
    model_travel_go(world, process, group);
}

static const sim_network_operations operations = {service, route, left, changed, started};
const model_way model_passage = {&operations, sets_out, makes_for, reached, restarts};
