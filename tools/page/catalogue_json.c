/* The catalogue for machines: {parameters, orders, metrics, key_figures}. */
#include <jansson.h>

#include "models/outcome/outcome.h"
#include "sim/base/error.h"
#include "sim/base/unit.h"
#include "tools/page/catalogue.h"

static json_t *param_json(const sim_param *param, const char *path)
{
    char type[256];
    json_t *object;
    int ranged = param->low < 0 || param->low > 0 || param->high < 0 || param->high > 0;
    catalogue_type(param, type, sizeof type);
    object = json_pack("{s:s, s:s, s:s, s:b, s:s*, s:s*, s:s, s:s*}", "path", path, "type", type, "unit",
                       sim_dimension_si(param->dimension), "required", param->fallback == NULL, "default",
                       param->fallback, "words", param->words, "doc", param->doc, "source", param->source);
    if (object && ranged &&
        (json_object_set_new(object, "low", json_real(param->low)) != 0 ||
         json_object_set_new(object, "high", json_real(param->high)) != 0)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int add_params(const tool_catalogue *catalogue, json_t *list)
{
    char path[256];
    for (size_t i = 0; i < catalogue->rows->rows.param_count; i++) {
        catalogue_path(catalogue->rows->params[i], path, sizeof path);
        if (catalogue_has(catalogue, path) &&
            json_array_append_new(list, param_json(catalogue->rows->params[i], path)) != 0)
            return SIM_E_MEMORY;
    }
    return 0;
}

static json_t *arguments_json(const model_order_kind *order)
{
    json_t *list = json_array();
    for (int i = 0; i < MODEL_ARGUMENTS && order->arguments[i].name != NULL; i++) {
        const model_order_argument *a = &order->arguments[i];
        json_t *object = json_pack("{s:s, s:s*, s:s}", "name", a->name, "unit", a->unit, "doc", a->doc);
        if (a->low < a->high && object != NULL) {
            (void)json_object_set_new(object, "low", json_real(a->low));
            (void)json_object_set_new(object, "high", json_real(a->high));
        }
        (void)json_array_append_new(list, object);
    }
    return list;
}

static int add_orders(const tool_catalogue *catalogue, json_t *list)
{
    for (size_t i = 0; i < catalogue->rows->order_count; i++) {
        const model_order_kind *order = catalogue->rows->orders[i];
        if (!catalogue_has(catalogue, order->name))
            continue;
        char givers[60];
        catalogue_givers(order, givers, sizeof givers);
        json_t *object =
            json_pack("{s:s, s:o*, s:s, s:s, s:f, s:s, s:s*}", "name", order->name, "arguments", arguments_json(order),
                      "given_by", givers, "target", catalogue_targets(order), "lead_seconds",
                      (double)order->lead * 1e-6, "doc", order->doc, "source", order->lead_source);
        if (json_array_append_new(list, object) != 0)
            return SIM_E_MEMORY;
    }
    return 0;
}

static int add_metrics(const tool_catalogue *catalogue, json_t *list)
{
    for (size_t i = 0; i < catalogue->rows->metric_count; i++) {
        const sim_metric *metric = catalogue->rows->metrics[i];
        if (!catalogue_has(catalogue, metric->name))
            continue;
        json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s, s:s*}", "name", metric->name, "kind",
                                   catalogue_kind(metric), "unit", metric->unit, "owner", catalogue_owner(metric), "by",
                                   catalogue_split(metric), "over", metric->over, "under", metric->under, "doc",
                                   metric->doc, "source", metric->source);
        if (json_array_append_new(list, object) != 0)
            return SIM_E_MEMORY;
    }
    return 0;
}

static int add_figures(const tool_catalogue *catalogue, json_t *list)
{
    for (size_t i = 0; i < model_key_figure_count; i++) {
        const model_key_figure *figure = &model_key_figures[i];
        if (!catalogue_has(catalogue, figure->name))
            continue;
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", figure->name, "unit",
                                                  figure->unit, "better", model_better_names[figure->better], "doc",
                                                  figure->doc, "source", figure->source)) != 0)
            return SIM_E_MEMORY;
    }
    return 0;
}

int catalogue_print_json(const tool_catalogue *catalogue, FILE *to)
{
    json_t *params = json_array(), *orders = json_array(), *metrics = json_array(), *figures = json_array(),
           *root = NULL;
    int error = params && orders && metrics && figures ? 0 : SIM_E_MEMORY;

    if (error == 0)
        error = add_params(catalogue, params);
    if (error == 0)
        error = add_orders(catalogue, orders);
    if (error == 0)
        error = add_metrics(catalogue, metrics);
    if (error == 0)
        error = add_figures(catalogue, figures);
    if (error == 0) {
        root = json_pack("{s:O, s:O, s:O, s:O}", "parameters", params, "orders", orders, "metrics", metrics,
                         "key_figures", figures);
        error = root ? 0 : SIM_E_MEMORY;
    }
    if (error == 0 && (json_dumpf(root, to, JSON_INDENT(1)) != 0 || putc('\n', to) == EOF))
        error = SIM_E_IO;
    json_decref(root);
    json_decref(params);
    json_decref(orders);
    json_decref(metrics);
    json_decref(figures);
    return error;
}
