#include "sim/base/diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/diag_internal.h"
#include "sim/base/error.h"
#include "sim/base/utf8.h"

/* Longer messages are cut: they may quote the user's text, which can be megabytes. */
enum { MESSAGE_BYTES = 600 };

int sim_diag_new(sim_diag **out, size_t limit)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return SIM_E_MEMORY;
    (*out)->limit = limit;
    return 0;
}

void sim_diag_free(sim_diag *diag)
{
    if (diag == NULL)
        return;
    for (size_t i = 0; i < diag->file_count; i++) {
        free(diag->files[i].name);
        free(diag->files[i].text);
    }
    for (size_t i = 0; i < diag->entry_count; i++) {
        free(diag->entries[i].message);
        free(diag->entries[i].expected);
        free(diag->entries[i].suggestion);
    }
    free(diag->files);
    free(diag->entries);
    free(diag);
}

/* Makes room for one more item; the array may move. */
static bool grow(void **items, size_t *room, size_t count, size_t size)
{
    if (count < *room)
        return true;
    size_t wanted = *room == 0 ? 8 : *room * 2;
    void *larger = realloc(*items, wanted * size);
    if (larger == NULL)
        return false;
    *items = larger;
    *room = wanted;
    return true;
}

static char *cleaned(const char *text, size_t length)
{
    char buffer[MESSAGE_BYTES];
    sim_utf8_clean(buffer, sizeof buffer, text, length);
    return strdup(buffer);
}

int sim_diag_file(sim_diag *diag, const char *name, const char *text, size_t length)
{
    void *files = diag->files;
    if (!grow(&files, &diag->file_room, diag->file_count, sizeof *diag->files)) {
        diag->out_of_memory = true;
        return SIM_E_MEMORY;
    }
    diag->files = files;
    sim_diag_source source = {cleaned(name, strlen(name)), NULL, length};
    if (text != NULL) {
        source.text = malloc(length + 1);
        if (source.text != NULL) {
            memcpy(source.text, text, length);
            source.text[length] = '\0';
        }
    }
    if (source.name == NULL || (text != NULL && source.text == NULL)) {
        free(source.name);
        free(source.text);
        diag->out_of_memory = true;
        return SIM_E_MEMORY;
    }
    diag->files[diag->file_count] = source;
    return (int)diag->file_count++;
}

/* Also when a file has been read twice, as a scenario is that is checked under several plans. */
static bool is_same_file(const sim_diag *diag, int a, int b)
{
    return a == b || (a >= 0 && b >= 0 && strcmp(diag->files[a].name, diag->files[b].name) == 0);
}

/* Several users of one value find the same fault with it: it is told once. */
static bool is_known(const sim_diag *diag, sim_mark mark, bool warning, const char *message)
{
    for (size_t i = 0; i < diag->entry_count; i++) {
        const sim_diag_entry *entry = &diag->entries[i];
        bool same = warning ? is_same_file(diag, entry->mark.file, mark.file) : entry->mark.file == mark.file;
        if (same && entry->warning == warning && entry->mark.line == mark.line && entry->mark.column == mark.column &&
            strcmp(entry->message, message) == 0)
            return true;
    }
    return false;
}

static void add(sim_diag *diag, sim_mark mark, bool warning, const char *expected, const char *suggestion,
                const char *format, va_list arguments)
{
    *(warning ? &diag->warnings : &diag->errors) += 1;
    if (diag->entry_count >= diag->limit)
        return;
    char message[2 * MESSAGE_BYTES];
    int length = vsnprintf(message, sizeof message, format, arguments);
    if (length < 0)
        length = 0;
    if ((size_t)length >= sizeof message)
        length = (int)sizeof message - 1;
    sim_diag_entry entry = {.mark = mark, .warning = warning, .order = diag->entry_count};
    if (entry.mark.length < 1)
        entry.mark.length = 1;
    entry.message = cleaned(message, (size_t)length);
    if (entry.message != NULL && is_known(diag, mark, warning, entry.message)) {
        *(warning ? &diag->warnings : &diag->errors) -= 1;
        free(entry.message);
        return;
    }
    if (expected != NULL)
        entry.expected = cleaned(expected, strlen(expected));
    if (suggestion != NULL)
        entry.suggestion = cleaned(suggestion, strlen(suggestion));
    void *entries = diag->entries;
    bool room = grow(&entries, &diag->entry_room, diag->entry_count, sizeof *diag->entries);
    diag->entries = entries;
    if (!room || entry.message == NULL || (expected != NULL && entry.expected == NULL) ||
        (suggestion != NULL && entry.suggestion == NULL)) {
        free(entry.message);
        free(entry.expected);
        free(entry.suggestion);
        diag->out_of_memory = true;
        return;
    }
    diag->entries[diag->entry_count++] = entry;
    diag->errors_kept += !warning;
}

void sim_diag_error(sim_diag *diag, sim_mark mark, const char *expected, const char *suggestion, const char *format,
                    ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diag, mark, false, expected, suggestion, format, arguments);
    va_end(arguments);
}

void sim_diag_warning(sim_diag *diag, sim_mark mark, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diag, mark, true, NULL, NULL, format, arguments);
    va_end(arguments);
}

size_t sim_diag_count(const sim_diag *diag)
{
    return diag->errors + (diag->out_of_memory && diag->errors == 0 ? 1 : 0);
}

enum { LONGEST_WORD = 63 };

/* Characters of a word, ASCII letters in lower case; LONGEST_WORD + 1 for longer words. */
static size_t spell(const char *word, uint32_t out[LONGEST_WORD])
{
    size_t n = 0;
    for (const char *at = word; *at != '\0'; n++) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(at, strnlen(at, 4), &point);
        if (n == LONGEST_WORD)
            return LONGEST_WORD + 1;
        if (bytes == 0)
            point = (unsigned char)*at;
        out[n] = point >= 'A' && point <= 'Z' ? point - 'A' + 'a' : point;
        at += bytes == 0 ? 1 : bytes;
    }
    return n;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance (Boytsov 2011): insertions, deletions, substitutions and swaps of neighbours. Three
 * rows of the table are enough. */
static size_t distance(const uint32_t *a, size_t a_length, const uint32_t *b, size_t b_length)
{
    size_t rows[3][LONGEST_WORD + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t differ = a[i - 1] != b[j - 1];
            now[j] = least(least(before[j], now[j - 1]) + 1, before[j - 1] + differ);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *sim_diag_nearest(const char *word, const char *const *words, size_t n)
{
    uint32_t mine[LONGEST_WORD], other[LONGEST_WORD];
    size_t length = spell(word, mine);
    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    /* About one slip in three letters still reads as the same word; more is another word. */
    size_t allowed = length < 5 ? 1 : (length + 3) / 4 + 1;
    if (allowed >= length)
        allowed = length - 1;
    const char *nearest = NULL;
    size_t best = allowed + 1;
    for (size_t i = 0; i < n && best > 0; i++) {
        size_t other_length = spell(words[i], other);
        size_t longer = length > other_length ? length - other_length : other_length - length;
        if (other_length > LONGEST_WORD || longer >= best)
            continue;
        size_t d = distance(mine, length, other, other_length);
        if (d < best && d < other_length) {
            best = d;
            nearest = words[i];
        }
    }
    return nearest;
}
