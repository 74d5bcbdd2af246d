/* The words of the domain: levels, modes, states of people, what money is spent on, grounds of refusal; and what the
 * cells of a metric are called that is split by one of them. */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/engine/metric.h"

struct model_setup;

enum {
    MODEL_LEVELS = 4,
    MODEL_MODES = 4,
    MODEL_TRAITS = 32,
    MODEL_CLASSES = 8,
    MODEL_SIDES = 2,
    MODEL_STAFF_POOLS = 64
};
#define MODEL_LEVEL_WORDS "watch partial full overwhelmed" /* of rules; 0: none of them */
#define MODEL_MODE_WORDS "foot car bus rail"
#define MODEL_NONE UINT32_MAX

/* Where a person can be; everyone who set out is in exactly one of these at one place. */
typedef enum {
    MODEL_TRAVELLING,  /* towards the place */
    MODEL_STRANDED,    /* no way on is open */
    MODEL_WAITING,     /* outside a post or in a queue */
    MODEL_IN_SERVICE,  /* at a desk of a post */
    MODEL_CROSSED,     /* and goes on nowhere that is simulated */
    MODEL_GAVE_UP,     /* lost patience and left, or was turned away */
    MODEL_REFUSED,     /* entry refused, and goes nowhere else */
    MODEL_IRREGULAR,   /* crossed at an informal crossing, and goes on nowhere that is simulated */
    MODEL_IN_THE_OPEN, /* before a centre that is full */
    MODEL_SHELTERED,   /* in a centre */
    MODEL_SETTLED,     /* at a destination, or through with a centre from which nobody goes on */
    MODEL_IN_CARE,     /* alone, taken out of the group for care or protection */
    MODEL_MISSING,     /* separated from the group */
    MODEL_DETAINED,
    MODEL_DIED,
    MODEL_STATES
} model_state;
extern const char *const model_state_names[MODEL_STATES];

/* What money is spent on. */
typedef enum {
    MODEL_COST_STAFF,
    MODEL_COST_OVERTIME,
    MODEL_COST_SURGE,
    MODEL_COST_EQUIPMENT,
    MODEL_COST_RELIEF,
    MODEL_COST_HEALTH,
    MODEL_COST_PROTECTION,
    MODEL_COST_TRANSPORT,
    MODEL_COST_RECEPTION,
    MODEL_COST_CUSTODY,
    MODEL_COST_STATUS,
    MODEL_COST_ENFORCEMENT,
    MODEL_ITEMS
} model_item;
extern const char *const model_item_names[MODEL_ITEMS];

/* Grounds on which entry is refused. */
typedef enum {
    MODEL_GROUND_DOCUMENT,
    MODEL_GROUND_VISA,
    MODEL_GROUND_BAN,
    MODEL_GROUND_HEALTH,
    MODEL_GROUND_QUOTA,
    MODEL_GROUND_OTHER,
    MODEL_GROUNDS
} model_ground;
extern const char *const model_ground_names[MODEL_GROUNDS];

/* Cells of a metric that is split so in this scenario, and the name of the i-th; "" without a split. */
size_t model_split_count(const struct model_setup *setup, sim_metric_by by);
const char *model_split_word(const struct model_setup *setup, sim_metric_by by, size_t i);

#endif
