/* hbm resume: goes on with an experiment that was stopped or killed, by its journal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/error.h"
#include "tools/base/option.h"
#include "tools/campaign/again.h"

typedef struct {
    const char *journal, *threads;
    campaign_again_options options;
} command_arguments;

static const struct argp_option options[] = {
    {"threads", 't', "N", 0, "Threads, 1 to 1024 (default: as many as the machine has)", 0},
    CAMPAIGN_AGAIN_OPTIONS("Results file (default: the one beside which the journal stands)"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *a = state->input;
    switch (key) {
    case 't':
        (void)option_whole_or_exit(state, "--threads", arg, 1, 1024);
        a->threads = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (a->journal != NULL)
            argp_error(state, "one journal at a time, not '%s' as well; 'hbm merge' puts parts together", arg);
        a->journal = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a journal is needed");
        return 0;
    default:
        return campaign_again_parse(&a->options, key, arg);
    }
}

const struct argp cmd_resume_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "JOURNAL",
    .doc = "Goes on with the experiment whose JOURNAL (OUT.journal) was left behind when it was stopped or killed, to "
           "the same results. The "
           "results "
           "file's name will do as well.\v"
           "To be started in the same folder. The number of threads, and of MPI ranks, may be another one; inputs or a "
           "program that changed "
           "are refused.",
};

int cmd_resume(int argc, char **argv)
{
    command_arguments a = {0};
    campaign_again again;
    int code = EXIT_INPUT;
    if (argp_parse(&cmd_resume_argp, argc, argv, 0, NULL, &a) != 0)
        return code;
    char *beside = campaign_journal_beside(a.journal);
    int error = beside == NULL ? SIM_E_MEMORY : campaign_again_init(&again, "hbm resume", beside, &a.options);
    if (error == 0) {
        campaign_again_add(&again, "continue", beside);
        if (a.threads != NULL)
            campaign_again_add(&again, "threads", a.threads);
        code = campaign_again_run(&again);
    } else {
        code = command_exit_code(error);
    }
    free(beside);
    return code;
}
