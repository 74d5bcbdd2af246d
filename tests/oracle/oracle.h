/* What all oracle tests share: a scenario of one post P, run in independent replications, and the claim that theory
 * lies in the 99.9% Student interval of their means, and that the interval is narrow.
 *
 * All times are minutes and all rates a minute. Seeds are fixed: a claim about a right engine had a chance of 0.1% to
 * fail when its seed was chosen, and none since. A scenario's warm-up is left out of every measure. */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <stddef.h>
#include <stdint.h>

#include "models/core/run.h"

#define ORACLE_CONFIDENCE 0.999

/* Parts of a scenario in YAML's flow style; NULL stands for what is usual. */
typedef struct {
    const char *rate;     /* of people who come: "0.7 /min", or a wave */
    const char *people;   /* of `people`; usually groups of one */
    const char *stations; /* of `stations` */
    const char *entry;    /* of `posts.P.entry.stations`; usually one station, "desk: {}" */
    const char *side;     /* more of `posts.P.entry`, a comma before it */
    const char *post;     /* more of `posts.P`, a comma before it */
    const char *more;     /* more sections, whole lines */
    const char *duration; /* usually 200 d */
    const char *warm_up;  /* usually 2 d */
    const char *bin;      /* usually 1 d, the control interval too */
    size_t replications;  /* usually 30 */
    uint64_t seed;
} oracle_scenario;

/* Takes `width` numbers from a replication that has ended. */
typedef void oracle_measure(const model_world *world, double *values);

typedef struct {
    double *values; /* [replication][column] */
    size_t width, replications, missed;
} oracle_study;

/* Setup of a scenario; prints what is wrong with it. Caller frees with model_setup_free, also after a failure. */
int oracle_setup(model_setup *setup, const oracle_scenario *scenario);

/* Runs all replications; fails the test when one fails. oracle_finish frees. */
void oracle_run(oracle_study *study, const oracle_scenario *scenario, oracle_measure *measure, size_t width);
/* Claims that `theory` lies in the interval of a column, whose half-width is at most `narrow` of it. A miss is counted.
 */
void oracle_expect(oracle_study *study, size_t column, const char *what, double theory, double narrow);
/* Frees, and fails the test if a claim was missed. */
void oracle_finish(oracle_study *study);

/* Time-weighted mean of a level; `owner` is a station's name without post and side, or a place's. */
double oracle_level(const model_world *world, const char *metric, const char *owner, uint32_t cell);
/* The same in one time bin. */
double oracle_level_in_bin(const model_world *world, const char *metric, const char *owner, uint32_t cell,
                           uint32_t bin);
/* Mean of a duration, minutes. */
double oracle_duration(const model_world *world, const char *metric, const char *owner, uint32_t cell);
/* Total of a count. */
double oracle_count(const model_world *world, const char *metric, const char *owner, uint32_t cell);
/* Share of durations of at least sim_histogram_edge(bucket). */
double oracle_share_from(const model_world *world, const char *metric, const char *owner, uint32_t cell,
                         uint32_t bucket);

#endif
