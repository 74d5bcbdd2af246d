/* Claims about plots of sweeps: what is drawn of which design, that no name becomes a command, and that odd numbers and
 * many factors are survived. */
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
#include "tools/plot/plot.h"
#include "tools/sweep/view.h"

typedef struct {
    size_t points, factors, figures;
    const char *const *names; /* of factors; NULL: made up */
    const char *words, *units, *figure_units;
    double value;        /* of indices; NaN: none */
    const char *indices; /* "sobol", "morris" or "" */
} shape;

static shape usual(const char *indices)
{
    return (shape){.points = 40,
                   .factors = 3,
                   .figures = 2,
                   .words = "\nfull\thousehold\n",
                   .units = "s\n1\n1",
                   .figure_units = "s\npeople",
                   .value = 0.4,
                   .indices = indices};
}

static double *dataset(sim_result *result, const char *path, int one, int other)
{
    const int axes[2] = {one, other};
    double *out = NULL;
    assert_int_equal(sim_result_reals(result, path, path, "", 2, axes, &out), 0);
    return out;
}

static void fill(sim_result *result, const shape *s)
{
    char(*text)[96] = calloc(s->factors + s->figures, sizeof *text);
    const char **labels = calloc(s->factors + s->figures, sizeof *labels);
    double *numbers = calloc(s->points, sizeof *numbers);
    assert_true(text != NULL && labels != NULL && numbers != NULL);
    for (size_t i = 0; i < s->factors; i++) {
        snprintf(text[i], sizeof *text, "%s", s->names != NULL ? s->names[i] : "");
        if (s->names == NULL)
            snprintf(text[i], sizeof *text, "stations.some_station_%zu.time.lognormal.mean", i);
        labels[i] = text[i];
    }
    int factor = sim_result_labels(result, "factor", "", s->factors, labels);
    for (size_t i = 0; i < s->figures; i++) {
        snprintf(text[s->factors + i], sizeof *text, "figure.%zu", i + 1);
        labels[i] = text[s->factors + i];
    }
    int figure = sim_result_labels(result, "figure", "", s->figures, labels),
        point = sim_result_values(result, "point", "", "1", s->points, numbers);
    assert_true(factor >= 0 && figure >= 0 && point >= 0);
    double *value = dataset(result, "sweep/value", point, factor), *mean = dataset(result, "sweep/mean", point, figure);
    for (size_t p = 0; p < s->points; p++) {
        for (size_t i = 0; i < s->factors; i++)
            value[p * s->factors + i] = i == 1 ? (double)(p % 2) : 60 + (double)(p * (i + 7) % s->points);
        for (size_t i = 0; i < s->figures; i++)
            mean[p * s->figures + i] = p % 5 == 0        ? (double)NAN
                                       : isnan(s->value) ? (double)NAN
                                                         : 3600 * value[p * s->factors];
    }
    static const char *const sobol[] = {"first", "first_low", "first_high", "total", "total_low", "total_high"};
    static const char *const morris[] = {"mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"};
    size_t count = strcmp(s->indices, "sobol") == 0 ? 6 : strcmp(s->indices, "morris") == 0 ? 5 : 0;
    for (size_t k = 0; k < count; k++) {
        char path[48];
        snprintf(path, sizeof path, "%s/%s", s->indices, count == 6 ? sobol[k] : morris[k]);
        double *out = dataset(result, path, factor, figure);
        for (size_t i = 0; i < s->factors * s->figures; i++)
            out[i] = s->value / (double)(1 + i / s->figures) + 0.01 * (double)k;
    }
    assert_int_equal(sim_result_attribute(result, "title", "A test", 1), 0);
    assert_int_equal(sim_result_attribute(result, SWEEP_FACTOR_WORDS, s->words, 1), 0);
    assert_int_equal(sim_result_attribute(result, SWEEP_FACTOR_UNITS, s->units, 1), 0);
    assert_int_equal(sim_result_attribute(result, SWEEP_FIGURE_UNITS, s->figure_units, 1), 0);
    free(text);
    free(labels);
    free(numbers);
}

typedef struct {
    test_folder folder;
    char why[1024];
    int written;
} drawing;

static int draw(drawing *d, const shape *s, unsigned formats)
{
    const plot_choice all = {.only = NULL};
    sim_result result;
    sim_result_init(&result);
    fill(&result, s);
    int error = plot_all(&result, d->folder.path, formats, &all, &d->written, d->why, sizeof d->why);
    sim_result_free(&result);
    return error;
}

static void expect(const drawing *d, const char *name, const char *text)
{
    char path[128];
    size_t size = 0;
    char *svg = test_file_read(test_folder_path(&d->folder, name, path, sizeof path), &size);
    assert_non_null(svg);
    svg[size] = '\0';
    if (strstr(svg, text) == NULL)
        fail_msg("%s does not have: %s", name, text);
    free(svg);
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

static void indices_and_responses_are_drawn_in_every_format(void **state)
{
    drawing *d = *state;
    shape s = usual("sobol");
    assert_int_equal(draw(d, &s, PLOT_SVG | PLOT_PNG | PLOT_PDF), 0);
    assert_int_equal(d->written, 6);
    assert_string_equal(d->why, ""); /* nobody misses the plots of runs */
    expect(d, "sobol.svg", "..some_station_0.time.lognormal.mean</text>");
    expect(d, "response.svg", "figure.1, hours</text>");
    expect(d, "response.svg", "figure.2, people</text>");
    expect(d, "response.svg", "household</text>");
}

static void effects_have_the_unit_of_their_figure(void **state)
{
    drawing *d = *state;
    shape s = usual("morris");
    s.value = 7200;
    assert_int_equal(draw(d, &s, PLOT_SVG), 0);
    assert_int_equal(d->written, 1);
    expect(d, "morris.svg", "figure.1, minutes</text>");
    expect(d, "morris.svg", "figure.2, people</text>");
    expect(d, "morris.svg", "..some_station_2.time.lognormal.mean</text>");
}

static void names_are_texts_never_commands(void **state)
{
    static const char *const names[] = {"a'; system('touch PWNED'); '.`touch PWNED`", "\"; system \"touch PWNED",
                                        "EOD\n! touch PWNED"};
    drawing *d = *state;
    for (int i = 0; i < 2; i++) {
        shape s = usual(i == 0 ? "sobol" : "morris");
        s.names = names;
        s.words = "\n`touch PWNED`\t%s %n\n";
        s.units = "'; system('touch PWNED') #\n\"\n@HOME";
        s.figure_units = "`touch PWNED`\n\"; system \"touch PWNED";
        if (draw(d, &s, PLOT_SVG | PLOT_PNG) != 0)
            fail_msg("%s", d->why);
    }
    assert_int_equal(access("PWNED", F_OK), -1);
    expect(d, "sobol.svg", "`touch PWNED`</text>");
    expect(d, "response.svg", "%s %n</text>");
}

static void odd_numbers_and_many_factors_are_survived(void **state)
{
    drawing *d = *state;
    static const double values[] = {NAN, INFINITY, 0, -3, 1e300, 1e-300};
    static const char *const designs[] = {"sobol", "morris", ""};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            shape s = usual(designs[k]);
            s.value = values[i];
            if (draw(d, &s, PLOT_SVG) != 0)
                fail_msg("%s, %g: %s", designs[k], values[i], d->why);
        }
        shape many = usual(designs[k]), least = usual(designs[k]);
        many.factors = 300;
        many.figures = 40;
        many.points = 5000;
        many.words = many.units = many.figure_units = "";
        assert_int_equal(draw(d, &many, PLOT_SVG), 0);
        least.points = least.factors = least.figures = 1;
        assert_int_equal(draw(d, &least, PLOT_SVG), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(indices_and_responses_are_drawn_in_every_format, set_up, tear_down),
        cmocka_unit_test_setup_teardown(effects_have_the_unit_of_their_figure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_texts_never_commands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_numbers_and_many_factors_are_survived, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
