/* Trigger rules, between what they see (rule_value.c) and what they decide (rules.c). */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "models/plans/orders.h"

typedef enum { RULE_SUM, RULE_HIGHEST, RULE_LOWEST } rule_combine;

typedef struct {
    const sim_metric *metric; /* NULL with reported_wait or reported_people */
    bool reported_people, reported_wait;
    rule_combine combine;
    uint32_t *targets; /* stations, places, agencies, 0 for the run; sites where it is reported */
    uint32_t target_count;
    uint32_t cells;         /* mask of those that are added up; at most 32 */
    uint32_t delay, window; /* control intervals; window 0: what is now */
    sim_time lasting;       /* it must be beyond the threshold for so long */
    bool falls;             /* a level is reached when the value falls */
    bool declared[MODEL_LEVELS];
    double enter[MODEL_LEVELS], leave[MODEL_LEVELS];
} rule_setup;

struct rules_setup {
    rule_setup *rules;
    uint32_t count;
};

/* What a target has come to so far: a level, a count, or a sum of durations with the number of them. */
typedef struct {
    int64_t sum, weight;
} rule_reading;

typedef struct {
    uint32_t metric;   /* of the recorder */
    uint32_t readings; /* of each target in the ring: delay + window + 1 */
    uint32_t targets;
    uint32_t now;                 /* the latest one */
    rule_reading *ring;           /* [reading][target] */
    rule_reading *shut;           /* of each target: in the bins that are over */
    sim_time since[MODEL_LEVELS]; /* beyond the threshold without a break; SIM_FOREVER: it is not */
    uint32_t level;
} rule_state;

struct rules_world {
    rule_state *states;
    model_level_row *log;
    uint32_t count, room;
    uint32_t level, given, withdrawn, reached[MODEL_LEVELS]; /* metrics */
};

MODEL_PART_AS(rules, rules)

/* Which targets and cells a rule means, and in what its thresholds are. What is wrong goes to diag; 0 or SIM_E_MEMORY.
 */
int model_rule_link(model_setup *setup, const sim_config *config, uint32_t rule, sim_diag *diag);
int model_rule_build(const model_world *world, uint32_t rule);
/* Takes a reading, at a control interval's end. */
void model_rule_read(const model_world *world, uint32_t rule, sim_time now);
/* The value that is known now; false: nothing is. */
bool model_rule_value(const model_world *world, uint32_t rule, sim_time now, double *value);

uint32_t model_rules_count(const model_setup *setup);
/* Whether the rule declares the level (1 ...). */
bool model_rules_have(const sim_config *config, size_t rule, uint32_t level);

#endif
