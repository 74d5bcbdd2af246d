/* The scenario as a whole: format version, name, start, length, the clock of control and recording, and the scale. */
#include <math.h>

#include "models/core/world.h"

static const sim_section sections[] = {
    {"", "the scenario as a whole", 0},
};

static const sim_param params[] = {
    {"", "hbm", SIM_COUNT, SIM_DIM_NONE, NULL, 1, 1, NULL, "version of the scenario format",
     "this format's definition"},
    {"", "name", SIM_TEXT, SIM_DIM_NONE, NULL, 0, 0, NULL, "title of the scenario", "none: must be given"},
    {"", "start", SIM_INSTANT, SIM_DIM_NONE, NULL, 0, 0, NULL, "first instant of the run, RFC 3339 with offset",
     "none: must be given"},
    {"", "duration", SIM_QUANTITY, SIM_DIM_TIME, NULL, 60, 3660 * 86400.0, NULL, "length of the run",
     "none: must be given"},
    {"", "control_interval", SIM_QUANTITY, SIM_DIM_TIME, "15 min", 10, 86400, NULL,
     "how often information is published; a whole part of `bin`",
     "assumption: posts report a few times an hour at best"},
    {"", "bin", SIM_QUANTITY, SIM_DIM_TIME, "1 h", 10, 30 * 86400.0, NULL, "time bin of the recorded series",
     "assumption: border guards publish by hour or day"},
    {"", "warm_up", SIM_QUANTITY, SIM_DIM_TIME, "0 s", 0, 3660 * 86400.0, NULL,
     "what begins earlier is left out of waits, shares and summary levels (for studies of a steady state)",
     "a run of a crisis has none"},
    {"", "scale", SIM_QUANTITY, SIM_DIM_NONE, "1", 1e-6, 1e4, NULL,
     "multiplies all numbers of people in `displacement` (to try a crisis of another size)",
     "definition: 1 is the scenario as written"},
    {"", "capacity", SIM_QUANTITY, SIM_DIM_NONE, "1", 1e-6, 1e4, NULL,
     "multiplies desks, staff, waiting areas and the capacities of links (to try more or less of everything; numbers "
     "are rounded, none "
     "falls to 0)",
     "definition: 1 is the scenario as written"},
    {"", "target_wait", SIM_QUANTITY, SIM_DIM_TIME, "45 min", 0, 365 * 86400.0, NULL,
     "a wait at a post up to this counts as within target", "UK Border Force: 95% of non-EEA passengers within 45 min"},
    {"", "confidence", SIM_QUANTITY, SIM_DIM_NONE, "0.95", 0.5, 0.9999, NULL,
     "level of the intervals over replications", "usual in simulation studies (Law 2015)"},
};

int64_t model_scaled(const model_setup *setup, int64_t number)
{
    int64_t scaled = (int64_t)((double)number * setup->capacity + 0.5);
    return number > 0 && scaled < 1 ? 1 : scaled;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    setup->name = sim_text(config, "", "name", 0);
    sim_config_start(config, &setup->start_unix, &setup->start_offset);
    int64_t day = 86400, local = (setup->start_unix + setup->start_offset) % day;
    setup->midnight = -(local < 0 ? local + day : local) * SIM_SECOND;
    setup->end = sim_micros(config, "", "duration", 0);
    setup->control_interval = sim_micros(config, "", "control_interval", 0);
    setup->bin = sim_micros(config, "", "bin", 0);
    setup->warm_up = sim_micros(config, "", "warm_up", 0);
    setup->scale = sim_quantity(config, "", "scale", 0);
    setup->capacity = sim_quantity(config, "", "capacity", 0);
    setup->target_wait = sim_micros(config, "", "target_wait", 0);
    setup->confidence = sim_quantity(config, "", "confidence", 0);
    if (setup->bin % setup->control_interval != 0)
        sim_diag_error(diag, sim_value_mark(config, "", "bin", 0), "a multiple of control_interval", NULL,
                       "the time bin is not a whole number of control intervals");
    if (setup->warm_up % setup->bin != 0)
        sim_diag_error(diag, sim_value_mark(config, "", "warm_up", 0), "a multiple of bin", NULL,
                       "the warm-up is not a whole number of time bins");
    if (setup->warm_up >= setup->end)
        sim_diag_error(diag, sim_value_mark(config, "", "warm_up", 0), "less than duration", NULL,
                       "the warm-up leaves nothing of the run");
    if (setup->end / setup->bin > 1000000)
        sim_diag_error(diag, sim_value_mark(config, "", "bin", 0), "at most 1000000 bins in the duration", NULL,
                       "the time bin is too short");
    return 0;
}

const model model_of_base = {
    .name = "base",
    .doc = "the scenario as a whole",
    .keys = "hbm name start duration control_interval bin warm_up scale capacity target_wait confidence",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .prepare = prepare,
};
