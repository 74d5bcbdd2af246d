#include "sim/base/unit.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "sim/base/diag.h"
#include "sim/base/number.h"

static const struct {
    const char *words, *si, *example;
} dimensions[] = {
#define SIM_DIM_ROW(name, words, si, example) [name] = {words, si, example},
    SIM_DIMENSIONS(SIM_DIM_ROW)
#undef SIM_DIM_ROW
};

enum { DIMENSIONS = sizeof dimensions / sizeof dimensions[0] };

/* A value in the unit is value * times / by in SI: two whole factors, because 1/60 and 1/86400 are not doubles. */
typedef struct {
    const char *name;
    double times, by;
} unit_row;

#define MINUTE 60.0
#define HOUR 3600.0
#define DAY 86400.0
#define WEEK 604800.0

static const unit_row plain[] = {{"%", 1, 100}};
static const unit_row times[] = {{"us", 1, 1e6}, {"ms", 1, 1e3}, {"s", 1, 1},      {"min", MINUTE, 1},
                                 {"h", HOUR, 1}, {"d", DAY, 1},  {"week", WEEK, 1}};
static const unit_row lengths[] = {{"cm", 1, 100}, {"m", 1, 1}, {"km", 1000, 1}};
static const unit_row speeds[] = {{"m/s", 1, 1}, {"km/h", 1000, HOUR}};
static const unit_row areas[] = {{"m2", 1, 1}, {"ha", 1e4, 1}, {"km2", 1e6, 1}};
static const unit_row rates[] = {{"/s", 1, 1},       {"/min", 1, MINUTE}, {"/h", 1, HOUR},      {"/d", 1, DAY},
                                 {"/week", 1, WEEK}, {"1/s", 1, 1},       {"1/min", 1, MINUTE}, {"1/h", 1, HOUR},
                                 {"1/d", 1, DAY},    {"1/week", 1, WEEK}};
static const unit_row densities[] = {{"1/m2", 1, 1}, {"1/ha", 1, 1e4}, {"1/km2", 1, 1e6},
                                     {"/m2", 1, 1},  {"/ha", 1, 1e4},  {"/km2", 1, 1e6}};
static const unit_row moneys[] = {{"USD", 1, 1}, {"kUSD", 1e3, 1}, {"MUSD", 1e6, 1}};
static const unit_row wages[] = {
    {"USD/s", 1, 1}, {"USD/min", 1, MINUTE}, {"USD/h", 1, HOUR}, {"USD/d", 1, DAY}, {"USD/week", 1, WEEK}};
static const unit_row temperatures[] = {{"C", 1, 1}};
static const unit_row volumes[] = {{"L", 1, 1000}, {"m3", 1, 1}};
static const unit_row flows[] = {
    {"m3/s", 1, 1}, {"L/h", 1, 1000 * HOUR}, {"L/d", 1, 1000 * DAY}, {"m3/h", 1, HOUR}, {"m3/d", 1, DAY}};

#define NAME_ARRAY(...)   \
    (const char *const[]) \
    {                     \
        __VA_ARGS__       \
    }
#define ROWS(table, ...)                                               \
    {                                                                  \
        table, sizeof table / sizeof table[0], NAME_ARRAY(__VA_ARGS__) \
    }

/* The names again, because sim_unit_names hands out a plain array; a test holds the two together. */
static const struct {
    const unit_row *rows;
    size_t n;
    const char *const *names;
} units[] = {
    [SIM_DIM_NONE] = ROWS(plain, "%"),
    [SIM_DIM_TIME] = ROWS(times, "us", "ms", "s", "min", "h", "d", "week"),
    [SIM_DIM_LENGTH] = ROWS(lengths, "cm", "m", "km"),
    [SIM_DIM_SPEED] = ROWS(speeds, "m/s", "km/h"),
    [SIM_DIM_AREA] = ROWS(areas, "m2", "ha", "km2"),
    [SIM_DIM_RATE] = ROWS(rates, "/s", "/min", "/h", "/d", "/week", "1/s", "1/min", "1/h", "1/d", "1/week"),
    [SIM_DIM_DENSITY] = ROWS(densities, "1/m2", "1/ha", "1/km2", "/m2", "/ha", "/km2"),
    [SIM_DIM_MONEY] = ROWS(moneys, "USD", "kUSD", "MUSD"),
    [SIM_DIM_WAGE] = ROWS(wages, "USD/s", "USD/min", "USD/h", "USD/d", "USD/week"),
    [SIM_DIM_TEMPERATURE] = ROWS(temperatures, "C"),
    [SIM_DIM_VOLUME] = ROWS(volumes, "L", "m3"),
    [SIM_DIM_ANY] = ROWS(plain, "%"),
    [SIM_DIM_FLOW] = ROWS(flows, "m3/s", "L/h", "L/d", "m3/h", "m3/d"),
};

_Static_assert(sizeof units / sizeof units[0] == DIMENSIONS, "every dimension has its units");

const char *sim_dimension_words(sim_dimension dimension)
{
    assert((size_t)dimension < DIMENSIONS);
    return dimensions[dimension].words;
}

const char *sim_dimension_si(sim_dimension dimension)
{
    assert((size_t)dimension < DIMENSIONS);
    return dimensions[dimension].si;
}

const char *sim_dimension_example(sim_dimension dimension)
{
    assert((size_t)dimension < DIMENSIONS);
    return dimensions[dimension].example;
}

size_t sim_unit_names(sim_dimension dimension, const char *const **names)
{
    assert((size_t)dimension < DIMENSIONS);
    *names = units[dimension].names;
    return units[dimension].n;
}

static const unit_row *find(sim_dimension dimension, const char *name)
{
    for (size_t i = 0; i < units[dimension].n; i++)
        if (strcmp(units[dimension].rows[i].name, name) == 0)
            return &units[dimension].rows[i];
    return NULL;
}

/* Names of the dimension asked for come first: of two equally near ones the user more likely meant that. */
static const char *nearest_unit(const char *name, sim_dimension dimension)
{
    const char *nearest = sim_diag_nearest(name, units[dimension].names, units[dimension].n);
    static const struct {
        const char *written, *meant;
    } known[] = {{"sec", "s"},       {"second", "s"},   {"seconds", "s"}, {"minute", "min"}, {"minutes", "min"},
                 {"hr", "h"},        {"hour", "h"},     {"hours", "h"},   {"day", "d"},      {"days", "d"},
                 {"weeks", "week"},  {"w", "week"},     {"metre", "m"},   {"meter", "m"},    {"m^2", "m2"},
                 {"sqm", "m2"},      {"m²", "m2"},      {"kph", "km/h"},  {"kmh", "km/h"},   {"km/hr", "km/h"},
                 {"per hour", "/h"}, {"per day", "/d"}, {"$", "USD"},     {"usd", "USD"},    {"$/h", "USD/h"},
                 {"/hour", "/h"},    {"/day", "/d"},    {"/m^2", "/m2"},  {"1/m^2", "1/m2"}, {"percent", "%"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].written, name) == 0)
            return known[i].meant;
    for (size_t d = 0; d < DIMENSIONS && nearest == NULL; d++)
        nearest = sim_diag_nearest(name, units[d].names, units[d].n);
    return nearest;
}

sim_unit_outcome sim_unit_parse(const char *text, sim_dimension dimension, double *value, sim_dimension *found,
                                const char **suggestion)
{
    if (found != NULL)
        *found = dimension;
    if (suggestion != NULL)
        *suggestion = NULL;
    double number;
    const char *name;
    if (sim_number_parse(text, &name, &number) != 0)
        return SIM_UNIT_NOT_A_NUMBER;
    while (*name == ' ')
        name++;
    bool any = dimension == SIM_DIM_ANY;
    if (*name == '\0') {
        *value = number;
        if (any && found != NULL)
            *found = SIM_DIM_NONE;
        return dimension == SIM_DIM_NONE || any ? SIM_UNIT_OK : SIM_UNIT_MISSING;
    }
    for (size_t d = 0; any && d < DIMENSIONS; d++)
        if (find((sim_dimension)d, name) != NULL)
            return sim_unit_parse(text, (sim_dimension)d, value, found, suggestion);
    const unit_row *unit = find(dimension, name);
    if (unit != NULL) {
        *value = number * unit->times / unit->by;
        return *value - *value == 0 ? SIM_UNIT_OK : SIM_UNIT_NOT_A_NUMBER; /* "1e308 km" overflows */
    }
    for (size_t d = 0; d < DIMENSIONS; d++) {
        if (find((sim_dimension)d, name) == NULL)
            continue;
        if (found != NULL)
            *found = (sim_dimension)d;
        return SIM_UNIT_WRONG;
    }
    if (suggestion != NULL)
        *suggestion = nearest_unit(name, dimension);
    return SIM_UNIT_UNKNOWN;
}
