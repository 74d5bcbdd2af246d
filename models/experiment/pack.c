/* What a run recorded, packed small to be kept in a journal and sent between ranks. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

/* Most of what is recorded is zeros, of which runs are short to say: level 1 with Z_RLE is the fastest that zlib has,
 * and here the smallest. */
static int deflate_all(unsigned char *from, size_t size, unsigned char **to, size_t *packed)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, 15, 9, Z_RLE) != Z_OK)
        return SIM_E_MEMORY;
    size_t room = deflateBound(&z, size);
    *to = malloc(room);
    if (*to == NULL || size > UINT32_MAX || room > UINT32_MAX) {
        (void)deflateEnd(&z);
        return *to == NULL ? SIM_E_MEMORY : SIM_E_LIMIT;
    }
    z.next_in = from;
    z.avail_in = (unsigned)size;
    z.next_out = *to;
    z.avail_out = (unsigned)room;
    int done = deflate(&z, Z_FINISH);
    *packed = z.total_out;
    (void)deflateEnd(&z);
    return done == Z_STREAM_END ? 0 : SIM_E_LIMIT;
}

/* The payload: the size in eight bytes, then what zlib makes of it; or, with a mark on the size, the bytes as they are:
 * what neither is kept nor sent need not be small. */
#define AS_IT_IS (UINT64_C(1) << 63)

int experiment_records_pack(const model_experiment *x, model_world *world, experiment_finding *finding)
{
    bool small = x->options.journal != NULL || x->options.ranks != NULL;
    unsigned char *bytes = NULL, *packed = NULL;
    size_t size = 0, packed_size = 0;
    uint64_t whole;
    int ret = model_world_save_records(world, &bytes, &size);
    if (ret == 0 && small)
        ret = deflate_all(bytes, size, &packed, &packed_size);
    if (!small) {
        packed = bytes;
        packed_size = size;
        bytes = NULL;
    }
    free(bytes);
    if (ret == 0) {
        whole = size | (small ? 0 : AS_IT_IS);
        finding->size = sizeof whole + packed_size;
        finding->payload = malloc(finding->size);
        ret = finding->payload == NULL ? SIM_E_MEMORY : 0;
    }
    if (ret == 0) {
        memcpy(finding->payload, &whole, sizeof whole);
        memcpy((unsigned char *)finding->payload + sizeof whole, packed, packed_size);
    }
    free(packed);
    return ret;
}

int experiment_records_unpack(const unsigned char *payload, size_t size, unsigned char **bytes, size_t *length)
{
    uint64_t whole;
    *bytes = NULL;
    if (size < sizeof whole)
        return SIM_E_FORMAT;
    memcpy(&whole, payload, sizeof whole);
    bool as_it_is = (whole & AS_IT_IS) != 0;
    whole &= ~AS_IT_IS;
    if ((!as_it_is && whole > UINT32_MAX) || (as_it_is && whole != size - sizeof whole))
        return SIM_E_FORMAT;
    *bytes = malloc((size_t)whole + 1);
    if (*bytes == NULL)
        return SIM_E_MEMORY;
    if (as_it_is) {
        memcpy(*bytes, payload + sizeof whole, (size_t)whole);
        *length = (size_t)whole;
        return 0;
    }
    uLongf room = (uLongf)whole;
    int done = uncompress(*bytes, &room, payload + sizeof whole, (uLong)(size - sizeof whole));
    *length = room;
    return done == Z_OK && room == whole ? 0 : done == Z_MEM_ERROR ? SIM_E_MEMORY : SIM_E_FORMAT;
}
