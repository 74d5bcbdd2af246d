/* Custody: who is detained, who gets an alternative, for how long, by hand and by shares; policy switches, places,
 * costs, orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

enum { PEOPLE = 20000 };

/* People one by one, of whom 30% are considered, 20% are children and 10% not eligible. */
#define MANY(custody, more)                                                                                         \
    TEST_HEAD "duration: 30 d\nbin: 30 d\n"                                                                         \
              "people: {group_size: 1, traits: {flag: {share: 0.3}, child: {share: 0.2}, risky: {share: 0.1}}}\n"   \
              "places: {P: {kind: post}}\nstations: {talk: {time: 1 s, desks: 50}}\nposts: {P: {entry: {stations: " \
              "[talk]}}}\n"                                                                                         \
              "displacement: [{from: P, people: 20000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"                 \
              "custody: {stations: talk, traits: flag, child: child, " custody "}\n" more

static void run(model_setup *setup, model_world *world, const char *text)
{
    test_setup(setup, text);
    test_run(world, setup, 1, 0);
}

static void end(model_setup *setup, model_world *world)
{
    model_world_free(world);
    model_setup_free(setup);
}

static int64_t count(const model_world *world, const char *metric)
{
    return test_count(world, metric, "P", -1);
}

static uint64_t with_traits(const model_world *world, uint32_t mask, uint32_t value)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < world->person_count; i++)
        n += (world->traits[i] & mask) == value;
    return n;
}

static void shares_of_alternatives_returns_and_compliance_come_out(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        MANY("detain_children: true, alternatives: 0.6, not_eligible: risky, decision_time: 5 d, returned: 0.25, "
             "compliance: 0.9",
             ""));
    uint64_t eligible = with_traits(&world, 5, 1), risky = with_traits(&world, 5, 5);
    assert_int_equal(count(&world, "custody/considered"), eligible + risky);
    uint64_t alternatives = (uint64_t)count(&world, "custody/alternatives"),
             detained = (uint64_t)count(&world, "custody/detained");
    assert_int_equal(alternatives + detained, eligible + risky);
    test_share("alternatives", alternatives, eligible, 0.6);
    uint64_t complied = (uint64_t)count(&world, "custody/complied");
    test_share("compliance", complied, alternatives, 0.9);
    assert_int_equal(count(&world, "custody/ended"), alternatives);
    assert_int_equal(count(&world, "custody/absconded"), alternatives - complied);
    test_share("returned", (uint64_t)count(&world, "custody/returned"), detained + complied, 0.25);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_REFUSED),
                     detained - (uint64_t)count(&world, "custody/released"));
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_DETAINED), 0);
    /* who absconds does so after half the time on average: 5 d x (0.9 + 0.1 / 2) each */
    double days =
        (double)test_bin(&world, "custody/in_alternatives", "P", 0, 0, 0) / (double)SIM_DAY / (double)alternatives;
    assert_true(days > 5 * 0.95 - 0.05 && days < 5 * 0.95 + 0.05);
    assert_int_equal(test_bin(&world, "custody/in_detention", "P", 0, 0, 0), (int64_t)detained * 5 * SIM_DAY);
    assert_int_equal(test_bin(&world, "custody/time_to_decision", "P", 0, 0, 0),
                     (int64_t)(detained + complied) * 5 * SIM_DAY);
    end(&setup, &world);
}

static void children_are_detained_only_where_policy_allows(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world, MANY("decision_time: 5 d", ""));
    uint64_t children = with_traits(&world, 3, 3);
    assert_true(children > 900);
    assert_int_equal(count(&world, "custody/children_detained"), 0);
    assert_int_equal(count(&world, "custody/spared"), children);
    assert_int_equal(count(&world, "custody/alternatives"), children);
    end(&setup, &world);
    run(&setup, &world, MANY("decision_time: 5 d, detain_children: true", ""));
    assert_int_equal(count(&world, "custody/children_detained"), children);
    assert_int_equal(count(&world, "custody/spared"), 0);
    end(&setup, &world);
}

/* Two a group: one of them considered. With a child in the group neither is detained, unless families may be; then the
 * child still may not. */
#define PAIRS(custody)                                                                                              \
    TEST_HEAD "duration: 10 d\npeople: {group_size: 2, traits: {child: {share: 0.3}}}\nplaces: {P: {kind: post}}\n" \
              "stations: {talk: {time: 1 s, desks: 50}}\nposts: {P: {entry: {stations: [talk]}}}\n"                 \
              "displacement: [{from: P, people: 4000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"                  \
              "custody: {stations: talk, child: child, decision_time: 5 d, " custody "}\n"

static void families_are_detained_only_where_policy_allows(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    for (int allowed = 0; allowed < 4; allowed++) {
        static const char *const texts[] = {PAIRS("detain_families: false"), PAIRS("detain_families: true"),
                                            PAIRS("detain_children: true"),
                                            PAIRS("detain_children: true, detain_families: true")};
        run(&setup, &world, texts[allowed]);
        int64_t expected = 0, children = 0;
        for (uint32_t i = 0; i < world.person_count; i += 2)
            for (uint32_t k = i; k < i + 2; k++) {
                bool family = (world.traits[i] | world.traits[i + 1]) & 1, child = world.traits[k] & 1;
                bool may = !(family && !(allowed & 1)) && !(child && !(allowed & 2));
                expected += may;
                children += may && child;
            }
        assert_int_equal(count(&world, "custody/detained"), expected);
        assert_int_equal(count(&world, "custody/children_detained"), children);
        assert_int_equal(count(&world, "custody/spared"), 4000 - expected);
        end(&setup, &world);
    }
}

/* Three come at 0, 1 and 2 h to one place for 5 h. Held, they are decided on at 5, 10 and 15 h; otherwise the second
 * and third get an alternative and are decided on at 6 and 7 h. */
#define THREE(custody, more)                                                                                          \
    TEST_HEAD "duration: 24 h\nbin: 24 h\n" TEST_EXACT "places: {P: {kind: post}}\nstations: {talk: {serves: group, " \
              "time: 0 s}}\nposts: {P: {entry: {stations: [talk]}}}\n"                                                \
              "custody: {stations: talk, decision_time: 5 h, compliance: 1, " custody                                 \
              "}\ndisplacement:\n" TEST_GROUP("P", "0 h", "1", "") TEST_GROUP("P", "1 h", "1", "")                    \
                  TEST_GROUP("P", "2 h", "1", "") more

static void places_are_given_first_come_first_served(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world, THREE("places: 1, when_full: hold", ""));
    assert_int_equal(count(&world, "custody/detained"), 3);
    assert_int_equal(test_bin(&world, "custody/in_detention", "P", 0, 0, 0), (5 + 9 + 13) * SIM_HOUR);
    assert_int_equal(test_bin(&world, "people/present", "P", MODEL_DETAINED, 0, 0), (5 + 9 + 13) * SIM_HOUR);
    assert_int_equal(test_bin(&world, "custody/held", "P", 0, 0, 0), (4 + 8) * SIM_HOUR);
    assert_int_equal(test_bin(&world, "custody/time_to_decision", "P", 0, 0, 0), (5 + 9 + 13) * SIM_HOUR);
    assert_int_equal(count(&world, "flow/crossed"), 0);
    assert_int_equal(test_level(&world, "people/present", "P", MODEL_CROSSED), 3);
    end(&setup, &world);
    run(&setup, &world, THREE("places: 1", ""));
    assert_int_equal(count(&world, "custody/detained"), 1);
    assert_int_equal(count(&world, "custody/for_want_of_places"), 2);
    assert_int_equal(count(&world, "flow/crossed"), 2);
    assert_int_equal(test_bin(&world, "custody/in_alternatives", "P", 0, 0, 0), 10 * SIM_HOUR);
    end(&setup, &world);
    run(&setup, &world, THREE("places: 1, alternative_time: 2 h", ""));
    assert_int_equal(test_bin(&world, "custody/in_alternatives", "P", 0, 0, 0), 4 * SIM_HOUR);
    end(&setup, &world);
}

/* A second place from 3 h on: the second is decided on at 8 h; the third has the first's place at 5 h. With it until 4
 * h only, there is one again from 5 h on, when the second still has it. */
static void orders_add_places_and_set_the_share_of_alternatives(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define HOLD(order) THREE("places: 1, when_full: hold", "timeline: [" order "]\n")
    run(&setup, &world, HOLD("{at: 3 h, order: add_detention_places, target: P, number: 1}"));
    assert_int_equal(test_bin(&world, "custody/in_detention", "P", 0, 0, 0), (5 + 7 + 8) * SIM_HOUR);
    end(&setup, &world);
    run(&setup, &world, HOLD("{at: 3 h, order: add_detention_places, target: P, number: 1, duration: 1 h}"));
    assert_int_equal(test_bin(&world, "custody/in_detention", "P", 0, 0, 0), (5 + 7 + 11) * SIM_HOUR);
    end(&setup, &world);
    run(&setup, &world, HOLD("{at: 30 min, order: set_alternatives, share: 1, duration: 1 h}"));
    assert_int_equal(count(&world, "custody/alternatives"), 1);
    assert_int_equal(count(&world, "custody/detained"), 2);
    end(&setup, &world);
}

/* 27 and 10 person-hours at USD 24 and 12 a day. */
static void days_are_paid(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define PAID(custody) \
    THREE(custody ", day_cost: 24 USD, alternative_day_cost: 12 USD", "agencies: {a: {budget: 1 USD}}\n")
    run(&setup, &world, PAID("places: 1, when_full: hold"));
    assert_in_range(test_count(&world, "cost/spent", "a", MODEL_COST_CUSTODY), 26, 27);
    end(&setup, &world);
    run(&setup, &world, PAID("places: 1"));
    assert_in_range(test_count(&world, "cost/spent", "a", MODEL_COST_CUSTODY), 9,
                    10); /* 5 + 10 / 2, less than a dollar not booked yet */
    end(&setup, &world);
}

/* exp(-1) of exponential times are longer than their mean. */
static void long_detention_harms(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        MANY("detain_children: true, decision_time: {exponential: {mean: 2 d}}, harm_after: 2 d, harm_share: 0.5", ""));
    assert_true(test_level(&world, "people/present", "P", MODEL_DETAINED) < 3);
    test_share("harmed", (uint64_t)count(&world, "custody/harmed"), (uint64_t)count(&world, "custody/detained"),
               0.5 * 0.36787944);
    end(&setup, &world);
}

#define GROUPS                                                                                                     \
    TEST_HEAD                                                                                                      \
    "duration: 3 d\npeople: {traits: {flag: {share: 0.3}, child: {share: 0.4}}}\nplaces: {P: {kind: post}, Q: "    \
    "{kind: post}, C: "                                                                                            \
    "{kind: centre}}\n"                                                                                            \
    "links: [{from: P, to: Q, length: 30 km}, {from: P, to: C, length: 36 km}, {from: Q, to: C, length: 36 km}]\n" \
    "stations: {talk: {time: {exponential: {mean: 40 s}}, desks: 4}, list: {time: 1 min, desks: 4}}\n"             \
    "posts: {P: {entry: {stations: [talk]}}, Q: {entry: {stations: [talk]}}}\ncentres: {C: {beds: 300, stations: " \
    "[list]}}\n"                                                                                                   \
    "onward: [{from: P, to: C, by: bus}, {from: Q, to: C, by: bus}]\n"                                             \
    "displacement: [{from: P, people: 1500, shape: {uniform: {low: 0 h, high: 20 h}}},"                            \
    " {from: Q, people: 1500, shape: {uniform: {low: 0 h, high: 20 h}}}]\n"

static void runs_are_the_same_for_any_threads_and_after_restoring(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, GROUPS "custody: {stations: [talk, list], traits: flag, child: child, alternatives: 0.3, "
                              "places: 20, when_full: hold,\n"
                              " decision_time: {exponential: {mean: 8 h}}, returned: 0.3}\n"
                              "timeline: [{at: 20 h, order: set_alternatives, share: 0.6}, {at: 30 h, order: "
                              "add_detention_places, target: \"*\", number: 9}]\n");
    assert_true(setup.process_count > 1);
    test_same_however_run(&setup, 5);
    model_setup_free(&setup);
}

/* Where everyone considered gets an alternative, nobody's way changes. */
static void alternatives_for_all_change_nobodys_way(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    run(&without, &a, GROUPS);
    run(&with, &b, GROUPS "custody: {stations: [talk, list], traits: flag, alternatives: 1, decision_time: 8 h}\n");
    assert_true(test_count(&b, "custody/considered", NULL, -1) > 800);
    test_same_metrics(&a, &b);
    end(&without, &a);
    end(&with, &b);
}

static void custody_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    test_refused(MANY("places: 3", ""), "no time to the decision");
    test_refused(MANY("decision_time: 5 d, compliance: 1.5", ""), "out of range");
    test_refused(
        MANY("decision_time: 5 d", "timeline: [{at: 1 d, order: add_detention_places, target: P, number: 1}]\n"),
        "not limited at \"P\"");
    test_refused(MANY("decision_time: 5 d", "timeline: [{at: 1 d, order: set_alternatives, share: 1.5}]\n"),
                 "from 0 to 1");
    test_refused(GROUPS "timeline: [{at: 1 d, order: set_alternatives, share: 0.5}]\n", "nobody is detained");
    test_refused_for(GROUPS "custody: 7\ntimeline: [{at: 1 d, order: set_alternatives, share: 0.5}, {at: 1 d, order: "
                            "add_detention_places, target: P, number: 1}]\n",
                     "here stands a single value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_alternatives_returns_and_compliance_come_out),
        cmocka_unit_test(children_are_detained_only_where_policy_allows),
        cmocka_unit_test(families_are_detained_only_where_policy_allows),
        cmocka_unit_test(places_are_given_first_come_first_served),
        cmocka_unit_test(orders_add_places_and_set_the_share_of_alternatives),
        cmocka_unit_test(days_are_paid),
        cmocka_unit_test(long_detention_harms),
        cmocka_unit_test(runs_are_the_same_for_any_threads_and_after_restoring),
        cmocka_unit_test(alternatives_for_all_change_nobodys_way),
        cmocka_unit_test(custody_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
