/* The catalogue as Markdown: a reference model by model, each with its sections, parameters, orders and metrics, and
 * the key figures.
 *
 * It is made from the rows alone and says nothing of when or where: the same program always writes the same text
 * (models/PARAMETERS.md). */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "sim/base/error.h"
#include "sim/base/unit.h"
#include "sim/engine/network.h"
#include "tools/page/catalogue.h"

/* --- text --- */

/* Words with what Markdown would take for its own escaped, but for code between back quotes, where only the bar ends a
 * table's cell. */
static void put_text(const char *text, FILE *to)
{
    bool code = false;
    for (; *text; text++) {
        code = code != (*text == '`');
        if (*text == '|' || (!code && strchr("*_<\\#[~", *text)))
            putc('\\', to);
        putc(*text == '\n' ? ' ' : *text, to);
    }
}

static void put_code(const char *text, FILE *to)
{
    if (text[0] == '\0')
        return;
    if (strchr(text, '`')) {
        put_text(text, to);
        return;
    }
    putc('`', to);
    for (; *text; text++) {
        if (*text == '|')
            putc('\\', to);
        putc(*text == '\n' ? ' ' : *text, to);
    }
    putc('`', to);
}

/* "a, b" for words separated by blanks, each as code. */
static void put_words(const char *words, FILE *to)
{
    const char *between = "";
    char word[128];
    while (words && *words) {
        size_t length = strcspn(words, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        fputs(between, to);
        put_code(word, to);
        between = ", ";
        words += length + (words[length] == ' ');
    }
}

static bool is_assumption(const char *source)
{
    return source && strncmp(source, "assumption", strlen("assumption")) == 0;
}

/* A source; what is an assumption stands out. */
static void put_source(const char *source, FILE *to)
{
    if (!source)
        return;
    if (is_assumption(source)) {
        fputs("**assumption**", to);
        source += strlen("assumption");
    }
    put_text(source, to);
}

static void put_heading(const char *const *columns, FILE *to)
{
    size_t n = 0;
    for (; columns[n]; n++)
        fprintf(to, "| %s ", columns[n]);
    fputs("|\n", to);
    for (size_t i = 0; i < n; i++)
        fputs("|---", to);
    fputs("|\n", to);
}

static void next_cell(FILE *to)
{
    fputs(" | ", to);
}

/* --- parameters --- */

/* The words that a value is made of, otherwise what kind of value it is. */
static void put_type(const sim_param *param, FILE *to)
{
    char type[2048];
    switch (param->type) {
    case SIM_CHOICE:
        fputs("one of ", to);
        put_words(param->words, to);
        return;
    case SIM_CHOICES:
        fputs("some of ", to);
        put_words(param->words, to);
        return;
    case SIM_NAME:
        fputs("a name from ", to);
        put_words(param->words, to);
        return;
    case SIM_NAMES:
        fputs("names from ", to);
        put_words(param->words, to);
        return;
    default:
        catalogue_type(param, type, sizeof type);
        put_text(type, to);
    }
}

static bool has_unit(const sim_param *param)
{
    return (param->type == SIM_QUANTITY || param->type == SIM_DIST || param->type == SIM_CURVE) &&
           param->dimension != SIM_DIM_NONE;
}

static void put_param(const sim_param *param, FILE *to)
{
    char range[128];
    fputs("| ", to);
    put_code(param->name, to);
    next_cell(to);
    put_type(param, to);
    next_cell(to);
    if (has_unit(param))
        put_text(sim_dimension_si(param->dimension), to);
    next_cell(to);
    if (param->fallback && param->fallback[0])
        put_code(param->fallback, to);
    else
        fputs(catalogue_default(param), to);
    next_cell(to);
    catalogue_range(param, range, sizeof range);
    put_text(range, to);
    next_cell(to);
    put_text(param->doc, to);
    next_cell(to);
    put_source(param->source, to);
    fputs(" |\n", to);
}

static bool has_param(const tool_catalogue *catalogue, const sim_param *param)
{
    char path[256];
    catalogue_path(param, path, sizeof path);
    return catalogue_has(catalogue, path);
}

static const sim_section *section_named(const model_rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->rows.section_count; i++)
        if (strcmp(rows->sections[i]->section, name) == 0)
            return rows->sections[i];
    return NULL;
}

/* A section with those of the model's parameters that stand in it. */
static void put_section(const tool_catalogue *catalogue, const model *m, const char *name, FILE *to)
{
    static const char *const columns[] = {
        "Parameter", "Value", "SI unit", "Default", "Range", "Meaning", "Source of the default", NULL};
    const sim_section *section = section_named(catalogue->rows, name);
    bool begun = false;
    for (size_t i = 0; i < m->param_count; i++) {
        const sim_param *param = &m->params[i];
        if (strcmp(param->section, name) != 0 || !has_param(catalogue, param))
            continue;
        if (!begun) {
            fputs("\n### ", to);
            if (name[0])
                put_code(name, to);
            else
                fputs("at the top", to);
            fputs("\n\n", to);
            if (section) {
                put_text(section->doc, to);
                fputs(section->names_only ? "; a list of names will do where nothing more is said of them\n\n" : "\n\n",
                      to);
            }
            put_heading(columns, to);
            begun = true;
        }
        put_param(param, to);
    }
}

/* --- orders, metrics, key figures --- */

/* "`amount` in L or with a unit, from 0 to 20: water for each site" */
static void put_arguments(const model_order_kind *order, FILE *to)
{
    for (int i = 0; i < MODEL_ARGUMENTS && order->arguments[i].name != NULL; i++) {
        const model_order_argument *a = &order->arguments[i];
        fputs(i == 0 ? "" : "; ", to);
        put_code(a->name, to);
        if (a->unit != NULL)
            fprintf(to, " (in %s, or with a unit)", a->unit);
        if (a->low < a->high && a->high < 1e9)
            fprintf(to, " from %g to %g", a->low, a->high);
        fputs(": ", to);
        put_text(a->doc, to);
    }
}

static void put_orders(const tool_catalogue *catalogue, const model *m, FILE *to)
{
    static const char *const columns[] = {
        "Order", "Targets", "Arguments", "Given by", "Lead time", "Meaning", "Source of the lead time", NULL};
    bool begun = false;
    for (size_t i = 0; i < m->order_count; i++) {
        const model_order_kind *order = &m->orders[i];
        char lead[64], givers[60];
        if (!catalogue_has(catalogue, order->name))
            continue;
        if (!begun) {
            fprintf(to, "\n### Orders of %s\n\n", m->name);
            put_heading(columns, to);
            begun = true;
        }
        catalogue_lead(order, lead, sizeof lead);
        fputs("| ", to);
        put_code(order->name, to);
        next_cell(to);
        fputs(catalogue_targets(order), to);
        next_cell(to);
        put_arguments(order, to);
        next_cell(to);
        catalogue_givers(order, givers, sizeof givers);
        fputs(givers, to);
        next_cell(to);
        fputs(lead[0] ? lead : "none", to);
        next_cell(to);
        put_text(order->doc, to);
        next_cell(to);
        put_source(order->lead_source, to);
        fputs(" |\n", to);
    }
}

/* Rows that lie `stride` bytes apart. */
static void put_metrics(const tool_catalogue *catalogue, const char *owner, const sim_metric *first, size_t stride,
                        size_t count, FILE *to)
{
    static const char *const columns[] = {"Metric", "Kind", "Unit", "Of each", "Split by", "Meaning", "Source", NULL};
    bool begun = false;
    for (size_t i = 0; i < count; i++) {
        const sim_metric *metric = (const sim_metric *)(const void *)((const char *)first + i * stride);
        if (!catalogue_has(catalogue, metric->name))
            continue;
        if (!begun) {
            fprintf(to, "\n### Metrics of %s\n\n", owner);
            put_heading(columns, to);
            begun = true;
        }
        fputs("| ", to);
        put_code(metric->name, to);
        next_cell(to);
        fputs(catalogue_kind(metric), to);
        if (metric->kind == SIM_METRIC_SHARE) {
            fputs(": ", to);
            put_code(metric->over, to);
            fputs(" over ", to);
            put_code(metric->under, to);
        }
        next_cell(to);
        put_text(metric->unit, to);
        next_cell(to);
        fputs(catalogue_owner(metric), to);
        next_cell(to);
        fputs(catalogue_split(metric), to);
        next_cell(to);
        put_text(metric->doc, to);
        next_cell(to);
        put_source(metric->source, to);
        fputs(" |\n", to);
    }
}

static void put_figures(const tool_catalogue *catalogue, FILE *to)
{
    static const char *const columns[] = {"Key figure", "Unit", "Better", "Meaning", "Source", NULL};
    bool begun = false;
    for (size_t i = 0; i < model_key_figure_count; i++) {
        const model_key_figure *figure = &model_key_figures[i];
        if (!catalogue_has(catalogue, figure->name))
            continue;
        if (!begun) {
            fputs("\n## key figures\n\nOne number a replication (`hbm run --until`). Those whose metrics a scenario "
                  "does not record are "
                  "left out of its results. *Better*: whether less or more of it is better, as `hbm compare` judges "
                  "plans; neither where "
                  "that "
                  "depends on more than the figure.\n\n",
                  to);
            put_heading(columns, to);
            begun = true;
        }
        fputs("| ", to);
        put_code(figure->name, to);
        next_cell(to);
        put_text(figure->unit, to);
        next_cell(to);
        fputs(model_better_names[figure->better], to);
        next_cell(to);
        put_text(figure->doc, to);
        next_cell(to);
        put_source(figure->source, to);
        fputs(" |\n", to);
    }
}

/* --- models --- */

/* The model's parts, its sections in the order in which they are declared, then those of other models in which it has
 * parameters. */
static void put_parts(const tool_catalogue *catalogue, const model *m, FILE *to)
{
    for (size_t i = 0; i < m->section_count; i++)
        put_section(catalogue, m, m->sections[i].section, to);
    for (size_t i = 0; i < m->param_count; i++) {
        const char *name = m->params[i].section;
        bool told = false;
        for (size_t k = 0; k < m->section_count && !told; k++)
            told = strcmp(m->sections[k].section, name) == 0;
        for (size_t k = 0; k < i && !told; k++)
            told = strcmp(m->params[k].section, name) == 0;
        if (!told)
            put_section(catalogue, m, name, to);
    }
    put_orders(catalogue, m, to);
    put_metrics(catalogue, m->name, &m->metrics->row, sizeof *m->metrics, m->metric_count, to);
}

/* A model that has none of what the pattern asks for is passed over. */
static int put_model(const tool_catalogue *catalogue, const model *m, FILE *to)
{
    char *text = NULL;
    size_t size = 0;
    FILE *parts = open_memstream(&text, &size);
    if (!parts)
        return SIM_E_MEMORY;
    put_parts(catalogue, m, parts);
    bool failed = ferror(parts) != 0;
    failed = fclose(parts) != 0 || failed;
    if (!failed && (size > 0 || !catalogue->pattern)) {
        fprintf(to, "\n## %s\n\n", m->name);
        put_text(m->doc, to);
        putc('\n', to);
        fwrite(text, 1, size, to);
    }
    free(text);
    return failed ? SIM_E_MEMORY : 0;
}

static void put_introduction(const model_rows *rows, FILE *to)
{
    size_t defaults = 0, assumptions = 0;
    for (size_t i = 0; i < rows->rows.param_count; i++) {
        const sim_param *param = rows->params[i];
        if (!param->fallback || !param->fallback[0])
            continue;
        defaults++;
        assumptions += is_assumption(param->source) ? 1 : 0;
    }
    fprintf(to,
            "Everything that a scenario can say, order and measure: %zu parameters, %zu orders, %zu metrics, %zu key "
            "figures. Of %zu defaults "
            "%zu are marked **assumption**: no source was found for them, and a study should not rest on them unseen. "
            "How the models work "
            "stands in [ODD.md](ODD.md).\n\n"
            "Made from the models' tables by `hbm params --markdown`; not to be edited by hand.\n\n"
            "In the names of sections `*` stands for a name that the scenario chooses, `#` for the items of a list. "
            "Values are written with a "
            "unit (`90 s`, `35 /h`, `4.5 km`); ranges and results are in the SI unit, long times in min, h or d.\n\n",
            rows->rows.param_count, rows->order_count, rows->metric_count, model_key_figure_count, defaults,
            assumptions);
    for (size_t i = 0; i < model_registry_count; i++) {
        fprintf(to, "- [%s](#%s): ", model_registry[i]->name, model_registry[i]->name);
        put_text(model_registry[i]->doc, to);
        putc('\n', to);
    }
    fputs("- [stations](#stations): what is measured at every station\n- [key figures](#key-figures)\n", to);
}

static void put_station_metrics(const tool_catalogue *catalogue, FILE *to)
{
    bool any = false;
    for (size_t i = 0; i < sim_station_metric_count && !any; i++)
        any = catalogue_has(catalogue, sim_station_metrics[i].name);
    if (!any)
        return;
    fputs("\n## stations\n\nwhat is measured at every station\n", to);
    put_metrics(catalogue, "stations", sim_station_metrics, sizeof *sim_station_metrics, sim_station_metric_count, to);
}

int catalogue_print_markdown(const tool_catalogue *catalogue, FILE *to)
{
    int error = 0;
    fputs("# Parameters, orders and metrics\n", to);
    if (!catalogue->pattern) {
        putc('\n', to);
        put_introduction(catalogue->rows, to);
    }
    for (size_t i = 0; error == 0 && i < model_registry_count; i++)
        error = put_model(catalogue, model_registry[i], to);
    if (error == 0) {
        put_station_metrics(catalogue, to);
        put_figures(catalogue, to);
    }
    return error;
}
