/* The table of subcommands, made from commands.def. */
#include "tools/command.h"

#include "sim/error.h"

const tool_command commands[COMMAND_COUNT] = {
#define COMMAND(name, doc) {#name, "hbm " #name, doc, &cmd_##name##_argp, cmd_##name},
#include "tools/commands.def"
#undef COMMAND
};

int command_exit_code(int error)
{
    if (error == 0)
        return EXIT_DONE;
    return error == SIM_E_INPUT ? EXIT_INPUT : EXIT_FAILED;
}
