/* Status: decisions by hand, in the order of application wherever people applied; the queue of theory; shares; the
 * stock of those without status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

enum { MINUTE = 60, PEOPLE = 20000 };

/* Groups that cross P or Q at once; 10 caseworkers at 8 h a day and 30 min a case decide one case in 9 min. */
#define OFFICE(duration, status, streams, more)                                                     \
    TEST_HEAD "duration: " duration "\nbin: " duration "\n" TEST_EXACT                              \
              "places: {P: {kind: post}, Q: {kind: post}}\nposts: {P: {}, Q: {}}\nstatus: {" status \
              "}\ndisplacement:\n" streams more
#define NINE_MINUTES "caseworkers: 10, handling: 30 min"

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
    return test_count(world, metric, NULL, -1);
}

/* 1 + 2 + ... + n */
static int64_t sum_to(int64_t n)
{
    return n * (n + 1) / 2;
}

static void cases_are_decided_one_after_another(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        OFFICE("24 h", "asylum: {" NINE_MINUTES ", recognition: 1}", TEST_GROUP("P", "0 h", "1000", ""), ""));
    assert_int_equal(count(&world, "status/applications"), 1000);
    assert_int_equal(count(&world, "status/decisions"), 160);
    assert_int_equal(count(&world, "status/granted"), 160);
    assert_int_equal(test_bin(&world, "status/time_to_decision", NULL, 0, 0, 0), sum_to(160) * 9 * MINUTE * SIM_SECOND);
    assert_int_equal(test_bin(&world, "status/backlog", NULL, 0, 0, 0),
                     1000 * SIM_DAY - 160 * SIM_DAY + sum_to(160) * 9 * MINUTE * SIM_SECOND);
    assert_int_equal(test_level(&world, "status/backlog", "all", 0), 840);
    end(&setup, &world);
}

/* Those of Q applied at 00:05, those of P at 00:09, before both are handed over; a case takes a minute. */
static void who_applied_first_is_decided_on_first_wherever_that_was(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(
        &setup, TEST_HEAD
        "duration: 24 h\nbin: 24 h\ncontrol_interval: 10 min\npeople: {group_size: 1000, traits: {permit: {share: "
        "0}}}\ntravel: {variation: 1}\n"
        "places: {P: {kind: post}, Q: {kind: post}}\nposts: {P: {}, Q: {}}\n"
        "status: {asylum: {caseworkers: 1, hours: 24 h, handling: 1 min, recognition: 1, permit: permit}}\n"
        "displacement:\n" TEST_GROUP("P", "9 min", "100", "") TEST_GROUP("Q", "5 min", "100", ""));
    test_world(&world, &setup, 1, 0);
    assert_int_equal(model_world_run(&world, 51 * MINUTE * SIM_SECOND, 1), 0);
    for (uint32_t i = 0; i < 200; i++) /* 45 have been decided on at 00:50, all of Q */
        assert_int_equal(world.traits[i], i >= 100 && i < 145);
    assert_int_equal(model_world_run(&world, setup.end, 1), 0);
    assert_int_equal(test_bin(&world, "status/time_to_decision", NULL, 0, 0, 0),
                     (sum_to(200) - 100 * 4) * MINUTE * SIM_SECOND);
    end(&setup, &world);
}

/* A queue of Poisson arrivals, load 0.7: mean time by Pollaczek and Khinchine, 6.5 min for equal cases and 10 min for
 * exponential ones. With 100,000 cases the standard error of the second is 1.7%: 6% is not left by chance once in 2,000
 * seeds; this is one. */
static void time_to_decision_is_that_of_pollaczek_and_khinchine(void **state)
{
    (void)state;
#define QUEUE(handling)                                                                                          \
    TEST_HEAD "duration: 300 d\nbin: 30 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nposts: {P: {}}\n" \
              "displacement: [{from: P, rate: 14 /h}]\nstatus: {asylum: {caseworkers: 3, handling: " handling    \
              ", recognition: 0.5}}\n"
    static const char *const texts[] = {QUEUE("3 min"), QUEUE("{exponential: {mean: 3 min}}")};
    static const double expected[] = {6.5, 10};
    for (int i = 0; i < 2; i++) {
        model_setup setup;
        model_world world;
        run(&setup, &world, texts[i]);
        int64_t sum = 0, weight = 0;
        for (uint32_t bin = 0; bin < world.recorder.bins; bin++) {
            sum += test_bin(&world, "status/time_to_decision", NULL, 0, bin, 0);
            weight += test_bin(&world, "status/time_to_decision", NULL, 0, bin, 1);
        }
        double mean = (double)sum / (double)weight / (double)(MINUTE * SIM_SECOND);
        assert_true(weight > 95000 && mean > expected[i] * 0.94 && mean < expected[i] * 1.06);
        assert_true(count(&world, "status/applications") - weight < 50);
        end(&setup, &world);
    }
}

/* 2,000 a day apply, 160 are decided on: the backlog grows by the difference, and the n-th waits n / 160 - n / 2,000
 * days. */
static void an_overloaded_office_falls_behind_at_the_difference_of_rates(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        TEST_HEAD "duration: 10 d\nbin: 10 d\npeople: {group_size: 1}\nplaces: {P: {kind: post}}\nposts: {P: {}}\n"
                  "displacement: [{from: P, people: 20000, shape: {uniform: {low: 0 d, high: 10 d}}}]\n"
                  "status: {asylum: {" NINE_MINUTES ", recognition: 1}}\n");
    assert_in_range(count(&world, "status/decisions"), 1598, 1600);
    assert_int_equal(test_level(&world, "status/backlog", "all", 0), 20000 - count(&world, "status/decisions"));
    double days = (double)test_bin(&world, "status/time_to_decision", NULL, 0, 0, 0) / 1600 / (double)SIM_DAY;
    double expected = 1600 / 2.0 * (1 / 160.0 - 1 / 2000.0);
    assert_true(days > 0.98 * expected && days < 1.02 * expected);
    end(&setup, &world);
}

/* 20,000 people; 70% of those with a cause apply for the first kind, all others without a bar for the second. */
#define MANY(more)                                                                                                  \
    TEST_HEAD "duration: 5 d\npeople: {group_size: 1, traits: {cause: {share: 0.4}, barred: {share: 0.1}, permit: " \
              "{share: 0}}}\n"                                                                                      \
              "places: {P: {kind: post}, I: {kind: informal}}\nposts: {P: {}}\nagencies: [one, two]\n"              \
              "displacement: [{from: P, people: 20000, shape: {uniform: {low: 0 d, high: 1 d}}}]\n" more

static void people_apply_for_the_first_kind_that_fits(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        MANY("status: {protection: {when: cause, share: 0.7, caseworkers: 999, handling: 1 s, recognition: 0.4, "
             "permit: permit},\n"
             " other: {agency: two, unless: barred, caseworkers: 999, handling: 1 s, recognition: 0}}\n"));
    uint64_t cause = 0, permit = 0;
    for (uint32_t i = 0; i < world.person_count; i++) {
        cause += world.traits[i] & 1;
        permit += (world.traits[i] & 4) != 0;
    }
    uint64_t first = (uint64_t)test_count(&world, "status/applications", "one", -1),
             second = (uint64_t)test_count(&world, "status/applications", "two", -1);
    test_share("first", first, cause, 0.7);
    test_share("second", second, PEOPLE - first, 0.9);
    assert_int_equal(count(&world, "status/decisions"), first + second);
    test_share("granted", permit, first, 0.4);
    assert_int_equal(test_count(&world, "status/granted", "one", -1), permit);
    assert_int_equal(test_level(&world, "status/without", NULL, 0), first + second - permit);
    end(&setup, &world);
}

/* Of those who cross informally 30% apply; the others are without status until half of them are regularized, if that is
 * granted. */
static void the_stock_without_status_is_counted_and_can_be_regularized(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define INFORMAL(recognition, order)                                                                               \
    TEST_HEAD "duration: 5 d\nbin: 5 d\npeople: {group_size: 1}\nplaces: {A: {kind: origin}, P: {kind: post}, I: " \
              "{kind: informal}}\n"                                                                                \
              "links: [{from: A, to: I, length: 5 km}]\nposts: {P: {}}\n"                                          \
              "displacement: [{from: A, people: 20000, shape: {uniform: {low: 0 d, high: 1 d}}}]\n"                \
              "status: {asylum: {at: informal, share: 0.3, caseworkers: 999, handling: 1 s, recognition: 1},\n"    \
              " amnesty: {at: centre, caseworkers: 999, handling: 1 s, recognition: " recognition                  \
              "}}\ntimeline: [" order "]\n"
    run(&setup, &world, INFORMAL("1", ""));
    uint64_t granted = (uint64_t)count(&world, "status/granted");
    test_share("apply", granted, PEOPLE, 0.3);
    assert_int_equal(test_level(&world, "status/without", NULL, 0), PEOPLE - granted);
    end(&setup, &world);
    run(&setup, &world, INFORMAL("1", "{at: 3 d, order: regularize, name: amnesty, share: 0.5}"));
    uint64_t regularized = (uint64_t)count(&world, "status/granted") - granted;
    test_share("regularized", regularized, PEOPLE - granted, 0.5);
    assert_int_equal(test_level(&world, "status/without", NULL, 0), PEOPLE - granted - regularized);
    end(&setup, &world);
    run(&setup, &world, INFORMAL("0", "{at: 3 d, order: regularize, name: amnesty, share: 1}"));
    assert_int_equal(count(&world, "status/decisions"), PEOPLE); /* all apply, and are where they were */
    assert_int_equal(test_level(&world, "status/without", NULL, 0), PEOPLE - granted);
    end(&setup, &world);
}

static void orders_bring_caseworkers_and_start_a_status(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
#define THOUSAND(status, order) OFFICE("24 h", status, TEST_GROUP("P", "0 h", "1000", ""), "timeline: [" order "]\n")
    run(&setup, &world,
        THOUSAND("asylum: {" NINE_MINUTES ", recognition: 1}",
                 "{at: 12 h, order: add_caseworkers, name: asylum, number: 10, duration: 6 h}"));
    assert_int_equal(count(&world, "status/decisions"), 80 + 80 + 40);
    end(&setup, &world);
    run(&setup, &world,
        OFFICE("24 h", "shelter: {active: false, " NINE_MINUTES ", recognition: 1}",
               TEST_GROUP("P", "30 min", "10", "") TEST_GROUP("P", "90 min", "20", "")
                   TEST_GROUP("P", "150 min", "40", ""),
               "timeline: [{at: 1 h, order: start_status, name: shelter, duration: 1 h}]\n"));
    assert_int_equal(count(&world, "status/applications"), 20);
    assert_int_equal(count(&world, "status/decisions"), 20);
    end(&setup, &world);
}

/* One is decided on every 5 min. They come to the centre after an hour and leave it 4 h later, those with a permit for
 * D. */
static void a_permit_opens_the_way_on(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        TEST_HEAD
        "duration: 24 h\npeople: {group_size: 1, traits: {permit: {share: 0}}}\ntravel: {variation: 1}\n"
        "places: {P: {kind: post}, C: {kind: centre}, D: {kind: destination}}\n"
        "links: [{from: P, to: C, length: 5 km}, {from: C, to: D, length: 5 km}]\nposts: {P: {}}\n"
        "stations: {stay: {time: 4 h, desks: 1000}}\ncentres: {C: {stations: [stay]}}\n"
        "onward: [{from: P, to: C}, {from: C, to: D, when: permit}]\n"
        "displacement: [{from: P, people: 100, shape: 0 s}]\n"
        "status: {asylum: {at: [post, centre], caseworkers: 3, handling: 5 min, recognition: 1, permit: permit}}\n");
    int64_t gone = test_count(&world, "flow/settled", "D", -1), hours = test_bin(&world, "wait/centre", "C", 0, 5, 1);
    assert_int_equal(count(&world, "status/applications"), 100); /* nobody twice */
    assert_int_equal(hours, 100);                                /* all leave the centre in the sixth hour ... */
    assert_int_equal(gone, 60);                                  /* ... at 5 h, when 60 have been decided on */
    end(&setup, &world);
}

static void decisions_are_paid(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    run(&setup, &world,
        OFFICE("24 h", "asylum: {" NINE_MINUTES ", recognition: 1, case_cost: 300 USD}",
               TEST_GROUP("P", "0 h", "1000", ""), "agencies: {a: {budget: 1 USD}}\n"));
    assert_int_equal(test_count(&world, "cost/spent", "a", MODEL_COST_STATUS), 160 * 300);
    end(&setup, &world);
}

#define BUSY                                                                                                       \
    TEST_HEAD                                                                                                      \
    "duration: 3 d\npeople: {traits: {cause: {share: 0.3}, permit: {share: 0}}}\n"                                 \
    "places: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}, I: {kind: informal}, C: {kind: centre}}\n"      \
    "links: [{from: A, to: P, length: 30 km}, {from: A, to: Q, length: 36 km}, {from: A, to: I, length: 33 km},\n" \
    " {from: P, to: C, length: 36 km}, {from: Q, to: C, length: 30 km}, {from: I, to: C, length: 30 km}]\n"        \
    "stations: {check: {time: {exponential: {mean: 40 s}}, desks: 4}}\nchoice: {scale: 3 h}\n"                     \
    "posts: {P: {entry: {stations: [check]}}, Q: {entry: {stations: [check]}}}\ncentres: {C: {beds: 300, "         \
    "stations: [check]}}\n"                                                                                        \
    "onward: [{from: P, to: C, by: bus}, {from: Q, to: C, by: bus}, {from: I, to: C, share: 0.5}]\n"               \
    "displacement: [{from: A, people: 3000, shape: {uniform: {low: 0 h, high: 20 h}}}]\n"

static void runs_are_the_same_for_any_threads_and_after_restoring(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, BUSY "status: {asylum: {when: cause, share: 0.8, caseworkers: 30, handling: {exponential: "
                            "{mean: 2 h}}, recognition: 0.4, "
                            "permit: permit},\n other: {at: [post, centre], share: 0.5, caseworkers: 30, handling: 1 "
                            "h, recognition: 0.2}}\n"
                            "timeline: [{at: 30 h, order: regularize, name: asylum, share: 0.5}, {at: 20 h, order: "
                            "add_caseworkers, name: other, "
                            "number: 9}]\n");
    assert_true(setup.process_count > 1);
    test_same_however_run(&setup, 5);
    model_setup_free(&setup);
}

/* Nobody applies, or has anything from it. */
static void a_status_without_effect_changes_nothing(void **state)
{
    (void)state;
    model_setup without, with;
    model_world a, b;
    run(&without, &a, BUSY);
    for (int i = 0; i < 2; i++) {
        run(&with, &b,
            i == 0 ? BUSY
                "status: {asylum: {share: 0, caseworkers: 30, handling: 1 h, recognition: 1, permit: permit}}\n"
                   : BUSY
                "status: {asylum: {at: [post, informal, centre], caseworkers: 30, handling: 1 h, recognition: 1}}\n");
        test_same_metrics(&a, &b);
        end(&with, &b);
    }
    end(&without, &a);
}

static void status_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    test_refused(THOUSAND("asylum: {" NINE_MINUTES "}", ""), "recognition");
    test_refused(THOUSAND("asylum: {" NINE_MINUTES ", recognition: 1.5}", ""), "out of range");
    test_refused(THOUSAND("asylum: {" NINE_MINUTES ", recognition: 1}",
                          "{at: 1 h, order: regularize, name: asylum, share: 1.5}"),
                 "from 0 to 1");
    test_refused(THOUSAND("asylum: {" NINE_MINUTES ", recognition: 1}", "{at: 1 h, order: start_status, name: asilum}"),
                 "did you mean \"asylum\"");
    test_refused(THOUSAND("asylum: {" NINE_MINUTES ", recognition: 1, permit: paper}", ""), "paper");
    test_refused_for(THOUSAND("asylum: 7", "{at: 1 h, order: start_status, name: asylum}"),
                     "here stands a single value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_are_decided_one_after_another),
        cmocka_unit_test(who_applied_first_is_decided_on_first_wherever_that_was),
        cmocka_unit_test(time_to_decision_is_that_of_pollaczek_and_khinchine),
        cmocka_unit_test(an_overloaded_office_falls_behind_at_the_difference_of_rates),
        cmocka_unit_test(people_apply_for_the_first_kind_that_fits),
        cmocka_unit_test(the_stock_without_status_is_counted_and_can_be_regularized),
        cmocka_unit_test(orders_bring_caseworkers_and_start_a_status),
        cmocka_unit_test(a_permit_opens_the_way_on),
        cmocka_unit_test(decisions_are_paid),
        cmocka_unit_test(runs_are_the_same_for_any_threads_and_after_restoring),
        cmocka_unit_test(a_status_without_effect_changes_nothing),
        cmocka_unit_test(status_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
