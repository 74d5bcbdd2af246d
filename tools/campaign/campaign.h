/* What the commands that run many tasks share: options, opening, the journal beside the results, progress, stopping by
 * signals, resuming and merging, and the results file at the end.
 *
 * A command parses its own options and hands the others to campaign_parse; then campaign_begin,
 * model_experiment_evaluate as often as it likes, campaign_end. How tasks are split (threads, ranks, shards, an earlier
 * process) is none of its business: on any error, SIM_E_WORKER, SIM_E_PARTIAL and SIM_E_STOPPED among them, it frees
 * what it has and returns campaign_exit(error). */
#ifndef TOOLS_CAMPAIGN_H
#define TOOLS_CAMPAIGN_H

#include <argp.h>

#include "models/experiment/experiment.h"
#include "models/outcome/provenance.h"
#include "sim/result/result.h"
#include "tools/base/option.h"

enum {
    CAMPAIGN_KEY_SHARD = OPTION_KEY_FIRST_OWN,
    CAMPAIGN_KEY_CONTINUE,
    CAMPAIGN_KEY_KNOWN,
    CAMPAIGN_KEY_FIRST_OWN = OPTION_KEY_FIRST_OWN + 32 /* a command's own option keys begin here */
};

typedef struct campaign campaign;

/* Rows of the options that all have. What resume and merge give is not in the help. */
#define CAMPAIGN_OPTIONS(out_doc)                                                                                     \
    {"threads", 't', "N", 0, "Threads, 1 to 1024 (default: as many as the machine has); results do not depend on it", \
     10},                                                                                                             \
        {"seed", 's', "N", 0, "Seed of the random numbers, 0 to 18446744073709551615 (default 1)", 10},               \
        {"set",                                                                                                       \
         OPTION_KEY_SET,                                                                                              \
         "PATH=VALUE",                                                                                                \
         0,                                                                                                           \
         "Override a value of the scenario in all tasks, e.g. scale=0.1 (repeatable)",                                \
         10},                                                                                                         \
        {"out", 'o', "FILE", 0, out_doc, 10}, {"quiet", 'q', NULL, 0, "No progress", 10},                             \
        {"json",                                                                                                      \
         OPTION_KEY_JSON,                                                                                             \
         NULL,                                                                                                        \
         0,                                                                                                           \
         "Print the outcome, or the problems of the input, and on standard error the progress as JSON",               \
         10},                                                                                                         \
        {"shard",                                                                                                     \
         CAMPAIGN_KEY_SHARD,                                                                                          \
         "I/N",                                                                                                       \
         0,                                                                                                           \
         "Run only part I of N (1/N to N/N) and leave its journal, for 'hbm merge'",                                  \
         10},                                                                                                         \
        {"continue", CAMPAIGN_KEY_CONTINUE, "JOURNAL", OPTION_HIDDEN, NULL, 10},                                      \
    {                                                                                                                 \
        "known", CAMPAIGN_KEY_KNOWN, "JOURNAL", OPTION_HIDDEN, NULL, 10                                               \
    }

/* Caller frees with campaign_free. `name`: "hbm sweep". argv before argp reorders it, for resuming. */
int campaign_new(campaign **out, const char *name, const char *default_out, int argc, char **argv);
void campaign_free(campaign *c);
/* Takes an option of CAMPAIGN_OPTIONS; ARGP_ERR_UNKNOWN for any other. */
error_t campaign_parse(campaign *c, int key, char *arg, struct argp_state *state);
/* The command is a search: its lists depend on earlier numbers, so that shards are refused. Before campaign_begin. */
void campaign_is_search(campaign *c);

/* The experiment depends on this file too (points, a log): it must not change while the experiment is interrupted.
 * Before campaign_begin. SIM_E_INPUT with a message when it cannot be read. */
int campaign_reads(campaign *c, const char *path);
/* There is but one task: a journal has nothing to keep, unless parts or a continuation ask for one. Before
 * campaign_begin. */
void campaign_needs_no_journal(campaign *c);

/* Opens scenario and plans, tells problems, opens or continues the journal. 0 or a negative error that has been told.
 * plans: see model_experiment_options; plan_count 0: the scenario as it is. */
int campaign_begin(campaign *c, const char *scenario, const char *const *plans, size_t plan_count);
model_experiment *campaign_experiment(const campaign *c);
/* Says how many tasks there will be in all, for the time left; 0: nobody knows (a search). */
void campaign_expect(campaign *c, size_t tasks);
/* Has a failed task, or a step worth a line, told under the progress: "step 3: 12 officers". */
void campaign_tell(campaign *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool campaign_json(const campaign *c);
const char *campaign_out(const campaign *c);
/* SIM_E_INPUT with a message on standard error, "hbm sweep: ..." in front. */
int campaign_refuse(const campaign *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

model_provenance campaign_provenance(const campaign *c, uint64_t replications);
/* Adds provenance (scenario, plans, overrides, seed, version) to the results, writes them, removes the journal.
 * Replications: 0 where they are not one number. 0 or an error that has been told. */
int campaign_end(campaign *c, sim_result *result, uint64_t replications);
/* The exit code for 0 or a negative error; tells what has not been told yet. */
int campaign_exit(campaign *c, int error);

#endif
