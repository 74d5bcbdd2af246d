#include "sim/input/document_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/utf8.h"
#include "sim/input/document.h"

/* The library looks at a run of blanks once for each blank, and at a tag once for each character. */
enum { LONGEST_BLANK = 1000, LONGEST_TAG = 1000 };

typedef struct {
    const char *text;
    size_t length, at;
    int file, line, column; /* of text[at], from 1 */
    bool indentation;       /* only blanks so far in this line */
    bool tab_seen;          /* among them */
    int tab_column;
    size_t blanks, tag;
    sim_diag *diag;
} scan;

static int refuse(const scan *s, int column, const char *expected, const char *message)
{
    sim_mark mark = {s->file, s->line, column, 1};
    sim_diag_error(s->diag, mark, expected, NULL, "%s", message);
    return SIM_E_INPUT;
}

static int not_utf8(const scan *s)
{
    const char *expected = "text in UTF-8";
    if (s->at == 0 && s->length >= 2 && (memcmp(s->text, "\xFF\xFE", 2) == 0 || memcmp(s->text, "\xFE\xFF", 2) == 0))
        return refuse(s, s->column, expected, "this is UTF-16 text; save it as UTF-8");
    return refuse(s, s->column, expected, "this byte is not UTF-8 text");
}

static int control_character(const scan *s, uint32_t point)
{
    sim_mark mark = {s->file, s->line, s->column, 1};
    if (point == 0)
        sim_diag_error(s->diag, mark, NULL, NULL, "a NUL byte: this is not a text file");
    else
        sim_diag_error(s->diag, mark, NULL, NULL, "the control character U+%04X is not accepted", (unsigned)point);
    return SIM_E_INPUT;
}

static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029 || point == 0xFEFF;
}

static int check_indentation(scan *s, uint32_t point)
{
    if (point == '\t' && !s->tab_seen) {
        s->tab_seen = true;
        s->tab_column = s->column;
    }
    if (point == ' ' || point == '\t')
        return 0;
    s->indentation = false;
    if (s->tab_seen && point != '#')
        return refuse(s, s->tab_column, "spaces", "a tab is used as indentation");
    if (point == '%' && s->column == 1)
        return refuse(s, 1, "a key, or quotes around the text",
                      "directives (lines that start with %) are not accepted");
    return 0;
}

static int check_runs(scan *s, uint32_t point)
{
    bool blank = point == ' ' || point == '\t';
    s->blanks = blank ? s->blanks + 1 : 0;
    if (s->blanks > LONGEST_BLANK)
        return refuse(s, s->column, NULL, "more than 1000 blanks in a row");
    if (blank)
        s->tag = 0;
    else if (s->tag > 0 || point == '!')
        s->tag++;
    if (s->tag > LONGEST_TAG)
        return refuse(s, s->column, NULL, "more than 1000 characters without a blank behind a \"!\"");
    return 0;
}

static void next_line(scan *s, size_t bytes)
{
    s->at += bytes;
    s->line++;
    s->column = 1;
    s->indentation = true;
    s->tab_seen = false;
    s->blanks = s->tag = 0;
}

int sim_document_scan(const char *text, size_t length, int file, int column_offset, sim_diag *diag)
{
    scan s = {.text = text,
              .length = length,
              .file = file,
              .line = 1,
              .column = 1 + column_offset,
              .indentation = true,
              .diag = diag};
    if (length > SIM_DOCUMENT_BYTES) {
        s.line = 0;
        return refuse(&s, 0, "at most 16 MiB", "the text is too large");
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        s.at = 3;
    while (s.at < length) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(text + s.at, length - s.at, &point);
        if (bytes == 0)
            return not_utf8(&s);
        if (point == '\n' || point == '\r') {
            bool both = point == '\r' && s.at + 1 < length && text[s.at + 1] == '\n';
            next_line(&s, both ? 2 : 1);
            continue;
        }
        if (is_control(point) && point != '\t')
            return control_character(&s, point);
        if (s.indentation && check_indentation(&s, point) != 0)
            return SIM_E_INPUT;
        if (check_runs(&s, point) != 0)
            return SIM_E_INPUT;
        s.at += bytes;
        s.column++;
    }
    return 0;
}
