/* People: sizes, modes and traits come in their shares, a class is the first that fits, and a person stays the same
 * person whatever else changes. Seed 1; each claim about a share is a 99.9% interval (test_share). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define TRAITS                                                                                                   \
    "child: {share: 42 %}, unaccompanied: {share: 5 %, among: child}, sick: {share: 15 %}, lost: {share: 30 %, " \
    "among: unaccompanied}, "                                                                                    \
    "all: {share: 1}, none: {share: 0}"
#define LAND(traits, more)                                                                                            \
    TEST_HEAD "duration: 2 d\npeople:\n  group_size: {empirical: {values: [1, 2, 3, 4], weights: [4, 3, 2, 1]}}\n"    \
              "  modes: {foot: 35, car: 50, bus: 0, rail: 15}\n  traits: {" traits "}\n"                              \
              "classes:\n  lost: {traits: lost}\n  drivers with sick: {traits: [sick], modes: car, priority: 2}\n"    \
              "  families: {traits: [child, unaccompanied]}\n  rail: {modes: rail}\n"                                 \
              "places: {P: {kind: post}}\ndisplacement: [{from: P, people: 60000, shape: {uniform: {low: 0 d, high: " \
              "1 d}}}]\n" more
#define NO_STATIONS "posts: {P: {}}\n"
enum { CHILD = 1, UNACCOMPANIED = 2, SICK = 4, LOST = 8, ALL = 16, NONE = 32, FOOT = 0, CAR = 1, BUS = 2, RAIL = 3 };

typedef struct {
    model_setup setup;
    model_world world;
} run;

static void begin(run *r, const char *text, uint64_t replication)
{
    test_setup(&r->setup, text);
    test_run(&r->world, &r->setup, 1, replication);
}

static void finish(run *r)
{
    model_world_free(&r->world);
    model_setup_free(&r->setup);
}

static uint64_t people_with(const run *r, uint32_t traits)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < r->world.person_count; i++)
        n += (r->world.traits[i] & traits) == traits;
    return n;
}

static void traits_come_in_their_shares(void **state)
{
    (void)state;
    run r;
    begin(&r, LAND(TRAITS, NO_STATIONS), 0);
    uint64_t n = r.world.person_count;
    assert_int_equal(n, 60000);
    test_share("children", people_with(&r, CHILD), n, 0.42);
    test_share("sick", people_with(&r, SICK), n, 0.15);
    test_share("sick children", people_with(&r, SICK | CHILD), n, 0.15 * 0.42); /* independent of each other */
    test_share("unaccompanied", people_with(&r, UNACCOMPANIED), n, 0.42 * 0.05);
    test_share("lost", people_with(&r, LOST), n, 0.42 * 0.05 * 0.3);
    assert_int_equal(people_with(&r, ALL), n);
    assert_int_equal(people_with(&r, NONE), 0);
    finish(&r);
}

static void a_trait_among_another_is_found_nowhere_else(void **state)
{
    (void)state;
    run r;
    begin(&r, LAND(TRAITS, NO_STATIONS), 0);
    assert_int_equal(people_with(&r, UNACCOMPANIED | CHILD), people_with(&r, UNACCOMPANIED));
    assert_int_equal(people_with(&r, LOST | UNACCOMPANIED), people_with(&r, LOST));
    finish(&r);
}

static void sizes_and_modes_come_in_their_shares(void **state)
{
    (void)state;
    run r;
    uint64_t sizes[5] = {0}, modes[MODEL_MODES] = {0};
    begin(&r, LAND(TRAITS, NO_STATIONS), 0);
    uint32_t groups = r.world.group_count;
    for (uint32_t i = 0; i < groups; i++) {
        assert_true(model_group_at(&r.world, i)->customer.size <= 4);
        sizes[model_group_at(&r.world, i)->customer.size]++;
        modes[model_group_at(&r.world, i)->mode]++;
    }
    for (uint32_t size = 1; size <= 4; size++)
        test_share("size", sizes[size], groups, (5 - size) / 10.0);
    test_share("on foot", modes[FOOT], groups, 0.35);
    test_share("by car", modes[CAR], groups, 0.5);
    test_share("by train", modes[RAIL], groups, 0.15);
    assert_int_equal(modes[BUS], 0);
    finish(&r);
}

static void persons_stand_in_groups_without_gaps(void **state)
{
    (void)state;
    run r;
    uint32_t person = 0;
    begin(&r, LAND(TRAITS, NO_STATIONS), 0);
    for (uint32_t i = 0; i < r.world.group_count; i++) {
        assert_int_equal(model_group_at(&r.world, i)->first_person, person);
        person += model_group_at(&r.world, i)->customer.size;
    }
    assert_int_equal(person, 60000);
    finish(&r);
}

static void a_group_is_of_the_first_class_that_fits(void **state)
{
    (void)state;
    run r;
    uint64_t found[5] = {0};
    begin(&r, LAND(TRAITS, NO_STATIONS), 0);
    assert_int_equal(r.setup.class_count, 5);
    assert_string_equal(r.setup.classes[4].name, "everyone");
    for (uint32_t i = 0; i < r.world.group_count; i++) {
        const model_group *g = model_group_at(&r.world, i);
        uint32_t traits = 0;
        for (uint32_t k = 0; k < g->customer.size; k++)
            traits |= r.world.traits[g->first_person + k];
        unsigned expected = (traits & LOST) != 0                      ? 0
                            : (traits & SICK) != 0 && g->mode == CAR  ? 1
                            : (traits & (CHILD | UNACCOMPANIED)) != 0 ? 2
                            : g->mode == RAIL                         ? 3
                                                                      : 4;
        assert_int_equal(g->customer.class, expected);
        found[expected] += g->customer.size;
    }
    for (int class = 0; class < 5; class ++) {
        assert_true(found[class] > 0);
        assert_int_equal(test_count(&r.world, "flow/crossed", "P", class), found[class]);
    }
    finish(&r);
}

static void a_person_stays_the_same_whatever_else_changes(void **state)
{
    (void)state;
    run a, b, c;
    begin(&a, LAND(TRAITS, NO_STATIONS), 0);
    /* another post, trait, plan, patience */
    begin(&b,
          LAND(TRAITS ", more: {share: 50 %}", "stations: {s: {time: 1 s, desks: 3, when: sick}}\nposts: {P: {entry: "
                                               "{stations: [s]}}}\npatience: {time: 2 min}\n"
                                               "timeline: [{at: 3 h, order: outage, target: P, duration: 1 h}]\n"),
          0);
    begin(&c, LAND(TRAITS, NO_STATIONS), 1);
    assert_int_equal(a.world.person_count, b.world.person_count);
    assert_true(test_count(&b.world, "flow/gave_up", "P", -1) > 0);
    uint32_t differ = 0;
    for (uint32_t i = 0; i < a.world.person_count; i++) {
        assert_int_equal(a.world.traits[i], b.world.traits[i] & (2 * NONE - 1));
        differ += a.world.traits[i] != c.world.traits[i];
    }
    assert_true(differ > 20000); /* another replication has other people */
    for (uint32_t i = 0; i < a.world.group_count; i++) {
        assert_int_equal(model_group_at(&a.world, i)->customer.size, model_group_at(&b.world, i)->customer.size);
        assert_int_equal(model_group_at(&a.world, i)->mode, model_group_at(&b.world, i)->mode);
    }
    finish(&a);
    finish(&b);
    finish(&c);
}

static void people_that_cannot_be_are_refused(void **state)
{
    (void)state;
    test_refused(LAND(TRAITS ", a: {share: 1, among: b}, b: {share: 1}", NO_STATIONS),
                 "trait \"a\" is drawn among one that is not drawn yet");
    test_refused(LAND(TRAITS ", a: {share: 1, among: a}", NO_STATIONS),
                 "trait \"a\" is drawn among one that is not drawn yet");
    test_refused(LAND(TRAITS ", a: {share: 1.1}", NO_STATIONS), "out of range");
    test_refused(TEST_HEAD "duration: 1 d\npeople: {modes: {foot: 0}}\nplaces: {P: {kind: post}}\nposts: {P: {}}\n",
                 "nobody has a mode of travel");
    test_refused(TEST_HEAD "duration: 1 d\nclasses: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {}}\nplaces: "
                           "{P: {kind: post}}\nposts: {P: {}}\n",
                 "too many classes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traits_come_in_their_shares),
        cmocka_unit_test(a_trait_among_another_is_found_nowhere_else),
        cmocka_unit_test(sizes_and_modes_come_in_their_shares),
        cmocka_unit_test(persons_stand_in_groups_without_gaps),
        cmocka_unit_test(a_group_is_of_the_first_class_that_fits),
        cmocka_unit_test(a_person_stays_the_same_whatever_else_changes),
        cmocka_unit_test(people_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
