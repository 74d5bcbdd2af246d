/* Fatigue: services take longer late in a shift and at night, and less is found.
 *
 * At every control instant a station's service times get the factor 1 + slowing x mean hours beyond the onset among the
 * people of its pool + the night's share. Services that have begun are not changed. */
#include "models/core/calendar.h"
#include "models/staff/duty.h"

static const sim_section sections[] = {
    {"fatigue", "how long shifts and nights slow the staff", 0},
};

static const sim_param params[] = {
    {"fatigue", "slowing", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 10, NULL,
     "share by which services are longer for each hour on duty beyond `onset`",
     "assumption: none. Accuracy falls during long tasks (PLoS ONE 2014, PeerJ 2015), but no figure for time was "
     "found"},
    {"fatigue", "dulling", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 10, NULL,
     "the sensitivity of what stations find is divided by 1 + this for each hour on duty beyond `onset`",
     "assumption: none. Accuracy falls during long tasks (PLoS ONE 2014, PeerJ 2015), but no figure by the hour was "
     "found"},
    {"fatigue", "onset", SIM_QUANTITY, SIM_DIM_TIME, "8 h", 0, 86400, NULL, "hours on duty without slowing",
     "general knowledge: 12 h shifts have about twice the incident risk of 8 h shifts"},
    {"fatigue", "daily", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 10, NULL,
     "share by which services are longer for each day on duty in a row beyond `fresh_days`",
     "assumption: none, no figure was found"},
    {"fatigue", "fresh_days", SIM_COUNT, SIM_DIM_NONE, "5", 0, 366, NULL, "days on duty in a row without slowing",
     "assumption: a working week"},
    {"fatigue", "rest_after", SIM_COUNT, SIM_DIM_NONE, "", 1, 366, NULL,
     "days on duty in a row after which people are replaced by rested ones", "not given: in a crisis nobody rests"},
    {"fatigue", "night", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 10, NULL, "share by which services are longer at night",
     "assumption: none. Incident risk at night is about 30% higher (general knowledge), which is not time"},
    {"fatigue", "night_from", SIM_CLOCK, SIM_DIM_TIME, "22:00", 0, 0, NULL, "when the night begins", "assumption"},
    {"fatigue", "night_to", SIM_CLOCK, SIM_DIM_TIME, "06:00", 0, 0, NULL, "when it ends", "assumption"},
};

struct fatigue_setup {
    double slowing, night, dulling, daily;
    model_tiredness limits;
    sim_time night_from, night_to;
};

MODEL_PART(fatigue)

static bool used(const model_setup *setup)
{
    return own_setup(setup)->slowing > 0 || own_setup(setup)->night > 0 || own_setup(setup)->dulling > 0 ||
           own_setup(setup)->daily > 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    struct fatigue_setup *f = own_setup(setup);
    f->slowing = sim_quantity(config, "fatigue", "slowing", 0);
    f->night = sim_quantity(config, "fatigue", "night", 0);
    f->dulling = sim_quantity(config, "fatigue", "dulling", 0);
    f->daily = sim_quantity(config, "fatigue", "daily", 0);
    f->limits.hours = sim_quantity(config, "fatigue", "onset", 0) / 3600;
    f->limits.days = (double)sim_count(config, "fatigue", "fresh_days", 0);
    f->limits.rest_after =
        sim_given(config, "fatigue", "rest_after", 0) ? sim_count(config, "fatigue", "rest_after", 0) : 0;
    f->night_from = sim_micros(config, "fatigue", "night_from", 0);
    f->night_to = sim_micros(config, "fatigue", "night_to", 0);
    return 0;
}

static bool is_night(const model_setup *setup, sim_time now)
{
    const struct fatigue_setup *f = own_setup(setup);
    return model_is_between(model_clock(setup, now), f->night_from, f->night_to);
}

static sim_time control(model_world *world, sim_time now)
{
    const struct fatigue_setup *f = own_setup(world->setup);
    double night = is_night(world->setup, now) ? f->night : 0;
    for (uint32_t i = 0; i < world->setup->station_count; i++) {
        if (world->setup->stations[i].role[0] == '\0')
            continue;
        model_tiredness tired = model_staff_tiredness(world, i, now, &f->limits);
        world->pace[i] *= 1 + f->slowing * tired.hours + f->daily * tired.days + night;
        world->alertness[i] /= 1 + f->dulling * tired.hours;
    }
    return SIM_FOREVER;
}

const model model_of_fatigue = {
    .name = "fatigue",
    .doc = "how long shifts and nights slow the staff",
    .keys = "fatigue",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .setup_size = sizeof(struct fatigue_setup),
    .writes = "pace alertness",
    .prepare = prepare,
    .used = used,
    .control = control,
};
