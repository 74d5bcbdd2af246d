/* SHA-256 (FIPS 180-4), computed by libmd. */
#include "sim/base/digest.h"

void sim_digest_init(sim_digest *digest)
{
    SHA256Init(&digest->context);
}

void sim_digest_bytes(sim_digest *digest, const void *bytes, size_t length)
{
    if (length > 0)
        SHA256Update(&digest->context, bytes, length);
}

void sim_digest_number(sim_digest *digest, uint64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
    sim_digest_bytes(digest, bytes, sizeof bytes);
}

void sim_digest_hex(sim_digest *digest, char hex[SIM_DIGEST_HEX + 1])
{
    SHA256End(&digest->context, hex);
}

void sim_digest_raw(sim_digest *digest, unsigned char bytes[SIM_DIGEST_HEX / 2])
{
    SHA256Final(bytes, &digest->context);
}

void sim_digest_of(const void *bytes, size_t length, char hex[SIM_DIGEST_HEX + 1])
{
    sim_digest digest;
    sim_digest_init(&digest);
    sim_digest_bytes(&digest, bytes, length);
    sim_digest_hex(&digest, hex);
}
