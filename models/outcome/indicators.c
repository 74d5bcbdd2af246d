/* Indicators by trait of persons: who arrived, went through, left otherwise and how long they waited, by sex, age group
 * or vulnerability.
 *
 * Classes split results by group; traits belong to persons, of whom one may have several. Nothing here acts on the run.
 */
#include "models/core/world.h"
#include "models/people/people.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"indicators", "results by trait of persons", 0},
};

static const sim_param params[] = {
    {"indicators", "by", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "traits by which results are given",
     "not given: by class of group only"},
};

struct indicators_setup {
    uint32_t traits; /* mask */
};

struct indicators_world {
    uint32_t arrived, through, not_through, wait;
};

MODEL_PART(indicators)

static const model_metric metrics[] = {
    METRIC_COUNT(arrived, "traits/arrived", "people", PLACE, TRAIT,
                 "people with the trait who came to a post, informal crossing, centre or destination",
                 "disaggregation: SDG 17.18.1"),
    METRIC_COUNT(through, "traits/through", "people", PLACE, TRAIT, "people with the trait who went through it",
                 "disaggregation: SDG 17.18.1"),
    METRIC_COUNT(not_through, "traits/not_through", "people", PLACE, TRAIT,
                 "people with the trait who left it otherwise: gave up, were turned away or refused",
                 "disaggregation: SDG 17.18.1"),
    METRIC_DURATION(wait, "traits/wait", PLACE, TRAIT,
                    "time waited in all, outside and in queues, by people with the trait who went through",
                    "disaggregation: SDG 17.18.1"),
};

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    own_setup(setup)->traits = model_traits_mask(config, "indicators", "by", 0);
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->traits != 0;
}

/* Calls for each person with the group and each of the traits that person has. */
static void count(const model_world *world, const model_group *g, uint32_t metric, bool with_wait)
{
    uint32_t asked = own_setup(world->setup)->traits;
    for (uint32_t i = 0; i < g->people; i++) {
        if (!model_people_is_with(world, g, i))
            continue;
        for (uint32_t left = world->traits[g->first_person + i] & asked; left != 0; left &= left - 1) {
            uint32_t trait = (uint32_t)__builtin_ctz(left);
            sim_record_count(&world->recorder, metric, g->place, trait, 1);
            if (with_wait)
                sim_record_duration(&world->recorder, own_world(world)->wait, g->place, trait, g->began,
                                    g->customer.waited, 1);
        }
    }
}

static void arrived(model_world *world, sim_process *process, uint32_t group)
{
    (void)process;
    count(world, model_group_at(world, group), own_world(world)->arrived, false);
}

static void left(model_world *world, sim_process *process, uint32_t group, bool through)
{
    (void)process;
    count(world, model_group_at(world, group), through ? own_world(world)->through : own_world(world)->not_through,
          through);
}

const model model_of_indicators = {
    .name = "indicators",
    .doc = "results by trait of persons",
    .keys = "people classes places links travel stations posts centres onward indicators",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    .setup_size = sizeof(struct indicators_setup),
    .world_size = sizeof(struct indicators_world),
    .prepare = prepare,
    .used = used,
    .on = {.arrived = arrived, .left = left},
};
