/* Shifts by the clock: of which pool, when they start, when they are on. */
#include <string.h>

#include "models/core/calendar.h"
#include "models/staff/roster.h"

bool model_roster_is_pool(const model_roster *a, const model_roster *b)
{
    return a->site == b->site && a->side == b->side && strcmp(a->role, b->role) == 0;
}

bool model_roster_serves(const model_roster *roster, const model_station *station)
{
    return roster->site == station->site && roster->side == station->side && strcmp(roster->role, station->role) == 0;
}

bool model_shift_starts(const model_setup *setup, size_t shift, int64_t day, sim_time *start)
{
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    *start = model_midnight(setup, day) + s->start;
    return *start >= s->from && *start < s->until;
}

bool model_shift_is_on(const model_setup *setup, size_t shift, sim_time instant)
{
    int64_t today = model_day(setup, instant);
    for (int64_t day = today - 1; day <= today; day++) {
        sim_time start;
        if (model_shift_starts(setup, shift, day, &start) && start <= instant &&
            instant < start + staff_setup(setup)->shifts[shift].length)
            return true;
    }
    return false;
}
