/* The results file: what is written is read back, equal results are equal bytes, errors are told and leave the old
 * file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/digest.h"
#include "sim/base/error.h"
#include "sim/result/store.h"
#include "tests/support/folder.h"
#include "tests/support/store_sample.h"

static int make_folder(void **state)
{
    test_folder *folder = malloc(sizeof *folder);
    if (folder == NULL || test_folder_make(folder) != 0) {
        free(folder);
        return -1;
    }
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    test_folder_remove(*state);
    free(*state);
    return 0;
}

static void assert_written(const sim_result *result, const char *path)
{
    char why[512] = "";
    if (sim_store_write(result, path, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_string_equal(why, "");
}

/* Writes, reads, compares; the file stays. */
static void assert_round_trip(const sim_result *result, const char *path)
{
    char why[512] = "", written[65], read[65];
    sim_result back;
    assert_written(result, path);
    if (sim_store_read(&back, path, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_null(sim_result_difference(result, &back));
    assert_null(sim_result_difference(&back, result));
    assert_int_equal(sim_result_hash(result, written), 0);
    assert_int_equal(sim_result_hash(&back, read), 0);
    assert_string_equal(written, read);
    sim_result_free(&back);
}

/* Writing fails with this code and a line that names the path; no temporary file stays. */
static void assert_refused(const test_folder *folder, const char *path, const char *reason)
{
    char why[512] = "";
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(store_sample(&result, 3, 1), 0);
    int before = test_folder_count(folder);
    assert_int_equal(sim_store_write(&result, path, why, sizeof why), SIM_E_IO);
    assert_int_equal(strncmp(why, path, strlen(path)), 0);
    assert_null(strchr(why, '\n'));
    if (strstr(why, reason) == NULL)
        fail_msg("'%s' does not say '%s'", why, reason);
    assert_int_equal(test_folder_count(folder), before);
    sim_result_free(&result);
}

static void assert_unreadable(const char *path, int code, const char *reason)
{
    char why[512] = "";
    sim_result result;
    assert_int_equal(sim_store_read(&result, path, why, sizeof why), code);
    if (strncmp(why, path, strlen(path)) != 0 || strstr(why, reason) == NULL)
        fail_msg("'%s' does not say '%s'", why, reason);
    assert_int_equal(result.dataset_count, 0);
    sim_result_free(&result);
}

static void a_result_with_everything_comes_back(void **state)
{
    char path[128];
    sim_result result;
    test_folder_path(*state, "r.h5", path, sizeof path);
    sim_result_init(&result);
    assert_int_equal(store_sample(&result, 50, 7), 0);
    assert_round_trip(&result, path);
    assert_int_equal(test_folder_count(*state), 1);
    sim_result_free(&result);
}

static void an_empty_result_comes_back(void **state)
{
    char path[128];
    sim_result result;
    sim_result_init(&result);
    assert_round_trip(&result, test_folder_path(*state, "r.h5", path, sizeof path));
}

static void equal_results_are_equal_bytes(void **state)
{
    char path[128];
    size_t first_size, second_size;
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(store_sample(&result, 50, 7), 0);
    test_folder_path(*state, "r.h5", path, sizeof path);
    assert_written(&result, path);
    char *first = test_file_read(path, &first_size);
    const struct timespec wait = {.tv_sec = 1, .tv_nsec = 100000000}; /* HDF5 counts seconds, should it keep times */
    (void)nanosleep(&wait, NULL);
    char *scratch = malloc(1 << 20); /* other memory contents for the second time */
    assert_non_null(scratch);
    memset(scratch, 0xa5, 1 << 20);
    free(scratch);
    assert_written(&result, path);
    char *second = test_file_read(path, &second_size);
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
    sim_result_free(&result);
}

static void extreme_numbers_come_back_bit_for_bit(void **state)
{
    static const double reals_in[] = {0.0,      -0.0,     DBL_MIN,   DBL_TRUE_MIN, DBL_MAX,
                                      -DBL_MAX, INFINITY, -INFINITY, NAN,          0.1};
    static const int64_t integers_in[] = {
        0, -1, INT64_MIN, INT64_MAX, 1, 1000000007, INT64_C(1) << 53, (INT64_C(1) << 53) + 1, 8, 9};
    char path[128], why[256];
    double *reals;
    int64_t *integers;
    sim_result result, back;
    sim_result_init(&result);
    int axis = sim_result_values(&result, "x", "", "", 10, reals_in);
    assert_int_equal(sim_result_reals(&result, "g/reals", "", "", 1, &axis, &reals), 0);
    assert_int_equal(sim_result_integers(&result, "g/integers", "", "", 1, &axis, &integers), 0);
    memcpy(reals, reals_in, sizeof reals_in);
    memcpy(integers, integers_in, sizeof integers_in);
    test_folder_path(*state, "r.h5", path, sizeof path);
    assert_round_trip(&result, path);
    assert_int_equal(sim_store_read(&back, path, why, sizeof why), 0);
    assert_memory_equal(sim_result_find(&back, "g/reals")->data.reals, reals_in, sizeof reals_in);
    assert_memory_equal(sim_result_find(&back, "g/integers")->data.integers, integers_in, sizeof integers_in);
    assert_memory_equal(back.axes[0].values, reals_in, sizeof reals_in);
    sim_result_free(&back);
    sim_result_free(&result);
}

static void texts_of_any_length_and_name_come_back(void **state)
{
    char path[128];
    enum { LONG = 3 << 20 };
    static const char *const names[] = {"plans/a.yaml", "plans_a.yaml", "plans a.yaml", "/etc", " ",
                                        "a\nb",         "short",        "1x",           "-",    "ü"};
    sim_result result;
    sim_result_init(&result);
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(sim_result_attribute(&result, names[i], i % 2 == 0 ? "" : "text", i % 3 == 0), 0);
    assert_int_equal(sim_result_attribute(&result, "long", text, 1), 0);
    text[300] = '\0';
    assert_int_equal(sim_result_attribute(&result, text, "long name", 1), 0);
    text[2] = '\0';
    for (char c = 'a'; c < 'z'; c++) { /* beyond what an object header holds */
        text[0] = c;
        assert_int_equal(sim_result_attribute(&result, text, "n", c % 2), 0);
    }
    assert_int_equal(sim_result_attribute(&result, "lines", "a\nb\n", 0), 0);
    assert_round_trip(&result, test_folder_path(*state, "r.h5", path, sizeof path));
    free(text);
    sim_result_free(&result);
}

static void labels_of_any_length_come_back(void **state)
{
    char path[128], large[5000];
    memset(large, 'y', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    const char *labels[] = {"", "a", "", large, "\xf0\x9f\x98\x80"};
    int64_t *integers;
    sim_result result;
    sim_result_init(&result);
    int axis = sim_result_labels(&result, "label", "", 5, labels);
    assert_int_equal(sim_result_integers(&result, "g/a", "", "", 1, &axis, &integers), 0);
    assert_round_trip(&result, test_folder_path(*state, "r.h5", path, sizeof path));
    sim_result_free(&result);
}

static void groups_may_nest_and_have_axes_of_the_same_name(void **state)
{
    static const double a[] = {1.0, 2.0}, b[] = {1.0, 2.0, 3.0};
    static const char *const paths[] = {"q/a", "q/r/a", "q/r/s/a", "a"};
    char path[128];
    double *reals;
    sim_result result;
    sim_result_init(&result);
    int axes[] = {sim_result_values(&result, "bucket", "", "s", 2, a),
                  sim_result_values(&result, "bucket", "", "s", 3, b),
                  sim_result_values(&result, "unused", "", "s", 3, b)};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sim_result_reals(&result, paths[i], "", "s", 1, &axes[i % 2], &reals), 0);
        reals[0] = (double)i;
    }
    assert_int_equal(axes[2], 2);
    assert_round_trip(&result, test_folder_path(*state, "r.h5", path, sizeof path));
    sim_result_free(&result);
}

static void large_datasets_of_five_axes_come_back(void **state)
{
    enum { SIDE = 13 };
    char path[128];
    double values[SIDE];
    int axes[5];
    int64_t *integers;
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    sim_result result;
    sim_result_init(&result);
    for (int i = 0; i < SIDE; i++)
        values[i] = i;
    for (int i = 0; i < 5; i++)
        axes[i] = sim_result_values(&result, names[i], "", "", SIDE, values);
    assert_int_equal(sim_result_integers(&result, "g/all", "", "1", 5, axes, &integers), 0);
    for (int i = 0; i < SIDE * SIDE * SIDE * SIDE * SIDE; i++)
        integers[i] = (int64_t)i * i;
    assert_round_trip(&result, test_folder_path(*state, "r.h5", path, sizeof path));
    sim_result_free(&result);
}

static void many_datasets_share_an_axis(void **state)
{
    enum { MANY = 1500 };
    static const double values[] = {1.0, 2.0};
    char path[128], name[32];
    double *reals;
    sim_result result;
    sim_result_init(&result);
    int axis = sim_result_values(&result, "x", "", "", 2, values);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof name, "g/d%d", i);
        assert_int_equal(sim_result_reals(&result, name, "", "", 1, &axis, &reals), 0);
        reals[0] = i;
    }
    assert_round_trip(&result, test_folder_path(*state, "r.h5", path, sizeof path));
    sim_result_free(&result);
}

static void an_earlier_file_is_replaced_and_keeps_its_mode(void **state)
{
    char path[128];
    struct stat status;
    sim_result result;
    test_folder_path(*state, "r.h5", path, sizeof path);
    assert_int_equal(test_file_write(path, "old", 3), 0);
    assert_int_equal(chmod(path, 0640), 0);
    sim_result_init(&result);
    assert_int_equal(store_sample(&result, 3, 1), 0);
    assert_round_trip(&result, path);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(test_folder_count(*state), 1);
    sim_result_free(&result);
}

static void targets_that_are_no_files_are_refused(void **state)
{
    const test_folder *folder = *state;
    char path[128], to[160];
    assert_refused(folder, folder->path, "is a folder");
    assert_refused(folder, test_folder_path(folder, "", path, sizeof path), "names a folder");
    assert_refused(folder, "", "names a folder");
    assert_refused(folder, ".", "names a folder");
    assert_refused(folder, test_folder_path(folder, "none/r.h5", path, sizeof path), "No such file or directory");
    assert_refused(folder, "/dev/full", "a device or another special file");
    assert_refused(folder, "/proc/r.h5", "cannot create a file in its folder");
    test_folder_path(folder, "file", path, sizeof path);
    assert_int_equal(test_file_write(path, "x", 1), 0);
    assert_refused(folder, test_folder_path(folder, "file/r.h5", path, sizeof path), "Not a directory");
    test_folder_path(folder, "link", to, sizeof to);
    assert_int_equal(symlink("file", to), 0);
    assert_refused(folder, to, "a symbolic link");
    test_folder_path(folder, "dangling", to, sizeof to);
    assert_int_equal(symlink("nothing", to), 0);
    assert_refused(folder, to, "a symbolic link");
    test_folder_path(folder, "pipe", to, sizeof to);
    assert_int_equal(mkfifo(to, 0600), 0);
    assert_refused(folder, to, "a device or another special file");
    assert_unreadable(to, SIM_E_IO, "no ordinary file");
}

/* In a child that is not root, since root may write everywhere. */
static void what_may_not_be_written_is_refused(void **state)
{
    char path[128], why[512] = "";
    struct stat status;
    const test_folder *folder = *state;
    test_folder_path(folder, "r.h5", path, sizeof path);
    assert_int_equal(test_file_write(path, "old", 3), 0);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder->path, 0777), 0);
    for (int locked = 0; locked < 2; locked++) {
        assert_int_equal(chmod(folder->path, locked ? 0555 : 0777), 0);
        assert_int_equal(chmod(path, locked ? 0666 : 0444), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            sim_result result;
            sim_result_init(&result);
            if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
                _exit(2);
            if (access(folder->path, X_OK) != 0)
                _exit(3); /* the working directory is closed to others: nothing can be tested */
            int outcome = sim_store_write(&result, path, why, sizeof why);
            _exit(outcome == SIM_E_IO && strstr(why, "Permission denied") != NULL ? 0 : 1);
        }
        int code;
        assert_int_equal(waitpid(child, &code, 0), child);
        assert_true(WIFEXITED(code));
        if (WEXITSTATUS(code) == 3)
            skip();
        assert_int_equal(WEXITSTATUS(code), 0);
        assert_int_equal(test_folder_count(folder), 1);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_size, 3);
    }
    assert_int_equal(chmod(folder->path, 0777), 0);
}

static void names_up_to_the_longest_can_be_written(void **state)
{
    char name[256], path[400];
    sim_result result;
    sim_result_init(&result);
    for (size_t length = 250; length <= 255; length++) {
        memset(name, 'n', length);
        name[length] = '\0';
        assert_round_trip(&result, test_folder_path(*state, name, path, sizeof path));
    }
    for (size_t i = 0; i < 254; i += 2)
        memcpy(name + i, "ü", 2);
    name[254] = '\0';
    assert_round_trip(&result, test_folder_path(*state, name, path, sizeof path));
}

/* The number of a process that has just ended. */
static pid_t dead_process(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    (void)waitpid(child, NULL, 0);
    return child;
}

static void leftovers_of_dead_processes_are_removed_and_others_stay(void **state)
{
    char host[65] = "", name[256], path[400], living[400], other[400], results[128];
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(gethostname(host, sizeof host - 1), 0);
    pid_t dead = dead_process();
    (void)snprintf(name, sizeof name, ".r.h5.%s-%ld-0.tmp", host, (long)dead);
    assert_int_equal(test_file_write(test_folder_path(*state, name, path, sizeof path), "left", 4), 0);
    (void)snprintf(name, sizeof name, ".r.h5.%s-%ld-0.tmp", host, (long)getppid());
    assert_int_equal(test_file_write(test_folder_path(*state, name, living, sizeof living), "busy", 4), 0);
    (void)snprintf(name, sizeof name, ".r.h5.%s.elsewhere-%ld-0.tmp", host, (long)dead);
    assert_int_equal(test_file_write(test_folder_path(*state, name, other, sizeof other), "busy", 4), 0);
    assert_round_trip(&result, test_folder_path(*state, "r.h5", results, sizeof results));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(living, F_OK), 0);
    assert_int_equal(access(other, F_OK), 0);
}

static void a_name_taken_by_an_own_leftover_is_no_hindrance(void **state)
{
    char host[65] = "", name[256], path[400], results[128];
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(gethostname(host, sizeof host - 1), 0);
    (void)snprintf(name, sizeof name, ".r.h5.%s-%ld-0.tmp", host, (long)getpid());
    assert_int_equal(symlink("/etc/passwd", test_folder_path(*state, name, path, sizeof path)), 0);
    assert_round_trip(&result, test_folder_path(*state, "r.h5", results, sizeof results));
    assert_int_equal(test_folder_count(*state), 2);
}

static void what_is_no_results_file_is_told(void **state)
{
    static const char signature[100] = "\x89HDF\r\n\x1a\n";
    const test_folder *folder = *state;
    char path[128];
    test_folder_path(folder, "r.h5", path, sizeof path);
    assert_unreadable(path, SIM_E_IO, "No such file or directory");
    assert_unreadable(folder->path, SIM_E_IO, "a folder");
    assert_unreadable("/dev/null", SIM_E_IO, "no ordinary file");
    assert_int_equal(test_file_write(path, "", 0), 0);
    assert_unreadable(path, SIM_E_FORMAT, "not an HDF5 file");
    assert_int_equal(test_file_write(path, "hbm: 1\nname: Two posts\n", 23), 0);
    assert_unreadable(path, SIM_E_FORMAT, "not an HDF5 file");
    assert_int_equal(test_file_write(path, signature, sizeof signature), 0);
    assert_unreadable(path, SIM_E_FORMAT, "no seal");
}

/* With a right seal, so that it is the structure that is judged. */
static void sealed_bytes_that_are_no_hdf5_are_refused(void **state)
{
    char path[128], bytes[200] = "\x89HDF\r\n\x1a\n", hex[65];
    sim_digest_of(bytes, 120, hex);
    memcpy(bytes + 120, "hbmseal1", 8);
    memcpy(bytes + 128, hex, 64);
    bytes[192] = '\n';
    test_folder_path(*state, "r.h5", path, sizeof path);
    assert_int_equal(test_file_write(path, bytes, 193), 0);
    assert_unreadable(path, SIM_E_FORMAT, "not an HDF5 file");
}

static void a_line_too_long_for_the_caller_is_cut(void **state)
{
    (void)state;
    char why[8] = "1234567";
    sim_result result;
    sim_result_init(&result);
    assert_int_equal(sim_store_write(&result, "/dev/full", why, 0), SIM_E_IO);
    assert_string_equal(why, "1234567");
    assert_int_equal(sim_store_write(&result, "/dev/full", why, sizeof why), SIM_E_IO);
    assert_string_equal(why, "/dev/fu");
    assert_int_equal(sim_store_read(&result, "/dev/null", NULL, 0), SIM_E_IO);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_result_with_everything_comes_back),
        IN_FOLDER(an_empty_result_comes_back),
        IN_FOLDER(equal_results_are_equal_bytes),
        IN_FOLDER(extreme_numbers_come_back_bit_for_bit),
        IN_FOLDER(texts_of_any_length_and_name_come_back),
        IN_FOLDER(labels_of_any_length_come_back),
        IN_FOLDER(groups_may_nest_and_have_axes_of_the_same_name),
        IN_FOLDER(large_datasets_of_five_axes_come_back),
        IN_FOLDER(many_datasets_share_an_axis),
        IN_FOLDER(an_earlier_file_is_replaced_and_keeps_its_mode),
        IN_FOLDER(targets_that_are_no_files_are_refused),
        IN_FOLDER(what_may_not_be_written_is_refused),
        IN_FOLDER(names_up_to_the_longest_can_be_written),
        IN_FOLDER(leftovers_of_dead_processes_are_removed_and_others_stay),
        IN_FOLDER(a_name_taken_by_an_own_leftover_is_no_hindrance),
        IN_FOLDER(what_is_no_results_file_is_told),
        IN_FOLDER(sealed_bytes_that_are_no_hdf5_are_refused),
        IN_FOLDER(a_line_too_long_for_the_caller_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
