/* A replication from its building to its end: lays out the state, hands events to the models, and checks the laws on
 * the way. */
#include <assert.h>
#include <stdlib.h>

#include "models/core/run.h"
#include "models/core/state.h"
#include "sim/base/error.h"

/* --- the kernel's program --- */

static void handle(sim_process *process, sim_event event)
{
    model_world *world = process->kernel->context;
    if (sim_network_handle(&world->network, process, event))
        return;
    if (sim_event_kind(event) == MODEL_EVENT_REACH) {
        world->setup->way->reached(world, process, event);
        return;
    }
    const model *m = world->setup->handlers[sim_event_kind(event)];
    assert(m != NULL && "an event of a kind that no model declares");
    m->handle(world, process, event);
}

/* A group has been sent here: from the moment it set out it travels towards its place. */
static void receive(sim_process *process, sim_event event, sim_time now)
{
    const model_world *world = process->kernel->context;
    const model_group *g = model_group_at(world, sim_event_entity(event));
    sim_record_level_since(&world->recorder, world->metrics.state, g->place, MODEL_TRAVELLING, now, g->customer.since,
                           g->customer.size);
}

int64_t model_world_people(const model_world *world)
{
    int64_t people = 0;
    for (uint32_t i = 0; i < world->setup->process_count; i++)
        people += world->set_out[i].people;
    return people;
}

/* Everyone who set out is in exactly one state at one place. */
static bool is_conserved(const model_world *world)
{
    int64_t people = -model_world_people(world);
    for (uint32_t place = 0; place < world->setup->place_count; place++)
        for (uint32_t state = 0; state < MODEL_STATES; state++)
            people += sim_record_level_at(&world->recorder, world->metrics.state, place, state)->level;
    return people == 0;
}

/* Now that all messages have come: those who travel count for the peak. */
static void see_travelling(const model_world *world)
{
    for (uint32_t place = 0; place < world->setup->place_count; place++)
        sim_level_see(sim_record_level_at(&world->recorder, world->metrics.state, place, MODEL_TRAVELLING));
}

static int64_t area_until(const model_world *world, uint32_t place, uint32_t state, sim_time now)
{
    const sim_level *level = sim_record_level_at(&world->recorder, world->metrics.state, place, state);
    return level->area + level->level * (now - level->last);
}

int64_t model_people_time(const model_world *world, uint32_t place, model_state state, sim_time now)
{
    return area_until(world, place, state, now) - world->area_before[(size_t)place * MODEL_STATES + state];
}

/* Remembers the areas for the next time; at a bin's end they begin anew. */
static void note_areas(model_world *world, sim_time now)
{
    bool ends = now % world->setup->bin == 0;
    for (uint32_t place = 0; place < world->setup->place_count; place++)
        for (uint32_t state = 0; state < MODEL_STATES; state++)
            world->area_before[(size_t)place * MODEL_STATES + state] = ends ? 0 : area_until(world, place, state, now);
}

/* Books what has passed, and closes the time bin that ends now. */
static void account(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    for (size_t i = 0; i < setup->used_count; i++)
        if (setup->used[i]->account != NULL)
            setup->used[i]->account(world, now);
    world->accounted = now;
    note_areas(world, now);
    if (now == 0 || (now % setup->bin != 0 && now != setup->end))
        return;
    uint32_t bin = (uint32_t)((now - 1) / setup->bin);
    for (int kind = 0; kind < SIM_OWNERS; kind++)
        for (uint32_t i = 0; i < world->recorder.parts[kind].owners; i++)
            sim_recorder_flush(&world->recorder, (sim_metric_owner)kind, i, bin, now);
}

static sim_time control(sim_kernel *kernel, sim_time now)
{
    model_world *world = kernel->context;
    const model_setup *setup = world->setup;
    if (!is_conserved(world))
        return SIM_E_BROKEN;
    see_travelling(world);
    account(world, now);
    int watched = world->watch == NULL ? 0 : world->watch(world, now);
    if (watched < 0)
        return watched;
    sim_time next = (now / setup->control_interval + 1) * setup->control_interval;
    if (now >= setup->end)
        return next; /* the last bin is closed: a desk that opened now would take people out of a queue behind the
                        recorder's back */
    if (next > setup->end)
        next = setup->end;
    model_board_remake(world);
    for (size_t i = 0; i < setup->used_count; i++) {
        if (setup->used[i]->control == NULL)
            continue;
        sim_time wanted = setup->used[i]->control(world, now);
        if (wanted < 0)
            return wanted;
        if (wanted < next)
            next = wanted;
    }
    return next;
}

static const sim_program program = {handle, receive, NULL, control};

/* --- building --- */

static int init_recorder(model_world *world)
{
    const model_setup *setup = world->setup;
    uint32_t owners[SIM_OWNERS], widths[SIM_BY_KINDS];
    owners[SIM_OWNER_STATION] = setup->station_count;
    owners[SIM_OWNER_PLACE] = setup->place_count;
    owners[SIM_OWNER_AGENCY] = setup->agency_count;
    owners[SIM_OWNER_RUN] = 1;
    for (int by = 0; by < SIM_BY_KINDS; by++)
        widths[by] = (uint32_t)model_split_count(setup, (sim_metric_by)by);
    int ret = sim_recorder_init(&world->recorder, setup->rows.metrics, (uint32_t)setup->rows.metric_count, owners,
                                widths, setup->bin, setup->end, setup->warm_up);
    if (ret != 0)
        return ret;
    model_state_number_metrics(world);
    return 0;
}

static int init_journeys(model_world *world)
{
    world->journeys = calloc(world->setup->process_count, sizeof *world->journeys);
    return world->journeys == NULL ? SIM_E_MEMORY : 0;
}

static int lay_out_parts(model_world *world)
{
    const model_setup *setup = world->setup;
    for (size_t i = 0; i < setup->used_count; i++) {
        size_t slot = setup->used_slots[i], size = setup->used[i]->world_size;
        if (size > 0 && (world->parts[slot] = calloc(1, size)) == NULL)
            return SIM_E_MEMORY;
    }
    return 0;
}

int model_world_init_records(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication,
                             bool keep_journeys)
{
    *world = (model_world){.setup = setup, .rng = {seed, replication}};
    int ret = lay_out_parts(world);
    if (ret == 0)
        ret = init_recorder(world);
    return ret == 0 && keep_journeys ? init_journeys(world) : ret;
}

static int count(model_world *world)
{
    int ret = 0;
    for (size_t i = 0; ret == 0 && i < world->setup->used_count; i++) {
        const model *m = world->setup->used[i];
        if (m->count == NULL)
            continue;
        ret = model_state_lay_out(world, m, world->setup->used_slots[i]);
        if (ret == 0)
            ret = m->count(world);
    }
    return ret;
}

int model_world_count(const model_setup *setup, uint64_t seed, uint64_t replication, uint64_t *people)
{
    model_world world = {.setup = setup, .rng = {seed, replication}};
    int ret = lay_out_parts(&world);
    if (ret == 0)
        ret = count(&world);
    *people = ret == 0 ? world.person_count : 0;
    model_world_free(&world);
    return ret;
}

int model_world_init(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication,
                     bool keep_journeys)
{
    *world = (model_world){.setup = setup, .rng = {seed, replication}};
    int ret = lay_out_parts(world);
    if (ret == 0)
        ret = count(world);
    if (ret == 0 && (double)world->person_count * (double)setup->bin > 9e18)
        ret = SIM_E_LIMIT; /* people x microseconds of one bin are kept in 63 bits */
    if (ret == 0)
        ret = init_recorder(world);
    if (ret == 0)
        ret = sim_kernel_init(&world->kernel, &program, world, setup->process_count, setup->lookahead);
    if (ret == 0)
        ret = sim_network_init(&world->network, setup->way->network, world, &world->recorder, setup->station_count,
                               setup->site_count * MODEL_SIDES, setup->process_count, world->group_count,
                               sizeof(model_group));
    if (ret == 0) {
        world->area_before = calloc((size_t)setup->place_count * MODEL_STATES + 1, sizeof *world->area_before);
        ret = world->area_before == NULL ? SIM_E_MEMORY : 0;
    }
    if (ret == 0 && keep_journeys)
        ret = init_journeys(world);
    if (ret == 0)
        ret = model_board_lay_out(world);
    for (size_t i = 0; ret == 0 && i < setup->used_count; i++) {
        ret = model_state_lay_out(world, setup->used[i], setup->used_slots[i]);
        if (ret == 0 && setup->used[i]->build != NULL)
            ret = setup->used[i]->build(world);
    }
    return ret;
}

void model_world_free(model_world *world)
{
    for (size_t i = world->setup == NULL ? 0 : world->setup->used_count; i-- > 0;) {
        const model *m = world->setup->used[i];
        size_t slot = world->setup->used_slots[i];
        if (m->demolish != NULL && (m->world_size == 0 || world->parts[slot] != NULL))
            m->demolish(world);
        model_state_free(world, m, slot);
    }
    model_board_free(world);
    for (size_t i = 0; i < MODEL_MOST; i++)
        free(world->parts[i]);
    for (uint32_t i = 0; world->journeys != NULL && i < world->setup->process_count; i++)
        free(world->journeys[i].rows);
    free(world->journeys);
    free(world->area_before);
    sim_network_free(&world->network);
    sim_kernel_free(&world->kernel);
    sim_recorder_free(&world->recorder);
    *world = (model_world){0};
}

int model_world_run(model_world *world, sim_time until, unsigned threads)
{
    sim_time end = world->setup->end;
    int ret = sim_kernel_run(&world->kernel, until < end ? until : end, threads);
    for (uint32_t i = 0; ret == 0 && world->kernel.now == end && i < world->setup->station_count; i++)
        if (sim_network_littles_law(&world->network, i, end) != 0)
            ret = SIM_E_BROKEN;
    return ret;
}
