/* Writes and checks sample results files from the command line, for interop.py and for trying readers by hand.
 *
 * sample_results                        writes sample.h5 here and checks it (as a test)
 * sample_results write FILE STEPS SALT  one file; 0, 1 when it fails (the reason on standard error)
 * sample_results check FILE STEPS       0 when it is a whole sample of that size, of whatever salt
 * sample_results read FILE              0 when it can be read as a results file; 1 and the reason on standard error */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/result/store.h"
#include "tests/support/store_sample.h"

static int write_one(const char *path, size_t steps, int salt)
{
    char why[1024] = "the sample could not be made";
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
    const char *fault = store_sample_check(path, steps, NULL, why, sizeof why);
    if (fault != NULL)
        (void)fprintf(stderr, "%s: %s %s\n", path, fault, why);
    return fault == NULL ? 0 : 1;
}

static int read_one(const char *path)
{
    char why[1024] = "";
    sim_result result;
    int outcome = sim_store_read(&result, path, why, sizeof why);
    sim_result_free(&result);
    if (outcome != 0)
        (void)fprintf(stderr, "%s\n", why);
    return outcome == 0 ? 0 : 1;
}

int main(int count, char **words)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* a size limit then is an error of write, like a full disk */
    if (count == 1)
        return write_one("sample.h5", 100, 1) != 0 || check("sample.h5", 100) != 0;
    if (count == 5 && strcmp(words[1], "write") == 0)
        return write_one(words[2], strtoul(words[3], NULL, 10), atoi(words[4]));
    if (count == 4 && strcmp(words[1], "check") == 0)
        return check(words[2], strtoul(words[3], NULL, 10));
    if (count == 3 && strcmp(words[1], "read") == 0)
        return read_one(words[2]);
    (void)fprintf(stderr, "usage: sample_results [write FILE STEPS SALT | check FILE STEPS | read FILE]\n");
    return 2;
}
