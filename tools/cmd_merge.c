/* hbm merge: results from the journals of all parts of an experiment. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/error.h"
#include "tools/campaign_again.h"
#include "tools/option.h"

typedef struct {
    const char *out;
    int json, quiet, first; /* first: index of the first journal in argv */
} command_arguments;

static const struct argp_option options[] = {
    {"out", 'o', "FILE", 0, "Results file (default: the one that the parts are of)", 0},
    OPTION_JSON("As the command itself does"),
    {"quiet", 'q', NULL, 0, "No warnings", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *a = state->input;
    switch (key) {
    case 'o':
        a->out = arg;
        return 0;
    case OPTION_KEY_JSON:
        a->json = 1;
        return 0;
    case 'q':
        a->quiet = 1;
        return 0;
    case ARGP_KEY_ARGS:
        a->first = state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "journals are needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_merge_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "JOURNAL...",
    .doc = "Puts together the parts of an experiment that were run with --shard, or what was finished of several interrupted ones, and "
           "writes the "
           "results file.\v"
           "To be started in a folder from which the inputs are found by the same names. Journals of another experiment, damaged ones and "
           "missing "
           "tasks are errors, and no results file is written then. The journals stay.",
};

int cmd_merge(int argc, char **argv)
{
    command_arguments a = {0};
    campaign_again again;
    if (argp_parse(&cmd_merge_argp, argc, argv, 0, NULL, &a) != 0)
        return EXIT_INPUT;
    int error = campaign_again_init(&again, "hbm merge", argv[a.first], a.out);
    if (error != 0)
        return command_exit_code(error);
    for (int i = a.first; i < argc; i++)
        campaign_again_add(&again, "known", argv[i]);
    if (a.json)
        campaign_again_add(&again, "json", NULL);
    if (a.quiet)
        campaign_again_add(&again, "quiet", NULL);
    return campaign_again_run(&again);
}
