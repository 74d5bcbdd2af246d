#define _GNU_SOURCE /* getopt_long */
#include "tools/campaign/arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

static const char *const without_weight[] = {"threads", "shard", "out", "quiet", "json", "continue", "known"};

static int has_weight(const char *name)
{
    for (size_t i = 0; i < sizeof without_weight / sizeof *without_weight; i++)
        if (strcmp(name, without_weight[i]) == 0)
            return 0;
    return 1;
}

typedef struct {
    struct option *longs;
    char shorts[256];
    size_t count;
} option_table;

static int table_init(option_table *table, const struct argp_option *options)
{
    char *at = table->shorts;
    size_t count = 0, named = 0;
    while (options[count].name != NULL || options[count].key != 0 || options[count].doc != NULL ||
           options[count].group != 0)
        count++; /* rows without a name are headings */
    table->longs = calloc(count + 1, sizeof *table->longs);
    table->count = count;
    if (table->longs == NULL)
        return SIM_E_MEMORY;
    *at++ = '-'; /* in the order written, other arguments as options of key 1 */
    for (size_t i = 0; i < count; i++) {
        if (options[i].name == NULL)
            continue;
        table->longs[named++] = (struct option){
            options[i].name, options[i].arg != NULL ? required_argument : no_argument, NULL, (int)(1000 + i)};
        if (options[i].key > ' ' && options[i].key < 127 && at < table->shorts + sizeof table->shorts - 3) {
            *at++ = (char)options[i].key;
            if (options[i].arg != NULL)
                *at++ = ':';
        }
    }
    *at = '\0';
    return 0;
}

static char *format(const char *name, const char *value)
{
    size_t size = strlen(name) + (value == NULL ? 0 : strlen(value)) + 4;
    char *text = malloc(size);
    if (text != NULL)
        (void)snprintf(text, size, "--%s%s%s", name, value == NULL ? "" : "=", value == NULL ? "" : value);
    return text;
}

void campaign_arguments_free(char **arguments)
{
    for (size_t i = 0; arguments != NULL && arguments[i] != NULL; i++)
        free(arguments[i]);
    free(arguments);
}

/* Index of the option in the command's table; its rows are those of the long options. */
static ptrdiff_t row_of(const struct argp_option *options, size_t count, int key)
{
    if (key >= 1000)
        return key - 1000;
    for (size_t i = 0; i < count; i++)
        if (options[i].key == key)
            return (ptrdiff_t)i;
    return -1;
}

static int sort_out(const tool_command *command, int argc, char **copy, char **out, char **others, size_t *count,
                    size_t *other_count)
{
    const struct argp_option *options = command_options(command);
    option_table table;
    int key;
    if (table_init(&table, options) != 0)
        return SIM_E_MEMORY;
    optind = 0; /* anew */
    opterr = 0;
    while ((key = getopt_long(argc, copy, table.shorts, table.longs, NULL)) != -1) {
        ptrdiff_t row = row_of(options, table.count, key);
        if (key == 1)
            others[(*other_count)++] = optarg;
        else if (key != '?' && row >= 0 && has_weight(options[row].name))
            out[(*count)++] = format(options[row].name, options[row].arg == NULL ? NULL : optarg);
    }
    while (optind < argc)
        others[(*other_count)++] = copy[optind++];
    free(table.longs);
    return 0;
}

int campaign_arguments(const tool_command *command, int argc, char *const *argv, char ***out, size_t *count)
{
    size_t other_count = 0, room = (size_t)argc + 3;
    char **copy = calloc(room, sizeof *copy), **others = calloc(room, sizeof *others),
         **list = calloc(room, sizeof *list);
    int ret = copy == NULL || others == NULL || list == NULL ? SIM_E_MEMORY : 0;
    *out = NULL;
    *count = 0;
    if (ret == 0) {
        memcpy(copy, argv, (size_t)argc * sizeof *copy);
        list[(*count)++] = strdup(command->name);
        ret = sort_out(command, argc, copy, list, others, count, &other_count);
    }
    if (ret == 0)
        list[(*count)++] = strdup("--");
    for (size_t i = 0; ret == 0 && i < other_count; i++)
        list[(*count)++] = strdup(others[i]);
    for (size_t i = 0; ret == 0 && i < *count; i++)
        ret = list[i] == NULL ? SIM_E_MEMORY : 0;
    free(copy);
    free(others);
    if (ret != 0) {
        for (size_t i = 0; list != NULL && i < *count; i++)
            free(list[i]); /* there may be gaps */
        free(list);
        *count = 0;
        return ret;
    }
    *out = list;
    return 0;
}
