/* Trigger rules: a plan's orders that are given when something has gone beyond a threshold, and undone when it is back
 * below another (hysteresis).
 *
 * A rule has up to four levels: watch, partial, full, overwhelmed. It looks at a metric at whole control intervals, as
 * old as the information that decision makers have. Orders of the timeline name the rule and the level at which they
 * are given. */
#include "models/plans/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

MODEL_PART(rules)

static const model_metric metrics[] = {
    METRIC_LEVEL(level, "rules/level", "level", RUN, RULE, "level: 0 none, 1 watch, 2 partial, 3 full, 4 overwhelmed",
                 "EASO 2018: a contingency plan has levels of alert"),
    METRIC_COUNT(reached[0], "rules/watch", "1", RUN, RULE, "times the level watch was reached, from below", ""),
    METRIC_COUNT(reached[1], "rules/partial", "1", RUN, RULE, "times the level partial was reached, from below", ""),
    METRIC_COUNT(reached[2], "rules/full", "1", RUN, RULE, "times the level full was reached, from below", ""),
    METRIC_COUNT(reached[3], "rules/overwhelmed", "1", RUN, RULE, "times the level overwhelmed was reached, from below",
                 ""),
    METRIC_COUNT(given, "rules/orders_given", "orders", RUN, RULE, "orders given by the rule", ""),
    METRIC_COUNT(withdrawn, "rules/orders_withdrawn", "orders", RUN, RULE,
                 "orders withdrawn before they took effect, because the level had fallen", ""),
};

static const sim_section sections[] = {
    {"rules.*", "a trigger rule: what is looked at, and the thresholds of its levels", 0},
};

#define LEVEL(level, words)                                                                                   \
    {"rules.*",                                                                                               \
     level ".above",                                                                                          \
     SIM_QUANTITY,                                                                                            \
     SIM_DIM_ANY,                                                                                             \
     "",                                                                                                      \
     0,                                                                                                       \
     0,                                                                                                       \
     NULL,                                                                                                    \
     "the level is " words " above this, in the metric's unit; of a rule that `falls` it is left above this", \
     "not given: no such level; of a rule that falls: as `below`"},                                           \
    {                                                                                                         \
        "rules.*", level ".below", SIM_QUANTITY, SIM_DIM_ANY, "", 0, 0, NULL,                                 \
            "and left below this, which is no higher; of a rule that `falls` it is reached below this",       \
            "not given: as `above`"                                                                           \
    }

static const sim_param params[] = {
    {"rules.*", "metric", SIM_TEXT, SIM_DIM_NONE, NULL, 0, 0, NULL,
     "name of a metric: of a level its present number, of a count how many in the `window`, of a duration the mean in "
     "the `window`",
     "none: must be given"},
    {"rules.*", "where", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "stations as POST, POST/SIDE or POST/SIDE/STATION with * for all; a place or an agency by name, * for all",
     "not given: all"},
    {"rules.*", "of", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL,
     "classes, states, traits, items or grounds by which the metric is split, with commas between them; they are added "
     "up",
     "not given: all of them"},
    {"rules.*", "combine", SIM_CHOICE, SIM_DIM_NONE, "sum", 0, 0, "sum highest lowest",
     "`sum`: all stations, places or agencies meant together (durations: the mean over all); or the highest or lowest "
     "of them",
     "definition: of one they are the same"},
    {"rules.*", "seen", SIM_CHOICE, SIM_DIM_NONE, "measured", 0, 0, "measured reported",
     "`reported`: what posts publish of those who wait (`people/present`) or of their wait (`wait/post`), by "
     "`reporting` and "
     "`choice.delay`",
     "assumption: whoever decides has the agencies' own figures"},
    {"rules.*", "window", SIM_QUANTITY, SIM_DIM_TIME, "", 1, 30 * 86400.0, NULL,
     "of counts and durations: over which time", "not given: the last hour"},
    {"rules.*", "delay", SIM_QUANTITY, SIM_DIM_TIME, "", 0, 30 * 86400.0, NULL,
     "age of the information when it reaches those who decide", "not given: as `choice.delay`"},
    {"rules.*", "for", SIM_QUANTITY, SIM_DIM_TIME, "0 min", 0, 30 * 86400.0, NULL,
     "it must have been beyond the threshold for so long", "assumption: one reading will do"},
    {"rules.*", "direction", SIM_CHOICE, SIM_DIM_NONE, "rises", 0, 0, "rises falls",
     "`falls`: a level is reached when the value falls, such as a stock", "definition"},
    LEVEL("watch", "reached"),
    LEVEL("partial", "reached"),
    LEVEL("full", "reached"),
    LEVEL("overwhelmed", "reached"),
};

static const char *const above[MODEL_LEVELS] = {"watch.above", "partial.above", "full.above", "overwhelmed.above"};
static const char *const below[MODEL_LEVELS] = {"watch.below", "partial.below", "full.below", "overwhelmed.below"};

uint32_t model_rules_count(const model_setup *setup)
{
    return own_setup(setup) == NULL ? 0 : own_setup(setup)->count;
}

static bool does_fall(const sim_config *config, size_t rule)
{
    return sim_choice(config, "rules.*", "direction", rule) == 1;
}

bool model_rules_have(const sim_config *config, size_t rule, uint32_t level)
{
    return sim_given(config, "rules.*", (does_fall(config, rule) ? below : above)[level - 1], rule);
}

/* --- reading --- */

/* Levels lie one behind the other, and each is left on the near side of where it is reached. */
static void check_levels(const rule_setup *r, const sim_config *config, size_t rule, sim_diag *diag)
{
    double sign = r->falls ? -1 : 1;
    const char *const *entered = r->falls ? below : above, *const *left = r->falls ? above : below;
    int before = -1;
    for (int i = 0; i < MODEL_LEVELS; i++) {
        bool given = sim_given(config, "rules.*", left[i], rule);
        if (!r->declared[i]) {
            if (given)
                sim_diag_error(diag, sim_value_mark(config, "rules.*", left[i], rule), NULL, NULL,
                               "a level needs `%s`, where it is reached", entered[i]);
            continue;
        }
        if (given && sign * r->leave[i] > sign * r->enter[i])
            sim_diag_error(diag, sim_value_mark(config, "rules.*", left[i], rule),
                           r->falls ? "no less than `below`" : "no more than `above`", NULL,
                           "the level would be left before it is reached");
        if (before >= 0 &&
            (sign * r->enter[i] < sign * r->enter[before] || sign * r->leave[i] < sign * r->leave[before]))
            sim_diag_error(diag, sim_value_mark(config, "rules.*", entered[i], rule),
                           r->falls ? "no more than those of the level before"
                                    : "no less than those of the level before",
                           NULL, "levels lie one behind the other");
        before = i;
    }
    if (before < 0)
        sim_diag_error(diag, sim_element_mark(config, "rules.*", rule),
                       r->falls ? "watch.below, partial.below ..." : "watch.above, partial.above ...", NULL,
                       "a rule has at least one level");
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct rules_setup *s = own_setup(setup);
    s->rules = model_take(setup, sim_elements(config, "rules.*"), sizeof *s->rules);
    if (s->rules == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < sim_elements(config, "rules.*"); i++) {
        rule_setup *r = &s->rules[s->count++];
        r->falls = does_fall(config, i);
        r->combine = (rule_combine)sim_choice(config, "rules.*", "combine", i);
        r->lasting = sim_micros(config, "rules.*", "for", i);
        for (uint32_t level = 0; level < MODEL_LEVELS; level++) {
            const char *enter = (r->falls ? below : above)[level], *leave = (r->falls ? above : below)[level];
            r->declared[level] = sim_given(config, "rules.*", enter, i);
            r->enter[level] = r->declared[level] ? sim_quantity(config, "rules.*", enter, i) : 0;
            r->leave[level] =
                sim_given(config, "rules.*", leave, i) ? sim_quantity(config, "rules.*", leave, i) : r->enter[level];
        }
        check_levels(r, config, i, diag);
    }
    return 0;
}

static int link_rules(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    int ret = 0;
    for (uint32_t i = 0; i < model_rules_count(setup) && ret == 0; i++)
        ret = model_rule_link(setup, config, i, diag);
    return ret;
}

/* Now that the orders and the models that are used are known. */
static int settle(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    for (uint32_t i = 0; i < model_rules_count(setup); i++) {
        rule_setup *r = &own_setup(setup)->rules[i];
        bool recorded = r->metric == NULL;
        for (size_t k = 0; k < setup->rows.metric_count && !recorded; k++)
            recorded = setup->rows.metrics[k] == r->metric;
        if (!recorded)
            sim_diag_error(diag, sim_value_mark(config, "rules.*", "metric", i), "a metric that is recorded", NULL,
                           "the scenario says nothing of what %s measures", r->metric->name);
    }
    return 0;
}

static bool used(const model_setup *setup)
{
    return model_rules_count(setup) > 0;
}

/* --- a replication --- */

static int build(model_world *world)
{
    struct rules_world *w = own_world(world);
    int ret = 0;
    for (uint32_t i = 0; i < model_rules_count(world->setup) && ret == 0; i++) {
        for (int level = 0; level < MODEL_LEVELS; level++)
            w->states[i].since[level] = SIM_FOREVER;
        ret = model_rule_build(world, i);
    }
    return ret;
}

static void demolish(model_world *world)
{
    free(own_world(world)->log);
}

static int reserve(struct rules_world *w, uint32_t room)
{
    if (room <= w->room)
        return 0;
    room = room < 16 ? 16 : room + room / 2;
    model_level_row *log = realloc(w->log, room * sizeof *log);
    if (log == NULL)
        return SIM_E_MEMORY;
    w->log = log;
    w->room = room;
    return 0;
}

const model_level_row *model_level_log(const model_world *world, size_t *count)
{
    *count = own_world(world) == NULL ? 0 : own_world(world)->count;
    return own_world(world) == NULL ? NULL : own_world(world)->log;
}

static int note_level(model_world *world, uint32_t rule, uint32_t level, sim_time now)
{
    struct rules_world *w = own_world(world);
    rule_state *s = &w->states[rule];
    int ret = reserve(w, w->count + 1);
    if (ret != 0)
        return ret;
    w->log[w->count++] = (model_level_row){now, rule, level};
    for (uint32_t i = s->level; i < level; i++)
        if (own_setup(world->setup)->rules[rule].declared[i])
            sim_record_count(&world->recorder, w->reached[i], 0, rule, 1);
    sim_record_level(&world->recorder, w->level, 0, rule, now, (int64_t)level - (int64_t)s->level);
    s->level = level;
    return 0;
}

static int give(model_world *world, uint32_t order, sim_time now)
{
    int given = model_order_give(world, order, now);
    if (given > 0)
        sim_record_count(&world->recorder, own_world(world)->given, 0, world->orders[order]->rule, 1);
    return given < 0 ? given : 0;
}

static void take_back(model_world *world, uint32_t order, sim_time now)
{
    if (model_order_recall(world, order, now))
        sim_record_count(&world->recorder, own_world(world)->withdrawn, 0, world->orders[order]->rule, 1);
}

/* The level by the value known now: a higher one once it has been beyond the threshold for long enough, until it is
 * back on the near side of the other. */
static uint32_t level_now(const rule_setup *r, rule_state *s, double value, sim_time now)
{
    double sign = r->falls ? -1 : 1;
    uint32_t level = 0;
    for (uint32_t i = 0; i < MODEL_LEVELS; i++) {
        if (!r->declared[i])
            continue;
        bool beyond = sign * value > sign * r->enter[i], kept = s->level > i && sign * value >= sign * r->leave[i];
        s->since[i] = !beyond ? SIM_FOREVER : s->since[i] == SIM_FOREVER ? now : s->since[i];
        if (kept || (beyond && now - s->since[i] >= r->lasting))
            level = i + 1;
    }
    return level;
}

static int decide(model_world *world, uint32_t rule, sim_time now)
{
    const rule_setup *r = &own_setup(world->setup)->rules[rule];
    rule_state *s = &own_world(world)->states[rule];
    double value;
    if (!model_rule_value(world, rule, now, &value))
        return 0;
    uint32_t before = s->level, level = level_now(r, s, value, now);
    int ret = level == before ? 0 : note_level(world, rule, level, now);
    for (uint32_t i = 0; i < world->order_count && ret == 0; i++) {
        uint32_t wanted = world->orders[i]->level;
        if (world->orders[i]->rule != rule)
            continue;
        if (before < wanted && level >= wanted)
            ret = give(world, i, now);
        else if (before >= wanted && level < wanted)
            take_back(world, i, now);
    }
    return ret;
}

/* What an earlier run decided now. */
static int repeat(model_world *world, sim_time now)
{
    int ret = 0;
    for (size_t i = 0; i < world->replay->count && ret == 0; i++) {
        const model_decision *d = &world->replay->rows[i];
        if (d->at != now)
            continue;
        if (d->kind == MODEL_DECISION_LEVEL)
            ret = note_level(world, d->index, d->level, now);
        else if (d->kind == MODEL_DECISION_GIVE)
            ret = give(world, d->index, now);
        else
            take_back(world, d->index, now);
    }
    return ret;
}

/* At whole control intervals only, so that the instants of other orders change nothing. */
static sim_time control(model_world *world, sim_time now)
{
    if (now % world->setup->control_interval != 0)
        return SIM_FOREVER;
    int ret = world->replay == NULL ? 0 : repeat(world, now);
    for (uint32_t i = 0; i < model_rules_count(world->setup) && ret == 0; i++) {
        model_rule_read(world, i, now);
        if (world->replay == NULL)
            ret = decide(world, i, now);
    }
    return ret != 0 ? ret : SIM_FOREVER;
}

static void visit_log(model_world *world, struct model_image *image)
{
    struct rules_world *w = own_world(world), none = {0}, *log = w == NULL ? &none : w;
    log->log = model_image_visit_list(image, log->log, &log->count, &log->room, sizeof *log->log);
    if (w != NULL || none.count == 0)
        return;
    free(none.log); /* another world's, which has rules */
    model_image_fail(image, SIM_E_FORMAT);
}

static void visit(model_world *world, struct model_image *image)
{
    visit_log(world, image);
}

static void visit_state(void *entry, struct model_image *image)
{
    rule_state *s = entry;
    model_image_visit(image, &s->now, sizeof s->now);
    model_image_visit(image, s->ring, (size_t)s->readings * s->targets * sizeof *s->ring);
    model_image_visit(image, s->shut, s->targets * sizeof *s->shut);
    model_image_visit(image, s->since, sizeof s->since);
    model_image_visit(image, &s->level, sizeof s->level);
}

static void free_state(void *entry)
{
    free(((rule_state *)entry)->ring);
    free(((rule_state *)entry)->shut);
}

static size_t rule_count(const model_world *world)
{
    return model_rules_count(world->setup);
}

static const model_column columns[] = {
    COLUMN_OWN_LISTS(states, rule_state, rule_count, visit_state, free_state),
};

const model model_of_rules = {
    .name = "rules",
    .doc = "trigger rules of plans: levels with hysteresis at which orders are given and undone",
    .keys = "people classes places links travel stations posts centres onward agencies choice rules",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    .setup_size = sizeof(struct rules_setup),
    .world_size = sizeof(struct rules_world),
    .prepare = prepare,
    .link = link_rules,
    .settle = settle,
    .used = used,
    .build = build,
    .demolish = demolish,
    .visit = visit,
    .visit_records = visit_log,
    .control = control,
};
