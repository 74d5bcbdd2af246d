#include "models/core/ward.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

void model_ward_init(model_ward *ward, uint32_t capacity)
{
    *ward = (model_ward){.capacity = capacity};
}

void model_ward_free(model_ward *ward)
{
    free(ward->entries);
    ward->entries = NULL;
}

/* Makes room for `room` entries, those that wait moved to the front. */
static int reserve(model_ward *ward, uint32_t room)
{
    if (room <= ward->room)
        return 0;
    model_ward_entry *entries = malloc(room * sizeof *entries);
    if (entries == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < ward->waiting; i++)
        entries[i] = ward->entries[(ward->first + i) % ward->room];
    free(ward->entries);
    ward->entries = entries;
    ward->room = room;
    ward->first = 0;
    return 0;
}

bool model_ward_admit(model_ward *ward, sim_process *process, uint32_t person, sim_time now)
{
    if (ward->present < ward->capacity && ward->waiting == 0) {
        ward->present++;
        return true;
    }
    if (ward->waiting == ward->room && reserve(ward, ward->room + ward->room / 2 + 16) != 0) {
        process->queue.failed = true;
        return false;
    }
    ward->entries[(ward->first + ward->waiting++) % ward->room] = (model_ward_entry){person, 0, now};
    return false;
}

bool model_ward_next(model_ward *ward, uint32_t *person, sim_time *since)
{
    if (ward->waiting == 0 || ward->present >= ward->capacity)
        return false;
    *person = ward->entries[ward->first].person;
    *since = ward->entries[ward->first].since;
    ward->first = (ward->first + 1) % ward->room;
    ward->waiting--;
    ward->present++;
    return true;
}

void model_ward_leave(model_ward *ward)
{
    assert(ward->present > 0);
    ward->present--;
}

void model_ward_visit(model_ward *ward, struct model_image *image)
{
    uint32_t waiting = ward->waiting;
    model_image_visit(image, &ward->capacity, sizeof ward->capacity);
    model_image_visit(image, &ward->present, sizeof ward->present);
    model_image_visit(image, &waiting, sizeof waiting);
    if (model_image_is_loading(image)) {
        ward->first = ward->waiting = 0;
        if (reserve(ward, waiting) != 0) {
            model_image_fail(image, SIM_E_MEMORY);
            return;
        }
        ward->waiting = waiting;
    }
    for (uint32_t i = 0; i < waiting; i++)
        model_image_visit(image, &ward->entries[(ward->first + i) % ward->room], sizeof *ward->entries);
}
