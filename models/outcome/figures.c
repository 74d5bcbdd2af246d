/* Key figures and indicators: one number a replication, each declared by one row as a quotient of what metrics came to.
 *
 * What agencies report (waits, throughput, protection, site standards, crowd safety, costs, borders, custody, status)
 * and what the run can say towards SDG 10.7 and the Global Compact for Migration. A row whose metrics the scenario does
 * not record is left out of the results. No indicator counts it against people that they were smuggled or crossed
 * informally: deaths and injuries there are counted as such. */
#include <math.h>
#include <string.h>

#include "models/outcome/private.h"

/* What is taken of a metric. */
typedef enum {
    ONE,     /* nothing: 1 */
    TOTAL,   /* counts */
    IF_ANY,  /* counts; not a number when there are none */
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
    const char *metric; /* several are joined by + or - and added up */
    scope where;
    uint32_t cells; /* bit mask of cells (of the first 32); 0: all */
} term;

typedef struct {
    term over, under;
    double factor;
} formula;

#define NOTHING              \
    {                        \
        ONE, "", ANYWHERE, 0 \
    }
#define ALL(what, metric)         \
    {                             \
        what, metric, ANYWHERE, 0 \
    }
#define AT(what, metric, where) \
    {                           \
        what, metric, where, 0  \
    }
#define IN(what, metric, where, states) \
    {                                   \
        what, metric, where, states     \
    }
#define STATE(state) (UINT32_C(1) << MODEL_##state)
/* Those who are looked after, or not, at posts and centres: the population of a site. */
#define ON_SITE \
    (STATE(WAITING) | STATE(IN_SERVICE) | STATE(IN_THE_OPEN) | STATE(SHELTERED) | STATE(IN_CARE) | STATE(DETAINED))

/* Which of two values is better, as people at the border and those who pay would judge. */
#define LESS MODEL_LESS_IS_BETTER
#define MORE MODEL_MORE_IS_BETTER
#define NEITHER MODEL_NEITHER_IS_BETTER
const char *const model_better_names[] = {[NEITHER] = "neither", [LESS] = "less", [MORE] = "more"};

/* name, unit, better, doc, source; over, under, factor */
#define FIGURES(X)                                                                                                     \
    X("people.set_out", "people", NEITHER, "people who set out", "", ALL(TOTAL, "flow/set_out"), NOTHING, 1)           \
    X("people.arrived", "people", NEITHER, "people who came to a post", "", AT(TOTAL, "flow/arrived", POSTS), NOTHING, \
      1)                                                                                                               \
    X("people.crossed", "people", MORE, "people who crossed", "throughput", ALL(TOTAL, "flow/crossed"), NOTHING, 1)    \
    X("people.gave_up", "people", LESS, "people who gave up or were turned away", "", ALL(TOTAL, "flow/gave_up"),      \
      NOTHING, 1)                                                                                                      \
    X("people.waiting_at_end", "people", LESS, "people still waiting at a post when the run ends", "",                 \
      IN(AT_END, "people/present", ANYWHERE, STATE(WAITING)), NOTHING, 1)                                              \
    X("wait.mean", "s", LESS, "mean wait at the post of those who crossed", "", ALL(SECONDS, "wait/post"),             \
      ALL(PEOPLE, "wait/post"), 1)                                                                                     \
    X("wait.p50", "s", LESS, "median wait at the post of those who crossed", "", ALL(P50, "wait/post"), NOTHING, 1)    \
    X("wait.p95", "s", LESS, "wait that 95% of those who crossed did not exceed", "", ALL(P95, "wait/post"), NOTHING,  \
      1)                                                                                                               \
    X("wait.max", "s", LESS, "longest wait of those who crossed (to 1.6%)", "", ALL(LONGEST, "wait/post"), NOTHING, 1) \
    X("wait.within_target", "1", MORE, "share of those who crossed who waited no longer than target_wait",             \
      "UK Border Force service standard: 95% within 45 min (non-EEA)", ALL(TOTAL, "flow/on_time"),                     \
      ALL(TOTAL, "flow/crossed"), 1)                                                                                   \
    X("wait.person_hours", "person h", LESS, "time waited at posts by all together, also by those who did not cross",  \
      "", IN(HOURS, "people/present", ANYWHERE, STATE(WAITING)), NOTHING, 1)                                           \
    X("queue.peak", "people", LESS, "most people waiting at one post at one time", "Polish guards publish it daily",   \
      IN(PEAK, "people/present", ANYWHERE, STATE(WAITING)), NOTHING, 1)                                                \
    X("desks.utilisation", "1", NEITHER, "time that open desks of posts serve", "", AT(HOURS, "desks/busy", POSTS),    \
      AT(HOURS, "desks/open", POSTS), 1)                                                                               \
    X("travel.mean", "s", LESS, "mean time from setting out to the post", "", AT(SECONDS, "travel/time", POSTS),       \
      AT(PEOPLE, "travel/time", POSTS), 1)                                                                             \
    X("throughput.per_desk_hour", "people/h", MORE,                                                                    \
      "people served an hour of an open desk of a post, all stations together", "design section 5: service",           \
      AT(TOTAL, "flow/served", POSTS), AT(HOURS, "desks/open", POSTS), 1)                                              \
    X("throughput.per_staff_day", "people", MORE, "people who crossed a day of 8 hours of a member of a post's staff", \
      "registration throughput is reported so (UNHCR 2002-2019)", ALL(TOTAL, "flow/crossed"),                          \
      AT(HOURS, "staff/on_duty", POSTS), 8)                                                                            \
    X("border.irregular_share", "1", LESS, "share of all who crossed who did so at an informal crossing",              \
      "Global Compact for Migration, objective 11 (managed borders)", AT(TOTAL, "flow/irregular", INFORMAL),           \
      ALL(TOTAL, "flow/crossed+flow/irregular"), 1)                                                                    \
    X("site.person_days_in_the_open", "person d", LESS, "time people spent in the open before full centres", "",       \
      IN(HOURS, "people/present", CENTRES, STATE(IN_THE_OPEN)), NOTHING, 1 / 24.0)                                     \
    X("site.stay", "s", NEITHER, "mean time in centres of those who went on", "transit stay 2-5 days (UNHCR)",         \
      AT(SECONDS, "wait/centre", CENTRES), AT(PEOPLE, "wait/centre", CENTRES), 1)                                      \
    X("screening.found_share", "1", MORE, "share of people concerned whom screening found; the rest are missed cases", \
      "Global Compact for Migration, objective 7 (vulnerability)", ALL(TOTAL, "screening/found"),                      \
      ALL(TOTAL, "screening/concerned"), 1)                                                                            \
    X("screening.hit_rate", "1", MORE, "share of people marked who were concerned; the rest are false alarms",         \
      "positive predictive value", ALL(TOTAL, "screening/found"), ALL(TOTAL, "screening/marked"), 1)                   \
    X("border.refused_share", "1", NEITHER, "share of those who came to a post who were refused",                      \
      "US: 0.06% of inspections, FY2013", ALL(TOTAL, "risk/refused"), AT(TOTAL, "flow/arrived", POSTS), 1)             \
    X("border.hit_rate", "1", MORE,                                                                                    \
      "share of people flagged by risk scores who were rightly flagged; the rest are false alarms",                    \
      "risk analysis: second-line hit rate", ALL(TOTAL, "risk/flagged_rightly"), ALL(TOTAL, "risk/flagged"), 1)        \
    X("border.missed_threats", "1", LESS, "share of threats among those scored that were not flagged",                 \
      "false accepts", ALL(TOTAL, "risk/threats-risk/flagged_rightly"), ALL(TOTAL, "risk/threats"), 1)                 \
    X("border.double_registration", "1", LESS, "share of registrations of people whom another register had", "",       \
      ALL(TOTAL, "risk/double_registrations"), ALL(TOTAL, "risk/registrations"), 1)                                    \
    X("border.registered", "1", MORE,                                                                                  \
      "people registered at a station for the first time, over those who crossed anywhere",                            \
      "unregistered share: what is missing to 1", ALL(TOTAL, "registration/registered"),                               \
      ALL(TOTAL, "flow/crossed+flow/irregular"), 1)                                                                    \
    X("border.data_completeness", "1", MORE, "share of the data wanted that was recorded", "",                         \
      ALL(TOTAL, "registration/data"), ALL(TOTAL, "registration/wanted"), 1)                                           \
    X("border.interceptions", "people", NEITHER, "people intercepted on informal crossings", "",                       \
      ALL(TOTAL, "informal/intercepted"), NOTHING, 1)                                                                  \
    X("border.paid_to_smugglers", "USD", LESS, "money paid to smugglers", "UNODC 2018", ALL(TOTAL, "informal/paid"),   \
      NOTHING, 1)                                                                                                      \
    X("border.exploited", "people", LESS,                                                                              \
      "people exploited on informal crossings; they are victims, to be found and referred",                            \
      "Protocol against the Smuggling of Migrants, article 16", ALL(TOTAL, "informal/exploited"), NOTHING, 1)          \
    X("border.orders_agreed", "1", MORE, "share of orders that needed another side's agreement which got it",          \
      "Global Compact for Migration, objective 23 (cooperation)", ALL(TOTAL, "coordination/orders_agreed"),            \
      ALL(TOTAL, "coordination/orders_agreed+coordination/orders_refused"), 1)                                         \
    X("site.occupancy", "1", NEITHER, "time of people in centres over time of their beds", "",                         \
      ALL(TOTAL, "reception/person_time"), ALL(TOTAL, "reception/bed_time"), 1)                                        \
    X("site.space", "m2", MORE, "covered floor space a person in centres", "Sphere: 3.5 m2 a person",                  \
      ALL(IF_ANY, "reception/space_time"), ALL(TOTAL, "reception/person_time"), 1)                                     \
    X("site.water", "L", MORE, "water a day that a person at sites with relief got", "Sphere: 15 L, 7.5 L to survive", \
      ALL(TOTAL, "relief/water_used"), ALL(HOURS, "relief/people"), 24)                                                \
    X("site.latrine_users", "people", LESS, "people at sites with relief for each latrine there",                      \
      "Sphere: at most 20, 50 at first", ALL(HOURS, "relief/people"), ALL(HOURS, "relief/latrines"), 1)                \
    X("site.without_water", "s", LESS, "time for which there was no water, of all sites together", "stock-outs",       \
      ALL(HOURS, "relief/water_out"), NOTHING, 3600)                                                                   \
    X("site.without_food", "s", LESS, "time for which there was no food, of all sites together", "stock-outs",         \
      ALL(HOURS, "relief/food_out"), NOTHING, 3600)                                                                    \
    X("site.person_days_below_survival", "person d", LESS,                                                             \
      "time people spent with less water than they need to survive", "Sphere", ALL(HOURS, "relief/below_survival"),    \
      NOTHING, 1 / 24.0)                                                                                               \
    X("site.person_days_without_shelter", "person d", LESS,                                                            \
      "time people waited in the open beyond those for whom there was covered space", "Sphere",                        \
      ALL(HOURS, "relief/without_shelter"), NOTHING, 1 / 24.0)                                                         \
    X("health.fell_ill", "people", LESS, "people who fell ill at sites", "", ALL(TOTAL, "health/fell_ill"), NOTHING,   \
      1)                                                                                                               \
    X("health.treated", "people", NEITHER, "ill people whom stations made well or wards discharged", "",               \
      ALL(TOTAL, "health/treated+health/discharged"), NOTHING, 1)                                                      \
    X("health.wait_for_bed", "s", LESS, "mean time from referral to a bed", "", ALL(SECONDS, "health/wait_for_bed"),   \
      ALL(PEOPLE, "health/wait_for_bed"), 1)                                                                           \
    X("health.infected", "people", LESS, "people infected at sites", "", ALL(TOTAL, "outbreak/infected"), NOTHING, 1)  \
    X("protection.on_time", "1", MORE, "share of those taken into care within the pathway's target",                   \
      "e.g. unaccompanied children within 24 h", ALL(TOTAL, "protection/within_target"),                               \
      ALL(TOTAL, "protection/taken_on"), 1)                                                                            \
    X("protection.time_to_care", "s", LESS, "mean time from coming to the site until a place in care", "",             \
      ALL(SECONDS, "protection/time_to_care"), ALL(PEOPLE, "protection/time_to_care"), 1)                              \
    X("protection.waiting_at_end", "people", LESS, "people referred who still wait for a place when the run ends", "", \
      ALL(AT_END, "protection/waiting_for_place"), NOTHING, 1)                                                         \
    X("protection.families_split", "groups", LESS, "groups that lost somebody in the crowd", "families split",         \
      ALL(TOTAL, "separation/families_split"), NOTHING, 1)                                                             \
    X("protection.reunified", "1", MORE,                                                                               \
      "share of people who lost their family who have been brought together with it again",                            \
      "ICRC, UNICEF: family tracing and reunification", ALL(TOTAL, "separation/reunified"),                            \
      ALL(TOTAL, "separation/separated"), 1)                                                                           \
    X("protection.time_to_reunion", "s", LESS, "mean time until they were brought together again", "",                 \
      ALL(SECONDS, "separation/time_to_reunion"), ALL(PEOPLE, "separation/time_to_reunion"), 1)                        \
    X("crowd.person_hours_in_contact", "person h", LESS, "time people stood in crowds in which they touch",            \
      "Fruin: 3.57 people a square metre", ALL(TOTAL, "crowd/time_in_contact"), NOTHING, 1 / 3600.0)                   \
    X("crowd.person_hours_unsafe", "person h", LESS, "time people stood in crowds of unsafe density",                  \
      "Fruin: 5.55 people a square metre", ALL(TOTAL, "crowd/time_unsafe"), NOTHING, 1 / 3600.0)                       \
    X("crowd.crush_risk_episodes", "episodes", LESS, "times at which a crowd became dangerously dense",                \
      "Melilla 2022, Fruin", ALL(TOTAL, "crowd/crush_risk_episodes"), NOTHING, 1)                                      \
    X("crowd.longest_vehicle_queue", "km", LESS, "longest line of vehicles before a post", "Polish guards publish it", \
      ALL(PEAK, "crowd/vehicle_queue"), NOTHING, 1e-3)                                                                 \
    X("transport.load_factor", "1", NEITHER, "share of the seats of departures that were taken", "",                   \
      ALL(TOTAL, "transport/boarded"), ALL(TOTAL, "transport/seats"), 1)                                               \
    X("transport.missed", "departures", LESS, "departures missed for want of a vehicle", "",                           \
      ALL(TOTAL, "transport/missed"), NOTHING, 1)                                                                      \
    X("custody.person_days", "person d", LESS, "days of people in detention", "NIF 2012",                              \
      ALL(HOURS, "custody/in_detention"), NOTHING, 1 / 24.0)                                                           \
    X("custody.children_detained", "people", LESS, "children detained",                                                \
      "Convention on the Rights of the Child, article 37: never as a measure of migration control (Joint General "     \
      "Comment 4/23, 2017)",                                                                                           \
      ALL(TOTAL, "custody/children_detained"), NOTHING, 1)                                                             \
    X("custody.alternatives", "1", MORE, "share of those considered who got an alternative to detention",              \
      "Global Compact for Migration, objective 13", ALL(TOTAL, "custody/alternatives"),                                \
      ALL(TOTAL, "custody/considered"), 1)                                                                             \
    X("custody.compliance", "1", MORE, "share of alternatives that ended with the person there",                       \
      "93.8% appeared (NIF 2012)", ALL(TOTAL, "custody/complied"), ALL(TOTAL, "custody/ended"), 1)                     \
    X("custody.time_to_decision", "s", LESS, "mean time until the decision on custody", "",                            \
      ALL(SECONDS, "custody/time_to_decision"), ALL(PEOPLE, "custody/time_to_decision"), 1)                            \
    X("status.time_to_decision", "s", LESS, "mean time from application for status to decision", "",                   \
      ALL(SECONDS, "status/time_to_decision"), ALL(PEOPLE, "status/time_to_decision"), 1)                              \
    X("status.backlog_at_end", "people", LESS, "people who wait for a decision on status when the run ends", "",       \
      ALL(AT_END, "status/backlog"), NOTHING, 1)                                                                       \
    X("status.recognition", "1", NEITHER, "share of decisions that grant status", "recognition rate",                  \
      ALL(TOTAL, "status/granted"), ALL(TOTAL, "status/decisions"), 1)                                                 \
    X("status.without_at_end", "people", LESS, "people without status when the run ends",                              \
      "Global Compact for Migration, objective 7 (vulnerability)", ALL(AT_END, "status/without"), NOTHING, 1)          \
    X("global.deaths", "people", LESS, "people who died, anywhere", "SDG 10.7.3: deaths and disappearances",           \
      IN(AT_END, "people/present", ANYWHERE, STATE(DIED)), NOTHING, 1)                                                 \
    X("global.missing", "people", LESS, "people missing from their group when the run ends",                           \
      "SDG 10.7.3: deaths and disappearances", IN(AT_END, "people/present", ANYWHERE, STATE(MISSING)), NOTHING, 1)     \
    X("global.mortality", "1/10000 d", LESS, "deaths a day and 10,000 people at posts and in centres",                 \
      "Sphere: 1 (crude mortality, emergency threshold)", IN(AT_END, "people/present", ANYWHERE, STATE(DIED)),         \
      IN(HOURS, "people/present", ANYWHERE, ON_SITE), 240000)                                                          \
    X("global.granted_share", "1", NEITHER, "people to whom status was granted, over those who crossed anywhere",      \
      "SDG 10.7.4: share of refugees in a population; here of those who came", ALL(TOTAL, "status/granted"),           \
      ALL(TOTAL, "flow/crossed+flow/irregular"), 1)                                                                    \
    X("staff.hours", "person h", LESS, "time of staff at desks", "", ALL(HOURS, "staff/on_duty"), NOTHING, 1)          \
    X("staff.overtime_hours", "person h", LESS, "time of staff on overtime", "", ALL(HOURS, "staff/overtime"),         \
      NOTHING, 1)                                                                                                      \
    X("staff.absent_hours", "person h", LESS, "time of shifts to which people did not come", "",                       \
      ALL(HOURS, "staff/absent"), NOTHING, 1)                                                                          \
    X("staff.equipment_availability", "1", MORE, "share of the time that kits were in order",                          \
      "mean time between failures over it plus the mean time to repair", ALL(HOURS, "equipment/working"),              \
      ALL(HOURS, "equipment/kits"), 1)                                                                                 \
    X("cost.total", "USD", LESS, "money spent by all agencies", "", ALL(TOTAL, "cost/spent"), NOTHING, 1)              \
    X("cost.per_person", "USD", LESS, "money spent a person who crossed", "", ALL(TOTAL, "cost/spent"),                \
      ALL(TOTAL, "flow/crossed"), 1)

#define FIGURE(name, unit, better, doc, source, over, under, factor) {name, unit, doc, source, better},
const model_key_figure model_key_figures[] = {FIGURES(FIGURE)};
#undef FIGURE
const size_t model_key_figure_count = sizeof model_key_figures / sizeof *model_key_figures;

#define FORMULA(name, unit, better, doc, source, over, under, factor) {over, under, factor},
static const formula formulas[] = {FIGURES(FORMULA)};
#undef FORMULA

/* The metric of this name, not ended by '\0' but `length` long; NULL: it is not recorded. */
static const sim_metric_place *metric_named(const sim_recorder *recorder, const char *name, size_t length)
{
    for (uint32_t i = 0; i < recorder->metric_count; i++)
        if (strncmp(recorder->metrics[i].row->name, name, length) == 0 &&
            recorder->metrics[i].row->name[length] == '\0')
            return &recorder->metrics[i];
    return NULL;
}

static bool is_recorded(const sim_recorder *recorder, const term *t)
{
    for (const char *at = t->metric; t->what != ONE && *at != '\0';) {
        size_t length = strcspn(at, "+-");
        if (metric_named(recorder, at, length) == NULL)
            return false;
        at += length + (at[length] != '\0');
    }
    return true;
}

static model_place_kind kind_of(scope where)
{
    return where == POSTS ? MODEL_POST : where == CENTRES ? MODEL_CENTRE : MODEL_INFORMAL;
}

static bool has_places(const model_setup *setup, scope where)
{
    for (uint32_t i = 0; i < setup->site_count; i++)
        if (setup->sites[i].kind == kind_of(where))
            return true;
    return where == ANYWHERE;
}

/* Nobody can die or get lost in a scenario that has none of the models in which it happens: then a 0 would say nothing.
 */
static bool can_happen(const sim_recorder *recorder, uint32_t cells)
{
    static const char *const deaths[] = {"health/died", "outbreak/died", "informal/died"}, *const losses[] = {
                                                                                               "separation/separated"};
    bool can = (cells & (STATE(DIED) | STATE(MISSING))) == 0;
    for (size_t i = 0; i < 3 && (cells & STATE(DIED)); i++)
        can = can || metric_named(recorder, deaths[i], strlen(deaths[i])) != NULL;
    return can || ((cells & STATE(MISSING)) && metric_named(recorder, losses[0], strlen(losses[0])) != NULL);
}

bool model_figure_is_known(const model_setup *setup, const sim_recorder *recorder, size_t figure)
{
    const formula *f = &formulas[figure];
    return is_recorded(recorder, &f->over) && is_recorded(recorder, &f->under) && has_places(setup, f->over.where) &&
           has_places(setup, f->under.where) && can_happen(recorder, f->over.cells);
}

/* What of a replication is looked at: all bins after the warm-up or a stretch of them, all places or one site's. */
typedef struct {
    const model_setup *setup;
    const sim_recorder *recorder;
    uint32_t site; /* MODEL_NONE: all that the figure is of */
    uint32_t first_bin, end_bin;
} window;

/* Whether the owner is meant: places are told apart by the site there, stations by that of their place. */
static bool is_meant(const window *w, const sim_metric_place *m, uint32_t owner, scope where)
{
    if (m->owner == SIM_OWNER_AGENCY || m->owner == SIM_OWNER_RUN)
        return true;
    uint32_t place = m->owner == SIM_OWNER_STATION ? w->setup->stations[owner].place : owner;
    if (w->site != MODEL_NONE && place != w->setup->sites[w->site].place)
        return false;
    return where == ANYWHERE || w->setup->places[place].kind == kind_of(where);
}

static double total(const window *w, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    return model_outcome_total_of(w->recorder, m, owner, column, w->first_bin, w->end_bin);
}

static double value_of_cell(const window *w, const sim_metric_place *m, uint32_t owner, uint32_t cell, statistic what)
{
    switch (what) {
    case TOTAL:
    case IF_ANY:
        return total(w, m, owner, cell);
    case HOURS:
        return total(w, m, owner, 2 * cell) / 3600e6;
    case AT_END:
        return (double)((const sim_level *)(const void *)(sim_recorder_block(w->recorder, m->owner, owner) +
                                                          m->slot))[cell]
            .level;
    case PEAK:
        return (double)model_outcome_peak_of(w->recorder, m, owner, 2 * cell + 1, w->first_bin, w->end_bin);
    case SECONDS:
        return total(w, m, owner, 2 * cell) * 1e-6;
    case PEOPLE:
        return total(w, m, owner, 2 * cell + 1);
    default:
        return 0;
    }
}

static double value_of_metric(const window *w, const term *t, const sim_metric_place *m)
{
    uint64_t buckets[SIM_HISTOGRAM_SIZE] = {0};
    double sum = 0, most = 0;
    for (uint32_t owner = 0; owner < w->recorder->parts[m->owner].owners; owner++)
        for (uint32_t cell = 0; cell < m->width; cell++) {
            if (!is_meant(w, m, owner, t->where) || (t->cells != 0 && (cell > 31 || (t->cells >> cell & 1) == 0)))
                continue;
            if (t->what >= P50) {
                model_outcome_add_buckets(w->recorder, m, owner, cell, buckets);
                continue;
            }
            double value = value_of_cell(w, m, owner, cell, t->what);
            sum += value;
            most = value > most ? value : most;
        }
    switch (t->what) {
    case PEAK:
        return most;
    case IF_ANY:
        return sum > 0 ? sum : (double)NAN;
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

static double value_of(const window *w, const term *t)
{
    double sum = 0, sign = 1;
    if (t->what == ONE)
        return 1;
    for (const char *at = t->metric; *at != '\0';) {
        size_t length = strcspn(at, "+-");
        sum += sign * value_of_metric(w, t, metric_named(w->recorder, at, length));
        sign = at[length] == '-' ? -1 : 1;
        at += length + (at[length] != '\0');
    }
    return sum;
}

static void take_pair(const window *w, const formula *f, double pair[2])
{
    pair[0] = f->factor * value_of(w, &f->over);
    pair[1] = value_of(w, &f->under);
}

void model_outcome_figures(const model_outcome *o, const model_world *world, double *out)
{
    const sim_recorder *r = &world->recorder;
    window all = {o->setup, r, MODEL_NONE, (uint32_t)(r->warm_up / r->bin), r->bins};
    for (size_t i = 0; i < model_key_figure_count; i++) {
        double pair[2];
        out[i] = (double)NAN;
        if (!model_figure_is_known(o->setup, r, i))
            continue;
        take_pair(&all, &formulas[i], pair);
        out[i] = model_outcome_ratio(pair[0], pair[1]);
    }
}

/* --- of one site, of a stretch of time --- */

typedef bool metric_test(const sim_metric *row, const void *context);

/* Whether all metrics of a term are recorded in this scenario and pass the test (NULL: any). */
static bool all_metrics(const model_setup *setup, const term *t, metric_test *test, const void *context)
{
    for (const char *at = t->metric; t->what != ONE && *at != '\0';) {
        size_t length = strcspn(at, "+-");
        const sim_metric *row = NULL;
        for (size_t i = 0; i < setup->rows.metric_count && row == NULL; i++)
            if (strncmp(setup->rows.metrics[i]->name, at, length) == 0 && setup->rows.metrics[i]->name[length] == '\0')
                row = setup->rows.metrics[i];
        if (row == NULL || (test != NULL && !test(row, context)))
            return false;
        at += length + (at[length] != '\0');
    }
    return true;
}

static bool is_of_places(const sim_metric *row, const void *context)
{
    (void)context;
    return row->owner == SIM_OWNER_STATION || row->owner == SIM_OWNER_PLACE;
}

static bool fits(const term *t, model_place_kind kind)
{
    return t->what == ONE || t->where == ANYWHERE || kind_of(t->where) == kind;
}

bool model_figure_is_recorded(const model_setup *setup, size_t figure)
{
    const formula *f = &formulas[figure];
    return all_metrics(setup, &f->over, NULL, NULL) && all_metrics(setup, &f->under, NULL, NULL) &&
           has_places(setup, f->over.where) && has_places(setup, f->under.where);
}

bool model_figure_has_sites(const model_setup *setup, size_t figure, uint32_t site)
{
    const formula *f = &formulas[figure];
    model_place_kind kind = setup->sites[site].kind;
    return all_metrics(setup, &f->over, is_of_places, NULL) && all_metrics(setup, &f->under, is_of_places, NULL) &&
           fits(&f->over, kind) && fits(&f->under, kind);
}

bool model_figure_has_stretches(size_t figure)
{
    const term *over = &formulas[figure].over, *under = &formulas[figure].under;
    return over->what != AT_END && over->what < P50 && under->what != AT_END && under->what < P50;
}

bool model_figure_is_sum(size_t figure)
{
    return formulas[figure].under.what == ONE && formulas[figure].over.what == TOTAL;
}

void model_figure_take(const model_world *world, size_t figure, uint32_t site, uint32_t first_bin, uint32_t end_bin,
                       double pair[2])
{
    if (!model_figure_is_recorded(world->setup, figure)) { /* no model of this scenario does such a thing */
        pair[0] = model_figure_is_sum(figure) ? 0 : (double)NAN;
        pair[1] = 1;
        return;
    }
    window w = {world->setup, &world->recorder, site, first_bin, end_bin};
    take_pair(&w, &formulas[figure], pair);
}
