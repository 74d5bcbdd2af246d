/* hbm.h: the public interface of libhbm.
 *
 * A scenario file is opened and checked. It can be run (one plan, n replications), its plans compared, rosters found
 * that meet targets of service, parameters varied, parameters fitted to observations; or played, as a session that is
 * advanced step by step and given orders. Each of these returns results, which can be looked into, written to a file
 * and read back. The program hbm does its work through the same code: the same inputs, seed and replications give the
 * same results, bit for bit, on any number of threads.
 *
 * Errors: functions that can fail return 0 or a negative HBM_E_..., and leave *out NULL unless said otherwise. What is
 * wrong with an input is told with its place in `problems`, what cannot be done in one line in `why` (`size` bytes,
 * ended by NUL; "" when there is nothing to say). `problems` may be NULL where only the code is wanted.
 *
 * Memory: who calls frees what is called `out`, with the function named beside it; NULL may be freed. Texts and arrays
 * that are handed out belong to the object they are of and are good until that is freed. Texts of options are read
 * during the call only. Options are initialised by their ..._init function, so that members added later keep their
 * neutral values.
 *
 * Units: time in seconds (of sessions: in microseconds), shares from 0 to 1, all else as the results say beside the
 * number.
 *
 * Threads: functions of different objects may be called at the same time, but for those that read and write files of
 * results (HDF5 takes one call at a time in a process). */
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

enum {
    HBM_E_MEMORY = -1,  /* out of memory */
    HBM_E_INPUT = -2,   /* a scenario, plan, factor, target or option is wrong */
    HBM_E_IO = -3,      /* a file cannot be read or written */
    HBM_E_FORMAT = -4,  /* a file is not what it should be, is damaged, or has changed meanwhile */
    HBM_E_LIMIT = -5,   /* a limit of the program is exceeded */
    HBM_E_STOPPED = -6, /* the caller's progress function asked for it */
    HBM_E_BROKEN = -8   /* replications failed, or a law of the simulation is broken */
};
/* The text of a code; never NULL. */
const char *hbm_error_text(int code);

/* Problems: caller frees; counts errors (warnings apart); prints them for people or as a JSON array (0 or HBM_E_IO). */
int hbm_problems_new(hbm_problems **out);
void hbm_problems_free(hbm_problems *problems);
size_t hbm_problems_count(const hbm_problems *problems);
void hbm_problems_print(const hbm_problems *problems, FILE *to);
int hbm_problems_print_json(const hbm_problems *problems, FILE *to);

/* Opens and checks a scenario. `path`: the file, or a folder with a scenario.yaml in it. `plan`: a file to be laid over
 * it (NULL: none). `sets`: "path=value" overrides, of what the plan says too. All problems found are in `problems`; any
 * error: HBM_E_INPUT. Caller closes. Cost: the files' size; the people are counted by hbm_scenario_size only. */
int hbm_scenario_open(hbm_scenario **out, const char *path, const char *plan, const char *const *sets, size_t set_count,
                      hbm_problems *problems);
void hbm_scenario_close(hbm_scenario *scenario);
const char *hbm_scenario_name(const hbm_scenario *scenario);

/* --- plans --- */

/* Title of the plan that the scenario was opened with; NULL when it has none, or there is no plan. */
const char *hbm_scenario_plan_name(const hbm_scenario *scenario);
/* The files of the plans that the scenario names (`plans`), in its order; i from 0. hbm_scenario_open takes one. */
size_t hbm_scenario_plan_count(const hbm_scenario *scenario);
const char *hbm_scenario_plan_file(const hbm_scenario *scenario, size_t i);
/* Checks a plan's file against the scenario and copies its title ("" when it has none), cut off at `size` bytes.
 * HBM_E_INPUT with what is wrong in `problems`. Cost: as opening the scenario. */
int hbm_plan_check(const hbm_scenario *scenario, const char *plan, char *title, size_t size, hbm_problems *problems);

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
     * (HBM_E_STOPPED). May be NULL. */
    int (*progress)(const hbm_progress *progress, void *user);
    void *user;
} hbm_run_options;

void hbm_run_options_init(hbm_run_options *options); /* 1 replication, all threads, seed 1 */

/* Runs; *out is for hbm_result_free. `why` gets a line on failure. The results do not depend on `threads`. */
int hbm_run(const hbm_scenario *scenario, const hbm_run_options *options, hbm_result **out, char *why, size_t size);

void hbm_result_free(hbm_result *result);
/* Writes an HDF5 file, whole or not at all: an earlier file of that name is replaced only by a complete one. HBM_E_IO,
 * HBM_E_MEMORY (a second copy is held). Reads one that was written so; *out is for hbm_result_free. HBM_E_IO;
 * HBM_E_FORMAT (not such a file, damaged, or changed). */
int hbm_result_write(const hbm_result *result, const char *path, char *why, size_t size);
int hbm_result_read(hbm_result **out, const char *path, char *why, size_t size);
/* SHA-256 of all result data (not of provenance such as times and threads). */
int hbm_result_hash(const hbm_result *result, char hex[65]);

/* --- results --- */

/* Each result is a set of named series of numbers over named axes, and of attributes: where they came from. The file
 * that hbm_result_write makes has the same names. */

/* What a replication comes to, as planners ask for it. */
typedef struct {
    const char *name;    /* "wait.mean" */
    const char *unit;    /* "s", "people", "1" for shares */
    const char *meaning; /* one line */
    const char *better;  /* "less", "more", or "neither" where that depends on more than the figure */
} hbm_figure;

/* The key figures that there are, i from 0, and one by its name, also where "@SITE" stands behind it (HBM_E_INPUT:
 * there is none). A scenario has those that its models record. */
size_t hbm_figure_count(void);
void hbm_figure_at(size_t i, hbm_figure *figure);
int hbm_figure_find(const char *name, hbm_figure *figure);

/* The key figures of the results of hbm_run, i from 0; none in other results. */
size_t hbm_result_figure_count(const hbm_result *result);
const char *hbm_result_figure_name(const hbm_result *result, size_t i);
/* Mean over replications and half-width of its interval (Student, at the scenario's `confidence`), in the figure's
 * unit; NaN: no replication has it, or there are too few. Either may be NULL. HBM_E_INPUT: there is no such figure
 * here. */
int hbm_result_figure(const hbm_result *result, const char *name, double *mean, double *half_width);

enum { HBM_AXES = 5 };
typedef struct {
    const char *name, *unit, *doc; /* "time", "seconds since 2030-01-01T00:00:00+00:00" */
    size_t size;
    const char *const *labels; /* names, or NULL: */
    const double *values;      /* coordinates; one of the two is given */
} hbm_axis;
typedef struct {
    const char *path, *unit, *doc; /* "queue/people_waiting", "people" */
    int axis_count;                /* 0: one number */
    hbm_axis axes[HBM_AXES];       /* slowest first: the last one runs through neighbours */
    size_t count;                  /* numbers: the product of the axes' sizes, 1 without axes */
    const double *reals;           /* NaN: no value; or NULL: */
    const int64_t *integers;       /* one of the two is given */
} hbm_series;

/* All series, i from 0, and one by its path (HBM_E_INPUT: there is none). Nothing is copied. */
size_t hbm_result_series_count(const hbm_result *result);
void hbm_result_series_at(const hbm_result *result, size_t i, hbm_series *series);
int hbm_result_series(const hbm_result *result, const char *path, hbm_series *series);
/* Number i of a series, as a real one. */
double hbm_series_value(const hbm_series *series, size_t i);
/* The number at a place named by one text for each axis: the label, or for an axis of values the index from 0, such as
 * ("compare/difference", {"contingency", "wait.mean"}). HBM_E_INPUT with a line in `why`: no such series, a wrong
 * number of texts, no such label. Cost: the labels are gone through. */
int hbm_result_value(const hbm_result *result, const char *path, const char *const *at, size_t count, double *value,
                     char *why, size_t size);
/* "title", "seed", "version", "scenario" (its text) ...; NULL when there is none of that name. */
const char *hbm_result_attribute(const hbm_result *result, const char *name);

/* --- studies: many runs --- */

/* What they share. Each opens the scenario's file again as it was opened (plan, `sets`), so that its files must still
 * be there; if one has changed meanwhile: HBM_E_FORMAT. The scenario is not changed.
 * Cost: the sum of the runs, over threads; memory for one world a thread. */
typedef struct {
    uint64_t seed;
    unsigned threads;         /* 0: as many as the machine has; at most 1024 */
    const char *command_line; /* for provenance; NULL: none */
    /* As in hbm_run_options. `done` is the share of the tasks known to be needed so far; `replications` counts tasks.
     */
    int (*progress)(const hbm_progress *progress, void *user);
    void *user;
} hbm_execution;

/* Comparing: the scenario as it was opened, the baseline, and plans beside it, the same people with the same luck in
 * all of them. Results: axes plan ("baseline", then names of files without folder and ending), figure and replication;
 * compare/value, mean, half_width, difference, difference_low, difference_high (all intervals hold together), p,
 * p_holm, pairs, status; with `best` the group best and attributes best, best_figure ... (Kim and Nelson 2001). */
typedef struct {
    const char *const *plans; /* files; none: those that the scenario names */
    size_t plan_count;
    size_t replications;        /* of each plan, at least 2; 0: 10, and at most 1000 with `until` or `best` */
    const char *const *figures; /* "wait.mean", "cost.total@Bridge"; none: what planners ask first */
    size_t figure_count;
    const char *const *until; /* "wait.mean=30 min": replications are doubled, from 10, until it is known of each plan
                                 whether it is more, less, or no further apart than that */
    size_t until_count;
    const char *best;         /* select the plan with the best mean of this figure; NULL: none. Not with `until` */
    const char *indifference; /* "30 min": difference that is worth detecting; with `best` */
    double probability;       /* of selecting the best, 0.5 to 0.999999; 0: 0.95 */
    int largest;              /* the largest is best; otherwise as hbm_figure.better says, or the smallest */
    hbm_execution how;
} hbm_compare_options;
void hbm_compare_options_init(hbm_compare_options *options); /* seed 1, all else as NULL and 0 say */
/* *out is for hbm_result_free. HBM_E_BROKEN: replications failed and are left out; *out has the rest. */
int hbm_compare(const hbm_scenario *scenario, const hbm_compare_options *options, hbm_result **out,
                hbm_problems *problems, char *why, size_t size);

/* Sweeping: the scenario at many points of its parameters, and which of them its figures depend on. Results: axes
 * factor, figure, point, replication; sweep/value (of factors, SI), run, mean, status (below 0: the run failed);
 * sobol/first and total, or morris/mu, mu_star and sigma, with intervals. */
typedef struct {
    const char *const *factors; /* "PATH=LOW..HIGH", "PATH=LOW..HIGH:log", "PATH=VALUE,VALUE" */
    size_t factor_count;
    const char *const *plans; /* files; with several the plan is a factor too; none: as the scenario was opened */
    size_t plan_count;
    const char *const *figures; /* none: those that planners ask first */
    size_t figure_count;
    const char *design; /* "factorial", "lhs", "sobol", "morris", "points"; NULL: factorial, or the points of `from` */
    size_t points;      /* lhs: points (0: 100); sobol: base points (64); morris: trajectories (10) */
    size_t levels;      /* factorial: of a range, 2 to 1000 (0: 3); morris: an even number (4) */
    const char *from, *problem; /* files of points and of factors, CSV or as SALib writes them; NULL: none */
    size_t replications;        /* of each point */
    hbm_execution how;
} hbm_sweep_options;
void hbm_sweep_options_init(hbm_sweep_options *options); /* 1 replication, seed 1 */
/* *out is for hbm_result_free. Points whose runs fail are no error: their status tells. */
int hbm_sweep(const hbm_scenario *scenario, const hbm_sweep_options *options, hbm_result **out, hbm_problems *problems,
              char *why, size_t size);

/* Staffing: the cheapest roster that meets targets of service, as far as a search by steps finds one. Results: axes
 * shift, target, trial, phase; staff/met (1: it meets them), confirmed (other replications do too), heads_now,
 * heads_found; targets/now, found, missed; marginal/one_less and one_more; search/... */
typedef struct {
    const char *const *targets; /* "wait.p95@each<=2 h", "wait.within_target@Bridge>=95% each 1 h"; at least one */
    size_t target_count;
    const char *const *rosters; /* names, * and ? allowed; none: all */
    size_t roster_count;
    int64_t least, most; /* people on a shift; most 0: as many as could be of use */
    int64_t lanes;       /* so many times as many lanes as there are may be opened, 1 to 100 */
    double lost; /* share of those who came at a post who may be in no wait beyond what the most people leave, 0 to
                    1; 1: not looked at */
    size_t replications; /* of each roster tried, and as many others to check what is found */
    double confidence;   /* one-sided, 0.5 to 0.999; 0.5 takes the value itself */
    size_t trials;       /* rosters tried at most */
    size_t rounds;       /* 1 to 10: where the check misses a target, the search goes on with twice the replications */
    const char *plan_file; /* where the roster is written as a plan, if the targets are met; NULL: nowhere */
    hbm_execution how;
} hbm_staff_options;
/* Least 0, lanes 1, lost 0.02, 10 replications, confidence 0.95, 2000 trials, 3 rounds, seed 1. */
void hbm_staff_options_init(hbm_staff_options *options);
/* *out is for hbm_result_free. 0 also when the targets cannot be met (staff/met). HBM_E_IO: the plan cannot be written;
 * *out has the results then. */
int hbm_staff(const hbm_scenario *scenario, const hbm_staff_options *options, hbm_result **out, hbm_problems *problems,
              char *why, size_t size);

/* Calibrating: parameters fitted to the scenario's observations (`observed`), and what the fit is worth on those held
 * out. Results: axes parameter, observation, replication, evaluation, post, column; fit/estimate, low, high (SI; NaN:
 * not determined), edge; observations/...; held_out/model_rmse beside last_rmse and mean_rmse, two rules that need no
 * model; attribute assessment, in words. */
typedef struct {
    const char *const *factors; /* "PATH=LOW..HIGH", ":log" behind it: 1 to 20 */
    size_t factor_count;
    size_t replications;   /* of each point, at least 2 */
    size_t evaluations;    /* points tried at most: at least 4 for each factor, and 4 more; 0: five times that */
    size_t bootstrap;      /* replications at the estimate, at least 20 */
    double hold_out;       /* share of the observations that is held out, the last in time; 0: none */
    const char *fit_until; /* instead: an instant, or a time since the start such as "14 d"; NULL */
    const char *columns;   /* fitted, with commas between: "people,wait_h"; NULL: both */
    hbm_execution how;
} hbm_calibrate_options;
void hbm_calibrate_options_init(hbm_calibrate_options *options); /* 10 replications, bootstrap 100, seed 1 */
/* *out is for hbm_result_free. */
int hbm_calibrate(const hbm_scenario *scenario, const hbm_calibrate_options *options, hbm_result **out,
                  hbm_problems *problems, char *why, size_t size);

/* --- sessions ---
 *
 * One replication of a scenario that is advanced step by step: it can be paused, read, given orders, marked, rewound,
 * branched, and finished into results. It pauses before what happens at an instant: an order given at 6 h takes effect
 * at 6 h, as one of a plan would (`at: 6 h`). What comes of a session depends on the scenario, its plan, the seed, the
 * replication and the orders given, never on where it was paused, marked or rewound. Times are microseconds from the
 * scenario's start. A session is used by one thread at a time; sessions do not know of each other. All functions return
 * 0 or a negative error. */
typedef struct hbm_session hbm_session;

/* Who may give an order depends on its kind (`hbm params`): nobody but who leads an exercise can cut the power. */
typedef enum {
    HBM_BY_LEADER = 1, /* who leads the exercise: what happens */
    HBM_BY_PLAYER = 4  /* who takes part in it: what is done about it */
} hbm_giver;

typedef struct {
    uint64_t seed, replication; /* as of hbm_run, whose replications count from 0 */
    unsigned threads;           /* to advance on; 0: one */
    int journeys;               /* keep one row a group and station */
} hbm_session_options;

void hbm_session_options_init(hbm_session_options *options); /* seed 1, replication 0, one thread */

/* Opens a session at the scenario's start. The scenario must outlive it. Costs what a replication needs in memory;
 * close it. HBM_E_MEMORY; HBM_E_LIMIT: too many people. */
int hbm_session_open(hbm_session **out, const hbm_scenario *scenario, const hbm_session_options *options);
void hbm_session_close(hbm_session *session); /* NULL is allowed */

int64_t hbm_session_now(const hbm_session *session);
int64_t hbm_session_end(const hbm_session *session);
int64_t hbm_session_interval(const hbm_session *session); /* from one control instant to the next */

/* Advances to the next control instant, or to `until` (the end at most), and pauses. At the end the run is over. An
 * instant that is past: nothing happens. Takes as long as that part of a run. After an error (HBM_E_BROKEN: a law does
 * not hold) it can only be rewound or closed. */
int hbm_session_step(hbm_session *session);
int hbm_session_advance(hbm_session *session, int64_t until);

/* Reads a metric by name (`hbm params`) as it truly is now. `owner`: name of a station ("Bridge/entry/check"), place or
 * agency; NULL: all of them together. `cell`: of the metric's split, from 0; -1: all of them. A level: the number now;
 * a count: how many so far; a duration: the mean so far in seconds, NaN where there is none; a share: its quotient, NaN
 * of nothing. In the metric's unit. HBM_E_INPUT: there is no such metric, owner or cell. */
int hbm_session_read(const hbm_session *session, const char *metric, const char *owner, int cell, double *value);
/* What agencies and people know now of those who wait at a site (post, centre, informal crossing), and of their wait in
 * seconds: late (`choice.delay`), rounded and in part (`reporting`). Players should see no more.
 * HBM_E_INPUT: there is no such site. */
int hbm_session_known(const hbm_session *session, const char *site, int64_t *waiting, double *wait);

/* Gives an order now, in the words of an entry of the timeline without its time: "{order: open_lanes, target:
 * Bridge/entry, lanes: 2, duration: 6 h}". It is held to what a plan's orders are: who may give it, lead time,
 * agreement, money. `giver`: a name for the log, such as "player Anna". What is wrong with it is told in `problems`
 * (HBM_E_INPUT), and nothing has happened. Whether it is agreed to and paid shows later. Milliseconds. */
int hbm_session_give(hbm_session *session, const char *order, hbm_giver by, const char *giver, hbm_problems *problems);
/* The orders given so far: how many; the i-th as text, by whom, and when. Texts belong to the session, until it is
 * rewound. */
size_t hbm_session_orders(const hbm_session *session);
void hbm_session_order(const hbm_session *session, size_t i, const char **order, const char **giver, int64_t *at);

/* Keeps the present state in memory (megabytes). *id is its name in this session. Of many marks those that are long
 * past and close together are thinned out; the first and the last stay. */
int hbm_session_mark(hbm_session *session, uint64_t *id);
/* The marks that are kept: how many, and the name and the time of the i-th. */
size_t hbm_session_marks(const hbm_session *session);
uint64_t hbm_session_mark_at(const hbm_session *session, size_t i, int64_t *at);
/* Back to a mark: what was ordered after it has not been. HBM_E_INPUT: it is not kept (any more). After an
 * error the session is as it was. */
int hbm_session_rewind(hbm_session *session, uint64_t id);
/* A session of its own that goes on from a mark, without its marks; under another plan where `scenario` is the same one
 * opened with that (NULL: as it is). What was ordered before stays in force. It may outlive this session; close it.
 * HBM_E_FORMAT: the scenario does not fit. */
int hbm_session_branch(const hbm_session *session, uint64_t id, const hbm_scenario *scenario, hbm_session **out);

/* Results of a session that is over: those of a run with one replication, and the orders that were given. *out is for
 * hbm_result_free. HBM_E_INPUT: it is not over. `why` gets a line on failure. */
int hbm_session_result(const hbm_session *session, hbm_result **out, char *why, size_t size);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
