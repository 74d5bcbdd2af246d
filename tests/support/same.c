#include "tests/support/same.h"

#include <setjmp.h>
#include <stdarg.h>
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

static image run_to_end(const model_setup *setup, uint64_t seed, unsigned threads, sim_time stop)
{
    model_world first, second, *world = &first;
    test_world(&first, setup, seed, 0);
    if (stop > 0) {
        assert_int_equal(model_world_run(&first, stop, threads), 0);
        image middle = save(&first);
        model_world_free(&first);
        test_world(&second, setup, seed, 0);
        assert_int_equal(model_world_restore(&second, middle.bytes, middle.size), 0);
        free(middle.bytes);
        world = &second;
    }
    assert_int_equal(model_world_run(world, setup->end, threads), 0);
    image end = save(world);
    model_world_free(world);
    return end;
}

void test_same_however_run(const model_setup *setup, uint64_t seed)
{
    image expected = run_to_end(setup, seed, 1, 0);
    for (int i = 1; i <= 5; i++) {
        image found = run_to_end(setup, seed, i == 1 ? 2 : 1, i == 1 ? 0 : setup->end / 11 * (2 * i - 2) + 12345678);
        assert_int_equal(found.size, expected.size);
        size_t at = 0;
        while (at < found.size && found.bytes[at] == expected.bytes[at])
            at++;
        if (at < found.size)
            fail_msg("%s: different from byte %zu of %zu on", i == 1 ? "two threads" : "restored", at, found.size);
        free(found.bytes);
    }
    free(expected.bytes);
}

static const sim_metric_place *metric_named(const model_world *world, const char *name)
{
    for (uint32_t i = 0; i < world->recorder.metric_count; i++)
        if (strcmp(world->recorder.metrics[i].row->name, name) == 0)
            return &world->recorder.metrics[i];
    fail_msg("no metric %s", name);
    return NULL;
}

void test_same_metrics(const model_world *a, const model_world *b)
{
    const sim_recorder *x = &a->recorder, *y = &b->recorder;
    assert_int_equal(x->bins, y->bins);
    for (uint32_t i = 0; i < x->metric_count; i++) {
        const sim_metric_place *m = &x->metrics[i], *n = metric_named(b, m->row->name);
        if (m->row->kind == SIM_METRIC_SHARE)
            continue;
        const sim_recorder_part *p = &x->parts[m->owner], *q = &y->parts[n->owner];
        assert_int_equal(m->width, n->width);
        assert_int_equal(p->owners, q->owners);
        size_t values = (m->row->kind == SIM_METRIC_COUNT ? 1u : 2u) * m->width;
        for (uint32_t bin = 0; bin < x->bins; bin++)
            for (uint32_t owner = 0; owner < p->owners; owner++)
                if (memcmp(sim_recorder_series(x, m, bin, owner), sim_recorder_series(y, n, bin, owner),
                           values * sizeof(int64_t)) != 0)
                    fail_msg("%s is not the same in bin %u", m->row->name, (unsigned)bin);
        for (uint32_t owner = 0; m->row->kind == SIM_METRIC_DURATION && owner < p->owners; owner++)
            assert_memory_equal(p->buckets + ((size_t)owner * p->histograms + m->histogram) * SIM_HISTOGRAM_SIZE,
                                q->buckets + ((size_t)owner * q->histograms + n->histogram) * SIM_HISTOGRAM_SIZE,
                                (size_t)m->width * SIM_HISTOGRAM_SIZE * sizeof *p->buckets);
    }
}
