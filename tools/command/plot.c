/* hbm plot: draws a results file's plots into a folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/hbm.h"
#include "sim/base/error.h"
#include "tools/base/command.h"
#include "tools/base/file.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/plot.h"

typedef struct {
    const char *file;
    const char *folder;
    const char *only;
    unsigned formats;
    char **metrics; /* words of their own */
    size_t metric_count;
} command_arguments;

enum { KEY_ONLY = 0x100, KEY_METRIC };

static const struct argp_option options[] = {
    {"out", 'o', "FOLDER", 0, "Where the plots go; made if missing (default: plots, beside FILE)", 0},
    {"format", 'f', "LIST", 0, "svg, png, pdf, or several with commas between (default svg)", 0},
    {"only", KEY_ONLY, "NAME", 0, "Draw this plot alone", 0},
    {"metric", KEY_METRIC, "LIST", 0,
     "Draw these series over time instead, each as metric-GROUP-NAME: metrics such as queue/people_waiting, several "
     "with commas between "
     "(repeatable); 'hbm info' lists what the results have",
     0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct {
    const char *name;
    unsigned bit;
} formats[] = {{"svg", PLOT_SVG}, {"png", PLOT_PNG}, {"pdf", PLOT_PDF}};

/* The bits of "svg,png"; 0 when a word is no format. */
static unsigned format_bits(const char *list)
{
    unsigned bits = 0;
    for (;;) {
        size_t length = strcspn(list, ","), i = 0;
        while (i < 3 && (strlen(formats[i].name) != length || strncmp(list, formats[i].name, length) != 0))
            i++;
        if (i == 3)
            return 0;
        bits |= formats[i].bit;
        if (list[length] == '\0')
            return bits;
        list += length + 1;
    }
}

/* Adds the words of "a/b,c/d". 0, SIM_E_INPUT for an empty word, or SIM_E_MEMORY. */
static int add_metrics(command_arguments *arguments, const char *list)
{
    for (;; list++) {
        size_t length = strcspn(list, ",");
        if (length == 0)
            return SIM_E_INPUT;
        char **metrics = realloc(arguments->metrics, (arguments->metric_count + 1) * sizeof *metrics);
        if (!metrics)
            return SIM_E_MEMORY;
        arguments->metrics = metrics;
        metrics[arguments->metric_count] = strndup(list, length);
        if (!metrics[arguments->metric_count])
            return SIM_E_MEMORY;
        arguments->metric_count++;
        list += length;
        if (*list == '\0')
            return 0;
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    command_arguments *arguments = state->input;
    switch (key) {
    case 'o':
        arguments->folder = arg;
        return 0;
    case 'f':
        arguments->formats = format_bits(arg);
        if (!arguments->formats)
            argp_error(state, "--format wants svg, png, pdf or several with commas between, not '%s'", arg);
        return 0;
    case KEY_ONLY:
        arguments->only = arg;
        return 0;
    case KEY_METRIC:
        switch (add_metrics(arguments, arg)) {
        case 0:
            return 0;
        case SIM_E_MEMORY:
            argp_failure(state, EXIT_FAILED, 0, "%s", hbm_error_text(SIM_E_MEMORY));
            return 0;
        default:
            argp_error(state, "--metric wants the name of a metric or several with commas between, not '%s'", arg);
            return 0;
        }
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

const struct argp cmd_plot_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Draws the plots of the results in FILE with gnuplot.\vPlots, where the results have data for them:\n"
#define PLOT_LINE(name, doc) "  " #name ": " doc "\n"
    PLOTS(PLOT_LINE),
#undef PLOT_LINE
};

/* "plots" in the folder of `file`; caller frees. */
static char *default_folder(const char *file)
{
    const char *slash = strrchr(file, '/');
    size_t length = slash ? (size_t)(slash - file) + 1 : 0, size = length + sizeof "plots";
    char *folder = malloc(size);
    if (folder)
        snprintf(folder, size, "%.*splots", (int)length, file);
    return folder;
}

static void free_metrics(command_arguments *arguments)
{
    for (size_t i = 0; i < arguments->metric_count; i++)
        free(arguments->metrics[i]);
    free(arguments->metrics);
}

int cmd_plot(int argc, char **argv)
{
    command_arguments arguments = {.formats = PLOT_SVG};
    struct sim_result *result = NULL;
    char *folder = NULL, why[2048] = "";
    int error, written = 0;

    if (argp_parse(&cmd_plot_argp, argc, argv, 0, NULL, &arguments) != 0)
        return EXIT_INPUT;
    folder = arguments.folder ? strdup(arguments.folder) : default_folder(arguments.file);
    if (!folder) {
        fprintf(stderr, "hbm plot: %s\n", hbm_error_text(SIM_E_MEMORY));
        free_metrics(&arguments);
        return EXIT_FAILED;
    }
    error = file_open_result("hbm plot", arguments.file, &result);
    if (error == 0)
        error = file_make_folder("hbm plot", folder);
    if (error == 0) {
        plot_choice choice = {arguments.only, (const char *const *)arguments.metrics, arguments.metric_count};
        error = plot_all(result, folder, arguments.formats, &choice, &written, why, sizeof why);
        if (error != 0)
            fprintf(stderr, "hbm plot: %s\n", why[0] ? why : hbm_error_text(error));
        else if (printf("%d files in %s\n", written, folder) > 0 && why[0])
            printf("%s\n", why);
    }
    hbm_result_free(result);
    free_metrics(&arguments);
    free(folder);
    return command_exit_code(error);
}
