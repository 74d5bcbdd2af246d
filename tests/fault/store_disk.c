/* A disk that becomes full while results are written: an error each time, the old file untouched, nothing left over.
 *
 * Twice: with a limit on the size of files (works for everybody), and with a small file system in memory (root only).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/error.h"
#include "sim/result/store.h"
#include "tests/support/folder.h"
#include "tests/support/store_sample.h"

enum { STEPS = 3000, FAILED = 1, WROTE = 0, BROKEN = 2 };

/* In a child: what became of writing with files limited to `limit` bytes (RLIM_INFINITY: not). */
static int write_limited(const char *path, size_t steps, int salt, rlim_t limit)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char why[512] = "";
        struct rlimit most = {.rlim_cur = limit, .rlim_max = RLIM_INFINITY};
        sim_result result;
        sim_result_init(&result);
        if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &most) != 0 ||
            store_sample(&result, steps, salt) != 0)
            _exit(BROKEN);
        int outcome = sim_store_write(&result, path, why, sizeof why);
        sim_result_free(&result);
        if (outcome == 0)
            _exit(WROTE);
        _exit(outcome == SIM_E_IO && strncmp(why, path, strlen(path)) == 0 && strchr(why, '\n') == NULL ? FAILED
                                                                                                        : BROKEN);
    }
    int code;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    assert_int_not_equal(WEXITSTATUS(code), BROKEN);
    return WEXITSTATUS(code);
}

static void assert_sample(const char *path, size_t steps, int salt)
{
    int found = 0;
    char why[512] = "";
    const char *fault = store_sample_check(path, steps, &found, why, sizeof why);
    if (fault != NULL)
        fail_msg("%s: %s %s", path, fault, why);
    assert_int_equal(found, salt);
}

static off_t size_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

static void files_of_limited_size_leave_nothing_or_the_old_file(void **state)
{
    (void)state;
    char path[128];
    test_folder folder;
    assert_int_equal(test_folder_make(&folder), 0);
    test_folder_path(&folder, "r.h5", path, sizeof path);
    assert_int_equal(write_limited(path, STEPS, 1, RLIM_INFINITY), WROTE);
    rlim_t size = (rlim_t)size_of(path), limits[70];
    size_t count = 0;
    for (rlim_t k = 0; k < 60; k++)
        limits[count++] = size * k / 60;
    for (rlim_t k = 1; k <= 10; k++)
        limits[count++] = size - k * k;
    for (int old = 0; old < 2; old++) {
        assert_int_equal(unlink(path), 0);
        if (old)
            assert_int_equal(write_limited(path, 5, 77, RLIM_INFINITY), WROTE);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(write_limited(path, STEPS, 1, limits[i]), FAILED);
            assert_int_equal(test_folder_count(&folder), old);
            if (old)
                assert_sample(path, 5, 77);
        }
        assert_int_equal(write_limited(path, STEPS, 1, size), WROTE);
        assert_sample(path, STEPS, 1);
    }
    test_folder_remove(&folder);
}

/* One size of the file system: an old small file and writing a larger one. */
static int write_in_small_system(const test_folder *folder, unsigned kilobytes)
{
    char path[128], options[64];
    test_folder_path(folder, "r.h5", path, sizeof path);
    (void)snprintf(options, sizeof options, "size=%uk", kilobytes);
    if (mount("hbm-test", folder->path, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0)
        return -1;
    int wrote = BROKEN, entries = -1, found = 0;
    char why[512] = "";
    const char *fault = "not written";
    if (write_limited(path, 5, 77, RLIM_INFINITY) == WROTE) {
        wrote = write_limited(path, STEPS, 1, RLIM_INFINITY);
        entries = test_folder_count(folder);
        fault = store_sample_check(path, wrote == WROTE ? STEPS : 5, &found, why, sizeof why);
    }
    assert_int_equal(umount(folder->path), 0);
    if (fault != NULL)
        fail_msg("%u KiB: %s %s", kilobytes, fault, why);
    assert_int_equal(entries, 1);
    assert_int_equal(found, wrote == WROTE ? 1 : 77);
    return wrote;
}

static void a_full_file_system_leaves_the_old_file(void **state)
{
    (void)state;
    test_folder folder;
    assert_int_equal(test_folder_make(&folder), 0);
    int failed = 0, wrote = 0;
    for (unsigned kilobytes = 180; kilobytes <= 600; kilobytes += 12) {
        int outcome = write_in_small_system(&folder, kilobytes);
        if (outcome < 0) {
            print_message("skipped: a small file system cannot be mounted (%s); root is needed\n", strerror(errno));
            test_folder_remove(&folder);
            skip();
        }
        failed += outcome == FAILED;
        wrote += outcome == WROTE;
    }
    assert_true(failed > 5);
    assert_true(wrote > 5);
    test_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_limited_size_leave_nothing_or_the_old_file),
        cmocka_unit_test(a_full_file_system_leaves_the_old_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
