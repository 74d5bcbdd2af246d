/* Informal crossings: smugglers' prices and places, who can pay, what can happen to people on the way, and patrols.
 *
 * A crossing is chosen like a post: its price, its danger and the risk of being intercepted count as time. The price
 * follows demand, patrols and the waits at posts with a lag, and what smugglers can carry follows the price. Patrols
 * raise the risk, and the price, of one crossing and move people to others. People are not penalised for how they came:
 * what is counted is what happens to them. */
#include <stdlib.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "models/travel/choice.h"
#include "models/travel/travel.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"informal.*", "an informal crossing; its name is that of a place of kind informal", 0},
    {"smuggling", "who pays for informal crossings, how prices move, and what follows an interception", 0},
};

static const sim_param params[] = {
    {"informal.*", "smuggler", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL,
     "people need a smuggler, who takes a price and so many people; false: they cross by themselves",
     "assumption: who knows the way sells it"},
    {"informal.*", "price", SIM_QUANTITY, SIM_DIM_MONEY, "10 USD", 0, 1e6, NULL,
     "of a person, before anything moves it", "UNODC 2018: about 10 USD for a path at Cúcuta"},
    {"informal.*", "capacity", SIM_QUANTITY, SIM_DIM_RATE, "", 1e-9, 1e4, NULL,
     "people a time whom smugglers can take at that price", "not given: no limit"},
    {"informal.*", "danger", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 1e7, NULL,
     "how much longer a way people accept to avoid its dangers", "assumption: not given, people know of none"},
    {"informal.*", "risk_death", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability of dying, a person and attempt",
     "assumption: none unless given; IOM's Missing Migrants Project counts by route"},
    {"informal.*", "risk_injury", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability of being hurt, a person and attempt", "assumption: none unless given"},
    {"informal.*", "risk_exploitation", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability of extortion, abuse or trafficking, a person and attempt",
     "assumption: none unless given; IOM DTM 2016: 6.5% of 4,025 asked named a sign of trafficking"},
    {"informal.*", "interception", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that a group is intercepted without patrols", "assumption: none unless given"},
    {"smuggling", "means", SIM_DIST, SIM_DIM_MONEY, "", 0, 1e9, NULL,
     "what a group can pay for each of its people, in all", "not given: everyone can pay"},
    {"smuggling", "value_of_time", SIM_QUANTITY, SIM_DIM_WAGE, "1 USD/h", 1e-7, 1, NULL,
     "a price counts as so much time", "assumption: the pay of ten hours' day labour is about 10 USD"},
    {"smuggling", "demand_response", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1000, NULL,
     "relative rise of the price where twice as many come as can be taken",
     "assumption: none unless given; how much is not known"},
    {"smuggling", "patrol_response", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1000, NULL,
     "relative rise of the price by a patrol", "assumption: none unless given; how much is not known"},
    {"smuggling", "wait_response", SIM_QUANTITY, SIM_DIM_RATE, "0 /h", 0, 1, NULL,
     "relative rise of the price by the known wait at posts, the mean over those who wait",
     "assumption: none unless given; prices rise with waits and closures (UNODC 2018), how much is not known"},
    {"smuggling", "supply_response", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1000, NULL,
     "relative rise of the capacity where the price is twice as high",
     "assumption: none unless given; how much is not known"},
    {"smuggling", "adjustment", SIM_QUANTITY, SIM_DIM_TIME, "24 h", 0, 366 * 86400.0, NULL,
     "lag of prices behind what moves them", "assumption: a day"},
    {"smuggling", "patrol_effect", SIM_QUANTITY, SIM_DIM_NONE, "0.1", 0, 1000, NULL,
     "e: n patrols intercept n e / (1 + n e) of those who would pass",
     "assumption: ten patrols intercept every second group"},
    {"smuggling", "interception_time", SIM_QUANTITY, SIM_DIM_TIME, "24 h", 0, 1e7, NULL,
     "what being intercepted counts as, when people choose", "assumption: a day lost"},
    {"smuggling", "held", SIM_DIST, SIM_DIM_TIME, "0 h", 0, 3660 * 86400.0, NULL,
     "how long a group that is intercepted is held", "assumption: it is let go at once"},
    {"smuggling", "intercepted_then", SIM_CHOICE, SIM_DIM_NONE, "return", 0, 0, "return post",
     "`return`: it is sent back, and chooses again; `post`: it is brought to the nearest post for the regular "
     "procedure",
     "assumption: it is sent back"},
    {"smuggling", "attempts", SIM_COUNT, SIM_DIM_NONE, "3", 1, 200, NULL,
     "attempts after which a group does not try again", "assumption: most who fail a few times run out of means"},
    {"smuggling", "injured_trait", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "trait that people get who are hurt, so that screening can find them", "not given: they are counted only"},
    {"smuggling", "exploited_trait", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "trait that people get who are exploited", "not given: they are counted only"},
};

typedef struct {
    uint32_t site;
    bool smuggler;
    double price, capacity; /* people a microsecond; 0: no limit */
    double danger;          /* seconds */
    double death, injury, exploitation, interception;
} route;

struct informal_setup {
    route *routes;
    uint32_t route_count;
    uint32_t *route_of; /* of each site, or MODEL_NONE */
    bool limited;       /* not everyone can pay */
    sim_dist means, held;
    double value_of_time; /* USD a second */
    double demand_response, patrol_response, wait_response, supply_response, patrol_effect, interception_time;
    sim_time adjustment;
    bool to_post;
    uint32_t attempts, injured, exploited; /* masks of traits, 0: none */
};

/* Of a crossing; `came` belongs to its process, the rest to control. */
typedef struct {
    double price;
    double come, open; /* people who came and time in which it was offered, a control interval, lately: fading sums */
    double demand;  /* people a microsecond who choose it while it is offered: come / open, so that those on their way
                       count */
    double backlog; /* people who came above the capacity */
    double interception;
    int64_t came; /* since the last control interval began */
    uint32_t patrols, full;
} __attribute__((aligned(128))) route_state;

struct informal_world {
    route_state *routes;
    uint8_t *attempts; /* of each group */
    float *spent;      /* of each group, USD a person */
    uint32_t attempted, intercepted, brought, died, injured, exploited, paid, price, patrols; /* metrics */
};

MODEL_PART(informal)

static const model_metric metrics[] = {
    METRIC_COUNT(attempted, "informal/attempts", "people", PLACE, CLASS, "people who set about crossing, each time",
                 ""),
    METRIC_COUNT(intercepted, "informal/intercepted", "people", PLACE, CLASS, "people intercepted, each time", ""),
    METRIC_COUNT(brought, "informal/brought_to_post", "people", PLACE, CLASS,
                 "people brought to a post for the regular procedure after being intercepted", ""),
    METRIC_COUNT(died, "informal/died", "people", PLACE, CLASS, "people who died on the way",
                 "SDG 10.7.3: deaths and disappearances in migration"),
    METRIC_COUNT(injured, "informal/injured", "people", PLACE, CLASS, "people hurt on the way, each time", ""),
    METRIC_COUNT(exploited, "informal/exploited", "people", PLACE, CLASS, "people exploited on the way, each time",
                 "Global Compact objectives 9 and 10"),
    METRIC_COUNT(paid, "informal/paid", "USD", PLACE, NOTHING, "money that smugglers took, by whole dollars a group",
                 "UNODC 2018"),
    METRIC_LEVEL(price, "informal/price", "cent", PLACE, NOTHING, "price of a person", ""),
    METRIC_LEVEL(patrols, "informal/patrols", "patrols", PLACE, NOTHING, "patrols ordered there", ""),
    METRIC_SHARE("informal/intercepted_share", "1", PLACE, CLASS, "informal/intercepted", "informal/attempts",
                 "share of attempts that were intercepted", ""),
};

/* Numbers of draws: of a group its attempts, then its means and stays; of a person three an attempt. */
enum { DRAW_MEANS = 1 << 16, DRAW_HELD = 1 << 17, DRAW_PERSON = 1 << 18 };

/* --- orders --- */

static void apply_patrol(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)world, (void)order, (void)begin, (void)now; /* control counts those in force */
}

static void check_patrol(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct informal_setup *c = own_setup(setup);
    if (c == NULL || setup->sites_in_doubt)
        return;
    bool found = order->target_count == 0;
    for (uint32_t i = 0; i < order->target_count; i++)
        found = found || c->route_of[order->targets[i]] != MODEL_NONE;
    if (!found)
        sim_diag_error(diag, mark, "an element of `informal`, or *", NULL, "patrols are for informal crossings");
}

static const model_order_kind orders[] = {
    {.name = "patrol",
     .doc = "puts so many patrols at an informal crossing",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "patrols at each informal crossing"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_patrol,
     .check = check_patrol},
};

/* --- reading --- */

static uint32_t trait_named(const sim_config *config, const char *name)
{
    if (!sim_given(config, "smuggling", name, 0))
        return 0;
    size_t trait = sim_name(config, "smuggling", name, 0);
    return trait < MODEL_TRAITS ? UINT32_C(1) << trait : 0;
}

static void read_routes(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct informal_setup *c = own_setup(setup);
    const char *section = "informal.*", *words[64];
    size_t n = 0;
    for (uint32_t i = 0; i < setup->site_count; i++) {
        c->route_of[i] = MODEL_NONE;
        if (setup->sites[i].kind == MODEL_INFORMAL && n < 64)
            words[n++] = setup->sites[i].name;
    }
    for (size_t i = 0; i < sim_elements(config, section); i++) {
        const char *name = sim_element_name(config, section, i);
        uint32_t site = model_site_named(setup, name, 1u << MODEL_INFORMAL);
        if (site == MODEL_NONE) {
            sim_diag_error(diag, sim_element_mark(config, section, i), "the name of a place of kind informal",
                           sim_diag_nearest(name, words, n), "there is no informal crossing \"%s\"", name);
            continue;
        }
        c->route_of[site] = c->route_count;
        c->routes[c->route_count++] = (route){
            .site = site,
            .smuggler = sim_bool(config, section, "smuggler", i),
            .price = sim_quantity(config, section, "price", i),
            .capacity = sim_given(config, section, "capacity", i)
                            ? sim_quantity(config, section, "capacity", i) * 1e-6 * setup->capacity
                            : 0,
            .danger = sim_quantity(config, section, "danger", i),
            .death = sim_quantity(config, section, "risk_death", i),
            .injury = sim_quantity(config, section, "risk_injury", i),
            .exploitation = sim_quantity(config, section, "risk_exploitation", i),
            .interception = sim_quantity(config, section, "interception", i),
        };
    }
}

static int compile(sim_dist *dist, const sim_config *config, const char *name, double scale, sim_diag *diag)
{
    const char *why = NULL;
    int ret = sim_dist_compile(dist, sim_distribution(config, "smuggling", name, 0), scale, &why);
    if (ret != SIM_E_INPUT)
        return ret;
    sim_diag_error(diag, sim_value_mark(config, "smuggling", name, 0), NULL, NULL, "%s", why);
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct informal_setup *c = own_setup(setup);
    c->routes = model_take(setup, sim_elements(config, "informal.*"), sizeof *c->routes);
    c->route_of = model_take(setup, setup->site_count, sizeof *c->route_of);
    if (c->routes == NULL || c->route_of == NULL)
        return SIM_E_MEMORY;
    read_routes(setup, config, diag);
    const char *section = "smuggling";
    c->value_of_time = sim_quantity(config, section, "value_of_time", 0);
    c->demand_response = sim_quantity(config, section, "demand_response", 0);
    c->patrol_response = sim_quantity(config, section, "patrol_response", 0);
    c->wait_response = sim_quantity(config, section, "wait_response", 0);
    c->supply_response = sim_quantity(config, section, "supply_response", 0);
    c->patrol_effect = sim_quantity(config, section, "patrol_effect", 0);
    c->interception_time = sim_quantity(config, section, "interception_time", 0);
    c->adjustment = sim_micros(config, section, "adjustment", 0);
    c->to_post = sim_choice(config, section, "intercepted_then", 0) == 1;
    c->attempts = (uint32_t)sim_count(config, section, "attempts", 0);
    c->injured = trait_named(config, "injured_trait");
    c->exploited = trait_named(config, "exploited_trait");
    c->limited = sim_given(config, section, "means", 0);
    int ret = compile(&c->held, config, "held", 1e6, diag);
    return ret != 0 || !c->limited ? ret : compile(&c->means, config, "means", 1.0, diag);
}

static void release(model_setup *setup)
{
    struct informal_setup *c = own_setup(setup);
    sim_dist_free(&c->means);
    sim_dist_free(&c->held);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->route_count > 0;
}

/* --- a replication --- */

static int build(model_world *world)
{
    const struct informal_setup *c = own_setup(world->setup);
    struct informal_world *w = own_world(world);
    for (uint32_t i = 0; i < c->route_count; i++)
        w->routes[i].price = c->routes[i].smuggler ? c->routes[i].price : 0;
    return 0;
}

/* --- prices --- */

static uint32_t patrols_at(const model_world *world, uint32_t site, sim_time now)
{
    uint32_t patrols = 0;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        if (order->kind != &orders[0] || !model_order_is_in_force(world, order, now))
            continue;
        for (uint32_t k = 0; k < order->target_count; k++)
            if (order->targets[k] == site)
                patrols += order->number;
    }
    return patrols;
}

/* The wait at posts as it is known, the mean over those who wait; seconds. */
static double known_wait(const model_world *world)
{
    double people = 0, sum = 0;
    for (uint32_t i = 0; i < world->setup->post_count; i++) {
        double wait = world->seen_wait[i];
        double waiting = (double)world->seen[i];
        people += waiting;
        sum += waiting * wait;
    }
    return people > 0 ? sum / people : 0;
}

/* A control interval's demand, what could be taken of it, and where the price moves (backward Euler, so that it never
 * overshoots). */
static void move_price(const model_world *world, const route *r, route_state *state, double wait)
{
    const struct informal_setup *c = own_setup(world->setup);
    double step = (double)world->setup->control_interval, weight = step / ((double)c->adjustment + step), crowding = 0;
    state->come += ((double)state->came - state->come) * weight;
    state->open += ((state->full == 0 ? step : 0) - state->open) * weight;
    if (state->open > 0)
        state->demand = state->come / state->open;
    if (r->capacity > 0) {
        double supply = r->capacity;
        if (r->price > 0 && state->price > r->price)
            supply *= 1 + c->supply_response * (state->price / r->price - 1);
        state->backlog += (double)state->came - supply * step;
        if (state->backlog < 0)
            state->backlog = 0;
        state->full = state->backlog > 0;
        if (state->demand > supply)
            crowding = state->demand / supply - 1;
    }
    state->came = 0;
    double target = r->price * (1 + c->demand_response * crowding + c->patrol_response * (double)state->patrols +
                                c->wait_response * wait);
    state->price += (target - state->price) * weight;
}

static void set_level(const model_world *world, uint32_t metric, uint32_t place, int64_t value, sim_time now)
{
    sim_level *level = sim_record_level_at(&world->recorder, metric, place, 0);
    sim_level_add(level, now, value - level->level);
}

static bool is_anyone_stranded(const model_world *world)
{
    for (uint32_t i = 0; i < world->setup->place_count; i++)
        if (sim_record_level_at(&world->recorder, world->metrics.state, i, MODEL_STRANDED)->level > 0)
            return true;
    return false;
}

static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct informal_setup *c = own_setup(setup);
    struct informal_world *w = own_world(world);
    bool moves = now > 0 && now % setup->control_interval == 0, easier = false;
    double wait = moves && c->wait_response > 0 ? known_wait(world) : 0;
    for (uint32_t i = 0; i < c->route_count; i++) {
        const route *r = &c->routes[i];
        route_state *state = &w->routes[i];
        uint32_t place = setup->sites[r->site].place;
        double price = state->price;
        bool full = state->full != 0;
        state->patrols = patrols_at(world, r->site, now);
        if (moves && r->smuggler)
            move_price(world, r, state, wait);
        easier = easier || state->price < price || (full && state->full == 0);
        double strength = (double)state->patrols * c->patrol_effect;
        state->interception = r->interception + (1 - r->interception) * strength / (1 + strength);
        world->deterrent[r->site] +=
            state->price / c->value_of_time + r->danger + state->interception * c->interception_time;
        set_level(world, w->price, place, (int64_t)(state->price * 100 + 0.5), now);
        set_level(world, w->patrols, place, state->patrols, now);
    }
    if (easier && is_anyone_stranded(world)) /* they have waited for a place, or for a price that they can pay */
        model_travel_reroute(world, now);
    return SIM_FOREVER;
}

/* --- on the way --- */

/* What the group can still pay a person. */
static double means_of(const model_world *world, uint32_t group)
{
    const struct informal_setup *c = own_setup(world->setup);
    return sim_dist_draw(&c->means, sim_rng_draw(&world->rng, group, own_draw(0), DRAW_MEANS)) -
           (double)own_world(world)->spent[group];
}

static bool allows(const model_world *world, uint32_t group, uint32_t site)
{
    const struct informal_setup *c = own_setup(world->setup);
    if (c->route_of[site] == MODEL_NONE)
        return true;
    const route_state *state = &own_world(world)->routes[c->route_of[site]];
    return own_world(world)->attempts[group] < c->attempts && state->full == 0 &&
           (!c->limited || state->price == 0 || state->price <= means_of(world, group));
}

static void pay(model_world *world, uint32_t group, const route_state *state)
{
    const model_group *g = model_group_at(world, group);
    double price = state->price;
    if (own_setup(world->setup)->limited && price > means_of(world, group))
        price = means_of(world, group); /* it rose while they were on their way */
    if (price <= 0)
        return;
    own_world(world)->spent[group] += (float)price;
    sim_record_count(&world->recorder, own_world(world)->paid, g->place, 0, (int64_t)(price * g->customer.size + 0.5));
}

static bool happens(const model_world *world, uint32_t person, uint32_t number, double probability)
{
    return probability > 0 &&
           sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), DRAW_PERSON + number), probability);
}

/* What befalls each person; the dead are taken out of the group. */
static void suffer(model_world *world, sim_process *process, uint32_t group, const route *r, uint32_t attempt)
{
    const struct informal_setup *c = own_setup(world->setup);
    const struct informal_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    int64_t died = 0, injured = 0, exploited = 0;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i))
            continue;
        if (happens(world, person, attempt * 4, r->death)) {
            model_people_take(world, process, group, i, MODEL_DIED);
            died++;
            continue;
        }
        if (happens(world, person, attempt * 4 + 1, r->injury)) {
            world->traits[person] |= c->injured;
            injured++;
        }
        if (happens(world, person, attempt * 4 + 2, r->exploitation)) {
            world->traits[person] |= c->exploited;
            exploited++;
        }
    }
    const uint32_t recorded[3] = {w->died, w->injured, w->exploited};
    const int64_t people[3] = {died, injured, exploited};
    for (int k = 0; k < 3; k++)
        if (people[k] > 0)
            sim_record_count(&world->recorder, recorded[k], g->place, g->customer.class, people[k]);
}

static void arrived(model_world *world, sim_process *process, uint32_t group)
{
    const struct informal_setup *c = own_setup(world->setup);
    struct informal_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    if (g->customer.size == 0 || c->route_of[g->site] == MODEL_NONE)
        return;
    const route *r = &c->routes[c->route_of[g->site]];
    route_state *state = &w->routes[c->route_of[g->site]];
    uint32_t attempt = w->attempts[group];
    w->attempts[group] = (uint8_t)(attempt < UINT8_MAX ? attempt + 1 : attempt);
    state->came += g->customer.size;
    sim_record_count(&world->recorder, w->attempted, g->place, g->customer.class, g->customer.size);
    pay(world, group, state);
    suffer(world, process, group, r, attempt);
    if (g->customer.size == 0 ||
        !sim_rng_chance(sim_rng_draw(&world->rng, group, own_draw(0), attempt), state->interception))
        return;
    sim_record_count(&world->recorder, w->intercepted, g->place, g->customer.class, g->customer.size);
    model_site_keep(world, process, group, MODEL_DETAINED);
    double held = sim_dist_draw(&c->held, sim_rng_draw(&world->rng, group, own_draw(0), DRAW_HELD + attempt));
    sim_schedule(process, sim_event_make(process->now + (sim_time)(held + 0.5), 2, group, own_event(world, 0), 0));
}

/* The border post that is nearest for the group, or MODEL_NONE. */
static uint32_t nearest_post(const model_world *world, const model_group *g)
{
    const model_setup *setup = world->setup;
    uint32_t best = MODEL_NONE;
    sim_time least = SIM_FOREVER;
    for (uint32_t i = 0; i < setup->post_count; i++) {
        sim_time way = world->route_time[model_route_index(setup, g->mode, i, g->place)];
        if (way < least && (setup->sites[i].modes >> g->mode & 1) != 0) {
            least = way;
            best = i;
        }
    }
    return best;
}

/* A group that was held is let go. */
static void handle(model_world *world, sim_process *process, sim_event event)
{
    const struct informal_setup *c = own_setup(world->setup);
    uint32_t group = sim_event_entity(event), next = MODEL_NONE;
    model_group *g = model_group_at(world, group);
    if (!model_site_let_go(world, process, group, MODEL_DETAINED))
        return;
    if (c->to_post)
        next = nearest_post(world, g);
    if (next != MODEL_NONE) {
        g->fixed = true;
        sim_record_count(&world->recorder, own_world(world)->brought, g->place, g->customer.class, g->customer.size);
    } else if (g->visits < UINT8_MAX && (!g->fixed || own_world(world)->attempts[group] < c->attempts)) {
        next = model_choice_choose(world, group, MODEL_NONE);
    }
    if (next == MODEL_NONE) {
        sim_record_count(&world->recorder, world->metrics.gave_up, g->place, g->customer.class, g->customer.size);
        model_state_enter(world, g->place, MODEL_GAVE_UP, process->now, g->customer.size);
        return;
    }
    g->began = process->now;
    world->setup->way->makes_for(world, process, group, next);
}

static size_t route_count(const model_world *world)
{
    return own_setup(world->setup)->route_count;
}

static const model_column columns[] = {
    COLUMN_OWN(routes, route_state, route_count),
    COLUMN(attempts, uint8_t, GROUP),
    COLUMN(spent, float, GROUP),
};

const model model_of_informal = {
    .name = "informal",
    .doc = "informal crossings: smugglers' prices, risks on the way, patrols",
    .keys = "people classes places links travel stations posts centres onward informal smuggling",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct informal_setup),
    .world_size = sizeof(struct informal_world),
    .writes = "traits deterrent",
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    MODEL_TABLE(column),
    .event_count = 1,
    .handle = handle,
    .control = control,
    .on = {.arrived = arrived, .allows = allows},
};
