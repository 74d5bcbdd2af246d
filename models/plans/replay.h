/* The log of orders in the results, and its way back: a run in which rules decide nothing, but what they decided in an
 * earlier one is done again. */
#ifndef MODEL_REPLAY_H
#define MODEL_REPLAY_H

#include "models/plans/orders.h"
#include "sim/result/result.h"

/* Keeps the log of a replication that is being added; writes those of all as the group `orders`. (outcome.c) */
struct model_order_logs;
int model_order_logs_add(struct model_order_logs **logs, const model_world *world, size_t replication);
int model_order_logs_write(const struct model_order_logs *logs, const model_setup *setup, sim_result *result);
void model_order_logs_free(struct model_order_logs *logs);

typedef struct model_replay model_replay;

/* Reads the decisions of rules in `results`, a run of the same scenario, plan, seed and replications. SIM_E_FORMAT with
 * a line in `why`: the log does not fit the scenario. Free with model_replay_free. */
int model_replay_new(model_replay **out, const model_setup *setup, const sim_result *results, size_t replications,
                     char *why, size_t size);
void model_replay_free(model_replay *replay);
/* For world->replay, once the world is built. */
const model_decisions *model_replay_of(const model_replay *replay, size_t replication);

#endif
