/* Claims about hbm.h: results are looked into by name, what cannot be is refused in words, progress is told and obeyed,
 * files that changed meanwhile are noticed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/hbm.h"
#include "tests/support/folder.h"

static const char scenario_text[] =
    "hbm: 1\nname: One gate\nstart: 2031-03-01T00:00+01:00\nduration: 8 h\n"
    "places: {Gate: {kind: post}}\n"
    "displacement: [{from: Gate, people: 200, shape: {uniform: {low: 0 h, high: 4 h}}}]\n"
    "stations: {check: {desks: 1, time: {exponential: {mean: 2 min}}}}\n"
    "posts: {Gate: {entry: {stations: [check]}}}\n"
    "plans: [{file: more.yaml}]\n";
static const char plan_text[] = "hbm_plan: 1\nname: One desk more\nstations: {check: {desks: 2}}\n";
static const char wrong_plan[] = "hbm_plan: 1\nstations: {check: {desk: 2}}\n";

typedef struct {
    test_folder folder;
    hbm_scenario *scenario;
    char why[400];
} fixture;

static void put(const fixture *f, const char *name, const char *text)
{
    char path[200];
    test_folder_path(&f->folder, name, path, sizeof path);
    assert_int_equal(test_file_write(path, text, strlen(text)), 0);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    assert_int_equal(test_folder_make(&f->folder), 0);
    put(f, "scenario.yaml", scenario_text);
    put(f, "more.yaml", plan_text);
    put(f, "wrong.yaml", wrong_plan);
    assert_int_equal(hbm_scenario_open(&f->scenario, f->folder.path, NULL, NULL, 0, NULL), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    hbm_scenario_close(f->scenario);
    test_folder_remove(&f->folder);
    free(f);
    return 0;
}

static hbm_result *run_it(fixture *f, size_t replications)
{
    hbm_run_options options;
    hbm_result *result = NULL;
    hbm_run_options_init(&options);
    options.replications = replications;
    assert_int_equal(hbm_run(f->scenario, &options, &result, f->why, sizeof f->why), 0);
    return result;
}

static hbm_result *compare_it(fixture *f)
{
    hbm_compare_options options;
    hbm_result *result = NULL;
    hbm_compare_options_init(&options);
    options.replications = 4;
    if (hbm_compare(f->scenario, &options, &result, NULL, f->why, sizeof f->why) != 0)
        fail_msg("%s", f->why);
    return result;
}

/* --- results --- */

static void key_figures_are_listed_and_found(void **state)
{
    fixture *f = *state;
    hbm_result *result = run_it(f, 3);
    double mean, half_width;
    hbm_figure figure;
    assert_true(hbm_result_figure_count(result) > 3);
    for (size_t i = 0; i < hbm_result_figure_count(result); i++) {
        assert_int_equal(hbm_figure_find(hbm_result_figure_name(result, i), &figure), 0);
        assert_string_equal(figure.name, hbm_result_figure_name(result, i));
        assert_int_equal(hbm_result_figure(result, figure.name, &mean, &half_width), 0);
    }
    assert_int_equal(hbm_result_figure(result, "people.crossed", &mean, &half_width), 0);
    assert_true(mean > 150 && mean < 250 && half_width >= 0);
    assert_int_equal(hbm_result_figure(result, "wait.mean@Gate", &mean, NULL), HBM_E_INPUT);
    hbm_result_free(result);
}

static void the_catalogue_tells_units_and_what_is_better(void **state)
{
    (void)state;
    hbm_figure figure;
    assert_true(hbm_figure_count() > 20);
    assert_int_equal(hbm_figure_find("wait.mean@Gate", &figure), 0);
    assert_string_equal(figure.name, "wait.mean");
    assert_string_equal(figure.unit, "s");
    assert_string_equal(figure.better, "less");
    assert_int_equal(hbm_figure_find("wait.me", &figure), HBM_E_INPUT);
    assert_int_equal(hbm_figure_find("wait.means", &figure), HBM_E_INPUT);
}

/* The mean of the values of a series is the mean that stands beside it. */
static void series_have_axes_units_and_numbers(void **state)
{
    fixture *f = *state;
    hbm_result *result = run_it(f, 3);
    hbm_series values, means;
    assert_int_equal(hbm_result_series(result, "key/value", &values), 0);
    assert_int_equal(hbm_result_series(result, "key/mean", &means), 0);
    assert_int_equal(values.axis_count, 2);
    assert_string_equal(values.axes[0].name, "replication");
    assert_string_equal(values.axes[1].name, "figure");
    assert_non_null(values.axes[0].values);
    assert_non_null(values.axes[1].labels);
    assert_int_equal(values.count, 3 * means.count);
    for (size_t i = 0; i < means.count; i++) {
        double sum = 0;
        for (size_t r = 0; r < 3; r++)
            sum += hbm_series_value(&values, r * means.count + i);
        if (isfinite(sum))
            assert_true(fabs(sum / 3 - hbm_series_value(&means, i)) <= 1e-9 * fabs(sum));
    }
    assert_int_equal(hbm_result_series(result, "key/none", &values), HBM_E_INPUT);
    hbm_result_free(result);
}

static void every_series_of_the_list_is_found_by_its_path(void **state)
{
    fixture *f = *state;
    hbm_result *result = run_it(f, 2);
    size_t integers = 0;
    assert_true(hbm_result_series_count(result) > 10);
    for (size_t i = 0; i < hbm_result_series_count(result); i++) {
        hbm_series listed, found;
        size_t product = 1;
        hbm_result_series_at(result, i, &listed);
        assert_int_equal(hbm_result_series(result, listed.path, &found), 0);
        assert_ptr_equal(found.path, listed.path);
        assert_true((listed.reals == NULL) != (listed.integers == NULL));
        for (int a = 0; a < listed.axis_count; a++) {
            product *= listed.axes[a].size;
            assert_true((listed.axes[a].labels == NULL) != (listed.axes[a].values == NULL));
        }
        assert_int_equal(product, listed.count);
        integers += listed.integers != NULL;
    }
    assert_true(integers > 0);
    assert_string_equal(hbm_result_attribute(result, "seed"), "1");
    assert_null(hbm_result_attribute(result, "no such thing"));
    hbm_result_free(result);
}

static void numbers_are_found_by_the_names_of_their_place(void **state)
{
    fixture *f = *state;
    hbm_result *result = compare_it(f);
    double difference = 0, baseline = 0, plan = 0, first = 0;
    hbm_series all;
    const char *const there[] = {"more", "wait.mean"}, *const base[] = {"baseline", "wait.mean"};
    const char *const one[] = {"baseline", "0", "wait.mean"}, *const beyond[] = {"baseline", "4", "wait.mean"};
    const char *const nobody[] = {"less", "wait.mean"};
    assert_int_equal(hbm_result_value(result, "compare/difference", there, 2, &difference, f->why, sizeof f->why), 0);
    assert_int_equal(hbm_result_value(result, "compare/mean", base, 2, &baseline, f->why, sizeof f->why), 0);
    assert_int_equal(hbm_result_value(result, "compare/mean", there, 2, &plan, f->why, sizeof f->why), 0);
    assert_true(difference < 0 && fabs(plan - baseline - difference) < 1e-6);
    assert_int_equal(hbm_result_value(result, "compare/value", one, 3, &first, f->why, sizeof f->why), 0);
    assert_int_equal(hbm_result_series(result, "compare/value", &all), 0);
    assert_true(first == hbm_series_value(&all, 0));
    assert_int_equal(hbm_result_value(result, "compare/value", beyond, 3, &first, f->why, sizeof f->why), HBM_E_INPUT);
    assert_string_equal(f->why, "compare/value has no replication \"4\"");
    assert_int_equal(hbm_result_value(result, "compare/mean", nobody, 2, &first, f->why, sizeof f->why), HBM_E_INPUT);
    assert_string_equal(f->why, "compare/mean has no plan \"less\"");
    assert_int_equal(hbm_result_value(result, "compare/mean", there, 1, &first, f->why, sizeof f->why), HBM_E_INPUT);
    assert_int_equal(hbm_result_value(result, "none", there, 2, &first, f->why, sizeof f->why), HBM_E_INPUT);
    assert_int_equal(hbm_result_figure_count(result), 0);
    hbm_result_free(result);
}

/* --- plans --- */

static void plans_are_listed_checked_and_opened(void **state)
{
    fixture *f = *state;
    char title[80] = "", path[200];
    hbm_problems *problems = NULL;
    hbm_scenario *planned = NULL;
    assert_int_equal(hbm_problems_new(&problems), 0);
    assert_int_equal(hbm_scenario_plan_count(f->scenario), 1);
    const char *file = hbm_scenario_plan_file(f->scenario, 0);
    assert_int_equal(hbm_plan_check(f->scenario, file, title, sizeof title, problems), 0);
    assert_string_equal(title, "One desk more");
    assert_int_equal(hbm_problems_count(problems), 0);
    test_folder_path(&f->folder, "wrong.yaml", path, sizeof path);
    assert_int_equal(hbm_plan_check(f->scenario, path, title, sizeof title, problems), HBM_E_INPUT);
    assert_true(hbm_problems_count(problems) > 0);
    assert_string_equal(title, "");
    assert_int_equal(hbm_scenario_open(&planned, f->folder.path, file, NULL, 0, problems), 0);
    assert_string_equal(hbm_scenario_plan_name(planned), "One desk more");
    assert_null(hbm_scenario_plan_name(f->scenario));
    hbm_scenario_close(planned);
    hbm_problems_free(problems);
}

/* --- what is refused --- */

static void expect_refused(fixture *f, int error, hbm_result *result, const char *expected)
{
    assert_int_equal(error, HBM_E_INPUT);
    assert_null(result);
    if (strstr(f->why, expected) == NULL)
        fail_msg("expected \"%s\", got \"%s\"", expected, f->why);
}

static void comparisons_that_make_no_sense_are_refused(void **state)
{
    fixture *f = *state;
    hbm_compare_options o;
    hbm_result *result = NULL;
    const char *const until[] = {"wait.mean"}, *const figures[] = {"wait.meen"};
    hbm_compare_options_init(&o);
    o.replications = 1;
    expect_refused(f, hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), result, "2 to 1000000");
    hbm_compare_options_init(&o);
    o.best = "wait.mean";
    expect_refused(f, hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), result, "belong together");
    hbm_compare_options_init(&o);
    o.until = until;
    o.until_count = 1;
    expect_refused(f, hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), result, "FIGURE=AMOUNT");
    hbm_compare_options_init(&o);
    o.figures = figures;
    o.figure_count = 1;
    expect_refused(f, hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), result, "wait.mean");
    hbm_compare_options_init(&o);
    o.how.threads = 2000;
    expect_refused(f, hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), result, "1024");
}

static void sweeps_that_make_no_sense_are_refused(void **state)
{
    fixture *f = *state;
    hbm_sweep_options o;
    hbm_result *result = NULL;
    hbm_problems *problems = NULL;
    const char *const wrong[] = {"stations.check.desk=1..3"}, *const low[] = {"choice.informed=0..3"};
    assert_int_equal(hbm_problems_new(&problems), 0);
    hbm_sweep_options_init(&o);
    expect_refused(f, hbm_sweep(f->scenario, &o, &result, problems, f->why, sizeof f->why), result, "what is varied?");
    o.factors = wrong;
    o.factor_count = 1;
    expect_refused(f, hbm_sweep(f->scenario, &o, &result, problems, f->why, sizeof f->why), result, "");
    assert_true(hbm_problems_count(problems) > 0);
    o.factors = low;
    expect_refused(f, hbm_sweep(f->scenario, &o, &result, problems, f->why, sizeof f->why), result, "high end");
    o.design = "latin";
    expect_refused(f, hbm_sweep(f->scenario, &o, &result, problems, f->why, sizeof f->why), result, "not 'latin'");
    hbm_problems_free(problems);
}

static void staffing_and_fits_that_make_no_sense_are_refused(void **state)
{
    fixture *f = *state;
    hbm_staff_options staff;
    hbm_calibrate_options fit;
    hbm_result *result = NULL;
    const char *const targets[] = {"wait.p95<=1 h"}, *const factors[] = {"choice.informed=0..1"};
    hbm_staff_options_init(&staff);
    expect_refused(f, hbm_staff(f->scenario, &staff, &result, NULL, f->why, sizeof f->why), result,
                   "a target is needed");
    staff.targets = targets;
    staff.target_count = 1;
    expect_refused(f, hbm_staff(f->scenario, &staff, &result, NULL, f->why, sizeof f->why), result, "roster");
    staff.lanes = 0;
    expect_refused(f, hbm_staff(f->scenario, &staff, &result, NULL, f->why, sizeof f->why), result, "lanes");
    hbm_calibrate_options_init(&fit);
    expect_refused(f, hbm_calibrate(f->scenario, &fit, &result, NULL, f->why, sizeof f->why), result,
                   "1 to 20 factors");
    fit.factors = factors;
    fit.factor_count = 1;
    expect_refused(f, hbm_calibrate(f->scenario, &fit, &result, NULL, f->why, sizeof f->why), result, "observ");
    fit.columns = "people,wait";
    expect_refused(f, hbm_calibrate(f->scenario, &fit, &result, NULL, f->why, sizeof f->why), result, "column 'wait'");
}

static void a_scenario_that_changed_meanwhile_is_noticed(void **state)
{
    fixture *f = *state;
    hbm_compare_options o;
    hbm_result *result = NULL;
    char text[sizeof scenario_text + 20];
    (void)snprintf(text, sizeof text, "%s# changed\n", scenario_text);
    put(f, "scenario.yaml", text);
    hbm_compare_options_init(&o);
    assert_int_equal(hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), HBM_E_FORMAT);
    assert_null(result);
    assert_non_null(strstr(f->why, "has changed since"));
}

/* --- progress --- */

typedef struct {
    size_t calls;
    double last;
    bool is_falling;
    int answer;
} watcher;

static int watch(const hbm_progress *progress, void *user)
{
    watcher *w = user;
    w->calls++;
    w->is_falling |= progress->done < w->last || progress->done > 1;
    w->last = progress->done;
    return w->answer;
}

static void progress_rises_and_can_stop_a_study(void **state)
{
    fixture *f = *state;
    hbm_compare_options o;
    hbm_result *result = NULL;
    watcher w = {0};
    hbm_compare_options_init(&o);
    o.replications = 2000;
    o.how.progress = watch;
    o.how.user = &w;
    o.how.threads = 1;
    assert_int_equal(hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), 0);
    hbm_result_free(result);
    assert_true(w.calls > 0);
    assert_false(w.is_falling);
    w = (watcher){.answer = 1};
    assert_int_equal(hbm_compare(f->scenario, &o, &result, NULL, f->why, sizeof f->why), HBM_E_STOPPED);
    assert_null(result);
    assert_true(w.calls >= 1);
    assert_true(f->why[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(key_figures_are_listed_and_found, set_up, tear_down),
        cmocka_unit_test(the_catalogue_tells_units_and_what_is_better),
        cmocka_unit_test_setup_teardown(series_have_axes_units_and_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_series_of_the_list_is_found_by_its_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_found_by_the_names_of_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plans_are_listed_checked_and_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(comparisons_that_make_no_sense_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sweeps_that_make_no_sense_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(staffing_and_fits_that_make_no_sense_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_scenario_that_changed_meanwhile_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(progress_rises_and_can_stop_a_study, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
