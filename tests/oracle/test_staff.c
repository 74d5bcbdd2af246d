/* The rosters that `hbm staff` finds for M_t/M/c + M queues, against brute force: arrivals in waves, exponential
 * services and patience, and a share of those served in each hour who must not have waited longer than the target. The
 * optimum is found by evaluating every roster of a grid in the same way; the roster found must keep the targets in
 * every hour, there and with another seed, and cost no more than one person above the optimum. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/study/staff/staff.h"
#include "sim/base/error.h"
#include "tests/oracle/chain.h"
#include "tests/support/folder.h"

enum { MOST = 4, LIST = 64 };

/* One day from empty; an hour is a time bin. */
#define CRISIS(rate)                                                                                      \
    "hbm: 1\nname: waves\nstart: 2030-01-01T00:00+00:00\nduration: 1 d\nbin: 1 h\ncontrol_interval: 1 "   \
    "h\ntarget_wait: 10 min\n"                                                                            \
    "people: {group_size: 1}\nplaces: {P: {kind: post}}\ndisplacement: [{from: P, rate: " rate "}]\n"     \
    "patience: {time: {exponential: {mean: 45 min}}}\nstations: {desk: {role: officer, desks: 40, time: " \
    "{exponential: {mean: 12 min}}}}\n"                                                                   \
    "posts: {P: {entry: {stations: [desk]}}}\n"

typedef struct {
    const char *scenario, *targets[2];
    size_t target_count;
    int64_t most;
    size_t replications;
    int64_t around; /* brute force: so many more and less than found on each shift; 0: all from 0 to `most` */
} study_case;

typedef struct {
    test_folder folder;
    char path[200];
    model_experiment *experiment;
} opened;

static void open_at(opened *o, const study_case *c, uint64_t seed)
{
    sim_diag *diag;
    assert_int_equal(test_folder_make(&o->folder), 0);
    test_folder_path(&o->folder, "waves.yaml", o->path, sizeof o->path);
    assert_int_equal(test_file_write(o->path, c->scenario, strlen(c->scenario)), 0);
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    const model_experiment_options options = {.scenario = o->path, .plan_count = 1, .seed = seed};
    int ret = model_experiment_new(&o->experiment, &options, diag);
    sim_diag_print(diag, stderr);
    sim_diag_free(diag);
    assert_int_equal(ret, 0);
}

static void close_it(opened *o)
{
    model_experiment_free(o->experiment);
    test_folder_remove(&o->folder);
}

static void prepare(staff_study *study, const opened *o, const study_case *c)
{
    char why[400];
    const staff_bounds bounds = {.most = c->most, .lanes = 1};
    const model_setup *setup = model_experiment_setup(o->experiment, 0);
    *study =
        (staff_study){.effort = {.replications = c->replications, .confidence = 0.95, .trials = 2000, .rounds = 1}};
    assert_int_equal(staff_shifts_init(&study->shifts, setup, &bounds, why, sizeof why), 0);
    for (size_t i = 0; i < c->target_count; i++)
        if (staff_targets_add(&study->targets, setup, c->targets[i], why, sizeof why) != 0)
            fail_msg("%s: %s", c->targets[i], why);
}

/* --- brute force --- */

typedef struct {
    staff_problem problem;
    int64_t list[LIST * MOST];
    sim_staffing_score *scores;
    size_t count, tried, met;
    double best; /* cost */
    int64_t heads[MOST];
} force;

static void flush(force *f)
{
    size_t n = f->problem.shifts->count, targets = f->problem.targets->count;
    staff_problem_forget(&f->problem);
    assert_int_equal(staff_problem_evaluate(&f->problem, f->list, f->count, f->scores), 0);
    for (size_t i = 0; i < f->count; i++) {
        bool met = true;
        for (size_t t = 0; t < targets; t++)
            met = met && f->scores[i * targets + t].slack >= f->scores[i * targets + t].margin;
        double cost = staff_cost(f->problem.shifts, f->list + i * n);
        f->met += met;
        if (met && cost < f->best) {
            f->best = cost;
            memcpy(f->heads, f->list + i * n, n * sizeof *f->heads);
        }
    }
    f->tried += f->count;
    f->count = 0;
}

/* All rosters of the box that cost no more than the one found: the optimum is among them. */
static void try_all(force *f, const staff_study *study, const int64_t *low, const int64_t *high)
{
    size_t n = study->shifts.count;
    double limit = staff_cost(&study->shifts, study->heads) + 1e-6;
    int64_t heads[MOST];
    memcpy(heads, low, sizeof heads);
    for (size_t j = 0; j < n;) {
        if (staff_cost(&study->shifts, heads) <= limit)
            memcpy(f->list + f->count++ * n, heads, n * sizeof *heads);
        if (f->count == LIST)
            flush(f);
        for (j = 0; j < n && ++heads[j] > high[j]; j++)
            heads[j] = low[j];
    }
    flush(f);
}

static void compare(staff_study *study, const opened *o, const study_case *c)
{
    force f = {.best = (double)INFINITY};
    int64_t low[MOST] = {0}, high[MOST] = {0};
    double dearest = 0;
    f.scores = calloc(LIST * study->targets.count, sizeof *f.scores);
    assert_non_null(f.scores);
    assert_int_equal(
        staff_problem_init(&f.problem, o->experiment, &study->targets, &study->shifts, study->effort.confidence), 0);
    f.problem.replications = study->replications;
    for (size_t j = 0; j < study->shifts.count; j++) {
        low[j] = c->around == 0 || study->heads[j] < c->around ? 0 : study->heads[j] - c->around;
        high[j] = c->around == 0 ? c->most : study->heads[j] + c->around;
        dearest = fmax(dearest, study->shifts.items[j].cost);
    }
    try_all(&f, study, low, high);
    double found = staff_cost(&study->shifts, study->heads);
    print_message("    found");
    for (size_t j = 0; j < study->shifts.count; j++)
        print_message(" %lld", (long long)study->heads[j]);
    print_message(" at %.0f in %zu trials; optimum", found, study->trials);
    for (size_t j = 0; j < study->shifts.count; j++)
        print_message(" %lld", (long long)f.heads[j]);
    print_message(" at %.0f (a person at most %.0f), of %zu rosters %zu keep the targets\n", f.best, dearest, f.tried,
                  f.met);
    staff_problem_free(&f.problem);
    free(f.scores);
    assert_true(f.met > 0);
    assert_true(found <= f.best + dearest + 1e-6);
}

/* --- another seed --- */

static void check_with(uint64_t seed, const staff_study *study, const study_case *c)
{
    opened o;
    staff_study other;
    staff_problem problem;
    open_at(&o, c, seed);
    prepare(&other, &o, c);
    assert_int_equal(staff_problem_init(&problem, o.experiment, &other.targets, &other.shifts, 0.5), 0);
    problem.replications = 3 * c->replications;
    assert_int_equal(staff_problem_evaluate(&problem, study->heads, 1, NULL), 0);
    for (size_t t = 0; t < study->targets.count; t++) {
        const staff_reached *r = &problem.reached[t];
        print_message("    %s, seed %llu: worst hour %zu at %.4g; %zu of %zu hours missed\n",
                      study->targets.items[t].text, (unsigned long long)seed, r->stretch, r->value, r->missed,
                      r->stretches);
        assert_int_equal(r->missed, 0);
        assert_true(r->stretches >= 23);
    }
    staff_problem_free(&problem);
    staff_study_free(&other);
    close_it(&o);
}

static void expect_optimal(const study_case *c, uint64_t seed)
{
    opened o;
    staff_study study;
    open_at(&o, c, seed);
    prepare(&study, &o, c);
    assert_int_equal(staff_study_run(&study, o.experiment), 0);
    assert_true(study.met && study.settled);
    for (size_t t = 0; t < study.targets.count; t++) {
        assert_int_equal(study.found[t].missed, 0);
        assert_true(study.found[t].stretches >= 23);
    }
    /* nobody can go */
    for (size_t j = 0; j < study.shifts.count; j++) {
        bool met = study.heads[j] > 0;
        for (size_t t = 0; t < study.targets.count; t++)
            met = met && staff_is_met(&study.less[j * study.targets.count + t]);
        assert_false(met);
    }
    compare(&study, &o, c);
    check_with(seed + 1000, &study, c);
    staff_study_free(&study);
    close_it(&o);
}

#define HOURLY "wait.within_target@P >= 80% each 1 h"

static void day_and_night_of_a_wave_are_staffed_as_brute_force_does(void **state)
{
    (void)state;
    expect_optimal(
        &(study_case){
            .scenario =
                CRISIS("{mean: 30 /h, amplitude: 20 /h, period: 24 h, peak: 14 h}") "rosters: {officers: {post: P, "
                                                                                    "side: entry, role: officer, "
                                                                                    "shifts: [{start: \"08:00\", "
                                                                                    "length: 12 h, head: 8},"
                                                                                    "{start: \"20:00\", length: 12 "
                                                                                    "h, head: 4}]}}\n",
            .targets = {HOURLY},
            .target_count = 1,
            .most = 16,
            .replications = 60,
        },
        1);
}

/* The dear night and two day shifts that overlap at the peak: what one lacks the other can give. */
static void overlapping_shifts_of_different_pay_are_staffed_as_brute_force_does(void **state)
{
    (void)state;
    expect_optimal(
        &(study_case){
            .scenario = CRISIS(
                "{mean: 25 /h, amplitude: 20 /h, period: 24 h, peak: 13 h}") "rosters:\n  days: {post: P, side: entry, "
                                                                             "role: officer, "
                                                                             "wage: 10 USD/h, shifts: [{start: "
                                                                             "\"06:00\", length: 9 h, "
                                                                             "head: 5},"
                                                                             "{start: \"12:00\", length: 11 h, head: "
                                                                             "5}]}\n"
                                                                             "  nights: {post: P, side: entry, role: "
                                                                             "officer, wage: 14 "
                                                                             "USD/h, shifts: [{start: \"22:00\", "
                                                                             "length: 9 h, head: 3}]}\n",
            .targets = {HOURLY},
            .target_count = 1,
            .most = 20,
            .replications = 60,
            .around = 3},
        2);
}

/* Two targets: of waits and of those who give up. */
static void those_who_give_up_count_beside_those_who_wait(void **state)
{
    (void)state;
    expect_optimal(
        &(study_case){
            .scenario =
                CRISIS("{mean: 20 /h, amplitude: 12 /h, period: 12 h, peak: 3 h}") "rosters: {officers: {post: P, "
                                                                                   "side: entry, role: officer, "
                                                                                   "shifts: [{start: \"00:00\", "
                                                                                   "length: 8 h, head: 4},"
                                                                                   "{start: \"08:00\", length: 8 h, "
                                                                                   "head: 4}, {start: \"16:00\", "
                                                                                   "length: 8 h, head: 4}]}}\n",
            .targets = {HOURLY, "people.gave_up <= 1.5 each 1 h"},
            .target_count = 2,
            .most = 14,
            .replications = 60,
            .around = 3,
        },
        3);
}

/* Most people who give up in an hour, exactly: by the forward equations of M_t/M/c + M, with `heads` by day
 * (08:00-20:00) and by night. */
static double most_giving_up(const int64_t *heads)
{
    const double times[] = {0, 8, 20};
    const unsigned servers[] = {(unsigned)heads[1], (unsigned)heads[0], (unsigned)heads[1]};
    const chain_over_time queue = {{30, 20, 24, 14}, 5, 3, times, servers, 16, 60, 60.0 / 45};
    double waiting[24], busy[24], most = 0;
    assert_int_equal(chain_over_time_solve(&queue, 24, 1, waiting, busy), 0);
    for (int i = 0; i < 24; i++)
        most = fmax(most, waiting[i] * queue.leaving);
    return most;
}

/* The roster keeps the target in truth, not only in the replications, and none that is two people cheaper does. */
static void exact_equations_confirm_the_roster(void **state)
{
    (void)state;
    const double amount = 3;
    const study_case c = {
        .scenario = CRISIS("{mean: 30 /h, amplitude: 20 /h, period: 24 h, peak: 14 h}") "rosters: {officers: {post: P, "
                                                                                        "side: entry, role: officer, "
                                                                                        "shifts: [{start: \"08:00\", "
                                                                                        "length: 12 h, head: 8},"
                                                                                        "{start: \"20:00\", length: 12 "
                                                                                        "h, head: 4}]}}\n",
        .targets = {"people.gave_up@P <= 3 each 1 h"},
        .target_count = 1,
        .most = 16,
        .replications = 200};
    opened o;
    staff_study study;
    open_at(&o, &c, 6);
    prepare(&study, &o, &c);
    assert_int_equal(staff_study_run(&study, o.experiment), 0);
    assert_true(study.met && study.confirmed);
    double most = most_giving_up(study.heads);
    print_message("    found %lld by day and %lld by night: at most %.3f give up in an hour; simulated %.3f\n",
                  (long long)study.heads[0], (long long)study.heads[1], most, study.found[0].value);
    assert_true(most <= amount);
    assert_true(fabs(study.found[0].value - most) < 0.15 * most);
    for (int64_t less = 0; less <= 2; less++) {
        const int64_t fewer[2] = {study.heads[0] - less, study.heads[1] - (2 - less)};
        assert_true(fewer[1] < 0 || most_giving_up(fewer) > amount);
    }
    staff_study_free(&study);
    close_it(&o);
}

static void what_no_roster_can_meet_is_said_so(void **state)
{
    (void)state;
    const study_case c = {
        .scenario = CRISIS("60 /h") "rosters: {officers: {post: P, side: entry, role: officer, "
                                    "shifts: [{start: \"00:00\", length: 24 h, head: 4}]}}\n",
        .targets = {HOURLY},
        .target_count = 1,
        .most = 10,
        .replications = 10,
    };
    opened o;
    staff_study study;
    open_at(&o, &c, 4);
    prepare(&study, &o, &c);
    assert_int_equal(staff_study_run(&study, o.experiment), 0);
    assert_false(study.met);
    assert_true(study.found[0].missed > 20);
    assert_int_equal(study.heads[0], 10);
    assert_true(study.loads[0] > 9);
    staff_study_free(&study);
    close_it(&o);
}

/* 60 an hour for 12 minutes each keep 12 busy, where there are plenty. */
static void the_load_of_a_shift_is_rate_times_service(void **state)
{
    (void)state;
    const study_case c = {
        .scenario = CRISIS("60 /h") "rosters: {officers: {post: P, side: entry, role: officer, "
                                    "shifts: [{start: \"04:00\", length: 12 h, head: 4},"
                                    "{start: \"16:00\", length: 12 h, head: 4}]}}\n",
        .targets = {HOURLY},
        .target_count = 1,
        .most = 40,
        .replications = 60,
    };
    opened o;
    staff_study study;
    staff_problem problem;
    double loads[2];
    open_at(&o, &c, 5);
    prepare(&study, &o, &c);
    assert_int_equal(staff_problem_init(&problem, o.experiment, &study.targets, &study.shifts, 0.95), 0);
    problem.replications = c.replications;
    assert_int_equal(staff_problem_loads(&problem, loads), 0);
    print_message("    loads %.3f and %.3f\n", loads[0], loads[1]);
    /* weighted by itself: R plus the variance of an hour's mean over R, less than 1 */
    for (int i = 0; i < 2; i++)
        assert_true(loads[i] > 11.9 && loads[i] < 13);
    staff_problem_free(&problem);
    staff_study_free(&study);
    close_it(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_and_night_of_a_wave_are_staffed_as_brute_force_does),
        cmocka_unit_test(overlapping_shifts_of_different_pay_are_staffed_as_brute_force_does),
        cmocka_unit_test(those_who_give_up_count_beside_those_who_wait),
        cmocka_unit_test(exact_equations_confirm_the_roster),
        cmocka_unit_test(what_no_roster_can_meet_is_said_so),
        cmocka_unit_test(the_load_of_a_shift_is_rate_times_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
