/* What the files of campaigns share: campaign.c opens and ends them, journal.c finds the journal, progress.c
 * tells how far they are, messages.c what goes wrong. */
#ifndef TOOLS_CAMPAIGN_PRIVATE_H
#define TOOLS_CAMPAIGN_PRIVATE_H

#include "sim/task/ranks.h"
#include "tools/base/signals.h"
#include "tools/campaign/campaign.h"

typedef struct {
    FILE *to; /* NULL: quiet */
    bool terminal, json;
    size_t expected;
    double started, printed;
    size_t known; /* tasks finished by earlier processes when it began */
    bool drawn;
    int signals; /* how many stop signals have come */
    int signal;  /* the first */
} campaign_progress;

struct campaign {
    const char *name; /* "hbm sweep" */
    int argc;
    char **argv; /* as given */
    char *command_line, *file, *default_file;
    const char *out, *scenario, *plan, *continued;
    const char **known; /* journals to merge */
    size_t known_count;
    sim_journal_head more; /* files that the experiment reads beside its scenario and plans */
    unsigned threads, shard, shards;
    uint64_t seed;
    option_sets sets;
    bool json, quiet, search, no_journal, created, ended, told;
    tool_signals held;
    sim_ranks *ranks;
    model_experiment *experiment;
    sim_journal *journal;
    campaign_progress progress;
};

/* --- messages.c --- */
/* "hbm sweep: ..." on standard error, of rank 0. */
void campaign_complain(const campaign *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- journal.c --- */
/* Creates, continues or reads the journal that goes with the options. Errors have been told. */
int campaign_open_journal(campaign *c);
/* The journal of a results file: "OUT.journal", "OUT.2-of-7.journal". Caller frees. */
char *campaign_journal_path(const char *out, unsigned shard, unsigned shards);
/* The results file of a journal by that rule; caller frees, NULL: out of memory. Another name gets ".h5" behind it. */
char *campaign_out_of(const char *journal);

/* --- progress.c --- */
void campaign_progress_init(campaign_progress *p, const campaign *c);
int campaign_progress_callback(const model_progress *now, void *user);
void campaign_progress_end(campaign_progress *p);
/* A line of progress, no newline. */
int campaign_progress_line(const campaign_progress *p, const model_progress *now, double elapsed, int bar_width,
                           char *line, size_t size);
/* One JSON object a line: {"event":"progress",...}. */
void campaign_progress_event(const campaign_progress *p, const model_progress *now, double elapsed);

#endif
