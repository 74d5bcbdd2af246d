/* libfyaml's events become the nodes of a document. Nothing else of the program includes libfyaml. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

#include "sim/base/error.h"
#include "sim/base/utf8.h"
#include "sim/input/document.h"
#include "sim/input/document_duplicates.h"
#include "sim/input/document_feed.h"
#include "sim/input/document_scan.h"
#include "sim/input/document_unclosed.h"

typedef struct {
    sim_node node;
    sim_node last; /* child */
    sim_node key;  /* of a map: waiting for its value */
    bool waiting;
    bool skipped;   /* that key is an error; its value goes nowhere */
    bool bracketed; /* {} or [] */
    bool nameless;  /* it has no text, and so no place of its own: told at its value */
} level;

typedef struct {
    sim_document *document;
    sim_diag *diag;
    int file;
    uint32_t column_offset;
    sim_document_feed feed;
    level stack[SIM_DOCUMENT_DEPTH + 1]; /* one more for the extra key */
    size_t depth;
    size_t nodes; /* of this text */
    size_t documents;
    sim_node root;
    sim_mark here; /* of the last thing read */
    int rc;        /* set when reading cannot go on */
} builder;

static void stop(builder *b, sim_mark mark, const char *expected, const char *message)
{
    sim_diag_error(b->diag, mark, expected, NULL, "%s", message);
    b->rc = SIM_E_INPUT;
}

static sim_mark place(const builder *b, int line, int column, int width)
{
    sim_mark mark = {b->file, line, column, width < 1 ? 1 : width};
    if (line == 1)
        mark.column += (int)b->column_offset;
    if (b->feed.wrapped && line == b->feed.wrap_line)
        mark.column -= SIM_FEED_KEY_WIDTH;
    if (mark.column < 1)
        mark.column = 1;
    return mark;
}

/* The place of a token; of a missing one (an empty value) the place of what came before. */
static sim_mark token_place(builder *b, struct fy_token *token, bool quotes)
{
    const struct fy_mark *start = token == NULL ? NULL : fy_token_start_mark(token);
    const struct fy_mark *end = token == NULL ? NULL : fy_token_end_mark(token);
    if (start == NULL)
        return b->here;
    int width = end != NULL && end->line == start->line ? end->column - start->column : 1;
    if (quotes) /* the library's marks stand inside the quotes */
        b->here = place(b, start->line + 1, start->column, width + 2);
    else
        b->here = place(b, start->line + 1, start->column + 1, width);
    return b->here;
}

static sim_node new_node(builder *b, sim_node_kind kind, const char *text, size_t length, sim_mark mark)
{
    if (b->rc != 0)
        return SIM_NO_NODE;
    if (++b->nodes > SIM_DOCUMENT_NODES) {
        stop(b, mark, NULL, "more than 1,000,000 values and keys");
        return SIM_NO_NODE;
    }
    sim_node node = sim_document_new(b->document, kind, text, length, mark);
    if (node == SIM_NO_NODE)
        b->rc = SIM_E_MEMORY;
    return node;
}

/* Links a child behind the last one, in constant time. */
static void link_child(builder *b, level *top, sim_node node)
{
    sim_node_row *nodes = b->document->nodes;
    if (top->last == SIM_NO_NODE)
        nodes[top->node].first = node;
    else
        nodes[top->last].next = node;
    top->last = node;
    nodes[top->node].length++;
}

static void report_nameless(builder *b, sim_node node)
{
    sim_diag_error(b->diag, sim_document_mark(b->document, node), "a name and a colon", NULL, "this key has no name");
}

static void take_key(builder *b, level *top, sim_node node)
{
    const sim_node_row *row = sim_document_row(b->document, node);
    top->waiting = true;
    top->key = node;
    top->skipped = true;
    if (row->kind == SIM_NODE_BROKEN)
        return;
    top->nameless = row->kind == SIM_NODE_EMPTY && row->length == 0;
    if (top->nameless)
        return;
    if (row->kind != SIM_NODE_SCALAR || row->length == 0) {
        report_nameless(b, node);
        return;
    }
    if (!row->quoted && strcmp(sim_document_text(b->document, node), "<<") == 0) {
        sim_diag_error(b->diag, sim_document_mark(b->document, node), NULL, NULL,
                       "merge keys (\"<<\") are not accepted; write the values out");
        return;
    }
    top->skipped = false;
    link_child(b, top, node);
}

static void take_node(builder *b, sim_node node)
{
    if (b->depth == 0) {
        b->root = node;
        return;
    }
    level *top = &b->stack[b->depth - 1];
    if (b->document->nodes[top->node].kind == SIM_NODE_LIST) {
        link_child(b, top, node);
    } else if (!top->waiting) {
        take_key(b, top, node);
    } else {
        top->waiting = false;
        if (top->nameless)
            report_nameless(b, node);
        top->nameless = false;
        if (!top->skipped)
            b->document->nodes[top->key].first = node;
    }
}

/* Anchors and tags: told, and otherwise passed over. */
static void refuse_properties(builder *b, struct fy_token *anchor, struct fy_token *tag)
{
    if (anchor != NULL) {
        sim_mark mark = token_place(b, anchor, false);
        mark.column--; /* the library's mark stands behind the sign */
        mark.length++;
        sim_diag_error(b->diag, mark, NULL, NULL, "anchors (\"&\") are not accepted");
    }
    if (tag != NULL)
        sim_diag_error(b->diag, token_place(b, tag, false), NULL, NULL, "tags (\"!\") are not accepted");
}

static bool is_null(const char *text, size_t length)
{
    return length == 0 || (length == 1 && *text == '~') || (length == 4 && memcmp(text, "null", 4) == 0);
}

static void take_scalar(builder *b, struct fy_token *value)
{
    size_t length = 0;
    const char *text = value == NULL ? "" : fy_token_get_text(value, &length);
    if (text == NULL) {
        b->rc = SIM_E_MEMORY;
        return;
    }
    enum fy_scalar_style style = value == NULL ? FYSS_PLAIN : fy_token_scalar_style(value);
    bool quotes = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    sim_mark mark = token_place(b, value, quotes);
    bool empty = style == FYSS_PLAIN && is_null(text, length);
    bool key = b->depth > 0 && b->document->nodes[b->stack[b->depth - 1].node].kind == SIM_NODE_MAP &&
               !b->stack[b->depth - 1].waiting;
    if (key && length > 0) /* a place may well be called null */
        empty = false;
    if (memchr(text, '\0', length) != NULL) {
        sim_diag_error(b->diag, mark, NULL, NULL, "a NUL character is not accepted in text");
        take_node(b, new_node(b, SIM_NODE_BROKEN, NULL, 0, mark));
        return;
    }
    sim_node node =
        new_node(b, empty ? SIM_NODE_EMPTY : SIM_NODE_SCALAR, empty ? NULL : text, empty ? 0 : length, mark);
    if (node == SIM_NO_NODE)
        return;
    b->document->nodes[node].quoted = style != FYSS_PLAIN;
    take_node(b, node);
}

static void open_level(builder *b, sim_node_kind kind, struct fy_token *token)
{
    sim_mark mark = token_place(b, token, false);
    if (b->depth == SIM_DOCUMENT_DEPTH + (b->feed.wrapped ? 1 : 0)) {
        stop(b, mark, NULL, "maps and lists are nested more than 32 deep");
        return;
    }
    sim_node node = new_node(b, kind, NULL, 0, mark);
    if (node == SIM_NO_NODE)
        return;
    take_node(b, node);
    enum fy_token_type type = token == NULL ? FYTT_NONE : fy_token_get_type(token);
    b->stack[b->depth++] =
        (level){.node = node, .bracketed = type == FYTT_FLOW_MAPPING_START || type == FYTT_FLOW_SEQUENCE_START};
}

static void close_level(builder *b)
{
    level *top = &b->stack[--b->depth];
    if (b->document->nodes[top->node].kind == SIM_NODE_MAP && b->rc == 0)
        b->rc = sim_document_duplicates(b->document, top->node, b->diag);
}

static void take_event(builder *b, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (b->documents++ > 0)
            stop(b, token_place(b, event->document_start.document_start, false), NULL,
                 "a second document (\"---\") is not accepted");
        break;
    case FYET_MAPPING_START:
        refuse_properties(b, event->mapping_start.anchor, event->mapping_start.tag);
        open_level(b, SIM_NODE_MAP, event->mapping_start.mapping_start);
        break;
    case FYET_SEQUENCE_START:
        refuse_properties(b, event->sequence_start.anchor, event->sequence_start.tag);
        open_level(b, SIM_NODE_LIST, event->sequence_start.sequence_start);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        close_level(b);
        break;
    case FYET_SCALAR:
        refuse_properties(b, event->scalar.anchor, event->scalar.tag);
        take_scalar(b, event->scalar.value);
        break;
    case FYET_ALIAS: {
        sim_mark mark = token_place(b, event->alias.anchor, false);
        mark.column--; /* the library's mark stands behind the star */
        mark.length++;
        sim_diag_error(b->diag, mark, NULL, NULL, "aliases (\"*\") are not accepted; write the value out");
        sim_node node = new_node(b, SIM_NODE_BROKEN, NULL, 0, mark);
        if (node != SIM_NO_NODE)
            take_node(b, node);
        break;
    }
    default:
        break;
    }
}

/* The library puts what is missing at the end into the line behind the last one; people look at the last one. */
static sim_mark inside_text(const builder *b, sim_mark mark)
{
    size_t begin = 0, end = b->feed.length;
    int line = 1;
    while (end > 0 && (b->feed.text[end - 1] == '\n' || b->feed.text[end - 1] == '\r' || b->feed.text[end - 1] == ' '))
        end--;
    for (size_t i = 0; i < end; i++) {
        if (b->feed.text[i] != '\n')
            continue;
        begin = i + 1;
        line++;
    }
    if (mark.line <= line)
        return mark;
    return place(b, line, (int)sim_utf8_count(b->feed.text + begin, end - begin) + 1, 1);
}

/* The innermost bracket that is open; false when there is none. */
static bool open_bracket(const builder *b, sim_mark *mark)
{
    for (size_t i = b->depth; i > 0; i--) {
        if (!b->stack[i - 1].bracketed)
            continue;
        *mark = sim_document_mark(b->document, b->stack[i - 1].node);
        return true;
    }
    return false;
}

/* True when the error is due to a quote or bracket that opens earlier, and told there. */
static bool report_unclosed(builder *b, sim_mark mark, const char *message)
{
    char words[200];
    sim_mark open = mark;
    if (strstr(message, "without a closing bracket") != NULL && open_bracket(b, &open)) {
        stop(b, open, "a bracket where the map or list ends", "this bracket is never closed");
        return true;
    }
    if (b->feed.wrapped || b->column_offset > 0)
        return false;
    if (strstr(message, "scalar without closing quote") != NULL) {
        open.column -= open.column > 1; /* the library's mark stands behind the quote */
        stop(b, open, "a quote where the text ends", "this quote is never closed");
        return true;
    }
    if (strstr(message, "-quoted scalar") != NULL &&
        sim_document_quote_opens(b->feed.text, b->feed.length, mark.line, mark.column, &open.line, &open.column)) {
        snprintf(words, sizeof words,
                 "the quote that opens here is closed in line %d only, and more text follows there", mark.line);
        stop(b, open, "a quote where the text ends", words);
        return true;
    }
    if (strstr(message, "in flow ") != NULL && open_bracket(b, &open) && open.line < mark.line &&
        sim_document_bracket_stays_open(b->feed.text, b->feed.length, open.line, mark.line)) {
        snprintf(words, sizeof words, "this bracket is never closed (line %d: %s)", mark.line, message);
        stop(b, open, "a bracket where the map or list ends", words);
        return true;
    }
    return false;
}

/* What the library found wrong with the text. */
static void report_syntax(builder *b, struct fy_diag *messages)
{
    if (b->feed.stopped) {
        stop(b, b->here,
             "quotes and brackets that are closed; long lists and maps with one entry a line, without brackets",
             "more than 64 KiB of text behind this without a complete value");
        return;
    }
    void *iterator = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(messages, &iterator);
    if (error == NULL) {
        stop(b, b->here, NULL, "this is not YAML, or memory ran out: the YAML library gives no reason");
        return;
    }
    sim_mark mark = inside_text(b, place(b, error->line < 1 ? 1 : error->line, error->column, 1));
    const char *message = error->msg == NULL ? "this is not YAML" : error->msg;
    if (!report_unclosed(b, mark, message))
        stop(b, mark, NULL, message);
}

/* Takes the extra key off again; what follows the bracketed map is an error. */
static void unwrap(builder *b)
{
    if (!b->feed.wrapped || b->rc != 0)
        return;
    if (b->root == SIM_NO_NODE || b->document->nodes[b->root].kind != SIM_NODE_MAP) {
        stop(b, b->here, NULL, "this is not YAML");
        return;
    }
    sim_node key = b->document->nodes[b->root].first;
    sim_node more = b->document->nodes[key].next;
    if (more != SIM_NO_NODE)
        stop(b, sim_document_mark(b->document, more), "the end of the text",
             "there is more text behind the closing bracket");
    b->root = b->document->nodes[key].first;
}

static void run(builder *b, struct fy_parser *parser, struct fy_diag *messages)
{
    struct fy_event *event;
    while (b->rc == 0 && (event = fy_parser_parse(parser)) != NULL) {
        b->feed.ahead = 0;
        take_event(b, event);
        fy_parser_event_free(parser, event);
        if (b->feed.stopped)
            break;
    }
    if (b->rc == 0 && (b->feed.stopped || fy_parser_get_stream_error(parser) || b->depth > 0))
        report_syntax(b, messages);
    unwrap(b);
}

int sim_document_add(sim_document *document, const char *text, size_t length, int file, uint32_t column_offset,
                     sim_diag *diag, sim_node *root)
{
    *root = SIM_NO_NODE;
    int rc = sim_document_scan(text, length, file, (int)column_offset, diag);
    if (rc != 0)
        return rc;
    builder *b = calloc(1, sizeof *b);
    if (b == NULL)
        return SIM_E_MEMORY;
    b->document = document;
    b->diag = diag;
    b->file = file;
    b->column_offset = column_offset;
    sim_document_feed_init(&b->feed, text, length);
    b->here = place(b, 1, 1, 1);

    struct fy_parser *parser = NULL;
    struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = ~0U};
    struct fy_diag *messages = fy_diag_create(&quiet);
    rc = SIM_E_MEMORY;
    if (messages == NULL)
        goto out;
    fy_diag_set_collect_errors(messages, true);
    /* Depth is limited here; indentation inside brackets is nobody's business. */
    struct fy_parse_cfg how = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE |
                 FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_SLOPPY_FLOW_INDENTATION,
        .diag = messages,
    };
    parser = fy_parser_create(&how);
    if (parser == NULL || fy_parser_set_input_callback(parser, &b->feed, sim_document_feed_read) != 0)
        goto out;
    run(b, parser, messages);
    rc = b->rc;
    *root = rc == 0 ? b->root : SIM_NO_NODE;
out:
    fy_parser_destroy(parser);
    fy_diag_destroy(messages);
    free(b);
    return rc;
}
