/* The catalogue's words, and its form for a terminal. */
#include "tools/page/catalogue.h"

#include <fnmatch.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "sim/base/unit.h"
#include "tools/page/grid.h"

int catalogue_path(const sim_param *param, char *path, size_t size)
{
    return snprintf(path, size, "%s%s%s", param->section, param->section[0] ? "." : "", param->name);
}

int catalogue_has(const tool_catalogue *catalogue, const char *name)
{
    char pattern[256];
    if (!catalogue->pattern)
        return 1;
    /* Names themselves have * and # in them: a name typed as it is listed is found too. */
    if (strstr(name, catalogue->pattern))
        return 1;
    if (!strpbrk(catalogue->pattern, "*?["))
        return 0;
    snprintf(pattern, sizeof pattern, "*%s*", catalogue->pattern);
    return fnmatch(pattern, name, 0) == 0;
}

static int has_param(const tool_catalogue *catalogue, const sim_param *param, char *path, size_t size)
{
    catalogue_path(param, path, size);
    return catalogue_has(catalogue, path);
}

size_t catalogue_count(const tool_catalogue *catalogue)
{
    const model_rows *rows = catalogue->rows;
    char path[256];
    size_t count = 0;
    for (size_t i = 0; i < rows->rows.param_count; i++)
        count += has_param(catalogue, rows->params[i], path, sizeof path) ? 1 : 0;
    for (size_t i = 0; i < rows->order_count; i++)
        count += catalogue_has(catalogue, rows->orders[i]->name) ? 1 : 0;
    for (size_t i = 0; i < rows->metric_count; i++)
        count += catalogue_has(catalogue, rows->metrics[i]->name) ? 1 : 0;
    for (size_t i = 0; i < model_key_figure_count; i++)
        count += catalogue_has(catalogue, model_key_figures[i].name) ? 1 : 0;
    return count;
}

/* "before a, b, c" for words separated by blanks. */
static void list_words(char *text, size_t size, const char *before, const char *words)
{
    size_t length = (size_t)snprintf(text, size, "%s", before);
    for (; words && *words && length + 3 < size; words++) {
        if (*words == ' ')
            text[length++] = ',';
        text[length++] = *words;
    }
    text[length < size ? length : size - 1] = '\0';
}

void catalogue_type(const sim_param *param, char *text, size_t size)
{
    switch (param->type) {
    case SIM_TEXT:
        snprintf(text, size, "text");
        return;
    case SIM_BOOL:
        snprintf(text, size, "true or false");
        return;
    case SIM_COUNT:
        snprintf(text, size, "a whole number");
        return;
    case SIM_QUANTITY:
        snprintf(text, size, "%s", sim_dimension_words(param->dimension));
        return;
    case SIM_CHOICE:
        list_words(text, size, "one of ", param->words);
        return;
    case SIM_CHOICES:
        list_words(text, size, "some of ", param->words);
        return;
    case SIM_NAME:
        list_words(text, size, "a name from ", param->words);
        return;
    case SIM_NAMES:
        list_words(text, size, "names from ", param->words);
        return;
    case SIM_DIST:
        snprintf(text, size, "%s or its distribution", sim_dimension_words(param->dimension));
        return;
    case SIM_INSTANT:
        snprintf(text, size, "an instant, or a time since the start");
        return;
    case SIM_CLOCK:
        snprintf(text, size, "a time of day");
        return;
    case SIM_POINT:
        snprintf(text, size, "[latitude, longitude]");
        return;
    case SIM_CURVE:
        snprintf(text, size, "%s, constant or over time", sim_dimension_words(param->dimension));
        return;
    case SIM_FILE:
        snprintf(text, size, "a file of the scenario's folder");
        return;
    }
    snprintf(text, size, "?");
}

/* A number in the largest unit of time that it is a whole number of: "15 min", "30 d". */
static void put_time(double seconds, char *text, size_t size)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (seconds != 0 && fmod(seconds, units[i].seconds) == 0) {
            snprintf(text, size, "%.10g %s", seconds / units[i].seconds, units[i].name);
            return;
        }
    snprintf(text, size, "%.10g s", seconds);
}

static void put_bound(const sim_param *param, double value, char *text, size_t size)
{
    const char *unit =
        param->type == SIM_COUNT || param->dimension == SIM_DIM_NONE ? "" : sim_dimension_si(param->dimension);
    if (param->type != SIM_COUNT && param->dimension == SIM_DIM_TIME)
        put_time(value, text, size);
    else
        snprintf(text, size, "%.10g%s%s", value, unit[0] ? " " : "", unit);
}

void catalogue_range(const sim_param *param, char *text, size_t size)
{
    char low[64], high[64];
    text[0] = '\0';
    if (!(param->low < 0) && !(param->low > 0) && !(param->high < 0) && !(param->high > 0))
        return;
    put_bound(param, param->low, low, sizeof low);
    put_bound(param, param->high, high, sizeof high);
    if (param->high >= 1e15)
        snprintf(text, size, "from %s", low);
    else
        snprintf(text, size, "%s to %s", low, high);
}

const char *catalogue_default(const sim_param *param)
{
    if (!param->fallback)
        return "required";
    return param->fallback[0] ? param->fallback : "none";
}

const char *catalogue_kind(const sim_metric *metric)
{
    switch (metric->kind) {
    case SIM_METRIC_COUNT:
        return "count";
    case SIM_METRIC_LEVEL:
        return "level";
    case SIM_METRIC_DURATION:
        return "duration";
    case SIM_METRIC_SHARE:
        return "share";
    }
    return "?";
}

const char *catalogue_owner(const sim_metric *metric)
{
    static const char *const names[SIM_OWNERS] = {"station", "place", "agency", "run"};
    return names[metric->owner];
}

const char *catalogue_split(const sim_metric *metric)
{
    switch (metric->by) {
    case SIM_BY_CLASS:
        return "class";
    case SIM_BY_STATE:
        return "state";
    case SIM_BY_TRAIT:
        return "trait";
    case SIM_BY_ITEM:
        return "item";
    case SIM_BY_GROUND:
        return "ground";
    case SIM_BY_RULE:
        return "rule";
    default:
        return "";
    }
}

const char *catalogue_targets(const model_order_kind *order)
{
    switch (order->targets) {
    case MODEL_TARGET_STATIONS:
        return "stations";
    case MODEL_TARGET_LINK:
        return "link";
    case MODEL_TARGET_SITES:
        return "sites";
    case MODEL_TARGET_ROSTERS:
        return "rosters";
    case MODEL_TARGET_NOTHING:
        return "nothing";
    }
    return "?";
}

void catalogue_lead(const model_order_kind *order, char *text, size_t size)
{
    text[0] = '\0';
    if (order->lead > 0)
        put_time((double)order->lead * 1e-6, text, size);
}

/* "number, amount (L)": the unit is that of plain numbers. */
void catalogue_arguments(const model_order_kind *order, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < MODEL_ARGUMENTS && order->arguments[i].name != NULL && used < size; i++) {
        const model_order_argument *a = &order->arguments[i];
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s%s%s%s", i == 0 ? "" : ", ", a->name,
                             a->unit == NULL ? "" : " (", a->unit == NULL ? "" : a->unit, a->unit == NULL ? "" : ")");
    }
}

void catalogue_givers(const model_order_kind *order, char *text, size_t size)
{
    static const struct {
        unsigned bit;
        const char *word;
    } givers[] = {{MODEL_BY_CRISIS, "crisis"}, {MODEL_BY_RESPONSE, "response"}, {MODEL_BY_PLAYER, "player"}};
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof givers / sizeof *givers && used < size; i++)
        if (order->who & givers[i].bit)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ", ", givers[i].word);
}

/* One of the catalogue's tables; `heading` has as many words as the table has columns. */
typedef struct {
    const char *title;
    const char *heading[6];
    void (*fill)(const tool_catalogue *catalogue, tool_grid *grid);
} catalogue_table;

static void fill_params(const tool_catalogue *catalogue, tool_grid *grid)
{
    for (size_t i = 0; i < catalogue->rows->rows.param_count; i++) {
        const sim_param *param = catalogue->rows->params[i];
        char path[256], type[2048], range[128];
        if (!has_param(catalogue, param, path, sizeof path))
            continue;
        catalogue_type(param, type, sizeof type);
        catalogue_range(param, range, sizeof range);
        grid_text(grid, path);
        grid_text(grid, type);
        grid_text(grid, catalogue_default(param));
        grid_text(grid, range);
        grid_text(grid, param->doc);
        grid_text(grid, param->source);
    }
}

static void fill_orders(const tool_catalogue *catalogue, tool_grid *grid)
{
    for (size_t i = 0; i < catalogue->rows->order_count; i++) {
        const model_order_kind *order = catalogue->rows->orders[i];
        char lead[64];
        if (!catalogue_has(catalogue, order->name))
            continue;
        catalogue_lead(order, lead, sizeof lead);
        grid_text(grid, order->name);
        char arguments[400], givers[60];
        catalogue_arguments(order, arguments, sizeof arguments);
        catalogue_givers(order, givers, sizeof givers);
        grid_text(grid, arguments);
        grid_text(grid, lead);
        grid_format(grid, "%s, given by %s", catalogue_targets(order), givers);
        grid_text(grid, order->doc);
        grid_text(grid, order->lead_source);
    }
}

static void fill_metrics(const tool_catalogue *catalogue, tool_grid *grid)
{
    for (size_t i = 0; i < catalogue->rows->metric_count; i++) {
        const sim_metric *metric = catalogue->rows->metrics[i];
        const char *split = catalogue_split(metric);
        if (!catalogue_has(catalogue, metric->name))
            continue;
        grid_text(grid, metric->name);
        grid_text(grid, catalogue_kind(metric));
        grid_text(grid, metric->unit);
        grid_format(grid, "%s%s%s", catalogue_owner(metric), split[0] ? ", " : "", split);
        grid_text(grid, metric->doc);
        grid_text(grid, metric->source);
    }
}

static void fill_figures(const tool_catalogue *catalogue, tool_grid *grid)
{
    for (size_t i = 0; i < model_key_figure_count; i++) {
        if (!catalogue_has(catalogue, model_key_figures[i].name))
            continue;
        grid_text(grid, model_key_figures[i].name);
        grid_text(grid, model_better_names[model_key_figures[i].better]);
        grid_text(grid, model_key_figures[i].unit);
        grid_text(grid, "run");
        grid_text(grid, model_key_figures[i].doc);
        grid_text(grid, "");
    }
}

static const catalogue_table tables[] = {
    {"Parameters", {"Parameter", "Value", "Default", "Range", "Meaning", "Source of the default"}, fill_params},
    {"Orders", {"Order", "Arguments", "Lead time", "Target", "Meaning", "Source of the lead time"}, fill_orders},
    {"Metrics", {"Metric", "Kind", "Unit", "Of each", "Meaning", "Source"}, fill_metrics},
    {"Key figures", {"Key figure", "Better", "Unit", "Of each", "Meaning", ""}, fill_figures},
};
enum { TABLES = sizeof tables / sizeof *tables, COLUMNS = 6 };

enum { LINE = 100, INDENT = 4 };

/* Words of a cell in lines of at most LINE characters, indented. */
static void put_wrapped(const char *before, const char *text, FILE *to)
{
    int column = fprintf(to, "%*s%s", INDENT, "", before);
    const char *blank = "";
    for (size_t length; *text; text += length + (text[length] == ' ')) {
        length = strcspn(text, " ");
        if (blank[0] && column + 1 + (int)length > LINE) {
            column = fprintf(to, "\n%*s", INDENT, "") - 1;
            blank = "";
        }
        column += fprintf(to, "%s%.*s", blank, (int)length, text);
        blank = " ";
    }
    putc('\n', to);
}

/* An entry: its name and what it is in a line, then the meaning and the source, each under it: a terminal is narrow. */
static void print_entry(char *const *heading, char *const *cells, FILE *to)
{
    const char *between = ": ";
    fprintf(to, "%s", cells[0]);
    for (size_t k = 1; k < COLUMNS - 2; k++) {
        if (cells[k][0] == '\0')
            continue;
        bool value = strcmp(heading[k], "Default") == 0 && strcmp(cells[k], "required") != 0;
        fprintf(to, "%s%s%s", between, value ? "default " : "", cells[k]);
        between = ", ";
    }
    putc('\n', to);
    put_wrapped("", cells[COLUMNS - 2], to);
    if (cells[COLUMNS - 1][0])
        put_wrapped("source: ", cells[COLUMNS - 1], to);
}

static int print_entries(const tool_grid *full, const char *title, FILE *to)
{
    if (full->error != 0)
        return full->error;
    fprintf(to, "%s\n\n", title);
    for (size_t i = COLUMNS; i < full->count; i += COLUMNS)
        print_entry(full->cells, full->cells + i, to);
    return 0;
}

int catalogue_print(const tool_catalogue *catalogue, FILE *to)
{
    int error = 0, printed = 0;
    for (size_t i = 0; error == 0 && i < TABLES; i++) {
        tool_grid full;
        grid_init(&full, COLUMNS, 0);
        for (size_t k = 0; k < COLUMNS; k++)
            grid_text(&full, tables[i].heading[k]);
        tables[i].fill(catalogue, &full);
        error = full.error;
        if (full.count > COLUMNS) {
            if (printed)
                putc('\n', to);
            error = print_entries(&full, tables[i].title, to);
            printed = 1;
        }
        grid_free(&full);
    }
    return error;
}
