/* Fatigue: services take longer late in a shift and at night.
 *
 * At every control instant a station's service times get the factor 1 + slowing x mean hours beyond the onset among the people of its
 * pool + the night's share. Services that have begun are not changed. */
#include <stdlib.h>

#include "models/world.h"
#include "sim/error.h"

static const sim_section sections[] = {
    {"fatigue", "how long shifts and nights slow the staff", 0},
};

static const sim_param params[] = {
    {"fatigue", "slowing", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 10, NULL,
     "share by which services are longer for each hour on duty beyond `onset`",
     "assumption: none. Accuracy falls during long tasks (PLoS ONE 2014, PeerJ 2015), but no figure for time was found"},
    {"fatigue", "onset", SIM_QUANTITY, SIM_DIM_TIME, "8 h", 0, 86400, NULL, "hours on duty without slowing",
     "general knowledge: 12 h shifts have about twice the incident risk of 8 h shifts"},
    {"fatigue", "night", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 10, NULL, "share by which services are longer at night",
     "assumption: none. Incident risk at night is about 30% higher (general knowledge), which is not time"},
    {"fatigue", "night_from", SIM_CLOCK, SIM_DIM_TIME, "22:00", 0, 0, NULL, "when the night begins", "assumption"},
    {"fatigue", "night_to", SIM_CLOCK, SIM_DIM_TIME, "06:00", 0, 0, NULL, "when it ends", "assumption"},
};

struct fatigue_setup {
    double slowing, night;
    sim_time onset, night_from, night_to;
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    struct fatigue_setup *f = setup->fatigue = calloc(1, sizeof *f);
    if (f == NULL)
        return SIM_E_MEMORY;
    f->slowing = sim_quantity(config, "fatigue", "slowing", 0);
    f->night = sim_quantity(config, "fatigue", "night", 0);
    f->onset = sim_micros(config, "fatigue", "onset", 0);
    f->night_from = sim_micros(config, "fatigue", "night_from", 0);
    f->night_to = sim_micros(config, "fatigue", "night_to", 0);
    return 0;
}

static void release(model_setup *setup)
{
    free(setup->fatigue);
}

static bool is_used(const model_setup *setup)
{
    return setup->fatigue->slowing > 0 || setup->fatigue->night > 0;
}

static int build(model_world *world)
{
    if (!is_used(world->setup))
        return 0;
    world->pace = malloc((world->setup->station_count + 1) * sizeof *world->pace);
    if (world->pace == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < world->setup->station_count; i++)
        world->pace[i] = 1;
    return 0;
}

static void demolish(model_world *world)
{
    free(world->pace);
}

static void visit(model_world *world, struct model_image *image)
{
    if (world->pace != NULL)
        model_image_visit(image, world->pace, world->setup->station_count * sizeof *world->pace);
}

static bool is_night(const model_setup *setup, sim_time now)
{
    const struct fatigue_setup *f = setup->fatigue;
    int64_t local = (setup->start_unix + setup->start_offset) % 86400;
    sim_time clock = (now + (local < 0 ? local + 86400 : local) * SIM_SECOND) % SIM_DAY;
    return f->night_from <= f->night_to ? f->night_from <= clock && clock < f->night_to : clock >= f->night_from || clock < f->night_to;
}

static sim_time control(model_world *world, sim_time now)
{
    const struct fatigue_setup *f = world->setup->fatigue;
    if (world->pace == NULL || now % world->setup->control_interval != 0)
        return SIM_FOREVER;
    double night = is_night(world->setup, now) ? f->night : 0;
    for (uint32_t i = 0; i < world->setup->station_count; i++)
        if (world->setup->stations[i].role[0] != '\0')
            world->pace[i] = 1 + f->slowing * model_staff_excess_hours(world, i, now, f->onset) + night;
    return SIM_FOREVER;
}

const model model_of_fatigue = {
    .name = "fatigue",
    .doc = "how long shifts and nights slow the staff",
    .keys = "fatigue",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .prepare = prepare,
    .release = release,
    .build = build,
    .demolish = demolish,
    .visit = visit,
    .control = control,
};
