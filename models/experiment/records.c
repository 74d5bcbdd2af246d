/* Tasks that bring all that they record: packed small where they are run, added to an outcome in the order of the list.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

/* Most of what is recorded is zeros, of which runs are short to say: level 1 with Z_RLE is the fastest that zlib has,
 * and here the smallest. */
static int deflate_all(unsigned char *from, size_t size, unsigned char **to, size_t *packed)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, 15, 9, Z_RLE) != Z_OK)
        return SIM_E_MEMORY;
    size_t room = deflateBound(&z, size);
    *to = malloc(room);
    if (*to == NULL || size > UINT32_MAX || room > UINT32_MAX) {
        (void)deflateEnd(&z);
        return *to == NULL ? SIM_E_MEMORY : SIM_E_LIMIT;
    }
    z.next_in = from;
    z.avail_in = (unsigned)size;
    z.next_out = *to;
    z.avail_out = (unsigned)room;
    int done = deflate(&z, Z_FINISH);
    *packed = z.total_out;
    (void)deflateEnd(&z);
    return done == Z_STREAM_END ? 0 : SIM_E_LIMIT;
}

/* The payload: the size in eight bytes, then what zlib makes of it; or, with a mark on the size, the bytes as they are:
 * what neither is kept nor sent need not be small. */
#define AS_IT_IS (UINT64_C(1) << 63)

int experiment_records_pack(const model_experiment *x, model_world *world, experiment_finding *finding)
{
    bool small = x->options.journal != NULL || x->options.ranks != NULL;
    unsigned char *bytes = NULL, *packed = NULL;
    size_t size = 0, packed_size = 0;
    uint64_t whole;
    int ret = model_world_save_records(world, &bytes, &size);
    if (ret == 0 && small)
        ret = deflate_all(bytes, size, &packed, &packed_size);
    if (!small) {
        packed = bytes;
        packed_size = size;
        bytes = NULL;
    }
    free(bytes);
    if (ret == 0) {
        whole = size | (small ? 0 : AS_IT_IS);
        finding->size = sizeof whole + packed_size;
        finding->payload = malloc(finding->size);
        ret = finding->payload == NULL ? SIM_E_MEMORY : 0;
    }
    if (ret == 0) {
        memcpy(finding->payload, &whole, sizeof whole);
        memcpy((unsigned char *)finding->payload + sizeof whole, packed, packed_size);
    }
    free(packed);
    return ret;
}

static int unpack(const unsigned char *payload, size_t size, unsigned char **bytes, size_t *length)
{
    uint64_t whole;
    *bytes = NULL;
    if (size < sizeof whole)
        return SIM_E_FORMAT;
    memcpy(&whole, payload, sizeof whole);
    bool as_it_is = (whole & AS_IT_IS) != 0;
    whole &= ~AS_IT_IS;
    if ((!as_it_is && whole > UINT32_MAX) || (as_it_is && whole != size - sizeof whole))
        return SIM_E_FORMAT;
    *bytes = malloc((size_t)whole + 1);
    if (*bytes == NULL)
        return SIM_E_MEMORY;
    if (as_it_is) {
        memcpy(*bytes, payload + sizeof whole, (size_t)whole);
        *length = (size_t)whole;
        return 0;
    }
    uLongf room = (uLongf)whole;
    int done = uncompress(*bytes, &room, payload + sizeof whole, (uLong)(size - sizeof whole));
    *length = room;
    return done == Z_OK && room == whole ? 0 : done == Z_MEM_ERROR ? SIM_E_MEMORY : SIM_E_FORMAT;
}

/* --- a list --- */

typedef struct {
    void *payload;
    size_t size;
} packet;

typedef struct {
    model_experiment *x;
    const model_task *tasks;
    size_t count, next; /* next: the first that has not been added */
    packet *packets;    /* of those that have come */
    model_experiment_add *add;
    void *context;
    bool enough;
} collection;

static int add_one(collection *c, size_t task, const void *payload, size_t size)
{
    const model_experiment *x = c->x;
    unsigned char *bytes = NULL;
    size_t length = 0;
    model_world world = {0};
    uint64_t replication = c->tasks[task].replication;
    int ret = unpack(payload, size, &bytes, &length);
    if (ret == 0)
        ret = model_world_init_records(&world, &x->setups[0], x->options.seed, replication,
                                       x->keep_journeys && replication == 0);
    if (ret == 0)
        ret = model_world_restore_records(&world, bytes, length);
    free(bytes);
    if (ret == 0)
        ret = c->add(c->context, &world);
    if (world.setup != NULL)
        model_world_free(&world);
    return ret;
}

/* Adds those whose turn it is. */
static int add_ready(collection *c)
{
    int ret = 0;
    while (ret == 0 && c->next < c->count && c->packets[c->next].payload != NULL) {
        packet *p = &c->packets[c->next];
        ret = add_one(c, c->next++, p->payload, p->size);
        free(p->payload);
        p->payload = NULL;
    }
    c->enough = c->enough || ret > 0;
    return ret > 0 ? EXPERIMENT_ENOUGH : ret;
}

static int take_packet(collection *c, size_t task, int status, const void *payload, size_t size)
{
    atomic_fetch_add(&c->x->finished, 1);
    if (status != 0) {
        size_t length = size < sizeof c->x->failure - 1 ? size : sizeof c->x->failure - 1;
        memcpy(c->x->failure, payload, length);
        c->x->failure[length] = '\0';
        return status;
    }
    if (c->enough)
        return EXPERIMENT_ENOUGH;
    void *copy = malloc(size + 1);
    if (copy == NULL)
        return SIM_E_MEMORY;
    memcpy(copy, payload, size);
    c->packets[task] = (packet){copy, size};
    return add_ready(c);
}

static int accept(void *context, size_t task, const experiment_finding *finding)
{
    collection *c = context;
    int ret = experiment_journal(c->x, &c->tasks[task], finding);
    return ret == 0 ? take_packet(c, task, finding->status, finding->payload, finding->size) : ret;
}

static int look_up(void *context, size_t task, int status, const void *payload, size_t size)
{
    return take_packet(context, task, status, payload, size);
}

int model_experiment_collect(model_experiment *x, const model_task *tasks, size_t count, bool keep_journeys,
                             model_experiment_add *add, void *context)
{
    collection c = {.x = x, .tasks = tasks, .count = count, .add = add, .context = context};
    x->whole = true;
    x->keep_journeys = keep_journeys;
    c.packets = calloc(count + 1, sizeof *c.packets);
    if (c.packets == NULL)
        return SIM_E_MEMORY;
    int ret = experiment_list(x, tasks, count, look_up, accept, &c);
    for (size_t i = 0; i < count; i++)
        free(c.packets[i].payload);
    free(c.packets);
    x->whole = false;
    return ret;
}
