/* What all readers of values begin with: a single value, a map of known keys, and what is said when there is something
 * else. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/input/config/dist.h"
#include "sim/input/config/internal.h"

void sim_value_error(const sim_reader *reader, sim_node node, const char *expected, const char *suggestion,
                     const char *format, ...)
{
    char message[500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    sim_mark mark = reader->is_default ? reader->mark : sim_document_mark(reader->document, node);
    sim_diag_error(reader->loader->diag, mark, expected, suggestion, "%s%s: %s", reader->param->name,
                   reader->is_default ? " (its default)" : "", message);
}

bool sim_read_scalar(const sim_reader *reader, sim_node node, const char *what, const char **text)
{
    sim_node_kind kind = node == SIM_NO_NODE ? SIM_NODE_BROKEN : sim_document_kind(reader->document, node);
    if (kind == SIM_NODE_SCALAR) {
        *text = sim_document_text(reader->document, node);
        return true;
    }
    if (kind == SIM_NODE_EMPTY)
        sim_value_error(reader, node, what, NULL, "the value is missing");
    else if (kind != SIM_NODE_BROKEN)
        sim_value_error(reader, node, what, NULL, "here stands %s", kind == SIM_NODE_LIST ? "a list" : "a map");
    return false;
}

bool sim_dist_map(const sim_reader *reader, sim_node node, const char *const *keys, size_t n, size_t required,
                  sim_node *found)
{
    const sim_document *document = reader->document;
    char expected[200] = "";
    for (size_t i = 0, used = 0; i < n && used < sizeof expected; i++)
        used += (size_t)snprintf(expected + used, sizeof expected - used, "%s%s",
                                 i == 0 ? "a map with the keys " : ", ", keys[i]);
    for (size_t i = 0; i < n; i++)
        found[i] = SIM_NO_NODE;
    if (sim_document_kind(document, node) != SIM_NODE_MAP) {
        const char *text;
        if (sim_document_kind(document, node) == SIM_NODE_SCALAR)
            sim_value_error(reader, node, expected, NULL, "here stands a single value");
        else
            sim_read_scalar(reader, node, expected, &text); /* tells what stands there instead */
        return false;
    }
    bool ok = true;
    for (sim_node key = sim_document_row(document, node)->first; key != SIM_NO_NODE;
         key = sim_document_row(document, key)->next) {
        const char *text = sim_document_text(document, key);
        size_t i = 0;
        while (i < n && strcmp(keys[i], text) != 0)
            i++;
        if (i < n && found[i] == SIM_NO_NODE)
            found[i] = sim_document_row(document, key)->first;
        ok = ok && i < n;
        if (i == n)
            sim_value_error(reader, key, expected, sim_diag_nearest(text, keys, n), "unknown key \"%.60s\"", text);
    }
    for (size_t i = 0; i < required; i++) {
        if (found[i] != SIM_NO_NODE)
            continue;
        sim_value_error(reader, node, expected, NULL, "\"%s\" is missing", keys[i]);
        ok = false;
    }
    return ok;
}
