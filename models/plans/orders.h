/* The orders of a replication: when each is given, takes effect and ends, and the log of it all. An order of a set time
 * is given once, one of a rule as often as the rule's level rises to it; while it is in force, or on its way, it is not
 * given again. Others are added from text while the run goes on.
 *
 * An order is known by what it says, who gave it and, of a set time, when: not by its number. So an image can be
 * restored into a world that has other orders too, and what was given before goes on there. */
#ifndef MODEL_ORDERS_H
#define MODEL_ORDERS_H

#include "models/core/order.h"

typedef enum {
    MODEL_ORDER_DONE,
    MODEL_ORDER_WITHDRAWN, /* before it took effect */
    MODEL_ORDER_NOT_PAID,
    MODEL_ORDER_NOT_AGREED,
    MODEL_ORDER_PENDING, /* it would have taken effect after the run's end */
    MODEL_ORDER_OUTCOMES
} model_order_outcome;
extern const char *const model_order_outcome_names[MODEL_ORDER_OUTCOMES];

/* A change of a rule's level, 0 for none. */
typedef struct {
    sim_time at;
    uint32_t rule, level;
} model_level_row;

/* What rules decided in an earlier run of the same replication, in the order of time. */
typedef enum { MODEL_DECISION_LEVEL, MODEL_DECISION_GIVE, MODEL_DECISION_RECALL } model_decision_kind;
typedef struct {
    sim_time at;
    uint32_t kind, index, level; /* index: rule or order */
} model_decision;
typedef struct model_decisions {
    const model_decision *rows;
    size_t count;
} model_decisions;

/* --- order_read.c --- */
/* Reads an order from text, an entry of a timeline without `at`, `rule`, `level` and `part`, which someone (one of
 * MODEL_BY_...) is to give: "{order: open_lanes, target: Bridge/entry, lanes: 2, duration: 6 h}". It is held to all
 * that an entry of the timeline is; what is wrong goes to diag, and SIM_E_INPUT is returned. Free with
 * model_order_free, also after a failure, unless a world has taken it. The setup is not changed, and must outlive the
 * order. */
int model_order_read(const model_setup *setup, const char *text, unsigned by, sim_diag *diag, model_order *order);

/* The orders of the timeline, into the setup. 0 or SIM_E_MEMORY. */
int model_orders_link(model_setup *setup, const sim_config *config, sim_diag *diag);

/* --- order_target.c --- */
/* Finds what the order's `target` means; what is wrong goes to diag. 0 or SIM_E_MEMORY. */
int model_order_find_targets(const model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag);

/* --- order_text.c --- */
/* Writes what the order says and who gives it into order->says and order->giver; `giver` NULL: as its rule or its file
 * has it. 0 or SIM_E_MEMORY. */
int model_order_describe(const model_setup *setup, model_order *order, const char *giver);
/* A line for readers: "open_lanes Bridge/entry". */
void model_order_text(const model_order *order, char *text, size_t size);

/* --- orders.c --- */
/* Gives an order now that was read (model_order_read), while the world stands still: between two runs, or in its
 * `watch`. It needs its lead time, its agreement and its money as any other, and takes effect at this instant at the
 * earliest, or right after it where this instant's control is over. `giver`: a name for the log. The world takes the
 * order (*order is emptied). 0, SIM_E_LIMIT (the run is over) or SIM_E_MEMORY; then nothing has happened. */
int model_order_add(model_world *world, model_order *order, const char *giver);
/* Gives an order of a rule, alone, at a control instant, before the timeline acts. 1, 0 where it is on its way or in
 * force already, or SIM_E_MEMORY. */
int model_order_give(model_world *world, uint32_t order, sim_time now);
/* Takes it back: withdrawn if it has not taken effect, undone if it is in force and has no duration of its own. True:
 * withdrawn. */
bool model_order_recall(model_world *world, uint32_t order, sim_time now);

/* What orders do at a control instant. */
sim_time model_orders_control(model_world *world, sim_time now);

/* The orders of set times get their rows, first of all. */
int model_orders_begin_log(model_world *world);
/* The first instant from `from` on at which an order begins, ends or does something else. */
sim_time model_orders_next(model_world *world, sim_time from);

/* --- order_image.c --- */
void model_orders_visit(model_world *world, struct model_image *image);
/* The rows of the log, saved or restored: also into a world that has records only (model_world_init_records). */
void model_order_log_visit(model_world *world, struct model_image *image);

/* --- rules.c --- */
const model_level_row *model_level_log(const model_world *world, size_t *count);

/* Whether "POST/SIDE/STATION" is meant by a pattern of one to three parts. */
bool model_station_is_meant(const char *pattern, const char *name);

#endif
