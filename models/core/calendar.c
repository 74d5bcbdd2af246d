/* Local days and times of day, and what happens at the same time every day. */
#include "models/core/calendar.h"

int64_t model_day(const model_setup *setup, sim_time now)
{
    sim_time since = now - setup->midnight;
    return since >= 0 ? since / SIM_DAY : -((SIM_DAY - 1 - since) / SIM_DAY);
}

sim_time model_midnight(const model_setup *setup, int64_t day)
{
    return setup->midnight + day * SIM_DAY;
}

bool model_is_between(sim_time clock, sim_time from, sim_time to)
{
    return from <= to ? from <= clock && clock < to : clock >= from || clock < to;
}

void model_note_edge(sim_time edge, sim_time now, sim_time *next)
{
    if (edge > now && edge < *next)
        *next = edge;
}

bool model_side_is_open(const model_setup *setup, uint32_t site, uint32_t side, sim_time now, sim_time *next)
{
    sim_time opens = setup->sites[site].opens[side], closes = setup->sites[site].closes[side];
    if (opens < 0)
        return true;
    sim_time today = model_midnight(setup, model_day(setup, now));
    model_note_edge(today + opens, now, next);
    model_note_edge(today + closes, now, next);
    model_note_edge(today + SIM_DAY + (opens < closes ? opens : closes), now, next);
    return model_is_between(model_clock(setup, now), opens, closes);
}
