#include "sim/task/journal_record.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/digest.h"

enum { FIELDS = 48, CHECK = 8, HEADER = FIELDS + CHECK, SEAL = 16 };

static void put_number(unsigned char *bytes, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
}

static uint32_t get_number(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* The first `wanted` bytes of the digest of a place in the file and what stands there. */
static void check_of(uint64_t at, const unsigned char *bytes, size_t length, unsigned char *check, size_t wanted)
{
    unsigned char whole[SIM_DIGEST_HEX / 2];
    sim_digest digest;
    sim_digest_init(&digest);
    sim_digest_number(&digest, at);
    sim_digest_bytes(&digest, bytes, length);
    sim_digest_raw(&digest, whole);
    memcpy(check, whole, wanted);
}

static bool is_checked(uint64_t at, const unsigned char *bytes, size_t length, size_t size)
{
    unsigned char check[SEAL];
    check_of(at, bytes, length, check, size);
    return memcmp(check, bytes + length, size) == 0;
}

static bool only_zeros(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

size_t sim_journal_record_size(size_t payload)
{
    return HEADER + payload + SEAL;
}

sim_record_state sim_journal_record_read(const unsigned char *bytes, size_t length, uint64_t at,
                                         sim_journal_record *record)
{
    if (at == length)
        return SIM_RECORD_END;
    const unsigned char *here = bytes + at;
    size_t left = length - (size_t)at;
    if (left < HEADER)
        return SIM_RECORD_TORN;
    if (!is_checked(at, here, FIELDS, CHECK))
        return only_zeros(here, left) ? SIM_RECORD_TORN : SIM_RECORD_DAMAGED;
    record->size = get_number(here);
    record->whole = sim_journal_record_size(record->size);
    if (get_number(here + 4) > SIM_RECORD_TASK || record->size > SIM_JOURNAL_PAYLOAD_MOST)
        return SIM_RECORD_DAMAGED;
    if (left < record->whole)
        return SIM_RECORD_TORN;
    if (!is_checked(at, here, record->whole - SEAL, SEAL))
        return only_zeros(here + HEADER, left - HEADER) ? SIM_RECORD_TORN : SIM_RECORD_DAMAGED;
    record->kind = (sim_record_kind)get_number(here + 4);
    record->status = (int)(int32_t)get_number(here + 8);
    memcpy(&record->key, here + 16, sizeof record->key);
    record->payload = here + HEADER;
    return SIM_RECORD_WHOLE;
}

void sim_journal_record_write(unsigned char *bytes, uint64_t at, sim_record_kind kind, const sim_journal_key *key,
                              int status, const void *payload, size_t size)
{
    put_number(bytes, (uint32_t)size);
    put_number(bytes + 4, (uint32_t)kind);
    put_number(bytes + 8, (uint32_t)status);
    put_number(bytes + 12, 0);
    memcpy(bytes + 16, key, sizeof *key);
    check_of(at, bytes, FIELDS, bytes + FIELDS, CHECK);
    if (size > 0)
        memcpy(bytes + HEADER, payload, size);
    check_of(at, bytes, HEADER + size, bytes + HEADER + size, SEAL);
}
