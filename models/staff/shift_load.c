/* The offered load of a shift: people who are busy while it is on, where there are plenty.
 *
 * Busy desks of the pool's stations, bin by bin, times the people a desk takes, shared equally among the pool's shifts
 * that are on then. The mean is weighted by the load itself: it is what somebody being served sees, so that hours in
 * which nobody comes do not make a rush look small. */
#include "models/staff/roster.h"

/* Shifts of the pool that are on at the instant, 0 when `shift` is none of them. */
static size_t on_at(const model_setup *setup, size_t shift, sim_time instant)
{
    const struct staff_setup *staff = staff_setup(setup);
    const model_roster *own = &staff->rosters[staff->shifts[shift].roster];
    size_t count = 0;
    bool is_on = false;
    for (size_t n = 0; n < staff->shift_count; n++) {
        if (!model_roster_is_pool(own, &staff->rosters[staff->shifts[n].roster]))
            continue;
        bool on = model_shift_is_on(setup, n, instant);
        count += on;
        is_on = is_on || (on && n == shift);
    }
    return is_on ? count : 0;
}

void model_shift_load(const model_world *world, size_t shift, double pair[2])
{
    const model_setup *setup = world->setup;
    const sim_recorder *recorder = &world->recorder;
    const sim_metric_place *busy = &recorder->metrics[sim_recorder_find(recorder, "desks/busy")];
    const model_roster *roster = &staff_setup(setup)->rosters[staff_setup(setup)->shifts[shift].roster];
    pair[0] = pair[1] = 0;
    for (uint32_t bin = (uint32_t)(recorder->warm_up / recorder->bin); bin < recorder->bins; bin++) {
        sim_time begin = (sim_time)bin * recorder->bin,
                 length = begin + recorder->bin < setup->end ? recorder->bin : setup->end - begin;
        size_t on = on_at(setup, shift, begin + length / 2);
        double people = 0; /* x hours */
        for (uint32_t s = 0; s < setup->station_count && on > 0; s++)
            if (model_roster_serves(roster, &setup->stations[s]))
                people +=
                    (double)sim_recorder_series(recorder, busy, bin, s)[0] / 3600e6 * setup->stations[s].staff_per_desk;
        if (!(people > 0) || on == 0)
            continue;
        people /= (double)on;
        pair[0] += people * people / ((double)length / 3600e6);
        pair[1] += people;
    }
}
