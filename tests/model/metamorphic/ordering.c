/* More is not worse: where theory orders two systems, each service of the one, or the mean over replications, keeps to
 * it.
 *
 * At one station served in order of arrival every service begins no later when services are shorter or desks are more:
 * by induction over the arrivals, whatever the number of desks over time (Shaked and Shanthikumar 2007, 6.C). One queue
 * before all desks waits no longer in the mean than one before each half of them (Smith and Whitt 1981). */
#include <stdlib.h>
#include <string.h>

#include "tests/model/metamorphic/metamorphic.h"

/* --- one station a post, first come, first served, nobody gives up, nobody's way depends on what happens there --- */

static void single_stations(meta_scenario *s, meta_luck *luck)
{
    uint32_t kept = 0;
    s->choice.informed = 0;
    s->patient = true;
    s->fatigue.given = false;
    s->centre_count = s->onward_count = 0;
    for (uint32_t i = 0; i < s->place_count; i++)
        if (s->places[i].kind == MODEL_CENTRE)
            s->places[i].kind = MODEL_JUNCTION;
    for (uint32_t i = 0; i < s->kind_count; i++) {
        s->kinds[i].room = META_NOT;
        s->kinds[i].by_priority = false;
        s->kinds[i].find_count = 0;
        if (meta_chance(luck, 0.6))
            s->kinds[i].when = s->kinds[i].unless = 0;
    }
    for (uint32_t i = 0; i < s->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++) {
            meta_side *side = &s->posts[i].sides[k];
            side->area = 0;
            side->count = k == 0 ? 0 : 1; /* there is at least one at the entry */
        }
    for (uint32_t i = 0; i < s->roster_count; i++)
        for (uint32_t k = 0; k < s->post_count; k++) {
            const meta_side *side = &s->posts[k].sides[s->rosters[i].side];
            if (s->posts[k].place == s->rosters[i].place && side->count > 0 &&
                s->kinds[side->stations[0].kind].role == s->rosters[i].role) {
                s->rosters[kept++] = s->rosters[i];
                break;
            }
        }
    s->roster_count = kept;
    s->order_count = 0;
}

/* Lanes opened and closed, power cuts, roads closed: the same in both. */
static void some_orders(meta_scenario *s, meta_luck *luck)
{
    static const meta_order_kind orders[] = {META_OPEN_LANES, META_CLOSE_LANES, META_OUTAGE, META_CLOSE_LINK};
    for (int i = 0; i < 4; i++) {
        meta_order *order = meta_add_order(s, orders[i], meta_among(luck, 0, s->duration / SIM_SECOND) * SIM_SECOND);
        order->duration = meta_among(luck, 1, 300) * META_MINUTE;
        order->lanes = meta_among(luck, 1, 2);
        order->link = (uint32_t)meta_among(luck, 0, s->link_count - 1);
    }
}

static bool shorter_services(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    int64_t share = meta_among(luck, 1, 3);
    single_stations(base, luck);
    some_orders(base, luck);
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++)
        for (uint32_t k = 0; k < other->kinds[i].procedure_count; k++)
            other->kinds[i].procedures[k].time = meta_scaled(other->kinds[i].procedures[k].time, share, 4);
    return true;
}

static void twice_the_desks(meta_scenario *s)
{
    for (uint32_t i = 0; i < s->kind_count; i++)
        s->kinds[i].desks *= 2;
    for (uint32_t i = 0; i < s->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++)
            for (uint32_t n = 0; n < s->posts[i].sides[k].count; n++)
                if (s->posts[i].sides[k].stations[n].desks != META_NOT)
                    s->posts[i].sides[k].stations[n].desks *= 2;
    for (uint32_t i = 0; i < s->centre_count; i++)
        for (uint32_t n = 0; n < s->centres[i].side.count; n++)
            if (s->centres[i].side.stations[n].desks != META_NOT)
                s->centres[i].side.stations[n].desks *= 2;
    for (uint32_t i = 0; i < s->roster_count; i++)
        for (uint32_t k = 0; k < s->rosters[i].shift_count; k++)
            s->rosters[i].shifts[k].head *= 2;
}

static bool more_desks(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    single_stations(base, luck);
    some_orders(base, luck);
    *other = *base;
    twice_the_desks(other);
    return true;
}

/* Each service of `a` of the class (negative: of all) has begun and ended no later in `b`. */
static bool is_no_later(const meta_run *a, const meta_run *b, int class, char why[META_WHY])
{
    size_t n, m, k = 0;
    model_journey *one = meta_journeys(a, &n), *two = meta_journeys(b, &m);
    bool fine = true;
    for (size_t i = 0; fine && i < n; i++) {
        while (k < m && two[k].group < one[i].group)
            k++;
        if (class >= 0 && model_group_at(&a->world, one[i].group)->customer.class != class)
            continue;
        fine = k < m && two[k].group == one[i].group && two[k].queued == one[i].queued &&
               two[k].started <= one[i].started && two[k].served <= one[i].served;
        if (!fine)
            (void)snprintf(why, META_WHY, "group %u began at %lld us and was served at %lld us; then later, or never",
                           one[i].group, (long long)one[i].started, (long long)one[i].served);
    }
    free(one);
    free(two);
    return fine;
}

static bool nobody_is_later(const meta_run *a, const meta_run *b, char why[META_WHY])
{
    return is_no_later(a, b, -1, why);
}

static bool first_class_is_no_later(const meta_run *a, const meta_run *b, char why[META_WHY])
{
    return is_no_later(a, b, 0, why);
}

/* --- the same service for each group: only how many are served by when --- */

static void equal_services(meta_scenario *s, meta_luck *luck)
{
    single_stations(s, luck);
    for (uint32_t i = 0; i < s->kind_count; i++) {
        s->kinds[i].serves_group = true;
        s->kinds[i].procedure_count = 1;
        s->kinds[i].procedures[0].time = meta_constant(meta_among(luck, 20, 400) * SIM_SECOND);
    }
    for (uint32_t i = 0; i < s->post_count; i++)
        s->posts[i].sides[1].stations[0].procedure = META_NOT;
    some_orders(s, luck);
}

/* One class before all others, or no difference. */
static bool first_class(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    equal_services(base, luck);
    for (uint32_t i = 0; i < base->class_count; i++)
        base->classes[i].priority = i == 0 ? 7 : meta_among(luck, 0, 3);
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++)
        other->kinds[i].by_priority = true;
    return base->class_count > 0;
}

static bool more_patience(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    equal_services(base, luck);
    base->patient = base->tries_another = false;
    *other = *base;
    other->patient = true;
    return true;
}

static bool priority(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    equal_services(base, luck);
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++)
        other->kinds[i].by_priority = true;
    return base->class_count > 0;
}

static int start_order(const void *one, const void *two)
{
    const model_journey *a = one, *b = two;
    if (a->station != b->station)
        return a->station < b->station ? -1 : 1;
    return (a->started > b->started) - (a->started < b->started);
}

/* The k-th service of each station begins in `b` at the same time as in `a`, or earlier if it may. */
static bool services_begin(const meta_run *a, const meta_run *b, bool or_earlier, char why[META_WHY])
{
    size_t n, m, k = 0;
    model_journey *one = meta_journeys(a, &n), *two = meta_journeys(b, &m);
    bool fine = or_earlier ? m >= n : m == n;
    (void)snprintf(why, META_WHY, "%zu services and %zu services", n, m);
    qsort(one, n, sizeof *one, start_order);
    qsort(two, m, sizeof *two, start_order);
    for (size_t i = 0; fine && i < n; i++) {
        while (k < m && two[k].station < one[i].station)
            k++;
        fine = k < m && two[k].station == one[i].station &&
               (or_earlier ? two[k].started <= one[i].started : two[k].started == one[i].started);
        if (!fine)
            (void)snprintf(why, META_WHY, "service %zu began at %lld us, then not", i, (long long)one[i].started);
        k++;
    }
    free(one);
    free(two);
    return fine;
}

static bool services_begin_no_later(const meta_run *a, const meta_run *b, char why[META_WHY])
{
    return services_begin(a, b, true, why);
}

static bool services_begin_at_the_same_times(const meta_run *a, const meta_run *b, char why[META_WHY])
{
    return services_begin(a, b, false, why);
}

/* --- means --- */

/* People x time at all posts until the end of the run, waiting or being served: hours. */
static double hours_at_posts(const meta_run *run)
{
    const sim_recorder *recorder = &run->world.recorder;
    const sim_metric_place *m = &recorder->metrics[sim_recorder_find(recorder, "people/present")];
    double sum = 0;
    for (uint32_t bin = 0; bin < recorder->bins; bin++)
        for (uint32_t place = 0; place < run->setup.place_count; place++) {
            const int64_t *row = sim_recorder_series(recorder, m, bin, place);
            sum += (double)row[(size_t)2 * MODEL_WAITING] + (double)row[(size_t)2 * MODEL_IN_SERVICE];
        }
    return sum / (double)SIM_HOUR;
}

static double people(const meta_run *run, const char *metric)
{
    const sim_recorder *recorder = &run->world.recorder;
    const sim_metric_place *m = &recorder->metrics[sim_recorder_find(recorder, metric)];
    double sum = 0;
    for (uint32_t bin = 0; bin < recorder->bins; bin++)
        for (uint32_t owner = 0; owner < recorder->parts[m->owner].owners; owner++)
            for (uint32_t cell = 0; cell < m->width; cell++)
                sum += (double)sim_recorder_series(recorder, m, bin, owner)[cell];
    return sum;
}

static void measure_time(const meta_run *run, double values[META_MEASURES])
{
    values[0] = hours_at_posts(run);
}

static void measure_flow(const meta_run *run, double values[META_MEASURES])
{
    values[0] = hours_at_posts(run);
    values[1] = people(run, "flow/set_out");
    values[2] = people(run, "flow/crossed");
    values[3] = people(run, "flow/gave_up");
}

/* Share of the people of each of the first posts among all who came to one. */
static void measure_shares(const meta_run *run, double values[META_MEASURES])
{
    const sim_recorder *recorder = &run->world.recorder;
    const sim_metric_place *m = &recorder->metrics[sim_recorder_find(recorder, "flow/arrived")];
    double all = people(run, "flow/arrived");
    for (uint32_t post = 0; post < run->setup.site_count && post < META_MEASURES && all > 0; post++)
        for (uint32_t bin = 0; bin < recorder->bins; bin++)
            for (uint32_t cell = 0; cell < m->width; cell++)
                values[post] += (double)sim_recorder_series(recorder, m, bin, run->setup.sites[post].place)[cell] / all;
}

static bool more_of_everything(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->patient = true;
    base->choice.informed = 0; /* or they come when they would not have come */
    *other = *base;
    twice_the_desks(other);
    return true;
}

/* Two posts with n desks each and half of the people each, or one with twice as many for all. */
static bool one_queue(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    single_stations(base, luck);
    base->roster_count = base->kind_count = base->post_count = base->place_count = base->link_count = 0;
    meta_time time = base->kinds[0].procedures[0].time;
    int64_t desks = meta_among(luck, 1, 4);
    meta_add_kind(base, "check", time)->desks = desks;
    for (uint32_t i = 0; i < 2; i++) {
        meta_add_place(base, i == 0 ? "North" : "South", MODEL_POST);
        meta_insert_station(&meta_add_post(base, i)->sides[1], 0, 0);
        base->streams[i] = (meta_stream){
            .from = i,
            .to = META_NOT,
            .people = 250,
            .shape = {.family = META_UNIFORM, .a = 0, .b = base->duration},
            .weight = 1,
            .until = META_NOT,
        };
    }
    base->stream_count = 2;
    base->duration = base->streams[0].shape.b = base->streams[1].shape.b =
        (sim_time)(600 * meta_mean(&time) / (double)desks);
    base->duration = (base->duration / base->bin + 1) * base->bin;
    base->warm_up = 0;
    *other = *base;
    other->streams[1].from = 0;
    other->kinds[0].desks = 2 * desks;
    return true;
}

/* Half of the people in each of two streams; groups of one size, which divides them. */
static bool two_streams(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->size_count = 0;
    base->scale = 1;
    for (uint32_t i = 0; i < base->stream_count; i++) {
        base->streams[i].weight = 1;
        if (base->streams[i].kind == META_TABLE)
            base->streams[i].kind = META_SHAPE;
        base->streams[i].people = (base->streams[i].people / base->constant_size / 2 + 1) * 2 * base->constant_size;
    }
    *other = *base;
    other->stream_count *= 2;
    for (uint32_t i = 0; i < base->stream_count; i++) {
        meta_stream *half = &other->streams[base->stream_count + i];
        other->streams[i].people /= 2;
        other->streams[i].rate /= 2;
        *half = other->streams[i];
    }
    return true;
}

static bool more_people(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->choice.informed = 0;
    base->patient = true;
    base->order_count = 0; /* closed roads make it matter when they come, */
    base->onward_count = 0;
    for (uint32_t i = 0; i < base->post_count; i++)
        base->posts[i].turn_away = false; /* and full posts how many */
    base->stream_count = 1;
    base->streams[0].kind = META_SHAPE;
    base->streams[0].shape = meta_scaled(base->streams[0].shape, 1, 4); /* all come before the end */
    base->streams[0].at = 0;
    for (uint32_t i = 0; i < base->link_count; i++)
        base->links[i].capacity = 0;
    base->scale = 1;
    *other = *base;
    other->scale = 2;
    return base->post_count > 1 && base->places[base->streams[0].from].kind != MODEL_POST &&
           base->streams[0].to == META_NOT;
}

const meta_relation meta_ordering[] = {
    {"shorter_services", "where services are shorter, nobody is served later", 10, shorter_services,
     .judge = nobody_is_later},
    {"more_desks", "where there are more desks and staff, nobody is served later", 10, more_desks,
     .judge = nobody_is_later},
    {"more_patience", "where nobody gives up, no desk serves fewer", 10, more_patience,
     .judge = services_begin_no_later},
    {"priority", "priority changes who waits, not how many", 8, priority, .judge = services_begin_at_the_same_times},
    {"first_class", "where a class goes first, none of it is served later", 8, first_class,
     .judge = first_class_is_no_later},
    {"more_of_everything", "twice the desks and staff everywhere: no more time at posts in all", 3, more_of_everything,
     .measure = measure_time, .replications = 20, .not_more = true},
    {"one_queue", "one queue for all desks: no more time at posts than with two", 3, one_queue, .measure = measure_time,
     .replications = 20, .not_more = true},
    {"two_streams", "two streams of half the people are one stream", 3, two_streams, .measure = measure_flow,
     .replications = 40},
    {"more_people", "twice the people choose in the same shares where nobody is informed", 3, more_people,
     .measure = measure_shares, .replications = 40},
};
const size_t meta_ordering_count = sizeof meta_ordering / sizeof *meta_ordering;
