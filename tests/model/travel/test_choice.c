/* Choice of post: shares of the multinomial logit, and, with tastes that hardly differ, the exact instant and the exact
 * wait at which groups turn to another post. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

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

/* --- shares --- */

/* Three posts 1, 2 and 4 h of walking away; the third has an appeal of 1.5 h, a fourth is near but for trains only. */
#define SHARES(choice, desks)                                                                                     \
    TEST_HEAD                                                                                                     \
    "duration: 2 d\npeople: {group_size: 1}\ntravel: {variation: 1, speed: {foot: 5 km/h}}\n"                     \
    "places: {City: {kind: origin}, A: {kind: post}, B: {kind: post}, C: {kind: post}, D: {kind: post}}\n"        \
    "links: [{from: City, to: A, length: 5 km}, {from: City, to: B, length: 10 km}, {from: City, to: C, length: " \
    "20 km},"                                                                                                     \
    " {from: City, to: D, length: 100 m}]\n"                                                                      \
    "stations: {s: {time: 10 s, desks: " desks "}}\n"                                                             \
    "posts: {A: {entry: {stations: [s]}}, B: {entry: {stations: [s]}}, C: {appeal: 1.5 h, entry: {stations: "     \
    "[s]}}, D: {modes: "                                                                                          \
    "rail}}\n"                                                                                                    \
    "displacement: [{from: City, people: 30000, shape: {uniform: {low: 0 h, high: 24 h}}}]\nchoice: {" choice "}\n"

static void count_choices(const run *r, uint64_t chosen[4])
{
    for (int i = 0; i < 4; i++)
        chosen[i] = 0;
    for (uint32_t i = 0; i < r->world.group_count; i++)
        chosen[model_group_at(&r->world, i)->site]++;
}

static void without_information_shares_are_those_of_the_logit(void **state)
{
    (void)state;
    static const char *const texts[] = {SHARES("informed: 0, scale: 2 h", "1000"),
                                        SHARES("informed: 0, scale: 0.7 h", "1000"),
                                        SHARES("informed: 1, scale: 1 h, wait_weight: 0", "1")};
    static const double scales[] = {2, 0.7, 1}, costs[] = {1, 2, 4 - 1.5};
    for (int k = 0; k < 3; k++) {
        run r;
        uint64_t chosen[4];
        double sum = 0;
        begin(&r, texts[k]);
        count_choices(&r, chosen);
        for (int i = 0; i < 3; i++)
            sum += exp(-costs[i] / scales[k]);
        for (int i = 0; i < 3; i++)
            test_share(r.setup.sites[i].name, chosen[i], 30000, exp(-costs[i] / scales[k]) / sum);
        assert_int_equal(chosen[3], 0);
        finish(&r);
    }
}

static void without_information_waits_change_nobodys_choice(void **state)
{
    (void)state;
    run idle, crowded;
    begin(&idle, SHARES("informed: 0, crowd_weight: 5 h", "1000"));
    begin(&crowded, SHARES("informed: 0, crowd_weight: 5 h", "1"));
    assert_true(test_count(&crowded.world, "people/present", "A", MODEL_WAITING) > 1000 * SIM_DAY);
    for (uint32_t i = 0; i < idle.world.group_count; i++)
        assert_int_equal(model_group_at(&idle.world, i)->site, model_group_at(&crowded.world, i)->site);
    finish(&idle);
    finish(&crowded);
}

static void with_information_waits_send_people_elsewhere(void **state)
{
    (void)state;
    run idle, crowded;
    uint64_t before[4], after[4];
    begin(&idle, SHARES("informed: 1, delay: 0 s", "1000"));
    begin(&crowded, SHARES("informed: 1, delay: 0 s", "1"));
    count_choices(&idle, before);
    count_choices(&crowded, after);
    assert_true(after[0] < before[0] - 1000); /* towards equal shares */
    finish(&idle);
    finish(&crowded);
}

/* --- what is published, and when --- */

/* Two posts 20 km from the city. 720 people come to A at the start, where one desk takes 10 s each, so that just before
 * t seconds t / 10 - 1 have crossed and 720 - t / 10 wait. Tastes hardly differ. One person sets out from the city at
 * `time`. */
#define CROWD(choice, time)                                                                                            \
    TEST_HEAD                                                                                                          \
    "duration: 5 h\npeople: {group_size: 1}\ntravel: {variation: 1}\nplaces: {City: {kind: origin}, A: {kind: post}, " \
    "B: {kind: "                                                                                                       \
    "post}}\n"                                                                                                         \
    "links: [{from: City, to: A, length: 20 km}, {from: City, to: B, length: 20 km}]\nstations: {s: {time: 10 s}}\n"   \
    "posts: {A: {appeal: %s, entry: {stations: [s]}}, B: {entry: {stations: [s]}}}\nchoice: {scale: 0.001 s, "         \
    "informed: 1, " choice "}\n"                                                                                       \
    "displacement:\n  - {from: City, people: 1, shape: 0 s, at: " time "}\n  - {from: A, people: 720, shape: 0 s}\n"

/* Whoever sets out chooses A exactly when its appeal is above this cost; tried a second below and above. */
static void assert_cost(const char *format, double seconds)
{
    for (int above = 0; above < 2; above++) {
        char text[2000], appeal[32];
        run r;
        snprintf(appeal, sizeof appeal, "%.3f s", seconds + (above ? 1 : -1));
        int length = snprintf(text, sizeof text, format, appeal);
        assert_true(length > 0 && (size_t)length < sizeof text);
        begin(&r, text);
        unsigned post = model_group_at(&r.world, 0)->site;
        if (post != (above ? 0 : 1))
            fail_msg("with an appeal of %s post %s was chosen", appeal, r.setup.sites[post].name);
        finish(&r);
    }
}

static void the_published_wait_is_people_waiting_over_people_crossing_a_time(void **state)
{
    (void)state;
    assert_cost(CROWD("delay: 0 s, window: 1 h", "3600 s"), 360 / (359 / 3600.0));
    assert_cost(CROWD("delay: 0 s, window: 30 min", "3600 s"), 360 / (180 / 1800.0));
    assert_cost(CROWD("delay: 0 s, window: 30 min, wait_weight: 2", "3600 s"), 2 * 3600);
    assert_cost(CROWD("delay: 0 s, window: 30 min, wait_weight: 0.5, crowd_weight: 1000 s", "3600 s"), 1800 + 360);
    assert_cost(CROWD("delay: 0 s, window: 30 min", "9000 s"), 0); /* all are through after two hours */
}

static void it_is_learned_when_it_is_published_and_a_delay_later(void **state)
{
    (void)state;
    assert_cost(CROWD("delay: 0 s, window: 30 min", "3599.999999 s"), 4500); /* as of 2700 s: 450 people */
    assert_cost(CROWD("delay: 0 s, window: 30 min", "4499.999999 s"), 3600); /* as of 3600 s */
    assert_cost(CROWD("delay: 30 min, window: 30 min", "5400 s"), 3600);
    assert_cost(CROWD("delay: 30 min, window: 30 min", "5399.999999 s"), 4500);
    assert_cost(CROWD("delay: 16 min, window: 30 min", "5400 s"), 3600); /* times are rounded up to control intervals */
    assert_cost(CROWD("delay: 30 min, window: 30 min", "2699.999999 s"),
                0); /* nothing is known of a time before the start */
}

static void no_wait_is_published_above_the_longest(void **state)
{
    (void)state;
    assert_cost(CROWD("delay: 0 s, window: 1 h, longest: 2 h", "900 s"), 7200);
    assert_cost(CROWD("delay: 0 s, window: 1 h, longest: 100 h", "900 s"), 630 / (89 / 3600.0));
}

/* --- on the way --- */

/* A and B are an hour's walk behind Forks, an hour from the city; A is preferred by an hour; from 10 min on five people
 * wait there for good, at most five hours, as is published. */
#define ON_THE_WAY(choice, who)                                                                                    \
    TEST_HEAD                                                                                                      \
    "duration: 1 d\n" TEST_EXACT                                                                                   \
    "places: {City: {kind: origin}, Forks: {kind: junction}, A: {kind: post}, B: {kind: post}}\n"                  \
    "links: [{from: City, to: Forks, length: 4824 m}, {from: Forks, to: A, length: 4824 m}, {from: Forks, to: B, " \
    "length: 4824 m}]\n"                                                                                           \
    "stations: {shut: {time: 1 s, desks: 0}, open: {time: 1 s}}\n"                                                 \
    "posts: {A: {appeal: 1 h, entry: {stations: [shut]}}, B: {entry: {stations: [open]}}}\n"                       \
    "choice: {scale: 0.001 s, delay: 0 s, longest: 5 h, " choice "}\n"                                             \
    "displacement:\n" TEST_GROUP("City", "0 s", "1", who) TEST_GROUP("A", "10 min", "5", "")

static void assert_goes_to(const char *text, const char *post)
{
    run r;
    begin(&r, text);
    assert_string_equal(r.setup.sites[model_group_at(&r.world, 0)->site].name, post);
    finish(&r);
}

static void the_informed_turn_on_the_way_for_a_gain(void **state)
{
    (void)state;
    assert_goes_to(ON_THE_WAY("informed: 1, gain: 3.99 h", ""), "B"); /* five hours' wait less an hour of appeal */
    assert_goes_to(ON_THE_WAY("informed: 1, gain: 4.01 h", ""), "A");
    assert_goes_to(ON_THE_WAY("informed: 0, gain: 0 h", ""), "A");
    assert_goes_to(ON_THE_WAY("informed: 1, gain: 0 h, reconsider: false", ""), "A");
    assert_goes_to(ON_THE_WAY("informed: 1, gain: 0 h", ", to: A"), "A");
}

static void the_share_that_is_informed_turns(void **state)
{
    (void)state;
    run r;
    uint64_t chosen[4];
    begin(&r, TEST_HEAD
          "duration: 1 d\npeople: {group_size: 1}\nplaces: {City: {kind: origin}, A: {kind: post}, B: {kind: post}}\n"
          "links: [{from: City, to: A, length: 10 km}, {from: City, to: B, length: 10 km}]\nstations: {shut: {time: 1 "
          "s, desks: 0}, open: "
          "{time: 0 s}}\n"
          "posts: {A: {appeal: 1 h, entry: {stations: [shut]}}, B: {entry: {stations: [open]}}}\n"
          "choice: {scale: 0.001 s, delay: 0 s, informed: 30 %, longest: 5 h}\n"
          "displacement:\n  - {from: City, people: 20000, shape: {uniform: {low: 1 h, high: 20 h}}}\n  - {from: A, "
          "people: 1, shape: 0 s}\n");
    count_choices(&r, chosen);
    test_share("informed", chosen[1], 20000, 0.3);
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_information_shares_are_those_of_the_logit),
        cmocka_unit_test(without_information_waits_change_nobodys_choice),
        cmocka_unit_test(with_information_waits_send_people_elsewhere),
        cmocka_unit_test(the_published_wait_is_people_waiting_over_people_crossing_a_time),
        cmocka_unit_test(it_is_learned_when_it_is_published_and_a_delay_later),
        cmocka_unit_test(no_wait_is_published_above_the_longest),
        cmocka_unit_test(the_informed_turn_on_the_way_for_a_gain),
        cmocka_unit_test(the_share_that_is_informed_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
