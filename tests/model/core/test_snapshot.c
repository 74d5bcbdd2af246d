/* The same bytes: for any number of threads, however often a run is stopped on the way, and after saving and restoring;
 * and what is not this world's image is refused. The world is that of scenarios/two-posts with impatient people, its
 * final state compared byte by byte. */
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
#include "tests/support/scenario.h"

typedef struct {
    unsigned char *bytes;
    size_t size;
} image;

static void load(model_setup *setup, size_t count, const char *const *sets)
{
    static const char *const usual[] = {"scale=0.15", "duration=6 d", "patience.time={exponential: {mean: 8 h}}",
                                        "patience.then=another_post"};
    const char *all[12];
    size_t n = sizeof usual / sizeof *usual;
    sim_diag *diag;
    memcpy(all, usual, sizeof usual);
    for (size_t i = 0; i < count; i++)
        all[n++] = sets[i];
    assert_int_equal(sim_diag_new(&diag, 20), 0);
    int ret = model_setup_load(setup, HBM_SOURCE_DIR "/scenarios/two-posts/scenario.yaml", NULL, all, n, diag);
    sim_diag_print(diag, stderr);
    sim_diag_free(diag);
    assert_int_equal(ret, 0);
}

static void run_to(model_world *world, sim_time until, unsigned threads)
{
    assert_int_equal(model_world_run(world, until, threads), 0);
}

static image save(model_world *world)
{
    image i = {NULL, 0};
    assert_int_equal(model_world_save(world, &i.bytes, &i.size), 0);
    return i;
}

static void assert_same(const image *a, const image *b, const char *what, unsigned long long number)
{
    size_t at = 0;
    while (at < a->size && at < b->size && a->bytes[at] == b->bytes[at])
        at++;
    if (a->size != b->size || at < a->size)
        fail_msg("%s %llu: %zu and %zu bytes, different from byte %zu on", what, number, a->size, b->size, at);
}

/* The state at the end of a run without interruptions. */
static image plain_end(const model_setup *setup, unsigned threads)
{
    model_world world;
    test_world(&world, setup, 7, 0);
    run_to(&world, setup->end, threads);
    assert_true(test_count(&world, "flow/crossed", NULL, -1) > 5000 &&
                test_count(&world, "flow/gave_up", NULL, -1) > 100);
    image end = save(&world);
    model_world_free(&world);
    return end;
}

/* Instants that are whole numbers of nothing. */
static sim_time instant(const model_setup *setup, uint32_t n)
{
    const sim_rng rng = {20310301, 0};
    return (sim_time)(sim_rng_unit(sim_rng_draw(&rng, 0, 0, n)) * (double)setup->end);
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void)state;
    static const unsigned threads[] = {2, 3, 4, 8};
    model_setup setup;
    load(&setup, 0, NULL);
    assert_true(setup.process_count > 2);
    image expected = plain_end(&setup, 1);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        image found = plain_end(&setup, threads[i]);
        assert_same(&expected, &found, "threads", threads[i]);
        free(found.bytes);
    }
    free(expected.bytes);
    model_setup_free(&setup);
}

static void a_run_that_is_stopped_on_the_way_gives_the_same_bytes(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    load(&setup, 0, NULL);
    image expected = plain_end(&setup, 1);
    test_world(&world, &setup, 7, 0);
    for (int i = 1; i <= 97; i++)
        run_to(&world, setup.end / 97 * i, 1);
    run_to(&world, setup.end, 1);
    image found = save(&world);
    assert_same(&expected, &found, "pieces", 97);
    model_world_free(&world);
    free(expected.bytes);
    free(found.bytes);
    model_setup_free(&setup);
}

static void a_run_restored_at_any_instant_gives_the_same_bytes(void **state)
{
    (void)state;
    model_setup setup;
    load(&setup, 0, NULL);
    image expected = plain_end(&setup, 1);
    for (uint32_t i = 0; i < 7; i++) {
        sim_time at = i < 5 ? instant(&setup, i) : i == 5 ? 0 : 3 * SIM_DAY; /* 3 d: an order takes effect */
        model_world first, second;
        test_world(&first, &setup, 7, 0);
        run_to(&first, at, 1 + i % 3);
        image middle = save(&first);
        model_world_free(&first);
        test_world(&second, &setup, 7, 0);
        assert_int_equal(model_world_restore(&second, middle.bytes, middle.size), 0);
        image again = save(&second);
        assert_same(&middle, &again, "restored at", (unsigned long long)at);
        run_to(&second, setup.end, 3 - i % 3);
        image found = save(&second);
        assert_same(&expected, &found, "gone on from", (unsigned long long)at);
        model_world_free(&second);
        free(middle.bytes);
        free(again.bytes);
        free(found.bytes);
    }
    free(expected.bytes);
    model_setup_free(&setup);
}

static void saving_changes_nothing(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    load(&setup, 0, NULL);
    image expected = plain_end(&setup, 1);
    test_world(&world, &setup, 7, 0);
    run_to(&world, instant(&setup, 0), 1);
    image one = save(&world), two = save(&world);
    assert_same(&one, &two, "saved", 2);
    run_to(&world, setup.end, 1);
    image found = save(&world);
    assert_same(&expected, &found, "saved on the way", 2);
    model_world_free(&world);
    free(one.bytes);
    free(two.bytes);
    free(found.bytes);
    free(expected.bytes);
    model_setup_free(&setup);
}

static void refuse(const model_setup *setup, uint64_t seed, uint64_t replication, const image *i)
{
    model_world world;
    test_world(&world, setup, seed, replication);
    assert_int_equal(model_world_restore(&world, i->bytes, i->size), SIM_E_FORMAT);
    model_world_free(&world);
}

static void images_of_other_worlds_are_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"scale=0.1501", "bin=2 h", "duration=5 d",
                                         "classes={vulnerable: {traits: child}, last: {traits: disability}}"};
    model_setup setup, other;
    model_world world;
    load(&setup, 0, NULL);
    test_world(&world, &setup, 7, 0);
    run_to(&world, instant(&setup, 0), 1);
    image i = save(&world);
    model_world_free(&world);
    refuse(&setup, 8, 0, &i);
    refuse(&setup, 7, 1, &i);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        load(&other, 1, &others[k]);
        refuse(&other, 7, 0, &i);
        model_setup_free(&other);
    }
    free(i.bytes);
    model_setup_free(&setup);
}

static void damaged_images_are_refused(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    load(&setup, 0, NULL);
    test_world(&world, &setup, 7, 0);
    run_to(&world, instant(&setup, 1), 1);
    image i = save(&world);
    for (uint32_t k = 0; k < 300; k++) {
        size_t cut = k < 200 ? k : i.size - 1 - (size_t)(k - 200) * (i.size / 128);
        unsigned char *part = malloc(cut + 1);
        assert_non_null(part);
        memcpy(part, i.bytes, cut);
        assert_int_equal(model_world_restore(&world, part, cut), SIM_E_FORMAT);
        free(part);
    }
    const sim_rng rng = {1, 2};
    for (uint32_t k = 0; k < 100; k++) {
        size_t at = k < 40 ? 4 * k : (size_t)(sim_rng_unit(sim_rng_draw(&rng, 0, 0, k)) * (double)i.size);
        i.bytes[at] ^= (unsigned char)(1u << k % 8);
        assert_int_equal(model_world_restore(&world, i.bytes, i.size), SIM_E_FORMAT);
        i.bytes[at] ^= (unsigned char)(1u << k % 8);
    }
    unsigned char *longer = calloc(i.size + 8, 1);
    assert_non_null(longer);
    memcpy(longer, i.bytes, i.size);
    assert_int_equal(model_world_restore(&world, longer, i.size + 8), SIM_E_FORMAT);
    free(longer);
    assert_int_equal(model_world_restore(&world, i.bytes, i.size), 0); /* none of these did harm */
    run_to(&world, setup.end, 1);
    image expected = plain_end(&setup, 1), found = save(&world);
    assert_same(&expected, &found, "after refusals", 0);
    model_world_free(&world);
    free(i.bytes);
    free(expected.bytes);
    free(found.bytes);
    model_setup_free(&setup);
}

/* A branch goes on under other orders, exactly as a run whose orders are the same until then. */
static void a_branch_follows_the_other_timeline(void **state)
{
    (void)state;
    static const char *const closer[] = {
        "timeline=[{at: 3 d, order: set_procedure, target: \"*/entry/registration\", procedure: household},"
        " {at: 276000 s, order: close_lanes, target: Bridge/entry, lanes: 3}]"};
    model_setup setup, other;
    model_world trunk, branch, direct;
    load(&setup, 0, NULL);
    load(&other, 1, closer);
    sim_time at = 275700 * SIM_SECOND; /* 76 h 35 min: the order comes before the next publication of waits */
    test_world(&trunk, &setup, 7, 0);
    run_to(&trunk, at, 1);
    image middle = save(&trunk);
    test_world(&branch, &other, 7, 0);
    assert_int_equal(model_world_restore(&branch, middle.bytes, middle.size), 0);
    run_to(&branch, other.end, 2);
    image found = save(&branch);
    test_world(&direct, &other, 7, 0);
    run_to(&direct, other.end, 1);
    image expected = save(&direct);
    assert_same(&expected, &found, "branch", 0);
    run_to(&trunk, setup.end, 1);
    image original = save(&trunk);
    assert_true(original.size != found.size || memcmp(original.bytes, found.bytes, found.size) != 0);
    model_world_free(&trunk);
    model_world_free(&branch);
    model_world_free(&direct);
    free(middle.bytes);
    free(found.bytes);
    free(expected.bytes);
    free(original.bytes);
    model_setup_free(&setup);
    model_setup_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(a_run_that_is_stopped_on_the_way_gives_the_same_bytes),
        cmocka_unit_test(a_run_restored_at_any_instant_gives_the_same_bytes),
        cmocka_unit_test(saving_changes_nothing),
        cmocka_unit_test(images_of_other_worlds_are_refused),
        cmocka_unit_test(damaged_images_are_refused),
        cmocka_unit_test(a_branch_follows_the_other_timeline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
