/* Claims about calibrations: which observed numbers are fitted and which held out, what the naive rules may know, and
 * what is said. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"
#include "tests/support/folder.h"
#include "tests/support/scenario.h"

static const char scenario[] = TEST_HEAD
    "duration: 10 d\nplaces: {A: {kind: origin}, P: {kind: post}, Q: {kind: post}}\n"
    "links: [{from: A, to: P, length: 1 km}, {from: A, to: Q, length: 1 km}]\n"
    "displacement:\n" TEST_GROUP(
        "A", "0 s", "10",
        "") "stations: {check: {time: 60 s}}\n"
            "posts: {P: {entry: {stations: {check: {desks: 1}}}}, Q: {entry: {stations: {check: {desks: 1}}}}}\n"
            "observed: observed.csv\n";
/* Ten days of P, two of Q, a total that lies across any cut, a wait of all posts together, and a day behind the run's
 * end. */
static const char table[] =
    "time,hours,post,people,wait_h\n"
    "2031-03-02,24,P,10,1\n2031-03-03,24,P,20,\n2031-03-04,24,P,30,2\n2031-03-05,24,P,40,\n2031-03-06,24,P,50,3\n"
    "2031-03-07,24,P,60,\n2031-03-08,24,P,70,4\n2031-03-09,24,P,80,\n2031-03-10,24,P,90,5\n2031-03-11,24,P,100,\n"
    "2031-03-09,24,Q,7,\n2031-03-10,12,Q,8,\n"
    "2031-03-11,240,P,550,\n2031-03-05,24,,,6\n2031-03-12,24,P,5,\n";

typedef struct {
    test_folder folder;
    model_setup setup;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    char path[160];
    *state = f;
    if (f == NULL || test_folder_make(&f->folder) != 0)
        return -1;
    FILE *file = fopen(test_folder_path(&f->folder, "observed.csv", path, sizeof path), "w");
    if (file == NULL || fputs(table, file) == EOF || fclose(file) != 0)
        return -1;
    test_setup_in(&f->setup, scenario, f->folder.path);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    model_setup_free(&f->setup);
    test_folder_remove(&f->folder);
    free(f);
    return 0;
}

static int choose(fixture *f, calibrate_data *data, const calibrate_choice *choice, char *why, size_t size)
{
    *why = '\0';
    return calibrate_data_init(data, &f->setup, choice, why, size);
}

static void expect_roles(const calibrate_data *data, size_t fitted, size_t held_out, size_t compared, size_t left_out)
{
    const size_t expected[CALIBRATE_ROLE_COUNT] = {fitted, held_out, compared, left_out};
    for (int role = 0; role < CALIBRATE_ROLE_COUNT; role++)
        if (data->by_role[role] != expected[role])
            fail_msg("%zu numbers are %s, not %zu", data->by_role[role], calibrate_role_words[role], expected[role]);
}

static void without_a_hold_out_all_that_is_simulated_is_fitted(void **state)
{
    calibrate_data data;
    char why[200];
    assert_int_equal(choose(*state, &data, &(calibrate_choice){.fitted = {true, true}}, why, sizeof why), 0);
    expect_roles(&data, 10 + 5 + 2 + 1, 0, 0, 2);
    calibrate_data_free(&data);
}

static void a_share_holds_out_the_last_in_time_and_what_lies_across_is_in_neither_part(void **state)
{
    calibrate_data data;
    char why[200];
    assert_int_equal(
        choose(*state, &data, &(calibrate_choice){.fitted = {true, true}, .hold_out = 0.3}, why, sizeof why), 0);
    /* of 18 numbers at least 6: those of the 9th on, the 8th is the last day fitted */
    assert_true(data.cut == 7 * SIM_DAY);
    expect_roles(&data, 7 + 4, 3 + 1 + 2, 0, 2 + 1);
    for (size_t i = 0; i < data.count; i++)
        if (data.numbers[i].role == CALIBRATE_HELD_OUT)
            assert_true(data.numbers[i].end > data.cut);
    calibrate_data_free(&data);
}

static void an_instant_or_a_time_since_the_start_says_the_same(void **state)
{
    static const char *const texts[] = {"2031-03-08T00:00+01:00", "2031-03-07T23:00Z", "2031-03-08", "7 d", "168 h"};
    char why[200];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        calibrate_data data;
        assert_int_equal(
            choose(*state, &data, &(calibrate_choice){.fitted = {true, true}, .until = texts[i]}, why, sizeof why), 0);
        assert_true(data.cut == 7 * SIM_DAY);
        calibrate_data_free(&data);
    }
}

static void a_column_that_is_not_fitted_is_only_compared(void **state)
{
    calibrate_data data;
    char why[200];
    assert_int_equal(choose(*state, &data, &(calibrate_choice){.fitted = {false, true}}, why, sizeof why), 0);
    expect_roles(&data, 5, 0, 13, 2);
    calibrate_data_free(&data);
}

static void a_choice_that_leaves_a_part_empty_is_refused(void **state)
{
    static const struct {
        calibrate_choice choice;
        const char *words;
    } cases[] = {
        {{.fitted = {true, true}, .until = "1 h"}, "nothing is left to be fitted"},
        {{.fitted = {true, true}, .hold_out = 0.999}, "nothing is left to be fitted"},
        {{.fitted = {true, true}, .until = "10 d"}, "nothing is held out"},
        {{.fitted = {true, true}, .until = "soon"}, "--fit-until wants an instant"},
        {{.fitted = {true, true}, .until = "2031-02-30"}, "2031-02-30"},
    };
    char why[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        calibrate_data data;
        assert_int_equal(choose(*state, &data, &cases[i].choice, why, sizeof why), SIM_E_INPUT);
        if (strstr(why, cases[i].words) == NULL)
            fail_msg("\"%s\" is not said: %s", cases[i].words, why);
        calibrate_data_free(&data);
    }
}

/* --- scores --- */

static void simulate_all(calibrate_data *data, double factor)
{
    for (size_t i = 0; i < data->count; i++) {
        calibrate_number *n = &data->numbers[i];
        n->mean = n->observed * factor;
        n->low = n->mean - 5;
        n->high = n->mean + 5;
    }
}

static void naive_rules_know_the_fitted_part_alone(void **state)
{
    calibrate_data data;
    char why[200];
    assert_int_equal(
        choose(*state, &data, &(calibrate_choice){.fitted = {true, true}, .hold_out = 0.3}, why, sizeof why), 0);
    simulate_all(&data, 1.1);
    calibrate_score s = calibrate_score_of(&data, CALIBRATE_PEOPLE);
    assert_int_equal(s.count, 3); /* 80, 90, 100 of P; of Q nothing was fitted */
    assert_int_equal(s.without, 2);
    assert_float_equal(s.observed, 90, 1e-9);
    assert_float_equal(s.last, sqrt((10. * 10 + 20 * 20 + 30 * 30) / 3), 1e-9); /* 70 was the last */
    assert_float_equal(s.mean, sqrt((40. * 40 + 50 * 50 + 60 * 60) / 3), 1e-9); /* 40 the mean of 10 to 70 */
    assert_float_equal(s.model, sqrt((8. * 8 + 9 * 9 + 10 * 10) / 3), 1e-9);
    assert_int_equal(s.inside, 0);
    assert_true(calibrate_score_beats(&s));
    s = calibrate_score_of(&data, CALIBRATE_WAIT);
    assert_int_equal(s.count, 1); /* 5 h after 1, 2, 3, 4 h */
    assert_float_equal(s.last, 3600, 1e-6);
    assert_float_equal(s.mean, 2.5 * 3600, 1e-6);
    calibrate_data_free(&data);
}

static void a_model_worse_than_one_naive_rule_does_not_beat_them(void **state)
{
    calibrate_data data;
    char why[200];
    assert_int_equal(
        choose(*state, &data, &(calibrate_choice){.fitted = {true, true}, .hold_out = 0.3}, why, sizeof why), 0);
    simulate_all(&data, 1.4); /* off by 36 on average: between the two rules */
    calibrate_score s = calibrate_score_of(&data, CALIBRATE_PEOPLE);
    assert_true(s.last < s.model && s.model < s.mean);
    assert_false(calibrate_score_beats(&s));
    calibrate_data_free(&data);
}

/* --- parameters --- */

static int parse(fixture *f, calibrate_parameter *parameter, const char *text)
{
    sim_diag *diag = NULL;
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    int ret = calibrate_parameter_parse(parameter, f->setup.config, text, diag);
    assert_int_equal(ret == 0, sim_diag_count(diag) == 0);
    sim_diag_free(diag);
    return ret;
}

static void a_parameter_is_shown_in_the_unit_of_its_range(void **state)
{
    static const struct {
        const char *text, *middle;
    } cases[] = {{"links.0.length=1 km..3 km", "2 km"},
                 {"links.0.length=1000 m..3000 m", "2000 m"},
                 {"links.0.length=1..4 km:log", "2 km"},
                 {"scale=0.5..1.5", "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        calibrate_parameter parameter;
        char shown[64];
        assert_int_equal(parse(*state, &parameter, cases[i].text), 0);
        calibrate_parameter_value(&parameter, 0.5, shown, sizeof shown);
        assert_string_equal(shown, cases[i].middle);
        char *set = calibrate_parameter_set(&parameter, 0.5);
        assert_non_null(set);
        assert_string_equal(strchr(set, '=') + 1, cases[i].middle);
        free(set);
        calibrate_parameter_free(&parameter);
    }
}

static void whole_numbers_and_lists_are_refused(void **state)
{
    static const char *const texts[] = {"posts.P.entry.stations.check.desks=1..4",
                                        "stations.check.discipline=fifo,priority",
                                        "scale=1,2",
                                        "scale=2..1",
                                        "scael=1..2",
                                        "scale"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        calibrate_parameter parameter;
        assert_int_equal(parse(*state, &parameter, texts[i]), SIM_E_INPUT);
        calibrate_parameter_free(&parameter);
    }
}

/* --- words --- */

static void expect_words(const double *direction, const char *words)
{
    calibrate_parameter parameters[3] = {{.factor = {.path = (char[]){"a.b"}}},
                                         {.factor = {.path = (char[]){"c"}}},
                                         {.factor = {.path = (char[]){"d"}}}};
    calibrate_work work = {.parameters = parameters, .parameter_count = 3};
    sim_fit fit = {.parameters = 3, .loose = 1, .direction = (double[]){direction[0], direction[1], direction[2]}};
    char text[CALIBRATE_WORDS];
    calibrate_loose_words(&(calibrate_report){.work = &work, .fit = &fit}, 0, text, sizeof text);
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" is not said: %s", words, text);
}

static void what_makes_up_for_what_is_said_in_words(void **state)
{
    (void)state;
    expect_words((double[]){0, 1, 0}, "do not determine c: ");
    expect_words((double[]){0.1, -0.99, 0}, "do not determine c: ");
    expect_words((double[]){0.8, -0.6, 0}, "tell a.b apart from what else was fitted: a rise in it can be made up for "
                                           "by a fall in c (a tenth of its range by 0.075 of");
    expect_words((double[]){-0.6, 0, -0.8},
                 "tell d apart from what else was fitted: a rise in it can be made up for by a rise in a.b");
    expect_words(
        (double[]){0.7, -0.5, 0.51},
        "tell a.b apart from what else was fitted: a rise in it can be made up for by a fall in c, with a rise in d");
}

static void without_anything_held_out_it_is_a_fit_and_nothing_more(void **state)
{
    (void)state;
    calibrate_data data = {.by_role = {[CALIBRATE_FITTED] = 9}};
    calibrate_work work = {.data = &data};
    char text[CALIBRATE_WORDS];
    calibrate_assessment(&(calibrate_report){.work = &work}, text, sizeof text);
    assert_non_null(strstr(text, "a fit and nothing more"));
    assert_null(strstr(text, "alidat"));
    data.by_role[CALIBRATE_HELD_OUT] = 3;
    calibrate_assessment(&(calibrate_report){.work = &work}, text, sizeof text);
    assert_non_null(strstr(text, "did not choose the parameters"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_hold_out_all_that_is_simulated_is_fitted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_share_holds_out_the_last_in_time_and_what_lies_across_is_in_neither_part,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_instant_or_a_time_since_the_start_says_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_column_that_is_not_fitted_is_only_compared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_choice_that_leaves_a_part_empty_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(naive_rules_know_the_fitted_part_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_model_worse_than_one_naive_rule_does_not_beat_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_parameter_is_shown_in_the_unit_of_its_range, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whole_numbers_and_lists_are_refused, set_up, tear_down),
        cmocka_unit_test(what_makes_up_for_what_is_said_in_words),
        cmocka_unit_test(without_anything_held_out_it_is_a_fit_and_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
