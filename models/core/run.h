/* One replication: a world built from a setup, run to its end, its state saved and restored on the way. */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "models/core/world.h"

/* Reads the parameters of a setup whose rows and config are there into what a run needs; `ret`: what reading the config
 * came to, `before`: errors that diag had of other inputs. 0 or an error, told; model_setup_free in any case. */
int model_setup_finish(model_setup *setup, int ret, sim_diag *diag, size_t before);
void model_setup_free(model_setup *setup);

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
