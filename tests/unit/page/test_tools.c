/* Claims about the parts of the program that can be tested without running it: option values, tables, progress, name
 * patterns. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "tools/base/file.h"
#include "tools/base/option.h"
#include "tools/campaign/arguments.h"
#include "tools/campaign/private.h"
#include "tools/page/catalogue.h"
#include "tools/page/grid.h"

static void whole_numbers_are_taken_at_both_ends_of_their_range(void **state)
{
    uint64_t value = 0;
    (void)state;
    assert_int_equal(option_whole("1", 1, 1000000, &value), 0);
    assert_int_equal(value, 1);
    assert_int_equal(option_whole("1000000", 1, 1000000, &value), 0);
    assert_int_equal(value, 1000000);
    assert_int_equal(option_whole("18446744073709551615", 0, UINT64_MAX, &value), 0);
    assert_true(value == UINT64_MAX);
}

static void what_is_not_wholly_a_number_in_range_is_refused(void **state)
{
    static const char *const bad[] = {
        "", " 1", "1 ", "+1", "-1", "1e3", "0x10", "1.0", "0", "11", "18446744073709551616", "\xc2\xb2"};
    uint64_t value = 77;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(option_whole(bad[i], 1, 10, &value), -1);
    assert_int_equal(value, 77);
}

static void until_takes_a_metric_and_a_share(void **state)
{
    char *metric = NULL;
    double width = 0;
    (void)state;
    assert_int_equal(option_until("wait.mean=5%", &metric, &width), 0);
    assert_string_equal(metric, "wait.mean");
    assert_true(fabs(width - 0.05) < 1e-12);
    free(metric);
    assert_int_equal(option_until("x=0.1", &metric, &width), 0);
    assert_true(fabs(width - 0.1) < 1e-12);
    free(metric);
    assert_int_equal(option_until("x=101%", &metric, &width), SIM_E_INPUT);
    assert_int_equal(option_until("x=5 s", &metric, &width), SIM_E_INPUT);
    assert_null(metric);
}

static void expect_grid(const tool_grid *grid, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    assert_non_null(to);
    assert_int_equal(grid_print(grid, to), 0);
    assert_int_equal(fclose(to), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void columns_are_aligned_by_characters_not_bytes(void **state)
{
    tool_grid grid;
    (void)state;
    grid_init(&grid, 3, 2);
    grid_text(&grid, "Post");
    grid_text(&grid, "Wait");
    grid_text(&grid, "Note");
    grid_text(&grid, "Zosín é");
    grid_format(&grid, "%d", 7);
    grid_text(&grid, NULL);
    grid_text(&grid, "A");
    grid_text(&grid, "12345");
    grid_text(&grid, "x");
    expect_grid(&grid, "Post      Wait  Note\n"
                       "-------  -----  ----\n"
                       "Zosín é      7\n"
                       "A        12345  x\n");
    grid_free(&grid);
}

static void a_row_that_is_not_full_is_filled_up(void **state)
{
    tool_grid grid;
    (void)state;
    grid_init(&grid, 2, 0);
    grid_text(&grid, "a");
    grid_text(&grid, "b");
    grid_text(&grid, "c");
    expect_grid(&grid, "a  b\n-  -\nc\n");
    grid_free(&grid);
}

static void progress_tells_share_people_and_time_left(void **state)
{
    campaign_progress p = {.expected = 8};
    model_progress now = {.finished = 1, .wanted = 8, .running = 1, .people = 1234567};
    char line[200];
    (void)state;
    campaign_progress_line(&p, &now, 100, 8, line, sizeof line);
    assert_string_equal(line, "[##------]  25 %, 1 of 8 tasks, 1.2 M people, 5 min 0 s left");
    now = (model_progress){.wanted = 8, .people = 12};
    campaign_progress_line(&p, &now, 100, 0, line, sizeof line);
    assert_string_equal(line, "  0 %, 0 of 8 tasks, 12 people, ... left");
    p.expected = 0; /* a search */
    now.finished = 3;
    campaign_progress_line(&p, &now, 100, 8, line, sizeof line);
    assert_string_equal(line, "3 of 8 tasks so far, 12 people, 1 min 40 s");
}

/* What an earlier process has finished says nothing about how fast this one is. */
static void progress_counts_the_time_of_its_own_tasks_only(void **state)
{
    campaign_progress p = {.expected = 100, .known = 50};
    const model_progress now = {.finished = 75, .wanted = 100, .people = 1};
    char line[200];
    (void)state;
    campaign_progress_line(&p, &now, 60, 0, line, sizeof line);
    assert_string_equal(line, " 75 %, 75 of 100 tasks, 1 people, 1 min 0 s left");
}

static void journals_are_named_after_their_results_and_back(void **state)
{
    static const struct {
        const char *out;
        unsigned shard, shards;
        const char *journal;
    } names[] = {
        {"a/b.h5", 0, 0, "a/b.h5.journal"}, {"b.h5", 1, 1, "b.h5.journal"}, {"b.h5", 3, 12, "b.h5.3-of-12.journal"}};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *journal = campaign_journal_path(names[i].out, names[i].shard, names[i].shards),
             *out = campaign_out_of(names[i].journal);
        assert_string_equal(journal, names[i].journal);
        assert_string_equal(out, names[i].out);
        free(journal);
        free(out);
    }
    char *out = campaign_out_of("copy");
    assert_string_equal(out, "copy.h5");
    free(out);
}

static void arguments_are_known_however_they_are_spelt(void **state)
{
    const tool_command *run = NULL;
    (void)state;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, "run") == 0)
            run = &commands[i];
    char *spelt[][9] = {
        {"hbm run", "a b", "--reps", "5", "-t4", "--set", "x=1", "-qo", "f.h5"},
        {"hbm run", "-r5", "--thr=2", "--set=x=1", "a b", "--json", "--shard=2/3", "--quiet", "--out=g"}};
    for (size_t i = 0; i < 2; i++) {
        char **arguments;
        size_t count;
        assert_int_equal(campaign_arguments(run, 9, spelt[i], &arguments, &count), 0);
        assert_int_equal(count, 5);
        assert_string_equal(arguments[0], "run");
        assert_string_equal(arguments[1], "--reps=5");
        assert_string_equal(arguments[2], "--set=x=1");
        assert_string_equal(arguments[3], "--");
        assert_string_equal(arguments[4], "a b");
        campaign_arguments_free(arguments);
    }
}

static void a_name_typed_as_listed_is_found_and_patterns_are_shell_patterns(void **state)
{
    tool_catalogue catalogue = {NULL, "stations.*.desks"};
    (void)state;
    assert_true(catalogue_has(&catalogue, "stations.*.desks"));
    assert_false(catalogue_has(&catalogue, "stations.*.time"));
    catalogue.pattern = "s*.de[rs]k";
    assert_true(catalogue_has(&catalogue, "stations.*.desks"));
    catalogue.pattern = "desk";
    assert_true(catalogue_has(&catalogue, "stations.*.desks"));
    catalogue.pattern = NULL;
    assert_true(catalogue_has(&catalogue, "anything"));
}

static void a_command_line_is_written_as_a_shell_would_take_it(void **state)
{
    char run[] = "hbm run", path[] = "two posts/a.yaml", set[] = "--set=x='1'", plain[] = "--reps=2", empty[] = "";
    char *const words[] = {run, path, set, plain, empty};
    char *text = file_command_line(5, words);
    (void)state;
    assert_non_null(text);
    assert_string_equal(text, "hbm run 'two posts/a.yaml' '--set=x='\\''1'\\''' --reps=2 ''");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_taken_at_both_ends_of_their_range),
        cmocka_unit_test(what_is_not_wholly_a_number_in_range_is_refused),
        cmocka_unit_test(until_takes_a_metric_and_a_share),
        cmocka_unit_test(columns_are_aligned_by_characters_not_bytes),
        cmocka_unit_test(a_row_that_is_not_full_is_filled_up),
        cmocka_unit_test(progress_tells_share_people_and_time_left),
        cmocka_unit_test(progress_counts_the_time_of_its_own_tasks_only),
        cmocka_unit_test(journals_are_named_after_their_results_and_back),
        cmocka_unit_test(arguments_are_known_however_they_are_spelt),
        cmocka_unit_test(a_name_typed_as_listed_is_found_and_patterns_are_shell_patterns),
        cmocka_unit_test(a_command_line_is_written_as_a_shell_would_take_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
