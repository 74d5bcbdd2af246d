/* Claims about plots: what is drawn, what is left out and why, that no name of a scenario becomes a command, and what
 * happens when gnuplot is missing or fails. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "tests/support/folder.h"
#include "tests/support/synthetic_result.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/plot.h"

enum { PLOT_COUNT = 10 };

typedef struct {
    test_folder folder;
    char why[1024];
    int written;
} drawing;

static int draw_choice(drawing *d, const synthetic *shape, unsigned formats, const plot_choice *choice)
{
    sim_result result;
    sim_result_init(&result);
    if (shape)
        synthetic_fill(&result, shape);
    int error = plot_all(&result, d->folder.path, formats, choice, &d->written, d->why, sizeof d->why);
    sim_result_free(&result);
    return error;
}

static int draw(drawing *d, const synthetic *shape, unsigned formats, const char *only)
{
    const plot_choice choice = {.only = only};
    return draw_choice(d, shape, formats, &choice);
}

static int set_up(void **state)
{
    drawing *d = calloc(1, sizeof *d);
    *state = d;
    return d == NULL ? -1 : test_folder_make(&d->folder);
}

static int tear_down(void **state)
{
    drawing *d = *state;
    test_folder_remove(&d->folder);
    free(d);
    return 0;
}

/* The picture as text; fails when it is not there. Caller frees. */
static char *picture(const drawing *d, const char *name)
{
    char path[128];
    size_t size = 0;
    char *text = test_file_read(test_folder_path(&d->folder, name, path, sizeof path), &size);
    assert_non_null(text);
    text[size] = '\0';
    return text;
}

static void expect_in_picture(const drawing *d, const char *name, const char *text)
{
    char *svg = picture(d, name);
    if (strstr(svg, text) == NULL)
        fail_msg("%s does not have: %s", name, text);
    free(svg);
}

static void every_plot_is_drawn_in_every_format_and_nothing_else_is_left(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    char path[128];
    struct stat file;
    assert_int_equal(draw(d, &shape, PLOT_SVG | PLOT_PNG | PLOT_PDF, NULL), 0);
    assert_string_equal(d->why, "");
    assert_int_equal(d->written, 3 * PLOT_COUNT);
    assert_int_equal(test_folder_count(&d->folder), 3 * PLOT_COUNT);
    assert_int_equal(stat(test_folder_path(&d->folder, "map.pdf", path, sizeof path), &file), 0);
    assert_int_equal(file.st_mode & 0444, 0444);
}

static void one_plot_alone_can_be_drawn(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    assert_int_equal(draw(d, &shape, PLOT_SVG, "staff"), 0);
    assert_int_equal(d->written, 1);
    assert_int_equal(test_folder_count(&d->folder), 1);
    expect_in_picture(d, "staff.svg", "Entry side: Post 1");
}

static void a_name_that_is_no_plot_is_refused_with_those_that_are(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    assert_int_equal(draw(d, &shape, PLOT_SVG, "waitings"), SIM_E_INPUT);
    assert_non_null(strstr(d->why, "waitings"));
    assert_non_null(strstr(d->why, "throughput"));
    assert_int_equal(test_folder_count(&d->folder), 0);
}

static void names_are_texts_never_commands(void **state)
{
    static const char *const names[] = {
        "a'; system('touch PWNED'); '",
        "`touch PWNED`",
        "\"; system \"touch PWNED",
        "@HOME $HOME ${HOME} %s %n",
        "EOD\nset output 'PWNED'\n! touch PWNED",
        "back\\slash \\n (12) \\",
        "<b>&amp; {/Symbol a}_b^c</b>",
        "Zosín–Ψ 日本 ąę_x",
    };
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.posts = sizeof names / sizeof *names;
    shape.names = names;
    shape.title = "'; system('touch PWNED') #`touch PWNED`";
    int error = draw(d, &shape, PLOT_SVG | PLOT_PNG, NULL);
    if (error != 0)
        fail_msg("%s", d->why);
    assert_int_equal(d->written, 2 * PLOT_COUNT);
    assert_int_equal(access("PWNED", F_OK), -1);
    assert_int_equal(test_folder_count(&d->folder), 2 * PLOT_COUNT);
    expect_in_picture(d, "waiting.svg", "`touch PWNED`</text>");
    expect_in_picture(d, "waiting.svg", "a'; system('touch PWNED'); '</text>");
    expect_in_picture(d, "waiting.svg", "back\\slash \\n (12) \\</text>");
    expect_in_picture(d, "waiting.svg", "&lt;b>&amp;amp; {/Symbol a}_b^c&lt;/b>");
    expect_in_picture(d, "utilisation.svg", "@HOME $HOME ${HOME} %s %n/exit/check</text>");
    expect_in_picture(d, "utilisation.svg", "Zosín–Ψ 日本 ąę_x/exit/check</text>");
    expect_in_picture(d, "centres.svg", "Campa'; system('touch PWNED'); '</text>");
    expect_in_picture(d, "map.svg", "EOD?set output 'PWNED'?");
}

static void when_nobody_crosses_the_rest_is_drawn_and_the_reason_told(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.people = 0;
    assert_int_equal(draw(d, &shape, PLOT_SVG, NULL), 0);
    assert_int_equal(d->written, PLOT_COUNT - 4);
    assert_string_equal(
        d->why,
        "left out: wait (nobody crosses), distribution (nobody crosses, or the results have no histogram of waits), "
        "states (nobody sets out, or the results have no numbers of people by state), centres (nobody comes to a "
        "centre)");
}

static void numbers_that_are_none_anywhere_are_survived(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.people = (double)NAN;
    shape.days_observed = 3;
    if (draw(d, &shape, PLOT_SVG | PLOT_PNG | PLOT_PDF, NULL) != 0)
        fail_msg("%s", d->why);
}

static void one_bin_is_enough(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.bins = 1;
    shape.posts = 1;
    shape.replications = 1;
    shape.days_observed = 1;
    assert_int_equal(draw(d, &shape, PLOT_SVG | PLOT_PNG | PLOT_PDF, NULL), 0);
    assert_int_equal(d->written, 3 * PLOT_COUNT);
}

static void six_hundred_stations_at_three_hundred_posts_fit(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.posts = 300;
    shape.bins = 3000;
    assert_int_equal(draw(d, &shape, PLOT_SVG, NULL), 0);
    assert_int_equal(d->written, PLOT_COUNT);
    expect_in_picture(d, "waiting.svg", "289 other posts");
    expect_in_picture(d, "utilisation.svg", "the 60 stations of 600");
}

static void results_without_any_data_draw_nothing_and_say_so(void **state)
{
    drawing *d = *state;
    assert_int_equal(draw(d, NULL, PLOT_SVG, NULL), 0);
    assert_int_equal(d->written, 0);
    assert_non_null(strstr(d->why, "map (no place has coordinates)"));
    assert_int_equal(test_folder_count(&d->folder), 0);
    assert_int_equal(draw(d, NULL, PLOT_SVG, "map"), SIM_E_INPUT);
    assert_string_equal(d->why, "there is nothing to draw for map: no place has coordinates");
}

static void without_coordinates_the_map_alone_is_left_out(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.coordinates = 0;
    assert_int_equal(draw(d, &shape, PLOT_SVG, NULL), 0);
    assert_int_equal(d->written, PLOT_COUNT - 1);
    assert_string_equal(d->why, "left out: map (no place has coordinates)");
}

static void dates_are_local_and_observations_are_points(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.bins = 24 * 5;
    shape.days_observed = 4;
    assert_int_equal(draw(d, &shape, PLOT_SVG, NULL), 0);
    expect_in_picture(d, "waiting.svg", "the run starts on 1 Mar 2031, 00:00</text>");
    expect_in_picture(d, "throughput.svg", "People who cross in a day");
    expect_in_picture(d, "throughput.svg", "observed");
}

static char *script_of(plot_draw *function, const synthetic *shape)
{
    sim_result result;
    tool_view view;
    const char *why_not = NULL;
    char *script = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&script, &size);
    sim_result_init(&result);
    synthetic_fill(&result, shape);
    assert_non_null(to);
    assert_int_equal(view_init(&view, &result), 0);
    assert_int_equal(function(&view, to, &why_not), 1);
    assert_int_equal(fclose(to), 0);
    view_free(&view);
    sim_result_free(&result);
    return script;
}

static void bands_are_drawn_when_there_are_replications(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    char *script = script_of(plot_waiting, &shape);
    assert_non_null(strstr(script, "$d0 using 1:3:4 with filledcurves"));
    assert_non_null(strstr(script, "intervals of the mean"));
    assert_non_null(strstr(script, "0 120 108 132\n1 120 108 132\n")); /* 120 people wait at post 1, half-width 12 */
    free(script);
    shape.replications = 1;
    script = script_of(plot_waiting, &shape);
    assert_null(strstr(script, "filledcurves"));
    assert_null(strstr(script, "intervals"));
    free(script);
}

static void waits_of_classes_are_weighted_by_people(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    char *script = script_of(plot_wait, &shape); /* a quarter waits 60 minutes, the rest 180 */
    assert_non_null(strstr(script, "wait in minutes"));
    assert_non_null(strstr(script, "0 150 150 150\n1 150 150 150\n"));
    free(script);
}

static void a_day_is_summed_from_local_midnight(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    shape.bins = 24 * 4;
    char *script = script_of(plot_throughput, &shape); /* 60 + 30 people an hour */
    assert_non_null(strstr(script, "\n12 2160 NaN 21.6\n36 2160 NaN 21.6\n"));
    free(script);
}

static void a_centre_shows_who_is_inside_in_the_open_and_its_beds(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    char *script = script_of(plot_centres, &shape); /* 30 sheltered, 10 more in the open, 40 beds */
    assert_non_null(strstr(script, "$d0 << EOD\n0 30 30 30\n"));
    assert_non_null(strstr(script, "$d1 << EOD\n0 40 40 40\n"));
    assert_non_null(strstr(script, "$d2 << EOD\n0 40 40 40\n"));
    assert_non_null(strstr(script, "$d2 using 1:2 with lines"));
    free(script);
}

static void without_centres_and_costs_their_plots_are_left_out(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    shape.has_sites = 0;
    assert_int_equal(draw(d, &shape, PLOT_SVG, NULL), 0);
    assert_int_equal(d->written, PLOT_COUNT - 2);
    assert_string_equal(d->why, "left out: centres (there are no centres), costs (the results have no costs)");
}

static void money_adds_up_over_time_items_and_agencies(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    char *script = script_of(plot_costs, &shape); /* 20 an hour on staff, 5 on relief */
    assert_non_null(strstr(script, "$d0 << EOD\n0 0 0 0\n1 0 20 25\n2 0 40 50\n"));
    assert_non_null(strstr(script, "\n48 0 960 1200\nEOD\n"));
    assert_non_null(strstr(script, "total  1,200"));
    assert_null(strstr(script, "custody"));
    free(script);
}

static void in_a_long_run_desks_are_drawn_by_local_day(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    shape.bins = 24 * 77; /* two desks open in 8 of 12 hours, from midnight on */
    char *script = script_of(plot_staff, &shape);
    assert_non_null(strstr(script, "$d0 << EOD\n0 1.333333 1.333333 1.333333\n24 1.333333"));
    assert_non_null(strstr(script, "$d2 << EOD\n0 1 1 1\n24 1 1 1\n")); /* most of the day, not its mean */
    assert_non_null(strstr(script, "most of the day"));
    free(script);
    shape.bins = 48;
    script = script_of(plot_staff, &shape);
    assert_non_null(strstr(script, "$d0 << EOD\n0 2 2 2\n1 2 2 2\n"));
    assert_null(strstr(script, "of the day"));
    free(script);
}

static void any_series_can_be_drawn_by_its_name(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    const char *const names[] = {"people/present", "wait/post", "cost/spent"};
    const plot_choice choice = {.metrics = names, .metric_count = 3};
    if (draw_choice(d, &shape, PLOT_SVG, &choice) != 0)
        fail_msg("%s", d->why);
    assert_int_equal(d->written, 3);
    assert_int_equal(test_folder_count(&d->folder), 3);
    assert_string_equal(d->why, "");
    expect_in_picture(d, "metric-people-present.svg", "bands: 95% intervals of the mean");
    expect_in_picture(d, "metric-people-present.svg", "in_the_open</text>");
    expect_in_picture(d, "metric-wait-post_mean.svg", "wait/post_mean: minutes");
    expect_in_picture(d, "metric-cost-spent.svg", "guard</text>");
}

static char *metric_script(const synthetic *shape, const char *path, int *drawn, const char **why_not)
{
    sim_result result;
    tool_view view;
    char *script = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&script, &size);
    sim_result_init(&result);
    synthetic_fill(&result, shape);
    assert_non_null(to);
    assert_int_equal(view_init(&view, &result), 0);
    *drawn = plot_metric(&view, path, to, why_not);
    assert_int_equal(fclose(to), 0);
    view_free(&view);
    sim_result_free(&result);
    return script;
}

static void a_metric_has_a_panel_an_owner_and_a_line_a_cell_with_its_band(void **state)
{
    synthetic shape = synthetic_default();
    const char *why_not = "";
    int drawn = 0;
    (void)state;
    char *script = metric_script(&shape, "people/present", &drawn, &why_not);
    assert_int_equal(drawn, 1);
    /* post 1 has most: 45 more crossed each hour, 120 wait; half-widths are a tenth */
    assert_non_null(strstr(script, "$d0 << EOD\n0 0 0 0\n1 0 0 0\n1 45 40.5 49.5\n"));
    assert_non_null(strstr(script, "$d1 << EOD\n0 120 108 132\n"));
    assert_non_null(strstr(script, "$d1 using 1:3:4 with filledcurves"));
    assert_null(strstr(script, "gave")); /* nobody did */
    free(script);
    script = metric_script(&shape, "reception/bed_time", &drawn, &why_not); /* "beds us" are beds */
    assert_int_equal(drawn, 1);
    assert_non_null(strstr(script, "$d0 << EOD\n0 40 40 40\n"));
    free(script);
    shape.people = 0;
    script = metric_script(&shape, "people/present", &drawn, &why_not);
    assert_int_equal(drawn, 0);
    assert_string_equal(why_not, "it is never more than 0");
    free(script);
}

static void of_many_owners_the_biggest_eight_are_drawn(void **state)
{
    synthetic shape = synthetic_default();
    const char *why_not = "";
    int drawn = 0;
    (void)state;
    shape.posts = 20;
    char *script = metric_script(&shape, "flow/crossed", &drawn, &why_not);
    assert_int_equal(drawn, 1);
    assert_non_null(strstr(script, "the 8 of 20 places with most"));
    assert_non_null(strstr(script, "\"Post 8\""));
    assert_null(strstr(script, "\"Post 9\""));
    free(script);
}

static void expect_no_metric(drawing *d, const char *name, const char *told)
{
    synthetic shape = synthetic_default();
    const char *const names[] = {"flow/crossed", name};
    const plot_choice choice = {.metrics = names, .metric_count = 2};
    assert_int_equal(draw_choice(d, &shape, PLOT_SVG, &choice), SIM_E_INPUT);
    assert_string_equal(d->why, told);
    assert_int_equal(test_folder_count(&d->folder), 0); /* names are looked at before anything is drawn */
}

static void a_metric_that_is_none_is_refused_with_the_nearest(void **state)
{
    drawing *d = *state;
    expect_no_metric(d, "flow/crosed", "there is no metric \"flow/crosed\" over time; did you mean \"flow/crossed\"?");
    expect_no_metric(d, "weather", "there is no metric \"weather\" over time; 'hbm info' lists what there is");
    expect_no_metric(d, "map/kind", "there is no metric \"map/kind\" over time; 'hbm info' lists what there is");
    expect_no_metric(d, "wait/within_target",
                     "\"wait/within_target\" is a share over the whole run and has no series; what it is made of has: "
                     "flow/on_time and "
                     "flow/crossed");
    expect_no_metric(d, "health/in_ward",
                     "the results have no \"health/in_ward\": the scenario does not use the model that records it");
}

static void metrics_that_are_zero_are_left_out_and_alone_an_error(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    const char *const names[] = {"flow/crossed", "cost/spent"};
    plot_choice choice = {.metrics = names, .metric_count = 2};
    shape.people = 0;
    assert_int_equal(draw_choice(d, &shape, PLOT_SVG, &choice), 0);
    assert_int_equal(d->written, 1);
    assert_string_equal(d->why, "left out: flow/crossed (it is never more than 0)");
    choice.metric_count = 1;
    assert_int_equal(draw_choice(d, &shape, PLOT_SVG, &choice), SIM_E_INPUT);
    assert_string_equal(d->why, "left out: flow/crossed (it is never more than 0)");
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    drawing *d = *state;
    synthetic shape = synthetic_default();
    sim_result result;
    sim_result_init(&result);
    synthetic_fill(&result, &shape);
    assert_int_equal(
        plot_all(&result, "no/such/folder", PLOT_SVG, &(plot_choice){.only = NULL}, &d->written, d->why, sizeof d->why),
        SIM_E_IO);
    assert_non_null(strstr(d->why, "no/such/folder"));
    sim_result_free(&result);
}

/* Draws with a PATH on which `program` (a shell script, NULL for none) stands as gnuplot. */
static int draw_with(drawing *d, const char *program)
{
    synthetic shape = synthetic_default();
    test_folder programs;
    char path[128], whole[4096], *before = getenv("PATH") ? strdup(getenv("PATH")) : NULL;
    assert_non_null(before);
    assert_int_equal(test_folder_make(&programs), 0);
    if (program) {
        assert_int_equal(
            test_file_write(test_folder_path(&programs, "gnuplot", path, sizeof path), program, strlen(program)), 0);
        assert_int_equal(chmod(path, 0755), 0);
    }
    assert_non_null(getcwd(whole, sizeof whole - 100));
    snprintf(whole + strlen(whole), 100, "/%s", programs.path);
    assert_int_equal(setenv("PATH", whole, 1), 0);
    int error = draw(d, &shape, PLOT_SVG, "waiting");
    assert_int_equal(setenv("PATH", before, 1), 0);
    free(before);
    test_folder_remove(&programs);
    return error;
}

static void a_missing_gnuplot_is_told_with_its_package(void **state)
{
    drawing *d = *state;
    assert_int_equal(draw_with(d, NULL), SIM_E_CHILD);
    assert_non_null(strstr(d->why, "gnuplot-nox"));
    assert_int_equal(d->written, 0);
    assert_int_equal(test_folder_count(&d->folder), 0);
}

static void a_failing_gnuplot_is_told_in_its_last_words_and_the_old_picture_stays(void **state)
{
    drawing *d = *state;
    char path[128];
    assert_int_equal(test_file_write(test_folder_path(&d->folder, "waiting.svg", path, sizeof path), "old", 3), 0);
    assert_int_equal(
        draw_with(
            d, "#!/bin/sh\necho half a picture\necho 'first' >&2\necho '         line 3: it is broken' >&2\nexit 3\n"),
        SIM_E_CHILD);
    assert_string_equal(d->why, "gnuplot failed: line 3: it is broken");
    assert_int_equal(draw_with(d, "#!/bin/sh\nexit 0\n"), SIM_E_CHILD);
    assert_non_null(strstr(d->why, "drew nothing"));
    assert_int_equal(draw_with(d, "#!/bin/sh\nkill -9 $$\n"), SIM_E_CHILD);
    assert_non_null(strstr(d->why, "signal 9"));
    char *old = picture(d, "waiting.svg");
    assert_string_equal(old, "old");
    free(old);
    assert_int_equal(test_folder_count(&d->folder), 1);
}

static void a_signal_while_drawing_stops_it_and_leaves_no_working_folder(void **state)
{
    drawing *d = *state;
    assert_int_equal(draw_with(d, "#!/bin/sh\necho picture\nkill -TERM $PPID\n"), SIM_E_STOPPED);
    assert_int_equal(test_folder_count(&d->folder), 1); /* the finished picture */
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_plot_is_drawn_in_every_format_and_nothing_else_is_left),
        IN_FOLDER(one_plot_alone_can_be_drawn),
        IN_FOLDER(a_name_that_is_no_plot_is_refused_with_those_that_are),
        IN_FOLDER(names_are_texts_never_commands),
        IN_FOLDER(when_nobody_crosses_the_rest_is_drawn_and_the_reason_told),
        IN_FOLDER(numbers_that_are_none_anywhere_are_survived),
        IN_FOLDER(one_bin_is_enough),
        IN_FOLDER(six_hundred_stations_at_three_hundred_posts_fit),
        IN_FOLDER(results_without_any_data_draw_nothing_and_say_so),
        IN_FOLDER(without_coordinates_the_map_alone_is_left_out),
        IN_FOLDER(dates_are_local_and_observations_are_points),
        cmocka_unit_test(bands_are_drawn_when_there_are_replications),
        cmocka_unit_test(waits_of_classes_are_weighted_by_people),
        cmocka_unit_test(a_day_is_summed_from_local_midnight),
        cmocka_unit_test(a_centre_shows_who_is_inside_in_the_open_and_its_beds),
        IN_FOLDER(without_centres_and_costs_their_plots_are_left_out),
        cmocka_unit_test(money_adds_up_over_time_items_and_agencies),
        cmocka_unit_test(in_a_long_run_desks_are_drawn_by_local_day),
        IN_FOLDER(any_series_can_be_drawn_by_its_name),
        cmocka_unit_test(a_metric_has_a_panel_an_owner_and_a_line_a_cell_with_its_band),
        cmocka_unit_test(of_many_owners_the_biggest_eight_are_drawn),
        IN_FOLDER(a_metric_that_is_none_is_refused_with_the_nearest),
        IN_FOLDER(metrics_that_are_zero_are_left_out_and_alone_an_error),
        IN_FOLDER(a_folder_that_is_not_there_is_told),
        IN_FOLDER(a_missing_gnuplot_is_told_with_its_package),
        IN_FOLDER(a_failing_gnuplot_is_told_in_its_last_words_and_the_old_picture_stays),
        IN_FOLDER(a_signal_while_drawing_stops_it_and_leaves_no_working_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
