/* Trigger rules: when levels are reached and left, what becomes of the orders that they give, and that a log replays to
 * the same bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/hbm.h"
#include "models/plans/orders.h"
#include "sim/base/error.h"
#include "sim/result/result.h"
#include "tests/support/effects.h"
#include "tests/support/same_bits.h"
#include "tests/support/scenario.h"

/* At Bridge a group is served in 2 h, one after the other: 100 people come at 1:01, 200 at 1:06 and 300 at 1:12, so
 * that 500 wait from 1:12, 300 from 3:01 and none from 5:01 on. The orders are for Ford, where nobody comes. Readings
 * are taken every 15 min. */
#define LAND(people)                                                                               \
    TEST_HEAD "duration: 40 h\n" TEST_EXACT "places: {Bridge: {kind: post}, Ford: {kind: post}}\n" \
              "displacement:\n" people                                                             \
              "stations: {slow: {time: 2 h, serves: group, desks: 1}, a: {time: 1 s, desks: 1}}\n" \
              "posts: {Bridge: {entry: {stations: [slow]}}, Ford: {entry: {stations: [a]}}}\n"     \
              "choice: {delay: 30 min}\nagencies: {guard: {}, other: {}}\n"
#define GROUP(people, minute) "  - {from: Bridge, people: " people ", shape: 0 s, at: " minute " min}\n"
#define ONCE GROUP("100", "61") GROUP("200", "66") GROUP("300", "72")
#define TWICE ONCE GROUP("100", "1261") GROUP("200", "1266") GROUP("300", "1272")
#define WAITING "metric: people/present, of: waiting, where: Bridge"
#define RULE(more) "rules: {r: {" WAITING ", " more "}}\n"
#define LANES "order: open_lanes, target: Ford, lanes: 2"

typedef struct {
    model_setup setup;
    model_world world;
} run;

static void go(run *r, const char *text)
{
    test_setup(&r->setup, text);
    test_run(&r->world, &r->setup, 1, 0);
}

static void finish(run *r)
{
    model_world_free(&r->world);
    model_setup_free(&r->setup);
}

static double hours(sim_time time)
{
    return time == SIM_FOREVER ? -1 : (double)time / (double)SIM_HOUR;
}

/* The levels of rule 0: hour and level, ended by a negative hour. */
static void assert_levels(const char *text, const double (*expected)[2])
{
    run r;
    size_t count, n = 0;
    go(&r, text);
    const model_level_row *rows = model_level_log(&r.world, &count);
    for (; expected[n][0] >= 0; n++)
        if (n >= count || hours(rows[n].at) != expected[n][0] || rows[n].level != (uint32_t)expected[n][1])
            fail_msg("change %zu: level %d at %g h, expected %g at %g h", n, n < count ? (int)rows[n].level : -1,
                     n < count ? hours(rows[n].at) : -1, expected[n][1], expected[n][0]);
    if (count != n)
        fail_msg("%zu changes, expected %zu; the next to level %u at %g h", count, n, rows[n].level, hours(rows[n].at));
    finish(&r);
}

typedef struct {
    double given, effect, end; /* hours; -1: never */
    model_order_outcome outcome;
} giving;

static void assert_givings(const char *text, size_t n, const giving *expected)
{
    run r;
    size_t count;
    go(&r, text);
    const model_order_row *rows = model_order_log(&r.world, &count);
    for (size_t i = 0; i < count || i < n; i++)
        if (i >= count || i >= n || hours(rows[i].given) != expected[i].given ||
            hours(rows[i].effect) != expected[i].effect || hours(rows[i].end) != expected[i].end ||
            rows[i].outcome != expected[i].outcome)
            fail_msg("giving %zu of %zu: given %g, in effect %g to %g, %s", i, count,
                     i < count ? hours(rows[i].given) : -2, i < count ? hours(rows[i].effect) : -2,
                     i < count ? hours(rows[i].end) : -2,
                     i < count ? model_order_outcome_names[rows[i].outcome] : "not there");
    finish(&r);
}
#define GIVINGS(text, ...)                                         \
    do {                                                           \
        static const giving rows_[] = {__VA_ARGS__};               \
        assert_givings(text, sizeof rows_ / sizeof *rows_, rows_); \
    } while (0)
#define LEVELS(text, ...)                                        \
    do {                                                         \
        static const double rows_[][2] = {__VA_ARGS__, {-1, 0}}; \
        assert_levels(text, rows_);                              \
    } while (0)

/* The reading of 1:15 is known at 1:45, and one more like it at 2:00; that of 5:15 is known at 5:45. */
static void a_level_is_reached_after_delay_and_confirmation_and_left_below_the_other_threshold(void **state)
{
    (void)state;
    LEVELS(LAND(ONCE) RULE("for: 15 min, watch: {above: 400, below: 250}"), {2, 1}, {5.75, 0});
    LEVELS(LAND(ONCE) RULE("watch: {above: 400, below: 250}"), {1.75, 1}, {5.75, 0});
    LEVELS(LAND(ONCE) RULE("delay: 0 min, watch: {above: 400, below: 250}"), {1.25, 1}, {5.25, 0});
    LEVELS(LAND(ONCE) RULE("watch: {above: 400, below: 350}"), {1.75, 1}, {3.75, 0});
    LEVELS(LAND(ONCE) RULE("watch: {above: 400}"), {1.75, 1}, {3.75, 0});
    LEVELS(LAND(ONCE) RULE("watch: {above: 500}"), {-1, 0}); /* above, not at */
    LEVELS(LAND(ONCE) RULE("for: 3 h, watch: {above: 400}"), {-1, 0});
}

static void levels_lie_one_behind_the_other(void **state)
{
    (void)state;
    LEVELS(LAND(ONCE) RULE("watch: {above: 250, below: 100}, full: {above: 400, below: 350}"), {1.75, 3}, {3.75, 1},
           {5.75, 0});
    LEVELS(LAND(ONCE) RULE("partial: {above: 250}, overwhelmed: {above: 400}"), {1.75, 4}, {3.75, 2}, {5.75, 0});
}

/* Readings of nothing: the start is not known to be empty before the first one. */
static void a_stock_that_runs_low_is_reached_from_above(void **state)
{
    (void)state;
    LEVELS(LAND(ONCE) RULE("direction: falls, delay: 0 min, watch: {below: 350, above: 450}"), {0.25, 1}, {1.25, 0},
           {3.25, 1});
}

/* People who crossed: 100 at 3:01, 200 at 5:01, 300 at 7:01. */
static void counts_are_those_of_a_window_and_durations_their_mean(void **state)
{
    (void)state;
    LEVELS(LAND(ONCE) "rules: {r: {metric: flow/crossed, window: 2 h, delay: 0 min, watch: {above: 150}}}\n", {5.25, 1},
           {9.25, 0});
    LEVELS(LAND(ONCE) "rules: {r: {metric: flow/crossed, window: 4 h, delay: 0 min, watch: {above: 350}}}\n", {7.25, 1},
           {9.25, 0});
    /* waits: none, 3 h 55 min - 2 h and 5 h 49 min - 2 h; where nobody crossed the level stays as it is */
    LEVELS(
        LAND(
            ONCE) "rules: {r: {metric: wait/post, window: 1 h, delay: 0 min, watch: {above: 115 min, below: 1 min}}}\n",
        {7.25, 1});
}

static void the_highest_or_lowest_of_those_meant_can_be_looked_at(void **state)
{
    (void)state;
#define EVERYWHERE(more) "rules: {r: {metric: people/present, of: waiting, where: \"*\", " more "}}\n"
    LEVELS(LAND(ONCE "  - {from: Ford, people: 1, shape: 0 s, at: 1 h}\n")
               EVERYWHERE("combine: highest, watch: {above: 400}"),
           {1.75, 1}, {3.75, 0});
    LEVELS(LAND(ONCE) EVERYWHERE("combine: lowest, watch: {above: 1}"), {-1, 0});
    LEVELS(LAND(ONCE) EVERYWHERE("watch: {above: 400}"), {1.75, 1}, {3.75, 0});
    LEVELS(LAND(ONCE) "rules: {r: {metric: people/present, of: \"waiting, in_service\", where: Bridge, watch: {above: "
                      "550}}}\n",
           {1.75, 1}, {3.75, 0});
}

/* What is published three hours late and in fifties. */
static void what_posts_report_comes_late_and_rounded(void **state)
{
    (void)state;
    LEVELS(LAND(ONCE) "rules: {r: {metric: people/present, where: Bridge, seen: reported, watch: {above: "
                      "450}}}\nreporting: {rounding: 400}\n",
           {-1, 0});
    LEVELS(LAND(ONCE) "rules: {r: {metric: people/present, where: Bridge, seen: reported, watch: {above: 450}}}\n",
           {2, 1}, {4, 0});
}

static void an_order_is_given_when_the_level_rises_and_undone_when_it_falls(void **state)
{
    (void)state;
#define ORDER(more) "timeline:\n  - {rule: r, level: watch, " LANES more "}\n"
    GIVINGS(LAND(TWICE) RULE("watch: {above: 400}") ORDER(""), {1.75, 1.75, 3.75, MODEL_ORDER_DONE},
            {21.75, 21.75, 23.75, MODEL_ORDER_DONE});
    GIVINGS(LAND(ONCE) RULE("watch: {above: 400}") ORDER(", lead: 1 h"), {1.75, 2.75, 3.75, MODEL_ORDER_DONE});
    GIVINGS(LAND(ONCE) RULE("watch: {above: 400}") ORDER(", lead: 3 h"), {1.75, -1, 3.75, MODEL_ORDER_WITHDRAWN});
    GIVINGS(LAND(ONCE) RULE("watch: {above: 400}") ORDER(", duration: 10 h"), {1.75, 1.75, 11.75, MODEL_ORDER_DONE});
    GIVINGS(LAND(ONCE) RULE(
                "watch: {above: 100, below: 50}, full: {above: 400}") "timeline:\n  - {rule: r, level: full, " LANES
                                                                      "}\n",
            {1.75, 1.75, 3.75, MODEL_ORDER_DONE});
    run r;
    go(&r, LAND(ONCE) RULE("watch: {above: 400}") ORDER(""));
    assert_int_equal(r.world.lanes[test_station(&r.setup, "Ford/entry/a")], 1);
    assert_int_equal(test_count(&r.world, "rules/watch", NULL, 0), 1);
    assert_int_equal(test_count(&r.world, "rules/orders_given", NULL, 0), 1);
    assert_int_equal(test_count(&r.world, "rules/orders_withdrawn", NULL, 0), 0);
    finish(&r);
}

/* While it is in force by its own duration it is not given again. */
static void an_order_that_is_in_force_is_not_given_again(void **state)
{
    (void)state;
    GIVINGS(LAND(TWICE) RULE("watch: {above: 400}") ORDER(", duration: 25 h"), {1.75, 1.75, 26.75, MODEL_ORDER_DONE});
    GIVINGS(LAND(TWICE) RULE("watch: {above: 400}") ORDER(", duration: 5 h"), {1.75, 1.75, 6.75, MODEL_ORDER_DONE},
            {21.75, 21.75, 26.75, MODEL_ORDER_DONE});
}

static void orders_of_a_rule_are_paid_each_time_within_the_plans_budget(void **state)
{
    (void)state;
#define PAID(budget) LAND(TWICE) RULE("watch: {above: 400}") ORDER(", cost: 10 kUSD") "plan: {budget: " budget "}\n"
    GIVINGS(PAID("25 kUSD"), {1.75, 1.75, 3.75, MODEL_ORDER_DONE}, {21.75, 21.75, 23.75, MODEL_ORDER_DONE});
    GIVINGS(PAID("15 kUSD"), {1.75, 1.75, 3.75, MODEL_ORDER_DONE}, {21.75, -1, -1, MODEL_ORDER_NOT_PAID});
    run r;
    go(&r, PAID("15 kUSD"));
    assert_int_equal(test_count(&r.world, "plan/spent", NULL, 0), 10000);
    assert_int_equal(test_count(&r.world, "plan/orders_not_paid", NULL, 0), 1);
    assert_int_equal(test_count(&r.world, "cost/spent", "guard", -1), 10000);
    finish(&r);
}

static void agreement_is_asked_for_each_time_and_others_luck_is_not_touched(void **state)
{
    (void)state;
#define ASKED(probability, delay) "agreements: {yes: {with: other, probability: " probability ", delay: " delay "}}\n"
    GIVINGS(LAND(ONCE) RULE("watch: {above: 400}") ASKED("1", "30 min") ORDER(", agreement: yes"),
            {1.75, 2.25, 3.75, MODEL_ORDER_DONE});
    GIVINGS(LAND(ONCE) RULE("watch: {above: 400}") ASKED("0", "30 min") ORDER(", agreement: yes"),
            {1.75, -1, -1, MODEL_ORDER_NOT_AGREED});
    GIVINGS(LAND(ONCE) RULE("watch: {above: 400}") ASKED("1", "5 h") ORDER(", agreement: yes"),
            {1.75, -1, 3.75, MODEL_ORDER_WITHDRAWN});
    run r;
    go(&r, LAND(TWICE) RULE("watch: {above: 400}") ASKED("1", "0 h") ORDER(", agreement: yes"));
    assert_int_equal(test_count(&r.world, "coordination/orders_agreed", "other", -1), 2);
    finish(&r);
    /* an order of a set time under the same agreement has the same answer with and without the rule's before it */
    static const char *const texts[2] = {
        LAND(TWICE) RULE("watch: {above: 400}")
            ASKED("0.5", "{uniform: {low: 1 h, high: 9 h}}") "timeline:\n  - {at: 10 h, " LANES ", agreement: yes}\n",
        LAND(TWICE) RULE("watch: {above: 400}")
            ASKED("0.5", "{uniform: {low: 1 h, high: 9 h}}") "timeline:\n  - {at: 10 h, " LANES
                                                             ", agreement: yes}\n  - {rule: r, level: watch, " LANES
                                                             ", agreement: yes}\n"};
    for (uint64_t replication = 0; replication < 20; replication++) {
        sim_time begin[2];
        for (int i = 0; i < 2; i++) {
            test_setup(&r.setup, texts[i]);
            test_run(&r.world, &r.setup, 1, replication);
            begin[i] = r.world.order_begin[0];
            finish(&r);
        }
        assert_true(begin[0] == begin[1]);
    }
}

/* Two askings of one order have answers of their own: with 0.5 each they are the same in all of 40 replications once in
 * 10^12. */
static void each_asking_has_luck_of_its_own(void **state)
{
    (void)state;
    int different = 0;
    run r;
    test_setup(&r.setup, LAND(TWICE) RULE("watch: {above: 400}") ASKED("0.5", "0 h") ORDER(", agreement: yes"));
    for (uint64_t replication = 0; replication < 40; replication++) {
        size_t count;
        test_run(&r.world, &r.setup, 1, replication);
        const model_order_row *rows = model_order_log(&r.world, &count);
        assert_int_equal(count, 2);
        different += rows[0].outcome != rows[1].outcome;
        model_world_free(&r.world);
    }
    model_setup_free(&r.setup);
    assert_in_range(different, 1, 39);
}

/* Readings are taken at whole control intervals: an order at another instant does not change when a level is reached.
 */
static void instants_of_other_orders_change_nothing(void **state)
{
    (void)state;
    LEVELS(LAND(ONCE) RULE("for: 15 min, watch: {above: 400, below: 250}") "timeline:\n  - {at: 73 min, " LANES
                                                                           ", duration: 7 min}\n"
                                                                           "  - {at: 106 min, " LANES
                                                                           "}\n  - {at: 119 min, " LANES "}\n",
           {2, 1}, {5.75, 0});
}

static void a_cap_of_a_rule_that_has_ended_still_arrives_further_down(void **state)
{
    (void)state;
    /* Ford passes on Bridge's cap six hours later: it is shut from 7:45 to 9:45, when the rule's order is long undone
     */
    run r;
    go(&r, TEST_HEAD
       "duration: 20 h\nbin: 15 min\n" TEST_EXACT
       "places: {Bridge: {kind: post}, Ford: {kind: post}, Hill: {kind: post}}\ndisplacement:\n" ONCE
       "stations: {slow: {time: 2 h, serves: group, desks: 1}, a: {time: 1 s, desks: 1}}\n"
       "posts: {Bridge: {entry: {stations: [slow]}}, Hill: {entry: {stations: [a]}},\n"
       "  Ford: {entry: {stations: [a], cap_follows: Hill, cap_lag: 6 h}}}\n"
       "choice: {delay: 30 min}\n" RULE("watch: {above: 400}") "timeline:\n  - {rule: r, level: watch, order: set_cap, "
                                                               "target: Hill/entry, number: 0}\n");
    for (uint32_t bin = 0; bin < 80; bin++) {
        double begin = bin / 4.0;
        int64_t area = test_bin(&r.world, "coordination/sides_shut", "Ford", 0, bin, 0);
        assert_int_equal(area, begin >= 7.75 && begin < 9.75 ? 15 * (60 * SIM_SECOND) : 0);
    }
    finish(&r);
}

/* Threads, stops on the way, saving and restoring. */
static void rules_keep_their_bits_however_they_are_run(void **state)
{
    (void)state;
    test_same_bits(LAND(TWICE "  - {from: Ford, people: 300, shape: {uniform: {low: 0 h, high: 30 h}}}\n")
                       RULE("for: 15 min, watch: {above: 150, below: 50}, full: {above: 400}") ASKED("0.5", "20 min")
                           ORDER(", agreement: yes, lead: 20 min") "  - {rule: r, level: full, " LANES
                                                                   ", duration: 3 h}\n"
                                                                   "  - {at: 2 h, " LANES ", duration: 9 h}\n");
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
#define MISTAKE(rule, order, expected) \
    test_refused(LAND(ONCE) "rules: {r: {" rule "}}\ntimeline:\n  - {" order "}\n", expected)
#define GOOD WAITING ", watch: {above: 400}"
    MISTAKE(GOOD, LANES, "an order needs `at`, or `rule` and `level`");
    MISTAKE(GOOD, "at: 1 h, rule: r, level: watch, " LANES, "at a set time or by a rule, not both");
    MISTAKE(GOOD, "rule: r, " LANES, "an order of a rule needs `level`");
    MISTAKE(GOOD, "at: 1 h, level: watch, " LANES, "`level` is for orders of a rule");
    MISTAKE(GOOD, "rule: r, level: full, " LANES, "the rule r has no such level");
    MISTAKE(GOOD, "rule: q, level: watch, " LANES, "there is no \"q\"");
    MISTAKE("metric: people/presnet, watch: {above: 1}", "at: 1 h, " LANES, "did you mean \"people/present\"");
    MISTAKE("metric: wait/on_time, watch: {above: 1}", "at: 1 h, " LANES, "metric");
    MISTAKE("metric: wait/post, watch: {above: 60}", "at: 1 h, " LANES, "wait/post is a time, not a plain number");
    MISTAKE(WAITING ", watch: {above: 6 h}", "at: 1 h, " LANES, "people/present is a plain number, not a time");
    MISTAKE("metric: people/present, where: Brigde, watch: {above: 1}", "at: 1 h, " LANES, "did you mean \"Bridge\"");
    MISTAKE("metric: people/present, of: wating, watch: {above: 1}", "at: 1 h, " LANES, "did you mean \"waiting\"");
    MISTAKE("metric: queue/people_waiting, of: waiting, watch: {above: 1}", "at: 1 h, " LANES, "is not split");
    MISTAKE(WAITING ", window: 1 h, watch: {above: 1}", "at: 1 h, " LANES, "`window` is for counts and durations");
    MISTAKE(WAITING, "at: 1 h, " LANES, "a rule has at least one level");
    MISTAKE(WAITING ", watch: {above: 10, below: 20}", "at: 1 h, " LANES, "left before it is reached");
    MISTAKE(WAITING ", watch: {above: 10}, full: {above: 5}", "at: 1 h, " LANES, "one behind the other");
    MISTAKE(WAITING ", watch: {below: 10}", "at: 1 h, " LANES, "a level needs `watch.above`");
    MISTAKE("metric: flow/crossed, seen: reported, watch: {above: 1}", "at: 1 h, " LANES,
            "posts do not report flow/crossed");
    MISTAKE("metric: health/died, watch: {above: 1}", "at: 1 h, " LANES,
            "the scenario says nothing of what health/died measures");
    MISTAKE("metric: rules/level, watch: {above: 1}", "at: 1 h, " LANES, "a rule cannot look at what rules do");
}

/* A sweep writes numbers in the unit that the threshold has. */
static void paths_of_thresholds_know_their_unit(void **state)
{
    (void)state;
    model_setup setup;
    sim_path path;
    test_setup(&setup,
               LAND(ONCE) "rules: {crowd: {" WAITING
                          ", watch: {above: 400}}, slow: {metric: wait/post, watch: {above: 6 h, below: 3 h}}}\n");
    assert_true(sim_config_path(setup.config, "rules.crowd.watch.above", &path));
    assert_true(path.kind == SIM_PATH_NUMBER && path.dimension == SIM_DIM_NONE);
    assert_true(sim_config_path(setup.config, "rules.slow.watch.below", &path));
    assert_true(path.kind == SIM_PATH_NUMBER && path.dimension == SIM_DIM_TIME);
    model_setup_free(&setup);
}

/* --- replay --- */

static hbm_result *results(const hbm_result *log, uint64_t seed, unsigned threads, char *why, size_t size)
{
    hbm_problems *problems;
    hbm_scenario *scenario;
    hbm_run_options options;
    hbm_result *result = NULL;
    assert_int_equal(hbm_problems_new(&problems), 0);
    test_effects *effects = test_effects_find();
    const char *path = test_effects_named(effects, "rules")->path;
    assert_int_equal(hbm_scenario_open(&scenario, path, NULL, NULL, 0, problems), 0);
    free(effects);
    hbm_run_options_init(&options);
    options.replications = 3;
    options.seed = seed;
    options.threads = threads;
    options.replay = log;
    int ret = hbm_run(scenario, &options, &result, why, size);
    assert_true((ret == 0) == (result != NULL));
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
    return result;
}

static void a_log_replays_to_the_same_bits(void **state)
{
    (void)state;
    char why[200] = "", a[65], b[65];
    hbm_result *first = results(NULL, 1, 2, why, sizeof why), *again = results(first, 1, 1, why, sizeof why);
    assert_non_null(first);
    assert_non_null(again);
    assert_int_equal(hbm_result_hash(first, a), 0);
    assert_int_equal(hbm_result_hash(again, b), 0);
    assert_string_equal(a, b);
    assert_true(sim_result_find(first, "orders/given")->size > 20 &&
                sim_result_find(first, "orders/change_time")->size > 10);
    hbm_result_free(first);
    hbm_result_free(again);
}

/* What is done is what the log says, not what the rules would decide. */
static void a_replay_looks_at_the_log_alone(void **state)
{
    (void)state;
    char why[200] = "";
    hbm_result *first = results(NULL, 1, 1, why, sizeof why);
    int64_t *given = sim_result_find(first, "orders/given")->data.integers;
    const int64_t *by = sim_result_find(first, "orders/by")->data.integers;
    size_t row = 0;
    while (by[row] == 0)
        row++;
    given[row] -= 15 * (60 * SIM_SECOND);
    hbm_result *again = results(first, 1, 1, why, sizeof why);
    assert_non_null(again);
    assert_int_equal(sim_result_find(again, "orders/given")->data.integers[row], given[row]);
    hbm_result_free(again);
    given[row] = INT64_MAX;
    assert_null(results(first, 1, 1, why, sizeof why));
    assert_non_null(strstr(why, "does not fit the scenario"));
    hbm_result_free(first);
}

static void a_log_of_another_run_is_refused_by_name(void **state)
{
    (void)state;
    char why[200] = "";
    hbm_result *first = results(NULL, 1, 1, why, sizeof why);
    assert_null(results(first, 2, 1, why, sizeof why));
    assert_non_null(strstr(why, "seed"));
    hbm_result_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_is_reached_after_delay_and_confirmation_and_left_below_the_other_threshold),
        cmocka_unit_test(levels_lie_one_behind_the_other),
        cmocka_unit_test(a_stock_that_runs_low_is_reached_from_above),
        cmocka_unit_test(counts_are_those_of_a_window_and_durations_their_mean),
        cmocka_unit_test(the_highest_or_lowest_of_those_meant_can_be_looked_at),
        cmocka_unit_test(what_posts_report_comes_late_and_rounded),
        cmocka_unit_test(an_order_is_given_when_the_level_rises_and_undone_when_it_falls),
        cmocka_unit_test(an_order_that_is_in_force_is_not_given_again),
        cmocka_unit_test(orders_of_a_rule_are_paid_each_time_within_the_plans_budget),
        cmocka_unit_test(agreement_is_asked_for_each_time_and_others_luck_is_not_touched),
        cmocka_unit_test(each_asking_has_luck_of_its_own),
        cmocka_unit_test(instants_of_other_orders_change_nothing),
        cmocka_unit_test(a_cap_of_a_rule_that_has_ended_still_arrives_further_down),
        cmocka_unit_test(rules_keep_their_bits_however_they_are_run),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(paths_of_thresholds_know_their_unit),
        cmocka_unit_test(a_log_replays_to_the_same_bits),
        cmocka_unit_test(a_replay_looks_at_the_log_alone),
        cmocka_unit_test(a_log_of_another_run_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
