/* The same scenario, run in another way: the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/model/metamorphic/metamorphic.h"

static void renew(meta_run *run, bool keep_journeys)
{
    int (*watch)(model_world *, sim_time) = run->world.watch;
    uint64_t replication = run->world.rng.replication, seed = run->world.rng.seed;
    model_world_free(&run->world);
    assert_int_equal(model_world_init(&run->world, &run->setup, seed, replication, keep_journeys), 0);
    run->world.watch = watch;
    run->world.watcher = run;
}

static bool in_pieces(meta_run *run, meta_luck *luck)
{
    sim_time at = 0;
    while (at < run->setup.end) {
        meta_go(run, at, 1);
        at += meta_among(luck, 1, run->setup.end / 10);
    }
    meta_go(run, run->setup.end, 1);
    return true;
}

/* Many people: threads share only windows in which there is much to do. */
static bool crowd(meta_scenario *base, meta_scenario *other, meta_luck *luck)
{
    (void)luck;
    base->scale = 15;
    base->capacity = 8;
    *other = *base;
    return base->place_count > 3;
}

static bool on_threads(meta_run *run, meta_luck *luck)
{
    if (run->setup.process_count < 3)
        return false;
    meta_go(run, run->setup.end, (unsigned)meta_among(luck, 2, 4));
    return run->busy_windows > 3;
}

static bool saved_and_restored(meta_run *run, meta_luck *luck)
{
    unsigned char *bytes;
    size_t size;
    for (int i = 0; i < 3; i++) {
        meta_go(run, meta_among(luck, 0, run->setup.end * (i + 1) / 3), 1);
        assert_int_equal(model_world_save(&run->world, &bytes, &size), 0);
        renew(run, true);
        assert_int_equal(model_world_restore(&run->world, bytes, size), 0);
        free(bytes);
    }
    meta_go(run, run->setup.end, 1);
    return true;
}

static bool without_journeys(meta_run *run, meta_luck *luck)
{
    (void)luck;
    renew(run, false);
    meta_go(run, run->setup.end, 1);
    return true;
}

static bool beside_another(meta_run *run, meta_luck *luck)
{
    (void)luck;
    model_world neighbour;
    assert_int_equal(
        model_world_init(&neighbour, &run->setup, run->world.rng.seed, run->world.rng.replication + 1, true), 0);
    for (int i = 1; i <= 7; i++) {
        assert_int_equal(model_world_run(&neighbour, run->setup.end / 7 * i, 1), 0);
        meta_go(run, run->setup.end / 7 * i, 1);
    }
    meta_go(run, run->setup.end, 1);
    model_world_free(&neighbour);
    return true;
}

const meta_relation meta_running[] = {
    {"run_again", "a second run of the same replication is the first one", 6, .same = {.parts = META_IMAGE},
     .more = true},
    {"in_pieces", "a run may be stopped anywhere, and go on", 10, .run = in_pieces, .same = {.parts = META_IMAGE},
     .more = true},
    {"on_threads", "any number of threads does the same", 4, crowd, on_threads, .same = {.parts = META_IMAGE},
     .more = true},
    {"saved_and_restored", "a world restored from its image goes on as it would have", 20, .run = saved_and_restored,
     .same = {.parts = META_IMAGE}, .more = true},
    {"without_journeys", "who keeps no log of journeys gets the same results", 6, .run = without_journeys,
     .same = {.parts = META_ALL & ~(unsigned)META_JOURNEYS}, .more = true},
    {"beside_another", "worlds that run beside one another do not touch", 6, .run = beside_another,
     .same = {.parts = META_IMAGE}, .more = true},
};
const size_t meta_running_count = sizeof meta_running / sizeof *meta_running;
