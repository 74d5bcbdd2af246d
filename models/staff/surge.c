/* Surge: people who come to a roster from elsewhere, from its own reserve, or from another roster, by orders.
 *
 * They work in the roster's shifts, shared among those that start on a day in proportion to the people on their lists.
 * What the orders in force add up to is found anew whenever one begins, ends or its people arrive. */
#include <string.h>

#include "models/core/calendar.h"
#include "models/core/order_limit.h"
#include "models/staff/duty.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"pools.*", "people who can be sent to rosters by orders surge_staff, to several of them from one pool", 0},
};

static const sim_param params[] = {
    {"pools.*", "number", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 1000000, NULL, "people in it", "none: must be given"},
    {"rosters.*", "surge_pool", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "pools.*",
     "the pool from which its surge_staff comes", "not given: no limit is known"},
    {"rosters.*", "surge_lead", SIM_QUANTITY, SIM_DIM_TIME, "5 d", 0, 366 * 86400.0, NULL,
     "from an order surge_staff until the people are at work; a `lead` of the order itself stands instead",
     "Frontex, rapid border interventions: officers of the rapid reaction pool are provided within five days"},
    {"rosters.*", "recall_lead", SIM_QUANTITY, SIM_DIM_TIME, "0 h", 0, 366 * 86400.0, NULL, "the same for recall_staff",
     "assumption: given ahead of time"},
    {"rosters.*", "reserve", SIM_COUNT, SIM_DIM_NONE, "0", 0, 1000000, NULL,
     "its people on leave or rest days who can be recalled, all together", "assumption: none"},
};

struct surge_setup {
    sim_time *surge_lead, *recall_lead; /* of each roster */
    int64_t *reserve;
    uint32_t *pool;  /* of each roster: MODEL_NONE, no limit */
    int64_t *people; /* of each pool */
    size_t roster_count, pool_count;
};

struct surge_world {
    uint32_t surge, moved; /* metrics */
    bool changed;
    sim_time next;
    int64_t *left;                                    /* in each pool, while people are added up */
    int64_t *come, *recalled, *taken_in, *given_away; /* of each roster now; `recalled` are among those who have come */
};

MODEL_PART(surge)

static const model_metric metrics[] = {
    METRIC_LEVEL(surge, "staff/surge", "people", PLACE, NOTHING,
                 "people on the lists of the place's rosters by surge and recall orders, on a shift or not", ""),
    METRIC_LEVEL(moved, "staff/moved", "people", PLACE, NOTHING,
                 "the same by orders that moved them there from other rosters", ""),
};

static size_t pools(const model_world *world)
{
    return own_setup(world->setup)->pool_count;
}

static const model_column columns[] = {
    COLUMN_ONCE(changed),
    COLUMN_ONCE(next),
    COLUMN_OWN_SCRATCH(left, int64_t, pools),
    COLUMN(come, int64_t, ROSTER),
    COLUMN(recalled, int64_t, ROSTER),
    COLUMN(taken_in, int64_t, ROSTER),
    COLUMN(given_away, int64_t, ROSTER),
};

/* --- orders --- */

/* Who is where is added up at the control instant, of all orders together. */
static void apply(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)order;
    (void)begin;
    (void)now;
    own_world(world)->changed = true;
}

static void check_recall(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    for (uint32_t i = 0; i < order->target_count; i++)
        if (order->targets[i] < own_setup(setup)->roster_count && own_setup(setup)->reserve[order->targets[i]] > 0)
            return;
    if (order->target_count > 0)
        sim_diag_error(diag, mark, "a roster with a `reserve`", NULL, "nobody of \"%s\" can be recalled",
                       order->target);
}

static void check_move(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct staff_setup *staff = staff_setup(setup);
    const char *words[256];
    size_t n = 0;
    for (size_t i = 0; i < staff->roster_count; i++) {
        const char *name = sim_element_name(setup->config, "rosters.*", i);
        if (n < 256)
            words[n++] = name;
        if (strcmp(name, order->text) == 0)
            order->target_index = (uint32_t)i;
    }
    if (order->target_index == MODEL_NONE) {
        sim_diag_error(diag, mark, "the name of the roster they move to", sim_diag_nearest(order->text, words, n),
                       "there is no roster \"%s\"", order->text);
        return;
    }
    for (uint32_t i = 0; i < order->target_count; i++) {
        if (order->targets[i] == order->target_index)
            sim_diag_error(diag, mark, "another roster", NULL, "people of \"%s\" cannot move there: they are there",
                           order->text);
        else if (strcmp(staff->rosters[order->targets[i]].role, staff->rosters[order->target_index].role) != 0)
            sim_diag_error(diag, mark, "a roster of the same role", NULL,
                           "people of role \"%s\" cannot do the work of \"%s\"", staff->rosters[order->targets[i]].role,
                           order->text);
    }
}

enum { SURGE, RECALL, MOVE };

static const model_order_kind orders[] = {
    [SURGE] = {.name = "surge_staff",
               .doc =
                   "so many people come from elsewhere to each of the rosters meant, shared out among its shifts, and "
                   "leave at the order's end",
               .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people for each roster"}},
               .targets = MODEL_TARGET_ROSTERS,
               .who = MODEL_BY_ANYONE,
               .lead_source = "the roster's own: `surge_lead`",
               .apply = apply},
    [RECALL] = {.name = "recall_staff",
                .doc = "so many people of the reserve come back to each of the rosters meant",
                .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people of each roster's reserve"}},
                .targets = MODEL_TARGET_ROSTERS,
                .who = MODEL_BY_ANYONE,
                .lead_source = "the roster's own: `recall_lead`",
                .apply = apply,
                .check = check_recall},
    [MOVE] = {.name = "move_staff",
              .doc = "so many people of each of the rosters meant move to the one that `name` says",
              .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "people of each roster"},
                            {"name", SIM_TEXT, NULL, 0, 0, "the roster that they move to"}},
              .targets = MODEL_TARGET_ROSTERS,
              .who = MODEL_BY_ANYONE,
              .lead_source = "assumption: given ahead of time",
              .apply = apply,
              .check = check_move},
};

/* --- limits: a pool has so many people, a roster so many to recall or to give away --- */

static void check_pool(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    const sim_config *config = setup->config;
    for (uint32_t i = 0; i < order->target_count; i++) {
        if (!sim_given(config, "rosters.*", "surge_pool", order->targets[i]))
            continue;
        size_t pool = sim_name(config, "rosters.*", "surge_pool", order->targets[i]);
        int64_t people = 0, number = sim_count(config, "pools.*", "number", pool);
        for (uint32_t roster = 0; roster < sim_elements(config, "rosters.*"); roster++)
            if (sim_given(config, "rosters.*", "surge_pool", roster) &&
                sim_name(config, "rosters.*", "surge_pool", roster) == pool)
                people += model_orders_bring(setup, order, &orders[SURGE], roster);
        if (people <= number)
            continue;
        sim_diag_error(diag, sim_value_mark(order->config, "timeline.#", "number", order->element), NULL, NULL,
                       "%lld people would come from the pool %s, which has %lld", (long long)people,
                       sim_element_name(config, "pools.*", pool), (long long)number);
        return;
    }
}

static void check_reserve(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    const sim_config *config = setup->config;
    for (uint32_t i = 0; i < order->target_count; i++) {
        int64_t reserve = sim_count(config, "rosters.*", "reserve", order->targets[i]);
        int64_t people = model_orders_bring(setup, order, &orders[RECALL], order->targets[i]);
        if (reserve == 0 || people <= reserve)
            continue;
        sim_diag_error(diag, sim_value_mark(order->config, "timeline.#", "number", order->element), NULL, NULL,
                       "%lld people of %s would be recalled, whose reserve has %lld", (long long)people,
                       sim_element_name(config, "rosters.*", order->targets[i]), (long long)reserve);
        return;
    }
}

/* People on all lists of a roster, as written. */
static int64_t listed_in(const sim_config *config, uint32_t roster)
{
    size_t first, count;
    int64_t people = 0;
    sim_children(config, "rosters.*.shifts.#", roster, &first, &count);
    for (size_t i = first; i < first + count; i++)
        people += sim_count(config, "rosters.*.shifts.#", "head", i);
    return people;
}

/* What orders bring to a roster when `order` begins; for one of a rule, or given on the way, all that ever may, as
 * nobody knows what will be in force then. */
static int64_t reinforcements(const model_setup *setup, const model_order *order, uint32_t roster)
{
    bool any = order->rule != MODEL_NONE || order->own != NULL;
    int64_t people = 0;
    for (uint32_t i = 0; i < setup->order_count; i++) {
        const model_order *other = &setup->orders[i];
        if (!any && other->rule == MODEL_NONE && !model_order_counts(order, other))
            continue;
        if (other->kind == &orders[SURGE] || other->kind == &orders[RECALL])
            people += (int64_t)other->number * model_order_times_meant(other, roster);
        if (other->kind == &orders[MOVE] && other->target_index == roster)
            people += (int64_t)other->number * other->target_count;
    }
    return people;
}

static void check_moved(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    const sim_config *config = setup->config;
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t roster = order->targets[i];
        int64_t people = model_orders_bring(setup, order, &orders[MOVE], roster),
                there = listed_in(config, roster) + reinforcements(setup, order, roster);
        if (people <= there)
            continue;
        sim_diag_error(diag, sim_value_mark(order->config, "timeline.#", "number", order->element), NULL, NULL,
                       "%lld people of %s would move, which has %lld", (long long)people,
                       sim_element_name(config, "rosters.*", roster), (long long)there);
        return;
    }
}

static void checks(const model_setup *setup, const model_order *order, sim_diag *diag)
{
    if (order->kind == &orders[SURGE])
        check_pool(setup, order, diag);
    else if (order->kind == &orders[RECALL])
        check_reserve(setup, order, diag);
    else if (order->kind == &orders[MOVE])
        check_moved(setup, order, diag);
}

static int check_orders(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)config;
    for (uint32_t i = 0; i < setup->order_count; i++)
        checks(setup, &setup->orders[i], diag);
    return 0;
}

/* --- reading --- */

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    struct surge_setup *own = own_setup(setup);
    size_t n = own->roster_count = sim_elements(config, "rosters.*");
    own->surge_lead = model_take(setup, n, sizeof *own->surge_lead);
    own->recall_lead = model_take(setup, n, sizeof *own->recall_lead);
    own->reserve = model_take(setup, n, sizeof *own->reserve);
    own->pool = model_take(setup, n, sizeof *own->pool);
    own->pool_count = sim_elements(config, "pools.*");
    own->people = model_take(setup, own->pool_count, sizeof *own->people);
    if (own->surge_lead == NULL || own->recall_lead == NULL || own->reserve == NULL || own->pool == NULL ||
        own->people == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < own->pool_count; i++)
        own->people[i] = sim_count(config, "pools.*", "number", i);
    for (size_t i = 0; i < n; i++) {
        own->surge_lead[i] = sim_micros(config, "rosters.*", "surge_lead", i);
        own->recall_lead[i] = sim_micros(config, "rosters.*", "recall_lead", i);
        own->reserve[i] = sim_count(config, "rosters.*", "reserve", i);
        bool pooled = sim_given(config, "rosters.*", "surge_pool", i);
        own->pool[i] = pooled ? (uint32_t)sim_name(config, "rosters.*", "surge_pool", i) : MODEL_NONE;
    }
    return 0;
}

static bool used(const model_setup *setup)
{
    for (uint32_t i = 0; i < setup->order_count; i++)
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++)
            if (setup->orders[i].kind == &orders[k])
                return true;
    return false;
}

/* --- a replication --- */

static int build(model_world *world)
{
    own_world(world)->next = SIM_FOREVER;
    return 0;
}

/* Number of the order if its people are at work at the roster now, having arrived `lead` after it; *next becomes no
 * later than when they arrive. */
static int64_t arrived(const model_world *world, const model_order *order, sim_time lead, sim_time now, sim_time *next)
{
    if (!model_order_is_in_force(world, order, now))
        return 0;
    sim_time at = world->order_begin[order->index] + (order->lead_given ? 0 : lead);
    model_note_edge(at, now, next);
    return at <= now ? (int64_t)order->number : 0;
}

/* Who has come, of all orders of a kind; of recalls no more than there are in the reserve. */
static void add_up(model_world *world, const model_order_kind *kind, const sim_time *leads, const int64_t *most,
                   int64_t *come, sim_time now)
{
    const model_setup *setup = world->setup;
    struct surge_world *w = own_world(world);
    for (size_t roster = 0; roster < own_setup(setup)->roster_count; roster++) {
        int64_t people = 0;
        for (uint32_t i = 0; i < world->order_count; i++)
            for (uint32_t k = 0; world->orders[i]->kind == kind && k < world->orders[i]->target_count; k++)
                people += world->orders[i]->targets[k] == roster
                              ? arrived(world, world->orders[i], leads[roster], now, &w->next)
                              : 0;
        come[roster] = most != NULL && people > most[roster] ? most[roster] : people;
    }
}

/* No more come from a pool than are in it: to rosters in their order. */
static void draw_from_pools(const model_world *world)
{
    const struct surge_setup *own = own_setup(world->setup);
    struct surge_world *w = own_world(world);
    for (size_t i = 0; i < own->pool_count; i++)
        w->left[i] = own->people[i];
    for (size_t i = 0; i < own->roster_count; i++) {
        if (own->pool[i] == MODEL_NONE)
            continue;
        int64_t *left = &w->left[own->pool[i]];
        w->come[i] = w->come[i] < *left ? w->come[i] : *left;
        *left -= w->come[i];
    }
}

/* People on all lists of the roster. */
static int64_t listed(const model_world *world, size_t roster)
{
    const struct staff_setup *staff = staff_setup(world->setup);
    const model_roster *r = &staff->rosters[roster];
    int64_t people = 0;
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
        people += staff->shifts[n].head;
    return people;
}

/* In the order written; nobody moves who is not there. */
static void move(model_world *world, const model_order *order, sim_time now)
{
    struct surge_world *w = own_world(world);
    for (uint32_t k = 0; k < order->target_count && model_order_is_in_force(world, order, now); k++) {
        uint32_t from = order->targets[k];
        int64_t there = listed(world, from) + w->come[from] + w->taken_in[from] - w->given_away[from];
        int64_t people = (int64_t)order->number < there ? (int64_t)order->number : there;
        w->given_away[from] += people;
        w->taken_in[order->target_index] += people;
    }
}

static void record(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    for (uint32_t site = 0; site < setup->site_count; site++) {
        int64_t people[2] = {0, 0};
        for (size_t i = 0; i < staff_setup(setup)->roster_count; i++)
            if (staff_setup(setup)->rosters[i].site == site) {
                people[0] += own_world(world)->come[i];
                people[1] += own_world(world)->taken_in[i];
            }
        for (int k = 0; k < 2; k++) {
            sim_level *level =
                sim_record_level_at(&world->recorder, k == 0 ? own_world(world)->surge : own_world(world)->moved,
                                    setup->sites[site].place, 0);
            sim_level_add(level, now, people[k] - level->level);
        }
    }
}

static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    struct surge_world *w = own_world(world);
    if (!w->changed && now < w->next)
        return w->next;
    size_t n = own_setup(setup)->roster_count;
    w->changed = false;
    w->next = SIM_FOREVER;
    for (size_t i = 0; i < n; i++)
        w->come[i] = w->recalled[i] = w->taken_in[i] = w->given_away[i] = 0;
    add_up(world, &orders[SURGE], own_setup(setup)->surge_lead, NULL, w->come, now);
    draw_from_pools(world);
    add_up(world, &orders[RECALL], own_setup(setup)->recall_lead, own_setup(setup)->reserve, w->recalled, now);
    for (size_t i = 0; i < n; i++)
        w->come[i] += w->recalled[i];
    for (uint32_t i = 0; i < world->order_count; i++)
        if (world->orders[i]->kind == &orders[MOVE])
            move(world, world->orders[i], now);
    record(world, now);
    world->staffing_changed = true;
    return w->next;
}

/* People on the lists of a roster's shifts that start on a day, and of how many shifts: of all, and of those before one
 * of them. */
typedef struct {
    int64_t all, before, shifts, shifts_before;
} day_lists;

static day_lists lists_of(const model_setup *setup, size_t shift, int64_t day)
{
    const struct staff_setup *staff = staff_setup(setup);
    const model_roster *r = &staff->rosters[staff->shifts[shift].roster];
    day_lists sum = {0};
    for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++) {
        sim_time start;
        if (!model_shift_starts(setup, n, day, &start))
            continue;
        int64_t head = staff->shifts[n].head;
        sum.before += n < shift ? head : 0;
        sum.all += head;
        sum.shifts++;
        sum.shifts_before += n < shift;
    }
    return sum;
}

/* People of the roster's orders in the shift of that day; below 0: moved away. By cumulated lists: the shifts of a day
 * get whole people, at most one from their proportion, and all together the number. */
static int64_t share(const model_world *world, size_t shift, int64_t day)
{
    const struct surge_world *w = own_world(world);
    const model_shift *s = &staff_setup(world->setup)->shifts[shift];
    int64_t people = w->come[s->roster] + w->taken_in[s->roster] - w->given_away[s->roster];
    if (people == 0)
        return 0;
    day_lists lists = lists_of(world->setup, shift, day);
    int64_t before = lists.before, own = s->head, all = lists.all;
    if (all == 0) { /* a roster without people of its own: equal parts */
        before = lists.shifts_before;
        own = 1;
        all = lists.shifts;
    }
    int64_t sign = people < 0 ? -1 : 1, number = sign * people;
    return sign * (number * (before + own) / all - number * before / all);
}

int64_t model_shift_listed(const model_world *world, size_t shift, int64_t day)
{
    int64_t people = staff_setup(world->setup)->shifts[shift].head;
    if (own_world(world) != NULL)
        people += share(world, shift, day);
    return people > 0 ? people : 0;
}

/* Who moves on from a roster is first taken to be someone who had come there. */
int64_t model_surge_away(const model_world *world, size_t roster)
{
    const struct surge_world *w = own_world(world);
    if (w == NULL)
        return 0;
    int64_t people = w->come[roster] - w->recalled[roster] + w->taken_in[roster] - w->given_away[roster];
    return people > 0 ? people : 0;
}

const model model_of_surge = {
    .name = "surge",
    .doc = "people who come to rosters by orders: surge teams, recalled reserves, people moved",
    .keys = "people classes places links travel stations posts centres onward rosters pools timeline",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct surge_setup),
    .world_size = sizeof(struct surge_world),
    .prepare = prepare,
    .link = check_orders,
    .used = used,
    .build = build,
    .control = control,
    .checks = checks,
};
