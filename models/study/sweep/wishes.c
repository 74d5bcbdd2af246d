/* What a sweep may be asked for: designs by their words, and wishes that do not go together. */
#include <string.h>

#include "models/study/sweep/sweep.h"

static const struct {
    const char *word;
    sim_design_kind kind;
} designs[] = {
    {"factorial", SIM_DESIGN_FACTORIAL}, {"lhs", SIM_DESIGN_LATIN},           {"sobol", SIM_DESIGN_SOBOL},
    {"morris", SIM_DESIGN_MORRIS},       {"points", SIM_DESIGN_POINTS_GIVEN},
};
enum { DESIGNS = sizeof designs / sizeof *designs };

const char *sweep_design_word(sim_design_kind kind)
{
    for (size_t i = 0; i < DESIGNS; i++)
        if (designs[i].kind == kind)
            return designs[i].word;
    return "";
}

bool sweep_design_of(const char *word, sim_design_kind *kind)
{
    for (size_t i = 0; i < DESIGNS; i++)
        if (strcmp(designs[i].word, word) == 0) {
            *kind = designs[i].kind;
            return true;
        }
    return false;
}

/* Points that are given: nothing else makes any. */
static const char *given_problem(const sweep_wishes *w, bool design_given)
{
    if (w->design == SIM_DESIGN_LATIN)
        return "--from has points; --design lhs would make its own";
    if (design_given && w->design == SIM_DESIGN_FACTORIAL)
        return "--from has points; --design factorial would make its own";
    if (w->points > 0)
        return "--from has its own number of points; --points says nothing there";
    return NULL;
}

static const char *made_problem(const sweep_wishes *w)
{
    if (w->design == SIM_DESIGN_POINTS_GIVEN)
        return "--design points wants --from FILE";
    if (w->factor_count == 0 && w->problem == NULL && w->plan_count < 2)
        return "what is varied? --factor PATH=LOW..HIGH, --problem FILE or --from FILE is needed";
    return NULL;
}

const char *sweep_wishes_problem(const sweep_wishes *w, bool design_given)
{
    const char *problem = w->from != NULL ? given_problem(w, design_given) : made_problem(w);
    if (problem != NULL)
        return problem;
    if (w->points > 0 && w->design == SIM_DESIGN_FACTORIAL)
        return "--points says nothing of a factorial design: its points follow from --levels";
    if (w->levels > 0 && w->design == SIM_DESIGN_LATIN)
        return "--levels says nothing of --design lhs";
    if (w->levels > 0 && w->design == SIM_DESIGN_SOBOL)
        return "--levels says nothing of --design sobol";
    if (w->design == SIM_DESIGN_MORRIS && w->levels % 2 != 0)
        return "--levels of a Morris design is an even number";
    return NULL;
}
