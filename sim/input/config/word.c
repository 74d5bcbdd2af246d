/* Words from a closed list, and names of other elements. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/internal.h"

enum { MOST_NAMES_COMPARED = 20000 };

void sim_words_split(sim_word_list *list, const char *words)
{
    assert(words != NULL && strlen(words) < sizeof list->text && "a row's words fit");
    memcpy(list->text, words, strlen(words) + 1);
    list->n = 0;
    char *rest = NULL;
    for (char *word = strtok_r(list->text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        assert(list->n < SIM_MAX_WORDS);
        list->words[list->n++] = word;
    }
}

static bool read_word(const sim_reader *reader, sim_node node, const sim_word_list *list, size_t *index)
{
    char expected[1500];
    const char *text;
    sim_param_expected(reader->param, expected, sizeof expected);
    if (!sim_read_scalar(reader, node, expected, &text))
        return false;
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->words[i], text) == 0) {
            *index = i;
            return true;
        }
    }
    sim_value_error(reader, node, expected, sim_diag_nearest(text, list->words, list->n), "\"%.60s\" is not known here",
                    text);
    return false;
}

void sim_read_words(const sim_reader *reader, sim_node node, sim_value *value)
{
    sim_word_list list;
    sim_words_split(&list, reader->param->words);
    const sim_document *document = reader->document;
    size_t index;
    if (reader->param->type == SIM_CHOICE) {
        if (read_word(reader, node, &list, &index))
            value->as.bits = (uint32_t)index;
        return;
    }
    assert(list.n <= 32);
    if (sim_document_kind(document, node) != SIM_NODE_LIST) {
        if (read_word(reader, node, &list, &index))
            value->as.bits = UINT32_C(1) << index;
        return;
    }
    for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next) {
        if (!read_word(reader, item, &list, &index))
            continue;
        if (value->as.bits & UINT32_C(1) << index)
            sim_value_error(reader, item, NULL, NULL, "\"%s\" is given twice", list.words[index]);
        value->as.bits |= UINT32_C(1) << index;
    }
}

/* The element of `ancestor`'s section that encloses the element, or SIZE_MAX when that section does not enclose it. */
static size_t enclosing(const sim_config *config, size_t section, size_t element, size_t ancestor)
{
    while (section != ancestor) {
        ptrdiff_t up = config->sections[section].parent;
        if (up == SIM_NO_SECTION)
            return SIZE_MAX;
        element = config->sections[section].elements[element].parent;
        section = (size_t)up;
    }
    return element;
}

/* True when both elements hang under the same element of the nearest section above `target` that encloses the reader
 * too. */
static bool same_family(const sim_reader *reader, size_t target, size_t element)
{
    const sim_config *config = reader->loader->config;
    for (ptrdiff_t up = config->sections[target].parent; up != SIM_NO_SECTION; up = config->sections[up].parent) {
        size_t mine = enclosing(config, reader->section, reader->element, (size_t)up);
        if (mine != SIZE_MAX)
            return mine == enclosing(config, target, element, (size_t)up);
    }
    return true;
}

/* Of elements with this name in one section the one meant: the only one, or the only one of the same family. */
static size_t pick(const sim_reader *reader, size_t target, const char *name, size_t *matches)
{
    const sim_config_section *section = &reader->loader->config->sections[target];
    size_t first, count, family = SIZE_MAX, families = 0;
    sim_section_named(section, name, &first, &count);
    for (size_t i = first; i < first + count; i++) {
        if (!same_family(reader, target, section->by_name[i]))
            continue;
        family = section->by_name[i];
        families++;
    }
    *matches = families > 0 ? families : count;
    return *matches == 0 ? SIZE_MAX : families > 0 ? family : section->by_name[first];
}

/* "Parent/name" for names that several parents have. */
static size_t pick_qualified(const sim_reader *reader, size_t target, const char *text, size_t *matches)
{
    const sim_config *config = reader->loader->config;
    const sim_config_section *section = &config->sections[target];
    const char *slash = strrchr(text, '/');
    *matches = 0;
    if (slash == NULL || section->parent == SIM_NO_SECTION)
        return SIZE_MAX;
    const sim_config_section *above = &config->sections[section->parent];
    size_t first, count, found = SIZE_MAX;
    sim_section_named(section, slash + 1, &first, &count);
    for (size_t i = first; i < first + count; i++) {
        const char *parent = above->elements[section->elements[section->by_name[i]].parent].name;
        if (strlen(parent) == (size_t)(slash - text) && memcmp(parent, text, (size_t)(slash - text)) == 0) {
            found = section->by_name[i];
            ++*matches;
        }
    }
    return found;
}

/* The nearest name of all sections that were asked, found without memory of its own when there are very many. */
static const char *nearest_name(const sim_reader *reader, const sim_word_list *list, const char *text)
{
    const sim_config *config = reader->loader->config;
    const char **names = malloc(MOST_NAMES_COMPARED * sizeof *names);
    size_t n = 0;
    for (size_t w = 0; names != NULL && w < list->n; w++) {
        size_t target = sim_config_section_find(config, list->words[w]);
        for (size_t i = 0; i < config->sections[target].element_count && n < MOST_NAMES_COMPARED; i++)
            names[n++] = config->sections[target].elements[i].name;
    }
    const char *nearest = names == NULL ? NULL : sim_diag_nearest(text, names, n);
    free(names);
    return nearest;
}

static void unknown_name(const sim_reader *reader, sim_node node, const sim_word_list *list, const char *text)
{
    char expected[300];
    snprintf(expected, sizeof expected, "a name from %s", reader->param->words);
    bool many = sim_diag_count(reader->loader->diag) > 200;
    sim_value_error(reader, node, expected, many ? NULL : nearest_name(reader, list, text), "there is no \"%.70s\"",
                    text);
}

static bool read_name(const sim_reader *reader, sim_node node, const sim_word_list *list, size_t *index, size_t *which)
{
    char expected[300];
    const char *text;
    sim_param_expected(reader->param, expected, sizeof expected);
    if (!sim_read_scalar(reader, node, expected, &text))
        return false;
    for (size_t w = 0; w < list->n; w++) {
        size_t target = sim_config_section_find(reader->loader->config, list->words[w]);
        assert(target != SIZE_MAX && "a name's section is declared");
        size_t matches, element = pick(reader, target, text, &matches);
        if (matches == 0)
            element = pick_qualified(reader, target, text, &matches);
        if (matches > 1) {
            sim_value_error(reader, node, "\"Parent/name\"", NULL, "several elements of %s are named \"%s\"",
                            list->words[w], text);
            return false;
        }
        if (matches == 1) {
            *index = element;
            *which = w;
            return true;
        }
    }
    unknown_name(reader, node, list, text);
    return false;
}

void sim_read_names(const sim_reader *reader, sim_node node, sim_value *value)
{
    sim_word_list list;
    sim_words_split(&list, reader->param->words);
    const sim_document *document = reader->document;
    size_t which;
    if (reader->param->type == SIM_NAME) {
        if (!read_name(reader, node, &list, &value->as.name.index, &value->as.name.section))
            value->as.name.index = SIZE_MAX;
        return;
    }
    bool single = sim_document_kind(document, node) != SIM_NODE_LIST;
    size_t n = single ? 1 : sim_document_row(document, node)->length;
    size_t *indices = sim_pool_take(&reader->loader->config->pool, n, sizeof *indices);
    if (indices == NULL) {
        reader->loader->rc = SIM_E_MEMORY;
        return;
    }
    size_t count = 0;
    sim_node item = single ? node : sim_document_row(document, node)->first;
    while (item != SIM_NO_NODE && count < n) {
        size_t index;
        if (read_name(reader, item, &list, &index, &which))
            indices[count++] = index;
        item = single ? SIM_NO_NODE : sim_document_row(document, item)->next;
    }
    value->as.names.indices = indices;
    value->as.names.n = count;
}
