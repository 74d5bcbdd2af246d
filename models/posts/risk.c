/* Risk analysis and data: travellers' data before they come, profiles that mark people for a second line, registration
 * by several agencies with and without shared data, and refusals with their grounds.
 *
 * A profile is a classification with two numbers, sensitivity and specificity, one point of a receiver operating
 * characteristic. Those whose data did not come in time cannot be classified, and wrong data say nothing: such people
 * are flagged as often as those who are no threat. */
#include <string.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "sim/base/error.h"

#define PROFILES "risk.profiles.#"
#define REFUSES "stations.*.refuses.#"
#define SHARING "sharing.*"
#define GROUND_WORDS "document visa ban health quota other"

enum { MOST_AGENCIES = 32, MOST_PROFILES = 1000 };

static const sim_section sections[] = {
    {"risk", "travellers' data before they come, and whom nobody refuses", 0},
    {PROFILES, "a score of travellers before they come to a border post, by their data", 0},
    {REFUSES, "whom the station refuses, and on what ground; the first that applies counts", 0},
    {SHARING, "agencies that let each other see whom they have registered, and their lists", 0},
};

static const sim_param params[] = {
    {"risk", "data_share", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that a group's data come before it (carriers' lists, an application on the phone)",
     "assumption: none at land borders"},
    {"risk", "data_lead", SIM_DIST, SIM_DIM_TIME, "24 h", 0, 366 * 86400.0, NULL,
     "how long before the group its data come", "assumption: a day"},
    {"risk", "checking_time", SIM_QUANTITY, SIM_DIM_TIME, "0 s", 0, 366 * 86400.0, NULL,
     "time it takes to check data; those that come later than this before the group are of no use",
     "assumption: at once, by machine"},
    {"risk", "data_quality", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL, "probability that a person's data are right",
     "assumption: all are"},
    {"risk", "on_record", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "trait that people have where the agency of the next station can see that they are registered already, so that it "
     "can pass them by "
     "(`unless`); give it a share of 0",
     "not given: stations take no notice"},
    {"risk", "never_refused", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "people with any of these traits (who asks for protection, an unaccompanied child), and those with them, are "
     "refused on no ground",
     "not given: refusals do not look at it. Non-refoulement: Geneva Convention of 1951, article 33"},
    {"risk", "then", SIM_CHOICE, SIM_DIM_NONE, "leave", 0, 0, "leave another_post",
     "what groups do that are refused: go nowhere else, or try another crossing", "assumption: they give up"},
    {PROFILES, "threat", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "people.traits.*",
     "trait that the score is after (US: 0.06% of inspections ended in a refusal in the fiscal year 2013)",
     "none: must be given"},
    {PROFILES, "mark", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "people.traits.*",
     "trait that those flagged get, by which a second line takes them (`when`); give it a share of 0",
     "none: must be given"},
    {PROFILES, "sensitivity", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1, NULL,
     "probability that a threat is flagged, by right data", "none: must be given"},
    {PROFILES, "specificity", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1, NULL,
     "probability that someone who is no threat is not flagged", "none: must be given"},
    {PROFILES, "list", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*",
     "agency whose watch-list it is: the score is made at posts whose entry side's agency sees that list",
     "not given: all have it"},
    {REFUSES, "traits", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "people with any of these traits",
     "not given: all whom the station serves"},
    {REFUSES, "unless", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "not people with any of these traits",
     "not given: nobody is left out"},
    {REFUSES, "share", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL, "probability that such a person is refused",
     "definition: all"},
    {REFUSES, "ground", SIM_CHOICE, SIM_DIM_NONE, NULL, 0, 0, GROUND_WORDS, "ground of the refusal, for the record",
     "none: must be given"},
    {REFUSES, "with_group", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL,
     "the whole group is turned back, or the person alone", "assumption: families do not part at the desk"},
    {SHARING, "between", SIM_NAMES, SIM_DIM_NONE, NULL, 0, 0, "agencies.*",
     "the agencies; each sees the data of all of them", "none: must be given"},
    {SHARING, "in_force", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL,
     "whether it holds from the start; the order share_data brings it", "definition: it does"},
    {"agencies.*", "state", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "State that it belongs to; agencies of one State see each other's data", "not given: it sees its own data only"},
};

typedef struct {
    uint32_t threat, mark; /* bits */
    double sensitivity, false_alarms;
    uint32_t list; /* agency or MODEL_NONE */
} profile;

typedef struct {
    uint32_t traits, unless;
    double share;
    uint8_t ground;
    bool with_group;
} refusal;

struct risk_setup {
    double data_share, data_quality;
    sim_dist data_lead;
    sim_time checking_time;
    uint32_t on_record, never_refused; /* masks */
    profile *profiles;
    uint32_t profile_count;
    refusal *refusals; /* of all stations, station by station: a refusal's number names its draws */
    uint32_t *first;   /* of each station; [station_count] is the number of all */
    uint32_t sharing_count;
    const char **sharing; /* names */
    uint32_t *between;    /* of each: mask of agencies */
    bool *in_force;
    uint32_t own[MOST_AGENCIES]; /* mask of the agencies that each one sees without any sharing: of its State */
    bool registers;              /* several agencies register people, and some of them might share */
};

struct risk_world {
    uint32_t known, threats, flagged, flagged_rightly, false_alarms, registrations, doubles, on_record,
        refused;                  /* metrics */
    uint32_t sees[MOST_AGENCIES]; /* mask of the agencies whose data each one sees now */
    int32_t *shared;              /* of each sharing: in force if above 0 */
    uint32_t *registered_by;      /* one a person: mask of agencies; NULL: not kept */
};

MODEL_PART(risk)

static size_t count_sharings(const model_world *world)
{
    return own_setup(world->setup)->sharing_count;
}

static size_t count_registered(const model_world *world)
{
    return own_setup(world->setup)->registers ? world->person_count : 0;
}

static const model_column columns[] = {
    COLUMN_ONCE(sees),
    COLUMN_OWN(shared, int32_t, count_sharings),
    COLUMN_OWN(registered_by, uint32_t, count_registered),
};

static const model_metric metrics[] = {
    METRIC_COUNT(known, "risk/known", "people", PLACE, NOTHING,
                 "people whose data came in time before they came to the post", ""),
    METRIC_COUNT(
        threats, "risk/threats", "people", PLACE, NOTHING,
        "people who came and have a trait that a profile is after, once a profile, whether their data came or not",
        "base rate"),
    METRIC_COUNT(flagged, "risk/flagged", "people", PLACE, NOTHING,
                 "people flagged before they came, rightly or wrongly, once a profile", "hits"),
    METRIC_COUNT(flagged_rightly, "risk/flagged_rightly", "people", PLACE, NOTHING, "of these, those who are a threat",
                 "true positives"),
    METRIC_COUNT(false_alarms, "risk/false_alarms", "people", PLACE, NOTHING, "of these, those who are none",
                 "false positives"),
    METRIC_SHARE("risk/hit_rate", "1", PLACE, NOTHING, "risk/flagged_rightly", "risk/flagged",
                 "share of those flagged who are a threat", "positive predictive value"),
    METRIC_SHARE("risk/detected", "1", PLACE, NOTHING, "risk/flagged_rightly", "risk/threats",
                 "share of threats who were flagged", "sensitivity as it came out, missing and wrong data included"),
    METRIC_COUNT(registrations, "risk/registrations", "people", PLACE, NOTHING,
                 "people registered whom the agency did not find on record", ""),
    METRIC_COUNT(doubles, "risk/double_registrations", "people", PLACE, NOTHING,
                 "of these, those whom another agency had registered before and did not share", ""),
    METRIC_SHARE("risk/double_share", "1", PLACE, NOTHING, "risk/double_registrations", "risk/registrations",
                 "share of registrations that are double", "double registration"),
    METRIC_COUNT(on_record, "risk/found_on_record", "people", PLACE, NOTHING,
                 "people served by a station that registers although its agency could see their record; `on_record` "
                 "lets it pass "
                 "them by",
                 ""),
    METRIC_COUNT(refused, "risk/refused", "people", PLACE, GROUND,
                 "people turned back at a station, those who are with the person refused included",
                 "refusals by ground (Schengen Borders Code, annex V)"),
};

/* --- reading --- */

static void read_profiles(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct risk_setup *risk = own_setup(setup);
    for (size_t i = 0; i < sim_elements(config, PROFILES) && i < MOST_PROFILES; i++) {
        size_t threat = sim_name(config, PROFILES, "threat", i), mark = sim_name(config, PROFILES, "mark", i);
        if (threat >= MODEL_TRAITS || mark >= MODEL_TRAITS)
            continue; /* told already */
        if (threat == mark)
            sim_diag_error(diag, sim_value_mark(config, PROFILES, "mark", i), "another trait than the threat", NULL,
                           "a profile that marks people by what it is after changes nobody who has it");
        risk->profiles[risk->profile_count++] = (profile){
            1u << threat, 1u << mark, sim_quantity(config, PROFILES, "sensitivity", i),
            1 - sim_quantity(config, PROFILES, "specificity", i),
            sim_given(config, PROFILES, "list", i) ? (uint32_t)sim_name(config, PROFILES, "list", i) : MODEL_NONE};
    }
}

static int read_refusals(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct risk_setup *risk = own_setup(setup);
    size_t count = 0, first, n;
    for (uint32_t s = 0; s < setup->station_count; s++) {
        sim_children(config, REFUSES, setup->stations[s].declared, &first, &n);
        count += n;
    }
    risk->refusals = model_take(setup, count, sizeof *risk->refusals);
    risk->first = model_take(setup, (size_t)setup->station_count + 1, sizeof *risk->first);
    if (risk->refusals == NULL || risk->first == NULL)
        return SIM_E_MEMORY;
    if (count > UINT16_MAX) {
        sim_diag_error(diag, sim_element_mark(config, REFUSES, 0), "at most 65535 at all posts together", NULL,
                       "too many grounds");
        return 0;
    }
    uint32_t at = 0;
    for (uint32_t s = 0; s < setup->station_count; s++) {
        risk->first[s] = at;
        sim_children(config, REFUSES, setup->stations[s].declared, &first, &n);
        for (size_t i = first; i < first + n; i++)
            risk->refusals[at++] = (refusal){
                model_traits_mask(config, REFUSES, "traits", i), model_traits_mask(config, REFUSES, "unless", i),
                sim_quantity(config, REFUSES, "share", i), (uint8_t)sim_choice(config, REFUSES, "ground", i),
                sim_bool(config, REFUSES, "with_group", i)};
    }
    risk->first[setup->station_count] = at;
    return 0;
}

/* Who sees whose data: agencies of one State at any time, others while they share. */
static int read_sharing(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct risk_setup *risk = own_setup(setup);
    size_t agencies = sim_elements(config, "agencies.*"), n = sim_elements(config, SHARING);
    bool states = false;
    risk->sharing = model_take(setup, n, sizeof *risk->sharing);
    risk->between = model_take(setup, n, sizeof *risk->between);
    risk->in_force = model_take(setup, n, sizeof *risk->in_force);
    if (risk->sharing == NULL || risk->between == NULL || risk->in_force == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < agencies; i++)
        states = states || sim_given(config, "agencies.*", "state", i);
    bool lists = false;
    for (uint32_t i = 0; i < risk->profile_count; i++)
        lists = lists || risk->profiles[i].list != MODEL_NONE;
    risk->registers = setup->agency_count > 1 && (states || n > 0 || risk->on_record != 0);
    if (setup->agency_count > MOST_AGENCIES && (risk->registers || lists)) {
        sim_diag_error(diag, sim_element_mark(config, "agencies.*", MOST_AGENCIES),
                       "at most 32 agencies where data are shared", NULL, "too many agencies");
        risk->registers = false;
        return 0;
    }
    for (size_t i = 0; i < setup->agency_count && i < MOST_AGENCIES; i++) {
        risk->own[i] = 1u << i;
        for (size_t k = 0; states && k < agencies; k++)
            if (sim_given(config, "agencies.*", "state", i) && sim_given(config, "agencies.*", "state", k) &&
                strcmp(sim_text(config, "agencies.*", "state", i), sim_text(config, "agencies.*", "state", k)) == 0)
                risk->own[i] |= 1u << k;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t *between = NULL;
        size_t count = sim_names(config, SHARING, "between", i, &between);
        for (size_t k = 0; k < count; k++)
            risk->between[i] |= between[k] < MOST_AGENCIES ? 1u << between[k] : 0;
        if ((risk->between[i] & (risk->between[i] - 1)) == 0)
            sim_diag_error(diag, sim_value_mark(config, SHARING, "between", i), "two agencies or more", NULL,
                           "an agency has its own data anyway");
        risk->in_force[i] = sim_bool(config, SHARING, "in_force", i);
        risk->sharing[i] = sim_element_name(config, SHARING, i);
        risk->sharing_count++;
    }
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct risk_setup *risk = own_setup(setup);
    const char *why = NULL;
    risk->profiles = model_take(setup, sim_elements(config, PROFILES), sizeof *risk->profiles);
    if (risk->profiles == NULL)
        return SIM_E_MEMORY;
    risk->data_share = sim_quantity(config, "risk", "data_share", 0);
    risk->data_quality = sim_quantity(config, "risk", "data_quality", 0);
    risk->checking_time = sim_micros(config, "risk", "checking_time", 0);
    if (sim_given(config, "risk", "on_record", 0))
        risk->on_record = 1u << sim_name(config, "risk", "on_record", 0);
    risk->never_refused = model_traits_mask(config, "risk", "never_refused", 0);
    setup->refused_try_elsewhere = setup->refused_try_elsewhere || sim_choice(config, "risk", "then", 0) == 1;
    int ret = sim_dist_compile(&risk->data_lead, sim_distribution(config, "risk", "data_lead", 0), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, "risk", "data_lead", 0), NULL, NULL, "%s", why);
        ret = 0;
    }
    read_profiles(setup, config, diag);
    if (ret == 0)
        ret = read_refusals(setup, config, diag);
    if (ret == 0)
        ret = read_sharing(setup, config, diag);
    return ret;
}

static void release(model_setup *setup)
{
    sim_dist_free(&own_setup(setup)->data_lead);
}

static bool used(const model_setup *setup)
{
    const struct risk_setup *risk = own_setup(setup);
    return risk->data_share > 0 || risk->profile_count > 0 || risk->first[setup->station_count] > 0 || risk->registers;
}

/* --- data before arrival --- */

static bool has_data(const model_world *world, uint32_t group)
{
    const struct risk_setup *risk = own_setup(world->setup);
    if (!(risk->data_share > 0) || !sim_rng_chance(sim_rng_draw(&world->rng, group, own_draw(0), 0), risk->data_share))
        return false;
    return sim_dist_draw(&risk->data_lead, sim_rng_draw(&world->rng, group, own_draw(0), 1)) >=
           (double)risk->checking_time;
}

/* The luck is the person's, not the post's: who is on a list is on it everywhere. */
static bool is_flagged(const model_world *world, uint32_t person, uint32_t number)
{
    const struct risk_setup *risk = own_setup(world->setup);
    const profile *p = &risk->profiles[number];
    bool right = sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), 2), risk->data_quality);
    double chance = right && (world->traits[person] & p->threat) != 0 ? p->sensitivity : p->false_alarms;
    return sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), 4 + number), chance);
}

static void record(const model_world *world, uint32_t metric, uint32_t place, uint32_t cell, int64_t people)
{
    if (people > 0)
        sim_record_count(&world->recorder, metric, place, cell, people);
}

static void apply_profile(model_world *world, uint32_t number, uint32_t group, bool data)
{
    const profile *p = &own_setup(world->setup)->profiles[number];
    const struct risk_world *w = own_world(world);
    const model_group *g = model_group_at(world, group);
    int64_t threats = 0, flagged = 0, rightly = 0;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i))
            continue;
        bool threat = (world->traits[person] & p->threat) != 0, hit = data && is_flagged(world, person, number);
        threats += threat;
        flagged += hit;
        rightly += hit && threat;
        if (hit)
            world->traits[person] |= p->mark;
    }
    record(world, w->threats, g->place, 0, threats);
    record(world, w->flagged, g->place, 0, flagged);
    record(world, w->flagged_rightly, g->place, 0, rightly);
    record(world, w->false_alarms, g->place, 0, flagged - rightly);
}

/* --- registration --- */

/* Gives the people of the group the trait of being on record, or takes it, as the agency of the station ahead sees it.
 */
static void before(const model_world *world, uint32_t station, const model_group *g)
{
    const model_setup *setup = world->setup;
    const model_station *s = &setup->stations[station];
    uint32_t sees = own_world(world)->sees[setup->sites[s->site].agency[s->side]], mark = own_setup(setup)->on_record;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i;
        if ((own_world(world)->registered_by[person] & sees) != 0)
            world->traits[person] |= mark;
        else
            world->traits[person] &= ~mark;
    }
}

static void register_people(model_world *world, uint32_t station, uint32_t group)
{
    const model_setup *setup = world->setup;
    const model_station *s = &setup->stations[station];
    const model_group *g = model_group_at(world, group);
    struct risk_world *w = own_world(world);
    if (setup->procedures[g->procedure].completeness == 0)
        return;
    uint32_t agency = setup->sites[s->site].agency[s->side];
    int64_t registrations = 0, doubles = 0, on_record = 0;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i, by = w->registered_by[person];
        if (!model_people_is_with(world, g, i) || !model_station_selects(s, world->traits[person]))
            continue;
        bool found = (by & w->sees[agency]) != 0;
        on_record += found;
        registrations += !found;
        doubles += !found && by != 0;
        w->registered_by[person] = by | 1u << agency;
    }
    record(world, w->registrations, g->place, 0, registrations);
    record(world, w->doubles, g->place, 0, doubles);
    record(world, w->on_record, g->place, 0, on_record);
}

/* --- refusals --- */

static bool nobody_may_refuse(const model_world *world, const model_group *g)
{
    for (uint32_t i = 0; i < g->people; i++)
        if (model_people_is_with(world, g, i) &&
            (world->traits[g->first_person + i] & own_setup(world->setup)->never_refused) != 0)
            return true;
    return false;
}

/* The first ground on which the station refuses the person, or NULL. */
static const refusal *ground_for(const model_world *world, uint32_t station, uint32_t person, uint32_t visits)
{
    const struct risk_setup *risk = own_setup(world->setup);
    uint32_t traits = world->traits[person];
    for (uint32_t k = risk->first[station]; k < risk->first[station + 1]; k++) {
        const refusal *f = &risk->refusals[k];
        if ((f->traits == 0 || (f->traits & traits) != 0) && (f->unless & traits) == 0 &&
            sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(1), visits << 16 | k), f->share))
            return f;
    }
    return NULL;
}

static void refuse(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    model_group *g = model_group_at(world, group);
    if (nobody_may_refuse(world, g))
        return;
    for (uint32_t i = 0; i < g->people && (g->flags & MODEL_FLAG_REFUSED) == 0; i++) {
        uint32_t person = g->first_person + i;
        if (!model_people_is_with(world, g, i) ||
            !model_station_selects(&world->setup->stations[station], world->traits[person]))
            continue;
        const refusal *f = ground_for(world, station, person, g->visits);
        if (f == NULL)
            continue;
        if (f->with_group) {
            g->flags |= MODEL_FLAG_REFUSED;
            record(world, own_world(world)->refused, g->place, f->ground, g->customer.size);
        } else {
            model_people_take(world, process, group, i, MODEL_REFUSED);
            sim_record_count(&world->recorder, world->metrics.refused, g->place, g->customer.class, 1);
            record(world, own_world(world)->refused, g->place, f->ground, 1);
        }
    }
}

/* --- hooks --- */

static void arrived(model_world *world, sim_process *process, uint32_t group)
{
    (void)process;
    const model_setup *setup = world->setup;
    const struct risk_setup *risk = own_setup(setup);
    model_group *g = model_group_at(world, group);
    const model_site *site = &setup->sites[g->site];
    if (site->kind != MODEL_POST)
        return;
    bool data = has_data(world, group);
    g->flags &= (uint8_t)~MODEL_FLAG_KNOWN;
    if (data) {
        g->flags |= MODEL_FLAG_KNOWN;
        record(world, own_world(world)->known, g->place, 0, g->customer.size);
    }
    for (uint32_t i = 0; i < risk->profile_count; i++) {
        uint32_t list = risk->profiles[i].list;
        apply_profile(world, i, group,
                      data && (list == MODEL_NONE || (own_world(world)->sees[site->agency[1]] >> list & 1) != 0));
    }
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    const struct risk_setup *risk = own_setup(world->setup);
    if (risk->registers)
        register_people(world, station, group);
    if (risk->first[station] < risk->first[station + 1])
        refuse(world, process, station, group);
}

/* --- orders --- */

static void find_who_sees_what(model_world *world)
{
    const struct risk_setup *risk = own_setup(world->setup);
    struct risk_world *w = own_world(world);
    memcpy(w->sees, risk->own, sizeof w->sees);
    for (uint32_t k = 0; k < risk->sharing_count; k++)
        for (uint32_t i = 0; w->shared[k] > 0 && i < MOST_AGENCIES; i++)
            if (risk->between[k] >> i & 1)
                w->sees[i] |= risk->between[k];
}

static void apply_share_data(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    own_world(world)->shared[order->target_index] += begin ? 1 : -1;
    find_who_sees_what(world);
}

static void check_share_data(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct risk_setup *risk = own_setup(setup);
    if (!own_is_prepared(setup))
        return; /* something is wrong with it: told already */
    for (uint32_t i = 0; i < risk->sharing_count; i++)
        if (strcmp(order->text, risk->sharing[i]) == 0)
            order->target_index = i;
    if (order->target_index == MODEL_NONE)
        sim_diag_error(diag, mark, "the name of an element of `sharing`",
                       sim_diag_nearest(order->text, risk->sharing, risk->sharing_count),
                       "nobody shares data as \"%s\"", order->text);
}

static const model_order_kind orders[] = {
    {.name = "share_data",
     .doc = "agencies let each other see whom they have registered, and their lists",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "an element of `sharing`"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: prepared; an agreement may delay it",
     .apply = apply_share_data,
     .check = check_share_data},
};

/* --- a replication --- */

static int build(model_world *world)
{
    const struct risk_setup *risk = own_setup(world->setup);
    struct risk_world *w = own_world(world);
    for (uint32_t k = 0; k < risk->sharing_count; k++)
        w->shared[k] = risk->in_force[k];
    find_who_sees_what(world);
    return 0;
}

static bool hears(const model_setup *setup, size_t hook)
{
    return hook != offsetof(model_hooks, before) || (own_setup(setup)->registers && own_setup(setup)->on_record != 0);
}

const model model_of_risk = {
    .name = "risk",
    .doc =
        "travellers' data before they come, risk profiles, shared data and double registration, refusals with grounds",
    .keys = "people classes places links travel stations posts centres onward agencies risk sharing",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct risk_setup),
    .world_size = sizeof(struct risk_world),
    .writes = "traits",
    .hears = hears,
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .on = {.before = before, .arrived = arrived, .served = served},
};
