#include "models/parts/ward.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

void model_ward_init(model_ward *ward, uint32_t capacity)
{
    *ward = (model_ward){.capacity = capacity};
}

void model_ward_free(void *entry)
{
    model_ward *ward = entry;
    free(ward->entries);
    ward->entries = NULL;
}

/* Makes room for `room` entries, enough for those that wait; they are moved to the front. */
static int lay_out(model_ward *ward, uint32_t room)
{
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
    if (ward->waiting == ward->room && lay_out(ward, ward->room + ward->room / 2 + 16) != 0) {
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

/* In the order in which they came: where the ring begins does not count. */
void model_ward_visit(void *entry, struct model_image *image)
{
    model_ward *ward = entry;
    if (ward->first != 0 && lay_out(ward, ward->room) != 0) {
        model_image_fail(image, SIM_E_MEMORY);
        return;
    }
    model_image_visit(image, &ward->capacity, sizeof ward->capacity);
    model_image_visit(image, &ward->present, sizeof ward->present);
    ward->entries = model_image_visit_list(image, ward->entries, &ward->waiting, &ward->room, sizeof *ward->entries);
}
