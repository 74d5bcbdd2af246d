/* Claims about the table that a run prints, and about the numbers in it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/figure.h"
#include "sim/base/utf8.h"
#include "sim/base/words.h"
#include "tests/support/synthetic_result.h"
#include "tools/page/table.h"
#include "tools/page/view.h"

/* The table as text; caller frees. */
static char *print(const synthetic *shape)
{
    sim_result result;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    sim_result_init(&result);
    if (shape)
        synthetic_fill(&result, shape);
    assert_int_equal(table_print(&result, to), 0);
    assert_int_equal(fclose(to), 0);
    sim_result_free(&result);
    return text;
}

static void expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("not in the table: %s\n%s", part, text);
}

static void a_run_is_told_by_title_key_figures_and_posts(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    char *text = print(&shape);
    expect(text, "A test\n3 replications, seed 7, 2031-03-01 00:00 to 2031-03-03 00:00 local time\n");
    expect(text, "people who crossed  1,234,567     1,200\n");
    expect(text, "mean wait at the post of those who crossed  2 h 30 min  10 min 0 s\n");
    /* 48 hours of 60 people, and 0, 2, 4 more in the three replications */
    expect(text, "Post    Crossed  Gave up  Peak queue  Mean wait    P50    P95  Longest  Exit  Entry  At end\n");
    expect(text, "Post 1    2,882        -         120      2.5 h  3.1 h  3.2 h    3.0 h  50 %   25 %     120\n");
    assert_null(strstr(text, "bserved"));
    free(text);
}

static void centres_and_informal_crossings_have_tables_of_their_own(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    char *text = print(&shape);
    /* 1,200 stays in three replications, 40 of them settled in each; a quarter stays for 4 h, the rest for 12 h */
    expect(text,
           "\nCentre   Came  Went on  Settled  Sent on  Beds  Peak inside  Peak open  Mean stay  P95 stay  At end\n");
    expect(text,
           "\nCamp    1,100      360       40       33    40           30         10     10.0 h    12.2 h      40\n");
    expect(text, "\nInformal crossing  Crossed  Price USD\n");
    expect(text, "\nFord                 1,400        123\n");
    free(text);
    shape.has_sites = 0;
    text = print(&shape);
    assert_null(strstr(text, "Centre"));
    assert_null(strstr(text, "Informal"));
    free(text);
}

static void stations_are_ranked_by_the_time_people_waited_there(void **state)
{
    static const char *const stations[] = {"Post 2/entry", "Post 2/exit", "Post 1/entry", "Post 1/exit"};
    synthetic shape = synthetic_default();
    (void)state;
    char *text = print(&shape), *at = strstr(text, "Most waiting at");
    assert_non_null(at);
    expect(at, " 400 h    40 %           -         4.0     25 %\n");
    expect(at, " 100 h    10 %           -         4.0     50 %\n");
    for (size_t i = 0; i < sizeof stations / sizeof *stations; i++) {
        at = strstr(at, stations[i]);
        assert_non_null(at);
    }
    free(text);
}

static void where_nobody_waited_no_station_is_named(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    shape.people = 0;
    char *text = print(&shape);
    assert_null(strstr(text, "Most waiting at"));
    free(text);
}

static void one_replication_has_no_interval(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    shape.replications = 1;
    char *text = print(&shape);
    expect(text, "1 replication, seed 7");
    assert_null(strstr(text, "±"));
    expect(text, "people who crossed  1,234,567\n");
    free(text);
}

static void what_is_no_number_is_a_dash(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    shape.people = (double)NAN;
    shape.days_observed = 3;
    char *text = print(&shape);
    expect(text, "people who crossed     -         -\n");
    expect(text, "Post 1        -        -           -          -    -    -        -     -      -       -\n");
    expect(text, "All posts        -           -            -     -          -     -\n");
    expect(text,
           "Camp       -        0        -        -     -            -          -          -         -       -\n");
    assert_null(strstr(text, "nan"));
    free(text);
}

static void results_without_data_give_a_title_alone(void **state)
{
    (void)state;
    char *text = print(NULL);
    assert_string_equal(text, "Results\n1 replication\n");
    free(text);
}

static void lines_are_aligned_whatever_the_names(void **state)
{
    static const char *const names[] = {"Dołhobyczów", "Przejście graniczne Zosín–Ustyłuh", "a\nb\033[31mc"};
    synthetic shape = synthetic_default();
    size_t width = 0, rows = 0;
    (void)state;
    shape.posts = 3;
    shape.names = names;
    char *text = print(&shape), *rest = NULL;
    assert_null(strchr(text, '\033'));
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        size_t characters = sim_utf8_count(line, strlen(line));
        assert_true(characters <= 120);
        if (strstr(line, " 2.5 h ") == NULL)
            continue;
        assert_true(rows == 0 || characters == width);
        width = characters;
        rows++;
    }
    assert_int_equal(rows, 3);
    free(text);
}

static void the_naive_rule_takes_yesterdays_number(void **state)
{
    synthetic shape = synthetic_default();
    (void)state;
    shape.days_observed = 5; /* 1000, 1100 ... 1400; simulated 10 more each day */
    char *text = print(&shape);
    expect(text, "All posts                 5     6,000      6,050           -           -    10         100\n");
    expect(text, "All posts     2031-03-01 00:00  2031-03-02 00:00        1,000  1,010          -     -\n");
    free(text);
}

static void long_lists_of_observations_are_cut(void **state)
{
    synthetic shape = synthetic_default();
    size_t rows = 0;
    (void)state;
    shape.days_observed = 47;
    char *text = print(&shape);
    for (const char *at = text; (at = strstr(at, "\nAll posts     2031-")) != NULL; at++)
        rows++;
    assert_int_equal(rows, 40);
    expect(text, "... and 7 more in the results file, group \"observed\".\n");
    free(text);
}

static void numbers_have_thousands_apart(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{0, 0, "0"},
                 {-0.4, 0, "0"},
                 {999, 0, "999"},
                 {1000, 0, "1,000"},
                 {1234567.89, 1, "1,234,567.9"},
                 {-12345, 0, "-12,345"},
                 {0.25, 2, "0.25"},
                 {999999.6, 0, "1,000,000"},
                 {NAN, 0, "-"},
                 {INFINITY, 0, "-"},
                 {1e300, 0, "1.000e+300"}};
    char text[FIGURE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        figure_number(text, cases[i].value, cases[i].decimals);
        assert_string_equal(text, cases[i].text);
    }
}

static void waits_are_short(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0, "0 s"},      {59.4, "59 s"},    {59.6, "1 min"},   {3569, "59 min"},
                 {3571, "1.0 h"}, {80280, "22.3 h"}, {432000, "120 h"}, {NAN, "-"}};
    char text[FIGURE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        figure_wait(text, cases[i].seconds);
        assert_string_equal(text, cases[i].text);
    }
}

static void months_begin_where_the_calendar_says(void **state)
{
    (void)state;
    for (int year = 1900; year <= 2400; year += 7)
        for (int month = 1; month <= 12; month++) {
            figure_date date = figure_calendar(figure_month_begin(year, month));
            assert_int_equal(date.year, year);
            assert_int_equal(date.month, month);
            assert_int_equal(date.day, 1);
            assert_int_equal(date.hour, 0);
        }
    assert_true(figure_month_begin(1970, 1) == 0);
    assert_true(figure_month_begin(2022, 15) == figure_month_begin(2023, 3));
}

static void a_post_with_a_slash_in_its_name_keeps_its_stations(void **state)
{
    static const char *const names[] = {"A", "A/exit/B"};
    synthetic shape = synthetic_default();
    sim_result result;
    tool_view view;
    (void)state;
    shape.names = names;
    sim_result_init(&result);
    synthetic_fill(&result, &shape);
    assert_int_equal(view_init(&view, &result), 0);
    assert_int_equal(view.station_count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(view.stations[i].post, i / 2);
        assert_int_equal(view.stations[i].side, i % 2);
    }
    view_free(&view);
    sim_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_told_by_title_key_figures_and_posts),
        cmocka_unit_test(centres_and_informal_crossings_have_tables_of_their_own),
        cmocka_unit_test(stations_are_ranked_by_the_time_people_waited_there),
        cmocka_unit_test(where_nobody_waited_no_station_is_named),
        cmocka_unit_test(one_replication_has_no_interval),
        cmocka_unit_test(what_is_no_number_is_a_dash),
        cmocka_unit_test(results_without_data_give_a_title_alone),
        cmocka_unit_test(lines_are_aligned_whatever_the_names),
        cmocka_unit_test(the_naive_rule_takes_yesterdays_number),
        cmocka_unit_test(long_lists_of_observations_are_cut),
        cmocka_unit_test(numbers_have_thousands_apart),
        cmocka_unit_test(waits_are_short),
        cmocka_unit_test(months_begin_where_the_calendar_says),
        cmocka_unit_test(a_post_with_a_slash_in_its_name_keeps_its_stations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
