/* Distributions as scenarios write them: a plain quantity, or a map with one key, the family.
 *
 *   90 s
 *   {exponential: {mean: 90 s}}                    {erlang: {mean: 90 s, k: 3}}
 *   {gamma: {mean: 12 min, cv: 0.8}}               {lognormal: {mean: 90 s, cv: 0.7}}
 *   {weibull: {mean: 3 d, shape: 1.5}}             {triangular: {low: 10 s, mode: 15 s, high: 20 s}}
 *   {uniform: {low: 1 h, high: 2 h}}               {normal: {mean: 1.34 m/s, sd: 0.2 m/s}}
 *   {empirical: ...}, see empirical.c              {mixture: [{share: 0.3, of: ...}, ...]}
 *   {truncated: {of: ..., low: 0 s, high: 1 h}}
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/dist/family.h"
#include "sim/input/config/dist.h"

typedef enum { NUMBER_ANY, NUMBER_POSITIVE, NUMBER_NOT_NEGATIVE, NUMBER_WHOLE } number_kind;

typedef struct {
    const char *key;
    bool dimensioned; /* in the parameter's dimension; otherwise a plain number */
    number_kind kind;
} argument_row;

typedef struct {
    const char *name;
    sim_dist_family family;
    argument_row arguments[3];
} family_row;

static const family_row families[] = {
    {"constant", SIM_DIST_CONSTANT, {{NULL, true, NUMBER_ANY}}},
    {"exponential", SIM_DIST_EXPONENTIAL, {{"mean", true, NUMBER_POSITIVE}}},
    {"erlang", SIM_DIST_ERLANG, {{"mean", true, NUMBER_POSITIVE}, {"k", false, NUMBER_WHOLE}}},
    {"gamma", SIM_DIST_GAMMA, {{"mean", true, NUMBER_POSITIVE}, {"cv", false, NUMBER_POSITIVE}}},
    {"lognormal", SIM_DIST_LOGNORMAL, {{"mean", true, NUMBER_POSITIVE}, {"cv", false, NUMBER_POSITIVE}}},
    {"weibull", SIM_DIST_WEIBULL, {{"mean", true, NUMBER_POSITIVE}, {"shape", false, NUMBER_POSITIVE}}},
    {"triangular",
     SIM_DIST_TRIANGULAR,
     {{"low", true, NUMBER_ANY}, {"mode", true, NUMBER_ANY}, {"high", true, NUMBER_ANY}}},
    {"uniform", SIM_DIST_UNIFORM, {{"low", true, NUMBER_ANY}, {"high", true, NUMBER_ANY}}},
    {"normal", SIM_DIST_NORMAL, {{"mean", true, NUMBER_ANY}, {"sd", true, NUMBER_POSITIVE}}},
};

enum { FAMILIES = sizeof families / sizeof families[0], MOST_STAGES = 10000 };

#define FAMILY_NAMES                                                                                              \
    "constant, exponential, erlang, gamma, lognormal, weibull, triangular, uniform, normal, empirical, mixture, " \
    "truncated"

static const char *nearest_family(const char *text)
{
    const char *names[FAMILIES + 3] = {"empirical", "mixture", "truncated"};
    for (size_t i = 0; i < FAMILIES; i++)
        names[3 + i] = families[i].name;
    return sim_diag_nearest(text, names, FAMILIES + 3);
}

bool sim_dist_argument(const char *family, size_t family_length, const char *key, size_t key_length, bool *dimensioned,
                       bool *whole)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        if (strlen(families[i].name) != family_length || memcmp(families[i].name, family, family_length) != 0)
            continue;
        for (size_t k = 0; k < 3 && families[i].arguments[k].key != NULL; k++) {
            const argument_row *row = &families[i].arguments[k];
            if (strlen(row->key) != key_length || memcmp(row->key, key, key_length) != 0)
                continue;
            *dimensioned = row->dimensioned;
            *whole = row->kind == NUMBER_WHOLE;
            return true;
        }
    }
    return false;
}

static bool read_argument(const sim_reader *reader, sim_node node, const argument_row *row, double *value)
{
    sim_dimension dimension = row->dimensioned ? reader->param->dimension : SIM_DIM_NONE;
    if (!sim_read_quantity(reader, node, dimension, value))
        return false;
    const char *why = NULL;
    if (row->kind == NUMBER_POSITIVE && !(*value > 0))
        why = "must be above 0";
    else if (row->kind == NUMBER_WHOLE && !(*value >= 1 && *value <= MOST_STAGES && floor(*value) == *value))
        why = "must be a whole number from 1 to 10000";
    if (why != NULL)
        sim_value_error(reader, node, NULL, NULL, "%s %s", row->key, why);
    return why == NULL;
}

static bool check_order(const sim_reader *reader, sim_node node, const sim_dist_spec *spec)
{
    bool ok = true;
    if (spec->family == SIM_DIST_UNIFORM)
        ok = spec->a < spec->b;
    if (spec->family == SIM_DIST_TRIANGULAR)
        ok = spec->a <= spec->b && spec->b <= spec->c && spec->a < spec->c;
    if (!ok)
        sim_value_error(reader, node,
                        spec->family == SIM_DIST_UNIFORM ? "low below high" : "low, mode and high in this order", NULL,
                        "the bounds are in the wrong order");
    return ok;
}

/* The limits within which a family is computed soundly are known to the compiler of distributions. */
static bool check_domain(const sim_reader *reader, sim_node node, const sim_dist_spec *spec)
{
    const char *why = sim_dist_spec_check(spec);
    if (why != NULL)
        sim_value_error(reader, node, NULL, NULL, "%s", why);
    return why == NULL;
}

static bool read_family(const sim_reader *reader, sim_node node, const family_row *row, sim_dist_spec *spec)
{
    double numbers[3] = {0, 0, 0};
    spec->family = row->family;
    if (row->arguments[0].key == NULL) /* a constant has no map */
        return sim_read_quantity(reader, node, reader->param->dimension, &spec->a);
    const char *keys[3];
    size_t n = 0;
    while (n < 3 && row->arguments[n].key != NULL) {
        keys[n] = row->arguments[n].key;
        n++;
    }
    sim_node found[3];
    bool ok = sim_dist_map(reader, node, keys, n, n, found);
    for (size_t i = 0; i < n; i++)
        if (found[i] != SIM_NO_NODE && !read_argument(reader, found[i], &row->arguments[i], &numbers[i]))
            ok = false;
    spec->a = numbers[0];
    spec->b = numbers[1];
    spec->c = numbers[2];
    return ok && check_order(reader, node, spec) && check_domain(reader, node, spec);
}

static bool read_part(const sim_reader *reader, sim_node item, double *share, sim_dist_spec *part)
{
    static const char *const keys[] = {"share", "of"};
    sim_node found[2];
    bool ok = sim_dist_map(reader, item, keys, 2, 2, found);
    if (found[0] != SIM_NO_NODE && !sim_read_quantity(reader, found[0], SIM_DIM_NONE, share)) {
        ok = false;
    } else if (found[0] != SIM_NO_NODE && !(*share > 0 && *share <= 1)) {
        sim_value_error(reader, found[0], "a share above 0 and at most 1", NULL, "%g is no share", *share);
        ok = false;
    }
    return (found[1] == SIM_NO_NODE || sim_dist_read(reader, found[1], part)) && ok;
}

static bool read_mixture(const sim_reader *reader, sim_node node, sim_dist_spec *spec)
{
    const sim_document *document = reader->document;
    const char *expected = "a list of {share: 0.3, of: {...}}";
    spec->family = SIM_DIST_MIXTURE;
    if (sim_document_kind(document, node) != SIM_NODE_LIST || sim_document_row(document, node)->length == 0) {
        sim_value_error(reader, node, expected, NULL, "a mixture has parts");
        return false;
    }
    size_t n = sim_document_row(document, node)->length;
    sim_pool *pool = &reader->loader->config->pool;
    spec->weights = sim_pool_take(pool, n, sizeof *spec->weights);
    spec->parts = sim_pool_take(pool, n, sizeof *spec->parts);
    if (spec->weights == NULL || spec->parts == NULL) {
        reader->loader->rc = SIM_E_MEMORY;
        return false;
    }
    bool ok = true;
    double sum = 0;
    for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next) {
        ok = read_part(reader, item, &spec->weights[spec->n], &spec->parts[spec->n]) && ok;
        sum += spec->weights[spec->n++];
    }
    if (ok && fabs(sum - 1) > 1e-6) {
        sim_value_error(reader, node, "shares that sum to 1", NULL, "the shares sum to %.9g", sum);
        ok = false;
    }
    return ok;
}

static bool read_truncated(const sim_reader *reader, sim_node node, sim_dist_spec *spec)
{
    static const char *const keys[] = {"of", "low", "high"};
    sim_node found[3];
    bool ok = sim_dist_map(reader, node, keys, 3, 1, found);
    if (found[0] == SIM_NO_NODE || !sim_dist_read(reader, found[0], spec))
        return false;
    double low = -INFINITY, high = INFINITY;
    if (found[1] != SIM_NO_NODE && !sim_read_quantity(reader, found[1], reader->param->dimension, &low))
        ok = false;
    if (found[2] != SIM_NO_NODE && !sim_read_quantity(reader, found[2], reader->param->dimension, &high))
        ok = false;
    if (found[1] == SIM_NO_NODE && found[2] == SIM_NO_NODE) {
        sim_value_error(reader, node, "low, high, or both", NULL, "without bounds nothing is truncated");
        return false;
    }
    if (!ok)
        return false;
    spec->low = fmax(spec->low, low);
    spec->high = fmin(spec->high, high);
    if (low < high && sim_dist_possible(spec))
        return true;
    sim_value_error(reader, node, "low below high, and both where the distribution has values", NULL,
                    "no value is left between the bounds");
    return false;
}

bool sim_dist_read(const sim_reader *reader, sim_node node, sim_dist_spec *spec)
{
    const sim_document *document = reader->document;
    sim_dist_spec_init(spec);
    if (sim_document_kind(document, node) != SIM_NODE_MAP) {
        if (sim_document_kind(document, node) == SIM_NODE_SCALAR)
            return sim_read_quantity(reader, node, reader->param->dimension, &spec->a);
        char expected[500];
        const char *text;
        sim_param_expected(reader->param, expected, sizeof expected);
        return sim_read_scalar(reader, node, expected, &text);
    }
    sim_node key = sim_document_row(document, node)->first;
    if (key == SIM_NO_NODE || sim_document_row(document, key)->next != SIM_NO_NODE) {
        sim_value_error(reader, node, "a map with one key, the family: " FAMILY_NAMES, NULL,
                        "a distribution has one family");
        return false;
    }
    const char *family = sim_document_text(document, key);
    sim_node body = sim_document_row(document, key)->first;
    if (body == SIM_NO_NODE)
        return false;
    if (strcmp(family, "empirical") == 0)
        return sim_dist_read_empirical(reader, body, spec);
    if (strcmp(family, "mixture") == 0)
        return read_mixture(reader, body, spec);
    if (strcmp(family, "truncated") == 0)
        return read_truncated(reader, body, spec);
    for (size_t i = 0; i < FAMILIES; i++)
        if (strcmp(family, families[i].name) == 0)
            return read_family(reader, body, &families[i], spec);
    sim_value_error(reader, key, FAMILY_NAMES, nearest_family(family), "\"%.60s\" is no family of distributions",
                    family);
    return false;
}

static bool is_truncated(const sim_dist_spec *spec)
{
    if (spec->low > -INFINITY || spec->high < INFINITY)
        return true;
    for (size_t i = 0; spec->family == SIM_DIST_MIXTURE && i < spec->n; i++)
        if (is_truncated(&spec->parts[i]))
            return true;
    return false;
}

/* What only computing tells: whether probability is left between the bounds. Milliseconds, so only where there are
 * bounds. */
static bool check_compiles(const sim_reader *reader, sim_node node, const sim_dist_spec *spec)
{
    sim_dist dist;
    const char *why = NULL;
    if (!check_domain(reader, node, spec))
        return false;
    if (!is_truncated(spec))
        return true;
    int rc = sim_dist_compile(&dist, spec, 1, &why);
    sim_dist_free(&dist);
    if (rc == SIM_E_MEMORY)
        reader->loader->rc = rc;
    else if (rc != 0)
        sim_value_error(reader, node, NULL, NULL, "%s", why);
    return rc == 0;
}

static void check_range(const sim_reader *reader, sim_node node, const sim_dist_spec *spec)
{
    const sim_param *param = reader->param;
    if (param->low == 0 && param->high == 0)
        return;
    double low, high;
    char expected[500], text[64];
    sim_dist_support(spec, &low, &high);
    if (high == INFINITY)
        high = sim_dist_typical(spec);
    if (low >= param->low && high <= param->high)
        return;
    sim_param_expected(param, expected, sizeof expected);
    sim_quantity_text(low < param->low ? low : high, param->dimension, text, sizeof text);
    if (low == -INFINITY)
        sim_value_error(reader, node, expected, NULL,
                        "it gives values without a lower bound; use {truncated: {of: ..., low: ...}}");
    else
        sim_value_error(reader, node, expected, NULL, "it gives %s, which is out of range", text);
}

void sim_read_dist(const sim_reader *reader, sim_node node, sim_value *value)
{
    sim_dist_spec *spec = sim_pool_take(&reader->loader->config->pool, 1, sizeof *spec);
    if (spec == NULL) {
        reader->loader->rc = SIM_E_MEMORY;
        return;
    }
    if (sim_dist_read(reader, node, spec) && check_compiles(reader, node, spec))
        check_range(reader, node, spec);
    value->as.dist = spec;
}
