/* What scenarios are made with: luck that is always the same, and parts that are added with defaults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/metamorphic/metamorphic.h"

/* --- luck --- */

static double unit(meta_luck *luck)
{
    return sim_rng_unit(sim_rng_draw(&luck->rng, 1, 1, luck->n++));
}

bool meta_chance(meta_luck *luck, double probability)
{
    return unit(luck) < probability;
}

int64_t meta_among(meta_luck *luck, int64_t first, int64_t last)
{
    return first + (int64_t)(unit(luck) * (double)(last - first + 1));
}

void meta_shuffle(meta_luck *luck, uint32_t *order, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = (uint32_t)meta_among(luck, 0, i - 1), moved = order[i - 1];
        order[i - 1] = order[k];
        order[k] = moved;
    }
}

/* --- additions --- */

#define ADD(s, list, count, most, name_)                                                     \
    (assert_true((s)->count < (most)), memset(&(s)->list[(s)->count], 0, sizeof *(s)->list), \
     (void)snprintf((s)->list[(s)->count].name, META_NAME, "%s", name_), &(s)->list[(s)->count++])

meta_place *meta_add_place(meta_scenario *s, const char *name, model_place_kind kind)
{
    meta_place *place = ADD(s, places, place_count, META_PLACES, name);
    place->kind = kind;
    return place;
}

meta_link *meta_add_link(meta_scenario *s, const char *name, uint32_t from, uint32_t to, double length)
{
    meta_link *link = ADD(s, links, link_count, META_LINKS, name);
    link->from = from;
    link->to = to;
    link->length = length;
    link->modes = META_ALL_MODES;
    return link;
}

meta_kind *meta_add_kind(meta_scenario *s, const char *name, meta_time time)
{
    meta_kind *kind = ADD(s, kinds, kind_count, META_KINDS, name);
    kind->procedure_count = 1;
    (void)snprintf(kind->procedures[0].name, META_NAME, "usual");
    kind->procedures[0].time = time;
    kind->desks = kind->staff_per_desk = 1;
    kind->room = kind->role = META_NOT;
    kind->modes = META_ALL_MODES;
    return kind;
}

meta_post *meta_add_post(meta_scenario *s, uint32_t place)
{
    assert_true(s->post_count < META_POSTS);
    meta_post *post = &s->posts[s->post_count++];
    *post = (meta_post){.place = place, .modes = META_ALL_MODES};
    for (int side = 0; side < MODEL_SIDES; side++)
        post->sides[side].opens = post->sides[side].closes = post->sides[side].agency = META_NOT;
    return post;
}

meta_onward *meta_add_onward(meta_scenario *s, uint32_t from, uint32_t to)
{
    assert_true(s->onward_count < META_ONWARDS);
    meta_onward *onward = &s->onward[s->onward_count++];
    *onward = (meta_onward){.from = from, .to = to, .modes = META_ALL_MODES, .share = 1, .by = META_NOT};
    return onward;
}

bool meta_has(const meta_scenario *s, model_place_kind kind)
{
    for (uint32_t i = 0; i < s->place_count; i++)
        if (s->places[i].kind == kind)
            return true;
    return false;
}

meta_trait *meta_add_trait(meta_scenario *s, const char *name, double share)
{
    meta_trait *trait = ADD(s, traits, trait_count, META_TRAITS, name);
    trait->share = share;
    trait->among = META_NOT;
    return trait;
}

meta_order *meta_add_order(meta_scenario *s, meta_order_kind kind, sim_time at)
{
    assert_true(s->order_count < META_ORDERS);
    meta_order *order = &s->orders[s->order_count++];
    *order = (meta_order){.order = kind, .at = at, .post = META_NOT, .side = META_NOT, .station = META_NOT};
    return order;
}

void meta_insert_station(meta_side *side, uint32_t at, uint32_t kind)
{
    assert_true(side->count < META_CHAIN && at <= side->count);
    memmove(&side->stations[at + 1], &side->stations[at], (side->count - at) * sizeof *side->stations);
    side->stations[at] = (meta_station){kind, META_NOT, META_NOT};
    side->count++;
}

/* --- times --- */

meta_time meta_constant(sim_time time)
{
    return (meta_time){.family = META_CONSTANT, .a = time};
}

meta_time meta_scaled(meta_time time, int64_t times, int64_t by)
{
    time.a = time.a * times / by;
    time.b = time.b * times / by;
    time.c = time.c * times / by;
    return time;
}

double meta_mean(const meta_time *time)
{
    if (time->family == META_UNIFORM)
        return (double)(time->a + time->b) / 2;
    return time->family == META_TRIANGULAR ? (double)(time->a + time->b + time->c) / 3 : (double)time->a;
}
