/* From the rows of all models to one tree of what may stand where, and the list of sections with their parameters. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/internal.h"

sim_schema *sim_schema_child(const sim_schema *schema, const char *key, size_t length)
{
    for (size_t i = 0; i < schema->child_count; i++) {
        const char *name = schema->children[i]->key;
        if (strlen(name) == length && memcmp(name, key, length) == 0)
            return schema->children[i];
    }
    return NULL;
}

void sim_schema_expected(const sim_schema *schema, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < schema->child_count; i++) {
        int n = snprintf(out + used, size - used, "%s%s", i == 0 ? (schema->child_count > 1 ? "one of " : "") : ", ",
                         schema->children[i]->key);
        if (n < 0 || (size_t)n + 5 >= size - used) {
            snprintf(out + used, size - used, " ...");
            return;
        }
        used += (size_t)n;
    }
}

const char *sim_schema_nearest(const sim_schema *schema, const char *key)
{
    const char *names[256];
    size_t n = 0;
    for (size_t i = 0; i < schema->child_count && n < 256; i++)
        names[n++] = schema->children[i]->key;
    return sim_diag_nearest(key, names, n);
}

static sim_schema *new_node(sim_config *config, sim_schema *up, const char *key, size_t length)
{
    sim_schema *node = sim_pool_take(&config->pool, 1, sizeof *node);
    if (node == NULL)
        return NULL;
    node->key = sim_pool_text(&config->pool, key, length);
    node->up = up;
    node->section = SIM_NO_SECTION;
    return node->key == NULL ? NULL : node;
}

/* The child with this key, made if it is new; "*" and "#" are the entries of a user-named map and of a list. */
static sim_schema *descend(sim_config *config, sim_schema *at, const char *key, size_t length)
{
    assert(length > 0 && at->param == NULL && "a parameter cannot hold other parameters");
    bool each = length == 1 && (*key == '*' || *key == '#');
    if (each) {
        if (at->each == NULL) {
            at->each = new_node(config, at, key, length);
            at->each_is_list = *key == '#';
        }
        assert(at->each == NULL || at->each_is_list == (*key == '#'));
        return at->each;
    }
    sim_schema *child = sim_schema_child(at, key, length);
    if (child != NULL)
        return child;
    if (at->child_count == at->child_room) {
        size_t room = at->child_room == 0 ? 8 : at->child_room * 2;
        sim_schema **larger = sim_pool_take(&config->pool, room, sizeof *larger);
        if (larger == NULL)
            return NULL;
        if (at->child_count > 0)
            memcpy(larger, at->children, at->child_count * sizeof *larger);
        at->children = larger;
        at->child_room = room;
    }
    child = new_node(config, at, key, length);
    if (child != NULL)
        at->children[at->child_count++] = child;
    return child;
}

static sim_schema *descend_path(sim_config *config, sim_schema *at, const char *path)
{
    while (at != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        at = descend(config, at, path, length);
        path += length;
        path += *path == '.';
    }
    return at;
}

static sim_config_section *add_section(sim_config *config, sim_schema *schema, const char *path, size_t length,
                                       sim_section_kind kind, ptrdiff_t parent)
{
    if (config->section_count == config->section_room) {
        size_t room = config->section_room == 0 ? 32 : config->section_room * 2;
        sim_config_section *larger = realloc(config->sections, room * sizeof *larger);
        if (larger == NULL)
            return NULL;
        config->sections = larger;
        config->section_room = room;
    }
    schema->section = (ptrdiff_t)config->section_count;
    sim_config_section *section = &config->sections[config->section_count++];
    *section = (sim_config_section){.kind = kind, .parent = parent, .schema = schema};
    section->path = sim_pool_text(&config->pool, path, length);
    return section->path == NULL ? NULL : section;
}

/* Makes the section at `path` and, before it, every enclosing section of many elements. */
static int make_sections(sim_config *config, const char *path)
{
    sim_schema *at = config->schema;
    ptrdiff_t parent = SIM_NO_SECTION;
    size_t done = 0, length = strlen(path);
    while (done < length) {
        size_t part = strcspn(path + done, ".");
        at = descend(config, at, path + done, part);
        if (at == NULL)
            return SIM_E_MEMORY;
        bool many = part == 1 && (path[done] == '*' || path[done] == '#');
        bool list = path[done] == '#';
        done += part;
        if (at->section == SIM_NO_SECTION && (many || done == length)) {
            sim_section_kind kind = !many ? SIM_SECTION_FIXED : list ? SIM_SECTION_LIST : SIM_SECTION_NAMED;
            if (add_section(config, at, path, done, kind, parent) == NULL)
                return SIM_E_MEMORY;
        }
        if (many)
            parent = at->section;
        done += path[done] == '.';
    }
    return 0;
}

static int compare_rows(const void *left, const void *right)
{
    const sim_param *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static int fill_params(sim_config *config, sim_config_section *section, const sim_rows *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->param_count; i++)
        n += strcmp(rows->params[i]->section, section->path) == 0;
    section->params = sim_pool_take(&config->pool, n, sizeof *section->params);
    section->defaults = sim_pool_take(&config->pool, n, sizeof *section->defaults);
    if (section->params == NULL || section->defaults == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < rows->param_count; i++) {
        const sim_param *row = rows->params[i];
        if (strcmp(row->section, section->path) != 0)
            continue;
        sim_schema *leaf = descend_path(config, section->schema, row->name);
        if (leaf == NULL)
            return SIM_E_MEMORY;
        assert(leaf->param == NULL && "a parameter is declared once");
        assert(leaf->child_count == 0 && leaf->each == NULL && "a parameter cannot be a section");
        leaf->param = row;
        section->params[section->param_count++] = row;
    }
    if (n > 0)
        qsort(section->params, n, sizeof *section->params, compare_rows);
    return 0;
}

static int index_sections(sim_config *config)
{
    size_t n = config->section_count;
    config->by_path = sim_pool_take(&config->pool, n, sizeof *config->by_path);
    if (config->by_path == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) { /* insertion sort: a few dozen sections */
        size_t k = i;
        for (; k > 0 && strcmp(config->sections[config->by_path[k - 1]].path, config->sections[i].path) > 0; k--)
            config->by_path[k] = config->by_path[k - 1];
        config->by_path[k] = i;
    }
    return 0;
}

int sim_schema_build(sim_config *config, const sim_rows *rows)
{
    config->schema = new_node(config, NULL, "", 0);
    if (config->schema == NULL || add_section(config, config->schema, "", 0, SIM_SECTION_FIXED, SIM_NO_SECTION) == NULL)
        return SIM_E_MEMORY;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < rows->section_count; i++)
        rc = make_sections(config, rows->sections[i]->section);
    for (size_t i = 0; rc == 0 && i < rows->param_count; i++)
        rc = make_sections(config, rows->params[i]->section);
    for (size_t i = 0; rc == 0 && i < config->section_count; i++)
        rc = fill_params(config, &config->sections[i], rows);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < rows->section_count; i++) {
        sim_schema *schema = descend_path(config, config->schema, rows->sections[i]->section);
        if (rows->sections[i]->names_only && schema != NULL && schema->up != NULL)
            schema->up->names_only = true;
    }
    return index_sections(config);
}

size_t sim_config_section_find(const sim_config *config, const char *path)
{
    size_t low = 0, high = config->section_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t section = config->by_path[middle];
        int order = strcmp(config->sections[section].path, path);
        if (order == 0)
            return section;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}
