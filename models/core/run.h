/* One replication: a world built from a setup, run to its end, its state saved and restored on the way. */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "models/core/world.h"

/* The file of a scenario: `path`, or the scenario.yaml in it when it is a folder. Caller frees; NULL: out of memory. */
char *model_setup_file(const char *path);
/* Reads and checks a scenario file into a setup, with the plan of the file `plan` laid over it (NULL: none); what is
 * wrong goes to diag. Free with model_setup_free, also after a failure. */
int model_setup_load(model_setup *setup, const char *path, const char *plan, const char *const *sets, size_t set_count,
                     sim_diag *diag);
/* The same from text; files of the scenario are looked up in `folder` (NULL: none). */
int model_setup_parse(model_setup *setup, const char *text, size_t length, const char *name, const char *folder,
                      const char *plan, const char *const *sets, size_t set_count, sim_diag *diag);
void model_setup_free(model_setup *setup);

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

/* People of a replication, without building it. 0 or an error, *people 0 then. */
int model_world_count(const model_setup *setup, uint64_t seed, uint64_t replication, uint64_t *people);
/* Builds the world of one replication. Free with model_world_free, also after a failure. */
int model_world_init(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication,
                     bool keep_journeys);
void model_world_free(model_world *world);
/* People who set out so far. */
int64_t model_world_people(const model_world *world);

/* Runs until `until` (at most setup->end), on `threads` threads; may be called again. Checks conservation at every
 * control instant and, at the end, Little's law at every station (SIM_E_BROKEN). */
int model_world_run(model_world *world, sim_time until, unsigned threads);

/* The world's whole state as bytes, for restoring it into a world built from the same scenario, seed and replication
 * (or branching into another plan's). Caller frees *bytes. Restoring refuses other shapes with SIM_E_FORMAT. */
int model_world_save(model_world *world, unsigned char **bytes, size_t *size);
int model_world_restore(model_world *world, const unsigned char *bytes, size_t size);

/* What a finished replication has recorded, as bytes (caller frees), and the same read into a world that only has room
 * for records (model_world_init_records): all that an outcome takes from a world, so that it may have been run
 * elsewhere. */
int model_world_save_records(model_world *world, unsigned char **bytes, size_t *size);
int model_world_restore_records(model_world *world, const unsigned char *bytes, size_t size);
/* A world that cannot be run. Free with model_world_free. */
int model_world_init_records(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication,
                             bool keep_journeys);

#endif
