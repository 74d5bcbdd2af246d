/* Overrides, "path=value": the document is changed before it is checked, so that an override is held to the same rules.
 *
 * A path names keys and elements, and entries of lists by number from 0. Keys may be added, elements may not: a
 * misspelt station would otherwise become a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/number.h"
#include "sim/base/utf8.h"
#include "sim/input/config/internal.h"

enum { MOST_COMPARED = 20000 };

typedef struct {
    sim_loader *loader;
    const char *text;
    int file;
    size_t at, length; /* of the current part of the path */
    sim_node added;    /* the last value that a new key got: nothing yet */
} override;

static sim_mark part_mark(const override *o)
{
    size_t width = sim_utf8_count(o->text + o->at, o->length);
    return (sim_mark){o->file, 1, (int)sim_utf8_count(o->text, o->at) + 1, width < 1 ? 1 : (int)width};
}

/* The next part of the path; false at its end. */
static bool next_part(override *o)
{
    size_t end = o->at + o->length;
    if (o->text[end] == '=')
        return false;
    o->at = o->length == 0 && end == 0 ? 0 : end + 1;
    o->length = strcspn(o->text + o->at, ".=");
    return true;
}

static bool out_of_memory(override *o)
{
    o->loader->rc = SIM_E_MEMORY;
    return false;
}

static bool unknown_element(override *o, sim_node map)
{
    const sim_document *document = &o->loader->document;
    char part[80];
    snprintf(part, sizeof part, "%.*s", (int)(o->length > 70 ? 70 : o->length), o->text + o->at);
    const char **names = malloc(MOST_COMPARED * sizeof *names);
    if (names == NULL)
        return out_of_memory(o);
    size_t n = 0;
    sim_node key = map == SIM_NO_NODE ? SIM_NO_NODE : sim_document_row(document, map)->first;
    for (; key != SIM_NO_NODE && n < MOST_COMPARED; key = sim_document_row(document, key)->next)
        names[n++] = sim_document_text(document, key);
    sim_diag_error(o->loader->diag, part_mark(o), n == 0 ? NULL : "a name that the scenario has",
                   sim_diag_nearest(part, names, n), "there is no \"%s\" here", part);
    free(names);
    return false;
}

static bool unknown_key(override *o, const sim_schema *schema)
{
    char expected[400], part[80];
    snprintf(part, sizeof part, "%.*s", (int)(o->length > 70 ? 70 : o->length), o->text + o->at);
    sim_schema_expected(schema, expected, sizeof expected);
    sim_diag_error(o->loader->diag, part_mark(o), *expected == '\0' ? NULL : expected, sim_schema_nearest(schema, part),
                   "unknown key \"%s\"", part);
    return false;
}

/* The value under the key of this part in `map`; a key that is allowed and absent is added with an empty value. */
static sim_node *enter_key(override *o, sim_node map, bool may_add)
{
    sim_document *document = &o->loader->document;
    if (sim_document_kind(document, map) == SIM_NODE_EMPTY)
        document->nodes[map].kind = SIM_NODE_MAP;
    sim_node key = sim_document_key(document, map, o->text + o->at, o->length);
    if (key == SIM_NO_NODE && may_add) {
        key = sim_document_new(document, SIM_NODE_SCALAR, o->text + o->at, o->length, part_mark(o));
        sim_node empty = sim_document_new(document, SIM_NODE_EMPTY, NULL, 0, part_mark(o));
        if (key == SIM_NO_NODE || empty == SIM_NO_NODE) {
            out_of_memory(o);
            return NULL;
        }
        document->nodes[key].first = empty;
        sim_document_append(document, map, key);
        o->added = empty;
    }
    return key == SIM_NO_NODE ? NULL : &document->nodes[key].first;
}

/* The link to the entry of a list that this part numbers. */
static sim_node *enter_list(override *o, sim_node list)
{
    sim_document *document = &o->loader->document;
    char number[24];
    int64_t index = -1;
    size_t n = sim_document_kind(document, list) == SIM_NODE_LIST ? sim_document_row(document, list)->length : 0;
    snprintf(number, sizeof number, "%.*s", (int)(o->length > 20 ? 20 : o->length), o->text + o->at);
    if (sim_whole_parse(number, &index) != 0 || index < 0 || (uint64_t)index >= n) {
        char expected[80];
        snprintf(expected, sizeof expected, "a number from 0 to %zu", n == 0 ? 0 : n - 1);
        sim_diag_error(o->loader->diag, part_mark(o), n == 0 ? NULL : expected, NULL,
                       n == 0 ? "the list that \"%s\" should number is empty" : "the list has no entry \"%s\"", number);
        return NULL;
    }
    sim_node *link = &document->nodes[list].first;
    for (; index > 0; index--)
        link = &document->nodes[*link].next;
    return link;
}

/* One step down: the link that holds the node named by the current part. */
static sim_node *enter(override *o, const sim_schema **schema, sim_node node)
{
    sim_document *document = &o->loader->document;
    sim_node_kind kind = sim_document_kind(document, node);
    const sim_schema *at = *schema;
    if (at == NULL || at->param != NULL) { /* inside a value: its own keys and entries */
        *schema = NULL;
        if (kind == SIM_NODE_LIST)
            return enter_list(o, node);
        if (kind == SIM_NODE_MAP)
            return enter_key(o, node, true);
        sim_diag_error(o->loader->diag, part_mark(o), NULL, NULL, "the path goes on, but a single value stands there");
        return NULL;
    }
    const sim_schema *child = sim_schema_child(at, o->text + o->at, o->length);
    if (child == NULL && at->each != NULL && at->each_is_list) {
        *schema = at->each;
        return enter_list(o, node);
    }
    if (child == NULL && at->each == NULL) {
        unknown_key(o, at);
        return NULL;
    }
    if (at->names_only && (kind == SIM_NODE_LIST || kind == SIM_NODE_SCALAR)) {
        if (sim_document_name_map(document, node) != 0) {
            out_of_memory(o);
            return NULL;
        }
        kind = SIM_NODE_MAP;
    }
    if (kind != SIM_NODE_MAP && kind != SIM_NODE_EMPTY) {
        sim_diag_error(o->loader->diag, part_mark(o), NULL, NULL, "the path does not fit: no map stands there");
        return NULL;
    }
    *schema = child != NULL ? child : at->each;
    sim_node *link = enter_key(o, node, child != NULL);
    if (link == NULL && o->loader->rc == 0)
        unknown_element(o, kind == SIM_NODE_MAP ? node : SIM_NO_NODE);
    return link;
}

/* Puts the value in place of what stands at the link; the chain of a list's entries goes on behind it. */
static bool replace(override *o, sim_node *link)
{
    sim_document *document = &o->loader->document;
    size_t value_at = o->at + o->length + 1;
    const char *value = o->text + value_at;
    ptrdiff_t offset = (char *)link - (char *)document->nodes; /* the array may move */
    sim_node root;
    uint32_t before = (uint32_t)sim_utf8_count(o->text, value_at);
    int rc = sim_document_add(document, value, strlen(value), o->file, before, o->loader->diag, &root);
    if (rc == SIM_E_MEMORY)
        o->loader->rc = rc;
    if (rc != 0)
        return false;
    if (root == SIM_NO_NODE) {
        sim_mark mark = {o->file, 1, (int)before + 1, 1};
        sim_diag_error(o->loader->diag, mark, NULL, NULL, "the value is missing");
        return false;
    }
    link = (sim_node *)((char *)document->nodes + offset);
    document->nodes[root].next = document->nodes[*link].next;
    *link = root;
    return true;
}

/* A path into a parameter that the scenario leaves to its default changes a part of the default. */
static void write_out_default(override *o, const sim_schema *schema, sim_node at)
{
    sim_document *document = &o->loader->document;
    bool deeper = o->text[o->at + o->length] == '.';
    if (!deeper || schema == NULL || schema->param == NULL || schema->param->fallback == NULL ||
        sim_document_kind(document, at) != SIM_NODE_EMPTY)
        return;
    const char *text = schema->param->fallback;
    sim_node root;
    int rc = sim_document_add(document, text, strlen(text), o->file, 0, o->loader->diag, &root);
    if (rc == SIM_E_MEMORY)
        o->loader->rc = rc;
    if (rc == 0 && root != SIM_NO_NODE) {
        sim_node next = document->nodes[at].next;
        document->nodes[at] = document->nodes[root];
        document->nodes[at].next = next;
    }
}

static bool find_and_replace(override *o)
{
    const sim_schema *schema = o->loader->config->schema;
    sim_node *link = &o->loader->root;
    sim_node at = *link;
    while (next_part(o)) {
        link = enter(o, &schema, at);
        if (link == NULL)
            return false;
        at = *link;
        ptrdiff_t offset = (char *)link - (char *)o->loader->document.nodes;
        write_out_default(o, schema, at);
        link = (sim_node *)((char *)o->loader->document.nodes + offset); /* the array may have moved */
    }
    return replace(o, link);
}

void sim_set_apply(sim_loader *loader, const char *set)
{
    override o = {.loader = loader, .text = set};
    o.file = sim_diag_file(loader->diag, "--set", set, strlen(set));
    if (o.file < 0) {
        loader->rc = o.file;
        return;
    }
    if (strchr(set, '=') == NULL || set[0] == '=') {
        sim_mark mark = {o.file, 1, 1, (int)strlen(set)};
        sim_diag_error(loader->diag, mark, "path=value, such as stations.entry_check.desks=12", NULL,
                       "\"%.60s\" is no override", set);
        return;
    }
    if (find_and_replace(&o))
        return;
    /* What was begun is an error already; it need not be told again as a missing value. */
    sim_node_row *nodes = loader->document.nodes;
    if (o.added != SIM_NO_NODE && nodes[o.added].kind == SIM_NODE_EMPTY)
        nodes[o.added].kind = SIM_NODE_BROKEN;
}
