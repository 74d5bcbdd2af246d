/* Other scales: all times doubled, all lengths and speeds doubled, everything a day later, services slowed as a night
 * does. */
#include <stdlib.h>
#include <string.h>

#include "tests/model/metamorphic/metamorphic.h"

static void double_time(sim_time *time)
{
    if (*time != META_NOT)
        *time *= 2;
}

static void double_streams(meta_scenario *s)
{
    for (uint32_t i = 0; i < s->stream_count; i++) {
        meta_stream *stream = &s->streams[i];
        stream->shape = meta_scaled(stream->shape, 2, 1);
        double_time(&stream->at);
        double_time(&stream->until);
        double_time(&stream->interval);
        stream->rate /= 2;
    }
}

/* Twice the capacity: clocks would not slow down with the rest, so that all are staffed and open day and night. */
static bool all_times_doubled(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->fatigue.given = false;
    for (uint32_t i = 0; i < base->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++)
            base->posts[i].sides[k].opens = base->posts[i].sides[k].closes = META_NOT;
    for (uint32_t i = 0; i < base->roster_count; i++) {
        base->rosters[i].handover = 0;
        base->rosters[i].shift_count = 1;
        base->rosters[i].shifts[0] = (meta_shift){
            .length = SIM_DAY, .head = base->rosters[i].shifts[0].head, .from = META_NOT, .until = META_NOT};
    }
    *other = *base;
    double_time(&other->duration);
    double_time(&other->interval);
    double_time(&other->bin);
    double_time(&other->warm_up);
    double_time(&other->target_wait);
    double_streams(other);
    for (uint32_t i = 0; i < other->link_count; i++) {
        other->links[i].length *= 2;
        other->links[i].capacity /= 2;
    }
    for (uint32_t i = 0; i < other->kind_count; i++)
        for (uint32_t k = 0; k < other->kinds[i].procedure_count; k++)
            other->kinds[i].procedures[k].time = meta_scaled(other->kinds[i].procedures[k].time, 2, 1);
    for (uint32_t i = 0; i < other->post_count; i++)
        other->posts[i].appeal *= 2;
    for (uint32_t i = 0; i < other->order_count; i++) {
        other->orders[i].at *= 2;
        other->orders[i].duration *= 2;
    }
    other->patience = meta_scaled(other->patience, 2, 1);
    double_time(&other->choice.scale);
    double_time(&other->choice.crowd_weight);
    double_time(&other->choice.delay);
    double_time(&other->choice.window);
    double_time(&other->choice.longest);
    double_time(&other->choice.gain);
    return true;
}

static bool lengths_and_speeds_doubled(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)base;
    (void)luck;
    for (int mode = 0; mode < MODEL_MODES; mode++)
        other->speeds[mode] *= 2;
    for (uint32_t i = 0; i < other->link_count; i++) {
        other->links[i].length *= 2;
        other->links[i].speed *= 2;
    }
    return true;
}

/* A day before, on which nothing happens but what happens every day. */
static bool a_day_later(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    for (uint32_t i = 0; i < base->stream_count; i++)
        if (base->streams[i].until == META_NOT || base->streams[i].until > base->duration)
            base->streams[i].until = base->duration;
    *other = *base;
    other->duration += SIM_DAY;
    other->warm_up += SIM_DAY;
    for (uint32_t i = 0; i < other->stream_count; i++) {
        other->streams[i].at += SIM_DAY;
        other->streams[i].until += SIM_DAY;
    }
    for (uint32_t i = 0; i < other->order_count; i++)
        other->orders[i].at += SIM_DAY;
    for (uint32_t i = 0; i < other->roster_count; i++)
        for (uint32_t k = 0; k < other->rosters[i].shift_count; k++) {
            meta_shift *shift = &other->rosters[i].shifts[k];
            shift->from += shift->from == META_NOT ? 0 : SIM_DAY;
            shift->until += shift->until == META_NOT ? 0 : SIM_DAY;
        }
    return true;
}

/* Where people work by night all day, and services take twice as long at night, they do. */
static bool night_all_day(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->fatigue.given = true;
    base->fatigue.slowing = base->fatigue.dulling = 0;
    base->fatigue.night = 1;
    base->fatigue.night_from = 0;
    base->fatigue.night_to = 86399; /* nothing is controlled in the last second of a day */
    *other = *base;
    other->fatigue.given = false;
    for (uint32_t i = 0; i < other->kind_count; i++)
        for (uint32_t k = 0; other->kinds[i].role != META_NOT && k < other->kinds[i].procedure_count; k++)
            other->kinds[i].procedures[k].time = meta_scaled(other->kinds[i].procedures[k].time, 2, 1);
    return base->roster_count > 0;
}

/* Nothing depends on who they are, only on how many. */
static bool twice_as_many_in_each_group(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->size_count = 0;
    base->scale = base->capacity = 1;
    for (uint32_t i = 0; i < base->kind_count; i++) {
        base->kinds[i].serves_group = true;
        base->kinds[i].when = base->kinds[i].unless = base->kinds[i].find_count = 0;
    }
    for (uint32_t i = 0; i < base->class_count; i++) {
        base->classes[i].traits = 0;
        base->classes[i].modes |= 1;
    }
    for (uint32_t i = 0; i < base->onward_count; i++)
        base->onward[i].when = base->onward[i].unless = 0;
    for (uint32_t i = 0; i < base->stream_count; i++) {
        base->streams[i].weight = 1;
        base->streams[i].people = (base->streams[i].people / base->constant_size + 1) * base->constant_size;
        for (uint32_t k = 0; k < META_ROWS; k++)
            base->streams[i].counts[k] = base->streams[i].counts[k] / base->constant_size * base->constant_size;
    }
    *other = *base;
    other->constant_size *= 2;
    other->choice.crowd_weight /= 2;
    for (uint32_t i = 0; i < other->stream_count; i++) {
        other->streams[i].people *= 2;
        other->streams[i].rate *= 2;
        for (uint32_t k = 0; k < META_ROWS; k++)
            other->streams[i].counts[k] *= 2;
    }
    for (uint32_t i = 0; i < other->link_count; i++)
        other->links[i].capacity *= 2;
    for (uint32_t i = 0; i < other->post_count; i++)
        for (int k = 0; k < MODEL_SIDES; k++)
            other->posts[i].sides[k].area *= 2;
    for (uint32_t i = 0; i < other->centre_count; i++)
        other->centres[i].beds *= other->centres[i].beds == META_NOT ? 1 : 2;
    return true;
}

/* The same services at the same times, of groups twice as large. */
static bool groups_are_twice_as_large(const meta_run *a, const meta_run *b, char why[META_WHY])
{
    size_t n, m;
    model_journey *one = meta_journeys(a, &n), *two = meta_journeys(b, &m);
    bool fine = n == m;
    (void)snprintf(why, META_WHY, "%zu services and %zu services", n, m);
    for (size_t i = 0; fine && i < n; i++) {
        two[i].size /= 2;
        fine = memcmp(&one[i], &two[i], sizeof one[i]) == 0;
        if (!fine)
            (void)snprintf(why, META_WHY,
                           "service %zu: of group %u of %u and of group %u of twice %u, began at %lld and %lld us", i,
                           one[i].group, one[i].size, two[i].group, two[i].size, (long long)one[i].started,
                           (long long)two[i].started);
    }
    free(one);
    free(two);
    return fine;
}

#define NEARLY (SIM_SECOND / 20)

const meta_relation meta_scaling[] = {
    {"all_times_doubled", "all times doubled: the same happens at twice the time", 12, all_times_doubled,
     .same = {.parts = META_RECORD & ~(unsigned)META_HISTOGRAMS, .totals = true, .factor = 2, .tolerance = NEARLY}},
    {"lengths_and_speeds_doubled", "twice the way at twice the speed", 6, lengths_and_speeds_doubled,
     .same = {.parts = META_IMAGE}},
    {"twice_as_many_in_each_group", "groups twice as large, in twice the space: the same services", 10,
     twice_as_many_in_each_group, .judge = groups_are_twice_as_large},
    {"a_day_later", "after a day of nothing all is as it would have been without it", 10, a_day_later,
     .same = {.parts = META_ALL & ~(unsigned)(META_PEAKS | META_TRAVEL_PEAKS),
              .shift = SIM_DAY}}, /* a bin begins with the level before */
    {"night_all_day", "services that are twice as long at night are so where it is always night", 6, night_all_day,
     .same = {.parts = META_RECORD & ~(unsigned)META_HISTOGRAMS, .totals = true, .tolerance = NEARLY}},
};
const size_t meta_scaling_count = sizeof meta_scaling / sizeof *meta_scaling;
