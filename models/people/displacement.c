/* Displacement: who sets out from where and when.
 *
 * A stream sets out from one place: a given number of people whose times follow a shape, a Poisson process of a given
 * rate over time, or observed counts by day or hour (CSV), within each of which times are uniform and independent (a
 * Poisson process given its number). Times are generated one after another, in order: order statistics of uniforms are
 * partial sums of exponentials divided by their total (Devroye 1986, V.3), and a process of varying rate is one of rate
 * 1 on another clock (Cinlar 1975). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/world.h"
#include "models/people/people.h"
#include "sim/base/error.h"
#include "sim/input/table.h"

static const sim_section sections[] = {
    {"displacement.#", "people who set out from a place", 0},
};

static const sim_param params[] = {
    {"displacement.#", "from", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "places.*",
     "place they set out from; a post: they appear there", "none: must be given"},
    {"displacement.#", "to", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "posts.* centres.* places.*",
     "post, centre, informal crossing or destination they make for; they choose a crossing when not given",
     "definition"},
    {"displacement.#", "people", SIM_COUNT, SIM_DIM_NONE, "", 1, 2000000000, NULL,
     "how many set out in all, with `shape`", "none: this, rate or counts must be given"},
    {"displacement.#", "shape", SIM_DIST, SIM_DIM_TIME, "{gamma: {mean: 3 d, cv: 0.5}}", 0, 3660 * 86400.0, NULL,
     "when each of `people` sets out, counted from `at`",
     "assumption: a surge that peaks after two days and fades within a week"},
    {"displacement.#", "at", SIM_INSTANT, SIM_DIM_TIME, "0 s", -3660 * 86400.0, 3660 * 86400.0, NULL,
     "when the stream begins (`people`, `rate`)", "definition: the start"},
    {"displacement.#", "until", SIM_INSTANT, SIM_DIM_TIME, "", 0, 3660 * 86400.0, NULL, "when a `rate` ends",
     "not given: the end of the run"},
    {"displacement.#", "rate", SIM_CURVE, SIM_DIM_RATE, "", 0, 1e6, NULL,
     "people a time: groups set out as a Poisson process of this rate over the mean size",
     "none: this, people or counts must be given"},
    {"displacement.#", "counts", SIM_FILE, SIM_DIM_NONE, "", 0, 0, NULL,
     "CSV with columns time, people and optionally place (rows of other places are passed over)",
     "none: this, people or rate must be given"},
    {"displacement.#", "interval", SIM_QUANTITY, SIM_DIM_TIME, "1 d", 60, 366 * 86400.0, NULL,
     "time that a row of `counts` covers", "definition: counts by day"},
    {"displacement.#", "shift", SIM_QUANTITY, SIM_DIM_TIME, "0 s", -366 * 86400.0, 366 * 86400.0, NULL,
     "added to the times of `counts`", "definition: none"},
    {"displacement.#", "weight", SIM_QUANTITY, SIM_DIM_NONE, "1", 0, 1e6, NULL,
     "multiplies the stream's numbers (to share a total among places)", "definition: 1"},
    {"displacement.#", "modes.foot", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL,
     "weight of groups on foot in this stream", "not given: with no mode given, those of `people`; else 0"},
    {"displacement.#", "modes.car", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups by car",
     "see modes.foot"},
    {"displacement.#", "modes.bus", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups by bus",
     "see modes.foot"},
    {"displacement.#", "modes.rail", SIM_QUANTITY, SIM_DIM_NONE, "", 0, 1e9, NULL, "weight of groups by train",
     "see modes.foot"},
};

/* A stretch of time with its number: people (given) or expected groups (Poisson). */
typedef struct {
    sim_time begin, end;
    double amount;
} stretch;

typedef struct {
    uint32_t place, site; /* post MODEL_NONE: they choose */
    bool poisson, weighted;
    double mode_weights[MODEL_MODES];
    sim_dist shape; /* microseconds; used when has_shape */
    bool has_shape;
    stretch *stretches;
    size_t count;
} stream;

struct displacement_setup {
    stream *streams;
    uint32_t count;
};

typedef struct {
    uint32_t group, first_group, groups; /* next, first, number */
    uint32_t person;                     /* first person of the next group */
    size_t stretches;                    /* where its stretches begin in stretch_groups, given numbers only */
    uint32_t draws;                      /* exponentials used so far */
    size_t at;                           /* stretch */
    uint32_t left;                       /* groups left in it */
    int64_t people_left;                 /* people left in it */
    double sum, total;                   /* partial sum; total (given) or amounts of earlier stretches (Poisson) */
    sim_time time;                       /* when the next group sets out; SIM_FOREVER: no more */
    uint32_t next;                       /* stream of the same process */
} stream_state;

struct displacement_world {
    stream_state *states;
    uint32_t *stretch_groups; /* number of groups in each stretch of all streams with given numbers */
    uint32_t *first;          /* of each process: chain of streams */
};

MODEL_PART(displacement)

static const char *const mode_names[MODEL_MODES] = {"modes.foot", "modes.car", "modes.bus", "modes.rail"};
static const char *const section = "displacement.#";

/* --- reading --- */

static int add_stretch(stream *s, sim_time begin, sim_time end, double amount)
{
    if ((s->count & (s->count - 1)) == 0) {
        stretch *grown = realloc(s->stretches, (s->count == 0 ? 1 : 2 * s->count) * sizeof *grown);
        if (grown == NULL)
            return SIM_E_MEMORY;
        s->stretches = grown;
    }
    s->stretches[s->count++] = (stretch){begin, end, amount};
    return 0;
}

static int read_rate(model_setup *setup, const sim_config *config, size_t element, stream *s, double factor)
{
    sim_curve curve = sim_curve_of(config, section, "rate", element);
    sim_time begin = sim_micros(config, section, "at", element), end = setup->end;
    if (sim_given(config, section, "until", element) && sim_micros(config, section, "until", element) < end)
        end = sim_micros(config, section, "until", element);
    begin = begin < 0 ? 0 : begin;
    int ret = 0;
    s->poisson = true;
    for (size_t i = 0; i < curve.n && ret == 0; i++) {
        sim_time from = i == 0 || curve.times[i] < begin ? begin : curve.times[i];
        sim_time to = i + 1 < curve.n && curve.times[i + 1] < end ? curve.times[i + 1] : end;
        if (to > from && curve.values[i] > 0)
            ret = add_stretch(s, from, to,
                              curve.values[i] * (double)(to - from) * 1e-6 * factor / setup->group_size.mean);
    }
    return ret;
}

static int read_counts(model_setup *setup, sim_config *config, size_t element, stream *s, double factor, sim_diag *diag)
{
    sim_table *table = NULL;
    const char *path = sim_text(config, section, "counts", element);
    const char *base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    const char *text;
    size_t length;
    int ret = sim_table_read(&table, path, base, diag);
    if (ret != 0)
        return ret == SIM_E_MEMORY ? ret : 0;
    sim_table_require_rows(table, diag);
    sim_table_text(table, &text, &length);
    ret = sim_config_add_input(config, base, text, length);
    ptrdiff_t time = sim_table_require(table, "time", diag), people = sim_table_require(table, "people", diag),
              place = sim_table_find(table, "place");
    sim_time interval = sim_micros(config, section, "interval", element),
             shift = sim_micros(config, section, "shift", element), last = INT64_MIN;
    double left_out = 0, all = 0;
    for (size_t row = 0; time >= 0 && people >= 0 && ret == 0 && row < sim_table_rows(table); row++) {
        long long seconds;
        double number;
        if (place >= 0 && strcmp(sim_table_cell(table, row, (size_t)place), setup->places[s->place].name) != 0)
            continue;
        if (sim_table_instant(table, row, (size_t)time, setup->start_offset, &seconds, diag) != 0 ||
            sim_table_number(table, row, (size_t)people, 0, 2e9, &number, diag) != 0)
            continue;
        sim_time begin = (sim_time)(seconds - setup->start_unix) * SIM_SECOND + shift, end = begin + interval;
        if (begin < last) {
            sim_diag_error(diag, sim_table_mark(table, row, (size_t)time),
                           "a time at least `interval` after the row before", NULL, "rows overlap or are out of order");
            break;
        }
        last = end;
        sim_time from = begin < 0 ? 0 : begin, to = end < from ? from : end;
        double inside = (double)(to - from) / (double)interval;
        all += number * factor;
        left_out += begin >= setup->end ? number * factor : number * factor * (1 - inside);
        if (inside > 0 && begin < setup->end)
            ret = add_stretch(s, from, to, (double)(int64_t)(number * factor * inside + 0.5));
    }
    if (left_out >
        all / 50) /* a stream that is cut at the run's edges loses a little, and nobody needs to hear of that */
        sim_diag_warning(diag, sim_value_mark(config, section, "counts", element),
                         "%.0f of the %.0f people of %s set out before the start or after the end: they are left out",
                         left_out, all, base);
    sim_table_free(table);
    return ret;
}

static int read_shape(const sim_config *config, size_t element, stream *s, double factor, sim_diag *diag)
{
    const char *why = NULL;
    int ret = sim_dist_compile(&s->shape, sim_distribution(config, section, "shape", element), 1e6, &why);
    if (ret == SIM_E_INPUT) {
        sim_diag_error(diag, sim_value_mark(config, section, "shape", element), NULL, NULL, "%s", why);
        return 0;
    }
    s->has_shape = true;
    sim_time at = sim_micros(config, section, "at", element);
    return ret != 0
               ? ret
               : add_stretch(s, at, at,
                             (double)(int64_t)((double)sim_count(config, section, "people", element) * factor + 0.5));
}

static int read_stream(model_setup *setup, sim_config *config, size_t element, stream *s, sim_diag *diag)
{
    bool people = sim_given(config, section, "people", element), rate = sim_given(config, section, "rate", element),
         counts = sim_given(config, section, "counts", element);
    double factor = setup->scale * sim_quantity(config, section, "weight", element);
    s->place = (uint32_t)sim_name(config, section, "from", element);
    s->site = MODEL_NONE;
    if (s->place >= setup->place_count)
        return 0;
    if (setup->places[s->place].kind == MODEL_POST || setup->places[s->place].kind == MODEL_CENTRE)
        s->site = setup->places[s->place].site;
    else if (setup->places[s->place].kind == MODEL_DESTINATION || setup->places[s->place].kind == MODEL_INFORMAL)
        sim_diag_error(diag, sim_value_mark(config, section, "from", element), "an origin, a junction or a post", NULL,
                       "nobody sets out from a destination or an informal crossing");
    if (sim_given(config, section, "to", element)) {
        s->site = model_site_of(setup, config, section, "to", element);
        if (s->site == MODEL_NONE && !setup->sites_in_doubt)
            sim_diag_error(diag, sim_value_mark(config, section, "to", element),
                           "a post, centre, informal crossing or destination", NULL, "people cannot make for that");
    }
    for (int i = 0; i < MODEL_MODES; i++)
        if (sim_given(config, section, mode_names[i], element)) {
            s->mode_weights[i] = sim_quantity(config, section, mode_names[i], element);
            s->weighted = s->weighted || s->mode_weights[i] > 0;
        }
    if (people + rate + counts != 1) {
        sim_diag_error(diag, sim_element_mark(config, section, element), "one of `people`, `rate` and `counts`", NULL,
                       "a stream needs to know how many set out, in one way");
        return 0;
    }
    if (rate)
        return read_rate(setup, config, element, s, factor);
    if (counts)
        return read_counts(setup, config, element, s, factor, diag);
    return read_shape(config, element, s, factor, diag);
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct displacement_setup *d = own_setup(setup);
    size_t n = sim_elements(config, section);
    d->streams = model_take(setup, n, sizeof *d->streams);
    if (d->streams == NULL)
        return SIM_E_MEMORY;
    int ret = 0;
    for (size_t i = 0; i < n && ret == 0; i++) {
        d->count++;
        ret = read_stream(setup, setup->config, i, &d->streams[i], diag);
    }
    (void)config;
    return ret;
}

static void release(model_setup *setup)
{
    for (uint32_t i = 0; i < own_setup(setup)->count; i++) {
        free(own_setup(setup)->streams[i].stretches);
        sim_dist_free(&own_setup(setup)->streams[i].shape);
    }
}

/* --- numbers of groups, before a replication starts --- */

static double exponential(const model_world *world, uint32_t stream_index, uint32_t n)
{
    return sim_dist_draw(&world->setup->unit_exponential, sim_rng_draw(&world->rng, stream_index, own_draw(0), n));
}

/* Groups of the replication's sizes until `people` are together, from group number `first` on. */
static uint64_t count_groups(const model_world *world, uint64_t first, int64_t people)
{
    uint64_t groups = 0;
    while (people > 0)
        people -= model_people_size(world->setup, &world->rng, (uint32_t)(first + groups++));
    return groups;
}

static int count_given(model_world *world, const stream *s, stream_state *state, uint64_t *groups, uint64_t *people)
{
    for (size_t i = 0; i < s->count; i++) {
        uint64_t n = count_groups(world, *groups, (int64_t)s->stretches[i].amount);
        own_world(world)->stretch_groups[state->stretches + i] = (uint32_t)n;
        *groups += n;
        *people += (uint64_t)s->stretches[i].amount;
        if (*groups > UINT32_MAX - 1 || *people > UINT32_MAX - 1)
            return SIM_E_LIMIT;
    }
    return 0;
}

static int count_poisson(const model_world *world, uint32_t index, const stream *s, uint64_t *groups, uint64_t *people)
{
    double total = 0, sum = 0;
    for (size_t i = 0; i < s->count; i++)
        total += s->stretches[i].amount;
    for (uint32_t n = 0; (sum += exponential(world, index, n)) < total; n++) {
        *people += model_people_size(world->setup, &world->rng, (uint32_t)*groups);
        ++*groups;
        if (*groups > UINT32_MAX - 1 || *people > UINT32_MAX - 1)
            return SIM_E_LIMIT;
    }
    return 0;
}

/* The groups and people of the replication. SIM_E_LIMIT above 2^32 - 2 groups or people. */
static int count(model_world *world)
{
    const struct displacement_setup *d = own_setup(world->setup);
    struct displacement_world *w = own_world(world);
    uint64_t groups = 0, people = 0;
    size_t stretches = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        stream_state *state = &w->states[i];
        state->group = state->first_group = (uint32_t)groups;
        state->person = (uint32_t)people;
        state->stretches = stretches;
        stretches += d->streams[i].count;
        int ret = d->streams[i].poisson ? count_poisson(world, i, &d->streams[i], &groups, &people)
                                        : count_given(world, &d->streams[i], state, &groups, &people);
        if (ret != 0)
            return ret;
        state->groups = (uint32_t)groups - state->first_group;
    }
    world->group_count = (uint32_t)groups;
    world->person_count = (uint32_t)people;
    return 0;
}

/* --- the next group of a stream --- */

static void begin_stretch(const model_world *world, uint32_t index, const stream *s, stream_state *state)
{
    const uint32_t *groups = own_world(world)->stretch_groups + state->stretches;
    while (state->at < s->count && groups[state->at] == 0)
        state->at++;
    if (state->at == s->count) {
        state->time = SIM_FOREVER;
        return;
    }
    state->left = groups[state->at];
    state->people_left = (int64_t)s->stretches[state->at].amount;
    state->sum = state->total = 0;
    for (uint32_t i = 0; i <= state->left; i++)
        state->total += exponential(world, index, state->draws + i);
}

static void next_given(const model_world *world, uint32_t index, const stream *s, stream_state *state)
{
    if (state->left == 0) {
        if (state->group != state->first_group) {
            state->draws++; /* the exponential behind the last arrival */
            state->at++;
        }
        begin_stretch(world, index, s, state);
        if (state->time == SIM_FOREVER)
            return;
    }
    state->left--;
    state->sum += exponential(world, index, state->draws++);
    double u = state->sum / state->total;
    const stretch *piece = &s->stretches[state->at];
    if (s->has_shape) {
        uint64_t bits = u >= 1 ? UINT64_MAX : (uint64_t)(u * 0x1p64);
        state->time = piece->begin + (sim_time)(sim_dist_draw(&s->shape, bits) + 0.5);
        state->time = state->time < 0 ? 0 : state->time;
    } else {
        state->time = piece->begin + (sim_time)(u * (double)(piece->end - piece->begin));
    }
}

static void next_poisson(const model_world *world, uint32_t index, const stream *s, stream_state *state)
{
    if (state->group - state->first_group >= state->groups) {
        state->time = SIM_FOREVER;
        return;
    }
    state->sum += exponential(world, index, state->draws++);
    while (state->at + 1 < s->count && state->sum >= state->total + s->stretches[state->at].amount)
        state->total += s->stretches[state->at++].amount;
    const stretch *piece = &s->stretches[state->at];
    double u = (state->sum - state->total) / piece->amount;
    state->time = piece->begin + (sim_time)((u < 1 ? u : 1) * (double)(piece->end - piece->begin));
}

static void next(const model_world *world, uint32_t index)
{
    const stream *s = &own_setup(world->setup)->streams[index];
    stream_state *state = &own_world(world)->states[index];
    if (s->poisson)
        next_poisson(world, index, s, state);
    else
        next_given(world, index, s, state);
}

/* Puts the earliest arrival of the process's streams outside the heap. */
static void schedule(const model_world *world, sim_process *process)
{
    const struct displacement_world *w = own_world(world);
    uint32_t best = w->first[process->id];
    if (best == MODEL_NONE)
        return;
    for (uint32_t i = w->states[best].next; i != MODEL_NONE; i = w->states[i].next)
        if (w->states[i].time < w->states[best].time)
            best = i;
    process->queue.slot = sim_event_make(w->states[best].time, 3, best, own_event(world, 0), 0);
}

static int build(model_world *world)
{
    const model_setup *setup = world->setup;
    const struct displacement_setup *d = own_setup(setup);
    struct displacement_world *w = own_world(world);
    for (uint32_t i = 0; i < setup->process_count; i++)
        w->first[i] = MODEL_NONE;
    for (uint32_t i = d->count; i-- > 0;) {
        uint32_t process = setup->places[d->streams[i].place].process;
        w->states[i].next = w->first[process];
        w->first[process] = i;
        next(world, i);
    }
    for (uint32_t i = 0; i < setup->process_count; i++)
        schedule(world, &world->kernel.processes[i]);
    return 0;
}

/* A group sets out. */
static void handle(model_world *world, sim_process *process, sim_event event)
{
    uint32_t index = sim_event_entity(event);
    const stream *s = &own_setup(world->setup)->streams[index];
    stream_state *state = &own_world(world)->states[index];
    uint32_t group = state->group++;
    uint32_t limit = s->poisson || state->people_left > UINT16_MAX ? UINT16_MAX : (uint32_t)state->people_left;
    model_people_make(world, group, state->person, limit, s->weighted ? s->mode_weights : NULL);
    model_group *g = model_group_at(world, group);
    state->person += g->customer.size;
    state->people_left -= g->customer.size;
    g->place = (uint16_t)s->place;
    g->began = event.time;
    next(world, index);
    schedule(world, process);
    world->set_out[process->id].people += g->customer.size;
    sim_record_count(&world->recorder, world->metrics.set_out, s->place, 0, g->customer.size);
    g->fixed = s->site != MODEL_NONE;
    g->site = g->fixed ? (uint16_t)s->site : UINT16_MAX;
    world->setup->way->sets_out(world, process, group);
}

static size_t stream_count(const model_world *world)
{
    return own_setup(world->setup)->count;
}

static size_t stretch_count(const model_world *world)
{
    const struct displacement_setup *d = own_setup(world->setup);
    size_t count = 0;
    for (uint32_t i = 0; i < d->count; i++)
        count += d->streams[i].count;
    return count;
}

static const model_column columns[] = {
    COLUMN_OWN(states, stream_state, stream_count),
    COLUMN_OWN_SCRATCH(stretch_groups, uint32_t, stretch_count),
    COLUMN_SCRATCH(first, uint32_t, PROCESS),
};

const model model_of_displacement = {
    .name = "displacement",
    .doc = "who sets out from where and when",
    .keys = "people classes places links travel stations posts displacement",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .setup_size = sizeof(struct displacement_setup),
    .world_size = sizeof(struct displacement_world),
    .writes = "set_out",
    .prepare = prepare,
    .release = release,
    .count = count,
    .build = build,
    MODEL_TABLE(column),
    .event_count = 1,
    .handle = handle,
};
