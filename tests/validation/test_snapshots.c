/* The shipped scenarios, two replications each: stopped at five random instants, saved, restored into a freshly built
 * world and run on by another number of threads, they come to the same results, hash for hash, as uninterrupted.
 * Instants: Threefry, seed 20220224. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/outcome/outcome.h"
#include "models/plans/plan.h"

enum { REPLICATIONS = 2, INSTANTS = 5 };

static void load(model_setup *setup, const char *path)
{
    sim_diag *diag = NULL;
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    assert_int_equal(model_setup_load(setup, path, NULL, NULL, 0, diag), 0);
    sim_diag_free(diag);
}

/* Ends the outcome and gives its hash. */
static void finish(model_outcome *outcome, char hex[65])
{
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(model_outcome_result(outcome, &result), 0);
    assert_int_equal(sim_result_hash(&result, hex), 0);
    sim_result_free(&result);
    model_outcome_free(outcome);
}

/* Replication `replication` from a fresh world; interrupted at `instant` unless that is 0. */
static void run(model_outcome *outcome, const model_setup *setup, uint64_t replication, sim_time instant,
                unsigned threads)
{
    model_world world, again;
    assert_int_equal(model_world_init(&world, setup, 1, replication, false), 0);
    if (instant == 0) {
        assert_int_equal(model_world_run(&world, setup->end, threads), 0);
        assert_int_equal(model_outcome_add(outcome, &world), 0);
        model_world_free(&world);
        return;
    }
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(model_world_run(&world, instant, threads), 0);
    assert_int_equal(model_world_save(&world, &bytes, &size), 0);
    model_world_free(&world);
    assert_int_equal(model_world_init(&again, setup, 1, replication, false), 0);
    assert_int_equal(model_world_restore(&again, bytes, size), 0);
    free(bytes);
    assert_int_equal(model_world_run(&again, setup->end, 3 - threads), 0);
    assert_int_equal(model_outcome_add(outcome, &again), 0);
    model_world_free(&again);
}

static void check(const char *path)
{
    static const sim_rng rng = {20220224, 0};
    model_setup setup;
    model_outcome *outcome = NULL;
    char whole[65], pieces[65];
    load(&setup, path);
    assert_int_equal(model_outcome_new(&outcome, &setup), 0);
    for (uint64_t r = 0; r < REPLICATIONS; r++)
        run(outcome, &setup, r, 0, 1);
    finish(outcome, whole);
    for (uint32_t i = 0; i < INSTANTS; i++) {
        assert_int_equal(model_outcome_new(&outcome, &setup), 0);
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            sim_time instant = 1 + (sim_time)(sim_rng_unit(sim_rng_draw(&rng, i, r, 0)) * (double)(setup.end - 1));
            printf("%s: replication %u, saved and restored at %.6f h\n", path, r, (double)instant / 3.6e9);
            run(outcome, &setup, r, instant, 1 + i % 2);
        }
        finish(outcome, pieces);
        assert_string_equal(pieces, whole);
    }
    printf("%s: %s\n", path, whole);
    model_setup_free(&setup);
}

static void two_posts_is_the_same_after_save_and_restore(void **state)
{
    (void)state;
    check(HBM_SOURCE_DIR "/scenarios/two-posts/scenario.yaml");
}

static void poland_2022_is_the_same_after_save_and_restore(void **state)
{
    (void)state;
    check(HBM_SOURCE_DIR "/scenarios/poland-2022/scenario.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_posts_is_the_same_after_save_and_restore),
        cmocka_unit_test(poland_2022_is_the_same_after_save_and_restore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
