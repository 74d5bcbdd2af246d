/* Random scenarios: one to four posts with both sides, an informal crossing, a centre, a destination, several kinds of
 * stations, rosters, classes, traits, junctions, streams of three kinds, patience, choice, fatigue and orders, all
 * valid, congested more often than not; small enough to run in milliseconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/metamorphic/metamorphic.h"

/* --- luck --- */

static uint32_t below(meta_luck *luck, uint32_t n)
{
    return (uint32_t)meta_among(luck, 0, n - 1);
}

/* Some of n bits, at least one. */
static uint32_t bits(meta_luck *luck, uint32_t n)
{
    uint32_t mask = 1u << below(luck, n);
    for (uint32_t i = 0; i < n; i++)
        mask |= meta_chance(luck, 0.4) ? 1u << i : 0;
    return mask;
}

static uint32_t modes(meta_luck *luck, double restricted)
{
    return meta_chance(luck, restricted) ? bits(luck, MODEL_MODES) : META_ALL_MODES;
}

/* --- times --- */

/* Of about this mean; whole multiples of 40 ms, so that simple shares of them are whole too. */
static meta_time random_time(meta_luck *luck, sim_time mean)
{
    sim_time unit = SIM_SECOND / 25, m = mean / unit * unit + unit;
    meta_family family = (meta_family)below(luck, META_GAMMA + 1);
    if (family == META_GAMMA && meta_chance(luck, 0.7)) /* takes ten times as long to compile */
        family = META_LOGNORMAL;
    switch (family) {
    case META_UNIFORM:
        return (meta_time){.family = family, .a = m / unit / 2 * unit, .b = m / unit / 2 * unit + m};
    case META_TRIANGULAR:
        return (meta_time){.family = family, .a = m / unit / 4 * unit, .b = m, .c = 2 * m};
    default:
        return (meta_time){.family = family, .a = m, .shape = (double)meta_among(luck, 5, 15) / 10};
    }
}

/* --- the parts --- */

static void draw_base(meta_scenario *s, meta_luck *luck)
{
    static const int intervals[] = {5, 10, 15, 30, 60}, bins[] = {1, 2, 4, 6}, offsets[] = {60, 0, -210, 330, 765};
    s->start_day = meta_among(luck, 0, 500);
    s->start_clock = meta_chance(luck, 0.4) ? 0 : meta_among(luck, 0, 95) * 900;
    s->offset = offsets[below(luck, 5)];
    s->duration =
        meta_among(luck, 14, 40) * SIM_HOUR + (meta_chance(luck, 0.3) ? meta_among(luck, 1, 59) * META_MINUTE : 0);
    s->interval = intervals[below(luck, 5)] * META_MINUTE;
    s->bin = s->interval * bins[below(luck, 4)];
    s->warm_up = meta_chance(luck, 0.3) ? meta_among(luck, 1, 4 * SIM_HOUR / s->bin + 1) * s->bin : 0;
    s->target_wait = meta_among(luck, 1, 120) * META_MINUTE;
    s->scale = meta_chance(luck, 0.2) ? 1.5 : 1;
    s->capacity = meta_chance(luck, 0.2) ? 1.5 : 1;
}

static void draw_people(meta_scenario *s, meta_luck *luck)
{
    static const char *const names[] = {"child", "sick", "without papers", "alone"};
    s->size_count = meta_chance(luck, 0.25) ? 0 : (uint32_t)meta_among(luck, 2, META_SIZES);
    s->constant_size = meta_among(luck, 1, 4);
    for (uint32_t i = 0; i < META_SIZES; i++) {
        s->sizes[i] = i + 1 + (i == META_SIZES - 1 ? 4 : 0);
        s->size_weights[i] = (double)meta_among(luck, 1, 9);
    }
    for (int mode = 0; mode < MODEL_MODES; mode++)
        s->modes[mode] = meta_chance(luck, 0.3) ? 0 : (double)meta_among(luck, 1, 9);
    s->modes[below(luck, 3)] = 5;
    uint32_t traits = (uint32_t)meta_among(luck, 1, 4);
    for (uint32_t i = 0; i < traits; i++) {
        meta_trait *trait = meta_add_trait(s, names[i], (double)meta_among(luck, 1, 12) / 20);
        if (i > 0 && meta_chance(luck, 0.3))
            trait->among = (int)below(luck, i);
    }
    meta_add_trait(s, "found", 0);
    s->class_count = below(luck, 4);
    for (uint32_t i = 0; i < s->class_count; i++) {
        meta_class *class = &s->classes[i];
        (void)snprintf(class->name, META_NAME, "class %u", i);
        class->traits = meta_chance(luck, 0.7) ? bits(luck, s->trait_count - 1) : 0;
        class->modes = class->traits == 0 || meta_chance(luck, 0.3) ? bits(luck, MODEL_MODES) : 0;
        class->priority = meta_among(luck, 0, SIM_PRIORITIES - 1);
    }
}

static double random_length(meta_luck *luck)
{
    return (double)(meta_chance(luck, 0.3) ? meta_among(luck, 10, 400) * 2 : meta_among(luck, 500, 12000) * 2);
}

static void draw_link(meta_scenario *s, meta_luck *luck, uint32_t from, uint32_t to)
{
    char name[META_NAME];
    (void)snprintf(name, sizeof name, "road %u", s->link_count);
    meta_link *link = meta_add_link(s, name, from, to, random_length(luck));
    link->modes = modes(luck, 0.2);
    link->one_way = meta_chance(luck, 0.2);
    if (meta_chance(luck, 0.3))
        link->capacity = (double)meta_among(luck, 1, 20) * 15;
    if (meta_chance(luck, 0.2))
        link->speed = (double)meta_among(luck, 4, 20);
}

static void draw_onward(meta_scenario *s, meta_luck *luck, uint32_t from, uint32_t to)
{
    draw_link(s, luck, from, to);
    meta_onward *onward = meta_add_onward(s, from, to);
    onward->share = (double)meta_among(luck, 4, 16) / 16;
    onward->modes = modes(luck, 0.2);
    onward->when = meta_chance(luck, 0.2) ? bits(luck, s->trait_count) : 0;
    onward->unless = meta_chance(luck, 0.2) ? bits(luck, s->trait_count) : 0;
    onward->by = meta_chance(luck, 0.3) ? (int)below(luck, MODEL_MODES) : META_NOT;
}

/* An informal crossing, a centre, a destination: each with ways to it, and on from it to the next. */
static void draw_beyond(meta_scenario *s, meta_luck *luck)
{
    uint32_t crossings[META_POSTS + 1], count = 0, centre = META_PLACES;
    for (uint32_t i = 0; i < s->post_count; i++)
        crossings[count++] = s->posts[i].place;
    if (meta_chance(luck, 0.25)) {
        meta_add_place(s, "Ford", MODEL_INFORMAL);
        crossings[count++] = s->place_count - 1;
        draw_link(s, luck, 0, s->place_count - 1);
    }
    if (meta_chance(luck, 0.4)) {
        meta_add_place(s, "Camp", MODEL_CENTRE);
        centre = s->place_count - 1;
        s->centres[s->centre_count++] = (meta_centre){
            .place = centre,
            .beds = meta_chance(luck, 0.6) ? meta_among(luck, 10, 200) : META_NOT,
            .side = {.opens = META_NOT, .closes = META_NOT, .agency = META_NOT},
        };
        for (uint32_t i = 0; i < count; i++)
            if (i == 0 || meta_chance(luck, 0.5))
                draw_onward(s, luck, crossings[i], centre);
    }
    if (meta_chance(luck, 0.4)) {
        meta_add_place(s, "Far city", MODEL_DESTINATION);
        if (centre < META_PLACES)
            draw_onward(s, luck, centre, s->place_count - 1);
        draw_onward(s, luck, crossings[below(luck, count)], s->place_count - 1);
    }
}

/* Origins, junctions and posts, in this order; each of the latter has a way from one of the former. */
static void draw_land(meta_scenario *s, meta_luck *luck)
{
    char name[META_NAME];
    uint32_t origins = (uint32_t)meta_among(luck, 1, 2), junctions = below(luck, 3),
             posts = (uint32_t)meta_among(luck, 1, 4);
    for (uint32_t i = 0; i < origins; i++) {
        (void)snprintf(name, sizeof name, "Town %u", i);
        meta_add_place(s, name, MODEL_ORIGIN);
    }
    for (uint32_t i = 0; i < junctions; i++) {
        (void)snprintf(name, sizeof name, "Forks %u", i);
        meta_add_place(s, name, MODEL_JUNCTION);
        for (uint32_t from = 0; from < origins; from++)
            if (from == 0 || meta_chance(luck, 0.6))
                draw_link(s, luck, from, s->place_count - 1);
    }
    for (uint32_t i = 0; i < posts; i++) {
        (void)snprintf(name, sizeof name, "Bridge %u", i);
        meta_add_place(s, name, MODEL_POST);
        meta_post *post = meta_add_post(s, s->place_count - 1);
        post->modes = modes(luck, 0.15);
        post->appeal = meta_chance(luck, 0.3) ? meta_among(luck, -8, 8) * 15 * META_MINUTE : 0;
        post->turn_away = meta_chance(luck, 0.2);
        uint32_t ways = (uint32_t)meta_among(luck, 1, 2);
        for (uint32_t k = 0; k < ways; k++)
            draw_link(s, luck, below(luck, origins + junctions), post->place);
        if (i > 0 && meta_chance(luck, 0.5))
            draw_link(s, luck, s->posts[i - 1].place, post->place);
    }
    draw_beyond(s, luck);
    s->speeds[0] = (double)meta_among(luck, 8, 16) / 8;
    for (int mode = 1; mode < MODEL_MODES; mode++)
        s->speeds[mode] = (double)meta_among(luck, 8, 20);
    s->variation = (int)below(luck, 3);
    s->choice.scale = meta_among(luck, 1, 20) * 6 * META_MINUTE;
    s->choice.wait_weight = (double)meta_among(luck, 0, 8) / 4;
    s->choice.crowd_weight = meta_among(luck, 0, 4) * SIM_HOUR;
    s->choice.informed = (double)meta_among(luck, 0, 4) / 4;
    s->choice.delay = meta_among(luck, 0, 6) * 30 * META_MINUTE;
    s->choice.window = meta_among(luck, 1, 6) * 30 * META_MINUTE;
    s->choice.longest = meta_among(luck, 4, 40) * SIM_HOUR;
    s->choice.reconsider = meta_chance(luck, 0.8);
    s->choice.gain = meta_among(luck, 0, 4) * 15 * META_MINUTE;
}

static void draw_kinds(meta_scenario *s, meta_luck *luck)
{
    uint32_t kinds = (uint32_t)meta_among(luck, 2, 5);
    for (uint32_t i = 0; i < kinds; i++) {
        char name[META_NAME];
        (void)snprintf(name, sizeof name, "check %u", i);
        sim_time mean = meta_among(luck, 10, 150) * SIM_SECOND;
        meta_kind *kind = meta_add_kind(s, name, random_time(luck, mean));
        if (meta_chance(luck, 0.4)) {
            kind->procedure_count = 2;
            (void)snprintf(kind->procedures[1].name, META_NAME, "simple");
            kind->procedures[1].time = random_time(luck, mean / 2);
        }
        kind->serves_group = meta_chance(luck, 0.4);
        kind->by_priority = meta_chance(luck, 0.4);
        kind->desks = meta_among(luck, 1, 7);
        kind->role = meta_chance(luck, 0.6) ? (int)below(luck, META_ROLES) : META_NOT;
        kind->staff_per_desk = kind->role == META_NOT ? 1 : meta_among(luck, 1, 2);
        kind->room = meta_chance(luck, 0.2) ? meta_among(luck, 0, 20) : META_NOT;
        kind->modes = modes(luck, 0.15);
        if (meta_chance(luck, 0.3))
            kind->when = bits(luck, s->trait_count);
        if (meta_chance(luck, 0.2))
            kind->unless = bits(luck, s->trait_count);
        kind->find_count = meta_chance(luck, 0.3) ? (uint32_t)meta_among(luck, 1, META_FINDS) : 0;
        for (uint32_t k = 0; k < kind->find_count; k++)
            kind->finds[k] = (meta_find){below(luck, s->trait_count - 1), s->trait_count - 1,
                                         (double)meta_among(luck, 2, 10) / 10, (double)meta_among(luck, 7, 10) / 10};
    }
}

static void draw_stations(meta_scenario *s, meta_luck *luck, meta_side *side, uint32_t count)
{
    uint32_t order[META_KINDS];
    meta_shuffle(luck, order, s->kind_count);
    for (uint32_t i = 0; i < count && i < s->kind_count; i++) {
        meta_insert_station(side, i, order[i]);
        if (meta_chance(luck, 0.3))
            side->stations[i].desks = meta_among(luck, 1, 9);
        if (meta_chance(luck, 0.3))
            side->stations[i].procedure = (int)below(luck, s->kinds[order[i]].procedure_count);
    }
}

static void draw_sides(meta_scenario *s, meta_luck *luck)
{
    for (uint32_t i = 0; i < s->post_count; i++)
        for (uint32_t k = 0; k < MODEL_SIDES; k++) {
            meta_side *side = &s->posts[i].sides[k];
            draw_stations(s, luck, side, (uint32_t)meta_among(luck, k == 0 ? 0 : 1, 3));
            if (meta_chance(luck, 0.3)) {
                side->area = (double)meta_among(luck, 5, 80);
                side->density = (double)meta_among(luck, 1, 4);
            }
            if (meta_chance(luck, 0.2)) {
                side->opens = meta_among(luck, 0, 95) * 900;
                side->closes = (side->opens + meta_among(luck, 24, 90) * 900) % 86400;
            }
        }
    for (uint32_t i = 0; i < s->centre_count; i++)
        draw_stations(s, luck, &s->centres[i].side, (uint32_t)meta_among(luck, 0, 2));
}

static void draw_shift(meta_shift *shift, const meta_scenario *s, meta_luck *luck, sim_time handover)
{
    *shift = (meta_shift){
        .start = meta_among(luck, 0, 95) * 900,
        .length = meta_among(luck, 4, 24) * SIM_HOUR,
        .head = meta_among(luck, 1, 9),
        .from = META_NOT,
        .until = META_NOT,
    };
    if (meta_chance(luck, 0.1))
        shift->from = meta_among(luck, 0, s->duration / META_MINUTE) * META_MINUTE;
    if (meta_chance(luck, 0.1))
        shift->until = meta_among(luck, 0, s->duration / META_MINUTE) * META_MINUTE;
    if (meta_chance(luck, 0.3)) {
        shift->break_waves = meta_among(luck, 1, 3);
        shift->break_length = meta_among(luck, 1, 8) * 5 * META_MINUTE;
        shift->break_after = handover + meta_among(luck, 0, 8) * 15 * META_MINUTE;
        if (shift->break_after + shift->break_length * shift->break_waves > shift->length)
            shift->break_length = 0;
    }
}

static void draw_roster(meta_scenario *s, meta_luck *luck, uint32_t place, uint32_t side, int role)
{
    char name[META_NAME];
    (void)snprintf(name, sizeof name, "roster %u", s->roster_count);
    assert_true(s->roster_count < META_ROSTERS);
    meta_roster *roster = &s->rosters[s->roster_count++];
    *roster = (meta_roster){.place = place};
    memcpy(roster->name, name, sizeof name);
    roster->side = side;
    roster->role = role;
    roster->agency = META_NOT;
    roster->handover = meta_chance(luck, 0.2) ? meta_among(luck, 1, 6) * 5 * META_MINUTE : 0;
    roster->shift_count = (uint32_t)meta_among(luck, 1, 3);
    for (uint32_t i = 0; i < roster->shift_count; i++)
        draw_shift(&roster->shifts[i], s, luck, roster->handover);
}

/* One or two for each role that the side's stations need. */
static void draw_staff(meta_scenario *s, meta_luck *luck, uint32_t place, uint32_t number, const meta_side *side)
{
    bool needed[META_ROLES] = {0};
    for (uint32_t i = 0; i < side->count; i++)
        if (s->kinds[side->stations[i].kind].role != META_NOT)
            needed[s->kinds[side->stations[i].kind].role] = true;
    for (int role = 0; role < META_ROLES; role++)
        for (int64_t rosters = meta_chance(luck, 0.2) ? 2 : 1; needed[role] && rosters > 0; rosters--)
            draw_roster(s, luck, place, number, role);
}

static void draw_rosters(meta_scenario *s, meta_luck *luck)
{
    for (uint32_t i = 0; i < s->post_count; i++)
        for (uint32_t k = 0; k < MODEL_SIDES; k++)
            draw_staff(s, luck, s->posts[i].place, k, &s->posts[i].sides[k]);
    for (uint32_t i = 0; i < s->centre_count; i++)
        draw_staff(s, luck, s->centres[i].place, 1, &s->centres[i].side);
}

static void draw_streams(meta_scenario *s, meta_luck *luck)
{
    static const model_place_kind from[] = {MODEL_ORIGIN, MODEL_ORIGIN, MODEL_ORIGIN, MODEL_JUNCTION, MODEL_POST};
    s->stream_count = (uint32_t)meta_among(luck, 1, 4);
    for (uint32_t i = 0; i < s->stream_count; i++) {
        meta_stream *stream = &s->streams[i];
        model_place_kind kind = from[below(luck, 5)];
        do
            stream->from = below(luck, s->place_count);
        while (s->places[stream->from].kind != kind &&
               !(kind == MODEL_JUNCTION && s->places[stream->from].kind == MODEL_ORIGIN));
        stream->kind = (meta_stream_kind)(meta_chance(luck, 0.5) ? META_SHAPE : below(luck, 3));
        stream->to = s->places[stream->from].kind != MODEL_POST && meta_chance(luck, 0.25)
                         ? (int)below(luck, s->post_count)
                         : META_NOT;
        stream->people = meta_among(luck, 60, 600);
        stream->at = meta_among(luck, 0, 24) * 15 * META_MINUTE;
        stream->shape = random_time(luck, s->duration / meta_among(luck, 3, 8));
        stream->until = meta_chance(luck, 0.3) ? stream->at + meta_among(luck, 1, 20) * SIM_HOUR : META_NOT;
        stream->rate = (double)meta_among(luck, 4, 40);
        stream->rows = (uint32_t)meta_among(luck, 1, META_ROWS);
        stream->interval = meta_among(luck, 1, s->duration / SIM_HOUR / META_ROWS) * SIM_HOUR;
        for (uint32_t k = 0; k < stream->rows; k++)
            stream->counts[k] = meta_among(luck, 0, 160);
        stream->weight = meta_chance(luck, 0.2) ? 0.75 : 1;
        stream->own_modes = meta_chance(luck, 0.2);
        for (int mode = 0; mode < MODEL_MODES; mode++)
            stream->modes[mode] = (double)meta_among(luck, mode == 0 ? 1 : 0, 3);
    }
}

static void draw_order(meta_scenario *s, meta_luck *luck, sim_time at)
{
    meta_order_kind kind = (meta_order_kind)below(luck, META_OPEN_LINK + 1);
    meta_order *order = meta_add_order(s, kind, at);
    order->duration = meta_chance(luck, 0.7) ? meta_among(luck, 10, 480) * META_MINUTE : 0;
    if (kind == META_CLOSE_LINK || kind == META_OPEN_LINK) {
        order->link = below(luck, s->link_count);
        return;
    }
    const meta_side *side;
    uint32_t post, k;
    do {
        post = below(luck, s->post_count);
        k = below(luck, MODEL_SIDES);
        side = &s->posts[post].sides[k];
    } while (side->count == 0);
    const meta_station *station = &side->stations[below(luck, side->count)];
    order->lanes = meta_among(luck, 1, 4);
    order->post = meta_chance(luck, 0.2) ? META_NOT : (int)post;
    order->side = meta_chance(luck, 0.2) ? META_NOT : (int)k;
    order->station = kind == META_SET_PROCEDURE || meta_chance(luck, 0.5) ? (int)station->kind : META_NOT;
    const meta_kind *declared = &s->kinds[station->kind];
    memcpy(order->procedure, declared->procedures[below(luck, declared->procedure_count)].name, META_NAME);
}

static void draw_orders(meta_scenario *s, meta_luck *luck)
{
    uint32_t count = below(luck, 6);
    sim_time at = 0;
    for (uint32_t i = 0; i < count; i++) {
        at += meta_among(luck, 1, 300) * META_MINUTE + meta_among(luck, 0, 59) * SIM_SECOND; /* all different */
        draw_order(s, luck, at);
    }
}

/* Sections that relations need to know nothing about go here, as text, each key at the left margin: only relations with
 * `more` see them. Names of the scenario (places, posts, stations, traits) are at hand in `s`. */
static void meta_more(meta_scenario *s, meta_luck *luck)
{
    FILE *to = fmemopen(s->more, sizeof s->more, "w");
    assert_non_null(to);
    fprintf(to, "confidence: %g\n", meta_chance(luck, 0.5) ? 0.9 : 0.99);
    if (meta_chance(luck, 0.3))
        fprintf(to, "indicators: {by: [\"%s\"]}\n", s->traits[0].name);
    if (meta_chance(luck, 0.3))
        fprintf(to, "reporting: {coverage: {uniform: {low: 0.5, high: 1.2}}, rounding: 5, every: %d h}\n",
                (int)meta_among(luck, 1, 6));
    if (meta_chance(luck, 0.5)) {
        const meta_post *post = &s->posts[below(luck, s->post_count)];
        const char *trait = s->traits[below(luck, s->trait_count)].name,
                   *station = s->kinds[post->sides[1].stations[0].kind].name;
        fprintf(to,
                "pathways: {shelter: {mark: [\"%s\"], site: \"%s\", stations: [\"%s\"], takes: %s, places: %d, "
                "time: {exponential: {mean: %d min}}, then: %s}}\n",
                trait, s->places[post->place].name, station, meta_chance(luck, 0.5) ? "person" : "group",
                (int)meta_among(luck, 1, 20), (int)meta_among(luck, 10, 300),
                meta_chance(luck, 0.5) ? "settled" : "crossed");
    }
    assert_int_equal(fclose(to), 0);
}

void meta_random(meta_scenario *s, uint64_t number)
{
    meta_luck luck = {{20310301, number}, 0};
    memset(s, 0, sizeof *s);
    s->label = 'a';
    (void)snprintf(s->name, sizeof s->name, "Scenario %llu", (unsigned long long)number);
    for (int role = 0; role < META_ROLES; role++)
        (void)snprintf(s->roles[role], META_NAME, "role %d", role);
    draw_base(s, &luck);
    draw_people(s, &luck);
    draw_land(s, &luck);
    draw_kinds(s, &luck);
    draw_sides(s, &luck);
    draw_rosters(s, &luck);
    draw_streams(s, &luck);
    draw_orders(s, &luck);
    s->patient = meta_chance(&luck, 0.5);
    s->tries_another = meta_chance(&luck, 0.5);
    s->patience = random_time(&luck, meta_among(&luck, 30, 600) * META_MINUTE);
    s->fatigue.given = meta_chance(&luck, 0.4);
    s->fatigue.slowing = (double)meta_among(&luck, 0, 4) / 16;
    s->fatigue.night = (double)meta_among(&luck, 0, 4) / 8;
    s->fatigue.dulling = (double)meta_among(&luck, 0, 4) / 8;
    s->fatigue.onset = meta_among(&luck, 1, 10) * SIM_HOUR;
    s->fatigue.night_from = meta_among(&luck, 76, 95) * 900;
    s->fatigue.night_to = meta_among(&luck, 10, 30) * 900;
    meta_more(s, &luck);
}
