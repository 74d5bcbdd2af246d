/* Targets of service as people write them: "wait.p95@each<=2 h", "wait.within_target@Bridge>=95% each 1 h". */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "models/study/staff/staff.h"
#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "sim/base/number.h"
#include "sim/base/unit.h"
#include "sim/base/words.h"

enum { TEXT = 400 };

/* --- values with units --- */

/* Units of figures that have a dimension of their own; one unit of the figure is so many of SI. */
static const struct {
    const char *unit;
    sim_dimension dimension;
    double si;
} dimensions[] = {{"s", SIM_DIM_TIME, 1},  {"1", SIM_DIM_NONE, 1},       {"USD", SIM_DIM_MONEY, 1},
                  {"m2", SIM_DIM_AREA, 1}, {"km", SIM_DIM_LENGTH, 1000}, {"L", SIM_DIM_VOLUME, 1e-3}};

void staff_value_text(char *text, size_t size, const char *unit, double value)
{
    char number[FIGURE_SIZE];
    if (!isfinite(value)) {
        snprintf(text, size, "-");
    } else if (strcmp(unit, "s") == 0) {
        words_duration(text, size, value);
    } else if (strcmp(unit, "1") == 0) {
        snprintf(text, size, "%.1f %%", 100 * value);
    } else {
        figure_number(number, value, fabs(value) < 100 && value != round(value) ? 1 : 0);
        snprintf(text, size, "%s %s", number, unit);
    }
}

static int read_amount(const char *text, const char *unit, double *amount, char *why, size_t size)
{
    const char *end;
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
        if (strcmp(unit, dimensions[i].unit) != 0)
            continue;
        sim_unit_outcome outcome = sim_unit_parse(text, dimensions[i].dimension, amount, NULL, NULL);
        *amount /= dimensions[i].si;
        if (outcome == SIM_UNIT_OK)
            return 0;
        snprintf(why, size, "\"%s\" is not %s, such as %s", text, sim_dimension_words(dimensions[i].dimension),
                 dimensions[i].dimension == SIM_DIM_NONE ? "95 %" : sim_dimension_example(dimensions[i].dimension));
        return SIM_E_INPUT;
    }
    bool is_number = sim_number_parse(text, &end, amount) == 0;
    while (is_number && *end == ' ')
        end++;
    if (is_number && (*end == '\0' || strcmp(end, unit) == 0))
        return 0;
    snprintf(why, size, "\"%s\" is not a number of the figure's unit, such as 20 %s", text, unit);
    return SIM_E_INPUT;
}

/* --- reading --- */

/* The words of a target, each without blanks around it. */
typedef struct {
    char text[TEXT];
    char *figure, *amount, *each; /* each: NULL when there is none */
    bool at_least;
} parts;

static char *trimmed(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    for (size_t n = strlen(text); n > 0 && isspace((unsigned char)text[n - 1]); n--)
        text[n - 1] = '\0';
    return text;
}

static int split(const char *text, parts *p, char *why, size_t size)
{
    if (strlen(text) >= sizeof p->text) {
        snprintf(why, size, "a target of more than %d characters", TEXT - 1);
        return SIM_E_INPUT;
    }
    memcpy(p->text, text, strlen(text) + 1);
    char *sign = strpbrk(p->text, "<>");
    if (sign == NULL || sign[1] != '=') {
        snprintf(why, size, "a target is FIGURE<=AMOUNT or FIGURE>=AMOUNT, such as \"wait.p95@each<=2 h\"");
        return SIM_E_INPUT;
    }
    p->at_least = *sign == '>';
    *sign = '\0';
    p->figure = trimmed(p->text);
    p->amount = sign + 2;
    p->each = strstr(p->amount, " each ");
    if (p->each != NULL) {
        *p->each = '\0';
        p->each = trimmed(p->each + 6);
    }
    p->amount = trimmed(p->amount);
    return 0;
}

/* Whole bins, and not longer than what is measured. */
static int read_each(const model_setup *setup, const parts *p, const model_measure *measure, sim_time *each, char *why,
                     size_t size)
{
    double seconds, bin = (double)setup->bin * 1e-6;
    *each = 0;
    if (p->each == NULL)
        return 0;
    if (!model_measure_has_stretches(measure)) {
        snprintf(why, size, "%s is known of the whole run only, not of each stretch of it", p->figure);
        return SIM_E_INPUT;
    }
    if (sim_unit_parse(p->each, SIM_DIM_TIME, &seconds, NULL, NULL) != SIM_UNIT_OK || !(seconds > 0) ||
        seconds > 1e10) {
        snprintf(why, size, "\"%s\" is not a time, such as 1 h", p->each);
        return SIM_E_INPUT;
    }
    double bins = seconds / bin;
    if (fabs(bins - round(bins)) > 1e-9 || bins < 0.5) {
        char text[64];
        words_duration(text, sizeof text, bin);
        snprintf(why, size, "\"each %s\" is no multiple of the scenario's time bin, %s", p->each, text);
        return SIM_E_INPUT;
    }
    *each = (sim_time)round(bins) * setup->bin;
    return 0;
}

static int add_measures(staff_targets *targets, staff_target *t, const model_setup *setup, model_measure measure)
{
    sim_time step = t->each > 0 ? t->each : setup->end - setup->warm_up;
    t->first = targets->measure_count;
    t->count = (size_t)((setup->end - setup->warm_up + step - 1) / step);
    model_measure *measures = realloc(targets->measures, (t->first + t->count) * sizeof *measures);
    if (measures == NULL)
        return SIM_E_MEMORY;
    targets->measures = measures;
    for (size_t i = 0; i < t->count; i++) {
        if (t->each > 0) {
            measure.from = setup->warm_up + (sim_time)i * step;
            measure.to = measure.from + step < setup->end ? measure.from + step : setup->end;
        }
        measures[t->first + i] = measure;
    }
    targets->measure_count += t->count;
    return 0;
}

/* More people make figures better: the other way round there is nothing to search for. */
static int check_direction(const parts *p, const model_measure *measure, char *why, size_t size)
{
    model_better better = model_key_figures[measure->index].better;
    if (better != (p->at_least ? MODEL_LESS_IS_BETTER : MODEL_MORE_IS_BETTER))
        return 0;
    snprintf(why, size, "%s of %s is better, so that a target for it is %s an amount", p->at_least ? "less" : "more",
             model_key_figures[measure->index].name, p->at_least ? "at most (<=)" : "at least (>=)");
    return SIM_E_INPUT;
}

static int add_one(staff_targets *targets, const model_setup *setup, const parts *p, const char *figure, char *why,
                   size_t size)
{
    model_measure measure;
    staff_target t = {.at_least = p->at_least};
    char name[TEXT];
    int ret = model_measure_parse(setup, figure, &measure, why, size);
    if (ret == 0)
        ret = check_direction(p, &measure, why, size);
    if (ret == 0)
        ret = read_each(setup, p, &measure, &t.each, why, size);
    if (ret != 0)
        return ret;
    t.unit = model_measure_unit(&measure);
    t.site = measure.site;
    ret = read_amount(p->amount, t.unit, &t.amount, why, size);
    if (ret != 0)
        return ret;
    model_measure_name(setup, &measure, name, sizeof name);
    staff_target *items = realloc(targets->items, (targets->count + 1) * sizeof *items);
    if (items == NULL)
        return SIM_E_MEMORY;
    targets->items = items;
    size_t room = strlen(name) + strlen(p->amount) + (p->each == NULL ? 0 : strlen(p->each)) + 16;
    t.name = strdup(name);
    t.text = malloc(room);
    if (t.text != NULL)
        snprintf(t.text, room, "%s %s %s%s%s", name, t.at_least ? ">=" : "<=", p->amount,
                 p->each == NULL ? "" : " each ", p->each == NULL ? "" : p->each);
    targets->items[targets->count++] = t;
    return t.name == NULL || t.text == NULL
               ? SIM_E_MEMORY
               : add_measures(targets, &targets->items[targets->count - 1], setup, measure);
}

int staff_targets_add(staff_targets *targets, const model_setup *setup, const char *text, char *why, size_t size)
{
    parts p;
    int ret = split(text, &p, why, size);
    size_t length = ret == 0 ? strlen(p.figure) : 0, before = targets->count;
    if (ret != 0 || length < 5 || strcmp(p.figure + length - 5, "@each") != 0)
        return ret != 0 ? ret : add_one(targets, setup, &p, p.figure, why, size);
    for (uint32_t i = 0; i < setup->post_count && ret == 0; i++) {
        char figure[2 * TEXT];
        snprintf(figure, sizeof figure, "%.*s@%s", (int)(length - 5), p.figure, setup->sites[i].name);
        ret = add_one(targets, setup, &p, figure, why, size);
    }
    if (ret == 0 && targets->count == before) {
        snprintf(why, size, "the scenario has no posts, so that @each means none");
        ret = SIM_E_INPUT;
    }
    return ret;
}

/* --- those who are in no wait --- */

static int guard_one(staff_targets *targets, const model_setup *setup, uint32_t post, double share)
{
    static const char *const figures[] = {"people.gave_up", "people.waiting_at_end", "people.arrived"};
    model_measure measures[3];
    char name[TEXT], why[200];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s@%s", figures[i], setup->sites[post].name);
        int ret = model_measure_parse(setup, name, &measures[i], why, sizeof why);
        if (ret != 0)
            return ret == SIM_E_INPUT ? 0 : ret; /* not a post */
    }
    staff_target *items = realloc(targets->items, (targets->count + 1) * sizeof *items);
    if (items != NULL)
        targets->items = items;
    model_measure *all = realloc(targets->measures, (targets->measure_count + 3) * sizeof *all);
    if (all != NULL)
        targets->measures = all;
    if (items == NULL || all == NULL)
        return SIM_E_MEMORY;
    snprintf(name, sizeof name, "people lost@%s", setup->sites[post].name);
    staff_target *t = &items[targets->count++];
    *t = (staff_target){
        .unit = "1", .amount = share, .site = post, .first = targets->measure_count, .count = 3, .lost = true};
    memcpy(all + targets->measure_count, measures, sizeof measures);
    targets->measure_count += 3;
    t->name = strdup(name);
    t->text = strdup(name);
    return t->name == NULL || t->text == NULL ? SIM_E_MEMORY : 0;
}

int staff_targets_guard(staff_targets *targets, const staff_shifts *shifts, double share)
{
    int ret = 0;
    for (size_t i = 0; i < shifts->count && ret == 0; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first = first && shifts->items[k].post != shifts->items[i].post;
        ret = first ? guard_one(targets, shifts->setup, shifts->items[i].post, share) : 0;
    }
    return ret;
}

void staff_targets_free(staff_targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        free(targets->items[i].name);
        free(targets->items[i].text);
    }
    free(targets->items);
    free(targets->measures);
    *targets = (staff_targets){0};
}
