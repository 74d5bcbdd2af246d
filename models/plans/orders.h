/* The orders of a replication: when each is given, takes effect and ends, and the log of it all. An order of a set time
 * is given once, one of a rule as often as the rule's level rises to it; while it is in force, or on its way, it is not
 * given again. */
#ifndef MODEL_ORDERS_H
#define MODEL_ORDERS_H

#include "models/core/world.h"

typedef enum {
    MODEL_ORDER_DONE,
    MODEL_ORDER_WITHDRAWN, /* before it took effect */
    MODEL_ORDER_NOT_PAID,
    MODEL_ORDER_NOT_AGREED,
    MODEL_ORDER_PENDING, /* it would have taken effect after the run's end */
    MODEL_ORDER_OUTCOMES
} model_order_outcome;
extern const char *const model_order_outcome_names[MODEL_ORDER_OUTCOMES];

/* One giving of an order. SIM_FOREVER: it never was, or not before the run's end. */
typedef struct {
    sim_time given, effect, end;
    uint32_t order; /* of setup->orders */
    uint32_t outcome;
} model_order_row;

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

/* Gives an order of a rule, alone, at a control instant, before the timeline acts. 1, 0 where it is on its way or in
 * force already, or SIM_E_MEMORY. */
int model_order_give(model_world *world, uint32_t order, sim_time now);
/* Takes it back: withdrawn if it has not taken effect, undone if it is in force and has no duration of its own. True:
 * withdrawn. */
bool model_order_recall(model_world *world, uint32_t order, sim_time now);
/* Since when the order has been in force at `at`, which may be past: SIM_FOREVER if it was not. */
sim_time model_order_since(const model_world *world, const model_order *order, sim_time at);
const model_order_row *model_order_log(const model_world *world, size_t *count);
/* The rows of the log, saved or restored: also into a world that has records only (model_world_init_records). */
void model_order_log_visit(model_world *world, struct model_image *image);
/* A line for readers: "open_lanes Bridge/entry". */
void model_order_text(const model_order *order, char *text, size_t size);

struct timeline_world {
    model_order_row *rows;
    uint32_t count, room;
    uint32_t *row_of; /* of each order: its latest row */
    uint32_t *times;  /* that it has been given */
    bool begun;       /* the rows of orders of set times are there */
};

/* The parts of the timeline that run. */
int model_orders_build(model_world *world);
void model_orders_demolish(model_world *world);
sim_time model_orders_control(model_world *world, sim_time now);
void model_orders_visit(model_world *world, struct model_image *image);

/* --- timeline.c --- */
/* Stations whose procedure's lead time ends now switch. Returns the next instant at which one ends. */
sim_time model_timeline_end_leads(model_world *world, sim_time now, bool act);

/* --- coordination.c --- */
/* Asks for the order's agreement, if it needs one, for the n-th time (0 the first); begin and end are shifted by the
 * delay. False: it will be refused. */
bool model_agreement_ask(model_world *world, uint32_t order, uint32_t n, sim_time now, sim_time *begin, sim_time *end);
/* The order is not wanted any more: an answer that has not come does not. False: it has come. */
bool model_agreement_withdraw(model_world *world, uint32_t order, sim_time now);

/* --- rules.c --- */
const model_level_row *model_level_log(const model_world *world, size_t *count);
/* As model_order_log_visit. */
void model_level_log_visit(model_world *world, struct model_image *image);

#endif
