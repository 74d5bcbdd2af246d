/* hbm: finds the subcommand and hands over. What is written to standard output is checked when the program ends,
 * however it ends: a full disk never exits 0. */
#include <argp.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hbm_build.h"
#include "models/hbm.h"
#include "sim/base/diag.h"
#include "tools/base/command.h"

static void close_output(void)
{
    int unwritten = __fpending(stdout) != 0, broken = ferror(stdout);
    /* Closed already by whoever started the program: that loses something only if there is something. */
    if (fclose(stdout) != 0 && (unwritten || errno != EBADF))
        broken = 1;
    if (broken) {
        fputs("hbm: writing to standard output failed\n", stderr);
        _exit(EXIT_FAILED);
    }
}

static void print_version(FILE *to, struct argp_state *state)
{
    (void)state;
    fprintf(to, "hbm %s (%s, %s)\n", HBM_VERSION, HBM_COMMIT, HBM_COMPILER);
}

static const tool_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static const char *nearest_command(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    return sim_diag_nearest(name, names, COMMAND_COUNT);
}

typedef struct {
    const tool_command *chosen;
    int at; /* its index in argv */
} command_choice;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_choice *choice = state->input;
    const char *nearest;
    switch (key) {
    case ARGP_KEY_ARG:
        choice->chosen = find_command(arg);
        if (!choice->chosen) {
            nearest = nearest_command(arg);
            if (nearest)
                argp_error(state, "there is no command '%s'; did you mean '%s'?", arg, nearest);
            else
                argp_error(state, "there is no command '%s'", arg);
        }
        choice->at = state->next - 1;
        state->next = state->argc; /* the rest is the subcommand's */
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a command is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    char name[] = "hbm";
    struct argp_option list[COMMAND_COUNT + 2] = {{NULL, 0, NULL, 0, "Commands:", 1}};
    struct argp argp = {
        list,
        parse,
        "COMMAND [OPTION...] [ARGUMENT...]",
        "Simulates humanitarian border management in a crisis: people, posts, staff and plans."
        "\v'hbm COMMAND --help' tells more. Exit status: 0 done, 1 the work failed, 2 the input is wrong.",
        NULL,
        NULL,
        NULL};
    command_choice choice = {NULL, 0};

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        list[i + 1] = (struct argp_option){commands[i].name, 0, NULL, OPTION_DOC, commands[i].doc, 1};
    /* A file that may not grow further is an error like a full disk, for hbm and for the gnuplot it starts. */
    signal(SIGXFSZ, SIG_IGN);
    gsl_set_error_handler_off(); /* GSL's functions return their errors; its own handler would end the program */
    if (atexit(close_output) != 0)
        return EXIT_FAILED;
    argp_err_exit_status = EXIT_INPUT;
    argp_program_version_hook = print_version;
    if (argc > 0)
        argv[0] = name;
    if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &choice) != 0 || !choice.chosen)
        return EXIT_INPUT;
    argv[choice.at] = (char *)choice.chosen->full_name; /* argp and getopt only read it */
    return choice.chosen->run(argc - choice.at, argv + choice.at);
}
