#include "models/exercise/session.h"

#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"

typedef struct {
    uint64_t id;
    sim_time at;
    unsigned char *bytes;
    size_t size;
} mark;

struct model_session {
    model_world *world;
    bool keep_journeys;
    mark marks[MODEL_SESSION_MARKS];
    size_t mark_count;
    uint64_t next_id;
};

/* --- opening and closing --- */

static void free_world(model_world *world)
{
    if (world != NULL)
        model_world_free(world);
    free(world);
}

int model_session_open(model_session **out, const model_setup *setup, uint64_t seed, uint64_t replication,
                       bool keep_journeys)
{
    model_session *session = calloc(1, sizeof *session);
    *out = NULL;
    if (session == NULL)
        return SIM_E_MEMORY;
    session->keep_journeys = keep_journeys;
    session->world = calloc(1, sizeof *session->world);
    int ret = session->world == NULL ? SIM_E_MEMORY
                                     : model_world_init(session->world, setup, seed, replication, keep_journeys);
    if (ret != 0) {
        model_session_close(session);
        return ret;
    }
    *out = session;
    return 0;
}

void model_session_close(model_session *session)
{
    if (session == NULL)
        return;
    for (size_t i = 0; i < session->mark_count; i++)
        free(session->marks[i].bytes);
    free_world(session->world);
    free(session);
}

model_world *model_session_world(model_session *session)
{
    return session->world;
}

sim_time model_session_now(const model_session *session)
{
    return session->world->kernel.now;
}

bool model_session_is_over(const model_session *session)
{
    return session->world->kernel.now >= session->world->setup->end;
}

/* --- advancing --- */

int model_session_advance(model_session *session, sim_time until, unsigned threads)
{
    model_world *world = session->world;
    if (until <= world->kernel.now)
        return 0;
    world->kernel.holds = until < world->setup->end;
    return model_world_run(world, until, threads);
}

int model_session_step(model_session *session, unsigned threads)
{
    sim_time interval = session->world->setup->control_interval;
    return model_session_advance(session, (session->world->kernel.now / interval + 1) * interval, threads);
}

/* --- orders --- */

int model_session_give(model_session *session, const char *text, unsigned by, const char *giver, sim_diag *diag)
{
    model_order order;
    int ret = model_order_read(session->world->setup, text, by, diag, &order);
    if (ret == 0)
        ret = model_order_add(session->world, &order, giver);
    model_order_free(&order);
    return ret;
}

size_t model_session_orders(const model_session *session)
{
    return session->world->order_count - session->world->setup->order_count;
}

const model_order *model_session_order(const model_session *session, size_t i)
{
    return session->world->orders[session->world->setup->order_count + i];
}

/* --- marks --- */

/* The one between the two that are closest to each other, by how long ago that is: of what is long past, fewer are
 * kept. The first and the last stay. */
static size_t least_needed(const model_session *session)
{
    size_t least = 1;
    double smallest = 0;
    for (size_t i = 1; i + 1 < session->mark_count; i++) {
        double apart = (double)llabs(session->marks[i + 1].at - session->marks[i - 1].at),
               ago = (double)llabs(session->world->kernel.now - session->marks[i].at) + (double)SIM_HOUR;
        if (i == 1 || apart / ago < smallest) {
            smallest = apart / ago;
            least = i;
        }
    }
    return least;
}

int model_session_mark(model_session *session, uint64_t *id)
{
    mark m = {.id = session->next_id + 1, .at = session->world->kernel.now};
    int ret = model_world_save(session->world, &m.bytes, &m.size);
    if (ret != 0)
        return ret;
    if (session->mark_count == MODEL_SESSION_MARKS) {
        size_t i = least_needed(session);
        free(session->marks[i].bytes);
        memmove(session->marks + i, session->marks + i + 1, (session->mark_count - i - 1) * sizeof m);
        session->mark_count--;
    }
    session->marks[session->mark_count++] = m;
    *id = ++session->next_id;
    return 0;
}

size_t model_session_marks(const model_session *session)
{
    return session->mark_count;
}

uint64_t model_session_mark_at(const model_session *session, size_t i, sim_time *at)
{
    *at = session->marks[i].at;
    return session->marks[i].id;
}

/* A world as it was at the mark, under this setup. */
static int restore(const model_session *session, uint64_t id, const model_setup *setup, model_world **out)
{
    const mark *found = NULL;
    for (size_t i = 0; i < session->mark_count; i++)
        if (session->marks[i].id == id)
            found = &session->marks[i];
    *out = NULL;
    if (found == NULL)
        return SIM_E_INPUT;
    const sim_rng *rng = &session->world->rng;
    model_world *world = calloc(1, sizeof *world);
    int ret = world == NULL ? SIM_E_MEMORY
                            : model_world_init(world, setup, rng->seed, rng->replication, session->keep_journeys);
    if (ret == 0)
        ret = model_world_restore(world, found->bytes, found->size);
    if (ret == 0)
        *out = world;
    else
        free_world(world);
    return ret;
}

int model_session_rewind(model_session *session, uint64_t id)
{
    model_world *world = NULL, *left = session->world;
    int ret = restore(session, id, left->setup, &world);
    if (ret != 0)
        return ret;
    world->watch = left->watch;
    world->watcher = left->watcher;
    world->replay = left->replay;
    session->world = world;
    free_world(left);
    return 0;
}

int model_session_branch(const model_session *session, uint64_t id, const model_setup *setup, model_session **out)
{
    model_session *branch = calloc(1, sizeof *branch);
    *out = NULL;
    if (branch == NULL)
        return SIM_E_MEMORY;
    branch->keep_journeys = session->keep_journeys;
    int ret = restore(session, id, setup == NULL ? session->world->setup : setup, &branch->world);
    if (ret == 0)
        *out = branch;
    else
        model_session_close(branch);
    return ret;
}
