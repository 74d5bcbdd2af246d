/* Writes and checks sample results files from the command line, for tests/fault/store_fault.sh and tests/e2e/interop.py.
 *
 * store_writer write FILE STEPS SALT   one file; 0, 1 when it fails (the reason on standard error)
 * store_writer loop FILE STEPS         salt 1, 2, 3 ... until killed; "." on standard output after each
 * store_writer check FILE STEPS        reads the file; 0 when it is a whole sample of that size, of whatever salt */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store.h"
#include "tests/support/store_sample.h"

static int write_one(const char *path, size_t steps, int salt)
{
    char why[1024] = "";
    sim_result result;
    sim_result_init(&result);
    int outcome = store_sample(&result, steps, salt);
    if (outcome == 0)
        outcome = sim_store_write(&result, path, why, sizeof why);
    sim_result_free(&result);
    if (outcome != 0)
        (void)fprintf(stderr, "%s\n", why);
    return outcome == 0 ? 0 : 1;
}

static int check(const char *path, size_t steps)
{
    char why[1024] = "";
    sim_result found, expected;
    sim_result_init(&expected);
    const char *difference = "cannot be read";
    if (sim_store_read(&found, path, why, sizeof why) == 0) {
        const sim_dataset *cost = sim_result_find(&found, "cost");
        int salt = cost == NULL || cost->is_integer ? 0 : (int)(cost->data.reals[0] - 1e6);
        difference = store_sample(&expected, steps, salt) == 0 ? sim_result_difference(&expected, &found) : "out of memory";
    }
    if (difference != NULL)
        (void)fprintf(stderr, "%s: %s %s\n", path, difference, why);
    sim_result_free(&found);
    sim_result_free(&expected);
    return difference == NULL ? 0 : 1;
}

int main(int count, char **words)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* a size limit then is an error of write, like a full disk */
    if (count == 5 && strcmp(words[1], "write") == 0)
        return write_one(words[2], strtoul(words[3], NULL, 10), atoi(words[4]));
    if (count == 4 && strcmp(words[1], "check") == 0)
        return check(words[2], strtoul(words[3], NULL, 10));
    if (count == 4 && strcmp(words[1], "loop") == 0)
        for (int salt = 1;; salt++) {
            if (write_one(words[2], strtoul(words[3], NULL, 10), salt) != 0)
                return 1;
            (void)putchar('.');
            (void)fflush(stdout);
        }
    (void)fprintf(stderr, "usage: store_writer write FILE STEPS SALT | loop FILE STEPS | check FILE STEPS\n");
    return 2;
}
