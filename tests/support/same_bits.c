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

void test_same_run(const char *text, const char *other)
{
    model_setup a, b;
    test_setup(&a, text);
    test_setup(&b, other);
    image x = end_of(&a, 1), y = end_of(&b, 1);
    assert_same(&x, &y, "without the model");
    free(x.bytes);
    free(y.bytes);
    model_setup_free(&a);
    model_setup_free(&b);
}
