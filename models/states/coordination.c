/* Coordination between States and agencies: daily intake caps and how they spread down a chain of posts, orders that
 * need another agency's agreement, and joint (one-stop) controls.
 *
 * A cap counts people at the first station of a post's side. When it is reached the station stops calling people in
 * until local midnight, and those whom the last group brought above it are taken off the next day, so that the mean is
 * the cap exactly. */
#include <stdlib.h>
#include <string.h>

#include "models/core/order.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"agreements.*",
     "an agency's consent that orders of the timeline need (a neighbouring State, a ministry, a railway)", 0},
};

#define CAP(side, words)                                                                                           \
    {                                                                                                              \
        "posts.*", side ".daily_cap", SIM_COUNT, SIM_DIM_NONE, "", 0, 1000000000, NULL,                            \
            "people a day (from local midnight) whom the first station of the " words " side calls in; 0: closed", \
            "not given: no cap"                                                                                    \
    }

static const sim_param params[] = {
    CAP("exit", "exit"),
    CAP("entry", "entry"),
    {"posts.*", "entry.cap_follows", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "posts.*",
     "this entry side calls in no more a day than the entry side of that post may: a State passes on its neighbour's "
     "cap",
     "not given: it does not"},
    {"posts.*", "entry.cap_lag", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 366 * 86400.0, NULL,
     "from that post's cap until this one has it too",
     "assumption: announced together, as the police of five States did on the Balkan route in February 2016"},
    {"posts.*", "joint.left_out", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "stations.*",
     "stations of the exit side that are passed by while controls are joint",
     "not given: no joint control is possible"},
    {"posts.*", "joint.done_at", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "stations.*",
     "stations of the entry side that do their work then", "not given: nobody does"},
    {"posts.*", "joint.factor", SIM_QUANTITY, SIM_DIM_NONE, "1", 0.01, 100, NULL,
     "of those stations' service times while controls are joint",
     "assumption: data are taken once, and the second look costs nothing"},
    {"agreements.*", "with", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "agencies.*", "the agency that is asked",
     "none: must be given"},
    {"agreements.*", "probability", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL,
     "that it agrees, to each order by itself", "assumption: it agrees"},
    {"agreements.*", "delay", SIM_DIST, SIM_DIM_TIME, "0 h", 0, 3660 * 86400.0, NULL, "from asking until it answers",
     "assumption: agreed beforehand, as in a contingency plan signed by both sides"},
    {"timeline.#", "agreement", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agreements.*",
     "the order needs this consent: it takes effect later by the delay, for its whole duration, or not at all",
     "not given: it needs none"},
};

/* One side of a border post where people can be counted in. */
typedef struct {
    uint32_t site, side, station; /* its first */
    uint32_t follows;             /* gate or MODEL_NONE */
    sim_time lag;
    int64_t cap; /* NO_CAP: none */
} gate;

enum { NO_CAP = -1, ASKED_ON_THE_WAY = 1 << 20 /* draws from this number on */ };

typedef struct {
    uint32_t agency;
    double probability;
    sim_dist delay; /* microseconds */
} agreement;

struct coordination_setup {
    bool paces; /* a joint control takes another time than the two */
    gate *gates;
    uint32_t gate_count;
    uint32_t *gate_of; /* of each station: MODEL_NONE unless it is the first of a side with stations */
    agreement *agreements;
    uint32_t agreement_count;
    bool has_caps, has_joint, used;
    bool *is_left_out, *is_done_at; /* of each station, while controls are joint */
    double *factor;                 /* of each site */
};

typedef struct {
    int64_t used;      /* people called in today, and yesterday's overshoot */
    int64_t overshoot; /* of those, brought by the last group above the cap */
    int64_t cap;
    uint32_t shut;
} __attribute__((aligned(128))) gate_state;

/* Of each order. */
typedef struct {
    sim_time answer; /* when it comes, or came */
    bool asked, agreed;
} consent;

struct coordination_world {
    gate_state *gates;
    uint32_t consents; /* table of the orders */
    uint32_t *askings; /* of each agreement, on the way: they number the draws */
    uint32_t admitted, cap_reached, sides_shut, orders_agreed, orders_refused; /* metrics */
};

MODEL_PART(coordination)

static const model_metric metrics[] = {
    METRIC_COUNT(admitted, "coordination/admitted", "people", PLACE, NOTHING, "people called in under a cap", ""),
    METRIC_COUNT(cap_reached, "coordination/cap_reached", "days", PLACE, NOTHING,
                 "times a side was shut by its cap, a day anew where it stays shut", ""),
    METRIC_LEVEL(sides_shut, "coordination/sides_shut", "sides", PLACE, NOTHING,
                 "sides shut by their cap; the mean is the share of time", ""),
    METRIC_COUNT(orders_agreed, "coordination/orders_agreed", "orders", AGENCY, NOTHING,
                 "orders to which the agency agreed", "Global Compact objective 23: cooperation"),
    METRIC_COUNT(orders_refused, "coordination/orders_refused", "orders", AGENCY, NOTHING,
                 "orders to which it did not agree, and which were not carried out",
                 "Global Compact objective 23: cooperation"),
};

/* --- orders --- */

static void apply_nothing(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)world, (void)order, (void)begin, (void)now; /* control looks which are in force */
}

static void check_first_station(const model_setup *setup, uint32_t g, sim_mark mark, sim_diag *diag);

static void check_cap(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    struct coordination_setup *c = own_setup(setup);
    bool found = order->target_count == 0 || setup->sites_in_doubt;
    if (c == NULL) /* something else is wrong, and has been told */
        return;
    for (uint32_t i = 0; i < c->gate_count; i++)
        for (uint32_t k = 0; k < order->target_count; k++) {
            const model_station *s = &setup->stations[order->targets[k]];
            if (s->site != c->gates[i].site || s->side != c->gates[i].side)
                continue;
            check_first_station(setup, i, mark, diag);
            found = true;
            break;
        }
    c->used = c->has_caps = true;
    if (!found)
        sim_diag_error(diag, mark, "a border post, or a side of one", NULL, "only border posts have daily caps");
}

static void check_joint(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    struct coordination_setup *c = own_setup(setup);
    bool found = order->target_count == 0 || setup->sites_in_doubt;
    if (c == NULL)
        return;
    for (uint32_t i = 0; i < order->target_count; i++)
        for (uint32_t s = 0; s < setup->station_count; s++)
            found = found || (setup->stations[s].site == order->targets[i] && c->is_left_out[s]);
    c->used = c->has_joint = true;
    if (!found)
        sim_diag_error(diag, mark, "a post with `joint.left_out`", NULL,
                       "nothing is left out there when controls are joint");
}

enum { SET_CAP, LIFT_CAP, JOINT };

static const model_order_kind orders[] = {
    [SET_CAP] = {.name = "set_cap",
                 .doc = "caps the people called in a day at the sides meant; 0 closes them",
                 .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people a day at each side"}},
                 .targets = MODEL_TARGET_STATIONS,
                 .who = MODEL_BY_ANYONE,
                 .lead_source = "assumption: given ahead of time",
                 .apply = apply_nothing,
                 .check = check_cap},
    [LIFT_CAP] = {.name = "lift_cap",
                  .doc = "no cap holds at the sides meant",
                  .targets = MODEL_TARGET_STATIONS,
                  .who = MODEL_BY_ANYONE,
                  .lead_source = "assumption: given ahead of time",
                  .apply = apply_nothing,
                  .check = check_cap},
    [JOINT] = {.name = "joint_control",
               .doc = "the two sides check together: stations in `joint.left_out` are passed by",
               .targets = MODEL_TARGET_SITES,
               .who = MODEL_BY_ANYONE,
               .lead_source = "assumption: given ahead of time",
               .apply = apply_nothing,
               .check = check_joint},
};

/* --- reading --- */

static const char *const cap_names[MODEL_SIDES] = {"exit.daily_cap", "entry.daily_cap"};

/* Who passes by the first station would not be counted. */
static void check_first_station(const model_setup *setup, uint32_t g, sim_mark mark, sim_diag *diag)
{
    const model_station *s = &setup->stations[own_setup(setup)->gates[g].station];
    if ((s->when | s->unless) != 0 || (setup->sites[s->site].modes & ~s->modes) != 0)
        sim_diag_error(diag, mark, "a first station for everyone (without `when`, `unless` and `modes`)", NULL,
                       "%s does not take everyone, so that a cap there would not hold", s->name);
}

static uint32_t gate_at(const struct coordination_setup *c, uint32_t site, uint32_t side)
{
    for (uint32_t i = 0; i < c->gate_count; i++)
        if (c->gates[i].site == site && c->gates[i].side == side)
            return i;
    return MODEL_NONE;
}

static void read_gates(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct coordination_setup *c = own_setup(setup);
    for (uint32_t s = 0; s < setup->station_count; s++) {
        const model_station *station = &setup->stations[s];
        c->gate_of[s] = MODEL_NONE;
        if (station->site >= setup->post_count || gate_at(c, station->site, station->side) != MODEL_NONE)
            continue;
        c->gate_of[s] = c->gate_count;
        c->gates[c->gate_count++] = (gate){station->site, station->side, s, MODEL_NONE, 0, NO_CAP};
    }
    for (uint32_t site = 0; site < setup->post_count; site++) {
        uint32_t element = setup->sites[site].declared;
        for (uint32_t side = 0; side < MODEL_SIDES; side++) {
            if (!sim_given(config, "posts.*", cap_names[side], element))
                continue;
            sim_mark mark = sim_value_mark(config, "posts.*", cap_names[side], element);
            uint32_t g = gate_at(c, site, side);
            c->used = c->has_caps = true;
            if (g == MODEL_NONE) {
                if (!setup->sites_in_doubt)
                    sim_diag_error(diag, mark, "a side with stations", NULL,
                                   "nobody is called in where there is no station");
                continue;
            }
            c->gates[g].cap = model_scaled(setup, sim_count(config, "posts.*", cap_names[side], element));
            check_first_station(setup, g, mark, diag);
        }
    }
}

/* Which entry side passes on whose cap; a ring of them would have no beginning. */
static void read_followers(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct coordination_setup *c = own_setup(setup);
    for (uint32_t site = 0; site < setup->post_count; site++) {
        uint32_t element = setup->sites[site].declared;
        if (!sim_given(config, "posts.*", "entry.cap_follows", element))
            continue;
        sim_mark mark = sim_value_mark(config, "posts.*", "entry.cap_follows", element);
        uint32_t g = gate_at(c, site, 1),
                 other = gate_at(c, (uint32_t)sim_name(config, "posts.*", "entry.cap_follows", element), 1);
        if (g == MODEL_NONE || other == MODEL_NONE) {
            if (!setup->sites_in_doubt)
                sim_diag_error(diag, mark, "two entry sides with stations", NULL,
                               "nobody is called in where there is no station");
            continue;
        }
        check_first_station(setup, g, mark, diag);
        c->gates[g].lag = sim_micros(config, "posts.*", "entry.cap_lag", element);
        uint32_t at = other;
        while (at != MODEL_NONE && at != g)
            at = c->gates[at].follows;
        if (at == g)
            sim_diag_error(diag, mark, "a post further down the chain", NULL,
                           "these posts would follow each other's cap in a ring");
        else
            c->gates[g].follows = other;
        c->used = c->has_caps = true;
    }
}

static void read_joint(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    static const char *const names[2] = {"joint.left_out", "joint.done_at"};
    static const char *const sides[2] = {"exit", "entry"};
    struct coordination_setup *c = own_setup(setup);
    for (uint32_t site = 0; site < setup->post_count; site++) {
        const model_site *p = &setup->sites[site];
        c->factor[site] = sim_quantity(config, "posts.*", "joint.factor", p->declared);
        for (uint32_t k = 0; k < 2; k++) {
            const size_t *indices;
            size_t n = sim_given(config, "posts.*", names[k], p->declared)
                           ? sim_names(config, "posts.*", names[k], p->declared, &indices)
                           : 0;
            for (size_t i = 0; i < n; i++) {
                bool found = false;
                for (uint32_t s = p->first_station; s < p->first_station + p->station_count; s++)
                    if (setup->stations[s].side == k && setup->stations[s].declared == indices[i]) {
                        (k == 0 ? c->is_left_out : c->is_done_at)[s] = found = true;
                        c->paces = c->paces || k == 1;
                    }
                if (!found && !setup->sites_in_doubt)
                    sim_diag_error(diag, sim_value_mark(config, "posts.*", names[k], p->declared),
                                   "stations of that side", NULL, "one of them is no station of the %s side of %s",
                                   sides[k], p->name);
            }
        }
    }
}

static int read_agreements(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct coordination_setup *c = own_setup(setup);
    size_t n = sim_elements(config, "agreements.*");
    c->agreements = model_take(setup, n, sizeof *c->agreements);
    int ret = c->agreements == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < n && ret == 0; i++) {
        const char *why = NULL;
        agreement *a = &c->agreements[c->agreement_count++];
        a->agency = (uint32_t)sim_name(config, "agreements.*", "with", i);
        a->probability = sim_quantity(config, "agreements.*", "probability", i);
        ret = sim_dist_compile(&a->delay, sim_distribution(config, "agreements.*", "delay", i), 1e6, &why);
        if (ret == SIM_E_INPUT) {
            sim_diag_error(diag, sim_value_mark(config, "agreements.*", "delay", i), NULL, NULL, "%s", why);
            ret = 0;
        }
    }
    return ret;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct coordination_setup *c = own_setup(setup);
    size_t stations = (size_t)setup->station_count + 1;
    c->gates = model_take(setup, (size_t)setup->post_count * MODEL_SIDES, sizeof *c->gates);
    c->gate_of = model_take(setup, stations, sizeof *c->gate_of);
    c->is_left_out = model_take(setup, stations, sizeof *c->is_left_out);
    c->is_done_at = model_take(setup, stations, sizeof *c->is_done_at);
    c->factor = model_take(setup, setup->post_count, sizeof *c->factor);
    if (c->gates == NULL || c->gate_of == NULL || c->is_left_out == NULL || c->is_done_at == NULL || c->factor == NULL)
        return SIM_E_MEMORY;
    read_gates(setup, config, diag);
    read_followers(setup, config, diag);
    read_joint(setup, config, diag);
    return read_agreements(setup, config, diag);
}

/* The agreement that an order needs; MODEL_NONE: it needs none. */
static uint32_t agreement_of(const sim_config *config, size_t element)
{
    return sim_given(config, "timeline.#", "agreement", element)
               ? (uint32_t)sim_name(config, "timeline.#", "agreement", element)
               : MODEL_NONE;
}

static int link_agreements(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (agreement_of(config, setup->orders[i].element) != MODEL_NONE)
            own_setup(setup)->used = true;
    return 0;
}

static void checks(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    if (!own_setup(setup)->used && agreement_of(order->config, order->element) != MODEL_NONE)
        sim_diag_error(diag, sim_value_mark(order->config, "timeline.#", "agreement", order->element), "no `agreement`",
                       NULL, "nobody is asked for consent in this scenario: no order of its timeline needs it");
}

static void release(model_setup *setup)
{
    struct coordination_setup *c = own_setup(setup);
    for (uint32_t i = 0; i < c->agreement_count; i++)
        sim_dist_free(&c->agreements[i].delay);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

/* --- a replication --- */

/* The answer and its delay are drawn for each asking. */
static bool ask(model_world *world, const model_order *order, uint32_t number, sim_time *begin, sim_time *end)
{
    uint32_t needed = agreement_of(order->config, order->element);
    const agreement *a = &own_setup(world->setup)->agreements[needed];
    consent *c = model_order_entry(world, own_world(world)->consents, order->index);
    uint64_t pair[2];
    sim_rng_pair(&world->rng, needed, own_draw(0), number, pair);
    sim_time delay = (sim_time)(sim_dist_draw(&a->delay, pair[1]) + 0.5);
    c->answer = *begin + delay;
    c->asked = true;
    c->agreed = sim_rng_chance(pair[0], a->probability);
    if (!c->agreed)
        return false;
    *begin += delay;
    if (*end != SIM_FOREVER)
        *end += delay;
    return true;
}

/* Entries of set times under the same agreement that come before this one in time, those that are not given under a
 * plan too: so other orders do not change its luck, unless they are given before it. */
static uint32_t asked_before(const model_setup *setup, const model_order *order)
{
    const sim_config *config = setup->config;
    uint32_t n = 0, needed = agreement_of(config, order->element);
    for (size_t i = 0; i < sim_elements(config, "timeline.#"); i++) {
        if (!sim_given(config, "timeline.#", "at", i) || agreement_of(config, i) != needed)
            continue;
        sim_time at = sim_micros(config, "timeline.#", "at", i);
        n += at < order->given || (at == order->given && i < order->element);
    }
    return n;
}

/* Asks for the orders of set times that need it, which are shifted or cancelled. */
static void ask_all(model_world *world)
{
    const model_setup *setup = world->setup;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *order = &setup->orders[i];
        if (order->rule == MODEL_NONE && agreement_of(order->config, order->element) != MODEL_NONE &&
            !ask(world, order, asked_before(setup, order), &world->order_begin[i], &world->order_end[i]))
            world->order_begin[i] = world->order_end[i] = SIM_FOREVER;
    }
}

static void record_answer(const model_world *world, const model_order *order, const consent *c)
{
    const struct coordination_world *w = own_world(world);
    uint32_t agency = own_setup(world->setup)->agreements[agreement_of(order->config, order->element)].agency;
    sim_record_count(&world->recorder, c->agreed ? w->orders_agreed : w->orders_refused, agency, 0, 1);
}

/* Orders that are given on the way draw by numbers of their own, in the order of the askings. */
static bool asks(model_world *world, const model_order *order, sim_time now, sim_time *begin, sim_time *end)
{
    struct coordination_world *w = own_world(world);
    uint32_t needed = agreement_of(order->config, order->element);
    if (needed == MODEL_NONE)
        return true;
    bool agreed = ask(world, order, ASKED_ON_THE_WAY + (w->askings[needed]++ << 12), begin, end);
    const consent *c = model_order_entry(world, w->consents, order->index);
    if (c->answer <= now)
        record_answer(world, order, c);
    return agreed;
}

static bool withdraws(model_world *world, const model_order *order, sim_time now)
{
    consent *c = model_order_entry(world, own_world(world)->consents, order->index);
    if (!c->asked || c->answer <= now)
        return false;
    c->asked = false;
    return true;
}

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    const struct coordination_setup *c = own_setup(setup);
    struct coordination_world *w = own_world(world);
    int ret = model_order_table(world, sizeof(consent), &w->consents);
    if (ret != 0)
        return ret;
    for (uint32_t i = 0; i < c->gate_count; i++)
        w->gates[i].cap = NO_CAP;
    ask_all(world);
    return 0;
}

static bool is_cap_order(const model_order *order)
{
    return order->kind == &orders[SET_CAP] || order->kind == &orders[LIFT_CAP];
}

static bool means_side(const model_setup *setup, const model_order *order, const gate *g)
{
    for (uint32_t i = 0; i < order->target_count; i++)
        if (setup->stations[order->targets[i]].site == g->site && setup->stations[order->targets[i]].side == g->side)
            return true;
    return false;
}

static int64_t lower_cap(int64_t a, int64_t b)
{
    return a == NO_CAP || (b != NO_CAP && b < a) ? b : a;
}

/* The side's own cap at `at`, as the order given last that is in force has it, and no more than the caps that it
 * follows had so much earlier. */
static int64_t cap_at(const model_world *world, uint32_t index, sim_time at)
{
    const model_setup *setup = world->setup;
    int64_t least = NO_CAP;
    for (; index != MODEL_NONE; index = own_setup(setup)->gates[index].follows) {
        const gate *g = &own_setup(setup)->gates[index];
        int64_t own = g->cap;
        sim_time latest = INT64_MIN;
        for (uint32_t i = 0; i < world->order_count; i++) {
            const model_order *order = world->orders[i];
            sim_time since = is_cap_order(order) ? model_order_since(world, order, at) : SIM_FOREVER;
            if (since == SIM_FOREVER || since < latest || !means_side(setup, order, g))
                continue;
            own = order->kind == &orders[SET_CAP] ? model_scaled(setup, order->number) : NO_CAP;
            latest = since;
        }
        least = lower_cap(least, own);
        at -= g->lag;
    }
    return least;
}

static bool is_midnight(const model_setup *setup, sim_time now)
{
    return now > 0 && model_clock(setup, now) == 0;
}

static void shut(model_world *world, const gate *g, gate_state *state, bool is_shut, sim_time now)
{
    const struct coordination_world *w = own_world(world);
    state->shut = is_shut;
    world->outages[g->station] += is_shut ? 1u : UINT32_MAX;
    sim_record_level(&world->recorder, w->sides_shut, world->setup->sites[g->site].place, 0, now, is_shut ? 1 : -1);
}

/* Opens and shuts a side as its cap and what it has used of it have it. */
static void control_gate(model_world *world, uint32_t index, sim_time now)
{
    const gate *g = &own_setup(world->setup)->gates[index];
    gate_state *state = &own_world(world)->gates[index];
    bool new_day = is_midnight(world->setup, now);
    if (new_day)
        state->used = state->overshoot;
    state->cap = cap_at(world, index, now);
    int64_t above = state->cap == NO_CAP || state->used < state->cap ? 0 : state->used - state->cap;
    state->overshoot = new_day || above < state->overshoot ? above : state->overshoot;
    bool is_shut = state->cap != NO_CAP && state->used >= state->cap, was_shut = state->shut != 0;
    if (is_shut && (new_day || !was_shut))
        sim_record_count(&world->recorder, own_world(world)->cap_reached, world->setup->sites[g->site].place, 0, 1);
    if (is_shut == was_shut)
        return;
    shut(world, g, state, is_shut, now);
    world->staffing_changed = true;
}

/* Brings *next forward to when a change at `edge` reaches a side, at once or passed on, if that is after `now`. */
static void pass_on(const struct coordination_setup *c, sim_time edge, sim_time now, sim_time *next)
{
    for (uint32_t k = 0; k < c->gate_count && edge != SIM_FOREVER; k++) {
        sim_time lag = 0;
        for (uint32_t at = k; at != MODEL_NONE; at = c->gates[at].follows) {
            if (edge + lag > now && edge + lag < *next)
                *next = edge + lag;
            lag += c->gates[at].lag;
        }
    }
}

/* The first instant after `now` at which a cap may change: at midnight, and where a cap that is passed on arrives. */
static sim_time next_after(const model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct coordination_setup *c = own_setup(setup);
    sim_time next = now - model_clock(setup, now) + SIM_DAY;
    size_t count;
    const model_order_row *rows = model_order_log(world, &count);
    for (uint32_t i = 0; i < world->order_count; i++)
        if (is_cap_order(world->orders[i])) {
            pass_on(c, world->order_begin[i], now, &next);
            pass_on(c, world->order_end[i], now, &next);
        }
    for (size_t i = 0; i < count; i++) /* orders of rules may have been in force before */
        if (is_cap_order(world->orders[rows[i].order]) && world->orders[rows[i].order]->rule != MODEL_NONE) {
            pass_on(c, rows[i].effect, now, &next);
            pass_on(c, rows[i].end, now, &next);
        }
    return next;
}

static void control_joint(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct coordination_setup *c = own_setup(setup);
    memset(world->left_out, 0, setup->station_count * sizeof *world->left_out);
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        if (order->kind != &orders[JOINT] || !model_order_is_in_force(world, order, now))
            continue;
        for (uint32_t k = 0; k < order->target_count; k++)
            for (uint32_t s = 0; s < setup->station_count; s++)
                if (setup->stations[s].site == order->targets[k] && c->is_left_out[s])
                    world->left_out[s] = true;
    }
    for (uint32_t s = 0; s < setup->station_count; s++) {
        const model_site *p = &setup->sites[setup->stations[s].site];
        bool joint = false;
        for (uint32_t k = p->first_station; c->is_done_at[s] && k < p->first_station + p->station_count; k++)
            joint = joint || world->left_out[k];
        if (joint)
            world->pace[s] *= c->factor[setup->stations[s].site];
    }
}

static sim_time control(model_world *world, sim_time now)
{
    const struct coordination_setup *c = own_setup(world->setup);
    if (c->has_joint)
        control_joint(world, now);
    if (!c->has_caps)
        return SIM_FOREVER;
    for (uint32_t i = 0; i < c->gate_count; i++)
        control_gate(world, i, now);
    return next_after(world, now);
}

/* Answers that have come since the last instant. */
static void account(model_world *world, sim_time now)
{
    const struct coordination_world *w = own_world(world);
    for (uint32_t i = 0; i < world->order_count; i++) {
        const consent *c = model_order_entry(world, w->consents, i);
        if (c->asked && c->answer <= now && (c->answer > world->accounted || now == 0))
            record_answer(world, world->orders[i], c);
    }
}

static void started(model_world *world, sim_process *process, uint32_t station, uint32_t group, sim_time queued,
                    sim_time service)
{
    (void)queued, (void)service;
    const struct coordination_setup *c = own_setup(world->setup);
    uint32_t index = c->gate_of[station];
    if (index == MODEL_NONE)
        return;
    const gate *g = &c->gates[index];
    gate_state *state = &own_world(world)->gates[index];
    uint32_t place = world->setup->sites[g->site].place, people = model_group_at(world, group)->customer.size;
    state->used += people;
    if (state->cap == NO_CAP)
        return;
    sim_record_count(&world->recorder, own_world(world)->admitted, place, 0, people);
    if (state->used < state->cap)
        return;
    if (state->shut) { /* called in all the same */
        state->overshoot += people;
        return;
    }
    state->overshoot = state->used - state->cap;
    sim_record_count(&world->recorder, own_world(world)->cap_reached, place, 0, 1);
    shut(world, g, state, true, process->now);
    sim_network_set_servers(&world->network, process, station, 0, process->now);
}

static size_t gate_count(const model_world *world)
{
    return own_setup(world->setup)->gate_count;
}

static size_t agreement_count(const model_world *world)
{
    return own_setup(world->setup)->agreement_count;
}

static const model_column columns[] = {
    COLUMN_OWN(gates, gate_state, gate_count),
    COLUMN_OWN(askings, uint32_t, agreement_count),
};

static bool writes_it(const model_setup *setup, const char *row)
{
    const struct coordination_setup *c = own_setup(setup);
    return strcmp(row, "left_out") == 0 ? c->has_joint : strcmp(row, "pace") != 0 || c->paces;
}

const model model_of_coordination = {
    .name = "coordination",
    .doc = "daily caps and how they spread, orders that need agreement, joint controls",
    .keys = "people classes places links travel stations posts centres onward agencies timeline agreements",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct coordination_setup),
    .world_size = sizeof(struct coordination_world),
    .writes = "outages left_out pace",
    .writes_it = writes_it,
    .prepare = prepare,
    .link = link_agreements,
    .release = release,
    .used = used,
    .build = build,
    MODEL_TABLE(column),
    .control = control,
    .account = account,
    .checks = checks,
    .asks = asks,
    .withdraws = withdraws,
    .on = {.started = started},
};
