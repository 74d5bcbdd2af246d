/* Experiments: tasks come to the same numbers however they are split; what a journal has is not run again; failures are
 * numbers that are not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "models/experiment/experiment.h"
#include "sim/base/error.h"
#include "tests/support/scenario.h"

enum { POINTS = 4, REPLICATIONS = 3, TASKS = POINTS * REPLICATIONS, MEASURES = 4 };

static const char scenario[] =
    TEST_HEAD "duration: 1 d\n"
              "people: {group_size: 2}\n"
              "places: {City: {kind: origin}, Bridge: {kind: post}, Mill: {kind: post}}\n"
              "links: [{from: City, to: Bridge, length: 10 km}, {from: City, to: Mill, length: 11 km}]\n"
              "stations: {check: {desks: 1, time: {exponential: {mean: 40 s}}}}\n"
              "posts: {Bridge: {entry: {stations: [check]}}, Mill: {entry: {stations: [check]}}}\n"
              "displacement: [{from: City, people: 3000, at: 0 h, shape: {uniform: {low: 0 h, high: 12 h}}}]\n";

typedef struct {
    char file[64];
    const char *sets[POINTS][1];
    const char *slow[TASKS][2];
    model_task tasks[TASKS];
    double values[TASKS * MEASURES * 2];
    int status[TASKS];
} fixture;

static void begin(fixture *f)
{
    static const char *const points[POINTS] = {"stations.check.desks=1", "stations.check.desks=2",
                                               "stations.check.desks=3", "stations.check.desks=0.5"};
    *f = (fixture){0};
    (void)snprintf(f->file, sizeof f->file, "experiment-%ld.yaml", (long)getpid());
    FILE *to = fopen(f->file, "w");
    assert_non_null(to);
    assert_true(fputs(scenario, to) >= 0);
    assert_int_equal(fclose(to), 0);
    for (size_t i = 0; i < TASKS; i++) {
        f->sets[i / REPLICATIONS][0] = points[i / REPLICATIONS];
        f->tasks[i] = (model_task){.sets = f->sets[i / REPLICATIONS], .set_count = 1, .replication = i % REPLICATIONS};
    }
}

static void end(fixture *f)
{
    assert_int_equal(unlink(f->file), 0);
}

static model_experiment *open_experiment(const fixture *f, model_experiment_options options)
{
    static const char *const names[MEASURES] = {"wait.mean", "wait.p95@Bridge", "people.crossed@Mill", "queue.peak"};
    model_measure measures[MEASURES];
    model_experiment *x = NULL;
    sim_diag *diag = NULL;
    char why[200];
    options.scenario = f->file;
    options.seed = 7;
    assert_int_equal(sim_diag_new(&diag, 100), 0);
    assert_int_equal(model_experiment_new(&x, &options, diag), 0);
    sim_diag_free(diag);
    for (size_t i = 0; i < MEASURES; i++)
        assert_int_equal(model_measure_parse(model_experiment_setup(x, 0), names[i], &measures[i], why, sizeof why), 0);
    assert_int_equal(model_experiment_measure(x, measures, MEASURES), 0);
    return x;
}

static int evaluate(fixture *f, model_experiment_options options)
{
    model_experiment *x = open_experiment(f, options);
    memset(f->values, 0, sizeof f->values);
    int ret = model_experiment_evaluate(x, f->tasks, TASKS, f->values, f->status);
    model_experiment_free(x);
    return ret;
}

static void tasks_come_to_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    static double first[TASKS * MEASURES * 2];
    for (unsigned threads = 1; threads <= 5; threads++) {
        assert_int_equal(evaluate(&f, (model_experiment_options){.threads = threads}), 0);
        if (threads == 1)
            memcpy(first, f.values, sizeof first);
        for (size_t i = 0; i < TASKS * MEASURES * 2; i++)
            assert_true(first[i] == f.values[i] || (isnan(first[i]) && isnan(f.values[i])));
    }
    end(&f);
}

static double value(const fixture *f, size_t task, size_t measure)
{
    return model_measure_value(f->values + (task * MEASURES + measure) * 2);
}

static void a_measure_is_the_key_figure_of_its_run(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    assert_int_equal(evaluate(&f, (model_experiment_options){.threads = 2}), 0);
    model_setup setup;
    model_world world;
    test_setup(&setup, scenario);
    test_run(&world, &setup, 7, 1);
    double crossed = (double)test_count(&world, "flow/crossed", "Mill", -1);
    assert_true(crossed > 0);
    assert_true(value(&f, 1, 2) == crossed);                       /* one desk each, replication 1 */
    assert_true(value(&f, 1, 0) > value(&f, REPLICATIONS + 1, 0)); /* more desks, shorter waits */
    assert_true(value(&f, 1, 1) > 0 && value(&f, 1, 3) > 0);
    model_world_free(&world);
    model_setup_free(&setup);
    end(&f);
}

static void a_refused_point_fails_alone_and_says_why(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    model_experiment *x = open_experiment(&f, (model_experiment_options){.threads = 2});
    assert_int_equal(model_experiment_evaluate(x, f.tasks, TASKS, f.values, f.status), 0);
    for (size_t i = 0; i < TASKS; i++) {
        bool refused = i / REPLICATIONS == POINTS - 1; /* half a desk */
        assert_int_equal(f.status[i], refused ? SIM_E_INPUT : 0);
        assert_true(isnan(value(&f, i, 0)) == refused);
    }
    assert_non_null(strstr(model_experiment_failure(x), "whole number"));
    model_experiment_free(x);
    end(&f);
}

static int stop_after(const model_progress *now, void *user)
{
    return now->finished >= *(const size_t *)user;
}

/* Stopped anywhere and gone on with from the journal, it comes to the same; nothing is run twice. */
static void a_journal_goes_on_where_it_was_stopped(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    for (size_t i = 0; i < TASKS; i++) { /* long enough to be asked on the way */
        f.slow[i][0] = f.tasks[i].sets[0];
        f.slow[i][1] = "displacement.0.people=150000";
        f.tasks[i].sets = f.slow[i];
        f.tasks[i].set_count = 2;
    }
    static double whole[TASKS * MEASURES * 2];
    char why[200];
    assert_int_equal(evaluate(&f, (model_experiment_options){.threads = 1}), 0);
    memcpy(whole, f.values, sizeof whole);
    size_t limit = 1, torn;
    const sim_journal_head head = {0};
    sim_journal *journal = NULL;
    assert_int_equal(sim_journal_create(&journal, "experiment.journal", &head, why, sizeof why), 0);
    assert_int_equal(
        evaluate(&f,
                 (model_experiment_options){.threads = 1, .journal = journal, .progress = stop_after, .user = &limit}),
        SIM_E_STOPPED);
    size_t kept = sim_journal_count(journal);
    assert_in_range(kept, 1, TASKS - 1);
    assert_int_equal(sim_journal_close(journal, false), 0);
    assert_int_equal(sim_journal_open(&journal, "experiment.journal", false, &torn, why, sizeof why), 0);
    assert_int_equal(sim_journal_count(journal), kept);
    assert_int_equal(evaluate(&f, (model_experiment_options){.threads = 3, .journal = journal}), 0);
    assert_int_equal(sim_journal_count(journal), TASKS);
    assert_memory_equal(whole, f.values, sizeof whole);
    assert_int_equal(evaluate(&f, (model_experiment_options){.journal = journal, .only_known = true}), 0);
    assert_memory_equal(whole, f.values, sizeof whole);
    assert_int_equal(sim_journal_close(journal, true), 0);
    end(&f);
}

static void parts_are_each_tasks_once(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    char why[200];
    const sim_journal_head head = {0};
    sim_journal *journal = NULL;
    assert_int_equal(sim_journal_create(&journal, "parts.journal", &head, why, sizeof why), 0);
    for (size_t part = 0; part < 5; part++) {
        size_t before = sim_journal_count(journal);
        int ret =
            evaluate(&f, (model_experiment_options){.threads = 2, .journal = journal, .shard = part, .shards = 5});
        assert_int_equal(ret, part < 4 ? SIM_E_PARTIAL : 0); /* all in one journal: the last part misses nothing */
        assert_int_equal(sim_journal_count(journal) - before, part < 2 ? 3 : 2);
    }
    assert_int_equal(sim_journal_close(journal, true), 0);
    end(&f);
}

static void unknown_measures_are_refused_with_the_nearest(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    model_experiment *x = open_experiment(&f, (model_experiment_options){.threads = 1});
    const model_setup *setup = model_experiment_setup(x, 0);
    static const char *const wrong[][2] = {{"wait.maen", "wait.mean"},
                                           {"wait.mean@Brigde", "Bridge"},
                                           {"cost.total", "does not record"},
                                           {"staff.hours@Mill", ""},
                                           {"site.stay@Mill", ""}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        model_measure measure;
        char why[200] = "";
        int ret = model_measure_parse(setup, wrong[i][0], &measure, why, sizeof why);
        if (wrong[i][1][0] == '\0' && ret == 0)
            continue;
        assert_int_equal(ret, SIM_E_INPUT);
        assert_non_null(strstr(why, wrong[i][1]));
    }
    model_experiment_free(x);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_come_to_the_same_on_any_number_of_threads),
        cmocka_unit_test(a_measure_is_the_key_figure_of_its_run),
        cmocka_unit_test(a_refused_point_fails_alone_and_says_why),
        cmocka_unit_test(a_journal_goes_on_where_it_was_stopped),
        cmocka_unit_test(parts_are_each_tasks_once),
        cmocka_unit_test(unknown_measures_are_refused_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
