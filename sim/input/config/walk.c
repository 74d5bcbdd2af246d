/* The document against the tree of what may stand where: keys that nobody knows, values of the wrong kind, and the
 * elements that each section has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/utf8.h"
#include "sim/input/config/internal.h"

enum { LONGEST_NAME = 63, MANY_ERRORS = 1000 };

bool sim_element_name_valid(const char *name, size_t length)
{
    if (length == 0 || length > LONGEST_NAME || name[0] == ' ' || name[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length;) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(name + i, length - i, &point);
        bool digit = point >= '0' && point <= '9';
        if (bytes == 0 || !(digit || point == '_' || point == '-' || point == ' ' || sim_utf8_letter(point)))
            return false;
        i += bytes;
    }
    return true;
}

static void check_name(sim_loader *loader, sim_node node)
{
    const sim_document *document = &loader->document;
    const sim_node_row *row = sim_document_row(document, node);
    if (sim_element_name_valid(sim_document_text(document, node), row->length))
        return;
    sim_diag_error(loader->diag, sim_document_mark(document, node),
                   "letters, digits, \"_\", \"-\" and blanks inside, at most 63 bytes", NULL,
                   "\"%.70s\" cannot be a name", sim_document_text(document, node));
}

static void unknown_key(sim_loader *loader, const sim_schema *schema, sim_node key)
{
    const char *text = sim_document_text(&loader->document, key);
    char expected[400] = "";
    const char *nearest = NULL;
    if (sim_diag_count(loader->diag) < MANY_ERRORS) { /* behind so many, nobody reads suggestions */
        sim_schema_expected(schema, expected, sizeof expected);
        nearest = sim_schema_nearest(schema, text);
    }
    sim_diag_error(loader->diag, sim_document_mark(&loader->document, key), *expected == '\0' ? NULL : expected,
                   nearest, "unknown key \"%.70s\"", text);
}

static const char *kind_words(sim_node_kind kind)
{
    return kind == SIM_NODE_LIST ? "a list" : kind == SIM_NODE_MAP ? "a map" : "a single value";
}

static void wrong_kind(sim_loader *loader, const sim_schema *schema, sim_node node)
{
    char keys[400], expected[480];
    sim_schema_expected(schema, keys, sizeof keys);
    if (schema->each != NULL)
        snprintf(expected, sizeof expected, "%s",
                 schema->each_is_list ? "a list: one entry a line, each after \"- \""
                 : schema->names_only ? "a map of names, or a list of names"
                                      : "a map: names, each with its settings");
    else
        snprintf(expected, sizeof expected, "a map with %s%s", schema->child_count == 1 ? "the key " : "keys: ", keys);
    sim_diag_error(loader->diag, sim_document_mark(&loader->document, node), expected, NULL, "here stands %s",
                   kind_words(sim_document_kind(&loader->document, node)));
}

static void check_node(sim_loader *loader, const sim_schema *schema, sim_node node);

static void check_name_list(sim_loader *loader, const sim_schema *schema, sim_node node)
{
    const sim_document *document = &loader->document;
    if (sim_document_kind(document, node) == SIM_NODE_SCALAR) {
        check_name(loader, node);
        return;
    }
    for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next) {
        if (sim_document_kind(document, item) == SIM_NODE_SCALAR)
            check_name(loader, item);
        else if (sim_document_kind(document, item) != SIM_NODE_BROKEN)
            wrong_kind(loader, schema, node);
    }
}

static void check_map(sim_loader *loader, const sim_schema *schema, sim_node node)
{
    const sim_document *document = &loader->document;
    for (sim_node key = sim_document_row(document, node)->first; key != SIM_NO_NODE;
         key = sim_document_row(document, key)->next) {
        const sim_node_row *row = sim_document_row(document, key);
        const sim_schema *child = sim_schema_child(schema, sim_document_text(document, key), row->length);
        if (child == NULL && schema->each != NULL && !schema->each_is_list) {
            check_name(loader, key);
            child = schema->each;
        }
        if (child == NULL)
            unknown_key(loader, schema, key);
        else if (row->first != SIM_NO_NODE)
            check_node(loader, child, row->first);
    }
}

static void check_node(sim_loader *loader, const sim_schema *schema, sim_node node)
{
    const sim_document *document = &loader->document;
    sim_node_kind kind = sim_document_kind(document, node);
    if (schema->param != NULL || kind == SIM_NODE_BROKEN || kind == SIM_NODE_EMPTY)
        return;
    bool list = schema->each != NULL && schema->each_is_list;
    if (kind == SIM_NODE_LIST && list) {
        for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
             item = sim_document_row(document, item)->next)
            check_node(loader, schema->each, item);
    } else if (kind == SIM_NODE_MAP && !list) {
        check_map(loader, schema, node);
    } else if (kind != SIM_NODE_MAP && schema->names_only) {
        check_name_list(loader, schema, node);
    } else {
        wrong_kind(loader, schema, node);
    }
}

void sim_walk_check(sim_loader *loader)
{
    check_node(loader, loader->config->schema, loader->root);
}

void sim_walk_check_body(sim_loader *loader, const sim_config_section *section)
{
    check_node(loader, section->schema, loader->root);
}

static bool add_element(sim_loader *loader, sim_config_section *section, sim_element element)
{
    if (section->element_count == section->element_room) {
        size_t room = section->element_room == 0 ? 4 : section->element_room * 2;
        sim_element *larger = realloc(section->elements, room * sizeof *larger);
        if (larger == NULL) {
            loader->rc = SIM_E_MEMORY;
            return false;
        }
        section->elements = larger;
        section->element_room = room;
    }
    section->elements[section->element_count++] = element;
    return true;
}

static bool add_named(sim_loader *loader, sim_config_section *section, size_t parent, sim_node key, sim_node body)
{
    const sim_document *document = &loader->document;
    const sim_node_row *row = sim_document_row(document, key);
    const char *name = sim_pool_text(&loader->config->pool, sim_document_text(document, key), row->length);
    if (name == NULL) {
        loader->rc = SIM_E_MEMORY;
        return false;
    }
    return add_element(loader, section, (sim_element){name, parent, body, sim_document_mark(document, key)});
}

/* Elements of a user-named map; a list of names, or one name, gives elements without a body. */
static void add_map(sim_loader *loader, sim_config_section *section, size_t parent, sim_node node)
{
    const sim_document *document = &loader->document;
    const sim_schema *schema = section->schema->up;
    sim_node_kind kind = sim_document_kind(document, node);
    if (kind == SIM_NODE_SCALAR && schema->names_only)
        add_named(loader, section, parent, node, SIM_NO_NODE);
    if ((kind != SIM_NODE_MAP && kind != SIM_NODE_LIST) || (kind == SIM_NODE_LIST && !schema->names_only))
        return;
    for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next) {
        const sim_node_row *row = sim_document_row(document, item);
        if (row->kind != SIM_NODE_SCALAR)
            continue; /* reported by the check */
        if (kind == SIM_NODE_MAP && sim_schema_child(schema, sim_document_text(document, item), row->length) != NULL)
            continue;
        if (!add_named(loader, section, parent, item, kind == SIM_NODE_MAP ? row->first : SIM_NO_NODE))
            return;
    }
}

static void add_list(sim_loader *loader, sim_config_section *section, size_t parent, sim_node node)
{
    const sim_document *document = &loader->document;
    if (sim_document_kind(document, node) != SIM_NODE_LIST)
        return;
    for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next)
        if (!add_element(loader, section, (sim_element){"", parent, item, sim_document_mark(document, item)}))
            return;
}

/* Descends through the fixed keys of `path`; the place of the last key found goes to *mark. */
static sim_node descend_fixed(const sim_document *document, sim_node at, const char *path, sim_mark *mark)
{
    while (*path != '\0' && *path != '*' && *path != '#') {
        size_t length = strcspn(path, ".");
        if (at == SIM_NO_NODE || sim_document_kind(document, at) != SIM_NODE_MAP)
            return SIM_NO_NODE;
        sim_node key = sim_document_key(document, at, path, length);
        if (key == SIM_NO_NODE)
            return SIM_NO_NODE;
        *mark = sim_document_mark(document, key);
        at = sim_document_row(document, key)->first;
        path += length;
        path += *path == '.';
    }
    return at;
}

static void add_elements(sim_loader *loader, sim_config_section *section, size_t parent, const sim_element *from,
                         const char *path)
{
    sim_mark mark = from->mark;
    sim_node node = descend_fixed(&loader->document, from->body, path, &mark);
    if (section->kind == SIM_SECTION_FIXED)
        add_element(loader, section, (sim_element){"", parent, node, mark});
    else if (node != SIM_NO_NODE && section->kind == SIM_SECTION_NAMED)
        add_map(loader, section, parent, node);
    else if (node != SIM_NO_NODE)
        add_list(loader, section, parent, node);
}

static int compare_elements(const sim_element *a, const sim_element *b)
{
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : a < b ? -1 : a > b;
}

static int compare_pointers(const void *left, const void *right)
{
    return compare_elements(*(const sim_element *const *)left, *(const sim_element *const *)right);
}

int sim_walk_index(sim_config *config, sim_config_section *section)
{
    size_t n = section->element_count;
    section->by_name = sim_pool_take(&config->pool, n, sizeof *section->by_name);
    const sim_element **order = malloc((n + 1) * sizeof *order);
    if (section->by_name == NULL || order == NULL) {
        free(order);
        return SIM_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = &section->elements[i];
    qsort(order, n, sizeof *order, compare_pointers);
    for (size_t i = 0; i < n; i++)
        section->by_name[i] = (size_t)(order[i] - section->elements);
    free(order);
    return 0;
}

static size_t lower_bound(const sim_config_section *section, const char *name, int above)
{
    size_t low = 0, high = section->element_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(section->elements[section->by_name[middle]].name, name);
        if (order < 0 || (above && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void sim_section_named(const sim_config_section *section, const char *name, size_t *first, size_t *count)
{
    *first = lower_bound(section, name, 0);
    *count = lower_bound(section, name, 1) - *first;
}

/* Maps cannot have a name twice, the document saw to that; lists of names can. */
static void check_twice(sim_loader *loader, const sim_config_section *section)
{
    for (size_t i = 1; section->schema->up != NULL && section->schema->up->names_only && i < section->element_count;
         i++) {
        const sim_element *a = &section->elements[section->by_name[i - 1]],
                          *b = &section->elements[section->by_name[i]];
        bool list = a->body == SIM_NO_NODE && b->body == SIM_NO_NODE &&
                    (a->mark.line != b->mark.line || a->mark.column != b->mark.column);
        if (list && a->parent == b->parent && strcmp(a->name, b->name) == 0)
            sim_diag_error(loader->diag, b->mark, NULL, NULL,
                           "\"%s\" is given twice; the first is in line %d, column %d", b->name, a->mark.line,
                           a->mark.column);
    }
}

int sim_walk_elements(sim_loader *loader)
{
    sim_config *config = loader->config;
    sim_mark top = {loader->file, 1, 1, 1};
    sim_element root = {"", 0, loader->root, top};
    for (size_t s = 0; s < config->section_count && loader->rc == 0; s++) {
        sim_config_section *section = &config->sections[s];
        if (section->parent == SIM_NO_SECTION) {
            add_elements(loader, section, 0, &root, section->path);
        } else {
            const sim_config_section *above = &config->sections[section->parent];
            const char *rest = section->path + strlen(above->path) + 1;
            for (size_t i = 0; i < above->element_count && loader->rc == 0; i++)
                add_elements(loader, section, i, &above->elements[i], rest);
        }
        if (loader->rc == 0)
            loader->rc = sim_walk_index(config, section);
        if (loader->rc == 0 && section->kind == SIM_SECTION_NAMED)
            check_twice(loader, section);
    }
    return loader->rc;
}
