/* Everything the models declare (parameters, orders, metrics, key figures), filtered by a pattern and printed as text,
 * Markdown or JSON. */
#ifndef TOOLS_CATALOGUE_H
#define TOOLS_CATALOGUE_H

#include <stdio.h>

#include "models/core/model.h"

/* `pattern`: NULL for all, otherwise a part of the name, in which *, ? and [ stand for what they do in a shell. */
typedef struct {
    const model_rows *rows;
    const char *pattern;
} tool_catalogue;

/* "stations.*.desks"; returns what snprintf does. */
int catalogue_path(const sim_param *param, char *path, size_t size);
/* Whether a name is within the catalogue. */
int catalogue_has(const tool_catalogue *catalogue, const char *name);
size_t catalogue_count(const tool_catalogue *catalogue);

/* Words for a reader: "whole number", "a time", "one of foot, car"; the range in SI units, "" if there is none. */
void catalogue_type(const sim_param *param, char *text, size_t size);
void catalogue_range(const sim_param *param, char *text, size_t size);
const char *catalogue_default(const sim_param *param); /* "required", "none", or as written in YAML */
const char *catalogue_kind(const sim_metric *metric);  /* "count", ... */
const char *catalogue_owner(const sim_metric *metric);
const char *catalogue_split(const sim_metric *metric); /* "" or "class", ... */
const char *catalogue_targets(const model_order_kind *order);
void catalogue_arguments(const model_order_kind *order, char *text, size_t size);
/* Who may give it: "crisis, response, player". */
void catalogue_givers(const model_order_kind *order, char *text, size_t size);
void catalogue_lead(const model_order_kind *order, char *text,
                    size_t size); /* lead time, "" if it takes effect at once */

int catalogue_print(const tool_catalogue *catalogue, FILE *to);
/* The reference of all models, model by model: models/PARAMETERS.md. */
int catalogue_print_markdown(const tool_catalogue *catalogue, FILE *to);
int catalogue_print_json(const tool_catalogue *catalogue, FILE *to);

#endif
