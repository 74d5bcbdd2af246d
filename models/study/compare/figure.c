/* The figures of a comparison: by name, the usual ones, and amounts of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "models/study/compare/compare.h"
#include "sim/base/error.h"
#include "sim/base/unit.h"

/* What planners ask first. A scenario knows some of them. */
static const char *const usual[] = {"wait.mean",
                                    "wait.p95",
                                    "wait.within_target",
                                    "queue.peak",
                                    "people.crossed",
                                    "people.gave_up",
                                    "border.irregular_share",
                                    "border.registered",
                                    "site.person_days_in_the_open",
                                    "screening.found_share",
                                    "protection.on_time",
                                    "protection.families_split",
                                    "crowd.person_hours_unsafe",
                                    "custody.children_detained",
                                    "global.deaths",
                                    "staff.hours",
                                    "cost.total"};
enum { USUAL = sizeof usual / sizeof *usual };

/* Begins of names of figures that say what became of people, not how the service ran. */
static const char *const of_protection[] = {
    "protection.",      "screening.",           "crowd.", "custody.", "health.", "status.", "global.",
    "border.exploited", "border.refused_share", "site."};

static bool is_of_protection(const char *name)
{
    for (size_t i = 0; i < sizeof of_protection / sizeof *of_protection; i++)
        if (strncmp(name, of_protection[i], strlen(of_protection[i])) == 0)
            return true;
    return false;
}

int compare_figure_parse(const model_setup *setups, size_t setup_count, const char *text, compare_figure *figure,
                         char *why, size_t size)
{
    memset(figure, 0, sizeof *figure);
    int error = model_measure_parse_any(setups, setup_count, text, &figure->measure, why, size);
    if (error != 0)
        return error;
    const model_key_figure *key = &model_key_figures[figure->measure.index];
    model_measure_name(setups, &figure->measure, figure->name, sizeof figure->name);
    const char *site = strchr(figure->name, '@');
    snprintf(figure->label, sizeof figure->label, "%s%s%s", key->doc, site ? ", at " : "", site ? site + 1 : "");
    figure->unit = model_measure_unit(&figure->measure);
    figure->better = key->better;
    figure->is_protection = is_of_protection(figure->name);
    return 0;
}

int compare_figures_default(const model_setup *setups, size_t setup_count, compare_figure **figures, size_t *count)
{
    compare_figure *list = calloc(USUAL, sizeof *list);
    char why[8];
    size_t n = 0;
    if (list == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < USUAL; i++) {
        int error = compare_figure_parse(setups, setup_count, usual[i], &list[n], why, sizeof why);
        if (error == 0)
            n++;
        else if (error != SIM_E_INPUT) {
            free(list);
            return error;
        }
    }
    *figures = list;
    *count = n;
    return 0;
}

/* --- amounts --- */

/* A number of people, hours of people ...: plain, or with the unit's own words behind. */
static int parse_counted(const char *text, const char *unit, double *amount)
{
    char number[64];
    size_t length = strlen(text), tail = strlen(unit);
    if (length > tail && strcmp(text + length - tail, unit) == 0)
        length -= tail;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    snprintf(number, sizeof number, "%.*s", (int)length, text);
    return length < sizeof number && strchr(number, '%') == NULL &&
                   sim_unit_parse(number, SIM_DIM_NONE, amount, NULL, NULL) == SIM_UNIT_OK
               ? 0
               : SIM_E_INPUT;
}

int compare_amount_parse(const compare_figure *figure, const char *text, double *amount, char *why, size_t size)
{
    static const sim_dimension dimensions[] = {SIM_DIM_NONE, SIM_DIM_TIME, SIM_DIM_LENGTH, SIM_DIM_AREA, SIM_DIM_MONEY};
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
        if (strcmp(figure->unit, sim_dimension_si(dimensions[i])) != 0)
            continue;
        if (sim_unit_parse(text, dimensions[i], amount, NULL, NULL) == SIM_UNIT_OK && *amount > 0)
            return 0;
        snprintf(why, size, "%s wants %s above 0, such as %s, not '%.60s'", figure->name,
                 dimensions[i] == SIM_DIM_NONE ? "a share" : sim_dimension_words(dimensions[i]),
                 dimensions[i] == SIM_DIM_NONE ? "5 %" : sim_dimension_example(dimensions[i]), text);
        return SIM_E_INPUT;
    }
    if (parse_counted(text, figure->unit, amount) == 0 && *amount > 0)
        return 0;
    snprintf(why, size, "%s wants a number of %s above 0, such as '100 %s', not '%.60s'", figure->name, figure->unit,
             figure->unit, text);
    return SIM_E_INPUT;
}
