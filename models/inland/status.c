/* Status: applications of those who have come, the caseworkers who decide on them, the backlog, and the stock of people
 * without status.
 *
 * A kind of procedure (temporary protection, asylum, regularization ...) has an office of caseworkers who work as one
 * on one case after another in the order of application, so many hours a day spread over it: a single queue M/G/1
 * (Pollaczek 1930, Khinchine 1932) at the rate of all of them. Applications are noted where people are and handed to
 * the offices at control instants; the times of decisions are exact all the same. */
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "models/states/cost.h"
#include "sim/base/error.h"

#define SECTION "status.*"

static const sim_section sections[] = {
    {SECTION,
     "a kind of status that people apply for, and the office that decides; people apply for the first one that fits",
     0},
};

static const sim_param params[] = {
    {SECTION, "agency", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "whose office it is",
     "not given: the first agency"},
    {SECTION, "active", SIM_BOOL, SIM_DIM_NONE, "true", 0, 0, NULL,
     "people can apply from the start; otherwise while an order start_status holds",
     "definition: a procedure that exists can be used"},
    {SECTION, "at", SIM_CHOICES, SIM_DIM_NONE, "[post, informal]", 0, 0, "post informal centre",
     "kinds of site at which people apply, when they have gone through", "assumption: once they are in the country"},
    {SECTION, "when", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "only people with any of these traits",
     "not given: everyone"},
    {SECTION, "unless", SIM_NAMES, SIM_DIM_NONE, "", 0, 0, "people.traits.*", "not people with any of these traits",
     "not given: nobody is left out"},
    {SECTION, "share", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1, NULL, "probability that someone who can apply does",
     "assumption: all who can unless said otherwise"},
    {SECTION, "caseworkers", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 100000, NULL, "caseworkers of the office",
     "none: must be given"},
    {SECTION, "hours", SIM_QUANTITY, SIM_DIM_TIME, "8 h", 60, 86400, NULL,
     "hours that each of them works on cases a day, in whole minutes", "assumption: a working day, every day"},
    {SECTION, "handling", SIM_DIST, SIM_DIM_TIME, NULL, 0, 366 * 86400.0, NULL, "work of one caseworker on a case",
     "none: must be given"},
    {SECTION, "recognition", SIM_QUANTITY, SIM_DIM_NONE, NULL, 0, 1, NULL, "probability that the status is granted",
     "none: must be given"},
    {SECTION, "permit", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "people.traits.*",
     "trait given to those to whom it is granted", "not given: nothing else changes for them"},
    {SECTION, "case_cost", SIM_QUANTITY, SIM_DIM_MONEY, "0 USD", 0, 1e9, NULL, "cost of a decision",
     "assumption: not counted unless given"},
};

/* What a person is, one byte a person. */
enum { NOTHING, IRREGULAR, APPLICANT, GRANTED, REFUSED };

enum { DAY_MINUTES = 1440 };

typedef struct {
    const char *name;
    uint32_t agency, at, when, unless, permit;
    bool active;
    double share, recognition, case_cost;
    uint32_t caseworkers, minutes;
    sim_dist handling;
} procedure_kind;

struct status_setup {
    procedure_kind *kinds;
    uint32_t count;
};

/* What happened to a person's status at a process since the last control instant. */
typedef struct {
    sim_time time;
    uint32_t person;
    uint16_t kind; /* applied for it; NO_KIND: crossed informally and did not apply */
    uint16_t was_without;
} note;

enum { NO_KIND = UINT16_MAX };

typedef struct {
    note *notes;
    uint32_t count, room;
    uint32_t at; /* how far they have been handed over; 0 but while that is done */
} __attribute__((aligned(128))) note_list;

/* An office: those who wait, in order, linked through `next`. */
typedef struct {
    uint32_t head, tail;
    int64_t rest;        /* of the first case: microseconds of one caseworker x DAY_MINUTES; -1: not begun */
    int64_t caseworkers; /* now */
    sim_time last;       /* up to when it has worked */
    uint32_t active;     /* 0: nobody can apply */
    uint32_t padding;
} office;

struct status_world {
    uint32_t applications, decisions, granted, backlog, time_to_decision, without; /* metrics */
    uint8_t *status;
    uint32_t *next;
    sim_time *applied;
    note_list *lists; /* of each process */
    office *offices;
    uint32_t begun; /* orders about status that have taken effect: they number the draws of each */
};

MODEL_PART(status)

static size_t count_offices(const model_world *world)
{
    return own_setup(world->setup)->count;
}

static const model_metric metrics[] = {
    METRIC_COUNT(applications, "status/applications", "people", AGENCY, NOTHING, "people who applied", ""),
    METRIC_COUNT(decisions, "status/decisions", "people", AGENCY, NOTHING, "people on whom it was decided", ""),
    METRIC_COUNT(granted, "status/granted", "people", AGENCY, NOTHING, "people to whom status was granted",
                 "SDG 10.7.4"),
    METRIC_SHARE("status/recognition", "1", AGENCY, NOTHING, "status/granted", "status/decisions",
                 "share of decisions that grant status", "recognition rate"),
    METRIC_LEVEL(backlog, "status/backlog", "people", AGENCY, NOTHING, "people who wait for a decision", ""),
    METRIC_DURATION(time_to_decision, "status/time_to_decision", AGENCY, NOTHING, "time from application to decision",
                    ""),
    METRIC_LEVEL(without, "status/without", "people", RUN, NOTHING,
                 "people without status: who crossed informally and did not apply, and to whom it was refused",
                 "Global Compact for Migration, objective 7"),
};

/* --- reading --- */

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct status_setup *s = own_setup(setup);
    size_t n = sim_elements(config, SECTION);
    s->kinds = model_take(setup, n, sizeof *s->kinds);
    if (s->kinds == NULL)
        return SIM_E_MEMORY;
    if (n >= NO_KIND)
        sim_diag_error(diag, sim_element_mark(config, SECTION, 0), "at most 65534", NULL, "too many kinds of status");
    for (size_t i = 0; i < n && i < NO_KIND; i++) {
        procedure_kind *k = &s->kinds[s->count++];
        const char *why;
        k->name = sim_element_name(config, SECTION, i);
        k->agency = sim_given(config, SECTION, "agency", i) ? (uint32_t)sim_name(config, SECTION, "agency", i) : 0;
        k->active = sim_bool(config, SECTION, "active", i);
        k->at = sim_choices(config, SECTION, "at", i);
        k->when = model_traits_mask(config, SECTION, "when", i);
        k->unless = model_traits_mask(config, SECTION, "unless", i);
        k->share = sim_quantity(config, SECTION, "share", i);
        k->caseworkers = (uint32_t)model_scaled(setup, sim_count(config, SECTION, "caseworkers", i));
        k->minutes = (uint32_t)(sim_micros(config, SECTION, "hours", i) / (60 * SIM_SECOND));
        k->recognition = sim_quantity(config, SECTION, "recognition", i);
        size_t permit = sim_given(config, SECTION, "permit", i) ? sim_name(config, SECTION, "permit", i) : MODEL_TRAITS;
        k->permit = permit < MODEL_TRAITS ? 1u << permit : 0;
        k->case_cost = sim_quantity(config, SECTION, "case_cost", i);
        int ret = sim_dist_compile(&k->handling, sim_distribution(config, SECTION, "handling", i), 1e6, &why);
        if (ret == SIM_E_INPUT)
            sim_diag_error(diag, sim_value_mark(config, SECTION, "handling", i), NULL, NULL, "%s", why);
        else if (ret != 0)
            return ret;
    }
    return 0;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < own_setup(setup)->count; i++)
        sim_dist_free(&own_setup(setup)->kinds[i].handling);
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->count > 0;
}

/* --- a replication --- */

static int build(model_world *world)
{
    const struct status_setup *s = own_setup(world->setup);
    struct status_world *w = own_world(world);
    for (uint32_t i = 0; i < s->count; i++)
        w->offices[i] = (office){MODEL_NONE, MODEL_NONE, -1, s->kinds[i].caseworkers, 0, s->kinds[i].active, 0};
    return 0;
}

static int reserve(note_list *list, uint32_t room)
{
    if (room <= list->room)
        return 0;
    note *notes = realloc(list->notes, room * sizeof *notes);
    if (notes == NULL)
        return SIM_E_MEMORY;
    list->notes = notes;
    list->room = room;
    return 0;
}

static void visit_list(void *entry, struct model_image *image)
{
    note_list *list = entry;
    list->notes = model_image_visit_list(image, list->notes, &list->count, &list->room, sizeof *list->notes);
}

static void free_list(void *entry)
{
    free(((note_list *)entry)->notes);
}

static const model_column columns[] = {
    COLUMN(status, uint8_t, PERSON),
    COLUMN(next, uint32_t, PERSON),
    COLUMN(applied, sim_time, PERSON),
    COLUMN_LISTS(lists, note_list, PROCESS, visit_list, free_list),
    COLUMN_OWN(offices, office, count_offices),
    COLUMN_ONCE(begun),
};

/* The kind that the person applies for here, or NO_KIND. */
static uint32_t kind_for(const model_world *world, uint32_t person, uint32_t at)
{
    const struct status_setup *s = own_setup(world->setup);
    uint32_t traits = world->traits[person];
    for (uint32_t i = 0; i < s->count; i++) {
        const procedure_kind *k = &s->kinds[i];
        if ((k->at >> at & 1) && own_world(world)->offices[i].active > 0 && (k->when == 0 || (k->when & traits) != 0) &&
            (k->unless & traits) == 0 &&
            sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), 4 * i), k->share))
            return i;
    }
    return NO_KIND;
}

static void add_note(model_world *world, sim_process *process, uint32_t person, uint32_t kind)
{
    struct status_world *w = own_world(world);
    note_list *list = &w->lists[process->id];
    if (list->count == list->room && reserve(list, list->room + list->room / 2 + 64) != 0) {
        process->queue.failed = true;
        return;
    }
    list->notes[list->count++] = (note){process->now, person, (uint16_t)kind, w->status[person] == IRREGULAR};
    w->status[person] = kind == NO_KIND ? IRREGULAR : APPLICANT;
}

/* People who have gone through a site apply, or else are without status if it is an informal crossing. */
static void left(model_world *world, sim_process *process, uint32_t group, bool through)
{
    const model_group *g = model_group_at(world, group);
    uint32_t at;
    switch (world->setup->sites[g->site].kind) {
    case MODEL_POST:
        at = 0;
        break;
    case MODEL_INFORMAL:
        at = 1;
        break;
    case MODEL_CENTRE:
        at = 2;
        break;
    default:
        return;
    }
    for (uint32_t i = 0; through && i < g->people; i++) {
        uint32_t person = g->first_person + i, status = own_world(world)->status[person];
        if (!model_people_is_with(world, g, i) || status > IRREGULAR)
            continue;
        uint32_t kind = kind_for(world, person, at);
        if (kind != NO_KIND || (at == 1 && status == NOTHING))
            add_note(world, process, person, kind);
    }
}

/* --- the offices --- */

/* A level that stands `change` higher from `since` on. */
static void change_level(const model_world *world, uint32_t metric, uint32_t owner, sim_time now, sim_time since,
                         int64_t change)
{
    sim_record_level_since(&world->recorder, metric, owner, 0, now, since, change);
    sim_level_see(sim_record_level_at(&world->recorder, metric, owner, 0));
}

static void apply(const model_world *world, uint32_t kind, uint32_t person, sim_time time, sim_time now)
{
    struct status_world *w = own_world(world);
    office *o = &w->offices[kind];
    uint32_t agency = own_setup(world->setup)->kinds[kind].agency;
    w->next[person] = MODEL_NONE;
    w->applied[person] = time;
    if (o->head == MODEL_NONE)
        o->head = person;
    else
        w->next[o->tail] = person;
    o->tail = person;
    sim_record_count(&world->recorder, w->applications, agency, 0, 1);
    change_level(world, w->backlog, agency, now, time, 1);
}

static bool is_before(const note *a, const note *b)
{
    return a->time != b->time ? a->time < b->time : a->person < b->person;
}

/* Hands over what the processes noted, in the order of time. */
static void collect(const model_world *world, sim_time now)
{
    struct status_world *w = own_world(world);
    for (;;) {
        note_list *first = NULL;
        for (uint32_t i = 0; i < world->setup->process_count; i++) {
            note_list *list = &w->lists[i];
            if (list->at < list->count &&
                (first == NULL || is_before(&list->notes[list->at], &first->notes[first->at])))
                first = list;
        }
        if (first == NULL)
            break;
        const note *n = &first->notes[first->at++];
        if (n->was_without || n->kind == NO_KIND)
            change_level(world, w->without, 0, now, n->time, n->kind == NO_KIND ? 1 : -1);
        if (n->kind != NO_KIND)
            apply(world, n->kind, n->person, n->time, now);
    }
    for (uint32_t i = 0; i < world->setup->process_count; i++)
        w->lists[i].at = w->lists[i].count = 0;
}

static void decide(model_world *world, uint32_t kind, uint32_t person, sim_time time, sim_time now)
{
    struct status_world *w = own_world(world);
    const procedure_kind *k = &own_setup(world->setup)->kinds[kind];
    const sim_recorder *r = &world->recorder;
    bool granted = sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), 4 * kind + 1), k->recognition);
    w->status[person] = granted ? GRANTED : REFUSED;
    sim_record_count(r, w->decisions, k->agency, 0, 1);
    sim_record_duration(r, w->time_to_decision, k->agency, 0, w->applied[person], time - w->applied[person], 1);
    change_level(world, w->backlog, k->agency, now, time, -1);
    if (granted) {
        sim_record_count(r, w->granted, k->agency, 0, 1);
        world->traits[person] |= k->permit;
    } else {
        change_level(world, w->without, 0, now, time, 1);
    }
}

/* The office decides what it can until now. All its caseworkers together do caseworkers x minutes / DAY_MINUTES of
 * one's work a time. */
static void work(model_world *world, uint32_t kind, sim_time now)
{
    struct status_world *w = own_world(world);
    const procedure_kind *k = &own_setup(world->setup)->kinds[kind];
    office *o = &w->offices[kind];
    int64_t rate = o->caseworkers * k->minutes;
    while (o->head != MODEL_NONE && rate > 0) {
        uint32_t person = o->head;
        sim_time start = w->applied[person] > o->last ? w->applied[person] : o->last;
        if (o->rest < 0)
            o->rest =
                (int64_t)(sim_dist_draw(&k->handling, sim_rng_draw(&world->rng, person, own_draw(0), 4 * kind + 2)) +
                          0.5) *
                DAY_MINUTES;
        sim_time time = start + (o->rest + rate - 1) / rate;
        if (time > now) {
            o->rest -= (now - start) * rate;
            break;
        }
        o->head = w->next[person];
        o->last = time;
        o->rest = -1;
        decide(world, kind, person, time, now);
        model_cost_add(world, k->agency, MODEL_COST_STATUS, k->case_cost);
    }
    o->last = now;
}

static void account(model_world *world, sim_time now)
{
    collect(world, now);
    for (uint32_t i = 0; i < own_setup(world->setup)->count; i++)
        work(world, i, now);
}

/* --- orders --- */

static void check_kind(model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const struct status_setup *s = own_setup(setup);
    const char *words[256];
    size_t n = 0;
    if (!own_is_prepared(setup))
        return; /* what is wrong with them is told elsewhere */
    for (uint32_t i = 0; i < s->count; i++) {
        if (strcmp(s->kinds[i].name, order->text) == 0)
            order->target_index = i;
        if (n < 256)
            words[n++] = s->kinds[i].name;
    }
    if (order->target_index == MODEL_NONE)
        sim_diag_error(diag, mark, "the name of an element of `status`", sim_diag_nearest(order->text, words, n),
                       "there is no status \"%s\"", order->text);
}

static void apply_add_caseworkers(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    own_world(world)->begun += begin;
    own_world(world)->offices[order->target_index].caseworkers +=
        begin ? (int64_t)order->number : -(int64_t)order->number;
}

static void apply_start_status(model_world *world, const model_order *order, bool begin, sim_time now)
{
    (void)now;
    own_world(world)->begun += begin;
    own_world(world)->offices[order->target_index].active += begin ? 1u : UINT32_MAX;
}

/* A share of those without status applies now. */
static void apply_regularize(model_world *world, const model_order *order, bool begin, sim_time now)
{
    struct status_world *w = own_world(world);
    uint32_t number = w->begun;
    w->begun += begin;
    for (uint32_t person = 0; begin && person < world->person_count; person++) {
        if ((w->status[person] != IRREGULAR && w->status[person] != REFUSED) ||
            !sim_rng_chance(sim_rng_draw(&world->rng, person, own_draw(0), 4 * NO_KIND + number), order->share))
            continue;
        w->status[person] = APPLICANT;
        change_level(world, w->without, 0, now, now, -1);
        apply(world, order->target_index, person, now, now);
    }
}

static const model_order_kind orders[] = {
    {.name = "regularize",
     .doc = "a share of those without status apply for the status of this `name` at once",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "a status of `status`"},
                   {"share", SIM_QUANTITY, NULL, 0, 1, "of those without status"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_regularize,
     .check = check_kind},
    {.name = "add_caseworkers",
     .doc = "the office for the status of this `name` has more caseworkers",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "a status of `status`"},
                   {"number", SIM_COUNT, NULL, 0, 1000000000, "caseworkers more"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_add_caseworkers,
     .check = check_kind},
    {.name = "start_status",
     .doc = "people can apply for the status of this `name` (temporary protection is activated)",
     .arguments = {{"name", SIM_TEXT, NULL, 0, 0, "a status of `status`"}},
     .targets = MODEL_TARGET_NOTHING,
     .who = MODEL_BY_ANYONE,
     .lead_source = "assumption: given ahead of time",
     .apply = apply_start_status,
     .check = check_kind},
};

const model model_of_status = {
    .name = "status",
    .doc = "applications, decisions and backlogs; people without status",
    .keys = "people classes agencies status",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    MODEL_TABLE(order),
    .setup_size = sizeof(struct status_setup),
    .world_size = sizeof(struct status_world),
    .writes = "traits",
    .prepare = prepare,
    .release = release,
    .used = used,
    .build = build,
    .account = account,
    .on = {.left = left},
};
