/* Reporting: what people and agencies get to know of posts is partial, rounded and published now and then. What happens
 * is not changed by it, but through those who act on what they know.
 *
 * Each post counts a share of those who wait, drawn once a replication; the count is rounded; it stands until the next
 * one is published. The delay until people learn it is that of `choice`. */
#include <stdlib.h>

#include "models/core/world.h"
#include "models/travel/information.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"reporting", "how posts count and publish those who wait", 0},
};

static const sim_param params[] = {
    {"reporting", "coverage", SIM_DIST, SIM_DIM_NONE, "", 0, 10, NULL,
     "share of those waiting that a post counts, drawn once for each (above 1: it counts too many)", "not given: all"},
    {"reporting", "rounding", SIM_COUNT, SIM_DIM_NONE, "", 1, 1000000, NULL,
     "people waiting are told in multiples of this, the nearest one", "not given: to the person"},
    {"reporting", "wait_rounding", SIM_QUANTITY, SIM_DIM_TIME, "", 1, 30 * 86400.0, NULL,
     "waits are told in multiples of this, the nearest one", "not given: exactly"},
    {"reporting", "every", SIM_QUANTITY, SIM_DIM_TIME, "", 60, 30 * 86400.0, NULL, "from one publication to the next",
     "not given: at every control interval"},
    {"reporting", "at", SIM_CLOCK, SIM_DIM_TIME, "08:00", 0, 0, NULL,
     "time of day of a publication, from which `every` counts",
     "Polish Border Guard 2022: figures of the 24 hours to 08:00"},
};

struct reporting_setup {
    bool used, partial;
    sim_dist coverage;
    int64_t rounding;     /* 1: none */
    double wait_rounding; /* seconds; 0: none */
    sim_time every, at;   /* every 0: always */
};

struct reporting_world {
    double *coverage;                 /* of each site */
    uint32_t seen_waiting, seen_wait; /* metrics */
};

MODEL_PART(reporting)

static const model_metric metrics[] = {
    METRIC_LEVEL(seen_waiting, "reporting/seen_waiting", "people", PLACE, NOTHING,
                 "people waiting as the informed and agencies know it; beside people/present, as it is", ""),
    METRIC_LEVEL(seen_wait, "reporting/seen_wait", "s", PLACE, NOTHING, "wait as they know it", ""),
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct reporting_setup *r = own_setup(setup);
    bool rounds = sim_given(config, "reporting", "rounding", 0),
         rounds_waits = sim_given(config, "reporting", "wait_rounding", 0),
         sometimes = sim_given(config, "reporting", "every", 0);
    r->rounding = rounds ? sim_count(config, "reporting", "rounding", 0) : 1;
    r->wait_rounding = rounds_waits ? sim_quantity(config, "reporting", "wait_rounding", 0) : 0;
    r->every = sometimes ? sim_micros(config, "reporting", "every", 0) : 0;
    r->at = sim_micros(config, "reporting", "at", 0);
    r->partial = sim_given(config, "reporting", "coverage", 0);
    r->used = rounds || rounds_waits || sometimes || r->partial;
    if (!r->partial)
        return 0;
    const char *why = NULL;
    int ret = sim_dist_compile(&r->coverage, sim_distribution(config, "reporting", "coverage", 0), 1.0, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "reporting", "coverage", 0), NULL, NULL, "%s", why);
        return 0;
    }
    return ret;
}

static void release(model_setup *setup)
{
    sim_dist_free(&own_setup(setup)->coverage);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    struct reporting_world *w = own_world(world);
    for (uint32_t i = 0; i < setup->site_count; i++)
        w->coverage[i] = own_setup(setup)->partial
                             ? sim_dist_draw(&own_setup(setup)->coverage, sim_rng_draw(&world->rng, i, own_draw(0), 0))
                             : 1;
    return 0;
}

size_t model_reporting_age(const model_setup *setup, sim_time now)
{
    const struct reporting_setup *r = own_setup(setup);
    if (r->every == 0)
        return 0;
    sim_time since = (now - setup->midnight - r->at) % r->every;
    return (size_t)((since < 0 ? since + r->every : since) / setup->control_interval);
}

size_t model_reporting_longest_age(const model_setup *setup)
{
    return (size_t)((own_setup(setup)->every + setup->control_interval - 1) / setup->control_interval);
}

int64_t model_reporting_count(const model_world *world, uint32_t site, int64_t people)
{
    const struct reporting_setup *r = own_setup(world->setup);
    if (!r->used)
        return people;
    int64_t counted = r->partial ? (int64_t)(own_world(world)->coverage[site] * (double)people + 0.5) : people;
    return (counted + r->rounding / 2) / r->rounding * r->rounding;
}

double model_reporting_wait(const model_setup *setup, double wait)
{
    double multiple = own_setup(setup)->wait_rounding;
    return multiple > 0 ? (double)(int64_t)(wait / multiple + 0.5) * multiple : wait;
}

/* Notes what is known from now on; choice has brought it up to date. */
static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    if (now % setup->control_interval != 0)
        return SIM_FOREVER;
    for (uint32_t site = 0; site < setup->site_count; site++) {
        if (setup->sites[site].kind != MODEL_POST && setup->sites[site].kind != MODEL_CENTRE)
            continue;
        int64_t people = world->seen[site];
        double wait = world->seen_wait[site];
        uint32_t place = setup->sites[site].place;
        sim_level *waiting = sim_record_level_at(&world->recorder, own_world(world)->seen_waiting, place, 0);
        sim_level_add(waiting, now, people - waiting->level);
        sim_level *seconds = sim_record_level_at(&world->recorder, own_world(world)->seen_wait, place, 0);
        sim_level_add(seconds, now, (int64_t)(wait + 0.5) - seconds->level);
    }
    return SIM_FOREVER;
}

static const model_column columns[] = {
    COLUMN_SCRATCH(coverage, double, SITE), /* drawn when it is built */
};

const model model_of_reporting = {
    .name = "reporting",
    .doc = "what people and agencies get to know of those who wait",
    .keys = "reporting",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    .setup_size = sizeof(struct reporting_setup),
    .world_size = sizeof(struct reporting_world),
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    MODEL_TABLE(column),
    .control = control,
};
