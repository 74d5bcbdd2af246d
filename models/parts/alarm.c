#include "models/parts/alarm.h"

#include <stdlib.h>

#include "sim/base/error.h"

int model_alarms_init(model_alarms *alarms, const model_world *world, uint32_t slots)
{
    *alarms = (model_alarms){.slot_count = slots};
    alarms->slots = calloc((size_t)slots + 1, sizeof *alarms->slots);
    alarms->groups = calloc((size_t)world->group_count + 1, sizeof *alarms->groups);
    if (alarms->slots == NULL || alarms->groups == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < world->group_count; i++)
        alarms->groups[i].slot = MODEL_NONE;
    return 0;
}

void model_alarms_free(model_alarms *alarms)
{
    for (uint32_t i = 0; alarms->slots != NULL && i < alarms->slot_count; i++)
        free(alarms->slots[i].alarms);
    free(alarms->slots);
    free(alarms->groups);
    *alarms = (model_alarms){0};
}

static bool is_before(const model_alarm *a, const model_alarm *b)
{
    return a->due < b->due || (a->due == b->due && a->group < b->group);
}

static void sift_up(model_alarm_slot *s, uint32_t at)
{
    model_alarm alarm = s->alarms[at];
    for (; at > 0 && is_before(&alarm, &s->alarms[(at - 1) / 2]); at = (at - 1) / 2)
        s->alarms[at] = s->alarms[(at - 1) / 2];
    s->alarms[at] = alarm;
}

static void sift_down(model_alarm_slot *s, uint32_t at)
{
    model_alarm alarm = s->alarms[at];
    for (uint32_t child = 2 * at + 1; child < s->count; child = 2 * at + 1) {
        if (child + 1 < s->count && is_before(&s->alarms[child + 1], &s->alarms[child]))
            child++;
        if (!is_before(&s->alarms[child], &alarm))
            break;
        s->alarms[at] = s->alarms[child];
        at = child;
    }
    s->alarms[at] = alarm;
}

static bool holds(const model_alarms *alarms, uint32_t slot, const model_alarm *alarm)
{
    return alarms->groups[alarm->group].slot == slot && alarms->groups[alarm->group].stamp == alarm->stamp;
}

void model_alarm_clear(model_alarms *alarms, uint32_t group)
{
    if (alarms->groups[group].slot == MODEL_NONE)
        return;
    alarms->slots[alarms->groups[group].slot].live--;
    alarms->groups[group].slot = MODEL_NONE;
}

void model_alarm_set(model_alarms *alarms, sim_process *process, uint32_t slot, uint32_t group, double due)
{
    model_alarm_slot *s = &alarms->slots[slot];
    if (alarms->groups[group].slot == slot && alarms->groups[group].due == due)
        return;
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
    alarms->groups[group].due = due;
    alarms->groups[group].slot = slot;
    s->alarms[s->count] = (model_alarm){due, group, ++alarms->groups[group].stamp};
    sift_up(s, s->count++);
    s->live++;
}

/* Throws out what does not hold any more. */
static void tidy(const model_alarms *alarms, uint32_t slot)
{
    model_alarm_slot *s = &alarms->slots[slot];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->count; i++)
        if (holds(alarms, slot, &s->alarms[i]))
            s->alarms[kept++] = s->alarms[i];
    s->count = kept;
    for (uint32_t i = kept / 2; i-- > 0;)
        sift_down(s, i);
}

uint32_t model_alarm_take(model_alarms *alarms, uint32_t slot, double number)
{
    model_alarm_slot *s = &alarms->slots[slot];
    if (s->count / 2 > s->live + 32)
        tidy(alarms, slot);
    while (s->count > 0 && s->alarms[0].due <= number) {
        model_alarm first = s->alarms[0];
        s->alarms[0] = s->alarms[--s->count];
        if (s->count > 0)
            sift_down(s, 0);
        if (holds(alarms, slot, &first)) {
            model_alarm_clear(alarms, first.group);
            return first.group;
        }
    }
    return MODEL_NONE;
}

/* Group by group, so that neither the order in the heaps nor what does not hold any more counts. */
void model_alarms_visit(model_alarms *alarms, const model_world *world, struct model_image *image)
{
    bool loading = model_image_is_loading(image);
    for (uint32_t i = 0; loading && i < alarms->slot_count; i++)
        alarms->slots[i].count = alarms->slots[i].live = 0;
    for (uint32_t i = 0; i < world->group_count; i++) {
        uint32_t slot = loading ? MODEL_NONE : alarms->groups[i].slot;
        double due = alarms->groups[i].due;
        sim_process nobody = {.queue = {.failed = false}};
        model_image_visit(image, &slot, sizeof slot);
        if (slot != MODEL_NONE)
            model_image_visit(image, &due, sizeof due);
        if (!loading)
            continue;
        alarms->groups[i].slot = MODEL_NONE;
        if (slot < alarms->slot_count)
            model_alarm_set(alarms, &nobody, slot, i, due);
        if (nobody.queue.failed)
            model_image_fail(image, SIM_E_MEMORY);
    }
}
