/* Strict reading of option values: what is not wholly a number in range is refused, nothing is silently cut or wrapped.
 */
#include "tools/base/option.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/unit.h"

int option_whole(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
    char *end = NULL;
    unsigned long long number;
    if (text[0] < '0' || text[0] > '9')
        return -1; /* strtoull would take blanks and signs */
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || number < low || number > high)
        return -1;
    *value = number;
    return 0;
}

uint64_t option_whole_or_exit(struct argp_state *state, const char *option, const char *text, uint64_t low,
                              uint64_t high)
{
    uint64_t value = low;
    if (option_whole(text, low, high, &value) != 0)
        argp_error(state, "%s wants a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'", option, low, high, text);
    return value;
}

int option_until(const char *text, char **metric, double *width)
{
    const char *equals = strchr(text, '=');
    *metric = NULL;
    if (!equals || equals == text)
        return SIM_E_INPUT;
    if (sim_unit_parse(equals + 1, SIM_DIM_NONE, width, NULL, NULL) != SIM_UNIT_OK || !(*width > 0) || *width > 1)
        return SIM_E_INPUT;
    *metric = strndup(text, (size_t)(equals - text));
    return *metric ? 0 : SIM_E_MEMORY;
}

int option_sets_init(option_sets *sets, int argc)
{
    sets->count = 0;
    sets->items = calloc(argc > 0 ? (size_t)argc : 1, sizeof *sets->items);
    return sets->items ? 0 : SIM_E_MEMORY;
}

void option_sets_free(option_sets *sets)
{
    free(sets->items);
    sets->items = NULL;
    sets->count = 0;
}

void option_sets_add_or_exit(option_sets *sets, struct argp_state *state, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        argp_error(state, "--set wants PATH=VALUE, not '%s'", text);
    sets->items[sets->count++] = text;
}
