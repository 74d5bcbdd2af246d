/* Patience: how long a group waits at a post before it leaves, and what it does then (reneging; Palm 1957, Garnett et
 * al. 2002).
 *
 * The clock starts when the group comes to the post. A group that is being served, or has been, when its patience ends
 * stays. */
#include "models/core/world.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"patience", "how long people wait at a post before they leave", 0},
};

static const sim_param params[] = {
    {"patience", "time", SIM_DIST, SIM_DIM_TIME, "", 0, 3660 * 86400.0, NULL,
     "patience of a group, from its coming to the post", "not given: endless (who flees has nowhere to return to)"},
    {"patience", "then", SIM_CHOICE, SIM_DIM_NONE, "leave", 0, 0, "leave another_post",
     "`leave`: they give up; `another_post`: they choose another post that they can reach, and give up when there is "
     "none",
     "assumption: they give up"},
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *why = NULL;
    setup->patient = !sim_given(config, "patience", "time", 0);
    setup->tries_another_post = sim_choice(config, "patience", "then", 0) == 1;
    if (setup->patient)
        return 0;
    int ret = sim_dist_compile(&setup->patience, sim_distribution(config, "patience", "time", 0), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "patience", "time", 0), NULL, NULL, "%s", why);
        return 0;
    }
    return ret;
}

static void release(model_setup *setup)
{
    sim_dist_free(&setup->patience);
}

const model model_of_patience = {
    .name = "patience",
    .doc = "how long people wait before they leave, and what they do then",
    .keys = "patience",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .prepare = prepare,
    .release = release,
};
