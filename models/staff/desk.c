/* Which desk is manned next. */
#include <string.h>

#include "models/staff/desk.h"

/* In order, those that have no desk yet; then the one with the highest quotient of lanes over 2 x desks + 1
 * (Sainte-Lague), ties to the earlier one. */
uint32_t model_staff_next_desk(const model_world *world, const int64_t *given, const model_roster *roster,
                               const char *role, int64_t people)
{
    const model_setup *setup = world->setup;
    const model_site *at = &setup->sites[roster->site];
    uint32_t best = MODEL_NONE;
    int64_t best_lanes = 0, best_odd = 1;
    for (uint32_t s = at->first_station; s < at->first_station + at->station_count; s++) {
        const model_station *station = &setup->stations[s];
        if (station->side != roster->side || strcmp(station->role, role) != 0 || station->staff_per_desk > people)
            continue;
        int64_t lanes = model_lanes(world, s), desks = given[s] / station->staff_per_desk;
        if (desks >= lanes)
            continue;
        if (desks == 0)
            return s;
        if (lanes * best_odd > best_lanes * (2 * desks + 1)) {
            best = s;
            best_lanes = lanes;
            best_odd = 2 * desks + 1;
        }
    }
    return best;
}
