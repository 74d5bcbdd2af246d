/* The board: each row has its writers, one where one must be, and its neutral value; what models write by turns
 * combines; a row that nobody writes is not there; all of it is saved and restored. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/core/run.h"
#include "models/core/state.h"
#include "tests/support/scenario.h"

#define PLAIN                                                                                                        \
    "hbm: 1\nname: B\nstart: 2030-01-01T00:00Z\nduration: 6 h\nplaces: {A: {kind: origin}, P: {kind: post}}\n"       \
    "links: [{from: A, to: P, length: 1 km, modes: [foot]}]\nstations: {a: {time: 60 s, desks: 2}}\n"                \
    "posts: {P: {entry: {stations: [a]}}}\ndisplacement: [{from: A, people: 100, shape: {uniform: {low: 0 h, high: " \
    "1 h}}}]\n"

static void every_row_is_written_by_some_model_and_one_of_one_writer_by_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_board_count; i++) {
        const char *name = model_board[i].column.name;
        size_t writers = 0;
        for (size_t m = 0; m < model_registry_count; m++)
            writers += model_board_is_written_by(model_registry[m], name);
        if (writers == 0)
            fail_msg("nobody writes %s", name);
        if (model_board[i].combine == MODEL_ONE && writers > 1)
            fail_msg("%zu models write %s", writers, name);
        assert_true(model_board[i].doc[0] != '\0');
    }
}

static void a_model_writes_no_row_that_is_not_there(void **state)
{
    (void)state;
    for (size_t m = 0; m < model_registry_count; m++) {
        const char *at = model_registry[m]->writes == NULL ? "" : model_registry[m]->writes;
        for (; *at != '\0'; at += strspn(at, " ")) {
            size_t length = strcspn(at, " "), found = 0;
            for (size_t i = 0; i < model_board_count; i++)
                found += strlen(model_board[i].column.name) == length &&
                         strncmp(model_board[i].column.name, at, length) == 0;
            if (found != 1)
                fail_msg("%s writes %.*s, which is no row", model_registry[m]->name, (int)length, at);
            at += length;
        }
    }
}

/* Neutral: nobody has done anything to it. */
static void rows_begin_neutral_and_those_that_nobody_writes_are_not_there(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, PLAIN);
    test_world(&world, &setup, 1, 0);
    assert_true(world.pace == NULL && world.paper == NULL && world.blanket == NULL && world.left_out == NULL);
    assert_true(world.alertness[0] >= 1 && world.alertness[0] <= 1);
    assert_true(isnan(world.heat[0]));
    assert_int_equal(world.limit[0], UINT32_MAX);
    assert_int_equal(world.lanes[0], 2); /* post: as declared */
    model_world_free(&world);
    model_setup_free(&setup);
}

/* Two writers that know nothing of each other: what they multiply or add is there until the next control instant. */
static void what_is_multiplied_or_added_is_remade(void **state)
{
    (void)state;
    model_setup setup;
    model_world world;
    test_setup(&setup, PLAIN);
    test_world(&world, &setup, 1, 0);
    world.alertness[0] *= 0.5;
    world.alertness[0] *= 0.5;
    world.deterrent[0] += 3;
    world.outages[0] += 1;
    model_board_remake(&world);
    assert_true(world.alertness[0] >= 1 && world.deterrent[0] <= 0);
    assert_int_equal(world.outages[0], 1); /* counts are kept: who added takes back */
    model_world_free(&world);
    model_setup_free(&setup);
}

static void every_row_is_saved_and_restored(void **state)
{
    (void)state;
    model_setup setup;
    model_world a, b;
    unsigned char *bytes = NULL;
    size_t size = 0, compared = 0;
    test_setup(&setup, PLAIN);
    test_world(&a, &setup, 1, 0);
    test_world(&b, &setup, 1, 0);
    for (size_t i = 0; i < model_board_count; i++) {
        const model_column *c = &model_board[i].column;
        unsigned char *entries = *(unsigned char **)(void *)((char *)&a + c->at);
        if (entries != NULL)
            memset(entries, (int)(1 + i), model_state_entries(&a, c) * c->size);
    }
    assert_int_equal(model_world_save(&a, &bytes, &size), 0);
    assert_int_equal(model_world_restore(&b, bytes, size), 0);
    for (size_t i = 0; i < model_board_count; i++) {
        const model_column *c = &model_board[i].column;
        const unsigned char *x = *(unsigned char **)(void *)((char *)&a + c->at),
                            *y = *(unsigned char **)(void *)((char *)&b + c->at);
        if (x == NULL)
            continue;
        assert_memory_equal(x, y, model_state_entries(&a, c) * c->size);
        compared++;
    }
    assert_true(compared > 10);
    free(bytes);
    model_world_free(&a);
    model_world_free(&b);
    model_setup_free(&setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_written_by_some_model_and_one_of_one_writer_by_one),
        cmocka_unit_test(a_model_writes_no_row_that_is_not_there),
        cmocka_unit_test(rows_begin_neutral_and_those_that_nobody_writes_are_not_there),
        cmocka_unit_test(what_is_multiplied_or_added_is_remade),
        cmocka_unit_test(every_row_is_saved_and_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
