/* What the files behind hbm.h share: the public objects, and what all studies do alike.
 *
 * A study opens an experiment of the scenario's own file, plan and overrides, does its work through models/study, and
 * hands its results over with their provenance. */
#ifndef MODEL_LIBRARY_H
#define MODEL_LIBRARY_H

#include "models/experiment/experiment.h"
#include "models/hbm.h"
#include "sim/base/diag.h"

struct hbm_scenario {
    model_setup setup;
    char *path;
    char *plan;  /* NULL: none */
    char **sets; /* overrides that it was opened with */
    size_t set_count;
};

struct hbm_problems {
    sim_diag *diag;
};

/* The caller's problems, or, where nobody wants to know them, *own, which is made here (NULL: out of memory). */
sim_diag *library_diag(hbm_problems *problems, sim_diag **own);
/* A line in `why`; returns HBM_E_INPUT. */
int library_refuse(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- studies (work.c) --- */

typedef struct {
    const hbm_scenario *scenario;
    const hbm_execution *how;
    const char *const *plans; /* of the experiment, of which NULL is the scenario as it is */
    size_t plan_count;
    model_experiment_options options; /* those of the experiment */
    model_experiment *experiment;
    size_t expected; /* tasks; 0: nobody knows */
    sim_diag *diag, *own_diag;
    sim_result *result; /* to be filled by the study */
    char *why;
    size_t size;
} library_work;

/* The scenario's own plan as a list of one, or of none where it has none. */
const char *const *library_own_plan(const hbm_scenario *scenario, size_t *count);
/* Opens the experiment. Plans and the work itself must stay where they are until library_end. */
int library_begin(library_work *work, const hbm_scenario *scenario, const hbm_execution *how, const char *const *plans,
                  size_t plan_count, hbm_problems *problems, char *why, size_t size);
/* Adds provenance to results that are filled. Replications: 0 where they are not one number. */
int library_finish(library_work *work, size_t replications);
/* Ends it, whatever has come of it: *out gets the results where `error` is 0 or `kept` (they are whole and the caller
 * shall have them all the same). Says in `why` what nobody has said yet. Returns the error. */
int library_end(library_work *work, int error, bool kept, hbm_result **out);

#endif
