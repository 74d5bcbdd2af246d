/* Procedures: what a way of working records, finds, leaves for later, how its time depends on who is served, and the
 * order that changes it.
 *
 * A procedure that registers people records a share of the data wanted; a deferred one records nothing and gives the
 * people a trait by which a later station takes them. The time may have a factor by class, and another one for groups
 * whose data came before them. A group is served to the end by the procedure that it began with
 * (model_group.procedure). */
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "models/posts/procedure.h"
#include "sim/base/error.h"

#define SECTION "stations.*.procedures.*"
#define CLASSES SECTION ".classes.*"

static const sim_section sections[] = {
    {CLASSES, "a class of `classes`, or everyone: the rest", 0},
};

static const sim_param params[] = {
    {SECTION, "kind", SIM_CHOICE, SIM_DIM_NONE, "", 0, 0, "full simplified group deferred preregistered",
     "how it registers people: `full`; `simplified` and `group` record part of the data, `group` in one draw a group; "
     "`deferred` leaves it "
     "to a "
     "later station; `preregistered` is full and shorter for those whose data came before",
     "not given: it registers nobody"},
    {SECTION, "serves", SIM_CHOICE, SIM_DIM_NONE, "", 0, 0, "person group", "as of the station, for this procedure",
     "not given: as the station says; kind `group`: group"},
    {SECTION, "completeness", SIM_QUANTITY, SIM_DIM_NONE, "", 0.01, 1, NULL,
     "share of the data wanted of a person that is recorded",
     "definition: all by `full` and `preregistered`, none by `deferred`; the others need it"},
    {SECTION, "detection", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 10, NULL,
     "factor on the sensitivity of all that the station looks for", "definition: as the station says"},
    {SECTION, "gives", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "traits that the people served get, for what comes after (`deferred`: a station further on takes them by it; "
     "`light`: it lets them "
     "pass)",
     "not given: none"},
    {SECTION, "takes", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "traits that they lose",
     "not given: none"},
    {SECTION, "known_share", SIM_QUANTITY, SIM_DIM_NONE, "0", 0, 1, NULL,
     "probability that a group registered itself before it set out (kind `preregistered`), besides those whose data "
     "came otherwise",
     "assumption: none"},
    {SECTION, "known_factor", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 10, NULL,
     "factor on the service time of a group whose data came before (kind `preregistered`)", "assumption: none"},
    {SECTION, "lead", SIM_QUANTITY, SIM_DIM_TIME, "0 s", 0, 366 * 86400.0, NULL,
     "from an order set_procedure until stations work by it (training, forms, systems); a `lead` of the order itself "
     "stands instead",
     "assumption: prepared"},
    {CLASSES, "time_factor", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 100, NULL,
     "factor on the service time of the groups of the class", "none: must be given"},
};

struct procedure_setup {
    double *factors; /* MODEL_CLASSES of each procedure */
    bool used, has_factors;
};

struct procedure_world {
    uint32_t registered, again, deferred, known, data, wanted; /* metrics */
};

MODEL_PART(procedure)

static const model_metric metrics[] = {
    METRIC_COUNT(registered, "registration/registered", "people", STATION, CLASS,
                 "people registered for the first time, in full or in part", ""),
    METRIC_COUNT(again, "registration/again", "people", STATION, CLASS, "people registered who were registered before",
                 ""),
    METRIC_COUNT(deferred, "registration/deferred", "people", STATION, CLASS,
                 "people whose registration was left for later", ""),
    METRIC_COUNT(known, "registration/known", "people", STATION, CLASS, "people served whose data came before them",
                 ""),
    METRIC_COUNT(data, "registration/data", "%", STATION, NOTHING,
                 "data recorded, in per cent of what is wanted of a person, all people together", ""),
    METRIC_COUNT(wanted, "registration/wanted", "%", STATION, NOTHING,
                 "the same had all been recorded: 100 for each person whose registration fell to the station", ""),
    METRIC_SHARE("registration/completeness", "1", STATION, NOTHING, "registration/data", "registration/wanted",
                 "share of the data wanted that was recorded", "data completeness"),
};

static void read_registration(model_procedure *p, const sim_config *config, sim_diag *diag)
{
    size_t i = p->element;
    const char *word = "completeness";
    bool given = sim_given(config, SECTION, word, i);
    p->registration = sim_given(config, SECTION, "kind", i)
                          ? (uint8_t)(MODEL_REGISTERS_FULL + sim_choice(config, SECTION, "kind", i))
                          : MODEL_REGISTERS_NOBODY;
    p->completeness = given ? (uint8_t)(sim_quantity(config, SECTION, word, i) * 100 + 0.5) : 0;
    switch (p->registration) {
    case MODEL_REGISTERS_NOBODY:
    case MODEL_REGISTERS_DEFERRED:
        if (given)
            sim_diag_error(diag, sim_value_mark(config, SECTION, word, i),
                           "`kind`: full, simplified, group or preregistered", NULL,
                           "a procedure that registers nobody records nothing");
        break;
    case MODEL_REGISTERS_SIMPLIFIED:
    case MODEL_REGISTERS_GROUP:
        if (!given)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "kind", i), "`completeness`, above 0", NULL,
                           "how much of the data does \"%s\" record?", p->name);
        break;
    default:
        p->completeness = given ? p->completeness : 100;
    }
    if (p->registration == MODEL_REGISTERS_GROUP)
        p->serves_people = false;
    if (sim_given(config, SECTION, "serves", i))
        p->serves_people = sim_choice(config, SECTION, "serves", i) == 0;
}

static void read_known(model_procedure *p, const sim_config *config, sim_diag *diag)
{
    static const char *const words[] = {"known_share", "known_factor"};
    p->known_share = sim_quantity(config, SECTION, words[0], p->element);
    p->known_factor = sim_quantity(config, SECTION, words[1], p->element);
    bool differs[2] = {p->known_share > 0, p->known_factor < 1 || p->known_factor > 1};
    for (int k = 0; k < 2; k++)
        if (differs[k] && p->registration != MODEL_REGISTERS_PREREGISTERED)
            sim_diag_error(diag, sim_value_mark(config, SECTION, words[k], p->element), "`kind: preregistered`", NULL,
                           "only that kind of procedure uses data that came before");
}

/* Factors by class; whether any differs from 1. */
static bool read_classes(const model_setup *setup, const model_procedure *p, double *factors, const sim_config *config,
                         sim_diag *diag)
{
    const char *words[MODEL_CLASSES];
    size_t first, count;
    bool differs = p->known_factor < 1 || p->known_factor > 1;
    for (uint32_t k = 0; k < MODEL_CLASSES; k++)
        factors[k] = 1;
    for (uint32_t k = 0; k < setup->class_count; k++)
        words[k] = setup->classes[k].name;
    sim_children(config, CLASSES, p->element, &first, &count);
    for (size_t i = first; i < first + count; i++) {
        const char *name = sim_element_name(config, CLASSES, i);
        uint32_t class = 0;
        while (class < setup->class_count && strcmp(words[class], name) != 0)
            class ++;
        if (class == setup->class_count) {
            sim_diag_error(diag, sim_element_mark(config, CLASSES, i),
                           "the name of an element of `classes`, or everyone",
                           sim_diag_nearest(name, words, setup->class_count), "there is no class \"%s\"", name);
            continue;
        }
        factors[class] = sim_quantity(config, CLASSES, "time_factor", i);
        differs = differs || factors[class] < 1 || factors[class] > 1;
    }
    return differs;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct procedure_setup *own = own_setup(setup);
    own->factors = malloc(((size_t)setup->procedure_count + 1) * MODEL_CLASSES * sizeof *own->factors);
    if (own->factors == NULL)
        return SIM_E_MEMORY;
    if (setup->procedure_count > UINT16_MAX)
        sim_diag_error(diag, sim_element_mark(config, SECTION, UINT16_MAX), "at most 65535", NULL,
                       "too many procedures");
    for (uint32_t i = 0; i < setup->procedure_count; i++) {
        model_procedure *p = &setup->procedures[i];
        if (p->element == MODEL_NONE)
            continue;
        double *factors = own->factors + (size_t)i * MODEL_CLASSES;
        read_registration(p, config, diag);
        read_known(p, config, diag);
        p->factors = read_classes(setup, p, factors, config, diag) ? factors : NULL;
        own->has_factors = own->has_factors || p->factors != NULL;
        p->gives = model_traits_mask(config, SECTION, "gives", p->element);
        p->takes = model_traits_mask(config, SECTION, "takes", p->element);
        p->detection = sim_quantity(config, SECTION, "detection", p->element);
        p->lead = sim_micros(config, SECTION, "lead", p->element);
        own->used = own->used || p->registration != MODEL_REGISTERS_NOBODY || p->gives != 0 || p->takes != 0;
        if (p->gives & p->takes)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "takes", p->element), "other traits than `gives`",
                           NULL, "a trait cannot be given and taken");
    }
    return 0;
}

static void release(model_setup *setup)
{
    if (own_setup(setup) != NULL)
        free(own_setup(setup)->factors);
}

/* Times, detection and lead times act by themselves; the model is there for what happens to people. */
static bool used(const model_setup *setup)
{
    return own_setup(setup)->used;
}

static bool acts(const model_setup *setup)
{
    return own_setup(setup)->has_factors;
}

/* Whether the group's data came before it. */
static bool is_known(const model_world *world, const model_procedure *p, uint32_t group)
{
    return p->registration == MODEL_REGISTERS_PREREGISTERED &&
           ((model_group_at(world, group)->flags & MODEL_FLAG_KNOWN) ||
            (p->known_share > 0 && sim_rng_chance(sim_rng_draw(&world->rng, group, own_draw(0), 0), p->known_share)));
}

/* By the group's class, and whether its data came before it. */
static sim_time service_time(model_world *world, sim_process *process, uint32_t station, uint32_t group, sim_time time)
{
    (void)process;
    const model_procedure *p = &world->setup->procedures[world->procedure[station]];
    if (p->factors == NULL)
        return time;
    double factor = p->factors[model_group_at(world, group)->customer.class];
    return (sim_time)((double)time * (is_known(world, p, group) ? factor * p->known_factor : factor) + 0.5);
}

typedef struct {
    int64_t people, registered, again, deferred;
} outcome;

/* What the procedure does to one person it has served. */
static void serve(model_world *world, const model_procedure *p, uint32_t person, outcome *out)
{
    uint8_t before = world->record[person];
    out->people++;
    out->registered += p->completeness > 0 && before == 0;
    out->again += p->completeness > 0 && before > 0;
    out->deferred += p->registration == MODEL_REGISTERS_DEFERRED && before == 0;
    if (p->completeness > before)
        world->record[person] = p->completeness;
    world->traits[person] = (world->traits[person] | p->gives) & ~p->takes;
}

static void served(model_world *world, sim_process *process, uint32_t station, uint32_t group)
{
    (void)process;
    const model_setup *setup = world->setup;
    const model_group *g = model_group_at(world, group);
    const model_procedure *p = &setup->procedures[g->procedure];
    if (p->registration == MODEL_REGISTERS_NOBODY && (p->gives | p->takes) == 0)
        return;
    outcome out = {0};
    for (uint32_t i = 0; i < g->people; i++)
        if (model_people_is_with(world, g, i) &&
            model_station_selects(&setup->stations[station], world->traits[g->first_person + i]))
            serve(world, p, g->first_person + i, &out);
    if (p->registration == MODEL_REGISTERS_NOBODY)
        return;
    const struct procedure_world *m = own_world(world);
    const sim_recorder *r = &world->recorder;
    uint32_t class = g->customer.class;
    sim_record_count(r, m->registered, station, class, out.registered);
    sim_record_count(r, m->again, station, class, out.again);
    sim_record_count(r, m->deferred, station, class, out.deferred);
    sim_record_count(r, m->known, station, class, is_known(world, p, group) ? out.people : 0);
    sim_record_count(r, m->data, station, 0, p->completeness * out.people);
    sim_record_count(r, m->wanted, station, 0, 100 * out.people);
}

/* --- orders --- */

static uint32_t procedure_named(const model_setup *setup, uint32_t station, const char *name)
{
    const model_station *s = &setup->stations[station];
    for (uint32_t i = 0; i < s->procedure_count; i++)
        if (strcmp(setup->procedures[s->procedures + i].name, name) == 0)
            return s->procedures + i;
    return MODEL_NONE;
}

static void apply_set_procedure(model_world *world, const model_order *order, bool begin, sim_time now);
static void check_set_procedure(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag);
static sim_time follow_set_procedure(model_world *world, const model_order *order, sim_time now, bool act);

static const model_order_kind orders[] = {
    {.name = "set_procedure",
     .doc = "changes how stations work, for those not yet being served",
     .arguments = {{"procedure", SIM_TEXT, NULL, 0, 0, "one of the procedures of the stations meant"}},
     .targets = MODEL_TARGET_STATIONS,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .is_for_all = true,
     .apply = apply_set_procedure,
     .check = check_set_procedure,
     .follow = follow_set_procedure},
};

/* When a station works by a procedure that has been ordered: the order's own lead time stands instead of the
 * procedure's. */
static sim_time switch_time(const model_world *world, const model_order *order, uint32_t procedure)
{
    sim_time begin = world->order_begin[order->index];
    return begin == SIM_FOREVER || order->lead_given ? begin : begin + world->setup->procedures[procedure].lead;
}

/* The procedure given last by an order that is in force and whose lead time is over; without one the procedure of the
 * start. */
uint32_t model_procedure_ordered(const model_world *world, uint32_t station, sim_time now)
{
    const model_setup *setup = world->setup;
    uint32_t procedure = setup->stations[station].procedure;
    sim_time latest = INT64_MIN;
    for (uint32_t i = 0; i < world->order_count; i++) {
        const model_order *order = world->orders[i];
        if (order->kind != &orders[0] || world->order_begin[i] < latest ||
            !model_order_is_in_force(world, order, now) || !model_order_means(order, station))
            continue;
        uint32_t named = procedure_named(setup, station, order->text);
        if (named != MODEL_NONE && switch_time(world, order, named) <= now) {
            procedure = named;
            latest = world->order_begin[i];
        }
    }
    return procedure;
}

/* While it works on paper it goes on doing so. */
static void work_as_ordered(const model_world *world, uint32_t station, sim_time now)
{
    if (world->paper == NULL || world->paper[station] == MODEL_NONE)
        world->procedure[station] = model_procedure_ordered(world, station, now);
}

static void apply_set_procedure(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)begin;
    for (uint32_t i = 0; i < order->target_count; i++)
        work_as_ordered(world, order->targets[i], now);
}

/* The instant at which an order's lead time ends at a station, if it is in force then; SIM_FOREVER: it has none. */
static sim_time lead_end(const model_world *world, const model_order *order, uint32_t station)
{
    uint32_t named = procedure_named(world->setup, station, order->text);
    sim_time at = named == MODEL_NONE ? SIM_FOREVER : switch_time(world, order, named);
    return at == world->order_begin[order->index] || at >= world->order_end[order->index] ? SIM_FOREVER : at;
}

/* Stations whose procedure's lead time ends now switch. */
static sim_time follow_set_procedure(model_world *world, const model_order *order, sim_time now, bool act)
{
    sim_time next = SIM_FOREVER;
    for (uint32_t i = 0; i < order->target_count && !order->lead_given; i++) {
        sim_time at = lead_end(world, order, order->targets[i]);
        if (at == now && act)
            work_as_ordered(world, order->targets[i], now);
        if (at > now && at < next)
            next = at;
    }
    return next;
}

static const char *nearest_procedure(const model_setup *setup, const model_order *order)
{
    const char *words[256];
    size_t n = 0;
    for (uint32_t i = 0; i < order->target_count; i++) {
        const model_station *s = &setup->stations[order->targets[i]];
        for (uint32_t k = 0; k < s->procedure_count && n < 256; k++)
            words[n++] = setup->procedures[s->procedures + k].name;
    }
    return sim_diag_nearest(order->text, words, n);
}

static void check_set_procedure(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    bool known = order->target_count == 0;
    for (uint32_t k = 0; !known && k < order->target_count; k++)
        known = procedure_named(setup, order->targets[k], order->text) != MODEL_NONE;
    if (!known)
        sim_diag_error(diag, mark, "a procedure of the stations meant", nearest_procedure(setup, order),
                       "none of the stations meant by \"%s\" has a procedure \"%s\"", order->target, order->text);
}

const model model_of_procedure = {
    .name = "procedure",
    .doc = "what procedures record, find and leave for later, and their time by class",
    .keys = "people classes places links travel stations posts centres onward",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct procedure_setup),
    .world_size = sizeof(struct procedure_world),
    .writes = "record traits procedure",
    .prepare = prepare,
    .release = release,
    .used = used,
    .acts = acts,
    .on = {.served = served, .service_time = service_time},
};
