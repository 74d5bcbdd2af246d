/* Running a comparison: which tasks are evaluated, in one go, look by look, or as a selection asks for them. */
#ifndef TOOLS_COMPARE_RUN_H
#define TOOLS_COMPARE_RUN_H

#include "models/study/compare.h"
#include "tools/campaign/campaign.h"

enum { COMPARE_FIRST = 10 /* replications of a first look and of a selection's first stage */ };

/* Looks after 10, 20, 40 ... and `most` replications; 1 when there are no more. */
size_t compare_looks(size_t most);
/* Replications at look k of those, from 1. */
size_t compare_look_size(size_t look, size_t most);

/* Runs so many replications of all plans and judges their differences. Errors as of model_experiment_evaluate. *failed:
 * tasks that failed. */
int compare_run_fixed(comparison *c, campaign *work, size_t replications, size_t *failed);
/* Adds replications until all that is asked is answered, `most` at most. */
int compare_run_until(comparison *c, campaign *work, size_t most, size_t *failed);
/* Selects by c->best; the differences are those of the first stage, which all plans went through, so that their
 * intervals hold. Undecided is no error. SIM_E_INPUT, told, when a plan has no value of the figure. */
int compare_run_best(comparison *c, campaign *work, size_t most, size_t *failed);

#endif
