/* The command line of an experiment without what does not bear on its numbers (threads, shard, output), in one
 * spelling: what its journals are known by, and what is given again to go on. */
#ifndef TOOLS_CAMPAIGN_ARGUMENTS_H
#define TOOLS_CAMPAIGN_ARGUMENTS_H

#include <stddef.h>

#include "tools/base/command.h"

/* "--name=value" for each option that counts, in order, then the other arguments behind "--". Caller frees each and the
 * array (ended by NULL). 0 or SIM_E_MEMORY. Options that are wrong are left out: the command's own parser tells. */
int campaign_arguments(const tool_command *command, int argc, char *const *argv, char ***out, size_t *count);
void campaign_arguments_free(char **arguments);

#endif
