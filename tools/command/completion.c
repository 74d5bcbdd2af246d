/* hbm completion: a completion script for a shell, made from the commands' argp tables.
 *
 * What an option's value or an argument may be follows from its name in the table: FOLDER is a folder, FILE and
 * SCENARIO are files, words with bars between ("bash|fish") are those words. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "models/hbm.h"
#include "tools/base/command.h"

typedef struct {
    const char *shell;
} command_arguments;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (arguments->shell || (strcmp(arg, "bash") != 0 && strcmp(arg, "fish") != 0))
            argp_error(state, "one of bash and fish, not '%s'", arg);
        arguments->shell = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a shell is needed: bash or fish");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_completion_argp = {
    /* No .options: glibc 2.36 leaks a byte of an empty list. */
    .parser = parse,
    .args_doc = "bash|fish",
    .doc = "Prints a completion script: for bash, 'source <(hbm completion bash)'; for fish, "
           "'hbm completion fish | source'.",
};

typedef enum { VALUE_ANY, VALUE_FILE, VALUE_FOLDER, VALUE_WORDS } value_kind;

static value_kind kind_of(const char *name)
{
    if (!name)
        return VALUE_ANY;
    if (strchr(name, '|'))
        return VALUE_WORDS;
    if (strstr(name, "FOLDER"))
        return VALUE_FOLDER;
    return strstr(name, "FILE") || strstr(name, "SCENARIO") ? VALUE_FILE : VALUE_ANY;
}

static int short_key(const struct argp_option *option)
{
    return option->key > 0 && option->key < 0x80 && isprint(option->key);
}

/* The words of "bash|fish" with blanks between. */
static void put_alternatives(const char *name)
{
    for (; *name; name++)
        putchar(*name == '|' ? ' ' : *name);
}

/* The statement that completes $word to a value of this name. */
static void put_bash_value(const char *name)
{
    value_kind kind = kind_of(name);
    if (kind == VALUE_FILE || kind == VALUE_FOLDER) {
        printf("compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -%c -- \"$word\")",
               kind == VALUE_FILE ? 'f' : 'd');
    } else if (kind == VALUE_WORDS) {
        fputs("mapfile -t COMPREPLY < <(compgen -W '", stdout);
        put_alternatives(name);
        fputs("' -- \"$word\")", stdout);
    } else {
        putchar(':');
    }
}

static void bash_values(const tool_command *command)
{
    for (const struct argp_option *option = command_option_next(command, NULL); option;
         option = command_option_next(command, option)) {
        if (!option->arg)
            continue;
        printf("    %s:--%s", command->name, option->name);
        if (short_key(option))
            printf("|%s:-%c", command->name, option->key);
        fputs(") ", stdout);
        put_bash_value(option->arg);
        fputs("; return ;;\n", stdout);
    }
}

static void bash_words(const tool_command *command)
{
    printf("    %s:-*) mapfile -t COMPREPLY < <(compgen -W '", command->name);
    for (const struct argp_option *option = command_option_next(command, NULL); option;
         option = command_option_next(command, option))
        printf("--%s%s ", option->name, option->arg ? "=" : "");
    fputs("--help' -- \"$word\"); [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null ;;\n", stdout);
    printf("    %s:*) ", command->name);
    put_bash_value(command->argp->args_doc);
    fputs(" ;;\n", stdout);
}

static void print_bash(void)
{
    fputs("# bash completion for hbm, made by: hbm completion bash\n"
          "_hbm() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
          "    COMPREPLY=()\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        mapfile -t COMPREPLY < <(compgen -W '",
          stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("%s ", commands[i].name);
    fputs("--help --version' -- \"$word\")\n"
          "        return\n"
          "    fi\n"
          "    # --option=value comes as three words\n"
          "    if [[ $word == = ]]; then\n"
          "        word=\n"
          "    elif [[ $before == = ]] && ((COMP_CWORD > 2)); then\n"
          "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    fi\n"
          "    case $command:$before in\n",
          stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        bash_values(&commands[i]);
    fputs("    esac\n    case $command:$word in\n", stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        bash_words(&commands[i]);
    fputs("    esac\n}\ncomplete -F _hbm hbm\n", stdout);
}

/* Text in single quotes for fish. */
static void put_quoted(const char *text)
{
    putchar('\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('\'');
}

static void fish_value(const char *name)
{
    switch (kind_of(name)) {
    case VALUE_FILE:
        fputs(" -F", stdout);
        break;
    case VALUE_FOLDER:
        fputs(" -f -a '(__fish_complete_directories)'", stdout);
        break;
    case VALUE_WORDS:
        fputs(" -f -a '", stdout);
        put_alternatives(name);
        putchar('\'');
        break;
    default:
        fputs(" -f", stdout);
    }
}

static void fish_command(const tool_command *command)
{
    printf("complete -c hbm -n __fish_use_subcommand -a %s -d ", command->name);
    put_quoted(command->doc);
    printf("\ncomplete -c hbm -n '__fish_seen_subcommand_from %s'", command->name);
    fish_value(command->argp->args_doc);
    putchar('\n');
    for (const struct argp_option *option = command_option_next(command, NULL); option;
         option = command_option_next(command, option)) {
        printf("complete -c hbm -n '__fish_seen_subcommand_from %s' -l %s", command->name, option->name);
        if (short_key(option))
            printf(" -s %c", option->key);
        if (option->arg) {
            fputs(" -r", stdout);
            fish_value(option->arg);
        }
        fputs(" -d ", stdout);
        put_quoted(option->doc);
        putchar('\n');
    }
}

static void print_fish(void)
{
    fputs("# fish completion for hbm, made by: hbm completion fish\ncomplete -c hbm -f\n", stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fish_command(&commands[i]);
}

int cmd_completion(int argc, char **argv)
{
    command_arguments arguments = {NULL};
    if (argp_parse(&cmd_completion_argp, argc, argv, 0, NULL, &arguments) != 0)
        return EXIT_INPUT;
    if (strcmp(arguments.shell, "bash") == 0)
        print_bash();
    else
        print_fish();
    return EXIT_DONE;
}
