/* Absence: of each shift, each day, some people do not come.
 *
 * Whether a person comes is a draw of its own (roster by its name, shift, day, place on the list): the same people are
 * away in every plan, and neither those added to the list nor rosters added by a plan change who of the others comes.
 */
#include <string.h>

#include "models/core/calendar.h"
#include "models/staff/duty.h"
#include "sim/base/error.h"

static const sim_param params[] = {
    {"rosters.*", "absence", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that one of its people does not come to a shift (illness, fled themselves, roads closed)",
     "assumption: everybody comes"},
};

struct absence_setup {
    double *share;      /* of each roster */
    uint32_t *entities; /* of draws: each roster's, from its name */
    bool used;
};

/* The last counts of each shift, by day modulo 4: they are drawn once, not at every control instant. No state: what is
 * missing is drawn again. */
typedef struct {
    int64_t day, people, absent;
} counted;

struct absence_world {
    uint32_t metric;
    counted *counts;
};

MODEL_PART(absence)

static const model_metric metrics[] = {
    METRIC_LEVEL(metric, "staff/absent", "people", PLACE, NOTHING,
                 "people who should be on the shifts that are on, and did not come", ""),
};

static size_t days_of_shifts(const model_world *world)
{
    return staff_setup(world->setup)->shift_count * 4;
}

static const model_column columns[] = {
    COLUMN_OWN_SCRATCH(counts, counted, days_of_shifts),
};

/* FNV-1a. Numbers of rosters would shift when a plan adds one. */
static uint32_t mix(uint32_t entity, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        entity = (entity ^ ((const unsigned char *)bytes)[i]) * UINT32_C(16777619);
    return entity;
}

static uint32_t mix_number(uint32_t entity, uint32_t number)
{
    const unsigned char bytes[4] = {(unsigned char)number, (unsigned char)(number >> 8), (unsigned char)(number >> 16),
                                    (unsigned char)(number >> 24)};
    return mix(entity, bytes, sizeof bytes);
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    struct absence_setup *a = own_setup(setup);
    size_t n = sim_elements(config, "rosters.*");
    a->share = model_take(setup, n, sizeof *a->share);
    a->entities = model_take(setup, n, sizeof *a->entities);
    if (a->share == NULL || a->entities == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const char *name = sim_element_name(config, "rosters.*", i);
        a->entities[i] = mix(UINT32_C(2166136261), name, strlen(name));
        a->share[i] = sim_quantity(config, "rosters.*", "absence", i);
        a->used = a->used || a->share[i] > 0;
    }
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

/* Absent ones of so many people of the shift of that day. */
static int64_t absent(const model_world *world, size_t shift, int64_t day, int64_t people)
{
    if (own_world(world) == NULL)
        return 0;
    uint32_t roster = staff_setup(world->setup)->shifts[shift].roster;
    size_t of_roster = shift - staff_setup(world->setup)->rosters[roster].first_shift;
    double share = own_setup(world->setup)->share[roster];
    counted *c = &own_world(world)->counts[shift * 4 + ((size_t)day & 3)];
    if (c->day == day && c->people == people)
        return c->absent;
    *c = (counted){day, people, 0};
    uint32_t entity =
        mix_number(mix_number(own_setup(world->setup)->entities[roster], (uint32_t)of_roster), (uint32_t)(day + 1));
    for (int64_t i = 0; i < people && share > 0; i++)
        c->absent += sim_rng_chance(sim_rng_draw(&world->rng, entity, own_draw(0), (uint32_t)i), share);
    return c->absent;
}

int64_t model_shift_people(const model_world *world, size_t shift, int64_t day)
{
    int64_t listed = model_shift_listed(world, shift, day);
    return listed - absent(world, shift, day, listed);
}

/* Absent people of the shifts of a roster that are on. */
static int64_t absent_now(const model_world *world, const model_roster *r, sim_time now)
{
    int64_t people = 0, today = model_day(world->setup, now);
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
        for (int64_t day = today - 1; day <= today; day++) {
            sim_time start;
            const model_shift *s = &staff_setup(world->setup)->shifts[n];
            if (!model_shift_starts(world->setup, n, day, &start) || now < start + s->handover ||
                now >= start + s->length)
                continue;
            people += absent(world, n, day, model_shift_listed(world, n, day));
        }
    return people;
}

static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t site = 0; site < setup->site_count; site++) {
        int64_t people = 0;
        for (size_t i = 0; i < staff_setup(setup)->roster_count; i++)
            if (staff_setup(setup)->rosters[i].site == site)
                people += absent_now(world, &staff_setup(setup)->rosters[i], now);
        sim_level *level = sim_record_level_at(&world->recorder, own_world(world)->metric, setup->sites[site].place, 0);
        sim_level_add(level, now, people - level->level);
    }
    return SIM_FOREVER;
}

const model model_of_absence = {
    .name = "absence",
    .doc = "people who do not come to their shift",
    .keys = "rosters",
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    .setup_size = sizeof(struct absence_setup),
    .world_size = sizeof(struct absence_world),
    .prepare = prepare,
    .used = used,
    .control = control,
};
