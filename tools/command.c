/* The table of subcommands, made from commands.def. */
#include "tools/command.h"

#include "sim/error.h"

const tool_command commands[COMMAND_COUNT] = {
#define COMMAND(name, doc) {#name, "hbm " #name, doc, &cmd_##name##_argp, cmd_##name},
#include "tools/commands.def"
#undef COMMAND
};

const struct argp_option *command_options(const tool_command *command)
{
    static const struct argp_option none = {NULL, 0, NULL, 0, NULL, 0};
    return command->argp->options ? command->argp->options : &none;
}

int command_exit_code(int error)
{
    if (error == 0)
        return EXIT_DONE;
    return error == SIM_E_INPUT ? EXIT_INPUT : EXIT_FAILED;
}
