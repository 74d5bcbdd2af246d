/* Provenance: what results came from, as attributes of a results file. What does not bear on the numbers (times,
 * threads, the command line) is no part of their hash. */
#ifndef MODEL_PROVENANCE_H
#define MODEL_PROVENANCE_H

#include "models/core/run.h"
#include "sim/result/result.h"
#include "sim/task/journal.h"

typedef struct {
    const model_setup *setups; /* of each plan */
    size_t setup_count;
    const char *path;            /* of the scenario */
    const char *plan;            /* of the plan, where there is one; NULL: none, or several */
    const char *command_line;    /* may be NULL */
    uint64_t seed, replications; /* 0: as many as the results' axis says */
    unsigned threads, ranks;
} model_provenance;

int model_provenance_add(const model_provenance *provenance, sim_result *result);
/* The part that results follow from, which is hashed with them. */
int model_provenance_origin(const model_provenance *provenance, sim_result *result);
/* Whether these results are of the same origin: a log is replayed only in the run that it is of. Otherwise SIM_E_INPUT,
 * and `why` names the first thing that differs. */
int model_provenance_check(const model_provenance *provenance, const sim_result *log, char *why, size_t size);

/* The inputs of these setups with their SHA-256, and the program itself with its version and commit: what must not
 * change while an experiment is interrupted. Fills inputs and digests; caller frees with sim_journal_head_free. */
int model_provenance_inputs(const model_setup *setups, size_t setup_count, sim_journal_head *head);
/* One more; the same once. */
int model_provenance_input(sim_journal_head *head, const char *name, const char *digest);

#endif
