/* A ward: places for persons who have been taken out of their group (care, protection, custody, treatment), first come
 * first served.
 *
 * A ward belongs to one logical process: all of it happens at one place. The model that owns it draws the stays,
 * handles the events and says what becomes of people; the ward keeps who is in and who waits. */
#ifndef MODEL_WARD_H
#define MODEL_WARD_H

#include "models/core/world.h"

typedef struct {
    uint32_t person;
    uint32_t padding;
    sim_time since;
} model_ward_entry;

typedef struct {
    uint32_t capacity; /* UINT32_MAX: no limit */
    uint32_t present;
    uint32_t first, waiting, room; /* a ring of those who wait */
    uint32_t padding;
    model_ward_entry *entries;
} model_ward;

void model_ward_init(model_ward *ward, uint32_t capacity);

/* The person comes: true if there is a place (it is taken; the caller schedules the end of the stay), false if the
 * person waits. When memory runs out the process is marked as failed. */
bool model_ward_admit(model_ward *ward, sim_process *process, uint32_t person, sim_time now);
/* A place has been left, or added by a larger capacity: the next person who waited takes it. False: nobody waits, or no
 * place is free. */
bool model_ward_next(model_ward *ward, uint32_t *person, sim_time *since);
/* Someone who is in leaves; call model_ward_next afterwards. */
void model_ward_leave(model_ward *ward);
/* For the row of a column of wards (COLUMN_LISTS). */
void model_ward_visit(void *ward, struct model_image *image);
void model_ward_free(void *ward);

#endif
