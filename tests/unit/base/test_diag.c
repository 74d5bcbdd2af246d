/* Diagnostics: order, caret lines, safety of what is printed, JSON, suggestions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "sim/base/diag.h"

static char *printed(const sim_diag *diag)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    sim_diag_print(diag, to);
    assert_int_equal(fclose(to), 0);
    return text;
}

static void assert_prints(const sim_diag *diag, const char *expected)
{
    char *text = printed(diag);
    assert_string_equal(text, expected);
    free(text);
}

static sim_diag *new_diag(size_t limit)
{
    sim_diag *diag = NULL;
    assert_int_equal(sim_diag_new(&diag, limit), 0);
    return diag;
}

static void an_error_shows_place_line_caret_expectation_and_suggestion(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(10);
    const char *text = "hbm: 1\nnmae: Two posts\n";
    int file = sim_diag_file(diag, "a.yaml", text, strlen(text));
    sim_diag_error(diag, (sim_mark){file, 2, 1, 4}, "one of name, start", "name", "unknown key \"%s\"", "nmae");
    assert_int_equal(sim_diag_count(diag), 1);
    assert_prints(diag, "a.yaml:2:1: error: unknown key \"nmae\"\n"
                        "  | nmae: Two posts\n"
                        "  | ^~~~\n"
                        "  expected one of name, start\n"
                        "  did you mean \"name\"?\n");
    sim_diag_free(diag);
}

static void entries_come_in_order_of_place_and_warnings_do_not_count(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(10);
    int one = sim_diag_file(diag, "one", NULL, 0), two = sim_diag_file(diag, "two", NULL, 0);
    sim_diag_error(diag, (sim_mark){two, 1, 1, 1}, NULL, NULL, "f");
    sim_diag_error(diag, (sim_mark){one, 3, 1, 1}, NULL, NULL, "d");
    sim_diag_error(diag, (sim_mark){one, 2, 9, 1}, NULL, NULL, "c");
    sim_diag_warning(diag, (sim_mark){one, 2, 5, 1}, "b");
    sim_diag_error(diag, (sim_mark){one, 3, 1, 1}, NULL, NULL, "e");
    sim_diag_error(diag, (sim_mark){one, 0, 0, 1}, NULL, NULL, "a");
    assert_int_equal(sim_diag_count(diag), 5);
    assert_prints(diag, "one: error: a\none:2:5: warning: b\none:2:9: error: c\none:3:1: error: d\none:3:1: error: e\n"
                        "two:1:1: error: f\n");
    sim_diag_free(diag);
}

static void beyond_the_limit_errors_are_counted_and_not_kept(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(2);
    int file = sim_diag_file(diag, "f", NULL, 0);
    for (int i = 1; i <= 5; i++)
        sim_diag_error(diag, (sim_mark){file, i, 1, 1}, NULL, NULL, "e%d", i);
    assert_int_equal(sim_diag_count(diag), 5);
    assert_prints(diag, "f:1:1: error: e1\nf:2:1: error: e2\n3 more errors are not shown\n");
    sim_diag_free(diag);
}

static void a_long_line_is_cut_to_a_window_around_the_caret(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(2);
    char *text = malloc(5000);
    memset(text, 'x', 5000);
    text[3000] = 'Q';
    int file = sim_diag_file(diag, "f", text, 5000);
    free(text);
    sim_diag_error(diag, (sim_mark){file, 1, 3001, 4000}, NULL, NULL, "here");
    char *out = printed(diag);
    char *line = strchr(out, '\n') + 1, *caret = strchr(line, '\n') + 1;
    assert_true(strlen(out) < 400);
    assert_int_equal(strchr(line, 'Q') - line, strchr(caret, '^') - caret);
    assert_true(strncmp(line, "  | ...x", 8) == 0 && strncmp(caret - 4, "...\n", 4) == 0);
    free(out);
    sim_diag_free(diag);
}

static void carets_count_characters_not_bytes(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(2);
    const char *text = "\xEF\xBB\xBFčekárna: ž\r\nsecond\rthird";
    int file = sim_diag_file(diag, "f", text, strlen(text));
    sim_diag_error(diag, (sim_mark){file, 1, 10, 1}, NULL, NULL, "a");
    sim_diag_error(diag, (sim_mark){file, 3, 2, 1}, NULL, NULL, "b");
    assert_prints(diag, "f:1:10: error: a\n  | čekárna: ž\n  |          ^\nf:3:2: error: b\n  | third\n  |  ^\n");
    sim_diag_free(diag);
}

static void nothing_the_user_wrote_reaches_the_terminal_raw(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(4);
    const char *text = "a\x1b[2J\tb\x07 \xE2\x80\xAE \xFF";
    int file = sim_diag_file(diag, "evil\x1b[31m\n.yaml", text, strlen(text));
    sim_diag_error(diag, (sim_mark){file, 1, 2, 1}, "x\x1b", "y\n", "bad %s", text);
    char *out = printed(diag);
    for (const char *c = out; *c != '\0'; c++)
        assert_true((unsigned char)*c >= 0x20 || *c == '\n');
    assert_null(strstr(out, "\xE2\x80\xAE"));
    assert_null(strchr(out, '\xFF'));
    assert_non_null(strstr(out, "evil?[31m?.yaml:1:2: error: bad a?[2J b? ? ?\n"));
    free(out);
    sim_diag_free(diag);
}

static void a_message_of_megabytes_is_cut(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(4);
    char *huge = malloc(5000001);
    memset(huge, 'k', 5000000);
    huge[5000000] = '\0';
    sim_diag_error(diag, (sim_mark){0, 1, 1, 1}, huge, huge, "%s", huge);
    free(huge);
    char *out = printed(diag);
    assert_true(strlen(out) < 3000);
    free(out);
    sim_diag_free(diag);
}

static void json_has_every_field_and_null_where_there_is_none(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(4);
    int file = sim_diag_file(diag, "a\xFF.yaml", NULL, 0);
    sim_diag_error(diag, (sim_mark){file, 7, 3, 2}, "a \"b\"", NULL, "quote \" and č");
    sim_diag_warning(diag, (sim_mark){-1, 0, 0, 1}, "w");
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_int_equal(sim_diag_print_json(diag, to), 0);
    fclose(to);
    json_t *array = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(array), 2);
    json_t *warning = json_array_get(array, 0), *error = json_array_get(array, 1);
    assert_true(json_is_null(json_object_get(warning, "file")));
    assert_string_equal(json_string_value(json_object_get(warning, "severity")), "warning");
    assert_string_equal(json_string_value(json_object_get(error, "file")), "a?.yaml");
    assert_int_equal(json_integer_value(json_object_get(error, "line")), 7);
    assert_int_equal(json_integer_value(json_object_get(error, "column")), 3);
    assert_string_equal(json_string_value(json_object_get(error, "message")), "quote \" and č");
    assert_string_equal(json_string_value(json_object_get(error, "expected")), "a \"b\"");
    assert_true(json_is_null(json_object_get(error, "suggestion")));
    json_decref(array);
    free(text);
    sim_diag_free(diag);
}

static void an_empty_diag_is_an_empty_json_array_and_prints_nothing(void **state)
{
    (void)state;
    sim_diag *diag = new_diag(4);
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_int_equal(sim_diag_print_json(diag, to), 0);
    fclose(to);
    assert_string_equal(text, "[]\n");
    free(text);
    assert_prints(diag, "");
    sim_diag_free(diag);
    sim_diag_free(NULL);
}

static void the_same_fault_at_the_same_place_is_told_once(void **state)
{
    (void)state;
    sim_diag *diag;
    assert_int_equal(sim_diag_new(&diag, 10), 0);
    sim_mark here = {sim_diag_file(diag, "a", NULL, 0), 2, 3, 1}, there = here;
    there.column = 4;
    sim_diag_error(diag, here, NULL, NULL, "wrong");
    sim_diag_error(diag, here, NULL, NULL, "wrong");
    assert_int_equal(sim_diag_count(diag), 1);
    sim_diag_error(diag, there, NULL, NULL, "wrong");
    sim_diag_error(diag, here, NULL, NULL, "wrong too");
    assert_int_equal(sim_diag_count(diag), 3);
    sim_diag_free(diag);
}

static void misspellings_find_their_word_and_other_words_do_not(void **state)
{
    (void)state;
    static const char *const words[] = {"desks", "staff", "time", "serves", "entry_check", "čekárna", "k"};
    static const struct {
        const char *written, *meant;
    } cases[] = {{"dsks", "desks"},
                 {"desk", "desks"},
                 {"dekss", "desks"},
                 {"Desks", "desks"},
                 {"tiem", "time"},
                 {"entrycheck", "entry_check"},
                 {"cekarna", "čekárna"},
                 {"xyz", NULL},
                 {"", NULL},
                 {"x", NULL},
                 {"zzzzz", NULL},
                 {"serve", "serves"},
                 {"population", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *nearest = sim_diag_nearest(cases[i].written, words, sizeof words / sizeof words[0]);
        if (cases[i].meant == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, cases[i].meant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_shows_place_line_caret_expectation_and_suggestion),
        cmocka_unit_test(entries_come_in_order_of_place_and_warnings_do_not_count),
        cmocka_unit_test(beyond_the_limit_errors_are_counted_and_not_kept),
        cmocka_unit_test(a_long_line_is_cut_to_a_window_around_the_caret),
        cmocka_unit_test(carets_count_characters_not_bytes),
        cmocka_unit_test(nothing_the_user_wrote_reaches_the_terminal_raw),
        cmocka_unit_test(a_message_of_megabytes_is_cut),
        cmocka_unit_test(json_has_every_field_and_null_where_there_is_none),
        cmocka_unit_test(an_empty_diag_is_an_empty_json_array_and_prints_nothing),
        cmocka_unit_test(the_same_fault_at_the_same_place_is_told_once),
        cmocka_unit_test(misspellings_find_their_word_and_other_words_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
