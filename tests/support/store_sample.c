/* A small result with everything a results file can hold, for tests of the store. */
#include "tests/support/store_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/result/store.h"

enum { STATIONS = 4, CLASSES = 2, QUANTILES = 3 };

typedef struct {
    int time, station, class, quantile;
} axes;

static int add_axes(sim_result *result, size_t steps, axes *a)
{
    static const char *const stations[STATIONS] = {"Bridge: entry check", "Übergang Süd", "Медика", "国境"};
    static const char *const classes[CLASSES] = {"adult", "child"};
    static const double quantiles[QUANTILES] = {0.5, 0.9, 0.99};
    double *times = malloc(steps * sizeof *times);
    if (times == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < steps; i++)
        times[i] = 3600.0 * (double)i;
    a->time = sim_result_values(result, "time", "Begin of the time bin", "seconds since 2031-03-01T00:00:00+01:00",
                                steps, times);
    free(times);
    a->station = sim_result_labels(result, "station", "Station at a post", STATIONS, stations);
    a->class = sim_result_labels(result, "class", "Class of a person", CLASSES, classes);
    a->quantile = sim_result_values(result, "quantile", "Share of people at or below", "1", QUANTILES, quantiles);
    return a->time < 0 || a->station < 0 || a->class < 0 || a->quantile < 0 ? SIM_E_MEMORY : 0;
}

static int add_queue(sim_result *result, const axes *a, size_t steps, int salt)
{
    int64_t *waiting;
    double *delay;
    int outcome = sim_result_integers(result, "queue/people_waiting", "People waiting at the end of the bin", "1", 3,
                                      (const int[]){a->time, a->station, a->class}, &waiting);
    if (outcome != 0)
        return outcome;
    uint64_t state = (uint64_t)salt;
    for (size_t i = 0; i < steps * STATIONS * CLASSES; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        waiting[i] = (int64_t)(state >> 50) - 5000;
    }
    outcome = sim_result_reals(result, "queue/delay", "Delay in the queue", "s", 2,
                               (const int[]){a->station, a->quantile}, &delay);
    if (outcome != 0)
        return outcome;
    for (size_t i = 0; i < STATIONS * QUANTILES - 1; i++) /* the last one stays NaN */
        delay[i] = i == 0 ? -0.0 : salt + 1.0 / (double)i;
    return 0;
}

static int add_rest(sim_result *result, const axes *a, size_t steps, int salt)
{
    double *people, *total;
    int64_t *crossings;
    int outcome = sim_result_reals(result, "centre/people_present", "People in the centre", "1", 1,
                                   (const int[]){a->time}, &people);
    if (outcome != 0)
        return outcome;
    for (size_t i = 0; i < steps; i++)
        people[i] = salt + sin((double)i);
    outcome = sim_result_reals(result, "cost", "Cost of the run", "USD", 0, NULL, &total);
    if (outcome != 0)
        return outcome;
    *total = 1e6 + salt;
    outcome = sim_result_integers(result, "queue/crossings", "People who crossed", "1", 0, NULL, &crossings);
    if (outcome == 0)
        *crossings = INT64_MIN + salt;
    return outcome;
}

static int add_texts(sim_result *result)
{
    static const char line[] = "stations: {entry_check: {serves: person, desks: 8}} # Größe, 国境\n";
    enum { LINES = 2000 }; /* beyond the 64 KiB that an attribute holds in many tools */
    char *scenario = malloc(LINES * (sizeof line - 1) + 1);
    if (scenario == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < LINES; i++)
        memcpy(scenario + i * (sizeof line - 1), line, sizeof line);
    int outcome = sim_result_attribute(result, "scenario/two posts.yaml", scenario, 1);
    free(scenario);
    if (outcome == 0)
        outcome = sim_result_attribute(result, "title", "Two posts on the river – пример", 1);
    if (outcome == 0)
        outcome = sim_result_attribute(result, "seed", "1", 1);
    if (outcome == 0)
        outcome = sim_result_attribute(result, "threads", "2", 0);
    if (outcome == 0)
        outcome = sim_result_attribute(result, "note", "", 0);
    return outcome;
}

int store_sample(sim_result *result, size_t steps, int salt)
{
    axes a;
    int outcome = add_axes(result, steps, &a);
    if (outcome == 0)
        outcome = add_queue(result, &a, steps, salt);
    if (outcome == 0)
        outcome = add_rest(result, &a, steps, salt);
    if (outcome == 0)
        outcome = add_texts(result);
    return outcome;
}

const char *store_sample_check(const char *path, size_t steps, int *salt, char *why, size_t size)
{
    sim_result found, expected;
    sim_result_init(&expected);
    const char *fault = "it cannot be read";
    if (sim_store_read(&found, path, why, size) != 0)
        goto out;
    fault = "it has no cost";
    const sim_dataset *cost = sim_result_find(&found, "cost");
    if (cost == NULL || cost->is_integer)
        goto out;
    int found_salt = (int)(cost->data.reals[0] - 1e6);
    if (salt != NULL)
        *salt = found_salt;
    fault = "out of memory";
    if (store_sample(&expected, steps, found_salt) == 0)
        fault = sim_result_difference(&expected, &found) == NULL ? NULL : "it differs from what was written";
out:
    sim_result_free(&found);
    sim_result_free(&expected);
    return fault;
}
