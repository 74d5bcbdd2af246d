#include "sim/base/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 << 10, ALIGN = _Alignof(max_align_t) };

struct sim_pool_block {
    struct sim_pool_block *next;
    size_t used, room;
    _Alignas(max_align_t) unsigned char bytes[];
};

void *sim_pool_take(sim_pool *pool, size_t n, size_t size)
{
    if (size != 0 && n > (SIZE_MAX - 2 * ALIGN - sizeof(sim_pool_block)) / size)
        return NULL;
    size_t bytes = (n * size + ALIGN - 1) / ALIGN * ALIGN;
    if (bytes == 0)
        bytes = ALIGN;
    sim_pool_block *block = pool->blocks;
    if (block == NULL || block->room - block->used < bytes) {
        size_t room = bytes > BLOCK / 4 ? bytes : BLOCK;
        sim_pool_block *fresh = calloc(1, sizeof *fresh + room);
        if (fresh == NULL)
            return NULL;
        fresh->room = room;
        if (block != NULL && room == bytes) { /* a block of its own: go on filling the old one */
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            pool->blocks = fresh;
        }
        block = fresh;
    }
    void *taken = block->bytes + block->used;
    block->used += bytes;
    return taken;
}

char *sim_pool_text(sim_pool *pool, const char *text, size_t length)
{
    char *copy = sim_pool_take(pool, length + 1, 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

void sim_pool_free(sim_pool *pool)
{
    while (pool->blocks != NULL) {
        sim_pool_block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
}
