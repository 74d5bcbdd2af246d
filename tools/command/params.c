/* hbm params: everything that a scenario can say, order and measure, from the models' tables. */
#include <stdio.h>

#include "models/core/model.h"
#include "models/hbm.h"
#include "sim/base/error.h"
#include "tools/base/command.h"
#include "tools/base/option.h"
#include "tools/page/catalogue.h"

typedef struct {
    const char *pattern;
    int json, markdown;
} command_arguments;

enum { KEY_MARKDOWN = OPTION_KEY_FIRST_OWN };

static const struct argp_option options[] = {
    {"markdown", KEY_MARKDOWN, NULL, 0, "Print a reference in Markdown, model by model (models/PARAMETERS.md)", 0},
    OPTION_JSON("Print one JSON object {parameters, orders, metrics, key_figures}"),
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case KEY_MARKDOWN:
        arguments->markdown = 1;
        return 0;
    case OPTION_KEY_JSON:
        arguments->json = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->pattern)
            argp_error(state, "one pattern at a time, not '%s' as well", arg);
        arguments->pattern = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cmd_params_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[PATTERN]",
    .doc = "Lists the parameters of a scenario with their units, ranges and defaults, the orders of its timeline, the "
           "metrics that a run "
           "records, "
           "and its key figures (for hbm run --until); with PATTERN those that have it in their name, where *, ? and [ "
           "mean what they do "
           "in a shell.\v"
           "In the names, * stands for a name that the scenario chooses, # for the items of a list.",
};

static int print(const tool_catalogue *catalogue, const command_arguments *arguments)
{
    if (arguments->json)
        return catalogue_print_json(catalogue, stdout);
    if (arguments->markdown)
        return catalogue_print_markdown(catalogue, stdout);
    return catalogue_print(catalogue, stdout);
}

int cmd_params(int argc, char **argv)
{
    command_arguments arguments = {NULL, 0, 0};
    model_rows rows;
    tool_catalogue catalogue = {&rows, NULL};
    int error;

    if (argp_parse(&cmd_params_argp, argc, argv, 0, NULL, &arguments) != 0)
        return EXIT_INPUT;
    error = model_rows_init(&rows);
    if (error != 0) {
        fprintf(stderr, "hbm params: %s\n", hbm_error_text(error));
        return EXIT_FAILED;
    }
    catalogue.pattern = arguments.pattern;
    if (catalogue_count(&catalogue) == 0) {
        fprintf(stderr, "hbm params: no parameter, order, metric or key figure has '%s' in its name\n",
                arguments.pattern ? arguments.pattern : "");
        error = SIM_E_INPUT;
    } else {
        error = print(&catalogue, &arguments);
        if (error != 0)
            fprintf(stderr, "hbm params: %s\n", hbm_error_text(error));
    }
    model_rows_free(&rows);
    return command_exit_code(error);
}
