/* hbm info: what is in a results file. */
#include <stdio.h>

#include "models/hbm.h"
#include "tools/base/command.h"
#include "tools/base/file.h"
#include "tools/base/option.h"
#include "tools/page/summary.h"
#include "tools/page/table.h"

typedef struct {
    const char *file;
    int json, hash;
} command_arguments;

enum { KEY_HASH = OPTION_KEY_FIRST_OWN };

static const struct argp_option options[] = {
    {"hash", KEY_HASH, NULL, 0, "Print only the SHA-256 of all result data (not of times, threads and the like)", 0},
    OPTION_JSON("Print one JSON object {file, sha256, provenance, axes, datasets}"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case KEY_HASH:
        arguments->hash = 1;
        return 0;
    case OPTION_KEY_JSON:
        arguments->json = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->file)
            argp_error(state, "one results file at a time, not '%s' as well", arg);
        arguments->file = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a results file is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_info_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Prints where the results in FILE come from, what they contain, and the table of posts.",
};

static int print_text(const hbm_result *result)
{
    int error = table_print(result, stdout);
    putchar('\n');
    return error == 0 ? summary_print(result, stdout) : error;
}

static int print_hash(const hbm_result *result)
{
    char hash[65];
    int error = hbm_result_hash(result, hash);
    if (error == 0)
        printf("%s\n", hash);
    return error;
}

int cmd_info(int argc, char **argv)
{
    command_arguments arguments = {NULL, 0, 0};
    hbm_result *result = NULL;
    int error;

    if (argp_parse(&cmd_info_argp, argc, argv, 0, NULL, &arguments) != 0)
        return EXIT_INPUT;
    error = file_open_result("hbm info", arguments.file, &result);
    if (error != 0)
        return command_exit_code(error);
    if (arguments.hash)
        error = print_hash(result);
    else if (arguments.json)
        error = summary_print_json(result, arguments.file, stdout);
    else
        error = print_text(result);
    if (error != 0)
        fprintf(stderr, "hbm info: %s: %s\n", arguments.file, hbm_error_text(error));
    hbm_result_free(result);
    return command_exit_code(error);
}
