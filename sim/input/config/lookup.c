/* The questions that models ask a checked scenario. Sections and parameters are found by binary search over what the
 * rows declared; asking for something that no row declares is a mistake in the program. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/internal.h"

size_t sim_config_input_count(const sim_config *config)
{
    return config->input_count;
}

void sim_config_input(const sim_config *config, size_t i, const char **name, const char **text, size_t *length)
{
    assert(i < config->input_count);
    *name = config->inputs[i].name;
    *text = config->inputs[i].text;
    *length = config->inputs[i].length;
}

int sim_config_add_input(sim_config *config, const char *name, const char *text, size_t length)
{
    for (size_t i = 0; i < config->input_count; i++) /* one file serves many parameters */
        if (strcmp(config->inputs[i].name, name) == 0 && config->inputs[i].length == length &&
            memcmp(config->inputs[i].text, text, length) == 0)
            return 0;
    if (config->input_count == config->input_room) {
        size_t room = config->input_room == 0 ? 8 : config->input_room * 2;
        sim_config_input_text *larger = realloc(config->inputs, room * sizeof *larger);
        if (larger == NULL)
            return SIM_E_MEMORY;
        config->inputs = larger;
        config->input_room = room;
    }
    sim_config_input_text input = {strdup(name), malloc(length + 1), length};
    if (input.name == NULL || input.text == NULL) {
        free(input.name);
        free(input.text);
        return SIM_E_MEMORY;
    }
    if (length > 0)
        memcpy(input.text, text, length);
    input.text[length] = '\0';
    config->inputs[config->input_count++] = input;
    return 0;
}

size_t sim_config_set_count(const sim_config *config)
{
    return config->set_count;
}

const char *sim_config_set(const sim_config *config, size_t i)
{
    assert(i < config->set_count);
    return config->sets[i];
}

static const sim_config_section *section_of(const sim_config *config, const char *path)
{
    size_t index = sim_config_section_find(config, path);
    assert(index != SIZE_MAX && "the section is declared");
    return &config->sections[index];
}

size_t sim_elements(const sim_config *config, const char *section)
{
    return section_of(config, section)->element_count;
}

void sim_children(const sim_config *config, const char *section, size_t parent, size_t *first, size_t *count)
{
    /* Elements are in the order of their parents. */
    const sim_config_section *s = section_of(config, section);
    size_t low = 0, high = s->element_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->elements[middle].parent < parent)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < s->element_count && s->elements[low].parent == parent)
        low++;
    *count = low - *first;
}

static const sim_element *element_of(const sim_config *config, const char *section, size_t element)
{
    const sim_config_section *s = section_of(config, section);
    assert(element < s->element_count);
    return &s->elements[element];
}

size_t sim_element_parent(const sim_config *config, const char *section, size_t element)
{
    return element_of(config, section, element)->parent;
}

const char *sim_element_name(const sim_config *config, const char *section, size_t element)
{
    return element_of(config, section, element)->name;
}

ptrdiff_t sim_element_find(const sim_config *config, const char *section, const char *name)
{
    const sim_config_section *s = section_of(config, section);
    size_t first, count;
    sim_section_named(s, name, &first, &count);
    return count == 0 ? -1 : (ptrdiff_t)s->by_name[first];
}

sim_mark sim_element_mark(const sim_config *config, const char *section, size_t element)
{
    return element_of(config, section, element)->mark;
}

static const sim_value *value_of(const sim_config *config, const char *section, const char *name, size_t element,
                                 const sim_param **param)
{
    const sim_config_section *s = section_of(config, section);
    assert(element < s->element_count);
    size_t low = 0, high = s->param_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(s->params[middle]->name, name);
        if (order == 0) {
            *param = s->params[middle];
            return &s->values[element * s->param_count + middle];
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    assert(0 && "the parameter is declared");
    abort();
}

/* The value, which must be declared with one of two types. */
static const sim_value *typed(const sim_config *config, const char *section, const char *name, size_t element,
                              sim_param_type one, sim_param_type other)
{
    const sim_param *param;
    const sim_value *value = value_of(config, section, name, element, &param);
    assert((param->type == one || param->type == other) && "the parameter has this type");
    (void)one, (void)other;
    return value;
}

bool sim_given(const sim_config *config, const char *section, const char *name, size_t element)
{
    const sim_param *param;
    return value_of(config, section, name, element, &param)->state != SIM_VALUE_ABSENT;
}

bool sim_is_written(const sim_config *config, const char *section, const char *name, size_t element)
{
    const sim_param *param;
    return value_of(config, section, name, element, &param)->state == SIM_VALUE_GIVEN;
}

sim_mark sim_value_mark(const sim_config *config, const char *section, const char *name, size_t element)
{
    const sim_param *param;
    return value_of(config, section, name, element, &param)->mark;
}

const char *sim_text(const sim_config *config, const char *section, const char *name, size_t element)
{
    const char *text = typed(config, section, name, element, SIM_TEXT, SIM_FILE)->as.text;
    return text == NULL ? "" : text;
}

bool sim_bool(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_BOOL, SIM_BOOL)->as.truth;
}

int64_t sim_count(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_COUNT, SIM_COUNT)->as.whole;
}

double sim_quantity(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_QUANTITY, SIM_QUANTITY)->as.number;
}

sim_dimension sim_quantity_dimension(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_QUANTITY, SIM_QUANTITY)->dimension;
}

int64_t sim_micros(const sim_config *config, const char *section, const char *name, size_t element)
{
    const sim_param *param;
    const sim_value *value = value_of(config, section, name, element, &param);
    int64_t micros = 0;
    if (param->type == SIM_QUANTITY) {
        assert(param->dimension == SIM_DIM_TIME && "the parameter is a time");
        sim_micros_from_seconds(value->as.number, &micros); /* checked when it was read */
        return micros;
    }
    assert((param->type == SIM_INSTANT || param->type == SIM_CLOCK) && "the parameter is a time");
    return value->as.whole;
}

unsigned sim_choice(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_CHOICE, SIM_CHOICE)->as.bits;
}

uint32_t sim_choices(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_CHOICES, SIM_CHOICES)->as.bits;
}

size_t sim_name(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_NAME, SIM_NAME)->as.name.index;
}

size_t sim_name_section(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_NAME, SIM_NAME)->as.name.section;
}

size_t sim_names(const sim_config *config, const char *section, const char *name, size_t element,
                 const size_t **indices)
{
    const sim_value *value = typed(config, section, name, element, SIM_NAMES, SIM_NAMES);
    *indices = value->as.names.indices;
    return value->as.names.n;
}

const sim_dist_spec *sim_distribution(const sim_config *config, const char *section, const char *name, size_t element)
{
    return typed(config, section, name, element, SIM_DIST, SIM_DIST)->as.dist;
}

void sim_point(const sim_config *config, const char *section, const char *name, size_t element, double *latitude,
               double *longitude)
{
    const sim_value *value = typed(config, section, name, element, SIM_POINT, SIM_POINT);
    *latitude = value->as.point.latitude;
    *longitude = value->as.point.longitude;
}

sim_curve sim_curve_of(const sim_config *config, const char *section, const char *name, size_t element)
{
    const sim_curve *curve = typed(config, section, name, element, SIM_CURVE, SIM_CURVE)->as.curve;
    return curve == NULL ? (sim_curve){0, NULL, NULL} : *curve;
}

void sim_config_start(const sim_config *config, int64_t *unix_seconds, int *offset_seconds)
{
    *unix_seconds = config->start_seconds;
    *offset_seconds = config->start_offset;
}
