/* Overtime: people of a shift stay on while too many wait.
 *
 * When a shift ends and more people wait at the stations of its role than it accepts, it stays. At every control
 * interval it looks again, and goes when the queue is down, the side is closed or the longest extension is over. */
#include "models/core/calendar.h"
#include "models/staff/duty.h"
#include "sim/base/error.h"

static const sim_param params[] = {
    {"rosters.*", "overtime", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 86400, NULL,
     "longest that a shift stays on beyond its end", "assumption: people go when their shift ends"},
    {"rosters.*", "overtime_queue", SIM_COUNT, SIM_DIM_NONE, "0", 0, 100000000, NULL,
     "people in the queues of the stations of their role and side above whom they stay",
     "assumption: they stay while anybody waits"},
};

struct overtime_setup {
    sim_time *longest; /* of each roster */
    int64_t *queue;
    bool used;
};

/* Of a shift: which day's is on overtime, and until when at the latest (0: none is). */
typedef struct {
    int64_t day;
    sim_time until;
} extension;

struct overtime_world {
    uint32_t metric, waiting;
    extension *extensions; /* one a shift */
};

MODEL_PART(overtime)

static const model_metric metrics[] = {
    METRIC_LEVEL(metric, "staff/overtime", "people", PLACE, NOTHING, "people on overtime", "overtime hours"),
};

static size_t shifts(const model_world *world)
{
    return staff_setup(world->setup)->shift_count;
}

static const model_column columns[] = {
    COLUMN_OWN(extensions, extension, shifts),
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct overtime_setup *o = own_setup(setup);
    size_t n = sim_elements(config, "rosters.*"), first, count;
    o->longest = model_take(setup, n, sizeof *o->longest);
    o->queue = model_take(setup, n, sizeof *o->queue);
    if (o->longest == NULL || o->queue == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        o->longest[i] = sim_micros(config, "rosters.*", "overtime", i);
        o->queue[i] = sim_count(config, "rosters.*", "overtime_queue", i);
        o->used = o->used || o->longest[i] > 0;
        sim_children(config, "rosters.*.shifts.#", i, &first, &count);
        for (size_t k = first; k < first + count && o->longest[i] > 0; k++)
            if (sim_micros(config, "rosters.*.shifts.#", "length", k) + o->longest[i] > SIM_DAY)
                sim_diag_error(diag, sim_value_mark(config, "rosters.*", "overtime", i),
                               "a shift and its overtime within 24 h", NULL,
                               "people would still be at work when their next shift begins");
    }
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

static int build(model_world *world)
{
    own_world(world)->waiting = sim_recorder_find(&world->recorder, "queue/people_waiting");
    return 0;
}

sim_time model_overtime_until(const model_world *world, size_t shift, int64_t day)
{
    if (own_world(world) == NULL)
        return 0;
    const extension *e = &own_world(world)->extensions[shift];
    return e->until != 0 && e->day == day ? e->until : 0;
}

/* Whether the people of the roster have reason to stay. */
static bool is_needed(const model_world *world, size_t roster, sim_time now)
{
    const model_setup *setup = world->setup;
    const model_roster *r = &staff_setup(setup)->rosters[roster];
    sim_time next = SIM_FOREVER;
    int64_t waiting = 0;
    for (uint32_t s = 0; s < setup->station_count; s++)
        if (model_roster_serves(r, &setup->stations[s]))
            waiting += sim_record_level_at(&world->recorder, own_world(world)->waiting, s, 0)->level;
    return waiting > own_setup(setup)->queue[roster] && model_side_is_open(setup, r->site, r->side, now, &next);
}

/* The shift ends now, or is on overtime already: it stays or goes. Returns the next instant at which that must be
 * looked at. */
static sim_time look_at(model_world *world, size_t shift, sim_time now)
{
    const model_setup *setup = world->setup;
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    extension *e = &own_world(world)->extensions[shift];
    sim_time longest = own_setup(setup)->longest[s->roster], next = SIM_FOREVER;
    if (e->until != 0 &&
        (now >= e->until || (now % setup->control_interval == 0 && !is_needed(world, s->roster, now)))) {
        e->until = 0;
        world->staffing_changed = true;
    }
    int64_t today = model_day(setup, now);
    for (int64_t day = today - 1; day <= today + 1; day++) {
        sim_time start;
        if (!model_shift_starts(setup, shift, day, &start))
            continue;
        sim_time end = start + s->length;
        if (end == now && is_needed(world, s->roster, now)) {
            *e = (extension){day, end + longest};
            world->staffing_changed = true;
        }
        model_note_edge(end, now, &next);
    }
    return e->until != 0 && e->until < next ? e->until : next;
}

static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct staff_setup *staff = staff_setup(setup);
    sim_time next = SIM_FOREVER;
    for (size_t n = 0; n < staff->shift_count; n++) {
        sim_time wanted = own_setup(setup)->longest[staff->shifts[n].roster] > 0 ? look_at(world, n, now) : SIM_FOREVER;
        next = wanted < next ? wanted : next;
    }
    for (uint32_t site = 0; site < setup->site_count; site++) {
        int64_t people = 0;
        for (size_t n = 0; n < staff->shift_count; n++) {
            const extension *e = &own_world(world)->extensions[n];
            if (staff->rosters[staff->shifts[n].roster].site == site && e->until != 0)
                people += model_shift_people(world, n, e->day);
        }
        sim_level *level = sim_record_level_at(&world->recorder, own_world(world)->metric, setup->sites[site].place, 0);
        sim_level_add(level, now, people - level->level);
    }
    return next;
}

const model model_of_overtime = {
    .name = "overtime",
    .doc = "shifts that stay on while too many wait",
    .keys = "rosters",
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    .setup_size = sizeof(struct overtime_setup),
    .world_size = sizeof(struct overtime_world),
    .prepare = prepare,
    .used = used,
    .build = build,
    .control = control,
};
