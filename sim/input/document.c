#include "sim/input/document.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

int sim_document_init(sim_document *document)
{
    *document = (sim_document){.count = 1, .room = 64, .text_used = 1, .text_room = 256};
    document->nodes = calloc(document->room, sizeof *document->nodes);
    document->texts = calloc(document->text_room, 1); /* texts[0]: the empty text of empty nodes, maps and lists */
    if (document->nodes == NULL || document->texts == NULL) {
        sim_document_free(document);
        return SIM_E_MEMORY;
    }
    return 0;
}

void sim_document_free(sim_document *document)
{
    free(document->nodes);
    free(document->texts);
    *document = (sim_document){0};
}

/* Copies a text with a NUL behind it. Its place, or 0 when memory ran out. */
static uint32_t keep_text(sim_document *document, const char *text, size_t length)
{
    if (document->text_used + length + 1 > document->text_room) {
        size_t room = document->text_room * 2;
        while (room < document->text_used + length + 1)
            room *= 2;
        char *larger = room > UINT32_MAX ? NULL : realloc(document->texts, room);
        if (larger == NULL)
            return 0;
        document->texts = larger;
        document->text_room = room;
    }
    uint32_t place = (uint32_t)document->text_used;
    memcpy(document->texts + place, text, length);
    document->texts[place + length] = '\0';
    document->text_used += length + 1;
    return place;
}

sim_node sim_document_new(sim_document *document, sim_node_kind kind, const char *text, size_t length, sim_mark mark)
{
    if (document->count == document->room) {
        sim_node_row *larger = realloc(document->nodes, document->room * 2 * sizeof *larger);
        if (larger == NULL)
            return SIM_NO_NODE;
        document->nodes = larger;
        document->room *= 2;
    }
    sim_node_row row = {
        .kind = (uint8_t)kind,
        .file = (int16_t)mark.file,
        .line = (uint32_t)mark.line,
        .column = (uint32_t)mark.column,
        .width = (uint32_t)mark.length,
    };
    if (text != NULL && length > 0) {
        row.text = keep_text(document, text, length);
        row.length = (uint32_t)length;
        if (row.text == 0)
            return SIM_NO_NODE;
    }
    document->nodes[document->count] = row;
    return (sim_node)document->count++;
}

void sim_document_append(sim_document *document, sim_node parent, sim_node child)
{
    sim_node *link = &document->nodes[parent].first;
    while (*link != SIM_NO_NODE)
        link = &document->nodes[*link].next;
    *link = child;
    document->nodes[parent].length++;
}

int sim_document_name_map(sim_document *document, sim_node node)
{
    sim_node first = document->nodes[node].first;
    if (sim_document_kind(document, node) == SIM_NODE_SCALAR) {
        char name[80]; /* longer ones are no names; the check tells */
        snprintf(name, sizeof name, "%s", sim_document_text(document, node));
        first = sim_document_new(document, SIM_NODE_SCALAR, name, strlen(name), sim_document_mark(document, node));
        if (first == SIM_NO_NODE)
            return SIM_E_MEMORY;
    }
    uint32_t n = 0;
    for (sim_node key = first; key != SIM_NO_NODE; key = document->nodes[key].next, n++) {
        sim_node empty = sim_document_new(document, SIM_NODE_EMPTY, NULL, 0, sim_document_mark(document, key));
        if (empty == SIM_NO_NODE)
            return SIM_E_MEMORY;
        if (sim_document_kind(document, key) == SIM_NODE_SCALAR)
            document->nodes[key].first = empty;
    }
    document->nodes[node].kind = SIM_NODE_MAP;
    document->nodes[node].first = first;
    document->nodes[node].length = n;
    return 0;
}

sim_mark sim_document_mark(const sim_document *document, sim_node node)
{
    const sim_node_row *row = &document->nodes[node];
    return (sim_mark){row->file, (int)row->line, (int)row->column, (int)row->width};
}

sim_node sim_document_key(const sim_document *document, sim_node map, const char *name, size_t length)
{
    for (sim_node key = document->nodes[map].first; key != SIM_NO_NODE; key = document->nodes[key].next) {
        const sim_node_row *row = &document->nodes[key];
        if (row->length == length && memcmp(document->texts + row->text, name, length) == 0)
            return key;
    }
    return SIM_NO_NODE;
}
