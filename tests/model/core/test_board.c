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

#include "models/core/state.h"
#include "models/plans/plan.h"
#include "tests/support/effects.h"
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

/* --- who writes what --- */

/* Models of a scenario whose `control` is looked at: what it changes on the board it must have named. */
enum { MOST_USED = 50 };
static model watched[MOST_USED];
static sim_time (*controls[MOST_USED])(model_world *, sim_time);

/* Rows that one model decides by itself; others are changed by what models do for one another. */
static bool is_judged(const model_board_row *row)
{
    return (row->combine == MODEL_ONE || row->combine == MODEL_TIMES || row->combine == MODEL_PLUS) &&
           row->column.each != MODEL_EACH_ROUTE;
}

static sim_time look(size_t used, model_world *world, sim_time now)
{
    unsigned char *before[64] = {NULL};
    assert_true(model_board_count <= 64);
    for (size_t i = 0; i < model_board_count; i++) {
        const model_column *c = &model_board[i].column;
        const void *entries = *(void *const *)(const void *)((const char *)world + c->at);
        size_t size = entries == NULL ? 0 : model_state_entries(world, c) * c->size;
        if (size == 0 || !is_judged(&model_board[i]))
            continue;
        before[i] = malloc(size);
        assert_non_null(before[i]);
        memcpy(before[i], entries, size);
    }
    sim_time next = controls[used](world, now);
    for (size_t i = 0; i < model_board_count; i++) {
        const model_column *c = &model_board[i].column;
        const void *entries = *(void *const *)(const void *)((const char *)world + c->at);
        if (before[i] != NULL && memcmp(before[i], entries, model_state_entries(world, c) * c->size) != 0 &&
            !model_board_is_written_by(&watched[used], c->name))
            fail_msg("%s writes %s and does not name it", watched[used].name, c->name);
        free(before[i]);
    }
    return next;
}

#define TEN(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7) X(t##8) X(t##9)
#define EACH(X) TEN(X, ) TEN(X, 1) TEN(X, 2) TEN(X, 3) TEN(X, 4)
#define LOOKING(n)                                             \
    static sim_time look_##n(model_world *world, sim_time now) \
    {                                                          \
        return look(n, world, now);                            \
    }
EACH(LOOKING)
#define LOOKER(n) look_##n,
static sim_time (*const lookers[])(model_world *, sim_time) = {EACH(LOOKER)};

/* Orders act in the control of the timeline, each on rows of its own model: that is not looked at. */
static void watch_all(model_setup *setup)
{
    assert_true(setup->used_count <= MOST_USED);
    for (size_t i = 0; i < setup->used_count; i++) {
        const model *m = setup->used[i];
        if (m->control == NULL || strcmp(m->name, "timeline") == 0)
            continue;
        memcpy(&watched[i], m, sizeof *m);
        controls[i] = m->control;
        watched[i].control = lookers[i];
        setup->used[i] = &watched[i];
    }
}

static void no_model_writes_in_its_control_what_it_does_not_name(void **state)
{
    (void)state;
    test_effects *effects = test_effects_find();
    for (size_t i = 0; i < effects->count; i++) {
        const test_effects_file *file = &effects->files[i];
        model_setup setup;
        model_world world;
        sim_diag *diag;
        assert_int_equal(sim_diag_new(&diag, 10), 0);
        assert_int_equal(model_setup_load(&setup, file->path, file->plan[0] == '\0' ? NULL : file->plan, NULL, 0, diag),
                         0);
        watch_all(&setup);
        assert_int_equal(model_world_init(&world, &setup, 1, 0, false), 0);
        assert_int_equal(model_world_run(&world, setup.end, 1), 0);
        model_world_free(&world);
        model_setup_free(&setup);
        sim_diag_free(diag);
    }
    free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_written_by_some_model_and_one_of_one_writer_by_one),
        cmocka_unit_test(a_model_writes_no_row_that_is_not_there),
        cmocka_unit_test(rows_begin_neutral_and_those_that_nobody_writes_are_not_there),
        cmocka_unit_test(what_is_multiplied_or_added_is_remade),
        cmocka_unit_test(every_row_is_saved_and_restored),
        cmocka_unit_test(no_model_writes_in_its_control_what_it_does_not_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
