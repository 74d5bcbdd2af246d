/* What orders come to together, for limits of what can be ordered. */
#ifndef MODEL_ORDER_LIMIT_H
#define MODEL_ORDER_LIMIT_H

#include "models/core/world.h"

/* Times that the order is aimed at the target. */
static inline uint32_t model_order_times_meant(const model_order *order, uint32_t target)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < order->target_count; i++)
        n += order->targets[i] == target;
    return n;
}

/* Whether `other` counts where `order` begins: of set times those in force then, it among them; of a rule, or given on
 * the way, it alone. */
static inline bool model_order_counts(const model_order *order, const model_order *other)
{
    if (order->rule != MODEL_NONE || order->own != NULL)
        return order == other;
    return other->rule == MODEL_NONE && other->begin <= order->begin && order->begin < other->end;
}

/* What orders of a kind bring to a target at the time when `order` begins. */
static inline int64_t model_orders_bring(const model_setup *setup, const model_order *order,
                                         const model_order_kind *kind, uint32_t target)
{
    if (order->own != NULL)
        return order->kind == kind ? (int64_t)order->number * model_order_times_meant(order, target) : 0;
    int64_t sum = 0;
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (setup->orders[i].kind == kind && model_order_counts(order, &setup->orders[i]))
            sum += (int64_t)setup->orders[i].number * model_order_times_meant(&setup->orders[i], target);
    return sum;
}

#endif
