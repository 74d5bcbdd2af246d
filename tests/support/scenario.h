/* Small scenarios as text, run to their end, and what they recorded, by name.
 *
 * A stream of `people` with a constant shape and groups of 1000 is one group of exactly that size at exactly that time:
 * so every time of a test can be known by hand (TEST_GROUP). Each function fails the test when something goes wrong. */
#ifndef TESTS_SCENARIO_H
#define TESTS_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "models/core/run.h"

/* The lines that every scenario needs; the start is a midnight. */
#define TEST_HEAD "hbm: 1\nname: test\nstart: 2031-03-01T00:00+01:00\n"
/* For known times: one group a stream, nobody varies on the way. */
#define TEST_EXACT "people: {group_size: 1000}\ntravel: {variation: 1}\n"
/* One group of `people` (a number in quotes) that sets out from `place` at `time`; `more` begins with a comma or is "".
 */
#define TEST_GROUP(place, time, people, more) \
    "  - {from: " place ", people: " people ", shape: 0 s, at: " time more "}\n"

/* Reads a scenario that is right; `folder` (may be NULL) holds its files. Free with model_setup_free. */
void test_setup_in(model_setup *setup, const char *text, const char *folder);
void test_setup(model_setup *setup, const char *text);
/* What is said about a scenario that is wrong, all messages; caller frees. */
char *test_problems_in(const char *text, const char *folder);
char *test_problems(const char *text);
/* The scenario is refused, and among what is said is `expected`. */
void test_refused(const char *text, const char *expected);
/* The same, and nothing else is said: no error that only follows from this one. */
void test_refused_for(const char *text, const char *expected);

/* Builds a replication (with journeys) and, test_run, runs it to its end on one thread. Free with model_world_free. */
void test_world(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication);
void test_run(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication);

uint32_t test_place(const model_setup *setup, const char *name);
uint32_t test_station(const model_setup *setup, const char *name); /* "Bridge/entry/check" */

/* Of a metric's owner by name (NULL: all of them): total of a count over all bins, cell by cell or all (-1). */
int64_t test_count(const model_world *world, const char *metric, const char *owner, int cell);
/* The same of one bin (counts: 0 offset; levels: offset 0 area, 1 peak; durations: offset 0 sum, 1 weight). */
int64_t test_bin(const model_world *world, const char *metric, const char *owner, int cell, uint32_t bin,
                 uint32_t offset);
/* A level at this moment. */
int64_t test_level(const model_world *world, const char *metric, const char *owner, int cell);

/* The journeys at a station (NULL: at all), in the order in which services started; caller frees. */
model_journey *test_journeys(const model_world *world, const char *station, size_t *count);
/* Services at the station started in this order of groups, at exactly these seconds:
 * TEST_STARTS(world, "P/entry/a", {0, 10}, {1, 20}). */
typedef struct {
    uint32_t group;
    double second;
} test_start;
void test_started(const model_world *world, const char *station, size_t count, const test_start *expected);
#define TEST_STARTS(world, station, ...) \
    test_started(world, station, sizeof((test_start[]){__VA_ARGS__}) / sizeof(test_start), (test_start[]){__VA_ARGS__})

/* Claims that `hits` of `n` fit a probability within the 99.9% interval of the binomial (normal approximation,
 * continuity corrected). */
void test_share(const char *what, uint64_t hits, uint64_t n, double probability);

#endif
