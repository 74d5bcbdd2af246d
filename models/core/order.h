/* The book of a replication's orders. Models ask it by the functions of world.h; here is what those need who keep it
 * (plans/orders.c, plans/order_image.c) and who read its log. */
#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include "models/core/world.h"

/* One giving of an order. SIM_FOREVER: it never was, or not before the run's end. */
typedef struct {
    sim_time given, effect, end;
    uint32_t order; /* of world->orders */
    uint32_t outcome;
} model_order_row;

enum { MODEL_ORDER_TABLES = 8, MODEL_NO_ROW = UINT32_MAX };

typedef struct model_order_book {
    model_order_row *rows;
    uint32_t count, room;
    uint32_t *row_of; /* of each order: its latest row */
    uint32_t order_room;
    struct {
        size_t size;
        unsigned char *entries;
    } tables[MODEL_ORDER_TABLES];
    uint32_t table_count;
    bool begun; /* the rows of orders of set times are there */
} model_order_book;

int model_orders_build(model_world *world);
void model_orders_demolish(model_world *world);
/* Room for so many orders, and rows of the log. 0 or SIM_E_MEMORY. */
int model_orders_reserve(model_world *world, uint32_t orders, uint32_t rows);
/* Puts the order behind the others; it is the world's from now on. The room for it is there. */
void model_orders_append(model_world *world, model_order *order);
/* Takes away those that are not the setup's. */
void model_orders_forget(model_world *world);
/* The last instant at which all that orders had to do has been done: the present one, or the one before. */
sim_time model_orders_done(const model_world *world);
/* Frees what the order has. Safe after a failed reading. */
void model_order_free(model_order *order);

const model_order_row *model_order_log(const model_world *world, size_t *count);
/* Since when the order has been in force at `at`, which may be past: SIM_FOREVER if it was not. */
sim_time model_order_since(const model_world *world, const model_order *order, sim_time at);

#endif
