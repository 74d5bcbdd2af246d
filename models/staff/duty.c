/* Who is there: people of shifts at desks, what tires them, and what they are paid for. */
#include "models/staff/duty.h"
#include "models/core/calendar.h"

/* End of the shift of that day which starts at `start`, with the overtime that it is on. */
static sim_time shift_end(const model_world *world, size_t shift, int64_t day, sim_time start)
{
    sim_time overtime = model_overtime_until(world, shift, day);
    return overtime != 0 ? overtime : start + staff_setup(world->setup)->shifts[shift].length;
}

/* People of one wave: the first waves are one larger when they do not divide evenly. */
static int64_t wave_size(const model_shift *s, int64_t people, int64_t wave)
{
    return people / s->waves + (wave < people % s->waves);
}

int64_t model_shift_on_duty(const model_world *world, size_t shift, sim_time now, sim_time *next)
{
    const model_setup *setup = world->setup;
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    int64_t people = 0, today = model_day(setup, now);
    model_note_edge(s->from, now, next); /* its first day may be far ahead */
    for (int64_t day = today - 1; day <= today + 1; day++) {
        sim_time start;
        if (!model_shift_starts(setup, shift, day, &start))
            continue;
        sim_time begin = start + s->handover, end = shift_end(world, shift, day, start);
        model_note_edge(begin, now, next);
        model_note_edge(end, now, next);
        int64_t present = begin <= now && now < end ? model_shift_people(world, shift, day) : 0;
        people += present;
        for (int64_t wave = 0; s->break_length > 0 && wave < s->waves; wave++) {
            sim_time off = start + s->break_after + wave * s->break_length, back = off + s->break_length;
            model_note_edge(off, now, next);
            model_note_edge(back, now, next);
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
    int64_t today = model_day(setup, now);
    sim_time from = staff_setup(setup)->shifts[shift].from;
    int64_t first = model_day(setup, from > 0 ? from : 0);
    for (int64_t day = today - 1; day <= today; day++) {
        sim_time start;
        if (!model_shift_starts(setup, shift, day, &start))
            continue;
        sim_time on = now - start;
        if (on < staff_setup(setup)->shifts[shift].handover || now >= shift_end(world, shift, day, start))
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
        for (int64_t day = model_day(setup, from) - 1; day <= model_day(setup, to); day++) {
            sim_time start;
            if (!model_shift_starts(setup, n, day, &start))
                continue;
            sum += model_shift_listed(world, n, day) *
                   overlap(start, start + staff_setup(setup)->shifts[n].length, from, to);
        }
    return sum;
}

int64_t model_staff_overtime(const model_world *world, uint32_t index, sim_time from, sim_time to)
{
    const model_setup *setup = world->setup;
    const model_roster *r = &staff_setup(setup)->rosters[index];
    int64_t sum = 0;
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
        for (int64_t day = model_day(setup, from) - 1; day <= model_day(setup, to); day++) {
            sim_time start, until = model_overtime_until(world, n, day);
            if (until == 0 || !model_shift_starts(setup, n, day, &start))
                continue;
            sum += model_shift_people(world, n, day) *
                   overlap(start + staff_setup(setup)->shifts[n].length, until, from, to);
        }
    return sum;
}
