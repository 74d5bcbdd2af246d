/* The journal: what finished tasks came to, kept safe while an experiment runs, so that a kill at any moment loses at
 * most what was in flight.
 *
 * A file of records, each sealed with a checksum and appended by one write. The first record says what the experiment
 * is: its command line and the digests of its inputs. The others are finished tasks: a key of 32 bytes, a status and a
 * payload. Reading stops at the first record that is not whole: at the end of the file that is what a kill leaves and
 * is cut off; anywhere else the file is damaged and refused. One process at a time appends (a lock on the file). */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sim_journal sim_journal;

typedef struct {
    unsigned char bytes[32];
} sim_journal_key;

/* What the experiment is. */
typedef struct {
    size_t argument_count, input_count;
    char **arguments;       /* the command line, argv[0] first */
    char **inputs;          /* names of input files, as found from the working folder */
    char **digests;         /* SHA-256 of each, hexadecimal */
    unsigned shard, shards; /* it keeps part `shard` of `shards`, counted from 1; 0: all */
} sim_journal_head;

void sim_journal_head_free(sim_journal_head *head);
/* What is not the same in two heads, the part aside: an input's name or a phrase; NULL: nothing, they are of one
 * experiment. */
const char *sim_journal_head_difference(const sim_journal_head *a, const sim_journal_head *b);

/* Creates a journal; SIM_E_INPUT when there is a file of that name in which something stands, or another process is at
 * work on it. On failure no file is left. Caller closes. */
int sim_journal_create(sim_journal **out, const char *path, const sim_journal_head *head, char *why, size_t size);
/* Opens an existing one to go on (locked; a torn end is cut off: *torn has its bytes) or only to read. SIM_E_INPUT:
 * there is none, it is in use, or it is no journal; SIM_E_FORMAT: it is damaged, `why` says where; SIM_E_IO,
 * SIM_E_MEMORY. */
int sim_journal_open(sim_journal **out, const char *path, bool read_only, size_t *torn, char *why, size_t size);
/* Adds all records of another journal of the same experiment, which is only read. SIM_E_INPUT: of another;
 * SIM_E_FORMAT: damaged, or a task is in both and came out otherwise. */
int sim_journal_add_from(sim_journal *journal, const char *path, size_t *torn, char *why, size_t size);
const sim_journal_head *sim_journal_head_of(const sim_journal *journal);

/* The record of a key; false when there is none. *payload belongs to the journal and is good until it is closed. */
bool sim_journal_find(const sim_journal *journal, const sim_journal_key *key, int *status, const void **payload,
                      size_t *size);
/* Appends a record (and keeps it). 0, SIM_E_IO (the record is not kept and the file is as before, where that can be
 * had), SIM_E_MEMORY. */
int sim_journal_append(sim_journal *journal, const sim_journal_key *key, int status, const void *payload, size_t size);
/* Synchronises with the disk; at most once a second unless `now`. 0 or SIM_E_IO. */
int sim_journal_sync(sim_journal *journal, bool now);
size_t sim_journal_count(const sim_journal *journal);
const char *sim_journal_path(const sim_journal *journal);
/* What appending or synchronising failed for last ("No space left on device"); NULL: nothing has. */
const char *sim_journal_problem(const sim_journal *journal);

/* Closes; with `remove` the file goes. 0 or SIM_E_IO; freed in any case. NULL is allowed. */
int sim_journal_close(sim_journal *journal, bool remove);

#endif
