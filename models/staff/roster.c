/* Shifts day by day: when they start and end, who is there, who is at a desk. */
#include <string.h>

#include "models/staff/roster.h"

bool model_roster_is_pool(const model_roster *a, const model_roster *b)
{
    return a->site == b->site && a->side == b->side && strcmp(a->role, b->role) == 0;
}

bool model_roster_serves(const model_roster *roster, const model_station *station)
{
    return roster->site == station->site && roster->side == station->side && strcmp(roster->role, station->role) == 0;
}

int64_t model_shift_day(const model_setup *setup, sim_time now)
{
    return (now - setup->midnight) / SIM_DAY;
}

bool model_shift_starts(const model_setup *setup, size_t shift, int64_t day, sim_time *start)
{
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    *start = setup->midnight + day * SIM_DAY + s->start;
    return *start >= s->from && *start < s->until;
}

int64_t model_shift_people(const model_world *world, size_t shift, int64_t day)
{
    int64_t listed = staff_setup(world->setup)->shifts[shift].head + model_surge_share(world, shift, day);
    return listed <= 0 ? 0 : listed - model_absence_count(world, shift, day, listed);
}

sim_time model_shift_end(const model_world *world, size_t shift, int64_t day, sim_time start)
{
    sim_time overtime = model_overtime_until(world, shift, day);
    return overtime != 0 ? overtime : start + staff_setup(world->setup)->shifts[shift].length;
}

/* People of one wave: the first waves are one larger when they do not divide evenly. */
static int64_t wave_size(const model_shift *s, int64_t people, int64_t wave)
{
    return people / s->waves + (wave < people % s->waves);
}

static void note(sim_time edge, sim_time now, sim_time *next)
{
    if (edge > now && edge < *next)
        *next = edge;
}

int64_t model_shift_on_duty(const model_world *world, size_t shift, sim_time now, sim_time *next)
{
    const model_setup *setup = world->setup;
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    int64_t people = 0, today = model_shift_day(setup, now);
    note(s->from, now, next); /* its first day may be far ahead */
    for (int64_t day = today - 1; day <= today + 1; day++) {
        sim_time start;
        if (!model_shift_starts(setup, shift, day, &start))
            continue;
        sim_time begin = start + s->handover, end = model_shift_end(world, shift, day, start);
        note(begin, now, next);
        note(end, now, next);
        int64_t present = begin <= now && now < end ? model_shift_people(world, shift, day) : 0;
        people += present;
        for (int64_t wave = 0; s->break_length > 0 && wave < s->waves; wave++) {
            sim_time off = start + s->break_after + wave * s->break_length, back = off + s->break_length;
            note(off, now, next);
            note(back, now, next);
            if (off <= now && now < back)
                people -= wave_size(s, present, wave);
        }
    }
    return people;
}

/* Adds the people of a shift who are on duty, their hours beyond the onset in whole control intervals (so that an order
 * elsewhere, which makes a control instant more, changes nothing here), and their days in a row beyond the fresh ones.
 * Breaks are not taken off. */
static void add_tired(const model_world *world, size_t shift, sim_time now, const model_tiredness *limits,
                      double *people, model_tiredness *sum)
{
    const model_setup *setup = world->setup;
    int64_t today = model_shift_day(setup, now);
    sim_time from = staff_setup(setup)->shifts[shift].from;
    int64_t first = model_shift_day(setup, from > 0 ? from : 0);
    for (int64_t day = today - 1; day <= today; day++) {
        sim_time start;
        if (!model_shift_starts(setup, shift, day, &start))
            continue;
        sim_time on = now - start;
        if (on < staff_setup(setup)->shifts[shift].handover || now >= model_shift_end(world, shift, day, start))
            continue;
        double present = (double)model_shift_people(world, shift, day);
        double hours = (double)(on - on % setup->control_interval) / (double)SIM_HOUR - limits->hours;
        int64_t row = day > first ? day - first : 0;
        double days = (double)(limits->rest_after > 0 ? row % limits->rest_after : row) - limits->days;
        *people += present;
        sum->hours += hours > 0 ? present * hours : 0;
        sum->days += days > 0 ? present * days : 0;
    }
}

model_tiredness model_staff_tiredness(const model_world *world, uint32_t station, sim_time now,
                                      const model_tiredness *limits)
{
    const struct staff_setup *staff = staff_setup(world->setup);
    double people = 0;
    model_tiredness sum = {0, 0, 0};
    for (size_t i = 0; i < staff->roster_count; i++) {
        const model_roster *r = &staff->rosters[i];
        if (model_roster_serves(r, &world->setup->stations[station]))
            for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
                add_tired(world, n, now, limits, &people, &sum);
    }
    return people > 0 ? (model_tiredness){sum.hours / people, sum.days / people, 0} : sum;
}

static int64_t overlap(sim_time begin, sim_time end, sim_time from, sim_time to)
{
    begin = begin > from ? begin : from;
    end = end < to ? end : to;
    return end > begin ? end - begin : 0;
}

int64_t model_staff_shift_time(const model_world *world, uint32_t index, sim_time from, sim_time to)
{
    const model_setup *setup = world->setup;
    const model_roster *r = &staff_setup(setup)->rosters[index];
    int64_t sum = 0;
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
        for (int64_t day = model_shift_day(setup, from) - 1; day <= model_shift_day(setup, to); day++) {
            sim_time start;
            if (!model_shift_starts(setup, n, day, &start))
                continue;
            int64_t listed = staff_setup(setup)->shifts[n].head + model_surge_share(world, n, day);
            if (listed > 0)
                sum += listed * overlap(start, start + staff_setup(setup)->shifts[n].length, from, to);
        }
    return sum;
}

int64_t model_staff_overtime(const model_world *world, uint32_t index, sim_time from, sim_time to)
{
    const model_setup *setup = world->setup;
    const model_roster *r = &staff_setup(setup)->rosters[index];
    int64_t sum = 0;
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
        for (int64_t day = model_shift_day(setup, from) - 1; day <= model_shift_day(setup, to); day++) {
            sim_time start, until = model_overtime_until(world, n, day);
            if (until == 0 || !model_shift_starts(setup, n, day, &start))
                continue;
            sum += model_shift_people(world, n, day) *
                   overlap(start + staff_setup(setup)->shifts[n].length, until, from, to);
        }
    return sum;
}
