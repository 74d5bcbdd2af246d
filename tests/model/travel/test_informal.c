/* Informal crossings: risks by their probabilities, attempts by their number, prices by their equations, patrols by the
 * logit; and no effect where there is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/same.h"
#include "tests/support/scenario.h"

enum { PEOPLE = 20000 };

typedef struct {
    model_setup setup;
    model_world world;
} run;

static void begin(run *r, const char *text)
{
    test_setup(&r->setup, text);
    test_run(&r->world, &r->setup, 1, 0);
}

static void finish(run *r)
{
    model_world_free(&r->world);
    model_setup_free(&r->setup);
}

static int64_t count(const run *r, const char *metric, const char *place)
{
    return test_count(&r->world, metric, place, -1);
}

/* --- what happens on the way --- */

/* 20,000 people one by one; only the path I can be reached. */
#define PATH(path, smuggling, more)                                                                                   \
    TEST_HEAD                                                                                                         \
    "duration: 4 d\npeople:\n  group_size: 1\n  traits: {hurt: {share: 0}, abused: {share: 0}}\nplaces: {A: {kind: "  \
    "origin}, P: "                                                                                                    \
    "{kind: "                                                                                                         \
    "post}, I: {kind: informal}, C: {kind: centre}}\nlinks: [{from: A, to: I, length: 1 km}, {from: I, to: C, "       \
    "length: 9 km}" more "\n"                                                                                         \
    "stations: {s: {time: 0 s, desks: 10}}\nposts: {P: {appeal: -999 h, entry: {stations: [s]}}}\ncentres: {C: {}}\n" \
    "displacement: [{from: A, people: 20000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"                             \
    "informal: {I: {price: 0 USD, " path "}}\nsmuggling: {" smuggling "}\n"

static void people_suffer_by_the_risks_of_the_path(void **state)
{
    (void)state;
    run r;
    begin(&r, PATH("risk_death: 0.02, risk_injury: 0.1, risk_exploitation: 0.3",
                   "injured_trait: hurt, exploited_trait: abused", "]\nonward: [{from: I, to: C, when: hurt}]"));
    uint64_t died = (uint64_t)count(&r, "informal/died", "I"), hurt = 0, abused = 0, both = 0;
    uint64_t living = PEOPLE - died;
    assert_int_equal(count(&r, "informal/attempts", "I"), PEOPLE);
    test_share("died", died, PEOPLE, 0.02);
    test_share("hurt", (uint64_t)count(&r, "informal/injured", "I"), living, 0.1);
    test_share("exploited", (uint64_t)count(&r, "informal/exploited", "I"), living, 0.3);
    for (uint32_t i = 0; i < r.world.person_count; i++) {
        hurt += r.world.traits[i] & 1;
        abused += r.world.traits[i] >> 1 & 1;
        both += r.world.traits[i] == 3;
    }
    assert_int_equal(hurt, count(&r, "informal/injured", "I"));
    assert_int_equal(abused, count(&r, "informal/exploited", "I"));
    test_share("both", both, living, 0.03);
    /* whoever is hurt is sent on, whoever died stays in the count of the dead; all others have crossed */
    assert_int_equal(test_level(&r.world, "people/present", "C", MODEL_SETTLED), hurt);
    assert_int_equal(test_level(&r.world, "people/present", "I", MODEL_DIED), died);
    assert_int_equal(count(&r, "flow/irregular", "I"), living);
    finish(&r);
}

/* Three attempts at 40%: 1 - 0.4^3 get through, of 1 + 0.4 + 0.4^2 attempts; the others give up. Each interception
 * takes two hours. */
static void who_is_intercepted_tries_again(void **state)
{
    (void)state;
    run r;
    begin(&r, PATH("interception: 0.4", "attempts: 3, held: 2 h", "]"));
    uint64_t attempts = (uint64_t)count(&r, "informal/attempts", "I"),
             stopped = (uint64_t)count(&r, "informal/intercepted", "I");
    test_share("through", (uint64_t)count(&r, "flow/irregular", "I"), PEOPLE, 1 - 0.064);
    test_share("intercepted", stopped, attempts, 0.4);
    assert_int_equal(attempts, PEOPLE + stopped - (uint64_t)count(&r, "flow/gave_up", "I"));
    assert_int_equal(count(&r, "flow/irregular", "I") + count(&r, "flow/gave_up", "I"), PEOPLE);
    assert_int_equal(test_level(&r.world, "people/present", "I", MODEL_GAVE_UP), count(&r, "flow/gave_up", "I"));
    int64_t held = 0;
    for (uint32_t bin = 0; bin < r.world.recorder.bins; bin++)
        held += test_bin(&r.world, "people/present", "I", MODEL_DETAINED, bin, 0);
    assert_int_equal(held, (int64_t)stopped * 2 * SIM_HOUR);
    finish(&r);
}

static void who_is_intercepted_is_brought_to_the_nearest_post(void **state)
{
    (void)state;
    run r;
    begin(&r, PATH("interception: 0.4", "intercepted_then: post", ", {from: I, to: P, length: 3 km, one_way: true}]"));
    test_share("brought", (uint64_t)count(&r, "informal/brought_to_post", "I"), PEOPLE, 0.4);
    assert_int_equal(count(&r, "informal/attempts", "I"), PEOPLE);
    assert_int_equal(count(&r, "flow/crossed", "P"), count(&r, "informal/brought_to_post", "I"));
    assert_int_equal(count(&r, "flow/irregular", "I"), PEOPLE - count(&r, "flow/crossed", "P"));
    finish(&r);
}

/* --- who pays --- */

/* P is 10 km off, I and J 5 km. */
#define BOTH(path, smuggling, more)                                                                                    \
    TEST_HEAD                                                                                                          \
    "duration: 4 d\npeople: {group_size: 1}\ntravel: {variation: 1}\nplaces: {A: {kind: origin}, P: {kind: post}, I: " \
    "{kind: "                                                                                                          \
    "informal}, "                                                                                                      \
    "J: {kind: informal}}\nlinks: [{from: A, to: I, length: 5 km}, {from: A, to: P, length: 10 km}, {from: A, to: J, " \
    "length: 5 km}]\n"                                                                                                 \
    "stations: {s: {time: 0 s, desks: 10}}\nposts: {P: {entry: {stations: [s]}}}\n"                                    \
    "displacement: [{from: A, people: 20000, shape: {uniform: {low: 0 d, high: 2 d}}}]\n"                              \
    "informal: {" path "}\nsmuggling: {" smuggling "}\n" more

static void who_cannot_pay_goes_to_the_post(void **state)
{
    (void)state;
    run r;
    begin(&r, BOTH("I: {price: 15 USD}, J: {price: 100 USD}",
                   "means: {uniform: {low: 0 USD, high: 50 USD}}, value_of_time: 3000 USD/h",
                   "choice: {scale: 1 s, informed: 0}\n"));
    test_share("can pay", (uint64_t)count(&r, "flow/irregular", "I"), PEOPLE, 0.7);
    assert_int_equal(count(&r, "flow/crossed", "P"), PEOPLE - count(&r, "flow/irregular", "I"));
    assert_int_equal(count(&r, "informal/paid", "I"), 15 * count(&r, "flow/irregular", "I"));
    assert_int_equal(test_level(&r.world, "informal/price", "J", 0), 10000);
    finish(&r);
}

/* Each attempt is paid: at 15 USD two attempts need 30. Everyone is intercepted; with 50 USD at most, nobody who is
 * paid for comes to a fourth. */
static void each_attempt_is_paid(void **state)
{
    (void)state;
    run r;
    begin(&r, BOTH("I: {price: 15 USD, interception: 1}, J: {price: 100 USD}",
                   "means: {uniform: {low: 0 USD, high: 50 USD}}, value_of_time: 3000 USD/h, attempts: 9, "
                   "interception_time: 0 h",
                   "choice: {scale: 1 s, informed: 0, reconsider: false}\n"));
    assert_int_equal(count(&r, "flow/irregular", "I"), 0);
    int64_t attempts = count(&r, "informal/attempts", "I");
    assert_int_equal(count(&r, "informal/paid", "I"), 15 * attempts);
    /* 0.7 + 0.4 + 0.1 attempts a person on average */
    double mean = (double)attempts / PEOPLE;
    assert_true(fabs(mean - 1.2) < 0.025);
    finish(&r);
}

/* Costs in hours: a price of 10 USD at 5 USD/h is two, the danger one, interceptions four each. */
/* Patrols intercept 5 x 0.2 / (1 + 5 x 0.2) of the 9 in 10 who would pass: people leave I, most of them for J. Everyone
 * is brought to the post in the end, so that nobody chooses twice. */
static void patrols_move_people_to_other_routes(void **state)
{
    (void)state;
#define PATROLLED(more)                                                                                \
    BOTH("I: {price: 10 USD, danger: 1 h, interception: 0.1}, J: {price: 10 USD, danger: 1 h}",        \
         "value_of_time: 5 USD/h, patrol_effect: 0.2, interception_time: 4 h, intercepted_then: post", \
         "choice: {scale: 2 h, informed: 0}\n" more)
    run without, with;
    double way = 5000 / 1.34 / 3600, p = 0.1 + 0.9 * 0.5;
    begin(&without, PATROLLED(""));
    begin(&with, PATROLLED("timeline: [{at: 0 h, order: patrol, target: I, number: 5}]\n"));
    double costs[2][3] = {{2 * way, way + 3 + 0.4, way + 3}, {2 * way, way + 3 + 4 * p, way + 3}};
    const run *runs[2] = {&without, &with};
    int64_t irregular[2], at_i[2], at_j[2];
    for (int k = 0; k < 2; k++) {
        double sum = 0;
        for (int i = 0; i < 3; i++)
            sum += exp(-costs[k][i] / 2);
        at_i[k] = count(runs[k], "flow/arrived", "I");
        at_j[k] = count(runs[k], "flow/arrived", "J");
        irregular[k] = count(runs[k], "flow/irregular", NULL);
        test_share("I", (uint64_t)at_i[k], PEOPLE, exp(-costs[k][1] / 2) / sum);
        test_share("J", (uint64_t)at_j[k], PEOPLE, exp(-costs[k][2] / 2) / sum);
        test_share("intercepted", (uint64_t)count(runs[k], "informal/intercepted", "I"), (uint64_t)at_i[k],
                   k == 0 ? 0.1 : p);
    }
    assert_true(at_i[1] < at_i[0] && at_j[1] > at_j[0]);
    assert_true(irregular[0] - irregular[1] > 0 && at_i[0] + at_j[0] - at_i[1] - at_j[1] < at_i[0] - at_i[1]);
    assert_int_equal(test_level(&with.world, "informal/patrols", "I", 0), 5);
    finish(&without);
    finish(&with);
}

/* --- prices --- */

/* Ten people in each quarter of an hour, whose crossing is given. Bins are control intervals. */
#define QUARTERS                               \
    TEST_GROUP("A", "1 min", "10", ", to: P")  \
    TEST_GROUP("A", "16 min", "10", ", to: P") \
    TEST_GROUP("A", "31 min", "10", ", to: P") \
    TEST_GROUP("A", "46 min", "10", ", to: P") TEST_GROUP("A", "61 min", "10", ", to: P")
#define PRICE(path, smuggling, more)                                                                                 \
    TEST_HEAD "duration: 90 min\nbin: 15 min\nwarm_up: 0 h\n" TEST_EXACT                                             \
              "places: {A: {kind: origin}, P: {kind: post}, I: {kind: informal}}\n"                                  \
              "links: [{from: A, to: P, length: 100 m, speed: 10 m/s}, {from: P, to: I, length: 100 m}]\nstations: " \
              "{s: {time: 0 s}, t: "                                                                                 \
              "{time: 0 s, desks: "                                                                                  \
              "0}}\nposts: {P: {entry: {stations: [" more "]}}}\nonward: [{from: P, to: I}]\n"                       \
              "informal: {I: {price: 10 USD, " path "}}\nsmuggling: {" smuggling "}\n"                               \
              "displacement:\n" QUARTERS

static void assert_prices(const char *text, const double *expected)
{
    run r;
    begin(&r, text);
    for (uint32_t i = 0; i < 6; i++) {
        double price = (double)test_bin(&r.world, "informal/price", "I", 0, i, 0) / (900e6 * 100);
        if (fabs(price - expected[i]) > 0.006)
            fail_msg("%g instead of %g USD in quarter %u", price, expected[i], (unsigned)i);
    }
    finish(&r);
}

static void prices_follow_patrols_with_a_lag(void **state)
{
    (void)state;
    /* the target is 10 x (1 + 5 x 0.2) from 30 to 60 min; a weight of 15 / (45 + 15) a step */
    assert_prices(PRICE("", "patrol_response: 0.2, adjustment: 45 min",
                        "s") "timeline: [{at: 20 min, order: patrol, target: I, number: 5, duration: 35 min}]\n",
                  (double[]){10, 10, 12.5, 14.375, 13.28125, 12.4609375});
    assert_prices(PRICE("", "patrol_response: 0.2, adjustment: 0 s",
                        "s") "timeline: [{at: 20 min, order: patrol, target: I, number: 5, duration: 35 min}]\n",
                  (double[]){10, 10, 20, 20, 10, 10});
}

/* Of ten who come four can be taken: the price rises by 1 x (10 / 4 - 1); what comes while it is full is no news of the
 * demand. With a supply that grows by 2 x (25 / 10 - 1) sixteen can be taken at the higher price, so that it falls
 * again, and so on. */
static void prices_follow_demand_and_supply(void **state)
{
    (void)state;
    assert_prices(PRICE("capacity: 16 /h", "demand_response: 1, adjustment: 0 s", "s"),
                  (double[]){10, 25, 25, 25, 25, 25});
    assert_prices(PRICE("capacity: 16 /h", "demand_response: 1, supply_response: 2, adjustment: 0 s", "s"),
                  (double[]){10, 25, 10, 25, 10, 25});
    assert_prices(PRICE("capacity: 40 /h", "demand_response: 1, adjustment: 0 s", "s"),
                  (double[]){10, 10, 10, 10, 10, 10});
    assert_prices(PRICE("", "demand_response: 1, adjustment: 0 s", "s"), (double[]){10, 10, 10, 10, 10, 10});
}

/* Nobody gets through at P: a wait of 2 h, the longest that is published, is known from 15 min on, and acts a step
 * later. */
static void prices_follow_the_waits_at_posts(void **state)
{
    (void)state;
    assert_prices(PRICE("", "wait_response: 0.5 /h, adjustment: 0 s", "t") "choice: {delay: 0 s, longest: 2 h}\n",
                  (double[]){10, 10, 20, 20, 20, 20});
}

/* A hundred a day can be taken, of 20,000 in two days who would all go: what is above the capacity of an interval is
 * taken off the next ones. Whoever finds it full goes to the post. */
static void smugglers_take_so_many_and_no_more(void **state)
{
    (void)state;
    run r;
    begin(&r, BOTH("I: {price: 0 USD, capacity: 960 /d}, J: {price: 999 USD}", "means: 1 USD",
                   "choice: {scale: 1 s, informed: 0, reconsider: false}\n"));
    int64_t most = 0; /* who sets out in an interval, and an hour's walk of those who set out before */
    for (uint32_t bin = 0; bin < 48; bin++)
        most = most > test_bin(&r.world, "flow/arrived", "I", 0, bin, 0)
                   ? most
                   : test_bin(&r.world, "flow/arrived", "I", 0, bin, 0);
    int64_t irregular = count(&r, "flow/irregular", "I");
    assert_in_range(irregular, 1920 - most, 1920 + most);
    assert_int_equal(irregular + count(&r, "flow/crossed", "P"), PEOPLE);
    finish(&r);
}

/* The same at 10 USD: 20,000 / 192 people would go in a control interval in which ten can be taken, so that the price
 * moves towards 10 x (1 + 0.1 x (10.4 - 1)) = 19.4 USD, although it is offered in few intervals. They walk for 4.1
 * intervals, while the memory of the offer fades by a 49th each: the demand seems larger, at most by (48 / 49)^-4.1
 * = 1.09, and the price by 0.95 USD. */
static void demand_is_what_would_come_if_there_were_places(void **state)
{
    (void)state;
    run r;
    double sum = 0;
    begin(&r, BOTH("I: {price: 10 USD, capacity: 960 /d}, J: {price: 999 USD}",
                   "demand_response: 0.1, adjustment: 12 h, value_of_time: 3000 USD/h",
                   "choice: {scale: 1 s, informed: 0, reconsider: false}\n"));
    for (uint32_t bin = 40; bin < 48; bin++)
        sum += (double)test_bin(&r.world, "informal/price", "I", 0, bin, 0);
    double price = sum / (8.0 * 3600e6 * 100);
    if (price < 18.9 || price > 20.7)
        fail_msg("%g USD", price);
    finish(&r);
}

/* Where no other crossing can be reached, people wait for a place instead of being stranded for good. */
static void people_wait_for_a_place(void **state)
{
    (void)state;
    run r;
    begin(&r, PATH("capacity: 10000 /d", "", "]"));
    assert_int_equal(count(&r, "flow/irregular", "I"), PEOPLE);
    finish(&r);
}

/* --- the same bits --- */

#define MIXED(more)                                                                                                    \
    TEST_HEAD "duration: 3 d\npeople: {group_size: {empirical: {values: [1, 2, 5], weights: [1, 1, 1]}}, traits: "     \
              "{hurt: {share: "                                                                                        \
              "0}}}\nplaces: {A: {kind: "                                                                              \
              "origin}, P: {kind: post}, I: {kind: informal}, J: {kind: informal}, D: {kind: destination}}\nlinks: "   \
              "[{from: A, to: P, "                                                                                     \
              "length: 20 km}, {from: A, "                                                                             \
              "to: I, length: 15 km}, {from: A, to: J, length: 30 km}, {from: I, to: P, length: 9 km}, {from: I, to: " \
              "D, length: 40 km}]\n"                                                                                   \
              "stations: {in: {time: {exponential: {mean: 2 min}}}}\nposts: {P: {entry: {stations: [in]}}}\nonward: "  \
              "[{from: I, to: D}]\n"                                                                                   \
              "patience: {time: {exponential: {mean: 8 h}}, then: another_post}\ndisplacement: [{from: A, people: "    \
              "4000, shape: {uniform: "                                                                                \
              "{low: 0 d, "                                                                                            \
              "high: 2 d}}}]\n" more

static void the_same_bits_however_it_is_run(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(
        &setup,
        MIXED(
            "informal: {I: {price: 10 USD, capacity: 200 /d, risk_death: 0.01, risk_injury: 0.1, interception: 0.2}, "
            "J: "
            "{smuggler: false, danger: 2 "
            "h}}\nsmuggling: {means: {exponential: {mean: 30 USD}}, demand_response: 0.5, wait_response: 0.1 /h, held: "
            "{exponential: {mean: 3 h}}, injured_trait: hurt}\ntimeline: [{at: 20 h, order: patrol, target: \"*\", "
            "number: 4, duration: 20 h}]\n"));
    assert_true(setup.process_count > 1);
    test_same_however_run(&setup, 3);
    model_setup_free(&setup);
}

static void a_path_without_price_and_risk_changes_nothing(void **state)
{
    (void)state;
    run a, b;
    begin(&a, MIXED(""));
    begin(&b, MIXED("informal: {I: {price: 0 USD}, J: {smuggler: false}}\nsmuggling: {means: 0 USD, attempts: 200, "
                    "patrol_effect: 0}\n"
                    "timeline: [{at: 20 h, order: patrol, target: I, number: 4}]\n"));
    assert_true(test_count(&b.world, "informal/attempts", NULL, -1) > 100);
    test_same_metrics(&a.world, &b.world);
    finish(&a);
    finish(&b);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    test_refused(MIXED("informal: {P: {price: 3 USD}}\n"), "no informal crossing");
    test_refused(MIXED("informal: {I: {price: 3}}\n"), "price");
    test_refused(MIXED("informal: {I: {risk_death: 2}}\n"), "out of range");
    test_refused(MIXED("informal: {I: {}}\nsmuggling: {injured_trait: hit}\n"), "hit");
    test_refused(MIXED("informal: {I: {}}\ntimeline: [{at: 1 h, order: patrol, target: P, number: 3}]\n"),
                 "patrols are for informal crossings");
    test_refused(MIXED("informal: {I: {}}\ntimeline: [{at: 1 h, order: patrol, target: I}]\n"), "needs `number`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_suffer_by_the_risks_of_the_path),
        cmocka_unit_test(who_is_intercepted_tries_again),
        cmocka_unit_test(who_is_intercepted_is_brought_to_the_nearest_post),
        cmocka_unit_test(who_cannot_pay_goes_to_the_post),
        cmocka_unit_test(each_attempt_is_paid),
        cmocka_unit_test(patrols_move_people_to_other_routes),
        cmocka_unit_test(prices_follow_patrols_with_a_lag),
        cmocka_unit_test(prices_follow_demand_and_supply),
        cmocka_unit_test(prices_follow_the_waits_at_posts),
        cmocka_unit_test(smugglers_take_so_many_and_no_more),
        cmocka_unit_test(demand_is_what_would_come_if_there_were_places),
        cmocka_unit_test(people_wait_for_a_place),
        cmocka_unit_test(the_same_bits_however_it_is_run),
        cmocka_unit_test(a_path_without_price_and_risk_changes_nothing),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
