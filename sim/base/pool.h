/* Memory that lives as long as its owner: many small pieces, freed all at once. */
#ifndef SIM_POOL_H
#define SIM_POOL_H

#include <stddef.h>

typedef struct sim_pool_block sim_pool_block;

typedef struct {
    sim_pool_block *blocks; /* the newest first */
} sim_pool;

/* Zeroed memory for n items of `size` bytes, aligned for any type; NULL when memory ran out. A pool of zeros is empty.
 */
void *sim_pool_take(sim_pool *pool, size_t n, size_t size);
/* A copy of text with a NUL behind it. */
char *sim_pool_text(sim_pool *pool, const char *text, size_t length);
void sim_pool_free(sim_pool *pool);

#endif
