/* Screening: what a station finds out about the people it serves, rightly or wrongly, so that others can be sent on by
 * it.
 *
 * A find looks for one trait and gives another one, the mark: those who have the trait get it with the sensitivity,
 * those who have not with 1 - specificity (Altman and Bland 1994). Stations behind take people by the mark (`when`):
 * vulnerability screening and referral, risk profiles and the second line, document checks. Marks do not change a
 * group's class. */
#include "models/core/world.h"
#include "models/people/people.h"
#include "sim/base/error.h"

#define SECTION "stations.*.finds.#"

static const sim_section sections[] = {
    {SECTION, "something that the station looks for in each person it serves", 0},
};

static const sim_param params[] = {
    {SECTION, "trait", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "people.traits.*", "what is looked for",
     "none: must be given"},
    {SECTION, "mark", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "people.traits.*",
     "trait that people get who are taken to have it; give it a share of 0 in `people`", "none: must be given"},
    {SECTION, "sensitivity", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1, NULL,
     "probability that someone who has the trait is marked", "none: must be given"},
    {SECTION, "specificity", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1, NULL,
     "probability that someone who has it not is not marked", "none: must be given"},
    {SECTION, "sensitive", SIM_BOOL, SIM_DIM_NONE, "false", 0, 0, NULL,
     "people tell it only in private (gender-based violence, trafficking): the station's `privacy` counts",
     "definition: no"},
    {"stations.*", "privacy", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL,
     "factor on the sensitivity of finds that are `sensitive`: 1 in a room of one's own, less at a desk where others "
     "hear",
     "assumption: in private. That people tell less where others hear is agreed (IASC 2015, gender-based violence "
     "guidelines), but no "
     "figure "
     "was found"},
};

typedef struct {
    uint32_t trait, mark;             /* bits */
    double sensitivity, false_alarms; /* 1 - specificity */
    bool sensitive;
} find;

/* The finds of all stations of all posts, station by station: a find's number names its draws. */
struct screening_setup {
    find *finds;
    uint32_t *first; /* of each station; [station_count] is the number of all */
    double *privacy; /* of each station */
    bool used;
};

struct screening_world {
    uint32_t concerned, unconcerned, found, marked; /* metrics */
};

MODEL_PART(screening)

static const model_metric metrics[] = {
    METRIC_COUNT(concerned, "screening/concerned", "people", STATION, NOTHING,
                 "people screened who have a trait that is looked for, once a trait", ""),
    METRIC_COUNT(unconcerned, "screening/unconcerned", "people", STATION, NOTHING,
                 "people screened who have not, once a trait", ""),
    METRIC_COUNT(found, "screening/found", "people", STATION, NOTHING, "marked, and rightly so", "true positives"),
    METRIC_COUNT(marked, "screening/marked", "people", STATION, NOTHING, "marked, rightly or wrongly", "positives"),
    METRIC_SHARE("screening/found_share", "1", STATION, NOTHING, "screening/found", "screening/concerned",
                 "share of those concerned who are found; the rest are missed cases", "sensitivity as it came out"),
    METRIC_SHARE("screening/hit_rate", "1", STATION, NOTHING, "screening/found", "screening/marked",
                 "share of those marked who are concerned; the rest are false alarms", "positive predictive value"),
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct screening_setup *screening = own_setup(setup);
    size_t count = 0, first, n;
    for (uint32_t s = 0; s < setup->station_count; s++) {
        sim_children(config, SECTION, setup->stations[s].declared, &first, &n);
        count += n;
    }
    if (count > UINT16_MAX) {
        sim_diag_error(diag, sim_element_mark(config, SECTION, 0), "at most 65535 at all posts together", NULL,
                       "stations look for too much");
        return 0;
    }
    screening->finds = model_take(setup, count, sizeof *screening->finds);
    screening->first = model_take(setup, (size_t)setup->station_count + 1, sizeof *screening->first);
    screening->privacy = model_take(setup, setup->station_count, sizeof *screening->privacy);
    if (screening->finds == NULL || screening->first == NULL || screening->privacy == NULL)
        return SIM_E_MEMORY;
    uint32_t at = 0;
    for (uint32_t s = 0; s < setup->station_count; s++) {
        screening->first[s] = at;
        screening->privacy[s] = sim_quantity(config, "stations.*", "privacy", setup->stations[s].declared);
        sim_children(config, SECTION, setup->stations[s].declared, &first, &n);
        for (size_t i = first; i < first + n; i++) {
            size_t trait = sim_name(config, SECTION, "trait", i), mark = sim_name(config, SECTION, "mark", i);
            if (trait >= MODEL_TRAITS || mark >= MODEL_TRAITS)
                continue; /* told already */
            if (trait == mark)
                sim_diag_error(diag, sim_value_mark(config, SECTION, "mark", i),
                               "another trait than the one looked for", NULL,
                               "a find that marks people by what it looks for changes nobody who has it");
            screening->finds[at++] =
                (find){1u << trait, 1u << mark, sim_quantity(config, SECTION, "sensitivity", i),
                       1 - sim_quantity(config, SECTION, "specificity", i), sim_bool(config, SECTION, "sensitive", i)};
        }
    }
    screening->first[setup->station_count] = at;
    screening->used = at > 0;
    return 0;
}

static void record(const model_world *world, uint32_t metric, uint32_t station, int64_t people)
{
    if (people > 0)
        sim_record_count(&world->recorder, metric, station, 0, people);
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    (void)process;
    const struct screening_setup *screening = own_setup(world->setup);
    if (screening->first[station] == screening->first[station + 1])
        return;
    double alertness = model_alertness(world, station, group);
    double told = alertness * screening->privacy[station];
    const model_group *g = model_group_at(world, group);
    int64_t concerned = 0, unconcerned = 0, found = 0, marked = 0;
    for (uint32_t i = 0; i < g->people; i++) {
        uint32_t person = g->first_person + i, before = world->traits[person];
        if (!model_people_is_with(world, g, i) || !model_station_selects(&world->setup->stations[station], before))
            continue;
        for (uint32_t k = screening->first[station]; k < screening->first[station + 1]; k++) {
            const find *f = &screening->finds[k];
            bool has = (before & f->trait) != 0;
            bool hit = sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), (uint32_t)g->visits << 16 | k),
                                      has ? f->sensitivity * (f->sensitive ? told : alertness) : f->false_alarms);
            concerned += has;
            unconcerned += !has;
            found += has && hit;
            marked += hit;
            if (hit)
                world->traits[person] |= f->mark;
        }
    }
    const struct screening_world *m = own_world(world);
    record(world, m->concerned, station, concerned);
    record(world, m->unconcerned, station, unconcerned);
    record(world, m->found, station, found);
    record(world, m->marked, station, marked);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

const model model_of_screening = {
    .name = "screening",
    .doc = "what stations find out about people, rightly or wrongly",
    .keys = "people classes places links travel stations posts centres onward",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    .setup_size = sizeof(struct screening_setup),
    .world_size = sizeof(struct screening_world),
    .writes = "traits",
    .prepare = prepare,
    .used = used,
    .on = {.served = served},
};
