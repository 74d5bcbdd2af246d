/* What a trigger rule sees: a recorded metric at the stations, places or agencies meant, as old as the information that
 * decision makers have. Readings are taken at whole control intervals; counts and durations are differences of what had
 * come together by then. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "models/plans/rules.h"
#include "sim/base/error.h"

static const char section[] = "rules.*";

enum { MOST_WORDS = 256 };

/* --- which metric --- */

static bool is_reported(const sim_config *config, uint32_t rule)
{
    return sim_choice(config, section, "seen", rule) == 1;
}

/* Levels, counts and durations; a share is made of others after the run. */
static void find_metric(model_setup *setup, const sim_config *config, uint32_t rule, sim_diag *diag)
{
    const char *name = sim_text(config, section, "metric", rule), *words[MOST_WORDS];
    rule_setup *r = &rules_setup(setup)->rules[rule];
    sim_mark mark = sim_value_mark(config, section, "metric", rule);
    size_t n = 0;
    r->reported_people = is_reported(config, rule) && strcmp(name, "people/present") == 0;
    r->reported_wait = is_reported(config, rule) && strcmp(name, "wait/post") == 0;
    if (is_reported(config, rule)) {
        if (!r->reported_people && !r->reported_wait)
            sim_diag_error(diag, mark, "people/present (those who wait) or wait/post", NULL, "posts do not report %s",
                           name);
        return;
    }
    for (size_t i = 0; i < setup->rows.metric_count; i++) {
        const sim_metric *row = setup->rows.metrics[i];
        if (row->kind != SIM_METRIC_SHARE && n < MOST_WORDS)
            words[n++] = row->name;
        if (strcmp(row->name, name) == 0)
            r->metric = row;
    }
    if (r->metric != NULL && r->metric->kind == SIM_METRIC_SHARE)
        sim_diag_error(diag, mark, "a level, a count or a duration", NULL, "%s is %s over %s, worked out after the run",
                       name, r->metric->over, r->metric->under);
    else if (r->metric != NULL && r->metric->by == SIM_BY_RULE)
        sim_diag_error(diag, mark, "what happens at the border", NULL, "a rule cannot look at what rules do");
    else if (r->metric == NULL)
        sim_diag_error(diag, mark, "the name of a metric; 'hbm params' lists them", sim_diag_nearest(name, words, n),
                       "there is no metric \"%s\"", name);
}

static sim_dimension dimension_of(const rule_setup *r)
{
    const char *unit = r->reported_wait ? "s" : r->metric == NULL ? "1" : r->metric->unit;
    return strcmp(unit, "s") == 0     ? SIM_DIM_TIME
           : strcmp(unit, "USD") == 0 ? SIM_DIM_MONEY
           : strcmp(unit, "m2") == 0  ? SIM_DIM_AREA
                                      : SIM_DIM_NONE;
}

/* A threshold in the metric's unit. */
static void check_unit(const model_setup *setup, const sim_config *config, uint32_t rule, const char *name,
                       sim_diag *diag)
{
    const rule_setup *r = &rules_setup(setup)->rules[rule];
    if (!sim_given(config, section, name, rule) || (r->metric == NULL && !r->reported_wait && !r->reported_people))
        return;
    sim_dimension wanted = dimension_of(r), found = sim_quantity_dimension(config, section, name, rule);
    if (found == wanted)
        return;
    char expected[80];
    snprintf(expected, sizeof expected, "%s such as %s", sim_dimension_words(wanted), sim_dimension_example(wanted));
    sim_diag_error(diag, sim_value_mark(config, section, name, rule), expected, NULL, "%s is %s, not %s",
                   sim_text(config, section, "metric", rule), sim_dimension_words(wanted), sim_dimension_words(found));
}

/* --- where --- */

static sim_metric_owner owner_of(const rule_setup *r)
{
    return r->metric == NULL ? SIM_OWNER_PLACE : r->metric->owner;
}

static uint32_t owner_count(const model_setup *setup, const rule_setup *r)
{
    switch (owner_of(r)) {
    case SIM_OWNER_STATION:
        return setup->station_count;
    case SIM_OWNER_PLACE:
        return r->metric == NULL ? setup->site_count : setup->place_count;
    case SIM_OWNER_AGENCY:
        return setup->agency_count;
    default:
        return 1;
    }
}

static const char *owner_name(const model_setup *setup, const rule_setup *r, uint32_t i)
{
    switch (owner_of(r)) {
    case SIM_OWNER_STATION:
        return setup->stations[i].name;
    case SIM_OWNER_PLACE:
        return r->metric == NULL ? setup->sites[i].name : setup->places[i].name;
    case SIM_OWNER_AGENCY:
        return setup->agencies[i];
    default:
        return "";
    }
}

/* Without `where` all together. */
static int find_targets(model_setup *setup, const sim_config *config, uint32_t rule, sim_diag *diag)
{
    rule_setup *r = &rules_setup(setup)->rules[rule];
    bool given = sim_given(config, section, "where", rule);
    const char *where = given ? sim_text(config, section, "where", rule) : "*", *words[MOST_WORDS];
    uint32_t count = owner_count(setup, r), n = 0;
    r->targets = model_take(setup, count, sizeof *r->targets);
    if (r->targets == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = owner_name(setup, r, i);
        bool meant = owner_of(r) == SIM_OWNER_STATION ? model_station_is_meant(where, name)
                                                      : strcmp(where, "*") == 0 || strcmp(where, name) == 0;
        if (meant)
            r->targets[r->target_count++] = i;
        if (n < MOST_WORDS)
            words[n++] = name;
    }
    if (given && owner_of(r) == SIM_OWNER_RUN)
        sim_diag_error(diag, sim_value_mark(config, section, "where", rule), NULL, NULL,
                       "%s is of the run as a whole: it has no use for `where`", r->metric->name);
    else if (r->target_count == 0 && !setup->sites_in_doubt)
        sim_diag_error(diag, sim_value_mark(config, section, "where", rule),
                       owner_of(r) == SIM_OWNER_STATION ? "POST, POST/SIDE or POST/SIDE/STATION"
                       : owner_of(r) == SIM_OWNER_PLACE ? "the name of a place"
                                                        : "the name of an agency",
                       sim_diag_nearest(where, words, n), "there is no station, place or agency \"%s\"", where);
    return 0;
}

/* --- which of its cells --- */

static uint32_t cell_count(const model_setup *setup, const rule_setup *r)
{
    bool whole = r->metric == NULL || r->metric->by == SIM_BY_RULE;
    return whole ? 1 : (uint32_t)model_split_count(setup, r->metric->by);
}

/* Words separated by commas, with blanks around them. */
static void find_cells(model_setup *setup, const sim_config *config, uint32_t rule, sim_diag *diag)
{
    rule_setup *r = &rules_setup(setup)->rules[rule];
    uint32_t count = cell_count(setup, r);
    r->cells = count >= 32 ? UINT32_MAX : (UINT32_C(1) << count) - 1;
    if (!sim_given(config, section, "of", rule))
        return;
    sim_mark mark = sim_value_mark(config, section, "of", rule);
    if (r->metric == NULL || r->metric->by == SIM_BY_NOTHING || r->metric->by == SIM_BY_RULE) {
        sim_diag_error(diag, mark, NULL, NULL, "%s is not split: it has no use for `of`",
                       sim_text(config, section, "metric", rule));
        return;
    }
    r->cells = 0;
    for (const char *at = sim_text(config, section, "of", rule); *at != '\0'; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ",");
        const char *words[MODEL_TRAITS + MODEL_STATES];
        char word[80];
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        at += length;
        while (word[0] != '\0' && word[strlen(word) - 1] == ' ')
            word[strlen(word) - 1] = '\0';
        uint32_t before = r->cells;
        for (uint32_t i = 0; i < count && i < 32; i++) {
            words[i] = model_split_word(setup, r->metric->by, i);
            r->cells |= strcmp(words[i], word) == 0 ? UINT32_C(1) << i : 0;
        }
        if (r->cells == before)
            sim_diag_error(diag, mark, "words by which the metric is split, with commas between them",
                           sim_diag_nearest(word, words, count), "%s is not told apart by \"%s\"", r->metric->name,
                           word);
    }
}

int model_rule_link(model_setup *setup, const sim_config *config, uint32_t rule, sim_diag *diag)
{
    static const char *const thresholds[] = {"watch.above", "watch.below", "partial.above",     "partial.below",
                                             "full.above",  "full.below",  "overwhelmed.above", "overwhelmed.below"};
    rule_setup *r = &rules_setup(setup)->rules[rule];
    find_metric(setup, config, rule, diag);
    if (r->metric == NULL && !r->reported_people && !r->reported_wait)
        return 0;
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++)
        check_unit(setup, config, rule, thresholds[i], diag);
    int ret = find_targets(setup, config, rule, diag);
    find_cells(setup, config, rule, diag);
    bool counts = r->metric != NULL && r->metric->kind != SIM_METRIC_LEVEL;
    if (!counts && sim_given(config, section, "window", rule))
        sim_diag_error(diag, sim_value_mark(config, section, "window", rule), NULL, NULL,
                       "`window` is for counts and durations; %s is a number at an instant",
                       sim_text(config, section, "metric", rule));
    if (r->metric == NULL && sim_given(config, section, "delay", rule))
        sim_diag_error(diag, sim_value_mark(config, section, "delay", rule), NULL, NULL,
                       "what is reported has a delay of its own: `choice.delay`");
    sim_time window =
        sim_given(config, section, "window", rule) ? sim_micros(config, section, "window", rule) : SIM_HOUR;
    sim_time delay = sim_given(config, section, "delay", rule) ? sim_micros(config, section, "delay", rule)
                                                               : sim_micros(config, "choice", "delay", 0);
    sim_time interval = setup->control_interval;
    r->window = counts ? (uint32_t)((window + interval - 1) / interval) : 0;
    r->delay = r->metric == NULL ? 0 : (uint32_t)((delay + interval - 1) / interval);
    return ret;
}

/* --- a replication --- */

int model_rule_build(const model_world *world, uint32_t rule)
{
    const rule_setup *r = &rules_setup(world->setup)->rules[rule];
    rule_state *s = &rules_world(world)->states[rule];
    s->readings = r->delay + r->window + 1;
    s->targets = r->target_count;
    s->ring = calloc((size_t)s->readings * r->target_count + 1, sizeof *s->ring);
    s->shut = calloc((size_t)r->target_count + 1, sizeof *s->shut);
    if (s->ring == NULL || s->shut == NULL)
        return SIM_E_MEMORY;
    s->metric = r->metric == NULL ? 0 : sim_recorder_find(&world->recorder, r->metric->name);
    return 0;
}

/* What a target has come to in the bin that is being recorded. */
static rule_reading in_block(const model_world *world, const rule_setup *r, uint32_t metric, uint32_t target)
{
    const sim_metric_place *m = &world->recorder.metrics[metric];
    const int64_t *slots = sim_recorder_block(&world->recorder, m->owner, target) + m->slot;
    rule_reading sum = {0, 0};
    for (uint32_t cell = 0; cell < m->width && cell < 32; cell++) {
        if ((r->cells >> cell & 1) == 0)
            continue;
        if (m->row->kind == SIM_METRIC_COUNT) {
            sum.sum += slots[cell];
        } else if (m->row->kind == SIM_METRIC_LEVEL) {
            sum.sum += ((const sim_level *)(const void *)slots)[cell].level;
        } else {
            sum.sum += ((const sim_duration *)(const void *)slots)[cell].sum;
            sum.weight += ((const sim_duration *)(const void *)slots)[cell].weight;
        }
    }
    return sum;
}

/* The same in the bin that has just been closed. */
static rule_reading in_series(const model_world *world, const rule_setup *r, uint32_t metric, uint32_t target,
                              sim_time now)
{
    const sim_metric_place *m = &world->recorder.metrics[metric];
    const int64_t *row = sim_recorder_series(&world->recorder, m, (uint32_t)((now - 1) / world->setup->bin), target);
    uint32_t step = m->row->kind == SIM_METRIC_COUNT ? 1 : 2;
    rule_reading sum = {0, 0};
    for (uint32_t cell = 0; cell < m->width && cell < 32; cell++)
        if ((r->cells >> cell & 1) != 0) {
            sum.sum += row[step * cell];
            sum.weight += step == 2 ? row[step * cell + 1] : 0;
        }
    return sum;
}

void model_rule_read(const model_world *world, uint32_t rule, sim_time now)
{
    const rule_setup *r = &rules_setup(world->setup)->rules[rule];
    rule_state *s = &rules_world(world)->states[rule];
    if (r->metric == NULL)
        return;
    bool level = r->metric->kind == SIM_METRIC_LEVEL, ends = now > 0 && now % world->setup->bin == 0;
    s->now = (s->now + 1) % s->readings;
    for (uint32_t i = 0; i < r->target_count; i++) {
        if (ends && !level) {
            rule_reading shut = in_series(world, r, s->metric, r->targets[i], now);
            s->shut[i].sum += shut.sum;
            s->shut[i].weight += shut.weight;
        }
        rule_reading here = in_block(world, r, s->metric, r->targets[i]);
        s->ring[(size_t)s->now * r->target_count + i] =
            level ? here : (rule_reading){s->shut[i].sum + here.sum, s->shut[i].weight + here.weight};
    }
}

/* A target's value from two readings: a number, or a mean over those who went by; false: nobody did. */
static bool value_of(const rule_setup *r, rule_reading sum, double *value)
{
    bool duration = r->metric->kind == SIM_METRIC_DURATION;
    if (duration && sum.weight == 0)
        return false;
    *value = duration ? (double)sum.sum * 1e-6 / (double)sum.weight : (double)sum.sum;
    return true;
}

static bool combine(rule_combine how, bool known, double next, double *value)
{
    if (!known || (how == RULE_HIGHEST && next > *value) || (how == RULE_LOWEST && next < *value))
        *value = next;
    return true;
}

/* What posts report of those who wait, and of their wait: the mean over those who wait where it is taken together. */
static double reported_value(const model_world *world, const rule_setup *r)
{
    double value = 0, waits = 0, people = 0;
    bool known = false;
    for (uint32_t i = 0; i < r->target_count; i++) {
        double wait = world->seen_wait[r->targets[i]], seen = (double)world->seen[r->targets[i]];
        people += seen;
        waits += seen * wait;
        known = combine(r->combine, known, r->reported_wait ? wait : seen, &value);
    }
    if (r->combine != RULE_SUM)
        return value;
    return !r->reported_wait ? people : people > 0 ? waits / people : 0;
}

bool model_rule_value(const model_world *world, uint32_t rule, sim_time now, double *value)
{
    const rule_setup *r = &rules_setup(world->setup)->rules[rule];
    const rule_state *s = &rules_world(world)->states[rule];
    sim_time interval = world->setup->control_interval;
    *value = 0;
    if (r->metric == NULL) {
        *value = reported_value(world, r);
        return true;
    }
    /* at the start nothing is known yet; a count over part of its window is too low, which only a rule that falls would
     * mind */
    if (now <= (sim_time)r->delay * interval || (r->falls && now < (sim_time)(r->delay + r->window) * interval))
        return false;
    const rule_reading *late = s->ring + (size_t)((s->now + s->readings - r->delay) % s->readings) * r->target_count;
    const rule_reading *early =
        s->ring + (size_t)((s->now + s->readings - r->delay - r->window) % s->readings) * r->target_count;
    rule_reading all = {0, 0};
    bool known = false;
    for (uint32_t i = 0; i < r->target_count; i++) {
        rule_reading one = late[i];
        if (r->window > 0)
            one = (rule_reading){one.sum - early[i].sum, one.weight - early[i].weight};
        all.sum += one.sum;
        all.weight += one.weight;
        double next;
        if (r->combine != RULE_SUM && value_of(r, one, &next))
            known = combine(r->combine, known, next, value);
    }
    return r->combine == RULE_SUM ? value_of(r, all, value) : known;
}
