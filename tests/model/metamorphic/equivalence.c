/* Two ways of saying one thing: a shift and its two halves, an order's end and the opposite order, groups of one and
 * persons, a road and its parts. */
#include <stdlib.h>
#include <string.h>

#include "tests/model/metamorphic/metamorphic.h"

/* --- staff --- */

static void no_breaks(meta_scenario *s)
{
    for (uint32_t i = 0; i < s->roster_count; i++)
        for (uint32_t k = 0; k < s->rosters[i].shift_count; k++)
            s->rosters[i].shifts[k].break_length = 0;
}

/* Every shift becomes two, one after the other. */
static bool shifts_cut(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    no_breaks(base);
    base->fatigue.given = false; /* the second half is fresh */
    for (uint32_t i = 0; i < base->roster_count; i++) {
        base->rosters[i].handover = 0;
        for (uint32_t k = 0; k < base->rosters[i].shift_count; k++)
            base->rosters[i].shifts[k].from = base->rosters[i].shifts[k].until = META_NOT;
    }
    *other = *base;
    for (uint32_t i = 0; i < other->roster_count; i++) {
        meta_roster *roster = &other->rosters[i];
        uint32_t count = roster->shift_count;
        for (uint32_t k = 0; k < count && roster->shift_count < META_SHIFTS; k++) {
            meta_shift *first = &roster->shifts[k], *second = &roster->shifts[roster->shift_count++];
            sim_time cut = meta_among(luck, 1, first->length / META_MINUTE - 2) * META_MINUTE;
            *second = *first;
            second->start = (first->start + cut / SIM_SECOND) % 86400;
            second->length -= cut;
            first->length = cut;
        }
    }
    return base->roster_count > 0;
}

static bool rosters_cut(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    no_breaks(base);    /* waves of breaks round, */
    base->capacity = 1; /* and so does this */
    *other = *base;
    for (uint32_t i = 0; i < base->roster_count && other->roster_count < META_ROSTERS; i++) {
        meta_roster *first = &other->rosters[i], *second = &other->rosters[other->roster_count++];
        *second = *first;
        (void)snprintf(second->name, META_NAME, "second %u", i);
        for (uint32_t k = 0; k < first->shift_count; k++) {
            int64_t part = meta_among(luck, 0, first->shifts[k].head);
            first->shifts[k].head -= part;
            second->shifts[k].head = part;
        }
    }
    return base->roster_count > 0;
}

static bool twice_the_staff_for_each_desk(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    no_breaks(base);
    base->capacity = 1;
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++)
        other->kinds[i].staff_per_desk *= 2;
    for (uint32_t i = 0; i < other->roster_count; i++)
        for (uint32_t k = 0; k < other->rosters[i].shift_count; k++)
            other->rosters[i].shifts[k].head *= 2;
    return base->roster_count > 0;
}

/* Enough people day and night are as good as stations that need none. */
static bool always_staffed(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    base->fatigue.given = false;
    no_breaks(base);
    for (uint32_t i = 0; i < base->roster_count; i++) {
        base->rosters[i].handover = 0;
        base->rosters[i].shift_count = 1;
        base->rosters[i].shifts[0] = (meta_shift){
            .start = meta_among(luck, 0, 86399),
            .length = SIM_DAY,
            .head = 100000,
            .from = META_NOT,
            .until = META_NOT,
        };
    }
    *other = *base;
    other->roster_count = 0;
    for (uint32_t i = 0; i < other->kind_count; i++)
        other->kinds[i].role = META_NOT;
    return base->roster_count > 0;
}

/* --- orders --- */

static bool is_about_link(const meta_order *order)
{
    return order->order == META_CLOSE_LINK || order->order == META_OPEN_LINK;
}

/* An order with a duration, or that order and at its end the opposite one. */
static bool orders_ended_by_orders(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    static const meta_order_kind opposite[] = {
        [META_OPEN_LANES] = META_CLOSE_LANES, [META_CLOSE_LANES] = META_OPEN_LANES, [META_CLOSE_LINK] = META_OPEN_LINK};
    bool any = false;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < base->order_count;
         i++) { /* of those about links only the first closing: the last one given counts */
        bool about_link = false;
        for (uint32_t k = 0; k < kept; k++)
            about_link = about_link || is_about_link(&base->orders[k]);
        if (!is_about_link(&base->orders[i]) || (!about_link && base->orders[i].order == META_CLOSE_LINK))
            base->orders[kept++] = base->orders[i];
    }
    base->order_count = kept;
    *other = *base;
    for (uint32_t i = 0; i < base->order_count; i++) {
        const meta_order *order = &base->orders[i];
        if (order->duration == 0 || order->order == META_OUTAGE || order->order == META_SET_PROCEDURE)
            continue;
        meta_order *end = &other->orders[other->order_count++];
        *end = *order;
        end->order = opposite[order->order];
        end->at += order->duration;
        end->duration = other->orders[i].duration = 0;
        any = true;
    }
    return any;
}

static bool outage_in_parts(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    bool any = false;
    base->fatigue.given = other->fatigue.given = false; /* it is looked at whenever anything is controlled */
    for (uint32_t i = 0; i < base->order_count; i++) {
        const meta_order *order = &base->orders[i];
        if (order->order != META_OUTAGE || order->duration == 0)
            continue;
        meta_order *second = &other->orders[other->order_count++];
        *second = *order;
        sim_time cut = meta_among(luck, 1, order->duration / SIM_SECOND - 1) * SIM_SECOND;
        other->orders[i].duration = cut;
        second->at += cut;
        second->duration -= cut;
        any = true;
    }
    return any;
}

/* No lane is left, which is what an outage does. */
static bool outage_as_closed_lanes(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    bool any = false;
    for (uint32_t i = 0; i < base->order_count; i++)
        if (base->orders[i].order == META_OUTAGE) {
            other->orders[i].order = META_CLOSE_LANES;
            other->orders[i].lanes = 100000;
            any = true;
        }
    return any;
}

/* A road that is closed from the start, or none. */
static bool closed_road(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    uint32_t closed = (uint32_t)meta_among(luck, 0, base->link_count - 1), kept = 0;
    for (uint32_t i = 0; i < base->order_count; i++)
        if (!is_about_link(&base->orders[i]) || base->orders[i].link != closed)
            base->orders[kept++] = base->orders[i];
    base->order_count = kept;
    *other = *base;
    meta_add_order(base, META_CLOSE_LINK, 0)->link = closed;
    memmove(&other->links[closed], &other->links[closed + 1], (base->link_count - closed - 1) * sizeof *other->links);
    other->link_count--;
    for (uint32_t i = 0; i < other->order_count; i++)
        other->orders[i].link -= other->orders[i].link > closed;
    return other->link_count > 0;
}

static bool lead_times(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    for (uint32_t i = 0; i < base->order_count; i++) {
        other->orders[i].lead = meta_among(luck, 1, base->orders[i].at / SIM_SECOND) * SIM_SECOND;
        other->orders[i].at -= other->orders[i].lead;
    }
    return base->order_count > 0;
}

/* --- two words for one thing --- */

static bool one_way_and_back(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    other->link_count = 0;
    for (uint32_t i = 0; i < base->link_count && other->link_count + 1 < META_LINKS; i++) {
        meta_link *there = &other->links[other->link_count++];
        *there = base->links[i];
        for (uint32_t k = 0; k < base->order_count; k++)
            if (base->orders[k].link == i)
                other->orders[k].link = other->link_count - 1;
        if (there->one_way)
            continue;
        there->one_way = true;
        meta_link *back = &other->links[other->link_count++];
        *back = *there; /* the same name: orders mean both */
        back->from = there->to;
        back->to = there->from;
    }
    return other->link_count > base->link_count;
}

static bool singles(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->size_count = 0;
    base->constant_size = 1;
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++)
        other->kinds[i].serves_group = !other->kinds[i].serves_group;
    return true;
}

/* Stations that take everyone and need the same time for each: n people need n times as long. */
static bool groups_of_one_size(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    int64_t size = meta_among(luck, 2, 5);
    base->size_count = 0;
    base->constant_size = size;
    base->scale = 1;
    for (uint32_t i = 0; i < base->stream_count; i++) {
        base->streams[i].weight = 1;
        base->streams[i].people = (base->streams[i].people / size + 1) * size;
        for (uint32_t k = 0; k < META_ROWS; k++)
            base->streams[i].counts[k] = base->streams[i].counts[k] / size * size;
    }
    for (uint32_t i = 0; i < base->kind_count; i++)
        for (uint32_t k = 0; k < base->kinds[i].procedure_count; k++)
            base->kinds[i].procedures[k].time = meta_constant((sim_time)meta_mean(&base->kinds[i].procedures[k].time));
    *other = *base;
    bool any = false;
    for (uint32_t i = 0; i < other->kind_count; i++) {
        meta_kind *kind = &other->kinds[i];
        if (kind->serves_group || kind->when != 0 || kind->unless != 0)
            continue;
        kind->serves_group = any = true;
        for (uint32_t k = 0; k < kind->procedure_count; k++)
            kind->procedures[k].time.a *= size;
    }
    return any;
}

static bool one_rank(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    int64_t rank = meta_among(luck, 1, SIM_PRIORITIES - 1);
    for (uint32_t i = 0; i < base->class_count; i++)
        base->classes[i].priority = rank;
    if (base->class_count == META_CLASSES)
        base->class_count--;
    base->classes[base->class_count++] = (meta_class){"rest", 0, 0, rank};
    *other = *base;
    bool any = false;
    for (uint32_t i = 0; i < other->kind_count; i++) {
        any = any || base->kinds[i].by_priority;
        other->kinds[i].by_priority = false;
    }
    return any;
}

static bool only_one_post(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->posts[0].modes =
        META_ALL_MODES; /* who is bound for a post may come by modes by which nobody would choose it */
    *other = *base;
    bool any = false;
    for (uint32_t i = 0; i < other->stream_count; i++)
        if (other->places[other->streams[i].from].kind != MODEL_POST) {
            other->streams[i].to = other->streams[i].to == META_NOT ? 0 : META_NOT;
            any = true;
        }
    return any && base->post_count == 1 && !meta_has(base, MODEL_INFORMAL);
}

static bool bound_people_leave(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    base->patient = false;
    for (uint32_t i = 0; i < base->stream_count; i++)
        if (base->places[base->streams[i].from].kind != MODEL_POST)
            base->streams[i].to = (int)meta_among(luck, 0, base->post_count - 1);
    *other = *base;
    other->tries_another = !base->tries_another;
    return true;
}

/* A first station that finds all who have a trait, and no others: the stations behind may ask for the mark or for the
 * trait. */
static bool perfect_screening(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    uint32_t trait = (uint32_t)meta_among(luck, 0, base->trait_count - 2), mark = base->trait_count;
    uint32_t asks = (uint32_t)meta_among(luck, 0, base->kind_count - 1), screen = base->kind_count;
    meta_add_trait(base, "seen", 0);
    meta_kind *kind = meta_add_kind(base, "screening", meta_constant(7 * SIM_SECOND));
    kind->desks = 5;
    kind->find_count = 1;
    kind->finds[0] = (meta_find){trait, mark, 1, 1};
    for (uint32_t i = 0; i < base->post_count; i++)
        meta_insert_station(&base->posts[i].sides[0], 0, screen);
    *other = *base;
    base->kinds[asks].when = 1u << mark;
    other->kinds[asks].when = 1u << trait;
    return !meta_has(base, MODEL_INFORMAL); /* whoever comes to a centre from there has not been screened */
}

/* A way that takes everyone the same time, or setting out that much later at its end. */
static bool a_way_of_known_length(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    sim_time way = meta_among(luck, 1, 360) * META_MINUTE;
    uint32_t post = (uint32_t)meta_among(luck, 0, base->post_count - 1), place = base->posts[post].place,
             town = base->place_count;
    meta_add_place(base, "Far town", MODEL_ORIGIN);
    base->variation = 0;
    for (int mode = 0; mode < MODEL_MODES; mode++)
        base->speeds[mode] = 2;
    base->link_count = 0;
    meta_add_link(base, "long road", town, place, 2 * (double)(way / SIM_SECOND));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < base->order_count; i++)
        if (!is_about_link(&base->orders[i]))
            base->orders[kept++] = base->orders[i];
    base->order_count = kept;
    for (uint32_t i = 0; i < base->stream_count; i++) {
        meta_stream *stream = &base->streams[i];
        if (stream->kind == META_TABLE)
            stream->kind = META_SHAPE; /* rows behind the end are left out */
        stream->from = town;
        stream->to = (int)post;
        if (stream->until == META_NOT || stream->until > base->duration - way)
            stream->until = base->duration - way;
    }
    *other = *base;
    for (uint32_t i = 0; i < other->stream_count; i++) {
        other->streams[i].from = place;
        other->streams[i].to = META_NOT;
        other->streams[i].at += way;
        other->streams[i].until += way;
    }
    return true;
}

static bool a_road_with_a_stop(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    uint32_t cut = (uint32_t)meta_among(luck, 0, base->link_count - 1), stop = base->place_count, kept = 0;
    base->choice.reconsider = false; /* at the stop they would choose anew */
    base->links[cut].capacity = 0;
    for (uint32_t i = 0; i < base->order_count; i++)
        if (!is_about_link(&base->orders[i]))
            base->orders[kept++] = base->orders[i];
    base->order_count = kept;
    *other = *base;
    meta_add_place(other, "Stop", MODEL_JUNCTION);
    meta_link *first = &other->links[cut],
              *second = meta_add_link(other, "second half", stop, first->to, first->length / 2);
    second->modes = first->modes;
    second->speed = first->speed;
    second->one_way = first->one_way;
    first->to = stop;
    first->length /= 2;
    return true;
}

#define ON_DUTY "staff/on_duty"

const meta_relation meta_equivalence[] = {
    {"shifts_cut", "two shifts one after the other are one", 8, shifts_cut, .same = {.parts = META_RECORD}},
    {"rosters_cut", "people of a role at a side are one pool, in how many rosters they stand", 6, rosters_cut,
     .same = {.parts = META_IMAGE}},
    {"twice_the_staff_for_each_desk", "twice the staff, twice of them at each desk: the same desks", 6,
     twice_the_staff_for_each_desk, .same = {.parts = META_ALL, .except = ON_DUTY}},
    {"always_staffed", "more staff than desks day and night is no limit", 6, always_staffed,
     .same = {.parts = META_RECORD, .except = ON_DUTY}},
    {"orders_ended_by_orders", "the end of an order's duration is the opposite order", 8, orders_ended_by_orders,
     .same = {.parts = META_ALL}},
    {"outage_as_closed_lanes", "an outage closes all lanes", 6, outage_as_closed_lanes, .same = {.parts = META_ALL}},
    {"closed_road", "a road that is closed from the start is none", 10, closed_road, .same = {.parts = META_ALL}},
    {"lead_times", "an order takes effect when its lead time is over", 6, lead_times, .same = {.parts = META_IMAGE}},
    {"outage_in_parts", "two outages one after the other are one", 6, outage_in_parts, .same = {.parts = META_RECORD}},
    {"one_way_and_back", "a link is two of one way", 6, one_way_and_back, .same = {.parts = META_IMAGE}},
    {"singles", "who comes alone is served as a person or as a group", 6, singles, .same = {.parts = META_IMAGE}},
    {"groups_of_one_size", "n persons of the same service time are one group of n times that", 8, groups_of_one_size,
     .same = {.parts = META_IMAGE}},
    {"one_rank", "priority among equals is first come, first served", 6, one_rank, .same = {.parts = META_ALL}},
    {"only_one_post", "where there is one post, choosing it and being bound for it are the same", 5, only_one_post,
     .same = {.parts = META_ALL & ~(unsigned)META_FATES}},
    {"bound_people_leave", "who is bound for a post tries no other one", 6, bound_people_leave,
     .same = {.parts = META_IMAGE}},
    {"perfect_screening", "a mark of all who have a trait is as good as the trait", 8, perfect_screening,
     .same = {.parts = META_IMAGE}},
    {"a_way_of_known_length", "a way of the same length for all is a later time", 8, a_way_of_known_length,
     .same = {.parts = META_JOURNEYS}},
    {"a_road_with_a_stop", "a road is the sum of its parts", 8, a_road_with_a_stop,
     .same = {.parts = META_JOURNEYS | META_PLAIN,
              .except = "people/present",
              .totals = true,
              .tolerance = SIM_SECOND / 1000}},
};
const size_t meta_equivalence_count = sizeof meta_equivalence / sizeof *meta_equivalence;
