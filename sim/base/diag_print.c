/* Printing diagnostics: for people, with the line and a caret under the place, and for machines, as JSON.
 *
 * Text that the user wrote is shown, never sent raw: control characters could rewrite the terminal. Long lines are cut
 * to a window around the place. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "sim/base/diag_internal.h"
#include "sim/base/error.h"
#include "sim/base/utf8.h"

enum { WINDOW = 100, BEFORE_CARET = 60 };

static int by_place(const void *left, const void *right)
{
    const sim_diag_entry *a = *(const sim_diag_entry *const *)left, *b = *(const sim_diag_entry *const *)right;
    if (a->mark.file != b->mark.file)
        return a->mark.file < b->mark.file ? -1 : 1;
    if (a->mark.line != b->mark.line)
        return a->mark.line < b->mark.line ? -1 : 1;
    if (a->mark.column != b->mark.column)
        return a->mark.column < b->mark.column ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* Pointers to all entries in order of place; the caller frees. NULL when there are none or memory ran out. */
static const sim_diag_entry **sorted(const sim_diag *diag)
{
    if (diag->entry_count == 0)
        return NULL;
    const sim_diag_entry **list = malloc(diag->entry_count * sizeof *list);
    if (list == NULL)
        return NULL;
    for (size_t i = 0; i < diag->entry_count; i++)
        list[i] = &diag->entries[i];
    qsort(list, diag->entry_count, sizeof *list, by_place);
    return list;
}

static const sim_diag_source *source_of(const sim_diag *diag, const sim_diag_entry *entry)
{
    int file = entry->mark.file;
    return file >= 0 && (size_t)file < diag->file_count ? &diag->files[file] : NULL;
}

/* A place in a text that only moves forward: entries are sorted, so that all their lines are found in one pass. */
typedef struct {
    const sim_diag_source *source;
    size_t at;
    int line;
} line_cursor;

static size_t line_end(const sim_diag_source *source, size_t at)
{
    while (at < source->length && source->text[at] != '\n' && source->text[at] != '\r')
        at++;
    return at;
}

static bool find_line(line_cursor *cursor, const sim_diag_source *source, int line, size_t *begin, size_t *end)
{
    if (cursor->source != source)
        *cursor = (line_cursor){source, 0, 1};
    while (cursor->line < line) {
        size_t at = line_end(source, cursor->at);
        if (at >= source->length)
            return false;
        at += source->text[at] == '\r' && at + 1 < source->length && source->text[at + 1] == '\n' ? 2 : 1;
        cursor->at = at;
        cursor->line++;
    }
    *begin = cursor->at;
    *end = line_end(source, *begin);
    return true;
}

/* Prints up to WINDOW characters of the line around `column` (from 1), and the caret line under it. */
static void print_line(FILE *to, const char *text, size_t length, int column, int underlined)
{
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark is no column */
        text += 3;
        length -= 3;
    }
    size_t place = column < 1 ? 0 : (size_t)column - 1;
    size_t first = place > BEFORE_CARET ? place - BEFORE_CARET : 0;
    size_t character = 0, shown = 0;
    fputs(first > 0 ? "  | ..." : "  | ", to);
    size_t i = 0;
    while (i < length && character < first + WINDOW) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(text + i, length - i, &point);
        if (character >= first) {
            if (bytes > 0 && sim_utf8_visible(point))
                fwrite(text + i, 1, bytes, to);
            else
                fputc(point == '\t' ? ' ' : '?', to);
            shown++;
        }
        i += bytes == 0 ? 1 : bytes;
        character++;
    }
    fputs(i < length ? "...\n" : "\n", to);
    size_t offset = place - first, left = shown > offset ? shown - offset : 1;
    fprintf(to, "  | %*s", (int)(offset + (first > 0 ? 3 : 0)), "");
    for (size_t k = 0; k < left && k < (size_t)underlined; k++)
        fputc(k == 0 ? '^' : '~', to);
    fputc('\n', to);
}

static void print_entry(FILE *to, const sim_diag_source *source, const sim_diag_entry *entry, line_cursor *cursor)
{
    if (source != NULL)
        fprintf(to, "%s:", source->name);
    if (entry->mark.line > 0)
        fprintf(to, "%d:%d:", entry->mark.line, entry->mark.column);
    const char *gap = source != NULL || entry->mark.line > 0 ? " " : "";
    fprintf(to, "%s%s: %s\n", gap, entry->warning ? "warning" : "error", entry->message);
    size_t begin, end;
    if (source != NULL && source->text != NULL && entry->mark.line > 0 &&
        find_line(cursor, source, entry->mark.line, &begin, &end))
        print_line(to, source->text + begin, end - begin, entry->mark.column, entry->mark.length);
    if (entry->expected != NULL)
        fprintf(to, "  expected %s\n", entry->expected);
    if (entry->suggestion != NULL)
        fprintf(to, "  did you mean \"%s\"?\n", entry->suggestion);
}

void sim_diag_print(const sim_diag *diag, FILE *to)
{
    const sim_diag_entry **list = sorted(diag);
    line_cursor cursor = {NULL, 0, 1};
    for (size_t i = 0; i < diag->entry_count; i++) {
        /* Without memory to sort, order of arrival; the cursor then has to start anew each time. */
        const sim_diag_entry *entry = list != NULL ? list[i] : &diag->entries[i];
        if (list == NULL)
            cursor.source = NULL;
        print_entry(to, source_of(diag, entry), entry, &cursor);
    }
    if (diag->errors > diag->errors_kept)
        fprintf(to, "%zu more errors are not shown\n", diag->errors - diag->errors_kept);
    if (diag->out_of_memory)
        fputs("error: out of memory while collecting errors; the list is not complete\n", to);
    free(list);
}

static json_t *entry_json(const sim_diag *diag, const sim_diag_entry *entry)
{
    const sim_diag_source *source = source_of(diag, entry);
    return json_pack("{s:s?, s:i, s:i, s:s, s:s, s:s?, s:s?}", "file", source == NULL ? NULL : source->name, "line",
                     entry->mark.line, "column", entry->mark.column, "severity", entry->warning ? "warning" : "error",
                     "message", entry->message, "expected", entry->expected, "suggestion", entry->suggestion);
}

/* Something about the list itself. */
static int append_note(json_t *array, const char *message)
{
    return json_array_append_new(array, json_pack("{s:n, s:i, s:i, s:s, s:s, s:n, s:n}", "file", "line", 0, "column", 0,
                                                  "severity", "error", "message", message, "expected", "suggestion"));
}

int sim_diag_print_json(const sim_diag *diag, FILE *to)
{
    int rc = SIM_E_MEMORY;
    const sim_diag_entry **list = sorted(diag);
    json_t *array = json_array();
    if (array == NULL || (list == NULL && diag->entry_count > 0))
        goto out;
    for (size_t i = 0; i < diag->entry_count; i++)
        if (json_array_append_new(array, entry_json(diag, list[i])) != 0) /* refuses NULL too */
            goto out;
    if (diag->errors > diag->errors_kept) {
        char message[80];
        snprintf(message, sizeof message, "%zu more errors are not shown", diag->errors - diag->errors_kept);
        if (append_note(array, message) != 0)
            goto out;
    }
    if (diag->out_of_memory &&
        append_note(array, "out of memory while collecting errors; the list is not complete") != 0)
        goto out;
    rc = SIM_E_IO;
    if (json_dumpf(array, to, JSON_INDENT(2)) != 0 || fputc('\n', to) == EOF || fflush(to) != 0)
        goto out;
    rc = 0;
out:
    json_decref(array);
    free(list);
    return rc;
}
