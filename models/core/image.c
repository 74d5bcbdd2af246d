/* A world's state as bytes: every part of it that a run changes, visited in a fixed order, behind a header that names
 * its shape and in front of a checksum. */
#include <stdlib.h>
#include <string.h>

#include "models/core/run.h"
#include "models/core/state.h"
#include "sim/base/error.h"

typedef struct model_image {
    bool loading;
    unsigned char *bytes;
    size_t at, size; /* size: room while saving */
    int error;
} image_t;

typedef struct {
    char magic[8];
    uint64_t seed, replication, groups, people, stations, places, sites, bins, end;
} header;

static const char magic[8] = "hbmimg1";

void model_image_visit(image_t *image, void *data, size_t size)
{
    if (image->error != 0 || size == 0)
        return;
    if (image->loading) {
        if (size > image->size - image->at) {
            image->error = SIM_E_FORMAT;
            return;
        }
        memcpy(data, image->bytes + image->at, size);
    } else {
        if (size > image->size - image->at) {
            size_t room = (image->size + size) * 3 / 2 + 4096;
            unsigned char *bytes = realloc(image->bytes, room);
            if (bytes == NULL) {
                image->error = SIM_E_MEMORY;
                return;
            }
            image->bytes = bytes;
            image->size = room;
        }
        memcpy(image->bytes + image->at, data, size);
    }
    image->at += size;
}

bool model_image_is_loading(const image_t *image)
{
    return image->loading;
}

void model_image_fail(image_t *image, int error)
{
    if (image->error == 0)
        image->error = error;
}

void *model_image_visit_list(image_t *image, void *entries, uint32_t *count, uint32_t *room, size_t size)
{
    uint32_t needed = *count;
    model_image_visit(image, &needed, sizeof needed);
    if (image->error == 0 && image->loading && needed > *room) {
        void *grown = realloc(entries, needed * size);
        if (grown == NULL) {
            image->error = SIM_E_MEMORY;
            return entries;
        }
        entries = grown;
        *room = needed;
    }
    if (image->error == 0)
        *count = needed;
    model_image_visit(image, entries, *count * size);
    return entries;
}

static int event_order(const void *a, const void *b)
{
    const sim_event *x = a, *y = b;
    return sim_event_before(*x, *y) ? -1 : sim_event_before(*y, *x);
}

/* How events stand in the heap depends on when messages came, that is on where a run was stopped. Sorted they are a
 * heap too. */
static void sort_events(sim_event_queue *queue)
{
    sim_event_settle(queue);
    if (queue->count > 1)
        qsort(queue->heap, queue->count, sizeof *queue->heap, event_order);
}

static void visit_processes(model_world *world, image_t *image)
{
    sim_kernel *kernel = &world->kernel;
    model_image_visit(image, &kernel->now, sizeof kernel->now);
    model_image_visit(image, &kernel->next_control, sizeof kernel->next_control);
    model_image_visit(image, &world->accounted, sizeof world->accounted);
    model_image_visit(image, world->area_before,
                      (size_t)world->setup->place_count * MODEL_STATES * sizeof *world->area_before);
    for (uint32_t i = 0; i < kernel->process_count && image->error == 0; i++) {
        sim_process *process = &kernel->processes[i];
        if (!image->loading)
            sort_events(&process->queue);
        uint32_t count = process->queue.count;
        model_image_visit(image, &process->now, sizeof process->now);
        model_image_visit(image, &process->handled, sizeof process->handled);
        model_image_visit(image, &process->queue.slot, sizeof process->queue.slot);
        model_image_visit(image, &count, sizeof count);
        if (image->error == 0 && image->loading)
            image->error = sim_event_queue_reserve(&process->queue, count);
        process->queue.count = count;
        model_image_visit(image, process->queue.heap, count * sizeof *process->queue.heap);
    }
}

static void visit_network(model_world *world, image_t *image)
{
    sim_network *network = &world->network;
    model_image_visit(image, network->stations, network->station_count * sizeof *network->stations);
    model_image_visit(image, network->areas, network->area_count * sizeof *network->areas);
    model_image_visit(image, network->customers, network->customer_count * network->stride);
    for (uint32_t i = 0; i < network->process_count && image->error == 0; i++) {
        sim_timers *timers = &network->timers[i];
        model_image_visit(image, &timers->free, sizeof timers->free);
        timers->slots =
            model_image_visit_list(image, timers->slots, &timers->count, &timers->room, sizeof *timers->slots);
    }
}

/* What it has recorded until now; all of it lies in the recorder. */
static void visit_recorder(model_world *world, image_t *image)
{
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        sim_recorder_part *part = &world->recorder.parts[kind];
        model_image_visit(image, part->blocks, (size_t)part->owners * part->stride * sizeof *part->blocks);
        model_image_visit(image, part->series,
                          (size_t)world->recorder.bins * part->owners * part->columns * sizeof *part->series);
        model_image_visit(image, part->buckets,
                          (size_t)part->owners * part->histograms * SIM_HISTOGRAM_SIZE * sizeof *part->buckets);
    }
}

static void visit_journeys(model_world *world, image_t *image)
{
    for (uint32_t i = 0; world->journeys != NULL && i < world->setup->process_count && image->error == 0; i++) {
        model_journeys *journeys = &world->journeys[i];
        size_t count = journeys->count;
        model_image_visit(image, &count, sizeof count);
        if (image->loading && count > journeys->room) {
            model_journey *rows = realloc(journeys->rows, count * sizeof *rows);
            if (rows == NULL) {
                image->error = SIM_E_MEMORY;
                return;
            }
            journeys->rows = rows;
            journeys->room = count;
        }
        journeys->count = count;
        model_image_visit(image, journeys->rows, count * sizeof *journeys->rows);
    }
}

static void visit_all(model_world *world, image_t *image)
{
    visit_processes(world, image);
    visit_network(world, image);
    visit_recorder(world, image);
    visit_journeys(world, image);
    model_board_visit(world, image);
    for (size_t i = 0; i < world->setup->used_count; i++) {
        model_state_visit(world, world->setup->used[i], world->setup->used_slots[i], image);
        if (world->setup->used[i]->visit != NULL)
            world->setup->used[i]->visit(world, image);
    }
}

static header header_of(const model_world *world)
{
    header h = {.seed = world->rng.seed,
                .replication = world->rng.replication,
                .groups = world->group_count,
                .people = world->person_count,
                .stations = world->setup->station_count,
                .places = world->setup->place_count,
                .sites = world->setup->site_count,
                .bins = world->recorder.bins,
                .end = (uint64_t)world->setup->end};
    memcpy(h.magic, magic, sizeof magic);
    return h;
}

/* FNV-1a, 64 bits, over 8-byte words and the rest: enough to notice damage. */
static uint64_t checksum(const unsigned char *bytes, size_t size)
{
    uint64_t sum = UINT64_C(14695981039346656037);
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        sum = (sum ^ word) * UINT64_C(1099511628211);
        sum ^= sum >> 29;
    }
    for (; at < size; at++)
        sum = (sum ^ bytes[at]) * UINT64_C(1099511628211);
    return sum;
}

typedef void visit_parts(model_world *world, image_t *image);

static int save(model_world *world, header h, visit_parts *visit, unsigned char **bytes, size_t *size)
{
    image_t image = {.loading = false};
    model_image_visit(&image, &h, sizeof h);
    visit(world, &image);
    uint64_t sum = checksum(image.bytes, image.at);
    model_image_visit(&image, &sum, sizeof sum);
    if (image.error != 0) {
        free(image.bytes);
        return image.error;
    }
    *bytes = image.bytes;
    *size = image.at;
    return 0;
}

static int restore(model_world *world, header expected, visit_parts *visit, const unsigned char *bytes, size_t size)
{
    header found;
    uint64_t sum;
    if (size < sizeof found + sizeof sum)
        return SIM_E_FORMAT;
    memcpy(&found, bytes, sizeof found);
    memcpy(&sum, bytes + size - sizeof sum, sizeof sum);
    if (memcmp(&found, &expected, sizeof found) != 0 || sum != checksum(bytes, size - sizeof sum))
        return SIM_E_FORMAT;
    /* the bytes are only read while loading */
    image_t image = {
        .loading = true, .bytes = (unsigned char *)(uintptr_t)bytes, .at = sizeof found, .size = size - sizeof sum};
    visit(world, &image);
    if (image.error == 0 && image.at != image.size)
        return SIM_E_FORMAT;
    return image.error;
}

int model_world_save(model_world *world, unsigned char **bytes, size_t *size)
{
    return save(world, header_of(world), visit_all, bytes, size);
}

int model_world_restore(model_world *world, const unsigned char *bytes, size_t size)
{
    return restore(world, header_of(world), visit_all, bytes, size);
}

/* --- records alone --- */

static void visit_records(model_world *world, image_t *image)
{
    visit_recorder(world, image);
    visit_journeys(world, image);
    for (size_t i = 0; i < world->setup->used_count; i++)
        if (world->setup->used[i]->visit_records != NULL)
            world->setup->used[i]->visit_records(world, image);
}

/* The shape of what is recorded; who is on the way does not count. */
static header records_header(const model_world *world)
{
    header h = header_of(world);
    h.groups = h.people = 0;
    memcpy(h.magic, "hbmrec1", sizeof h.magic);
    return h;
}

int model_world_save_records(model_world *world, unsigned char **bytes, size_t *size)
{
    return save(world, records_header(world), visit_records, bytes, size);
}

int model_world_restore_records(model_world *world, const unsigned char *bytes, size_t size)
{
    return restore(world, records_header(world), visit_records, bytes, size);
}
