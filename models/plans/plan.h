/* Plans: files laid over a scenario, and the opening of both. */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "models/core/run.h"

/* The file of a scenario: `path`, or the scenario.yaml in it when it is a folder. Caller frees; NULL: out of memory. */
char *model_setup_file(const char *path);
/* Reads and checks a scenario file into a setup, with the plan of the file `plan` laid over it (NULL: none); what is
 * wrong goes to diag. Free with model_setup_free, also after a failure. */
int model_setup_load(model_setup *setup, const char *path, const char *plan, const char *const *sets, size_t set_count,
                     sim_diag *diag);
/* The same from text; files of the scenario are looked up in `folder` (NULL: none). */
int model_setup_parse(model_setup *setup, const char *text, size_t length, const char *name, const char *folder,
                      const char *plan, const char *const *sets, size_t set_count, sim_diag *diag);

/* What a plan's file may say. (plan.c) */
extern const sim_overlay_rules model_plan_rules;
/* Reads a plan's file for laying it over a scenario. Caller frees *text, NULL on failure; errors go to diag. */
int model_plan_read(sim_overlay *overlay, const char *path, char **text, sim_diag *diag);
/* SIM_E_INPUT, told, when the file that should be a scenario is a plan: one line instead of a page. 0 also when it
 * cannot be read. */
int model_plan_refuse(const char *path, sim_diag *diag);
/* The plans that the scenario names, as full paths. */
size_t model_plan_count(const model_setup *setup);
const char *model_plan_file(const model_setup *setup, size_t i);

#endif
