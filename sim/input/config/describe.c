/* What a parameter wants, in words for its errors, and values back in the units people write. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/input/config/internal.h"

static double unit_size(const char *name, sim_dimension dimension)
{
    char one[40];
    double size = 0;
    snprintf(one, sizeof one, "1 %s", name);
    return sim_unit_parse(one, dimension, &size, NULL, NULL) == SIM_UNIT_OK ? size : 0;
}

/* Shortest text that reads back as the value, among the units of the dimension; the SI unit when equally short. */
void sim_quantity_text(double value, sim_dimension dimension, char *out, size_t size)
{
    const char *si = sim_dimension_si(dimension);
    if (dimension == SIM_DIM_NONE) {
        snprintf(out, size, "%.12g", value);
        return;
    }
    const char *const *names;
    size_t n = sim_unit_names(dimension, &names);
    char best[64];
    snprintf(best, sizeof best, "%.12g %s", value, si);
    for (size_t i = 0; i < n && value != 0 && isfinite(value); i++) {
        char text[64];
        snprintf(text, sizeof text, "%.12g %s", value / unit_size(names[i], dimension), names[i]);
        if (strlen(text) < strlen(best) && strchr(text, 'e') == NULL)
            memcpy(best, text, sizeof best);
    }
    snprintf(out, size, "%s", best);
}

static void kind_text(const sim_param *param, char *out, size_t size)
{
    const char *example = sim_dimension_example(param->dimension), *words = sim_dimension_words(param->dimension);
    switch (param->type) {
    case SIM_TEXT:
        snprintf(out, size, "text");
        break;
    case SIM_BOOL:
        snprintf(out, size, "true or false");
        break;
    case SIM_COUNT:
        snprintf(out, size, "a whole number");
        break;
    case SIM_QUANTITY:
        snprintf(out, size, "%s such as %s", words, param->dimension == SIM_DIM_NONE ? "0.4 or 40 %" : example);
        break;
    case SIM_CHOICE:
        snprintf(out, size, "one of: %s", param->words);
        break;
    case SIM_CHOICES:
        snprintf(out, size, "a list of: %s", param->words);
        break;
    case SIM_NAME:
        snprintf(out, size, "the name of one of %s", param->words);
        break;
    case SIM_NAMES:
        snprintf(out, size, "a list of names from %s", param->words);
        break;
    case SIM_DIST:
        snprintf(out, size, "%s such as %s, or a distribution such as {exponential: {mean: %s}}", words, example,
                 example);
        break;
    case SIM_INSTANT:
        snprintf(out, size, "an instant such as 2031-03-01T06:00+01:00, or a time since the start such as 4 d");
        break;
    case SIM_CLOCK:
        snprintf(out, size, "a time of day such as \"06:00\"");
        break;
    case SIM_POINT:
        snprintf(out, size, "[latitude, longitude] in degrees, such as [48.35, 22.6]");
        break;
    case SIM_CURVE:
        snprintf(out, size, "%s such as %s, a list of [instant, value], or {mean, amplitude, period, peak}", words,
                 example);
        break;
    case SIM_FILE:
        snprintf(out, size, "the path of a file in the scenario's folder");
        break;
    }
}

static void range_text(const sim_param *param, char *out, size_t size)
{
    char low[64], high[64];
    sim_quantity_text(param->low, param->dimension, low, sizeof low);
    sim_quantity_text(param->high, param->dimension, high, sizeof high);
    if (param->low == param->high)
        snprintf(out, size, ": %s", low);
    else if (isinf(param->low) || param->low <= -1e300)
        snprintf(out, size, ", at most %s", high);
    else if (isinf(param->high) || param->high >= 1e300)
        snprintf(out, size, ", at least %s", low);
    else
        snprintf(out, size, ", from %s to %s", low, high);
}

void sim_param_expected(const sim_param *param, char *out, size_t size)
{
    kind_text(param, out, size);
    bool ranged =
        param->type == SIM_COUNT || param->type == SIM_QUANTITY || param->type == SIM_DIST || param->type == SIM_CURVE;
    size_t used = strlen(out);
    if (ranged && (param->low != 0 || param->high != 0))
        range_text(param, out + used, size - used);
}
