/* Damaged results files: cut off or with changed bytes they are refused, without a crash; each case has its own
 * process.
 *
 * A second set of cases has changed bytes under a right seal, as a forger or a faulty tool would make them: these reach
 * HDF5. There our own code may not fail; HDF5 1.10.8 itself crashes or hangs on about one of 200 such files (37 of 8000
 * here), which is counted, not judged. That is why a broken seal keeps files from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/digest.h"
#include "sim/base/error.h"
#include "sim/result/store.h"
#include "tests/support/folder.h"
#include "tests/support/store_sample.h"

enum { STEPS = 60, SEAL = 73, FLIPS = 400, FORGERIES = 400, SECONDS = 20 };
enum { REFUSED = 0, SAME = 3, DIFFERENT = 4, CRASHED = 5 };

typedef struct {
    test_folder folder;
    char whole[128], damaged[128];
    char *bytes;
    size_t size;
} fixture;

static int set_up(void **state)
{
    char why[512];
    fixture *f = calloc(1, sizeof *f);
    sim_result result;
    if (f == NULL || test_folder_make(&f->folder) != 0)
        return -1;
    test_folder_path(&f->folder, "whole.h5", f->whole, sizeof f->whole);
    test_folder_path(&f->folder, "damaged.h5", f->damaged, sizeof f->damaged);
    sim_result_init(&result);
    if (store_sample(&result, STEPS, 1) != 0 || sim_store_write(&result, f->whole, why, sizeof why) != 0)
        return -1;
    sim_result_free(&result);
    f->bytes = test_file_read(f->whole, &f->size);
    *state = f;
    return f->bytes == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    test_folder_remove(&f->folder);
    free(f->bytes);
    free(f);
    return 0;
}

/* Reads the damaged file in a child. */
static int outcome_of(const fixture *f)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char why[512] = "";
        sim_result found, expected;
        static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL,
                                      SIGABRT}; /* cmocka's handlers would go on in the child */
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
            (void)signal(signals[i], SIG_DFL);
        (void)alarm(SECONDS);
        sim_result_init(&expected);
        int outcome = sim_store_read(&found, f->damaged, why, sizeof why);
        if (outcome != 0) {
            bool told = why[0] != '\0' && strchr(why, '\n') == NULL && found.dataset_count == 0;
            _exit(told && (outcome == SIM_E_FORMAT || outcome == SIM_E_IO || outcome == SIM_E_MEMORY) ? REFUSED
                                                                                                      : CRASHED);
        }
        if (store_sample(&expected, STEPS, 1) != 0)
            _exit(CRASHED);
        int code = sim_result_difference(&expected, &found) == NULL ? SAME : DIFFERENT;
        sim_result_free(&found);
        sim_result_free(&expected);
        _exit(code);
    }
    int code;
    assert_int_equal(waitpid(child, &code, 0), child);

    return WIFEXITED(code) ? WEXITSTATUS(code) : CRASHED;
}

static int read_damaged(const fixture *f, const char *bytes, size_t size)
{
    assert_int_equal(test_file_write(f->damaged, bytes, size), 0);
    return outcome_of(f);
}

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void the_whole_file_is_read(void **state)
{
    const fixture *f = *state;
    assert_int_equal(read_damaged(f, f->bytes, f->size), SAME);
}

static void files_cut_off_anywhere_are_refused(void **state)
{
    const fixture *f = *state;
    for (size_t size = 0; size < 100; size++)
        assert_int_equal(read_damaged(f, f->bytes, size), REFUSED);
    for (size_t k = 0; k < 100; k++)
        assert_int_equal(read_damaged(f, f->bytes, f->size * k / 100), REFUSED);
    for (size_t k = 1; k <= SEAL + 5; k++)
        assert_int_equal(read_damaged(f, f->bytes, f->size - k), REFUSED);
}

static void a_longer_file_is_refused(void **state)
{
    const fixture *f = *state;
    char *longer = calloc(f->size + 10, 1);
    assert_non_null(longer);
    memcpy(longer, f->bytes, f->size);
    assert_int_equal(read_damaged(f, longer, f->size + 1), REFUSED);
    assert_int_equal(read_damaged(f, longer, f->size + 10), REFUSED);
    free(longer);
}

static void changed_bytes_anywhere_are_refused(void **state)
{
    const fixture *f = *state;
    uint64_t random = 1;
    for (int i = 0; i < FLIPS; i++) {
        size_t at = (size_t)next(&random) % f->size;
        char old = f->bytes[at];
        f->bytes[at] = (char)(old ^ (1 + (int)(next(&random) % 255)));
        assert_int_equal(read_damaged(f, f->bytes, f->size), REFUSED);
        f->bytes[at] = old;
    }
}

static void seal(fixture *f)
{
    char hex[65];
    sim_digest_of(f->bytes, f->size - SEAL, hex);
    memcpy(f->bytes + f->size - SEAL + 8, hex, 64);
}

/* The long text is most of the file; the changes are to be in what describes it. */
static size_t place_outside_text(const fixture *f, uint64_t *random)
{
    for (;;) {
        size_t at = (size_t)next(random) % (f->size - SEAL);
        size_t from = at < 80 ? 0 : at - 80;
        if (memcmp(f->bytes + at, "serves", 6) != 0 && strstr(f->bytes + from, "entry_check") != f->bytes + from) {
            bool text = false;
            for (size_t i = from; i + 11 < at + 80 && i + 11 < f->size; i++)
                text = text || memcmp(f->bytes + i, "entry_check", 11) == 0;
            if (!text)
                return at;
        }
    }
}

static void forged_files_do_not_break_our_code(void **state)
{
    fixture *f = *state;
    uint64_t random = 7;
    int counts[6] = {0};
    char *good = malloc(f->size);
    assert_non_null(good);
    memcpy(good, f->bytes, f->size);
    for (int i = 0; i < FORGERIES; i++) {
        for (uint64_t k = 0; k <= next(&random) % 3; k++)
            f->bytes[place_outside_text(f, &random)] ^= (char)(1 + (int)(next(&random) % 255));
        seal(f);
        int outcome = read_damaged(f, f->bytes, f->size);
        counts[outcome > DIFFERENT ? CRASHED : outcome]++;
        memcpy(f->bytes, good, f->size);
    }
    free(good);
    print_message("forged: %d refused, %d read the same, %d read as something else, %d crashed in HDF5\n",
                  counts[REFUSED], counts[SAME], counts[DIFFERENT], counts[CRASHED]);
    assert_true(counts[REFUSED] > FORGERIES / 4);
    assert_int_equal(counts[1] + counts[2], 0);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(the_whole_file_is_read),
        WITH_FILE(files_cut_off_anywhere_are_refused),
        WITH_FILE(a_longer_file_is_refused),
        WITH_FILE(changed_bytes_anywhere_are_refused),
        WITH_FILE(forged_files_do_not_break_our_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
