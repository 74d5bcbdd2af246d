/* A whole scenario: time and memory a person, their growth from 10^4 to 10^7 people, and what threads bring.
 *
 * Usage: bench_scenario [SCENARIO.yaml [threads]]; poland-2022 and 2 when not given. Growth: numbers of people and all
 * capacities are multiplied alike; the part that does not depend on people (windows, series, tables) is measured with a
 * millionth of them and taken off; the slope is that of a least-squares line through the logarithms. Times are medians
 * of RUNS. */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/hbm.h"
#include "models/plans/plan.h"

enum { RUNS = 5, SIZES = 7 };

typedef struct {
    double seconds, bytes, people;
} measurement;

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, ascending);
    return values[n / 2];
}

static void check(int ret, const char *what)
{
    if (ret != 0) {
        fprintf(stderr, "%s: %s\n", what, hbm_error_text(ret));
        exit(1);
    }
}

static double in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

/* One replication at `factor` times the scenario's size: build and run, not load and write. */
static measurement measure(const char *path, double factor, unsigned threads, int runs)
{
    char scale[64], capacity[64];
    snprintf(scale, sizeof scale, "scale=%.9g", factor);
    snprintf(capacity, sizeof capacity, "capacity=%.9g", factor);
    const char *sets[2] = {scale, capacity};
    measurement m = {0};
    double seconds[RUNS];
    sim_diag *diag = NULL;
    model_setup setup;
    check(sim_diag_new(&diag, 100), "diagnostics");
    int ret = model_setup_load(&setup, path, NULL, sets, 2, diag);
    sim_diag_print(diag, stderr);
    check(ret, path);
    for (int i = 0; i < runs; i++) {
        model_world world;
        double before = in_use(), began = wall();
        check(model_world_init(&world, &setup, (uint64_t)i + 1, 0, false), "building");
        check(model_world_run(&world, setup.end, threads), "running");
        seconds[i] = wall() - began;
        m.bytes = in_use() - before;
        m.people = world.person_count;
        model_world_free(&world);
    }
    m.seconds = median(seconds, runs);
    model_setup_free(&setup);
    sim_diag_free(diag);
    return m;
}

static double slope(const double *x, const double *y, int n)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < n; i++) {
        sx += x[i];
        sy += y[i];
        sxx += x[i] * x[i];
        sxy += x[i] * y[i];
    }
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

static void growth(const char *path, double people)
{
    double x[SIZES], time[SIZES], memory[SIZES];
    measurement fixed = measure(path, 1e-6, 1, RUNS);
    printf("fixed part: %.4f s, %.1f MB\n    people   seconds  us a person  bytes a person (beyond the fixed part)\n",
           fixed.seconds, fixed.bytes * 1e-6);
    for (int i = 0; i < SIZES; i++) {
        double wanted = pow(10, 4 + 0.5 * i);
        measurement m = measure(path, wanted / people, 1, i < 5 ? RUNS : 1);
        x[i] = log(m.people);
        time[i] = log(m.seconds - fixed.seconds);
        memory[i] = log(m.bytes - fixed.bytes);
        printf("%10.0f %9.4f %12.3f %10.1f\n", m.people, m.seconds, (m.seconds - fixed.seconds) / m.people * 1e6,
               (m.bytes - fixed.bytes) / m.people);
        fflush(stdout);
    }
    printf("slope of log time over log people %.3f, of log memory %.3f\n", slope(x, time, SIZES),
           slope(x, memory, SIZES));
}

static double replicate(const char *path, size_t replications, unsigned threads)
{
    hbm_problems *problems = NULL;
    hbm_scenario *scenario = NULL;
    hbm_result *result = NULL;
    hbm_run_options options;
    char why[256] = "";
    check(hbm_problems_new(&problems), "problems");
    check(hbm_scenario_open(&scenario, path, NULL, NULL, 0, problems), path);
    hbm_run_options_init(&options);
    options.replications = replications;
    options.threads = threads;
    double began = wall();
    check(hbm_run(scenario, &options, &result, why, sizeof why), why);
    double seconds = wall() - began;
    hbm_result_free(result);
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
    return seconds;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : HBM_SOURCE_DIR "/scenarios/poland-2022/scenario.yaml";
    unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2;
    measurement one = measure(path, 1, 1, RUNS);
    printf(
        "one replication, one thread: %.3f s for %.0f people: %.3f us a person, %.1f MB, %.1f bytes a person in all\n",
        one.seconds, one.people, one.seconds / one.people * 1e6, one.bytes * 1e-6, one.bytes / one.people);
    double ratios[RUNS], batches[3];
    for (int i = 0; i < RUNS; i++) {
        double alone = measure(path, 1, 1, 1).seconds;
        ratios[i] = alone / measure(path, 1, threads, 1).seconds;
    }
    printf("one replication on %u threads: %.2f times as fast (median of %d pairs)\n", threads, median(ratios, RUNS),
           RUNS);
    for (int i = 0; i < 3; i++) {
        double alone = replicate(path, 8, 1);
        batches[i] = alone / replicate(path, 8, threads);
    }
    printf("eight replications on %u threads: %.2f times as fast (median of 3 pairs)\n", threads, median(batches, 3));
    growth(path, one.people);
    return 0;
}
