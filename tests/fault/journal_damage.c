/* Damaged journals: cut off anywhere, what is whole before the cut is there and nothing else; with changed bits, moved
 * or foreign records they are refused, with the place. No damage ever gives a task another status or payload. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/task/journal.h"
#include "tests/support/folder.h"

enum { RECORDS = 24, FLIPS = 10000, SEED = 20310301 };

typedef struct {
    test_folder folder;
    char whole[128], damaged[128];
    unsigned char *bytes;
    size_t size;
    size_t ends[RECORDS + 1]; /* where the head ends, then the records */
} fixture;

static sim_journal_key key_of(size_t i)
{
    sim_journal_key key = {{0}};
    for (size_t k = 0; k < sizeof key.bytes; k++)
        key.bytes[k] = (unsigned char)(31 * i + 7 * k);
    return key;
}

/* Payloads of 0 to some hundred bytes; every fifth is of zeros, every seventh task failed. */
static size_t payload_of(size_t i, unsigned char *payload)
{
    size_t size = i * i % 331;
    for (size_t k = 0; k < size; k++)
        payload[k] = i % 5 == 0 ? 0 : (unsigned char)(i + 3 * k);
    return size;
}

static int status_of(size_t i)
{
    return i % 7 == 6 ? SIM_E_INPUT : 0;
}

static void append(sim_journal *journal, size_t i)
{
    unsigned char payload[400];
    sim_journal_key key = key_of(i);
    size_t size = payload_of(i, payload);
    assert_int_equal(sim_journal_append(journal, &key, status_of(i), payload, size), 0);
}

static sim_journal *create(const char *path)
{
    static char *arguments[] = {"hbm", "sweep", "river", "--lhs", "100", NULL};
    static char *inputs[] = {"river/scenario.yaml", "river/sizes.csv", NULL};
    static char *digests[] = {"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                              "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", NULL};
    const sim_journal_head head = {
        .argument_count = 5, .input_count = 2, .arguments = arguments, .inputs = inputs, .digests = digests};
    sim_journal *journal = NULL;
    char why[512] = "";
    assert_int_equal(sim_journal_create(&journal, path, &head, why, sizeof why), 0);
    return journal;
}

static size_t size_of(const char *path)
{
    size_t size = 0;
    char *bytes = test_file_read(path, &size);
    assert_non_null(bytes);
    free(bytes);
    return size;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (f == NULL || test_folder_make(&f->folder) != 0)
        return -1;
    test_folder_path(&f->folder, "whole.journal", f->whole, sizeof f->whole);
    test_folder_path(&f->folder, "damaged.journal", f->damaged, sizeof f->damaged);
    sim_journal *journal = create(f->whole);
    f->ends[0] = size_of(f->whole);
    for (size_t i = 0; i < RECORDS; i++) {
        append(journal, i);
        f->ends[i + 1] = size_of(f->whole);
    }
    assert_int_equal(sim_journal_close(journal, false), 0);
    f->bytes = (unsigned char *)test_file_read(f->whole, &f->size);
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

/* The first `count` records are found as they were written, the others not at all. */
static void holds_exactly(const sim_journal *journal, size_t count)
{
    assert_int_equal(sim_journal_count(journal), count);
    for (size_t i = 0; i < RECORDS; i++) {
        unsigned char expected[400];
        const void *payload;
        size_t size, wanted = payload_of(i, expected);
        int status;
        sim_journal_key key = key_of(i);
        bool found = sim_journal_find(journal, &key, &status, &payload, &size);
        assert_int_equal(found, i < count);
        if (!found)
            continue;
        assert_int_equal(status, status_of(i));
        assert_int_equal(size, wanted);
        assert_int_equal(size == 0 ? 0 : memcmp(payload, expected, size), 0);
    }
}

static int open_bytes(const fixture *f, const unsigned char *bytes, size_t size, bool read_only, sim_journal **journal,
                      size_t *torn)
{
    char why[512] = "";
    assert_int_equal(test_file_write(f->damaged, bytes, size), 0);
    int ret = sim_journal_open(journal, f->damaged, read_only, torn, why, sizeof why);
    assert_true(ret == 0 || (*journal == NULL && why[0] != '\0' && strchr(why, '\n') == NULL));
    return ret;
}

/* Refused, and refused as an addition too, which then changes nothing. */
static void is_refused(const fixture *f, const unsigned char *bytes, size_t size, sim_journal *beside)
{
    sim_journal *journal = NULL;
    char why[512] = "";
    size_t torn = 0;
    int ret = open_bytes(f, bytes, size, true, &journal, &torn);
    if (ret == 0)
        fail_msg("a damaged journal is read; %zu of its bytes are called torn", torn);
    assert_true(ret == SIM_E_FORMAT || ret == SIM_E_INPUT);
    if (beside == NULL)
        return;
    ret = sim_journal_add_from(beside, f->damaged, &torn, why, sizeof why);
    assert_true(ret == SIM_E_FORMAT || ret == SIM_E_INPUT);
    assert_int_equal(sim_journal_count(beside), 0);
}

static void the_whole_journal_is_read(void **state)
{
    const fixture *f = *state;
    sim_journal *journal = NULL;
    size_t torn = 1;
    assert_int_equal(open_bytes(f, f->bytes, f->size, true, &journal, &torn), 0);
    assert_int_equal(torn, 0);
    holds_exactly(journal, RECORDS);
    assert_int_equal(sim_journal_close(journal, false), 0);
}

static void cut_off_at_any_byte_it_holds_what_is_whole_before(void **state)
{
    const fixture *f = *state;
    for (size_t size = 0; size < f->size; size++) {
        sim_journal *journal = NULL;
        size_t torn = 0, count = 0;
        int ret = open_bytes(f, f->bytes, size, true, &journal, &torn);
        if (size < f->ends[0]) {
            assert_true(ret == SIM_E_INPUT || ret == SIM_E_FORMAT);
            continue;
        }
        while (count < RECORDS && f->ends[count + 1] <= size)
            count++;
        assert_int_equal(ret, 0);
        assert_int_equal(torn, size - f->ends[count]);
        holds_exactly(journal, count);
        assert_int_equal(sim_journal_close(journal, false), 0);
    }
}

/* Going on after a cut gives the same bytes as if there had been none. */
static void a_torn_end_is_cut_off_and_the_rest_appended(void **state)
{
    const fixture *f = *state;
    for (size_t size = f->ends[0]; size < f->size; size += 1 + size % 397) {
        sim_journal *journal = NULL;
        size_t torn = 0, length = 0;
        assert_int_equal(open_bytes(f, f->bytes, size, false, &journal, &torn), 0);
        for (size_t i = 0; i < RECORDS; i++)
            append(journal, i); /* those that are there already are left alone */
        holds_exactly(journal, RECORDS);
        assert_int_equal(sim_journal_close(journal, false), 0);
        char *bytes = test_file_read(f->damaged, &length);
        assert_non_null(bytes);
        assert_int_equal(length, f->size);
        assert_memory_equal(bytes, f->bytes, length);
        free(bytes);
    }
}

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* One bit anywhere; every third time several bits of a second byte too. */
static void changed_bits_anywhere_are_refused(void **state)
{
    const fixture *f = *state;
    uint64_t random = SEED;
    char empty[128];
    test_folder_path(&f->folder, "empty.journal", empty, sizeof empty);
    sim_journal *beside = create(empty);
    for (int i = 0; i < FLIPS; i++) {
        size_t at = (size_t)next(&random) % f->size, also = (size_t)next(&random) % f->size;
        unsigned char bit = (unsigned char)(1 << next(&random) % 8), bits = (unsigned char)(1 + next(&random) % 255);
        if (i % 3 != 0 || also == at)
            bits = 0;
        f->bytes[at] ^= bit;
        f->bytes[also] ^= bits;
        is_refused(f, f->bytes, f->size, i % 100 == 0 ? beside : NULL);
        f->bytes[also] ^= bits;
        f->bytes[at] ^= bit;
    }
    assert_int_equal(sim_journal_close(beside, true), 0);
}

/* A bit that changed in a journal that was cut off as well: either it is refused, or the bit was behind the last whole
 * record. */
static void changed_bits_of_a_torn_journal_give_no_wrong_payload(void **state)
{
    const fixture *f = *state;
    uint64_t random = SEED + 1;
    for (int i = 0; i < 1000; i++) {
        size_t size = f->ends[0] + (size_t)next(&random) % (f->size - f->ends[0]), at = (size_t)next(&random) % size,
               torn = 0, count = 0;
        sim_journal *journal = NULL;
        while (count < RECORDS && f->ends[count + 1] <= size)
            count++;
        f->bytes[at] ^= (unsigned char)(1 << i % 8);
        int ret = open_bytes(f, f->bytes, size, true, &journal, &torn);
        f->bytes[at] ^= (unsigned char)(1 << i % 8);
        if (ret != 0)
            continue;
        assert_true(at >= f->ends[count]);
        holds_exactly(journal, count);
        assert_int_equal(sim_journal_close(journal, false), 0);
    }
}

/* Whole records in the wrong place: one missing, two changed over, one twice. */
static void records_out_of_place_are_refused(void **state)
{
    const fixture *f = *state;
    unsigned char *other = malloc(2 * f->size);
    assert_non_null(other);
    for (size_t i = 1; i + 1 < RECORDS; i++) {
        size_t from = f->ends[i], to = f->ends[i + 1], size = to - from, after = f->ends[i + 2];
        memcpy(other, f->bytes, from);
        memcpy(other + from, f->bytes + to, f->size - to);
        is_refused(f, other, f->size - size, NULL);
        memcpy(other + from, f->bytes + to, after - to);
        memcpy(other + from + (after - to), f->bytes + from, size);
        memcpy(other + after, f->bytes + after, f->size - after);
        is_refused(f, other, f->size, NULL);
        memcpy(other, f->bytes, f->size);
        memcpy(other + f->size, f->bytes + from, size);
        is_refused(f, other, f->size + size, NULL);
    }
    free(other);
}

/* What a crash of the machine leaves where the length was written and the data were not: a torn end, and no more than
 * that. */
static void zeros_at_the_end_are_a_torn_end(void **state)
{
    const fixture *f = *state;
    unsigned char *longer = calloc(f->size + 5000, 1);
    assert_non_null(longer);
    memcpy(longer, f->bytes, f->size);
    for (size_t more = 1; more <= 5000; more += 1 + more / 3) {
        sim_journal *journal = NULL;
        size_t torn = 0;
        assert_int_equal(open_bytes(f, longer, f->size + more, true, &journal, &torn), 0);
        assert_int_equal(torn, more);
        holds_exactly(journal, RECORDS);
        assert_int_equal(sim_journal_close(journal, false), 0);
    }
    longer[f->size + 4999] = 1;
    is_refused(f, longer, f->size + 5000, NULL);
    free(longer);
}

static void other_files_are_no_journals(void **state)
{
    const fixture *f = *state;
    unsigned char noise[3000];
    uint64_t random = SEED + 2;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)next(&random);
    is_refused(f, noise, sizeof noise, NULL);
    is_refused(f, (const unsigned char *)"", 0, NULL);
    memcpy(noise, f->bytes, 16);
    is_refused(f, noise, sizeof noise, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_journal_is_read),
        cmocka_unit_test(cut_off_at_any_byte_it_holds_what_is_whole_before),
        cmocka_unit_test(a_torn_end_is_cut_off_and_the_rest_appended),
        cmocka_unit_test(changed_bits_anywhere_are_refused),
        cmocka_unit_test(changed_bits_of_a_torn_journal_give_no_wrong_payload),
        cmocka_unit_test(records_out_of_place_are_refused),
        cmocka_unit_test(zeros_at_the_end_are_a_torn_end),
        cmocka_unit_test(other_files_are_no_journals),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
