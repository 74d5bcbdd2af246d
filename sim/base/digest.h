/* SHA-256 (FIPS 180-4), computed by libmd: of inputs for provenance, of results, of whole results files. */
#ifndef SIM_DIGEST_H
#define SIM_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include <sha2.h>

enum { SIM_DIGEST_HEX = 64 }; /* characters without the NUL */

typedef struct {
    SHA2_CTX context;
} sim_digest;

void sim_digest_init(sim_digest *digest);
void sim_digest_bytes(sim_digest *digest, const void *bytes, size_t length);
/* Eight bytes, lowest first on every machine. */
void sim_digest_number(sim_digest *digest, uint64_t number);
/* Ends the digest: lower-case hexadecimal and NUL. */
void sim_digest_hex(sim_digest *digest, char hex[SIM_DIGEST_HEX + 1]);
/* The same as bytes. */
void sim_digest_raw(sim_digest *digest, unsigned char bytes[SIM_DIGEST_HEX / 2]);

/* All at once. */
void sim_digest_of(const void *bytes, size_t length, char hex[SIM_DIGEST_HEX + 1]);

#endif
