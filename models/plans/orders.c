/* The orders of a replication: those of a set time are laid down when its world is built, those of rules are given and
 * taken back on the way, and others come from outside. Each giving is a row of the log, from which a run can be
 * replayed (replay.c). */
#include "models/plans/orders.h"

#include <stdlib.h>

#include "sim/base/error.h"

const char *const model_order_outcome_names[MODEL_ORDER_OUTCOMES] = {"done", "withdrawn", "not paid", "not agreed",
                                                                     "pending"};

/* --- the log --- */

static void add_row(model_order_book *t, uint32_t order, sim_time given)
{
    t->row_of[order] = t->count;
    t->rows[t->count++] = (model_order_row){given, SIM_FOREVER, SIM_FOREVER, order, MODEL_ORDER_PENDING};
}

int model_orders_begin_log(model_world *world)
{
    const model_setup *setup = world->setup;
    model_order_book *t = world->book;
    int ret = t->begun ? 0 : model_orders_reserve(world, world->order_count, t->count + setup->order_count);
    if (ret != 0 || t->begun)
        return ret;
    t->begun = true;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        if (setup->orders[i].rule != MODEL_NONE)
            continue;
        add_row(t, i, setup->orders[i].given);
        if (world->order_begin[i] == SIM_FOREVER)
            t->rows[t->row_of[i]].outcome = MODEL_ORDER_NOT_AGREED;
    }
    return 0;
}

static void note_effect(const model_world *world, uint32_t order, model_order_outcome outcome, sim_time now)
{
    model_order_row *row = &world->book->rows[world->book->row_of[order]];
    row->outcome = outcome;
    if (outcome == MODEL_ORDER_DONE)
        row->effect = now;
}

/* --- giving and taking back --- */

static bool ask(model_world *world, const model_order *order, sim_time now)
{
    sim_time *begin = &world->order_begin[order->index], *end = &world->order_end[order->index];
    bool agreed = true;
    for (size_t i = 0; i < world->setup->used_count; i++)
        if (world->setup->used[i]->asks != NULL)
            agreed = world->setup->used[i]->asks(world, order, now, begin, end) && agreed;
    return agreed;
}

static bool withdraw(model_world *world, const model_order *order, sim_time now)
{
    bool was_to_come = false;
    for (size_t i = 0; i < world->setup->used_count; i++)
        if (world->setup->used[i]->withdraws != NULL)
            was_to_come = world->setup->used[i]->withdraws(world, order, now) || was_to_come;
    return was_to_come;
}

static bool pay(model_world *world, const model_order *order)
{
    for (size_t i = 0; i < world->setup->used_count; i++)
        if (world->setup->used[i]->pays != NULL && !world->setup->used[i]->pays(world, order))
            return false;
    return true;
}

/* It is given now; there is room for its row. */
static void give(model_world *world, const model_order *order, sim_time begin, sim_time now)
{
    uint32_t i = order->index;
    add_row(world->book, i, now);
    world->order_begin[i] = begin;
    world->order_end[i] = order->duration == SIM_FOREVER ? SIM_FOREVER : begin + order->duration;
    if (ask(world, order, now))
        return;
    world->order_begin[i] = world->order_end[i] = SIM_FOREVER;
    world->book->rows[world->book->row_of[i]].outcome = MODEL_ORDER_NOT_AGREED;
}

int model_order_give(model_world *world, uint32_t index, sim_time now)
{
    const model_order *order = world->orders[index];
    if (order->inherited || (world->order_begin[index] != SIM_FOREVER && world->order_end[index] > now))
        return 0; /* on its way or in force, by its duration; or of another plan than the one that holds now */
    int ret = model_orders_reserve(world, world->order_count, world->book->count + 1);
    if (ret != 0)
        return ret;
    give(world, order, now + order->lead, now);
    return 1;
}

int model_order_add(model_world *world, model_order *order, const char *giver)
{
    sim_time now = world->kernel.now;
    bool is_over = model_orders_done(world) == now;
    model_order_book *t = world->book;
    if (now >= world->setup->end)
        return SIM_E_LIMIT;
    int ret = model_orders_begin_log(world);
    if (ret == 0)
        ret = model_orders_reserve(world, world->order_count + 1, t->count + 1);
    if (ret == 0)
        ret = model_order_describe(world->setup, order, giver);
    model_order *own = ret == 0 ? malloc(sizeof *own) : NULL;
    if (own == NULL)
        return ret == 0 ? SIM_E_MEMORY : ret;
    *own = *order;
    *order = (model_order){0};
    own->given = now;
    model_orders_append(world, own);
    give(world, own, is_over && own->lead == 0 ? now + 1 : now + own->lead, now);
    sim_time next = model_orders_next(world, is_over ? now + 1 : now);
    if (next < world->kernel.next_control)
        world->kernel.next_control = next;
    return 0;
}

bool model_order_recall(model_world *world, uint32_t index, sim_time now)
{
    model_order_book *t = world->book;
    sim_time *begin = &world->order_begin[index], *end = &world->order_end[index];
    if (t->row_of[index] == MODEL_NO_ROW)
        return false;
    model_order_row *row = &t->rows[t->row_of[index]];
    bool pending = *begin != SIM_FOREVER && *begin >= now,
         undecided = row->outcome == MODEL_ORDER_NOT_AGREED && withdraw(world, world->orders[index], now);
    if (pending || undecided) {
        withdraw(world, world->orders[index], now);
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

/* What orders do later than they take effect: what is due now, where `act` says so; and the first such instant after
 * now. */
static sim_time follow(model_world *world, sim_time now, bool act)
{
    sim_time next = SIM_FOREVER;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        sim_time at = order->kind->follow == NULL ? SIM_FOREVER : order->kind->follow(world, order, now, act);
        next = at < next ? at : next;
    }
    return next;
}

sim_time model_orders_next(model_world *world, sim_time from)
{
    sim_time next = follow(world, from - 1, false);
    for (uint32_t i = 0; i < world->order_count; i++) {
        if (world->order_begin[i] >= from && world->order_begin[i] < next)
            next = world->order_begin[i];
        if (world->order_end[i] >= from && world->order_end[i] < next)
            next = world->order_end[i];
    }
    return next;
}

/* Orders that begin or end now take effect, ends first, each in the order written; returns when the next one does. */
sim_time model_orders_control(model_world *world, sim_time now)
{
    int ret = model_orders_begin_log(world);
    if (ret != 0)
        return ret;
    for (uint32_t i = 0; i < world->order_count; i++)
        if (world->order_end[i] == now && world->order_begin[i] < now) {
            world->orders[i]->kind->apply(world, world->orders[i], false, now);
            world->book->rows[world->book->row_of[i]].end = now;
        }
    for (uint32_t i = 0; i < world->order_count; i++) {
        if (world->order_begin[i] != now)
            continue;
        bool paid = pay(world, world->orders[i]);
        note_effect(world, i, paid ? MODEL_ORDER_DONE : MODEL_ORDER_NOT_PAID, now);
        if (paid)
            world->orders[i]->kind->apply(world, world->orders[i], true, now);
        else
            world->order_begin[i] = world->order_end[i] = SIM_FOREVER;
    }
    follow(world, now, true);
    return model_orders_next(world, now + 1);
}
