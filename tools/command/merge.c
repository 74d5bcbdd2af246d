/* hbm merge: results from the journals of all parts of an experiment. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/base/option.h"
#include "tools/campaign/again.h"

typedef struct {
    campaign_again_options options;
    int first; /* index of the first journal in argv */
} command_arguments;

static const struct argp_option options[] = {
    CAMPAIGN_AGAIN_OPTIONS("Results file (default: the one that the parts are of)"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_ARGS:
        a->first = state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "journals are needed");
        return 0;
    default:
        return campaign_again_parse(&a->options, key, arg);
    }
}

const struct argp cmd_merge_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "JOURNAL...",
    .doc = "Puts together the parts of an experiment that were run with --shard, or what was finished of several "
           "interrupted ones, and "
           "writes the "
           "results file.\v"
           "To be started in a folder from which the inputs are found by the same names. Journals of another "
           "experiment, damaged ones and "
           "missing "
           "tasks are errors, and no results file is written then. The journals stay.",
};

int cmd_merge(int argc, char **argv)
{
    command_arguments a = {0};
    campaign_again again;
    if (argp_parse(&cmd_merge_argp, argc, argv, 0, NULL, &a) != 0)
        return EXIT_INPUT;
    int error = campaign_again_init(&again, "hbm merge", argv[a.first], &a.options);
    if (error != 0)
        return command_exit_code(error);
    for (int i = a.first; i < argc; i++)
        campaign_again_add(&again, "known", argv[i]);
    return campaign_again_run(&again);
}
