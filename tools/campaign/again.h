/* A command given once more as a journal has it, with something added: what resume and merge do. */
#ifndef TOOLS_CAMPAIGN_AGAIN_H
#define TOOLS_CAMPAIGN_AGAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/command.h"
#include "tools/base/option.h"

typedef struct {
    const tool_command *command;
    char **argv;                 /* ended by NULL */
    size_t count, room, options; /* where added options go: before the other arguments */
    int error;
} campaign_again;

/* Options of both. */
typedef struct {
    const char *out;
    bool json, quiet;
} campaign_again_options;
#define CAMPAIGN_AGAIN_OPTIONS(out_doc)                                             \
    {"out", 'o', "FILE", 0, out_doc, 0}, OPTION_JSON("As the command itself does"), \
    {                                                                               \
        "quiet", 'q', NULL, 0, "No progress, no warnings", 0                        \
    }
/* ARGP_ERR_UNKNOWN for any other. */
error_t campaign_again_parse(campaign_again_options *options, int key, char *arg);

/* Reads the journal's command line; errors are told ("hbm resume: ..."). Without the option out the results file goes
 * by the journal's name. 0 or a negative error; after 0 campaign_again_run frees. */
int campaign_again_init(campaign_again *again, const char *who, const char *journal,
                        const campaign_again_options *options);
/* Adds "--name=value", "--name" for NULL. */
void campaign_again_add(campaign_again *again, const char *name, const char *value);
/* The command's exit code. */
int campaign_again_run(campaign_again *again);

/* The journal meant: `path` itself, or "PATH.journal" when `path` is no journal but that exists. Caller frees. */
char *campaign_journal_beside(const char *path);

#endif
