/* Common random numbers: those whom a plan does not touch live the same lives under it, bit for bit.
 *
 * Two posts that have nothing in common but the program: people come to each of their own, and each has its own agency.
 * A plan acts at Busy; every journey at Quiet (who waits where, from when, is served how long) must be the same to the
 * microsecond, and those at Busy must differ, or the test would see nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

/* %s: rosters before the others, the officers at Busy, procedures of Busy, the timeline. */
static const char scenario[] = TEST_HEAD
    "duration: 3 d\nbin: 1 h\nplaces: {Busy: {kind: post}, Quiet: {kind: post}}\n"
    "agencies: {north: {}, south: {}}\n"
    "people: {traits: {child: {share: 40 %%}, ill: {share: 10 %%}}}\nclasses: {sick: {traits: [ill], priority: 2}}\n"
    "patience: {time: {gamma: {mean: 5 h, cv: 0.5}}, then: leave}\n"
    "fatigue: {slowing: 3 %%, onset: 6 h}\n"
    "stations:\n"
    "  check: {time: {lognormal: {mean: 4 min, cv: 0.7}}, desks: 6, role: officer, discipline: priority}\n"
    "  registration: {time: {gamma: {mean: 5 min, cv: 0.5}}, desks: 5, procedures: {fast: {time: {gamma: {mean: 2 min, "
    "cv: 0.5}}}}}\n"
    "  talk: {when: [ill], time: {exponential: {mean: 10 min}}, desks: 2}\n"
    "posts:\n"
    "  Busy: {entry: {agency: north, stations: [check, registration, talk]}}\n"
    "  Quiet: {entry: {agency: south, stations: [check, registration, talk]}}\n"
    "rosters:\n%s"
    "  busy: {post: Busy, side: entry, role: officer, absence: 20 %%, shifts: [%s]}\n"
    "  quiet: {post: Quiet, side: entry, role: officer, absence: 20 %%, shifts: [{start: \"00:00\", length: 12 h, "
    "head: 5}, {start: "
    "\"12:00\", length: 12 h, head: "
    "6}]}\n"
    "displacement:\n"
    "  - {from: Busy, people: 3000, shape: {uniform: {low: 0 d, high: 2 d}}}\n"
    "  - {from: Quiet, people: 3000, shape: {uniform: {low: 0 d, high: 2 d}}}\n"
    "timeline:\n  - {at: 40 h, order: outage, target: Quiet/entry, duration: 1 h}\n%s";

#define TWO_SHIFTS "{start: \"00:00\", length: 12 h, head: 4}, {start: \"12:00\", length: 12 h, head: 4}"

typedef struct {
    const char *what, *rosters, *shifts, *timeline;
} plan;

static const plan baseline = {"baseline", "", TWO_SHIFTS, ""};

typedef struct {
    model_journey *rows;
    size_t count;
} journeys;

/* All journeys at a post, group by group in the order of the groups' numbers; caller frees. */
static int by_group(const void *a, const void *b)
{
    const model_journey *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->queued != y->queued)
        return x->queued < y->queued ? -1 : 1;
    return (x->station > y->station) - (x->station < y->station);
}

static journeys at_post(const model_world *world, const char *post)
{
    size_t all = 0;
    journeys j = {test_journeys(world, NULL, &all), 0};
    assert_non_null(j.rows);
    for (size_t i = 0; i < all; i++)
        if (strcmp(world->setup->sites[world->setup->stations[j.rows[i].station].site].name, post) == 0)
            j.rows[j.count++] = j.rows[i];
    qsort(j.rows, j.count, sizeof *j.rows, by_group);
    return j;
}

typedef struct {
    journeys busy, quiet;
} lives;

static lives live(const plan *p, uint64_t replication)
{
    char text[sizeof scenario + 2000];
    model_setup setup;
    model_world world;
    assert_in_range(snprintf(text, sizeof text, scenario, p->rosters, p->shifts, p->timeline), 1, sizeof text - 1);
    test_setup(&setup, text);
    test_run(&world, &setup, 7, replication);
    lives l = {at_post(&world, "Busy"), at_post(&world, "Quiet")};
    model_world_free(&world);
    model_setup_free(&setup);
    return l;
}

static void end(lives *l)
{
    free(l->busy.rows);
    free(l->quiet.rows);
}

static bool are_same(const journeys *a, const journeys *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const model_journey *x = &a->rows[i], *y = &b->rows[i];
        if (x->group != y->group || x->station != y->station || x->size != y->size || x->queued != y->queued ||
            x->started != y->started || x->served != y->served)
            return false;
    }
    return true;
}

static const plan plans[] = {
    {"more officers at Busy", "",
     "{start: \"00:00\", length: 12 h, head: 6}, {start: \"12:00\", length: 12 h, head: 5}", ""},
    {"other hours at Busy", "",
     "{start: \"04:00\", length: 8 h, head: 6}, {start: \"12:00\", length: 8 h, head: 5}, {start: \"20:00\", length: 8 "
     "h, head: 3}",
     ""},
    {"a roster more at Busy, before all others",
     "  added: {post: Busy, side: entry, role: officer, absence: 20 %, shifts: [{start: \"08:00\", length: 8 h, head: "
     "2}]}\n",
     TWO_SHIFTS, ""},
    {"a faster procedure at Busy", "", TWO_SHIFTS,
     "  - {at: 10 h, order: set_procedure, target: Busy/entry/registration, procedure: fast}\n"},
    {"lanes at Busy", "", TWO_SHIFTS, "  - {at: 5 h, order: open_lanes, target: Busy/entry/registration, lanes: 3}\n"},
    {"Busy is closed for a night", "", TWO_SHIFTS,
     "  - {at: 20 h, order: outage, target: Busy/entry, duration: 6 h}\n"},
};

static void people_whom_a_plan_does_not_touch_have_identical_journeys(void **state)
{
    (void)state;
    for (uint64_t replication = 0; replication < 2; replication++) {
        lives without = live(&baseline, replication);
        assert_in_range(without.quiet.count, 1000, 100000);
        for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
            lives with = live(&plans[i], replication);
            if (!are_same(&without.quiet, &with.quiet))
                fail_msg("%s changes journeys at Quiet", plans[i].what);
            if (are_same(&without.busy, &with.busy))
                fail_msg("%s changes nothing at Busy", plans[i].what);
            end(&with);
        }
        end(&without);
    }
}

/* Also at Busy nothing has happened otherwise before the plan begins. */
static void nobody_is_touched_before_the_plan_begins(void **state)
{
    (void)state;
    const plan *late = &plans[3];
    const int64_t begin = 10 * INT64_C(3600000000);
    lives without = live(&baseline, 0), with = live(late, 0);
    size_t same = 0;
    for (size_t i = 0, k = 0; i < without.busy.count; i++) {
        const model_journey *x = &without.busy.rows[i];
        if (x->started >= begin)
            continue;
        while (k < with.busy.count && by_group(&with.busy.rows[k], x) < 0)
            k++;
        assert_true(k < with.busy.count);
        const model_journey *y = &with.busy.rows[k];
        assert_true(x->group == y->group && x->station == y->station && x->started == y->started &&
                    x->served == y->served);
        same++;
    }
    assert_in_range(same, 100, 100000);
    end(&without);
    end(&with);
}

/* And what does not depend on queues is the same for all: who comes when, with whom. */
static void everybody_comes_at_the_same_time_under_every_plan(void **state)
{
    (void)state;
    lives without = live(&baseline, 1);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        lives with = live(&plans[i], 1);
        size_t k = 0, met = 0;
        for (size_t n = 0; n < without.busy.count; n++) {
            const model_journey *x = &without.busy.rows[n];
            if (n > 0 && without.busy.rows[n - 1].group == x->group)
                continue; /* the first station of each group */
            while (k < with.busy.count && with.busy.rows[k].group < x->group)
                k++;
            if (k == with.busy.count || with.busy.rows[k].group != x->group)
                continue; /* not served in time under the plan */
            assert_true(with.busy.rows[k].queued == x->queued && with.busy.rows[k].size == x->size);
            met++;
        }
        assert_in_range(met, 300, 100000);
        end(&with);
    }
    end(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_whom_a_plan_does_not_touch_have_identical_journeys),
        cmocka_unit_test(nobody_is_touched_before_the_plan_begins),
        cmocka_unit_test(everybody_comes_at_the_same_time_under_every_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
