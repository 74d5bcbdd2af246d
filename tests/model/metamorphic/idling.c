/* What is there and does nothing: traits that nobody asks for, posts that nobody can reach, patience that never ends,
 * orders that are taken back at once, clocks that only record. */
#include <stdlib.h>
#include <string.h>

#include "tests/model/metamorphic/metamorphic.h"

/* --- nobody and nothing --- */

static bool unused_trait(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    (void)luck;
    meta_add_trait(other, "left-handed", 0.5)->among = 0;
    return true;
}

static bool unused_station(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    meta_kind *kind = meta_add_kind(other, "customs", meta_constant(SIM_HOUR));
    kind->role = 0;
    kind = &other->kinds[meta_among(luck, 0, other->kind_count - 2)];
    meta_procedure *procedure = &kind->procedures[kind->procedure_count++];
    *procedure = (meta_procedure){"never", meta_constant(SIM_DAY)};
    return true;
}

static bool shift_of_nobody(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    base->fatigue.given = false;
    *other = *base;
    for (uint32_t i = 0; i < other->roster_count; i++)
        other->rosters[i].shifts[other->rosters[i].shift_count++] = (meta_shift){
            .start = meta_among(luck, 0, 86399),
            .length = meta_among(luck, 7, 24) * SIM_HOUR,
            .head = 0,
            .from = META_NOT,
            .until = META_NOT,
        };
    return other->roster_count > 0;
}

static bool dead_end(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    meta_add_place(other, "Sackgasse", MODEL_JUNCTION);
    meta_add_link(other, "to nowhere", (uint32_t)meta_among(luck, 0, other->place_count - 2), other->place_count - 1,
                  10);
    return true;
}

/* Behind the others, so that their numbers stay, which name tastes and service times. */
static bool unreachable_post(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    if (meta_has(base, MODEL_INFORMAL) || (base->centre_count > 0 && base->centres[0].side.count > 0))
        return false;
    meta_add_place(other, "Island", MODEL_POST);
    meta_post *post = meta_add_post(other, other->place_count - 1);
    post->appeal = 100 * SIM_HOUR;
    for (uint32_t i = 0; i < other->kind_count && post->sides[1].count == 0; i++)
        if (other->kinds[i].role == META_NOT)
            meta_insert_station(&post->sides[1], 0, i);
    return true;
}

/* Anywhere among stations without chance, whose numbers name no luck; or behind all others. */
static bool station_nobody_needs(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    bool anywhere = meta_chance(luck, 0.6) || base->centre_count > 0; /* a centre's stations come last */
    meta_add_trait(base, "from the moon", 0);
    for (uint32_t i = 0; anywhere && i < base->kind_count; i++) {
        base->kinds[i].find_count = 0;
        for (uint32_t k = 0; k < base->kinds[i].procedure_count; k++)
            base->kinds[i].procedures[k].time = meta_constant((sim_time)meta_mean(&base->kinds[i].procedures[k].time));
    }
    *other = *base;
    meta_kind *kind = meta_add_kind(other, "quarantine", meta_constant(SIM_DAY));
    kind->when = 1u << (other->trait_count - 1);
    kind->room = meta_chance(luck, 0.5) ? 0 : META_NOT;
    uint32_t post = anywhere ? (uint32_t)meta_among(luck, 0, other->post_count - 1) : other->post_count - 1;
    uint32_t at =
        anywhere ? (uint32_t)meta_among(luck, 0, other->posts[post].sides[1].count) : other->posts[post].sides[1].count;
    meta_insert_station(&other->posts[post].sides[1], at, other->kind_count - 1);
    return true;
}

static bool agencies(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    other->agency_count = META_AGENCIES;
    (void)snprintf(other->agencies[0], META_NAME, "guard");
    (void)snprintf(other->agencies[1], META_NAME, "Red Cross");
    for (uint32_t i = 0; i < other->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++)
            other->posts[i].sides[k].agency = (int)meta_among(luck, META_NOT, META_AGENCIES - 1);
    for (uint32_t i = 0; i < other->centre_count; i++)
        other->centres[i].side.agency = (int)meta_among(luck, META_NOT, META_AGENCIES - 1);
    for (uint32_t i = 0; i < other->roster_count; i++)
        other->rosters[i].agency = (int)meta_among(luck, META_NOT, META_AGENCIES - 1);
    return true;
}

static bool class_of_nobody(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    meta_add_trait(base, "king", 0);
    *other = *base;
    memmove(&other->classes[1], &other->classes[0], other->class_count * sizeof *other->classes);
    other->classes[0] = (meta_class){"kings", 1u << (other->trait_count - 1), 0, 7};
    other->class_count++;
    return true;
}

/* A class of all who are left, of the lowest priority, is what `everyone` is. */
static bool class_of_the_rest(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    (void)luck;
    other->classes[other->class_count++] = (meta_class){"rest", 0, 0, 0};
    return true;
}

static bool conditions_that_all_meet(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    meta_add_trait(base, "human", 1);
    meta_add_trait(base, "dead", 0);
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++) {
        other->kinds[i].unless |= 1u << (other->trait_count - 1);
        if (other->kinds[i].when == 0)
            other->kinds[i].when = 1u << (other->trait_count - 2);
    }
    return true;
}

static bool screening_that_finds_nobody(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    for (uint32_t i = 0; i < base->kind_count; i++)
        base->kinds[i].find_count = 0;
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++) {
        other->kinds[i].find_count = 1;
        other->kinds[i].finds[0] = (meta_find){0, other->trait_count - 1, 0, 1};
    }
    return true;
}

/* --- limits out of reach --- */

static bool endless_patience(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->patient = true;
    *other = *base;
    other->patient = false;
    other->patience = meta_constant(3000 * SIM_DAY);
    return true;
}

static bool space_for_all(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    for (uint32_t i = 0; i < base->centre_count; i++)
        base->centres[i].beds = META_NOT;
    for (uint32_t i = 0; i < base->kind_count; i++)
        base->kinds[i].room = META_NOT;
    for (uint32_t i = 0; i < base->post_count; i++)
        base->posts[i].sides[0].area = base->posts[i].sides[1].area = 0;
    *other = *base;
    for (uint32_t i = 0; i < other->kind_count; i++)
        if (i == 0 || meta_chance(luck, 0.5))
            other->kinds[i].room = 1000000000;
    for (uint32_t i = 0; i < other->centre_count; i++)
        other->centres[i].beds = 100000000;
    for (uint32_t i = 0; i < other->post_count; i++) {
        other->posts[i].turn_away = !other->posts[i].turn_away;
        for (int k = 0; k < MODEL_SIDES; k++)
            if (meta_chance(luck, 0.7)) {
                other->posts[i].sides[k].area = 1e8;
                other->posts[i].sides[k].density = 8;
            }
    }
    return true;
}

static bool wide_roads(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    for (uint32_t i = 0; i < base->link_count; i++)
        base->links[i].capacity = 0;
    for (uint32_t i = 0; i < base->stream_count; i++)
        if (base->streams[i].shape.family == META_CONSTANT)
            base->streams[i].shape.family = META_EXPONENTIAL; /* nobody at the same instant */
    *other = *base;
    for (uint32_t i = 0; i < base->link_count; i++)
        other->links[i].capacity = 3.6e9; /* a person a microsecond */
    return true;
}

static bool fatigue_never_reached(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->fatigue.given = false;
    *other = *base;
    other->fatigue.given = true;
    other->fatigue.slowing = other->fatigue.dulling = 5;
    other->fatigue.onset = SIM_DAY;
    other->fatigue.night = 3;
    other->fatigue.night_from = other->fatigue.night_to = 7 * 3600; /* no time of day lies between */
    return base->roster_count > 0;
}

/* --- orders --- */

/* Whenever anything is controlled, tiredness is looked at: one more order is one more look. */
static void no_fatigue(meta_scenario *s)
{
    s->fatigue.given = false;
}

/* A station that is there: its post and side, and the kind. */
static void name_station(meta_scenario *s, meta_order *order, meta_luck *luck)
{
    const meta_side *side;
    do {
        order->post = (int)meta_among(luck, 0, s->post_count - 1);
        order->side = (int)meta_among(luck, 0, MODEL_SIDES - 1);
        side = &s->posts[order->post].sides[order->side];
    } while (side->count == 0);
    order->station = (int)side->stations[meta_among(luck, 0, side->count - 1)].kind;
}

static bool order_taken_back(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    static const meta_order_kind orders[] = {META_OPEN_LANES, META_CLOSE_LANES, META_CLOSE_LINK},
                                 back[] = {META_CLOSE_LANES, META_OPEN_LANES, META_OPEN_LINK};
    uint32_t kept = 0;
    no_fatigue(base);
    for (uint32_t i = 0; i < base->order_count; i++) /* one that closed a link before would be taken back too */
        if (base->orders[i].order != META_CLOSE_LINK && base->orders[i].order != META_OPEN_LINK)
            base->orders[kept++] = base->orders[i];
    base->order_count = kept;
    *other = *base;
    for (int i = 0; i < 3; i++) {
        meta_order *order =
            meta_add_order(other, orders[i], meta_among(luck, 1, base->duration / 2 / SIM_SECOND) * SIM_SECOND);
        name_station(other, order, luck);
        order->link = (uint32_t)meta_among(luck, 0, other->link_count - 1);
        order->lanes = meta_among(luck, 1, 20);
        meta_order *second = meta_add_order(other, back[i], order->at);
        second->post = order->post;
        second->side = order->side;
        second->station = order->station;
        second->link = order->link;
        second->lanes = order->lanes;
    }
    return true;
}

/* To work as one works; to open what is open. */
static bool order_of_what_is_so(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    uint32_t kept = 0;
    no_fatigue(base);
    for (uint32_t i = 0; i < base->order_count; i++)
        if (base->orders[i].order != META_CLOSE_LINK && base->orders[i].order != META_OPEN_LINK &&
            base->orders[i].order != META_SET_PROCEDURE)
            base->orders[kept++] = base->orders[i];
    base->order_count = kept;
    *other = *base;
    meta_order *open =
        meta_add_order(other, META_OPEN_LINK, meta_among(luck, 0, base->duration / 2 / SIM_SECOND) * SIM_SECOND);
    open->link = (uint32_t)meta_among(luck, 0, other->link_count - 1);
    meta_order *set =
        meta_add_order(other, META_SET_PROCEDURE, meta_among(luck, 0, base->duration / 2 / SIM_SECOND) * SIM_SECOND);
    name_station(other, set, luck);
    const meta_side *side = &other->posts[set->post].sides[set->side];
    const meta_kind *kind = &other->kinds[set->station];
    for (uint32_t i = 0; i < side->count; i++)
        if (side->stations[i].kind == (uint32_t)set->station)
            (void)snprintf(
                set->procedure, META_NAME, "%s",
                kind->procedures[side->stations[i].procedure == META_NOT ? 0 : side->stations[i].procedure].name);
    return true;
}

/* A power cut at night at a post that works by day. */
static bool outage_while_closed(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    int post = (int)meta_among(luck, 0, base->post_count - 1);
    no_fatigue(base);
    int64_t opens = meta_among(luck, 30, 40) * 900, closes = meta_among(luck, 60, 80) * 900;
    for (int k = 0; k < MODEL_SIDES; k++) {
        base->posts[post].sides[k].opens = opens;
        base->posts[post].sides[k].closes = closes;
    }
    *other = *base;
    meta_order *order = meta_add_order(other, META_OUTAGE, 0);
    int64_t until = (closes - base->start_clock + 86400) % 86400; /* from the start */
    int64_t night = 86400 - (closes - opens), late = meta_among(luck, 0, night / 2);
    order->post = post;
    order->at = (until + late) * SIM_SECOND;
    order->duration = meta_among(luck, 60, night - late) * SIM_SECOND;
    return true;
}

/* --- clocks that only record --- */

static bool longer_bins(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    base->warm_up = 0;
    *other = *base;
    other->bin *= meta_among(luck, 2, 5);
    return true;
}

static bool warm_up(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    base->warm_up = 0;
    *other = *base;
    other->warm_up = meta_among(luck, 1, base->duration / base->bin - 1) * base->bin;
    return base->duration / base->bin > 2;
}

static bool target_wait(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    other->target_wait += meta_among(luck, 1, 600) * META_MINUTE;
    return true;
}

/* Nobody knows what is published, and nobody tires. */
static bool control_interval(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    static const int parts[] = {2, 3, 5};
    base->choice.informed = 0;
    base->fatigue.given = false;
    *other = *base;
    other->interval /= parts[meta_among(luck, 0, 2)];
    return true;
}

static bool information_for_nobody(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    base->choice.informed = 0;
    *other = *base;
    other->choice.wait_weight += 3;
    other->choice.crowd_weight += 5 * SIM_HOUR;
    other->choice.delay += meta_among(luck, 1, 5) * SIM_HOUR;
    other->choice.window += meta_among(luck, 1, 5) * SIM_HOUR;
    other->choice.longest /= 2;
    other->choice.gain += SIM_HOUR;
    other->choice.reconsider = !other->choice.reconsider;
    return true;
}

static bool appeal_of_all(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    sim_time appeal = meta_among(luck, 1, 20) * SIM_HOUR;
    for (uint32_t i = 0; i < base->post_count; i++)
        other->posts[i].appeal += appeal;
    return base->post_count > 1 && !meta_has(base, MODEL_INFORMAL);
}

static bool longer_run(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    for (uint32_t i = 0; i < base->stream_count;
         i++) { /* otherwise they go on, and the next stream's groups have other numbers */
        meta_stream *stream = &base->streams[i];
        if (stream->until == META_NOT || stream->until > base->duration)
            stream->until = base->duration;
        while (stream->at + (sim_time)stream->rows * stream->interval > base->duration)
            stream->rows--;
    }
    *other = *base;
    other->duration += meta_among(luck, 1, 3000) * META_MINUTE;
    return true;
}

const meta_relation meta_idling[] = {
    {"unused_trait", "a trait that nobody asks for does nothing", 6, unused_trait, .same = {.parts = META_ALL},
     .more = true},
    {"unused_station", "a station at no post and a procedure that nobody works by do nothing", 6, unused_station,
     .same = {.parts = META_ALL}},
    {"shift_of_nobody", "a shift of nobody opens no desk", 6, shift_of_nobody, .same = {.parts = META_RECORD}},
    {"dead_end", "a road to nowhere leads nobody astray", 6, dead_end, .same = {.parts = META_ALL}},
    {"unreachable_post", "a post that nobody can reach is no post", 8, unreachable_post, .same = {.parts = META_ALL}},
    {"station_nobody_needs", "a station that takes nobody holds up nobody", 10, station_nobody_needs,
     .same = {.parts = META_ALL}},
    {"agencies", "who commands what does nothing by itself", 4, agencies, .same = {.parts = META_IMAGE}},
    {"class_of_nobody", "a class of nobody does nothing", 6, class_of_nobody,
     .same = {.parts = META_ALL, .classes_added = true}},
    {"class_of_the_rest", "a class of the rest is `everyone`", 6, class_of_the_rest,
     .same = {.parts = META_ALL, .classes_added = true}},
    {"conditions_that_all_meet", "a condition that all meet is none", 8, conditions_that_all_meet,
     .same = {.parts = META_ALL}},
    {"screening_that_finds_nobody", "a screening without alarms changes nobody's way", 6, screening_that_finds_nobody,
     .same = {.parts = META_ALL, .except = "screening/concerned screening/unconcerned"}},
    {"endless_patience", "patience that never ends is none to be lost", 8, endless_patience,
     .same = {.parts = META_ALL}},
    {"space_for_all", "areas and rooms that are never full stop nobody", 10, space_for_all,
     .same = {.parts = META_ALL, .except = "crowd/* reception/*"}},
    {"wide_roads", "roads that are never full hold up nobody", 6, wide_roads,
     .same = {.parts = META_JOURNEYS | META_PLAIN, .totals = true, .tolerance = SIM_SECOND / 1000}},
    {"fatigue_never_reached", "nobody tires who goes home in time", 5, fatigue_never_reached,
     .same = {.parts = META_ALL}},
    {"order_taken_back", "an order and its opposite at the same instant are none", 8, order_taken_back,
     .same = {.parts = META_RECORD}},
    {"order_of_what_is_so", "an order of what is so already is none", 6, order_of_what_is_so,
     .same = {.parts = META_RECORD}},
    {"outage_while_closed", "an outage of a closed post does nothing", 8, outage_while_closed,
     .same = {.parts = META_RECORD, .except = "staff/on_duty"}},
    {"longer_bins", "the length of a bin changes nobody's journey, and sums stay", 10, longer_bins,
     .same = {.parts = META_ALL, .totals = true}, .more = true},
    {"warm_up", "the warm-up changes nobody's journey, nor counts and levels", 6, warm_up,
     .same = {.parts = META_ALL & ~(unsigned)(META_DURATIONS | META_HISTOGRAMS)}, .more = true},
    {"target_wait", "the target changes nothing but who is within it", 5, target_wait,
     .same = {.parts = META_ALL, .except = "flow/on_time"}},
    {"control_interval", "how often waits are published does not matter where nobody is informed", 10, control_interval,
     .same = {.parts = META_RECORD}},
    {"information_for_nobody", "what is published does not matter where nobody is informed", 8, information_for_nobody,
     .same = {.parts = META_ALL}},
    {"appeal_of_all", "what all posts have in common makes none of them better", 6, appeal_of_all,
     .same = {.parts = META_ALL}},
    {"longer_run", "what comes later does not change what was before", 10, longer_run,
     .same = {.parts = META_ALL & ~(unsigned)(META_FATES | META_HISTOGRAMS), .only_shared = true}},
};
const size_t meta_idling_count = sizeof meta_idling / sizeof *meta_idling;
