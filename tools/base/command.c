/* The table of subcommands, made from commands.def. */
#include "tools/base/command.h"

#include "sim/base/error.h"

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

const struct argp_option *command_option_next(const tool_command *command, const struct argp_option *option)
{
    option = option == NULL ? command_options(command) : option + 1;
    while (option->name != NULL && (option->flags & OPTION_HIDDEN) != 0)
        option++;
    return option->name == NULL ? NULL : option;
}

int command_exit_code(int error)
{
    if (error == 0)
        return EXIT_DONE;
    return error == SIM_E_INPUT ? EXIT_INPUT : EXIT_FAILED;
}
