/* CSV tables: cells and their places, tags, and everything that is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/input/table.h"

typedef struct {
    sim_table *table;
    sim_diag *diag;
    int rc;
} reading;

static reading read_bytes(const char *text, size_t length)
{
    reading r = {0};
    assert_int_equal(sim_diag_new(&r.diag, 20), 0);
    r.rc = sim_table_parse(&r.table, text, length, "t.csv", r.diag);
    assert_true((r.rc == 0) == (r.table != NULL));
    return r;
}

static reading read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void close_reading(reading *r)
{
    sim_table_free(r->table);
    sim_diag_free(r->diag);
}

static char *messages(const sim_diag *diag)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    sim_diag_print(diag, to);
    fclose(to);
    return text;
}

static void assert_message(const sim_diag *diag, const char *expected)
{
    char *text = messages(diag);
    if (strstr(text, expected) == NULL)
        fail_msg("expected \"%s\", got \"%s\"", expected, text);
    free(text);
}

static void assert_refused(const char *text, const char *expected)
{
    reading r = read_text(text);
    assert_int_equal(r.rc, SIM_E_INPUT);
    assert_message(r.diag, expected);
    close_reading(&r);
}

static void assert_mark(const sim_table *table, size_t row, size_t column, int line, int at, int length)
{
    sim_mark mark = sim_table_mark(table, row, column);
    assert_int_equal(mark.line, line);
    assert_int_equal(mark.column, at);
    assert_int_equal(mark.length, length);
}

static void cells_are_found_by_column_and_row(void **state)
{
    (void)state;
    reading r = read_text("date, post ,count\n2022-02-24,Bridge,12\n\n2022-02-25,\"Ford, lower\",\"a \"\"b\"\"\"\n");
    assert_int_equal(r.rc, 0);
    assert_int_equal(sim_table_rows(r.table), 2);
    assert_int_equal(sim_table_columns(r.table), 3);
    assert_string_equal(sim_table_column(r.table, 1), "post");
    assert_int_equal(sim_table_find(r.table, "count"), 2);
    assert_int_equal(sim_table_find(r.table, "nope"), -1);
    assert_string_equal(sim_table_cell(r.table, 0, 1), "Bridge");
    assert_string_equal(sim_table_cell(r.table, 1, 1), "Ford, lower");
    assert_string_equal(sim_table_cell(r.table, 1, 2), "a \"b\"");
    const char *text;
    size_t length;
    sim_table_text(r.table, &text, &length);
    assert_int_equal(length, strlen(text));
    close_reading(&r);
}

static void cells_know_their_places_in_characters(void **state)
{
    (void)state;
    reading r = read_text("a,b,c\r\nžž,  y ,\"two\r\nlines\"\r\n\r\n\"x\n\",bbb,\n");
    assert_int_equal(r.rc, 0);
    assert_mark(r.table, 0, 0, 2, 1, 2);
    assert_mark(r.table, 0, 1, 2, 6, 2);
    assert_mark(r.table, 0, 2, 2, 9, 4);
    assert_mark(r.table, 1, 0, 5, 1, 2);
    assert_mark(r.table, 1, 1, 6, 3, 3);
    assert_mark(r.table, 1, 2, 6, 7, 1);
    close_reading(&r);
}

static void line_ends_of_every_kind_and_a_missing_last_one_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r",
                                        ("\xEF\xBB\xBF"
                                         "a,b\n1,2\n\n\n3,4\n\n")};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        reading r = read_text(texts[i]);
        assert_int_equal(r.rc, 0);
        assert_int_equal(sim_table_rows(r.table), 2);
        assert_string_equal(sim_table_column(r.table, 0), "a");
        assert_string_equal(sim_table_cell(r.table, 1, 1), "4");
        close_reading(&r);
    }
}

static void an_hxl_tag_row_behind_the_header_is_skipped_and_only_there(void **state)
{
    (void)state;
    reading r = read_text("date,count,note\n#date,#affected+n,\n2022-02-24,5,x\n#a,#b,#c\n");
    assert_int_equal(r.rc, 0);
    assert_int_equal(sim_table_rows(r.table), 2);
    assert_string_equal(sim_table_cell(r.table, 0, 1), "5");
    assert_mark(r.table, 0, 1, 3, 12, 1);
    assert_string_equal(sim_table_cell(r.table, 1, 0), "#a");
    close_reading(&r);
}

static void broken_tables_are_refused_with_their_place(void **state)
{
    (void)state;
    assert_refused("", "t.csv:1:1: error: the table is empty");
    assert_refused("\n\n", "the table is empty");
    assert_refused("a,b\n1,\"2\n3,4\n", "t.csv:2:1: error: a quote that opens in this row is never closed");
    assert_refused("a,b\n1,2 \"x\"\n", "t.csv:2:5: error: a quote stands where none may be");
    assert_refused("a,b\n1,\"x\"y\n", "t.csv:2:6: error: a quote stands where none may be");
    assert_refused("a,b\n1\n1,2,3\n", "t.csv:2:1: error: this row has 1 cells, the header has 2");
    assert_refused("a,b\n1\n1,2,3\n", "t.csv:3:1: error: this row has 3 cells, the header has 2");
    assert_refused("a,b,a\n1,2,3\n", "t.csv:1:5: error: the column \"a\" is given twice");
    assert_refused("a;b\n1;2\n", "the columns are separated by semicolons");
    assert_refused("a,b\n1,\xFF\n", "t.csv:2:3: error: this byte is not UTF-8 text");
    reading r = read_bytes("a,b\n1,\0\n", 8);
    assert_int_equal(r.rc, SIM_E_INPUT);
    assert_message(r.diag, "t.csv:2:3: error: a NUL byte");
    close_reading(&r);
}

static void a_required_column_that_is_missing_suggests_the_nearest(void **state)
{
    (void)state;
    reading r = read_text("date,cuont\n1,2\n");
    assert_int_equal(sim_table_require(r.table, "date", r.diag), 0);
    assert_int_equal(sim_diag_count(r.diag), 0);
    assert_int_equal(sim_table_require(r.table, "count", r.diag), -1);
    assert_message(r.diag, "did you mean \"cuont\"?");
    close_reading(&r);
}

static void numbers_are_finite_in_range_and_the_whole_cell(void **state)
{
    (void)state;
    reading r = read_text("n\n12.5\n\"\"\nnan\n5x\n1e999\n-1\n 7 \n");
    assert_int_equal(r.rc, 0);
    double value;
    assert_int_equal(sim_table_number(r.table, 0, 0, 0, 100, &value, r.diag), 0);
    assert_true(value == 12.5);
    for (size_t row = 1; row <= 5; row++)
        assert_int_equal(sim_table_number(r.table, row, 0, 0, 100, &value, r.diag), -1);
    assert_int_equal(sim_diag_count(r.diag), 5);
    assert_message(r.diag, "t.csv:3:1: error: n: the cell is empty");
    assert_message(r.diag, "t.csv:7:1: error: n: \"-1\" is out of range");
    assert_int_equal(sim_table_number(r.table, 6, 0, 0, 100, &value, r.diag), 0);
    assert_true(value == 7);
    close_reading(&r);
}

static void instants_take_the_given_offset_only_when_they_have_none(void **state)
{
    (void)state;
    reading r = read_text(
        "t\n2022-02-24\n2022-02-24T06:00\n2022-02-24T06:00+01:00\n2022-02-24 06:00:30Z\n1970-01-01\n2000-02-29\n"
        "2021-02-29\n2022-13-01\n24.2.2022\n2022-02-24T24:00\n2022-02-24T06:00:00.5Z\n2022-02-24x\n");
    assert_int_equal(r.rc, 0);
    static const long long expected[] = {1645657200, 1645678800, 1645678800, 1645682430, -3600, 951778800};
    long long seconds;
    for (size_t row = 0; row < 6; row++) {
        assert_int_equal(sim_table_instant(r.table, row, 0, 3600, &seconds, r.diag), 0);
        assert_true(seconds == expected[row]);
    }
    for (size_t row = 6; row < 12; row++)
        assert_int_equal(sim_table_instant(r.table, row, 0, 3600, &seconds, r.diag), -1);
    assert_int_equal(sim_diag_count(r.diag), 6);
    close_reading(&r);
}

static void only_ordinary_files_are_read(void **state)
{
    (void)state;
    char folder[] = "/tmp/hbm-table-XXXXXX", path[100];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    const char *const paths[] = {"/dev/zero", folder, path, "/nonexistent/file.csv"};
    for (size_t i = 0; i < 4; i++) {
        sim_diag *diag;
        sim_table *table;
        assert_int_equal(sim_diag_new(&diag, 5), 0);
        assert_int_equal(sim_table_read(&table, paths[i], "x.csv", diag), SIM_E_INPUT);
        assert_null(table);
        assert_message(diag, "x.csv: error: the file ");
        sim_diag_free(diag);
    }
    unlink(path);
    snprintf(path, sizeof path, "%s/t.csv", folder);
    FILE *file = fopen(path, "w");
    fputs("a\n1\n", file);
    fclose(file);
    sim_diag *diag;
    sim_table *table;
    assert_int_equal(sim_diag_new(&diag, 5), 0);
    assert_int_equal(sim_table_read(&table, path, "x.csv", diag), 0);
    assert_int_equal(sim_table_rows(table), 1);
    sim_table_free(table);
    sim_diag_free(diag);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_found_by_column_and_row),
        cmocka_unit_test(cells_know_their_places_in_characters),
        cmocka_unit_test(line_ends_of_every_kind_and_a_missing_last_one_are_read),
        cmocka_unit_test(an_hxl_tag_row_behind_the_header_is_skipped_and_only_there),
        cmocka_unit_test(broken_tables_are_refused_with_their_place),
        cmocka_unit_test(a_required_column_that_is_missing_suggests_the_nearest),
        cmocka_unit_test(numbers_are_finite_in_range_and_the_whole_cell),
        cmocka_unit_test(instants_take_the_given_offset_only_when_they_have_none),
        cmocka_unit_test(only_ordinary_files_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
