/* Results by trait agree with the persons who went through, one by one; and key figures with what they are made of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/outcome/outcome.h"
#include "tests/support/scenario.h"

#define HERE(more)                                                                                                 \
    TEST_HEAD "duration: 1 d\npeople: {group_size: {empirical: {values: [1, 2, 4], weights: [1, 2, 1]}}, traits: " \
              "{child: {share: 0.4},"                                                                              \
              " girl: {share: 0.5, among: child}, old: {share: 0.1}}}\nplaces: {P: {kind: post}}\n"                \
              "displacement: [{from: P, people: 900, shape: {uniform: {low: 0 h, high: 9 h}}}]\n"                  \
              "stations: {check: {time: {exponential: {mean: 45 s}}}}\nposts: {P: {entry: {stations: [check]}}}\n" \
              "patience: {time: {exponential: {mean: 3 h}}}\n" more

static void results_by_trait_are_those_of_the_persons(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, HERE("indicators: {by: [child, old]}\n"));
    test_run(&world, &setup, 3, 0);
    int64_t through[3] = {0}, not_through[3] = {0}, waited[3] = {0};
    for (uint32_t i = 0; i < world.group_count; i++) {
        const model_group *g = model_group_at(&world, i);
        for (uint32_t k = 0; k < g->people; k++)
            for (int trait = 0; trait < 3; trait++)
                if (world.traits[g->first_person + k] >> trait & 1) {
                    size_t count;
                    model_journey *rows = test_journeys(&world, NULL, &count);
                    bool served = false;
                    for (size_t r = 0; r < count; r++)
                        served = served || rows[r].group == i;
                    free(rows);
                    through[trait] += served;
                    not_through[trait] += !served;
                    waited[trait] += served ? g->customer.waited : 0;
                }
    }
    assert_true(through[0] > 100 && not_through[0] > 10);
    for (int trait = 0; trait < 3; trait++) {
        bool asked = trait != 1;
        assert_int_equal(test_count(&world, "traits/through", "P", trait), asked ? through[trait] : 0);
        assert_int_equal(test_count(&world, "traits/not_through", "P", trait), asked ? not_through[trait] : 0);
        assert_int_equal(test_count(&world, "traits/arrived", "P", trait),
                         asked ? through[trait] + not_through[trait] : 0);
        assert_int_equal(test_count(&world, "traits/wait", "P", trait), asked ? waited[trait] : 0);
    }
    model_world_free(&world);
    model_setup_free(&setup);
}

static void asking_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    test_setup(&without, HERE(""));
    test_setup(&with, HERE("indicators: {by: [child, old, girl]}\n"));
    test_run(&a, &without, 3, 0);
    test_run(&b, &with, 3, 0);
    assert_memory_equal(a.network.customers, b.network.customers, a.group_count * sizeof(model_group));
    assert_int_equal(test_count(&a, "wait/post", "P", -1), test_count(&b, "wait/post", "P", -1));
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&without);
    model_setup_free(&with);
}

static double figure(const model_outcome *outcome, const char *name)
{
    double mean = (double)NAN, half_width;
    for (size_t i = 0; i < model_key_figure_count; i++)
        if (strcmp(model_key_figures[i].name, name) == 0)
            model_outcome_interval(outcome, i, &mean, &half_width);
    return mean;
}

/* Staff of 2 for 10 h at 2 desks: one group of 100 and 600 s a group; per staff-day: 100 people / (20 h / 8 h). */
static void key_figures_are_quotients_of_metrics(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    model_outcome *outcome;
    test_setup(
        &setup, TEST_HEAD
        "duration: 1 d\n" TEST_EXACT
        "places: {P: {kind: post}}\nstations: {check: {serves: group, time: 10 min, role: officer, desks: 2}}\n"
        "posts: {P: {entry: {stations: [check]}}}\n"
        "rosters: {r: {post: P, side: entry, role: officer, wage: 10 USD/h, shifts: [{start: \"00:00\", length: 10 h, "
        "head: 2}]}}\ndisplacement:\n" TEST_GROUP("P", "1 h", "100", ""));
    test_run(&world, &setup, 1, 0);
    assert_int_equal(model_outcome_new(&outcome, &setup), 0);
    assert_int_equal(model_outcome_add(outcome, &world), 0);
    assert_float_equal(figure(outcome, "throughput.per_desk_hour"), 100 / 20.0, 1e-9);
    assert_float_equal(figure(outcome, "throughput.per_staff_day"), 100 / 20.0 * 8, 1e-9);
    assert_float_equal(figure(outcome, "cost.total"), 200, 1e-9);
    assert_float_equal(figure(outcome, "cost.per_person"), 2, 1e-9);
    assert_true(isnan(figure(outcome, "border.irregular_share"))); /* there is no informal crossing */
    assert_true(isnan(figure(outcome, "screening.hit_rate")));     /* nobody screens here */
    model_outcome_free(outcome);
    model_world_free(&world);
    model_setup_free(&setup);
}

/* 100 people in service all day, for whom there is water for 15 L a day and person, two latrines and no food; two of
 * them ill, for whom there is a bed; a shift that stays on for 3 h. */
static void key_figures_say_what_people_got(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    model_outcome *outcome;
    test_setup(
        &setup, TEST_HEAD
        "duration: 1 d\nbin: 1 d\npeople: {group_size: 1000, traits: {ill: {share: 1}}}\ntravel: {variation: 1}\n"
        "places: {P: {kind: post}, Q: {kind: post}, R: {kind: post}}\nstations: {check: {serves: group, time: 9 d}, "
        "clinic: {serves: group, time: 0 s, treats: {sensitivity: 1, referral: 1}}, "
        "late: {serves: group, time: 5 h, role: officer}}\n"
        "posts: {P: {entry: {stations: [check]}}, Q: {entry: {stations: [clinic]}}, R: {entry: {stations: [late]}}}\n"
        "health: {ill: ill, worsening: 0, mortality: 0 /d, wards: [{site: Q, beds: 1, stay: 4 h, deaths: 0}]}\n"
        "rosters: {r: {post: R, side: entry, role: officer, overtime: 3 h, shifts: [{start: \"00:00\", length: 2 h, "
        "head: "
        "1}]}}\nrelief: {sites: {P: {water: 1500 L, food: 0, latrines: 2}}}\n"
        "displacement:\n" TEST_GROUP("P", "0 s", "100", "") TEST_GROUP("Q", "0 s", "2", "")
            TEST_GROUP("R", "0 s", "1", "") TEST_GROUP("R", "0 s", "1", ""));
    test_run(&world, &setup, 1, 0);
    assert_int_equal(model_outcome_new(&outcome, &setup), 0);
    assert_int_equal(model_outcome_add(outcome, &world), 0);
    assert_float_equal(figure(outcome, "site.water"), 15, 0.02);
    assert_float_equal(figure(outcome, "site.latrine_users"), 50, 1e-9);
    assert_float_equal(figure(outcome, "site.without_food"), 86400, 1e-3);
    assert_float_equal(figure(outcome, "health.treated"), 2, 1e-9);
    assert_float_equal(figure(outcome, "health.wait_for_bed"), 2 * 3600.0, 1e-3); /* nobody, and the 4 h of the other */
    assert_float_equal(figure(outcome, "staff.overtime_hours"), 3, 1e-9);
    assert_true(isnan(figure(outcome, "status.recognition")));
    model_outcome_free(outcome);
    model_world_free(&world);
    model_setup_free(&setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_by_trait_are_those_of_the_persons),
        cmocka_unit_test(asking_changes_nothing),
        cmocka_unit_test(key_figures_are_quotients_of_metrics),
        cmocka_unit_test(key_figures_say_what_people_got),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
