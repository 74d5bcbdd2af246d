#include "sim/input/document_duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

/* Sorting keys by a hash first makes a million keys cheap to compare; equal hashes are compared by text, so that
 * keys chosen to collide cost no more than sorting them. */
typedef struct {
    uint32_t hash;
    sim_node key;
    const sim_document *document;
} hashed_key;

static uint32_t hash_text(const char *text, size_t length)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619U;
    return hash;
}

static int compare_text(const hashed_key *a, const hashed_key *b)
{
    const sim_node_row *x = sim_document_row(a->document, a->key), *y = sim_document_row(b->document, b->key);
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return memcmp(sim_document_text(a->document, a->key), sim_document_text(b->document, b->key), x->length);
}

static int by_hash(const void *left, const void *right)
{
    const hashed_key *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    int order = compare_text(a, b);
    if (order != 0)
        return order;
    return a->key < b->key ? -1 : 1;
}

static void report(const sim_document *document, sim_node first, sim_node again, sim_diag *diag)
{
    sim_mark mark = sim_document_mark(document, first);
    sim_diag_error(diag, sim_document_mark(document, again), NULL, NULL,
                   "\"%.60s\" is given twice; the first is in line %d, column %d", sim_document_text(document, again),
                   mark.line, mark.column);
}

int sim_document_duplicates(const sim_document *document, sim_node map, sim_diag *diag)
{
    size_t n = document->nodes[map].length;
    if (n < 2)
        return 0;
    hashed_key *keys = malloc(n * sizeof *keys);
    if (keys == NULL)
        return SIM_E_MEMORY;
    size_t count = 0;
    for (sim_node key = document->nodes[map].first; key != SIM_NO_NODE && count < n; key = document->nodes[key].next) {
        const sim_node_row *row = sim_document_row(document, key);
        keys[count++] = (hashed_key){hash_text(sim_document_text(document, key), row->length), key, document};
    }
    qsort(keys, count, sizeof *keys, by_hash);
    size_t first = 0;
    for (size_t i = 1; i < count; i++) {
        if (keys[i].hash == keys[first].hash && compare_text(&keys[i], &keys[first]) == 0)
            report(document, keys[first].key, keys[i].key, diag);
        else
            first = i;
    }
    free(keys);
    return 0;
}
