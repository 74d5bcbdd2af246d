/* What becomes of relief in a run: consumption between control instants, deliveries, blankets, and the shortage that is
 * left. */
#include <math.h>

#include "models/people/people.h"
#include "models/relief/health.h"
#include "models/relief/relief.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

/* States in which people are supplied at a site. */
static const model_state supplied[] = {MODEL_WAITING, MODEL_IN_SERVICE, MODEL_IN_THE_OPEN, MODEL_SHELTERED};
enum { SUPPLIED = sizeof supplied / sizeof *supplied };

static bool is_outdoors(model_state state)
{
    return state == MODEL_WAITING || state == MODEL_IN_THE_OPEN;
}

/* --- levels --- */

/* Books a level whose area since the last time is known, and which is `value` from now on. */
static void book_level(const model_world *world, uint32_t metric, uint32_t place, sim_time now, int64_t area,
                       int64_t value)
{
    sim_level *level = sim_record_level_at(&world->recorder, metric, place, 0);
    int64_t before = level->area;
    sim_level_add(level, now, value - level->level);
    level->area = before + area;
}

static void set_level(const model_world *world, uint32_t metric, uint32_t place, sim_time now, double value)
{
    sim_level *level = sim_record_level_at(&world->recorder, metric, place, 0);
    sim_level_add(level, now, (int64_t)value - level->level);
}

/* Counts in whole units what has grown to `total`. */
static void count_to(const model_world *world, uint32_t metric, uint32_t place, double *total, double more)
{
    if (metric != MODEL_NONE)
        sim_record_count(&world->recorder, metric, place, 0, (int64_t)(*total + more) - (int64_t)*total);
    *total += more;
}

/* --- consumption --- */

/* Whether heaters burn: it is cold, or how cold is not known. */
static bool is_heated(const model_world *world, const relief_state *state, uint32_t place)
{
    double heat = world->heat[place];
    return state->facility[RELIEF_HEATERS] > 0 && (isnan(heat) || heat < relief_setup(world->setup)->heated_below);
}

/* Takes from a stock what is wanted, at most `limit`, evenly over the time; returns what was used. */
static double consume(model_world *world, uint32_t index, relief_stock goods, double wanted, double limit, sim_time now)
{
    const relief_site *site = &relief_setup(world->setup)->sites[index];
    const struct relief_world *w = relief_world(world);
    relief_state *state = &w->sites[index];
    uint32_t place = world->setup->sites[site->site].place;
    sim_time since = world->accounted;
    double flow = wanted < limit ? wanted : limit, before = state->stock[goods], used = flow < before ? flow : before;
    double area = (before - 0.5 * used) * (double)(now - since);
    state->stock[goods] = before - used;
    if (used < flow || (used > 0 && state->stock[goods] <= 0)) { /* it runs out on the way */
        sim_time out = since + (sim_time)((double)(now - since) * (used / flow));
        area = 0.5 * used * (double)(out - since);
        state->stock[goods] = 0;
        if (!state->out[goods])
            sim_record_level_since(&world->recorder, w->metrics.out[goods], place, 0, now, out, 1);
        state->out[goods] = true;
    }
    book_level(world, w->metrics.stock[goods], place, now, (int64_t)area, (int64_t)state->stock[goods]);
    count_to(world, w->metrics.wanted[goods], place, &state->wanted[goods], wanted);
    count_to(world, w->metrics.used[goods], place, &state->used[goods], used);
    state->unmet[goods] = wanted > 0 ? 1 - used / wanted : 0;
    return used;
}

static void account_site(model_world *world, uint32_t index, sim_time now)
{
    const struct relief_setup *r = relief_setup(world->setup);
    const relief_site *site = &r->sites[index];
    const struct relief_world *w = relief_world(world);
    relief_state *state = &w->sites[index];
    uint32_t place = world->setup->sites[site->site].place;
    double elapsed = (double)(now - world->accounted);
    int64_t all = 0, outdoors = 0, people = 0, in_the_open = 0;
    for (int i = 0; i < SUPPLIED; i++) {
        int64_t time = model_people_time(world, place, supplied[i], now);
        int64_t present = sim_record_level_at(&world->recorder, world->metrics.state, place, supplied[i])->level;
        all += time;
        people += present;
        if (is_outdoors(supplied[i])) {
            outdoors += time;
            in_the_open += present;
        }
    }
    book_level(world, w->metrics.people, place, now, all, people);
    book_level(world, w->metrics.outdoors, place, now, outdoors, in_the_open);
    if (site->keeps[RELIEF_WATER]) {
        double limit = site->has[RELIEF_TAPS] ? state->facility[RELIEF_TAPS] * r->tap * elapsed : (double)INFINITY;
        double used = consume(world, index, RELIEF_WATER, r->rate[RELIEF_WATER] * (double)all, limit, now);
        bool below = used < r->survival * (double)all;
        book_level(world, w->metrics.below_survival, place, now, below ? all : 0, below ? people : 0);
    }
    if (site->keeps[RELIEF_FOOD])
        consume(world, index, RELIEF_FOOD, r->rate[RELIEF_FOOD] * (double)all, (double)INFINITY, now);
    if (site->keeps[RELIEF_FUEL])
        consume(world, index, RELIEF_FUEL,
                is_heated(world, state, place) ? r->rate[RELIEF_FUEL] * state->facility[RELIEF_HEATERS] * elapsed : 0,
                (double)INFINITY, now);
}

void model_relief_account(model_world *world, sim_time now)
{
    if (now == world->accounted)
        return;
    for (uint32_t i = 0; i < relief_setup(world->setup)->count; i++)
        account_site(world, i, now);
}

/* --- deliveries and blankets --- */

/* Gives blankets to those of the group who have none. */
static void give_blankets(model_world *world, uint32_t index, uint32_t group)
{
    relief_state *state = &relief_world(world)->sites[index];
    const model_group *g = model_group_at(world, group);
    int64_t given = 0;
    for (uint32_t i = 0; i < g->people && state->stock[RELIEF_BLANKETS] >= 1; i++) {
        if (!model_people_is_with(world, g, i) || world->blanket[g->first_person + i])
            continue;
        world->blanket[g->first_person + i] = 1;
        state->stock[RELIEF_BLANKETS] -= 1;
        given++;
    }
    if (given > 0)
        sim_record_count(&world->recorder, relief_world(world)->metrics.blankets, g->place, 0, given);
}

void model_relief_moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before,
                        uint32_t people)
{
    (void)process;
    (void)people;
    const model_group *g = model_group_at(world, group);
    uint32_t index = relief_setup(world->setup)->site_of[g->site];
    if (world->blanket == NULL || index == MODEL_NONE)
        return;
    if (g->customer.state == SIM_ELSEWHERE) {
        model_presence_leave(&relief_world(world)->present, g->place, group);
    } else if (before == SIM_ELSEWHERE) {
        model_presence_enter(&relief_world(world)->present, g->place, group);
        give_blankets(world, index, group);
    }
}

void model_relief_deliver(model_world *world, uint32_t index, uint32_t goods, double amount, sim_time now)
{
    const struct relief_world *w = relief_world(world);
    relief_state *state = &w->sites[index];
    uint32_t place = world->setup->sites[relief_setup(world->setup)->sites[index].site].place;
    state->stock[goods] += amount;
    if (goods == RELIEF_BLANKETS) {
        sim_process *process = &world->kernel.processes[world->setup->places[place].process];
        process->now = now;
        for (uint32_t g = w->present.places[place].head; g != MODEL_NONE && state->stock[goods] >= 1;
             g = w->present.next[g]) {
            model_health_settle(world, process, g, now);
            give_blankets(world, index, g);
        }
        return;
    }
    set_level(world, w->metrics.stock[goods], place, now, state->stock[goods]);
    if (state->out[goods] && state->stock[goods] > 0) {
        sim_record_level(&world->recorder, w->metrics.out[goods], place, 0, now, -1);
        state->out[goods] = false;
    }
}

/* Delivers what is due now; returns when the next delivery is. */
static sim_time deliver_due(model_world *world, sim_time now)
{
    const struct relief_setup *r = relief_setup(world->setup);
    sim_time next = SIM_FOREVER;
    for (uint32_t i = 0; i < r->delivery_count; i++) {
        const relief_delivery *d = &r->deliveries[i];
        uint32_t site = r->sites[d->site].site;
        if (now >= d->first && (now - d->first) % d->every == 0) {
            model_relief_deliver(world, d->site, d->goods, d->amount, now);
            model_cost_add(world, world->setup->sites[site].agency[1], MODEL_COST_RELIEF, d->cost);
        }
        sim_time due = now < d->first ? d->first : d->first + ((now - d->first) / d->every + 1) * d->every;
        next = due < next ? due : next;
    }
    return next;
}

/* --- shortage --- */

static double lack(double have, double want)
{
    return want > have ? 1 - have / want : 0;
}

static void publish(model_world *world, uint32_t index, sim_time now)
{
    const struct relief_setup *r = relief_setup(world->setup);
    const relief_site *site = &r->sites[index];
    const struct relief_world *w = relief_world(world);
    const relief_state *state = &w->sites[index];
    uint32_t place = world->setup->sites[site->site].place;
    double people = 0, outdoors = 0;
    for (int i = 0; i < SUPPLIED; i++) {
        double present = (double)sim_record_level_at(&world->recorder, world->metrics.state, place, supplied[i])->level;
        people += present;
        outdoors += is_outdoors(supplied[i]) ? present : 0;
    }
    double covered = state->facility[RELIEF_COVERED_AREA] / r->space,
           served = state->facility[RELIEF_LATRINES] * r->latrine_users;
    double area = state->facility[RELIEF_HEATERS] * r->heater_area;
    bool burning = is_heated(world, state, place) && !state->out[RELIEF_FUEL];
    area = area < state->facility[RELIEF_COVERED_AREA] ? area : state->facility[RELIEF_COVERED_AREA];
    world->sheltered[place] = 1 - lack(covered, outdoors);
    world->warm[place] = burning ? 1 - lack(area / r->space, outdoors) : 0;
    bool counts[RELIEF_NEEDS] = {site->keeps[RELIEF_WATER], site->keeps[RELIEF_FOOD], site->has[RELIEF_COVERED_AREA],
                                 site->has[RELIEF_LATRINES]};
    double lacks[RELIEF_NEEDS] = {state->unmet[RELIEF_WATER], state->unmet[RELIEF_FOOD], lack(covered, outdoors),
                                  lack(served, people)};
    double sum = 0, weights = 0;
    for (int k = 0; k < RELIEF_NEEDS; k++) {
        sum += counts[k] ? r->weight[k] * lacks[k] : 0;
        weights += counts[k] ? r->weight[k] : 0;
    }
    world->shortage[place] = weights > 0 ? sum / weights : 0;
    world->deterrent[site->site] += r->deterrent * world->shortage[place];
    if (site->has[RELIEF_LATRINES]) {
        set_level(world, w->metrics.latrines, place, now, state->facility[RELIEF_LATRINES]);
        set_level(world, w->metrics.without_latrine, place, now, people > served ? people - served : 0);
    }
    if (site->has[RELIEF_COVERED_AREA]) {
        set_level(world, w->metrics.covered_area, place, now, state->facility[RELIEF_COVERED_AREA]);
        set_level(world, w->metrics.without_shelter, place, now, outdoors > covered ? outdoors - covered : 0);
    }
}

/* What there is at the start. */
static void show_stocks(model_world *world)
{
    const struct relief_world *w = relief_world(world);
    for (uint32_t i = 0; i < relief_setup(world->setup)->count; i++) {
        const relief_site *site = &relief_setup(world->setup)->sites[i];
        uint32_t place = world->setup->sites[site->site].place;
        for (int k = 0; k < RELIEF_STOCKS; k++) {
            if (!site->keeps[k])
                continue;
            set_level(world, w->metrics.stock[k], place, 0, w->sites[i].stock[k]);
            w->sites[i].out[k] = w->sites[i].stock[k] <= 0;
            sim_record_level(&world->recorder, w->metrics.out[k], place, 0, 0, w->sites[i].out[k]);
        }
    }
}

sim_time model_relief_control(model_world *world, sim_time now)
{
    if (now == 0)
        show_stocks(world);
    sim_time next = deliver_due(world, now);
    for (uint32_t i = 0; i < relief_setup(world->setup)->count; i++)
        publish(world, i, now);
    return next;
}

/* --- a replication --- */

int model_relief_build(model_world *world)
{
    const struct relief_setup *r = relief_setup(world->setup);
    struct relief_world *w = relief_world(world);
    for (uint32_t i = 0; i < r->count; i++) {
        for (int k = 0; k < RELIEF_GOODS; k++)
            w->sites[i].stock[k] = r->sites[i].stock[k];
        for (int k = 0; k < RELIEF_FACILITIES; k++)
            w->sites[i].facility[k] = r->sites[i].facility[k];
    }
    if (r->blankets)
        model_presence_init(&w->present, world);
    w->metrics.wanted[RELIEF_FUEL] = MODEL_NONE;
    return 0;
}
