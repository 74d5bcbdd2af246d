/* The registry: models.def turned into a table, and all rows of all models collected from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/model.h"
#include "sim/base/error.h"
#include "sim/engine/network.h"

#define MODEL(name, number) SLOT_##name,
enum {
#include "models/models.def"
    SLOTS
};
#undef MODEL
_Static_assert((int)SLOTS <= (int)MODEL_MOST, "more models than MODEL_MOST");

#define MODEL(name, number)                     \
    extern const model model_of_##name;         \
    extern const model_row model_row_of_##name; \
    const model_row model_row_of_##name = {SLOT_##name, number};
#include "models/models.def"
#undef MODEL

const model *const model_registry[] = {
#define MODEL(name, number) &model_of_##name,
#include "models/models.def"
#undef MODEL
};
const model_row *const model_registry_rows[] = {
#define MODEL(name, number) &model_row_of_##name,
#include "models/models.def"
#undef MODEL
};
const size_t model_registry_count = SLOTS;

const char model_order_words[] = "none";

/* The row that takes the name of an order gets all of them as its words. */
static int name_orders(model_rows *rows)
{
    size_t length = 1;
    for (size_t i = 0; i < rows->order_count; i++)
        length += strlen(rows->orders[i]->name) + 1;
    char *at = rows->order_words = malloc(length);
    rows->order_param = malloc(sizeof *rows->order_param);
    if (at == NULL || rows->order_param == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < rows->order_count; i++)
        at += sprintf(at, "%s%s", i == 0 ? "" : " ", rows->orders[i]->name);
    for (size_t i = 0; i < rows->rows.param_count; i++)
        if (rows->params[i]->words == model_order_words) {
            *rows->order_param = *rows->params[i];
            rows->order_param->words = rows->order_words;
            rows->params[i] = rows->order_param;
        }
    return 0;
}

int model_rows_init(model_rows *rows)
{
    *rows = (model_rows){0};
    size_t sections = 0, params = 0, metrics = sim_station_metric_count, orders = 0;
    for (size_t i = 0; i < model_registry_count; i++) {
        sections += model_registry[i]->section_count;
        params += model_registry[i]->param_count;
        metrics += model_registry[i]->metric_count;
        orders += model_registry[i]->order_count;
    }
    rows->sections = calloc(sections + 1, sizeof *rows->sections);
    rows->params = calloc(params + 1, sizeof *rows->params);
    rows->metrics = calloc(metrics + 1, sizeof *rows->metrics);
    rows->orders = calloc(orders + 1, sizeof *rows->orders);
    if (rows->sections == NULL || rows->params == NULL || rows->metrics == NULL || rows->orders == NULL) {
        model_rows_free(rows);
        return SIM_E_MEMORY;
    }
    for (size_t k = 0; k < sim_station_metric_count; k++) /* the network's own come first */
        rows->metrics[rows->metric_count++] = &sim_station_metrics[k];
    for (size_t i = 0; i < model_registry_count; i++) {
        const model *m = model_registry[i];
        for (size_t k = 0; k < m->section_count; k++)
            rows->sections[rows->rows.section_count++] = &m->sections[k];
        for (size_t k = 0; k < m->param_count; k++)
            rows->params[rows->rows.param_count++] = &m->params[k];
        for (size_t k = 0; k < m->metric_count; k++)
            rows->metrics[rows->metric_count++] = &m->metrics[k].row;
        for (size_t k = 0; k < m->order_count; k++)
            rows->orders[rows->order_count++] = &m->orders[k];
    }
    rows->rows.sections = rows->sections;
    rows->rows.params = rows->params;
    int ret = name_orders(rows);
    if (ret != 0)
        model_rows_free(rows);
    return ret;
}

void model_rows_free(model_rows *rows)
{
    free(rows->sections);
    free(rows->params);
    free(rows->metrics);
    free(rows->orders);
    free(rows->order_words);
    free(rows->order_param);
    *rows = (model_rows){0};
}
