/* Records of a journal as bytes, and its head. Private to sim/task/journal*.c.
 *
 * A file is the magic and records. A record: size of the payload (4 bytes), kind (4), status (4), 4 bytes of zeros, key
 * (32), a check of these 48 bytes (8), the payload, a check of all before it (16). Both checks are the first bytes of a
 * SHA-256 that begins with the record's place in the file, so that a record that has been moved is noticed too. Numbers
 * are little-endian. */
#ifndef SIM_JOURNAL_RECORD_H
#define SIM_JOURNAL_RECORD_H

#include "sim/task/journal.h"

#define SIM_JOURNAL_MAGIC "hbmjrnl1"
enum { SIM_JOURNAL_MAGIC_SIZE = 8, SIM_JOURNAL_PAYLOAD_MOST = 1 << 30 };

typedef enum { SIM_RECORD_HEAD, SIM_RECORD_TASK } sim_record_kind;

typedef struct {
    sim_record_kind kind;
    int status;
    sim_journal_key key;
    const unsigned char *payload;
    size_t size, whole; /* of the payload; of the record */
} sim_journal_record;

typedef enum { SIM_RECORD_WHOLE, SIM_RECORD_END, SIM_RECORD_TORN, SIM_RECORD_DAMAGED } sim_record_state;

/* What stands at `at` of a file of `length` bytes. TORN: the file ends within it, or only zeros follow (what a crash of
 * the machine leaves). */
sim_record_state sim_journal_record_read(const unsigned char *bytes, size_t length, uint64_t at,
                                         sim_journal_record *record);
size_t sim_journal_record_size(size_t payload);
void sim_journal_record_write(unsigned char *bytes, uint64_t at, sim_record_kind kind, const sim_journal_key *key,
                              int status, const void *payload, size_t size);

/* Heads: caller frees *text. */
int sim_journal_head_format(const sim_journal_head *head, unsigned char **text, size_t *length);
int sim_journal_head_parse(sim_journal_head *head, const unsigned char *text, size_t length);

#endif
