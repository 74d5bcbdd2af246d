/* The orders of a replication: those of a set time are laid down when its world is built, those of rules are given and
 * taken back on the way. Each giving is a row of the log, from which a run can be replayed (replay.c). */
#include "models/plans/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

const char *const model_order_outcome_names[MODEL_ORDER_OUTCOMES] = {"done", "withdrawn", "not paid", "not agreed",
                                                                     "pending"};

enum { NO_ROW = UINT32_MAX };

MODEL_PART(timeline)

int model_orders_build(model_world *world)
{
    const model_setup *setup = world->setup;
    struct timeline_world *t = own_world(world);
    t->row_of = malloc((setup->order_count + 1) * sizeof *t->row_of);
    t->times = calloc((size_t)setup->order_count + 1, sizeof *t->times);
    world->order_begin = malloc((setup->order_count + 1) * sizeof *world->order_begin);
    world->order_end = malloc((setup->order_count + 1) * sizeof *world->order_end);
    if (t->row_of == NULL || t->times == NULL || world->order_begin == NULL || world->order_end == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        t->row_of[i] = NO_ROW;
        world->order_begin[i] = setup->orders[i].begin;
        world->order_end[i] = setup->orders[i].end;
    }
    return 0;
}

void model_orders_demolish(model_world *world)
{
    if (own_world(world) != NULL) {
        free(own_world(world)->rows);
        free(own_world(world)->row_of);
        free(own_world(world)->times);
    }
    free(world->order_begin);
    free(world->order_end);
}

/* --- the log --- */

static int reserve(struct timeline_world *t, uint32_t room)
{
    if (room <= t->room)
        return 0;
    room = room < 16 ? 16 : room + room / 2;
    model_order_row *rows = realloc(t->rows, room * sizeof *rows);
    if (rows == NULL)
        return SIM_E_MEMORY;
    t->rows = rows;
    t->room = room;
    return 0;
}

static int add_row(struct timeline_world *t, uint32_t order, sim_time given)
{
    int ret = t->count == UINT32_MAX - 1 ? SIM_E_LIMIT : reserve(t, t->count + 1);
    if (ret != 0)
        return ret;
    t->row_of[order] = t->count;
    t->rows[t->count++] = (model_order_row){given, SIM_FOREVER, SIM_FOREVER, order, MODEL_ORDER_PENDING};
    return 0;
}

/* At the first control instant it is known which orders of set times have been agreed to. */
static int begin_log(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    struct timeline_world *t = own_world(world);
    int ret = 0;
    t->begun = true;
    for (uint32_t i = 0; i < setup->order_count && ret == 0; i++) {
        if (setup->orders[i].rule != MODEL_NONE)
            continue;
        ret = add_row(t, i, setup->orders[i].given);
        if (ret == 0 && world->order_begin[i] == SIM_FOREVER)
            t->rows[t->row_of[i]].outcome = MODEL_ORDER_NOT_AGREED;
        else if (ret == 0 && world->order_begin[i] < now) { /* a branch begins in the middle */
            t->rows[t->row_of[i]].effect = world->order_begin[i];
            t->rows[t->row_of[i]].outcome = MODEL_ORDER_DONE;
        }
    }
    return ret;
}

static void note_effect(const model_world *world, uint32_t order, model_order_outcome outcome, sim_time now)
{
    model_order_row *row = &own_world(world)->rows[own_world(world)->row_of[order]];
    row->outcome = outcome;
    if (outcome == MODEL_ORDER_DONE)
        row->effect = now;
}

const model_order_row *model_order_log(const model_world *world, size_t *count)
{
    *count = own_world(world)->count;
    return own_world(world)->rows;
}

void model_order_text(const model_order *order, char *text, size_t size)
{
    snprintf(text, size, "%s%s%s%s%s", order->kind->name, order->target[0] == '\0' ? "" : " ", order->target,
             order->text[0] == '\0' ? "" : ": ", order->text);
}

sim_time model_order_since(const model_world *world, const model_order *order, sim_time at)
{
    if (model_order_is_in_force(world, order, at))
        return world->order_begin[order->index];
    const struct timeline_world *t = own_world(world);
    for (uint32_t i = t->count; order->rule != MODEL_NONE && i-- > 0;)
        if (t->rows[i].order == order->index && t->rows[i].effect <= at && at < t->rows[i].end)
            return t->rows[i].effect;
    return SIM_FOREVER;
}

/* --- orders of rules --- */

int model_order_give(model_world *world, uint32_t index, sim_time now)
{
    const model_order *order = &world->setup->orders[index];
    struct timeline_world *t = own_world(world);
    sim_time *begin = &world->order_begin[index], *end = &world->order_end[index];
    if (*begin != SIM_FOREVER && *end > now)
        return 0; /* on its way or in force, by its duration */
    int ret = add_row(t, index, now);
    if (ret != 0)
        return ret;
    *begin = now + order->lead;
    *end = order->duration == SIM_FOREVER ? SIM_FOREVER : *begin + order->duration;
    if (!model_agreement_ask(world, index, t->times[index]++, now, begin, end)) {
        *begin = *end = SIM_FOREVER;
        t->rows[t->row_of[index]].outcome = MODEL_ORDER_NOT_AGREED;
    }
    return 1;
}

bool model_order_recall(model_world *world, uint32_t index, sim_time now)
{
    struct timeline_world *t = own_world(world);
    sim_time *begin = &world->order_begin[index], *end = &world->order_end[index];
    if (t->row_of[index] == NO_ROW)
        return false;
    model_order_row *row = &t->rows[t->row_of[index]];
    bool pending = *begin != SIM_FOREVER && *begin >= now,
         undecided = row->outcome == MODEL_ORDER_NOT_AGREED && model_agreement_withdraw(world, index, now);
    if (pending || undecided) {
        model_agreement_withdraw(world, index, now);
        *begin = *end = SIM_FOREVER;
        row->outcome = MODEL_ORDER_WITHDRAWN;
        row->end = now;
        return true;
    }
    if (*begin != SIM_FOREVER && *end == SIM_FOREVER)
        *end = now;
    return false;
}

/* --- running --- */

/* The first instant after `now` at which an order begins, ends or has prepared a procedure. */
static sim_time next_after(model_world *world, sim_time now)
{
    sim_time next = model_timeline_end_leads(world, now, false);
    for (uint32_t i = 0; i < world->setup->order_count; i++) {
        if (world->order_begin[i] > now && world->order_begin[i] < next)
            next = world->order_begin[i];
        if (world->order_end[i] > now && world->order_end[i] < next)
            next = world->order_end[i];
    }
    return next;
}

/* Orders that begin or end now take effect, ends first, each in the order written; returns when the next one does. */
sim_time model_orders_control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    int ret = own_world(world)->begun ? 0 : begin_log(world, now);
    if (ret != 0)
        return ret;
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (world->order_end[i] == now && world->order_begin[i] < now) {
            setup->orders[i].kind->apply(world, &setup->orders[i], false, now);
            own_world(world)->rows[own_world(world)->row_of[i]].end = now;
        }
    for (uint32_t i = 0; i < setup->order_count; i++) {
        if (world->order_begin[i] != now)
            continue;
        bool paid = model_cost_pay(world, &setup->orders[i]);
        note_effect(world, i, paid ? MODEL_ORDER_DONE : MODEL_ORDER_NOT_PAID, now);
        if (paid)
            setup->orders[i].kind->apply(world, &setup->orders[i], true, now);
        else
            world->order_begin[i] = world->order_end[i] = SIM_FOREVER;
    }
    model_timeline_end_leads(world, now, true);
    return next_after(world, now);
}

/* --- saving --- */

void model_order_log_visit(model_world *world, struct model_image *image)
{
    int ret = own_world(world) == NULL ? model_orders_build(world) : 0; /* a world that has records only */
    uint32_t count = ret == 0 ? own_world(world)->count : 0;
    model_image_visit(image, &count, sizeof count);
    if (ret == 0 && model_image_is_loading(image))
        ret = reserve(own_world(world), count);
    if (ret != 0) {
        model_image_fail(image, ret);
        return;
    }
    own_world(world)->count = count;
    model_image_visit(image, own_world(world)->rows, count * sizeof *own_world(world)->rows);
}

static void visit_log(model_world *world, struct model_image *image, bool mine)
{
    struct timeline_world *t = own_world(world);
    model_image_visit(image, &t->begun, sizeof t->begun);
    model_order_log_visit(world, image);
    if (!model_image_is_loading(image))
        return;
    for (uint32_t i = 0; i < t->count && mine; i++) {
        const model_order_row *row = &t->rows[i];
        mine = row->order < world->setup->order_count;
        const model_order *order = mine ? &world->setup->orders[row->order] : NULL;
        mine = mine && (order->rule != MODEL_NONE || order->given == row->given);
        if (mine)
            t->row_of[row->order] = i;
    }
    if (mine)
        return;
    t->begun = false; /* another world's log: this branch's begins anew */
    t->count = 0;
    for (uint32_t i = 0; i < world->setup->order_count; i++)
        t->row_of[i] = NO_ROW;
}

/* Orders that were not paid stay so, and those of rules as they stand. A branch may have other orders, and sooner, than
 * the world whose image it takes: then those of its own hold. */
void model_orders_visit(model_world *world, struct model_image *image)
{
    uint32_t count = world->setup->order_count;
    model_image_visit(image, &count, sizeof count);
    bool mine = count == world->setup->order_count;
    for (uint32_t i = 0; i < count; i++) {
        bool known = i < world->setup->order_count;
        sim_time begin = known ? world->order_begin[i] : 0, end = known ? world->order_end[i] : 0;
        uint32_t times = known ? own_world(world)->times[i] : 0;
        model_image_visit(image, &begin, sizeof begin);
        model_image_visit(image, &end, sizeof end);
        model_image_visit(image, &times, sizeof times);
        if (!mine || (world->setup->orders[i].rule == MODEL_NONE && begin != SIM_FOREVER))
            continue;
        world->order_begin[i] = begin;
        world->order_end[i] = end;
        own_world(world)->times[i] = times;
    }
    visit_log(world, image, mine);
    sim_time next = next_after(world, world->kernel.now);
    if (next < world->kernel.next_control)
        world->kernel.next_control = next;
}
