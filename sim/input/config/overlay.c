/* A second text laid over the scenario, such as a plan: its nodes become part of the document before overrides are
 * applied and anything is checked, so that it is held to the same rules and its values have their own places. What it
 * may say is the caller's (sim_overlay_rules). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/internal.h"

/* Keys of a map are looked up one after another: with more of them than any planner writes, that would take long. */
enum { MOST_KEYS = 2000, LONGEST_PATH = 256 };

typedef enum { REFUSED, ABOVE, ALLOWED } standing;

typedef struct {
    sim_loader *loader;
    const sim_overlay_rules *rules;
} overlay_merge;

/* How `path` stands to a path of the rules: part of it, above it, or neither. "*" in the rules stands for any name. */
static standing stands_to(const char *rule, const char *path)
{
    while (*rule != '\0' && *path != '\0') {
        size_t r = strcspn(rule, "."), p = strcspn(path, ".");
        if (r != p || strncmp(rule, path, r) != 0)
            return REFUSED;
        rule += r + (rule[r] == '.');
        path += p + (path[p] == '.');
    }
    return *rule == '\0' ? ALLOWED : ABOVE;
}

static standing standing_of(const sim_overlay_rules *rules, const char *path)
{
    standing best = REFUSED;
    for (size_t i = 0; i < rules->allowed_count && best != ALLOWED; i++) {
        standing one = stands_to(rules->allowed[i], path);
        best = one > best ? one : best;
    }
    return best;
}

static bool is_appended(const sim_overlay_rules *rules, const char *path)
{
    for (size_t i = 0; i < rules->appended_count; i++)
        if (strcmp(rules->appended[i], path) == 0)
            return true;
    return false;
}

/* The text's own keys and those that it may change at the top, for messages. */
static void expected_keys(const overlay_merge *m, char *out, size_t size)
{
    const sim_overlay_rules *rules = m->rules;
    const sim_schema *own = sim_schema_child(m->loader->config->schema, rules->own, strlen(rules->own));
    size_t used = (size_t)snprintf(out, size, "one of %s", rules->version);
    for (size_t i = 0; own != NULL && i < own->child_count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, ", %s", own->children[i]->key);
    for (size_t i = 0; i < rules->allowed_count && used < size; i++) {
        int length = (int)strcspn(rules->allowed[i], ".");
        bool told = false;
        for (size_t k = 0; k < i && !told; k++)
            told = strcspn(rules->allowed[k], ".") == (size_t)length &&
                   strncmp(rules->allowed[k], rules->allowed[i], (size_t)length) == 0;
        if (!told)
            used += (size_t)snprintf(out + used, size - used, ", %.*s", length, rules->allowed[i]);
    }
}

/* What the rules have under `path`, for messages. */
static void expected_below(const overlay_merge *m, const char *path, char *out, size_t size)
{
    size_t used = 0, length = strlen(path);
    out[0] = '\0';
    for (size_t i = 0; i < m->rules->allowed_count && used < size; i++)
        if (strncmp(m->rules->allowed[i], path, length) == 0 && m->rules->allowed[i][length] == '.')
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "only " : ", ",
                                     m->rules->allowed[i] + length + 1);
}

static void refuse(const overlay_merge *m, const char *above, sim_node key)
{
    const sim_document *document = &m->loader->document;
    char expected[700];
    if (*above == '\0')
        expected_keys(m, expected, sizeof expected);
    else
        expected_below(m, above, expected, sizeof expected);
    sim_diag_error(m->loader->diag, sim_document_mark(document, key), *expected == '\0' ? NULL : expected, NULL,
                   "%s: \"%.70s\" is the scenario's", m->rules->purpose, sim_document_text(document, key));
}

/* The nearest key that may stand at the top of the text. */
static const char *nearest_top_key(const overlay_merge *m, const char *text, char *word, size_t size)
{
    const sim_overlay_rules *rules = m->rules;
    const sim_schema *own = sim_schema_child(m->loader->config->schema, rules->own, strlen(rules->own));
    const char *nearest = own == NULL ? NULL : sim_schema_nearest(own, text);
    for (size_t i = 0; nearest == NULL && i < rules->allowed_count; i++) {
        snprintf(word, size, "%.*s", (int)strcspn(rules->allowed[i], "."), rules->allowed[i]);
        const char *words[1] = {word};
        nearest = sim_diag_nearest(text, words, 1);
    }
    return nearest;
}

static void unknown(const overlay_merge *m, const sim_schema *schema, const char *above, sim_node map, sim_node key)
{
    const sim_document *document = &m->loader->document;
    const char *text = sim_document_text(document, key), *names[256];
    char expected[700] = "a name that the scenario has";
    size_t n = 0;
    for (sim_node other = sim_document_row(document, map)->first; other != SIM_NO_NODE && n < 256;
         other = sim_document_row(document, other)->next)
        names[n++] = sim_document_text(document, other);
    bool element = schema->each != NULL, top = *above == '\0';
    char word[80];
    if (top)
        expected_keys(m, expected, sizeof expected);
    else if (!element)
        sim_schema_expected(schema, expected, sizeof expected);
    sim_diag_error(m->loader->diag, sim_document_mark(document, key), expected,
                   top       ? nearest_top_key(m, text, word, sizeof word)
                   : element ? sim_diag_nearest(text, names, n)
                             : sim_schema_nearest(schema, text),
                   element ? "the scenario has no \"%.70s\" here" : "unknown key \"%.70s\"", text);
}

static void wrong_kind(const overlay_merge *m, sim_node node, const char *expected)
{
    bool list = sim_document_kind(&m->loader->document, node) == SIM_NODE_LIST;
    sim_diag_error(m->loader->diag, sim_document_mark(&m->loader->document, node), expected, NULL,
                   list                                                            ? "here stands a list"
                   : sim_document_kind(&m->loader->document, node) == SIM_NODE_MAP ? "here stands a map"
                                                                                   : "here stands a single value");
}

/* Puts the entries of the list `from` behind those of the list `to`. */
static void append_list(const overlay_merge *m, sim_node to, sim_node from)
{
    sim_node_row *nodes = m->loader->document.nodes;
    sim_node *link = &nodes[to].first;
    if (nodes[from].kind == SIM_NODE_EMPTY)
        return;
    if (nodes[from].kind != SIM_NODE_LIST) {
        wrong_kind(m, from, "a list: one entry a line, each after \"- \"");
        return;
    }
    if (nodes[to].kind == SIM_NODE_EMPTY)
        nodes[to].kind = SIM_NODE_LIST;
    if (nodes[to].kind != SIM_NODE_LIST)
        return; /* the scenario's own mistake, told by the check */
    while (*link != SIM_NO_NODE)
        link = &nodes[*link].next;
    *link = nodes[from].first;
    nodes[to].length += nodes[from].length;
}

static void merge_map(overlay_merge *m, const sim_schema *schema, const char *path, sim_node to, sim_node from);

/* One key that both have: its value stands instead of the scenario's, unless both are maps or the list goes on. */
static void merge_value(overlay_merge *m, const sim_schema *schema, const char *path, sim_node to_key,
                        sim_node from_key)
{
    sim_document *document = &m->loader->document;
    sim_node to = document->nodes[to_key].first, from = document->nodes[from_key].first;
    if (from == SIM_NO_NODE || sim_document_kind(document, from) == SIM_NODE_BROKEN)
        return;
    bool leaf = schema->param != NULL || to == SIM_NO_NODE;
    if (leaf || (schema->each != NULL && schema->each_is_list && !is_appended(m->rules, path))) {
        document->nodes[to_key].first = from;
        return;
    }
    if (schema->each != NULL && schema->each_is_list) {
        append_list(m, to, from);
        return;
    }
    sim_node both[2] = {to, from};
    for (int i = 0; i < 2 && schema->names_only; i++) {
        sim_node_kind kind = sim_document_kind(document, both[i]);
        if ((kind == SIM_NODE_LIST || kind == SIM_NODE_SCALAR) && sim_document_name_map(document, both[i]) != 0)
            m->loader->rc = SIM_E_MEMORY;
    }
    if (sim_document_kind(document, from) == SIM_NODE_EMPTY)
        return;
    if (sim_document_kind(document, from) != SIM_NODE_MAP)
        wrong_kind(m, from, "a map");
    else
        merge_map(m, schema, path, to, from);
}

/* A copy of the key with its value in the map `to`; the key's own chain goes on in its own map. */
static sim_node adopt(overlay_merge *m, sim_node to, sim_node key)
{
    sim_document *document = &m->loader->document;
    sim_node copy = sim_document_new(document, SIM_NODE_SCALAR, NULL, 0, sim_document_mark(document, key));
    if (copy == SIM_NO_NODE) {
        m->loader->rc = SIM_E_MEMORY;
        return copy;
    }
    document->nodes[copy] = document->nodes[key];
    document->nodes[copy].next = SIM_NO_NODE;
    sim_document_append(document, to, copy);
    return copy;
}

/* A key that the scenario does not have, and of which part may be refused: that part is left out. */
static void adopt_partly(overlay_merge *m, const sim_schema *schema, const char *path, sim_node to, sim_node key)
{
    sim_document *document = &m->loader->document;
    sim_node empty = sim_document_new(document, SIM_NODE_EMPTY, NULL, 0, sim_document_mark(document, key));
    sim_node copy = empty == SIM_NO_NODE ? SIM_NO_NODE : adopt(m, to, key);
    if (copy == SIM_NO_NODE) {
        m->loader->rc = SIM_E_MEMORY;
        return;
    }
    document->nodes[copy].first = empty;
    merge_value(m, schema, path, copy, key);
}

/* A key that the scenario does not have is taken over, unless it would be a new element where there can be none. */
static void merge_key(overlay_merge *m, const sim_schema *schema, const char *above, sim_node to, sim_node key)
{
    const sim_document *document = &m->loader->document;
    const char *text = sim_document_text(document, key);
    uint32_t length = document->nodes[key].length;
    const sim_schema *child = sim_schema_child(schema, text, length);
    bool element = child == NULL && schema->each != NULL && !schema->each_is_list;
    char path[LONGEST_PATH];
    if (child == NULL && !element) {
        unknown(m, schema, above, to, key);
        return;
    }
    int n = snprintf(path, sizeof path, "%s%s%s", above, *above == '\0' ? "" : ".", element ? "*" : child->key);
    standing stands = n < 0 || n >= LONGEST_PATH ? REFUSED : standing_of(m->rules, path);
    sim_node there = sim_document_key(document, to, text, length);
    if (element)
        child = schema->each;
    if (stands == REFUSED)
        refuse(m, above, key);
    else if (there != SIM_NO_NODE)
        merge_value(m, child, path, there, key);
    else if (element && stands != ALLOWED)
        unknown(m, schema, above, to, key);
    else if (stands == ALLOWED)
        adopt(m, to, key);
    else
        adopt_partly(m, child, path, to, key);
}

static void merge_map(overlay_merge *m, const sim_schema *schema, const char *path, sim_node to, sim_node from)
{
    sim_document *document = &m->loader->document;
    if (sim_document_kind(document, to) == SIM_NODE_EMPTY)
        document->nodes[to].kind = SIM_NODE_MAP;
    if (sim_document_kind(document, to) != SIM_NODE_MAP)
        return; /* the scenario's own mistake, told by the check */
    if (document->nodes[from].length > MOST_KEYS) {
        sim_diag_error(m->loader->diag, sim_document_mark(document, from), NULL, NULL,
                       "a map of a %s has at most %d keys", m->rules->what, MOST_KEYS);
        return;
    }
    for (sim_node key = document->nodes[from].first; key != SIM_NO_NODE && m->loader->rc == 0;
         key = document->nodes[key].next)
        if (sim_document_kind(document, key) == SIM_NODE_SCALAR)
            merge_key(m, schema, path, to, key);
}

/* The scenario's map for the text's own keys, made where there is none. */
static sim_node own_map(overlay_merge *m)
{
    sim_document *document = &m->loader->document;
    const char *own = m->rules->own;
    sim_node root = m->loader->root, key = sim_document_key(document, root, own, strlen(own));
    sim_mark mark = {m->loader->overlay_file, 1, 1, 1};
    if (key == SIM_NO_NODE) {
        sim_node map = sim_document_new(document, SIM_NODE_MAP, NULL, 0, mark);
        key = sim_document_new(document, SIM_NODE_SCALAR, own, strlen(own), mark);
        if (map == SIM_NO_NODE || key == SIM_NO_NODE)
            return SIM_NO_NODE;
        document->nodes[key].first = map;
        sim_document_append(document, root, key);
    }
    return document->nodes[key].first;
}

/* The version is the text's alone and does not come into the scenario. */
static bool check_version(const overlay_merge *m, sim_node root)
{
    const sim_document *document = &m->loader->document;
    sim_node key = sim_document_key(document, root, m->rules->version, strlen(m->rules->version));
    sim_mark top = {m->loader->overlay_file, 1, 1, 1};
    char expected[80];
    snprintf(expected, sizeof expected, "%s: 1", m->rules->version);
    sim_node value = key == SIM_NO_NODE ? SIM_NO_NODE : sim_document_row(document, key)->first;
    if (value == SIM_NO_NODE)
        sim_diag_error(m->loader->diag, top, expected, NULL, "this is no %s: it has no \"%s\"", m->rules->what,
                       m->rules->version);
    else if (sim_document_kind(document, value) != SIM_NODE_SCALAR ||
             strcmp(sim_document_text(document, value), "1") != 0)
        sim_diag_error(m->loader->diag, sim_document_mark(document, value), expected, NULL,
                       "another version of the format");
    return value != SIM_NO_NODE;
}

static void merge_root(overlay_merge *m, sim_node root, sim_node own)
{
    sim_document *document = &m->loader->document;
    const sim_schema *schema = m->loader->config->schema,
                     *own_schema = sim_schema_child(schema, m->rules->own, strlen(m->rules->own));
    for (sim_node key = document->nodes[root].first; key != SIM_NO_NODE && m->loader->rc == 0;
         key = document->nodes[key].next) {
        const char *text = sim_document_text(document, key);
        uint32_t length = document->nodes[key].length;
        if (strcmp(text, m->rules->version) == 0 || sim_document_kind(document, key) != SIM_NODE_SCALAR)
            continue;
        const sim_schema *leaf = sim_schema_child(own_schema, text, length);
        if (leaf == NULL) {
            merge_key(m, schema, "", m->loader->root, key);
            continue;
        }
        sim_node there = sim_document_key(document, own, text, length), value = document->nodes[key].first;
        if (there != SIM_NO_NODE)
            document->nodes[there].first = value;
        else
            adopt(m, own, key);
    }
}

int sim_overlay_apply(sim_loader *loader, const sim_overlay *overlay)
{
    overlay_merge m = {loader, overlay->rules};
    sim_document *document = &loader->document;
    sim_node root = SIM_NO_NODE;
    int rc = sim_document_add(document, overlay->text, overlay->length, loader->overlay_file, 0, loader->diag, &root);
    if (rc != 0)
        return rc;
    if (root == SIM_NO_NODE || sim_document_kind(document, root) != SIM_NODE_MAP) {
        sim_mark top = {loader->overlay_file, 1, 1, 1};
        sim_diag_error(loader->diag, top, "keys and values", NULL, "this is no %s", m.rules->what);
        return 0;
    }
    if (!check_version(&m, root))
        return 0;
    if (document->nodes[root].length > MOST_KEYS || sim_document_kind(document, loader->root) != SIM_NODE_MAP) {
        merge_map(&m, loader->config->schema, "", loader->root, root); /* tells why not */
        return loader->rc;
    }
    sim_node own = own_map(&m);
    if (own == SIM_NO_NODE)
        return SIM_E_MEMORY;
    if (sim_document_kind(document, own) == SIM_NODE_EMPTY)
        document->nodes[own].kind = SIM_NODE_MAP;
    if (sim_document_kind(document, own) == SIM_NODE_MAP)
        merge_root(&m, root, own);
    return loader->rc;
}
