/* Key figures and indicators: one number a replication, each declared by one row as a quotient of what metrics came to.
 *
 * What agencies report (waits, throughput, protection, site standards, crowd safety, costs, borders, custody, status) and what the run can
 * say towards SDG 10.7 and the Global Compact for Migration. A row whose metrics the scenario does not record is left out of the results.
 * No indicator counts it against people that they were smuggled or crossed informally: deaths and injuries there are counted as such. */
#include <math.h>
#include <string.h>

#include "models/outcome_private.h"

/* What is taken of a metric. */
typedef enum {
    ONE,     /* nothing: 1 */
    TOTAL,   /* counts */
    HOURS,   /* levels: area, in hours */
    AT_END,  /* levels: when the run ends */
    PEAK,    /* levels: the highest of any owner */
    SECONDS, /* durations: sum over people */
    PEOPLE,  /* durations: number of people */
    P50,
    P95,
    LONGEST
} statistic;

/* Of which places; a figure of places that the scenario has not is left out. */
typedef enum { ANYWHERE, POSTS, CENTRES, INFORMAL } scope;

typedef struct {
    statistic what;
    const char *metric; /* several are joined by + and added up */
    scope where;
    int cell; /* -1: all */
} term;

typedef struct {
    term over, under;
    double factor;
} formula;

#define NOTHING               \
    {                         \
        ONE, "", ANYWHERE, -1 \
    }
#define ALL(what, metric)          \
    {                              \
        what, metric, ANYWHERE, -1 \
    }
#define AT(what, metric, where) \
    {                           \
        what, metric, where, -1 \
    }
#define IN(what, metric, where, cell) \
    {                                 \
        what, metric, where, cell     \
    }

/* name, unit, doc, source; over, under, factor */
#define FIGURES(X)                                                                                                                         \
    X("people.set_out", "people", "people who set out", "", ALL(TOTAL, "flow/set_out"), NOTHING, 1)                                        \
    X("people.arrived", "people", "people who came to a post", "", AT(TOTAL, "flow/arrived", POSTS), NOTHING, 1)                           \
    X("people.crossed", "people", "people who crossed", "throughput", ALL(TOTAL, "flow/crossed"), NOTHING, 1)                              \
    X("people.gave_up", "people", "people who gave up or were turned away", "", ALL(TOTAL, "flow/gave_up"), NOTHING, 1)                    \
    X("people.waiting_at_end", "people", "people still waiting at a post when the run ends", "",                                           \
      IN(AT_END, "people/present", ANYWHERE, MODEL_WAITING), NOTHING, 1)                                                                   \
    X("wait.mean", "s", "mean wait at the post of those who crossed", "", ALL(SECONDS, "wait/post"), ALL(PEOPLE, "wait/post"), 1)          \
    X("wait.p50", "s", "median wait at the post of those who crossed", "", ALL(P50, "wait/post"), NOTHING, 1)                              \
    X("wait.p95", "s", "wait that 95% of those who crossed did not exceed", "", ALL(P95, "wait/post"), NOTHING, 1)                         \
    X("wait.max", "s", "longest wait of those who crossed (to 1.6%)", "", ALL(LONGEST, "wait/post"), NOTHING, 1)                           \
    X("wait.within_target", "1", "share of those who crossed who waited no longer than target_wait",                                       \
      "UK Border Force service standard: 95% within 45 min (non-EEA)", ALL(TOTAL, "flow/on_time"), ALL(TOTAL, "flow/crossed"), 1)          \
    X("wait.person_hours", "person h", "time waited at posts by all together, also by those who did not cross", "",                        \
      IN(HOURS, "people/present", ANYWHERE, MODEL_WAITING), NOTHING, 1)                                                                    \
    X("queue.peak", "people", "most people waiting at one post at one time", "Polish guards publish it daily",                             \
      IN(PEAK, "people/present", ANYWHERE, MODEL_WAITING), NOTHING, 1)                                                                     \
    X("desks.utilisation", "1", "time that open desks serve", "", ALL(HOURS, "desks/busy"), ALL(HOURS, "desks/open"), 1)                   \
    X("travel.mean", "s", "mean time from setting out to the post", "", AT(SECONDS, "travel/time", POSTS),                                 \
      AT(PEOPLE, "travel/time", POSTS), 1)                                                                                                 \
    X("throughput.per_desk_hour", "people/h", "people served an hour of an open desk, all stations together", "design section 5: service", \
      ALL(TOTAL, "flow/served"), ALL(HOURS, "desks/open"), 1)                                                                              \
    X("throughput.per_staff_day", "people", "people who crossed a day of 8 hours of a member of staff at a desk",                          \
      "registration throughput is reported so (UNHCR 2002-2019)", ALL(TOTAL, "flow/crossed"), ALL(HOURS, "staff/on_duty"), 8)              \
    X("border.irregular_share", "1", "share of all who crossed who did so at an informal crossing",                                        \
      "Global Compact for Migration, objective 11 (managed borders)", AT(TOTAL, "flow/irregular", INFORMAL),                               \
      ALL(TOTAL, "flow/crossed+flow/irregular"), 1)                                                                                        \
    X("site.person_days_in_the_open", "person d", "time people spent in the open before full centres", "",                                 \
      IN(HOURS, "people/present", CENTRES, MODEL_IN_THE_OPEN), NOTHING, 1 / 24.0)                                                          \
    X("site.stay", "s", "mean time in centres of those who went on", "transit stay 2-5 days (UNHCR)", AT(SECONDS, "wait/centre", CENTRES), \
      AT(PEOPLE, "wait/centre", CENTRES), 1)                                                                                               \
    X("screening.found_share", "1", "share of people concerned whom screening found; the rest are missed cases",                           \
      "Global Compact for Migration, objective 7 (vulnerability)", ALL(TOTAL, "screening/found"), ALL(TOTAL, "screening/concerned"), 1)    \
    X("screening.hit_rate", "1", "share of people marked who were concerned; the rest are false alarms", "positive predictive value",      \
      ALL(TOTAL, "screening/found"), ALL(TOTAL, "screening/marked"), 1)                                                                    \
    X("cost.total", "USD", "money spent by all agencies", "", ALL(TOTAL, "cost/spent"), NOTHING, 1)                                        \
    X("cost.per_person", "USD", "money spent a person who crossed", "", ALL(TOTAL, "cost/spent"), ALL(TOTAL, "flow/crossed"), 1)

#define FIGURE(name, unit, doc, source, over, under, factor) {name, unit, doc, source},
const model_key_figure model_key_figures[] = {FIGURES(FIGURE)};
#undef FIGURE
const size_t model_key_figure_count = sizeof model_key_figures / sizeof *model_key_figures;

#define FORMULA(name, unit, doc, source, over, under, factor) {over, under, factor},
static const formula formulas[] = {FIGURES(FORMULA)};
#undef FORMULA

/* The metric of this name, not ended by '\0' but `length` long; NULL: it is not recorded. */
static const sim_metric_place *metric_named(const sim_recorder *recorder, const char *name, size_t length)
{
    for (uint32_t i = 0; i < recorder->metric_count; i++)
        if (strncmp(recorder->metrics[i].row->name, name, length) == 0 && recorder->metrics[i].row->name[length] == '\0')
            return &recorder->metrics[i];
    return NULL;
}

static bool is_recorded(const sim_recorder *recorder, const term *t)
{
    for (const char *at = t->metric; t->what != ONE && *at != '\0';) {
        size_t length = strcspn(at, "+");
        if (metric_named(recorder, at, length) == NULL)
            return false;
        at += length + (at[length] == '+');
    }
    return true;
}

static model_place_kind kind_of(scope where)
{
    return where == POSTS ? MODEL_POST : where == CENTRES ? MODEL_CENTRE : MODEL_INFORMAL;
}

static bool has_places(const model_setup *setup, scope where)
{
    for (uint32_t i = 0; i < setup->post_count; i++)
        if (setup->posts[i].kind == kind_of(where))
            return true;
    return where == ANYWHERE;
}

bool model_figure_is_known(const model_setup *setup, const sim_recorder *recorder, size_t figure)
{
    const formula *f = &formulas[figure];
    return is_recorded(recorder, &f->over) && is_recorded(recorder, &f->under) && has_places(setup, f->over.where) &&
           has_places(setup, f->under.where);
}

/* Whether the owner is meant: places are told apart by the site there, stations by that of their place. */
static bool is_meant(const model_setup *setup, const sim_metric_place *m, uint32_t owner, scope where)
{
    if (where == ANYWHERE || m->owner == SIM_OWNER_AGENCY || m->owner == SIM_OWNER_RUN)
        return true;
    uint32_t place = m->owner == SIM_OWNER_STATION ? setup->stations[owner].place : owner;
    return setup->places[place].kind == kind_of(where);
}

static double value_of_cell(const sim_recorder *recorder, const sim_metric_place *m, uint32_t owner, uint32_t cell, statistic what)
{
    switch (what) {
    case TOTAL:
        return model_outcome_total(recorder, m, owner, cell);
    case HOURS:
        return model_outcome_total(recorder, m, owner, 2 * cell) / 3600e6;
    case AT_END:
        return (double)((const sim_level *)(const void *)(sim_recorder_block(recorder, m->owner, owner) + m->slot))[cell].level;
    case PEAK:
        return (double)model_outcome_peak(recorder, m, owner, 2 * cell + 1);
    case SECONDS:
        return model_outcome_total(recorder, m, owner, 2 * cell) * 1e-6;
    case PEOPLE:
        return model_outcome_total(recorder, m, owner, 2 * cell + 1);
    default:
        return 0;
    }
}

static double value_of_metric(const model_setup *setup, const sim_recorder *recorder, const term *t, const sim_metric_place *m)
{
    uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
    double sum = 0, most = 0;
    for (uint32_t owner = 0; owner < recorder->parts[m->owner].owners; owner++)
        for (uint32_t cell = 0; cell < m->width; cell++) {
            if (!is_meant(setup, m, owner, t->where) || (t->cell >= 0 && (uint32_t)t->cell != cell))
                continue;
            if (t->what >= P50) {
                model_outcome_add_buckets(recorder, m, owner, cell, buckets);
                continue;
            }
            double value = value_of_cell(recorder, m, owner, cell, t->what);
            sum += value;
            most = value > most ? value : most;
        }
    switch (t->what) {
    case PEAK:
        return most;
    case P50:
        return model_histogram_quantile(buckets, 0.5);
    case P95:
        return model_histogram_quantile(buckets, 0.95);
    case LONGEST:
        return model_histogram_longest(buckets);
    default:
        return sum;
    }
}

static double value_of(const model_setup *setup, const sim_recorder *recorder, const term *t)
{
    double sum = 0;
    if (t->what == ONE)
        return 1;
    for (const char *at = t->metric; *at != '\0';) {
        size_t length = strcspn(at, "+");
        sum += value_of_metric(setup, recorder, t, metric_named(recorder, at, length));
        at += length + (at[length] == '+');
    }
    return sum;
}

void model_outcome_figures(const model_outcome *o, const model_world *world, double *out)
{
    for (size_t i = 0; i < model_key_figure_count; i++) {
        const formula *f = &formulas[i];
        out[i] = (double)NAN;
        if (model_figure_is_known(o->setup, &world->recorder, i))
            out[i] = f->factor *
                     model_outcome_ratio(value_of(o->setup, &world->recorder, &f->over), value_of(o->setup, &world->recorder, &f->under));
    }
}
