#include "sim/input/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/utf8.h"
#include "sim/input/table_internal.h"

enum { MOST_BYTES = 64 << 20, MOST_COLUMNS = 4096 };

/* Reading: what libcsv's callbacks need. */
typedef struct {
    sim_table *table;
    sim_diag *diag;
    size_t record_at; /* where the current record begins in the text */
    int record_line;
    size_t fields; /* of the current record, so far */
    bool header_done;
    bool record_ended; /* in the piece just given */
    bool first_record; /* behind the header: may hold HXL tags */
    int rc;
} reading;

static bool grow(void **items, size_t *room, size_t needed, size_t size)
{
    if (needed <= *room)
        return true;
    size_t wanted = *room < 16 ? 16 : *room;
    while (wanted < needed)
        wanted *= 2;
    void *larger = realloc(*items, wanted * size);
    if (larger == NULL)
        return false;
    *items = larger;
    *room = wanted;
    return true;
}

/* Adds a cell's text; cells stand one after another, header first. */
static bool add_cell(sim_table *table, const char *text, size_t length)
{
    void *cells = table->cells, *texts = table->texts;
    bool ok = grow(&cells, &table->cell_room, table->cell_count + 1, sizeof *table->cells);
    table->cells = cells;
    ok = ok && grow(&texts, &table->texts_room, table->texts_used + length + 1, 1);
    table->texts = texts;
    if (!ok)
        return false;
    table->cells[table->cell_count++] = (uint32_t)table->texts_used;
    if (length > 0)
        memcpy(table->texts + table->texts_used, text, length);
    table->texts[table->texts_used + length] = '\0';
    table->texts_used += length + 1;
    return true;
}

static void on_field(void *text, size_t length, void *user)
{
    reading *r = user;
    r->fields++;
    if (r->rc != 0 || (r->header_done && r->fields > r->table->columns))
        return;
    if (!r->header_done && r->fields > MOST_COLUMNS)
        return;
    if (!add_cell(r->table, text, length))
        r->rc = SIM_E_MEMORY;
}

static sim_mark record_mark(const reading *r)
{
    return (sim_mark){r->table->file, r->record_line, 1, 1};
}

static const char *cell_at(const sim_table *table, size_t index)
{
    return table->texts + table->cells[index];
}

static void check_header(reading *r)
{
    sim_table *table = r->table;
    table->columns = r->fields;
    if (r->fields > MOST_COLUMNS) {
        sim_diag_error(r->diag, record_mark(r), "at most 4096 columns", NULL, "the table has %zu columns", r->fields);
        r->rc = SIM_E_INPUT;
        return;
    }
    if (table->columns == 1 && strchr(cell_at(table, 0), ';') != NULL) {
        sim_diag_error(r->diag, record_mark(r), "commas between columns", NULL,
                       "the columns are separated by semicolons");
        r->rc = SIM_E_INPUT;
        return;
    }
    for (size_t i = 1; i < table->columns; i++) {
        for (size_t k = 0; k < i && *cell_at(table, i) != '\0'; k++) {
            if (strcmp(cell_at(table, i), cell_at(table, k)) != 0)
                continue;
            sim_diag_error(r->diag, sim_table_place(table, r->record_at, r->record_line, i), NULL, NULL,
                           "the column \"%.60s\" is given twice", cell_at(table, i));
            break;
        }
    }
}

/* Tags of the Humanitarian Exchange Language: every filled cell begins with '#'. */
static bool is_hxl(const sim_table *table, size_t first)
{
    bool any = false;
    for (size_t i = 0; i < table->columns; i++) {
        const char *text = cell_at(table, first + i);
        if (*text != '\0' && *text != '#')
            return false;
        any = any || *text == '#';
    }
    return any;
}

static void check_record(reading *r)
{
    sim_table *table = r->table;
    if (r->fields != table->columns)
        sim_diag_error(r->diag, record_mark(r), NULL, NULL, "this row has %zu cells, the header has %zu", r->fields,
                       table->columns);
    for (size_t i = r->fields; i < table->columns && r->rc == 0; i++)
        if (!add_cell(table, "", 0))
            r->rc = SIM_E_MEMORY;
    if (r->rc != 0)
        return;
    bool tags = r->first_record && is_hxl(table, table->columns);
    r->first_record = false;
    if (tags) {
        table->cell_count = table->columns;
        return;
    }
    void *records = table->records;
    if (!grow(&records, &table->record_room, table->rows + 1, sizeof *table->records)) {
        r->rc = SIM_E_MEMORY;
        return;
    }
    table->records = records;
    table->records[table->rows++] = (sim_table_record){(uint32_t)r->record_at, r->record_line};
}

static void on_record(int terminator, void *user)
{
    (void)terminator;
    reading *r = user;
    r->record_ended = true;
    if (r->rc == 0) {
        if (r->header_done)
            check_record(r);
        else
            check_header(r);
    }
    r->first_record = r->first_record || !r->header_done;
    r->header_done = true;
    r->fields = 0;
}

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
            return false;
    return true;
}

static size_t line_length(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            return i + 1;
        if (text[i] == '\r')
            return i + 1 < length && text[i + 1] == '\n' ? i + 2 : i + 1;
    }
    return length;
}

static void strict_error(reading *r, size_t at, size_t line_at, int line)
{
    const sim_table *table = r->table;
    sim_mark mark = {table->file, line, (int)sim_utf8_count(table->text + line_at, at - line_at) + 1, 1};
    sim_diag_error(r->diag, mark, "quotes around the whole cell, and \"\" for a quote inside it", NULL,
                   "a quote stands where none may be");
    r->rc = SIM_E_INPUT;
}

/* The text goes to libcsv line by line, so that each record's place is known. */
static void read_lines(reading *r, struct csv_parser *parser, size_t begin)
{
    const sim_table *table = r->table;
    bool between = true; /* no record is open */
    int line = 1;
    for (size_t at = begin; at < table->length && r->rc == 0; line++) {
        size_t n = line_length(table->text + at, table->length - at);
        if (between) {
            r->record_at = at;
            r->record_line = line;
        }
        r->record_ended = false;
        size_t taken = csv_parse(parser, table->text + at, n, on_field, on_record, r);
        if (taken != n) {
            if (csv_error(parser) == CSV_EPARSE)
                strict_error(r, at + taken, at, line);
            else
                r->rc = SIM_E_MEMORY;
            return;
        }
        between = r->record_ended || (between && is_blank(table->text + at, n));
        at += n;
    }
}

static void finish(reading *r, struct csv_parser *parser)
{
    if (r->rc != 0)
        return;
    if (csv_fini(parser, on_field, on_record, r) != 0) {
        if (csv_error(parser) == CSV_EPARSE)
            sim_diag_error(r->diag, record_mark(r), NULL, NULL, "a quote that opens in this row is never closed");
        r->rc = csv_error(parser) == CSV_EPARSE ? SIM_E_INPUT : SIM_E_MEMORY;
    }
    if (r->rc == 0 && !r->header_done) {
        sim_diag_error(r->diag, (sim_mark){r->table->file, 1, 1, 1}, "a header row with the columns' names", NULL,
                       "the table is empty");
        r->rc = SIM_E_INPUT;
    }
}

/* Encoding first: libcsv knows bytes only. */
static int check_text(const sim_table *table, sim_diag *diag)
{
    int line = 1;
    size_t line_at = 0;
    for (size_t at = 0; at < table->length;) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(table->text + at, table->length - at, &point);
        if (bytes == 0 || point == 0) {
            sim_mark mark = {table->file, line, (int)sim_utf8_count(table->text + line_at, at - line_at) + 1, 1};
            sim_diag_error(diag, mark, "text in UTF-8", NULL,
                           bytes == 0 ? "this byte is not UTF-8 text" : "a NUL byte: this is not a text file");
            return SIM_E_INPUT;
        }
        at += bytes;
        if (point == '\n' || (point == '\r' && !(at < table->length && table->text[at] == '\n'))) {
            line++;
            line_at = at;
        }
    }
    return 0;
}

int sim_table_parse(sim_table **out, const char *text, size_t length, const char *name, sim_diag *diag)
{
    *out = NULL;
    size_t before = sim_diag_count(diag);
    bool parser_open = false;
    struct csv_parser parser;
    sim_table *table = calloc(1, sizeof *table);
    int rc = SIM_E_MEMORY;
    if (table == NULL)
        return rc;
    reading r = {.table = table, .diag = diag};
    table->file = sim_diag_file(diag, name, text, length);
    table->text = malloc(length + 1);
    if (table->file < 0 || table->text == NULL)
        goto out;
    if (length > 0)
        memcpy(table->text, text, length);
    table->text[length] = '\0';
    table->length = length;
    rc = SIM_E_INPUT;
    if (length > MOST_BYTES) {
        sim_diag_error(diag, (sim_mark){table->file, 0, 0, 1}, "at most 64 MiB", NULL, "the table is too large");
        goto out;
    }
    rc = check_text(table, diag);
    if (rc != 0)
        goto out;
    rc = SIM_E_MEMORY;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        goto out;
    parser_open = true;
    read_lines(&r, &parser, length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    finish(&r, &parser);
    rc = r.rc == 0 && sim_diag_count(diag) > before ? SIM_E_INPUT : r.rc;
out:
    if (parser_open)
        csv_free(&parser);
    if (rc != 0) {
        sim_table_free(table);
        table = NULL;
    }
    *out = table;
    return rc;
}

int sim_table_read(sim_table **out, const char *path, const char *name, sim_diag *diag)
{
    char *text;
    size_t length;
    const char *why;
    *out = NULL;
    int rc = sim_input_file_read(path, MOST_BYTES, &text, &length, &why);
    if (rc != 0) {
        sim_mark mark = {sim_diag_file(diag, name, NULL, 0), 0, 0, 1};
        sim_diag_error(diag, mark, "an ordinary CSV file of at most 64 MiB", NULL, "the file %s", why);
        return rc;
    }
    rc = sim_table_parse(out, text, length, name, diag);
    free(text);
    return rc;
}

void sim_table_free(sim_table *table)
{
    if (table == NULL)
        return;
    free(table->text);
    free(table->texts);
    free(table->cells);
    free(table->records);
    free(table);
}
