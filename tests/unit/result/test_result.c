/* Results in memory: what can be added, what is refused, and what the hash does and does not depend on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/digest.h"
#include "sim/base/error.h"
#include "sim/result/result.h"

static const char *const two[] = {"a", "b"};
static const double hours[] = {0.0, 3600.0, 7200.0};

static void labels_and_values_are_copied(void **state)
{
    (void)state;
    char first[] = "north";
    const char *labels[] = {first, "south"};
    double values[] = {1.0, 2.0};
    sim_result result;
    sim_result_init(&result);
    int station = sim_result_labels(&result, "station", "Station", 2, labels);
    int time = sim_result_values(&result, "time", "Time", "s", 2, values);
    first[0] = 'x';
    values[0] = 9.0;
    assert_int_equal(station, 0);
    assert_int_equal(time, 1);
    assert_string_equal(result.axes[station].labels[0], "north");
    assert_string_equal(result.axes[station].unit, "");
    assert_true(result.axes[time].values[0] == 1.0);
    assert_null(result.axes[time].labels);
    sim_result_free(&result);
}

static void an_equal_axis_is_the_earlier_one(void **state)
{
    (void)state;
    const double others[] = {0.0, 3600.0, NAN};
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(sim_result_values(&result, "time", "Time", "s", 3, hours), 0);
    assert_int_equal(sim_result_values(&result, "time", "Time", "s", 3, hours), 0);
    assert_int_equal(sim_result_values(&result, "time", "Time", "s", 2, hours), 1);
    assert_int_equal(sim_result_values(&result, "time", "Time", "min", 3, hours), 2);
    assert_int_equal(sim_result_values(&result, "time", "Time", "s", 3, others), 3);
    assert_int_equal(sim_result_values(&result, "time", "Time", "s", 3, others), 3);
    assert_int_equal(sim_result_labels(&result, "class", "", 2, two), 4);
    assert_int_equal(sim_result_labels(&result, "class", "", 2, two), 4);
    sim_result_free(&result);
}

static void datasets_begin_as_zero_or_nan(void **state)
{
    (void)state;
    int64_t *integers;
    double *reals;
    sim_result result;
    sim_result_init(&result);
    int axes[] = {sim_result_values(&result, "time", "", "s", 3, hours),
                  sim_result_labels(&result, "class", "", 2, two)};
    assert_int_equal(sim_result_integers(&result, "queue/count", "", "1", 2, axes, &integers), 0);
    assert_int_equal(sim_result_reals(&result, "queue/delay", "", "s", 2, axes, &reals), 0);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(integers[i], 0);
        assert_true(isnan(reals[i]));
    }
    const sim_dataset *found = sim_result_find(&result, "queue/delay");
    assert_non_null(found);
    assert_ptr_equal(found->data.reals, reals);
    assert_int_equal(found->size, 6);
    assert_string_equal(sim_result_axis(&result, found, 1)->name, "class");
    assert_null(sim_result_find(&result, "queue/dela"));
    sim_result_free(&result);
}

static void a_scalar_has_one_value(void **state)
{
    (void)state;
    double *value;
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(sim_result_reals(&result, "cost", "Cost", "USD", 0, NULL, &value), 0);
    assert_int_equal(sim_result_find(&result, "cost")->size, 1);
    *value = 3.0;
    sim_result_free(&result);
}

static void names_that_readers_refuse_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",   "a//b", "/a", "a/",   "a/b/c/d/e", ".a",         " a",
                                      "a ", "a/ b", "-a", "a\nb", "a\xff",     "provenance", "provenance/a"};
    static const char *const good[] = {"a", "b/b", "c/d/e/f", "_g", "9h", "Kesh bridge/waiting", "Übergang/国境"};
    int64_t *integers;
    sim_result result;
    sim_result_init(&result);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sim_result_integers(&result, bad[i], "", "1", 0, NULL, &integers), SIM_E_INPUT);
        assert_null(integers);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(sim_result_integers(&result, good[i], "", "1", 0, NULL, &integers), 0);
    assert_int_equal(sim_result_labels(&result, "a/b", "", 2, two), SIM_E_INPUT);
    assert_int_equal(sim_result_labels(&result, "empty", "", 0, two), SIM_E_INPUT);
    assert_int_equal(sim_result_values(&result, "empty", "", "s", 0, hours), SIM_E_INPUT);
    sim_result_free(&result);
}

static void what_collides_in_the_file_is_refused(void **state)
{
    (void)state;
    double *reals;
    sim_result result;
    sim_result_init(&result);
    int time = sim_result_values(&result, "time", "", "s", 3, hours);
    int other = sim_result_values(&result, "time", "", "s", 2, hours);
    int none[] = {-1}, twice[] = {time, time}, beyond[] = {2};
    assert_int_equal(sim_result_reals(&result, "q/a", "", "s", 1, &time, &reals), 0);
    assert_int_equal(sim_result_reals(&result, "q/a", "", "s", 0, NULL, &reals), SIM_E_INPUT); /* taken */
    assert_int_equal(sim_result_reals(&result, "q/time", "", "s", 0, NULL, &reals),
                     SIM_E_INPUT); /* the axis stands there */
    assert_int_equal(sim_result_reals(&result, "q/time/x", "", "s", 0, NULL, &reals),
                     SIM_E_INPUT); /* a group there too */
    assert_int_equal(sim_result_reals(&result, "q/b", "", "s", 1, &other, &reals),
                     SIM_E_INPUT); /* two axes, one name */
    assert_int_equal(sim_result_reals(&result, "r/time", "", "s", 1, &time, &reals), SIM_E_INPUT); /* its own axis */
    assert_int_equal(sim_result_reals(&result, "q/a/x", "", "s", 0, NULL, &reals),
                     SIM_E_INPUT);                                                           /* a dataset is no group */
    assert_int_equal(sim_result_reals(&result, "q", "", "s", 0, NULL, &reals), SIM_E_INPUT); /* a group is no dataset */
    assert_int_equal(sim_result_reals(&result, "q/c", "", "s", 2, twice, &reals), SIM_E_INPUT);
    assert_int_equal(sim_result_reals(&result, "q/c", "", "s", 1, none, &reals), SIM_E_INPUT);
    assert_int_equal(sim_result_reals(&result, "q/c", "", "s", 1, beyond, &reals), SIM_E_INPUT);
    assert_int_equal(sim_result_reals(&result, "q/c", "", "s", SIM_MAX_AXES + 1, &time, &reals), SIM_E_INPUT);
    assert_int_equal(sim_result_reals(&result, "u/time", "", "s", 0, NULL, &reals), 0);
    assert_int_equal(sim_result_reals(&result, "u/b", "", "s", 1, &time, &reals),
                     SIM_E_INPUT);                                                     /* the dataset stands there */
    assert_int_equal(sim_result_reals(&result, "s/b", "", "s", 1, &other, &reals), 0); /* another group may */
    assert_int_equal(sim_result_reals(&result, "qq", "", "s", 0, NULL, &reals), 0);
    assert_int_equal(result.dataset_count, 4);
    sim_result_free(&result);
}

static void sizes_beyond_memory_are_refused(void **state)
{
    (void)state;
    double *reals;
    sim_result result;
    sim_result_init(&result);
    enum { MANY = 20000 };
    double *values = calloc(MANY, sizeof *values);
    assert_non_null(values);
    int axes[5];
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    for (int i = 0; i < 5; i++)
        axes[i] = sim_result_values(&result, names[i], "", "s", MANY, values);
    assert_int_equal(sim_result_reals(&result, "q", "", "s", 5, axes, &reals), SIM_E_LIMIT);
    sim_result_free(&result);
    free(values);
}

static void an_attribute_is_replaced_by_the_next_of_its_name(void **state)
{
    (void)state;
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(sim_result_attribute(&result, "seed", "1", 1), 0);
    assert_int_equal(sim_result_attribute(&result, "seed", "2", 0), 0);
    assert_int_equal(result.attribute_count, 1);
    assert_string_equal(sim_result_text(&result, "seed"), "2");
    assert_int_equal(result.attributes[0].hashed, 0);
    assert_null(sim_result_text(&result, "plan"));
    assert_int_equal(sim_result_attribute(&result, "", "2", 0), SIM_E_INPUT);
    assert_int_equal(sim_result_attribute(&result, "Conventions", "2", 0), SIM_E_INPUT);
    assert_int_equal(sim_result_attribute(&result, "results_sha256", "2", 0), SIM_E_INPUT);
    sim_result_free(&result);
}

static void bytes_that_are_no_utf8_become_replacement_characters(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"\xff", "\xef\xbf\xbd"},
                                           {"a\xc3", "a\xef\xbf\xbd"},
                                           {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong */
                                           {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* surrogate */
                                           {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
                                           {"\xf0\x9f\x98\x80 ok ü", "\xf0\x9f\x98\x80 ok ü"}};
    sim_result result;
    sim_result_init(&result);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sim_result_attribute(&result, "command", cases[i][0], 0), 0);
        assert_string_equal(sim_result_text(&result, "command"), cases[i][1]);
    }
    sim_result_free(&result);
}

static void free_is_safe_twice(void **state)
{
    (void)state;
    sim_result result;
    sim_result_init(&result);
    assert_true(sim_result_labels(&result, "class", "", 2, two) >= 0);
    sim_result_free(&result);
    sim_result_free(&result);
    assert_int_equal(result.axis_count, 0);
}

/* A result to be changed in one place by `change`; parts are added in reverse order when `reverse`. */
static void build(sim_result *result, int change, int reverse)
{
    static const char *const one[] = {"a", "c"};
    const double other[] = {0.0, 3600.0, 7201.0};
    double *reals = NULL;
    int64_t *integers = NULL;
    int axes[2];
    sim_result_init(result);
    for (int step = 0; step < 2; step++) {
        if (step != reverse)
            axes[0] = sim_result_values(result, "time", change == 1 ? "x" : "Time", change == 2 ? "min" : "s", 3,
                                        change == 3 ? other : hours);
        else
            axes[1] = sim_result_labels(result, change == 4 ? "kind" : "class", "", 2, change == 5 ? one : two);
        if (step != reverse)
            assert_int_equal(
                sim_result_attribute(result, change == 6 ? "sead" : "seed", change == 7 ? "2" : "1", change != 8), 0);
        else
            assert_int_equal(sim_result_attribute(result, "threads", change == 20 ? "2" : "1", 0), 0);
    }
    int swapped[] = {axes[1], axes[0]};
    for (int step = 0; step < 2; step++) {
        if (step != reverse)
            assert_int_equal(sim_result_reals(result, change == 9 ? "q/x" : "q/r", change == 10 ? "x" : "",
                                              change == 11 ? "m" : "s", 2, change == 12 ? swapped : axes, &reals),
                             0);
        else
            assert_int_equal(sim_result_integers(result, "q/i", "", "1", change == 13 ? 0 : 1, axes, &integers), 0);
    }
    reals[0] = change == 14 ? -0.0 : 0.0;
    reals[1] = change == 15 ? nextafter(1.0, 2.0) : 1.0;
    if (change == 21) { /* another NaN */
        uint64_t bits = UINT64_C(0xfff8000000001234);
        memcpy(&reals[2], &bits, sizeof bits);
    }
    if (change == 16)
        reals[2] = 0.0;
    integers[0] = change == 17 ? 8 : 7;
}

static void the_hash_sees_every_change_but_those_that_are_none(void **state)
{
    (void)state;
    char hashes[22][65];
    sim_result result;
    for (int change = 0; change < 22; change++) {
        build(&result, change, 0);
        assert_int_equal(sim_result_hash(&result, hashes[change]), 0);
        assert_int_equal(strlen(hashes[change]), 64);
        sim_result_free(&result);
    }
    for (int a = 0; a < 18; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(hashes[a], hashes[b]);
    assert_string_equal(hashes[20], hashes[0]); /* an attribute that is not hashed */
    assert_string_equal(hashes[21], hashes[0]); /* another NaN */
}

static void the_hash_does_not_see_the_order_of_adding(void **state)
{
    (void)state;
    char straight[65], reverse[65];
    sim_result a, b;
    build(&a, 0, 0);
    build(&b, 0, 1);
    assert_string_not_equal(a.axes[0].name, b.axes[0].name);
    assert_string_not_equal(a.datasets[0].path, b.datasets[0].path);
    assert_int_equal(sim_result_hash(&a, straight), 0);
    assert_int_equal(sim_result_hash(&b, reverse), 0);
    assert_string_equal(straight, reverse);
    assert_null(sim_result_difference(&a, &b));
    sim_result_free(&a);
    sim_result_free(&b);
}

static void a_difference_is_named(void **state)
{
    (void)state;
    static const char *const expected[22] = {NULL,   "time", "time", "time", "class",   "class", "seed", "seed",
                                             "seed", "q/r",  "q/r",  "q/r",  "q/r",     "q/i",   "q/r",  "q/r",
                                             "q/r",  "q/i",  NULL,   NULL,   "threads", NULL};
    sim_result a, b;
    build(&a, 0, 0);
    for (int change = 0; change < 22; change++) {
        build(&b, change, 0);
        const char *found = sim_result_difference(&a, &b);
        if (expected[change] == NULL)
            assert_null(found);
        else
            assert_string_equal(found, expected[change]);
        sim_result_free(&b);
    }
    sim_result_free(&a);
}

/* Pinned: hashes are compared between versions and machines. */
static void the_hash_is_the_same_everywhere(void **state)
{
    (void)state;
    char hex[65];
    sim_result result;
    build(&result, 0, 0);
    assert_int_equal(sim_result_hash(&result, hex), 0);
    assert_string_equal(hex, "f87534d5e1770045af8b6727abb574a651406572b029b71faaf93f567f8c403b");
    sim_result_free(&result);
    sim_digest_of("abc", 3, hex); /* FIPS 180-4, example B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_and_values_are_copied),
        cmocka_unit_test(an_equal_axis_is_the_earlier_one),
        cmocka_unit_test(datasets_begin_as_zero_or_nan),
        cmocka_unit_test(a_scalar_has_one_value),
        cmocka_unit_test(names_that_readers_refuse_are_refused),
        cmocka_unit_test(what_collides_in_the_file_is_refused),
        cmocka_unit_test(sizes_beyond_memory_are_refused),
        cmocka_unit_test(an_attribute_is_replaced_by_the_next_of_its_name),
        cmocka_unit_test(bytes_that_are_no_utf8_become_replacement_characters),
        cmocka_unit_test(free_is_safe_twice),
        cmocka_unit_test(the_hash_sees_every_change_but_those_that_are_none),
        cmocka_unit_test(the_hash_does_not_see_the_order_of_adding),
        cmocka_unit_test(a_difference_is_named),
        cmocka_unit_test(the_hash_is_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
