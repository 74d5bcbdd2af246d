#include "tests/support/same_bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

typedef struct {
    unsigned char *bytes;
    size_t size;
} image;

static image save(model_world *world)
{
    image i = {NULL, 0};
    assert_int_equal(model_world_save(world, &i.bytes, &i.size), 0);
    return i;
}

static image end_of(const model_setup *setup, unsigned threads)
{
    model_world world;
    test_world(&world, setup, 3, 0);
    assert_int_equal(model_world_run(&world, setup->end, threads), 0);
    image end = save(&world);
    model_world_free(&world);
    return end;
}

static void assert_same(const image *a, const image *b, const char *what)
{
    if (a->size != b->size || memcmp(a->bytes, b->bytes, a->size) != 0)
        fail_msg("%s: another state at the end", what);
}

/* Stopped, saved, restored into a new world and gone on. */
static image restored_end(const model_setup *setup, sim_time at)
{
    model_world first, second;
    test_world(&first, setup, 3, 0);
    assert_int_equal(model_world_run(&first, at, 1), 0);
    image middle = save(&first);
    model_world_free(&first);
    test_world(&second, setup, 3, 0);
    assert_int_equal(model_world_restore(&second, middle.bytes, middle.size), 0);
    assert_int_equal(model_world_run(&second, setup->end, 2), 0);
    image end = save(&second);
    model_world_free(&second);
    free(middle.bytes);
    return end;
}

void test_same_bits(const char *text)
{
    model_setup setup;
    test_setup(&setup, text);
    image expected = end_of(&setup, 1), two = end_of(&setup, 2);
    assert_same(&expected, &two, "two threads");
    for (int i = 1; i < 7; i++) {
        image found = restored_end(&setup, setup.end / 7 * i + 1234567 * i);
        assert_same(&expected, &found, "restored");
        free(found.bytes);
    }
    free(expected.bytes);
    free(two.bytes);
    model_setup_free(&setup);
}

static const sim_metric_place *metric_named(const sim_recorder *r, const char *name)
{
    for (uint32_t i = 0; i < r->metric_count; i++)
        if (r->metrics[i].row != NULL && strcmp(r->metrics[i].row->name, name) == 0)
            return &r->metrics[i];
    return NULL;
}

static void assert_same_metric(const sim_recorder *a, const sim_metric_place *m, const sim_recorder *b,
                               const sim_metric_place *n)
{
    const sim_recorder_part *p = &a->parts[m->owner], *q = &b->parts[n->owner];
    uint32_t step = m->row->kind == SIM_METRIC_COUNT ? 1 : 2;
    for (uint32_t bin = 0; bin < a->bins; bin++)
        for (uint32_t owner = 0; owner < p->owners; owner++)
            if (memcmp(sim_recorder_series(a, m, bin, owner), sim_recorder_series(b, n, bin, owner),
                       step * m->width * sizeof(int64_t)) != 0)
                fail_msg("%s differs in bin %u", m->row->name, bin);
    for (uint32_t i = 0; m->row->kind == SIM_METRIC_DURATION && i < p->owners * m->width; i++) {
        size_t x = (size_t)(i / m->width) * p->histograms + m->histogram + i % m->width;
        size_t y = (size_t)(i / m->width) * q->histograms + n->histogram + i % m->width;
        if (memcmp(p->buckets + x * SIM_HISTOGRAM_SIZE, q->buckets + y * SIM_HISTOGRAM_SIZE,
                   SIM_HISTOGRAM_SIZE * sizeof *p->buckets) != 0)
            fail_msg("the histogram of %s differs", m->row->name);
    }
}

void test_same_run(const char *text, const char *other)
{
    model_setup setups[2];
    model_world worlds[2];
    uint32_t common = 0;
    test_setup(&setups[0], text);
    test_setup(&setups[1], other);
    for (int i = 0; i < 2; i++)
        test_run(&worlds[i], &setups[i], 3, 0);
    const sim_recorder *a = &worlds[0].recorder, *b = &worlds[1].recorder;
    for (uint32_t i = 0; i < a->metric_count; i++) {
        const sim_metric_place *m = &a->metrics[i], *n = m->row == NULL ? NULL : metric_named(b, m->row->name);
        if (n == NULL)
            continue;
        assert_same_metric(a, m, b, n);
        common++;
    }
    assert_true(common > 20);
    for (int i = 0; i < 2; i++) {
        model_world_free(&worlds[i]);
        model_setup_free(&setups[i]);
    }
}
