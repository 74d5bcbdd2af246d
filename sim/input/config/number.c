/* Numbers, quantities and times from single nodes of a document. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/instant.h"
#include "sim/base/number.h"
#include "sim/input/config/internal.h"

bool sim_in_range(const sim_param *param, double value)
{
    return (param->low == 0 && param->high == 0) || (value >= param->low && value <= param->high);
}

bool sim_micros_from_seconds(double seconds, int64_t *micros)
{
    if (!(fabs(seconds) < 9e12)) /* 285,000 years: below the limit of int64 */
        return false;
    *micros = llround(seconds * 1e6);
    return true;
}

/* A number in quotes is text: whoever wrote the quotes may mean something else. */
static bool bare_number_in_quotes(const sim_reader *reader, sim_node node, const char *text)
{
    size_t span = sim_number_span(text);
    if (!sim_document_row(reader->document, node)->quoted || span == 0 || text[span] != '\0')
        return false;
    sim_value_error(reader, node, NULL, NULL, "\"%s\" in quotes is text; write the number without quotes", text);
    return true;
}

bool sim_read_dimension(const sim_reader *reader, sim_node node, sim_dimension dimension, double *value,
                        sim_dimension *found)
{
    const char *text;
    char expected[80];
    snprintf(expected, sizeof expected, "%s such as %s", sim_dimension_words(dimension),
             sim_dimension_example(dimension));
    if (!sim_read_scalar(reader, node, expected, &text) || bare_number_in_quotes(reader, node, text))
        return false;
    const char *suggestion;
    switch (sim_unit_parse(text, dimension, value, found, &suggestion)) {
    case SIM_UNIT_OK:
        return true;
    case SIM_UNIT_NOT_A_NUMBER:
        if (sim_number_span(text) > 0)
            sim_value_error(reader, node, expected, NULL, "\"%.60s\" is too large for a number", text);
        else
            sim_value_error(reader, node, expected, NULL, "\"%.60s\" is not a number", text);
        return false;
    case SIM_UNIT_MISSING:
        sim_value_error(reader, node, expected, NULL, "\"%.60s\" has no unit", text);
        return false;
    case SIM_UNIT_UNKNOWN:
        sim_value_error(reader, node, expected, suggestion, "\"%.60s\" has a unit that is not known", text);
        return false;
    case SIM_UNIT_WRONG:
        sim_value_error(reader, node, expected, NULL, "\"%.60s\" is %s", text, sim_dimension_words(*found));
        return false;
    }
    return false;
}

bool sim_read_quantity(const sim_reader *reader, sim_node node, sim_dimension dimension, double *value)
{
    sim_dimension found;
    return sim_read_dimension(reader, node, dimension, value, &found);
}

bool sim_read_whole(const sim_reader *reader, sim_node node, int64_t *value)
{
    const char *text;
    if (!sim_read_scalar(reader, node, "a whole number", &text) || bare_number_in_quotes(reader, node, text))
        return false;
    int rc = sim_whole_parse(text, value);
    if (rc != 0)
        sim_value_error(reader, node, "a whole number, digits only", NULL,
                        rc == -2 ? "\"%.60s\" is too large for a whole number" : "\"%.60s\" is not a whole number",
                        text);
    return rc == 0;
}

static bool read_absolute(const sim_reader *reader, sim_node node, const char *text, int64_t *micros)
{
    sim_instant instant;
    const char *why = sim_instant_parse(text, &instant);
    if (why == NULL && !instant.has_offset)
        why = "an instant needs its offset from UTC, such as +01:00 or Z";
    if (why != NULL) {
        sim_value_error(reader, node, "an instant such as 2031-03-01T06:00+01:00", NULL, "\"%.60s\": %s", text, why);
        return false;
    }
    const sim_config *config = reader->loader->config;
    *micros = (instant.seconds - config->start_seconds) * 1000000 + instant.micros; /* at most 1e4 years: fits */
    return reader->loader->start_known;
}

bool sim_read_instant(const sim_reader *reader, sim_node node, int64_t *micros)
{
    const char *text;
    if (!sim_read_scalar(reader, node,
                         "an instant such as 2031-03-01T06:00+01:00, or a time since the start such as 4 d", &text))
        return false;
    if (sim_instant_looks(text))
        return read_absolute(reader, node, text, micros);
    double seconds;
    if (!sim_read_quantity(reader, node, SIM_DIM_TIME, &seconds))
        return false;
    if (sim_micros_from_seconds(seconds, micros))
        return true;
    sim_value_error(reader, node, NULL, NULL, "\"%.60s\" is too long a time", text);
    return false;
}
