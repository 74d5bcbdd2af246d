/* Health: who waits in heat and cold may fall ill, who is ill may die; stations treat people, wards take them in.
 *
 * At each place the hazard of falling ill, for someone of ordinary frailty who waits in the open, rises with every
 * degree outside the comfortable band and with shortage. Each person carries the dose of it that he or she has taken
 * and falls ill when it reaches an exponential threshold (Sellke 1983): no probability has to be worked out on the way,
 * and the same people fall ill first under every plan. From then on the same hazard, `worsening` times as strong, leads
 * to death. */
#include <math.h>
#include <stdlib.h>

#include "models/parts/alarm.h"
#include "models/parts/presence.h"
#include "models/parts/ward.h"
#include "models/people/people.h"
#include "models/relief/health.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"health", "exposure of those who wait, illness, death, and care", 0},
    {"health.wards.#", "a ward, to which people are referred by stations of its site", 0},
};

static const sim_param params[] = {
    {"health", "ill", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "trait of people who are ill: it has a share of 0 in `people`, or that of people who come ill",
     "not given: health is not simulated"},
    {"health", "temperature", SIM_CURVE, SIM_DIM_TEMPERATURE, "", -60, 60, NULL,
     "temperature at places that have none of their own", "not given: neither heat nor cold"},
    {"places.*", "temperature", SIM_CURVE, SIM_DIM_TEMPERATURE, "", -60, 60, NULL, "temperature here",
     "not given: as `health.temperature`"},
    {"health", "comfort_low", SIM_QUANTITY, SIM_DIM_TEMPERATURE, "5 C", -60, 60, NULL,
     "below it those who wait suffer from cold", "assumption: people dressed for a journey in winter"},
    {"health", "comfort_high", SIM_QUANTITY, SIM_DIM_TEMPERATURE, "32 C", -60, 60, NULL,
     "above it they suffer from heat",
     "US National Weather Service: extreme caution from a heat index of 32 C (general knowledge)"},
    {"health", "heat", SIM_QUANTITY, SIM_DIM_RATE, "0.00001 /h", 0, 1, NULL,
     "hazard of falling ill for each degree of heat",
     "assumption: 2,764 cases of heat exhaustion a day among 1.8 million pilgrims at some 45 C for ten hours, Mecca "
     "June 2024 (general "
     "knowledge), are "
     "1e-5"},
    {"health", "cold", SIM_QUANTITY, SIM_DIM_RATE, "0.00001 /h", 0, 1, NULL,
     "hazard of falling ill for each degree of cold", "assumption: as for heat"},
    {"health", "base", SIM_QUANTITY, SIM_DIM_RATE, "0 /h", 0, 1, NULL,
     "hazard of falling ill while at a site in any weather", "assumption: none beyond what people bring"},
    {"health", "shortage", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1000, NULL,
     "share by which the hazards are larger where everything is lacking (relief)", "assumption: doubled"},
    {"health", "shelter", SIM_QUANTITY, SIM_DIM_NONE, "0.7", 0, 1, NULL,
     "share of heat and cold that a roof keeps away: in a centre, and from those who have one where they wait",
     "assumption"},
    {"health", "blanket", SIM_QUANTITY, SIM_DIM_NONE, "0.5", 0, 1, NULL, "share of the cold that a blanket keeps away",
     "assumption"},
    {"health", "worsening", SIM_QUANTITY, SIM_DIM_NONE, "20", 0, 1e6, NULL,
     "the hazard of death of someone ill, in hazards of falling ill",
     "assumption: 1,300 deaths among 1.8 million pilgrims in some 650 degree hours, Mecca June 2024 (general "
     "knowledge), are 20"},
    {"health", "mortality", SIM_QUANTITY, SIM_DIM_RATE, "0.000021 /d", 0, 1, NULL,
     "hazard of death of anybody at a site, whatever the weather",
     "7.7 deaths per 1,000 people a year, the world's crude death rate (general knowledge)"},
    {"people.traits.*", "frailty", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1000, NULL,
     "factor on the hazards of those who have the trait; factors of several traits are multiplied", "definition: none"},
    {"stations.*", "treats.sensitivity", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1, NULL,
     "probability that it finds someone ill whom it serves", "not given: the station treats nobody"},
    {"stations.*", "treats.referral", SIM_QUANTITY, SIM_DIM_NONE, "0.1", 0, 1, NULL,
     "probability that someone found is referred to a ward, or away where the site has none", "assumption: one in ten"},
    {"stations.*", "treats.success", SIM_QUANTITY, SIM_DIM_NONE, "0.9", 0, 1, NULL,
     "probability that someone found and not referred is well again",
     "assumption: heat exhaustion and hypothermia caught early"},
    {"health.wards.#", "site", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.*", "where it is",
     "none: must be given"},
    {"health.wards.#", "beds", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 1000000, NULL, "beds", "none: must be given"},
    {"health.wards.#", "stay", SIM_DIST, SIM_DIM_TIME, "{exponential: {mean: 2 d}}", 0, 366 * 86400.0, NULL,
     "time in a bed", "assumption: two days"},
    {"health.wards.#", "deaths", SIM_QUANTITY, SIM_DIM_NONE, "0.03", 0, 1, NULL, "probability of dying in it",
     "assumption"},
    {"health.wards.#", "day_cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e6, NULL,
     "cost of a person's day in a bed", "assumption: not counted unless given"},
};

enum { HEAT, COLD, HAZARDS }; /* heat with what comes in any weather, and cold, from which a blanket protects */
enum { IN_THE_OPEN, UNDER_A_ROOF, EXPOSURES };
enum { MORTALITY_DRAW = 2, STAY_DRAW = INT32_MAX - 1, DEATH_DRAW = INT32_MAX };

typedef struct {
    uint32_t place;
    uint32_t beds, agency;
    sim_dist stay;
    double deaths, cost; /* USD a person and microsecond */
} ward_row;

struct health_setup {
    uint32_t ill; /* bit; 0: health is not simulated */
    double low, high, rate[HAZARDS], base, shortage, shelter, blanket, worsening, mortality; /* rates an hour */
    double frailty[MODEL_TRAITS];
    bool desks_matter;                        /* some desk gives or takes a trait that counts here */
    uint32_t frail;                           /* traits with a factor other than 1 */
    sim_curve *temperature;                   /* of each place; n 0: none */
    double *sensitivity, *referral, *success; /* of each station; sensitivity below 0: treats nobody */
    uint32_t ward_count, *ward_of;            /* of each place; MODEL_NONE */
    ward_row *wards;
};

/* A group's exposure since what it has taken was last booked. */
typedef struct {
    double at[HAZARDS]; /* the place's sums then */
    double least;       /* so much more can be taken before anything happens to anyone */
    sim_time from;
    sim_time time, least_time; /* at sites before, and how long until anyone dies of something else */
    bool fresh;                /* least is not known */
    uint8_t exposure;          /* IN_THE_OPEN, UNDER_A_ROOF, EXPOSURES: not exposed */
} stretch;

typedef double hazard_sums[EXPOSURES][HAZARDS];

/* Groups at a place of which it is not known how much they can take, some twice, some gone since. */
typedef struct {
    uint32_t *groups, count, room;
} fresh_groups;

struct health_world {
    uint32_t fell_ill, died, died_by_trait, treated, referred, missed, discharged, in_ward, wait_for_bed; /* metrics */
    model_presence present;
    model_alarms doses,
        causes; /* what has to be summed up at [place][exposure], and when, until something happens to one of a group */
    fresh_groups *fresh; /* of each place */
    uint32_t *found;     /* groups to whom something may have happened, while they are looked at */
    hazard_sums *sum;    /* of each place: hazard summed up until `booked` */
    sim_time booked;
    bool emptied; /* nobody is left of some group */
    stretch *groups;
    double *dose;      /* of each person since he or she last fell ill or got well */
    uint8_t *episodes; /* of each person: times of getting well */
    double *shift;     /* of each place: degrees by orders */
    model_ward *wards;
    sim_level *in_bed; /* of each ward, since the last account: for what they cost */
};

MODEL_PART(health)

static const model_metric metrics[] = {
    METRIC_COUNT(fell_ill, "health/fell_ill", "people", PLACE, NOTHING, "people who fell ill", ""),
    METRIC_COUNT(died, "health/died", "people", PLACE, NOTHING, "people who died, in wards too", ""),
    METRIC_COUNT(died_by_trait, "health/died_by_trait", "people", PLACE, TRAIT,
                 "people who died, by each of their traits", ""),
    METRIC_COUNT(treated, "health/treated", "people", PLACE, NOTHING, "ill people whom stations made well", ""),
    METRIC_COUNT(referred, "health/referred", "people", PLACE, NOTHING, "ill people referred to a ward or away", ""),
    METRIC_COUNT(missed, "health/missed", "people", PLACE, NOTHING,
                 "ill people whom a station that treats did not find", ""),
    METRIC_COUNT(discharged, "health/discharged", "people", PLACE, NOTHING, "people who left a ward alive", ""),
    METRIC_LEVEL(in_ward, "health/in_ward", "people", PLACE, NOTHING, "people in beds of wards", ""),
    METRIC_DURATION(wait_for_bed, "health/wait_for_bed", PLACE, NOTHING, "time from referral to a bed", ""),
};

static const double MICROS_AN_HOUR = 3600e6;

/* --- heat and cold --- */

/* Steps hold from their time on; before the first one it holds too. */
static double curve_at(const sim_curve *curve, sim_time now)
{
    size_t low = 0, high = curve->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (curve->times[middle] <= now)
            low = middle;
        else
            high = middle;
    }
    return curve->values[low];
}

static void update_heat(model_world *world, sim_time now)
{
    const struct health_setup *h = own_setup(world->setup);
    for (uint32_t i = 0; i < world->setup->place_count; i++)
        world->heat[i] =
            h->temperature[i].n == 0 ? (double)NAN : curve_at(&h->temperature[i], now) + own_world(world)->shift[i];
}

/* Hazard an hour for someone of ordinary frailty. */
static double hazard(const model_world *world, uint32_t place, unsigned exposure, unsigned kind)
{
    const struct health_setup *h = own_setup(world->setup);
    double heat = world->heat[place], worse = 1 + h->shortage * world->shortage[place];
    double roof = exposure == UNDER_A_ROOF ? 1 : world->sheltered == NULL ? 0 : world->sheltered[place];
    double warm = exposure == UNDER_A_ROOF || world->warm == NULL ? 0 : world->warm[place];
    if (kind == HEAT)
        return (h->base + (heat > h->high ? h->rate[HEAT] * (heat - h->high) * (1 - h->shelter * roof) : 0)) * worse;
    roof = roof > warm ? roof - warm : 0; /* who has a heated one is not cold at all */
    return heat < h->low ? h->rate[COLD] * (h->low - heat) * (1 - warm - h->shelter * roof) * worse : 0;
}

static double *sum_of(const model_world *world, uint32_t place, unsigned exposure, unsigned kind)
{
    return &own_world(world)->sum[place][exposure][kind];
}

/* The sum until now: hazards are constant between control instants. */
static double sum_until(const model_world *world, uint32_t place, unsigned exposure, unsigned kind, sim_time now)
{
    double elapsed = (double)(now - own_world(world)->booked) / MICROS_AN_HOUR,
           sum = *sum_of(world, place, exposure, kind);
    return elapsed > 0 ? sum + hazard(world, place, exposure, kind) * elapsed : sum;
}

/* --- persons --- */

static double threshold(const model_world *world, uint32_t person, uint32_t n)
{
    return sim_dist_draw(&world->setup->unit_exponential, sim_rng_draw(&world->rng, person, own_draw(0), n));
}

static double frailty_of(const struct health_setup *h, uint32_t traits)
{
    double factor = 1;
    for (uint32_t frail = traits & h->frail; frail != 0; frail &= frail - 1)
        factor *= h->frailty[__builtin_ctz(frail)];
    return factor;
}

/* Draws of an episode: 4 times its number, and one more; the number 2 is that of other causes. */
static double illness_threshold(const model_world *world, uint32_t person, bool ill)
{
    return threshold(world, person, 4u * own_world(world)->episodes[person] + ill);
}

/* What the person can still take before the next thing happens, for a factor of 1. */
static double rest_of(const model_world *world, uint32_t person)
{
    const struct health_setup *h = own_setup(world->setup);
    bool ill = (world->traits[person] & h->ill) != 0;
    double factor = frailty_of(h, world->traits[person]), rest = illness_threshold(world, person, ill),
           strength = ill ? h->worsening : 1;
    if (!(factor * strength > 0))
        return (double)INFINITY;
    rest = (rest - own_world(world)->dose[person] * strength) / (factor * strength);
    return rest > 0 ? rest : 0;
}

static void record_death(model_world *world, uint32_t place, uint32_t person)
{
    const struct health_world *w = own_world(world);
    sim_record_count(&world->recorder, w->died, place, 0, 1);
    for (uint32_t traits = world->traits[person]; traits != 0; traits &= traits - 1)
        sim_record_count(&world->recorder, w->died_by_trait, place, (uint32_t)__builtin_ctz(traits), 1);
}

/* Falls ill if its dose suffices; true when it dies. */
static bool suffers(model_world *world, uint32_t place, uint32_t person, double hours)
{
    const struct health_setup *h = own_setup(world->setup);
    struct health_world *w = own_world(world);
    double factor = frailty_of(h, world->traits[person]);
    if ((world->traits[person] & h->ill) == 0) {
        double needed = illness_threshold(world, person, false);
        if (w->dose[person] >= needed) {
            w->dose[person] -= needed;
            world->traits[person] |= h->ill;
            sim_record_count(&world->recorder, w->fell_ill, place, 0, 1);
        }
    }
    if ((world->traits[person] & h->ill) != 0 &&
        w->dose[person] * h->worsening >= illness_threshold(world, person, true))
        return true;
    return h->mortality > 0 && h->mortality * factor * hours >= threshold(world, person, MORTALITY_DRAW);
}

/* --- groups --- */

/* How much the group can take before something happens to one of it. */
static void look_ahead(model_world *world, uint32_t group)
{
    const struct health_setup *h = own_setup(world->setup);
    const model_group *g = model_group_at(world, group);
    stretch *s = &own_world(world)->groups[group];
    double least = (double)INFINITY, hours = (double)INFINITY;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i))
            continue;
        double rest = rest_of(world, person), strength = h->mortality * frailty_of(h, world->traits[person]);
        least = rest < least ? rest : least;
        if (strength > 0) {
            double until = threshold(world, person, MORTALITY_DRAW) / strength;
            hours = until < hours ? until : hours;
        }
    }
    s->least = least;
    s->least_time = hours < 1e9 ? (sim_time)(hours * MICROS_AN_HOUR) : SIM_FOREVER;
    s->fresh = false;
}

static void add_fresh(fresh_groups *fresh, sim_process *process, uint32_t group)
{
    if (fresh->count == fresh->room) {
        uint32_t room = fresh->room + fresh->room / 2 + 64;
        uint32_t *groups = realloc(fresh->groups, room * sizeof *groups);
        if (groups == NULL) {
            process->queue.failed = true;
            return;
        }
        fresh->groups = groups;
        fresh->room = room;
    }
    fresh->groups[fresh->count++] = group;
}

/* Sets the alarms of a group that is exposed: at once if it is not known how much it can take. */
static void set_alarms(model_world *world, sim_process *process, uint32_t group)
{
    struct health_world *w = own_world(world);
    const stretch *s = &w->groups[group];
    uint32_t place = model_group_at(world, group)->place;
    if (s->exposure == EXPOSURES || s->fresh) {
        model_alarm_clear(&w->doses, group);
        model_alarm_clear(&w->causes, group);
        if (s->exposure != EXPOSURES)
            add_fresh(&w->fresh[place], process, group);
        return;
    }
    model_alarm_set(&w->doses, process, place * EXPOSURES + s->exposure, group, s->at[HEAT] + s->at[COLD] + s->least);
    if (s->least_time != SIM_FOREVER)
        model_alarm_set(&w->causes, process, place, group, (double)(s->from + (s->least_time - s->time)));
    else
        model_alarm_clear(&w->causes, group);
}

/* Books what the group has taken until now; people who die of it are taken out where that is allowed. */
static void settle(model_world *world, sim_process *process, uint32_t group, sim_time now, bool takes)
{
    const struct health_setup *h = own_setup(world->setup);
    struct health_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    stretch *s = &w->groups[group];
    if (s->exposure == EXPOSURES)
        return;
    double taken[HAZARDS];
    for (unsigned kind = 0; kind < HAZARDS; kind++) {
        double sum = sum_until(world, g->place, s->exposure, kind, now);
        taken[kind] = sum - s->at[kind];
        s->at[kind] = sum;
    }
    s->time += now - s->from;
    s->from = now;
    s->least -= taken[HEAT] + taken[COLD];
    bool happens = !s->fresh && (s->least <= 0 || s->time >= s->least_time);
    if (!s->fresh && !happens && !(taken[HEAT] + taken[COLD] > 0))
        return;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i))
            continue;
        double cold = world->blanket != NULL && world->blanket[person] ? taken[COLD] * (1 - h->blanket) : taken[COLD];
        w->dose[person] += frailty_of(h, world->traits[person]) * (taken[HEAT] + cold);
    }
    if (s->fresh) {
        look_ahead(world, group);
        happens = s->least <= 0 || s->time >= s->least_time;
    }
    if (!happens)
        return;
    for (uint32_t i = 0; i < g->people; i++)
        if (model_people_is_with(world, g, i) &&
            suffers(world, g->place, g->first_person + i, (double)s->time / MICROS_AN_HOUR) && takes) {
            record_death(world, g->place, g->first_person + i);
            model_people_take(world, process, group, i, MODEL_DIED);
        }
    look_ahead(world, group);
}

/* Whether and how a group is exposed by what it does at its site: who is at a desk of a post is not. */
static unsigned exposure_of(const model_world *world, const model_group *g)
{
    sim_customer_state state = (sim_customer_state)g->customer.state;
    if (state == SIM_ELSEWHERE)
        return EXPOSURES;
    if (state == SIM_OUTSIDE)
        return IN_THE_OPEN;
    if (world->setup->sites[g->site].kind == MODEL_CENTRE)
        return UNDER_A_ROOF;
    return state == SIM_QUEUED ? IN_THE_OPEN : EXPOSURES;
}

static void moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before, uint32_t people)
{
    (void)people;
    struct health_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    stretch *s = &w->groups[group];
    sim_time now = process->now;
    unsigned exposure = exposure_of(world, g);
    if (before == SIM_ELSEWHERE)
        model_presence_enter(&w->present, g->place, group);
    if (exposure != s->exposure)
        settle(world, process, group, now, g->customer.state != SIM_QUEUED && g->customer.state != SIM_OUTSIDE);
    if (g->customer.state == SIM_ELSEWHERE)
        model_presence_leave(&w->present, g->place, group);
    bool changed = before == SIM_SERVED && own_setup(world->setup)->desks_matter;
    if (exposure == s->exposure) {
        if (changed && !s->fresh) {
            s->fresh = true;
            set_alarms(world, process, group);
        }
        return;
    }
    s->fresh = s->fresh || changed;
    s->exposure = (uint8_t)exposure;
    if (exposure == EXPOSURES) {
        set_alarms(world, process, group);
        return;
    }
    for (unsigned kind = 0; kind < HAZARDS; kind++)
        s->at[kind] = sum_until(world, g->place, exposure, kind, now);
    s->from = now;
    s->fresh = true;
    set_alarms(world, process, group);
}

void model_health_settle(model_world *world, sim_process *process, uint32_t group, sim_time now)
{
    if (own_world(world) == NULL)
        return;
    settle(world, process, group, now, false);
    set_alarms(world, process, group);
}

void model_health_fall_ill(model_world *world, sim_process *process, uint32_t group, uint32_t person, sim_time now)
{
    struct health_world *w = own_world(world);
    if (w == NULL || (world->traits[person] & own_setup(world->setup)->ill) != 0)
        return;
    settle(world, process, group, now, false);
    if ((world->traits[person] & own_setup(world->setup)->ill) != 0)
        return;
    world->traits[person] |= own_setup(world->setup)->ill;
    w->dose[person] = 0;
    w->groups[group].fresh = true;
    set_alarms(world, process, group);
    sim_record_count(&world->recorder, w->fell_ill, model_group_at(world, group)->place, 0, 1);
}

static bool is_fresh(const model_world *world, uint32_t group, uint32_t place)
{
    const stretch *s = &own_world(world)->groups[group];
    return s->fresh && s->exposure != EXPOSURES && model_group_at(world, group)->place == place;
}

/* Those who came since the last time, as far as they are still there: most pass a queue before anybody has to look at
 * them. */
static void look_at_fresh(model_world *world, sim_process *process, uint32_t place, sim_time now)
{
    struct health_world *w = own_world(world);
    fresh_groups *fresh = &w->fresh[place];
    process->now = now;
    for (uint32_t i = 0; i < fresh->count; i++) {
        uint32_t group = fresh->groups[i];
        if (!is_fresh(world, group, place))
            continue;
        settle(world, process, group, now, true);
        set_alarms(world, process, group);
        w->emptied = w->emptied || model_group_at(world, group)->customer.size == 0;
    }
    fresh->count = 0;
}

/* Groups at a place of which an alarm is due. */
static uint32_t find(const model_world *world, uint32_t place, sim_time now)
{
    struct health_world *w = own_world(world);
    uint32_t count = 0, group;
    for (unsigned exposure = 0; exposure < EXPOSURES; exposure++) {
        double sum = *sum_of(world, place, exposure, HEAT) + *sum_of(world, place, exposure, COLD);
        while ((group = model_alarm_take(&w->doses, place * EXPOSURES + exposure, sum)) != MODEL_NONE)
            w->found[count++] = group;
    }
    uint32_t by_dose = count;
    while ((group = model_alarm_take(&w->causes, place, (double)now)) != MODEL_NONE) {
        bool known = false;
        for (uint32_t i = 0; i < by_dose && !known; i++)
            known = w->found[i] == group;
        if (!known)
            w->found[count++] = group;
    }
    return count;
}

/* Finds those to whom something has happened among all who are at sites. */
static void sweep(model_world *world, sim_time now)
{
    struct health_world *w = own_world(world);
    for (uint32_t place = 0; place < world->setup->place_count; place++) {
        sim_process *process = &world->kernel.processes[world->setup->places[place].process];
        look_at_fresh(world, process, place, now);
        uint32_t count = find(world, place, now);
        for (uint32_t i = 0; i < count; i++) {
            process->now = now;
            settle(world, process, w->found[i], now, true);
            set_alarms(world, process, w->found[i]);
            w->emptied = w->emptied || model_group_at(world, w->found[i])->customer.size == 0;
        }
    }
}

/* Groups of which nobody is left do not wait any more. */
static void withdraw_emptied(model_world *world, sim_time now)
{
    struct health_world *w = own_world(world);
    for (uint32_t place = 0; w->emptied && place < world->setup->place_count; place++) {
        sim_process *process = &world->kernel.processes[world->setup->places[place].process];
        for (uint32_t group = w->present.places[place].head, next; group != MODEL_NONE; group = next) {
            next = w->present.next[group];
            const sim_customer *c = sim_network_customer(&world->network, group);
            if (c->size > 0 || (c->state != SIM_QUEUED && c->state != SIM_OUTSIDE))
                continue;
            process->now = now;
            sim_network_withdraw(&world->network, process, group);
        }
    }
    w->emptied = false;
}

/* --- care --- */

static void to_bed(model_world *world, sim_process *process, uint32_t ward, uint32_t person, sim_time since)
{
    const ward_row *row = &own_setup(world->setup)->wards[ward];
    sim_time now = process->now;
    double stay = sim_dist_draw(&row->stay, sim_rng_draw(&world->rng, person, own_draw(2), STAY_DRAW));
    sim_record_duration(&world->recorder, own_world(world)->wait_for_bed, row->place, 0, since, now - since, 1);
    sim_record_level(&world->recorder, own_world(world)->in_ward, row->place, 0, now, 1);
    sim_level_shift(&own_world(world)->in_bed[ward], now, 1);
    sim_schedule(process, sim_event_make(now + (sim_time)(stay + 0.5), 2, person, own_event(world, 0), ward));
}

static void next_to_bed(model_world *world, sim_process *process, uint32_t ward)
{
    uint32_t person;
    sim_time since;
    while (model_ward_next(&own_world(world)->wards[ward], &person, &since))
        to_bed(world, process, ward, person, since);
}

static void get_well(model_world *world, uint32_t person)
{
    world->traits[person] &= ~own_setup(world->setup)->ill;
    own_world(world)->dose[person] = 0;
    if (own_world(world)->episodes[person] < UINT8_MAX)
        own_world(world)->episodes[person]++;
}

static void refer(model_world *world, sim_process *process, uint32_t group, uint32_t i)
{
    const model_group *g = model_group_at(world, group);
    uint32_t ward = own_setup(world->setup)->ward_of[g->place], person = g->first_person + i;
    sim_record_count(&world->recorder, own_world(world)->referred, g->place, 0, 1);
    model_people_take(world, process, group, i, MODEL_IN_CARE);
    if (ward != MODEL_NONE && model_ward_admit(&own_world(world)->wards[ward], process, person, process->now))
        to_bed(world, process, ward, person, process->now);
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    const struct health_setup *h = own_setup(world->setup);
    const struct health_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    if (h->sensitivity[station] < 0)
        return;
    settle(world, process, group, process->now, true);
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i, n = ((uint32_t)g->visits << 16 | station) * 4;
        if (!model_people_is_with(world, g, i) || (world->traits[person] & h->ill) == 0 ||
            !model_station_selects(&world->setup->stations[station], world->traits[person]))
            continue;
        uint64_t found[2], then[2];
        sim_rng_pair(&world->rng, person, own_draw(2), n / 2, found);
        sim_rng_pair(&world->rng, person, own_draw(2), n / 2 + 1, then);
        if (!sim_rng_chance(found[0], h->sensitivity[station] * model_alertness(world, station, group))) {
            sim_record_count(&world->recorder, w->missed, g->place, 0, 1);
        } else if (sim_rng_chance(found[1], h->referral[station])) {
            refer(world, process, group, i);
        } else if (sim_rng_chance(then[0], h->success[station])) {
            get_well(world, person);
            own_world(world)->groups[group].fresh = true;
            set_alarms(world, process, group);
            sim_record_count(&world->recorder, w->treated, g->place, 0, 1);
        }
    }
}

/* A stay in a bed ends. */
static void handle(model_world *world, sim_process *process, sim_event event)
{
    struct health_world *w = own_world(world);
    uint32_t person = sim_event_entity(event), ward = sim_event_tag(event);
    const ward_row *row = &own_setup(world->setup)->wards[ward];
    bool dies = sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(2), DEATH_DRAW), row->deaths);
    model_people_move(world, person, row->place, dies ? MODEL_DIED : MODEL_SETTLED, process->now);
    if (dies) {
        record_death(world, row->place, person);
    } else {
        get_well(world, person);
        sim_record_count(&world->recorder, w->discharged, row->place, 0, 1);
    }
    sim_record_level(&world->recorder, w->in_ward, row->place, 0, process->now, -1);
    sim_level_shift(&w->in_bed[ward], process->now, -1);
    model_ward_leave(&w->wards[ward]);
    next_to_bed(world, process, ward);
}

/* --- orders --- */

static void shift_temperature(model_world *world, const model_order *order, double degrees, sim_time now)
{
    for (uint32_t i = 0; i < order->target_count; i++)
        own_world(world)->shift[world->setup->sites[order->targets[i]].place] += degrees;
    update_heat(world, now);
}

static void apply_heat_wave(model_world *world, const model_order *order, bool begin, sim_time now)
{
    shift_temperature(world, order, begin ? order->amount : -order->amount, now);
}

static void apply_cold_spell(model_world *world, const model_order *order, bool begin, sim_time now)
{
    shift_temperature(world, order, begin ? -order->amount : order->amount, now);
}

static void apply_add_ward_beds(model_world *world, const model_order *order, bool begin, sim_time now)
{
    for (uint32_t i = 0; i < order->target_count; i++) {
        uint32_t place = world->setup->sites[order->targets[i]].place, ward = own_setup(world->setup)->ward_of[place];
        if (ward == MODEL_NONE)
            continue;
        sim_process *process = &world->kernel.processes[world->setup->places[place].process];
        process->now = now;
        own_world(world)->wards[ward].capacity +=
            begin ? order->number : -order->number; /* who is in stays; nobody comes until there is space */
        next_to_bed(world, process, ward);
    }
}

static void check_weather(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct health_setup *h = own_setup(setup);
    bool found = order->target_count == 0 || !own_is_prepared(setup);
    for (uint32_t i = 0; !found && i < order->target_count; i++)
        found = h->ill != 0 && h->temperature[setup->sites[order->targets[i]].place].n > 0;
    if (!found)
        sim_diag_error(diag, mark, "`health.ill` and a temperature", NULL,
                       "no site meant by \"%s\" has weather that acts on people", order->target);
}

static void check_beds(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    bool found = order->target_count == 0 || !own_is_prepared(setup);
    for (uint32_t i = 0; !found && i < order->target_count; i++)
        found = own_setup(setup)->ward_of[setup->sites[order->targets[i]].place] != MODEL_NONE;
    if (!found)
        sim_diag_error(diag, mark, "a site with a ward in `health.wards`", NULL, "no site meant by \"%s\" has a ward",
                       order->target);
}

static const model_order_kind orders[] = {
    {.name = "heat_wave",
     .doc = "it is `amount` degrees warmer at the sites",
     .arguments = {{"amount", SIM_QUANTITY, "C", -100, 100, "degrees warmer"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_CRISIS,
     .lead_source = "it strikes at once",
     .apply = apply_heat_wave,
     .check = check_weather},
    {.name = "cold_spell",
     .doc = "it is `amount` degrees colder at the sites",
     .arguments = {{"amount", SIM_QUANTITY, "C", -100, 100, "degrees colder"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_CRISIS,
     .lead_source = "it strikes at once",
     .apply = apply_cold_spell,
     .check = check_weather},
    {.name = "add_ward_beds",
     .doc = "adds `number` beds to the wards of the sites",
     .arguments = {{"number", SIM_COUNT, NULL, 0, 1000000000, "beds more at each site"}},
     .targets = MODEL_TARGET_SITES,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: a field ward from a store within a day's drive",
     .lead = 2 * SIM_DAY,
     .apply = apply_add_ward_beds,
     .check = check_beds},
};

/* --- reading --- */

static void read_places(model_setup *setup, const sim_config *config)
{
    struct health_setup *h = own_setup(setup);
    bool common = sim_given(config, "health", "temperature", 0);
    for (uint32_t i = 0; i < setup->place_count; i++) {
        if (sim_given(config, "places.*", "temperature", i))
            h->temperature[i] = sim_curve_of(config, "places.*", "temperature", i);
        else if (common)
            h->temperature[i] = sim_curve_of(config, "health", "temperature", 0);
    }
}

static void read_stations(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct health_setup *h = own_setup(setup);
    for (size_t i = 0; i < sim_elements(config, "stations.*"); i++)
        if (sim_given(config, "stations.*", "treats.sensitivity", i) && h->ill == 0)
            sim_diag_error(diag, sim_value_mark(config, "stations.*", "treats.sensitivity", i),
                           "`health.ill`, the trait of people who are ill", NULL, "nobody is ill in this scenario");
    for (uint32_t i = 0; i < setup->station_count; i++) {
        uint32_t declared = setup->stations[i].declared;
        bool treats = sim_given(config, "stations.*", "treats.sensitivity", declared);
        h->sensitivity[i] = treats ? sim_quantity(config, "stations.*", "treats.sensitivity", declared) : -1;
        h->referral[i] = sim_quantity(config, "stations.*", "treats.referral", declared);
        h->success[i] = sim_quantity(config, "stations.*", "treats.success", declared);
    }
}

static int read_wards(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    static const char *const section = "health.wards.#";
    struct health_setup *h = own_setup(setup);
    size_t n = sim_elements(config, section);
    h->wards = model_take(setup, n, sizeof *h->wards);
    if (h->wards == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        uint32_t site = model_site_of(setup, config, section, "site", i), index = h->ward_count++;
        ward_row *row = &h->wards[index];
        const char *why;
        *row = (ward_row){
            .beds = (uint32_t)sim_count(config, section, "beds", i),
            .deaths = sim_quantity(config, section, "deaths", i),
            .cost = sim_quantity(config, section, "day_cost", i) / (double)SIM_DAY,
        };
        setup->spends = setup->spends || row->cost > 0;
        int ret = sim_dist_compile(&row->stay, sim_distribution(config, section, "stay", i), 1e6, &why);
        if (ret == SIM_E_INPUT)
            sim_diag_error(diag, sim_value_mark(config, section, "stay", i), NULL, NULL, "%s", why);
        else if (ret != 0)
            return ret;
        if (site >= setup->site_count)
            continue;
        row->place = setup->sites[site].place;
        row->agency = setup->sites[site].agency[1];
        if (h->ward_of[row->place] != MODEL_NONE)
            sim_diag_error(diag, sim_value_mark(config, section, "site", i), "one ward a site", NULL,
                           "the site has a ward already");
        h->ward_of[row->place] = index;
        if (h->ill == 0)
            sim_diag_error(diag, sim_element_mark(config, section, i), "`health.ill`, the trait of people who are ill",
                           NULL, "nobody is ill in this scenario");
    }
    return 0;
}

static void read_hazards(struct health_setup *h, const sim_config *config)
{
    h->low = sim_quantity(config, "health", "comfort_low", 0);
    h->high = sim_quantity(config, "health", "comfort_high", 0);
    h->rate[HEAT] = sim_quantity(config, "health", "heat", 0) * 3600;
    h->rate[COLD] = sim_quantity(config, "health", "cold", 0) * 3600;
    h->base = sim_quantity(config, "health", "base", 0) * 3600;
    h->shortage = sim_quantity(config, "health", "shortage", 0);
    h->shelter = sim_quantity(config, "health", "shelter", 0);
    h->blanket = sim_quantity(config, "health", "blanket", 0);
    h->worsening = sim_quantity(config, "health", "worsening", 0);
    h->mortality = sim_quantity(config, "health", "mortality", 0) * 3600;
}

/* Whether procedures or finds of any station change traits on which hazards depend. */
static bool desks_matter(const struct health_setup *h, const sim_config *config)
{
    uint32_t traits = 0;
    for (size_t i = 0; i < sim_elements(config, "stations.*.procedures.*"); i++)
        traits |= model_traits_mask(config, "stations.*.procedures.*", "gives", i) |
                  model_traits_mask(config, "stations.*.procedures.*", "takes", i);
    for (size_t i = 0; i < sim_elements(config, "stations.*.finds.#"); i++)
        traits |= 1u << (sim_name(config, "stations.*.finds.#", "mark", i) & 31);
    return (traits & (h->frail | h->ill)) != 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct health_setup *h = own_setup(setup);
    h->temperature = model_take(setup, setup->place_count, sizeof *h->temperature);
    h->sensitivity = model_take(setup, setup->station_count, sizeof *h->sensitivity);
    h->referral = model_take(setup, setup->station_count, sizeof *h->referral);
    h->success = model_take(setup, setup->station_count, sizeof *h->success);
    h->ward_of = model_take(setup, setup->place_count, sizeof *h->ward_of);
    if (h->temperature == NULL || h->sensitivity == NULL || h->referral == NULL || h->success == NULL ||
        h->ward_of == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->place_count; i++)
        h->ward_of[i] = MODEL_NONE;
    if (sim_given(config, "health", "ill", 0)) {
        size_t ill = sim_name(config, "health", "ill", 0);
        h->ill = ill < MODEL_TRAITS ? 1u << ill : 1;
    }
    read_hazards(h, config);
    if (h->low > h->high)
        sim_diag_error(diag, sim_value_mark(config, "health", "comfort_low", 0), "at most `comfort_high`", NULL,
                       "no temperature is comfortable");
    for (uint32_t i = 0; i < setup->trait_count; i++) {
        h->frailty[i] = sim_quantity(config, "people.traits.*", "frailty", i);
        h->frail |= h->frailty[i] < 1 || h->frailty[i] > 1 ? 1u << i : 0;
    }
    read_places(setup, config);
    read_stations(setup, config, diag);
    h->desks_matter = desks_matter(h, config);
    return read_wards(setup, config, diag);
}

static void release(model_setup *setup)
{
    struct health_setup *h = own_setup(setup);
    for (uint32_t i = 0; i < h->ward_count; i++)
        sim_dist_free(&h->wards[i].stay);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->ill != 0;
}

/* --- a replication --- */

static size_t ward_count(const model_world *world)
{
    return own_setup(world->setup)->ward_count;
}

/* Found anew when all else is restored. */
static void visit_fresh(void *entry, struct model_image *image)
{
    if (model_image_is_loading(image))
        ((fresh_groups *)entry)->count = 0;
}

static void free_fresh(void *entry)
{
    free(((fresh_groups *)entry)->groups);
}

static const model_column columns[] = {
    COLUMNS_OF_PRESENCE(present),
    COLUMN(sum, hazard_sums, PLACE),
    COLUMN(groups, stretch, GROUP),
    COLUMN(dose, double, PERSON),
    COLUMN(episodes, uint8_t, PERSON),
    COLUMN(shift, double, PLACE),
    COLUMN_ONCE(booked),
    COLUMN_ONCE(emptied),
    COLUMN_OWN_LISTS(wards, model_ward, ward_count, model_ward_visit, model_ward_free),
    COLUMN_OWN(in_bed, sim_level, ward_count),
    COLUMN_LISTS(fresh, fresh_groups, PLACE, visit_fresh, free_fresh),
    COLUMN_SCRATCH(found, uint32_t, GROUP),
};

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    struct health_world *w = own_world(world);
    for (uint32_t i = 0; i < world->group_count; i++)
        w->groups[i].exposure = EXPOSURES;
    for (uint32_t i = 0; i < ward_count(world); i++)
        model_ward_init(&w->wards[i], own_setup(setup)->wards[i].beds);
    model_presence_init(&w->present, world);
    int ret = model_alarms_init(&w->doses, world, setup->place_count * EXPOSURES);
    return ret != 0 ? ret : model_alarms_init(&w->causes, world, setup->place_count);
}

static void demolish(model_world *world)
{
    model_alarms_free(&own_world(world)->doses);
    model_alarms_free(&own_world(world)->causes);
}

static void visit(model_world *world, struct model_image *image)
{
    struct health_world *w = own_world(world);
    model_alarms_visit(&w->doses, world, image);
    model_alarms_visit(&w->causes, world, image);
    for (uint32_t i = 0; model_image_is_loading(image) && i < world->group_count; i++) {
        uint32_t place = model_group_at(world, i)->place;
        if (is_fresh(world, i, place))
            add_fresh(&w->fresh[place], &world->kernel.processes[world->setup->places[place].process], i);
    }
}

/* Sums up the hazards that have been in force and finds those to whom something has happened: it counts for the time
 * that has passed. */
static void account(model_world *world, sim_time now)
{
    struct health_world *w = own_world(world);
    for (uint32_t place = 0; place < world->setup->place_count; place++)
        for (unsigned exposure = 0; exposure < EXPOSURES; exposure++)
            for (unsigned kind = 0; kind < HAZARDS; kind++)
                *sum_of(world, place, exposure, kind) = sum_until(world, place, exposure, kind, now);
    w->booked = now;
    sweep(world, now);
    for (uint32_t i = 0; i < own_setup(world->setup)->ward_count; i++) {
        const ward_row *row = &own_setup(world->setup)->wards[i];
        sim_level_shift(&w->in_bed[i], now, 0);
        model_cost_add(world, row->agency, MODEL_COST_HEALTH, row->cost * (double)w->in_bed[i].area);
        w->in_bed[i].area = 0;
    }
}

static sim_time control(model_world *world, sim_time now)
{
    withdraw_emptied(world, now);
    update_heat(world, now);
    return SIM_FOREVER;
}

const model model_of_health = {
    .name = "health",
    .doc = "exposure to heat and cold, illness, death, treatment and wards",
    .keys = "people classes places links travel stations posts centres agencies health",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct health_setup),
    .world_size = sizeof(struct health_world),
    .writes = "heat traits apart",
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .demolish = demolish,
    .visit = visit,
    .event_count = 1,
    .handle = handle,
    .control = control,
    .account = account,
    .on = {.served = served, .moved = moved},
};
