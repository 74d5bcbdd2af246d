/* Killing the writer at any moment leaves the old file or the new one, whole, and what it leaves behind is tidied up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/result/store.h"
#include "tests/support/folder.h"
#include "tests/support/store_sample.h"

enum { STEPS = 2000, KILLS = 60 };

/* Writes salt, salt + 1, ... under the same name, telling after each on `pipe`, until killed. */
static void write_on(const char *path, int salt, int pipe)
{
    char why[512];
    for (;; salt++) {
        sim_result result;
        sim_result_init(&result);
        if (store_sample(&result, STEPS, salt) != 0 || sim_store_write(&result, path, why, sizeof why) != 0)
            _exit(1);
        sim_result_free(&result);
        if (write(pipe, &salt, sizeof salt) != sizeof salt)
            _exit(1);
    }
}

static double seconds_now(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Starts a writer, waits for its first file, kills it after `share` of the time that this took. Returns the last salt
 * that it told of. */
static int kill_writer(const char *path, int salt, double share)
{
    double start = seconds_now();
    int ends[2], told = 0, next;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_on(path, salt, ends[1]);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
    double seconds = share * (seconds_now() - start);
    struct timespec wait = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};
    (void)nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    int code;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFSIGNALED(code));
    while (read(ends[0], &next, sizeof next) == (ssize_t)sizeof next)
        told = next;
    assert_int_equal(close(ends[0]), 0);
    return told;
}

static void a_killed_writer_leaves_a_whole_file(void **state)
{
    (void)state;
    char path[128], why[512] = "";
    test_folder folder;
    assert_int_equal(test_folder_make(&folder), 0);
    test_folder_path(&folder, "r.h5", path, sizeof path);
    int salt = 1, left = 0;
    unsigned random = 12345;
    for (int i = 0; i < KILLS; i++) {
        random = random * 1103515245u + 12345u;
        int told = kill_writer(path, salt, (random >> 8) * (1.5 / (1 << 24)));
        int found = 0;
        const char *fault = store_sample_check(path, STEPS, &found, why, sizeof why);
        if (fault != NULL)
            fail_msg("kill %d: %s %s", i, fault, why);
        assert_in_range(found, told, told + 1); /* renamed and not told yet is as good */
        salt = found + 1;
        int entries = test_folder_count(&folder);
        assert_in_range(entries, 1, 2); /* the next writer removes what this one left */
        left += entries == 2;
    }
    print_message("%d of %d writers left a temporary file\n", left, KILLS);
    assert_true(left > 0); /* otherwise this test has tried nothing */
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(sim_store_write(&result, path, why, sizeof why), 0);
    assert_int_equal(test_folder_count(&folder), 1);
    test_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_killed_writer_leaves_a_whole_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
