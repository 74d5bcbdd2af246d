#include "tools/campaign/again.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/error.h"
#include "sim/task/journal.h"
#include "tools/campaign/private.h"

char *campaign_journal_beside(const char *path)
{
    static const char ending[] = ".journal";
    size_t length = strlen(path);
    char *beside = malloc(length + sizeof ending);
    if (beside == NULL)
        return NULL;
    memcpy(beside, path, length);
    memcpy(beside + length, ending, sizeof ending);
    if (access(beside, F_OK) != 0)
        beside[length] = '\0';
    return beside;
}

static void put(campaign_again *again, size_t at, char *text)
{
    if (text == NULL || again->count + 2 > again->room) {
        size_t room = 2 * again->room + 16;
        char **argv = text == NULL ? NULL : realloc(again->argv, room * sizeof *argv);
        if (argv == NULL) {
            free(text);
            again->error = SIM_E_MEMORY;
            return;
        }
        again->argv = argv;
        again->room = room;
    }
    memmove(again->argv + at + 1, again->argv + at, (again->count - at) * sizeof *again->argv);
    again->argv[at] = text;
    again->argv[++again->count] = NULL;
}

void campaign_again_add(campaign_again *again, const char *name, const char *value)
{
    size_t size = strlen(name) + (value == NULL ? 0 : strlen(value)) + 4;
    char *text = malloc(size);
    if (text != NULL)
        (void)snprintf(text, size, "--%s%s%s", name, value == NULL ? "" : "=", value == NULL ? "" : value);
    put(again, again->options++, text);
}

static void again_free(campaign_again *again)
{
    for (size_t i = 0; i < again->count; i++)
        free(again->argv[i]);
    free(again->argv);
}

static int take_head(campaign_again *again, const char *who, const sim_journal_head *head, const char *journal)
{
    for (size_t i = 0; i < COMMAND_COUNT && head->argument_count > 0; i++)
        if (strcmp(commands[i].name, head->arguments[0]) == 0)
            again->command = &commands[i];
    if (again->command == NULL) {
        fprintf(stderr, "%s: %s: of a command that this program does not have\n", who, journal);
        return SIM_E_INPUT;
    }
    put(again, 0, strdup(again->command->full_name));
    again->options = 1;
    for (size_t i = 1; i < head->argument_count; i++)
        put(again, again->count, strdup(head->arguments[i]));
    return again->error;
}

/* Where the journal says so, it is again that part. */
static void add_shard(campaign_again *again, const sim_journal_head *head, const char *who)
{
    char text[40];
    if (head->shards < 2 || strcmp(who, "hbm resume") != 0)
        return;
    (void)snprintf(text, sizeof text, "%u/%u", head->shard, head->shards);
    campaign_again_add(again, "shard", text);
}

error_t campaign_again_parse(campaign_again_options *options, int key, char *arg)
{
    switch (key) {
    case 'o':
        options->out = arg;
        return 0;
    case OPTION_KEY_JSON:
        options->json = true;
        return 0;
    case 'q':
        options->quiet = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void add_options(campaign_again *again, const campaign_again_options *options, const char *journal)
{
    char *own = options->out == NULL ? campaign_out_of(journal) : NULL;
    if (options->out == NULL && own == NULL)
        again->error = SIM_E_MEMORY;
    else
        campaign_again_add(again, "out", options->out != NULL ? options->out : own);
    free(own);
    if (options->json)
        campaign_again_add(again, "json", NULL);
    if (options->quiet)
        campaign_again_add(again, "quiet", NULL);
}

int campaign_again_init(campaign_again *again, const char *who, const char *path, const campaign_again_options *options)
{
    char why[512] = "";
    size_t torn;
    sim_journal *journal = NULL;
    *again = (campaign_again){0};
    int ret = sim_journal_open(&journal, path, true, &torn, why, sizeof why);
    if (ret != 0) {
        fprintf(stderr, "%s: %s\n", who, why);
        return ret;
    }
    ret = take_head(again, who, sim_journal_head_of(journal), path);
    if (ret == 0) {
        add_options(again, options, path);
        add_shard(again, sim_journal_head_of(journal), who);
        ret = again->error;
    }
    (void)sim_journal_close(journal, false);
    if (ret != 0) {
        if (ret == SIM_E_MEMORY)
            fprintf(stderr, "%s: %s\n", who, sim_error_text(ret));
        again_free(again);
    }
    return ret;
}

int campaign_again_run(campaign_again *again)
{
    int code = EXIT_FAILED;
    if (again->error == 0) {
        /* argp reorders what it is given, and the command's name is no memory of its own there */
        char **argv = calloc(again->count + 1, sizeof *argv);
        if (argv != NULL) {
            memcpy(argv, again->argv, again->count * sizeof *argv);
            code = again->command->run((int)again->count, argv);
        }
        free(argv);
    }
    again_free(again);
    return code;
}
