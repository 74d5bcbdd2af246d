/* A YAML text as a tree of nodes with their places. libfyaml stays behind it, in document_parse.c.
 *
 * Only what a scenario needs is accepted: one document of maps, lists and single values in UTF-8. Anchors, aliases,
 * tags, merge keys, directives, tabs as indentation and duplicate keys are errors, each with its place. Nothing is
 * converted: a value is its text; what it means is for the reader who knows what is expected there.
 *
 * libfyaml is kept on a short lead, because on hostile text it takes gigabytes or minutes (10 MB of '{': 3.4 GB; 64 kB
 * of '%': 9 s). It reads through a function that stops the text when too much of it has gone by without a value coming
 * out (document_feed.h). */
#ifndef SIM_DOCUMENT_H
#define SIM_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/diag.h"

enum {
    SIM_DOCUMENT_BYTES = 16 << 20,
    SIM_DOCUMENT_DEPTH = 32,
    SIM_DOCUMENT_NODES = 1000000,
    SIM_DOCUMENT_LOOKAHEAD = 64 << 10 /* bytes read without a complete value */
};

typedef uint32_t sim_node; /* an index; SIM_NO_NODE: none */
enum { SIM_NO_NODE = 0 };

typedef enum {
    SIM_NODE_EMPTY,  /* nothing written, "~" or "null" */
    SIM_NODE_SCALAR, /* one value */
    SIM_NODE_LIST,
    SIM_NODE_MAP,
    SIM_NODE_BROKEN /* an error was reported here already */
} sim_node_kind;

/* Children hang in a chain: first, then next of each. The children of a map are its keys; `first` of a key is its
 * value. */
typedef struct {
    uint8_t kind;
    uint8_t quoted; /* a scalar in quotes or a block scalar: certainly text */
    int16_t file;
    uint32_t line, column;
    uint32_t width;  /* characters in its line, for the caret */
    uint32_t text;   /* of scalars and keys: where the text begins in `texts` */
    uint32_t length; /* bytes of the text; number of children in lists and maps */
    sim_node first, next;
} sim_node_row;

typedef struct {
    sim_node_row *nodes; /* nodes[0] is not used */
    size_t count, room;
    char *texts; /* each with a NUL behind it */
    size_t text_used, text_room;
} sim_document;

int sim_document_init(sim_document *document);
void sim_document_free(sim_document *document); /* safe after a failed init and twice */

/* Parses `text` and adds its nodes; *root gets the top one (SIM_NO_NODE for a text without content). `file` is the
 * diag's index for marks; `column_offset` is added to columns in the first line. Errors after which the tree still
 * stands (a duplicate key, a tag) are only counted in diag; the others return SIM_E_INPUT (SIM_E_MEMORY when memory ran
 * out). Pointers from sim_document_text are not valid any more after this. */
int sim_document_add(sim_document *document, const char *text, size_t length, int file, uint32_t column_offset,
                     sim_diag *diag, sim_node *root);

/* A new scalar, empty or map node at a place; SIM_NO_NODE when memory ran out. Text is NULL for empty nodes and maps.
 */
sim_node sim_document_new(sim_document *document, sim_node_kind kind, const char *text, size_t length, sim_mark mark);
/* Appends `child` to a list or map whose kind and children the caller keeps right. Linear in the children. */
void sim_document_append(sim_document *document, sim_node parent, sim_node child);
/* Makes a list of names, or one name, the map of these names to nothing that it stands for. 0 or SIM_E_MEMORY. */
int sim_document_name_map(sim_document *document, sim_node node);

static inline const sim_node_row *sim_document_row(const sim_document *document, sim_node node)
{
    return &document->nodes[node];
}

static inline sim_node_kind sim_document_kind(const sim_document *document, sim_node node)
{
    return (sim_node_kind)document->nodes[node].kind;
}

static inline const char *sim_document_text(const sim_document *document, sim_node node)
{
    return document->texts + document->nodes[node].text;
}

sim_mark sim_document_mark(const sim_document *document, sim_node node);
/* The key of a map with this name, or SIM_NO_NODE; of several the first. Linear. */
sim_node sim_document_key(const sim_document *document, sim_node map, const char *name, size_t length);

#endif
