/* Factors: what stands at a path, ranges and lists, settings, and every mistake with its place; points of others in and
 * out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/plans/plan.h"
#include "sim/base/error.h"
#include "sim/task/points.h"
#include "tests/support/folder.h"

typedef struct {
    model_setup setup;
    sim_diag *diag;
    test_folder folder;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    *state = f;
    if (f == NULL || sim_diag_new(&f->diag, 50) != 0 || test_folder_make(&f->folder) != 0)
        return -1;
    return model_setup_load(&f->setup, HBM_SOURCE_DIR "/scenarios/two-posts/scenario.yaml", NULL, NULL, 0, f->diag);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    model_setup_free(&f->setup);
    sim_diag_free(f->diag);
    test_folder_remove(&f->folder);
    free(f);
    return 0;
}

static void assert_says(const fixture *f, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    sim_diag_print(f->diag, to);
    fclose(to);
    if (strstr(text, expected) == NULL)
        fail_msg("expected \"%s\", got:\n%s", expected, text);
    free(text);
}

static sim_factor parse(fixture *f, const char *text)
{
    sim_factor factor;
    int rc = sim_factor_parse(&factor, f->setup.config, text, f->diag);
    if (rc != 0)
        assert_says(f, "no error");
    return factor;
}

static void assert_text(const sim_factor *factor, double setting, const char *expected)
{
    char *text = sim_factor_text(factor, setting);
    assert_string_equal(text, expected);
    free(text);
}

static void paths_tell_what_stands_there(void **state)
{
    static const struct {
        const char *path;
        sim_path_kind kind;
        sim_dimension dimension;
    } rows[] = {
        {"duration", SIM_PATH_NUMBER, SIM_DIM_TIME},
        {"name", SIM_PATH_OTHER, SIM_DIM_NONE},
        {"start", SIM_PATH_OTHER, SIM_DIM_NONE},
        {"stations.entry_check.desks", SIM_PATH_WHOLE, SIM_DIM_NONE},
        {"stations.entry_check.time", SIM_PATH_NUMBER, SIM_DIM_TIME},
        {"stations.entry_check.time.lognormal.mean", SIM_PATH_NUMBER, SIM_DIM_TIME},
        {"stations.entry_check.time.lognormal.cv", SIM_PATH_NUMBER, SIM_DIM_NONE},
        {"stations.entry_check.time.erlang.k", SIM_PATH_WHOLE, SIM_DIM_NONE},
        {"stations.entry_check.time.mixture.1.share", SIM_PATH_NUMBER, SIM_DIM_NONE},
        {"stations.entry_check.time.mixture.1.of.truncated.of.gamma.mean", SIM_PATH_NUMBER, SIM_DIM_TIME},
        {"stations.entry_check.time.truncated.high", SIM_PATH_NUMBER, SIM_DIM_TIME},
        {"people.group_size.empirical.weights.2", SIM_PATH_NUMBER, SIM_DIM_NONE},
        {"people.traits.child.share", SIM_PATH_NUMBER, SIM_DIM_NONE},
        {"rosters.upland_mill.shifts.0.head", SIM_PATH_WHOLE, SIM_DIM_NONE},
        {"displacement.0.people", SIM_PATH_WHOLE, SIM_DIM_NONE},
        {"displacement.0.at", SIM_PATH_NUMBER, SIM_DIM_TIME},
        {"stations.registration.procedure", SIM_PATH_OTHER, SIM_DIM_NONE},
        {"posts.Bridge.entry.waiting_area", SIM_PATH_NUMBER, SIM_DIM_AREA},
        {"places.Bridge.at.0", SIM_PATH_NUMBER, SIM_DIM_NONE},
        {"stations.entry_check.time.lognormal.median", SIM_PATH_OTHER, SIM_DIM_NONE},
    };
    static const char *const none[] = {
        "", "stations", "stations.entry_check", "stations.entry_check.desk", "people..x", "nothing.at.all"};
    fixture *f = *state;
    sim_path path;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!sim_config_path(f->setup.config, rows[i].path, &path) || path.kind != rows[i].kind ||
            path.dimension != rows[i].dimension)
            fail_msg("%s: kind %d, dimension %d", rows[i].path, (int)path.kind, (int)path.dimension);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (sim_config_path(f->setup.config, none[i], &path))
            fail_msg("\"%s\" is a path", none[i]);
}

static void ranges_carry_units(void **state)
{
    fixture *f = *state;
    sim_factor factor = parse(f, "stations.entry_check.time.lognormal.mean=40 s..1.5 min");
    assert_int_equal(factor.kind, SIM_FACTOR_REAL);
    assert_true(factor.low == 40 && factor.high == 90 && sim_factor_at(&factor, 0.5) == 65);
    assert_text(&factor, sim_factor_at(&factor, 0.1), "stations.entry_check.time.lognormal.mean=45 s");
    assert_text(&factor, 40.1, "stations.entry_check.time.lognormal.mean=40.100000000000001 s");
    sim_factor_free(&factor);
    factor = parse(f, "stations.entry_check.time.lognormal.mean=0.5 .. 2 min:log");
    assert_true(factor.logarithmic && factor.low == 30 && factor.high == 120);
    assert_true(fabs(sim_factor_at(&factor, 0.5) - 60) < 1e-12 && sim_factor_at(&factor, 1) == 120);
    sim_factor_free(&factor);
    factor = parse(f, "stations.entry_check.time.lognormal.mean=40..90s");
    assert_true(factor.low == 40 && factor.high == 90);
    sim_factor_free(&factor);
    factor = parse(f, "people.traits.child.share=10 %..60 %");
    assert_text(&factor, 0.25, "people.traits.child.share=0.25");
    sim_factor_free(&factor);
}

/* A number of words or whole numbers has equal shares of the unit interval. */
static void whole_numbers_are_equally_likely(void **state)
{
    fixture *f = *state;
    int hits[9] = {0};
    sim_factor factor = parse(f, "rosters.upland_mill.shifts.0.head=4..12");
    assert_int_equal(factor.kind, SIM_FACTOR_WHOLE);
    for (int i = 0; i < 9000; i++)
        hits[(int)sim_factor_at(&factor, (i + 0.5) / 9000) - 4]++;
    for (int i = 0; i < 9; i++)
        assert_int_equal(hits[i], 1000);
    assert_true(sim_factor_at(&factor, 0) == 4 && sim_factor_at(&factor, 1) == 12);
    assert_text(&factor, 7, "rosters.upland_mill.shifts.0.head=7");
    sim_factor_free(&factor);
    factor = parse(f, "displacement.0.people=10..1000:log");
    assert_true(sim_factor_at(&factor, 0) == 10 && sim_factor_at(&factor, 1) == 1000 &&
                sim_factor_at(&factor, 0.5) == 100);
    sim_factor_free(&factor);
}

static void levels_go_from_end_to_end(void **state)
{
    fixture *f = *state;
    sim_factor desks = parse(f, "stations.entry_check.desks=1..9"), time = parse(f, "duration=1 d..3 d");
    sim_factor many = parse(f, "displacement.0.people=10..1000:log"),
               words = parse(f, "stations.registration.procedure=full,household");
    assert_int_equal(sim_factor_levels(&desks, 5), 5);
    assert_int_equal(sim_factor_levels(&desks, 50), 9);
    assert_int_equal(sim_factor_levels(&words, 5), 2);
    for (size_t i = 0; i < 5; i++)
        assert_true(sim_factor_at(&desks, sim_factor_level(&desks, i, 5)) == 1 + 2 * (double)i);
    for (size_t i = 0; i < 3; i++) {
        assert_true(sim_factor_at(&time, sim_factor_level(&time, i, 3)) == 86400 * (double)(i + 1));
        assert_true(sim_factor_at(&many, sim_factor_level(&many, i, 3)) == pow(10, (double)(i + 1)));
    }
    assert_text(&words, sim_factor_at(&words, sim_factor_level(&words, 1, 2)),
                "stations.registration.procedure=household");
    sim_factor_free(&desks);
    sim_factor_free(&time);
    sim_factor_free(&many);
    sim_factor_free(&words);
}

static void lists_keep_their_texts(void **state)
{
    fixture *f = *state;
    sim_factor factor = parse(f, "stations.entry_check.time=90 s,{lognormal: {mean: 60 s, cv: 0.7}}");
    assert_int_equal(factor.count, 2);
    assert_null(factor.numbers);
    assert_text(&factor, 1, "stations.entry_check.time={lognormal: {mean: 60 s, cv: 0.7}}");
    sim_factor_free(&factor);
    factor = parse(f, "target_wait=1 h, 90 min");
    assert_true(sim_factor_number(&factor, 1) == 5400);
    assert_text(&factor, 1, "target_wait=90 min");
    sim_factor_free(&factor);
}

/* Numbers of others: those between whole numbers are spread evenly, whole ones stay. */
static void settings_of_given_numbers(void **state)
{
    fixture *f = *state;
    double setting;
    sim_factor factor = parse(f, "stations.entry_check.desks=4..12");
    for (int i = 4; i <= 12; i++)
        assert_true(sim_factor_setting(&factor, i, &setting) && setting == i);
    assert_true(sim_factor_setting(&factor, 4.8, &setting) && setting == 4);
    assert_true(sim_factor_setting(&factor, 11.9, &setting) && setting == 12);
    assert_false(sim_factor_setting(&factor, 12.1, &setting));
    sim_factor_free(&factor);
    factor = parse(f, "target_wait=1 h,2 h");
    assert_true(sim_factor_setting(&factor, 7200, &setting) && setting == 1);
    assert_false(sim_factor_setting(&factor, 5400, &setting));
    sim_factor_free(&factor);
}

static void mistakes_have_their_place(void **state)
{
    static const char *const rows[][2] = {
        {"desks", "--factor:1:1: error: \"desks\" is no factor"},
        {"=1..2", "--factor:1:1: error"},
        {"stations.entry_check.desk=1..2",
         "--factor:1:1: error: no parameter has the path \"stations.entry_check.desk\""},
        {"stations.entry_check.desks=4", "--factor:1:28: error: a factor has at least two values"},
        {"stations.entry_check.desks=4..2", "the low end must be below the high end"},
        {"stations.entry_check.desks=4..6.5", "--factor:1:31: error: \"6.5\" is not a whole number"},
        {"stations.entry_check.desks=0..6:log", "there is no logarithm of 0 or less"},
        {"duration=4..6", "--factor:1:10: error: \"4\" has no unit"},
        {"duration=4 d..6 km", "--factor:1:15: error: \"6 km\" is a length"},
        {"duration=4 d..6 dys", "has a unit that is not known"},
        {"duration=4 d..", "--factor:1:15: error: \"\" is not a number"},
        {"stations.registration.procedure=a..b", "\"procedure\" is no number, so it has no range"},
        {"stations.registration.procedure=full,,household", "--factor:1:38: error: a value is missing"},
        {"stations.registration.procedure=full,full", "--factor:1:38: error: this value is given twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture *f = *state;
        sim_factor factor;
        sim_diag_free(f->diag);
        assert_int_equal(sim_diag_new(&f->diag, 50), 0);
        assert_int_equal(sim_factor_parse(&factor, f->setup.config, rows[i][0], f->diag), SIM_E_INPUT);
        sim_factor_free(&factor);
        assert_int_equal(sim_diag_count(f->diag), 1);
        assert_says(f, rows[i][1]);
    }
}

/* --- points --- */

static sim_factors some_factors(fixture *f)
{
    sim_factors factors = {0};
    static const char *const texts[] = {"stations.entry_check.time.lognormal.mean=40 s..90 s",
                                        "stations.entry_check.desks=4..12",
                                        "stations.registration.procedure=full,household", "target_wait=1 h,150 min"};
    for (size_t i = 0; i < 4; i++)
        *sim_factors_add(&factors) = parse(f, texts[i]);
    return factors;
}

static char *write_file(fixture *f, const char *name, const char *text, char *path, size_t size)
{
    FILE *file = fopen(test_folder_path(&f->folder, name, path, size), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static void what_is_exported_comes_back(void **state)
{
    fixture *f = *state;
    sim_factors factors = some_factors(f), none = {0}, problem = {0};
    sim_design latin, given;
    double settings[30 * 4], *back = NULL;
    char path[200];
    const char *why;
    assert_int_equal(sim_design_latin(&latin, 4, 30, 3), 0);
    for (size_t i = 0; i < 120; i++)
        settings[i] = sim_factor_at(&factors.factors[i % 4], latin.at[i]);
    assert_int_equal(sim_points_write(&factors, settings, 30, f->folder.path, &why), 0);

    assert_int_equal(sim_points_read(&given, &back, &factors,
                                     test_folder_path(&f->folder, "points.txt", path, sizeof path), f->setup.config,
                                     f->diag),
                     0);
    assert_int_equal(given.points, 30);
    assert_memory_equal(back, settings, sizeof settings);
    free(back);
    sim_design_free(&given);

    assert_int_equal(sim_points_read(&given, &back, &factors,
                                     test_folder_path(&f->folder, "points.csv", path, sizeof path), f->setup.config,
                                     f->diag),
                     0);
    assert_memory_equal(back, settings, sizeof settings);
    free(back);
    sim_design_free(&given);

    assert_int_equal(sim_points_read(&given, &back, &none, path, f->setup.config, f->diag), 0);
    assert_int_equal(none.count, 4);
    for (size_t i = 0; i < 120; i++) {
        char *one = sim_factor_text(&factors.factors[i % 4], settings[i]),
             *other = sim_factor_text(&none.factors[i % 4], back[i]);
        if (i % 4 != 3) /* "150 min" has become 9000 s */
            assert_string_equal(one, other);
        free(one);
        free(other);
    }
    free(back);
    sim_design_free(&given);

    write_file(
        f, "problem.txt",
        "# SALib\nstations.entry_check.time.lognormal.mean 40 90 # seconds\n\nstations.entry_check.desks 4.0 12.0\n",
        path, sizeof path);
    assert_int_equal(sim_factors_read(&problem, path, f->setup.config, f->diag), 0);
    assert_int_equal(problem.count, 2);
    assert_true(problem.factors[0].low == 40 && problem.factors[0].high == 90 &&
                problem.factors[1].kind == SIM_FACTOR_WHOLE);
    sim_factors_free(&problem);
    write_file(f, "problem.txt", "stations.entry_check.time.lognormal.mean, 40 s, 1.5 min, NA, logunif\n", path,
               sizeof path);
    assert_int_equal(sim_factors_read(&problem, path, f->setup.config, f->diag), 0);
    assert_true(problem.factors[0].high == 90 && problem.factors[0].logarithmic);
    sim_factors_free(&problem);
    sim_design_free(&latin);
    sim_factors_free(&factors);
    sim_factors_free(&none);
}

/* The text that numpy.savetxt writes. */
static void points_of_salib_are_read(void **state)
{
    fixture *f = *state;
    sim_factors factors = {0};
    sim_design given;
    double *settings;
    char path[200];
    *sim_factors_add(&factors) = parse(f, "stations.entry_check.time.lognormal.mean=40 s..90 s");
    *sim_factors_add(&factors) = parse(f, "stations.entry_check.desks=4..12");
    write_file(f, "model_input.txt", "4.00000000e+01 1.20000000e+01\n9.00000000e+01 7.90000000e+00\n", path,
               sizeof path);
    assert_int_equal(sim_points_read(&given, &settings, &factors, path, f->setup.config, f->diag), 0);
    assert_int_equal(given.points, 2);
    assert_true(settings[0] == 40 && settings[1] == 12 && settings[2] == 90 && settings[3] == 8);
    assert_true(given.at[3] == 7.9);
    free(settings);
    sim_design_free(&given);
    sim_factors_free(&factors);
}

static void mistakes_in_files_have_their_place(void **state)
{
    fixture *f = *state;
    sim_factors factors = some_factors(f), none = {0};
    sim_design given;
    double *settings;
    char path[200];
    write_file(f, "a.txt", "50 4 0 3600\n50 4 0\n95 4 0 3600\n50 x 0 3600\n50 4 2 1800\n", path, sizeof path);
    assert_int_equal(sim_points_read(&given, &settings, &factors, path, f->setup.config, f->diag), SIM_E_INPUT);
    assert_null(settings);
    assert_says(f, "a.txt:2:1: error: this line has 3 columns for 4 factors");
    assert_says(f, "a.txt:3:1: error: \"95\" is not in the range of stations.entry_check.time.lognormal.mean");
    assert_says(f, "a.txt:4:4: error: \"x\" is no number");
    assert_says(f, "a.txt:5:6: error: \"2\" is not in the range of stations.registration.procedure");
    assert_says(f, "a.txt:5:8: error: \"1800\" is not in the range of target_wait");
    assert_int_equal(sim_points_read(&given, &settings, &none, path, f->setup.config, f->diag), SIM_E_INPUT);
    assert_says(f, "these are numbers without names");
    write_file(f, "b.csv", "stations.entry_check.desks,duration\n4,2 d\n4.5,3 km\n", path, sizeof path);
    assert_int_equal(sim_points_read(&given, &settings, &none, path, f->setup.config, f->diag), SIM_E_INPUT);
    assert_says(f, "b.csv:3:1: error: \"4.5\" does not fit here");
    assert_says(f, "b.csv:3:5: error: \"3 km\" does not fit here");
    sim_factors_free(&none);
    write_file(f, "c.csv", "stations.entry_check.desk\n4\n", path, sizeof path);
    assert_int_equal(sim_points_read(&given, &settings, &none, path, f->setup.config, f->diag), SIM_E_INPUT);
    assert_says(f, "no parameter has the path \"stations.entry_check.desk\"");
    sim_factors_free(&none);
    write_file(f, "d.txt",
               "nothing 1 2\nname 1 2\nduration 5 3\nduration 1\nduration 1 2 group\nduration 1 2 NA norm\n", path,
               sizeof path);
    assert_int_equal(sim_factors_read(&none, path, f->setup.config, f->diag), SIM_E_INPUT);
    assert_says(f, "d.txt:1:1: error: \"nothing\" is no path of the scenario");
    assert_says(f, "d.txt:2:1: error: \"name\" is no number");
    assert_says(f, "d.txt:3:1: error: \"duration\" must have its low end below its high end");
    assert_says(f, "d.txt:4:1: error: this line has 2 columns");
    assert_says(f, "d.txt:5:14: error: groups of parameters are not supported");
    assert_says(f, "d.txt:6:17: error: this distribution is not supported");
    assert_int_equal(sim_factors_read(&none, "missing.txt", f->setup.config, f->diag), SIM_E_INPUT);
    assert_says(f, "missing.txt: error: the file does not exist");
    sim_factors_free(&none);
    sim_factors_free(&factors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_tell_what_stands_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ranges_carry_units, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whole_numbers_are_equally_likely, set_up, tear_down),
        cmocka_unit_test_setup_teardown(levels_go_from_end_to_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_keep_their_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_of_given_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_have_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_exported_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(points_of_salib_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_in_files_have_their_place, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
