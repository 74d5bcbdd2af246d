/* The book of a replication's orders: those of the setup and those that come on the way, when each is in force, what
 * models keep about each, and the log of their giving. What becomes of orders stands in plans/orders.c. */
#include "models/core/order.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

/* --- laying out --- */

static bool grow(void *array, size_t count, size_t size)
{
    void *larger = realloc(*(void **)array, count * size);
    if (larger != NULL)
        *(void **)array = larger;
    return larger != NULL;
}

static bool grow_tables(model_order_book *t, uint32_t room)
{
    for (uint32_t i = 0; i < t->table_count; i++) {
        size_t size = t->tables[i].size;
        if (!grow(&t->tables[i].entries, room, size))
            return false;
        memset(t->tables[i].entries + t->order_room * size, 0, (room - t->order_room) * size);
    }
    return true;
}

int model_orders_reserve(model_world *world, uint32_t orders, uint32_t rows)
{
    model_order_book *t = world->book;
    if (orders > UINT32_MAX / 2 || rows > UINT32_MAX / 2)
        return SIM_E_LIMIT;
    if (rows > t->room) {
        uint32_t room = rows < 16 ? 16 : rows + rows / 2;
        if (!grow(&t->rows, room, sizeof *t->rows))
            return SIM_E_MEMORY;
        t->room = room;
    }
    if (orders <= t->order_room)
        return 0;
    uint32_t room = orders + orders / 2;
    if (!grow(&world->orders, room, sizeof(model_order *)) ||
        !grow(&world->order_begin, room, sizeof *world->order_begin) ||
        !grow(&world->order_end, room, sizeof *world->order_end) || !grow(&t->row_of, room, sizeof *t->row_of) ||
        !grow_tables(t, room))
        return SIM_E_MEMORY;
    t->order_room = room;
    return 0;
}

int model_orders_build(model_world *world)
{
    const model_setup *setup = world->setup;
    world->book = calloc(1, sizeof *world->book);
    int ret = world->book == NULL ? SIM_E_MEMORY : model_orders_reserve(world, setup->order_count + 1, 0);
    for (uint32_t i = 0; i < setup->order_count && ret == 0; i++) {
        world->book->row_of[i] = MODEL_NO_ROW;
        world->orders[i] = &setup->orders[i];
        world->order_begin[i] = setup->orders[i].begin;
        world->order_end[i] = setup->orders[i].end;
        world->order_count++;
    }
    return ret;
}

void model_order_free(model_order *order)
{
    free(order->targets);
    free(order->says);
    free(order->giver);
    sim_config_free(order->own);
    *order = (model_order){0};
}

void model_orders_forget(model_world *world)
{
    for (; world->order_count > world->setup->order_count; world->order_count--) {
        model_order *order = (model_order *)(uintptr_t)world->orders[world->order_count - 1];
        model_order_free(order);
        free(order);
    }
}

void model_orders_demolish(model_world *world)
{
    model_order_book *t = world->book;
    if (t == NULL)
        return;
    model_orders_forget(world);
    for (uint32_t i = 0; i < t->table_count; i++)
        free(t->tables[i].entries);
    free(t->rows);
    free(t->row_of);
    free(t);
    free(world->orders);
    free(world->order_begin);
    free(world->order_end);
}

void model_orders_append(model_world *world, model_order *order)
{
    model_order_book *t = world->book;
    uint32_t i = order->index = world->order_count++;
    world->orders[i] = order;
    world->order_begin[i] = world->order_end[i] = SIM_FOREVER;
    t->row_of[i] = MODEL_NO_ROW;
    for (uint32_t k = 0; k < t->table_count; k++)
        memset(model_order_entry(world, k, i), 0, t->tables[k].size);
}

sim_time model_orders_done(const model_world *world)
{
    bool now = world->accounted == world->kernel.now && world->kernel.next_control > world->kernel.now;
    return now ? world->kernel.now : world->kernel.now - 1;
}

int model_order_table(model_world *world, size_t size, uint32_t *table)
{
    model_order_book *t = world->book;
    if (t->table_count == MODEL_ORDER_TABLES)
        return SIM_E_LIMIT;
    *table = t->table_count;
    t->tables[*table].entries = calloc(t->order_room, size);
    t->tables[*table].size = size;
    if (t->tables[*table].entries == NULL)
        return SIM_E_MEMORY;
    t->table_count++;
    return 0;
}

void *model_order_entry(const model_world *world, uint32_t table, uint32_t order)
{
    return world->book->tables[table].entries + order * world->book->tables[table].size;
}

/* --- what is in force --- */

bool model_order_means(const model_order *order, uint32_t target)
{
    for (uint32_t i = 0; i < order->target_count; i++)
        if (order->targets[i] == target)
            return true;
    return false;
}

const model_order_row *model_order_log(const model_world *world, size_t *count)
{
    *count = world->book->count;
    return world->book->rows;
}

sim_time model_order_since(const model_world *world, const model_order *order, sim_time at)
{
    if (model_order_is_in_force(world, order, at))
        return world->order_begin[order->index];
    const model_order_book *t = world->book;
    for (uint32_t i = t->count; order->rule != MODEL_NONE && i-- > 0;)
        if (t->rows[i].order == order->index && t->rows[i].effect <= at && at < t->rows[i].end)
            return t->rows[i].effect;
    return SIM_FOREVER;
}

const model_order *model_order_latest(const model_world *world, const model_order_kind *kind,
                                      const model_order_kind *other, uint32_t target, sim_time now)
{
    const model_order *latest = NULL;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        if ((order->kind == kind || order->kind == other) &&
            (latest == NULL || world->order_begin[i] >= world->order_begin[latest->index]) &&
            model_order_is_in_force(world, order, now) && model_order_means(order, target))
            latest = order;
    }
    return latest;
}
