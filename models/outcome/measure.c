#include "models/outcome/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/observed.h"
#include "models/outcome/private.h"
#include "models/staff/roster.h"
#include "sim/base/error.h"

enum { NAMES = 256 };

static size_t figure_named(const char *name, size_t length)
{
    size_t i = 0;
    while (i < model_key_figure_count &&
           !(strncmp(model_key_figures[i].name, name, length) == 0 && model_key_figures[i].name[length] == '\0'))
        i++;
    return i;
}

static int tell_unknown(const char *what, const char *name, const char *const *names, size_t count, char *why,
                        size_t size)
{
    const char *nearest = sim_diag_nearest(name, names, count);
    if (nearest != NULL)
        (void)snprintf(why, size, "there is no %s \"%s\"; did you mean \"%s\"?", what, name, nearest);
    else
        (void)snprintf(why, size, "there is no %s \"%s\"", what, name);
    return SIM_E_INPUT;
}

static int find_figure(const model_setup *setup, const char *text, size_t length, model_measure *measure, char *why,
                       size_t size)
{
    const char *names[NAMES];
    char name[80];
    measure->index = figure_named(text, length);
    if (measure->index == model_key_figure_count) {
        size_t count = model_key_figure_count < NAMES ? model_key_figure_count : NAMES;
        for (size_t i = 0; i < count; i++)
            names[i] = model_key_figures[i].name;
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < 79 ? length : 79), text);
        return tell_unknown("key figure", name, names, count, why, size);
    }
    if (model_figure_is_recorded(setup, measure->index))
        return 0;
    (void)snprintf(why, size, "this scenario does not record what the key figure \"%s\" is made of",
                   model_key_figures[measure->index].name);
    return SIM_E_INPUT;
}

static int find_site(const model_setup *setup, const char *name, model_measure *measure, char *why, size_t size)
{
    const char *names[NAMES];
    size_t count = 0;
    for (uint32_t i = 0; i < setup->site_count; i++) {
        if (count < NAMES)
            names[count++] = setup->sites[i].name;
        if (strcmp(setup->sites[i].name, name) == 0)
            measure->site = i;
    }
    if (measure->site == MODEL_NONE)
        return tell_unknown("post, centre, informal crossing or destination", name, names, count, why, size);
    if (model_figure_has_sites(setup, measure->index, measure->site))
        return 0;
    (void)snprintf(why, size, "the key figure \"%s\" is not known of %s alone", model_key_figures[measure->index].name,
                   name);
    return SIM_E_INPUT;
}

int model_measure_parse(const model_setup *setup, const char *text, model_measure *measure, char *why, size_t size)
{
    const char *at = strchr(text, '@');
    *measure = (model_measure){.kind = MODEL_MEASURE_FIGURE, .site = MODEL_NONE};
    int ret = find_figure(setup, text, at == NULL ? strlen(text) : (size_t)(at - text), measure, why, size);
    return ret == 0 && at != NULL ? find_site(setup, at + 1, measure, why, size) : ret;
}

int model_measure_parse_any(const model_setup *setups, size_t count, const char *text, model_measure *measure,
                            char *why, size_t size)
{
    int ret = model_measure_parse(&setups[0], text, measure, why, size);
    for (size_t i = 1; i < count && ret == SIM_E_INPUT; i++) {
        char other[8];
        model_measure found;
        if (model_measure_parse(&setups[i], text, &found, other, sizeof other) != 0 ||
            !model_figure_is_sum(found.index))
            continue;
        *measure = found;
        ret = 0;
    }
    return ret;
}

void model_measure_name(const model_setup *setup, const model_measure *measure, char *name, size_t size)
{
    if (measure->kind == MODEL_MEASURE_SHIFT_LOAD)
        (void)snprintf(name, size, "shift.%zu.load", measure->index);
    else if (measure->kind != MODEL_MEASURE_FIGURE)
        (void)snprintf(name, size, "observed.%s.%zu",
                       measure->kind == MODEL_MEASURE_OBSERVED_PEOPLE ? "people" : "wait", measure->index);
    else if (measure->site == MODEL_NONE)
        (void)snprintf(name, size, "%s", model_key_figures[measure->index].name);
    else
        (void)snprintf(name, size, "%s@%s", model_key_figures[measure->index].name, setup->sites[measure->site].name);
}

const char *model_measure_unit(const model_measure *measure)
{
    return measure->kind == MODEL_MEASURE_FIGURE          ? model_key_figures[measure->index].unit
           : measure->kind != MODEL_MEASURE_OBSERVED_WAIT ? "people"
                                                          : "s";
}

bool model_measure_has_stretches(const model_measure *measure)
{
    return measure->kind == MODEL_MEASURE_FIGURE && model_figure_has_stretches(measure->index);
}

int model_measure_all(const model_setup *setup, model_measure **measures, size_t *count)
{
    size_t n = 0;
    model_measure *all = calloc(model_key_figure_count * ((size_t)setup->site_count + 1) + 1, sizeof *all);
    *measures = all;
    *count = 0;
    if (all == NULL)
        return SIM_E_MEMORY;
    for (uint32_t site = 0; site <= setup->site_count; site++)
        for (size_t i = 0; i < model_key_figure_count; i++)
            if (model_figure_is_recorded(setup, i) && (site == 0 || model_figure_has_sites(setup, i, site - 1)))
                all[n++] = (model_measure){
                    .kind = MODEL_MEASURE_FIGURE,
                    .index = i,
                    .site = site == 0 ? MODEL_NONE : site - 1,
                };
    *count = n;
    return 0;
}

static void take_figure(const model_world *world, const model_measure *measure, double pair[2])
{
    const sim_recorder *r = &world->recorder;
    uint32_t first = (uint32_t)(r->warm_up / r->bin), end = r->bins;
    if (measure->to > measure->from) {
        sim_time last = (measure->to + r->bin - 1) / r->bin;
        first = (uint32_t)(measure->from / r->bin);
        end = last < r->bins ? (uint32_t)last : r->bins;
    }
    model_figure_take(world, measure->index, measure->site, first, end, pair);
}

int model_measure_take(const model_world *world, const model_measure *measure, double pair[2])
{
    double people, wait;
    if (measure->kind == MODEL_MEASURE_FIGURE) {
        take_figure(world, measure, pair);
        return 0;
    }
    if (measure->kind == MODEL_MEASURE_SHIFT_LOAD) {
        model_shift_load(world, measure->index, pair);
        return 0;
    }
    int ret = model_observed_take(world, measure->index, &people, &wait);
    pair[0] = measure->kind == MODEL_MEASURE_OBSERVED_PEOPLE ? people : wait;
    pair[1] = 1;
    return ret;
}

double model_measure_value(const double pair[2])
{
    return model_outcome_ratio(pair[0], pair[1]);
}
