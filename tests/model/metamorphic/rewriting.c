/* The same scenario, written otherwise: other names and units, numbers multiplied out, another order in the file,
 * another date and clock. */
#include <stdlib.h>
#include <string.h>

#include "tests/model/metamorphic/metamorphic.h"

/* --- words and units --- */

/* Names in the opposite alphabetical order, with blanks and letters beyond ASCII. */
static void rename_one(char name[META_NAME], const char *word, uint32_t number)
{
    (void)snprintf(name, META_NAME, "%c %s %u", (char)('z' - number % 26), word, number);
}

static bool other_names(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    rename_one(other->name, "Überschwemmung", 7);
    for (uint32_t i = 0; i < other->place_count; i++)
        rename_one(other->places[i].name, "Őrtorony", i);
    for (uint32_t i = 0; i < other->link_count; i++)
        rename_one(other->links[i].name, "út", i);
    for (uint32_t i = 0; i < other->order_count; i++)
        rename_one(other->orders[i].procedure, "Verfahren",
                   strcmp(base->orders[i].procedure, base->kinds[0].procedures[0].name) == 0 ? 0 : 1);
    for (uint32_t i = 0; i < other->kind_count; i++)
        for (uint32_t k = 0; k < other->kinds[i].procedure_count; k++)
            rename_one(other->kinds[i].procedures[k].name, "Verfahren", k);
    for (uint32_t i = 0; i < other->kind_count; i++)
        rename_one(other->kinds[i].name, "Prüfung", i);
    for (uint32_t i = 0; i < other->roster_count; i++)
        rename_one(other->rosters[i].name, "list", i);
    for (uint32_t i = 0; i < other->trait_count; i++)
        rename_one(other->traits[i].name, "nevlastní", i);
    for (uint32_t i = 0; i < other->class_count; i++)
        rename_one(other->classes[i].name, "grupo", i);
    for (uint32_t i = 0; i < META_ROLES; i++)
        rename_one(other->roles[i], "roll", i);
    for (uint32_t i = 0; i < other->agency_count; i++)
        rename_one(other->agencies[i], "úřad", i);
    return true;
}

static bool small_units(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    (void)luck;
    other->small_units = true;
    return true;
}

static bool scale_written_out(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->scale = 2;
    *other = *base;
    other->scale = 1;
    for (uint32_t i = 0; i < other->stream_count; i++) {
        meta_stream *stream = &other->streams[i];
        if (i % 2 == 0) {
            stream->weight *= 2;
            continue;
        }
        stream->people *= 2;
        stream->rate *= 2;
        for (uint32_t k = 0; k < META_ROWS; k++)
            stream->counts[k] *= 2;
    }
    return true;
}

static bool capacity_written_out(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->capacity = 2;
    *other = *base;
    other->capacity = 1;
    for (uint32_t i = 0; i < other->kind_count; i++)
        other->kinds[i].desks *= 2;
    for (uint32_t i = 0; i < other->link_count; i++)
        other->links[i].capacity *= 2;
    for (uint32_t i = 0; i < other->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++) {
            meta_side *side = &other->posts[i].sides[k];
            side->area *= 2;
            for (uint32_t n = 0; n < side->count; n++)
                if (side->stations[n].desks != META_NOT)
                    side->stations[n].desks *= 2;
        }
    for (uint32_t i = 0; i < other->centre_count; i++) {
        meta_centre *centre = &other->centres[i];
        centre->beds *= centre->beds == META_NOT ? 1 : 2;
        for (uint32_t n = 0; n < centre->side.count; n++)
            if (centre->side.stations[n].desks != META_NOT)
                centre->side.stations[n].desks *= 2;
    }
    for (uint32_t i = 0; i < other->roster_count; i++)
        for (uint32_t k = 0; k < other->rosters[i].shift_count; k++)
            other->rosters[i].shifts[k].head *= 2;
    return true;
}

static bool weights_doubled(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    (void)luck;
    for (int i = 0; i < META_SIZES; i++)
        other->size_weights[i] *= 2;
    for (int mode = 0; mode < MODEL_MODES; mode++) {
        other->modes[mode] *= 2;
        for (uint32_t i = 0; i < other->stream_count; i++)
            other->streams[i].modes[mode] *= 2;
    }
    return true;
}

static bool density_for_area(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    (void)luck;
    bool any = false;
    for (uint32_t i = 0; i < other->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++) {
            any = any || other->posts[i].sides[k].area > 0;
            other->posts[i].sides[k].area *= 2;
            other->posts[i].sides[k].density /= 2;
        }
    return any;
}

/* --- the order in the file --- */

static void move_places(meta_scenario *s, meta_luck *luck)
{
    uint32_t from[META_PLACES], to[META_PLACES];
    meta_place places[META_PLACES];
    memcpy(places, s->places, sizeof places);
    meta_shuffle(luck, from, s->place_count);
    for (uint32_t i = 0; i < s->place_count; i++) {
        s->places[i] = places[from[i]];
        to[from[i]] = i;
    }
    for (uint32_t i = 0; i < s->link_count; i++) {
        s->links[i].from = to[s->links[i].from];
        s->links[i].to = to[s->links[i].to];
    }
    for (uint32_t i = 0; i < s->post_count; i++)
        s->posts[i].place = to[s->posts[i].place];
    for (uint32_t i = 0; i < s->stream_count; i++)
        s->streams[i].from = to[s->streams[i].from];
    for (uint32_t i = 0; i < s->centre_count; i++)
        s->centres[i].place = to[s->centres[i].place];
    for (uint32_t i = 0; i < s->roster_count; i++)
        s->rosters[i].place = to[s->rosters[i].place];
    for (uint32_t i = 0; i < s->onward_count; i++) {
        s->onward[i].from = to[s->onward[i].from];
        s->onward[i].to = to[s->onward[i].to];
    }
}

static void move_links(meta_scenario *s, meta_luck *luck)
{
    uint32_t from[META_LINKS], to[META_LINKS];
    meta_link links[META_LINKS];
    memcpy(links, s->links, sizeof links);
    meta_shuffle(luck, from, s->link_count);
    for (uint32_t i = 0; i < s->link_count; i++) {
        s->links[i] = links[from[i]];
        to[from[i]] = i;
    }
    for (uint32_t i = 0; i < s->order_count; i++)
        s->orders[i].link = to[s->orders[i].link];
}

static void move_kinds(meta_scenario *s, meta_luck *luck)
{
    uint32_t from[META_KINDS], to[META_KINDS];
    meta_kind kinds[META_KINDS];
    memcpy(kinds, s->kinds, sizeof kinds);
    meta_shuffle(luck, from, s->kind_count);
    for (uint32_t i = 0; i < s->kind_count; i++) {
        s->kinds[i] = kinds[from[i]];
        to[from[i]] = i;
    }
    for (uint32_t i = 0; i < s->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++)
            for (uint32_t n = 0; n < s->posts[i].sides[k].count; n++)
                s->posts[i].sides[k].stations[n].kind = to[s->posts[i].sides[k].stations[n].kind];
    for (uint32_t i = 0; i < s->centre_count; i++)
        for (uint32_t n = 0; n < s->centres[i].side.count; n++)
            s->centres[i].side.stations[n].kind = to[s->centres[i].side.stations[n].kind];
    for (uint32_t i = 0; i < s->order_count; i++)
        if (s->orders[i].station != META_NOT)
            s->orders[i].station = (int)to[s->orders[i].station];
}

/* Rosters, their shifts, and orders (whose times are all different). */
static void move_rows(meta_scenario *s, meta_luck *luck)
{
    uint32_t from[META_ROSTERS];
    meta_roster rosters[META_ROSTERS];
    meta_order orders[META_ORDERS];
    memcpy(rosters, s->rosters, sizeof rosters);
    memcpy(orders, s->orders, sizeof orders);
    meta_shuffle(luck, from, s->roster_count);
    for (uint32_t i = 0; i < s->roster_count; i++) {
        uint32_t shifts[META_SHIFTS];
        s->rosters[i] = rosters[from[i]];
        meta_shuffle(luck, shifts, s->rosters[i].shift_count);
        for (uint32_t k = 0; k < s->rosters[i].shift_count; k++)
            s->rosters[i].shifts[k] = rosters[from[i]].shifts[shifts[k]];
    }
    meta_shuffle(luck, from, s->order_count);
    for (uint32_t i = 0; i < s->order_count; i++)
        s->orders[i] = orders[from[i]];
}

/* Informal crossings and destinations are numbered as places stand in the file, and these numbers name tastes. */
static bool another_order_in_the_file(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    if (meta_has(base, MODEL_INFORMAL) && meta_has(base, MODEL_DESTINATION))
        return false;
    move_places(other, luck);
    move_links(other, luck);
    move_kinds(other, luck);
    move_rows(other, luck);
    return true;
}

/* Posts and stations draw by their numbers: without chance at them their order must not matter either. */
static bool posts_permuted(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    uint32_t from[META_POSTS], to[META_POSTS];
    base->fatigue.dulling = 0;
    for (uint32_t i = 0; i < base->kind_count; i++) {
        meta_kind *kind = &base->kinds[i];
        for (uint32_t k = 0; k < kind->procedure_count; k++)
            kind->procedures[k].time = meta_constant((sim_time)meta_mean(&kind->procedures[k].time));
        for (uint32_t k = 0; k < kind->find_count; k++)
            kind->finds[k].sensitivity = kind->finds[k].specificity = 1;
    }
    for (uint32_t i = 0; i < base->stream_count; i++)
        if (base->places[base->streams[i].from].kind != MODEL_POST)
            base->streams[i].to = (int)meta_among(luck, 0, base->post_count - 1);
    *other = *base;
    meta_shuffle(luck, from, base->post_count);
    for (uint32_t i = 0; i < base->post_count; i++) {
        other->posts[i] = base->posts[from[i]];
        to[from[i]] = i;
    }
    bool moved = false;
    for (uint32_t i = 0; i < base->post_count; i++)
        moved = moved || from[i] != i;
    for (uint32_t i = 0; i < other->stream_count; i++)
        if (other->streams[i].to != META_NOT)
            other->streams[i].to = (int)to[other->streams[i].to];
    for (uint32_t i = 0; i < other->order_count; i++)
        if (other->orders[i].post != META_NOT)
            other->orders[i].post = (int)to[other->orders[i].post];
    return moved;
}

/* --- time of day --- */

static bool start_moved_by_days(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    other->start_day += meta_among(luck, 1, 3000);
    other->offset = (int)meta_among(luck, -44, 50) * 15; /* nor does it matter where on Earth this is */
    return true;
}

static int64_t turned(int64_t clock, int64_t by)
{
    return clock == META_NOT ? META_NOT : (clock + by) % 86400;
}

static bool clock_turned(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    int64_t by = meta_among(luck, 1, 95) * 900;
    other->start_clock = turned(other->start_clock, by);
    other->fatigue.night_from = turned(other->fatigue.night_from, by);
    other->fatigue.night_to = turned(other->fatigue.night_to, by);
    for (uint32_t i = 0; i < other->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++) {
            other->posts[i].sides[k].opens = turned(other->posts[i].sides[k].opens, by);
            other->posts[i].sides[k].closes = turned(other->posts[i].sides[k].closes, by);
        }
    for (uint32_t i = 0; i < other->roster_count; i++)
        for (uint32_t k = 0; k < other->rosters[i].shift_count; k++)
            other->rosters[i].shifts[k].start = turned(other->rosters[i].shifts[k].start, by);
    return true;
}

const meta_relation meta_rewriting[] = {
    {"other_names", "names mean nothing", 10, other_names, .same = {.parts = META_IMAGE}},
    {"small_units", "a quantity is the same in any unit", 5, small_units, .same = {.parts = META_IMAGE}, .more = true},
    {"scale_written_out", "`scale` 2 is twice the people in each stream", 8, scale_written_out,
     .same = {.parts = META_IMAGE}},
    {"capacity_written_out", "`capacity` 2 is twice the desks, staff, areas and capacities of links", 12,
     capacity_written_out, .same = {.parts = META_IMAGE}},
    {"weights_doubled", "of weights only their ratios count", 5, weights_doubled, .same = {.parts = META_IMAGE},
     .more = true},
    {"density_for_area", "half the density on twice the area holds as many", 4, density_for_area,
     .same = {.parts = META_ALL, .except = "crowd/*"}},
    {"another_order_in_the_file",
     "the order of places, links, stations, rosters, shifts and orders in the file does not matter", 12,
     another_order_in_the_file, .same = {.parts = META_ALL}},
    {"posts_permuted", "the order of posts does not matter where their numbers name no luck", 8, posts_permuted,
     .same = {.parts = META_ALL}},
    {"start_moved_by_days", "the date and the time zone do not matter, the time of day does", 8, start_moved_by_days,
     .same = {.parts = META_IMAGE}},
    {"clock_turned", "all times of day later by the same: nothing changes", 8, clock_turned,
     .same = {.parts = META_IMAGE}},
};
const size_t meta_rewriting_count = sizeof meta_rewriting / sizeof *meta_rewriting;
