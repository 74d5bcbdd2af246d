/* From numbers of a design to settings of a factor, and from settings to overrides. */
#include "sim/task/factor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"

void sim_factor_free(sim_factor *factor)
{
    for (size_t i = 0; factor->words != NULL && i < factor->count; i++)
        free(factor->words[i]);
    free(factor->words);
    free(factor->numbers);
    free(factor->path);
    *factor = (sim_factor){0};
}

int sim_factor_words(sim_factor *factor, const char *path, const char *const *words, size_t count)
{
    *factor = (sim_factor){.kind = SIM_FACTOR_LIST, .high = count > 0 ? (double)(count - 1) : 0, .count = count};
    factor->path = strdup(path);
    factor->words = calloc(count + 1, sizeof *factor->words);
    if (factor->path == NULL || factor->words == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        factor->words[i] = strdup(words[i]);
        if (factor->words[i] == NULL)
            return SIM_E_MEMORY;
    }
    return 0;
}

int sim_factor_range(sim_factor *factor, const sim_config *config, const char *path, double low, double high,
                     const char **why)
{
    sim_path found;
    *factor = (sim_factor){.low = low, .high = high};
    *why = NULL;
    if (!sim_config_path(config, path, &found))
        *why = "is no path of the scenario";
    else if (found.kind == SIM_PATH_OTHER)
        *why = "is no number";
    else if (!(low < high))
        *why = "must have its low end below its high end";
    if (*why != NULL)
        return SIM_E_INPUT;
    factor->dimension = found.dimension;
    if (found.kind == SIM_PATH_WHOLE) {
        factor->kind = SIM_FACTOR_WHOLE;
        factor->low = ceil(low);
        factor->high = floor(high);
        *why = "has no whole number between its ends";
        if (factor->high < factor->low)
            return SIM_E_INPUT;
    }
    factor->path = strdup(path);
    return factor->path == NULL ? SIM_E_MEMORY : 0;
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Whole numbers between the ends, or values of the list. */
static double members(const sim_factor *factor)
{
    return factor->high - factor->low + 1;
}

/* As a float: the last bits of libm's pow, which are not the same everywhere, must not reach a simulation. */
static double geometric(double low, double ratio, double share)
{
    return (double)(float)(low * pow(ratio, share));
}

double sim_factor_at(const sim_factor *factor, double u)
{
    double low = factor->low, high = factor->high;
    if (factor->kind == SIM_FACTOR_REAL && factor->logarithmic)
        return u <= 0 ? low : u >= 1 ? high : clamp(geometric(low, high / low, u), low, high);
    if (factor->kind == SIM_FACTOR_REAL)
        return clamp(low + u * (high - low), low, high);
    if (factor->logarithmic)
        return clamp(floor(geometric(low, (high + 1) / low, u)), low, high);
    return clamp(low + floor(u * members(factor)), low, high);
}

size_t sim_factor_levels(const sim_factor *factor, size_t wanted)
{
    if (factor->kind == SIM_FACTOR_LIST)
        return factor->count;
    if (factor->kind == SIM_FACTOR_WHOLE && members(factor) < (double)wanted)
        return (size_t)members(factor);
    return wanted;
}

/* The u in the middle of a whole number's or list value's share. */
static double middle(const sim_factor *factor, double setting)
{
    if (factor->logarithmic)
        return log((setting + 0.5) / factor->low) / log((factor->high + 1) / factor->low);
    return (setting - factor->low + 0.5) / members(factor);
}

double sim_factor_level(const sim_factor *factor, size_t level, size_t levels)
{
    double share = levels > 1 ? (double)level / (double)(levels - 1) : 0.5;
    if (factor->kind == SIM_FACTOR_REAL)
        return share;
    double setting = factor->low + floor(share * (members(factor) - 1) + 0.5);
    if (factor->logarithmic)
        setting = floor(geometric(factor->low, factor->high / factor->low, share) + 0.5);
    return middle(factor, clamp(setting, factor->low, factor->high));
}

bool sim_factor_setting(const sim_factor *factor, double number, double *setting)
{
    if (factor->kind == SIM_FACTOR_LIST) {
        for (size_t i = 0; i < factor->count; i++)
            if (factor->numbers != NULL ? factor->numbers[i] == number : number == (double)i) {
                *setting = (double)i;
                return true;
            }
        return false;
    }
    if (!(number >= factor->low && number <= factor->high))
        return false;
    *setting = number;
    if (factor->kind == SIM_FACTOR_WHOLE && floor(number) != number) /* here low < high */
        *setting = sim_factor_at(&(sim_factor){.kind = SIM_FACTOR_WHOLE, .low = factor->low, .high = factor->high},
                                 (number - factor->low) / (factor->high - factor->low));
    return true;
}

double sim_factor_number(const sim_factor *factor, double setting)
{
    if (factor->kind == SIM_FACTOR_LIST && factor->numbers != NULL)
        return factor->numbers[(size_t)clamp(setting, 0, factor->high)];
    return setting;
}

char *sim_factor_text(const sim_factor *factor, double setting)
{
    const char *unit = factor->dimension == SIM_DIM_NONE ? "" : sim_dimension_si(factor->dimension);
    const char *word = factor->kind == SIM_FACTOR_LIST ? factor->words[(size_t)clamp(setting, 0, factor->high)] : "";
    size_t size = strlen(factor->path) + strlen(word) + strlen(unit) + 40;
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    if (factor->kind == SIM_FACTOR_LIST)
        snprintf(text, size, "%s=%s", factor->path, word);
    else if (factor->kind == SIM_FACTOR_WHOLE)
        snprintf(text, size, "%s=%.0f", factor->path, setting);
    else
        snprintf(text, size, "%s=%.17g%s%s", factor->path, setting, *unit == '\0' ? "" : " ", unit);
    return text;
}
