/* Sessions: wherever one is paused, marked, rewound or branched, it comes to what a straight run of its orders does;
 * an order that is refused leaves nothing behind; who plays knows late what is. Sequences: Threefry, seed 20261129. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/exercise/session.h"
#include "models/hbm.h"
#include "models/plans/orders.h"
#include "models/plans/plan.h"
#include "sim/base/error.h"
#include "tests/support/scenario.h"

#define RIVER HBM_SOURCE_DIR "/scenarios/river-exercise/scenario.yaml"
#define TRIGGERS HBM_SOURCE_DIR "/scenarios/river-exercise/plans/triggers.yaml"

typedef struct {
    unsigned char *bytes;
    size_t size;
} image;

static void load(model_setup *setup, const char *plan)
{
    static const char *const sets[] = {"scale=0.05", "duration=8 d"};
    sim_diag *diag;
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    int ret = model_setup_load(setup, RIVER, plan, sets, 2, diag);
    sim_diag_print(diag, stderr);
    sim_diag_free(diag);
    assert_int_equal(ret, 0);
}

static image image_of(model_session *session)
{
    image i = {NULL, 0};
    assert_int_equal(model_world_save(model_session_world(session), &i.bytes, &i.size), 0);
    return i;
}

static void assert_same(image a, image b, const char *what, unsigned number)
{
    bool same = a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0;
    free(a.bytes);
    free(b.bytes);
    if (!same)
        fail_msg("%s %u: not the same", what, number);
}

static model_session *open_session(const model_setup *setup)
{
    model_session *session = NULL;
    assert_int_equal(model_session_open(&session, setup, 5, 0, false), 0);
    return session;
}

static int give(model_session *session, const char *text, unsigned by)
{
    sim_diag *diag;
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    int ret = model_session_give(session, text, by, "player Anna", diag);
    assert_int_equal(ret == SIM_E_INPUT, sim_diag_count(diag) > 0);
    sim_diag_free(diag);
    return ret;
}

/* --- random sequences --- */

/* Orders of all sorts: with and without end, lead time, agreement and money, of used models and of none. */
static const char *const orders[] = {
    "{order: open_lanes, target: Bridge/entry, lanes: 2, duration: 6 h}",
    "{order: close_lanes, target: \"*/entry/entry_check\", lanes: 1}",
    "{order: set_procedure, target: \"*/entry/registration\", procedure: household, duration: 1 d}",
    "{order: surge_staff, target: bridge_officers, number: 4, lead: 3 h, cost: 9 kUSD, by: lowland_guard}",
    "{order: set_cap, target: Hill/entry, number: 900, agreement: hill_cap}",
    "{order: issue_tokens, target: Bridge/exit, number: 500, duration: 30 h}",
    "{order: deliver_water, target: Transit, amount: 12 m3, lead: 2 h}",
    "{order: deliver_kits, target: Bridge/entry, name: terminal, number: 2, lead: 5 h, duration: 1 d}",
    "{order: move_staff, target: mill_officers, name: bridge_officers, number: 1}",
};
enum { ORDERS = sizeof orders / sizeof *orders, SEQUENCES = 20, MOVES = 24, MOST_GIVEN = 64 };

typedef struct {
    sim_time at;
    const char *text;
} given;

/* A run without marks and pauses but those at which the orders of the log were given. */
static image straight_run(const model_setup *setup, const model_session *log)
{
    model_session *session = open_session(setup);
    for (size_t i = 0; i < model_session_orders(log); i++) {
        const model_order *order = model_session_order(log, i);
        assert_int_equal(model_session_advance(session, order->given, 1), 0);
        assert_int_equal(give(session, order->says, MODEL_BY_PLAYER), 0);
    }
    assert_int_equal(model_session_advance(session, setup->end, 2), 0);
    image end = image_of(session);
    model_session_close(session);
    return end;
}

/* Returns how many orders its log has in the end. */
static size_t play(const model_setup *setup, uint32_t sequence)
{
    const sim_rng rng = {20261129, 0};
    model_session *session = open_session(setup);
    uint64_t marks[MOVES];
    size_t mark_count = 0;
    for (uint32_t i = 0; i < MOVES; i++) {
        uint64_t draw = sim_rng_draw(&rng, sequence, 0, i);
        sim_time now = model_session_now(session);
        switch (draw % 6) {
        case 0:
            assert_int_equal(model_session_step(session, 1), 0);
            break;
        case 1: /* to an instant that is no control instant */
            assert_int_equal(model_session_advance(session, now + (sim_time)(draw >> 8) % (setup->end / 10), 1 + i % 2),
                             0);
            break;
        case 2:
        case 3:
            if (!model_session_is_over(session))
                assert_int_equal(give(session, orders[(draw >> 8) % ORDERS], MODEL_BY_PLAYER), 0);
            break;
        case 4:
            assert_int_equal(model_session_mark(session, &marks[mark_count++]), 0);
            break;
        default:
            if (mark_count == 0)
                break;
            uint64_t id = marks[(draw >> 8) % mark_count];
            if ((draw >> 40) % 2 == 0) {
                assert_int_equal(model_session_rewind(session, id), 0);
                break;
            }
            model_session *branch = NULL;
            assert_int_equal(model_session_branch(session, id, NULL, &branch), 0);
            model_session_close(session);
            session = branch;
            mark_count = 0;
        }
    }
    assert_int_equal(model_session_advance(session, setup->end, 1), 0);
    assert_same(image_of(session), straight_run(setup, session), "sequence", sequence);
    size_t count = model_session_orders(session);
    model_session_close(session);
    return count;
}

static void any_sequence_comes_to_what_a_straight_run_of_its_orders_does(void **state)
{
    (void)state;
    static const char *const plans[] = {HBM_SOURCE_DIR "/scenarios/river-exercise/plans/contingency.yaml", TRIGGERS};
    size_t count = 0;
    for (uint32_t k = 0; k < 2; k++) {
        model_setup setup;
        load(&setup, plans[k]);
        for (uint32_t i = 0; i < SEQUENCES / 2; i++)
            count += play(&setup, 2 * i + k);
        model_setup_free(&setup);
    }
    assert_true(count > SEQUENCES);
}

/* --- orders --- */

#define SMALL(more)                                                                                     \
    TEST_HEAD "duration: 12 h\n" TEST_EXACT                                                             \
              "places: {O: {kind: origin}, P: {kind: post}}\nlinks: [{from: O, to: P, length: 5 km}]\n" \
              "displacement:\n" TEST_GROUP("O", "1 h", "300", "") TEST_GROUP("O", "1 h", "300", "")     \
                  TEST_GROUP("O", "1 h", "300",                                                         \
                             "") "stations: {a: {time: 2 h, desks: 1}}\nposts: {P: {entry: {stations: [a]}}}\n" more

static image end_of(model_session *session)
{
    assert_int_equal(model_session_advance(session, INT64_MAX, 1), 0);
    return image_of(session);
}

static void an_order_given_at_a_pause_does_what_one_of_a_plan_does(void **state)
{
    (void)state;
    model_setup setup, planned;
    test_setup(&setup, SMALL(""));
    test_setup(&planned, SMALL("timeline: [{at: 2 h, order: open_lanes, target: P, lanes: 2, duration: 3 h}]\n"));
    model_session *session = open_session(&setup), *plan = open_session(&planned);
    assert_int_equal(model_session_advance(session, 2 * SIM_HOUR, 1), 0);
    assert_int_equal(give(session, "{order: open_lanes, target: P, lanes: 2, duration: 3 h}", MODEL_BY_PLAYER), 0);
    for (sim_time at = 3 * SIM_HOUR; at <= setup.end; at += SIM_HOUR) {
        double one, two;
        assert_int_equal(model_session_advance(session, at, 1), 0);
        assert_int_equal(model_session_advance(plan, at, 1), 0);
        assert_int_equal(model_session_read(session, "flow/crossed", "P", -1, &one), 0);
        assert_int_equal(model_session_read(plan, "flow/crossed", "P", -1, &two), 0);
        assert_true(one >= two && two >= one);
        assert_int_equal(model_session_world(session)->lanes[0], model_session_world(plan)->lanes[0]);
    }
    model_session_close(session);
    model_session_close(plan);
    model_setup_free(&setup);
    model_setup_free(&planned);
}

static void an_order_that_is_refused_leaves_nothing_behind(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{order: outage, target: P}",                            /* nobody can order that */
        "{order: open_lanes, target: P}",                        /* an argument is missing */
        "{order: open_lanes, target: Q, lanes: 2}",              /* no such post */
        "{order: open_lanes, target: P, lanes: 2, at: 3 h}",     /* it is given now */
        "{order: open_lanes, target: P, lanes: 2, cost: 5 USD}", /* no money is counted */
        "{order: surge_staff, target: X, number: 2}",            /* the model is not used */
        "{order: open_lane, target: P, lanes: 2}",               /* no such order */
        "open_lanes",                                            /* no map */
        "{order: open_lanes, target: P, lanes: 2",               /* no YAML */
    };
    model_setup setup;
    test_setup(&setup, SMALL(""));
    model_session *session = open_session(&setup), *other = open_session(&setup);
    assert_int_equal(model_session_advance(session, 2 * SIM_HOUR, 1), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(give(session, wrong[i], MODEL_BY_PLAYER), SIM_E_INPUT);
    assert_int_equal(model_session_orders(session), 0);
    assert_int_equal(model_session_advance(other, 2 * SIM_HOUR, 1), 0);
    assert_same(image_of(session), image_of(other), "refused", 0);
    assert_same(end_of(session), end_of(other), "refused, at the end", 0);
    model_session_close(session);
    model_session_close(other);
    model_setup_free(&setup);
}

static void who_leads_an_exercise_can_cut_the_power(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, SMALL(""));
    model_session *session = open_session(&setup);
    assert_int_equal(give(session, "{order: outage, target: P, duration: 11 h}", MODEL_BY_CRISIS), 0);
    double crossed;
    assert_int_equal(model_session_advance(session, 10 * SIM_HOUR, 1), 0);
    assert_int_equal(model_session_read(session, "flow/crossed", NULL, -1, &crossed), 0);
    assert_true(crossed < 1);
    model_session_close(session);
    model_setup_free(&setup);
}

/* --- what is known --- */

static void agencies_know_late_and_in_round_numbers(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, SMALL("choice: {delay: 2 h}\nreporting: {rounding: 500}\n"));
    model_session *session = open_session(&setup);
    int64_t waiting;
    double wait, truly;
    assert_int_equal(model_session_advance(session, 3 * SIM_HOUR, 1), 0);
    assert_int_equal(model_session_read(session, "people/present", "P", MODEL_WAITING, &truly), 0);
    assert_int_equal(model_session_known(session, "P", &waiting, &wait), 0);
    assert_true(truly > 599 && truly < 601);
    assert_int_equal(waiting, 0);
    assert_int_equal(model_session_advance(session, 5 * SIM_HOUR, 1), 0);
    assert_int_equal(model_session_known(session, "P", &waiting, &wait), 0);
    assert_int_equal(waiting, 500);
    assert_int_equal(model_session_known(session, "Nowhere", &waiting, &wait), SIM_E_INPUT);
    assert_int_equal(model_session_read(session, "no/metric", NULL, -1, &truly), SIM_E_INPUT);
    assert_int_equal(model_session_read(session, "flow/crossed", "Nowhere", -1, &truly), SIM_E_INPUT);
    model_session_close(session);
    model_setup_free(&setup);
}

/* --- marks --- */

static void of_many_marks_old_ones_are_thinned_out(void **state)
{
    (void)state;
    model_setup setup;
    test_setup(&setup, SMALL(""));
    model_session *session = open_session(&setup);
    uint64_t first = 0, last = 0;
    for (int i = 0; i < 2 * MODEL_SESSION_MARKS; i++) {
        assert_int_equal(model_session_mark(session, i == 0 ? &first : &last), 0);
        assert_int_equal(model_session_advance(session, (i + 1) * setup.end / (2 * MODEL_SESSION_MARKS + 1), 1), 0);
    }
    sim_time at, now = model_session_now(session);
    assert_int_equal(model_session_marks(session), MODEL_SESSION_MARKS);
    size_t recent = 0;
    for (size_t i = 0; i < model_session_marks(session); i++) {
        model_session_mark_at(session, i, &at);
        recent += at > now / 2;
    }
    assert_true(recent > MODEL_SESSION_MARKS / 2);
    assert_int_equal(model_session_rewind(session, last), 0);
    assert_int_equal(model_session_rewind(session, first), 0);
    assert_int_equal(model_session_now(session), 0);
    assert_int_equal(model_session_rewind(session, last + 1), SIM_E_INPUT);
    model_session_close(session);
    model_setup_free(&setup);
}

/* --- the public interface --- */

static void hash_of(hbm_result *result, char hex[65])
{
    assert_int_equal(hbm_result_hash(result, hex), 0);
    hbm_result_free(result);
}

static void a_session_without_players_gives_the_results_of_a_run(void **state)
{
    (void)state;
    static const char *const sets[] = {"scale=0.05", "duration=8 d"};
    hbm_scenario *scenario = NULL;
    hbm_problems *problems = NULL;
    hbm_result *result = NULL;
    hbm_session *session = NULL;
    hbm_session_options options;
    hbm_run_options run;
    char one[65], two[65], three[65], why[200];
    uint64_t mark;
    assert_int_equal(hbm_problems_new(&problems), 0);
    assert_int_equal(hbm_scenario_open(&scenario, RIVER, TRIGGERS, sets, 2, problems), 0);
    hbm_run_options_init(&run);
    assert_int_equal(hbm_run(scenario, &run, &result, why, sizeof why), 0);
    hash_of(result, one);
    hbm_session_options_init(&options);
    assert_int_equal(hbm_session_open(&session, scenario, &options), 0);
    assert_int_equal(hbm_session_result(session, &result, why, sizeof why), SIM_E_INPUT);
    while (hbm_session_now(session) < hbm_session_end(session) / 2)
        assert_int_equal(hbm_session_step(session), 0);
    assert_int_equal(hbm_session_mark(session, &mark), 0);
    assert_int_equal(hbm_session_give(session, orders[0], HBM_BY_PLAYER, "player Anna", problems), 0);
    assert_int_equal(hbm_session_orders(session), 1);
    assert_int_equal(hbm_session_advance(session, hbm_session_end(session)), 0);
    assert_int_equal(hbm_session_result(session, &result, why, sizeof why), 0);
    hash_of(result, three);
    assert_int_equal(hbm_session_rewind(session, mark), 0);
    assert_int_equal(hbm_session_orders(session), 0);
    assert_int_equal(hbm_session_advance(session, hbm_session_end(session)), 0);
    assert_int_equal(hbm_session_result(session, &result, why, sizeof why), 0);
    hash_of(result, two);
    assert_string_equal(one, two);
    assert_string_not_equal(one, three);
    hbm_session_close(session);
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_sequence_comes_to_what_a_straight_run_of_its_orders_does),
        cmocka_unit_test(an_order_given_at_a_pause_does_what_one_of_a_plan_does),
        cmocka_unit_test(an_order_that_is_refused_leaves_nothing_behind),
        cmocka_unit_test(who_leads_an_exercise_can_cut_the_power),
        cmocka_unit_test(agencies_know_late_and_in_round_numbers),
        cmocka_unit_test(of_many_marks_old_ones_are_thinned_out),
        cmocka_unit_test(a_session_without_players_gives_the_results_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
