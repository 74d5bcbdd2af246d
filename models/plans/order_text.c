/* What an order says, as text that can be read again: by it orders are known in images, logs and branches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"

#define SECTION "timeline.#"

void model_order_text(const model_order *order, char *text, size_t size)
{
    snprintf(text, size, "%s%s%s%s%s", order->kind->name, order->target[0] == '\0' ? "" : " ", order->target,
             order->text[0] == '\0' ? "" : ": ", order->text);
}

static void put_text(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', to);
        fputc(*text, to);
    }
    fputc('"', to);
}

static void put_word(FILE *to, const char *words, unsigned index)
{
    for (; index > 0; index--)
        words += strcspn(words, " ") + 1;
    fprintf(to, "%.*s", (int)strcspn(words, " "), words);
}

/* In SI, with all digits. */
static void put_quantity(FILE *to, const sim_config *config, const sim_param *row, uint32_t element)
{
    sim_dimension dimension =
        row->dimension == SIM_DIM_ANY ? sim_quantity_dimension(config, SECTION, row->name, element) : row->dimension;
    fprintf(to, "%.17g", sim_quantity(config, SECTION, row->name, element));
    if (dimension != SIM_DIM_NONE)
        fprintf(to, " %s", sim_dimension_si(dimension));
}

static void put_value(FILE *to, const sim_config *config, const sim_param *row, uint32_t element)
{
    switch (row->type) {
    case SIM_TEXT:
        put_text(to, sim_text(config, SECTION, row->name, element));
        break;
    case SIM_COUNT:
        fprintf(to, "%lld", (long long)sim_count(config, SECTION, row->name, element));
        break;
    case SIM_QUANTITY:
        put_quantity(to, config, row, element);
        break;
    case SIM_CHOICE:
        put_word(to, row->words, sim_choice(config, SECTION, row->name, element));
        break;
    case SIM_BOOL:
        fputs(sim_bool(config, SECTION, row->name, element) ? "true" : "false", to);
        break;
    case SIM_NAME:
        put_text(to, sim_element_name(config, row->words, sim_name(config, SECTION, row->name, element)));
        break;
    default:
        break; /* the timeline has no other types */
    }
}

/* Who gives it and when are told apart from what it says. */
static bool is_about_giving(const char *name)
{
    static const char *const names[] = {"at", "rule", "level", "part"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void put_order(FILE *to, const model_setup *setup, const model_order *order)
{
    const sim_rows *rows = &setup->rows.rows;
    const char *before = "{";
    for (size_t i = 0; i < rows->param_count; i++) {
        const sim_param *row = rows->params[i];
        if (strcmp(row->section, SECTION) != 0 || is_about_giving(row->name) ||
            !sim_is_written(order->config, SECTION, row->name, order->element))
            continue;
        fprintf(to, "%s%s: ", before, row->name);
        put_value(to, order->config, row, order->element);
        before = ", ";
    }
    fputc('}', to);
}

static void put_giver(FILE *to, const model_setup *setup, const model_order *order)
{
    if (order->rule != MODEL_NONE) {
        fprintf(to, "rule %s ", sim_element_name(setup->config, "rules.*", order->rule));
        put_word(to, MODEL_LEVEL_WORDS, order->level - 1);
    } else {
        fputs(sim_element_is_overlaid(order->config, SECTION, order->element) ? "plan" : "scenario", to);
    }
}

int model_order_describe(const model_setup *setup, model_order *order, const char *giver)
{
    size_t size;
    FILE *to = order->says == NULL ? open_memstream(&order->says, &size) : NULL;
    if (order->says == NULL && to == NULL)
        return SIM_E_MEMORY;
    if (to != NULL) {
        put_order(to, setup, order);
        if (fclose(to) != 0)
            return SIM_E_MEMORY;
    }
    free(order->giver);
    order->giver = NULL;
    if (giver != NULL) {
        order->giver = strdup(giver);
        return order->giver == NULL ? SIM_E_MEMORY : 0;
    }
    to = open_memstream(&order->giver, &size);
    if (to == NULL)
        return SIM_E_MEMORY;
    put_giver(to, setup, order);
    return fclose(to) == 0 ? 0 : SIM_E_MEMORY;
}
