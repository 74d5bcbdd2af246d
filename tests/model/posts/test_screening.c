/* Screening: sensitivity, specificity, the hit rate at a base rate, referral by marks; and nothing at all when stations
 * look for nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

enum { PEOPLE = 40000 };

/* 40,000 people one by one; `finds` of the first station, who is taken by the second. */
#define SCREEN(finds, second)                                                                                          \
    TEST_HEAD "duration: 3 d\npeople:\n  group_size: 1\n  traits: {hurt: {share: 0.1}, rare: {share: 0.004}, marked: " \
              "{share: 0}}\n"                                                                                          \
              "places: {P: {kind: post}}\nstations:\n  a: {time: 1 s, desks: 50" finds                                 \
              "}\n  b: {time: 1 s, desks: 50, " second "}\nposts: {P: {entry: {stations: [a, b]}}}\n"                  \
              "displacement: [{from: P, people: 40000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"

static int64_t count(const model_world *world, const char *metric)
{
    return test_count(world, metric, "P/entry/a", -1);
}

static void screening_finds_sensitivity_and_spares_specificity(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               SCREEN(", finds: [{trait: hurt, mark: marked, sensitivity: 0.8, specificity: 0.95}]", "when: marked"));
    test_run(&world, &setup, 1, 0);
    int64_t concerned = count(&world, "screening/concerned"), unconcerned = count(&world, "screening/unconcerned");
    int64_t found = count(&world, "screening/found"), marked = count(&world, "screening/marked");
    assert_int_equal(concerned + unconcerned, PEOPLE);
    test_share("concerned", (uint64_t)concerned, PEOPLE, 0.1);
    test_share("found", (uint64_t)found, (uint64_t)concerned, 0.8);
    test_share("false alarms", (uint64_t)(marked - found), (uint64_t)unconcerned, 0.05);
    assert_int_equal(test_count(&world, "flow/served", "P/entry/b", -1),
                     marked); /* the marked are sent on, nobody else */
    model_world_free(&world);
    model_setup_free(&setup);
}

/* P(concerned | marked) by Bayes: 0.004 x 0.9 / (0.004 x 0.9 + 0.996 x 0.02) = 0.153. */
static void most_alarms_are_false_at_a_small_base_rate(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               SCREEN(", finds: [{trait: rare, mark: marked, sensitivity: 0.9, specificity: 0.98}]", "when: marked"));
    test_run(&world, &setup, 2, 0);
    test_share("hit rate", (uint64_t)count(&world, "screening/found"), (uint64_t)count(&world, "screening/marked"),
               0.004 * 0.9 / (0.004 * 0.9 + 0.996 * 0.02));
    model_world_free(&world);
    model_setup_free(&setup);
}

static void a_perfect_screening_marks_exactly_those_concerned(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup,
               SCREEN(", finds: [{trait: hurt, mark: marked, sensitivity: 1, specificity: 1}]", "when: marked"));
    test_run(&world, &setup, 3, 0);
    for (uint32_t i = 0; i < world.person_count; i++)
        assert_int_equal((world.traits[i] & 4) != 0, (world.traits[i] & 1) != 0);
    assert_int_equal(count(&world, "screening/found"), count(&world, "screening/marked"));
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Only people whom the station takes are screened. */
static void who_passes_by_is_not_screened(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, SCREEN(", unless: hurt, finds: [{trait: hurt, mark: marked, sensitivity: 1, specificity: 0}]",
                              "when: marked"));
    test_run(&world, &setup, 4, 0);
    assert_int_equal(count(&world, "screening/concerned"), 0);
    assert_int_equal(count(&world, "screening/marked"), count(&world, "screening/unconcerned"));
    test_share("screened", (uint64_t)count(&world, "screening/unconcerned"), PEOPLE, 0.9);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* What is told in private only is found with sensitivity x privacy; other finds, and false alarms, do not depend on
 * privacy. */
static void privacy_matters_for_what_is_sensitive(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    static const struct {
        const char *text;
        double expected;
    } cases[] = {{SCREEN(", privacy: 0.5, finds: [{trait: hurt, mark: marked, sensitivity: 0.8, specificity: 0.95, "
                         "sensitive: true}]",
                         "when: marked"),
                  0.4},
                 {SCREEN(", privacy: 0.5, finds: [{trait: hurt, mark: marked, sensitivity: 0.8, specificity: 0.95}]",
                         "when: marked"),
                  0.8}};
    for (size_t i = 0; i < 2; i++) {
        test_setup(&setup, cases[i].text);
        test_run(&world, &setup, 6, 0);
        int64_t found = count(&world, "screening/found");
        test_share("found", (uint64_t)found, (uint64_t)count(&world, "screening/concerned"), cases[i].expected);
        test_share("false alarms", (uint64_t)(count(&world, "screening/marked") - found),
                   (uint64_t)count(&world, "screening/unconcerned"), 0.05);
        model_world_free(&world);
        model_setup_free(&setup);
    }
}

/* With a sensitivity of 0 and a specificity of 1 nothing comes of it: everything but the number of people screened is
 * the same. */
static void a_screening_without_effect_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, SCREEN("", "when: hurt"));
    test_setup(&with, SCREEN(", finds: [{trait: hurt, mark: marked, sensitivity: 0, specificity: 1}]", "when: hurt"));
    test_run(&a, &without, 5, 0);
    test_run(&b, &with, 5, 0);
    assert_true(count(&b, "screening/concerned") > 0);
    assert_memory_equal(a.traits, b.traits, a.person_count * sizeof *a.traits);
    assert_memory_equal(a.network.customers, b.network.customers, a.group_count * sizeof(model_group));
    for (int kind = 0; kind < SIM_OWNERS; kind++) {
        const sim_recorder_part *p = &a.recorder.parts[kind], *q = &b.recorder.parts[kind];
        assert_memory_equal(p->buckets, q->buckets,
                            (size_t)p->owners * p->histograms * SIM_HISTOGRAM_SIZE * sizeof *p->buckets);
    }
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static void a_find_that_marks_by_what_it_looks_for_is_refused(void **state)
{
    (void)state;
    test_refused(SCREEN(", finds: [{trait: hurt, mark: hurt, sensitivity: 1, specificity: 1}]", "when: hurt"),
                 "another trait");
    test_refused(SCREEN(", finds: [{trait: hurt, mark: marked, sensitivity: 1.5, specificity: 1}]", "when: hurt"),
                 "out of range");
    test_refused(SCREEN(", finds: [{trait: hurt, mark: market, sensitivity: 1, specificity: 1}]", "when: hurt"),
                 "marked");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screening_finds_sensitivity_and_spares_specificity),
        cmocka_unit_test(most_alarms_are_false_at_a_small_base_rate),
        cmocka_unit_test(a_perfect_screening_marks_exactly_those_concerned),
        cmocka_unit_test(who_passes_by_is_not_screened),
        cmocka_unit_test(privacy_matters_for_what_is_sensitive),
        cmocka_unit_test(a_screening_without_effect_changes_nothing),
        cmocka_unit_test(a_find_that_marks_by_what_it_looks_for_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
