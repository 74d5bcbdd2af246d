/* Interpreters: a scarce resource that a service takes when it needs one.
 *
 * A group whose speaker shares no language with the staff takes an interpreter who is free at its side for as long as
 * it is served. If none is free the service takes longer and less is found. Interpreters are people of a role on
 * rosters who man no desk. */
#include <string.h>

#include "models/people/people.h"
#include "models/staff/desk.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"interpreters", "who needs interpreters, who they are, and what happens without", 0},
};

static const sim_param params[] = {
    {"interpreters", "needed_by", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "a group needs one if its first person has any of these traits (no_common_language)",
     "not given: nobody needs one"},
    {"interpreters", "stations", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "stations.*", "where people must be spoken with",
     "not given: at all stations with desks"},
    {"interpreters", "role", SIM_TEXT, SIM_DIM_NONE, "interpreter", 0, 0, NULL,
     "role of the rosters whose people interpret", "definition"},
    {"interpreters", "slowing", SIM_QUANTITY, SIM_DIM_NONE, "23 %", 0, 100, NULL,
     "share by which a service without one is longer",
     "Fagan et al. 2003: consultations with an interpreter whom the patient brought took 34.4 min against 28.0; with a "
     "professional 26.8"},
    {"interpreters", "missed", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "share of what the station would find that is not found without one",
     "assumption: none, no figure for borders was found"},
};

struct interpreter_setup {
    uint32_t needed_by;
    const char *role;
    double slowing, missed;
    bool *stations; /* of each declared station */
};

enum { ALONE_NOT_NEEDED, INTERPRETED, ALONE };

struct interpreter_world {
    uint32_t needed, interpreted, interpreting; /* metrics */
    int64_t *on_duty, *at_work;                 /* of each site x MODEL_SIDES */
    uint8_t *how;                               /* one a group, while it is served */
};

MODEL_PART(interpreter)

static const model_metric metrics[] = {
    METRIC_COUNT(needed, "language/needed", "people", STATION, CLASS, "people in groups that needed an interpreter",
                 ""),
    METRIC_COUNT(interpreted, "language/interpreted", "people", STATION, CLASS, "those of them whose group had one",
                 ""),
    METRIC_SHARE("language/interpreted_share", "1", STATION, CLASS, "language/interpreted", "language/needed",
                 "share of those who needed an interpreter who had one", ""),
    METRIC_LEVEL(interpreting, "staff/interpreting", "people", PLACE, NOTHING, "interpreters at work", ""),
};

static const model_column columns[] = {
    COLUMN(on_duty, int64_t, SIDE),
    COLUMN(at_work, int64_t, SIDE),
    COLUMN(how, uint8_t, GROUP),
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    struct interpreter_setup *own = own_setup(setup);
    size_t n = sim_elements(config, "stations.*");
    own->stations = model_take(setup, n, sizeof *own->stations);
    if (own->stations == NULL)
        return SIM_E_MEMORY;
    own->needed_by = model_traits_mask(config, "interpreters", "needed_by", 0);
    own->role = sim_text(config, "interpreters", "role", 0);
    own->slowing = sim_quantity(config, "interpreters", "slowing", 0);
    own->missed = sim_quantity(config, "interpreters", "missed", 0);
    bool all = !sim_given(config, "interpreters", "stations", 0);
    const size_t *chosen = NULL;
    size_t count = all ? 0 : sim_names(config, "interpreters", "stations", 0, &chosen);
    for (size_t i = 0; i < n && all; i++)
        own->stations[i] = true;
    for (size_t i = 0; i < count; i++)
        if (chosen[i] < n)
            own->stations[chosen[i]] = true;
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->needed_by != 0;
}

bool model_interpreter_is(const model_setup *setup, const char *role)
{
    return own_is_prepared(setup) && own_setup(setup)->needed_by != 0 && strcmp(own_setup(setup)->role, role) == 0;
}

void model_interpreter_assign(model_world *world, const int64_t *spare)
{
    const model_setup *setup = world->setup;
    struct interpreter_world *w = own_world(world);
    if (w == NULL)
        return;
    memset(w->on_duty, 0, (size_t)setup->site_count * MODEL_SIDES * sizeof *w->on_duty);
    for (size_t i = 0; i < staff_setup(setup)->roster_count; i++) {
        const model_roster *r = &staff_setup(setup)->rosters[i];
        if (model_interpreter_is(setup, r->role))
            w->on_duty[r->site * MODEL_SIDES + r->side] += spare[i];
    }
}

/* The first person who is with the group speaks for it. */
static bool needs_one(const model_world *world, const model_group *g)
{
    uint32_t i = 0;
    while (i < g->people && !model_people_is_with(world, g, i))
        i++;
    return i < g->people && (world->traits[g->first_person + i] & own_setup(world->setup)->needed_by) != 0;
}

/* The service time of a group with an interpreter, or without one that it needs. It takes one if one is free. */
static sim_time service_time(model_world *world, sim_process *process, uint32_t station, uint32_t group, sim_time time)
{
    const struct interpreter_setup *rules = own_setup(world->setup);
    const model_station *s = &world->setup->stations[station];
    const model_group *g = model_group_at(world, group);
    struct interpreter_world *w = own_world(world);
    if (!rules->stations[s->declared] || s->desks == 0 || !needs_one(world, g))
        return time;
    uint32_t side = s->site * MODEL_SIDES + s->side;
    sim_record_count(&world->recorder, w->needed, station, g->customer.class, g->customer.size);
    if (w->at_work[side] < w->on_duty[side]) {
        w->at_work[side]++;
        w->how[group] = INTERPRETED;
        sim_record_count(&world->recorder, w->interpreted, station, g->customer.class, g->customer.size);
        sim_record_level(&world->recorder, w->interpreting, s->place, 0, process->now, 1);
        return time;
    }
    w->how[group] = ALONE;
    return (sim_time)((double)time * (1 + rules->slowing) + 0.5);
}

/* What the group's service, now or just ended, leaves of the sensitivity of finds. */
static double notices(const model_world *world, uint32_t station, uint32_t group)
{
    (void)station;
    return own_world(world)->how[group] == ALONE ? 1 - own_setup(world->setup)->missed : 1;
}

/* Comes after the models that find something. */
static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    const model_station *s = &world->setup->stations[station];
    struct interpreter_world *w = own_world(world);
    if (w->how[group] == INTERPRETED) {
        w->at_work[s->site * MODEL_SIDES + s->side]--;
        sim_record_level(&world->recorder, w->interpreting, s->place, 0, process->now, -1);
    }
    w->how[group] = ALONE_NOT_NEEDED;
}

const model model_of_interpreter = {
    .name = "interpreter",
    .doc = "interpreters as a scarce resource",
    .keys = "people stations interpreters",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    .setup_size = sizeof(struct interpreter_setup),
    .world_size = sizeof(struct interpreter_world),
    .prepare = prepare,
    .used = used,
    .on = {.served = served, .service_time = service_time, .notices = notices},
};
