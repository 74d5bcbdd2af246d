/* Two runs side by side: states byte by byte; groups by number; journeys one by one; metrics by name of metric and
 * owner. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"
#include "tests/model/metamorphic/metamorphic.h"
#include "tests/support/scenario.h"

/* sim/engine/kernel.c: threads share a window when the last one had so many events */
enum { BUSY_WINDOW_EVENTS = 300 };

/* --- runs --- */

static int watch(model_world *world, sim_time now)
{
    meta_run *run = world->watcher;
    uint64_t events = 0;
    (void)now;
    for (uint32_t i = 0; i < world->kernel.process_count; i++)
        events += world->kernel.processes[i].weight;
    run->busy_windows += events >= BUSY_WINDOW_EVENTS;
    return 0;
}

static void build(meta_run *run, uint64_t replication, bool keep_journeys)
{
    int ret = model_world_init(&run->world, &run->setup, 20310301, replication, keep_journeys);
    if (ret != 0)
        fail_msg("the world cannot be built: %s:\n%s", sim_error_text(ret), run->text);
    run->world.watch = watch;
    run->world.watcher = run;
}

void meta_begin(meta_run *run, const meta_scenario *scenario, uint64_t replication, bool keep_journeys)
{
    *run = (meta_run){.text = meta_text(scenario)};
    test_setup_in(&run->setup, run->text, ".");
    build(run, replication, keep_journeys);
}

void meta_begin_file(meta_run *run, const char *path, const char *const *sets, size_t count, uint64_t replication)
{
    sim_diag *diag;
    *run = (meta_run){.text = strdup(path)};
    assert_non_null(run->text);
    assert_int_equal(sim_diag_new(&diag, 20), 0);
    int ret = model_setup_load(&run->setup, path, NULL, sets, count, diag);
    sim_diag_print(diag, stderr);
    sim_diag_free(diag);
    if (ret != 0)
        fail_msg("%s: %s", path, sim_error_text(ret));
    build(run, replication, true);
}

void meta_go(meta_run *run, sim_time until, unsigned threads)
{
    int ret = model_world_run(&run->world, until, threads);
    if (ret != 0)
        fail_msg("the run failed: %s:\n%s", sim_error_text(ret), run->text);
}

void meta_end(meta_run *run)
{
    model_world_free(&run->world);
    model_setup_free(&run->setup);
    free(run->text);
}

static int journey_order(const void *one, const void *two)
{
    const model_journey *a = one, *b = two;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->queued != b->queued)
        return a->queued < b->queued ? -1 : 1;
    if (a->served != b->served)
        return a->served < b->served ? -1 : 1;
    return (a->station > b->station) - (a->station < b->station);
}

model_journey *meta_journeys(const meta_run *run, size_t *count)
{
    const model_world *world = &run->world;
    size_t room = 1;
    for (uint32_t i = 0; i < run->setup.process_count; i++)
        room += world->journeys[i].count;
    model_journey *rows = calloc(room, sizeof *rows);
    assert_non_null(rows);
    *count = 0;
    for (uint32_t i = 0; i < run->setup.process_count; i++)
        for (size_t k = 0; k < world->journeys[i].count; k++)
            rows[(*count)++] = world->journeys[i].rows[k];
    qsort(rows, *count, sizeof *rows, journey_order);
    return rows;
}

/* --- one comparison --- */

typedef struct {
    meta_run *a, *b;
    const meta_sameness *how;
    char *why;
} pair;

#define DIFFER(p, ...) ((void)snprintf((p)->why, META_WHY, __VA_ARGS__), false)

/* A time of `b` as it must be for one of `a`. */
static bool fits(const pair *p, sim_time a, sim_time b)
{
    int64_t factor = p->how->factor == 0 ? 1 : p->how->factor;
    return llabs(b - a * factor - p->how->shift) <= p->how->tolerance;
}

/* The image of a world that does not have what orders say, nor when they were given: an order whose lead time is over
 * is one given later, and what they are aimed at may have another name. The world stays as it is; what its orders say
 * is lost. */
static void save_without_what_orders_say(model_world *world, unsigned char **bytes, size_t *size)
{
    size_t count;
    model_order_row *rows = (model_order_row *)(uintptr_t)model_order_log(world, &count);
    sim_time *given = calloc(count + 1, sizeof *given);
    assert_non_null(given);
    for (uint32_t i = 0; i < world->order_count; i++) {
        model_order *order = (model_order *)(uintptr_t)world->orders[i];
        order->says[0] = order->giver[0] = '\0';
        order->given = 0;
    }
    for (size_t i = 0; i < count; i++) {
        given[i] = rows[i].given;
        rows[i].given = 0;
    }
    assert_int_equal(model_world_save(world, bytes, size), 0);
    for (size_t i = 0; i < count; i++)
        rows[i].given = given[i];
    free(given);
}

static bool same_images(const pair *p)
{
    unsigned char *x = NULL, *y = NULL;
    size_t n = 0, m = 0, at = 0;
    save_without_what_orders_say(&p->a->world, &x, &n);
    save_without_what_orders_say(&p->b->world, &y, &m);
    while (at < n && at < m && x[at] == y[at])
        at++;
    bool same = at == n && at == m;
    free(x);
    free(y);
    return same || DIFFER(p, "images of %zu and %zu bytes differ from byte %zu on", n, m, at);
}

static const char *post_of(const meta_run *run, const model_group *g)
{
    return g->site == UINT16_MAX ? "none" : run->setup.sites[g->site].name;
}

static bool same_fate(const pair *p, uint32_t group)
{
    const model_group *a = model_group_at(&p->a->world, group), *b = model_group_at(&p->b->world, group);
    if (a->customer.size != b->customer.size || a->people != b->people)
        return DIFFER(p, "group %u: %u of %u and %u of %u people", group, a->customer.size, a->people, b->customer.size,
                      b->people);
    if (a->people == 0)
        return true; /* has not set out */
    const char *one = p->a->setup.places[a->place].name, *two = p->b->setup.places[b->place].name;
    if (strcmp(one, two) != 0)
        return DIFFER(p, "group %u: at %s and at %s", group, one, two);
    if (strcmp(post_of(p->a, a), post_of(p->b, b)) != 0)
        return DIFFER(p, "group %u: makes for %s and for %s", group, post_of(p->a, a), post_of(p->b, b));
    if (a->mode != b->mode || a->visits != b->visits || a->customer.state != b->customer.state ||
        a->first_person != b->first_person)
        return DIFFER(p, "group %u: mode %u and %u, visits %u and %u, state %u and %u", group, a->mode, b->mode,
                      a->visits, b->visits, a->customer.state, b->customer.state);
    if (!p->how->classes_added && a->customer.class != b->customer.class)
        return DIFFER(p, "group %u: class %u and %u", group, a->customer.class, b->customer.class);
    if (!fits(p, a->began, b->began))
        return DIFFER(p, "group %u: began its leg at %lld and at %lld us", group, (long long)a->began,
                      (long long)b->began);
    return true;
}

static bool same_fates(const pair *p)
{
    if (p->a->world.group_count != p->b->world.group_count || p->a->world.person_count != p->b->world.person_count)
        return DIFFER(p, "%u groups and %u groups", p->a->world.group_count, p->b->world.group_count);
    for (uint32_t group = 0; group < p->a->world.group_count; group++)
        if (!same_fate(p, group))
            return false;
    return true;
}

/* Those that began before `a` ended; a waits before its end is not known there. */
static size_t leave_out_late(const pair *p, model_journey *rows, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].started < p->a->setup.end)
            rows[kept++] = rows[i];
    return kept;
}

static bool same_journeys(const pair *p)
{
    size_t n, m;
    model_journey *a = meta_journeys(p->a, &n), *b = meta_journeys(p->b, &m);
    bool same = true;
    if (p->how->only_shared) {
        n = leave_out_late(p, a, n);
        m = leave_out_late(p, b, m);
    }
    for (size_t i = 0; same && i < n && i < m; i++) {
        const char *one = p->a->setup.stations[a[i].station].name, *two = p->b->setup.stations[b[i].station].name;
        if (a[i].group != b[i].group || a[i].size != b[i].size || strcmp(one, two) != 0 ||
            !fits(p, a[i].queued, b[i].queued) || !fits(p, a[i].started, b[i].started) ||
            !fits(p, a[i].served, b[i].served))
            same = DIFFER(p,
                          "journey %zu: group %u of %u at %s, came %lld, started %lld, served %lld us; and "
                          "group %u of %u at %s, came %lld, started %lld, served %lld us",
                          i, a[i].group, a[i].size, one, (long long)a[i].queued, (long long)a[i].started,
                          (long long)a[i].served, b[i].group, b[i].size, two, (long long)b[i].queued,
                          (long long)b[i].started, (long long)b[i].served);
    }
    if (same && n != m)
        same = DIFFER(p, "%zu journeys and %zu journeys", n, m);
    free(a);
    free(b);
    return same;
}

/* --- metrics --- */

typedef struct {
    const meta_run *run;
    const sim_metric_place *m;
    uint32_t owner;
} series;

static const char *owner_name(const meta_run *run, sim_metric_owner kind, uint32_t owner)
{
    return kind == SIM_OWNER_STATION ? run->setup.stations[owner].name : run->setup.places[owner].name;
}

/* Column `offset` of a cell (all: UINT32_MAX) in bins [first, last]; peaks are not added up. */
static int64_t value(const series *s, uint32_t first, uint32_t last, uint32_t cell, uint32_t offset)
{
    uint32_t step = s->m->row->kind == SIM_METRIC_COUNT ? 1 : 2;
    bool peak = s->m->row->kind == SIM_METRIC_LEVEL && offset == 1;
    uint64_t result = 0;
    for (uint32_t bin = first; bin <= last; bin++) {
        const int64_t *row = sim_recorder_series(&s->run->world.recorder, s->m, bin, s->owner);
        for (uint32_t k = 0; k < s->m->width; k++)
            if (cell == UINT32_MAX || cell == k) {
                uint64_t one = (uint64_t)row[step * k + offset];
                result = !peak ? result + one : one > result ? one : result;
            }
    }
    return (int64_t)result;
}

/* Which part of the comparison column `offset` of a metric's cell belongs to. */
static unsigned part_of(const sim_metric *row, uint32_t cell, uint32_t offset)
{
    if (row->kind == SIM_METRIC_COUNT)
        return META_COUNTS;
    if (row->kind == SIM_METRIC_DURATION)
        return META_DURATIONS;
    if (offset == 0)
        return META_LEVELS;
    return row->by == SIM_BY_STATE && cell == MODEL_TRAVELLING ? META_TRAVEL_PEAKS : META_PEAKS;
}

/* A sum of times: of a count by its unit, "people us" or "people s". */
static bool is_time(const sim_metric *row, uint32_t offset)
{
    const char *unit = strrchr(row->unit, ' ');
    return row->kind == SIM_METRIC_COUNT ? unit != NULL && (strcmp(unit, " us") == 0 || strcmp(unit, " s") == 0)
                                         : offset == 0;
}

static bool same_numbers(const pair *p, const series *a, const series *b, uint32_t first, uint32_t last, uint32_t shift)
{
    const sim_metric *row = a->m->row;
    bool added = p->how->classes_added && row->by == SIM_BY_CLASS;
    uint32_t width = added ? 1 : a->m->width;
    int64_t factor = p->how->factor == 0 ? 1 : p->how->factor;
    for (uint32_t k = 0; k < width; k++)
        for (uint32_t offset = 0; offset < (row->kind == SIM_METRIC_COUNT ? 1u : 2u); offset++) {
            uint32_t cell = added ? UINT32_MAX : k;
            if ((p->how->parts & part_of(row, cell, offset)) == 0)
                continue;
            uint32_t end = p->how->totals ? b->run->world.recorder.bins - 1 : last + shift;
            int64_t one = value(a, first, last, cell, offset), two = value(b, first + shift, end, cell, offset),
                    slack = 0;
            if (is_time(row, offset)) {
                slack = p->how->tolerance * (int64_t)(1 + p->a->world.person_count);
                one *= factor;
            }
            if (llabs(one - two) > slack)
                return DIFFER(p, "%s of %s, bins %u to %u, cell %d, column %u: %lld and %lld", row->name,
                              owner_name(a->run, row->owner, a->owner), first, last, (int)cell, offset, (long long)one,
                              (long long)two);
        }
    return true;
}

static bool same_histograms(const pair *p, const series *a, const series *b)
{
    const sim_metric *row = a->m->row;
    if (row->kind != SIM_METRIC_DURATION || (p->how->parts & META_HISTOGRAMS) == 0)
        return true;
    uint32_t width = p->how->classes_added ? 1 : a->m->width;
    for (uint32_t k = 0; k < width; k++)
        for (uint32_t bucket = 0; bucket < SIM_HISTOGRAM_SIZE; bucket++) {
            uint64_t counts[2] = {0, 0};
            for (int side = 0; side < 2; side++) {
                const series *s = side == 0 ? a : b;
                const sim_recorder_part *part = &s->run->world.recorder.parts[row->owner];
                uint32_t cells = p->how->classes_added ? s->m->width : 1;
                for (uint32_t cell = k; cell < k + cells; cell++)
                    counts[side] += part->buckets[((size_t)s->owner * part->histograms + s->m->histogram + cell) *
                                                      SIM_HISTOGRAM_SIZE +
                                                  bucket];
            }
            if (counts[0] != counts[1])
                return DIFFER(p, "histogram of %s of %s, cell %u, bucket %u: %llu and %llu", row->name,
                              owner_name(a->run, row->owner, a->owner), k, bucket, (unsigned long long)counts[0],
                              (unsigned long long)counts[1]);
        }
    return true;
}

static bool is_excepted(const meta_sameness *how, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = how->except; at != NULL && *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        bool whole = at[word - 1] != '*';
        if ((whole ? word == length : word - 1 <= length) && strncmp(at, name, whole ? word : word - 1) == 0)
            return true;
        at += word;
    }
    return false;
}

static bool same_owner(const pair *p, const series *a, const series *b)
{
    const sim_recorder *recorder = &p->a->world.recorder;
    sim_time end = p->a->setup.end;
    uint32_t bins = p->how->only_shared ? (uint32_t)((end - 1) / recorder->bin)
                                        : recorder->bins, /* at its end models settle what is pending */
        shift = (uint32_t)(p->how->shift / recorder->bin);
    if (p->how->totals)
        return same_numbers(p, a, b, 0, recorder->bins - 1, 0) && same_histograms(p, a, b);
    for (uint32_t bin = 0; bin < bins; bin++) {
        assert_true(bin + shift < p->b->world.recorder.bins);
        if (!same_numbers(p, a, b, bin, bin, shift))
            return false;
    }
    return same_histograms(p, a, b);
}

static bool same_metric(const pair *p, const sim_metric_place *one, const sim_metric_place *two)
{
    uint32_t n = p->a->world.recorder.parts[one->owner].owners, m = p->b->world.recorder.parts[two->owner].owners,
             found = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < m; k++)
            if (strcmp(owner_name(p->a, one->owner, i), owner_name(p->b, two->owner, k)) == 0) {
                found++;
                if (!same_owner(p, &(series){p->a, one, i}, &(series){p->b, two, k}))
                    return false;
            }
    return found > 0 || n == 0 || m == 0 || DIFFER(p, "no owner of %s has the same name", one->row->name);
}

/* The metrics of models that only one of the two scenarios uses are left out. */
static bool same_metrics(const pair *p)
{
    const sim_recorder *a = &p->a->world.recorder, *b = &p->b->world.recorder;
    uint32_t found = 0;
    for (uint32_t i = 0; i < a->metric_count; i++)
        for (uint32_t k = 0; k < b->metric_count; k++) {
            if (strcmp(a->metrics[i].row->name, b->metrics[k].row->name) != 0)
                continue;
            found++;
            if (!is_excepted(p->how, a->metrics[i].row->name) && !same_metric(p, &a->metrics[i], &b->metrics[k]))
                return false;
        }
    return found > 20 || DIFFER(p, "only %u metrics in common", found);
}

bool meta_same(meta_run *a, meta_run *b, const meta_sameness *how, char why[META_WHY])
{
    const pair p = {a, b, how, why};
    assert_true(how->parts != 0);
    if ((how->parts & META_IMAGE) != 0 && !same_images(&p))
        return false;
    if ((how->parts & META_FATES) != 0 && !same_fates(&p))
        return false;
    if ((how->parts & META_JOURNEYS) != 0 && !same_journeys(&p))
        return false;
    return (how->parts & (META_PLAIN | META_PEAKS | META_TRAVEL_PEAKS | META_HISTOGRAMS)) == 0 || same_metrics(&p);
}
