/* See synthetic_comparison.h. */
#include "tests/support/synthetic_comparison.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/outcome/outcome.h"

static void name_figure(compare_figure *figure, const char *name)
{
    for (size_t i = 0; i < model_key_figure_count; i++) {
        const model_key_figure *key = &model_key_figures[i];
        if (strcmp(key->name, name) != 0)
            continue;
        snprintf(figure->name, sizeof figure->name, "%s", name);
        snprintf(figure->label, sizeof figure->label, "%s", key->doc);
        figure->unit = key->unit;
        figure->better = key->better;
        figure->is_protection = strncmp(name, "global.", 7) == 0;
        return;
    }
    fail_msg("no key figure %s", name);
}

void synthetic_compare(comparison *c, size_t plans, const synthetic_figure *figures, size_t count)
{
    assert_int_equal(compare_init(c, plans, count), 0);
    c->title = "A comparison";
    c->confidence = 0.95;
    c->seed = 7;
    assert_int_equal(compare_grow(c, SYNTHETIC_REPLICATIONS), 0);
    for (size_t i = 0; i < plans; i++)
        snprintf(c->plans[i].name, sizeof c->plans[i].name, i == 0 ? "baseline" : "plan %zu", i);
    for (size_t f = 0; f < count; f++) {
        name_figure(&c->figures[f], figures[f].name);
        for (size_t i = 0; i < plans; i++)
            for (size_t r = 0; r < SYNTHETIC_REPLICATIONS; r++) {
                double luck = (double)(r * 7 % 10) - 4.5,
                       own = (double)((r * 3 + i * 5) % 10) - 4.5; /* both sum up to 0 */
                compare_values(c, i, f)[r] = figures[f].mean + (double)i * figures[f].change +
                                             figures[f].shared * luck + (i > 0 ? figures[f].own * own : 0);
            }
    }
    assert_int_equal(compare_judge(c, SYNTHETIC_REPLICATIONS, 1, 1), 0);
}
