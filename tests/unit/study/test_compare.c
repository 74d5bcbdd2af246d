/* Claims about comparisons as planners read them: what is saved, what it costs, how sure; and about what the results
 * file has of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "sim/base/error.h"
#include "tests/support/synthetic_comparison.h"
#include "tools/compare/tell.h"

static const synthetic_figure usual[] = {
    {"wait.mean", 36000, -11520, 600, 100}, {"cost.total", 1000000, 120000, 5000, 100},
    {"people.gave_up", 100, 0, 20, 5},      {"wait.within_target", 0.30, 0.20, 0.01, 0.002},
    {"global.deaths", 2, 0, 0, 0},          {"people.arrived", 5000, 400, 10, 0},
    {"staff.hours", 800, 0, 0, 0},
};
enum { WAIT, COST, GAVE_UP, WITHIN, DEATHS, ARRIVED, STAFF, FIGURES };

static void expect_words(const comparison *c, size_t plan, size_t figure, const char *expected)
{
    char words[512];
    compare_words(c, plan, figure, words, sizeof words);
    assert_string_equal(words, expected);
}

static void differences_are_told_in_words(void **state)
{
    (void)state;
    comparison c;
    synthetic_compare(&c, 2, usual, FIGURES);
    expect_words(&c, 1, WAIT, "saves 3.20 h (3.11 to 3.29), sure");
    expect_words(&c, 1, COST, "costs 120,000 USD more (119,700 to 120,300), sure");
    expect_words(&c, 1, GAVE_UP, "no difference found (-17 to +17 people)");
    expect_words(&c, 1, WITHIN, "gains 20.0 points (19.3 to 20.7), sure");
    expect_words(&c, 1, DEATHS, "the same in each replication");
    expect_words(&c, 1, ARRIVED, "400 people more, in each replication");
    compare_free(&c);
}

static void figures_stand_where_planners_look_for_them(void **state)
{
    (void)state;
    comparison c;
    synthetic_compare(&c, 2, usual, FIGURES);
    assert_int_equal(compare_group_of(&c, 1, WAIT), COMPARE_SAVES);
    assert_int_equal(compare_group_of(&c, 1, WITHIN), COMPARE_SAVES);
    assert_int_equal(compare_group_of(&c, 1, COST), COMPARE_COSTS);
    assert_int_equal(compare_group_of(&c, 1, GAVE_UP), COMPARE_NOTHING);
    assert_int_equal(compare_group_of(&c, 1, DEATHS), COMPARE_PROTECTION);
    assert_int_equal(compare_group_of(&c, 1, ARRIVED), COMPARE_CHANGES);
    compare_free(&c);
}

static void what_gets_worse_is_a_cost(void **state)
{
    (void)state;
    static const synthetic_figure worse[] = {{"wait.mean", 36000, 11520, 600, 100},
                                             {"wait.within_target", 0.3, -0.2, 0.01, 0.002}};
    comparison c;
    synthetic_compare(&c, 2, worse, 2);
    expect_words(&c, 1, 0, "costs 3.20 h more (3.13 to 3.27), sure");
    expect_words(&c, 1, 1, "loses 20.0 points (19.5 to 20.5), sure");
    assert_int_equal(compare_group_of(&c, 1, 0), COMPARE_COSTS);
    assert_int_equal(compare_group_of(&c, 1, 1), COMPARE_COSTS);
    compare_free(&c);
}

static void a_bound_that_is_not_0_never_looks_like_it(void **state)
{
    (void)state;
    static const synthetic_figure near[] = {{"people.gave_up", 100, -2.32, 0, 1}};
    comparison c;
    char words[512];
    synthetic_compare(&c, 2, near, 1);
    assert_int_equal(compare_difference_of(&c, 1, 0)->status, SIM_PAIRED_LESS);
    compare_words(&c, 1, 0, words, sizeof words);
    if (strstr(words, "(0.0 ") != NULL || strstr(words, "(0 ") != NULL)
        fail_msg("%s", words);
    compare_free(&c);
}

static void small_differences_are_answered_by_an_indifference_amount(void **state)
{
    (void)state;
    static const synthetic_figure small[] = {{"wait.mean", 36000, 10, 600, 20}};
    comparison c;
    synthetic_compare(&c, 2, small, 1);
    c.figures[0].is_asked = true;
    assert_false(compare_is_answered(&c));
    c.figures[0].indifference = 300;
    assert_int_equal(compare_judge(&c, SYNTHETIC_REPLICATIONS, 1, 1), 0);
    assert_true(compare_is_answered(&c));
    expect_words(&c, 1, 0, "no difference beyond 5 min, sure");
    compare_free(&c);
}

static void intervals_allow_for_the_family_and_for_looks(void **state)
{
    (void)state;
    comparison one, many;
    synthetic_compare(&one, 2, usual, 1);
    synthetic_compare(&many, 2, usual, FIGURES);
    const compare_difference *a = compare_difference_of(&one, 1, 0), *b = compare_difference_of(&many, 1, 0);
    double alone = a->high - a->low;
    assert_true(b->high - b->low > alone);
    assert_true(a->adjusted_p == a->p && b->adjusted_p > b->p);
    assert_int_equal(compare_judge(&one, SYNTHETIC_REPLICATIONS, 1, 3), 0);
    assert_true(compare_difference_of(&one, 1, 0)->high - compare_difference_of(&one, 1, 0)->low > alone);
    assert_true(compare_difference_of(&one, 1, 0)->adjusted_p == 2 * compare_difference_of(&one, 1, 0)->p);
    compare_free(&one);
    compare_free(&many);
}

static void looks_double_until_the_most(void **state)
{
    (void)state;
    assert_int_equal(compare_looks(10), 1);
    assert_int_equal(compare_looks(5), 1);
    assert_int_equal(compare_look_size(1, 5), 5);
    assert_int_equal(compare_looks(100), 5); /* 10 20 40 80 100 */
    assert_int_equal(compare_look_size(4, 100), 80);
    assert_int_equal(compare_look_size(5, 100), 100);
}

static void missing_pairs_are_told(void **state)
{
    (void)state;
    comparison c;
    char *text = NULL;
    size_t size = 0;
    synthetic_compare(&c, 2, usual, FIGURES);
    compare_values(&c, 1, WAIT)[3] = (double)NAN;
    for (size_t r = 0; r < SYNTHETIC_REPLICATIONS; r++)
        compare_values(&c, 0, COST)[r] = (double)NAN;
    assert_int_equal(compare_judge(&c, SYNTHETIC_REPLICATIONS, 1, 1), 0);
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    assert_int_equal(compare_print(&c, false, to), 0);
    assert_int_equal(fclose(to), 0);
    assert_non_null(strstr(text, "sure; known of 9 pairs"));
    assert_non_null(strstr(text, "not known: too few replications in which both have it"));
    free(text);
    compare_free(&c);
}

static char *printed(const comparison *c, bool markdown)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    assert_int_equal(compare_print(c, markdown, to), 0);
    assert_int_equal(fclose(to), 0);
    return text;
}

static void the_table_says_what_is_saved_what_it_costs_and_how_sure(void **state)
{
    (void)state;
    comparison c;
    synthetic_compare(&c, 2, usual, FIGURES);
    char *text = printed(&c, false);
    const char *saves = strstr(text, "What it saves and gains\n  mean wait"),
               *costs = strstr(text, "What it costs and loses\n  money spent");
    const char *protection = strstr(text, "Protection and safety\n  people who died"),
               *nothing = strstr(text, "No difference found\n");
    assert_true(saves != NULL && costs > saves && protection > costs && nothing > protection);
    assert_non_null(strstr(text, "1 plan compared with baseline; 10 replications each, seed 7"));
    assert_non_null(strstr(text, "all 7 hold together with 95 %"));
    free(text);
    compare_free(&c);
}

static void markdown_has_a_row_a_figure_and_escapes_names(void **state)
{
    (void)state;
    comparison c;
    synthetic_compare(&c, 3, usual, FIGURES);
    snprintf(c.plans[2].name, sizeof c.plans[2].name, "a|b*");
    char *text = printed(&c, true);
    assert_non_null(strstr(text, "| mean wait at the post of those who crossed | 10.00 h | 6.80 h | saves 3.2"));
    assert_non_null(strstr(text, "| **What it costs and loses** |"));
    assert_non_null(strstr(text, "### a\\|b\\* against baseline"));
    assert_null(strstr(text, "a|b"));
    free(text);
    compare_free(&c);
}

static void results_have_values_and_differences(void **state)
{
    (void)state;
    comparison c;
    sim_result result;
    synthetic_compare(&c, 3, usual, FIGURES);
    sim_result_init(&result);
    assert_int_equal(compare_result(&c, &result), 0);
    const sim_dataset *value = sim_result_find(&result, "compare/value"),
                      *low = sim_result_find(&result, "compare/difference_low"),
                      *status = sim_result_find(&result, "compare/status"),
                      *pairs = sim_result_find(&result, "compare/pairs");
    assert_true(value && low && status && pairs);
    assert_int_equal(value->size, 3 * SYNTHETIC_REPLICATIONS * FIGURES);
    assert_true(value->data.reals[(2 * SYNTHETIC_REPLICATIONS + 4) * FIGURES + COST] == compare_values(&c, 2, COST)[4]);
    assert_true(isnan(low->data.reals[WAIT])); /* the baseline has no difference from itself */
    assert_true(low->data.reals[2 * FIGURES + WAIT] == compare_difference_of(&c, 2, WAIT)->low);
    assert_int_equal(status->data.integers[FIGURES + WAIT], SIM_PAIRED_LESS);
    assert_int_equal(pairs->data.integers[FIGURES + WAIT], SYNTHETIC_REPLICATIONS);
    assert_string_equal(sim_result_axis(&result, value, 0)->labels[0], "baseline");
    assert_string_equal(sim_result_text(&result, "baseline"), "baseline");
    assert_null(sim_result_find(&result, "best/mean"));
    sim_result_free(&result);
    compare_free(&c);
}

static void a_selection_is_told_with_its_probability(void **state)
{
    (void)state;
    comparison c;
    sim_result result;
    synthetic_compare(&c, 2, usual, FIGURES);
    c.best.is_wanted = c.best.is_decided = true;
    c.best.figure = WAIT;
    c.best.indifference = 1800;
    c.best.probability = 0.95;
    c.best.best = 1;
    c.best.plans[0] = (sim_selected){23, 36000, 23, 1};
    c.best.plans[1] = (sim_selected){23, 24480, 0, 1};
    char *text = printed(&c, false);
    assert_non_null(strstr(text, "Best: plan 1, by the smallest mean wait at the post of those who crossed. If it is "
                                 "better than every other by 30 min or "
                                 "more, it is the best with a probability of at least 95 %"));
    assert_non_null(strstr(text, "left after 23 replications, behind plan 1"));
    free(text);
    sim_result_init(&result);
    assert_int_equal(compare_result(&c, &result), 0);
    assert_string_equal(sim_result_text(&result, "best"), "plan 1");
    assert_int_equal(sim_result_find(&result, "best/left_after")->data.integers[0], 23);
    sim_result_free(&result);
    compare_free(&c);
}

static void machines_get_the_same_as_json(void **state)
{
    (void)state;
    comparison c;
    char *text = NULL;
    size_t size = 0;
    synthetic_compare(&c, 2, usual, FIGURES);
    compare_values(&c, 0, COST)[0] = (double)NAN;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    assert_int_equal(compare_print_json(&c, "compare.h5", to), 0);
    assert_int_equal(fclose(to), 0);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    assert_int_equal(json_array_size(json_object_get(root, "differences")), FIGURES);
    json_t *first = json_array_get(json_object_get(root, "differences"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "status")), "less");
    assert_string_equal(json_string_value(json_object_get(first, "words")), "saves 3.20 h (3.11 to 3.29), sure");
    assert_true(fabs(json_real_value(json_object_get(first, "difference")) + 11520) < 1e-6);
    json_decref(root);
    free(text);
    compare_free(&c);
}

/* --- amounts --- */

static int amount(const char *name, const char *unit, const char *text, double *value, char why[200])
{
    compare_figure figure = {.unit = unit};
    snprintf(figure.name, sizeof figure.name, "%s", name);
    return compare_amount_parse(&figure, text, value, why, 200);
}

static void amounts_have_the_unit_of_their_figure(void **state)
{
    (void)state;
    double value;
    char why[200];
    assert_int_equal(amount("wait.mean", "s", "30 min", &value, why), 0);
    assert_true(value == 1800);
    assert_int_equal(amount("wait.within_target", "1", "5 %", &value, why), 0);
    assert_true(fabs(value - 0.05) < 1e-15);
    assert_int_equal(amount("cost.total", "USD", "20 kUSD", &value, why), 0);
    assert_true(value == 20000);
    assert_int_equal(amount("people.crossed", "people", "100 people", &value, why), 0);
    assert_true(value == 100);
    assert_int_equal(amount("staff.hours", "person h", "40", &value, why), 0);
    assert_true(value == 40);
}

static void amounts_of_another_unit_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[][3] = {{"wait.mean", "s", "5"},
                                           {"wait.mean", "s", "5 %"},
                                           {"wait.mean", "s", "0 s"},
                                           {"wait.mean", "s", "-3 min"},
                                           {"cost.total", "USD", "5 h"},
                                           {"people.crossed", "people", "5 %"},
                                           {"wait.within_target", "1", "5 min"},
                                           {"people.crossed", "people", ""},
                                           {"staff.hours", "person h", "2 h"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        double value;
        char why[200] = "";
        if (amount(wrong[i][0], wrong[i][1], wrong[i][2], &value, why) != SIM_E_INPUT ||
            strstr(why, wrong[i][0]) == NULL)
            fail_msg("%s of %s is taken, or not told: %s", wrong[i][2], wrong[i][0], why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_told_in_words),
        cmocka_unit_test(figures_stand_where_planners_look_for_them),
        cmocka_unit_test(what_gets_worse_is_a_cost),
        cmocka_unit_test(a_bound_that_is_not_0_never_looks_like_it),
        cmocka_unit_test(small_differences_are_answered_by_an_indifference_amount),
        cmocka_unit_test(intervals_allow_for_the_family_and_for_looks),
        cmocka_unit_test(looks_double_until_the_most),
        cmocka_unit_test(missing_pairs_are_told),
        cmocka_unit_test(the_table_says_what_is_saved_what_it_costs_and_how_sure),
        cmocka_unit_test(markdown_has_a_row_a_figure_and_escapes_names),
        cmocka_unit_test(results_have_values_and_differences),
        cmocka_unit_test(a_selection_is_told_with_its_probability),
        cmocka_unit_test(machines_get_the_same_as_json),
        cmocka_unit_test(amounts_have_the_unit_of_their_figure),
        cmocka_unit_test(amounts_of_another_unit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
