/* Subcommands of hbm: each is one file with an argp table, and one row in commands.def.
 *
 * The argp tables are the only declaration of options: --help, the manual page and shell completion are made from them.
 */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include <argp.h>
#include <stddef.h>

/* X(name, number, meaning) */
#define EXIT_CODES(X)                                                \
    X(EXIT_DONE, 0, "done")                                          \
    X(EXIT_FAILED, 1, "the work failed, or was stopped by a signal") \
    X(EXIT_INPUT, 2, "the input is wrong: a scenario, a file, or the command line")

enum {
#define EXIT_CODE_ENUM(name, number, meaning) name = number,
    EXIT_CODES(EXIT_CODE_ENUM)
#undef EXIT_CODE_ENUM
};

typedef struct {
    const char *name;
    const char *full_name; /* "hbm run": argv[0] of the subcommand, so that messages name it */
    const char *doc;
    const struct argp *argp;
    int (*run)(int argc, char **argv); /* returns the exit code */
} tool_command;

#define COMMAND(name, doc)                      \
    extern const struct argp cmd_##name##_argp; \
    int cmd_##name(int argc, char **argv);
#include "tools/commands.def"
#undef COMMAND

enum {
#define COMMAND(name, doc) COMMAND_##name,
#include "tools/commands.def"
#undef COMMAND
    COMMAND_COUNT
};

extern const tool_command commands[COMMAND_COUNT];

/* A command's option table up to a row without a name; never NULL. */
const struct argp_option *command_options(const tool_command *command);

/* The option behind `option` (NULL: the first) that the help shows; NULL when there are no more. */
const struct argp_option *command_option_next(const tool_command *command, const struct argp_option *option);

/* The exit code for a negative error of the library. */
int command_exit_code(int error);

#endif
