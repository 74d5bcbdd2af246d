/* A scenario as YAML. All that a scenario says is written, defaults too; numbers exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/model/metamorphic/metamorphic.h"

typedef struct {
    const meta_scenario *s;
    FILE *to;
} writer;

static const char *const mode_names[MODEL_MODES] = {"foot", "car", "bus", "rail"};

/* In seconds where these are whole, else in microseconds; with `small_units` all in microseconds. */
static const char *quantity(const writer *w, sim_time time, char text[32])
{
    if (time % SIM_SECOND == 0 && !w->s->small_units)
        (void)snprintf(text, 32, "%lld s", (long long)(time / SIM_SECOND));
    else
        (void)snprintf(text, 32, "%lld us", (long long)time);
    return text;
}

static void put_time(const writer *w, const char *key, sim_time time)
{
    char text[32];
    fprintf(w->to, "%s: %s, ", key, quantity(w, time, text));
}

/* A time that may be missing. */
static void put_optional(const writer *w, const char *key, sim_time time)
{
    if (time != META_NOT)
        put_time(w, key, time);
}

static void put_clock(const writer *w, const char *key, int64_t seconds)
{
    fprintf(w->to, "%s: \"%02d:%02d:%02d\", ", key, (int)(seconds / 3600), (int)(seconds / 60 % 60),
            (int)(seconds % 60));
}

static void put_distribution(const writer *w, const char *key, const meta_time *time)
{
    char a[32], b[32], c[32];
    quantity(w, time->a, a);
    quantity(w, time->b, b);
    quantity(w, time->c, c);
    fprintf(w->to, "%s: ", key);
    switch (time->family) {
    case META_CONSTANT:
        fprintf(w->to, "%s, ", a);
        break;
    case META_EXPONENTIAL:
        fprintf(w->to, "{exponential: {mean: %s}}, ", a);
        break;
    case META_UNIFORM:
        fprintf(w->to, "{uniform: {low: %s, high: %s}}, ", a, b);
        break;
    case META_TRIANGULAR:
        fprintf(w->to, "{triangular: {low: %s, mode: %s, high: %s}}, ", a, b, c);
        break;
    case META_LOGNORMAL:
        fprintf(w->to, "{lognormal: {mean: %s, cv: %.17g}}, ", a, time->shape);
        break;
    case META_WEIBULL:
        fprintf(w->to, "{weibull: {mean: %s, shape: %.17g}}, ", a, time->shape);
        break;
    case META_GAMMA:
        fprintf(w->to, "{gamma: {mean: %s, cv: %.17g}}, ", a, time->shape);
        break;
    }
}

static void put_modes(const writer *w, uint32_t modes)
{
    fputs("modes: [", w->to);
    for (int mode = 0; mode < MODEL_MODES; mode++)
        if (modes >> mode & 1)
            fprintf(w->to, "%s, ", mode_names[mode]);
    fputs("], ", w->to);
}

static void put_traits(const writer *w, const char *key, uint32_t traits)
{
    if (traits == 0)
        return;
    fprintf(w->to, "%s: [", key);
    for (uint32_t i = 0; i < w->s->trait_count; i++)
        if (traits >> i & 1)
            fprintf(w->to, "\"%s\", ", w->s->traits[i].name);
    fputs("], ", w->to);
}

/* A local date and time, with its offset or without, `after` the start. */
static void put_instant(const writer *w, sim_time after, bool with_offset)
{
    const meta_scenario *s = w->s;
    time_t local =
        1930089600 + (time_t)(s->start_day * 86400 + s->start_clock + after / SIM_SECOND); /* from 2031-03-01 on */
    struct tm parts;
    char text[40];
    assert_non_null(gmtime_r(&local, &parts));
    (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    int offset = s->offset < 0 ? -s->offset : s->offset;
    fputs(text, w->to);
    if (with_offset)
        fprintf(w->to, "%c%02d:%02d", s->offset < 0 ? '-' : '+', offset / 60, offset % 60);
}

static void put_base(const writer *w)
{
    const meta_scenario *s = w->s;
    static const char *const names[] = {"duration", "control_interval", "bin", "warm_up", "target_wait"};
    const sim_time times[] = {s->duration, s->interval, s->bin, s->warm_up, s->target_wait};
    char text[32];
    fprintf(w->to, "hbm: 1\nname: \"%s\"\nstart: ", s->name);
    put_instant(w, 0, true);
    fputc('\n', w->to);
    for (int i = 0; i < 5; i++)
        fprintf(w->to, "%s: %s\n", names[i], quantity(w, times[i], text));
    fprintf(w->to, "scale: %.17g\ncapacity: %.17g\n", s->scale, s->capacity);
}

static void put_people(const writer *w)
{
    const meta_scenario *s = w->s;
    fputs("people:\n  group_size: ", w->to);
    if (s->size_count == 0) {
        fprintf(w->to, "%lld\n", (long long)s->constant_size);
    } else {
        fputs("{empirical: {values: [", w->to);
        for (uint32_t i = 0; i < s->size_count; i++)
            fprintf(w->to, "%lld, ", (long long)s->sizes[i]);
        fputs("], weights: [", w->to);
        for (uint32_t i = 0; i < s->size_count; i++)
            fprintf(w->to, "%.17g, ", s->size_weights[i]);
        fputs("]}}\n", w->to);
    }
    fputs("  modes: {", w->to);
    for (int mode = 0; mode < MODEL_MODES; mode++)
        fprintf(w->to, "%s: %.17g, ", mode_names[mode], s->modes[mode]);
    fputs("}\n  traits:\n", w->to);
    for (uint32_t i = 0; i < s->trait_count; i++) {
        fprintf(w->to, "    \"%s\": {share: %.17g, ", s->traits[i].name, s->traits[i].share);
        if (s->traits[i].among != META_NOT)
            fprintf(w->to, "among: \"%s\", ", s->traits[s->traits[i].among].name);
        fputs("}\n", w->to);
    }
    if (s->class_count > 0)
        fputs("classes:\n", w->to);
    for (uint32_t i = 0; i < s->class_count; i++) {
        fprintf(w->to, "  \"%s\": {", s->classes[i].name);
        put_traits(w, "traits", s->classes[i].traits);
        if (s->classes[i].modes != 0)
            put_modes(w, s->classes[i].modes);
        fprintf(w->to, "priority: %lld}\n", (long long)s->classes[i].priority);
    }
}

static void put_land(const writer *w)
{
    static const char *const kinds[] = {"origin", "junction", "post", "destination", "centre", "informal"};
    static const char *const variations[] = {"1", "{uniform: {low: 0.75, high: 1.25}}",
                                             "{triangular: {low: 0.8, mode: 1, high: 1.4}}"};
    const meta_scenario *s = w->s;
    fputs("places:\n", w->to);
    for (uint32_t i = 0; i < s->place_count; i++)
        fprintf(w->to, "  \"%s\": {kind: %s}\n", s->places[i].name, kinds[s->places[i].kind]);
    if (s->link_count > 0)
        fputs("links:\n", w->to);
    for (uint32_t i = 0; i < s->link_count; i++) {
        const meta_link *link = &s->links[i];
        fprintf(w->to, "  - {name: \"%s\", from: \"%s\", to: \"%s\", length: %.17g m, ", link->name,
                s->places[link->from].name, s->places[link->to].name, link->length);
        put_modes(w, link->modes);
        if (link->capacity > 0)
            fprintf(w->to, "capacity: %.17g /h, ", link->capacity);
        if (link->speed > 0)
            fprintf(w->to, "speed: %.17g m/s, ", link->speed);
        fprintf(w->to, "one_way: %s}\n", link->one_way ? "true" : "false");
    }
    fputs("travel: {speed: {", w->to);
    for (int mode = 0; mode < MODEL_MODES; mode++)
        fprintf(w->to, "%s: %.17g m/s, ", mode_names[mode], s->speeds[mode]);
    fprintf(w->to, "}, variation: %s}\nchoice: {", variations[s->variation]);
    put_time(w, "scale", s->choice.scale);
    put_time(w, "crowd_weight", s->choice.crowd_weight);
    put_time(w, "delay", s->choice.delay);
    put_time(w, "window", s->choice.window);
    put_time(w, "longest", s->choice.longest);
    put_time(w, "gain", s->choice.gain);
    fprintf(w->to, "wait_weight: %.17g, informed: %.17g, reconsider: %s}\n", s->choice.wait_weight, s->choice.informed,
            s->choice.reconsider ? "true" : "false");
}

static void put_kind(const writer *w, const meta_kind *kind)
{
    fprintf(w->to, "  \"%s\": {serves: %s, discipline: %s, desks: %lld, ", kind->name,
            kind->serves_group ? "group" : "person", kind->by_priority ? "priority" : "fifo", (long long)kind->desks);
    fputs("procedures: {", w->to);
    for (uint32_t i = 0; i < kind->procedure_count; i++) {
        fprintf(w->to, "\"%s\": {", kind->procedures[i].name);
        put_distribution(w, "time", &kind->procedures[i].time);
        fputs("}, ", w->to);
    }
    fputs("}, ", w->to);
    if (kind->role != META_NOT)
        fprintf(w->to, "role: \"%s\", staff_per_desk: %lld, ", w->s->roles[kind->role],
                (long long)kind->staff_per_desk);
    if (kind->room != META_NOT)
        fprintf(w->to, "room: %lld, ", (long long)kind->room);
    put_traits(w, "when", kind->when);
    put_traits(w, "unless", kind->unless);
    if (kind->find_count > 0)
        fputs("finds: [", w->to);
    for (uint32_t i = 0; i < kind->find_count; i++)
        fprintf(w->to, "{trait: \"%s\", mark: \"%s\", sensitivity: %.17g, specificity: %.17g}, ",
                w->s->traits[kind->finds[i].trait].name, w->s->traits[kind->finds[i].mark].name,
                kind->finds[i].sensitivity, kind->finds[i].specificity);
    if (kind->find_count > 0)
        fputs("], ", w->to);
    put_modes(w, kind->modes);
    fputs("}\n", w->to);
}

static void put_agency(const writer *w, int agency)
{
    if (agency != META_NOT)
        fprintf(w->to, "agency: \"%s\", ", w->s->agencies[agency]);
}

static void put_stations(const writer *w, const meta_side *side)
{
    fputs("stations: {", w->to);
    for (uint32_t i = 0; i < side->count; i++) {
        const meta_station *station = &side->stations[i];
        const meta_kind *kind = &w->s->kinds[station->kind];
        fprintf(w->to, "\"%s\": {", kind->name);
        if (station->desks != META_NOT)
            fprintf(w->to, "desks: %lld, ", (long long)station->desks);
        if (station->procedure != META_NOT)
            fprintf(w->to, "procedure: \"%s\", ", kind->procedures[station->procedure].name);
        fputs("}, ", w->to);
    }
    fputs("}, ", w->to);
}

static void put_side(const writer *w, const char *name, const meta_side *side)
{
    fprintf(w->to, "    %s: {", name);
    if (side->area > 0)
        fprintf(w->to, "waiting_area: %.17g m2, density: %.17g 1/m2, ", side->area, side->density);
    if (side->opens != META_NOT) {
        put_clock(w, "opens", side->opens);
        put_clock(w, "closes", side->closes);
    }
    put_agency(w, side->agency);
    put_stations(w, side);
    fputs("}\n", w->to);
}

static void put_beyond(const writer *w)
{
    const meta_scenario *s = w->s;
    if (s->centre_count > 0)
        fputs("centres:\n", w->to);
    for (uint32_t i = 0; i < s->centre_count; i++) {
        const meta_centre *centre = &s->centres[i];
        fprintf(w->to, "  \"%s\": {", s->places[centre->place].name);
        if (centre->beds != META_NOT)
            fprintf(w->to, "beds: %lld, ", (long long)centre->beds);
        put_agency(w, centre->side.agency);
        put_stations(w, &centre->side);
        fputs("}\n", w->to);
    }
    if (s->onward_count > 0)
        fputs("onward:\n", w->to);
    for (uint32_t i = 0; i < s->onward_count; i++) {
        const meta_onward *onward = &s->onward[i];
        fprintf(w->to, "  - {from: \"%s\", to: \"%s\", share: %.17g, ", s->places[onward->from].name,
                s->places[onward->to].name, onward->share);
        put_traits(w, "when", onward->when);
        put_traits(w, "unless", onward->unless);
        if (onward->by != META_NOT)
            fprintf(w->to, "by: %s, ", mode_names[onward->by]);
        put_modes(w, onward->modes);
        fputs("}\n", w->to);
    }
    if (s->agency_count > 0)
        fputs("agencies:\n", w->to);
    for (uint32_t i = 0; i < s->agency_count; i++)
        fprintf(w->to, "  \"%s\": {}\n", s->agencies[i]);
}

static void put_posts(const writer *w)
{
    const meta_scenario *s = w->s;
    char text[32];
    fputs("stations:\n", w->to);
    for (uint32_t i = 0; i < s->kind_count; i++)
        put_kind(w, &s->kinds[i]);
    fputs("posts:\n", w->to);
    for (uint32_t i = 0; i < s->post_count; i++) {
        const meta_post *post = &s->posts[i];
        fprintf(w->to, "  \"%s\":\n    appeal: %s\n    when_full: %s\n    ", s->places[post->place].name,
                quantity(w, post->appeal, text), post->turn_away ? "turn_away" : "wait");
        fputs("modes: [", w->to);
        for (int mode = 0; mode < MODEL_MODES; mode++)
            if (post->modes >> mode & 1)
                fprintf(w->to, "%s, ", mode_names[mode]);
        fputs("]\n", w->to);
        put_side(w, "exit", &post->sides[0]);
        put_side(w, "entry", &post->sides[1]);
    }
}

static void put_rosters(const writer *w)
{
    const meta_scenario *s = w->s;
    if (s->roster_count > 0)
        fputs("rosters:\n", w->to);
    for (uint32_t i = 0; i < s->roster_count; i++) {
        const meta_roster *roster = &s->rosters[i];
        fprintf(w->to, "  \"%s\": {post: \"%s\", side: %s, role: \"%s\", ", roster->name, s->places[roster->place].name,
                roster->side == 0 ? "exit" : "entry", s->roles[roster->role]);
        put_agency(w, roster->agency);
        put_time(w, "handover", roster->handover);
        fputs("shifts: [", w->to);
        for (uint32_t k = 0; k < roster->shift_count; k++) {
            const meta_shift *shift = &roster->shifts[k];
            fprintf(w->to, "\n    {head: %lld, ", (long long)shift->head);
            put_clock(w, "start", shift->start);
            put_time(w, "length", shift->length);
            put_optional(w, "from", shift->from);
            put_optional(w, "until", shift->until);
            if (shift->break_length > 0) {
                put_time(w, "break_length", shift->break_length);
                put_time(w, "break_after", shift->break_after);
                fprintf(w->to, "break_waves: %lld, ", (long long)shift->break_waves);
            }
            fputs("}, ", w->to);
        }
        fputs("]}\n", w->to);
    }
}

/* Rows of another place between those of the stream's. */
static void write_counts(const meta_scenario *s, const meta_stream *stream, const char *path)
{
    writer w = {s, fopen(path, "w")};
    assert_non_null(w.to);
    fputs("people,time,place\n", w.to);
    for (uint32_t i = 0; i < stream->rows; i++) {
        fprintf(w.to, "%lld,", (long long)stream->counts[i]);
        put_instant(&w, stream->at + (sim_time)i * stream->interval, i % 2 == 0);
        fprintf(w.to, ",\"%s\"\n7,", s->places[stream->from].name);
        put_instant(&w, stream->at, true);
        fputs(",elsewhere\n", w.to);
    }
    assert_int_equal(fclose(w.to), 0);
}

static void put_streams(const writer *w)
{
    const meta_scenario *s = w->s;
    fputs("displacement:\n", w->to);
    for (uint32_t i = 0; i < s->stream_count; i++) {
        const meta_stream *stream = &s->streams[i];
        fprintf(w->to, "  - {from: \"%s\", weight: %.17g, ", s->places[stream->from].name, stream->weight);
        if (stream->to != META_NOT)
            fprintf(w->to, "to: \"%s\", ", s->places[s->posts[stream->to].place].name);
        if (stream->kind == META_TABLE) {
            char path[32];
            (void)snprintf(path, sizeof path, "counts-%c-%u.csv", s->label, i);
            write_counts(s, stream, path);
            fprintf(w->to, "counts: %s, ", path);
            put_time(w, "interval", stream->interval);
        } else {
            put_time(w, "at", stream->at);
            if (stream->kind == META_RATE) {
                fprintf(w->to, "rate: %.17g /h, ", stream->rate);
                put_optional(w, "until", stream->until);
            } else {
                fprintf(w->to, "people: %lld, ", (long long)stream->people);
                put_distribution(w, "shape", &stream->shape);
            }
        }
        if (stream->own_modes) {
            fputs("modes: {", w->to);
            for (int mode = 0; mode < MODEL_MODES; mode++)
                fprintf(w->to, "%s: %.17g, ", mode_names[mode], stream->modes[mode]);
            fputs("}", w->to);
        }
        fputs("}\n", w->to);
    }
}

static void put_orders(const writer *w)
{
    static const char *const names[] = {"open_lanes", "close_lanes", "set_procedure",
                                        "outage",     "close_link",  "open_link"};
    static const char *const sides[] = {"exit", "entry"};
    const meta_scenario *s = w->s;
    if (s->order_count > 0)
        fputs("timeline:\n", w->to);
    for (uint32_t i = 0; i < s->order_count; i++) {
        const meta_order *order = &s->orders[i];
        fprintf(w->to, "  - {order: %s, ", names[order->order]);
        put_time(w, "at", order->at);
        if (order->duration > 0)
            put_time(w, "duration", order->duration);
        if (order->lead > 0)
            put_time(w, "lead", order->lead);
        if (order->order == META_CLOSE_LINK || order->order == META_OPEN_LINK)
            fprintf(w->to, "target: \"%s\", ", s->links[order->link].name);
        else
            fprintf(w->to, "target: \"%s/%s/%s\", ",
                    order->post == META_NOT ? "*" : s->places[s->posts[order->post].place].name,
                    order->side == META_NOT ? "*" : sides[order->side],
                    order->station == META_NOT ? "*" : s->kinds[order->station].name);
        if (order->order == META_OPEN_LANES || order->order == META_CLOSE_LANES)
            fprintf(w->to, "lanes: %lld, ", (long long)order->lanes);
        if (order->order == META_SET_PROCEDURE)
            fprintf(w->to, "procedure: \"%s\", ", order->procedure);
        fputs("}\n", w->to);
    }
}

char *meta_text(const meta_scenario *s)
{
    char *text;
    size_t size;
    writer w = {s, open_memstream(&text, &size)};
    assert_non_null(w.to);
    put_base(&w);
    put_people(&w);
    put_land(&w);
    put_posts(&w);
    put_beyond(&w);
    put_rosters(&w);
    put_streams(&w);
    put_orders(&w);
    fputs("patience: {", w.to);
    if (!s->patient)
        put_distribution(&w, "time", &s->patience);
    fprintf(w.to, "then: %s}\n", s->tries_another ? "another_post" : "leave");
    if (s->fatigue.given) {
        fprintf(w.to, "fatigue: {slowing: %.17g, night: %.17g, dulling: %.17g, ", s->fatigue.slowing, s->fatigue.night,
                s->fatigue.dulling);
        put_time(&w, "onset", s->fatigue.onset);
        put_clock(&w, "night_from", s->fatigue.night_from);
        put_clock(&w, "night_to", s->fatigue.night_to);
        fputs("}\n", w.to);
    }
    fputs(s->more, w.to);
    assert_int_equal(fclose(w.to), 0);
    return text;
}
