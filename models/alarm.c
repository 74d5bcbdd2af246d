#include "models/alarm.h"

#include <stdlib.h>

#include "sim/error.h"

int model_alarms_init(model_alarms *alarms, const model_world *world, uint32_t slots)
{
    *alarms = (model_alarms){.slot_count = slots};
    alarms->slots = calloc((size_t)slots + 1, sizeof *alarms->slots);
    alarms->slot = malloc(((size_t)world->group_count + 1) * sizeof *alarms->slot);
    alarms->at = calloc((size_t)world->group_count + 1, sizeof *alarms->at);
    if (alarms->slots == NULL || alarms->slot == NULL || alarms->at == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < world->group_count; i++)
        alarms->slot[i] = MODEL_NONE;
    return 0;
}

void model_alarms_free(model_alarms *alarms)
{
    for (uint32_t i = 0; alarms->slots != NULL && i < alarms->slot_count; i++)
        free(alarms->slots[i].alarms);
    free(alarms->slots);
    free(alarms->slot);
    free(alarms->at);
    *alarms = (model_alarms){0};
}

static bool is_before(const model_alarm *a, const model_alarm *b)
{
    return a->due < b->due || (a->due == b->due && a->group < b->group);
}

static void put(model_alarms *alarms, model_alarm_slot *s, uint32_t at, const model_alarm *alarm)
{
    s->alarms[at] = *alarm;
    alarms->at[alarm->group] = at;
}

/* Moves the alarm at `at` to where it belongs. */
static void settle(model_alarms *alarms, model_alarm_slot *s, uint32_t at)
{
    model_alarm alarm = s->alarms[at];
    while (at > 0 && is_before(&alarm, &s->alarms[(at - 1) / 2])) {
        put(alarms, s, at, &s->alarms[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (uint32_t child = 2 * at + 1; child < s->count; child = 2 * at + 1) {
        if (child + 1 < s->count && is_before(&s->alarms[child + 1], &s->alarms[child]))
            child++;
        if (!is_before(&s->alarms[child], &alarm))
            break;
        put(alarms, s, at, &s->alarms[child]);
        at = child;
    }
    put(alarms, s, at, &alarm);
}

void model_alarm_clear(model_alarms *alarms, uint32_t group)
{
    if (alarms->slot[group] == MODEL_NONE)
        return;
    model_alarm_slot *s = &alarms->slots[alarms->slot[group]];
    uint32_t at = alarms->at[group];
    model_alarm last = s->alarms[--s->count];
    alarms->slot[group] = MODEL_NONE;
    if (last.group == group)
        return;
    put(alarms, s, at, &last);
    settle(alarms, s, at);
}

void model_alarm_set(model_alarms *alarms, sim_process *process, uint32_t slot, uint32_t group, double due)
{
    model_alarm_slot *s = &alarms->slots[slot];
    if (alarms->slot[group] == slot) {
        model_alarm *alarm = &s->alarms[alarms->at[group]];
        if (alarm->due == due)
            return;
        alarm->due = due;
        settle(alarms, s, alarms->at[group]);
        return;
    }
    model_alarm_clear(alarms, group);
    if (s->count == s->room) {
        uint32_t room = s->room + s->room / 2 + 64;
        model_alarm *grown = realloc(s->alarms, room * sizeof *grown);
        if (grown == NULL) {
            process->queue.failed = true;
            return;
        }
        s->alarms = grown;
        s->room = room;
    }
    alarms->slot[group] = slot;
    put(alarms, s, s->count, &(model_alarm){due, group, 0});
    settle(alarms, s, s->count++);
}

uint32_t model_alarm_take(model_alarms *alarms, uint32_t slot, double number)
{
    const model_alarm_slot *s = &alarms->slots[slot];
    if (s->count == 0 || s->alarms[0].due > number)
        return MODEL_NONE;
    uint32_t group = s->alarms[0].group;
    model_alarm_clear(alarms, group);
    return group;
}

/* Group by group, so that neither the order in the heaps nor what is left of alarms that are gone counts. */
void model_alarms_visit(model_alarms *alarms, const model_world *world, struct model_image *image)
{
    bool loading = model_image_is_loading(image);
    for (uint32_t i = 0; loading && i < alarms->slot_count; i++)
        alarms->slots[i].count = 0;
    for (uint32_t i = 0; i < world->group_count; i++) {
        uint32_t slot = loading ? MODEL_NONE : alarms->slot[i];
        double due = slot == MODEL_NONE ? 0 : alarms->slots[slot].alarms[alarms->at[i]].due;
        sim_process nobody = {.queue = {.failed = false}};
        model_image_visit(image, &slot, sizeof slot);
        if (slot != MODEL_NONE)
            model_image_visit(image, &due, sizeof due);
        if (!loading)
            continue;
        alarms->slot[i] = MODEL_NONE;
        if (slot < alarms->slot_count)
            model_alarm_set(alarms, &nobody, slot, i, due);
        if (nobody.queue.failed)
            model_image_fail(image, SIM_E_MEMORY);
    }
}
