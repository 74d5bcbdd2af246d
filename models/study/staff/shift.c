/* The shifts whose heads are sought: which rosters they are of, how many people can be of use on them, and what a
 * person costs.
 *
 * People beyond the lanes do nothing. The bound of a shift is therefore what the lanes of its pool take, those that
 * orders open included, and half as many more where people are away from their desks (breaks, absence), twice as many
 * where people of the role also stand in for others or interpret. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/calendar.h"
#include "models/posts/limits.h"
#include "models/staff/desk.h"
#include "models/study/staff/staff.h"
#include "sim/base/error.h"

enum { MOST_LANES = 100000 }; /* as the parameter has it */

static const char *name_of(const model_setup *setup, size_t roster)
{
    return sim_element_name(setup->config, "rosters.*", roster);
}

static bool is_chosen(const staff_bounds *bounds, const char *name)
{
    for (size_t i = 0; i < bounds->pattern_count; i++)
        if (strcmp(bounds->patterns[i], name) == 0 || fnmatch(bounds->patterns[i], name, 0) == 0)
            return true;
    return bounds->pattern_count == 0;
}

static int check_patterns(const model_setup *setup, const staff_bounds *bounds, char *why, size_t size)
{
    size_t count = staff_setup(setup)->roster_count;
    for (size_t i = 0; i < bounds->pattern_count; i++) {
        staff_bounds one = {.patterns = bounds->patterns + i, .pattern_count = 1};
        size_t k = 0;
        while (k < count && !is_chosen(&one, name_of(setup, k)))
            k++;
        if (k < count)
            continue;
        const char **names = calloc(count + 1, sizeof *names);
        if (names == NULL)
            return SIM_E_MEMORY;
        for (k = 0; k < count; k++)
            names[k] = name_of(setup, k);
        const char *near = sim_diag_nearest(bounds->patterns[i], names, count);
        snprintf(why, size,
                 near == NULL ? "there is no roster \"%s\"" : "there is no roster \"%s\"; did you mean \"%s\"?",
                 bounds->patterns[i], near);
        free(names);
        return SIM_E_INPUT;
    }
    return 0;
}

/* --- bounds --- */

static int64_t ordered_lanes(const model_setup *setup, uint32_t station)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        for (uint32_t k = 0; k < order->target_count && order->kind == model_order_opens_lanes; k++)
            sum += order->targets[k] == station ? order->number : 0;
    }
    return sum;
}

/* People whom the lanes of the roster's pool take. */
static int64_t places(const model_setup *setup, const model_roster *roster, bool with_orders)
{
    int64_t sum = 0;
    for (uint32_t s = 0; s < setup->station_count; s++)
        if (model_roster_serves(roster, &setup->stations[s]))
            sum += ((int64_t)setup->stations[s].desks + (with_orders ? ordered_lanes(setup, s) : 0)) *
                   setup->stations[s].staff_per_desk;
    return sum;
}

static int64_t of_use(const model_setup *setup, const model_shift *shift, const staff_bounds *bounds)
{
    const model_roster *roster = &staff_setup(setup)->rosters[shift->roster];
    int64_t people = bounds->lanes * places(setup, roster, true);
    bool away = shift->break_length > 0 || sim_quantity(setup->config, "rosters.*", "absence", shift->roster) > 0;
    if (model_stand_in_can(setup, shift->roster) || model_interpreter_is(setup, roster->role))
        people = 2 * people + 4;
    else if (away)
        people += (people + 1) / 2;
    double declared = (double)people / setup->capacity;
    return declared < 1e6 ? (int64_t)declared + (declared > (double)(int64_t)declared) : 1000000;
}

/* --- hours and costs --- */

static double hours_of(const model_setup *setup, size_t shift)
{
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    int64_t sum = 0;
    for (int64_t day = -1; day <= model_day(setup, setup->end); day++) {
        sim_time start;
        if (!model_shift_starts(setup, shift, day, &start))
            continue;
        sim_time begin = start > 0 ? start : 0, end = start + s->length < setup->end ? start + s->length : setup->end;
        sum += end > begin ? end - begin : 0;
    }
    return (double)sum / 3600e6;
}

static bool all_paid(const model_setup *setup, const staff_bounds *bounds)
{
    for (size_t i = 0; i < staff_setup(setup)->roster_count; i++)
        if (is_chosen(bounds, name_of(setup, i)) && !(sim_quantity(setup->config, "rosters.*", "wage", i) > 0))
            return false;
    return true;
}

static void put_shifts(staff_shifts *shifts, const staff_bounds *bounds, size_t roster)
{
    const model_setup *setup = shifts->setup;
    const model_roster *r = &staff_setup(setup)->rosters[roster];
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++) {
        staff_shift s = {
            .shift = n,
            .roster = roster,
            .number = n - r->first_shift,
            .post = r->site,
            .side = r->side,
            .hours = hours_of(setup, n),
        };
        if (!(s.hours > 0))
            continue; /* it is never on in the run */
        s.cost = shifts->paid ? s.hours * 3600 * sim_quantity(setup->config, "rosters.*", "wage", roster) : s.hours;
        s.head = sim_count(setup->config, "rosters.*.shifts.#", "head", n);
        s.high = bounds->most > 0 ? bounds->most : of_use(setup, &staff_setup(setup)->shifts[n], bounds);
        s.low = bounds->least;
        s.high = s.high < s.low ? s.low : s.high;
        shifts->items[shifts->count++] = s;
    }
}

/* --- lanes --- */

static const char *side_name(const model_setup *setup, uint32_t post, uint32_t side)
{
    return setup->sites[post].kind == MODEL_CENTRE ? "" : side == 0 ? "exit." : "entry.";
}

static int put_lanes(staff_shifts *shifts, int64_t times, char *why, size_t size)
{
    const model_setup *setup = shifts->setup;
    shifts->lanes = calloc(setup->station_count + 1, sizeof *shifts->lanes);
    if (shifts->lanes == NULL)
        return SIM_E_MEMORY;
    for (uint32_t s = 0; s < setup->station_count && times > 1; s++) {
        const model_station *station = &setup->stations[s];
        bool served = false;
        for (size_t i = 0; i < shifts->count; i++)
            served = served || model_roster_serves(&staff_setup(setup)->rosters[shifts->items[i].roster], station);
        if (!served)
            continue;
        const model_site *post = &setup->sites[station->site];
        if ((double)times * station->desks / setup->capacity > MOST_LANES) {
            snprintf(why, size, "--lanes %lld times the %u desks of %s are too many", (long long)times, station->desks,
                     station->name);
            return SIM_E_INPUT;
        }
        size_t room = strlen(post->name) + strlen(station->kind) + 80;
        char *set = malloc(room);
        if (set == NULL)
            return SIM_E_MEMORY;
        snprintf(set, room, "%s.%s.%sstations.%s.desks=%.0f", post->kind == MODEL_CENTRE ? "centres" : "posts",
                 post->name, side_name(setup, station->site, station->side), station->kind,
                 (double)times * (double)station->desks / setup->capacity + 0.5 - 1e-9);
        shifts->lanes[shifts->lane_count++] = set;
    }
    return 0;
}

/* --- all of it --- */

static int refuse_names(const staff_shifts *shifts, char *why, size_t size)
{
    const model_setup *setup = shifts->setup;
    for (size_t i = 0; i < shifts->count; i++) {
        const char *name = name_of(setup, shifts->items[i].roster), *post = setup->sites[shifts->items[i].post].name;
        const char *bad = strpbrk(name, ".=") != NULL                             ? name
                          : shifts->lane_count > 0 && strpbrk(post, ".=") != NULL ? post
                                                                                  : NULL;
        if (bad != NULL) {
            snprintf(why, size,
                     "the name \"%s\" has a \".\" or \"=\" in it, by which overrides such as --set cannot reach it",
                     bad);
            return SIM_E_INPUT;
        }
    }
    return 0;
}

int staff_shifts_init(staff_shifts *shifts, const model_setup *setup, const staff_bounds *bounds, char *why,
                      size_t size)
{
    *shifts = (staff_shifts){.setup = setup};
    if (staff_setup(setup)->roster_count == 0) {
        snprintf(why, size, "the scenario has no rosters, whose heads could be chosen");
        return SIM_E_INPUT;
    }
    if (bounds->most > 0 && bounds->most < bounds->least) {
        snprintf(why, size, "--most %lld is less than --least %lld", (long long)bounds->most, (long long)bounds->least);
        return SIM_E_INPUT;
    }
    int ret = check_patterns(setup, bounds, why, size);
    if (ret != 0)
        return ret;
    shifts->paid = all_paid(setup, bounds);
    shifts->items = calloc(staff_setup(setup)->shift_count + 1, sizeof *shifts->items);
    if (shifts->items == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < staff_setup(setup)->roster_count; i++)
        if (is_chosen(bounds, name_of(setup, i)))
            put_shifts(shifts, bounds, i);
    if (shifts->count == 0) {
        snprintf(why, size, "no shift of these rosters is on during the run");
        return SIM_E_INPUT;
    }
    ret = put_lanes(shifts, bounds->lanes, why, size);
    return ret == 0 ? refuse_names(shifts, why, size) : ret;
}

void staff_shifts_free(staff_shifts *shifts)
{
    for (size_t i = 0; i < shifts->lane_count; i++)
        free(shifts->lanes[i]);
    free(shifts->lanes);
    free(shifts->items);
    *shifts = (staff_shifts){0};
}

double staff_cost(const staff_shifts *shifts, const int64_t *heads)
{
    double sum = 0;
    for (size_t i = 0; i < shifts->count; i++)
        sum += (double)heads[i] * shifts->items[i].cost;
    return sum;
}

/* Heads of a shift of the setup: those sought, or its own. */
static int64_t head_of(const staff_shifts *shifts, const int64_t *heads, size_t shift)
{
    for (size_t i = 0; i < shifts->count; i++)
        if (shifts->items[i].shift == shift)
            return heads[i];
    return sim_count(shifts->setup->config, "rosters.*.shifts.#", "head", shift);
}

void staff_pool(const staff_shifts *shifts, size_t i, const int64_t *heads, int64_t *people, int64_t *lanes)
{
    const model_setup *setup = shifts->setup;
    const struct staff_setup *staff = staff_setup(setup);
    const model_roster *roster = &staff->rosters[shifts->items[i].roster];
    *people = 0;
    *lanes = places(setup, roster, false);
    for (sim_time now = 0; now < setup->end; now += setup->control_interval) {
        int64_t sum = 0;
        for (size_t n = 0; n < staff->shift_count; n++)
            if (model_roster_is_pool(roster, &staff->rosters[staff->shifts[n].roster]) &&
                model_shift_is_on(setup, n, now))
                sum += head_of(shifts, heads, n);
        *people = sum > *people ? sum : *people;
    }
}

/* --- names --- */

static void clock_text(sim_time micros, char text[8])
{
    long minutes = (long)(micros / (60 * SIM_SECOND)) % 1440;
    snprintf(text, 8, "%02ld:%02ld", minutes / 60 % 24, minutes % 60);
}

void staff_shift_text(const model_setup *setup, const staff_shift *shift, char *text, size_t size)
{
    const model_shift *s = &staff_setup(setup)->shifts[shift->shift];
    char from[8], to[8];
    clock_text(s->start, from);
    clock_text(s->start + s->length, to);
    int n = snprintf(text, size, "%s %s-%s", name_of(setup, shift->roster), from, to);
    if (n > 0 && (size_t)n < size && s->from > 0)
        n += snprintf(text + n, size - (size_t)n, ", from day %lld", (long long)model_day(setup, s->from) + 1);
    if (n > 0 && (size_t)n < size && s->until < setup->end)
        snprintf(text + n, size - (size_t)n, ", until day %lld", (long long)model_day(setup, s->until) + 1);
}
