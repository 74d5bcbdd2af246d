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

struct patience_setup {
    sim_dist time; /* microseconds */
    bool used;     /* else people wait for ever */
};

MODEL_PART(patience)

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *why = NULL;
    setup->tries_another_post = sim_choice(config, "patience", "then", 0) == 1;
    own_setup(setup)->used = sim_given(config, "patience", "time", 0);
    if (!own_setup(setup)->used)
        return 0;
    int ret = sim_dist_compile(&own_setup(setup)->time, sim_distribution(config, "patience", "time", 0), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "patience", "time", 0), NULL, NULL, "%s", why);
        return 0;
    }
    return ret;
}

static void release(model_setup *setup)
{
    sim_dist_free(&own_setup(setup)->time);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

/* Less where much is lacking. */
static sim_time patience(const model_world *world, uint32_t group)
{
    const model_setup *setup = world->setup;
    const model_group *g = model_group_at(world, group);
    double time = sim_dist_draw(&own_setup(setup)->time, sim_rng_draw(&world->rng, group, own_draw(0), g->visits));
    if (setup->shortage_patience > 0)
        time *= 1 - setup->shortage_patience * world->shortage[g->place];
    return (sim_time)(time + 0.5);
}

const model model_of_patience = {
    .name = "patience",
    .doc = "how long people wait before they leave, and what they do then",
    .keys = "patience",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .setup_size = sizeof(struct patience_setup),
    .prepare = prepare,
    .release = release,
    .used = used,
    .on = {.patience = patience},
};
