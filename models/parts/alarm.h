/* Alarms: for each group at most one number at which something is due, found without looking at all groups.
 *
 * A slot (a place, or a place and a kind of exposure) has the alarms of the groups that are there, as a binary heap
 * ordered by (number, group), so that what is found does not depend on when alarms were set. A group's alarm is in one
 * slot at a time. An alarm that is moved or taken away stays in the heap as an entry that does not hold any more (its
 * stamp is not the group's); such entries are thrown out, at control instants, when they are most of the heap. So
 * setting an alarm costs O(1) on average, taking it away O(1), and looking whether any is due O(1).
 *
 * A slot is touched by one process only, or at control instants; alarms are taken at control instants only. */
#ifndef MODEL_ALARM_H
#define MODEL_ALARM_H

#include "models/core/world.h"

typedef struct {
    double due;
    uint32_t group, stamp;
} model_alarm;

typedef struct {
    model_alarm *alarms; /* the heap */
    uint32_t count, room;
    uint32_t live; /* alarms that hold */
    uint32_t padding;
} model_alarm_slot;

/* Of a group; in one piece, since all of it is looked at together. */
typedef struct {
    double due;
    uint32_t slot;  /* MODEL_NONE: no alarm */
    uint32_t stamp; /* of its present alarm */
} model_alarm_state;

typedef struct {
    uint32_t slot_count;
    model_alarm_slot *slots;
    model_alarm_state *groups;
} model_alarms;

/* 0 or SIM_E_MEMORY; free is safe afterwards. */
int model_alarms_init(model_alarms *alarms, const model_world *world, uint32_t slots);
void model_alarms_free(model_alarms *alarms);
/* Sets the group's alarm in this slot, instead of the one it had. When memory runs out the process is marked as failed.
 */
void model_alarm_set(model_alarms *alarms, sim_process *process, uint32_t slot, uint32_t group, double due);
void model_alarm_clear(model_alarms *alarms, uint32_t group);
/* Takes away the slot's first alarm if it is due at `number` or before; returns its group, or MODEL_NONE. */
uint32_t model_alarm_take(model_alarms *alarms, uint32_t slot, double number);
/* For the owner's `visit`. */
void model_alarms_visit(model_alarms *alarms, const model_world *world, struct model_image *image);

#endif
