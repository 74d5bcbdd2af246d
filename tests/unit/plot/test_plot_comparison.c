/* Claims about the plots of comparisons: which plans are efficient, what stands where, and that hostile names are
 * texts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "tests/support/folder.h"
#include "tests/support/synthetic_comparison.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/plot.h"

static const synthetic_figure figures[] = {{"wait.mean", 36000, -7200, 600, 100},
                                           {"cost.total", 1000000, 100000, 5000, 500},
                                           {"people.gave_up", 100, 400, 20, 5},
                                           {"global.deaths", 0, 0, 0, 0}};
enum { WAIT, COST, GAVE_UP, DEATHS, FIGURES };

/* Results of a comparison; free with sim_result_free. */
static sim_result results_of(const comparison *c)
{
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(compare_result(c, &result), 0);
    return result;
}

static char *script_of(plot_draw *function, const sim_result *result, int expected, const char **why_not)
{
    tool_view view;
    char *script = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&script, &size);
    assert_non_null(to);
    assert_int_equal(view_init(&view, result), 0);
    assert_int_equal(function(&view, to, why_not), expected);
    assert_int_equal(fclose(to), 0);
    view_free(&view);
    return script;
}

static void expect(const char *script, const char *text)
{
    if (strstr(script, text) == NULL)
        fail_msg("the script does not have: %s", text);
}

/* Cost 1.0, 1.1, 1.2, 1.3 million; waits 10, 8, 6, and of the last plan 9 hours: that one is beaten. */
static sim_result four_plans(void)
{
    comparison c;
    synthetic_compare(&c, 4, figures, FIGURES);
    for (size_t r = 0; r < SYNTHETIC_REPLICATIONS; r++)
        compare_values(&c, 3, WAIT)[r] += 18000;
    assert_int_equal(compare_judge(&c, SYNTHETIC_REPLICATIONS, 1, 1), 0);
    sim_result result = results_of(&c);
    compare_free(&c);
    return result;
}

static void stairs_join_the_plans_that_no_other_beats(void **state)
{
    (void)state;
    const char *why_not = "";
    sim_result result = four_plans();
    char *script = script_of(plot_dominance, &result, 1, &why_not);
    expect(script, "$d0 << EOD\n1000000 10\n1100000 8\n1200000 6\nEOD\n");
    expect(script, "$d1 << EOD\n1300000 9\nEOD\n");
    const char *stairs = strstr(script, "$stairs << EOD\n1000000 ");
    assert_non_null(stairs);
    assert_non_null(strstr(stairs, "\n1000000 10\n1100000 10\n1100000 8\n1200000 8\n1200000 6\n"));
    free(script);
    sim_result_free(&result);
}

static void a_plan_that_is_beaten_in_neither_is_efficient_whatever_it_costs(void **state)
{
    (void)state;
    const char *why_not = "";
    comparison c;
    synthetic_compare(&c, 3, figures, FIGURES);
    sim_result result = results_of(&c);
    char *script = script_of(plot_dominance, &result, 1, &why_not);
    expect(script, "$d1 << EOD\nEOD\n");
    free(script);
    sim_result_free(&result);
    compare_free(&c);
}

static void without_money_hours_of_staff_are_the_cost(void **state)
{
    (void)state;
    static const synthetic_figure unpaid[] = {{"wait.mean", 36000, -7200, 600, 100}, {"staff.hours", 800, 40, 0, 0}};
    const char *why_not = "";
    comparison c;
    synthetic_compare(&c, 2, unpaid, 2);
    sim_result result = results_of(&c);
    char *script = script_of(plot_dominance, &result, 1, &why_not);
    expect(script, "time of staff at desks");
    expect(script, "$d0 << EOD\n800 10\n840 8\nEOD\n");
    free(script);
    sim_result_free(&result);
    compare_free(&c);
}

static void differences_are_per_cent_of_the_baseline(void **state)
{
    (void)state;
    const char *why_not = "";
    sim_result result = four_plans();
    char *script = script_of(plot_differences, &result, 1, &why_not);
    expect(script, "$d2 << EOD\n-20 "); /* plan 1, sure: 10 to 8 hours */
    expect(script, "\n10 1.");          /* and a tenth dearer, in the next row */
    expect(script,
           " at first 150, first 2.5 right ");      /* people who gave up: beyond the edge, where the number is told */
    assert_null(strstr(script, "people who died")); /* of nothing there is no share */
    free(script);
    sim_result_free(&result);
}

static void what_is_not_sure_is_hollow(void **state)
{
    (void)state;
    static const synthetic_figure open[] = {{"wait.mean", 36000, 0, 600, 100}};
    const char *why_not = "";
    comparison c;
    synthetic_compare(&c, 2, open, 1);
    sim_result result = results_of(&c);
    char *script = script_of(plot_differences, &result, 1, &why_not);
    expect(script, "$d2 << EOD\nEOD\n");
    expect(script, "$d3 << EOD\n0 0.5 ");
    free(script);
    sim_result_free(&result);
    compare_free(&c);
}

static void what_cannot_be_drawn_says_why(void **state)
{
    (void)state;
    static const synthetic_figure lone[] = {{"global.deaths", 0, 0, 0, 0}};
    const char *why_not = "";
    comparison c;
    sim_result empty;
    synthetic_compare(&c, 2, lone, 1);
    sim_result result = results_of(&c);
    free(script_of(plot_dominance, &result, 0, &why_not));
    assert_string_equal(why_not, "the comparison has no wait.mean, or neither cost.total nor staff.hours");
    free(script_of(plot_differences, &result, 0, &why_not));
    assert_string_equal(why_not, "no figure has a difference and a baseline that is not 0");
    sim_result_init(&empty);
    free(script_of(plot_dominance, &empty, 0, &why_not));
    assert_string_equal(why_not, PLOT_OTHER_RESULTS);
    sim_result_free(&empty);
    sim_result_free(&result);
    compare_free(&c);
}

static void both_are_drawn_and_names_are_texts(void **state)
{
    (void)state;
    test_folder folder;
    comparison c;
    char why[1024];
    int written = 0;
    assert_int_equal(test_folder_make(&folder), 0);
    synthetic_compare(&c, 7, figures, FIGURES);
    snprintf(c.plans[1].name, sizeof c.plans[1].name, "a'; system('touch PWNED'); '");
    snprintf(c.plans[2].name, sizeof c.plans[2].name, "`touch PWNED` @HOME %%s");
    c.title = "EOD\nset output 'PWNED'";
    sim_result result = results_of(&c);
    const plot_choice choice = {.only = NULL};
    int error = plot_all(&result, folder.path, PLOT_SVG | PLOT_PNG | PLOT_PDF, &choice, &written, why, sizeof why);
    if (error != 0)
        fail_msg("%s", why);
    assert_string_equal(why, ""); /* plots of runs are not missed */
    assert_int_equal(written, 6);
    assert_int_equal(access("PWNED", F_OK), -1);
    test_folder_remove(&folder);
    sim_result_free(&result);
    compare_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stairs_join_the_plans_that_no_other_beats),
        cmocka_unit_test(a_plan_that_is_beaten_in_neither_is_efficient_whatever_it_costs),
        cmocka_unit_test(without_money_hours_of_staff_are_the_cost),
        cmocka_unit_test(differences_are_per_cent_of_the_baseline),
        cmocka_unit_test(what_is_not_sure_is_hollow),
        cmocka_unit_test(what_cannot_be_drawn_says_why),
        cmocka_unit_test(both_are_drawn_and_names_are_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
