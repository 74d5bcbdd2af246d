/* Choice of post: a discrete choice on travel time, published wait and crowding, reconsidered on the way.
 *
 * A group takes the post of the least perceived cost in hours: travel time + weighted published wait + crowding -
 * appeal - taste, where taste is a Gumbel number of its own for each post: a multinomial logit (McFadden 1974) without
 * exponentials on the event path, and the same taste in every plan. Waits are published with a delay and known to the
 * informed only. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/travel/choice.h"
#include "models/travel/information.h"
#include "models/travel/travel.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"choice", "how groups choose a post", 0},
};

static const sim_param params[] = {
    {"choice", "scale", SIM_QUANTITY, SIM_DIM_TIME, "2 h", 0.001, 1e7, NULL,
     "spread of tastes: the scale of the Gumbel number (the smaller, the more all choose alike)", "assumption"},
    {"choice", "wait_weight", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 100, NULL,
     "an hour's published wait counts as so many hours of travel", "assumption: time is time"},
    {"choice", "crowd_weight", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 1e7, NULL,
     "a thousand people waiting at a post count as so much travel", "assumption: crowding itself does not deter"},
    {"choice", "informed", SIM_QUANTITY, SIM_DIM_NONE, "0.5", 0, 1, NULL,
     "share of groups that know the published waits", "assumption: every second group has someone with a telephone"},
    {"choice", "delay", SIM_QUANTITY, SIM_DIM_TIME, "3 h", 0, 30 * 86400.0, NULL,
     "age of published waits when people learn them", "assumption"},
    {"choice", "window", SIM_QUANTITY, SIM_DIM_TIME, "3 h", 60, 30 * 86400.0, NULL,
     "published wait = people waiting / people crossed a time over this window",
     "assumption: posts count a few hours' crossings"},
    {"choice", "longest", SIM_QUANTITY, SIM_DIM_TIME, "72 h", 60, 3660 * 86400.0, NULL,
     "longest wait that is published, also when nobody crosses",
     "waits of up to 60 h were reported at Medyka in February 2022"},
    {"choice", "reconsider", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL,
     "groups choose anew at junctions and posts on their way", "assumption"},
    {"choice", "gain", SIM_QUANTITY, SIM_DIM_TIME, "1 h", 0, 1e7, NULL,
     "how much better another post must be to turn to it on the way", "assumption"},
};

/* Number of the draw that says whether a group is informed; those below are its tastes for sites. */
enum { INFORMED = UINT16_MAX };

struct choice_setup {
    double scale, wait_weight, crowd_weight, informed, gain; /* in seconds where they are times */
    double longest;
    size_t delay, window; /* in control intervals */
    bool reconsiders;
    sim_dist gumbel;
};

struct choice_world {
    size_t now;       /* the latest one */
    int64_t *waiting; /* [snapshot][post] */
    int64_t *crossed;
    double *cost;   /* of each post for the informed, from what is known now; seconds */
    double *burden; /* of each site, for those who are not informed and then for those who are: cost and deterrent less
                       appeal; seconds */
};

MODEL_PART(choice)

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    struct choice_setup *c = own_setup(setup);
    sim_time interval = setup->control_interval;
    c->scale = sim_quantity(config, "choice", "scale", 0);
    c->wait_weight = sim_quantity(config, "choice", "wait_weight", 0);
    c->crowd_weight = sim_quantity(config, "choice", "crowd_weight", 0);
    c->informed = sim_quantity(config, "choice", "informed", 0);
    c->longest = sim_quantity(config, "choice", "longest", 0);
    c->reconsiders = sim_bool(config, "choice", "reconsider", 0);
    c->gain = sim_quantity(config, "choice", "gain", 0);
    c->delay = (size_t)((sim_micros(config, "choice", "delay", 0) + interval - 1) / interval);
    c->window = (size_t)((sim_micros(config, "choice", "window", 0) + interval - 1) / interval);
    sim_dist_spec gumbel;
    const char *why;
    sim_dist_spec_init(&gumbel);
    gumbel.family = SIM_DIST_GUMBEL;
    gumbel.a = 0;
    gumbel.b = 1;
    return sim_dist_compile(&c->gumbel, &gumbel, 1.0, &why);
}

static void release(model_setup *setup)
{
    sim_dist_free(&own_setup(setup)->gumbel);
}

/* Snapshots kept: those of the delay and the window, and those between two publications. */
static size_t ring_of(const model_setup *setup)
{
    const struct choice_setup *c = own_setup(setup);
    return c->delay + c->window + 1 + model_reporting_longest_age(setup);
}

static size_t snapshots_by_site(const model_world *world)
{
    return ring_of(world->setup) * world->setup->site_count;
}

static size_t informed_or_not_by_site(const model_world *world)
{
    return 2 * (size_t)world->setup->site_count;
}

/* What of a site's cost is the same for all who are informed, or not. */
static void sum_up(const model_world *world)
{
    const model_setup *setup = world->setup;
    struct choice_world *w = own_world(world);
    for (uint32_t site = 0; site < setup->site_count; site++) {
        w->burden[site] = world->deterrent[site] - setup->sites[site].appeal;
        w->burden[setup->site_count + site] = w->burden[site] + w->cost[site];
    }
}

/* Publishes what is seen now, and works out what people know: what was published a delay ago. */
static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct choice_setup *c = own_setup(setup);
    struct choice_world *w = own_world(world);
    if (now % setup->control_interval != 0) {
        sum_up(world);
        return SIM_FOREVER;
    }
    const size_t ring = ring_of(setup);
    w->now = (w->now + 1) % ring;
    size_t age = c->delay + model_reporting_age(setup, now - (sim_time)c->delay * setup->control_interval);
    const int64_t *waiting = w->waiting + (w->now + ring - age) % ring * setup->site_count;
    const int64_t *crossed = w->crossed + (w->now + ring - age) % ring * setup->site_count;
    const int64_t *crossed_before = w->crossed + (w->now + ring - age - c->window) % ring * setup->site_count;
    for (uint32_t site = 0; site < setup->site_count; site++) {
        w->waiting[w->now * setup->site_count + site] = world->site_states[site].waiting;
        w->crossed[w->now * setup->site_count + site] = world->site_states[site].crossed;
        double through = (double)(crossed[site] - crossed_before[site]) /
                         ((double)c->window * (double)setup->control_interval * 1e-6);
        int64_t seen = world->seen[site] = model_reporting_count(world, site, waiting[site]);
        double wait = seen == 0 ? 0 : through > 0 ? (double)seen / through : c->longest;
        world->seen_wait[site] = model_reporting_wait(setup, wait < c->longest ? wait : c->longest);
        w->cost[site] = c->wait_weight * world->seen_wait[site] + c->crowd_weight * (double)seen * 1e-3;
    }
    sum_up(world);
    return SIM_FOREVER;
}

/* Posts further down a chain are reached by those who are sent on. */
static bool is_crossing(const model_site *site)
{
    return (site->kind == MODEL_POST || site->kind == MODEL_INFORMAL) && !site->is_later;
}

static bool is_allowed(const model_world *world, uint32_t group, uint32_t site)
{
    for (bool (*const *hook)(const model_world *, uint32_t, uint32_t) = world->setup->on.allows; *hook != NULL; hook++)
        if (!(*hook)(world, group, site))
            return false;
    return true;
}

/* What a group's costs are reckoned from where it is: the same for all sites. */
typedef struct {
    const sim_time *way;  /* to site 0 from its place; `stride` further: to the next site */
    const double *burden; /* of each site, as it knows it */
    const model_site *sites;
    const sim_dist *taste;
    double scale;
    size_t stride;
    uint32_t mode;
    bool asks; /* whether some model may forbid a site */
} outlook;

static inline outlook outlook_of(const model_world *world, const model_group *g, bool informed)
{
    const model_setup *setup = world->setup;
    const struct choice_setup *c = own_setup(setup);
    return (outlook){
        .way = world->route_time + model_route_index(setup, g->mode, 0, g->place),
        .burden = own_world(world)->burden + (informed ? setup->site_count : 0),
        .sites = setup->sites,
        .taste = &c->gumbel,
        .scale = c->scale,
        .stride = setup->place_count,
        .mode = g->mode,
        .asks = setup->on.allows[0] != NULL,
    };
}

/* Perceived cost of a crossing for a group where it is, by its taste for it; infinite: out of reach. */
static inline double cost_by(const model_world *world, const outlook *o, uint32_t group, uint32_t site, uint64_t taste)
{
    sim_time way = o->way[site * o->stride];
    if (way == SIM_FOREVER || (o->sites[site].modes >> o->mode & 1) == 0 ||
        (o->asks && !is_allowed(world, group, site)))
        return (double)INFINITY;
    return (double)way * 1e-6 + o->burden[site] - o->scale * sim_dist_draw(o->taste, taste);
}

static double cost_of(const model_world *world, const model_group *g, uint32_t group, uint32_t site, bool informed)
{
    const outlook o = outlook_of(world, g, informed);
    return cost_by(world, &o, group, site, sim_rng_draw(&world->rng, group, own_draw(0), site));
}

static bool is_informed(const model_world *world, uint32_t group)
{
    return sim_rng_chance(sim_rng_draw(&world->rng, group, own_draw(0), INFORMED), own_setup(world->setup)->informed);
}

uint32_t model_choice_choose(model_world *world, uint32_t group, uint32_t except)
{
    const model_group *g = model_group_at(world, group);
    if (g->fixed)
        return except == g->site ? MODEL_NONE : g->site;
    const outlook o = outlook_of(world, g, is_informed(world, group));
    uint32_t best = MODEL_NONE, drawn = MODEL_NONE;
    double least = (double)INFINITY;
    uint64_t tastes[2] = {0, 0};
    for (uint32_t site = 0; site < world->setup->site_count; site++) {
        if (site == except || !is_crossing(&o.sites[site]))
            continue;
        if (site / 2 != drawn) /* tastes come in pairs */
            sim_rng_pair(&world->rng, group, own_draw(0), drawn = site / 2, tastes);
        double cost = cost_by(world, &o, group, site, tastes[site % 2]);
        if (cost < least) {
            least = cost;
            best = site;
        }
    }
    return best;
}

uint32_t model_choice_reconsider(model_world *world, uint32_t group)
{
    const model_group *g = model_group_at(world, group);
    const struct choice_setup *c = own_setup(world->setup);
    bool cut_off = world->route_time[model_route_index(world->setup, g->mode, g->site, g->place)] ==
                   SIM_FOREVER; /* anyone sees that */
    if (g->fixed || (!cut_off && (!c->reconsiders || (g->flags & MODEL_FLAG_TURNED) || !is_informed(world, group))))
        return g->site;
    double present = cost_of(world, g, group, g->site, true);
    uint32_t best = model_choice_choose(world, group, MODEL_NONE);
    if (best == MODEL_NONE || best == g->site)
        return g->site;
    return cost_of(world, g, group, best, true) + c->gain < present ? best : g->site;
}

static void visit(model_world *world, struct model_image *image)
{
    (void)image;
    sum_up(world); /* follows from what was visited */
}

static const model_column columns[] = {
    COLUMN_ONCE(now),
    COLUMN_OWN(waiting, int64_t, snapshots_by_site),
    COLUMN_OWN(crossed, int64_t, snapshots_by_site),
    COLUMN(cost, double, SITE),
    COLUMN_OWN_SCRATCH(burden, double, informed_or_not_by_site),
};

const model model_of_choice = {
    .name = "choice",
    .doc = "choice of post on travel time, published wait and crowding",
    .keys = "choice",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .setup_size = sizeof(struct choice_setup),
    .world_size = sizeof(struct choice_world),
    .writes = "seen seen_wait",
    .prepare = prepare,
    .release = release,
    MODEL_TABLE(column),
    .visit = visit,
    .control = control,
};
