/* Every parameter of every element: the user's value, or the row's default, or an error because it is missing.
 *
 * Defaults go through the same code as the user's text. The start of the scenario and its duration come first, because
 * instants and curves need them. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/instant.h"
#include "sim/input/config/internal.h"

static void out_of_range(const sim_reader *reader, sim_node node)
{
    char expected[300];
    sim_param_expected(reader->param, expected, sizeof expected);
    sim_value_error(reader, node, expected, NULL, "%.60s is out of range", sim_document_text(reader->document, node));
}

static void read_text(const sim_reader *reader, sim_node node, sim_value *value)
{
    const char *text;
    if (!sim_read_scalar(reader, node, "text", &text))
        return;
    value->as.text = sim_pool_text(&reader->loader->config->pool, text, strlen(text));
    if (value->as.text == NULL)
        reader->loader->rc = SIM_E_MEMORY;
}

static void read_truth(const sim_reader *reader, sim_node node, sim_value *value)
{
    const char *text;
    if (!sim_read_scalar(reader, node, "true or false", &text))
        return;
    bool yes = strcmp(text, "true") == 0, no = strcmp(text, "false") == 0;
    if ((!yes && !no) || sim_document_row(reader->document, node)->quoted)
        sim_value_error(reader, node, "true or false, without quotes", NULL, "\"%.60s\" is neither true nor false",
                        text);
    value->as.truth = yes;
}

static void read_quantity(const sim_reader *reader, sim_node node, sim_value *value)
{
    double number = 0;
    int64_t micros;
    if (!sim_read_dimension(reader, node, reader->param->dimension, &number, &value->dimension))
        return;
    if (!sim_in_range(reader->param, number))
        out_of_range(reader, node);
    else if (reader->param->dimension == SIM_DIM_TIME && !sim_micros_from_seconds(number, &micros))
        sim_value_error(reader, node, NULL, NULL, "this is too long a time");
    value->as.number = number;
}

static void read_count(const sim_reader *reader, sim_node node, sim_value *value)
{
    int64_t whole = 0;
    if (sim_read_whole(reader, node, &whole) && !sim_in_range(reader->param, (double)whole))
        out_of_range(reader, node);
    value->as.whole = whole;
}

static void read_instant(const sim_reader *reader, sim_node node, sim_value *value)
{
    int64_t micros = 0;
    if (sim_read_instant(reader, node, &micros) && !sim_in_range(reader->param, (double)micros * 1e-6))
        out_of_range(reader, node);
    value->as.whole = micros;
}

/* The root's "start": an instant itself, from which the others are counted. */
static void read_start(const sim_reader *reader, sim_node node)
{
    const char *text, *expected = "an instant with its offset, such as 2031-03-01T00:00+01:00";
    sim_instant instant;
    if (!sim_read_scalar(reader, node, expected, &text))
        return;
    const char *why = sim_instant_parse(text, &instant);
    if (why == NULL && !instant.has_offset)
        why = "the offset from UTC is missing";
    if (why == NULL && instant.micros != 0)
        why = "the start is a whole second";
    if (why != NULL) {
        sim_value_error(reader, node, expected, NULL, "\"%.60s\": %s", text, why);
        return;
    }
    reader->loader->config->start_seconds = instant.seconds;
    reader->loader->config->start_offset = instant.offset;
    reader->loader->start_known = true;
}

static void read_clock(const sim_reader *reader, sim_node node, sim_value *value)
{
    const char *text;
    if (!sim_read_scalar(reader, node, "a time of day such as \"06:00\"", &text))
        return;
    const char *why = sim_clock_parse(text, &value->as.whole);
    if (why != NULL)
        sim_value_error(reader, node, "a time of day such as \"06:00\"", NULL, "\"%.60s\": %s", text, why);
}

static void read_point(const sim_reader *reader, sim_node node, sim_value *value)
{
    const sim_document *document = reader->document;
    const char *expected = "[latitude, longitude] in degrees, such as [48.35, 22.6]";
    const sim_node_row *row = sim_document_row(document, node);
    if (row->kind != SIM_NODE_LIST || row->length != 2) {
        if (row->kind != SIM_NODE_BROKEN)
            sim_value_error(reader, node, expected, NULL, "this is no point");
        return;
    }
    sim_node second = sim_document_row(document, row->first)->next;
    if (sim_read_quantity(reader, row->first, SIM_DIM_NONE, &value->as.point.latitude) &&
        !(fabs(value->as.point.latitude) <= 90))
        sim_value_error(reader, row->first, expected, NULL, "a latitude is between -90 and 90");
    if (sim_read_quantity(reader, second, SIM_DIM_NONE, &value->as.point.longitude) &&
        !(fabs(value->as.point.longitude) <= 180))
        sim_value_error(reader, second, expected, NULL, "a longitude is between -180 and 180");
}

static bool is_start(const sim_reader *reader)
{
    return reader->section == 0 && reader->param->type == SIM_INSTANT && strcmp(reader->param->name, "start") == 0;
}

static void read_node(const sim_reader *reader, sim_node node, sim_value *value)
{
    switch (reader->param->type) {
    case SIM_TEXT:
        read_text(reader, node, value);
        break;
    case SIM_BOOL:
        read_truth(reader, node, value);
        break;
    case SIM_COUNT:
        read_count(reader, node, value);
        break;
    case SIM_QUANTITY:
        read_quantity(reader, node, value);
        break;
    case SIM_CHOICE:
    case SIM_CHOICES:
        sim_read_words(reader, node, value);
        break;
    case SIM_NAME:
    case SIM_NAMES:
        sim_read_names(reader, node, value);
        break;
    case SIM_DIST:
        sim_read_dist(reader, node, value);
        break;
    case SIM_INSTANT:
        if (is_start(reader))
            read_start(reader, node);
        else
            read_instant(reader, node, value);
        break;
    case SIM_CLOCK:
        read_clock(reader, node, value);
        break;
    case SIM_POINT:
        read_point(reader, node, value);
        break;
    case SIM_CURVE:
        sim_read_curve(reader, node, value);
        break;
    case SIM_FILE:
        value->as.text = sim_read_path(reader, node);
        break;
    }
}

/* The key of a parameter in its element: through the fixed maps that dots in its name make. */
static sim_node find_key(const sim_document *document, sim_node body, const char *name)
{
    for (;;) {
        size_t length = strcspn(name, ".");
        if (body == SIM_NO_NODE || sim_document_kind(document, body) != SIM_NODE_MAP)
            return SIM_NO_NODE;
        sim_node key = sim_document_key(document, body, name, length);
        if (key == SIM_NO_NODE || name[length] == '\0')
            return key;
        body = sim_document_row(document, key)->first;
        name += length + 1;
    }
}

static void missing(const sim_reader *reader)
{
    const sim_config_section *section = &reader->loader->config->sections[reader->section];
    char expected[500];
    sim_param_expected(reader->param, expected, sizeof expected);
    const char *name = section->elements[reader->element].name;
    if (*name != '\0')
        sim_diag_error(reader->loader->diag, reader->mark, expected, NULL, "\"%s\" is missing in \"%s\"",
                       reader->param->name, name);
    else
        sim_diag_error(reader->loader->diag, reader->mark, expected, NULL, "\"%s\" is missing", reader->param->name);
}

/* A default is parsed once a row; only names depend on who asks. */
static void read_default(sim_reader *reader, size_t index, sim_value *value)
{
    sim_loader *loader = reader->loader;
    sim_value *kept = &loader->config->sections[reader->section].defaults[index];
    reader->is_default = true;
    reader->document = &loader->defaults;
    bool names = reader->param->type == SIM_NAME || reader->param->type == SIM_NAMES;
    if (names || kept->state == SIM_VALUE_ABSENT) {
        kept->state = SIM_VALUE_DEFAULT;
        read_node(reader, loader->default_roots[loader->default_first[reader->section] + index], kept);
    }
    *value = *kept;
    value->mark = reader->mark;
}

static void read_value(sim_loader *loader, size_t s, size_t e, size_t p)
{
    sim_config_section *section = &loader->config->sections[s];
    const sim_element *element = &section->elements[e];
    sim_value *value = &section->values[e * section->param_count + p];
    sim_reader reader = {loader, &loader->document, section->params[p], s, e, false, element->mark};
    *value = (sim_value){.mark = element->mark};
    if (reader.param->type == SIM_NAME)
        value->as.name.index = SIZE_MAX;
    if (element->body != SIM_NO_NODE) {
        sim_node_kind kind = sim_document_kind(&loader->document, element->body);
        if (kind != SIM_NODE_MAP && kind != SIM_NODE_EMPTY)
            return; /* reported by the walk */
    }
    sim_node key = find_key(&loader->document, element->body, reader.param->name);
    if (key != SIM_NO_NODE) {
        sim_node node = sim_document_row(&loader->document, key)->first;
        value->state = SIM_VALUE_GIVEN;
        value->mark = sim_document_mark(&loader->document, node != SIM_NO_NODE ? node : key);
        if (node != SIM_NO_NODE)
            read_node(&reader, node, value);
    } else if (reader.param->fallback == NULL) {
        missing(&reader);
    } else if (*reader.param->fallback != '\0') {
        read_default(&reader, p, value);
    }
}

static int precedence(const char *name)
{
    return strcmp(name, "start") == 0 ? 0 : strcmp(name, "duration") == 0 ? 1 : 2;
}

/* The root's values, "start" and "duration" before the rest. */
static void read_root(sim_loader *loader)
{
    const sim_config_section *root = &loader->config->sections[0];
    bool has_start = false;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t p = 0; p < root->param_count && loader->rc == 0; p++) {
            const sim_param *param = root->params[p];
            if (precedence(param->name) != turn)
                continue;
            read_value(loader, 0, 0, p);
            has_start = has_start || turn == 0;
            if (turn == 1 && param->type == SIM_QUANTITY && root->values[p].state != SIM_VALUE_ABSENT)
                sim_micros_from_seconds(root->values[p].as.number, &loader->duration);
        }
        if (turn == 0 && !has_start)
            loader->start_known = true; /* no such row: instants count from 1970 */
    }
}

void sim_values_read_element(sim_loader *loader, size_t section, size_t element)
{
    sim_config_section *s = &loader->config->sections[section];
    s->values = sim_pool_take(&loader->config->pool, s->element_count * s->param_count, sizeof *s->values);
    if (s->values == NULL)
        loader->rc = SIM_E_MEMORY;
    for (size_t p = 0; p < s->param_count && loader->rc == 0; p++)
        read_value(loader, section, element, p);
}

void sim_values_read(sim_loader *loader)
{
    sim_config *config = loader->config;
    for (size_t s = 0; s < config->section_count && loader->rc == 0; s++) {
        sim_config_section *section = &config->sections[s];
        size_t n = section->element_count * section->param_count;
        section->values = sim_pool_take(&config->pool, n, sizeof *section->values);
        if (section->values == NULL)
            loader->rc = SIM_E_MEMORY;
    }
    if (loader->rc == 0)
        read_root(loader);
    for (size_t s = 1; s < config->section_count && loader->rc == 0; s++)
        for (size_t e = 0; e < config->sections[s].element_count; e++)
            for (size_t p = 0; p < config->sections[s].param_count && loader->rc == 0; p++)
                read_value(loader, s, e, p);
}
