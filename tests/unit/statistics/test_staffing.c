/* The staffing search on functions whose optimum enumeration finds: what it finds is feasible, and as cheap or next to
 * it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/engine/rng.h"
#include "sim/statistics/staffing.h"

enum { MOST_SHIFTS = 8, MOST_TARGETS = 12 };

/* Target t asks that the sum over shifts of weight x sqrt(heads), or of weight x heads, comes to `asked`. */
typedef struct {
    size_t shifts, targets;
    double weight[MOST_TARGETS][MOST_SHIFTS], asked[MOST_TARGETS];
    bool root;
    double cost[MOST_SHIFTS], load[MOST_SHIFTS];
    int64_t low[MOST_SHIFTS], high[MOST_SHIFTS];
    uint32_t block[MOST_SHIFTS], concerns[MOST_TARGETS];
    size_t calls, vectors;
    size_t fails_at; /* vector from which on evaluating fails; 0: never */
} synthetic;

static void score(const synthetic *f, const int64_t *heads, sim_staffing_score *scores)
{
    for (size_t t = 0; t < f->targets; t++) {
        double sum = 0;
        for (size_t j = 0; j < f->shifts; j++)
            sum += f->weight[t][j] * (f->root ? sqrt((double)heads[j]) : (double)heads[j]);
        scores[t] = (sim_staffing_score){sum - f->asked[t], 0};
    }
}

static int evaluate(void *user, const int64_t *heads, size_t count, sim_staffing_score *scores)
{
    synthetic *f = user;
    f->calls++;
    for (size_t i = 0; i < count; i++) {
        f->vectors++;
        if (f->fails_at != 0 && f->vectors >= f->fails_at)
            return SIM_E_IO;
        score(f, heads + i * f->shifts, scores + i * f->targets);
    }
    return 0;
}

static sim_staffing_problem problem_of(synthetic *f)
{
    return (sim_staffing_problem){
        .shifts = f->shifts,
        .targets = f->targets,
        .cost = f->cost,
        .load = f->load,
        .low = f->low,
        .high = f->high,
        .block = f->block,
        .concerns = f->concerns,
        .most = 100000,
        .evaluate = evaluate,
        .user = f,
    };
}

/* The cheapest vector that meets the targets, by trying all. */
static double enumerate(synthetic *f)
{
    sim_staffing_problem p = problem_of(f);
    sim_staffing_score scores[MOST_TARGETS];
    int64_t heads[MOST_SHIFTS];
    double best = (double)INFINITY;
    memcpy(heads, f->low, sizeof heads);
    for (size_t j = 0; j < f->shifts;) {
        double cost = sim_staffing_cost(&p, heads);
        if (cost < best) {
            score(f, heads, scores);
            best = sim_staffing_meets(&p, scores) ? cost : best;
        }
        for (j = 0; j < f->shifts && ++heads[j] > f->high[j]; j++)
            heads[j] = f->low[j];
    }
    return best;
}

static const int64_t *chosen(const sim_staffing_answer *a, const synthetic *f)
{
    return a->heads + a->chosen * f->shifts;
}

static void each_shift_gets_what_it_needs(void **state)
{
    (void)state;
    synthetic f = {.shifts = 4, .targets = 4};
    for (size_t j = 0; j < 4; j++) {
        f.weight[j][j] = 1;
        f.asked[j] = (double)(3 + 7 * j);
        f.cost[j] = 1;
        f.high[j] = 60;
        f.load[j] = 10;
        f.block[j] = f.concerns[j] = (uint32_t)j;
    }
    sim_staffing_problem p = problem_of(&f);
    sim_staffing_answer a;
    assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
    assert_true(a.met && a.settled);
    for (size_t j = 0; j < 4; j++)
        assert_int_equal(chosen(&a, &f)[j], 3 + 7 * (int64_t)j);
    assert_true(a.count == f.vectors);
    assert_true(f.vectors < 40);
    sim_staffing_answer_free(&a);
}

/* Overlapping shifts of different pay, of which several cover an hour, each with effects that diminish: not separable,
 * not linear. */
static void make_random(synthetic *f, uint64_t seed, uint32_t problem)
{
    sim_rng rng = {seed, 0};
    uint32_t n = 0;
    *f = (synthetic){.shifts = 3, .targets = 5, .root = problem % 2 == 0};
    for (size_t j = 0; j < f->shifts; j++) {
        f->cost[j] = 4 + (double)(sim_rng_draw(&rng, problem, 1, n++) % 9);
        f->load[j] = (double)(sim_rng_draw(&rng, problem, 1, n++) % 12);
        f->high[j] = 24;
    }
    for (size_t t = 0; t < f->targets; t++) {
        f->concerns[t] = SIM_STAFFING_ALL;
        for (size_t j = 0; j < f->shifts; j++)
            f->weight[t][j] = (double)(sim_rng_draw(&rng, problem, 1, n++) % 4);
        double most = 0;
        for (size_t j = 0; j < f->shifts; j++)
            most += f->weight[t][j] * (f->root ? sqrt(24.0) : 24.0);
        f->asked[t] = most * (double)(sim_rng_draw(&rng, problem, 1, n++) % 70) / 100;
    }
}

static void what_it_finds_is_feasible_and_within_one_person_of_the_optimum(void **state)
{
    (void)state;
    size_t exact = 0, trials = 0, problems = 300;
    double worst = 0;
    for (uint32_t i = 0; i < problems; i++) {
        synthetic f;
        make_random(&f, 7, i);
        sim_staffing_problem p = problem_of(&f);
        sim_staffing_answer a;
        assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
        assert_true(a.met && a.settled);
        sim_staffing_score scores[MOST_TARGETS];
        score(&f, chosen(&a, &f), scores);
        assert_true(sim_staffing_meets(&p, scores));
        double dearest = fmax(f.cost[0], fmax(f.cost[1], f.cost[2]));
        double excess = (sim_staffing_cost(&p, chosen(&a, &f)) - enumerate(&f)) / dearest;
        assert_true(excess > -1e-9);
        worst = fmax(worst, excess);
        exact += excess < 1e-9;
        trials += a.count;
        sim_staffing_answer_free(&a);
    }
    print_message("    of %zu problems %zu solved exactly; at worst %.2f of the dearest person above the optimum; %zu "
                  "of 15625 vectors tried\n",
                  problems, exact, worst, trials / problems);
    assert_true(worst <= 1);
    assert_true(exact > problems * 9 / 10);
}

static void four_posts_take_fewer_trials_than_one_after_another(void **state)
{
    (void)state;
    size_t trials[2];
    for (size_t posts = 1; posts <= 4; posts += 3) {
        synthetic f = {.shifts = 2 * posts, .targets = posts, .root = true};
        for (size_t j = 0; j < f.shifts; j++) {
            f.block[j] = (uint32_t)j / 2;
            f.weight[j / 2][j] = 1;
            f.cost[j] = j % 2 == 0 ? 2 : 3;
            f.load[j] = 6;
            f.high[j] = 50;
            f.concerns[j / 2] = (uint32_t)j / 2;
            f.asked[j / 2] = 5.2 + (double)(j / 2);
        }
        sim_staffing_problem p = problem_of(&f);
        sim_staffing_answer a;
        assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
        assert_true(a.met && a.settled);
        trials[posts == 4] = a.count;
        if (posts == 1)
            assert_true(sim_staffing_cost(&p, chosen(&a, &f)) < enumerate(&f) + 3.01);
        sim_staffing_answer_free(&a);
    }
    print_message("    one post: %zu trials, four: %zu\n", trials[0], trials[1]);
    assert_true(trials[1] < 3 * trials[0]);
}

/* Each post takes people from the other: what both could give up alone, they cannot give up together. */
static void posts_that_act_on_one_another_still_end_feasible(void **state)
{
    (void)state;
    synthetic f = {.shifts = 2,
                   .targets = 2,
                   .weight = {{1, 0.6}, {0.6, 1}},
                   .asked = {20, 21},
                   .cost = {1, 1},
                   .load = {15, 15},
                   .high = {40, 40},
                   .block = {0, 1},
                   .concerns = {0, 1}};
    sim_staffing_problem p = problem_of(&f);
    sim_staffing_answer a;
    sim_staffing_score scores[2];
    assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
    score(&f, chosen(&a, &f), scores);
    assert_true(a.met && a.settled && sim_staffing_meets(&p, scores));
    assert_true(sim_staffing_cost(&p, chosen(&a, &f)) <= enumerate(&f) + 1);
    sim_staffing_answer_free(&a);
}

/* Three posts of two shifts whose targets also depend on the others' people: whatever is tried side by side, the end is
 * feasible, and nobody can go. */
static void random_posts_that_act_on_one_another_end_feasible_and_tight(void **state)
{
    (void)state;
    sim_rng rng = {11, 0};
    for (uint32_t i = 0; i < 200; i++) {
        synthetic f = {.shifts = 6, .targets = 3, .root = i % 2 == 0};
        uint32_t n = 0;
        for (size_t j = 0; j < 6; j++) {
            f.block[j] = (uint32_t)j / 2;
            f.cost[j] = 5 + (double)(sim_rng_draw(&rng, i, 1, n++) % 5);
            f.load[j] = (double)(sim_rng_draw(&rng, i, 1, n++) % 8);
            f.high[j] = 20;
        }
        for (size_t t = 0; t < 3; t++) {
            f.concerns[t] = (uint32_t)t;
            double most = 0;
            for (size_t j = 0; j < 6; j++) {
                f.weight[t][j] = (j / 2 == t ? 2 : 0.5) * (double)(1 + sim_rng_draw(&rng, i, 1, n++) % 3);
                most += f.weight[t][j] * (f.root ? sqrt(20.0) : 20.0);
            }
            f.asked[t] = most * (0.2 + (double)(sim_rng_draw(&rng, i, 1, n++) % 60) / 100);
        }
        sim_staffing_problem p = problem_of(&f);
        sim_staffing_answer a;
        sim_staffing_score scores[3];
        int64_t heads[6];
        assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
        assert_true(a.met && a.settled);
        memcpy(heads, chosen(&a, &f), sizeof heads);
        score(&f, heads, scores);
        assert_true(sim_staffing_meets(&p, scores));
        for (size_t j = 0; j < 6; j++) {
            heads[j]--;
            score(&f, heads, scores);
            assert_true(heads[j] < 0 || !sim_staffing_meets(&p, scores));
            heads[j]++;
        }
        sim_staffing_answer_free(&a);
    }
}

static void targets_out_of_reach_give_no_roster(void **state)
{
    (void)state;
    synthetic f;
    make_random(&f, 7, 1);
    f.asked[2] = 1e6;
    sim_staffing_problem p = problem_of(&f);
    sim_staffing_answer a;
    assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
    assert_false(a.met);
    assert_int_equal(a.count, 1);
    assert_memory_equal(chosen(&a, &f), f.high, f.shifts * sizeof *f.high);
    sim_staffing_answer_free(&a);
}

static void a_target_without_a_value_is_not_met(void **state)
{
    (void)state;
    synthetic f;
    make_random(&f, 7, 1);
    f.asked[2] = (double)NAN;
    sim_staffing_problem p = problem_of(&f);
    sim_staffing_answer a;
    assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
    assert_false(a.met);
    sim_staffing_answer_free(&a);
}

static void trials_are_bounded_and_the_roster_is_feasible_all_the_same(void **state)
{
    (void)state;
    synthetic f;
    make_random(&f, 7, 4);
    sim_staffing_problem p = problem_of(&f);
    for (p.most = 1; p.most < 30; p.most++) {
        sim_staffing_answer a;
        sim_staffing_score scores[MOST_TARGETS];
        f.vectors = 0;
        assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
        assert_true(a.met && a.count <= p.most && f.vectors <= p.most);
        assert_true(a.settled || a.count + f.shifts >= p.most);
        score(&f, chosen(&a, &f), scores);
        assert_true(sim_staffing_meets(&p, scores));
        sim_staffing_answer_free(&a);
    }
}

static void the_same_scores_lead_the_same_way(void **state)
{
    (void)state;
    synthetic f;
    make_random(&f, 7, 8);
    sim_staffing_problem p = problem_of(&f);
    sim_staffing_answer a, b;
    assert_int_equal(sim_staffing_search(&p, NULL, &a), 0);
    assert_int_equal(sim_staffing_search(&p, NULL, &b), 0);
    assert_int_equal(a.count, b.count);
    assert_memory_equal(a.heads, b.heads, a.count * f.shifts * sizeof *a.heads);
    assert_int_equal(a.chosen, b.chosen);
    sim_staffing_answer_free(&b);
    /* no vector is evaluated twice */
    for (size_t i = 0; i < a.count; i++)
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(a.heads + i * f.shifts, a.heads + k * f.shifts, f.shifts * sizeof *a.heads);
    sim_staffing_answer_free(&a);
}

static void a_roster_that_falls_short_is_repaired(void **state)
{
    (void)state;
    synthetic f;
    make_random(&f, 7, 10);
    sim_staffing_problem p = problem_of(&f);
    sim_staffing_answer a;
    int64_t start[MOST_SHIFTS] = {1, 0, 1};
    assert_int_equal(sim_staffing_search(&p, start, &a), 0);
    assert_true(a.met && a.settled && a.count > 1);
    assert_int_equal(a.phases[0], SIM_STAFFING_AMPLE);
    assert_int_equal(a.phases[1], SIM_STAFFING_REPAIR);
    assert_memory_equal(a.heads + f.shifts, start, f.shifts * sizeof *start);
    assert_true(sim_staffing_cost(&p, chosen(&a, &f)) <= enumerate(&f) + 12);
    sim_staffing_answer_free(&a);
}

static void an_evaluation_that_fails_ends_the_search(void **state)
{
    (void)state;
    for (size_t at = 1; at < 20; at++) {
        synthetic f;
        make_random(&f, 7, 4);
        f.fails_at = at;
        sim_staffing_problem p = problem_of(&f);
        sim_staffing_answer a;
        assert_int_equal(sim_staffing_search(&p, NULL, &a), SIM_E_IO);
        sim_staffing_answer_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shift_gets_what_it_needs),
        cmocka_unit_test(what_it_finds_is_feasible_and_within_one_person_of_the_optimum),
        cmocka_unit_test(four_posts_take_fewer_trials_than_one_after_another),
        cmocka_unit_test(posts_that_act_on_one_another_still_end_feasible),
        cmocka_unit_test(random_posts_that_act_on_one_another_end_feasible_and_tight),
        cmocka_unit_test(targets_out_of_reach_give_no_roster),
        cmocka_unit_test(a_target_without_a_value_is_not_met),
        cmocka_unit_test(trials_are_bounded_and_the_roster_is_feasible_all_the_same),
        cmocka_unit_test(the_same_scores_lead_the_same_way),
        cmocka_unit_test(a_roster_that_falls_short_is_repaired),
        cmocka_unit_test(an_evaluation_that_fails_ends_the_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
