#include "sim/input/document_unclosed.h"

#include <string.h>

#include "sim/base/utf8.h"

/* Where a line begins; `length` when there is none. */
static size_t line_begin(const char *text, size_t length, int line)
{
    size_t at = 0;
    for (int i = 1; i < line && at < length; i++) {
        const char *end = memchr(text + at, '\n', length - at);
        at = end == NULL ? length : (size_t)(end - text) + 1;
    }
    return at;
}

/* `column` characters into the line, from 1. */
static size_t column_at(const char *text, size_t length, size_t at, int column)
{
    for (int i = 1; i < column && at < length; i++) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(text + at, length - at, &point);
        at += bytes == 0 ? 1 : bytes;
    }
    return at;
}

/* Whether the quote at `at` is a part of its text: behind an odd number of backslashes, or doubled. */
static bool is_escaped(const char *text, size_t *at)
{
    if (text[*at] == '\'') {
        if (*at == 0 || text[*at - 1] != '\'')
            return false;
        --*at;
        return true;
    }
    size_t slashes = 0;
    while (slashes < *at && text[*at - slashes - 1] == '\\')
        slashes++;
    return slashes % 2 == 1;
}

bool sim_document_quote_opens(const char *text, size_t length, int line, int column, int *open_line, int *open_column)
{
    size_t begin = line_begin(text, length, line);
    size_t close = column_at(text, length, begin, column);
    while (close > begin && text[close - 1] == ' ')
        close--;
    if (close == 0 || close > length || (text[close - 1] != '"' && text[close - 1] != '\''))
        return false;
    char quote = text[--close];
    size_t open = close;
    do {
        if (open-- == 0)
            return false;
    } while (text[open] != quote || is_escaped(text, &open));
    *open_line = 1;
    size_t open_begin = 0;
    for (size_t i = 0; i < open; i++) {
        if (text[i] != '\n')
            continue;
        ++*open_line;
        open_begin = i + 1;
    }
    *open_column = (int)sim_utf8_count(text + open_begin, open - open_begin) + 1;
    return *open_line < line;
}

static size_t indentation(const char *text, size_t length, size_t at)
{
    size_t n = 0;
    while (at + n < length && text[at + n] == ' ')
        n++;
    return n;
}

bool sim_document_bracket_stays_open(const char *text, size_t length, int open_line, int line)
{
    size_t at = line_begin(text, length, open_line);
    size_t limit = indentation(text, length, at);
    for (int i = open_line + 1; i <= line; i++) {
        at += line_begin(text + at, length - at, 2);
        size_t here = indentation(text, length, at);
        bool content = at + here < length && strchr("#\r\n}]", text[at + here]) == NULL;
        if (content && here <= limit)
            return true;
    }
    return false;
}
