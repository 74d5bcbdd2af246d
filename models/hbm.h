/* hbm.h: the public interface of libhbm.
 *
 * A scenario file is opened and checked; a run simulates it (one plan, n replications) and returns results, which can
 * be written to a file and read back. All functions return 0 or a negative error (hbm_error_text). */
#ifndef HBM_H
#define HBM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All that is declared here, and nothing else, is seen outside of libhbm.so. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

#define HBM_VERSION "0.1.0"

typedef struct hbm_scenario hbm_scenario;
typedef struct hbm_problems hbm_problems; /* what is wrong with an input, each with its place */
typedef struct sim_result hbm_result;

const char *hbm_error_text(int code);

/* Problems: caller frees; counts errors (warnings apart); prints them for people or as a JSON array. */
int hbm_problems_new(hbm_problems **out);
void hbm_problems_free(hbm_problems *problems);
size_t hbm_problems_count(const hbm_problems *problems);
void hbm_problems_print(const hbm_problems *problems, FILE *to);
int hbm_problems_print_json(const hbm_problems *problems, FILE *to);

/* Opens and checks a scenario. `path`: the file, or a folder with a scenario.yaml in it. `plan`: a file to be laid over
 * it (NULL: none). `sets`: "path=value" overrides, of what the plan says too. All problems found are in `problems`; any
 * error: HBM input error (-2), *out NULL. Caller closes. */
int hbm_scenario_open(hbm_scenario **out, const char *path, const char *plan, const char *const *sets, size_t set_count,
                      hbm_problems *problems);
void hbm_scenario_close(hbm_scenario *scenario);
const char *hbm_scenario_name(const hbm_scenario *scenario);
/* Title of the plan; NULL when it has none. */
const char *hbm_scenario_plan_name(const hbm_scenario *scenario);
/* The files of the plans that the scenario names (`plans`), in its order. */
size_t hbm_scenario_plan_count(const hbm_scenario *scenario);
const char *hbm_scenario_plan_file(const hbm_scenario *scenario, size_t i);
/* People who set out in replication 0, sites (posts, centres, informal crossings, destinations) and stations, for a
 * line of summary. 0 or a negative error. */
int hbm_scenario_size(const hbm_scenario *scenario, uint64_t *people, size_t *posts, size_t *stations);

typedef struct {
    double done; /* share of the work done, 0..1 (with `until`: of the replications known to be needed so far) */
    size_t replications; /* finished */
    double simulated;    /* seconds of simulated time, all replications together */
    double people;       /* people simulated so far */
} hbm_progress;

typedef struct {
    size_t replications; /* at least 1; with until_metric: at most */
    unsigned threads;    /* 0: as many as the machine has */
    uint64_t seed;
    const char *until_metric; /* NULL, or the name of a key figure ("wait.mean") whose interval must get narrow */
    double until_width;       /* half-width relative to the mean, e.g. 0.05 */
    int journeys;             /* keep one row a group and station (first replication) */
    const hbm_result *replay; /* results of the same run: rules decide nothing, what its log of orders says is done
                                 again. NULL: they decide */
    const char *command_line; /* for provenance, may be NULL */
    /* Called about ten times a second, from any thread but never from two at once; a non-zero return stops the run
     * (SIM_E_STOPPED). May be NULL. */
    int (*progress)(const hbm_progress *progress, void *user);
    void *user;
} hbm_run_options;

void hbm_run_options_init(hbm_run_options *options); /* 1 replication, all threads, seed 1 */

/* Runs; *out is for hbm_result_free. `why` gets a line on failure. The results do not depend on `threads`. */
int hbm_run(const hbm_scenario *scenario, const hbm_run_options *options, hbm_result **out, char *why, size_t size);

void hbm_result_free(hbm_result *result);
int hbm_result_write(const hbm_result *result, const char *path, char *why, size_t size);
int hbm_result_read(hbm_result **out, const char *path, char *why, size_t size);
/* SHA-256 of all result data (not of provenance such as times and threads). */
int hbm_result_hash(const hbm_result *result, char hex[65]);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
