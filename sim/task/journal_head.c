/* The head of a journal: what experiment it is of, as bytes (numbers of strings, then each string with its length
 * before it). */
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/task/journal_record.h"

enum { STRINGS_MOST = 100000 };

static void put(unsigned char **at, const void *bytes, size_t length)
{
    memcpy(*at, bytes, length);
    *at += length;
}

static void put_number(unsigned char **at, size_t number)
{
    for (int i = 0; i < 4; i++)
        *(*at)++ = (unsigned char)(number >> (8 * i));
}

static void put_strings(unsigned char **at, char *const *strings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_number(at, strlen(strings[i]));
        put(at, strings[i], strlen(strings[i]));
    }
}

static size_t length_of(char *const *strings, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += 4 + strlen(strings[i]);
    return length;
}

int sim_journal_head_format(const sim_journal_head *head, unsigned char **text, size_t *length)
{
    *length = 16 + length_of(head->arguments, head->argument_count) + length_of(head->inputs, head->input_count) +
              length_of(head->digests, head->input_count);
    unsigned char *at = *text = malloc(*length);
    if (at == NULL)
        return SIM_E_MEMORY;
    put_number(&at, head->argument_count);
    put_number(&at, head->input_count);
    put_number(&at, head->shard);
    put_number(&at, head->shards);
    put_strings(&at, head->arguments, head->argument_count);
    put_strings(&at, head->inputs, head->input_count);
    put_strings(&at, head->digests, head->input_count);
    return 0;
}

typedef struct {
    const unsigned char *bytes;
    size_t left;
    int error;
} reader;

static size_t get_number(reader *r)
{
    if (r->left < 4) {
        r->error = SIM_E_FORMAT;
        return 0;
    }
    size_t number = 0;
    for (int i = 3; i >= 0; i--)
        number = number << 8 | r->bytes[i];
    r->bytes += 4;
    r->left -= 4;
    return number;
}

/* NULL: nothing, and r->error says why. */
static char **get_strings(reader *r, size_t count)
{
    if (r->error == 0 && count > STRINGS_MOST)
        r->error = SIM_E_FORMAT;
    char **strings = r->error == 0 ? calloc(count + 1, sizeof *strings) : NULL;
    if (strings == NULL && r->error == 0)
        r->error = SIM_E_MEMORY;
    for (size_t i = 0; r->error == 0 && i < count; i++) {
        size_t length = get_number(r);
        if (r->error == 0 && length > r->left)
            r->error = SIM_E_FORMAT;
        if (r->error == 0 && (strings[i] = strndup((const char *)r->bytes, length)) == NULL)
            r->error = SIM_E_MEMORY;
        if (r->error == 0) {
            r->bytes += length;
            r->left -= length;
        }
    }
    return strings;
}

static void free_strings(char **strings)
{
    for (size_t i = 0; strings != NULL && strings[i] != NULL; i++)
        free(strings[i]);
    free(strings);
}

void sim_journal_head_free(sim_journal_head *head)
{
    free_strings(head->arguments);
    free_strings(head->inputs);
    free_strings(head->digests);
    *head = (sim_journal_head){0};
}

int sim_journal_head_parse(sim_journal_head *head, const unsigned char *text, size_t length)
{
    reader r = {text, length, 0};
    *head = (sim_journal_head){0};
    head->argument_count = get_number(&r);
    head->input_count = get_number(&r);
    head->shard = (unsigned)get_number(&r);
    head->shards = (unsigned)get_number(&r);
    head->arguments = get_strings(&r, head->argument_count);
    head->inputs = get_strings(&r, head->input_count);
    head->digests = get_strings(&r, head->input_count);
    if (r.error == 0 && r.left != 0)
        r.error = SIM_E_FORMAT;
    if (r.error != 0)
        sim_journal_head_free(head);
    return r.error;
}

static bool same(char *const *a, size_t n, char *const *b, size_t m)
{
    for (size_t i = 0; i < n && i < m; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return n == m;
}

const char *sim_journal_head_difference(const sim_journal_head *a, const sim_journal_head *b)
{
    if (!same(a->arguments, a->argument_count, b->arguments, b->argument_count))
        return "the command";
    if (!same(a->inputs, a->input_count, b->inputs, b->input_count))
        return "the list of inputs";
    for (size_t i = 0; i < a->input_count; i++)
        if (strcmp(a->digests[i], b->digests[i]) != 0)
            return a->inputs[i];
    return NULL; /* parts are no difference: tasks are known by their keys, however an experiment was split */
}
