/* People: groups of a random size, persons with traits drawn from shares, a mode of travel, and a class.
 *
 * Traits are the scenario's own words (child, no_document, disability ...). A trait `among` another one is drawn only
 * for people who have that. Classes split results and give priority; a group belongs to the first class that fits. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "sim/base/error.h"

MODEL_LUCK(people)

static const sim_section sections[] = {
    {"people", "who comes: sizes of groups, traits of persons, modes of travel", 0},
    {"people.traits.*", "a trait that some persons have", 0},
    {"classes.*", "a class of groups, for priority and for results; the first that fits counts, the rest is `everyone`",
     0},
};

static const sim_param params[] = {
    {"people", "group_size", SIM_DIST, SIM_DIM_NONE,
     "{empirical: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], weights: [302, 1057, 1850, 2158, 1888, 1322, 771, 385, "
     "169, 98]}}",
     1, 1000, NULL, "people who travel together (whole numbers)",
     "mean 4.5 a household: UNHCR, Rohingya and Chad registrations; assumption: one more than a Poisson number of mean "
     "3.5, the tail at "
     "10"},
    {"people", "modes.foot", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups on foot",
     "not given: with no mode given, all come on foot; else nobody does"},
    {"people", "modes.car", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups by car",
     "not given: nobody"},
    {"people", "modes.bus", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups by bus",
     "not given: nobody"},
    {"people", "modes.rail", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups by train",
     "not given: nobody"},
    {"people.traits.*", "share", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1, NULL, "probability that a person has it",
     "none: must be given"},
    {"people.traits.*", "among", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "only people who have this (earlier) trait can have it", "definition: everyone when not given"},
    {"classes.*", "traits", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "groups with someone who has any of these traits", "definition: all groups when not given"},
    {"classes.*", "modes", SIM_CHOICES, SIM_DIM_NONE, "", 0, 0, MODEL_MODE_WORDS,
     "groups that travel in any of these modes", "definition: all modes when not given"},
    {"classes.*", "priority", SIM_COUNT, SIM_DIM_NONE, "0", 0, SIM_PRIORITIES - 1, NULL,
     "rank at stations with discipline `priority`; the highest is served first", "definition: no priority"},
};

uint32_t model_traits_mask(const sim_config *config, const char *section, const char *name, size_t element)
{
    const size_t *indices = NULL;
    uint32_t mask = 0;
    if (!sim_given(config, section, name, element))
        return 0;
    size_t n = sim_names(config, section, name, element, &indices);
    for (size_t i = 0; i < n; i++)
        mask |= 1u << indices[i];
    return mask;
}

static void read_traits(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *section = "people.traits.*";
    size_t n = sim_elements(config, section);
    if (n > MODEL_TRAITS)
        sim_diag_error(diag, sim_element_mark(config, section, MODEL_TRAITS), "at most 32 traits", NULL,
                       "too many traits");
    setup->trait_count = (uint32_t)(n > MODEL_TRAITS ? MODEL_TRAITS : n);
    for (uint32_t i = 0; i < setup->trait_count; i++) {
        setup->trait_thresholds[i] = (uint64_t)(sim_quantity(config, section, "share", i) * 0x1p32);
        if (!sim_given(config, section, "among", i))
            continue;
        size_t among = sim_name(config, section, "among", i);
        if (among >= i)
            sim_diag_error(diag, sim_value_mark(config, section, "among", i), "a trait that stands earlier", NULL,
                           "trait \"%s\" is drawn among one that is not drawn yet",
                           sim_element_name(config, section, i));
        else
            setup->trait_among[i] = 1u << among;
    }
}

static void read_classes(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    const char *section = "classes.*";
    size_t n = sim_elements(config, section);
    if (n > MODEL_CLASSES - 1)
        sim_diag_error(diag, sim_element_mark(config, section, MODEL_CLASSES - 1), "at most 7 classes", NULL,
                       "too many classes");
    n = n > MODEL_CLASSES - 1 ? MODEL_CLASSES - 1 : n;
    for (size_t i = 0; i < n; i++)
        setup->classes[i] =
            (model_class){sim_element_name(config, section, i), model_traits_mask(config, section, "traits", i),
                          sim_given(config, section, "modes", i) ? sim_choices(config, section, "modes", i) : 0,
                          (uint8_t)sim_count(config, section, "priority", i)};
    setup->classes[n] = (model_class){"everyone", 0, 0, 0};
    setup->class_count = (uint32_t)n + 1;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    static const char *const modes[MODEL_MODES] = {"modes.foot", "modes.car", "modes.bus", "modes.rail"};
    const char *why = NULL;
    int ret = sim_dist_compile(&setup->group_size, sim_distribution(config, "people", "group_size", 0), 1.0, &why);
    if (ret == SIM_E_INPUT)
        sim_diag_error(diag, sim_value_mark(config, "people", "group_size", 0), NULL, NULL, "%s", why);
    if (ret != 0)
        return ret;
    double sum = 0;
    int given = -1;
    for (int i = MODEL_MODES - 1; i >= 0; i--)
        if (sim_given(config, "people", modes[i], 0)) {
            sum += setup->mode_weights[i] = sim_quantity(config, "people", modes[i], 0);
            given = i;
        }
    if (given < 0)
        setup->mode_weights[0] = 1;
    else if (!(sum > 0))
        sim_diag_error(diag, sim_value_mark(config, "people", modes[given], 0),
                       "a positive weight for at least one mode", NULL, "nobody has a mode of travel");
    read_traits(setup, config, diag);
    read_classes(setup, config, diag);
    return 0;
}

static void release(model_setup *setup)
{
    sim_dist_free(&setup->group_size);
}

void model_people_take(model_world *world, sim_process *process, uint32_t group, uint32_t i, model_state state)
{
    model_group *g = model_group_at(world, group);
    assert(i < g->people && model_people_is_with(world, g, i));
    sim_customer_state does = (sim_customer_state)g->customer.state;
    bool waits = does == SIM_OUTSIDE || does == SIM_QUEUED;
    uint32_t people = g->customer.size;
    world->apart[g->first_person + i] = (uint8_t)(1 + state);
    if (waits)
        sim_network_shrink_waiting(&world->network, process, group, 1);
    else
        sim_network_shrink(&world->network, group, 1);
    if (g->flags & MODEL_FLAG_COUNTED) /* it is at a desk, or waits */
        model_state_enter(world, g->place, model_state_at(world->setup, g->site, (sim_customer_state)g->customer.state),
                          process->now, -1);
    model_state_enter(world, g->place, state, process->now, 1);
    if (!waits)
        return;
    world->site_states[g->site].waiting--;
    if (does == SIM_OUTSIDE)
        sim_record_level(&world->recorder, world->metrics.outside, g->place, 0, process->now, -1);
    for (void (*const *hook)(model_world *, sim_process *, uint32_t, sim_customer_state, uint32_t) =
             world->setup->on.moved;
         *hook != NULL; hook++)
        (*hook)(world, process, group, does, people);
}

void model_people_move(model_world *world, uint32_t person, uint32_t place, model_state to, sim_time now)
{
    assert(world->apart[person] != 0);
    model_state_enter(world, place, (model_state)(world->apart[person] - 1), now, -1);
    model_state_enter(world, place, to, now, 1);
    world->apart[person] = (uint8_t)(1 + to);
}

static uint32_t size_from(const model_setup *setup, uint64_t bits)
{
    double size = sim_dist_draw(&setup->group_size, bits);
    return size < 1 ? 1 : size > 1000 ? 1000 : (uint32_t)(size + 0.5);
}

uint32_t model_people_size(const model_setup *setup, const sim_rng *rng, uint32_t group)
{
    if (setup->group_size.nodes == NULL && setup->group_size.steps == NULL)
        return size_from(setup, 0);
    return size_from(setup, sim_rng_draw(rng, group, own_draw(0), 0));
}

static uint8_t mode_from(const double *weights, uint64_t bits)
{
    double sum = 0;
    for (int i = 0; i < MODEL_MODES; i++)
        sum += weights[i];
    double at = sim_rng_unit(bits) * sum;
    int last = 0;
    for (int i = 0; i < MODEL_MODES; i++) {
        if (weights[i] <= 0)
            continue;
        last = i;
        if (at < weights[i])
            break;
        at -= weights[i];
    }
    return (uint8_t)last;
}

/* Four traits from one block of draws: 32 bits each. */
static uint32_t draw_traits(const model_setup *setup, const sim_rng *rng, uint32_t person)
{
    uint32_t mask = 0;
    uint64_t pair[2] = {0, 0};
    for (uint32_t i = 0; i < setup->trait_count; i++) {
        if (i % 4 == 0)
            sim_rng_pair(rng, person, own_draw(1), i / 4, pair);
        uint64_t bits = (pair[(i / 2) % 2] >> (32 * (i % 2))) & UINT32_MAX;
        if (bits < setup->trait_thresholds[i] && (mask & setup->trait_among[i]) == setup->trait_among[i])
            mask |= 1u << i;
    }
    return mask;
}

void model_people_make(model_world *world, uint32_t group, uint32_t first_person, uint32_t limit,
                       const double *mode_weights)
{
    const model_setup *setup = world->setup;
    model_group *g = model_group_at(world, group);
    uint64_t pair[2];
    sim_rng_pair(&world->rng, group, own_draw(0), 0, pair);
    uint32_t size = size_from(setup, pair[0]);
    g->people = g->customer.size = (uint16_t)(size < limit ? size : limit);
    g->first_person = first_person;
    g->mode = mode_from(mode_weights != NULL ? mode_weights : setup->mode_weights, pair[1]);
    uint32_t traits = 0;
    if (setup->trait_count > 0)
        for (uint32_t i = 0; i < g->customer.size; i++)
            traits |= world->traits[first_person + i] = draw_traits(setup, &world->rng, first_person + i);
    uint8_t class = 0;
    while (class + 1u < setup->class_count &&
           ((setup->classes[class].traits != 0 && (setup->classes[class].traits & traits) == 0) ||
            (setup->classes[class].modes != 0 && (setup->classes[class].modes >> g->mode & 1) == 0)))
        class ++;
    g->customer.class = class;
    g->customer.timer = SIM_NOBODY;
}

const model model_of_people = {
    .name = "people",
    .doc = "groups and persons synthesised from shares",
    .keys = "people classes",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .writes = "traits apart site_states",
    .prepare = prepare,
    .release = release,
};
