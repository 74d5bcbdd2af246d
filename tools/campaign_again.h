/* A command given once more as a journal has it, with something added: what resume and merge do. */
#ifndef TOOLS_CAMPAIGN_AGAIN_H
#define TOOLS_CAMPAIGN_AGAIN_H

#include <stddef.h>

#include "tools/command.h"

typedef struct {
    const tool_command *command;
    char **argv;                 /* ended by NULL */
    size_t count, room, options; /* where added options go: before the other arguments */
    int error;
} campaign_again;

/* Reads the journal's command line; errors are told ("hbm resume: ..."). The results file: `out`, or by the journal's name when that is NULL. 0 or a
 * negative error; after 0 campaign_again_run frees. */
int campaign_again_init(campaign_again *again, const char *who, const char *journal, const char *out);
/* Adds "--name=value", "--name" for NULL. */
void campaign_again_add(campaign_again *again, const char *name, const char *value);
/* The command's exit code. */
int campaign_again_run(campaign_again *again);

/* The journal meant: `path` itself, or "PATH.journal" when `path` is no journal but that exists. Caller frees. */
char *campaign_journal_beside(const char *path);

#endif
