/* Which figures are compared, which must be answered, by which the best is selected: from the texts of the command
 * line. */
#include <stdlib.h>
#include <string.h>

#include "models/study/compare/compare.h"
#include "sim/base/error.h"

/* The list while it is made, with room for all; a line in `why` for what is wrong. */
typedef struct {
    const model_setup *setups; /* of each plan */
    size_t setup_count;
    compare_figure *list;
    size_t count;
    char *why;
    size_t size;
} chooser;

/* The place of a figure in the list, added where it was not. */
static int find_or_add(chooser *c, const char *name, size_t *at)
{
    compare_figure figure;
    int error = compare_figure_parse(c->setups, c->setup_count, name, &figure, c->why, c->size);
    if (error != 0)
        return error;
    for (*at = 0; *at < c->count; ++*at)
        if (strcmp(c->list[*at].name, figure.name) == 0)
            return 0;
    c->list[c->count++] = figure;
    return 0;
}

/* "FIGURE=AMOUNT" */
static int ask(chooser *c, const char *text)
{
    const char *equals = strchr(text, '=');
    char *name = strndup(text, (size_t)(equals - text));
    size_t at = 0;
    int error = name == NULL ? SIM_E_MEMORY : find_or_add(c, name, &at);
    free(name);
    if (error != 0)
        return error;
    c->list[at].is_asked = true;
    return compare_amount_parse(&c->list[at], equals + 1, &c->list[at].indifference, c->why, c->size);
}

static int choose_best(chooser *c, const compare_wishes *wishes, compare_best *best)
{
    int error = find_or_add(c, wishes->best, &best->figure);
    if (error != 0)
        return error;
    const compare_figure *figure = &c->list[best->figure];
    best->is_wanted = true;
    best->largest = wishes->largest || figure->better == MODEL_MORE_IS_BETTER;
    best->probability = wishes->probability > 0 ? wishes->probability : 0.95;
    return compare_amount_parse(figure, wishes->indifference, &best->indifference, c->why, c->size);
}

int compare_choose(const compare_wishes *wishes, const model_setup *setups, size_t setup_count, compare_figure **list,
                   size_t *count, compare_best *best, char *why, size_t size)
{
    chooser c = {setups, setup_count, NULL, 0, why, size};
    size_t at;
    int error = wishes->figure_count == 0 ? compare_figures_default(setups, setup_count, list, &c.count) : 0;
    if (error != 0)
        return error;
    c.list = realloc(*list, (c.count + wishes->figure_count + wishes->until_count + 2) * sizeof *c.list);
    if (c.list == NULL)
        return SIM_E_MEMORY;
    *list = c.list;
    for (size_t i = 0; i < wishes->figure_count && error == 0; i++)
        error = find_or_add(&c, wishes->figures[i], &at);
    for (size_t i = 0; i < wishes->until_count && error == 0; i++)
        error = ask(&c, wishes->until[i]);
    if (error == 0 && wishes->best != NULL)
        error = choose_best(&c, wishes, best);
    *count = c.count;
    return error;
}
