/* hbm man: the manual page hbm(1) in roff, made from the commands' argp tables. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "models/hbm.h"
#include "tools/base/command.h"

const struct argp cmd_man_argp = {
    /* No .options: glibc 2.36 leaks a byte of an empty list. */
    .doc = "Prints the manual page hbm(1) in roff; 'hbm man | man -l -' shows it.",
};

/* Text as roff takes it: backslashes, hyphens that are typed as such, dots and quotes that would start a request. */
static void put_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\')
            fputs("\\e", stdout);
        else if (text[i] == '-')
            fputs("\\-", stdout);
        else if ((text[i] == '.' || text[i] == '\'') && (i == 0 || text[i - 1] == '\n'))
            printf("\\&%c", text[i]);
        else
            putchar(text[i]);
    }
}

static void put_words(const char *text)
{
    put_text(text, strlen(text));
}

static void put_option(const struct argp_option *option)
{
    fputs(".TP\n", stdout);
    if (option->key > 0 && option->key < 0x80 && isprint(option->key)) {
        printf("\\fB\\-%c\\fR", option->key);
        if (option->arg) {
            fputs(" \\fI", stdout);
            put_words(option->arg);
            fputs("\\fR", stdout);
        }
        fputs(", ", stdout);
    }
    fputs("\\fB\\-\\-", stdout);
    put_words(option->name);
    fputs("\\fR", stdout);
    if (option->arg) {
        fputs("=\\fI", stdout);
        put_words(option->arg);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_words(option->doc);
    putchar('\n');
}

static void put_command(const tool_command *command)
{
    const char *doc = command->argp->doc, *after = strchr(doc, '\v');
    printf(".SS \"%s\"\n", command->name);
    printf("\\fBhbm %s\\fR", command->name);
    if (command_options(command)->name)
        fputs(" [\\fIOPTION\\fR...]", stdout);
    if (command->argp->args_doc) {
        putchar(' ');
        put_words(command->argp->args_doc);
    }
    fputs("\n.PP\n", stdout);
    put_text(doc, after ? (size_t)(after - doc) : strlen(doc));
    putchar('\n');
    for (const struct argp_option *option = command_option_next(command, NULL); option;
         option = command_option_next(command, option))
        put_option(option);
    if (after) {
        fputs(".PP\n", stdout);
        put_words(after + 1);
        putchar('\n');
    }
}

static void put_exit_status(void)
{
    fputs(".SH EXIT STATUS\n", stdout);
#define EXIT_CODE_ROW(name, number, meaning)     \
    fputs(".TP\n\\fB" #number "\\fR\n", stdout); \
    put_words(meaning);                          \
    putchar('\n');
    EXIT_CODES(EXIT_CODE_ROW)
#undef EXIT_CODE_ROW
}

int cmd_man(int argc, char **argv)
{
    if (argp_parse(&cmd_man_argp, argc, argv, 0, NULL, NULL) != 0)
        return EXIT_INPUT;
    fputs(".TH HBM 1 \"\" \"hbm " HBM_VERSION "\" \"User Commands\"\n"
          ".SH NAME\nhbm \\- simulate humanitarian border management in a crisis\n"
          ".SH SYNOPSIS\n\\fBhbm\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
          ".SH DESCRIPTION\n"
          "More people arrive at a border than its posts can handle: \\fBhbm\\fR simulates each of them, the posts on "
          "both sides, "
          "their stations and staff, so that plans can be compared before they are needed.\n"
          "A scenario is a YAML file; results are one HDF5 file.\n"
          ".SH COMMANDS\n",
          stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        put_command(&commands[i]);
    put_exit_status();
    fputs(".SH EXAMPLE\n.EX\nhbm new river\nhbm check river\nhbm run river \\-\\-reps 8 \\-\\-out river.h5\nhbm plot "
          "river.h5 \\-\\-format "
          "svg,png\n.EE\n",
          stdout);
    return EXIT_DONE;
}
