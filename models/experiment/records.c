/* Tasks that bring all that they record: packed where they are run, added to an outcome in the order of the list. */
#include <stdlib.h>
#include <string.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

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
    int ret = experiment_records_unpack(payload, size, &bytes, &length);
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
